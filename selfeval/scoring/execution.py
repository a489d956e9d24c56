"""预算执行率: its rate and its points, by the profile's denominator, funds, bands or points off."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from selfeval.base.exact import percent, plain, quotient, rounded, shown
from selfeval.base.model import BudgetScore, Fund, Project
from selfeval.base.phrases import phrase
from selfeval.base.remarks import Reading, reading
from selfeval.rules.formulas import STEP_WORDS, clamped, steps_short
from selfeval.rules.profile import Execution, Rules
from selfeval.scoring.points import points_step
from selfeval.scoring.steps import Steps
from selfeval.scoring.totals import known_total

BUDGETS = {"initial": "年初预算数", "adjusted": "全年预算数"}
"""The column of the budget that a rate is set against."""


def score_budget(project: Project, rules: Rules) -> BudgetScore:
    """预算执行率 = executed ÷ adjusted (or initial) budget, capped, times its points: of the funds that count."""
    rule = rules.execution
    unnamed = bool(rule.funds) and any(not fund.source.strip() for fund in project.funds)
    counted, left_out = (project.funds, ()) if unnamed else counted_funds(project.funds, rule)
    initial, adjusted, executed = (
        known_total([getattr(f, name) for f in counted]) for name in ("initial", "adjusted", "executed")
    )
    base = rule.base(initial, adjusted)
    weight, source = rounded(rule.points, 2), rules.source(f"execution.{scored_by(rule)}")

    def score(rate: Fraction | None, points: Decimal | None, steps: Sequence[str], *remarks: Reading) -> BudgetScore:
        return BudgetScore(initial, adjusted, executed, rate, weight, points, steps, source, remarks)

    if unnamed:
        unscored = reading("B013.unnamed", funds=tuple(rule.funds))
        return score(None, None, (phrase("{said}。", said=unscored.said),), unscored)
    if project.funds and not counted:
        sources = tuple(dict.fromkeys(fund.source for fund in project.funds))
        unscored = reading("B013.none", funds=tuple(rule.funds), sources=sources)
        return score(None, None, (phrase("{said}。", said=unscored.said),), unscored)
    if base is None or executed is None:
        return score(None, None, (*left_out, phrase("预算数或执行数不全，预算执行率不计分。")))
    if base == 0:
        unscored = reading("B002", column=BUDGETS[rule.denominator])
        return score(None, None, (*left_out, phrase("{said}。", said=unscored.said)), unscored)
    rate = quotient(executed, base)
    share, how = execution_share(rate, rules)
    points = share_points(share, rules)

    def steps() -> tuple[str, ...]:
        division = phrase(
            "预算执行率：{executed} 元 ÷ {base} 元 = {rate}{how}。",
            executed=plain(executed),
            base=plain(base),
            rate=percent(rate),
            how=how,
        )
        return *left_out, division, points_step(weight, share, points, rules)

    return score(rate, points, Steps(steps))


def scored_by(rule: Execution) -> str:
    """The value of a profile that says how a rate becomes points: what is cited for them."""
    return "bands" if rule.bands else "deduct" if rule.deduct else "points"


def counted_funds(funds: Sequence[Fund], rule: Execution) -> tuple[tuple[Fund, ...], tuple[str, ...]]:
    """The sources of funds that count for the rate, and a step that names those that do not."""
    others = list(dict.fromkeys(fund.source for fund in funds if not rule.counts(fund.source)))
    steps = (phrase("不计入执行率的资金来源：{others}。", others=tuple(others)),) if others else ()
    return tuple(fund for fund in funds if rule.counts(fund.source)), steps


def execution_share(rate: Fraction, rules: Rules) -> tuple[Fraction, str]:
    """The share of the points a rate gives: by bands, by points off, or the rate itself, capped."""
    rule = rules.execution
    if rate < rule.pass_line:
        return Fraction(0), phrase("，低于 {pass_line}，不得分", pass_line=percent(rule.pass_line))
    if rule.bands:
        share = next((s for edge, s in rule.bands if rate >= edge), Fraction(0))
        return share, phrase("，按分段计 {share}", share=percent(share))
    if rule.deduct and rule.points:
        return deducted_share(rate, rule)
    if rate > rule.cap:
        return rule.cap, phrase("，超过 {cap}，按 {cap} 计", cap=percent(rule.cap))
    return rate, ""


def share_points(share: Fraction, rules: Rules) -> Decimal:
    """The points of a share, rounded once; whatever the profile's digits, never above the weight as printed."""
    whole = rules.execution.points
    return min(rounded(share * whole, rules.digits, rules.rounding), rounded(whole, 2))


def deducted_share(rate: Fraction, rule: Execution) -> tuple[Fraction, str]:
    """The share left after points off for every step below the line."""
    if rate >= rule.full_from:
        return Fraction(1), phrase("，达到 {full_from}，满分", full_from=percent(rule.full_from))
    lost = steps_short((rule.full_from - rate) / rule.per, rule.steps) * rule.deduct
    each = phrase(
        "每低 {per} 扣 {deduct} 分{step_words}",
        per=percent(rule.per),
        deduct=shown(rule.deduct),
        step_words=STEP_WORDS[rule.steps],
    )
    return clamped(1 - lost / rule.points), phrase(
        "，低于 {full_from}，{each}，扣 {lost} 分", full_from=percent(rule.full_from), each=each, lost=shown(lost)
    )
