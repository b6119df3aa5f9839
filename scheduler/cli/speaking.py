"""click in the user's language: headings, usage errors, and an ending that is a sentence and an exit code, never a traceback."""

from __future__ import annotations

import errno
import json
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

from scheduler.app.exits import Exit
from scheduler.app.outputs import OutputRefusedError
from scheduler.cli.show import problem_lines
from scheduler.errors import InputError, PolicyError
from scheduler.report.text import LANGUAGES, Text

DEBUG_LOG = "scheduler-debug.log"


def language(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """The language asked for by ``--lang``, else by SCHEDULER_LANG, else Indonesian.

    Looked up before click parses anything, because the help texts themselves are in that language.
    """
    asked = environment.get("SCHEDULER_LANG", "")
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=False):
        if argument == "--lang":
            asked = following
        elif argument.startswith("--lang="):
            asked = argument.removeprefix("--lang=")
    return asked if asked in LANGUAGES else LANGUAGES[0]


class SpeakingCommand(click.Command):
    """A command whose help has headings in the user's language, and an example."""

    def __init__(self, text: Text, **settings: Any) -> None:
        super().__init__(options_metavar=text.say("cli.options_metavar"), **settings)
        self.text = text

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=self.text.say("cli.usage") + " ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        # The command's own options first, then those that every command has.
        options = sorted((p for p in self.get_params(ctx) if isinstance(p, click.Option)), key=lambda parameter: not parameter.expose_value)
        records = [record for parameter in options if (record := parameter.get_help_record(ctx)) is not None]
        with formatter.section(self.text.say("cli.options")):
            formatter.write_dl(records)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = self.text.say("cli.option_help")
        return option


class SpeakingGroup(SpeakingCommand, click.Group):
    """The group at the top: runs a command and turns whatever ends it into an exit code."""

    def __init__(self, text: Text, **settings: Any) -> None:
        super().__init__(text, subcommand_metavar=text.say("cli.command_metavar"), **settings)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        known = [(name, first_sentence(self.commands[name].help or "")) for name in self.list_commands(ctx)]
        with formatter.section(self.text.say("cli.commands")):
            formatter.write_dl(known)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            raise click.UsageError(self.text.say("cli.no_such_command", name=args[0], known=", ".join(self.commands)), ctx)
        return super().resolve_command(ctx, args)

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, **settings: Any) -> NoReturn:  # type: ignore[override]
        arguments = sys.argv[1:] if args is None else list(args)
        settings["standalone_mode"] = False

        def run() -> int:
            return int(super(SpeakingGroup, self).main(arguments, prog_name or "scheduler", **settings) or 0)

        sys.exit(guarded(run, self.text, arguments))


def first_sentence(paragraph: str) -> str:
    return paragraph.split(". ")[0].rstrip(".")


def guarded(run: Callable[[], int], text: Text, arguments: Sequence[str]) -> int:
    """Run a command to its exit code; what goes wrong is said in words on stderr, never as a traceback."""
    try:
        try:
            return run()
        except BaseException as error:
            return ending(error, text, arguments)
    except Exception as error:
        return say(unexpected_sentence(text, error, log="--debug" in arguments), Exit.REFUSED)


def ending(error: BaseException, text: Text, arguments: Sequence[str]) -> Exit:
    """Say what ended a command, and give its exit code; an exception that is nobody's doing goes on."""
    match error:
        case click.UsageError():
            return say(text.say("cli.wrong_usage", message=usage_sentence(text, error), command=command_path(error)), Exit.WRONG_USAGE)
        case OutputRefusedError():
            sentence = text.say(f"cli.output_{error.kind}", file=error.path)
            return say(text.say("cli.wrong_usage", message=sentence, command="scheduler"), Exit.WRONG_USAGE)
        case InputError():
            return tell_problems(text, error, as_json="--json" in arguments)
        case KeyboardInterrupt() | click.Abort():
            return say(text.say("cli.aborted"), Exit.NO_PLAN_YET)
        case OSError():
            return say(os_sentence(text, error), Exit.NO_PLAN_YET)
        case MemoryError():
            return say(text.say("cli.out_of_memory"), Exit.NO_PLAN_YET)
    raise error


def say(sentence: str, code: Exit) -> Exit:
    click.echo(sentence, err=True)
    return code


def command_path(error: click.UsageError) -> str:
    return error.ctx.command_path if error.ctx is not None else "scheduler"


def usage_sentence(text: Text, error: click.UsageError) -> str:
    """click's own kinds of wrong usage in our words; its own words for the rest."""
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return text.say("cli.missing_parameter", name=parameter_name(error.param))
    if isinstance(error, click.NoSuchOption):
        if error.possibilities:
            return text.say("cli.no_such_option_suggest", name=error.option_name, suggestion=error.possibilities[0])
        return text.say("cli.no_such_option", name=error.option_name)
    if isinstance(error, click.BadParameter) and error.param is not None:
        return text.say("cli.bad_parameter", name=parameter_name(error.param), message=error.message)
    return error.message


def parameter_name(parameter: click.Parameter) -> str:
    return parameter.human_readable_name.strip("[].") if isinstance(parameter, click.Argument) else "/".join(parameter.opts)


def tell_problems(text: Text, error: InputError, as_json: bool) -> Exit:
    if as_json:
        problems = [
            {"kind": p.kind, "severity": str(p.severity), "place": p.place, "sentence": sentence}
            for p, sentence in zip(error.problems, problem_lines(text, error.problems), strict=True)
        ]
        click.echo(json.dumps({"exit_code": int(Exit.NOT_UNDERSTOOD), "problems": problems}, indent=2))
        return Exit.NOT_UNDERSTOOD
    heading = text.say("cli.problems_law") if isinstance(error, PolicyError) else problems_heading(text, error)
    for line in (heading, *problem_lines(text, error.problems)):
        click.echo(line, err=True)
    return Exit.NOT_UNDERSTOOD


def problems_heading(text: Text, error: InputError) -> str:
    """How many Problems, and in which file; what was wrong on the command line is in none."""
    file = next((problem.file for problem in error.problems if problem.file), "")
    if not file:
        return text.say("cli.problems_usage")
    count = len(error.problems)
    return text.say("cli.problems_one" if count == 1 else "cli.problems", count=count, file=file)


REASONS: Mapping[int, str] = {
    errno.ENOSPC: "no_space",
    errno.EDQUOT: "no_space",
    errno.EFBIG: "too_large",
    errno.EACCES: "permission",
    errno.EPERM: "permission",
    errno.EISDIR: "is_a_folder",
    errno.ENOTDIR: "not_a_folder",
    errno.EEXIST: "not_a_folder",
    errno.ENOENT: "not_found",
}


def os_sentence(text: Text, error: OSError) -> str:
    """Which file, and why, in words; the system's own words where we have none."""
    reason = REASONS.get(error.errno or 0)
    shown = text.say(f"cli.reason_{reason}") if reason else (error.strerror or type(error).__name__)
    return text.say("cli.os_error", file=error.filename2 or error.filename or "-", reason=shown)


def unexpected_sentence(text: Text, error: Exception, log: bool) -> str:
    if not log:
        return text.say("cli.unexpected", kind=type(error).__name__)
    path = Path(DEBUG_LOG)
    path.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    return text.say("cli.unexpected_logged", kind=type(error).__name__, file=path)
