"""The sheet Perlu Diperiksa: what an import from Dapodik found missing or doubtful, with a link to the cell and room for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from scheduler.domain.instance import Instance
from scheduler.formats.dapodik.doubts import Doubt, Urgency
from scheduler.formats.live import column_letter
from scheduler.formats.look import BOX, HEADER, REQUIRED, cell_at, dress_page, font
from scheduler.formats.sheets import BY_TABLE, REVIEW, SETTINGS
from scheduler.formats.workbook_writer import put
from scheduler.report.text import LANGUAGES, Text

WIDTHS: Final = {"number": 5, "urgency": 11, "target": 20, "matter": 84, "origin": 38, "question": 40, "answer": 30}
COLOURS: Final = {Urgency.QUESTION: "F8CBAD", Urgency.CHECK: "FFF2CC", Urgency.NOTE: "EDEDED"}
TEACHER_QUESTION: Final = "guru:"
TEACHER_LIST: Final = "DaftarGuru"
"""Name of the list ``Nama (Kode)`` that the workbook's own dropdowns use."""

LINES: Final = 90
"""Characters of a line of the widest column, for the height of a row."""


def add_doubts(workbook: Workbook, instance: Instance, doubts: Sequence[Doubt], text: Text, part: str = "dapodik") -> None:
    """Put the sheet before all others; without doubts it says so. ``part`` is the file of the catalogue that has the sentences of these doubts."""

    def say(name: str) -> str:
        return text.say(f"{part}.{name}" if text.has(f"{part}.{name}") else f"dapodik.{name}")

    sheet = workbook.create_sheet(REVIEW[LANGUAGES.index(text.lang)], 0)
    workbook.active = 0
    for other in workbook.worksheets[1:]:
        other.sheet_view.tabSelected = False
    sheet.sheet_properties.tabColor = "C00000"
    write(sheet, 1, 1, say("sheet_title"), bold=True, size=14)
    write(sheet, 2, 1, say("sheet_guide" if doubts else "sheet_nothing"))
    for row in (1, 2):
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(WIDTHS))
    sheet.row_dimensions[2].height = 48
    header = 4
    for position, (name, width) in enumerate(WIDTHS.items(), start=1):
        cell = cell_at(sheet, header, position)
        cell.value = say(f"sheet_{name}")
        cell.fill, cell.font, cell.border = HEADER, font(bold=True, color="FFFFFF"), BOX
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[cell.column_letter].width = width
    for number, doubt in enumerate(doubts, start=1):
        write_doubt(sheet, header + number, number, instance, doubt, text, part)
    sheet.freeze_panes = f"A{header + 1}"
    sheet.auto_filter.ref = f"A{header}:G{max(header + len(doubts), header + 1)}"
    offer_teachers(sheet, workbook, instance, header, doubts)
    dress_page(sheet)
    sheet.print_title_rows = f"{header}:{header}"


def write(sheet: Worksheet, row: int, column: int, value: str, bold: bool = False, size: int = 11) -> None:
    cell = cell_at(sheet, row, column)
    put(cell, value)
    cell.font = font(bold=bold, size=size)
    cell.alignment = Alignment(vertical="top", wrap_text=True)


def write_doubt(sheet: Worksheet, row: int, number: int, instance: Instance, doubt: Doubt, text: Text, part: str = "dapodik") -> None:
    matter = doubt_sentence(text, doubt, part)
    origin = str(doubt.origin)
    values = (str(number), text.say(f"dapodik.urgency_{doubt.urgency.name.lower()}"), target_of(instance, doubt), matter, origin, doubt.question, "")
    for position, value in enumerate(values, start=1):
        write(sheet, row, position, value)
        cell = cell_at(sheet, row, position)
        cell.border = BOX
        cell.number_format = "@"
    cell_at(sheet, row, 1).value = number
    cell_at(sheet, row, 1).number_format = "0"
    cell_at(sheet, row, 2).fill = PatternFill("solid", fgColor=COLOURS[doubt.urgency])
    target = cell_at(sheet, row, 3)
    if target.value:
        place, _, cell_name = str(target.value).partition("!")
        target.hyperlink = f"#'{place}'!{cell_name or 'A1'}"
        target.font = font(color="0563C1", underline="single")
    if doubt.question:
        cell_at(sheet, row, 7).fill = REQUIRED
    sheet.row_dimensions[row].height = 15 * max(-(-len(matter) // LINES), -(-len(origin) // 34), -(-len(doubt.question) // 36), 1) + 2


def doubt_sentence(text: Text, doubt: Doubt, part: str = "dapodik") -> str:
    return text.say(f"{part}.{doubt.kind}", **doubt.facts)


def target_of(instance: Instance, doubt: Doubt) -> str:
    """``Guru!H7``: where the mend is to be made; only the sheet where no single cell is meant."""
    if doubt.target is None:
        return ""
    table, index, name = doubt.target
    specification = BY_TABLE[table]
    if table == "settings":
        position = next((i for i, column in enumerate(SETTINGS) if column.field == name), 0)
        return f"{specification.name}!B{position + 2}"
    if not name or index >= len(getattr(instance, table)):
        return specification.name
    return f"{specification.name}!{column_letter(specification, name)}{index + 2}"


def offer_teachers(sheet: Worksheet, workbook: Workbook, instance: Instance, header: int, doubts: Sequence[Doubt]) -> None:
    """A list of the teachers for every question that asks who somebody is; another answer may be typed all the same."""
    rows = [header + number for number, doubt in enumerate(doubts, start=1) if doubt.question.startswith(TEACHER_QUESTION)]
    if not rows:
        return
    specification = BY_TABLE["teachers"]
    letter = column_letter(specification, "code")
    codes = f"{specification.name}!${letter}$2:${letter}${len(instance.teachers) + 1}"
    listed = TEACHER_LIST if TEACHER_LIST in workbook.defined_names else codes
    validation = DataValidation("list", formula1=f"={listed}", allow_blank=True, showErrorMessage=False)
    for row in rows:
        validation.add(f"G{row}")
    sheet.add_data_validation(validation)
