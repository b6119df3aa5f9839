"""``kebijakan.xlsx``: the answers as a workbook with native charts, for reading, printing on F4, and computing on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.formatting.rule import ColorScaleRule
from openpyxl.utils import get_column_letter

from scheduler.formats.files import save_workbook
from scheduler.report.excel.paper import (
    CELL,
    CENTER,
    GROUP_FILL,
    HEAD,
    LINE_POINTS,
    PLAIN,
    PLAIN_SMALL,
    SMALL,
    STRONG_CENTER,
    WARN_FILL,
    Look,
    Paper,
    Value,
)
from scheduler.report.experiment.answers import Answers, Comparison, Grid
from scheduler.report.experiment.charts import CHART_POINTS, Block, bar_chart, line_chart
from scheduler.report.experiment.columns import answer_columns
from scheduler.report.experiment.findings import findings, units
from scheduler.report.experiment.gathered import Tally
from scheduler.report.experiment.looks import HIGH, LOW
from scheduler.report.experiment.reading import Reading, SourceRow
from scheduler.report.experiment.tidy import SCENARIO_PLACE, heads, row_of

GRID: Final = 12
UNIT: Final = 9.4
"""Ringkasan stands on twelve equal columns; its widest table takes them all."""

UPRIGHT_LINES: Final = 3
UPRIGHT_PLACES: Final = 14
"""So many lines, or values of the main axis, are readable on an upright page, which holds more tables."""

MOST_RUNS: Final = 5_000
"""Rows of the sheet Data: what a school's computer opens and filters at once; the CSV has every row."""

MOST_AREAS: Final = 400

HALF_CM: Final = 10.8
HALF_HIGH_CM: Final = 7.6
HALF_ROWS: Final = 14
"""Two charts side by side on Ringkasan, and the rows that they cover."""

PERCENT: Final = Look(across="center", form="0.0%", wrap=False)
NUMBER: Final = Look(across="center", form="#,##0", wrap=False)


@dataclass(frozen=True)
class Pages:
    """What all sheets share."""

    answers: Answers
    book: Workbook

    def say(self, key: str, /, **facts: object) -> str:
        return self.answers.words.say(key, **facts)

    def paper(self, key: str, widths: Sequence[float], landscape: bool = True, **facts: object) -> Paper:
        """A new sheet with its head."""
        paper = Paper(self.book.create_sheet(self.say(f"sheet_{key}")[:31]), widths, landscape)
        title = self.say("title") if key == "summary" else self.say(f"title_{key}", **facts)
        paper.heading(title, (self.subtitle,), self.note)
        return paper

    @property
    def subtitle(self) -> str:
        answers = self.answers
        axes = answers.words.text.joined(answers.words.axis(answers.axes[place].name) for place in answers.varied) or self.say("dash")
        told = self.say("subtitle", units=units(answers, answers.gathered.units), runs=answers.words.number(answers.gathered.count), axes=axes)
        return " · ".join(part for part in (answers.words.background.title, told) if part)

    @property
    def note(self) -> str:
        return self.say("warning_invented") if self.answers.words.background.invented else ""

    def heads(self, *keys: str) -> tuple[str, ...]:
        return tuple(self.say(f"head_{key}") for key in keys)

    def finish(self, paper: Paper, repeat: tuple[int, int] | None = None, freeze: str = "", filter_range: str = "") -> None:
        footer = " · ".join(part for part in (self.say("title"), self.note) if part)
        paper.finish(footer, self.say("page_of", page="&P", pages="&N"), repeat, freeze, filter_range)


def write_workbook(answers: Answers, path: Path) -> None:
    """Writes kebijakan.xlsx; the same runs, background and language give the same bytes."""
    pages = Pages(answers, Workbook())
    pages.book.remove(pages.book.worksheets[0])
    if answers.lines:
        blocks = write_lines(pages)
        write_summary(pages, blocks)
        pages.book.move_sheet(pages.book.worksheets[-1], -1)
        write_grids(pages, "heat", answers.heat)
        write_changes(pages)
        write_grids(pages, "areas", answers.areas)
    else:
        write_summary(pages, ())
    write_runs(pages)
    write_reading(pages)
    save_workbook(pages.book, path)


# --- Ringkasan --------------------------------------------------------------------------------------------------------------------------


def write_summary(pages: Pages, blocks: Sequence[Block]) -> None:
    """The three findings, the study's question as a table and as two charts, and what must be known before quoting a figure."""
    paper = pages.paper("summary", (UNIT,) * GRID, landscape=False)
    write_findings(pages, paper)
    if pages.answers.lines:
        write_answer(pages, paper)
    if len(pages.answers.places) > 1:
        write_charts(pages, paper, blocks[:2])
    write_basis(pages, paper)
    pages.finish(paper)


def write_charts(pages: Pages, paper: Paper, blocks: Sequence[Block]) -> None:
    """Charts side by side, drawn from the tables of the next sheet."""
    paper.section(pages.say("section_charts"))
    for index, block in enumerate(blocks):
        paper.put(paper.row, 1 + 6 * index, block.title, Look(bold=True, frame=False, size=9, across="center"), to_column=6 + 6 * index)
    paper.advance(LINE_POINTS + 3)
    for index, block in enumerate(blocks):
        paper.sheet.add_chart(line_chart(block, HALF_CM, HALF_HIGH_CM), f"{get_column_letter(1 + 6 * index)}{paper.row}")
    for _ in range(HALF_ROWS):
        paper.advance(HALF_HIGH_CM / 2.54 * 72 / HALF_ROWS)
    paper.gap(6)


def write_findings(pages: Pages, paper: Paper) -> None:
    """Each finding: its figure large on the left, the headline and the sentences beside it."""
    paper.section(pages.say("section_findings"))
    for finding in findings(pages.answers):
        figure = Look(bold=True, size=18, across="center", fill=GROUP_FILL, frame=False)
        caption = Look(size=8.5, across="center", fill=GROUP_FILL, frame=False, up="top")
        body = " ".join(finding.sentences)
        first, width = paper.row, paper.width(4, GRID)
        headline, told = Look(bold=True, size=11, frame=False), Look(size=10, up="top", frame=False)
        paper.put(first, 1, finding.figure, figure, to_column=3)
        paper.put(first, 4, finding.headline, headline, to_column=GRID)
        paper.advance(max(30, paper.lines(finding.headline, width, 11) * LINE_POINTS * 1.15 + 4))
        paper.put(paper.row, 1, finding.caption, caption, to_column=3)
        paper.put(paper.row, 4, body, told, to_column=GRID)
        low = max(paper.lines(body, width), paper.lines(finding.caption, paper.width(1, 3), 8.5)) * LINE_POINTS + 4
        paper.advance(max(28, low))
        paper.gap(4)


def write_answer(pages: Pages, paper: Paper) -> None:
    """The study's question: how many are valid at each threshold, teachers and schools, small schools and others."""
    answers = pages.answers
    paper.section(pages.say("section_answer", axis=answers.main_name, line=answers.line.name))
    paper.sentence(pages.say("answer_note" if answers.gathered.units > 1 else "answer_note_one"), PLAIN_SMALL)
    columns = tuple(answer_columns(answers))
    span = max(1, (GRID - 1) // len(columns))
    spans = (GRID - span * len(columns), *(span,) * len(columns))
    paper.line((answers.main_name, *pages.heads(*(column.key for column in columns))), replace(HEAD, size=9), spans)
    for place in answers.studied:
        looks = [replace(look, bold=place == answers.place) for look in (CENTER, *(PERCENT if column.percent else NUMBER for column in columns))]
        paper.line((answers.value(place), *(share(column.at(place)) for column in columns)), looks, spans)


def share(value: float | None) -> float | str:
    return "–" if value is None else value


def write_basis(pages: Pages, paper: Paper) -> None:
    """What the reader must know before quoting a figure."""
    answers, reading = pages.answers, Reading(pages.answers)
    gathered, sheet = answers.gathered, pages.say("sheet_reading")
    paper.gap(8)
    if gathered.usable < gathered.count:
        facts = {"runs": answers.words.number(gathered.count - gathered.usable), "all": answers.words.number(gathered.count)}
        paper.sentence(pages.say("warning_unfinished", sheet=sheet, **facts), Look(fill=WARN_FILL))
    paper.sentence(pages.say("basis_kept", sentences=" ".join(reading.kept())), PLAIN_SMALL)
    paper.sentence(" ".join((*reading.proved(), pages.say("basis_pointer", sheet=sheet))), PLAIN_SMALL)


# --- the main axis ----------------------------------------------------------------------------------------------------------------------


def write_lines(pages: Pages) -> tuple[Block, ...]:
    """Three tables, one beside its chart: share of teachers, share of schools, missing hours; a column a line."""
    answers = pages.answers
    lines = answers.ordered_lines
    widths = (11.0, *(15.0,) * len(lines), 3.0, *(11.6,) * 7)
    paper = pages.paper("lines", widths, landscape=len(lines) > UPRIGHT_LINES, axis=answers.main_name.upper())
    numbers: dict[str, Callable[[Tally], Value]] = {
        "share": lambda tally: share(tally.share),
        "schools": lambda tally: share(tally.schools_share),
        "missing": lambda tally: tally.missing_jtm,
    }
    blocks = []
    if answers.gathered.units < 2:
        del numbers["schools"]
    for key, number in numbers.items():
        look, title = (NUMBER if key == "missing" else PERCENT), pages.say(f"chart_{key}", axis=answers.main_name)
        paper.keep(CHART_POINTS + 60)
        paper.section(title)
        top, used = paper.row, paper.all_points
        head = paper.line((answers.main_name, *(line.name for line in lines)), replace(HEAD, size=9), least_points=40)
        for place in answers.places:
            tallies = [line.points.get(place) for line in lines]
            paper.line((answers.label(place), *(None if tally is None else number(tally) for tally in tallies)), (CENTER, *(look,) * len(lines)))
        up = pages.say(f"axis_{key}")
        blocks.append(
            Block(paper.sheet, head, head + len(answers.places), len(lines), answers.main_name, up, title, look is PERCENT, answers.numeric)
        )
        paper.sheet.add_chart(line_chart(blocks[-1]), f"{get_column_letter(len(lines) + 3)}{top}")
        paper.gap(max(6.0, CHART_POINTS - (paper.all_points - used) + 6))
    if answers.fixed:
        paper.sentence(pages.say("kept_fixed", values=answers.fixed_words), PLAIN_SMALL)
    pages.finish(paper)
    return tuple(blocks)


# --- heat map and kecamatan -------------------------------------------------------------------------------------------------------------


def write_grids(pages: Pages, key: str, grids: Sequence[Grid]) -> None:
    """Tables of shares over the main axis, each cell shaded by its share; darker is worse, on grey paper too."""
    answers = pages.answers
    if not grids:
        return
    count, names_width = len(answers.places), 24.0 if key == "areas" or grids[0].line == "" else 10.0
    paper = pages.paper(key, (names_width, 9.0, *(max(6.6, min(14.0, 90 / count)),) * count), count > UPRIGHT_PLACES, area=grids[0].head.upper())
    paper.sentence(pages.say(f"{key}_note", at=answers.at(answers.place)), PLAIN_SMALL)
    for grid in grids:
        paper.keep(min(len(grid.rows), 20) * (LINE_POINTS + 4) + 60)
        if grid.line and len(grids) > 1:
            paper.section(grid.line)
        head = paper.line((grid.head, pages.say("head_count_schools"), *(answers.label(place) for place in answers.places)), HEAD, least_points=20)
        for row in grid.rows[:MOST_AREAS]:
            cells = [share(row.cells[place].share) if place in row.cells else None for place in answers.places]
            looks = [replace(PERCENT, size=9, bold=place == answers.place) for place in answers.places]
            paper.line((row.name, row.schools, *cells), (CELL, NUMBER, *looks), least_points=LINE_POINTS + 4)
        cells_range = f"C{head + 1}:{get_column_letter(count + 2)}{paper.row - 1}"
        rule: Any = ColorScaleRule(  # type: ignore[no-untyped-call]
            start_type="num", start_value=0, start_color=LOW, end_type="num", end_value=1, end_color=HIGH
        )
        paper.sheet.conditional_formatting.add(cells_range, rule)
        if len(grid.rows) > MOST_AREAS:
            paper.sentence(pages.say("areas_cut", count=answers.words.number(len(grid.rows) - MOST_AREAS)), PLAIN_SMALL)
    pages.finish(paper, freeze="C1")


# --- who gains and who loses ------------------------------------------------------------------------------------------------------------


def write_changes(pages: Pages) -> None:
    paper = pages.paper("changes", (32, 13, 13, 13, 15, 15, 45, 45))
    paper.sentence(pages.say("changes_note"), PLAIN_SMALL)
    paper.sentence(pages.say("open_persons"), PLAIN_SMALL)
    comparisons = pages.answers.comparisons
    if not comparisons:
        paper.sentence(pages.say("changes_none"))
    for comparison in comparisons:
        write_sums(pages, paper, comparison)
        write_movers(pages, paper, comparison)
    pages.finish(paper)


def write_sums(pages: Pages, paper: Paper, compared: Comparison) -> None:
    """How many gain and lose along the main axis, and the same as bars."""
    answers = pages.answers
    many = len(compared.moved) > 1
    paper.keep(max(CHART_POINTS if many else 0.0, len(compared.moved) * (LINE_POINTS + 2)) + 60)
    paper.section(pages.say("changes_pair", axis=answers.words.axis(compared.axis), before=compared.before, after=compared.after))
    used = paper.all_points
    head = paper.line(
        (answers.main_name, *pages.heads("gained", "lost", "net", "uncounted", "compared_schools")), replace(HEAD, size=9), spans=(1,) * 6
    )
    for place in (place for place in answers.places if place in compared.moved):
        moved, strong = compared.moved[place], compared.at == answers.at(place)
        looks = [replace(look, bold=strong) for look in (CENTER, NUMBER, NUMBER, replace(NUMBER, form="+#,##0;-#,##0;0"), NUMBER, NUMBER)]
        paper.line((answers.label(place), moved.gained, moved.lost, moved.gained - moved.lost, moved.uncounted, moved.schools), looks)
    if many:
        block = Block(paper.sheet, head, paper.row - 1, 2, answers.main_name, pages.say("axis_teachers"), pages.say("chart_changes"))
        paper.sheet.add_chart(bar_chart(block), f"G{head}")
    paper.gap(max(4.0, CHART_POINTS - (paper.all_points - used) + 6 if many else 0.0))


def write_movers(pages: Pages, paper: Paper, compared: Comparison) -> None:
    """The schools that change at the reference, with the codes of who gains and who loses."""
    words = pages.answers.words
    at = f" {compared.at}" if compared.at else ""
    if not compared.schools:
        paper.sentence(pages.say("changes_nobody", at=at))
        return
    paper.keep(3 * LINE_POINTS + 60)
    paper.sentence(pages.say("changes_list", at=at), Look(bold=True, frame=False))
    spans = (1, 1, 1, 4, 1)
    paper.line(pages.heads("school", "gained", "lost", "gained_codes", "lost_codes"), replace(HEAD, size=9), spans)
    for change in compared.schools:
        codes = (words.codes(change.gained), words.codes(change.lost))
        paper.line((change.unit.name, len(change.gained), len(change.lost), *codes), (CELL, NUMBER, NUMBER, SMALL, SMALL), spans)
    if compared.hidden:
        paper.sentence(pages.say("changes_cut", count=words.number(compared.hidden)), PLAIN_SMALL)


# --- every run --------------------------------------------------------------------------------------------------------------------------


def write_runs(pages: Pages) -> None:
    """The tidy table: a row a run, filters, frozen panes; what does not fit is in the CSV."""
    answers, words = pages.answers, pages.answers.words
    names = heads(answers.gathered, words)
    axes = len(answers.axes)
    widths = (16, 11, 30, 16, 16, 8, 8, 8, *(17,) * axes, 22, 8, 9, 8, 9, 11, 9, 11, 20, 28, 28)
    paper = pages.paper("runs", widths)
    count = answers.gathered.count
    if count > MOST_RUNS:
        paper.sentence(pages.say("runs_cut", shown=words.number(MOST_RUNS), all=words.number(count)), Look(fill=WARN_FILL, frame=False))
    head = paper.line(names, replace(HEAD, size=9), least_points=30)
    plain, number = replace(SMALL, wrap=False), Look(size=9, across="center", form="#,##0")
    text_columns = {*range(5), *range(SCENARIO_PLACE, SCENARIO_PLACE + axes + 1), *range(len(names) - 3, len(names))}
    looks = [plain if column in text_columns else number for column in range(len(names))]
    for index, run in enumerate(answers.gathered.each()):
        if index == MOST_RUNS:
            break
        row: list[Value] = list(row_of(run, words))
        for axis, value in enumerate(run.scenario):
            shown = row[SCENARIO_PLACE + axis]
            row[SCENARIO_PLACE + axis] = words.value(answers.axes[axis].name, value) if isinstance(shown, str) else shown
        paper.line(row, looks)
    last = get_column_letter(paper.columns)
    pages.finish(paper, repeat=(head, head), freeze=f"D{head + 1}", filter_range=f"A{head}:{last}{max(head, paper.row - 1)}")


# --- Cara Membaca -----------------------------------------------------------------------------------------------------------------------


def write_reading(pages: Pages) -> None:
    reading = Reading(pages.answers)
    paper = pages.paper("reading", (38, 16, 24, 40, 18, 30))
    for heading, sentences in reading.parts:
        paper.section(heading)
        for sentence in sentences:
            paper.sentence(f"• {sentence}", PLAIN)
        if heading == pages.say("section_proved") and reading.proofs:
            paper.gap(3)
            paper.line(pages.heads("level", "runs", "proved", "open", "gap"), HEAD, (2, 1, 1, 1, 1))
            for row in reading.proofs:
                paper.line((row.name, row.runs, row.proved, row.open, row.gap), (CELL, NUMBER, NUMBER, NUMBER, CENTER), (2, 1, 1, 1, 1))
    for policy in pages.answers.words.background.policies:
        title = policy.title_en if pages.answers.words.text.lang == "en" and policy.title_en else policy.title
        paper.section(pages.say("sources_of", title=title, id=policy.id))
        paper.line(pages.heads("rule", "value", "article", "source", "confidence", "note"), HEAD)
        for source in reading.sources(policy):
            write_source(paper, source)
    pages.finish(paper)


def write_source(paper: Paper, row: SourceRow) -> None:
    """One number of the law; an unverified or replaced one stands out."""
    looks = (CELL, STRONG_CENTER, SMALL, Look(size=8), replace(CENTER, size=9, bold=row.doubtful), SMALL)
    values = (row.name, row.value, row.article, row.source, row.confidence, row.note)
    paper.line(values, [replace(look, fill=WARN_FILL if row.doubtful else "") for look in looks])
