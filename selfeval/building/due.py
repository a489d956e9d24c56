"""The one look at all projects that a build takes: what each report depends on, and which are due.

Some projects are objects at a time; a report that is due waits as a packed task, all else of a project is let go.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from selfeval.audit.attachments import Enclosing, printed_fingerprint
from selfeval.audit.signatures import signed_file
from selfeval.base.model import Scorecard
from selfeval.building.dependencies import Dependencies, of_file
from selfeval.building.output_folder import OutputFolder
from selfeval.building.tasks import REPORT, PackedTask, Packing, Task
from selfeval.evaluation.result import Result, rows_of
from selfeval.report.pages.views import Enclosure

if TYPE_CHECKING:
    from selfeval.building.request import Request


@dataclass(frozen=True, slots=True)
class DuePage:
    """One page of a build: the formats it is asked for in and those that are due, its size in rows.

    `key`: the sum of what it depends on; `project` and `task` only of a report, the task where it may be needed.
    """

    page: str
    name: str
    key: str
    kinds: tuple[str, ...]
    due: tuple[str, ...] = ()
    size: int = 0
    project: str | None = None
    task: PackedTask | None = None

    def file(self, kind: str) -> str:
        """The file of one format."""
        return f"{self.name}.{kind}"


@dataclass(slots=True)
class Gathering:
    """The look under way. Mutable: it grows part by part.

    `keys`: what the report of each project depends on; `prints`: that and its fingerprint; `own`: what the unit's own
    form depends on; `drafts`: the projects with an error; `tasks`: those of all reports, where all are needed together.
    """

    request: Request
    output: OutputFolder
    dependencies: Dependencies
    enclosing: Enclosing | None
    packing: Packing
    pages: list[DuePage] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    prints: dict[str, tuple[str, str]] = field(default_factory=dict)
    tasks: list[PackedTask] = field(default_factory=list)
    drafts: set[str] = field(default_factory=set)
    own: str = ""

    @property
    def needs_all(self) -> bool:
        """Whether something is made from all reports together: the book, the sheet of all indicators."""
        return self.request.book or "xlsx" in self.request.formats

    def take(self, part: Result, items: Mapping[str, str]) -> None:
        """Some projects; `items`: each as it stands in scorecard.json."""
        rows = rows_of(part)
        sums = self.dependencies.of_part(part, rows)
        enclosing = self.enclosing and self.enclosing.of_part(part, rows, items)
        for card in part.scorecards:
            self.take_report(part, card, sums.report(card), enclosing)
        if part.unit:
            self.own = sums.report(part.unit)

    def take_report(self, part: Result, card: Scorecard, key: str, enclosing: Enclosing | None) -> None:
        """One project."""
        id_ = card.project.id
        wanted = self.request.wants(id_)
        page = report_page(part, card, key, self.request.formats)
        due = due_of(self.request, self.output, page) if wanted else ()
        known = self.output.prints.get(id_, ("", ""))
        attached = enclosing.enclosures(card) if enclosing and ("pdf" in due or known[0] != key) else ()
        print_ = printed_fingerprint(attached) or (known[1] if enclosing else "")
        self.keys[id_], self.prints[id_] = key, (key, print_)
        self.drafts |= {id_} if part.is_draft(id_) else set()
        task = None
        if due or self.needs_all:
            about = replace(self.packing.sample, name=page.name, result=part.about(card), fingerprints={id_: print_})
            task = self.packing.packed(of_report(about, due, id_, attached))
            self.tasks += [task] if self.needs_all else []
        self.pages += [replace(page, due=due, task=task)] if wanted else []


def of_report(task: Task, kinds: tuple[str, ...], project: str, attached: tuple[Enclosure, ...]) -> Task:
    """The task of one report, with its attachments where there is a PDF to take them."""
    return replace(task, kinds=kinds, project=project, enclosures=attached if "pdf" in kinds else ())


def report_page(part: Result, card: Scorecard, key: str, formats: tuple[str, ...]) -> DuePage:
    """The report of one project; its size in rows of its table."""
    id_ = card.project.id
    size = len(card.scores) + len(part.narratives.get(id_, "")) // 40
    return DuePage(REPORT, f"projects/{id_}/report", key, formats, size=size, project=id_)


def due_of(request: Request, output: OutputFolder, page: DuePage) -> tuple[str, ...]:
    """The formats of a page that are not there as they should be."""
    if request.force:
        return page.kinds
    return tuple(kind for kind in page.kinds if not stands(request, output, page.file(kind), of_file(kind, page.key)))


def stands(request: Request, output: OutputFolder, file: str, key: str) -> bool:
    """Whether a file is there as it should be; a PDF that is to be signed is, once it is."""
    unsigned = request.signer and file.endswith(".pdf") and signed_file(output.root / file) is None
    return not unsigned and output.stands(file, key)
