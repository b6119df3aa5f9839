"""Public tables of schools (CSV): read by the names of their columns, with every fault at its cell.

Three tables are understood, told apart by their columns: a table of schools (NPSN, Nama, …), a distribution of sizes (Rombel, Jumlah Sekolah, with
Wilayah and Status), and a table of provinces (Provinsi, Sekolah, Siswa, Rombel, Guru).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from scheduler.domain.problem import Problem, Severity
from scheduler.errors import InputError

ALIASES: Mapping[str, tuple[str, ...]] = {
    "npsn": ("NPSN", "NPSN Sekolah", "Nomor Pokok Sekolah Nasional", "School Id"),
    "name": ("Nama", "Nama Sekolah", "Nama Satuan Pendidikan", "Satuan Pendidikan", "Name", "School Name"),
    "level": ("Bentuk", "Bentuk Pendidikan", "BP", "Jenjang", "Level"),
    "status": ("Status", "Status Sekolah", "Ownership"),
    "kecamatan": ("Kecamatan", "Kec", "Subdistrict"),
    "kabupaten": ("Kabupaten", "Kabupaten/Kota", "Kab/Kota", "Kab", "Kota", "District"),
    "province": ("Provinsi", "Propinsi", "Wilayah", "Province", "Region"),
    "rombel": ("Rombel", "Jumlah Rombel", "Jml Rombel", "Rombongan Belajar", "Classes"),
    "students": ("Peserta Didik", "Jumlah Peserta Didik", "PD", "Siswa", "Jumlah Siswa", "Murid", "Students", "Pupils"),
    "teachers": ("Guru", "Jumlah Guru", "Jml Guru", "Pendidik", "Teachers"),
    "latitude": ("Lintang", "Latitude", "Lat"),
    "longitude": ("Bujur", "Longitude", "Long", "Lon", "Lng"),
    "count": ("Jumlah Sekolah", "Sekolah", "Schools"),
}

COUNTRY = ("indonesia", "nasional", "national", "total", "jumlah")
"""Names of the line that sums the provinces up."""

SMP_LEVELS = ("", "smp", "smpn", "smps", "smpnegeri", "smpswasta")

MOST = {"rombel": 99, "students": 9_999, "teachers": 999}
"""More than any school has: such a number is a slip of the keys (a total of many schools, a NPSN in the wrong column)."""

INDONESIA = ((-11.5, 6.5), (94.0, 142.0))
"""Latitudes and longitudes, in degrees."""


class TableKind(StrEnum):
    SCHOOLS = "schools"
    DISTRIBUTION = "distribution"
    PROVINCES = "provinces"


@dataclass(frozen=True, slots=True)
class ProvinceRow:
    """The totals of a province."""

    name: str
    schools: int
    students: int
    rombel: int
    teachers: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What a table says of one school; None = nothing. ``means`` are the totals of the province that it was drawn from."""

    npsn: str
    name: str
    status: str = ""
    kecamatan: str = ""
    kabupaten: str = ""
    province: str = ""
    rombel: int | None = None
    students: int | None = None
    teachers: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    means: ProvinceRow | None = None


@dataclass(frozen=True, slots=True)
class SizeRow:
    """So many schools (``weight``) have this many rombel."""

    region: str
    status: str
    rombel: int
    weight: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table's kind and columns; its rows are read anew each time, one by one."""

    path: Path
    kind: TableKind
    columns: Mapping[str, int]
    """Field → index of the column."""
    width: int
    unused: tuple[str, ...]
    delimiter: str

    def cell(self, field: str, row: int) -> str:
        return f"{letters(self.columns[field])}{row}"

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """(row number, cells) without the header and without empty rows; a short row is filled up with blanks."""
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=self.delimiter)
            try:
                next(reader, None)
                for row, cells in enumerate(reader, start=2):
                    if any(cell.strip() for cell in cells):
                        yield row, [*cells, *[""] * (self.width - len(cells))]
            except csv.Error:
                raise InputError([self.problem("not_csv", row=reader.line_num)]) from None

    def problem(self, kind: str, field: str = "", row: int = 0, **facts: str | int) -> Problem:
        cell = f"{letters(self.columns[field])}{row}" if field else (f"A{row}" if row else "")
        return Problem(f"population.{kind}", self.path.name, self.path.name if cell else "", cell, facts)

    def note(self, kind: str, field: str = "", row: int = 0, **facts: str | int) -> Problem:
        return replace(self.problem(kind, field, row, **facts), severity=Severity.NOTE)


def open_table(path: Path) -> Table:
    """The header of a table.

    Raises
    ------
    InputError
        not UTF-8, empty, a column twice, or none of the three tables
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            while file.read(1 << 16):
                pass  # a byte that is not UTF-8 is to be named before any school is made
    except UnicodeDecodeError:
        raise InputError([Problem("population.not_utf8", path.name)]) from None
    if not first.strip():
        raise InputError([Problem("population.empty", path.name)])
    delimiter = max(",;\t", key=first.count)
    header = next(csv.reader([first], delimiter=delimiter))
    known = {plain(alias): field for field, aliases in ALIASES.items() for alias in aliases}
    columns: dict[str, int] = {}
    unused, problems = [], []
    for index, title in enumerate(header):
        field = known.get(plain(title))
        if field is None:
            unused.append(title.strip())
        elif field in columns:
            facts: dict[str, str | int] = {"value": title.strip(), "other": header[columns[field]].strip()}
            problems.append(Problem("population.column_twice", path.name, path.name, f"{letters(index)}1", facts))
        else:
            columns[field] = index
    kind = kind_of(columns)
    if kind is None:
        problems.append(Problem("population.unknown_table", path.name, facts={"found": ", ".join(title.strip() for title in header)}))
    if problems or kind is None:
        raise InputError(problems)
    return Table(path, kind, columns, len(header), tuple(title for title in unused if title), delimiter)


def kind_of(columns: Iterable[str]) -> TableKind | None:
    found = set(columns)
    if {"npsn", "name"} <= found:
        return TableKind.SCHOOLS
    if {"province", "count", "students", "rombel", "teachers"} <= found:
        return TableKind.PROVINCES
    if {"rombel", "count"} <= found:
        return TableKind.DISTRIBUTION
    return None


def plain(title: str) -> str:
    """A column's name without capitals, blanks and punctuation."""
    return re.sub(r"[^a-z0-9]", "", title.casefold())


def letters(index: int) -> str:
    """0 → A, 26 → AA."""
    first, last = divmod(index, 26)
    return (letters(first - 1) if first else "") + chr(65 + last)


# --- cells -----------------------------------------------------------------------------------------------------------------------------------


class Row:
    """The cells of one row as facts; what is wrong with them is collected in ``problems``."""

    def __init__(self, table: Table, number: int, cells: list[str], problems: list[Problem]) -> None:
        self.table, self.number, self.cells, self.problems = table, number, cells, problems

    def text(self, field: str) -> str:
        """The cell without control characters and needless blanks; a dash is how public tables say that nothing is known."""
        index = self.table.columns.get(field)
        if index is None:
            return ""
        text = " ".join("".join(letter if letter.isprintable() else " " for letter in self.cells[index]).split())
        return "" if text == "-" else text

    def fault(self, kind: str, field: str, **facts: str | int) -> None:
        self.problems.append(self.table.problem(kind, field, self.number, **facts))

    def required(self, field: str) -> str:
        value = self.text(field)
        if not value:
            self.fault("blank", field, column=ALIASES[field][0])
        return value

    def whole(self, field: str, least: int = 0, most: int | None = None) -> int | None:
        """A whole number; ``12.0`` is one, ``12.5`` and ``1.267`` are not."""
        value = self.text(field)
        if not value:
            return None
        if not re.fullmatch(r"[0-9]+([.,]0+)?", value) or re.fullmatch(r"[0-9]+[.,]000", value):
            self.fault("not_whole", field, value=value, column=ALIASES[field][0])
            return None
        number = int(re.split(r"[.,]", value)[0])
        if number < least or (most is not None and number > most):
            self.fault("out_of_range", field, value=value, column=ALIASES[field][0], least=least, most=most if most is not None else "…")
            return None
        return number

    def degrees(self, field: str) -> float | None:
        value = self.text(field).replace(",", ".")
        if not value:
            return None
        if not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", value):
            self.fault("not_degrees", field, value=value, column=ALIASES[field][0])
            return None
        return float(value)


# --- rows ------------------------------------------------------------------------------------------------------------------------------------


def schools_of(table: Table, repeated: str, rename: Callable[[str, int], str], problems: list[Problem]) -> Iterator[Facts]:
    """The schools of a table one by one; faults and notes go to ``problems``, rows with faults are left out.

    Parameters
    ----------
    repeated
        see ``Method.repeated``
    rename
        (name, how many times the NPSN is there) → name of a repeated row that is kept
    """
    first_row: dict[str, tuple[int, int]] = {}
    for number, cells in table.records():
        row = Row(table, number, cells, problems)
        if any(cell.strip() for cell in cells[table.width :]):
            problems.append(table.problem("too_many_cells", row=number))
            continue
        facts = facts_of(row)
        if facts is None:
            continue
        key = facts.npsn.casefold()
        if key in first_row:
            before, times = first_row[key]
            first_row[key] = before, times + 1
            if repeated == "refuse":
                row.fault("repeated", "npsn", value=facts.npsn, other=table.cell("npsn", before))
            if repeated != "keep":
                continue
            facts = as_own_school(facts, times + 1, rename)
        else:
            first_row[key] = number, 1
        yield facts


def as_own_school(facts: Facts, times: int, rename: Callable[[str, int], str]) -> Facts:
    """A repeated row as a school of its own: a letter behind its NPSN (B for the second)."""
    return replace(facts, npsn=f"{facts.npsn}{letters(times - 1)}", name=rename(facts.name, times))


def facts_of(row: Row) -> Facts | None:
    """The facts of a row; None where it has a fault or is no school of this population (the reason is noted)."""
    before = len(row.problems)
    npsn, name = row.required("npsn"), row.required("name")
    if npsn and not re.fullmatch(r"[0-9A-Za-z]{3,20}", npsn):
        row.fault("not_npsn", "npsn", value=npsn)
    counts = {field: row.whole(field, most=most) for field, most in MOST.items()}
    latitude, longitude = row.degrees("latitude"), row.degrees("longitude")
    if len(row.problems) > before:
        return None

    def note(kind: str, field: str, **facts: str | int) -> None:
        row.problems.append(row.table.note(kind, field, row.number, **{"npsn": npsn, "name": name, **facts}))

    if plain(row.text("level")) not in SMP_LEVELS:
        note("other_level", "level", value=row.text("level"))
        return None
    for field in ("rombel", "teachers"):
        if counts[field] == 0:
            note(f"no_{field}", field)
            return None
    if (latitude is None) != (longitude is None) or (latitude is not None and longitude is not None and not in_indonesia(latitude, longitude)):
        note("not_in_indonesia", "latitude" if "latitude" in row.table.columns else "longitude", value=f"{latitude}, {longitude}")
        latitude = longitude = None
    status = row.text("status").capitalize()
    places = row.text("kecamatan"), row.text("kabupaten"), row.text("province")
    return Facts(npsn, name, status, *places, counts["rombel"], counts["students"], counts["teachers"], latitude, longitude)


def in_indonesia(latitude: float, longitude: float) -> bool:
    (south, north), (west, east) = INDONESIA
    return south <= latitude <= north and west <= longitude <= east


def sizes_of(table: Table) -> tuple[SizeRow, ...]:
    """A distribution of sizes; rows without schools are no matter.

    Raises
    ------
    InputError
        with every faulty cell, or where no school is left
    """
    problems: list[Problem] = []
    rows = []
    for number, cells in table.records():
        row = Row(table, number, cells, problems)
        rombel, weight = row.whole("rombel", 1, MOST["rombel"]), row.whole("count")
        for field, value in (("rombel", rombel), ("count", weight)):
            if value is None and not row.text(field):
                row.fault("blank", field, column=ALIASES[field][0])
        if rombel and weight:
            rows.append(SizeRow(row.text("province"), row.text("status").capitalize(), rombel, weight))
    if not rows and not problems:
        problems.append(table.problem("no_schools"))
    if problems:
        raise InputError(problems)
    return tuple(rows)


def provinces_of(table: Table) -> tuple[ProvinceRow, ...]:
    """The provinces of a table, without the line that sums them up.

    Raises
    ------
    InputError
        with every faulty cell, or where no province is left
    """
    problems: list[Problem] = []
    rows = []
    for number, cells in table.records():
        row = Row(table, number, cells, problems)
        name = row.required("province")
        if plain(name) in COUNTRY:
            continue
        values = {}
        for field in ("count", "students", "rombel", "teachers"):
            values[field] = row.whole(field, 1)
            if not row.text(field):
                row.fault("blank", field, column=ALIASES[field][0])
        schools, students, rombel, teachers = values.values()
        if name and schools and students and rombel and teachers:
            rows.append(ProvinceRow(name, schools, students, rombel, teachers))
    if not rows and not problems:
        problems.append(table.problem("no_schools"))
    if problems:
        raise InputError(problems)
    return tuple(rows)
