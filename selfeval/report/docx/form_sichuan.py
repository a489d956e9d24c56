"""部门预算项目支出绩效自评表 (Sichuan's layout) in the Word file, labels verbatim."""

from __future__ import annotations

from collections.abc import Iterator

from selfeval.base import display
from selfeval.base.model import Scorecard
from selfeval.reading.markdown import plain
from selfeval.report.docx.form import beside, grade_note, is_long, label
from selfeval.report.docx.writer import Box, DocxLine, Writer, table
from selfeval.report.pages.form import printed_levels
from selfeval.report.pages.views import FormRow, FundRow, Part, ProjectDocument

HEAD_WIDTHS = (13.5, 30, 90, 30, 89.5)
FUND_WIDTHS = (13.5, 42, 28, 28, 28, 27.5, 17, 17, 52)
ROW_WIDTHS = (13.5, 17, 20, 34, 14, 34, 15, 32, 12, 15, 46.5)
REMARK_WIDTHS = (30, 223)
"""The columns of the four tables of the form, in mm."""

FUND_HEADS = ("年初预算", "调整后预算数", "预算执行数", "预算执行率", "权重", "得分", "原因")
ROW_HEADS = ("一级", "二级", "三级", "指标性质", "指标值", "度量单位", "完成值", "权重", "得分", "未完成原因分析")


def sichuan_form(writer: Writer, document: ProjectDocument, card: Scorecard) -> None:
    """The whole form: the project, its money, its indicators, what is concluded, who signs."""
    writer.add(table(HEAD_WIDTHS, head(document)))
    writer.write("Thin", "")
    writer.add(table(FUND_WIDTHS, funds(document)))
    writer.write("Thin", "")
    heads = DocxLine([Box("", style="TableHead"), *(Box(words, style="TableHead") for words in ROW_HEADS)], head=True)
    writer.add(table(ROW_WIDTHS, [heads, *indicators(document, card), total(document)]))
    writer.write("Thin", "")
    writer.add(table(REMARK_WIDTHS, [remark(part) for part in document.remarks]))
    finance = "".join(name for title, name in document.signatures if title == "财务负责人")
    writer.write("TableText", f"项目负责人：{document.leader}　　　　　　　　　　　　财务负责人：{finance}")
    writer.write("Thin", "")


def head(document: ProjectDocument) -> Iterator[DocxLine]:
    """Whose project, its goal, what was done."""
    whose = "部门" if document.is_unit else "项目"
    below = Box(style="TableHead", down="continue")
    first = Box(f"{whose}基本情况", style="TableHead", down="restart")
    yield DocxLine([first, Box(f"{whose}名称", style="TableHead"), Box(document.name, 3)])
    operator = (Box("实施单位", style="TableHead"), Box(document.operator))
    yield DocxLine([below, Box("主管部门", style="TableHead"), Box(document.department), *operator])
    yield DocxLine([below, Box("年度目标", 2, "TableHead"), Box("完成情况", 2, "TableHead")], keep=True)
    yield DocxLine([below, Box(document.goal, 2), Box(document.achieved, 2)], split=True)
    yield DocxLine([below, Box("实施内容及过程概述", style="TableHead"), Box(document.about, 3)], split=True)


def funds(document: ProjectDocument) -> Iterator[DocxLine]:
    """The money by account; one reason beside all of them."""
    first = Box(f"预算执行情况({document.funds[0].weight}分)", style="TableHead", down="restart")
    heads = (Box(words, style="TableHead") for words in FUND_HEADS)
    yield DocxLine([first, Box("(万元)", style="TableMiddle"), *heads])
    for at, row in enumerate(document.funds):
        yield DocxLine([Box(style="TableHead", down="continue"), *fund(row, first=not at)])


def fund(row: FundRow, *, first: bool) -> Iterator[Box]:
    """One account."""
    yield Box(row.label, left=0 if first else 315)
    yield from (Box(amount, across="right") for amount in (row.initial, row.adjusted, row.executed))
    yield from (Box(words, style="TableMiddle") for words in (row.rate, row.weight, row.points))
    yield Box(row.reason, down="restart") if first else Box(down="continue")


def indicators(document: ProjectDocument, card: Scorecard) -> Iterator[DocxLine]:
    """The rows, with 一级 and 二级 beside all that belong to them."""
    weights = {level.name: f"{display.weight(level.weight)}分" for level in printed_levels(card)}
    before = ("", "")
    for at, row in enumerate(document.rows):
        new1, new2 = not at or row.level1 != before[0], not at or (row.level1, row.level2) != before
        first = f"绩效指标({document.indicator_weight}分)"
        level1 = label(row.level1, new=new1, small=weights.get(row.level1, ""))
        boxes = [label(first, new=not at), level1, label(row.level2, new=new2), *cells(row)]
        yield DocxLine(boxes, split=is_long(row.target, row.actual, row.reason))
        before = (row.level1, row.level2)


def cells(row: FormRow) -> Iterator[Box]:
    """The eight cells of an indicator: its target stands in three of them."""
    unscored = f"未评分原因：{row.unscored}" if row.unscored else ""
    yield Box(row.level3, style=_face(row, "level3"))
    yield Box(row.nature, style="TableMiddle")
    yield Box(row.value, style=_face(row, "value"))
    yield Box(row.measure, style="TableMiddle")
    yield Box(row.actual, style=_face(row, "actual"))
    yield Box(row.weight, style="TableMiddle")
    yield Box(row.points, style="TableMiddle", small=beside(row))
    yield Box("\n".join(words for words in (unscored, row.reason) if words), style=_face(row, "reason"))


def _face(row: FormRow, name: str) -> str:
    return "TableSmall" if name in {*row.small, *row.tiny} else "TableText"


def total(document: ProjectDocument) -> DocxLine:
    """合计 and the grade."""
    middle = (Box(words, style="TableMiddle") for words in (document.total_weight, document.total))
    return DocxLine([Box("合计", 8, "TableHead"), *middle, Box(f"等级：{document.grade}{grade_note(document)}")])


def remark(part: Part) -> DocxLine:
    """评价结论, 存在问题 or 改进措施."""
    words = "\n".join(block.text for block in part.blocks) or plain(part.markdown)
    return DocxLine([Box(part.title, style="TableHead"), Box(words)], split=True)
