"""One instance of an XHSTT archive as a TimetablingProblem: names first, then events, then constraints; every fault by its element."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator, Mapping

from scheduler.domain.timetabling import Constraint, Event, EventResource, Resource, Time, TimetablingProblem
from scheduler.formats.xhstt_constraints import read_constraints
from scheduler.formats.xhstt_elements import (
    Faults,
    NotUnderstoodError,
    ids_of,
    known,
    our_number,
    ours,
    refuse_unknown_parts,
    shown,
    text_of,
    whole,
)

INSTANCE_PARTS = ("MetaData", "Times", "Resources", "Events", "Constraints")
TIME_PARTS = ("Name", "Week", "Day", "TimeGroups")
RESOURCE_PARTS = ("Name", "ResourceType", "ResourceGroups")
EVENT_PARTS = ("Name", "Duration", "Workload", "Course", "Time", "Resources", "ResourceGroups", "EventGroups")
LONGEST = 100
"""The longest event, but for weeks of more times: beyond it the number of ways to split it is out of reach."""
EVENT_RESOURCE_PARTS = ("Role", "ResourceType", "Workload")


class InstanceReader:
    """Reads one instance; the ids of everything are known before anything else is read, so that one fault is one sentence.

    A group is a set in the order of the file. An event's preassigned ``<ResourceGroups>`` stand for all their resources, each of which attends once
    more where it is named once more.
    """

    def __init__(self, element: ET.Element, faults: Faults) -> None:
        self.element, self.faults = element, faults
        with faults.collecting():
            refuse_unknown_parts(element, INSTANCE_PARTS)
        self.time_groups = self._groups("Times/TimeGroups/*")
        self.group_names = {name: ours(group, "Name") or name for group in element.iterfind("Times/TimeGroups/*") if (name := group.get("Id"))}
        self.resource_groups = self._groups("Resources/ResourceGroups/*")
        self.event_groups = self._groups("Events/EventGroups/*")
        self._times = ids_of(element.iterfind("Times/Time"), faults)
        self._resources = ids_of(element.iterfind("Resources/Resource"), faults)
        self._events = ids_of(element.iterfind("Events/Event"), faults)
        self._resource_types = ids_of(element.iterfind("Resources/ResourceTypes/*"), faults)
        self.time_index: Mapping[str, int] = {name: index for index, name in enumerate(self._times)}
        self.types: Mapping[str, str] = dict.fromkeys(self._resources, "")
        self.durations: Mapping[str, int] = dict.fromkeys(self._events, 0)

    def problem(self) -> TimetablingProblem:
        """What could be read; whole only if there are no faults."""
        times = tuple(self._read_times())
        resources = tuple(self._read_resources())
        self.types = {**self.types, **{resource.id: resource.type for resource in resources}}
        events = tuple(self._read_events())
        constraints = tuple(self._read_constraints())
        return TimetablingProblem(times, resources, events, constraints, dict(self._travel()))

    def _groups(self, path: str) -> dict[str, list[str]]:
        return {name: [] for name in ids_of(self.element.iterfind(path), self.faults)}

    # --- names -------------------------------------------------------------------------------------------------------------------------

    def _read_times(self) -> Iterator[Time]:
        periods: Counter[tuple[str, str, str]] = Counter()
        for name, element in self._times.items():
            with self.faults.collecting():
                refuse_unknown_parts(element, TIME_PARTS)
                for group in (*element.iterfind("Week"), *element.iterfind("Day"), *element.iterfind("TimeGroups/*")):
                    join(self.time_groups, group, name)
                days = [known(group, self.time_groups) for group in element.iterfind("Day")]
                grid = (days[0] if days else "", ours(element, "Place") or "", ours(element, "Bell") or "")
                periods[grid] += 1
                period = our_number(element, "Period")
                yield Time(
                    name,
                    grid[0],
                    periods[grid] if period is None else period,
                    *grid[1:],
                    runs_on=ours(element, "RunsOn") != "false",
                    start=our_number(element, "Start"),
                    end=our_number(element, "End"),
                )

    def _travel(self) -> Iterator[tuple[tuple[str, str], int]]:
        for way in self.element.iterfind("Times/Travel"):
            with self.faults.collecting():
                yield (way.get("From", ""), way.get("To", "")), whole(way, "Minutes")

    def _read_resources(self) -> Iterator[Resource]:
        for name, element in self._resources.items():
            with self.faults.collecting():
                refuse_unknown_parts(element, RESOURCE_PARTS)
                for group in element.iterfind("ResourceGroups/*"):
                    join(self.resource_groups, group, name)
                yield Resource(name, self._type_of(element))

    def _type_of(self, element: ET.Element) -> str:
        kind = element.find("ResourceType")
        if kind is None:
            raise NotUnderstoodError("xhstt_missing", shown(element), "ResourceType")
        return known(kind, self._resource_types)

    # --- events ------------------------------------------------------------------------------------------------------------------------

    def _read_events(self) -> Iterator[Event]:
        for name, element in self._events.items():
            with self.faults.collecting():
                yield self._read_event(name, element)

    def _read_event(self, name: str, element: ET.Element) -> Event:
        refuse_unknown_parts(element, EVENT_PARTS)
        for group in (*element.iterfind("Course"), *element.iterfind("EventGroups/*")):
            join(self.event_groups, group, name)
        time = element.find("Time")
        event = Event(
            name,
            whole(element, "Duration", least=1, most=max(LONGEST, len(self.time_index))),
            tuple(self._needed(element)),
            None if time is None else known(time, self.time_index),
            whole(element, "Workload") if element.find("Workload") is not None else None,
        )
        roles = Counter(needed.role for needed in event.resources if needed.role)
        if twice := next((role for role, count in roles.items() if count > 1), None):
            raise NotUnderstoodError("xhstt_duplicate_id", f"{shown(element)}/Role", twice)
        if event.time is not None and self.time_index[event.time] + event.duration > len(self.time_index):
            raise NotUnderstoodError("xhstt_beyond_week", shown(element), event.time)
        return event

    def _needed(self, event: ET.Element) -> Iterator[EventResource]:
        for element in event.iterfind("Resources/Resource"):
            refuse_unknown_parts(element, EVENT_RESOURCE_PARTS)
            resource = known(element, self.types) if element.get("Reference") is not None else None
            kind = self._type_of(element) if resource is None else self.types[resource]
            role = text_of(element, "Role") if resource is None else (element.findtext("Role") or "").strip()
            workload = whole(element, "Workload") if element.find("Workload") is not None else None
            yield EventResource(kind, resource, role, shared=ours(element, "Shared") == "true", workload=workload)
        for group in event.iterfind("ResourceGroups/*"):
            for resource in self.resource_groups[known(group, self.resource_groups)]:
                yield EventResource(self.types[resource], resource)

    # --- constraints -------------------------------------------------------------------------------------------------------------------

    def _read_constraints(self) -> Iterator[Constraint]:
        for element in self.element.iterfind("Constraints/*"):
            with self.faults.collecting():
                yield from read_constraints(self, element)


def join(groups: Mapping[str, list[str]], reference: ET.Element, member: str) -> None:
    """Put a member into the group that an element refers to, once."""
    members = groups[known(reference, groups)]
    if member not in members[-1:]:  # members come one after the other
        members.append(member)
