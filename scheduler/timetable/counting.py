"""Impossible weeks that counting shows at once, each as the attendances that cannot hold together.

Exact: what is named here is impossible in every week. CP-SAT alone leaves "24 hours in 20 open slots" open for minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from scheduler.timetable.attendance import Attendance

Pair = tuple[str, str]
"""(event, resource): somebody attends something."""


def counted_conflict(week: Attendance, kind: str) -> frozenset[Pair] | None:
    """Attendances of resources of ``kind`` of which one at least must be given up for a week to exist; None where counting finds nothing.

    Not the smallest such set: for a class all its teachers are named, though its hours may be too many whoever teaches.
    """
    for finding in (without_start, overfull, too_few_present):
        conflict = next(finding(week, kind), None)
        if conflict is not None:
            return frozenset(conflict)
    return None


def without_start(week: Attendance, kind: str) -> Iterator[set[Pair]]:
    """Lessons that have no legal start at all: somebody would be there twice, or is away whenever the lesson fits."""
    for index, bundle in enumerate(week.frame.bundles):
        if not all(bundle.legal.values()):
            yield set(attendances(week, [index], kind))


def overfull(week: Attendance, kind: str) -> Iterator[set[Pair]]:
    """Resources with more hours than open times: a class of 48 JP in 47 hours, a teacher of 24 JP in 20 open slots.

    Hours in lessons of 2 fill 8 of a day's 9 times: 40 JP in such lessons do not fit into 41 open times.
    """
    for resource in sorted(week.frame.single):
        times = week.daily_times(resource).values()
        for length, hours in hours_by_length(week, resource).items():
            room = sum(length * (count // length) for count in times)
            if sum(hours.values()) > room:
                yield too_many(week, resource, hours, room, kind)


def hours_by_length(week: Attendance, resource: int) -> dict[int, dict[int, int]]:
    """Hours of a resource in each of its bundles, in lessons of each length; under 1 all hours, which every lesson is made of."""
    found: dict[int, dict[int, int]] = {1: week.hours_of(resource)}
    for index in week.bundles_of[resource]:
        for shape, count in week.counts[index].items():
            for attendee, length in week.frame.bundles[index].attending[shape]:
                if attendee == resource and length > 1:
                    own = found.setdefault(length, {})
                    own[index] = own.get(index, 0) + length * count
    return found


def too_many(week: Attendance, resource: int, hours: Mapping[int, int], room: int, kind: str) -> set[Pair]:
    """Of a resource of the kind the fewest events that are already too many: the longest first. Of another all who attend with it."""
    stated = week.problem.resources[resource]
    if stated.type != kind:
        return set(attendances(week, hours, kind))
    found: list[int] = []
    for bundle in sorted(hours, key=lambda bundle: -hours[bundle]):
        if sum(hours[other] for other in found) <= room:
            found.append(bundle)
    return {pair for pair in attendances(week, found, kind) if pair[1] == stated.id}


def open_times(week: Attendance, resource: int) -> int:
    """Most times a week at which the resource can be in a lesson, no two of them clashing by more than one bell can settle."""
    return sum(week.daily_times(resource).values())


def too_few_present(week: Attendance, kind: str) -> Iterator[set[Pair]]:
    """Times at which the classes whose grid is exactly full have too few teachers present (P. Hall 1935: k classes, fewer than k teachers)."""
    full = [r for r in week.fillers if sum(week.hours_of(r).values()) == len(week.coverable(r)) == open_times(week, r)]
    for time in range(len(week.frame.times)):
        choices = {resource: attending_at(week, resource, time, kind) for resource in full if time in week.coverable(resource)}
        lacking = lacking_classes(choices)
        if lacking:
            bundles = {bundle for resource in lacking for bundle in week.bundles_of[resource]}
            yield set(attendances(week, sorted(bundles), kind))


def attending_at(week: Attendance, resource: int, time: int, kind: str) -> frozenset[int]:
    """Who may occupy a class at a time: its teachers who can be there, and for a lesson without a teacher the class itself.

    Of groups that start together one may have more, or longer, lessons than the other: what counts is who is still there at this time.
    """
    return frozenset(
        person
        for bundle in week.bundles_of[resource]
        for shape, starts in week.frame.bundles[bundle].legal.items()
        for start in starts
        if start <= time < start + max(shape)
        for person in standing_at(week, week.frame.bundles[bundle].attending[shape], resource, time - start, kind)
    )


def standing_at(week: Attendance, attending: Sequence[tuple[int, int]], resource: int, elapsed: int, kind: str) -> Iterator[int]:
    """Of a lesson that began so many times ago: who stands before the class, if the class is still in it."""
    there = [other for other, length in attending if elapsed < length]
    if resource in there:
        people = [other for other in there if week.problem.resources[other].type == kind]
        # One lesson for several classes needs its teacher once: it stands for itself, so that no class is counted as lacking wrongly.
        alone = len(people) == 1 and people[0] in week.frame.single and sum(other in week.fillers for other in there) == 1
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


def attendances(week: Attendance, bundles: Iterable[int], kind: str) -> Iterator[Pair]:
    """(event, resource) of every resource of the kind in the bundles."""
    for bundle in bundles:
        for event in week.frame.bundles[bundle].events:
            stated = week.problem.events[event]
            yield from ((stated.id, needed.resource) for needed in stated.resources if needed.type == kind and needed.resource is not None)


def fewest_days(week: Attendance, resource: int) -> int:
    """Least number of days on which the resource must be busy.

    As many of the longest days as hold its hours, where a day holds its open times, and of each spread subject only as many lessons as it
    allows; and as many as one subject's lessons need that may stand only so often a day.
    """
    hours = sum(week.hours_of(resource).values())
    days = sorted(most_hours_by_day(week, resource).values(), reverse=True)
    needed = next((count for count in range(len(days) + 1) if sum(days[:count]) >= hours), len(days))
    own = set(week.bundles_of[resource])
    for term in week.spreads:
        lessons = sum(lessons_attended(week, bundle, resource) for bundle in term.bundles if bundle in own)
        needed = max(needed, -(-lessons // term.maximum))
    return needed


def lessons_attended(week: Attendance, index: int, resource: int) -> int:
    """Lessons of a bundle that need the resource: of groups that start together one may have fewer lessons than the other."""
    bundle = week.frame.bundles[index]
    return sum(count for shape, count in week.counts[index].items() if any(attendee == resource for attendee, _ in bundle.attending[shape]))


def most_hours_by_day(week: Attendance, resource: int) -> dict[str, int]:
    """Most hours on each day: the open times, and no more than the spread of its subjects allows."""
    hours = week.hours_of(resource)
    by_bundle = dict(hours)
    for term in week.spreads:
        for bundle in term.bundles:
            if bundle in hours:
                by_bundle[bundle] = min(by_bundle[bundle], term.maximum * longest_lesson(week, bundle, resource))
    most = sum(by_bundle.values())
    return {day: min(times, most) for day, times in week.daily_times(resource).items()}


def longest_lesson(week: Attendance, index: int, resource: int) -> int:
    """Length of the resource's longest lesson in a bundle."""
    bundle = week.frame.bundles[index]
    return max(length for shape in week.counts[index] for attendee, length in bundle.attending[shape] if attendee == resource)
