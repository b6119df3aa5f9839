"""The store of an experiment: a header that says what it is, then one line of JSON for each finished run, in the order in which they finished.

A line is whole or not there: what a kill or a full disk has torn at the end is cut off when the store is opened again, and its run is done again.
Lines are handed to the system at once, so that a killed program loses none; the disk itself is told at most once a second (``SYNC_SECONDS``), so a
power cut may cost the runs of the last second, which are done again too.
"""

from __future__ import annotations

import json
import os
import sys
import time
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, Final

from scheduler.domain.experiment import Run
from scheduler.domain.plan import Level, Status
from scheduler.domain.problem import Problem
from scheduler.errors import InputError
from scheduler.formats.files import sync_folder

SCHEMA: Final = "scheduler-runs/1"
SYNC_SECONDS: Final = 1.0

Header = Mapping[str, Any]


class Store:
    """An open store. ``done`` holds the numbers of the runs it has; ``torn`` is True where the end of its last line was missing.

    Raises
    ------
    InputError
        the file is something else, belongs to another experiment, is damaged in the middle, or another program is writing to it
    OSError
        it cannot be read or written
    """

    def __init__(self, path: Path, header: Header) -> None:
        self.path = path
        self.done: set[int] = set()
        self.torn = False
        self._file = path.open("a+b", buffering=0)
        self._synced = time.monotonic()
        try:
            lock(self._file, path)
            self._end = self._read(header)
            if self._end == 0:
                self._write(line_of({"schema": SCHEMA, **header}))
                os.fsync(self._file.fileno())
                sync_folder(path.parent)
        except BaseException:
            self._file.close()
            raise

    def _read(self, header: Header) -> int:
        """Take in what is there, cut off a torn end, and return where the whole lines end."""
        end = 0
        for number, (offset, line) in enumerate(whole_lines(self.path), start=1):
            if number == 1:
                refuse_other(self.path, line, header)
            else:
                self.done.add(number_of(self.path, number, line))
            end = offset + len(line)
        self.torn = end < self.path.stat().st_size
        if self.torn:
            if end == 0 and not may_be_torn_header(self.path):
                raise InputError([Problem("sweep.not_a_store", self.path.name)])
            self._file.truncate(end)
        return end

    def append(self, number: int, run: Run) -> None:
        """Add a finished run.

        Raises
        ------
        OSError
            the disk is full or the file may grow no further; the store then ends with the line before, whole
        """
        self._write(line_of({"n": number, **run_data(run)}))
        self.done.add(number)
        if time.monotonic() - self._synced >= SYNC_SECONDS:
            self.sync()

    def _write(self, line: bytes) -> None:
        try:
            written = 0
            while written < len(line):
                written += self._file.write(line[written:]) or 0
        except OSError as error:
            self._file.truncate(self._end)
            error.filename = str(self.path)
            raise
        self._end += len(line)

    def sync(self) -> None:
        os.fsync(self._file.fileno())
        self._synced = time.monotonic()

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *error: object) -> None:
        try:
            self.sync()
        finally:
            self.close()


def lock(file: IO[bytes], path: Path) -> None:
    """Refuse a second program at the same store (where the system has such locks; they end with the program, however it ends)."""
    if sys.platform == "win32":
        return
    import fcntl

    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise InputError([Problem("sweep.store_in_use", path.name)]) from None


# --- reading -----------------------------------------------------------------------------------------------------------------------------------


def whole_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Where each whole line begins, and the line with its end."""
    offset = 0
    with path.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                return
            yield offset, line
            offset += len(line)


def stored_runs(path: Path) -> Iterator[Run]:
    """All runs in the order of their numbers, whatever the order in which they finished; only one is in memory at a time."""
    numbers, offsets = array("q"), array("q")
    for line_number, (offset, line) in enumerate(whole_lines(path), start=1):
        if line_number > 1:
            numbers.append(number_of(path, line_number, line))
            offsets.append(offset)
    with path.open("rb") as file:
        for place in sorted(range(len(numbers)), key=numbers.__getitem__):
            file.seek(offsets[place])
            yield run_of(json.loads(file.readline()))


def stored_header(path: Path) -> Header:
    """What the store says of itself."""
    first = next(whole_lines(path), None)
    content = parsed(first[1]) if first else None
    if content is None or content.get("schema") != SCHEMA:
        raise InputError([Problem("sweep.not_a_store", path.name)])
    return content


def refuse_other(path: Path, line: bytes, header: Header) -> None:
    """Refuse a file that is no store, and a store of another experiment, saying what is different."""
    content = parsed(line)
    if content is None or content.get("schema") != SCHEMA:
        raise InputError([Problem("sweep.not_a_store", path.name)])
    wanted = json.loads(json.dumps(header))
    differing = sorted(key for key in {*content, *wanted} - {"schema"} if content.get(key) != wanted.get(key))
    if {"axes", "scenarios", "sources"} & set(differing):
        differing = [key for key in differing if key != "law"]  # other rulesets are asked for: their files need not have changed
    if differing:
        raise InputError([Problem(f"sweep.other_{key}", path.name) for key in differing])


def may_be_torn_header(path: Path) -> bool:
    """Whether a file without a whole line is the beginning of a store: killed while its first line was being written."""
    start = b'{"schema":"' + SCHEMA.encode()
    with path.open("rb") as file:
        beginning = file.read(len(start))
    return start.startswith(beginning)


def number_of(path: Path, line_number: int, line: bytes) -> int:
    content = parsed(line)
    number = content.get("n") if content else None
    if not isinstance(number, int):
        raise InputError([Problem("sweep.damaged_line", path.name, facts={"line": line_number})])
    return number


def parsed(line: bytes) -> dict[str, Any] | None:
    try:
        content = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


# --- one line ----------------------------------------------------------------------------------------------------------------------------------


def line_of(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def run_data(run: Run) -> dict[str, Any]:
    content = asdict(run)
    content["levels"] = [[level.name, level.value, level.bound] for level in run.levels]
    return content


def run_of(content: Mapping[str, Any]) -> Run:
    fields = {key: value for key, value in content.items() if key != "n"}
    levels = tuple(Level(name, value, bound, value == bound) for name, value, bound in fields["levels"])
    status = Status(fields["status"])
    return Run(**{**fields, "levels": levels, "status": status, "valid": tuple(fields["valid"]), "below": tuple(fields["below"])})
