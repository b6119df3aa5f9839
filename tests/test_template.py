"""The template: a whole workbook before anything is filled in, within Excel's limits, and described by the same columns that read it."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.datavalidation import DataValidation

from scheduler.domain.entities import SlotKind
from scheduler.domain.instance import DAYS
from scheduler.errors import InputError
from scheduler.formats.columns import Kind
from scheduler.formats.dropdowns import ERROR_LIMIT, PROMPT_LIMIT, TITLE_LIMIT
from scheduler.formats.published import published
from scheduler.formats.sheet_texts import sheet_texts
from scheduler.formats.sheets import GUIDE, LETTERHEAD, LISTS, SETTINGS, SHEETS, setting_text_key
from scheduler.formats.tables import SAMPLE_MARK
from scheduler.formats.template import bell_pattern, letters, write_template
from scheduler.formats.workbook import read_workbook
from scheduler.formats.workbook_writer import write_workbook
from scheduler.policy.case import Case
from scheduler.policy.load import curriculum_ids, load_curriculum, load_law, policy_ids

EIGHT = {7: 3, 8: 3, 9: 2}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    written = tmp_path_factory.mktemp("templat") / "sekolah.xlsx"
    write_template(written, EIGHT)
    return written


@pytest.fixture(scope="module")
def book(path: Path) -> Workbook:
    return load_workbook(path)


def test_template_reads_back_without_a_problem(path: Path) -> None:
    instance, notes = read_workbook(path)
    assert [rombel.name for rombel in instance.rombels] == ["7A", "7B", "7C", "8A", "8B", "8C", "9A", "9B"]
    assert {note.kind for note in notes} == {"sample_rows"}
    assert Case(instance, load_law(instance.settings)).needs


def test_template_of_eight_rombel_is_read_in_well_under_a_second(path: Path) -> None:
    # 0.2 s on a free core; the bound leaves room for a machine that does other things at the same time.
    started = time.perf_counter()
    read_workbook(path)
    assert time.perf_counter() - started < 1.0


@pytest.mark.parametrize("policy", policy_ids())
def test_template_of_every_ruleset_reads_back(policy: str, tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", {7: 1}, policy=policy)
    assert read_workbook(tmp_path / "t.xlsx")[0].settings.policy == policy


@pytest.mark.parametrize("curriculum", curriculum_ids())
def test_template_has_every_row_of_its_curriculum(curriculum: str, tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", {7: 1, 9: 2}, curriculum=curriculum)
    written = {(row.grade, row.subject, row.intra_jp, row.koku_jp) for row in read_workbook(tmp_path / "t.xlsx")[0].structure}
    rows = load_curriculum(curriculum).rows
    assert written == {(r.grade, r.subject, r.intra_jp, r.koku_jp) for r in rows if r.grade in (7, 9) and not r.elective}


def test_grade_that_the_curriculum_lacks_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        write_template(tmp_path / "t.xlsx", {10: 1})
    assert [problem.kind for problem in caught.value.problems] == ["template_grade_without_hours"]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("periods", [30, 38, 40, 41, 44])
def test_bell_pattern_has_just_the_hours_of_a_class(periods: int) -> None:
    slots = bell_pattern("pagi", periods)
    lessons = Counter(slot.day for slot in slots if slot.kind is SlotKind.LESSON)
    assert sum(lessons.values()) == periods
    assert min(lessons, key=lambda day: lessons[day]) == DAYS[4]
    assert max(lessons.values()) - lessons[DAYS[4]] <= 3


def test_rombels_beyond_z_have_two_letters() -> None:
    assert [letters(index) for index in (0, 25, 26, 27)] == ["A", "Z", "AA", "AB"]


# --- how it looks ------------------------------------------------------------------------------------------------------------------------


def test_sheets_stand_in_order_with_the_guide_first_and_the_lists_hidden(book: Workbook) -> None:
    assert book.sheetnames == [GUIDE, *(sheet.name for sheet in SHEETS), LISTS]
    assert book[LISTS].sheet_state == "hidden"


def test_header_is_frozen_filtered_and_printed_on_every_f4_page(book: Workbook) -> None:
    for specification in SHEETS:
        sheet = book[specification.name]
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.print_title_rows == "$1:$1"
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (14, "landscape")


def test_required_cells_are_yellow_and_computed_ones_grey(book: Workbook) -> None:
    sheet = book["Struktur"]
    fills = {cell.value: sheet.cell(2, cell.column).fill.fgColor.rgb for cell in sheet[1]}
    assert fills["Mapel*"] == "00FFF8DC"
    assert fills["JP Total"] == "00E7E6E6"
    assert fills["Pola Blok"] == "00000000"


def test_nip_and_nuptk_are_text_in_filled_and_empty_rows(book: Workbook) -> None:
    sheet = book["Guru"]
    columns = [cell.column for cell in sheet[1] if cell.value in ("NIP", "NUPTK")]
    assert {sheet.cell(row, column).number_format for row in (2, 30) for column in columns} == {"@"}


def test_every_sheet_of_samples_says_so(book: Workbook) -> None:
    for name in ("Sekolah", "Guru", "Tugas Tambahan", "Ekskul", "Jam Mitra", "Jarak", "Penugasan", "Ketersediaan"):
        remark = next(cell.column for cell in book[name][1] if cell.value == "Catatan")
        assert str(book[name].cell(2, remark).value).startswith(SAMPLE_MARK)


# --- dropdowns within Excel's limits -------------------------------------------------------------------------------------------------------


def validations(book: Workbook) -> Iterator[tuple[str, DataValidation]]:
    for sheet in book.worksheets:
        for validation in sheet.data_validations.dataValidation:
            yield sheet.title, validation


def test_texts_of_dropdowns_keep_excels_limits(book: Workbook) -> None:
    for _, validation in validations(book):
        assert len(validation.promptTitle or "") <= TITLE_LIMIT
        assert len(validation.prompt or "") <= PROMPT_LIMIT
        assert len(validation.errorTitle or "") <= TITLE_LIMIT
        assert len(validation.error or "") <= ERROR_LIMIT


def test_no_meaning_is_cut_in_its_prompt() -> None:
    for lang in ("id", "en"):
        for sheet in SHEETS:
            assert all(len(sheet_texts(lang)[sheet.text_key(column)]) <= PROMPT_LIMIT for column in sheet.columns)


def test_every_list_is_a_named_range(book: Workbook) -> None:
    lists = [validation.formula1 for _, validation in validations(book) if validation.type == "list"]
    assert len(lists) > 30
    assert set(lists) <= set(book.defined_names)


def test_every_closed_column_has_its_list(book: Workbook) -> None:
    listed = {(title, str(v.sqref).partition(":")[0]) for title, v in validations(book) if v.type == "list"}
    for specification in SHEETS:
        for position, column in enumerate(specification.columns):
            if column.kind in (Kind.CHOICE, Kind.YES_NO, Kind.DAY, Kind.CERTIFICATE, Kind.DUTY, Kind.TEACHER) and not column.many:
                assert (specification.name, f"{book[specification.name].cell(2, position + 1).coordinate}") in listed


# --- one specification ---------------------------------------------------------------------------------------------------------------------


def test_every_sheet_column_kind_and_setting_has_a_meaning_in_both_languages() -> None:
    wanted = {sheet.text_key(column) for sheet in SHEETS for column in sheet.columns}
    wanted |= {f"sheet_{sheet.table}" for sheet in SHEETS} | {f"kind_{kind}" for kind in Kind}
    wanted |= {setting_text_key(column) for column in (*SETTINGS, *LETTERHEAD)}
    assert wanted <= set(sheet_texts("id"))
    assert set(sheet_texts("id")) == set(sheet_texts("en"))


@pytest.mark.parametrize("file", published(), ids=lambda path: path.name)
def test_generated_file_is_current(file: Path) -> None:
    assert file.read_text(encoding="utf-8") == published()[file], "run: python -m scheduler.formats.published"


def test_dropdowns_show_names_with_nip_and_both_forms_are_read(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", {7: 1})
    book = load_workbook(tmp_path / "t.xlsx")
    assert '&" ("&IF(Guru!C2="",Guru!A2,Guru!C2)&")"' in str(next(c.value for row in book["Daftar"].iter_rows() for c in row if c.data_type == "f"))
    book["Guru"]["C3"] = "198001012005011001"
    for shown in ("Guru Contoh 02 (198001012005011001)", "Guru Contoh 02 (G02)", "G02", "198001012005011001", "Guru Contoh 02"):
        book["Penugasan"]["D2"] = shown
        book.save(tmp_path / "u.xlsx")
        instance, _ = read_workbook(tmp_path / "u.xlsx")
        assert instance.assignments[0].teacher == "G02", shown
    write_workbook(instance, tmp_path / "v.xlsx")
    assert load_workbook(tmp_path / "v.xlsx")["Penugasan"]["D2"].value == "Guru Contoh 02 (198001012005011001)"


def test_headings_are_protected_without_a_password_and_rows_can_be_changed(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", {7: 1})
    for sheet in load_workbook(tmp_path / "t.xlsx"):
        assert sheet.protection.sheet, sheet.title
        assert not sheet.protection.password
        assert not (sheet.protection.insertRows or sheet.protection.deleteRows or sheet.protection.sort), "False: allowed"
    guru = load_workbook(tmp_path / "t.xlsx")["Guru"]
    assert guru["A1"].protection.locked
    assert not guru["A2"].protection.locked
    assert not guru.column_dimensions["A"].protection.locked, "rows below the dressed ones too"


def test_hours_turn_red_above_the_week_and_missing_cells_where_a_row_is_begun(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", {7: 1})
    book = load_workbook(tmp_path / "t.xlsx")
    conditions = {str(area.sqref): [rule.formula[0] for rule in area.rules] for area in book["Rombel"].conditional_formatting}
    assert conditions["H2:H1000"][0] == "AND(ISNUMBER($H2),ISNUMBER($I2),$H2>$I2)"
    assert conditions["A2:A1000"] == ["AND(LEN($A2)=0,SUMPRODUCT(LEN($A2:$J2))>0)"]
    locked = {str(area.sqref): [rule.formula[0] for rule in area.rules] for area in book["Guru"].conditional_formatting}
    assert any("BatasJP" in formula for formulas in locked.values() for formula in formulas)
    assert book.defined_names["BatasJP"]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed: what its Calc makes of the formulas is not tried")
def test_grey_columns_are_computed_by_libreoffice(tmp_path: Path) -> None:
    """One class: its 39 JP against 39 hours of the sample week; religion locked to a teacher by Nama (NIP) has 3 JP."""
    write_template(tmp_path / "t.xlsx", {7: 1})
    book = load_workbook(tmp_path / "t.xlsx")
    book["Guru"]["C3"] = "198001012005011001"
    book["Penugasan"]["D2"], book["Penugasan"]["E2"] = "Guru Contoh 02 (198001012005011001)", "Kunci"
    book.save(tmp_path / "t.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    call = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "computed"), str(tmp_path / "t.xlsx")]
    subprocess.run(call, check=True, capture_output=True, timeout=60)
    computed = load_workbook(tmp_path / "computed" / "t.xlsx", data_only=True)
    assert (computed["Rombel"]["H2"].value, computed["Rombel"]["I2"].value) == (39, 39)
    assert computed["Penugasan"]["G2"].value == 3
    assert [computed["Guru"][f"U{row}"].value for row in (2, 3, 4)] == [0, 3, 0]
