"""The 自评表 of a layout in the Word file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import accumulate, pairwise

from selfeval.base import display
from selfeval.base.model import Scorecard
from selfeval.reading.form_layout import FormBlock, FormColumn, HeadRow, Layout
from selfeval.report.docx.controls import Control
from selfeval.report.docx.elements import make
from selfeval.report.docx.styles import FORM
from selfeval.report.docx.writer import Box, DocxLine, Writer, table
from selfeval.report.pages.form import printed_levels
from selfeval.report.pages.form_heights import REMARK, Ruler
from selfeval.report.pages.form_words import AMOUNTS, block_label, reason_of, run_label, set_in, words_of
from selfeval.report.pages.views import FormRow, FundRow, Part, ProjectDocument
from selfeval.report.pages.words import WORDS

LONG = 700
"""From how many characters on a text may break over pages; a row of fewer stays whole."""

EM = 210
"""A character of the form's type, in twentieths of a point."""

FUND_REASON = Control("预算执行偏差原因", "reason-funds")

COMPANY = 3
"""How many rows the total takes along to a page of its own."""


def form_tables(writer: Writer, document: ProjectDocument, card: Scorecard) -> None:
    """The whole form on the paper planned for it.

    Each block is a table of its own, as on paper; only the first rows of a table can be repeated on every page.
    """
    ruler = Ruler(document.layout, document.paper)
    for block in document.layout.blocks:
        written(writer, ruler.columns(block), list(block_lines(block, document)))
    widths = [column.mm for column in document.layout.columns]
    below = bool(document.layout.foot or document.signers)
    on = below or bool(document.remarks)
    rows = bound(list(indicators(document, card)), list(form_end(document)), on=on)
    written(writer, widths, [head(document), *rows], on=on)
    if document.remarks:
        remarks = bound([], [remark(part) for part in document.remarks], on=below)
        writer.add(table((REMARK, document.paper.room - REMARK), remarks, face=FORM))
    for line in document.layout.foot:
        writer.write("Note", line, make("keepNext"), make("keepLines"))
    if document.signers:
        apart = "　" * (24 // len(document.signers))
        with writer.control(Control("签名", "signers")):
            writer.write("FormText", apart.join(f"{label}：{name}" for label, name in document.signers))
    if on:
        writer.write("Thin", "")


def written(writer: Writer, widths: Sequence[float], lines: Sequence[DocxLine], *, on: bool = False) -> None:
    """A table and the line behind it, where there are any rows; `on`: on the page of what follows."""
    if lines:
        writer.add(table(widths, lines, face=FORM))
        writer.write("Thin", "", *([make("keepNext")] if on else []))


def bound(rows: Sequence[DocxLine], end: Sequence[DocxLine], *, on: bool) -> list[DocxLine]:
    """The rows and what ends them, all from the last rows on kept together; `on`: and with what stands below."""
    last = len(rows) + len(end) - (0 if on else 1)
    return [
        replace(row, keep=len(rows) - COMPANY <= at < last and not is_high(row)) for at, row in enumerate((*rows, *end))
    ]


def is_high(row: DocxLine) -> bool:
    """Whether a row may take most of a page; what would be kept with it would take a page for itself."""
    return is_long(*(box.words for box in row.boxes if isinstance(box.words, str)))


# ── Above the indicators ──


def block_lines(block: FormBlock, document: ProjectDocument) -> Iterator[DocxLine]:
    """The rows of a block, its label running beside them."""
    lines = {"fields": fields, "funds": funds, "notes": notes}[block.kind](block, document)
    words = block_label(block, document)
    for at, line in enumerate(lines):
        side = Box("" if at else words, style="TableHead", down="continue" if at else "restart")
        yield replace(line, boxes=[side, *line.boxes]) if words else line


def fields(block: FormBlock, document: ProjectDocument) -> Iterator[DocxLine]:
    """Texts with their labels."""
    for row in block.rows:
        labels = [Box(each.label[document.is_unit], style="TableHead") for each in row.fields]
        texts = [Box(str(getattr(document, each.key))) for each in row.fields]
        spans = spans_of(block, row)
        if row.stacked:
            yield DocxLine(spread(labels, spans), keep=True)
            yield DocxLine(spread(texts, spans), split=True)
        else:
            pairs = zip(labels, texts, strict=True)
            yield DocxLine(spread([box for pair in pairs for box in pair], spans), split=row.fields[0].key == "about")


def spans_of(block: FormBlock, row: HeadRow) -> Sequence[int]:
    """How many columns of its block each box of a row takes."""
    if row.stacked:
        return [block.wide // len(row.fields)] * len(row.fields)
    return [*[1] * (2 * len(row.fields) - 1), 1 + block.wide - 2 * len(row.fields)]


def spread(boxes: Sequence[Box], spans: Sequence[int]) -> list[Box]:
    """Boxes side by side, each over its columns."""
    return [replace(box, span=span) for box, span in zip(boxes, spans, strict=True)]


def funds(block: FormBlock, document: ProjectDocument) -> Iterator[DocxLine]:
    """The money by source; one reason beside all of them."""
    corner = Box(block.corner, style="TableMiddle") if block.corner else Box("", style="TableHead")
    heads = [Box(column.head, style="TableHead") for column in block.columns[1:]]
    yield DocxLine([corner, *heads])
    for line in document.funds:
        yield DocxLine([fund_box(column.key, line, document.funds) for column in block.columns])


def fund_box(key: str, line: FundRow, lines: Sequence[FundRow]) -> Box:
    """A cell of a line of money."""
    if key == "label":
        return Box(line.label, left=int(set_in(line, lines) * EM))
    if key == "reason":
        return Box(line.reason, down="restart", control=FUND_REASON) if line is lines[0] else Box(down="continue")
    words = str(getattr(line, key))
    if key not in AMOUNTS:
        return Box(words, style="TableMiddle")
    return Box(words, across="right", right=line.tails[AMOUNTS.index(key)] * EM // 4)


def notes(block: FormBlock, document: ProjectDocument) -> Iterator[DocxLine]:
    """Parts of the narrative beside their titles."""
    yield DocxLine([Box("", style="TableHead"), Box(block.head, style="TableHead")])
    for note in document.notes:
        if note.title in block.notes:
            yield DocxLine([Box(note.title), told(note)], split=True)


# ── Indicators ──


def head(document: ProjectDocument) -> DocxLine:
    """The head of the indicators; a label with points stands in the rows, where it has room."""
    label = "" if document.layout.indicators.weighted else run_label(document)
    heads = (Box(column.head, style="TableHead") for column in document.layout.columns[1:])
    return DocxLine([Box(label, style="TableHead"), *heads], head=True)


def indicators(document: ProjectDocument, card: Scorecard) -> Iterator[DocxLine]:
    """The rows, with 一级 and 二级指标 beside all that belong to them."""
    layout = document.layout
    levels = printed_levels(card) if layout.scored else ()
    weights = {level.name: f"{display.weight(level.weight)}分" for level in levels}
    run = run_label(document) if layout.indicators.weighted else ""
    before = ("", "")
    for at, row in enumerate(document.rows):
        new1, new2 = not at or row.level1 != before[0], not at or (row.level1, row.level2) != before
        yield DocxLine(
            [
                label(run, new=not at),
                label(row.level1, new=new1, small=weights.get(row.level1, "")),
                label(row.level2, new=new2),
                *(cell(column, row, scored=layout.scored) for column in layout.cells),
            ],
            split=is_long(row.target, row.actual, row.reason),
        )
        before = (row.level1, row.level2)


def label(words: str, *, new: bool, small: str = "") -> Box:
    """A label that runs over the rows below the one where it begins."""
    return Box(words, 1, "TableMiddle", "restart", small=small) if new else Box("", 1, "TableMiddle", "continue")


def cell(column: FormColumn, row: FormRow, *, scored: bool) -> Box:
    """A cell of an indicator; a text that is long for its column is set smaller."""
    if column.key == "points":
        return Box(row.points, style="TableMiddle", small=beside(row))
    if column.key in {"weight", "nature", "measure"}:
        return Box(str(getattr(row, column.key)), style="TableMiddle")
    words = reason_of(row, scored=scored) if column.key == "reason" else str(getattr(row, column.key))
    style = "TableSmall" if column.key in row.small else "TableTiny" if column.key in row.tiny else "TableText"
    return Box(words, style=style, control=reason_control(row) if column.key == "reason" else None)


def beside(row: FormRow) -> str:
    """What stands below the points of a row: what the rule gives, what the reviewer gives."""
    others = {"规则": row.rule_points, "复核": row.reviewed}
    return "".join(f"（{name}{points}）" for name, points in others.items() if points)


def form_end(document: ProjectDocument) -> Iterator[DocxLine]:
    """The total, what stands under it, and the signatures of the unit, on the page of the last row."""
    layout, size = document.layout, len(document.layout.columns)
    if layout.scored:
        middle = (Box(words, style="TableMiddle") for words in (document.total_weight, document.total))
        grade = Box(f"等级：{document.grade}{grade_note(document)}")
        total = Box(layout.indicators.total, size - 3, "TableHead")
        yield DocxLine([total, *middle, grade])
    for note in document.notes:
        if note.title in layout.indicators.below:
            yield DocxLine([Box(note.title, style="TableHead"), replace(told(note), span=size - 1)], split=True)
    if not document.signers:
        signed = (*document.signatures, ("填报日期", document.marks.date))
        boxes = [Box(f"{label}：{words}", sides=("top",), control=Control(label, label)) for label, words in signed]
        yield DocxLine(spread(boxes, parted(layout, len(boxes))))


def parted(layout: Layout, parts: int) -> list[int]:
    """The columns of the table in parts of about the same width: how many columns each takes."""
    edges = list(accumulate(column.mm for column in layout.columns))
    wanted = (edges[-1] * part / parts for part in range(1, parts + 1))
    nearest = [min(range(len(edges)), key=partial(_from, edges, place)) + 1 for place in wanted]
    return [after - before for before, after in pairwise([0, *nearest])]


def _from(edges: Sequence[float], place: float, at: int) -> float:
    """How far an edge is from a place."""
    return abs(edges[at] - place)


def grade_note(document: ProjectDocument) -> str:
    """Why there is no grade, and what a review comes to."""
    lacking = "" if document.complete else WORDS.partly.format(document.counted)
    review = document.review
    if review is None:
        return lacking
    partly = "" if review.complete else WORDS.reviewed_partly.format(review.counted)
    return lacking + WORDS.reviewed.format(review.total, review.grade, partly)


def remark(part: Part) -> DocxLine:
    """评价结论, 存在问题 or 改进措施."""
    return DocxLine([Box(part.title, style="TableHead"), told(part)], split=True)


def told(part: Part) -> Box:
    """A part of the narrative in a cell."""
    return Box(words_of(part), control=Control(part.title, part.anchor or part.title))


def reason_control(row: FormRow) -> Control:
    """The reason of an indicator, in the form and in the list of reasons."""
    return Control(f"偏差原因：{row.level3}", f"reason-{row.number}")


def is_long(*texts: str) -> bool:
    """Whether a row with these texts may take most of a page."""
    return any(len(words) > LONG for words in texts)
