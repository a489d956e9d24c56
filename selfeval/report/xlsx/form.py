"""项目支出绩效自评表 as a worksheet (财预〔2020〕10号 附1): the national form with live totals.

A figure is a formula only where the formula gives exactly the scorecard's figure; otherwise the figure
itself stands there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from itertools import groupby
from typing import TypeVar

from selfeval.base import display
from selfeval.base.exact import Rounding, rounded
from selfeval.base.model import FULL_POINTS, BudgetScore, Score, Scorecard
from selfeval.report.office import mark_of
from selfeval.report.pages.form import printed_levels
from selfeval.report.pages.views import FormRow, FundRow, Marks, ProjectDocument
from selfeval.report.xlsx.board import (
    LABEL,
    MARK,
    MIDDLE,
    MONEY,
    NUMBER,
    PLAIN,
    POINTS,
    RATE,
    TEXT,
    TITLE,
    UNDER_TITLE,
    WHOLE,
    Board,
    BoardItem,
    Formula,
    Look,
    Value,
    freeze,
    repeat,
)
from selfeval.rules.profile import Rules
from selfeval.scoring.execution import execution_share
from selfeval.scoring.totals import exact_total

WIDTHS = (9, 11, 12, 20, 17, 17, 9, 11, 34)
"""绩效指标 | 一级 | 二级 | 三级 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因, in column units."""

LAST = len(WIDTHS)
T = TypeVar("T")
HEADS = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施")
MONEY_HEADS = ("年初预算数", "全年预算数(A)", "全年执行数(B)", "分值", "执行率(B/A)", "得分")
DOWN = {Rounding.HALF_UP: "ROUND({0},{1})", Rounding.DOWN: "ROUNDDOWN(ROUND({0},9),{1})"}
"""How a spreadsheet rounds; it has no way to round half to even."""


def fill_form(board: Board, form: ProjectDocument, card: Scorecard, rules: Rules) -> None:
    """The whole form on one sheet."""
    head(board, form)
    money = funds(board, form.funds, card.budget, rules)
    goals(board, form)
    indicators(board, form, card, rules, money)
    signatures(board, form.signatures, form.marks.date)


def head(board: Board, form: ProjectDocument) -> None:
    """Title, year, mark, and whose project it is; this much stays on the screen."""
    heading(board, form.form_title, form.marks, LAST)
    board.row(BoardItem(1, 2, "项目名称", LABEL), BoardItem(3, LAST, form.name))
    freeze(board, board.top)
    board.row(
        BoardItem(1, 2, "主管部门", LABEL),
        BoardItem(3, 5, form.department),
        BoardItem(6, 6, "实施单位", LABEL),
        BoardItem(7, LAST, form.operator),
    )


def heading(board: Board, title: str, marks: Marks, last: int) -> None:
    """The lines above a table."""
    board.row(BoardItem(1, last, title, TITLE), least=30)
    board.row(BoardItem(1, last, f"（{marks.year}年度）", UNDER_TITLE))
    if mark_of(marks):
        board.row(BoardItem(1, last, mark_of(marks), MARK))


# ── 项目资金 ──


def funds(board: Board, rows: Sequence[FundRow], budget: BudgetScore, rules: Rules) -> int:
    """The block of 项目资金; returns the row of 年度资金总额, whose points the total takes."""
    top = board.row(
        BoardItem(2, 3, "", LABEL), *(BoardItem(at, at, words, LABEL) for at, words in enumerate(MONEY_HEADS, 4))
    )
    total = board.top
    parts = [[number_of(text) for text in (row.initial, row.adjusted, row.executed)] for row in rows[1:]]
    sums = [
        added(amount, [part[at] for part in parts], f"{name}{total + 1}:{name}{total + len(parts)}")
        for at, (name, amount) in enumerate(zip("DEF", (budget.initial, budget.adjusted, budget.executed), strict=True))
    ]
    board.row(
        BoardItem(2, 3, rows[0].label),
        *(BoardItem(at, at, value, MONEY) for at, value in enumerate(sums, 4)),
        BoardItem(7, 7, budget.weight, weight_look([budget.weight])),
        BoardItem(8, 8, execution_rate(budget, rules, f"D{total}", f"E{total}", f"F{total}"), RATE),
        BoardItem(9, 9, execution_points(budget, rules, f"H{total}"), POINTS),
    )
    for row, amounts in zip(rows[1:], parts, strict=True):
        fund(board, row, amounts)
    board.place(BoardItem(1, 1, "项目资金(万元)", LABEL), top, board.top - 1)
    return total


def fund(board: Board, row: FundRow, amounts: Sequence[Decimal | None]) -> None:
    """One source of funds; its rate is shown, but earns no points."""
    at = board.top
    live = amounts[1] is not None and amounts[2] is not None and amounts[1] != 0
    rate = Fraction(amounts[2] or 0) / Fraction(amounts[1] or 1)
    board.row(
        BoardItem(2, 3, row.label, TEXT if row.label.startswith("其中") else replace(TEXT, indent=3)),
        *(
            BoardItem(c, c, t if a is None else a, MONEY)
            for c, t, a in zip((4, 5, 6), texts(row), amounts, strict=True)
        ),
        BoardItem(7, 7, display.DASH, MIDDLE),
        BoardItem(8, 8, Formula(f'IF(E{at}=0,"{display.DASH}",F{at}/E{at})', rate) if live else row.rate, RATE),
        BoardItem(9, 9, display.DASH, MIDDLE),
    )


def texts(row: FundRow) -> tuple[str, str, str]:
    """The three amounts as printed."""
    return row.initial, row.adjusted, row.executed


def number_of(printed: str) -> Decimal | None:
    """A printed amount (万元, all digits) as a number again; None for 未填写."""
    try:
        return Decimal(printed)
    except InvalidOperation:
        return None


def in_wan(amount: Decimal | None) -> Value:
    """元 as a number in 万元."""
    printed = display.wan(amount)
    return number_of(printed) or (Decimal(0) if amount is not None else printed)


def added(amount: Decimal | None, parts: Sequence[Decimal | None], cells: str) -> Value:
    """A sum of amounts in 万元 as a formula, where the parts are all there and give it."""
    whole = in_wan(amount)
    known = exact_total(parts) if parts else None
    return Formula(f"SUM({cells})", whole) if isinstance(whole, Decimal) and known == whole else whole


def execution_rate(budget: BudgetScore, rules: Rules, initial: str, adjusted: str, executed: str) -> Value:
    """执行率 as 执行数 ÷ the denominator of the profile."""
    if budget.rate is None:
        return display.DASH
    base = initial if rules.execution.denominator == "initial" else adjusted
    return Formula(f'IF({base}=0,"{display.DASH}",{executed}/{base})', budget.rate)


def execution_points(budget: BudgetScore, rules: Rules, rate: str) -> Value:
    """The points of a rate: its share by bands or capped, times the weight, rounded as the profile rounds."""
    if budget.points is None or budget.rate is None:
        return display.points(budget.points)
    share, _ = execution_share(budget.rate, rules)
    by_rule = rounded(share * rules.execution.points, rules.digits, rules.rounding)
    if by_rule != budget.points or rules.rounding not in DOWN or rules.execution.deduct or rules.execution.pass_line:
        return budget.points
    worked = f"{share_formula(rules, rate)}*{literal(rules.execution.points)}"
    counted = DOWN[rules.rounding].format(worked, rules.digits)
    return Formula(f'IF(ISNUMBER({rate}),{counted},"{display.UNSCORED}")', budget.points)


def share_formula(rules: Rules, rate: str) -> str:
    """The share of the points that a rate gives."""
    rule = rules.execution
    if not rule.bands:
        return f"MIN({rate},{literal(rule.cap)})"
    steps = "".join(f"IF({rate}>={literal(edge)},{literal(share)}," for edge, share in rule.bands)
    return f"{steps}0{')' * len(rule.bands)}"


def literal(value: Fraction) -> str:
    """A number of the profile in a formula, exactly."""
    return str(value.numerator) if value.denominator == 1 else f"({value.numerator}/{value.denominator})"


# ── 年度总体目标 ──


def goals(board: Board, form: ProjectDocument) -> None:
    """What was meant to be reached and what was."""
    top = board.row(BoardItem(2, 5, "预期目标", LABEL), BoardItem(6, LAST, "实际完成情况", LABEL))
    board.row(BoardItem(2, 5, form.goal), BoardItem(6, LAST, form.achieved), least=60)
    board.place(BoardItem(1, 1, "年度总体目标", LABEL), top, board.top - 1)


# ── 绩效指标 ──

Run = tuple[int, int]
"""First and last of neighbouring rows under the same label, counted from 0."""


def indicators(board: Board, form: ProjectDocument, card: Scorecard, rules: Rules, money: int) -> None:
    """The rows, the labels beside them, and the total."""
    top = board.row(*(BoardItem(at, at, words, LABEL) for at, words in enumerate(HEADS, 2)))
    repeat(board, top, top)
    labelled_rows(board, form, card, indicator)
    board.place(BoardItem(1, 1, "绩效指标", LABEL), top, board.top - 1)
    total(board, card, rules, money, (top + 1, board.top - 1))


def labelled_rows(
    board: Board, form: ProjectDocument, card: Scorecard, indicator: Callable[[Board, Score, FormRow, float, Look], int]
) -> None:
    """Every 三级指标 by `indicator`, which returns its first row, and the labels of 一级 and 二级 beside them."""
    look = weight_look(score.weight for score in card.scores)
    labels = [*level_labels(form.rows, card), *group_labels(form.rows)]
    least = [
        max(share(board, run, label) for run, label in labels if run[0] <= at <= run[1]) for at in range(len(form.rows))
    ]
    starts = [indicator(board, *both, look) for both in zip(card.scores, form.rows, least, strict=True)]
    ends = [*(start - 1 for start in starts[1:]), board.top - 1]
    for (first, last), label in labels:
        board.place(label, starts[first], ends[last])


def indicator(board: Board, score: Score, row: FormRow, least: float, look: Look) -> int:
    """One 三级指标; its labels come later, when it is known how far they reach."""
    unscored = f"未评分原因：{row.unscored}" if row.unscored else ""
    return board.row(
        BoardItem(4, 4, row.level3),
        BoardItem(5, 5, row.target),
        BoardItem(6, 6, row.actual),
        BoardItem(7, 7, display.DASH if score.weight is None else score.weight, look),
        BoardItem(8, 8, display.row_points(score) if score.points is None else score.points, POINTS),
        BoardItem(9, 9, "\n".join(words for words in (unscored, row.reason) if words)),
        least=max(20, least),
    )


def share(board: Board, run: Run, label: BoardItem) -> float:
    """What each row beside a label must give so that the label has room, in pt."""
    return board.height(label) / (run[1] - run[0] + 1)


def level_labels(rows: Sequence[FormRow], card: Scorecard) -> list[tuple[Run, BoardItem]]:
    """一级指标 with its weight, beside all its rows."""
    weights = {level.name: display.weight(level.weight) for level in printed_levels(card)}
    found = runs([row.level1 for row in rows])
    return [(run, BoardItem(2, 2, f"{name}\n{weights.get(name, display.DASH)}分", MIDDLE)) for run, name in found]


def group_labels(rows: Sequence[FormRow]) -> list[tuple[Run, BoardItem]]:
    """二级指标 beside all its rows."""
    found = runs([(row.level1, row.level2) for row in rows])
    return [(run, BoardItem(3, 3, name, MIDDLE)) for run, (_, name) in found]


def runs(labels: Iterable[T]) -> Iterator[tuple[Run, T]]:
    """Where neighbours carry the same label."""
    for label, same in groupby(enumerate(labels), key=lambda one: one[1]):
        numbers = [at for at, _ in same]
        yield (numbers[0], numbers[-1]), label


def total(board: Board, card: Scorecard, rules: Rules, money: int, rows: tuple[int, int]) -> None:
    """总分: the sums of the rounded rows and of 预算执行率, and the grade that follows from them."""
    at = board.top
    weights, points = ([f"{name}{rows[0]}:{name}{rows[1]}"] if card.scores else [] for name in "GH")
    scored = (points[0], weights[0]) if card.scores else None
    known = [score.weight for score in card.scores if score.weight is not None]
    full = sum(known, card.budget.weight)
    look = weight_look([card.budget.weight, *known])
    board.row(
        BoardItem(1, 6, "总分", LABEL),
        BoardItem(7, 7, Formula(f"ROUND(SUM({','.join([f'G{money}', *weights])}),2)", full), look),
        BoardItem(8, 8, sum_of_points(card.total, [f"I{money}", *points]), replace(POINTS, bold=True)),
        BoardItem(9, 9, grade(card, rules, f"H{at}", counted((f"I{money}", f"G{money}"), scored)), MIDDLE),
    )


def sum_of_points(total_: Decimal | None, cells: Sequence[str]) -> Value:
    """The sum of these cells; a text among them (未评分, —) does not count."""
    return display.UNSCORED if total_ is None else Formula(f"ROUND(SUM({','.join(cells)}),2)", total_)


def counted(money: tuple[str, str], rows: tuple[str, str] | None) -> str:
    """How many points could be scored: the weights beside which a number of points stands.

    `money` are the cells of the points and the weight of 预算执行率, `rows` those of the indicators.
    """
    budget = f"IF(ISNUMBER({money[0]}),{money[1]},0)"
    if rows is None:
        return f"ROUND({budget},2)"
    points, weights = rows
    return f"ROUND({budget}+SUMPRODUCT(--ISNUMBER({points}),{weights}),2)"


def grade(card: Scorecard, rules: Rules, total_: str, scored: str) -> Value:
    """The grade of the total, as long as all points could be scored."""
    note = f"（可评分 {display.weight(card.counted)} 分，有指标未评分）"
    if card.grade is None:
        return f"等级：{display.NO_GRADE}{note if card.counted < card.full else ''}"
    if card.total is None or card.grade != rules.grade(Fraction(card.total)):
        return f"等级：{card.grade}"
    return Formula(
        f'"等级："&IF({scored}<{FULL_POINTS},"{display.NO_GRADE}",{grades(rules, total_)})', f"等级：{card.grade}"
    )


def grades(rules: Rules, total_: str) -> str:
    """The grades from the best down; the last takes what is left."""
    names = [grade_.name.replace('"', '""') for grade_ in rules.grades]
    steps = [f'IF({total_}>={literal(g.lower)},"{name}",' for g, name in zip(rules.grades[:-1], names, strict=False)]
    return f'{"".join(steps)}"{names[-1]}"{")" * len(steps)}'


def weight_look(weights: Iterable[Decimal | None]) -> Look:
    """分值 of one table: all whole, or all with two decimals."""
    return WHOLE if all(w is None or w == w.to_integral_value() for w in weights) else replace(NUMBER, form="0.00")


def signatures(board: Board, signers: Sequence[tuple[str, str]], date: str) -> None:
    """Who signs, below the table."""
    words = [*(f"{label}：{name}" for label, name in signers), f"填报日期：{date}"]
    size = len(board.widths)
    parts = [1 + size * at // len(words) for at in range(len(words))] + [size + 1]
    board.row(
        *(
            BoardItem(first, after - 1, text, PLAIN)
            for text, first, after in zip(words, parts, parts[1:], strict=False)
        ),
        least=30,
    )
