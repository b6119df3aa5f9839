"""Reading aSc Timetables XML; whatever program wrote it, every reference must resolve."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from scheduler.domain.instance import DAYS
from scheduler.domain.problem import Problem
from scheduler.errors import InputError
from scheduler.formats.asc.source import AscCard, AscClass, AscFile, AscGroup, AscLesson, AscName, AscPeriod

MOST_MEGABYTES: Final = 64
SHOWN_PROBLEMS: Final = 30
REFERENCES: Final[Mapping[str, Mapping[str, str]]] = {
    "classes": {"teacherid": "teachers"},
    "groups": {"classid": "classes"},
    "lessons": {"subjectid": "subjects", "classids": "classes", "groupids": "groups", "teacherids": "teachers"},
    "cards": {"lessonid": "lessons", "classroomids": "classrooms"},
}
"""Table → attribute → the table whose ids it names."""


def read_asc(path: Path) -> AscFile:
    """What a file of aSc holds.

    Raises
    ------
    InputError
        it is no file of aSc, or an id is missing, used twice or refers to nothing; all at once
    OSError
        it cannot be read
    """
    if path.stat().st_size > MOST_MEGABYTES * 1_000_000:
        raise InputError([Problem("export.asc_too_large", path.name, facts={"limit": MOST_MEGABYTES})])
    try:
        root = ET.fromstring(path.read_bytes())
    except (ET.ParseError, ValueError, LookupError) as error:  # LookupError: an encoding that Python does not know
        raise InputError([Problem("export.asc_not_xml", path.name, facts={"value": str(error)})]) from error
    if root.tag != "timetable":
        raise InputError([Problem("export.asc_other_root", path.name, facts={"value": root.tag})])
    return AscReader(path.name, root).read()


class AscReader:
    """Reads table by table; everything wrong is collected."""

    def __init__(self, file: str, root: ET.Element) -> None:
        self.file, self.root = file, root
        self.problems: list[Problem] = []
        self.unplaced = self.alternating = 0

    def read(self) -> AscFile:
        self.check_references()
        subjects, teachers, rooms = (dict(self.names(table)) for table in ("subjects", "teachers", "classrooms"))
        classes = {row.get("id", ""): self.class_of(row) for row in self.rows("classes")}
        groups = {row.get("id", ""): group_of(row) for row in self.rows("groups")}
        lessons = {row.get("id", ""): self.lesson_of(row) for row in self.rows("lessons")}
        days = self.days()
        periods = tuple(sorted(self.periods(), key=lambda period: period.number))
        cards = tuple(self.cards(lessons, len(days)))
        if not classes or not lessons:
            self.fault("export.asc_empty", "lessons" if classes else "classes")
        if self.problems:
            raise InputError(self.problems[:SHOWN_PROBLEMS])
        school = self.root.get("schoolname", "") or next((row.get("name", "") for row in self.rows("schools")), "")
        return AscFile(school, days, periods, subjects, teachers, rooms, classes, groups, lessons, cards, self.unplaced, self.alternating)

    def rows(self, table: str) -> Iterator[ET.Element]:
        for found in self.root.iterfind(table):
            yield from found

    def fault(self, kind: str, where: str, **facts: str | int) -> None:
        self.problems.append(Problem(kind, self.file, where, facts={"where": where, **facts}))

    def check_references(self) -> None:
        known: dict[str, set[str]] = {}
        for table in ("subjects", "teachers", "classrooms", "classes", "groups", "lessons"):
            known[table] = set()
            for row in self.rows(table):
                own = row.get("id", "")
                if not own or own in known[table]:
                    self.fault("export.asc_id_twice" if own else "export.asc_no_id", table, value=own)
                known[table].add(own)
        for table, attributes in REFERENCES.items():
            for row in self.rows(table):
                for attribute, target in attributes.items():
                    for value in listed(row.get(attribute, "")):
                        if value not in known[target]:
                            self.fault("export.asc_unknown_id", f"{table}/{attribute}", value=value, target=target)

    # --- names -------------------------------------------------------------------------------------------------------------------------------

    def names(self, table: str) -> Iterator[tuple[str, AscName]]:
        for row in self.rows(table):
            short = row.get("short", "").strip()
            full = row.get("name", "").strip() or " ".join(part for part in (row.get("firstname", ""), row.get("lastname", "")) if part).strip()
            own = row.get("id", "")
            yield own, AscName(own, full or short or own, short or full or own, row.get("partner_id", ""))

    def class_of(self, row: ET.Element) -> AscClass:
        short = row.get("short", "").strip()
        name = row.get("name", "").strip() or short or row.get("id", "")
        return AscClass(row.get("id", ""), name, short or name, row.get("grade", ""), row.get("teacherid", ""))

    def lesson_of(self, row: ET.Element) -> AscLesson:
        length = max(1, self.whole(row, "periodspercard", "lessons", 1))
        stated = row.get("periodsperweek", "").replace(",", ".")
        try:
            hours = float(stated or length)
        except ValueError:
            self.fault("export.asc_no_number", "lessons/periodsperweek", value=stated)
            hours = float(length)
        names = {name: tuple(listed(row.get(name, ""))) for name in ("classids", "groupids", "teacherids")}
        subject = row.get("subjectid", "")
        return AscLesson(
            row.get("id", ""), subject, names["classids"], names["groupids"], names["teacherids"], length, hours, row.get("partner_id", "")
        )

    def whole(self, row: ET.Element, name: str, table: str, otherwise: int) -> int:
        text = row.get(name, "").strip()
        try:
            return int(float(text)) if text else otherwise
        except (ValueError, OverflowError):
            self.fault("export.asc_no_number", f"{table}/{name}", value=text)
            return otherwise

    # --- the week ----------------------------------------------------------------------------------------------------------------------------

    def periods(self) -> Iterator[AscPeriod]:
        for row in self.rows("periods"):
            yield AscPeriod(self.whole(row, "period", "periods", 0), minutes(row.get("starttime", "")), minutes(row.get("endtime", "")))

    def days(self) -> tuple[str, ...]:
        """Names of the days by their place in the masks; a file without names has Senin, Selasa …"""
        named: dict[int, str] = {}
        length = 0
        for row in self.rows("daysdefs"):
            mask = row.get("days", "").strip()
            length = max([length, *(len(part) for part in mask.split(","))])
            if mask.count("1") == 1 and "," not in mask:
                named[mask.index("1")] = row.get("name", "").strip()
        length = max([length, *(len(mask) for row in self.rows("cards") for mask in [row.get("days", "")] if "," not in mask)])
        return tuple(our_day(named.get(index, ""), index) for index in range(length))

    def cards(self, lessons: Mapping[str, AscLesson], days: int) -> Iterator[AscCard]:
        for row in self.rows("cards"):
            lesson, masks, period = row.get("lessonid", ""), row.get("days", "").strip(), row.get("period", "").strip()
            if not masks and row.get("day"):
                masks = self.old_day(row, days)
            if lesson not in lessons or "1" not in masks or not period or "," in masks:
                self.unplaced += 1
                continue
            if any("0" in row.get(name, "1") for name in ("weeks", "terms")):
                self.alternating += 1
            number = self.whole(row, "period", "cards", 0)
            for day, mark in enumerate(masks):
                if mark == "1":
                    yield AscCard(lesson, day, number, tuple(listed(row.get("classroomids", ""))))

    def old_day(self, row: ET.Element, days: int) -> str:
        """``day="0"`` of files before 2012, or ``day="1"`` where the file numbers from 1, as a mask."""
        day = self.whole(row, "day", "cards", 0) - ("daynumbering1" in self.root.get("options", ""))
        return "".join("1" if index == day else "0" for index in range(max(days, day + 1)))


def group_of(row: ET.Element) -> AscGroup:
    count = row.get("studentcount", "").strip()
    students = int(count) if count.isdecimal() and int(count) > 0 else None
    whole = row.get("entireclass", "") == "1" or row.get("divisiontag", "") == "0"
    return AscGroup(row.get("id", ""), row.get("classid", ""), row.get("name", "").strip(), whole, row.get("divisiontag", ""), students)


def listed(text: str) -> Iterator[str]:
    return (part.strip() for part in text.split(",") if part.strip())


def minutes(text: str) -> int | None:
    """``7:05`` or ``07.05`` as minutes after midnight."""
    hour, _, minute = text.strip().replace(".", ":").partition(":")
    if not (hour.isdecimal() and minute[:2].isdecimal()) or int(hour) > 23 or int(minute[:2]) > 59:
        return None
    return int(hour) * 60 + int(minute[:2])


ENGLISH_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def our_day(name: str, index: int) -> str:
    """The day that a file's name means, in Indonesian or English; without one, the first day is Senin."""
    word = name.casefold().replace("'", "").replace("’", "")
    for place, (own, english) in enumerate(zip(DAYS, ENGLISH_DAYS, strict=True)):
        if word in (own.casefold(), english):
            return DAYS[place]
    return DAYS[index] if index < len(DAYS) else name
