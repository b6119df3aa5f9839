"""Writing files so that a kill, a full disk or an error leaves the old file or the new one, and the same content gives the same bytes."""

from __future__ import annotations

import errno
import io
import os
import secrets
import shutil
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from openpyxl import Workbook

FIXED_DATE: Final = datetime(2025, 1, 1)
"""Date of every document and of every member of its zip: when a file was written is known to the file system already."""

UNIX: Final = 3
"""The system that a zip names as its maker, whatever system wrote it."""


@contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """A path beside ``path`` to write to; it takes the place of ``path`` when the block ends well, and is removed when it does not.

    The name is new each time, so that what a killed run has left behind disturbs nobody.

    Raises
    ------
    OSError
        the folder cannot be written to, or (on Windows) ``path`` is open in another program
    """
    path = path.resolve()  # through a link to the file that it names
    written = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.tmp")
    try:
        yield written
        with written.open("rb+") as file:
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, written)
        written.replace(path)
    except BaseException as error:
        with suppress(OSError):
            written.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename in (None, str(written), written):
            error.filename = str(path)  # people know the file that was to be written, not the one beside it
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut, where the system has a way to."""
    if sys.platform == "win32":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_bytes(content: bytes, path: Path) -> None:
    """Replace the file's content as a whole."""
    with atomic_path(path) as written:
        written.write_bytes(content)


def save_workbook(workbook: Workbook, path: Path) -> None:
    """Save with fixed dates: the same workbook gives the same bytes on every day. Replaces ``path`` as a whole or not at all."""
    write_bytes(workbook_bytes(workbook), path)


def workbook_bytes(workbook: Workbook) -> bytes:
    """The .xlsx file of the workbook.

    Raises
    ------
    OSError
        there is no room for the files in between (openpyxl writes each sheet to one first)
    """
    from openpyxl.writer.excel import ExcelWriter

    workbook.properties.created = workbook.properties.modified = FIXED_DATE
    written = io.BytesIO()
    # Workbook.save would set the date of change to now.
    try:
        ExcelWriter(workbook, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED)).save()
    except Exception as error:
        # Where lxml is installed openpyxl writes by it, and a full disk is an error of its own (IO_ENOSPC, IO_EFBIG) that is no OSError.
        number = getattr(errno, str(error).removeprefix("IO_"), None)
        if type(error).__name__ != "SerialisationError" or not isinstance(number, int):
            raise
        raise OSError(number, os.strerror(number)) from error
    return with_fixed_dates(written)


def with_fixed_dates(written: io.BytesIO) -> bytes:
    """The same zip with every member dated FIXED_DATE."""
    fixed = io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, FIXED_DATE.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = UNIX
            member.external_attr = 0o644 << 16
            target.writestr(member, source.read(name))
    return fixed.getvalue()
