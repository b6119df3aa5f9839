"""Limits that lessons keep together, besides clashes, as the lessons in the way of another one: for building a first week."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from scheduler.engine import points as p
from scheduler.engine.frame import Frame
from scheduler.engine.state import bits, outside

if TYPE_CHECKING:
    from scheduler.engine.board import Board, Kind

MOST_OUT = 4
"""A place for which so many lessons would have to leave for idle times is none."""


class Limit(Protocol):
    """One point of application of a required limit, or of a wish."""

    def in_the_way(self, board: Board, kind: Kind, start: int, gone: set[int]) -> Iterable[int] | None:
        """Lessons to be taken out, besides those ``gone``, for one of this kind to start here; None = it never can."""

    def placed(self, lesson: int, start: int, kind: Kind) -> None:
        """Told of every lesson of its kinds that is placed …"""

    def removed(self, lesson: int, start: int) -> None:
        """… or taken out."""


class MostStarts:
    """SpreadEvents: at most so many lessons of the events start in each time group."""

    def __init__(self, frame: Frame, point: p.SpreadPoint) -> None:
        self.bundles = frame.bundles
        self.events = frozenset(point.events)
        self.most = [high or 0 for _, _, high in point.groups]
        self.groups_of: list[list[int]] = [[] for _ in frame.times]
        for number, (times, _, high) in enumerate(point.groups):
            for time in times if high is not None else ():
                self.groups_of[time].append(number)
        self.lessons: list[dict[int, int]] = [{} for _ in point.groups]

    def in_the_way(self, board: Board, kind: Kind, start: int, gone: set[int]) -> Iterable[int] | None:
        groups = self.groups_of[start]
        if not any(self.lessons[group] for group in groups):
            return ()
        own = self._counted(kind)
        found: set[int] = set()
        for group in groups:
            there = {lesson: n for lesson, n in self.lessons[group].items() if lesson not in gone and lesson not in found}
            over = own + sum(there.values()) - self.most[group]
            if over > 0 and own > self.most[group]:
                return None
            for lesson in sorted(there, key=board.price.__getitem__) if over > 0 else ():
                found.add(lesson)
                over -= there[lesson]
                if over <= 0:
                    break
        return found

    def placed(self, lesson: int, start: int, kind: Kind) -> None:
        for group in self.groups_of[start]:
            self.lessons[group][lesson] = self._counted(kind)

    def removed(self, lesson: int, start: int) -> None:
        for group in self.groups_of[start]:
            self.lessons[group].pop(lesson, None)

    def _counted(self, kind: Kind) -> int:
        """How many lessons of the events one lesson of this kind is."""
        return sum([length > 0 and event in self.events for event, length in zip(self.bundles[kind.bundle].events, kind.shape, strict=True)])


class Order:
    """OrderEvents: so many times lie between the lessons of two events."""

    def __init__(self, frame: Frame, point: p.OrderPoint) -> None:
        self.bundles = frame.bundles
        self.first, self.second = point.events
        self.least, self.most = point.minimum, point.maximum
        self.at: dict[int, tuple[int, int, bool]] = {}

    def in_the_way(self, board: Board, kind: Kind, start: int, gone: set[int]) -> Iterable[int] | None:
        length, is_first = self._part(kind)
        found = []
        for lesson, (other, other_length, other_is_first) in self.at.items():
            if lesson not in gone and other_is_first != is_first:
                between = other - start - length if is_first else start - other - other_length
                if outside(between, self.least, self.most):
                    found.append(lesson)
        return found

    def placed(self, lesson: int, start: int, kind: Kind) -> None:
        self.at[lesson] = (start, *self._part(kind))

    def removed(self, lesson: int, start: int) -> None:
        self.at.pop(lesson, None)

    def _part(self, kind: Kind) -> tuple[int, bool]:
        """How long such a lesson is for its event, and whether that is the first one."""
        lengths = dict(zip(self.bundles[kind.bundle].events, kind.shape, strict=True))
        return (lengths[self.first], True) if lengths.get(self.first) else (lengths[self.second], False)


class OfResource:
    """A limit of one resource's times in each time group."""

    def __init__(self, point: p.BusyPoint | p.ClusterPoint | p.IdlePoint) -> None:
        self.resource = point.resource
        self.groups = [bits(group) for group in point.groups]
        self.most = point.maximum

    def placed(self, lesson: int, start: int, kind: Kind) -> None:
        pass

    def removed(self, lesson: int, start: int) -> None:
        pass

    def taken(self, board: Board, gone: Iterable[int]) -> int:
        """Busy times without those gone."""
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
        return sorted((lesson for lesson in found - gone if lesson >= 0), key=board.price.__getitem__)


class MostBusy(OfResource):
    """LimitBusyTimes: at most so many busy times in each group."""

    def in_the_way(self, board: Board, kind: Kind, start: int, gone: set[int]) -> Iterable[int] | None:
        own, taken = kind.bits[start][self.resource], self.taken(board, gone)
        found: list[int] = []
        for group in self.groups:
            if own & group and ((taken | own) & group).bit_count() > self.most:
                if (own & group).bit_count() > self.most:
                    return None
                for lesson in self.here(board, taken & group & ~own, gone):
                    found.append(lesson)
                    taken &= ~board.bits_of(lesson, self.resource)
                    if ((taken | own) & group).bit_count() <= self.most:
                        break
        return found


class MostDays(OfResource):
    """ClusterBusyTimes: busy in at most so many of the groups."""

    def in_the_way(self, board: Board, kind: Kind, start: int, gone: set[int]) -> Iterable[int] | None:
        own, taken = kind.bits[start][self.resource], self.taken(board, gone)
        others = [group for group in self.groups if taken & group and not own & group]
        over = len(others) + sum([own & group != 0 for group in self.groups]) - self.most
        if over <= 0:
            return ()
        if over > len(others):
            return None
        sets = sorted((self.here(board, taken & group, gone) for group in others), key=lambda lessons: sum([board.price[n] for n in lessons]))
        return [lesson for lessons in sets[:over] for lesson in lessons]


class MostIdle(OfResource):
    """LimitIdleTimes: idle times beyond the limit only as long as there are lessons without a place that may fill them."""

    def in_the_way(self, board: Board, kind: Kind, start: int, gone: set[int]) -> Iterable[int] | None:
        own = kind.bits[start][self.resource]
        taken = self.taken(board, gone) | own
        waiting = board.hours[self.resource] - taken.bit_count()
        found: list[int] = []
        while (idle := self.idle(taken)) > self.most + max(0, waiting):
            outer = self._outer(board, taken, own, idle)
            if outer is None or len(found) >= MOST_OUT:
                return None
            lesson, without = outer
            found.append(lesson)
            waiting += (taken ^ without).bit_count()
            taken = without
        return found

    def _outer(self, board: Board, taken: int, own: int, idle: int) -> tuple[int, int] | None:
        """The first or last lesson of a group that pays most for its price, and the busy times without it."""
        best: tuple[float, int, int] | None = None
        for group in self.groups:
            busy = taken & group
            for end in (busy & -busy, 1 << busy.bit_length() >> 1) if busy else ():
                lesson = board.owner[self.resource * board.width + end.bit_length() - 1]
                if lesson >= 0 and not end & own:
                    without = taken & ~board.bits_of(lesson, self.resource)
                    gain = idle - self.idle(without) + (taken ^ without).bit_count()
                    if gain > 0 and (best is None or board.price[lesson] / gain < best[0]):
                        best = (board.price[lesson] / gain, lesson, without)
        return best and best[1:]

    def idle(self, taken: int) -> int:
        found = 0
        for group in self.groups:
            busy = taken & group
            if busy:
                found += (group & ((1 << busy.bit_length()) - (busy & -busy)) & ~busy).bit_count()
        return found


LIMITS: Mapping[type[p.Point], Any] = {p.BusyPoint: MostBusy, p.ClusterPoint: MostDays, p.IdlePoint: MostIdle}
