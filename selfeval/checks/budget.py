"""预算: execution rate, mid-year changes, and whether the cost targets add up to the budget."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from selfeval.base.diagnostics import Diagnostic
from selfeval.base.display import rate_off
from selfeval.base.exact import plain, quotient
from selfeval.base.model import YUAN, Indicator, Kind
from selfeval.base.phrases import word
from selfeval.base.text import is_blank, shorten
from selfeval.checks.subject import Subject

ASKED_ABOUT = Fraction(80, 100)
"""An execution rate below which the reason alone does not end the questions."""

_PRICE = re.compile("单价|标准|人均|生均|户均|亩均|定额|每(?![年月季期天日周])|单位成本|均价|平均成本")
_EACH = re.compile("每(?![年月季期天日周])|[元万]/")

FAR = Fraction(5, 100)
"""A gap between score rate and execution rate that a reviewer asks about."""


SLIGHT = Decimal("0.005")
"""A difference beyond this part of the budget is no rounding, however few digits are written."""


def granted(subject: Subject, amount: str) -> Decimal | None:
    """`initial`, `adjusted` or `executed` of all sources, whichever count for the rate; None where unknown."""
    parts = [getattr(fund, amount) for fund in subject.project.funds]
    return total_of(parts) if parts and None not in parts else None


def explained(subject: Subject) -> bool:
    """Whether any row of the budget gives a reason."""
    return any(not is_blank(f.reason.strip()) for f in subject.project.funds)


def low_execution(subject: Subject) -> Iterator[Diagnostic]:
    """B003: the rate is below the profile's line and nothing says why."""
    rate, line = subject.scorecard.budget.rate, subject.rules.execution.reason_below
    if rate is not None and rate < line and not explained(subject):
        yield subject.on_budget("B003", rate=rate_off(rate, line), line=line)


def very_low_execution(subject: Subject) -> Iterator[Diagnostic]:
    """B010: so little was spent that next year's budget will be asked about, whatever the reason."""
    rate = subject.scorecard.budget.rate
    if rate is not None and rate < ASKED_ABOUT:
        yield subject.on_budget("B010", rate=rate_off(rate, ASKED_ABOUT), line=ASKED_ABOUT)


def over_execution(subject: Subject) -> Iterator[Diagnostic]:
    """B004: more was spent than the budget allows, not only than the initial one where that was raised."""
    budget = subject.scorecard.budget
    granted = budget.adjusted is not None and budget.executed is not None and budget.executed <= budget.adjusted
    if budget.rate is not None and budget.rate > 1 and not granted:
        yield subject.on_budget("B004", rate=rate_off(budget.rate, Fraction(1)))


def changed_budget(subject: Subject) -> Iterator[Diagnostic]:
    """B007: the budget was changed during the year and nothing says why."""
    initial, adjusted = granted(subject, "initial"), granted(subject, "adjusted")
    if initial is None or adjusted is None or initial == adjusted or explained(subject):
        return
    yield subject.on_budget("B007", initial=subject.money(initial), adjusted=subject.money(adjusted))


def no_initial(subject: Subject) -> Iterator[Diagnostic]:
    """B012: without 年初预算数 nobody can see whether the budget was changed."""
    blank = [fund for fund in subject.project.funds if fund.initial is None]
    if blank:
        yield subject.on_project("B012", blank[0].place)


def cost_rows(subject: Subject) -> list[Indicator]:
    """The rows that are costs; none where one of them cannot be read or is a price, so that their sum is not known."""
    rows = [i for i in subject.project.indicators if i.target.kind is Kind.COST or "成本" in i.level2]
    return [] if any(i.target.kind is None or is_price(i) for i in rows) else cost_rows_of(rows)


def cost_rows_of(rows: Iterable[Indicator]) -> list[Indicator]:
    """Those of some rows whose target is an amount of money that may be spent."""
    return [i for i in rows if i.target.kind is Kind.COST and i.target.unit == YUAN and i.target.value is not None]


def is_price(indicator: Indicator) -> bool:
    """Whether a row is the price of one thing, which adds up to nothing: 单价, 人均成本, 元/亩, 每亩100."""
    target = indicator.target
    return "/" in target.unit or bool(_PRICE.search(indicator.level3) or _EACH.search(target.text))


def total_of(amounts: Iterable[Decimal | None]) -> Decimal:
    """The sum of the amounts that there are."""
    return sum((amount for amount in amounts if amount), Decimal(0))


def rounding_of(amount: Decimal | None, scale: Decimal) -> Decimal:
    """Half of the last digit an amount is written with: 202.6万元 may be 500 元 off."""
    decimals = len(plain((amount or Decimal(0)) / scale).partition(".")[2])
    return scale / Decimal(10) ** decimals / 2


def is_off(costs: Sequence[tuple[Decimal | None, Decimal]], whole: Decimal) -> bool:
    """Whether amounts, each with its scale, make another sum, by more than their rounding."""
    off = abs(total_of(amount for amount, _ in costs) - whole)
    return off > sum((rounding_of(*cost) for cost in costs), Decimal(0)) or off > whole * SLIGHT


def cost_targets(subject: Subject) -> Iterator[Diagnostic]:
    """B006: the cost targets are the whole initial budget in every well-made form."""
    costs, initial = cost_targets_of(cost_rows(subject)), granted(subject, "initial")
    total = total_of(amount for amount, _ in costs)
    if not costs or not initial or total == initial or is_ten_thousand(total, initial):
        return
    if is_off(costs, initial):
        yield subject.on_budget("B006", total=subject.money(total), initial=subject.money(initial))


def cost_targets_of(rows: Iterable[Indicator]) -> list[tuple[Decimal | None, Decimal]]:
    """The targets of cost rows with their scales."""
    return [(row.target.value, row.target.scale) for row in rows]


def actual_costs(subject: Subject) -> Iterator[Diagnostic]:
    """B014: the cost rows are the whole budget, and what they cost is not what was paid."""
    rows, executed = cost_rows(subject), granted(subject, "executed")
    spent = [(row.actual.value, row.target.scale) for row in rows]
    planned = [amount for name in ("initial", "adjusted") if (amount := granted(subject, name))]
    if not rows or not executed or any(amount is None for amount, _ in spent):
        return
    total = total_of(amount for amount, _ in spent)
    if total == executed:
        return
    whole = any(not is_off(cost_targets_of(rows), amount) for amount in planned)
    if whole and is_off(spent, executed) and not is_ten_thousand(total, executed):
        yield subject.on_budget("B014", total=subject.money(total), executed=subject.money(executed))


def is_ten_thousand(one: Decimal | None, other: Decimal | None) -> bool:
    """Whether one amount is about ten thousand times the other: 元 taken for 万元."""
    if not one or not other or (one > 0) != (other > 0):
        return False
    less, more = sorted((abs(one), abs(other)))
    return 8000 * less <= more <= 12500 * less


def yuan_for_ten_thousand(subject: Subject) -> Iterator[Diagnostic]:
    """B011: amounts that differ ten thousand times over."""
    initial, adjusted, executed = (granted(subject, name) for name in ("initial", "adjusted", "executed"))
    costs = total_of(row.target.value for row in cost_rows(subject))
    pairs = (
        (word("全年执行数"), executed, word("全年预算数"), adjusted),
        (word("全年预算数"), adjusted, word("年初预算数"), initial),
        (word("成本指标的目标合计"), costs, word("年初预算数"), initial),
    )
    for name, one, other_name, other in pairs:
        if one is not None and other is not None and is_ten_thousand(one, other):
            amounts = {"amount": subject.money(one), "other_amount": subject.money(other)}
            yield subject.on_budget("B011.amounts", name=name, other_name=other_name, **amounts)
    for indicator in subject.project.indicators:
        target, actual = indicator.target, indicator.actual
        if target.unit == actual.unit == YUAN and is_ten_thousand(target.value, actual.value):
            yield subject.on_actual(indicator, "B011.actual", actual=actual.text, target=shorten(target.text))


def fitted_budget(subject: Subject) -> Iterator[Diagnostic]:
    """B008: a budget changed during the year to exactly what was spent: a rate of 100% by adjustment."""
    budget = subject.scorecard.budget
    if subject.rules.execution.denominator == "initial":
        return  # no adjustment changes the rate
    if budget.adjusted and budget.adjusted == budget.executed and budget.initial not in (None, budget.adjusted):
        before, after = subject.money(budget.initial or Decimal(0)), subject.money(budget.adjusted)
        yield subject.on_budget("B008", initial=before, adjusted=after)


def scores_above_execution(subject: Subject) -> Iterator[Diagnostic]:
    """B009: the indicators score far better than the money was spent, and nothing says why."""
    rate = subject.scorecard.budget.rate
    scored = [(s.points, s.weight) for s in subject.scorecard.scores if s.points is not None and s.weight]
    if rate is None or not scored:
        return
    points, weights = zip(*scored, strict=True)
    share = quotient(sum(points), sum(weights))
    if share - rate > FAR and not explained(subject):
        yield subject.on_budget("B009", share=share, rate=rate)


CHECKS = (
    low_execution,
    very_low_execution,
    over_execution,
    changed_budget,
    no_initial,
    cost_targets,
    actual_costs,
    yuan_for_ten_thousand,
    fitted_budget,
    scores_above_execution,
)
