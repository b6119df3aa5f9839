"""The weeks of a plan as a PDF, for phones without Excel and for printers: the school, every class, every teacher, each on a page of its own.

Needs reportlab (``pip install "scheduler[pdf]"``). Letters come from the font that reportlab brings; where a name needs others, from a font of the
system that has them.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from scheduler.domain.entities import SlotKind
from scheduler.domain.plan import Lesson
from scheduler.report.tables import Tables
from scheduler.report.text import Text
from scheduler.report.weeks import Grid, Lessons, MasterBlock
from scheduler.report.words import Words

PAPERS_MM: Final = {"f4": (330, 215), "a4": (297, 210)}
MARGIN_MM: Final = 9
BRAND_FONT: Final = "Vera"
SYSTEM_FONTS: Final = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
    "C:/Windows/Fonts/segoeui.ttf",
    "C:/Windows/Fonts/arial.ttf",
    "/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
)
LONGEST_IN_CELL: Final = 70
CLASSES_ON_A_PAGE: Final = 30
LINE, SPECIAL, HEAD, BLACK = "#8A8F98", "#EDEDED", "#D6DCE4", "#000000"
GRID_HEAD, GRID_ROW, MASTER_HEAD = 60.0, 24.0, 62.0
"""Points: the heading of a week, the two lines of its hours, and the heading of a school's week."""

SHADES: Final = ("#FFFFFF", "#F3F3F3", "#E4E4E4", "#F9F1DC", "#E2EFDA", "#DDEBF7")

LessonWords = Callable[[Lesson], str]


@dataclass(frozen=True, slots=True)
class WrittenPdf:
    """The file, and the characters that no font at hand has: they are question marks in it."""

    content: bytes
    pages: int
    missing: str


def weeks_pdf(tables: Tables, text: Text, paper: str = "f4") -> WrittenPdf:
    """All weeks of the plan; the same plan and fonts give the same bytes.

    Raises
    ------
    ImportError
        reportlab is not installed
    """
    return Printer(Words(tables, text), paper).print()


class Printer:
    """Pages one after the other."""

    def __init__(self, words: Words, paper: str) -> None:
        from reportlab.lib.units import mm

        self.words, self.tables, self.names = words, words.tables, words.names
        self.width, self.height = (side * mm for side in PAPERS_MM[paper])
        self.margin = MARGIN_MM * mm
        self.inner = self.width - 2 * self.margin

    def print(self) -> WrittenPdf:
        from reportlab.platypus import PageBreak, SimpleDocTemplate

        written = io.BytesIO()
        title = self.words.text.say("export.whole_title")
        sides = {f"{side}Margin": self.margin for side in ("left", "right", "top", "bottom")}
        document = SimpleDocTemplate(written, pagesize=(self.width, self.height), title=title, author="scheduler", invariant=1, **sides)
        story: list[Any] = []
        for page in self.pages():
            story += [*([PageBreak()] if story else []), *page]
        document.build(story)
        return WrittenPdf(written.getvalue(), document.page, self.font[1])

    def pages(self) -> Iterator[list[Any]]:
        for school in self.names.class_schools:
            for block in self.tables.master_blocks(school.npsn):
                for start in range(0, len(block.rombels), CLASSES_ON_A_PAGE):
                    yield self.master(block, range(start, min(start + CLASSES_ON_A_PAGE, len(block.rombels))))
        for week in self.tables.class_weeks:
            title = self.words.text.say("export.whole_class", name=week.rombel.name)
            homeroom = self.words.say("class_homeroom", name=self.words.teacher(week.homeroom)) if week.homeroom else ""
            yield [*self.heading(title, week.rombel.school, homeroom), self.grid(week.grid, week.lessons, self.of_class)]
        for person in self.tables.teacher_weeks:
            for place in person.places:
                code = self.words.say("teacher_code", code=self.names.label(person.teacher, place.school))
                heading = self.heading(self.words.teacher(person.teacher), place.school, code)
                yield [*heading, self.grid(place.grid, place.lessons, self.of_teacher)]

    # --- words -------------------------------------------------------------------------------------------------------------------------------

    def heading(self, title: str, npsn: str, more: str = "") -> list[Any]:
        about = " · ".join(part for part in (self.names.school(npsn), self.words.term, more) if part)
        note = [self.paragraph(self.words.note, 8)] if self.words.note else []
        return [self.paragraph(title, 14), self.paragraph(about, 9), *note]

    def of_class(self, lesson: Lesson) -> str:
        who = self.words.teacher(lesson.teacher) if lesson.teacher else self.words.say("nobody")
        return f"{self.words.subject_in_cell(lesson.subject)}\n{cut(who)}" + (f"\n{lesson.room}" if lesson.room else "")

    def of_teacher(self, lesson: Lesson) -> str:
        classes = ", ".join(lesson.rombels) or self.words.say("dash")
        return f"{classes}\n{self.words.subject_in_cell(lesson.subject)}" + (f"\n{lesson.room}" if lesson.room else "")

    def in_master(self, lesson: Lesson) -> str:
        code = self.names.label(lesson.teacher, lesson.school) if lesson.teacher else "?"
        return f"{self.names.subjects[lesson.subject].short}-{code}"

    @cached_property
    def font(self) -> tuple[str, str]:
        """Name of the first font that has every letter of the plan's names, and the letters that none has."""
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.ttfonts import TTFError, TTFont

        case = self.tables.case
        named = [*(t.name for t in case.teachers.values()), *(s.name for s in case.instance.schools), *(r.name for r in case.instance.rombels)]
        named += [subject.name for subject in case.instance.subjects] + [room.name for room in case.instance.rooms] + [self.words.note]
        wanted = {character for name in named for character in name if character.isprintable()}
        best: tuple[str, str] | None = None
        for path in (f"{BRAND_FONT}.ttf", *SYSTEM_FONTS):
            if "/" in path and not Path(path).is_file():
                continue
            try:
                font = TTFont(Path(path).stem, path)
            except (TTFError, OSError):
                continue
            missing = "".join(sorted(character for character in wanted if ord(character) not in font.face.charToGlyph))
            if best is None or len(missing) < len(best[1]):
                pdfmetrics.registerFont(font)
                best = (font.fontName, missing)
            if not missing:
                break
        return best or ("Helvetica", "")

    def paragraph(self, text: str, size: float, centred: bool = False) -> Any:
        from reportlab.lib.styles import ParagraphStyle
        from reportlab.platypus import Paragraph

        name, missing = self.font
        style = ParagraphStyle("", fontName=name, fontSize=size, leading=size * 1.2, alignment=int(centred), splitLongWords=1, spaceAfter=size * 0.2)
        shown = "".join("?" if character in missing else character if character.isprintable() or character == "\n" else " " for character in text)
        return Paragraph(escape(shown).replace("\n", "<br/>"), style)

    # --- tables ------------------------------------------------------------------------------------------------------------------------------

    def grid(self, grid: Grid, lessons: Lessons, words: LessonWords) -> Any:
        """Hours from top to bottom, days side by side."""
        hour, clock = 26.0, 62.0
        day = (self.inner - hour - clock * len(grid.day_groups)) / len(grid.days)
        widths, heads = [hour], [self.words.say("head_hour")]
        for group in grid.day_groups:
            widths += [clock, *(day for _ in group)]
            heads += [self.words.say("head_time"), *(self.words.day(one).upper() for one in group)]
        rows, fills = [[self.paragraph(head, 7, True) for head in heads]], [("BACKGROUND", (0, 0), (-1, 0), HEAD)]
        for number, row in enumerate(grid.rows, start=1):
            cells = [self.paragraph(str(row.period or ""), 8, True)]
            for group in grid.day_groups:
                first = next((row.slots[one] for one in group if one in row.slots), None)
                cells.append(self.paragraph(self.words.clock(first.start, first.end) if first else "", 7, True))
                for one in group:
                    slot = row.slots.get(one)
                    here = lessons.get((one, slot.period), ()) if slot and slot.kind is SlotKind.LESSON else ()
                    special = self.words.say(f"slot_{slot.kind.value}") if slot and slot.kind is not SlotKind.LESSON else ""
                    cells.append(self.paragraph("\n".join(map(words, here)) or special, 7 if special else 9, True))
                    at = (len(cells) - 1, number)
                    fills.append(("BACKGROUND", at, at, self.shade(here) if here else SPECIAL if special else "#FFFFFF"))
            rows.append(cells)
        spare = (self.height - 2 * self.margin - GRID_HEAD) / len(rows) - GRID_ROW
        return self.table(rows, widths, fills, padding=max(1.8, min(6.0, spare / 2)))

    def master(self, block: MasterBlock, places: Sequence[int]) -> list[Any]:
        """Every class of a school side by side, and whose the codes are."""
        narrow = [30.0, 18.0, 46.0]
        hours = [line for lines in block.days.values() for line in lines]
        text_lines = 1 + sum(max([1, *(len(line.cells[place]) for place in places if line.cells)]) for line in hours)
        legend = " · ".join(f"{self.names.label(code, block.school)} = {cut(self.words.teacher(code))}" for code in block.legend)
        foot = 9 + 7.2 * -(-len(legend) * 3.3 // self.inner)
        room = self.height - 2 * self.margin - MASTER_HEAD - foot - 1.8 * (1 + len(hours))
        size = max(4.0, min(9.0 if len(places) <= 12 else 6.0, room / text_lines / 1.2))
        widths = [*narrow, *((self.inner - sum(narrow)) / len(places) for _ in places)]
        heads = [self.words.say(key) for key in ("head_day", "head_hour", "head_time")] + [block.rombels[place] for place in places]
        rows = [[self.paragraph(head, 5.5, True) for head in heads]]
        fills: list[Any] = [("BACKGROUND", (0, 0), (-1, 0), HEAD)]
        for day, lines in block.days.items():
            fills.append(("LINEABOVE", (0, len(rows)), (-1, len(rows)), 1.2, BLACK))
            for place_of_day, line in enumerate(lines):
                slot = line.slot
                first = "" if place_of_day else self.words.day(day)
                begin = (first, str(slot.period or ""), self.words.clock(slot.start, slot.end))
                cells = [self.paragraph(text, min(5.5, size), True) for text in begin]
                number = len(rows)
                if line.cells:
                    for place in places:
                        here = line.cells[place]
                        cells.append(self.paragraph("\n".join(map(self.in_master, here)), size, True))
                        fills.append(("BACKGROUND", (len(cells) - 1, number), (len(cells) - 1, number), self.shade(here)))
                else:
                    cells += [self.paragraph(self.words.say(f"slot_{slot.kind.value}"), min(5.5, size), True), *("" for _ in places[1:])]
                    fills += [("SPAN", (3, number), (-1, number)), ("BACKGROUND", (3, number), (-1, number), SPECIAL)]
                rows.append(cells)
        heading = self.heading(self.words.text.say("export.whole_title"), block.school, block.pattern)
        return [*heading, self.table(rows, widths, fills, padding=0.6), self.paragraph(legend, 6)]

    def shade(self, lessons: Sequence[Lesson]) -> str:
        order = list(self.names.subjects)
        return SHADES[order.index(lessons[0].subject) % len(SHADES)] if lessons else "#FFFFFF"

    def table(self, rows: list[Any], widths: Sequence[float], styles: Iterable[Any], padding: float = 1.8) -> Any:
        from reportlab.lib.colors import HexColor
        from reportlab.platypus import Table, TableStyle

        coloured = [(*style[:-1], HexColor(style[-1])) if isinstance(style[-1], str) else style for style in styles]
        empty = [("FONTSIZE", (0, 0), (-1, -1), 1), ("LEADING", (0, 0), (-1, -1), 1)]  # cells under a common one must not make their row higher
        sides = [(f"{side}PADDING", (0, 0), (-1, -1), padding) for side in ("TOP", "BOTTOM", "LEFT", "RIGHT")]
        lines = [("GRID", (0, 0), (-1, -1), 0.4, HexColor(LINE)), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
        return Table(rows, colWidths=list(widths), repeatRows=1, style=TableStyle([*empty, *lines, *sides, *coloured]))


def cut(name: str) -> str:
    """A name as long as a cell bears."""
    return name if len(name) <= LONGEST_IN_CELL else f"{name[: LONGEST_IN_CELL - 1]}…"
