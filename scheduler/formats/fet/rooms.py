"""FET's rules about rooms: which rooms an activity may have, when a room is closed, and changes between buildings.

An activity has a room only where a rule names some for it. Rooms preferred for the activity, its subject or its tags come first; home rooms of its
one students set or its one teacher count where there are none of those. With 100 % the room must be one of them; below, the activity may have another
of the rooms named for it, or none. A room takes as many students as it has places.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from scheduler.domain.timetabling import (
    AssignResources,
    AvoidSplitAssignments,
    AvoidUnavailableTimes,
    CostFunction,
    EventResource,
    LimitRoomChanges,
    PreferResources,
    TimeGroup,
)
from scheduler.formats.fet.building import ROOM, Builder, UnknownNameError
from scheduler.formats.fet.source import Activity, text_of, texts, whole


@dataclass(frozen=True, slots=True)
class Wanted:
    """Rooms that one rule names for an activity; ``real``: of a virtual room the real ones that are settled."""

    element: ET.Element
    rooms: tuple[str, ...]
    real: tuple[str, ...]
    common: Mapping[str, Any]


@dataclass(slots=True)
class Rooms:
    """Collects what is wanted for every activity; ``state`` turns it into roles and constraints."""

    builder: Builder
    preferred: dict[str, list[Wanted]] = field(default_factory=lambda: defaultdict(list))
    home: dict[str, list[Wanted]] = field(default_factory=lambda: defaultdict(list))
    later: list[tuple[ET.Element, Mapping[str, Any]]] = field(default_factory=list)
    resource: dict[str, str] = field(default_factory=dict)
    candidates: dict[str, tuple[str, ...]] = field(default_factory=dict)
    virtual: dict[str, str] = field(default_factory=dict)
    """activity → the virtual room it has"""

    def want(self, where: dict[str, list[Wanted]], element: ET.Element, activities: Iterable[Activity], common: Mapping[str, Any]) -> None:
        rooms = (*texts(element, "Room"), *texts(element, "Preferred_Room"))
        for room in rooms:
            if room not in self.builder.school.rooms:
                raise UnknownNameError(room)
        wanted = Wanted(element, rooms, texts(element, "Real_Room"), common)
        for activity in activities:
            where[activity.id].append(wanted)

    # --- roles -------------------------------------------------------------------------------------------------------------------------

    def state(self) -> None:
        """Every activity's rooms, then the rules that look at what rooms they are."""
        open_to: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
        wishes: dict[tuple[str, str], tuple[Wanted, list[str]]] = {}
        assign: dict[tuple[bool, int], list[str]] = defaultdict(list)
        for activity in self.builder.school.activities:
            rules = [*self.preferred[activity.id]] or [*self.home[activity.id]]
            if not rules:
                continue
            if any(self.builder.school.rooms[room].sets for rule in rules for room in rule.rooms):
                self._virtual(activity, rules, open_to, assign)
                continue
            hard = [rule for rule in rules if rule.common["required"]]
            fall_back = [] if hard or not self.preferred[activity.id] else self.home[activity.id]
            rooms = self._allowed(activity, hard, [*rules, *fall_back])
            self.candidates[activity.id] = rooms
            if hard and len(rooms) == 1:
                self._need(activity, ROOM, rooms[0])
            else:
                self._need(activity, ROOM)
                open_to[ROOM, rooms].append(activity.id)
                required = bool(hard) or any(rule.common["required"] for rule in fall_back)
                assign[required, 1 if required else max(rule.common["weight"] for rule in rules)].append(activity.id)
            for rule in rules:
                if not rule.common["required"]:
                    wishes.setdefault((rule.common["id"], ROOM), (rule, []))[1].append(activity.id)
        self._constrain(open_to, wishes.values(), assign)
        for element, common in self.later:
            LATER[element.tag.removeprefix("Constraint")](self, element, dict(common))

    def _allowed(self, activity: Activity, hard: Sequence[Wanted], rules: Sequence[Wanted]) -> tuple[str, ...]:
        """Rooms in all required lists, or in any list where none is required, with places for all its students."""
        named = dict.fromkeys(room for rule in hard or rules for room in rule.rooms)
        students = self._students(activity)
        return tuple(room for room in named if all(room in rule.rooms for rule in hard) and self.builder.school.rooms[room].capacity >= students)

    def _students(self, activity: Activity) -> int:
        if activity.size is not None:
            return activity.size
        return sum(self.builder.school.sizes.get(name, 0) for name in activity.students)

    def _need(self, activity: Activity, role: str, room: str | None = None) -> None:
        self.builder.needs[activity.id].append(EventResource(ROOM, None if room is None else self.resource_of(room), role))

    def resource_of(self, room: str) -> str:
        if room not in self.resource:
            self.resource[room] = self.builder.new_resource(room, ROOM)
        return self.resource[room]

    def _virtual(
        self,
        activity: Activity,
        rules: Sequence[Wanted],
        open_to: dict[tuple[str, tuple[str, ...]], list[str]],
        assign: dict[tuple[bool, int], list[str]],
    ) -> None:
        """A virtual room alone takes one real room of each of its sets, each under a role of its own; beside other rooms it has no place here."""
        allowed = set.intersection(*(set(rule.rooms) for rule in rules)) if all(rule.common["required"] for rule in rules) else set()
        if len(allowed) != 1 or not self.builder.school.rooms[room := allowed.pop()].sets:
            for rule in rules:
                self.builder.unknown(rule.element, "virtual_rooms")
            return
        settled = next((rule.real for rule in rules if rule.real), ())
        self.virtual[activity.id] = room
        for number, reals in enumerate(self.builder.school.rooms[room].sets, 1):
            role = f"{ROOM} {number}"
            rooms = (settled[number - 1],) if len(settled) >= number else reals
            if len(rooms) == 1:
                self._need(activity, role, rooms[0])
            else:
                self._need(activity, role)
                open_to[role, rooms].append(activity.id)
                self.builder.add(AssignResources(id=f"{role}: {activity.id}", events=(activity.id,), role=role))
            self.candidates[activity.id] = (*self.candidates.get(activity.id, ()), *rooms)

    def _constrain(
        self,
        open_to: Mapping[tuple[str, tuple[str, ...]], list[str]],
        wishes: Iterable[tuple[Wanted, list[str]]],
        assign: Mapping[tuple[bool, int], list[str]],
    ) -> None:
        for number, ((role, rooms), events) in enumerate(open_to.items(), 1):
            resources = tuple(self.resource_of(room) for room in rooms)
            self.builder.add(PreferResources(id=f"Rooms {number}", events=tuple(events), role=role, resources=resources))
        for (required, weight), events in assign.items():
            name = "A room" if required else f"A room ({weight})"
            self.builder.add(AssignResources(id=name, events=tuple(events), role=ROOM, required=required, weight=weight, cost=CostFunction.STEP))
        for wanted, events in wishes:
            resources = tuple(self.resource_of(room) for room in wanted.rooms)
            self.builder.add(PreferResources(events=tuple(events), role=ROOM, resources=resources, cost=CostFunction.STEP, **wanted.common))

    # --- buildings ---------------------------------------------------------------------------------------------------------------------

    def places(self, events: Iterable[str], place_of: PlaceOf) -> set[str] | None:
        """The places (buildings or rooms) in which these events may be; None where a virtual room lies in several at once."""
        found: set[str] = set()
        for event in events:
            own = {place_of(self, room) for room in self.candidates.get(event, ())} - {""}
            if event in self.virtual and len(own) > 1:
                return None
            found |= own
        return found

    def building(self, room: str) -> str:
        return self.builder.school.rooms[room].building


Rule = Callable[[Rooms, ET.Element, dict[str, Any]], None]

PlaceOf = Callable[[Rooms, str], str]
"""The building or room that counts for a room."""


def preferred(chosen: Callable[[Builder, ET.Element], Iterable[Activity]]) -> Rule:
    def state(rooms: Rooms, element: ET.Element, common: dict[str, Any]) -> None:
        rooms.want(rooms.preferred, element, chosen(rooms.builder, element), common)

    return state


def by_id(builder: Builder, element: ET.Element) -> Iterator[Activity]:
    yield from (builder.activity(event) for event in builder.listed(element))


def by_subject_and_tag(builder: Builder, element: ET.Element) -> Iterator[Activity]:
    subject, tag = text_of(element, "Subject", "Subject_Name"), text_of(element, "Activity_Tag", "Activity_Tag_Name", "Subject_Tag")
    for activity in builder.school.activities:
        if (not subject or activity.subject == subject) and (not tag or tag in activity.tags):
            yield activity


def students_home(rooms: Rooms, element: ET.Element, common: dict[str, Any]) -> None:
    name = text_of(element, "Students", "Students_Name")
    rooms.want(rooms.home, element, (a for a in rooms.builder.school.activities if a.students == (name,)), common)


def teachers_home(rooms: Rooms, element: ET.Element, common: dict[str, Any]) -> None:
    name = text_of(element, "Teacher", "Teacher_Name")
    rooms.want(rooms.home, element, (a for a in rooms.builder.school.activities if a.teachers == (name,)), common)


def later(rooms: Rooms, element: ET.Element, common: dict[str, Any]) -> None:
    """A rule that needs to know every activity's rooms first."""
    rooms.later.append((element, common))


def room_not_available(rooms: Rooms, element: ET.Element, common: dict[str, Any]) -> None:
    room = text_of(element, "Room")
    slots = [rooms.builder.slot(child, "", "Preferred_") for child in element.iterfind("Not_Available_Time")]
    if room in rooms.resource and slots:
        times = tuple(rooms.builder.time(*slot) for slot in sorted(set(slots)))
        rooms.builder.add(AvoidUnavailableTimes(resources=(rooms.resource[room],), times=times, **common))
    elif room in rooms.virtual.values():
        rooms.builder.unknown(element, "virtual_rooms")


def different_rooms(rooms: Rooms, element: ET.Element, common: dict[str, Any]) -> None:
    """The activities have one room only; more than one, where they could have more, has no place here."""
    events = [event for event in rooms.builder.listed(element) if event in rooms.candidates and event not in rooms.virtual]
    most = whole(element, "Max_Number_of_Different_Rooms")
    if len({room for event in events for room in rooms.candidates[event]}) <= most or len(events) <= most:
        return
    if most == 1:
        rooms.builder.add(AvoidSplitAssignments(event_groups=(tuple(events),), role=ROOM, **common))
    else:
        rooms.builder.unknown(element, "several_rooms")


def changes(place_of: PlaceOf, groups: Callable[[Builder], tuple[TimeGroup, ...]], limit: Callable[[ET.Element], dict[str, Any]], whose: str) -> Rule:
    """Limits the changes of building (or room) of those people who may be in more than one; a change from day to day is none."""

    def state(rooms: Rooms, element: ET.Element, common: dict[str, Any]) -> None:
        moving, reached = [], set()
        for person in rooms.builder.people(element, whose):
            places = rooms.places(rooms.builder.attended.get(person, ()), place_of)
            if places is None:
                rooms.builder.unknown(element, "place_changes")
                return
            if len(places) > 1:
                moving.append(person)
                reached |= places
        if not moving:
            return
        of_place: dict[str, list[str]] = defaultdict(list)
        for room, resource in rooms.resource.items():
            of_place[place_of(rooms, room)].append(resource)
        each = tuple(tuple(of_place[place]) for place in sorted(reached))
        rooms.builder.add(LimitRoomChanges(resources=tuple(moving), places=each, time_groups=groups(rooms.builder), **limit(element), **common))

    return state


def a_day(tag: str) -> Callable[[ET.Element], dict[str, Any]]:
    return lambda element: {"maximum": whole(element, tag)}


def a_week(tag: str) -> Callable[[ET.Element], dict[str, Any]]:
    return lambda element: {"maximum": whole(element, tag), "together": True}


def way_between(tag: str) -> Callable[[ET.Element], dict[str, Any]]:
    """So many free hours between lessons in different places on one day."""
    return lambda element: {"gap": whole(element, tag)}


def building_of(rooms: Rooms, room: str) -> str:
    return rooms.building(room)


def room_itself(_: Rooms, room: str) -> str:
    return room


def days(builder: Builder) -> tuple[TimeGroup, ...]:
    return builder.day_groups()


def real_days(builder: Builder) -> tuple[TimeGroup, ...]:
    return builder.real_day_groups()


CHANGES: Mapping[str, Callable[[str], Rule]] = {
    "MaxBuildingChangesPerDay": partial(changes, building_of, days, a_day("Max_Building_Changes_Per_Day")),
    "MaxBuildingChangesPerRealDay": partial(changes, building_of, real_days, a_day("Max_Building_Changes_Per_Day")),
    "MaxBuildingChangesPerWeek": partial(changes, building_of, days, a_week("Max_Building_Changes_Per_Week")),
    "MinGapsBetweenBuildingChanges": partial(changes, building_of, days, way_between("Min_Gaps_Between_Building_Changes")),
    "MaxRoomChangesPerDay": partial(changes, room_itself, days, a_day("Max_Room_Changes_Per_Day")),
    "MaxRoomChangesPerRealDay": partial(changes, room_itself, real_days, a_day("Max_Room_Changes_Per_Day")),
    "MaxRoomChangesPerWeek": partial(changes, room_itself, days, a_week("Max_Room_Changes_Per_Week")),
    "MinGapsBetweenRoomChanges": partial(changes, room_itself, days, way_between("Min_Gaps_Between_Room_Changes")),
}

LATER: Mapping[str, Rule] = {
    "RoomNotAvailableTimes": room_not_available,
    "ActivitiesOccupyMaxDifferentRooms": different_rooms,
    **{f"{whose}{name}": rule(whose) for whose in ("Teacher", "Teachers", "StudentsSet", "Students") for name, rule in CHANGES.items()},
}
"""Rules that look at the rooms which the others have settled."""

ROOM_RULES: Mapping[str, Rule] = {
    "ActivityPreferredRoom": preferred(by_id),
    "ActivityPreferredRooms": preferred(by_id),
    "SubjectPreferredRoom": preferred(by_subject_and_tag),
    "SubjectPreferredRooms": preferred(by_subject_and_tag),
    "ActivityTagPreferredRoom": preferred(by_subject_and_tag),
    "ActivityTagPreferredRooms": preferred(by_subject_and_tag),
    "SubjectActivityTagPreferredRoom": preferred(by_subject_and_tag),
    "SubjectActivityTagPreferredRooms": preferred(by_subject_and_tag),
    "StudentsSetHomeRoom": students_home,
    "StudentsSetHomeRooms": students_home,
    "TeacherHomeRoom": teachers_home,
    "TeacherHomeRooms": teachers_home,
    **dict.fromkeys(LATER, later),
}
