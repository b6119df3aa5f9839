"""Perubahan: what this plan changes of the former one, before and after side by side."""

from __future__ import annotations

from collections.abc import Iterable

from scheduler.report.changes import At, Changes
from scheduler.report.edits import duty_words
from scheduler.report.excel.booklet import Booklet
from scheduler.report.excel.paper import CELL, CENTER, HEAD, PLAIN, PLAIN_SMALL, STRONG_CENTER, Look, Paper, Value

WIDTHS = (5, 24, 14, 30, 26, 26, 26, 16)
BY_HAND = Look(bold=True, across="center", fill="FFF2CC")


def write_changes(booklet: Booklet, changes: Changes) -> None:
    """Three tables: lessons, teachers, duties; only those that have rows."""
    say = booklet.text.say
    paper = Paper(booklet.book.create_sheet(say("edits.sheet_changes")), WIDTHS, landscape=True)
    paper.heading(say("edits.title_changes"), (booklet.owner(), booklet.term), booklet.note)
    paper.sentence(say("edits.changes_note"), PLAIN_SMALL)
    moved, teachers, holders = list(changes.moved), list(changes.teachers), list(changes.holders)
    if not (moved or teachers or holders):
        paper.sentence(say("edits.no_changes"), PLAIN)
    if moved:
        rows = [
            (*need_cells(booklet, row.need), person(booklet, row.teacher), at_words(booklet, row.before), at_words(booklet, row.after), row.by_hand)
            for row in moved
        ]
        write_table(booklet, paper, "section_lessons", ("school", "class", "subject", "name"), rows)
    if teachers:
        rows = [(*need_cells(booklet, row.need), "", person(booklet, row.before), person(booklet, row.after), row.by_hand) for row in teachers]
        write_table(booklet, paper, "section_teachers", ("school", "class", "subject", ""), rows)
    if holders:
        case = booklet.tables.case
        rows = [
            (
                booklet.names.school(row.school),
                row.unit,
                duty_words(case, booklet.text, row.duty, ""),
                "",
                person(booklet, row.before or None),
                person(booklet, row.after or None),
                row.by_hand,
            )
            for row in holders
        ]
        write_table(booklet, paper, "section_duties", ("school", "unit", "duty", ""), rows)
    booklet.finish(paper)


def write_table(booklet: Booklet, paper: Paper, section: str, heads: tuple[str, ...], rows: Iterable[tuple[Value, ...]]) -> None:
    say = booklet.text.say
    paper.section(say(f"edits.{section}"))
    words = [booklet.say(f"head_{key}") if key else "" for key in heads]
    paper.line((booklet.say("head_number"), *words, say("edits.head_before"), say("edits.head_after"), say("edits.head_by")), HEAD, least_points=22)
    for number, row in enumerate(rows, 1):
        *cells, by_hand = row
        by = say("edits.by_hand" if by_hand else "edits.by_scheduler")
        looks = (CENTER, CELL, CENTER, CELL, CELL, CENTER, STRONG_CENTER, BY_HAND if by_hand else CENTER)
        paper.line((number, *cells, by), looks)


def need_cells(booklet: Booklet, need_id: str) -> tuple[str, str, str]:
    need = booklet.tables.case.need[need_id]
    return booklet.names.school(need.school), ", ".join(need.rombels) or booklet.say("dash"), booklet.subject(need.subject)


def person(booklet: Booklet, code: str | None) -> str:
    """Name and code; a teacher who has left the file by the code alone."""
    if not code:
        return booklet.say("nobody")
    teacher = booklet.tables.case.teachers.get(code)
    return code if teacher is None else booklet.text.say("edits.person", name=teacher.name, code=code)


def at_words(booklet: Booklet, at: At | None) -> str:
    """``Senin 1–2``."""
    if at is None:
        return booklet.say("dash")
    day, first, length = at
    key = "edits.hours" if length == 1 else "edits.hours_run"
    return booklet.text.say(key, day=booklet.day(day), first=first, last=first + length - 1)
