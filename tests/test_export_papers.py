"""Calendars, the page, the PDF and the tables for Dapodik: what they hold, and that a plan that does not fit its workbook has none."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import icalendar
import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from scheduler.app.exits import Exit
from scheduler.cli.commands import build as build_commands
from scheduler.domain.entities import SlotKind
from scheduler.domain.plan import Plan
from scheduler.formats.dapodik import gather, read_file
from scheduler.formats.ical import LINE_OCTETS, Term, WeeklyEvent, calendar
from scheduler.formats.json import read_plan, write_plan
from scheduler.formats.workbook import read_workbook
from scheduler.report.excel.dapodik import dapodik_table
from scheduler.report.html.whole import whole_page
from scheduler.report.pdf import weeks_pdf
from scheduler.report.tables import Tables
from scheduler.report.text import Text
from scheduler.report.words import Words
from tests import build
from tests.asc_files import small_plan, small_school

ROOT = Path(__file__).resolve().parent.parent
WORKBOOK, PLAN = ROOT / "instances" / "smp-3" / "sekolah.xlsx", ROOT / "solutions" / "smp-3" / "plan.json"
DISTRICT, DISTRICT_PLAN = ROOT / "instances" / "taman-rajo" / "sekolah.xlsx", ROOT / "solutions" / "taman-rajo" / "plan.json"
STRANGE = "=HYPERLINK(\"x\") <script>alert(1)</script> 'Réka'; a,b\\c 😀 " + "panjang " * 32
"""A name with every sign that a format gives a meaning to, of 300 characters."""

ENDINGS = {"asc": "a.xml", "asc-tempel": "a.xlsx", "dapodik": "a.xlsx", "html": "a.html", "ical": "kalender", "pdf": "a.pdf"}


def run(*arguments: object, lang: str = "id") -> Result:
    return CliRunner().invoke(build_commands(lang), [str(argument) for argument in arguments])


def strange_school() -> tuple[Tables, Plan]:
    """The small school with a strange name for a teacher, its school and a room."""

    case = small_school()
    teachers = (replace(case.instance.teachers[0], name=STRANGE, nuptk="0123456789012345"), *case.instance.teachers[1:])
    schools = (replace(case.instance.schools[0], name=f"@{STRANGE}"),)
    case = replace(case, instance=replace(case.instance, teachers=teachers, schools=schools))
    return Tables(case, small_plan(case)), small_plan(case)


# --- every export ------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ENDINGS)
def test_a_plan_that_breaks_a_rule_is_not_exported(name: str, tmp_path: Path) -> None:
    plan = read_plan(PLAN)
    first, second = plan.lessons[:2]
    moved = type(second)(**{f: getattr(second, f) for f in second.__slots__} | {"day": first.day, "period": first.period, "rombels": first.rombels})

    write_plan(replace(plan, lessons=(first, moved, *plan.lessons[2:])), tmp_path / "plan.json")
    result = run("export", name, WORKBOOK, tmp_path / "plan.json", "-o", tmp_path / ENDINGS[name])
    assert result.exit_code == Exit.REFUSED
    assert not (tmp_path / ENDINGS[name]).exists()


@pytest.mark.parametrize("name", [name for name in ENDINGS if name != "ical"])
def test_a_file_that_is_there_is_never_replaced(name: str, tmp_path: Path) -> None:
    out = tmp_path / ENDINGS[name]
    out.write_text("milik orang lain", encoding="utf-8")
    assert run("export", name, WORKBOOK, PLAN, "-o", out).exit_code == Exit.WRONG_USAGE
    assert out.read_text(encoding="utf-8") == "milik orang lain"


@pytest.mark.parametrize("name", [name for name in ENDINGS if name != "ical"])
def test_a_name_with_another_ending_is_refused_in_words(name: str, tmp_path: Path) -> None:
    result = run("export", name, WORKBOOK, PLAN, "-o", tmp_path / "hasil.doc")
    assert result.exit_code == Exit.WRONG_USAGE
    assert "hasil.doc" in result.output


def test_every_school_of_a_workbook_has_a_file_of_its_own(tmp_path: Path) -> None:
    result = run("export", "asc", DISTRICT, DISTRICT_PLAN, "-o", tmp_path / "jadwal.xml", "--json")
    assert result.exit_code == 0, result.output
    schools = {school.npsn for school in read_workbook(DISTRICT)[0].schools}
    assert {path.name for path in tmp_path.iterdir()} == {f"jadwal-{npsn}.xml" for npsn in schools}
    files = json.loads(result.output)["files"]
    assert sum(file["cards"] for file in files) == len(read_plan(DISTRICT_PLAN).lessons)


def test_the_steps_for_asc_are_printed_with_its_number_of_days(tmp_path: Path) -> None:
    result = run("export", "asc", WORKBOOK, PLAN, "-o", tmp_path / "a.xml")
    assert "jumlah hari 5 (Senin, Selasa, Rabu, Kamis, dan Jumat)" in result.output
    english = run("export", "asc", WORKBOOK, PLAN, "-o", tmp_path / "b.xml", lang="en")
    assert "number of days 5" in english.output


# --- calendars ---------------------------------------------------------------------------------------------------------------------------------

TERM = Term(date(2026, 7, 13), date(2026, 12, 31))  # a Monday; the last Thursday


def parsed(content: bytes) -> list[Any]:
    """The events as a parser of somebody else reads them."""
    return list(icalendar.Calendar.from_ical(content).walk("VEVENT"))


def test_a_lesson_repeats_weekly_in_local_time_until_the_end_of_the_semester() -> None:
    (event,) = parsed(calendar("7A", [WeeklyEvent("n#1", "Rabu", 435, 515, "IPA")], TERM))
    assert event.decoded("DTSTART").replace(tzinfo=None) == datetime(2026, 7, 15, 7, 15)  # the Wednesday after Monday 13 July
    assert event.decoded("DTSTART").utcoffset() == timedelta(hours=7)
    assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(minutes=80)
    assert event["RRULE"]["FREQ"] == ["WEEKLY"]
    assert event["RRULE"]["UNTIL"][0].replace(tzinfo=None) == datetime(2026, 12, 31, 16, 59, 59)  # 23.59.59 WIB


def test_free_days_are_left_out() -> None:
    free = (date(2026, 8, 17), date(2026, 8, 18))  # a Monday and a Tuesday
    (event,) = parsed(calendar("7A", [WeeklyEvent("n#1", "Senin", 435, 515, "IPA")], Term(TERM.first, TERM.last, free=free)))
    assert [moment.dt.date() for moment in event["EXDATE"].dts] == [date(2026, 8, 17)]


def test_a_day_that_does_not_come_within_the_term_has_no_event() -> None:
    short = Term(date(2026, 7, 13), date(2026, 7, 14))
    assert parsed(calendar("7A", [WeeklyEvent("n#1", "Rabu", 435, 515, "IPA")], short)) == []


def test_strange_names_survive_folding_and_escaping() -> None:
    content = calendar(STRANGE, [WeeklyEvent("n#1", "Senin", 435, 515, STRANGE, STRANGE, "satu\ndua")], TERM)
    assert max(len(line) for line in content.split(b"\r\n")) <= LINE_OCTETS
    (event,) = parsed(content)
    assert (str(event["SUMMARY"]), str(event["LOCATION"]), str(event["DESCRIPTION"])) == (STRANGE, STRANGE, "satu\ndua")


def test_calendars_of_classes_and_teachers_hold_every_lesson(tmp_path: Path) -> None:
    result = run("export", "ical", DISTRICT, DISTRICT_PLAN, "-o", tmp_path)
    assert result.exit_code == 0, result.output
    plan = read_plan(DISTRICT_PLAN)
    events = {kind: [event for path in (tmp_path / kind).iterdir() for event in parsed(path.read_bytes())] for kind in ("kelas", "guru")}
    assert len(events["kelas"]) == sum(len(lesson.rombels) for lesson in plan.lessons)
    assert len(events["guru"]) == sum(lesson.teacher is not None for lesson in plan.lessons)
    assert max(Counter(str(event["UID"]) for event in events["guru"]).values()) == 1


def test_a_second_export_replaces_its_own_calendars_and_names_those_that_are_left(tmp_path: Path) -> None:
    first = run("export", "ical", WORKBOOK, PLAN, "-o", tmp_path)
    assert first.exit_code == 0
    left = tmp_path / "guru" / "Guru Lama (G99).ics"
    left.write_bytes(calendar("Guru Lama", [], TERM))
    again = run("export", "ical", WORKBOOK, PLAN, "-o", tmp_path)
    assert again.exit_code == 0
    assert "Guru Lama (G99).ics" in again.output
    foreign = next((tmp_path / "kelas").iterdir())
    foreign.write_text("BEGIN:VCALENDAR", encoding="utf-8")
    assert run("export", "ical", WORKBOOK, PLAN, "-o", tmp_path).exit_code == Exit.WRONG_USAGE


def test_days_that_are_none_are_refused(tmp_path: Path) -> None:
    for wrong in (("--free", "17 Agustus"), ("--free", "2026-08-17..2026-08-01"), ("--from", "besok")):
        assert run("export", "ical", WORKBOOK, PLAN, "-o", tmp_path, *wrong).exit_code == Exit.WRONG_USAGE
    assert run("export", "ical", WORKBOOK, PLAN, "-o", tmp_path, "--until", "2025-01-01").exit_code == Exit.NOT_UNDERSTOOD


# --- the page ----------------------------------------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What a page loads from elsewhere, its sections and its text."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.sections: Counter[str] = Counter()
        self.texts: list[str] = []
        self.tags: Counter[str] = Counter()
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        facts = dict(attrs)
        self.loaded += [str(facts[name]) for name in ("src", "href", "action", "data") if name in facts]
        if tag == "section":
            self.sections[str(facts["data-kind"])] += 1

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_the_page_has_every_class_teacher_and_school_and_loads_nothing(tmp_path: Path) -> None:
    result = run("export", "html", DISTRICT, DISTRICT_PLAN, "-o", tmp_path / "a.html")
    assert result.exit_code == 0, result.output
    content = (tmp_path / "a.html").read_text(encoding="utf-8")
    page, plan = Page(content), read_plan(DISTRICT_PLAN)
    assert page.loaded == []
    assert not re.search(r"https?://|@import|url\(", content)
    classes = {(lesson.school, rombel) for lesson in plan.lessons for rombel in lesson.rombels}
    assert page.sections["class"] == len(classes)
    assert page.sections["teacher"] == len({lesson.teacher for lesson in plan.lessons if lesson.teacher})
    assert page.sections["school"] == 5


def test_strange_names_are_text_on_the_page() -> None:
    tables, _ = strange_school()
    page = Page(whole_page(tables, Text("id")).decode("utf-8"))
    assert page.tags["script"] == 1  # our own
    assert any(STRANGE.strip() in text for text in page.texts)


def test_the_page_shows_a_lesson_at_each_of_its_hours() -> None:
    tables, plan = strange_school()
    content = whole_page(tables, Text("en")).decode("utf-8")
    # each hour of a lesson stands with its classes, its teacher, and in the school's week with its classes again
    hours = sum(lesson.length * (2 * len(lesson.rombels) + 1) for lesson in plan.lessons)
    shared = sum(lesson.length for lesson in plan.lessons if lesson.subject == "pabp_kristen")  # beside the other religion in one cell
    assert content.count('class="lesson"') == hours - 2 * 2 * shared
    assert sum(slot.kind is SlotKind.LESSON for slot in tables.case.instance.slots) == 24


# --- PDF ---------------------------------------------------------------------------------------------------------------------------------------


def test_the_pdf_has_a_page_for_the_school_each_class_and_each_teacher() -> None:
    pytest.importorskip("reportlab")
    tables, _ = strange_school()
    written = weeks_pdf(tables, Text("id"))
    assert written.content.startswith(b"%PDF-")
    assert written.pages == 1 + 2 + 3
    assert written.content == weeks_pdf(tables, Text("id")).content


def test_letters_that_no_font_has_are_told() -> None:
    pytest.importorskip("reportlab")
    case = small_school()
    teachers = (replace(case.instance.teachers[0], name="Guru \U00030ede"), *case.instance.teachers[1:])  # a rare Chinese character
    tables = Tables(replace(case, instance=replace(case.instance, teachers=teachers)), small_plan(case))
    assert weeks_pdf(tables, Text("id")).missing == "\U00030ede"


def test_without_reportlab_the_pdf_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    result = run("export", "pdf", WORKBOOK, PLAN, "-o", tmp_path / "a.pdf")
    assert result.exit_code == Exit.WRONG_USAGE
    assert "scheduler[pdf]" in result.output


# --- Dapodik -----------------------------------------------------------------------------------------------------------------------------------


def test_the_table_for_dapodik_is_read_by_the_reader_of_dapodiks_own(tmp_path: Path) -> None:
    result = run("export", "dapodik", WORKBOOK, PLAN, "-o", tmp_path / "d.xlsx", "--json")
    assert result.exit_code == 0, result.output
    plan = read_plan(PLAN)
    rows = gather(read_file(tmp_path / "d.xlsx")).lessons
    assert Counter((row.rombel, row.jjm) for row in rows) == Counter((a.rombels[0], a.jp) for a in plan.assignments if a.jp and a.rombels)
    assert json.loads(result.output)["files"][0]["jjm"] == sum(a.jp for a in plan.assignments if a.rombels)


def test_numbers_stay_text_and_strange_names_no_formulas(tmp_path: Path) -> None:
    tables, _ = strange_school()
    path = tmp_path / "d.xlsx"
    path.write_bytes(dapodik_table(Words(tables, Text("id")), build.HOME).content)
    workbook = load_workbook(path)
    values = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type in ("s", "n") for cell in values)
    assert "0123456789012345" in {cell.value for cell in values}
    assert STRANGE in {cell.value for cell in values}


def test_classes_taught_together_have_their_hours_once() -> None:
    tables, plan = strange_school()
    table = dapodik_table(Words(tables, Text("id")), build.HOME)
    assert table.rows == 2 * 3  # two classes with MTK and two religions each
    assert table.jjm == sum(row.jp for row in plan.assignments) == 14  # 5 + 5 + 2 + 2


def test_the_schedule_has_a_line_for_each_hour_of_each_room(tmp_path: Path) -> None:
    tables, _ = strange_school()
    path = tmp_path / "d.xlsx"
    path.write_bytes(dapodik_table(Words(tables, Text("id")), build.HOME).content)
    lines = [[cell.value for cell in row] for row in load_workbook(path)["Jadwal"].iter_rows(min_row=7)]
    assert [line[:3] for line in lines] == [[room, f"7{letter}", hour] for room, letter in ((1, "A"), (2, "B")) for hour in (1, 2, 3, 4)]
    assert str(lines[0][3]).startswith("7A MTK - =HYPERLINK")
    assert str(lines[0][4]).splitlines() == ["7A, 7B PAI - Guru I", "7A, 7B PAK - Guru K"]
