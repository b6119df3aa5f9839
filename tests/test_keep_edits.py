"""``plan --from rencana.xlsx --keep``: edits stay, as little else as possible changes, and edits that clash are named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from scheduler.app.exits import Exit
from scheduler.app.keep import KeptPlan, make_kept_plan
from scheduler.app.plan import Wishes
from scheduler.cli.commands import build as commands
from scheduler.domain.edits import EditKind
from scheduler.domain.entities import AssignmentKind, AssignmentRow, Availability, AvailabilityKind
from scheduler.domain.plan import Plan
from scheduler.domain.solving import SolveOptions
from scheduler.formats.json import read_plan
from scheduler.policy.case import Case
from scheduler.verify.check import check
from tests.edited_plan import MATRIX, Book, hours_of, school_case, school_plan

WISHES = Wishes(options=SolveOptions(seconds=60.0, deterministic_limit=1.0, workers=1))


def written(folder: Path, case: Case) -> Book:
    return Book.written(folder / "keluaran", case, school_plan(case)).only_what_counts()


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return written(tmp_path_factory.mktemp("asli"), school_case())


@pytest.fixture
def book(original: Book, tmp_path: Path) -> Book:
    return original.copied(tmp_path / "keluaran")


def kept(book: Book) -> KeptPlan:
    return make_kept_plan(book.school, book.folder.parent / "baru", WISHES, book.path)


def plan_of(made: KeptPlan, book: Book) -> Plan:
    """The plan that was made, which the checker accepts."""
    assert made.planned.exit is Exit.OK
    assert made.planned.plan is not None
    assert check(book.case, made.planned.plan).violations == ()
    return made.planned.plan


def swap(book: Book) -> None:
    """7A: IPA of Senin 1-2 and MTK of Selasa 1-2 for each other; G03 and G01 teach 7B then."""
    monday, tuesday = ([book.hour("7A", day, period) for period in (1, 2)] for day in ("Senin", "Selasa"))
    book.put(dict.fromkeys(monday, "MTK-03") | dict.fromkeys(tuesday, "IPA-01"))


Swapped = tuple[Book, KeptPlan]


@pytest.fixture(scope="module")
def swapped(tmp_path_factory: pytest.TempPathFactory) -> Swapped:
    book = written(tmp_path_factory.mktemp("tukar"), school_case())
    swap(book)
    return book, kept(book)


def test_swapped_lessons_stay_and_the_lessons_in_their_way_move(swapped: Swapped) -> None:
    book, made = swapped
    plan = plan_of(made, book)
    assert ("Senin", 1, 2) in hours_of(plan.lessons, "1/7A/MTK")
    assert ("Selasa", 1, 2) in hours_of(plan.lessons, "1/7A/IPA")
    # 7B's MTK of Senin and IPA of Selasa must go: swapped with each other they are done, so two lessons move and no more.
    assert (made.lessons, made.teachers, made.duties) == (2, 0, 0)


def test_a_lesson_moved_to_a_free_hour_changes_nothing_else(book: Book) -> None:
    book.put({book.hour("7A", "Kamis", 3): None, book.hour("7A", "Kamis", 4): "BIN-04"})
    made = kept(book)
    assert ("Kamis", 4, 1) in hours_of(plan_of(made, book).lessons, "1/7A/BIN")
    assert made.lessons == 0


def test_a_cleared_hour_stays_without_its_subject(book: Book) -> None:
    book.put({book.hour("7A", "Kamis", 3): None})
    plan = plan_of(kept(book), book)
    hours = {(day, p) for day, period, length in hours_of(plan.lessons, "1/7A/BIN") for p in range(period, period + length)}
    assert ("Kamis", 3) not in hours
    assert len(hours) == 3  # all of its JP


def test_a_swapped_teacher_stays_and_the_week_is_kept(book: Book) -> None:
    book.put(dict.fromkeys([book.hour("7A", day, period) for day in ("Selasa", "Kamis") for period in (1, 2)], "MTK-05"))
    made = kept(book)
    plan = plan_of(made, book)
    assert {row.need: row.teacher for row in plan.assignments}["1/7A/MTK"] == "G05"
    assert (made.lessons, made.teachers) == (0, 0)


def test_a_cleared_teacher_does_not_come_back(book: Book) -> None:
    book.put({book.line("MTK-03", "7A"): None})
    made = kept(book)
    # G03 was taken off 7A's MTK; G05 alone may teach it beside him.
    assert {row.need: row.teacher for row in plan_of(made, book).assignments}["1/7A/MTK"] == "G05"
    assert made.teachers == 1


def test_another_holder_stays(book: Book) -> None:
    book.put({book.holder("7A"): "Cahya"})
    assert ("wali_kelas", "7A", "G03") in {(d.duty, d.unit, d.teacher) for d in plan_of(kept(book), book).duties}


def test_a_wali_keeps_the_class_though_somebody_else_teaches_it_now(tmp_path: Path) -> None:
    """G03 is wali of 7A and loses its MTK to G05. That he no longer teaches his class is a smaller wish than that 7A keeps its wali."""
    case = school_case()
    book = Book.written(tmp_path / "keluaran", case, school_plan(case, wali="G03")).only_what_counts()
    book.put({book.line("MTK-03", "7A"): None})
    made = kept(book)
    assert ("7A", "G03") in {(d.unit, d.teacher) for d in plan_of(made, book).duties}
    assert made.duties == 0


# --- Perubahan ---------------------------------------------------------------------------------------------------------------------------------


def test_the_sheet_of_changes_shows_before_and_after_and_whose_change_it_was(swapped: Swapped) -> None:
    sheet = load_workbook(swapped[1].planned.files[1])["Perubahan"]
    rows = {tuple(cell.value for cell in row)[2:] for row in sheet.iter_rows() if isinstance(row[0].value, int)}
    assert ("7A", "Matematika", "Cahya (G03)", "Selasa 1–2", "Senin 1–2", "diubah tangan") in rows
    assert ("7A", "Ilmu Pengetahuan Alam", "Siti Aminah, S.Pd. (G01)", "Senin 1–2", "Selasa 1–2", "diubah tangan") in rows
    assert {row[-1] for row in rows if row[0] == "7B"} == {"disesuaikan"}


def test_the_new_workbook_can_be_changed_again(swapped: Swapped, tmp_path: Path) -> None:
    again = Book(swapped[1].planned.files[1].parent, swapped[0].case).copied(tmp_path / "lagi")
    again.put({again.hour("7A", "Senin", 1): "IPA-01"})
    assert [edit.kind for edit in again.edits] == [EditKind.HOUR]


# --- edits that clash --------------------------------------------------------------------------------------------------------------------------


def clashes(book: Book) -> list[set[str]]:
    """Places of the edits of every clash; nothing was written."""
    before = {path: path.read_bytes() for path in book.folder.iterdir()}
    made = kept(book)
    assert made.planned.exit is Exit.IMPOSSIBLE
    assert not (book.folder.parent / "baru").exists()
    assert {path: path.read_bytes() for path in book.folder.iterdir()} == before
    return [{edit.place for edit in clash.edits} for clash in made.clashes]


def test_two_edits_that_want_one_teacher_at_once_are_named(book: Book) -> None:
    places = [book.hour(rombel, "Senin", 5) for rombel in ("7A", "7B")]
    book.put(dict.fromkeys(places, "BIN-04") | {book.hour("7A", "Kamis", 3): None, book.hour("7B", "Rabu", 3): None})
    assert clashes(book) == [set(places)]


def test_an_edit_at_a_time_when_the_teacher_cannot_come_is_named(tmp_path: Path) -> None:
    away = Availability("G04", "Kamis", 4, AvailabilityKind.IMPOSSIBLE)
    book = written(tmp_path, school_case(availability=(away,)))
    place = book.hour("7A", "Kamis", 4)
    book.put({book.hour("7A", "Kamis", 3): None, place: "BIN-04"})
    assert clashes(book) == [{place}]


def test_an_edit_that_leaves_no_lesson_of_the_right_length_is_named(book: Book) -> None:
    """IPS has lessons of two hours: three in a row are none of them."""
    places = [book.hour("7A", "Selasa", period) for period in (3, 4, 5)]
    book.put(dict.fromkeys(places, "IPS-02"))
    assert clashes(book) == [set(places)]


def test_a_teacher_who_may_not_teach_the_subject_is_named(book: Book) -> None:
    cells = [book.hour("7A", day, period) for day in ("Selasa", "Kamis") for period in (1, 2)]
    book.put(dict.fromkeys(cells, "MTK-02"))
    assert clashes(book) == [{", ".join(cells)}]


def test_an_edit_against_a_lock_of_the_workbook_is_named(tmp_path: Path) -> None:
    lock = AssignmentRow("1", "7A", "matematika", "G03", AssignmentKind.LOCK)
    book = written(tmp_path, school_case(assignments=(lock,)))
    cells = [book.hour("7A", day, period) for day in ("Selasa", "Kamis") for period in (1, 2)]
    book.put(dict.fromkeys(cells, "MTK-05"))
    assert clashes(book) == [{", ".join(cells)}]


def test_one_teacher_for_two_classes_as_wali_is_named(book: Book) -> None:
    """Nobody is wali of two classes; each of the two edits alone would do."""
    places = [book.holder(rombel) for rombel in ("7A", "7B")]
    book.put(dict.fromkeys(places, "Cahya"))
    assert clashes(book) == [set(places)]


def test_edits_that_only_together_leave_no_week_are_found(tmp_path: Path) -> None:
    """G01 comes on Senin and Selasa only, and 7B's IPA needs one of the mornings left: 7A's IPA is put into every hour that 7B's could have.

    G01 is away on Rabu and Kamis, and in hours 3 to 5. 7A's IPA on Senin 1-2 and Selasa 1-2 leaves none of the two lessons of 7B a place.
    """
    away = [Availability("G01", day, None, AvailabilityKind.IMPOSSIBLE) for day in ("Rabu", "Kamis")]
    away += [Availability("G01", day, period, AvailabilityKind.IMPOSSIBLE) for day in ("Senin", "Selasa") for period in (5,)]
    book = written(tmp_path, school_case(availability=tuple(away)))
    # 7A's two lessons cover hours 2 and 3 of both days: of the four hours left of each day only 1 and 4 are alone.
    places = [book.hour("7A", day, period) for day in ("Senin", "Selasa") for period in (2, 3)]
    book.put(dict.fromkeys(places, "IPA-01"))
    found = clashes(book)
    assert len(found) == 1
    assert found[0] <= set(places)


# --- the command -------------------------------------------------------------------------------------------------------------------------------


def run(*arguments: Any) -> Result:
    return CliRunner().invoke(commands("id"), [str(argument) for argument in arguments])


def test_the_commands_tell_edits_cells_and_what_was_mended(book: Book, tmp_path: Path) -> None:
    swap(book)
    verified = run("verify", book.school, book.path)
    assert verified.exit_code == Exit.REFUSED
    assert f"{book.hour('7A', 'Senin', 1)}: kelas 7A, Senin jam ke-1: IPA-01 menjadi MTK-03" in verified.output
    assert "Cahya (G03) bentrok pada hari Senin" in verified.output
    made = run("plan", book.school, "--from", book.path, "--keep", "-o", tmp_path / "baru", "--time-limit", 2, "--workers", 1, "--json")
    data = json.loads(made.stdout)
    assert (made.exit_code, data["mended"]["lessons"], len(data["edits"])) == (Exit.OK, 2, 4)
    assert run("verify", book.school, tmp_path / "baru" / "rencana.xlsx").exit_code == Exit.OK
    assert run("verify", book.school, tmp_path / "baru" / "plan.json").exit_code == Exit.OK


def test_a_clash_is_told_with_its_reason(book: Book, tmp_path: Path) -> None:
    cells = [book.hour("7A", day, period) for day in ("Selasa", "Kamis") for period in (1, 2)]
    book.put(dict.fromkeys(cells, "MTK-02"))
    told = run("plan", book.school, "--from", book.path, "--keep", "-o", tmp_path / "baru")
    assert told.exit_code == Exit.IMPOSSIBLE
    assert "Budi Santoso (G02) tidak boleh mengajar MTK kelas 7A" in told.output


def test_the_changed_workbook_is_never_overwritten(book: Book) -> None:
    swap(book)
    before = book.path.read_bytes()
    assert run("plan", book.school, "--from", book.path, "--keep", "-o", book.folder).exit_code == Exit.WRONG_USAGE
    assert book.path.read_bytes() == before


@pytest.mark.parametrize("arguments", ["--keep", "--from PLAN --keep", "--from BOOK", "--from BOOK --keep --only-class 7A"])
def test_keep_and_a_workbook_belong_together(book: Book, tmp_path: Path, arguments: str) -> None:
    files = {"PLAN": book.folder / "plan.json", "BOOK": book.path}
    assert run("plan", book.school, "-o", tmp_path / "baru", *(files.get(each, each) for each in arguments.split())).exit_code == Exit.WRONG_USAGE


def test_without_its_plan_nothing_can_be_kept(book: Book, tmp_path: Path) -> None:
    (book.folder / "plan.json").unlink()
    told = run("plan", book.school, "--from", book.path, "--keep", "-o", tmp_path / "baru")
    assert told.exit_code == Exit.NOT_UNDERSTOOD
    assert "plan.json" in told.output


def test_a_cell_that_is_no_code_is_told_with_its_place(book: Book) -> None:
    place = book.hour("7A", "Senin", 5)
    book.put({place: "rapat"})
    told = run("verify", book.school, book.path)
    assert told.exit_code == Exit.NOT_UNDERSTOOD
    assert f'{place}: "rapat" bukan kode pelajaran' in told.output


def test_a_plan_near_a_former_one_has_the_sheet_of_changes_too(book: Book, tmp_path: Path) -> None:
    made = run("plan", book.school, "--from", book.folder / "plan.json", "-o", tmp_path / "baru", "--time-limit", 2, "--workers", 1)
    assert made.exit_code == Exit.OK
    assert "Perubahan" in load_workbook(tmp_path / "baru" / "rencana.xlsx").sheetnames
    assert MATRIX in load_workbook(tmp_path / "baru" / "rencana.xlsx").sheetnames
    assert read_plan(tmp_path / "baru" / "plan.json").lessons
