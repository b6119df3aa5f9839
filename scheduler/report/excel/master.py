"""Jadwal Induk: the whole week of a school on one sheet, to hang on the wall of the teachers' room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from scheduler.domain.entities import School, Slot, SlotKind
from scheduler.domain.plan import Lesson
from scheduler.report.excel.booklet import Booklet
from scheduler.report.excel.paper import BAD_FILL, CENTER, GREYS, GROUP_FILL, HEAD, PLAIN_SMALL, SPECIAL, SUBJECT_FILLS, Look, Paper
from scheduler.report.excel.summary import week_words
from scheduler.report.weeks import MasterBlock, MasterRow

DAY_LOOK = Look(bold=True, size=13, across="center", fill=GROUP_FILL, turn=90)
TIME_LOOK = Look(size=9, across="center", wrap=False)

MASTER_LEFT = (6, 6, 14)
MASTER_CLASS = 10.5
MASTER_ROW = 14.5
HEAD_POINTS = 20
HEADING_POINTS = 80
SIGNATURE_POINTS = 100
LEGEND_ROW = 15.2
LEGEND_WIDTH = 46
"""Least width of one column of the legend: code, name and subjects."""


def write_master(booklet: Booklet, key: str, schools: Sequence[School]) -> None:
    """The whole week of a school on one sheet: days from top to bottom, classes side by side; a block of its own for each bell pattern."""
    blocks = [block for school in schools for block in booklet.tables.master_blocks(school.npsn)]
    most = max((len(block.rombels) for block in blocks), default=8)
    paper = booklet.paper(key, (*MASTER_LEFT, *(MASTER_CLASS,) * most))
    if not blocks or not booklet.tables.summary.placed_jp:
        booklet.heading(paper, "master")
        paper.sentence(week_words(booklet, booklet.tables.summary))
        booklet.finish(paper)
        return
    paper.shrink([block_points(paper, block) for block in blocks])
    paper.widen(len(MASTER_LEFT) + 1)
    for index, block in enumerate(blocks):
        if index:
            paper.page_break()
        several = sum(other.school == block.school for other in blocks) > 1
        booklet.heading(paper, "master_pattern" if several else "master", block.school, pattern=block.pattern)
        head = write_block(booklet, paper, block)
    if len(blocks) == 1:
        booklet.finish(paper, freeze=f"D{head + 1}")
    else:
        booklet.finish(paper, freeze="D1")


def block_points(paper: Paper, block: MasterBlock) -> list[float]:
    """Heights of what a page must not cut: each day, and the legend with the signatures; every page begins with the header."""
    days = [sum(row_points(row) for row in rows) + 5 for rows in block.days.values()]
    legend = (legend_depth(paper, block) + 3) * LEGEND_ROW + 25 + SIGNATURE_POINTS
    return [HEADING_POINTS + HEAD_POINTS + days[0], *days[1:], legend]


def row_points(row: MasterRow) -> float:
    lines = max((len(lessons) for lessons in row.cells), default=1)
    return max(MASTER_ROW, 13 * lines + 2.5)


def write_block(booklet: Booklet, paper: Paper, block: MasterBlock) -> int:
    """One bell pattern of one school, the header again on each page; returns the first header's row."""
    head = write_block_head(booklet, paper, block)
    looks = subject_looks(booklet)
    points = block_points(paper, block)
    for index, (day, rows) in enumerate(block.days.items()):
        if index and not paper.fits(points[index]):
            paper.page_break()
            write_block_head(booklet, paper, block)
        elif index:
            paper.gap(5)
        write_day(booklet, paper, day, rows, len(block.rombels), looks)
    if not paper.fits(points[-1]):
        paper.page_break()
    write_legend(booklet, paper, block)
    last = paper.columns
    booklet.signatures(paper, block.school, (2, min(4, last)), (max(5, last - 2), last))
    return head


def write_block_head(booklet: Booklet, paper: Paper, block: MasterBlock) -> int:
    return paper.line((*booklet.heads("day", "period", "time"), *block.rombels), HEAD, least_points=HEAD_POINTS)


def write_day(booklet: Booklet, paper: Paper, day: str, rows: Sequence[MasterRow], classes: int, looks: Callable[[str], Look]) -> None:
    """HARI merged over its slots; ceremonies and breaks merged over all classes."""
    paper.put(paper.row, 1, booklet.day(day).upper(), DAY_LOOK, to_row=paper.row + len(rows) - 1)
    for row in rows:
        slot = row.slot
        paper.put(paper.row, 2, slot.period or None, replace(CENTER, bold=True))
        paper.put(paper.row, 3, booklet.clock(slot.start, slot.end), TIME_LOOK)
        if slot.kind is not SlotKind.LESSON:
            paper.put(paper.row, 4, slot_words(booklet, slot), SPECIAL, to_column=3 + classes)
        for column, lessons in enumerate(row.cells, 4):
            paper.put(paper.row, column, "\n".join(code_of(booklet, lesson) for lesson in lessons), lesson_look(lessons, looks))
        paper.advance(row_points(row))


def code_of(booklet: Booklet, lesson: Lesson) -> str:
    """``MTK-12``: the subject's code and the teacher's; without a teacher the subject and a dash."""
    short = booklet.names.subjects[lesson.subject].short
    return f"{short}-{booklet.names.label(lesson.teacher, lesson.school)}" if lesson.teacher else booklet.say("code_without_teacher", subject=short)


def lesson_look(lessons: Sequence[Lesson], looks: Callable[[str], Look]) -> Look:
    if not lessons:
        return CENTER
    if any(lesson.teacher is None for lesson in lessons):
        return Look(bold=True, across="center", fill=BAD_FILL)
    return looks(lessons[0].subject)


def subject_looks(booklet: Booklet) -> Callable[[str], Look]:
    """A look for every subject, by its place in the file, that differs from the others' on grey paper too."""
    order = {subject: index % len(SUBJECT_FILLS) for index, subject in enumerate(booklet.names.subjects)}

    def look(subject: str) -> Look:
        line = order[subject] // GREYS
        return Look(across="center", fill=SUBJECT_FILLS[order[subject]], bold=line == 1, italic=line == 2)

    return look


def slot_words(booklet: Booklet, slot: Slot) -> str:
    return booklet.say(f"slot_{slot.kind.value}")


def write_legend(booklet: Booklet, paper: Paper, block: MasterBlock) -> None:
    """DAFTAR KODE GURU in as many columns as fit, then what the subjects' codes mean."""
    here = [lesson for lesson in booklet.tables.plan.lessons if lesson.school == block.school and set(lesson.rombels) & set(block.rombels)]
    entries = [legend_entry(booklet, code, here) for code in block.legend]
    depth = legend_depth(paper, block)
    spans = legend_spans(paper, -(-len(entries) // depth))
    paper.section(booklet.say("section_codes"))
    for index in range(depth):
        row = [*entries[index::depth], ""][: len(spans)]
        paper.line(row, Look(size=9), spans[: len(row)], least_points=LEGEND_ROW)
    subjects = [subject for subject in booklet.names.subjects if any(lesson.subject == subject for lesson in here)]
    words = "; ".join(f"{booklet.names.subjects[s].short} = {booklet.names.subjects[s].name}" for s in subjects)
    paper.sentence(booklet.say("subject_codes", codes=words), PLAIN_SMALL)


def legend_entry(booklet: Booklet, code: str, lessons: Sequence[Lesson]) -> str:
    """Code, name and subjects: ``12 = Guru 12 (MTK)``."""
    subjects = [s for s in booklet.names.subjects if any(lesson.teacher == code and lesson.subject == s for lesson in lessons)]
    teacher, school = booklet.tables.case.teachers[code], lessons[0].school
    name = teacher.name if teacher.home == school else booklet.say("visitor_name", name=teacher.name, school=booklet.names.school(teacher.home))
    shorts = ", ".join(booklet.names.subjects[s].short for s in subjects)
    return booklet.say("legend_entry", code=booklet.names.label(code, school), name=name, subjects=shorts)


def legend_depth(paper: Paper, block: MasterBlock) -> int:
    """Rows of the legend."""
    groups = max(1, min(4, int(sum(paper.widths) / LEGEND_WIDTH), paper.columns, len(block.legend)))
    return max(1, -(-len(block.legend) // groups))


def legend_spans(paper: Paper, groups: int) -> tuple[int, ...]:
    """Columns of each group, as even as the sheet's columns allow, and at least one."""
    total, left, spans = sum(paper.widths), 0, []
    for group in range(1, groups + 1):
        right = left + 1
        while right < paper.columns - (groups - group) and (group == groups or sum(paper.widths[: right + 1]) <= total * group / groups + 2):
            right += 1
        spans.append(right - left)
        left = right
    return tuple(spans)
