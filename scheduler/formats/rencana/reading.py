"""A plan's workbook as the decisions it shows, and what is different in it from the plan it was written from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.domain.edits import Edit
from scheduler.domain.plan import Assignment, DutyHolding, Lesson, Plan
from scheduler.domain.problem import Problem
from scheduler.errors import InputError
from scheduler.formats.opening import open_workbook
from scheduler.formats.rencana.duties import DutyReader
from scheduler.formats.rencana.master import MasterReader
from scheduler.formats.rencana.matrix import DutyWords, MatrixReader
from scheduler.formats.rencana.merging import CellText, Merger
from scheduler.formats.rencana.pages import Page, Problems
from scheduler.formats.rencana.vocabulary import Vocabulary

if TYPE_CHECKING:
    from scheduler.policy.case import Case, Need

MOST_DIFFERENT = 0.5
"""Beyond this share of changed hours the plan beside the workbook is not taken for the one it was written from."""

ENOUGH_HOURS = 20
"""A workbook with fewer hours may be changed altogether."""


@dataclass(frozen=True)
class ReadBack:
    """What a workbook says.

    ``hour_places`` are the cells of (need, day, period), ``taught_places`` those of a need on Pembagian Tugas. ``duty_words`` is what that sheet
    says of duties, which is copied from Tugas Tambahan. ``pages`` are all sheets, ``sources`` the titles of those that were read.
    """

    assignments: tuple[Assignment, ...]
    duties: tuple[DutyHolding, ...]
    lessons: tuple[Lesson, ...]
    edits: tuple[Edit, ...]
    hour_places: Mapping[tuple[str, str, int], Sequence[str]]
    taught_places: Mapping[str, Sequence[str]]
    duty_words: tuple[DutyWords, ...]
    pages: tuple[Page, ...]
    sources: frozenset[str]


def read_back(path: Path, case: Case, former: Plan | None, vocabulary: Vocabulary, timetabled: Mapping[str, Need], text_of: CellText) -> ReadBack:
    """Read Jadwal Induk, Pembagian Tugas and Tugas Tambahan.

    Parameters
    ----------
    former
        the plan the workbook was written from, None where it is not known
    timetabled
        needs that have lessons in the week
    text_of
        what a cell of Jadwal Induk looks like

    Raises
    ------
    InputError
        with every cell that cannot be understood
    """
    pages = tuple(Page(sheet, path.name) for sheet in open_workbook(path))
    problems = Problems()
    master, matrix, duties = MasterReader(vocabulary, problems), MatrixReader(vocabulary, problems), DutyReader(vocabulary, problems)
    hours, taught, holders = master.read(pages), matrix.read(pages), duties.read(pages)
    sources = frozenset({*(table.page.title for table in master.tables), *(page.title for page in matrix.schools.values())})
    sources |= {duties.found.title} if duties.found else set()
    for page in pages:
        if page.title in sources:
            problems.found += page.uncomputed()
    problems.found += missing_sheets(path.name, case, former, vocabulary, master, matrix, duties)
    refuse(problems)
    shown = frozenset((table.school, name) for table in master.tables for name in table.columns.values())
    merger = Merger(
        case=case,
        former=former,
        problems=problems,
        hours=hours,
        taught=taught,
        holders=holders if duties.found else None,
        matrix_schools=matrix.schools,
        duties_page=duties.found,
        timetabled=timetabled,
        shown=shown,
        text_of=text_of,
    )
    occupancy = merger.occupancy()
    teachers = merger.teachers(occupancy)
    held = merger.duties()
    lessons = merger.lessons(occupancy, teachers)
    if former is not None:
        merger.hour_edits()
        refuse_other_plan(path.name, merger)
    refuse(problems)
    assignments = tuple(
        Assignment(need.id, need.school, need.rombels, need.subject, need.jp, need.recognised_jp, teachers[need.id]) for need in case.needs
    )
    return ReadBack(
        assignments, held, lessons, tuple(merger.edits), merger.hour_places, merger.taught_places, tuple(matrix.duty_words), pages, sources
    )


def refuse(problems: Problems) -> None:
    if problems.found:
        raise InputError(problems.found)


def missing_sheets(
    file: str, case: Case, former: Plan | None, vocabulary: Vocabulary, master: MasterReader, matrix: MatrixReader, duties: DutyReader
) -> list[Problem]:
    """A sheet of the three that is gone; a plan without a week has no Jadwal Induk."""
    if not matrix.schools and not master.tables:
        return [Problem("edits.not_a_plan_workbook", file, facts={"value": file})]
    found = []
    shown = {table.school for table in master.tables}
    with_week = {school for school, _ in vocabulary.blocks} if former is None or former.lessons else set()
    for kind, schools in (("matrix", set(vocabulary.classes) - set(matrix.schools)), ("master", with_week - shown)):
        if schools:
            names = ", ".join(sorted(case.schools[npsn].name for npsn in schools))
            found.append(Problem(f"edits.missing_{kind}", file, facts={"schools": names}))
    if duties.found is None and (former is None or former.duties):
        found.append(Problem("edits.missing_duties", file))
    return found


def refuse_other_plan(file: str, merger: Merger) -> None:
    """Where most hours differ, the plan beside the workbook is another one: nothing said of edits would be true."""
    changed = sum(edit.kind == "hour" for edit in merger.edits)
    if changed > ENOUGH_HOURS and changed > MOST_DIFFERENT * len(merger.hours):
        facts: dict[str, str | int] = {"value": file, "changed": changed, "count": len(merger.hours)}
        raise InputError([Problem("edits.plan_of_other_workbook", file, facts=facts)])
