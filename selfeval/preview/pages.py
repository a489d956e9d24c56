"""The preview's own pages as strings ready to print: home, findings, fill-in, and the bar below every page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import localcontext
from functools import cache
from typing import Any
from urllib.parse import quote

from selfeval.base import display
from selfeval.base.diagnostics import SEVERITY_WORDS, Diagnostic, codes
from selfeval.base.exact import EXACT
from selfeval.evaluation.result import Result
from selfeval.preview import fill_in as filling
from selfeval.preview.score_changes import TOTAL, Move
from selfeval.preview.session import Session
from selfeval.preview.state import View
from selfeval.reading.columns import ACTUALS
from selfeval.reading.csv_edit import Texts
from selfeval.reading.layouts import shipped_templates
from selfeval.report.pages.document import index_document, project_document
from selfeval.report.pages.views import FormRow, IndexDocument, ProjectDocument

HINTS = {
    filling.ACTUAL: "照实填写，带上单位，如 96%、312次、2021年6月",
    filling.POINTS: "一般不填，由规则计分；填了须写偏差原因",
    filling.EVIDENCE: "多份用；隔开；带扩展名的是 evidence/ 里的文件",
}


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
    """An indicator on the fill-in page: its row as the report prints it, and its cells."""

    row: FormRow
    id: str
    fields: tuple[Field, ...]


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
        troubles=tuple(trouble_of(d, view) for d in (*view.broken, *fault)),
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


def trouble_of(d: Diagnostic, view: View) -> Trouble:
    """A finding with its place in words, and where on which page it is about."""
    where = display.place_words(d)
    column = f" {d.title}" if d.title and not display.is_in_workbook(d) else ""
    href = report_address(view.id, d.project) + "#findings" if d.project and reported(view, d.project) else ""
    title = codes()[d.code].title
    return Trouble(
        d.code,
        d.severity.value,
        SEVERITY_WORDS[d.severity],
        d.message,
        d.hint,
        where + column,
        d.project or "",
        title,
        href,
        field_address(d, view),
    )


def field_address(d: Diagnostic, view: View) -> str:
    """Where on the fill-in page the cell of a finding stands; "" where it is none that is filled in there."""
    column = ACTUALS.find(d.title) if d.title else None
    card = filling.card_of(view.result, d.project) if view.result and d.project else None
    ids = [score.indicator.id for score in card.scores] if card else []
    if column not in filling.COLUMNS or d.indicator not in ids:
        return ""
    at = f"row-{ids.index(d.indicator) + 1}-{filling.COLUMNS.index(column) + 1}"
    return address("fill", view.id, d.project or "") + f"#{at}"


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
    return ListedEvaluation(view, doc, tuple(trouble_of(d, view) for d in view.broken), moved)


def findings(session: Session, view: View, here: str) -> str:
    """Everything the checks found, gravest first."""
    order = list(SEVERITY_WORDS)
    ranked = sorted(view.latest.diagnostics, key=lambda d: order.index(d.severity))
    troubles = [trouble_of(d, view) for d in ranked]
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
    texts = filling.cells_of(view.result, card)
    reason = "启动时用了 --read-only，只能看。" if session.read_only else ""
    entries = entries_of(view, doc, [s.indicator.id for s in scored.scores], texts, enabled=not reason)
    bar = bar_of(view, here, project=project, pdf="" if doc.is_unit else project)
    return page("fill", session, bar, view=view, doc=doc, entries=entries, reason=reason, project=project)


def entries_of(
    view: View, doc: ProjectDocument, ids: Iterable[str], texts: Mapping[str, Texts], *, enabled: bool
) -> list[FillInRow]:
    """All indicators of a project with their cells."""
    result = view.result
    columns = filling.columns_of(result) if result and enabled else frozenset()
    tiers = tuple(band.label for band in result.rules.tiers.values()) if result else ()
    return [
        FillInRow(
            row, id_, tuple(field_of(c, texts.get(id_, {}).get(c, ""), columns, tiers, row) for c in filling.COLUMNS)
        )
        for row, id_ in zip(doc.rows, ids, strict=True)
    ]


def field_of(column: str, text: str, columns: frozenset[str], tiers: tuple[str, ...], row: FormRow) -> Field:
    """One cell; 完成档次 offers the profile's tiers, and whatever else stands there now."""
    options: tuple[str, ...] = ()
    if column == filling.TIER:
        options = ("", *dict.fromkeys((*tiers, *([text] if text else []))))
    long = column in {filling.REASON, filling.EVIDENCE} or "\n" in text
    fits = column != filling.TIER or row.nature == "定性" or bool(text)
    return Field(column, text, HINTS.get(column, ""), options, long, enabled=column in columns and fits)
