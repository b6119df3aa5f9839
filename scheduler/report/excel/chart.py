"""Grafik Beban: every teacher's hours beside the minimum, as a native chart that Excel, WPS and LibreOffice draw themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties

from scheduler.domain.entities import Position
from scheduler.report.excel.booklet import Booklet
from scheduler.report.excel.loads import STANDING_LOOKS
from scheduler.report.excel.paper import CELL, CENTER, HEAD, LINE_POINTS, PLAIN_SMALL, STRONG_CENTER, Paper, Value
from scheduler.report.loads import LoadRow

WIDTHS: Final = (9, 34, 13, 13, 13, 13, 13, 13, 13, 13, 16)
HEADS: Final = (
    "code",
    "name",
    "part_linear",
    "part_main_duty",
    "part_other_duty",
    "part_guru_wali",
    "part_other",
    "required",
    "recognised",
    "difference",
)
PARTS: Final = ("3B6EA5", "F2A541", "A6D8A8", "E8E3C8", "7A7A7A")
"""Fills of the parts of a bar from below; neighbours are far apart on grey paper, and every part has a frame."""

FIRST_PART, REQUIRED = 3, 8
"""Columns of the table that the chart is drawn from."""

CHART_ROW_POINTS: Final = 15.0
CHART_ROWS: Final = 19
HEADING_POINTS: Final = 125.0
"""Height of the title above the chart, and of the note and the heading below it."""

CHART_WIDTH_CM: Final = 29.6
POINTS_A_CM: Final = 72 / 2.54


def write_chart(booklet: Booklet) -> None:
    """A chart for each school with its teachers, then the numbers that it is drawn from."""
    paper = booklet.paper("chart", WIDTHS)
    homes: dict[str, list[LoadRow]] = {}
    for row in booklet.tables.loads:
        homes.setdefault(row.load.home_school, []).append(row)
    if not homes:
        booklet.heading(paper, "chart")
        paper.sentence(booklet.say("no_plan"))
    head, above = 0, HEADING_POINTS + CHART_ROWS * CHART_ROW_POINTS
    paper.shrink([[above, *(LINE_POINTS + 2,) * len(rows)] for rows in homes.values()], least=0.8)
    for npsn, rows in homes.items():
        paper.page_break()
        booklet.heading(paper, "chart", npsn)
        head = write_school_chart(booklet, paper, npsn, rows)
    booklet.finish(paper, repeat=(head, head) if len(homes) == 1 else None)


def write_school_chart(booklet: Booklet, paper: Paper, npsn: str, rows: Sequence[LoadRow]) -> int:
    """Returns the row of the table's heading, which stands once: what the chart is drawn from must not be interrupted."""
    top = paper.row
    for _ in range(CHART_ROWS):
        paper.advance(CHART_ROW_POINTS)
    paper.sentence(booklet.say("chart_note"), PLAIN_SMALL)
    head = write_chart_head(booklet, paper)
    for row in rows:
        paper.keep(LINE_POINTS + 2)
        write_chart_row(booklet, paper, npsn, row)
    paper.sheet.add_chart(load_chart(booklet, paper, head, head + len(rows)), f"A{top}")
    return head


def write_chart_head(booklet: Booklet, paper: Paper) -> int:
    return paper.line((*booklet.heads(*HEADS), booklet.say("head_status")), replace(HEAD, size=8), least_points=26)


def write_chart_row(booklet: Booklet, paper: Paper, npsn: str, row: LoadRow) -> None:
    """The parts sum to what is recognised; what no other part holds (a principal's post, a guru BK's guidance) is the part Lainnya."""
    parts = (row.linear_jtm, row.main_duty_jtm, row.other_duty_jtm, row.guru_wali_jtm)
    if booklet.tables.case.teachers[row.teacher].position is Position.PRINCIPAL or sum(parts) > row.recognised_jtm:
        parts = (0, 0, 0, 0)  # what is recognised is the post's
    rest = row.recognised_jtm - sum(parts)
    required = row.required_jtm if row.load.counted else None
    values: list[Value] = [booklet.names.label(row.teacher, npsn), booklet.teacher(row.teacher), *parts, rest, required, row.recognised_jtm]
    values += [None if required is None else row.recognised_jtm - required, booklet.say(f"standing_{row.standing.value}")]
    dashes = replace(CENTER, size=9, form='0;-0;"–"')
    looks = (replace(CENTER, size=9), replace(CELL, size=9), *(dashes,) * 5, replace(CENTER, size=9), replace(STRONG_CENTER, size=9))
    paper.line(values, (*looks, replace(CENTER, size=9, form="+0;-0;0"), replace(STANDING_LOOKS[row.standing], size=9)))


def load_chart(booklet: Booklet, paper: Paper, head: int, last: int) -> Any:
    """Columns of parts, one on the other, and the minimum as a line above them; the stubs do not know half of a chart's parts."""
    chart: Any = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "col", "stacked", 100, 40
    chart.add_data(Reference(paper.sheet, min_col=FIRST_PART, max_col=REQUIRED - 1, min_row=head, max_row=last), titles_from_data=True)
    chart.set_categories(Reference(paper.sheet, min_col=1, min_row=head + 1, max_row=last))
    for series, fill in zip(chart.series, PARTS, strict=True):
        series.graphicalProperties.solidFill = fill
        series.graphicalProperties.line.solidFill = "404040"
    line: Any = LineChart()
    line.add_data(Reference(paper.sheet, min_col=REQUIRED, min_row=head, max_row=last), titles_from_data=True)
    required = line.series[0]
    required.graphicalProperties.line.solidFill, required.graphicalProperties.line.width = "C00000", 28_575
    required.graphicalProperties.line.dashStyle, required.smooth, required.marker.symbol = "dash", False, "none"
    chart += line
    chart.width, chart.height = CHART_WIDTH_CM, CHART_ROWS * CHART_ROW_POINTS / POINTS_A_CM - 0.2
    chart.x_axis.title, chart.y_axis.title = booklet.say("chart_across"), booklet.say("head_jtm")
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.number_format, chart.y_axis.number_format = "@", "0"
    chart.y_axis.scaling.min, chart.y_axis.majorUnit = 0, 4
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="D0D0D0", w=6350))
    chart.legend.position = "b"
    return chart
