"""预算: execution rate, mid-year changes, and whether the cost targets add up to the budget."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from selfeval.checks.subject import Subject
from selfeval.diagnostics import Diagnostic
from selfeval.exact import fixed, percent
from selfeval.model import Kind
from selfeval.units import YUAN
from selfeval.values import is_blank

FAR = Fraction(5, 100)
"""A gap between score rate and execution rate that a reviewer asks about."""


def explained(subject: Subject) -> bool:
    """Whether any row of the budget gives a reason."""
    return any(not is_blank(f.reason.strip()) for f in subject.project.funds)


def low_execution(subject: Subject) -> Iterator[Diagnostic]:
    """B003: the rate is below the profile's line and nothing says why."""
    rate, line = subject.scorecard.budget.rate, subject.rules.execution.reason_below
    if rate is not None and rate < line and not explained(subject):
        said = f"预算执行率 {fixed(rate * 100, 2)}%，低于 {percent(line)}，没有说明原因"
        yield subject.about_budget("B003", said)


def over_execution(subject: Subject) -> Iterator[Diagnostic]:
    """B004: more was spent than the budget allows."""
    rate = subject.scorecard.budget.rate
    if rate is not None and rate > 1:
        yield subject.about_budget("B004", f"预算执行率 {fixed(rate * 100, 2)}%，超过 100%")


def changed_budget(subject: Subject) -> Iterator[Diagnostic]:
    """B007: the budget was changed during the year and nothing says why."""
    budget = subject.scorecard.budget
    if None in (budget.initial, budget.adjusted) or budget.initial == budget.adjusted or explained(subject):
        return
    before, after = subject.money(budget.initial or Decimal(0)), subject.money(budget.adjusted or Decimal(0))
    yield subject.about_budget("B007", f"年初预算 {before}，全年预算 {after}，没有说明调整原因")


def cost_targets(subject: Subject) -> Iterator[Diagnostic]:
    """B006: the cost targets are the whole initial budget in every well-made form."""
    costs = [
        i.target.value for i in subject.project.indicators if i.target.kind is Kind.COST and i.target.unit == YUAN
    ]
    initial = subject.scorecard.budget.initial
    if not costs or initial is None or any(i.target.kind is None and "成本" in i.level2 for i in subject.project.indicators):
        return
    total = sum((c for c in costs if c is not None), Decimal(0))
    if total != initial:
        said = f"成本指标的目标合计 {subject.money(total)}，年初预算 {subject.money(initial)}"
        yield subject.about_budget("B006", said)


def fitted_budget(subject: Subject) -> Iterator[Diagnostic]:
    """B008: a budget changed during the year to exactly what was spent: a rate of 100% by adjustment."""
    budget = subject.scorecard.budget
    if budget.adjusted and budget.adjusted == budget.executed and budget.initial not in (None, budget.adjusted):
        said = f"全年预算数由 {subject.money(budget.initial or Decimal(0))} 调整为 {subject.money(budget.adjusted)}，恰等于执行数"
        yield subject.about_budget("B008", said)


def scores_above_execution(subject: Subject) -> Iterator[Diagnostic]:
    """B009: the indicators score far better than the money was spent."""
    rate = subject.scorecard.budget.rate
    scored = [s for s in subject.scorecard.scores if s.points is not None and s.weight]
    weight = sum((Fraction(s.weight or 0) for s in scored), Fraction(0))
    if rate is None or not weight:
        return
    share = sum((Fraction(s.points or 0) for s in scored), Fraction(0)) / weight
    if share - rate > FAR:
        said = f"指标得分率 {fixed(share * 100, 2)}%，预算执行率 {fixed(rate * 100, 2)}%，相差 5 个百分点以上"
        yield subject.about_budget("B009", said)


CHECKS = (low_execution, over_execution, changed_budget, cost_targets, fitted_budget, scores_above_execution)
