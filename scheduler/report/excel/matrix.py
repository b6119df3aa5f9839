"""Pembagian Tugas: the class matrix that a school hangs up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from openpyxl.utils import get_column_letter

from scheduler.domain.entities import Position, School
from scheduler.report.excel.booklet import SIGNATURES_POINTS, Booklet
from scheduler.report.excel.paper import (
    BAD_FILL,
    CELL,
    CENTER,
    GROUP,
    HEAD,
    LINE_POINTS,
    PLAIN_SMALL,
    SMALL,
    STRONG_CENTER,
    TEXT_ID,
    TOTAL,
    TOTAL_NAME,
    Look,
    Paper,
    Value,
)
from scheduler.report.matrix import ClassMatrix, MatrixCell, MatrixLine, MatrixTeacher
from scheduler.report.words import held_words

HOURS = Look(across="center", fill="EAF1FA")
SHARED_HOURS = replace(HOURS, italic=True, form='0"*"')
MISSING = Look(bold=True, across="center", fill=BAD_FILL)
MISSING_NAME = Look(bold=True, fill=BAD_FILL)

MATRIX_LEFT = (4.5, 25, 19.5, 25, 10)
MATRIX_NARROW = 5.2
MATRIX_RIGHT = (9.5, 8)
MATRIX_WIDTH = 180
TEACHER_POINTS = 32
"""Height that one line of a teacher may take, on the careful side."""

HEAD_POINTS = 34
"""Height of the header, which stands on every page."""

DUTY_WIDTH = 42
"""Least width of TUGAS TAMBAHAN; it takes what a small school leaves of the page."""
LEFT = len(MATRIX_LEFT)


def write_matrix(booklet: Booklet, key: str, schools: Sequence[School]) -> None:
    """One block a school; a single school has repeated header rows, frozen panes and a filter, several have a page each.

    All blocks are equally wide: the column TUGAS TAMBAHAN takes the room of the class columns that a smaller school does not need.
    """
    most = max(len(booklet.names.rombels(school.npsn)) for school in schools)
    narrow = (MATRIX_NARROW,) * (most + 2)
    duty = max(DUTY_WIDTH, MATRIX_WIDTH - sum((*MATRIX_LEFT, *narrow, *MATRIX_RIGHT)))
    paper = booklet.paper(key, (*MATRIX_LEFT, *narrow, duty, *MATRIX_RIGHT))
    rows = (0, 0)
    for index, school in enumerate(schools):
        if index:
            paper.page_break()
        booklet.heading(paper, "matrix", school.npsn)
        if booklet.tables.plan.teachers:
            matrix = booklet.tables.matrix(school.npsn)
            rows = write_school_matrix(booklet, paper, matrix, most - len(matrix.rombels), alone=len(schools) == 1)
        else:
            paper.sentence(booklet.say("no_plan"))
    if len(schools) > 1 or not rows[1]:
        booklet.finish(paper, freeze=f"{get_column_letter(3)}1")
        return
    head, last = rows
    booklet.finish(
        paper,
        repeat=(head - 1, head),
        freeze=f"{get_column_letter(3)}{head + 1}",
        filter_range=f"A{head}:{get_column_letter(paper.columns)}{last}",
    )


def write_school_matrix(booklet: Booklet, paper: Paper, matrix: ClassMatrix, spare: int, alone: bool) -> tuple[int, int]:
    """The table of one school; returns the row of its header's second line and its last teacher row.

    No teacher's lines are parted by a page. On a sheet of several schools no header can be repeated by the printer, so a long table writes its own
    again on each page.
    """
    head = write_matrix_head(booklet, paper, matrix, spare)
    starts: list[int] = []
    for number, person in enumerate((*matrix.teachers, *matrix.visitors), 1):
        if not alone and not paper.fits(TEACHER_POINTS * len(person.lines)):
            paper.page_break()
            write_matrix_head(booklet, paper, matrix, spare)
        starts.append(paper.row)
        if number == len(matrix.teachers) + 1:
            paper.line((booklet.say("visitors"),), GROUP, (paper.columns,))
        write_matrix_teacher(booklet, paper, person, number, spare, visitor=number > len(matrix.teachers))
    for line in matrix.uncovered:
        write_uncovered(booklet, paper, line, spare)
    last = paper.row - 1
    starts.append(paper.row)
    if not alone:
        paper.keep(SIGNATURES_POINTS + 40)
    write_matrix_totals(booklet, paper, matrix, spare)
    if matrix.has_shared_hours:
        paper.sentence(booklet.say("shared_note"), PLAIN_SMALL)
    booklet.signatures(paper, matrix.school, (2, 3), (paper.columns - 2, paper.columns))
    if alone:
        paper.break_between(starts, HEAD_POINTS)
    return head, last


def write_matrix_head(booklet: Booklet, paper: Paper, matrix: ClassMatrix, spare: int) -> int:
    """Two header rows: KELAS above the classes."""
    top, bottom = paper.row, paper.row + 1
    for column, word in enumerate(booklet.heads("number", "name", "nip", "subject", "code"), 1):
        paper.put(top, column, word, HEAD, to_row=bottom)
    first, last = LEFT + 1, LEFT + len(matrix.rombels)
    paper.put(top, first, booklet.say("head_classes"), HEAD, to_column=last)
    for column, rombel in enumerate(matrix.rombels, first):
        paper.put(bottom, column, rombel, HEAD)
    narrow = replace(HEAD, size=8)
    paper.put(top, last + 1, booklet.say("head_elsewhere"), narrow, to_row=bottom)
    paper.put(top, last + 2, booklet.say("head_sum"), narrow, to_row=bottom)
    paper.put(top, last + 3, booklet.say("head_duty"), HEAD, to_row=bottom, to_column=last + 3 + spare)
    for column, key in enumerate(("duty_hours", "total"), last + 4 + spare):
        paper.put(top, column, booklet.say(f"head_{key}"), replace(HEAD, size=9), to_row=bottom)
    paper.advance(HEAD_POINTS / 2)
    return paper.advance(HEAD_POINTS / 2)


def write_matrix_teacher(booklet: Booklet, paper: Paper, person: MatrixTeacher, number: int, spare: int, visitor: bool) -> None:
    """One line a subject; number, name, NIP, duties and totals are merged over them."""
    teacher = booklet.tables.case.teachers[person.teacher]
    fill = "F6F8FB" if number % 2 == 0 else ""
    first, last = paper.row, paper.row + len(person.lines) - 1
    name = booklet.say("visitor_name", name=teacher.name, school=booklet.names.school(teacher.home)) if visitor else teacher.name
    duties = "" if visitor else duties_of(booklet, person)
    tail = LEFT + len(person.lines[0].cells) + 3
    heights = [write_matrix_line(booklet, paper, line, fill) for line in person.lines]
    needed = max(paper.lines(name, MATRIX_LEFT[1]), paper.lines(duties, paper.width(tail, tail + spare), 9) * 0.9)
    more = max(0.0, needed * LINE_POINTS + 3 - sum(heights)) / len(heights)
    merged: tuple[tuple[int, int, Value, Look], ...] = (
        (1, 1, number, CENTER),
        (2, 2, name, CELL),
        (3, 3, teacher.nip, TEXT_ID),
        (tail, tail + spare, duties, SMALL),
        (tail + spare + 1, tail + spare + 1, person.additional_jtm or None, CENTER),
        (tail + spare + 2, tail + spare + 2, person.total or None, STRONG_CENTER),
    )
    for column, to_column, value, look in merged:
        paper.put(first, column, value, replace(look, fill=fill), to_column=to_column, to_row=last)
    for row, points in enumerate(heights, first):
        paper.height(row, points + more)
        paper.use(points + more)


def write_matrix_line(booklet: Booklet, paper: Paper, line: MatrixLine, fill: str) -> float:
    """One subject of one teacher; returns the height it needs, which is set with the teacher's other lines."""
    subject = booklet.subject(line.subject) if line.subject or line.elsewhere_jp else ""
    if line.guided:
        subject = booklet.say("guided_subject", subject=subject, count=line.guided)
    paper.put(paper.row, 4, subject, Look(size=9, fill=fill))
    paper.put(paper.row, 5, line.code, Look(size=9, across="center", fill=fill, wrap=False))
    column = LEFT + 1
    for cell in line.cells:
        paper.put(paper.row, column, hours_in(cell), hours_look(cell, fill))
        column += 1
    paper.put(paper.row, column, line.elsewhere_jp or None, replace(CENTER, fill=fill))
    paper.put(paper.row, column + 1, line.total_jp or None, replace(STRONG_CENTER, fill=fill))
    paper.row += 1
    return max(16.0, paper.lines(subject, MATRIX_LEFT[3], 9) * LINE_POINTS * 0.9 + 2)


def hours_in(cell: MatrixCell | None) -> Value:
    """JP, or a tick for a class that is guided by a guru BK."""
    if cell is None:
        return None
    return cell.jp or "✓"


def hours_look(cell: MatrixCell | None, fill: str) -> Look:
    if cell is None:
        return replace(CENTER, fill=fill)
    return SHARED_HOURS if cell.shared else HOURS


def write_uncovered(booklet: Booklet, paper: Paper, line: MatrixLine, spare: int) -> None:
    """A subject that nobody teaches, so that the classes' sums stay whole."""
    values: list[Value] = [None, booklet.say("nobody"), None, booklet.subject(line.subject), line.code]
    values += [hours_in(cell) for cell in line.cells]
    values += [None, line.total_jp, booklet.say("needs_teacher"), None, None]
    looks = [MISSING, MISSING_NAME, MISSING, replace(MISSING_NAME, bold=False, size=9), replace(MISSING, size=9)]
    looks += [replace(MISSING, form='0"*"') if cell and cell.shared else MISSING for cell in line.cells]
    looks += [MISSING, MISSING, replace(MISSING_NAME, bold=False, size=9), MISSING, MISSING]
    spans = [1] * (len(values) - 3) + [1 + spare, 1, 1]
    paper.line(values, looks, spans)


def write_matrix_totals(booklet: Booklet, paper: Paper, matrix: ClassMatrix, spare: int) -> None:
    """JUMLAH: each class's week, equal to its structure; what is taught elsewhere, and the school's duties."""
    people = (*matrix.teachers, *matrix.visitors)
    lines = [*matrix.uncovered, *(line for person in people for line in person.lines)]
    duty = sum(person.additional_jtm for person in people)
    totals = (sum(line.elsewhere_jp for line in lines), sum(line.total_jp for line in lines))
    values: list[Value] = [booklet.say("sum"), *matrix.class_jp, *totals, None, duty, sum(person.total for person in people)]
    spans = [LEFT] + [1] * (len(matrix.class_jp) + 2) + [1 + spare, 1, 1]
    paper.line(values, [TOTAL_NAME] + [TOTAL] * (len(values) - 1), spans, least_points=18)


def duties_of(booklet: Booklet, person: MatrixTeacher) -> str:
    """``Wali Kelas 7A (2), Guru Piket Senin (1), Guru Wali (2)``: each with what it counts."""
    lines = duty_lines(booklet, person)
    return ", ".join(words if jtm is None else booklet.say("duty_counted", duty=words, jtm=jtm) for words, jtm in lines)


def duty_lines(booklet: Booklet, person: MatrixTeacher) -> list[tuple[str, int | None]]:
    """Every duty of a teacher with what it counts; the post of a principal first, with None where it counts nothing of its own."""
    lines: list[tuple[str, int | None]] = [(held_words(booklet, d.duty, d.unit, d.school), d.counted_jtm) for d in person.duties]
    position = booklet.tables.case.teachers[person.teacher].position
    if person.post_jtm:
        lines.insert(0, (booklet.say("principal"), person.post_jtm))
    elif position in (Position.PRINCIPAL, Position.ACTING_PRINCIPAL):
        lines.insert(0, (booklet.say(f"position_{position.value}"), None))
    if booklet.tables.case.is_guru_wali(person.teacher):
        lines.append((booklet.say("guru_wali"), person.guru_wali_jtm))
    return lines
