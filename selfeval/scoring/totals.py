"""Totals over projects and sources of funds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from selfeval.base.exact import rounded
from selfeval.base.model import BudgetScore, Fund
from selfeval.rules.profile import Rules


def known_total(amounts: Sequence[Decimal | None]) -> Decimal | None:
    """The sum, None where there is nothing or an amount is missing."""
    known = [a for a in amounts if a is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(amounts) else None


@dataclass(frozen=True, slots=True)
class Figures:
    """Money of a project or of the whole unit, in 元, and the rate of execution."""

    initial: Decimal | None
    adjusted: Decimal | None
    executed: Decimal | None
    rate: Fraction | None


def figures(budget: BudgetScore) -> Figures:
    """The figures of one scorecard."""
    return Figures(budget.initial, budget.adjusted, budget.executed, budget.rate)


def exact_total(values: Sequence[Decimal | None]) -> Decimal | None:
    """The exact sum; unknown as soon as one value is."""
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None
    digits = max((-int(value.as_tuple().exponent) for value in known), default=0)
    return rounded(sum(map(Fraction, known), Fraction(0)), max(0, digits))


def leaves_out(budget: BudgetScore | Figures, funds: Sequence[Fund]) -> bool:
    """Whether these sources hold more money than counts for the rate."""
    names = ("initial", "adjusted", "executed")
    return bool(funds) and any(
        getattr(budget, name) != exact_total([getattr(fund, name) for fund in funds]) for name in names
    )


def sums(budgets: Sequence[BudgetScore], rules: Rules) -> Figures:
    """The sums of these budgets, and the rate of execution by the rules' denominator.

    There is no rate as soon as one of the budgets has money and none: which of its sources count is not known.
    """
    initial = exact_total([b.initial for b in budgets])
    adjusted = exact_total([b.adjusted for b in budgets])
    executed = exact_total([b.executed for b in budgets])
    base_of = rules.execution.base
    base = base_of(initial, adjusted)
    untold = any(b.rate is None and base_of(b.initial, b.adjusted) for b in budgets)
    if executed is None or base is None or base <= 0 or untold:
        return Figures(initial, adjusted, executed, None)
    return Figures(initial, adjusted, executed, Fraction(executed) / Fraction(base))
