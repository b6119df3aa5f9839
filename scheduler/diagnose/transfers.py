"""Redistribusi: transfers of teachers to other schools of the district that make more of them valid, each set solved and checked.

A transfer gives a teacher another home school. Its cost is the way between the two schools (minutes where stated, else whole km), at least 1.
Only the staff of the two schools (and who visits them) is divided anew, all others keep what they have: that is what makes a district of
eighty schools a matter of seconds a transfer, and why not finding one proves nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from scheduler.cp.lexico import Budget
from scheduler.diagnose.candidates import edited_case
from scheduler.diagnose.redivide import Divided, better_within, divided, keeps_its_needs, redivided
from scheduler.domain.entities import Position
from scheduler.domain.plan import Level, Plan, Status
from scheduler.domain.solving import Listener, Progress, SolveOptions, silent
from scheduler.domain.transfer import Transfer
from scheduler.policy.case import Case, NeedKind
from scheduler.verify.levels import level_names
from scheduler.workload.solve import WorkloadOutcome, solve_workload

BASE_SHARE = 0.5
"""Part of the time in which the district is divided as it is."""

LOOK_SHARE = 0.5
"""Part of the time left in which every transfer is looked at by itself, where their number is limited."""


@dataclass(frozen=True, slots=True)
class Goal:
    """``wanted`` more valid teachers, None = as many as possible; with ``at_most`` so many transfers, None = any number. One of them is given."""

    wanted: int | None = None
    at_most: int | None = None


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
    base = divided(case, {partner.school: partner for partner in given.partners}, given.assignments, given.duties)
    most = most_without(case, given.levels)
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


def most_without(case: Case, levels: Sequence[Level]) -> int:
    """What the levels of a division prove about the most valid teachers without any transfer.

    A level's bound holds among plans as good in the levels above it. What a transfer keeps is the coverage, and nothing else: the bound of
    ``below_minimum_partners`` would say nothing of plans that give up a teacher of the Sekolah Utama for two of a partner, nor that of
    ``below_minimum`` of plans with another shortfall where the shortfall comes first.
    """
    first = not case.instance.settings.shortfall_first
    return len(case.counted) - next((level.bound or 0 for level in levels if level.name == "below_minimum" and first), 0)


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


def moved_case(case: Case, transfers: Sequence[Transfer]) -> Case:
    """The case after the transfers. Who is at home where changes no need, unless a row of Penugasan falls away with it."""
    after = edited_case(case, [transfer.edit for transfer in transfers])
    if after.instance.assignments == case.instance.assignments:
        vars(after)["needs"] = case.needs
    return after
