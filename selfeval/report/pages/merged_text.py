"""Projects of one name put together, as a section of the unit's report: what was added up, what it comes to."""

from __future__ import annotations

from collections.abc import Iterator

from selfeval.base import display
from selfeval.base.model import FULL_POINTS
from selfeval.evaluation.result import Result
from selfeval.report.pages.views import Block, Part
from selfeval.rules.profile import Execution
from selfeval.scoring.merged import Merged, MergedRow
from selfeval.scoring.totals import Figures

TITLE = "附：同名项目合并计分"


def merged_parts(result: Result) -> tuple[Part, ...]:
    """The section; none where the rules do not merge, or no two projects have one name."""
    told = result.merged
    if not told:
        return ()
    source = display.cited(result.rules.source("merging.same_name"))
    blocks = [Block("p", f"名称相同的项目合并计分，不改变各项目的得分；依据：{source}。")]
    return (Part("", TITLE, "", (*blocks, *(block for one in told for block in _blocks(one, result.rules.execution)))),)


def _blocks(one: Merged, rule: Execution) -> Iterator[Block]:
    """One of them: its money, its rows, its total."""
    yield Block("h3", f"{one.name}（{'、'.join(one.ids)}）")
    money = one.money
    points = display.UNSCORED if one.execution is None else f"得{display.points(one.execution)}分"
    yield Block(
        "p",
        f"{budget_said(money, rule)}，全年执行{display.wan(money.executed)}万元，"
        f"预算执行率{display.rate(money.rate)}，{points}。",
    )
    yield from (Block("p", _told(row)) for row in one.rows)
    partly = partly_merged(one)
    yield Block("p", f"合并得分{display.points(one.total)}分{partly and f'（{partly}）'}。")


def budget_said(money: Figures, rule: Execution) -> str:
    """The budget that the rate is set against."""
    name = "年初预算" if rule.denominator == "initial" else "全年预算"
    return f"{name}{display.wan(rule.base(money.initial, money.adjusted))}万元"


def partly_merged(one: Merged) -> str:
    """How many points the total is of, where not of all."""
    return "" if one.counted >= FULL_POINTS else f"可计分值{display.weight(one.counted)}分，其余没有合并"


def _told(row: MergedRow) -> str:
    """One indicator."""
    name = f"{display.quoted(row.indicator.level3)}（{row.count}个项目，{display.weight(row.indicator.weight)}分）"
    if row.why:
        return f"{name}：没有合并，{row.why}。"
    points = display.UNSCORED if row.points is None else f"得{display.points(row.points)}分"
    how = f"指标值{row.target}，完成值{row.actual}" if row.target else "各项目的得分按资金加权平均"
    return f"{name}：{how}，{points}。"
