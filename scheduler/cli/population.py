"""``scheduler population``: schools from a public table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.cli.making import command, output
from scheduler.cli.options import ExistingFile, Whole, json_option, option
from scheduler.cli.show import problem_lines
from scheduler.report.text import Text

if TYPE_CHECKING:
    from scheduler.app.exits import Exit
    from scheduler.app.population import Made

MOST_NOTES = 20
"""Notes shown on a screen; ``--json`` has them all."""

REPEATED = ("refuse", "skip", "keep")


def population_command(text: Text) -> click.Command:
    @command(text, "population")
    @option(text, "--from", "table", key="population_from", type=ExistingFile(text), required=True, metavar="TABLE.csv")
    @option(text, "-o", "out", key="population_out", type=click.Path(path_type=Path), metavar="OUT")
    @option(text, "--each", key="population_each", is_flag=True)
    @option(text, "--schools", key="population_schools", type=Whole(text, 1), metavar="N")
    @option(text, "--scale-to", key="population_scale_to", type=Whole(text, 1), metavar="N")
    @option(text, "--radius", key="population_radius", type=Whole(text, 0), metavar="KM")
    @option(text, "--repeated", key="population_repeated", type=click.Choice(REPEATED), default=REPEATED[0], show_default=True)
    @option(text, "--method", key="population_method", type=ExistingFile(text), metavar="METHOD.toml")
    @option(text, "--seed", key="population_seed", type=Whole(text, 0), default=0, metavar="N")
    @json_option(text)
    def population(table: Path, out: Path | None, as_json: bool, **settings: Any) -> Exit:
        from scheduler.app.population import PopulationWishes, make_population

        wishes = PopulationWishes(
            seed=settings["seed"],
            method=settings["method"],
            radius_km=settings["radius"],
            schools=settings["schools"],
            scale_to=settings["scale_to"],
            repeated=settings["repeated"],
            each=settings["each"],
            tell=lambda done: click.echo(text.say("population.progress", done=done), err=True),
        )
        made = make_population(table, out, wishes)
        output(made_lines(text, made), made_data(text, made) if as_json else None)
        return made.exit

    return population


def made_lines(text: Text, made: Made) -> Iterator[str]:
    counts = {name: text.number(getattr(made, name)) for name in ("schools", "rombel", "students", "teachers")}
    yield text.say("population.done", **counts)
    if made.invented:
        what = [
            text.say("population.invented_number", what=text.say(f"population.number_{name}"), count=text.number(count))
            for name, count in made.invented.items()
        ]
        yield text.say("population.invented_numbers", what=", ".join(what))
    yield text.say("population.staff_invented", title=made.title)
    if made.notes:
        yield ""
        yield text.say("population.notes_heading")
        yield from problem_lines(text, made.notes[:MOST_NOTES])
        if len(made.notes) > MOST_NOTES:
            yield text.say("population.more_notes", count=len(made.notes) - MOST_NOTES)
    if made.out is not None:
        yield ""
        if made.files == 1:
            yield text.say("cli.written", file=made.out)
        else:
            yield text.say("population.written_many", count=text.number(made.files), path=made.out)


def made_data(text: Text, made: Made) -> Mapping[str, Any]:
    return {
        "exit_code": int(made.exit),
        "schools": made.schools,
        "rombel": made.rombel,
        "students": made.students,
        "teachers": made.teachers,
        "filled_by_method": dict(made.invented),
        "method": made.title,
        "note": made.note,
        "notes": [{"place": note.place, "text": line.strip()} for note, line in zip(made.notes, problem_lines(text, made.notes), strict=True)],
        "out": None if made.out is None else str(made.out),
        "files": made.files,
    }
