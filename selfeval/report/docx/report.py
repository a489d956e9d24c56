"""The report of one project as a Word file: the narrative, then the form and its annexes on their own pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
    Calculation,
    FindingView,
    FormRow,
    Link,
    Part,
    ProjectDocument,
    Proof,
)
from selfeval.report.pages.words import WORDS

ANNEX_WIDE = 168
"""What an annex has between its margins, in mm."""

REVIEW_WIDTHS = (10, 38, 28, 28, 28, 12, 18, 18, 18, 55)
"""All columns of the review, on a sheet across."""


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
    annex_head(writer, document, 0, document.form_title)
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


# ── Titles behind the text ──


def annex_head(writer: Writer, document: ProjectDocument, at: int, title: str, *, apart: bool = False) -> None:
    """附件1 (`at` 0) and its title, without number in a report that is all form; `apart`: not the first on its page."""
    room = [make("spacing", {"before": 480})] if apart else []
    if document.parts:
        writer.write("Attachment", WORDS.annex.format(at + 1), *room)
    writer.write("AttachmentTitle", title, *([] if document.parts else room))
    if at == 0:
        writer.write("AttachmentYear", WORDS.in_year.format(document.marks.year))


# ── Annexes ──


def annexes(writer: Writer, document: ProjectDocument) -> None:
    """Those of the PDF: a form without points has no calculations, deviations and review behind it."""
    for at, (title, write) in enumerate(listed(document), 1):
        annex_head(writer, document, at, title, apart=at > 1)
        write(writer, document)
    if document.review is not None and document.layout.scored:
        writer.new_section(WIDE_PAGE)
        annex_head(writer, document, len(document.attachments) - 1, document.attachments[-1])
        review(writer, document.review, document.grade)
    if document.marks.draft:
        writer.write("Attachment", WORDS.draft, make("spacing", {"before": 480}))
        writer.write("AttachmentTitle", WORDS.draft_title)
        findings(writer, document.findings)


def listed(document: ProjectDocument) -> Iterator[tuple[str, Callable[[Writer, ProjectDocument], None]]]:
    """The titles of the lists behind the form, and what writes each."""
    titles = document.attachments
    if document.layout.scored:
        yield titles[1], calculations
        yield titles[2], deviations
    yield titles[3], evidence
    if document.accepted:
        yield titles[4], accepted


def listing(writer: Writer, widths: Sequence[float], heads: Sequence[str], lines: Sequence[DocxLine]) -> None:
    """A table with a head that is repeated; the widths of its columns but one in mm, 0 for the rest of the sheet."""
    head = DocxLine([Box(words, style="TableHead") for words in heads], head=True)
    rest = ANNEX_WIDE - sum(widths)
    writer.add(table([width or rest for width in widths], [head, *lines]))
    writer.write("Thin", "")


def calculations(writer: Writer, document: ProjectDocument) -> None:
    """附件2: how every point came about."""
    for number, chart in enumerate(document.charts, 1):
        write_chart(writer, chart, number)
    listing(writer, (10, 40, 0, 16), WORDS.calculations, [calculation(item) for item in document.calculations])
    if document.sources:
        writer.write("Note", WORDS.documents.format(WORDS.between.join(document.sources)))
    writer.write("Note", document.evidence_note)


def calculation(item: Calculation) -> DocxLine:
    """One figure's steps, its formula and the article."""
    return DocxLine(
        [
            Box(display.DASH if item.number == "0" else item.number, style="TableMiddle"),
            Box(item.title, small=item.under),
            Box("\n".join(item.steps), small=WORDS.formula.format(item.formula, item.source)),
            Box(item.points, style="TableMiddle", small=WORDS.of_weight.format(item.weight)),
        ],
        split=True,
    )


def deviations(writer: Writer, document: ProjectDocument) -> None:
    """附件3: what fell short, and why."""
    if not document.deviations and not document.fund_reasons:
        writer.write("TableText", WORDS.no_deviation)
        return
    dash = Box(display.DASH, style="TableMiddle")
    money = [
        DocxLine([dash, Box(WORDS.budget, small=source), dash, dash, dash, Box(reason, control=FUND_REASON)])
        for source, reason in document.fund_reasons
    ]
    rows = [deviation(row) for row in document.deviations]
    widths = (10, 32, *map(float, document.deviation_mm[:2]), 16, 0)
    listing(writer, widths, WORDS.deviations, [*money, *rows])


def deviation(row: FormRow) -> DocxLine:
    """One row below its weight, unscored, or with something to say."""
    unscored = f"{WORDS.unscored}{row.unscored}" if row.unscored else ""
    reason = "\n".join(words for words in (unscored, row.reason) if words)
    return DocxLine(
        [
            Box(row.number, style="TableMiddle"),
            Box(row.level3, small=row.level2),
            Box(row.target),
            Box(row.actual),
            Box(row.points, style="TableMiddle", small="" if row.unscored else WORDS.of_weight.format(row.weight)),
            Box(reason or WORDS.not_filled, control=reason_control(row)),
        ],
        split=is_long(reason, row.target, row.actual),
    )


def evidence(writer: Writer, document: ProjectDocument) -> None:
    """附件4: every indicator, so that a gap shows; a file with its size and digest."""
    lines = [
        DocxLine(
            [
                Box(line.number, style="TableMiddle"),
                Box(line.level3, small=line.level2),
                Box(line.actual),
                Box("".join(proofs(line.items)) or WORDS.not_given),
            ]
        )
        for line in document.evidence
    ]
    listing(writer, (10, 40, 38, 0), WORDS.evidence, lines)


def proofs(items: Sequence[Proof]) -> Iterator[str]:
    """The 佐证材料 of one indicator; what stands behind a file stands on a line of its own."""
    for item in items:
        more = item is not items[-1]
        if item.size:
            yield f"{item.text}{WORDS.size.format(item.size)}\n{WORDS.digest.format(item.sha256)}"
            yield "\n" if more else ""
        else:
            yield f"{item.text}{WORDS.missing if item.missing else ''}{WORDS.between if more else ''}"


def accepted(writer: Writer, document: ProjectDocument) -> None:
    """Findings accepted for a stated reason, so that an auditor sees every exception."""
    lines = [
        DocxLine(
            [Box(one.code, style="TableMiddle"), Box(one.message, small=where(one.row, one.place)), Box(one.reason)]
        )
        for one in document.accepted
    ]
    listing(writer, (18, 0, 60), WORDS.accepted, lines)


def review(writer: Writer, made: ReviewView, grade: str) -> None:
    """复核情况表: every row and every sum, before and after the review."""
    listing(writer, REVIEW_WIDTHS, WORDS.review, [review_line(line, made, grade) for line in made.lines])
    reviewers = WORDS.reviewers.format(made.reviewers) if made.reviewers else ""
    writer.write("Note", WORDS.review_note + reviewers)


def review_line(line: ReviewLine, made: ReviewView, grade: str) -> DocxLine:
    """One row, or one line of sums."""
    given = [
        (line.weight, ""),
        (line.points, line.rule_points),
        (line.reviewed, line.rule_reviewed),
        (line.deviation, ""),
    ]
    points = [
        Box(words, style="TableMiddle", small=WORDS.by_rule.format(rule) if rule else "") for words, rule in given
    ]
    if line.kind != ROW:
        partly = "" if made.complete else WORDS.both_partly.format(made.counted)
        words = WORDS.both_grades.format(grade, made.grade) + partly if line.kind == TOTAL else ""
        return DocxLine([Box(line.name, 5), *points, Box(words)])
    first = [Box(line.number, style="TableMiddle"), *(Box(w) for w in (line.name, line.target, line.actual, line.seen))]
    return DocxLine([*first, *points, Box(line.opinion, small=line.reviewer)], split=is_long(line.opinion, line.target))


def where(row: Link | None, place: str) -> str:
    """The row and the file a finding is about."""
    return "　".join(words for words in (row.text if row else "", place) if words)


def findings(writer: Writer, found: Sequence[FindingView]) -> None:
    """What was found, where, and what to do."""
    if not found:
        writer.write("TableText", WORDS.no_finding)
        return
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
    listing(writer, (18, 0, 45), WORDS.findings, lines)


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
