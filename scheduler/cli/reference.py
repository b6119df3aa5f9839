"""docs/cli.md and docs/cli.id.md, made from the commands themselves: ``python -m scheduler.cli.reference docs``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from scheduler.app.exits import Exit
from scheduler.cli.commands import build
from scheduler.report.text import LANGUAGES, Text

FILES = {"en": "cli.md", "id": "cli.id.md"}
WIDTH = 100


def reference(lang: str) -> str:
    """The whole page in one language: each command's help as it is printed, and the exit codes."""
    text = Text(lang)
    group = build(lang)
    top = click.Context(group, info_name="scheduler", terminal_width=WIDTH, max_content_width=WIDTH)
    lines = ["# scheduler", "", *help_of(group, top)]
    for ctx in commands(group, top):
        lines += ["", f"## {ctx.command_path}", "", *help_of(ctx.command, ctx)]
    lines += ["", f"## {text.say('cli.exit_codes')}", "", "| | |", "|--:|---|"]
    lines += [f"| {int(code)} | {text.say(f'cli.exit_{int(code)}')} |" for code in sorted(Exit)]
    return "\n".join(lines) + "\n"


def commands(group: click.Group, parent: click.Context) -> Iterator[click.Context]:
    """A context for every command below the group, groups before what is in them."""
    for name in group.list_commands(parent):
        command = group.commands[name]
        ctx = click.Context(command, info_name=name, parent=parent, terminal_width=WIDTH, max_content_width=WIDTH)
        yield ctx
        if isinstance(command, click.Group):
            yield from commands(command, ctx)


def help_of(command: click.Command, ctx: click.Context) -> list[str]:
    return ["```text", *command.get_help(ctx).splitlines(), "```"]


if __name__ == "__main__":
    for page_lang in LANGUAGES:
        Path(sys.argv[1], FILES[page_lang]).write_text(reference(page_lang), encoding="utf-8", newline="\n")
