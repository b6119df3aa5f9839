"""``scheduler letters``: the decree and the letters for teachers at partner schools."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.app.exits import Exit
from scheduler.cli import show
from scheduler.cli.making import command, output
from scheduler.cli.options import file_argument, json_option, option
from scheduler.report.text import Text

if TYPE_CHECKING:
    from scheduler.app.letters import Lettered

FORMS = ("matriks", "resmi")
PAPERS = ("f4", "a4")
NAMED_AT_MOST = 3
"""Schools or files that a line names before it counts the rest."""


def letters_command(text: Text) -> click.Command:
    @command(text, "letters")
    @file_argument(text)
    @file_argument(text, "plan", "PLAN.json")
    @option(text, "-o", "out", key="letters_out", type=click.Path(path_type=Path), required=True, metavar="DIR")
    @option(text, "--two-decrees", key="two_decrees", is_flag=True)
    @option(text, "--form", key="letters_form", type=click.Choice(FORMS), default=FORMS[0])
    @option(text, "--wording", key="wording", type=click.Path(path_type=Path), metavar="FILE.toml")
    @option(text, "--school", "schools", key="letters_school", multiple=True, metavar="NPSN")
    @option(text, "--paper", key="paper", type=click.Choice(PAPERS), default=PAPERS[0])
    @option(text, "--policy", key="verify_policy", metavar="FILE.toml", default="")
    @json_option(text)
    def letters(file: Path, plan: Path, out: Path, as_json: bool, **wishes: Any) -> Exit:
        from scheduler.app.letters import LetterWishes, make_letters

        lettered = make_letters(file, plan, out, LetterWishes(lang=text.lang, **wishes))
        output(lettered_lines(text, lettered), lettered_data(text, lettered) if as_json else None)
        return lettered.exit

    return letters


def lettered_lines(text: Text, lettered: Lettered) -> Iterator[str]:
    if lettered.exit is not Exit.OK:
        yield from show.verified_lines(text, lettered.verified)
        return
    if not lettered.verified.same_instance:
        yield text.say("letters.workbook_changed")
    for kind in dict.fromkeys(file.kind for file in lettered.files):
        files = [file.path for file in lettered.files if file.kind == kind]
        yield text.say("letters.written", what=text.say(f"letters.{kind}"), count=len(files), files=named(text, files, len(files) - 1))
    yield text.say("letters.totals_checked")
    yield from remark_lines(text, lettered)


def remark_lines(text: Text, lettered: Lettered) -> Iterator[str]:
    """What a person has to look at: blanks, ranks, doubtful law, old letters, the wording's file."""
    if lettered.uncovered_jp:
        yield text.say("letters.uncovered", jp=lettered.uncovered_jp)
    if lettered.blanks:
        yield text.say("letters.blanks")
        yield from (f"  {line}" for line in blank_lines(text, lettered))
    for column, count in lettered.without.items():
        yield text.say("letters.without", column=column, count=count)
    for item in lettered.doubted:
        key = "letters.doubted_replaced" if item.replaced_by else "letters.doubted_unverified"
        yield text.say(key, law=item.text, by=item.replaced_by)
    if lettered.stale:
        yield text.say("letters.stale", files=named(text, lettered.stale, len(lettered.stale) - 1))
    if lettered.new_wording:
        yield text.say("letters.wording_written", file=lettered.new_wording)
    if lettered.own_wording:
        yield text.say("letters.wording_read", file=lettered.own_wording)


def blank_lines(text: Text, lettered: Lettered) -> Iterator[str]:
    """One line a key as it is typed, and one for the schools that need their own."""
    from scheduler.app.letters import SHEET_COLUMNS

    schools = lettered.verified.opened.case.schools
    for name in dict.fromkeys(name for name, _ in lettered.blanks):
        npsns = [npsn for own, npsn in lettered.blanks if own == name]
        places = [schools[npsn].name if npsn in schools else npsn for npsn in npsns if npsn]
        if "" in npsns:
            yield name
        if places:
            key = "letters.blank_column" if name in SHEET_COLUMNS else "letters.blank_of_schools"
            first = next(npsn for npsn in npsns if npsn)
            yield text.say(key, key=name, npsn=first, schools=named(text, places, len(places) - 1))


def named(text: Text, things: Any, rest: int) -> str:
    """The first few by name, the others by number."""
    shown = [str(thing) for thing in things]
    if len(shown) <= NAMED_AT_MOST:
        return ", ".join(shown)
    return text.say("letters.and_more", first=shown[0], count=rest)


def lettered_data(text: Text, lettered: Lettered) -> Mapping[str, Any]:
    if lettered.exit is not Exit.OK:
        return {**show.verified_data(text, lettered.verified), "exit_code": int(lettered.exit)}
    return {
        "exit_code": int(lettered.exit),
        "files": [{"file": str(f.path), "kind": f.kind, "school": f.school, "teacher": f.teacher} for f in lettered.files],
        "blanks": [{"key": name, "school": npsn} for name, npsn in lettered.blanks],
        "teachers_without": dict(lettered.without),
        "law_to_check": [{"text": item.text, "replaced_by": item.replaced_by} for item in lettered.doubted],
        "uncovered_jp": lettered.uncovered_jp,
        "letters_of_an_earlier_plan": [str(path) for path in lettered.stale],
        "same_instance": lettered.verified.same_instance,
    }
