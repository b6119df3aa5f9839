"""The hard rules of the week, each one function under its name in ``domain.rules``; they are posted in any order.

Kept without a constraint: ``split_events`` and ``avoid_unavailable_times`` (only legal starts exist), ``link_events`` (linked events have one
start).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations

from ortools.sat.python import cp_model

from scheduler.cp.builder import Builder, Post
from scheduler.domain.clashes import Grid
from scheduler.timetable.frame import Frame
from scheduler.timetable.variables import Literals, Variables

WeekRule = Callable[[Builder, Variables], None]


def assign_times(builder: Builder, variables: Variables) -> None:
    """Every lesson has its time: Σ starts[bundle, shape, ·] = number of its free lessons of that shape."""
    frame = variables.frame
    for bundle, counts in variables.scope.free.items():
        with builder.rule("assign_times", event=frame.problem.events[frame.bundles[bundle].events[0]].id) as post:
            for shape, count in counts.items():
                starts = [start for other, _, start in variables.of_bundle[bundle] if other == shape]
                post(builder.model.add_exactly_one(starts) if count == 1 else builder.model.add(cp_model.LinearExpr.sum(starts) == count))


def avoid_clashes(builder: Builder, variables: Variables) -> None:
    """Nobody is in two lessons at once, nor in two whose clock intervals, widened by the way between the schools, overlap.

    Where the free lessons fill all the times that a class or teacher has left (full grids), each time has exactly one: that propagates far
    better than at most one.
    """
    frame = variables.frame
    for resource, covering in variables.covering.items():
        if resource not in frame.single:
            continue
        full = fills_its_times(variables, resource)
        with builder.rule("avoid_clashes", resource=frame.problem.resources[resource].id) as post:
            for literals in covering.values():
                if full:
                    post(builder.model.add_exactly_one(literals))
                elif len(literals) > 1:
                    post(builder.model.add_at_most_one(literals))
            if len(frame.grids_of[resource]) > 1:
                keep_grids_apart(builder, variables, resource, post)


def fills_its_times(variables: Variables, resource: int) -> bool:
    """Whether the resource's free lessons are as long together as the times at which it may have one."""
    frame = variables.frame
    wanted = sum(
        length * count
        for bundle, counts in variables.scope.free.items()
        for shape, count in counts.items()
        for attendee, length in frame.bundles[bundle].attending[shape]
        if attendee == resource
    )
    return wanted == len(variables.covering[resource]) and all(point < len(frame.times) for point in variables.covering[resource])


def keep_grids_apart(builder: Builder, variables: Variables, resource: int, post: Post) -> None:
    """Free lessons by different bells or at different schools of one day: at most one of each clashing pair of points.

    Two grids all of whose times clash (no clock, no known way) exclude each other as a whole.
    """
    clashing, covering = variables.frame.clashes.clashing, variables.covering[resource]
    for grids in points_by_day(variables, resource, covering).values():
        for first, second in combinations(grids, 2):
            one, other = grids[first], grids[second]
            if all(clashing[point].issuperset(other) for point in one):
                attends = [is_there(builder, variables, resource, points) for points in (one, other)]
                post(builder.model.add_at_most_one(attends))
                continue
            for point in one:
                for clashing_point in (p for p in other if p in clashing[point]):
                    post(builder.model.add_at_most_one(covering[point] + covering[clashing_point]))


def points_by_day(variables: Variables, resource: int, points: Iterable[int]) -> dict[str, dict[Grid, list[int]]]:
    days: dict[str, dict[Grid, list[int]]] = defaultdict(lambda: defaultdict(list))
    for point in sorted(points):
        grid = variables.frame.clashes.grid(point)
        days[grid[0]][grid].append(point)
    return days


def spread_events(builder: Builder, variables: Variables) -> None:
    """A class has a subject at most ``maximum`` times a day: once, or as often as its lessons outnumber the days."""
    frame, scope = variables.frame, variables.scope
    for term in frame.spreads:
        bundles = [bundle for bundle in term.bundles if bundle in scope.free]
        if not bundles:
            continue
        fixed = [start for bundle in term.bundles for start, _, _ in scope.fixed[bundle]]
        with builder.rule("spread_events", event=frame.problem.events[frame.bundles[bundles[0]].events[0]].id) as post:
            for group in term.groups:
                starts = [start for bundle in bundles for _, time, start in variables.of_bundle[bundle] if time in group]
                left = term.maximum - sum(time in group for time in fixed)
                if left == 1 and len(starts) > 1:
                    post(builder.model.add_at_most_one(starts))
                elif left < len(starts):
                    post(builder.model.add(cp_model.LinearExpr.sum(starts) <= left))


def one_change_of_school(builder: Builder, variables: Variables) -> None:
    """A teacher changes school at most once a day: at most two schools, all lessons at the one before all at the other."""
    frame = variables.frame
    for resource, covering in variables.covering.items():
        if resource not in frame.one_way or len(frame.places_of(resource)) < 2:
            continue
        with builder.rule("one_change_of_school", teacher=frame.problem.resources[resource].id) as post:
            for grids in points_by_day(variables, resource, {*covering, *variables.scope.busy[resource]}).values():
                places: dict[str, list[int]] = defaultdict(list)
                for (_, place, _), points in grids.items():
                    places[place] += [point for point in points if point < len(frame.times)]
                there = [is_there(builder, variables, resource, points) for points in places.values()] if len(places) > 2 else []
                if there:
                    post(builder.model.add(sum(there) <= 2))
                for first, second in combinations(places.values(), 2):
                    one_after_the_other(builder, variables, resource, first, second, post)


def is_there(builder: Builder, variables: Variables, resource: int, points: Iterable[int]) -> cp_model.IntVar:
    """A Boolean that is true when the resource is busy at any of the points."""
    there = builder.model.new_bool_var("is_there")
    for point in points:
        if point in variables.scope.busy[resource]:
            builder.model.add(there == 1)
        for literal in variables.covering[resource].get(point, ()):
            builder.model.add_implication(literal, there)
    return there


def one_after_the_other(builder: Builder, variables: Variables, resource: int, first: list[int], second: list[int], post: Post) -> None:
    """All lessons in ``first`` before all in ``second`` by the clock, or the other way round."""
    model, points, clashing = builder.model, variables.frame.clashes.points, variables.frame.clashes.clashing
    if all(clashing[point].issuperset(second) for point in first):
        return  # never both on one day: avoid_clashes keeps that
    first_comes_first = model.new_bool_var("first_comes_first")
    for one in first:
        for other in second:
            if other not in clashing[one]:
                is_against = first_comes_first if (points[other].start or 0) < (points[one].start or 0) else first_comes_first.negated()
                post(model.add(cp_model.LinearExpr.sum([busy(variables, resource, one), busy(variables, resource, other), is_against]) <= 2))


def busy(variables: Variables, resource: int, point: int) -> cp_model.LinearExprT:
    """1 where the resource is busy at the point, by a fixed lesson or a free one."""
    if point in variables.scope.busy[resource]:
        return 1
    return cp_model.LinearExpr.sum(variables.covering[resource].get(point, []))


def assign_resources(builder: Builder, variables: Variables) -> None:
    """Never more lessons at once in a class of rooms than it has rooms; times of other bells count by the clock."""
    frame, scope = variables.frame, variables.scope
    for room, covering in variables.room_covering.items():
        capacity = len(frame.room_classes[room])
        with builder.rule("assign_resources", room=frame.room_classes[room][0]) as post:
            for points in simultaneous_points(frame, covering):
                literals: Literals = [literal for point in points for literal in covering.get(point, ())]
                left = capacity - sum(scope.room_use[room, point] for point in points)
                if left == 1:
                    post(builder.model.add_at_most_one(literals))
                elif left < len(literals):
                    post(builder.model.add(cp_model.LinearExpr.sum(literals) <= left))


def simultaneous_points(frame: Frame, points: Iterable[int]) -> Iterator[frozenset[int]]:
    """Sets of points that go on at one moment; each pairwise clash in a room with one of ``points`` is inside one of them."""
    clashes = frame.clashes
    found = set()
    for point in points:
        for moment in (point, *(other for other in clashes.clashing[point] if clashes.in_one_room(point, other))):
            start = clashes.points[moment].start
            together = frozenset(
                other
                for other in (*clashes.clashing[moment], moment)
                if other == moment or (clashes.in_one_room(moment, other) and (clashes.points[other].start or 0) <= (start or 0))
            )
            if together not in found:
                found.add(together)
                yield together


RULES: tuple[WeekRule, ...] = (assign_times, avoid_clashes, spread_events, one_change_of_school, assign_resources)


def post_rules(builder: Builder, variables: Variables) -> None:
    for rule in RULES:
        rule(builder, variables)
