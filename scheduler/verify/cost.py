"""What a timetable costs: every constraint of a timetabling problem at every point of application, by the definitions of XHSTT.

The specification of the 16 constraint types, and the twin of the engine's model; knows no solver. A deviation is a whole number at one *point of
application* (an event, an event group, a resource, a pair); its cost is ``weight × f(deviation)`` with f linear, quadratic or step. Costs of
required constraints add up to the infeasibility, of the others to the objective.

Reference: J. Kingston, "High School Timetable Data Format Specification" and the KHE library's evaluator (HSEval); G. Post et al., Annals of
Operations Research 218 (2014).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
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
    LimitBusyTimes,
    LimitIdleTimes,
    LimitWorkload,
    LinkEvents,
    Meeting,
    OrderEvents,
    PreferResources,
    PreferTimes,
    SplitEvents,
    SpreadEvents,
    TimeGroup,
    TimetablingProblem,
)

Point = tuple[str, int]
"""A point of application, by name, and its deviation."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """What one constraint costs at one point of application."""

    constraint: Constraint
    point: str
    deviation: int
    cost: int


@dataclass(frozen=True, slots=True)
class Cost:
    """A timetable's cost; ``deviations`` are those that are not 0, in the order of the constraints."""

    infeasibility: int
    objective: int
    deviations: tuple[Deviation, ...]

    def by_type(self) -> Mapping[str, tuple[int, int]]:
        """(infeasibility, objective) of each constraint type that costs anything, by the type's name."""
        found: dict[str, tuple[int, int]] = {}
        for deviation in self.deviations:
            hard, soft = found.get(name := type(deviation.constraint).__name__, (0, 0))
            found[name] = (hard + deviation.cost, soft) if deviation.constraint.required else (hard, soft + deviation.cost)
        return found


class UnknownConstraintError(ValueError):
    """The problem states something that has no evaluation here: never passed over."""


class MalformedTimetableError(ValueError):
    """A timetable that is none: an unknown event, time or resource, lengths that do not sum to the event's duration, a lesson beyond the week."""


def evaluate(problem: TimetablingProblem, meetings: Sequence[Meeting]) -> Cost:
    """The cost of a timetable.

    Parameters
    ----------
    meetings
        the lessons of every event; an event without any stands as one lesson of its whole duration, where it is preassigned or not at all

    Raises
    ------
    MalformedTimetableError
        the meetings are not a timetable of this problem
    UnknownConstraintError
        a constraint of a type that is not one of XHSTT's
    """
    timetable = Timetable(problem, meetings)
    deviations = []
    for constraint in problem.constraints:
        points = POINTS.get(type(constraint))
        if points is None:
            raise UnknownConstraintError(constraint.id)
        deviations += [
            Deviation(constraint, point, deviation, constraint.weight * weighed(constraint.cost, deviation))
            for point, deviation in points(timetable, constraint)
            if deviation
        ]
    hard = sum(d.cost for d in deviations if d.constraint.required)
    return Cost(hard, sum(d.cost for d in deviations) - hard, tuple(deviations))


def weighed(function: CostFunction, deviation: int) -> int:
    if function is CostFunction.STEP:
        return int(deviation > 0)
    return deviation * deviation if function is CostFunction.QUADRATIC else deviation


def outside(value: int, minimum: int, maximum: int | None) -> int:
    """By how much a value falls short of its minimum or exceeds its maximum."""
    return max(0, minimum - value, value - maximum if maximum is not None else 0)


class Timetable:
    """The meetings of a problem, looked up by event, resource and time."""

    def __init__(self, problem: TimetablingProblem, meetings: Sequence[Meeting]) -> None:
        self.problem = problem
        self.place = {time.id: index for index, time in enumerate(problem.times)}
        self.events = {event.id: event for event in problem.events}
        self.meetings: dict[str, list[Meeting]] = defaultdict(list)
        for meeting in meetings:
            if meeting.event not in self.events:
                raise MalformedTimetableError(meeting.event)
            self.meetings[meeting.event].append(meeting)
        for event in problem.events:
            if event.id not in self.meetings:
                self.meetings[event.id].append(Meeting(event.id, None, event.duration))
            self._refuse_malformed(event)

    def _refuse_malformed(self, event: Event) -> None:
        lessons = self.meetings[event.id]
        if sum(lesson.length for lesson in lessons) != event.duration or any(lesson.length < 1 for lesson in lessons):
            raise MalformedTimetableError(event.id)
        for lesson in lessons:
            start = self.start(lesson)
            if start is not None and start + lesson.length > len(self.place):
                raise MalformedTimetableError(event.id)
            if any(resource not in self.resources for resource in lesson.resources.values()):
                raise MalformedTimetableError(event.id)

    @cached_property
    def resources(self) -> frozenset[str]:
        return frozenset(resource.id for resource in self.problem.resources)

    def start(self, lesson: Meeting) -> int | None:
        """Index of the lesson's first time: its own, else its event's; None where it has none."""
        time = lesson.time if lesson.time is not None else self.events[lesson.event].time
        if time is None:
            return None
        if time not in self.place:
            raise MalformedTimetableError(lesson.event)
        return self.place[time]

    def covered(self, lesson: Meeting) -> range:
        start = self.start(lesson)
        return range(0) if start is None else range(start, start + lesson.length)

    def of_role(self, lesson: Meeting, role: str) -> str | None:
        """The resource that a lesson has for a role of its event: chosen, else preassigned."""
        stated = next((r.resource for r in self.events[lesson.event].resources if r.role == role), None)
        return stated if stated is not None else lesson.resources.get(role)

    def has_role(self, event: str, role: str) -> bool:
        return any(r.role == role for r in self.events[event].resources)

    def attending(self, lesson: Meeting) -> Iterator[tuple[str, int | None]]:
        """(resource, its own workload) of every resource of a lesson."""
        for needed in self.events[lesson.event].resources:
            resource = needed.resource if needed.resource is not None else lesson.resources.get(needed.role)
            if resource is not None:
                yield resource, needed.workload

    @cached_property
    def busy(self) -> Mapping[str, Counter[int]]:
        """How many lessons each resource attends at each time."""
        busy: dict[str, Counter[int]] = defaultdict(Counter)
        for lessons in self.meetings.values():
            for lesson in lessons:
                for resource, _ in self.attending(lesson):
                    busy[resource].update(self.covered(lesson))
        return busy

    @cached_property
    def workload(self) -> Mapping[str, int]:
        """What each resource's lessons weigh together: event's workload × length / duration, the sum rounded up."""
        parts: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for lessons in self.meetings.values():
            for lesson in lessons:
                event = self.events[lesson.event]
                whole = event.workload if event.workload is not None else event.duration
                for resource, own in self.attending(lesson):
                    parts[resource][event.duration] += (whole if own is None else own) * lesson.length
        return {resource: rounded_up(of_resource) for resource, of_resource in parts.items()}

    def times(self, group: TimeGroup) -> list[int]:
        return [self.place[time] for time in group.times]

    def busy_times(self, resource: str, group: TimeGroup) -> list[int]:
        """Positions within the group, in order, at which the resource is busy."""
        busy = self.busy.get(resource, Counter())
        return [position for position, time in enumerate(sorted(self.times(group))) if busy[time]]


def rounded_up(parts: Mapping[int, int]) -> int:
    """Σ amount / duration as a whole number, rounded up; exact."""
    denominator = 1
    for duration in parts:
        denominator *= duration
    numerator = sum(amount * (denominator // duration) for duration, amount in parts.items())
    return -(-numerator // denominator)


# --- events ----------------------------------------------------------------------------------------------------------------------------------


def assign_times(timetable: Timetable, constraint: AssignTimes) -> Iterator[Point]:
    """Each event: times of its duration that have no place."""
    for event in constraint.events:
        yield event, sum(lesson.length for lesson in timetable.meetings[event] if timetable.start(lesson) is None)


def assign_resources(timetable: Timetable, constraint: AssignResources) -> Iterator[Point]:
    """Each event with the role: times of its duration without a resource for it."""
    for event in constraint.events:
        if timetable.has_role(event, constraint.role):
            yield event, sum(lesson.length for lesson in timetable.meetings[event] if timetable.of_role(lesson, constraint.role) is None)


def prefer_times(timetable: Timetable, constraint: PreferTimes) -> Iterator[Point]:
    """Each event: times of its lessons (of the stated length) that start elsewhere; lessons without a place cost nothing here."""
    wanted = {timetable.place[time] for time in constraint.times}
    for event in constraint.events:
        lessons = [lesson for lesson in timetable.meetings[event] if constraint.length in (None, lesson.length)]
        yield event, sum(lesson.length for lesson in lessons if (start := timetable.start(lesson)) is not None and start not in wanted)


def prefer_resources(timetable: Timetable, constraint: PreferResources) -> Iterator[Point]:
    """Each event with the role: times of its lessons that have another resource."""
    for event in constraint.events:
        if timetable.has_role(event, constraint.role):
            chosen = ((lesson.length, timetable.of_role(lesson, constraint.role)) for lesson in timetable.meetings[event])
            yield event, sum(length for length, resource in chosen if resource is not None and resource not in constraint.resources)


def split_events(timetable: Timetable, constraint: SplitEvents) -> Iterator[Point]:
    """Each event: lessons too short or too long, and lessons too few or too many."""
    for event in constraint.events:
        lessons = timetable.meetings[event]
        wrong = sum(not constraint.minimum_length <= lesson.length <= constraint.maximum_length for lesson in lessons)
        yield event, wrong + outside(len(lessons), constraint.minimum_amount, constraint.maximum_amount)


def distribute_split_events(timetable: Timetable, constraint: DistributeSplitEvents) -> Iterator[Point]:
    """Each event: lessons of the stated length too few or too many."""
    for event in constraint.events:
        amount = sum(lesson.length == constraint.length for lesson in timetable.meetings[event])
        yield event, outside(amount, constraint.minimum, constraint.maximum)


def avoid_split_assignments(timetable: Timetable, constraint: AvoidSplitAssignments) -> Iterator[Point]:
    """Each event group: resources for the role beyond the first."""
    for group in constraint.event_groups:
        chosen = {timetable.of_role(lesson, constraint.role) for event in group for lesson in timetable.meetings[event]} - {None}
        yield ", ".join(group), max(0, len(chosen) - 1)


def spread_events(timetable: Timetable, constraint: SpreadEvents) -> Iterator[Point]:
    """Each event group: lessons too few or too many that start in each time group."""
    limits = constraint.limits or ((constraint.minimum, constraint.maximum),) * len(constraint.time_groups)
    for group in constraint.event_groups:
        starts = [timetable.start(lesson) for event in group for lesson in timetable.meetings[event]]
        deviation = 0
        for time_group, (minimum, maximum) in zip(constraint.time_groups, limits, strict=True):
            times = set(timetable.times(time_group))
            deviation += outside(sum(start in times for start in starts), minimum, maximum)
        yield ", ".join(group), deviation


def link_events(timetable: Timetable, constraint: LinkEvents) -> Iterator[Point]:
    """Each event group: times at which some of its events go on, but not all."""
    for group in constraint.event_groups:
        covered = [{time for lesson in timetable.meetings[event] for time in timetable.covered(lesson)} for event in group]
        yield ", ".join(group), len(set().union(*covered)) - len(set.intersection(*covered)) if covered else 0


def order_events(timetable: Timetable, constraint: OrderEvents) -> Iterator[Point]:
    """Each pair with places: times between the last one of the first event and the first one of the second, too few or too many."""
    for first, second, minimum, maximum in constraint.pairs:
        before = [time for lesson in timetable.meetings[first] for time in timetable.covered(lesson)]
        after = [time for lesson in timetable.meetings[second] for time in timetable.covered(lesson)]
        if before and after:
            yield f"{first}, {second}", outside(min(after) - max(before) - 1, minimum, maximum)


# --- resources -------------------------------------------------------------------------------------------------------------------------------


def avoid_clashes(timetable: Timetable, constraint: AvoidClashes) -> Iterator[Point]:
    """Each resource: lessons beyond the first at each time."""
    for resource in constraint.resources:
        yield resource, sum(lessons - 1 for lessons in timetable.busy.get(resource, Counter()).values() if lessons > 1)


def avoid_unavailable_times(timetable: Timetable, constraint: AvoidUnavailableTimes) -> Iterator[Point]:
    """Each resource: times of these at which it is busy."""
    closed = [timetable.place[time] for time in constraint.times]
    for resource in constraint.resources:
        busy = timetable.busy.get(resource, Counter())
        yield resource, sum(busy[time] > 0 for time in closed)


def limit_idle_times(timetable: Timetable, constraint: LimitIdleTimes) -> Iterator[Point]:
    """Each resource: idle times between its first and last busy ones, over all time groups, too few or too many."""
    for resource in constraint.resources:
        idle = 0
        for group in constraint.time_groups:
            busy = timetable.busy_times(resource, group)
            idle += busy[-1] - busy[0] + 1 - len(busy) if busy else 0
        yield resource, outside(idle, constraint.minimum, constraint.maximum)


def cluster_busy_times(timetable: Timetable, constraint: ClusterBusyTimes) -> Iterator[Point]:
    """Each resource: time groups in which it is busy, too few or too many."""
    for resource in constraint.resources:
        groups = sum(bool(timetable.busy_times(resource, group)) for group in constraint.time_groups)
        yield resource, outside(groups, constraint.minimum, constraint.maximum)


def limit_busy_times(timetable: Timetable, constraint: LimitBusyTimes) -> Iterator[Point]:
    """Each resource: busy times too few or too many, in each time group in which it is busy at all."""
    for resource in constraint.resources:
        amounts = [len(timetable.busy_times(resource, group)) for group in constraint.time_groups]
        yield resource, sum(outside(amount, constraint.minimum, constraint.maximum) for amount in amounts if amount)


def limit_workload(timetable: Timetable, constraint: LimitWorkload) -> Iterator[Point]:
    """Each resource: workload too small or too great."""
    for resource in constraint.resources:
        yield resource, outside(timetable.workload.get(resource, 0), constraint.minimum, constraint.maximum)


POINTS: Mapping[type[Constraint], Callable[[Timetable, Any], Iterable[Point]]] = {
    AssignTimes: assign_times,
    AssignResources: assign_resources,
    PreferTimes: prefer_times,
    PreferResources: prefer_resources,
    SplitEvents: split_events,
    DistributeSplitEvents: distribute_split_events,
    AvoidSplitAssignments: avoid_split_assignments,
    SpreadEvents: spread_events,
    LinkEvents: link_events,
    OrderEvents: order_events,
    AvoidClashes: avoid_clashes,
    AvoidUnavailableTimes: avoid_unavailable_times,
    LimitIdleTimes: limit_idle_times,
    ClusterBusyTimes: cluster_busy_times,
    LimitBusyTimes: limit_busy_times,
    LimitWorkload: limit_workload,
}
"""The 16 constraint types of XHSTT with their points of application."""
