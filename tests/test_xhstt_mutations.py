"""From a timetable that keeps everything, one change breaks exactly one of the 16 types, and the evaluator says which."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from scheduler.domain.timetabling import (
    AssignResources,
    AssignTimes,
    AvoidClashes,
    AvoidSplitAssignments,
    AvoidUnavailableTimes,
    ClusterBusyTimes,
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
from scheduler.verify.cost import evaluate

TIMES = tuple(Time(f"{day}{period}", day, period) for day in "AB" for period in (1, 2, 3, 4))
DAYS = tuple(TimeGroup(day, tuple(f"{day}{period}" for period in (1, 2, 3, 4))) for day in "AB")

EVENTS_OF = {
    "Ana": ("assign", "prefer"),
    "Budi": ("split",),
    "Cici": ("distribute",),
    "Dedi": ("spread",),
    "Eko": ("link1",),
    "Fitri": ("link2",),
    "Gita": ("order1", "order2"),
    "Hadi": ("clash1", "clash2"),
    "Ika": ("closed",),
    "Joko": ("idle1", "idle2"),
    "Kiki": ("cluster1", "cluster2"),
    "Lina": ("busy1", "busy2"),
    None: ("choose", "favour", "same1", "same2", "load1", "load2"),
}
TEACHER_OF = {event: teacher for teacher, events in EVENTS_OF.items() for event in events}
DURATIONS = {"split": 3, "distribute": 4, "spread": 2}
TEACHERS = (*(teacher for teacher in EVENTS_OF if teacher), "Mira", "Nina")

EVENTS = tuple(
    Event(name, DURATIONS.get(name, 1), (EventResource("teacher", teacher, "" if teacher else "r"),), workload=3 if name.startswith("load") else None)
    for name, teacher in TEACHER_OF.items()
)

PROBLEM = TimetablingProblem(
    TIMES,
    tuple(Resource(name, "teacher") for name in TEACHERS),
    EVENTS,
    (
        AssignTimes(id="1", events=tuple(TEACHER_OF)),
        AssignResources(id="2", events=tuple(TEACHER_OF), role="r"),
        PreferTimes(id="3", events=("prefer",), times=("A4", "B4")),
        PreferResources(id="4", events=("favour",), role="r", resources=("Mira",)),
        SplitEvents(id="5", events=("split", "clash1"), minimum_length=1, maximum_length=2, minimum_amount=1, maximum_amount=2),
        DistributeSplitEvents(id="6", events=("distribute",), length=2, minimum=2, maximum=2),
        AvoidSplitAssignments(id="7", event_groups=(("same1", "same2"),), role="r"),
        SpreadEvents(id="8", event_groups=(("spread",), ("link1", "order2")), time_groups=DAYS),
        LinkEvents(id="9", event_groups=(("link1", "link2"),)),
        OrderEvents(id="10", pairs=(("order1", "order2", 0, 3),)),
        AvoidClashes(id="11", resources=TEACHERS),
        AvoidUnavailableTimes(id="12", resources=("Ika",), times=("B1", "B2")),
        LimitIdleTimes(id="13", resources=("Joko", "Lina"), time_groups=DAYS),
        ClusterBusyTimes(id="14", resources=("Kiki", "Hadi"), time_groups=DAYS, minimum=1, maximum=1),
        LimitBusyTimes(id="15", resources=("Lina", "Kiki"), time_groups=DAYS, minimum=1, maximum=2),
        LimitBusyTimes(id="16", resources=("Lina",), time_groups=DAYS, minimum=2, maximum=2),
        LimitWorkload(id="17", resources=("Mira",), minimum=0, maximum=8),
        LimitWorkload(id="18", resources=("Nina",), minimum=3, maximum=5),
    ),
)


def lesson(event: str, time: str | None, length: int = 1, teacher: str = "") -> Meeting:
    return Meeting(event, time, length, {"r": teacher} if teacher else {})


GOOD: Mapping[str, tuple[Meeting, ...]] = {
    "assign": (lesson("assign", "A1"),),
    "prefer": (lesson("prefer", "A4"),),
    "split": (lesson("split", "A1", 2), lesson("split", "B1")),
    "distribute": (lesson("distribute", "A1", 2), lesson("distribute", "B1", 2)),
    "spread": (lesson("spread", "A1"), lesson("spread", "B1")),
    "link1": (lesson("link1", "A3"),),
    "link2": (lesson("link2", "A3"),),
    "order1": (lesson("order1", "A2"),),
    "order2": (lesson("order2", "B1"),),
    "clash1": (lesson("clash1", "A1"),),
    "clash2": (lesson("clash2", "A2"),),
    "closed": (lesson("closed", "A1"),),
    "idle1": (lesson("idle1", "A1"),),
    "idle2": (lesson("idle2", "A2"),),
    "cluster1": (lesson("cluster1", "A1"),),
    "cluster2": (lesson("cluster2", "A2"),),
    "busy1": (lesson("busy1", "A1"),),
    "busy2": (lesson("busy2", "A2"),),
    "choose": (lesson("choose", "A1", teacher="Mira"),),
    "favour": (lesson("favour", "A2", teacher="Mira"),),
    "same1": (lesson("same1", "A3", teacher="Nina"),),
    "same2": (lesson("same2", "A4", teacher="Nina"),),
    "load1": (lesson("load1", "B1", teacher="Mira"),),
    "load2": (lesson("load2", "B2", teacher="Nina"),),
}

CHANGES: Mapping[type, tuple[str, tuple[Meeting, ...]]] = {
    AssignTimes: ("assign", (lesson("assign", None),)),
    AssignResources: ("choose", (lesson("choose", "A1"),)),
    PreferTimes: ("prefer", (lesson("prefer", "A3"),)),
    PreferResources: ("favour", (lesson("favour", "A2", teacher="Ana"),)),
    SplitEvents: ("split", (lesson("split", "A1", 3),)),
    DistributeSplitEvents: ("distribute", (lesson("distribute", "A1", 3), lesson("distribute", "B1"))),
    AvoidSplitAssignments: ("same2", (lesson("same2", "A4", teacher="Mira"),)),
    SpreadEvents: ("spread", (lesson("spread", "A1"), lesson("spread", "A2"))),
    LinkEvents: ("link2", (lesson("link2", "A4"),)),
    OrderEvents: ("order1", (lesson("order1", "B2"),)),
    AvoidClashes: ("clash2", (lesson("clash2", "A1"),)),
    AvoidUnavailableTimes: ("closed", (lesson("closed", "B1"),)),
    LimitIdleTimes: ("idle2", (lesson("idle2", "A3"),)),
    ClusterBusyTimes: ("cluster2", (lesson("cluster2", "B2"),)),
    LimitBusyTimes: ("busy2", (lesson("busy2", "B1"),)),
    LimitWorkload: ("load2", (lesson("load2", "B2", teacher="Mira"),)),
}


def meetings(changed: Mapping[str, tuple[Meeting, ...]]) -> list[Meeting]:
    return [meeting for event in EVENTS for meeting in {**GOOD, **changed}[event.id]]


def test_the_good_timetable_keeps_everything() -> None:
    assert evaluate(PROBLEM, meetings({})).deviations == ()


def test_there_is_a_change_for_each_of_the_sixteen_types() -> None:
    assert CHANGES.keys() == {type(constraint) for constraint in PROBLEM.constraints}
    assert len(CHANGES) == 16


@pytest.mark.parametrize("kind", CHANGES, ids=lambda kind: kind.__name__)
def test_one_change_breaks_one_type(kind: type) -> None:
    event, changed = CHANGES[kind]
    found = evaluate(PROBLEM, meetings({event: changed}))
    assert found.infeasibility > 0
    assert {type(deviation.constraint) for deviation in found.deviations} == {kind}
