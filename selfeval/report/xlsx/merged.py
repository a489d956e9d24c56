"""Projects of one name put together, as a worksheet: every row of theirs, the money before them, their total behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from selfeval.base import display
from selfeval.report.pages.merged_text import budget_said, partly_merged
from selfeval.report.xlsx.board import LABEL, MIDDLE, POINTS, WHOLE, Board, BoardItem, Look, Value
from selfeval.report.xlsx.form import sum_of_points, weight_look
from selfeval.rules.profile import Execution
from selfeval.scoring.merged import Merged, MergedRow

SHEET = "合并计分"
TITLE = "同名项目合并计分"
WIDTHS = (30, 16, 12, 16, 24, 8, 22, 22, 9, 9, 30)
HEADS = (
    *("项目名称", "项目编号", "一级指标", "二级指标", "三级指标", "项目数", "年度指标值", "实际完成值", "分值", "得分"),
    "说明",
)
BOLD = replace(POINTS, bold=True)


def merged_lines(made: Board, listed: Sequence[Merged], rule: Execution) -> None:
    """Every one of them: its money, its rows, its total."""
    weights = [row.indicator.weight for one in listed for row in one.rows]
    look = weight_look([*weights, *(one.weight for one in listed)])
    for one in listed:
        first = made.top
        made.row(*cells(_money(one, rule, look)))
        for row in one.rows:
            made.row(*cells(_row(one, row, look)))
        total = sum_of_points(one.total, [f"J{first}:J{made.top - 1}"])
        made.row(
            BoardItem(1, 8, f"{one.name}：合并得分", LABEL),
            BoardItem(9, 9, one.counted, look),
            BoardItem(10, 10, total, BOLD),
            BoardItem(11, 11, partly_merged(one)),
        )


def cells(values: Iterator[tuple[Value, Look]]) -> Iterator[BoardItem]:
    """Values side by side."""
    return (BoardItem(at, at, value, look) for at, (value, look) in enumerate(values, 1))


def _head(one: Merged) -> Iterator[tuple[Value, Look]]:
    """Which projects."""
    yield one.name, Look()
    yield "、".join(one.ids), MIDDLE


def _money(one: Merged, rule: Execution, look: Look) -> Iterator[tuple[Value, Look]]:
    """预算执行率."""
    money = one.money
    yield from _head(one)
    yield from ((text, Look()) for text in ("预算执行", "", "预算执行率"))
    yield Decimal(len(one.ids)), WHOLE
    yield budget_said(money, rule), Look()
    yield f"全年执行{display.wan(money.executed)}万元", Look()
    yield one.weight, look
    yield display.UNSCORED if one.execution is None else one.execution, POINTS
    yield f"执行率{display.rate(money.rate)}", Look()


def _row(one: Merged, row: MergedRow, look: Look) -> Iterator[tuple[Value, Look]]:
    """One indicator."""
    indicator = row.indicator
    in_words = "" if row.target or row.why else "各项目的得分按资金加权平均"
    yield from _head(one)
    yield from ((text, Look()) for text in (indicator.level1, indicator.level2, indicator.level3))
    yield Decimal(row.count), WHOLE
    yield from ((text or display.DASH, Look()) for text in (row.target, row.actual))
    yield display.DASH if indicator.weight is None else indicator.weight, look
    yield display.UNSCORED if row.points is None else row.points, POINTS
    yield f"没有合并：{row.why}" if row.why else in_words, Look()
