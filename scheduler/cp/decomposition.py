"""A lower bound from the parts of a model that share little: what joins them is priced, and each part is then solved by itself in whole numbers.

The relaxation prices every row and lets everything be split; here only the rows between parts are priced (Lagrange), and within a part whole
numbers stay whole. So the bound is at least that of the relaxation with the same prices, and often far above it (A. Geoffrion, "Lagrangean relaxation
for integer programming", 1974). As there, nothing is believed of the floating prices but which to try: they are rounded to fractions of one
denominator, and the sum is made in integers of what CP-SAT proves of each part.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ortools.sat.python import cp_model

from scheduler.cp.builder import constant_of, terms
from scheduler.cp.lanes import in_lanes
from scheduler.cp.relaxation import UNBOUNDED, LinearProgram, Relaxation, Row
from scheduler.cp.run import Parameters, run_once
from scheduler.domain.plan import Status
from scheduler.domain.solving import SolveOptions

DENOMINATOR = 1 << 10
"""Prices are rounded to this part of one; a finer one makes CP-SAT's objectives long without making the bound better."""

PARAMETERS: Parameters = {"linearization_level": 2}

PART_WORK = 10.0
"""Most deterministic work for one part; what CP-SAT has proved of it by then counts."""

CLIMB, MOST_TRIES = 1 / 3, 6
"""By this part of itself the price of the widest row is raised from try to try: the relaxation thinks it too low, for it may split what is whole."""


@dataclass(frozen=True, slots=True)
class Join:
    """A row between parts: its place in the relaxation, and for each part its own terms (variable, coefficient)."""

    place: int
    row: Row
    terms: Mapping[str, tuple[tuple[int, int], ...]]


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear constraint as CP-SAT states it: a sum within a domain of intervals, under conditions (literals; ``-v - 1`` is not ``v``)."""

    places: list[int]
    coefficients: list[int]
    domain: list[int]
    conditions: list[int]

    @property
    def variables(self) -> list[int]:
        """Indexes of all its variables, those of its conditions too."""
        return [*self.places, *(literal if literal >= 0 else -literal - 1 for literal in self.conditions)]


class Decomposition:
    """The parts of a model as it is now, and the rows between them.

    Parameters
    ----------
    part_of
        index of a variable → name of its part, as far as is known. Others belong to a part where a constraint ties them to that one alone; what is
        then still nobody's is left free within its domain, which only widens the model.
    """

    def __init__(self, model: cp_model.CpModel, objective: cp_model.LinearExpr, part_of: Mapping[int, str]) -> None:
        self.relaxation = Relaxation(model)
        self.domains = [list(variable.domain) for variable in model.proto.variables]
        self.costs = {variable.index: coefficient for variable, coefficient in terms(objective)}
        self.constant = constant_of(objective)
        linear = list(linear_of(model))
        self.part_of = spread(part_of, [constraint.variables for constraint in linear])
        self.members: dict[str, list[int]] = defaultdict(list)
        for place in range(len(self.domains)):
            if place in self.part_of:
                self.members[self.part_of[place]].append(place)
        self.inner: dict[str, list[Linear]] = defaultdict(list)
        self.joins: list[Join] = []
        row = 0
        for constraint in linear:
            parts = {self.part_of.get(place) for place in constraint.variables}
            is_row = not constraint.conditions
            if len(parts) == 1 and None not in parts:
                self.inner[str(parts.pop())].append(constraint)
            elif is_row:
                self.joins.append(self._join(row, self.relaxation.rows[row]))
            row += is_row
        self.narrowed = self._narrowed()

    def _join(self, place: int, row: Row) -> Join:
        own: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for variable, coefficient in zip(row.places, row.coefficients, strict=True):
            if variable in self.part_of:
                own[self.part_of[variable]].append((variable, coefficient))
        return Join(place, row, {part: tuple(pairs) for part, pairs in own.items()})

    def _narrowed(self) -> dict[str, list[tuple[tuple[tuple[int, int], ...], int, int]]]:
        """What rows between parts say of one part whatever the others do: (terms, least, most)."""
        found: dict[str, list[tuple[tuple[tuple[int, int], ...], int, int]]] = defaultdict(list)
        for join in self.joins:
            least, most = self._reach(zip(join.row.places, join.row.coefficients, strict=True))
            for part, pairs in join.terms.items():
                own_least, own_most = self._reach(pairs)
                lower = max(own_least, join.row.least - (most - own_most))
                upper = min(own_most, join.row.most - (least - own_least))
                if lower > own_least or upper < own_most:
                    found[part].append((pairs, lower, upper))
        return found

    def _reach(self, pairs: Iterable[tuple[int, int]]) -> tuple[int, int]:
        """Least and most of a sum by the domains alone."""
        ends = [sorted((coefficient * self.domains[v][0], coefficient * self.domains[v][-1])) for v, coefficient in pairs]
        return sum(least for least, _ in ends), sum(most for _, most in ends)

    def bound(self, options: SolveOptions) -> int | None:
        """The best of a few bounds, each proved; None where the time was too short for one.

        The first tries the relaxation's own prices. Then the price of the row that joins most variables is raised as long as that helps, the others
        following it: such a row holds what was reached in a level above, and the relaxation thinks it cheaper than it is.
        """
        end = None if options.seconds is None else time.monotonic() + options.seconds
        prices = self._prices({}, left(options, end))
        best = self._proved(prices, left(options, end))
        widest = max((join for join in self.joins if prices and prices[join.place]), key=lambda join: len(join.row.places), default=None)
        for turn in range(1, MOST_TRIES if widest is not None and best is not None else 1):
            assert widest is not None and best is not None
            raised = self._prices({widest.place: prices[widest.place] * (1 + turn * CLIMB)}, left(options, end))
            found = self._proved(raised, left(options, end))
            if found is None or found <= best:
                break
            best = found
        return best

    def _prices(self, stated: Mapping[int, float], options: SolveOptions) -> list[float]:
        """Prices of all rows, some of them stated, the others the relaxation's own beside those; empty where it was not solved in time."""
        linear = LinearProgram(self.relaxation, left_out=stated)
        costs: dict[int, float] = defaultdict(float, self.costs)
        for place, price in stated.items():
            row = self.relaxation.rows[place]
            for variable, coefficient in zip(row.places, row.coefficients, strict=True):
                costs[variable] -= price * coefficient
        linear.minimise_sum(costs)
        if not linear.solve(options):
            return []
        return [stated.get(place, price) for place, price in enumerate(linear.prices())]

    def _proved(self, prices: Sequence[float], options: SolveOptions) -> int | None:
        """The bound that these prices prove, in whole numbers of ``1 / DENOMINATOR`` rounded up to a whole."""
        if not prices or is_over(options):
            return None
        costs: dict[int, int] = defaultdict(int, {place: DENOMINATOR * coefficient for place, coefficient in self.costs.items()})
        proved = 0
        for join in self.joins:
            price = round(prices[join.place] * DENOMINATOR)
            side = join.row.least if price > 0 else join.row.most
            if price and abs(side) < UNBOUNDED:
                proved += price * side
                for variable, coefficient in zip(join.row.places, join.row.coefficients, strict=True):
                    costs[variable] -= price * coefficient
        for place, cost in costs.items():
            if place not in self.part_of:
                proved += min(cost * self.domains[place][0], cost * self.domains[place][-1])
        # The largest first, so that the lanes end together.
        parts = sorted(self.members, key=lambda part: -len(self.members[part]))
        shared_out = math.inf if options.deterministic_limit is None else options.deterministic_limit / (MOST_TRIES * max(1, len(parts)))
        own = replace(options, workers=1, deterministic_limit=min(PART_WORK, shared_out))
        for found in in_lanes(lambda part: self._least_of(part, costs, own), parts, options):
            if found is None:
                return None
            proved += found
        return self.constant - (-proved // DENOMINATOR)

    def _least_of(self, part: str, costs: Mapping[int, int], options: SolveOptions) -> int | None:
        """What the variables of a part cost at least, by themselves."""
        members = self.members[part]
        if not any(costs.get(place) for place in members):
            return 0
        model = cp_model.CpModel()
        variables = {v: model.new_int_var_from_domain(cp_model.Domain.from_flat_intervals(self.domains[v]), "") for v in members}
        for constraint in self.inner[part]:
            expression = cp_model.LinearExpr.weighted_sum([variables[v] for v in constraint.places], constraint.coefficients)
            posted = model.add_linear_expression_in_domain(expression, cp_model.Domain.from_flat_intervals(constraint.domain))
            posted.only_enforce_if([variables[v] if v >= 0 else ~variables[-v - 1] for v in constraint.conditions])
        for pairs, least, most in self.narrowed.get(part, ()):
            expression = cp_model.LinearExpr.weighted_sum([variables[v] for v, _ in pairs], [coefficient for _, coefficient in pairs])
            model.add_linear_constraint(expression, least, most)
        model.minimize(cp_model.LinearExpr.weighted_sum(list(variables.values()), [costs.get(v, 0) for v in variables]))
        done = run_once(model, options, parameters=PARAMETERS)
        if done.status is Status.INFEASIBLE:
            return None  # the whole would have no solution either: that is not for a bound to find out
        by_domains, _ = self._reach((v, costs.get(v, 0)) for v in members)
        return by_domains if done.bound is None else max(by_domains, done.bound)


def linear_of(model: cp_model.CpModel) -> Iterable[Linear]:
    for constraint in model.proto.constraints:
        if constraint.has_linear():
            own = constraint.linear
            yield Linear(list(own.vars), list(own.coeffs), list(own.domain), list(constraint.enforcement_literal))


def spread(part_of: Mapping[int, str], together: Sequence[Sequence[int]]) -> dict[int, str]:
    """The parts of more variables: of those that constraints tie to one part alone."""
    found, known = dict(part_of), -1
    while len(found) > known:
        known = len(found)
        for variables in together:
            parts = {found[place] for place in variables if place in found}
            if len(parts) == 1:
                found |= dict.fromkeys(variables, parts.pop())
    return found


def left(options: SolveOptions, end: float | None) -> SolveOptions:
    return options if end is None else replace(options, seconds=max(0.0, end - time.monotonic()))


def is_over(options: SolveOptions) -> bool:
    return options.stop.is_set() or options.seconds == 0.0
