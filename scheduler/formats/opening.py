"""Opening a workbook and taking its plain values out, whatever state the file is in.

A file is read as a stream (openpyxl's read-only mode), so that formatting dragged down to row 1,048,576 costs nothing: a sheet ends after
``BLANK_ROWS`` blank rows. What that mode does not tell (merged cells, hidden rows, formulas never computed) is looked up in the sheet's XML.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from scheduler.domain.problem import Problem
from scheduler.errors import InputError
from scheduler.formats.cells import is_blank

BLANK_ROWS: Final = 1000
"""So many blank rows in succession end a sheet; what stands below is named in a note."""

MAX_COLUMNS: Final = 256
READ_BYTES: Final = 1 << 25
TAIL_BYTES: Final = 1 << 20

OLE_SIGNATURE: Final = bytes.fromhex("D0CF11E0A1B11AE1")
ENCRYPTED_STREAM: Final = "EncryptedPackage".encode("utf-16-le")

WORKBOOK_PART: Final = re.compile(r"xl/workbook\d*\.xml")

MERGED: Final = re.compile(rb'<(?:\w+:)?mergeCell ref="([A-Z]+\d+:[A-Z]+\d+)"')
END_OF_DATA: Final = re.compile(rb"</(?:\w+:)?sheetData>")
ROW_NUMBER: Final = re.compile(rb'row [^>]*?\br="(\d+)"')
VALUE: Final = re.compile(rb"[^<>]</(?:\w+:)?[vt]>")
"""The end of a value that is not empty; formulas over blank rows leave empty ones."""

HIDDEN_ROW: Final = re.compile(rb'<(?:\w+:)?row [^>]*?\br="(\d+)"[^>]*?\bhidden="(?:1|true)"')
UNCOMPUTED: Final = re.compile(
    rb'<(?:\w+:)?c\b(?![^>]*\bt="str")[^>]*?\br="([A-Z]+\d+)"[^>]*>\s*'
    rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
"""A cell with a formula and no value: no program has computed it since it was written. (``t="str"`` says: computed, to an empty text.)"""


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet's values: ``rows`` are (row number, values) without blank rows. ``far_row`` is the last row with a value that was not read, or 0."""

    title: str
    rows: tuple[tuple[int, tuple[object, ...]], ...]
    merged: tuple[str, ...]
    hidden_rows: frozenset[int]
    uncomputed: frozenset[str]
    far_row: int = 0


def open_workbook(path: Path) -> tuple[RawSheet, ...]:
    """Every worksheet of the file, in its order.

    Raises
    ------
    InputError
        with one Problem that says what kind of file this is instead
    """
    kind = unreadable_kind(path)
    if kind:
        raise InputError([Problem(kind, file=path.name)])
    try:
        return read_sheets(path)
    except Exception as error:
        # A damaged file can fail anywhere inside zip, XML or openpyxl, with any exception: all of them mean the same to a user.
        raise InputError([Problem("file_damaged", file=path.name)]) from error


def unreadable_kind(path: Path) -> str:
    """Kind of the Problem that keeps the file from being opened at all, "" for none."""
    if not path.exists():
        return "file_missing"
    if path.is_dir():
        return "file_is_folder"
    try:
        content = path.read_bytes()
    except OSError:
        return "file_unreadable"
    if not content:
        return "file_empty"
    if content.startswith(OLE_SIGNATURE):
        return "file_has_password" if ENCRYPTED_STREAM in content else "file_is_old_xls"
    if not content.startswith(b"PK"):
        return "file_not_workbook"
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        return "file_damaged"
    return "" if any(WORKBOOK_PART.fullmatch(name) for name in names) else "file_of_other_program"


def read_sheets(path: Path) -> tuple[RawSheet, ...]:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of what it does not keep (extensions, images); nothing is written back here
        workbook = load_workbook(path, read_only=True, data_only=True)
        try:
            with zipfile.ZipFile(path) as archive:
                return tuple(read_sheet(sheet, archive) for sheet in workbook.worksheets)
        finally:
            workbook.close()


def read_sheet(sheet: Any, archive: zipfile.ZipFile) -> RawSheet:
    sheet.reset_dimensions()  # some programs write a size that is not the sheet's
    rows: list[tuple[int, tuple[object, ...]]] = []
    last, ended = 0, True
    for number, values in enumerate(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS), start=1):
        if any(not is_blank(value) for value in values):
            rows.append((number, values))
            last = number
        elif number - last > BLANK_ROWS:
            ended = False
            break
    xml = outline(archive, sheet._worksheet_path)
    return RawSheet(
        title=sheet.title,
        rows=tuple(rows),
        merged=tuple(match.decode() for match in MERGED.findall(xml)),
        hidden_rows=frozenset(int(match) for match in HIDDEN_ROW.findall(xml)),
        uncomputed=frozenset(match.decode() for match in UNCOMPUTED.findall(xml)),
        far_row=0 if ended else row_beyond(archive, sheet._worksheet_path, last),
    )


def outline(archive: zipfile.ZipFile, member: str) -> bytes:
    """The beginning of a sheet's XML, where the data stand, and its end, where merged cells stand."""
    head, tail = b"", b""
    for chunk in chunks(archive, member):
        head, tail = (head, (tail + chunk)[-TAIL_BYTES:]) if head else (chunk, b"")
    return head + tail


def row_beyond(archive: zipfile.ZipFile, member: str, last: int) -> int:
    """The last row below ``last`` that holds a value, or 0."""
    found = 0
    for chunk in chunks(archive, member):
        end = END_OF_DATA.search(chunk)
        value = max((match.start() for match in VALUE.finditer(chunk, 0, end.start() if end else len(chunk))), default=-1)
        row = ROW_NUMBER.match(chunk, chunk.rfind(b"row ", 0, value)) if value >= 0 else None
        found = int(row[1]) if row else found
    return found if found > last else 0


def chunks(archive: zipfile.ZipFile, member: str) -> Iterator[bytes]:
    with archive.open(member) as stream:
        while chunk := stream.read(READ_BYTES):
            yield chunk
