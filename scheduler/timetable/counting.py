"""Impossible weeks that counting shows at once, each as the attendances that cannot hold together.

Exact: what is named here is impossible in every week. CP-SAT alone leaves "24 hours in 20 open slots" open for minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from scheduler.timetable.frame import Frame

Attendance = tuple[str, str]
"""(event, resource)."""


def counted_conflict(frame: Frame, kind: str) -> frozenset[Attendance] | None:
    """Attendances of resources of ``kind`` of which one at least must be given up for a week to exist; None where counting finds nothing.

    Not the smallest such set: for a class all its teachers are named, though its hours may be too many whoever teaches.
    """
    for finding in (without_start, overfull, too_few_present):
        conflict = next(finding(frame, kind), None)
        if conflict is not None:
            return frozenset(conflict)
    return None


def without_start(frame: Frame, kind: str) -> Iterator[set[Attendance]]:
    """Lessons that have no legal start at all: somebody would be there twice, or is away whenever the lesson fits."""
    for index, bundle in enumerate(frame.bundles):
        if any(not starts for starts in bundle.starts.values()):
            yield set(attendances(frame, [index], kind))


def overfull(frame: Frame, kind: str) -> Iterator[set[Attendance]]:
    """Resources with more hours than open times: a class of 48 JP in 47 hours, a teacher of 24 JP in 20 open slots."""
    for resource in sorted(frame.single):
        hours, room = frame.hours_of(resource), open_times(frame, resource)
        if sum(hours.values()) <= room:
            continue
        stated = frame.problem.resources[resource]
        if stated.type != kind:
            yield set(attendances(frame, hours, kind))
            continue
        # The fewest events that are already too many: the longest first.
        found: list[int] = []
        for bundle in sorted(hours, key=lambda bundle: -hours[bundle]):
            if sum(hours[other] for other in found) <= room:
                found.append(bundle)
        yield {pair for pair in attendances(frame, found, kind) if pair[1] == stated.id}


def open_times(frame: Frame, resource: int) -> int:
    """Most times a week at which the resource can be in a lesson, no two of them clashing by more than one bell can settle."""
    return sum(frame.daily_times(resource).values())


def too_few_present(frame: Frame, kind: str) -> Iterator[set[Attendance]]:
    """Times at which the classes whose grid is exactly full have too few teachers present (P. Hall 1935: k classes, fewer than k teachers)."""
    full = [r for r in frame.fillers if sum(frame.hours_of(r).values()) == len(frame.coverable(r)) == open_times(frame, r)]
    for time in range(len(frame.times)):
        choices = {resource: attending_at(frame, resource, time, kind) for resource in full if time in frame.coverable(resource)}
        lacking = lacking_classes(choices)
        if lacking:
            bundles = {bundle for resource in lacking for bundle in frame.bundles_of[resource]}
            yield set(attendances(frame, sorted(bundles), kind))


def attending_at(frame: Frame, resource: int, time: int, kind: str) -> frozenset[int]:
    """Who may occupy a class at a time: its teachers who can be there, and for a lesson without a teacher the class itself.

    Of groups that start together one may have more, or longer, lessons than the other: what counts is who is still there at this time.
    """
    return frozenset(
        person
        for bundle in frame.bundles_of[resource]
        for shape, starts in frame.bundles[bundle].starts.items()
        for start in starts
        if start <= time < start + max(shape)
        for person in standing_at(frame, frame.bundles[bundle].attending[shape], resource, time - start, kind)
    )


def standing_at(frame: Frame, attending: Sequence[tuple[int, int]], resource: int, elapsed: int, kind: str) -> Iterator[int]:
    """Of a lesson that began so many times ago: who stands before the class, if the class is still in it."""
    there = [other for other, length in attending if elapsed < length]
    if resource in there:
        people = [other for other in there if frame.problem.resources[other].type == kind]
        # One lesson for several classes needs its teacher once: it stands for itself, so that no class is counted as lacking wrongly.
        alone = len(people) == 1 and people[0] in frame.single and sum(other in frame.fillers for other in there) == 1
        yield people[0] if alone else -1 - resource


def lacking_classes(choices: Mapping[int, frozenset[int]]) -> set[int]:
    """Classes of which too many share too few teachers: what an alternating search reaches from one that cannot be matched (Kőnig)."""
    holder: dict[int, int] = {}
    for resource in choices:
        seen: set[int] = set()
        if not try_match(resource, choices, holder, seen):
            return {resource} | {holder[teacher] for teacher in seen if teacher in holder}
    return set()


def try_match(resource: int, choices: Mapping[int, frozenset[int]], holder: dict[int, int], seen: set[int]) -> bool:
    for teacher in sorted(choices[resource]):
        if teacher not in seen:
            seen.add(teacher)
            if teacher not in holder or try_match(holder[teacher], choices, holder, seen):
                holder[teacher] = resource
                return True
    return False


def attendances(frame: Frame, bundles: Iterable[int], kind: str) -> Iterator[Attendance]:
    """(event, resource) of every resource of the kind in the bundles."""
    for bundle in bundles:
        for event in frame.bundles[bundle].events:
            stated = frame.problem.events[event]
            yield from ((stated.id, needed.resource) for needed in stated.resources if needed.type == kind and needed.resource is not None)


def fewest_days(frame: Frame, resource: int) -> int:
    """Least number of days on which the resource must be busy.

    As many of the longest days as hold its hours, where a day holds its open times, and of each spread subject only as many lessons as it
    allows; and as many as one subject's lessons need that may stand only so often a day.
    """
    hours = sum(frame.hours_of(resource).values())
    days = sorted(most_hours_by_day(frame, resource).values(), reverse=True)
    needed = next((count for count in range(len(days) + 1) if sum(days[:count]) >= hours), len(days))
    own = set(frame.bundles_of[resource])
    for term in frame.spreads:
        lessons = sum(lessons_attended(frame, bundle, resource) for bundle in term.bundles if bundle in own)
        needed = max(needed, -(-lessons // term.maximum))
    return needed


def lessons_attended(frame: Frame, index: int, resource: int) -> int:
    """Lessons of a bundle that need the resource: of groups that start together one may have fewer lessons than the other."""
    bundle = frame.bundles[index]
    return sum(count for shape, count in bundle.counts.items() if any(attendee == resource for attendee, _ in bundle.attending[shape]))


def most_hours_by_day(frame: Frame, resource: int) -> dict[str, int]:
    """Most hours on each day: the open times, and no more than the spread of its subjects allows."""
    hours = frame.hours_of(resource)
    by_bundle = dict(hours)
    for term in frame.spreads:
        for bundle in term.bundles:
            if bundle in hours:
                by_bundle[bundle] = min(by_bundle[bundle], term.maximum * longest_lesson(frame, bundle, resource))
    most = sum(by_bundle.values())
    return {day: min(times, most) for day, times in frame.daily_times(resource).items()}


def longest_lesson(frame: Frame, index: int, resource: int) -> int:
    """Length of the resource's longest lesson in a bundle."""
    bundle = frame.bundles[index]
    return max(length for shape in bundle.counts for attendee, length in bundle.attending[shape] if attendee == resource)
