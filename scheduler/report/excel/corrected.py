"""``sekolah_diperiksa.xlsx``: the user's own workbook again, with what is wrong in red, said in a comment, and listed on a sheet with links.

It is a copy: the file that was checked is only read. What openpyxl does not keep of a workbook (shapes, macros) is not in the copy.
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from scheduler.formats.files import FIXED_DATE, save_workbook
from scheduler.report.excel.paper import BAD_FILL, CENTER, GOOD_FILL, HEAD, PLAIN, SMALL, WARN_FILL, Look, Paper
from scheduler.report.text import Text

SHEET: Final = "Temuan"
"""Its name in every language: by it the reader knows the sheet, and skips it."""

MARK: Final = "scheduler check"
"""The category in the properties of these copies, and the author of their comments."""

RED: Final = PatternFill("solid", start_color="FF7C80", end_color="FF7C80")

WIDTHS: Final = (5, 20, 9, 30, 82, 13)
MOST_BYTES: Final = 40_000_000
"""Sheets of more XML than this (formats dragged down to the last row) are not copied: the list comes alone."""

MOST_SHOWN: Final = 60
COMMENT_SIZE: Final = (340, 130)


class Weight(StrEnum):
    """How bad it is: the file cannot be read so, no plan is possible so, or it is only worth knowing."""

    WRONG = "wrong"
    IMPOSSIBLE = "impossible"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to be said, in words; ``sheet`` and ``cell`` are "" where no place can be named."""

    sheet: str
    cell: str
    sentence: str
    weight: Weight


LOOKS: Final[Mapping[Weight, Look]] = {
    Weight.WRONG: Look(bold=True, across="center", fill=BAD_FILL),
    Weight.IMPOSSIBLE: Look(bold=True, across="center", fill=BAD_FILL),
    Weight.NOTE: Look(across="center", fill=WARN_FILL),
}


def write_corrected(source: Path, target: Path, remarks: Sequence[Remark], text: Text) -> None:
    """Write the marked copy of ``source`` to ``target``; a workbook that cannot be opened gives the list alone."""
    book = opened(source)
    if book is None:
        book = Workbook()
        book.remove(book.worksheets[0])
    elif is_copy(book):
        without_marks(book)
    shown = [contents(book, remark) for remark in remarks]
    for sheet, cell, own in by_cell(book, remarks):
        mark(sheet, cell, own, text)
    write_list(book, source, remarks, shown, text)
    book.active = 0
    for index, sheet in enumerate(book.worksheets):
        sheet.sheet_view.tabSelected = index == 0
    book.properties.category = MARK
    save_workbook(book, target)


def opened(source: Path) -> Workbook | None:
    """The whole workbook with its looks, None where it cannot be read or is too large to be copied."""
    try:
        with zipfile.ZipFile(source) as archive:
            if sum(member.file_size for member in archive.infolist()) > MOST_BYTES:
                return None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of what it does not keep
            return load_workbook(source, keep_links=False)
    except Exception:
        # A damaged file can fail anywhere inside zip, XML or openpyxl, with any exception: the list says what is wrong with it.
        return None


# --- cells ---------------------------------------------------------------------------------------------------------------------------------


def by_cell(book: Workbook, remarks: Iterable[Remark]) -> Iterable[tuple[Worksheet, str, list[Remark]]]:
    """What is wrong, gathered by cell; notes stand in the list alone."""
    found: dict[tuple[str, str], list[Remark]] = {}
    for remark in remarks:
        if remark.weight is not Weight.NOTE and remark.cell and remark.sheet in book.sheetnames:
            found.setdefault((remark.sheet, anchor(book[remark.sheet], remark.cell)), []).append(remark)
    return [(book[sheet], cell, own) for (sheet, cell), own in found.items()]


def anchor(sheet: Worksheet, cell: str) -> str:
    """The cell itself, or the first of the merged ones it belongs to."""
    for area in sheet.merged_cells.ranges:
        if cell in area:
            return str(area).partition(":")[0]
    return cell


def mark(sheet: Worksheet, cell: str, remarks: Sequence[Remark], text: Text) -> None:
    """Red, with what is wrong and how to mend it; the user's own comment stays below."""
    place: Any = sheet[cell]
    place.fill = copy(RED)
    words = "\n".join("• " + remark.sentence for remark in remarks)
    own = place.comment.text if place.comment else ""
    comment = Comment(f"{words}\n\n{text.say('corrected.own_comment')}\n{own}" if own else words, MARK)
    comment.width, comment.height = COMMENT_SIZE[0], COMMENT_SIZE[1] + 15 * len(words) // 60
    place.comment = comment


def without_marks(book: Workbook) -> None:
    """A copy that was mended and is checked again: the old list, colours and comments go."""
    if SHEET in book.sheetnames:
        del book[SHEET]
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                place: Any = cell
                if place.comment is not None and place.comment.author == MARK:
                    place.comment = None
                if place.fill.fill_type == "solid" and str(place.fill.start_color.rgb).endswith(str(RED.start_color.rgb)[-6:]):
                    place.fill = PatternFill()


def contents(book: Workbook, remark: Remark) -> str:
    """What stands in the cell now, as far as it is short."""
    if not remark.cell or remark.sheet not in book.sheetnames:
        return ""
    left, top, _, _ = range_boundaries(remark.cell)
    value = book[remark.sheet].cell(top or 1, left or 1).value
    words = " ".join(str(value).split()) if value is not None else ""
    return words if len(words) <= MOST_SHOWN else words[: MOST_SHOWN - 1] + "…"


# --- the list ------------------------------------------------------------------------------------------------------------------------------


def write_list(book: Workbook, source: Path, remarks: Sequence[Remark], shown: Sequence[str], text: Text) -> None:
    """Everything in the order of the sheets; each place leads to its cell."""
    if SHEET in book.sheetnames:
        del book[SHEET]
    paper = Paper(book.create_sheet(SHEET, 0), WIDTHS)
    wrong = sum(remark.weight is not Weight.NOTE for remark in remarks)
    paper.heading(text.say("corrected.title"), (source.name,))
    summary = text.say("corrected.summary" if wrong else "corrected.nothing_wrong", count=wrong, notes=len(remarks) - wrong)
    paper.sentence(summary, Look(bold=True, size=11, fill=BAD_FILL if wrong else GOOD_FILL))
    paper.sentence(text.say("corrected.how", file=source.name), PLAIN)
    paper.gap(4)
    head = paper.line([text.say(f"corrected.head_{key}") for key in ("number", "sheet", "cell", "value", "remark", "weight")], HEAD, least_points=20)
    for number, (remark, value) in enumerate(zip(remarks, shown, strict=True), 1):
        values = (number, remark.sheet, remark.cell, value, remark.sentence, text.say(f"corrected.weight_{remark.weight}"))
        row = paper.line(values, (CENTER, SMALL, CENTER, SMALL, SMALL, LOOKS[remark.weight]))
        if remark.sheet in book.sheetnames:
            link(paper.sheet, row, remark)
    paper.finish(source.name, text.say("report.page_of", page="&P", pages="&N"), (head, head), f"A{head + 1}", f"A{head}:F{max(head, paper.row - 1)}")


def link(sheet: Worksheet, row: int, remark: Remark) -> None:
    """Sheet and cell of the line lead to the place."""
    quoted = remark.sheet.replace("'", "''")
    for column in (2, 3):
        cell: Any = sheet.cell(row, column)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!{remark.cell or 'A1'}")
        cell.font = Font(name="Calibri", size=9, color="0563C1", underline="single")


# --- whose file is it ------------------------------------------------------------------------------------------------------------------------


def is_copy(book: Workbook) -> bool:
    return bool(book.properties.category == MARK)


def is_untouched_copy(path: Path) -> bool:
    """Whether a file is a copy of ours that nobody has saved since: it may be replaced without losing anybody's work."""
    try:
        with path.open("rb") as file:
            properties = load_workbook(file, read_only=True).properties
    except Exception:
        # Whatever it is, it is not ours.
        return False
    return bool(properties.category == MARK and properties.modified == FIXED_DATE)
