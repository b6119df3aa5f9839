"""The constraints of XHSTT: which elements each of the 16 types has, read and written by one table; and ours, which XHSTT has not."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from scheduler.domain import timetabling as t
from scheduler.formats.xhstt_elements import (
    NotUnderstoodError,
    known,
    optional_whole,
    ours,
    refuse_unknown_parts,
    set_ours,
    shown,
    text_of,
    whole,
)

COST_FUNCTIONS: Mapping[str, t.CostFunction] = {
    "Linear": t.CostFunction.LINEAR,
    "Quadratic": t.CostFunction.QUADRATIC,
    "Step": t.CostFunction.STEP,
    # names before the format's 2011 version, of a point's deviations summed up first
    "Sum": t.CostFunction.LINEAR,
    "SquareSum": t.CostFunction.QUADRATIC,
    "StepSum": t.CostFunction.STEP,
}
EACH_FUNCTIONS: Mapping[str, t.CostFunction] = {
    "SumSquare": t.CostFunction.QUADRATIC,
    "SumSquares": t.CostFunction.QUADRATIC,
    "SumStep": t.CostFunction.STEP,
    "SumSteps": t.CostFunction.STEP,
}
"""Names before 2011 of functions that weigh every deviation of a point by itself. Most types have one deviation a point, so that nothing changes."""
FUNCTION_NAMES = {function: name for name, function in reversed(list(COST_FUNCTIONS.items()))}

COMMON = ("Name", "Required", "Weight", "CostFunction", "AppliesTo")


class Names(Protocol):
    """What a constraint may refer to: ids, and the members of each group."""

    @property
    def time_index(self) -> Mapping[str, int]: ...
    @property
    def types(self) -> Mapping[str, str]: ...
    @property
    def durations(self) -> Mapping[str, int]: ...
    @property
    def time_groups(self) -> Mapping[str, Sequence[str]]: ...
    @property
    def group_names(self) -> Mapping[str, str]: ...
    @property
    def resource_groups(self) -> Mapping[str, Sequence[str]]: ...
    @property
    def event_groups(self) -> Mapping[str, Sequence[str]]: ...


class Groups(Protocol):
    """Gives ids to the groups that a written archive needs."""

    def event_group(self, events: Sequence[str]) -> str: ...
    def time_group(self, group: t.TimeGroup) -> str: ...


@dataclass(frozen=True, slots=True)
class Part:
    """Some fields of a constraint: ``tags`` of the elements they are in, how to read and how to write them."""

    tags: tuple[str, ...]
    read: Callable[[Names, ET.Element], dict[str, Any]]
    write: Callable[[Groups, ET.Element, Any], object]
    applies_to: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A type of constraint with its parts, in the order of the format."""

    kind: type[t.Constraint]
    parts: tuple[Part, ...]


def read_constraints(names: Names, element: ET.Element) -> Iterator[t.Constraint]:
    """What an element states: one constraint, or one for each time group where each group's deviation is weighed by itself."""
    constraint = read_constraint(names, element)
    if text_of(element, "CostFunction") not in EACH_FUNCTIONS or not isinstance(constraint, (t.SpreadEvents, t.LimitBusyTimes)):
        yield constraint
    elif isinstance(constraint, t.LimitBusyTimes):
        yield from (replace(constraint, time_groups=(group,)) for group in constraint.time_groups)
    else:
        limits = constraint.limits or ((constraint.minimum, constraint.maximum),) * len(constraint.time_groups)
        for group, (least, most) in zip(constraint.time_groups, limits, strict=True):
            yield replace(constraint, time_groups=(group,), minimum=least, maximum=most, limits=())


def read_constraint(names: Names, element: ET.Element) -> t.Constraint:
    form = FORMS.get(element.tag)
    if form is None:
        raise NotUnderstoodError("xhstt_unknown_constraint", element.get("Id", ""), element.tag)
    refuse_unknown_parts(element, {*COMMON, *(tag for part in form.parts if not part.applies_to for tag in part.tags)})
    if (applies_to := element.find("AppliesTo")) is None:
        raise NotUnderstoodError("xhstt_missing", shown(element), "AppliesTo")
    refuse_unknown_parts(applies_to, {tag for part in form.parts if part.applies_to for tag in part.tags})
    fields: dict[str, Any] = {}
    for part in form.parts:
        fields |= part.read(names, element)
    return form.kind(**common_fields(element), **fields)


def common_fields(element: ET.Element) -> dict[str, Any]:
    function = text_of(element, "CostFunction")
    # clashes had a deviation at each time: weighed one by one they cost what no function of their sum says
    functions = COST_FUNCTIONS if element.tag == "AvoidClashesConstraint" else {**COST_FUNCTIONS, **EACH_FUNCTIONS}
    if function not in functions:
        raise NotUnderstoodError("xhstt_unknown_cost_function", element.get("Id", ""), function)
    return {
        "id": ours(element, "Rule") or element.get("Id", ""),
        "required": true_or_false(element, text_of(element, "Required")),
        "weight": whole(element, "Weight"),
        "cost": functions[function],
    }


def true_or_false(element: ET.Element, word: str) -> bool:
    if word.lower() not in ("true", "false"):
        raise NotUnderstoodError("xhstt_not_true_or_false", element.get("Id", ""), word)
    return word.lower() == "true"


def write_constraint(groups: Groups, parent: ET.Element, constraint: t.Constraint, id: str) -> None:
    """Write a constraint under an id of its own; ``Rule`` keeps the rule's name where several constraints bear it.

    Raises
    ------
    KeyError
        a constraint of a type that is not in FORMS
    """
    tag, form = BY_KIND[type(constraint)]
    element = ET.SubElement(parent, tag, Id=id)
    set_ours(element, {"Rule": constraint.id if constraint.id != id else None})
    for name, words in (
        ("Name", constraint.id),
        ("Required", str(constraint.required).lower()),
        ("Weight", str(constraint.weight)),
        ("CostFunction", FUNCTION_NAMES[constraint.cost]),
    ):
        ET.SubElement(element, name).text = words
    applies_to = ET.SubElement(element, "AppliesTo")
    for part in form.parts:
        part.write(groups, applies_to if part.applies_to else element, constraint)


# --- reading and writing of the parts ----------------------------------------------------------------------------------------------------------


def number(field: str, tag: str) -> Part:
    def write(groups: Groups, element: ET.Element, constraint: t.Constraint) -> None:
        ET.SubElement(element, tag).text = str(getattr(constraint, field))

    return Part((tag,), lambda names, element: {field: whole(element, tag)}, write)


def refer(parent: ET.Element, tag: str, ids: Sequence[str]) -> list[ET.Element]:
    """``<Events><Event Reference=…/>…</Events>``; nothing where there is none."""
    within = ET.SubElement(parent, f"{tag}s") if ids else parent
    return [ET.SubElement(within, tag, Reference=id) for id in ids]


def named(element: ET.Element, path: str, group_path: str, names: Mapping[str, Any], groups: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Single ids and the members of groups, as often as they are named."""
    members = [member for group in element.iterfind(group_path) for member in groups[known(group, groups)]]
    return (*members, *(known(single, names) for single in element.iterfind(path)))


def read_event_groups(names: Names, element: ET.Element) -> dict[str, Any]:
    found = (known(group, names.event_groups) for group in element.iterfind("AppliesTo/EventGroups/*"))
    return {"event_groups": tuple(tuple(names.event_groups[group]) for group in found)}


def write_event_groups(groups: Groups, applies_to: ET.Element, constraint: Any) -> None:
    refer(applies_to, "EventGroup", [groups.event_group(events) for events in constraint.event_groups])


def read_pairs(names: Names, element: ET.Element) -> dict[str, Any]:
    return {"pairs": tuple(read_pair(names, pair) for pair in element.iterfind("AppliesTo/EventPairs/*"))}


def read_pair(names: Names, pair: ET.Element) -> tuple[str, str, int, int | None]:
    refuse_unknown_parts(pair, ("FirstEvent", "SecondEvent", "MinSeparation", "MaxSeparation"))
    first, second = pair.find("FirstEvent"), pair.find("SecondEvent")
    if first is None or second is None:
        raise NotUnderstoodError("xhstt_missing", pair.tag, "FirstEvent, SecondEvent")
    return known(first, names.durations), known(second, names.durations), whole(pair, "MinSeparation", 0), optional_whole(pair, "MaxSeparation")


def write_pairs(groups: Groups, applies_to: ET.Element, constraint: t.OrderEvents) -> None:
    pairs = ET.SubElement(applies_to, "EventPairs")
    for first, second, least, most in constraint.pairs:
        pair = ET.SubElement(pairs, "EventPair")
        ET.SubElement(pair, "FirstEvent", Reference=first)
        ET.SubElement(pair, "SecondEvent", Reference=second)
        ET.SubElement(pair, "MinSeparation").text = str(least)
        if most is not None:
            ET.SubElement(pair, "MaxSeparation").text = str(most)


def read_times(names: Names, element: ET.Element) -> dict[str, Any]:
    found = set(named(element, "Times/*", "TimeGroups/*", names.time_index, names.time_groups))
    return {"times": tuple(sorted(found, key=names.time_index.__getitem__))}


def read_time_groups(names: Names, element: ET.Element) -> dict[str, Any]:
    groups = (known(group, names.time_groups) for group in element.iterfind("TimeGroups/*"))
    return {"time_groups": tuple(t.TimeGroup(names.group_names[group], tuple(names.time_groups[group])) for group in groups)}


def write_time_groups(groups: Groups, element: ET.Element, constraint: Any) -> None:
    refer(element, "TimeGroup", [groups.time_group(group) for group in constraint.time_groups])


def read_limited_time_groups(names: Names, element: ET.Element) -> dict[str, Any]:
    """Limits that are the same for all groups stand once, as the constraint's own."""
    limits = tuple((whole(group, "Minimum"), whole(group, "Maximum")) for group in element.iterfind("TimeGroups/*"))
    fields = read_time_groups(names, element)
    if len(set(limits)) == 1:
        return {**fields, "minimum": limits[0][0], "maximum": limits[0][1]}
    return {**fields, "limits": limits}


def write_limited_time_groups(groups: Groups, element: ET.Element, constraint: t.SpreadEvents) -> None:
    limits = constraint.limits or ((constraint.minimum, constraint.maximum),) * len(constraint.time_groups)
    written = refer(element, "TimeGroup", [groups.time_group(group) for group in constraint.time_groups])
    for group, (least, most) in zip(written, limits, strict=True):
        ET.SubElement(group, "Minimum").text = str(least)
        ET.SubElement(group, "Maximum").text = str(most)


def read_preferred(names: Names, element: ET.Element) -> dict[str, Any]:
    found = named(element, "Resources/*", "ResourceGroups/*", names.types, names.resource_groups)
    return {"resources": tuple(dict.fromkeys(found))}


def write_length(groups: Groups, element: ET.Element, constraint: t.PreferTimes) -> None:
    if constraint.length is not None:
        ET.SubElement(element, "Duration").text = str(constraint.length)


def write_role(groups: Groups, element: ET.Element, constraint: Any) -> None:
    ET.SubElement(element, "Role").text = constraint.role


def write_starts_only(groups: Groups, applies_to: ET.Element, constraint: t.LinkEvents) -> None:
    set_ours(applies_to, {"StartsOnly": "true" if constraint.starts_only else None})


def read_starts_only(names: Names, element: ET.Element) -> dict[str, Any]:
    applies_to = element.find("AppliesTo")
    return {"starts_only": True} if applies_to is not None and ours(applies_to, "StartsOnly") == "true" else {}


def read_shifts(names: Names, element: ET.Element) -> dict[str, Any]:
    days = tuple(read_time_groups(names, day)["time_groups"] for day in element.iterfind("Days/Day"))
    return {"days": days}


def write_shifts(groups: Groups, element: ET.Element, constraint: t.LimitDoubleShifts) -> None:
    days = ET.SubElement(element, "Days")
    for shifts in constraint.days:
        refer(ET.SubElement(days, "Day"), "TimeGroup", [groups.time_group(shift) for shift in shifts])


def read_places(names: Names, element: ET.Element) -> dict[str, Any]:
    return {"places": tuple(tuple(known(resource, names.types) for resource in place) for place in element.iterfind("Places/Place"))}


def write_places(groups: Groups, element: ET.Element, constraint: t.LimitRoomChanges) -> None:
    places = ET.SubElement(element, "Places")
    for resources in constraint.places:
        place = ET.SubElement(places, "Place")
        for resource in resources:
            ET.SubElement(place, "Resource", Reference=resource)


def read_together(names: Names, element: ET.Element) -> dict[str, Any]:
    return {"together": true_or_false(element, text_of(element, "Together"))}


def write_together(groups: Groups, element: ET.Element, constraint: t.LimitRoomChanges) -> None:
    ET.SubElement(element, "Together").text = str(constraint.together).lower()


def write_gap(groups: Groups, element: ET.Element, constraint: t.LimitRoomChanges) -> None:
    if constraint.gap is not None:
        ET.SubElement(element, "Gap").text = str(constraint.gap)


def write_type(groups: Groups, element: ET.Element, constraint: t.LastOfDay) -> None:
    ET.SubElement(element, "ResourceType").text = constraint.type


EVENTS = Part(
    ("EventGroups", "Events"),
    lambda names, e: {"events": named(e, "AppliesTo/Events/*", "AppliesTo/EventGroups/*", names.durations, names.event_groups)},
    lambda groups, element, c: refer(element, "Event", c.events),
    applies_to=True,
)
RESOURCES = Part(
    ("ResourceGroups", "Resources"),
    lambda names, e: {"resources": named(e, "AppliesTo/Resources/*", "AppliesTo/ResourceGroups/*", names.types, names.resource_groups)},
    lambda groups, element, c: refer(element, "Resource", c.resources),
    applies_to=True,
)
EVENT_GROUPS = Part(("EventGroups",), read_event_groups, write_event_groups, applies_to=True)
STARTS_ONLY = Part((), read_starts_only, write_starts_only, applies_to=True)
PAIRS = Part(("EventPairs",), read_pairs, write_pairs, applies_to=True)
ROLE = Part(("Role",), lambda names, element: {"role": text_of(element, "Role")}, write_role)
TIMES = Part(("TimeGroups", "Times"), read_times, lambda groups, element, c: refer(element, "Time", c.times))
TIME_GROUPS = Part(("TimeGroups",), read_time_groups, write_time_groups)
LIMITED_TIME_GROUPS = Part(("TimeGroups",), read_limited_time_groups, write_limited_time_groups)
PREFERRED = Part(("ResourceGroups", "Resources"), read_preferred, lambda groups, element, c: refer(element, "Resource", c.resources))
LENGTH = Part(("Duration",), lambda names, element: {"length": optional_whole(element, "Duration")}, write_length)
SHIFTS = Part(("Days",), read_shifts, write_shifts)
PLACES = Part(("Places",), read_places, write_places)
TOGETHER = Part(("Together",), read_together, write_together)
GAP = Part(("Gap",), lambda names, element: {"gap": optional_whole(element, "Gap")}, write_gap)
TYPE = Part(("ResourceType",), lambda names, element: {"type": text_of(element, "ResourceType")}, write_type)
MINIMUM, MAXIMUM = number("minimum", "Minimum"), number("maximum", "Maximum")

FORMS: Mapping[str, Form] = {
    "AssignTimeConstraint": Form(t.AssignTimes, (EVENTS,)),
    "AssignResourceConstraint": Form(t.AssignResources, (EVENTS, ROLE)),
    "SplitEventsConstraint": Form(
        t.SplitEvents,
        (
            EVENTS,
            number("minimum_length", "MinimumDuration"),
            number("maximum_length", "MaximumDuration"),
            number("minimum_amount", "MinimumAmount"),
            number("maximum_amount", "MaximumAmount"),
        ),
    ),
    "DistributeSplitEventsConstraint": Form(t.DistributeSplitEvents, (EVENTS, number("length", "Duration"), MINIMUM, MAXIMUM)),
    "PreferResourcesConstraint": Form(t.PreferResources, (EVENTS, PREFERRED, ROLE)),
    "PreferTimesConstraint": Form(t.PreferTimes, (EVENTS, TIMES, LENGTH)),
    "AvoidSplitAssignmentsConstraint": Form(t.AvoidSplitAssignments, (EVENT_GROUPS, ROLE)),
    "SpreadEventsConstraint": Form(t.SpreadEvents, (EVENT_GROUPS, LIMITED_TIME_GROUPS)),
    "LinkEventsConstraint": Form(t.LinkEvents, (EVENT_GROUPS, STARTS_ONLY)),
    "OrderEventsConstraint": Form(t.OrderEvents, (PAIRS,)),
    "AvoidClashesConstraint": Form(t.AvoidClashes, (RESOURCES,)),
    "AvoidUnavailableTimesConstraint": Form(t.AvoidUnavailableTimes, (RESOURCES, TIMES)),
    "LimitIdleTimesConstraint": Form(t.LimitIdleTimes, (RESOURCES, TIME_GROUPS, MINIMUM, MAXIMUM)),
    "ClusterBusyTimesConstraint": Form(t.ClusterBusyTimes, (RESOURCES, TIME_GROUPS, MINIMUM, MAXIMUM)),
    "LimitBusyTimesConstraint": Form(t.LimitBusyTimes, (RESOURCES, TIME_GROUPS, MINIMUM, MAXIMUM)),
    "LimitWorkloadConstraint": Form(t.LimitWorkload, (RESOURCES, MINIMUM, MAXIMUM)),
    "LimitPlaceChangesConstraint": Form(t.LimitPlaceChanges, (RESOURCES, TIME_GROUPS, MAXIMUM)),
    "LimitRoomChangesConstraint": Form(t.LimitRoomChanges, (RESOURCES, PLACES, TIME_GROUPS, MAXIMUM, TOGETHER, GAP)),
    "LimitLateStartsConstraint": Form(t.LimitLateStarts, (RESOURCES, TIME_GROUPS, MAXIMUM)),
    "LimitDoubleShiftsConstraint": Form(t.LimitDoubleShifts, (RESOURCES, SHIFTS, MAXIMUM)),
    "LimitParallelConstraint": Form(t.LimitParallel, (EVENT_GROUPS, TIME_GROUPS, MINIMUM, MAXIMUM)),
    "LastOfDayConstraint": Form(t.LastOfDay, (EVENTS, TIME_GROUPS, TYPE)),
}
"""Every type of constraint by its element: the 16 of XHSTT, then ours."""

OURS = (
    "LimitPlaceChangesConstraint",
    "LimitRoomChangesConstraint",
    "LimitLateStartsConstraint",
    "LimitDoubleShiftsConstraint",
    "LimitParallelConstraint",
    "LastOfDayConstraint",
)

BY_KIND = {form.kind: (tag, form) for tag, form in FORMS.items()}
