"""The 合订本: what the unit says of itself, then the reports of a build in their order, as one PDF or more volumes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from selfeval.base.diagnostics import Diagnostic
from selfeval.building.tasks import Made, Task, for_paper, page, pages_of
from selfeval.report.engines import TYPST
from selfeval.report.pages.document import book_document

BOOK = "book"


def volumes(tasks: Iterable[Task]) -> Iterator[tuple[str, bytes, tuple[Diagnostic, ...]]]:
    """Every volume: its file, its content and what was found. The first task is the summary's."""
    listed = [*tasks]
    bound = by_typst(listed) if listed[0].engine == TYPST else by_weasyprint(listed)
    for number, (content, findings) in enumerate(bound, 1):
        yield f"{BOOK}.pdf" if number == 1 else f"{BOOK}-{number}.pdf", content, findings


def by_typst(tasks: Sequence[Task]) -> Iterator[Made]:
    """The volumes, each laid out as a whole."""
    from selfeval.report.typst.book import bind

    summary = tasks[0]
    front = book_document(summary.result, (), draft=summary.marks["draft"])
    return bind([partial(for_paper, task) for task in tasks], front, summary.result.folder)


def by_weasyprint(tasks: Sequence[Task]) -> Iterator[Made]:
    """The volumes, put together page by page."""
    from selfeval.report.pdf.book import BookEntry, BookSection, bind

    summary, *reports = tasks

    def front(entries: tuple[BookEntry, ...]) -> str:
        listed = ((entry.title, entry.page) for entry in entries)
        return pages_of(summary).book(book_document(summary.result, listed, draft=summary.marks["draft"]))

    sections = (BookSection(task.project, partial(begun, task)) for task in (summary, *reports))
    return bind(sections, front)


def begun(task: Task, start: int) -> partial[str]:
    """A page as a part of a book that begins with a page number."""
    return partial(page, task, start=start)
