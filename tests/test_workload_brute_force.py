"""Levels 1a to 5b and the choice by Prioritas equal exhaustive search, and the checker agrees with both.

``SCHEDULER_TINY_INSTANCES`` says how many cases are drawn, ``SCHEDULER_SEED`` which; the seed is printed with every failure.
"""

from __future__ import annotations

import os

import pytest

from scheduler.domain.plan import Plan, PlanStatus, PolicyUsed, Status
from scheduler.domain.solving import SolveOptions
from scheduler.policy.case import Case
from scheduler.verify.check import check
from scheduler.workload.solve import WorkloadOutcome, solve_workload
from tests.brute_force import COMPARED, alone_agrees, best_plan
from tests.seeds import SEED
from tests.tiny_instances import tiny_case

COUNT = int(os.environ.get("SCHEDULER_TINY_INSTANCES", "60"))
IN_ONE_TEST = 10


@pytest.mark.parametrize("first", range(0, COUNT, IN_ONE_TEST))
def test_levels_equal_exhaustive_search(first: int) -> None:
    for index in range(first, min(first + IN_ONE_TEST, COUNT)):
        seed = f"{SEED}-{index}"
        case, former = tiny_case(seed)
        try:
            assert_equals_exhaustive_search(case, former)
        except AssertionError as error:
            raise AssertionError(f"SCHEDULER_SEED={SEED}, case {index}: {error}\n{in_short(case)}") from None


def assert_equals_exhaustive_search(case: Case, former: Plan | None) -> None:
    outcome = solve_workload(case, SolveOptions(workers=1), former=former)
    for partner in outcome.partners:
        alone_agrees(case, partner)
    best = best_plan(case, outcome.partners, former)
    if best is None:
        assert outcome.status is Status.INFEASIBLE
        return
    assert outcome.status is not Status.INFEASIBLE, f"but {best.levels} is possible"
    found = {level.name: level.value for level in outcome.levels if level.name in COMPARED}
    assert found == best.levels
    assert all(level.proved for level in outcome.levels if level.name in COMPARED)
    plan = plan_of(case, outcome)
    report = check(case, plan, former)
    assert report.violations == ()
    met = {load.teacher: load.met for load in report.loads if load.counted}
    assert outcome.priority_proved
    assert tuple(code for code in case.by_priority if met.get(code)) == best.valid


def plan_of(case: Case, outcome: WorkloadOutcome) -> Plan:
    return Plan(
        policy=PolicyUsed(case.policy.id, dict(case.policy.overrides)),
        instance_sha256="",
        status=PlanStatus(outcome.status, Status.UNKNOWN),
        levels=outcome.levels,
        assignments=outcome.assignments,
        duties=outcome.duties,
        partners=outcome.partners,
        priority_proved=outcome.priority_proved,
    )


def in_short(case: Case) -> str:
    """A case in a few lines: what a reader needs to build it by hand."""
    instance = case.instance
    settings = instance.settings
    lines = [f"{settings.policy} {dict(settings.overrides)} main={settings.main_school!r} shortfall_first={settings.shortfall_first}"]
    lines += [
        f"{n.id} jp={n.jp}/{n.recognised_jp} required={n.required} lock={n.locked} former={n.former} not={set(n.forbidden)}" for n in case.needs
    ]
    lines += [repr(t) for t in instance.teachers]
    lines += [f"{p.school} {p.duty} {p.minimum}-{p.maximum} quota={p.quota} {p.candidates} pinned={p.pinned}" for p in case.duty_posts]
    return "\n".join(lines)
