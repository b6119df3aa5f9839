"""What a timetable of any problem costs, by type of rule and in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scheduler.domain.timetabling import TimetablingProblem
from scheduler.report.text import Text
from scheduler.verify.cost import Cost


@dataclass(frozen=True, slots=True)
class CostRow:
    """One type of rule: how many rules of it the problem states, at how many places they are broken, and what that costs."""

    kind: str
    rules: int
    places: int
    infeasibility: int
    objective: int


def cost_rows(problem: TimetablingProblem, cost: Cost) -> Sequence[CostRow]:
    """A row for each type that the problem states, in the order in which it states them first."""
    stated: dict[str, int] = {}
    for constraint in problem.constraints:
        stated[type(constraint).__name__] = stated.get(type(constraint).__name__, 0) + 1
    broken: dict[str, int] = {}
    for deviation in cost.deviations:
        broken[type(deviation.constraint).__name__] = broken.get(type(deviation.constraint).__name__, 0) + 1
    by_type = cost.by_type()
    return [CostRow(kind, rules, broken.get(kind, 0), *by_type.get(kind, (0, 0))) for kind, rules in stated.items()]


def kind_words(text: Text, kind: str) -> str:
    """A type of rule in plain words; its own name where there are none."""
    key = f"timetable.kind_{re.sub(r'(?<!^)(?=[A-Z])', '_', kind).lower()}"
    return text.say(key) if text.has(key) else kind


def by_type_data(cost: Cost) -> Mapping[str, Mapping[str, int]]:
    return {kind: {"infeasibility": hard, "objective": soft} for kind, (hard, soft) in cost.by_type().items()}
