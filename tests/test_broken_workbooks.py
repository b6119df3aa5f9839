"""Every kind of broken workbook gives its Problem, at its sheet and cell, and no other; and the Problem can be said in both languages."""

from __future__ import annotations

import re
import tomllib
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from scheduler.domain.problem import Problem
from scheduler.errors import InputError
from scheduler.formats.columns import REFERENCES, Kind
from scheduler.formats.workbook import read_workbook
from tests.workbook_good import HOME, PARTNER, good_workbook, saved

ROOT = Path(__file__).parent.parent
Mutation = Callable[[Workbook], object]


def sentences(lang: str) -> dict[str, str]:
    return tomllib.loads((ROOT / "scheduler" / "report" / "text" / lang / "problems.toml").read_text(encoding="utf-8"))


SENTENCES = {lang: sentences(lang) for lang in ("id", "en")}


def say(problem: Problem) -> None:
    """Every fact that a sentence names is there; a Problem of a file of the law has its sentence elsewhere."""
    for lang in ("id", "en"):
        if "." not in problem.kind:
            assert SENTENCES[lang][problem.kind].format_map(problem.facts)


def put(place: str, value: object) -> Mutation:
    """Write a value into one cell: ``put("Guru!G3", "Matematka")``."""
    title, cell = place.split("!")

    def mutate(book: Workbook) -> None:
        book[title][cell] = value

    return mutate


def add(title: str, *values: object) -> Mutation:
    return lambda book: book[title].append(values)


def both(*mutations: Mutation) -> Mutation:
    return lambda book: [mutation(book) for mutation in mutations]


def rename(old: str, new: str) -> Mutation:
    return lambda book: setattr(book[old], "title", new)


def merge(title: str, cells: str) -> Mutation:
    return lambda book: book[title].merge_cells(cells)


def drop(title: str) -> Mutation:
    return lambda book: book.remove(book[title])


BROKEN: dict[str, tuple[Mutation, str, str]] = {
    # what is done: (mutation, kind of the Problem, its place)
    "no sheet Guru": (drop("Guru"), "missing_sheet", "Guru"),
    "sheet misspelt": (rename("Rombel", "Rombell"), "unknown_sheet_near", "Rombell"),
    "sheet twice": (lambda book: book.copy_worksheet(book["Guru"]).__setattr__("title", "Teachers"), "duplicate_sheet", "Teachers"),
    "no header": (lambda book: book["Ruang"].delete_rows(1), "missing_header", "Ruang"),
    "required column missing": (both(put("Sekolah!C1", None), *(put(f"Sekolah!C{r}", None) for r in (2, 3))), "missing_column", "Sekolah!A1"),
    "column misspelt": (put("Guru!G1", "Sertifkat"), "unknown_column_near", "Guru!G1"),
    "column of another kind": (put("Ruang!F1", "Warna"), "unknown_column", "Ruang!F1"),
    "column twice": (put("Rombel!G1", "Kelas"), "duplicate_column", "Rombel!G1"),
    "value without header": (put("Rombel!H3", "tanya Pak Budi"), "value_without_header", "Rombel!H3"),
    "merged cells": (merge("Rombel", "A2:A3"), "merged_cells", "Rombel!A2"),
    "required cell blank": (put("Guru!B3", None), "missing_value", "Guru!B3"),
    "formula with error": (put("Rombel!E2", "#REF!"), "formula_error", "Rombel!E2"),
    "formula never computed": (put("Rombel!E2", "=20+5"), "formula_not_computed", "Rombel!E2"),
    "value far below": (put("Rombel!A9000", HOME), "value_far_below", "Rombel!A9000"),
    "control character": (put("Guru!B3", "Ani_x0007_, S.Pd."), "control_character", "Guru!B3"),
    "NIP as a number": (put("Guru!C3", 198801012010011002), "digits_lost", "Guru!C3"),
    "NIP as a float": (put("Guru!C3", 1.98801012010011e17), "digits_lost", "Guru!C3"),
    "NIP in E-notation": (put("Guru!C3", "1,98801E+17"), "digits_lost", "Guru!C3"),
    "NIP with letters": (put("Guru!C3", "belum ada"), "not_digits", "Guru!C3"),
    "text for a number": (put("Struktur!D2", "empat"), "not_a_number", "Struktur!D2"),
    "half an hour": (put("Struktur!D4", 2.5), "not_whole_number", "Struktur!D4"),
    "negative hours": (put("Struktur!E3", -1), "below_limit", "Struktur!E3"),
    "grade 13": (put("Struktur!B3", 13), "above_limit", "Struktur!B3"),
    "rombel turned into a date": (put("Penugasan!B2", datetime(2026, 1, 7)), "date_instead_of_text", "Penugasan!B2"),
    "no date": (put("Guru!L3", "30-02-2026"), "wrong_date", "Guru!L3"),
    "no clock": (put("Waktu!D4", "25.90"), "wrong_clock", "Waktu!D4"),
    "unknown choice": (put("Guru!F3", "Tukang Kebun"), "unknown_choice", "Guru!F3"),
    "choice misspelt": (put("Penugasan!E5", "Semestr Lalu"), "unknown_choice_near", "Penugasan!E5"),
    "day misspelt": (put("Waktu!B5", "Selassa"), "unknown_choice_near", "Waktu!B5"),
    "Ya or Tidak": (both(put("Guru!N1", "Bersedia ke Mitra"), put("Guru!N2", "mungkin")), "unknown_choice", "Guru!N2"),
    "block pattern unreadable": (put("Struktur!F2", "2-2-1"), "wrong_blocks", "Struktur!F2"),
    "block pattern too long": (put("Struktur!F2", "2+2+2"), "blocks_do_not_sum", "Struktur!F2"),
    "setting misspelt": (put("Pengaturan!A3", "Semster"), "unknown_setting_near", "Pengaturan!A3"),
    "setting unknown": (put("Pengaturan!A3", "Warna"), "unknown_setting", "Pengaturan!A3"),
    "setting twice": (put("Pengaturan!A3", "Tahun Ajaran"), "duplicate_setting", "Pengaturan!A3"),
    "ruleset unknown": (put("Pengaturan!B4", "permen_baru"), "policy.unknown_rulesets", "Pengaturan!B4"),
    "policy number impossible": (put("Pengaturan!B7", "banyak"), "policy.not_a_number", "Pengaturan!B7"),
    "main school unknown": (put("Pengaturan!B5", "SMP Tiga"), "unknown_school_near", "Pengaturan!B5"),
    "main school is a partner": (both(put("Sekolah!D2", "Mitra"), put("Sekolah!D3", "Induk")), "main_school_is_partner", "Sekolah!D2"),
    "no home school": (both(put("Sekolah!D2", "Mitra"), put("Pengaturan!B5", None)), "no_home_school", "Sekolah!D2"),
    "school twice": (add("Sekolah", HOME, "SMP Satu Lagi", "SMP"), "duplicate_school", "Sekolah!A4"),
    "half coordinates": (put("Sekolah!G2", None), "half_coordinates", "Sekolah!G2"),
    "bell pattern unknown": (put("Sekolah!E3", "pagii"), "unknown_bell_near", "Sekolah!E3"),
    "rombel twice": (add("Rombel", HOME, "7a", 7, "k"), "duplicate_rombel", "Rombel!B5"),
    "rombel of an unknown school": (put("Rombel!A3", "99999999"), "unknown_school", "Rombel!A3"),
    "room unknown": (put("Rombel!F2", "Lab IPS"), "unknown_room_near", "Rombel!F2"),
    "curriculum unknown": (put("Rombel!D3", "merdeka_smp_2052"), "unknown_curriculum_near", "Rombel!D3"),
    "grade without hours": (put("Rombel!C4", 9), "no_structure", "Rombel!C4"),
    "subject twice": (add("Struktur", "k", 7, "Ilmu Pengetahuan Alam", 2), "duplicate_structure", "Struktur!C8"),
    "BK in the structure": (add("Struktur", "k", 7, "BK", 1), "guidance_in_structure", "Struktur!C8"),
    "new subject like a known one": (add("Struktur", "k", 7, "Bahasa Ingris", 2), "subject_resembles", "Struktur!C8"),
    "short code taken": (both(add("Struktur", "k", 7, "Tahfiz (TF)", 2), add("Struktur", "k", 7, "Tari (TF)", 2)), "duplicate_short", "Struktur!C9"),
    "teacher twice": (add("Guru", "g02", "Fajar", None, None, HOME), "duplicate_teacher", "Guru!A7"),
    "NIP twice": (put("Guru!C3", "19870101 201001 2 001"), "duplicate_nip", "Guru!C3"),
    "NUPTK twice": (put("Guru!D3", "0123456789012345"), "duplicate_nuptk", "Guru!D3"),
    "JP Min above JP Maks": (put("Guru!I2", 31), "minimum_above_maximum", "Guru!I2"),
    "certificate misspelt": (put("Guru!G3", "Matematka"), "unknown_certificate_near", "Guru!G3"),
    "certificate unknown": (put("Guru!G3", "Xyzzyx"), "unknown_certificate", "Guru!G3"),
    "subject of a teacher unknown": (put("Guru!H2", "Matematika, Astronomi"), "unknown_subject", "Guru!H2"),
    "duty misspelt": (put("Tugas Tambahan!B4", "Pembina OSIIS"), "unknown_duty_near", "Tugas Tambahan!B4"),
    "duty for an unknown rombel": (put("Tugas Tambahan!C2", "7AB"), "unknown_unit_near", "Tugas Tambahan!C2"),
    "duty for a thing": (put("Tugas Tambahan!C2", "gerbang"), "unknown_unit", "Tugas Tambahan!C2"),
    "candidate unknown": (put("Tugas Tambahan!F4", "G01, G99"), "unknown_teacher", "Tugas Tambahan!F4"),
    "Minimal above Maksimal": (put("Tugas Tambahan!D4", 2), "minimum_above_maximum", "Tugas Tambahan!D4"),
    "more holders than Maksimal": (put("Tugas Tambahan!G4", "G01; G02"), "more_holders_than_maximum", "Tugas Tambahan!G4"),
    "two numbers for a duty": (add("Tugas Tambahan", HOME, "Pembina OSIS", None, 1), "duty_numbers_differ", "Tugas Tambahan!D5"),
    "two holders of a unit": (put("Tugas Tambahan!B3", "Wali Kelas 7A"), "two_holders_of_one_unit", "Tugas Tambahan!G3"),
    "wali kelas of two": (put("Tugas Tambahan!G3", "G01"), "too_many_units", "Tugas Tambahan!G3"),
    "ekskul twice": (add("Ekskul", HOME, "PRAMUKA", 20), "duplicate_club", "Ekskul!B3"),
    "pembina unknown": (put("Ekskul!D2", "Zubaidah"), "unknown_teacher", "Ekskul!D2"),
    "open hours at home": (put("Jam Mitra!A2", HOME), "open_hours_at_main_school", "Jam Mitra!A2"),
    "open hours of a known class": (add("Rombel", PARTNER, "7A", 7, "k"), "open_hours_twice", "Jam Mitra!D2"),
    "no open hours": (put("Jam Mitra!C2", 0), "below_limit", "Jam Mitra!C2"),
    "distance to itself": (put("Jarak!B2", HOME), "distance_to_itself", "Jarak!B2"),
    "distance twice": (add("Jarak", PARTNER, HOME, 6), "duplicate_distance", "Jarak!B3"),
    "teacher unknown": (put("Penugasan!D5", "Anni S.Pd"), "unknown_teacher_near", "Penugasan!D5"),
    "rombel unknown": (put("Penugasan!B5", "8Z"), "unknown_class", "Penugasan!B5"),
    "assignment twice": (add("Penugasan", HOME, "8A", "IPA", "G01", "Semester Lalu"), "duplicate_assignment", "Penugasan!D6"),
    "locked and forbidden": (add("Penugasan", HOME, "7A", "IPA", "G01", "Larang"), "locked_and_forbidden", "Penugasan!E6"),
    "two locks without JP": (put("Penugasan!F3", None), "two_locks", "Penugasan!D3"),
    "split above the hours": (put("Penugasan!F4", 3), "split_above_hours", "Penugasan!F4"),
    "JP without lock": (put("Penugasan!F5", 2), "jp_without_lock", "Penugasan!F5"),
    "class without the subject": (add("Penugasan", HOME, "8A", "IPS", "G01", "Larang"), "subject_not_in_class", "Penugasan!C6"),
    "lock on who may not teach": (add("Penugasan", HOME, "8A", "IPA", "G02", "Kunci"), "locked_teacher_may_not_teach", "Penugasan!D6"),
    "lock on who is away": (put("Guru!K3", "Cuti"), "locked_teacher_absent", "Penugasan!D3"),
    "BK by a guru mapel": (add("Penugasan", HOME, "8A", "BK", "G01", "Kunci"), "guidance_without_counsellor", "Penugasan!D6"),
    "Dinas at home": (add("Penugasan", HOME, "8A", "MTK", "G02", "Dinas"), "dinas_at_home", "Penugasan!A6"),
    "group twice": (add("Kelompok", "i1", HOME, "8A", "PAI", 3), "duplicate_group", "Kelompok!A4"),
    "group named as a rombel": (add("Kelompok", "8A", HOME, "8A", "PAI", 3), "group_named_as_rombel", "Kelompok!A4"),
    "group of an unknown rombel": (put("Kelompok!C2", "7A, 7Q"), "unknown_rombel", "Kelompok!C2"),
    "religions not parallel": (put("Kelompok!F3", None), "religions_not_parallel", "Kelompok!F3"),
    "religion without its group": (put("Kelompok!C2", "7A"), "religion_without_group", "Kelompok!C3"),
    "locked by group and by rombel": (
        both(add("Penugasan", HOME, "I1", "PAI", "G03", "Kunci"), add("Penugasan", HOME, "7B", "PAI", "G03", "Kunci")),
        "two_locks",
        "Penugasan!D7",
    ),
    "parallel with nobody": (put("Kelompok!F3", "Z9"), "unknown_group", "Kelompok!F3"),
    "room twice": (add("Ruang", HOME, "lab ipa"), "duplicate_room", "Ruang!B3"),
    "hour twice": (add("Waktu", "pagi", "Senin", 2, "09.15", "09.55", "KBM"), "duplicate_period", "Waktu!C6"),
    "hours out of order": (both(put("Waktu!C3", 2), put("Waktu!C4", 1)), "period_out_of_order", "Waktu!C4"),
    "hour without number": (put("Waktu!C5", None), "lesson_without_period", "Waktu!C5"),
    "hours overlap": (put("Waktu!D4", "08.30"), "overlapping_slots", "Waktu!D4"),
    "ends before it starts": (put("Waktu!E5", "07.00"), "ends_before_start", "Waktu!E5"),
    "half a clock": (put("Waktu!E5", None), "half_clock", "Waktu!E5"),
    "home school misspelt": (put("Guru!E6", "SMP Duaa"), "unknown_school_near", "Guru!E6"),
    "home school that is no NPSN": (put("Guru!E6", "Perguruan Nusantara"), "unknown_school", "Guru!E6"),
    "unavailable in no hour": (put("Ketersediaan!C2", 9), "unknown_period", "Ketersediaan!C2"),
    "rule misspelt": (put("Aturan Jadwal!A2", "Bersamaan Maksimum"), "unknown_choice_near", "Aturan Jadwal!A2"),
    "rule without its subject": (put("Aturan Jadwal!E2", None), "rule_column_missing", "Aturan Jadwal!E2"),
    "rule for a class without its school": (put("Aturan Jadwal!C3", None), "rule_column_missing", "Aturan Jadwal!C3"),
    "rule with a column it has no use for": (put("Aturan Jadwal!G4", "Senin"), "rule_column_unused", "Aturan Jadwal!G4"),
    "rule that leaves nothing": (put("Aturan Jadwal!I2", 0), "rule_amount_too_small", "Aturan Jadwal!I2"),
    "rule that cannot be a wish": (put("Aturan Jadwal!B2", "Sebaiknya"), "rule_is_no_wish", "Aturan Jadwal!B2"),
    "rule for a subject the class has not": (put("Aturan Jadwal!E3", "IPS"), "rule_without_lessons", "Aturan Jadwal!E3"),
    "rule for no hour": (put("Aturan Jadwal!H3", 9), "unknown_period", "Aturan Jadwal!H3"),
    "rule for an unknown class": (put("Aturan Jadwal!D3", "7Q"), "unknown_rombel", "Aturan Jadwal!D3"),
}
"""Mutations that break one thing. Where a sheet that others name is taken away, only its own absence is reported."""


def problems_of(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        read_workbook(path)
    for problem in caught.value.problems:
        say(problem)
    return caught.value.problems


@pytest.mark.parametrize("what", BROKEN)
def test_broken_workbook_gives_its_problem_alone(what: str, tmp_path: Path) -> None:
    mutate, kind, place = BROKEN[what]
    book = good_workbook()
    mutate(book)
    assert {(problem.kind, problem.place) for problem in problems_of(saved(book, tmp_path))} == {(kind, place)}


@pytest.mark.parametrize("title", ["Sekolah", "Rombel", "Guru"])
def test_sheet_without_rows_is_named(title: str, tmp_path: Path) -> None:
    book = good_workbook()
    book[title].delete_rows(2, book[title].max_row)
    assert [(problem.kind, problem.place) for problem in problems_of(saved(book, tmp_path))] == [("empty_sheet", title)]


def test_everything_wrong_is_reported_at_once_and_in_the_order_of_the_sheets(tmp_path: Path) -> None:
    book = good_workbook()
    for what in ("certificate misspelt", "rombel twice", "half a clock", "setting twice"):
        BROKEN[what][0](book)
    places = [problem.place for problem in problems_of(saved(book, tmp_path))]
    assert places == ["Guru!G3", "Pengaturan!A3", "Rombel!B5", "Waktu!E5"]


def test_sentence_names_the_value_and_what_was_meant(tmp_path: Path) -> None:
    book = good_workbook()
    put("Guru!G3", "Matematka")(book)
    (problem,) = problems_of(saved(book, tmp_path))
    sentence = SENTENCES["id"][problem.kind].format_map(problem.facts)
    assert f"{problem.place}: {sentence}" == 'Guru!G3: sertifikat "Matematka" tidak dikenal; maksud Anda "Matematika"?'


# --- files that are no workbook ----------------------------------------------------------------------------------------------------------

OLE = bytes.fromhex("D0CF11E0A1B11AE1")


def truncated(path: Path) -> None:
    content = saved(good_workbook(), path.parent).read_bytes()
    path.write_bytes(content[: len(content) // 2])


def damaged_inside(path: Path) -> None:
    """A whole zip, whose sheet is no XML."""
    source = saved(good_workbook(), path.parent / "..")
    with zipfile.ZipFile(source) as whole, zipfile.ZipFile(path, "w") as broken:
        for name in whole.namelist():
            broken.writestr(name, b"<worksheet><sheetData><row" if "sheet1" in name else whole.read(name))


def other_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")


FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing file": (lambda path: None, "file_missing"),
    "folder": (lambda path: path.mkdir(), "file_is_folder"),
    "0 bytes": (lambda path: path.write_bytes(b""), "file_empty"),
    "old .xls renamed": (lambda path: path.write_bytes(OLE + bytes(500) + "Workbook".encode("utf-16-le")), "file_is_old_xls"),
    "password": (lambda path: path.write_bytes(OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le")), "file_has_password"),
    "text renamed": (lambda path: path.write_text("NPSN;Nama\n1;SMP"), "file_not_workbook"),
    "truncated": (truncated, "file_damaged"),
    "damaged inside": (damaged_inside, "file_damaged"),
    "OpenDocument renamed": (other_zip, "file_of_other_program"),
}


@pytest.mark.parametrize("what", FILES)
def test_file_that_is_no_workbook_is_named_for_what_it_is(what: str, tmp_path: Path) -> None:
    make, kind = FILES[what]
    folder = tmp_path / "berkas"
    folder.mkdir()
    path = folder / "berkas.xlsx"
    make(path)
    (problem,) = problems_of(path)
    assert (problem.kind, problem.place) == (kind, "berkas.xlsx")


# --- sentences ---------------------------------------------------------------------------------------------------------------------------


OWN_CATALOGUE = {"dapodik", "rencana", "edits", "derived"}
"""Packages and modules whose sentences stand in a file of their own, which their own tests hold to their kinds."""


def kinds_in_code() -> set[str]:
    """Kinds of Problem that the readers' source names: first words of the calls that make one, and ``unknown_<kind>`` of every reference."""
    files = (
        path
        for folder in ("formats", "app")
        for path in (ROOT / "scheduler" / folder).rglob("*.py")
        if not {path.stem, path.parent.name} & OWN_CATALOGUE
    )
    source = "\n".join(path.read_text(encoding="utf-8") for path in files)
    calls = re.findall(r"(?:Problem|CellFaultError|\.error|\.note|\.problem)\(\s*(?:\[Problem\()?\"(\w+)\"", source)
    calls += re.findall(r"twice\(\s*view,\s*\"(\w+)\"", source) + re.findall(r"return \"(file_\w+)\"", source)
    calls += re.findall(r"\"((?:json|xhstt|fet)_\w+)\"", source)
    references = REFERENCES - {Kind.POLICY, Kind.LINEARITY}
    return set(calls) | {f"unknown_{kind}{near}" for kind in references for near in ("", "_near")} | {"unknown_unit", "unknown_unit_near"}


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_kind_of_problem_has_its_sentence_and_every_sentence_its_kind(lang: str) -> None:
    known = kinds_in_code() | {"file_has_password", "file_is_old_xls", "file_damaged", "file_of_other_program"}
    assert set(SENTENCES[lang]) == known


def test_both_languages_name_the_same_facts() -> None:
    def fields(sentence: str) -> set[str]:
        return set(re.findall(r"\{(\w+)\}", sentence))

    assert {kind: fields(s) for kind, s in SENTENCES["id"].items()} == {kind: fields(s) for kind, s in SENTENCES["en"].items()}
