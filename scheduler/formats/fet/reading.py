"""``read_fet``: a .fet file as a TimetablingProblem, with a list of what of it has no place there; ``read_fet_timetable``: a timetable that FET made.

Nothing is dropped silently: a rule is stated exactly, or it stands in ``unknown`` with the reason. See docs/fet.md for every rule's meaning.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scheduler.domain.problem import Problem
from scheduler.domain.timetabling import Meeting, TimetablingProblem
from scheduler.errors import InputError
from scheduler.formats.fet.activities import ACTIVITY_RULES
from scheduler.formats.fet.building import ROOM, Builder, Unknown, UnknownNameError
from scheduler.formats.fet.people import OLD_NAMES, PEOPLE_RULES, mornings_or_afternoons
from scheduler.formats.fet.rooms import ROOM_RULES, Rooms
from scheduler.formats.fet.source import Mode, NotUnderstoodError, School, read_school, text_of, texts, whole

PREFIX: Final = "Constraint"
ALWAYS: Final = frozenset(("BasicCompulsoryTime", "BasicCompulsorySpace"))
"""What every timetable keeps; stated for the whole file."""

WHOSE: Final = ("Teachers", "Teacher", "StudentsSet", "Students")
"""Whose rule it is, as its name begins; the longer word first."""


@dataclass(frozen=True, slots=True)
class FetFile:
    """A .fet file that was read.

    Events have the ids of the activities. ``slots`` gives FET's day and hour of every time, ``rooms`` FET's name of every room resource, ``virtual``
    the virtual room whose real rooms an activity takes under the roles "Room 1", "Room 2" …
    """

    problem: TimetablingProblem
    unknown: tuple[Unknown, ...]
    mode: Mode
    days: tuple[str, ...]
    hours: tuple[str, ...]
    slots: Mapping[str, tuple[str, str]]
    rooms: Mapping[str, str]
    virtual: Mapping[str, str]


def read_fet(path: Path) -> FetFile:
    """A file of FET 5 or 6, of any mode.

    Raises
    ------
    InputError
        the file is none of FET's, or names what it has not
    OSError
        the file cannot be read
    """
    school = read_school(path)
    builder = Builder(school)
    rooms = Rooms(builder)
    try:
        for element in in_order(school):
            state(builder, rooms, element, old_names(path, school))
        rooms.state()
    except NotUnderstoodError as fault:
        raise InputError([Problem(fault.kind, path.name, fault.where, "", {"where": fault.where, "value": fault.value})]) from None
    mornings_or_afternoons(builder)
    slots = {builder.time(d, h): (day, hour) for d, day in enumerate(school.days) for h, hour in enumerate(school.hours)}
    return FetFile(
        problem=builder.problem(),
        unknown=tuple(Unknown(element, times, why) for (element, why), times in sorted(builder.not_understood.items())),
        mode=school.mode,
        days=school.days,
        hours=school.hours,
        slots=slots,
        rooms={resource: name for name, resource in rooms.resource.items()},
        virtual=rooms.virtual,
    )


def in_order(school: School) -> Iterator[ET.Element]:
    """The rules, those first that say when nobody is there: gaps and first hours depend on them."""
    first = [rule for rule in school.rules if rule.tag.endswith(("BreakTimes", "NotAvailableTimes"))]
    yield from first
    yield from (rule for rule in school.rules if rule not in set(first))


def old_names(path: Path, school: School) -> Mapping[str, str]:
    """FET 5 for mornings and afternoons called real days days."""
    if school.mode is not Mode.MORNINGS_AFTERNOONS:
        return {}
    root = next(ET.iterparse(path, events=("start",)))[1]
    return OLD_NAMES if root.get("version", "").startswith("5.") else {}


def state(builder: Builder, rooms: Rooms, element: ET.Element, renamed: Mapping[str, str]) -> None:
    """One rule; one that is not known, or names what is not there, goes to the list."""
    name = element.tag.removeprefix(PREFIX)
    if name in ALWAYS:
        return
    try:
        if name == "BreakTimes":
            builder.breaks.update(builder.slot(child, "", "Preferred_") for child in element.iterfind("Break_Time"))
        elif name in ACTIVITY_RULES:
            if (common := builder.common(element)) is not None:
                ACTIVITY_RULES[name](builder, element, common)
        elif name in ROOM_RULES:
            if (common := builder.common(element, text_of(element, "Students", "Teacher", "Subject", "Room"))) is not None:
                ROOM_RULES[name](rooms, element, common)
        else:
            about_people(builder, element, name, renamed)
    except UnknownNameError:
        builder.unknown(element, "names")


def about_people(builder: Builder, element: ET.Element, name: str, renamed: Mapping[str, str]) -> None:
    whose = next((word for word in WHOSE if name.startswith(word)), None)
    rule = name.removeprefix(whose or "")
    rule = renamed.get(rule, rule)
    if whose is None or rule not in PEOPLE_RULES:
        builder.unknown(element, "not_known")
        return
    common = builder.common(element, text_of(element, "Teacher_Name", "Teacher", "Students", "Students_Name"))
    if common is not None:
        PEOPLE_RULES[rule](builder, element, builder.people(element, whose), common)


# --- timetables ------------------------------------------------------------------------------------------------------------------------------


def read_fet_timetable(path: Path, fet: FetFile) -> tuple[Meeting, ...]:
    """The timetable in one of FET's results, as meetings of the file it was made from: ``…_activities.xml`` or ``…_data_and_timetable.fet``.

    Raises
    ------
    InputError
        the file is neither, or its activities are not those of ``fet``
    """
    try:
        root = ET.fromstring(path.read_bytes())
    except ET.ParseError as error:
        raise InputError([Problem("fet_broken", path.name, facts={"line": error.position[0], "column": error.position[1]})]) from None
    placed = dict(from_activities(root) if root.tag == "Activities_Timetable" else from_locked(root))
    times = {slot: time for time, slot in fet.slots.items()}
    resources = {name: resource for resource, name in fet.rooms.items()}
    meetings = []
    for event in fet.problem.events:
        roles = [needed.role for needed in event.resources if needed.type == ROOM]
        day, hour, room, reals = placed.get(event.id, ("", "", "", ()))
        if (day or hour) and (day, hour) not in times:
            raise InputError([Problem("fet_unknown_reference", path.name, event.id, "", {"where": event.id, "value": f"{day} {hour}"})])
        names = reals if event.id in fet.virtual else (room,)
        chosen = {role: resources[name] for role, name in zip(roles, names, strict=False) if name in resources}
        meetings.append(Meeting(event.id, times.get((day, hour)), event.duration, chosen))
    return tuple(meetings)


Place = tuple[str, str, str, tuple[str, ...]]
"""Day, hour, room, real rooms."""


def from_activities(root: ET.Element) -> Iterator[tuple[str, Place]]:
    for element in root.iterfind("Activity"):
        yield text_of(element, "Id"), (text_of(element, "Day"), text_of(element, "Hour"), text_of(element, "Room"), texts(element, "Real_Room"))


def from_locked(root: ET.Element) -> Iterator[tuple[str, Place]]:
    """FET locks every activity of a timetable at its time and in its room, with 100 %."""
    rooms = {}
    for element in root.iterfind("Space_Constraints_List/ConstraintActivityPreferredRoom"):
        if text_of(element, "Active") != "false" and float(text_of(element, "Weight_Percentage") or 100) == 100:
            rooms[text_of(element, "Activity_Id")] = (text_of(element, "Room"), texts(element, "Real_Room"))
    for element in root.iterfind("Time_Constraints_List/ConstraintActivityPreferredStartingTime"):
        if text_of(element, "Active") != "false" and float(text_of(element, "Weight_Percentage") or 100) == 100:
            activity = str(whole(element, "Activity_Id"))
            room, reals = rooms.get(activity, ("", ()))
            yield activity, (text_of(element, "Preferred_Day"), text_of(element, "Preferred_Hour"), room, reals)
