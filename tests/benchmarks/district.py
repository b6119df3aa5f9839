"""How the division of work grows from one school to fifty: levels, bounds, time, memory, model size, and the greedy rule beside them.

Run ``python -m tests.benchmarks.district`` (or ``--schools 20 --seconds 60 --workers 2``). Every size runs in a process of its own, so that its
peak memory is its own.

Schools, rombel, pupils and numbers of teachers are facts of a district (``banjar_smp_2025.csv``, in the folder of ``SCHEDULER_DATA``, by default
beside the project); who the teachers are is invented, the same for the same seed: one definitive principal a school, a guru BK from nine rombel
on, the others given to the subjects in proportion to their hours, each subject in turn with a chance of one too many or too few, as real staffs
have; four of five are certified in their subject, one of five may also teach a second one, five of six are willing to travel inside the
kecamatan. Every school has a library, one laboratory and two ekskul.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ortools.sat.python.cp_model import CpModel

from scheduler.domain.entities import Extracurricular, Position, Rombel, School, StructureRow, Subject, Teacher
from scheduler.domain.instance import Instance, Settings
from scheduler.domain.plan import Plan, PlanStatus, PolicyUsed, Status
from scheduler.domain.solving import Progress, SolveOptions
from scheduler.policy.case import GUIDANCE, Case
from scheduler.policy.load import load_curriculum, load_law, load_linearity, load_policy, load_subjects
from scheduler.workload.components import connected
from scheduler.workload.descent import built
from scheduler.workload.scope import Eligibility, Scope, whole_scope
from scheduler.workload.solve import WorkloadOutcome, solve_workload
from tests.benchmarks.greedy import greedy_plan, valid_and_shortfall

SIZES = (1, 5, 20, 50)
CURRICULUM = "merdeka_smp_2025"
LOCAL_SUBJECT = "bahasa_daerah"
OTHER_RELIGIONS = "pabp_"


def data_folder() -> Path:
    return Path(os.environ.get("SCHEDULER_DATA", Path(__file__).resolve().parents[3] / "shared" / "domain" / "data"))


# --- the district ------------------------------------------------------------------------------------------------------------------------


def district(schools: int, seed: int = 1) -> Case:
    """The first schools of the file with an invented staff, sharing inside the kecamatan under the current ruleset."""
    with (data_folder() / "banjar_smp_2025.csv").open(encoding="utf-8") as file:
        rows = list({row["npsn"]: row for row in csv.DictReader(file)}.values())[:schools]  # the file has some schools twice
    rng = random.Random(seed)
    structure = weekly_structure()
    rombels = [rombel for row in rows for rombel in rombels_of(row)]
    settings = Settings(share_within_kecamatan=True)
    instance = Instance(
        settings=settings,
        schools=tuple(School(row["npsn"], row["nama"], ownership=row["status"], kecamatan=row["kecamatan"]) for row in rows),
        rombels=tuple(rombels),
        subjects=subjects_of(structure),
        structure=structure,
        teachers=tuple(teacher for row in rows for teacher in staff_of(row, structure, rng)),
        extracurriculars=tuple(Extracurricular(row["npsn"], name, 30) for row in rows for name in ("Pramuka", "PMR")),
    )
    return Case(instance, load_law(settings))


def weekly_structure() -> tuple[StructureRow, ...]:
    """The curriculum with Islamic religion and one local subject; electives are left out."""
    rows = load_curriculum(CURRICULUM).rows
    return tuple(
        StructureRow(CURRICULUM, row.grade, row.subject, row.intra_jp, row.koku_jp, row.blocks)
        for row in rows
        if not row.elective and (not row.subject.startswith(OTHER_RELIGIONS) or row.subject == "pabp_islam")
    )


def subjects_of(structure: Sequence[StructureRow]) -> tuple[Subject, ...]:
    known = load_subjects()
    return tuple(known[subject] for subject in dict.fromkeys([*(row.subject for row in structure), GUIDANCE]))


def rombels_of(row: dict[str, str]) -> list[Rombel]:
    """The school's rombel spread over three grades, its pupils over the rombel."""
    count = int(row["rombel"])
    students = int(row["peserta_didik"]) // max(1, count)
    found = []
    for grade in (7, 8, 9):
        here = count // 3 + (grade - 7 < count % 3)
        found += [Rombel(row["npsn"], f"{grade}{chr(65 + index)}", grade, CURRICULUM, students) for index in range(here)]
    return found


def staff_of(row: dict[str, str], structure: Sequence[StructureRow], rng: random.Random) -> list[Teacher]:
    """As many teachers as the school has, of invented fields."""
    hours: dict[str, int] = defaultdict(int)
    for rombel in rombels_of(row):
        for line in structure:
            if line.grade == rombel.grade:
                hours[line.subject] += line.jp
    fields = certificates(structure)
    wanted = int(row["guru"]) - 1
    staff = [Teacher(f"{row['npsn']}-00", "Kepala", row["npsn"], Position.PRINCIPAL, certificate="ppkn")]
    if int(row["rombel"]) >= 9 and wanted > 0:
        staff.append(Teacher(f"{row['npsn']}-BK", "Guru BK", row["npsn"], Position.COUNSELLOR, certificate="bk"))
        wanted -= 1
    # Largest missing share first, each share blurred by up to half a teacher.
    blurred = {subject: jp * max(0, wanted) / sum(hours.values()) + rng.uniform(-0.5, 0.5) for subject, jp in hours.items()}
    for index in range(max(0, wanted)):
        subject = max(blurred, key=lambda name: blurred[name])
        blurred[subject] -= 1
        staff.append(invented_teacher(row["npsn"], index + 1, subject, fields[subject], list(hours), rng))
    return staff


def invented_teacher(npsn: str, number: int, subject: str, certificate: str, subjects: list[str], rng: random.Random) -> Teacher:
    certified = rng.random() < 0.8
    second = (rng.choice(subjects),) if rng.random() < 0.2 else ()
    return Teacher(
        code=f"{npsn}-{number:02}",
        name=f"Guru {number:02}",
        home=npsn,
        certificate=certificate if certified else None,
        may_teach=second if certified else (subject, *second),
        willing=rng.random() < 5 / 6,
    )


def certificates(structure: Sequence[StructureRow]) -> dict[str, str]:
    """For every subject a certificate that is linear to it: the one of its own name, else the first of the table, else ppkn."""
    pairs = sorted(load_linearity(load_policy(Settings().policy).linearity).pairs())
    found = {}
    for subject in dict.fromkeys(row.subject for row in structure):
        linear = [certificate for certificate, taught in pairs if taught == subject]
        named = [certificate for certificate in linear if certificate == subject or certificate in subject]
        found[subject] = (named or linear or ["ppkn"])[0]
    return found


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


def measure(schools: int, seconds: float, workers: int, seed: int) -> Measured:
    case = district(schools, seed)
    watch = Stopwatch()
    started = time.monotonic()
    outcome = solve_workload(case, SolveOptions(seconds=seconds, workers=workers), watch.hear)
    wall = time.monotonic() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    parts, models = models_of(case, outcome)
    status = PlanStatus(outcome.status, Status.UNKNOWN)
    plan = Plan(PolicyUsed(case.policy.id), "", status, outcome.levels, outcome.assignments, outcome.duties)
    return Measured(
        schools=schools,
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
        print(f"  {name:<24}{value:>8}{bound:>8}{seconds:>9}{'' if value == bound else '   not proved'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--schools", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--one", action="store_true", help="measure one size in this process and print JSON")
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(asdict(measure(asked.schools[0], asked.seconds, asked.workers, asked.seed))))
        return
    for schools in asked.schools:
        options = ["--schools", str(schools), "--seconds", str(asked.seconds), "--workers", str(asked.workers), "--seed", str(asked.seed), "--one"]
        ended = subprocess.run([sys.executable, "-m", "tests.benchmarks.district", *options], stdout=subprocess.PIPE, check=True, text=True)
        show(json.loads(ended.stdout))


if __name__ == "__main__":
    main()
