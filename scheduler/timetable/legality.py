"""Whether a week keeps the rules, without a solver: what two workers found in different parts of it may not go together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Set
from itertools import pairwise

from scheduler.timetable.frame import NO_ROOM, Frame, Week
from scheduler.timetable.rules import simultaneous_points


def is_legal(frame: Frame, week: Week) -> bool:
    """Whether nobody clashes, every subject is spread, rooms suffice and nobody changes school twice a day; starts are taken to be legal ones."""
    return no_clash(frame, week) and is_spread(frame, week) and rooms_suffice(frame, week) and one_way_days(frame, week)


def no_clash(frame: Frame, week: Week) -> bool:
    busy: dict[int, set[int]] = defaultdict(set)
    for bundle, meets in zip(frame.bundles, week, strict=True):
        for start, shape, _ in meets:
            for resource, length in bundle.attending[shape]:
                if resource in frame.single:
                    points = frame.covered(start, length)
                    if not busy[resource].isdisjoint(points):
                        return False
                    busy[resource].update(points)
    clashing = frame.clashes.clashing
    return all(clashing[point].isdisjoint(points) for points in busy.values() for point in points)


def is_spread(frame: Frame, week: Week) -> bool:
    return all(
        sum(start in group for bundle in term.bundles for start, _, _ in week[bundle]) <= term.maximum
        for term in frame.spreads
        for group in term.groups
    )


def rooms_suffice(frame: Frame, week: Week) -> bool:
    use: Counter[tuple[int, int]] = Counter(
        (room, point)
        for meets in week
        for start, shape, rooms in meets
        for room, length in zip(rooms, shape, strict=True)
        if room != NO_ROOM
        for point in frame.covered(start, length)
    )
    return all(
        sum(use[room, point] for point in together) <= len(frame.room_classes[room])
        for room in {room for room, _ in use}
        for together in simultaneous_points(frame, [point for other, point in use if other == room])
    )


def one_way_days(frame: Frame, week: Week) -> bool:
    busy = frame.busy_points(week)
    return all(changes_at_most_once(frame, busy[resource]) for resource in frame.one_way if len(frame.places_of(resource)) > 1)


def changes_at_most_once(frame: Frame, busy: Set[int]) -> bool:
    by_day = defaultdict(list)
    for point in busy:
        if point < len(frame.times):
            by_day[frame.times[point].day].append(frame.times[point])
    return all(
        sum(before.place != after.place for before, after in pairwise(sorted(times, key=lambda time: time.start or 0))) <= 1
        for times in by_day.values()
    )
