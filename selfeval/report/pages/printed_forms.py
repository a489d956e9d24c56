"""The text of the 自评表 on paper, whatever its layout; the rest of the report is in `printed_text`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from selfeval.reading.form_layout import FormBlock, HeadRow
from selfeval.report.pages.form_words import block_label
from selfeval.report.pages.printed_items import Item, Line, Table, flow, joined, line_of, prose
from selfeval.report.pages.views import FormRow, FundRow, Part, ProjectDocument
from selfeval.report.pages.words import WORDS

BESIDE = frozenset({0})
"""The label that runs beside all rows of a block."""


def form_text(doc: ProjectDocument) -> Iterator[Item]:
    """All of the form, from its first block to those who sign below it."""
    for block in doc.layout.blocks:
        yield Table("", tuple(BLOCKS[block.kind](doc, block)))
    if doc.rows:
        head = (column.head for column in doc.layout.columns if column.key != "run")
        yield Table("".join(head), (*_lines(doc), *_below(doc)))
    for part in doc.remarks:
        yield Table("", (_note(part),))
    yield flow(*doc.layout.foot)
    yield flow(*(WORDS.signer.format(label, name) for label, name in doc.signers))


# ── Blocks above the rows ──


def _fields(doc: ProjectDocument, block: FormBlock) -> Iterator[Line]:
    """Texts of the report with their labels before or above them."""
    label = block.label[doc.is_unit]
    for row in block.rows:
        side, label = ((label,) if label else ()), ""
        first, *more = _head_row(doc, row)
        yield Line((*side, *first), spanning=BESIDE if side else frozenset())
        yield from map(Line, more)


def _head_row(doc: ProjectDocument, row: HeadRow) -> list[tuple[str, ...]]:
    """The lines of one row of fields: two where the labels stand above."""
    labels = tuple(item.label[doc.is_unit] for item in row.fields)
    texts = tuple(str(getattr(doc, item.key)) for item in row.fields)
    if row.stacked:
        return [labels, texts]
    return [tuple(cell for pair in zip(labels, texts, strict=True) for cell in pair)]


def _funds(doc: ProjectDocument, block: FormBlock) -> Iterator[Line]:
    """The lines of money."""
    label = block_label(block, doc)
    heads = (column.head for column in block.columns if column.key != "label")
    yield Line((label, block.corner, *heads), spanning=BESIDE)
    for at, fund in enumerate(doc.funds):
        yield _fund(fund, block, whole=not at)


def _fund(fund: FundRow, block: FormBlock, *, whole: bool) -> Line:
    """One line of money; the reasons stand beside all of them, in the first."""
    keys = [column.key for column in block.columns if column.key != "reason" or whole]
    spanning = frozenset(at for at, key in enumerate(keys) if key == "reason")
    return Line(tuple(str(getattr(fund, key)) for key in keys), spanning=spanning)


def _notes(doc: ProjectDocument, block: FormBlock) -> Iterator[Line]:
    """Parts of the narrative in cells."""
    yield Line((block.label[doc.is_unit], block.head), spanning=BESIDE)
    yield from (_note(note) for note in doc.notes if note.title in block.notes)


BLOCKS: dict[str, Callable[[ProjectDocument, FormBlock], Iterator[Line]]] = {
    "fields": _fields,
    "funds": _funds,
    "notes": _notes,
}


def _note(part: Part) -> Line:
    """A section inside a cell, beside its title."""
    items = [*prose(part)]
    return line_of((part.title, joined(items)), items)


# ── Rows ──


def _below(doc: ProjectDocument) -> Iterator[Line]:
    """The total, what the narrative says below the rows, and who signs."""
    if doc.layout.scored:
        yield _total(doc)
    yield from (_note(note) for note in doc.notes if note.title in doc.layout.indicators.below)
    if not doc.signers:
        signed = (WORDS.signer.format(label, name) for label, name in doc.signatures)
        yield Line(("".join(signed) + WORDS.signed_on.format(doc.marks.date),))


def _total(doc: ProjectDocument) -> Line:
    words = WORDS.grade.format(doc.grade) + ("" if doc.complete else WORDS.partly.format(doc.counted))
    if doc.review:
        partly = "" if doc.review.complete else WORDS.reviewed_partly.format(doc.review.counted)
        words += WORDS.reviewed.format(doc.review.total, doc.review.grade, partly)
    return Line((doc.layout.indicators.total, doc.total_weight, doc.total, words))


def _lines(doc: ProjectDocument) -> Iterator[Line]:
    """One row after the other with the labels beside it: as it goes on, and as a new sheet begins with it."""
    weights = {group.level1: group.level1_weight for group in doc.groups}
    before: FormRow | None = None
    for row in doc.rows:
        opened = (*_opened(row, before, weights, doc),)
        again = (*_opened_again(row, before, weights, doc),)
        cells = (*_cells(row, doc),)
        yield Line((*opened, *cells), (*again, *cells) if again else (), frozenset(range(len(opened))))
        before = row


def _opened(row: FormRow, before: FormRow | None, weights: dict[str, str], doc: ProjectDocument) -> Iterator[str]:
    """The labels that begin beside a row."""
    if before is None:
        yield _run(doc)
    if before is None or before.level1 != row.level1:
        yield _level1(row, weights, doc)
    if before is None or (before.level1, before.level2) != (row.level1, row.level2):
        yield row.level2


def _opened_again(row: FormRow, before: FormRow | None, weights: dict[str, str], doc: ProjectDocument) -> Iterator[str]:
    """The labels beside the first row of a further sheet."""
    if before is None:
        return
    same = before.level1 == row.level1
    yield _run(doc) + WORDS.continued
    yield row.level1 + WORDS.continued if same else _level1(row, weights, doc)
    yield row.level2 + (WORDS.continued if same and before.level2 == row.level2 else "")


def _run(doc: ProjectDocument) -> str:
    """The label beside all rows."""
    label, weighted = doc.layout.indicators.label, doc.layout.indicators.weighted
    return label + (f"({WORDS.points.format(doc.indicator_weight)})" if weighted else "")


def _level1(row: FormRow, weights: dict[str, str], doc: ProjectDocument) -> str:
    weight = weights.get(row.level1, "") if doc.layout.scored else ""
    return row.level1 + (WORDS.points.format(weight) if weight else "")


def _cells(row: FormRow, doc: ProjectDocument) -> Iterator[str]:
    """The cells of a row from its name on."""
    for column in doc.layout.cells:
        if column.key == "points":
            yield "".join(_points(row))
        elif column.key == "reason":
            yield (WORDS.unscored + row.unscored if row.unscored and doc.layout.scored else "") + row.reason
        else:
            yield str(getattr(row, column.key))


def _points(row: FormRow) -> Iterator[str]:
    """得分, with the rule's and the reviewer's below it."""
    yield row.points
    if row.rule_points:
        yield WORDS.by_rule.format(row.rule_points)
    if row.reviewed:
        yield WORDS.by_review.format(row.reviewed)
