"""The weeks of a district: days of shared teachers first, then school by school, side by side.

A district's week is no harder than its schools' weeks, as long as nobody has to be at two of them: so each day of a teacher who is shared goes to one
school (``district_days``), every school's week is a problem of its own, and all are solved in processes beside each other (``district_crew``). A
school that has no week with those days is solved again together with the schools that it shares teachers with, all days within them open again. First
every school gets a week at all, then the time that is left is shared out by size to better them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain

from scheduler.domain.instance import DAYS
from scheduler.domain.plan import Assignment, Lesson, Level, Plan, PlanStatus, PolicyUsed, Status
from scheduler.domain.solving import Listener, Progress, SolveOptions, silent
from scheduler.domain.timetabling import Meeting, TimetablingProblem
from scheduler.policy.case import Case
from scheduler.timetable.attendance import Attendance
from scheduler.timetable.bound import counted_bounds
from scheduler.timetable.conflict import is_impossible, smallest_conflict, smallest_counted_conflict
from scheduler.timetable.counting import Pair, counted_conflict
from scheduler.timetable.district_crew import Answer, Task, solved_side_by_side
from scheduler.timetable.district_days import Days, FixedDays, Presence, Refused, Staffing, fixed_days
from scheduler.timetable.pinned import Pins
from scheduler.timetable.problem import TEACHER, WeekProblem
from scheduler.timetable.solve import Limits, WeekOutcome, former_meetings, lessons_of, level_names, solve_week, staying
from scheduler.verify.levels import week_levels

MOST_LESSONS_TOGETHER = 1500
"""Beyond so many lessons a week (some eighty rombel) schools are built apart; below, all together, which may share a day of a teacher."""

DAYS_SHARE, DAYS_SECONDS, DAYS_WORK = 0.1, 40.0, 40.0
"""Share of the time, seconds and work at most to fix the days of shared teachers."""

FIRST_SHARE, LEAST_FIRST_SECONDS = 0.5, 15.0
"""Of the time left, what the first weeks may take, shared out by size; and what each may take at least."""

LEAST_BETTERING_SECONDS = 1.0

MOST_TRIES, TRIES_WITH_THE_SAME_DAYS = 12, 1
"""A school without a week is tried so often at most, and so often again with the days that it had, where it may have a week with them."""

UNLIMITED_SECONDS_A_LESSON = 0.1
"""Bettering of a school where no limit was given."""

OnFirst = Callable[[WeekOutcome], None]

Group = frozenset[str]
"""Schools that are built together."""


def solve_weeks(
    case: Case,
    assignments: Sequence[Assignment],
    options: SolveOptions,
    listener: Listener = silent,
    former: Sequence[Lesson] = (),
    pins: Pins | None = None,
    on_first: OnFirst | None = None,
) -> WeekOutcome:
    """The week of a workbook of any size: all schools together where they are few, else as a district; parameters as in ``solve_week``.

    ``on_first`` is given the weeks of a district as soon as every school has one, before they are bettered.

    Of a district nothing is proved impossible but what one school's week, or a whole part that shares nobody with others, shows; where a school gets
    no week in the limits the outcome is UNKNOWN, and ``without_week`` names it. A week with pins is built all together, whatever its size.
    """
    whole = WeekProblem(case, assignments)
    if pins or len({need.school for need in whole.needs}) < 2 or sum(len(need.blocks) for need in whole.needs) <= MOST_LESSONS_TOGETHER:
        return solve_week(case, assignments, options, listener, former, pins=pins)
    return District(case, assignments, options, listener, former, whole, on_first).solved()


@dataclass
class District:
    """One solve: the groups of schools as they stand, and the week of each that has one."""

    case: Case
    assignments: Sequence[Assignment]
    options: SolveOptions
    listener: Listener
    former: Sequence[Lesson]
    whole: WeekProblem
    on_first: OnFirst | None = None
    weeks: dict[Group, tuple[Meeting, ...]] = field(default_factory=dict)
    days: Days = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    tries: Counter[Group] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.limits = Limits(self.options)
        self.staffing = Staffing(self.whole)

    def solved(self) -> WeekOutcome:
        impossible = self.counted()
        if impossible is not None:
            return impossible
        waiting = self.fixed(united(self.lessons, ()))
        while waiting and not self.over:
            failed = self.first_weeks(waiting)
            if not failed or self.over or max(self.tries.values(), default=0) > MOST_TRIES:
                break
            conflicts = tuple(filter(None, (self.refusal(group, status) for group, status in failed.items())))
            if conflicts:
                return WeekOutcome(Status.INFEASIBLE, conflict=conflicts[0], further=conflicts[1:])
            waiting = self.fixed([*self.weeks, *failed]) if self.refused else list(failed)
        missing = tuple(sorted(self.lessons.keys() - set(chain.from_iterable(self.weeks))))
        if missing:
            return WeekOutcome(Status.UNKNOWN, without_week=missing)
        if self.on_first is not None and not self.over:
            self.on_first(self.outcome())
        self.better()
        return self.outcome()

    # --- days ----------------------------------------------------------------------------------------------------------------------

    def fixed(self, groups: Sequence[Group]) -> list[Group]:
        """Fix the days of shared teachers, with what refused weeks lacked; the groups that have no week then.

        Where whole days cannot heed everything the schools concerned are built together. Weeks that the days still allow are kept.
        """
        part = replace(self.options, deterministic_limit=DAYS_WORK, seconds=self.seconds(DAYS_SHARE, DAYS_SECONDS))
        found = fixed_days(self.staffing, part, self.refused, [self.presence(week) for week in self.weeks.values()])
        if found is None:
            found = FixedDays(self.days, frozenset() if self.days else self.staffing.shared, tuple(self.refused))
        self.days = found.days
        self.refused = [each for each in self.refused if each not in found.unheeded]
        joined = [self.staffing.schools_of[code] for code in sorted(found.without)] + [self.neighbours(each.schools) for each in found.unheeded]
        groups = united(self.lessons, (*groups, *joined))
        self.weeks = {group: week for group, week in self.weeks.items() if group in groups and self.allows(group, week)}
        return [group for group in groups if group not in self.weeks]

    def presence(self, week: Iterable[Meeting]) -> frozenset[Presence]:
        """Which shared teacher is at which school on which day."""
        needs = [(self.whole.teacher_of.get(meeting.event), meeting) for meeting in week]
        return frozenset(
            (code, self.case.need[meeting.event].school, self.whole.time_of(meeting.time or "").day)
            for code, meeting in needs
            if code is not None and code in self.staffing.shared
        )

    def allows(self, group: Group, week: Iterable[Meeting]) -> bool:
        """Whether everybody who is shared with other schools is there on days fixed for the group only."""
        away = self.away(group)
        return all(day not in away.get(code, ()) for code, _, day in self.presence(week))

    def refusal(self, group: Group, status: Status) -> tuple[Pair, ...] | None:
        """Learn from a group that got no week: what it lacked, for the next days; a conflict where it has no week whatever the days.

        One that was only not found is tried again with more time first, and then with other days.
        """
        self.tries[group] += 1
        away = self.away(group)
        if status is Status.INFEASIBLE:
            blamed = self.blamed(group, away)
            if blamed is None:
                return smallest_conflict(self.problem(group, {}), TEACHER, self.limits.left_if_any)
        elif self.tries[group] > TRIES_WITH_THE_SAME_DAYS:
            blamed = frozenset(away)
        else:
            return None
        lacking = ((code, school, day) for code in blamed for school in self.staffing.schools_of[code] if school in group for day in away[code])
        self.refused.append(Refused(group, frozenset(lacking)))
        return None

    def blamed(self, group: Group, away: Mapping[str, frozenset[str]]) -> frozenset[str] | None:
        """A few shared teachers whose fixed days alone leave the group no week; None where it has none with all days open either."""

        def impossible(codes: Iterable[str]) -> bool:
            left = self.limits.left_if_any()
            return left is not None and is_impossible(self.problem(group, {code: away[code] for code in codes}), TEACHER, left)

        if impossible(()):
            return None
        kept = sorted(away)
        for code in sorted(away):
            rest = [other for other in kept if other != code]
            if rest and impossible(rest):
                kept = rest
        return frozenset(kept)

    # --- groups --------------------------------------------------------------------------------------------------------------------

    @cached_property
    def lessons(self) -> Mapping[str, int]:
        """Lessons a week of each school, in the order of the sheet."""
        found = {school: 0 for school in self.case.schools if any(need.school == school for need in self.whole.needs)}
        for need in self.whole.needs:
            found[need.school] += len(need.blocks)
        return found

    def size(self, group: Group) -> int:
        return sum(self.lessons[school] for school in group)

    def neighbours(self, group: Group) -> Group:
        """The group with every school that it shares a teacher with."""
        shared = (self.staffing.schools_of[code] for code in self.staffing.shared)
        return group.union(*(schools for schools in shared if not group.isdisjoint(schools)))

    def away(self, group: Group) -> dict[str, frozenset[str]]:
        """Days on which those who are shared with schools outside the group are not there."""
        found: dict[str, frozenset[str]] = {}
        for code in sorted(self.staffing.shared):
            schools = self.staffing.schools_of[code]
            if not group.isdisjoint(schools) and not group.issuperset(schools):
                found[code] = frozenset(DAYS).difference(*(self.days.get((code, school), ()) for school in schools if school in group))
        return found

    def stated(self, group: Group, away: Mapping[str, frozenset[str]] | None = None) -> WeekProblem:
        """The group's own problem: who is shared with other schools is there on the days fixed for the group alone."""
        return WeekProblem(self.case, self.assignments, schools=group, away=self.away(group) if away is None else away)

    def problem(self, group: Group, away: Mapping[str, frozenset[str]]) -> TimetablingProblem:
        return self.stated(group, away).build()

    # --- solving -------------------------------------------------------------------------------------------------------------------

    def first_weeks(self, groups: Sequence[Group]) -> dict[Group, Status]:
        """A week of each group, wishes aside; those that got none, with what is known of them."""
        failed = dict.fromkeys(groups, Status.UNKNOWN)
        for group, answer in self.answers(groups, first_only=True):
            failed[group] = answer.status
            if answer.meetings:
                self.weeks[group] = answer.meetings
                del failed[group]
            self.tell("district_weeks", sum(map(len, self.weeks)))
        return failed

    def better(self) -> None:
        """Lessen what the weeks cost with the time that is left, the largest first."""
        for number, (group, answer) in enumerate(self.answers(tuple(self.weeks), first_only=False)):
            if answer.meetings:
                self.weeks[group] = answer.meetings
            self.tell("district_better", number + 1)

    def tell(self, stage: str, done: int) -> None:
        """How many schools (or groups of them) are done, and the most seconds that are left."""
        left = "" if self.options.seconds is None else f", {max(0, round(self.options.seconds - self.limits.elapsed))} s"
        everything = self.lessons if stage == "district_weeks" else self.weeks
        self.listener(Progress(stage, seconds=self.limits.elapsed, detail=f"{done}/{len(everything)}{left}"))

    def answers(self, groups: Sequence[Group], first_only: bool) -> Iterator[tuple[Group, Answer]]:
        """Solved side by side, first weeks from the smallest up; a task is stated when it is begun, and gets its share of the time then."""
        order = sorted(groups, key=lambda group: (self.size(group), sorted(group)), reverse=not first_only)
        left = [sum(map(self.size, order))]
        everything = sum(self.lessons.values())
        workers = self.options.workers if len(order) == 1 else 1

        def begun(key: int) -> Task | None:
            group = order[key]
            size, together = self.size(group), left[0]
            left[0] -= size
            seconds = self.share(size / together, first_only)
            if seconds is not None and seconds < LEAST_BETTERING_SECONDS:
                return None
            work = None if self.options.deterministic_limit is None else self.options.deterministic_limit * size / everything / 2
            stated = self.stated(group)
            problem, near = stated.build(), tuple(former_meetings(stated, self.former))
            start = self.weeks.get(group, near)
            wanted = staying(problem, near) if near else problem
            return Task(key, wanted, start, seconds, work, self.options.seed + self.tries[group], first_only, workers)

        for answer in solved_side_by_side(range(len(order)), self.options, begun):
            yield order[answer.key], answer

    def share(self, part: float, first_only: bool) -> float | None:
        """Seconds for a task: its part of what is left for all workers."""
        if self.options.seconds is None:
            return None if self.options.deterministic_limit is not None else UNLIMITED_SECONDS_A_LESSON * sum(self.lessons.values()) * part
        left = self.options.seconds - self.limits.elapsed
        # A worker that is free has only the wall time that is left, however large its part of all workers' time.
        own = part * self.options.workers * left
        return min(left, max(LEAST_FIRST_SECONDS, FIRST_SHARE * min(left, own))) if first_only else min(left, own)

    def seconds(self, share: float, most: float) -> float | None:
        return None if self.options.seconds is None else min(most, share * self.options.seconds)

    @property
    def over(self) -> bool:
        return self.limits.left_if_any() is None

    # --- what is known -------------------------------------------------------------------------------------------------------------

    def counted(self) -> WeekOutcome | None:
        """What counting shows at once: too many days for a teacher, a school without a week; else what no week of a school can be better than."""
        overfull = tuple(self.staffing.overfull())
        if overfull:
            return WeekOutcome(Status.INFEASIBLE, conflict=overfull[0], further=overfull[1:])
        self.bounds: dict[str, list[int]] = {}
        for school in self.lessons:
            week = Attendance(WeekProblem(self.case, self.assignments, schools={school}).build())
            conflict = counted_conflict(week, TEACHER)
            if conflict is not None:
                return WeekOutcome(Status.INFEASIBLE, conflict=smallest_counted_conflict(week.problem, TEACHER, conflict))
            for resource, (idle, days, unwanted) in counted_bounds(week).items():
                own = self.bounds.setdefault(week.problem.resources[resource].id, [0, 0, 0])
                # Two schools may share a day, so the days at each do not add up; hours do.
                own[:] = [own[0] + idle, max(own[1], days), own[2] + unwanted]
        return None

    def outcome(self) -> WeekOutcome:
        """The weeks as one. The levels' values are counted by the checker: wishes may speak of all schools of a teacher together."""
        meetings = tuple(chain.from_iterable(self.weeks.values()))
        lessons = tuple(lessons_of(self.whole, meetings))
        used = PolicyUsed(self.case.policy.id)
        plan = Plan(used, "", PlanStatus(Status.FEASIBLE, Status.FEASIBLE), (), tuple(self.assignments), (), lessons=lessons)
        values = week_levels(self.case, plan)
        lowest = [sum(column) for column in zip(*self.bounds.values(), strict=True)] + [0]
        levels = tuple(Level(name, values[name], bound, values[name] == bound) for name, bound in zip(level_names(self.case), lowest, strict=False))
        return WeekOutcome(Status.OPTIMAL if all(level.proved for level in levels) else Status.FEASIBLE, lessons, levels)


def united(schools: Iterable[str], together: Iterable[Iterable[str]]) -> list[Group]:
    """Schools in groups, so that those named together are in one, in the order of the schools."""
    group_of: dict[str, Group] = {school: frozenset((school,)) for school in schools}
    for names in together:
        union = frozenset().union(*(group_of[name] for name in names))
        group_of |= dict.fromkeys(union, union)
    return list(dict.fromkeys(group_of.values()))
