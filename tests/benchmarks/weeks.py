"""The weeks of a whole kabupaten for a given division of work: time, memory, levels, and what the checker says.

Run ``python -m tests.benchmarks.weeks instances/kabupaten-88/sekolah.xlsx plan.json --seconds 900 --workers 2``, where ``plan.json`` is from
``assign``.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from dataclasses import replace
from pathlib import Path

from scheduler.app.source import open_case
from scheduler.domain.plan import Plan, PlanStatus
from scheduler.domain.solving import Progress, SolveOptions
from scheduler.formats.json import read_plan, write_plan
from scheduler.policy.case import Case
from scheduler.timetable.district import solve_weeks
from scheduler.verify.timetable import violations


def measured(case: Case, plan: Plan, options: SolveOptions) -> tuple[Plan, dict[str, object]]:
    """The plan with its week, and the figures: memory in MB, CPU time of this process and of its children together."""
    began = time.monotonic()
    scheduled: dict[str, float] = {}

    def hear(progress: Progress) -> None:
        scheduled[progress.detail] = round(progress.seconds, 1)

    found = solve_weeks(case, plan.assignments, options, hear)
    seconds = time.monotonic() - began
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    whole = replace(plan, lessons=found.lessons, status=PlanStatus(plan.status.workload, found.status), levels=(*plan.levels, *found.levels))
    return whole, {
        "status": found.status,
        "seconds": round(seconds, 1),
        "schools": len({need.school for need in case.needs}),
        "first_weeks": list(scheduled.items())[-1:],
        "without_week": found.without_week,
        "conflicts": [conflict for conflict in (found.conflict, *found.further) if conflict],
        "lessons": len(found.lessons),
        "violations_of_the_week": sum(1 for _ in violations(case, whole)) if found.lessons else None,
        "levels": {level.name: (level.value, level.bound) for level in found.levels},
        "mb_parent": own.ru_maxrss // 1024,
        "mb_largest_child": children.ru_maxrss // 1024,
        "cpu_seconds": round(own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workbook", type=Path)
    parser.add_argument("plan", type=Path)
    parser.add_argument("--seconds", type=float, default=900.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("-o", "--output", type=Path, help="write the plan with its week here")
    given = parser.parse_args()
    plan, figures = measured(open_case(given.workbook).case, read_plan(given.plan), SolveOptions(given.seconds, given.workers))
    if given.output:
        write_plan(plan, given.output)
    print(json.dumps(figures, indent=1, default=str))


if __name__ == "__main__":
    main()
