"""What is decided: where the lessons that are free in a scope start, and in which class of rooms.

Only legal starts exist: inside the bell pattern, with everybody there, and beside what the scope keeps fixed. The lessons of one bundle that
have the same shape are not told apart, so ``starts[bundle, shape, time]`` has no symmetry.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from ortools.sat.python import cp_model

from scheduler.timetable.frame import NO_ROOM, Frame, Meet, Shape, Week

Literals = list[cp_model.IntVar]


class Scope:
    """Which lessons are free, and what the fixed ones leave them.

    Parameters
    ----------
    fixed
        the meets that stay
    free
        how many lessons of each shape are to be placed, by bundle
    days
        where they may go (None = the whole week)
    """

    def __init__(self, frame: Frame, fixed: Week, free: Mapping[int, Mapping[Shape, int]], days: frozenset[str] | None = None) -> None:
        self.frame, self.fixed, self.free, self.days = frame, fixed, free, days
        self.busy = frame.busy_points(fixed)
        self.room_use: Counter[tuple[int, int]] = Counter(
            (room, point)
            for meets in fixed
            for start, shape, rooms in meets
            for room, length in zip(rooms, shape, strict=True)
            if room != NO_ROOM
            for point in frame.covered(start, length)
        )
        self._blocked: dict[int, frozenset[int]] = {}

    @classmethod
    def whole(cls, frame: Frame) -> Scope:
        """Everything is free."""
        return cls(frame, [() for _ in frame.bundles], {index: bundle.counts for index, bundle in enumerate(frame.bundles)})

    @classmethod
    def freeing(cls, frame: Frame, week: Week, chosen: Mapping[int, Sequence[Meet]], days: frozenset[str] | None = None) -> Scope:
        """A week with the chosen meets taken out."""
        fixed = list(week)
        for bundle, meets in chosen.items():
            fixed[bundle] = tuple(meet for meet in week[bundle] if meet not in meets)
        return cls(frame, fixed, {bundle: Counter(shape for _, shape, _ in meets) for bundle, meets in chosen.items() if meets}, days)

    def candidates(self, bundle: int, shape: Shape) -> Sequence[int]:
        """Legal starts of a free lesson beside what is fixed."""
        frame = self.frame
        starts = frame.bundles[bundle].starts[shape]
        attending = frame.bundles[bundle].attending[shape]
        return [
            start
            for start in starts
            if (self.days is None or frame.times[start].day in self.days)
            and all(self.blocked(resource).isdisjoint(frame.covered(start, length)) for resource, length in attending)
        ]

    def blocked(self, resource: int) -> frozenset[int]:
        """Points at which the fixed lessons keep a resource from any other."""
        if resource not in self._blocked:
            points = self.busy[resource] if resource in self.frame.single else ()
            self._blocked[resource] = frozenset(points).union(*(self.frame.clashes.clashing[point] for point in points))
        return self._blocked[resource]


class Variables:
    """The Booleans of a scope in a model.

    Attributes
    ----------
    starts[bundle, shape, time]
        a lesson starts there
    of_bundle[bundle]
        (shape, time, start) of the same
    in_room[event, length, time, room class]
        and takes a room of this class; only for events that may choose between classes
    covering[resource][point]
        the starts that keep the resource busy there
    room_covering[room class][point]
        the literals that use a room of the class there
    """

    def __init__(self, model: cp_model.CpModel, scope: Scope) -> None:
        self.model, self.scope, self.frame = model, scope, scope.frame
        self.starts: dict[tuple[int, Shape, int], cp_model.IntVar] = {}
        self.of_bundle: dict[int, list[tuple[Shape, int, cp_model.IntVar]]] = {}
        self.in_room: dict[tuple[int, int, int, int], cp_model.IntVar] = {}
        self.covering: dict[int, dict[int, Literals]] = {}
        self.room_covering: dict[int, dict[int, Literals]] = {}
        for bundle, counts in scope.free.items():
            self._add_bundle(bundle, counts)

    def _add_bundle(self, bundle: int, counts: Mapping[Shape, int]) -> None:
        frame = self.frame
        self.of_bundle[bundle] = []
        for resource in frame.attends[bundle]:
            self.covering.setdefault(resource, defaultdict(list))
        for shape in counts:
            for time in self.scope.candidates(bundle, shape):
                start = self.model.new_bool_var(f"starts[{bundle},{shape},{time}]")
                self.starts[bundle, shape, time] = start
                self.of_bundle[bundle].append((shape, time, start))
                for resource, length in frame.bundles[bundle].attending[shape]:
                    for point in frame.covered(time, length):
                        self.covering[resource][point].append(start)
                for event, length in zip(frame.bundles[bundle].events, shape, strict=True):
                    if length and frame.room_choices[event]:
                        self._add_rooms(event, length, time, start)

    def _add_rooms(self, event: int, length: int, time: int, start: cp_model.IntVar) -> None:
        choices = self.frame.room_choices[event]
        rooms = {choices[0]: start}
        if len(choices) > 1:
            rooms = {room: self.model.new_bool_var(f"in_room[{event},{length},{time},{room}]") for room in choices}
            self.in_room.update(((event, length, time, room), literal) for room, literal in rooms.items())
            self.model.add(sum(rooms.values()) == start)
        for room, literal in rooms.items():
            covering = self.room_covering.setdefault(room, defaultdict(list))
            for point in self.frame.covered(time, length):
                covering[point].append(literal)

    def read(self, values: Sequence[int]) -> Week:
        """The whole week of a solution: what was fixed and what was placed."""
        placed: dict[int, list[Meet]] = defaultdict(list)
        for (bundle, shape, time), start in self.starts.items():
            if values[start.index]:
                events = zip(self.frame.bundles[bundle].events, shape, strict=True)
                placed[bundle].append((time, shape, tuple(self._room(event, length, time, values) for event, length in events)))
        week = list(self.scope.fixed)
        for bundle, meets in placed.items():
            week[bundle] = tuple(sorted((*week[bundle], *meets)))
        return week

    def _room(self, event: int, length: int, time: int, values: Sequence[int]) -> int:
        choices = self.frame.room_choices[event] if length else ()
        if len(choices) < 2:
            return choices[0] if choices else NO_ROOM
        return next(room for room in choices if values[self.in_room[event, length, time, room].index])

    def hint(self, week: Week) -> None:
        """Start the search from a week: every start and choice of room is hinted, true or false."""
        rooms_at = {
            (event, length, time): room
            for bundle in self.scope.free
            for time, shape, rooms in week[bundle]
            for event, length, room in zip(self.frame.bundles[bundle].events, shape, rooms, strict=True)
        }
        taken = {(bundle, shape, time) for bundle in self.scope.free for time, shape, _ in week[bundle]}
        for key, start in self.starts.items():
            self.model.add_hint(start, key in taken)
        for (event, length, time, room), literal in self.in_room.items():
            self.model.add_hint(literal, rooms_at.get((event, length, time)) == room)
