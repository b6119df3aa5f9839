"""What timetables of schools use beyond XHSTT: changes of room, late starts, double shifts, how many events at once, the last lesson of a day.

Points of application and their deviations, as in ``cost``; knows no solver.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from scheduler.domain.timetabling import (
    Constraint,
    LastOfDay,
    LimitDoubleShifts,
    LimitLateStarts,
    LimitParallel,
    LimitRoomChanges,
    Meeting,
)
from scheduler.verify.meetings import Timetable

Point = tuple[str, int]


def limit_room_changes(timetable: Timetable, constraint: LimitRoomChanges) -> Iterator[Point]:
    """Each resource and time group (or all of them): changes from place to place beyond the maximum."""
    groups = timetable.in_order(constraint.time_groups)
    place_of = {resource: number for number, place in enumerate(constraint.places) for resource in place}
    of_resource: dict[str, list[Meeting]] = defaultdict(list)
    for lessons in timetable.meetings.values():
        for lesson in lessons:
            for resource in {resource for resource, _ in timetable.attending(lesson)}:
                of_resource[resource].append(lesson)
    for resource in constraint.resources:
        places_at: dict[int, set[int]] = defaultdict(set)
        for lesson in of_resource[resource]:
            places = {place_of[other] for other, _ in timetable.attending(lesson) if other in place_of}
            for time in timetable.covered(lesson) if places else ():
                places_at[time] |= places
        changes = [_changes(times, places_at, constraint.gap) for times in groups]
        for found in [sum(changes)] if constraint.together else changes:
            yield resource, max(0, found - constraint.maximum)


def _changes(times: Sequence[int], places_at: Mapping[int, set[int]], gap: int | None) -> int:
    """Places that were not those of the time before, of the times with any (``gap``: with fewer than so many times between)."""
    stops = [(number, places_at[time]) for number, time in enumerate(times) if time in places_at]
    near = [(before, after) for (first, before), (second, after) in pairwise(stops) if gap is None or second - first - 1 < gap]
    return sum(len(after - before) for before, after in near)


def limit_late_starts(timetable: Timetable, constraint: LimitLateStarts) -> Iterator[Point]:
    """Each resource: Σ times beyond the second that it waits for, plus the groups begun late beyond the maximum."""
    groups = timetable.in_order(constraint.time_groups)
    for resource in constraint.resources:
        busy = timetable.busy.get(resource, {})
        starts = [next((place for place, time in enumerate(times) if time in busy), 0) for times in groups]
        late = sum(start > 0 for start in starts)
        yield resource, sum(max(0, start - 1) for start in starts) + max(0, late - constraint.maximum)


def limit_double_shifts(timetable: Timetable, constraint: LimitDoubleShifts) -> Iterator[Point]:
    """Each resource: Σ shifts beyond the first of each day, less the maximum."""
    days = [timetable.in_order(shifts) for shifts in constraint.days]
    for resource in constraint.resources:
        busy = timetable.busy.get(resource, {})
        double = sum(max(0, sum(any(time in busy for time in shift) for shift in shifts) - 1) for shifts in days)
        yield resource, max(0, double - constraint.maximum)


def limit_parallel(timetable: Timetable, constraint: LimitParallel) -> Iterator[Point]:
    """Each time group in which any of the event groups goes on: event groups too few or too many."""
    groups = timetable.in_order(constraint.time_groups)
    within: dict[int, list[int]] = defaultdict(list)
    for number, times in enumerate(groups):
        for time in times:
            within[time].append(number)
    running: Counter[int] = Counter()
    for group in constraint.event_groups:
        covered = {time for event in group for lesson in timetable.meetings[event] for time in timetable.covered(lesson)}
        running.update({number for time in covered for number in within[time]})
    for number, time_group in enumerate(constraint.time_groups):
        amount = running[number]
        yield time_group.id, max(0, constraint.minimum - amount, amount - constraint.maximum) if amount else 0


def last_of_day(timetable: Timetable, constraint: LastOfDay) -> Iterator[Point]:
    """Each event: Σ times after its end, in the group in which it starts, at which a resource of the type that attends it is busy."""
    groups = timetable.in_order(constraint.time_groups)
    for event in constraint.events:
        deviation = 0
        for lesson in timetable.meetings[event]:
            covered = timetable.covered(lesson)
            after = [time for times in groups if covered and covered[0] in times for time in times if time > covered[-1]]
            attending = {resource for resource, _ in timetable.attending(lesson) if timetable.types[resource] == constraint.type}
            deviation += sum(time in timetable.busy.get(resource, {}) for resource in attending for time in after)
        yield event, deviation


SCHOOL_POINTS: Mapping[type[Constraint], Callable[[Timetable, Any], Iterable[Point]]] = {
    LimitRoomChanges: limit_room_changes,
    LimitLateStarts: limit_late_starts,
    LimitDoubleShifts: limit_double_shifts,
    LimitParallel: limit_parallel,
    LastOfDay: last_of_day,
}
"""Our own constraint types that come from schools' timetables, with their points of application."""
