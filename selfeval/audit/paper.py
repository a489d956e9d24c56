"""A report as paper: what its file is made of and what its pages say, held against the document its data give."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import starmap

from selfeval.audit.pdf_file import layers_of
from selfeval.audit.pdf_pages import DrawnPage, misplaced, pages_of
from selfeval.audit.pdf_pictures import Sums
from selfeval.audit.pdf_reader import carefully
from selfeval.audit.pdf_signed import added
from selfeval.audit.pdf_structure import Expected, told_beside
from selfeval.audit.pdf_syntax import Opened
from selfeval.audit.pdf_tree import tree_of
from selfeval.audit.whole_text import Reader, squeezed
from selfeval.base.phrases import phrase
from selfeval.report.pages.printed_items import Item, Table, shown_in
from selfeval.report.pages.printed_text import PrintedText


@dataclass(frozen=True, slots=True)
class Paper:
    """What was found. `structure`: of the file; `pages`: of what they say; `boxes`: characters that no font had."""

    structure: tuple[str, ...]
    pages: tuple[str, ...]
    count: int
    boxes: int = 0


def paper_of(
    data: bytes, due: PrintedText, files: Collection[str], whole: Opened | None = None, *, by_typst: bool = False
) -> Paper:
    """Looks at a file of the present version in a shipped layout; raises `UnreadableError`.

    `whole`: its objects, where they have been read already; `by_typst`: whether it should come from that engine.
    """
    with carefully():
        layers = layers_of(data, whole)
        reader = layers.revisions[0].reader
        tree = tree_of(reader) if by_typst else None
        pages, fonts = pages_of(reader, due, tree.order if tree else None)
        expected = Expected(due.title, due.pictures, files, due.addresses, by_typst, (*map(squeezed, due.photographs),))
        beside = told_beside(reader, pages, expected, tree)
        structure = [*layers.problems, *fonts, *beside, *added(layers, pages)]
    reading = Reader(due.items, [page.body for page in pages]).read()
    problems = list(seen(pages))
    problems += [str(reading.difference)] if reading.difference else misplaced(pages, reading.places)
    if not reading.difference and due.is_certain:
        problems += unlike(pages, due.items)
    elif not reading.difference:
        shown = sum(len(page.pictures) for page in pages)
        if shown != reading.photographs:
            problems.append(
                phrase(
                    "页面上有 {shown} 张图片，正文里应有 {photographs} 张", shown=shown, photographs=reading.photographs
                )
            )
    return Paper((*dict.fromkeys(structure),), (*dict.fromkeys(problems),), len(pages), reading.boxes)


def unlike(pages: Sequence[DrawnPage], items: Sequence[Item]) -> Iterator[str]:
    """The first picture that is not the one that should come next; those in the head of a table may come again."""
    sums, due = Sums(), [*shown_in(items)]
    again = {sum_ for item in items if isinstance(item, Table) for sum_ in item.pictures}
    for page in pages:
        for shown in starmap(sums, page.pictures):
            if due and shown == due[0]:
                due.pop(0)
            elif shown not in again:
                yield phrase("第 {number} 页的图片不是正文里的那一张", number=page.number + 1)
                return
    if due:
        yield phrase("页面上比正文少了 {missing} 张图片", missing=len(due))


def seen(pages: Sequence[DrawnPage]) -> Iterator[str]:
    """What of each page cannot be read as it should."""
    yield from (
        phrase("第 {number} 页：{problem}", number=page.number + 1, problem=problem)
        for page in pages
        for problem in page.problems
    )


def first_revision(data: bytes) -> bytes:
    """A file as it was before anybody signed it; raises `UnreadableError`."""
    with carefully():
        return data[: layers_of(data).revisions[0].end]
