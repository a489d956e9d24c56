"""项目支出绩效自评表 of the national layout in the Word file (财预〔2020〕10号 附1)."""

from __future__ import annotations

from collections.abc import Iterator

from selfeval.base import display
from selfeval.base.model import Scorecard
from selfeval.report.docx.writer import Box, DocxLine, Writer, table
from selfeval.report.pages.form import printed_levels
from selfeval.report.pages.views import FormRow, FundRow, ProjectDocument

FORM_WIDTHS = (19, 21, 22, 34, 29.5, 29.5, 13, 18, 66.5)
"""绩效指标 | 一级 | 二级 | 三级 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因, in mm."""

FORM_HEADS = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施")
MONEY_HEADS = ("年初预算数", "全年预算数(A)", "全年执行数(B)", "分值", "执行率(B/A)", "得分")
LONG = 700
"""From how many characters on a text may break over pages; a row of fewer stays whole."""


def national_form(writer: Writer, document: ProjectDocument, card: Scorecard) -> None:
    """项目支出绩效自评表. Two tables, since only the first rows of a table can be repeated on every page."""
    writer.add(table(FORM_WIDTHS, form_head(document)))
    writer.write("Thin", "")
    head = DocxLine(
        [Box("绩效指标", style="TableHead"), *(Box(words, style="TableHead") for words in FORM_HEADS)], head=True
    )
    writer.add(table(FORM_WIDTHS, [head, *indicators(document, card), *form_end(document)]))
    writer.write("Thin", "")


def form_head(document: ProjectDocument) -> Iterator[DocxLine]:
    """Whose project, its money, its goals."""
    yield DocxLine([Box("项目名称", 2, "TableHead"), Box(document.name, 7)])
    yield DocxLine(
        [
            Box("主管部门", 2, "TableHead"),
            Box(document.department, 3),
            Box("实施单位", 1, "TableHead"),
            Box(document.operator, 3),
        ]
    )
    heads = (Box(words, style="TableHead") for words in MONEY_HEADS)
    yield DocxLine([Box("项目资金(万元)", style="TableHead", down="restart"), Box("", 2, "TableHead"), *heads])
    yield from (fund(row) for row in document.funds)
    goal = Box("年度总体目标", style="TableHead", down="restart")
    yield DocxLine([goal, Box("预期目标", 4, "TableHead"), Box("实际完成情况", 4, "TableHead")], keep=True)
    below = Box(style="TableHead", down="continue")
    yield DocxLine([below, Box(document.goal, 4), Box(document.achieved, 4)], split=True)


def fund(row: FundRow) -> DocxLine:
    """One source of funds."""
    money = (Box(amount, across="right") for amount in (row.initial, row.adjusted, row.executed))
    rest = (Box(words, style="TableMiddle") for words in (row.weight, row.rate, row.points))
    label_ = Box(row.label, 2, left=0 if row.label.startswith(("年度", "其中")) else 630)
    return DocxLine([Box(style="TableHead", down="continue"), label_, *money, *rest])


def indicators(document: ProjectDocument, card: Scorecard) -> Iterator[DocxLine]:
    """The rows, with 一级 and 二级指标 beside all that belong to them."""
    weights = {level.name: f"{display.weight(level.weight)}分" for level in printed_levels(card)}
    before = ("", "")
    for at, row in enumerate(document.rows):
        new1, new2 = not at or row.level1 != before[0], not at or (row.level1, row.level2) != before
        yield DocxLine(
            [
                label("", new=not at),
                label(row.level1, new=new1, small=weights.get(row.level1, "")),
                label(row.level2, new=new2),
                *cells(row),
            ],
            split=is_long(row.target, row.actual, row.reason),
        )
        before = (row.level1, row.level2)


def label(words: str, *, new: bool, small: str = "") -> Box:
    """A label that runs over the rows below the one where it begins."""
    return Box(words, 1, "TableMiddle", "restart", small=small) if new else Box("", 1, "TableMiddle", "continue")


def cells(row: FormRow) -> Iterator[Box]:
    """The six cells of an indicator."""
    unscored = f"未评分原因：{row.unscored}" if row.unscored else ""
    reason = "\n".join(words for words in (unscored, row.reason) if words)
    for name, words in (("level3", row.level3), ("target", row.target), ("actual", row.actual)):
        yield Box(words, style="TableSmall" if name in row.small else "TableText")
    yield Box(row.weight, style="TableMiddle")
    yield Box(row.points, style="TableMiddle", small=beside(row))
    yield Box(reason, style="TableSmall" if "reason" in row.small else "TableText")


def beside(row: FormRow) -> str:
    """What stands below the points of a row: what the rule gives, what the reviewer gives."""
    others = {"规则": row.rule_points, "复核": row.reviewed}
    return "".join(f"（{name}{points}）" for name, points in others.items() if points)


def form_end(document: ProjectDocument) -> Iterator[DocxLine]:
    """总分 and the signatures, on the page of the last row."""
    middle = (Box(words, style="TableMiddle") for words in (document.total_weight, document.total))
    yield DocxLine(
        [Box("总分", 6, "TableHead"), *middle, Box(f"等级：{document.grade}{grade_note(document)}")], keep=True
    )
    signed = [f"{label}：{name}" for label, name in document.signatures]
    spans = (3, 2, 3, 1) if len(signed) == 3 else (9,)
    words = [*signed, f"填报日期：{document.marks.date}"] if len(spans) == 4 else ["　".join(signed)]
    yield DocxLine([Box(one, span, sides=("top",)) for one, span in zip(words, spans, strict=True)])


def grade_note(document: ProjectDocument) -> str:
    """Why there is no grade, and what a review comes to."""
    lacking = "" if document.complete else f"（可评分 {document.counted} 分，有指标未评分）"
    review = document.review
    return lacking if review is None else f"{lacking}　复核 {review.total} 分（{review.grade}）"


def is_long(*texts: str) -> bool:
    """Whether a row with these texts may take most of a page."""
    return any(len(words) > LONG for words in texts)
