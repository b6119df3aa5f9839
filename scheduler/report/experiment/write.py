"""One call that writes everything people look at after an experiment."""

from __future__ import annotations

import errno
import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from scheduler.domain.experiment import Axis, Run
from scheduler.report.experiment.answers import Answers
from scheduler.report.experiment.background import Background
from scheduler.report.experiment.figures import can_draw, write_figures
from scheduler.report.experiment.gathered import Gathered
from scheduler.report.experiment.page import write_pages
from scheduler.report.experiment.tidy import write_csv
from scheduler.report.experiment.words import Words
from scheduler.report.experiment.workbook import write_workbook
from scheduler.report.text import Text

__all__ = ["Background", "can_draw", "write_answers"]


def write_answers(axes: Sequence[Axis], runs: Iterable[Run], folder: Path, text: Text, background: Background | None = None) -> list[Path]:
    """Writes the answers of an experiment into a folder and returns the files in the order in which people should open them.

    The charts as PNG and SVG are written into ``grafik`` where matplotlib is installed (``can_draw``); nothing else depends on it.

    Parameters
    ----------
    axes
        what was varied
    runs
        read once, one after the other; their order changes nothing
    folder
        made where it is missing; every file is replaced as a whole or not at all
    background
        rulesets, kept numbers and the origin of the schools, for the sheet Cara Membaca

    Raises
    ------
    OSError
        the folder cannot be written to, or the system's folder for temporary files is full
    """
    folder.mkdir(parents=True, exist_ok=True)
    words = Words(text, background or Background())
    with full_disk_named(), Gathered(axes, runs) as gathered:
        answers = Answers(gathered, words)
        summary, page, workbook, table = (folder / name for name in ("ringkasan.html", "kebijakan.html", "kebijakan.xlsx", "kebijakan.csv"))
        write_pages(answers, page, summary)
        write_workbook(answers, workbook)
        write_csv(gathered, table, words)
        drawn = write_figures(answers, folder / "grafik") if can_draw() else []
    return [summary, page, workbook, table, *drawn]


@contextmanager
def full_disk_named() -> Iterator[None]:
    """A table of runs that does not fit into the folder for temporary files is a full disk, and is said like one."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), tempfile.gettempdir()) from error
