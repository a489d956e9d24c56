"""What the pages show: a result turned into the documents of `views`.

Pure: no templates and no file formats here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from urllib.parse import quote

from selfeval import display, form, prose
from selfeval.model import LevelScore, Score, Scorecard
from selfeval.narrative import PROJECT_OUTLINE, UNIT, UNIT_OUTLINE, Heading, Section, read_narrative
from selfeval.prose import Block
from selfeval.result import Result
from selfeval.views import (
    IndexDocument,
    LevelView,
    Marks,
    Part,
    ProjectDocument,
    ProjectLine,
    SummaryDocument,
)

TITLE = "项目支出绩效自评报告"


# ── One project ──


def project_document(result: Result, card: Scorecard) -> ProjectDocument:
    """Everything the report of one project prints."""
    findings = form.findings_of(result.of_project(card.project.id), card)
    rows = form.rows_of(card, findings)
    fields = card.project.fields
    goal = fields.get("年度总体目标") or display.NOT_FILLED
    achieved = fields.get("总体目标完成情况") or display.NOT_FILLED
    room = form.room_below(goal, achieved)
    calculations = (form.execution(card), *(form.calculation(row) for row in rows))
    return ProjectDocument(
        marks=_marks(result, draft=result.is_draft(card.project.id)),
        title="部门整体支出绩效自评表" if card.project.is_unit else TITLE,
        id=card.project.id,
        name=card.project.name,
        department=fields.get("主管部门") or result.evaluation.department,
        operator=fields.get("实施单位") or result.evaluation.unit,
        total=display.points(card.total),
        counted=display.weight(card.counted),
        complete=card.counted >= _full(card),
        grade=card.grade or display.NO_GRADE,
        rate=display.rate(card.budget.rate),
        tally=_tally(card.scores),
        levels=_levels(card),
        parts=_project_parts(result, card),
        funds=form.funds_of(card),
        goal=goal,
        achieved=achieved,
        groups=form.groups_of(rows, card.levels, form.ENDLESS),
        pages=form.groups_of(rows, card.levels, room),
        fresh_page=bool(rows) and rows[0].height > room,
        total_weight=display.weight(_full(card)),
        calculations=calculations,
        sources=form.sources_of((card.budget.source, *(score.source for score in card.scores))),
        deviations=tuple(row for row in rows if row.state != "met" or row.reason),
        fund_reasons=tuple((f.source or display.DASH, f.reason) for f in card.project.funds if f.reason),
        evidence=rows,
        findings=findings,
        finding_counts=form.finding_counts(result.of_project(card.project.id)),
        attachments=prose.ATTACHMENTS,
        signatures=_signatures(result),
    )


def _marks(result: Result, *, draft: bool) -> Marks:
    """What every page of the evaluation carries."""
    told = result.evaluation
    return Marks(
        unit=told.unit,
        department=told.department,
        year=str(told.year),
        date=display.day(told.report.get("date", "")),
        demo=told.demo,
        draft=draft,
        rules=result.rules.title,
        layout=told.report.get("layout", "") or "national",
        evaluation=told.id,
    )


def _full(card: Scorecard) -> Decimal:
    """All the points there are: given weights are never rescaled, so this need not be 100."""
    weights = [score.weight for score in card.scores if score.weight is not None]
    return prose.total_of([card.budget.weight, *weights]) or Decimal(0)


def _tally(scores: Sequence[Score]) -> tuple[tuple[str, str], ...]:
    """How many rows were reached, missed, left open."""
    sizes = (prose.met(scores), prose.short(scores), prose.unscored(scores))
    return tuple((name, str(len(rows))) for name, rows in zip(("达到", "未完全达到", "未评分"), sizes, strict=True))


def _levels(card: Scorecard) -> tuple[LevelView, ...]:
    """预算执行率 and the first levels, each with its points."""
    money = card.budget
    share = None if money.points is None or not money.weight else Fraction(money.points) / Fraction(money.weight)
    first = LevelView(
        "预算执行率",
        display.weight(money.weight),
        display.points(money.points),
        display.rate(share),
        display.bar(share),
    )
    return (first, *(_level(level) for level in card.levels))


def _level(level: LevelScore) -> LevelView:
    """One first level."""
    return LevelView(
        level.name,
        display.weight(level.weight),
        display.points(level.points),
        display.rate(level.completion),
        display.bar(level.completion),
    )


def _signatures(result: Result) -> tuple[tuple[str, str], ...]:
    """Who signs; a name that is not given is left to be written by hand."""
    labels = {"填报人": "preparer", "单位负责人": "unit_head", "财务负责人": "finance_head"}
    return tuple((label, result.evaluation.report.get(key, "")) for label, key in labels.items())


# ── Narrative ──


def _project_parts(result: Result, card: Scorecard) -> tuple[Part, ...]:
    """The narrative of a project, every heading of the outline present."""
    if card.project.is_unit:
        return ()
    made = {title: tuple(write(result, card)) for title, write in prose.PROJECT.items()}
    return _parts(result.narratives.get(card.project.id, ""), PROJECT_OUTLINE, made)


def _parts(markdown: str, outline: Sequence[Heading], made: dict[str, tuple[Block, ...]]) -> tuple[Part, ...]:
    """Written sections where there are any, sections made from the figures where not."""
    written = read_narrative(markdown, "", outline)[0]
    known = {section.title for section in written if section.known and section.markdown.strip()}
    parts: list[Part] = [Part("", s.title, s.markdown, ()) for s in _before(written)]
    for heading in outline:
        if heading.title not in known:
            parts.append(Part("", heading.printed, "", made[heading.title]))
        parts += [
            Part("", heading.printed if s.known else s.title, s.markdown, ())
            for s in _with_followers(written, heading.title)
            if not s.known or s.markdown.strip()
        ]
    return tuple(replace(part, anchor=f"part-{at}") for at, part in enumerate(parts, 1))


def _before(written: Sequence[Section]) -> list[Section]:
    """What stands before the first heading of the outline."""
    first = next((at for at, section in enumerate(written) if section.known), len(written))
    return list(written[:first])


def _with_followers(written: Sequence[Section], title: str) -> list[Section]:
    """A known section and the unknown ones right behind it."""
    start = next((at for at, s in enumerate(written) if s.known and s.title == title), len(written))
    stop = next((at for at in range(start + 1, len(written)) if written[at].known), len(written))
    return list(written[start:stop])


# ── The whole evaluation ──


def summary_document(result: Result) -> SummaryDocument:
    """汇总表 and the report on the unit as a whole."""
    names = _level_names(result)
    made = {title: tuple(write(result)) for title, write in prose.UNIT.items()}
    unit = project_document(result, result.unit) if result.unit and result.unit.scores else None
    return SummaryDocument(
        marks=_marks(result, draft=_draft_as_a_whole(result)),
        title="绩效自评结果汇总表",
        level_names=names,
        lines=_lines(result, names),
        sums=_sums(result, names),
        parts=_parts(result.narratives.get(UNIT, ""), UNIT_OUTLINE, made),
        unit=unit,
        signatures=_signatures(result),
    )


def index_document(result: Result) -> IndexDocument:
    """The evaluation at a glance: every project, and the findings that belong to none."""
    names = _level_names(result)
    grades = [card.grade or display.NO_GRADE for card in result.scorecards]
    printed = [*(grade.name for grade in result.rules.grades), display.NO_GRADE]
    ids = {card.project.id for card in result.scorecards}
    return IndexDocument(
        marks=_marks(result, draft=_draft_as_a_whole(result)),
        title=f"{result.evaluation.year}年度绩效自评",
        lines=_lines(result, names),
        sums=_sums(result, names),
        grades=tuple((name, str(grades.count(name))) for name in printed if name in grades),
        findings_total=str(len(result.diagnostics)),
        finding_counts=form.finding_counts(result.diagnostics),
        findings=form.findings_of(d for d in result.diagnostics if d.project not in ids),
    )


def _draft_as_a_whole(result: Result) -> bool:
    """Whether an error concerns no single project; a project's own error is marked beside the project."""
    ids = {card.project.id for card in result.scorecards}
    return any(d.is_error and d.project not in ids for d in result.diagnostics)


def _level_names(result: Result) -> tuple[str, ...]:
    """The first levels that occur, in the order of the forms."""
    present = dict.fromkeys(level.name for card in result.scorecards for level in card.levels)
    return (*(n for n in display.LEVELS if n in present), *(n for n in present if n not in display.LEVELS))


def _lines(result: Result, names: Sequence[str]) -> tuple[ProjectLine, ...]:
    """One line a project."""
    return tuple(_line(result, card, at, names) for at, card in enumerate(result.scorecards, 1))


def _line(result: Result, card: Scorecard, at: int, names: Sequence[str]) -> ProjectLine:
    """One project in a line."""
    id_, money = card.project.id, card.budget
    levels = {level.name: display.points(level.points) for level in card.levels}
    return ProjectLine(
        number=str(at),
        id=id_,
        name=card.project.name,
        href=f"projects/{quote(id_)}/report.html",
        initial=display.wan(money.initial),
        adjusted=display.wan(money.adjusted),
        executed=display.wan(money.executed),
        rate=display.rate(money.rate),
        rate_bar=display.bar(money.rate),
        execution_points=display.points(money.points),
        levels=tuple(levels.get(name, display.DASH) for name in names),
        total=display.points(card.total),
        counted=display.weight(card.counted),
        complete=card.counted >= _full(card),
        grade=card.grade or display.NO_GRADE,
        draft=result.is_draft(id_),
        finding_counts=form.finding_counts(result.of_project(id_)),
    )


def _sums(result: Result, names: Sequence[str]) -> ProjectLine:
    """合计: money only, since points of different projects do not add up."""
    budgets = [card.budget for card in result.scorecards]
    money = prose.summed(result)
    return ProjectLine(
        number="",
        id="",
        name=f"合计（{len(budgets)} 个项目）",
        href="",
        initial=display.wan(money.initial),
        adjusted=display.wan(money.adjusted),
        executed=display.wan(money.executed),
        rate=display.rate(money.rate),
        rate_bar=display.bar(money.rate),
        execution_points=display.DASH,
        levels=tuple(display.DASH for _ in names),
        total=display.DASH,
        counted=display.DASH,
        complete=True,
        grade=display.DASH,
        draft=False,
        finding_counts=form.finding_counts(result.diagnostics),
    )
