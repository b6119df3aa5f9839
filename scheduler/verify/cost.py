"""What a timetable costs: every constraint of a timetabling problem at every point of application, by the definitions of XHSTT.

The specification of the 16 constraint types (and of our own additions), and the twin of the engine's model; knows no solver. A deviation is a whole
number at one *point of application* (an event, an event group, a resource, a pair); its cost is ``weight × f(deviation)`` with f linear, quadratic or
step. Costs of required constraints add up to the infeasibility, of the others to the objective. A point that a constraint names twice (over two
groups, say) costs twice; what is preassigned is no point of a constraint that asks for an assignment or a preference.

Reference: J. Kingston, "High School Timetable File Format Specification: Constraints" and the KHE library's evaluator (HSEval); G. Post et al.,
Annals of Operations Research 218 (2014).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
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
    LimitBusyTimes,
    LimitIdleTimes,
    LimitPlaceChanges,
    LimitWorkload,
    LinkEvents,
    Meeting,
    OrderEvents,
    PreferResources,
    PreferTimes,
    SplitEvents,
    SpreadEvents,
    TimetablingProblem,
)
from scheduler.verify.meetings import NOBODY, MalformedTimetableError, Timetable
from scheduler.verify.school_points import SCHOOL_POINTS

__all__ = ["Cost", "Deviation", "MalformedTimetableError", "UnknownConstraintError", "evaluate", "weighed"]

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
        for deviation in (d for d in self.deviations if d.cost):
            hard, soft = found.get(name := type(deviation.constraint).__name__, (0, 0))
            found[name] = (hard + deviation.cost, soft) if deviation.constraint.required else (hard, soft + deviation.cost)
        return found


class UnknownConstraintError(ValueError):
    """The problem states something that has no evaluation here: never passed over."""


def evaluate(problem: TimetablingProblem, meetings: Sequence[Meeting]) -> Cost:
    """The cost of a timetable.

    Parameters
    ----------
    meetings
        the lessons of every event; where those of an event are shorter than its duration, what is left is one more lesson, at its preassigned time
        or without a place

    Raises
    ------
    MalformedTimetableError
        the meetings are not a timetable of this problem
    UnknownConstraintError
        a constraint of a type that has no evaluation
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


# --- events ----------------------------------------------------------------------------------------------------------------------------------


def assign_times(timetable: Timetable, constraint: AssignTimes) -> Iterator[Point]:
    """Each event: times of its duration that have no place."""
    for event in constraint.events:
        yield event, sum(lesson.length for lesson in timetable.meetings[event] if timetable.start(lesson) is None)


def assign_resources(timetable: Timetable, constraint: AssignResources) -> Iterator[Point]:
    """Each event with the role open: times of its duration without a resource for it."""
    for event in constraint.events:
        if timetable.is_open(event, constraint.role):
            yield event, sum(lesson.length for lesson in timetable.meetings[event] if constraint.role not in lesson.resources)


def prefer_times(timetable: Timetable, constraint: PreferTimes) -> Iterator[Point]:
    """Each event without a preassigned time: times of its lessons (of the stated length) that start elsewhere; without a place they cost nothing."""
    wanted = {timetable.place[time] for time in constraint.times}
    for event in constraint.events:
        if timetable.events[event].time is None:
            lessons = [lesson for lesson in timetable.meetings[event] if constraint.length in (None, lesson.length)]
            yield event, sum(lesson.length for lesson in lessons if (start := timetable.start(lesson)) is not None and start not in wanted)


def prefer_resources(timetable: Timetable, constraint: PreferResources) -> Iterator[Point]:
    """Each event with the role open: times of its lessons that have another resource for it."""
    wanted = frozenset(constraint.resources)
    for event in constraint.events:
        if timetable.is_open(event, constraint.role):
            chosen = ((lesson.length, lesson.resources.get(constraint.role)) for lesson in timetable.meetings[event])
            yield event, sum(length for length, resource in chosen if resource is not None and resource not in wanted)


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
    bounded = list(zip(map(frozenset, timetable.in_order(constraint.time_groups)), limits, strict=True))
    for group in constraint.event_groups:
        starts = [timetable.start(lesson) for event in group for lesson in timetable.meetings[event]]
        yield ", ".join(group), sum(outside(sum(start in times for start in starts), *limit) for times, limit in bounded)


def link_events(timetable: Timetable, constraint: LinkEvents) -> Iterator[Point]:
    """Each event group: times at which some of its events go on, but not all; or with ``starts_only`` lessons that do not start as they should."""
    for group in constraint.event_groups:
        if constraint.starts_only:
            yield ", ".join(group), apart(timetable, group)
        else:
            covered = [{time for lesson in timetable.meetings[event] for time in timetable.covered(lesson)} for event in group]
            yield ", ".join(group), len(set().union(*covered)) - len(set.intersection(*covered)) if covered else 0


def apart(timetable: Timetable, group: Sequence[str]) -> int:
    """Lessons that do not start with the right one of the group's first event that has most lessons: the longest with the longest, and so on."""
    lengths = {event: lengths_by_start(timetable, event) for event in group}
    by_length = {event: sorted((n for at in lengths[event].values() for n in at), reverse=True) for event in group}
    lead = max(group, key=lambda event: len(by_length[event]), default="")
    found = 0
    for event in group:
        together = Counter(pair for start, own in lengths[event].items() for pair in zip(lengths[lead].get(start, ()), own, strict=False))
        found += (Counter(zip(by_length[lead], by_length[event], strict=False)) - together).total()
    return found


def lengths_by_start(timetable: Timetable, event: str) -> Mapping[int | None, Sequence[int]]:
    """Lengths of the lessons that start at each time (None = without a place), the longest first."""
    found: dict[int | None, list[int]] = defaultdict(list)
    for lesson in sorted(timetable.meetings[event], key=lambda lesson: -lesson.length):
        found[timetable.start(lesson)].append(lesson.length)
    return found


def order_events(timetable: Timetable, constraint: OrderEvents) -> Iterator[Point]:
    """Each pair with all lessons placed: times between the end of the first event and the start of the second, too few or too many."""
    for first, second, minimum, maximum in constraint.pairs:
        lessons = (timetable.meetings[first], timetable.meetings[second])
        if not any(timetable.start(lesson) is None for own in lessons for lesson in own):
            before, after = ([time for lesson in own for time in timetable.covered(lesson)] for own in lessons)
            yield f"{first}, {second}", outside(min(after) - max(before) - 1, minimum, maximum)


# --- resources -------------------------------------------------------------------------------------------------------------------------------


def avoid_clashes(timetable: Timetable, constraint: AvoidClashes) -> Iterator[Point]:
    """Each resource: lessons beyond the first at each time, and pairs of times of different bells or places with lessons that clash by the clock."""
    clashing = timetable.clashes.clashing if any(timetable.clashes.clashing) else ()
    for resource in constraint.resources:
        crowd = timetable.crowds.get(resource, NOBODY)
        pairs = sum(other > point for point in crowd for other in clashing[point] if other in crowd) if clashing else 0
        yield resource, pairs + sum(lessons - 1 for lessons in crowd.values())


def avoid_unavailable_times(timetable: Timetable, constraint: AvoidUnavailableTimes) -> Iterator[Point]:
    """Each resource: times of these at which it is busy."""
    closed = {timetable.place[time] for time in constraint.times}
    for resource in constraint.resources:
        yield resource, len(closed & timetable.busy.get(resource, NOBODY).keys())


def limit_idle_times(timetable: Timetable, constraint: LimitIdleTimes) -> Iterator[Point]:
    """Each resource: idle times between its first and last busy ones, over all time groups, too few or too many."""
    groups = timetable.in_order(constraint.time_groups)
    for resource in constraint.resources:
        busy = timetable.busy.get(resource, NOBODY)
        idle = 0
        for group in groups:
            positions = [position for position, time in enumerate(group) if time in busy]
            idle += positions[-1] - positions[0] + 1 - len(positions) if positions else 0
        yield resource, outside(idle, constraint.minimum, constraint.maximum)


def cluster_busy_times(timetable: Timetable, constraint: ClusterBusyTimes) -> Iterator[Point]:
    """Each resource: time groups in which it is busy, too few or too many."""
    groups = timetable.in_order(constraint.time_groups)
    for resource in constraint.resources:
        busy = timetable.busy.get(resource, NOBODY).keys()
        yield resource, outside(sum(not busy.isdisjoint(group) for group in groups), constraint.minimum, constraint.maximum)


def limit_busy_times(timetable: Timetable, constraint: LimitBusyTimes) -> Iterator[Point]:
    """Each resource: busy times too few or too many, in each time group in which it is busy at all."""
    groups = timetable.in_order(constraint.time_groups)
    for resource in constraint.resources:
        busy = timetable.busy.get(resource, NOBODY)
        amounts = [sum(time in busy for time in group) for group in groups]
        yield resource, sum(outside(amount, constraint.minimum, constraint.maximum) for amount in amounts if amount)


def limit_workload(timetable: Timetable, constraint: LimitWorkload) -> Iterator[Point]:
    """Each resource: workload too small or too great, the difference rounded up."""
    for resource in constraint.resources:
        workload = timetable.workload.get(resource, 0)
        yield resource, max(0, ceil(constraint.minimum - workload), ceil(workload - constraint.maximum))


def limit_place_changes(timetable: Timetable, constraint: LimitPlaceChanges) -> Iterator[Point]:
    """Each resource: changes of place beyond the most, over all time groups; where a clock is missing, ``avoid_clashes`` allows no change at all."""
    groups = timetable.in_order(constraint.time_groups)
    for resource in constraint.resources:
        busy = timetable.busy.get(resource, NOBODY)
        beyond = 0
        for group in groups:
            times = [timetable.problem.times[time] for time in group if time in busy]
            if all(time.start is not None for time in times):
                in_order = sorted(times, key=lambda time: time.start or 0)
                changes = sum(before.place != after.place for before, after in pairwise(in_order))
                beyond += max(0, changes - constraint.maximum)
        yield resource, beyond


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
    LimitPlaceChanges: limit_place_changes,
    **SCHOOL_POINTS,
}
"""The 16 constraint types of XHSTT and ours, with their points of application."""
