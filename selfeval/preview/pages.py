"""The preview's own pages as strings ready to print: home, findings, fill-in, and the bar below every page."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import localcontext
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

from selfeval.base import display
from selfeval.base.diagnostics import SEVERITY_WORDS, Diagnostic, codes
from selfeval.base.exact import EXACT
from selfeval.base.model import Place, Scorecard
from selfeval.base.phrases import CHINESE, Param, Phrase, phrase, translated
from selfeval.base.text import visible
from selfeval.evaluation.result import Result
from selfeval.preview import entry_fields as entry
from selfeval.preview import fill_in as filling
from selfeval.preview.entry_fields import OUTCOMES, EntryRow, entry_rows, field_at, grouped, takes
from selfeval.preview.score_changes import TOTAL, Move
from selfeval.preview.session import Session
from selfeval.preview.state import View
from selfeval.reading.columns import PROJECTS
from selfeval.reading.layouts import shipped_templates
from selfeval.reading.projects import is_whole_unit, project_rows
from selfeval.reading.tables import read_table
from selfeval.report.pages.document import index_document, project_document
from selfeval.report.pages.views import FormRow, IndexDocument, ProjectDocument

HINTS = {
    entry.ACTUAL: phrase("照实填写，带上单位，如 96%、312次、2021年6月"),
    entry.POINTS: phrase("一般不填，由规则计分；填了须写偏差原因"),
    entry.EVIDENCE: phrase("多份用；隔开；带扩展名的是 evidence/ 里的文件"),
    entry.WHY: phrase("没有执行完、年中调整过的，写明原因"),
    entry.GOAL: phrase("对照年度总体目标，写做到了什么、数量是多少"),
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
    findings: Sequence[Trouble] = ()


Beside = Mapping[str, Sequence[Trouble]]
"""Findings by the anchor of the row they are about."""


@cache
def template(name: str) -> Callable[..., str]:
    """One of our own templates. Only the shipped ones: a unit's cannot change how the preview works."""
    from selfeval.report.html.pages import environment

    return environment([shipped_templates()], shipped_templates()).get_template(f"preview/{name}.html").render


def page(name: str, session: Session, bar: StatusBar, **values: Any) -> str:  # noqa: ANN401 - whatever a template prints
    """One of our own pages, or the bar alone, in the language of the preview."""
    language = session.language
    words = {"_": partial(spoken, language), "language": language, "script_words": script_words(language)}
    with localcontext(EXACT):
        return template(name)(bar=bar, session=session, **words, **values)


def spoken(language: str, text: str, **params: Param) -> str:
    """A sentence of a template, or one that it was given, in a language."""
    if params:
        return Phrase(text, tuple(params.items())).said(language)
    return text.said(language) if isinstance(text, Phrase) else translated(text, language)


@cache
def script_words(language: str) -> str:
    """The sentences of our scripts with their English, for the page to carry; of Chinese nothing."""
    if language == CHINESE:
        return ""
    scripts = ((shipped_templates() / "preview" / name).read_text("utf-8") for name in ("preview.js", "fill.js"))
    sentences = {text for script in scripts for text in _SAID.findall(script)}
    return json.dumps({text: translated(text, language) for text in sorted(sentences)}, ensure_ascii=False)


_SAID = re.compile(r'\b_\("([^"]+)"')


# ── Addresses ──


def address(*parts: str) -> str:
    """A path on this server."""
    return "/" + "/".join(quote(part, safe="") for part in parts)


def report_address(evaluation: str, project: str) -> str:
    """The report of a project."""
    return address("view", evaluation, "projects", project, "report.html")


# ── The bar ──


def bar_of(session: Session, view: View, here: str, fault: tuple[Diagnostic, ...] = (), project: str = "") -> StatusBar:
    """The bar of a page about one evaluation; the PDF that can be asked for is added by the page."""
    first = project or next((card.project.id for card in view.result.scorecards), "") if view.result else ""
    places = [
        (address("view", view.id, "index.html"), phrase("总览")),
        (address("view", view.id, "summary.html"), phrase("汇总表")),
        (address("findings", view.id), phrase("检查发现")),
    ]
    if project:
        places.append((report_address(view.id, project), phrase("{project} 报告", project=project)))
    if first:
        places.append((address("fill", view.id, first), phrase("填写完成值")))
    return StatusBar(
        places=(PagePlace("/", phrase("全部")), *(PagePlace(href, text, href == here) for href, text in places)),
        troubles=troubles_of((*view.broken, *fault), view, session.language),
        stale=view.stale or bool(fault),
        moves=sorted_moves(view.moves, project),
        saved=view.saved,
        files=phrase("{files}等", files=view.files[:3]) if len(view.files) > 3 else phrase("{files}", files=view.files),
        evaluation=view.id,
        version=view.version,
    )


def sorted_moves(moves: Iterable[Move], project: str) -> tuple[Move, ...]:
    """Those of the page's own project first, totals before rows."""
    return tuple(sorted(moves, key=lambda m: (m.project != project, m.anchor != TOTAL)))


def troubles_of(diagnostics: Sequence[Diagnostic], view: View, language: str) -> tuple[Trouble, ...]:
    """Findings with their places in words, and where on which page they are about."""
    if not diagnostics:
        return ()
    rows = grouped(view.result) if view.result else {}
    cards = view.result.cards if view.result else ()
    entries = {card.project.id: cache(partial(entry_rows, card, rows)) for card in cards}
    return tuple(trouble_of(d, view, entries.get(d.project or "", tuple)(), language) for d in diagnostics)


def trouble_of(d: Diagnostic, view: View, entries: Iterable[EntryRow], language: str) -> Trouble:
    """A finding beside the rows of its project that can be filled in."""
    where = display.place_words(d, language)
    column = f" {d.title}" if d.title and not display.is_in_workbook(d) else ""
    project = d.project or ""
    at = field_at(Place(d.file or "", d.line or 1, d.column or 1, sheet=d.sheet), entries)
    return Trouble(
        d.code,
        d.severity.value,
        translated(SEVERITY_WORDS[d.severity], language),
        d.said(language),
        d.remedy(language),
        where + column,
        project,
        codes()[d.code].wording(language).title,
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
    coming: Sequence[tuple[str, str]] = ()
    """(id, name) of its projects, as long as it is being read."""


def home(session: Session) -> str:
    """The list of all evaluations and their projects."""
    with localcontext(EXACT):
        listed = [listed_of(view, session.language) for view in session.views.values()]
    return page("home", session, StatusBar(version=sum(v.version for v in session.views.values())), listed=listed)


def listed_of(view: View, language: str) -> ListedEvaluation:
    """One evaluation on the home page."""
    if view.opening:
        return ListedEvaluation(view, None, (), {}, coming_in(view.folder))
    doc = index_document(view.result) if view.result else None
    moved = {move.project: move for move in view.moves if move.anchor == TOTAL}
    return ListedEvaluation(view, doc, troubles_of(view.broken, view, language), moved)


def coming_in(folder: Path) -> tuple[tuple[str, str], ...]:
    """(id, name) of the projects of an evaluation that is being read, as far as their table can be."""
    rows = project_rows(read_table(folder, PROJECTS)[0], [])
    return tuple((id_, visible(row.text("项目名称"))) for id_, row in rows.items() if not is_whole_unit(row))


def findings(session: Session, view: View, here: str) -> str:
    """Everything the checks found, gravest first."""
    order = list(SEVERITY_WORDS)
    ranked = sorted(view.latest.diagnostics, key=lambda d: order.index(d.severity))
    troubles = troubles_of(ranked, view, session.language)
    return page("findings", session, bar_of(session, view, here), view=view, troubles=troubles, words=SEVERITY_WORDS)


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
    reason = phrase("启动时用了 --read-only，只能看。") if session.read_only else ""
    own = [d for d in result.diagnostics if d.project == project]
    now = entry_rows(scored, grouped(result))
    troubles = [trouble_of(d, view, now, session.language) for d in own]
    beside = beside_rows(troubles, now, [d.indicator or "" for d in own])
    filled_in = entries_of(view.result, card, doc, beside, enabled=not reason)
    sections = groupby(filled_in, key=lambda one: one.entry.table.anchor)
    rows = {name: tuple(some) for name, some in sections}
    bar = replace(bar_of(session, view, here, project=project), pdf="" if doc.is_unit or view.stale else project)
    return page("fill", session, bar, view=view, doc=doc, rows=rows, reason=reason, project=project)


def beside_rows(troubles: Iterable[Trouble], entries: Iterable[EntryRow], ids: Iterable[str]) -> Beside:
    """Findings by the row on the page that they are about; `ids`: the indicator that each is about."""
    rows = {one.id: one.anchor for one in entries if one.table is OUTCOMES}
    beside: dict[str, list[Trouble]] = defaultdict(list)
    for one, id_ in zip(troubles, ids, strict=True):
        beside[rows.get(id_) or "-".join(one.field.rpartition("#")[2].split("-")[:2])].append(one)
    return beside


def entries_of(
    result: Result, card: Scorecard, doc: ProjectDocument, troubles: Beside, *, enabled: bool
) -> Iterator[FillInRow]:
    """All that can be filled in for a project, with what the files say and what was found there."""
    printed = iter(doc.rows)
    for one in entry_rows(card, grouped(result)):
        row = next(printed) if one.table is OUTCOMES else None
        fields = (field_of(result, one, column, row) for column in one.table.columns)
        shown = tuple(field if enabled else replace(field, enabled=False) for field in fields)
        yield FillInRow(one, shown, row, troubles.get(one.anchor, ()))


def field_of(result: Result, one: EntryRow, column: str, row: FormRow | None) -> Field:
    """One cell; 完成档次 offers the profile's tiers, and whatever else stands there now."""
    text, there = one.text(column), takes(result, one, column)
    tiers = (band.label for band in result.rules.tiers.values())
    options = ("", *dict.fromkeys((*tiers, *([text] if text else [])))) if column == entry.TIER else ()
    fits = column != entry.TIER or row is None or row.nature == "定性" or bool(text)
    hint = (
        HINTS.get(column, "")
        if there
        else phrase("{table} 里没有这一列；在表头加上后才能填", table=one.table.spec.name)
    )
    return Field(column, text, hint, options, column in LONG or "\n" in text, enabled=there and fits)
