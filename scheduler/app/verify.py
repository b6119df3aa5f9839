"""``verify``: the checker alone, without a solver."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from scheduler.app.exits import Exit, verified
from scheduler.app.plan_files import Pair, pair_of
from scheduler.app.source import LawChoice, Opened, open_under
from scheduler.domain.plan import Plan
from scheduler.domain.problem import Problem
from scheduler.errors import InputError
from scheduler.formats.json import instance_sha256, read_plan
from scheduler.policy.case import Case
from scheduler.verify.check import Report, check
from scheduler.verify.record import missing_records


@dataclass(frozen=True, slots=True)
class Verified:
    """``same_instance`` is False where the file has changed since the plan was made."""

    exit: Exit
    opened: Opened
    plan: Plan
    report: Report
    pair: Pair
    same_instance: bool


def verify_files(path: Path, plan_path: Path, strict: bool = False, policy: str = "") -> Verified:
    """Check a plan against its file, under the ruleset and the numbers that the plan names; and its workbook against the plan.

    ``policy`` says where the plan's ruleset is, if it is neither shipped nor the one of the file's Pengaturan.

    Raises
    ------
    InputError
        a file cannot be understood, or the plan was made for another one
    """
    plan = read_plan(plan_path)
    opened = open_under(path, plan.policy, LawChoice(policy))
    refuse_other_plan(opened.case, plan, path, plan_path)
    report = check(opened.case, plan)
    report = replace(report, violations=(*report.violations, *missing_records(plan)))
    pair = pair_of(plan, plan_path)
    if pair is Pair.MIXED:
        code = Exit.NOT_UNDERSTOOD
    elif report.violations:
        code = Exit.REFUSED
    else:
        code = verified(report.loads, strict)
    return Verified(code, opened, plan, report, pair, instance_sha256(opened.case.instance) == plan.instance_sha256)


def refuse_other_plan(case: Case, plan: Plan, path: Path, plan_path: Path) -> None:
    """A plan of which most needs are unknown here belongs to another file: one sentence says more than a Violation for every row."""
    unknown = sum(row.need not in case.need for row in plan.assignments)
    if 2 * unknown > len(plan.assignments):
        facts: dict[str, str | int] = {"value": path.name, "unknown": unknown, "count": len(plan.assignments)}
        raise InputError([Problem("cli.plan_of_other_file", plan_path.name, facts=facts)])
