"""``scheduler check``: what is wrong with a workbook, on the screen and in a marked copy of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import click

from scheduler.app.exits import Exit
from scheduler.cli import show
from scheduler.cli.making import command, output
from scheduler.cli.options import file_argument, json_option, law_options, option
from scheduler.cli.speaking import tell_problems
from scheduler.errors import InputError
from scheduler.report.text import Text


def check_command(text: Text) -> click.Command:
    @command(text, "check")
    @file_argument(text)
    @law_options(text)
    @option(text, "--no-copy", "no_copy", key="no_copy", is_flag=True)
    @json_option(text)
    def check(file: Path, policy: str, overrides: Iterable[tuple[str, str]], no_copy: bool, as_json: bool) -> Exit:
        from scheduler.app.check import check_file
        from scheduler.app.corrected import mark_findings, mark_problems
        from scheduler.app.source import LawChoice

        wanted = not (no_copy or as_json)
        try:
            checked = check_file(file, LawChoice(policy, dict(overrides)))
        except InputError as error:
            problems = error.problems
            code = tell_problems(text, error, as_json)
            tell_copy(text, file, wanted, lambda: mark_problems(file, problems, text))
            return code
        output(show.checked_lines(text, checked), show.checked_data(text, checked) if as_json else None)
        tell_copy(text, file, wanted and bool(checked.exit), lambda: mark_findings(checked.opened, checked.findings, text))
        return checked.exit

    return check


def tell_copy(text: Text, file: Path, wanted: bool, write: Callable[[], Path | None]) -> None:
    """Where the marked copy is, or why there is none; it never changes what the check came to."""
    if not wanted:
        return
    try:
        target = write()
    except OSError as error:
        click.echo(text.say("corrected.not_written", file=file, reason=error.strerror or type(error).__name__), err=True)
        return
    if target is not None:
        click.echo(text.say("corrected.written", file=target), err=True)
