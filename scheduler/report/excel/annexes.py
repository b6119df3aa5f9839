"""Lampiran SK: the tables that a decree on the division of work is annexed with, upright, each on a page of its own and signed by the principal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from scheduler.domain.entities import School
from scheduler.report.excel.booklet import SIGNATURES_POINTS, Booklet, Signature, write_signatures
from scheduler.report.excel.paper import (
    CELL,
    CENTER,
    HEAD,
    LINE_POINTS,
    NOTE,
    SMALL,
    STRONG_CENTER,
    SUBTITLE,
    TITLE,
    TOTAL,
    TOTAL_NAME,
    Look,
    Paper,
    Value,
)
from scheduler.report.loads import DutyRow
from scheduler.report.matrix import MatrixLine, MatrixTeacher
from scheduler.report.words import held_words

WIDTHS: Final = (4.5, 27, 13, 24, 19, 6, 7)
BLOCK: Final = 4
"""Column where the block with number and date of the decree begins."""

SECTION_POINTS: Final = 110.0
"""Height of a heading, of its table's heading and of a row or two."""

FILE: Final = Look(size=9, frame=False, up="top")
SMALL_CENTER: Final = replace(SMALL, across="center")

HOMEROOM: Final = "wali_kelas"
CLUB: Final = "pembina_ekskul"
"""Duties that have a table of their own."""


@dataclass(frozen=True)
class Annex:
    """One annex of one school's decree."""

    booklet: Booklet
    paper: Paper
    school: School
    number: str

    def say(self, key: str, /, **facts: object) -> str:
        return self.booklet.say(key, **facts)

    def begin(self, title: str) -> None:
        """A new page: the block on the right, then the title."""
        paper = self.paper
        paper.page_break()
        for words in (
            self.say("annex_of", number=self.number, school=self.school.name),
            self.say("annex_number", number=self.letter("Nomor SK") or self.say("dots")),
            self.say("annex_date", date=self.day),
        ):
            paper.line(("", words), FILE, (BLOCK - 1, paper.columns - BLOCK + 1))
        paper.gap()
        paper.line((title,), replace(TITLE, size=12), (paper.columns,), least_points=19)
        for line in (self.school.name, self.booklet.term):
            if line:
                paper.line((line,), SUBTITLE, (paper.columns,))
        if self.booklet.note:
            paper.line((self.booklet.note,), NOTE, (paper.columns,))
        paper.gap()

    def letter(self, key: str) -> str:
        """What Pengaturan says for this school, else for the file."""
        letterhead = self.booklet.tables.case.instance.settings.letterhead
        return letterhead.get(f"{key} ({self.school.npsn})") or letterhead.get(key, "")

    @property
    def day(self) -> str:
        day = self.letter("Tanggal SK")
        try:
            return self.booklet.text.date(date.fromisoformat(day))
        except ValueError:
            return day or self.say("dots")

    def sign(self) -> None:
        """The principal alone, on the right."""
        self.paper.keep(SIGNATURES_POINTS + 8)
        self.paper.gap(8)
        above = (self.booklet.place_and_date, self.say("sign_principal"))
        own = ((4, self.paper.columns), Signature(above, *self.booklet.principal(self.school.npsn)))
        write_signatures(self.booklet, self.paper, (own,))

    def section(self, key: str) -> None:
        """A heading that stays with the first rows of its table."""
        self.paper.keep(SECTION_POINTS)
        self.paper.section(self.say(key))

    def table(self, heads: Sequence[str], spans: Sequence[int], rows: Sequence[Sequence[Value]], looks: Sequence[Look]) -> None:
        """Rows under their heading, which stands again on every page."""

        def head() -> None:
            self.paper.line(heads, replace(HEAD, size=9), spans, least_points=20)

        head()
        for row in rows:
            self.on_page(self.paper.points(row, looks, spans), head)
            self.paper.line(row, looks, spans)

    def on_page(self, points: float, head: Callable[[], None]) -> None:
        """Begins a new page with the heading where so much does not fit any more."""
        if not self.paper.fits(points):
            self.paper.page_break()
            head()

    def person(self, code: str) -> str:
        """Name, and below it NIP and rank where they are known."""
        teacher = self.booklet.tables.case.teachers[code]
        nip = self.say("sign_nip", nip=teacher.nip) if teacher.nip else ""
        return "\n".join(part for part in (teacher.name, nip, teacher.rank) if part)

    def position(self, code: str) -> str:
        return self.say(f"position_{self.booklet.tables.case.teachers[code].position.value}")


def write_annexes(booklet: Booklet) -> None:
    """Three annexes for each school whose decree this is: lessons, additional duties, and homeroom, clubs and guru wali."""
    paper = booklet.paper("annexes", WIDTHS, landscape=False)
    if not booklet.tables.plan.teachers:
        booklet.heading(paper, "annexes")
        paper.sentence(booklet.say("no_plan"))
    else:
        for school in booklet.names.own_schools:
            write_lessons(Annex(booklet, paper, school, "I"))
            write_duties(Annex(booklet, paper, school, "II"))
            write_others(Annex(booklet, paper, school, "III"))
    booklet.finish(paper)


# --- Lampiran I: lessons -----------------------------------------------------------------------------------------------------------------------


def write_lessons(annex: Annex) -> None:
    """One line a teacher and subject, the teacher's cells merged over them."""
    matrix = annex.booklet.tables.matrix(annex.school.npsn)
    annex.begin(annex.say("title_matrix"))

    def head() -> None:
        keys = ("number", "name_nip", "position", "subject", "classes", "jtm", "sum")
        annex.paper.line(annex.booklet.heads(*keys), replace(HEAD, size=9), least_points=20)

    head()
    total = 0
    for number, person in enumerate((*matrix.teachers, *matrix.visitors), 1):
        lines = [(lesson_subject(annex, line), lesson_classes(annex, line, matrix.rombels), line.total_jp or None) for line in person.lines]
        heights = [max(15.0, annex.paper.points(("", "", "", *line), SMALL, (1,) * 6)) for line in lines]
        annex.on_page(max(sum(heights), 2 * LINE_POINTS), head)
        write_person(annex, number, person, lines, heights)
        total += sum(line.total_jp for line in person.lines)
    annex.paper.keep(18 + SIGNATURES_POINTS + 8)
    annex.paper.line((annex.say("sum"), total), (TOTAL_NAME, TOTAL), (5, 2), least_points=18)
    annex.sign()


def write_person(annex: Annex, number: int, person: MatrixTeacher, lines: Sequence[Sequence[Value]], heights: Sequence[float]) -> None:
    paper, first = annex.paper, annex.paper.row
    last = first + len(lines) - 1
    name = annex.person(person.teacher)
    more = max(0.0, paper.points((name,), CELL, (1,), first_column=2) - sum(heights)) / len(heights)
    sums = sum(line.total_jp for line in person.lines)
    merged: tuple[tuple[int, Value, Look], ...] = (
        (1, number, CENTER), (2, name, CELL), (3, annex.position(person.teacher), SMALL_CENTER), (7, sums or None, STRONG_CENTER),
    )  # fmt: skip
    for column, value, look in merged:
        paper.put(first, column, value, look, to_row=last)
    for line, points in zip(lines, heights, strict=True):
        for column, (value, look) in enumerate(zip(line, (SMALL, SMALL, CENTER), strict=True), 4):
            paper.put(paper.row, column, value, look)
        paper.advance(points + more)


def lesson_subject(annex: Annex, line: MatrixLine) -> str:
    return annex.booklet.subject(line.subject) if line.subject or line.elsewhere_jp else ""


def lesson_classes(annex: Annex, line: MatrixLine, rombels: Sequence[str]) -> str:
    """``7A, 7B (5 JP); 8A (4 JP)``: classes with the same hours together; then what is taught elsewhere."""
    by_jp: dict[int, list[str]] = {}
    for rombel, cell in zip(rombels, line.cells, strict=True):
        if cell is not None:
            by_jp.setdefault(cell.jp, []).append(rombel)
    parts = [annex.say("annex_classes", classes=", ".join(names), jp=jp) if jp else ", ".join(names) for jp, names in by_jp.items()]
    if line.elsewhere_jp:
        parts.append(annex.say("annex_elsewhere", jp=line.elsewhere_jp))
    return "; ".join(parts)


# --- Lampiran II: additional duties --------------------------------------------------------------------------------------------------------------


def write_duties(annex: Annex) -> None:
    """One row a teacher, the duties numbered in one cell, with what they weigh and the articles."""
    annex.begin(annex.say("title_duties"))
    held: dict[str, list[DutyRow]] = {}
    for row in held_at(annex):
        if row.rule.id not in (HOMEROOM, CLUB):
            held.setdefault(row.teacher, []).append(row)
    codes = [code for code in annex.booklet.tables.case.teachers if code in held]
    rows = [duty_line(annex, number, code, held[code]) for number, code in enumerate(codes, 1)]
    heads = annex.booklet.heads("number", "name_nip", "position", "duty_description", "article", "jtm")
    looks = (CENTER, CELL, SMALL_CENTER, SMALL, replace(SMALL, size=8), STRONG_CENTER)
    annex.table(heads, (1, 1, 1, 1, 1, 2), rows, looks)
    if not rows:
        annex.paper.sentence(annex.say("no_duties"))
    annex.sign()


def held_at(annex: Annex) -> list[DutyRow]:
    return [row for row in annex.booklet.tables.duties if row.school == annex.school.npsn and row.teacher]


def duty_line(annex: Annex, number: int, code: str, held: Sequence[DutyRow]) -> list[Value]:
    words = [held_words(annex.booklet, row.rule.id, row.unit, row.school) for row in held]
    numbered = "\n".join(f"{index}. {word}" for index, word in enumerate(words, 1)) if len(words) > 1 else words[0]
    articles = "\n".join(dict.fromkeys(row.rule.source.article for row in held))
    return [number, annex.person(code), annex.position(code), numbered, articles, sum(row.jtm for row in held) or None]


# --- Lampiran III: homeroom, clubs, guru wali ------------------------------------------------------------------------------------------------------


def write_others(annex: Annex) -> None:
    annex.begin(annex.say("title_annex_others"))
    instance = annex.booklet.tables.case.instance
    rows = {row.unit: row.teacher for row in held_at(annex) if row.rule.id == HOMEROOM}
    rombels = [rombel for rombel in instance.rombels_of(annex.school.npsn) if rombel.name in rows]
    annex.section("section_homeroom")
    values = [(n, annex.person(rows[r.name]), r.name, r.room, r.students) for n, r in enumerate(rombels, 1)]
    heads = annex.booklet.heads("number", "homeroom", "rombel", "room", "students")
    annex.table(heads, (1, 1, 1, 2, 2), values, (CENTER, CELL, STRONG_CENTER, CENTER, CENTER))
    clubs = [row for row in held_at(annex) if row.rule.id == CLUB]
    if clubs:
        students = {club.name: club.students for club in instance.extracurriculars if club.school == annex.school.npsn}
        annex.section("section_clubs")
        values = [(n, annex.person(row.teacher), row.unit, "", students.get(row.unit)) for n, row in enumerate(clubs, 1)]
        heads = annex.booklet.heads("number", "club_leader", "club", "club_hours", "students")
        annex.table(heads, (1, 1, 2, 1, 2), values, (CENTER, CELL, SMALL, SMALL, CENTER))
    write_guru_wali(annex)
    annex.sign()


def write_guru_wali(annex: Annex) -> None:
    """Who accompanies pupils as guru wali; whom, the school writes in."""
    case = annex.booklet.tables.case
    codes = [code for code in annex.booklet.names.staff.get(annex.school.npsn, ()) if case.is_guru_wali(code)]
    if not codes:
        return
    annex.section("section_guru_wali")
    values = [(n, annex.person(code), annex.position(code), "") for n, code in enumerate(codes, 1)]
    annex.table(annex.booklet.heads("number", "name_nip", "position", "pupils"), (1, 1, 1, 4), values, (CENTER, CELL, SMALL_CENTER, SMALL))
