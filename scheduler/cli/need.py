"""``scheduler need``: how many teachers each school lacks or has too many of, by subject."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.cli.making import command, output
from scheduler.cli.options import file_argument, json_option, law_options, option
from scheduler.cli.show import table
from scheduler.report.text import Text

if TYPE_CHECKING:
    from scheduler.app.exits import Exit
    from scheduler.app.need import NeedAnalysed

MOST_MOVES = 10
"""Moves named on a screen; the files have all."""


def need_command(text: Text) -> click.Command:
    @command(text, "need")
    @file_argument(text)
    @option(text, "-o", "out", key="need_out", type=click.Path(path_type=Path), metavar="DIR")
    @law_options(text)
    @json_option(text)
    def need(file: Path, out: Path | None, as_json: bool, **settings: Any) -> Exit:
        from scheduler.app.need import analyse_need, record
        from scheduler.app.source import LawChoice

        done = analyse_need(file, out, LawChoice(settings["policy"], dict(settings["overrides"])), text.lang)
        output(lines(text, done), {"exit_code": int(done.exit), **record(done.need), "files": [*map(str, done.files)]} if as_json else None)
        return done.exit

    return need


def lines(text: Text, done: NeedAnalysed) -> Iterator[str]:
    """By field, by kecamatan, and the nearest moves."""
    from scheduler.report.need import NeedWords

    need, words = done.need, NeedWords(done.need, text)
    columns = ("jp", "needed", "certified", "surplus", "shortage")
    yield words.note
    yield ""
    rows = ((words.field(row.field), row.jp, row.needed, row.certified, row.surplus, row.shortage) for row in need.sums())
    yield from table([words.say("head_field"), *words.heads(columns)], rows)
    if len(need.kecamatan) > 1:
        yield ""
        wholes = ((words.kecamatan(name), len(schools), need.sums(schools)[-1]) for name, schools in need.kecamatan.items())
        cells = ((name, count, row.jp, row.needed, row.certified, row.surplus, row.shortage) for name, count, row in wholes)
        yield from table([*words.heads(("kecamatan", "schools")), *words.heads(columns)], cells)
    yield ""
    yield from words.remarks
    if need.moves:
        yield ""
        yield words.say("moves_begin", count=sum(len(move.teachers) for move in need.moves))
        for move in need.moves[:MOST_MOVES]:
            facts = {"field": words.field(move.field), "origin": words.school(move.origin), "destination": words.school(move.destination)}
            yield words.say("move", **facts, names="; ".join(map(words.person, move.teachers)))
        if len(need.moves) > MOST_MOVES:
            yield words.say("more_moves", more=len(need.moves) - MOST_MOVES)
    for file in done.files:
        yield text.say("cli.written", file=file)
