"""A timetabling problem by numbers: what the model, the neighbourhoods and the cost need, looked up once.

Times and resources are indices in the problem's order. Linked events form one *bundle*, the others a bundle each; a lesson of a bundle is a
``Meet`` and a ``Week`` has the meets of every bundle.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from typing import TypeVar

from scheduler.domain.clashes import Grid, find_clashes
from scheduler.domain.timetabling import (
    AssignResources,
    AssignTimes,
    AvoidClashes,
    AvoidUnavailableTimes,
    ClusterBusyTimes,
    Constraint,
    CostFunction,
    DistributeSplitEvents,
    LimitIdleTimes,
    LimitPlaceChanges,
    LinkEvents,
    Meeting,
    PreferResources,
    PreferTimes,
    SpreadEvents,
    TimetablingProblem,
)

Shape = tuple[int, ...]
"""Length of a lesson for each event of its bundle; 0 = that event has no part in it."""

Meet = tuple[int, Shape, tuple[int, ...]]
"""(first time, shape, room class of each event): one lesson of a bundle; room class ``NO_ROOM`` where no room is to be chosen."""

Week = list[tuple[Meet, ...]]
"""The meets of every bundle, in the order of the bundles."""

NO_ROOM = -1

AnyConstraint = TypeVar("AnyConstraint", bound=Constraint)


@dataclass(frozen=True, slots=True)
class Bundle:
    """Events that start together.

    ``counts`` has how many lessons of each shape there are, ``attending`` who is busy for how long in a shape, ``starts`` at which times such a
    lesson may start at all.
    """

    events: tuple[int, ...]
    counts: Mapping[Shape, int]
    attending: Mapping[Shape, tuple[tuple[int, int], ...]]
    starts: Mapping[Shape, tuple[int, ...]]

    @property
    def hours(self) -> int:
        return sum(max(shape) * count for shape, count in self.counts.items())


@dataclass(frozen=True, slots=True)
class IdleTerm:
    """Times without a lesson between the first and the last one of ``times`` cost ``weight`` each."""

    resource: int
    times: tuple[int, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class DaysTerm:
    """Each group of times with a lesson of the resource costs ``weight``."""

    resource: int
    groups: tuple[frozenset[int], ...]
    weight: int


@dataclass(frozen=True, slots=True)
class SpreadTerm:
    """At most ``maximum`` lessons of the bundles start in each group of times."""

    bundles: tuple[int, ...]
    groups: tuple[frozenset[int], ...]
    maximum: int


class UnsupportedConstraintError(ValueError):
    """The problem states something that the engine does not keep: a caller's mistake, never to be passed over."""


class Frame:
    """Everything of a problem that is looked up again and again.

    Attributes
    ----------
    attends[bundle]
        the resources of a bundle
    bundles_of[resource]
        the bundles a resource attends
    room_classes, room_choices[event]
        rooms that the same events may use are one class with a capacity: which of them it is decides itself afterwards
    """

    def __init__(self, problem: TimetablingProblem) -> None:
        self.problem = problem
        self.times = problem.times
        self._coverable: dict[int, frozenset[int]] = {}
        self._reachable: dict[int, frozenset[int]] = {}
        self.time_index = {time.id: index for index, time in enumerate(problem.times)}
        self.event_index = {event.id: index for index, event in enumerate(problem.events)}
        self.resource_index = {resource.id: index for index, resource in enumerate(problem.resources)}
        refuse_unsupported(problem.constraints)
        self.clashes = find_clashes(problem)
        self.closed = self._closed_times()
        self.bundles = tuple(self._bundles())
        self.bundle_of = {event: index for index, bundle in enumerate(self.bundles) for event in bundle.events}
        self.attends = [tuple(sorted({r for attending in b.attending.values() for r, _ in attending})) for b in self.bundles]
        self.bundles_of: list[list[int]] = [[] for _ in problem.resources]
        for bundle, resources in enumerate(self.attends):
            for resource in resources:
                self.bundles_of[resource].append(bundle)
        self.room_classes, self.room_choices = self._rooms()
        self.single = frozenset(self.resource_index[r] for c in self.all(AvoidClashes) for r in c.resources)
        self.one_way = frozenset(self.resource_index[r] for c in self.all(LimitPlaceChanges) for r in c.resources)
        self.spreads = tuple(self._spreads())
        self.idle_terms = tuple(self._idle_terms())
        self.days_terms = tuple(self._days_terms())
        self.unwanted = self._unwanted()

    def all(self, kind: type[AnyConstraint]) -> Iterator[AnyConstraint]:
        return (constraint for constraint in self.problem.constraints if isinstance(constraint, kind))

    # --- bundles -------------------------------------------------------------------------------------------------------------------

    def _bundles(self) -> Iterable[Bundle]:
        blocks = self._blocks()
        preferred = self._preferred_times()
        linked: dict[int, tuple[int, ...]] = {}
        for constraint in self.all(LinkEvents):
            for group in constraint.event_groups:
                members = tuple(self.event_index[event] for event in group)
                linked.update(dict.fromkeys(members, members))
        done: set[int] = set()
        for event in range(len(self.problem.events)):
            if event not in done:
                events = linked.get(event, (event,))
                done.update(events)
                counts = Counter(zip_longest(*(blocks[member] for member in events), fillvalue=0))
                attending = {shape: self._attending(events, shape) for shape in counts}
                starts = {shape: tuple(self._starts(events, shape, preferred)) for shape in counts}
                yield Bundle(events, counts, attending, starts)

    def _blocks(self) -> list[tuple[int, ...]]:
        """Lengths of every event's lessons, the longest first."""
        lengths: list[dict[int, int]] = [{} for _ in self.problem.events]
        for constraint in self.all(DistributeSplitEvents):
            for event in constraint.events:
                lengths[self.event_index[event]][constraint.length] = constraint.minimum
        for stated, counts in zip(self.problem.events, lengths, strict=True):
            if sum(length * count for length, count in counts.items()) != stated.duration:
                raise UnsupportedConstraintError(stated.id)
        return [tuple(length for length in sorted(counts, reverse=True) for _ in range(counts[length])) for counts in lengths]

    def _attending(self, events: Sequence[int], shape: Shape) -> tuple[tuple[int, int], ...]:
        """(resource, length) of everybody in a lesson; one who would attend two linked events at once stands there twice."""
        shared: dict[int, int] = {}
        alone: list[tuple[int, int]] = []
        for event, length in zip(events, shape, strict=True):
            for needed in self.problem.events[event].resources if length else ():
                if needed.resource is not None:
                    resource = self.resource_index[needed.resource]
                    if needed.shared:
                        shared[resource] = max(shared.get(resource, 0), length)
                    else:
                        alone.append((resource, length))
        return (*shared.items(), *alone)

    def _starts(self, events: Sequence[int], shape: Shape, preferred: Mapping[tuple[int, int], frozenset[int]]) -> Iterator[int]:
        """Times at which the lesson runs on without a gap and nobody it needs is away; none where somebody would be in it twice."""
        attending = self._attending(events, shape)
        if len({resource for resource, _ in attending}) < len(attending):
            return
        taking_part = [(event, length) for event, length in zip(events, shape, strict=True) if length]
        wanted = [preferred[part] for part in taking_part if part in preferred]
        stated = [time for event, _ in taking_part if (time := self.problem.events[event].time) is not None]
        away = [(self.closed[r], length) for r, length in attending if self.closed[r]]
        longest = max(shape)
        for start in range(len(self.times)):
            if (
                self._runs(start, longest)
                and all(start in times for times in wanted)
                and all(time == self.times[start].id for time in stated)
                and all(closed.isdisjoint(range(start, start + length)) for closed, length in away)
            ):
                yield start

    def _runs(self, start: int, length: int) -> bool:
        return start + length <= len(self.times) and all(self.times[start + step].runs_on for step in range(1, length))

    def _preferred_times(self) -> Mapping[tuple[int, int], frozenset[int]]:
        """Starts that PreferTimes leaves, by (event, length); no entry = all."""
        found: dict[tuple[int, int], frozenset[int]] = {}
        for constraint in self.all(PreferTimes):
            times = self._indices(constraint.times)
            for event in (self.event_index[stated] for stated in constraint.events):
                lengths = [constraint.length] if constraint.length else range(1, self.problem.events[event].duration + 1)
                for length in lengths:
                    found[event, length] = found.get((event, length), times) & times
        return found

    def _closed_times(self) -> list[frozenset[int]]:
        closed: list[set[int]] = [set() for _ in self.problem.resources]
        for constraint in self.all(AvoidUnavailableTimes):
            for resource in constraint.resources if constraint.required else ():
                closed[self.resource_index[resource]].update(self._indices(constraint.times))
        return [frozenset(times) for times in closed]

    # --- the other constraints -------------------------------------------------------------------------------------------------------

    def _rooms(self) -> tuple[tuple[tuple[str, ...], ...], list[tuple[int, ...]]]:
        wanted: dict[int, tuple[str, ...]] = {}
        for constraint in self.all(PreferResources):
            wanted.update((self.event_index[event], constraint.resources) for event in constraint.events)
        users: dict[str, list[int]] = defaultdict(list)
        for event, rooms in wanted.items():
            for room in rooms:
                users[room].append(event)
        classes: dict[tuple[int, ...], list[str]] = defaultdict(list)
        for room, events in users.items():
            classes[tuple(events)].append(room)
        choices = [tuple(index for index, events in enumerate(classes) if event in events) for event in range(len(self.problem.events))]
        return tuple(tuple(rooms) for rooms in classes.values()), choices

    def _spreads(self) -> Iterable[SpreadTerm]:
        for constraint in self.all(SpreadEvents):
            groups = tuple(self._indices(group.times) for group in constraint.time_groups)
            for event_group in constraint.event_groups:
                bundles = dict.fromkeys(self.bundle_of[self.event_index[event]] for event in event_group)
                yield SpreadTerm(tuple(bundles), groups, constraint.maximum)

    def _idle_terms(self) -> Iterable[IdleTerm]:
        for constraint in self.all(LimitIdleTimes):
            for resource in constraint.resources:
                for group in constraint.time_groups:
                    yield IdleTerm(self.resource_index[resource], tuple(sorted(self._indices(group.times))), constraint.weight)

    def _days_terms(self) -> Iterable[DaysTerm]:
        for constraint in self.all(ClusterBusyTimes):
            groups = tuple(self._indices(group.times) for group in constraint.time_groups)
            for resource in constraint.resources:
                yield DaysTerm(self.resource_index[resource], groups, constraint.weight)

    def _unwanted(self) -> Mapping[tuple[int, int], int]:
        """Cost of a resource's being busy at a time."""
        costs: dict[tuple[int, int], int] = defaultdict(int)
        for constraint in self.all(AvoidUnavailableTimes):
            for resource in constraint.resources if not constraint.required else ():
                for time in constraint.times:
                    costs[self.resource_index[resource], self.time_index[time]] += constraint.weight
        return dict(costs)

    def _indices(self, times: Iterable[str]) -> frozenset[int]:
        return frozenset(self.time_index[time] for time in times)

    @cached_property
    def wishers(self) -> tuple[int, ...]:
        """Resources whose idle times or days cost something (teachers), with lessons."""
        return tuple(sorted(r for r in {*(t.resource for t in self.idle_terms), *(t.resource for t in self.days_terms)} if self.bundles_of[r]))

    @cached_property
    def fillers(self) -> tuple[int, ...]:
        """The other resources that attend one event at a time (classes), with lessons."""
        return tuple(sorted(r for r in self.single if r not in set(self.wishers) and self.bundles_of[r]))

    @cached_property
    def wisher_set(self) -> frozenset[int]:
        return frozenset(self.wishers)

    @cached_property
    def filler_set(self) -> frozenset[int]:
        return frozenset(self.fillers)

    @cached_property
    def day_names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(time.day for time in self.times))

    @cached_property
    def grids_of(self) -> list[frozenset[Grid]]:
        """The (day, place, bell) at which a resource may be."""
        return [
            frozenset(self.clashes.grid(start) for bundle in bundles for starts in self.bundles[bundle].starts.values() for start in starts)
            for bundles in self.bundles_of
        ]

    def places_of(self, resource: int) -> frozenset[str]:
        return frozenset(place for _, place, _ in self.grids_of[resource])

    def hours_of(self, resource: int) -> dict[int, int]:
        """Hours a week of a resource in each of its bundles."""
        hours: dict[int, int] = defaultdict(int)
        for index in self.bundles_of[resource]:
            bundle = self.bundles[index]
            for shape, count in bundle.counts.items():
                hours[index] += sum(length * count for attendee, length in bundle.attending[shape] if attendee == resource)
        return dict(hours)

    def coverable_by(self, bundle: int) -> frozenset[int]:
        """Times that a lesson of the bundle can take."""
        if bundle not in self._coverable:
            starts = self.bundles[bundle].starts.items()
            self._coverable[bundle] = frozenset(time for shape, times in starts for start in times for time in range(start, start + max(shape)))
        return self._coverable[bundle]

    def coverable(self, resource: int) -> frozenset[int]:
        """Times at which the resource can be in a lesson."""
        if resource not in self._reachable:
            self._reachable[resource] = frozenset().union(*(self.coverable_by(bundle) for bundle in self.bundles_of[resource]))
        return self._reachable[resource]

    def daily_times(self, resource: int) -> dict[str, int]:
        """Most times on each day at which the resource can be in a lesson, no two of them overlapping by the clock."""
        by_day: dict[str, list[int]] = defaultdict(list)
        for time in sorted(self.coverable(resource)):
            by_day[self.times[time].day].append(time)
        return {day: self._most_apart(times) for day, times in by_day.items()}

    def _most_apart(self, times: Sequence[int]) -> int:
        """An upper bound of how many of the times do not clash: by earliest end where all have a clock, else the longest bell of the day.

        Ways between schools are left out, so the true number may be smaller, never larger.
        """
        bells = Counter(self.clashes.grid(time) for time in times)
        if len(bells) < 2:
            return len(times)
        if any(self.times[time].start is None or self.times[time].end is None for time in times):
            return max(bells.values()) if all(self._exclude(times, grid) for grid in bells) else len(times)
        count, last_end = 0, -1
        for start, end in sorted(((self.times[time].start or 0, self.times[time].end or 0) for time in times), key=lambda clock: clock[1]):
            if start >= last_end:
                count, last_end = count + 1, end
        return max(count, *bells.values())

    def _exclude(self, times: Sequence[int], grid: Grid) -> bool:
        """Whether every time of the grid clashes with every time outside it."""
        others = frozenset(time for time in times if self.clashes.grid(time) != grid)
        return all(self.clashes.clashing[time] >= others for time in times if self.clashes.grid(time) == grid)

    # --- a week ----------------------------------------------------------------------------------------------------------------------

    def covered(self, start: int, length: int) -> tuple[int, ...]:
        """Points of a lesson: its times, and the pauses it runs over that other bells have times in."""
        times = range(start, start + length)
        pauses = self.clashes.pause_after
        return (*times, *(pauses[time] for time in times[:-1] if time in pauses)) if pauses else tuple(times)

    def busy_points(self, week: Week) -> list[set[int]]:
        """For each resource the points at which it is busy."""
        busy: list[set[int]] = [set() for _ in self.problem.resources]
        for bundle, meets in zip(self.bundles, week, strict=True):
            for start, shape, _ in meets:
                for resource, length in bundle.attending[shape]:
                    busy[resource].update(self.covered(start, length))
        return busy

    def cost(self, week: Week) -> int:
        """What the week's wishes cost together."""
        busy = self.busy_points(week)
        total = sum(term.weight * idle_in(term, busy[term.resource]) for term in self.idle_terms)
        total += sum(term.weight * days_in(term, busy[term.resource]) for term in self.days_terms)
        return total + sum(weight for (resource, time), weight in self.unwanted.items() if time in busy[resource])

    def meetings(self, week: Week) -> Iterator[tuple[Meeting, int]]:
        """The lessons of every event in the problem's words, with their class of rooms."""
        for bundle, meets in zip(self.bundles, week, strict=True):
            for start, shape, rooms in meets:
                for event, length, room in zip(bundle.events, shape, rooms, strict=True):
                    if length:
                        yield Meeting(self.problem.events[event].id, self.times[start].id, length), room


def idle_in(term: IdleTerm, busy: Set[int]) -> int:
    return idle_between([time in busy for time in term.times])


def days_in(term: DaysTerm, busy: Set[int]) -> int:
    return sum(not group.isdisjoint(busy) for group in term.groups)


def idle_between(busy: Sequence[bool]) -> int:
    """Free times between the first and the last busy one."""
    count = sum(busy)
    if count < 2:
        return 0
    return len(busy) - busy.index(True) - busy[::-1].index(True) - count


def refuse_unsupported(constraints: Iterable[Constraint]) -> None:
    """Raise for what the engine does not keep: other types, wishes that it takes as rules, limits other than those it knows."""
    for constraint in constraints:
        if constraint.cost is not CostFunction.LINEAR or not is_supported(constraint):
            raise UnsupportedConstraintError(constraint.id)


def is_supported(constraint: Constraint) -> bool:
    if constraint.id == "week_wishes":
        return False
    if isinstance(constraint, AvoidUnavailableTimes):
        return True
    if isinstance(constraint, LimitIdleTimes | ClusterBusyTimes):
        return not constraint.required and (constraint.minimum, constraint.maximum) == (0, 0)
    if not constraint.required:
        return False
    if isinstance(constraint, DistributeSplitEvents):
        return constraint.minimum == constraint.maximum
    if isinstance(constraint, SpreadEvents):
        return constraint.minimum == 0
    if isinstance(constraint, LimitPlaceChanges):
        return constraint.maximum == 1
    return isinstance(constraint, AssignTimes | PreferTimes | LinkEvents | AvoidClashes | AssignResources | PreferResources)
