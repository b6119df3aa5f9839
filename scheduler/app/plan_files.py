"""The pair ``rencana.xlsx`` and ``plan.json``: written so that a kill leaves each whole, and recognised when they do not belong together."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from scheduler.domain.plan import Plan
from scheduler.formats.files import atomic_path
from scheduler.formats.json import write_plan
from scheduler.policy.case import Case

PLAN_FILE = "plan.json"
WORKBOOK_FILE = "rencana.xlsx"
REFUSED_SUFFIX = ".ditolak.json"
FIRST_SUFFIX = ".sementara.json"
FALLBACK_FOLDER = "rencana-baru"
WITHOUT_WEEK_FOLDER = "tanpa-jadwal"
"""For a plan without a week, where the older one beside it has a week."""


class Pair(StrEnum):
    """What a plan file and the workbook beside it are to each other."""

    TOGETHER = "together"
    MIXED = "mixed"
    """the workbook beside the plan is not the one that was written with it"""
    MISSING = "missing"
    """the plan was written with a workbook that is not there"""
    ALONE = "alone"
    """the plan was written without a workbook (``assign``)"""


def pair_of(plan: Plan, plan_path: Path) -> Pair:
    """Compare the workbook beside the plan with the hash that the plan carries."""
    workbook = plan_path.with_name(WORKBOOK_FILE)
    if not plan.workbook_sha256:
        return Pair.ALONE
    if not workbook.is_file():
        return Pair.MISSING
    return Pair.TOGETHER if file_sha256(workbook) == plan.workbook_sha256 else Pair.MIXED


def save_pair(case: Case, plan: Plan, folder: Path, lang: str, former: Plan | None = None, edited: Plan | None = None) -> tuple[Path, Path]:
    """Write both files, in ``folder``, or beside it in FALLBACK_FOLDER where an old one cannot be replaced (open in Excel on Windows).

    Both are complete before the first is renamed, the workbook first: a kill between the two renames leaves a pair that ``verify`` names.
    """
    try:
        return _save_pair(case, plan, folder, lang, former, edited)
    except PermissionError:
        if not folder.joinpath(WORKBOOK_FILE).exists() and not folder.joinpath(PLAN_FILE).exists():
            raise
        fallback = folder / FALLBACK_FOLDER
        fallback.mkdir(exist_ok=True)
        return _save_pair(case, plan, fallback, lang, former, edited)


def _save_pair(case: Case, plan: Plan, folder: Path, lang: str, former: Plan | None, edited: Plan | None) -> tuple[Path, Path]:
    from scheduler.report.excel import write_plan_workbook
    from scheduler.report.text import Text

    plan_path, workbook_path = folder / PLAN_FILE, folder / WORKBOOK_FILE
    with atomic_path(plan_path) as new_plan, atomic_path(workbook_path) as new_workbook:
        write_plan_workbook(case, plan, new_workbook, Text(lang), former, edited)
        write_plan(replace(plan, workbook_sha256=file_sha256(new_workbook)), new_plan)
    return plan_path, workbook_path


def refused_path(plan_path: Path) -> Path:
    """Where a plan goes that the checker refuses: ``plan.ditolak.json`` for ``plan.json``."""
    return plan_path.with_name(plan_path.stem + REFUSED_SUFFIX)


def first_path(plan_path: Path) -> Path:
    """Where a district's plan is kept while its weeks are bettered: ``plan.sementara.json`` for ``plan.json``, gone once that is written."""
    return plan_path.with_name(plan_path.stem + FIRST_SUFFIX)


def file_sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
