"""``scheduler import asc``: a timetable of aSc becomes a workbook, or a plan that was changed in aSc comes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.app.exits import Exit
from scheduler.cli import show
from scheduler.cli.making import command, output
from scheduler.cli.options import ExistingFile, file_argument, json_option, option
from scheduler.report.text import Text

if TYPE_CHECKING:
    from scheduler.app.import_asc import AscImport, AscReturned


def asc_command(text: Text) -> click.Command:
    @command(text, "asc", key="import_asc")
    @file_argument(text, "file", "FILE.xml")
    @option(text, "-o", "out", key="asc_workbook", type=click.Path(path_type=Path), required=True, metavar="OUT")
    @option(text, "--npsn", key="asc_npsn", metavar="NPSN", default="")
    @option(text, "--school", key="asc_school", metavar="NAME", default="")
    @option(text, "--lock", "locked", key="asc_lock", is_flag=True)
    @option(text, "--into", "into", key="asc_into", type=(ExistingFile(text), ExistingFile(text)), metavar="FILE.xlsx PLAN.json")
    @json_option(text)
    def asc(file: Path, out: Path, npsn: str, school: str, locked: bool, into: tuple[Path, Path] | None, as_json: bool) -> Exit:
        from scheduler.app.import_asc import import_asc, return_asc

        if into is not None:
            if npsn or school or locked:
                raise click.UsageError(text.say("export.asc_into_alone"), click.get_current_context())
            returned = return_asc(file, *into, out)
            output(returned_lines(text, returned, into[0]), returned_data(returned) if as_json else None)
            return returned.exit
        made = import_asc(file, out, npsn.strip(), school.strip(), locked, text.lang)
        output(imported_lines(text, made), imported_data(text, made) if as_json else None)
        return made.exit

    return asc


def imported_lines(text: Text, made: AscImport) -> Iterator[str]:
    instance = made.instance
    counts = {"classes": len(instance.rombels), "teachers": len(instance.teachers), "lessons": len(made.asc.lessons), "cards": len(made.asc.cards)}
    yield text.say("export.asc_imported", file=made.out, school=instance.schools[0].name, **counts)
    yield text.say("export.asc_missing")
    for doubt in made.doubts:
        yield "  - " + text.say(f"export.{doubt.kind}", **doubt.facts)
    yield text.say("export.asc_next", file=made.out)


def imported_data(text: Text, made: AscImport) -> Mapping[str, Any]:
    return {
        "exit_code": int(made.exit),
        "file": str(made.out),
        "classes": len(made.instance.rombels),
        "teachers": len(made.instance.teachers),
        "lessons": len(made.asc.lessons),
        "cards": len(made.asc.cards),
        "unplaced": made.asc.unplaced,
        "doubts": [{"kind": doubt.kind, "sentence": text.say(f"export.{doubt.kind}", **doubt.facts)} for doubt in made.doubts],
    }


def returned_lines(text: Text, made: AscReturned, workbook: Path) -> Iterator[str]:
    yield text.say("export.asc_returned", moved=made.moved, gone=made.gone, foreign=made.foreign)
    if made.report.violations:
        yield text.say("export.asc_not_written", count=len(made.report.violations))
        yield from show.violation_lines(text, made.report.violations)
        return
    yield text.say("export.asc_written", file=made.out, workbook=workbook)


def returned_data(made: AscReturned) -> Mapping[str, Any]:
    return {
        "exit_code": int(made.exit),
        "file": str(made.out) if not made.report.violations else None,
        "moved": made.moved,
        "gone": made.gone,
        "foreign": made.foreign,
        "violations": [{"rule": v.rule, "entities": list(v.entities), "facts": dict(v.facts)} for v in made.report.violations],
    }
