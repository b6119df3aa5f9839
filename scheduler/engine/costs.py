"""From a deviation to what the model pays for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from scheduler.domain.timetabling import CostFunction
from scheduler.engine.points import Point
from scheduler.engine.variables import Expression

LARGEST_TOTAL = 2**61
"""CP-SAT adds in 64 bits."""

Term = tuple[Point, int, Expression]


@dataclass
class Costs:
    """Collects terms of the objective, each with an upper bound.

    ``required`` and ``wished`` are (point, coefficient, expression); ``most`` and ``most_required`` are the greatest that each can cost together.
    """

    model: cp_model.CpModel
    required: list[Term] = field(default_factory=list)
    wished: list[Term] = field(default_factory=list)
    most: int = 0
    most_required: int = 0

    def add(self, point: Point, deviation: Expression, greatest: int) -> None:
        """Pay for a deviation that the search will press down; ``greatest`` bounds it from above."""
        if greatest == 0:
            return
        if point.cost is CostFunction.LINEAR:
            self.pay(point, point.weight, deviation, point.weight * greatest)
        elif point.cost is CostFunction.STEP:
            broken = self.model.new_bool_var("broken")
            self.model.add(deviation <= greatest * broken)
            self.pay(point, point.weight, broken, point.weight)
        else:
            units = [self.model.new_bool_var("unit") for _ in range(greatest)]
            self.model.add(deviation <= cp_model.LinearExpr.sum(units))
            for number, unit in enumerate(units, start=1):
                self.pay(point, (2 * number - 1) * point.weight, unit, (2 * number - 1) * point.weight)

    def pay(self, point: Point, coefficient: int, expression: Expression, most: int) -> None:
        if point.required:
            self.required.append((point, coefficient, expression))
            self.most_required += most
        else:
            self.wished.append((point, coefficient, expression))
            self.most += most

    @property
    def hard_weight(self) -> int:
        """One unit of infeasibility weighs more than all wishes of a step together."""
        return self.most + 1

    def fits(self, scale: int = 1) -> bool:
        """Whether the total, multiplied so, stays within whole numbers of 64 bits."""
        return scale * (self.most + self.hard_weight * self.most_required) < LARGEST_TOTAL

    def total(self) -> Expression:
        terms = [self.hard_weight * coefficient * expression for _, coefficient, expression in self.required]
        return cp_model.LinearExpr.sum([*terms, *(coefficient * expression for _, coefficient, expression in self.wished)])

    def unweighted(self, points: Collection[Point]) -> Expression:
        """Σ f(deviation) of some wishes, without their weights."""
        chosen = {id(point) for point in points}
        return cp_model.LinearExpr.sum(
            [coefficient // point.weight * expression for point, coefficient, expression in self.wished if id(point) in chosen]
        )

    def outside(self, expression: Expression, low: int, high: int, minimum: int, maximum: int | None) -> tuple[Expression, int]:
        """(deviation of an expression between ``low`` and ``high`` from the limits, its greatest value)."""
        over = high - maximum if maximum is not None else 0
        under = minimum - low
        greatest = max(over, under, 0)
        if greatest == 0:
            return 0, 0
        if under <= 0 and maximum == low:
            return expression - low, greatest
        deviation = self.model.new_int_var(0, greatest, "deviation")
        if over > 0 and maximum is not None:
            self.model.add(deviation >= expression - maximum)
        if under > 0:
            self.model.add(deviation >= minimum - expression)
        return deviation, greatest
