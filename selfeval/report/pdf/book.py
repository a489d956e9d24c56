"""合订本: the summary and the reports of a unit in one PDF, with one list of contents and one run of page numbers.

The parts are laid out one after another, each told the number of its first page, and the pages then printed together;
cover and contents come last in the making, when all numbers are known, and first in the file. Pages laid out take
some 2 MB each, so a very long book is printed in volumes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from selfeval.base.diagnostics import Diagnostic
from selfeval.report.boxes import boxes_for, missing_glyphs
from selfeval.report.pdf.engine import Again, engine

VOLUME = 800
"""A volume ends with the part that reaches this many pages."""

EMPTY = "<html lang=zh-CN><title>-</title><style>@page { size: A4 }</style><body>"
"""The back of a leaf before a part that begins on the right."""


@dataclass(frozen=True, slots=True)
class BookSection:
    """One part of a book: whose it is (None: the unit's), and how its page is made, given the number it begins with."""

    project: str | None
    page: Callable[[int], Again]


@dataclass(frozen=True, slots=True)
class BookEntry:
    """A line of the contents: a heading and the number of its page."""

    title: str
    page: str


Front = Callable[[tuple[BookEntry, ...]], str]
"""Cover and contents as HTML."""

Bound = tuple[bytes, tuple[Diagnostic, ...]]
"""One volume and what was found in making it."""


@dataclass(slots=True)
class _Volume:
    """A volume under way; mutable: parts are added to it. `first`: the number of its first page.

    `boxes`: what stands in for characters that no font has.
    """

    first: int
    boxes: dict[int, str] = field(default_factory=dict)
    sections: list[BookSection] = field(default_factory=list)
    pages: list[Any] = field(default_factory=list)
    entries: list[BookEntry] = field(default_factory=list)
    found: list[Diagnostic] = field(default_factory=list)

    def add(self, section: BookSection) -> None:
        """Lays out one part behind the others, beginning on the right."""
        self.pages += filled(len(self.pages))
        start = self.first + len(self.pages)
        page = section.page(start)

        def again(attempt: int) -> str:
            return page(attempt).translate(self.boxes)

        document, said = engine().laid_out(again(0), again=again)
        self.sections.append(section)
        self.pages += document.pages
        self.entries += headings(document.pages, start)
        self.found += (replace(one, project=section.project) for one in said)

    def bound(self, front: Front) -> Bound:
        """The volume printed, cover and contents before the rest; once more where a character was found missing."""
        cover, said = engine().laid_out(front(tuple(self.entries)).translate(self.boxes))
        pages = [*cover.pages, *filled(len(cover.pages)), *self.pages]
        content, missing = engine().written_of(cover.copy(pages))
        if not missing or self.boxes:
            return content, tuple(dict.fromkeys([*self.found, *said]))
        anew = _Volume(self.first, boxes_for(missing), found=[missing_glyphs(sorted(missing))])
        for section in self.sections:
            anew.add(section)
        return anew.bound(front)


def bind(sections: Iterable[BookSection], front: Front, volume: int = VOLUME) -> Iterator[Bound]:
    """The volumes of a book, mostly one."""
    book = _Volume(1)
    for section in sections:
        if len(book.pages) >= volume:
            yield book.bound(front)
            book = _Volume(book.first + len(book.pages) + len(book.pages) % 2)
        book.add(section)
    yield book.bound(front)


def filled(count: int) -> list[Any]:
    """An empty page after an odd number of pages."""
    return list(engine().laid_out(EMPTY)[0].pages) if count % 2 else []


def headings(pages: Iterable[Any], first: int) -> Iterator[BookEntry]:
    """The headings of the first level of a part."""
    for number, page in enumerate(pages, first):
        yield from (BookEntry(label, str(number)) for level, label, _, _ in page.bookmarks if level == 1)
