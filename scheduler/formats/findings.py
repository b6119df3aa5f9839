"""What a reader finds wrong or worth saying, collected while it goes on reading."""

from __future__ import annotations

from scheduler.domain.problem import Problem, Severity


class Findings:
    """Collects Problems and notes about one file, so that a reader reports everything at once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []

    def error(self, kind: str, sheet: str = "", cell: str = "", /, **facts: str | int) -> None:
        self.problems.append(Problem(kind, self.file, sheet, cell, facts))

    def note(self, kind: str, sheet: str = "", cell: str = "", /, **facts: str | int) -> None:
        self.notes.append(Problem(kind, self.file, sheet, cell, facts, Severity.NOTE))

    @property
    def sorted_notes(self) -> tuple[Problem, ...]:
        return tuple(sorted(self.notes, key=lambda note: note.sort_key))
