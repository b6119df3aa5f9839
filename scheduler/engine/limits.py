"""Limits that lessons keep together, besides clashes, as the lessons in the way of another one: for building a first week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, Protocol

from scheduler.engine import points as p
from scheduler.engine.frame import Frame
from scheduler.engine.state import bits, outside

if TYPE_CHECKING:
    from scheduler.engine.board import Board, Kind

MOST_OUT = 4
"""A place for which so many lessons would have to leave for the sake of the days' shape is none."""

NO_LIMIT = 10**6


class Limit(Protocol):
    """One point of application of a required limit, or of a wish."""

    def in_the_way(self, board: Board, kind: Kind, start: int, gone: set[int], most: float) -> Iterable[int] | None:
        """Lessons to be taken out, besides those ``gone``, for one of this kind to start here; None = it never can, or not for less than ``most``."""

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

    def in_the_way(self, board: Board, kind: Kind, start: int, gone: set[int], most: float) -> Iterable[int] | None:
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

    def in_the_way(self, board: Board, kind: Kind, start: int, gone: set[int], most: float) -> Iterable[int] | None:
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
    """A limit of one resource's busy times."""

    def __init__(self, resource: int) -> None:
        self.resource = resource

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
        found = {lesson for time in each(times) for lesson in board.at(self.resource, time)}
        return sorted(found - gone, key=board.price.__getitem__)


class MostBusy(OfResource):
    """LimitBusyTimes: at most so many busy times in each group."""

    def __init__(self, point: p.BusyPoint) -> None:
        super().__init__(point.resource)
        self.groups = [bits(group) for group in point.groups if len(group) > point.maximum]
        self.most = point.maximum
        self._reached: dict[int, list[int]] = {}

    def reached(self, own: int) -> list[int]:
        """Groups with some of these times."""
        found = self._reached.get(own)
        if found is None:
            found = self._reached[own] = [group for group in self.groups if own & group]
        return found

    def in_the_way(self, board: Board, kind: Kind, start: int, gone: set[int], most: float) -> Iterable[int] | None:
        own, taken = kind.bits[start][self.resource], self.taken(board, gone)
        found: list[int] = []
        for group in self.reached(own):
            if ((taken | own) & group).bit_count() > self.most:
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

    def __init__(self, point: p.ClusterPoint) -> None:
        super().__init__(point.resource)
        self.groups = [bits(group) for group in point.groups]
        self.most = point.maximum

    def in_the_way(self, board: Board, kind: Kind, start: int, gone: set[int], most: float) -> Iterable[int] | None:
        own = kind.bits[start][self.resource]
        reached = sum([own & group != 0 for group in self.groups])
        if not reached:
            return ()
        taken = self.taken(board, gone)
        others = [group for group in self.groups if taken & group and not own & group]
        over = len(others) + reached - self.most
        if over <= 0:
            return ()
        if over > len(others):
            return None
        sets = sorted((self.here(board, taken & group, gone) for group in others), key=lambda lessons: sum([board.price[n] for n in lessons]))
        return [lesson for lessons in sets[:over] for lesson in lessons]


class NotBoth(OfResource):
    """ClusterBusyTimes with at most one of two groups: a busy time excludes others (spans, rest between days)."""

    def __init__(self, resource: int) -> None:
        super().__init__(resource)
        self.pairs: list[tuple[int, int]] = []
        self._excluded: dict[int, int] = {}

    def excluded(self, own: int) -> int:
        """Times at which the resource must not be busy if it is at these."""
        found = self._excluded.get(own)
        if found is None:
            found = 0
            for first, second in self.pairs:
                found |= (second if own & first else 0) | (first if own & second else 0)
            self._excluded[own] = found
        return found

    def in_the_way(self, board: Board, kind: Kind, start: int, gone: set[int], most: float) -> Iterable[int] | None:
        own = kind.bits[start][self.resource]
        excluded = self.excluded(own)
        if not excluded & board.taken[self.resource]:
            return None if excluded & own else ()
        if excluded & own:
            return None
        return [lesson for time in each(excluded & board.taken[self.resource]) for lesson in board.at(self.resource, time) if lesson not in gone]


class OneShift(OfResource):
    """LimitDoubleShifts: busy in more than one shift of at most so many days."""

    def __init__(self, point: p.DoubleShiftPoint) -> None:
        super().__init__(point.resource)
        self.days = [[bits(times) for times in shifts] for shifts in point.days]
        self.most = point.maximum

    def in_the_way(self, board: Board, kind: Kind, start: int, gone: set[int], most: float) -> Iterable[int] | None:
        own, taken = kind.bits[start][self.resource], self.taken(board, gone)
        after = taken | own
        double = [max(0, sum([after & shift != 0 for shift in shifts]) - 1) for shifts in self.days]
        if sum(double) <= self.most:
            return ()
        day = next((number for number, shifts in enumerate(self.days) if any(own & shift for shift in shifts)), None)
        if day is None or not double[day]:
            return ()
        others = [self.here(board, taken & shift, gone) for shift in self.days[day] if not own & shift]
        return [lesson for lessons in others for lesson in lessons] or None


class NothingAfter:
    """LastOfDay: a lesson of the event has nothing of its resources after it in its group."""

    def __init__(self, frame: Frame, point: p.LastOfDayPoint) -> None:
        self.bundles = frame.bundles
        self.event, self.resources = point.events[0], frozenset(point.resources)
        self.groups = [bits(group) for group in point.groups]
        self.lasts: dict[int, int] = {}

    def in_the_way(self, board: Board, kind: Kind, start: int, gone: set[int], most: float) -> Iterable[int] | None:
        found: set[int] = set()
        if self._length(kind):
            for resource in self.resources:
                times = board.taken[resource] & self._after(start, self._length(kind))
                found.update(lesson for time in each(times) for lesson in board.at(resource, time))
        own = 0
        for resource in self.resources:
            own |= kind.bits[start].get(resource, 0)
        found.update(lesson for lesson, after in self.lasts.items() if own & after)
        return found - gone

    def placed(self, lesson: int, start: int, kind: Kind) -> None:
        if length := self._length(kind):
            self.lasts[lesson] = self._after(start, length)

    def removed(self, lesson: int, start: int) -> None:
        self.lasts.pop(lesson, None)

    def _length(self, kind: Kind) -> int:
        """How long such a lesson is for the event (0 = it is of others)."""
        return next((n for event, n in zip(self.bundles[kind.bundle].events, kind.shape, strict=True) if event == self.event), 0)

    def _after(self, start: int, length: int) -> int:
        """Times after such a lesson, in the groups in which it starts."""
        found = 0
        for group in self.groups:
            if group >> start & 1:
                found |= group >> start + length << start + length
        return found


class MostAtOnce:
    """LimitParallel: at most so many of the event groups go on within the times."""

    def __init__(self, frame: Frame, point: p.ParallelPoint) -> None:
        self.bundles = frame.bundles
        self.times, self.most = bits(point.times), point.maximum
        self.groups_of: dict[int, list[int]] = {}
        for number, group in enumerate(point.groups):
            for event in group:
                self.groups_of.setdefault(event, []).append(number)
        self.there: dict[int, frozenset[int]] = {}

    def in_the_way(self, board: Board, kind: Kind, start: int, gone: set[int], most: float) -> Iterable[int] | None:
        own = self._groups(kind, start)
        if not own or not self.there:
            return None if len(own) > self.most else ()
        there = {lesson: groups for lesson, groups in self.there.items() if lesson not in gone}
        found: list[int] = []
        while len(own.union(*there.values())) > self.most:
            outside_own = [lesson for lesson, groups in there.items() if groups - own]
            if not outside_own:
                return None
            # All lessons of one group have to leave together.
            cheapest = min(outside_own, key=lambda lesson: (board.price[lesson], lesson))
            leaving = [lesson for lesson, groups in there.items() if groups & there[cheapest] and groups - own]
            found += leaving
            there = {lesson: groups for lesson, groups in there.items() if lesson not in leaving}
        return found

    def placed(self, lesson: int, start: int, kind: Kind) -> None:
        if groups := self._groups(kind, start):
            self.there[lesson] = groups

    def removed(self, lesson: int, start: int) -> None:
        self.there.pop(lesson, None)

    def _groups(self, kind: Kind, start: int) -> frozenset[int]:
        """Event groups of which such a lesson goes on within the times."""
        events = zip(self.bundles[kind.bundle].events, kind.shape, strict=True)
        return frozenset(
            group for event, length in events if length and ((1 << length) - 1) << start & self.times for group in self.groups_of.get(event, ())
        )


class Stay(NamedTuple):
    """A lesson in one place (or several): ``group`` of times, first and last place of its times in it."""

    group: int
    first: int
    last: int
    places: frozenset[int]


class FewRoomChanges:
    """LimitRoomChanges: where the room of a lesson lies decides which others of its people would be too far away."""

    def __init__(self, frame: Frame, point: p.RoomChangePoint) -> None:
        self.bundles, self.point = frame.bundles, point
        self.number = {event: number for number, event in enumerate(point.events)}
        self.spot = {time: (group, place) for group, times in enumerate(point.groups) for place, time in enumerate(times)}
        self.there: dict[int, Stay] = {}
        self.of_places: Counter[frozenset[int]] = Counter()
        self._parts: dict[int, tuple[int, frozenset[int], tuple[int, ...]]] = {}

    def against(self, board: Board, kind: Kind, start: int, chosen: Sequence[int | None], gone: set[int]) -> Iterable[int]:
        """Lessons to be taken out for one of this kind to be here with these resources (of the first of its roles)."""
        own = self._stay(kind, start, chosen)
        if own is None or not self.of_places or (len(self.of_places) == 1 and own.places in self.of_places):
            return ()
        left = [(lesson, stay) for lesson, stay in self.there.items() if lesson not in gone]
        groups = {stay.group for _, stay in left if stay.places != own.places}
        if not groups:
            return ()
        return self._leaving(board, [(own, -1), *((stay, n) for n, stay in left if stay.group in groups or stay.group == own.group)])

    def _leaving(self, board: Board, stays: list[tuple[Stay, int]]) -> Iterable[int]:
        """Who leaves so that the dearest of these stay, the lesson itself (-1) among them: chains of stays with few enough changes."""
        stays.sort(key=lambda one: one[0][:3])
        if sum([self._change(before, after) for (before, _), (after, _) in pairwise(stays)]) <= self.point.maximum:
            return ()
        new = next(number for number, (_, lesson) in enumerate(stays) if lesson < 0)
        best: list[dict[int, tuple[float, int]]] = []  # for each stay as the last one, by changes: what those of the chain are worth, the one before
        for number, (stay, lesson) in enumerate(stays):
            worth = board.price[lesson] if lesson >= 0 else 0.0
            here = {0: (worth, -1)} if number <= new else {}
            for before in range(new if number > new else 0, number):
                step = self._change(stays[before][0], stay)
                for changes, (value, _) in best[before].items():
                    if changes + step <= self.point.maximum and value + worth > here.get(changes + step, (-1.0, -1))[0]:
                        here[changes + step] = value + worth, before
            best.append(here)
        _, number, changes = max((value, number, changes) for number in range(new, len(stays)) for changes, (value, _) in best[number].items())
        kept = set()
        while number >= 0:
            kept.add(stays[number][1])
            before = best[number][changes][1]
            changes -= self._change(stays[before][0], stays[number][0]) if before >= 0 else 0
            number = before
        return [lesson for _, lesson in stays if lesson not in kept]

    def _change(self, before: Stay, after: Stay) -> int:
        near = self.point.gap is None or after.first - before.last - 1 < self.point.gap
        return len(after.places - before.places) if near and before.group == after.group else 0

    def _stay(self, kind: Kind, start: int, chosen: Sequence[int | None]) -> Stay | None:
        """Where such a lesson is; None = in no place, or at no time that counts."""
        if start not in self.spot:
            return None
        if id(kind) not in self._parts:
            self._parts[id(kind)] = self._of_kind(kind)
        length, places, roles = self._parts[id(kind)]
        for role in roles:
            resource = chosen[role] if role < len(chosen) else None
            if resource is not None and resource in self.point.place_of:
                places = places | {self.point.place_of[resource]}
        group, first = self.spot[start]
        return Stay(group, first, first + length - 1, places) if places else None

    def _of_kind(self, kind: Kind) -> tuple[int, frozenset[int], tuple[int, ...]]:
        """How long such a lesson is, its places in any case, and its roles that may be in one."""
        length, places, roles = 0, frozenset[int](), list[int]()
        for event, own in zip(self.bundles[kind.bundle].events, kind.shape, strict=True):
            if own and event in self.number:
                number = self.number[event]
                length, places = max(length, own), places | self.point.fixed[number]
                roles += [n for n, role in enumerate(kind.roles) if role.event == event and role.number in self.point.roles[number]]
        return length, places, tuple(roles)

    def placed(self, lesson: int, start: int, kind: Kind, chosen: Sequence[int | None]) -> None:
        if (stay := self._stay(kind, start, chosen)) is not None:
            self.there[lesson] = stay
            self.of_places[stay.places] += 1

    def removed(self, lesson: int) -> None:
        if (stay := self.there.pop(lesson, None)) is not None:
            self.of_places[stay.places] -= 1
            self.of_places += Counter()


class Filling(OfResource):
    """What a resource's days still need, of lessons without a place: idle times filled, busy days full enough, days begun in time, days enough.

    Every partial timetable that can be completed keeps Σ needs ≤ times of the resource's lessons without a place. A day needs the greater of what its
    least busy times lack and of its idle times and late beginning; of idle times and of late beginnings as many are taken off as are allowed. Days
    that must be busy and are not need their least.
    """

    def __init__(self, resource: int, groups: Sequence[p.Times]) -> None:
        super().__init__(resource)
        self.times = [tuple(group) for group in groups]
        self.groups = [bits(group) for group in groups]
        self.least = [0] * len(groups)
        self.most_idle = [NO_LIMIT] * len(groups)
        self.idle_counts = [False] * len(groups)
        self.all_idle = NO_LIMIT
        self.late_counts = [False] * len(groups)
        self.all_late = NO_LIMIT
        self.fewest_days = 0
        self._emptiest = 1
        self._needs: list[dict[int, tuple[int, int, int]]] = [{} for _ in groups]

    def add(self, point: p.Point) -> None:
        """One more point whose groups are among these."""
        own = [self.times.index(tuple(group)) for group in point.groups]  # type: ignore[attr-defined]
        if isinstance(point, p.BusyPoint):
            for number in own:
                self.least[number] = max(self.least[number], point.minimum)
            self._emptiest = max(1, min(self.least))
        elif isinstance(point, p.ClusterPoint):
            self.fewest_days = max(self.fewest_days, point.minimum) if len(own) == len(self.groups) else self.fewest_days
        elif isinstance(point, p.IdlePoint):
            for number in own:
                self.idle_counts[number] = True
                self.most_idle[number] = min(self.most_idle[number], point.maximum)
            if len(own) == len(self.groups):
                self.all_idle = min(self.all_idle, point.maximum)
        elif isinstance(point, p.LateStartPoint):
            for number in own:
                self.late_counts[number] = True
            if len(own) == len(self.groups):
                self.all_late = min(self.all_late, point.maximum)

    @property
    def is_needed(self) -> bool:
        return any(self.least) or any(self.idle_counts) or any(self.late_counts) or self.fewest_days > 0

    def of_group(self, number: int, busy: int) -> tuple[int, int, int]:
        """What a group needs if these of its times are busy, and what idle times and a late beginning, where allowed, may save of it."""
        found = self._needs[number].get(busy)
        if found is None:
            found = self._needs[number][busy] = self._of_group(number, busy)
        return found

    def _of_group(self, number: int, busy: int) -> tuple[int, int, int]:
        if not busy:
            return 0, 0, 0
        places = [place for place, time in enumerate(self.times[number]) if busy >> time & 1]
        late = places[0] if self.late_counts[number] else 0
        # A day that begins after its second time needs one of the first two, and may still be idle from there to what is now its first busy time.
        idle = places[-1] - places[0] + 1 - len(places) + max(0, late - 2) if self.idle_counts[number] else 0
        allowed = min(idle, self.most_idle[number])
        holes = idle if self.all_idle != NO_LIMIT else idle - allowed
        return max(self.least[number] - len(places), holes + (late > 0)), allowed, int(late == 1)

    def in_the_way(self, board: Board, kind: Kind, start: int, gone: set[int], most: float) -> Iterable[int] | None:
        own = kind.bits[start][self.resource]
        taken = self.taken(board, gone) | own
        counts = self._counts(taken)
        waiting = board.left[self.resource] + self._length(board, gone) - own.bit_count()
        found: list[int] = []
        while self._need(*counts) > waiting:
            best = self._relief(board, taken, own, counts, waiting, most)
            if best is None or len(found) >= MOST_OUT:
                return None
            _, lessons, left = best
            found += lessons
            counts = self._counts(left)
            waiting += self._length(board, lessons)
            taken = left
        return found

    def _length(self, board: Board, lessons: Iterable[int]) -> int:
        """Times that the resource is in these lessons, each counted by itself."""
        return sum([board.bits_of(lesson, self.resource).bit_count() for lesson in lessons])

    def need(self, taken: int) -> int:
        """Times that must still be filled, at least, if these are busy."""
        return self._need(*self._counts(taken))

    def _counts(self, taken: int) -> tuple[int, int, int, int]:
        """Σ over the groups of what ``of_group`` says, and the busy groups."""
        needs = idle = late = busy_groups = 0
        for number, group in enumerate(self.groups):
            if busy := taken & group:
                found = self._needs[number].get(busy) or self.of_group(number, busy)
                needs += found[0]
                idle += found[1]
                late += found[2]
                busy_groups += 1
        return needs, idle, late, busy_groups

    def _need(self, needs: int, idle: int, late: int, busy_groups: int) -> int:
        if self.all_idle != NO_LIMIT:
            needs -= min(self.all_idle, idle)
        if self.all_late != NO_LIMIT:
            needs -= min(self.all_late, late)
        return needs + max(0, self.fewest_days - busy_groups) * self._emptiest

    def _relief(
        self, board: Board, taken: int, own: int, counts: tuple[int, int, int, int], waiting: int, most: float
    ) -> tuple[float, list[int], int] | None:
        """The first or last lessons of a group, or all of it, that pay most for their price: (price, they, busy times without them)."""
        best: tuple[float, list[int], int] | None = None
        price, lack = board.price, self._need(*counts) - waiting
        needs, idle, late, busy_groups = counts
        least = float("inf")
        for number, group in enumerate(self.groups):
            busy = taken & group
            if not busy:
                continue
            before = self.of_group(number, busy)
            for lessons in self._outer(board, busy, own, self.least[number] > 1 or before[0] > 0 or before[2] > 0):
                asked = price[lessons[0]] if len(lessons) == 1 else sum([price[lesson] for lesson in lessons])
                if asked >= most or asked >= least * lack:
                    continue
                without = taken
                for lesson in lessons:
                    without &= ~board.bits_of(lesson, self.resource)
                without |= own
                after = self.of_group(number, without & group)
                still = busy_groups - (not without & group)
                need = self._need(needs + after[0] - before[0], idle + after[1] - before[1], late + after[2] - before[2], still)
                left = need - waiting - self._length(board, lessons)
                if left < lack and asked < least * (lack - max(0, left)):
                    least = asked / (lack - max(0, left))
                    best = (least, list(lessons), without)
        return best

    def _outer(self, board: Board, busy: int, own: int, all_of_them: bool) -> list[Sequence[int]]:
        """The first and the last lessons of a group's busy times, or also all of them, as far as they are not a new lesson's own."""
        first, last = busy & -busy, 1 << busy.bit_length() >> 1
        at_first, at_last = board.at(self.resource, first.bit_length() - 1), board.at(self.resource, last.bit_length() - 1)
        sets = [] if first & own else [at_first]
        if at_last != at_first:
            sets += [] if last & own else [at_last]
            if all_of_them and not busy & own:
                everyone: dict[int, None] = {}
                while busy:
                    here = board.at(self.resource, (busy & -busy).bit_length() - 1)
                    for lesson in here:
                        everyone[lesson] = None
                        busy &= ~board.bits_of(lesson, self.resource)
                sets.append(list(everyone))
        return sets


def limits_of_resource(resource: int, points: Iterable[p.Point], may_be_chosen: bool) -> list[Limit]:
    """The limits that required points of one resource make together; what its days need is open as long as further lessons may choose it."""
    found: list[Limit] = []
    days: list[Filling] = []
    pairs = NotBoth(resource)
    for point in points:
        if isinstance(point, p.BusyPoint):
            limit = MostBusy(point)
            found += [limit] if limit.groups else []
        elif isinstance(point, p.ClusterPoint) and (point.maximum, len(point.groups)) == (1, 2) and set(point.groups[0]).isdisjoint(point.groups[1]):
            pairs.pairs.append((bits(point.groups[0]), bits(point.groups[1])))
        elif isinstance(point, p.ClusterPoint) and point.maximum < len(point.groups):
            found.append(MostDays(point))
        elif isinstance(point, p.DoubleShiftPoint):
            found.append(OneShift(point))
    fillers = [point for point in points if isinstance(point, (p.BusyPoint, p.ClusterPoint, p.IdlePoint, p.LateStartPoint))]
    # Points about the same days are counted together, those of most days first: what one asks for may be what another one does.
    for point in sorted(fillers, key=lambda point: -len(point.groups)):
        if isinstance(point, (p.BusyPoint, p.ClusterPoint)) and not point.minimum:
            continue
        groups = [tuple(group) for group in point.groups if group]
        if len({time for group in groups for time in group}) < sum(map(len, groups)):
            continue  # windows that overlap
        of_these_days = next((filling for filling in days if set(groups) <= set(filling.times)), None)
        if of_these_days is None:
            of_these_days = Filling(point.resource, groups)
            days.append(of_these_days)
        of_these_days.add(replace(point, groups=tuple(groups)))
    return found + [pairs] * bool(pairs.pairs) + [filling for filling in days if filling.is_needed and not may_be_chosen]


RESOURCE_POINTS = (p.BusyPoint, p.ClusterPoint, p.IdlePoint, p.LateStartPoint, p.DoubleShiftPoint)
"""Points of resources of which there are limits."""


def each(times: int) -> Iterator[int]:
    """Bits, the lowest first."""
    while times:
        lowest = times & -times
        yield lowest.bit_length() - 1
        times ^= lowest
