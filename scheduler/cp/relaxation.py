"""The linear relaxation of a whole model: a lower bound proved in whole numbers, and where it would move a solution at hand.

For models so large that CP-SAT itself says little in time. The relaxation is solved with floating numbers, but for a bound nothing of them is
believed except which prices to try: any prices give a bound, and what they give is computed in integers (Neumaier and Shcherbina 2004, made exact by
rounding the prices to fractions of one denominator).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ortools.linear_solver.python import model_builder
from ortools.sat.python import cp_model

from scheduler.cp.builder import constant_of, terms, value_of
from scheduler.domain.solving import SolveOptions

DENOMINATOR = 1 << 24
"""Prices are rounded to this part of one: coarse ones would lose a part of the bound, never its truth."""

UNBOUNDED = 1 << 60
"""CP-SAT's sides of a constraint beyond this stand for none."""


@dataclass(frozen=True, slots=True)
class Row:
    """``least <= sum(coefficient * variable) <= most``."""

    places: tuple[int, ...]
    coefficients: tuple[int, ...]
    least: int
    most: int


class Relaxation:
    """Variables and linear constraints of a model as it is now; what holds only under a condition is left out, which only widens it."""

    def __init__(self, model: cp_model.CpModel) -> None:
        domains = [list(variable.domain) for variable in model.proto.variables]
        self.columns = [(domain[0], domain[-1]) for domain in domains]
        self.rows = list(rows_of(model))

    def bound(self, objective: cp_model.LinearExpr, options: SolveOptions) -> int | None:
        """A proved lower bound of the objective over all solutions of the model; None where the relaxation was not solved in time."""
        linear = LinearProgram(self)
        linear.minimise(objective)
        if not linear.solve(options):
            return None
        return constant_of(objective) + priced_bound(self, objective, linear.prices())

    def nearest(
        self, objective: cp_model.LinearExpr, values: Sequence[int], kept: Sequence[int], share: float, options: SolveOptions
    ) -> dict[int, float]:
        """The relaxed solution that changes least of the ``kept`` variables' values among those that keep at most ``share`` of what could be gained.

        By index of the variable; empty where it was not found in time.
        """
        first = LinearProgram(self)
        first.minimise(objective)
        if not first.solve(options):
            return {}
        least, now = first.objective, value_of(objective, values) - constant_of(objective)
        second = LinearProgram(self)
        second.limit(objective, least + share * max(0.0, now - least))
        second.stay_near({place: values[place] for place in kept})
        return {place: second.value(place) for place in kept} if second.solve(options) else {}


class LinearProgram:
    """A relaxation handed to GLOP; rows ``left_out`` bind nothing."""

    def __init__(self, relaxation: Relaxation, left_out: Collection[int] = ()) -> None:
        self.model = model_builder.Model()  # type: ignore[no-untyped-call]
        self.solver = model_builder.Solver("glop")
        self.variables = [self.model.new_var(least, most, False, None) for least, most in relaxation.columns]
        self.constraints = [self._row(row, place not in left_out) for place, row in enumerate(relaxation.rows)]

    def _row(self, row: Row, binds: bool) -> model_builder.LinearConstraint:
        least = row.least if binds and row.least > -UNBOUNDED else -math.inf
        most = row.most if binds and row.most < UNBOUNDED else math.inf
        return self.model.add_linear_constraint(self._sum(row.places, row.coefficients), least, most)

    def _sum(self, places: Iterable[int], coefficients: Iterable[float]) -> model_builder.LinearExpr:
        return model_builder.LinearExpr.weighted_sum([self.variables[place] for place in places], list(coefficients))

    def _expression(self, expression: cp_model.LinearExpr) -> model_builder.LinearExpr:
        pairs = list(terms(expression))
        return self._sum([variable.index for variable, _ in pairs], [coefficient for _, coefficient in pairs])

    def minimise(self, objective: cp_model.LinearExpr) -> None:
        """Its constant part left out."""
        self.model.minimize(self._expression(objective))

    def minimise_sum(self, costs: Mapping[int, float]) -> None:
        """The sum of cost times variable."""
        self.model.minimize(self._sum(costs, costs.values()))

    def limit(self, objective: cp_model.LinearExpr, most: float) -> None:
        self.model.add_linear_constraint(self._expression(objective), -math.inf, most)

    def stay_near(self, values: dict[int, int]) -> None:
        """Minimise the sum of all differences from these values."""
        away = []
        for place, value in values.items():
            difference = self.model.new_var(0, math.inf, False, None)
            self.model.add(difference - self.variables[place] >= -value)
            self.model.add(difference + self.variables[place] >= value)
            away.append(difference)
        self.model.minimize(model_builder.LinearExpr.sum(away))

    def solve(self, options: SolveOptions) -> bool:
        if options.stop.is_set():
            return False
        if options.seconds is not None:
            self.solver.set_time_limit_in_seconds(options.seconds)
        return bool(self.solver.solve(self.model) == model_builder.SolveStatus.OPTIMAL)

    @property
    def objective(self) -> float:
        return float(self.solver.objective_value)

    def value(self, place: int) -> float:
        return float(self.solver.value(self.variables[place]))

    def prices(self) -> list[float]:
        """Dual prices of the rows."""
        return [float(self.solver.dual_value(constraint)) for constraint in self.constraints]


def rows_of(model: cp_model.CpModel) -> Iterable[Row]:
    """The linear constraints that always hold."""
    for constraint in model.proto.constraints:
        if constraint.has_linear() and not len(constraint.enforcement_literal):
            linear = constraint.linear
            domain = list(linear.domain)
            yield Row(tuple(linear.vars), tuple(linear.coeffs), domain[0], domain[-1])


def priced_bound(relaxation: Relaxation, objective: cp_model.LinearExpr, prices: Sequence[float]) -> int:
    """The bound that any prices prove, the objective's constant left out, computed in whole numbers of ``1 / DENOMINATOR``.

    ``costs * x = sum(price * row) + sum(reduced cost * x)``; a row is at least its side, a reduced cost meets the better end of its column.
    """
    reduced: list[int] = [0] * len(relaxation.columns)
    for variable, coefficient in terms(objective):
        reduced[variable.index] += DENOMINATOR * coefficient
    proved = 0
    for row, price in zip(relaxation.rows, prices, strict=True):
        whole = round(price * DENOMINATOR)
        side = row.least if whole > 0 else row.most
        if whole and abs(side) < UNBOUNDED:
            proved += whole * side
            for place, coefficient in zip(row.places, row.coefficients, strict=True):
                reduced[place] -= whole * coefficient
    proved += sum(min(cost * least, cost * most) for cost, (least, most) in zip(reduced, relaxation.columns, strict=True))
    return int(-(-proved // DENOMINATOR))
