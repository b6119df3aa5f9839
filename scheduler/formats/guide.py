"""The first sheet, Petunjuk: how to fill the workbook, and every column with its meaning."""

from __future__ import annotations

import math

from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from scheduler.formats.live import put
from scheduler.formats.look import BOX, HEADER, HEADER_COMPUTED, HEADER_REQUIRED, cell_at, dress_page, font
from scheduler.formats.sheet_texts import sheet_texts
from scheduler.formats.sheets import GUIDE, SHEETS

LINE_POINTS = 15.0
"""Height of a line; a wrapped cell does not grow by itself in every program."""

BOLD = 1.1
"""Width of bold letters against common ones."""

WIDTHS = {"A": 20, "B": 24, "C": 9, "D": 36, "E": 100}


def write_guide(sheet: Worksheet, note: str = "") -> None:
    """Fill the sheet in Indonesian: the steps, the colours, then one line a column."""
    texts = sheet_texts("id")
    sheet.title = GUIDE
    sheet["A1"] = texts["guide_title"]
    sheet["A1"].font = font(bold=True, size=16)
    lines = [note] if note else []
    lines += [line for line in texts["guide_steps"].splitlines() if line]
    row = 2
    for line in lines:
        put(cell_at(sheet, row, 1), line)
        sheet.cell(row, 1).alignment = Alignment(vertical="top", wrap_text=True)
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(WIDTHS))
        set_height(sheet, row, len(line), sum(WIDTHS.values()))
        row += 1
    row = write_colours(sheet, row + 1)
    write_columns(sheet, row + 1)
    for letter, width in WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    dress_page(sheet)


def write_colours(sheet: Worksheet, row: int) -> int:
    texts = sheet_texts("id")
    for fill, key in ((HEADER_REQUIRED, "colour_required"), (HEADER, "colour_optional"), (HEADER_COMPUTED, "colour_computed")):
        sheet.cell(row, 1).fill = fill
        sheet.cell(row, 2, texts[key])
        row += 1
    return row


def write_columns(sheet: Worksheet, row: int) -> None:
    """Sheet, column, whether required, what it holds, what it means; the sheet's name leads to it."""
    texts = sheet_texts("id")
    headings = ("heading_sheet", "heading_column", "heading_required", "heading_kind", "heading_meaning")
    for position, heading in enumerate(headings, start=1):
        cell = sheet.cell(row, position, texts[heading])
        cell.font, cell.fill, cell.border = font(bold=True, color="FFFFFF"), HEADER, BOX
    for specification in SHEETS:
        row += 1
        link = sheet.cell(row, 1, specification.name)
        link.hyperlink = f"#'{specification.name}'!A1"
        link.font = font(bold=True, color="0563C1", underline="single")
        link.alignment = Alignment(vertical="top")
        about = sheet.cell(row, 5, texts[f"sheet_{specification.table}"])
        about.font, about.alignment = font(bold=True), Alignment(vertical="top", wrap_text=True)
        set_height(sheet, row, len(str(about.value)) * BOLD, WIDTHS["E"])
        for column in specification.columns:
            row += 1
            required = texts["yes"] if column.required else ""
            meaning = texts[specification.text_key(column)]
            for position, text in enumerate(("", column.name, required, texts[f"kind_{column.kind}"], meaning), start=1):
                cell = sheet.cell(row, position, text or None)
                cell.border = BOX
                cell.alignment = Alignment(vertical="top", wrap_text=True)
            set_height(sheet, row, len(meaning), WIDTHS["E"])


def set_height(sheet: Worksheet, row: int, characters: float, width: float) -> None:
    """High enough for so many characters in cells of this width."""
    sheet.row_dimensions[row].height = LINE_POINTS * max(1, math.ceil(characters / width))
