"""The sheet of a day's substitutes, for the notice board of the staff room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from scheduler.domain.absence import Proposal
from scheduler.domain.instance import DAYS
from scheduler.domain.plan import Plan
from scheduler.formats.files import save_workbook
from scheduler.policy.case import Case
from scheduler.report.absent import substitute_rows
from scheduler.report.excel.booklet import Booklet
from scheduler.report.excel.paper import BAD_FILL, CELL, CENTER, HEAD, PLAIN, SMALL, Look
from scheduler.report.tables import Tables
from scheduler.report.text import Text

WIDTHS = (8, 12, 24, 34, 44, 44)
MARK = "scheduler absent"
"""The category in the properties of these workbooks, by which the command knows its own."""

COLUMNS = ("hours", "classes", "subject", "who", "why", "others")


def write_substitutes(case: Case, plan: Plan, teacher: str, day: date, proposals: Sequence[Proposal], path: Path, text: Text) -> None:
    """Write the workbook: who is away, then one line a lesson; a lesson that nobody can take stands out."""
    booklet = Booklet(Tables(case, plan), text, Workbook())
    booklet.book.remove(booklet.book.worksheets[0])
    paper = booklet.paper("absent", WIDTHS)
    booklet.heading(paper, "absent")
    facts = {"name": case.teachers[teacher].name, "code": teacher, "day": booklet.day(DAYS[day.weekday()]), "date": text.date(day)}
    paper.sentence(text.say("absent.title", **facts), PLAIN)
    paper.gap()
    head = paper.line([text.say(f"absent.head_{column}") for column in COLUMNS], HEAD, least_points=20)
    for row, proposal in zip(substitute_rows(text, case, proposals), proposals, strict=True):
        chosen = Look(bold=True) if proposal.chosen else Look(bold=True, fill=BAD_FILL)
        paper.line([getattr(row, column) for column in COLUMNS], (CENTER, CENTER, CELL, chosen, SMALL, SMALL))
    booklet.finish(paper, repeat=(head, head), freeze=f"A{head + 1}")
    booklet.book.properties.category = MARK
    save_workbook(booklet.book, path)


def is_substitutes(path: Path) -> bool:
    """Whether a file is a workbook of substitutes."""
    try:
        with path.open("rb") as file:
            return bool(load_workbook(file, read_only=True).properties.category == MARK)
    except (OSError, ValueError, KeyError, TypeError, BadZipFile, InvalidFileException):
        return False
