"""Kebutuhan Guru: hours, teachers and duties of each field, in the form by which district offices compare schools."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from scheduler.report.excel.booklet import Booklet
from scheduler.report.excel.paper import GROUP, HEAD, LINE_POINTS, PLAIN_SMALL, SMALL, TOTAL, TOTAL_NAME, Look, Paper, Value
from scheduler.report.staffing import SchoolStaffing
from scheduler.report.staffing_words import StaffingWords

SMALL_CENTER: Final = replace(SMALL, across="center")
SMALL_STRONG: Final = replace(SMALL_CENTER, bold=True)
TINY: Final = Look(size=8)
TINY_CENTER: Final = Look(size=8, across="center")

STAFFING_WIDTHS: Final = (4, 20, 9, 6.5, 8.5, 8, 11, 25, 5, 20, 9.5, 36, 6.5, 10.5, 6.5, 10.5, 10.5, 9)
STAFFING_LOOKS: Final = (
    SMALL_CENTER, SMALL, TINY_CENTER, SMALL_CENTER, SMALL_STRONG, SMALL_CENTER, SMALL_STRONG, TINY, SMALL_STRONG, TINY, SMALL_CENTER, TINY,
    SMALL_CENTER, SMALL_CENTER, SMALL_CENTER, SMALL_STRONG, SMALL_STRONG, TINY_CENTER,
)  # fmt: skip


def write_need(booklet: Booklet) -> None:
    """The sheet of the plan's workbook, with signatures for each school that hands it in."""
    need = StaffingWords(booklet)
    paper = booklet.paper("need", STAFFING_WIDTHS)
    booklet.heading(paper, "need")
    head = write_staffing_tables(need, paper)
    if len(booklet.names.own_schools) == 1:
        booklet.signatures(paper, booklet.names.own_schools[0].npsn, (2, 4), (paper.columns - 5, paper.columns))
    booklet.finish(paper, repeat=(head, head) if head else None, freeze=f"C{head + 1}" if head else "")


def write_staffing_tables(need: StaffingWords, paper: Paper) -> int:
    """A table a school; returns the row of the header, 0 where there is nothing to analyse."""
    if not need.schools:
        paper.sentence(need.say("no_staffing"))
        return 0
    paper.sentence(need.note, PLAIN_SMALL)
    head = paper.line(need.heads, replace(HEAD, size=8), least_points=36)
    for school in need.schools:
        write_school_staffing(need, paper, school)
    if need.case_by_case_note:
        paper.sentence(need.case_by_case_note, PLAIN_SMALL)
    return head


def write_school_staffing(need: StaffingWords, paper: Paper, school: SchoolStaffing) -> None:
    paper.keep((len(school.rows) + 2) * LINE_POINTS * 2)
    paper.line((need.say("staffing_school", school=need.names.school(school.school), rombels=school.rombels),), GROUP, (paper.columns,))
    for number, row in enumerate(school.rows, 1):
        line = need.line(row)
        values: list[Value] = [number, line.subject, line.jp_a_class, line.classes, line.total_jp, line.exactly, line.needed]
        values += [line.certified, line.count, line.others, line.taught_jtm, line.duties, line.duty_jtm, line.collective_jtm, line.left_jtm]
        values += [line.to_reduce or None, line.to_add or None, line.remark]
        paper.line(values, STAFFING_LOOKS)
    sums = school.sums
    values = [need.words.say("sum"), sums.total_jp, "", sums.needed, "", sums.certified, "", sums.taught_jtm, "", sums.duty_jtm]
    values += [sums.taught_jtm + sums.duty_jtm, sums.total_jp - sums.taught_jtm, sums.to_reduce, sums.to_add, ""]
    paper.line(values, (TOTAL_NAME, *(replace(TOTAL, size=9),) * 14), (4, *(1,) * 14))
