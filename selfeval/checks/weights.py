"""分值: the sum of all, and of each first level."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from selfeval.checks.subject import Subject
from selfeval.diagnostics import Diagnostic
from selfeval.exact import plain, shown
from selfeval.weights import level_points

HEAVY = 60
"""Points in one row from which a reviewer asks why there are no others."""


def total(subject: Subject) -> Iterator[Diagnostic]:
    """W002: weights of the indicators and of the execution rate make 100."""
    weights = [i.weight for i in subject.project.indicators]
    if not weights or None in weights:
        return
    indicators = sum((w for w in weights if w is not None), Decimal(0))
    execution = subject.scorecard.budget.weight
    if indicators + execution != 100:
        yield subject.about(
            "W002",
            f"指标分值合计 {plain(indicators)} 分，加预算执行率 {plain(execution)} 分为 {plain(indicators + execution)} 分，应为 100 分",
            subject.project.indicators[0].place,
        )


def levels(subject: Subject) -> Iterator[Diagnostic]:
    """W003: each first level has the points the profile gives it."""
    if subject.project.weights_shared or any(i.weight is None for i in subject.project.indicators):
        return
    names = [level.name for level in subject.scorecard.levels]
    points, _ = level_points(subject.rules.levels, names)
    for level in subject.scorecard.levels:
        due = points.get(level.name)
        if due is not None and Fraction(level.weight) != due:
            row = next(i for i in subject.project.indicators if i.level1 == level.name)
            said = f"{level.name}的分值合计 {plain(level.weight)} 分，规则为 {shown(due)} 分"
            yield subject.about("W003", said, row.place)



def heavy(subject: Subject) -> Iterator[Diagnostic]:
    """W009: one row carries most of the points."""
    if subject.project.weights_shared:
        return
    for indicator in subject.project.indicators:
        if indicator.weight is not None and indicator.weight >= HEAVY:
            yield subject.about_row(indicator, "W009", f"一个指标占 {plain(indicator.weight)} 分", target=True)


CHECKS = (total, levels, heavy)
