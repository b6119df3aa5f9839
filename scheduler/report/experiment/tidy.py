"""``kebijakan.csv``: one row a run, for whoever computes on.

Indonesian Excel opens a double-clicked CSV by the list separator of its country, the semicolon, and takes it for UTF-8 only with a byte-order mark;
so the Indonesian file has both, the English one a comma. All numbers are whole numbers: no decimal sign can be misread.
"""

from __future__ import annotations

import csv
from dataclasses import astuple
from pathlib import Path
from typing import Final

from scheduler.formats.files import atomic_path
from scheduler.report.experiment.gathered import Gathered, StoredRun
from scheduler.report.experiment.words import Words

SEPARATORS: Final = {"id": ";", "en": ","}

FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so would be a formula to Excel."""

COLUMNS: Final = (
    *("source", "npsn", "name", "kecamatan", "province", "rombels", "students", "teachers"),
    *("status", "valid", "counted", "missing", "uncovered", "excepted", "proved", "violations", "remark", "valid_codes", "below_codes"),
)
SCENARIO_PLACE: Final = 8
"""The axes stand after this column."""


def write_csv(gathered: Gathered, path: Path, words: Words) -> None:
    with atomic_path(path) as written, written.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=SEPARATORS[words.text.lang], lineterminator="\r\n")
        writer.writerow(heads(gathered, words))
        for run in gathered.each():
            writer.writerow([safe(value) for value in row_of(run, words)])


def heads(gathered: Gathered, words: Words) -> list[str]:
    names = [words.say(f"column_{column}") for column in COLUMNS]
    return names[:SCENARIO_PLACE] + [words.axis(axis.name) for axis in gathered.axes] + names[SCENARIO_PLACE:]


def row_of(run: StoredRun, words: Words) -> list[str | int]:
    """The run in plain values; what was not found out stays empty."""
    found: list[str | int] = ["", "", "", "", "", ""]
    if run.usable:
        found = [run.valid, run.valid + run.below, blank(run.missing_jtm), blank(run.uncovered_jp), run.excepted, words.yes_no(run.proved)]
    scenario = [number(value) for value in run.scenario]
    codes = [", ".join(words.code(code) for code in codes) for codes in (run.valid_codes, run.below_codes)]
    return [*astuple(run.unit), *scenario, words.status(run), *found, run.violations, words.error(run.error, run.facts), *codes]


def blank(value: int | None) -> str | int:
    return "" if value is None else value


def number(value: str) -> str | int:
    """A whole number as a number, whatever else as it was written."""
    return int(value) if value.isascii() and value.lstrip("-").isdigit() else value


def safe(value: str | int) -> str | int:
    """An apostrophe before what Excel would compute."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_SIGNS) else value
