"""The preview's own pages as strings ready to print: home, findings, fill-in, and the bar below every page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import localcontext
from functools import cache, partial
from itertools import groupby
from typing import Any
from urllib.parse import quote

from selfeval.base import display
from selfeval.base.diagnostics import SEVERITY_WORDS, Diagnostic, codes
from selfeval.base.exact import EXACT
from selfeval.base.model import Place, Scorecard
from selfeval.evaluation.result import Result
from selfeval.preview import entry_fields as entry
from selfeval.preview import fill_in as filling
from selfeval.preview.entry_fields import OUTCOMES, EntryRow, entry_rows, field_at, grouped, takes
from selfeval.preview.score_changes import TOTAL, Move
from selfeval.preview.session import Session
from selfeval.preview.state import View
from selfeval.reading.layouts import shipped_templates
from selfeval.report.pages.document import index_document, project_document
from selfeval.report.pages.views import FindingView, FormRow, IndexDocument, ProjectDocument

HINTS = {
    entry.ACTUAL: "照实填写，带上单位，如 96%、312次、2021年6月",
    entry.POINTS: "一般不填，由规则计分；填了须写偏差原因",
    entry.EVIDENCE: "多份用；隔开；带扩展名的是 evidence/ 里的文件",
    entry.WHY: "没有执行完、年中调整过的，写明原因",
    entry.GOAL: "对照年度总体目标，写做到了什么、数量是多少",
}
LONG = frozenset({entry.REASON, entry.EVIDENCE, entry.WHY, entry.GOAL})
"""Columns of sentences."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A finding as the preview shows it: what, where, what to do."""

    code: str
    severity: str
    label: str
    message: str
    hint: str
    place: str
    project: str
    title: str = ""
    href: str = ""
    field: str = ""
    """Where the cell can be filled in, if it can."""


@dataclass(frozen=True, slots=True)
class PagePlace:
    """A link of the bar; `here`: the page it leads to is this one."""

    href: str
    text: str
    here: bool = False


@dataclass(frozen=True, slots=True)
class StatusBar:
    """What stands below every page: where one can go, whether all is well, what the last change did."""

    places: tuple[PagePlace, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    stale: bool = False
    moves: tuple[Move, ...] = ()
    saved: str = ""
    files: str = ""
    pdf: str = ""
    evaluation: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Field:
    """A cell to be filled in. `options`: the tiers to choose from, for 完成档次 only."""

    column: str
    text: str
    hint: str
    options: tuple[str, ...] = ()
    long: bool = False
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class FillInRow:
    """A row on the fill-in page with its cells; of an indicator also the row as the report prints it."""

    entry: EntryRow
    fields: tuple[Field, ...]
    row: FormRow | None = None
    findings: Sequence[Trouble | FindingView] = ()


@cache
def template(name: str) -> Callable[..., str]:
    """One of our own templates. Only the shipped ones: a unit's cannot change how the preview works."""
    from selfeval.report.html.pages import environment

    return environment([shipped_templates()], shipped_templates()).get_template(f"preview/{name}.html").render


def page(name: str, session: Session, bar: StatusBar, **values: Any) -> str:  # noqa: ANN401 - whatever a template prints
    """One of our own pages, or the bar alone."""
    with localcontext(EXACT):
        return template(name)(bar=bar, session=session, **values)


# ── Addresses ──


def address(*parts: str) -> str:
    """A path on this server."""
    return "/" + "/".join(quote(part, safe="") for part in parts)


def report_address(evaluation: str, project: str) -> str:
    """The report of a project."""
    return address("view", evaluation, "projects", project, "report.html")


# ── The bar ──


def bar_of(view: View, here: str, pdf: str = "", fault: tuple[Diagnostic, ...] = (), project: str = "") -> StatusBar:
    """The bar of a page about one evaluation; `pdf`: which PDF can be asked for here."""
    first = project or next((card.project.id for card in view.result.scorecards), "") if view.result else ""
    places = [
        (address("view", view.id, "index.html"), "总览"),
        (address("view", view.id, "summary.html"), "汇总表"),
        (address("findings", view.id), "检查发现"),
    ]
    if project:
        places.append((report_address(view.id, project), f"{project} 报告"))
    if first:
        places.append((address("fill", view.id, first), "填写完成值"))
    return StatusBar(
        places=(PagePlace("/", "全部"), *(PagePlace(href, text, href == here) for href, text in places)),
        troubles=troubles_of((*view.broken, *fault), view),
        stale=view.stale or bool(fault),
        moves=sorted_moves(view.moves, project),
        saved=view.saved,
        files="、".join(view.files[:3]) + ("等" if len(view.files) > 3 else ""),
        pdf="" if view.stale else pdf,
        evaluation=view.id,
        version=view.version,
    )


def sorted_moves(moves: Iterable[Move], project: str) -> tuple[Move, ...]:
    """Those of the page's own project first, totals before rows."""
    return tuple(sorted(moves, key=lambda m: (m.project != project, m.anchor != TOTAL)))


def troubles_of(found: Sequence[Diagnostic], view: View) -> tuple[Trouble, ...]:
    """Findings with their places in words, and where on which page they are about."""
    if not found:
        return ()
    rows = grouped(view.result) if view.result else {}
    cards = view.result.cards if view.result else ()
    entries = {card.project.id: cache(partial(entry_rows, card, rows)) for card in cards}
    return tuple(trouble_of(d, view, entries.get(d.project or "", tuple)()) for d in found)


def trouble_of(d: Diagnostic, view: View, entries: Iterable[EntryRow]) -> Trouble:
    """A finding beside the rows of its project that can be filled in."""
    where = display.place_words(d)
    column = f" {d.title}" if d.title and not display.is_in_workbook(d) else ""
    project = d.project or ""
    at = field_at(Place(d.file or "", d.line or 1, d.column or 1, sheet=d.sheet), entries)
    return Trouble(
        d.code,
        d.severity.value,
        SEVERITY_WORDS[d.severity],
        d.message,
        d.hint,
        where + column,
        project,
        codes()[d.code].title,
        report_address(view.id, project) + "#findings" if entries and project != unit_of(view) else "",
        f"{address('fill', view.id, project)}#{at}" if at else "",
    )


def unit_of(view: View) -> str:
    """The id of 部门整体, which has no report of its own; "" where there is none."""
    return view.result.unit.project.id if view.result and view.result.unit else ""


def reported(view: View, project: str) -> bool:
    """Whether a project has a report of its own."""
    return view.result is not None and any(card.project.id == project for card in view.result.scorecards)


# ── Home and findings ──


@dataclass(frozen=True, slots=True)
class ListedEvaluation:
    """An evaluation on the home page. Without a document it could not be opened."""

    view: View
    doc: IndexDocument | None
    troubles: tuple[Trouble, ...]
    moved: Mapping[str, Move]


def home(session: Session) -> str:
    """The list of all evaluations and their projects."""
    with localcontext(EXACT):
        listed = [listed_of(view) for view in session.views.values()]
    return page("home", session, StatusBar(version=sum(v.version for v in session.views.values())), listed=listed)


def listed_of(view: View) -> ListedEvaluation:
    """One evaluation on the home page."""
    doc = index_document(view.result) if view.result else None
    moved = {move.project: move for move in view.moves if move.anchor == TOTAL}
    return ListedEvaluation(view, doc, troubles_of(view.broken, view), moved)


def findings(session: Session, view: View, here: str) -> str:
    """Everything the checks found, gravest first."""
    order = list(SEVERITY_WORDS)
    ranked = sorted(view.latest.diagnostics, key=lambda d: order.index(d.severity))
    troubles = troubles_of(ranked, view)
    return page("findings", session, bar_of(view, here), view=view, troubles=troubles, words=SEVERITY_WORDS)


# ── Fill-in ──


def fill(session: Session, view: View, here: str, project: str, tried: Result | None = None) -> str | None:
    """The form of one project: the texts of the files, the scores of `tried` where that is given."""
    card = filling.card_of(view.result, project) if view.result else None
    result = tried or view.result
    scored = filling.card_of(result, project) if result else None
    if view.result is None or card is None or result is None or scored is None:
        return None
    with localcontext(EXACT):
        doc = project_document(result, scored)
    reason = "启动时用了 --read-only，只能看。" if session.read_only else ""
    found = beside_rows(
        [d for d in result.diagnostics if d.project == project], view, entry_rows(scored, grouped(result))
    )
    filled_in = entries_of(view.result, card, doc, found, enabled=not reason)
    sections = groupby(filled_in, key=lambda one: one.entry.table.anchor)
    rows = {name: tuple(some) for name, some in sections}
    bar = bar_of(view, here, project=project, pdf="" if doc.is_unit else project)
    return page("fill", session, bar, view=view, doc=doc, rows=rows, reason=reason, project=project)


def beside_rows(
    found: Iterable[Diagnostic], view: View, entries: Sequence[EntryRow]
) -> dict[str, list[Trouble | FindingView]]:
    """Findings by the row on the page that they are about."""
    beside: dict[str, list[Trouble | FindingView]] = defaultdict(list)
    for d in found:
        one = trouble_of(d, view, entries)
        beside["-".join(one.field.rpartition("#")[2].split("-")[:2])].append(one)
    return beside


def entries_of(
    result: Result,
    card: Scorecard,
    doc: ProjectDocument,
    found: Mapping[str, Sequence[Trouble | FindingView]],
    *,
    enabled: bool,
) -> Iterator[FillInRow]:
    """All that can be filled in for a project, with what the files say; `found`: beside money and goal."""
    printed = iter(doc.rows)
    for one in entry_rows(card, grouped(result)):
        row = next(printed) if one.table is OUTCOMES else None
        fields = (field_of(result, one, column, row) for column in one.table.columns)
        shown = tuple(field if enabled else replace(field, enabled=False) for field in fields)
        yield FillInRow(one, shown, row, row.findings if row else found.get(one.anchor, ()))


def field_of(result: Result, one: EntryRow, column: str, row: FormRow | None) -> Field:
    """One cell; 完成档次 offers the profile's tiers, and whatever else stands there now."""
    text, there = one.text(column), takes(result, one, column)
    tiers = (band.label for band in result.rules.tiers.values())
    options = ("", *dict.fromkeys((*tiers, *([text] if text else [])))) if column == entry.TIER else ()
    fits = column != entry.TIER or row is None or row.nature == "定性" or bool(text)
    hint = HINTS.get(column, "") if there else f"{one.table.spec.name} 里没有这一列；在表头加上后才能填"
    return Field(column, text, hint, options, column in LONG or "\n" in text, enabled=there and fits)
