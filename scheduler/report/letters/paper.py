"""A letter on paper: its page, its heading with the kop, its paragraphs, tables and signatures."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt
from docx.text.paragraph import Paragraph

from scheduler.formats.files import FIXED_DATE, with_fixed_dates
from scheduler.report.letters.grid import Cell, Row, child, one_line, printable, table

FONT: Final = "Arial"
BODY_POINTS: Final = 11.0
LEFT_POINTS: Final = 9.0
SIGNATURE_LINES: Final = 4
"""Empty lines to sign in."""
KEPT_ROWS: Final = 2
"""Rows of a table that go to the page of the signature with it: no signature stands alone."""
SIGNATURE_MM: Final = 72.0
LOGO_MM: Final = 20.0
LOGO_COLUMN_MM: Final = 24.0
CATEGORY: Final = "scheduler letters"
"""The category in the properties of a letter, by which the command knows its own."""

WRONG_IMAGE: Final = (
    UnrecognizedImageError,
    InvalidImageStreamError,
    UnexpectedEndOfFileError,
    OSError,
    ValueError,
    KeyError,
    ZeroDivisionError,
    struct.error,
)

ACROSS: Final = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
}


class Size(StrEnum):
    """Paper of the letters; F4 is what offices print on."""

    F4 = "f4"
    A4 = "a4"


MILLIMETRES: Final = {Size.F4: (215.0, 330.0), Size.A4: (210.0, 297.0)}
PORTRAIT_MARGINS: Final = (15.0, 20.0, 18.0, 25.0)
"""top, right, bottom, left in mm"""
LANDSCAPE_MARGINS: Final = (15.0, 15.0, 15.0, 15.0)


class Letter:
    """One .docx file, written from top to bottom."""

    def __init__(self, size: Size, title: str, author: str, footer: str, language: str = "id-ID") -> None:
        self.size = size
        self.document = Document()
        self.document.styles["Normal"].font.name = FONT
        self.document.styles["Normal"].font.size = Pt(BODY_POINTS)
        self.document.styles["Normal"].paragraph_format.space_after = Pt(0)
        fonts = self.document.styles["Normal"].element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:cs", "w:eastAsia"):
            fonts.set(qn(kind), FONT)
        spoken = child(self.document.styles["Normal"].element.get_or_add_rPr(), "w:lang", val=language)
        spoken.set(qn("w:eastAsia"), language)
        properties = self.document.core_properties
        properties.title, properties.author, properties.category = one_line(title)[:250], one_line(author)[:250], CATEGORY
        properties.last_modified_by, properties.comments = "", ""
        properties.created = properties.modified = FIXED_DATE
        self.margins = PORTRAIT_MARGINS
        self.dress(self.document.sections[0], landscape=False)
        self.foot(self.document.sections[0], footer)

    # --- pages -------------------------------------------------------------------------------------------------------------------------------

    def dress(self, section: Any, landscape: bool) -> None:
        width, height = MILLIMETRES[self.size]
        if landscape:
            width, height = height, width
        self.margins = LANDSCAPE_MARGINS if landscape else PORTRAIT_MARGINS
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(width), Mm(height)
        section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = (Mm(side) for side in self.margins)
        section.header_distance = section.footer_distance = Mm(8)
        self.width = width - self.margins[1] - self.margins[3]

    def new_pages(self, landscape: bool) -> None:
        """What follows begins on a new page, upright or lying."""
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        self.shrink(self.document.paragraphs[-1])  # the paragraph that holds the break must not need a page of its own
        self.dress(section, landscape)

    def foot(self, section: Any, footer: str) -> None:
        """``… · 2 / 5`` at the foot of every page."""
        paragraph = section.footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(one_line(footer) + " · ").font.size = Pt(7)
        for number, field in enumerate(("PAGE", "NUMPAGES")):
            if number:
                paragraph.add_run(" / ").font.size = Pt(7)
            simple = child(paragraph._p, "w:fldSimple", instr=field)
            run = child(simple, "w:r")
            child(child(run, "w:rPr"), "w:sz", val="14")
            child(run, "w:t").text = "1"

    # --- paragraphs --------------------------------------------------------------------------------------------------------------------------

    def line(
        self,
        text: str,
        across: str = "left",
        bold: bool = False,
        points: float = 0.0,
        after: float = 0.0,
        keep: bool = False,
    ) -> None:
        paragraph = self.document.add_paragraph()
        paragraph.alignment = ACROSS[across]
        paragraph.paragraph_format.space_after = Pt(after)
        paragraph.paragraph_format.keep_with_next = keep
        run = paragraph.add_run(printable(text))
        run.bold = bold or None
        if points:
            run.font.size = Pt(points)

    def gap(self, points: float = 6.0, keep: bool = False) -> None:
        """An empty line of that height."""
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = keep
        paragraph.paragraph_format.line_spacing = Pt(points)

    def shrink(self, paragraph: Paragraph) -> None:
        paragraph.paragraph_format.line_spacing = Pt(1)
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(0)

    # --- tables ------------------------------------------------------------------------------------------------------------------------------

    def grid(
        self,
        widths: Sequence[float],
        rows: Sequence[Row],
        points: float = 0.0,
        heads: int = 0,
        frame: bool = True,
        together: Iterable[int] = (),
        keep: bool = False,
    ) -> None:
        """A table at this place, followed by the thin paragraph that Word wants between two tables.

        Rows in ``together`` stay on the page of the next one; with ``keep`` the last rows stay on the page of what follows the table.
        """
        kept = range(max(heads, len(rows) - KEPT_ROWS), len(rows)) if keep else ()
        self.document.element.body._insert_tbl(table(widths, rows, points or BODY_POINTS, heads, frame, (*together, *kept)))
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = keep
        self.shrink(paragraph)

    # --- kop and signature -------------------------------------------------------------------------------------------------------------------

    def kop(self, lines: Sequence[tuple[str, float, bool]], logo: bytes | None = None) -> None:
        """The heading of an office: its lines as (text, points, bold), the logo on the left, a double line below."""
        if logo is None:
            for line in lines:
                write_kop_line(self.document.add_paragraph(), *line)
        else:
            self.grid((LOGO_COLUMN_MM, self.width - 2 * LOGO_COLUMN_MM, LOGO_COLUMN_MM), [(Cell(), Cell(), Cell())], frame=False)
            left, middle, _ = self.document.tables[-1].rows[0].cells
            add_logo(left.paragraphs[0], logo)
            for number, line in enumerate(lines):
                write_kop_line(middle.add_paragraph() if number else middle.paragraphs[0], *line)
        self.rule()

    def rule(self) -> None:
        """The double line under a kop."""
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(6)
        paragraph.paragraph_format.line_spacing = Pt(3)
        borders = OxmlElement("w:pBdr")
        child(borders, "w:bottom", val="thickThinSmallGap", sz="18", space="1", color="000000")
        paragraph._p.get_or_add_pPr().insert_element_before(borders, "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr")

    def signature(
        self, above: Sequence[str], name: str, below: Sequence[str], left: Sequence[str] = (), points: float = 0.0, room: int = SIGNATURE_LINES
    ) -> None:
        """Who signs, on the right: place and office, room for the signature, the name, rank and number; ``left`` stands beside the lowest lines.

        ``room`` counts the empty lines to sign in."""
        lines = [*above, *[""] * room, name, *below]
        count = max(len(lines), len(left))
        texts = [""] * (count - len(lines)) + lines
        beside = [""] * (count - len(left)) + list(left)
        named = count - len(below) - 1
        rows = [
            (Cell(note, size=LEFT_POINTS), Cell(text, bold=number == named, underline=number == named))
            for number, (note, text) in enumerate(zip(beside, texts, strict=True))
        ]
        width = max(SIGNATURE_MM, self.width * 0.36)
        self.gap(8, keep=True)
        self.grid((self.width - width, width), rows, points, frame=False, together=range(count - 1))

    # --- the file ----------------------------------------------------------------------------------------------------------------------------

    def content(self) -> bytes:
        """The .docx file; the same letter gives the same bytes on every day."""
        written = io.BytesIO()
        self.document.save(written)
        return with_fixed_dates(written)


def write_kop_line(paragraph: Paragraph, text: str, points: float, bold: bool) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(one_line(text))
    run.bold, run.font.size = bold or None, Pt(points)


def add_logo(paragraph: Paragraph, logo: bytes) -> None:
    """The picture as large as fits into the square for it; a ValueError for one without width or height."""
    picture = paragraph.add_run().add_picture(io.BytesIO(logo))
    if not picture.width or not picture.height:
        raise ValueError("a picture without an area")
    scale = Mm(LOGO_MM) / max(picture.width, picture.height)
    picture.width, picture.height = Emu(max(1, round(picture.width * scale))), Emu(max(1, round(picture.height * scale)))


def readable_image(path: Path) -> bytes | None:
    """The bytes of a picture that Word can show; None for any other file."""
    try:
        content = path.read_bytes()
        add_logo(Document().add_paragraph(), content)
    except WRONG_IMAGE:
        return None
    return content


def is_untouched_letter(path: Path) -> bool:
    """Whether a file is a letter as this program wrote it: of its category, and every part of it of the fixed date that no other program gives."""
    try:
        with zipfile.ZipFile(path) as archive:
            dates = {member.date_time for member in archive.infolist()}
        return dates == {FIXED_DATE.timetuple()[:6]} and Document(str(path)).core_properties.category == CATEGORY
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return False
