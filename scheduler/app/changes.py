"""What is different between two states of a workbook, sheet by sheet, as data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from scheduler.domain.instance import Instance
from scheduler.formats.columns import Sheet
from scheduler.formats.places import SETTINGS_TABLE
from scheduler.formats.sheets import BY_TABLE, SETTINGS, SHEETS
from scheduler.formats.writing import Wording

Place = Callable[[str], str]


class ChangeKind(StrEnum):
    VALUE = "value"
    NEW_ROW = "new_row"
    OLD_ROW = "old_row"


@dataclass(frozen=True, slots=True)
class Change:
    """A cell with another value, a new row, or a row that is gone.

    ``place`` is in the new workbook, for a row that is gone in the old one. ``column`` is the header, for a row empty. For a row its values
    stand in ``after`` or ``before``: ``NPSN: 1; Mapel: IPA``.
    """

    kind: ChangeKind
    sheet: str
    place: str
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class State:
    """One state: the instance, the words of its cells, and where they stand."""

    instance: Instance
    wording: Wording
    place: Place

    def cells(self, sheet: Sheet, entity: Any) -> tuple[str, ...]:
        """The row's cells as they look in the workbook, in the order of the sheet's columns."""
        school = getattr(entity, "school", "")
        values = (self.wording.cell(column, getattr(entity, column.field), school) for column in sheet.stored)
        return tuple("" if value is None else str(value) for value in values)

    def row(self, sheet: Sheet, index: int) -> str:
        cells = self.cells(sheet, getattr(self.instance, sheet.table)[index])
        return "; ".join(f"{column.name}: {cell}" for column, cell in zip(sheet.stored, cells, strict=True) if cell)

    def place_of(self, sheet: Sheet, index: int, field: str) -> str:
        return self.place(f"{sheet.table}[{index}].{field}")


def changes(before: Instance, after: Instance, place_before: Place, place_after: Place) -> tuple[Change, ...]:
    """Every difference, in the order of the sheets and of their rows."""
    old, new = State(before, Wording(before), place_before), State(after, Wording(after), place_after)
    found = list(changed_settings(old, new))
    for sheet in SHEETS:
        if sheet.table != SETTINGS_TABLE:
            found += changed_rows(sheet, old, new)
    return tuple(found)


def changed_settings(old: State, new: State) -> Iterator[Change]:
    """Keys of Pengaturan with another value, the replaced numbers of the ruleset among them."""
    for column in SETTINGS:
        before, after = (state.wording.cell(column, getattr(state.instance.settings, column.field)) for state in (old, new))
        if before != after:
            yield setting_change(new, column.field, column.name, before, after)
    overrides = [state.instance.settings.overrides for state in (old, new)]
    for key in sorted({*overrides[0], *overrides[1]}):
        if overrides[0].get(key) != overrides[1].get(key):
            yield setting_change(new, f"overrides.{key}", key, overrides[0].get(key), overrides[1].get(key))


def setting_change(new: State, field: str, name: str, before: object, after: object) -> Change:
    words = ["" if value is None else str(value) for value in (before, after)]
    return Change(ChangeKind.VALUE, BY_TABLE[SETTINGS_TABLE].name, new.place(f"{SETTINGS_TABLE}.{field}"), name, *words)


def changed_rows(sheet: Sheet, old: State, new: State) -> Iterator[Change]:
    """Rows of one sheet that have other values, that came, and that went."""
    before, after = ([state.cells(sheet, entity) for entity in getattr(state.instance, sheet.table)] for state in (old, new))
    first = sheet.stored[0].field
    for kind, old_start, old_end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        same = same_rows(sheet, before[old_start:old_end], after[new_start:new_end])
        for i in range(old_start, old_end):
            if i - old_start not in same:
                yield Change(ChangeKind.OLD_ROW, sheet.name, old.place_of(sheet, i, first), "", old.row(sheet, i), "")
        partners = {new_start + j: old_start + i for i, j in same.items()}
        for j in range(new_start, new_end):
            if j in partners:
                yield from changed_cells(sheet, new, j, before[partners[j]], after[j])
            else:
                yield Change(ChangeKind.NEW_ROW, sheet.name, new.place_of(sheet, j, first), "", "", new.row(sheet, j))


def same_rows(sheet: Sheet, before: Sequence[tuple[str, ...]], after: Sequence[tuple[str, ...]]) -> dict[int, int]:
    """Which row of a stretch became which: one by one where they are as many, else where the required cells are equal."""
    if len(before) == len(after):
        return {i: i for i in range(len(before))}
    required = [place for place, column in enumerate(sheet.stored) if column.required]
    names = [[tuple(row[place] for place in required) for row in rows] for rows in (before, after)]
    return {i: names[1].index(name) for i, name in enumerate(names[0]) if names[0].count(name) == names[1].count(name) == 1}


def changed_cells(sheet: Sheet, new: State, index: int, before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[Change]:
    for column, old_cell, new_cell in zip(sheet.stored, before, after, strict=True):
        if old_cell != new_cell:
            yield Change(ChangeKind.VALUE, sheet.name, new.place_of(sheet, index, column.field), column.name, old_cell, new_cell)
