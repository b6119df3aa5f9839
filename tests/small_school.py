"""A made-up school for tests of the search: full classes, teachers who want no idle times and few days."""

from __future__ import annotations

from dataclasses import replace

from scheduler.domain.timetabling import (
    AssignResources,
    AssignTimes,
    AvoidClashes,
    ClusterBusyTimes,
    Event,
    EventResource,
    LimitIdleTimes,
    Resource,
    SplitEvents,
    SpreadEvents,
    Time,
    TimeGroup,
    TimetablingProblem,
)


def school(classes: int, teachers: int, days: int, periods: int) -> TimetablingProblem:
    """Every class's week is full: a lesson a day with each of as many teachers as a day has periods, who are dealt out to the classes in turn."""
    day_groups = tuple(TimeGroup(f"day {d}", tuple(f"{d}.{n}" for n in range(periods))) for d in range(days))
    times = tuple(Time(time, group.id, n, runs_on=n > 0) for group in day_groups for n, time in enumerate(group.times))
    class_names, teacher_names = tuple(f"class {n}" for n in range(classes)), tuple(f"teacher {n}" for n in range(teachers))
    events = tuple(
        Event(f"{name} with {teacher}", days, (EventResource("class", name), EventResource("teacher", teacher)))
        for number, name in enumerate(class_names)
        for teacher in (teacher_names[(number * periods + turn) % teachers] for turn in range(periods))
    )
    ids = tuple(event.id for event in events)
    constraints = (
        AssignTimes(id="placed", events=ids),
        SplitEvents(id="single hours", events=ids, minimum_length=1, maximum_length=1, minimum_amount=1, maximum_amount=days),
        SpreadEvents(id="once a day", event_groups=tuple((event,) for event in ids), time_groups=day_groups),
        AvoidClashes(id="one at a time", resources=(*class_names, *teacher_names)),
        LimitIdleTimes(id="no idle hours", required=False, resources=teacher_names, time_groups=day_groups),
        ClusterBusyTimes(id="few days", required=False, resources=teacher_names, time_groups=day_groups, maximum=max(1, days - 1)),
    )
    resources = (*(Resource(name, "class") for name in class_names), *(Resource(name, "teacher") for name in teacher_names))
    return TimetablingProblem(times, resources, events, constraints)


def with_rooms(problem: TimetablingProblem, rooms: int) -> TimetablingProblem:
    """The same school where every lesson also takes one of so many rooms."""
    names = tuple(f"room {n}" for n in range(rooms))
    events = tuple(replace(event, resources=(*event.resources, EventResource("room", role="room"))) for event in problem.events)
    return replace(
        problem,
        resources=(*problem.resources, *(Resource(name, "room") for name in names)),
        events=events,
        constraints=(
            *problem.constraints,
            AssignResources(id="with a room", events=tuple(event.id for event in events), role="room"),
            AvoidClashes(id="one class a room", resources=names),
        ),
    )
