"""How the division of work grows from one school to fifty: levels, bounds, time, memory, model size, and the greedy rule beside them.

Run ``python -m tests.benchmarks.district`` (or ``--schools 20 --seconds 60 --workers 2``, or ``--workbook FILE``).
Every size runs in a process of its own, so that its
peak memory is its own.

Schools, rombel, pupils and numbers of teachers are those of ``instances/kabupaten-88``; who the teachers are is invented by ``scheduler.population``
(docs/population.md), the same for the same seed.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ortools.sat.python.cp_model import CpModel

from instances.build import KABUPATEN
from scheduler.domain.plan import Plan, PlanStatus, PolicyUsed, Status
from scheduler.domain.solving import Progress, SolveOptions
from scheduler.formats.workbook import read_workbook
from scheduler.policy.case import Case
from scheduler.policy.load import load_law
from scheduler.population.schools import Method, district
from scheduler.workload.components import connected
from scheduler.workload.model import built
from scheduler.workload.scope import Eligibility, Scope, whole_scope
from scheduler.workload.solve import WorkloadOutcome, solve_workload
from tests.benchmarks.greedy import greedy_plan, valid_and_shortfall

SIZES = (1, 5, 20, 50)


def first_schools(count: int, seed: int) -> Case:
    """The first schools of the kabupaten, sharing inside the kecamatan under the current ruleset."""
    instance = district(KABUPATEN, Method(seed, schools=count))
    return Case(instance, load_law(instance.settings))


# --- measuring ---------------------------------------------------------------------------------------------------------------------------


class Stopwatch:
    """Seconds that each level took, summed over the parts (two parts may run side by side)."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._before: dict[str, float] = {}

    def hear(self, progress: Progress) -> None:
        before = self._before.get(progress.detail, 0.0)
        self.seconds[progress.stage] += max(0.0, progress.seconds - before)
        self._before[progress.detail] = progress.seconds


@dataclass(frozen=True)
class Measured:
    """One size of district: (valid teachers, shortfall in JTM) of both rules, levels as (name, value, bound, seconds)."""

    schools: int
    rombel: int
    teachers: int
    counted: int
    needs: int
    status: str
    seconds: float
    memory_mb: int
    parts: int
    largest_part: int
    variables: int
    constraints: int
    priority_proved: bool
    optimum: tuple[int, int]
    greedy: tuple[int, int]
    levels: list[tuple[str, int, int | None, float]]


def of_workbook(path: str) -> Case:
    """The schools of a workbook, whole."""
    instance, _ = read_workbook(Path(path))
    return Case(instance, load_law(instance.settings))


def measure(case: Case, seconds: float, workers: int) -> Measured:
    watch = Stopwatch()
    started = time.monotonic()
    outcome = solve_workload(case, SolveOptions(seconds=seconds, workers=workers), watch.hear)
    wall = time.monotonic() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    parts, models = models_of(case, outcome)
    status = PlanStatus(outcome.status, Status.UNKNOWN)
    plan = Plan(PolicyUsed(case.policy.id), "", status, outcome.levels, outcome.assignments, outcome.duties)
    return Measured(
        schools=len(case.schools),
        rombel=len(case.instance.rombels),
        teachers=len(case.teachers),
        counted=len(case.counted),
        needs=len(case.needs),
        status=outcome.status.value,
        seconds=round(wall, 1),
        memory_mb=memory,
        parts=len(parts),
        largest_part=max(len(part.schools) for part in parts),
        variables=sum(len(model.proto.variables) for model in models),
        constraints=sum(len(model.proto.constraints) for model in models),
        priority_proved=outcome.priority_proved,
        optimum=valid_and_shortfall(case, plan),
        greedy=valid_and_shortfall(case, greedy_plan(case)),
        levels=[(level.name, level.value, level.bound, round(watch.seconds[level.name], 1)) for level in outcome.levels],
    )


def models_of(case: Case, outcome: WorkloadOutcome) -> tuple[list[Scope], list[CpModel]]:
    """The parts of the sharing graph and their models, before any level is added."""
    open_needs = {partner.school: frozenset(partner.open_needs) for partner in outcome.partners}
    parts = list(connected(whole_scope(case, Eligibility(case, open_needs))))
    return parts, [built(part).model for part in parts]


def show(row: dict[str, Any]) -> None:
    levels = row.pop("levels")
    print(", ".join(f"{name} {value}" for name, value in row.items()))
    print(f"  {'level':<24}{'value':>8}{'bound':>8}{'seconds':>9}")
    for name, value, bound, seconds in levels:
        print(f"  {name:<24}{value:>8}{bound if bound is not None else '-':>8}{seconds:>9}{'' if value == bound else '   not proved'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--schools", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--workbook", default="", help="the schools of this workbook instead, such as instances/muaro-jambi/sekolah.xlsx")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--one", action="store_true", help="measure one size in this process and print JSON")
    asked = parser.parse_args()
    if asked.one:
        case = of_workbook(asked.workbook) if asked.workbook else first_schools(asked.schools[0], asked.seed)
        print(json.dumps(asdict(measure(case, asked.seconds, asked.workers))))
        return
    for schools in asked.schools[:1] if asked.workbook else asked.schools:
        options = [
            "--workbook",
            asked.workbook,
            "--schools",
            str(schools),
            "--seconds",
            str(asked.seconds),
            "--workers",
            str(asked.workers),
            "--seed",
            str(asked.seed),
            "--one",
        ]
        ended = subprocess.run([sys.executable, "-m", "tests.benchmarks.district", *options], stdout=subprocess.PIPE, check=True, text=True)
        show(json.loads(ended.stdout))


if __name__ == "__main__":
    main()
