"""The three files of an explanation: written so that a kill leaves each whole, and recognised when they do not belong together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from scheduler.app.outputs import OutputRefusedError, refuse_input
from scheduler.app.plan_files import file_sha256
from scheduler.app.source import Opened
from scheduler.domain.explanation import Explanation
from scheduler.formats.files import atomic_path
from scheduler.formats.json import is_explanation, write_explanation

EXPLANATION_FILE = "penjelasan.json"
PAGE_FILE = "penjelasan.html"
SHEETS_FILE = "penjelasan.xlsx"
DOSSIER = (SHEETS_FILE, PAGE_FILE, EXPLANATION_FILE)
"""In the order in which they take their places."""

FALLBACK_FOLDER = "penjelasan-baru"


def refuse_foreign_dossier(folder: Path, source: Path) -> None:
    """Refuse to replace what is read, a penjelasan.json of another program, or a page and a workbook that lie there without ours."""
    for name in DOSSIER:
        refuse_input(folder / name, source)
    if is_explanation(folder / EXPLANATION_FILE):
        return
    for name in DOSSIER:
        if (folder / name).exists():
            raise OutputRefusedError("not_a_dossier", folder / name)


def save_dossier(opened: Opened, explanation: Explanation, folder: Path, lang: str, only_teacher: str = "") -> tuple[Path, ...]:
    """Write all three, in ``folder``, or beside it in FALLBACK_FOLDER where an old one cannot be replaced (open in Excel on Windows)."""
    try:
        return _save_dossier(opened, explanation, folder, lang, only_teacher)
    except PermissionError:
        if not any(folder.joinpath(name).exists() for name in DOSSIER):
            raise
        fallback = folder / FALLBACK_FOLDER
        fallback.mkdir(exist_ok=True)
        return _save_dossier(opened, explanation, fallback, lang, only_teacher)


def _save_dossier(opened: Opened, explanation: Explanation, folder: Path, lang: str, only_teacher: str) -> tuple[Path, ...]:
    """All three are complete before the first is renamed; after a kill between two renames the fingerprints in penjelasan.json tell."""
    from scheduler.report.excel.explanation import write_explanation_workbook
    from scheduler.report.html import write_explanation_html
    from scheduler.report.text import Text

    text = Text(lang)
    json_path, page, sheets = folder / EXPLANATION_FILE, folder / PAGE_FILE, folder / SHEETS_FILE
    with atomic_path(json_path) as new_json, atomic_path(page) as new_page, atomic_path(sheets) as new_sheets:
        write_explanation_workbook(opened.case, explanation, opened.place, new_sheets, text, only_teacher)
        write_explanation_html(opened.case, explanation, opened.place, new_page, text, only_teacher)
        fingerprints = {PAGE_FILE: file_sha256(new_page), SHEETS_FILE: file_sha256(new_sheets)}
        write_explanation(replace(explanation, files=fingerprints), new_json)
    return page, sheets, json_path


def strangers(explanation: Explanation, path: Path) -> tuple[Path, ...]:
    """Files beside a penjelasan.json that bear the names of its dossier and are not those that were written with it."""
    beside = ((path.with_name(name), fingerprint) for name, fingerprint in sorted(explanation.files.items()))
    return tuple(file for file, fingerprint in beside if file.is_file() and file_sha256(file) != fingerprint)
