"""Special rooms: hours of the subjects that need them against the periods that they give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scheduler.counting.capacity import lesson_slots, most_disjoint
from scheduler.counting.finding import Facts, Finding
from scheduler.counting.week_count import WeekCount
from scheduler.domain.entities import Slot
from scheduler.policy.case import Case


def room_hours(week: WeekCount) -> Iterator[Finding]:
    """Hours of the subjects that need a special room against the periods of those rooms, for rooms that share subjects together."""
    for school in week.case.instance.schools:
        patterns = {pattern for (npsn, _), pattern in week.pattern.items() if npsn == school.npsn and pattern}
        periods = most_room_periods(lesson_slots(week.case, patterns))
        for subjects, rooms in special_rooms(week.case, school.npsn):
            jp = sum(need.jp for need in week.lessons if need.school == school.npsn and need.subject in subjects)
            if jp > rooms * periods:
                names = ", ".join(week.case.instance.subject(subject).name for subject in sorted(subjects))
                facts: Facts = {"npsn": school.npsn, "school": school.name, "subjects": names, "jp": jp, "rooms": rooms, "periods": rooms * periods}
                yield Finding("room_hours_exceed_rooms", facts, hard=True, excess=jp - rooms * periods)


def special_rooms(case: Case, npsn: str) -> Iterator[tuple[frozenset[str], int]]:
    """Special rooms of a school that share subjects, directly or over others: (their subjects, how many rooms they are)."""
    yield from connected_rooms([frozenset(room.subjects) for room in case.instance.rooms if room.school == npsn and room.subjects])


def most_room_periods(slots: Sequence[Slot]) -> int:
    """Most periods a week one room can be used; shifts without a clock are taken to follow each other."""
    clocked = [slot for slot in slots if slot.start is not None and slot.end is not None]
    return most_disjoint(clocked) + len(slots) - len(clocked)


def connected_rooms(subjects_of: Sequence[frozenset[str]]) -> Iterator[tuple[frozenset[str], int]]:
    """Rooms that share a subject, directly or over others: (their subjects, how many rooms they are)."""
    clusters: list[tuple[frozenset[str], int]] = []
    for subjects in subjects_of:
        joined, count = subjects, 1
        apart = []
        for cluster in clusters:
            if cluster[0] & joined:
                joined, count = joined | cluster[0], count + cluster[1]
            else:
                apart.append(cluster)
        clusters = [*apart, (joined, count)]
    yield from clusters
