"""``import asc``: a timetable of aSc becomes a workbook to go on from, or a plan of ours that was changed in aSc comes back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.app.exits import Exit
from scheduler.app.import_dapodik import refused
from scheduler.app.outputs import OutputRefusedError, refuse_folder, refuse_input, refuse_other_ending
from scheduler.app.source import LawChoice, open_under
from scheduler.app.verify import refuse_other_plan
from scheduler.domain.plan import WEEK_LEVELS, WEEK_WISHES, Lesson, Level, Plan, Status
from scheduler.domain.problem import Problem
from scheduler.errors import InputError
from scheduler.report.text import Text
from scheduler.verify.check import Report, check

if TYPE_CHECKING:
    from scheduler.domain.instance import Instance
    from scheduler.formats.asc import AscFile
    from scheduler.formats.dapodik.doubts import Doubt

PART = "export"
"""File of the catalogue with the sentences of what is doubtful."""


@dataclass(frozen=True, slots=True)
class AscImport:
    """What was read and written, and every line of the sheet Perlu Diperiksa."""

    exit: Exit
    out: Path
    asc: AscFile
    instance: Instance
    doubts: tuple[Doubt, ...]


def import_asc(file: Path, out: Path, npsn: str = "", school: str = "", locked: bool = False, lang: str = "id") -> AscImport:
    """Read ``file`` and write a workbook to ``out``, which must not exist yet.

    Raises
    ------
    InputError
        the file is none of aSc's, refers to what is not in it, or does not tell the grade of a class
    OutputRefusedError
        ``out`` is the file that is read, exists already, or is no .xlsx
    """
    refuse_folder(out)
    refuse_other_ending(out, ".xlsx")
    refuse_input(out, file)
    if out.exists():
        raise OutputRefusedError("exists", out)
    from scheduler.formats.asc import read_asc
    from scheduler.formats.asc.assembling import instance_of
    from scheduler.formats.files import save_workbook
    from scheduler.formats.workbook_writer import workbook_of
    from scheduler.report.doubts import add_doubts

    asc = read_asc(file)
    made = instance_of(asc, file.stem, npsn, school, locked)
    workbook = workbook_of(made.instance)
    text = Text(lang)
    doubts = (*refused(workbook, text), *made.doubts)
    add_doubts(workbook, made.instance, doubts, text, PART)
    out.parent.mkdir(parents=True, exist_ok=True)
    save_workbook(workbook, out)
    return AscImport(Exit.OK, out, asc, made.instance, doubts)


# --- a plan that was changed in aSc ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AscReturned:
    """A plan with the times that the file gives its lessons; not written where ``report`` has violations.

    ``gone`` are lessons that stand nowhere in the file, ``moved`` those at another time or in another room, ``foreign`` cards of no lesson of the
    plan.
    """

    exit: Exit
    out: Path
    plan: Plan
    report: Report
    moved: int
    gone: int
    foreign: int


def return_asc(file: Path, workbook: Path, plan_path: Path, out: Path, policy: str = "") -> AscReturned:
    """Read the times of ``file`` into the plan that it was exported from, check them, and write the plan to ``out``.

    Raises
    ------
    InputError
        a file cannot be understood, or none of its lessons is of the plan
    OutputRefusedError
        ``out`` exists already, or is no .json
    """
    refuse_folder(out)
    refuse_other_ending(out, ".json")
    if out.exists():
        raise OutputRefusedError("exists", out)
    from scheduler.formats.asc import read_asc
    from scheduler.formats.asc.returning import foreign_cards, lessons_of
    from scheduler.formats.json import read_plan, write_plan

    asc, plan = read_asc(file), read_plan(plan_path)
    case = open_under(workbook, plan.policy, LawChoice(policy)).case
    refuse_other_plan(case, plan, workbook, plan_path)
    read = {npsn: lessons for npsn in case.schools if (lessons := lessons_of(asc, case, plan, npsn))}
    if not read:
        raise InputError([Problem("export.asc_of_no_plan", file.name, facts={"value": plan_path.name})])
    school = max(read, key=lambda npsn: len(read[npsn]))  # a file is of one school; a class 7A is in every one
    back, before = read[school], {lesson for lesson in plan.lessons if lesson.school == school and lesson.rombels}
    others = tuple(lesson for lesson in plan.lessons if lesson not in before)
    changed = plan if set(back) == before else with_lessons(plan, others + back)
    report = check(case, changed)
    changed = replace(changed, levels=tuple(level_now(level, report) for level in changed.levels), workbook_sha256="")
    report = check(case, changed)
    if not report.violations:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_plan(changed, out)
    gone = max(0, len(before) - len(back))
    foreign = foreign_cards(asc, case, plan)
    code = Exit.REFUSED if report.violations else Exit.OK
    return AscReturned(code, out, changed, report, len(before - set(back)) - gone, gone, foreign)


def with_lessons(plan: Plan, lessons: tuple[Lesson, ...]) -> Plan:
    """The plan with another week, of which nothing is proved."""
    return replace(plan, lessons=lessons, status=replace(plan.status, timetable=Status.FEASIBLE), rest_kept=False)


def level_now(level: Level, report: Report) -> Level:
    """A level of the week with its value of today; what was proved holds where the value is the same."""
    value = report.levels.get(level.name, level.value)
    if level.name not in (*WEEK_LEVELS, WEEK_WISHES) or value == level.value:
        return level
    return Level(level.name, value, None, False)
