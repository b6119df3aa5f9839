"""Problems and timetables written as XHSTT archives.

What XHSTT has no word for (places, bells, clocks, shared resources, joint starts) stands in attributes and elements of our own, which our reader
understands: an archive without them is plain XHSTT.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from scheduler.domain.problem import Problem
from scheduler.domain.timetabling import Event, LinkEvents, Meeting, Time, TimeGroup, TimetablingProblem
from scheduler.errors import InputError
from scheduler.formats.files import write_bytes
from scheduler.formats.xhstt_constraints import BY_KIND, OURS, refer, write_constraint
from scheduler.formats.xhstt_elements import set_ours

CONTRIBUTOR = "scheduler"


def write_xhstt(path: Path, problem: TimetablingProblem, name: str, solutions: Mapping[str, Sequence[Meeting]] | None = None) -> None:
    """Write a problem as an archive of one instance called ``name``, with ``solutions`` by the name of their group.

    Reading gives the same problem again, with the events of each group in the order of all events.

    Raises
    ------
    InputError
        the problem has a constraint of a type that cannot be written
    """
    root = ET.Element("HighSchoolTimetableArchive")
    InstanceWriter(problem).write(ET.SubElement(root, "Instances"), name)
    groups = ET.SubElement(root, "SolutionGroups")
    for group, meetings in (solutions or {}).items():
        add_solution(groups, group, name, meetings)
    write_root(root, path)


def write_xhstt_solution(
    archive: Path, instance: str, meetings: Sequence[Meeting], out: Path, name: str = CONTRIBUTOR, date: str = "", description: str = ""
) -> None:
    """Write the archive again with a timetable of ours after the published ones, in the solution group ``name``.

    A solution of the same instance in a group of this name is replaced; everything else stays as it is.
    """
    root = ET.fromstring(archive.read_bytes(), parser=ET.XMLParser(target=ET.TreeBuilder(insert_comments=True)))
    groups = root.find("SolutionGroups")
    if groups is None:
        groups = ET.SubElement(root, "SolutionGroups")
    add_solution(groups, name, instance, meetings, date, description)
    write_root(root, out)


def add_solution(groups: ET.Element, name: str, instance: str, meetings: Sequence[Meeting], date: str = "", description: str = "") -> None:
    group = next((group for group in groups.iterfind("SolutionGroup") if group.get("Id") == name), None)
    if group is None:
        group = ET.SubElement(groups, "SolutionGroup", Id=name)
        ET.SubElement(group, "MetaData")
    about = group.find("MetaData")
    if about is not None:
        about[:] = []
        for tag, words in (("Contributor", CONTRIBUTOR), ("Date", date), ("Description", description)):
            ET.SubElement(about, tag).text = words
    for old in [solution for solution in group.iterfind("Solution") if solution.get("Reference") == instance]:
        group.remove(old)
    events = ET.SubElement(ET.SubElement(group, "Solution", Reference=instance), "Events")
    for meeting in meetings:
        write_meeting(events, meeting)


def write_meeting(events: ET.Element, meeting: Meeting) -> None:
    event = ET.SubElement(events, "Event", Reference=meeting.event)
    ET.SubElement(event, "Duration").text = str(meeting.length)
    if meeting.time is not None:
        ET.SubElement(event, "Time", Reference=meeting.time)
    if meeting.resources:
        resources = ET.SubElement(event, "Resources")
        for role, resource in meeting.resources.items():
            ET.SubElement(ET.SubElement(resources, "Resource", Reference=resource), "Role").text = role


def write_root(root: ET.Element, path: Path) -> None:
    ET.indent(root)
    write_bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n", path)


def beyond_xhstt(problem: TimetablingProblem) -> tuple[str, ...]:
    """What of a problem plain XHSTT has no word for, by the names of our own elements and attributes."""
    used = {
        "Place": any(time.place or time.bell for time in problem.times),
        "Start": any(time.start is not None or time.end is not None for time in problem.times),
        "RunsOn": not all(time.runs_on for time in problem.times),
        "Shared": any(needed.shared for event in problem.events for needed in event.resources),
        "StartsOnly": any(isinstance(c, LinkEvents) and c.starts_only for c in problem.constraints),
    }
    kinds = dict.fromkeys(BY_KIND[type(c)][0] for c in problem.constraints if type(c) in BY_KIND)
    return (*(name for name, is_used in used.items() if is_used), *(kind for kind in kinds if kind in OURS))


class InstanceWriter:
    """Writes one problem; groups of times and events get their ids as the constraints ask for them."""

    def __init__(self, problem: TimetablingProblem) -> None:
        self.problem = problem
        self.days = list(dict.fromkeys(time.day for time in problem.times if time.day))
        self.times_of: dict[str, tuple[str, ...]] = {day: tuple(time.id for time in problem.times if time.day == day) for day in self.days}
        self.own_names: dict[str, str] = {}
        self.events_of: dict[str, tuple[str, ...]] = {}
        self.group_of_events: dict[tuple[str, ...], str] = {}

    def event_group(self, events: Sequence[str]) -> str:
        members = tuple(events)
        if members not in self.group_of_events:
            self.group_of_events[members] = f"events_{len(self.group_of_events) + 1}"
            self.events_of[self.group_of_events[members]] = members
        return self.group_of_events[members]

    def time_group(self, group: TimeGroup) -> str:
        """The group's own id, with a number where that stands for other times already."""
        name, number = group.id, 1
        while set(self.times_of.setdefault(name, group.times)) != set(group.times) or self.own_names.get(name, group.id) != group.id:
            number += 1
            name = f"{group.id}_{number}"
            if name not in self.times_of:
                self.own_names[name] = group.id
        return name

    def write(self, instances: ET.Element, name: str) -> None:
        instance = ET.SubElement(instances, "Instance", Id=name)
        about = ET.SubElement(instance, "MetaData")
        for tag, words in (("Name", name), ("Contributor", CONTRIBUTOR), ("Date", ""), ("Country", ""), ("Description", "")):
            ET.SubElement(about, tag).text = words
        times, resources, events = (ET.SubElement(instance, tag) for tag in ("Times", "Resources", "Events"))
        self._write_constraints(ET.SubElement(instance, "Constraints"))
        self._write_times(times)
        self._write_resources(resources)
        self._write_events(events)

    def _write_constraints(self, constraints: ET.Element) -> None:
        unknown = sorted({type(constraint).__name__ for constraint in self.problem.constraints if type(constraint) not in BY_KIND})
        if unknown:
            raise InputError([Problem("xhstt_not_writable", facts={"value": kind}) for kind in unknown])
        taken: Counter[str] = Counter()
        for constraint in self.problem.constraints:
            taken[constraint.id] += 1
            number = taken[constraint.id]
            write_constraint(self, constraints, constraint, constraint.id if number == 1 else f"{constraint.id}_{number}")

    def _write_times(self, parent: ET.Element) -> None:
        groups = ET.SubElement(parent, "TimeGroups")
        for name in self.times_of:
            set_ours(named(groups, "Day" if name in self.days else "TimeGroup", name), {"Name": self.own_names.get(name)})
        joined = members(self.times_of)
        running: Counter[tuple[str, str, str]] = Counter()
        for time in self.problem.times:
            running[time.day, time.place, time.bell] += 1
            element = named(parent, "Time", time.id)
            set_ours(element, our_attributes(time, running[time.day, time.place, time.bell]))
            if time.day:
                ET.SubElement(element, "Day", Reference=time.day)
            refer(element, "TimeGroup", [name for name in joined.get(time.id, ()) if name not in self.days])
        for (start, end), minutes in self.problem.travel.items():
            way = ET.SubElement(parent, "Travel", {"From": start, "To": end})
            ET.SubElement(way, "Minutes").text = str(minutes)

    def _write_resources(self, parent: ET.Element) -> None:
        kinds = [resource.type for resource in self.problem.resources]
        kinds += [needed.type for event in self.problem.events for needed in event.resources]
        types = ET.SubElement(parent, "ResourceTypes")
        for kind in dict.fromkeys(kinds):
            named(types, "ResourceType", kind)
        for resource in self.problem.resources:
            ET.SubElement(named(parent, "Resource", resource.id), "ResourceType", Reference=resource.type)

    def _write_events(self, parent: ET.Element) -> None:
        groups = ET.SubElement(parent, "EventGroups")
        for name in self.events_of:
            named(groups, "EventGroup", name)
        joined = members(self.events_of)
        for event in self.problem.events:
            self._write_event(named(parent, "Event", event.id), event, joined.get(event.id, ()))

    def _write_event(self, element: ET.Element, event: Event, groups: Sequence[str]) -> None:
        ET.SubElement(element, "Duration").text = str(event.duration)
        if event.workload is not None:
            ET.SubElement(element, "Workload").text = str(event.workload)
        if event.time is not None:
            ET.SubElement(element, "Time", Reference=event.time)
        resources = ET.SubElement(element, "Resources") if event.resources else element
        for needed in event.resources:
            one = ET.SubElement(resources, "Resource", {} if needed.resource is None else {"Reference": needed.resource})
            set_ours(one, {"Shared": "true" if needed.shared else None})
            if needed.role:
                ET.SubElement(one, "Role").text = needed.role
            if needed.resource is None:
                ET.SubElement(one, "ResourceType", Reference=needed.type)
            if needed.workload is not None:
                ET.SubElement(one, "Workload").text = str(needed.workload)
        refer(element, "EventGroup", groups)


def our_attributes(time: Time, running: int) -> Mapping[str, str | int | None]:
    """What a time has beyond XHSTT; its number in the day only where it is not just the next."""
    return {
        "Place": time.place or None,
        "Bell": time.bell or None,
        "Period": time.period if time.period != running else None,
        "RunsOn": None if time.runs_on else "false",
        "Start": time.start,
        "End": time.end,
    }


def named(parent: ET.Element, tag: str, id: str) -> ET.Element:
    element = ET.SubElement(parent, tag, Id=id)
    ET.SubElement(element, "Name").text = id
    return element


def members(groups: Mapping[str, Iterable[str]]) -> Mapping[str, list[str]]:
    """The groups of each member, in the order of the groups."""
    found: dict[str, list[str]] = {}
    for name, ids in groups.items():
        for id in ids:
            found.setdefault(id, []).append(name)
    return found
