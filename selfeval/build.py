"""From a scored evaluation to its output folder. Rendering is imported only when something is rendered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from selfeval.diagnostics import Diagnostic, in_order
from selfeval.document import index_document, project_document, summary_document
from selfeval.enclosing import Enclosing, printed_fingerprint
from selfeval.exports import diagnostics_json, json_bytes, scorecard_json, scores_csv
from selfeval.model import Scorecard
from selfeval.outputs import OutputFolder
from selfeval.result import NO_TABLES, Result

if TYPE_CHECKING:
    from selfeval.render.html import Pages
    from selfeval.render.pdf import Enclosure

FORMATS = ("html", "pdf", "xlsx", "docx")
USUAL = ("html", "pdf")
"""The formats of a build that does not say."""

POOL_FROM = 6
"""A second process takes a second to start: below this many PDFs one process is faster."""

Step = Callable[[str], None]
"""Told of every finished page, for a progress bar."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to build. `projects` limits rendering only; empty means all.

    `public`: the edition for a website (no attachments, phones masked); `draft`: 征求意见稿 on every page.
    """

    out: Path
    formats: tuple[str, ...] = USUAL
    projects: frozenset[str] = frozenset()
    jobs: int = 1
    public: bool = False
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Built:
    """What a build came to: its folder and what rendering found (input findings are in the result)."""

    folder: Path
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class PrintJob:
    """One PDF to be made: its file, its page as HTML, what it is about, what travels inside it."""

    name: str
    html: str
    page: PrintPage
    enclosures: tuple[Enclosure, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintPage:
    """A page to print: a project's report, or the summary (`project` None).

    Calling it with 1, 2, … makes the page again with less on each sheet, for a sheet that did not fit. It may travel
    to a worker process, so it holds all it needs and no more.
    """

    result: Result
    project: str | None
    fingerprints: Mapping[str, str]
    marks: Mapping[str, bool]

    def __call__(self, attempts: int) -> str:
        """The page as HTML."""
        from selfeval.render.html import Pages

        return self.made_by(Pages(self.result), attempts)

    def made_by(self, pages: Pages, attempts: int = 0, *, for_print: bool = True) -> str:
        """The page by an environment that is there already."""
        if self.project is None:
            summary = summary_document(self.result, **self.marks, attempts=attempts)
            lines = tuple(replace(line, fingerprint=self.fingerprints[line.id]) for line in summary.lines)
            return pages.summary(replace(summary, lines=lines), for_print=for_print)
        card = next(card for card in self.result.scorecards if card.project.id == self.project)
        document = project_document(self.result, card, **self.marks, attempts=attempts)
        return pages.report(replace(document, fingerprint=self.fingerprints[self.project]), for_print=for_print)


@dataclass(slots=True)
class _Work:
    """A build under way; mutable: it collects what it finds."""

    result: Result
    request: Request
    output: OutputFolder
    step: Step
    jobs: list[PrintJob] = field(default_factory=list)
    found: list[Diagnostic] = field(default_factory=list)

    @property
    def marks(self) -> dict[str, bool]:
        """What every page is marked with, or made without."""
        return {"draft": self.request.draft, "public": self.public}

    @property
    def public(self) -> bool:
        """Whether this is the edition for a website, by option or by the evaluation's own setting."""
        return self.request.public or self.result.public


def page_count(result: Result, request: Request) -> int:
    """How many pages and PDFs a build makes, for the progress bar."""
    reports = sum(1 for card in result.scorecards if wanted(card.project.id, request))
    summaries = sum(1 for kind in request.formats if kind != "docx")
    return len(request.formats) * reports + summaries + 1


def wanted(id_: str, request: Request) -> bool:
    """Whether a project's report is to be rendered."""
    return not request.projects or id_ in request.projects


def build(result: Result, request: Request, step: Step = lambda _: None) -> Built:
    """Writes everything; raises `MachineLacks` where PDFs are asked for and cannot be made here."""
    from selfeval.render.html import Pages

    work = _Work(result, request, OutputFolder(request.out / result.evaluation.id), step)
    if "pdf" in request.formats:
        require_engine()
    write_data(work)
    write_pages(work, Pages(result))
    write_office(work)
    write_pdfs(work)
    work.output.finish(standing(result, request))
    return Built(work.output.root, in_order(work.found))


def require_engine() -> None:
    """Fails early, before anything is written, where this machine cannot make Chinese PDFs."""
    from selfeval.machine import require_chinese_font
    from selfeval.render.pdf import load

    load()
    require_chinese_font()


def write_data(work: _Work) -> None:
    """The machine-readable results."""
    work.output.write("scorecard.json", json_bytes(scorecard_json(work.result)))
    work.output.write("scores.csv", scores_csv(work.result))
    work.output.write("diagnostics.json", json_bytes(diagnostics_json(work.result.diagnostics)))


def write_pages(work: _Work, pages: Pages) -> None:
    """HTML pages, and the print pages that PDFs will be made of."""
    result = work.result
    enclosed = enclosures_of(work)
    prints = {id_: printed_fingerprint(enclosures) for id_, enclosures in enclosed.items()}
    for card in result.scorecards:
        id_ = card.project.id
        if wanted(id_, work.request):
            printed = PrintPage(cut_to(result, card), id_, prints, work.marks)
            page(work, pages, f"projects/{id_}/report", printed, enclosed[id_])
    page(work, pages, "summary", PrintPage(replace(result, tables=NO_TABLES), None, prints, work.marks))
    with reported(work):
        html_file(work, "index.html", pages.index(index_document(result, **work.marks)))


def enclosures_of(work: _Work) -> dict[str, tuple[Enclosure, ...]]:
    """The attachments of every report by project; none where it is for the public."""
    if work.public:
        return {card.project.id: () for card in work.result.scorecards}
    enclosing = Enclosing.of(work.result)
    return {card.project.id: enclosing.enclosures(card) for card in work.result.scorecards}


def cut_to(result: Result, card: Scorecard) -> Result:
    """What the report of one project needs of a result."""
    id_ = card.project.id
    return replace(
        result,
        scorecards=(card,),
        unit=None,
        narratives={id_: result.narratives[id_]} if id_ in result.narratives else {},
        diagnostics=result.of_project(id_),
        waived=tuple(waived for waived in result.waived if waived.diagnostic.project == id_),
        tables=NO_TABLES,
    )


def page(work: _Work, pages: Pages, name: str, printed: PrintPage, enclosures: tuple[Enclosure, ...] = ()) -> None:
    """One page for the screen and one to print, as asked for."""
    with reported(work):
        if "html" in work.request.formats:
            html_file(work, f"{name}.html", printed.made_by(pages, for_print=False))
        if "pdf" in work.request.formats:
            work.jobs.append(PrintJob(f"{name}.pdf", printed.made_by(pages), printed, enclosures))


def html_file(work: _Work, name: str, html: str) -> None:
    """One HTML page written."""
    work.output.write(name, html.encode("utf-8", "replace"))
    work.step(name)


@contextmanager
def reported(work: _Work) -> Iterator[None]:
    """A unit's own template that fails is a finding; the other pages are still made."""
    from selfeval.render.html import TemplateFaultError

    try:
        yield
    except TemplateFaultError as fault:
        work.found.append(fault.finding)


def write_office(work: _Work) -> None:
    """Spreadsheets and Word files, where asked for; their libraries are loaded only then."""
    result, marks = work.result, work.marks
    chosen = [card for card in result.scorecards if wanted(card.project.id, work.request)]
    if "xlsx" in work.request.formats:
        from selfeval.render.xlsx import report_workbook, summary_workbook

        for card in chosen:
            office_file(work, f"projects/{card.project.id}/report.xlsx", report_workbook(result, card, **marks))
        office_file(work, "summary.xlsx", summary_workbook(result, **marks))
    if "docx" in work.request.formats:
        from selfeval.render.docx import report_document

        for card in chosen:
            office_file(work, f"projects/{card.project.id}/report.docx", report_document(result, card, **marks))


def office_file(work: _Work, name: str, content: bytes) -> None:
    """One spreadsheet or Word file written."""
    work.output.write(name, content)
    work.step(name)


def write_pdfs(work: _Work) -> None:
    """All PDFs, in as many processes as pay."""
    for job, (content, found) in zip(work.jobs, printed(work), strict=True):
        work.output.write(job.name, content)
        work.found += found
        work.step(job.name)


def printed(work: _Work) -> Iterator[tuple[bytes, tuple[Diagnostic, ...]]]:
    """The PDFs in order, here or in worker processes."""
    if work.request.jobs < 2 or len(work.jobs) < POOL_FROM:
        yield from map(print_one, work.jobs)
        return
    workers = min(work.request.jobs, len(work.jobs))
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        try:
            yield from pool.map(print_one, work.jobs)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def print_one(job: PrintJob) -> tuple[bytes, tuple[Diagnostic, ...]]:
    """One PDF. Pictures are inside the page already, so no folder is opened to the renderer."""
    from selfeval.render.pdf import engine

    return engine().render(job.html, enclosures=job.enclosures, project=job.page.project, again=job.page)


def standing(result: Result, request: Request) -> set[str]:
    """Reports that `--project` left out of this build but that still stand for their project."""
    return {
        f"projects/{card.project.id}/report.{kind}"
        for card in result.scorecards
        for kind in request.formats
        if not wanted(card.project.id, request)
    }
