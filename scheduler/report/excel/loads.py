"""Beban Guru: each teacher in the four words of Info GTK, the sum that the ruleset recognises, and the word on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from openpyxl.utils import get_column_letter

from scheduler.report.excel.booklet import Booklet
from scheduler.report.excel.paper import (
    BAD_FILL,
    CELL,
    CENTER,
    GOOD_FILL,
    HEAD,
    PLAIN_SMALL,
    SMALL,
    STRONG_CENTER,
    TOTAL,
    TOTAL_NAME,
    WARN_FILL,
    Look,
    Paper,
    Value,
)
from scheduler.report.loads import LoadRow, Standing
from scheduler.report.words import reasons_of, sum_of

T = TypeVar("T")

STANDING_LOOKS = {
    Standing.MET: Look(bold=True, across="center", fill=GOOD_FILL),
    Standing.OVER: Look(bold=True, across="center", fill=WARN_FILL),
    Standing.BELOW: Look(bold=True, across="center", fill=BAD_FILL),
    Standing.EXCEPTED: Look(bold=True, across="center", fill=WARN_FILL),
    Standing.NOT_COUNTED: Look(across="center", color="595959"),
}

HOURS = replace(CENTER, form='0;-0;"–"')
"""Zero as a dash, so that the eye finds the numbers."""

WIDTHS = (4.5, 7, 25, 20, 15, 18, 8.5, 7.5, 7, 7, 7.5, 7.5, 7, 9, 7, 12.5, 46)
HOME = 4
"""Column of the home school, left out where all teachers have the same one."""


def write_loads(booklet: Booklet) -> None:
    """Each teacher in the four words of Info GTK, the duties, the sum that the ruleset recognises, and the word on it."""
    shown = Columns(several_homes=len({row.load.home_school for row in booklet.tables.loads}) > 1)
    paper = booklet.paper("loads", shown.of(WIDTHS))
    booklet.heading(paper, "loads")
    paper.sentence(booklet.say("loads_note"), PLAIN_SMALL)
    head = write_loads_head(booklet, paper, shown)
    for number, row in enumerate(booklet.tables.loads, 1):
        write_load(booklet, paper, shown, number, row)
    last = paper.row - 1
    if booklet.tables.loads:
        write_sums(booklet, paper, shown)
    else:
        paper.sentence(booklet.say("no_plan"))
    if len(booklet.names.own_schools) == 1:
        booklet.signatures(paper, booklet.names.own_schools[0].npsn, (2, 3), (paper.columns, paper.columns))
    booklet.finish(paper, repeat=(head - 1, head), freeze=f"D{head + 1}", filter_range=f"A{head}:{get_column_letter(paper.columns)}{max(head, last)}")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns a sheet shows."""

    several_homes: bool

    def of(self, values: Sequence[T]) -> list[T]:
        """The values of the columns that are shown, of those of all columns."""
        return [value for column, value in enumerate(values, 1) if self.several_homes or column != HOME]

    def at(self, column: int) -> int:
        """Where a column stands on the sheet."""
        return column if self.several_homes or column < HOME else column - 1


def write_loads_head(booklet: Booklet, paper: Paper, shown: Columns) -> int:
    top, bottom = paper.row, paper.row + 1
    small = replace(HEAD, size=8)
    groups = ((7, 10, "head_hours", ("curriculum", "dapodik", "admitted", "linear")), (11, 12, "head_duties", ("main_duty", "other_duty")))
    alone = {1: "number", 2: "code", 3: "name", HOME: "home", 5: "position", 6: "certificate", 13: "guru_wali", 14: "recognised", 15: "required"}
    for column, key in (alone | {16: "status", 17: "remark"}).items():
        if column != HOME or shown.several_homes:
            paper.put(top, shown.at(column), booklet.say(f"head_{key}"), HEAD if column < 7 or column > 15 else small, to_row=bottom)
    for first, last, key, words in groups:
        paper.put(top, shown.at(first), booklet.say(key), replace(HEAD, size=9), to_column=shown.at(last))
        for column, word in enumerate(words, shown.at(first)):
            paper.put(bottom, column, booklet.say(f"head_{word}"), small)
    paper.advance(16)
    return paper.advance(24)


def write_load(booklet: Booklet, paper: Paper, shown: Columns, number: int, row: LoadRow) -> None:
    teacher = booklet.tables.case.teachers[row.teacher]
    required: Value = row.required_jtm if row.load.counted else booklet.say("dash")
    remark = " ".join((sum_of(booklet, row), *reasons_of(booklet, row))).strip()
    values: list[Value] = [number, row.teacher, teacher.name, booklet.names.school(teacher.home)]
    values += [booklet.say(f"position_{teacher.position.value}"), booklet.certificate(teacher), *hours_of(row)]
    values += [row.recognised_jtm, required, booklet.say(f"standing_{row.standing.value}"), remark]
    looks = [CENTER, Look(size=9, across="center"), CELL, Look(size=8), Look(size=8), SMALL, *(HOURS,) * 7, STRONG_CENTER, CENTER]
    paper.line(shown.of(values), shown.of((*looks, STANDING_LOOKS[row.standing], SMALL)))


def hours_of(row: LoadRow) -> tuple[int, ...]:
    """The columns of hours, in their order."""
    return (row.curriculum_jp, row.dapodik_jp, row.admitted_jp, row.linear_jtm, row.main_duty_jtm, row.other_duty_jtm, row.guru_wali_jtm)


def write_sums(booklet: Booklet, paper: Paper, shown: Columns) -> None:
    """TOTAL JTM SEKOLAH: the sums of all teachers."""
    rows = booklet.tables.loads
    sums = [sum(numbers) for numbers in zip(*(hours_of(row) for row in rows), strict=True)]
    values: list[Value] = [booklet.say("sum"), *sums, sum(row.recognised_jtm for row in rows), None]
    paper.line(values, (TOTAL_NAME, *(TOTAL,) * 9), (shown.at(6), *(1,) * 8, 3), least_points=18)
