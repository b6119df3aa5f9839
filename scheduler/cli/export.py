"""``scheduler export``: a plan in the formats of other programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.app.exits import Exit
from scheduler.cli import show
from scheduler.cli.export_papers import paper_commands
from scheduler.cli.making import command, group, output
from scheduler.cli.options import file_argument, json_option, option
from scheduler.report.text import Text

if TYPE_CHECKING:
    from scheduler.app.exporting import Exported


def export_command(text: Text) -> click.Command:
    return group(text, "export", fet_command(text), *paper_commands(text))


def fet_command(text: Text) -> click.Command:
    @command(text, "fet", key="export_fet")
    @file_argument(text)
    @file_argument(text, "plan", "PLAN.json")
    @option(text, "-o", "out", key="fet_out", type=click.Path(path_type=Path), required=True, metavar="OUT.fet")
    @option(text, "--unlocked", key="unlocked", is_flag=True)
    @option(text, "--policy", key="verify_policy", metavar="FILE.toml", default="")
    @json_option(text)
    def fet(file: Path, plan: Path, out: Path, unlocked: bool, policy: str, as_json: bool) -> Exit:
        from scheduler.app.exporting import export_fet

        exported = export_fet(file, plan, out, not unlocked, policy)
        output(exported_lines(text, exported, unlocked), exported_data(text, exported) if as_json else None)
        return exported.exit

    return fet


def exported_lines(text: Text, exported: Exported, unlocked: bool) -> Iterator[str]:
    if exported.exit is not Exit.OK:
        yield from show.verified_lines(text, exported.verified)
        return
    for file in exported.files:
        yield text.say("cli.export_done", file=file.path, activities=file.activities, locked=file.locked)
    if not exported.files:
        yield text.say("cli.export_no_week")
    elif not unlocked and not any(file.locked for file in exported.files):
        yield text.say("cli.export_no_lessons")
    rules = dict.fromkeys(rule_words(text, rule) for file in exported.files for rule in file.left_out)
    if rules:
        yield text.say("cli.export_left_out", rules="; ".join(rules))


def rule_words(text: Text, rule: str) -> str:
    key = f"cli.export_rule_{rule}"
    return text.say(key if text.has(key) else "cli.export_rule_other")


def exported_data(text: Text, exported: Exported) -> Mapping[str, Any]:
    if exported.exit is not Exit.OK:
        return {**show.verified_data(text, exported.verified), "exit_code": int(exported.exit)}
    files = [
        {"file": str(f.path), "school": f.school, "activities": f.activities, "locked": f.locked, "left_out": list(f.left_out)}
        for f in exported.files
    ]
    return {"exit_code": int(exported.exit), "files": files}
