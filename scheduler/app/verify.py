"""``verify``: the checker alone, without a solver."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scheduler.app.exits import Exit, verified
from scheduler.app.plan_files import Pair, pair_of
from scheduler.app.source import LawChoice, Opened, case_under, open_case
from scheduler.domain.plan import Plan
from scheduler.formats.json import instance_sha256, read_plan
from scheduler.verify.check import Report, check


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
    """
    plan = read_plan(plan_path)
    opened = open_case(path, LawChoice(policy, plan.policy.overrides))
    if not policy and opened.case.policy.id != plan.policy.id:
        opened = Opened(path, case_under(opened.case.instance, LawChoice(plan.policy.id, plan.policy.overrides)), opened.notes)
    report = check(opened.case, plan)
    pair = pair_of(plan, plan_path)
    if pair is Pair.MIXED:
        code = Exit.NOT_UNDERSTOOD
    elif report.violations:
        code = Exit.REFUSED
    else:
        code = verified(report.loads, strict)
    return Verified(code, opened, plan, report, pair, instance_sha256(opened.case.instance) == plan.instance_sha256)
