"""The school's own rules (Aturan Jadwal) as constraints of the general problem.

What XHSTT has no word for is stated with a resource that nobody sees: a *course* (one subject of one class) is busy when it is taught, so that the
limits of busy times speak of subjects too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from typing import TYPE_CHECKING, TypedDict

from scheduler.domain.entities import WeekRule, WeekRuleKind
from scheduler.domain.timetabling import (
    AvoidUnavailableTimes,
    ClusterBusyTimes,
    Constraint,
    CostFunction,
    EventResource,
    LimitBusyTimes,
    LimitIdleTimes,
    LimitParallel,
    Resource,
    SpreadEvents,
    Time,
    TimeGroup,
)
from scheduler.policy.case import Need

if TYPE_CHECKING:
    from scheduler.timetable.problem import Bell, WeekProblem

COURSE = "course"

RULE, WISH = "week_rules", "week_wishes"
"""Names of the constraints: those of the checker's twins."""


class Strength(TypedDict):
    """What every constraint of one row has in common."""

    id: str
    required: bool


class OwnRules:
    """Everything that Aturan Jadwal adds to a week's problem; nothing where the sheet is empty or cannot bind."""

    def __init__(self, week: WeekProblem) -> None:
        self.week = week
        self.rows = tuple(enumerate(week.case.instance.week_rules, start=1))

    def resources(self) -> Iterator[Resource]:
        return (Resource(course, COURSE) for course in dict.fromkeys(self.course_of.values()))

    def resources_of(self, need: Need) -> tuple[EventResource, ...]:
        """The need's course, where a rule speaks of it."""
        return (EventResource(COURSE, self.course_of[need.id]),) if need.id in self.course_of else ()

    def constraints(self) -> Iterator[Constraint]:
        """Rows that are Wajib."""
        return (constraint for row, rule in self.rows if rule.required for constraint in self.stated(row, rule))

    @cached_property
    def wishes(self) -> tuple[Constraint, ...]:
        """Rows that are Sebaiknya, each of weight 1."""
        return tuple(constraint for row, rule in self.rows if not rule.required for constraint in self.stated(row, rule))

    @property
    def worst(self) -> int:
        """No week's wishes cost more than this together."""
        return sum(self.most_of(wish) for wish in self.wishes)

    def stated(self, row: int, rule: WeekRule) -> Iterator[Constraint]:
        strength: Strength = {"id": RULE if rule.required else WISH, "required": rule.required}
        if rule.kind is WeekRuleKind.AT_ONCE:
            return self._at_once(row, rule.amount or 0, strength)
        return self.kinds[rule.kind](rule, strength)

    @cached_property
    def kinds(self) -> Mapping[WeekRuleKind, Callable[[WeekRule, Strength], Iterator[Constraint]]]:
        return {
            WeekRuleKind.LAST_HOUR: self._last_hour,
            WeekRuleKind.FIRST_HOURS: self._first_hours,
            WeekRuleKind.FIXED: self._fixed,
            WeekRuleKind.IDLE_HOURS: self._idle_hours,
            WeekRuleKind.DAY_HOURS: self._day_hours,
            WeekRuleKind.DAYS: self._days,
            WeekRuleKind.NO_FIRST_HOUR: self._no_first_hour,
            WeekRuleKind.NO_LAST_HOUR: self._no_last_hour,
        }

    # --- subjects ------------------------------------------------------------------------------------------------------------------

    @cached_property
    def at_once(self) -> Mapping[tuple[int, str], Sequence[Need]]:
        """Needs by (row, school) of each limit of lessons at once."""
        found: dict[tuple[int, str], list[Need]] = defaultdict(list)
        for row, rule in self.rows:
            if rule.kind is WeekRuleKind.AT_ONCE:
                for need in self._needs(rule):
                    found[row, need.school].append(need)
        return found

    def _at_once(self, row: int, amount: int, strength: Strength) -> Iterator[Constraint]:
        """At most n lessons of a subject go on at any moment at which an hour begins, by whatever bell."""
        for (of_row, _), needs in self.at_once.items():
            if of_row == row and len(needs) > amount:
                moments = tuple(self._moments({self.week.needs[need] for need in needs}))
                yield LimitParallel(**strength, event_groups=tuple((need.id,) for need in needs), time_groups=moments, maximum=amount)

    def _moments(self, bells: Set[Bell]) -> Iterator[TimeGroup]:
        """The times that go on when each of them begins; two shifts without a clock are taken to follow each other."""
        times = [time for time in self.week.times if (time.place, time.bell) in bells]
        for time in times:
            yield TimeGroup(time.id, tuple(other.id for other in times if other is time or goes_on(other, time)))

    @cached_property
    def course_of(self) -> Mapping[str, str]:
        """Course of every need that a rule on hours of the day is about."""
        ruled = (WeekRuleKind.LAST_HOUR, WeekRuleKind.FIRST_HOURS)
        courses: dict[tuple[str, ...], str] = {}
        found: dict[str, str] = {}
        for _, rule in self.rows:
            for need in self._needs(rule) if rule.kind in ruled else ():
                key = (need.school, need.subject, *need.rombels) if need.rombels else (need.id,)
                found[need.id] = courses.setdefault(key, f"{COURSE}:{need.id}")
        return found

    def _last_hour(self, rule: WeekRule, strength: Strength) -> Iterator[Constraint]:
        """Of the last hours of the days, a course is busy in at most n."""
        for bell, courses in self._courses(rule).items():
            times = tuple(group.times[-1] for group in self.week.day_groups[bell])
            if not rule.amount:
                yield AvoidUnavailableTimes(**strength, resources=courses, times=times)
            elif rule.amount < len(times):
                yield LimitBusyTimes(**strength, resources=courses, time_groups=(TimeGroup("last_hours", times),), maximum=rule.amount)

    def _first_hours(self, rule: WeekRule, strength: Strength) -> Iterator[Constraint]:
        """A course is not busy after the first n hours of a day."""
        for bell, courses in self._courses(rule).items():
            times = tuple(time for group in self.week.day_groups[bell] for time in group.times[rule.amount or 0 :])
            if times:
                yield AvoidUnavailableTimes(**strength, resources=courses, times=times)

    def _fixed(self, rule: WeekRule, strength: Strength) -> Iterator[Constraint]:
        """At least one lesson of the class's subject starts on the day, at the hour where one is given."""
        needs = self._needs(rule)
        bells = {self.week.needs[need] for need in needs}
        times = tuple(t.id for t in self.week.times if (t.place, t.bell) in bells and t.day == rule.day and rule.period in (None, t.period))
        if needs:
            most = sum(need.jp for need in needs)  # as many as there can be: no limit, in whatever blocks
            events, group = tuple(need.id for need in needs), TimeGroup(rule.day, times)
            yield SpreadEvents(**strength, event_groups=(events,), time_groups=(group,), minimum=1, maximum=most)

    def _needs(self, rule: WeekRule) -> Sequence[Need]:
        return [
            need
            for need in self.week.needs
            if need.subject == rule.subject and rule.school in ("", need.school) and (not rule.rombel or rule.rombel in need.rombels)
        ]

    def _courses(self, rule: WeekRule) -> Mapping[Bell, tuple[str, ...]]:
        """Courses that the rule is about, by their bell."""
        found: dict[Bell, dict[str, None]] = defaultdict(dict)
        for need in self._needs(rule):
            found[self.week.needs[need]][self.course_of[need.id]] = None
        return {bell: tuple(courses) for bell, courses in found.items()}

    # --- teachers ------------------------------------------------------------------------------------------------------------------

    def _idle_hours(self, rule: WeekRule, strength: Strength) -> Iterator[Constraint]:
        """A teacher's idle hours a week are at most n; the excess of a wish counts squared: fairness."""
        cost = CostFunction.LINEAR if rule.required else CostFunction.QUADRATIC
        for code in self._teachers(rule):
            yield LimitIdleTimes(**strength, cost=cost, resources=(code,), time_groups=self.week.days_of(code), maximum=rule.amount or 0)

    def _day_hours(self, rule: WeekRule, strength: Strength) -> Iterator[Constraint]:
        """A teacher is busy at most n hours a day, over all schools."""
        amount = rule.amount or 0
        longest = {code: max(self._hours_by_day(code).values()) for code in self._teachers(rule)}
        teachers = tuple(code for code, hours in longest.items() if hours > amount)
        if teachers:
            yield LimitBusyTimes(**strength, resources=teachers, time_groups=self.week.whole_days, maximum=amount)

    def _hours_by_day(self, code: str) -> Mapping[str, int]:
        hours: dict[str, int] = defaultdict(int)
        for group in self.week.days_of(code):
            hours[group.id] += len(group.times)
        return hours

    def _days(self, rule: WeekRule, strength: Strength) -> Iterator[Constraint]:
        """A teacher is busy on at most n days."""
        amount = rule.amount or 0
        teachers = tuple(code for code in self._teachers(rule) if len(self._hours_by_day(code)) > amount)
        if teachers:
            yield ClusterBusyTimes(**strength, resources=teachers, time_groups=self.week.whole_days, maximum=amount)

    def _no_first_hour(self, rule: WeekRule, strength: Strength) -> Iterator[Constraint]:
        return self._not_at(rule, strength, 0)

    def _no_last_hour(self, rule: WeekRule, strength: Strength) -> Iterator[Constraint]:
        return self._not_at(rule, strength, -1)

    def _not_at(self, rule: WeekRule, strength: Strength, place: int) -> Iterator[Constraint]:
        for code in self._teachers(rule):
            times = tuple(group.times[place] for group in self.week.days_of(code))
            yield AvoidUnavailableTimes(**strength, resources=(code,), times=times)

    def _teachers(self, rule: WeekRule) -> Sequence[str]:
        return [code for code in self.week.taught if rule.teacher in ("", code)]

    # --- weights -------------------------------------------------------------------------------------------------------------------

    def most_of(self, wish: Constraint) -> int:
        """No week breaks this wish at a higher cost."""
        if isinstance(wish, SpreadEvents):
            return len(wish.event_groups)
        if isinstance(wish, ClusterBusyTimes):
            return len(wish.resources) * len(wish.time_groups)
        if isinstance(wish, LimitIdleTimes):
            return sum(max(0, len(group.times) - 2) for group in wish.time_groups) ** 2
        return self._hours(getattr(wish, "resources", ()))

    def _hours(self, resources: Iterable[str]) -> int:
        wanted = set(resources)
        busy = ((self.week.teacher_of.get(need.id), self.course_of.get(need.id), need.jp) for need in self.week.needs)
        return sum(jp * ((teacher in wanted) + (course in wanted)) for teacher, course, jp in busy)


def goes_on(time: Time, start: Time) -> bool:
    """Whether a time of another bell goes on when this one begins."""
    if time.day != start.day or time.bell == start.bell or None in (time.start, time.end, start.start):
        return False
    return (time.start or 0) <= (start.start or 0) < (time.end or 0)
