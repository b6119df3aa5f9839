"""How many periods a week a teacher can stand in a classroom at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scheduler.domain.entities import AvailabilityKind, Slot, SlotKind
from scheduler.domain.instance import DAYS
from scheduler.policy.case import Case


def open_periods(case: Case, code: str) -> int | None:
    """Most lesson periods a week that the teacher is free for, over all schools where the teacher may teach; None without any Waktu.

    An upper limit of the teacher's JP in any week: on each day the largest number of lesson slots of which no two overlap (by the clock; by
    period number where there is none), less those of Ketersediaan "Tidak Bisa" and of the MGMP day.
    """
    patterns = _patterns(case, code)
    slots = [s for s in case.instance.slots if s.pattern in patterns and s.kind is SlotKind.LESSON]
    if not slots:
        return None
    blocked = {(row.day, row.period) for row in case.instance.availability if row.teacher == code and row.kind is AvailabilityKind.IMPOSSIBLE}
    closed_day = case.teachers[code].mgmp_day
    open_slots = [s for s in slots if s.day != closed_day and (s.day, None) not in blocked and (s.day, s.period) not in blocked]
    return sum(_most_disjoint([s for s in open_slots if s.day == day]) for day in DAYS)


def _patterns(case: Case, code: str) -> frozenset[str]:
    """Bell patterns of the schools where the teacher may teach; a school without one of its own uses the Sekolah Utama's."""
    teacher = case.teachers[code]
    known = {slot.pattern for slot in case.instance.slots}
    main = case.schools.get(case.main_school)
    patterns: set[str] = set()
    for school in case.instance.schools:
        if school.npsn == teacher.home or case.may_visit(code, school.npsn):
            bells = {school.bell} | {rombel.bell for rombel in case.instance.rombels_of(school.npsn) if rombel.bell}
            patterns |= bells & known or ({main.bell} & known if main else set())
    return frozenset(patterns)


def _most_disjoint(slots: Sequence[Slot]) -> int:
    """Largest number of slots of one day that do not overlap: by earliest end where every slot has a clock, else the longest pattern."""
    if all(slot.start is not None and slot.end is not None for slot in slots):
        return _most_disjoint_intervals((slot.start or 0, slot.end or 0) for slot in slots)
    counts: dict[str, int] = {}
    for slot in slots:
        counts[slot.pattern] = counts.get(slot.pattern, 0) + 1
    return max(counts.values(), default=0)


def _most_disjoint_intervals(intervals: Iterable[tuple[int, int]]) -> int:
    chosen, last_end = 0, -1
    for start, end in sorted(intervals, key=lambda interval: interval[1]):
        if start >= last_end:
            chosen, last_end = chosen + 1, end
    return chosen
