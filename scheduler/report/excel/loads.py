"""Beban Guru: each teacher in the four words of Info GTK, the sum that the ruleset recognises, and the word on it."""

from __future__ import annotations

from dataclasses import replace

from openpyxl.utils import get_column_letter

from scheduler.report.excel.booklet import Booklet
from scheduler.report.excel.paper import BAD_FILL, CELL, CENTER, GOOD_FILL, HEAD, PLAIN_SMALL, SMALL, STRONG_CENTER, WARN_FILL, Look, Paper, Value
from scheduler.report.loads import LoadRow, Standing
from scheduler.report.words import reasons_of, sum_of

STANDING_LOOKS = {
    Standing.MET: Look(bold=True, across="center", fill=GOOD_FILL),
    Standing.OVER: Look(bold=True, across="center", fill=WARN_FILL),
    Standing.BELOW: Look(bold=True, across="center", fill=BAD_FILL),
    Standing.EXCEPTED: Look(bold=True, across="center", fill=WARN_FILL),
    Standing.NOT_COUNTED: Look(across="center", color="595959"),
}

HOURS = replace(CENTER, form='0;-0;"–"')
"""Zero as a dash, so that the eye finds the numbers."""

LOAD_WIDTHS = (4.5, 7, 25, 20, 18, 8.5, 7.5, 7, 7, 7.5, 7.5, 7, 9, 7, 12.5, 46)


def write_loads(booklet: Booklet) -> None:
    """Each teacher in the four words of Info GTK, the duties, the sum that the ruleset recognises, and the word on it."""
    paper = booklet.paper("loads", LOAD_WIDTHS)
    booklet.heading(paper, "loads")
    paper.sentence(booklet.say("loads_note"), PLAIN_SMALL)
    head = write_loads_head(booklet, paper)
    for number, row in enumerate(booklet.tables.loads, 1):
        write_load(booklet, paper, number, row)
    last = paper.row - 1
    if not booklet.tables.loads:
        paper.sentence(booklet.say("no_plan"))
    booklet.finish(paper, repeat=(head - 1, head), freeze=f"D{head + 1}", filter_range=f"A{head}:{get_column_letter(paper.columns)}{max(head, last)}")


def write_loads_head(booklet: Booklet, paper: Paper) -> int:
    top, bottom = paper.row, paper.row + 1
    small = replace(HEAD, size=8)
    groups = ((6, 9, "head_hours", ("curriculum", "dapodik", "admitted", "linear")), (10, 11, "head_duties", ("main_duty", "other_duty")))
    for column, key in ((1, "number"), (2, "code"), (3, "name"), (4, "home"), (5, "certificate"), (12, "guru_wali"), (13, "recognised")):
        paper.put(top, column, booklet.say(f"head_{key}"), HEAD if column < 6 else small, to_row=bottom)
    for first, last, key, words in groups:
        paper.put(top, first, booklet.say(key), replace(HEAD, size=9), to_column=last)
        for column, word in enumerate(words, first):
            paper.put(bottom, column, booklet.say(f"head_{word}"), small)
    for column, key in ((14, "required"), (15, "status"), (16, "remark")):
        paper.put(top, column, booklet.say(f"head_{key}"), HEAD if column > 14 else small, to_row=bottom)
    paper.advance(16)
    return paper.advance(24)


def write_load(booklet: Booklet, paper: Paper, number: int, row: LoadRow) -> None:
    teacher = booklet.tables.case.teachers[row.teacher]
    hours = (row.curriculum_jp, row.dapodik_jp, row.admitted_jp, row.linear_jtm, row.main_duty_jtm, row.other_duty_jtm, row.guru_wali_jtm)
    required: Value = row.required_jtm if row.load.counted else booklet.say("dash")
    remark = " ".join((sum_of(booklet, row), *reasons_of(booklet, row))).strip()
    values: list[Value] = [number, row.teacher, teacher.name, booklet.names.school(teacher.home), booklet.certificate(teacher), *hours]
    values += [row.recognised_jtm, required, booklet.say(f"standing_{row.standing.value}"), remark]
    looks = [
        CENTER,
        Look(size=9, across="center"),
        CELL,
        Look(size=8),
        SMALL,
        *(HOURS,) * 7,
        STRONG_CENTER,
        CENTER,
        STANDING_LOOKS[row.standing],
        SMALL,
    ]
    paper.line(values, looks)
