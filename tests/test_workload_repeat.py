"""A large part of a district is divided in the same way again: one worker, a limit of work and no limit of time."""

from __future__ import annotations

import pytest

from scheduler.cp.lexico import Budget, Descent, Target
from scheduler.domain.solving import SolveOptions
from scheduler.workload import descent as descending
from scheduler.workload import improvement
from scheduler.workload.levels import LEVELS
from scheduler.workload.model import built
from scheduler.workload.scope import Eligibility, whole_scope
from scheduler.workload.solve import solve_workload
from tests.benchmarks.district import first_schools

SOME_WORK = SolveOptions(workers=1, deterministic_limit=2.0)
NAMES = ("uncovered_jp", "unfilled_duties", "below_minimum", "shortfall_jtm")


@pytest.mark.slow
def test_a_part_improved_piece_by_piece_comes_out_the_same_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(descending, "MANY_TEACHERS", 20)
    case = first_schools(4, seed=1)
    first, second = (solve_workload(case, SOME_WORK, until="shortfall_jtm") for _ in range(2))
    assert (first.levels, first.assignments, first.duties) == (second.levels, second.assignments, second.duties)


def improved() -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], int]:
    """Levels before and after, decisions after, and how often the relaxation said whom to free."""
    case = first_schools(3, seed=1)
    variables = built(whole_scope(case, Eligibility(case, {}, visitors=False)))
    targets = [Target(name, LEVELS[name](variables)) for name in NAMES]
    descent = Descent(variables.builder, targets, variables.decisions(), Budget(SOME_WORK))
    descent.begin({decision.index: 0 for decision in variables.decisions()})
    descent.measure()
    before, asked = descent.vector(), []
    search = improvement.Improvement(variables, targets, seed=0)
    freed = search.choice.with_some_near
    search.choice.with_some_near = lambda teachers, most: asked.append(teachers) or freed(teachers, most)  # type: ignore[method-assign,func-returns-value]
    better = search(2, 10_000, descent.values, SOME_WORK, descent.budget)
    descent._take_if_better(better)
    return before, descent.vector(), descent.values, len(asked)


def test_what_the_relaxation_would_move_makes_the_plan_better_and_the_same_again() -> None:
    before, after, values, asked = improved()
    assert asked > 0
    assert after[2:] < before[2:]
    assert after[:2] <= before[:2]
    assert improved() == (before, after, values, asked)
