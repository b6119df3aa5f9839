"""How the lines of a chart differ: by colour on a screen, by dash and mark on grey paper. One order for Excel, the page and the figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class LineLook:
    """``dash`` is an SVG dash array ("" = solid), ``excel_dash`` and ``excel_mark`` Excel's names, ``mark`` matplotlib's."""

    color: str
    dash: str
    excel_dash: str
    excel_mark: str
    mark: str


LINE_LOOKS: Final = (
    LineLook("1F3864", "", "solid", "circle", "o"),
    LineLook("C55A11", "9 4", "dash", "square", "s"),
    LineLook("2E7D5B", "3 3", "sysDot", "triangle", "^"),
    LineLook("7A5C00", "10 4 3 4", "dashDot", "diamond", "D"),
    LineLook("7030A0", "15 5", "lgDash", "x", "x"),
    LineLook("505050", "6 3 2 3 2 3", "lgDashDotDot", "plus", "+"),
)

LOW: Final = "8EA9DB"
"""Heat maps run from this (no teacher valid) to white (all valid): darker is worse, in grey too, and black figures stay readable on both."""

HIGH: Final = "FFFFFF"


def shade(share: float) -> str:
    """The colour of a cell of the heat map, as six hexadecimal digits."""
    low, high = (tuple(int(color[place : place + 2], 16) for place in (0, 2, 4)) for color in (LOW, HIGH))
    return "".join(f"{round(dark + (light - dark) * share):02X}" for dark, light in zip(low, high, strict=True))
