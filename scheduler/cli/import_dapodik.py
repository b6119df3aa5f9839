"""``scheduler import dapodik``: downloads of Dapodik, or its web service, become a workbook."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.app.exits import Exit
from scheduler.cli.making import command, output
from scheduler.cli.options import ExistingFile, KeyValue, json_option, option
from scheduler.report.text import Text

if TYPE_CHECKING:
    from scheduler.app.import_dapodik import DapodikImported, DapodikWish, WebWish
    from scheduler.formats.dapodik import Doubt

SHOWN_QUESTIONS = 5
COUNTED = re.compile(r"(.+)-(\d{1,3})")
NPSN = re.compile(r"[A-Z]?\d{7,8}")
ADDRESS = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")


def dapodik_command(text: Text) -> click.Command:
    @command(text, "dapodik", key="import_dapodik")
    @click.argument("files", metavar="[FILE.xlsx]...", nargs=-1, type=ExistingFile(text))
    @option(text, "-o", "out", key="dapodik_out", type=click.Path(path_type=Path), required=True, metavar="OUT.xlsx")
    @option(text, "--answers", "answers_file", key="dapodik_answers", type=ExistingFile(text), metavar="FILE.xlsx")
    @option(text, "--answer", "answers", key="dapodik_answer", type=KeyValue(text), multiple=True, metavar="KEY=ANSWER")
    @option(text, "--web", key="dapodik_web", metavar="URL", default="")
    @option(text, "--npsn", key="dapodik_npsn", metavar="NPSN", default="")
    @option(text, "--semester", key="dapodik_semester", metavar="20261", default="")
    @json_option(text)
    def dapodik(files: tuple[Path, ...], out: Path, as_json: bool, **settings: Any) -> Exit:
        from scheduler.app.import_dapodik import DapodikWish, import_dapodik

        web = web_wish(text, settings)
        if not files and web is None:
            raise click.UsageError(text.say("dapodik.nothing_to_read"), click.get_current_context())
        answers: Iterable[tuple[str, str]] = settings["answers"]
        wish = DapodikWish(files, web, settings["npsn"].strip().upper(), settings["answers_file"], dict(answers), text.lang)
        imported = import_dapodik(wish, out)
        output(imported_lines(text, imported), imported_data(text, imported) if as_json else None)
        return imported.exit

    return dapodik


def web_wish(text: Text, settings: Mapping[str, Any]) -> WebWish | None:
    """The web service that the options ask for, with the token of the environment."""
    from scheduler.app.import_dapodik import WebWish
    from scheduler.formats.dapodik.web import TOKEN_VARIABLE

    ctx = click.get_current_context()
    address, npsn = settings["web"].strip(), settings["npsn"].strip().upper()
    if npsn and not NPSN.fullmatch(npsn):
        raise click.UsageError(text.say("dapodik.npsn_form", value=npsn), ctx)
    if not address:
        return None
    if not ADDRESS.fullmatch(address):
        raise click.UsageError(text.say("dapodik.web_address", value=address), ctx)
    if not npsn:
        raise click.UsageError(text.say("dapodik.web_needs_npsn"), ctx)
    token = os.environ.get(TOKEN_VARIABLE, "").strip()
    if not token:
        raise click.UsageError(text.say("dapodik.token_missing"), ctx)
    return WebWish(address, token, settings["semester"].strip())


def imported_lines(text: Text, made: DapodikImported) -> Iterator[str]:
    instance = made.imported.instance
    school = instance.schools[0]
    certified = sum(t.certificate is not None for t in instance.teachers)
    facts = {"teachers": len(instance.teachers), "certified": certified, "rombels": len(instance.rombels)}
    yield text.say("dapodik.done", file=made.out, school=school.name, npsn=school.npsn, **facts)
    yield text.say("dapodik.lessons", rows=made.imported.lesson_rows)
    if made.imported.left_out:
        reasons = (text.say(f"dapodik.left_out_{reason}", count=count) for reason, count in made.imported.left_out.items())
        yield text.say("dapodik.left_out", reasons=text.joined(reasons))
    if made.doubts:
        yield text.say("dapodik.doubts", **counts(made.doubts))
    questions = [doubt for doubt in made.doubts if doubt.urgency == 0]
    if questions:
        yield ""
        yield text.say("dapodik.first_questions")
        for doubt in islice(questions, SHOWN_QUESTIONS):
            yield "  - " + text.say(f"dapodik.{doubt.kind}", **doubt.facts)
        if len(questions) > SHOWN_QUESTIONS:
            yield "  " + text.say("dapodik.more_questions", count=len(questions) - SHOWN_QUESTIONS)
        yield text.say("dapodik.answer_how", files=sources_named(made.wish), file=quoted(made.out), again=quoted(next_name(made.out)))
    yield ""
    yield text.say("dapodik.next", file=made.out)


def sources_named(wish: DapodikWish) -> str:
    """What the command line said to read, to be said again."""
    files = [quoted(file) for file in wish.files]
    if wish.web is not None:
        files += ["--web", wish.web.address]
    return " ".join([*files, *(["--npsn", wish.npsn] if wish.npsn else [])])


def quoted(path: Path) -> str:
    return f'"{path}"' if " " in str(path) else str(path)


def next_name(path: Path) -> Path:
    """``sekolah.xlsx`` → ``sekolah-2.xlsx`` → ``sekolah-3.xlsx``."""
    counted = COUNTED.fullmatch(path.stem)
    name, number = (counted[1], int(counted[2])) if counted else (path.stem, 1)
    return path.with_name(f"{name}-{number + 1}{path.suffix}")


def counts(doubts: Iterable[Doubt]) -> Mapping[str, int]:
    numbers = [int(doubt.urgency) for doubt in doubts]
    return {name: numbers.count(urgency) for urgency, name in enumerate(("questions", "checks", "notes"))}


def imported_data(text: Text, made: DapodikImported) -> Mapping[str, Any]:
    instance = made.imported.instance
    return {
        "exit_code": int(made.exit),
        "file": str(made.out),
        "school": instance.schools[0].npsn,
        "teachers": len(instance.teachers),
        "certified": sum(t.certificate is not None for t in instance.teachers),
        "rombels": len(instance.rombels),
        "lessons": made.imported.lesson_rows,
        "left_out": dict(made.imported.left_out),
        "doubts": [
            {
                "kind": doubt.kind,
                "urgency": doubt.urgency.name.lower(),
                "question": doubt.question,
                "origin": str(doubt.origin),
                "sentence": text.say(f"dapodik.{doubt.kind}", **doubt.facts),
            }
            for doubt in made.doubts
        ],
    }
