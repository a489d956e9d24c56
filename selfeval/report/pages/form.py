"""The tables of the 自评表 and its annexes as views: rows, money, calculations, evidence, findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from selfeval.base import display
from selfeval.base.diagnostics import SEVERITY_WORDS, Diagnostic, Severity
from selfeval.base.evidence import names_file
from selfeval.base.exact import fixed
from selfeval.base.model import (
    Adjustment,
    BudgetScore,
    Evidence,
    Fund,
    Indicator,
    Kind,
    LevelScore,
    Score,
    Scorecard,
    Source,
    Target,
)
from selfeval.base.text_width import half_widths
from selfeval.evaluation.result import Result
from selfeval.evaluation.waivers import Waived
from selfeval.reading.form_layout import Layout, Lot
from selfeval.report.pages import generated_text as prose
from selfeval.report.pages.form_words import AMOUNTS, COUNTED, LEFT_OUT
from selfeval.report.pages.views import (
    Accepted,
    Calculation,
    FindingView,
    FormRow,
    FundRow,
    Link,
    ProjectLine,
    Proof,
    ProofLine,
)
from selfeval.rules.profile import Execution
from selfeval.scoring.score import level_score
from selfeval.scoring.totals import exact_total, leaves_out

NARROWEST_MONEY, WIDEST_MONEY = Fraction(21), Fraction(34)
"""How wide a column of money of a 汇总表 may be, in mm: its head of five characters stands on one line."""

QUARTER, PADDING = Fraction(105 * 254, 4 * 7200), Fraction(25, 10)
"""A quarter of an em of its type (10.5 pt), and what stands on both sides of a text in its cell, in mm."""

DEVIATIONS_MM, NARROWEST_MM, STEP_MM = 110, 22, 4
"""What three columns of the annex of deviations have together, the least that one has, steps between ways, in mm."""

HALF_MM = 2 * QUARTER
"""Half a character of Chinese in mm."""

# ── Rows ──


def rows_of(card: Scorecard, findings: Sequence[FindingView]) -> tuple[FormRow, ...]:
    """All indicators in table order."""
    weights = display.weights(s.weight for s in card.scores)
    of_rows: dict[str, list[FindingView]] = {}
    for finding in findings:
        if finding.row:
            of_rows.setdefault(finding.row.href, []).append(finding)
    return tuple(
        _row(score, at, weight, tuple(of_rows.get(f"#row-{at}", ())))
        for at, (score, weight) in enumerate(zip(card.scores, weights, strict=True), 1)
    )


def _row(score: Score, at: int, weight: str, findings: tuple[FindingView, ...]) -> FormRow:
    """One indicator."""
    told = score.indicator
    replaced = score.points is not None and score.rule_points is not None and score.points != score.rule_points
    unscored = prose.why_unscored(score) if score.points is None and not told.is_detail else ""
    reviewed = score.review.points if score.review else None
    reason = told.reason.strip()
    nature, value, measure = target_in_parts(told.target)
    stated, other = display.target(told.target), beside(told.adjustment)
    return FormRow(
        anchor=f"row-{at}",
        number=str(at),
        level1=printed_level1(told),
        level2=told.level2,
        level3=told.level3,
        target=(stated or display.NOT_FILLED) + other,
        nature=nature or display.DASH,
        value=(value or display.NOT_FILLED) + other,
        measure=measure or display.DASH,
        actual=told.actual.text or display.NOT_FILLED,
        weight=weight,
        points=display.row_points(score),
        rule_points=display.points(score.rule_points) if replaced else "",
        unscored=unscored,
        reason=reason,
        state=_state(score),
        completion=display.rate(score.completion),
        bar=display.bar(score.completion),
        formula=told.method if told.is_detail else display.FORMULAS.get(score.formula, score.formula),
        source=_source(score.source),
        checked=score.source.checked,
        steps=(*score.steps, *(score.review.steps if score.review else ())),
        evidence=told.evidence,
        findings=findings,
        reviewed="" if reviewed is None else display.points(reviewed),
        deviation="" if reviewed is None else display.deviation(score.deviation),
        opinion=told.review.opinion if told.review else "",
    )


def printed_level1(indicator: Indicator) -> str:
    """一级指标 as the form prints it: under its 年度绩效目标 where it has one."""
    return f"{indicator.goal}：{indicator.level1}" if indicator.goal else indicator.level1


def printed_levels(card: Scorecard) -> tuple[LevelScore, ...]:
    """The first levels as the form prints them: each 年度绩效目标 has its own."""
    if not any(score.indicator.goal for score in card.scores):
        return card.levels
    groups: dict[str, list[Score]] = {}
    for score in card.scoring:
        groups.setdefault(printed_level1(score.indicator), []).append(score)
    return tuple(level_score(name, scores) for name, scores in groups.items())


def beside(made: Adjustment | None) -> str:
    """What stands under an adjusted target: the one that does not count, with its weight where that changed too."""
    if made is None:
        return ""
    side = ("年初", made.target_before, made.weight_before)
    name, target, weight = side if made.counts else ("调整后", made.target_after, made.weight_after)
    points = f"，{display.weight(weight)} 分" if made.weight_before != made.weight_after else ""
    return f"\n（{name}：{display.target(target) or display.NOT_FILLED}{points}）"


_PLAIN_TARGET = re.compile(r"\s*+([≥≤<>=≧≦═＞＜＝>]|>=|<=)?\s*+([\d,，.]+)\s*([^\d\s≥≤<>=,，.]{0,6})\s*")


def target_in_parts(target: Target) -> tuple[str, str, str]:
    """(指标性质, 指标值, 度量单位): a plain target taken apart; all other words stay whole under 指标值."""
    if target.kind is Kind.QUALITATIVE:
        return "定性", target.text, ""
    plain = _PLAIN_TARGET.fullmatch(target.text)
    if plain is None or target.kind not in {Kind.NUMBER, Kind.COST}:
        return "", target.text, ""
    return target.operator or "", plain[2], plain[3] or _unit_of(target)


def _unit_of(target: Target) -> str:
    """The unit that stands in a column of its own, as it was written."""
    named = {1: target.unit, 10**4: f"万{target.unit}", 10**8: f"亿{target.unit}", Decimal("0.01"): "%"}
    return named.get(target.scale, "")


def _state(score: Score) -> str:
    """met, short or unscored, for colour and mark; detail for a row that is not scored."""
    if score.indicator.is_detail:
        return "detail"
    if score.points is None:
        return "unscored"
    return "short" if score.weight is not None and score.points < score.weight else "met"


def _source(source: Source) -> str:
    """Where a rule comes from and how surely, the document by its number where it has one."""
    return display.cited(replace(source, document=short(source.document)))


def short(document: str) -> str:
    """财政部《项目支出绩效评价管理办法》（财预〔2020〕10号） → 财预〔2020〕10号."""
    number = re.search(r"[（(]([^（()）]*〔\d{4}〕\d+号)[)）]", document)
    return number[1] if number else document


def sources_of(sources: Iterable[Source]) -> tuple[str, ...]:
    """The documents cited, in full, once each, with their number as the rows give it; conventions are none."""
    return tuple(dict.fromkeys(s.document for s in sources if s.evidence is not Evidence.CONVENTION))


# ── Money ──


def funds_of(
    card: Scorecard, money: BudgetScore, funds: Sequence[Fund], layout: Layout, rule: Execution
) -> tuple[FundRow, ...]:
    """The lines of 项目资金: the total with its points and all reasons, then the sources as the form has them."""
    own, summed = (name if rule.funds else name.replace("财政资金", "资金") for name in layout.fund_total)
    total = _whole(money, funds, own if card.project.funds or not funds else summed)
    if not money.weight or (card.project.is_unit and not card.scores and not card.project.funds):
        total = replace(total, weight=display.DASH, points=display.DASH)
    by_line = ([fund for fund in funds if _line(fund.source, layout.funds) == at] for at in range(len(layout.funds)))
    apart = leaves_out(money, funds)
    lots = zip(layout.funds, by_line, strict=True)
    return aligned((total, *(_fund(_lot_label(lot, same, rule, apart=apart), same, rule) for lot, same in lots)))


def _lot_label(lot: Lot, funds: Sequence[Fund], rule: Execution, *, apart: bool) -> str:
    """What a line of sources is called; whether they count for the rate is the rule's to say, not the layout's."""
    if not funds and rule.funds:
        return lot.label
    left_out = apart and bool(funds) and not any(rule.counts(fund.source) for fund in funds)
    return lot.label.removesuffix(LEFT_OUT) + LEFT_OUT * left_out


Line = TypeVar("Line", FundRow, ProjectLine)


def aligned(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Lines of money whose amounts have their points below each other."""
    columns = [display.tails([getattr(line, name) for line in lines]) for name in AMOUNTS]
    return tuple(replace(line, tails=tails) for line, tails in zip(lines, zip(*columns, strict=True), strict=True))


def money_width(lines: Sequence[ProjectLine]) -> str:
    """How wide the columns of money of a 汇总表 are, in mm: as wide as their heads or the longest amount."""
    widest = max(
        display.amount_width([getattr(line, name) for line in lines], [line.tails[at] for line in lines])
        for at, name in enumerate(AMOUNTS)
    )
    return fixed(min(WIDEST_MONEY, max(NARROWEST_MONEY, QUARTER * widest + PADDING)), 1)


def _line(source: str, lots: Sequence[Lot]) -> int:
    """Which of a layout's lines a source of funds belongs to."""
    return next((at for at, lot in enumerate(lots) if lot.takes(source)), len(lots) - 1)


def _whole(money: BudgetScore, funds: Sequence[Fund], label: str) -> FundRow:
    """The total with its points."""
    return FundRow(
        f"{label}（{COUNTED}）" if leaves_out(money, funds) else label,
        display.amount(money.initial),
        display.amount(money.adjusted),
        display.amount(money.executed),
        display.weight(money.weight),
        display.rate(money.rate),
        display.points(money.points),
        _reasons(funds),
    )


def _reasons(funds: Sequence[Fund]) -> str:
    """The reasons given beside these sources, each once."""
    return "\n".join(dict.fromkeys(fund.reason.strip() for fund in funds if fund.reason.strip()))


def _fund(label: str, funds: Sequence[Fund], rule: Execution) -> FundRow:
    """The sum of these sources, its rate by the rule's denominator; a source the project does not have is 0."""
    initial = exact_total([f.initial for f in funds])
    adjusted = exact_total([f.adjusted for f in funds])
    executed = exact_total([f.executed for f in funds])
    base = rule.base(initial, adjusted)
    share = Fraction(executed) / Fraction(base) if executed is not None and base else None
    return FundRow(
        label,
        display.amount(initial),
        display.amount(adjusted),
        display.amount(executed),
        display.DASH,
        display.rate(share),
        display.DASH,
    )


def deviation_widths(rows: Sequence[FormRow], fund_reasons: Iterable[str]) -> tuple[str, ...]:
    """How wide targets, actuals and reasons stand side by side, in mm: so that all rows together are lowest."""
    texts = [(row.target, row.actual, row.reason) for row in rows] + [("", "", reason) for reason in fund_reasons]
    lengths = [tuple(map(half_widths, cells)) for cells in texts]
    spare = range(0, DEVIATIONS_MM - 3 * NARROWEST_MM + 1, STEP_MM)
    ways = ((one, other, spare[-1] - one - other) for one in spare for other in spare if one + other <= spare[-1])
    best = min(ways, key=lambda way: (_lines_high(lengths, way), -way[2]))
    return tuple(str(NARROWEST_MM + more) for more in best)


def _lines_high(lengths: Iterable[Sequence[int]], way: Sequence[int]) -> int:
    """How many lines rows are high in all, in columns so much wider than the narrowest."""
    rooms = [int((NARROWEST_MM + more - PADDING) / HALF_MM) for more in way]
    return sum(max(-(-length // room) for length, room in zip(cells, rooms, strict=True)) for cells in lengths)


# ── Evidence ──


def proofs_of(card: Scorecard, result: Result) -> tuple[ProofLine, ...]:
    """佐证清单: every indicator, so that a gap shows; files with their size and how their SHA-256 begins."""
    return tuple(
        ProofLine(
            number=str(at),
            level2=score.indicator.level2,
            level3=score.indicator.level3,
            actual=score.indicator.actual.text or display.NOT_FILLED,
            items=tuple(_proof(item, result) for item in score.indicator.evidence),
        )
        for at, score in enumerate(card.scores, 1)
    )


def _proof(item: str, result: Result) -> Proof:
    """One item: a file of the evaluation, a file that is not there, or words."""
    if not names_file(item):
        return Proof(item)
    file = result.proof(item)
    if file is None:
        return Proof(item, missing=True)
    return Proof(item, display.size(file.size), display.short_sum(file.sha256))


# ── Calculations ──


def execution(card: Scorecard) -> Calculation:
    """How the points of 预算执行率 came about."""
    money = card.budget
    return Calculation(
        "0",
        "预算执行率",
        "",
        display.points(money.points),
        display.weight(money.weight),
        "执行率",
        _source(money.source),
        money.source.checked,
        tuple(money.steps),
        "",
    )


def printed_total(card: Scorecard) -> tuple[Calculation, ...]:
    """The total beside what an imported form printed of it; nothing where it printed nothing."""
    printed = card.project.printed
    said = [
        *([f"原表总分 {display.points(printed.total)} 分。"] if printed.total is not None else []),
        *([f"原表等级“{printed.grade}”。"] if printed.grade else []),
        *([f"原表执行率得分 {display.points(printed.execution)} 分。"] if printed.execution is not None else []),
    ]
    if not said:
        return ()
    steps = (f"各行得分与预算执行率得分合计 {display.points(card.total)} 分。", *said, "原表的数只作比较，不参加计分。")
    total = Calculation(
        number="0",
        title="总分",
        under="",
        points=display.points(card.total),
        weight=display.weight(card.full),
        formula="合计",
        source="各行得分之和",
        checked=False,
        steps=steps,
        anchor="",
    )
    return (total,)


def calculation(row: FormRow) -> Calculation:
    """How the points of a row came about."""
    return Calculation(
        row.number,
        row.level3,
        f"{row.level1} · {row.level2}",
        row.points,
        row.weight,
        row.formula,
        row.source,
        row.checked,
        row.steps,
        row.anchor,
    )


# ── Findings ──


def accepted_of(waived: Iterable[Waived], card: Scorecard | None = None) -> tuple[Accepted, ...]:
    """Findings accepted for a reason, as printed."""
    kept = list(waived)
    made = findings_of((w.diagnostic for w in kept), card, ordered=False)
    return tuple(Accepted(f.code, f.message, w.reason, f.place, f.row) for f, w in zip(made, kept, strict=True))


def findings_of(
    diagnostics: Iterable[Diagnostic], card: Scorecard | None = None, *, ordered: bool = True
) -> tuple[FindingView, ...]:
    """Diagnostics as printed, errors first unless not `ordered`, otherwise in their order."""
    rank = {severity: at for at, severity in enumerate(Severity)}
    listed = sorted(diagnostics, key=lambda d: rank[d.severity] if ordered else 0)
    rows = {s.indicator.id: (at, s.indicator.level3) for at, s in enumerate(card.scores, 1)} if card else {}
    return tuple(_finding(d, at, rows.get(d.indicator or "")) for at, d in enumerate(listed, 1))


def _finding(found: Diagnostic, at: int, row: tuple[int, str] | None) -> FindingView:
    """One diagnostic with its place in words."""
    return FindingView(
        f"finding-{at}",
        found.code,
        found.severity.value,
        SEVERITY_WORDS[found.severity],
        found.message,
        found.hint,
        display.place_words(found),
        Link(f"#row-{row[0]}", row[1]) if row else None,
    )


def finding_counts(tally: Mapping[str, int]) -> tuple[tuple[str, str, str], ...]:
    """(severity, 错误, how many) for each kind, zeros included."""
    return tuple((s.value, SEVERITY_WORDS[s], str(tally[s.value])) for s in Severity)
