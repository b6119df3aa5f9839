"""``rencana.xlsx``: the plan as the workbook that a school reads, prints and hangs up.

Sheets in the order in which a vice principal needs them. All classes stand on one sheet and all teachers on another, a printed page each: at 27
rombel one sheet each would be some eighty tabs that nobody finds, while one sheet scrolls, prints at once, and is cut by its page breaks.
openpyxl is imported with this package, so nobody imports it before a workbook is written.
"""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook

from scheduler.domain.plan import Plan
from scheduler.formats.files import save_workbook
from scheduler.policy.case import Case
from scheduler.report.changes import Changes
from scheduler.report.excel.annexes import write_annexes
from scheduler.report.excel.booklet import Booklet
from scheduler.report.excel.changes import write_changes
from scheduler.report.excel.chart import write_chart
from scheduler.report.excel.law import write_law
from scheduler.report.excel.loads import write_loads
from scheduler.report.excel.master import write_master
from scheduler.report.excel.matrix import write_matrix
from scheduler.report.excel.quality import write_quality
from scheduler.report.excel.staffing import write_need
from scheduler.report.excel.summary import write_summary
from scheduler.report.excel.weeks import write_classes, write_teachers
from scheduler.report.excel.work import write_duties, write_visits
from scheduler.report.quality import Quality
from scheduler.report.tables import Tables
from scheduler.report.text import Text

__all__ = ["write_plan_workbook"]


def write_plan_workbook(
    case: Case, plan: Plan, path: str | Path, text: Text | None = None, former: Plan | None = None, edited: Plan | None = None
) -> None:
    """Writes the plan as a workbook for people; the same case, plan and language give the same bytes.

    Parameters
    ----------
    plan
        of this very case, and checked: ``teachers`` and ``violations`` are what ``verify`` found, and stand on the first sheet
    path
        replaced as a whole or not at all
    text
        the language; Indonesian unless said otherwise
    former
        the plan it was to stay close to: its week stands beside this one on Mutu Jadwal, and what is different on Perubahan
    edited
        the former plan with what people changed in it by hand
    """
    booklet = Booklet(Tables(case, plan), text or Text(), Workbook())
    booklet.book.remove(booklet.book.worksheets[0])
    names = booklet.names
    write_summary(booklet)
    if names.own_schools:
        write_matrix(booklet, "matrix", names.own_schools)
    if names.partner_schools:
        write_matrix(booklet, "matrix_partners", names.partner_schools)
    write_loads(booklet)
    write_chart(booklet)
    write_need(booklet)
    write_duties(booklet)
    write_annexes(booklet)
    write_visits(booklet)
    write_master(booklet, "master", names.own_schools)
    if names.partner_schools:
        write_master(booklet, "master_partners", names.partner_schools)
    write_classes(booklet)
    write_teachers(booklet)
    if plan.lessons:
        write_quality(booklet, Quality(case, plan, former))
    if former is not None:
        write_changes(booklet, Changes(case, former, plan, edited))
    write_law(booklet)
    save_workbook(booklet.book, Path(path))
