"""``scheduler export asc | asc-tempel | dapodik | html | ical | pdf``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.app.exits import Exit
from scheduler.cli import show
from scheduler.cli.making import command, output
from scheduler.cli.options import Decorator, chained, file_argument, json_option, option
from scheduler.report.text import Text

if TYPE_CHECKING:
    from scheduler.app.export_papers import Papers, Sources

ZONES = ("Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura")
PAPERS = ("f4", "a4")
RANGE = ".."
OUTS = {"export_asc": "asc_out", "export_paste": "paste_out", "export_dapodik": "dapodik_table_out", "export_html": "html_out"}
"""Command → the help of its option ``-o``."""


def paper_commands(text: Text) -> tuple[click.Command, ...]:
    """The commands that need no more than a workbook, a plan and a name for the result; then those with wishes of their own."""
    plain = (
        plain_command(text, "asc", "export_asc", "OUT.xml"),
        plain_command(text, "asc-tempel", "export_paste", "OUT.xlsx"),
        plain_command(text, "dapodik", "export_dapodik", "OUT.xlsx"),
        plain_command(text, "html", "export_html", "OUT.html"),
    )
    return (*plain, ical_command(text), pdf_command(text))


def plain_command(text: Text, name: str, key: str, metavar: str) -> click.Command:
    @command(text, name, key=f"export_{name}")
    @paper_options(text, OUTS[key], metavar)
    def export(file: Path, plan: Path, out: Path, policy: str, as_json: bool) -> Exit:
        from scheduler.app import export_papers

        return tell(text, getattr(export_papers, key)(sources(text, file, plan, policy), out), as_json)

    return export


def ical_command(text: Text) -> click.Command:
    @command(text, "ical", key="export_ical")
    @paper_options(text, "ical_out", "DIR")
    @option(text, "--from", "first", key="ical_from", type=Day(text), metavar="YYYY-MM-DD")
    @option(text, "--until", "last", key="ical_until", type=Day(text), metavar="YYYY-MM-DD")
    @option(text, "--free", "free", key="ical_free", type=DayRange(text), multiple=True, metavar="DAY[..DAY]")
    @option(text, "--timezone", "zone", key="ical_zone", type=click.Choice(ZONES), default=ZONES[0], show_default=True)
    def ical(
        file: Path, plan: Path, out: Path, policy: str, as_json: bool, first: date | None, last: date | None, free: tuple[list[date], ...], zone: str
    ) -> Exit:
        from scheduler.app.export_papers import CalendarWish, export_ical

        days = tuple(sorted({day for some in free for day in some}))
        return tell(text, export_ical(sources(text, file, plan, policy), out, CalendarWish(first, last, zone, days)), as_json)

    return ical


def pdf_command(text: Text) -> click.Command:
    @command(text, "pdf", key="export_pdf")
    @paper_options(text, "pdf_out", "OUT.pdf")
    @option(text, "--paper", "paper", key="paper", type=click.Choice(PAPERS))
    def pdf(file: Path, plan: Path, out: Path, policy: str, as_json: bool, paper: str | None) -> Exit:
        from importlib.util import find_spec

        from scheduler.app.export_papers import export_pdf

        if find_spec("reportlab") is None:
            raise click.UsageError(text.say("export.pdf_not_installed"), click.get_current_context())
        return tell(text, export_pdf(sources(text, file, plan, policy), out, paper or ""), as_json)

    return pdf


def paper_options(text: Text, key: str, metavar: str) -> Decorator[Any]:
    return chained(
        file_argument(text),
        file_argument(text, "plan", "PLAN.json"),
        option(text, "-o", "out", key=key, type=click.Path(path_type=Path), required=True, metavar=metavar),
        option(text, "--policy", key="verify_policy", metavar="FILE.toml", default=""),
        json_option(text),
    )


def sources(text: Text, file: Path, plan: Path, policy: str) -> Sources:
    from scheduler.app.export_papers import Sources

    return Sources(file, plan, policy, text.lang)


class Day(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.5 on
    """``2026-07-13``."""

    name = "day"

    def __init__(self, text: Text) -> None:
        self.text = text

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value).strip())
        except ValueError:
            self.fail(self.text.say("export.not_a_day", value=value), param, ctx)


class DayRange(Day):
    """One day, or ``2026-12-14..2026-12-19`` with all days between."""

    name = "days"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, list):
            return value
        first, _, last = str(value).partition(RANGE)
        start = super().convert(first, param, ctx)
        end = super().convert(last or first, param, ctx)
        if not start <= end <= start + timedelta(days=366):
            self.fail(self.text.say("export.not_a_day", value=value), param, ctx)
        return [start + timedelta(days=number) for number in range((end - start).days + 1)]


# --- what is said --------------------------------------------------------------------------------------------------------------------------------


def tell(text: Text, papers: Papers, as_json: bool) -> Exit:
    output(paper_lines(text, papers), paper_data(text, papers) if as_json else None)
    return papers.exit


def paper_lines(text: Text, papers: Papers) -> Iterator[str]:
    if papers.exit is not Exit.OK:
        yield from show.verified_lines(text, papers.verified)
        return
    if not papers.verified.same_instance:
        yield text.say("letters.workbook_changed")
    for file in papers.files:
        yield text.say(f"export.{file.key}", **file.facts)
    remarks = {text.say(f"export.{key}", **facts): None for file in papers.files for key, facts in file.remarks}
    for remark in remarks:
        yield from remark.splitlines()
    if papers.stale:
        yield text.say("export.stale", files=", ".join(str(path) for path in papers.stale))


def paper_data(text: Text, papers: Papers) -> Mapping[str, Any]:
    if papers.exit is not Exit.OK:
        return {**show.verified_data(text, papers.verified), "exit_code": int(papers.exit)}
    return {
        "exit_code": int(papers.exit),
        "files": [
            {**file.facts, "file": str(file.path), "school": file.school, "remarks": [key for key, _ in file.remarks]} for file in papers.files
        ],
        "files_of_an_earlier_plan": [str(path) for path in papers.stale],
        "same_instance": papers.verified.same_instance,
    }
