"""The pictures of a report as charts of the spreadsheet's own, on a sheet with the figures that they draw."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from selfeval.report.pages.chart_views import Chart
from selfeval.report.xlsx.board import LABEL, PLAIN, RATE, WHOLE, Board, BoardItem, Look
from selfeval.report.xlsx.native_charts import height_of, legend_of, named, native_chart, share_of

SHEET = "图"
WIDTHS = (6, 44, 12, 4, 86)
"""Its number, what a bar stands for, how long it is; the chart stands in the last column."""

WIDE = 16.5
"""The width of a chart, in cm."""

ROW = 7.1
"""The height of a row, in mm."""

HEAD, PAGE = 25, 175
"""What the heading of the sheet takes, and what a page holds, in mm."""


def fill_charts(made: Board, charts: Sequence[Chart]) -> None:
    """Each chart beside its figures; none goes over a page."""
    from openpyxl.worksheet.pagebreak import Break

    used: float = HEAD
    for chart in charts:
        high = max(height_of(chart), ROW * (len(chart.bars) + 2)) + ROW
        if used + high > PAGE and used > HEAD:
            made.sheet.row_breaks.append(Break(id=made.top - 1))
            used = HEAD
        used += high
        heads = ("序号", chart.title, f"{chart.line_label}＝100%")
        top = made.row(*(BoardItem(at, at, words, LABEL) for at, words in enumerate(heads, 1)))
        for number, bar in enumerate(chart.bars, 1):
            share = share_of(bar)
            length = BoardItem(3, 3, "" if share is None else share, RATE)
            made.row(BoardItem(1, 1, Decimal(number), WHOLE), BoardItem(2, 2, named(bar)), length)
        made.row(BoardItem(1, 3, legend_of(chart), Look(size=9, lined=False)))
        last = top + len(chart.bars)
        drawn: Any = native_chart(chart, f"'{SHEET}'!$B${top + 1}:$B${last}", f"'{SHEET}'!$C${top + 1}:$C${last}")
        drawn.width, drawn.height = WIDE, height_of(chart) / 10
        made.sheet.add_chart(drawn, f"E{top}")
        beside = int(height_of(chart) / ROW) + 1 - (len(chart.bars) + 2)
        for _ in range(max(1, beside)):
            made.row(BoardItem(1, 1, "", PLAIN))
