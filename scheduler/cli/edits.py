"""``verify FILE rencana.xlsx``: a plan's workbook that was changed by hand."""

from __future__ import annotations

from pathlib import Path

from scheduler.app.exits import Exit
from scheduler.cli import show_edits
from scheduler.cli.making import output
from scheduler.report.text import Text

PLAN_WORKBOOKS = (".xlsx", ".xlsm")


def tell_edits(text: Text, file: Path, workbook: Path, strict: bool, policy: str, as_json: bool) -> Exit:
    from scheduler.app.edits import verify_edits

    verified = verify_edits(file, workbook, strict, policy)
    output(show_edits.edits_verified_lines(text, verified), show_edits.edits_verified_data(text, verified) if as_json else None)
    return verified.exit
