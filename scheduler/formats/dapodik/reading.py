"""Sheets of a Dapodik download as records of the columns that are needed, and of no others.

Rows go by as a stream: of each only the cells under a known heading are kept, so that what else the file holds about people is never held.
A file that openpyxl refuses (Dapodik's are often slightly malformed) is read by calamine, which looks at nothing but the values.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from openpyxl.utils import get_column_letter

from scheduler.domain.problem import Problem
from scheduler.errors import InputError
from scheduler.formats.cells import ERROR_VALUES, is_blank, shown
from scheduler.formats.columns import key
from scheduler.formats.dapodik.vocabulary import words
from scheduler.formats.opening import BLANK_ROWS, MAX_COLUMNS, unreadable_kind

HEADING_ROWS: Final = 25
"""A heading is looked for in so many rows that are not blank."""

LABELS_OF_A_SCHOOL: Final = 3
"""So many known labels make a sheet the description of a school."""

Row = Sequence[object]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a file from Dapodik (or in the answer of its web service)."""

    file: str = ""
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        return " › ".join(part for part in (self.file, self.sheet, self.cell) if part)


NOWHERE: Final = Place()


@dataclass(frozen=True, slots=True)
class Record:
    """A row: raw values by field, blank cells left out. ``exact`` is False where numbers come as floats."""

    values: Mapping[str, object]
    place: Place
    filled: int = 0
    """how many cells of the row, under whatever heading, hold anything"""
    exact: bool = True

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return "" if value is None else " ".join(shown(value).split())

    def listed(self, name: str) -> str:
        """The text of a cell that may hold several things, one a line: they are parted by a semicolon."""
        value = self.values.get(name)
        return "" if value is None else "; ".join(" ".join(line.split()) for line in shown(value).splitlines() if line.strip())

    def raw(self, name: str) -> object:
        return self.values.get(name)


@dataclass(frozen=True, slots=True)
class SheetRead:
    """A sheet that was recognised: its layout, its rows, and what its title block (or label column) says."""

    layout: str
    place: Place
    fields: frozenset[str] = frozenset()
    records: tuple[Record, ...] = ()
    labels: Mapping[str, object] = field(default_factory=dict)


SCHOOL: Final = "school"
"""The layout of labels and values; the others stand in words.toml."""


def read_file(path: Path) -> tuple[SheetRead, ...]:
    """Every sheet that is recognised, read by the first engine that understands the file.

    Raises
    ------
    InputError
        the file is not there, or neither engine understands it
    """
    kind = unreadable_kind(path)
    if kind in ("file_missing", "file_is_folder", "file_unreadable", "file_empty", "file_has_password"):
        raise InputError([Problem(kind, file=path.name)])
    refused = False
    for engine in (with_openpyxl, with_calamine):
        try:
            found = tuple(sheet for sheet in engine(path) if sheet is not None)
        except Exception:
            # A malformed file can fail anywhere inside zip, XML or the engine, with any exception; the next engine is asked.
            refused = True
            continue
        if found:
            return found
    if refused:
        raise InputError([Problem(kind or "file_damaged", file=path.name)])
    return ()


def with_openpyxl(path: Path) -> Iterator[SheetRead | None]:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of what it does not keep; nothing is written back
        workbook = load_workbook(path, read_only=True, data_only=True)
        try:
            for sheet in workbook.worksheets:
                sheet.reset_dimensions()  # some programs write a size that is not the sheet's
                yield read_sheet(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS), Place(path.name, sheet.title), exact=True)
        finally:
            workbook.close()


def with_calamine(path: Path) -> Iterator[SheetRead | None]:
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_path(str(path))
    try:
        for title in workbook.sheet_names:
            yield read_sheet(workbook.get_sheet_by_name(title).iter_rows(), Place(path.name, title), exact=False)
    finally:
        workbook.close()


# --- one sheet -------------------------------------------------------------------------------------------------------------------------------------


def read_sheet(rows: Iterable[Row], place: Place, exact: bool) -> SheetRead | None:
    """The sheet, or None where it is none that is needed."""
    stream = not_blank(rows)
    labels: dict[str, object] = {}
    numbers: set[int] = set()
    held: list[tuple[int, Row]] = []
    for number, row in stream:
        layout = layout_of(row)
        if layout is not None:
            return read_table(layout, row, stream, Reading(place, exact, labels))
        take_labels(row, labels)
        numbers.add(number)
        held = [(number, row)]
        if len(numbers) > HEADING_ROWS and len(labels) < LABELS_OF_A_SCHOOL:
            return None
    del held
    if "npsn" in labels and len(labels) >= LABELS_OF_A_SCHOOL:
        return SheetRead(SCHOOL, place, frozenset(labels), labels=labels)
    return None


def not_blank(rows: Iterable[Row]) -> Iterator[tuple[int, Row]]:
    """(row number, row) of the rows that hold anything, up to a long stretch of blank ones."""
    last = 0
    for number, row in enumerate(rows, start=1):
        if not all(is_blank(value) for value in row):
            last = number
            yield number, row
        elif number - last > BLANK_ROWS:
            return


def layout_of(row: Row) -> str | None:
    """The layout whose needed headings all stand in the row."""
    present = {key(shown(value)) for value in row if isinstance(value, str)}
    for name, layout in words()["layouts"].items():
        if all(present & {key(heading) for heading in layout["headings"][needed]} for needed in layout["needed"]):
            return str(name)
    return None


def take_labels(row: Row, labels: dict[str, object]) -> None:
    """Known labels of the row with the value beside them; a label that is said twice keeps its first value."""
    by_key = {key(heading): name for name, headings in words()["labels"].items() for heading in headings}
    for position, value in enumerate(row):
        name = by_key.get(key(shown(value))) if isinstance(value, str) and not is_blank(value) else None
        if name is None or name in labels:
            continue
        beside = (shown(v).lstrip(": ").strip() if isinstance(v, str) else v for v in row[position + 1 :] if not says_nothing(v))
        found = next((v for v in beside if v != ""), None)
        if name in ("latitude", "longitude"):
            # Posisi Geografis: the number stands to the left of its label.
            found = next((v for v in reversed(row[:position]) if not is_blank(v) and key(shown(v))), found)
        if name == "npsn" and not any(c.isdigit() for c in shown(found)):
            continue  # a heading stands beside it, as in a workbook of ours: no number
        if found is not None:
            labels[name] = found


@dataclass(slots=True)
class Reading:
    """What one table's reading carries along."""

    place: Place
    exact: bool
    labels: Mapping[str, object]


def read_table(layout: str, heading: Row, stream: Iterator[tuple[int, Row]], reading: Reading) -> SheetRead:
    """The rows below the heading, which may have a second row."""
    headings = [shown(value) if isinstance(value, str) else "" for value in heading]
    first: list[tuple[int, Row]] = []
    for number, row in stream:
        if is_second_row(row, headings):
            headings = joined(headings, row)
        else:
            first.append((number, row))
        break
    columns = columns_of(layout, headings)
    if layout == "pupils":
        return SheetRead(layout, reading.place)
    keep = record_maker(columns, reading)
    records = [keep(number, row) for number, row in first]
    records += [keep(number, row) for number, row in stream]
    return SheetRead(layout, reading.place, frozenset(columns.values()), tuple(record for record in records if record.values), reading.labels)


def is_second_row(row: Row, headings: Sequence[str]) -> bool:
    """Whether the row continues the heading: it says nothing under ``No``, and every cell of it is a heading."""
    known = {key(heading) for heading in words()["second_row"]["headings"]}
    texts = [key(shown(value)) for value in row if not is_blank(value)]
    below_number = next((row[p] for p, heading in enumerate(headings) if key(heading) == "no" and p < len(row)), None)
    return is_blank(below_number) and len(set(texts) & known) * 2 >= len(texts) > 0


def joined(headings: Sequence[str], second: Row) -> list[str]:
    """A heading of two rows as one: the lower says what a column holds, the upper where the lower is blank."""
    width = max(len(headings), len(second))
    upper = [*headings, *[""] * (width - len(headings))]
    lower = [*second, *[None] * (width - len(second))]
    return [shown(below) if isinstance(below, str) and not is_blank(below) else above for above, below in zip(upper, lower, strict=True)]


def columns_of(layout: str, headings: Sequence[str]) -> dict[int, str]:
    """Position → field of the columns that are read; the earlier name of a field's list wins over the later, the earlier column over the later."""
    found: dict[int, str] = {}
    keys = [key(heading) for heading in headings]
    for name, accepted in words()["layouts"][layout]["headings"].items():
        position = next((keys.index(key(heading)) for heading in accepted if key(heading) in keys), None)
        if position is not None:
            found[position] = name
    return found


def says_nothing(value: object) -> bool:
    """A blank cell, or what is left of a formula that went wrong."""
    return is_blank(value) or (isinstance(value, str) and value.strip().upper() in ERROR_VALUES)


def record_maker(columns: Mapping[int, str], reading: Reading) -> Callable[[int, Row], Record]:
    first = get_column_letter(min(columns) + 1)

    def keep(number: int, row: Row) -> Record:
        values = {name: row[position] for position, name in columns.items() if position < len(row) and not says_nothing(row[position])}
        place = Place(reading.place.file, reading.place.sheet, f"{first}{number}")
        return Record(values, place, sum(not is_blank(value) for value in row), reading.exact)

    return keep
