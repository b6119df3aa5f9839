"""Names that begin with = + - @ stay text in every workbook this program writes; the only formulas are those of its own grey columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from scheduler.domain.entities import Extracurricular, Rombel
from scheduler.domain.instance import Settings
from scheduler.domain.plan import Lesson, Plan
from scheduler.formats.live import FORMULAS
from scheduler.formats.workbook import read_workbook
from scheduler.formats.workbook_writer import write_workbook
from scheduler.policy.case import Case
from scheduler.report.excel import write_plan_workbook
from scheduler.report.excel.absent import write_substitutes
from scheduler.report.excel.corrected import Remark, Weight, write_corrected
from scheduler.report.text import Text
from tests import build
from tests.test_report_excel import school_week
from tests.test_report_tables import everything, held, plan_of

SIGNS = "=+-@"
NAMES = {sign: f'{sign}HYPERLINK("http://x";"{sign}1") 😀 O\'Brien' for sign in SIGNS}


def case_of(sign: str) -> Case:
    """One class; everything that has a name begins with the sign."""
    name = NAMES[sign]
    settings = Settings("2026/2027", "Ganjil", letterhead={"Catatan Lembar": name, "Tempat": name, "Nomor SK": name, "Nama Kepala Sekolah": name})
    return build.case(
        {"ipa": 4},
        (build.teacher("G01", "ipa", name=name, note=name), build.teacher("G02", "ipa", name="Panjang " * 37 + "\nbaris kedua")),
        settings=settings,
        schools=(build.school(name=name, address=name, kabupaten=name),),
        rombels=(Rombel("1", f"{sign}7A", 7, "k", 25, room=name),),
        extracurriculars=(Extracurricular("1", name),),
        slots=school_week(),
    )


def plan_for(case: Case) -> Plan:
    need = next(need for need in case.needs if need.subject == "ipa")
    lesson = Lesson(need.id, "1", need.rombels, "ipa", "G01", "Senin", 1, 2)
    return plan_of(case, everything(case, {"ipa": "G01"}), [held(case, "wali_kelas", need.rombels[0], "G01")], (lesson,))


def plan_workbook(case: Case, path: Path) -> None:
    write_plan_workbook(case, plan_for(case), path)


def school_workbook(case: Case, path: Path) -> None:
    write_workbook(case.instance, path)


def substitutes(case: Case, path: Path) -> None:
    write_substitutes(case, plan_for(case), "G01", date(2026, 7, 13), (), path, Text())


def corrected(case: Case, path: Path) -> None:
    source = path.with_name("sumber.xlsx")
    write_workbook(case.instance, source)
    write_corrected(source, path, (Remark("Guru", "B2", case.teachers["G01"].name, Weight.WRONG),), Text())


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("write", [plan_workbook, school_workbook, substitutes, corrected])
def test_no_name_becomes_a_formula(write: Callable[[Case, Path], None], sign: str, tmp_path: Path) -> None:
    path = tmp_path / "hasil.xlsx"
    write(case_of(sign), path)
    book = load_workbook(path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any(str(cell.value).startswith(NAMES[sign]) and cell.data_type in "s" for cell in cells)
    for cell in cells:
        if cell.data_type == "f":
            assert str(cell.value).startswith("=IF("), cell.value
            assert NAMES[sign][1:] not in str(cell.value)


@pytest.mark.parametrize("sign", SIGNS)
def test_such_names_quotes_emoji_and_300_letters_come_back_from_the_workbook(sign: str, tmp_path: Path) -> None:
    case = case_of(sign)
    write_workbook(case.instance, tmp_path / "sekolah.xlsx")
    instance, _ = read_workbook(tmp_path / "sekolah.xlsx")
    assert [teacher.name for teacher in instance.teachers] == [teacher.name for teacher in case.instance.teachers]
    assert [(rombel.name, rombel.room) for rombel in instance.rombels] == [(f"{sign}7A", NAMES[sign])]


def test_the_only_formulas_are_those_of_the_grey_columns() -> None:
    assert set(FORMULAS) == {
        ("structure", "total_jp"),
        ("rombels", "weekly_jp"),
        ("rombels", "week_hours"),
        ("assignments", "need_jp"),
        ("teachers", "locked_jp"),
    }


def test_long_names_keep_to_the_limits_of_excel(tmp_path: Path) -> None:
    """A footer holds 255 characters and a row is at most 409.5 points high; more is a file that Excel asks to repair."""
    case = case_of("=")
    letterhead = {"Catatan Lembar": "R & D " * 60}
    instance = replace(case.instance, settings=replace(case.instance.settings, letterhead=letterhead))
    instance = replace(instance, teachers=tuple(replace(teacher, name="Ani " * 300) for teacher in instance.teachers))
    case = replace(case, instance=instance)
    write_plan_workbook(case, plan_for(case), tmp_path / "rencana.xlsx")
    for sheet in load_workbook(tmp_path / "rencana.xlsx"):
        assert len(str(sheet.oddFooter)) <= 255
        assert max(dimension.height or 0 for dimension in sheet.row_dimensions.values()) <= 409.5
