"""Letters of a plan: the decree with its annexes, the Dinas's orders and the statements of teaching, as .docx."""

from __future__ import annotations

import io
import json
import shutil
import struct
import subprocess
import tomllib
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from docx import Document
from docx.oxml.ns import qn
from docx.table import Table
from openpyxl import load_workbook

from scheduler.app.exits import Exit
from scheduler.cli.commands import build as commands
from scheduler.domain.entities import Position, Rombel, Teacher
from scheduler.domain.instance import Settings
from scheduler.domain.plan import PartnerAlone, Plan, TeacherLoad
from scheduler.errors import CheckerDisagreementError, InputError
from scheduler.formats.json import read_plan, write_instance, write_plan
from scheduler.formats.workbook import read_workbook
from scheduler.formats.workbook_writer import write_workbook
from scheduler.policy.case import Case
from scheduler.policy.load import curriculum_ids, linearity_ids, load_law, policy_ids
from scheduler.report.letters.annexes import LEAST_CLASS_MM
from scheduler.report.letters.desk import Desk
from scheduler.report.letters.division import division, refuse_wrong_sums
from scheduler.report.letters.grid import printable
from scheduler.report.letters.letterhead import Letterhead
from scheduler.report.letters.paper import MILLIMETRES, Size
from scheduler.report.letters.wording import ALWAYS, known_law, law_in_force, listed, own_law, shipped_wording
from scheduler.report.letters.write import numbered, safe, write_letters
from scheduler.report.tables import Tables
from scheduler.report.text import Text
from scheduler.report.words import Words
from scheduler.verify.hours import teacher_loads
from tests import build
from tests.rules import plans

ROOT = Path(__file__).resolve().parent.parent
FILLED = {
    "Pemerintah Daerah": "Pemerintah Kabupaten Rekaan",
    "Dinas": "Dinas Pendidikan Rekaan",
    "Nomor SK": "800/12/2026",
    "Tanggal SK": "2026-07-13",
    "Tempat": "Rekaan Dalam",
    "Tanggal Rapat": "11/07/2026",
    "Nama Kepala Sekolah": "Kepala Karangan",
    "NIP Kepala Sekolah": "197001011995011001",
}
VISITED = "2/7A/IPA"


def teachers(names: Mapping[str, str] | None = None) -> tuple[Teacher, ...]:
    """A teaches IPA at home and in 7A of school 2, B IPS at home, BK guides; K belongs to school 2."""
    people = (
        build.teacher("A", "ipa", nip="198001012005011001", rank="Penata, III/c", employment="PNS"),
        build.teacher("B", "ips"),
        build.counsellor("BK"),
        build.teacher("K", "ips", home="2"),
    )
    return tuple(replace(person, name=(names or {}).get(person.code, person.name)) for person in people)


def two_schools(
    letterhead: Mapping[str, str] | None = None, main: str = "1", names: Mapping[str, str] | None = None, policy: str = plans.CURRENT
) -> tuple[Case, Plan]:
    """School 1 with 7A and 7B, school 2 with 7A; 5 JP of IPA and 4 of IPS in each class, and nobody has IPS of 7B.

    A: IPA of both classes and of 7A of school 2 = 10 + 5, wali kelas 7A (2) and guru wali (2). B: IPS of 7A. BK guides 7A and 7B.
    """
    settings = Settings("2026/2027", "Ganjil", main_school=main, letterhead=dict(letterhead or {}))
    case = plans.small_case(
        {"ipa": (4, 1), "ips": 4},
        teachers(names),
        duties=[build.duty("wali_kelas", minimum=0)],
        policy=policy,
        schools=(build.school(address="Jalan Mawar 1"), build.school("2", partner=bool(main))),
        rombels=(*build.rombels({7: 2}), *build.rombels({7: 1}, "2")),
        assignments=(build.locked("A", "7A", "ipa", "2"),),
        settings=settings,
    )
    taught = {"1/7A/IPA": "A", "1/7B/IPA": "A", VISITED: "A", "1/7A/IPS": "B", "2/7A/IPS": "K", "1/7A/BK": "BK", "1/7B/BK": "BK"}
    partners = (PartnerAlone("2", 0, ()),) if main else (PartnerAlone("1", 0, ()), PartnerAlone("2", 0, ()))
    return case, plans.plan(case, taught, [("wali_kelas", "7A", "A")], partners=partners)


def files_of(folder: Path, case: Case, plan: Plan) -> list[str]:
    write_instance(case.instance, folder / "sekolah.json")
    write_plan(plan, folder / "plan.json")
    return [str(folder / "sekolah.json"), str(folder / "plan.json")]


def run(folder: Path, case: Case, plan: Plan, *options: str, lang: str = "id") -> Result:
    return CliRunner().invoke(commands(lang), ["letters", *files_of(folder, case, plan), "-o", str(folder / "surat"), *options])


def made(folder: Path, case: Case, plan: Plan, *options: str, lang: str = "id") -> Path:
    """The folder of letters that the command has written."""
    result = run(folder, case, plan, *options, lang=lang)
    assert result.exit_code == Exit.OK, result.output
    return folder / "surat"


def words_of(path: Path) -> str:
    """Every word of a letter, paragraphs and cells in their order."""
    body = Document(str(path)).element.body
    return "\n".join("".join(text.text or "" for text in paragraph.iter(qn("w:t"))) for paragraph in body.iter(qn("w:p")))


def table_under(path: Path, heading: str) -> Table:
    """The first table that has a heading."""
    return next(table for table in Document(str(path)).tables if any(heading in cell.text for row in table.rows[:3] for cell in row.cells))


def rows_of(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def row_of(rows: Sequence[Sequence[str]], name: str) -> Sequence[str]:
    return next(row for row in rows if any(name in cell for cell in row))


def desk_of(case: Case, plan: Plan) -> Desk:
    return Desk(Letterhead(Words(Tables(case, plan), Text("id"))), shipped_wording("id"))


# --- the sums of Lampiran I ------------------------------------------------------------------------------------------------------------------


def test_totals_of_the_matrix_are_those_of_the_checker(tmp_path: Path) -> None:
    case, plan = two_schools()
    path = made(tmp_path, case, plan) / "SK-pembagian-tugas-1.docx"
    row = row_of(rows_of(table_under(path, "JP PER KELAS")), "Guru A")
    load = next(load for load in teacher_loads(case, plan) if load.teacher == "A")
    # 10 JP at home and 5 at school 2; wali kelas 2 and guru wali 2.
    assert (load.home_jtm, load.partner_jtm, load.duty_jtm + load.guru_wali_jtm) == (10, 5, 4)
    assert [row[-5], row[-4], row[-2], row[-1]] == ["5", "15", "4", "19"]


def test_totals_of_the_formal_table_are_those_of_the_checker(tmp_path: Path) -> None:
    case, plan = two_schools()
    path = made(tmp_path, case, plan, "--form", "resmi") / "SK-pembagian-tugas-1.docx"
    row = row_of(rows_of(table_under(path, "SKLH LAIN")), "Guru A")
    assert row[4:10] == ["7A, 7B (10)", "SMP 2: IPA 7A (5)", "15", "Wali kelas 7A (2)\nGuru wali (2)", "4", "19"]


def test_foot_of_a_class_is_its_structure_with_what_nobody_teaches_in_sight(tmp_path: Path) -> None:
    case, plan = two_schools()
    rows = rows_of(table_under(made(tmp_path, case, plan) / "SK-pembagian-tugas-1.docx", "JP PER KELAS"))
    assert row_of(rows, "BELUM ADA GURU")[6:8] == ["", "4"]
    # 5 IPA + 4 IPS in each class, the uncovered IPS of 7B included.
    assert rows[-1][6:8] == ["9", "9"]


def test_hours_without_a_teacher_are_said_on_the_screen(tmp_path: Path) -> None:
    assert "PERHATIAN: 4 JP belum ada gurunya" in run(tmp_path, *two_schools()).output


def test_counsellor_is_counted_in_classes(tmp_path: Path) -> None:
    case, plan = two_schools()
    row = row_of(rows_of(table_under(made(tmp_path, case, plan) / "SK-pembagian-tugas-1.docx", "JP PER KELAS")), "Guru BK")
    assert row[6:10] == ["✓", "✓", "", "2✓"]


@pytest.mark.parametrize("field", ["home_jtm", "partner_jtm", "duty_jtm", "guru_wali_jtm"])
def test_sum_that_differs_from_the_checker_refuses_every_letter(field: str) -> None:
    case, plan = two_schools()
    loads: list[TeacherLoad] = [replace(load, **{field: getattr(load, field) + 1}) for load in teacher_loads(case, plan)]
    tables = Tables(case, plan)
    with pytest.raises(CheckerDisagreementError, match=f"A {field}"):
        refuse_wrong_sums(tables, [division(tables, "1")], loads)


@pytest.mark.parametrize("name", ["smp-3", "smp-6", "taman-rajo", "smp-27", "mts-9"])
def test_every_row_of_a_shipped_solution_is_in_the_decree_with_the_hours_of_the_checker(name: str) -> None:
    instance = read_workbook(ROOT / "instances" / name / "sekolah.xlsx")[0]
    case, plan = Case(instance, load_law(instance.settings)), read_plan(ROOT / "solutions" / name / "plan.json")
    loads = teacher_loads(case, plan)
    school = instance.settings.main_school or instance.schools[0].npsn
    letters = write_letters(desk_of(case, plan), loads, [school], two_decrees=False)
    document = Document(io.BytesIO(letters[0].content))
    table = next(t for t in document.tables if any("TOTAL" in cell.text for cell in t.rows[0].cells))
    total = int(table.rows[-1].cells[-1].text)
    own = [load for load in loads if load.home_school == school]
    posts = sum(case.policy.principal_jtm for load in own if case.teachers[load.teacher].position is Position.PRINCIPAL)
    visitors = sum(a.jp for a in plan.assignments if a.school == school and a.teacher and case.teachers[a.teacher].home != school)
    assert total == sum(load.home_jtm + load.partner_jtm + load.duty_jtm + load.guru_wali_jtm for load in own) + posts + visitors


# --- letterhead, numbers, dates --------------------------------------------------------------------------------------------------------------


def test_letterhead_number_date_and_signature_come_from_the_settings(tmp_path: Path) -> None:
    words = words_of(made(tmp_path, *two_schools(FILLED)) / "SK-pembagian-tugas-1.docx")
    for expected in (
        "PEMERINTAH KABUPATEN REKAAN",
        "NOMOR : 800/12/2026",
        "Ditetapkan di : Rekaan Dalam",
        "Pada tanggal : 13 Juli 2026",
        "tanggal 11 Juli 2026",
        "Kepala Karangan",
        "NIP 197001011995011001",
    ):
        assert expected in words
    assert "NOMOR : ..." not in words


def test_what_is_not_known_becomes_dots_and_is_listed(tmp_path: Path) -> None:
    case, plan = two_schools({**FILLED, "Nomor SK": "", "Tempat": ""})
    result = run(tmp_path, case, plan)
    words = words_of(tmp_path / "surat" / "SK-pembagian-tugas-1.docx")
    assert "NOMOR : ...................." in words
    assert "Ditetapkan di : ...................." in words
    assert {"  Nomor SK", "  Tempat"} <= set(result.output.splitlines())
    assert "  Tanggal SK" not in result.output.splitlines()


def test_partner_school_signs_with_its_own_keys_and_never_with_those_of_the_main_school(tmp_path: Path) -> None:
    own = {"Nomor SK (2)": "421/9/2026", "Nama Kepala Sekolah (2)": "Kepala Dua", "Tempat (2)": "Rukam"}
    folder = made(tmp_path, *two_schools({**FILLED, **own}))
    words = words_of(folder / "Keterangan-mengajar-A-2.docx")
    assert all(expected in words for expected in ("421/9/2026", "Kepala Dua", "Dikeluarkan di : Rukam"))
    assert "Kepala Karangan" not in words
    assert "800/12/2026" not in words


def test_principal_of_the_sheet_signs_where_the_settings_name_nobody(tmp_path: Path) -> None:
    case, plan = two_schools()
    head = build.teacher("H", home="1", position=Position.PRINCIPAL, name="Kepala di Lembar Guru")
    case = Case(replace(case.instance, teachers=(*case.instance.teachers, head)), case.law)
    assert "Kepala di Lembar Guru" in words_of(made(tmp_path, case, plans.recorded(case, plan)) / "SK-pembagian-tugas-1.docx")


def settings_of(folder: Path, letterhead: Mapping[str, str]) -> Settings:
    """Settings written to a workbook and read again."""
    case, _ = two_schools(letterhead)
    write_workbook(case.instance, folder / "sekolah.xlsx")
    return read_workbook(folder / "sekolah.xlsx")[0].settings


def test_key_of_one_school_is_written_and_read_again(tmp_path: Path) -> None:
    stated = {"Nomor SK": "800/1", "Nomor SK (2)": "421/2", "NIP Kepala Sekolah (2)": "197001011995011001", "Logo": "logo.png"}
    assert settings_of(tmp_path, stated).letterhead == stated


def test_key_of_a_school_that_is_not_there_is_refused_with_its_cell(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        settings_of(tmp_path, {"Nomor SK (99)": "421/2"})
    (problem,) = refused.value.problems
    assert (problem.kind, problem.sheet, problem.cell[:1]) == ("unknown_school", "Pengaturan", "B")


def typed(folder: Path, values: Mapping[str, object]) -> Settings:
    """Settings of a workbook into which these values were typed by hand."""
    case, _ = two_schools()
    write_workbook(case.instance, folder / "sekolah.xlsx")
    book = load_workbook(folder / "sekolah.xlsx")
    for row in book["Pengaturan"].iter_rows():
        if row[0].value in values:
            row[1].value = values[str(row[0].value)]
    book.save(folder / "sekolah.xlsx")
    return read_workbook(folder / "sekolah.xlsx")[0].settings


def test_number_that_excel_has_made_a_date_is_refused_with_its_cell(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        typed(tmp_path, {"Nomor SK": date(2026, 7, 12)})  # "12/7" was typed
    (problem,) = refused.value.problems
    assert (problem.kind, problem.sheet, problem.cell[:1]) == ("date_instead_of_text", "Pengaturan", "B")


def test_dates_numbers_and_lists_are_read_as_they_are_typed(tmp_path: Path) -> None:
    read = typed(tmp_path, {"Nomor SK": 800, "Tanggal SK": date(2026, 7, 13), "Mengingat": "UUD 1945;\nUU 20/2003"}).letterhead
    assert read == {"Nomor SK": "800", "Tanggal SK": "2026-07-13", "Mengingat": "UUD 1945;\nUU 20/2003"}
    assert listed(read["Mengingat"]) == ("UUD 1945", "UU 20/2003")


@pytest.mark.parametrize(
    ("stated", "shown"),
    [("2026-07-13", "13 Juli 2026"), ("13/7/2026", "13 Juli 2026"), ("13.07.2026", "13 Juli 2026"), ("     Juli 2026", "     Juli 2026")],
)
def test_date_in_any_form_is_written_in_words(stated: str, shown: str) -> None:
    assert Letterhead(Words(Tables(*two_schools()), Text("id"))).in_words(stated) == shown


def test_rank_of_a_teacher_is_written_and_read_again(tmp_path: Path) -> None:
    case, _ = two_schools()
    write_workbook(case.instance, tmp_path / "sekolah.xlsx")
    assert read_workbook(tmp_path / "sekolah.xlsx")[0].teachers[0].rank == "Penata, III/c"


def png(width: int = 8, height: int = 8) -> bytes:
    """A small picture, made by hand."""
    rows = b"".join(b"\x00" + b"\x1f\x5c\x2e" * width for _ in range(height))
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in chunks)


@pytest.mark.parametrize(("width", "height", "mm"), [(8, 8, (20, 20)), (8, 16, (10, 20)), (16, 4, (20, 5))])
def test_logo_beside_the_workbook_stands_in_the_kop_and_keeps_its_shape(tmp_path: Path, width: int, height: int, mm: tuple[int, int]) -> None:
    (tmp_path / "logo.png").write_bytes(png(width, height))
    folder = made(tmp_path, *two_schools({**FILLED, "Logo": "logo.png"}))
    (logo,) = Document(str(folder / "SK-pembagian-tugas-1.docx")).inline_shapes
    assert (round(logo.width.mm), round(logo.height.mm)) == mm
    assert len(Document(str(folder / "Keterangan-mengajar-A-2.docx")).inline_shapes) == 0


@pytest.mark.parametrize("content", [b"bukan gambar", b"", png()[:20], png(0, 8), b"\xff\xd8\xff\xe0 rusak"])
def test_logo_that_is_no_picture_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "logo.png").write_bytes(content)
    result = run(tmp_path, *two_schools({"Logo": "logo.png"}))
    assert (result.exit_code, "bukan gambar PNG" in result.output) == (Exit.NOT_UNDERSTOOD, True)
    assert not (tmp_path / "surat").exists()


# --- schools, decrees, partner schools -------------------------------------------------------------------------------------------------------


def test_two_decrees_divide_the_annexes_and_have_numbers_of_their_own(tmp_path: Path) -> None:
    folder = made(tmp_path, *two_schools({**FILLED, "Nomor SK Tugas Tambahan": "800/13/2026"}), "--two-decrees")
    teaching, duties = (words_of(folder / f"SK-tugas-{name}-1.docx") for name in ("mengajar", "tambahan"))
    assert ("800/12/2026" in teaching, "JP PER KELAS" in teaching, "WALI KELAS DAN GURU WALI" in teaching) == (True, True, False)
    assert ("800/13/2026" in duties, "JP PER KELAS" in duties, "WALI KELAS DAN GURU WALI" in duties) == (True, False, True)


def test_teacher_at_a_partner_school_gets_an_order_and_a_statement(tmp_path: Path) -> None:
    folder = made(tmp_path, *two_schools(FILLED))
    assert sorted(path.name for path in folder.iterdir()) == ["Keterangan-mengajar-A-2.docx", "SK-pembagian-tugas-1.docx", "Surat-tugas-A.docx"]
    order = rows_of(table_under(folder / "Surat-tugas-A.docx", "KEDUDUKAN"))
    assert [row[1:] for row in order[1:]] == [
        ["SMP 1", "induk", "", "10"],
        ["SMP 2", "tambahan", "Ilmu Pengetahuan Alam: 7A", "5"],
        ["JUMLAH", "JUMLAH", "JUMLAH", "15"],
    ]
    statement = rows_of(table_under(folder / "Keterangan-mengajar-A-2.docx", "JP PER MINGGU"))
    assert statement[1] == ["1", "Ilmu Pengetahuan Alam", "7A", "5"]


def test_every_school_of_a_district_has_a_decree_of_its_own(tmp_path: Path) -> None:
    case, plan = two_schools({**FILLED, "Nomor SK (1)": "421/1", "Nomor SK (2)": "421/2"}, main="")
    folder = made(tmp_path, case, plan)
    first, second = (words_of(folder / npsn / f"SK-pembagian-tugas-{npsn}.docx") for npsn in ("1", "2"))
    assert ("NOMOR : 421/1" in first, "NOMOR : 421/2" in second) == (True, True)
    assert "(guru dari SMP 1; hanya jam di sekolah ini)" in second
    assert (folder / "2" / "Keterangan-mengajar-A-2.docx").exists()


def test_number_of_one_decree_is_never_given_to_the_schools_of_a_district(tmp_path: Path) -> None:
    folder = made(tmp_path, *two_schools(FILLED, main=""), "--school", "2")
    assert "800/12/2026" not in words_of(folder / "SK-pembagian-tugas-2.docx")


def test_unknown_school_is_named_with_those_there_are(tmp_path: Path) -> None:
    result = run(tmp_path, *two_schools(), "--school", "9")
    assert (result.exit_code, 'sekolah "9"' in result.output) == (Exit.NOT_UNDERSTOOD, True)


def test_guru_wali_share_the_pupils_evenly(tmp_path: Path) -> None:
    words = words_of(made(tmp_path, *two_schools()) / "SK-pembagian-tugas-1.docx")
    # 25 + 25 pupils, guru wali A and B (no guru BK): 25 each.
    assert "50 murid dibagi rata kepada 2 guru wali: 25 murid setiap guru wali" in words


def test_ruleset_without_guru_wali_has_none_in_its_decree(tmp_path: Path) -> None:
    words = words_of(made(tmp_path, *two_schools(policy="permendikbud15_2018")) / "SK-pembagian-tugas-1.docx")
    assert "Menugaskan guru sebagai wali kelas sebagaimana" in words
    assert "GURU WALI" not in words


# --- the law ---------------------------------------------------------------------------------------------------------------------------------


def test_decree_rests_on_the_current_law_and_no_item_of_it_is_marked(tmp_path: Path) -> None:
    case, plan = two_schools()
    merdeka = tuple(replace(rombel, curriculum="merdeka_smp_2025") for rombel in case.instance.rombels)
    current = Case(replace(case.instance, rombels=merdeka), case.law)
    texts = " ".join(item.text for item in law_in_force(current, "1"))
    assert all(number in texts for number in ("Nomor 11 Tahun 2025", "Nomor 13 Tahun 2025", "221/P/2025", "222/O/2025", "Nomor 19 Tahun 2017"))
    assert "15 Tahun 2018" not in texts
    assert not [item for item in law_in_force(current, "1") if item.is_doubtful]
    assert "belum diverifikasi" not in words_of(made(tmp_path, case, plan) / "SK-pembagian-tugas-1.docx")


def test_unverified_item_is_marked_in_the_decree_and_named_on_the_screen(tmp_path: Path) -> None:
    case, plan = two_schools()
    k13 = tuple(replace(rombel, curriculum="k13_smp") for rombel in case.instance.rombels)
    rows = tuple(replace(row, curriculum="k13_smp") for row in case.instance.structure)
    old = Case(replace(case.instance, rombels=k13, structure=rows), case.law)
    result = run(tmp_path, old, plans.recorded(old, plan))
    assert "35 Tahun 2018; [belum diverifikasi]" in words_of(tmp_path / "surat" / "SK-pembagian-tugas-1.docx")
    assert "Belum diverifikasi, ditandai kuning" in result.output


def test_law_that_has_been_replaced_is_marked_wherever_it_comes_from(tmp_path: Path) -> None:
    stale = "Permendikbud Nomor 15 Tahun 2018 tentang Pemenuhan Beban Kerja Guru"
    assert own_law(stale).replaced_by == "Permendikdasmen 11/2025"
    folder = made(tmp_path, *two_schools({"Mengingat": f"UUD 1945\n{stale}"}))
    words = words_of(folder / "SK-pembagian-tugas-1.docx")
    assert "UUD 1945;" in words
    assert "Beban Kerja Guru. [sudah diganti Permendikdasmen 11/2025; periksa]" in words
    assert "Nomor 14 Tahun 2005" not in words


def test_every_ruleset_curriculum_and_table_of_the_law_is_known() -> None:
    bases = {base for law in known_law() for base in law.bases}
    assert bases <= {ALWAYS, *policy_ids(), *curriculum_ids(), *linearity_ids()}
    assert set(policy_ids()) <= bases
    assert all(law.source and law.confidence in "ABC" for law in known_law())
    assert all(law.number and law.number in law.text for law in known_law() if law.replaced_by)


# --- the wording -----------------------------------------------------------------------------------------------------------------------------


def test_wording_is_written_changed_and_read(tmp_path: Path) -> None:
    case, plan = two_schools()
    own = tmp_path / "naskah.toml"
    assert "Naskah SK untuk diubah" in run(tmp_path, case, plan, "--wording", str(own)).output
    assert tomllib.loads(own.read_text(encoding="utf-8"))["mengingat"][0]["keyakinan"] == "A"
    text = own.read_text(encoding="utf-8").replace("Program Kerja {sekolah}", "Rencana Kerja {sekolah}")
    own.write_text(text + '\n[[mengingat]]\nteks = "Peraturan Bupati Nomor 7"\n', encoding="utf-8")
    words = words_of(made(tmp_path, case, plan, "--wording", str(own)) / "SK-pembagian-tugas-1.docx")
    assert "Rencana Kerja SMP 1 Tahun Pelajaran 2026/2027;" in words
    assert "Peraturan Bupati Nomor 7." in words


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{tanggal_rapat}", "{tanggal_rapt}", "memperhatikan: kurung kurawal"),
        ("{tanggal_rapat}", "{0}", "memperhatikan: kurung kurawal"),
        ("{tanggal_rapat}", "{tanggal_rapat", "memperhatikan: kurung kurawal"),
        ("memperhatikan =", "memperhatian =", "memperhatian"),
        ("memperhatikan =", "memperhatikan", "bukan TOML yang benar"),
        ('tembusan = ["Kepala {dinas}", "Yang bersangkutan"]', "tembusan = 3", "tembusan"),
    ],
)
def test_wording_that_cannot_be_used_is_refused_with_its_place(tmp_path: Path, old: str, new: str, words: str) -> None:
    case, plan = two_schools()
    own = tmp_path / "naskah.toml"
    run(tmp_path, case, plan, "--wording", str(own))
    own.write_text(own.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    result = run(tmp_path, case, plan, "--wording", str(own))
    assert (result.exit_code, words in result.output) == (Exit.NOT_UNDERSTOOD, True), result.output


# --- what is refused, kept, repeated ---------------------------------------------------------------------------------------------------------


def test_plan_that_breaks_a_rule_has_no_letters(tmp_path: Path) -> None:
    case, plan = two_schools()
    result = run(tmp_path, case, plans.reassigned(case, plan, "1/7A/IPS", "A"))
    assert (result.exit_code, (tmp_path / "surat").exists()) == (Exit.REFUSED, False)


def test_plan_of_another_file_has_no_letters(tmp_path: Path) -> None:
    case, plan = two_schools()
    other = Case(replace(case.instance, rombels=tuple(replace(rombel, name=f"X{rombel.name}") for rombel in case.instance.rombels)), case.law)
    other = Case(replace(other.instance, assignments=()), case.law)
    result = run(tmp_path, other, plan)
    assert (result.exit_code, (tmp_path / "surat").exists()) == (Exit.NOT_UNDERSTOOD, False)


def test_plan_that_divides_nothing_has_no_letters(tmp_path: Path) -> None:
    case, _ = two_schools()
    result = run(tmp_path, case, replace(plans.EMPTY, policy=replace(plans.EMPTY.policy, id=plans.CURRENT)))
    assert result.exit_code in (Exit.NOT_UNDERSTOOD, Exit.REFUSED)
    assert not (tmp_path / "surat").exists()


def test_letter_that_somebody_has_changed_is_not_overwritten(tmp_path: Path) -> None:
    case, plan = two_schools()
    path = made(tmp_path, case, plan) / "SK-pembagian-tugas-1.docx"
    document = Document(str(path))
    document.add_paragraph("tulisan tangan")
    document.save(str(path))
    result = run(tmp_path, case, plan)
    assert (result.exit_code, "sudah diubah di Word" in result.output) == (Exit.WRONG_USAGE, True)
    assert "tulisan tangan" in words_of(path)


def test_letters_are_the_same_bytes_each_time_and_replace_their_own(tmp_path: Path) -> None:
    case, plan = two_schools(FILLED)
    folder = made(tmp_path, case, plan)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert {path.name: path.read_bytes() for path in made(tmp_path, case, plan).iterdir()} == before


def test_letter_of_an_earlier_plan_is_named(tmp_path: Path) -> None:
    case, plan = two_schools()
    made(tmp_path, case, plan)
    alone = Case(replace(case.instance, assignments=()), case.law)
    result = run(tmp_path, alone, plans.reassigned(alone, plan, VISITED, None))
    assert result.exit_code == Exit.OK, result.output
    assert "Surat dari rencana sebelumnya" in result.output
    assert "Surat-tugas-A.docx" in result.output


def test_data_of_the_command_name_files_blanks_and_people_without_a_rank(tmp_path: Path) -> None:
    data: dict[str, Any] = json.loads(run(tmp_path, *two_schools({**FILLED, "Nomor SK": ""}), "--json").output)
    assert [file["kind"] for file in data["files"]] == ["decree_satu", "order", "statement"]
    assert {"key": "Nomor SK", "school": ""} in data["blanks"]
    assert data["teachers_without"] == {"Pangkat/Gol": 2, "NIP": 2}  # B and BK; K has no letter


def test_letters_exist_in_english(tmp_path: Path) -> None:
    words = words_of(made(tmp_path, *two_schools(FILLED), lang="en") / "SK-pembagian-tugas-1.docx")
    assert "DECREE OF THE PRINCIPAL OF SMP 1" in words
    assert "13 July 2026" in words


# --- names -----------------------------------------------------------------------------------------------------------------------------------

ODD_NAMES = [
    'O\'Brien "Ani" <S.Pd.> & Co.',
    "=1+1 @ -2",
    "Siti 😀 Aminah",
    "Ṣāliḥ Ñuñez",
    "Nama" * 75,
    "Dua\nbaris",
    "Bel\x07l \x00 nol",
    "Setengah \ud83d",
]


@pytest.mark.parametrize("name", ODD_NAMES, ids=range(len(ODD_NAMES)))
def test_any_name_survives_in_every_letter(name: str) -> None:
    case, plan = two_schools(names={"A": name})
    letters = write_letters(desk_of(case, plan), teacher_loads(case, plan), ["1"], two_decrees=False)
    expected = " ".join(printable(name).split())
    for letter in letters:
        text = "".join(node.text or "" for node in Document(io.BytesIO(letter.content)).element.body.iter(qn("w:t")))
        assert expected in text


def test_file_names_differ_whatever_the_codes_are() -> None:
    assert [safe(code) for code in ("G01", "a/b", "../x", "😀", "G" * 60)] == ["G01", "a_b", "x", "_", "G" * 40]
    case, plan = two_schools()
    letter = write_letters(desk_of(case, plan), teacher_loads(case, plan), ["1"], two_decrees=False)[0]
    twins = numbered([replace(letter, name="S-A.docx"), replace(letter, name="s-a.docx"), replace(letter, name="S-A.docx")])
    assert [twin.name for twin in twins] == ["S-A.docx", "s-a-2.docx", "S-A-3.docx"]


# --- paper -----------------------------------------------------------------------------------------------------------------------------------


def big_school(rombels: int) -> tuple[Case, Plan]:
    """So many classes of grade 7 with long names, a teacher of IPA for each."""
    classes = tuple(Rombel("1", f"VII-{number:02d}", 7, "k", 30) for number in range(1, rombels + 1))
    people = tuple(build.teacher(f"G{number:02d}", "ipa") for number in range(1, rombels + 1))
    case = plans.small_case({"ipa": (4, 1)}, people, rombels=classes, settings=Settings("2026/2027", "Genap"))
    return case, plans.plan(case, {f"1/{rombel.name}/IPA": person.code for rombel, person in zip(classes, people, strict=True)})


def frames(path: Path) -> Iterator[tuple[Any, Table]]:
    """Every framed table with the section it stands in."""
    document = Document(str(path))
    sections = iter(document.sections)
    section = next(sections)
    for child in document.element.body.iterchildren():
        if child.tag == qn("w:tbl") and child.tblPr.find(qn("w:tblBorders")) is not None:
            yield section, Table(child, document)
        if child.tag == qn("w:p") and child.find(f".//{qn('w:sectPr')}") is not None:
            section = next(sections)


@pytest.mark.parametrize(
    ("rombels", "form", "paper"),
    [
        (3, "matriks", "f4"),
        (12, "matriks", "a4"),
        (27, "matriks", "f4"),
        (27, "matriks", "a4"),
        (41, "matriks", "f4"),
        (42, "matriks", "f4"),
        (27, "resmi", "f4"),
        (27, "resmi", "a4"),
    ],
)
def test_every_table_is_as_wide_as_the_page_and_repeats_its_head(tmp_path: Path, rombels: int, form: str, paper: str) -> None:
    path = made(tmp_path, *big_school(rombels), "--form", form, "--paper", paper) / "SK-pembagian-tugas-1.docx"
    found = list(frames(path))
    assert len(found) == 4  # Lampiran I, II, wali kelas, guru wali
    for section, table in found:
        room = (section.page_width - section.left_margin - section.right_margin) / 36000
        widths = [int(column.get(qn("w:w"))) / 56.6929 for column in table._tbl.tblGrid.iterchildren()]
        assert abs(sum(widths) - room) < 0.5
        assert min(widths) >= LEAST_CLASS_MM - 0.1
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        for row in table.rows:
            spans = (int(span.get(qn("w:val"))) for cell in row._tr.tc_lst if (span := cell.tcPr.find(qn("w:gridSpan"))) is not None)
            assert len(row._tr.tc_lst) + sum(span - 1 for span in spans) == len(widths)


@pytest.mark.parametrize(("name", "heading"), [("VII-Unggulan", "JP PER KELAS"), ("K" * 300, "SKLH LAIN")])
def test_class_with_a_long_name_is_written_upwards_or_in_the_formal_table(tmp_path: Path, name: str, heading: str) -> None:
    case, _ = big_school(1)
    long = Case(replace(case.instance, rombels=(replace(case.instance.rombels[0], name=name),)), case.law)
    path = made(tmp_path, long, plans.plan(long, {f"1/{name}/IPA": "G01"})) / "SK-pembagian-tugas-1.docx"
    assert any(name in cell for row in rows_of(table_under(path, heading)) for cell in row)


@pytest.mark.parametrize("size", list(Size))
def test_decree_stands_upright_and_its_annexes_lie(tmp_path: Path, size: Size) -> None:
    sections = Document(str(made(tmp_path, *two_schools(), "--paper", size.value) / "SK-pembagian-tugas-1.docx")).sections
    shapes = [(round(section.page_width.mm), round(section.page_height.mm)) for section in sections]
    width, height = (round(side) for side in MILLIMETRES[size])
    assert shapes == [(width, height)] + [(height, width)] * 3


def test_libreoffice_opens_every_letter(tmp_path: Path) -> None:
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice is not installed: the letters were not opened in it")
    folder = made(tmp_path, *two_schools(FILLED))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    files = sorted(str(path) for path in folder.glob("*.docx"))
    asked = [soffice, profile, "--headless", "--convert-to", "txt:Text", "--outdir", str(tmp_path), *files]
    result = subprocess.run(asked, capture_output=True, text=True, timeout=120, check=False)
    if "could not be loaded" in result.stderr:
        pytest.skip("LibreOffice Writer is not installed: the letters were not opened in it")
    assert sorted(path.stem for path in tmp_path.glob("*.txt")) == sorted(Path(file).stem for file in files), result.stderr
    assert "PEMBAGIAN TUGAS GURU" in (tmp_path / "SK-pembagian-tugas-1.txt").read_text(encoding="utf-8-sig")


# --- the documents about it ------------------------------------------------------------------------------------------------------------------


def test_every_key_of_the_letters_is_in_the_template(tmp_path: Path) -> None:
    case, _ = two_schools()
    write_workbook(case.instance, tmp_path / "sekolah.xlsx")
    keys = {row[0].value for row in load_workbook(tmp_path / "sekolah.xlsx")["Pengaturan"].iter_rows()}
    assert {"Logo", "Mengingat", "Nomor SK Tugas Tambahan", "Nama Kepala Dinas", "Nomor Surat Keterangan"} <= keys
