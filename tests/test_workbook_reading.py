"""What a workbook may look like, and what is read from it."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from scheduler.domain.entities import AssignmentKind, Position, Presence, SlotKind
from scheduler.domain.instance import Instance
from scheduler.domain.problem import Problem, Severity
from scheduler.formats.columns import key
from scheduler.formats.sheets import SHEETS
from scheduler.formats.workbook import read_workbook
from tests.workbook_good import HOME, PARTNER, START, good_workbook, saved

Read = Callable[[Workbook], tuple[Instance, tuple[Problem, ...]]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    return lambda book: read_workbook(saved(book, tmp_path))


def kinds(notes: tuple[Problem, ...]) -> set[str]:
    assert all(note.severity is Severity.NOTE for note in notes)
    return {note.kind for note in notes}


# --- the good workbook -------------------------------------------------------------------------------------------------------------------


def test_settings_are_read_with_the_policys_numbers(read: Read) -> None:
    instance, _ = read(good_workbook())
    settings = instance.settings
    assert (settings.school_year, settings.semester, settings.main_school, settings.start_date) == ("2026/2027", "Ganjil", HOME, START)
    assert settings.overrides == {"min_jtm": "20"}


def test_nip_keeps_every_digit_and_leading_zeros(read: Read) -> None:
    ani = read(good_workbook())[0].teacher("G01")
    assert (ani.nip, ani.nuptk) == ("198701012010012001", "0123456789012345")


def test_names_in_every_form_lead_to_the_same_teacher(read: Read) -> None:
    forms = ("G01", "g01", "Ani, S.Pd", "Ani, S.Pd (G01)", "Ani, S.Pd (198701012010012001)", "ani s.pd", "198701012010012001")
    for form in forms:
        book = good_workbook()
        book["Penugasan"]["D2"] = form
        assert read(book)[0].assignments[0].teacher == "G01", form


def test_several_names_in_a_cell_may_hold_commas_themselves(read: Read) -> None:
    book = good_workbook()
    book["Tugas Tambahan"]["F4"] = "Ani, S.Pd, Budi, M.Pd; Citra\nG04"
    assert read(book)[0].duties[2].candidates == ("G01", "G02", "G03", "G04")


def test_subjects_are_found_by_name_short_form_alias_and_dapodiks_name(read: Read) -> None:
    for form in ("Ilmu Pengetahuan Alam", "IPA", "ipa", "Ilmu Pengetahuan Alam (IPA)", "Sains"):
        book = good_workbook()
        book["Struktur"]["C2"] = form
        assert read(book)[0].structure[0].subject == "ipa", form


def test_certificates_are_found_by_field_code_and_name(read: Read) -> None:
    for form in ("ipa", "Ilmu Pengetahuan Alam", "097", 97, "Pendidikan IPA"):
        book = good_workbook()
        book["Guru"]["G2"] = form
        assert read(book)[0].teacher("G01").certificate == "ipa", form


def test_roman_and_arabic_names_of_a_rombel_are_one(read: Read) -> None:
    book = good_workbook()
    book["Kelompok"]["C2"] = "VII-A, 7 b"
    assert read(book)[0].groups[0].rombels == ("7A", "7B")


def test_schools_may_be_named_instead_of_numbered(read: Read) -> None:
    book = good_workbook()
    book["Pengaturan"]["B5"] = "SMP Satu"
    book["Rombel"]["A2"] = "smp satu"
    book["Jarak"]["B2"] = int(PARTNER)
    instance, _ = read(book)
    assert (instance.settings.main_school, instance.rombels[0].school, instance.distances[0].destination) == (HOME, HOME, PARTNER)


def test_duty_may_carry_its_unit(read: Read) -> None:
    wali = read(good_workbook())[0].duties[1]
    assert (wali.duty, wali.unit, wali.holders) == ("wali_kelas", "7B", ("G02",))


def test_a_weekday_is_the_first_free_unit_of_the_picket_of_that_day(read: Read) -> None:
    book = good_workbook()
    book["Tugas Tambahan"].append([HOME, "Guru Piket", "Senin", None, None, None, "G01"])
    assert read(book)[0].duties[3].unit == "Senin 1"


@pytest.mark.parametrize(
    ("written", "minutes"), [("07.15", 435), ("7:15", 435), (7.15, 435), (datetime(1900, 1, 1, 7, 15), 435), (435 / 1440, 435), ("07:15:00", 435)]
)
def test_clock_times_in_every_form(written: object, minutes: int, read: Read) -> None:
    book = good_workbook()
    book["Waktu"]["D5"].number_format = "General"
    book["Waktu"]["D5"] = written
    assert read(book)[0].slots[3].start == minutes


@pytest.mark.parametrize("written", ["13-07-2026", "2026-07-13", "13/7/2026", "13.07.2026", datetime(2026, 7, 13)])
def test_dates_in_every_form(written: object, read: Read) -> None:
    book = good_workbook()
    book["Guru"]["K2"], book["Guru"]["L2"] = "Aktif", written
    assert read(book)[0].teacher("G01").presence_until == date(2026, 7, 13)


def test_choices_are_read_whatever_the_capitals(read: Read) -> None:
    book = good_workbook()
    book["Guru"]["F3"], book["Guru"]["K6"] = "PLT. kepala sekolah", "TUGAS BELAJAR"
    instance, _ = read(book)
    assert (instance.teacher("G02").position, instance.teacher("G05").presence) == (Position.ACTING_PRINCIPAL, Presence.STUDY)


def test_slots_stand_in_the_order_of_the_clock(read: Read) -> None:
    # Row 6 is an earlier break, written last: it comes between the hours 1 (to 08.35) and 2 (moved to 08.50).
    book = good_workbook()
    book["Waktu"]["D4"], book["Waktu"]["E4"] = "08.50", "09.30"
    book["Waktu"].append(["pagi", "Senin", None, "08.35", "08.50", "Istirahat"])
    monday = sorted((s for s in read(book)[0].slots if s.day == "Senin"), key=lambda slot: slot.order)
    assert [slot.kind for slot in monday] == [SlotKind.CEREMONY, SlotKind.LESSON, SlotKind.BREAK, SlotKind.LESSON]


def test_former_assignments_are_kept(read: Read) -> None:
    assert read(good_workbook())[0].assignments[3].kind is AssignmentKind.FORMER


# --- curriculum and own subjects -----------------------------------------------------------------------------------------------------------


def test_rombel_without_structure_takes_the_shipped_curriculum(read: Read) -> None:
    book = good_workbook()
    book["Rombel"]["C4"], book["Rombel"]["D4"] = 9, "merdeka_smp_2025"
    book["Penugasan"].delete_rows(5)
    instance, notes = read(book)
    shipped = [row for row in instance.structure if row.curriculum == "merdeka_smp_2025"]
    assert {row.grade for row in shipped} == {9}
    # Matematika of grade IX: 4 + 1 JP, recognised up to these 5, in lessons of 2 + 2 + 1.
    (mathematics,) = (row for row in shipped if row.subject == "matematika")
    assert (mathematics.jp, mathematics.structure_max_jp, mathematics.blocks) == (5, 5, (2, 2, 1))
    assert "structure_from_curriculum" in kinds(notes)


def test_rows_of_a_shipped_curriculum_keep_its_limit(read: Read) -> None:
    book = good_workbook()
    book["Rombel"]["D4"] = "merdeka_smp_2025"
    book["Struktur"].append(["merdeka_smp_2025", 8, "Matematika", 6, 1, None])
    book["Struktur"].append(["merdeka_smp_2025", 8, "IPA", 4, 1, None])
    instance, _ = read(book)
    (mathematics,) = (row for row in instance.structure if (row.curriculum, row.subject) == ("merdeka_smp_2025", "matematika"))
    assert (mathematics.jp, mathematics.structure_max_jp) == (7, 5)


def test_k13_recognises_two_extra_hours_of_a_class(read: Read) -> None:
    # K13: Matematika 5, IPA 5. With 6 and 7 the class has three hours more than the structure; two of them count: 5 + 1 and 5 + 1.
    book = good_workbook()
    book["Rombel"]["D4"] = "k13_smp"
    book["Struktur"].append(["k13_smp", 8, "Matematika", 6, 0, None])
    book["Struktur"].append(["k13_smp", 8, "IPA", 7, 0, None])
    limits = {row.subject: row.structure_max_jp for row in read(book)[0].structure if row.curriculum == "k13_smp"}
    assert limits == {"matematika": 6, "ipa": 6}


def test_own_subject_gets_an_id_and_a_short_code(read: Read) -> None:
    book = good_workbook()
    book["Struktur"].append(["k", 7, "Baca Tulis Melayu", 2, None, None])
    book["Struktur"].append(["k", 8, "Tari Sekapur (TS)", 1, None, None])
    book["Guru"]["H3"] = "Baca Tulis Melayu, TS"
    instance, notes = read(book)
    own = [(s.id, s.name, s.short) for s in instance.subjects if s.own]
    assert own == [("baca_tulis_melayu", "Baca Tulis Melayu", "BTM"), ("tari_sekapur", "Tari Sekapur", "TS")]
    assert instance.teacher("G02").may_teach == ("baca_tulis_melayu", "tari_sekapur")
    assert "own_subject" in kinds(notes)


def test_short_code_says_that_a_subject_is_another_one(read: Read) -> None:
    book = good_workbook()
    book["Struktur"].append(["k", 7, "Bahasa Ingris (BIK)", 2, None, None])
    assert read(book)[0].structure[-1].subject == "bahasa_ingris"


# --- shape of the file -----------------------------------------------------------------------------------------------------------------------


def test_english_headers_and_sheet_names_are_understood_and_noted(read: Read) -> None:
    book = good_workbook()
    expected, _ = read(good_workbook())
    for sheet in SHEETS:
        sheet_of_book = book[sheet.name]
        for cell in sheet_of_book[1]:
            column = next(c for c in sheet.columns if key(str(cell.value)) in {key(name) for name in c.names})
            cell.value = column.english
        sheet_of_book.title = sheet.english
    instance, notes = read(book)
    assert instance == expected
    assert "header_alias" in kinds(notes)


def test_capitals_blanks_and_stars_in_headers_are_no_matter(read: Read) -> None:
    book = good_workbook()
    book["Guru"]["E1"] = "  npsn   INDUK *"
    instance, notes = read(book)
    assert instance.teacher("G01").home == HOME
    assert "header_alias" not in kinds(notes)


def test_header_may_stand_below_a_title(read: Read) -> None:
    book = good_workbook()
    book["Guru"].insert_rows(1, 3)
    book["Guru"]["A1"] = "DAFTAR GURU"
    book["Guru"].merge_cells("A1:D1")
    assert len(read(book)[0].teachers) == 5


def test_personal_columns_are_named_but_not_read(read: Read) -> None:
    book = good_workbook()
    sheet = book["Guru"]
    sheet["N1"], sheet["N2"], sheet["O1"], sheet["O2"] = "NIK", "1571012345678901", "Nama Ibu Kandung", "Siti"
    instance, notes = read(book)
    said = [note for note in notes if note.kind == "personal_column_not_read"]
    assert [note.facts["value"] for note in said] == ["NIK", "Nama Ibu Kandung"]
    assert "1571012345678901" not in repr((instance, notes))


def test_blank_and_hidden_rows_do_not_stop_the_reading(read: Read) -> None:
    book = good_workbook()
    book["Rombel"].append([])
    book["Rombel"].append([HOME, "8B", 8, "k"])
    book["Rombel"].row_dimensions[6].hidden = True
    instance, notes = read(book)
    assert [rombel.name for rombel in instance.rombels] == ["7A", "7B", "8A", "8B"]
    assert "hidden_rows_read" in kinds(notes)


def test_unknown_sheet_is_left_unread_and_noted(read: Read) -> None:
    book = good_workbook()
    book.create_sheet("Absensi Siswa")["A1"] = "apa saja"
    assert "sheet_not_read" in kinds(read(book)[1])


def test_empty_workbook_says_which_sheets_are_missing(tmp_path: Path) -> None:
    from scheduler.errors import InputError

    with pytest.raises(InputError) as caught:
        read_workbook(saved(Workbook(), tmp_path))
    assert [(p.kind, p.sheet) for p in caught.value.problems] == [(("missing_sheet"), name) for name in ("Guru", "Rombel", "Sekolah")]


def test_formatting_down_to_the_last_row_does_not_slow_the_reading(tmp_path: Path) -> None:
    blank = b'<row r="%d"><c r="A%d"/><c r="B%d" t="str"><f>IF(1,"","")</f><v></v></c></row>'
    rows = b"".join(blank % (r, r, r) for r in [*range(5, 150_000), 1_048_576])
    source, path = saved(good_workbook(), tmp_path), tmp_path / "besar.xlsx"
    with zipfile.ZipFile(source) as small, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as large:
        for name in small.namelist():
            content = small.read(name)
            if name == "xl/worksheets/sheet3.xml":
                content = content.replace(b"</sheetData>", rows + b"</sheetData>")
            large.writestr(name, content)
    started = time.perf_counter()
    instance, _ = read_workbook(path)
    assert len(instance.rombels) == 3
    assert time.perf_counter() - started < 5


def test_formula_that_gives_an_empty_text_is_a_blank_cell(tmp_path: Path) -> None:
    source, path = saved(good_workbook(), tmp_path), tmp_path / "rumus.xlsx"
    with zipfile.ZipFile(source) as plain, zipfile.ZipFile(path, "w") as changed:
        for name in plain.namelist():
            content = plain.read(name)
            if name == "xl/worksheets/sheet3.xml":
                content = content.replace(b'<c r="E2" t="n"><v>25</v></c>', b'<c r="E2" t="str"><f>IF(1,"",5)</f><v></v></c>')
                assert b"<f>" in content
            changed.writestr(name, content)
    assert read_workbook(path)[0].rombels[0].students is None


# --- notes -----------------------------------------------------------------------------------------------------------------------------------


def edited(changes: dict[str, Any]) -> Workbook:
    book = good_workbook()
    for place, value in changes.items():
        sheet, cell = place.split("!")
        book[sheet][cell] = value
    return book


@pytest.mark.parametrize(
    ("changes", "kind", "place"),
    [
        ({"Rombel!E2": 35}, "students_outside_range", "Rombel!E2"),
        ({"Guru!C3": "123"}, "unusual_length", "Guru!C3"),
        ({"Guru!E6": "20000009"}, "home_outside", "Guru!E6"),
        ({"Guru!K6": "Cuti", "Guru!M1": "Sejak", "Guru!M2": None, "Guru!M3": None, "Guru!M6": "01-09-2026"}, "presence_begins_later", "Guru!M6"),
        ({"Guru!K6": "Cuti", "Guru!L6": "01-07-2026"}, "presence_has_ended", "Guru!L6"),
        ({"Guru!F3": "Kepala Sekolah", "Guru!F4": "Kepala Sekolah"}, "several_principals", "Guru!F4"),
        ({"Sekolah!E2": None}, "school_without_bell", "Sekolah!E2"),
        ({"Tugas Tambahan!A5": HOME, "Tugas Tambahan!B5": "organisasi_kabupaten"}, "personal_duty_without_holder", "Tugas Tambahan!G5"),
        ({"Tugas Tambahan!A3": PARTNER, "Tugas Tambahan!B3": "Pembina OSIS"}, "holder_from_elsewhere", "Tugas Tambahan!G3"),
        ({"Penugasan!C5": "IPS"}, "former_subject_ended", "Penugasan!C5"),
        ({"Penugasan!D5": "G05", "Penugasan!E5": "Dinas"}, "order_without_effect", "Penugasan!E5"),
        ({"Kelompok!E3": 2}, "parallel_groups_differ", "Kelompok!E3"),
        ({"Struktur!A8": "lain", "Struktur!B8": 7, "Struktur!C8": "IPA", "Struktur!D8": 4}, "structure_without_rombel", "Struktur!B8"),
        ({"Pengaturan!B5": None}, "main_school_assumed", "Pengaturan"),
    ],
)
def test_what_is_odd_but_possible_is_a_note(changes: dict[str, Any], kind: str, place: str, read: Read) -> None:
    _, notes = read(edited(changes))
    assert place in {note.place for note in notes if note.kind == kind}


def test_whole_district_is_said_outright(read: Read) -> None:
    instance, notes = read(edited({"Pengaturan!B5": "Semua sekolah"}))
    assert instance.settings.main_school == ""
    assert "main_school_assumed" not in kinds(notes)


def test_column_names_of_a_sheet_are_distinct() -> None:
    for sheet in SHEETS:
        names = [(key(name), column.field) for column in sheet.columns for name in dict.fromkeys(key(n) for n in column.names)]
        assert len({name for name, _ in names}) == len(names), sheet.name
