"""Guru: one printed page for each teacher of the dossier, to be signed by the principal and the supervisor."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from scheduler.report.excel.booklet import SIGN, SIGN_NAME, Booklet
from scheduler.report.excel.explanation_parts import write_conflict, write_exception, write_proof
from scheduler.report.excel.loads import STANDING_LOOKS
from scheduler.report.excel.paper import CELL, CENTER, HEAD, PLAIN, SMALL, STRONG_CENTER, Look, Paper
from scheduler.report.explanation import Dossier
from scheduler.report.explanation_rows import TeacherPage

HOURS_SPANS: Final = (2, 1, 1, 1, 1, 1, 1, 2, 1, 1)
TAUGHT_SPANS: Final = (3, 4, 2, 1, 2)
HELD_SPANS: Final = (9, 1, 2)
LABEL: Final = Look(frame=False, color="404040")
FACT: Final = Look(frame=False, bold=True)


def write_teacher_pages(dossier: Dossier, booklet: Booklet, paper: Paper) -> None:
    """All pages on one sheet, a page break before each; the print is made as small as the longest page asks for."""
    starts = []
    for page in dossier.teachers:
        paper.page_break()
        starts.append(paper.row)
        write_teacher(dossier, paper, page)
    ends = (*starts[1:], paper.row)
    height = paper.sheet.row_dimensions
    paper.shrink([[height[row].height or 0.0 for row in range(first, last)] for first, last in zip(starts, ends, strict=True)])
    booklet.finish(paper)


def write_teacher(dossier: Dossier, paper: Paper, page: TeacherPage) -> None:
    words = dossier.words
    owner = " · ".join(part for part in (words.owner(page.home), words.term) if part)
    paper.heading(dossier.say("title_teacher", name=page.name), (owner,), words.note)
    for word, value in page.facts:
        paper.line((word, value), (LABEL, FACT), (3, 9))
    paper.section(dossier.say("section_load"))
    paper.line([word for word, _ in page.hours], replace(HEAD, size=8), HOURS_SPANS, least_points=26)
    paper.line([value for _, value in page.hours], STRONG_CENTER, HOURS_SPANS)
    paper.line((page.status, " ".join((page.sums, *page.remarks)).strip()), (STANDING_LOOKS[page.standing], CELL), (2, 10))
    write_work(dossier, paper, page)
    paper.section(dossier.say("section_why" if page.is_below else "section_why_met"))
    paper.sentence(page.why, replace(PLAIN, bold=True))
    if page.proof:
        write_proof(dossier, paper, page.proof)
    elif page.conflict:
        write_conflict(dossier, paper, page.conflict)
    if page.exception:
        paper.section(dossier.say("section_exception"))
        write_exception(dossier, paper, page.exception, (4, 2, 2, 2, 2))
    if page.is_below:
        paper.section(dossier.say("section_change"))
        paper.sentence(f"{page.change} {page.change_effect}".strip())
        paper.sentence(f"{page.threshold} {page.replacement}".strip())
    write_signatures(dossier, paper, page)


def write_work(dossier: Dossier, paper: Paper, page: TeacherPage) -> None:
    """What the plan gives the teacher to teach and to hold."""
    paper.section(dossier.say("section_taught"))
    heads = [dossier.say(f"head_{key}") for key in ("subject", "taught_school", "taught_classes", "jp", "recognised")]
    paper.line(heads, replace(HEAD, size=8), TAUGHT_SPANS)
    for row in page.taught:
        paper.line((row.subject, row.school, row.classes, row.jp, row.linear), (SMALL, SMALL, CENTER, CENTER, CENTER), TAUGHT_SPANS)
    if not page.taught:
        paper.sentence(dossier.say("nothing_taught"), CELL)
    if page.held:
        paper.line([dossier.say(f"head_{key}") for key in ("duty", "equivalence", "counted")], replace(HEAD, size=8), HELD_SPANS)
    for held in page.held:
        paper.line((held.duty, held.jtm, held.counted_jtm), (SMALL, CENTER, STRONG_CENTER), HELD_SPANS)


def write_signatures(dossier: Dossier, paper: Paper, page: TeacherPage) -> None:
    """``Mengetahui, Pengawas Sekolah`` on the left and the principal on the right."""
    say = dossier.words.say
    rows = (
        (say("sign_known"), page.place),
        (dossier.say("sign_supervisor"), page.sign_principal),
        ("", ""),
        ("", ""),
        (say("dots_name"), page.principal[0] or say("dots_name")),
        (say("sign_nip", nip=""), say("sign_nip", nip=page.principal[1])),
    )
    paper.gap(8)
    for index, (left, right) in enumerate(rows):
        look = SIGN_NAME if index == len(rows) - 2 else SIGN
        paper.put(paper.row, 1, left, look, to_column=5)
        paper.put(paper.row, 7, right, look, to_column=paper.columns)
        paper.advance(14.5)
