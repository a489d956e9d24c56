"""The text of summary.pdf, in the order in which it is printed: the table of projects, the unit's report, its form.

Made from the document alone, for `verify` of a pack; `printed_text` does the same for a report.
"""

from __future__ import annotations

from collections.abc import Iterator

from selfeval.report.pages.printed_forms import form_text
from selfeval.report.pages.printed_items import Item, Line, Table, addresses_of, flow, is_any_struck, pictures_of, prose
from selfeval.report.pages.printed_text import PrintedText, accepted, chart, dots, written_in
from selfeval.report.pages.views import ProjectLine, SummaryDocument
from selfeval.report.pages.words import SUMMARY_WORDS, TRANSFER_WORDS, WORDS, SummaryWords


def printed_summary(doc: SummaryDocument) -> PrintedText:
    """The text of a summary; the layout must be a shipped one."""
    plain = not doc.layout.scored
    words = TRANSFER_WORDS if plain else SUMMARY_WORDS
    tall = 0 if plain else len(words.head) + len(words.reviewed) * doc.reviewed
    heading = words.heading or doc.title
    items = (
        flow(heading, WORDS.in_year.format(doc.marks.year)),
        _table(
            tuple(_head(doc, words)),
            tuple((_money if plain else _scored)(doc)),
            tall,
        ),
        *_report(doc, words),
        *(() if plain else _annexes(doc)),
        *_form(doc, words),
    )
    pictures = () if plain else tuple(picture.title for picture in (doc.scatter, *doc.charts) if picture)
    title = words.title(doc.marks.unit, doc.title, doc.marks.year)
    parts = (*doc.parts, *(written_in(doc.unit) if doc.unit else ()))
    mark, struck = "　".join(doc.marks.words), is_any_struck(parts)
    return PrintedText(title, mark, pictures, items, addresses_of(parts), "", pictures_of(parts), struck)


def _table(head: tuple[str, ...], lines: tuple[Line, ...], above: int) -> Table:
    """The table of projects; `above`: how many cells the first row of its head has, where there are two."""
    heads = Line(head, spanning=frozenset(range(above))) if above else None
    return Table("".join(head), lines, heads=heads)


def _head(doc: SummaryDocument, words: SummaryWords) -> Iterator[str]:
    """The head of the table, its two rows one after the other."""
    yield from words.heads(doc.marks.base)
    if words is TRANSFER_WORDS:
        return
    yield from words.reviewed if doc.reviewed else ()
    yield from words.second
    yield from doc.level_names
    yield from words.reviewed_second if doc.reviewed else ()


def _scored(doc: SummaryDocument) -> Iterator[Line]:
    """A row a project, the sums, and those who sign."""
    yield from (Line((*_begin(line), *_points(line, doc))) for line in doc.lines)
    dashes = 3 + len(doc.level_names) + 2 * doc.reviewed
    yield Line((*_sums(doc), *[WORDS.dash] * dashes))
    signers = "".join(WORDS.signer.format(label, name) for label, name in doc.signatures)
    yield Line((signers + WORDS.signed_on.format(doc.marks.date),))


def _money(doc: SummaryDocument) -> Iterator[Line]:
    """A row a project and the sums, without scores."""
    yield from (Line(_begin(line)) for line in doc.lines)
    yield Line(_sums(doc))


def _sums(doc: SummaryDocument) -> tuple[str, ...]:
    sums = doc.sums
    return sums.name + SUMMARY_WORDS.of_all(doc.fingerprint), sums.initial, sums.adjusted, sums.executed, sums.rate


def _begin(line: ProjectLine) -> tuple[str, ...]:
    """The first cells of a project: which, and its money."""
    draft = SUMMARY_WORDS.draft if line.draft else ""
    return line.number, line.id, line.name + draft, line.initial, line.adjusted, line.executed, line.rate


def _points(line: ProjectLine, doc: SummaryDocument) -> Iterator[str]:
    """The other cells: its points, its grade, the reviewer's."""
    yield from (line.execution_points, *line.levels)
    yield line.total + ("" if line.complete else SUMMARY_WORDS.partly.format(line.counted))
    yield line.grade
    if doc.reviewed:
        yield line.reviewed + (line.reviewed_grade if line.reviewed_grade != WORDS.dash else "")
        yield line.deviation


def _report(doc: SummaryDocument, words: SummaryWords) -> Iterator[Item]:
    """The report on the unit as a whole."""
    yield flow(doc.marks.unit, words.report, WORDS.in_year.format(doc.marks.year))
    for part in doc.parts:
        yield flow(part.title)
        yield from prose(part)
    yield flow(WORDS.seal.format(doc.marks.unit), doc.marks.date)


def _annexes(doc: SummaryDocument) -> Iterator[Item]:
    """Pictures of all projects, and findings that were accepted."""
    if doc.charts:
        yield flow(*SUMMARY_WORDS.pictures, WORDS.in_year.format(doc.marks.year))
        if doc.scatter:
            yield from dots(doc.scatter)
        for picture in doc.charts:
            yield from chart(picture)
    if doc.accepted:
        yield flow(*SUMMARY_WORDS.accepted)
        yield accepted(doc.accepted)


def _form(doc: SummaryDocument, words: SummaryWords) -> Iterator[Item]:
    """The unit's own form."""
    if doc.unit:
        title = doc.unit.form_title if words is TRANSFER_WORDS else doc.unit.title
        yield flow(words.form, title, WORDS.in_year.format(doc.marks.year))
        yield from form_text(doc.unit)
