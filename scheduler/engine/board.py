"""Lessons and their places, free of required clashes at every moment: the light double of a week that the first timetable is built on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from scheduler.engine import points as p
from scheduler.engine.frame import Bundle, Frame, Meet, Shape, Week, in_order
from scheduler.engine.limits import (
    RESOURCE_POINTS,
    FewRoomChanges,
    Filling,
    Limit,
    MostAtOnce,
    MostStarts,
    NothingAfter,
    Order,
    each,
    limits_of_resource,
)
from scheduler.engine.state import bits as bits_of

FREE = -1
"""Nobody's lesson at this time."""

Cells = tuple[int, ...]
"""Resource × width + point."""

Chosen = tuple[int | None, ...]
"""Resources for the open roles of a lesson."""


@dataclass(slots=True)
class Role:
    """An open role of an event within a lesson.

    ``group``: number of the events in which one resource should fill it, and whether it must. ``share``: what the lesson weighs for each resource.
    ``disliked``: wishes against a resource. ``needed``: it may not stay open.
    """

    event: int
    number: int
    length: int
    allowed: tuple[int, ...]
    group: int | None
    one: bool
    needed: bool
    share: Mapping[int, float]
    disliked: Mapping[int, int]


@dataclass(slots=True)
class Kind:
    """Lessons of one bundle and shape.

    By start: the cells that one occupies (``bits``: the same by resource), and those in which another lesson would be in its way.

    ``moves``: limits of its people's changes of room; ``where``: the places of each resource that may be chosen, as those limits know them.
    """

    bundle: int
    shape: Shape
    weight: int
    length: int
    starts: tuple[int, ...]
    attending: tuple[tuple[int, int], ...]
    occupied: dict[int, Cells]
    against: dict[int, Cells]
    bits: dict[int, dict[int, int]]
    roles: tuple[Role, ...]
    limits: list[Limit] = field(default_factory=list)
    wishes: list[Limit] = field(default_factory=list)
    moves: list[FewRoomChanges] = field(default_factory=list)
    where: dict[int, tuple[int, ...]] = field(default_factory=dict)
    disliked: dict[int, int] = field(default_factory=dict)
    starts_mask: int = 0
    resources: tuple[int, ...] = ()
    crowding: frozenset[int] = frozenset()


def free_starts(kind: Kind, occupied: int) -> int:
    """Starts, as bits, of such a lesson between these busy points."""
    found = kind.starts_mask
    for step in range(kind.length):
        found &= ~(occupied >> step)
    return found


def span(start: int, length: int) -> int:
    """A lesson's times as bits."""
    return ((1 << length) - 1) << start


Value = TypeVar("Value")


class WhenAsked(dict[int, Value]):
    """Values that are made when they are first asked for: most starts of most lessons never are."""

    def __init__(self, make: Callable[[int], Value]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, key: int) -> Value:
        value = self[key] = self.make(key)
        return value


class Place(NamedTuple):
    """A lesson, where it stands (None = nowhere), and with whom."""

    kind: Kind
    start: int | None
    chosen: Chosen


class Board:
    """Where each lesson stands.

    Attributes
    ----------
    kind, start, chosen, price
        of each lesson: what it is, where it stands (None = it waits), with whom, and what it costs to take it out
    of_bundle
        the lessons of each bundle; those of a former splitting are in none
    watched
        resources that are in one lesson at a time, or of which something else is required
    owner
        lesson in each cell; ``taken[resource]`` the same as bits of its busy points; ``crowd``: the lessons in each cell of those in several at once
    hours
        times that each resource's lessons take together; ``left``: of those without a place; ``load``: what is preassigned to it and what it has been
        chosen for weigh
    waiting
        times of all lessons that have no place
    """

    def __init__(self, frame: Frame, ways: Sequence[Sequence[Sequence[Shape]]]) -> None:
        """``ways``: the splittings of each bundle that may be used; its first one is."""
        self.frame = frame
        resources = len(frame.problem.resources)
        self.width = len(frame.clashes.points)
        self.owner = [FREE] * (resources * self.width)
        self.watched = frame.single | {point.resource for point in frame.points if point.required and isinstance(point, RESOURCE_POINTS)}
        self.crowd: dict[int, list[int]] = defaultdict(list)
        self.taken, self.hours, self.left, self.load = [0] * resources, [0] * resources, [0] * resources, [0.0] * resources
        for stated in frame.fixed_workloads:
            for resource, weight in stated:
                self.load[resource] += weight
        self.most_load = most_loads(frame)
        self.closed = [bits_of(times) for times in frame.closed]
        self._groups = {
            (event, role): (number, point.required)
            for number, point in enumerate(frame.points)
            if isinstance(point, p.SplitAssignmentPoint)
            for event, role in zip(point.events, point.roles, strict=True)
            if role is not None
        }
        self.used: dict[int, Counter[int]] = defaultdict(Counter)
        self.holders: dict[int, set[int]] = defaultdict(set)
        self.kinds = {(bundle, shape): self._kind(bundle, shape) for bundle, own in enumerate(ways) for shapes in own for shape in shapes}
        self._limit(list(self.kinds.values()))
        self.kind: list[Kind] = []
        self.start: list[int | None] = []
        self.chosen: list[Chosen] = []
        self.price: list[float] = []
        self._cells: list[Cells] = []
        self._bits: list[Mapping[int, int]] = []
        self.waiting = 0
        self.of_bundle: list[list[int]] = [[] for _ in ways]
        for bundle, own in enumerate(ways):
            for lesson in self.split(bundle, own[0]):
                for resource, length in self.kind[lesson].attending:
                    self.hours[resource] += length
                    self.left[resource] += length

    def split(self, bundle: int, shapes: Sequence[Shape]) -> list[int]:
        """Lessons of these shapes instead of the bundle's former ones; they wait."""
        for lesson in self.of_bundle[bundle]:
            if self.start[lesson] is not None:
                self.remove(lesson)
            self.waiting -= self.kind[lesson].weight
        self.of_bundle[bundle] = []
        for shape in shapes:
            kind = self.kinds[bundle, shape]
            self.of_bundle[bundle].append(len(self.kind))
            self.kind.append(kind)
            self.start.append(None)
            self.chosen.append((None,) * len(kind.roles))
            self.price.append(float(kind.length))
            self._cells.append(())
            self._bits.append({})
            self.waiting += kind.weight
        return self.of_bundle[bundle]

    def places(self) -> list[Place]:
        """Where all lessons stand."""
        return [Place(self.kind[lesson], self.start[lesson], self.chosen[lesson]) for own in self.of_bundle for lesson in own]

    # --- kinds of lessons ----------------------------------------------------------------------------------------------------------------

    def _kind(self, bundle: int, shape: Shape) -> Kind:
        frame, stated = self.frame, self.frame.bundles[bundle]
        starts = stated.shapes[shape]
        attending = tuple((r, length) for r, length in stated.attending[shape] if r in self.watched)
        alone = [(r, length) for r, length in attending if r in frame.single]
        kind = Kind(
            bundle,
            shape,
            sum(shape),
            max(shape),
            starts,
            attending,
            occupied=WhenAsked(lambda start: tuple(dict.fromkeys(cell for r, n in alone for cell in self.cells(r, start, n)))),
            against=WhenAsked(lambda start: tuple(dict.fromkeys(cell for r, n in alone for cell in self.cells_against(r, start, n)))),
            bits=WhenAsked(lambda start: self._bits_from(attending, start)),
            roles=tuple(self._roles(stated, shape)),
        )
        kind.starts_mask = sum(1 << start for start in starts)
        kind.resources = tuple(dict.fromkeys(resource for resource, _ in alone))
        kind.crowding = frozenset(resource for resource, _ in attending) - frame.single
        return kind

    def _bits_from(self, attending: Iterable[tuple[int, int]], start: int) -> dict[int, int]:
        """Busy points of everybody in a lesson from this start."""
        found: dict[int, int] = {}
        for resource, length in attending:
            for point in self.frame.covered(start, length):
                found[resource] = found.get(resource, 0) | 1 << point
        return found

    def cells(self, resource: int, start: int, length: int) -> Cells:
        base = resource * self.width
        return tuple(base + point for point in self.frame.covered(start, length))

    def cells_against(self, resource: int, start: int, length: int) -> Cells:
        """Cells in which another lesson would clash: those of the lesson, and of other bells by the clock."""
        own = self.cells(resource, start, length)
        if not self.frame.apart:
            return own
        base, clashing = resource * self.width, self.frame.clashes.clashing
        return tuple(dict.fromkeys((*own, *(base + other for cell in own for other in sorted(clashing[cell - base])))))

    def _roles(self, bundle: Bundle, shape: Shape) -> Iterator[Role]:
        frame = self.frame
        for event, length in zip(bundle.events, shape, strict=True):
            points = [frame.points[index] for index in frame.points_of_event[event]]
            for number, role in enumerate(frame.open[event] if length else ()):
                group, one = self._groups.get((event, number), (None, False))
                needed = any(isinstance(point, p.AssignResourcePoint) and point.role == number and point.required for point in points)
                share = dict.fromkeys(role.allowed, role.workload * length / frame.durations[event])
                wishes = [point for point in points if isinstance(point, p.PreferResourcesPoint) and point.role == number]
                disliked = {r: n for r in role.allowed if (n := sum(r not in point.resources for point in wishes))}
                yield Role(event, number, length, role.allowed, group, one, needed, share, disliked)

    def _limit(self, kinds: Sequence[Kind]) -> None:
        """Give every kind the limits and wishes that its places must or should keep."""
        of_event: dict[int, list[Kind]] = defaultdict(list)
        of_resource: dict[int, list[Kind]] = defaultdict(list)
        points_of: dict[int, list[p.Point]] = defaultdict(list)
        for kind in kinds:
            for event, length in zip(self.frame.bundles[kind.bundle].events, kind.shape, strict=True):
                if length:
                    of_event[event].append(kind)
            for resource, _ in kind.attending:
                of_resource[resource].append(kind)
        for point in self.frame.points:
            if isinstance(point, p.PreferTimesPoint):
                for kind in of_event[point.events[0]]:
                    for start in kind.starts if point.length in (None, kind.length) else ():
                        if start not in point.times:
                            kind.disliked[start] = kind.disliked.get(start, 0) + 1
            elif isinstance(point, (p.SpreadPoint, p.OrderPoint)):
                limit = MostStarts(self.frame, point) if isinstance(point, p.SpreadPoint) else Order(self.frame, point)
                for kind in unique(kind for event in point.events for kind in of_event[event]):
                    (kind.limits if point.required else kind.wishes).append(limit)
            elif isinstance(point, (p.ParallelPoint, p.LastOfDayPoint)) and point.required:
                alike = MostAtOnce(self.frame, point) if isinstance(point, p.ParallelPoint) else NothingAfter(self.frame, point)
                of_people = (kind for resource in getattr(point, "resources", ()) for kind in of_resource[resource])
                for kind in unique((*(kind for event in point.events for kind in of_event[event]), *of_people)):
                    kind.limits.append(alike)
            elif isinstance(point, p.RoomChangePoint) and point.required:
                near = FewRoomChanges(self.frame, point)
                for kind in unique(kind for event in point.events for kind in of_event[event]):
                    kind.moves.append(near)
            elif isinstance(point, RESOURCE_POINTS) and point.required:
                points_of[point.resource].append(point)
        may_be_chosen = {resource for roles in self.frame.open for role in roles for resource in role.allowed}
        for resource, points in points_of.items():
            of_resource_only = limits_of_resource(resource, points, resource in may_be_chosen)
            for kind in unique(of_resource[resource]):
                kind.limits += of_resource_only
        for kind in kinds:
            places = unique(near.point.place_of for near in kind.moves)
            may_have = (resource for role in kind.roles for resource in role.allowed) if places else ()
            kind.where = {resource: tuple(of.get(resource, -1) for of in places) for resource in may_have}
            kind.limits.sort(key=lambda limit: isinstance(limit, Filling))  # what takes longest to ask comes last

    # --- places --------------------------------------------------------------------------------------------------------------------------

    def at(self, resource: int, time: int) -> Sequence[int]:
        """The lessons of a resource at a time: several where it may be in several at once."""
        owner = self.owner[resource * self.width + time]
        return (owner,) if owner != FREE else self.crowd.get(resource * self.width + time, ())

    def bits_of(self, lesson: int, resource: int) -> int:
        """Busy points of a resource that are this lesson's."""
        return self._bits[lesson].get(resource, 0)

    def occupied(self, kind: Kind) -> int:
        """Points at which a resource of such a lesson is busy."""
        taken, found = self.taken, 0
        for resource in kind.resources:
            found |= taken[resource]
        return found

    def place(self, lesson: int, start: int, chosen: Chosen) -> None:
        kind = self.kind[lesson]
        cells, bits = kind.occupied[start], kind.bits[start]
        if kind.roles:
            bits = dict(bits)
            for role, own in zip(kind.roles, chosen, strict=True):
                if own is not None:
                    added = self.cells(own, start, role.length)
                    for cell in added:
                        bits[own] = bits.get(own, 0) | 1 << cell - own * self.width
                    cells += added if own in self.frame.single else ()
                    self._hold(lesson, role, own, 1)
        self._cells[lesson], self._bits[lesson] = cells, bits
        for cell in cells:
            self.owner[cell] = lesson
        for resource, times in bits.items():
            self.taken[resource] |= times
            self.left[resource] -= times.bit_count()
        for resource in kind.crowding:
            for point in each(bits[resource]):
                self.crowd[resource * self.width + point].append(lesson)
        self.start[lesson], self.chosen[lesson] = start, chosen
        self.waiting -= kind.weight
        for limit in (*kind.limits, *kind.wishes):
            limit.placed(lesson, start, kind)
        for near in kind.moves:
            near.placed(lesson, start, kind, chosen)

    def remove(self, lesson: int) -> None:
        kind, start = self.kind[lesson], self.start[lesson]
        if start is None:
            return
        for cell in self._cells[lesson]:
            self.owner[cell] = FREE
        for resource, times in self._bits[lesson].items():
            self.taken[resource] &= ~times
            self.left[resource] += times.bit_count()
        for resource in kind.crowding:
            for point in each(self._bits[lesson][resource]):
                there = self.crowd[resource * self.width + point]
                there.remove(lesson)
                self.taken[resource] |= bool(there) << point
        for role, own in zip(kind.roles, self.chosen[lesson], strict=True):
            if own is not None:
                self._hold(lesson, role, own, -1)
        self._cells[lesson], self._bits[lesson] = (), {}
        self.start[lesson], self.chosen[lesson] = None, (None,) * len(kind.roles)
        self.waiting += kind.weight
        for limit in (*kind.limits, *kind.wishes):
            limit.removed(lesson, start)
        for near in kind.moves:
            near.removed(lesson)

    def _hold(self, lesson: int, role: Role, resource: int, step: int) -> None:
        self.load[resource] += step * role.share[resource]
        if role.group is not None:
            self.used[role.group][resource] += step
        if step > 0:
            self.holders[resource].add(lesson)
        else:
            self.holders[resource].discard(lesson)

    def week(self, places: Iterable[Place]) -> Week:
        """The week of these places."""
        meets: list[list[Meet]] = [[] for _ in self.frame.durations]
        for kind, start, chosen in places:
            of_event: dict[int, list[int | None]] = defaultdict(list)
            for role, resource in zip(kind.roles, chosen, strict=True):
                of_event[role.event].append(resource)
            for event, length in zip(self.frame.bundles[kind.bundle].events, kind.shape, strict=True):
                if length:
                    meets[event].append(Meet(start, length, tuple(of_event[event])))
        return [in_order(own) for own in meets]


Any_ = TypeVar("Any_")


def unique(things: Iterable[Any_]) -> list[Any_]:
    """Each thing once, by identity, in order."""
    return list({id(thing): thing for thing in things}.values())


def most_loads(frame: Frame) -> list[float]:
    most = [float("inf")] * len(frame.problem.resources)
    for point in frame.points:
        if isinstance(point, p.WorkloadPoint) and point.required:
            most[point.resource] = min(most[point.resource], point.maximum)
    return most
