"""The checker reads any plan: it reports, it never raises."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from scheduler.domain.entities import Distance, Group, OpenHours, Room
from scheduler.domain.instance import Settings
from scheduler.domain.plan import Lesson, PartnerAlone, Plan, PlanStatus, Status
from scheduler.verify.check import check
from tests import build
from tests.rules import plans

CASE = plans.small_case(
    {"ipa": 5, "pjok": 3, "pabp_islam": 3, "pabp_kristen": 3},
    [build.teacher("A", "ipa"), build.teacher("B", "pjok"), build.teacher("X", "ipa", home="2"), build.counsellor("K")],
    {7: 2},
    [build.duty("pembina_osis"), build.duty("wali_kelas"), build.duty("organisasi_kabupaten", holders=("A",))],
    schools=(build.school("1"), build.school("2", partner=True)),
    settings=Settings(main_school="1"),
    slots=build.week((8, 6)),
    rooms=(Room("1", "Lapangan", subjects=("pjok",)),),
    groups=(Group("I", "1", ("7A", "7B"), "pabp_islam", 3), Group("P", "1", ("7A", "7B"), "pabp_kristen", 3, parallel="I")),
    open_hours=(OpenHours("2", "ipa", 5, row=1),),
    distances=(Distance("1", "2", minutes=20),),
)
NEEDS = [need.id for need in CASE.needs]
GOOD = plans.plan(
    CASE,
    {"1/7A/IPA": "A", "1/7B/IPA": "X", "2/mitra1/IPA": "A", "1/7A/BK": "K", "1/7A/PJOK": "B"},
    [("pembina_osis", "1", "A"), ("wali_kelas", "7A", "B"), ("organisasi_kabupaten", "1", "A")],
    [("1/7A/IPA", "Senin", 1, 2), ("2/mitra1/IPA", "Selasa", 1, 2), ("1/7A/PJOK", "Senin", 4, 3, "Lapangan")],
    (PartnerAlone("2", 0, ("2/mitra1/IPA",)),),
)
ODD: dict[str, tuple[object, ...]] = {
    "assignments.need": ("", "?", NEEDS[0], NEEDS[1]),
    "assignments.teacher": ("?", "", "A", "B", "X", "K", None),
    "assignments.rombels": ((), ("7Z",)),
    "assignments.jp": (0, -1, 10**9),
    "duties.school": ("", "2", "?"),
    "duties.duty": ("?", "wakasek", "organisasi_kabupaten", "wali_kelas"),
    "duties.unit": ("", "7B", "1", "+1"),
    "duties.teacher": ("?", "K", "X"),
    "lessons.need": ("?", NEEDS[0], NEEDS[-1], "1/7A/BK"),
    "lessons.day": ("", "Minggu", "Selasa"),
    "lessons.room": ("?", "Lapangan", ""),
    "levels.name": ("?", "changes", "visits"),
    "levels.bound": (None, 10**9, -1),
    "teachers.teacher": ("?", "A"),
    "teachers.reasons": (("?",), ()),
}
"""Fields by part of the plan, with values of their type that do not fit."""


def broken(made: Plan, rng: random.Random) -> Plan:
    """The plan with a row left out, doubled, moved, or one of its fields replaced by something odd."""
    part, name = rng.choice(sorted(ODD)).split(".")
    rows: tuple[Any, ...] = getattr(made, part)
    if not rows:
        return made
    index = rng.randrange(len(rows))
    before, row, after = rows[:index], rows[index], rows[index + 1 :]
    odd = replace(row, **{name: rng.choice(ODD[f"{part}.{name}"])})
    changes: Any = {part: rng.choice([(*before, *after), (*rows, row), (row, *before, *after), (*before, odd, *after)])}
    return replace(made, **changes)


@pytest.mark.parametrize("seed", range(150))
def test_broken_plan_is_read_to_the_end(seed: int) -> None:
    rng, made = random.Random(seed), GOOD
    for _ in range(rng.randint(1, 6)):
        made = broken(made, rng)
    check(CASE, made)


@pytest.mark.parametrize(("period", "length"), [(0, 1), (-1, 2), (1, 0), (1, -3), (1, 10**9), (10**9, 1), (8, 2)])
def test_lesson_at_a_time_that_does_not_exist_is_reported(period: int, length: int) -> None:
    lesson = Lesson("1/7B/PJOK", "1", ("7B",), "pjok", None, "Senin", period, length)
    rules = {violation.rule for violation in check(CASE, replace(GOOD, lessons=(lesson,))).violations}
    assert "assign_times" in rules


def test_empty_plan_that_claims_to_be_one_lacks_every_need() -> None:
    empty = replace(plans.EMPTY, policy=GOOD.policy, partners=GOOD.partners)
    report = check(CASE, empty)
    missing = [violation.entities[0] for violation in report.violations if violation.rule == "one_teacher_per_need"]
    assert missing == NEEDS


@pytest.mark.parametrize("status", [Status.INFEASIBLE, Status.UNKNOWN])
def test_plan_that_was_not_found_has_nothing_to_check(status: Status) -> None:
    none = Plan(GOOD.policy, "", PlanStatus(status, status), (), (), (), partners=GOOD.partners)
    report = check(CASE, none)
    assert (report.violations, report.shortfalls, dict(report.levels)) == ((), (), {})
