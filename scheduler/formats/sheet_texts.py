"""The meanings of sheets and columns, for the template and docs/workbook.md."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources


@cache
def sheet_texts(lang: str) -> Mapping[str, str]:
    """The sentences of ``sheets.toml``. All texts for people stand in one folder, where translators look; this layer is below its reader."""
    path = resources.files("scheduler").joinpath("report", "text", lang, "sheets.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))
