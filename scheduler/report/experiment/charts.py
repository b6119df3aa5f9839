"""Native Excel charts that open in LibreOffice too, and tell their lines apart on grey paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.worksheet.worksheet import Worksheet

from scheduler.report.experiment.looks import LINE_LOOKS

WIDTH_CM: Final = 15.4
HEIGHT_CM: Final = 7.6

CHART_POINTS: Final = HEIGHT_CM / 2.54 * 72
"""Height of a chart in points of the sheet."""


@dataclass(frozen=True, slots=True)
class Block:
    """A table that a chart is drawn from: its head row, its last row, and how many columns of numbers stand beside the first one."""

    sheet: Worksheet
    head: int
    last: int
    columns: int
    across: str
    up: str
    title: str
    percent: bool = False
    connected: bool = True
    """False where the values along the axis have no order: marks alone, no line."""


def line_chart(block: Block, width_cm: float = WIDTH_CM, height_cm: float = HEIGHT_CM) -> LineChart:
    """One line a column."""
    chart: Any = filled(LineChart(), block, width_cm, height_cm)
    for series, look in zip(chart.series, LINE_LOOKS, strict=False):
        series.graphicalProperties.line.solidFill = look.color
        series.graphicalProperties.line.dashStyle = look.excel_dash
        series.graphicalProperties.line.width = 25_400
        if not block.connected:
            series.graphicalProperties.line = LineProperties(noFill=True)
        series.marker.symbol, series.marker.size = look.excel_mark, 7
        series.marker.graphicalProperties.solidFill = look.color
        series.marker.graphicalProperties.line.solidFill = look.color
        series.smooth = False
    return chart  # type: ignore[no-any-return]


def bar_chart(block: Block, width_cm: float = WIDTH_CM, height_cm: float = HEIGHT_CM) -> BarChart:
    """Bars side by side: the first column dark, the second light with a frame."""
    chart: Any = filled(BarChart(), block, width_cm, height_cm)
    chart.gapWidth = 60
    for series, fill in zip(chart.series, (LINE_LOOKS[0].color, "F4B183"), strict=False):
        series.graphicalProperties.solidFill = fill
        series.graphicalProperties.line.solidFill = "404040"
    return chart  # type: ignore[no-any-return]


def filled(chart: Any, block: Block, width_cm: float, height_cm: float) -> Any:
    """The chart with its data, axes and legend; the stubs do not know half of its parts."""
    chart.add_data(Reference(block.sheet, min_col=2, max_col=1 + block.columns, min_row=block.head, max_row=block.last), titles_from_data=True)
    chart.set_categories(Reference(block.sheet, min_col=1, min_row=block.head + 1, max_row=block.last))
    chart.width, chart.height = width_cm, height_cm
    chart.x_axis.title, chart.y_axis.title = block.across, block.up
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.number_format, chart.y_axis.majorGridlines.spPr = ("0%" if block.percent else "#,##0"), grey_line()
    chart.y_axis.scaling.min = 0
    if block.percent:
        chart.y_axis.scaling.max = 1
    chart.legend.position = "b"
    return chart


def grey_line() -> GraphicalProperties:
    return GraphicalProperties(ln=LineProperties(solidFill="D0D0D0", w=6350))
