"""``scheduler import``: files of other programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.app.exits import Exit
from scheduler.cli.making import command, output
from scheduler.cli.options import file_argument, json_option, option
from scheduler.cli.speaking import SpeakingGroup
from scheduler.report.text import Text

if TYPE_CHECKING:
    from scheduler.app.importing import Imported


def import_command(text: Text) -> click.Command:
    @command(text, "import", cls=SpeakingGroup, invoke_without_command=True)
    @click.pass_context
    def import_(ctx: click.Context) -> None:
        if ctx.invoked_subcommand is None:
            click.echo(ctx.get_help())

    import_.add_command(fet_command(text))  # type: ignore[attr-defined]
    return import_


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
    yield text.say("fet.not_understood", count=sum(unknown.times for unknown in imported.fet.unknown))
    for unknown in imported.fet.unknown:
        yield "  " + text.say("fet.unknown", element=unknown.element, times=unknown.times, why=text.say(f"fet.why_{unknown.why}"))


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
