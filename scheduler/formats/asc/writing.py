"""A plan as aSc Timetables XML, the week of one school in a file.

Every card refers to its lesson, one card stands for one block, and 2+2+1 is two lessons (two cards of 2, one of 1): ``periodsPerCard`` belongs to
the lesson. ``idprefix`` makes aSc keep our ids, so that a later import changes what is there instead of adding it again. Groups that meet at the
same time (religion) are groups of one division of their classes.

Reference: the export format of aSc Timetables 2012 and later; facts and traps in docs/asc.id.md.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from scheduler.domain.plan import Assignment, Plan
from scheduler.formats.asc.periods import AscWeek, Period
from scheduler.policy.case import Case, Need

ID_PREFIX: Final = "Scheduler"
"""aSc shows it as the custom field "Scheduler ID"."""

ROOT: Final = {
    "ascttversion": "2021.6.2",
    "importtype": "database",
    "options": f"idprefix:{ID_PREFIX},groupstype1,decimalseparatordot,lessonsincludeclasseswithoutstudents,handlestudentsafterlessons",
    "defaultexport": "1",
    "displayname": "aSc Timetables 2012 XML",
    "displaycountries": "",
}

TABLES: Final[Mapping[str, tuple[str, str]]] = {
    "periods": ("period", "period,name,short,starttime,endtime"),
    "daysdefs": ("daysdef", "id,days,name,short"),
    "weeksdefs": ("weeksdef", "id,weeks,name,short"),
    "termsdefs": ("termsdef", "id,terms,name,short"),
    "subjects": ("subject", "id,name,short,partner_id"),
    "teachers": ("teacher", "id,name,short,partner_id"),
    "classrooms": ("classroom", "id,name,short,capacity,partner_id"),
    "grades": ("grade", "grade,name,short"),
    "classes": ("class", "id,name,short,classroomids,teacherid,grade,partner_id"),
    "groups": ("group", "id,classid,name,entireclass,divisiontag,studentcount"),
    "lessons": (
        "lesson",
        "id,subjectid,classids,groupids,teacherids,classroomids,periodspercard,periodsperweek,daysdefid,weeksdefid,termsdefid,partner_id",
    ),
    "cards": ("card", "lessonid,period,days,weeks,terms,classroomids"),
}
"""Table → its row and its columns, in the order in which aSc reads them."""

UPDATE: Final = "canadd,canupdate,export:silent"
"""A table's options: what is not in the file is never removed in aSc."""

ANY_DAY, EVERY_DAY, ALL_WEEKS, WHOLE_YEAR = "ANY", "EVERY", "WEEKS", "YEAR"
WHOLE: Final = "0"
"""Division of the entire class."""

NOT_IN_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class WrittenAsc:
    """A file's content. ``days`` is the number that aSc must be set to; ``without_class`` are JP of Jam Mitra, which name no class."""

    content: bytes
    days: tuple[str, ...]
    lessons: int
    cards: int
    other_clock: tuple[str, ...]
    events_left_out: int
    without_class: int
    without_teacher: int


@dataclass(frozen=True, slots=True)
class AscLessonRow:
    """The lessons of one need that are equally long."""

    need: Need
    assignment: Assignment
    length: int
    count: int

    @property
    def id(self) -> str:
        return f"{identity('L', self.need.id)}_{self.length}"


def asc_file(case: Case, plan: Plan, npsn: str, words: Mapping[str, str]) -> WrittenAsc:
    """The plan's week at one school as a file of aSc.

    ``words`` names what aSc shows and a plan has no name for: ``any_day``, ``every_day``, ``all_weeks``, ``whole_year``, ``whole_class``, and each
    kind of slot without lessons (``upacara`` …).
    """
    return AscBuilder(case, plan, npsn, words).build()


class AscBuilder:
    """One file: names first, then lessons, then cards."""

    def __init__(self, case: Case, plan: Plan, npsn: str, words: Mapping[str, str]) -> None:
        self.case, self.plan, self.npsn, self.words = case, plan, npsn, words
        self.week = AscWeek(case.instance, npsn)
        self.root = ET.Element("timetable", ROOT)
        self.rows: dict[str, ET.Element] = {}
        self.placed = [lesson for lesson in plan.lessons if lesson.school == npsn]
        self.taught = [row for row in plan.assignments if row.school == npsn and row.jp > 0]

    def build(self) -> WrittenAsc:
        for table, (_, columns) in TABLES.items():
            self.rows[table] = ET.SubElement(self.root, table, options=UPDATE, columns=columns)
        self.write_week()
        self.write_people_and_places()
        self.write_groups()
        lessons, cards = self.write_lessons(), self.write_cards()
        self.write_events()
        ET.indent(self.root, " ")
        return WrittenAsc(
            content=ET.tostring(self.root, encoding="UTF-8", xml_declaration=True) + b"\n",
            days=self.week.days,
            lessons=lessons,
            cards=cards,
            other_clock=self.week.days_of_other_clock,
            events_left_out=self.week.events_left_out,
            without_class=sum(row.jp for row in self.taught if not row.rombels and row.teacher is not None),
            without_teacher=sum(row.assignment.teacher is None for row in self.lesson_rows),
        )

    def add(self, table: str, **attributes: object) -> None:
        ET.SubElement(self.rows[table], TABLES[table][0], {name: plain(value) for name, value in attributes.items()})

    # --- the week ----------------------------------------------------------------------------------------------------------------------------

    def write_week(self) -> None:
        for period in self.week.periods:
            name = self.period_name(period)
            self.add("periods", period=period.number, name=name, short=name, starttime=clock(period.start), endtime=clock(period.end))
        masks = [self.week.mask(day) for day in self.week.days]
        self.add("daysdefs", id=ANY_DAY, days=",".join(masks), name=self.words["any_day"], short="X")
        self.add("daysdefs", id=EVERY_DAY, days="1" * len(masks), name=self.words["every_day"], short="E")
        for day, mask in zip(self.week.days, masks, strict=True):
            self.add("daysdefs", id=identity("D", day), days=mask, name=day, short=day[:3])
        self.add("weeksdefs", id=ALL_WEEKS, weeks="1", name=self.words["all_weeks"], short="All")
        self.add("termsdefs", id=WHOLE_YEAR, terms="1", name=self.words["whole_year"], short="YR")

    def period_name(self, period: Period) -> str:
        return f"{period.pattern} {period.own}" if len(self.week.slots) > 1 and period.number else str(period.own)

    # --- names -------------------------------------------------------------------------------------------------------------------------------

    def write_people_and_places(self) -> None:
        used = {row.subject for row in self.taught}
        for subject in (subject for subject in self.case.instance.subjects if subject.id in used):
            self.add("subjects", id=identity("S", subject.id), name=subject.name, short=subject.short, partner_id=subject.id)
        teaching = {row.teacher for row in self.taught}
        for teacher in self.case.instance.teachers:
            if teacher.home == self.npsn or teacher.code in teaching:
                self.add("teachers", id=identity("T", teacher.code), name=teacher.name, short=teacher.code, partner_id=teacher.code)
        for room, capacity in self.rooms.items():
            self.add("classrooms", id=identity("R", room), name=room, short=room, capacity=capacity or "*", partner_id=room)
        for grade in sorted({rombel.grade for rombel in self.week.rombels}):
            self.add("grades", grade=grade, name=grade, short=grade)
        homeroom = {holding.unit: holding.teacher for holding in self.plan.duties if (holding.school, holding.duty) == (self.npsn, "wali_kelas")}
        for rombel in self.week.rombels:
            self.add(
                "classes",
                id=identity("C", rombel.name),
                name=rombel.name,
                short=rombel.name,
                classroomids=ids("R", [rombel.room] if rombel.room else []),
                teacherid=ids("T", [homeroom[rombel.name]] if rombel.name in homeroom else []),
                grade=rombel.grade,
                partner_id=rombel.name,
            )

    @cached_property
    def rooms(self) -> Mapping[str, int | None]:
        """Rooms of the school with their capacity: those of the sheet Ruang, the classes' own, those of the plan."""
        named = {room.name: room.capacity for room in self.case.instance.rooms if room.school == self.npsn}
        others = [rombel.room for rombel in self.week.rombels] + [lesson.room for lesson in self.placed]
        return {**{room: None for room in others if room}, **named}

    # --- groups ------------------------------------------------------------------------------------------------------------------------------

    @cached_property
    def divisions(self) -> Mapping[str, Sequence[str]]:
        """For each class the keys of its sets of parallel groups: the first is division 1."""
        found: dict[str, dict[str, None]] = {rombel.name: {} for rombel in self.week.rombels}
        for row in self.taught:
            need = self.case.need[row.need]
            for rombel in need.rombels if need.parallel else ():
                found[rombel][need.parallel] = None
        return {rombel: tuple(keys) for rombel, keys in found.items()}

    def group_id(self, need: Need, rombel: str) -> str:
        return identity("P", f"{rombel}/{need.id}") if need.parallel else identity("G", rombel)

    def write_groups(self) -> None:
        students = {rombel.name: rombel.students for rombel in self.week.rombels}
        for rombel, divisions in self.divisions.items():
            whole = self.words["whole_class"]
            self.add_group(identity("G", rombel), rombel, whole, WHOLE, students[rombel])
            for number, parallel in enumerate(divisions, start=1):
                needs = [self.case.need[row.need] for row in self.taught]
                for need in (need for need in needs if need.parallel == parallel and rombel in need.rombels):
                    self.add_group(self.group_id(need, rombel), rombel, self.group_name(need), str(number))

    def group_name(self, need: Need) -> str:
        """What a person calls the group: its code in the sheet Kelompok."""
        return need.id.removeprefix(f"{need.school}/").rpartition("/")[0]

    def add_group(self, group: str, rombel: str, name: str, division: str, students: int | None = None) -> None:
        whole = int(division == WHOLE)
        self.add("groups", id=group, classid=identity("C", rombel), name=name, entireclass=whole, divisiontag=division, studentcount=students or "")

    # --- lessons and cards -------------------------------------------------------------------------------------------------------------------

    @cached_property
    def lesson_rows(self) -> tuple[AscLessonRow, ...]:
        return tuple(row for assignment in self.taught if assignment.rombels for row in self._rows_of(assignment))

    def _rows_of(self, assignment: Assignment) -> Iterator[AscLessonRow]:
        """A row for each length of the need's lessons: as they are placed, else as its blocks say."""
        need = self.case.need[assignment.need]
        lengths = [lesson.length for lesson in self.placed if lesson.need == need.id]
        blocks = lengths if sum(lengths) == need.jp else list(need.blocks)
        for length, count in sorted(Counter(blocks).items(), reverse=True):
            yield AscLessonRow(need, assignment, length, count)

    def write_lessons(self) -> int:
        for row in self.lesson_rows:
            need = row.need
            rooms = sorted({lesson.room for lesson in self.placed if lesson.need == need.id and lesson.room})
            self.add(
                "lessons",
                id=row.id,
                subjectid=identity("S", need.subject),
                classids=ids("C", need.rombels),
                groupids=",".join(self.group_id(need, rombel) for rombel in need.rombels),
                teacherids=ids("T", [row.assignment.teacher] if row.assignment.teacher else []),
                classroomids=ids("R", rooms),
                periodspercard=row.length,
                periodsperweek=f"{row.length * row.count}.0",
                daysdefid=ANY_DAY,
                weeksdefid=ALL_WEEKS,
                termsdefid=WHOLE_YEAR,
                partner_id=need.id,
            )
        return len(self.lesson_rows)

    def write_cards(self) -> int:
        rows = {(row.need.id, row.length): row for row in self.lesson_rows}
        cards = 0
        for lesson in self.placed:
            row = rows.get((lesson.need, lesson.length))
            number = self.week.numbers.get((self.week.lesson_bell(lesson), lesson.period))
            if row is not None and number is not None and lesson.day in self.week.days:
                self.add_card(row.id, number, lesson.day, [lesson.room] if lesson.room else [])
                cards += 1
        return cards

    def add_card(self, lesson: str, period: int, day: str, rooms: Iterable[str] = ()) -> None:
        self.add("cards", lessonid=lesson, period=period, days=self.week.mask(day), weeks="1", terms="1", classroomids=ids("R", rooms))

    def write_events(self) -> None:
        """Upacara and pembiasaan as lessons of all classes without a teacher, each at its place."""
        for kind, pattern in dict.fromkeys((event.kind, event.pattern) for event in self.week.events):
            events = [event for event in self.week.events if (event.kind, event.pattern) == (kind, pattern)]
            subject, lesson = identity("E", kind.value), f"{identity('E', kind.value)}_{identity('B', pattern)}"
            if not any(row.get("id") == subject for row in self.rows["subjects"]):
                self.add("subjects", id=subject, name=self.words[kind.value], short=kind.value.upper(), partner_id="")
            classes = [rombel.name for rombel in self.week.rombels if self.week.bell(rombel) == pattern]
            self.add(
                "lessons",
                id=lesson,
                subjectid=subject,
                classids=ids("C", classes),
                groupids=ids("G", classes),
                teacherids="",
                classroomids="",
                periodspercard=1,
                periodsperweek=f"{len(events)}.0",
                daysdefid=ANY_DAY,
                weeksdefid=ALL_WEEKS,
                termsdefid=WHOLE_YEAR,
                partner_id="",
            )
            for event in events:
                self.add_card(lesson, event.number, event.day)


def identity(kind: str, name: str) -> str:
    """An id without what aSc gives a meaning to (commas, blanks, ``*``, ``%``): ``CVII_20_A`` for class ``VII A``; two names never share one."""
    return kind + "".join(c if c.isascii() and (c.isalnum() or c in ".-") else f"_{ord(c):x}_" for c in name)


def ids(kind: str, names: Iterable[str]) -> str:
    return ",".join(identity(kind, name) for name in names)


def plain(value: object) -> str:
    """Text without the characters that XML does not have."""
    return NOT_IN_XML.sub("", str(value))


def clock(minutes: int | None) -> str:
    """``7:05`` as aSc writes it; nothing where the workbook gives no times."""
    return "" if minutes is None else f"{minutes // 60}:{minutes % 60:02d}"
