"""What counting calls impossible has no plan, on random instances over all rulesets."""

from __future__ import annotations

import os
from datetime import date

import pytest

from scheduler.counting.week import findings
from scheduler.domain.plan import Plan, PlanStatus, PolicyUsed, Status
from scheduler.domain.rules import Part
from scheduler.domain.solving import SolveOptions
from scheduler.verify.hours import teacher_loads
from scheduler.workload.solve import solve_workload
from tests.tiny_instances import tiny_case

SEED = os.environ.get("SCHEDULER_SEED", date.today().isoformat())
IN_ONE_TEST = 10


@pytest.mark.parametrize("first", range(0, 40, IN_ONE_TEST))
def test_counting_never_contradicts_a_plan(first: int) -> None:
    for index in range(first, first + IN_ONE_TEST):
        case, former = tiny_case(f"{SEED}-{index}")
        found = findings(case)
        outcome = solve_workload(case, SolveOptions(workers=1), former=former)
        if outcome.status is Status.INFEASIBLE:
            continue
        told = f"SCHEDULER_SEED={SEED}, case {index}"
        assert [finding for finding in found if finding.hard and finding.part is Part.WORKLOAD] == [], told
        status = PlanStatus(outcome.status, Status.UNKNOWN)
        plan = Plan(PolicyUsed(case.policy.id), "", status, outcome.levels, outcome.assignments, outcome.duties, partners=outcome.partners)
        met = {load.teacher for load in teacher_loads(case, plan) if load.met}
        assert not met & {finding.facts["teacher"] for finding in found if finding.kind.endswith("out_of_reach")} & case.counted, told
