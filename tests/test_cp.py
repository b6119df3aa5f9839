"""The narrow door to the solver: what a run may say, how levels come down, and what is never claimed."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

import pytest
from ortools.sat.python import cp_model

from scheduler.cp import lexico
from scheduler.cp import run as running
from scheduler.cp.builder import Builder, bounds, greatest_value, least_value, total, value_of
from scheduler.cp.lanes import in_lanes
from scheduler.cp.lexico import Budget, Descent, Target
from scheduler.cp.run import Run, run
from scheduler.domain.plan import Level, Status
from scheduler.domain.solving import SolveOptions

ONE = SolveOptions(workers=1)


def pigeons(holes: int) -> cp_model.CpModel:
    """One pigeon more than holes: impossible, and slow to see without counting."""
    model = cp_model.CpModel()
    sits = {(p, h): model.new_bool_var(f"sits[{p}, {h}]") for p in range(holes + 1) for h in range(holes)}
    for p in range(holes + 1):
        model.add_bool_or([sits[p, h] for h in range(holes)])
    for h in range(holes):
        for p in range(holes + 1):
            for q in range(p):
                model.add_bool_or([~sits[p, h], ~sits[q, h]])
    return model


def packing(items: int = 40) -> cp_model.CpModel:
    """A market split: feasible, with a proof far out of reach."""
    model = cp_model.CpModel()
    chosen = [model.new_bool_var(f"chosen[{i}]") for i in range(items)]
    slacks = []
    for row in range(6):
        weights = [(37 * (i + 3) * (row + 5) ** 2 + 11 * i * i) % 97 + 1 for i in range(items)]
        over, under = model.new_int_var(0, 9999, f"over[{row}]"), model.new_int_var(0, 9999, f"under[{row}]")
        model.add(sum(w * x for w, x in zip(weights, chosen, strict=True)) + under - over == sum(weights) // 2)
        slacks += [over, under]
    model.minimize(sum(slacks))
    return model


# --- one run -----------------------------------------------------------------------------------------------------------------------------


def test_impossible_model_is_infeasible() -> None:
    assert run(pigeons(3), ONE).status is Status.INFEASIBLE


def test_limit_of_time_is_never_infeasible() -> None:
    # Without presolve the pigeons of 12 holes take minutes.
    ended = running.run_once(pigeons(12), SolveOptions(workers=1, seconds=0.2), parameters={"cp_model_presolve": False, "symmetry_level": 0})
    assert ended.status is Status.UNKNOWN


@pytest.mark.parametrize(("second", "status"), [(Status.UNKNOWN, Status.UNKNOWN), (Status.FEASIBLE, Status.FEASIBLE)])
def test_infeasible_needs_a_second_run_that_says_so_too(monkeypatch: pytest.MonkeyPatch, second: Status, status: Status) -> None:
    answers = [Run(Status.INFEASIBLE), Run(second)]
    asked: list[object] = []

    def answer(model: object, options: SolveOptions, heard: object = None, parameters: object = None) -> Run:
        asked.append((options.seed, parameters))
        return answers[len(asked) - 1]

    monkeypatch.setattr(running, "run_once", answer)
    assert run(pigeons(3), ONE).status is status
    assert asked[1] == (1, running.OTHER_WAY)


def test_unproved_run_reports_value_and_bound() -> None:
    ended = run(packing(), SolveOptions(workers=1, seconds=0.5))
    assert ended.status is Status.FEASIBLE
    assert ended.objective is not None and ended.bound is not None and ended.bound < ended.objective


def test_deterministic_limit_gives_the_same_solution_again() -> None:
    options = SolveOptions(workers=1, deterministic_limit=0.3)
    first, second = run(packing(), options), run(packing(), options)
    assert (first.values, first.bound) == (second.values, second.bound)


def test_stop_before_the_start_leaves_the_answer_unknown() -> None:
    stop = threading.Event()
    stop.set()
    assert run(packing(), SolveOptions(workers=1, stop=stop)).status is Status.UNKNOWN


def test_stop_ends_a_search_soon_with_the_best_so_far() -> None:
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    started = time.monotonic()
    ended = run(packing(), SolveOptions(workers=1, stop=stop))
    assert ended.status is Status.FEASIBLE
    assert time.monotonic() - started < 5


def test_listener_hears_the_best_value_in_the_calling_thread() -> None:
    heard: list[tuple[int | None, threading.Thread]] = []
    run(packing(), SolveOptions(workers=1, seconds=0.5), lambda best, _: heard.append((best, threading.current_thread())))
    assert any(best is not None for best, _ in heard)
    assert {thread for _, thread in heard} == {threading.current_thread()}


def test_error_in_the_listener_ends_the_search_and_reaches_the_caller() -> None:
    def fail(best: int | None, bound: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(packing(), SolveOptions(workers=1, seconds=20), fail)


# --- the builder -------------------------------------------------------------------------------------------------------------------------


def test_unknown_rule_is_refused() -> None:
    with pytest.raises(KeyError), Builder().rule("no_such_rule", teacher="A"):
        pass


def test_without_switches_a_constraint_is_posted_as_it_is() -> None:
    builder = Builder()
    hours = builder.model.new_int_var(0, 50, "hours")
    with builder.rule("max_jtm", teacher="A") as post:
        post(builder.model.add(hours <= 40))
    assert builder.switches == {}
    builder.model.maximize(hours)
    assert run(builder.model, ONE).values == (40,)


def test_switch_turns_one_rule_of_one_entity_off() -> None:
    # A and B want 50; A's limit of 40 is switched off, B's stands.
    builder = Builder(switches=True)
    hours = {t: builder.model.new_int_var(0, 50, f"hours[{t}]") for t in "AB"}
    for t in "AB":
        with builder.rule("max_jtm", teacher=t) as post:
            post(builder.model.add(hours[t] <= 40))
    builder.model.add(builder.switches["max_jtm", (("teacher", "A"),)] == 0)
    builder.model.add(builder.switches["max_jtm", (("teacher", "B"),)] == 1)
    builder.model.maximize(sum(hours.values()))
    assert run(builder.model, ONE).values[:2] == (50, 40)


def test_bounds_of_expressions_follow_the_domains() -> None:
    model = cp_model.CpModel()
    x, y = model.new_int_var(1, 4, "x"), model.new_int_var(0, 3, "y")
    expression = total([(2, x), (-1, y)], 5)
    assert (least_value(expression), greatest_value(expression)) == (2 - 3 + 5, 8 - 0 + 5)
    assert value_of(expression, [4, 1]) == 8 - 1 + 5
    assert bounds(x) == (1, 4)
    assert least_value(total([], 7)) == 7


# --- levels ------------------------------------------------------------------------------------------------------------------------------


def two_levels() -> tuple[Builder, list[cp_model.IntVar], list[Target]]:
    """x + y >= 5, both up to 4: least x first, then least y. The optimum is x = 1, y = 4."""
    builder = Builder()
    x, y = builder.model.new_int_var(0, 4, "x"), builder.model.new_int_var(0, 4, "y")
    builder.model.add(x + y >= 5)
    return builder, [x, y], [Target("first", total([(1, x)])), Target("second", total([(1, y)]))]


def descended(builder: Builder, decisions: list[cp_model.IntVar], targets: list[Target], options: SolveOptions = ONE) -> Descent:
    descent = Descent(builder, targets, decisions, Budget(options))
    assert descent.begin() is Status.OPTIMAL
    for target in targets:
        descent.minimise(target)
    descent.measure()
    return descent


def test_second_level_is_minimised_under_the_first() -> None:
    descent = descended(*two_levels())
    assert descent.levels() == (Level("first", 1, 1, True), Level("second", 4, 4, True))


def test_level_at_its_least_value_is_proved_without_a_solve(monkeypatch: pytest.MonkeyPatch) -> None:
    builder = Builder()
    x = builder.model.new_int_var(3, 3, "x")
    descent = Descent(builder, [Target("only", total([(1, x)]))], [x], Budget(ONE))
    descent.begin()
    monkeypatch.setattr(lexico, "run_once", None)
    descent.minimise(descent.targets[0])
    assert descent.levels() == (Level("only", 3, 3, True),)


def test_level_without_time_keeps_its_value_and_a_bound() -> None:
    builder, decisions, targets = two_levels()
    descent = Descent(builder, targets, decisions, Budget(SolveOptions(workers=1, seconds=0.0)))
    assert descent.begin({0: 4, 1: 3}) is Status.OPTIMAL
    for target in targets:
        descent.minimise(target)
    assert descent.levels() == (Level("first", 4, 0, False), Level("second", 3, 0, False))


def test_measure_is_read_off_the_decisions_and_not_above_them() -> None:
    # "late" only has to be at least x - 2; without minimising it, a solver may leave it at 9.
    builder = Builder()
    x, late = builder.model.new_int_var(0, 9, "x"), builder.model.new_int_var(0, 9, "late")
    builder.model.add(late >= x - 2)
    target = Target("late", total([(1, late)]))
    descent = Descent(builder, [target], [x], Budget(ONE))
    descent.values = (5, 9)
    descent.measure()
    assert descent.values == (5, 3)


def test_claims_are_held_by_rank() -> None:
    # At most one of three claims: the first, though the solution at hand has the last.
    builder = Builder()
    claims = [builder.model.new_bool_var(f"claim[{i}]") for i in range(3)]
    builder.model.add(sum(claims) == 1)
    descent = Descent(builder, [], claims, Budget(ONE))
    descent.begin({0: 0, 1: 0, 2: 1})
    assert descent.prefer(claims, 0.5, "priority")
    assert descent.values == (1, 0, 0)


def test_claim_without_time_is_not_proved() -> None:
    builder = Builder()
    claims = [builder.model.new_bool_var(f"claim[{i}]") for i in range(2)]
    builder.model.add(sum(claims) == 1)
    descent = Descent(builder, [], claims, Budget(SolveOptions(workers=1, seconds=0.0)))
    descent.begin({0: 0, 1: 1})
    assert not descent.prefer(claims, 0.5, "priority")
    assert descent.values == (0, 1)


def improve_halves(place: int, to_gain: int, values: Sequence[int], limits: SolveOptions, budget: Budget) -> dict[int, int]:
    """A stand-in for the search around a solution: one of two halves comes down to 0."""
    assert (place, to_gain) == (0, 18)
    return {0: 0, 1: values[1]}


def test_parts_are_improved_where_the_whole_model_has_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    # Two independent halves, each 9 at the start and 0 at best. The whole model is never solved: every full run ends without an answer.
    builder = Builder()
    halves = [builder.model.new_int_var(0, 9, f"half[{i}]") for i in range(2)]
    target = Target("sum", total((1, half) for half in halves))
    descent = Descent(builder, [target], halves, Budget(ONE), around=improve_halves)
    descent.begin({0: 9, 1: 9})
    honest = running.run_once

    def only_with_standing_decisions(
        model: cp_model.CpModel, options: SolveOptions, heard: object = None, parameters: dict[str, object] | None = None
    ) -> Run:
        standing = "fix_variables_to_their_hinted_value" in (parameters or {})
        return honest(model, options, None, parameters) if standing else Run(Status.UNKNOWN)  # type: ignore[arg-type]

    monkeypatch.setattr(lexico, "run_once", only_with_standing_decisions)
    descent.minimise(target)
    assert descent.values == (0, 9)


def test_levels_minimised_together_never_make_a_higher_one_worse() -> None:
    # 40 x first + second >= 40, and the start is (0, 40).
    builder = Builder()
    first, second = (builder.model.new_int_var(0, 40, name) for name in ("first", "second"))
    builder.model.add(40 * first + second >= 40)
    targets = [Target(name, total([(1, variable)])) for name, variable in (("first", first), ("second", second))]
    descent = Descent(builder, targets, [first, second], Budget(ONE))
    descent.begin({0: 0, 1: 40})
    # Together 30 x 1 + 0 is less than 40, yet 1 in the first level is worse than 0.
    assert not descent.minimise_together(targets)
    assert descent.values == (0, 40)


# --- lanes -------------------------------------------------------------------------------------------------------------------------------


def test_answers_come_in_the_order_of_the_tasks() -> None:
    def answer(task: float) -> float:
        time.sleep(task)
        return task

    assert in_lanes(answer, [0.05, 0.0, 0.02], SolveOptions(workers=3)) == [0.05, 0.0, 0.02]


def test_error_in_one_lane_stops_the_others_and_reaches_the_caller() -> None:
    options = SolveOptions(workers=2)

    def answer(task: int) -> None:
        if task == 0:
            raise ValueError(task)
        assert options.stop.wait(5)

    with pytest.raises(ValueError):
        in_lanes(answer, [0, 1], options)
    assert options.stop.is_set()
