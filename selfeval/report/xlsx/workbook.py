"""自评表 and 汇总表 as spreadsheets: numbers are numbers, totals are formulas, text never is one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from selfeval.base import display
from selfeval.base.model import Score, Scorecard
from selfeval.evaluation.brief import Brief
from selfeval.evaluation.result import Result
from selfeval.report.pages import unit_text
from selfeval.report.pages.document import project_document, summary_document
from selfeval.report.pages.public import public_edition
from selfeval.report.pages.views import FormRow, Marks, ProjectDocument, ProjectLine, SummaryDocument
from selfeval.report.pages.words import SUMMARY_WORDS
from selfeval.report.xlsx import charts as xlsx_charts
from selfeval.report.xlsx import merged as xlsx_merged
from selfeval.report.xlsx import review as xlsx_review
from selfeval.report.xlsx.board import (
    LABEL,
    MIDDLE,
    MONEY,
    PLAIN,
    POINTS,
    RATE,
    WHOLE,
    Board,
    BoardItem,
    Formula,
    Look,
    Value,
    board,
    column,
    finish,
    freeze,
    new_workbook,
    repeat,
    saved,
)
from selfeval.report.xlsx.form import (
    added,
    execution_points,
    execution_rate,
    fill_form,
    heading,
    in_wan,
    signatures,
    sum_of_points,
    weight_look,
    widths_of,
)

if TYPE_CHECKING:
    from openpyxl import Workbook


BOLD = replace(POINTS, bold=True)


def report_workbook(result: Result, card: Scorecard, *, draft: bool = False, public: bool = False) -> bytes:
    """One project: 自评表, 评分计算过程, 检查发现, 图. The flags are those of `project_document`."""
    document = project_document(result, card, draft=draft, public=public)
    workbook = new_workbook()
    form = board(workbook, "自评表", widths_of(document.layout), document.marks)
    fill_form(form, document, card, result.rules)
    steps = board(workbook, "评分计算过程", (7, 28, 62, 12, 22, 8, 10), document.marks)
    calculations(steps, document, card)
    found = board(workbook, "检查发现", (8, 8, 50, 40, 24, 26), document.marks)
    findings(found, document)
    boards = [form, steps, found, *drawn(workbook, document)]
    if document.review is not None:
        boards.append(board(workbook, xlsx_review.SHEET, xlsx_review.WIDTHS, document.marks))
        heading(boards[-1], xlsx_review.SHEET, document.marks, len(xlsx_review.WIDTHS))
        header(boards[-1], xlsx_review.HEADS)
        xlsx_review.review_lines(boards[-1], document.review, document.grade)
    return closed(workbook, boards, f"{document.name} {document.form_title}", document.marks)


def drawn(workbook: Workbook, document: ProjectDocument | SummaryDocument) -> Iterator[Board]:
    """The pictures, where there are any."""
    if document.charts:
        made = board(workbook, xlsx_charts.SHEET, xlsx_charts.WIDTHS, document.marks)
        heading(made, "各项得分图", document.marks, len(xlsx_charts.WIDTHS))
        freeze(made, made.top)
        repeat(made, 1, made.top - 1)
        xlsx_charts.fill_charts(made, document.charts)
        yield made


def summary_workbook(result: Result, *, draft: bool = False, public: bool = False) -> bytes:
    """The whole evaluation: 汇总表, all indicators, projects of one name put together, the unit's own form."""
    result = result.in_brief()
    document = summary_document(result, draft=draft, public=public)
    workbook = new_workbook()
    widths = (6, 10, 34, 15, 15, 15, 10, 10, *(10 for _ in document.level_names), 10, 10, 18)
    widths += (10,) * len(reviewer_columns(document))
    lines = board(workbook, "汇总表", widths, document.marks)
    summary(lines, document, result)
    cards = result.cards
    more = (30,) * has_criteria(cards) + (14, 9, 9, 30, 10) * any(card.review for card in cards)
    rows = board(workbook, "指标明细", (9, 20, 11, 12, 20, 14, 14, 8, 8, 10, 10, 16, 30, 18, *more), document.marks)
    shown = [(project_document(result, card, public=public), card) for card in cards]
    details(rows, document.marks, public_edition(tuple(shown)) if public else shown)
    boards = [lines, rows, *drawn(workbook, document)]
    if merged := public_edition(result.merged) if public else result.merged:
        boards.append(board(workbook, xlsx_merged.SHEET, xlsx_merged.WIDTHS, document.marks))
        heading(boards[-1], xlsx_merged.TITLE, document.marks, len(xlsx_merged.WIDTHS))
        header(boards[-1], xlsx_merged.HEADS)
        xlsx_merged.merged_lines(boards[-1], merged, result.rules.execution)
    if result.unit is not None and result.unit.scores:
        unit = project_document(result, result.unit, draft=draft, public=public)
        boards.append(board(workbook, "部门整体自评表", widths_of(unit.layout), unit.marks))
        budget, rule = unit_text.printed_budget(result, result.unit)
        rules = replace(result.rules_of(result.unit), execution=rule)
        fill_form(boards[-1], unit, replace(result.unit, budget=budget), rules)
    return closed(workbook, boards, f"{document.marks.unit} {document.title}", document.marks)


def closed(workbook: Workbook, boards: Sequence[Board], title: str, marks: Marks) -> bytes:
    """The finished file."""
    for made in boards:
        finish(made)
    return saved(workbook, boards, title, marks)


# ── 评分计算过程, 检查发现 ──


def header(made: Board, heads: Sequence[str]) -> int:
    """The head of a plain list: stays on the screen, stands on every page, can be filtered."""
    top = made.row(*(BoardItem(at, at, words, LABEL) for at, words in enumerate(heads, 1)), least=24)
    freeze(made, made.top)
    repeat(made, top, top)
    return top


def filtered(made: Board, top: int) -> None:
    """Arrows to filter by, over the list that begins at `top`."""
    made.sheet.auto_filter.ref = f"A{top}:{column(len(made.widths))}{made.top - 1}"


def calculations(made: Board, document: ProjectDocument, card: Scorecard) -> None:
    """How every point came about, in the words of the report."""
    heading(made, document.attachments[1] if document.attachments else "评分计算过程", document.marks, 7)
    header(made, ("序号", "指标", "计算过程", "计分方法", "依据", "分值", "得分"))
    scored = [(card.budget.weight, card.budget.points), *((s.weight, s.points) for s in card.scores)]
    look = weight_look(weight for weight, _ in scored)
    for item, (weight, points) in zip(document.calculations, [*scored, (card.full, card.total)], strict=False):
        steps = [f"{at}. {step}" for at, step in enumerate(item.steps, 1)]
        made.row(
            BoardItem(
                1, 1, display.DASH if item.number == "0" else Decimal(item.number), replace(WHOLE, across="center")
            ),
            BoardItem(2, 2, f"{item.title}\n{item.under}" if item.under else item.title),
            BoardItem(3, 3, "\n".join(steps)),
            BoardItem(4, 4, item.formula, MIDDLE),
            BoardItem(5, 5, item.source),
            BoardItem(6, 6, display.DASH if weight is None else weight, look),
            BoardItem(7, 7, item.points if points is None else points, POINTS),
        )
    if document.sources:
        made.row(BoardItem(1, 7, f"依据的文件：{'；'.join(document.sources)}。", PLAIN))
    made.row(BoardItem(1, 7, document.evidence_note, PLAIN))


def findings(made: Board, document: ProjectDocument) -> None:
    """The findings about this project."""
    heading(made, "检查发现", document.marks, 6)
    top = header(made, ("级别", "代码", "发现", "处理", "指标", "位置"))
    for found in document.findings:
        words = (found.label, found.code, found.message, found.hint, found.row.text if found.row else "", found.place)
        made.row(*(BoardItem(at, at, text, MIDDLE if at < 3 else Look()) for at, text in enumerate(words, 1)))
    for one in document.accepted:
        words = ("豁免", one.code, one.message, f"接受的理由：{one.reason}", one.row.text if one.row else "", one.place)
        made.row(*(BoardItem(at, at, text, MIDDLE if at < 3 else Look()) for at, text in enumerate(words, 1)))
    if document.findings or document.accepted:
        filtered(made, top)
    else:
        made.row(BoardItem(1, 6, "没有检查发现。"))


# ── 汇总表 ──


def summary(made: Board, document: SummaryDocument, result: Result) -> None:
    """One row a project, then the sums."""
    more = reviewer_columns(document)
    last = len(made.widths) - len(more)
    heading(made, document.title, document.marks, len(made.widths))
    summary_head(made, document, last, more)
    first = made.top
    for line, brief in zip(document.lines, result.briefs, strict=True):
        summary_row(made, line, brief, result, document)
    sums(made, document, result, f"{first}", f"{made.top - 1}")
    signatures(made, document.signatures, document.marks.date)


def reviewer_columns(document: SummaryDocument) -> tuple[str, ...]:
    """What a review adds behind the other columns."""
    return xlsx_review.COLUMNS if document.reviewed else ()


def summary_head(made: Board, document: SummaryDocument, last: int, more: Sequence[str]) -> None:
    """Two lines: groups of columns above, the columns below; `more` stand behind column `last`."""
    names = document.level_names
    scores = 8 + len(names)
    rate = SUMMARY_WORDS.heads(document.marks.base)[4]
    top = made.row(BoardItem(4, 6, "项目资金(万元)", LABEL), BoardItem(8, scores, "得分", LABEL))
    below = ["年初预算数", "全年预算数", "全年执行数"], ["预算执行率", *names]
    made.row(
        *(BoardItem(at, at, words, LABEL) for at, words in enumerate(below[0], 4)),
        *(BoardItem(at, at, words, LABEL) for at, words in enumerate(below[1], 8)),
        least=34,
    )
    high = {1: "序号", 2: "项目编号", 3: "项目名称", 7: rate, last - 2: "总分", last - 1: "等级", last: "备注"}
    high |= dict(enumerate(more, last + 1))
    for at, words in high.items():
        made.place(BoardItem(at, at, words, LABEL), top, top + 1)
    freeze(made, made.top, 4)
    repeat(made, top, top + 1)


def summary_row(made: Board, line: ProjectLine, brief: Brief, result: Result, document: SummaryDocument) -> None:
    """One project: money, rate, the points of each first level, their sum, grade, what to know, the review."""
    at, budget, names = made.top, brief.budget, document.level_names
    of_level = dict(brief.levels)
    points = [of_level.get(name) for name in names]
    absent = [display.UNSCORED if name in of_level else display.DASH for name in names]
    end = 8 + len(names)
    cells = {"initial": f"D{at}", "adjusted": f"E{at}", "executed": f"F{at}"}
    made.row(
        BoardItem(1, 1, Decimal(line.number), WHOLE),
        BoardItem(2, 2, line.id, MIDDLE),
        BoardItem(3, 3, line.name),
        *(
            BoardItem(c, c, in_wan(v), MONEY)
            for c, v in enumerate((budget.initial, budget.adjusted, budget.executed), 4)
        ),
        BoardItem(7, 7, execution_rate(budget.rate, result.rules, cells), RATE),
        BoardItem(8, 8, execution_points(budget, result.rules, f"G{at}"), POINTS),
        *(
            BoardItem(c, c, w if p is None else p, POINTS)
            for c, p, w in zip(range(9, end + 1), points, absent, strict=True)
        ),
        BoardItem(end + 1, end + 1, sum_of_points(brief.total, [f"H{at}:{column(end)}{at}"]), BOLD),
        BoardItem(end + 2, end + 2, brief.grade or display.NO_GRADE, MIDDLE),
        BoardItem(end + 3, end + 3, "；".join(remarks(brief)), MIDDLE),
        *(xlsx_review.summary_cells(brief, end + 4) if document.reviewed else ()),
        least=26,
    )


def remarks(brief: Brief) -> Iterator[str]:
    """What a reader of the line must know."""
    if brief.is_draft:
        yield "未定稿"
    if brief.grade is None:
        yield f"可评分 {display.weight(brief.counted)} 分"


def sums(made: Board, document: SummaryDocument, result: Result, first: str, last: str) -> None:
    """合计: money and its rate only, since points of different projects do not add up."""
    more = reviewer_columns(document)
    at, money, end = made.top, unit_text.summed(result), len(made.widths) - len(more)
    budgets = [brief.budget for brief in result.briefs]
    columns = {
        "D": (money.initial, [b.initial for b in budgets]),
        "E": (money.adjusted, [b.adjusted for b in budgets]),
        "F": (money.executed, [b.executed for b in budgets]),
    }
    amounts = [
        added(whole, [wan_or_none(part) for part in parts], f"{name}{first}:{name}{last}")
        for name, (whole, parts) in columns.items()
    ]
    base = "D" if result.rules.execution.denominator == "initial" else "E"
    rate: Value = display.rate(None) if money.rate is None else Formula(f"F{at}/{base}{at}", money.rate)
    made.row(
        BoardItem(1, 3, document.sums.name, LABEL),
        *(BoardItem(c, c, value, MONEY) for c, value in enumerate(amounts, 4)),
        BoardItem(7, 7, rate, RATE),
        *(BoardItem(c, c, display.DASH, MIDDLE) for c in range(8, end)),
        BoardItem(end, end, ""),
        *(BoardItem(c, c, display.DASH, MIDDLE) for c in range(end + 1, end + 1 + len(more))),
        least=26,
    )


def wan_or_none(amount: Decimal | None) -> Decimal | None:
    """An amount in 万元, None where it is not known."""
    value = in_wan(amount)
    return value if isinstance(value, Decimal) else None


# ── 指标明细 ──

DETAILS = (
    *("项目编号", "项目名称", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "完成率"),
    *("计分方法", "依据", "偏差原因分析及改进措施", "佐证材料"),
)


def has_criteria(cards: Iterable[Scorecard]) -> bool:
    """Whether a row has its 评分标准 written beside it."""
    return any(score.indicator.criterion for card in cards for score in card.scores)


def details(made: Board, marks: Marks, projects: Sequence[tuple[ProjectDocument, Scorecard]]) -> None:
    """All indicators of all projects, one row each, to sort and filter."""
    reviewed, criteria = any(card.review for _, card in projects), has_criteria(card for _, card in projects)
    heads = (*DETAILS, *(("评分标准",) if criteria else ()), *(xlsx_review.DETAILS if reviewed else ()))
    heading(made, "绩效指标明细", marks, len(heads))
    top = header(made, heads)
    look = weight_look(score.weight for _, card in projects for score in card.scores)
    for document, card in projects:
        said = {line.anchor: line for line in document.review.lines} if document.review else {}
        for row, score in zip(document.rows, card.scores, strict=True):
            standard = ((score.indicator.criterion, Look()),) if criteria else ()
            more = xlsx_review.detail_cells(score, said.get(row.anchor)) if reviewed else ()
            made.row(*detail(document, row, score, look, (*standard, *more)))
    if made.top > top + 1:
        filtered(made, top)


def detail(
    document: ProjectDocument, row: FormRow, score: Score, look: Look, more: Iterable[tuple[Value, Look]]
) -> Iterator[BoardItem]:
    """The cells of one indicator, with `more` behind them."""
    cells: tuple[tuple[Value, Look], ...] = (
        (document.id, MIDDLE),
        (document.name, Look()),
        *((words, Look()) for words in (row.level1, row.level2, row.level3, row.target, row.actual)),
        (display.DASH if score.weight is None else score.weight, look),
        (display.row_points(score) if score.points is None else score.points, POINTS),
        (display.DASH if score.completion is None else score.completion, RATE),
        (row.formula, MIDDLE),
        (row.source, Look()),
        (row.reason, Look()),
        ("；".join(row.evidence), Look()),
        *more,
    )
    return (BoardItem(at, at, value, look_) for at, (value, look_) in enumerate(cells, 1))
