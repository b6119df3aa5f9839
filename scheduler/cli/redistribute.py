"""``scheduler redistribute``: which teachers to move to which schools, so that more of them are valid."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.cli.making import command, output
from scheduler.cli.options import ExistingFile, Whole, default_workers, file_argument, json_option, law_options, option, search_options
from scheduler.cli.progress import ProgressPrinter
from scheduler.report.text import Text

if TYPE_CHECKING:
    from scheduler.app.exits import Exit
    from scheduler.app.redistribute import Redistributed


def redistribute_command(text: Text) -> click.Command:
    @command(text, "redistribute")
    @file_argument(text)
    @option(text, "--make", key="redistribute_make", type=Whole(text, 1), metavar="K")
    @option(text, "--at-most", "at_most", key="redistribute_at_most", type=Whole(text, 1), metavar="N")
    @option(text, "-o", "out", key="redistribute_out", type=click.Path(path_type=Path), required=True, metavar="DIR")
    @option(text, "--from", "before", key="redistribute_from", type=ExistingFile(text), metavar="PLAN.json")
    @option(text, "--apply", "apply", key="redistribute_apply", type=click.Path(path_type=Path), metavar="NEW.xlsx")
    @law_options(text)
    @search_options(text, "redistribute_time_limit")
    @json_option(text)
    def redistribute(
        file: Path, make: int | None, at_most: int | None, before: Path | None, out: Path, apply: Path | None, as_json: bool, **settings: Any
    ) -> Exit:
        from scheduler.app.redistribute import TransferWishes, record, redistribute_file
        from scheduler.app.source import LawChoice
        from scheduler.domain.solving import SolveOptions

        options = SolveOptions(seconds=settings["time_limit"], workers=settings["workers"] or default_workers(), seed=settings["seed"])
        law = LawChoice(settings["policy"], dict(settings["overrides"]))
        printer = ProgressPrinter(text)
        wishes = TransferWishes(make, at_most, before, apply, law, options, text.lang, printer, printer.stopping)
        done = redistribute_file(file, out, wishes)
        data = None if not as_json else {"exit_code": int(done.exit), **({} if done.found is None else record(done.opened, done.found))}
        output(lines(text, done), data)
        return done.exit

    return redistribute


def lines(text: Text, done: Redistributed) -> Iterator[str]:
    from scheduler.app.exits import Exit
    from scheduler.app.redistribute import summary

    if done.found is None:
        yield text.say("district.impossible" if done.exit is Exit.IMPOSSIBLE else "district.nothing_in_time")
        return
    case = done.opened.case
    for transfer in done.found.transfers:
        yield text.say(
            "district.transfer",
            teacher=case.teachers[transfer.teacher].name,
            code=transfer.teacher,
            origin=case.schools[transfer.origin].name,
            destination=case.schools[transfer.destination].name,
            cost=transfer.cost,
        )
    yield from summary(done.found, text)
    for file in done.files:
        yield text.say("cli.written", file=file)
