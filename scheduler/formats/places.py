"""Where each field of each entity stands in the file it was read from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Protocol

from scheduler.formats.sheets import BY_TABLE
from scheduler.formats.tables import Table

SETTINGS_TABLE = "settings"

PATH: Final = re.compile(r"(?P<table>\w+)(?:\[(?P<index>\d+)\])?(?:\.(?P<field>.+))?")
"""``structure[3].intra_jp``, ``settings.policy``, ``settings.overrides.min_jtm``"""


class Places(Protocol):
    """What the checks ask of a reader. A field is named by (table, index in the table, field)."""

    @property
    def file(self) -> str:
        """Name of the file."""

    def of(self, table: str, index: int, field: str) -> tuple[str, str]:
        """Sheet and cell of a Problem; for JSON the dotted path and ""."""

    def is_broken(self, table: str, index: int, field: str) -> bool:
        """Whether the field is a Problem already, so that nothing may be concluded from it."""

    def is_whole(self, table: str, *fields: str) -> bool:
        """Whether the table was found and these fields could be read in all its rows, so that what is not there may be called missing."""


class WorkbookPlaces:
    """Places in a workbook: sheet and cell."""

    def __init__(self, file: str, tables: Mapping[str, Table], settings_rows: Mapping[str, int]) -> None:
        self.file = file
        self.tables = tables
        self.settings_rows = settings_rows
        self.broken: set[tuple[str, int, str]] = {
            (name, index, field) for name, table in tables.items() for index, row in enumerate(table.rows) for field in row.broken
        }

    def of(self, table: str, index: int, field: str) -> tuple[str, str]:
        found = self.tables.get(table)
        if found is None:
            return BY_TABLE[table].name, ""
        if table == SETTINGS_TABLE:
            row = self.settings_rows.get(field)
            return found.title, f"{found.letters.get('value', 'B')}{row}" if row else ""
        return found.title, found.cell(index, field) if index < len(found.rows) else ""

    def is_broken(self, table: str, index: int, field: str) -> bool:
        return (table, index, field) in self.broken

    def is_whole(self, table: str, *fields: str) -> bool:
        found = self.tables.get(table)
        if found is None:
            return not BY_TABLE[table].required
        return not found.is_doubtful and not any(name == table and field in fields for name, _, field in self.broken)


class PathNames:
    """Names a dotted path of an instance as people find it in the workbook: ``structure[3].intra_jp`` is ``Struktur!D5``.

    A row that the reader filled in itself has no cell: its sheet is named, with the curriculum that it is from.
    """

    def __init__(self, places: Places, curricula: tuple[str, ...]) -> None:
        self.places = places
        self.curricula = curricula
        """of each row of the structure"""

    def __call__(self, path: str) -> str:
        match = PATH.fullmatch(path)
        if match is None or match["table"] not in BY_TABLE:
            return path
        table, index = match["table"], int(match["index"] or 0)
        field = (match["field"] or "").rpartition(".")[2]
        sheet, cell = self.places.of(table, index, field)
        if cell:
            return f"{sheet}!{cell}"
        return f"{sheet} ({self.curricula[index]})" if table == "structure" and index < len(self.curricula) else sheet
