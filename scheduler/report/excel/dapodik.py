"""A plan in the shape of Dapodik's own sheets, to type from: Pembelajaran class by class, and Jadwal room by room.

The layout of Pembelajaran is that of Dapodik's download Rekap Pembelajaran (headings in row 8), so that the two can be laid side by side; the columns
of the SK stay empty until there is one. Headings are Dapodik's own words in every language.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from scheduler.domain.entities import Rombel
from scheduler.domain.plan import Assignment, Lesson
from scheduler.formats.files import workbook_bytes
from scheduler.formats.look import BOX, F4_PAPER, HEADER, cell_at, font
from scheduler.formats.workbook_writer import put
from scheduler.policy.load import curriculum_ids, load_curriculum
from scheduler.report.weeks import bell_of, day_slots
from scheduler.report.words import Words

HEAD_ROW = 8
SCHEDULE_HEAD_ROW = 6
SEPARATOR = "|"
HEAD_POINTS, LINE_POINTS = 32, 15
NUPTK, JJM = 8, 13
WIDTHS = (5, 10, 8, 12, 34, 20, 32, 19, 8, 22, 48, 10, 6, 8, 14, 18, 14, 40)
SCHEDULE_WIDTHS = (5, 22, 14, 26, 26, 26, 26, 26, 26, 26)


@dataclass(frozen=True, slots=True)
class DapodikTable:
    """The .xlsx file, how many rows of Pembelajaran it has, and their JJM: each hour once."""

    content: bytes
    rows: int
    jjm: int


def dapodik_table(words: Words, npsn: str) -> DapodikTable:
    """Both sheets of one school."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = words.text.say("export.dapodik_sheet_lessons")
    rows = list(lesson_rows(words, npsn))
    write_lessons(words, sheet, npsn, rows)
    write_schedule(words, workbook.create_sheet(words.text.say("export.dapodik_sheet_schedule")), npsn)
    return DapodikTable(workbook_bytes(workbook), len(rows), sum(int(row[JJM - 1]) for row in rows))


def heads(words: Words, key: str) -> tuple[str, ...]:
    return tuple(words.text.say(f"export.{key}").split(SEPARATOR))


# --- Pembelajaran ----------------------------------------------------------------------------------------------------------------------------------


def lesson_rows(words: Words, npsn: str) -> Iterator[tuple[str | int, ...]]:
    """Class by class in the order of Rombel, subjects in the order of the plan."""
    case = words.tables.case
    taught = [row for row in words.tables.plan.assignments if row.school == npsn and row.jp > 0]
    number = 0
    for rombel in case.instance.rombels_of(npsn):
        for row in (row for row in taught if rombel.name in row.rombels):
            number += 1
            yield lesson_row(words, number, rombel, row)


def lesson_row(words: Words, number: int, rombel: Rombel, row: Assignment) -> tuple[str | int, ...]:
    """One class's subject; of classes taught together only the first has the hours, so that no hour counts twice."""
    teacher = words.tables.case.teachers[row.teacher] if row.teacher else None
    first = rombel.name == row.rombels[0]
    note = "" if len(row.rombels) == 1 else words.text.say("export.dapodik_together", rombels=", ".join(row.rombels), first=row.rombels[0])
    return (
        number,
        words.text.say("export.dapodik_kind"),
        rombel.grade,
        rombel.name,
        curriculum_name(rombel.curriculum),
        "",
        teacher.name if teacher else words.say("nobody"),
        teacher.nuptk if teacher else "",
        words.text.say(f"export.dapodik_{'yes' if teacher.home == row.school else 'no'}") if teacher else "",
        teacher.employment if teacher else "",
        words.names.subjects[row.subject].name,
        "",
        row.jp if first else 0,
        rombel.students or "",
        "",
        "",
        "",
        note,
    )


def curriculum_name(curriculum: str) -> str:
    return load_curriculum(curriculum).title if curriculum in curriculum_ids() else curriculum


def write_lessons(words: Words, sheet: Worksheet, npsn: str, rows: Sequence[Sequence[str | int]]) -> None:
    facts = heads(words, "dapodik_facts")
    said = (words.names.school(npsn), npsn, words.term, "", "")
    write_title(sheet, words.text.say("export.dapodik_title_lessons"))
    for index, (label, value) in enumerate(zip(facts, said, strict=True), start=2):
        put(cell_at(sheet, index, 1), label)
        put(cell_at(sheet, index, 3), f": {value}")
    write_head(sheet, HEAD_ROW, heads(words, "dapodik_heads"), WIDTHS)
    for row, values in enumerate(rows, start=HEAD_ROW + 1):
        for column, content in enumerate(values, start=1):
            write_cell(sheet, row, column, content, wrap=False)
        cell_at(sheet, row, NUPTK).number_format = "@"
    sheet.freeze_panes = f"E{HEAD_ROW + 1}"
    sheet.auto_filter.ref = f"A{HEAD_ROW}:{cell_at(sheet, HEAD_ROW, len(WIDTHS)).column_letter}{HEAD_ROW + max(1, len(rows))}"
    set_paper(sheet, HEAD_ROW)


# --- Jadwal ----------------------------------------------------------------------------------------------------------------------------------------


def write_schedule(words: Words, sheet: Worksheet, npsn: str) -> None:
    """Room by room a line for every hour; a class without a stated room has one of its own name."""
    instance = words.tables.case.instance
    write_title(sheet, words.text.say("export.dapodik_title_schedule"))
    put(cell_at(sheet, 2, 1), words.names.school(npsn))
    put(cell_at(sheet, 3, 1), words.term)
    names = heads(words, "dapodik_schedule_heads")
    write_head(sheet, SCHEDULE_HEAD_ROW, names, SCHEDULE_WIDTHS)
    days = names[3:]
    homes = {rombel.name: rombel.room or rombel.name for rombel in instance.rombels_of(npsn)}
    cells: dict[tuple[str, int, str], list[str]] = {}
    periods: dict[str, set[int]] = {}
    for rombel in instance.rombels_of(npsn):
        slots = (slot for of_day in day_slots(instance, bell_of(instance, rombel)).values() for slot in of_day)
        periods.setdefault(homes[rombel.name], set()).update(slot.period for slot in slots if slot.period > 0)
    for lesson in (lesson for lesson in words.tables.plan.lessons if lesson.school == npsn):
        room = lesson.room or next((homes[name] for name in lesson.rombels if name in homes), "-")
        for period in range(lesson.period, lesson.period + lesson.length):
            periods.setdefault(room, set()).add(period)
            cells.setdefault((room, period, lesson.day), []).append(lesson_words(words, lesson))
    row = SCHEDULE_HEAD_ROW
    for number, (room, hours) in enumerate(periods.items(), start=1):
        for period in sorted(hours):
            row += 1
            write_cell(sheet, row, 1, number)
            write_cell(sheet, row, 2, room)
            write_cell(sheet, row, 3, period)
            sheet.row_dimensions[row].height = LINE_POINTS * max(1, *(len(cells.get((room, period, day), ())) for day in days))
            for column, day in enumerate(days, start=4):
                write_cell(sheet, row, column, "\n".join(cells.get((room, period, day), ())))
    sheet.freeze_panes = f"D{SCHEDULE_HEAD_ROW + 1}"
    set_paper(sheet, SCHEDULE_HEAD_ROW)


def lesson_words(words: Words, lesson: Lesson) -> str:
    teacher = words.teacher(lesson.teacher) if lesson.teacher else words.say("nobody")
    return f"{', '.join(lesson.rombels)} {words.names.subjects[lesson.subject].short} - {teacher}".strip()


# --- cells -----------------------------------------------------------------------------------------------------------------------------------------


def write_title(sheet: Worksheet, title: str) -> None:
    put(cell_at(sheet, 1, 1), title)
    cell_at(sheet, 1, 1).font = font(16, bold=True)


def write_head(sheet: Worksheet, row: int, names: Sequence[str], widths: Sequence[int]) -> None:
    for column, (name, width) in enumerate(zip(names, widths, strict=True), start=1):
        cell = cell_at(sheet, row, column)
        put(cell, name)
        cell.fill, cell.font, cell.border = HEADER, font(bold=True, color="FFFFFF"), BOX
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.row_dimensions[row].height = HEAD_POINTS


def write_cell(sheet: Worksheet, row: int, column: int, value: str | int, wrap: bool = True) -> None:
    cell = cell_at(sheet, row, column)
    put(cell, value)
    cell.border = BOX
    cell.alignment = Alignment(vertical="top", wrap_text=wrap, shrink_to_fit=not wrap, horizontal="center" if isinstance(value, int) else None)


def set_paper(sheet: Worksheet, head: int) -> None:
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", F4_PAPER
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{head}:{head}"
