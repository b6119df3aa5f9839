"""Geometry of the plots on the page: where lines, bars, ticks and words stand. The templates draw it as SVG.

Drawn by a template of our own and not by a library: the page must be the same with and without the extra ``[charts]``, needs marks and dashes that
differ in grey, and a title that a screen reader says. pygal, the small one, puts a random id and a script from the network into each plot and marks
every line by the same dot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from scheduler.report.experiment.looks import LINE_LOOKS, LineLook

WIDTH: Final = 480
HEIGHT: Final = 320
LEFT: Final = 58
RIGHT: Final = 14
TOP: Final = 14
BOTTOM: Final = 46
TICKS: Final = 5
MOST_CHARACTERS: Final = 54
LEAST_LABEL: Final = 3
"""Characters that fit along the axis, and of a label however many there are."""

MARKS: Final = {
    "o": "M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0z",
    "s": "M-4,-4h8v8h-8z",
    "^": "M0,-5l5,9h-10z",
    "D": "M0,-5.5l5.5,5.5l-5.5,5.5l-5.5,-5.5z",
    "x": "M-4,-4l8,8M4,-4l-8,8",
    "+": "M-5,0h10M0,-5v10",
}


@dataclass(frozen=True, slots=True)
class Series:
    """What one line shows: its name and a value for each place along the axis, None where nothing is known."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True, slots=True)
class PlotLine:
    name: str
    look: LineLook
    points: tuple[tuple[float, float], ...]
    mark: str

    @property
    def path(self) -> str:
        return " ".join(f"{x},{y}" for x, y in self.points)


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    label: str
    label_y: float
    kind: str


@dataclass(frozen=True, slots=True)
class Plot:
    """One plot. ``told`` says in words what it shows, for who does not see it."""

    id: str
    title: str
    told: str
    across: str
    up: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    lines: tuple[PlotLine, ...] = ()
    bars: tuple[Bar, ...] = ()
    base: float = HEIGHT - BOTTOM
    connected: bool = True


def top_of(highest: float) -> float:
    """The least round number (1, 2, 2.5 or 5 times a power of ten, times TICKS) that is not below ``highest``."""
    step = 1.0
    while step * TICKS < highest:
        step = next((step * factor for factor in (2, 2.5, 5) if step * factor * TICKS >= highest), step * 10)
    return step * TICKS


def height(value: float, lowest: float, highest: float) -> float:
    return round(HEIGHT - BOTTOM - (value - lowest) / (highest - lowest) * (HEIGHT - TOP - BOTTOM), 1)


def place(index: int, count: int) -> float:
    """The middle of one of ``count`` equal parts of the width."""
    return round(LEFT + (index + 0.5) * (WIDTH - LEFT - RIGHT) / count, 1)


def x_ticks(labels: Sequence[str]) -> tuple[Tick, ...]:
    """A label at each place; long ones are cut, and of very many every second, third … is written."""
    longest = max(LEAST_LABEL, MOST_CHARACTERS // max(1, len(labels)))
    shown = [label if len(label) <= longest else f"{label[: longest - 1]}…" for label in labels]
    every = -(-len(shown) * max(map(len, shown), default=0) // MOST_CHARACTERS)
    return tuple(Tick(place(index, len(shown)), label) for index, label in enumerate(shown) if index % max(1, every) == 0)


def lines(series: Sequence[Series], highest: float) -> tuple[PlotLine, ...]:
    drawn = []
    for one, look in zip(series, LINE_LOOKS, strict=False):
        points = tuple((place(i, len(one.values)), height(value, 0, highest)) for i, value in enumerate(one.values) if value is not None)
        drawn.append(PlotLine(one.name, look, points, MARKS[look.mark]))
    return tuple(drawn)


def bars(pairs: Sequence[tuple[int, int]], labels: Sequence[tuple[str, str]], lowest: float, highest: float) -> tuple[Bar, ...]:
    """Who gains upwards, who loses downwards, each with its number."""
    width, base = round((WIDTH - LEFT - RIGHT) / len(pairs) * 0.62, 1), height(0, lowest, highest)
    drawn = []
    for index, ((up, down), (up_label, down_label)) in enumerate(zip(pairs, labels, strict=True)):
        x = place(index, len(pairs)) - width / 2
        top, bottom = height(up, lowest, highest), height(-down, lowest, highest)
        drawn.append(Bar(round(x, 1), top, width, round(base - top, 1), up_label, round(top - 4, 1), "gained"))
        drawn.append(Bar(round(x, 1), base, width, round(bottom - base, 1), down_label, round(bottom + 13, 1), "lost"))
    return tuple(drawn)
