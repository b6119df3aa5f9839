"""One thing wrong in a file, as data: where, what, why and the mend.

The words stand in ``report/text/*/problems.toml`` under ``kind``; this module knows only the facts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault (or a note) at a place of an input file.

    Parameters
    ----------
    kind
        key of the sentence in the text catalogue, e.g. ``unknown_certificate``; with the file's name before it (``policy.unknown_number``) where
        it stands in another file than ``problems.toml``
    file, sheet, cell
        the place; ``cell`` is in Excel's form (``H7``), empty where a whole sheet or file is meant.
        For JSON and TOML ``sheet`` holds the dotted path.
    facts
        values that the sentence names (``value``, ``suggestion``, ``limit``, ``other_cell`` …)
    """

    kind: str
    file: str = ""
    sheet: str = ""
    cell: str = ""
    facts: Mapping[str, str | int] = field(default_factory=dict)
    severity: Severity = Severity.ERROR

    @property
    def text_key(self) -> str:
        """Key of the sentence in the text catalogue, the name of its file included."""
        return self.kind if "." in self.kind else f"problems.{self.kind}"

    @property
    def sort_key(self) -> tuple[str, str, int, int, str, str]:
        """By file, sheet, row and column, so that a reader walks the sheet once."""
        match = re.fullmatch(r"([A-Z]+)(\d+)", self.cell)
        column, row = (match[1], int(match[2])) if match else ("", 0)
        return (self.file, self.sheet, row, len(column), column, self.kind)

    @property
    def place(self) -> str:
        """``Guru!H7``, ``Guru`` or the file's name."""
        if self.sheet and self.cell:
            return f"{self.sheet}!{self.cell}"
        return self.sheet or self.file
