"""From raw sheets to typed rows: headers recognised, cells parsed, everything wrong noted with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import islice
from typing import Final

from openpyxl.utils import get_column_letter, range_boundaries

from scheduler.formats.cells import CellFaultError, is_blank, parse, placeholder, shown
from scheduler.formats.columns import UNREAD, Column, Sheet, key
from scheduler.formats.findings import Findings
from scheduler.formats.opening import RawSheet
from scheduler.formats.sheets import PERSONAL_HEADERS, REMARK, REVIEW, SHEETS, UNREAD_SHEETS

HEADER_SEARCH_ROWS: Final = 25
"""The header may stand below a title; it is looked for in so many rows that are not blank."""

SAMPLE_MARK: Final = "CONTOH"
"""Begins the remark of a sample row of the template."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row's typed values by field; blank cells have none. ``broken`` are the fields whose cell is already a Problem."""

    number: int
    values: dict[str, object]
    broken: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet that was found: ``title`` is its name in the file, ``letters`` the column letter of each field.

    ``is_doubtful``: its headers or its shape are a Problem, so that rows or columns may be missing.
    """

    sheet: Sheet
    title: str
    header_row: int
    letters: Mapping[str, str]
    rows: Sequence[Row] = field(default_factory=tuple)
    is_doubtful: bool = False

    def cell(self, index: int, field_name: str) -> str:
        """``H7``; the row's first column where the sheet has no such column."""
        letter = self.letters.get(field_name) or next(iter(self.letters.values()), "A")
        return f"{letter}{self.rows[index].number}"


def read_tables(raw_sheets: Iterable[RawSheet], findings: Findings) -> dict[str, Table]:
    """All sheets by the field of ``Instance`` that they fill."""
    tables: dict[str, Table] = {}
    for raw, sheet in recognised(raw_sheets, findings):
        if sheet.table in tables:
            findings.error("duplicate_sheet", raw.title, other_sheet=tables[sheet.table].title)
            continue
        tables[sheet.table] = read_table(raw, sheet, findings)
    return tables


def recognised(raw_sheets: Iterable[RawSheet], findings: Findings) -> Iterator[tuple[RawSheet, Sheet]]:
    """Pairs of a sheet of the file and its specification; what is no sheet of ours is a note, or a Problem where it looks like one."""
    by_key = {key(name): sheet for sheet in SHEETS for name in (sheet.name, sheet.english)}
    unread, review = ({key(name) for name in names} for names in (UNREAD_SHEETS, REVIEW))
    raw_sheets = tuple(raw_sheets)
    present = {by_key[key(raw.title)].table for raw in raw_sheets if key(raw.title) in by_key}
    near_names = {key(name): sheet for sheet in SHEETS if sheet.table not in present for name in (sheet.name, sheet.english)}
    suggested = set()
    for raw in raw_sheets:
        if key(raw.title) in by_key:
            yield raw, by_key[key(raw.title)]
        elif key(raw.title) in review:
            findings.note("review_sheet_not_read", raw.title, value=raw.title)
        elif key(raw.title) not in unread and raw.rows:
            near = get_close_matches(key(raw.title), near_names, n=1, cutoff=0.7)
            if near:
                suggested.add(near_names[near[0]].table)
                findings.error("unknown_sheet_near", raw.title, value=raw.title, suggestion=near_names[near[0]].name)
            else:
                findings.note("sheet_not_read", raw.title, value=raw.title)
    for sheet in SHEETS:
        if sheet.required and sheet.table not in present | suggested:
            findings.error("missing_sheet", sheet.name, value=sheet.name)


def read_table(raw: RawSheet, sheet: Sheet, findings: Findings) -> Table:
    header = header_position(raw, sheet)
    if header is None:
        if raw.rows:
            required = ", ".join(column.name for column in sheet.columns if column.required)
            findings.error("missing_header", raw.title, columns=required)
        return Table(sheet, raw.title, 0, {}, is_doubtful=bool(raw.rows))
    return TableReader(raw, sheet, header, findings).read()


def header_position(raw: RawSheet, sheet: Sheet) -> int | None:
    """Index of the first row that names at least two columns of the sheet."""
    names = {key(name) for column in sheet.columns for name in column.names}
    for index, (_, values) in enumerate(raw.rows[:HEADER_SEARCH_ROWS]):
        if len({key(shown(value)) for value in values if not is_blank(value)} & names) >= 2:
            return index
    return None


class TableReader:
    """Reads one sheet whose header is found; what is wrong goes to ``findings``."""

    def __init__(self, raw: RawSheet, sheet: Sheet, header: int, findings: Findings) -> None:
        self.raw = raw
        self.sheet = sheet
        self.findings = findings
        self.header_row, self.headers = raw.rows[header]
        self.data = raw.rows[header + 1 :]
        self.columns: dict[int, Column] = {}
        """Position (from 0) → specification."""
        self.merged: list[tuple[int, int, int, int]] = []
        """Merged ranges among the data: left, top, right, bottom."""

    def read(self) -> Table:
        before = len(self.findings.problems)
        self.match_headers()
        self.report_merged()
        self.report_strays()
        self.report_missing_columns()
        is_doubtful = len(self.findings.problems) > before
        self.report_rows()
        rows = tuple(row for number, values in self.data if (row := self.row(number, values)) is not None)
        letters = {column.field: get_column_letter(position + 1) for position, column in sorted(self.columns.items())}
        return Table(self.sheet, self.raw.title, self.header_row, letters, rows, is_doubtful)

    def error(self, kind: str, position: int, row: int, **facts: str | int) -> None:
        self.findings.error(kind, self.raw.title, f"{get_column_letter(position + 1)}{row}", **facts)

    def note(self, kind: str, position: int, row: int, **facts: str | int) -> None:
        self.findings.note(kind, self.raw.title, f"{get_column_letter(position + 1)}{row}", **facts)

    # --- headers -----------------------------------------------------------------------------------------------------------------------

    def match_headers(self) -> None:
        """Fills ``columns``; unknown, doubled and personal headers are reported."""
        by_key = {key(name): column for column in self.sheet.columns for name in column.names}
        found: dict[str, int] = {}
        for position, header in enumerate(self.headers):
            if is_blank(header):
                continue
            name = shown(header)
            column = by_key.get(key(name))
            if column is None:
                self.report_unknown_header(position, name)
            elif column.field in found:
                other = f"{get_column_letter(found[column.field] + 1)}{self.header_row}"
                self.error("duplicate_column", position, self.header_row, value=name, column=column.name, other_cell=other)
            else:
                self.columns[position], found[column.field] = column, position
                if key(name) != key(column.name):
                    self.note("header_alias", position, self.header_row, value=name, column=column.name)

    def report_unknown_header(self, position: int, name: str) -> None:
        if self.sheet.table == "teachers" and key(name) in {key(header) for header in PERSONAL_HEADERS}:
            self.note("personal_column_not_read", position, self.header_row, value=name)
            return
        names = {key(other): column.name for column in self.sheet.columns for other in column.names}
        near = get_close_matches(key(name), names, n=1, cutoff=0.7)
        if near:
            self.error("unknown_column_near", position, self.header_row, value=name, suggestion=names[near[0]])
        else:
            known = ", ".join(column.name for column in self.sheet.columns)
            self.error("unknown_column", position, self.header_row, value=name, columns=known)

    def report_missing_columns(self) -> None:
        found = {column.field for column in self.columns.values()}
        for column in self.sheet.columns:
            if column.required and column.field not in found:
                self.error("missing_column", 0, self.header_row, column=column.name)

    # --- shape -------------------------------------------------------------------------------------------------------------------------

    def report_merged(self) -> None:
        """Merged cells among the data: only the first of them holds anything, whatever the reader of the sheet sees."""
        last_row = max((number for number, _ in self.data), default=self.header_row)
        for merged in self.raw.merged:
            left, top, right, bottom = (bound or 0 for bound in range_boundaries(merged))
            if bottom >= self.header_row and top <= last_row and any(left <= position + 1 <= right for position in self.columns):
                self.merged.append((left, top, right, bottom))
                self.error("merged_cells", left - 1, top, range=merged)

    def report_strays(self) -> None:
        """Values under no header, and values far below the last row that was read."""
        headed = {position for position, header in enumerate(self.headers) if not is_blank(header)}
        strays = ((p, number, value) for number, values in self.data for p, value in enumerate(values) if p not in headed and not is_blank(value))
        for position, number, value in islice(strays, 1):
            self.error("value_without_header", position, number, value=shown(value))
        if self.raw.far_row:
            last_row = max((number for number, _ in self.data), default=self.header_row)
            self.error("value_far_below", 0, self.raw.far_row, value=self.raw.far_row, limit=last_row)

    def report_rows(self) -> None:
        """One note each for hidden rows and for sample rows of the template: both are read like any other."""
        hidden = [number for number, _ in self.data if number in self.raw.hidden_rows]
        if hidden:
            self.note("hidden_rows_read", 0, hidden[0], count=len(hidden))
        remarks = [position for position, column in self.columns.items() if column.name == REMARK.name]
        samples = [number for number, values in self.data if any(shown(v).startswith(SAMPLE_MARK) for p in remarks for v in values[p : p + 1] if v)]
        if samples:
            self.note("sample_rows", 0, samples[0], count=len(samples))

    # --- rows --------------------------------------------------------------------------------------------------------------------------

    def row(self, number: int, values: Sequence[object]) -> Row | None:
        """The row's values, or None for a row whose cells to be read are all blank."""
        parsed: dict[str, object] = {}
        broken: set[str] = set()
        for position, column in self.columns.items():
            cell = f"{get_column_letter(position + 1)}{number}"
            value = values[position] if position < len(values) else None
            if column.kind in UNREAD or (is_blank(value) and cell not in self.raw.uncomputed):
                continue
            try:
                if is_blank(value):
                    raise CellFaultError("formula_not_computed")
                parsed[column.field] = parse(column, value)
            except CellFaultError as fault:
                self.error(fault.kind, position, number, **fault.facts)
                broken.add(column.field)
        return Row(number, parsed, frozenset(broken | self.fill_required(number, parsed, broken))) if parsed or broken else None

    def fill_required(self, number: int, parsed: dict[str, object], broken: set[str]) -> set[str]:
        """Placeholders for required values that are not there; each is a Problem, unless its cell or column is one already."""
        positions = {column.field: position for position, column in self.columns.items()}
        missing = [column for column in self.sheet.columns if column.required and column.field not in parsed]
        for column in missing:
            position = positions.get(column.field)
            if position is not None and column.field not in broken and not self.is_merged(position, number):
                self.error("missing_value", position, number, column=column.name)
            parsed[column.field] = placeholder(column)
        return {column.field for column in missing}

    def is_merged(self, position: int, row: int) -> bool:
        return any(left <= position + 1 <= right and top <= row <= bottom for left, top, right, bottom in self.merged)
