"""Answers to the questions of an earlier import: from its sheet Perlu Diperiksa, or from the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scheduler.domain.problem import Problem
from scheduler.errors import InputError
from scheduler.formats.cells import is_blank, shown
from scheduler.formats.columns import key
from scheduler.formats.opening import RawSheet, open_workbook
from scheduler.formats.sheets import REVIEW

QUESTION_HEADINGS: Final = ("Kunci", "Key")
ANSWER_HEADINGS: Final = ("Jawaban", "Answer")


@dataclass(frozen=True, slots=True)
class Answer:
    """``file``, ``sheet`` and ``cell`` are where it was written; all "" on the command line."""

    question: str
    text: str
    file: str = ""
    sheet: str = ""
    cell: str = ""

    def problem(self, kind: str, **facts: str | int) -> Problem:
        return Problem(f"dapodik.{kind}", self.file, self.sheet, self.cell, {"question": self.question, "value": self.text, **facts})


class Answers:
    """The answers by question; the later wins. What is wrong with them is collected in ``problems``."""

    def __init__(self, answers: Iterable[Answer] = ()) -> None:
        self.by_question: Mapping[str, Answer] = {spelled(answer.question): answer for answer in answers}
        self.asked: set[str] = set()
        self.problems: list[Problem] = []

    def to(self, question: str) -> Answer | None:
        self.asked.add(spelled(question))
        return self.by_question.get(spelled(question))

    def refuse(self, answer: Answer, kind: str, **facts: str | int) -> None:
        problem = answer.problem(kind, **facts)
        if problem not in self.problems:
            self.problems.append(problem)

    def refuse_unasked(self) -> None:
        """An answer of the command line to what was never asked is a slip; one in the sheet may be of an earlier file."""
        for question, answer in self.by_question.items():
            if question not in self.asked and not answer.file:
                self.refuse(answer, "answer_not_asked")


def spelled(question: str) -> str:
    return " ".join(question.casefold().split())


def read_answers(path: Path) -> tuple[Answer, ...]:
    """The filled cells of Jawaban in a workbook that an import has written.

    Raises
    ------
    InputError
        the file cannot be read, or has no sheet Perlu Diperiksa
    """
    for sheet in open_workbook(path):
        if key(sheet.title) in {key(name) for name in REVIEW}:
            return tuple(answers_of(sheet, path.name))
    raise InputError([Problem("dapodik.no_answers_sheet", path.name, facts={"value": REVIEW[0]})])


def answers_of(sheet: RawSheet, file: str) -> Iterable[Answer]:
    from openpyxl.utils import get_column_letter

    columns: tuple[int, int] | None = None
    for number, row in sheet.rows:
        if columns is None:
            question, answer = position(row, QUESTION_HEADINGS), position(row, ANSWER_HEADINGS)
            columns = (question, answer) if question is not None and answer is not None else None
            continue
        question, answer = columns
        if max(columns) < len(row) and not is_blank(row[question]) and not is_blank(row[answer]):
            yield Answer(shown(row[question]), shown(row[answer]), file, sheet.title, f"{get_column_letter(answer + 1)}{number}")


def position(row: Sequence[object], headings: Iterable[str]) -> int | None:
    wanted = {key(heading) for heading in headings}
    return next((p for p, value in enumerate(row) if isinstance(value, str) and key(value) in wanted), None)
