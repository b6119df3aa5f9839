"""``check`` leaves a marked copy beside a workbook with something wrong: red cells, comments, a list with links; the file itself stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from openpyxl.comments import Comment

from scheduler.cli.commands import build
from scheduler.formats.workbook import read_workbook
from scheduler.report.excel.corrected import RED
from tests.workbook_good import good_workbook, saved

WRONG = {"Guru!G3": "Matematka", "Rombel!C3": "tujuh", "Struktur!D2": "=1+"}
"""A certificate and a grade that do not exist; the third cell is text that looks like a formula."""


def broken(folder: Path, **more: str) -> Path:
    book = good_workbook()
    for place, value in (WRONG | more).items():
        title, cell = place.split("!")
        book[title][cell] = value
        book[title][cell].data_type = "s"
    return saved(book, folder)


def check(path: Path, *options: str) -> str:
    ran = CliRunner().invoke(build("id"), ["check", str(path), *options])
    assert ran.exit_code == 65, ran.output
    return ran.output


def test_wrong_cells_are_red_and_say_what_is_wrong(tmp_path: Path) -> None:
    path = broken(tmp_path)
    assert "sekolah_diperiksa.xlsx" in check(path)
    book = load_workbook(tmp_path / "sekolah_diperiksa.xlsx")
    cell = book["Guru"]["G3"]
    assert cell.fill.start_color.rgb == RED.start_color.rgb
    assert "Matematika" in cell.comment.text, "the mend is said in the comment"
    assert cell.value == "Matematka", "nothing is mended for the user"


def test_the_list_stands_first_and_leads_to_each_cell(tmp_path: Path) -> None:
    check(broken(tmp_path))
    sheet = load_workbook(tmp_path / "sekolah_diperiksa.xlsx").worksheets[0]
    assert sheet.title == "Temuan"
    links = {cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    assert links == {"'Guru'!G3", "'Rombel'!C3", "'Struktur'!D2"}


def test_the_file_itself_is_not_touched(tmp_path: Path) -> None:
    path = broken(tmp_path)
    before = path.read_bytes()
    check(path)
    assert path.read_bytes() == before


def test_text_that_looks_like_a_formula_stays_text_in_the_copy(tmp_path: Path) -> None:
    check(broken(tmp_path))
    book = load_workbook(tmp_path / "sekolah_diperiksa.xlsx")
    assert book["Struktur"]["D2"].data_type == "s"
    assert not [cell for row in book["Temuan"].iter_rows() for cell in row if cell.data_type == "f"]


def test_a_mended_copy_is_read_and_its_list_is_skipped(tmp_path: Path) -> None:
    check(broken(tmp_path))
    book = load_workbook(tmp_path / "sekolah_diperiksa.xlsx")
    for place, value in {"Guru!G3": "Matematika", "Rombel!C3": 7, "Struktur!D2": 4}.items():
        title, cell = place.split("!")
        book[title][cell] = value
    book.save(tmp_path / "betul.xlsx")
    assert read_workbook(tmp_path / "betul.xlsx")[0] == read_workbook(saved(good_workbook(), tmp_path))[0]


def test_a_copy_that_somebody_worked_in_is_never_replaced(tmp_path: Path) -> None:
    path = broken(tmp_path)
    check(path)
    copy = tmp_path / "sekolah_diperiksa.xlsx"
    check(path)
    assert not (tmp_path / "sekolah_diperiksa-2.xlsx").exists(), "an untouched copy is simply written anew"
    book = load_workbook(copy)
    book["Guru"]["G3"] = "Matematika"
    book.save(copy)
    worked = copy.read_bytes()
    check(path)
    assert copy.read_bytes() == worked
    assert (tmp_path / "sekolah_diperiksa-2.xlsx").exists()


def test_marks_of_the_last_check_are_gone_once_mended(tmp_path: Path) -> None:
    check(broken(tmp_path))
    copy = tmp_path / "sekolah_diperiksa.xlsx"
    book = load_workbook(copy)
    book["Guru"]["G3"] = "Matematika"
    book.save(copy)
    check(copy)
    cell = load_workbook(tmp_path / "sekolah_diperiksa-2.xlsx")["Guru"]["G3"]
    assert cell.comment is None
    assert cell.fill.fill_type is None


def test_the_users_own_comment_stays(tmp_path: Path) -> None:
    path = broken(tmp_path)
    book = load_workbook(path)
    book["Guru"]["G3"].comment = Comment("tanya Bu Ani", "operator")
    book.save(path)
    check(path)
    assert "tanya Bu Ani" in load_workbook(tmp_path / "sekolah_diperiksa.xlsx")["Guru"]["G3"].comment.text


@pytest.mark.parametrize("option", ["--no-copy", "--json"])
def test_no_copy_is_written_where_none_is_wanted(option: str, tmp_path: Path) -> None:
    check(broken(tmp_path), option)
    assert [path.name for path in tmp_path.iterdir()] == ["sekolah.xlsx"]


def test_a_file_that_is_no_workbook_gives_the_list_alone(tmp_path: Path) -> None:
    path = tmp_path / "rusak.xlsx"
    path.write_bytes(b"PK\x03\x04 bukan zip")
    check(path)
    assert load_workbook(tmp_path / "rusak_diperiksa.xlsx").sheetnames == ["Temuan"]


def test_hours_that_cannot_fit_lead_to_the_class(tmp_path: Path) -> None:
    """48 JP in 47 hours: understood, but impossible."""
    path = tmp_path / "sekolah.xlsx"
    path.write_bytes((Path(__file__).parent.parent / "instances" / "jam-kelas-berlebih" / "sekolah.xlsx").read_bytes())
    ran = CliRunner().invoke(build("id"), ["check", str(path)])
    assert ran.exit_code == 66
    sheet = load_workbook(tmp_path / "sekolah_diperiksa.xlsx")["Temuan"]
    assert "'Rombel'!B3" in {cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink}
