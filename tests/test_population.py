"""Schools from public tables: what a table says is kept, what it leaves out follows the stated method, and what is wrong is named at its cell."""

from __future__ import annotations

import gc
import json
import tracemalloc
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from instances.build import FOLDER, KABUPATEN, POPULATIONS, PROVINCES
from scheduler.app.check import Checked, check_file
from scheduler.app.exits import Exit
from scheduler.cli.commands import build
from scheduler.domain.entities import Position
from scheduler.domain.instance import Instance
from scheduler.domain.problem import Severity
from scheduler.errors import InputError
from scheduler.formats.json import read_instance
from scheduler.formats.workbook import read_workbook
from scheduler.formats.workbook_writer import write_workbook
from scheduler.policy.case import Case
from scheduler.policy.load import load_law
from scheduler.population.method import MethodFile, shipped_method
from scheduler.population.schools import Method, district, notes, read_method, schools
from scheduler.report.text import LANGUAGES, Text

MUARO_JAMBI = FOLDER / "muaro-jambi" / "sekolah.csv"
SHIPPED_METHOD = PROVINCES.parent / "method.toml"
HEADER = "NPSN,Nama Sekolah,Status,Kecamatan,Rombel,Siswa,Guru"


def table(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "tabel.csv"
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


def run(*arguments: object, lang: str = "id") -> Result:
    return CliRunner().invoke(build(lang), [str(argument) for argument in arguments])


def with_numbers(**values: float) -> Method:
    """The shipped method with other numbers."""
    stated = shipped_method()
    changed = {name: getattr(stated.numbers, name).model_copy(update={"value": value}) for name, value in values.items()}
    return Method(stated=stated.model_copy(update={"numbers": stated.numbers.model_copy(update=changed)}))


# --- what is shipped -------------------------------------------------------------------------------------------------------------------------


@cache
def checked(name: str) -> Checked:
    return check_file(FOLDER / name / "sekolah.xlsx")


@pytest.mark.parametrize("name", POPULATIONS)
def test_shipped_population_reads_as_its_builder_wrote_it(name: str) -> None:
    assert checked(name).opened.case.instance == POPULATIONS[name]()


@pytest.mark.parametrize("name", POPULATIONS)
def test_counting_finds_nothing_impossible_in_a_shipped_population(name: str) -> None:
    """The tests that solve leave these out: a district takes minutes, the suite has eight of them."""
    assert checked(name).exit is Exit.OK


@pytest.mark.parametrize("name", POPULATIONS)
def test_shipped_population_says_that_its_staff_is_invented(name: str) -> None:
    assert "staf rekaan" in checked(name).opened.case.instance.settings.letterhead["Catatan Lembar"]
    assert "invented" in (FOLDER / name / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", POPULATIONS)
def test_a_shipped_population_is_small(name: str) -> None:
    assert (FOLDER / name / "sekolah.xlsx").stat().st_size < 300_000


def test_the_kabupaten_of_88_has_the_totals_of_its_table() -> None:
    """Column sums of sekolah.csv; 12 of the 88 rows stand a second time in the public table and are named so."""
    instance = checked("kabupaten-88").opened.case.instance
    assert len(instance.schools) == 88
    assert len(instance.rombels) == 667
    assert sum(rombel.students or 0 for rombel in instance.rombels) == 17_325
    assert len(instance.teachers) == 1_346
    assert sum("(baris ke-2)" in school.name for school in instance.schools) == 12


def test_the_kabupaten_shares_within_the_kecamatan_only() -> None:
    """20 kecamatan: the largest, Martapura, has 24 schools."""
    case = checked("kabupaten-88").opened.case
    sizes = Counter(school.kecamatan for school in case.instance.schools)
    assert (len(sizes), max(sizes.values())) == (20, 24)
    aluh, martapura = ("30300233", "30300225")
    assert not case.in_reach(aluh, martapura)
    assert case.in_reach("30300233", "30300272")


def test_muaro_jambi_shares_within_15_km_and_hangs_together_but_for_one_school() -> None:
    """SMPN 47 stands at 103.3001 E, 21 km from the next school."""
    case = checked("muaro-jambi").opened.case
    npsn = [school.npsn for school in case.instance.schools]
    reached, waiting = {npsn[0]}, [npsn[0]]
    while waiting:
        here = waiting.pop()
        more = [there for there in npsn if there not in reached and case.in_reach(here, there)]
        reached.update(more)
        waiting += more
    assert set(npsn) - reached == {"69756193"}


def test_a_school_of_muaro_jambi_has_teachers_who_may_teach_at_another() -> None:
    case = checked("muaro-jambi").opened.case
    visits = [(t.code, n.npsn) for t in case.instance.teachers[:40] for n in case.instance.schools if case.may_visit(t.code, n.npsn)]
    assert visits


def test_the_sample_of_provinces_follows_their_means() -> None:
    """22 provinces: 283,331 rombel of 32,593 schools = 8.69; 28.97 pupils and 1.817 teachers a rombel. Sixty schools come within 5 %."""
    instance = checked("sampel-provinsi").opened.case.instance
    rombel = len(instance.rombels)
    assert rombel / len(instance.schools) == pytest.approx(8.69, rel=0.05)
    assert sum(r.students or 0 for r in instance.rombels) / rombel == pytest.approx(28.97, rel=0.05)
    assert len(instance.teachers) / rombel == pytest.approx(1.817, rel=0.05)


# --- the method ------------------------------------------------------------------------------------------------------------------------------


def test_a_school_depends_neither_on_the_order_nor_on_the_number_of_rows(tmp_path: Path) -> None:
    lines = KABUPATEN.read_text(encoding="utf-8").splitlines()
    backwards = table(tmp_path, *reversed(lines[1:]), header=lines[0])
    every = {instance.schools[0].npsn: instance for instance in schools(KABUPATEN, Method())}
    assert {instance.schools[0].npsn: instance for instance in schools(backwards, Method())} == every
    assert list(schools(KABUPATEN, Method(schools=5))) == list(every.values())[:5]


def test_a_district_has_the_same_staff_as_its_schools_alone() -> None:
    alone = [teacher for instance in schools(KABUPATEN, Method(schools=6)) for teacher in instance.teachers]
    assert list(district(KABUPATEN, Method(schools=6)).teachers) == alone


def test_another_seed_is_another_staff_of_the_same_size() -> None:
    first, second = (district(KABUPATEN, Method(seed=seed, schools=3)).teachers for seed in (0, 1))
    assert first != second
    assert [t.code for t in first if t.position is Position.PRINCIPAL] == [t.code for t in second if t.position is Position.PRINCIPAL]
    assert len(first) == len(second)


def test_pupils_and_rombel_are_spread_evenly_without_losing_one(tmp_path: Path) -> None:
    """8 rombel: 3 + 3 + 2; 190 pupils: 190 = 6 × 24 + 2 × 23."""
    (one,) = schools(table(tmp_path, "10000001,SMP Satu,Negeri,A,8,190,14"), Method())
    assert Counter(rombel.grade for rombel in one.rombels) == {7: 3, 8: 3, 9: 2}
    assert [rombel.students for rombel in one.rombels] == [24] * 6 + [23] * 2


def test_without_blur_teachers_follow_the_hours(tmp_path: Path) -> None:
    """9 rombel: one principal, one guru BK, 41 others for 369 JP: one teacher for each JP of a class, 9 JP."""
    (one,) = schools(table(tmp_path, "10000001,SMP Satu,Negeri,A,9,270,43"), with_numbers(subject_blur=0, certified_share=0, second_subject_share=0))
    taught = Counter(t.may_teach[0] for t in one.teachers if t.position is Position.SUBJECT_TEACHER)
    assert taught == {row.subject: row.jp for row in one.structure if row.grade == 7}
    assert Counter(t.position for t in one.teachers) == {Position.PRINCIPAL: 1, Position.COUNSELLOR: 1, Position.SUBJECT_TEACHER: 41}


def test_a_certified_teacher_is_linear_and_others_may_teach_their_subject(tmp_path: Path) -> None:
    path = table(tmp_path, "10000001,SMP Satu,Negeri,A,9,270,30")
    (all_certified,) = schools(path, with_numbers(certified_share=1))
    case = Case(all_certified, load_law(all_certified.settings))
    taught = {row.subject for row in all_certified.structure}
    for teacher in all_certified.teachers:
        if teacher.certificate and teacher.position is Position.SUBJECT_TEACHER:
            assert any(case.is_linear(teacher.code, subject) for subject in taught)
    (none_certified,) = schools(path, with_numbers(certified_share=0))
    assert all(t.may_teach for t in none_certified.teachers if t.position is not Position.PRINCIPAL)


def test_the_shares_of_the_method_are_kept_over_a_kabupaten() -> None:
    """1,346 less 88 principals: willing 0.83 ± 3 standard deviations of a share of 1,258 (0.032)."""
    teachers = [t for t in district(KABUPATEN, Method()).teachers if t.position is not Position.PRINCIPAL]
    assert sum(t.willing for t in teachers) / len(teachers) == pytest.approx(0.83, abs=0.032)


def test_a_school_with_two_teachers_for_six_rombel_has_no_guru_bk(tmp_path: Path) -> None:
    (one,) = schools(table(tmp_path, "10000001,SMP Satu,Swasta,A,18,500,2"), Method())
    assert [t.position for t in one.teachers] == [Position.PRINCIPAL, Position.SUBJECT_TEACHER]


def test_what_a_province_lacks_follows_its_own_means(tmp_path: Path) -> None:
    """Jambi: 706 schools, 118,360 pupils, 4,610 rombel, 10,949 teachers: 6.53 rombel a school, 25.7 pupils and 2.375 teachers a rombel."""
    jambi = table(tmp_path, "Jambi,706,118360,4610,10949", header="Provinsi,Sekolah,Siswa,Rombel,Guru")
    rombel = pupils = teachers = 0
    for one in schools(jambi, Method(scale_to=1500)):
        rombel += len(one.rombels)
        pupils += sum(r.students or 0 for r in one.rombels)
        teachers += len(one.teachers)
    assert rombel / 1500 == pytest.approx(4610 / 706, rel=0.02)
    assert pupils / rombel == pytest.approx(118360 / 4610, rel=0.02)
    assert teachers / rombel == pytest.approx(10949 / 4610, rel=0.03)


def test_missing_rombel_come_from_the_pupils(tmp_path: Path) -> None:
    """228 pupils at 28.5 a rombel: 8."""
    (one,) = schools(table(tmp_path, "10000001,SMP Satu,228", header="npsn,nama,pd"), Method())
    assert len(one.rombels) == 8


def test_a_number_more_in_the_table_changes_no_other(tmp_path: Path) -> None:
    (drawn,) = schools(table(tmp_path, "10000001,SMP Satu,,", header="npsn,nama,rombel,siswa"), Method())
    (stated,) = schools(table(tmp_path, f"10000001,SMP Satu,{len(drawn.rombels)},", header="npsn,nama,rombel,siswa"), Method())
    assert stated == drawn


def test_the_nth_drawn_school_is_the_same_however_many_are_drawn() -> None:
    assert list(schools(PROVINCES, Method(scale_to=40)))[:10] == list(schools(PROVINCES, Method(scale_to=10)))


def test_a_distribution_of_sizes_gives_schools_of_these_sizes(tmp_path: Path) -> None:
    """Three of four schools have 3 rombel: 75 of 100 drawn, give or take one of the evenly spread points."""
    path = table(tmp_path, "Kota,Negeri,3,3", "Kota,Swasta,6,1", header="wilayah,status,rombel,jumlah_sekolah")
    sizes = Counter(len(one.rombels) for one in schools(path, Method(scale_to=100)))
    assert set(sizes) == {3, 6}
    assert abs(sizes[3] - 75) <= 2


def test_schools_can_be_drawn_from_a_table_of_schools_but_not_their_places() -> None:
    drawn = list(schools(MUARO_JAMBI, Method(scale_to=90)))
    assert len({one.schools[0].npsn for one in drawn}) == 90
    assert {(one.schools[0].kecamatan, one.schools[0].latitude) for one in drawn} == {("", None)}


def test_memory_does_not_grow_with_the_number_of_schools() -> None:
    """Between the 200th and the 2,000th school less than a byte each is kept; all together, at 30 kB a school, they would be 54 MB."""
    drawn = schools(PROVINCES, Method(scale_to=2000))
    for _ in range(100):
        next(drawn)
    tracemalloc.start()
    try:
        for _ in range(100):
            next(drawn)
        gc.collect()
        kept_before, _ = tracemalloc.get_traced_memory()
        count = sum(1 for _ in drawn)
        gc.collect()
        kept_after, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 1800
    assert kept_after - kept_before < 1800
    assert peak < 2_000_000


@pytest.mark.parametrize("source", [KABUPATEN, MUARO_JAMBI, PROVINCES])
def test_a_school_of_its_own_comes_back_from_its_workbook_and_its_json(source: Path, tmp_path: Path) -> None:
    (one,) = list(schools(source, Method(schools=1, scale_to=1 if source == PROVINCES else None)))
    write_workbook(one, tmp_path / "satu.xlsx")
    back, _ = read_workbook(tmp_path / "satu.xlsx")
    assert back == one
    assert back.settings.main_school == back.schools[0].npsn


ODD = st.one_of(st.sampled_from(["-", "=1+1", "'K", "1002", "nan", "2026-01-01", "Semua sekolah", "SMP \x07 A"]), st.text(max_size=12))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=ODD, status=ODD, kecamatan=ODD)
def test_whatever_a_school_is_called_it_comes_back_from_its_workbook(tmp_path: Path, name: str, status: str, kecamatan: str) -> None:
    cells = [f'"{text.replace(chr(34), "")}"' for text in (f"SMP {name}", status, kecamatan)]
    path = tmp_path / "tabel.csv"
    row = ",".join(cells).encode("utf-8", errors="replace")
    path.write_bytes(HEADER.encode() + b"\n1001," + row + b",3,60,6\n1002," + row + b",3,60,6\n")
    made = district(path, Method())
    write_workbook(made, tmp_path / "dua.xlsx")
    assert read_workbook(tmp_path / "dua.xlsx")[0] == made


def test_the_week_has_room_for_the_curriculum() -> None:
    (one,) = schools(KABUPATEN, Method(schools=1))
    lessons = sum(slot.kind.value == "kbm" for slot in one.slots)
    assert {sum(row.jp for row in one.structure if row.grade == grade) for grade in (7, 8, 9)} == {lessons} == {41}


def test_a_generated_school_can_be_planned(tmp_path: Path) -> None:
    out = tmp_path / "satu.xlsx"
    path = table(tmp_path, "10000001,SMP Satu,Negeri,A,3,70,10")
    assert run("population", "--from", path, "-o", out).exit_code == 0
    planned = run("plan", out, "-o", tmp_path / "hasil", "--time-limit", 8, "--workers", 1)
    assert planned.exit_code == 0, planned.output


# --- tables that are wrong -------------------------------------------------------------------------------------------------------------------


def faults(path: Path, method: Method | None = None) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as caught:
        district(path, method or Method())
    for lang in LANGUAGES:  # every problem has its sentence
        assert all(Text(lang).say(problem.text_key, **problem.facts) for problem in caught.value.problems)
    return [(problem.kind.removeprefix("population."), problem.cell) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("10000001,SMP Satu,Negeri,A,8.5,190,14", [("not_whole", "E2")]),
        ("10000001,SMP Satu,Negeri,A,8,1.267,14", [("not_whole", "F2")]),
        ("10000001,SMP Satu,Negeri,A,8,190,banyak", [("not_whole", "G2")]),
        ("10000001,SMP Satu,Negeri,A,-8,190,14", [("not_whole", "E2")]),
        ("10000001,SMP Satu,Negeri,A,667,190,14", [("out_of_range", "E2")]),
        ("10000001,SMP Satu,Negeri,A,٨,190,14", [("not_whole", "E2")]),
        ("10000001.0,SMP Satu,Negeri,A,8,190,14", [("not_npsn", "A2")]),
        (",SMP Satu,Negeri,A,8,190,14", [("blank", "A2")]),
        ("10000001,,Negeri,A,8,190,14", [("blank", "B2")]),
        (",,Negeri,A,x,190,14", [("blank", "A2"), ("blank", "B2"), ("not_whole", "E2")]),
        ("10000001,SMP, Satu,Negeri,A,8,190,14", [("too_many_cells", "A2")]),
    ],
)
def test_a_wrong_cell_is_named_at_its_place(tmp_path: Path, row: str, found: list[tuple[str, str]]) -> None:
    assert faults(table(tmp_path, row)) == found


def test_every_wrong_row_is_named_at_once(tmp_path: Path) -> None:
    rows = ("10000001,SMP Satu,,,8.5,190,14", "10000002,SMP Dua,,,8,190,14", ",SMP Tiga,,,8,190,14", "10000002,SMP Dua,,,8,190,14")
    assert faults(table(tmp_path, *rows)) == [("not_whole", "E2"), ("blank", "A4"), ("repeated", "A5")]


def test_a_repeated_row_is_left_out_or_kept_as_a_school_of_its_own(tmp_path: Path) -> None:
    path = table(tmp_path, "10000001,SMP Satu,,,3,60,9", "10000001,SMP Satu,,,3,60,9", "10000001,SMP Satu,,,3,60,9")
    assert [s.npsn for s in district(path, Method(repeated="skip")).schools] == ["10000001"]
    kept = district(path, Method(repeated="keep")).schools
    assert [(s.npsn, s.name) for s in kept] == [
        ("10000001", "SMP Satu"),
        ("10000001B", "SMP Satu (baris ke-2)"),
        ("10000001C", "SMP Satu (baris ke-3)"),
    ]


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Nama,Alamat", "unknown_table"),
        ("NPSN,Nama,Rombel,Jumlah Rombel", "column_twice"),
        ("", "empty"),
    ],
)
def test_a_header_that_cannot_be_understood_is_named(tmp_path: Path, header: str, kind: str) -> None:
    assert [found for found, _ in faults(table(tmp_path, header=header))] == [kind]


def test_a_table_without_schools_is_named(tmp_path: Path) -> None:
    assert faults(table(tmp_path)) == [("no_schools", "")]
    assert faults(table(tmp_path, header="Rombel,Jumlah Sekolah")) == [("no_schools", "")]
    assert faults(table(tmp_path, header="Provinsi,Sekolah,Siswa,Rombel,Guru")) == [("no_schools", "")]


def test_a_file_that_is_no_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "latin.csv"
    path.write_bytes(b"NPSN,Nama\n10000001,SMP Caf\xe9\n")
    assert faults(path) == [("not_utf8", "")]


def test_blank_cells_of_the_other_tables_are_named(tmp_path: Path) -> None:
    assert faults(table(tmp_path, "3,", header="Rombel,Jumlah Sekolah")) == [("blank", "B2")]
    assert faults(table(tmp_path, "Jambi,1,,3,4", header="Provinsi,Sekolah,Siswa,Rombel,Guru")) == [("blank", "C2")]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_aliases_whole_floats_and_the_byte_order_mark_of_excel_are_understood(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "tabel.csv"
    header = ("nomor pokok sekolah nasional", "NAMA SATUAN PENDIDIKAN", "JML. ROMBEL", "PD")
    lines = [separator.join(cells) for cells in (header, ("10000001", "SMP Satu", "8.0", "190"), ("", "", "", ""))]
    path.write_text("\ufeff" + "\r\n".join(lines), encoding="utf-8")
    (one,) = schools(path, Method())
    assert (one.schools[0].name, len(one.rombels), sum(r.students or 0 for r in one.rombels)) == ("SMP Satu", 8, 190)


def test_schools_that_are_no_smp_or_have_no_rombel_or_teachers_are_left_out_and_named(tmp_path: Path) -> None:
    rows = ("1001,MTs Satu,MTs,9,9", "1002,SMP Dua,SMP,0,9", "1003,SMP Tiga,SMP,3,-", "1004,SMP Empat,SMP,3,0")
    path = table(tmp_path, *rows, header="npsn,nama,bentuk,rombel,guru")
    assert [s.npsn for s in district(path, Method()).schools] == ["1003"]
    assert [(n.kind, n.cell, n.severity) for n in notes(path, Method())] == [
        ("population.other_level", "C2", Severity.NOTE),
        ("population.no_rombel", "D3", Severity.NOTE),
        ("population.no_teachers", "E5", Severity.NOTE),
    ]


def test_doubtful_coordinates_are_named(tmp_path: Path) -> None:
    """B stands where A does; D 111 km north of the others of its kecamatan (one degree); E is not in Indonesia and gets no coordinates."""
    rows = ("1001,A,K,-1.5,103.5", "1002,B,K,-1.5,103.5", "1003,C,K,-1.51,103.5", "1004,D,K,-0.5,103.5", "1005,E,K,0,0")
    path = table(tmp_path, *rows, header="npsn,nama,kecamatan,lintang,bujur")
    assert [(n.kind.removeprefix("population."), n.facts["npsn"]) for n in notes(path, Method())] == [
        ("not_in_indonesia", "1005"),
        ("same_place", "1002"),
        ("far_place", "1004"),
    ]
    assert district(path, Method()).schools[4].latitude is None


def test_the_doubtful_coordinates_of_muaro_jambi_stand_in_its_readme() -> None:
    readme = (FOLDER / "muaro-jambi" / "README.md").read_text(encoding="utf-8")
    doubtful = {note.facts["npsn"] for note in notes(MUARO_JAMBI, Method()) if "npsn" in note.facts}
    assert len(doubtful) == 7
    assert all(str(npsn) in readme for npsn in doubtful)


CELL = st.one_of(st.sampled_from(["", "3", "8", "10000001", "SMP Satu", "-1.5", "103,5", "1e9", "nan", "SMP", "0"]), st.text(max_size=8))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    header=st.permutations(["npsn", "nama", "bentuk", "status", "rombel", "siswa", "guru", "lintang", "bujur", "jumlah sekolah"]),
    columns=st.integers(1, 10),
    rows=st.lists(st.lists(CELL, max_size=11), max_size=4),
)
def test_no_table_ends_in_anything_but_schools_or_problems(tmp_path: Path, header: Sequence[str], columns: int, rows: list[list[str]]) -> None:
    path = tmp_path / "tabel.csv"
    text = "\n".join(",".join(cells) for cells in (header[:columns], *rows))
    path.write_bytes(text.encode("utf-8", errors="replace"))
    try:
        made = district(path, Method(schools=3, scale_to=3))
    except InputError as error:
        assert error.problems
    else:
        assert isinstance(made, Instance)
        assert made.schools


# --- a method of one's own -------------------------------------------------------------------------------------------------------------------


def method_with(folder: Path, old: str, new: str) -> Path:
    text = SHIPPED_METHOD.read_text(encoding="utf-8")
    assert old in text
    path = folder / "metode.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("[numbers.certified_share]\nvalue = 0.8", "[numbers.certified_share]\nvalue = 1.8", "policy.wrong_value"),
        ("[numbers.certified_share]", "[numbers.certified_part]", "policy.missing_key"),
        ("Senin = 8", "Monday = 8", "population.method_day"),
        ("Senin = 8", "Senin = 7", "population.method_week_short"),
        ('first_bell = "07:15"', 'first_bell = "7.15"', "population.method_time"),
        ('"2026-07-13"', '"13 Juli 2026"', "population.method_date"),
        ("Guru {number}", "Guru {nomor}", "population.method_word"),
        ('curriculum = "merdeka_smp_2025"', 'curriculum = "merdeka"', "policy.unknown_curricula_near"),
        ("title = ", "title ", "policy.not_toml"),
    ],
)
def test_a_fault_of_a_method_is_named(tmp_path: Path, old: str, new: str, kind: str) -> None:
    with pytest.raises(InputError) as caught:
        read_method(method_with(tmp_path, old, new))
    assert kind in [problem.kind for problem in caught.value.problems]


def test_a_method_of_ones_own_is_used(tmp_path: Path) -> None:
    path = method_with(tmp_path, "[numbers.certified_share]\nvalue = 0.8", "[numbers.certified_share]\nvalue = 0")
    made = district(KABUPATEN, replace(Method(schools=2), stated=read_method(path)))
    assert all(t.certificate is None for t in made.teachers if t.position is not Position.PRINCIPAL)


def test_every_number_of_the_method_names_its_source() -> None:
    stated: MethodFile = shipped_method()
    assert all(number.source and number.confidence in "ABC" for _, number in stated.numbers)


# --- the command -----------------------------------------------------------------------------------------------------------------------------


def test_the_command_writes_what_the_function_builds(tmp_path: Path) -> None:
    assert run("population", "--from", KABUPATEN, "--schools", 3, "-o", tmp_path / "k.json").exit_code == 0
    assert read_instance(tmp_path / "k.json") == district(KABUPATEN, Method(schools=3))


def test_the_command_names_faults_and_ends_with_65(tmp_path: Path) -> None:
    told = run("population", "--from", table(tmp_path, "10000001,SMP Satu,,,8.5,190,14"), "-o", tmp_path / "k.xlsx")
    assert told.exit_code == Exit.NOT_UNDERSTOOD
    assert "tabel.csv!E2" in told.output
    assert not (tmp_path / "k.xlsx").exists()


def test_each_school_gets_a_workbook_named_by_its_npsn(tmp_path: Path) -> None:
    out = tmp_path / "sekolah"
    assert run("population", "--from", KABUPATEN, "--schools", 2, "--each", "-o", out).exit_code == 0
    assert sorted(path.name for path in out.iterdir()) == ["30300233.xlsx", "30300272.xlsx"]
    assert read_workbook(out / "30300272.xlsx")[0] == list(schools(KABUPATEN, Method(schools=2)))[1]


@pytest.mark.parametrize(("option", "said"), [((), "tanpa kecamatan"), (("--radius", 15), "tanpa koordinat")])
def test_who_can_share_nobody_is_counted(tmp_path: Path, option: tuple[object, ...], said: str) -> None:
    path = table(tmp_path, "1001,SMP Satu,3,60,9", "1002,SMP Dua,3,60,9", header="npsn,nama,rombel,siswa,guru")
    assert f"2 dari 2 sekolah {said}" in run("population", "--from", path, "-o", tmp_path / "k.json", *option).output


def test_no_school_is_written_where_one_of_them_is_there_already(tmp_path: Path) -> None:
    (tmp_path / "30300272.xlsx").write_bytes(b"isian")
    assert run("population", "--from", KABUPATEN, "--schools", 2, "--each", "-o", tmp_path).exit_code == Exit.WRONG_USAGE
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"isian"]


def test_a_folder_gets_one_workbook(tmp_path: Path) -> None:
    assert run("population", "--from", KABUPATEN, "--schools", 1, "-o", tmp_path / "hasil").exit_code == 0
    assert (tmp_path / "hasil" / "sekolah.xlsx").is_file()


def test_an_existing_workbook_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "k.xlsx").write_bytes(b"isian")
    told = run("population", "--from", KABUPATEN, "-o", tmp_path / "k.xlsx")
    assert told.exit_code == Exit.WRONG_USAGE
    assert (tmp_path / "k.xlsx").read_bytes() == b"isian"


@pytest.mark.parametrize(
    "arguments",
    [("-o", "k.pdf"), ("--each", "-o", "k.xlsx"), ("--scale-to", 501, "-o", "k.xlsx")],
)
def test_an_output_that_cannot_be_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[object, ...]) -> None:
    monkeypatch.chdir(tmp_path)
    told = run("population", "--from", KABUPATEN, *arguments)
    assert told.exit_code in (Exit.WRONG_USAGE, Exit.NOT_UNDERSTOOD)
    assert list(tmp_path.iterdir()) == []


def test_without_an_output_the_schools_are_counted() -> None:
    told = json.loads(run("population", "--from", PROVINCES, "--scale-to", 50, "--json").output)
    assert (told["schools"], told["files"], told["filled_by_method"]) == (50, 0, {"students": 50, "teachers": 50})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_command_says_what_is_invented(lang: str) -> None:
    told = run("population", "--from", MUARO_JAMBI, lang=lang).output
    assert ("rekaan" if lang == "id" else "invented") in told
    assert "SMP NEGERI SATU ATAP MARKANDING" in told
