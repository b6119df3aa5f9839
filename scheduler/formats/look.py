"""How the workbook looks: colours, widths, frozen headers, and paper."""

from __future__ import annotations

from copy import copy
from typing import Any, Final, Literal, cast

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from scheduler.formats.columns import REFERENCES, Column, Kind

F4_PAPER: Final = 14
"""Excel's code of Folio (8.5 x 13 in), what Indonesian offices print F4 with."""

HEADER: Final = PatternFill("solid", fgColor="1F4E5F")
HEADER_REQUIRED: Final = PatternFill("solid", fgColor="F2C744")
HEADER_COMPUTED: Final = PatternFill("solid", fgColor="8C8C8C")
REQUIRED: Final = PatternFill("solid", fgColor="FFF8DC")
COMPUTED: Final = PatternFill("solid", fgColor="E7E6E6")

LINE: Final = Side(style="thin", color="D0D0D0")
BOX: Final = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)


def font(size: int = 11, bold: bool = False, italic: bool = False, color: str = "000000", underline: Literal["single"] | None = None) -> Font:
    """A font of the workbook; without a name every program would take another one."""
    return Font(name="Calibri", size=size, bold=bold, italic=italic, color=color, underline=underline)


TEXT_FORMAT: Final = "@"
FORMATS: Final = {Kind.DATE: "DD-MM-YYYY", Kind.CLOCK: "HH.MM"}
CENTRED: Final = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.DATE, Kind.CLOCK, Kind.YES_NO, Kind.GRADE, Kind.COUNT_OR_YES, Kind.COMPUTED})

NARROWEST: Final = 9
WIDEST: Final = 64
WIDEST_REMARK: Final = 100
ROOM_FOR: Final = {Kind.DIGITS: 21, Kind.DATE: 12, Kind.TEXT: 16, Kind.TEACHER: 28, Kind.SUBJECT: 28, Kind.CERTIFICATE: 28, Kind.DUTY: 28}
"""Widths that what is still to be typed will need."""


def number_format(column: Column) -> str:
    """Text for everything that is not a number, so that Excel leaves NIP, 007 and 7-1 as they are typed."""
    if column.kind in REFERENCES or column.kind in (Kind.TEXT, Kind.CODE, Kind.DIGITS, Kind.BLOCKS, Kind.REMARK):
        return TEXT_FORMAT
    return FORMATS.get(column.kind, "General")


def cell_at(sheet: Worksheet, row: int, column: int) -> Cell:
    """A cell of a sheet that has no merged cells there."""
    return cast("Cell", sheet.cell(row, column))


def dress_header(cell: Cell, column: Column) -> None:
    computed = column.kind is Kind.COMPUTED
    cell.fill = HEADER_COMPUTED if computed else HEADER_REQUIRED if column.required else HEADER
    cell.font = font(bold=True, color="222222" if column.required else "FFFFFF")
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cell.border = BOX


Styles = dict[tuple[Kind, bool], Any]
"""Styles of one workbook that are known already: giving a cell a known one is ten times faster than describing it anew."""


def dress_cell(cell: Cell, column: Column, styles: Styles) -> None:
    known = styles.get((column.kind, column.required))
    if known is not None:
        cell._style = copy(known)  # type: ignore[attr-defined]
        return
    cell.number_format = number_format(column)
    cell.border = BOX
    cell.alignment = Alignment(horizontal="center" if column.kind in CENTRED else "left", vertical="center")
    if column.kind is Kind.COMPUTED:
        cell.fill = COMPUTED
    elif column.required:
        cell.fill = REQUIRED
    cell.protection = Protection(locked=False)
    styles[column.kind, column.required] = copy(cell._style)  # type: ignore[attr-defined]


def dress_sheet(sheet: Worksheet, columns: tuple[Column, ...], header_row: int, last_row: int) -> None:
    """Widths by content, header frozen with the first column, filter, F4 landscape with the header on every page."""
    for position, column in enumerate(columns, start=1):
        letter = get_column_letter(position)
        cells = (cell_at(sheet, row, position) for row in range(header_row + 1, last_row + 1))
        longest = max((len(str(cell.value)) for cell in cells if shows(cell)), default=0)
        header = max(len(word) for word in column.header.split())
        widest = WIDEST_REMARK if column.kind is Kind.REMARK else WIDEST
        sheet.column_dimensions[letter].width = min(widest, max(ROOM_FOR.get(column.kind, NARROWEST), header + 3, longest + 2))
        sheet.column_dimensions[letter].number_format = number_format(column)
    for row in range(header_row + 1, last_row + 1):
        wrap_long(sheet, row, len(columns))
    sheet.row_dimensions[header_row].height = 32
    sheet.freeze_panes = f"B{header_row + 1}"
    sheet.auto_filter.ref = f"A{header_row}:{get_column_letter(len(columns))}{last_row}"
    dress_page(sheet)
    sheet.print_title_rows = f"{header_row}:{header_row}"


def wrap_long(sheet: Worksheet, row: int, columns: int) -> None:
    """Texts longer than the widest column go on below, in a row that is high enough."""
    lines = 1
    for position in range(1, columns + 1):
        cell, width = cell_at(sheet, row, position), sheet.column_dimensions[get_column_letter(position)].width
        if shows(cell) and len(str(cell.value)) > width:
            cell.alignment = Alignment(horizontal=cell.alignment.horizontal, vertical="center", wrap_text=True)
            lines = max(lines, 1 + len(str(cell.value)) // int(width))
    if lines > 1:
        sheet.row_dimensions[row].height = min(409, 15 * lines)


def shows(cell: Cell) -> bool:
    """Whether the cell's value is what the reader of the sheet sees (a formula's text is not)."""
    return cell.value is not None and cell.data_type != "f"


def dress_page(sheet: Worksheet) -> None:
    sheet.page_setup.paperSize = F4_PAPER
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.6, header=0.2, footer=0.25)
    footer = sheet.oddFooter
    if footer is not None:
        footer.left.text, footer.right.text = "&A", "&P / &N"
