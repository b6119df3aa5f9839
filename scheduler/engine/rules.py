"""The constraint types as the model keeps them: one function each, for a required point that must stay whole (``strict``) or one that costs.

Twin of ``verify.cost``, where the deviations are defined.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import lcm
from typing import Any

from ortools.sat.python import cp_model

from scheduler.engine import points as p
from scheduler.engine.costs import Costs
from scheduler.engine.patterns import Days, idle_by_prefixes, idle_in
from scheduler.engine.variables import Expression, Variables

Sum = cp_model.LinearExpr.sum


@dataclass
class Posting:
    """Where a rule posts itself."""

    variables: Variables
    costs: Costs
    days: Days

    @property
    def model(self) -> cp_model.CpModel:
        return self.variables.model

    def between(self, point: p.Point, strict: bool, terms: Iterable[Expression], constant: int, minimum: int, maximum: int | None) -> None:
        """``minimum`` ≤ constant + Σ terms ≤ ``maximum``, or a cost for every unit outside; the terms are Booleans."""
        terms = list(terms)
        if strict:
            self.limit(terms, minimum - constant, None if maximum is None else maximum - constant)
        else:
            self.costs.add(point, *self.deviation(terms, constant, minimum, maximum))

    def deviation(self, terms: list[Expression], constant: int, minimum: int, maximum: int | None) -> tuple[Expression, int]:
        return self.costs.outside(constant + Sum(terms), constant, constant + len(terms), minimum, maximum)

    def limit(self, terms: list[Expression], low: int, high: int | None) -> None:
        literals = all(isinstance(term, cp_model.IntVar) for term in terms)
        if high is not None and high < len(terms):
            if high == 1 and low == 1 and literals:
                self.model.add_exactly_one(terms)
                return
            if high == 1 and literals:
                self.model.add_at_most_one(terms)
            else:
                self.model.add(Sum(terms) <= high)
        if low > 0:
            self.model.add(Sum(terms) >= low)

    def limit_counts(self, counts: list[cp_model.IntVar], low: int, high: int, most: int) -> None:
        """The same for whole numbers that together are ``most`` at most."""
        if high < most:
            self.model.add(Sum(counts) <= high)
        if low > 0:
            self.model.add(Sum(counts) >= low)


# --- events ----------------------------------------------------------------------------------------------------------------------------------


def assign_time(to: Posting, point: p.AssignTimePoint, strict: bool) -> None:
    """Nothing to keep where it is strict: every lesson has a start then."""
    free = to.variables.events[point.events[0]]
    if not strict:
        lost = Sum([length * count for length, counts in free.unplaced.items() for count in counts])
        to.costs.add(point, lost, free.duration)


def assign_resource(to: Posting, point: p.AssignResourcePoint, strict: bool) -> None:
    free = to.variables.events[point.events[0]]
    constant = sum(meet.length for meet in free.fixed if meet.resources[point.role] is None)
    lost = [length * count for length, counts in free.unplaced.items() for count in counts]
    if strict:
        for count in lost:
            to.model.add(count == 0)
    else:
        nobody = [length * chosen[None] for (_, length), chosen in free.taken[point.role].items() if None in chosen]
        to.costs.add(point, constant + Sum([*nobody, *lost]), constant + free.duration)


def prefer_times(to: Posting, point: p.PreferTimesPoint, strict: bool) -> None:
    free = to.variables.events[point.events[0]]
    concerned = [meet for meet in free.fixed if point.length in (None, meet.length)]
    constant = sum(meet.length for meet in concerned if meet.start is not None and meet.start not in point.times)
    wrong = [(n, literal) for (time, n), at in free.at.items() if time not in point.times and point.length in (None, n) for literal in at]
    if strict:
        for _, literal in wrong:
            to.model.add(literal == 0)
    else:
        to.costs.add(point, constant + Sum([length * literal for length, literal in wrong]), constant + free.duration)


def prefer_resources(to: Posting, point: p.PreferResourcesPoint, strict: bool) -> None:
    free = to.variables.events[point.events[0]]
    constant = sum(m.length for m in free.fixed if m.resources[point.role] is not None and m.resources[point.role] not in point.resources)
    wrong = [
        (length, literal)
        for (_, length), chosen in free.taken[point.role].items()
        for resource, literal in chosen.items()
        if resource is not None and resource not in point.resources
    ]
    if strict:
        for _, literal in wrong:
            to.model.add(literal == 0)
    else:
        to.costs.add(point, constant + Sum([length * literal for length, literal in wrong]), constant + free.duration)


def split_event(to: Posting, point: p.SplitPoint, strict: bool) -> None:
    event = point.events[0]
    free = to.variables.events[event]
    lessons = [(length, literal) for length in to.variables.frame.lengths[event].counts for literal in free.lessons_of(length)]
    if strict:
        for length, literal in lessons:
            if not point.minimum_length <= length <= point.maximum_length:
                to.model.add(literal == 0)
        to.limit_counts([literal for _, literal in lessons], point.minimum - len(free.fixed), point.maximum - len(free.fixed), free.duration)
        return
    wrong = sum(not point.minimum_length <= meet.length <= point.maximum_length for meet in free.fixed)
    wrong_free = [literal for length, literal in lessons if not point.minimum_length <= length <= point.maximum_length]
    total = len(free.fixed) + Sum([literal for _, literal in lessons])
    amount, most = to.costs.outside(total, len(free.fixed), len(free.fixed) + free.duration, point.minimum, point.maximum)
    to.costs.add(point, wrong + Sum(wrong_free) + amount, wrong + free.duration + most)


def distribute(to: Posting, point: p.DistributePoint, strict: bool) -> None:
    free = to.variables.events[point.events[0]]
    constant = sum(meet.length == point.length for meet in free.fixed)
    lessons = free.lessons_of(point.length)
    most = free.duration // point.length
    if strict:
        to.limit_counts(lessons, point.minimum - constant, point.maximum - constant, most)
    else:
        to.costs.add(point, *to.costs.outside(constant + Sum(lessons), constant, constant + most, point.minimum, point.maximum))


def spread(to: Posting, point: p.SpreadPoint, strict: bool) -> None:
    variables = to.variables
    deviations: list[tuple[Expression, int]] = []
    fixed = [
        meet.start
        for event in point.events
        for meet in (variables.events[event].fixed if event in variables.events else variables.week[event])
        if meet.start is not None
    ]
    for times, minimum, maximum in point.groups:
        constant = sum(start in times for start in fixed)
        starts = [
            literal
            for event in point.events
            if event in variables.events
            for (time, _), literals in variables.events[event].at.items()
            if time in times
            for literal in literals
        ]
        if strict:
            to.limit(starts, minimum - constant, None if maximum is None else maximum - constant)
        else:
            deviations.append(to.deviation(starts, constant, minimum, maximum))
    add_all(to, point, deviations)


def link(to: Posting, point: p.LinkPoint, strict: bool) -> None:
    """Events of one bundle have nothing to keep; for the others, each time at which some run (or start) and some do not."""
    frame = to.variables.frame
    if len({frame.bundle_of[event] for event in point.events}) == 1:
        return
    reach = (lambda time, length: (time,)) if point.starts_only else (lambda time, length: tuple(range(time, time + length)))
    running = [running_at(to.variables, event, reach) for event in dict.fromkeys(point.events)]
    deviations: list[tuple[Expression, int]] = []
    for time in sorted({time for one in running for time in one}):
        parts = [one.get(time, 0) for one in running]
        if all(isinstance(part, int) for part in parts):
            uneven = int(len(set(parts)) > 1)
            deviations.append((uneven, uneven))
        elif strict:
            for part in parts[1:]:
                to.model.add(part == parts[0])
        else:
            some, every = to.model.new_bool_var("some"), to.model.new_bool_var("every")
            for part in parts:
                to.model.add(part <= some)
                to.model.add(part >= every)
            deviations.append((some - every, 1))
    add_all(to, point, [] if strict else deviations)


def running_at(variables: Variables, event: int, reach: Callable[[int, int], Iterable[int]]) -> dict[int, Any]:
    """For each time an expression that is 1 where a lesson of the event reaches it."""
    found: dict[int, list[Any]] = defaultdict(list)
    free = variables.events.get(event)
    for meet in free.fixed if free else variables.week[event]:
        if meet.start is not None:
            for time in reach(meet.start, meet.length):
                found[time].append(1)
    for (start, length), literals in free.at.items() if free else ():
        for time in reach(start, length):
            found[time] += literals
    return {time: 1 if any(isinstance(part, int) for part in parts) else Sum(parts) for time, parts in found.items()}


def order(to: Posting, point: p.OrderPoint, strict: bool) -> None:
    """Times between the end of the first event and the start of the second; nothing where either has no place."""
    first, second = point.events
    last = extreme(to.variables, first, lambda start, length: start + length - 1, max)
    earliest = extreme(to.variables, second, lambda start, length: start, min)
    if last is None or earliest is None:
        return
    between = earliest[0] - last[0] - 1
    low, high = earliest[1] - last[2] - 1, earliest[2] - last[1] - 1
    placed = [there for _, _, _, there in (last, earliest) if there is not None]
    if strict and not placed:
        to.model.add(between >= point.minimum)
        if point.maximum is not None:
            to.model.add(between <= point.maximum)
        return
    greatest = max(point.minimum - low, high - point.maximum if point.maximum is not None else 0, 0)
    deviation = to.model.new_int_var(0, greatest, "order")
    for bound in [deviation >= point.minimum - between] + ([deviation >= between - point.maximum] if point.maximum is not None else []):
        to.model.add(bound).only_enforce_if(placed)
    if strict:
        to.model.add(deviation == 0)
    else:
        to.costs.add(point, deviation, greatest)


def extreme(
    variables: Variables, event: int, place: Callable[[int, int], int], choose: Callable[[list[Any]], Any]
) -> tuple[Any, int, int, cp_model.IntVar | None] | None:
    """(the last or first place of an event's lessons, its lowest, its highest value, a literal that all lessons have places or None)."""
    model, free = variables.model, variables.events.get(event)
    staying = free.fixed if free else variables.week[event]
    fixed = [place(meet.start, meet.length) for meet in staying if meet.start is not None]
    if len(fixed) < len(staying):
        return None
    if free is None:
        return (choose(fixed), choose(fixed), choose(fixed), None) if fixed else None
    places = [(place(start, length), literal) for (start, length), literals in free.at.items() for literal in literals]
    if not places and not fixed:
        return None
    values = [*fixed, *(value for value, _ in places)]
    low, high = min(values), max(values)
    found = model.new_int_var(low, high, "extreme")
    neutral = low if choose is max else high
    if choose is max:
        model.add_max_equality(found, [*fixed, *((value - neutral) * literal + neutral for value, literal in places)])
    else:
        model.add_min_equality(found, [*fixed, *((value - neutral) * literal + neutral for value, literal in places)])
    return found, low, high, nothing_left_out(model, [count for counts in free.unplaced.values() for count in counts])


def nothing_left_out(model: cp_model.CpModel, counts: list[cp_model.IntVar]) -> cp_model.IntVar | None:
    """A literal that holds exactly where all these counts are 0; None where there are none."""
    if not counts:
        return None
    found = model.new_bool_var("placed")
    model.add(Sum(counts) == 0).only_enforce_if(found)
    model.add(Sum(counts) >= 1).only_enforce_if(found.negated())
    return found


def split_assignment(to: Posting, point: p.SplitAssignmentPoint, strict: bool) -> None:
    """Resources that the lessons of a group use beyond the first."""
    variables = to.variables
    used: dict[int, list[cp_model.IntVar] | None] = {}
    for event, role, stated in zip(point.events, point.roles, point.fixed, strict=True):
        free = variables.events.get(event)
        if role is None:
            if stated is not None:
                used[stated] = None
            continue
        for meet in free.fixed if free else variables.week[event]:
            if (now := meet.resources[role]) is not None:
                used[now] = None
        for chosen in free.taken[role].values() if free else ():
            for resource, literal in chosen.items():
                if resource is not None and used.get(resource, ()) is not None:
                    used.setdefault(resource, []).append(literal)  # type: ignore[union-attr]
    certain = sum(literals is None for literals in used.values())
    uncertain = []
    for literals in used.values():
        if literals is not None:
            one = to.model.new_bool_var("used")
            for literal in dict.fromkeys(literals):
                to.model.add_implication(literal, one)
            uncertain.append(one)
    to.between(point, strict, uncertain, certain, 0, 1)


# --- resources -------------------------------------------------------------------------------------------------------------------------------


def clash(to: Posting, point: p.ClashPoint, strict: bool) -> None:
    """At most one lesson at a time, and one of two clashing times; exactly one where what is free fills all the times that are left."""
    variables, resource = to.variables, point.resource
    covering, base = variables.covering[resource], variables.base[resource]
    if strict:
        full = fills_its_times(variables, resource)
        for literals in covering.values():
            if full:
                to.model.add_exactly_one(literals)
            elif len(literals) > 1:
                to.model.add_at_most_one(literals)
        for one, other in clashing_pairs(variables, resource):
            to.model.add_at_most_one([*covering[one], *covering[other]])
        return
    deviations: list[tuple[Expression, int]] = [(count - 1, count - 1) for time, count in base.items() if count > 1 and not covering.get(time)]
    for time, literals in covering.items():
        deviations.append(to.deviation(list(literals), base[time], 0, 1))
    for one, other in pairs_of(variables, resource):
        both = to.model.new_bool_var("both")
        to.model.add(variables.busy(resource, one) + variables.busy(resource, other) <= 1 + both)
        deviations.append((both, 1))
    add_all(to, point, deviations)


def fills_its_times(variables: Variables, resource: int) -> bool:
    """Whether the resource's freed lessons, all of which must be placed, are as long together as the times at which it may have one."""
    frame, wanted = variables.frame, 0
    for index in variables.bundles:
        shared = 0
        for event in frame.bundles[index].events:
            for own, is_shared in frame.fixed[event]:
                if own == resource:
                    if not variables.must_place[event]:
                        return False
                    duration = variables.events[event].duration
                    wanted, shared = (wanted, max(shared, duration)) if is_shared else (wanted + duration, shared)
        wanted += shared
    return wanted == len(variables.covering[resource]) and all(time < len(frame.times) for time in variables.covering[resource])


def pairs_of(variables: Variables, resource: int) -> Iterator[tuple[int, int]]:
    """Clashing points of different bells or schools at both of which the resource may be."""
    clashing = variables.frame.clashes.clashing
    reached = {*variables.covering[resource], *variables.base[resource]} if variables.frame.apart else set()
    for one in reached:
        yield from ((one, other) for other in clashing[one] if one < other and other in reached)


def clashing_pairs(variables: Variables, resource: int) -> Iterator[tuple[int, int]]:
    """Those of two freed lessons; fixed ones have closed their times already."""
    covering = variables.covering[resource]
    return (pair for pair in pairs_of(variables, resource) if covering.get(pair[0]) and covering.get(pair[1]))


def unavailable(to: Posting, point: p.UnavailablePoint, strict: bool) -> None:
    busy = [to.variables.busy(point.resource, time) for time in point.times]
    constant = sum(b for b in busy if isinstance(b, int))
    open_times = [b for b in busy if not isinstance(b, int)]
    to.between(point, strict, open_times, constant, 0, 0)


def limit_idle(to: Posting, point: p.IdlePoint, strict: bool) -> None:
    """Idle times of the groups together."""
    variables, resource = to.variables, point.resource
    terms: list[Expression] = []
    constant, most = 0, 0
    for times in point.groups:
        if not any(variables.covering[resource].get(time) for time in times):
            constant += idle_in(times, frozenset(time for time in times if variables.base[resource][time]))
            continue
        columns = to.days.patterns(resource, times)
        if columns is None:
            terms.append(idle_by_prefixes(variables, resource, times, exact=point.minimum > 0))
        else:
            terms += [idle * column for busy, column in columns.items() if (idle := idle_in(times, busy))]
        most += max(0, len(times) - 2)
    total = constant + Sum(terms)
    if strict:
        if point.maximum < constant + most:
            to.model.add(total <= point.maximum)
        if point.minimum > 0:
            to.model.add(total >= point.minimum)
    else:
        to.costs.add(point, *to.costs.outside(total, constant, constant + most, point.minimum, point.maximum))


def cluster(to: Posting, point: p.ClusterPoint, strict: bool) -> None:
    """Groups of times in which the resource is busy."""
    constant, terms = 0, []
    for times in point.groups:
        day = busy_day(to, point.resource, times)
        if isinstance(day, int):
            constant += day
        else:
            terms.append(day)
    to.between(point, strict, terms, constant, point.minimum, point.maximum)


def busy_day(to: Posting, resource: int, times: p.Times) -> Any:
    """1 where the resource is busy at one of the times."""
    variables = to.variables
    if any(variables.base[resource][time] for time in times):
        return 1
    covering = variables.covering[resource]
    free = [time for time in times if covering.get(time)]
    if not free:
        return 0
    columns = to.days.known(resource, times)
    if columns is not None and frozenset() in columns:
        return 1 - columns[frozenset()]
    busy = to.model.new_bool_var("busy_day")
    reached = [variables.busy(resource, time) for time in free]
    for one in reached:
        to.model.add(one <= busy)
    to.model.add(Sum(reached) >= busy)
    return busy


def limit_busy(to: Posting, point: p.BusyPoint, strict: bool) -> None:
    """Busy times in each group in which the resource is busy at all."""
    variables, resource = to.variables, point.resource
    deviations: list[tuple[Expression, int]] = []
    for times in point.groups:
        constant = sum(bool(variables.base[resource][time]) for time in times)
        columns = to.days.known(resource, times)
        if columns is not None:
            off = {busy: outside(len(busy), point.minimum, point.maximum) for busy in columns if busy}
            if strict:
                for busy, deviation in off.items():
                    if deviation:
                        to.model.add(columns[busy] == 0)
            else:
                deviations.append((Sum([deviation * columns[busy] for busy, deviation in off.items() if deviation]), max(off.values(), default=0)))
            continue
        open_times = [one for time in times if not isinstance(one := variables.busy(resource, time), int)]
        if not open_times:
            deviation = outside(constant, point.minimum, point.maximum) if constant else 0
            deviations.append((deviation, deviation))
            continue
        wants = point.minimum > 1  # busy at all is busy once
        there = busy_day(to, resource, times) if wants else 1
        total = constant + Sum(open_times)
        if strict:
            if point.maximum < constant + len(open_times):
                to.model.add(total <= point.maximum)
            if wants:
                to.model.add(total >= point.minimum * there)
            continue
        greatest = max(0, constant + len(open_times) - point.maximum, point.minimum if wants else 0)
        if greatest:
            off_limits = to.model.new_int_var(0, greatest, "busy")
            to.model.add(off_limits >= total - point.maximum)
            if wants:
                to.model.add(off_limits >= point.minimum * there - total)
            deviations.append((off_limits, greatest))
    add_all(to, point, [] if strict else deviations)


def outside(value: int, minimum: int, maximum: int) -> int:
    return max(0, minimum - value, value - maximum)


def workload(to: Posting, point: p.WorkloadPoint, strict: bool) -> None:
    """Σ event's workload × length / duration over the resource's lessons; what it lacks or exceeds is rounded up."""
    variables, frame, resource = to.variables, to.variables.frame, point.resource
    common = lcm(*(frame.durations[event] for event in point.events)) if point.events else 1
    constant, terms, most = 0, [], 0
    for event in point.events:
        free = variables.events.get(event)
        share = common // frame.durations[event]
        own = [weight for stated, weight in frame.fixed_workloads[event] if stated == resource]
        constant += sum(own) * share * frame.durations[event]
        for role, open_role in enumerate(frame.open[event]):
            meets = free.fixed if free else variables.week[event]
            constant += sum(open_role.workload * share * meet.length for meet in meets if meet.resources[role] == resource)
            for (_, length), chosen in free.taken[role].items() if free else ():
                if resource in chosen:
                    terms.append(open_role.workload * share * length * chosen[resource])
            most += open_role.workload * share * free.duration if free else 0
    total = constant + Sum(terms)
    if strict:
        to.model.add(total <= common * point.maximum)
        if point.minimum > 0:
            to.model.add(total >= common * point.minimum)
        return
    greatest = max(0, -(-(constant + most) // common) - point.maximum, point.minimum)
    if greatest:
        deviation = to.model.new_int_var(0, greatest, "workload")
        to.model.add(common * deviation >= total - common * point.maximum)
        if point.minimum > 0:
            to.model.add(common * deviation >= common * point.minimum - total)
        to.costs.add(point, deviation, greatest)


def place_change(to: Posting, point: p.PlaceChangePoint, strict: bool) -> None:
    """At most so many changes of place a day. One change: two places at most, all times at the one before all at the other."""
    variables, frame, resource = to.variables, to.variables.frame, point.resource
    reached = {*variables.covering[resource], *variables.base[resource]}
    changes: list[Expression] = []
    greatest = 0
    for times in point.groups:
        places: dict[str, list[int]] = defaultdict(list)
        for time in times:
            if time in reached:
                places[frame.times[time].place].append(time)
        if len(places) < 2:
            continue
        if not strict or point.maximum != 1:
            switches = switches_of(to, resource, [time for own in places.values() for time in own])
            if strict:
                to.limit(switches, 0, point.maximum)
            else:
                over, most = to.deviation(switches, 0, 0, point.maximum)
                changes.append(over)
                greatest += most
            continue
        if len(places) > 2:
            to.model.add(Sum([busy_day(to, resource, tuple(own)) for own in places.values()]) <= 2)
        for first, second in combinations(places.values(), 2):
            one_after_the_other(to, resource, first, second)
    if changes:
        to.costs.add(point, Sum(changes), greatest)


def switches_of(to: Posting, resource: int, times: list[int]) -> list[Expression]:
    """A Boolean for every two times of a day at different places: both busy and nothing between them. As many are true as places are changed."""
    frame = to.variables.frame
    in_order = sorted(times, key=lambda time: (frame.times[time].start or 0, frame.times[time].period))
    busy = [to.variables.busy(resource, time) for time in in_order]
    switches: list[Expression] = []
    for later in range(1, len(in_order)):
        for earlier in range(later):
            if frame.times[in_order[earlier]].place != frame.times[in_order[later]].place:
                switch = to.model.new_bool_var("switch")
                to.model.add(switch >= busy[earlier] + busy[later] - 1 - Sum(busy[earlier + 1 : later]))
                switches.append(switch)
    return switches


def one_after_the_other(to: Posting, resource: int, first: list[int], second: list[int]) -> None:
    """All times at one place before all times at the other, whichever is first."""
    variables, frame = to.variables, to.variables.frame
    first_leads = to.model.new_bool_var("first_leads")
    for leading, following, leads in ((first, second, first_leads), (second, first, first_leads.negated())):
        for early in leading:
            for late in following:
                if before(frame.times[late], frame.times[early]):
                    both = variables.busy(resource, early) + variables.busy(resource, late)
                    to.model.add(both <= 1).only_enforce_if(leads)


def before(one: Any, other: Any) -> bool:
    """Whether a time of the same day lies before another, by the clock where both have one, else by its number."""
    if one.start is not None and other.start is not None:
        return bool(one.start < other.start)
    return bool(one.period < other.period)


def room_change(to: Posting, point: p.RoomChangePoint, strict: bool) -> None:
    """Places (such as buildings) that a resource goes into. It stays in those of its last lesson until another one is elsewhere; a move is one into a
    place where it was not the time before, and none after ``gap`` times without a lesson."""
    model, moves = to.model, []
    here = places_by_time(to, point)
    if len({place for own in here.values() for place in own}) < 2:
        return
    for times in point.groups:
        lessons = [here.get(time, {}) for time in times]
        reached = list(dict.fromkeys(place for own in lessons for place in own))
        before: dict[int, cp_model.IntVar] = {}
        for number, own in enumerate(lessons if len(reached) > 1 else ()):
            stays = {place: model.new_bool_var("stays") for place in reached}
            for place, lesson in own.items():
                model.add(stays[place] >= lesson)
                for other in reached:
                    if other != place:
                        model.add(stays[other] + lesson <= 1 + own.get(other, 0))
            rested = None
            if before and point.gap is not None and number >= point.gap:
                rested = model.new_bool_var("rested")
                for lesson in (lesson for near in lessons[number - point.gap : number] for lesson in near.values()):
                    model.add(rested + lesson <= 1)
            for place, was_there in before.items():
                move = model.new_bool_var("move")
                model.add(move >= stays[place] - was_there - (0 if rested is None else rested))
                moves.append(move)
            before = stays
    to.between(point, strict, moves, 0, 0, point.maximum)


def places_by_time(to: Posting, point: p.RoomChangePoint) -> dict[int, dict[int, Expression]]:
    """For every time of the groups and every place: 1 where a lesson of the events is there."""
    variables = to.variables
    wanted = frozenset(time for times in point.groups for time in times)
    literals: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
    certain: set[tuple[int, int]] = set()
    for number, event in enumerate(point.events):
        free = variables.events.get(event)
        for meet in free.fixed if free else variables.week[event]:
            if meet.start is not None:
                times = wanted.intersection(range(meet.start, meet.start + meet.length))
                certain.update((time, place) for time in times for place in point.places(number, meet.resources))
        for (start, length), there in free.at.items() if free else ():
            of_place: dict[int, list[cp_model.IntVar]] = {place: list(there) for place in point.fixed[number]}
            for role in point.roles[number]:
                for resource, literal in variables.events[event].taken[role][start, length].items():
                    place = None if resource is None else point.place_of.get(resource)
                    if place is not None and place not in point.fixed[number]:
                        of_place.setdefault(place, []).append(literal)
            for time in wanted.intersection(range(start, start + length)):
                for place, found in of_place.items():
                    literals[time, place] += found
    here: dict[int, dict[int, Expression]] = defaultdict(dict)
    for time, place in sorted(certain | literals.keys()):
        found = list(dict.fromkeys(literals[time, place]))
        here[time][place] = 1 if (time, place) in certain else found[0] if len(found) == 1 else variables.any_of(found)
    return here


def late_start(to: Posting, point: p.LateStartPoint, strict: bool) -> None:
    """Busy from the first time of each group, or from the second in at most so many groups."""
    variables, resource = to.variables, point.resource
    late: list[cp_model.IntVar] = []
    waits: list[Expression] = []
    for times in point.groups:
        busy = [variables.busy(resource, time) for time in times]
        if all(isinstance(one, int) for one in busy[1:]) and not any(busy[1:]):
            continue
        is_late = to.model.new_bool_var("late")
        late.append(is_late)
        for one in busy[1:]:
            to.model.add(one - busy[0] <= is_late)
        for place in range(1, len(times) - 1):
            before_it = Sum(busy[: place + 1])
            if strict:
                to.model.add(busy[place + 1] <= before_it)
            else:
                wait = to.model.new_bool_var("wait")
                for one in busy[place + 1 :]:
                    to.model.add(one - before_it <= wait)
                waits.append(wait)
    if strict:
        to.limit(list(late), 0, point.maximum)
    else:
        over, most = to.deviation(list(late), 0, 0, point.maximum)
        to.costs.add(point, Sum([*waits, over]), len(waits) + most)


def double_shift(to: Posting, point: p.DoubleShiftPoint, strict: bool) -> None:
    doubles: list[Expression] = []
    most = 0
    for shifts in point.days:
        busy = [busy_day(to, point.resource, times) for times in shifts]
        if any(not isinstance(one, int) for one in busy) or sum(busy) > 1:
            double = to.model.new_int_var(0, len(shifts) - 1, "double")
            to.model.add(double >= Sum(busy) - 1)
            doubles.append(double)
            most += len(shifts) - 1
    if strict:
        to.model.add(Sum(doubles) <= point.maximum)
    else:
        to.costs.add(point, *to.costs.outside(Sum(doubles), 0, most, 0, point.maximum))


def parallel(to: Posting, point: p.ParallelPoint, strict: bool) -> None:
    """Event groups that go on within a group of times."""

    def reach(start: int, length: int) -> tuple[int, ...]:
        return tuple(time for time in range(start, start + length) if time in point.times)

    constant, terms = 0, []
    for group in point.groups:
        parts = [part for event in group for part in running_at(to.variables, event, reach).values()]
        if any(isinstance(part, int) and part for part in parts):
            constant += 1
            continue
        uncertain = [part for part in parts if not isinstance(part, int)]
        if len(uncertain) == 1:
            terms.append(uncertain[0])
        elif uncertain:
            runs = to.model.new_bool_var("runs")
            for part in uncertain:
                to.model.add(part <= runs)
            to.model.add(Sum(uncertain) >= runs)
            terms.append(runs)
    if point.minimum <= 1:
        to.between(point, strict, terms, constant, 0, point.maximum)
        return
    some: Expression = 1
    if not constant:
        some = to.model.new_bool_var("some")
        for term in terms:
            to.model.add(term <= some)
    total, greatest = constant + Sum(terms), max(0, constant + len(terms) - point.maximum, point.minimum)
    deviation = to.model.new_int_var(0, 0 if strict else greatest, "parallel")
    to.model.add(deviation >= total - point.maximum)
    to.model.add(deviation >= point.minimum * some - total)
    if not strict:
        to.costs.add(point, deviation, greatest)


def last_of_day(to: Posting, point: p.LastOfDayPoint, strict: bool) -> None:
    """Nothing of the event's resources after it, in the group in which it starts."""
    variables, event = to.variables, point.events[0]
    free = variables.events.get(event)
    fixed = free.fixed if free else variables.week[event]
    lessons: list[tuple[int, int, Expression]] = [(meet.start, meet.length, 1) for meet in fixed if meet.start is not None]
    if free:
        lessons += [(start, length, literal) for (start, length), literals in free.at.items() for literal in literals]
    deviations: list[tuple[Expression, int]] = []
    for start, length, there in lessons:
        after = [time for times in point.groups if start in times for time in times if time >= start + length]
        for resource in point.resources:
            for busy in (variables.busy(resource, time) if resource in variables.touched else 0 for time in after):
                if isinstance(busy, int) and not busy:
                    continue
                if strict:
                    to.model.add(there + busy <= 1)
                else:
                    both = to.model.new_bool_var("after")
                    to.model.add(there + busy <= 1 + both)
                    deviations.append((both, 1))
    add_all(to, point, deviations)


def add_all(to: Posting, point: p.Point, deviations: list[tuple[Expression, int]]) -> None:
    """The deviations of one point are summed before the cost function is applied."""
    greatest = sum(most for _, most in deviations)
    if greatest:
        to.costs.add(point, Sum([deviation for deviation, _ in deviations]), greatest)


POSTS: Mapping[type[p.Point], Callable[[Posting, Any, bool], None]] = {
    p.AssignTimePoint: assign_time,
    p.AssignResourcePoint: assign_resource,
    p.PreferTimesPoint: prefer_times,
    p.PreferResourcesPoint: prefer_resources,
    p.SplitPoint: split_event,
    p.DistributePoint: distribute,
    p.SpreadPoint: spread,
    p.LinkPoint: link,
    p.OrderPoint: order,
    p.SplitAssignmentPoint: split_assignment,
    p.ClashPoint: clash,
    p.UnavailablePoint: unavailable,
    p.IdlePoint: limit_idle,
    p.ClusterPoint: cluster,
    p.BusyPoint: limit_busy,
    p.WorkloadPoint: workload,
    p.PlaceChangePoint: place_change,
    p.RoomChangePoint: room_change,
    p.LateStartPoint: late_start,
    p.DoubleShiftPoint: double_shift,
    p.ParallelPoint: parallel,
    p.LastOfDayPoint: last_of_day,
}
