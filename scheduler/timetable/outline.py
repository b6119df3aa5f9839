"""The week in two stages: first on which day each lesson is and at which times each teacher is busy, then day by day who is where.

The first stage knows days and patterns of busy times but no starts, so it is small; the second has one day at a time. At each time as many teachers
must be busy as classes are: without that count the first stage promises days that no timetable fills.
A heuristic: what it finds is a week like any other, what it does not find may exist.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from ortools.sat.python import cp_model

from scheduler.cp.builder import Builder
from scheduler.cp.run import Run, run_once
from scheduler.domain.solving import SolveOptions
from scheduler.timetable.counting import fewest_days
from scheduler.timetable.first import FEASIBILITY, limited
from scheduler.timetable.frame import Frame, IdleTerm, Shape, Week, idle_in
from scheduler.timetable.neighbourhoods import Freed
from scheduler.timetable.objectives import Costs, DayPatterns, build_costs, busy_patterns, unevenness
from scheduler.timetable.rules import post_rules
from scheduler.timetable.variables import Scope, Variables

DAY_WORK = 0.5
"""Deterministic time for the second stage of one day; mostly a hundredth suffices."""


class Outline:
    """The first stage.

    Attributes
    ----------
    on_day[bundle, shape, day]
        how many free lessons of the shape are on the day
    patterns[resource, times]
        the times of a day at which a resource with wishes is busy
    class_busy[resource, time]
        whether a class without a full grid has a lesson there
    starts[bundle, shape, time]
        of lessons that do not take exactly one teacher and one class
    """

    def __init__(self, scope: Scope, most_idle: Mapping[IdleTerm, int]) -> None:
        self.scope, self.frame, self.model = scope, scope.frame, cp_model.CpModel()
        self.on_day: dict[tuple[int, Shape, str], cp_model.IntVar] = {}
        self.patterns: dict[IdleTerm, DayPatterns] = {}
        self.class_busy: dict[tuple[int, int], cp_model.IntVar] = {}
        self.starts: dict[tuple[int, Shape, int], cp_model.IntVar] = {}
        self.open_times: dict[int, set[int]] = defaultdict(set)
        self.hours: dict[tuple[int, str], list[cp_model.LinearExprT]] = defaultdict(list)
        self.people: dict[int, list[cp_model.LinearExprT]] = defaultdict(list)
        for bundle, counts in scope.free.items():
            for shape, count in counts.items():
                self._add_lessons(bundle, shape, count)
        self.costs = Costs()
        self._spread()
        self._add_classes()
        self._add_patterns(most_idle)
        self.costs.days += self._days()
        self._count_people()

    def _add_lessons(self, bundle: int, shape: Shape, count: int) -> None:
        frame, attending = self.frame, self.frame.bundles[bundle].attending[shape]
        by_day: dict[str, list[int]] = defaultdict(list)
        for start in self.scope.candidates(bundle, shape):
            by_day[frame.times[start].day].append(start)
            for resource, length in attending:
                self.open_times[resource].update(range(start, start + length))
        plain = sum(r in frame.wisher_set for r, _ in attending) == sum(r in frame.filler_set for r, _ in attending) == 1
        for day, starts in by_day.items():
            lessons = self.on_day[bundle, shape, day] = self.model.new_int_var(0, count, f"on_day[{bundle},{shape},{day}]")
            for resource, length in attending:
                self.hours[resource, day].append(length * lessons)
            if not plain:
                self._add_starts(bundle, shape, starts, lessons)
        self.model.add(cp_model.LinearExpr.sum([self.on_day[bundle, shape, day] for day in by_day]) == count)

    def _add_starts(self, bundle: int, shape: Shape, starts: Iterable[int], lessons: cp_model.IntVar) -> None:
        """Lessons of groups, or without a teacher or a class: where they are, the count of teachers and classes at a time differs."""
        attending = self.frame.bundles[bundle].attending[shape]
        found = {start: self.model.new_bool_var(f"starts[{bundle},{shape},{start}]") for start in starts}
        self.model.add(cp_model.LinearExpr.sum(list(found.values())) == lessons)
        for start, literal in found.items():
            self.starts[bundle, shape, start] = literal
            for resource, length in attending:
                surplus = (resource in self.frame.filler_set) - (resource in self.frame.wisher_set)
                for time in range(start, start + length):
                    self.people[time].append(surplus * literal)

    def _spread(self) -> None:
        for term in self.frame.spreads:
            bundles = [bundle for bundle in term.bundles if bundle in self.scope.free]
            fixed = [start for bundle in term.bundles for start, _, _ in self.scope.fixed[bundle]] if bundles else []
            for group in term.groups if bundles else ():
                day = self.frame.times[min(group)].day
                lessons = [
                    var for (bundle, _, on), var in self.on_day.items() if bundle in bundles and on == day and self.is_within(bundle, day, group)
                ]
                self.model.add(cp_model.LinearExpr.sum(lessons) <= term.maximum - sum(time in group for time in fixed))

    def is_within(self, bundle: int, day: str, group: frozenset[int]) -> bool:
        """Whether all starts of a bundle on the day belong to the group of times."""
        starts = (start for times in self.frame.bundles[bundle].starts.values() for start in times)
        return all(start in group for start in starts if self.frame.times[start].day == day)

    def _add_classes(self) -> None:
        """A class is busy at as many times of a day as its lessons take; where they fill all its times, at each."""
        frame = self.frame
        free_hours = free_hours_of(self.scope)
        for resource in frame.fillers:
            times = sorted(self.open_times.get(resource, ()))
            full = free_hours[resource] == len(times)
            by_day: dict[str, list[cp_model.LinearExprT]] = defaultdict(list)
            for time in times:
                busy = 1 if full else self.model.new_bool_var(f"class_busy[{resource},{time}]")
                if not isinstance(busy, int):
                    self.class_busy[resource, time] = busy
                by_day[frame.times[time].day].append(busy)
                self.people[time].append(-1 * busy)
            for day, busy_times in by_day.items():
                self.model.add(cp_model.LinearExpr.sum(self.hours[resource, day]) == cp_model.LinearExpr.sum(busy_times))

    def _add_patterns(self, most_idle: Mapping[IdleTerm, int]) -> None:
        """Patterns of the teachers' days with their costs, tied to the hours of their lessons."""
        frame, costs = self.frame, self.costs
        touched: dict[tuple[int, str], list[cp_model.LinearExprT]] = defaultdict(list)
        for term in frame.idle_terms:
            free = [time for time in term.times if time in self.open_times.get(term.resource, ())]
            if not free:
                continue
            fixed = frozenset(time for time in term.times if time in self.scope.busy[term.resource])
            columns = {busy: self.model.new_bool_var("pattern") for busy in busy_patterns(term, fixed, free, most_idle[term])}
            self.model.add_exactly_one(columns.values())
            self.patterns[term] = DayPatterns(columns)
            costs.greatest_guide += unevenness(len(term.times))
            day = frame.times[term.times[0]].day
            touched[term.resource, day] += [(len(busy) - len(fixed)) * column for busy, column in columns.items()]
            for busy, column in columns.items():
                costs.idle.append((term.weight, idle_in(term, busy) * column))
                costs.guide.append(unevenness(len(busy)) * column)
                costs.unwanted += [(weight, column) for t in busy - fixed if (weight := frame.unwanted.get((term.resource, t), 0))]
                for time in busy - fixed:
                    self.people[time].append(column)
        for key, hours in touched.items():
            self.model.add(cp_model.LinearExpr.sum(hours) == cp_model.LinearExpr.sum(self.hours[key]))

    def _days(self) -> Iterable[tuple[int, cp_model.LinearExprT]]:
        for term in self.frame.days_terms:
            days: list[cp_model.LinearExprT] = []
            for group in term.groups:
                patterns = [p for other, p in self.patterns.items() if other.resource == term.resource and not group.isdisjoint(other.times)]
                if not group.isdisjoint(self.scope.busy[term.resource]):
                    days.append(1)
                elif len(patterns) == 1 and patterns[0].empty is not None:
                    days.append(patterns[0].empty.negated())
                elif patterns:
                    busy = self.model.new_bool_var("busy_day")
                    for day in patterns:
                        self.model.add(busy == 1) if day.empty is None else self.model.add_implication(day.empty.negated(), busy)
                    days.append(busy)
            if any(not isinstance(day, int) for day in days):
                self.model.add(cp_model.LinearExpr.sum(days) >= fewest_days(self.frame, term.resource))
                yield term.weight, cp_model.LinearExpr.sum(days)

    def _count_people(self) -> None:
        """At each time: busy teachers - busy classes + (classes - teachers of the lessons that are not one to one) = 0."""
        for people in self.people.values():
            self.model.add(cp_model.LinearExpr.sum(people) == 0)

    def hint(self, week: Week) -> None:
        frame = self.frame
        on_day = Counter((bundle, shape, frame.times[start].day) for bundle in self.scope.free for start, shape, _ in week[bundle])
        fixed = Counter((bundle, shape, frame.times[start].day) for bundle in self.scope.free for start, shape, _ in self.scope.fixed[bundle])
        busy = frame.busy_points(week)
        for key, lessons in self.on_day.items():
            self.model.add_hint(lessons, on_day[key] - fixed[key])
        for term, patterns in self.patterns.items():
            now = frozenset(time for time in term.times if time in busy[term.resource])
            for times, column in patterns.columns.items():
                self.model.add_hint(column, times == now)
        for (resource, time), literal in self.class_busy.items():
            self.model.add_hint(literal, time in busy[resource])
        taken = {(bundle, shape, start) for bundle in self.scope.free for start, shape, _ in week[bundle]}
        for start_key, literal in self.starts.items():
            self.model.add_hint(literal, start_key in taken)

    def read(self, run: Run) -> dict[str, dict[int, dict[Shape, int]]]:
        """Lessons of each day."""
        found: dict[str, dict[int, dict[Shape, int]]] = defaultdict(lambda: defaultdict(dict))
        for (bundle, shape, day), lessons in self.on_day.items():
            if run.values[lessons.index]:
                found[day][bundle][shape] = run.values[lessons.index]
        return found


def free_hours_of(scope: Scope) -> Counter[int]:
    hours: Counter[int] = Counter()
    for bundle, counts in scope.free.items():
        for shape, count in counts.items():
            for resource, length in scope.frame.bundles[bundle].attending[shape]:
                hours[resource] += length * count
    return hours


def solve_outline(frame: Frame, week: Week, freed: Freed, options: SolveOptions) -> tuple[Run, Week | None]:
    """A week that differs from ``week`` only in what is freed, by its outline; no day gets more idle times than it has."""
    scope = Scope.freeing(frame, week, freed.chosen, freed.days)
    busy = frame.busy_points(week)
    model = Outline(scope, {term: idle_in(term, busy[term.resource]) for term in frame.idle_terms})
    model.model.minimize(model.costs.with_guide())
    model.hint(week)
    found = run_once(model.model, options)
    if not found.found:
        return found, None
    placed = list(scope.fixed)
    work = found.deterministic_time
    for day, lessons in sorted(model.read(found).items()):
        run, placed_now = place_day(frame, placed, lessons, day, limited(options, DAY_WORK))
        work += run.deterministic_time
        if placed_now is None:
            return replace(found, deterministic_time=work), None
        placed = placed_now
    return replace(found, deterministic_time=work), placed


def place_day(frame: Frame, fixed: Week, lessons: Mapping[int, Mapping[Shape, int]], day: str, options: SolveOptions) -> tuple[Run, Week | None]:
    """The lessons of one day at their times: without idle times where that can be, else with few."""
    work = 0.0
    for most_idle in (0, None):
        builder = Builder()
        variables = Variables(builder.model, Scope(frame, fixed, lessons, frozenset({day})))
        post_rules(builder, variables)
        costs = build_costs(variables, most_idle)
        if most_idle is None or costs.unwanted:
            builder.model.minimize(costs.weighted())
        run = run_once(builder.model, options, parameters=FEASIBILITY)
        work += run.deterministic_time
        if run.found:
            return replace(run, deterministic_time=work), variables.read(run.values)
    return replace(run, deterministic_time=work), None
