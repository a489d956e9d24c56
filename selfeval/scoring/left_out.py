"""Rows that do not apply this year (不适用): left out, their weight shared over the other rows pro rata.

Only where the profile allows it, and only a row that says why; any other such row stays in the sums and unscored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from selfeval.base.exact import plain
from selfeval.base.model import INAPPLICABLE, Indicator, Project
from selfeval.base.phrases import phrase
from selfeval.base.remarks import Reading, reading
from selfeval.base.text import shorten
from selfeval.rules.profile import Rules
from selfeval.rules.weights import without_inapplicable
from selfeval.scoring.reasons import has_reason


def with_left_out(project: Project, rules: Rules) -> tuple[Project, tuple[Reading, ...]]:
    """The project with such rows marked and the weights of the others raised, and what is to be said of it."""
    rows = [i for i in project.indicators if not i.is_detail]
    out = [rules.levels.inapplicable and i.method == INAPPLICABLE and has_reason(i) for i in rows]
    weights = [i.weight for i in rows if i.weight is not None]
    if not any(out) or len(weights) < len(rows):
        return project, ()
    raised = without_inapplicable(weights, out)
    if not raised:
        return project, ()
    fresh = iter(raised)
    anew = {i.id: without_weight(i) if left else raised_to(i, next(fresh)) for i, left in zip(rows, out, strict=True)}
    indicators = tuple(anew.get(i.id, i) for i in project.indicators)
    return replace(project, indicators=indicators), (said_of([i for i, left in zip(rows, out, strict=True) if left]),)


def without_weight(indicator: Indicator) -> Indicator:
    """A row that is left out."""
    return replace(indicator, weight=None, stated_weight=indicator.weight, left_out=True)


def raised_to(indicator: Indicator, weight: Decimal) -> Indicator:
    """A row that stays, with its part of what was left out."""
    return replace(indicator, weight=weight, stated_weight=indicator.weight)


def said_of(rows: Sequence[Indicator]) -> Reading:
    """W012: what was left out, and where its points went."""
    points = sum((i.weight for i in rows if i.weight is not None), Decimal(0))
    return reading("W012", names=tuple(shorten(i.level3) for i in rows), points=points)


def weight_steps(indicator: Indicator) -> tuple[str, ...]:
    """The step that tells a raised weight; none where the weight is the form's own."""
    stated, weight = indicator.stated_weight, indicator.weight
    if stated is None:
        return ()
    if stated < 0:
        return (phrase("分值：表上 {stated} 分，分值不能是负数，不采用。", stated=plain(stated)),)
    if weight is None:
        return (
            phrase(
                "不适用，剔除：{reason}；其分值 {stated} 分按比例分给其余各行，不计分。",
                reason=indicator.reason.rstrip("。"),
                stated=plain(stated),
            ),
        )
    return (
        phrase(
            "分值：原为 {stated} 分，剔除不适用的指标后按比例为 {weight} 分。",
            stated=plain(stated),
            weight=plain(weight),
        ),
    )
