"""``kebijakan.html`` and ``ringkasan.html``: pages that open without a network, read on a phone and print in grey."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from scheduler.formats.files import write_bytes
from scheduler.report.experiment import svg
from scheduler.report.experiment.answers import Answers, Comparison, Grid
from scheduler.report.experiment.columns import Column, answer_columns
from scheduler.report.experiment.findings import Finding, findings, units
from scheduler.report.experiment.gathered import Tally
from scheduler.report.experiment.looks import shade
from scheduler.report.experiment.reading import Reading

PAGE_AREAS: Final = 60
PAGE_CHANGES: Final = 30
"""Rows of the long tables on the page; the workbook has more."""


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A cell: its words and its colour (``""`` where nothing is known)."""

    words: str
    color: str
    strong: bool


@dataclass(frozen=True)
class Page:
    """What the templates show."""

    answers: Answers

    def say(self, key: str, /, **facts: object) -> str:
        return self.answers.words.say(key, **facts)

    @cached_property
    def reading(self) -> Reading:
        return Reading(self.answers)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        return findings(self.answers)

    @property
    def subtitle(self) -> str:
        answers = self.answers
        axes = answers.words.text.joined(answers.words.axis(answers.axes[place].name) for place in answers.varied) or self.say("dash")
        told = self.say("subtitle", units=units(answers, answers.gathered.units), runs=self.count(answers.gathered.count), axes=axes)
        return " · ".join(part for part in (answers.words.background.title, told) if part)

    @property
    def warnings(self) -> tuple[str, ...]:
        gathered, sheet = self.answers.gathered, self.say("sheet_reading")
        invented = [self.say("warning_invented")] if self.answers.words.background.invented else []
        missing = gathered.count - gathered.usable
        unfinished = [self.say("warning_unfinished", runs=self.count(missing), all=self.count(gathered.count), sheet=sheet)] if missing else []
        return (*invented, *unfinished)

    def count(self, value: int) -> str:
        return self.answers.words.number(value)

    def percent(self, value: float | None) -> str:
        return self.answers.words.percent(value)

    # --- the study's question ------------------------------------------------------------------------------------------------------------

    @cached_property
    def answer_columns(self) -> tuple[Column, ...]:
        return tuple(answer_columns(self.answers))

    @property
    def answer_rows(self) -> tuple[tuple[bool, str, tuple[str, ...]], ...]:
        """(is the reference, value of the main axis, cells)."""
        return tuple((place == self.answers.place, self.answers.value(place), tuple(self.answer_cells(place))) for place in self.answers.studied)

    def answer_cells(self, place: int) -> Iterator[str]:
        for column in self.answer_columns:
            value = column.at(place)
            yield self.percent(value) if column.percent or value is None else self.count(int(value))

    # --- plots -------------------------------------------------------------------------------------------------------------------------------

    @cached_property
    def plots(self) -> tuple[svg.Plot, ...]:
        if len(self.answers.places) < 2 or not self.answers.lines:
            return ()
        share = self.line_plot("share", lambda tally: tally.share, percent=True)
        schools = self.line_plot("schools", lambda tally: tally.schools_share, percent=True)
        missing = self.line_plot("missing", lambda tally: float(tally.missing_jtm), percent=False)
        return (share, schools, missing, *self.size_plot) if self.answers.gathered.units > 1 else (share, missing)

    @property
    def size_plot(self) -> tuple[svg.Plot, ...]:
        """Small schools against the others."""
        if not self.answers.has_both_sizes:
            return ()
        names = {True: self.say("head_small_share"), False: self.say("head_others_share")}
        return (
            self.plot("sizes", [self.series(names[kind], points, lambda tally: tally.share) for kind, points in self.answers.small.items()], True),
        )

    def line_plot(self, key: str, number: Callable[[Tally], float | None], percent: bool) -> svg.Plot:
        return self.plot(key, [self.series(line.name, line.points, number) for line in self.answers.ordered_lines], percent)

    def series(self, name: str, points: Mapping[int, Tally], number: Callable[[Tally], float | None]) -> svg.Series:
        return svg.Series(name, tuple(number(points[place]) if place in points else None for place in self.answers.places))

    def plot(self, key: str, series: Sequence[svg.Series], percent: bool) -> svg.Plot:
        answers = self.answers
        highest = 1.0 if percent else svg.top_of(max((value for one in series for value in one.values if value is not None), default=1.0))
        steps = [highest * step / svg.TICKS for step in range(svg.TICKS + 1)]
        labels = [self.percent(step) if percent else answers.words.number(step) for step in steps]
        ticks = tuple(svg.Tick(svg.height(step, 0, highest), label) for step, label in zip(steps, labels, strict=True))
        title = self.say(f"chart_{key}", axis=answers.main_name)
        return svg.Plot(
            id=key,
            title=title,
            told=self.told(series, percent),
            across=answers.main_name,
            up=self.say(f"axis_{key}"),
            x_ticks=svg.x_ticks([str(answers.label(place)) for place in answers.places]),
            y_ticks=ticks,
            lines=svg.lines(series, highest),
            connected=answers.numeric,
        )

    def told(self, series: Sequence[svg.Series], percent: bool) -> str:
        """Each line in words: its first and its last value."""
        sentences = []
        for one in series:
            known = [(place, value) for place, value in zip(self.answers.places, one.values, strict=True) if value is not None]
            if known:
                (first, low), (last, high) = known[0], known[-1]
                shown = [self.percent(value) if percent else self.answers.words.number(value) for value in (low, high)]
                facts = {"first": self.answers.value(first), "last": self.answers.value(last), "low": shown[0], "high": shown[1]}
                sentences.append(self.say("told_line", name=one.name, **facts))
        return " ".join(sentences)

    def bars(self, compared: Comparison) -> svg.Plot | None:
        """Who gains and who loses along the main axis; None where there is but one value."""
        answers = self.answers
        places = [place for place in answers.places if place in compared.moved]
        if len(places) < 2:
            return None
        pairs = [(compared.moved[place].gained, compared.moved[place].lost) for place in places]
        step = svg.top_of(max(number for pair in pairs for number in pair)) / svg.TICKS
        up, down = (1 + max(pair[kind] for pair in pairs) // step for kind in (0, 1))  # room for the numbers at the bars
        steps = [step * place for place in range(-int(down), int(up) + 1)]
        lowest, highest = steps[0], steps[-1]
        gained, lost = (sum(pair[kind] for pair in pairs) for kind in (0, 1))
        return svg.Plot(
            id=f"changes-{answers.comparisons.index(compared)}",
            title=self.say("chart_changes"),
            told=self.say("told_changes", gained=self.count(gained), lost=self.count(lost)),
            across=answers.main_name,
            up=self.say("axis_teachers"),
            x_ticks=svg.x_ticks([str(answers.label(place)) for place in places]),
            y_ticks=tuple(svg.Tick(svg.height(step, lowest, highest), answers.words.number(abs(step))) for step in steps),
            bars=svg.bars(pairs, [(f"{up}" if up else "", f"{down}" if down else "") for up, down in pairs], lowest, highest),
            base=svg.height(0, lowest, highest),
        )

    # --- tables ------------------------------------------------------------------------------------------------------------------------------

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(str(self.answers.label(place)) for place in self.answers.places)

    def cells(self, points: Mapping[int, Tally]) -> tuple[HeatCell, ...]:
        cells = []
        for place in self.answers.places:
            tally = points.get(place)
            value = None if tally is None else tally.share
            cells.append(HeatCell(self.percent(value), "" if value is None else f"#{shade(value)}", place == self.answers.place))
        return tuple(cells)

    @property
    def areas(self) -> Grid | None:
        return self.answers.areas[0] if self.answers.areas else None

    def moved_rows(self, compared: Comparison) -> tuple[tuple[bool, str, tuple[str, ...]], ...]:
        rows = []
        for place in (place for place in reversed(self.answers.places) if place in compared.moved):
            moved = compared.moved[place]
            numbers = (moved.gained, moved.lost, moved.gained - moved.lost, moved.uncounted, moved.schools)
            rows.append((compared.at == self.answers.at(place), self.answers.value(place), tuple(self.count(number) for number in numbers)))
        return tuple(rows)


def write_pages(answers: Answers, page: Path, summary: Path) -> None:
    """Both pages; the same runs, background and language give the same bytes, whatever is installed."""
    environment = Environment(
        loader=PackageLoader("scheduler.report", "."),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    shown = Page(answers)
    facts = {"page": shown, "answers": answers, "words": answers.words, "say": answers.words.say, "lang": answers.words.text.lang, "svg": svg}
    facts |= {"most_areas": PAGE_AREAS, "most_changes": PAGE_CHANGES}
    for template, path in (("page", page), ("summary", summary)):
        write_bytes(environment.get_template(f"experiment/{template}.html").render(facts).encode("utf-8"), path)
