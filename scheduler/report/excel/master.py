"""Jadwal Induk: the whole week of a school on one sheet, to hang on the wall of the teachers' room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from scheduler.domain.entities import School, Slot, SlotKind
from scheduler.domain.plan import Lesson
from scheduler.report.excel.booklet import Booklet
from scheduler.report.excel.paper import BAD_FILL, CENTER, GROUP_FILL, HEAD, PLAIN_SMALL, SPECIAL, SUBJECT_FILLS, Look, Paper
from scheduler.report.excel.summary import week_words
from scheduler.report.weeks import MasterBlock, MasterRow

DAY_LOOK = Look(bold=True, size=13, across="center", fill=GROUP_FILL, turn=90)
TIME_LOOK = Look(size=9, across="center", wrap=False)

MASTER_LEFT = (6, 6, 14)
MASTER_CLASS = 10.5
MASTER_ROW = 15.5
LEGEND_WIDTH = 44
"""Least width of one column of the legend: code, name and subjects."""


def write_master(booklet: Booklet, key: str, schools: Sequence[School]) -> None:
    """The whole week of a school on one sheet: days from top to bottom, classes side by side; a block of its own for each bell pattern."""
    blocks = [block for school in schools for block in booklet.tables.master_blocks(school.npsn)]
    most = max((len(block.rombels) for block in blocks), default=8)
    paper = booklet.paper(key, (*MASTER_LEFT, *(max(MASTER_CLASS, 100 / most),) * most))
    if not blocks or not booklet.tables.summary.placed_jp:
        booklet.heading(paper, "master")
        paper.sentence(week_words(booklet, booklet.tables.summary))
        booklet.finish(paper)
        return
    head = 0
    for index, block in enumerate(blocks):
        if index:
            paper.page_break()
        several = sum(other.school == block.school for other in blocks) > 1
        booklet.heading(paper, "master_pattern" if several else "master", block.school, pattern=block.pattern)
        head = write_block(booklet, paper, block, single=len(blocks) == 1)
    if len(blocks) == 1:
        booklet.finish(paper, repeat=(head, head), freeze=f"D{head + 1}")
    else:
        booklet.finish(paper, freeze="D1")


def write_block(booklet: Booklet, paper: Paper, block: MasterBlock, single: bool) -> int:
    """One bell pattern of one school. A day is never cut by a page; returns the header's row."""
    head = write_block_head(booklet, paper, block)
    colours = subject_colours(booklet)
    for index, (day, rows) in enumerate(block.days.items()):
        if index and not paper.fits((len(rows) + 0.4) * MASTER_ROW):
            paper.page_break()
            if single:
                paper.used_points += 20
            else:
                write_block_head(booklet, paper, block)
        elif index:
            paper.gap(5)
        write_day(booklet, paper, day, rows, len(block.rombels), colours)
    write_legend(booklet, paper, block)
    last = paper.columns
    booklet.signatures(paper, block.school, (2, min(4, last)), (max(5, last - 2), last))
    return head


def write_block_head(booklet: Booklet, paper: Paper, block: MasterBlock) -> int:
    return paper.line((*booklet.heads("day", "period", "time"), *block.rombels), HEAD, least_points=20)


def write_day(booklet: Booklet, paper: Paper, day: str, rows: Sequence[MasterRow], classes: int, colours: Callable[[str], str]) -> None:
    """HARI merged over its slots; ceremonies and breaks merged over all classes."""
    paper.put(paper.row, 1, booklet.day(day).upper(), DAY_LOOK, to_row=paper.row + len(rows) - 1)
    for row in rows:
        slot = row.slot
        paper.put(paper.row, 2, slot.period or None, replace(CENTER, bold=True))
        paper.put(paper.row, 3, booklet.clock(slot.start, slot.end), TIME_LOOK)
        if slot.kind is not SlotKind.LESSON:
            paper.put(paper.row, 4, slot_words(booklet, slot), SPECIAL, to_column=3 + classes)
        for column, lessons in enumerate(row.cells, 4):
            paper.put(paper.row, column, "\n".join(code_of(booklet, lesson) for lesson in lessons), lesson_look(lessons, colours))
        lines = max((len(lessons) for lessons in row.cells), default=1)
        paper.advance(max(MASTER_ROW, 13 * lines + 2.5))


def code_of(booklet: Booklet, lesson: Lesson) -> str:
    """``MTK-12``: the subject's code and the teacher's; without a teacher the subject and a dash."""
    short = booklet.names.subjects[lesson.subject].short
    return f"{short}-{booklet.names.label(lesson.teacher, lesson.school)}" if lesson.teacher else booklet.say("code_without_teacher", subject=short)


def lesson_look(lessons: Sequence[Lesson], colours: Callable[[str], str]) -> Look:
    if not lessons:
        return CENTER
    if any(lesson.teacher is None for lesson in lessons):
        return Look(bold=True, across="center", fill=BAD_FILL)
    return Look(across="center", fill=colours(lessons[0].subject))


def subject_colours(booklet: Booklet) -> Callable[[str], str]:
    """A light colour for every subject, by its place in the file."""
    order = {subject: index for index, subject in enumerate(booklet.names.subjects)}
    return lambda subject: SUBJECT_FILLS[order[subject] % len(SUBJECT_FILLS)]


def slot_words(booklet: Booklet, slot: Slot) -> str:
    return booklet.say(f"slot_{slot.kind.value}")


def write_legend(booklet: Booklet, paper: Paper, block: MasterBlock) -> None:
    """DAFTAR KODE GURU in as many columns as fit, then what the subjects' codes mean."""
    here = [lesson for lesson in booklet.tables.plan.lessons if lesson.school == block.school and set(lesson.rombels) & set(block.rombels)]
    entries = [legend_entry(booklet, code, here) for code in block.legend]
    groups = max(1, min(4, int(sum(paper.widths) / LEGEND_WIDTH), len(entries)))
    depth = -(-len(entries) // groups)
    spans = legend_spans(paper, groups)
    if not paper.fits((depth + 2) * 14 + 120):
        paper.page_break()
    paper.section(booklet.say("section_codes"))
    paper.line(booklet.heads("code", "name", "subject") * groups, replace(HEAD, size=9), spans)
    for index in range(depth):
        row = [entries[index + group * depth] if index + group * depth < len(entries) else ("", "", "") for group in range(groups)]
        looks = (Look(size=9, bold=True, across="center"), Look(size=9, wrap=False), Look(size=9, wrap=False)) * groups
        paper.line([word for entry in row for word in entry], looks, spans)
    subjects = [subject for subject in booklet.names.subjects if any(lesson.subject == subject for lesson in here)]
    words = "; ".join(f"{booklet.names.subjects[s].short} = {booklet.names.subjects[s].name}" for s in subjects)
    paper.sentence(booklet.say("subject_codes", codes=words), PLAIN_SMALL)


def legend_entry(booklet: Booklet, code: str, lessons: Sequence[Lesson]) -> tuple[str, str, str]:
    subjects = [s for s in booklet.names.subjects if any(lesson.teacher == code and lesson.subject == s for lesson in lessons)]
    teacher, school = booklet.tables.case.teachers[code], lessons[0].school
    name = teacher.name if teacher.home == school else booklet.say("visitor_name", name=teacher.name, school=booklet.names.school(teacher.home))
    return booklet.names.label(code, school), name, ", ".join(booklet.names.subjects[s].short for s in subjects)


def legend_spans(paper: Paper, groups: int) -> tuple[int, ...]:
    """Columns of code, name and subjects of each group, as even as the sheet's columns allow."""
    edges = [0]
    total = sum(paper.widths)
    for part in range(1, groups + 1):
        for share in (0.15, 0.72, 1.0):
            wanted = total * (part - 1 + share) / groups
            reached, column = 0.0, 0
            while column < paper.columns and reached + paper.widths[column] / 2 <= wanted:
                reached += paper.widths[column]
                column += 1
            edges.append(min(max(column, edges[-1] + 1), paper.columns - (3 * groups - len(edges))))
    edges[-1] = paper.columns
    return tuple(b - a for a, b in pairwise(edges))
