"""The marked copy that ``check`` leaves beside a workbook with something wrong in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scheduler.counting.finding import Finding
from scheduler.domain.problem import Problem, Severity
from scheduler.report.text import Text

if TYPE_CHECKING:
    from scheduler.app.source import Opened
    from scheduler.report.excel.corrected import Remark

ENDINGS: Final = (".xlsx", ".xlsm")

SUFFIX: Final = re.compile(r"_diperiksa(-\d+)?$")


def mark_problems(path: Path, problems: Sequence[Problem], text: Text) -> Path | None:
    """Write the copy of a workbook that could not be understood; returns where it is, or None where there is no workbook to mark.

    Raises
    ------
    OSError
        the folder cannot be written to
    """
    own = [problem for problem in problems if problem.file in ("", path.name)]
    return write_copy(path, list(problem_remarks(own, text)), text) if own and path.is_file() else None


def mark_findings(opened: Opened, findings: Sequence[Finding], text: Text) -> Path | None:
    """Write the copy of a workbook that was understood, but whose hours leave no plan."""
    from scheduler.report.excel.corrected import Remark, Weight

    remarks: list[Remark] = []
    for finding in findings:
        sheet, cell = place_of(opened, finding)
        weight = Weight.IMPOSSIBLE if finding.hard else Weight.NOTE
        remarks.append(Remark(sheet, cell, one_line(text.say(f"findings.{finding.kind}", **finding.facts)), weight))
    return write_copy(opened.path, [*remarks, *problem_remarks(opened.notes, text)], text)


def problem_remarks(problems: Iterable[Problem], text: Text) -> Iterator[Remark]:
    from scheduler.report.excel.corrected import Remark, Weight

    for problem in problems:
        weight = Weight.NOTE if problem.severity is Severity.NOTE else Weight.WRONG
        yield Remark(problem.sheet, problem.cell, one_line(text.say(problem.text_key, **problem.facts)), weight)


def one_line(sentence: str) -> str:
    return " ".join(sentence.split())


def place_of(opened: Opened, finding: Finding) -> tuple[str, str]:
    """Sheet and cell of the class or teacher that a finding is about; nothing where it is about neither."""
    instance, facts = opened.case.instance, finding.facts
    rombels = ((f"rombels[{i}].name", (r.school, r.name)) for i, r in enumerate(instance.rombels))
    teachers = ((f"teachers[{i}].code", t.code) for i, t in enumerate(instance.teachers))
    wanted = (facts.get("npsn"), facts.get("rombel"))
    path = next((path for path, rombel in rombels if rombel == wanted), "")
    path = path or next((path for path, code in teachers if code == facts.get("teacher")), "")
    sheet, _, cell = opened.place(path).partition("!") if path else ("", "", "")
    return sheet, cell


def write_copy(path: Path, remarks: Sequence[Remark], text: Text) -> Path | None:
    if path.suffix.lower() not in ENDINGS:
        return None
    from scheduler.report.excel.corrected import write_corrected

    target = copy_path(path)
    write_corrected(path, target, remarks, text)
    return target


def copy_path(path: Path) -> Path:
    """``sekolah_diperiksa.xlsx`` beside the file, or with a number: never the file itself, and never one that somebody has worked in."""
    from scheduler.report.excel.corrected import is_untouched_copy

    stem, number = SUFFIX.sub("", path.stem), 1
    while True:
        target = path.with_name(f"{stem}_diperiksa{f'-{number}' if number > 1 else ''}.xlsx")
        if not target.exists() or (not target.samefile(path) and is_untouched_copy(target)):
            return target
        number += 1
