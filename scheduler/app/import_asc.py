"""``import asc``: a timetable of aSc becomes a workbook to go on from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.app.exits import Exit
from scheduler.app.import_dapodik import refused
from scheduler.app.outputs import OutputRefusedError, refuse_folder, refuse_input, refuse_other_ending
from scheduler.report.text import Text

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
