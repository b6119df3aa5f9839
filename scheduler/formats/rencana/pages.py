"""The cells of a sheet as people see them: a merged cell has its value everywhere, and every cell has a name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange

from scheduler.domain.problem import Problem
from scheduler.formats.cells import is_blank
from scheduler.formats.opening import RawSheet

DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))


def folded(value: object) -> str:
    """A text as it is compared: without blanks and capitals, all dashes alike, a whole number as its digits."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = unicodedata.normalize("NFKC", "" if value is None else str(value)).translate(DASHES)
    return re.sub(r"[\s\u200b]+", "", text).casefold()


def shown(value: object) -> str:
    """A value as it stands in a cell, in one line."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(("" if value is None else str(value)).split())


def whole_number(value: object) -> int | None:
    """The number of a cell, written as a number or as text; None for anything else."""
    text = folded(value)
    return int(text) if re.fullmatch(r"\d{1,3}", text) else None


@dataclass(frozen=True)
class Page:
    """One worksheet. ``taken`` are the cells that were understood; the others are only compared with what would be written."""

    sheet: RawSheet
    file: str = ""
    taken: set[tuple[int, int]] = field(default_factory=set, compare=False)

    @property
    def title(self) -> str:
        return self.sheet.title

    @cached_property
    def values(self) -> Mapping[tuple[int, int], object]:
        """Values by (row, column), without blanks."""
        return {(row, column): value for row, line in self.sheet.rows for column, value in enumerate(line, 1) if not is_blank(value)}

    @cached_property
    def anchors(self) -> Mapping[tuple[int, int], tuple[int, int]]:
        """The first cell of the merged range of every cell that lies in one."""
        found: dict[tuple[int, int], tuple[int, int]] = {}
        for area in self.sheet.merged:
            at = CellRange(area)
            for row in range(at.min_row, min(at.max_row, self.last_row) + 1):
                found |= {(row, column): (at.min_row, at.min_col) for column in range(at.min_col, at.max_col + 1)}
        return found

    @cached_property
    def last_row(self) -> int:
        return max((row for row, _ in self.sheet.rows), default=0) + 200

    def anchor(self, row: int, column: int) -> tuple[int, int]:
        return self.anchors.get((row, column), (row, column))

    def value(self, row: int, column: int) -> object:
        """What people see in a cell: of a merged one the value of the whole."""
        return self.values.get(self.anchor(row, column))

    def take(self, row: int, column: int) -> object:
        """The value of a cell that counts."""
        self.taken.add(self.anchor(row, column))
        return self.value(row, column)

    @cached_property
    def lines(self) -> Sequence[tuple[int, Mapping[int, object]]]:
        """Rows with anything in them, each with its own values by column (merged ones only where they begin)."""
        return [(row, cells) for row, line in self.sheet.rows if (cells := {c: v for c, v in enumerate(line, 1) if not is_blank(v)})]

    def place(self, row: int, column: int) -> str:
        return f"{self.title}!{cell_name(*self.anchor(row, column))}"

    def problem(self, kind: str, row: int, column: int, **facts: str | int) -> Problem:
        return Problem(f"edits.{kind}", self.file, self.title, cell_name(*self.anchor(row, column)), facts)

    def uncomputed(self) -> Iterator[Problem]:
        """Formulas that no program has computed: what they stand for is not known."""
        for cell in sorted(self.sheet.uncomputed):
            yield Problem("edits.formula", self.file, self.title, cell)


def cell_name(row: int, column: int) -> str:
    return f"{get_column_letter(column)}{row}"


def of_headings(cells: Mapping[int, object], wanted: Mapping[str, frozenset[str]]) -> dict[str, int]:
    """The columns of headings in a row: key → first column whose words are one of the key's; {} where one is missing."""
    found: dict[str, int] = {}
    for column, value in sorted(cells.items()):
        for key, words in wanted.items():
            if key not in found and folded(value) in words:
                found[key] = column
    return found if len(found) == len(wanted) else {}


def superfluous(pages_of: Mapping[object, Sequence[str]], names: frozenset[str]) -> tuple[frozenset[str], tuple[str, ...]]:
    """Sheets that say again what another says: a copy beside the sheet that bears the usual name is left out.

    Returns
    -------
    The titles left out, and titles of which none can be told to be the copy (all but the first are left out, for the rest to be read once).
    """
    left_out: set[str] = set()
    doubtful: dict[str, None] = {}
    for titles in pages_of.values():
        several = tuple(dict.fromkeys(titles))
        usual = [title for title in several if folded(title) in names]
        if len(several) > 1 and len(usual) == 1:
            left_out |= set(several) - set(usual)
        elif len(several) > 1:
            doubtful |= dict.fromkeys(several)
            left_out |= set(several[1:])
    return frozenset(left_out), tuple(doubtful)


@dataclass
class Problems:
    """Everything that is wrong, gathered while reading goes on."""

    found: list[Problem] = field(default_factory=list)

    def add(self, page: Page, kind: str, row: int, column: int, **facts: str | int) -> None:
        problem = page.problem(kind, row, column, **facts)
        if problem not in self.found:
            self.found.append(problem)

    def several_sheets(self, file: str, titles: Sequence[str]) -> None:
        if titles:
            self.found.append(Problem("edits.several_sheets", file, titles[-1], facts={"value": ", ".join(titles)}))
