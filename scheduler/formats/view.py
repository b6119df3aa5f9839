"""What a check of an instance sees: the entities, their places, the names, and the law where it could be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scheduler.domain.instance import Instance
from scheduler.domain.problem import Problem, Severity
from scheduler.formats.names import Names
from scheduler.formats.places import Places
from scheduler.policy.case import Case
from scheduler.policy.schema import Law


@dataclass(frozen=True, slots=True)
class View:
    """An instance with all that is needed to say what is wrong with it, and where."""

    instance: Instance
    names: Names
    places: Places
    law: Law | None

    @property
    def case(self) -> Case | None:
        """The instance under the law, None where the law could not be read."""
        return None if self.law is None else Case(self.instance, self.law)

    def rows(self, table: str, *needed: str) -> Iterator[tuple[int, Any]]:
        """(index, entity) of the rows where every needed field could be read."""
        for index, entity in enumerate(getattr(self.instance, table)):
            if not any(self.places.is_broken(table, index, field) for field in needed):
                yield index, entity

    def problem(self, kind: str, table: str, index: int, field: str, /, **facts: str | int) -> Problem:
        sheet, cell = self.places.of(table, index, field)
        return Problem(kind, self.places.file, sheet, cell, facts)

    def note(self, kind: str, table: str, index: int, field: str, /, **facts: str | int) -> Problem:
        sheet, cell = self.places.of(table, index, field)
        return Problem(kind, self.places.file, sheet, cell, facts, Severity.NOTE)

    def place(self, table: str, index: int, field: str) -> str:
        """The place as a sentence names it: ``A7``, or the dotted path."""
        sheet, cell = self.places.of(table, index, field)
        return cell or sheet
