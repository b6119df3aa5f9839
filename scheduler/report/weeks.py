"""The week as rows: the master timetable day by day, and the grid of one class or one teacher."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scheduler.domain.entities import Rombel, Slot, SlotKind
from scheduler.domain.instance import DAYS, Instance
from scheduler.domain.plan import Lesson
from scheduler.report.names import Names

Lessons = Mapping[tuple[str, int], tuple[Lesson, ...]]
"""Lessons by (day, period); several at one time are parallel groups."""


def bell_of(instance: Instance, rombel: Rombel) -> str:
    """The bell pattern of a class: its own (second shift), else its school's."""
    return rombel.bell or instance.school(rombel.school).bell


def day_slots(instance: Instance, pattern: str) -> Mapping[str, tuple[Slot, ...]]:
    """The slots of a pattern by day, in the order of the day; days without slots are left out."""
    days = {day: [slot for slot in instance.slots if slot.pattern == pattern and slot.day == day] for day in DAYS}
    return {day: tuple(sorted(slots, key=lambda slot: slot.order)) for day, slots in days.items() if slots}


def by_time(lessons: Iterable[Lesson]) -> Lessons:
    """Every lesson under each of its periods."""
    times: dict[tuple[str, int], tuple[Lesson, ...]] = defaultdict(tuple)
    for lesson in lessons:
        for period in range(lesson.period, lesson.period + lesson.length):
            times[lesson.day, period] += (lesson,)
    return dict(times)


# --- the master timetable --------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MasterRow:
    """One slot of a day. ``cells`` hold the lessons of each class of the block, and are empty for a slot without lessons."""

    slot: Slot
    cells: tuple[tuple[Lesson, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class MasterBlock:
    """The week of all classes of one school that follow one bell pattern. ``legend`` are the teachers who teach there, by code."""

    school: str
    pattern: str
    rombels: tuple[str, ...]
    days: Mapping[str, tuple[MasterRow, ...]]
    legend: tuple[str, ...]


def master_blocks(names: Names, npsn: str) -> tuple[MasterBlock, ...]:
    """One block a bell pattern, in the order of the rombels; patterns that Waktu does not know have no block."""
    instance = names.case.instance
    patterns: dict[str, list[str]] = {}
    for rombel in instance.rombels_of(npsn):
        patterns.setdefault(bell_of(instance, rombel), []).append(rombel.name)
    known = {slot.pattern for slot in instance.slots}
    return tuple(master_block(names, npsn, pattern, tuple(rombels)) for pattern, rombels in patterns.items() if pattern in known)


def master_block(names: Names, npsn: str, pattern: str, rombels: tuple[str, ...]) -> MasterBlock:
    here = [lesson for lesson in names.plan.lessons if lesson.school == npsn]
    by_class = [by_time(lesson for lesson in here if rombel in lesson.rombels) for rombel in rombels]
    days = {
        day: tuple(
            MasterRow(slot, tuple(times.get((day, slot.period), ()) for times in by_class)) if slot.kind is SlotKind.LESSON else MasterRow(slot)
            for slot in slots
        )
        for day, slots in day_slots(names.case.instance, pattern).items()
    }
    teaching = {lesson.teacher for lesson in here if set(lesson.rombels) & set(rombels)}
    at_home = [code for code in names.staff.get(npsn, ()) if code in teaching]
    visiting = [code for code in names.case.teachers if code in teaching and code not in at_home]
    return MasterBlock(npsn, pattern, rombels, days, (*at_home, *visiting))


# --- the grid of one class or one teacher ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GridRow:
    """One line of a grid over days: ``period`` (0 = a line without one) and the slot of each day that has it."""

    period: int
    slots: Mapping[str, Slot]


@dataclass(frozen=True, slots=True)
class Grid:
    """A bell pattern with the days side by side. ``day_groups`` are runs of days with the same clock times: each has its own column WAKTU."""

    day_groups: tuple[tuple[str, ...], ...]
    rows: tuple[GridRow, ...]

    @property
    def days(self) -> tuple[str, ...]:
        return tuple(day for group in self.day_groups for day in group)


def grid_of(days: Mapping[str, Sequence[Slot]]) -> Grid:
    """Lines up the days of a pattern: equal periods in one line, and what has no period after the period before it."""
    lines: dict[tuple[int, int], dict[str, Slot]] = defaultdict(dict)
    for day, slots in days.items():
        last, extra = 0, 0
        for slot in slots:
            if slot.period > 0 and day not in lines[slot.period, 0] and slot.kind is not SlotKind.BREAK:
                last, extra = slot.period, 0
            else:
                extra += 1
            lines[last, extra][day] = slot
    keys = sorted(key for key, slots in lines.items() if slots)
    rows = tuple(GridRow(period if extra == 0 else 0, lines[period, extra]) for period, extra in keys)
    return Grid(day_groups(tuple(days), rows), rows)


def day_groups(days: Sequence[str], rows: Sequence[GridRow]) -> tuple[tuple[str, ...], ...]:
    """Runs of days whose common lines have the same clock times."""
    groups: list[tuple[str, ...]] = []
    for day in days:
        if groups and all(same_clock(row, other, day) for row in rows for other in groups[-1]):
            groups[-1] += (day,)
        else:
            groups.append((day,))
    return tuple(groups)


def same_clock(row: GridRow, first: str, second: str) -> bool:
    if first not in row.slots or second not in row.slots:
        return True
    return (row.slots[first].start, row.slots[first].end) == (row.slots[second].start, row.slots[second].end)


@dataclass(frozen=True, slots=True)
class ClassWeek:
    """The week of one class."""

    rombel: Rombel
    grid: Grid
    lessons: Lessons
    homeroom: str
    """Code of its wali kelas, "" where there is none."""


def class_weeks(names: Names) -> tuple[ClassWeek, ...]:
    """Every class with a bell pattern, school by school in the order of the papers."""
    instance = names.case.instance
    homeroom = {(d.school, d.unit): d.teacher for d in names.plan.duties if d.duty == "wali_kelas"}
    weeks = []
    for school in names.class_schools:
        for rombel in instance.rombels_of(school.npsn):
            if days := day_slots(instance, bell_of(instance, rombel)):
                lessons = by_time(x for x in names.plan.lessons if x.school == school.npsn and rombel.name in x.rombels)
                weeks.append(ClassWeek(rombel, grid_of(days), lessons, homeroom.get((school.npsn, rombel.name), "")))
    return tuple(weeks)


@dataclass(frozen=True, slots=True)
class TeacherPlace:
    """What a teacher teaches at one school under one bell pattern."""

    school: str
    pattern: str
    grid: Grid
    lessons: Lessons


@dataclass(frozen=True, slots=True)
class TeacherWeek:
    teacher: str
    places: tuple[TeacherPlace, ...]


def teacher_weeks(names: Names) -> tuple[TeacherWeek, ...]:
    """Every teacher with lessons, school by school in the order of the papers, the home school's place first."""
    order = {school.npsn: index for index, school in enumerate(names.class_schools)}
    taught: dict[str, list[Lesson]] = defaultdict(list)
    for lesson in names.plan.lessons:
        if lesson.teacher is not None:
            taught[lesson.teacher].append(lesson)
    codes = sorted((code for code in names.case.teachers if code in taught), key=lambda code: order.get(names.case.teachers[code].home, len(order)))
    return tuple(TeacherWeek(code, tuple(teacher_places(names, code, taught[code]))) for code in codes)


def teacher_places(names: Names, code: str, lessons: Sequence[Lesson]) -> Iterable[TeacherPlace]:
    places: dict[tuple[str, str], list[Lesson]] = defaultdict(list)
    for lesson in lessons:
        places[lesson.school, lesson_bell(names.case.instance, lesson)].append(lesson)
    home = names.case.teachers[code].home
    for npsn, pattern in sorted(places, key=lambda place: (place[0] != home, place)):
        if days := day_slots(names.case.instance, pattern):
            yield TeacherPlace(npsn, pattern, grid_of(days), by_time(places[npsn, pattern]))


def lesson_bell(instance: Instance, lesson: Lesson) -> str:
    """The bell pattern that numbers a lesson's periods: that of its first class, else its school's (Jam Mitra)."""
    rombel = next((r for r in instance.rombels if r.school == lesson.school and r.name in lesson.rombels), None)
    return instance.school(lesson.school).bell if rombel is None else bell_of(instance, rombel)
