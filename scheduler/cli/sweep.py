"""``scheduler sweep``: what happens to many schools under many rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.cli.making import command, output
from scheduler.cli.options import ExistingFile, Whole, default_workers, json_option, option
from scheduler.cli.show import table
from scheduler.report.text import Text

if TYPE_CHECKING:
    from scheduler.app.exits import Exit
    from scheduler.app.sweep import Swept
    from scheduler.report.experiment.words import Words
    from scheduler.sweep.summary import Row, Summary

MOST_ROWS = 60
"""Longest table on a screen; the files have every row."""


def sweep_command(text: Text) -> click.Command:
    @command(text, "sweep")
    @click.argument("files", metavar="[FILE...]", type=ExistingFile(text), nargs=-1)
    @option(text, "--population", key="sweep_population", type=ExistingFile(text), metavar="TABLE.csv")
    @option(text, "--schools", key="sweep_schools", type=Whole(text, 1), metavar="N")
    @option(text, "--scale-to", key="sweep_scale_to", type=Whole(text, 1), metavar="N")
    @option(text, "--repeated", key="sweep_repeated", type=click.Choice(["refuse", "skip", "keep"]), default="refuse")
    @option(text, "--method", "method", key="sweep_method", type=ExistingFile(text), metavar="FILE.toml")
    @option(text, "--over", "over", key="sweep_over", multiple=True, metavar="KEY=VALUES")
    @option(text, "--scenarios", "scenarios", key="sweep_scenarios", type=ExistingFile(text), metavar="FILE.toml")
    @option(text, "--by-school", key="sweep_by_school", is_flag=True)
    @option(text, "-o", "out", key="sweep_out", type=click.Path(path_type=Path), required=True, metavar="DIR")
    @option(text, "--workers", key="sweep_workers", type=Whole(text, 1), metavar="N")
    @option(text, "--cluster", key="sweep_cluster", metavar="tcp://HOST:PORT", default="")
    @option(text, "--work", key="sweep_work", type=Whole(text, 1), default=10, show_default=True, metavar="N")
    @option(text, "--seconds", key="sweep_seconds", type=Whole(text, 1), default=600, show_default=True, metavar="N")
    @option(text, "--all-levels", key="sweep_all_levels", is_flag=True)
    @option(text, "--seed", key="seed", type=Whole(text, 0), default=0, metavar="N")
    @json_option(text)
    def sweep(files: tuple[Path, ...], population: Path | None, out: Path, as_json: bool, **settings: Any) -> Exit:
        from scheduler.app.sweep import STORE_FILE, Population, SweepWishes, make_sweep
        from scheduler.sweep.run import Limits

        wishes = SweepWishes(
            over=settings["over"],
            scenarios=settings["scenarios"],
            by_school=settings["by_school"],
            population=Population(settings["schools"], settings["scale_to"], settings["repeated"], settings["method"]),
            workers=settings["workers"] or default_workers(),
            cluster=settings["cluster"],
            limits=Limits(settings["work"], settings["seconds"], "" if settings["all_levels"] else Limits().until),
            seed=settings["seed"],
            lang=text.lang,
            tell=lambda kind, **facts: click.echo(text.say(f"sweep.{kind}", **facts), err=True),
        )
        try:
            swept = make_sweep(files, population, out, wishes)
        except (OSError, KeyboardInterrupt):
            if (out / STORE_FILE).exists():
                click.echo(text.say("sweep.interrupted", folder=out), err=True)
            raise
        output(swept_lines(text, swept), swept_data(text, swept) if as_json else None)
        return swept.exit

    return sweep


def swept_lines(text: Text, swept: Swept) -> Iterator[str]:
    from scheduler.report.experiment.figures import can_draw
    from scheduler.report.experiment.words import Words

    if swept.lost is not None:
        yield text.say(swept.lost.kind, **swept.lost.facts)
    if swept.summary is None:
        yield text.say("sweep.unfinished", done=swept.done, total=swept.total, folder=swept.folder)
        return
    summary = swept.summary
    yield text.say("sweep.finished", total=summary.total, now=swept.done - swept.before, before=swept.before)
    yield ""
    words = Words(text, swept.background)
    rows = list(summary.rows.values())[:MOST_ROWS]
    yield from table(headings(words, swept), (cells(words, row) for row in rows))
    if len(summary.rows) > MOST_ROWS:
        yield text.say("sweep.more_rows", more=len(summary.rows) - MOST_ROWS)
    yield ""
    yield from remarks(text, swept, summary)
    for file in swept.files:
        yield text.say("cli.written", file=file)
    if swept.files and not can_draw():
        yield text.say("experiment.no_figures")


def headings(words: Words, swept: Swept) -> list[str]:
    columns = ("schools", "valid", "counted", "share", "uncovered", "unproved", "without_plan")
    return [*(words.axis(axis.name) for axis in swept.axes), *(words.text.say(f"sweep.column_{column}") for column in columns)]


def cells(words: Words, row: Row) -> list[str | int]:
    share = words.percent(row.valid / row.counted if row.counted else None)
    values = (words.value(axis, value) for axis, value in row.scenario.items())
    return [*values, row.runs, row.valid, row.counted, share, row.uncovered_jp, row.unproved, row.without_plan]


def remarks(text: Text, swept: Swept, summary: Summary) -> Iterator[str]:
    """What must be known beside the figures: what was not varied, what is not proved, what could not be done."""
    for name, values in summary.kept.items():
        if name not in swept.varied and "min_jtm" in swept.varied:
            yield text.say("sweep.kept_number", name=name, value=" / ".join(map(str, sorted(values))))
    unproved = sum(row.unproved for row in summary.rows.values())
    yield text.say("sweep.some_unproved", count=unproved, total=summary.total) if unproved else text.say("sweep.all_proved")
    if summary.stopped:
        yield text.say("sweep.some_stopped", count=summary.stopped)
    if summary.dropped:
        yield text.say("sweep.some_dropped", count=summary.dropped)
    for error, count in sorted(summary.errors.items()):
        yield text.say("sweep.some_errors", count=count, sentence=text.say(error))
    if summary.first_rise is not None:
        rise = summary.first_rise
        facts = {"low": rise.lower[0], "low_valid": rise.lower[1], "high": rise.higher[0], "high_valid": rise.higher[1]}
        yield text.say("sweep.rises", count=summary.rises, school=rise.school, **facts)
    elif summary.chains:
        yield text.say("sweep.never_rises", count=summary.chains)


def swept_data(text: Text, swept: Swept) -> Mapping[str, Any]:
    rows = swept.summary.rows.values() if swept.summary else ()
    return {
        "exit_code": int(swept.exit),
        "folder": str(swept.folder),
        "axes": [{"name": axis.name, "values": list(axis.values)} for axis in swept.axes],
        "done": swept.done,
        "before": swept.before,
        "total": swept.total,
        "rows": [vars(row) for row in rows],
        "errors": swept.summary.errors if swept.summary else {},
        "rises": swept.summary.rises if swept.summary else 0,
        "lost": text.say(swept.lost.kind, **swept.lost.facts) if swept.lost else None,
        "files": [str(file) for file in swept.files],
    }
