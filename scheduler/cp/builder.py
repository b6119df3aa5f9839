"""One narrow door to CP-SAT: every constraint of a rule is posted under the rule's name and the entity it speaks of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from ortools.sat.python import cp_model

from scheduler.domain.rules import RULE_NAMES

Post = Callable[[cp_model.Constraint], cp_model.Constraint]
Entity = tuple[tuple[str, str], ...]


class Builder:
    """A CP-SAT model whose constraints know their rule.

    With ``switches`` each (rule, entity) has a Boolean that enforces its constraints, so that a conflict comes back in the rules' own names;
    without it ``post`` returns the constraint as it is, at no cost. Constraints that only define a variable go to ``model`` directly. What a rule
    makes of a variable's domain must not be taken for granted where ``is_switched``: without the rule the variable reaches further.
    """

    def __init__(self, switches: bool = False) -> None:
        self.model = cp_model.CpModel()
        self.switches: dict[tuple[str, Entity], cp_model.IntVar] = {}
        self.is_switched = switches

    @contextmanager
    def rule(self, name: str, **entities: str) -> Iterator[Post]:
        """Post constraints of one rule about one entity: ``with builder.rule("max_jtm", teacher=t) as post: post(model.add(...))``."""
        if name not in RULE_NAMES:
            raise KeyError(name)
        if not self.is_switched:
            yield passed_through
            return
        switch = self._switch(name, entities)

        def post(constraint: cp_model.Constraint) -> cp_model.Constraint:
            constraint.only_enforce_if(switch)
            return constraint

        yield post

    def _switch(self, name: str, entities: Mapping[str, str]) -> cp_model.IntVar:
        key = (name, tuple(sorted(entities.items())))
        if key not in self.switches:
            self.switches[key] = self.model.new_bool_var(f"switch[{name}, {', '.join(value for _, value in key[1])}]")
        return self.switches[key]

    def hint(self, values: Iterable[int], variables: Iterable[int] | None = None) -> None:
        """Replace every hint: by a whole solution in the order of the model, or by values of the variables with these indexes."""
        known = list(values)
        self.model.clear_hints()  # type: ignore[no-untyped-call]
        hint = self.model.proto.solution_hint
        hint.vars.extend(range(len(known)) if variables is None else list(variables))
        hint.values.extend(known)


def passed_through(constraint: cp_model.Constraint) -> cp_model.Constraint:
    return constraint


def least_value(expression: cp_model.LinearExpr) -> int:
    """Lower bound of a linear expression by its variables' domains alone."""
    ends = ((coefficient, bounds(variable)) for variable, coefficient in terms(expression))
    return constant_of(expression) + sum(coefficient * (least if coefficient > 0 else most) for coefficient, (least, most) in ends)


def bounds(variable: cp_model.IntVar) -> tuple[int, int]:
    """Smallest and largest value of a variable's domain."""
    domain = list(variable.proto.domain)  # the proto's own list answers a negative index with a wrong number
    return domain[0], domain[-1]


def greatest_value(expression: cp_model.LinearExpr) -> int:
    """Upper bound of a linear expression by its variables' domains alone."""
    return -least_value(-expression)


def value_of(expression: cp_model.LinearExpr, values: Sequence[int]) -> int:
    """Value of a linear expression in a whole solution (``Run.values``)."""
    return constant_of(expression) + sum(coefficient * values[variable.index] for variable, coefficient in terms(expression))


def terms(expression: cp_model.LinearExpr) -> Iterator[tuple[cp_model.IntVar, int]]:
    flat = cp_model.FlatIntExpr(expression)
    return zip(flat.vars, flat.coeffs, strict=True)


def constant_of(expression: cp_model.LinearExpr) -> int:
    return int(cp_model.FlatIntExpr(expression).offset)


def total(parts: Iterable[tuple[int, cp_model.LinearExpr]], constant: int = 0) -> cp_model.LinearExpr:
    """``constant`` plus the sum of coefficient times expression; an expression too where there is no part."""
    pairs = list(parts)
    return cp_model.LinearExpr.weighted_sum([part for _, part in pairs], [coefficient for coefficient, _ in pairs]) + constant
