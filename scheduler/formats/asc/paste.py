"""The lessons of a plan as a sheet to copy and to paste into aSc: the way for who does not want to import XML.

aSc takes the copied cells under its menu of contracts and asks which column is what; the headings are aSc's own English words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from openpyxl import Workbook
from openpyxl.worksheet.properties import PageSetupProperties

from scheduler.domain.plan import Plan
from scheduler.formats.asc.periods import AscWeek
from scheduler.formats.asc.writing import AscBuilder
from scheduler.formats.files import workbook_bytes
from scheduler.formats.look import cell_at, font
from scheduler.formats.workbook_writer import put
from scheduler.policy.case import Case

Row = Sequence[str | int]


def paste_sheet(case: Case, plan: Plan, npsn: str, words: Mapping[str, str]) -> tuple[bytes, int]:
    """The .xlsx file and how many rows of lessons it has: a row for each need and length of its lessons.

    ``words`` has the names that ``asc_file`` wants, and the titles of the sheets (``lessons``, ``classes``, ``teachers``, ``subjects``).
    """
    builder = AscBuilder(case, plan, npsn, words)
    lessons = list(lesson_lines(builder))
    subjects = [subject for subject in case.instance.subjects if any(row.subject == subject.id for row in builder.taught)]
    teaching = {row.teacher for row in builder.taught}
    teachers = [teacher for teacher in case.instance.teachers if teacher.home == npsn or teacher.code in teaching]
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    write(workbook, words["lessons"], ("Teachers", "Class", "Subject", "Length", "Total periods per week", "Groups", "Classrooms"), lessons)
    write(workbook, words["classes"], ("Name", "Short", "Divisions"), list(class_lines(builder)))
    write(workbook, words["teachers"], ("Name", "Short"), [(teacher.name, teacher.code) for teacher in teachers])
    write(workbook, words["subjects"], ("Name", "Short"), [(subject.name, subject.short) for subject in subjects])
    return workbook_bytes(workbook), len(lessons)


def lesson_lines(builder: AscBuilder) -> Iterator[Row]:
    for row in builder.lesson_rows:
        subject = next(subject for subject in builder.case.instance.subjects if subject.id == row.need.subject)
        group = builder.group_name(row.need) if row.need.parallel else ""
        rooms = sorted({lesson.room for lesson in builder.placed if lesson.need == row.need.id and lesson.room})
        classes, hours = ",".join(row.need.rombels), row.length * row.count
        yield row.assignment.teacher or "", classes, subject.short, row.length, hours, group, ",".join(rooms)


def class_lines(builder: AscBuilder) -> Iterator[Row]:
    """``Divisions`` is empty, or the groups of each division joined by slashes, division after division."""
    needs = [builder.case.need[row.need] for row in builder.taught]
    for rombel in AscWeek(builder.case.instance, builder.npsn).rombels:
        divisions = (
            "/".join(builder.group_name(need) for need in needs if need.parallel == parallel and rombel.name in need.rombels)
            for parallel in builder.divisions[rombel.name]
        )
        yield rombel.name, rombel.name, ",".join(divisions)


def write(workbook: Workbook, title: str, heads: Sequence[str], rows: Sequence[Row]) -> None:
    sheet = workbook.create_sheet(title)
    for column, head in enumerate(heads, start=1):
        cell = cell_at(sheet, 1, column)
        cell.value, cell.font = head, font(bold=True)
        width = max(len(head), *(len(str(row[column - 1])) for row in rows), 1) if rows else len(head)
        sheet.column_dimensions[cell.column_letter].width = min(60, width + 2)
    for index, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            put(cell_at(sheet, index, column), value)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
