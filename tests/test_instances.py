"""Every shipped workbook is what its builder says, and every shipped solution is a legal plan of it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from instances.build import IMPOSSIBLE, INSTANCES
from scheduler.app.check import check_file
from scheduler.app.exits import Exit
from scheduler.domain.instance import Instance
from scheduler.domain.plan import Plan, Status, TeacherLoad
from scheduler.formats.json import instance_sha256, read_plan
from scheduler.formats.workbook import read_workbook
from scheduler.policy.case import Case
from scheduler.policy.load import load_law
from scheduler.verify.check import Report, check
from scheduler.verify.hours import teacher_loads
from tests.benchmarks.greedy import greedy_plan

ROOT = Path(__file__).resolve().parent.parent
SOLVED = tuple(name for name in INSTANCES if name not in IMPOSSIBLE)
PROVED_LEVELS = (
    "uncovered_jp",
    "unfilled_duties",
    "below_minimum",
    "below_minimum_partners",
    "shortfall_jtm",
    "nonlinear_jp",
    "optional_duty_units",
    "visits",
    "travel",
)


@cache
def shipped(name: str) -> Instance:
    return read_workbook(ROOT / "instances" / name / "sekolah.xlsx")[0]


@cache
def solution(name: str) -> Plan:
    return read_plan(ROOT / "solutions" / name / "plan.json")


@cache
def checked(name: str) -> Report:
    instance = shipped(name)
    return check(Case(instance, load_law(instance.settings)), solution(name))


@pytest.mark.parametrize("name", INSTANCES)
def test_shipped_workbook_reads_as_its_builder_wrote_it(name: str) -> None:
    assert shipped(name) == INSTANCES[name]()


@pytest.mark.parametrize("name", INSTANCES)
def test_shipped_workbook_says_that_its_staff_is_invented(name: str) -> None:
    assert "staf rekaan" in shipped(name).settings.letterhead["Catatan Lembar"]
    assert "invented" in (ROOT / "instances" / name / "README.md").read_text(encoding="utf-8").lower()


@pytest.mark.parametrize("name", SOLVED)
def test_shipped_solution_is_of_the_shipped_workbook(name: str) -> None:
    assert solution(name).instance_sha256 == instance_sha256(shipped(name))


@pytest.mark.parametrize("name", SOLVED)
def test_shipped_solution_breaks_no_rule_and_places_every_lesson(name: str) -> None:
    plan, report = solution(name), checked(name)
    assert report.violations == ()
    assert plan.status.workload in (Status.OPTIMAL, Status.FEASIBLE)
    assert plan.status.timetable in (Status.OPTIMAL, Status.FEASIBLE)


@pytest.mark.parametrize("name", SOLVED)
def test_workload_levels_of_the_shipped_solution_are_proved(name: str) -> None:
    unproved = [level for level in solution(name).levels if level.name in PROVED_LEVELS and not level.proved]
    assert unproved == []


@pytest.mark.parametrize("name", INSTANCES)
def test_check_calls_impossible_only_what_is_so_on_purpose(name: str) -> None:
    found = check_file(ROOT / "instances" / name / "sekolah.xlsx")
    assert (found.exit is Exit.IMPOSSIBLE) is (name in IMPOSSIBLE)


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_an_impossible_instance_has_no_solution(name: str) -> None:
    assert not (ROOT / "solutions" / name).exists()


def test_kemingking_dalam_leaves_one_teacher_below_and_one_excepted() -> None:
    """G17 has 9 JP of his religion: 9 + 2 + 6 = 17. Of IPA and IPS six teachers share what carries five (one TTU is free)."""
    below = {load.teacher: load.excepted for load in checked("taman-rajo").loads if load.counted and not load.met and load.home_school == "10502807"}
    assert below.pop("G17") == "exception_curriculum_structure"
    assert list(below.values()) == [None]


def test_kemingking_dalam_sends_a_teacher_to_a_partner_but_never_the_unwilling_one() -> None:
    visitors = {a.teacher for a in solution("taman-rajo").assignments if a.teacher and a.teacher.startswith("G") and a.school != "10502807"}
    assert visitors
    assert "G12" not in visitors


def test_the_greedy_rule_loses_a_valid_teacher_of_kemingking_dalam() -> None:
    """Hardest-to-staff subject first, its longest lesson, who needs most: 24 + 8 of IPS where 16 + 16 would do."""
    instance = shipped("taman-rajo")
    case = Case(instance, load_law(instance.settings))

    def valid(loads: Iterable[TeacherLoad]) -> int:
        return sum(load.met for load in loads if load.counted and load.home_school == case.main_school)

    assert valid(teacher_loads(case, greedy_plan(case))) < valid(checked("taman-rajo").loads)


def test_a_full_partner_of_kemingking_dalam_opens_no_needs() -> None:
    open_needs = {partner.school: partner.open_needs for partner in solution("taman-rajo").partners}
    assert not open_needs.get("10506053")
    assert open_needs["10505905"]
