"""From a scored evaluation to its output folder: what is due, who makes it, where it goes.

A file is made again only when something it depends on has changed (`dependencies`) or it is no longer what was written
(`outputs`). Rendering is imported only when something is rendered.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from decimal import localcontext
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from selfeval.audit.attachments import Enclosing, own_templates
from selfeval.audit.signatures import to_stand
from selfeval.base.diagnostics import Diagnostic, Severity, diagnostic_of, finding, in_order
from selfeval.base.exact import EXACT
from selfeval.base.files import is_file, read_file, sum_of
from selfeval.base.memo import undisturbed
from selfeval.base.phrases import phrase
from selfeval.building.cache_key import state_folder
from selfeval.building.data_files import DATA, DIAGNOSTICS, Data
from selfeval.building.dependencies import Dependencies, of_file, of_inputs
from selfeval.building.due import DuePage, Gathering, due_of, stands
from selfeval.building.output_folder import OutputFolder
from selfeval.building.request import Built, Request, Unwatched, Watch
from selfeval.building.tasks import INDEX, REPORT, SUMMARY, PackedTask, Packing, Task, TaskOutcome, attempt, task_of
from selfeval.evaluation.exports import project_items
from selfeval.evaluation.parts import AtOnce, ResultSource
from selfeval.evaluation.result import Result
from selfeval.report.drawn_with import drawn_with
from selfeval.report.engines import TYPST, WEASYPRINT, can_draw, drawn_picture, has_weasyprint, require_engine
from selfeval.report.pages.public import public_data
from selfeval.report.pdf.requirements import MachineLacks, remedy_command

OF_THIS_RUN = frozenset({"F004", "F009"})
"""Findings about the machine, not about a page: not remembered with it."""

LISTED = 5
"""How many files that could not be written are named."""

POOL_FROM = {"html": 150, "pdf": 6, "xlsx": 60, "docx": 40}
"""A second process takes a second to start: where fewer pages than this are due, one process is faster."""


@dataclass(slots=True)
class Work:
    """A build under way; mutable: it collects what was found and which files could not be made.

    `result`: the evaluation as a whole; `gathered`: what the look at its projects gave; `volumes`: the files of the
    book.
    """

    result: Result
    request: Request
    output: OutputFolder
    gathered: Gathering
    volumes: set[str] = field(default_factory=set)
    found: list[Diagnostic] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)

    def unfinished(self, project: str | None) -> bool:
        """Whether a project (None: any of them) has an error and so is 未定稿."""
        return project in self.gathered.drafts if project else bool(self.result.counts[Severity.ERROR])


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
    diagnostics = json.loads(read_file(output.root / DIAGNOSTICS))["diagnostics"]
    return in_order((*map(diagnostic_of, diagnostics), *output.found(output.files)))


def build(evaluation: Result | ResultSource, request: Request, watch: Watch | None = None, inputs: str = "") -> Built:
    """Writes everything that is due; raises `MachineLacks` where PDFs are due and cannot be made here.

    `inputs`: the sum of what the evaluation was read from, where it is known.
    """
    source = AtOnce(evaluation) if isinstance(evaluation, Result) else evaluation
    own = own_pages(source.head.folder) if request.pdf_engine == TYPST and request.prints else ()
    request = replace(request, pdf_engine=WEASYPRINT) if own else request
    output = OutputFolder.open(request.folder(source.head.evaluation.id))
    with closing(Data(source.extras)) as data:
        work = gathered(source, request, output, data)
        pages = pages_of(work)
        due = [page for page in pages if page.due]
        require_means(request, due, own)
        output.inputs = ""
        output.sweep()
        try:
            data.write(output, work.result, source.findings(), public=is_public(source, request))
            render(work, due, watch or Unwatched())
            if request.book:
                write_book(work, pages)
            finish(work, pages, inputs)
        finally:
            output.save()
    names = [*(page.file(kind) for page in pages for kind in page.kinds), *work.volumes]
    findings = (*work.found, *output.found(names), *of_this_run(output, own))
    return Built(output.root, in_order(findings), source.findings())


def gathered(source: ResultSource, request: Request, output: OutputFolder, data: Data) -> Work:
    """Looks at all projects, some at a time; nothing is written yet."""
    head, public = source.head, is_public(source, request)
    drawn = {} if public else drawn_with(request.pdf_engine, head.evaluation.report)
    dependencies = Dependencies.of(head, repr((request.options, drawn)))
    pictured = partial(drawn_picture, request.pdf_engine) if can_draw(request.pdf_engine) else None
    enclosing = None if public else Enclosing.of(head, draft=request.draft, drawn=drawn, pictured=pictured)
    marks = {"draft": request.draft, "public": public}
    attached = enclosing.shared if enclosing else ()
    sample = Task(REPORT, "", (), head, marks, {}, request.pdf_engine, None, attached, dependencies.templates)
    gathering = Gathering(request, output, dependencies, enclosing, Packing(sample))
    with localcontext(EXACT), undisturbed():
        for part in source.parts():
            shown = public_data(part) if public else part
            items = project_items(shown)
            gathering.take(part, items)
            data.take(shown, items)
        whole = source.whole()
    if enclosing and any(page.due for page in gathering.pages):
        output.prints = gathering.prints
    return Work(whole, request, output, gathering)


def is_public(source: ResultSource, request: Request) -> bool:
    """Whether this is the edition for a website, by option or by the evaluation's own setting."""
    return request.public or source.head.public


def own_pages(folder: Path) -> tuple[str, ...]:
    """The unit's own templates that say how a page looks: HTML and stylesheets, which only WeasyPrint draws."""
    return tuple(name for name in own_templates(folder) if name.endswith((".html", ".css")))


def require_means(request: Request, due: Iterable[DuePage], own: Sequence[str] = ()) -> None:
    """Fails early, before anything is written, where the cluster or this machine cannot make what is due.

    `own`: the unit's own templates that keep it from the engine that was asked for.
    """
    if own and not has_weasyprint():
        message = phrase("单位自己的模板 {own} 只有 WeasyPrint 能排版，本机缺少它所用的 Pango", own=own[0])
        raise MachineLacks(message, remedy_command("pango"))
    if request.cluster and due:
        from selfeval.building.cluster import require_cluster

        require_cluster(request.cluster)
    elif request.book or any("pdf" in page.due for page in due):
        require_engine(request.pdf_engine)


def finish(work: Work, pages: Iterable[DuePage], inputs: str) -> None:
    """Takes away what stands for nothing any more; notes the inputs where all of their outputs are there."""
    files = {page.file(kind) for page in pages for kind in page.kinds} - work.failed
    work.output.clear({*DATA, *files, *left_out(work), *work.volumes})
    if inputs and not work.failed and work.output.is_complete and not work.request.projects:
        work.output.inputs = work.output.seal(inputs)


def of_this_run(output: OutputFolder, own: Sequence[str]) -> Iterator[Diagnostic]:
    """What is no finding about a page.

    F010: files that keep their old content because they could not be replaced. F011: nothing can be remembered for the
    next build. F012: the unit's `own` templates kept the PDFs from the engine that was asked for.
    """
    if names := sorted(output.refused):
        kept: dict[str, Any] = {"folder": str(output.root), "files": tuple(names[:LISTED])}
        yield finding("F010.many", **kept, count=len(names)) if len(names) > LISTED else finding("F010.few", **kept)
    if not output.secret:
        yield finding("F011", folder=str(state_folder()))
    if own:
        yield finding("F012", template=own[0])


def left_out(work: Work) -> set[str]:
    """Reports that `--project` left out of this build but that still stand for their project."""
    ids = [brief.id for brief in work.result.briefs if not work.request.wants(brief.id)]
    return {f"projects/{id_}/report.{kind}" for id_ in ids for kind in work.request.formats}


def pages_of(work: Work) -> list[DuePage]:
    """Every page asked for, the reports first."""
    gathered, size = work.gathered, len(work.result.briefs)
    whole = gathered.dependencies.whole(work.result, gathered.own, gathered.keys.values())
    whole = sum_of(whole, *sorted(unlinked)) if (unlinked := without_page(work)) else whole
    kinds = tuple(kind for kind in work.request.formats if kind != "docx")
    pages = DuePage(SUMMARY, SUMMARY, whole, kinds, size=size), DuePage(INDEX, INDEX, whole, ("html",))
    return [*gathered.pages, *(replace(page, due=due_of(work.request, work.output, page)) for page in pages)]


def without_page(work: Work) -> frozenset[str]:
    """The projects whose report has no HTML, so that no page may lead there."""
    ids = {brief.id for brief in work.result.briefs if not work.request.wants(brief.id)}
    if "html" not in work.request.formats:
        return frozenset(brief.id for brief in work.result.briefs)
    return frozenset(id_ for id_ in ids if not is_file(work.output.root / f"projects/{id_}/report.html"))


# ── Making it ──


def render(work: Work, pages: Sequence[DuePage], watch: Watch) -> None:
    """Makes and writes what is due, the largest first: a long report at the end would keep the others waiting."""
    by_name = {page.name: page for page in sorted(pages, key=lambda page: (-page.size, page.name))}
    watch.expect(len(by_name))
    with closing(outcomes(tasks(work, by_name.values()), work.request, pages)) as done:
        for outcome in done:
            store(work, by_name[outcome.task], outcome)
            watch.done(outcome.task)


def store(work: Work, page: DuePage, outcome: TaskOutcome) -> None:
    """The files of one page, each remembered with what was found when it was made."""
    work.found += outcome.found
    lasting = tuple(d for d in outcome.found if d.code not in OF_THIS_RUN)
    for kind in page.due:
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
        lasting = (*lasting, finding("F005", project=project, file=name))
    elif unfinished and work.request.signer:
        work.found.append(finding("F006", project=project, file=name))
    work.output.write(name, standing, key, lasting)


def write_book(work: Work, pages: Iterable[DuePage]) -> None:
    """The 合订本 of the unit's summary and the reports of this build; made here, where all its pages come together."""
    from selfeval.building.book import BOOK
    from selfeval.report.html.pages import TemplateFaultError

    parts = sorted((page for page in pages if page.page != INDEX), key=lambda page: page.page != SUMMARY)
    key = of_file("pdf", sum_of(BOOK, *(page.key for page in parts)))
    known = {name for name, written in work.output.files.items() if written.key == key}
    if (
        f"{BOOK}.pdf" in known
        and not work.request.force
        and all(stands(work.request, work.output, name, key) for name in known)
    ):
        work.volumes |= known
        return
    try:
        write_volumes(work, parts, key)
    except TemplateFaultError as fault:
        work.found.append(fault.finding)


def write_volumes(work: Work, parts: Sequence[DuePage], key: str) -> None:
    """The volumes of the book, the first one last: once it is there, all are."""
    from selfeval.building.book import volumes

    bound = volumes(replace(task_of(task), kinds=(), enclosures=()) for task in tasks(work, parts))
    first = next(bound)
    for name, content, findings in chain(bound, (first,)):
        pdf_file(work, name, content, key, findings, None)
        work.volumes.add(name)


def outcomes(tasks: Iterator[Task | PackedTask], request: Request, pages: Iterable[DuePage]) -> Generator[TaskOutcome]:
    """What comes of the tasks, in any order: on a cluster, in worker processes, or here."""
    if request.cluster:
        from selfeval.building.cluster import Remote, connected

        with connected(request.cluster) as client:
            yield from Remote(client, request.timeout).outcomes(map(task_of, tasks))
    elif in_processes(request, pages):
        from selfeval.building.workers import Crew

        yield from Crew(request.jobs, request.timeout).outcomes(tasks)
    else:
        yield from map(attempt, map(task_of, tasks))


def in_processes(request: Request, pages: Iterable[DuePage]) -> bool:
    """Whether processes are worth their start; for PDFs even one is: a renderer that crashes takes only it along."""
    kinds = [kind for page in pages for kind in page.due]
    apart = request.jobs > 1 or "pdf" in kinds
    return bool(request.timeout) or (apart and sum(1 / POOL_FROM[kind] for kind in kinds) >= 1)


def tasks(work: Work, pages: Iterable[DuePage]) -> Iterator[Task | PackedTask]:
    """The tasks one by one; those of reports stay packed until they are done."""
    prints = {id_: text for id_, (_, text) in work.gathered.prints.items()}
    for page in pages:
        yield page.task or whole_task(work, page, prints)


def whole_task(work: Work, page: DuePage, prints: Mapping[str, str]) -> Task:
    """The task of index or summary; the sheet of all indicators is made from the reports' tasks."""
    return replace(
        work.gathered.packing.sample,
        page=page.page,
        name=page.name,
        kinds=page.due,
        result=work.result,
        fingerprints=prints,
        unlinked=without_page(work),
        enclosures=(),
        reports=tuple(work.gathered.tasks) if "xlsx" in page.due else (),
    )
