"""``scheduler import``: files of other programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.app.exits import Exit
from scheduler.cli.import_asc import asc_command
from scheduler.cli.import_dapodik import dapodik_command
from scheduler.cli.making import command, group, output
from scheduler.cli.options import file_argument, json_option, option
from scheduler.report.text import Text

if TYPE_CHECKING:
    from scheduler.app.importing import Imported
    from scheduler.formats.fet import Unknown


def import_command(text: Text) -> click.Command:
    return group(text, "import", fet_command(text), dapodik_command(text), asc_command(text))


def fet_command(text: Text) -> click.Command:
    @command(text, "fet", key="import_fet")
    @file_argument(text, "file", "FILE.fet")
    @option(text, "-o", "out", key="xhstt_out", type=click.Path(path_type=Path), required=True, metavar="OUT.xml")
    @option(text, "--strict", key="import_strict", is_flag=True)
    @json_option(text)
    def fet(file: Path, out: Path, strict: bool, as_json: bool) -> Exit:
        from scheduler.app.importing import import_fet

        imported = import_fet(file, out, strict)
        output(imported_lines(text, imported), imported_data(imported) if as_json else None)
        return imported.exit

    return fet


def imported_lines(text: Text, imported: Imported) -> Iterator[str]:
    problem = imported.fet.problem
    yield text.say("fet.done", file=imported.out, events=len(problem.events), rules=len(problem.constraints))
    if imported.beyond:
        yield text.say("fet.beyond", rules="; ".join(text.say(f"fet.beyond_{rule}") for rule in imported.beyond))
    if not imported.fet.unknown:
        yield text.say("fet.all_understood")
        return
    yield from unknown_lines(text, imported.fet.unknown)


def unknown_lines(text: Text, rules: Sequence[Unknown]) -> Iterator[str]:
    """What of a FET file was not understood, rule by rule."""
    yield text.say("fet.not_understood", count=sum(rule.times for rule in rules))
    for rule in rules:
        yield "  " + text.say("fet.unknown", element=rule.element, times=rule.times, why=text.say(f"fet.why_{rule.why}"))


def imported_data(imported: Imported) -> Mapping[str, Any]:
    problem = imported.fet.problem
    return {
        "exit_code": int(imported.exit),
        "file": str(imported.out),
        "mode": imported.fet.mode,
        "times": len(problem.times),
        "resources": len(problem.resources),
        "events": len(problem.events),
        "constraints": len(problem.constraints),
        "beyond_xhstt": list(imported.beyond),
        "unknown": [{"element": u.element, "times": u.times, "why": u.why} for u in imported.fet.unknown],
    }
