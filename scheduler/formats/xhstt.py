"""XHSTT archives: the field's format for high school timetabling. Read to a TimetablingProblem and its published solutions; solutions written back.

Every element that carries a meaning is read, and one that is not known is refused: an instance read in part would have another cost. Times keep the
order of the file, on which lessons of several times run. An event's preassigned ``<ResourceGroups>`` stand for all their resources.

Reference: G. Post et al., "XHSTT: an XML archive for high school timetabling problems in different countries", Annals of Operations Research 218
(2014); https://www.utwente.nl/en/eemcs/dmmp/hstt/
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scheduler.domain.problem import Problem
from scheduler.domain.timetabling import (
    AssignResources,
    AssignTimes,
    AvoidClashes,
    AvoidSplitAssignments,
    AvoidUnavailableTimes,
    ClusterBusyTimes,
    Constraint,
    CostFunction,
    DistributeSplitEvents,
    Event,
    EventResource,
    LimitBusyTimes,
    LimitIdleTimes,
    LimitWorkload,
    LinkEvents,
    Meeting,
    OrderEvents,
    PreferResources,
    PreferTimes,
    Resource,
    SplitEvents,
    SpreadEvents,
    Time,
    TimeGroup,
    TimetablingProblem,
)
from scheduler.errors import InputError
from scheduler.formats.files import write_bytes

COST_FUNCTIONS: Mapping[str, CostFunction] = {"Linear": CostFunction.LINEAR, "Quadratic": CostFunction.QUADRATIC, "Step": CostFunction.STEP}


@dataclass(frozen=True, slots=True)
class Solution:
    """A published timetable of an instance: ``group`` is the name of its solution group."""

    group: str
    instance: str
    meetings: tuple[Meeting, ...]


@dataclass(frozen=True, slots=True)
class XhsttArchive:
    """Instances by id, and the solutions of all solution groups in the order of the file."""

    instances: Mapping[str, TimetablingProblem]
    solutions: tuple[Solution, ...]


class NotUnderstoodError(Exception):
    """Where an archive is not understood: an element and the key of the sentence."""

    def __init__(self, kind: str, where: str, value: str) -> None:
        self.kind, self.where, self.value = kind, where, value
        super().__init__(f"{kind}: {where}: {value}")


def read_xhstt(path: Path) -> XhsttArchive:
    """All instances and solutions of an archive.

    Raises
    ------
    InputError
        the file is no XHSTT archive, or an instance is not understood: each instance and solution with its first fault
    OSError
        the file cannot be read
    """
    try:
        root = ET.fromstring(path.read_bytes())
    except ET.ParseError as error:
        raise InputError([Problem("xhstt_broken", path.name, facts={"line": error.position[0], "column": error.position[1]})]) from None
    if root.tag != "HighSchoolTimetableArchive":
        raise InputError([Problem("xhstt_expected", path.name, facts={"value": root.tag})])
    problems: list[Problem] = []
    instances: dict[str, TimetablingProblem] = {}
    for element in root.iterfind("Instances/Instance"):
        with collecting(problems, path, element):
            instances[element.get("Id", "")] = InstanceReader(element).problem()
    stated = {element.get("Id", "") for element in root.iterfind("Instances/Instance")}
    solutions: list[Solution] = []
    for group in root.iterfind("SolutionGroups/SolutionGroup"):
        for element in group.iterfind("Solution"):
            if element.get("Reference") not in stated - instances.keys():  # those of an instance that has been named already
                with collecting(problems, path, group):
                    solutions.append(read_solution(group.get("Id", ""), element, instances))
    if problems:
        raise InputError(problems)
    return XhsttArchive(instances, tuple(solutions))


@contextmanager
def collecting(problems: list[Problem], path: Path, part: ET.Element) -> Iterator[None]:
    """The fault of one part of the archive becomes a Problem, and the others are read all the same."""
    try:
        yield
    except NotUnderstoodError as fault:
        problems.append(Problem(fault.kind, path.name, part.get("Id", ""), "", {"where": fault.where, "value": fault.value}))


def read_solution(group: str, element: ET.Element, instances: Mapping[str, TimetablingProblem]) -> Solution:
    instance = reference(element)
    if instance not in instances:
        raise NotUnderstoodError("xhstt_unknown_reference", element.tag, instance)
    durations = {event.id: event.duration for event in instances[instance].events}
    meetings = []
    for event in element.iterfind("Events/Event"):
        name = reference(event)
        if name not in durations:
            raise NotUnderstoodError("xhstt_unknown_reference", event.tag, name)
        time = event.find("Time")
        chosen = {text_of(r, "Role"): reference(r) for r in event.iterfind("Resources/Resource") if r.find("Role") is not None}
        meetings.append(Meeting(name, None if time is None else reference(time), whole(event, "Duration", durations[name]), chosen))
    return Solution(group, instance, tuple(meetings))


def write_xhstt_solution(archive: Path, instance: str, meetings: Sequence[Meeting], out: Path, name: str = "scheduler") -> None:
    """Write the archive again with a solution group of ours after the published ones; a group of this name is replaced."""
    root = ET.fromstring(archive.read_bytes())
    groups = root.find("SolutionGroups")
    if groups is None:
        groups = ET.SubElement(root, "SolutionGroups")
    for old in [group for group in groups if group.get("Id") == name]:
        groups.remove(old)
    group = ET.SubElement(groups, "SolutionGroup", Id=name)
    about = ET.SubElement(group, "MetaData")
    for tag, words in (("Contributor", name), ("Date", ""), ("Description", "")):
        ET.SubElement(about, tag).text = words
    events = ET.SubElement(ET.SubElement(group, "Solution", Reference=instance), "Events")
    for meeting in meetings:
        event = ET.SubElement(events, "Event", Reference=meeting.event)
        ET.SubElement(event, "Duration").text = str(meeting.length)
        if meeting.time is not None:
            ET.SubElement(event, "Time", Reference=meeting.time)
        if meeting.resources:
            resources = ET.SubElement(event, "Resources")
            for role, resource in meeting.resources.items():
                ET.SubElement(ET.SubElement(resources, "Resource", Reference=resource), "Role").text = role
    ET.indent(root)
    write_bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True), out)


# --- elements ---------------------------------------------------------------------------------------------------------------------------------


def reference(element: ET.Element) -> str:
    found = element.get("Reference")
    if found is None:
        raise NotUnderstoodError("xhstt_missing", element.tag, "Reference")
    return found


def text_of(element: ET.Element, tag: str) -> str:
    found = element.findtext(tag)
    if found is None:
        raise NotUnderstoodError("xhstt_missing", element.get("Id") or element.tag, tag)
    return found.strip()


def whole(element: ET.Element, tag: str, default: int | None = None) -> int:
    """A whole number; ``default`` where the element is missing or empty."""
    words = element.findtext(tag)
    if default is not None and (words is None or not words.strip()):
        return default
    try:
        return int(text_of(element, tag))
    except ValueError:
        raise NotUnderstoodError("xhstt_not_whole", f"{element.get('Id') or element.tag}/{tag}", words or "") from None


class InstanceReader:
    """One instance: names first, then events, then constraints."""

    def __init__(self, element: ET.Element) -> None:
        self.element = element
        self.time_groups: dict[str, list[str]] = {group.get("Id", ""): [] for group in element.iterfind("Times/TimeGroups/*")}
        self.times = tuple(self._times())
        self.resource_groups: dict[str, list[str]] = {group.get("Id", ""): [] for group in element.iterfind("Resources/ResourceGroups/*")}
        self.resources = tuple(self._resources())
        self.types = {resource.id: resource.type for resource in self.resources}
        self.event_groups: dict[str, list[str]] = {group.get("Id", ""): [] for group in element.iterfind("Events/EventGroups/*")}
        self.events = tuple(self._events())
        self.event_ids = frozenset(event.id for event in self.events)
        self.time_ids = frozenset(time.id for time in self.times)

    def problem(self) -> TimetablingProblem:
        return TimetablingProblem(self.times, self.resources, self.events, tuple(self._constraints()))

    def _times(self) -> Iterator[Time]:
        periods: Counter[str] = Counter()
        for element in self.element.iterfind("Times/Time"):
            name, day = element.get("Id", ""), ""
            for group in (*element.iterfind("Week"), *element.iterfind("Day"), *element.iterfind("TimeGroups/*")):
                member_of(self.time_groups, group).append(name)
                day = reference(group) if group.tag == "Day" else day
            periods[day] += 1
            yield Time(name, day, periods[day])

    def _resources(self) -> Iterator[Resource]:
        for element in self.element.iterfind("Resources/Resource"):
            kind = element.find("ResourceType")
            for group in element.iterfind("ResourceGroups/*"):
                member_of(self.resource_groups, group).append(element.get("Id", ""))
            yield Resource(element.get("Id", ""), "" if kind is None else reference(kind))

    def _events(self) -> Iterator[Event]:
        for element in self.element.iterfind("Events/Event"):
            name, time = element.get("Id", ""), element.find("Time")
            for group in (*element.iterfind("Course"), *element.iterfind("EventGroups/*")):
                member_of(self.event_groups, group).append(name)
            workload = whole(element, "Workload") if element.find("Workload") is not None else None
            yield Event(
                name, whole(element, "Duration"), tuple(self._needed(element)), None if time is None else known(time, self._time_ids()), workload
            )

    def _time_ids(self) -> frozenset[str]:
        return frozenset(time.id for time in self.times)

    def _needed(self, event: ET.Element) -> Iterator[EventResource]:
        stated = set()
        for element in event.iterfind("Resources/Resource"):
            resource = known(element, self.types) if element.get("Reference") is not None else None
            kind = element.find("ResourceType")
            stated.add(resource)
            yield EventResource(
                type=self.types[resource] if resource is not None else "" if kind is None else reference(kind),
                resource=resource,
                role=(element.findtext("Role") or "").strip(),
                workload=whole(element, "Workload") if element.find("Workload") is not None else None,
            )
        for group in event.iterfind("ResourceGroups/*"):
            for resource in member_of(self.resource_groups, group):
                if resource not in stated:
                    stated.add(resource)
                    yield EventResource(self.types[resource], resource)

    # --- constraints -------------------------------------------------------------------------------------------------------------------

    def _constraints(self) -> Iterator[Constraint]:
        for element in self.element.iterfind("Constraints/*"):
            read = READERS.get(element.tag)
            if read is None:
                raise NotUnderstoodError("xhstt_unknown_constraint", element.get("Id", ""), element.tag)
            yield read(self, element, self._common(element))

    def _common(self, element: ET.Element) -> dict[str, Any]:
        function = text_of(element, "CostFunction")
        if function not in COST_FUNCTIONS:
            raise NotUnderstoodError("xhstt_unknown_cost_function", element.get("Id", ""), function)
        required = text_of(element, "Required").lower()
        if required not in ("true", "false"):
            raise NotUnderstoodError("xhstt_not_true_or_false", element.get("Id", ""), required)
        return {
            "id": element.get("Id", ""),
            "required": required == "true",
            "weight": whole(element, "Weight"),
            "cost": COST_FUNCTIONS[function],
        }

    def events_of(self, element: ET.Element) -> tuple[str, ...]:
        """The events a constraint applies to, each once."""
        single = [known(event, self.event_ids) for event in element.iterfind("AppliesTo/Events/Event")]
        return tuple(dict.fromkeys([*single, *(event for group in self.groups_of(element) for event in group)]))

    def groups_of(self, element: ET.Element) -> tuple[tuple[str, ...], ...]:
        """The event groups a constraint applies to."""
        return tuple(tuple(member_of(self.event_groups, group)) for group in element.iterfind("AppliesTo/EventGroups/*"))

    def resources_of(self, element: ET.Element, within: str = "AppliesTo/") -> tuple[str, ...]:
        """Resources a constraint applies to (or names), each once."""
        single = [known(resource, self.types) for resource in element.iterfind(f"{within}Resources/Resource")]
        groups = (member_of(self.resource_groups, group) for group in element.iterfind(f"{within}ResourceGroups/*"))
        return tuple(dict.fromkeys([*single, *(resource for group in groups for resource in group)]))

    def times_of(self, element: ET.Element) -> tuple[str, ...]:
        """Times a constraint names, singly or by group, in the order of the file."""
        named = {known(time, self.time_ids) for time in element.iterfind("Times/Time")}
        for group in element.iterfind("TimeGroups/*"):
            named.update(member_of(self.time_groups, group))
        return tuple(time.id for time in self.times if time.id in named)

    def time_groups_of(self, element: ET.Element) -> tuple[TimeGroup, ...]:
        groups = [TimeGroup(reference(group), tuple(member_of(self.time_groups, group))) for group in element.iterfind("TimeGroups/*")]
        return (*groups, *(TimeGroup(time, (time,)) for time in (known(t, self.time_ids) for t in element.iterfind("Times/Time"))))

    def pairs_of(self, element: ET.Element) -> Iterator[tuple[str, str, int, int | None]]:
        for pair in element.iterfind("AppliesTo/EventPairs/EventPair"):
            first, second = pair.find("FirstEvent"), pair.find("SecondEvent")
            if first is None or second is None:
                raise NotUnderstoodError("xhstt_missing", element.get("Id", ""), "EventPair")
            most = whole(pair, "MaxSeparation") if pair.find("MaxSeparation") is not None else None
            yield known(first, self.event_ids), known(second, self.event_ids), whole(pair, "MinSeparation", 0), most


def member_of(groups: Mapping[str, list[str]], element: ET.Element) -> list[str]:
    """The group that an element refers to."""
    if (name := reference(element)) not in groups:
        raise NotUnderstoodError("xhstt_unknown_reference", element.tag, name)
    return groups[name]


def known(element: ET.Element, names: Iterable[str]) -> str:
    if (name := reference(element)) not in names:
        raise NotUnderstoodError("xhstt_unknown_reference", element.tag, name)
    return name


def of_events(kind: Callable[..., Constraint], **numbers: str) -> Callable[[InstanceReader, ET.Element, dict[str, Any]], Constraint]:
    """A reader of a constraint about events: its whole numbers by field, from the elements of these names."""

    def read(reader: InstanceReader, element: ET.Element, common: dict[str, Any]) -> Constraint:
        return kind(events=reader.events_of(element), **common, **{field: whole(element, tag) for field, tag in numbers.items()})

    return read


def of_busy_times(kind: Callable[..., Constraint]) -> Callable[[InstanceReader, ET.Element, dict[str, Any]], Constraint]:
    """A reader of a constraint about the times at which resources are busy within time groups."""

    def read(reader: InstanceReader, element: ET.Element, common: dict[str, Any]) -> Constraint:
        limits = {"minimum": whole(element, "Minimum"), "maximum": whole(element, "Maximum")}
        return kind(resources=reader.resources_of(element), time_groups=reader.time_groups_of(element), **limits, **common)

    return read


def spread_events(reader: InstanceReader, element: ET.Element, common: dict[str, Any]) -> Constraint:
    limits = tuple((whole(group, "Minimum"), whole(group, "Maximum")) for group in element.iterfind("TimeGroups/*"))
    return SpreadEvents(event_groups=reader.groups_of(element), time_groups=reader.time_groups_of(element), limits=limits, **common)


def prefer_times(reader: InstanceReader, element: ET.Element, common: dict[str, Any]) -> Constraint:
    length = whole(element, "Duration") if element.find("Duration") is not None else None
    return PreferTimes(events=reader.events_of(element), times=reader.times_of(element), length=length, **common)


READERS: Mapping[str, Callable[[InstanceReader, ET.Element, dict[str, Any]], Constraint]] = {
    "AssignTimeConstraint": of_events(AssignTimes),
    "AssignResourceConstraint": lambda r, e, c: AssignResources(events=r.events_of(e), role=text_of(e, "Role"), **c),
    "PreferTimesConstraint": prefer_times,
    "PreferResourcesConstraint": lambda r, e, c: PreferResources(
        events=r.events_of(e), role=text_of(e, "Role"), resources=r.resources_of(e, ""), **c
    ),
    "SplitEventsConstraint": of_events(
        SplitEvents,
        minimum_length="MinimumDuration",
        maximum_length="MaximumDuration",
        minimum_amount="MinimumAmount",
        maximum_amount="MaximumAmount",
    ),
    "DistributeSplitEventsConstraint": of_events(DistributeSplitEvents, length="Duration", minimum="Minimum", maximum="Maximum"),
    "AvoidSplitAssignmentsConstraint": lambda r, e, c: AvoidSplitAssignments(event_groups=r.groups_of(e), role=text_of(e, "Role"), **c),
    "SpreadEventsConstraint": spread_events,
    "LinkEventsConstraint": lambda r, e, c: LinkEvents(event_groups=r.groups_of(e), **c),
    "OrderEventsConstraint": lambda r, e, c: OrderEvents(pairs=tuple(r.pairs_of(e)), **c),
    "AvoidClashesConstraint": lambda r, e, c: AvoidClashes(resources=r.resources_of(e), **c),
    "AvoidUnavailableTimesConstraint": lambda r, e, c: AvoidUnavailableTimes(resources=r.resources_of(e), times=r.times_of(e), **c),
    "LimitIdleTimesConstraint": of_busy_times(LimitIdleTimes),
    "ClusterBusyTimesConstraint": of_busy_times(ClusterBusyTimes),
    "LimitBusyTimesConstraint": of_busy_times(LimitBusyTimes),
    "LimitWorkloadConstraint": lambda r, e, c: LimitWorkload(
        resources=r.resources_of(e), minimum=whole(e, "Minimum"), maximum=whole(e, "Maximum"), **c
    ),
}
