"""From a scored evaluation to its output folder: what is due, who makes it, where it goes.

A file is made again only when something it depends on has changed (`dependencies`) or it is no longer what was written
(`outputs`). Rendering is imported only when something is rendered.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Protocol

from selfeval.dependencies import Dependencies, of_file, of_inputs
from selfeval.diagnostics import Diagnostic, found, in_order
from selfeval.enclosing import Enclosing, printed_fingerprint
from selfeval.exports import diagnostics_json, json_bytes, scorecard_json, scores_csv
from selfeval.masking import public_data
from selfeval.model import Scorecard
from selfeval.outputs import OutputFolder, diagnostic_of
from selfeval.reports import INDEX, REPORT, SUMMARY, Outcome, Task, attempt
from selfeval.result import Result
from selfeval.signing import Signer, signed_file, to_stand
from selfeval.surroundings import sum_of

FORMATS = ("html", "pdf", "xlsx", "docx")
USUAL = ("html", "pdf")
"""The formats of a build that does not say."""

ENGINES = ("weasyprint", "browser")
"""What PDFs are made with; the first unless asked otherwise."""

DIAGNOSTICS = "diagnostics.json"
DATA = ("scorecard.json", "scores.csv", DIAGNOSTICS)
"""What every build writes beside the pages."""

OF_THIS_RUN = frozenset({"F004", "F009"})
"""Findings about the machine, not about a page: not remembered with it."""

Due = Mapping[str, tuple[str, ...]]
"""The formats to make of each page, by its name."""

LISTED = 5
"""How many files that could not be written are named."""

POOL_FROM = {"html": 150, "pdf": 6, "xlsx": 60, "docx": 40}
"""A second process takes a second to start: where fewer pages than this are due, one process is faster."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to build. `projects` limits rendering only; empty means all.

    `public`: the edition for a website (no attachments, phones masked); `draft`: 征求意见稿 on every page;
    `signer`: whose signature every PDF gets; `book`: all in one PDF as well.
    `jobs`, `timeout` (seconds for one report), `cluster` (an address) and `force` change how it is done, never what
    comes out.
    """

    out: Path
    formats: tuple[str, ...] = USUAL
    projects: frozenset[str] = frozenset()
    jobs: int = 1
    public: bool = False
    draft: bool = False
    pdf_engine: str = ENGINES[0]
    timeout: float | None = None
    cluster: str = ""
    force: bool = False
    signer: Signer | None = None
    book: bool = False

    @property
    def options(self) -> str:
        """What of it changes the content of a file."""
        return repr((self.public, self.draft, self.pdf_engine))

    @property
    def scope(self) -> str:
        """What of it decides which files there are, and what they hold."""
        return repr((self.options, self.formats, self.book))

    def wants(self, id_: str) -> bool:
        """Whether a project's report is to be rendered."""
        return not self.projects or id_ in self.projects

    def folder(self, evaluation: str) -> Path:
        """Where the outputs of an evaluation go."""
        return self.out / evaluation


@dataclass(frozen=True, slots=True)
class Built:
    """What a build came to: its folder and what rendering found (input findings are in the result)."""

    folder: Path
    diagnostics: tuple[Diagnostic, ...]


class Watch(Protocol):
    """Told of what is to be made and of every page made, for a progress bar."""

    def expect(self, pages: int) -> None:
        """So many pages more are due."""

    def done(self, name: str) -> None:
        """One of them is finished."""


class Unwatched:
    """Tells nobody."""

    def expect(self, pages: int) -> None:
        """Nothing."""

    def done(self, name: str) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a build: the formats it is asked for in, `card` where it is a report, its size in rows.

    `key`: the sum of what it depends on.
    """

    page: str
    name: str
    key: str
    kinds: tuple[str, ...]
    card: Scorecard | None = None
    size: int = 0

    @property
    def project(self) -> str | None:
        """The project that a report is about."""
        return self.card.project.id if self.card else None

    def file(self, kind: str) -> str:
        """The file of one format."""
        return f"{self.name}.{kind}"


@dataclass(slots=True)
class Work:
    """A build under way; mutable: it collects what was found and which files could not be made.

    `reports`: what the report of each project depends on; `volumes`: the files of the book.
    """

    result: Result
    request: Request
    output: OutputFolder
    dependencies: Dependencies
    reports: Mapping[str, str]
    volumes: set[str] = field(default_factory=set)
    found: list[Diagnostic] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)

    @property
    def public(self) -> bool:
        """Whether this is the edition for a website, by option or by the evaluation's own setting."""
        return self.request.public or self.result.public

    def unfinished(self, project: str | None) -> bool:
        """Whether a project (None: any of them) has an error and so is 未定稿."""
        return self.result.is_draft(project) if project else any(d.is_error for d in self.result.diagnostics)

    @property
    def marks(self) -> dict[str, bool]:
        """What every page is marked with, or made without."""
        return {"draft": self.request.draft, "public": self.public}


# ── The build ──


def inputs_of(folder: Path, request: Request) -> str:
    """The sum of all that a build could read; to be taken before the evaluation is read."""
    return of_inputs(folder.absolute(), request.out, request.scope)


def unchanged(folder: Path, request: Request, inputs: str) -> tuple[Diagnostic, ...] | None:
    """What was found about an evaluation whose outputs all stand for these inputs; None where one might not.

    No table is read and no page made. A build of some projects only is never taken for one of all.
    """
    output = OutputFolder.open(request.folder(folder.absolute().name))
    if request.force or request.projects or request.signer or output.inputs != output.seal(inputs):
        return None
    if not all(map(output.stands, list(output.files))):
        return None
    told = json.loads((output.root / DIAGNOSTICS).read_text(encoding="utf-8"))["diagnostics"]
    return in_order((*map(diagnostic_of, told), *output.found(output.files)))


def build(result: Result, request: Request, watch: Watch | None = None, inputs: str = "") -> Built:
    """Writes everything that is due; raises `MachineLacks` where PDFs are due and cannot be made here.

    `inputs`: the sum of what the result was read from, where it is known.
    """
    output = OutputFolder.open(request.folder(result.evaluation.id))
    dependencies = Dependencies.of(result, request.options)
    reports = {card.project.id: dependencies.report(card) for card in result.scorecards}
    work = Work(result, request, output, dependencies, reports)
    pages = pages_of(work)
    due = {page.name: kinds for page in pages if (kinds := due_of(work, page))}
    require_means(request, due)
    if request.book:
        require_printing()
    output.inputs = ""
    output.sweep()
    try:
        write_data(work)
        render(work, [page for page in pages if page.name in due], due, watch or Unwatched())
        if request.book:
            write_book(work, pages)
        finish(work, pages, inputs)
    finally:
        output.save()
    names = [*(page.file(kind) for page in pages for kind in page.kinds), *work.volumes]
    return Built(output.root, in_order((*work.found, *output.found(names), *locked(output))))


def require_means(request: Request, due: Due) -> None:
    """Fails early, before anything is written, where the cluster or this machine cannot make what is due."""
    if request.cluster and due:
        from selfeval.cluster import require_cluster

        require_cluster(request.cluster)
    elif any("pdf" in kinds for kinds in due.values()):
        require_printing(request.pdf_engine)


def require_printing(engine: str = ENGINES[0]) -> None:
    """Fails where this machine cannot make Chinese PDFs."""
    from selfeval.machine import require_chinese_font
    from selfeval.render import browser, pdf

    (browser.required_browser if engine == "browser" else pdf.load)()
    require_chinese_font()


def write_data(work: Work) -> None:
    """The machine-readable results."""
    result = public_data(work.result) if work.public else work.result
    work.output.write("scorecard.json", json_bytes(scorecard_json(result)))
    work.output.write("scores.csv", scores_csv(result))
    work.output.write(DIAGNOSTICS, json_bytes(diagnostics_json(result.diagnostics)))


def finish(work: Work, pages: Iterable[Page], inputs: str) -> None:
    """Takes away what stands for nothing any more; notes the inputs where all of their outputs are there."""
    made = {page.file(kind) for page in pages for kind in page.kinds} - work.failed
    work.output.clear({*DATA, *made, *left_out(work), *work.volumes})
    if inputs and not work.failed and not work.output.refused and not work.request.projects:
        work.output.inputs = work.output.seal(inputs)


def locked(output: OutputFolder) -> Iterator[Diagnostic]:
    """F010: the files that keep their old content because they could not be replaced."""
    names = sorted(output.refused)
    if names:
        more = f"等 {len(names)} 个文件" if len(names) > LISTED else ""
        yield found("F010", f"{output.root} 中没有更新：{'、'.join(names[:LISTED])}{more}；请先关闭正打开它们的程序")


def left_out(work: Work) -> set[str]:
    """Reports that `--project` left out of this build but that still stand for their project."""
    ids = [card.project.id for card in work.result.scorecards if not work.request.wants(card.project.id)]
    return {f"projects/{id_}/report.{kind}" for id_ in ids for kind in work.request.formats}


# ── What is due ──


def pages_of(work: Work) -> list[Page]:
    """Every page asked for, with what it depends on."""
    cards, formats = work.result.scorecards, work.request.formats
    whole = work.dependencies.whole(work.reports.values())
    kinds = tuple(kind for kind in formats if kind != "docx")
    reports = [report_page(work, card) for card in cards if work.request.wants(card.project.id)]
    return [*reports, Page(SUMMARY, SUMMARY, whole, kinds, size=len(cards)), Page(INDEX, INDEX, whole, ("html",))]


def report_page(work: Work, card: Scorecard) -> Page:
    """The report of one project."""
    id_ = card.project.id
    size = size_of(work.result, card)
    return Page(REPORT, f"projects/{id_}/report", work.reports[id_], work.request.formats, card, size)


def size_of(result: Result, card: Scorecard) -> int:
    """How much a report prints, in rows of its table."""
    return len(card.scores) + len(result.narratives.get(card.project.id, "")) // 40


def due_of(work: Work, page: Page) -> tuple[str, ...]:
    """The formats of a page that are not there as they should be."""
    if work.request.force:
        return page.kinds
    return tuple(kind for kind in page.kinds if not stands(work, page.file(kind), of_file(kind, page.key)))


def stands(work: Work, file: str, key: str) -> bool:
    """Whether a file is there as it should be; a PDF that is to be signed is, once it is."""
    unsigned = work.request.signer and file.endswith(".pdf") and signed_file(work.output.root / file) is None
    return not unsigned and work.output.stands(file, key)


# ── Making it ──


def render(work: Work, pages: Iterable[Page], due: Due, watch: Watch) -> None:
    """Makes and writes what is due, the largest first: a long report at the end would keep the others waiting."""
    by_name = {page.name: page for page in sorted(pages, key=lambda page: (-page.size, page.name))}
    watch.expect(len(by_name))
    with closing(outcomes(tasks(work, by_name.values(), due), work.request, due)) as done:
        for outcome in done:
            store(work, by_name[outcome.task], outcome, due[outcome.task])
            watch.done(outcome.task)


def store(work: Work, page: Page, outcome: Outcome, kinds: Iterable[str]) -> None:
    """The files of one page, each remembered with what was found when it was made."""
    work.found += outcome.found
    lasting = tuple(d for d in outcome.found if d.code not in OF_THIS_RUN)
    for kind in kinds:
        file, key = page.file(kind), of_file(kind, page.key)
        if kind not in outcome.files:
            work.failed.add(file)
        elif kind == "pdf":
            pdf_file(work, file, outcome.files[kind], key, lasting, page.project)
        else:
            work.output.write(file, outcome.files[kind], key, lasting)


def pdf_file(  # noqa: PLR0913, PLR0917 - a file with all that is to be remembered of it
    work: Work, name: str, content: bytes, key: str, lasting: tuple[Diagnostic, ...], project: str | None
) -> None:
    """One PDF written, and signed where asked for; what was signed before is never written over."""
    unfinished = work.unfinished(project)
    signer = None if unfinished else work.request.signer
    standing, of_old = to_stand(work.output.root / name, content, signer)
    if of_old:
        said = f"{name} 已经签名，内容与现在的数据不同，没有覆盖"
        lasting = (*lasting, found("F005", said, project=project))
    elif unfinished and work.request.signer:
        work.found.append(found("F006", f"{name} 还是未定稿，没有签名", project=project))
    work.output.write(name, standing, key, lasting)


def write_book(work: Work, pages: Iterable[Page]) -> None:
    """The 合订本 of the unit's summary and the reports of this build; made here, where all its pages come together."""
    from selfeval.binding import BOOK
    from selfeval.render.html import TemplateFaultError

    parts = sorted((page for page in pages if page.page != INDEX), key=lambda page: page.page != SUMMARY)
    key = of_file("pdf", sum_of(BOOK, *(page.key for page in parts)))
    known = {name for name, told in work.output.files.items() if told.key == key}
    if f"{BOOK}.pdf" in known and not work.request.force and all(stands(work, name, key) for name in known):
        work.volumes |= known
        return
    try:
        write_volumes(work, parts, key)
    except TemplateFaultError as fault:
        work.found.append(fault.finding)


def write_volumes(work: Work, parts: Sequence[Page], key: str) -> None:
    """The volumes of the book, the first one last: once it is there, all are."""
    from selfeval.binding import volumes

    made = volumes(tasks(work, parts, {page.name: () for page in parts}))
    first = next(made)
    for name, content, said in chain(made, (first,)):
        pdf_file(work, name, content, key, said, None)
        work.volumes.add(name)


def outcomes(tasks: Iterator[Task], request: Request, due: Due) -> Generator[Outcome]:
    """What comes of the tasks, in any order: on a cluster, in worker processes, or here."""
    if request.cluster:
        from selfeval.cluster import outcomes_on

        yield from outcomes_on(request.cluster, tasks, request.timeout)
    elif in_processes(request, due):
        from selfeval.workers import Crew

        yield from Crew(request.jobs, request.timeout).outcomes(tasks)
    else:
        yield from map(attempt, tasks)


def in_processes(request: Request, due: Due) -> bool:
    """Whether processes are worth their start; for PDFs even one is: a renderer that crashes takes only it along."""
    kinds = [kind for kinds in due.values() for kind in kinds]
    apart = request.jobs > 1 or "pdf" in kinds
    return bool(request.timeout) or (apart and sum(1 / POOL_FROM[kind] for kind in kinds) >= 1)


def tasks(work: Work, pages: Iterable[Page], due: Due) -> Iterator[Task]:
    """The tasks one by one, made when they are asked for: all at once would not fit into memory."""
    if not due:
        return
    bare = work.public or work.request.pdf_engine == "browser"  # a browser cannot attach anything
    enclosing = None if bare else Enclosing.of(work.result)
    prints = fingerprints(work, enclosing)
    whole = work.result.without_rows()
    for page in pages:
        about = whole if page.card is None else work.result.about(page.card)
        engine, templates = work.request.pdf_engine, work.dependencies.templates
        task = Task(page.page, page.name, due[page.name], about, work.marks, prints, engine, templates=templates)
        yield task if page.card is None else of_report(task, page.card, enclosing)


def of_report(task: Task, card: Scorecard, enclosing: Enclosing | None) -> Task:
    """The task of one report: only its own fingerprint, and its attachments where there is a PDF to take them."""
    id_ = card.project.id
    enclosures = enclosing.enclosures(card) if enclosing and "pdf" in task.kinds else ()
    return replace(task, project=id_, fingerprints={id_: task.fingerprints[id_]}, enclosures=enclosures)


def fingerprints(work: Work, enclosing: Enclosing | None) -> dict[str, str]:
    """The fingerprint of every project, remembered where nothing behind it has changed; "" for the public."""
    if enclosing is None:
        return dict.fromkeys(work.reports, "")
    known, now = work.output.prints, {}
    for card in work.result.scorecards:
        id_, key = card.project.id, work.reports[card.project.id]
        told = known.get(id_, ("", ""))
        now[id_] = told if told[0] == key else (key, printed_fingerprint(enclosing.enclosures(card)))
    work.output.prints = now
    return {id_: text for id_, (_, text) in now.items()}
