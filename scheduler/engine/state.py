"""The running cost of a week: after a change, only what it touches is counted again.

The third count of the constraints beside ``verify.cost`` (by names, from scratch) and ``engine.rules`` (in the model), with the same definitions.
A resource's busy times are bits of one number, so that idle times, days and limits are counted without a loop over times.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from math import lcm
from typing import Any

from scheduler.domain.timetabling import CostFunction, LinkEvents
from scheduler.engine import points as p
from scheduler.engine.frame import Frame, Meet, Week

Deviation = Callable[["State"], int]
"""Counts the deviation of one point of application in a week."""


class Accounts:
    """What every state of a frame shares: how each point is counted, who attends an event, and what that weighs.

    ``fixed[event]``: (resource, shared, workload a time); ``open_workload[event]``: workload a time of each open role's resource, in the resource's
    own unit ``unit[resource]`` (the least common multiple of its events' durations, so that shares stay whole numbers). ``sharing[event, resource]``:
    the linked events that share a resource of the event, itself among them.
    """

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.count: list[Deviation] = [COUNTS[type(point)](frame, point) for point in frame.points]
        self.price = [(point.required, point.weight, point.cost) for point in frame.points]
        self.unit = [lcm(*(frame.durations[event] for event in events)) if events else 1 for events in frame.events_of]
        self.fixed: list[tuple[tuple[int, bool, int], ...]] = []
        self.open_workload: list[tuple[dict[int, int], ...]] = []
        for event, duration in enumerate(frame.durations):
            stated = zip(frame.fixed[event], frame.fixed_workloads[event], strict=True)
            self.fixed.append(tuple((resource, shared, weight * (self.unit[resource] // duration)) for (resource, shared), (_, weight) in stated))
            self.open_workload.append(tuple({r: role.workload * (self.unit[r] // duration) for r in role.possible} for role in frame.open[event]))
        self.sharing = sharing(frame)
        self.covered: dict[tuple[int, int], tuple[int, ...]] = {}

    def points_of(self, start: int, length: int) -> tuple[int, ...]:
        """Points of a lesson (``Frame.covered``), kept."""
        found = self.covered.get((start, length))
        if found is None:
            found = self.covered[start, length] = self.frame.covered(start, length)
        return found


def sharing(frame: Frame) -> Mapping[tuple[int, int], tuple[int, ...]]:
    """By event and resource that it shares: the events that are linked with it, directly or over others, and share the resource too."""
    linked: dict[int, list[int]] = {}
    for constraint in frame.all(LinkEvents):
        for group in constraint.event_groups:
            own = [linked.get(event, [event]) for event in (frame.event_index[name] for name in group)]
            joined = list(dict.fromkeys(event for events in own for event in events))
            linked.update(dict.fromkeys(joined, joined))
    shares = [{resource for resource, shared in fixed if shared} for fixed in frame.fixed]
    return {
        (event, resource): tuple(sorted(other for other in linked.get(event, [event]) if resource in shares[other]))
        for event, resources in enumerate(shares)
        for resource in resources
    }


class State:
    """A week with its cost.

    Attributes
    ----------
    week
        the meets of every event
    deviations
        of every point of application, in the order of ``frame.points``
    infeasibility, objective
        the cost of the required points and of the others
    busy[resource][point]
        lessons that the resource attends at each time, and in each pause that clashes with another bell
    taken[resource]
        the same as bits: bit n = busy at point n
    load[resource]
        workload of its lessons, in ``accounts.unit[resource]``
    """

    __slots__ = ("_excess", "_shared", "accounts", "busy", "deviations", "frame", "infeasibility", "load", "objective", "taken", "week")

    def __init__(self, frame: Frame, week: Week, accounts: Accounts | None = None) -> None:
        self.frame = frame
        self.accounts = accounts or Accounts(frame)
        self.week: Week = list(week)
        self.busy = [[0] * len(frame.clashes.points) for _ in frame.problem.resources]
        self.taken = [0] * len(frame.problem.resources)
        self.load = [0] * len(frame.problem.resources)
        self._excess = [0] * len(frame.problem.resources)
        self._shared: dict[tuple[int, int, int], int] = {}
        for event, meets in enumerate(week):
            self._attend(event, meets, 1)
        self.deviations = [0] * len(frame.points)
        self.infeasibility, self.objective = 0, 0
        self._count(range(len(frame.points)))

    @property
    def total(self) -> tuple[int, int]:
        return self.infeasibility, self.objective

    def cost_of(self, point: int) -> int:
        _, weight, function = self.accounts.price[point]
        return weight * weighed(function, self.deviations[point])

    def copy(self) -> State:
        other = State.__new__(State)
        other.frame, other.accounts = self.frame, self.accounts
        other.week, other.deviations = self.week[:], self.deviations[:]
        other.busy = [times[:] for times in self.busy]
        other.taken, other.load, other._excess = self.taken[:], self.load[:], self._excess[:]
        other._shared = self._shared.copy()
        other.infeasibility, other.objective = self.infeasibility, self.objective
        return other

    def apply(self, changes: Mapping[int, tuple[Meet, ...]]) -> None:
        """Give these events these meets, all of them; the cost follows."""
        touched: set[int] = set()
        of_event, of_resource, week = self.frame.points_of_event, self.frame.points_of_resource, self.week
        for event, meets in changes.items():
            touched.update(of_event[event])
            for resource in (*self._attend(event, week[event], -1), *self._attend(event, meets, 1)):
                touched.update(of_resource[resource])
            week[event] = meets
        self._count(touched)

    def _count(self, points: Iterable[int]) -> None:
        count, price, deviations = self.accounts.count, self.accounts.price, self.deviations
        for point in points:
            new, old = count[point](self), deviations[point]
            if new != old:
                deviations[point] = new
                required, weight, function = price[point]
                cost = weight * (weighed(function, new) - weighed(function, old))
                if required:
                    self.infeasibility += cost
                else:
                    self.objective += cost

    def _attend(self, event: int, meets: Sequence[Meet], step: int) -> set[int]:
        """Count an event's lessons in (+1) or out (-1) of the week; who attends them."""
        accounts = self.accounts
        touched = {resource for resource, _, _ in accounts.fixed[event]}
        for start, length, resources in meets:
            covered = () if start is None else accounts.points_of(start, length)
            for resource, shared, weight in accounts.fixed[event]:
                self.load[resource] += step * weight * length
                if shared:
                    self._share(resource, event, covered, step)
                else:
                    self._occupy(resource, covered, step)
            for role, chosen in enumerate(resources):
                if chosen is not None:
                    touched.add(chosen)
                    self.load[chosen] += step * accounts.open_workload[event][role][chosen] * length
                    self._occupy(chosen, covered, step)
        return touched

    def _occupy(self, resource: int, covered: Iterable[int], step: int) -> None:
        busy = self.busy[resource]
        for point in covered:
            before = busy[point]
            busy[point] = before + step
            if step > 0:
                if before:
                    self._excess[resource] += 1
                else:
                    self.taken[resource] |= 1 << point
            elif before > 1:
                self._excess[resource] -= 1
            else:
                self.taken[resource] &= ~(1 << point)

    def _share(self, resource: int, event: int, covered: Iterable[int], step: int) -> None:
        """Of linked events that share a resource, the one with most lessons at a point counts."""
        shared, others = self._shared, self.accounts.sharing[event, resource]
        for point in covered:
            before = max([shared.get((resource, other, point), 0) for other in others])
            shared[resource, event, point] = shared.get((resource, event, point), 0) + step
            if max([shared.get((resource, other, point), 0) for other in others]) != before:
                self._occupy(resource, (point,), step)

    def excess(self, resource: int) -> int:
        """Lessons beyond the first at each point."""
        return self._excess[resource]


def weighed(function: CostFunction, deviation: int) -> int:
    if function is CostFunction.LINEAR:
        return deviation
    return deviation * deviation if function is CostFunction.QUADRATIC else int(deviation > 0)


def outside(value: int, minimum: int, maximum: int | None) -> int:
    """By how much a value falls short of its minimum or exceeds its maximum."""
    if value < minimum:
        return minimum - value
    return value - maximum if maximum is not None and value > maximum else 0


def bits(times: Iterable[int]) -> int:
    """Times as bits of a number."""
    found = 0
    for time in times:
        found |= 1 << time
    return found


# --- events ------------------------------------------------------------------------------------------------------------------------------------


def assign_time(frame: Frame, point: p.AssignTimePoint) -> Deviation:
    """Times of its duration that have no place."""
    (event,) = point.events
    return lambda state: sum([length for start, length, _ in state.week[event] if start is None])


def assign_resource(frame: Frame, point: p.AssignResourcePoint) -> Deviation:
    """Times of its duration without a resource for the role."""
    (event,), role = point.events, point.role
    return lambda state: sum([length for _, length, resources in state.week[event] if resources[role] is None])


def prefer_times(frame: Frame, point: p.PreferTimesPoint) -> Deviation:
    """Times of its lessons (of the stated length) that start elsewhere."""
    (event,), times, only = point.events, point.times, point.length
    if only is None:
        return lambda state: sum([length for start, length, _ in state.week[event] if start is not None and start not in times])
    return lambda state: sum([length for start, length, _ in state.week[event] if length == only and start is not None and start not in times])


def prefer_resources(frame: Frame, point: p.PreferResourcesPoint) -> Deviation:
    """Times of its lessons that have another resource."""
    (event,), role, wanted = point.events, point.role, point.resources
    return lambda state: sum([length for _, length, r in state.week[event] if r[role] is not None and r[role] not in wanted])


def split(frame: Frame, point: p.SplitPoint) -> Deviation:
    """Lessons too short or too long, and lessons too few or too many."""
    (event,), shortest, longest = point.events, point.minimum_length, point.maximum_length

    def deviation(state: State) -> int:
        meets = state.week[event]
        return sum([not shortest <= length <= longest for _, length, _ in meets]) + outside(len(meets), point.minimum, point.maximum)

    return deviation


def distribute(frame: Frame, point: p.DistributePoint) -> Deviation:
    """Lessons of the stated length too few or too many."""
    (event,), wanted = point.events, point.length
    return lambda state: outside(sum([length == wanted for _, length, _ in state.week[event]]), point.minimum, point.maximum)


def spread(frame: Frame, point: p.SpreadPoint) -> Deviation:
    """Lessons too few or too many that start in each time group."""
    groups_of: list[list[int]] = [[] for _ in frame.times]
    for number, (times, _, _) in enumerate(point.groups):
        for time in times:
            groups_of[time].append(number)
    limits, events = [(low, high) for _, low, high in point.groups], point.events

    def deviation(state: State) -> int:
        found = [0] * len(limits)
        for event in events:
            for start, _, _ in state.week[event]:
                if start is not None:
                    for group in groups_of[start]:
                        found[group] += 1
        return sum([outside(lessons, low, high) for lessons, (low, high) in zip(found, limits, strict=True)])

    return deviation


def covered_bits(meets: Iterable[Meet]) -> int:
    found = 0
    for start, length, _ in meets:
        if start is not None:
            found |= ((1 << length) - 1) << start
    return found


def link(frame: Frame, point: p.LinkPoint) -> Deviation:
    """Times at which some of its events go on, but not all."""
    events = point.events
    if point.starts_only:
        return lambda state: apart([state.week[event] for event in events])

    def deviation(state: State) -> int:
        some, every = 0, -1
        for event in events:
            covered = covered_bits(state.week[event])
            some |= covered
            every &= covered
        return (some & ~every).bit_count()

    return deviation


def apart(by_event: Sequence[Sequence[Meet]]) -> int:
    """Lessons that do not start with the right one of the first event that has most lessons: the longest with the longest, and so on."""
    starts = [lengths_by_start(meets) for meets in by_event]
    lengths = [sorted([length for _, length, _ in meets], reverse=True) for meets in by_event]
    lead = max(range(len(lengths)), key=lambda event: len(lengths[event]), default=0)
    found = 0
    for own, by_length in zip(starts, lengths, strict=True):
        together = Counter(pair for start, here in own.items() for pair in zip(starts[lead].get(start, ()), here, strict=False))
        found += (Counter(zip(lengths[lead], by_length, strict=False)) - together).total()
    return found


def lengths_by_start(meets: Iterable[Meet]) -> Mapping[int | None, Sequence[int]]:
    """Lengths of the lessons that start at each time (None = without a place), the longest first."""
    found: dict[int | None, list[int]] = defaultdict(list)
    for meet in sorted(meets, key=lambda meet: -meet.length):
        found[meet.start].append(meet.length)
    return found


def order(frame: Frame, point: p.OrderPoint) -> Deviation:
    """Times between the end of the first event and the start of the second, too few or too many, where all their lessons have a place."""
    first, second = point.events

    def deviation(state: State) -> int:
        before, after = state.week[first], state.week[second]
        starts = [start for start, _, _ in after if start is not None]
        ends = [start + length for start, length, _ in before if start is not None]
        if len(starts) < len(after) or len(ends) < len(before):
            return 0
        return outside(min(starts) - max(ends), point.minimum, point.maximum)

    return deviation


def split_assignment(frame: Frame, point: p.SplitAssignmentPoint) -> Deviation:
    """Resources for the role beyond the first."""
    stated = {resource for resource in point.fixed if resource is not None}
    chosen = [(event, role) for event, role, fixed in zip(point.events, point.roles, point.fixed, strict=True) if fixed is None and role is not None]

    def deviation(state: State) -> int:
        found = stated | {meet.resources[role] for event, role in chosen for meet in state.week[event]} - {None}
        return max(0, len(found) - 1)

    return deviation


# --- resources ---------------------------------------------------------------------------------------------------------------------------------


def clash(frame: Frame, point: p.ClashPoint) -> Deviation:
    """Lessons beyond the first at each time, and pairs of clashing times of different bells with a lesson each."""
    resource = point.resource
    if not frame.apart:
        return lambda state: state.excess(resource)
    against = [bits(others) for others in frame.clashes.clashing]

    def deviation(state: State) -> int:
        taken = rest = state.taken[resource]
        pairs = 0
        while rest:
            lowest = rest & -rest
            pairs += (against[lowest.bit_length() - 1] & taken).bit_count()
            rest ^= lowest
        return state.excess(resource) + pairs // 2

    return deviation


def unavailable(frame: Frame, point: p.UnavailablePoint) -> Deviation:
    """Times of these at which it is busy."""
    resource, closed = point.resource, bits(point.times)
    return lambda state: (state.taken[resource] & closed).bit_count()


def idle(frame: Frame, point: p.IdlePoint) -> Deviation:
    """Idle times between its first and last busy ones, over all time groups, too few or too many."""
    resource, groups = point.resource, [bits(group) for group in point.groups]

    def deviation(state: State) -> int:
        taken, found = state.taken[resource], 0
        for group in groups:
            busy = taken & group
            if busy:
                span = (1 << busy.bit_length()) - (busy & -busy)
                found += (group & span & ~busy).bit_count()
        return outside(found, point.minimum, point.maximum)

    return deviation


def cluster(frame: Frame, point: p.ClusterPoint) -> Deviation:
    """Time groups in which it is busy, too few or too many."""
    resource, groups = point.resource, [bits(group) for group in point.groups]

    def deviation(state: State) -> int:
        taken = state.taken[resource]
        return outside(sum([taken & group != 0 for group in groups]), point.minimum, point.maximum)

    return deviation


def busy_times(frame: Frame, point: p.BusyPoint) -> Deviation:
    """Busy times too few or too many, in each time group in which it is busy at all."""
    resource, groups = point.resource, [bits(group) for group in point.groups]

    def deviation(state: State) -> int:
        taken = state.taken[resource]
        return sum([outside((taken & group).bit_count(), point.minimum, point.maximum) for group in groups if taken & group])

    return deviation


def workload(frame: Frame, point: p.WorkloadPoint) -> Deviation:
    """Workload too small or too great, the difference rounded up."""
    resource, low, high = point.resource, point.minimum, point.maximum

    def deviation(state: State) -> int:
        load, unit = state.load[resource], state.accounts.unit[resource]
        return max(0, low - load // unit, -(-load // unit) - high)

    return deviation


def place_changes(frame: Frame, point: p.PlaceChangePoint) -> Deviation:
    """Changes of place from one busy time to the next by the clock, beyond those allowed; without a clock clashes allow no change."""
    resource, maximum = point.resource, point.maximum
    groups = [
        sorted(((frame.times[time].start, frame.times[time].place, 1 << time) for time in group), key=lambda t: t[0] or 0) for group in point.groups
    ]

    def deviation(state: State) -> int:
        taken, found = state.taken[resource], 0
        for group in groups:
            busy = [(start, place) for start, place, bit in group if taken & bit]
            if None not in [start for start, _ in busy]:
                changes = sum([before != after for (_, before), (_, after) in pairwise(busy)])
                found += max(0, changes - maximum)
        return found

    return deviation


def room_changes(frame: Frame, point: p.RoomChangePoint) -> Deviation:
    """Changes from place to place beyond those allowed."""

    def deviation(state: State) -> int:
        places_at: dict[int, frozenset[int]] = {}
        for number, event in enumerate(point.events):
            for start, length, chosen in state.week[event]:
                if start is not None and (places := point.places(number, chosen)):
                    for time in range(start, start + length):
                        places_at[time] = places_at[time] | places if time in places_at else places
        return max(0, point.changes(places_at) - point.maximum)

    return deviation


def late_starts(frame: Frame, point: p.LateStartPoint) -> Deviation:
    """Times beyond the second that it waits for, and groups begun late beyond the maximum."""
    resource, groups, maximum = point.resource, point.groups, point.maximum

    def deviation(state: State) -> int:
        taken = state.taken[resource]
        starts = [next((place for place, time in enumerate(times) if taken >> time & 1), 0) for times in groups]
        return sum([start - 1 for start in starts if start > 1]) + max(0, sum([start > 0 for start in starts]) - maximum)

    return deviation


def double_shifts(frame: Frame, point: p.DoubleShiftPoint) -> Deviation:
    """Shifts beyond the first of each day, less the maximum."""
    resource, days, maximum = point.resource, [[bits(times) for times in shifts] for shifts in point.days], point.maximum

    def deviation(state: State) -> int:
        taken = state.taken[resource]
        return max(0, sum([max(0, sum([taken & shift != 0 for shift in shifts]) - 1) for shifts in days]) - maximum)

    return deviation


def parallel(frame: Frame, point: p.ParallelPoint) -> Deviation:
    """Event groups too few or too many that go on within the times, if any does."""
    groups, times, low, high = point.groups, point.times, point.minimum, point.maximum

    def goes_on(state: State, group: Sequence[int]) -> bool:
        covered = (time for event in group for start, length, _ in state.week[event] if start is not None for time in range(start, start + length))
        return not times.isdisjoint(covered)

    def deviation(state: State) -> int:
        amount = sum([goes_on(state, group) for group in groups])
        return outside(amount, low, high) if amount else 0

    return deviation


def last_of_day(frame: Frame, point: p.LastOfDayPoint) -> Deviation:
    """Times after the event's end, in the group in which it starts, at which its resources are busy."""
    event, resources, groups = point.events[0], point.resources, point.groups

    def deviation(state: State) -> int:
        found = 0
        for start, length, _ in state.week[event]:
            after = bits([time for times in groups if start in times for time in times if time >= start + length]) if start is not None else 0
            found += sum([(state.taken[resource] & after).bit_count() for resource in resources])
        return found

    return deviation


COUNTS: Mapping[type[p.Point], Callable[[Frame, Any], Deviation]] = {
    p.AssignTimePoint: assign_time,
    p.AssignResourcePoint: assign_resource,
    p.PreferTimesPoint: prefer_times,
    p.PreferResourcesPoint: prefer_resources,
    p.SplitPoint: split,
    p.DistributePoint: distribute,
    p.SpreadPoint: spread,
    p.LinkPoint: link,
    p.OrderPoint: order,
    p.SplitAssignmentPoint: split_assignment,
    p.ClashPoint: clash,
    p.UnavailablePoint: unavailable,
    p.IdlePoint: idle,
    p.ClusterPoint: cluster,
    p.BusyPoint: busy_times,
    p.WorkloadPoint: workload,
    p.PlaceChangePoint: place_changes,
    p.RoomChangePoint: room_changes,
    p.LateStartPoint: late_starts,
    p.DoubleShiftPoint: double_shifts,
    p.ParallelPoint: parallel,
    p.LastOfDayPoint: last_of_day,
}
