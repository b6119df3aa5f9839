"""The charts as PNG and SVG for somebody's report, drawn by matplotlib where the extra ``[charts]`` is installed.

Nothing else needs them: the workbook has native charts, the page its own plots.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scheduler.formats.files import write_bytes
from scheduler.report.experiment.answers import Answers, Comparison, Grid
from scheduler.report.experiment.gathered import Tally
from scheduler.report.experiment.looks import HIGH, LINE_LOOKS, LOW

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIZE_INCHES: Final = (7.2, 4.4)
DOTS_AN_INCH: Final = 200
MOST_ROWS: Final = 40
"""Rows of a heat map that can be read in print."""

LONGEST_NAME: Final = 28

AXIS_CHARACTERS: Final = 80
"""Characters that fit along the axis of a figure."""

SETTINGS: Final = {
    "font.family": "sans-serif",
    "font.sans-serif": ["Carlito", "Calibri", "Liberation Sans", "Arial", "DejaVu Sans"],
    "font.size": 10,
    "svg.hashsalt": "kebijakan",
    "svg.fonttype": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.parse_math": False,
}
"""Names are shown as they are (a dollar sign begins no formula), and the same input gives the same bytes."""


def can_draw() -> bool:
    return find_spec("matplotlib") is not None


def write_figures(answers: Answers, folder: Path) -> list[Path]:
    """Each chart as PNG and SVG in ``folder``; none where there is nothing to draw."""
    import logging

    from matplotlib import rc_context

    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # a font that is not here is replaced by the next of the list
    written = []
    with rc_context(SETTINGS):  # type: ignore[arg-type]
        for name, figure in figures(answers):
            folder.mkdir(parents=True, exist_ok=True)
            for form in ("png", "svg"):
                written.append(folder / f"{name}.{form}")
                write_bytes(drawn(figure, form), written[-1])
    return written


def drawn(figure: Figure, form: str) -> bytes:
    content = io.BytesIO()
    metadata = {"Date": None} if form == "svg" else {"Software": None}
    figure.savefig(content, format=form, dpi=DOTS_AN_INCH, metadata=metadata)
    return content.getvalue()


def figures(answers: Answers) -> Iterator[tuple[str, Figure]]:
    """(file name, figure), one after the other."""
    if answers.lines and len(answers.places) > 1:
        yield "guru-valid", line_figure(answers, "share", lambda tally: tally.share, percent=True)
        if answers.gathered.units > 1:
            yield "sekolah-valid", line_figure(answers, "schools", lambda tally: tally.schools_share, percent=True)
        yield "jtm-kurang", line_figure(answers, "missing", lambda tally: float(tally.missing_jtm), percent=False)
    if answers.heat:
        yield "peta-panas", heat_figure(answers, answers.heat[0], answers.words.say("chart_heat", axis=answers.main_name))
    for compared in answers.comparisons[:1]:
        if len(compared.moved) > 1:
            yield "perubahan", change_figure(answers, compared)
    if answers.areas:
        grid = answers.areas[0]
        yield "kecamatan", heat_figure(answers, grid, answers.words.say("chart_areas", area=grid.head, axis=answers.main_name))


def empty(height: float = SIZE_INCHES[1]) -> tuple[Figure, Any]:
    """A figure of its own, known to no window system."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(SIZE_INCHES[0], height), layout="constrained")
    return figure, figure.add_subplot()


def labels(answers: Answers) -> list[str]:
    """Values along the axis, each as wide as its place allows."""
    return [textwrap.fill(str(answers.label(place)), max(4, AXIS_CHARACTERS // len(answers.places))) for place in answers.places]


def line_figure(answers: Answers, key: str, number: Callable[[Tally], float | None], percent: bool) -> Figure:
    figure, axes = empty()
    for line, look in zip(answers.ordered_lines, LINE_LOOKS, strict=False):
        known = [(index, line.points[place]) for index, place in enumerate(answers.places) if place in line.points]
        values = [(index, value) for index, tally in known if (value := number(tally)) is not None]
        dash: Any = (0, tuple(float(part) / 2.2 for part in look.dash.split())) if look.dash else "solid"
        axes.plot(
            *zip(*values, strict=True),
            label=line.name,
            color=f"#{look.color}",
            linestyle=dash if answers.numeric else "none",
            marker=look.mark,
            linewidth=1.8,
        )
    axes.set_xticks(range(len(answers.places)), labels(answers))
    axes.set_ylim(bottom=0, top=1.03 if percent else None)
    write_axes(answers, axes, answers.words.say(f"chart_{key}", axis=answers.main_name), answers.words.say(f"axis_{key}"))
    axes.yaxis.set_major_formatter(lambda value, _: answers.words.percent(value) if percent else answers.words.number(value))
    axes.grid(axis="y", color="#d5d8dd", linewidth=0.7)
    if len(answers.lines) > 1:
        axes.legend(frameon=False, fontsize=9)
    return figure


def write_axes(answers: Answers, axes: Axes, title: str, up: str) -> None:
    axes.set_title(title, fontsize=11, fontweight="bold")
    axes.set_xlabel(answers.main_name)
    axes.set_ylabel(up)


def heat_figure(answers: Answers, grid: Grid, title: str) -> Figure:
    """Shares as shaded cells with their numbers; white where nothing is known."""
    from matplotlib.colors import LinearSegmentedColormap

    rows = grid.rows[:MOST_ROWS]
    figure, axes = empty(max(2.2, 1.3 + 0.27 * len(rows)))
    shares = [[row.cells[place].share if place in row.cells else None for place in answers.places] for row in rows]
    colors = LinearSegmentedColormap.from_list("share", [f"#{LOW}", f"#{HIGH}"])
    axes.imshow([[float("nan") if share is None else share for share in row] for row in shares], cmap=colors, vmin=0, vmax=1, aspect="auto")
    for y, row in enumerate(shares):
        for x, share in enumerate(row):
            axes.text(x, y, answers.words.percent(share, 0), ha="center", va="center", fontsize=8)
    axes.set_xticks(range(len(answers.places)), labels(answers))
    axes.set_yticks(range(len(rows)), [row.name[:LONGEST_NAME] for row in rows])
    axes.tick_params(length=0)
    write_axes(answers, axes, f"{title}\n{grid.line}" if grid.line else title, grid.head)
    return figure


def change_figure(answers: Answers, compared: Comparison) -> Figure:
    """Who gains upwards, who loses downwards."""
    figure, axes = empty()
    places = [place for place in answers.places if place in compared.moved]
    moved = [compared.moved[place] for place in places]
    words = answers.words
    up = axes.bar(range(len(places)), [sums.gained for sums in moved], 0.65, color="#1f3864", label=words.say("head_gained"))
    down = axes.bar(
        range(len(places)), [-sums.lost for sums in moved], 0.65, color="#fbe3d3", edgecolor="#a0440e", hatch="///", label=words.say("head_lost")
    )
    axes.bar_label(up, [words.number(sums.gained) if sums.gained else "" for sums in moved], fontsize=8)
    axes.bar_label(down, [words.number(sums.lost) if sums.lost else "" for sums in moved], fontsize=8)
    axes.axhline(0, color="#333333", linewidth=0.9)
    axes.margins(y=0.12)
    axes.set_xticks(range(len(places)), [str(answers.label(place)) for place in places])
    axes.yaxis.set_major_formatter(lambda value, _: words.number(abs(value)))
    title = words.say("changes_pair", axis=words.axis(compared.axis), before=compared.before, after=compared.after)
    write_axes(answers, axes, title, words.say("axis_teachers"))
    axes.legend(frameon=False, fontsize=9)
    return figure
