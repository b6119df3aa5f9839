"""Options and arguments that several commands share, with their help in the user's language."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from scheduler.report.text import LANGUAGES, Text

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
Decorator = Callable[[Decorated], Decorated]

MOST_WORKERS = 8
"""More workers of the solver help little and cost memory."""


class ExistingFile(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.5 on
    """A file that is there."""

    name = "file"

    def __init__(self, text: Text) -> None:
        self.text = text

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(value)
        if path.is_dir():
            self.fail(self.text.say("cli.is_folder", file=path), param, ctx)
        if not path.is_file():
            self.fail(self.text.say("cli.no_such_file", file=path), param, ctx)
        return path


class Whole(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.5 on
    """A whole number of at least ``least``."""

    name = "n"

    def __init__(self, text: Text, least: int) -> None:
        self.text, self.least = text, least

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            number = int(value)
        except ValueError:
            self.fail(self.text.say("cli.not_a_number", value=value), param, ctx)
        if number < self.least:
            self.fail(self.text.say("cli.number_too_small", value=value, least=self.least), param, ctx)
        return number


class KeyValue(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.5 on
    """``min_jtm=20`` as a pair."""

    name = "key=value"

    def __init__(self, text: Text) -> None:
        self.text = text

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        key, separator, number = str(value).partition("=")
        if not separator or not key.strip() or not number.strip():
            self.fail(self.text.say("cli.not_key_value", value=value), param, ctx)
        return key.strip(), number.strip()


class RombelCounts(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.5 on
    """``7=3,8=3,9=2`` as {grade: rombels}."""

    name = "7=3,8=3,9=2"

    def __init__(self, text: Text) -> None:
        self.text = text

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dict[int, int]:
        if isinstance(value, dict):
            return value
        counts: dict[int, int] = {}
        for part in str(value).split(","):
            grade, _, count = part.partition("=")
            if not grade.strip().isdecimal() or not count.strip().isdecimal() or int(grade) in counts:
                self.fail(self.text.say("cli.not_rombel", value=value), param, ctx)
            counts[int(grade)] = int(count)
        fault = self.fault(counts)
        if fault:
            self.fail(fault, param, ctx)
        return counts

    def fault(self, counts: Mapping[int, int]) -> str:
        """What no school has: a grade that is named without rombels, or more rombels than one school may have."""
        from scheduler.formats.template import MOST_ROMBELS

        empty = next((grade for grade, count in counts.items() if count == 0), None)
        if empty is not None:
            return self.text.say("cli.no_rombel", grade=empty)
        total = sum(counts.values())
        return self.text.say("cli.too_many_rombels", total=total, most=MOST_ROMBELS) if total > MOST_ROMBELS else ""


class SpeakingOption(click.Option):
    """An option whose mark "required" is in the user's language."""

    def __init__(self, *names: Any, text: Text, **settings: Any) -> None:
        super().__init__(*names, **settings)
        self.text = text

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        record = super().get_help_record(ctx)
        if record is None or not self.required:
            return record
        return record[0], record[1].replace("[required]", f"[{self.text.say('cli.required')}]")


def option(text: Text, *names: str, key: str, **settings: Any) -> Decorator[Any]:
    """An option with its help from the catalogue (``cli.option_<key>``)."""
    return click.option(*names, cls=SpeakingOption, text=text, help=text.say(f"cli.option_{key}"), **settings)


def every_command(text: Text) -> Decorator[Any]:
    """``--lang`` and ``--debug``: both are looked up before click parses, so here they are only allowed."""
    return chained(
        option(text, "--lang", key="lang", type=click.Choice(LANGUAGES), expose_value=False),
        option(text, "--debug", key="debug", is_flag=True, expose_value=False),
    )


def file_argument(text: Text, name: str = "file", metavar: str = "FILE", required: bool = True) -> Decorator[Any]:
    return click.argument(name, metavar=metavar if required else f"[{metavar}]", type=ExistingFile(text), required=required)


def law_options(text: Text) -> Decorator[Any]:
    return chained(
        option(text, "--policy", key="policy", metavar="ID", default=""),
        option(text, "--set", "overrides", key="set", type=KeyValue(text), multiple=True, metavar="KEY=VALUE"),
    )


def search_options(text: Text, time_limit: str = "time_limit") -> Decorator[Any]:
    """How long and how hard to search; ``time_limit`` is the key of its help."""
    return chained(
        option(text, "--time-limit", key=time_limit, type=Whole(text, 1), metavar="SECONDS"),
        option(text, "--workers", key="workers", type=Whole(text, 1), metavar="N"),
        option(text, "--seed", key="seed", type=Whole(text, 0), default=0, metavar="N"),
    )


def solve_options(text: Text) -> Decorator[Any]:
    return chained(
        search_options(text),
        option(text, "--from", "former", key="from", type=ExistingFile(text), metavar="PLAN.json"),
        strict_option(text),
    )


def strict_option(text: Text) -> Decorator[Any]:
    return option(text, "--strict", key="strict", is_flag=True)


def json_option(text: Text) -> Decorator[Any]:
    return option(text, "--json", "as_json", key="json", is_flag=True)


def chained(*decorators: Decorator[Any]) -> Decorator[Any]:
    """All decorators together, the first shown first."""

    def decorate(function: Any) -> Any:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorate


def default_workers() -> int:
    return min(MOST_WORKERS, os.cpu_count() or 1)
