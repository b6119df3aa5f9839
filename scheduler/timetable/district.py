"""The weeks of a district: days of shared teachers first, then school by school, side by side.

A district's week is no harder than its schools' weeks, as long as nobody has to be at two of them: so each day of a teacher who is shared goes to one
school (``district_days``), every school's week is a problem of its own, and all are solved in processes beside each other (``district_crew``). A
school that has no week with those days is solved again together with the schools that it shares teachers with, all days within them open again. First
every school gets a week at all, then the time that is left is shared out by size to better them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from scheduler.timetable.conflict import smallest_conflict, smallest_counted_conflict
from scheduler.timetable.counting import counted_conflict
from scheduler.timetable.district_crew import Answer, Task, solved_side_by_side
from scheduler.timetable.district_days import Days, Staffing, fixed_days
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

UNLIMITED_SECONDS_A_LESSON = 0.1
"""Bettering of a school where no limit was given."""

Group = frozenset[str]
"""Schools that are built together."""


def solve_weeks(
    case: Case,
    assignments: Sequence[Assignment],
    options: SolveOptions,
    listener: Listener = silent,
    former: Sequence[Lesson] = (),
    pins: Pins | None = None,
) -> WeekOutcome:
    """The week of a workbook of any size: all schools together where they are few, else as a district; parameters as in ``solve_week``.

    Of a district nothing is proved impossible but what one school's week, or a whole part that shares nobody with others, shows; where a school gets
    no week in the limits the outcome is UNKNOWN, and ``without_week`` names it. A week with pins is built all together, whatever its size.
    """
    whole = WeekProblem(case, assignments)
    if pins or len({need.school for need in whole.needs}) < 2 or sum(len(need.blocks) for need in whole.needs) <= MOST_LESSONS_TOGETHER:
        return solve_week(case, assignments, options, listener, former, pins=pins)
    return District(case, assignments, options, listener, former, whole).solved()


@dataclass
class District:
    """One solve: the groups of schools as they stand, and the week of each that has one."""

    case: Case
    assignments: Sequence[Assignment]
    options: SolveOptions
    listener: Listener
    former: Sequence[Lesson]
    whole: WeekProblem
    weeks: dict[Group, tuple[Meeting, ...]] = field(default_factory=dict)
    days: Days = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.limits = Limits(self.options)
        self.staffing = Staffing(self.whole)

    def solved(self) -> WeekOutcome:
        impossible = self.counted()
        if impossible is not None:
            return impossible
        part = replace(self.options, deterministic_limit=DAYS_WORK, seconds=self.seconds(DAYS_SHARE, DAYS_SECONDS))
        self.days, without_days = fixed_days(self.staffing, part)
        groups = united(self.lessons, (self.staffing.schools_of[code] for code in sorted(without_days)))
        while groups:
            failed = self.first_weeks(groups)
            if self.over or not failed:
                break
            hopeless = [group for group, status in failed.items() if self.neighbours(group) == group]
            for group in hopeless:
                if failed[group] is Status.INFEASIBLE and (conflict := smallest_conflict(self.problem(group), TEACHER, self.limits.left_if_any)):
                    return WeekOutcome(Status.INFEASIBLE, conflict=conflict)
            groups = self.grown([group for group in failed if group not in hopeless])
        missing = tuple(sorted(self.lessons.keys() - set(chain.from_iterable(self.weeks))))
        if missing:
            return WeekOutcome(Status.UNKNOWN, without_week=missing)
        self.better()
        return self.outcome()

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

    def grown(self, failed: Iterable[Group]) -> list[Group]:
        """Failed groups with their neighbours; the weeks of those are given up."""
        known = [*self.weeks, *failed]
        together = united(self.lessons, (*known, *(self.neighbours(group) for group in failed)))
        groups = [group for group in together if any(not group.isdisjoint(each) for each in failed)]
        for week in [week for week in self.weeks if any(week <= group for group in groups)]:
            del self.weeks[week]
        return groups

    def stated(self, group: Group) -> WeekProblem:
        """The group's own problem: who is shared with other schools is there on the days fixed for the group alone."""
        away: dict[str, frozenset[str]] = {}
        for code in sorted(self.staffing.shared):
            schools = self.staffing.schools_of[code]
            if not group.isdisjoint(schools) and not group.issuperset(schools):
                away[code] = frozenset(DAYS).difference(*(self.days.get((code, school), ()) for school in schools if school in group))
        return WeekProblem(self.case, self.assignments, schools=group, away=away)

    def problem(self, group: Group) -> TimetablingProblem:
        return self.stated(group).build()

    # --- solving -------------------------------------------------------------------------------------------------------------------

    def first_weeks(self, groups: Sequence[Group]) -> dict[Group, Status]:
        """A week of each group, wishes aside; those that got none, with what is known of them."""
        failed = dict.fromkeys(groups, Status.UNKNOWN)
        for group, answer in self.answers(groups, first_only=True):
            failed[group] = answer.status
            if answer.meetings:
                self.weeks[group] = answer.meetings
                del failed[group]
            self.listener(Progress("week", seconds=self.limits.elapsed, detail=f"{sum(map(len, self.weeks))}/{len(self.lessons)}"))
        return failed

    def better(self) -> None:
        """Lessen what the weeks cost with the time that is left, the largest first."""
        for group, answer in self.answers(tuple(self.weeks), first_only=False):
            if answer.meetings:
                self.weeks[group] = answer.meetings

    def answers(self, groups: Sequence[Group], first_only: bool) -> Iterator[tuple[Group, Answer]]:
        """Solved side by side, first weeks from the smallest up; a task is stated when it is begun, and gets its share of the time then."""
        order = sorted(groups, key=lambda group: (self.size(group), sorted(group)), reverse=not first_only)
        left = [sum(map(self.size, order))]
        everything = sum(self.lessons.values())

        def begun(key: int) -> Task | None:
            group = order[key]
            size, together = self.size(group), left[0]
            left[0] -= 0 if first_only else size
            seconds = self.share(size / together, first_only)
            if seconds is not None and seconds < LEAST_BETTERING_SECONDS:
                return None
            work = None if self.options.deterministic_limit is None else self.options.deterministic_limit * size / everything / 2
            stated = self.stated(group)
            problem, near = stated.build(), tuple(former_meetings(stated, self.former))
            start = self.weeks.get(group, near)
            return Task(key, staying(problem, near) if near else problem, start, seconds, work, self.options.seed, first_only)

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
