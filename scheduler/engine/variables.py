"""What a step decides: where the freed lessons start, how they are split, and which resource each open role takes.

Only starts exist that no fixed lesson and no required rule forbids. Lessons of one bundle and shape are not told apart, so
``starts[bundle][shape, time]`` has no symmetry.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ortools.sat.python import cp_model

from scheduler.engine.frame import Bundle, Frame, Meet, Shape, Week, in_order
from scheduler.engine.points import AssignResourcePoint, AssignTimePoint, ClashPoint
from scheduler.engine.scope import Freed

Literals = list[cp_model.IntVar]
Expression = Any
"""A linear expression of the model, a literal or a number. CP-SAT's own union of these cannot be added up by a type checker."""

Lesson = tuple[int, int]
"""(first time, length)"""


@dataclass
class FreeEvent:
    """An event with freed lessons.

    ``at``: the literals of a lesson that starts at a time with a length. ``taken[role][lesson][resource]``: it has this resource (None = nobody).
    ``unplaced[length]``: lessons without a place; empty where all must have one.
    """

    duration: int
    fixed: tuple[Meet, ...]
    freed: tuple[Meet, ...]
    at: dict[Lesson, Literals] = field(default_factory=lambda: defaultdict(list))
    taken: list[dict[Lesson, dict[int | None, cp_model.IntVar]]] = field(default_factory=list)
    unplaced: dict[int, list[cp_model.IntVar]] = field(default_factory=lambda: defaultdict(list))

    def lessons_of(self, length: int) -> list[cp_model.IntVar]:
        """Everything that counts lessons of a length, placed or not."""
        placed = [literal for (_, own), literals in self.at.items() if own == length for literal in literals]
        return [*placed, *self.unplaced.get(length, ())]


class Variables:
    """The Booleans of a scope in a model.

    Parameters
    ----------
    strict
        whether the required point of this index must keep deviation 0 (its deviation may be counted as a cost otherwise)

    Attributes
    ----------
    events[event]
        the free ones
    base[resource][point]
        fixed lessons there, of every touched resource
    covering[resource][point]
        literals that add one
    """

    def __init__(self, model: cp_model.CpModel, frame: Frame, week: Week, freed: Freed, strict: Sequence[bool]) -> None:
        self.model, self.frame, self.week, self.freed, self.strict = model, frame, week, freed, strict
        self.events: dict[int, FreeEvent] = {}
        self.starts: dict[int, dict[tuple[Shape, int], cp_model.IntVar]] = {}
        self.covering: dict[int, dict[int, Literals]] = defaultdict(lambda: defaultdict(list))
        self.choices: dict[tuple[int, int, Lesson], dict[int | None, cp_model.IntVar]] = {}
        self.true = model.new_constant(1)
        for event, meets in freed.meets.items():
            if any(freed.meets.get(member) for member in frame.bundles[frame.bundle_of[event]].events):
                left = list(week[event])
                for meet in meets:
                    left.remove(meet)
                self.events[event] = FreeEvent(sum(meet.length for meet in meets), tuple(left), tuple(meets))
        self.bundles = list(dict.fromkeys(frame.bundle_of[event] for event in self.events))
        self.must_place = {event: self._must(event, AssignTimePoint) for event in self.events}
        self.clash_free = {point.resource for point, keep in zip(frame.points, strict, strict=True) if keep and isinstance(point, ClashPoint)}
        self.candidates = {event: [self._candidates(event, role) for role in range(len(frame.open[event]))] for event in self.events}
        self.touched = self._touched()
        self.base = self._base()
        self._blocked: dict[int, frozenset[int]] = {}
        self._busy_now: dict[int, frozenset[int]] = {}
        for bundle in self.bundles:
            self._add_bundle(bundle)
        for event in self.events:
            self._add_roles(event)

    def _must(self, event: int, kind: type[AssignTimePoint | AssignResourcePoint], role: int | None = None) -> bool:
        """Whether a required assignment is strict here."""
        return any(
            self.strict[index] and isinstance(point := self.frame.points[index], kind) and getattr(point, "role", None) == role
            for index in self.frame.points_of_event[event]
        )

    def _candidates(self, event: int, role: int) -> tuple[int | None, ...]:
        """Resources that may fill the role; None where it may stay open."""
        now = dict.fromkeys(meet.resources[role] for meet in self.events[event].freed)
        if event not in self.freed.choose:
            return tuple(now)
        optional: tuple[int | None, ...] = () if self._must(event, AssignResourcePoint, role) else (None,)
        return (*dict.fromkeys((*(r for r in now if r is not None), *self.frame.open[event][role].allowed)), *optional)

    def _touched(self) -> frozenset[int]:
        fixed = {resource for event in self.events for resource, _ in self.frame.fixed[event]}
        return frozenset(fixed.union(r for roles in self.candidates.values() for choice in roles for r in choice if r is not None))

    def _base(self) -> dict[int, Counter[int]]:
        """How many fixed lessons each touched resource has at each point.

        A shared one counts once for the lessons of a bundle that start together.
        """
        frame, found = self.frame, {resource: Counter[int]() for resource in self.touched}
        for bundle in frame.bundles:
            shared: dict[tuple[int, int], int] = {}
            for event in bundle.events:
                meets = self.events[event].fixed if event in self.events else self.week[event]
                for meet in meets:
                    if meet.start is None:
                        continue
                    for resource, is_shared in frame.fixed[event]:
                        if resource not in found:
                            continue
                        if is_shared:
                            shared[resource, meet.start] = max(shared.get((resource, meet.start), 0), meet.length)
                        else:
                            found[resource].update(frame.covered(meet.start, meet.length))
                    for chosen in meet.resources:
                        if chosen in found:
                            found[chosen].update(frame.covered(meet.start, meet.length))
            for (resource, start), length in shared.items():
                found[resource].update(frame.covered(start, length))
        return found

    def blocked(self, resource: int) -> frozenset[int]:
        """Points at which fixed lessons keep a resource from any other that must have no clash."""
        if resource not in self._blocked:
            points = self.base[resource].keys() if resource in self.clash_free else ()
            found = frozenset(points)
            if self.frame.apart:
                found = found.union(*(self.frame.clashes.clashing[point] for point in points))
            self._blocked[resource] = found
        return self._blocked[resource]

    # --- lessons ---------------------------------------------------------------------------------------------------------------------

    def _add_bundle(self, index: int) -> None:
        bundle, model = self.frame.bundles[index], self.model
        starts: dict[tuple[Shape, int], cp_model.IntVar] = {}
        stated = any(self.frame.stated_time[event] is not None for event in bundle.events)  # such a lesson is never without a place
        place_all = stated or any(self.must_place[event] for event in bundle.events)
        if self._stays(bundle):
            for shape, time in self._shapes_now(bundle):
                starts[shape, time] = self.true
        else:
            for shape in bundle.shapes:
                if all(length <= self.events[event].duration for event, length in zip(bundle.events, shape, strict=True)):
                    for time in self.open_starts(bundle, shape):
                        starts[shape, time] = model.new_bool_var(f"starts[{index},{shape},{time}]")
                    if not place_all:
                        self._add_unplaced(bundle, shape)
        self.starts[index] = starts
        for (shape, time), literal in starts.items():
            for event, length in zip(bundle.events, shape, strict=True):
                if length:
                    self.events[event].at[time, length].append(literal)
            for resource, length in self.frame.attending(bundle.events, shape):
                for point in self.frame.covered(time, length):
                    self.covering[resource][point].append(literal)

    def _stays(self, bundle: Bundle) -> bool:
        stated = any(self.frame.stated_time[event] is not None for event in bundle.events)
        return (stated or not self.freed.move) and all(meet.start is not None for event in bundle.events for meet in self.events[event].freed)

    def _shapes_now(self, bundle: Bundle) -> Iterator[tuple[Shape, int]]:
        """The freed lessons of a bundle as they stand."""
        lengths: dict[int, list[int]] = defaultdict(lambda: [0] * len(bundle.events))
        for number, event in enumerate(bundle.events):
            for meet in self.events[event].freed:
                if meet.start is not None:
                    lengths[meet.start][number] = meet.length
        for time, shape in lengths.items():
            yield tuple(shape), time

    def _add_unplaced(self, bundle: Bundle, shape: Shape) -> None:
        most = min(self.events[event].duration // length for event, length in zip(bundle.events, shape, strict=True) if length)
        left_out = self.model.new_int_var(0, most, "unplaced")
        for event, length in zip(bundle.events, shape, strict=True):
            if length:
                self.events[event].unplaced[length].append(left_out)

    def open_starts(self, bundle: Bundle, shape: Shape) -> list[int]:
        """Legal starts of a freed lesson beside what is fixed, inside the window."""
        window, frame = self.freed.window, self.frame
        taken = [(self.blocked(resource), length) for resource, length in bundle.attending[shape] if self.blocked(resource)]
        own = {time for event in bundle.events for meet in self.events[event].fixed if meet.start is not None for time in span(meet)}
        longest = max(shape)
        return [
            start
            for start in bundle.shapes[shape]
            if (window is None or all(time in window for time in range(start, start + longest)))
            and (not own or own.isdisjoint(range(start, start + longest)))
            and all(blocked.isdisjoint(frame.covered(start, length)) for blocked, length in taken)
        ]

    # --- resources -------------------------------------------------------------------------------------------------------------------

    def _add_roles(self, event: int) -> None:
        free = self.events[event]
        for role, candidates in enumerate(self.candidates[event]):
            free.taken.append({lesson: self._choice(event, role, lesson, literals, candidates) for lesson, literals in free.at.items()})
            for (time, length), chosen in free.taken[role].items():
                for resource, literal in chosen.items():
                    for point in self.frame.covered(time, length) if resource is not None else ():
                        self.covering[resource or 0][point].append(literal)

    def _choice(
        self, event: int, role: int, lesson: Lesson, literals: Literals, candidates: Sequence[int | None]
    ) -> dict[int | None, cp_model.IntVar]:
        """One literal a resource that the lesson may have: exactly one holds where the lesson does."""
        points = self.frame.covered(*lesson)
        free = [r for r in candidates if r is None or self.blocked(r).isdisjoint(points)]
        if len(free) == 1 and len(literals) == 1:
            return {free[0]: literals[0]}
        chosen = {resource: self.model.new_bool_var(f"taken[{event},{role},{lesson},{resource}]") for resource in free}
        self.choices[event, role, lesson] = chosen
        if len(literals) == 1 and literals[0] is self.true:
            self.model.add_exactly_one(chosen.values())
        else:
            self.model.add(cp_model.LinearExpr.sum(list(chosen.values())) == cp_model.LinearExpr.sum(literals))
        return chosen

    # --- reading ---------------------------------------------------------------------------------------------------------------------

    def busy(self, resource: int, point: int) -> Expression:
        """1 where the resource is busy."""
        if self.base[resource][point]:
            return 1
        literals = self.covering[resource].get(point, [])
        if not literals:
            return 0
        if len(literals) == 1:
            return literals[0]
        if resource in self.clash_free:
            return cp_model.LinearExpr.sum(literals)
        return self.any_of(literals)

    def busy_now(self, resource: int) -> frozenset[int]:
        """Points at which the resource is busy in the week as it is."""
        if resource not in self._busy_now:
            now = set(self.base[resource])
            for event in self.frame.events_of[resource]:
                for meet in self.events[event].freed if event in self.events else ():
                    if meet.start is not None and resource in self.frame.attendees(event, meet):
                        now.update(self.frame.covered(meet.start, meet.length))
            self._busy_now[resource] = frozenset(now)
        return self._busy_now[resource]

    def any_of(self, literals: Iterable[cp_model.IntVar]) -> cp_model.IntVar:
        """A literal that holds exactly when one of these does."""
        literals = list(literals)
        found = self.model.new_bool_var("any")
        for literal in literals:
            self.model.add_implication(literal, found)
        self.model.add_bool_or([*literals, found.negated()])
        return found

    def read(self, values: Sequence[int]) -> dict[int, tuple[Meet, ...]]:
        """All meets of every free event in a solution."""
        changed = {}
        for event, free in self.events.items():
            placed = [
                Meet(
                    time,
                    length,
                    tuple(next((r for r, literal in chosen[time, length].items() if values[literal.index]), None) for chosen in free.taken),
                )
                for (time, length), literals in free.at.items()
                if any(values[literal.index] for literal in literals)
            ]
            nobody = (None,) * len(self.frame.open[event])
            lost = [Meet(None, length, nobody) for length, counts in free.unplaced.items() for _ in range(sum(values[c.index] for c in counts))]
            changed[event] = in_order((*free.fixed, *placed, *lost))
        return changed

    def hint(self) -> None:
        """Start the search from the week as it is."""
        model = self.model
        now = {event: {(meet.start, meet.length): meet.resources for meet in free.freed} for event, free in self.events.items()}
        for (event, role, lesson), chosen in self.choices.items():
            resources = now[event].get(lesson)
            for resource, literal in chosen.items():
                model.add_hint(literal, resources is not None and resources[role] == resource)
        left_out: dict[int, tuple[cp_model.IntVar, int]] = {}  # one variable for all events of a bundle
        for free in self.events.values():
            lost = Counter(meet.length for meet in free.freed if meet.start is None)
            left_out |= {counts[0].index: (counts[0], lost[length]) for length, counts in free.unplaced.items() if len(counts) == 1}
        for variable, value in left_out.values():
            model.add_hint(variable, value)
        for index, starts in self.starts.items():
            taken = {(shape, time) for shape, time in self._shapes_now(self.frame.bundles[index])}
            for key, literal in starts.items():
                if literal is not self.true:
                    model.add_hint(literal, key in taken)


def span(meet: Meet) -> range:
    return range(meet.start or 0, (meet.start or 0) + meet.length)
