"""Where results may be written: never over what was read, and never over a file that is not one of ours."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scheduler.errors import SchedulerError

PLAN_SCHEMAS = "scheduler-plan/"


class OutputRefusedError(SchedulerError):
    """A result must not be written there; ``kind`` is the key of the sentence (``cli.output_<kind>``)."""

    def __init__(self, kind: str, path: Path) -> None:
        self.kind, self.path = kind, path
        super().__init__(f"{kind}: {path}")


def refuse_input(path: Path, source: Path) -> None:
    """Refuse to write over the file that is read, by whatever name or link it is called."""
    if path.exists() and path.samefile(source):
        raise OutputRefusedError("is_input", path)


def refuse_folder(path: Path) -> None:
    if path.is_dir():
        raise OutputRefusedError("is_folder", path)


def refuse_file(path: Path) -> None:
    """Refuse a file where a folder is wanted."""
    if path.exists() and not path.is_dir():
        raise OutputRefusedError("is_file", path)


def refuse_other_ending(path: Path, ending: str) -> None:
    """``.xls`` or no ending at all: Excel would not open the file, or another reader would take it for something else."""
    if path.suffix.lower() != ending:
        raise OutputRefusedError(f"not_{ending.removeprefix('.')}", path)


def refuse_foreign_file(path: Path) -> None:
    """Refuse to replace a file that is not a plan.json."""
    if path.is_file() and recorded(path) is None:
        raise OutputRefusedError("not_a_plan", path)


def refuse_unwritable(folder: Path) -> None:
    """Try whether a file can be written there, or in what there is of the way to it: before the search, not when there is a plan to lose.

    Raises
    ------
    OSError
        it cannot be; names the folder
    """
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(folder)) from error


def recorded(path: Path) -> Mapping[str, Any] | None:
    """What a plan.json says, of whatever version; None where the file is missing or something else."""
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) and str(content.get("schema", "")).startswith(PLAN_SCHEMAS) else None


def refuse_week(path: Path) -> None:
    """Refuse to replace a plan.json that has a timetable, or a file that is not a plan.json."""
    refuse_foreign_file(path)
    if has_week(path):
        raise OutputRefusedError("has_week", path)


def has_week(plan_path: Path) -> bool:
    """Whether the plan in this file has a timetable."""
    plan = recorded(plan_path)
    return plan is not None and bool(plan.get("lessons"))
