"""A first week for large problems: lessons placed one by one, those in the way taken out and placed anew (guided ejection).

What a required constraint forbids is kept at every step by taking lessons out: clashes, starts, limits of a day or a week, order. A lesson that
often finds no place grows dearer to take out, so that the hard ones settle and the easy ones move around them. Wishes only decide between places
that are equally good otherwise. What stays out in the end is placed where it costs least (``engine.state``), or not at all.

Reference: Y. Nagata, O. Bräysy, "A powerful route minimization heuristic for the vehicle routing problem with time windows", Operations Research
Letters 37 (2009), for the penalties; the order and the depth of ejections are FET's (L. Lalescu, "FET's algorithm") in spirit.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from scheduler.engine import points as p
from scheduler.engine.frame import Bundle, Frame, Meet, Shape, Week, in_order
from scheduler.engine.state import State, bits, outside, weighed

FREE = -1
"""Nobody's lesson at this time."""

TABU = 12
"""So many insertions long a lesson that was taken out does not push others out at its old place."""

DRIFT = 2
"""Lessons moved at random to another free place after each insertion that took others out."""

WISH = 0.02
"""What a broken wish weighs beside taking out a lesson that was never without a place (1)."""


@dataclass(slots=True)
class Role:
    """An open role of an event within a lesson: who may fill it, and in which other events the same one should."""

    event: int
    number: int
    length: int
    allowed: tuple[int, ...]
    group: int | None
    share: Mapping[int, float]


@dataclass(slots=True)
class Kind:
    """Lessons of one bundle and shape. By start: cells (resource × point) that one occupies, and those in which another would be in its way."""

    bundle: int
    shape: Shape
    weight: int
    length: int
    starts: tuple[int, ...]
    attending: tuple[tuple[int, int], ...]
    occupied: dict[int, tuple[int, ...]]
    against: dict[int, tuple[int, ...]]
    roles: tuple[Role, ...]
    limits: list[Limit] = field(default_factory=list)
    wishes: list[Limit] = field(default_factory=list)
    disliked: dict[int, int] = field(default_factory=dict)


class Limit:
    """A required limit or a wish that lessons keep together, besides clashes."""

    def in_the_way(self, board: Board, kind: Kind, start: int, gone: set[int]) -> list[int] | None:
        """Lessons to be taken out, besides those ``gone``, for one of this kind to start here; None = it never can."""
        raise NotImplementedError

    def placed(self, lesson: int, start: int) -> None:
        """Told of every lesson of its kinds that is placed …"""

    def removed(self, lesson: int, start: int) -> None:
        """… or taken out."""


class MostStarts(Limit):
    """SpreadEvents: at most so many lessons of the events start in each time group."""

    def __init__(self, frame: Frame, point: p.SpreadPoint) -> None:
        self.groups_of: list[list[int]] = [[] for _ in frame.times]
        for number, (times, _, high) in enumerate(point.groups):
            for at in times if high is not None else ():
                self.groups_of[at].append(number)
        self.most = [high or 0 for _, _, high in point.groups]
        self.events = frozenset(point.events)
        self.lessons: list[list[int]] = [[] for _ in point.groups]
        self.times_counted: dict[int, int] = {}

    def amount(self, board: Board, lesson: int) -> int:
        return counted(board.frame.bundles[board.kind[lesson].bundle], board.kind[lesson].shape, self.events)

    def in_the_way(self, board: Board, kind: Kind, start: int, gone: set[int]) -> list[int] | None:
        found: list[int] = []
        groups = self.groups_of[start]
        if not groups:
            return found
        own = counted(board.frame.bundles[kind.bundle], kind.shape, self.events)
        for group in groups:
            there = [lesson for lesson in self.lessons[group] if lesson not in gone and lesson not in found]
            free = self.most[group] - own - sum([self.amount(board, lesson) for lesson in there])
            if free < 0 and self.most[group] < own:
                return None
            for lesson in sorted(there, key=board.price.__getitem__) if free < 0 else ():
                found.append(lesson)
                free += self.amount(board, lesson)
                if free >= 0:
                    break
        return found

    def placed(self, lesson: int, start: int) -> None:
        for group in self.groups_of[start]:
            self.lessons[group].append(lesson)

    def removed(self, lesson: int, start: int) -> None:
        for group in self.groups_of[start]:
            self.lessons[group].remove(lesson)


class Order(Limit):
    """OrderEvents: so many times lie between the lessons of two events."""

    def __init__(self, frame: Frame, point: p.OrderPoint) -> None:
        self.first, self.second = point.events
        self.least, self.most = point.minimum, point.maximum
        self.at: dict[int, tuple[int, int, bool]] = {}
        self.board: Board | None = None

    def part(self, board: Board, kind: Kind) -> tuple[bool, int]:
        """Whether a lesson is of the first event, and how long it is for that event."""
        bundle = board.frame.bundles[kind.bundle]
        lengths = dict(zip(bundle.events, kind.shape, strict=True))
        return lengths.get(self.first, 0) > 0, lengths.get(self.first, 0) or lengths.get(self.second, 0)

    def in_the_way(self, board: Board, kind: Kind, start: int, gone: set[int]) -> list[int] | None:
        is_first, length = self.part(board, kind)
        self.board = board
        found = []
        for lesson, (other, other_length, other_first) in self.at.items():
            if lesson not in gone and other_first != is_first:
                between = other - start - length if is_first else start - other - other_length
                if outside(between, self.least, self.most):
                    found.append(lesson)
        return found

    def placed(self, lesson: int, start: int) -> None:
        if self.board is not None:
            is_first, length = self.part(self.board, self.board.kind[lesson])
            self.at[lesson] = (start, length, is_first)

    def removed(self, lesson: int, start: int) -> None:
        self.at.pop(lesson, None)


class OfResource(Limit):
    """A limit of one resource's times in each time group."""

    def __init__(self, frame: Frame, point: p.BusyPoint | p.ClusterPoint | p.IdlePoint) -> None:
        self.resource = point.resource
        self.groups = [bits(group) for group in point.groups]
        self.most = point.maximum

    def taken(self, board: Board, gone: Iterable[int]) -> int:
        taken = board.taken[self.resource]
        for lesson in gone:
            taken &= ~board.bits_of(lesson, self.resource)
        return taken

    def here(self, board: Board, times: int, gone: set[int]) -> list[int]:
        """Lessons of the resource at these times, the cheapest to take out first."""
        base, found = self.resource * board.width, set()
        while times:
            lowest = times & -times
            found.add(board.owner[base + lowest.bit_length() - 1])
            times ^= lowest
        return sorted(found - gone - {FREE}, key=board.price.__getitem__)


class MostBusy(OfResource):
    """LimitBusyTimes: at most so many busy times in each group."""

    def in_the_way(self, board: Board, kind: Kind, start: int, gone: set[int]) -> list[int] | None:
        own = board.own_bits(kind, self.resource, start)
        taken = self.taken(board, gone)
        found: list[int] = []
        for group in self.groups:
            if own & group:
                if (own & group).bit_count() > self.most:
                    return None
                over = ((taken | own) & group).bit_count() - self.most
                if over > 0:
                    for lesson in self.here(board, taken & group & ~own, gone):
                        found.append(lesson)
                        taken &= ~board.bits_of(lesson, self.resource)
                        if ((taken | own) & group).bit_count() <= self.most:
                            break
        return found


class MostDays(OfResource):
    """ClusterBusyTimes: busy in at most so many of the groups."""

    def in_the_way(self, board: Board, kind: Kind, start: int, gone: set[int]) -> list[int] | None:
        own = board.own_bits(kind, self.resource, start)
        taken = self.taken(board, gone)
        others = [group for group in self.groups if taken & group and not own & group]
        new = sum([own & group != 0 for group in self.groups])
        found: list[int] = []
        if new > self.most:
            return None
        if len(others) + new > self.most:
            sets = sorted((self.here(board, taken & group, gone) for group in others), key=lambda lessons: sum([board.price[n] for n in lessons]))
            for lessons in sets[: len(others) + new - self.most]:
                found += lessons
        return found


class MostIdle(OfResource):
    """LimitIdleTimes: idle times beyond the limit only as long as lessons that may still fill them have no place."""

    def in_the_way(self, board: Board, kind: Kind, start: int, gone: set[int]) -> list[int] | None:
        own = board.own_bits(kind, self.resource, start)
        taken = self.taken(board, gone) | own
        waiting = board.hours[self.resource] - taken.bit_count()
        found: list[int] = []
        while (holes := self.holes(taken)) > self.most + waiting:
            best: tuple[float, int, int] | None = None
            for group in self.groups:
                busy = taken & group
                for end in (busy & -busy, 1 << busy.bit_length() >> 1) if busy else ():
                    lesson = board.owner[self.resource * board.width + end.bit_length() - 1]
                    if lesson in gone or lesson in found or lesson == FREE or end & own:
                        continue
                    without = taken & ~board.bits_of(lesson, self.resource)
                    better = holes - self.holes(without) + (taken ^ without).bit_count()
                    if better > 0 and (best is None or board.price[lesson] / better < best[0]):
                        best = (board.price[lesson] / better, lesson, without)
            if best is None or len(found) > 4:
                return None
            found.append(best[1])
            waiting += (taken ^ best[2]).bit_count()
            taken = best[2]
        return found

    def holes(self, taken: int) -> int:
        found = 0
        for group in self.groups:
            busy = taken & group
            if busy:
                found += (group & ((1 << busy.bit_length()) - (busy & -busy)) & ~busy).bit_count()
        return found


def counted(bundle: Bundle, shape: Shape, events: frozenset[int]) -> int:
    """How many lessons of these events one lesson of the bundle is."""
    return sum([length > 0 and event in events for event, length in zip(bundle.events, shape, strict=True)])


class Board:
    """Lessons and their places: a light double of a week, free of clashes at every moment."""

    def __init__(self, frame: Frame, random: Random, splits: Sequence[Sequence[Shape]]) -> None:
        self.frame = frame
        self.random = random
        self.width = len(frame.clashes.points)
        self.owner = [FREE] * (len(frame.problem.resources) * self.width)
        self.taken = [0] * len(frame.problem.resources)
        self.load = [0.0] * len(frame.problem.resources)
        self.most_load = self._most_load()
        self.groups = self._groups()
        self.used: list[Counter[int]] = [Counter() for _ in range(1 + max(self.groups.values(), default=0))]
        kinds: dict[tuple[int, Shape], Kind] = {}
        self.kind: list[Kind] = []
        for bundle, shapes in enumerate(splits):
            for shape in shapes:
                key = (bundle, shape)
                if key not in kinds:
                    kinds[key] = self._kind(bundle, shape)
                self.kind.append(kinds[key])
        self.kinds = list(kinds.values())
        self._add_limits()
        self.start: list[int | None] = [None] * len(self.kind)
        self.chosen: list[tuple[int | None, ...]] = [(None,) * len(kind.roles) for kind in self.kind]
        self.price = [float(kind.length) for kind in self.kind]
        self.hours = [0] * len(frame.problem.resources)
        for kind in self.kind:
            for resource, length in kind.attending:
                self.hours[resource] += length
        self.tabu: dict[tuple[int, int], int] = {}
        self.turn = 0
        self.out = sum(kind.weight for kind in self.kind)

    # --- what there is -------------------------------------------------------------------------------------------------------------------

    def _most_load(self) -> list[float]:
        most = [float("inf")] * len(self.frame.problem.resources)
        for point in self.frame.points:
            if isinstance(point, p.WorkloadPoint) and point.required:
                most[point.resource] = min(most[point.resource], point.maximum)
        return most

    def _groups(self) -> dict[tuple[int, int], int]:
        """A number for the roles (event, number of the role) that one resource should fill; each event's own, else."""
        found: dict[tuple[int, int], int] = {}
        for number, point in enumerate(p_ for p_ in self.frame.points if isinstance(p_, p.SplitAssignmentPoint)):
            for event, role in zip(point.events, point.roles, strict=True):
                if role is not None:
                    found.setdefault((event, role), number)
        return found

    def _kind(self, bundle: int, shape: Shape) -> Kind:
        frame, width = self.frame, self.width
        stated = frame.bundles[bundle]
        attending = tuple((r, length) for r, length in stated.attending[shape] if r in frame.single)
        clashing = frame.clashes.clashing
        occupied, against = {}, {}
        for start in stated.shapes[shape]:
            cells = dict.fromkeys(r * width + point for r, length in attending for point in frame.covered(start, length))
            occupied[start] = tuple(cells)
            if frame.apart:
                cells.update(dict.fromkeys(c // width * width + other for c in cells for other in clashing[c % width]))
            against[start] = tuple(cells)
        roles = []
        for event, length in zip(stated.events, shape, strict=True):
            for number, role in enumerate(frame.open[event] if length else ()):
                share = {r: role.workload * length / frame.durations[event] for r in role.allowed}
                roles.append(Role(event, number, length, role.allowed, self.groups.get((event, number)), share))
        return Kind(bundle, shape, sum(shape), max(shape), stated.shapes[shape], attending, occupied, against, tuple(roles))

    def _add_limits(self) -> None:
        of_event: dict[int, list[Kind]] = defaultdict(list)
        of_resource: dict[int, list[Kind]] = defaultdict(list)
        for kind in self.kinds:
            for event in self.frame.bundles[kind.bundle].events:
                of_event[event].append(kind)
            for resource, _ in kind.attending:
                of_resource[resource].append(kind)
        for point in self.frame.points:
            if isinstance(point, p.PreferTimesPoint) and not point.required:
                for kind in of_event[point.events[0]]:
                    for start in kind.starts if point.length in (None, kind.length) else ():
                        if start not in point.times:
                            kind.disliked[start] = kind.disliked.get(start, 0) + 1
            elif isinstance(point, (p.SpreadPoint, p.OrderPoint)):
                limit = MostStarts(self.frame, point) if isinstance(point, p.SpreadPoint) else Order(self.frame, point)
                for kind in dict.fromkeys_by_id(k for event in point.events for k in of_event[event]) if False else unique(
                    k for event in point.events for k in of_event[event]
                ):
                    (kind.limits if point.required else kind.wishes).append(limit)
            elif isinstance(point, p.ResourcePoint) and type(point) in OF_RESOURCE:
                if point.required:
                    limit = OF_RESOURCE[type(point)](self.frame, point)
                    for kind in unique(of_resource[point.resource]):
                        kind.limits.append(limit)

    # --- places --------------------------------------------------------------------------------------------------------------------------

    def own_bits(self, kind: Kind, resource: int, start: int) -> int:
        return bits(cell % self.width for cell in kind.occupied[start] if cell // self.width == resource)

    def bits_of(self, lesson: int, resource: int) -> int:
        start = self.start[lesson]
        return 0 if start is None else self.own_bits(self.kind[lesson], resource, start)
