"""``template``: a workbook to fill in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from scheduler.app.outputs import refuse_folder, refuse_other_ending


def make_template(path: Path, rombels: Mapping[int, int], policy: str = "", curriculum: str = "") -> bool:
    """Write a template for so many rombels a grade; False where the file exists, for it may be filled in already.

    Raises
    ------
    OutputRefusedError
        ``path`` is a folder, or not an .xlsx
    """
    refuse_folder(path)
    if path.exists():
        return False
    refuse_other_ending(path, ".xlsx")
    from scheduler.formats.template import write_template

    path.parent.mkdir(parents=True, exist_ok=True)
    chosen = {name: value for name, value in {"policy": policy, "curriculum": curriculum}.items() if value}
    write_template(path, rombels, **chosen)
    return True
