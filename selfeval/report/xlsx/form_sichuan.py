"""部门预算项目支出绩效自评表 (Sichuan's layout) as a worksheet, with the same live totals as the national form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from selfeval.base import display
from selfeval.base.model import BudgetScore, Score, Scorecard
from selfeval.reading.markdown import plain
from selfeval.report.pages.views import FormRow, FundRow, ProjectDocument
from selfeval.report.xlsx.board import (
    LABEL,
    MIDDLE,
    MONEY,
    PLAIN,
    POINTS,
    RATE,
    TEXT,
    Board,
    BoardItem,
    Formula,
    Look,
    freeze,
    repeat,
)
from selfeval.report.xlsx.form import (
    added,
    counted,
    execution_points,
    execution_rate,
    grade,
    heading,
    labelled_rows,
    number_of,
    sum_of_points,
    texts,
    weight_look,
)
from selfeval.rules.profile import Rules

SICHUAN_WIDTHS = (9, 11, 12, 20, 9, 20, 9, 18, 10, 10, 11, 28)
"""绩效指标 | 一级 | 二级 | 三级 | 性质 | 值 | 单位 | 完成值 | 权重 | 得分 | 原因 (two columns), in column units."""

LAST = len(SICHUAN_WIDTHS)
AMOUNTS = ((4, 4, "D"), (5, 6, "E"), (7, 8, "G"))
"""The columns of 年初预算, 调整后预算数 and 预算执行数, and the letters that formulas know them by."""

HEADS = ("一级", "二级", "三级", "指标性质", "指标值", "度量单位", "完成值", "权重", "得分")


def sichuan_form(board: Board, form: ProjectDocument, card: Scorecard, rules: Rules) -> None:
    """The whole form on one sheet."""
    head(board, form)
    money = funds(board, form, card.budget, rules)
    indicators(board, form, card, rules, money)
    for part in form.remarks:
        words = "\n".join(block.text for block in part.blocks) or plain(part.markdown)
        board.row(BoardItem(1, 2, part.title, LABEL), BoardItem(3, LAST, words))
    finance = "".join(name for title, name in form.signatures if title == "财务负责人")
    board.row(
        BoardItem(1, 6, f"项目负责人：{form.leader}", PLAIN),
        BoardItem(7, LAST, f"财务负责人：{finance}", PLAIN),
        least=30,
    )


def head(board: Board, form: ProjectDocument) -> None:
    """Title, whose project, its goal, what was done."""
    whose = "部门" if form.is_unit else "项目"
    heading(board, form.form_title, form.marks, LAST)
    top = board.row(BoardItem(2, 3, f"{whose}名称", LABEL), BoardItem(4, LAST, form.name))
    freeze(board, board.top)
    board.row(
        BoardItem(2, 3, "主管部门", LABEL), BoardItem(4, 7, form.department), BoardItem(8, 8, "实施单位", LABEL),
        BoardItem(9, LAST, form.operator),
    )  # fmt: skip
    board.row(BoardItem(2, 6, "年度目标", LABEL), BoardItem(7, LAST, "完成情况", LABEL))
    board.row(BoardItem(2, 6, form.goal), BoardItem(7, LAST, form.achieved), least=60)
    board.row(BoardItem(2, 3, "实施内容及过程概述", LABEL), BoardItem(4, LAST, form.about))
    board.place(BoardItem(1, 1, f"{whose}基本情况", LABEL), top, board.top - 1)


# ── 预算执行情况 ──


def funds(board: Board, form: ProjectDocument, budget: BudgetScore, rules: Rules) -> int:
    """The money by account; returns the row of 总额, whose points the total takes."""
    names = ("年初预算", "调整后预算数", "预算执行数")
    heads = [BoardItem(first, last, name, LABEL) for (first, last, _), name in zip(AMOUNTS, names, strict=True)]
    rest = (BoardItem(at, at, words, LABEL) for at, words in enumerate(("预算执行率", "权重", "得分", "原因"), 9))
    top = board.row(BoardItem(2, 3, "(万元)", MIDDLE), *heads, *rest)
    total, rows = board.top, form.funds
    parts = [[number_of(text) for text in texts(row)] for row in rows[1:]]
    amounts = zip(AMOUNTS, (budget.initial, budget.adjusted, budget.executed), strict=True)
    board.row(
        BoardItem(2, 3, rows[0].label),
        *(
            BoardItem(first, last, added(amount, [part[at] for part in parts], _below(name, total, len(parts))), MONEY)
            for at, ((first, last, name), amount) in enumerate(amounts)
        ),
        BoardItem(9, 9, execution_rate(budget, rules, f"D{total}", f"E{total}", f"G{total}"), RATE),
        BoardItem(10, 10, budget.weight, weight_look([budget.weight])),
        BoardItem(11, 11, execution_points(budget, rules, f"I{total}"), POINTS),
    )
    for row, known in zip(rows[1:], parts, strict=True):
        account(board, row, known)
    board.place(BoardItem(12, 12, rows[0].reason), total, board.top - 1)
    board.place(BoardItem(1, 1, f"预算执行情况({form.funds[0].weight}分)", LABEL), top, board.top - 1)
    return total


def _below(name: str, total: int, size: int) -> str:
    """The cells below a total."""
    return f"{name}{total + 1}:{name}{total + size}"


def account(board: Board, row: FundRow, amounts: Sequence[Decimal | None]) -> None:
    """One account; its rate is shown, but earns no points."""
    at = board.top
    live = amounts[1] is not None and amounts[2] is not None and amounts[1] != 0
    rate = Fraction(amounts[2] or 0) / Fraction(amounts[1] or 1)
    board.row(
        BoardItem(2, 3, row.label, replace(TEXT, indent=2)),
        *(
            BoardItem(first, last, text if amount is None else amount, MONEY)
            for (first, last, _), text, amount in zip(AMOUNTS, texts(row), amounts, strict=True)
        ),
        BoardItem(9, 9, Formula(f'IF(E{at}=0,"{display.DASH}",G{at}/E{at})', rate) if live else row.rate, RATE),
        BoardItem(10, 10, display.DASH, MIDDLE),
        BoardItem(11, 11, display.DASH, MIDDLE),
    )


# ── 绩效指标 ──


def indicators(board: Board, form: ProjectDocument, card: Scorecard, rules: Rules, money: int) -> None:
    """The rows, the labels beside them, and the total."""
    heads = (BoardItem(at, at, words, LABEL) for at, words in enumerate(HEADS, 2))
    top = board.row(*heads, BoardItem(11, LAST, "未完成原因分析", LABEL))
    repeat(board, top, top)
    labelled_rows(board, form, card, indicator)
    board.place(BoardItem(1, 1, f"绩效指标({form.indicator_weight}分)", LABEL), top, board.top - 1)
    total(board, card, rules, money, (top + 1, board.top - 1))


def indicator(board: Board, score: Score, row: FormRow, least: float, look: Look) -> int:
    """One 三级指标, its target in three cells."""
    unscored = f"未评分原因：{row.unscored}" if row.unscored else ""
    return board.row(
        BoardItem(4, 4, row.level3),
        BoardItem(5, 5, row.nature, MIDDLE),
        BoardItem(6, 6, row.value),
        BoardItem(7, 7, row.measure, MIDDLE),
        BoardItem(8, 8, row.actual),
        BoardItem(9, 9, display.DASH if score.weight is None else score.weight, look),
        BoardItem(10, 10, display.row_points(score) if score.points is None else score.points, POINTS),
        BoardItem(11, LAST, "\n".join(words for words in (unscored, row.reason) if words)),
        least=max(20, least),
    )


def total(board: Board, card: Scorecard, rules: Rules, money: int, rows: tuple[int, int]) -> None:
    """合计: the sums of the rounded rows and of 预算执行率, and the grade that follows from them."""
    at = board.top
    points, weights = (f"{name}{rows[0]}:{name}{rows[1]}" for name in "JI")
    known = [score.weight for score in card.scores if score.weight is not None]
    look = weight_look([card.budget.weight, *known])
    full = sum(known, card.budget.weight)
    live = bool(card.scores)
    cells = (f"K{money}", f"J{money}")
    scored = counted(cells, (points, weights) if live else None)
    board.row(
        BoardItem(1, 8, "合计", LABEL),
        BoardItem(
            9,
            9,
            Formula(f"ROUND(SUM({','.join([cells[1], *[weights] * live])}),2)", full),
            look,
        ),
        BoardItem(10, 10, sum_of_points(card.total, [cells[0], *[points] * live]), replace(POINTS, bold=True)),
        BoardItem(11, LAST, grade(card, rules, f"J{at}", scored), MIDDLE),
    )
