"""Projects of one name put together, as a form prints it: counts added, rates weighted by funds, then scored.

A target in words gets the mean of the points weighted by funds. What the form does not say (dates, ranges, prices, rows
that are not the same everywhere) is not merged, and the row says why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from selfeval.base.exact import rounded
from selfeval.base.model import PERCENT, BudgetScore, Indicator, Kind, Project, Score
from selfeval.rules.profile import Rules
from selfeval.scoring.execution import execution_share, share_points
from selfeval.scoring.score import score_indicator
from selfeval.scoring.steps import shown_in
from selfeval.scoring.totals import Figures, sums

DIGITS = 8
"""Decimals of a mean of rates."""

Amounts = Sequence[Decimal | None]


@dataclass(frozen=True, slots=True)
class MergedRow:
    """An indicator of all of them with its points; `why` not, where it is not merged.

    `target`, `actual`: what was to be and was achieved, as the indicator then has them too; "" of a target in words.
    """

    indicator: Indicator
    count: int
    target: str = ""
    actual: str = ""
    points: Decimal | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Merged:
    """Projects of one name as one. `total`: of what could be scored; `counted`: how many points that was."""

    name: str
    ids: tuple[str, ...]
    money: Figures
    weight: Decimal
    execution: Decimal | None
    rows: tuple[MergedRow, ...]
    total: Decimal | None
    counted: Decimal


@dataclass(frozen=True, slots=True)
class Share:
    """A project that is put together with others, and its scored rows."""

    id: str
    budget: BudgetScore
    rows: tuple[Score, ...]


Group = list[tuple[Score, BudgetScore]]


def merged(name: str, shares: Sequence[Share], rules: Rules) -> Merged:
    """The projects of one name."""
    money = sums([share.budget for share in shares], rules)
    execution = None
    if money.rate is not None:
        part, _ = execution_share(money.rate, rules)
        execution = share_points(part, rules)
    rows = tuple(merged_row(group, len(shares), rules) for group in groups_of(shares))
    weight = shares[0].budget.weight
    scored = [(row.indicator.weight or Decimal(0), row.points) for row in rows if row.points is not None]
    scored += [(weight, execution)] if execution is not None else []
    total = sum((points for _, points in scored), Decimal(0)) if scored else None
    ids = tuple(share.id for share in shares)
    return Merged(name, ids, money, weight, execution, rows, total, sum((weight for weight, _ in scored), Decimal(0)))


def groups_of(shares: Sequence[Share]) -> list[Group]:
    """The rows of one name, each with the money of its project."""
    groups: dict[tuple[str, str, str, str], Group] = {}
    for share in shares:
        for score in share.rows:
            row = score.indicator
            groups.setdefault((row.goal, row.level1, row.level2, row.level3), []).append((score, share.budget))
    return list(groups.values())


def merged_row(group: Group, projects: int, rules: Rules) -> MergedRow:
    """One indicator of so many projects: of all, or the points would be those of more than one project."""
    scores = [score for score, _ in group]
    first, why = scores[0].indicator, of_each_once(scores, projects) or differing(scores)
    if why:
        return MergedRow(first, len(group), why=why)
    funds = [funds_of(budget, rules) for _, budget in group]
    if first.target.kind is Kind.QUALITATIVE:
        return of_words(first, scores, funds, rules)
    if first.target.kind in {Kind.NUMBER, Kind.COST}:
        return of_numbers(first, scores, funds, rules)
    return MergedRow(first, len(group), why="表上没有说这类目标怎样合并")


ALIKE: dict[str, Callable[[Score], object]] = {
    "分值": lambda one: one.weight,
    "目标的类别": lambda one: one.indicator.target.kind,
    "计量单位": lambda one: one.indicator.target.unit,
    "方向": lambda one: (one.indicator.target.operator, one.indicator.target.direction),
    "评分方法": lambda one: one.indicator.method,
}
"""What rows that are put together have in common."""


def of_each_once(scores: Sequence[Score], projects: int) -> str:
    """Why these are not one row of each project; "" where they are."""
    if len({score.indicator.project for score in scores}) < projects:
        return "不是每个项目都有这一行"
    return "" if len(scores) == projects else "有的项目有几行同名的指标"


def differing(scores: Sequence[Score]) -> str:
    """Why rows of one name are not of one kind; "" where they are."""
    different = (what for what, of in ALIKE.items() if any(of(a) != of(b) for a, b in pairwise(scores)))
    return next((f"各项目的{what}不同" for what in different), "")


def funds_of(budget: BudgetScore, rules: Rules) -> Decimal | None:
    """The funds that weigh a project; None where they are not known."""
    return rules.execution.base(budget.initial, budget.adjusted) if budget.rate is not None else None


def of_words(first: Indicator, scores: Sequence[Score], funds: Amounts, rules: Rules) -> MergedRow:
    """The mean of the points, weighted by funds."""
    mean = weighted([score.points for score in scores], funds)
    if mean is None:
        return MergedRow(first, len(scores), why="有的项目没有得分或资金")
    most = rounded(first.weight or Decimal(0), 2)
    return MergedRow(first, len(scores), points=min(rounded(mean, rules.digits, rules.rounding), most))


def of_numbers(first: Indicator, scores: Sequence[Score], funds: Amounts, rules: Rules) -> MergedRow:
    """Counts added, rates weighted by funds; then scored as one row."""
    unit = first.target.unit
    if not unit:
        return MergedRow(first, len(scores), why="没有计量单位，不知道是绝对值还是相对值")
    if "/" in unit:
        return MergedRow(first, len(scores), why="表上没有说单价、人均一类怎样合并")
    put_together = weighted if unit == PERCENT else added
    asked = put_together([score.indicator.target.value for score in scores], funds)
    done = put_together([score.indicator.actual.value for score in scores], funds)
    if asked is None or done is None:
        return MergedRow(first, len(scores), why="有的项目没有完成值或资金")
    target, actual = rounded(asked, DIGITS), rounded(done, DIGITS)
    asked_text, done_text = f"{first.target.operator or ''}{shown_in(target, unit)}", shown_in(actual, unit)
    indicator = replace(
        first,
        target=replace(first.target, value=target, text=asked_text),
        actual=replace(first.actual, value=actual, text=done_text),
        entered_points=None,
        adjustment=None,
        review=None,
    )
    return MergedRow(indicator, len(scores), asked_text, done_text, points_of(indicator, rules))


def points_of(one: Indicator, rules: Rules) -> Decimal | None:
    """What the rule gives for a target and an actual that were put together."""
    return score_indicator(one, rules, Project("", "", {}, None, None, (), (one,), one.place)).points


def added(values: Amounts, _: Amounts) -> Fraction | None:
    """The sum; None where a value is missing."""
    known = [Fraction(value) for value in values if value is not None]
    return sum(known, Fraction(0)) if len(known) == len(values) else None


def weighted(values: Amounts, funds: Amounts) -> Fraction | None:
    """The mean weighted by funds; None where a value or the funds are missing."""
    pairs = [(Fraction(v), Fraction(f)) for v, f in zip(values, funds, strict=True) if v is not None and f is not None]
    whole = sum((fund for _, fund in pairs), Fraction(0))
    if len(pairs) < len(values) or whole <= 0:
        return None
    return sum((value * fund for value, fund in pairs), Fraction(0)) / whole
