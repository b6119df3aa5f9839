"""Bounds of large models: cuts lose no plan, and what the linear relaxation proves is never more than the best plan."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from random import Random

import pytest
from ortools.sat.python import cp_model

from scheduler.cp.builder import Builder, constant_of, total
from scheduler.cp.decomposition import Decomposition, spread
from scheduler.cp.lexico import Budget, Descent, Target
from scheduler.cp.relaxation import Relaxation, priced_bound
from scheduler.domain.plan import Plan, PlanStatus, PolicyUsed, Status
from scheduler.domain.solving import SolveOptions
from scheduler.verify.levels import workload_levels
from scheduler.verify.workload import violations
from scheduler.workload import minimum
from scheduler.workload.greedy import greedy_plan
from scheduler.workload.levels import LEVELS
from scheduler.workload.model import built
from scheduler.workload.scope import Eligibility, Scope, whole_scope
from scheduler.workload.solve import solve_workload
from scheduler.workload.variables import Variables
from scheduler.workload.whole_classes import Chances, cuts_of
from tests.seeds import SEED
from tests.tiny_instances import tiny_case

ONE = SolveOptions(workers=1)
NAMES = ("uncovered_jp", "unfilled_duties", "below_minimum", "shortfall_jtm", "nonlinear_jp", "visits")


def chances(rng: Random) -> Chances:
    sizes = tuple(sorted(rng.sample(range(2, 7), rng.choice((1, 1, 2)))))
    with_ttu = rng.choice((None, rng.randint(0, 13)))
    return Chances(sizes, tuple(rng.randint(0, 6) for _ in sizes), rng.randint(0, 6), rng.randint(0, 24), with_ttu)


@pytest.mark.parametrize("index", range(40))
def test_every_choice_of_classes_and_duties_keeps_every_cut(index: int) -> None:
    some = chances(Random(f"{SEED}-chances-{index}"))
    for counts in product(*(range(most + 1) for most in some.most)):
        hours = sum(size * count for size, count in zip(some.sizes, counts, strict=True))
        cases = [(duty, False, max(0, some.missing - hours - duty)) for duty in range(some.duties + 1)]
        if some.missing_with_ttu is not None:
            cases.append((0, True, max(0, some.missing_with_ttu - hours)))
        for duty, has_ttu, shortfall in cases:
            for cut in cuts_of(some):
                weight = sum(w * count for w, count in zip(cut.weights, counts, strict=True)) + cut.by_duty * duty
                limit = cut.with_ttu if has_ttu else cut.without
                if not cut.of_valid:
                    assert limit is not None
                    assert shortfall + weight >= limit
                elif shortfall == 0:
                    assert limit is not None  # None says that nobody is valid so
                    assert weight >= limit


def test_hours_between_two_numbers_of_whole_classes_make_nobody_valid() -> None:
    # 16 JTM beside 6 JTM of duties and 2 of guru wali: four classes of 5 JP, none valid with fewer.
    cuts = cuts_of(Chances((5,), (8,), 6, 22, None))
    assert any(cut.of_valid and cut.by_duty == 0 and cut.without == 4 * cut.weights[0] for cut in cuts)


def best(scope: Scope) -> tuple[Status, list[int]]:
    variables = built(scope)
    targets = [Target(name, LEVELS[name](variables)) for name in NAMES]
    descent = Descent(variables.builder, targets, variables.decisions(), Budget(ONE))
    status = descent.begin()
    if status is not Status.INFEASIBLE:
        for target in targets:
            descent.minimise(target)
    return status, [level.value for level in descent.levels()]


def scope_of(index: int) -> Scope:
    case, _ = tiny_case(f"{SEED}-bound-{index}")
    return whole_scope(case, Eligibility(case, {need.school: frozenset({n.id for n in case.needs}) for need in case.needs}))


@pytest.mark.parametrize("index", range(25))
def test_cuts_change_no_level(index: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with_cuts = best(scope_of(index))
    monkeypatch.setattr(minimum, "post_whole_classes", lambda *_: None)
    assert best(scope_of(index)) == with_cuts


@pytest.mark.parametrize("index", range(25))
def test_relaxed_bound_is_never_above_the_best_plan(index: int) -> None:
    scope = scope_of(index)
    status, values = best(scope)
    if status is Status.INFEASIBLE:
        return
    variables = built(scope)
    for name, value in zip(NAMES, values, strict=True):
        level = LEVELS[name](variables)
        bound = Relaxation(variables.model).bound(level, ONE)
        assert bound is not None
        assert bound <= value
        variables.model.add(level <= value)


def families(scope: Scope, variables: Variables) -> dict[int, str]:
    return {variable.index: scope.case.family_of(t) for t, variable in variables.of_teachers()}


@pytest.mark.parametrize("index", range(25))
def test_bound_from_the_parts_is_never_above_the_best_plan(index: int) -> None:
    scope = scope_of(index)
    status, values = best(scope)
    if status is Status.INFEASIBLE:
        return
    variables = built(scope)
    for name, value in zip(NAMES, values, strict=True):
        level = LEVELS[name](variables)
        bound = Decomposition(variables.model, level, families(scope, variables)).bound(ONE)
        assert bound is not None
        assert bound <= value
        variables.model.add(level <= value)


@pytest.mark.parametrize("index", range(10))
def test_any_prices_between_the_parts_give_a_bound(index: int) -> None:
    scope, rng = scope_of(index), Random(index)
    status, values = best(scope)
    if status is Status.INFEASIBLE:
        return
    variables = built(scope)
    parts = Decomposition(variables.model, LEVELS["uncovered_jp"](variables), families(scope, variables))
    proved = parts._proved([rng.uniform(-3, 3) for _ in parts.relaxation.rows], ONE)
    assert proved is not None
    assert proved <= values[0]


def two_shops(budget: int) -> tuple[cp_model.CpModel, cp_model.LinearExpr, dict[int, str]]:
    """Two parts alike: 10 pieces are wanted of each, a machine makes 7 of them, and both together may have ``budget`` machines."""
    model, missing, part_of = cp_model.CpModel(), [], {}
    machines = []
    for name in ("a", "b"):
        lacking, bought = model.new_int_var(0, 10, ""), model.new_int_var(0, 3, "")
        model.add(lacking + 7 * bought >= 10)
        part_of |= {lacking.index: name, bought.index: name}
        missing.append(lacking)
        machines.append(bought)
    model.add(sum(machines) <= budget)
    return model, cp_model.LinearExpr.sum(missing), part_of


def test_parts_prove_no_less_than_the_relaxation() -> None:
    # With 3 machines one part has two (0 missing), the other one (3 missing). Relaxed, 20/7 = 2.86 machines are enough for everything: 0.
    model, missing, part_of = two_shops(budget=3)
    assert Relaxation(model).bound(missing, ONE) == 0
    # 2 machines: one each, 3 + 3 missing, or both for one, 0 + 10. Relaxed, 20 - 14 = 6; the parts prove no less.
    model, missing, part_of = two_shops(budget=2)
    assert Relaxation(model).bound(missing, ONE) == 6
    assert Decomposition(model, missing, part_of).bound(ONE) == 6


def test_raised_price_of_what_joins_the_parts_proves_more() -> None:
    model, missing, part_of = two_shops(budget=3)
    parts = Decomposition(model, missing, part_of)
    join = parts.joins[0]
    # A part with 0, 1, 2, 3 machines at a price of 3 costs 10, 3 + 3, 0 + 6, 0 + 9: at least 6. Both 12, less 9 for the 3 machines: 3, the truth.
    assert len(parts.joins) == 1
    assert parts._proved([-3.0 if place == join.place else 0.0 for place in range(len(parts.relaxation.rows))], ONE) == 3


def test_what_is_in_no_part_is_left_free() -> None:
    # The switch is nobody's: it could be on, so that nothing need be missing.
    model, missing, part_of = two_shops(budget=2)
    switch = model.new_bool_var("")
    bought = [v for v in range(4) if v % 2]
    model.add(cp_model.LinearExpr.sum([model.get_int_var_from_proto_index(v) for v in bought]) + 3 * switch >= 1)
    parts = Decomposition(model, missing, part_of)
    assert switch.index not in parts.part_of
    assert parts.bound(ONE) == 6


def test_parts_without_time_prove_nothing() -> None:
    model, missing, part_of = two_shops(budget=2)
    assert Decomposition(model, missing, part_of).bound(replace(ONE, seconds=0.0)) is None


def test_variables_join_the_part_that_constraints_tie_them_to() -> None:
    # 1 is tied to 0, and 2 to 1; 3 is between the parts of 0 and 4.
    assert spread({0: "a", 4: "b"}, [[2, 1], [0, 1], [0, 3, 4]]) == {0: "a", 1: "a", 2: "a", 4: "b"}


@pytest.mark.parametrize("index", range(10))
def test_any_prices_give_a_bound(index: int) -> None:
    # What is proved rests on whole numbers: prices that have nothing to do with the model only prove less.
    scope, rng = scope_of(index), Random(index)
    status, values = best(scope)
    if status is Status.INFEASIBLE:
        return
    variables = built(scope)
    level = LEVELS["uncovered_jp"](variables)
    relaxation = Relaxation(variables.model)
    prices = [rng.uniform(-3, 3) for _ in relaxation.rows]
    assert constant_of(level) + priced_bound(relaxation, level, prices) <= values[0]


@pytest.mark.parametrize("index", range(12))
def test_district_without_time_is_never_worse_than_the_greedy_rule(index: int) -> None:
    case, _ = tiny_case(f"{SEED}-greedy-{index}")
    greedy = greedy_plan(case)
    if len(case.schools) < 2 or any(violations(case, greedy)):
        return
    found = solve_workload(case, SolveOptions(seconds=0.001, workers=1))
    status = PlanStatus(found.status, Status.UNKNOWN)
    plan = Plan(PolicyUsed(case.policy.id), "", status, found.levels, found.assignments, found.duties, found.partners)
    mine, its = workload_levels(case, plan), workload_levels(case, greedy)
    assert list(mine.values()) <= list(its.values())


def test_the_best_of_several_starts_is_taken() -> None:
    builder = Builder()
    first, second = builder.model.new_int_var(0, 9, "first"), builder.model.new_int_var(0, 9, "second")
    builder.model.add(first + second >= 9)
    descent = Descent(builder, [Target("first", total([(1, first)])), Target("second", total([(1, second)]))], [first, second], Budget(ONE))
    # 0 + 0 is not legal; 4 + 9 is better in the first level than 5 + 4.
    descent.begin({0: 5, 1: 4}, {0: 0, 1: 0}, {0: 4, 1: 9})
    assert descent.vector() == (4, 9)
