"""The greedy rule (``scheduler.workload.greedy``) set beside the optimum of a workbook: ``python -m tests.benchmarks.greedy WORKBOOK``."""

from __future__ import annotations

import sys
from pathlib import Path

from scheduler.domain.plan import Plan, PlanStatus, PolicyUsed, Status
from scheduler.domain.solving import SolveOptions
from scheduler.policy.case import Case
from scheduler.verify.hours import teacher_loads
from scheduler.workload.greedy import greedy_plan

__all__ = ["greedy_plan", "valid_and_shortfall"]


def valid_and_shortfall(case: Case, plan: Plan) -> tuple[int, int]:
    """Counted teachers who reach the minimum, and JTM missing to the others."""
    loads = [load for load in teacher_loads(case, plan) if load.counted]
    return sum(load.met for load in loads), sum(load.shortfall for load in loads)


def main(workbook: str) -> None:
    from scheduler.formats.workbook import read_workbook
    from scheduler.policy.load import load_law
    from scheduler.workload.solve import solve_workload

    instance, _ = read_workbook(Path(workbook))
    case = Case(instance, load_law(instance.settings))
    outcome = solve_workload(case, SolveOptions(seconds=60))
    status = PlanStatus(outcome.status, Status.UNKNOWN)
    best = Plan(PolicyUsed(case.policy.id), "", status, outcome.levels, outcome.assignments, outcome.duties)
    for name, plan in (("greedy", greedy_plan(case)), ("optimum", best)):
        valid, shortfall = valid_and_shortfall(case, plan)
        print(f"{name}: {valid} of {len(case.counted)} valid, shortfall {shortfall} JTM")


if __name__ == "__main__":
    main(sys.argv[1])
