"""``plan`` and ``assign``: precheck, solve, check, write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from scheduler.app.exits import Exit, verified
from scheduler.app.interrupt import stopping
from scheduler.app.outputs import has_week, refuse_folder, refuse_foreign_file, refuse_input, refuse_other_ending, refuse_unwritable
from scheduler.app.plan_files import FALLBACK_FOLDER, PLAN_FILE, WITHOUT_WEEK_FOLDER, WORKBOOK_FILE, first_path, refused_path, save_pair
from scheduler.app.source import AS_IN_FILE, LawChoice, Opened, open_case
from scheduler.counting.finding import Finding
from scheduler.counting.week import findings
from scheduler.domain.plan import Plan, Status, Violation
from scheduler.domain.rules import Part
from scheduler.domain.solving import Listener, SolveOptions, silent
from scheduler.formats.json import read_plan, write_plan
from scheduler.policy.case import Case


def say_nothing() -> None:
    """For who does not want to hear of the first Ctrl+C."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a plan is asked for. ``lang`` is the language of the workbook that is written; ``former`` a plan.json to stay close to."""

    law: LawChoice = AS_IN_FILE
    options: SolveOptions = field(default_factory=SolveOptions)
    strict: bool = False
    lang: str = "id"
    former: Path | None = None
    listener: Listener = silent
    on_stop: Callable[[], None] = say_nothing


@dataclass(frozen=True, slots=True)
class Planned:
    """What came of it.

    ``plan`` is None where there is none, or none that may be shown. ``files`` are those written. ``refused`` are the checker's Violations of a
    plan that was kept aside. ``impossible`` is True where the models proved (or counting found) that the hard rules leave no plan.
    ``kept`` is an older plan with a week, which a new one without a week was written beside. ``part`` is True where only a part was built anew,
    ``former`` the plan it was to stay close to.
    """

    exit: Exit
    opened: Opened
    findings: tuple[Finding, ...]
    plan: Plan | None = None
    files: tuple[Path, ...] = ()
    refused: tuple[Violation, ...] = ()
    impossible: bool = False
    stopped: bool = False
    kept: Path | None = None
    part: bool = False
    former: Plan | None = None


def make_full_plan(path: Path, folder: Path, wishes: Wishes) -> Planned:
    """The main job: ``folder/rencana.xlsx`` and ``folder/plan.json``; with a workload but no week both are written too, and the exit is 75.

    A pair that has a week is never replaced by one that has none: the new pair goes to WITHOUT_WEEK_FOLDER in ``folder``.

    Raises
    ------
    OutputRefusedError
        what would be written is the file that is read, or replaces a file that is not ours
    """
    for within in (folder, folder / FALLBACK_FOLDER, folder / WITHOUT_WEEK_FOLDER):
        refuse_input(within / PLAN_FILE, path)
        refuse_input(within / WORKBOOK_FILE, path)
        refuse_foreign_file(within / PLAN_FILE)
    refuse_input(first_path(folder / PLAN_FILE), path)
    refuse_foreign_file(first_path(folder / PLAN_FILE))

    def save(case: Case, plan: Plan, former: Plan | None) -> tuple[Path, ...]:
        target = folder
        if not plan.lessons and has_week(folder / PLAN_FILE):
            target = folder / WITHOUT_WEEK_FOLDER
            target.mkdir(exist_ok=True)
        return save_pair(case, plan, target, wishes.lang, former)

    planned = _make(path, folder / PLAN_FILE, wishes, save, with_week=True)
    beside = planned.plan is not None and not planned.plan.lessons and has_week(folder / PLAN_FILE)
    return replace(planned, kept=folder / PLAN_FILE) if beside else planned


def make_workload(path: Path, plan_path: Path, wishes: Wishes) -> Planned:
    """The division of work alone: what the week would forbid is a warning.

    Raises
    ------
    OutputRefusedError
        ``plan_path`` is the file that is read, a folder, not a .json, or a file that is not a plan
    """
    refuse_input(plan_path, path)
    refuse_folder(plan_path)
    refuse_other_ending(plan_path, ".json")
    refuse_foreign_file(plan_path)

    def save(case: Case, plan: Plan, former: Plan | None) -> tuple[Path, ...]:
        write_plan(plan, plan_path)
        return (plan_path,)

    return _make(path, plan_path, wishes, save, with_week=False)


def _make(path: Path, plan_path: Path, wishes: Wishes, save: Callable[[Case, Plan, Plan | None], tuple[Path, ...]], with_week: bool) -> Planned:
    opened = open_case(path, wishes.law)
    case = opened.case
    former = read_plan(wishes.former) if wishes.former else None
    found = findings(case)
    if any(finding.hard and (with_week or finding.part is Part.WORKLOAD) for finding in found):
        return Planned(Exit.IMPOSSIBLE, opened, found, impossible=True)
    refuse_unwritable(plan_path.parent)
    plan_path.parent.mkdir(parents=True, exist_ok=True)

    from scheduler.planning import default_seconds, make_plan
    from scheduler.verify.check import check

    options = wishes.options if wishes.options.seconds else replace(wishes.options, seconds=default_seconds(case))

    def save_first(plan: Plan) -> None:
        """What a district's plan is after some minutes is safe from a kill in those that follow."""
        if not plan.violations:
            write_plan(plan, first_path(plan_path))

    with stopping(options.stop, wishes.on_stop):
        plan = make_plan(case, options, wishes.listener, former=former, with_week=with_week, on_first=save_first)
        undecided = Planned(Exit.NO_PLAN_YET, opened, found, stopped=options.stop.is_set())
        if plan.status.workload is Status.INFEASIBLE:
            return replace(undecided, exit=Exit.IMPOSSIBLE, impossible=True)
        if plan.status.workload is Status.UNKNOWN:
            return undecided
        report = check(case, plan, former)
        if report.violations:
            refused = refused_path(plan_path)
            write_plan(replace(plan, violations=report.violations), refused)
            return replace(undecided, exit=Exit.REFUSED, files=(refused,), refused=report.violations)
        files = save(case, plan, former)
        first_path(plan_path).unlink(missing_ok=True)
    no_week = with_week and plan.status.timetable in (Status.UNKNOWN, Status.INFEASIBLE)
    code = Exit.NO_PLAN_YET if no_week else verified(report.loads, wishes.strict)
    return replace(undecided, exit=code, plan=plan, files=files, former=former)
