"""The report of one project as a Word file: the narrative, then the form and its annexes on their own pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from selfeval import display
from selfeval.document import project_document
from selfeval.model import Scorecard
from selfeval.render.docx_markdown import write_markdown
from selfeval.render.docx_styles import ANNEX_PAGE, WIDE_PAGE
from selfeval.render.docx_writer import Box, Line, Writer, make, new_writer, table
from selfeval.render.office import mark_of
from selfeval.result import Result
from selfeval.views import Accepted, Calculation, Finding, FundRow, Link, ProjectDocument, Row

FORM_WIDTHS = (19, 21, 22, 34, 29.5, 29.5, 13, 18, 66.5)
"""绩效指标 | 一级 | 二级 | 三级 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因, in mm."""

FORM_HEADS = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施")
MONEY_HEADS = ("年初预算数", "全年预算数(A)", "全年执行数(B)", "分值", "执行率(B/A)", "得分")
LONG = 700
"""From how many characters on a text may break over pages; a row of fewer stays whole."""

BLOCKS = {"h3": "Heading2", "h4": "Heading3"}
"""Styles of the blocks that are made from the figures."""


def report_document(result: Result, card: Scorecard, *, draft: bool = False, public: bool = False) -> bytes:
    """The whole report; the flags are those of `project_document`."""
    document = project_document(result, card, draft=draft, public=public)
    writer = new_writer(mark_of(document.marks))
    if document.parts:
        text(writer, document, result.folder)
        writer.new_section(WIDE_PAGE)
    else:
        first_page_wide(writer)
    annex_head(writer, document, 0, numbered=bool(document.parts))
    form(writer, document, card)
    writer.new_section(ANNEX_PAGE)
    annexes(writer, document)
    return writer.saved(f"{document.name} {document.title}", document.marks)


def first_page_wide(writer: Writer) -> None:
    """A report without narrative (the unit's own form) begins with the form."""
    from selfeval.render.docx_styles import set_page

    set_page(writer.document.sections[0], WIDE_PAGE)


# ── Narrative ──


def text(writer: Writer, document: ProjectDocument, folder: Path) -> None:
    """Title, sections, and who seals it."""
    writer.write("Title", document.name)
    writer.write("Title", document.title)
    writer.write("Subtitle", f"（{document.marks.year}年度）")
    for part in document.parts:
        if part.title:
            writer.write("Heading1", part.title)
        for block in part.blocks:
            writer.write(BLOCKS.get(block.tag, "BodyText"), block.text)
        if not part.blocks:
            write_markdown(writer, part.markdown, folder)
    seal(writer, document)


def seal(writer: Writer, document: ProjectDocument) -> None:
    """Unit and date, two lines below the text and never alone on a page."""
    keep_with_next(writer)
    writer.write("Seal", f"{document.marks.unit}（盖章）", make("spacing", {"before": 1160}))
    writer.write("Seal", document.marks.date, make("keepNext", {"val": 0}))


def keep_with_next(writer: Writer) -> None:
    """The last paragraph stays on the page of what follows."""
    from docx.text.paragraph import Paragraph

    body = writer.document.element.body
    if len(body) > 1 and body[-2].tag.endswith("}p"):
        Paragraph(body[-2], writer.document).paragraph_format.keep_with_next = True


# ── 自评表 ──


def annex_head(writer: Writer, document: ProjectDocument, at: int, *, numbered: bool, apart: bool = False) -> None:
    """附件1 and its title, without number in a report that is all form; `apart`: not the first on its page."""
    room = [make("spacing", {"before": 480})] if apart else []
    if numbered:
        writer.write("Attachment", f"附件{at + 1}", *room)
    title = document.attachments[at] if at else document.form_title
    writer.write("AttachmentTitle", title, *(room if not numbered else []))
    if at == 0:
        writer.write("AttachmentYear", f"（{document.marks.year}年度）")


def form(writer: Writer, document: ProjectDocument, card: Scorecard) -> None:
    """项目支出绩效自评表. Two tables, since only the first rows of a table can be repeated on every page."""
    writer.add(table(FORM_WIDTHS, form_head(document)))
    writer.write("Thin", "")
    head = Line(
        [Box("绩效指标", style="TableHead"), *(Box(words, style="TableHead") for words in FORM_HEADS)], head=True
    )
    writer.add(table(FORM_WIDTHS, [head, *indicators(document, card), *form_end(document)]))
    writer.write("Thin", "")


def form_head(document: ProjectDocument) -> Iterator[Line]:
    """Whose project, its money, its goals."""
    yield Line([Box("项目名称", 2, "TableHead"), Box(document.name, 7)])
    yield Line(
        [
            Box("主管部门", 2, "TableHead"),
            Box(document.department, 3),
            Box("实施单位", 1, "TableHead"),
            Box(document.operator, 3),
        ]
    )
    heads = (Box(words, style="TableHead") for words in MONEY_HEADS)
    yield Line([Box("项目资金(万元)", style="TableHead", down="restart"), Box("", 2, "TableHead"), *heads])
    yield from (fund(row) for row in document.funds)
    goal = Box("年度总体目标", style="TableHead", down="restart")
    yield Line([goal, Box("预期目标", 4, "TableHead"), Box("实际完成情况", 4, "TableHead")], keep=True)
    below = Box(style="TableHead", down="continue")
    yield Line([below, Box(document.goal, 4), Box(document.achieved, 4)], split=True)


def fund(row: FundRow) -> Line:
    """One source of funds."""
    money = (Box(amount, across="right") for amount in (row.initial, row.adjusted, row.executed))
    rest = (Box(words, style="TableMiddle") for words in (row.weight, row.rate, row.points))
    label_ = Box(row.label, 2, left=0 if row.label.startswith(("年度", "其中")) else 630)
    return Line([Box(style="TableHead", down="continue"), label_, *money, *rest])


def indicators(document: ProjectDocument, card: Scorecard) -> Iterator[Line]:
    """The rows, with 一级 and 二级指标 beside all that belong to them."""
    weights = {level.name: f"{display.weight(level.weight)}分" for level in card.levels}
    before = ("", "")
    for at, row in enumerate(document.rows):
        new1, new2 = not at or row.level1 != before[0], not at or (row.level1, row.level2) != before
        yield Line(
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


def cells(row: Row) -> Iterator[Box]:
    """The six cells of an indicator."""
    unscored = f"未评分原因：{row.unscored}" if row.unscored else ""
    reason = "\n".join(words for words in (unscored, row.reason) if words)
    for name, words in (("level3", row.level3), ("target", row.target), ("actual", row.actual)):
        yield Box(words, style="TableSmall" if name in row.small else "TableText")
    yield Box(row.weight, style="TableMiddle")
    yield Box(row.points, style="TableMiddle", small=f"（规则{row.rule_points}）" if row.rule_points else "")
    yield Box(reason, style="TableSmall" if "reason" in row.small else "TableText")


def form_end(document: ProjectDocument) -> Iterator[Line]:
    """总分 and the signatures, on the page of the last row."""
    note = "" if document.complete else f"（可评分 {document.counted} 分，有指标未评分）"
    middle = (Box(words, style="TableMiddle") for words in (document.total_weight, document.total))
    yield Line([Box("总分", 6, "TableHead"), *middle, Box(f"等级：{document.grade}{note}")], keep=True)
    signed = [f"{label}：{name}" for label, name in document.signatures]
    spans = (3, 2, 3, 1) if len(signed) == 3 else (9,)
    words = [*signed, f"填报日期：{document.marks.date}"] if len(spans) == 4 else ["　".join(signed)]
    yield Line([Box(one, span, open_=True) for one, span in zip(words, spans, strict=True)])


def is_long(*texts: str) -> bool:
    """Whether a row with these texts may take most of a page."""
    return any(len(words) > LONG for words in texts)


# ── 附件2 to 4 ──


def annexes(writer: Writer, document: ProjectDocument) -> None:
    """Calculations, deviations, evidence, and what keeps a draft from being final."""
    numbered = bool(document.parts)
    annex_head(writer, document, 1, numbered=numbered)
    calculations(writer, document)
    annex_head(writer, document, 2, numbered=numbered, apart=True)
    deviations(writer, document)
    annex_head(writer, document, 3, numbered=numbered, apart=True)
    evidence(writer, document)
    if document.accepted:
        annex_head(writer, document, 4, numbered=numbered, apart=True)
        accepted(writer, document.accepted)
    if document.marks.draft:
        writer.write("Attachment", "附：未定稿说明", make("spacing", {"before": 480}))
        writer.write("AttachmentTitle", "检查发现")
        findings(writer, document.findings)


def listing(writer: Writer, widths: Sequence[float], heads: Sequence[str], lines: Sequence[Line]) -> None:
    """A table with a head that is repeated."""
    head = Line([Box(words, style="TableHead") for words in heads], head=True)
    writer.add(table(widths, [head, *lines]))
    writer.write("Thin", "")


def calculations(writer: Writer, document: ProjectDocument) -> None:
    """附件2: how every point came about."""
    listing(
        writer,
        (11, 40, 100, 17),
        ("序号", "指标", "计算过程", "得分\n/分值"),
        [calculation(item) for item in document.calculations],
    )
    writer.write("Note", f"依据的文件：{'；'.join(document.sources)}。")
    if not all(item.checked for item in document.calculations):
        writer.write("Note", "* 条文号按通行引用录入，尚未与文件原文逐字核对。")


def calculation(item: Calculation) -> Line:
    """One figure's steps, its formula and the article."""
    rule = f"{item.formula}　{item.source}{'' if item.checked else '*'}"
    return Line(
        [
            Box(display.DASH if item.number == "0" else item.number, style="TableMiddle"),
            Box(item.title, small=item.under),
            Box("\n".join(item.steps), small=rule),
            Box(item.points, style="TableMiddle", small=f"/{item.weight}"),
        ]
    )


def deviations(writer: Writer, document: ProjectDocument) -> None:
    """附件3: what fell short, and why."""
    if not document.deviations and not document.fund_reasons:
        writer.write("TableText", "各项指标均得满分，没有需要说明的偏差。")
        return
    dash = Box(display.DASH, style="TableMiddle")
    money = [
        Line([dash, Box("预算", small=source), dash, dash, dash, Box(reason)])
        for source, reason in document.fund_reasons
    ]
    heads = ("序号", "指标", "年度指标值", "实际完成值", "得分\n/分值", "偏差原因分析及改进措施")
    rows = [deviation(row) for row in document.deviations]
    listing(writer, (11, 32, 26, 26, 17, 56), heads, [*money, *rows])


def deviation(row: Row) -> Line:
    """One row below its weight, unscored, or with something to say."""
    unscored = f"未评分原因：{row.unscored}" if row.unscored else ""
    reason = "\n".join(words for words in (unscored, row.reason) if words)
    return Line(
        [
            Box(row.number, style="TableMiddle"),
            Box(row.level3, small=row.level2),
            Box(row.target),
            Box(row.actual),
            Box(row.points, style="TableMiddle", small="" if row.unscored else f"/{row.weight}"),
            Box(reason or display.NOT_FILLED),
        ],
        split=is_long(reason, row.target, row.actual),
    )


def evidence(writer: Writer, document: ProjectDocument) -> None:
    """附件4: every indicator, so that a gap shows."""
    lines = [
        Line(
            [
                Box(row.number, style="TableMiddle"),
                Box(row.level3, small=row.level2),
                Box(row.actual),
                Box("；".join(row.evidence) or "未提供"),
            ]
        )
        for row in document.rows
    ]
    listing(writer, (11, 45, 42, 70), ("序号", "指标", "实际完成值", "佐证材料"), lines)


def accepted(writer: Writer, found: Sequence[Accepted]) -> None:
    """附件5: findings accepted for a stated reason, so that an auditor sees every exception."""
    lines = [
        Line([Box(one.code, style="TableMiddle"), Box(one.message, small=where(one.row, one.place)), Box(one.reason)])
        for one in found
    ]
    listing(writer, (20, 90, 58), ("代码", "检查发现", "接受的理由"), lines)


def where(row: Link | None, place: str) -> str:
    """The row and the file a finding is about."""
    return "　".join(words for words in (row.text if row else "", place) if words)


def findings(writer: Writer, found: Sequence[Finding]) -> None:
    """What was found, where, and what to do."""
    lines = [
        Line(
            [
                Box(one.label, style="TableMiddle", small=one.code),
                Box(one.message, small=one.hint),
                Box(one.row.text if one.row else "", small=one.place),
            ]
        )
        for one in found
    ]
    listing(writer, (20, 100, 48), ("级别", "发现与处理", "位置"), lines)
