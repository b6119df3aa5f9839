"""Freeing some teachers while all others stand: what the part gains the whole gains, and nothing in it becomes illegal."""

from __future__ import annotations

from random import Random

import pytest

from scheduler.cp.lexico import Budget, Descent, Target
from scheduler.domain.plan import Status
from scheduler.domain.solving import SolveOptions
from scheduler.policy.case import Case
from scheduler.workload import descent as descending
from scheduler.workload.classes import Counts
from scheduler.workload.improvement import SUMS_OF_PARTS, Improvement
from scheduler.workload.levels import LEVELS
from scheduler.workload.model import built
from scheduler.workload.neighbourhoods import Choice, freed
from scheduler.workload.scope import Eligibility, Scope, whole_scope
from scheduler.workload.solve import solve_workload
from tests import build
from tests.seeds import SEED
from tests.tiny_instances import tiny_case

ONE = SolveOptions(workers=1)
CASES = 40


def measured(scope: Scope, start: dict[int, int] | None = None) -> Descent:
    """A descent that stands at the decisions (any plan at all without them), with every level read off."""
    variables = built(scope)
    targets = [Target(name, LEVELS[name](variables)) for name in LEVELS if name in SUMS_OF_PARTS]
    descent = Descent(variables.builder, targets, variables.decisions(), Budget(ONE))
    if descent.begin(start) is not Status.INFEASIBLE:
        descent.measure()
    return descent


def scope_of(case: Case) -> Scope:
    return whole_scope(case, Eligibility(case, {need.school: frozenset({n.id for n in case.needs}) for need in case.needs}))


@pytest.mark.parametrize("index", range(CASES))
def test_gain_of_a_part_is_the_gain_of_the_whole(index: int) -> None:
    case, _ = tiny_case(f"{SEED}-part-{index}")
    scope, rng = scope_of(case), Random(index)
    whole = measured(scope)
    if not whole.values:
        return  # the hard rules leave no plan
    variables = built(scope)
    counts = Counts.read(variables, whole.values)
    valid = {t for t, meets in variables.meets_minimum.items() if whole.values[meets.index]}
    teachers = {t for t in scope.teachers if rng.random() < 0.6}
    part = freed(scope, counts, teachers, valid)
    small = built(part.scope)
    inside = measured(part.scope, part.inside(counts).values(small))
    before = inside.vector()
    inside.minimise_together(inside.targets)
    inside.measure()
    after = measured(scope, part.merged(counts, Counts.read(small, inside.values)).values(variables))
    assert [b - a for a, b in zip(whole.vector(), after.vector(), strict=True)] == [b - a for a, b in zip(before, inside.vector(), strict=True)]


@pytest.mark.parametrize("index", range(0, CASES, 4))
def test_improving_part_by_part_ends_at_the_same_levels(index: int, monkeypatch: pytest.MonkeyPatch) -> None:
    case, former = tiny_case(f"{SEED}-part-{index}")
    expected = solve_workload(case, ONE, former=former)
    monkeypatch.setattr(descending, "MANY_TEACHERS", 0)
    found = solve_workload(case, ONE, former=former)
    assert (found.status, found.levels) == (expected.status, expected.levels)


def test_levels_that_are_no_sum_of_parts_are_left_to_the_whole_model() -> None:
    # After ``changes`` no part can tell what it would gain, so nothing is moved.
    case = build.small_case()
    variables = built(scope_of(case))
    at_hand = measured(variables.scope).values
    targets = [Target(name, LEVELS["visits"](variables)) for name in ("uncovered_jp", "changes", "visits")]
    improvement = Improvement(variables, targets, seed=0)
    budget = Budget(ONE)
    assert improvement(2, 5, at_hand, ONE, budget) == Counts.read(variables, at_hand).values(variables)
    assert budget.work == 0


def test_choice_frees_every_teacher_in_a_round() -> None:
    case, _ = tiny_case(f"{SEED}-choice")
    scope = scope_of(case)
    assert set().union(*Choice(scope, 0).round()) == set(scope.teachers)
