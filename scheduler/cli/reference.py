"""docs/cli.md and docs/cli.id.md, made from the commands themselves, and the proof shown in docs/explain.md and docs/penjelasan.id.md, made from a
shipped school: ``python -m scheduler.cli.reference docs``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click

from scheduler.app.exits import Exit
from scheduler.cli.commands import build
from scheduler.report.text import LANGUAGES, Text

FILES = {"en": "cli.md", "id": "cli.id.md"}
PROOF_PAGES = {"en": "explain.md", "id": "penjelasan.id.md"}
PROOF_SCHOOL = Path(__file__).parents[2] / "instances" / "tiga-guru-ipa" / "sekolah.xlsx"
PROOF_BLOCK = re.compile(r"(?<=<!-- proof -->\n).*?(?=<!-- /proof -->)", re.DOTALL)
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


def with_proof(page: str, lang: str) -> str:
    """The page with the counting proof of PROOF_SCHOOL between its two marks, line by line as the dossier shows it."""
    from scheduler.app.source import open_case
    from scheduler.counting.proofs import proofs_of
    from scheduler.report.proofs import proof_lines

    opened = open_case(PROOF_SCHOOL)
    (proof,) = proofs_of(opened.case, ())
    lines = "\n".join(proof_lines(Text(lang), opened.case, replace(proof, id="B01"), opened.place))
    return PROOF_BLOCK.sub(lambda _: f"```text\n{lines}\n```\n", page)


if __name__ == "__main__":
    for page_lang in LANGUAGES:
        Path(sys.argv[1], FILES[page_lang]).write_text(reference(page_lang), encoding="utf-8", newline="\n")
        proof_page = Path(sys.argv[1], PROOF_PAGES[page_lang])
        proof_page.write_text(with_proof(proof_page.read_text(encoding="utf-8"), page_lang), encoding="utf-8", newline="\n")
