"""The sheet Pengaturan: a key and a value in each row."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from typing import Any, Final

from scheduler.domain.instance import Settings
from scheduler.domain.problem import Problem
from scheduler.errors import PolicyError
from scheduler.formats.cells import CellFaultError, parse, shown
from scheduler.formats.columns import Column, key
from scheduler.formats.findings import Findings
from scheduler.formats.sheets import LETTERHEAD, SETTINGS, WHOLE_DISTRICT
from scheduler.formats.tables import Row, Table
from scheduler.policy.load import check_number, linearity_ids, policy_ids
from scheduler.policy.schema import Policy

POLICY_FIELDS: Final = {key(field.name): field.name for field in fields(Policy)}

OF_A_SCHOOL: Final = re.compile(r"(?P<name>.+?)\s*\((?P<npsn>[^()]+)\)\s*")
"""``Nomor SK (10502807)``: a key of the letterhead for one school alone."""


@dataclass(frozen=True, slots=True)
class SettingsRead:
    """``rows`` are the row numbers of the keys found; ``whole_district`` is True where Sekolah Utama says so outright."""

    settings: Settings
    rows: dict[str, int]
    whole_district: bool = False


class SettingsReader:
    """Reads the rows of Pengaturan one by one; everything wrong goes to ``findings``."""

    def __init__(self, table: Table, findings: Findings) -> None:
        self.table = table
        self.findings = findings
        self.values: dict[str, Any] = {}
        self.letterhead: dict[str, str] = {}
        self.overrides: dict[str, tuple[Row, str]] = {}
        self.rows: dict[str, int] = {}
        self.settings_by_key = {key(name): column for column in SETTINGS for name in column.names}
        self.letterhead_by_key = {key(name): column for column in LETTERHEAD for name in column.names}

    def read(self) -> SettingsRead:
        for row in self.table.rows:
            if "key" not in row.broken:
                self.read_row(row, str(row.values["key"]))
        whole_district = key(self.values.get("main_school", "")) == key(WHOLE_DISTRICT)
        if whole_district:
            del self.values["main_school"]
        for field, ids in (("policy", policy_ids()), ("linearity", linearity_ids())):
            if field in self.values:
                self.values[field] = spelled(self.values[field], ids)
        overrides = self.valid_overrides(self.values.get("policy", Settings().policy))
        return SettingsRead(Settings(**self.values, overrides=overrides, letterhead=self.letterhead), self.rows, whole_district)

    def read_row(self, row: Row, name: str) -> None:
        setting, letter = self.settings_by_key.get(key(name)), self.letterhead_by_key.get(key(name)) or self.letter_of_a_school(name)
        field = setting.field if setting else letter.field if letter else POLICY_FIELDS.get(key(name))
        if field is None:
            self.report_unknown(row, name)
            return
        if field in self.rows:
            self.findings.error("duplicate_setting", self.table.title, self.cell(row, "key"), value=name, other_cell=f"A{self.rows[field]}")
            return
        self.rows[field] = row.number
        if "value" not in row.values or "value" in row.broken:
            return
        if setting:
            self.take(row, setting, self.values)
        elif letter:
            self.take(row, letter, self.letterhead)
        else:
            raw = row.values["value"]
            self.overrides[field] = (row, ("Ya" if raw else "Tidak") if isinstance(raw, bool) else shown(raw))

    def letter_of_a_school(self, name: str) -> Column | None:
        """The key of the letterhead for the one school that it names; whether there is such a school is checked with the other names."""
        match = OF_A_SCHOOL.fullmatch(name)
        column = self.letterhead_by_key.get(key(match["name"])) if match else None
        return replace(column, field=f"{column.field} ({match['npsn'].strip()})") if match and column else None

    def take(self, row: Row, column: Column, values: dict[str, Any]) -> None:
        try:
            values[column.field] = parse(column, row.values["value"])
        except CellFaultError as fault:
            self.findings.error(fault.kind, self.table.title, self.cell(row, "value"), **fault.facts)

    def valid_overrides(self, policy: str) -> dict[str, str]:
        """The numbers that the ruleset accepts; each of the others is a Problem at its own cell. An unknown ruleset is reported elsewhere."""
        valid = {}
        for field, (row, text) in self.overrides.items():
            if policy in policy_ids():
                try:
                    check_number(field, text)
                except PolicyError as error:
                    self.findings.problems += placed(error, self.findings.file, self.table.title, self.cell(row, "value"))
                    continue
            valid[field] = text
        return valid

    def report_unknown(self, row: Row, name: str) -> None:
        known = {key(column.name): column.name for column in (*SETTINGS, *LETTERHEAD)} | POLICY_FIELDS
        near = get_close_matches(key(name), known, n=1)
        if near:
            self.findings.error("unknown_setting_near", self.table.title, self.cell(row, "key"), value=name, suggestion=known[near[0]])
        else:
            self.findings.error("unknown_setting", self.table.title, self.cell(row, "key"), value=name)

    def cell(self, row: Row, field: str) -> str:
        return f"{self.table.letters.get(field, 'A')}{row.number}"


def placed(error: PolicyError, file: str, sheet: str, cell: str) -> list[Problem]:
    """The Problems of a file of the law, shown at the cell that asked for it."""
    return [replace(problem, file=file, sheet=sheet, cell=cell) for problem in error.problems]


def spelled(text: str, ids: Iterable[str]) -> str:
    """The id that the text means whatever its capitals and blanks; a path, or an unknown name, stays."""
    return next((identity for identity in ids if key(identity) == key(text)), text)
