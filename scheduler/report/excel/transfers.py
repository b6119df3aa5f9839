"""redistribusi.xlsx: who moves from where to where, on one printed sheet, and what is proved of the set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from scheduler.domain.transfer import Transfer
from scheduler.formats.files import save_workbook
from scheduler.policy.case import Case
from scheduler.report.excel.booklet import without_plan
from scheduler.report.excel.paper import HEAD, PLAIN, SMALL, Paper, Value
from scheduler.report.text import Text

HEADS: Final = ("number", "code", "name", "certificate", "origin", "destination", "cost")
WIDTHS: Final = (5, 10, 32, 26, 36, 36, 9)
SMALL_CENTER: Final = replace(SMALL, across="center")


def write_transfers_workbook(case: Case, transfers: Sequence[Transfer], sentences: Sequence[str], path: Path, text: Text) -> None:
    """One row a transfer, in the order in which they were found; ``sentences`` say what the set reaches and what is proved."""
    booklet = without_plan(case, text)
    paper = Paper(booklet.book.create_sheet(text.say("district.sheet")), WIDTHS, True, booklet.paper_size)
    paper.heading(text.say("district.title"), (booklet.owner(), booklet.term), booklet.note)
    for sentence in sentences:
        paper.sentence(sentence, PLAIN)
    paper.gap()
    head = paper.line([text.say(f"district.head_{name}") for name in HEADS], HEAD, least_points=24)
    for number, transfer in enumerate(transfers, 1):
        teacher = case.teachers[transfer.teacher]
        places = [place(case, npsn) for npsn in (transfer.origin, transfer.destination)]
        values: tuple[Value, ...] = (number, transfer.teacher, teacher.name, booklet.certificate(teacher), *places, transfer.cost)
        paper.line(values, (SMALL_CENTER, SMALL_CENTER, SMALL, SMALL, SMALL, SMALL, SMALL_CENTER))
    booklet.finish(paper, (head, head), f"A{head + 1}")
    save_workbook(booklet.book, path)


def place(case: Case, npsn: str) -> str:
    """Name, kecamatan where it is known, and NPSN."""
    school = case.schools[npsn]
    return ", ".join(part for part in (school.name, school.kecamatan, npsn) if part)
