"""``redistribute``: the cheapest transfers that make more teachers valid, as a table, as JSON, and put into a new workbook."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scheduler.app.exits import Exit
from scheduler.app.interrupt import stopping
from scheduler.app.outputs import OutputRefusedError, refuse_file, refuse_folder, refuse_input, refuse_other_ending
from scheduler.app.plan import say_nothing
from scheduler.app.source import AS_IN_FILE, LawChoice, Opened, open_case
from scheduler.counting.week import findings
from scheduler.domain.rules import Part
from scheduler.domain.solving import Listener, SolveOptions, silent
from scheduler.formats.files import save_workbook, write_bytes
from scheduler.report.text import Text

if TYPE_CHECKING:
    from scheduler.diagnose.transfers import Redistribution

TABLE, RECORD = "redistribusi.xlsx", "redistribusi.json"

DEFAULT_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class TransferWishes:
    """How many more are to be valid, and ``apply``: the new workbook with the transfers in place, None = none is written."""

    make: int
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

    Exit OK only where as many teachers as asked become valid; NO_PLAN_YET where the set found makes fewer valid (it is written all the same).

    Raises
    ------
    OutputRefusedError
        ``folder`` is a file, or the new workbook exists, is the input, or is not an .xlsx
    """
    refuse_file(folder)
    if wishes.apply is not None:
        refuse_input(wishes.apply, path)
        refuse_folder(wishes.apply)
        refuse_other_ending(wishes.apply, ".xlsx")
        if wishes.apply.exists():
            raise OutputRefusedError("exists", wishes.apply)
    opened = open_case(path, wishes.law)
    if any(finding.hard and finding.part is Part.WORKLOAD for finding in findings(opened.case)):
        return Redistributed(Exit.IMPOSSIBLE, opened)

    from scheduler.diagnose.transfers import redistribute

    options = wishes.options if wishes.options.seconds else replace(wishes.options, seconds=DEFAULT_SECONDS)
    with stopping(options.stop, wishes.on_stop):
        found = redistribute(opened.case, wishes.make, options, wishes.listener)
    if found is None:
        return Redistributed(Exit.NO_PLAN_YET, opened)
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / TABLE, folder / RECORD]
    write_table(opened, found, written[0], Text(wishes.lang))
    write_bytes((json.dumps(record(opened, found), ensure_ascii=False, indent=1) + "\n").encode(), written[1])
    if wishes.apply is not None:
        write_moved(opened, found, wishes.apply)
        written.append(wishes.apply)
    return Redistributed(Exit.OK if found.enough else Exit.NO_PLAN_YET, opened, found, tuple(written))


def record(opened: Opened, found: Redistribution) -> Mapping[str, Any]:
    """The set with its value and bound, as ``redistribusi.json`` has it."""
    case = opened.case
    return {
        "policy": case.policy.id,
        "wanted": found.wanted,
        "valid_before": found.before,
        "valid_before_bound": found.before_most,
        "valid_after": found.after,
        "enough": found.enough,
        "cost": found.cost,
        "bound": found.bound,
        "proved": found.proved,
        "tried": found.tried,
        "finished": found.finished,
        "transfers": [asdict(transfer) for transfer in found.transfers],
    }


def write_table(opened: Opened, found: Redistribution, path: Path, text: Text) -> None:
    """One row a transfer, and below what the set reaches and what is proved of it."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = text.say("district.sheet")
    sheet.append([text.say(f"district.head_{name}") for name in ("code", "name", "origin", "destination", "cost")])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    case = opened.case
    for transfer in found.transfers:
        names = [case.schools[npsn].name for npsn in (transfer.origin, transfer.destination)]
        sheet.append([transfer.teacher, case.teachers[transfer.teacher].name, *names, transfer.cost])
    sheet.append([])
    for line in summary(found, text):
        sheet.append([line])
    for column, width in zip("ABCDE", (12, 32, 32, 32, 10), strict=True):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "A2"
    save_workbook(book, path)


def summary(found: Redistribution, text: Text) -> list[str]:
    """What the set reaches, and what is proved of it, in words."""
    facts = {"before": found.before, "after": found.after, "wanted": found.wanted, "count": len(found.transfers), "cost": found.cost}
    lines = [text.say("district.reached" if found.enough else "district.not_reached", **facts)]
    if found.enough:
        lines.append(text.say("district.cost_proved" if found.proved else "district.cost_open", cost=found.cost, bound=found.bound))
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
