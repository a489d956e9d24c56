"""What the pages show: a result turned into the documents of `views`.

No templates and no file formats here; of the evaluation's folder only the evidence is looked at, for its digests.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from urllib.parse import quote

from selfeval.base import display
from selfeval.base.diagnostics import Severity, counts
from selfeval.base.model import Fund, LevelScore, Score, Scorecard
from selfeval.base.text_width import title_lines
from selfeval.evaluation.brief import Brief, met, short, unscored
from selfeval.evaluation.last_year import is_made_up
from selfeval.evaluation.result import Result
from selfeval.evaluation.waivers import Waived
from selfeval.reading.form_layout import Layout
from selfeval.reading.layouts import FONT_ROLES, font_families, layout_name
from selfeval.reading.narrative import (
    UNIT,
)
from selfeval.report.pages import form, sections, unit_text
from selfeval.report.pages import generated_text as prose
from selfeval.report.pages.charts import project_charts, unit_charts
from selfeval.report.pages.form_words import COUNTED
from selfeval.report.pages.public import public_edition
from selfeval.report.pages.review import review_of
from selfeval.report.pages.scatter import scatter
from selfeval.report.pages.sheets import groups_of
from selfeval.report.pages.views import (
    BookDocument,
    IndexDocument,
    LevelView,
    Marks,
    ProjectDocument,
    ProjectLine,
    SummaryDocument,
)
from selfeval.report.pages.words import WORDS, marks_in
from selfeval.rules.load import load_rules
from selfeval.rules.profile import Rules
from selfeval.scoring.totals import leaves_out

TITLE_WIDTH = 19
"""How many characters of 2号 a line of the title holds."""

UNIT_FORM = "部门整体支出绩效自评表"
SUMMARY_TITLE, BOOK_TITLE = "绩效自评结果汇总表", "预算绩效自评报告汇编"


# ── One project ──


def project_document(
    result: Result,
    card: Scorecard,
    *,
    draft: bool = False,
    public: bool = False,
) -> ProjectDocument:
    """Everything the report of one project prints.

    `draft` marks every page 征求意见稿, `public` masks telephone numbers.
    """
    marks = _marks(result, unfinished=result.is_draft(card.project.id), draft=draft)
    money, rule = unit_text.printed_budget(result, card)
    layout = _with_true_notes(result.layout.dividing_by(rule.denominator), result, card)
    findings = form.findings_of(result.of_project(card.project.id), card)
    rows = form.rows_of(card, findings)
    deviations = tuple(row for row in rows if row.state not in {"met", "detail"} or row.reason)
    fields = card.project.fields
    unit = card.project.is_unit
    waived = _waived_of(result, card)
    made = ProjectDocument(
        marks=marks,
        title=UNIT_FORM if unit else layout.titles["report"],
        id=card.project.id,
        name=card.project.name,
        department=fields.get("主管部门") or result.evaluation.department,
        operator=fields.get("实施单位") or result.evaluation.unit,
        total=display.points(card.total),
        counted=display.weight(card.counted),
        complete=card.counted >= card.full,
        grade=card.grade or display.NO_GRADE,
        rate=display.rate(card.budget.rate),
        tally=_tally(card.scores),
        levels=_levels(card),
        parts=sections.project_parts(result, card, layout),
        funds=form.funds_of(card, money, _own_funds(result, card), layout, rule),
        goal=fields.get("年度总体目标") or display.NOT_FILLED,
        achieved=fields.get("总体目标完成情况") or display.NOT_FILLED,
        groups=groups_of(rows, {level.name: display.weight(level.weight) for level in form.printed_levels(card)}),
        name_lines=title_lines(card.project.name, TITLE_WIDTH),
        total_weight=display.weight(card.full),
        calculations=(form.execution(card), *(form.calculation(row) for row in rows), *form.printed_total(card)),
        sources=form.sources_of((card.budget.source, *(score.source for score in card.scores))),
        evidence_note=display.EVIDENCE_NOTE,
        deviations=deviations,
        deviation_mm=form.deviation_widths(deviations, [fund.reason for fund in card.project.funds if fund.reason]),
        fund_reasons=tuple((f.source or display.DASH, f.reason) for f in card.project.funds if f.reason),
        rows=rows,
        evidence=form.proofs_of(card, result),
        findings=findings,
        finding_counts=form.finding_counts(counts(result.of_project(card.project.id))),
        attachments=prose.attachments(result, waived=bool(waived), reviewed=card.review is not None),
        signatures=_signatures(result),
        is_unit=unit,
        form_title=layout.titles["unit_form" if unit else "form"],
        layout=layout,
        about=fields.get("项目概况", "").strip() or display.NOT_FILLED,
        leader=fields.get("项目负责人", ""),
        indicator_weight=display.weight(card.full - card.budget.weight),
        remarks=sections.remarks(result, card, layout),
        charts=project_charts(card),
        accepted=form.accepted_of(waived, card),
        review=review_of(card, rows, card.full),
        signers=_signers(result, card, layout),
        notes=sections.notes(result.narratives.get(UNIT if unit else card.project.id, ""), layout),
    )
    made = replace(made, cover=_cover(made))
    return public_edition(made) if public else made


def _with_true_notes(layout: Layout, result: Result, card: Scorecard) -> Layout:
    """A layout without the notes of a form of other rules than those that score; no adjusted target is 年初目标值."""
    if prose.is_adjusted(card):
        columns = (replace(column, head=column.head.removeprefix("年初")) for column in layout.columns)
        layout = replace(layout, columns=tuple(columns))
    meant = load_rules(layout.foot_of, result.evaluation.year)[0] if layout.foot_of else None
    if meant is None or _told_by_notes(meant) == _told_by_notes(result.rules_of(card)):
        return layout
    return replace(layout, foot=())


def _told_by_notes(rules: Rules) -> tuple[object, ...]:
    """What the notes of a form tell of its rules: the money that counts, both ratios, the tiers."""
    ratios = ((method.formula, method.params) for method in (rules.methods["at_least"], rules.methods["at_most"]))
    bands = ((tier.label, tier.upper, tier.lower) for tier in rules.tiers.values())
    return rules.execution.denominator, rules.execution.funds, *ratios, *bands


def _cover(doc: ProjectDocument) -> tuple[tuple[str, str], ...]:
    """The lines of the cover; a 项目编号 that `import` made up is none of them."""
    seal = WORDS.seal.format(doc.marks.unit)
    lines = ((label, seal if name == "seal" else getattr(doc, name), name) for label, name in WORDS.cover)
    return tuple((label, text) for label, text, name in lines if name != "id" or not is_made_up(text))


def _own_funds(result: Result, card: Scorecard) -> tuple[Fund, ...]:
    """The money of a project or a unit; a unit without a budget of its own has that of its projects."""
    return unit_text.unit_funds(result) if card.project.is_unit else card.project.funds


def _waived_of(result: Result, card: Scorecard) -> list[Waived]:
    """The accepted findings of one project."""
    return [w for w in result.waived if w.diagnostic.project == card.project.id]


def _marks(result: Result, *, unfinished: bool, draft: bool) -> Marks:
    """What every page of the evaluation carries."""
    about = result.evaluation
    return Marks(
        unit=about.unit,
        department=about.department,
        year=str(about.year),
        date=display.day(about.report.get("date", "")),
        demo=about.demo,
        draft=unfinished,
        rules=result.rules.title,
        layout=layout_name(result.evaluation.report),
        evaluation=about.id,
        words=marks_in(demo=about.demo, draft=draft, unfinished=unfinished),
        faces=_faces(about.report),
        base=result.rules.execution.denominator,
    )


def _faces(report: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """`[report] fonts`, as far as they are plain names."""
    asked = ((role, font_families(report.get(f"fonts.{role}", ""))) for role in FONT_ROLES)
    return tuple((role, families) for role, families in asked if families)


def _tally(scores: Sequence[Score]) -> tuple[tuple[str, str], ...]:
    """How many rows have full marks, fewer, none."""
    sizes = (met(scores), short(scores), unscored(scores))
    return tuple((name, str(len(rows))) for name, rows in zip(("得满分", "未得满分", "未评分"), sizes, strict=True))


def _levels(card: Scorecard) -> tuple[LevelView, ...]:
    """预算执行率, where it has points, and the first levels, each with its points."""
    money = card.budget
    levels = tuple(map(_level, card.levels))
    if not money.weight:
        return levels
    share = None if money.points is None else Fraction(money.points) / Fraction(money.weight)
    first = LevelView(
        "预算执行率",
        display.weight(money.weight),
        display.points(money.points),
        display.rate(share),
        display.bar(share),
    )
    return (first, *levels)


def _level(level: LevelScore) -> LevelView:
    """One first level."""
    return LevelView(
        level.name,
        display.weight(level.weight),
        display.points(level.points),
        display.rate(level.completion),
        display.bar(level.completion),
        "" if level.reviewed is None else display.points(level.reviewed),
        "" if level.reviewed is None else display.deviation(level.deviation),
    )


def _signatures(result: Result) -> tuple[tuple[str, str], ...]:
    """Who signs; a name that is not given is left to be written by hand."""
    labels = {"填报人": "preparer", "单位负责人": "unit_head", "财务负责人": "finance_head"}
    return tuple((label, result.evaluation.report.get(key, "")) for label, key in labels.items())


def _signers(result: Result, card: Scorecard, layout: Layout) -> tuple[tuple[str, str], ...]:
    """Who signs below a form that names them, or that goes on below its indicators; none where their table ends it."""
    if layout.remarks.sections and not layout.signers:
        return (*_signatures(result), ("填报日期", display.day(result.evaluation.report.get("date", ""))))
    names = {"项目负责人": card.project.fields.get("项目负责人", ""), **dict(_signatures(result))}
    return tuple((label, names.get(label, "")) for label in layout.signers)


# ── The whole evaluation ──


def summary_document(result: Result, *, draft: bool = False, public: bool = False) -> SummaryDocument:
    """汇总表 and the report on the unit as a whole; the flags are those of `project_document`."""
    result = result.in_brief()
    names = _level_names(result)
    unit = project_document(result, result.unit, draft=draft) if result.unit else None
    *lines, sums = form.aligned((*_lines(result, names), _sums(result, names)))
    marks = _marks(result, unfinished=_draft_as_a_whole(result), draft=draft)
    document = SummaryDocument(
        marks=replace(marks, rules="；部门整体：".join(_titles_of_rules(result))),
        title=SUMMARY_TITLE,
        layout=result.layout,
        level_names=names,
        lines=tuple(lines),
        sums=sums,
        parts=sections.unit_parts(result, result.layout),
        unit=unit,
        signatures=_signatures(result),
        charts=unit_charts(result.briefs, result.rules),
        scatter=scatter(result.briefs, result.rules),
        accepted=form.accepted_of(_waived_as_a_whole(result)),
        reviewed=any(brief.review for brief in result.briefs),
        money_mm=form.money_width((*lines, sums)),
    )
    return public_edition(document) if public else document


def _titles_of_rules(result: Result) -> Iterator[str]:
    """By what rules the projects are scored, and the unit where its own are others."""
    yield result.rules.title
    if result.unit is not None and result.unit.scores and result.rules_of(result.unit) != result.rules:
        yield result.rules_of(result.unit).title


def _waived_as_a_whole(result: Result) -> list[Waived]:
    """The accepted findings that belong to no report of a project."""
    ids = {brief.id for brief in result.briefs}
    return [w for w in result.waived if w.diagnostic.project not in ids]


def index_document(result: Result, *, draft: bool = False, public: bool = False) -> IndexDocument:
    """The evaluation at a glance: every project, and the findings that belong to none."""
    result = result.in_brief()
    names = _level_names(result)
    grades = [brief.grade or display.NO_GRADE for brief in result.briefs]
    printed = [*(grade.name for grade in result.rules.grades), display.NO_GRADE]
    ids = {brief.id for brief in result.briefs}
    document = IndexDocument(
        marks=_marks(result, unfinished=_draft_as_a_whole(result), draft=draft),
        title=f"{result.evaluation.year}年度绩效自评",
        lines=_lines(result, names),
        sums=_sums(result, names),
        grades=tuple((name, str(grades.count(name))) for name in printed if name in grades),
        findings_total=str(sum(result.counts.values())),
        finding_counts=form.finding_counts(result.counts),
        findings=form.findings_of(d for d in result.diagnostics if d.project not in ids),
        charts=unit_charts(result.briefs, result.rules),
        scatter=scatter(result.briefs, result.rules),
        accepted=form.accepted_of(_waived_as_a_whole(result)),
        reviewed=any(brief.review for brief in result.briefs),
    )
    return public_edition(document) if public else document


def book_document(result: Result, entries: Iterable[tuple[str, str]], *, draft: bool = False) -> BookDocument:
    """Cover and contents of the 合订本."""
    marks = _marks(result, unfinished=bool(result.counts[Severity.ERROR]), draft=draft)
    return BookDocument(marks, BOOK_TITLE, tuple(entries))


def _draft_as_a_whole(result: Result) -> bool:
    """Whether an error concerns no single project; a project's own error is marked beside the project."""
    ids = {brief.id for brief in result.briefs}
    return any(d.is_error and d.project not in ids for d in result.diagnostics)


def _level_names(result: Result) -> tuple[str, ...]:
    """The first levels that occur, in the order of the forms."""
    present = dict.fromkeys(name for brief in result.briefs for name, _ in brief.levels)
    return (*(n for n in display.LEVELS if n in present), *(n for n in present if n not in display.LEVELS))


def _lines(result: Result, names: Sequence[str]) -> tuple[ProjectLine, ...]:
    """One line a project."""
    return tuple(_line(brief, at, names) for at, brief in enumerate(result.briefs, 1))


def _line(brief: Brief, at: int, names: Sequence[str]) -> ProjectLine:
    """One project in a line."""
    id_, money = brief.id, brief.budget
    levels = {name: display.points(points) for name, points in brief.levels}
    return ProjectLine(
        number=str(at),
        id=id_,
        name=brief.name,
        href=f"projects/{quote(id_)}/report.html",
        initial=display.amount(money.initial),
        adjusted=display.amount(money.adjusted),
        executed=display.amount(money.executed),
        rate=display.rate(money.rate),
        rate_bar=display.bar(money.rate),
        execution_points=display.points(money.points),
        levels=tuple(levels.get(name, display.DASH) for name in names),
        total=display.points(brief.total),
        counted=display.weight(brief.counted),
        complete=brief.counted >= brief.full,
        grade=brief.grade or display.NO_GRADE,
        draft=brief.is_draft,
        finding_counts=form.finding_counts(brief.counts),
        level=_gravest(form.finding_counts(brief.counts)),
        reviewed=display.points(brief.review.total) if brief.review else display.DASH,
        deviation=display.deviation(brief.deviation),
        reviewed_grade=(brief.review.grade or display.NO_GRADE) if brief.review else display.DASH,
    )


def _gravest(counts: Sequence[tuple[str, str, str]]) -> str:
    """The first kind of finding that occurs, errors first."""
    return next((severity for severity, _, number in counts if number != "0"), "none")


def _sums(result: Result, names: Sequence[str]) -> ProjectLine:
    """合计: money only, since points of different projects do not add up."""
    money = unit_text.summed(result)
    partly = any(leaves_out(brief.budget, brief.funds) for brief in result.briefs)
    return ProjectLine(
        number="",
        id="",
        name=f"合计（{len(result.briefs)} 个项目{f'，{COUNTED}' if partly else ''}）",
        href="",
        initial=display.amount(money.initial),
        adjusted=display.amount(money.adjusted),
        executed=display.amount(money.executed),
        rate=display.rate(money.rate),
        rate_bar=display.bar(money.rate),
        execution_points=display.DASH,
        levels=tuple(display.DASH for _ in names),
        total=display.DASH,
        counted=display.DASH,
        complete=True,
        grade=display.DASH,
        draft=False,
        finding_counts=form.finding_counts(result.counts),
        level="none",
    )
