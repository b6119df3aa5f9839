"""What is written is what is read: any instance that a workbook can hold comes back from it unchanged."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from scheduler.domain.entities import (
    AssignmentKind,
    AssignmentRow,
    Availability,
    AvailabilityKind,
    Distance,
    DutySetting,
    Extracurricular,
    Group,
    OpenHours,
    Position,
    Presence,
    Rombel,
    Room,
    School,
    Slot,
    SlotKind,
    StructureRow,
    Subject,
    Teacher,
    WeekRule,
    WeekRuleKind,
)
from scheduler.domain.instance import DAYS, Instance, Settings
from scheduler.formats.building import subjects_used
from scheduler.formats.files import save_workbook
from scheduler.formats.workbook import read_workbook
from scheduler.formats.workbook_writer import workbook_of, write_workbook

HOME, PARTNER = "10000001", "10000002"
OWN = Subject("baca_tulis_melayu", "Baca Tulis Melayu", "BTM", own=True)

FULL = Instance(
    settings=Settings(
        school_year="2026/2027",
        semester="Genap",
        policy="permendikbudristek25_2024",
        linearity="kepmen222_2025",
        unverified_linearity=True,
        count_kokurikuler=False,
        main_school=HOME,
        start_date=date(2026, 7, 13),
        shortfall_first=True,
        blocks_may_straddle_breaks=False,
        sharing_radius_km=7.5,
        share_within_kecamatan=True,
        overrides={"min_jtm": "20", "ttle_counts_with_ttu": "Ya"},
        letterhead={
            "Nomor SK": "800/12/2026",
            "Tanggal SK": "2026-07-13",
            "NIP Kepala Sekolah": "198701012010012001",
            "Catatan Lembar": "staf rekaan",
        },
    ),
    schools=(
        School(HOME, "SMP Satu", "SMP", "Negeri", False, "Taman Rajo", "Muaro Jambi", "Jalan A 1", False, 2, "pagi", -1.4757, 103.7541),
        School(PARTNER, "SMP Dua", "MTs", "Swasta", True),
    ),
    rombels=(Rombel(HOME, "7A", 7, "k", 25, "R1"), Rombel(HOME, "7-1", 7, "k", None, "", "siang"), Rombel(PARTNER, "7A", 7, "k")),
    subjects=(),
    structure=(
        StructureRow("k", 7, "ipa", 4, 1, (2, 2, 1)),
        StructureRow("k", 7, "pjok", 3, 0, (), False),
        StructureRow("k", 7, OWN.id, 2),
        StructureRow("k", 7, "pabp_islam", 3),
    ),
    teachers=(
        Teacher(
            "G01",
            "=Ani, S.Pd",
            HOME,
            Position.ACTING_PRINCIPAL,
            "198701012010012001",
            "0123456789012345",
            "PNS",
            "ipa",
            ("pjok", OWN.id),
            2,
            30,
            3,
            False,
            Presence.LEAVE,
            date(2026, 3, 1),
            date(2026, 1, 1),
            date(1987, 1, 1),
            39,
            1,
            "Rabu",
            "catatan",
        ),
        Teacher("007", "+62 Budi (Gombong)", HOME, certificate="pjok"),
        Teacher("@x", "-", "19999999", age=40),
        Teacher("BK", "Dewi", HOME, Position.COUNSELLOR, certificate="bk"),
    ),
    duties=(
        DutySetting(HOME, "wali_kelas", holders=("007",), unit="7A"),
        DutySetting(HOME, "pembina_osis", 0, 1, ("007", "BK"), ()),
        DutySetting(HOME, "wakasek", None, 0),
    ),
    extracurriculars=(Extracurricular(HOME, "Pramuka", 40, "007"), Extracurricular(HOME, "-Tari")),
    open_hours=(OpenHours(PARTNER, "ipa", 5, "", 1), OpenHours(PARTNER, "ips", 4, "", 2)),
    distances=(Distance(HOME, PARTNER, 10.25, 35, "perahu"),),
    assignments=(
        AssignmentRow(HOME, "7A", "ipa", "G01", AssignmentKind.FORMER),
        AssignmentRow(HOME, "7A", "pjok", "007", AssignmentKind.LOCK, 2),
        AssignmentRow(HOME, "7-1", "pjok", "@x", AssignmentKind.FORBID),
        AssignmentRow(HOME, "A1", "pabp_islam", "@x", AssignmentKind.DINAS),
    ),
    groups=(Group("A1", HOME, ("7A", "7-1"), "pabp_islam", 3), Group("A2", HOME, ("7A",), "pabp_kristen", 3, "A1")),
    rooms=(Room(HOME, "R1", "Kelas", 32), Room(HOME, "Lab", "Laboratorium", None, ("ipa", OWN.id))),
    slots=(
        Slot("pagi", "Senin", 0, SlotKind.CEREMONY, 435, 475, 0),
        Slot("pagi", "Senin", 1, SlotKind.LESSON, 475, 515, 1),
        Slot("pagi", "Senin", 0, SlotKind.BREAK, 515, 530, 2),
        Slot("siang", "Jumat", 1, SlotKind.LESSON, None, None, 0),
    ),
    availability=(Availability("007", "Senin", 1, AvailabilityKind.IMPOSSIBLE), Availability("BK", "Jumat", None, AvailabilityKind.UNWANTED)),
    week_rules=(WeekRule(WeekRuleKind.DAYS, True, teacher="007", amount=4), WeekRule(WeekRuleKind.IDLE_HOURS, False, amount=1)),
)


def with_subjects(instance: Instance) -> Instance:
    """With the subjects that a reading lists."""
    return replace(instance, subjects=subjects_used(instance, (OWN,)))


def read_back(instance: Instance, folder: Path) -> Instance:
    path = folder / "sekolah.xlsx"
    save_workbook(workbook_of(instance, spare_rows=1), path)
    return read_workbook(path)[0]


def test_every_field_comes_back_from_a_workbook(tmp_path: Path) -> None:
    # PARTNER is described with rombels here, so its open hours name none of them.
    assert read_back(with_subjects(FULL), tmp_path) == with_subjects(FULL)


def test_every_default_comes_back_from_a_workbook(tmp_path: Path) -> None:
    small = Instance(Settings(), (School("1", "S"),), (Rombel("1", "7A", 7, "k"),), (), (StructureRow("k", 7, "ipa", 5),), (Teacher("a", "A", "1"),))
    assert read_back(with_subjects(small), tmp_path) == with_subjects(small)


def test_district_of_partners_stays_a_district(tmp_path: Path) -> None:
    # Sekolah Utama blank with one Induk would be read as that school; the writer says "Semua sekolah".
    district = with_subjects(replace(FULL, settings=replace(FULL.settings, main_school="")))
    assert read_back(district, tmp_path).settings.main_school == ""


def test_same_instance_gives_the_same_bytes(tmp_path: Path) -> None:
    paths = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    for path in paths:
        write_workbook(with_subjects(FULL), path)
    first, second = (hashlib.sha256(path.read_bytes()).hexdigest() for path in paths)
    assert first == second


def test_text_that_begins_like_a_formula_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "sekolah.xlsx"
    write_workbook(with_subjects(FULL), path)
    sheet = load_workbook(path)["Guru"]
    cells = [sheet.cell(row, 2) for row in (3, 4, 5)]  # row 1 is the note, row 2 the header
    assert [(cell.value, cell.data_type, cell.quotePrefix) for cell in cells] == [
        ("=Ani, S.Pd", "s", True),
        ("+62 Budi (Gombong)", "s", True),
        ("-", "s", True),
    ]


def test_note_of_the_letterhead_stands_above_every_sheet(tmp_path: Path) -> None:
    path = tmp_path / "sekolah.xlsx"
    write_workbook(with_subjects(FULL), path)
    book = load_workbook(path)
    assert all(sheet["A1"].value == "staf rekaan" for sheet in book.worksheets[1:-1])
    assert book.worksheets[0]["A2"].value == "staf rekaan"


def test_characters_that_excel_does_not_know_are_left_out(tmp_path: Path) -> None:
    odd = replace(FULL.teachers[1], name="Budi\x07 Santoso")
    instance = with_subjects(replace(FULL, teachers=(FULL.teachers[0], odd, *FULL.teachers[2:])))
    assert read_back(instance, tmp_path).teachers[1].name == "Budi Santoso"


# --- instances drawn at random --------------------------------------------------------------------------------------------------------------

WORD = st.text("abcXYZ019 .,-+=@()'&é", min_size=1, max_size=8).map(str.strip).filter(lambda text: any(c.isalnum() for c in text))
"""Names as people type them, with what has a meaning in cells: signs of formulas, separators, parentheses."""

CODE = st.from_regex(r"[-+=@]?[A-Z][0-9]{1,3}", fullmatch=True)
OPTIONAL_COUNT = st.none() | st.integers(0, 40)
DATES = st.none() | st.dates(date(1950, 1, 1), date(2040, 1, 1))
OVERRIDES = st.just({}) | st.just({"min_jtm": "18"})
SUBJECTS = ("ipa", "pjok", "matematika", "seni_prakarya", OWN.id)
SOME_SUBJECTS = st.lists(st.sampled_from(SUBJECTS), max_size=3)


@st.composite
def staff(draw: st.DrawFn) -> tuple[Teacher, ...]:
    codes = draw(st.lists(CODE, min_size=1, max_size=4, unique_by=lambda code: code.strip("-+=@")))
    return tuple(
        Teacher(
            code,
            draw(WORD),
            draw(st.sampled_from([HOME, PARTNER, "99"])),
            draw(st.sampled_from([Position.SUBJECT_TEACHER, Position.PRINCIPAL])),
            nip=f"{index:018d}" if draw(st.booleans()) else "",
            certificate=draw(st.sampled_from([None, "ipa", "pjok", "matematika"])),
            may_teach=tuple(draw(st.lists(st.sampled_from(SUBJECTS), unique=True, max_size=3))),
            max_jp=draw(OPTIONAL_COUNT),
            outside_jtm=draw(st.integers(0, 12)),
            willing=draw(st.booleans()),
            presence=draw(st.sampled_from(list(Presence))),
            presence_until=draw(DATES),
            birth_date=draw(DATES),
            priority=draw(OPTIONAL_COUNT),
            mgmp_day=draw(st.sampled_from(["", *DAYS])),
            note=draw(st.just("") | WORD),
        )
        for index, code in enumerate(codes)
    )


@st.composite
def instances(draw: st.DrawFn) -> Instance:
    teachers = draw(staff())
    codes = [t.code for t in teachers]
    at_home = [t.code for t in teachers if t.home == HOME]
    rombels = tuple(Rombel(HOME, f"7{letter}", 7, "k", draw(OPTIONAL_COUNT)) for letter in "ABC"[: draw(st.integers(1, 3))])
    structure = tuple(
        StructureRow("k", 7, subject, draw(st.integers(0, 6)), draw(st.integers(0, 2)), must_be_covered=draw(st.booleans())) for subject in SUBJECTS
    )
    pairs = draw(st.lists(st.tuples(st.sampled_from(rombels), st.sampled_from(SUBJECTS), st.sampled_from(codes)), unique=True, max_size=4))
    return with_subjects(
        Instance(
            settings=Settings(main_school=draw(st.sampled_from(["", HOME])), start_date=draw(DATES), overrides=draw(OVERRIDES)),
            schools=(
                School(HOME, draw(WORD), bell=draw(st.sampled_from(["", "pagi"]))),
                School(PARTNER, "SMP lain", partner=True, laboratories=draw(st.integers(0, 3)), has_library=draw(st.booleans())),
            ),
            rombels=rombels,
            subjects=(),
            structure=structure,
            teachers=teachers,
            duties=tuple(DutySetting(HOME, "pembina_osis", candidates=(code,)) for code in at_home[:1]),
            open_hours=tuple(OpenHours(PARTNER, s, draw(st.integers(1, 6)), "", i + 1) for i, s in enumerate(draw(SOME_SUBJECTS))),
            distances=(Distance(HOME, PARTNER, draw(st.none() | st.floats(0, 500).map(lambda km: round(km, 3))), draw(OPTIONAL_COUNT)),),
            assignments=tuple(AssignmentRow(HOME, r.name, s, code, AssignmentKind.FORBID) for r, s, code in pairs),
            slots=tuple(Slot("pagi", day, period, SlotKind.LESSON, order=period - 1) for day in DAYS[:2] for period in (1, 2)),
            availability=tuple(Availability(code, "Senin", draw(st.sampled_from([None, 1, 2])), AvailabilityKind.IMPOSSIBLE) for code in codes[:1]),
        )
    )


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(instances())
def test_random_instance_comes_back_from_a_workbook(instance: Instance) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert read_back(instance, Path(folder)) == instance


@pytest.mark.slow
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(instances())
def test_many_random_instances_come_back_from_a_workbook(instance: Instance) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert read_back(instance, Path(folder)) == instance
