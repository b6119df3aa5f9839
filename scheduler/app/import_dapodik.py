"""``import dapodik``: downloads of Dapodik, or its local web service, become a workbook that ``check`` and ``plan`` accept."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.app.exits import Exit
from scheduler.app.outputs import OutputRefusedError, refuse_folder, refuse_input, refuse_other_ending
from scheduler.domain.problem import Problem
from scheduler.errors import InputError
from scheduler.report.text import Text

if TYPE_CHECKING:
    from openpyxl import Workbook

    from scheduler.formats.dapodik import Answer, Doubt, Imported, Sources
    from scheduler.formats.dapodik.reading import SheetRead


@dataclass(frozen=True, slots=True)
class WebWish:
    """Where to ask Dapodik itself; the token comes from the environment."""

    address: str
    token: str
    semester: str = ""


@dataclass(frozen=True, slots=True)
class DapodikWish:
    """What to import. ``answers_file`` is the workbook of an earlier import; ``answers`` are question → answer of the command line."""

    files: Sequence[Path] = ()
    web: WebWish | None = None
    npsn: str = ""
    answers_file: Path | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    lang: str = "id"


@dataclass(frozen=True, slots=True)
class DapodikImported:
    """What was written, and every line of its sheet Perlu Diperiksa."""

    exit: Exit
    out: Path
    wish: DapodikWish
    imported: Imported
    doubts: tuple[Doubt, ...]


def import_dapodik(wish: DapodikWish, out: Path) -> DapodikImported:
    """Read everything that was named and write the workbook to ``out``, which must not exist yet.

    Raises
    ------
    InputError
        everything that keeps the files (or the answer of the web service) from being understood, all at once
    OutputRefusedError
        ``out`` is one of the files that are read, exists already, or is no .xlsx
    """
    refuse_folder(out)
    refuse_other_ending(out, ".xlsx")
    for file in (*wish.files, *((wish.answers_file,) if wish.answers_file else ())):
        refuse_input(out, file)
    if out.exists():
        raise OutputRefusedError("exists", out)  # the answers in it may be somebody's work of an hour
    from scheduler.formats.dapodik import assemble
    from scheduler.formats.files import save_workbook

    sources, answers = read_all(wish)
    imported = assemble(sources, answers)
    text = Text(wish.lang)
    workbook, doubts = workbook_with_doubts(imported, text)
    out.parent.mkdir(parents=True, exist_ok=True)
    save_workbook(workbook, out)
    return DapodikImported(Exit.OK, out, wish, imported, doubts)


def read_all(wish: DapodikWish) -> tuple[Sources, list[Answer]]:
    """Files, web service and answers; the Problems of all of them together."""
    from scheduler.formats.dapodik import Answer, Place, gather, read_answers, read_file
    from scheduler.formats.dapodik.source import SchoolFacts
    from scheduler.formats.dapodik.web import WebService, read_web

    problems: list[Problem] = []
    sheets: list[SheetRead] = []
    for file in wish.files:
        try:
            found = read_file(file)
        except InputError as error:
            problems += error.problems
            continue
        if not found:
            problems.append(Problem("dapodik.not_recognised", file.name))
        sheets += found
    sources = gather(sheets)
    if wish.web is not None:
        try:
            asked = read_web(WebService(wish.web.address, wish.npsn, wish.web.token, wish.web.semester))
            sources.join(asked)
        except InputError as error:
            problems += error.problems
    elif wish.npsn:
        sources.schools.append(SchoolFacts(Place("--npsn"), wish.npsn))
    answers: list[Answer] = []
    if wish.answers_file is not None:
        try:
            answers += read_answers(wish.answers_file)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return sources, [*answers, *(Answer(question, value) for question, value in wish.answers.items())]


def workbook_with_doubts(imported: Imported, text: Text) -> tuple[Workbook, tuple[Doubt, ...]]:
    """The workbook with its sheet Perlu Diperiksa; what ``check`` would refuse in it stands there first."""
    from scheduler.formats.workbook_writer import workbook_of
    from scheduler.report.doubts import add_doubts

    workbook = workbook_of(imported.instance)
    doubts = (*refused(workbook, text), *imported.doubts)
    add_doubts(workbook, imported.instance, doubts, text)
    return workbook, doubts


def refused(workbook: Workbook, text: Text) -> list[Doubt]:
    """What our own reader says against the workbook: contradictions that stand in Dapodik itself."""
    from scheduler.formats.dapodik import Doubt, Urgency
    from scheduler.formats.files import save_workbook
    from scheduler.formats.workbook import read_workbook

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sekolah.xlsx"
        save_workbook(workbook, path)
        try:
            read_workbook(path)
        except InputError as error:
            facts = [{"place": p.place, "sentence": text.say(p.text_key, **p.facts)} for p in error.problems]
            return [Doubt("refused_by_check", fact, Urgency.QUESTION) for fact in facts]
    return []
