"""``absent``: who takes over for a teacher who is away on a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scheduler.app.exits import Exit
from scheduler.app.outputs import OutputRefusedError, refuse_folder, refuse_input, refuse_other_ending
from scheduler.app.verify import Verified, verify_files
from scheduler.domain.absence import Proposal
from scheduler.domain.problem import Problem
from scheduler.errors import InputError


@dataclass(frozen=True, slots=True)
class Absent:
    """``proposals`` are empty where the teacher has no lesson on the day, or the checker refuses the plan (see ``exit``); ``file`` was written."""

    exit: Exit
    verified: Verified
    teacher: str
    day: date
    proposals: tuple[Proposal, ...] = ()
    file: Path | None = None


def substitutes(path: Path, plan_path: Path, teacher: str, day: date, out: Path | None = None, lang: str = "id", policy: str = "") -> Absent:
    """Every lesson of the teacher on the date with who can take it, the whole day at the least change; a workbook for the notice board if wanted.

    Raises
    ------
    InputError
        the files cannot be understood, the plan has no week, or the teacher is unknown
    OutputRefusedError
        ``out`` is one of the files that are read, a folder, no .xlsx, or a file that is no workbook of substitutes
    """
    if out is not None:
        refuse_folder(out)
        refuse_other_ending(out, ".xlsx")
        refuse_input(out, path)
        refuse_other_workbook(out)
    verified = verify_files(path, plan_path, policy=policy)
    case, plan = verified.opened.case, verified.plan
    code = next((known for known in case.teachers if known.casefold() == teacher.strip().casefold()), None)
    if code is None:
        raise InputError([Problem("absent.unknown_teacher", sheet="--teacher", facts={"value": teacher, "known": ", ".join(case.teachers)})])
    if not plan.lessons:
        raise InputError([Problem("absent.no_week", plan_path.name)])
    if verified.exit is not Exit.OK:
        return Absent(verified.exit, verified, code, day)

    from scheduler.timetable.absence import proposals

    found = proposals(case, plan, code, day)
    if out is not None and found:
        from scheduler.report.excel.absent import write_substitutes
        from scheduler.report.text import Text

        write_substitutes(case, plan, code, day, found, out, Text(lang))
    return Absent(Exit.OK, verified, code, day, found, out if found else None)


def refuse_other_workbook(path: Path) -> None:
    """Refuse to replace a file that is no workbook of substitutes: the plan's own rencana.xlsx, for one."""
    if path.exists():
        from scheduler.report.excel.absent import is_substitutes

        if not is_substitutes(path):
            raise OutputRefusedError("not_substitutes", path)
