"""``scheduler import asc``: a timetable of aSc becomes a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.app.exits import Exit
from scheduler.cli.making import command, output
from scheduler.cli.options import file_argument, json_option, option
from scheduler.report.text import Text

if TYPE_CHECKING:
    from scheduler.app.import_asc import AscImport


def asc_command(text: Text) -> click.Command:
    @command(text, "asc", key="import_asc")
    @file_argument(text, "file", "FILE.xml")
    @option(text, "-o", "out", key="asc_workbook", type=click.Path(path_type=Path), required=True, metavar="OUT.xlsx")
    @option(text, "--npsn", key="asc_npsn", metavar="NPSN", default="")
    @option(text, "--school", key="asc_school", metavar="NAME", default="")
    @option(text, "--lock", "locked", key="asc_lock", is_flag=True)
    @json_option(text)
    def asc(file: Path, out: Path, npsn: str, school: str, locked: bool, as_json: bool) -> Exit:
        from scheduler.app.import_asc import import_asc

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
