"""The report of one project as a Word file: the narrative, then the form and its annexes on their own pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from selfeval.base import display
from selfeval.base.model import Scorecard
from selfeval.evaluation.result import Result
from selfeval.report.docx.charts import write_chart
from selfeval.report.docx.controls import Control
from selfeval.report.docx.elements import make
from selfeval.report.docx.form import FUND_REASON, form_tables, is_long, reason_control
from selfeval.report.docx.markdown import write_markdown
from selfeval.report.docx.styles import (
    ANNEX_PAGE,
    COVER_PAGE,
    TEXT_PAGE,
    WIDE_PAGE,
    new_document,
    planned_page,
    set_page,
)
from selfeval.report.docx.writer import Box, DocxLine, Writer, table
from selfeval.report.office import mark_of
from selfeval.report.pages.document import project_document
from selfeval.report.pages.planner import planned
from selfeval.report.pages.review import ROW, TOTAL
from selfeval.report.pages.review_views import ReviewLine, ReviewView
from selfeval.report.pages.views import (
    Accepted,
    Calculation,
    FindingView,
    FormRow,
    Link,
    Part,
    ProjectDocument,
)

REVIEW_WIDTHS = (11, 44, 30, 30, 30, 12, 18, 18, 17, 43)
REVIEW_HEADS = (
    "序号",
    "指标",
    "年度指标值",
    "实际完成值",
    "复核完成值",
    "分值",
    "自评得分",
    "复核得分",
    "偏差",
    "复核意见",
)


def report_document(result: Result, card: Scorecard, *, draft: bool = False, public: bool = False) -> bytes:
    """The whole report; the flags are those of `project_document`."""
    document = planned(project_document(result, card, draft=draft, public=public))
    marks = document.marks
    writer = Writer(new_document(mark_of(marks), document.paper, marks.faces, closer=document.closer))
    if document.parts:
        cover(writer, document)
        text(writer, document, result.folder)
        writer.new_section(planned_page(document.paper))
    else:  # a report without narrative (the unit's own form) begins with the form
        set_page(writer.document.sections[0], planned_page(document.paper))
    annex_head(writer, document, 0, numbered=bool(document.parts))
    form_tables(writer, document, card)
    writer.new_section(ANNEX_PAGE)
    annexes(writer, document)
    return writer.saved(f"{document.name} {document.title}", document.marks)


# ── Narrative ──


def text(writer: Writer, document: ProjectDocument, folder: Path) -> None:
    """Title, sections, and who seals it: two lines below the text, with the last section and what stands before it."""
    writer.write("Title", document.name)
    writer.write("Title", document.title)
    writer.write("Subtitle", f"（{document.marks.year}年度）")
    for part in document.parts:
        begin = len(writer.paragraphs)
        section(writer, part, folder)
    writer.keep_together(begin - 1)
    with writer.control(Control("落款单位", "seal-unit")):
        writer.write("Seal", f"{document.marks.unit}（盖章）", make("spacing", {"before": 1160}))
    with writer.control(Control("落款日期", "seal-date")):
        writer.write("Seal", document.marks.date)


def section(writer: Writer, part: Part, folder: Path) -> None:
    """Its heading, and its words in a control that says where they come from."""
    if part.title:
        writer.heading(0, part.title)
    made = "（由数据写成，数以自评表为准）" if part.blocks else ""
    with writer.control(Control(f"{part.title}{made}", part.anchor, plain=False)):
        for block in part.blocks:
            if block.tag == "h3":
                writer.heading(1, block.text)
            else:
                writer.write("BodyText", block.text)
        if not part.blocks:
            write_markdown(writer, part.markdown, folder)


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


# ── 附件2 to 4 ──


def annexes(writer: Writer, document: ProjectDocument) -> None:
    """Calculations, deviations, evidence, and what keeps a draft from being final."""
    numbered = bool(document.parts)
    annex_head(writer, document, 1, numbered=numbered)
    for number, chart in enumerate(document.charts, 1):
        write_chart(writer, chart, number)
    calculations(writer, document)
    annex_head(writer, document, 2, numbered=numbered, apart=True)
    deviations(writer, document)
    annex_head(writer, document, 3, numbered=numbered, apart=True)
    evidence(writer, document)
    if document.accepted:
        annex_head(writer, document, 4, numbered=numbered, apart=True)
        accepted(writer, document.accepted)
    if document.review is not None:
        writer.new_section(WIDE_PAGE)
        annex_head(writer, document, len(document.attachments) - 1, numbered=numbered)
        review(writer, document.review, document.grade)
    if document.marks.draft:
        writer.write("Attachment", "附：未定稿说明", make("spacing", {"before": 480}))
        writer.write("AttachmentTitle", "检查发现")
        findings(writer, document.findings)


def listing(writer: Writer, widths: Sequence[float], heads: Sequence[str], lines: Sequence[DocxLine]) -> None:
    """A table with a head that is repeated."""
    head = DocxLine([Box(words, style="TableHead") for words in heads], head=True)
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
    if document.sources:
        writer.write("Note", f"依据的文件：{'；'.join(document.sources)}。")
    writer.write("Note", document.evidence_note)


def calculation(item: Calculation) -> DocxLine:
    """One figure's steps, its formula and the article."""
    rule = f"{item.formula}　{item.source}"
    return DocxLine(
        [
            Box(display.DASH if item.number == "0" else item.number, style="TableMiddle"),
            Box(item.title, small=item.under),
            Box("\n".join(item.steps), small=rule),
            Box(item.points, style="TableMiddle", small=f"/{item.weight}"),
        ],
        split=True,
    )


def deviations(writer: Writer, document: ProjectDocument) -> None:
    """附件3: what fell short, and why."""
    if not document.deviations and not document.fund_reasons:
        writer.write("TableText", "各项指标均得满分，没有需要说明的偏差。")
        return
    dash = Box(display.DASH, style="TableMiddle")
    money = [
        DocxLine([dash, Box("预算", small=source), dash, dash, dash, Box(reason, control=FUND_REASON)])
        for source, reason in document.fund_reasons
    ]
    heads = ("序号", "指标", "年度指标值", "实际完成值", "得分\n/分值", "偏差原因分析及改进措施")
    rows = [deviation(row) for row in document.deviations]
    listing(writer, (11, 32, 26, 26, 17, 56), heads, [*money, *rows])


def deviation(row: FormRow) -> DocxLine:
    """One row below its weight, unscored, or with something to say."""
    unscored = f"未评分原因：{row.unscored}" if row.unscored else ""
    reason = "\n".join(words for words in (unscored, row.reason) if words)
    return DocxLine(
        [
            Box(row.number, style="TableMiddle"),
            Box(row.level3, small=row.level2),
            Box(row.target),
            Box(row.actual),
            Box(row.points, style="TableMiddle", small="" if row.unscored else f"/{row.weight}"),
            Box(reason or display.NOT_FILLED, control=reason_control(row)),
        ],
        split=is_long(reason, row.target, row.actual),
    )


def evidence(writer: Writer, document: ProjectDocument) -> None:
    """附件4: every indicator, so that a gap shows."""
    lines = [
        DocxLine(
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
        DocxLine(
            [Box(one.code, style="TableMiddle"), Box(one.message, small=where(one.row, one.place)), Box(one.reason)]
        )
        for one in found
    ]
    listing(writer, (20, 90, 58), ("代码", "检查发现", "接受的理由"), lines)


def review(writer: Writer, made: ReviewView, grade: str) -> None:
    """复核情况表: every row and every sum, before and after the review."""
    listing(writer, REVIEW_WIDTHS, REVIEW_HEADS, [review_line(line, made, grade) for line in made.lines])
    writer.write("Note", "没有复核得分的行，合计时按自评得分计。偏差＝复核得分－自评得分。")


def review_line(line: ReviewLine, made: ReviewView, grade: str) -> DocxLine:
    """One row, or one line of sums."""
    given = [
        (line.weight, ""),
        (line.points, line.rule_points),
        (line.reviewed, line.rule_reviewed),
        (line.deviation, ""),
    ]
    points = [Box(words, style="TableMiddle", small=f"规则{rule}" if rule else "") for words, rule in given]
    if line.kind != ROW:
        words = f"等级：自评{grade}，复核{made.grade}" if line.kind == TOTAL else ""
        return DocxLine([Box(line.name, 5), *points, Box(words)])
    first = [Box(line.number, style="TableMiddle"), *(Box(w) for w in (line.name, line.target, line.actual, line.seen))]
    return DocxLine([*first, *points, Box(line.opinion, small=line.reviewer)], split=is_long(line.opinion, line.target))


def where(row: Link | None, place: str) -> str:
    """The row and the file a finding is about."""
    return "　".join(words for words in (row.text if row else "", place) if words)


def findings(writer: Writer, found: Sequence[FindingView]) -> None:
    """What was found, where, and what to do."""
    lines = [
        DocxLine(
            [
                Box(one.label, style="TableMiddle", small=one.code),
                Box(one.message, small=one.hint),
                Box(one.row.text if one.row else "", small=one.place),
            ]
        )
        for one in found
    ]
    listing(writer, (20, 100, 48), ("级别", "发现与处理", "位置"), lines)


WIDTHS = (32, 122)


def cover(writer: Writer, document: ProjectDocument) -> None:
    """Year, title, whose project, date; then the pages of the text."""
    section = writer.document.sections[0]
    set_page(section, COVER_PAGE)
    section.different_first_page_header_footer = True
    head = section.first_page_header.paragraphs[0]
    head.style, head.text = "Header", section.header.paragraphs[0].text
    writer.write("CoverYear", f"{document.marks.year}年度")
    writer.write("CoverTitle", document.title)
    writer.add(table(WIDTHS, [line(*pair, first=not at) for at, pair in enumerate(document.cover)]))
    writer.write("CoverDate", document.marks.date)
    writer.new_section(TEXT_PAGE)
    first = writer.document.sections[-1]._sectPr.xpath("./w:pgMar")[0]  # noqa: SLF001 - the library knows no page numbers
    first.addnext(make("pgNumType", {"start": 1}))


def line(label: str, words: str, *, first: bool) -> DocxLine:
    """A label, and its words on a line."""
    under = ("bottom",) if first else ("top", "bottom")
    return DocxLine([Box(label, style="CoverLabel", sides=()), Box(words, style="CoverText", sides=under)])
