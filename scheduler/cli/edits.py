"""``verify FILE rencana.xlsx`` and ``plan FILE --from rencana.xlsx --keep``: a plan's workbook that was changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.app.exits import Exit
from scheduler.cli import show_edits
from scheduler.cli.making import output
from scheduler.cli.options import Decorator, option
from scheduler.report.text import Text

if TYPE_CHECKING:
    from scheduler.app.plan import Wishes

PLAN_WORKBOOKS = (".xlsx", ".xlsm")


def tell_edits(text: Text, file: Path, workbook: Path, strict: bool, policy: str, as_json: bool) -> Exit:
    from scheduler.app.edits import verify_edits

    verified = verify_edits(file, workbook, strict, policy)
    output(show_edits.edits_verified_lines(text, verified), show_edits.edits_verified_data(text, verified) if as_json else None)
    return verified.exit


def keep_option(text: Text) -> Decorator[Any]:
    return option(text, "--keep", "keep", key="keep", is_flag=True)


def keep_wanted(text: Text, settings: Mapping[str, Any]) -> bool:
    """Whether edits are to be kept; without a workbook, or together with a part of the week, that is wrong usage."""
    if not settings["keep"]:
        return False
    former = settings["former"]
    if former is None or former.suffix.lower() not in PLAN_WORKBOOKS:
        raise click.UsageError(text.say("edits.keep_needs_workbook"), click.get_current_context())
    if any(settings[name] for name in ("only_class", "only_teacher", "only_day")):
        raise click.UsageError(text.say("edits.keep_or_part"), click.get_current_context())
    return True


def refuse_workbook(text: Text, former: Path | None) -> None:
    """A workbook in place of a plan.json says nothing without --keep."""
    if former is not None and former.suffix.lower() in PLAN_WORKBOOKS:
        raise click.UsageError(text.say("edits.keep_needed"), click.get_current_context())


def tell_kept(text: Text, file: Path, folder: Path, wishes: Wishes, workbook: Path, as_json: bool) -> Exit:
    from scheduler.app.keep import make_kept_plan

    kept = make_kept_plan(file, folder, wishes, workbook)
    output(show_edits.kept_lines(text, kept), show_edits.kept_data(text, kept) if as_json else None)
    return kept.planned.exit
