"""A .fet file as FET itself understands it: days, hours, students, activities, rooms and the rules that are switched on.

What is inactive (activities, constraints) is left out here, knowingly: FET leaves it out as well. Files of FET 5 are read too; their mode stands in
the version ("5.42.2-ma3"), and teachers' mornings and afternoons in lists of exceptions.

Reference: L. Lalescu et al., FET (https://lalescu.ro/liviu/fet/), its documentation and the example files that come with it.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from scheduler.domain.problem import Problem
from scheduler.errors import InputError


class Mode(StrEnum):
    """What a day is: in mornings and afternoons two of FET's days make a real one, in terms many make a year."""

    OFFICIAL = "Official"
    MORNINGS_AFTERNOONS = "Mornings_Afternoons"
    BLOCK_PLANNING = "Block_Planning"
    TERMS = "Terms"


@dataclass(frozen=True, slots=True)
class Activity:
    """One lesson a week. ``component``: its place among those that an activity was split into, from 1. ``size``: stated number of students."""

    id: str
    teachers: tuple[str, ...]
    students: tuple[str, ...]
    subject: str
    tags: frozenset[str]
    duration: int
    component: int
    size: int | None


@dataclass(frozen=True, slots=True)
class Room:
    """``sets``: of a virtual room, the sets of real rooms of each of which one is taken."""

    name: str
    capacity: int
    building: str
    sets: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class School:
    """``subgroups``: every year, group and subgroup with the smallest parts it is made of; ``exceptions``: on how many days a teacher may have both
    morning and afternoon (missing = on every day)."""

    days: tuple[str, ...]
    hours: tuple[str, ...]
    mode: Mode
    days_per_term: int
    teachers: tuple[str, ...]
    exceptions: Mapping[str, int]
    subgroups: Mapping[str, tuple[str, ...]]
    sizes: Mapping[str, int]
    activities: tuple[Activity, ...]
    rooms: Mapping[str, Room]
    rules: tuple[ET.Element, ...]


class NotUnderstoodError(Exception):
    """The file itself is not understood: kind of the problem, element and value."""

    def __init__(self, kind: str, where: str, value: str = "") -> None:
        self.kind, self.where, self.value = kind, where, value
        super().__init__(f"{kind}: {where}: {value}")


LARGEST_ROOM = 30000
"""FET's own number for a room without a stated capacity."""

DAYS_PER_TERM = 5
"""FET's own number where a file does not state it."""

EXCEPTIONS: Mapping[str, int] = {
    "Exclusive": 0,
    "One day exception": 1,
    "Two days exception": 2,
    "Three days exception": 3,
    "Four days exception": 4,
    "Five days exception": 5,
}
"""On how many days a teacher may have both morning and afternoon; "Unrestricted" = on every day."""

OLD_MODES = (("-(ma|morocco|algeria)", Mode.MORNINGS_AFTERNOONS), ("-bp", Mode.BLOCK_PLANNING), ("-mathmake", Mode.TERMS))
"""How the version of a file of FET 5 begins after its number, with the mode it stands for."""

OLD_LISTS: Mapping[str, int] = {
    "Exception_Teachers_One_Day_List": 1,
    "Exception_Teachers_Two_Days_List": 2,
    "Exception_Teachers_Three_Days_List": 3,
    "Exception_Teachers_Four_Days_List": 4,
    "Exception_Teachers_Five_Days_List": 5,
}
"""Lists of the Moroccan FET 5: who has so many exceptions; where one stands, all others have none."""


def read_school(path: Path) -> School:
    """The file, checked as far as names go.

    Raises
    ------
    InputError
        no XML, no file of FET, or an activity that names what is not in the file
    OSError
        the file cannot be read
    """
    try:
        root = ET.fromstring(path.read_bytes())
        if root.tag.lower() != "fet":
            kind = "fet_is_archive" if root.tag.rpartition("}")[2] == "HighSchoolTimetableArchive" else "fet_expected"
            raise InputError([Problem(kind, path.name, facts={"value": root.tag, "file": path.name})])
        return Reader(root).school()
    except ET.ParseError as error:
        raise InputError([Problem("fet_broken", path.name, facts={"line": error.position[0], "column": error.position[1]})]) from None
    except NotUnderstoodError as fault:
        raise InputError([Problem(fault.kind, path.name, fault.where, "", {"where": fault.where, "value": fault.value})]) from None


class Reader:
    """One file: names first, then students, activities and rules."""

    def __init__(self, root: ET.Element) -> None:
        self.root = root
        self.teachers = tuple(self._names("Teachers_List/Teacher"))
        self.subgroups, self.sizes = self._students()

    def school(self) -> School:
        days, hours = tuple(self._names("Days_List/Day")), tuple(self._names("Hours_List/Hour"))
        for where, names in (("Days_List", days), ("Hours_List", hours)):
            if not names:
                raise NotUnderstoodError("fet_missing", where)
        terms = whole(self.root, "Number_of_Days_Per_Term", DAYS_PER_TERM)
        return School(
            days=days,
            hours=hours,
            mode=self.mode,
            days_per_term=terms,
            teachers=self.teachers,
            exceptions=self._exceptions() if self.mode is Mode.MORNINGS_AFTERNOONS else {},
            subgroups=self.subgroups,
            sizes=self.sizes,
            activities=tuple(self._activities()),
            rooms={room.name: room for room in self._rooms()},
            rules=tuple(self._rules()),
        )

    @cached_property
    def mode(self) -> Mode:
        stated = text_of(self.root, "Mode")
        if stated:
            if stated not in list(Mode):
                raise NotUnderstoodError("fet_unknown_mode", "Mode", stated)
            return Mode(stated)
        suffix = re.sub(r"^[\d.]+", "", self.root.get("version", ""))
        return next((mode for start, mode in OLD_MODES if re.match(start + r"([\d_-]|$)", suffix)), Mode.OFFICIAL)

    def _names(self, where: str) -> Iterator[str]:
        for element in self.root.iterfind(where):
            yield text_of(element, "Name") or (element.text or "").strip()

    def _exceptions(self) -> dict[str, int]:
        listed = {
            text_of(teacher, "Name") or (teacher.text or "").strip(): days
            for name, days in OLD_LISTS.items()
            for teacher in self.root.iterfind(f"{name}/Teacher")
        }
        if any(self.root.find(name) is not None for name in OLD_LISTS):
            return {teacher: listed.get(teacher, 0) for teacher in self.teachers}
        behaviours = {
            text_of(element, "Name"): text_of(element, "Mornings_Afternoons_Behavior") for element in self.root.iterfind("Teachers_List/Teacher")
        }
        for teacher, behaviour in behaviours.items():
            if behaviour not in ("", "Unrestricted", *EXCEPTIONS):
                raise NotUnderstoodError("fet_unknown_reference", teacher, behaviour)
        return {teacher: EXCEPTIONS[behaviour] for teacher, behaviour in behaviours.items() if behaviour in EXCEPTIONS}

    def _students(self) -> tuple[dict[str, tuple[str, ...]], dict[str, int]]:
        """The smallest parts of every set: a group without subgroups, and a year without groups, is one of its own."""
        parts: dict[str, dict[str, None]] = {}
        sizes: dict[str, int] = {}
        for year in self.root.iterfind("Students_List/Year"):
            of_year = parts.setdefault(named(year), {})
            sizes[named(year)] = whole(year, "Number_of_Students", 0)
            for group in year.iterfind("Group"):
                of_group = parts.setdefault(named(group), {})
                sizes[named(group)] = whole(group, "Number_of_Students", 0)
                for subgroup in group.iterfind("Subgroup"):
                    parts.setdefault(named(subgroup), {})[named(subgroup)] = None
                    sizes[named(subgroup)] = whole(subgroup, "Number_of_Students", 0)
                    of_group[named(subgroup)] = None
                if not of_group:
                    of_group[named(group)] = None
                of_year.update(of_group)
            if not of_year:
                of_year[named(year)] = None
        return {name: tuple(of_set) for name, of_set in parts.items()}, sizes

    def _activities(self) -> Iterator[Activity]:
        known_teachers = set(self.teachers)
        for element in self.root.iterfind("Activities_List/Activity"):
            if (text_of(element, "Active") or "true") not in ("true", "yes", "1"):
                continue
            number, group = whole(element, "Id"), whole(element, "Activity_Group_Id", 0)
            teachers, students = texts(element, "Teacher"), texts(element, "Students")
            for name, names in (*((teacher, known_teachers) for teacher in teachers), *((students_set, self.subgroups) for students_set in students)):
                if name not in names:
                    raise NotUnderstoodError("fet_unknown_reference", f"Activity {number}", name)
            size = whole(element, "Number_Of_Students", -1)
            yield Activity(
                id=str(number),
                teachers=teachers,
                students=students,
                subject=text_of(element, "Subject"),
                tags=frozenset((*texts(element, "Activity_Tag"), *texts(element, "Subject_Tag"))),
                duration=whole(element, "Duration"),
                component=1 if group == 0 else number - group + 1,
                size=None if size < 0 else size,
            )

    def _rooms(self) -> Iterator[Room]:
        for element in self.root.iterfind("Rooms_List/Room"):
            virtual = text_of(element, "Virtual") == "true"
            sets = tuple(texts(one, "Real_Room") for one in element.iterfind("Set_of_Real_Rooms")) if virtual else ()
            yield Room(named(element), whole(element, "Capacity", LARGEST_ROOM), text_of(element, "Building"), sets)

    def _rules(self) -> Iterator[ET.Element]:
        for element in (*self.root.iterfind("Time_Constraints_List/*"), *self.root.iterfind("Space_Constraints_List/*")):
            if text_of(element, "Active") != "false":
                yield element


def named(element: ET.Element) -> str:
    return text_of(element, "Name")


def text_of(element: ET.Element, *tags: str) -> str:
    """The text of the first of these children that says anything; "" where none does."""
    return next((found for tag in tags if (found := (element.findtext(tag) or "").strip())), "")


def texts(element: ET.Element, tag: str) -> tuple[str, ...]:
    """The texts of all children of this name, each once, in order."""
    return tuple(dict.fromkeys(found for child in element.iterfind(tag) if (found := (child.text or "").strip())))


def whole(element: ET.Element, tag: str, default: int | None = None) -> int:
    """A whole number; ``default`` where the element is missing or empty."""
    words = text_of(element, tag)
    if not words and default is not None:
        return default
    try:
        return int(words)
    except ValueError:
        raise NotUnderstoodError("fet_not_whole", f"{element.tag}/{tag}", words) from None
