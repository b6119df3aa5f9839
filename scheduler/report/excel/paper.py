"""A worksheet written from top to bottom, as a page that is printed (on F4, or A4 where the school says so) and hung on a wall.

Text never becomes a formula, widths and heights are set here (merged cells do not grow by themselves), fills are light enough to print in grey.
openpyxl is imported by whoever writes a workbook, never by the rows.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet


@dataclass(frozen=True, slots=True)
class PaperSize:
    """A sheet of paper: Excel's code of it, and its sides."""

    code: str
    long_inches: float
    short_inches: float


F4: Final = PaperSize("14", 13.0, 8.5)
"""Excel's Folio, 8.5 × 13 in: the F4 of Indonesian schools (215 × 330 mm)."""

A4: Final = PaperSize("9", 11.69, 8.27)

PAPER_SIZES: Final = {"F4": F4, "A4": A4}
"""By the values of the key Ukuran Kertas in Pengaturan."""

MARGIN_INCHES: Final = 0.4
FOOTER_INCHES: Final = 0.55

COLUMN_INCHES: Final = 0.0775
"""Width of one unit of a column on paper, as LibreOffice prints it; Excel's (7 pixels of 1/96 in) is 6 % narrower."""

SQUEEZE: Final = 0.3
"""Share of a page's height by which a sheet may be made smaller to save its last page."""

HIGHEST_ROW: Final = 409.0
"""Points; Excel repairs files with higher rows."""

LONGEST_FOOTER: Final = 190

FULL: Final = 100

LINE_POINTS: Final = 13.2
"""Height of one line of Calibri 10."""

TIGHT_LINE: Final = 1.25
"""Height of a line without any room to spare, in sizes of its letters."""

CHARACTERS_A_UNIT: Final = 1.12
"""Characters of Calibri 10 in one unit of column width, on the careful side."""

CAPITALS: Final = 1.2
"""Width of a capital letter against that of a common one."""

Value = str | int | float | None

LINE: Final = Side(style="thin", color="808080")
FRAME: Final = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
NO_FRAME: Final = Border()

HEAD_FILL: Final = "D6DCE4"
GROUP_FILL: Final = "E9EDF2"
TOTAL_FILL: Final = "E4E4E4"
SPECIAL_FILL: Final = "E7E6E6"
GOOD_FILL: Final = "E2EFDA"
WARN_FILL: Final = "FFF2CC"
BAD_FILL: Final = "F8D7D3"

SUBJECT_FILLS: Final = (
    "F6FAFE", "E5BFB2", "F9E5D2", "C6C074", "BAE5EE", "86C286",
    "FCFAED", "9DDECE", "D0F8DD", "CBA9DC", "C7EBAE", "CB98A9",
    "FEF6FA", "C0C7EA", "ECE4FB", "9BC3D6", "F1C8F1", "BDA77C",
)  # fmt: skip
"""Fills by which a screen tells subjects apart. On grey paper those of each line are six greys, 6 % of brightness apart and far apart from one to
the next; the three lines differ in print (upright, bold, slanting), so that eighteen subjects differ on grey paper too."""

GREYS: Final = 6


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks. ``fill`` is a colour or "" for none."""

    bold: bool = False
    italic: bool = False
    size: float = 10
    color: str = "000000"
    fill: str = ""
    across: str = "left"
    up: str = "center"
    wrap: bool = True
    frame: bool = True
    turn: int = 0
    form: str = "General"
    indent: int = 0
    shrink: bool = False
    """Print smaller what does not fit: names under signatures, whose length nobody knows."""


CELL: Final = Look()
CENTER: Final = Look(across="center")
SMALL: Final = Look(size=9)
STRONG: Final = Look(bold=True)
TEXT_ID: Final = Look(size=9, across="center", form="@")
STRONG_CENTER: Final = Look(bold=True, across="center")
HEAD: Final = Look(bold=True, fill=HEAD_FILL, across="center")
GROUP: Final = Look(bold=True, fill=GROUP_FILL)
TOTAL: Final = Look(bold=True, fill=TOTAL_FILL, across="center")
TOTAL_NAME: Final = Look(bold=True, fill=TOTAL_FILL, across="right")
SPECIAL: Final = Look(italic=True, fill=SPECIAL_FILL, across="center", color="404040")
TITLE: Final = Look(bold=True, size=14, across="center", frame=False)
SUBTITLE: Final = Look(bold=True, size=11, across="center", frame=False)
NOTE: Final = Look(italic=True, size=9, across="center", frame=False, color="7F3F00")
PLAIN: Final = Look(frame=False, up="top")
PLAIN_SMALL: Final = Look(frame=False, up="top", size=9, color="404040")
SECTION: Final = Look(bold=True, size=11, frame=False, color="1F3864", up="bottom")


@dataclass
class Paper:
    """One sheet, filled row by row. ``row`` is the next free row; ``used_points`` the height used on the current printed page."""

    sheet: Worksheet
    widths: Sequence[float]
    landscape: bool = True
    size: PaperSize = F4
    row: int = 1
    used_points: float = 0.0
    all_points: float = 0.0
    smaller: int = FULL
    _styles: dict[Look, StyleArray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for index, width in enumerate(self.widths):
            self.sheet.column_dimensions[get_column_letter(index + 1)].width = width
        self.sheet.sheet_view.showGridLines = False

    @property
    def columns(self) -> int:
        return len(self.widths)

    @property
    def across_inches(self) -> float:
        """Width of the printed area."""
        return (self.size.long_inches if self.landscape else self.size.short_inches) - 2 * MARGIN_INCHES

    # --- cells ---------------------------------------------------------------------------------------------------------------------------

    def put(self, row: int, column: int, value: Value, look: Look = CELL, to_column: int = 0, to_row: int = 0) -> None:
        """Writes one cell, merged up to ``to_column`` and ``to_row`` where they are given."""
        last_column, last_row = max(column, to_column), max(row, to_row)
        self._dress(row, column, look)
        write(self.sheet.cell(row, column), value)
        if (last_column, last_row) != (column, row):
            if look.frame or look.fill:
                for r in range(row, last_row + 1):
                    for c in range(column, last_column + 1):
                        self._dress(r, c, look)
            # Not merge_cells: it would go round every border again, and every cell is dressed already. Into the set itself: ``add`` looks
            # through all ranges first, which is most of the time of a workbook of 27 classes.
            self.sheet.merged_cells.ranges.add(CellRange(min_row=row, min_col=column, max_row=last_row, max_col=last_column))

    def _dress(self, row: int, column: int, look: Look) -> None:
        """Gives a cell its look. The style of a look is made once and copied: making it anew for each cell takes most of the time of a workbook."""
        cell: Any = self.sheet.cell(row, column)  # the stubs do not know _style
        if look in self._styles:
            cell._style = copy(self._styles[look])
            return
        cell.font = Font(name="Calibri", size=look.size, bold=look.bold, italic=look.italic, color=look.color)
        cell.alignment = Alignment(
            horizontal=look.across, vertical=look.up, wrap_text=look.wrap, textRotation=look.turn, indent=look.indent, shrink_to_fit=look.shrink
        )
        cell.border = FRAME if look.frame else NO_FRAME
        cell.number_format = look.form
        if look.fill:
            cell.fill = PatternFill("solid", start_color=look.fill, end_color=look.fill)
        self._styles[look] = copy(cell._style)

    def height(self, row: int, points: float) -> None:
        self.sheet.row_dimensions[row].height = min(points, HIGHEST_ROW)

    def width(self, column: int, to_column: int = 0) -> float:
        return sum(self.widths[column - 1 : max(column, to_column)])

    def lines(self, value: Value, width: float, size: float = 10) -> int:
        """Lines that a value takes in a column of this width."""
        wide = CAPITALS if isinstance(value, str) and sum(map(str.isupper, value)) > len(value) / 2 else 1.0
        characters = max(1, int(width * CHARACTERS_A_UNIT * 10 / size / wide))
        return sum(max(1, len(textwrap.wrap(part, characters))) for part in str(value if value is not None else "").split("\n"))

    def fitting_size(self, value: str, width: float, height: float, size: float, least: float = 6.0) -> float:
        """The largest print, from ``size`` down by halves, in which a text fits into a cell of this width and height."""
        while size > least and self.lines(value, width, size) * TIGHT_LINE * size > height:
            size -= 0.5
        return size

    # --- rows ----------------------------------------------------------------------------------------------------------------------------

    def line(self, values: Sequence[Value], looks: Sequence[Look] | Look = CELL, spans: Sequence[int] = (), least_points: float = 0.0) -> int:
        """Writes one row, each value over as many columns as ``spans`` says, high enough for its longest text; returns the row."""
        spans = spans or (1,) * len(values)
        styles = (looks,) * len(values) if isinstance(looks, Look) else looks
        column = 1
        for value, span, look in zip(values, spans, styles, strict=True):
            self.put(self.row, column, value, look, to_column=column + span - 1)
            column += span
        return self.advance(max(least_points, self.points(values, styles, spans)))

    def points(self, values: Sequence[Value], looks: Sequence[Look] | Look = CELL, spans: Sequence[int] = (), first_column: int = 1) -> float:
        """Height that a row of these values needs."""
        spans = spans or (1,) * len(values)
        styles = (looks,) * len(values) if isinstance(looks, Look) else looks
        points, column = LINE_POINTS + 2, first_column
        for value, span, look in zip(values, spans, styles, strict=True):
            if look.wrap and not look.turn:
                points = max(points, self.lines(value, self.width(column, column + span - 1), look.size) * LINE_POINTS * look.size / 10 + 2)
            column += span
        return points

    def advance(self, points: float) -> int:
        """Closes the current row at this height and returns its number; a row that does not fit begins the next page by itself."""
        self.height(self.row, points)
        self.use(points)
        self.row += 1
        return self.row - 1

    def use(self, points: float) -> None:
        """Counts a row's height on the printed page."""
        self.all_points += points
        self.used_points = self.used_points + points if self.fits(points) else points

    def sentence(self, value: str, look: Look = PLAIN, to_column: int = 0) -> int:
        """One text over the whole width."""
        return self.line((value,), look, (to_column or self.columns,))

    def gap(self, points: float = 6.0) -> None:
        self.advance(points)

    def section(self, value: str) -> None:
        """A heading inside a sheet."""
        self.gap(5)
        self.line((value,), SECTION, (self.columns,), least_points=19)

    def heading(self, title: str, lines: Sequence[str], note: str = "") -> None:
        """The head of a page: title, school and year, and the note of the file (``staf rekaan``)."""
        self.line((title,), TITLE, (self.columns,), least_points=21)
        for value in lines:
            self.line((value,), SUBTITLE, (self.columns,), least_points=16)
        if note:
            self.line((note,), NOTE, (self.columns,))
        self.gap()

    # --- pages ---------------------------------------------------------------------------------------------------------------------------

    def page_break(self) -> None:
        """The next row begins a new printed page."""
        if self.row > 1 and self.used_points > 0:
            self.sheet.row_breaks.append(Break(id=self.row - 1))
        self.used_points = 0.0

    @property
    def scale(self) -> int:
        """Per cent at which the columns fill the width of the paper, never above 100; ``smaller`` makes it less."""
        return min(self.smaller, 100, int(99 * self.across_inches / (sum(self.widths) * COLUMN_INCHES)))

    @property
    def page_points(self) -> float:
        """Height of one printed page in points of the sheet, at its scale."""
        paper = (self.size.short_inches if self.landscape else self.size.long_inches) - MARGIN_INCHES - FOOTER_INCHES
        return 72 * paper * 100 / self.scale * 0.97

    def shrink(self, parts: Sequence[Sequence[float]], least: float = 0.7) -> None:
        """Sets the scale at which the parts take the fewest pages, and the largest print of these.

        ``parts`` are heights in points: each sequence begins a page, none of its members is cut. No smaller than ``least`` of the full width.
        """
        full = self.scale

        def pages(scale: int) -> int:
            self.smaller = scale
            return sum(pages_of(heights, self.page_points) for heights in parts)

        best = min(range(full, int(full * least), -1), key=lambda scale: (pages(scale), -scale))
        self.smaller = best if best < full else FULL

    def break_between(self, starts: Sequence[int], repeated: float = 0.0) -> None:
        """Breaks a finished sheet into the fewest pages (see ``shrink``) that cut none of the parts that begin at these rows.

        ``repeated`` is the height of the header that the printer repeats.
        """
        edges = (1, *starts[1:], self.row)
        height = self.sheet.row_dimensions
        heights = [sum(height[row].height or 0.0 for row in range(first, after)) for first, after in pairwise(edges)]
        self.shrink([[heights[0] + repeated, *heights[1:]]])
        used = repeated
        for first, points in zip(edges, heights, strict=False):
            if used > repeated and used + points > self.page_points:
                self.sheet.row_breaks.append(Break(id=first - 1))
                used = repeated
            used += points

    def keep(self, points: float) -> None:
        """Begins a new page where so much does not fit on this one any more."""
        if not self.fits(points):
            self.page_break()

    def widen(self, first: int) -> None:
        """Widens the columns from ``first`` on alike until they fill the paper at its scale."""
        spare = 0.99 * self.across_inches * 100 / self.scale / COLUMN_INCHES - sum(self.widths)
        more = max(0.0, spare / (self.columns - first + 1))
        self.widths = [width + more if column >= first else width for column, width in enumerate(self.widths, 1)]
        for column, width in enumerate(self.widths, 1):
            self.sheet.column_dimensions[get_column_letter(column)].width = round(width, 2)

    def fits(self, points: float) -> bool:
        """Whether so much more fits on the current printed page."""
        return self.used_points + points <= self.page_points

    @property
    def pages_to_fit(self) -> int:
        """Pages to squeeze the sheet into where a last page would hold but a few rows; 0 = as many as it takes."""
        whole, rest = divmod(self.all_points / self.page_points, 1)
        return int(whole) if whole and rest < SQUEEZE * whole else 0

    def finish(self, footer: str, page_words: str, repeat: tuple[int, int] | None = None, freeze: str = "", filter_range: str = "") -> None:
        """Page setup: one page wide, repeated header rows, frozen panes, filter.

        A sheet with page breaks is scaled to the width itself: Excel ignores the breaks of a sheet that it fits to the page.
        """
        sheet = self.sheet
        sheet.page_setup.orientation = "landscape" if self.landscape else "portrait"
        sheet.page_setup.paperSize = self.size.code
        if sheet.row_breaks.brk or self.smaller < FULL:
            sheet.page_setup.scale = self.scale
        else:
            sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
            sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, self.pages_to_fit
        sheet.page_margins = PageMargins(MARGIN_INCHES, MARGIN_INCHES, MARGIN_INCHES, FOOTER_INCHES, 0.2, 0.25)
        sheet.print_options.horizontalCentered = True
        foot = HeaderFooterItem()
        foot.left.text, foot.left.size = footer_words(footer), 8
        foot.right.text, foot.right.size = page_words, 8
        sheet.HeaderFooter.oddFooter = foot
        if repeat:
            sheet.print_title_rows = f"{repeat[0]}:{repeat[1]}"
        sheet.freeze_panes = freeze or None
        sheet.auto_filter.ref = filter_range or None
        sheet.print_area = f"A1:{get_column_letter(self.columns)}{max(1, self.row - 1)}"


def pages_of(heights: Sequence[float], page: float) -> int:
    """Pages that parts of these heights take, one below the other, none of them cut."""
    count, used = 1, 0.0
    for height in heights:
        if used and used + height > page:
            count, used = count + 1, 0.0
        used += height
    return count


def footer_words(footer: str) -> str:
    """A footer that Excel accepts: it counts 255 characters of left and right part together, a sign & as two."""
    whole = " ".join(footer.split()).replace("&", "&&")
    if len(whole) <= LONGEST_FOOTER:
        return whole
    return footer[: LONGEST_FOOTER // 2].replace("&", "&&") + " …"


def write(cell: Cell | MergedCell, value: Value) -> None:
    """Numbers as numbers; text as text, whatever sign it begins with, so that no name of a person becomes a formula."""
    if value is None or value == "":
        return
    if not isinstance(value, str):
        cell.value = value
        return
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell.data_type = "s"
    cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
