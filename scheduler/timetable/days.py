"""A first week in two steps: the day of every lesson, then the hours of each day, the days side by side.

Full grids with long lessons are hard to fill at once; a day alone is small. Where a day cannot be put in order, it is solved together with
another one, so that lessons may change between them.

Reference: the two-stage decomposition of M. Sørensen and F. Dahms, Computers & Operations Research 43 (2014).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from ortools.sat.python import cp_model

from scheduler.cp.builder import Builder
from scheduler.cp.lanes import in_lanes
from scheduler.cp.run import run_once
from scheduler.domain.solving import SolveOptions
from scheduler.timetable.frame import Frame, Meet, Shape, Week
from scheduler.timetable.objectives import build_costs
from scheduler.timetable.rules import post_rules
from scheduler.timetable.variables import Scope, Variables

DAYS_WORK = 1.0
"""Deterministic time for the division into days."""

HOURS_WORK = 2.0
"""Deterministic time for the hours of one day; twice that for two days together."""

POLISH_WORK = 0.5
"""Deterministic time for lessening a day's idle hours: the search over the whole week does the rest."""

SHARE_OF_DAY = 0.75
"""A teacher's day is filled no further than this where the week leaves a choice: enough others are there then for the remaining classes."""

ATTEMPTS = 4

DayCounts = Mapping[str, Mapping[int, Mapping[Shape, int]]]
"""How many lessons of each shape a bundle has on each day."""


@dataclass(frozen=True)
class DayDivision:
    """The model of the first step: ``lessons[bundle, shape, day]`` of every bundle."""

    frame: Frame
    model: cp_model.CpModel
    lessons: Mapping[tuple[int, Shape, str], cp_model.IntVar]

    def read(self, values: Sequence[int]) -> DayCounts:
        found: dict[str, dict[int, dict[Shape, int]]] = {day: defaultdict(dict) for day in self.frame.day_names}
        for (bundle, shape, day), count in self.lessons.items():
            if values[count.index]:
                found[day][bundle][shape] = values[count.index]
        return found


def week_by_days(frame: Frame, options: SolveOptions) -> Week | None:
    """A week that keeps the rules, with few idle hours; None where this way finds none (which proves nothing)."""
    rng = Random(options.seed)
    for attempt in range(ATTEMPTS):
        if options.stop.is_set():
            return None
        division = divide_into_days(frame)
        limits = replace(options, seed=options.seed + attempt, deterministic_limit=DAYS_WORK)
        run = run_once(division.model, limits, parameters={"linearization_level": 1})
        if not run.found:
            return None
        counts = division.read(run.values)
        parts = [hours_of_days(frame, only(counts, bundles), limits, rng) for bundles in independent_bundles(frame)]
        if None not in parts:
            return whole_week(frame, (meets for part in parts for meets in part or ()))
    return None


def independent_bundles(frame: Frame) -> Sequence[frozenset[int]]:
    """Bundles that share nobody and no rooms with the others: each school without visitors is a part of its own."""
    part_of: dict[int, set[int]] = {}
    by_user: dict[tuple[str, int], list[int]] = defaultdict(list)
    for index, bundle in enumerate(frame.bundles):
        part_of[index] = {index}
        for resource in frame.attends[index]:
            by_user["resource", resource].append(index)
        for room in {room for event in bundle.events for room in frame.room_choices[event]}:
            by_user["room", room].append(index)
    for sharing in by_user.values():
        for other in sharing[1:]:
            if part_of[other] is not part_of[sharing[0]]:
                joined = part_of[sharing[0]] | part_of[other]
                part_of.update(dict.fromkeys(joined, joined))
    return tuple(dict.fromkeys(frozenset(part) for part in part_of.values()))


def only(counts: DayCounts, bundles: frozenset[int]) -> DayCounts:
    return {day: {bundle: shapes for bundle, shapes in of_day.items() if bundle in bundles} for day, of_day in counts.items()}


def divide_into_days(frame: Frame) -> DayDivision:
    """Every lesson has a day; classes with full grids fill theirs; nobody has more in a day than it holds; few teaching days."""
    model = cp_model.CpModel()
    lessons: dict[tuple[int, Shape, str], cp_model.IntVar] = {}
    for index, bundle in enumerate(frame.bundles):
        for shape, count in bundle.counts.items():
            days = dict.fromkeys(frame.times[start].day for start in bundle.starts[shape])
            for day in days:
                lessons[index, shape, day] = model.new_int_var(0, count, f"lessons[{index},{shape},{day}]")
            model.add(sum(lessons[index, shape, day] for day in days) == count)
    division = DayDivision(frame, model, lessons)
    by_bundle_day: dict[tuple[int, str], list[tuple[Shape, cp_model.IntVar]]] = defaultdict(list)
    for (index, shape, day), placed in lessons.items():
        by_bundle_day[index, day].append((shape, placed))
    spread_over_days(division, by_bundle_day)
    for resource in sorted(frame.single):
        if frame.bundles_of[resource]:
            fit_resource(division, by_bundle_day, resource)
    fit_rooms(division)
    model.minimize(teaching_days(division, by_bundle_day))
    return division


ByBundleDay = Mapping[tuple[int, str], Sequence[tuple[Shape, cp_model.IntVar]]]


def spread_over_days(division: DayDivision, by_bundle_day: ByBundleDay) -> None:
    frame = division.frame
    for term in frame.spreads:
        for group in term.groups:
            for day in {frame.times[time].day for time in group}:
                counts = [count for bundle in term.bundles for _, count in by_bundle_day.get((bundle, day), ())]
                if counts:
                    division.model.add(sum(counts) <= term.maximum)


def fit_resource(division: DayDivision, by_bundle_day: ByBundleDay, resource: int) -> None:
    """The hours of a day: exactly its times where the grid is full, else at most; and no more long lessons than stand one after the other."""
    frame, times = division.frame, division.frame.daily_times(resource)
    total = sum(frame.hours_of(resource).values())
    full = resource in set(frame.fillers) and total == len(frame.coverable(resource)) == sum(times.values())
    for day, most in times.items():
        hours: list[tuple[int, cp_model.IntVar]] = [
            (length, count)
            for bundle in frame.bundles_of[resource]
            for shape, count in by_bundle_day.get((bundle, day), ())
            for attendee, length in frame.bundles[bundle].attending[shape]
            if attendee == resource
        ]
        expression = sum(length * count for length, count in hours)
        if full:
            division.model.add(expression == most)
            continue
        limit = most if resource not in frame.wishers else min(most, max(round(SHARE_OF_DAY * most), -(-total // len(times)) + 1))
        division.model.add(expression <= limit)
        for least in {length for length, _ in hours if length > 1}:
            division.model.add(sum(count for length, count in hours if length >= least) <= most // least)


def fit_rooms(division: DayDivision) -> None:
    """Lessons that can only be in one class of rooms: no more hours a day than its rooms have."""
    frame = division.frame
    in_room: dict[tuple[int, str], list[tuple[int, cp_model.IntVar]]] = defaultdict(list)
    for (index, shape, day), count in division.lessons.items():
        for event, length in zip(frame.bundles[index].events, shape, strict=True):
            if length and len(frame.room_choices[event]) == 1:
                in_room[frame.room_choices[event][0], day].append((length, count))
    for (room, day), terms in in_room.items():
        periods = len({frame.times[time].period for time in range(len(frame.times)) if frame.times[time].day == day})
        bells = len({frame.clashes.grid(time) for time in range(len(frame.times)) if frame.times[time].day == day})
        division.model.add(sum(length * count for length, count in terms) <= len(frame.room_classes[room]) * periods * bells)


def teaching_days(division: DayDivision, by_bundle_day: ByBundleDay) -> cp_model.LinearExprT:
    """Days on which each teacher has a lesson, all together."""
    frame, busy_days = division.frame, []
    for resource in frame.wishers:
        for day in frame.daily_times(resource):
            counts = [count for bundle in frame.bundles_of[resource] for _, count in by_bundle_day.get((bundle, day), ())]
            if counts:
                busy = division.model.new_bool_var(f"busy[{resource},{day}]")
                for count in counts:
                    division.model.add(count == 0).only_enforce_if(~busy)
                busy_days.append(busy)
    return cp_model.LinearExpr.sum(busy_days)


def hours_of_days(frame: Frame, counts: DayCounts, options: SolveOptions, rng: Random) -> Sequence[Mapping[int, Sequence[Meet]]] | None:
    """The meets of every day; days that cannot be put in order alone are joined to others, until all are or one join has failed."""
    days = [day for day in frame.day_names if counts[day]]
    limits = replace(options, deterministic_limit=HOURS_WORK)
    solved = in_lanes(lambda day: hours_of(frame, counts, (day,), replace(limits, workers=1)), days, limits)
    meets: dict[tuple[str, ...], Mapping[int, Sequence[Meet]]] = {(day,): found for day, found in zip(days, solved, strict=True) if found is not None}
    open_days = [day for day, found in zip(days, solved, strict=True) if found is None]
    rng.shuffle(open_days)
    while open_days:
        joined: tuple[str, ...] = (open_days.pop(),)
        found = None
        while found is None:
            others = sorted(meets, key=len) or [(day,) for day in open_days]
            if not others or options.stop.is_set():
                return None
            shortest = [group for group in others if len(group) == len(others[0])]
            partner = rng.choice(shortest)
            meets.pop(partner, None)
            open_days = [day for day in open_days if day not in partner]
            joined += partner
            found = hours_of(frame, counts, joined, replace(limits, workers=1, deterministic_limit=HOURS_WORK * len(joined)))
        meets[joined] = found
    return list(meets.values())


def hours_of(frame: Frame, counts: DayCounts, days: Sequence[str], options: SolveOptions) -> Mapping[int, Sequence[Meet]] | None:
    """Meets of the days' lessons with few idle hours: any order first, then a better one."""
    free: dict[int, Counter[Shape]] = defaultdict(Counter)
    for day in days:
        for bundle, shapes in counts[day].items():
            free[bundle].update(shapes)
    builder = Builder()
    variables = Variables(builder.model, Scope(frame, [() for _ in frame.bundles], free, frozenset(days)))
    post_rules(builder, variables)
    first = run_once(builder.model, options, parameters={"linearization_level": 0})
    if not first.found:
        return None
    week = variables.read(first.values)
    costs = build_costs(variables)
    builder.model.minimize(costs.weighted())
    variables.hint(week)
    better = run_once(builder.model, replace(options, deterministic_limit=POLISH_WORK * len(days)), parameters={"linearization_level": 2})
    week = variables.read(better.values) if better.found else week
    return {bundle: week[bundle] for bundle in free}


def whole_week(frame: Frame, parts: Iterable[Mapping[int, Sequence[Meet]]]) -> Week:
    week: list[list[Meet]] = [[] for _ in frame.bundles]
    for part in parts:
        for bundle, meets in part.items():
            week[bundle] += meets
    return [tuple(sorted(meets)) for meets in week]
