"""The greatest minimum under which everybody, or everybody but a few, is valid: it equals exhaustive search."""

from __future__ import annotations

import os

import pytest

from scheduler.diagnose import thresholds as module
from scheduler.diagnose.candidates import edited_case
from scheduler.diagnose.reach import reached
from scheduler.diagnose.thresholds import thresholds
from scheduler.domain.explanation import Edit, Threshold
from scheduler.domain.plan import Status
from scheduler.domain.solving import SolveOptions
from scheduler.policy.case import Case
from tests import brute_force
from tests.build import case, duty, no_duties, teacher
from tests.seeds import SEED
from tests.tiny_instances import tiny_case

COUNT = int(os.environ.get("SCHEDULER_TINY_INSTANCES", "60")) // 10
ONE_WORKER = SolveOptions(workers=1)
MOST_PLANS = 600

MAIN_DUTIES = ("wakasek", "kepala_perpustakaan", "kepala_laboratorium")
PAIR = [teacher("A", "ips"), teacher("B", "ips")]


def scanned(of: Case, options: SolveOptions = ONE_WORKER) -> tuple[tuple[Threshold, ...], dict[str, int | None], bool]:
    found, own, finished = thresholds(of, reached(of, ONE_WORKER), options)
    return found, dict(own), finished


def test_everybody_is_valid_at_the_rulesets_own_minimum_where_nobody_is_below() -> None:
    of = case({"ips": 4}, PAIR, duties=no_duties(MAIN_DUTIES))
    assert scanned(of) == ((Threshold(0, 24, True),), {}, True)


def test_two_teachers_on_28_jp_are_both_valid_at_20() -> None:
    # 16 + 8 = 24 and 12 + 8 = 20; no other way to share seven classes of 4 JP gives the second more without the first falling to 20 itself.
    of = case({"ips": 4}, PAIR, {7: 7}, duties=no_duties(MAIN_DUTIES))
    assert scanned(of) == ((Threshold(0, 20, True), Threshold(1, 24, True)), {"B": 20}, True)


def test_a_main_duty_asks_for_real_hours_whatever_the_minimum() -> None:
    # 8 JP and the head of laboratory: 8 + 12 = 20 but only 8 of 12 real hours, at every minimum. Without the duty 8 + 2 = 10.
    of = case({"ips": 4}, [teacher("A", "ips"), *(teacher(code) for code in "XY")], {7: 2}, duties=other_duties_off())
    assert scanned(of)[1] == {"A": 10}


def other_duties_off() -> tuple[object, ...]:
    ruleset = case({"ips": 4}, PAIR).policy
    return (duty("kepala_laboratorium"), *no_duties(rule.id for rule in ruleset.duties if rule.id != "kepala_laboratorium"))


def test_a_scan_without_time_says_nothing_it_did_not_find() -> None:
    of = case({"ips": 4}, PAIR, {7: 7}, duties=no_duties(MAIN_DUTIES))
    found, own, finished = scanned(of, SolveOptions(workers=1, seconds=0.0))
    assert (found[0], own, finished) == (Threshold(0, None, False), {"B": None}, False)


def test_a_threshold_is_not_proved_where_the_second_search_gives_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "search_again", lambda *_: Status.UNKNOWN)
    of = case({"ips": 4}, PAIR, {7: 7}, duties=no_duties(MAIN_DUTIES))
    assert scanned(of)[0] == (Threshold(0, 20, False), Threshold(1, 24, True))


@pytest.mark.parametrize("index", range(COUNT))
def test_thresholds_equal_exhaustive_search(index: int) -> None:
    of, _ = tiny_case(f"{SEED}-threshold-{index}")
    if brute_force.number_of_plans(of) > MOST_PLANS or not reached(of, ONE_WORKER).found:
        return
    found, own, finished = scanned(of)
    below = below_by_minimum(of)
    assert finished
    for threshold in found:
        expected = next((value for value, (count, _) in below.items() if count <= threshold.below), None)
        assert threshold.min_jtm == expected, f"SCHEDULER_SEED={SEED}, case {index}"
    for code, value in own.items():
        assert value is None or code in below[value][1], f"SCHEDULER_SEED={SEED}, case {index}"


def below_by_minimum(of: Case) -> dict[int, tuple[int, tuple[str, ...]]]:
    """How many stay below each minimum and who is valid, by exhaustive search, down to the first under which nobody is below."""
    found = {}
    for value in range(of.policy.min_jtm, 0, -1):
        lower = edited_case(of, (Edit("minimum", {"min_jtm": value, "jtm": 0}),))
        after = reached(lower, ONE_WORKER)
        best = brute_force.best_plan(lower, after.plan.partners, compared=[level.name for level in after.levels])
        assert best is not None
        found[value] = len(of.counted) - len(best.valid), best.valid
        if found[value][0] == 0:
            break
    return found
