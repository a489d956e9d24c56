"""合订本: the summary and the reports of a unit in one PDF, with one list of contents and one run of page numbers.

Typst lays a volume out as a whole and counts its pages itself; a very long book is printed in volumes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from io import BytesIO
from pathlib import Path

from selfeval.report.pages.views import BookDocument
from selfeval.report.typst.engine import Data, Made, engine
from selfeval.report.typst.pages import Document, data_of, shown_pictures

PARTS = 60
"""A volume has no more parts: some 800 pages."""

Part = Callable[[int], Document]
"""Makes the document of a part, with less on the sheets of its form at each attempt."""


def bind(parts: Sequence[Part], front: BookDocument, folder: Path) -> Iterator[Made]:
    """The volumes of a book, mostly one; `front`: what its cover says."""
    start = 1
    for at in range(0, len(parts), PARTS):
        again = partial(volume, parts[at : at + PARTS], front, start)
        content, found = engine().render(again, shown_pictures(folder))
        yield content, found
        start += pages_of(content)


def volume(parts: Sequence[Part], front: BookDocument, start: int, attempt: int) -> Data:
    """What the templates are given of a volume that begins with a page number."""
    title = f"{front.marks.unit} · {front.marks.year}年度{front.title}"
    listed = [data_of(part(attempt)) for part in parts]
    return {"kind": "book", "title": title, "doc": front, "parts": listed, "start": start}


def pages_of(content: bytes) -> int:
    """How many pages behind cover and contents, with an empty one where the last leaf needs it."""
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(content))
    first = reader.get_destination_page_number(reader.outline[0])  # type: ignore[arg-type]
    count = len(reader.pages) - (first or 0)
    return count + count % 2
