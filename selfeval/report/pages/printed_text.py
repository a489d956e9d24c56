"""The text of a report on paper, in the order in which it is printed: what a reader sees, without its type.

Made from the documents alone, for `verify`. Paragraphs may break anywhere, tables between their rows; where the pages
really break, only the paper says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from selfeval.report.pages.chart_views import Chart, Scatter
from selfeval.report.pages.printed_forms import form_text
from selfeval.report.pages.printed_items import (
    Bars,
    Dots,
    Flow,
    Item,
    Line,
    Table,
    addresses_of,
    flow,
    is_any_struck,
    joined,
    pictures_of,
    prose,
    table,
)
from selfeval.report.pages.review_views import ReviewLine
from selfeval.report.pages.views import (
    Accepted,
    Calculation,
    FindingView,
    FormRow,
    Part,
    ProjectDocument,
    ProofLine,
)
from selfeval.report.pages.words import WORDS


@dataclass(frozen=True, slots=True)
class PrintedText:
    """All that a report says on paper. `mark` stands on each page twice: at its head and across it."""

    title: str
    mark: str
    pictures: tuple[str, ...]
    """What charts are called for those who cannot see them."""
    items: tuple[Item, ...]
    addresses: tuple[str, ...] = ()
    """Where the links of the narrative lead."""
    cover: str = ""
    """What stands on the cover, whose pages bear no number."""
    photographs: tuple[str, ...] = ()
    """What the pictures of the narrative are called."""
    struck: bool = False
    """Whether some words of it are struck through."""

    @property
    def is_certain(self) -> bool:
        """Whether it is known where pictures stand in place of words."""
        return not any(isinstance(item, Flow) and item.optional for item in self.items)


def printed_text(doc: ProjectDocument) -> PrintedText:
    """The text of a report; the layout must be a shipped one."""
    cover = (*_cover(doc),)
    sections = (
        *cover,
        *_main(doc),
        _annex(doc, 1, doc.form_title, year=True),
        *form_text(doc),
        *(_scored_annexes(doc) if doc.layout.scored else _annexes(doc)),
    )
    pictures = tuple(chart.title for chart in doc.charts) if doc.layout.scored else ()
    written, mark = written_in(doc), "　".join(doc.marks.words)
    return PrintedText(
        doc.heading,
        mark,
        pictures,
        sections,
        addresses_of(written),
        cover=joined(cover),
        photographs=pictures_of(written),
        struck=is_any_struck(written),
    )


def written_in(doc: ProjectDocument) -> tuple[Part, ...]:
    """What people have written of it."""
    return (*doc.parts, *doc.notes, *doc.remarks)


# ── Cover and report ──


def _cover(doc: ProjectDocument) -> Iterator[Item]:
    yield flow(WORDS.year.format(doc.marks.year), doc.title)
    yield table((), doc.cover, level=False)
    yield flow(doc.marks.date)


def _main(doc: ProjectDocument) -> Iterator[Item]:
    yield flow(*doc.name_lines, doc.title, WORDS.in_year.format(doc.marks.year))
    for part in doc.parts:
        yield flow(part.title)
        yield from prose(part)
    yield flow(WORDS.seal.format(doc.marks.unit), doc.marks.date)


# ── Annexes ──


def _annex(doc: ProjectDocument, number: int, title: str, *, year: bool = False) -> Flow:
    return flow(WORDS.annex.format(number), title, WORDS.in_year.format(doc.marks.year) if year else "")


def _scored_annexes(doc: ProjectDocument) -> Iterator[Item]:
    """Calculations, deviations, evidence; what was accepted; the review."""
    yield _annex(doc, 2, doc.attachments[1])
    for picture in doc.charts:
        yield from chart(picture)
    yield from _calculations(doc)
    yield _annex(doc, 3, doc.attachments[2])
    yield from _deviations(doc)
    yield _annex(doc, 4, doc.attachments[3])
    yield _evidence(doc)
    yield from _accepted(doc, 5)
    if doc.review:
        yield _annex(doc, len(doc.attachments), doc.attachments[-1], year=True)
        yield table(WORDS.review, (_review_line(line, doc) for line in doc.review.lines))
        reviewers = WORDS.reviewers.format(doc.review.reviewers) if doc.review.reviewers else ""
        yield flow(WORDS.review_note, reviewers)
    yield from _closing(doc)


def _annexes(doc: ProjectDocument) -> Iterator[Item]:
    """Those of a form without points."""
    yield _annex(doc, 2, doc.attachments[3])
    yield _evidence(doc)
    yield from _accepted(doc, 3)
    yield from _closing(doc)


TICK_BELOW = 3.0
"""How far below a line of the upright axis the base line of its words is, in units of a picture."""


def chart(picture: Chart) -> Iterator[Item]:
    """A picture of bars with its title and its legend."""
    yield flow(picture.title)
    yield Bars(
        picture.line_label,
        tuple(("".join(label.text for label in bar.labels), bar.value, float(bar.width)) for bar in picture.bars),
    )
    yield flow(WORDS.legend.format(picture.legend, picture.line_label))


def dots(picture: Scatter) -> Iterator[Item]:
    """A picture of dots with its title and its note."""
    yield flow(picture.title)
    yield Dots(
        tuple((tick.text, float(tick.at) + TICK_BELOW) for tick in picture.up),
        tuple((label.text, float(label.x), float(label.y)) for label in picture.labels),
        tuple((tick.text, float(tick.at)) for tick in picture.across),
        tuple((float(dot.x), float(dot.y), dot.state == "met") for dot in picture.dots),
    )
    yield flow(picture.note)


def _calculations(doc: ProjectDocument) -> Iterator[Item]:
    yield Table("".join(WORDS.calculations), tuple(Line(_calculation(i), torn=i.again) for i in doc.calculations))
    documents = WORDS.documents.format(WORDS.between.join(doc.sources)) if doc.sources else ""
    yield flow(documents, doc.evidence_note)


def _calculation(item: Calculation) -> tuple[str, ...]:
    basis = WORDS.formula.format(item.formula, item.source)
    number = WORDS.dash if item.number == "0" else item.number
    return (
        number,
        item.title + item.under,
        "".join(item.steps) + basis,
        item.points + WORDS.of_weight.format(item.weight),
    )


def _deviations(doc: ProjectDocument) -> Iterator[Item]:
    if not doc.deviations and not doc.fund_reasons:
        yield flow(WORDS.no_deviation)
        return
    dash = WORDS.dash
    funds = ((dash, WORDS.budget + source, dash, dash, dash, reason) for source, reason in doc.fund_reasons)
    yield table(WORDS.deviations, (*funds, *map(_deviation, doc.deviations)))


def _deviation(row: FormRow) -> tuple[str, ...]:
    points = row.points if row.unscored else row.points + WORDS.of_weight.format(row.weight)
    reason = (WORDS.unscored + row.unscored if row.unscored else "") + row.reason or WORDS.not_filled
    return row.number, row.level3 + row.level2, row.target, row.actual, points, reason


def _evidence(doc: ProjectDocument) -> Table:
    return table(WORDS.evidence, map(_proofs, doc.evidence))


def _proofs(line: ProofLine) -> tuple[str, ...]:
    pieces = []
    for item in line.items:
        if item.size:
            pieces += [item.text, WORDS.size.format(item.size), WORDS.digest.format(item.sha256)]
        else:
            pieces += [
                item.text,
                WORDS.missing if item.missing else "",
                "" if item is line.items[-1] else WORDS.between,
            ]
    return line.number, line.level3 + line.level2, line.actual, "".join(pieces) or WORDS.not_given


def _accepted(doc: ProjectDocument, number: int) -> Iterator[Item]:
    if doc.accepted:
        yield _annex(doc, number, doc.attachments[4])
        yield accepted(doc.accepted)


def accepted(listed: Iterable[Accepted]) -> Table:
    """Findings that were accepted, with their reasons."""
    lines = ((a.code, a.message + (a.row.text if a.row else "") + a.place, a.reason) for a in listed)
    return table(WORDS.accepted, lines)


def _review_line(line: ReviewLine, doc: ProjectDocument) -> tuple[str, ...]:
    head = (line.number, line.name, line.target, line.actual, line.seen) if line.kind == "row" else (line.name,)
    own = line.points + (WORDS.by_rule.format(line.rule_points) if line.rule_points else "")
    theirs = line.reviewed + (WORDS.by_rule.format(line.rule_reviewed) if line.rule_reviewed else "")
    return *head, line.weight, own, theirs, line.deviation, _opinion(line, doc)


def _opinion(line: ReviewLine, doc: ProjectDocument) -> str:
    if line.kind != "total" or doc.review is None:
        return line.opinion + line.reviewer
    partly = "" if doc.review.complete else WORDS.both_partly.format(doc.review.counted)
    return WORDS.both_grades.format(doc.grade, doc.review.grade) + partly


def _closing(doc: ProjectDocument) -> Iterator[Item]:
    if doc.marks.draft:
        yield flow(WORDS.draft, WORDS.draft_title)
        yield table(WORDS.findings, map(_finding, doc.findings)) if doc.findings else flow(WORDS.no_finding)
    if doc.fingerprint:
        note = WORDS.fingerprint_note.format(WORDS.this_file)
        yield flow(WORDS.fingerprint.format(doc.fingerprint), note)


def _finding(finding: FindingView) -> tuple[str, ...]:
    return (
        finding.label + finding.code,
        finding.message + finding.hint,
        (finding.row.text if finding.row else "") + finding.place,
    )
