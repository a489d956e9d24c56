"""The 自评表 of a layout as a worksheet, with live totals.

A figure is a formula only where the formula gives exactly the scorecard's figure; otherwise the figure
itself stands there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from itertools import accumulate, groupby
from math import ceil
from typing import TypeVar

from selfeval.base import display
from selfeval.base.exact import Rounding, rounded
from selfeval.base.model import FULL_POINTS, BudgetScore, Score, Scorecard
from selfeval.reading.form_layout import FormBlock, Layout
from selfeval.report.office import mark_of
from selfeval.report.pages.form import printed_levels
from selfeval.report.pages.form_words import AMOUNTS, block_label, reason_of, run_label, set_in, words_of
from selfeval.report.pages.views import FormRow, FundRow, Marks, ProjectDocument
from selfeval.report.pages.words import WORDS
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
    column,
    freeze,
    repeat,
)
from selfeval.rules.profile import Rules
from selfeval.scoring.execution import execution_share, share_points
from selfeval.scoring.totals import exact_total

T = TypeVar("T")
DOWN = {Rounding.HALF_UP: "ROUND({0},{1})", Rounding.DOWN: "ROUNDDOWN(ROUND({0},9),{1})"}
"""How a spreadsheet rounds; it has no way to round half to even."""


def widths_of(layout: Layout) -> tuple[float, ...]:
    """The columns of the sheet, in column units."""
    return tuple(width for column in layout.columns for width in column.xlsx)


def fill_form(board: Board, form: ProjectDocument, card: Scorecard, rules: Rules) -> None:
    """The whole form on one sheet, as its layout has it."""
    heading(board, form.form_title, form.marks, len(board.widths))
    money: dict[str, str] = {}
    for block in form.layout.blocks:
        top = board.top
        if block.kind == "fields":
            fields(board, form, block)
        elif block.kind == "funds":
            money = funds(board, form.funds, block, card.budget, rules)
        else:
            notes(board, form, block)
        if words := block_label(block, form):
            board.place(BoardItem(1, 1, words, LABEL), top, board.top - 1)
    indicators(board, form, card, rules, money)
    below(board, form)


def beside(start: int, cells: Iterable[tuple[int, Value, Look]]) -> Iterator[BoardItem]:
    """Cells side by side from a column on: how many columns each takes, what stands in it."""
    for span, value, look in cells:
        yield BoardItem(start, start + span - 1, value, look)
        start += span


def heading(board: Board, title: str, marks: Marks, last: int) -> None:
    """The lines above a table."""
    board.row(BoardItem(1, last, title, TITLE), least=30)
    board.row(BoardItem(1, last, f"（{marks.year}年度）", UNDER_TITLE))
    if mark_of(marks):
        board.row(BoardItem(1, last, mark_of(marks), MARK))


# ── Above the indicators ──


def fields(board: Board, form: ProjectDocument, block: FormBlock) -> None:
    """Texts with their labels; the first of them, the name, stays on the screen."""
    start = 2 if any(block.label) else 1
    for row in block.rows:
        labels = [(each.spans[0], each.label[form.is_unit], LABEL) for each in row.fields]
        texts_ = [(each.spans[-1], str(getattr(form, each.key)), TEXT) for each in row.fields]
        if row.stacked:
            board.row(*beside(start, labels))
            board.row(*beside(start, texts_), least=60)
        else:
            pairs = zip(labels, texts_, strict=True)
            board.row(*beside(start, (cell for pair in pairs for cell in pair)))
        if not board.sheet.freeze_panes:
            freeze(board, board.top)


def notes(board: Board, form: ProjectDocument, block: FormBlock) -> None:
    """Parts of the narrative beside their titles."""
    first = form.layout.span("level1", "level2")
    rest = len(board.widths) - 1 - first
    board.row(*beside(2, ((first, "", LABEL), (rest, block.head, LABEL))))
    for note in form.notes:
        if note.title in block.notes:
            board.row(*beside(2, ((first, note.title, TEXT), (rest, words_of(note), TEXT))))


def funds(board: Board, rows: Sequence[FundRow], block: FormBlock, budget: BudgetScore, rules: Rules) -> dict[str, str]:
    """The money; returns the cells of the line of the whole, whose points the total takes, by what they show."""
    shown = [column for column in block.columns if column.key != "reason"]
    heads = ((c.span, c.head or block.corner, MIDDLE if block.corner and not c.head else LABEL) for c in block.columns)
    board.row(*beside(2, heads))
    cells = [cells_of(block, at) for at in range(board.top, board.top + len(rows))]
    parts = [{key: number_of(getattr(row, key)) for key in AMOUNTS} for row in rows[1:]]
    whole = whole_line(rows[0], parts, cells, budget, rules)
    board.row(*beside(2, ((column.span, *whole[column.key]) for column in shown)))
    for row, amounts, places in zip(rows[1:], parts, cells[1:], strict=True):
        line = fund_line(row, amounts, places, rules, indent=ceil(set_in(row, rows)))
        board.row(*beside(2, ((column.span, *line[column.key]) for column in shown)))
    if "reason" in cells[0]:
        at = len(board.widths)
        board.place(BoardItem(at, at, rows[0].reason), board.top - len(rows), board.top - 1)
    return cells[0]


def cells_of(block: FormBlock, row: int) -> dict[str, str]:
    """The cells of a line of money, by what they show."""
    starts = accumulate((column.span for column in block.columns), initial=2)
    return {column_.key: f"{column(start)}{row}" for column_, start in zip(block.columns, starts, strict=False)}


def whole_line(
    row: FundRow,
    parts: Sequence[Mapping[str, Decimal | None]],
    cells: Sequence[Mapping[str, str]],
    budget: BudgetScore,
    rules: Rules,
) -> dict[str, tuple[Value, Look]]:
    """The line of all money: sums of those below, the rate and its points."""
    line: dict[str, tuple[Value, Look]] = {"label": (row.label, TEXT)}
    for key in AMOUNTS:
        below = f"{cells[1].get(key)}:{cells[-1].get(key)}" if len(cells) > 1 else ""
        line[key] = added(getattr(budget, key), [part[key] for part in parts], below), MONEY
    line["weight"] = (row.weight if row.weight == display.DASH else budget.weight), weight_look([budget.weight])
    line["rate"] = execution_rate(budget.rate, rules, cells[0]), RATE
    points = row.points if row.points == display.DASH else execution_points(budget, rules, cells[0].get("rate", ""))
    line["points"] = points, POINTS
    return line


def fund_line(
    row: FundRow, amounts: Mapping[str, Decimal | None], cells: Mapping[str, str], rules: Rules, *, indent: int
) -> dict[str, tuple[Value, Look]]:
    """One source of funds; its rate is shown, but earns no points."""
    base, executed = amounts[rules.execution.denominator], amounts["executed"]
    rate = Fraction(executed) / Fraction(base) if executed is not None and base else None
    known: dict[str, Value] = {key: getattr(row, key) if value is None else value for key, value in amounts.items()}
    return {
        "label": (row.label, replace(TEXT, indent=indent)),
        **{key: (value, MONEY) for key, value in known.items()},
        "rate": (execution_rate(rate, rules, cells), RATE),
        "weight": (display.DASH, MIDDLE),
        "points": (display.DASH, MIDDLE),
    }


def number_of(printed: str) -> Decimal | None:
    """A printed amount (万元, all digits) as a number again; None for 未填写."""
    try:
        return Decimal(printed.replace(",", ""))
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


def execution_rate(rate: Fraction | None, rules: Rules, cells: Mapping[str, str]) -> Value:
    """执行率 as 执行数 ÷ the denominator of the profile, of amounts in these cells."""
    if rate is None:
        return display.DASH
    base = rules.execution.denominator
    if not {base, "executed"} <= {*cells}:
        return rate
    return Formula(f'IF({cells[base]}=0,"{display.DASH}",{cells["executed"]}/{cells[base]})', rate)


def execution_points(budget: BudgetScore, rules: Rules, rate: str) -> Value:
    """The points of a rate: its share by bands or capped, times the weight, rounded as the profile rounds."""
    if budget.points is None or budget.rate is None:
        return display.points(budget.points)
    share, _ = execution_share(budget.rate, rules)
    rule, most = rules.execution, rounded(rules.execution.points, rules.digits, rules.rounding)
    plain = rules.rounding in DOWN and not rule.deduct and not rule.pass_line and most <= budget.weight
    if share_points(share, rules) != budget.points or not plain:
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


# ── 绩效指标 ──

Run = tuple[int, int]
"""First and last of neighbouring rows under the same label, counted from 0."""


@dataclass(frozen=True, slots=True)
class Summed:
    """What the total adds: the cells of 预算执行率, and the first and last row of the indicators."""

    money: Mapping[str, str]
    rows: tuple[int, int]


def indicators(board: Board, form: ProjectDocument, card: Scorecard, rules: Rules, money: Mapping[str, str]) -> None:
    """The rows, the labels beside them, and the total."""
    columns = form.layout.columns
    top = board.row(*beside(2, ((len(column.xlsx), column.head, LABEL) for column in columns[1:])))
    repeat(board, top, top)
    labelled_rows(board, form, card)
    board.place(BoardItem(1, 1, run_label(form), LABEL), top, board.top - 1)
    if form.layout.scored:
        total(board, form.layout, card, rules, Summed(money, (top + 1, board.top - 1)))


def labelled_rows(board: Board, form: ProjectDocument, card: Scorecard) -> None:
    """Every 三级指标, and the labels of 一级 and 二级 beside them."""
    look = weight_look(score.weight for score in card.scores)
    labels = [*level_labels(form, card), *group_labels(form.rows)]
    least = [
        max(share(board, run, label) for run, label in labels if run[0] <= at <= run[1]) for at in range(len(form.rows))
    ]
    rows = zip(card.scores, form.rows, least, strict=True)
    starts = [
        board.row(*beside(4, row_cells(form.layout, score, row, look)), least=max(20, high))
        for score, row, high in rows
    ]
    ends = [*(start - 1 for start in starts[1:]), board.top - 1]
    for (first, last), label in labels:
        board.place(label, starts[first], ends[last])


def row_cells(layout: Layout, score: Score, row: FormRow, look: Look) -> Iterator[tuple[int, Value, Look]]:
    """The cells of one 三级指标 from its name on."""
    figures: dict[str, tuple[Value, Look]] = {
        "weight": (display.DASH if score.weight is None else score.weight, look),
        "points": (display.row_points(score) if score.points is None else score.points, POINTS),
        "reason": (reason_of(row, scored=layout.scored), TEXT),
    }
    for column_ in layout.cells:
        usual = MIDDLE if column_.key in {"nature", "measure"} else TEXT
        yield len(column_.xlsx), *(figures.get(column_.key) or (str(getattr(row, column_.key)), usual))


def share(board: Board, run: Run, label: BoardItem) -> float:
    """What each row beside a label must give so that the label has room, in pt."""
    return board.height(label) / (run[1] - run[0] + 1)


def level_labels(form: ProjectDocument, card: Scorecard) -> list[tuple[Run, BoardItem]]:
    """一级指标 with its weight, beside all its rows."""
    weights = {level.name: display.weight(level.weight) for level in printed_levels(card)}
    found = runs([row.level1 for row in form.rows])
    words = (lambda name: f"{name}\n{weights.get(name, display.DASH)}分") if form.layout.scored else str
    return [(run, BoardItem(2, 2, words(name), MIDDLE)) for run, name in found]


def group_labels(rows: Sequence[FormRow]) -> list[tuple[Run, BoardItem]]:
    """二级指标 beside all its rows."""
    found = runs([(row.level1, row.level2) for row in rows])
    return [(run, BoardItem(3, 3, name, MIDDLE)) for run, (_, name) in found]


def runs(labels: Iterable[T]) -> Iterator[tuple[Run, T]]:
    """Where neighbours carry the same label."""
    for label, same in groupby(enumerate(labels), key=lambda one: one[1]):
        numbers = [at for at, _ in same]
        yield (numbers[0], numbers[-1]), label


def total(board: Board, layout: Layout, card: Scorecard, rules: Rules, summed: Summed) -> None:
    """总分: the sums of the rounded rows and of 预算执行率, and the grade that follows from them."""
    money, rows = summed.money, summed.rows
    at, weights_at = board.top, layout.start("weight")
    letters = {key: column(layout.start(key)) for key in ("weight", "points")}
    ranges = {key: [f"{letter}{rows[0]}:{letter}{rows[1]}"] * bool(card.scores) for key, letter in letters.items()}
    sums = {key: [*([money[key]] if key in money else []), *cells] for key, cells in ranges.items()}
    known = [score.weight for score in card.scores if score.weight is not None]
    scored = (ranges["points"][0], ranges["weight"][0]) if card.scores else None
    words = grade(card, rules, f"{letters['points']}{at}", counted(money, scored))
    cells: tuple[tuple[int, Value, Look], ...] = (
        (weights_at - 1, layout.indicators.total, LABEL),
        (
            layout.span("weight"),
            Formula(f"ROUND(SUM({','.join(sums['weight'])}),2)", sum(known, card.budget.weight)),
            weight_look([card.budget.weight, *known]),
        ),
        (layout.span("points"), sum_of_points(card.total, sums["points"]), replace(POINTS, bold=True)),
        (layout.span("reason"), words, MIDDLE),
    )
    board.row(*beside(1, cells))


def sum_of_points(total_: Decimal | None, cells: Sequence[str]) -> Value:
    """The sum of these cells; a text among them (未评分, —) does not count."""
    return display.UNSCORED if total_ is None else Formula(f"ROUND(SUM({','.join(cells)}),2)", total_)


def counted(money: Mapping[str, str], rows: tuple[str, str] | None) -> str:
    """How many points could be scored: the weights beside which a number of points stands.

    `money` are the cells of 预算执行率, `rows` those of the points and the weights of the indicators.
    """
    budget = f"IF(ISNUMBER({money['points']}),{money['weight']},0)"
    if rows is None:
        return f"ROUND({budget},2)"
    points, weights = rows
    return f"ROUND({budget}+SUMPRODUCT(--ISNUMBER({points}),{weights}),2)"


def grade(card: Scorecard, rules: Rules, total_: str, scored: str) -> Value:
    """The grade of the total, as long as all points could be scored."""
    note = WORDS.partly.format(display.weight(card.counted))
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


def below(board: Board, form: ProjectDocument) -> None:
    """What stands under the indicators: notes, remarks, who signs."""
    for note in form.notes:
        if note.title in form.layout.indicators.below:
            board.row(*beside(1, ((1, note.title, LABEL), (len(board.widths) - 1, words_of(note), TEXT))))
    for part in form.remarks:
        board.row(*beside(1, ((2, part.title, LABEL), (len(board.widths) - 2, words_of(part), TEXT))))
    for line in form.layout.foot:
        board.row(BoardItem(1, len(board.widths), line, PLAIN))
    if form.signers:
        signed(board, [f"{label}：{name}" for label, name in form.signers])
    else:
        signatures(board, form.signatures, form.marks.date)


def signatures(board: Board, signers: Sequence[tuple[str, str]], date: str) -> None:
    """Who signs for the unit, below the table."""
    signed(board, [*(f"{label}：{name}" for label, name in signers), f"填报日期：{date}"])


def signed(board: Board, words: Sequence[str]) -> None:
    """Who signs, over the whole width."""
    size = len(board.widths)
    parts = [1 + size * at // len(words) for at in range(len(words))] + [size + 1]
    board.row(
        *(
            BoardItem(first, after - 1, text, PLAIN)
            for text, first, after in zip(words, parts, parts[1:], strict=False)
        ),
        least=30,
    )
