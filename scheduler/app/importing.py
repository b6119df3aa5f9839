"""``import``: files of other programs become problems that the engine solves and files that it writes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.app.exits import Exit
from scheduler.app.outputs import OutputRefusedError, refuse_folder, refuse_input, refuse_other_ending

if TYPE_CHECKING:
    from scheduler.formats.fet import FetFile


@dataclass(frozen=True, slots=True)
class Imported:
    """A file of FET that was read and written as an XHSTT archive; ``beyond`` names the rules in it that plain XHSTT has no type for."""

    fet: FetFile
    out: Path
    beyond: tuple[str, ...]
    exit: Exit


def import_fet(file: Path, out: Path, strict: bool = False) -> Imported:
    """Read ``file`` and write its problem to ``out``.

    Raises
    ------
    InputError
        the file is none of FET's
    OutputRefusedError
        ``out`` is the file that is read, not an .xml, or exists already
    OSError
        one of them cannot be read or written
    """
    refuse_folder(out)
    refuse_other_ending(out, ".xml")
    refuse_input(out, file)
    if out.exists():
        raise OutputRefusedError("exists", out)  # it may hold timetables that took hours
    from scheduler.domain import timetabling
    from scheduler.formats.fet import read_fet
    from scheduler.formats.xhstt import write_xhstt
    from scheduler.formats.xhstt_constraints import BY_KIND, OURS

    fet = read_fet(file)
    kinds = {type(constraint) for constraint in fet.problem.constraints}
    beyond = {kind.__name__ for kind in kinds if BY_KIND[kind][0] in OURS}
    if any(isinstance(constraint, timetabling.LinkEvents) and constraint.starts_only for constraint in fet.problem.constraints):
        beyond.add("starts_only")
    out.parent.mkdir(parents=True, exist_ok=True)
    write_xhstt(out, fet.problem, file.stem)
    return Imported(fet, out, tuple(sorted(beyond)), Exit.NOT_UNDERSTOOD if strict and fet.unknown else Exit.OK)
