"""How every command is made and how it speaks, for the modules that hold commands."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import click

from scheduler.cli.options import every_command
from scheduler.cli.speaking import SpeakingCommand, SpeakingGroup
from scheduler.report.text import Text


def command(
    text: Text, name: str, key: str = "", cls: type[SpeakingCommand] = SpeakingCommand, **settings: Any
) -> Callable[[Callable[..., Any]], SpeakingCommand]:
    """A command with help and example from the catalogue, and the options that every command has."""
    words = text.say(f"cli.{key or name}_help")

    def decorate(function: Callable[..., Any]) -> SpeakingCommand:
        make = click.command(name, cls=cls, text=text, help=words, epilog=example(text, key or name), **settings)
        return make(every_command(text)(function))

    return decorate


def group(text: Text, name: str, *commands: click.Command) -> SpeakingCommand:
    """A command that has only commands of its own: alone it prints its help."""

    @command(text, name, cls=SpeakingGroup, invoke_without_command=True)
    @click.pass_context
    def alone(ctx: click.Context) -> None:
        if ctx.invoked_subcommand is None:
            click.echo(ctx.get_help())

    for own in commands:
        alone.add_command(own)  # type: ignore[attr-defined]
    return alone


def example(text: Text, key: str) -> str:
    return f"\b\n{text.say('cli.example')}\n  {text.say(f'cli.{key}_example')}"


def output(lines: Iterable[str], data: Mapping[str, Any] | None) -> None:
    """Data as JSON where it was asked for, else the lines; a line break or a control character in a name does nothing to the screen."""
    if data is not None:
        click.echo(json.dumps(data, indent=2, default=str))
        return
    for line in lines:
        click.echo("".join(character if character.isprintable() else " " for character in line))
