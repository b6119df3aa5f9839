"""What counting calls impossible has no plan, on random instances over all rulesets."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import pytest

from scheduler.counting.demand import families, home_hours
from scheduler.counting.staff import StaffCount, best_alone
from scheduler.counting.week import findings
from scheduler.domain.entities import Availability, AvailabilityKind, Room, Slot, SlotKind, StructureRow
from scheduler.domain.instance import DAYS, Settings
from scheduler.domain.plan import Plan, PlanStatus, PolicyUsed, Status
from scheduler.domain.rules import Part
from scheduler.domain.solving import SolveOptions
from scheduler.planning import make_plan
from scheduler.policy.case import Case
from scheduler.verify.hours import teacher_loads
from scheduler.workload.solve import solve_workload
from tests.build import HOME, case, locked, teacher, week
from tests.seeds import SEED
from tests.tiny_instances import tiny_case

IN_ONE_TEST = 10


@pytest.mark.parametrize("first", range(0, 40, IN_ONE_TEST))
def test_counting_never_contradicts_a_plan(first: int) -> None:
    for index in range(first, first + IN_ONE_TEST):
        tiny, former = tiny_case(f"{SEED}-{index}")
        found = findings(tiny)
        outcome = solve_workload(tiny, SolveOptions(workers=1), former=former)
        if outcome.status is Status.INFEASIBLE:
            continue
        told = f"SCHEDULER_SEED={SEED}, case {index}"
        assert [finding for finding in found if finding.hard and finding.part is Part.WORKLOAD] == [], told
        status = PlanStatus(outcome.status, Status.UNKNOWN)
        plan = Plan(PolicyUsed(tiny.policy.id), "", status, outcome.levels, outcome.assignments, outcome.duties, partners=outcome.partners)
        met = {load.teacher for load in teacher_loads(tiny, plan) if load.met}
        assert not met & {finding.facts["teacher"] for finding in found if finding.kind.endswith("out_of_reach")} & tiny.counted, told
        staff = StaffCount(tiny)
        least = tiny.policy.home_min_jtm
        at_home = [(family, home_hours(staff, family, least)[2]) for family in families(staff)] if least is not None else []
        assert [family for family, most in at_home if len(met.intersection(family.teachers)) > most] == [], told
        assert [family for family in families(staff) if len(met.intersection(family.teachers)) > family.most] == [], told
        assert [
            load.teacher for load in teacher_loads(tiny, plan) if load.counted and load.shortfall < best_alone(staff, load.teacher).shortfall
        ] == [], told


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 60, IN_ONE_TEST))
def test_counting_never_contradicts_a_week(first: int) -> None:
    for index in range(first, first + IN_ONE_TEST):
        small = random_week(random.Random(f"{SEED}-{index}"))
        impossible = [finding for finding in findings(small) if finding.hard]
        plan = make_plan(small, SolveOptions(seconds=2, workers=1))
        assert not (plan.lessons and impossible), f"SCHEDULER_SEED={SEED}, case {index}: {impossible}"
        assert plan.violations == (), f"SCHEDULER_SEED={SEED}, case {index}"


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 60, IN_ONE_TEST))
def test_counting_never_contradicts_a_week_with_few_teachers_present(first: int) -> None:
    for index in range(first, first + IN_ONE_TEST):
        small = random_presence(random.Random(f"{SEED}-{index}"))
        found = findings(small)
        plan = make_plan(small, SolveOptions(seconds=2, workers=1))
        told = f"SCHEDULER_SEED={SEED}, case {index}"
        assert not (plan.lessons and any(finding.hard for finding in found)), told
        if plan.lessons:
            without = sum(lesson.length for lesson in plan.lessons if lesson.teacher is None)
            assert [finding for finding in found if finding.kind in WITHOUT_TEACHER and int(finding.facts["missing"]) > without] == [], told


WITHOUT_TEACHER = (
    "too_few_teachers_present",
    "too_few_teacher_hours",
    "class_without_its_teachers",
    "subject_hours_exceed_teachers",
    "subject_hours_exceed_open_periods",
    "lesson_exceeds_open_periods",
)
"""Notes that promise so many JP without a teacher."""


def random_presence(rng: random.Random) -> Case:
    """One to three classes whose hours nearly fill a short week, and teachers with few hours who are often away; many lessons locked."""
    days = [rng.randint(2, 3) for _ in range(rng.randint(2, 3))]
    subjects = rng.sample(["ipa", "ips", "matematika", "pjok"], rng.randint(1, 3))
    cuts = sorted(rng.sample(range(1, sum(days)), len(subjects) - 1))
    lengths = [end - start for start, end in pairwise([0, *cuts, sum(days) - rng.choice([0, 0, 0, 1])])]
    hours = {subject: max(1, length) for subject, length in zip(subjects, lengths, strict=True)}
    staff = {
        subject: [
            teacher(
                f"{subject.upper()}{number}",
                subject,
                max_jp=rng.choice([None, None, None, 3, 4, 6]),
                min_jp=rng.choice([None] * 8 + [1, 3]),
                mgmp_day=rng.choice([""] * 6 + list(DAYS[: len(days)])),
            )
            for number in range(rng.randint(1, 2))
        ]
        for subject in subjects
    }
    rombels = [f"7{letter}" for letter in "ABC"[: rng.randint(1, 3)]]
    locks, absence = rng.choice([0.3, 0.9, 1.0]), rng.choice([0.05, 0.15, 0.3])
    return case(
        hours,
        [t for of_subject in staff.values() for t in of_subject],
        {7: len(rombels)},
        structure=tuple(StructureRow("k", 7, s, jp, blocks=(1,) * jp if rng.random() < 0.5 else ()) for s, jp in hours.items()),
        slots=week(days),
        assignments=tuple(locked(rng.choice(staff[s]).code, r, s) for r in rombels for s in subjects if rng.random() < locks),
        availability=[
            Availability(t.code, DAYS[day], rng.choice([None, 1, 2]), AvailabilityKind.IMPOSSIBLE)
            for of_subject in staff.values()
            for t in of_subject
            for day in range(len(days))
            if rng.random() < absence
        ],
    )


def random_week(rng: random.Random) -> Case:
    """One to three classes in a week of two to four short days, with locks, closed times, a special room and breaks as it comes."""
    days = [rng.randint(2, 4) for _ in range(rng.randint(2, 4))]
    subjects = rng.sample(["ipa", "ips", "matematika", "pjok"], rng.randint(1, 3))
    staff = [teacher(subject.upper(), subject, mgmp_day=rng.choice(["", "", "", *DAYS[: len(days)]])) for subject in subjects]
    rombels = [f"7{letter}" for letter in "ABC"[: rng.randint(1, 3)]]
    hours = {subject: rng.randint(1, 6) for subject in subjects}
    has_clock = rng.random() < 0.6
    lessons = [slot if has_clock else replace(slot, start=None, end=None) for slot in week(days)]
    breaks = [Slot("pagi", DAYS[day], 0, SlotKind.BREAK, order=3) for day in range(len(days))]
    return case(
        hours,
        staff,
        {7: len(rombels)},
        settings=Settings(blocks_may_straddle_breaks=rng.random() < 0.5),
        structure=tuple(StructureRow("k", 7, s, jp, blocks=(jp,) if rng.random() < 0.3 else ()) for s, jp in hours.items()),
        slots=(*(replace(slot, order=2 * slot.order) for slot in lessons), *breaks),
        assignments=tuple(locked(s.upper(), r, s) for r in rombels for s in subjects if rng.random() < 0.6),
        availability=[
            Availability(t.code, DAYS[day], rng.choice([None, 1, 2]), AvailabilityKind.IMPOSSIBLE)
            for t in staff
            for day in range(len(days))
            if rng.random() < 0.3
        ],
        rooms=(Room(HOME, "Lapangan", "lapangan", subjects=("pjok",)),) if rng.random() < 0.5 else (),
    )
