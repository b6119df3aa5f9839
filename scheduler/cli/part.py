"""The options of ``plan`` that build only a part of a week anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from scheduler.cli.options import Decorator, chained, option
from scheduler.report.text import Text

if TYPE_CHECKING:
    from scheduler.app.part import PartWanted


def part_options(text: Text) -> Decorator[Any]:
    return chained(
        option(text, "--only-class", "only_class", key="only_class", multiple=True, metavar="ROMBEL"),
        option(text, "--only-teacher", "only_teacher", key="only_teacher", multiple=True, metavar="KODE"),
        option(text, "--only-day", "only_day", key="only_day", multiple=True, metavar="HARI"),
    )


def part_wanted(text: Text, settings: Mapping[str, Any]) -> PartWanted | None:
    """What the options ask for, None where they ask for nothing; a part of nothing is wrong usage."""
    names = settings["only_class"], settings["only_teacher"], settings["only_day"]
    if not any(names):
        return None
    if settings["former"] is None:
        raise click.UsageError(text.say("cli.part_needs_from"), click.get_current_context())
    from scheduler.app.part import PartWanted

    return PartWanted(*names)
