"""Redistribusi: transfers of teachers to other schools of the district that make more of them valid, each set solved and checked.

A transfer gives a teacher another home school. Its cost is the way between the two schools (minutes where stated, else whole km), at least 1.
Only the staff of the two schools (and who visits them) is divided anew, all others keep what they have: that is what makes a district of
eighty schools a matter of seconds a transfer, and why not finding one proves nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from scheduler.cp.builder import total
from scheduler.cp.lexico import Budget
from scheduler.cp.run import run_once
from scheduler.diagnose.candidates import edited_case
from scheduler.domain.entities import Position
from scheduler.domain.explanation import Edit
from scheduler.domain.plan import Assignment, DutyHolding, PartnerAlone, Plan, PlanStatus, PolicyUsed, Status
from scheduler.domain.solving import Listener, Progress, SolveOptions, silent
from scheduler.policy.case import Case, DutyPost, NeedKind
from scheduler.verify.check import check
from scheduler.verify.levels import level_names
from scheduler.workload.classes import Counts, HandOut
from scheduler.workload.descent import divide
from scheduler.workload.levels import unfilled_duties
from scheduler.workload.model import PARAMETERS, built
from scheduler.workload.neighbourhoods import Part, freed
from scheduler.workload.partners import LEVELS_ALONE, of_one_school, read
from scheduler.workload.scope import Eligibility, Scope, grouped, teachers_of
from scheduler.workload.solve import WorkloadOutcome, solve_workload, with_counted_hours
from scheduler.workload.variables import Term

BASE_SHARE = 0.5
"""Part of the time in which the district is divided as it is."""

LOOK_SHARE = 0.5
"""Part of the time left in which every transfer is looked at by itself, where their number is limited."""

STEP_SECONDS = 10.0
STEP_WORK = 2.0
"""Most that the solve of two schools may take (the second is CP-SAT's deterministic time)."""


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
class Goal:
    """``wanted`` more valid teachers, None = as many as possible; with ``at_most`` so many transfers, None = any number. One of them is given."""

    wanted: int | None = None
    at_most: int | None = None


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
    plan: Plan


@dataclass(frozen=True, slots=True)
class Redistribution:
    """The best set found.

    ``bound`` holds for the cost of every set that makes ``goal.wanted`` more teachers valid (0 without such a number). ``before_most`` is the
    proved greatest number of valid teachers without any transfer: only where it equals ``before`` is a gain surely due to the transfers.
    ``after_most`` is what no set can exceed. ``finished``: every candidate was tried in time. ``division`` is the district after the transfers.
    """

    transfers: tuple[Transfer, ...]
    goal: Goal
    before: int
    before_most: int
    after: int
    after_most: int
    bound: int
    tried: int
    finished: bool
    division: Divided

    @property
    def cost(self) -> int:
        return sum(transfer.cost for transfer in self.transfers)

    @property
    def enough(self) -> bool:
        return self.goal.wanted is None or self.after - self.before >= self.goal.wanted

    @property
    def status(self) -> Status:
        """OPTIMAL: value and bound meet. FEASIBLE: the set does what was asked. UNKNOWN: none was found that does. INFEASIBLE: none can."""
        if self.goal.wanted is None:
            return Status.OPTIMAL if self.after == self.after_most else Status.FEASIBLE
        if not self.enough:
            return Status.INFEASIBLE if self.before + self.goal.wanted > self.after_most else Status.UNKNOWN
        return Status.OPTIMAL if self.cost == self.bound else Status.FEASIBLE

    @property
    def proved(self) -> bool:
        return self.status is Status.OPTIMAL


def redistribute(case: Case, goal: Goal, options: SolveOptions, listener: Listener = silent, before: Plan | None = None) -> Redistribution | None:
    """Look for the cheapest transfers that reach the goal; None where the district itself was not divided in time.

    ``before`` is the district's division as it is; without it, it is divided first, in part of the time.

    Who is below the minimum is moved, the nearest school with hours for them first (where the number of transfers is limited, those that gain most
    first). A transfer is kept where its two schools then have more valid teachers than without it, no school leaves more JP open than before, and
    the checker finds no breach. In the end every transfer that is not needed is taken back, the dearest first.
    """
    clock = Budget(options)
    given: Plan | WorkloadOutcome | None = before
    if given is None:
        seconds = None if clock.seconds_left is None else BASE_SHARE * clock.seconds_left
        given = solve_workload(case, replace(options, seconds=seconds), listener, until=deciding(case))
        if given.status in (Status.INFEASIBLE, Status.UNKNOWN):
            return None
    bounds = {level.name: level.bound for level in given.levels}
    base = divided(case, {partner.school: partner for partner in given.partners}, given.assignments, given.duties)
    most = len(case.counted) - (bounds.get("below_minimum") or 0)
    found = Search(base, goal, clock, listener).run()
    valid = len(found.base.valid)
    bound = 0 if goal.wanted is None else least_cost(case, goal.wanted, most - valid)
    return Redistribution(
        transfers=found.chosen,
        goal=goal,
        before=valid,
        before_most=most,
        after=len(found.now.valid),
        after_most=len(case.counted),
        bound=bound,
        tried=found.tried,
        finished=found.finished,
        division=found.now,
    )


class Search:
    """From the district as it is, ``base``, to the district after the transfers chosen so far, ``now``."""

    def __init__(self, base: Divided, goal: Goal, clock: Budget, listener: Listener = silent) -> None:
        self.base, self.now, self.goal, self.clock, self.listener = base, base, goal, clock, listener
        self.chosen: tuple[Transfer, ...] = ()
        self.tried, self.finished = 0, True

    @property
    def gained(self) -> int:
        return len(self.now.valid) - len(self.base.valid)

    @property
    def ended(self) -> bool:
        enough = self.goal.wanted is not None and self.gained >= self.goal.wanted
        return enough or (self.goal.at_most is not None and len(self.chosen) >= self.goal.at_most)

    @property
    def out_of_time(self) -> bool:
        return self.clock.is_used_up(1.0)

    def run(self) -> Search:
        transfers = candidates(self.base)
        if self.goal.at_most is not None:
            transfers = self.most_gain_first(transfers)
        for transfer in transfers:
            if self.ended:
                break
            if self.out_of_time:
                self.finished = False
                break
            if transfer.teacher not in self.now.valid and all(transfer.teacher != other.teacher for other in self.chosen):
                self.consider(transfer)
        if self.goal.wanted is not None:
            self.take_back()
        return self

    def most_gain_first(self, transfers: Sequence[Transfer]) -> list[Transfer]:
        """Those that gain something by themselves, the greatest gain first; those there was no time to look at come last."""
        left = self.clock.seconds_left
        until = None if left is None else LOOK_SHARE * left
        gains = {}
        for transfer in transfers:
            if self.out_of_time or (until is not None and (self.clock.seconds_left or 0.0) < until):
                break
            after = self.attempt(self.base, transfer)
            gains[transfer] = 0 if after is None else len(after.valid) - len(self.base.valid)
        looked_at = [transfer for transfer in transfers if gains.get(transfer, 0) > 0]
        return [*sorted(looked_at, key=lambda transfer: -gains[transfer]), *(transfer for transfer in transfers if transfer not in gains)]

    def consider(self, transfer: Transfer) -> None:
        """Keep the transfer if it makes more valid than its two schools can have without it."""
        after = self.attempt(self.now, transfer)
        if after is None or not keeps_its_needs(self.base, after):
            return
        schools = {transfer.origin, transfer.destination}
        self.base = better_within(self.base, schools, self.clock)
        self.now = better_within(self.now, schools, self.clock) if self.chosen else self.base
        if len(after.valid) > len(self.now.valid):
            self.chosen, self.now = (*self.chosen, transfer), after

    def attempt(self, start: Divided, transfer: Transfer) -> Divided | None:
        self.tried += 1
        self.listener(Progress("transfers", best=self.gained, seconds=self.clock.elapsed, detail=transfer.teacher))
        return redivided(start, moved_case(start.case, [transfer]), {transfer.origin, transfer.destination}, self.clock, 1)

    def take_back(self) -> None:
        """Leave out transfers that the goal does not need, the dearest first."""
        wanted = self.goal.wanted or 0
        for transfer in sorted(self.chosen, key=lambda transfer: -transfer.cost):
            if len(self.chosen) < 2 or self.gained < wanted or self.out_of_time:
                break
            rest = tuple(other for other in self.chosen if other != transfer)
            case = moved_case(self.base.case, rest)
            after = redivided(self.now, case, {transfer.origin, transfer.destination}, self.clock, wanted - self.gained)
            if after is not None and keeps_its_needs(self.base, after):
                self.chosen, self.now = rest, after


def deciding(case: Case) -> str:
    """The level to which a division must go so that its number of valid teachers stands."""
    names = level_names(case, False)
    counting = {"below_minimum", "below_minimum_partners"} | ({"shortfall_jtm"} if case.instance.settings.shortfall_first else set())
    return max(counting.intersection(names), key=names.index)


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
    """Guru mapel below the minimum, to every school that has hours for them beside its own linear staff.

    The cheapest way first; of equal ways first where the new school leaves most of their hours without a teacher, then where the old one has most
    colleagues for them.
    """
    case = base.case
    asked, left_open = hours_by_subject(base)
    staff = [t for t in case.teachers if t in case.counted]
    colleagues: Counter[tuple[str, str]] = Counter((case.teachers[t].home, case.teachers[t].certificate or "") for t in staff)
    linear_of = {certificate: {subject for field, subject in case.linear_pairs if field == certificate} for _, certificate in colleagues}
    found = []
    for t in staff:
        teacher = case.teachers[t]
        if t in base.valid or teacher.position is not Position.SUBJECT_TEACHER or teacher.home not in case.schools:
            continue
        linear = linear_of[teacher.certificate or ""]
        rivals = [certificate for certificate, subjects in linear_of.items() if not linear.isdisjoint(subjects)]
        at_home = sum(colleagues[teacher.home, certificate] for certificate in rivals)
        for npsn in case.schools:
            there = sum(colleagues[npsn, certificate] for certificate in rivals)
            hours = sum(asked[npsn, subject] for subject in linear)
            if npsn != teacher.home and hours >= case.policy.ttu_min_real_jtm * (there + 1):
                waiting = sum(left_open[npsn, subject] for subject in linear)
                found.append((Transfer(t, teacher.home, npsn, way(case, teacher.home, npsn)), -waiting, -at_home))
    order = {t: place for place, t in enumerate(case.by_priority)}
    found.sort(key=lambda row: (row[0].cost, *row[1:], order[row[0].teacher], row[0].destination))
    return [transfer for transfer, _, _ in found]


def hours_by_subject(base: Divided) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    """Recognised JP of the required lessons by school and subject, and how many of them have no teacher."""
    asked: Counter[tuple[str, str]] = Counter()
    left_open: Counter[tuple[str, str]] = Counter()
    free = {row.need for row in base.assignments if row.teacher is None}
    for need in base.case.needs:
        if need.kind is NeedKind.LESSON and need.required:
            asked[need.school, need.subject] += need.recognised_jp
            left_open[need.school, need.subject] += need.recognised_jp * (need.id in free)
    return asked, left_open


# --- dividing two schools anew --------------------------------------------------------------------------------------------------------------------


def moved_case(case: Case, transfers: Sequence[Transfer]) -> Case:
    """The case after the transfers. Who is at home where changes no need, unless a row of Penugasan falls away with it."""
    after = edited_case(case, [transfer.edit for transfer in transfers])
    if after.instance.assignments == case.instance.assignments:
        vars(after)["needs"] = case.needs
    return after


def better_within(start: Divided, schools: Collection[str], clock: Budget) -> Divided:
    """The same district with these schools divided anew, where that alone makes more teachers valid."""
    return redivided(start, start.case, schools, clock, 1) or start


def redivided(start: Divided, case: Case, schools: Collection[str], clock: Budget, gain: int) -> Divided | None:
    """The district of ``case`` with the staff of ``schools`` and their visitors divided anew, everybody else as in ``start``; then all is checked.

    None where nothing was found in time, fewer than ``gain`` more teachers are valid, a school leaves more JP or duties open, or the checker
    refuses it.
    """
    options = step_options(clock)
    partners = asked_again(case, start.partners, schools, options) if case is not start.case else dict(start.partners)
    teachers = concerned(case, start, schools)
    scope = scope_around(case, partners, teachers)
    counts = counts_of(scope, start, teachers)
    part = freed(scope, counts, teachers, start.valid)
    room = Room(open_jp_left(part, scope, counts, start), unfilled_in(part, scope, start))
    own = most_valid(part, room, len(start.valid.intersection(teachers)) + gain, options)
    if own is None:
        return None
    anew = HandOut(scope, part.merged(counts, own)).run()
    kept = {row.need: row.teacher for row in start.assignments if row.need not in anew.teacher_of}
    teacher_of = kept | anew.teacher_of
    assignments = tuple(Assignment(n.id, n.school, n.rombels, n.subject, n.jp, n.recognised_jp, teacher_of.get(n.id)) for n in case.needs)
    here = frozenset(scope.schools)
    duties = (*(duty for duty in start.duties if duty.school not in here), *duties_given(anew))
    after = divided(case, partners, assignments, with_counted_hours(case, assignments, duties))
    return after if after.stands and len(after.valid) >= len(start.valid) + gain else None


def scope_around(case: Case, partners: Mapping[str, PartnerAlone], teachers: Collection[str]) -> Scope:
    """The scope of the schools at which these teachers are at home or might teach."""
    homes = dict.fromkeys(case.teachers[t].home for t in case.teachers if t in teachers)
    schools = [npsn for npsn in case.schools if any(npsn == home or case.in_reach(home, npsn) for home in homes)]
    return scope_of(case, schools, {npsn: frozenset(partner.open_needs) for npsn, partner in partners.items()}, visitors=True)


def scope_of(case: Case, schools: Sequence[str], open_needs: Mapping[str, frozenset[str]], visitors: bool) -> Scope:
    """The scope of some schools; what is locked anywhere stays part of it."""
    here = frozenset(schools)
    fixed = tuple((need, need.locked if case.may_teach(need.locked, need) else None) for need in case.needs if need.locked)
    free = [need for need in case.needs if need.school in here and not need.locked]
    groups = grouped(case, free, Eligibility(case, open_needs, visitors), None, set())
    posts = tuple(post for post in case.duty_posts if post.school in here)
    return Scope(case, tuple(schools), teachers_of(case, fixed), groups, fixed, posts)


@dataclass(frozen=True, slots=True)
class Room:
    """Most that a part may leave undone: JP without a teacher by school, and units of duties that must be held."""

    open_jp: Mapping[str, int]
    unfilled: int


def open_jp_left(part: Part, scope: Scope, counts: Counts, start: Divided) -> dict[str, int]:
    """Most JP that the part may leave open at each school: what the school leaves open in ``start``, less what stays open beside the part."""
    taught = Counter(dict.fromkeys(range(len(scope.groups)), 0))
    for (_, g), count in counts.classes.items():
        taught[g] += count
    room = Counter({npsn: start.open_jp[npsn] for npsn in scope.schools})
    for g, group in enumerate(scope.groups):
        if group.key.required and g not in part.groups:
            room[group.key.school] -= group.key.jp * (group.size - taught[g])
    for need, t in scope.fixed:
        if need.required and t is None and need.school in room:
            room[need.school] -= need.jp
    return dict(room)


def unfilled_in(part: Part, scope: Scope, start: Divided) -> int:
    """Units missing in ``start`` to the least number of the part's posts."""
    held = Counter((duty.school, duty.duty) for duty in start.duties)
    return sum(max(0, scope.posts[p].minimum - held[scope.posts[p].school, scope.posts[p].duty]) for p in part.posts)


def most_valid(part: Part, room: Room, least: int, options: SolveOptions) -> Counts | None:
    """The part's division with the most valid teachers, at least ``least``; None where there is none, or none was found in time."""
    variables = built(part.scope)
    model = variables.model
    open_at: dict[str, list[Term]] = {}
    for g, group in enumerate(part.scope.groups):
        if group.key.required:
            open_at.setdefault(group.key.school, []).append((group.key.jp, variables.uncovered(g)))
    for npsn, terms in open_at.items():
        model.add(total(terms) <= room.open_jp.get(npsn, 0))
    model.add(unfilled_duties(variables) <= room.unfilled)
    valid = total((1, meets) for meets in variables.meets_minimum.values())
    model.add(valid >= least)
    model.maximize(valid)
    done = run_once(model, options, parameters=PARAMETERS)
    return Counts.read(variables, done.values) if done.found else None


def step_options(clock: Budget) -> SolveOptions:
    options = clock.part(1.0)
    seconds = STEP_SECONDS if options.seconds is None else min(STEP_SECONDS, options.seconds)
    work = STEP_WORK if options.deterministic_limit is None else min(STEP_WORK, options.deterministic_limit)
    return replace(options, seconds=seconds, deterministic_limit=work, workers=1)


def concerned(case: Case, start: Divided, schools: Collection[str]) -> frozenset[str]:
    """The staff of these schools, and who teaches there."""
    staff = {t for t, teacher in case.teachers.items() if teacher.home in schools}
    return frozenset(staff.union(row.teacher for row in start.assignments if row.school in schools and row.teacher is not None))


def counts_of(scope: Scope, start: Divided, teachers: Collection[str]) -> Counts:
    """What everybody but these teachers has, as counts of a scope: classes of each group, units of each post beside the pinned ones."""
    group_of = {need.id: g for g, group in enumerate(scope.groups) for need in group.needs}
    taught = Counter(
        (row.teacher, group_of[row.need])
        for row in start.assignments
        if row.need in group_of and row.teacher is not None and row.teacher not in teachers
    )
    held: dict[tuple[str, str], list[DutyHolding]] = {}
    for duty in start.duties:
        held.setdefault((duty.school, duty.duty), []).append(duty)
    units: Counter[tuple[str, int]] = Counter()
    beyond: Counter[tuple[str, int]] = Counter()
    for p, post in enumerate(scope.posts):
        for place, holder in enumerate(beside_pins(post, held.get((post.school, post.duty), []))):
            if holder not in teachers:
                units[holder, p] += 1
                beyond[holder, p] += place >= max(0, post.quota - len(post.pinned))
    return Counts(taught, units, beyond)


def beside_pins(post: DutyPost, held: Sequence[DutyHolding]) -> list[str]:
    """Holders of the units that the workbook has not given to them, in the order of the units."""
    pins = Counter(holder for _, holder in post.pinned)
    order = {unit: place for place, unit in enumerate(post.units)}
    free = []
    for duty in sorted(held, key=lambda duty: order.get(duty.unit, len(order))):
        if pins[duty.teacher] > 0:
            pins[duty.teacher] -= 1
        else:
            free.append(duty.teacher)
    return free


def asked_again(case: Case, partners: Mapping[str, PartnerAlone], schools: Collection[str], options: SolveOptions) -> dict[str, PartnerAlone]:
    """What each school reaches alone, newly for those whose staff has changed."""
    found = dict(partners)
    if case.policy.outside_needs_assignment:
        names = [name for name in level_names(case, False) if name in LEVELS_ALONE]
        whole = scope_of(case, [npsn for npsn in case.schools if npsn in schools], {}, visitors=False)
        # What is locked or pinned elsewhere to the staff counts too.
        whole = replace(whole, posts=case.duty_posts)
        for npsn in whole.schools:
            scope = of_one_school(whole, npsn)
            found[npsn] = read(npsn, scope, divide(scope, names, options, by_priority=False))
    return found


def duties_given(handed_out: HandOut) -> Iterator[DutyHolding]:
    """Every held unit; counted hours are not known yet."""
    for post, held in zip(handed_out.scope.posts, handed_out.holders, strict=True):
        for unit, t in held.items():
            yield DutyHolding(post.school, post.duty, unit, t, post.rule.jtm, 0)


def divided(case: Case, partners: Mapping[str, PartnerAlone], assignments: tuple[Assignment, ...], duties: tuple[DutyHolding, ...]) -> Divided:
    """A division as the checker sees it."""
    status = PlanStatus(Status.FEASIBLE, Status.UNKNOWN)
    used = PolicyUsed(case.policy.id, dict(case.policy.overrides), case.law.linearity.id)
    plan = Plan(used, "", status, (), assignments, duties, partners=tuple(partners[n] for n in case.schools if n in partners))
    report = check(case, plan)
    open_jp: Counter[str] = Counter()
    required = {need.id for need in case.needs if need.required}
    for row in assignments:
        open_jp[row.school] += row.jp * (row.teacher is None and row.need in required)
    valid = frozenset(load.teacher for load in report.loads if load.counted and load.met)
    stands = not report.violations
    return Divided(case, partners, assignments, duties, valid, open_jp, report.levels["unfilled_duties"], stands, plan)


def keeps_its_needs(before: Divided, after: Divided) -> bool:
    """No school leaves more JP without a teacher, and no more duties stay unfilled."""
    return after.unfilled <= before.unfilled and all(after.open_jp[npsn] <= before.open_jp[npsn] for npsn in before.case.schools)
