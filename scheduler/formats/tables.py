"""From raw sheets to typed rows: headers recognised, cells parsed, everything wrong noted with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from openpyxl.utils import get_column_letter, range_boundaries

from scheduler.formats.cells import CellFaultError, is_blank, parse, placeholder, shown
from scheduler.formats.findings import Findings
from scheduler.formats.opening import RawSheet
from scheduler.formats.sheets import PERSONAL_HEADERS, REMARK, SHEETS, UNREAD, UNREAD_SHEETS, Column, Sheet, key

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
    """A sheet that was found: ``title`` is its name in the file, ``letters`` the column letter of each field."""

    sheet: Sheet
    title: str
    header_row: int
    letters: Mapping[str, str]
    rows: Sequence[Row] = field(default_factory=tuple)

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
    unread = {key(name) for name in UNREAD_SHEETS}
    raw_sheets = tuple(raw_sheets)
    present = {by_key[key(raw.title)].table for raw in raw_sheets if key(raw.title) in by_key}
    near_names = {key(name): sheet for sheet in SHEETS if sheet.table not in present for name in (sheet.name, sheet.english)}
    suggested = set()
    for raw in raw_sheets:
        if key(raw.title) in by_key:
            yield raw, by_key[key(raw.title)]
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
        return Table(sheet, raw.title, 0, {})
    header_row, headers = raw.rows[header]
    columns = match_headers(raw, sheet, header_row, headers, findings)
    letters = {column.field: get_column_letter(position + 1) for position, column in sorted(columns.items())}
    data = raw.rows[header + 1 :]
    report_shape(raw, header_row, data, columns, findings)
    report_samples(raw, data, columns, findings)
    rows = tuple(row for number, values in data if (row := read_row(raw, sheet, columns, number, values, findings)) is not None)
    table = Table(sheet, raw.title, header_row, letters, rows)
    report_missing_columns(table, findings)
    return table


def header_position(raw: RawSheet, sheet: Sheet) -> int | None:
    """Index of the first row that names at least two columns of the sheet."""
    names = {key(name) for column in sheet.columns for name in column.names}
    for index, (_, values) in enumerate(raw.rows[:HEADER_SEARCH_ROWS]):
        if len({key(shown(value)) for value in values if not is_blank(value)} & names) >= 2:
            return index
    return None


def match_headers(raw: RawSheet, sheet: Sheet, row: int, headers: Sequence[object], findings: Findings) -> dict[int, Column]:
    """Column position → specification; unknown, doubled and personal headers are reported."""
    by_key = {key(name): column for column in sheet.columns for name in column.names}
    personal = {key(name) for name in PERSONAL_HEADERS} if sheet.table == "teachers" else set()
    columns: dict[int, Column] = {}
    positions: dict[str, int] = {}
    for position, header in enumerate(headers):
        if is_blank(header):
            continue
        name, cell = shown(header), f"{get_column_letter(position + 1)}{row}"
        column = by_key.get(key(name))
        if column is None:
            report_unknown_header(raw, sheet, name, cell, personal, findings)
        elif column.field in positions:
            other = f"{get_column_letter(positions[column.field] + 1)}{row}"
            findings.error("duplicate_column", raw.title, cell, value=name, column=column.name, other_cell=other)
        else:
            columns[position], positions[column.field] = column, position
            if key(name) != key(column.name):
                findings.note("header_alias", raw.title, cell, value=name, column=column.name)
    return columns


def report_unknown_header(raw: RawSheet, sheet: Sheet, name: str, cell: str, personal: set[str], findings: Findings) -> None:
    if key(name) in personal:
        findings.note("personal_column_not_read", raw.title, cell, value=name)
        return
    names = {key(other): column.name for column in sheet.columns for other in column.names}
    near = get_close_matches(key(name), names, n=1, cutoff=0.7)
    if near:
        findings.error("unknown_column_near", raw.title, cell, value=name, suggestion=names[near[0]])
    else:
        findings.error("unknown_column", raw.title, cell, value=name, columns=", ".join(column.name for column in sheet.columns))


def report_missing_columns(table: Table, findings: Findings) -> None:
    for column in table.sheet.columns:
        if column.required and column.field not in table.letters:
            findings.error("missing_column", table.title, f"A{table.header_row}", column=column.name)


def report_shape(
    raw: RawSheet,
    header_row: int,
    data: Sequence[tuple[int, tuple[object, ...]]],
    columns: Mapping[int, Column],
    findings: Findings,
) -> None:
    """Merged cells among the data, values under no header, hidden rows, and values far below the last row."""
    last_row = max((number for number, _ in data), default=header_row)
    for merged in raw.merged:
        left, top, right, bottom = (bound or 0 for bound in range_boundaries(merged))
        if bottom >= header_row and top <= last_row and any(left <= position + 1 <= right for position in columns):
            findings.error("merged_cells", raw.title, merged.partition(":")[0], range=merged)
    for number, values in data:
        stray = [p for p, value in enumerate(values) if p not in columns and not is_blank(value) and headless(raw, header_row, p)]
        if stray:
            cell = f"{get_column_letter(stray[0] + 1)}{number}"
            findings.error("value_without_header", raw.title, cell, value=shown(values[stray[0]]))
            break
    hidden = [number for number, _ in data if number in raw.hidden_rows]
    if hidden:
        findings.note("hidden_rows_read", raw.title, f"A{hidden[0]}", count=len(hidden))
    if raw.far_row:
        findings.error("value_far_below", raw.title, f"A{raw.far_row}", value=raw.far_row, limit=last_row)


def report_samples(raw: RawSheet, data: Sequence[tuple[int, tuple[object, ...]]], columns: Mapping[int, Column], findings: Findings) -> None:
    """One note where sample rows of the template are still there: they are read like any other."""
    remarks = [position for position, column in columns.items() if column.name == REMARK.name]
    rows = [number for number, values in data if any(shown(v).startswith(SAMPLE_MARK) for p in remarks for v in values[p : p + 1] if v)]
    if rows:
        findings.note("sample_rows", raw.title, f"A{rows[0]}", count=len(rows))


def headless(raw: RawSheet, header_row: int, position: int) -> bool:
    """Whether the column has no header at all (one with an unknown header is reported at the header)."""
    headers = next(values for number, values in raw.rows if number == header_row)
    return position >= len(headers) or is_blank(headers[position])


def read_row(raw: RawSheet, sheet: Sheet, columns: Mapping[int, Column], number: int, values: Sequence[object], findings: Findings) -> Row | None:
    """The row's values, or None for a row whose cells to be read are all blank."""
    parsed: dict[str, object] = {}
    broken: set[str] = set()
    for position, column in columns.items():
        cell = f"{get_column_letter(position + 1)}{number}"
        value = values[position] if position < len(values) else None
        if column.kind in UNREAD or (is_blank(value) and cell not in raw.uncomputed):
            continue
        try:
            if is_blank(value):
                raise CellFaultError("formula_not_computed")
            parsed[column.field] = parse(column, value)
        except CellFaultError as fault:
            findings.error(fault.kind, raw.title, cell, **fault.facts)
            broken.add(column.field)
    if not parsed and not broken:
        return None
    positions = {column.field: position for position, column in columns.items()}
    for column in sheet.columns:
        if column.required and column.field not in parsed:
            if column.field not in broken and column.field in positions:
                findings.error("missing_value", raw.title, f"{get_column_letter(positions[column.field] + 1)}{number}", column=column.name)
            parsed[column.field] = placeholder(column)
            broken.add(column.field)
    return Row(number, parsed, frozenset(broken))
