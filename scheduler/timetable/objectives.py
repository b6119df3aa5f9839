"""The wishes of the week as linear costs: idle hours, teaching days, unwanted times.

Reference: teacher-day pattern columns, after "day patterns" of M. Sørensen and F. Dahms, "A two-stage decomposition of high school timetabling
applied to cases in Denmark", Computers & Operations Research 43 (2014).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from ortools.sat.python import cp_model

from scheduler.timetable.frame import DaysTerm, IdleTerm, idle_between
from scheduler.timetable.variables import Variables

MOST_FREE_TIMES_FOR_COLUMNS = 9
"""Beyond so many free times of a day (512 patterns) the lighter form is used."""


@dataclass(frozen=True, slots=True)
class Objective:
    """``cost`` is what the scope's wishes cost (constants included); ``guide`` prefers uneven days, from which a day can be emptied later."""

    cost: cp_model.LinearExprT
    guide: cp_model.LinearExprT
    greatest_guide: int


@dataclass(frozen=True, slots=True)
class DayPatterns:
    """One Boolean a busy pattern of (resource, times): exactly one holds. ``empty`` is the pattern without any lesson, if it may hold."""

    columns: Mapping[frozenset[int], cp_model.IntVar]

    @property
    def empty(self) -> cp_model.IntVar | None:
        return self.columns.get(frozenset())


def build_objective(variables: Variables, greatest_cost: int | None = None) -> Objective:
    """Everything of the week's cost that the scope can change, and the constant rest of the touched terms.

    Parameters
    ----------
    greatest_cost
        patterns whose idle times alone cost more are left out: no solution that is at least as good as a known one has them
    """
    frame = variables.frame
    cost: list[cp_model.LinearExprT] = []
    guide: list[cp_model.LinearExprT] = []
    greatest_guide = 0
    patterns: dict[tuple[int, frozenset[int]], DayPatterns] = {}
    for term in frame.idle_terms:
        free = free_times(variables, term)
        if not free:
            continue
        if len(free) > MOST_FREE_TIMES_FOR_COLUMNS:
            cost.append(term.weight * idle_by_prefixes(variables, term))
            continue
        day = day_patterns(variables, term, free, greatest_cost)
        patterns[term.resource, frozenset(free)] = day
        cost += [term.weight * idle * column for busy, column in day.columns.items() if (idle := idle_of(term, busy))]
        guide += [unevenness(len(busy)) * column for busy, column in day.columns.items() if busy]
        greatest_guide += unevenness(len(term.times))
    for days_term in frame.days_terms:
        cost += [days_term.weight * busy for busy in busy_groups(variables, days_term, patterns)]
    cost += [
        weight * literal
        for (resource, time), weight in frame.unwanted.items()
        for literal in variables.covering.get(resource, {}).get(time, ())
    ]
    return Objective(cp_model.LinearExpr.sum(cost), cp_model.LinearExpr.sum(guide), greatest_guide)


def free_times(variables: Variables, term: IdleTerm) -> tuple[int, ...]:
    covering = variables.covering.get(term.resource, {})
    return tuple(time for time in term.times if time in covering)


def idle_of(term: IdleTerm, busy: frozenset[int]) -> int:
    return idle_between([time in busy for time in term.times])


def unevenness(hours: int) -> int:
    """A concave value of a day's hours: its sum is the smaller, the fewer and fuller the days."""
    return round(10 * hours**0.5)


def day_patterns(variables: Variables, term: IdleTerm, free: tuple[int, ...], greatest_cost: int | None) -> DayPatterns:
    """Columns of one resource's day, tied to its lessons: Σ columns with the time = Σ starts covering it."""
    model, covering = variables.model, variables.covering[term.resource]
    fixed = frozenset(time for time in term.times if time in variables.scope.busy[term.resource])
    columns: dict[frozenset[int], cp_model.IntVar] = {}
    for count in range(len(free) + 1):
        for chosen in combinations(free, count):
            busy = fixed.union(chosen)
            if greatest_cost is None or term.weight * idle_of(term, busy) <= greatest_cost:
                columns[busy] = model.new_bool_var("pattern")
    model.add_exactly_one(columns.values())
    for time in free:
        model.add(cp_model.LinearExpr.sum([column for busy, column in columns.items() if time in busy]) == cp_model.LinearExpr.sum(covering[time]))
    return DayPatterns(columns)


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
        model.add(inside >= before[index - 1] + after[index + 1] - 1 - busy[index])
        idle.append(inside)
    return sum(idle)


def busy_literal(variables: Variables, resource: int, time: int) -> cp_model.LinearExprT:
    if time in variables.scope.busy[resource]:
        return 1
    return sum(variables.covering[resource].get(time, ()))


def busy_groups(
    variables: Variables, term: DaysTerm, patterns: Mapping[tuple[int, frozenset[int]], DayPatterns]
) -> Iterable[cp_model.LinearExprT]:
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
