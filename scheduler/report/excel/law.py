"""Dasar Hukum: every number the plan stands on, with its article, its source, and how sure we are of it."""

from __future__ import annotations

from dataclasses import replace

from openpyxl.utils import get_column_letter

from scheduler.policy.schema import Confidence, Source
from scheduler.report.excel.booklet import Booklet
from scheduler.report.excel.paper import CELL, CENTER, GROUP, HEAD, PLAIN, SMALL, STRONG_CENTER, WARN_FILL, Look, Paper, Value
from scheduler.report.law import LawRow, curriculum_rows, linearity_rows
from scheduler.report.law_words import curriculum_words, law_name, law_value, linearity_words
from scheduler.report.words import Words

LAW_WIDTHS = (4.5, 44, 15, 28, 46, 16, 32)
LAW_HEADS = ("number", "rule", "value", "article", "source", "confidence", "remark")


def write_law(booklet: Booklet) -> None:
    """The ruleset's numbers, the duties, the linearity and the curriculum that this plan used; replaced and unverified ones stand out."""
    paper = booklet.paper("law", LAW_WIDTHS)
    booklet.heading(paper, "law")
    paper.sentence(booklet.say("law_note"))
    for number, basis in enumerate(booklet.tables.case.policy.legal_basis, 1):
        paper.sentence(f"{number}. {basis}")
    paper.gap(4)
    head = paper.line(booklet.heads(*LAW_HEADS), HEAD)
    used = [row for row in booklet.tables.law if row.used or row.source.overridden]
    write_law_group(booklet, paper, "law_numbers", [row for row in used if row.duty is None])
    write_law_group(booklet, paper, "law_duties", [row for row in used if row.duty is not None])
    write_linearity(booklet, paper)
    write_curriculum(booklet, paper)
    booklet.finish(paper, repeat=(head, head), freeze=f"C{head + 1}", filter_range=f"A{head}:{get_column_letter(paper.columns)}{paper.row - 1}")


def write_law_group(booklet: Booklet, paper: Paper, key: str, rows: list[LawRow]) -> None:
    paper.line((booklet.say(key),), GROUP, (paper.columns,))
    for number, row in enumerate(rows, 1):
        write_law_line(booklet, paper, number, law_name(booklet, row), law_value(booklet, row), row.source)


def write_law_line(words: Words, paper: Paper, number: int, name: str, value: str, source: Source | None) -> None:
    """One number. A replaced or unverified one is filled and says so in words."""
    if source is None:
        values: list[Value] = [number, name, value, words.say("dash"), words.say("own_structure"), words.say("confidence_own"), ""]
        paper.line(values, (CENTER, CELL, STRONG_CENTER, SMALL, SMALL, CENTER, SMALL))
        return
    doubtful = source.overridden or source.confidence is Confidence.C
    confidence = words.say("confidence_overridden" if source.overridden else f"confidence_{source.confidence.value.lower()}")
    looks = (CENTER, CELL, STRONG_CENTER, SMALL, Look(size=8), Look(across="center", bold=doubtful), SMALL)
    values = [number, name, value, source.article, source.source, confidence, source.note]
    paper.line(values, [replace(look, fill=WARN_FILL if doubtful else "") for look in looks])


def write_linearity(booklet: Booklet, paper: Paper) -> None:
    """The pairs of certificate and subject by which hours of this plan are recognised."""
    rows = linearity_rows(booklet.names)
    title = booklet.tables.case.law.linearity.title
    paper.line((booklet.say("law_linearity", title=title),), GROUP, (paper.columns,))
    for number, row in enumerate(rows, 1):
        write_law_line(booklet, paper, number, linearity_words(booklet, row), booklet.say("linear"), row.source)
    if not rows:
        paper.sentence(booklet.say("none_used"), replace(PLAIN, frame=True))


def write_curriculum(booklet: Booklet, paper: Paper) -> None:
    """Weekly hours of each subject by grade, and whether they are the curriculum's own."""
    rows = curriculum_rows(booklet.tables.case.instance)
    for curriculum in dict.fromkeys(row.curriculum for row in rows):
        paper.line((booklet.say("law_curriculum", curriculum=curriculum),), GROUP, (paper.columns,))
        own = [row for row in rows if row.curriculum == curriculum]
        for number, row in enumerate(own, 1):
            write_law_line(booklet, paper, number, *curriculum_words(booklet, row), row.source)
