"""Who could be valid in whose place: said where another plan that is as good has it so, and only there."""

from __future__ import annotations

import os

import pytest

from scheduler.diagnose.reach import Reached, reached
from scheduler.diagnose.replacements import replacements
from scheduler.domain.explanation import Replacement
from scheduler.domain.solving import SolveOptions
from scheduler.policy.case import Case
from scheduler.verify.hours import loads_of
from scheduler.verify.levels import workload_levels_of
from scheduler.verify.reading import Reading
from scheduler.verify.workload import violations
from tests import brute_force
from tests.build import case, no_duties, teacher
from tests.seeds import SEED
from tests.tiny_instances import tiny_case

COUNT = int(os.environ.get("SCHEDULER_TINY_INSTANCES", "60")) // 10
ONE_WORKER = SolveOptions(workers=1)
MOST_PLANS = 600
MAIN_DUTIES = ("wakasek", "kepala_perpustakaan", "kepala_laboratorium")


def found(of: Case) -> tuple[Replacement, ...]:
    return replacements(of, reached(of, ONE_WORKER), ONE_WORKER)[0]


def test_of_two_alike_the_second_could_be_valid_in_place_of_the_first() -> None:
    of = case({"ips": 4}, [teacher("A", "ips"), teacher("B", "ips")], {7: 7}, duties=no_duties(MAIN_DUTIES))
    assert found(of) == (Replacement("B", ("A",)),)


def test_who_cannot_teach_enough_replaces_nobody() -> None:
    # B may teach 12 JP at most: 12 + 2 + 6 = 20.
    of = case({"ips": 4}, [teacher("A", "ips"), teacher("B", "ips", max_jp=12)], {7: 7}, duties=no_duties(MAIN_DUTIES))
    assert found(of) == ()


def test_a_replacement_by_which_more_would_be_missing_is_not_said() -> None:
    # A may teach 12 JP at most, so that with B valid (16 JP) A would miss 4; the other way round B would miss 24 - 8 - 8 = 8 beside A's 20 JP.
    of = case({"ips": 4}, [teacher("A", "ips", max_jp=12), teacher("B", "ips")], {7: 7}, duties=no_duties(MAIN_DUTIES))
    before = reached(of, ONE_WORKER)
    assert (before.valid, found(of)) == (frozenset({"B"}), ())


def test_a_stopped_search_says_nothing() -> None:
    of = case({"ips": 4}, [teacher("A", "ips"), teacher("B", "ips")], {7: 7}, duties=no_duties(MAIN_DUTIES))
    before, options = reached(of, ONE_WORKER), SolveOptions(workers=1)
    options.stop.set()
    assert replacements(of, before, options) == ((), False)


@pytest.mark.parametrize("index", range(COUNT))
def test_replacements_equal_exhaustive_search(index: int) -> None:
    of, _ = tiny_case(f"{SEED}-replacement-{index}")
    before = reached(of, ONE_WORKER)
    if before.found and brute_force.number_of_plans(of) <= MOST_PLANS:
        said = {replacement.teacher for replacement in replacements(of, before, ONE_WORKER)[0]}
        assert said == valid_in_plans_as_good(of, before) - before.valid, f"SCHEDULER_SEED={SEED}, case {index}"


def valid_in_plans_as_good(of: Case, before: Reached) -> set[str]:
    """Everybody who is valid in some plan that is no worse down to the choice by Prioritas, by exhaustive search."""
    most = {level.name: level.value for level in before.levels}
    valid: set[str] = set()
    for plan in brute_force.every_plan(of, before.plan.partners):
        reading = Reading(of, plan)
        loads = loads_of(reading)
        levels = workload_levels_of(reading, loads, None)
        new = {load.teacher for load in loads if load.counted and load.met} - valid
        if new and all(levels[name] <= value for name, value in most.items()) and not any(violations(of, plan)):
            valid |= new
    return valid
