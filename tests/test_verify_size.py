"""A whole district is checked in seconds, and the checker is light."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import replace
from itertools import cycle

import pytest

from scheduler.domain.entities import Distance
from scheduler.domain.instance import Settings
from scheduler.domain.plan import DutyHolding, Lesson, PlanStatus, Status
from scheduler.verify.check import check
from tests import build
from tests.rules import plans

FIELDS = {
    "matematika": (5, "matematika"),
    "ipa": (5, "ipa"),
    "ips": (4, "ips"),
    "bahasa_indonesia": (6, "bahasa_indonesia"),
    "bahasa_inggris": (4, "bahasa_inggris"),
    "pjok": (3, "pjok"),
    "pendidikan_pancasila": (3, "ppkn"),
    "seni_prakarya": (3, "seni_budaya"),
    "informatika": (3, "informatika"),
    "pabp_islam": (3, "pai"),
}


@pytest.mark.slow
def test_district_of_a_hundred_schools_is_checked_in_seconds() -> None:
    # 700 rombel x 10 subjects = 7,000 needs; 100 x 13 = 1,300 teachers; ways between all pairs of schools.
    schools = [build.school(str(number), kecamatan=f"K{number // 5}") for number in range(100)]
    twice = {"ipa", "matematika", "bahasa_indonesia"}
    teachers = [
        build.teacher(f"{school.npsn}-{subject}-{number}", certificate, school.npsn)
        for school in schools
        for subject, (_, certificate) in FIELDS.items()
        for number in range(2 if subject in twice else 1)
    ]
    case = build.case(
        {subject: jp for subject, (jp, _) in FIELDS.items()},
        teachers,
        settings=Settings(share_within_kecamatan=True),
        schools=tuple(schools),
        rombels=tuple(rombel for school in schools for rombel in build.rombels({7: 3, 8: 2, 9: 2}, school.npsn)),
        distances=tuple(Distance(str(first), str(second), minutes=15) for first in range(100) for second in range(first)),
        slots=build.week(),
    )
    staff = defaultdict(list)
    for teacher in teachers:
        staff[teacher.home, teacher.certificate].append(teacher.code)
    turn = {place: cycle(codes) for place, codes in staff.items()}
    assignments = [replace(plans.assignment(case, need.id, None), teacher=next(turn[need.school, FIELDS[need.subject][1]])) for need in case.needs]
    lessons = tuple(
        Lesson(need.id, need.school, need.rombels, need.subject, row.teacher, day, period, length)
        for index, (need, row) in enumerate(zip(case.needs, assignments, strict=True))
        for day, length, period in zip(("Senin", "Rabu", "Jumat"), need.blocks, (1 + index % 7, 1 + index % 5, 1 + index % 6), strict=False)
    )
    everybody = {school.npsn: cycle(teacher.code for teacher in teachers if teacher.home == school.npsn) for school in schools}
    duties = tuple(
        DutyHolding(post.school, post.duty, unit, next(everybody[post.school]), post.rule.jtm, 0) for post in case.duty_posts for unit in post.units
    )
    made = replace(plans.EMPTY, assignments=tuple(assignments), duties=duties, lessons=lessons, status=PlanStatus(Status.FEASIBLE, Status.FEASIBLE))
    assert (len(assignments), len(teachers), len(lessons) > 15_000) == (7_000, 1_300, True)
    started = time.perf_counter()
    report = check(case, made)
    assert time.perf_counter() - started < 5
    assert len(report.loads) == 1_300


def test_checker_needs_neither_solver_nor_data_frames() -> None:
    code = "import sys, scheduler.verify.check; print(sorted({'ortools', 'pandas', 'numpy', 'openpyxl'} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
