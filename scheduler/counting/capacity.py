"""How many periods a week a class has, and how many a teacher can stand in a classroom at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set

from scheduler.domain.entities import AssignmentKind, AvailabilityKind, Rombel, School, Slot, SlotKind
from scheduler.domain.instance import DAYS
from scheduler.policy.case import Case


def open_periods(case: Case, code: str) -> int | None:
    """Most lesson periods a week that the teacher is free for, over all schools where the teacher may teach; None without any Waktu.

    An upper limit of the teacher's JP in any week: on each day the largest number of lesson slots of which no two overlap (by the clock; by
    period number where there is none), less those of Ketersediaan "Tidak Bisa" and of the MGMP day.
    """
    patterns = patterns_of(case, code)
    if not lesson_slots(case, patterns):
        return None
    return most_disjoint(open_slots(case, code, patterns))


def lesson_slots(case: Case, patterns: Iterable[str]) -> tuple[Slot, ...]:
    """The slots of these bell patterns that carry lessons, in the order of the sheet."""
    wanted = frozenset(patterns)
    return tuple(slot for slot in case.instance.slots if slot.pattern in wanted and slot.kind is SlotKind.LESSON)


def open_slots(case: Case, code: str, patterns: Iterable[str]) -> tuple[Slot, ...]:
    """Lesson slots of these patterns without the teacher's "Tidak Bisa" and MGMP day."""
    blocked = {(row.day, row.period) for row in case.instance.availability if row.teacher == code and row.kind is AvailabilityKind.IMPOSSIBLE}
    closed_day = case.teachers[code].mgmp_day
    return tuple(
        slot
        for slot in lesson_slots(case, patterns)
        if slot.day != closed_day and (slot.day, None) not in blocked and (slot.day, slot.period) not in blocked
    )


def bell_pattern(case: Case, rombel: Rombel, known: Set[str]) -> str:
    """The rombel's bell pattern: its own, else its school's; "" where Waktu has no lessons for any of them."""
    return rombel.bell if rombel.bell in known else school_pattern(case, case.schools[rombel.school], known)


def school_pattern(case: Case, school: School, known: Set[str]) -> str:
    """The school's bell pattern, else the Sekolah Utama's; "" where Waktu has no lessons for either. ``known`` are those with lessons."""
    main = case.schools.get(case.main_school)
    return next((bell for bell in (school.bell, main.bell if main else "") if bell in known), "")


def known_patterns(case: Case) -> frozenset[str]:
    """Patterns of Waktu that carry lessons."""
    return frozenset(slot.pattern for slot in case.instance.slots if slot.kind is SlotKind.LESSON)


def most_disjoint(slots: Sequence[Slot]) -> int:
    """Largest number of the week's slots of which no two overlap."""
    return sum(_most_disjoint_of_day([slot for slot in slots if slot.day == day]) for day in DAYS)


def patterns_of(case: Case, code: str) -> frozenset[str]:
    """Bell patterns of the schools where the teacher may teach or is locked; a school without one of its own uses the Sekolah Utama's."""
    teacher = case.teachers[code]
    locked = {row.school for row in case.instance.assignments if row.teacher == code and row.kind is AssignmentKind.LOCK}
    known, patterns = known_patterns(case), set()
    for school in case.instance.schools:
        if school.npsn == teacher.home or school.npsn in locked or case.may_visit(code, school.npsn):
            patterns.add(school_pattern(case, school, known))
            patterns |= {bell_pattern(case, rombel, known) for rombel in case.instance.rombels_of(school.npsn) if rombel.bell}
    return frozenset(patterns - {""})


def _most_disjoint_of_day(slots: Sequence[Slot]) -> int:
    """By earliest end among the patterns that have a clock; a pattern without one is never mixed with another on the same day."""
    without_clock = {slot.pattern for slot in slots if slot.start is None or slot.end is None}
    clocked = _most_disjoint_intervals((slot.start or 0, slot.end or 0) for slot in slots if slot.pattern not in without_clock)
    return max([clocked, *(sum(slot.pattern == pattern for slot in slots) for pattern in without_clock)])


def _most_disjoint_intervals(intervals: Iterable[tuple[int, int]]) -> int:
    chosen, last_end = 0, -1
    for start, end in sorted(intervals, key=lambda interval: interval[1]):
        if start >= last_end:
            chosen, last_end = chosen + 1, end
    return chosen
