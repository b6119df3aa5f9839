"""A plan's workbook that people have changed, read back: ``verify FILE rencana.xlsx``, and what ``plan --keep`` begins with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scheduler.app.derived import copies_changed
from scheduler.app.exits import Exit, verified
from scheduler.app.plan_files import PLAN_FILE, file_sha256
from scheduler.app.source import LawChoice, Opened, open_case, open_under
from scheduler.domain.edits import Edit
from scheduler.domain.plan import DutyHolding, Plan, PlanStatus, PolicyUsed, Status
from scheduler.domain.problem import Problem
from scheduler.errors import InputError
from scheduler.formats.json import instance_sha256, read_plan
from scheduler.formats.rencana.reading import ReadBack, read_back
from scheduler.policy.case import Case, NeedKind
from scheduler.report.rencana_words import cell_text, vocabulary
from scheduler.report.text import Text
from scheduler.verify.check import Report, check
from scheduler.verify.hours import counted_jtm
from scheduler.verify.levels import partner_teachers
from scheduler.verify.reading import Reading
from scheduler.verify.record import missing_records
from scheduler.verify.week import Week


@dataclass(frozen=True, slots=True)
class Edited:
    """A workbook as a plan. ``former`` is the plan.json beside it, None where there is none; ``plan`` is that very plan where nothing was changed.

    ``hour_places`` and ``taught_places`` say in which cells a need stands. ``notes`` are sheets that differ and are not read.
    """

    path: Path
    plan: Plan
    former: Plan | None
    edits: tuple[Edit, ...]
    hour_places: Mapping[tuple[str, str, int], Sequence[str]]
    taught_places: Mapping[str, Sequence[str]]
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class EditsVerified:
    """``before`` is the report of the plan that the workbook was written from."""

    exit: Exit
    opened: Opened
    edited: Edited
    report: Report
    before: Report | None
    same_instance: bool


def is_plan_workbook(path: Path) -> bool:
    return path.suffix.lower() in (".xlsx", ".xlsm")


def verify_edits(path: Path, workbook: Path, strict: bool = False, policy: str = "") -> EditsVerified:
    """Read a plan's workbook, and check what it says against its file.

    Raises
    ------
    InputError
        a file cannot be understood, each cell with its Problem
    """
    opened, edited = open_edited(path, workbook, LawChoice(policy))
    case, former = opened.case, edited.former
    report = check(case, edited.plan)
    if former is not None and not edited.edits:
        report = replace(report, violations=(*report.violations, *missing_records(former)))
    code = Exit.REFUSED if report.violations else verified(report.loads, strict)
    before = check(case, former) if former is not None and edited.edits else None
    same = former is None or instance_sha256(case.instance) == former.instance_sha256
    return EditsVerified(code, opened, edited, report, before, same)


def open_edited(path: Path, workbook: Path, choice: LawChoice) -> tuple[Opened, Edited]:
    """The file, under the law of the plan beside the workbook, and the workbook read back."""
    beside = workbook.with_name(PLAN_FILE)
    former = read_plan(beside) if beside.is_file() else None
    opened = open_case(path, choice) if former is None else open_under(path, former.policy, choice)
    return opened, read_edited(opened.case, workbook, former)


def read_edited(case: Case, workbook: Path, former: Plan | None) -> Edited:
    """The workbook as a plan.

    Raises
    ------
    InputError
        it cannot be read without its plan.json, a cell cannot be understood, or a copy of what is read was changed
    """
    plan, read = read_sheets(case, workbook, former)
    notes: tuple[Problem, ...] = ()
    if former is not None and file_sha256(workbook) != former.workbook_sha256:
        notes = copies_changed(case, former, plan, read)
    return Edited(workbook, plan, former, read.edits, read.hour_places, read.taught_places, notes)


def read_sheets(case: Case, workbook: Path, former: Plan | None) -> tuple[Plan, ReadBack]:
    """The three sheets that count, and the plan that they show."""
    if former is None:
        refuse_without_plan(case, workbook)
    used = PolicyUsed(case.policy.id, dict(case.policy.overrides), case.law.linearity.id)
    known = former or Plan(used, "", PlanStatus(Status.FEASIBLE, Status.UNKNOWN), (), (), ())
    week = Week(Reading(case, known))
    read = read_back(workbook, case, former, vocabulary(case, known), week.timetabled, cell_text(case, known, Text()))
    return former if former is not None and not read.edits else plan_of(case, known, read), read


def refuse_without_plan(case: Case, workbook: Path) -> None:
    """What the sheets do not show is known from plan.json alone: rooms, hours at schools without classes, what partner schools reach alone."""
    hidden = any(room.subjects for room in case.instance.rooms) or partner_teachers(case)
    if hidden or any(need.kind is NeedKind.OPEN_HOURS for need in case.needs):
        raise InputError([Problem("edits.without_plan_file", workbook.name)])


def plan_of(case: Case, known: Plan, read: ReadBack) -> Plan:
    """The plan that the sheets show, with what duties count; nothing is recorded of it yet."""
    plan = replace(
        known,
        instance_sha256=instance_sha256(case.instance),
        workbook_sha256="",
        status=PlanStatus(Status.FEASIBLE, Status.FEASIBLE if read.lessons else Status.UNKNOWN),
        levels=(),
        teachers=(),
        violations=(),
        weekly_cuts=(),
        priority_proved=False,
        rest_kept=False,
        assignments=read.assignments,
        duties=read.duties,
        lessons=read.lessons,
    )
    return replace(plan, duties=counted(case, plan))


def counted(case: Case, plan: Plan) -> tuple[DutyHolding, ...]:
    hours = counted_jtm(Reading(case, plan))
    return tuple(replace(duty, counted_jtm=hours.get(row, 0)) for row, duty in enumerate(plan.duties))
