"""The one place where a page is made: a task in, its files out. Here, in a worker process or on another machine.

A task holds all that its page needs; beside it only the program, its fonts and (on this machine) the evaluation's
folder with the unit's own templates and pictures are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import localcontext
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, TypeVar

from selfeval.audit.attachments import joint_fingerprint
from selfeval.base.diagnostics import Diagnostic, finding
from selfeval.base.exact import EXACT
from selfeval.base.model import Scorecard
from selfeval.base.phrases import Phrase, phrase, word
from selfeval.evaluation.result import Result
from selfeval.evaluation.shelf import packed, raw, read, unpacked
from selfeval.report.engines import TYPST, WEASYPRINT
from selfeval.report.pages.document import index_document, project_document, summary_document
from selfeval.report.pages.planner import planned, planned_summary
from selfeval.report.pages.views import Enclosure, IndexDocument, ProjectDocument, SummaryDocument
from selfeval.report.pdf.requirements import MachineLacks

if TYPE_CHECKING:
    from selfeval.report.html.pages import Pages


REPORT, SUMMARY, INDEX = "report", "summary", "index"

KEPT = 4
"""How many evaluations' templates a process keeps compiled."""


Whole = TypeVar("Whole", IndexDocument, SummaryDocument)


@dataclass(frozen=True, slots=True)
class Task:
    """A page to make in one or more formats. `project` is None for summary and index.

    `fingerprints` by project; `enclosures` travel inside the PDF; `templates` is the sum of the unit's own ones;
    `reports` are the tasks of all reports, where their rows are wanted in one file; `unlinked`: the projects whose
    report has no page to lead to.
    """

    page: str
    name: str
    kinds: tuple[str, ...]
    result: Result
    marks: Mapping[str, bool]
    fingerprints: Mapping[str, str]
    engine: str = WEASYPRINT
    project: str | None = None
    enclosures: tuple[Enclosure, ...] = ()
    templates: str = ""
    reports: tuple[Task | PackedTask, ...] = ()
    unlinked: frozenset[str] = frozenset()

    @property
    def card(self) -> Scorecard:
        """The scorecard that a report is about."""
        return next(card for card in self.result.scorecards if card.project.id == self.project)

    @property
    def about(self) -> str:
        """What the task is called in a message."""
        return about(self.name, self.project)


OF_PROJECT = ("scorecards", "unit", "narratives", "diagnostics", "waived", "proofs")
"""What of a result differs from report to report."""

OF_TASK = ("name", "kinds", "fingerprints", "project")
"""What of a task does."""


@dataclass(frozen=True, slots=True)
class PackedTask:
    """The task of a report as bytes, a tenth of its size, until it is done: a process that is sent it gets the task.

    `common`: what the tasks of an evaluation share, which a process reads once, and one of them as a pattern.
    """

    name: str
    project: str | None
    common: bytes
    own: bytes

    def task(self) -> Task:
        """The task itself."""
        return report_task(self.common, self.own)

    def __reduce__(self) -> tuple[Any, ...]:
        """What travels, and how it becomes the task."""
        return report_task, (self.common, self.own)

    @property
    def about(self) -> str:
        """What the task is called in a message."""
        return about(self.name, self.project)


@dataclass(slots=True)
class Packing:
    """Packs the tasks of an evaluation's reports. Mutable: the first one is what the others are likened to.

    `sample`: what they share, as the task of no project.
    """

    sample: Task
    common: bytes = b""

    def packed(self, task: Task) -> PackedTask:
        """Packs what is a task's own."""
        about = {name: getattr(task.result, name) for name in OF_PROJECT}
        values = {name: getattr(task, name) for name in OF_TASK}
        attached = tuple(one for one in task.enclosures if one not in self.sample.enclosures)
        own = about, values, attached
        self.common = self.common or raw((self.sample, own))
        return PackedTask(task.name, task.project, self.common, packed(own, self.common))


def report_task(common: bytes, own: bytes) -> Task:
    """A task as it was before it was packed."""
    sample = _sample(common)
    about, values, attached = unpacked(own, common)
    enclosures = sorted((*sample.enclosures, *attached), key=lambda one: one.name) if attached else ()
    return replace(sample, result=replace(sample.result, **about), enclosures=tuple(enclosures), **values)


@lru_cache(maxsize=KEPT)
def _sample(common: bytes) -> Task:
    sample: Task = read(common)[0]
    return sample


def about(name: str, project: str | None) -> str:
    """What a task is called in a message."""
    return phrase("项目 {project} 的报告", project=project) if project else phrase("{name}（整个评价）", name=name)


def task_of(task: Task | PackedTask) -> Task:
    """A task ready to be done."""
    return task.task() if isinstance(task, PackedTask) else task


@dataclass(frozen=True, slots=True)
class TaskOutcome:
    """What came of a task: its files by format, and what was found on the way."""

    task: str
    files: Mapping[str, bytes]
    found: tuple[Diagnostic, ...] = ()


def attempt(task: Task) -> TaskOutcome:
    """The task done; whatever goes wrong in it is a finding that names it, so that the others can be finished."""
    try:
        with localcontext(EXACT):
            return made(task)
    except MachineLacks:
        raise
    except MemoryError:
        return failed(task, word("内存不够"))
    except Exception as error:  # noqa: BLE001 - one report may not take the others with it
        return failed(task, phrase("程序内部出错（{error}）", error=f"{type(error).__name__}: {error}"[:290]))


def failed(task: Task | PackedTask, why: str | Phrase) -> TaskOutcome:
    """F009: the page could not be made."""
    return TaskOutcome(task.name, {}, (finding("F009", project=task.project, page=task.about, why=why),))


def made(task: Task) -> TaskOutcome:
    """The files of a task. A unit's own template that fails is a finding, and the other formats are still made."""
    from selfeval.report.html.pages import TemplateFaultError

    files: dict[str, bytes] = {}
    findings: list[Diagnostic] = []
    for kind in task.kinds:
        try:
            files[kind], remarks = MAKERS[kind](task)
        except TemplateFaultError as fault:
            remarks = (fault.finding,)
        findings += remarks
    return TaskOutcome(task.name, files, tuple(dict.fromkeys(findings)))


Made = tuple[bytes, tuple[Diagnostic, ...]]


def html(task: Task) -> Made:
    """The page for the screen."""
    return page(task, for_print=False).encode("utf-8", "replace"), ()


def pdf(task: Task) -> Made:
    """The page on paper. Pictures are inside it already, so no folder is opened to the renderer."""
    if task.engine == TYPST:
        from selfeval.report.typst.pages import printed

        return printed(partial(for_paper, task), task.result.folder, task.enclosures, task.project)
    from selfeval.report.pdf.engine import engine

    again = partial(page, task)
    return engine().render(again(), enclosures=task.enclosures, project=task.project, again=again)


def xlsx(task: Task) -> Made:
    """The form, or the summary, as a spreadsheet."""
    from selfeval.report.xlsx.workbook import report_workbook, summary_workbook

    if task.page == SUMMARY:
        cards = tuple(task_of(one).card for one in task.reports)
        return summary_workbook(replace(task.result, scorecards=cards), **task.marks), ()
    return report_workbook(task.result, task.card, **task.marks), ()


def docx(task: Task) -> Made:
    """The report as a Word file."""
    from selfeval.report.docx.report import report_document

    return report_document(task.result, task.card, **task.marks), ()


MAKERS: dict[str, Callable[[Task], Made]] = {"html": html, "pdf": pdf, "xlsx": xlsx, "docx": docx}


# ── Documents and their HTML ──


def document(task: Task) -> ProjectDocument | SummaryDocument:
    """What report or summary say."""
    prints = task.fingerprints
    if task.page == SUMMARY:
        summary = summary_document(task.result, **task.marks)
        joint = joint_fingerprint(prints[line.id] for line in summary.lines)
        return linked(replace(summary, fingerprint=joint), task.unlinked)
    report = project_document(task.result, task.card, **task.marks)
    return replace(report, fingerprint=prints[task.card.project.id])


def linked(shown: Whole, unlinked: frozenset[str]) -> Whole:
    """Index or summary without links that lead nowhere."""
    if not unlinked:
        return shown
    lines = tuple(replace(line, href="") if line.id in unlinked else line for line in shown.lines)
    dots = shown.scatter and replace(
        shown.scatter, dots=tuple(replace(dot, href="") if dot.id in unlinked else dot for dot in shown.scatter.dots)
    )
    return replace(shown, lines=lines, scatter=dots)


def for_paper(task: Task, attempts: int = 0) -> ProjectDocument | SummaryDocument:
    """The same with its form planned; with 1, 2 … attempts less is put on each sheet, for a sheet that did not fit."""
    shown = document(task)
    return planned_summary(shown, attempts) if isinstance(shown, SummaryDocument) else planned(shown, attempts)


def page(task: Task, attempts: int = 0, *, for_print: bool = True, start: int = 0) -> str:
    """The page as HTML. `start`: the number of its first page, as a part of a book."""
    pages = pages_of(task)
    if task.page == INDEX:
        return pages.index(linked(index_document(task.result, **task.marks), task.unlinked))
    shown = for_paper(task, attempts) if for_print else document(task)
    if isinstance(shown, SummaryDocument):
        return pages.summary(shown, for_print=for_print, start=start)
    return pages.report(shown, for_print=for_print, start=start)


_kept: dict[tuple[str, str], Pages] = {}
"""Templates compiled in this process, by evaluation and state: making them is most of the cost of a page."""


def pages_of(task: Task) -> Pages:
    """The templates of the task's evaluation."""
    from selfeval.report.html.pages import Pages

    key = (str(task.result.folder), task.templates)
    if key not in _kept:
        while len(_kept) >= KEPT:
            del _kept[next(iter(_kept))]
        _kept[key] = Pages(task.result)
    return _kept[key]
