"""aSc Timetables: what a plan says in its XML, that it comes back as the same timetable, and what a foreign file becomes."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from scheduler.app.exits import Exit
from scheduler.app.source import open_under
from scheduler.cli.commands import build as build_commands
from scheduler.domain.entities import AssignmentKind, Rombel, SlotKind
from scheduler.domain.plan import Plan
from scheduler.errors import InputError
from scheduler.formats.asc import asc_file, read_asc
from scheduler.formats.asc.assembling import instance_of
from scheduler.formats.asc.paste import paste_sheet
from scheduler.formats.asc.reading import REFERENCES
from scheduler.formats.asc.returning import lessons_of
from scheduler.formats.asc.writing import TABLES, identity
from scheduler.formats.json import read_plan
from scheduler.formats.workbook import read_workbook
from scheduler.policy.case import Case
from tests import build
from tests.asc_files import FOREIGN, WORDS, small_plan, small_school

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ("smp-27", "taman-rajo", "mts-9")  # two shifts and parallel groups; five schools; six days


def shipped(name: str) -> tuple[Case, Plan]:
    plan = read_plan(ROOT / "solutions" / name / "plan.json")
    return open_under(ROOT / "instances" / name / "sekolah.xlsx", plan.policy).case, plan


def written(case: Case, plan: Plan, npsn: str = build.HOME) -> ET.Element:
    return ET.fromstring(asc_file(case, plan, npsn, WORDS).content)


def rows(root: ET.Element, table: str, **wanted: str) -> list[dict[str, str]]:
    return [dict(row.attrib) for row in root.find(table) or () if all(row.get(name) == value for name, value in wanted.items())]


def ids_of(text: str) -> list[str]:
    return [part for part in text.split(",") if part]


# --- the file ----------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_plan_comes_back_as_the_same_timetable(name: str, tmp_path: Path) -> None:
    case, plan = shipped(name)
    for npsn in {lesson.school for lesson in plan.lessons}:
        path = tmp_path / f"{npsn}.xml"
        path.write_bytes(asc_file(case, plan, npsn, WORDS).content)
        back = lessons_of(read_asc(path), case, plan, npsn)
        here = [lesson for lesson in plan.lessons if lesson.school == npsn]
        assert len(back) == len(here)
        assert set(back) == set(here)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_reference_resolves_and_cards_sum_to_the_hours(name: str) -> None:
    case, plan = shipped(name)
    for npsn in {lesson.school for lesson in plan.lessons}:
        root = written(case, plan, npsn)
        for table, attributes in REFERENCES.items():
            for row in rows(root, table):
                for attribute, target in attributes.items():
                    assert set(ids_of(row.get(attribute, ""))) <= {other["id"] for other in rows(root, target)}
        days = len(ids_of(rows(root, "daysdefs", id="ANY")[0]["days"]))
        assert all(len(card["days"]) == days and card["days"].count("1") == 1 and card["lessonid"] for card in rows(root, "cards"))
        for lesson in rows(root, "lessons"):
            cards = rows(root, "cards", lessonid=lesson["id"])
            assert len(cards) * int(lesson["periodspercard"]) == float(lesson["periodsperweek"])
        jp = {row.need: row.jp for row in plan.assignments if row.school == npsn and row.jp}
        hours = dict.fromkeys(jp, 0.0)
        for lesson in rows(root, "lessons"):
            if lesson["partner_id"]:
                hours[lesson["partner_id"]] += float(lesson["periodsperweek"])
        assert hours == jp


def test_rows_have_the_columns_that_their_table_announces() -> None:
    root = written(small_school(), small_plan(small_school()))
    for table, (tag, columns) in TABLES.items():
        for row in root.find(table) or ():
            assert row.tag == tag
            assert set(row.attrib) == set(columns.split(","))


def test_two_two_one_is_two_lessons() -> None:
    case = small_school()
    lessons = rows(written(case, small_plan(case)), "lessons", partner_id="1/7A/MTK")
    assert [(row["periodspercard"], row["periodsperweek"]) for row in lessons] == [("2", "4.0"), ("1", "1.0")]


def test_the_mask_is_as_long_as_the_week_of_six_days() -> None:
    case = small_school()
    root = written(case, small_plan(case))
    one = identity("L", "1/7B/MTK") + "_1"
    assert [(card["days"], card["period"]) for card in rows(root, "cards", lessonid=one)] == [("000001", "4")]
    assert rows(root, "daysdefs", id="EVERY")[0]["days"] == "111111"


def test_parallel_groups_are_one_division_of_each_class() -> None:
    case = small_school()
    root = written(case, small_plan(case))
    groups = rows(root, "groups", classid=identity("C", "7A"))
    assert [(group["name"], group["entireclass"], group["divisiontag"]) for group in groups] == [
        ("Seluruh kelas", "1", "0"),
        ("I", "0", "1"),
        ("K", "0", "1"),
    ]
    (islam,) = rows(root, "lessons", partner_id="1/I/PAI")
    assert islam["classids"] == "C7A,C7B"
    assert len(ids_of(islam["groupids"])) == 2  # a group of each class


def test_the_ceremony_stands_in_the_zero_period_and_a_break_in_none() -> None:
    case = small_school()
    root = written(case, small_plan(case))
    assert [(p["period"], p["starttime"], p["endtime"]) for p in rows(root, "periods")] == [
        ("0", "7:00", "7:40"), ("1", "7:40", "8:20"), ("2", "8:20", "9:00"), ("3", "9:20", "10:00"), ("4", "10:00", "10:40"),
    ]  # fmt: skip
    (ceremony,) = rows(root, "lessons", teacherids="")
    assert ceremony["classids"] == "C7A,C7B"
    assert [(card["period"], card["days"]) for card in rows(root, "cards", lessonid=ceremony["id"])] == [("0", "100000")]


def test_a_second_shift_has_periods_of_its_own() -> None:
    case = small_school()
    slots = (*case.instance.slots, *(replace(s, pattern="siang", start=(s.start or 0) + 300, end=(s.end or 0) + 300) for s in build.week((2, 2))))
    rombels = (Rombel("1", "7A", 7, "k"), Rombel("1", "7B", 7, "k", bell="siang"))
    case = small_school(slots=slots, rombels=rombels, groups=())
    plan = small_plan(case, (("1/7B/MTK", "Senin", 1, 2),))
    root = written(case, plan)
    assert [(p["period"], p["name"]) for p in rows(root, "periods")][-2:] == [("5", "siang 1"), ("6", "siang 2")]
    assert [card["period"] for card in rows(root, "cards", lessonid=identity("L", "1/7B/MTK") + "_2")] == ["5"]


def test_names_with_every_sign_survive(tmp_path: Path) -> None:
    name = "=HYPERLINK(\"x\") <&> 'Réka'\n😀 " + "panjang " * 35
    case = small_school()
    case = replace(case, instance=replace(case.instance, teachers=(replace(case.instance.teachers[0], name=name), *case.instance.teachers[1:])))
    path = tmp_path / "a.xml"
    path.write_bytes(asc_file(case, small_plan(case), "1", WORDS).content)
    assert read_asc(path).teachers["TA"].name == name.strip()


def test_two_names_never_share_an_id() -> None:
    assert identity("C", "7_A") != identity("C", "7 A")
    assert "," not in identity("T", "A,B")
    assert "%" not in identity("T", "%NAME")


def test_the_paste_sheet_has_a_row_for_each_length() -> None:
    case = small_school()
    content, count = paste_sheet(case, small_plan(case), "1", WORDS)
    assert count == 6  # MTK of two classes 2+2 and 1, two religions
    assert content[:2] == b"PK"

    sheet = load_workbook(io.BytesIO(content))["Pelajaran"]
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert ["A", "7A", "MTK", 2, 4, None, None] in lines
    assert ["I", "7A,7B", "PAI", 2, 2, "I", None] in lines
    assert load_workbook(io.BytesIO(content))["Kelas"]["C2"].value == "I/K"


# --- a foreign file ----------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    path = tmp_path / "Sekolah Lain.xml"
    path.write_bytes(FOREIGN.encode("windows-1252"))
    return path


def test_a_foreign_file_is_read_in_its_own_encoding(foreign: Path) -> None:
    asc = read_asc(foreign)
    assert asc.days == ("Senin", "Jumat")  # Monday, Jum'at
    assert asc.teachers["T1"].name == "Réka Utami"
    assert (asc.unplaced, asc.alternating) == (2, 1)  # one without a time, one without a lesson; one in odd weeks


def test_a_foreign_file_becomes_an_instance(foreign: Path) -> None:
    instance = instance_of(read_asc(foreign), foreign.stem, "10502807").instance
    assert [(r.name, r.grade, r.curriculum, r.students) for r in instance.rombels] == [("VII A", 7, "asc", 28), ("VII B", 7, "asc_2", None)]
    hours = {(row.curriculum, row.subject): (row.jp, row.blocks) for row in instance.structure}
    assert hours["asc", "matematika"] == (3, (2, 1))
    assert hours["asc_2", "bahasa_melayu_jambi"] == (1, (1,))
    assert [t.code for t in instance.teachers] == ["RU", "BU", "RU-2"]
    assert [(g.subject, g.parallel) for g in instance.groups] == [("pabp_islam", ""), ("pabp_kristen", instance.groups[0].code)]
    assert {(a.rombel, a.subject, a.teacher, a.kind) for a in instance.assignments if a.rombel == "VII A"} == {
        ("VII A", "matematika", "BU", AssignmentKind.FORMER)
    }
    assert [(d.unit, d.holders) for d in instance.duties] == [("VII A", ("RU",))]


def test_the_week_of_a_foreign_file_ends_with_its_last_lesson(foreign: Path) -> None:
    slots = instance_of(read_asc(foreign), foreign.stem).instance.slots
    assert [(s.day, s.period, s.kind) for s in slots] == [
        ("Senin", 0, SlotKind.CEREMONY), ("Senin", 2, SlotKind.LESSON), ("Senin", 0, SlotKind.BREAK), ("Senin", 3, SlotKind.LESSON),
        ("Jumat", 1, SlotKind.LESSON), ("Jumat", 2, SlotKind.LESSON),
    ]  # fmt: skip


def test_the_imported_workbook_is_understood_by_check(foreign: Path, tmp_path: Path) -> None:
    out = tmp_path / "sekolah.xlsx"
    result = CliRunner().invoke(build_commands("id"), ["import", "asc", str(foreign), "-o", str(out), "--npsn", "10502807"])
    assert result.exit_code == 0, result.output
    assert "Sertifikat 3 guru" in result.output
    instance, _ = read_workbook(out)
    assert instance.teachers[2].name == "=1+1"
    assert load_workbook(out)["Guru"]["B4"].data_type == "s"
    assert CliRunner().invoke(build_commands("id"), ["check", str(out)]).exit_code in (Exit.OK, Exit.IMPOSSIBLE)


def test_a_shipped_plan_comes_back_as_a_workbook_with_its_classes_and_hours(tmp_path: Path) -> None:
    case, plan = shipped("smp-27")
    path = tmp_path / "a.xml"
    path.write_bytes(asc_file(case, plan, "20000027", WORDS).content)
    instance = instance_of(read_asc(path), "a", "20000027").instance
    assert [(r.name, r.grade, r.students) for r in instance.rombels] == [(r.name, r.grade, r.students) for r in case.instance.rombels]
    assert [(t.code, t.name) for t in instance.teachers] == [(t.code, t.name) for t in case.instance.teachers]
    assert {(g.rombels, g.subject, g.jp) for g in instance.groups} == {(g.rombels, g.subject, g.jp) for g in case.instance.groups}
    assert sum(row.jp for row in instance.structure if row.curriculum == "asc" and row.grade == 7) == 41


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("<timetable", "export.asc_not_xml"),
        ("<fet/>", "export.asc_other_root"),
        ("<timetable/>", "export.asc_empty"),
        (FOREIGN.replace('teacherids="T2"', 'teacherids="T9"'), "export.asc_unknown_id"),
        (FOREIGN.replace('id="L2"', 'id="L1"'), "export.asc_id_twice"),
        (FOREIGN.replace('periodsperweek="2.0"', 'periodsperweek="dua"'), "export.asc_no_number"),
    ],
)
def test_what_is_no_file_of_asc_is_refused_in_words(content: str, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(content.encode("windows-1252"))
    with pytest.raises(InputError) as refused:
        read_asc(path)
    assert refused.value.problems[0].kind == kind


def test_a_class_without_a_grade_is_asked_for(foreign: Path) -> None:
    foreign.write_bytes(FOREIGN.replace("VII A", "Mawar").encode("windows-1252"))
    result = CliRunner().invoke(build_commands("id"), ["import", "asc", str(foreign), "-o", str(foreign.with_suffix(".xlsx"))])
    assert result.exit_code == Exit.NOT_UNDERSTOOD
    assert "Mawar" in result.output


# --- a plan changed in aSc ---------------------------------------------------------------------------------------------------------------------

SMALL = (ROOT / "instances" / "smp-3" / "sekolah.xlsx", ROOT / "solutions" / "smp-3" / "plan.json")


def returned(tmp_path: Path, change: Callable[[ET.Element], None]) -> Result:
    """smp-3 exported, its cards changed, and read back."""
    exported = tmp_path / "a.xml"
    assert run("export", "asc", *SMALL, "-o", exported).exit_code == 0
    tree = ET.parse(exported)
    change(tree.getroot())
    tree.write(exported, encoding="windows-1252")
    return run("import", "asc", exported, "--into", *SMALL, "-o", tmp_path / "plan.json")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(build_commands("id"), [str(argument) for argument in arguments])


def test_a_plan_that_nobody_changed_in_asc_comes_back_as_it_was(tmp_path: Path) -> None:
    result = returned(tmp_path, lambda root: None)
    assert result.exit_code == 0, result.output
    assert set(read_plan(tmp_path / "plan.json").lessons) == set(read_plan(SMALL[1]).lessons)
    assert run("verify", SMALL[0], tmp_path / "plan.json").exit_code == 0


def test_two_lessons_that_were_swapped_in_asc_are_in_the_plan(tmp_path: Path) -> None:
    def swap(root: ET.Element) -> None:
        """Informatika and Muatan Lokal of 7A are one lesson each, of one teacher: they can change places."""
        first, second = (root.find(f"cards/card[@lessonid='{identity('L', f'20000003/7A/{code}')}_2']") for code in ("INF", "MBD"))
        assert first is not None
        assert second is not None
        for name in ("days", "period"):
            here, there = first.get(name, ""), second.get(name, "")
            first.set(name, there)
            second.set(name, here)

    result = returned(tmp_path, swap)
    assert result.exit_code == 0, result.output
    assert "2 pelajaran pindah" in result.output
    before, after = read_plan(SMALL[1]).lessons, read_plan(tmp_path / "plan.json").lessons
    assert {lesson.need for lesson in set(after) - set(before)} == {"20000003/7A/INF", "20000003/7A/MBD"}
    assert run("verify", SMALL[0], tmp_path / "plan.json").exit_code == 0


def test_a_file_that_asc_wrote_with_ids_of_its_own_comes_back_too(tmp_path: Path) -> None:
    def own_ids(root: ET.Element) -> None:
        for number, lesson in enumerate(root.findall("lessons/lesson")):
            for card in root.findall(f"cards/card[@lessonid='{lesson.get('id')}']"):
                card.set("lessonid", f"*{number}")
            lesson.set("id", f"*{number}")
            lesson.set("partner_id", "")

    result = returned(tmp_path, own_ids)
    assert result.exit_code == 0, result.output
    assert set(read_plan(tmp_path / "plan.json").lessons) == set(read_plan(SMALL[1]).lessons)


def test_a_clash_made_in_asc_is_said_and_nothing_is_written(tmp_path: Path) -> None:
    def clash(root: ET.Element) -> None:
        """All cards of one day at its first hour."""
        for card in root.findall("cards/card"):
            if card.get("days") == "10000" and card.get("period") != "0":
                card.set("period", "1")

    result = returned(tmp_path, clash)
    assert result.exit_code == Exit.REFUSED
    assert "Tidak ditulis" in result.output
    assert not (tmp_path / "plan.json").exists()


def test_a_file_of_another_school_does_not_come_back_into_a_plan(foreign: Path, tmp_path: Path) -> None:
    result = run("import", "asc", foreign, "--into", *SMALL, "-o", tmp_path / "plan.json")
    assert result.exit_code == Exit.NOT_UNDERSTOOD
    assert "plan.json" in result.output


def test_only_the_school_of_the_file_changes_in_a_plan_of_several(tmp_path: Path) -> None:
    district = (ROOT / "instances" / "taman-rajo" / "sekolah.xlsx", ROOT / "solutions" / "taman-rajo" / "plan.json")
    assert run("export", "asc", *district, "-o", tmp_path / "a.xml").exit_code == 0
    result = run("import", "asc", tmp_path / "a-10505317.xml", "--into", *district, "-o", tmp_path / "plan.json")
    assert result.exit_code == 0, result.output
    assert set(read_plan(tmp_path / "plan.json").lessons) == set(read_plan(district[1]).lessons)


def test_a_shipped_plan_becomes_a_workbook_without_faults(tmp_path: Path) -> None:
    """Its upacara on Senin moves that day's lessons: aSc has one clock for all days, and the zero period ends where the first begins."""
    assert run("export", "asc", *SMALL, "-o", tmp_path / "a.xml").exit_code == 0
    zero, first = read_asc(tmp_path / "a.xml").periods[:2]
    assert (zero.number, zero.start, zero.end, first.start) == (0, 395, 435, 435)  # upacara takes 40 minutes, lessons begin at 07.15
    assert run("import", "asc", tmp_path / "a.xml", "-o", tmp_path / "sekolah.xlsx", "--npsn", "20000003").exit_code == 0
    assert run("check", tmp_path / "sekolah.xlsx").exit_code == 0
