"""What the timetable benchmarks share: a process for each measurement, its memory, medians, tables and CSV.

A measurement runs as ``python -m MODULE --one …`` and prints its result as JSON on the last line; so its peak memory is its own, that of the
processes it starts included.
"""

from __future__ import annotations

import csv
import json
import os
import platform
import resource
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

LOOK_EVERY = 0.2
"""Seconds between two looks at a process's memory."""


class MemoryWatch:
    """Peak memory in MB of a process and all it has started, shared pages counted once (Linux; elsewhere that of the largest process)."""

    def __init__(self, process: int) -> None:
        self.process, self.peak_mb = process, 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> MemoryWatch:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()
        if not Path("/proc").is_dir():
            self.peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024

    def _look(self) -> None:
        over = False
        while not over:
            self.peak_mb = max(self.peak_mb, sum(memory_kb(process) for process in family(self.process)) // 1024)
            over = self._over.wait(LOOK_EVERY)


def family(process: int) -> list[int]:
    """A process and all its descendants, as far as they can be seen."""
    found = [process]
    for parent in found:
        with suppress(OSError):
            for children in Path(f"/proc/{parent}/task").glob("*/children"):
                found += [int(child) for child in children.read_text().split()]
    return found


def memory_kb(process: int) -> int:
    """Proportional set size: of pages shared by n processes 1/n."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def measured(module: str, arguments: Iterable[object]) -> dict[str, Any]:
    """The result of one measurement in a process of its own, with ``memory_mb``; a run that broke is told with its error, never left out."""
    command = [sys.executable, "-m", module, "--one", *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process, MemoryWatch(process.pid) as watch:
        written, errors = process.communicate()
    lines = written.strip().splitlines()
    if process.returncode or not lines:
        return {"error": (errors.strip().splitlines() or [f"exit code {process.returncode}"])[-1], "memory_mb": watch.peak_mb}
    return {**json.loads(lines[-1]), "memory_mb": watch.peak_mb}


def tell(result: Mapping[str, Any]) -> None:
    """What a measurement prints for ``measured``."""
    print(json.dumps(result))


def median_run(runs: Sequence[Mapping[str, Any]], quality: Callable[[Mapping[str, Any]], Any]) -> Mapping[str, Any]:
    """The run of median quality, the worse of the two middle ones; runs that broke come last."""
    return sorted(runs, key=lambda run: (1, ()) if "error" in run else (0, quality(run)))[len(runs) // 2]


def at(curve: Sequence[Sequence[float]], seconds: float) -> Sequence[float] | None:
    """The last row of a curve (seconds, …) that was reached in so many seconds."""
    return next((row for row in reversed(curve) if row[0] <= seconds), None)


def print_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A Markdown table, as docs/benchmarks.md takes it, with the machine and the date above it."""
    print(f"\n{date.today().isoformat()}, {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}\n")
    for line in (headings, ["---"] * len(headings), *rows):
        print("| " + " | ".join("" if cell is None else str(cell) for cell in line) + " |")


def write_csv(path: Path | None, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    if path is not None:
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([headings, *rows])
