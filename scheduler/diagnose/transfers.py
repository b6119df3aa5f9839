"""Redistribusi: transfers of teachers to other schools of the district that make more of them valid, each set solved and checked.

A transfer gives a teacher another home school. Its cost is the way between the two schools (minutes where stated, else whole km), at least 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from scheduler.cp.lexico import Budget
from scheduler.diagnose.candidates import edited_case
from scheduler.domain.entities import Position
from scheduler.domain.explanation import Edit
from scheduler.domain.plan import Assignment, DutyHolding, PartnerAlone, Plan, PlanStatus, PolicyUsed, Status
from scheduler.domain.solving import Listener, Progress, SolveOptions, silent
from scheduler.policy.case import Case, NeedKind
from scheduler.verify.check import check
from scheduler.verify.levels import level_names
from scheduler.workload.classes import HandOut
from scheduler.workload.components import connected
from scheduler.workload.descent import divide
from scheduler.workload.partners import LEVELS_ALONE, of_one_school, read
from scheduler.workload.scope import Eligibility, joint_scope, whole_scope
from scheduler.workload.solve import solve_workload, with_counted_hours

BASE_SHARE = 0.4
"""Part of the time in which the district is divided as it is."""

LONGEST_TRY = 0.2
"""Part of the time left that one set of transfers may take."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """One teacher's new home school and what the way costs (minutes, else km; at least 1)."""

    teacher: str
    origin: str
    destination: str
    cost: int

    @property
    def edit(self) -> Edit:
        return Edit("teacher_moved", {"teacher": self.teacher, "school": self.destination})


@dataclass(frozen=True, slots=True)
class Redistribution:
    """The cheapest set found: ``bound`` holds for every set that makes ``wanted`` more teachers valid.

    ``enough`` says whether the set reaches ``wanted``; where it does not, it is the best that was found, and nothing is proved. ``before_most``
    is the proved greatest number of valid teachers without any transfer: only where it equals ``before`` is a gain surely due to the transfers.
    ``finished``: every candidate was tried in time.
    """

    transfers: tuple[Transfer, ...]
    wanted: int
    before: int
    before_most: int
    after: int
    bound: int
    tried: int
    finished: bool

    @property
    def cost(self) -> int:
        return sum(transfer.cost for transfer in self.transfers)

    @property
    def enough(self) -> bool:
        return self.after - self.before >= self.wanted

    @property
    def proved(self) -> bool:
        return self.enough and self.cost == self.bound


@dataclass(frozen=True, slots=True)
class Divided:
    """A district with its work divided and checked: who is valid, and how many JP and duties each school leaves open."""

    case: Case
    partners: Mapping[str, PartnerAlone]
    assignments: tuple[Assignment, ...]
    duties: tuple[DutyHolding, ...]
    valid: frozenset[str]
    open_jp: Counter[str]
    unfilled: int
    stands: bool


def redistribute(case: Case, wanted: int, options: SolveOptions, listener: Listener = silent) -> Redistribution | None:
    """Look for the cheapest transfers that make ``wanted`` more teachers valid; None where the district itself was not divided in time.

    Who is below the minimum is moved, the nearest school with hours for them first; a transfer is kept where the number of valid teachers rises,
    the old home school leaves no more JP open than before, and the checker finds no breach. In the end every transfer that is not
    needed is taken back, the dearest first.
    """
    clock = Budget(options)
    seconds = None if clock.seconds_left is None else BASE_SHARE * clock.seconds_left
    outcome = solve_workload(case, replace(options, seconds=seconds), listener, until=deciding(case))
    if outcome.status in (Status.INFEASIBLE, Status.UNKNOWN):
        return None
    bounds = {level.name: level.bound for level in outcome.levels}
    base = divided(case, {partner.school: partner for partner in outcome.partners}, outcome.assignments, outcome.duties)
    most = len(case.counted) - (bounds.get("below_minimum") or 0)
    chosen: tuple[Transfer, ...] = ()
    now, tried, finished = base, 0, True
    for transfer in candidates(base):
        if len(now.valid) - len(base.valid) >= wanted:
            break
        if any(transfer.teacher == other.teacher for other in chosen) or transfer.teacher in now.valid:
            continue
        if clock.is_used_up(LONGEST_TRY):
            finished = False
            break
        tried += 1
        listener(Progress("transfers", best=len(now.valid) - len(base.valid), seconds=clock.elapsed, detail=transfer.teacher))
        after = moved(now, (transfer,), clock)
        if after is not None and len(after.valid) > len(now.valid) and keeps_its_needs(base, after):
            chosen, now = (*chosen, transfer), after
    chosen, now = least(base, chosen, now, wanted, clock)
    return Redistribution(chosen, wanted, len(base.valid), most, len(now.valid), least_cost(case, wanted, most - len(base.valid)), tried, finished)


def deciding(case: Case) -> str:
    """The level to which a division must go so that its number of valid teachers stands."""
    names = level_names(case, False)
    return max(("below_minimum", "shortfall_jtm"), key=names.index) if case.instance.settings.shortfall_first else "below_minimum"


def least_cost(case: Case, wanted: int, uncertain: int) -> int:
    """A lower bound of the cost of every set that makes ``wanted`` more teachers valid than the division at hand.

    Where no division without transfers has ``wanted`` more valid (``uncertain``, the gap between the proved most and the number at hand, is
    smaller), a set that does has at least one transfer, and that costs no less than the cheapest way from any home school of a teacher to another
    school of the file. Otherwise the empty set may do, and the bound is 0.
    """
    if uncertain >= wanted:
        return 0
    homes = dict.fromkeys(case.teachers[t].home for t in case.active if case.teachers[t].home in case.schools)
    return min((way(case, home, npsn) for home in homes for npsn in case.schools if npsn != home), default=0)


def way(case: Case, origin: str, destination: str) -> int:
    return max(1, case.travel_cost(origin, destination))


# --- which transfers are tried -----------------------------------------------------------------------------------------------------------------


def candidates(base: Divided) -> list[Transfer]:
    """Guru mapel below the minimum, to every school that has hours for them beside its own linear staff; the cheapest way first."""
    case = base.case
    asked: Counter[tuple[str, str]] = Counter()
    for need in case.needs:
        if need.kind is NeedKind.LESSON and need.required:
            asked[need.school, need.subject] += need.recognised_jp
    staff = [t for t in case.teachers if t in case.counted]
    found = []
    for t in staff:
        teacher = case.teachers[t]
        if t in base.valid or teacher.position is not Position.SUBJECT_TEACHER or teacher.home not in case.schools:
            continue
        linear = {subject for subject in {need_subject for _, need_subject in asked} if case.is_linear(t, subject)}
        for npsn in case.schools:
            colleagues = sum(case.teachers[c].home == npsn and any(case.is_linear(c, subject) for subject in linear) for c in staff)
            hours = sum(asked[npsn, subject] for subject in linear)
            if npsn != teacher.home and hours >= case.policy.ttu_min_real_jtm * (colleagues + 1):
                found.append(Transfer(t, teacher.home, npsn, way(case, teacher.home, npsn)))
    order = {t: place for place, t in enumerate(case.by_priority)}
    return sorted(found, key=lambda transfer: (transfer.cost, order[transfer.teacher], transfer.destination))


# --- solving a set ------------------------------------------------------------------------------------------------------------------------------


def moved(before: Divided, transfers: Sequence[Transfer], clock: Budget) -> Divided | None:
    """The district after the transfers: only the parts of the sharing graph that they touch are divided anew, all others stand; then all is checked.

    None where nothing was found in time, or the checker refuses it.
    """
    case = edited_case(before.case, [transfer.edit for transfer in transfers])
    touched = {npsn for transfer in transfers for npsn in (transfer.origin, transfer.destination)}
    options = replace(clock.part(LONGEST_TRY), workers=1)
    partners = asked_again(case, before.partners, touched, options)
    names = level_names(case, False)
    names = names[: names.index(deciding(case)) + 1]
    parts = [part for part in connected(joint_scope(case, tuple(partners.values()))) if not touched.isdisjoint(part.schools)]
    divisions = [divide(part, names, options, by_priority=False) for part in parts]
    if any(division.handed_out is None for division in divisions):
        return None
    here = {npsn for part in parts for npsn in part.schools}
    new = restated(case, here, divisions_teachers=[d.handed_out.teacher_of for d in divisions if d.handed_out is not None], before=before)
    given = duties_given([division.handed_out for division in divisions if division.handed_out is not None])
    duties = (*(duty for duty in before.duties if duty.school not in here), *given)
    after = divided(case, partners, new, with_counted_hours(case, new, duties))
    return after if after.stands else None


def asked_again(case: Case, partners: Mapping[str, PartnerAlone], schools: Collection[str], options: SolveOptions) -> dict[str, PartnerAlone]:
    """What each school reaches alone, newly for those whose staff has changed."""
    found = dict(partners)
    if case.policy.outside_needs_assignment:
        whole = whole_scope(case, Eligibility(case, {}, visitors=False))
        names = [name for name in level_names(case, False) if name in LEVELS_ALONE]
        for npsn in (npsn for npsn in case.schools if npsn in schools):
            scope = of_one_school(whole, npsn)
            found[npsn] = read(npsn, scope, divide(scope, names, options, by_priority=False))
    return found


def restated(case: Case, here: Collection[str], divisions_teachers: Iterable[Mapping[str, str | None]], before: Divided) -> tuple[Assignment, ...]:
    """Who teaches each need: newly in the schools ``here``, as before in all others."""
    teacher_of = {row.need: row.teacher for row in before.assignments if row.school not in here}
    for teachers in divisions_teachers:
        teacher_of |= teachers
    return tuple(Assignment(n.id, n.school, n.rombels, n.subject, n.jp, n.recognised_jp, teacher_of.get(n.id)) for n in case.needs)


def duties_given(handed_out: Sequence[HandOut]) -> tuple[DutyHolding, ...]:
    """The duties of the schools that were divided anew; counted hours are not known yet."""
    return tuple(
        DutyHolding(post.school, post.duty, unit, t, post.rule.jtm, 0)
        for part in handed_out
        for post, held in zip(part.scope.posts, part.holders, strict=True)
        for unit, t in held.items()
    )


def divided(case: Case, partners: Mapping[str, PartnerAlone], assignments: tuple[Assignment, ...], duties: tuple[DutyHolding, ...]) -> Divided:
    """A division as the checker sees it."""
    status = PlanStatus(Status.FEASIBLE, Status.UNKNOWN)
    used = PolicyUsed(case.policy.id, dict(case.policy.overrides), case.law.linearity.id)
    report = check(case, Plan(used, "", status, (), assignments, duties, partners=tuple(partners[n] for n in case.schools if n in partners)))
    open_jp: Counter[str] = Counter()
    required = {need.id for need in case.needs if need.required}
    for row in assignments:
        open_jp[row.school] += row.jp * (row.teacher is None and row.need in required)
    valid = frozenset(load.teacher for load in report.loads if load.counted and load.met)
    stands = not report.violations
    return Divided(case, partners, assignments, duties, valid, open_jp, report.levels["unfilled_duties"], stands)


def keeps_its_needs(before: Divided, after: Divided) -> bool:
    """No school leaves more JP without a teacher, and no more duties stay unfilled."""
    return after.unfilled <= before.unfilled and all(after.open_jp[npsn] <= before.open_jp[npsn] for npsn in before.case.schools)


def least(base: Divided, chosen: tuple[Transfer, ...], now: Divided, wanted: int, clock: Budget) -> tuple[tuple[Transfer, ...], Divided]:
    """The set without the transfers it does not need, the dearest taken back first."""
    if len(now.valid) - len(base.valid) < wanted or len(chosen) < 2:
        return chosen, now
    for transfer in sorted(chosen, key=lambda transfer: -transfer.cost):
        rest = tuple(other for other in chosen if other != transfer)
        if not rest or clock.is_used_up(LONGEST_TRY):
            break
        after = moved(base, rest, clock)
        if after is not None and len(after.valid) - len(base.valid) >= wanted and keeps_its_needs(base, after):
            chosen, now = rest, after
    return chosen, now
