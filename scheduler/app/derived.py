"""What is copied from the cells that count, on other sheets and beside them: what was changed there is named, and never taken for an edit."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from scheduler.domain.plan import Plan
from scheduler.domain.problem import Problem, Severity
from scheduler.errors import InputError
from scheduler.formats.opening import open_workbook
from scheduler.formats.rencana.matrix import MatrixReader
from scheduler.formats.rencana.pages import Page, Problems, cell_name, folded, shown
from scheduler.formats.rencana.reading import ReadBack
from scheduler.policy.case import Case
from scheduler.report.excel import write_plan_workbook
from scheduler.report.rencana_words import vocabulary
from scheduler.report.text import LANGUAGES, Text
from scheduler.verify.check import check

MOST_NAMED = 12
"""Beyond so many changed cells of a sheet it is said of the whole sheet."""

MOST_ALIKE = 0.3
"""Beyond this share of other cells a sheet has another form (rows put in, an older version): it cannot be compared."""


def copies_changed(case: Case, former: Plan, plan: Plan, read: ReadBack) -> tuple[Problem, ...]:
    """Compare the cells that are not read with those that would be written.

    Returns
    -------
    Notes on sheets that differ, one a sheet.

    Raises
    ------
    InputError
        a lesson was changed on Jadwal Kelas or Jadwal Guru, or a duty beside a teacher's name: where it counts is said
    """
    lang = next((lang for lang in LANGUAGES if any(page.title == Text(lang).say("report.sheet_classes") for page in read.pages)), LANGUAGES[0])
    text = Text(lang)
    before = written(case, former, text)
    report = check(case, plan)
    after = before if plan is former else written(case, replace(plan, teachers=report.loads), text)
    problems, notes = [], []
    for page in read.pages:
        if page.title in before:
            strict = page.title in (text.say("report.sheet_classes"), text.say("report.sheet_teachers"))
            differing = [found for found in differences(page, before[page.title], after[page.title]) if found[0] not in page.taken]
            if not differing:
                continue
            alike = len(differing) <= max(3, MOST_ALIKE * len(before[page.title].values))
            if strict and alike:
                problems += [page.problem("copy_changed", *at, before=was, after=now) for at, was, now in differing]
            else:
                cells = ", ".join(cell_name(*at) for at, _, _ in differing[:MOST_NAMED]) if alike and len(differing) <= MOST_NAMED else "-"
                facts: dict[str, str | int] = {"count": len(differing), "cells": cells}
                notes.append(Problem("edits.copy_differs", page.file, page.title, facts=facts, severity=Severity.NOTE))
    problems += duty_words_changed(case, former, read, before, after)
    if problems:
        raise InputError(problems)
    return tuple(notes)


def written(case: Case, plan: Plan, text: Text) -> Mapping[str, Page]:
    """The sheets as they would be written now."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rencana.xlsx"
        write_plan_workbook(case, plan, path, text)
        return {sheet.title: Page(sheet, path.name) for sheet in open_workbook(path)}


def differences(page: Page, before: Page, after: Page) -> Iterator[tuple[tuple[int, int], str, str]]:
    """Cells that are neither what was written nor what these edits would give, with both texts."""
    for at in sorted({*page.values, *before.values}):
        now = folded(page.values.get(at))
        if now not in (folded(before.values.get(at)), folded(after.values.get(at))):
            yield at, shown(before.values.get(at)) or "-", shown(page.values.get(at)) or "-"


def duty_words_changed(case: Case, former: Plan, read: ReadBack, before: Mapping[str, Page], after: Mapping[str, Page]) -> Sequence[Problem]:
    """Duties beside a name on Pembagian Tugas: the line may stand anywhere by now, so it is found by its code."""
    known: dict[str, set[str]] = {}
    for pages in (before, after):
        reader = MatrixReader(vocabulary(case, former), Problems())
        reader.read(tuple(pages.values()))
        for words in reader.duty_words:
            known.setdefault(words.teacher, set()).add(folded(words.text))
    return [
        words.page.problem("copy_changed", words.row, words.column, before="-", after=words.text)
        for words in read.duty_words
        if words.teacher in known and folded(words.text) not in known[words.teacher]
    ]
