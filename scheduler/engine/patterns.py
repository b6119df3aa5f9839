"""Idle times, busy times and busy days of a resource's day.

Reference: teacher-day pattern columns, after "day patterns" of M. Sørensen and F. Dahms, "A two-stage decomposition of high school timetabling
applied to cases in Denmark", Computers & Operations Research 43 (2014).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, combinations_with_replacement
from math import sqrt

from ortools.sat.python import cp_model

from scheduler.engine.points import Times
from scheduler.engine.variables import Expression, Variables

MOST_FREE_TIMES_FOR_COLUMNS = 9
"""Beyond so many free times of a day (512 patterns) the lighter form is used."""

IDLE_MORE_THAN_NOW = 1
"""A step of the search lets a day have at most so many idle times, or as many as it has now."""


@dataclass
class Days:
    """The patterns made so far: ``columns[resource, times]`` has one Boolean for each way to be busy at these times, exactly one of which holds.

    ``pruned`` leaves out those with far more idle times than now, ``most_idle`` those with more than that. ``guide`` prefers uneven days, from which
    a day can be emptied later; ``greatest_guide`` is the most it can be.
    """

    variables: Variables
    pruned: bool
    most_idle: int | None = None
    guide: list[Expression] = field(default_factory=list)
    greatest_guide: int = 0
    columns: dict[tuple[int, Times], Mapping[frozenset[int], cp_model.IntVar]] = field(default_factory=dict)

    def patterns(self, resource: int, times: Times) -> Mapping[frozenset[int], cp_model.IntVar] | None:
        """Columns of a group of times; None where nothing there is free or too much."""
        key = (resource, times)
        if key not in self.columns:
            variables = self.variables
            covering, base = variables.covering.get(resource, {}), variables.base[resource]
            free = [time for time in times if covering.get(time) and not base[time]]
            if not free or len(free) > MOST_FREE_TIMES_FOR_COLUMNS:
                return None
            fixed = frozenset(time for time in times if base[time])
            self.columns[key] = self._columns(resource, times, fixed, free)
        return self.columns[key]

    def known(self, resource: int, times: Times) -> Mapping[frozenset[int], cp_model.IntVar] | None:
        return self.columns.get((resource, times))

    def _columns(self, resource: int, times: Times, fixed: frozenset[int], free: Sequence[int]) -> Mapping[frozenset[int], cp_model.IntVar]:
        variables, model = self.variables, self.variables.model
        today = variables.busy_now(resource).intersection(times) if self.pruned else None
        most_idle = self.most_idle if today is None else max(IDLE_MORE_THAN_NOW, idle_in(times, today))
        columns = {busy: model.new_bool_var("pattern") for busy in busy_patterns(times, fixed, free, most_idle)}
        model.add_exactly_one(columns.values())
        for busy, column in columns.items() if today is not None else ():
            model.add_hint(column, busy == today)
        for time in free:
            model.add(cp_model.LinearExpr.sum([column for busy, column in columns.items() if time in busy]) == variables.busy(resource, time))
        self.guide += [unevenness(len(busy)) * column for busy, column in columns.items() if busy]
        self.greatest_guide += unevenness(len(times))
        return columns


def unevenness(hours: int) -> int:
    """A concave value of a day's hours: its sum is the smaller, the fewer and fuller the days."""
    return round(10 * sqrt(hours))


def idle_in(times: Times, busy: frozenset[int]) -> int:
    """Times without a lesson between the first and the last one with one."""
    places = [place for place, time in enumerate(times) if time in busy]
    return places[-1] - places[0] + 1 - len(places) if places else 0


def busy_patterns(times: Times, fixed: frozenset[int], free: Sequence[int], most_idle: int | None) -> Iterator[frozenset[int]]:
    """Every way to be busy at the fixed times and some of the free ones, with at most so many idle times between."""
    if not fixed:
        yield frozenset()
    usable = fixed.union(free)
    places = [place for place, time in enumerate(times) if time in usable]
    for first, last in combinations_with_replacement(places, 2):
        inside = times[first : last + 1]
        busy = usable.intersection(inside)
        if not fixed <= busy:
            continue
        spare = [time for time in inside[1:-1] if time in busy and time not in fixed]
        most_left_out = len(spare) if most_idle is None else min(len(spare), most_idle - (len(inside) - len(busy)))
        for count in range(most_left_out + 1):
            yield from (busy.difference(left_out) for left_out in combinations(spare, count))


def idle_by_prefixes(variables: Variables, resource: int, times: Times, exact: bool = False) -> Expression:
    """Idle times counted by two chains of Booleans: busy at or before a time, and busy at or after it. Weaker than columns, but linear in size.

    Without ``exact`` only a search that presses idle times down counts them right.
    """
    model = variables.model
    busy = [variables.busy(resource, time) for time in times]
    before = [model.new_bool_var("before") for _ in times]
    after = [model.new_bool_var("after") for _ in times]
    for index, literal in enumerate(busy):
        model.add(before[index] >= literal)
        model.add(after[index] >= literal)
        if index:
            model.add_implication(before[index - 1], before[index])
            model.add_implication(after[index], after[index - 1])
        if exact:
            model.add(before[index] <= cp_model.LinearExpr.sum(busy[: index + 1]))
            model.add(after[index] <= cp_model.LinearExpr.sum(busy[index:]))
    idle = []
    for index in range(1, len(busy) - 1):
        inside = model.new_bool_var("idle")
        if exact:
            model.add(inside + busy[index] <= 1)
            model.add(inside <= before[index - 1])
            model.add(inside <= after[index + 1])
        model.add(cp_model.LinearExpr.sum([inside, busy[index], 1]) >= cp_model.LinearExpr.sum([before[index - 1], after[index + 1]]))
        idle.append(inside)
    return cp_model.LinearExpr.sum(idle) if idle else 0
