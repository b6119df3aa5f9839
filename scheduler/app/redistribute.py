"""``redistribute``: the cheapest transfers that make more teachers valid, as a table, as JSON, and put into a new workbook."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scheduler.app.exits import Exit
from scheduler.app.interrupt import stopping
from scheduler.app.outputs import OutputRefusedError, refuse_file, refuse_folder, refuse_input, refuse_other_ending, refuse_unwritable, refuse_week
from scheduler.app.plan import say_nothing
from scheduler.app.source import AS_IN_FILE, LawChoice, Opened, open_case, open_under
from scheduler.app.verify import refuse_other_plan
from scheduler.counting.week import findings
from scheduler.domain.plan import Level, Plan, SolverUsed, Status
from scheduler.domain.problem import Problem
from scheduler.domain.rules import Part
from scheduler.domain.solving import Listener, SolveOptions, silent
from scheduler.errors import InputError
from scheduler.formats.files import write_bytes
from scheduler.formats.json import read_plan
from scheduler.report.text import Text
from scheduler.verify.check import check

if TYPE_CHECKING:
    from scheduler.diagnose.transfers import Redistribution

TABLE, RECORD, PLAN = "redistribusi.xlsx", "redistribusi.json", "plan.json"

DEFAULT_SECONDS = 300.0

EXITS: Final[Mapping[Status, Exit]] = {
    Status.OPTIMAL: Exit.OK,
    Status.FEASIBLE: Exit.OK,
    Status.UNKNOWN: Exit.NO_PLAN_YET,
    Status.INFEASIBLE: Exit.IMPOSSIBLE,
}


@dataclass(frozen=True, slots=True)
class TransferWishes:
    """``make`` more valid teachers (None: as many as possible) with ``at_most`` so many transfers (None: any number).

    ``before`` is a plan of the district as it is, None = it is divided first. ``apply`` is the new workbook with the transfers in place, None = none.
    """

    make: int | None = None
    at_most: int | None = None
    before: Path | None = None
    apply: Path | None = None
    law: LawChoice = AS_IN_FILE
    options: SolveOptions = field(default_factory=SolveOptions)
    lang: str = "id"
    listener: Listener = silent
    on_stop: Callable[[], None] = say_nothing


@dataclass(frozen=True, slots=True)
class Redistributed:
    """What came of it; without ``found`` there is nothing to show."""

    exit: Exit
    opened: Opened
    found: Redistribution | None = None
    files: tuple[Path, ...] = ()


def redistribute_file(path: Path, folder: Path, wishes: TransferWishes) -> Redistributed:
    """Search, check and write.

    Exit OK only where as many teachers as asked become valid; NO_PLAN_YET where the set found makes fewer valid (it is written all the same),
    IMPOSSIBLE where there are not so many to become valid. With ``apply`` the division of work after the transfers is written as a plan of the new
    workbook, so that ``scheduler verify`` can be asked.

    Raises
    ------
    InputError
        neither ``make`` nor ``at_most`` is given, a file cannot be understood, or the checker refuses the plan's division of work
    OutputRefusedError
        ``folder`` is a file or has a plan with a timetable, or the new workbook exists, is the input, or is not an .xlsx
    """
    if wishes.make is None and wishes.at_most is None:
        raise InputError([Problem("district.no_goal", "--make")])
    refuse_file(folder)
    if wishes.apply is not None:
        refuse_input(wishes.apply, path)
        refuse_folder(wishes.apply)
        refuse_other_ending(wishes.apply, ".xlsx")
        if wishes.apply.exists():
            raise OutputRefusedError("exists", wishes.apply)
        refuse_week(folder / PLAN)
    opened, before = with_plan(path, wishes)
    if any(finding.hard and finding.part is Part.WORKLOAD for finding in findings(opened.case)):
        return Redistributed(Exit.IMPOSSIBLE, opened)
    refuse_unwritable(folder)

    from scheduler.diagnose.transfers import Goal, redistribute
    from scheduler.report.excel.transfers import write_transfers_workbook

    options = wishes.options if wishes.options.seconds else replace(wishes.options, seconds=DEFAULT_SECONDS)
    with stopping(options.stop, wishes.on_stop):
        found = redistribute(opened.case, Goal(wishes.make, wishes.at_most), options, wishes.listener, before)
    if found is None:
        return Redistributed(Exit.NO_PLAN_YET, opened)
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / TABLE, folder / RECORD]
    text = Text(wishes.lang)
    write_transfers_workbook(opened.case, found.transfers, summary(found, text), written[0], text)
    write_bytes((json.dumps(record(opened, found), ensure_ascii=False, indent=1) + "\n").encode(), written[1])
    if wishes.apply is not None:
        write_moved(opened, found, wishes.apply)
        write_division(found, wishes.apply, options, folder / PLAN)
        written += [wishes.apply, folder / PLAN]
    return Redistributed(EXITS[found.status], opened, found, tuple(written))


def with_plan(path: Path, wishes: TransferWishes) -> tuple[Opened, Plan | None]:
    """The district, and its division of work as it is where a plan of it is given."""
    if wishes.before is None:
        return open_case(path, wishes.law), None
    plan = read_plan(wishes.before)
    opened = open_under(path, plan.policy, wishes.law)
    refuse_other_plan(opened.case, plan, path, wishes.before)
    plan = replace(plan, lessons=(), teachers=(), violations=(), status=replace(plan.status, timetable=Status.UNKNOWN))
    refused = [violation.rule for violation in check(opened.case, replace(plan, levels=())).violations]
    if refused or not plan.assignments:
        raise InputError([Problem("district.plan_refused", wishes.before.name, facts={"count": len(refused)})])
    return opened, plan


def record(opened: Opened, found: Redistribution) -> Mapping[str, Any]:
    """The set with its value and bound, as ``redistribusi.json`` has it."""
    case = opened.case
    return {
        "policy": case.policy.id,
        "status": found.status.value,
        "wanted": found.goal.wanted,
        "at_most": found.goal.at_most,
        "valid_before": found.before,
        "valid_before_bound": found.before_most,
        "valid_after": found.after,
        "valid_after_bound": found.after_most,
        "enough": found.enough,
        "cost": found.cost,
        "bound": found.bound,
        "proved": found.proved,
        "tried": found.tried,
        "finished": found.finished,
        "transfers": [asdict(transfer) for transfer in found.transfers],
    }


def summary(found: Redistribution, text: Text) -> list[str]:
    """What the set reaches, and what is proved of it, in words."""
    facts = {"before": found.before, "after": found.after, "gained": found.after - found.before, "count": len(found.transfers), "cost": found.cost}
    if found.goal.wanted is None:
        lines = [text.say("district.most_found", **facts, at_most=found.goal.at_most or 0)]
        lines.append(text.say("district.most_proved" if found.proved else "district.most_open", most=found.after_most))
    elif found.status is Status.INFEASIBLE:
        lines = [text.say("district.impossible_number", before=found.before, wanted=found.goal.wanted, most=found.after_most)]
    elif not found.enough:
        lines = [text.say("district.not_reached", **facts, wanted=found.goal.wanted)]
    else:
        lines = [text.say("district.reached", **facts, wanted=found.goal.wanted)]
        kind = "cost_proved" if found.proved else "cost_open" if found.bound else "cost_unknown"
        lines.append(text.say(f"district.{kind}", cost=found.cost, bound=found.bound))
    if found.before_most > found.before:
        lines.append(text.say("district.before_open", before=found.before, most=found.before_most))
    if not found.finished:
        lines.append(text.say("district.time_over", tried=found.tried))
    return lines


def write_moved(opened: Opened, found: Redistribution, path: Path) -> None:
    """The workbook with every transfer in place."""
    from scheduler.diagnose.edits import applied
    from scheduler.formats.workbook_writer import write_workbook

    path.parent.mkdir(parents=True, exist_ok=True)
    write_workbook(applied(opened.case.instance, [transfer.edit for transfer in found.transfers]), path)


def write_division(found: Redistribution, book: Path, options: SolveOptions, path: Path) -> None:
    """The division of work after the transfers as a plan of the new workbook, without a week."""
    from scheduler.formats.json import instance_sha256, write_plan
    from scheduler.formats.workbook import read_workbook

    case, plan = found.division.case, found.division.plan
    report = check(case, plan)
    levels = tuple(Level(name, value, None, False) for name, value in report.levels.items())
    solver = SolverUsed(version=version("ortools"), seed=options.seed, workers=options.workers)
    plan = replace(plan, instance_sha256=instance_sha256(read_workbook(book)[0]), levels=levels, teachers=report.loads, solver=solver)
    write_plan(plan, path)
