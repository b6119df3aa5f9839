"""``penjelasan.xlsx``: the dossier as a workbook, sheet by sheet as it is handed over: the principal's page, a page a teacher, the analysis of need,
proofs and conflicts, repairs, sources.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from openpyxl import Workbook

from scheduler.domain.explanation import Explanation
from scheduler.formats.files import save_workbook
from scheduler.policy.case import Case
from scheduler.report.excel.booklet import Booklet
from scheduler.report.excel.explanation_parts import keep_whole, write_conflict, write_exception, write_proof, write_repairs_table
from scheduler.report.excel.explanation_teachers import write_teacher_pages
from scheduler.report.excel.law import LAW_WIDTHS, write_law_line
from scheduler.report.excel.paper import (
    BAD_FILL,
    CELL,
    CENTER,
    GOOD_FILL,
    GROUP,
    GROUP_FILL,
    HEAD,
    LINE_POINTS,
    PLAIN,
    PLAIN_SMALL,
    SMALL,
    STRONG_CENTER,
    WARN_FILL,
    Look,
    Paper,
)
from scheduler.report.excel.staffing import STAFFING_WIDTHS, write_staffing_tables
from scheduler.report.explanation import Dossier
from scheduler.report.explanation_base import Places
from scheduler.report.text import Text

__all__ = ["write_explanation_workbook"]

GRID: Final = 12
UNIT: Final = 8.1
"""The upright sheets stand on twelve equal columns."""

FILLS: Final = {"good": GOOD_FILL, "warn": WARN_FILL, "bad": BAD_FILL, "plain": GROUP_FILL}
VERDICT: Final = Look(size=11, fill=GROUP_FILL)
WARNING: Final = Look(fill=WARN_FILL)
SMALL_CENTER: Final = replace(SMALL, across="center")
SMALL_STRONG: Final = replace(SMALL_CENTER, bold=True)
TINY: Final = Look(size=8)
TINY_CENTER: Final = Look(size=8, across="center")

REPAIR_SPANS: Final = (1, 1, 1, 1, 1, 1, 1, 1, 1)
REPAIR_WIDTHS: Final = (5, 62, 8, 27, 27, 13, 13, 13, 13)


def write_explanation_workbook(case: Case, explanation: Explanation, places: Places, path: str | Path, text: Text, only_teacher: str = "") -> None:
    """Writes the dossier as a workbook; the same input gives the same bytes.

    Parameters
    ----------
    places
        turns a path of the instance into what people call it (``Struktur!D5``)
    path
        replaced as a whole or not at all
    only_teacher
        code of a counted teacher: only this one gets a page, below the minimum or not
    """
    dossier = Dossier(case, explanation, places, text, only_teacher)
    booklet = Booklet(dossier.words.tables, text, Workbook())
    booklet.book.remove(booklet.book.worksheets[0])
    write_principal(dossier, booklet)
    if dossier.teachers:
        write_teacher_pages(dossier, booklet, new_paper(dossier, booklet, "teachers", (UNIT,) * GRID, landscape=False))
    if dossier.has_plan:
        write_staffing(dossier, booklet)
    write_proofs(dossier, booklet)
    if dossier.has_plan:
        write_repairs(dossier, booklet)
    write_sources(dossier, booklet)
    save_workbook(booklet.book, Path(path))


def new_paper(dossier: Dossier, booklet: Booklet, key: str, widths: Sequence[float], landscape: bool) -> Paper:
    return Paper(booklet.book.create_sheet(dossier.say(f"sheet_{key}")), widths, landscape, booklet.paper_size)


def headed(dossier: Dossier, booklet: Booklet, key: str, title: str, widths: Sequence[float], landscape: bool) -> Paper:
    """A new sheet with the head that all sheets have."""
    paper = new_paper(dossier, booklet, key, widths, landscape)
    paper.heading(dossier.say(title), (booklet.owner(), booklet.term), booklet.note)
    return paper


# --- the principal's page ---------------------------------------------------------------------------------------------------------------------


def write_principal(dossier: Dossier, booklet: Booklet) -> None:
    """The answer, who stays below, the best repairs, the thresholds, and what to do next."""
    paper = headed(dossier, booklet, "summary", "title", (UNIT,) * GRID, landscape=False)
    if dossier.tiles:
        fills = [FILLS[tile.tone] for tile in dossier.tiles]
        figures = [Look(bold=True, size=20, across="center", fill=fill) for fill in fills]
        captions = [Look(size=9, across="center", fill=fill) for fill in fills]
        spans = (GRID // len(dossier.tiles),) * len(dossier.tiles)
        paper.line([tile.figure for tile in dossier.tiles], figures, spans, least_points=32)
        paper.line([tile.caption for tile in dossier.tiles], captions, spans, least_points=28)
    paper.section(dossier.say("section_verdict"))
    paper.sentence(" ".join(dossier.verdict), VERDICT)
    for sentence in dossier.warnings:
        paper.sentence(sentence, WARNING)
    conflicts, proofs = dossier.reasons_for_none
    for conflict in conflicts:
        write_conflict(dossier, paper, conflict)
    for proof in proofs:
        write_proof(dossier, paper, proof)
    if dossier.has_plan:
        write_below(dossier, paper)
        write_groups(dossier, paper)
        write_best_repairs(dossier, paper)
    paper.section(dossier.say("section_steps"))
    for step in dossier.steps:
        paper.line(("☐", step), (Look(frame=False, across="right", up="top", size=12), PLAIN), (1, GRID - 1))
    booklet.finish(paper)


def write_below(dossier: Dossier, paper: Paper) -> None:
    """Who stays below in the own schools, row by row; in partner schools, in one sentence."""
    if not dossier.explanation.teachers:
        return
    paper.section(dossier.say("section_below"))
    if dossier.below:
        write_below_table(dossier, paper)
    if dossier.below_elsewhere:
        paper.sentence(dossier.below_elsewhere, PLAIN_SMALL)


def write_below_table(dossier: Dossier, paper: Paper) -> None:
    spans = (2, 2, 1, 5, 2)
    paper.line([dossier.say(f"head_{key}") for key in ("name", "school", "reached", "reason", "exception")], replace(HEAD, size=9), spans)
    looks = (SMALL, SMALL, SMALL_CENTER, SMALL, SMALL)
    for row in dossier.below:
        paper.line((row.name, row.school, row.reached, row.reason, row.exception), looks, spans)


def write_groups(dossier: Dossier, paper: Paper) -> None:
    if not dossier.groups:
        return
    paper.section(dossier.say("section_groups"))
    spans = (3, 3, 2, 1, 3)
    heads = [dossier.say(f"head_{key}") for key in ("family", "school", "met", "most", "verdict")]
    paper.line(heads, replace(HEAD, size=9), spans, least_points=26)
    for row in dossier.groups:
        met = dossier.say("tile_of", value=row.value, whole=row.whole)
        paper.line((row.family, row.school, met, row.most, row.verdict), (SMALL, SMALL, SMALL_CENTER, SMALL_CENTER, SMALL), spans)


def write_best_repairs(dossier: Dossier, paper: Paper) -> None:
    if dossier.explanation.teachers:
        paper.section(dossier.say("section_repairs"))
        if dossier.best_repairs:
            write_repairs_table(dossier, paper, dossier.best_repairs, (1, 3, 1, 2, 1, 1, 1, 1, 1), 8)
        else:
            paper.sentence(dossier.no_repairs)
        if len(dossier.repairs) > len(dossier.best_repairs):
            paper.sentence(dossier.say("more_repairs", count=len(dossier.repairs), part=dossier.say("sheet_repairs")), PLAIN_SMALL)
    if dossier.threshold_line:
        paper.section(dossier.say("section_threshold"))
        paper.sentence(dossier.threshold_line)


# --- the analysis of need -----------------------------------------------------------------------------------------------------------------------


def write_staffing(dossier: Dossier, booklet: Booklet) -> None:
    """A table a school, then the exceptions with their computed need."""
    paper = headed(dossier, booklet, "staffing", "title_staffing", STAFFING_WIDTHS, landscape=True)
    head = write_staffing_tables(dossier.need, paper)
    paper.section(dossier.say("section_exceptions"))
    if not dossier.exceptions:
        paper.sentence(dossier.say("no_exceptions"))
    for view in dossier.exceptions:
        paper.keep((len(view.rows) + 6) * LINE_POINTS * 1.2)
        paper.sentence(view.teacher, replace(PLAIN, bold=True))
        write_exception(dossier, paper, view, (5, 3, 2, 2, 6))
    booklet.finish(paper, repeat=(head, head) if head else None, freeze=f"C{head + 1}" if head else "")


# --- proofs, repairs, sources -------------------------------------------------------------------------------------------------------------------


def write_proofs(dossier: Dossier, booklet: Booklet) -> None:
    paper = headed(dossier, booklet, "proofs", "title_proofs", (UNIT,) * GRID, landscape=False)
    paper.sentence(dossier.say("proofs_note"), PLAIN_SMALL)
    top = paper.row
    paper.section(dossier.say("section_proofs"))
    for proof in dossier.proofs:
        keep_whole(paper, (proof.claim, *proof.lines))
        write_proof(dossier, paper, proof)
    if not dossier.proofs:
        paper.sentence(dossier.say("no_proofs"))
    paper.section(dossier.say("section_conflicts"))
    for conflict in dossier.conflicts:
        keep_whole(paper, (conflict.lead, *conflict.members, *conflict.notes))
        write_conflict(dossier, paper, conflict)
    if not dossier.conflicts:
        paper.sentence(dossier.say("no_conflicts"))
    booklet.finish(paper, repeat=(1, 3), freeze=f"A{top}")


def write_repairs(dossier: Dossier, booklet: Booklet) -> None:
    """All repairs, the thresholds, and who could be valid in place of whom."""
    paper = headed(dossier, booklet, "repairs", "title_repairs", REPAIR_WIDTHS, landscape=True)
    head = 0
    if dossier.repairs:
        paper.sentence(dossier.say("repairs_note"), PLAIN_SMALL)
        head = write_repairs_table(dossier, paper, dossier.repairs, REPAIR_SPANS, 9)
    else:
        paper.sentence(dossier.no_repairs)
    paper.section(dossier.say("section_thresholds"))
    if dossier.thresholds:
        spans = (2, 2, 1)
        paper.line([dossier.say(f"head_threshold_{key}") for key in ("who", "jtm", "proved")], HEAD, spans)
        for row in dossier.thresholds:
            paper.line((row.below, row.jtm, row.proved), (CELL, STRONG_CENTER, CENTER), spans)
    else:
        paper.sentence(dossier.say("no_thresholds"))
    if dossier.replacements:
        paper.section(dossier.say("section_replacements"))
    for sentence in dossier.replacements:
        paper.sentence("• " + sentence)
    booklet.finish(paper, repeat=(head, head) if head else None, freeze=f"C{head + 1}" if head else "")


def write_sources(dossier: Dossier, booklet: Booklet) -> None:
    """Every number of the law with article, source and how sure it is; unverified and replaced ones stand out."""
    paper = headed(dossier, booklet, "sources", "title_sources", LAW_WIDTHS, landscape=True)
    paper.sentence(dossier.policy_words)
    paper.sentence(dossier.say("sources_note"), PLAIN_SMALL)
    paper.gap(4)
    head = paper.line(booklet.heads("number", "rule", "value", "article", "source", "confidence", "remark"), HEAD)
    for title, rows in dossier.sources:
        paper.line((title,), GROUP, (paper.columns,))
        for number, row in enumerate(rows, 1):
            write_law_line(booklet, paper, number, row.name, row.value, row.source)
    booklet.finish(paper, repeat=(head, head), freeze=f"C{head + 1}")
