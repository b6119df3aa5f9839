"""Random tiny timetabling problems of every constraint type, and random timetables of them: for comparing engines with the evaluator.

Two or three days of two or three times, up to four events of up to three times; every constraint required or a wish, with any cost function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations_with_replacement, product
from random import Random
from typing import Any

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
    LastOfDay,
    LimitBusyTimes,
    LimitDoubleShifts,
    LimitIdleTimes,
    LimitLateStarts,
    LimitParallel,
    LimitPlaceChanges,
    LimitRoomChanges,
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

RESOURCES = (
    *(Resource(name, "class") for name in ("7A", "7B")),
    *(Resource(name, "teacher") for name in "TU"),
    *(Resource(name, "room") for name in "RS"),
)
NAMES = tuple(resource.id for resource in RESOURCES)
CLASSES = NAMES[:2]


class Stated:
    """The parts of a problem under construction, from which its constraints draw."""

    def __init__(self, random: Random, events: int, most: int, schools: bool) -> None:
        self.random = random
        self.schools = schools
        self.days = [TimeGroup(day, tuple(f"{day}{n + 1}" for n in range(random.randint(2, 3)))) for day in "ABC"[: random.randint(2, 3)]]
        run_on = random.random() < 0.5
        self.times = tuple(
            self.of_schools() if schools else (Time(time, d.id, n, runs_on=run_on or n > 0) for d in self.days for n, time in enumerate(d.times))
        )
        self.ids = [time.id for time in self.times]
        self.events = tuple(self.event(f"e{n}", most) for n in range(random.randint(1, events)))
        self.names = [event.id for event in self.events]

    def of_schools(self) -> Iterator[Time]:
        """Each day by the bells of two schools, one of which may begin a little later and make a pause; rarely without a clock."""
        later, pause, clock = self.random.choice((0, 20, 40)), self.random.choice((0, 30)), self.random.random() > 0.15
        for index, day in enumerate(self.days):
            names = [*day.times, *(f"{time}'" for time in day.times)]
            self.days[index] = TimeGroup(day.id, tuple(names))
            for name in names:
                place, period = ("Y", int(name[1])) if name.endswith("'") else ("X", int(name[1]))
                start = 420 + 40 * period + (later if place == "Y" else pause if period > 1 else 0)
                yield Time(name, day.id, period, place, place, period > 1, start if clock else None, start + 40 if clock else None)

    def event(self, name: str, most: int) -> Event:
        random = self.random
        duration = random.randint(1, most)
        needed = [EventResource("class", random.choice(("7A", "7B")), shared=self.schools and random.random() < 0.7)]
        own = random.choice((None, None, 0, 2))
        needed.append(
            EventResource("teacher", random.choice("TU"), workload=own)
            if random.random() < 0.6
            else EventResource("teacher", None, "teacher", workload=own)
        )
        if random.random() < 0.3:
            needed.append(EventResource("room", None, "room"))
        fitting = starts_of(self.times, duration)
        time = random.choice(fitting) if fitting and random.random() < 0.15 else None
        return Event(name, duration, tuple(needed), time, random.choice((None, None, 3)))

    def some(self, of: Sequence[Any], least: int = 1) -> tuple[Any, ...]:
        """A random part, in order."""
        chosen = self.random.sample(range(len(of)), self.random.randint(min(least, len(of)), len(of)))
        return tuple(of[index] for index in sorted(chosen))

    def limits(self, most: int, least: int = 0) -> dict[str, int]:
        low = self.random.randint(least, most)
        return {"minimum": low if self.random.random() < 0.5 else least, "maximum": self.random.randint(low, most)}

    def groups(self) -> tuple[TimeGroup, ...]:
        """Days, and now and then a group of any times, which may have holes and overlap the days."""
        own = (TimeGroup("own", self.some(self.ids)),) if self.random.random() < 0.3 else ()
        return (*self.some(self.days), *own)


Maker = Callable[[Stated, dict[str, Any]], Constraint]

MAKERS: Mapping[type[Constraint], Maker] = {
    AssignTimes: lambda s, k: AssignTimes(events=s.some(s.names), **k),
    AssignResources: lambda s, k: AssignResources(events=s.some(s.names), role=s.random.choice(("teacher", "room")), **k),
    PreferTimes: lambda s, k: PreferTimes(events=s.some(s.names), times=s.some(s.ids), length=s.random.choice((None, None, 1, 2)), **k),
    PreferResources: lambda s, k: PreferResources(events=s.some(s.names), role="teacher", resources=s.some("TU"), **k),
    SplitEvents: lambda s, k: SplitEvents(
        events=s.some(s.names),
        minimum_length=1,
        maximum_length=s.random.randint(1, 3),
        minimum_amount=s.random.randint(1, 2),
        maximum_amount=s.random.randint(2, 3),
        **k,
    ),
    DistributeSplitEvents: lambda s, k: DistributeSplitEvents(events=s.some(s.names), length=s.random.randint(1, 2), **s.limits(2), **k),
    SpreadEvents: lambda s, k: SpreadEvents(event_groups=(s.some(s.names),), time_groups=s.groups(), **s.limits(2), **k),
    LinkEvents: lambda s, k: LinkEvents(event_groups=(s.some(s.names, 2),), **k),
    OrderEvents: lambda s, k: OrderEvents(
        pairs=((s.names[0], s.names[-1], s.random.randint(0, 1), s.random.choice((None, 1, 2))),) if len(s.names) > 1 else (), **k
    ),
    AvoidSplitAssignments: lambda s, k: AvoidSplitAssignments(event_groups=(s.some(s.names),), role="teacher", **k),
    AvoidClashes: lambda s, k: AvoidClashes(resources=s.some(NAMES), **k),
    AvoidUnavailableTimes: lambda s, k: AvoidUnavailableTimes(resources=s.some(NAMES), times=s.some(s.ids)[:3], **k),
    LimitIdleTimes: lambda s, k: LimitIdleTimes(resources=s.some(NAMES), time_groups=s.groups(), **s.limits(2), **k),
    ClusterBusyTimes: lambda s, k: ClusterBusyTimes(resources=s.some(NAMES), time_groups=s.groups(), **s.limits(2), **k),
    LimitBusyTimes: lambda s, k: LimitBusyTimes(resources=s.some(NAMES), time_groups=s.groups(), **s.limits(3), **k),
    LimitWorkload: lambda s, k: LimitWorkload(resources=s.some(NAMES), **s.limits(5), **k),
}
"""How a random constraint of each of XHSTT's types is drawn."""

SCHOOL_MAKERS: Mapping[type[Constraint], Maker] = {
    **MAKERS,
    LinkEvents: lambda s, k: LinkEvents(event_groups=(s.some(s.names, 2),), starts_only=s.random.random() < 0.7, **k),
    LimitPlaceChanges: lambda s, k: LimitPlaceChanges(resources=s.some(NAMES), time_groups=tuple(s.days), maximum=s.random.randint(0, 1), **k),
}
"""The same with what several schools need beyond XHSTT: several bells, shared classes."""

OUR_MAKERS: Mapping[type[Constraint], Maker] = {
    **SCHOOL_MAKERS,
    LimitRoomChanges: lambda s, k: LimitRoomChanges(
        resources=s.some(CLASSES),
        places=s.random.choice(((("R",), ("S",)), (("R", "T"), ("S",)), (("R",), ("T", "S"), ("U",)))),
        time_groups=s.groups(),
        maximum=s.random.randint(0, 2),
        together=s.random.random() < 0.3,
        gap=s.random.choice((None, None, 1, 2)),
        **k,
    ),
    LimitLateStarts: lambda s, k: LimitLateStarts(resources=s.some(NAMES), time_groups=s.groups(), maximum=s.random.randint(0, 2), **k),
    LimitDoubleShifts: lambda s, k: LimitDoubleShifts(
        resources=s.some(NAMES),
        days=tuple((TimeGroup("early", day.times[:1]), TimeGroup("late", day.times[1:])) for day in s.days),
        maximum=s.random.randint(0, 1),
        **k,
    ),
    LimitParallel: lambda s, k: LimitParallel(event_groups=tuple((name,) for name in s.some(s.names)), time_groups=s.groups(), **s.limits(2), **k),
    LastOfDay: lambda s, k: LastOfDay(events=s.some(s.names), type="class", time_groups=tuple(s.days), **k),
}
"""The same with all of our own types."""

OURS = tuple(kind for kind in OUR_MAKERS if kind not in MAKERS)


def random_problem(
    random: Random, kinds: Sequence[type[Constraint]] | None = None, events: int = 4, most: int = 3, schools: bool = False
) -> TimetablingProblem:
    """A random problem.

    Parameters
    ----------
    kinds
        types of its constraints, one each (None = up to eight of any)
    events, most
        at most so many events of at most so many times each
    schools
        two schools with a way between them, shared classes, and our own constraint types
    """
    stated = Stated(random, events, most, schools)
    makers = SCHOOL_MAKERS if schools else MAKERS
    constraints = []
    if kinds is not None:
        makers = OUR_MAKERS if schools or any(kind in OURS for kind in kinds) else MAKERS
    for number, kind in enumerate(random.choices(list(makers), k=random.randint(1, 8)) if kinds is None else kinds):
        common = {"id": f"c{number}", "required": random.random() < 0.5, "weight": random.randint(1, 3), "cost": random.choice(list(CostFunction))}
        constraints.append(makers[kind](stated, common))
    way = random.choice((None, 0, 20))
    travel = {} if way is None else {("X", "Y"): way, ("Y", "X"): way}
    return TimetablingProblem(stated.times, RESOURCES, stated.events, tuple(constraints), travel)


def random_lessons(random: Random, problem: TimetablingProblem, event: Event) -> tuple[Meeting, ...]:
    """An event in random parts at random times (rarely nowhere) with random resources (rarely none)."""
    lessons, left = [], event.duration
    while left:
        length = random.randint(1, left)
        fitting = starts_of(problem.times, length)
        if event.time is not None and event.time not in fitting:
            length = 1
        left -= length
        somewhere = event.time is None and fitting and random.random() > 0.15
        lessons.append(Meeting(event.id, random.choice(fitting) if somewhere else None, length, random_roles(random, problem, event)))
    return tuple(lessons)


def starts_of(times: Sequence[Time], length: int) -> list[str]:
    """Times from which a lesson of this length fits."""
    starts = range(len(times) - length + 1)
    return [times[start].id for start in starts if all(time.runs_on for time in times[start + 1 : start + length])]


def random_roles(random: Random, problem: TimetablingProblem, event: Event) -> dict[str, str]:
    return {
        needed.role: random.choice([resource.id for resource in problem.resources if resource.type == needed.type])
        for needed in event.resources
        if needed.resource is None and random.random() < 0.85
    }


def random_timetable(random: Random, problem: TimetablingProblem) -> tuple[Meeting, ...]:
    return tuple(lesson for event in problem.events for lesson in random_lessons(random, problem, event))


# --- all timetables ----------------------------------------------------------------------------------------------------------------------------


def partitions(duration: int, most: int | None = None) -> Iterator[tuple[int, ...]]:
    """Ways to split an event, the longest lesson first."""
    if duration == 0:
        yield ()
    for length in range(min(duration, most or duration), 0, -1):
        yield from ((length, *rest) for rest in partitions(duration - length, length))


def ways_of(problem: TimetablingProblem, event: Event) -> list[tuple[Meeting, ...]]:
    """All that can become of an event: every splitting, every start that fits (or none), every resource (or none) for its roles."""
    open_roles = [needed for needed in event.resources if needed.resource is None]
    of_type = [[None, *(r.id for r in problem.resources if r.type == needed.type)] for needed in open_roles]
    chosen = [{n.role: r for n, r in zip(open_roles, choice, strict=True) if r is not None} for choice in product(*of_type)]
    found = []
    for lengths in partitions(event.duration):
        by_length = []
        for length in dict.fromkeys(lengths):
            fitting = starts_of(problem.times, length)
            starts = [None, *fitting] if event.time is None else [time for time in fitting if time == event.time]
            lessons = [Meeting(event.id, start, length, roles) for start in starts for roles in chosen]
            by_length.append(list(combinations_with_replacement(lessons, lengths.count(length))))
        found += [tuple(lesson for part in parts for lesson in part) for parts in product(*by_length)]
    return found


def all_timetables(problem: TimetablingProblem) -> Iterator[tuple[Meeting, ...]]:
    """Every timetable in which lessons run on only where their times do; for problems of two or three short events."""
    for parts in product(*(ways_of(problem, event) for event in problem.events)):
        yield tuple(lesson for part in parts for lesson in part)
