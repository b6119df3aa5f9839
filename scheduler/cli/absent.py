"""``scheduler absent``: who takes over for a teacher on a date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.app.exits import Exit
from scheduler.cli import show
from scheduler.cli.making import command, output
from scheduler.cli.options import file_argument, json_option, option
from scheduler.report.text import Text

if TYPE_CHECKING:
    from scheduler.app.absent import Absent

DATE_FORMS = ("%Y-%m-%d", "%d-%m-%Y")


class Date(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.5 on
    """``2026-11-23`` or ``23-11-2026``."""

    name = "date"

    def __init__(self, text: Text) -> None:
        self.text = text

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        for form in DATE_FORMS:
            with suppress(ValueError):
                return datetime.strptime(str(value).strip(), form).date()
        raise click.BadParameter(self.text.say("cli.not_a_date", value=value), ctx, param)


def absent_command(text: Text) -> click.Command:
    @command(text, "absent")
    @file_argument(text)
    @file_argument(text, "plan", "PLAN.json")
    @option(text, "--teacher", key="absent_teacher", metavar="KODE", required=True)
    @option(text, "--date", "day", key="absent_date", type=Date(text), metavar="YYYY-MM-DD|DD-MM-YYYY", required=True)
    @option(text, "-o", "out", key="absent_out", type=click.Path(path_type=Path), metavar="OUT.xlsx")
    @option(text, "--policy", key="verify_policy", metavar="FILE.toml", default="")
    @json_option(text)
    def absent(file: Path, plan: Path, teacher: str, day: date, out: Path | None, policy: str, as_json: bool) -> Exit:
        from scheduler.app.absent import substitutes

        found = substitutes(file, plan, teacher, day, out, text.lang, policy)
        output(absent_lines(text, found), absent_data(text, found) if as_json else None)
        return found.exit

    return absent


def absent_lines(text: Text, found: Absent) -> Iterator[str]:
    from scheduler.domain.instance import DAYS
    from scheduler.report.absent import substitute_rows

    if found.exit is not Exit.OK:
        yield from show.verified_lines(text, found.verified)
        return
    case = found.verified.opened.case
    facts = {"name": case.teachers[found.teacher].name, "code": found.teacher, "date": text.date(found.day)}
    day = text.say(f"report.day_{DAYS[found.day.weekday()].casefold()}")
    if not found.proposals:
        yield text.say("absent.no_lessons", day=day, **facts)
        return
    yield text.say("absent.title", day=day, **facts)
    columns = ("hours", "classes", "subject", "who", "why", "others")
    rows = ([getattr(row, column) for column in columns] for row in substitute_rows(text, case, found.proposals))
    yield from show.table([text.say(f"absent.head_{column}") for column in columns], rows)
    left = sum(proposal.chosen is None for proposal in found.proposals)
    yield text.say("absent.left", count=left) if left else text.say("absent.all_taken")
    if found.file is not None:
        yield text.say("cli.written", file=found.file)


def absent_data(text: Text, found: Absent) -> Mapping[str, Any]:
    from dataclasses import asdict

    if found.exit is not Exit.OK:
        return {**show.verified_data(text, found.verified), "exit_code": int(found.exit)}
    return {
        "exit_code": int(found.exit),
        "teacher": found.teacher,
        "date": found.day.isoformat(),
        "proposals": [asdict(proposal) for proposal in found.proposals],
    }
