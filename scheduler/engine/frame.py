"""A timetabling problem by numbers: what the model, the neighbourhoods and the running cost need, looked up once.

Times, resources and events are indices in the problem's order. A ``Meet`` is one lesson, a ``Week`` has the meets of every event. Events that
required constraints link are one *bundle*: their lessons start together and are decided once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, NamedTuple

from scheduler.domain import timetabling as t
from scheduler.domain.clashes import find_clashes
from scheduler.engine import points as p


class Meet(NamedTuple):
    """One lesson of an event: its first time (None = it has no place), its length, and the resource for each open role (None = nobody)."""

    start: int | None
    length: int
    resources: tuple[int | None, ...]


Week = list[tuple[Meet, ...]]
"""The meets of every event, in the order of the events; each event's in order of time."""

Shape = tuple[int, ...]
"""Length of a lesson for each event of its bundle; 0 = that event has no part in it."""


@dataclass(frozen=True, slots=True)
class OpenRole:
    """A resource to be chosen: ``allowed`` keeps every required preference, ``possible`` is everything of the type.

    ``workload`` is that of the whole event.
    """

    role: str
    possible: tuple[int, ...]
    allowed: tuple[int, ...]
    workload: int


@dataclass(frozen=True, slots=True)
class Lengths:
    """How an event may be split: (fewest, most) lessons of each length, and of all together."""

    counts: Mapping[int, tuple[int, int]]
    total: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Bundle:
    """Events that start together.

    ``shapes``: every form that a lesson can take, with the times at which it may start; ``legal`` those of them at which nothing required forbids it,
    ``attending`` who attends for how long.
    """

    events: tuple[int, ...]
    shapes: Mapping[Shape, tuple[int, ...]]
    legal: Mapping[Shape, tuple[int, ...]]
    attending: Mapping[Shape, tuple[tuple[int, int], ...]]


class UnsupportedConstraintError(ValueError):
    """The problem states something that the engine does not keep: a caller's mistake, never to be passed over."""


class Frame:
    """Everything of a problem that is looked up again and again.

    Attributes
    ----------
    fixed[event], fixed_workloads[event], open[event]
        preassigned resources as (resource, shared) and as (resource, what the event weighs for it), and roles to be filled
    legal[event][length], starts[event][length]
        times at which such a lesson may start without breaking a required preference or unavailability of its preassigned resources; and the same,
        but where there is none, every time at which it fits
    lengths[event]
        how it may be split
    bundles, bundle_of[event]
        events that required links hold together
    narrowed
        events that could be timetabled in ways that their bundle leaves out: nothing is proved of them
    points, points_of_event[event], points_of_resource[resource]
        points of application, and those whose deviation may change with an event's lessons or a resource's
    single
        resources for which two lessons at once are a required clash
    events_of[resource]
        events that have the resource preassigned or may choose it
    """

    def __init__(self, problem: t.TimetablingProblem) -> None:
        self.problem = problem
        self.times = problem.times
        self.time_index = {time.id: index for index, time in enumerate(problem.times)}
        self.run_ends = run_ends(problem.times)
        self.event_index = {event.id: index for index, event in enumerate(problem.events)}
        self.resource_index = {resource.id: index for index, resource in enumerate(problem.resources)}
        self.clashes = find_clashes(problem)
        self.apart = any(self.clashes.clashing)
        self.durations = [event.duration for event in problem.events]
        self.stated_time = [None if event.time is None else self.time_index[event.time] for event in problem.events]
        self.fixed = [tuple((self.resource_index[r.resource], r.shared) for r in e.resources if r.resource is not None) for e in problem.events]
        self.fixed_workloads = [
            tuple((self.resource_index[r.resource], weight_of(e, r)) for r in e.resources if r.resource is not None) for e in problem.events
        ]
        self.single = {self.resource_index[r] for c in self.all(t.AvoidClashes) if c.required for r in c.resources}
        self.closed = self._closed_times()
        self.open = self._open_roles()
        self.events_of = self._events_of()
        self._splitting = self._splitting_constraints()
        self.lengths = [self._lengths(event) for event in range(len(problem.events))]
        self._preferred = self._preferred_times()
        self.legal = [{n: self._legal(event, n) for n in self.lengths[event].counts} for event in range(len(problem.events))]
        self.starts = [{n: legal or self._fitting(event, n) for n, legal in own.items()} for event, own in enumerate(self.legal)]
        self._parted: set[int] = set()
        self.narrowed: set[int] = set()
        self.bundles = tuple(self._bundles())
        self.bundle_of = {event: index for index, bundle in enumerate(self.bundles) for event in bundle.events}
        self.points = tuple(self._points())
        self.points_of_event, self.points_of_resource = self._points_by()

    def all(self, kind: type[Any]) -> Iterator[Any]:
        """The problem's constraints of a type."""
        return (constraint for constraint in self.problem.constraints if isinstance(constraint, kind))

    # --- events ----------------------------------------------------------------------------------------------------------------------

    def _open_roles(self) -> list[tuple[OpenRole, ...]]:
        of_type: dict[str, list[int]] = defaultdict(list)
        for index, resource in enumerate(self.problem.resources):
            of_type[resource.type].append(index)
        wanted: dict[tuple[str, str], frozenset[int]] = {}
        for constraint in self.all(t.PreferResources):
            chosen = frozenset(self.resource_index[r] for r in constraint.resources)
            for event in constraint.events if constraint.required else ():
                key = (event, constraint.role)
                wanted[key] = wanted.get(key, chosen) & chosen
        found = []
        for event in self.problem.events:
            roles = []
            for needed in event.resources:
                if needed.resource is None:
                    possible = tuple(of_type[needed.type])
                    only = wanted.get((event.id, needed.role))
                    allowed = possible if only is None else tuple(r for r in possible if r in only)
                    roles.append(OpenRole(needed.role, possible, allowed or possible, weight_of(event, needed)))
            found.append(tuple(roles))
        return found

    def _events_of(self) -> list[tuple[int, ...]]:
        found: list[dict[int, None]] = [{} for _ in self.problem.resources]
        for event, fixed in enumerate(self.fixed):
            for resource in (*(r for r, _ in fixed), *(r for role in self.open[event] for r in role.possible)):
                found[resource][event] = None
        return [tuple(events) for events in found]

    def _closed_times(self) -> list[frozenset[int]]:
        closed: list[set[int]] = [set() for _ in self.problem.resources]
        for constraint in self.all(t.AvoidUnavailableTimes):
            for resource in constraint.resources if constraint.required else ():
                closed[self.resource_index[resource]].update(self.indices(constraint.times))
        return [frozenset(times) for times in closed]

    def _preferred_times(self) -> dict[tuple[int, int], frozenset[int]]:
        """Starts that required preferences leave, by (event, length); no entry = all. A preassigned time is no choice."""
        found: dict[tuple[int, int], frozenset[int]] = {}
        for constraint in self.all(t.PreferTimes):
            times = frozenset(self.indices(constraint.times))
            for event in choosing_time(self, constraint) if constraint.required else ():
                for length in (constraint.length,) if constraint.length else self.lengths[event].counts:
                    found[event, length] = found.get((event, length), times) & times
        return found

    def _lengths(self, event: int) -> Lengths:
        """What required constraints leave; where they contradict each other or the duration, every splitting (and the cost will say so)."""
        duration, name = self.durations[event], self.problem.events[event].id
        counts = {length: (0, duration // length) for length in range(1, duration + 1)}
        fewest, most = 1, duration
        for constraint in self._splitting.get(name, ()):
            if isinstance(constraint, t.SplitEvents):
                counts = {n: c for n, c in counts.items() if constraint.minimum_length <= n <= constraint.maximum_length}
                fewest, most = max(fewest, constraint.minimum_amount), min(most, constraint.maximum_amount)
            elif constraint.length in counts:
                low, high = counts[constraint.length]
                counts[constraint.length] = (max(low, constraint.minimum), min(high, constraint.maximum))
        counts = {length: bounds for length, bounds in counts.items() if bounds[1] > 0}
        if sum(length * low for length, (low, _) in counts.items()) == duration:
            counts = {length: (low, low) for length, (low, _) in counts.items() if low}
        if can_be_split(duration, counts, fewest, most):
            return Lengths(counts, (fewest, most))
        return Lengths({length: (0, duration // length) for length in range(1, duration + 1)}, (1, duration))

    def _splitting_constraints(self) -> Mapping[str, Sequence[Any]]:
        found: dict[str, list[Any]] = defaultdict(list)
        for constraint in (*self.all(t.SplitEvents), *self.all(t.DistributeSplitEvents)):
            for event in constraint.events if constraint.required else ():
                found[event].append(constraint)
        return found

    def _fitting(self, event: int, length: int) -> tuple[int, ...]:
        """Starts at which a lesson fits into the week, whatever it breaks."""
        stated = self.stated_time[event]
        return tuple(start for start in range(len(self.times)) if self.runs(start, length) and stated in (None, start))

    def _legal(self, event: int, length: int) -> tuple[int, ...]:
        """Starts that keep the required preferences, and at which nobody preassigned is away."""
        wanted = self._preferred.get((event, length))
        closed = frozenset[int]().union(*(self.closed[resource] for resource, _ in self.fixed[event]))
        return tuple(
            start for start in self._fitting(event, length) if (wanted is None or start in wanted) and closed.isdisjoint(range(start, start + length))
        )

    def runs(self, start: int, length: int) -> bool:
        """Whether a lesson of this length fits from this time on."""
        return start + length <= self.run_ends[start]

    # --- bundles ---------------------------------------------------------------------------------------------------------------------

    def _bundles(self) -> Iterator[Bundle]:
        linked: dict[int, tuple[int, ...]] = {}
        for constraint in self.all(t.LinkEvents):
            for group in constraint.event_groups if constraint.required else ():
                named = (self.event_index[event] for event in group)
                events = dict.fromkeys(member for event in named for member in linked.get(event, (event,)))
                if len(events) > 1 and self._can_be_one(tuple(events), constraint.starts_only):
                    linked.update((event, tuple(events)) for event in events)
                    self._parted.update(events if constraint.starts_only else ())
        done: set[int] = set()
        for event in range(len(self.problem.events)):
            if event not in done:
                members = linked.get(event, (event,))
                done.update(members)
                if len(members) > 1 and self._is_narrower(members):
                    self.narrowed.update(members)
                yield self._bundle(members)

    def _is_narrower(self, events: Sequence[int]) -> bool:
        """Whether the events could be timetabled in ways that their bundle leaves out: split unlike each other, or with somebody in two at once."""
        everybody = range(len(self.problem.resources))
        return any(self.blocks(event) is None for event in events) or (
            self._meet_themselves(events, everybody) and not self._meet_themselves(events, self.single)
        )

    def _can_be_one(self, events: Sequence[int], starts_only: bool) -> bool:
        """Alike in length and splitting, or each split in one way only; and nobody preassigned to two of them, unless shared or for good."""
        stated = {self.stated_time[event] for event in events} - {None}
        if (stated or not starts_only) and self._meet_themselves(events, range(len(self.problem.resources)) if starts_only else self.single):
            return False
        if stated and any(stated != set(starts) & stated for event in events for starts in self.starts[event].values()):
            return False
        first = self.lengths[events[0]]
        alike = all(self.lengths[event] == first and self.durations[event] == self.durations[events[0]] for event in events)
        return alike or (starts_only and all(self.blocks(event) is not None for event in events))

    def _meet_themselves(self, events: Sequence[int], resources: Container[int]) -> bool:
        """Whether one of the resources would be in two of the lessons at once."""
        unshared = [r for event in events for r, shared in self.fixed[event] if not shared and r in resources]
        return len(set(unshared)) < len(unshared)

    def blocks(self, event: int) -> tuple[int, ...] | None:
        """Lengths of its lessons, the longest first, where they are settled; else None."""
        counts = self.lengths[event].counts
        if sum(length * low for length, (low, _) in counts.items()) != self.durations[event]:
            return None
        return tuple(length for length in sorted(counts, reverse=True) for _ in range(counts[length][0]))

    def _bundle(self, events: tuple[int, ...]) -> Bundle:
        first = self.lengths[events[0]]
        if all(self.lengths[event] == first for event in events):
            shapes = [(length,) * len(events) for length in sorted(first.counts, reverse=True)]
        else:
            shapes = list(dict.fromkeys(zip_longest(*(self.blocks(event) or () for event in events), fillvalue=0)))
        attending = {shape: self.attending(events, shape) for shape in shapes}
        starts = {shape: self._common(self.starts, events, shape) for shape in shapes}
        return Bundle(events, starts, {shape: self._common(self.legal, events, shape) for shape in shapes}, attending)

    def _common(self, starts: Sequence[Mapping[int, Sequence[int]]], events: Sequence[int], shape: Shape) -> tuple[int, ...]:
        """Times at which all lessons of a shape may start; none where somebody would be in two of them."""
        taking_part = [event for event, length in zip(events, shape, strict=True) if length]
        parted = not self._parted.isdisjoint(taking_part)  # nobody can be with two groups of a class that parts, clashes or not
        if self._meet_themselves(taking_part, range(len(self.problem.resources)) if parted else self.single):
            return ()
        common = [set(starts[event][length]) for event, length in zip(events, shape, strict=True) if length]
        return tuple(sorted(set.intersection(*common)))

    def attending(self, events: Sequence[int], shape: Shape) -> tuple[tuple[int, int], ...]:
        """(preassigned resource, length) of everybody in a lesson; a shared one stands there once."""
        shared: dict[int, int] = {}
        alone: list[tuple[int, int]] = []
        for event, length in zip(events, shape, strict=True):
            for resource, is_shared in self.fixed[event] if length else ():
                if is_shared:
                    shared[resource] = max(shared.get(resource, 0), length)
                else:
                    alone.append((resource, length))
        return (*shared.items(), *alone)

    # --- points ----------------------------------------------------------------------------------------------------------------------

    def _points(self) -> Iterator[p.Point]:
        for index, constraint in enumerate(self.problem.constraints):
            make = MAKERS.get(type(constraint))
            if make is None:
                raise UnsupportedConstraintError(constraint.id)
            common = {
                "constraint": index,
                "rule": constraint.id,
                "required": constraint.required,
                "weight": constraint.weight,
                "cost": constraint.cost,
            }
            yield from make(self, constraint, common)

    def _points_by(self) -> tuple[list[tuple[int, ...]], list[tuple[int, ...]]]:
        of_event: list[list[int]] = [[] for _ in self.problem.events]
        of_resource: list[list[int]] = [[] for _ in self.problem.resources]
        for index, point in enumerate(self.points):
            if isinstance(point, p.ResourcePoint):
                of_resource[point.resource].append(index)
            else:
                for resource in point.resources if isinstance(point, p.LastOfDayPoint) else ():
                    of_resource[resource].append(index)
                for event in dict.fromkeys(point.events):
                    of_event[event].append(index)
        return [tuple(x) for x in of_event], [tuple(x) for x in of_resource]

    def indices(self, times: Iterable[str]) -> tuple[int, ...]:
        return tuple(sorted(self.time_index[time] for time in times))

    def roles_of(self, event: int, role: str) -> tuple[int, ...]:
        """Numbers of an event's open roles of this name."""
        return tuple(number for number, open_role in enumerate(self.open[event]) if open_role.role == role)

    # --- weeks -----------------------------------------------------------------------------------------------------------------------

    def covered(self, start: int, length: int) -> tuple[int, ...]:
        """Points of a lesson: its times, and the pauses it runs over that other bells have times in."""
        pauses = self.clashes.pause_after
        times = range(start, start + length)
        return (*times, *(pauses[time] for time in times[:-1] if time in pauses)) if pauses else tuple(times)

    def attendees(self, event: int, meet: Meet) -> Iterator[int]:
        yield from (resource for resource, _ in self.fixed[event])
        yield from (resource for resource in meet.resources if resource is not None)

    def empty_week(self) -> Week:
        """Every event as one lesson without a place."""
        return [
            (Meet(stated, duration, (None,) * len(roles)),)
            for stated, duration, roles in zip(self.stated_time, self.durations, self.open, strict=True)
        ]

    def week_of(self, meetings: Iterable[t.Meeting]) -> Week:
        """The meetings of a problem by numbers; events without any stand as in an empty week."""
        found: dict[int, list[Meet]] = defaultdict(list)
        for meeting in meetings:
            event = self.event_index[meeting.event]
            start = self.stated_time[event] if meeting.time is None else self.time_index[meeting.time]
            chosen = (meeting.resources.get(role.role) for role in self.open[event])
            resources = tuple(None if resource is None else self.resource_index[resource] for resource in chosen)
            found[event].append(Meet(start, meeting.length, resources))
        return [in_order(found[event]) if event in found else meets for event, meets in enumerate(self.empty_week())]

    def meetings_of(self, week: Week) -> Iterator[t.Meeting]:
        """A week in the problem's words."""
        for event, meets in enumerate(week):
            for meet in meets:
                chosen = {
                    role.role: self.problem.resources[resource].id
                    for role, resource in zip(self.open[event], meet.resources, strict=True)
                    if resource is not None
                }
                time = None if meet.start is None else self.times[meet.start].id
                yield t.Meeting(self.problem.events[event].id, time, meet.length, chosen)


def run_ends(times: Sequence[t.Time]) -> list[int]:
    """For every time the end of the run of times that follow each other from it on: the first index beyond."""
    ends = list(range(1, len(times) + 1))
    for time in range(len(times) - 2, -1, -1):
        if times[time + 1].runs_on:
            ends[time] = ends[time + 1]
    return ends


def weight_of(event: t.Event, needed: t.EventResource) -> int:
    """What the whole event weighs for one of its resources."""
    whole = event.duration if event.workload is None else event.workload
    return whole if needed.workload is None else needed.workload


def in_order(meets: Iterable[Meet]) -> tuple[Meet, ...]:
    """Meets by time, those without a place last."""
    none = 1 << 30
    return tuple(sorted(meets, key=lambda m: (none if m.start is None else m.start, -m.length, tuple(-1 if r is None else r for r in m.resources))))


def can_be_split(duration: int, counts: Mapping[int, tuple[int, int]], fewest: int, most: int) -> bool:
    """Whether lessons of these counts, ``fewest`` to ``most`` together, can sum to the duration."""
    reached = {(0, 0)}
    for length, (low, high) in counts.items():
        if low > high:
            return False
        reached = {(d + length * n, k + n) for d, k in reached for n in range(low, high + 1) if d + length * n <= duration and k + n <= most}
    return any(d == duration and fewest <= k for d, k in reached)


# --- one maker a constraint type ---------------------------------------------------------------------------------------------------------------

Maker = Callable[[Frame, Any, Mapping[str, Any]], Iterable[p.Point]]


def of_events(kind: Callable[..., p.Point], facts: Callable[[Frame, Any], Mapping[str, Any]]) -> Maker:
    """One point an event."""

    def make(frame: Frame, constraint: Any, common: Mapping[str, Any]) -> Iterator[p.Point]:
        stated = facts(frame, constraint)
        for event in constraint.events:
            yield kind(events=(frame.event_index[event],), **common, **stated)

    return make


def choosing_time(frame: Frame, constraint: t.PreferTimes) -> Iterator[int]:
    """The constraint's events without a preassigned time."""
    return (event for event in (frame.event_index[name] for name in constraint.events) if frame.stated_time[event] is None)


def prefer_times_points(frame: Frame, constraint: t.PreferTimes, common: Mapping[str, Any]) -> Iterator[p.Point]:
    times = frozenset(frame.indices(constraint.times))
    for event in choosing_time(frame, constraint):
        yield p.PreferTimesPoint(events=(event,), times=times, length=constraint.length, **common)


def of_roles(kind: Callable[..., p.Point], facts: Callable[[Frame, Any], Mapping[str, Any]]) -> Maker:
    """One point an event with an open role of the stated name."""

    def make(frame: Frame, constraint: Any, common: Mapping[str, Any]) -> Iterator[p.Point]:
        stated = facts(frame, constraint)
        for event in (frame.event_index[event] for event in constraint.events):
            for role in frame.roles_of(event, constraint.role):
                yield kind(events=(event,), role=role, **common, **stated)

    return make


def of_resources(kind: Callable[..., p.Point], facts: Callable[[Frame, Any], Mapping[str, Any]]) -> Maker:
    """One point a resource."""

    def make(frame: Frame, constraint: Any, common: Mapping[str, Any]) -> Iterator[p.Point]:
        stated = facts(frame, constraint)
        for resource in (frame.resource_index[resource] for resource in constraint.resources):
            yield kind(resource=resource, events=frame.events_of[resource], **common, **stated)

    return make


def limited(frame: Frame, constraint: Any) -> Mapping[str, Any]:
    return {"groups": times_of(frame, constraint.time_groups), "minimum": constraint.minimum, "maximum": constraint.maximum}


def spread_points(frame: Frame, constraint: t.SpreadEvents, common: Mapping[str, Any]) -> Iterator[p.Point]:
    limits = constraint.limits or ((constraint.minimum, constraint.maximum),) * len(constraint.time_groups)
    groups = tuple((frozenset(frame.indices(group.times)), low, high) for group, (low, high) in zip(constraint.time_groups, limits, strict=True))
    for group in constraint.event_groups:
        yield p.SpreadPoint(events=tuple(frame.event_index[event] for event in group), groups=groups, **common)


def link_points(frame: Frame, constraint: t.LinkEvents, common: Mapping[str, Any]) -> Iterator[p.Point]:
    for group in constraint.event_groups:
        yield p.LinkPoint(events=tuple(frame.event_index[event] for event in group), starts_only=constraint.starts_only, **common)


def order_points(frame: Frame, constraint: t.OrderEvents, common: Mapping[str, Any]) -> Iterator[p.Point]:
    for first, second, low, high in constraint.pairs:
        yield p.OrderPoint(events=(frame.event_index[first], frame.event_index[second]), minimum=low, maximum=high, **common)


def split_assignment_points(frame: Frame, constraint: t.AvoidSplitAssignments, common: Mapping[str, Any]) -> Iterator[p.Point]:
    for group in constraint.event_groups:
        events = [frame.event_index[event] for event in group]
        roles = tuple(next(iter(frame.roles_of(event, constraint.role)), None) for event in events)
        stated = (next((r.resource for r in frame.problem.events[event].resources if r.role == constraint.role), None) for event in events)
        fixed = tuple(None if resource is None else frame.resource_index[resource] for resource in stated)
        yield p.SplitAssignmentPoint(events=tuple(events), roles=roles, fixed=fixed, **common)


def parallel_points(frame: Frame, constraint: t.LimitParallel, common: Mapping[str, Any]) -> Iterator[p.Point]:
    groups = tuple(tuple(frame.event_index[event] for event in group) for group in constraint.event_groups)
    events = tuple(dict.fromkeys(event for group in groups for event in group))
    for times in times_of(frame, constraint.time_groups):
        yield p.ParallelPoint(events=events, groups=groups, times=frozenset(times), minimum=constraint.minimum, maximum=constraint.maximum, **common)


def room_change_points(frame: Frame, constraint: t.LimitRoomChanges, common: Mapping[str, Any]) -> Iterator[p.Point]:
    groups = times_of(frame, constraint.time_groups)
    place_of = {frame.resource_index[resource]: number for number, place in enumerate(constraint.places) for resource in place}
    for resource in (frame.resource_index[name] for name in constraint.resources):
        if any(resource in role.possible for event in frame.events_of[resource] for role in frame.open[event]):
            raise UnsupportedConstraintError(constraint.id)
        placed = []
        for event in frame.events_of[resource]:
            fixed = frozenset(place_of[other] for other, _ in frame.fixed[event] if other in place_of)
            roles = tuple(number for number, role in enumerate(frame.open[event]) if not place_of.keys().isdisjoint(role.possible))
            if fixed or roles:
                placed.append((event, fixed, roles))
        if not placed:
            continue
        events, fixed_places, open_roles = (tuple(part) for part in zip(*placed, strict=True))
        for own in (groups,) if constraint.together else [(group,) for group in groups]:
            yield p.RoomChangePoint(
                events=events,
                groups=own,
                place_of=place_of,
                fixed=fixed_places,
                roles=open_roles,
                maximum=constraint.maximum,
                gap=constraint.gap,
                **common,
            )


def last_of_day_points(frame: Frame, constraint: t.LastOfDay, common: Mapping[str, Any]) -> Iterator[p.Point]:
    groups = times_of(frame, constraint.time_groups)
    for event in (frame.event_index[event] for event in constraint.events):
        needed = frame.problem.events[event].resources
        if any(r.type == constraint.type and r.resource is None for r in needed):
            raise UnsupportedConstraintError(constraint.id)
        own = tuple(frame.resource_index[r.resource] for r in needed if r.type == constraint.type and r.resource is not None)
        yield p.LastOfDayPoint(events=(event,), resources=own, groups=groups, **common)


def times_of(frame: Frame, groups: Iterable[t.TimeGroup]) -> tuple[p.Times, ...]:
    return tuple(frame.indices(group.times) for group in groups)


MAKERS: Mapping[type[t.Constraint], Maker] = {
    t.AssignTimes: of_events(p.AssignTimePoint, lambda frame, c: {}),
    t.AssignResources: of_roles(p.AssignResourcePoint, lambda frame, c: {}),
    t.PreferTimes: prefer_times_points,
    t.PreferResources: of_roles(
        p.PreferResourcesPoint, lambda frame, c: {"resources": frozenset(frame.resource_index[resource] for resource in c.resources)}
    ),
    t.SplitEvents: of_events(
        p.SplitPoint,
        lambda frame, c: {
            "minimum_length": c.minimum_length,
            "maximum_length": c.maximum_length,
            "minimum": c.minimum_amount,
            "maximum": c.maximum_amount,
        },
    ),
    t.DistributeSplitEvents: of_events(p.DistributePoint, lambda frame, c: {"length": c.length, "minimum": c.minimum, "maximum": c.maximum}),
    t.SpreadEvents: spread_points,
    t.LinkEvents: link_points,
    t.OrderEvents: order_points,
    t.AvoidSplitAssignments: split_assignment_points,
    t.AvoidClashes: of_resources(p.ClashPoint, lambda frame, c: {}),
    t.AvoidUnavailableTimes: of_resources(p.UnavailablePoint, lambda frame, c: {"times": frame.indices(c.times)}),
    t.LimitIdleTimes: of_resources(p.IdlePoint, limited),
    t.ClusterBusyTimes: of_resources(p.ClusterPoint, limited),
    t.LimitBusyTimes: of_resources(p.BusyPoint, limited),
    t.LimitWorkload: of_resources(p.WorkloadPoint, lambda frame, c: {"minimum": c.minimum, "maximum": c.maximum}),
    t.LimitPlaceChanges: of_resources(p.PlaceChangePoint, lambda frame, c: {"groups": times_of(frame, c.time_groups), "maximum": c.maximum}),
    t.LimitRoomChanges: room_change_points,
    t.LimitLateStarts: of_resources(p.LateStartPoint, lambda frame, c: {"groups": times_of(frame, c.time_groups), "maximum": c.maximum}),
    t.LimitDoubleShifts: of_resources(
        p.DoubleShiftPoint, lambda frame, c: {"days": tuple(times_of(frame, shifts) for shifts in c.days), "maximum": c.maximum}
    ),
    t.LimitParallel: parallel_points,
    t.LastOfDay: last_of_day_points,
}
