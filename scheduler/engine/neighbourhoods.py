"""Which lessons to set free together in one step of the search, each a plain function of the week and a random number generator.

A problem's types are its own words, so nothing here knows a class, teacher or room: *crowded* resources have next to no free times, their lessons
can only change places with each other; *wishers* care how their week looks; *choosers* are events with a role to be filled. ``size`` is about how
many choices (lesson at a time, or with a resource) the step has. Every second region begins where the week costs something.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import ceil
from random import Random

from scheduler.engine import points as p
from scheduler.engine.frame import Frame, Meet, Week
from scheduler.engine.scope import Freed
from scheduler.engine.state import State

TROUBLE_CHANCE = 0.5
"""How often a region begins at a point that costs something, instead of anywhere."""

OUTLINE = "outline"
"""The neighbourhood whose steps are solved in two stages (``engine.outline``)."""

COSTLY = "costly"
"""The neighbourhood that always begins where the week costs something."""

JOINT_CHANCE = 0.4
"""How often lessons with a role to be filled get a new resource along with a new time."""

CROWDED = 0.8
"""Share of the fullest resource's fullness from which a resource is crowded."""

PLAIN = (p.ClashPoint, p.UnavailablePoint, p.WorkloadPoint)
"""Points of a resource for which it does not matter how its lessons lie to each other."""

GROUPED = (p.IdlePoint, p.ClusterPoint, p.BusyPoint)
"""Points whose deviation is the sum over groups of times."""

CHOICES = (p.AssignResourcePoint, p.PreferResourcesPoint, p.SplitAssignmentPoint, p.WorkloadPoint, p.RoomChangePoint)
"""Points that a choice of resources decides."""


class Relations:
    """What a problem's resources and events have to do with each other, looked up once.

    Attributes
    ----------
    attended[bundle], bundles_of[resource]
        preassigned resources, and the other way round
    starts[bundle]
        every start that one of its lessons may have, once for each form of the lesson
    crowded, wishers
        resources; all that have lessons where none is so
    choosers
        events with a role that has several candidates, and the number of these
    days
        times of each day
    neighbourhoods
        those that make sense here, by name
    size
        how many choices the whole week has
    """

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.attended = [tuple(dict.fromkeys(r for event in b.events for r, _ in frame.fixed[event])) for b in frame.bundles]
        self.starts = [tuple(start for starts in bundle.shapes.values() for start in starts) for bundle in frame.bundles]
        self.movable = [len(set(starts)) > 1 for starts in self.starts]
        self.bundles_of: list[list[int]] = [[] for _ in frame.problem.resources]
        for bundle, resources in enumerate(self.attended):
            for resource in resources:
                self.bundles_of[resource].append(bundle)
        having = [resource for resource, bundles in enumerate(self.bundles_of) if any(self.movable[b] for b in bundles)]
        self.crowded = self._crowded(having)
        wishing = {point.resource for point in frame.points if isinstance(point, p.ResourcePoint) and not isinstance(point, PLAIN)}
        self.wishers = [resource for resource in having if resource in wishing] or having
        self.choosers = {
            event: sum(len(role.allowed) for role in roles) for event, roles in enumerate(frame.open) if any(len(role.allowed) > 1 for role in roles)
        }
        self.split_groups = [number for number, point in enumerate(frame.points) if isinstance(point, p.SplitAssignmentPoint)]
        self.days = list(days_of(frame).values())
        self.neighbourhoods = neighbourhoods_of(self)
        self.size = sum(len(starts) for starts, movable in zip(self.starts, self.movable, strict=True) if movable) + sum(self.choosers.values())

    def _crowded(self, having: Sequence[int]) -> list[int]:
        times = len(self.frame.times)
        fullness = {
            r: sum(max(self.frame.durations[event] for event in self.frame.bundles[b].events) for b in self.bundles_of[r])
            / max(1, times - len(self.frame.closed[r]))
            for r in having
        }
        fullest = min(1.0, max(fullness.values(), default=0.0))
        return [resource for resource in having if fullness[resource] >= CROWDED * fullest]

    def bundles_with(self, week: Week, resource: int) -> list[int]:
        """Bundles whose lessons the resource attends, preassigned or chosen."""
        chosen = [self.frame.bundle_of[event] for event in self.choosers if any(resource in meet.resources for meet in week[event])]
        return list(dict.fromkeys((*self.bundles_of[resource], *chosen)))

    def resources_of(self, week: Week, bundle: int) -> Iterable[int]:
        yield from self.attended[bundle]
        for event in self.frame.bundles[bundle].events:
            yield from (resource for meet in week[event] for resource in meet.resources if resource is not None)


def days_of(frame: Frame) -> dict[str, frozenset[int]]:
    """The times of each day, by its name."""
    found: dict[str, set[int]] = defaultdict(set)
    for index, time in enumerate(frame.times):
        found[time.day].add(index)
    return {day: frozenset(times) for day, times in found.items()}


class Region:
    """Lessons that are gathered to be freed; ``load`` is about how many choices they have together."""

    def __init__(self, relations: Relations, week: Week, window: frozenset[int] | None = None, joint: bool = False) -> None:
        self.relations, self.week, self.window, self.joint = relations, week, window, joint
        self.meets: dict[int, tuple[Meet, ...]] = {}
        self.bundles: set[int] = set()
        self.load = 0

    def add(self, bundle: int) -> None:
        """Take in the lessons of a bundle that lie in the window, if they may lie elsewhere or have no place yet."""
        events = self.relations.frame.bundles[bundle].events
        candidates = sum(self.relations.choosers.get(event, 0) for event in events) if self.joint else 0
        waits = any(meet.start is None for event in events for meet in self.week[event])
        if bundle in self.bundles or not (self.relations.movable[bundle] or candidates or waits):
            return
        self.bundles.add(bundle)
        meets = lessons_within(self.week, events, self.window)
        if any(meets.values()):
            self.meets.update(meets)
            starts = self.relations.starts[bundle]
            self.load += (len(starts) if self.window is None else sum(start in self.window for start in starts)) + candidates

    def freed(self) -> Freed:
        choose = frozenset(event for event in self.meets if event in self.relations.choosers) if self.joint else frozenset[int]()
        return Freed(self.meets, choose=choose, window=self.window)


def lessons_within(week: Week, events: Sequence[int], window: frozenset[int] | None) -> Mapping[int, tuple[Meet, ...]]:
    """By event, the lessons that lie in the window or nowhere; nothing where the events do not start together: a part is not decided alone then."""
    if window is None:
        return {event: week[event] for event in events}
    starts = [{meet.start for meet in week[event]} for event in events]
    longest = max(starts, key=len)
    if any(not own <= longest for own in starts):
        return {}
    kept = {
        meet.start
        for event in events
        for meet in week[event]
        if meet.start is not None and not all(meet.start + step in window for step in range(meet.length))
    }
    found = {event: tuple(meet for meet in week[event] if meet.start not in kept) for event in events}
    return found if all(found.values()) else {}


Neighbourhood = Callable[[Relations, State, Random, float], Freed]


def crowded_resources(relations: Relations, state: State, rng: Random, size: float) -> Freed:
    """All lessons of a few crowded resources that meet the same others."""
    region = Region(relations, state.week, joint=is_joint(relations, rng))
    grow(region, rng, size, relations.crowded, start_among(relations, state, rng, relations.crowded))
    return region.freed()


def wishing_resources(relations: Relations, state: State, rng: Random, size: float) -> Freed:
    """All lessons of a few resources with wishes that meet the same others."""
    region = Region(relations, state.week, joint=is_joint(relations, rng))
    grow(region, rng, size, relations.wishers, start_among(relations, state, rng, relations.wishers))
    return region.freed()


def some_days(relations: Relations, state: State, rng: Random, size: float) -> Freed:
    """The lessons of a few days, of crowded resources that meet the same others: all of them, or some of more days."""
    share = rng.choice((1, 2, 4)) * size / max(1, relations.size)
    days = rng.sample(relations.days, min(len(relations.days), ceil(len(relations.days) * share)))
    region = Region(relations, state.week, frozenset().union(*days), is_joint(relations, rng))
    grow(region, rng, size, relations.crowded, start_among(relations, state, rng, relations.crowded))
    return region.freed()


def two_days(relations: Relations, state: State, rng: Random, size: float) -> Freed:
    """The lessons of two days, of crowded resources that meet the same others: between more days an outline promises what hours cannot keep."""
    days = rng.sample(relations.days, min(len(relations.days), 2))
    region = Region(relations, state.week, frozenset().union(*days))
    grow(region, rng, size, relations.crowded, start_among(relations, state, rng, relations.crowded))
    return region.freed()


def costly_days(relations: Relations, state: State, rng: Random, size: float) -> Freed:
    """The lessons of a day that costs a resource something, or has little, and of a few others; its own and those of crowded resources it meets."""
    number = costly_point(state, rng, GROUPED)
    if number is None:
        return some_days(relations, state, rng, size)
    point = relations.frame.points[number]
    assert isinstance(point, GROUPED)
    hours = [[time for time in group if state.busy[point.resource][time]] for group in point.groups]
    begin = rng.choices(point.groups, [blame(point, group, busy) for group, busy in zip(point.groups, hours, strict=True)])[0]
    others = [group for group in point.groups if group != begin]
    window = frozenset(begin).union(*rng.sample(others, min(len(others), rng.choice((1, 1, 2)))))
    region = Region(relations, state.week, window, is_joint(relations, rng))
    grow(region, rng, size, relations.crowded, point.resource)
    return region.freed()


def blame(point: p.Point, group: p.Times, busy: Sequence[int]) -> float:
    """How likely a group of times is the one to be looked at: idle times, or the fewer hours the likelier."""
    if isinstance(point, p.IdlePoint):
        return 0.01 + (group.index(busy[-1]) - group.index(busy[0]) + 1 - len(busy) if busy else 0)
    return 1.0 / len(busy) if busy else 0.01


def some_times(relations: Relations, state: State, rng: Random, size: float) -> Freed:
    """All lessons that lie at a few times."""
    frame, window = relations.frame, set[int]()
    placed = [meet for meets in state.week for meet in meets if meet.start is not None]
    rng.shuffle(placed)
    region = Region(relations, state.week)
    for meet in placed:
        before, window = window, window.union(range(meet.start or 0, (meet.start or 0) + meet.length))
        if window == before:
            continue
        larger = Region(relations, state.week, frozenset(window))
        for bundle in range(len(frame.bundles)):
            larger.add(bundle)
        if larger.load > size and region.meets:
            break
        region = larger
    return region.freed()


def costly_region(relations: Relations, state: State, rng: Random, size: float) -> Freed:
    """The lessons of points that cost something, and those that compete with them."""
    number = costly_point(state, rng)
    if number is None:
        return chained_lessons(relations, state, rng, size)
    point = relations.frame.points[number]
    region = Region(relations, state.week, joint=isinstance(point, CHOICES) or is_joint(relations, rng))
    gather(region, shuffled(bundles_of_point(relations, state.week, point), rng), size)
    grow(region, rng, size, range(len(relations.bundles_of)), None)
    return region.freed()


def chained_lessons(relations: Relations, state: State, rng: Random, size: float) -> Freed:
    """Lessons of all kinds, each sharing a resource with one before it."""
    region = Region(relations, state.week, joint=is_joint(relations, rng))
    number = costly_point(state, rng) if rng.random() < TROUBLE_CHANCE else None
    frontier = bundles_of_point(relations, state.week, relations.frame.points[number]) if number is not None else []
    frontier = shuffled(frontier, rng)[:2] or [rng.randrange(len(relations.frame.bundles))]
    seen = set(frontier)
    while frontier and region.load < size:
        bundle = frontier.pop(rng.randrange(len(frontier)))
        region.add(bundle)
        for resource in relations.resources_of(state.week, bundle):
            fresh = [other for other in relations.bundles_with(state.week, resource) if other not in seen]
            picked = rng.sample(fresh, min(3, len(fresh)))
            seen.update(picked)
            frontier += picked
    return region.freed()


def chosen_resources(relations: Relations, state: State, rng: Random, size: float) -> Freed:
    """Roles of events that could have each other's resources; every lesson keeps its time."""
    number = costly_point(state, rng, CHOICES) if rng.random() < TROUBLE_CHANCE else None
    first = choosing_events(relations, state.week, relations.frame.points[number]) if number is not None else []
    return only_choices(relations, state.week, related_choosers(relations, state.week, rng, size, first))


def undivided_groups(relations: Relations, state: State, rng: Random, size: float) -> Freed:
    """Roles of whole groups that want one resource, and of the events that have the resources they could have; sometimes with their times."""
    costing = [number for number in relations.split_groups if state.cost_of(number)]
    number = rng.choice(costing if costing and rng.random() < TROUBLE_CHANCE else relations.split_groups)
    joint = rng.random() < JOINT_CHANCE
    group = choosing_events(relations, state.week, relations.frame.points[number])
    events = related_choosers(relations, state.week, rng, size / 4 if joint else size, group)
    if not joint:
        return only_choices(relations, state.week, events)
    region = Region(relations, state.week, joint=True)
    for event in events:
        region.add(relations.frame.bundle_of[event])
    grow(region, rng, size, range(len(relations.bundles_of)), None)
    return region.freed()


def neighbourhoods_of(relations: Relations) -> Mapping[str, Neighbourhood]:
    """Those that make sense in a problem, by name."""
    found: dict[str, Neighbourhood] = {}
    if any(relations.movable):
        found |= {COSTLY: costly_region, "chain": chained_lessons, "times": some_times}
    if relations.crowded:
        found |= {"crowded": crowded_resources, "wishing": wishing_resources}
        if len(relations.days) > 1:
            found["days"] = some_days
            if any(isinstance(point, GROUPED) for point in relations.frame.points):
                found["costly days"] = costly_days
            if any(isinstance(point, p.IdlePoint | p.ClusterPoint) and not point.required for point in relations.frame.points):
                found[OUTLINE] = two_days
    if relations.choosers:
        found["chosen"] = chosen_resources
        if relations.split_groups:
            found["undivided"] = undivided_groups
    return found


# --- how a region begins and grows --------------------------------------------------------------------------------------------------------------


def is_joint(relations: Relations, rng: Random) -> bool:
    return bool(relations.choosers) and rng.random() < JOINT_CHANCE


def shuffled(items: Iterable[int], rng: Random) -> list[int]:
    return rng.sample(found := list(items), len(found))


def costly_point(state: State, rng: Random, kinds: type[p.Point] | tuple[type[p.Point], ...] = p.Point) -> int | None:
    """A point that costs something, dearer ones more often; a required one as long as there is any. None where nothing costs."""
    points = state.frame.points
    costing = [number for number, deviation in enumerate(state.deviations) if deviation and isinstance(points[number], kinds)]
    costing = [number for number in costing if points[number].required] or costing
    return rng.choices(costing, [state.cost_of(number) or 1 for number in costing])[0] if costing else None


def bundles_of_point(relations: Relations, week: Week, point: p.Point) -> list[int]:
    """Bundles whose lessons count for a point."""
    if isinstance(point, p.ResourcePoint):
        return relations.bundles_with(week, point.resource)
    return list(dict.fromkeys(relations.frame.bundle_of[event] for event in point.events))


def start_among(relations: Relations, state: State, rng: Random, among: Sequence[int]) -> int:
    """A resource of the kind that has to do with a point that costs something, or any."""
    number = costly_point(state, rng) if rng.random() < TROUBLE_CHANCE else None
    if number is not None:
        bundles = bundles_of_point(relations, state.week, relations.frame.points[number])
        concerned = {resource for bundle in bundles for resource in relations.attended[bundle]}
        found = [resource for resource in among if resource in concerned]
        if found:
            return rng.choice(found)
    return rng.choice(among)


def gather(region: Region, bundles: Iterable[int], size: float) -> None:
    for bundle in bundles:
        if region.load >= size:
            return
        region.add(bundle)


def grow(region: Region, rng: Random, size: float, among: Sequence[int], first: int | None) -> None:
    """Add the lessons of one resource after the other, each meeting somebody that lessons of the region meet."""
    relations, done = region.relations, set[int]()
    picked = first
    while True:
        if picked is not None:
            done.add(picked)
            gather(region, shuffled(relations.bundles_with(region.week, picked), rng), size)
        if region.load >= size:
            return
        related = related_counts(region, among, done)
        if not related:
            return
        picked = rng.choices(list(related), list(related.values()))[0]


def related_counts(region: Region, among: Sequence[int], done: set[int]) -> dict[int, int]:
    """How often resources not yet done meet somebody of the region's lessons."""
    relations = region.relations
    touched = {resource for bundle in region.bundles for resource in relations.attended[bundle]}
    counts = Counter(resource for other in touched for bundle in relations.bundles_of[other] for resource in relations.attended[bundle])
    return {resource: counts[resource] for resource in among if resource not in done and counts[resource]}


def choosing_events(relations: Relations, week: Week, point: p.Point) -> list[int]:
    """Events with a role to be filled that count for a point; of a resource, those that have it now."""
    events = [event for event in dict.fromkeys(point.events) if event in relations.choosers]
    if isinstance(point, p.ResourcePoint):
        having = [event for event in events if any(point.resource in meet.resources for meet in week[event])]
        return having or events
    return events


def related_choosers(relations: Relations, week: Week, rng: Random, size: float, first: Sequence[int]) -> list[int]:
    """Events with a role to be filled, one group or resource after the other, that have what others of them could have."""
    frame, choosers = relations.frame, relations.choosers
    chosen: dict[int, None] = {}
    fresh = list(first) or [rng.choice(list(choosers))]
    load = 0.0
    while fresh and load < size:
        for event in fresh:
            if event not in chosen and load < size:
                chosen[event] = None
                load += choosers[event] * len(week[event])
        candidates = sorted({resource for event in fresh for role in frame.open[event] for resource in role.allowed})
        resource = rng.choice(candidates)
        having = [event for event in choosers if any(resource in meet.resources for meet in week[event])]
        grouped = [
            other
            for number in relations.split_groups
            if not chosen.keys().isdisjoint(frame.points[number].events) or not set(having).isdisjoint(frame.points[number].events)
            for other in frame.points[number].events
            if other in choosers
        ]
        fresh = [event for event in dict.fromkeys((*having, *grouped)) if event not in chosen]
        if not fresh and len(chosen) < len(choosers):
            fresh = [rng.choice([event for event in choosers if event not in chosen])]
    return list(chosen)


def only_choices(relations: Relations, week: Week, events: Iterable[int]) -> Freed:
    chosen = frozenset(events)
    bundles = dict.fromkeys(relations.frame.bundle_of[event] for event in sorted(chosen))
    meets = {event: week[event] for bundle in bundles for event in relations.frame.bundles[bundle].events}
    return Freed(meets, move=False, choose=chosen)
