"""What an import found missing or doubtful: every one a line of the sheet Perlu Diperiksa."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from scheduler.formats.dapodik.reading import NOWHERE, Place


class Urgency(IntEnum):
    """How much a line asks of the reader; the sheet is sorted by it."""

    QUESTION = 0
    """Nothing was assumed: an answer decides what is imported."""
    CHECK = 1
    """Something was assumed, or must be filled in."""
    NOTE = 2
    """Said so that nobody wonders."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One line.

    ``kind`` is the key of its sentence (``dapodik.<kind>``), ``target`` the cell of our workbook that it is about as (table, index, field),
    ``question`` what an answer must name (``guru:Siti Aminah:IPA``), "" where there is nothing to answer. ``origin`` is where Dapodik says it.
    """

    kind: str
    facts: Mapping[str, str | int] = field(default_factory=dict)
    urgency: Urgency = Urgency.CHECK
    target: tuple[str, int, str] | None = None
    question: str = ""
    origin: Place = NOWHERE


class Doubts:
    """Collects doubts; one that repeats (many rows ask the same question) is said once."""

    def __init__(self) -> None:
        self.found: dict[tuple[object, ...], Doubt] = {}

    def add(self, doubt: Doubt) -> None:
        identity = (doubt.question,) if doubt.question else (doubt.kind, *doubt.facts.items(), doubt.target)
        self.found.setdefault(identity, doubt)

    def ask(self, kind: str, question: str, origin: Place, target: tuple[str, int, str] | None = None, /, **facts: str | int) -> None:
        self.add(Doubt(kind, facts, Urgency.QUESTION, target, question, origin))

    def check(self, kind: str, origin: Place = NOWHERE, target: tuple[str, int, str] | None = None, /, **facts: str | int) -> None:
        self.add(Doubt(kind, facts, Urgency.CHECK, target, "", origin))

    def note(self, kind: str, origin: Place = NOWHERE, target: tuple[str, int, str] | None = None, /, **facts: str | int) -> None:
        self.add(Doubt(kind, facts, Urgency.NOTE, target, "", origin))

    def sorted(self) -> tuple[Doubt, ...]:
        """Questions first, then by where the mend is to be made, in the order in which they were found."""
        return tuple(sorted(self.found.values(), key=lambda doubt: doubt.urgency))
