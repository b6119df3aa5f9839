"""What counting calls impossible has no plan, on random instances over all rulesets."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from datetime import date

import pytest

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
from tests.tiny_instances import tiny_case

SEED = os.environ.get("SCHEDULER_SEED", date.today().isoformat())
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


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 60, IN_ONE_TEST))
def test_counting_never_contradicts_a_week(first: int) -> None:
    for index in range(first, first + IN_ONE_TEST):
        small = random_week(random.Random(f"{SEED}-{index}"))
        impossible = [finding for finding in findings(small) if finding.hard]
        plan = make_plan(small, SolveOptions(seconds=2, workers=1))
        assert not (plan.lessons and impossible), f"SCHEDULER_SEED={SEED}, case {index}: {impossible}"
        assert plan.violations == (), f"SCHEDULER_SEED={SEED}, case {index}"


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
