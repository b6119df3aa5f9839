"""Tables of Word, built as XML at once: python-docx looks up every cell by counting all before it, which takes minutes at 27 rombel.

A table has fixed column widths; its header rows are repeated on every page, and no row is cut in two.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

TWIPS_PER_MM: Final = 56.6929
TWIPS_PER_POINT: Final = 20
TURNED_LETTER: Final = 0.72
"""Length of a bold letter in points of its size, on the careful side."""
TURNED_MARGIN: Final = 120
HEAD_FILL: Final = "E7E6E6"
MARK: Final = "yellow"
"""Colour behind what a reader must look at."""

FRAME: Final = ("top", "left", "bottom", "right", "insideH", "insideV")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Parameters
    ----------
    text
        lines are separated by line breaks; ``tail`` follows it, marked
    across
        ``left``, ``center``, ``right`` or ``both``
    span
        columns it covers
    down
        "" = this row alone, ``restart`` = the first of several rows, ``continue`` = a further one of them
    turned
        written upwards, for a long heading of a narrow column
    """

    text: str = ""
    across: str = "left"
    bold: bool = False
    underline: bool = False
    span: int = 1
    down: str = ""
    fill: str = ""
    turned: bool = False
    size: float = 0.0
    tail: str = ""


Row = Sequence[Cell]


def table(widths: Sequence[float], rows: Iterable[Row], size: float, heads: int = 0, frame: bool = True, together: Iterable[int] = ()) -> Any:
    """The XML of a table. ``widths`` in mm; the first ``heads`` rows are headings; rows in ``together`` stay on the page of the next row."""
    element = OxmlElement("w:tbl")
    element.append(properties(widths, frame))
    columns = child(element, "w:tblGrid")
    for width in widths:
        child(columns, "w:gridCol", w=twips(width))
    joined = frozenset(together)
    for number, row in enumerate(rows):
        element.append(table_row(widths, row, size, frame, number < heads, number in joined))
    return element


def properties(widths: Sequence[float], frame: bool) -> Any:
    element = OxmlElement("w:tblPr")
    child(element, "w:tblW", w=twips(sum(widths)), type="dxa")
    if frame:
        borders = child(element, "w:tblBorders")
        for side in FRAME:
            child(borders, f"w:{side}", val="single", sz="4", space="0", color="000000")
    child(element, "w:tblLayout", type="fixed")
    margins = child(element, "w:tblCellMar")
    for side in ("left", "right"):
        child(margins, f"w:{side}", w=twips(0.9 if frame else 0.4), type="dxa")
    return element


def table_row(widths: Sequence[float], row: Row, size: float, framed: bool, is_head: bool, together: bool) -> Any:
    element = OxmlElement("w:tr")
    settings = child(element, "w:trPr")
    child(settings, "w:cantSplit")
    turned = max((len(cell.text) for cell in row if cell.turned), default=0)
    if turned:  # a row does not grow by itself with text that is written upwards
        child(settings, "w:trHeight", val=str(round(turned * size * TURNED_LETTER * TWIPS_PER_POINT) + TURNED_MARGIN), hRule="atLeast")
    if is_head:
        child(settings, "w:tblHeader")
    column = 0
    for cell in row:
        width = sum(widths[column : column + cell.span])
        column += cell.span
        shown = replace(cell, fill=cell.fill or HEAD_FILL, bold=True) if is_head else cell
        element.append(table_cell(shown, width, size, together or is_head, framed))
    return element


def table_cell(cell: Cell, width: float, size: float, together: bool, framed: bool) -> Any:
    element = OxmlElement("w:tc")
    settings = child(element, "w:tcPr")
    child(settings, "w:tcW", w=twips(width), type="dxa")
    if cell.span > 1:
        child(settings, "w:gridSpan", val=str(cell.span))
    if cell.down:
        child(settings, "w:vMerge", val=cell.down)
    if cell.fill:
        child(settings, "w:shd", val="clear", color="auto", fill=cell.fill)
    if cell.turned:
        child(settings, "w:textDirection", val="btLr")
    child(settings, "w:vAlign", val="center" if framed else "top")
    element.append(paragraph(cell, size, together))
    return element


def paragraph(cell: Cell, size: float, together: bool) -> Any:
    element = OxmlElement("w:p")
    settings = child(element, "w:pPr")
    if together:
        child(settings, "w:keepNext")
    child(settings, "w:spacing", before="10", after="10", line="240", lineRule="auto")
    child(settings, "w:jc", val=cell.across)
    for text, marked in ((cell.text, False), (cell.tail, True)):
        if text:
            element.append(run(cell, text, cell.size or size, marked))
    return element


def run(cell: Cell, text: str, size: float, marked: bool) -> Any:
    element = OxmlElement("w:r")
    settings = child(element, "w:rPr")
    if cell.bold:
        child(settings, "w:b")
    half_points = str(round(2 * size))
    child(settings, "w:sz", val=half_points)
    child(settings, "w:szCs", val=half_points)
    if marked:
        child(settings, "w:highlight", val=MARK)
    if cell.underline:
        child(settings, "w:u", val="single")
    for number, line in enumerate(printable(text).split("\n")):
        if number:
            child(element, "w:br")
        words = child(element, "w:t")
        words.text = line
        words.set(qn("xml:space"), "preserve")
    return element


def printable(text: str) -> str:
    """The text without what XML or Word cannot hold: control characters, halves of surrogate pairs; a tab is a blank."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(letter for letter in kept if letter == "\n" or (ord(letter) >= 0x20 and not is_unprintable(ord(letter))))


def is_unprintable(code: int) -> bool:
    return 0x7F <= code <= 0x9F or 0xD800 <= code <= 0xDFFF or 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE


def one_line(text: str) -> str:
    """A name in one line."""
    return " ".join(printable(text).split())


def child(parent: Any, name: str, **attributes: str) -> Any:
    element = OxmlElement(name)
    for attribute, value in attributes.items():
        element.set(qn(f"w:{attribute}"), value)
    parent.append(element)
    return element


def twips(millimetres: float) -> str:
    return str(round(millimetres * TWIPS_PER_MM))
