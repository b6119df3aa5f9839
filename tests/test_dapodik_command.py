"""``scheduler import dapodik`` as a user meets it: what is written, what is asked, what is refused, and that nobody's private data come along."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from scheduler.app.check import check_file
from scheduler.app.exits import Exit
from scheduler.cli.commands import build
from scheduler.formats.workbook import read_workbook
from tests.dapodik_files import (
    CLASSES,
    MARK,
    TEACHERS,
    Ajar,
    Ptk,
    lessons,
    nip,
    nuptk,
    plain_school,
    spoil,
    with_ptk,
    write_daftar,
    write_profil,
    write_rekap,
)

SHEET = "Perlu Diperiksa"
MATHS = "Matematika (Umum)"
DUTIES = "Kepala Laboratorium; Wakil Kepala Sekolah Kesiswaan"


def run(*arguments: object, lang: str = "id", env: Mapping[str, str] | None = None) -> Result:
    return CliRunner(env=env).invoke(build(lang), [str(argument) for argument in arguments])


def lines(path: Path, sheet: str = SHEET) -> list[tuple[object, ...]]:
    return [row for row in load_workbook(path)[sheet].iter_rows(values_only=True) if isinstance(row[0], int)]


@pytest.fixture
def doubtful(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Profil, Rekap and Daftar Guru of a school with a question of each kind."""
    people = (*with_ptk(4, duties=DUTIES, certificate="Matematka"), Ptk("SITI AMINAH", nuptk(21), nip(21)))
    rows = [
        *(row for row in lessons()),
        Ajar("7-A", "Bahasa Arap", 2, "Siti Aminah", grade=7),
        Ajar("7-A", "Koding", 2, "Samuel Hutagalung", nuptk(41), "Tidak", grade=7),
        Ajar("7-A", "Kokurikuler", 2, "Rina Wati", nuptk(4), grade=7),
    ]
    return (
        write_profil(tmp_path / "profil.xlsx", people, CLASSES),
        write_rekap(tmp_path / "rekap.xlsx", rows),
        write_daftar(tmp_path / "guru.xlsx", people),
    )


# --- the workbook ----------------------------------------------------------------------------------------------------------------------------------


def test_what_is_written_is_read_checked_and_says_that_the_sheet_is_still_there(doubtful: tuple[Path, ...], tmp_path: Path) -> None:
    out = tmp_path / "hasil" / "sekolah.xlsx"
    assert run("import", "dapodik", *doubtful, "-o", out).exit_code == Exit.OK
    instance, notes = read_workbook(out)
    assert len(instance.assignments) == 32  # thirty, Koding of a visitor, and the order of the Dinas for it
    assert [note.kind for note in notes if note.sheet == SHEET] == ["review_sheet_not_read"]
    assert check_file(out).exit is Exit.OK


def test_the_sheet_leads_to_the_cells_that_are_to_be_mended(doubtful: tuple[Path, ...], tmp_path: Path) -> None:
    out = tmp_path / "sekolah.xlsx"
    run("import", "dapodik", *doubtful, "-o", out)
    book = load_workbook(out)
    assert book.sheetnames[0] == SHEET
    named = {str(row[3]).split('"')[1]: str(row[2]) for row in lines(out) if "satminkal" in str(row[3]) or "Matematka" in str(row[3])}
    home, certificate = (named[name].partition("!") for name in ("Samuel Hutagalung", "Matematka"))
    assert book[home[0]][home[2]].value == "00000000"
    assert book[certificate[0]][f"B{certificate[2][1:]}"].value == "Joko Susilo"
    for target in (row[2] for row in book[SHEET].iter_rows(min_row=5)):
        sheet, _, cell = str(target.value or "").partition("!")
        assert not sheet or (target.hyperlink.location or target.hyperlink.target).lstrip("#") == f"'{sheet}'!{cell or 'A1'}"


def test_questions_are_answered_in_the_sheet_and_the_import_repeated(doubtful: tuple[Path, ...], tmp_path: Path) -> None:
    first, second = tmp_path / "satu.xlsx", tmp_path / "dua.xlsx"
    said = run("import", "dapodik", *doubtful, "-o", first)
    assert f"{doubtful[0]} {doubtful[1]} {doubtful[2]} --answers {first} -o {tmp_path / 'satu-2.xlsx'}" in said.output
    assert {str(row[5]) for row in lines(first) if row[5]} == {"sertifikat:Matematka", "mapel:Bahasa Arap", "guru:Siti Aminah:wali VII-A"}
    book = load_workbook(first)
    given = {"sertifikat:Matematka": "Matematika", "mapel:Bahasa Arap": "Bahasa Arab", "guru:Siti Aminah:wali VII-A": "Siti Aminah (G02)"}
    for row in book[SHEET].iter_rows(min_row=5):
        row[6].value = given.get(str(row[5].value))
    book.save(first)
    assert run("import", "dapodik", *doubtful, "--answers", first, "-o", second).exit_code == Exit.OK
    assert {str(row[5]) for row in lines(second) if row[5]} == {"guru:Siti Aminah:Bahasa Arap"}  # two of that name: now it matters
    third = tmp_path / "tiga.xlsx"
    answered = run("import", "dapodik", *doubtful, "--answers", first, "--answer", "guru:Siti Aminah:Bahasa Arap=G02", "-o", third)
    assert answered.exit_code == Exit.OK
    assert [row for row in lines(third) if row[5]] == []
    instance, _ = read_workbook(third)
    assert next(t.certificate for t in instance.teachers if t.name == "Joko Susilo") == "matematika"
    assert next(row.teacher for row in instance.assignments if row.subject == "bahasa_arab") == "G02"


def test_the_same_files_give_the_same_bytes(doubtful: tuple[Path, ...], tmp_path: Path) -> None:
    for name in ("satu.xlsx", "dua.xlsx"):
        run("import", "dapodik", *doubtful, "-o", tmp_path / name)
    assert (tmp_path / "satu.xlsx").read_bytes() == (tmp_path / "dua.xlsx").read_bytes()


def test_the_sheet_speaks_english_and_its_answers_are_found(doubtful: tuple[Path, ...], tmp_path: Path) -> None:
    out = tmp_path / "school.xlsx"
    said = run("import", "dapodik", *doubtful, "-o", out, lang="en")
    assert "to answer" in said.output
    book = load_workbook(out)
    assert [cell.value for cell in book["To Check"][4]] == ["No", "Kind", "Sheet", "Matter", "In Dapodik", "Key", "Answer"]
    again = run("import", "dapodik", *doubtful, "--answers", out, "-o", tmp_path / "again.xlsx", lang="en")
    assert again.exit_code == Exit.OK


def test_what_the_import_found_comes_as_data(doubtful: tuple[Path, ...], tmp_path: Path) -> None:
    told = json.loads(run("import", "dapodik", *doubtful, "-o", tmp_path / "sekolah.xlsx", "--json").stdout)
    assert (told["teachers"], told["rombels"], told["left_out"]) == (12, 3, {"kokurikuler": 1, "subject": 1})
    asked = [doubt["question"] for doubt in told["doubts"] if doubt["urgency"] == "question"]
    assert asked == ["mapel:Bahasa Arap", "guru:Siti Aminah:wali VII-A", "sertifikat:Matematka"]


def test_any_name_stays_text(tmp_path: Path) -> None:
    names = ["=SUM(A1:A9)", "+62 Budi", "-Rina", "@Dewi", 'Siti "Ami" Aminah', "Rina\nWati", "Maya 🌺 Sari", "N" * 300]
    people = [replace(person, name=name) for person, name in zip(TEACHERS, [*names, "Lina", "Lani", "Tono"], strict=True)]
    profil = write_profil(tmp_path / "profil.xlsx", people, [replace(CLASSES[0], homeroom="=SUM(A1:A9"), *CLASSES[1:]])
    out = tmp_path / "sekolah.xlsx"
    assert run("import", "dapodik", profil, write_rekap(tmp_path / "rekap.xlsx", lessons(people=people)), "-o", out).exit_code == Exit.OK
    instance, _ = read_workbook(out)
    assert [t.name for t in instance.teachers][1:5] == ["+62 Budi, S.Pd.I", "-Rina", "@Dewi", 'Siti "Ami" Aminah']
    assert [t.name for t in instance.teachers][5:8] == ["Rina Wati", "Maya 🌺 Sari", "N" * 300]
    assert not [cell for row in load_workbook(out)[SHEET] for cell in row if cell.data_type == "f"]


def test_a_plan_runs_on_what_was_imported(doubtful: tuple[Path, ...], tmp_path: Path) -> None:
    out = tmp_path / "sekolah.xlsx"
    run("import", "dapodik", *doubtful, "-o", out)
    planned = run("assign", out, "-o", tmp_path / "plan.json", "--workers", 1, "--time-limit", 5)
    assert planned.exit_code == Exit.OK, planned.output


# --- private data ----------------------------------------------------------------------------------------------------------------------------------


def everything_written(folder: Path) -> str:
    """All that stands in the files of a folder; workbooks part by part."""
    found = []
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                found += [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
        else:
            found.append(path.read_text(encoding="utf-8", errors="replace"))
    return "\n".join(found)


def test_no_private_value_is_in_any_output_or_log(doubtful: tuple[Path, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results = tmp_path / "hasil"
    results.mkdir()
    monkeypatch.chdir(results)
    files = [*doubtful, spoil(write_daftar(tmp_path / "rusak.xlsx", TEACHERS))]
    told = [
        run("import", "dapodik", *files, "-o", "sekolah.xlsx"),
        run("import", "dapodik", *files, "-o", "school.xlsx", "--json", lang="en"),
        run("import", "dapodik", *files, "-o", "lagi.xlsx", "--answers", "sekolah.xlsx", "--debug"),
        run("import", "dapodik", *files, "-o", "sekolah.xlsx"),
        run("import", "dapodik", files[2], "-o", "kurang.xlsx"),
        run("assign", "sekolah.xlsx", "-o", "plan.json", "--workers", 1, "--time-limit", 3),
    ]
    assert [result.exit_code for result in told] == [0, 0, 0, Exit.WRONG_USAGE, Exit.NOT_UNDERSTOOD, 0]
    written = everything_written(results)
    assert "Joko Susilo" in written
    assert MARK not in written + "".join(result.output + result.stderr for result in told)


@pytest.mark.slow
def test_a_week_is_made_of_what_was_imported_and_no_paper_or_export_of_it_holds_a_private_value(doubtful: tuple[Path, ...], tmp_path: Path) -> None:
    results = tmp_path / "hasil"
    results.mkdir()
    book, plan = results / "sekolah.xlsx", results / "keluaran" / "plan.json"
    told = [
        run("import", "dapodik", *doubtful, "-o", book),
        run("check", book),
        run("plan", book, "-o", plan.parent, "--workers", 1, "--time-limit", 12),
        run("verify", book, plan),
        run("letters", book, plan, "-o", results / "surat"),
        run("export", "asc", book, plan, "-o", results / "asc.xml"),
        run("export", "asc-tempel", book, plan, "-o", results / "tempel.xlsx"),
        run("export", "dapodik", book, plan, "-o", results / "dapodik.xlsx"),
        run("export", "html", book, plan, "-o", results / "jadwal.html"),
        run("export", "fet", book, plan, "-o", results / "jadwal.fet"),
        run("export", "ical", book, plan, "--from", "2026-07-13", "-o", results / "kalender"),
    ]
    assert [result.exit_code for result in told] == [Exit.OK] * len(told), "\n".join(result.output + result.stderr for result in told)
    written = everything_written(results)
    assert "Joko Susilo" in written
    assert MARK not in written + "".join(result.output + result.stderr for result in told)


def test_private_columns_are_dropped_while_the_rows_go_by(tmp_path: Path) -> None:
    from scheduler.formats.dapodik import gather, read_file

    sheets = read_file(write_daftar(tmp_path / "guru.xlsx", TEACHERS))
    assert MARK not in repr(sheets)
    assert MARK not in repr(gather(sheets))
    assert len(sheets[0].records) == len(TEACHERS)


def test_a_list_of_pupils_is_not_read(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for column, heading in enumerate(("No", "Nama", "NIPD", "JK", "NISN", "Agama"), start=1):
        book.worksheets[0].cell(5, column, heading)
    book.worksheets[0].append((1, f"{MARK} Murid", "1", "L", "0011223344", "Islam"))
    book.save(tmp_path / "pd.xlsx")
    out = tmp_path / "sekolah.xlsx"
    assert run("import", "dapodik", *plain_school(tmp_path), tmp_path / "pd.xlsx", "-o", out).exit_code == Exit.OK
    assert MARK not in everything_written(out.parent / "sekolah.xlsx") + " ".join(str(row) for row in lines(out))
    assert any("peserta didik" in str(row[3]) for row in lines(out))


# --- what is refused -------------------------------------------------------------------------------------------------------------------------------


def test_everything_wrong_is_said_at_once_and_nothing_written(tmp_path: Path) -> None:
    profil, rekap = plain_school(tmp_path)
    (tmp_path / "catatan.xlsx").write_text("bukan Excel")
    (tmp_path / "kosong.xlsx").write_bytes(b"")
    out = tmp_path / "sekolah.xlsx"
    refused = run("import", "dapodik", profil, tmp_path / "catatan.xlsx", tmp_path / "kosong.xlsx", "--answers", rekap, "-o", out)
    assert refused.exit_code == Exit.NOT_UNDERSTOOD
    assert all(name in refused.stderr for name in ("catatan.xlsx", "kosong.xlsx", "rekap.xlsx"))
    assert not out.exists()


def test_a_workbook_that_is_no_download_is_named(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.worksheets[0]["A1"] = "Daftar belanja"
    book.save(tmp_path / "belanja.xlsx")
    refused = run("import", "dapodik", tmp_path / "belanja.xlsx", "-o", tmp_path / "sekolah.xlsx")
    assert refused.exit_code == Exit.NOT_UNDERSTOOD
    assert "belanja.xlsx" in refused.stderr and "Rekap Pembelajaran" in refused.stderr


def test_the_imported_workbook_given_as_a_download_is_named(tmp_path: Path) -> None:
    profil, rekap = plain_school(tmp_path)
    run("import", "dapodik", profil, rekap, "-o", tmp_path / "sekolah.xlsx")
    refused = run("import", "dapodik", tmp_path / "sekolah.xlsx", rekap, "-o", tmp_path / "lain.xlsx")
    assert refused.exit_code == Exit.NOT_UNDERSTOOD
    assert "sekolah.xlsx: tidak ada lembar yang dikenal" in refused.stderr
    assert "milik NPSN" not in refused.stderr, "a heading beside NPSN is no number of a school"


def test_a_file_that_is_not_there_is_named_without_brackets(tmp_path: Path) -> None:
    refused = run("import", "dapodik", tmp_path / "tidak-ada.xlsx", "-o", tmp_path / "sekolah.xlsx")
    assert refused.exit_code == Exit.WRONG_USAGE
    assert "FILE.xlsx: " in refused.stderr and "]" not in refused.stderr.splitlines()[0]


@pytest.mark.parametrize("name", ["profil.xlsx", "sudah.xlsx", "sekolah.xls", "folder.xlsx"])
def test_no_file_that_is_there_is_written_over(name: str, tmp_path: Path) -> None:
    files = plain_school(tmp_path)
    (tmp_path / "sudah.xlsx").write_bytes(b"isi lama")
    (tmp_path / "folder.xlsx").mkdir()
    before = (tmp_path / "profil.xlsx").read_bytes()
    assert run("import", "dapodik", *files, "-o", tmp_path / name).exit_code == Exit.WRONG_USAGE
    assert (tmp_path / "profil.xlsx").read_bytes() == before
    assert (tmp_path / "sudah.xlsx").read_bytes() == b"isi lama"


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--web", "localhost:5774", "--npsn", "69900001"),
        ("--web", "http://localhost:5774"),
        ("--npsn", "SMP 99"),
        ("--web", "http://u:p@x", "--npsn", "69900001"),
    ],
)
def test_wrong_wishes_are_wrong_usage(arguments: tuple[str, ...], tmp_path: Path) -> None:
    refused = run("import", "dapodik", *arguments, "-o", tmp_path / "sekolah.xlsx", env={"DAPODIK_TOKEN": "rahasia"})
    assert refused.exit_code == Exit.WRONG_USAGE
    assert "rahasia" not in refused.stderr
