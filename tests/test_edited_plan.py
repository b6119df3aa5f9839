"""A plan's workbook changed by hand: every kind of edit is understood, or named with its cell; never guessed."""

from __future__ import annotations

import shutil
import subprocess
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment

from scheduler.app.edits import read_edited, verify_edits
from scheduler.app.source import open_under
from scheduler.domain.edits import EditKind
from scheduler.errors import InputError
from scheduler.formats.json import read_plan, write_plan
from tests.edited_plan import DUTIES, MASTER, MATRIX, Book, hours_of, school_case, school_plan

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Book:
    case = school_case()
    return Book.written(tmp_path_factory.mktemp("asli") / "keluaran", case, school_plan(case))


@pytest.fixture(scope="module")
def three_sheets(original: Book, tmp_path_factory: pytest.TempPathFactory) -> Book:
    return original.copied(tmp_path_factory.mktemp("tiga") / "keluaran").only_what_counts()


@pytest.fixture
def whole(original: Book, tmp_path: Path) -> Book:
    return original.copied(tmp_path / "keluaran")


@pytest.fixture
def book(three_sheets: Book, tmp_path: Path) -> Book:
    return three_sheets.copied(tmp_path / "keluaran")


def rules(book: Book) -> set[str]:
    return {violation.rule for violation in book.checked().violations}


def edits(book: Book) -> list[tuple[str, str, str]]:
    """(place, before, after) of every edit."""
    return [(edit.place, edit.before, edit.after) for edit in book.edits]


# --- nothing changed ---------------------------------------------------------------------------------------------------------------------------


def test_an_unedited_workbook_is_the_plan_itself(whole: Book) -> None:
    read = whole.read()
    assert (read.plan, read.edits, read.notes) == (whole.former, (), ())
    assert whole.checked().violations == ()


def test_a_workbook_that_was_only_saved_again_has_no_edits(whole: Book) -> None:
    whole.change(lambda workbook: None)
    read = whole.read()
    assert (read.edits, read.notes) == ((), ())


def test_a_workbook_in_english_is_read_too(tmp_path: Path) -> None:
    case = school_case()
    assert Book.written(tmp_path / "output", case, school_plan(case), "en").read().edits == ()


# --- lessons -----------------------------------------------------------------------------------------------------------------------------------


def test_two_lessons_that_change_places_are_understood(book: Book) -> None:
    # 7A: IPA of Senin 1-2 and MTK of Selasa 1-2 for each other. G03 teaches 7B on Senin 1-2, G01 teaches 7B on Selasa 1-2: two clashes.
    monday, tuesday = ([book.hour("7A", day, period) for period in (1, 2)] for day in ("Senin", "Selasa"))
    book.put(dict.fromkeys(monday, "MTK-03") | dict.fromkeys(tuesday, "IPA-01"))
    assert {(place, after) for place, _, after in edits(book)} == {*((p, "MTK-03") for p in monday), *((p, "IPA-01") for p in tuesday)}
    assert rules(book) == {"avoid_clashes"}


def test_a_lesson_moved_to_an_empty_hour_is_understood(book: Book) -> None:
    old, new = book.hour("7A", "Kamis", 3), book.hour("7A", "Kamis", 4)
    book.put({old: None, new: "BIN-04"})
    assert edits(book) == [(old, "BIN-04", ""), (new, "", "BIN-04")]
    assert hours_of(book.plan.lessons, "1/7A/BIN") == {("Selasa", 3, 2), ("Kamis", 4, 1)}
    assert rules(book) == set()


def test_a_cleared_hour_is_missing_in_the_week(book: Book) -> None:
    place = book.hour("7B", "Rabu", 3)
    book.put({place: None})
    assert edits(book) == [(place, "BIN-04", "")]
    assert [v.facts["placed"] for v in book.checked().violations] == [2]  # of 3 JP


def test_an_hour_written_over_another_is_one_too_many_and_one_too_few(book: Book) -> None:
    book.put({book.hour("7A", "Senin", 3): "BIN-04"})
    assert {(v.entities[0], v.facts["placed"]) for v in book.checked().violations if v.rule == "assign_times"} == {("1/7A/BIN", 4), ("1/7A/IPS", 3)}


def test_a_lesson_of_a_class_that_does_not_have_the_subject_is_named(book: Book) -> None:
    place = book.hour("7A", "Senin", 5)
    book.put({place: "BK-01"})
    assert book.refused() == [("subject_not_in_class", place)]


def test_blanks_and_small_letters_are_no_matter(book: Book) -> None:
    book.put({book.hour("7A", "Senin", 1): " ipa - 01 ", book.hour("7A", "Senin", 2): "Ipa–1", book.hour("7A", "Senin", 3): "ips g02"})
    assert edits(book) == []


def test_a_wrong_code_of_a_teacher_is_named(book: Book) -> None:
    place = book.hour("7A", "Senin", 1)
    book.put({place: "IPA-99"})
    assert book.refused() == [("unknown_teacher", place)]


def test_an_unknown_code_of_a_subject_is_named_with_those_like_it_if_there_are_any(book: Book) -> None:
    first, second = book.hour("7A", "Senin", 1), book.hour("7A", "Senin", 2)
    book.put({first: "IPX-01", second: "ZZZ-01"})
    assert set(book.refused()) == {("unknown_subject_near", first), ("unknown_subject", second)}


def test_a_number_where_a_code_stood_is_named(book: Book) -> None:
    place = book.hour("7A", "Senin", 1)
    book.put({place: 12})
    assert book.refused() == [("not_a_code", place)]


def test_a_remark_in_a_cell_is_named(book: Book) -> None:
    place = book.hour("7A", "Senin", 5)
    book.put({place: "rapat dinas"})
    assert book.refused() == [("not_a_code", place)]


def test_a_comment_on_a_cell_changes_nothing(book: Book) -> None:
    sheet, _, cell = book.hour("7A", "Senin", 1).rpartition("!")

    def note(workbook: Any) -> None:
        workbook[sheet][cell].comment = Comment("tanya Bu Siti", "waka")

    book.change(note)
    assert edits(book) == []


def test_a_formula_that_nobody_computed_is_named(book: Book) -> None:
    place = book.hour("7A", "Senin", 1)
    book.put({place: f"={book.hour('7A', 'Rabu', 1).rpartition('!')[2]}"})
    assert book.refused() == [("formula", place)]


# --- rows and columns of Jadwal Induk --------------------------------------------------------------------------------------------------------


def row_of(place: str) -> int:
    return int("".join(filter(str.isdigit, place.rpartition("!")[2])))


def test_a_lesson_in_the_row_of_a_break_is_named(book: Book) -> None:
    place = f"{MASTER}!D{row_of(book.hour('7A', 'Senin', 2)) + 1}"

    def unmerge(workbook: Any) -> None:
        sheet, row = workbook[MASTER], row_of(place)
        for area in [area for area in sheet.merged_cells.ranges if area.min_row == row == area.max_row]:
            sheet.unmerge_cells(str(area))
        sheet[place.rpartition("!")[2]].value = "IPA-01"

    book.change(unmerge)
    assert book.refused() == [("lesson_in_break", place)]


def test_a_deleted_row_is_named_by_its_day_and_hour(book: Book) -> None:
    row, day = row_of(book.hour("7A", "Selasa", 3)), book.hour("7A", "Selasa", 1)

    def delete(workbook: Any) -> None:
        sheet = workbook[MASTER]
        areas = [str(area) for area in sheet.merged_cells.ranges if area.max_row >= row]
        for area in areas:
            sheet.unmerge_cells(area)
        sheet.delete_rows(row)

    book.change(delete)
    assert book.refused() == [("hour_missing", f"{MASTER}!A{row_of(day)}")]


def test_a_sorted_timetable_is_named(book: Book) -> None:
    """All first hours, then all second hours: the days' names stand beside the first row of each day only."""
    top, bottom = row_of(book.hour("7A", "Senin", 1)), row_of(book.hour("7A", "Kamis", 5))

    def sort(workbook: Any) -> None:
        sheet = workbook[MASTER]
        for area in [str(area) for area in sheet.merged_cells.ranges if area.min_row >= top - 1]:
            sheet.unmerge_cells(area)
        rows = [[cell.value for cell in sheet[row][:5]] for row in range(top, bottom + 1)]
        rows.sort(key=lambda row: (not isinstance(row[1], int), row[1] if isinstance(row[1], int) else 0))
        for number, values in enumerate(rows, top):
            for column, value in enumerate(values, 1):
                sheet.cell(number, column).value = value

    book.change(sort)
    kinds = {kind for kind, _ in book.refused()}
    assert {"hour_out_of_order", "hour_missing"} <= kinds
    assert all(place.startswith(MASTER) for _, place in book.refused())


def test_an_inserted_column_changes_nothing_until_lessons_stand_in_it(book: Book) -> None:
    def insert(workbook: Any) -> None:
        sheet = workbook[MASTER]
        for area in [str(area) for area in sheet.merged_cells.ranges]:
            sheet.unmerge_cells(area)
        sheet.insert_cols(4)

    book.change(insert)
    assert edits(book) == []
    place = f"{MASTER}!D{row_of(book.hour('7A', 'Senin', 1))}"
    book.put({place: "IPA-01"})
    assert [kind for kind, _ in book.refused()] == ["unknown_class"]


def test_a_class_without_its_column_is_named(book: Book) -> None:
    def rename(workbook: Any) -> None:
        sheet = workbook[MASTER]
        next(cell for line in sheet.iter_rows() for cell in line if cell.value == "7B").value = "7X"

    book.change(rename)
    assert {kind for kind, _ in book.refused()} == {"class_missing", "unknown_class"}


def test_unmerged_days_are_understood(book: Book) -> None:
    def unmerge(workbook: Any) -> None:
        sheet = workbook[MASTER]
        for area in [str(area) for area in sheet.merged_cells.ranges]:
            sheet.unmerge_cells(area)

    book.change(unmerge)
    assert edits(book) == []


def test_hours_merged_into_one_cell_are_one_lesson(book: Book) -> None:
    """The lower cell loses its own value when Excel merges: BIN of Kamis 3 grows to two hours."""
    top, below = book.hour("7A", "Kamis", 3), book.hour("7A", "Kamis", 4)
    book.change(lambda workbook: workbook[MASTER].merge_cells(f"{top.rpartition('!')[2]}:{below.rpartition('!')[2]}"))
    assert [(edit.day, edit.period, edit.came) for edit in book.edits] == [("Kamis", 4, ("1/7A/BIN",))]
    assert hours_of(book.plan.lessons, "1/7A/BIN") == {("Selasa", 3, 2), ("Kamis", 3, 2)}


# --- sheets ------------------------------------------------------------------------------------------------------------------------------------


def test_a_renamed_sheet_is_found_by_its_headings(book: Book) -> None:
    def rename(workbook: Any) -> None:
        workbook[MASTER].title = "jadwal fix BANGET"

    book.change(rename)
    assert edits(book) == []


@pytest.mark.parametrize(("title", "kind"), [(MASTER, "missing_master"), (MATRIX, "missing_matrix"), (DUTIES, "missing_duties")])
def test_a_deleted_sheet_is_named(book: Book, title: str, kind: str) -> None:
    book.change(lambda workbook: workbook.remove(workbook[title]))
    assert [found for found, _ in book.refused()] == [kind]


def test_a_copy_of_a_sheet_beside_the_original_is_left_alone(book: Book) -> None:
    def copy_sheet(workbook: Any) -> None:
        workbook.copy_worksheet(workbook[MASTER]).title = "Jadwal Induk (2)"

    book.change(copy_sheet)
    assert edits(book) == []


def test_two_sheets_of_which_none_is_the_original_are_named(book: Book) -> None:
    def copy_sheet(workbook: Any) -> None:
        workbook.copy_worksheet(workbook[MASTER]).title = "lama"
        workbook[MASTER].title = "baru"

    book.change(copy_sheet)
    assert [kind for kind, _ in book.refused()] == ["several_sheets"]


def test_a_lesson_changed_on_the_sheet_of_a_class_is_named_not_taken(whole: Book) -> None:
    found: list[str] = []

    def swap(workbook: Any) -> None:
        sheet = workbook["Jadwal Kelas"]
        cell = next(cell for line in sheet.iter_rows() for cell in line if str(cell.value or "").startswith("Matematika"))
        cell.value = "Ilmu Pengetahuan Alam\nSiti Aminah, S.Pd."
        found.append(f"Jadwal Kelas!{cell.coordinate}")

    whole.change(swap)
    assert whole.refused(with_copies=True) == [("copy_changed", found[0])]


def test_a_number_changed_on_another_sheet_is_a_note(whole: Book) -> None:
    def change(workbook: Any) -> None:
        sheet = workbook["Beban Guru"]
        next(cell for line in sheet.iter_rows() for cell in line if cell.value == "G01").value = "X"

    whole.change(change)
    assert [(note.kind, note.sheet) for note in whole.read().notes] == [("edits.copy_differs", "Beban Guru")]


def test_a_sum_or_a_clock_changed_on_a_sheet_that_counts_is_a_note(whole: Book) -> None:
    total, clock = whole.line("IPA-01", "JML"), f"{MASTER}!C{row_of(whole.hour('7A', 'Senin', 1))}"
    whole.put({total: 99, clock: "08.00 - 09.00"})
    notes = {note.sheet: note.facts["cells"] for note in whole.read().notes}
    assert notes == {MATRIX: total.rpartition("!")[2], MASTER: clock.rpartition("!")[2]}


# --- who teaches -------------------------------------------------------------------------------------------------------------------------------


def test_hours_moved_to_the_line_of_another_teacher_change_the_teacher(book: Book) -> None:
    """G05 has no line with a code yet: one is written. Jadwal Induk still says MTK-03, which is what it said before."""
    old = book.line("MTK-03", "7A")

    def move(workbook: Any) -> None:
        sheet = workbook[MATRIX]
        row = next(cell.row for line in sheet.iter_rows() for cell in line if cell.value == "=Eko")
        for heading, value in (("MATA PELAJARAN", "Matematika"), ("KODE", "MTK-05")):
            sheet.cell(row, next(c.column for line in sheet.iter_rows() for c in line if c.value == heading)).value = value
        sheet[f"{old.rpartition('!')[2][0]}{row}"].value = 4
        sheet[old.rpartition("!")[2]].value = None

    book.change(move)
    (edit,) = book.edits
    assert (edit.kind, edit.needs, edit.teachers, edit.before, edit.after) == (EditKind.TEACHER, ("1/7A/MTK",), ("G03", "G05"), "MTK-03", "MTK-05")
    assert {lesson.teacher for lesson in book.plan.lessons if lesson.need == "1/7A/MTK"} == {"G05"}
    assert rules(book) == set()


def test_a_teacher_changed_in_all_hours_of_a_subject_is_understood(book: Book) -> None:
    cells = [book.hour("7A", day, period) for day in ("Selasa", "Kamis") for period in (1, 2)]
    book.put(dict.fromkeys(cells, "MTK-05"))
    (edit,) = book.edits
    assert (edit.teachers, edit.place.split(", ")) == (("G03", "G05"), cells)


def test_a_teacher_changed_in_some_hours_only_is_named(book: Book) -> None:
    place = book.hour("7A", "Selasa", 1)
    book.put({place: "MTK-05"})
    assert book.refused() == [("only_some_hours", place)]


def test_two_sheets_that_name_different_teachers_are_named(book: Book) -> None:
    cells = [book.hour("7A", day, period) for day in ("Selasa", "Kamis") for period in (1, 2)]
    line = book.line("MTK-03", "KODE")
    # Pembagian Tugas gives all MTK to G01's line, Jadwal Induk 7A's to G05.
    book.put({**dict.fromkeys(cells, "MTK-05"), line: "MTK-01", book.line("MTK-03", "NAMA GURU"): None})
    assert ("sheets_differ", cells[0]) in book.refused()


def test_names_swapped_in_place_of_codes_are_named(book: Book) -> None:
    first, second = book.line("IPA-01", "NAMA GURU"), book.line("IPS-02", "NAMA GURU")
    book.put({first: "Budi Santoso", second: "Siti Aminah, S.Pd."})
    assert book.refused() == sorted([("name_and_code_differ", first), ("name_and_code_differ", second)])


def test_changed_hours_of_a_subject_are_named(book: Book) -> None:
    place = book.line("MTK-03", "7A")
    book.put({place: 6})
    assert book.refused() == [("other_hours", place)]


def test_text_where_hours_stood_is_named(book: Book) -> None:
    place = book.line("MTK-03", "7A")
    book.put({place: "empat"})
    assert book.refused() == [("not_hours", place)]


def test_a_cleared_cell_of_the_division_leaves_the_subject_without_a_teacher(book: Book) -> None:
    book.put({book.line("MTK-03", "7A"): None})
    (edit,) = book.edits
    assert (edit.teachers, edit.place) == (("G03", ""), MATRIX)
    assert "needs_covered" in {shortfall.rule for shortfall in book.checked().shortfalls}


def test_a_doubled_line_is_named(book: Book) -> None:
    def double(workbook: Any) -> None:
        sheet = workbook[MATRIX]
        row = next(cell.row for line in sheet.iter_rows() for cell in line if cell.value == "=Eko")
        old = next(cell.row for line in sheet.iter_rows() for cell in line if cell.value == "MTK-03")
        for column in range(4, 8):
            sheet.cell(row, column).value = copy(sheet.cell(old, column).value)
        sheet.cell(row, 2).value = None

    book.change(double)
    assert {kind for kind, _ in book.refused()} == {"taught_twice"}


def test_a_sorted_division_is_the_same(book: Book) -> None:
    """Sorted by KODE from behind: every line says by its code whose it is."""

    def sort(workbook: Any) -> None:
        sheet = workbook[MATRIX]
        rows = [cell.row for line in sheet.iter_rows() for cell in line if str(cell.value) in ("IPA-01", "IPS-02", "MTK-03", "BIN-04")]
        width = sheet.max_column
        values = [[sheet.cell(row, column).value for column in range(1, width + 1)] for row in rows]
        for row, line in zip(rows, reversed(values), strict=True):
            for column, value in enumerate(line, 1):
                if not isinstance(sheet.cell(row, column), MergedCell):
                    sheet.cell(row, column).value = value

    book.change(sort)
    assert edits(book) == []


# --- duties ------------------------------------------------------------------------------------------------------------------------------------


def test_another_holder_of_a_duty_is_understood(book: Book) -> None:
    place = book.holder("7A")
    book.put({place: " cahya "})
    (edit,) = book.edits
    assert (edit.kind, edit.place, edit.unit, edit.teachers) == (EditKind.DUTY, place, "7A", ("G01", "G03"))
    assert ("wali_kelas", "7A", "G03") in {(d.duty, d.unit, d.teacher) for d in book.plan.duties}


def test_a_holder_who_is_no_teacher_of_the_school_is_named(book: Book) -> None:
    place = book.holder("7A")
    book.put({place: "Pak Karto"})
    assert book.refused() == [("unknown_name", place)]


def test_a_misspelled_holder_is_met_with_the_name_as_the_workbook_writes_it(book: Book) -> None:
    book.put({book.holder("7A"): "Budi Santosa"})
    with pytest.raises(InputError) as refused:
        book.read()
    assert [problem.facts["known"] for problem in refused.value.problems] == ["Budi Santoso"]


def test_a_cleared_holder_takes_the_duty_away(book: Book) -> None:
    book.put({book.holder("7A"): None})
    assert [edit.teachers for edit in book.edits] == [("G01", "")]
    assert {duty.unit for duty in book.plan.duties} == {"7B"}


def test_a_deleted_row_of_a_duty_is_named(book: Book) -> None:
    row = row_of(book.holder("7A"))
    book.change(lambda workbook: workbook[DUTIES].delete_rows(row))
    assert [kind for kind, _ in book.refused()] == ["duty_row_missing"]


def test_a_duty_changed_beside_a_name_is_named(whole: Book) -> None:
    place = whole.line("IPA-01", "TUGAS TAMBAHAN")
    whole.put({place: "Wali kelas 7B (2)"})
    assert whole.refused(with_copies=True) == [("copy_changed", place)]


# --- the plan beside it ------------------------------------------------------------------------------------------------------------------------


def test_without_its_plan_the_workbook_is_checked_all_the_same(book: Book) -> None:
    book.put({book.hour("7A", "Senin", 5): "IPA-01"})
    (book.folder / "plan.json").unlink()
    verified = verify_edits(book.school, book.path)
    assert (verified.edited.former, verified.edited.edits) == (None, ())
    assert {violation.rule for violation in verified.report.violations} >= {"assign_times"}  # 5 of 4 JP


def test_without_its_plan_sheets_that_differ_are_named(book: Book) -> None:
    cells = [book.hour("7A", day, period) for day in ("Selasa", "Kamis") for period in (1, 2)]
    book.put(dict.fromkeys(cells, "MTK-05"))
    with pytest.raises(InputError) as refused:
        read_edited(book.case, book.path, None)
    assert [problem.kind for problem in refused.value.problems] == ["edits.sheets_differ"]


def test_another_plan_beside_the_workbook_is_noticed(book: Book) -> None:
    """Every lesson of 7B two days later and of 7A one hour on: nobody edits that by hand."""
    turned = {"Senin": "Rabu", "Selasa": "Kamis", "Rabu": "Senin", "Kamis": "Selasa"}
    plan = book.former
    lessons = tuple(replace(x, day=turned[x.day], period=x.period + 2 if x.period == 1 else 1) for x in plan.lessons)
    write_plan(replace(plan, lessons=lessons), book.folder / "plan.json")
    assert [kind for kind, _ in book.refused()] == ["plan_of_other_workbook"]


def test_some_other_workbook_is_no_plan(book: Book) -> None:
    Workbook().save(book.path)
    assert [kind for kind, _ in book.refused()] == ["not_a_plan_workbook"]


# --- real sizes --------------------------------------------------------------------------------------------------------------------------------


def shipped(name: str, folder: Path) -> Book:
    """A sample school with its shipped plan, written as a workbook."""
    plan = read_plan(ROOT / "solutions" / name / "plan.json")
    return Book.written(folder / "keluaran", open_under(ROOT / "instances" / name / "sekolah.xlsx", plan.policy).case, plan)


@pytest.mark.parametrize("name", ["smp-3", "mts-9", "taman-rajo", pytest.param("smp-27", marks=pytest.mark.slow)])
def test_shipped_plans_are_read_back_unchanged(name: str, tmp_path: Path) -> None:
    book = shipped(name, tmp_path)
    assert book.edits == ()
    assert {(x.need, x.day, x.period, x.length, x.teacher) for x in book.sheets[1].lessons} == {
        (x.need, x.day, x.period, x.length, x.teacher) for x in book.former.lessons
    }
    assert [(row.need, row.teacher) for row in book.sheets[1].assignments] == [(row.need, row.teacher) for row in book.former.assignments]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_a_workbook_saved_by_libreoffice_has_no_edits(tmp_path: Path) -> None:
    """LibreOffice types every value anew, writes other styles and its own properties."""
    book = shipped("smp-3", tmp_path)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "lo"), str(book.path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    shutil.copy(tmp_path / "lo" / "rencana.xlsx", book.path)
    read = book.read()
    assert (read.edits, read.notes) == ((), ())
