"""A report or a summary on paper: its document handed to the templates, with the pictures of the evaluation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from selfeval.reading.narrative import picture
from selfeval.report.pages.views import Enclosure, ProjectDocument, SummaryDocument
from selfeval.report.pages.words import SUMMARY_WORDS, TRANSFER_WORDS
from selfeval.report.typst.engine import Data, Made, engine
from selfeval.report.typst.prose import Pictures

Document = ProjectDocument | SummaryDocument


def printed(
    again: Callable[[int], Document], folder: Path, enclosures: tuple[Enclosure, ...] = (), project: str | None = None
) -> Made:
    """The PDF of a document, and what was found on the way; `again` makes it with less on each sheet of its form."""
    return engine().render(
        lambda attempt: data_of(again(attempt)),
        shown_pictures(folder),
        enclosures=enclosures,
        project=project,
    )


def data_of(document: Document) -> Data:
    """What the templates are given of a document."""
    if isinstance(document, ProjectDocument):
        return {"kind": "report", "title": document.heading, "doc": document}
    words = SUMMARY_WORDS if document.layout.scored else TRANSFER_WORDS
    title = words.title(document.marks.unit, document.title, document.marks.year)
    return {"kind": "summary", "title": title, "doc": document}


def shown_pictures(folder: Path) -> Pictures:
    """Those of an evaluation by name; b"" where one may not be shown."""

    def shown(name: str) -> bytes:
        content, _, problem = picture(name, folder)
        return b"" if problem else content

    return shown
