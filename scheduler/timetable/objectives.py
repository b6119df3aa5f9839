"""The wishes of the week as linear costs: idle hours, teaching days, unwanted times.

Reference: teacher-day pattern columns, after "day patterns" of M. Sørensen and F. Dahms, "A two-stage decomposition of high school timetabling
applied to cases in Denmark", Computers & Operations Research 43 (2014).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import combinations, combinations_with_replacement
from math import sqrt

from ortools.sat.python import cp_model

from scheduler.timetable.frame import DaysTerm, IdleTerm, idle_in
from scheduler.timetable.variables import Variables

MOST_FREE_TIMES_FOR_COLUMNS = 9
"""Beyond so many free times of a day (512 patterns) the lighter form is used."""


@dataclass
class Costs:
    """The touched terms of the wishes, as (weight, count) by kind; a count includes what the fixed lessons have in the same day.

    ``guide`` prefers uneven days, from which a day can be emptied later; ``greatest_guide`` is the most it can be.
    """

    idle: list[tuple[int, cp_model.LinearExprT]] = field(default_factory=list)
    days: list[tuple[int, cp_model.LinearExprT]] = field(default_factory=list)
    unwanted: list[tuple[int, cp_model.LinearExprT]] = field(default_factory=list)
    guide: list[cp_model.LinearExprT] = field(default_factory=list)
    greatest_guide: int = 0

    def weighted(self) -> cp_model.LinearExprT:
        return cp_model.LinearExpr.sum([weight * count for weight, count in (*self.idle, *self.days, *self.unwanted)])

    def with_guide(self) -> cp_model.LinearExprT:
        """The cost, and among equal costs the guide."""
        return cp_model.LinearExpr.sum([(self.greatest_guide + 1) * self.weighted(), *self.guide])


@dataclass(frozen=True, slots=True)
class DayPatterns:
    """One Boolean a busy pattern of (resource, times): exactly one holds. ``empty`` is the pattern without any lesson, if it may hold."""

    columns: Mapping[frozenset[int], cp_model.IntVar]

    @property
    def empty(self) -> cp_model.IntVar | None:
        return self.columns.get(frozenset())


IDLE_MORE_THAN_NOW = 1
"""A step of the search lets a teacher's day have at most so many idle times, or as many as it has now."""


def build_costs(variables: Variables, most_idle: int | None = None, only: int | None = None, now: Sequence[Set[int]] | None = None) -> Costs:
    """Everything of the week's cost that the scope can change.

    Parameters
    ----------
    most_idle
        patterns with more idle times on their day are left out: 0 makes idle times impossible
    only
        the one resource whose wishes are wanted (None = everybody's)
    now
        the busy points of each resource in the week that is to be improved: its patterns are hinted, and far worse days left out
    """
    frame = variables.frame
    costs = Costs()
    patterns: dict[tuple[int, frozenset[int]], DayPatterns] = {}
    for term in frame.idle_terms:
        free = free_times(variables, term) if only in (None, term.resource) else ()
        if not free:
            continue
        if len(free) > MOST_FREE_TIMES_FOR_COLUMNS:
            idle = idle_by_prefixes(variables, term)
            costs.idle.append((term.weight, idle))
            if most_idle is not None:
                variables.model.add(idle <= most_idle)
            continue
        day = day_patterns(variables, term, free, most_idle, None if now is None else now[term.resource])
        patterns[term.resource, frozenset(free)] = day
        costs.idle += [(term.weight, hours * column) for busy, column in day.columns.items() if (hours := idle_in(term, busy))]
        costs.guide += [unevenness(len(busy)) * column for busy, column in day.columns.items() if busy]
        costs.greatest_guide += unevenness(len(term.times))
    for days_term in frame.days_terms:
        if only in (None, days_term.resource):
            costs.days += [(days_term.weight, busy) for busy in busy_groups(variables, days_term, patterns)]
    for (resource, time), weight in frame.unwanted.items():
        if only in (None, resource):
            costs.unwanted += [(weight, literal) for literal in variables.covering.get(resource, {}).get(time, ())]
    return costs


def free_times(variables: Variables, term: IdleTerm) -> tuple[int, ...]:
    covering = variables.covering.get(term.resource, {})
    return tuple(time for time in term.times if covering.get(time))


def unevenness(hours: int) -> int:
    """A concave value of a day's hours: its sum is the smaller, the fewer and fuller the days."""
    return round(10 * sqrt(hours))


def day_patterns(variables: Variables, term: IdleTerm, free: tuple[int, ...], most_idle: int | None, now: Set[int] | None) -> DayPatterns:
    """Columns of one resource's day, tied to its lessons: Σ columns with the time = Σ starts covering it."""
    model, covering = variables.model, variables.covering[term.resource]
    if now is not None:
        allowed = max(IDLE_MORE_THAN_NOW, idle_in(term, now))
        most_idle = allowed if most_idle is None else min(most_idle, allowed)
    fixed = frozenset(time for time in term.times if time in variables.scope.busy[term.resource])
    columns = {busy: model.new_bool_var("pattern") for busy in busy_patterns(term, fixed, free, most_idle)}
    model.add_exactly_one(columns.values())
    if now is not None:
        today = now & frozenset(term.times)
        for busy, column in columns.items():
            model.add_hint(column, busy == today)
    for time in free:
        model.add(cp_model.LinearExpr.sum([column for busy, column in columns.items() if time in busy]) == cp_model.LinearExpr.sum(covering[time]))
    return DayPatterns(columns)


def busy_patterns(term: IdleTerm, fixed: frozenset[int], free: Sequence[int], most_idle: int | None) -> Iterator[frozenset[int]]:
    """Every way to be busy at the fixed times and some of the free ones, with at most so many idle times between."""
    if not fixed:
        yield frozenset()
    usable = fixed.union(free)
    places = [place for place, time in enumerate(term.times) if time in usable]
    for first, last in combinations_with_replacement(places, 2):
        inside = term.times[first : last + 1]
        busy = usable.intersection(inside)
        if not fixed <= busy:
            continue
        spare = [time for time in inside[1:-1] if time in busy and time not in fixed]
        most_left_out = len(spare) if most_idle is None else min(len(spare), most_idle - (len(inside) - len(busy)))
        for count in range(most_left_out + 1):
            yield from (busy.difference(left_out) for left_out in combinations(spare, count))


def idle_by_prefixes(variables: Variables, term: IdleTerm) -> cp_model.LinearExprT:
    """Idle times counted by two chains of Booleans: busy at or before a time, and busy at or after it. Weaker than columns, but linear in size."""
    model = variables.model
    busy = [busy_literal(variables, term.resource, time) for time in term.times]
    before = [model.new_bool_var("before") for _ in term.times]
    after = [model.new_bool_var("after") for _ in term.times]
    for index, literal in enumerate(busy):
        model.add(before[index] >= literal)
        model.add(after[index] >= literal)
        if index:
            model.add_implication(before[index - 1], before[index])
            model.add_implication(after[index], after[index - 1])
    idle = []
    for index in range(1, len(busy) - 1):
        inside = model.new_bool_var("idle")
        model.add(cp_model.LinearExpr.sum([inside, busy[index], 1]) >= cp_model.LinearExpr.sum([before[index - 1], after[index + 1]]))
        idle.append(inside)
    return cp_model.LinearExpr.sum(idle)


def busy_literal(variables: Variables, resource: int, time: int) -> cp_model.LinearExprT:
    if time in variables.scope.busy[resource]:
        return 1
    return cp_model.LinearExpr.sum(variables.covering[resource].get(time, []))


def busy_groups(variables: Variables, term: DaysTerm, patterns: Mapping[tuple[int, frozenset[int]], DayPatterns]) -> Iterable[cp_model.LinearExprT]:
    """For each group of times that free lessons may make busy: 1 where they do, or where fixed ones have."""
    model, covering, fixed = variables.model, variables.covering.get(term.resource, {}), variables.scope.busy[term.resource]
    for group in term.groups:
        times = [time for time in sorted(group) if covering.get(time)]
        if not times:
            continue
        if any(time in fixed for time in group):
            yield 1
            continue
        day = patterns.get((term.resource, frozenset(times)))
        if day is not None and day.empty is not None:
            yield 1 - day.empty
            continue
        busy = model.new_bool_var("busy_day")
        for time in times:
            model.add(sum(covering[time]) <= busy)
        yield busy
