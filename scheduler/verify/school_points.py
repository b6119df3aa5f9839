"""What timetables of schools use beyond XHSTT: late starts, double shifts, how many events at once, the last lesson of a day.

Points of application and their deviations, as in ``cost``; knows no solver.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from scheduler.domain.timetabling import Constraint, LastOfDay, LimitDoubleShifts, LimitLateStarts, LimitParallel
from scheduler.verify.meetings import Timetable

Point = tuple[str, int]


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
    LimitLateStarts: limit_late_starts,
    LimitDoubleShifts: limit_double_shifts,
    LimitParallel: limit_parallel,
    LastOfDay: last_of_day,
}
"""Our own constraint types that come from schools' timetables, with their points of application."""
