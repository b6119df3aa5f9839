"""The commands. Each is built for one language; everything heavy is imported when it runs."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from scheduler import __version__
from scheduler.app.exits import Exit
from scheduler.cli import show, show_explain
from scheduler.cli.absent import absent_command
from scheduler.cli.check import check_command
from scheduler.cli.edits import PLAN_WORKBOOKS, keep_option, keep_wanted, refuse_workbook, tell_edits, tell_kept
from scheduler.cli.export import export_command
from scheduler.cli.import_fet import import_command
from scheduler.cli.letters import letters_command
from scheduler.cli.making import command, output
from scheduler.cli.need import need_command
from scheduler.cli.options import (
    ExistingFile,
    KeyValue,
    RombelCounts,
    Whole,
    default_workers,
    every_command,
    file_argument,
    json_option,
    law_options,
    option,
    search_options,
    solve_options,
    strict_option,
)
from scheduler.cli.part import part_options, part_wanted
from scheduler.cli.population import population_command
from scheduler.cli.progress import ProgressPrinter
from scheduler.cli.redistribute import redistribute_command
from scheduler.cli.speaking import SpeakingGroup, language
from scheduler.cli.sweep import sweep_command
from scheduler.cli.timetable import PROBLEM_FILES, tell_timetables, timetable_command
from scheduler.report.text import Text

if TYPE_CHECKING:
    from scheduler.app.explain import ExplainWishes
    from scheduler.app.plan import Planned, Wishes

DEFAULT_FOLDER = Path("keluaran")


def main() -> NoReturn:
    """Entry point: the language first, then the command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a Windows console may lack a letter of a name
    sys.unraisablehook = ignore_unraisable
    try:
        build(language(sys.argv[1:], os.environ)).main()
    except SystemExit as end:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # everything is written: one more Ctrl+C while Python goes home changes nothing
        if end.code == Exit.NO_PLAN_YET:
            leave(Exit.NO_PLAN_YET)
        raise


def leave(code: Exit) -> NoReturn:
    """End with this very code after a Ctrl+C.

    CPython otherwise ends by the signal where the interrupt, though handled, passed through code compiled from a string (the making of a dataclass
    while a module is imported): its ``unhandled_keyboard_interrupt`` stays set.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def ignore_unraisable(unraisable: object) -> None:
    """What Python complains of while it throws objects away: after an error that has been said already (a full disk), it would print a traceback."""


def build(lang: str) -> SpeakingGroup:
    """All commands in one language."""
    text = Text(lang)

    @click.group("scheduler", cls=SpeakingGroup, text=text, invoke_without_command=True, help=text.say("cli.help"))
    @click.version_option(__version__, "--version", help=text.say("cli.option_version"))
    @every_command(text)
    @click.pass_context
    def scheduler(ctx: click.Context) -> None:
        if ctx.invoked_subcommand is None:
            click.echo(ctx.get_help())

    for make in (template_command, check_command, assign_command, plan_command, verify_command, explain_command, policies_command, demo_command):
        scheduler.add_command(make(text))
    scheduler.add_command(timetable_command(text))
    scheduler.add_command(import_command(text))
    scheduler.add_command(export_command(text))
    scheduler.add_command(absent_command(text))
    scheduler.add_command(letters_command(text))
    scheduler.add_command(sweep_command(text))
    scheduler.add_command(population_command(text))
    scheduler.add_command(need_command(text))
    scheduler.add_command(redistribute_command(text))
    return scheduler


# --- the commands ------------------------------------------------------------------------------------------------------------------------------


def template_command(text: Text) -> click.Command:
    @command(text, "template")
    @click.argument("out", metavar="OUT.xlsx", type=click.Path(path_type=Path))
    @option(text, "--rombel", key="rombel", type=RombelCounts(text), required=True)
    @option(text, "--policy", key="policy", metavar="ID", default="")
    @option(text, "--curriculum", key="curriculum", metavar="ID", default="")
    def template(out: Path, rombel: Mapping[int, int], policy: str, curriculum: str) -> Exit:
        from scheduler.app.template import make_template

        if not make_template(out, rombel, policy, curriculum):
            raise click.UsageError(text.say("cli.template_exists", file=out))
        click.echo(text.say("cli.template_done", file=out))
        return Exit.OK

    return template


def assign_command(text: Text) -> click.Command:
    @command(text, "assign")
    @file_argument(text)
    @option(text, "-o", "out", key="plan_out", type=click.Path(path_type=Path), required=True, metavar="PLAN.json")
    @law_options(text)
    @solve_options(text)
    @json_option(text)
    def assign(file: Path, out: Path, as_json: bool, **settings: Any) -> Exit:
        from scheduler.app.plan import make_workload

        return tell_planned(text, make_workload(file, out, wishes(text, settings)), as_json, with_week=False)

    return assign


def plan_command(text: Text) -> click.Command:
    @command(text, "plan")
    @file_argument(text)
    @folder_option(text)
    @law_options(text)
    @solve_options(text)
    @part_options(text)
    @keep_option(text)
    @json_option(text)
    def plan(file: Path, out: Path, as_json: bool, **settings: Any) -> Exit:
        if keep_wanted(text, settings):
            return tell_kept(text, file, out, wishes(text, {**settings, "former": None}), settings["former"], as_json)
        wanted = part_wanted(text, settings)
        if not wanted:
            return full_plan(text, file, out, as_json, settings)
        from scheduler.app.part import make_part

        return tell_planned(text, make_part(file, out, wishes(text, settings), wanted), as_json, with_week=True)

    return plan


def demo_command(text: Text) -> click.Command:
    @command(text, "demo")
    @folder_option(text)
    @law_options(text)
    @solve_options(text)
    @json_option(text)
    def demo(out: Path, as_json: bool, **settings: Any) -> Exit:
        from importlib.resources import as_file

        from scheduler.app.demo import demo_workbook

        with as_file(demo_workbook()) as file:
            return full_plan(text, file, out, as_json, settings)

    return demo


def verify_command(text: Text) -> click.Command:
    @command(text, "verify")
    @file_argument(text, required=False)
    @file_argument(text, "plan", "PLAN.json", required=False)
    @option(text, "--proof", "proof", key="proof", type=ExistingFile(text), metavar="FILE.json")
    @option(text, "--policy", key="verify_policy", metavar="FILE.toml", default="")
    @strict_option(text)
    @json_option(text)
    def verify(file: Path | None, plan: Path | None, proof: Path | None, policy: str, strict: bool, as_json: bool) -> Exit:
        if proof is not None:
            if plan is not None:
                raise click.UsageError(text.say("cli.proof_and_plan"), click.get_current_context())
            return tell_proofs(text, proof, file, policy, as_json)
        if file is not None and file.suffix.lower() in PROBLEM_FILES:
            return tell_timetables(text, file, plan, strict, as_json)
        if file is None or plan is None:
            ctx, missing = click.get_current_context(), "file" if file is None else "plan"
            raise click.MissingParameter(ctx=ctx, param=next(parameter for parameter in ctx.command.params if parameter.name == missing))
        if plan.suffix.lower() in PLAN_WORKBOOKS:
            return tell_edits(text, file, plan, strict, policy, as_json)
        from scheduler.app.verify import verify_files

        verified = verify_files(file, plan, strict, policy)
        output(show.verified_lines(text, verified), show.verified_data(text, verified) if as_json else None)
        return verified.exit

    return verify


def explain_command(text: Text) -> click.Command:
    @command(text, "explain")
    @file_argument(text)
    @option(text, "-o", "out", key="explain_out", type=click.Path(path_type=Path), metavar="DIR")
    @option(text, "--teacher", key="teacher", metavar="KODE", default="")
    @option(text, "--conflicts", key="conflicts", type=Whole(text, 1), default=1, metavar="N")
    @option(text, "--prices", key="prices", type=ExistingFile(text), metavar="FILE.toml")
    @option(text, "--apply", "number", key="apply", type=Whole(text, 1), metavar="N")
    @option(text, "--from", "recorded", key="explain_from", type=ExistingFile(text), metavar="FILE.json")
    @law_options(text)
    @search_options(text, time_limit="explain_time_limit")
    @strict_option(text)
    @json_option(text)
    def explain(file: Path, out: Path | None, number: int | None, recorded: Path | None, as_json: bool, **settings: Any) -> Exit:
        from scheduler.app.explain import apply_repair, explain_file

        if number is None:
            if recorded is not None:
                raise click.UsageError(text.say("cli.from_needs_apply"), click.get_current_context())
            explained = explain_file(file, out or DEFAULT_FOLDER, explain_wishes(text, settings))
            lines = show_explain.explained_lines(text, explained, settings["teacher"])
            output(lines, show_explain.explained_data(text, explained) if as_json else None)
            return explained.exit
        if out is None:
            raise click.UsageError(text.say("cli.apply_needs_out"), click.get_current_context())
        applied = apply_repair(file, number, out, explain_wishes(text, settings), recorded)
        output(show_explain.applied_lines(text, applied), show_explain.applied_data(text, applied) if as_json else None)
        return applied.exit

    return explain


def policies_command(text: Text) -> click.Command:
    @command(text, "policies", cls=SpeakingGroup, invoke_without_command=True)
    @json_option(text)
    @click.pass_context
    def policies(ctx: click.Context, as_json: bool) -> Exit | None:
        if ctx.invoked_subcommand is not None:
            return None
        from scheduler.cli.show_law import policies_data, policies_lines
        from scheduler.policy.describe import policy_summaries

        known = policy_summaries()
        output(policies_lines(text, known), policies_data(known) if as_json else None)
        return Exit.OK

    @command(text, "show", key="policies_show")
    @click.argument("policy", metavar="ID")
    @option(text, "--set", "overrides", key="set", type=KeyValue(text), multiple=True, metavar="KEY=VALUE")
    @json_option(text)
    def policies_show(policy: str, overrides: Iterable[tuple[str, str]], as_json: bool) -> Exit:
        from scheduler.cli.show_law import policy_data, policy_lines
        from scheduler.policy.describe import describe

        shown = describe(policy, dict(overrides))
        output(policy_lines(text, shown), policy_data(shown) if as_json else None)
        return Exit.OK

    policies.add_command(policies_show)  # type: ignore[attr-defined]
    return policies


# --- what they share ---------------------------------------------------------------------------------------------------------------------------


def folder_option(text: Text) -> Callable[[Any], Any]:
    return option(text, "-o", "out", key="folder_out", type=click.Path(path_type=Path), default=DEFAULT_FOLDER, show_default=True, metavar="DIR")


def wishes(text: Text, settings: Mapping[str, Any]) -> Wishes:
    """What the options of ``plan``, ``assign`` and ``demo`` ask for."""
    from scheduler.app.plan import Wishes
    from scheduler.app.source import LawChoice
    from scheduler.domain.solving import SolveOptions

    refuse_workbook(text, settings["former"])
    printer = ProgressPrinter(text)
    printer.stage("reading")
    return Wishes(
        law=LawChoice(settings["policy"], dict(settings["overrides"])),
        options=SolveOptions(settings["time_limit"], settings["workers"] or default_workers(), settings["seed"]),
        strict=settings["strict"],
        lang=text.lang,
        former=settings["former"],
        listener=printer,
        on_stop=printer.stopping,
    )


def explain_wishes(text: Text, settings: Mapping[str, Any]) -> ExplainWishes:
    """What the options of ``explain`` ask for."""
    from scheduler.app.explain import ExplainWishes
    from scheduler.app.source import LawChoice
    from scheduler.domain.solving import SolveOptions

    printer = ProgressPrinter(text)
    printer.stage("reading")
    return ExplainWishes(
        law=LawChoice(settings["policy"], dict(settings["overrides"])),
        options=SolveOptions(settings["time_limit"], settings["workers"] or default_workers(), settings["seed"]),
        teacher=settings["teacher"],
        conflicts=settings["conflicts"],
        prices=settings["prices"],
        strict=settings["strict"],
        lang=text.lang,
        listener=printer,
        on_stop=printer.stopping,
    )


def full_plan(text: Text, file: Path, folder: Path, as_json: bool, settings: Mapping[str, Any]) -> Exit:
    from scheduler.app.plan import make_full_plan

    return tell_planned(text, make_full_plan(file, folder, wishes(text, settings)), as_json, with_week=True)


def tell_planned(text: Text, planned: Planned, as_json: bool, with_week: bool) -> Exit:
    output(show.planned_lines(text, planned, with_week), show.planned_data(text, planned) if as_json else None)
    return planned.exit


def tell_proofs(text: Text, proof: Path, workbook: Path | None, policy: str, as_json: bool) -> Exit:
    from scheduler.app.verify import verify_proofs

    verified = verify_proofs(proof, workbook, policy)
    output(show_explain.proofs_lines(text, verified), show_explain.proofs_data(text, verified) if as_json else None)
    return verified.exit
