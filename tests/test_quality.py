"""The quality of a week in words, counted by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from openpyxl import load_workbook

from scheduler.domain.entities import WeekRule, WeekRuleKind
from scheduler.domain.plan import Level, Plan
from scheduler.policy.case import Case
from scheduler.report.excel import write_plan_workbook
from scheduler.report.quality import Quality, quality_lines
from scheduler.report.text import Text
from tests import build
from tests.rules import plans

IPA, IPS = "1/7A/IPA", "1/7A/IPS"


def case_of(*rules: WeekRule) -> Case:
    """7A with 3 JP of IPA (2+1) and 2 JP of IPS; two days of four hours."""
    teachers = [build.teacher("A", "ipa"), build.teacher("B", "ips")]
    return plans.small_case({"ipa": 3, "ips": 2}, teachers, slots=build.week((4, 4)), week_rules=rules)


def early(case: Case) -> Plan:
    """IPA in hours 1-2 of Senin and hour 1 of Selasa, IPS after it on Selasa."""
    return plans.plan(case, {IPA: "A", IPS: "B"}, lessons=[(IPA, "Senin", 1, 2), (IPA, "Selasa", 1, 1), (IPS, "Selasa", 2, 2)])


def late(case: Case) -> Plan:
    """IPA in the last hours of both days, IPS in the first two of Senin."""
    return plans.plan(case, {IPA: "A", IPS: "B"}, lessons=[(IPA, "Senin", 3, 2), (IPA, "Selasa", 4, 1), (IPS, "Senin", 1, 2)])


def values(quality: Quality) -> dict[str, int]:
    return {total.name: total.value for total in quality.totals}


def test_hard_subject_at_the_end_of_the_day_is_late() -> None:
    # Hours 3 and 4 of Senin and hour 4 of Selasa lie in the last two: 3 of 3 JP; early: none.
    assert values(Quality(case_of(), late(case_of())))["late_jp"] == 3
    assert values(Quality(case_of(), early(case_of())))["late_jp"] == 0


def test_the_same_subject_in_the_last_hour_of_two_days_is_counted() -> None:
    (row,) = Quality(case_of(), late(case_of())).classes
    assert (row.rombel, row.last_subject, row.same_last) == ("7A", "ipa", 2)
    assert values(Quality(case_of(), late(case_of())))["same_last"] == 1
    assert values(Quality(case_of(), early(case_of())))["same_last"] == 0


def test_subjects_of_the_schools_own_rules_are_the_hard_ones() -> None:
    # IPS is to stay out of the last hour; IPA is not named, and no longer hard. Of IPS one hour (3) is late in the early week.
    case = case_of(WeekRule(WeekRuleKind.LAST_HOUR, True, subject="ips"))
    assert values(Quality(case, early(case)))["late_jp"] == 1


def test_teacher_has_idle_hours_days_and_the_fewest_days() -> None:
    # A: hour 1 and hours 3-4 of Senin. 3 JP fit into one day of four hours; hour 2 is idle.
    case = case_of()
    plan = plans.plan(case, {IPA: "A", IPS: "B"}, lessons=[(IPA, "Senin", 3, 2), (IPA, "Selasa", 1, 1), (IPS, "Senin", 1, 2)])
    moved = plans.with_lesson(case, plan, 1, day="Senin")
    teacher = Quality(case, moved).teachers[0]
    assert (teacher.jp, teacher.days, teacher.fewest_days, teacher.idle, teacher.most_jp) == (3, 1, 1, 1, 3)


def test_lines_name_the_bound_and_the_former_week() -> None:
    case = case_of()
    plan = early(case)
    plan = replace(plan, levels=tuple(Level("teacher_days", 3, 2, False) if level.name == "teacher_days" else level for level in plan.levels))
    lines = list(quality_lines(Text("id"), Quality(case, plan, late(case))))
    # A two days, B one: 3. Before: the same 3.
    assert any("Hari hadir semua guru: 3 (terbukti tidak bisa kurang dari 2; rencana lama 3)" in line for line in lines)
    assert any("0 (rencana lama 3)" in line for line in lines)


def test_sheet_shows_teachers_and_classes_beside_the_former_week(tmp_path: Path) -> None:
    case = case_of()
    write_plan_workbook(case, early(case), tmp_path / "rencana.xlsx", former=late(case))
    sheet = load_workbook(tmp_path / "rencana.xlsx")["Mutu Jadwal"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    of_class = next(row for row in rows if row[1] == "7A")
    # 3 JP of IPA, none late, before all three; the last hour of its days is nobody's, before IPA on two days.
    assert (of_class[3], of_class[4], of_class[8], of_class[9]) == (3, 0, 3, 2)


def test_plan_without_a_week_has_no_such_sheet(tmp_path: Path) -> None:
    case = case_of()
    write_plan_workbook(case, plans.plan(case, {IPA: "A", IPS: "B"}), tmp_path / "rencana.xlsx")
    assert "Mutu Jadwal" not in load_workbook(tmp_path / "rencana.xlsx").sheetnames
