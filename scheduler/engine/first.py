"""A first week for large problems: lessons placed one by one, those in the way taken out and placed anew (guided ejection).

What required constraints forbid is kept at every step by taking lessons out: clashes, starts, limits of a day or a week, order, workloads. A lesson
that often finds no free place grows dearer to take out, so that the hard ones settle and the easy ones move around them. Wishes only decide between
places that are equally good otherwise. What has no place in the end gets the one where it costs least, if that is better than none.

Reference: Y. Nagata, O. Bräysy, "A powerful route minimization heuristic for the vehicle routing problem with time windows", Operations Research
Letters 37 (2009), for the guiding penalties.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from random import Random
from typing import NamedTuple

from scheduler.engine import points as p
from scheduler.engine.board import Board, Chosen, Kind, Role, free_starts, span
from scheduler.engine.frame import Bundle, Frame, Meet, Shape, Week, in_order
from scheduler.engine.limits import each
from scheduler.engine.state import State, outside, weighed

RISE = 1.0
"""By so much a lesson without a free place grows dearer."""

TABU = 10
"""So many insertions long a lesson that was taken out does not push others out at its old place."""

BLUR = 0.2
"""Prices of places are blurred by up to this part."""

ANY = 0.05
"""Part of the turns in which any waiting lesson is placed, not the last one taken out."""

DRIFT = 2
"""Lessons moved to another free place at random after each insertion that took others out."""

WISH = 0.02
"""What a broken wish weighs beside taking out a lesson that was never without a place (its length)."""

SPLIT = 0.1
"""What a further resource weighs where one should do; where it must, a hundred times that."""

NOBODY = 1000.0
"""What it weighs to leave open a role that must be filled, or to fill it with somebody who is not there."""

RETURN = 30.0
"""What it weighs to push others out at a place from which a lesson was pushed out just now."""

MOST_SPLITTINGS, MOST_WAYS = 2000, 20
"""So many ways to split an event are looked at, and so many tried."""

PATIENCE, PATIENCE_PER_LESSON = 3000, 300
"""So many turns without fewer lessons waiting, and the rest has no place: where two must clash, for one."""

SETTLING_SHARE = 0.2
"""Of the time, at most, for lessons without a place: the cheapest for each; from then on they stay without."""

LEAST_SHARE = 0.5
"""So much of the time at least is for the search itself, where a large problem takes long to set up: nothing placed would help nobody."""

NEARLY_PLACED = 12
"""So few waiting lessons are likelier to find their places one by one than by a search for the whole week."""

STUCK = 5
"""A lesson that so many times found no free place is split in another way, where there is one."""


@dataclass(slots=True)
class Move:
    """A place for a lesson: ``gone`` are the lessons to be taken out for it."""

    cost: float
    start: int
    gone: set[int]
    chosen: Chosen


class Building:
    """A week with as many lessons placed as possible, in so many seconds or in several goes.

    Parameters
    ----------
    seed
        same seed, same week, if everything finds a place within the time
    seconds
        ends after this time, setting up included; lessons that are left then have no place
    start
        a week whose lessons stay where they are as far as they keep the required constraints and no other needs their place
    """

    def __init__(self, frame: Frame, seed: int, seconds: float, start: Week | None = None) -> None:
        self.seconds = seconds
        self.end = time.monotonic() + seconds
        ways = [splits(frame, bundle) for bundle in frame.bundles]
        kept: list[list[Kept]] = [[] for _ in ways]
        for index, bundle in enumerate(frame.bundles):
            lessons = None if start is None else as_lessons(bundle, [start[event] for event in bundle.events])
            if lessons is not None:
                kept[index] = lessons
                ways[index] = [[lesson.shape for lesson in lessons], *ways[index]]
        self.builder = Builder(Board(frame, ways), ways, Random(seed))
        self.builder.keep(kept)
        self.end = max(self.end, time.monotonic() + LEAST_SHARE * seconds)

    def go_on(self, stop: threading.Event, seconds: float | None = None, patience: float = math.inf, few: int = NEARLY_PLACED) -> bool:
        """Search on, for so many seconds more or to the end; whether it is worth while to go on once more.

        ``patience``: seconds without fewer waiting lessons after which something else should have a turn, unless only a ``few`` wait.
        """
        if seconds is not None:
            self.seconds, self.end = seconds, time.monotonic() + seconds
        return self.builder.run(self.end - SETTLING_SHARE * self.seconds, stop, patience, few)

    @property
    def is_complete(self) -> bool:
        """Whether every lesson has its place."""
        return self.fewest_waiting == 0

    @property
    def fewest_waiting(self) -> int:
        """Lessons without a place in the best week so far (linked ones each by itself)."""
        return self.builder.fewest

    def week(self, stop: threading.Event) -> Week:
        """The best so far; what has no place has the one at which it costs least, as far as the time goes."""
        return self.builder.settled(self.end, stop)


class Builder:
    """The search for places: a stack of waiting lessons, the best places so far."""

    def __init__(self, board: Board, ways: Sequence[Sequence[Sequence[Shape]]], random: Random) -> None:
        self.board = board
        self.ways = ways
        self.random = random
        self.tabu: dict[tuple[int, int], int] = {}
        self.turn = self.last_gain = 0
        self.fewest = board.waiting
        self.best = board.places()
        self.is_noted = True

    def keep(self, kept: Sequence[Sequence[Kept]]) -> None:
        """Place lessons where they stood, as far as nothing required is in the way."""
        board = self.board
        for lessons, stood in zip(board.of_bundle, kept, strict=True):
            for lesson, place in zip(lessons, stood, strict=False):
                kind = board.kind[lesson]
                if place.start is not None and kind.starts_mask >> place.start & 1:
                    wanted = tuple(place.resources[role.event][role.number] for role in kind.roles)
                    move = self.at(lesson, place.start, float("inf"), wanted)
                    if move is not None and not move.gone:
                        board.place(lesson, place.start, move.chosen)
        self.remember()

    def run(self, end: float, stop: threading.Event, patience: float = math.inf, few: int = NEARLY_PLACED) -> bool:
        """Place what waits, the hardest first, until everything stands or the time (of the monotonic clock) is over; whether more time may help.

        Ends too after ``patience`` seconds without fewer lessons waiting, unless only a ``few`` do.
        """
        waiting = [lesson for own in self.board.of_bundle for lesson in own if self.board.start[lesson] is None]
        hardness = {lesson: (self.hardness(lesson), self.random.random()) for lesson in waiting}
        waiting.sort(key=hardness.__getitem__)
        barred = 0
        most_turns = PATIENCE + PATIENCE_PER_LESSON * len(self.board.price)
        fewest, gained_at = self.fewest, time.monotonic()
        while waiting and barred <= len(waiting) and self.turn <= self.last_gain + most_turns:
            now = time.monotonic()
            if self.fewest < fewest:
                fewest, gained_at = self.fewest, now
            if stop.is_set() or now >= end or (now >= gained_at + patience and fewest > few):
                return True
            self.turn += 1
            lesson = waiting.pop(self.random.randrange(len(waiting)) if self.random.random() < ANY else -1)
            move = self.find(lesson)
            if move is None:
                waiting.insert(0, lesson)
                barred += 1
                continue
            barred = 0
            if move.gone:
                self.board.price[lesson] += RISE
                if self.is_stuck(lesson):
                    waiting = self.split_anew(lesson, waiting)
                    continue
            waiting += self.put(lesson, move)
            self.remember()
            for _ in range(DRIFT if move.gone else 0):
                self.drift()
        return False

    def hardness(self, lesson: int) -> float:
        """How much of its resources' open times is wanted, by the number of its places."""
        board = self.board
        kind, closed = board.kind[lesson], board.frame.closed
        crowded = sum(length * board.hours[r] / max(1, board.width - len(closed[r])) for r, length in kind.attending)
        return (crowded + 0.5 * len(kind.roles)) / max(1, len(kind.starts))

    def is_stuck(self, lesson: int) -> bool:
        """Whether it is time to try another splitting."""
        kind = self.board.kind[lesson]
        return len(self.ways[kind.bundle]) > 1 and self.board.price[lesson] > kind.length + STUCK * RISE

    def split_anew(self, lesson: int, waiting: Sequence[int]) -> list[int]:
        """Split a lesson's bundle in another way, rather one that the wishes like; what waits then."""
        self.note()
        bundle = self.board.kind[lesson].bundle
        ways = self.ways[bundle]
        former = set(self.board.of_bundle[bundle])
        shapes = ways[min(len(ways) - 1, int(self.random.expovariate(0.5)))]
        return [other for other in waiting if other not in former] + self.board.split(bundle, shapes)

    def remember(self) -> None:
        if self.board.waiting < self.fewest:
            self.fewest, self.last_gain, self.is_noted = self.board.waiting, self.turn, False

    def note(self) -> None:
        """Note the best places, before anything is taken out of them."""
        if not self.is_noted:
            self.best, self.is_noted = self.board.places(), True

    def put(self, lesson: int, move: Move) -> list[int]:
        """Carry a move out; the lessons that it takes out, the dearest last."""
        board = self.board
        if move.gone:
            self.note()
        gone = sorted(move.gone, key=board.price.__getitem__)
        for other in gone:
            self.tabu[other, board.start[other] or 0] = self.turn + TABU + self.random.randrange(TABU)
            board.remove(other)
        board.place(lesson, move.start, move.chosen)
        return gone

    def drift(self) -> None:
        """Move any lesson to another free place."""
        board, random = self.board, self.random
        lesson = random.choice(random.choice(board.of_bundle))
        old, chosen = board.start[lesson], board.chosen[lesson]
        kind = board.kind[lesson]
        if old is None:
            return
        free = list(each(free_starts(kind, board.occupied(kind)) & ~(1 << old)))
        if free:
            board.remove(lesson)
            move = self.at(lesson, random.choice(free), 1.0)
            if move is not None and not move.gone:
                board.place(lesson, move.start, move.chosen)
            else:
                board.place(lesson, old, chosen)

    # --- places --------------------------------------------------------------------------------------------------------------------------

    def find(self, lesson: int) -> Move | None:
        """The cheapest place: a free one, else by the prices of what has to leave."""
        board = self.board
        kind = board.kind[lesson]
        best = None
        free = list(each(free_starts(kind, board.occupied(kind))))
        self.random.shuffle(free)
        for start in free:
            move = self.at(lesson, start, RISE if best is None else best.cost)
            if move is not None and not move.gone:
                best = move
                if best.cost <= WISH * len(kind.roles):
                    break
        return best or self.by_force(lesson, kind)

    def by_force(self, lesson: int, kind: Kind) -> Move | None:
        """The place that others have to leave with the lowest price, the prices a little blurred: else the same few would push each other around."""
        best: Move | None = None
        owner, price = self.board.owner, self.board.price
        bounds = []
        for start in kind.starts:
            gone = {owner[cell] for cell in kind.against[start]}
            gone.discard(-1)
            blur = 1.0 + BLUR * self.random.random()
            bounds.append((blur * sum([price[other] for other in gone]), blur, start))
        bounds.sort()
        for cost, blur, start in bounds:
            if best is not None and cost >= best.cost:
                break
            move = self.at(lesson, start, float("inf") if best is None else best.cost / blur)
            if move is not None:
                best = move
                best.cost *= blur
        return best

    def at(self, lesson: int, start: int, below: float, wanted: Chosen = ()) -> Move | None:
        """What a place costs, if less than ``below``: by clashes first, then limits, resources to be chosen, wishes."""
        board = self.board
        kind, owner, price = board.kind[lesson], board.owner, board.price
        gone = {owner[cell] for cell in kind.against[start]}
        gone.discard(-1)
        cost = sum([price[other] for other in gone]) + WISH * kind.disliked.get(start, 0)
        if gone and self.tabu.get((lesson, start), 0) > self.turn:
            cost += RETURN
        for limit in kind.limits:
            more = limit.in_the_way(board, kind, start, gone, below - cost)
            if more is None:
                return None
            if more:
                gone.update(more)
                cost += sum([price[other] for other in more])
                if cost >= below:
                    return None
        for wish in kind.wishes:
            broken = wish.in_the_way(board, kind, start, gone, below)
            cost += WISH * (2 if broken is None else len(list(broken)))
        chosen: list[int | None] = []
        if kind.moves and not kind.roles:
            far = self.too_far(kind, start, (), gone)
            gone |= far
            cost += sum([price[other] for other in far])
        for number, role in enumerate(kind.roles):
            if cost >= below:
                return None
            more_cost, resource, out = self.choose(kind, role, start, gone, chosen, wanted[number] if wanted else None)
            cost += more_cost
            gone |= out
            chosen.append(resource)
        return Move(cost, start, gone, tuple(chosen)) if cost < below else None

    def choose(
        self, kind: Kind, role: Role, start: int, gone: set[int], chosen: Sequence[int | None], wanted: int | None
    ) -> tuple[float, int | None, set[int]]:
        """The cheapest resource for a role: (cost, resource, lessons to be taken out besides)."""
        board, random = self.board, self.random
        owner, price = board.owner, board.price
        used = board.used[role.group] if role.group is not None else None
        one = used is not None and any(used.values())
        present, times = kind.resources, span(start, role.length)
        far_from: dict[tuple[int, ...], set[int]] = {}
        best: tuple[float, int | None, set[int]] = (NOBODY if role.needed else WISH, None, set())
        for resource in role.allowed:
            if resource in present or resource in chosen:
                continue
            cost = WISH * (role.disliked.get(resource, 0) + random.random() - (resource == wanted))
            if one and used is not None and not used[resource]:
                cost += SPLIT * (100 if role.one else 1)
            if board.closed[resource] & times:
                cost += NOBODY
            out: set[int] = set()
            if resource in board.frame.single and (board.frame.apart or board.taken[resource] & times):
                out = {owner[cell] for cell in board.cells_against(resource, start, role.length)} - gone
                out.discard(-1)
                cost += sum([price[other] for other in out])
            if cost < best[0] and board.load[resource] + role.share[resource] > board.most_load[resource]:
                relief = self.relief(resource, role, gone | out)
                if relief is None:
                    continue
                cost += sum([price[other] for other in relief])
                out |= relief
            if cost < best[0] and kind.moves:
                where = kind.where[resource]
                if where not in far_from:
                    far_from[where] = self.too_far(kind, start, (*chosen, resource), gone)
                cost += sum([price[other] for other in far_from[where] - out])
                out = out | far_from[where]
            if cost < best[0]:
                best = (cost, resource, out)
        return best

    def too_far(self, kind: Kind, start: int, chosen: Sequence[int | None], gone: set[int]) -> set[int]:
        """Lessons to be taken out because their rooms are too far from that of a lesson here."""
        found: set[int] = set()
        for near in kind.moves:
            found.update(near.against(self.board, kind, start, chosen, gone | found))
        return found

    def relief(self, resource: int, role: Role, gone: set[int]) -> set[int] | None:
        """Lessons to be taken from a resource whose workload would be too great; None = there are not enough."""
        board = self.board
        over = board.load[resource] + role.share[resource] - board.most_load[resource]
        found: set[int] = set()
        held = sorted(board.holders[resource], key=lambda lesson: (lesson not in gone, board.price[lesson], lesson))
        for lesson in held:
            if over <= 1e-9:
                break
            for own, chosen in zip(board.kind[lesson].roles, board.chosen[lesson], strict=True):
                if chosen == resource:
                    over -= own.share[resource]
            found.add(lesson)
        return found - gone if over <= 1e-9 else None

    # --- the week ------------------------------------------------------------------------------------------------------------------------

    def settled(self, end: float, stop: threading.Event) -> Week:
        """The week of the best places; what has none gets the one at which the week costs least, as long as there is time.

        Afterwards only a lesson that cannot be without a place gets one, its first.
        """
        self.note()
        week = self.board.week(self.best)
        left = [place.kind for place in self.best if place.start is None]
        if not left:
            return week
        if time.monotonic() >= end or stop.is_set():
            return self._first_places(week, left)
        state = State(self.board.frame, week)
        for number, kind in enumerate(left):
            if not self._settle(state, kind, end, stop):
                return self._first_places(state.week, left[number:])
        return state.week

    def _settle(self, state: State, kind: Kind, end: float, stop: threading.Event) -> bool:
        """Give a lesson its cheapest place; False if the time is over before all its places were looked at: then it has none."""
        before = {event: state.week[event] for event in self._events(kind)}
        best, best_cost = before, state.total
        must = self._must_stand(kind)
        for start in kind.starts:
            if time.monotonic() >= end or stop.is_set():
                state.apply(before)
                return False
            changes = self._placed(before, kind, start)
            state.apply(changes)
            if state.total < best_cost or (must and best is before):
                best, best_cost = changes, state.total
        state.apply(best)
        return True

    def _first_places(self, week: Week, kinds: Sequence[Kind]) -> Week:
        """The week with those of these lessons that cannot be without a place at their first one."""
        for kind in kinds:
            if self._must_stand(kind) and kind.starts:
                changes = self._placed({event: week[event] for event in self._events(kind)}, kind, kind.starts[0])
                for event, meets in changes.items():
                    week[event] = meets
        return week

    def _events(self, kind: Kind) -> dict[int, int]:
        """The events that a lesson is of, with its length in each."""
        return {event: length for event, length in zip(self.board.frame.bundles[kind.bundle].events, kind.shape, strict=True) if length}

    def _must_stand(self, kind: Kind) -> bool:
        """Whether a lesson is never without a place, because its time is given."""
        return any(self.board.frame.stated_time[event] is not None for event in self._events(kind))

    def _placed(self, before: Mapping[int, tuple[Meet, ...]], kind: Kind, start: int) -> dict[int, tuple[Meet, ...]]:
        """The meets of a lesson's events with the lesson, which has no place in ``before``, at a start."""
        changes = {}
        for event, length in self._events(kind).items():
            meets = list(before[event])
            index = next(i for i, meet in enumerate(meets) if meet.start is None and meet.length == length)
            meets[index] = meets[index]._replace(start=start)
            changes[event] = in_order(meets)
        return changes


# --- splitting ---------------------------------------------------------------------------------------------------------------------------------


def splits(frame: Frame, bundle: Bundle) -> list[list[Shape]]:
    """Ways to split a bundle: by its required constraints; first as the wishes about lengths have it, then with few lessons."""
    first = frame.lengths[bundle.events[0]]
    if any(frame.lengths[event] != first for event in bundle.events):
        return [list(zip_longest(*(frame.blocks(event) or () for event in bundle.events), fillvalue=0))]
    lengths = sorted(first.counts, reverse=True)
    fitting = [n for n in lengths if bundle.shapes[(n,) * len(bundle.events)] and all(has_legal_start(frame, event, n) for event in bundle.events)]
    ways = list(islice(splittings(frame, bundle, fitting), MOST_SPLITTINGS)) or list(islice(splittings(frame, bundle, lengths), 1))
    ways.sort(key=lambda way: (disliked(frame, bundle, way), len(way)))
    return [[(length,) * len(bundle.events) for length in way] for way in ways[:MOST_WAYS]]


def has_legal_start(frame: Frame, event: int, length: int) -> bool:
    """Whether the starts of ``frame`` for such a lesson are more than those of a lesson that can only break a required constraint."""
    closed = frozenset[int]().union(*(frame.closed[resource] for resource, _ in frame.fixed[event]))
    points = [frame.points[index] for index in frame.points_of_event[event]]
    wanted = [point.times for point in points if isinstance(point, p.PreferTimesPoint) and point.required and point.length in (None, length)]
    starts = frame.starts[event][length]
    return any(closed.isdisjoint(range(start, start + length)) and all(start in times for times in wanted) for start in starts)


def splittings(frame: Frame, bundle: Bundle, lengths: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Legal ways to split the events of a bundle, each with the longest lesson first."""
    counts, (fewest, most) = frame.lengths[bundle.events[0]].counts, frame.lengths[bundle.events[0]].total

    def further(index: int, left: int, lessons: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if index == len(lengths):
            if left == 0 and fewest <= len(lessons) <= most and all(lessons.count(n) >= low for n, (low, _) in counts.items()):
                yield lessons
            return
        length = lengths[index]
        for amount in range(min(counts[length][1], left // length, most - len(lessons)), counts[length][0] - 1, -1):
            yield from further(index + 1, left - amount * length, (*lessons, *(length,) * amount))

    return further(0, frame.durations[bundle.events[0]], ())


def disliked(frame: Frame, bundle: Bundle, lengths: Sequence[int]) -> int:
    """What a splitting costs by itself."""
    cost = 0
    for event in bundle.events:
        for index in frame.points_of_event[event]:
            point = frame.points[index]
            if isinstance(point, p.SplitPoint):
                wrong = sum(not point.minimum_length <= length <= point.maximum_length for length in lengths)
                deviation = wrong + outside(len(lengths), point.minimum, point.maximum)
            elif isinstance(point, p.DistributePoint):
                deviation = outside(sum(length == point.length for length in lengths), point.minimum, point.maximum)
            else:
                continue
            cost += point.weight * weighed(point.cost, deviation) * (1000 if point.required else 1)
    return cost


class Kept(NamedTuple):
    """A lesson of a bundle as it stands in a week, with its resources by event."""

    shape: Shape
    start: int | None
    resources: Mapping[int, Chosen]


def as_lessons(bundle: Bundle, meets: Sequence[Sequence[Meet]]) -> list[Kept] | None:
    """The lessons of a bundle in a week; None where they are not split or linked as they must be."""
    found = []
    for row in zip_longest(*meets):
        present = [(event, meet) for event, meet in zip(bundle.events, row, strict=True) if meet is not None]
        shape = tuple(0 if meet is None else meet.length for meet in row)
        starts = {meet.start for _, meet in present}
        if shape not in bundle.shapes or len(starts) > 1:
            return None
        found.append(Kept(shape, starts.pop(), {event: meet.resources for event, meet in present}))
    return found
