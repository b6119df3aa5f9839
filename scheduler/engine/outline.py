"""A step in two stages: first on which day each freed lesson is and at which times each resource with wishes is busy, then day by day who is where.

The first stage knows days and patterns of busy times but no starts, so it is small and reaches far: it empties days. At each time as many of the
resources with wishes must be busy as of the others that such lessons bring together (teachers and classes); without that count it would promise days
that no timetable fills. A heuristic: what it finds is a timetable like any other, what it does not find may exist.

Reference: M. Sørensen and F. Dahms, "A two-stage decomposition of high school timetabling applied to cases in Denmark", Computers & Operations
Research 43 (2014).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

from ortools.sat.python import cp_model

from scheduler.cp.run import Parameters, run_once
from scheduler.domain.plan import Status
from scheduler.engine import points as p
from scheduler.engine.frame import Bundle, Frame, Meet, Shape, Week, in_order
from scheduler.engine.model import FIRST, Step, StepLimits, SubModel
from scheduler.engine.neighbourhoods import days_of
from scheduler.engine.patterns import busy_patterns, idle_in, unevenness
from scheduler.engine.scope import Freed
from scheduler.engine.variables import Expression, Variables

Sum = cp_model.LinearExpr.sum

PARAMETERS: Parameters = {"linearization_level": 1}

LESSON_WORK = 0.02
"""Deterministic time for the second stage of one day, for each of its lessons; mostly a tenth of it suffices."""

WITHIN_A_DAY = (p.ClashPoint, p.UnavailablePoint, p.PreferTimesPoint, p.IdlePoint, p.BusyPoint)
"""What a day alone can keep; the rest is judged when the week is whole again."""

Lessons = Mapping[int, Mapping[Shape, int]]
"""How many lessons of each shape, by bundle."""


@dataclass(frozen=True, slots=True)
class Day:
    """A resource's day: its times, what is fixed in it, and a Boolean for each way to be busy."""

    times: p.Times
    fixed: frozenset[int]
    columns: Mapping[frozenset[int], cp_model.IntVar]


def outlined(frame: Frame, week: Week, deviations: Sequence[int], freed: Freed, limits: StepLimits) -> Step:
    """Put the freed lessons back by outline; no day gets more idle times than it has."""
    outline = Outline(frame, week, freed, [point.required and not deviation for point, deviation in zip(frame.points, deviations, strict=True)])
    outline.minimise_with_guide()
    found = run_once(outline.model, limits.options, parameters=PARAMETERS)
    if not found.found:
        return Step({}, False, found.deterministic_time)
    filled = outline.fill(found.values, limits)
    return Step(filled.changes, found.status is Status.OPTIMAL, found.deterministic_time + filled.work)


class DayLessons:
    """How many freed lessons are on each day, in a model of their own without starts.

    Attributes
    ----------
    on_day[bundle, shape, day]
        how many lessons of the shape are on the day
    hours[resource, day], lessons[resource, day]
        how long they are together; and each with the most that there can be of it
    open_times[resource]
        times at which a freed lesson could be
    wishers, others
        resources that are in one lesson at a time: those with wishes for their days, and those without
    """

    def __init__(self, frame: Frame, week: Week, freed: Freed, strict: Sequence[bool]) -> None:
        self.frame, self.week, self.model = frame, week, cp_model.CpModel()
        self.variables = Variables(cp_model.CpModel(), frame, week, freed, strict)
        self.days_of_week = days_of(frame)
        self.on_day: dict[tuple[int, Shape, str], cp_model.IntVar] = {}
        self.open_times: dict[int, set[int]] = defaultdict(set)
        self.hours: dict[tuple[int, str], list[Expression]] = defaultdict(list)
        self.lessons: dict[tuple[int, str], list[tuple[int, cp_model.IntVar]]] = defaultdict(list)
        self.costs: list[Expression] = []
        wishing = {x.resource for x in frame.points if isinstance(x, p.IdlePoint | p.ClusterPoint) and x.resource in self.variables.clash_free}
        self.wishers = wishing.intersection(self.variables.touched)
        self.others = self.variables.clash_free.intersection(self.variables.touched) - wishing

    def _add_all_lessons(self) -> None:
        for bundle in self.variables.bundles:
            self._add_lessons(bundle)
        self._spread()

    def _add_lessons(self, index: int) -> None:
        frame, bundle = self.frame, self.frame.bundles[index]
        by_shape: dict[Shape, list[Expression]] = defaultdict(list)
        starts: dict[tuple[Shape, str], list[int]] = defaultdict(list)
        for shape, start in self.variables.starts[index]:
            starts[shape, frame.times[start].day].append(start)
        for (shape, day), times in starts.items():
            attending = frame.attending(bundle.events, shape)
            most = min(len(times), self._most_of(bundle, shape))
            lessons = self.on_day[index, shape, day] = self.model.new_int_var(0, most, "on_day")
            by_shape[shape].append(lessons)
            for resource, length in attending:
                self.hours[resource, day].append(length * lessons)
                self.lessons[resource, day].append((most, lessons))
                self.open_times[resource].update(time for start in times for time in range(start, start + length))
            self._add_starts(attending, times, lessons)
        for number, event in enumerate(bundle.events):
            free = self.variables.events[event]
            self.model.add(Sum([shape[number] * count for shape, counts in by_shape.items() for count in counts]) == free.duration)
            for length, (low, high) in frame.lengths[event].counts.items():
                kept = sum(meet.length == length for meet in free.fixed)
                own = Sum([count for shape, counts in by_shape.items() if shape[number] == length for count in counts])
                self.model.add_linear_constraint(own, max(0, low - kept), max(0, high - kept))

    def _most_of(self, bundle: Bundle, shape: Shape) -> int:
        """How many freed lessons of a shape there can be."""
        events = self.variables.events
        return min(events[event].duration // length for event, length in zip(bundle.events, shape, strict=True) if length)

    def _add_starts(self, attending: Sequence[tuple[int, int]], starts: Sequence[int], lessons: cp_model.IntVar) -> None:
        """Where such lessons are within the day; nothing more is said of it here."""

    def _is_plain(self, attending: Sequence[tuple[int, int]]) -> bool:
        """Whether a lesson brings one of those with wishes and one of the others together."""
        return sum(r in self.wishers for r, _ in attending) == sum(r in self.others for r, _ in attending) == 1

    def _spread(self) -> None:
        """So many lessons of a subject a day, where the groups of times are whole days."""
        events = self.variables.events
        numbers = dict.fromkeys(number for event in events for number in self.frame.points_of_event[event])
        for number in numbers:
            point = self.frame.points[number]
            if not isinstance(point, p.SpreadPoint) or not self.variables.strict[number]:
                continue
            own = dict.fromkeys(self.frame.bundle_of[event] for event in point.events if event in events)
            fixed = [m.start for e in point.events for m in (events[e].fixed if e in events else self.week[e])]
            for times, _, maximum in point.groups:
                day = self.frame.times[min(times, default=0)].day
                if maximum is not None and times.issuperset(self.days_of_week[day]):
                    lessons = [count for (bundle, _, on), count in self.on_day.items() if bundle in own and on == day]
                    self.model.add(Sum(lessons) <= max(0, maximum - sum(start in times for start in fixed)))

    @cached_property
    def freed_hours(self) -> Mapping[int, int]:
        """How long each resource's freed lessons are together; those of groups that start together count once."""
        found: Counter[int] = Counter()
        for bundle in self.variables.bundles:
            longest: dict[int, int] = {}
            for event in self.frame.bundles[bundle].events:
                for resource, _ in self.frame.fixed[event]:
                    longest[resource] = max(longest.get(resource, 0), self.variables.events[event].duration)
            found.update(longest)
        return found

    def _need_days(self, resource: int, days: Sequence[tuple[int, Expression]], fixed: int = 0) -> None:
        """So many busy days that the longest of them hold all hours; each day with the hours it can hold, and whether it is busy."""
        hours = self.freed_hours[resource] + fixed
        longest = sorted((most for most, _ in days), reverse=True)
        fewest = next((count for count in range(len(days)) if sum(longest[:count]) >= hours), len(days))
        self.model.add(Sum([busy for _, busy in days]) >= fewest)

    def read(self, values: Sequence[int]) -> dict[str, dict[int, dict[Shape, int]]]:
        """Lessons of each day."""
        found: dict[str, dict[int, dict[Shape, int]]] = defaultdict(lambda: defaultdict(dict))
        for (bundle, shape, day), lessons in self.on_day.items():
            if values[lessons.index]:
                found[day][bundle][shape] = values[lessons.index]
        return found

    def fill(self, values: Sequence[int], limits: StepLimits) -> Step:
        """The lessons of each day at their times, several days at once; no changes where a day has no place for all of its lessons."""
        freed = self.variables.events
        fixed = [freed[event].fixed if event in freed else meets for event, meets in enumerate(self.week)]
        days = self.read(values)

        def place(day: str) -> Step:
            return place_day(self.frame, fixed, self.week, days[day], self.days_of_week[day], limits)

        with ThreadPoolExecutor(max(1, limits.workers)) as pool:
            parts = list(pool.map(place, days))
        work = sum(part.work for part in parts)
        if not all(part.changes for part in parts):
            return Step({}, False, work)
        placed = {event: list(free.fixed) for event, free in freed.items()}
        for part in parts:
            for event, meets in part.changes.items():
                placed[event] += (Counter(meets) - Counter(freed[event].fixed)).elements()
        return Step({event: in_order(meets) for event, meets in placed.items()}, False, work)


class Outline(DayLessons):
    """The first stage of a step: days with the times at which those with wishes are busy.

    Attributes
    ----------
    days[resource, times]
        patterns of the resources with wishes
    """

    def __init__(self, frame: Frame, week: Week, freed: Freed, strict: Sequence[bool]) -> None:
        super().__init__(frame, week, freed, strict)
        self.days: dict[tuple[int, p.Times], Day] = {}
        self.people: dict[int, list[Expression]] = defaultdict(list)
        self.guide: list[Expression] = []
        self.greatest_guide = 0
        self._add_all_lessons()
        self._add_others()
        self._add_days()
        for people in self.people.values():
            self.model.add(Sum(people) == 0)

    def _add_starts(self, attending: Sequence[tuple[int, int]], starts: Sequence[int], lessons: cp_model.IntVar) -> None:
        """Lessons of groups, or without one of the two kinds: where they are, the counts of both at a time differ."""
        if self._is_plain(attending):
            return
        found = [(start, self.model.new_bool_var("start")) for start in starts]
        self.model.add(Sum([literal for _, literal in found]) == lessons)
        for start, literal in found:
            for resource, length in attending:
                surplus = (resource in self.others) - (resource in self.wishers)
                for time in range(start, start + length):
                    self.people[time].append(surplus * literal)

    def _add_others(self) -> None:
        """One without wishes is busy at as many times of a day as its lessons take; where they fill all its times, at each."""
        for resource in sorted(self.others):
            times = sorted(self.open_times.get(resource, ()))
            by_day: dict[str, list[Expression]] = defaultdict(list)
            full = self.freed_hours[resource] == len(times)
            for time in times:
                busy = 1 if full else self.model.new_bool_var("busy")
                by_day[self.frame.times[time].day].append(busy)
                self.people[time].append(-1 * busy)
            for day, busy_times in by_day.items():
                self.model.add(Sum(self.hours[resource, day]) == Sum(busy_times))

    def _add_days(self) -> None:
        """Patterns of the days of those with wishes, with their costs, tied to the hours of their lessons."""
        frame, base = self.frame, self.variables.base
        for resource in sorted(self.wishers):
            points = [frame.points[number] for number in frame.points_of_resource[resource]]
            groups = dict.fromkeys(times for x in points if isinstance(x, p.IdlePoint) for times in x.groups)
            own: list[Day] = []
            for times in groups or dict.fromkeys(times for x in points if isinstance(x, p.ClusterPoint) for times in x.groups):
                free = [time for time in times if time in self.open_times.get(resource, ())]
                if not free:
                    continue
                fixed = frozenset(time for time in times if base[resource][time])
                now = self.variables.busy_now(resource).intersection(times)
                columns = {busy: self.model.new_bool_var("pattern") for busy in busy_patterns(times, fixed, free, idle_in(times, now))}
                self.model.add_exactly_one(columns.values())
                self.days[resource, times] = Day(times, fixed, columns)
                own.append(self.days[resource, times])
                self.greatest_guide += unevenness(len(times))
                for busy, column in columns.items():
                    self.model.add_hint(column, busy == now)
                    self.guide.append(unevenness(len(busy)) * column)
                    for time in busy - fixed:
                        self.people[time].append(column)
                taken = Sum([(len(busy) - len(fixed)) * column for busy, column in columns.items()])
                day = frame.times[times[0]].day
                self.model.add(taken == Sum(self.hours[resource, day]))
                if (empty := columns.get(frozenset())) is not None:
                    for most, lessons in self.lessons[resource, day]:
                        self.model.add(lessons <= most * ~empty)
            if len({frame.times[day.times[0]].day for day in own}) == len(own):
                busy_days = [(max(map(len, day.columns)), 1 - day.columns.get(frozenset(), 0)) for day in own]
                self._need_days(resource, busy_days, sum(len(day.fixed) for day in own))
            for point in points:
                if not point.required:
                    self._pay(resource, point)

    def _pay(self, resource: int, point: p.Point) -> None:
        if isinstance(point, p.IdlePoint):
            for times in point.groups:
                if day := self.days.get((resource, times)):
                    self.costs += [point.weight * idle * column for busy, column in day.columns.items() if (idle := idle_in(times, busy))]
        elif isinstance(point, p.ClusterPoint):
            for times in point.groups:
                day = self.days.get((resource, times))
                if day is not None and frozenset() in day.columns:
                    self.costs.append(point.weight * (1 - day.columns[frozenset()]))
        elif isinstance(point, p.UnavailablePoint):
            closed = frozenset(point.times)
            for (own, _), day in self.days.items():
                if own == resource:
                    self.costs += [point.weight * len(met) * column for busy, column in day.columns.items() if (met := closed & (busy - day.fixed))]

    def minimise(self) -> None:
        self.model.minimize(Sum(self.costs))

    def minimise_with_guide(self) -> None:
        """The cost, and among equal costs the most uneven days."""
        self.model.minimize(Sum([(self.greatest_guide + 1) * Sum(self.costs), *self.guide]))


def place_day(frame: Frame, placed: Week, week: Week, lessons: Lessons, window: frozenset[int], limits: StepLimits) -> Step:
    """The lessons of one day at their times: without idle times if that can be, else with as little cost as one day has in its own hands."""
    waiting: dict[int, list[Meet]] = defaultdict(list)
    for bundle, shapes in lessons.items():
        for number, event in enumerate(frame.bundles[bundle].events):
            resources = week[event][0].resources
            waiting[event] += [Meet(None, shape[number], resources) for shape, count in shapes.items() if shape[number] for _ in range(count)]
    base = list(placed)
    for event, meets in waiting.items():
        base[event] = in_order((*placed[event], *meets))
    freed = Freed({event: tuple(meets) for event, meets in waiting.items()}, window=window)
    work = 0.0
    for most_idle in (0, None):
        sub = day_model(frame, base, freed, most_idle)
        options = StepLimits(deterministic=LESSON_WORK * sum(map(len, waiting.values())), seed=limits.seed, stop=limits.stop).options
        found = run_once(sub.model, options, parameters=FIRST)
        work += found.deterministic_time
        if found.found:
            return Step(sub.variables.read(found.values), True, work)
    return Step({}, False, work)


def day_model(frame: Frame, week: Week, freed: Freed, most_idle: int | None) -> SubModel:
    """The freed lessons of a day, each with the length that it has."""
    kept = frozenset(number for number, point in enumerate(frame.points) if isinstance(point, WITHIN_A_DAY))
    sub = SubModel(frame, week, [0] * len(frame.points), freed, pruned=False, only=kept, most_idle=most_idle)
    for event, meets in freed.meets.items():
        free = sub.variables.events[event]
        for length, count in Counter(meet.length for meet in meets).items():
            sub.model.add(Sum(free.lessons_of(length)) == count)
        for counts in free.unplaced.values():
            for count_of in counts:
                sub.model.add(count_of == 0)
    sub.minimise()
    return sub
