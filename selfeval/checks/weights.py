"""分值: the sum of all, and of each first level."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from selfeval.base.diagnostics import Diagnostic
from selfeval.base.exact import plain, shown
from selfeval.base.model import FULL_POINTS
from selfeval.base.text import fold, shorten
from selfeval.checks.subject import Subject
from selfeval.rules.weights import level_points

_EXECUTION = re.compile("(?:全年|年度|项目)*(?:预算资金|资金预算|预算|资金|经费)(?:支出)?执行率")
_STATED = re.compile(r"\(\s*(\d+(?:\.\d+)?)\s*分\s*\)")
HEAVY = 60
"""Points in one row from which a reviewer asks why there are no others."""


def total(subject: Subject) -> Iterator[Diagnostic]:
    """W002: weights of the indicators and of the execution rate make 100."""
    weights = [i.weight for i in subject.project.indicators]
    if not weights or None in weights:
        return
    rows = sum((w for w in weights if w is not None), Decimal(0))
    execution = subject.scorecard.budget.weight
    if rows + execution != FULL_POINTS:
        yield subject.about("W002", total_words(rows, execution), subject.project.indicators[0].place)


def total_words(rows: Decimal, execution: Decimal) -> str:
    """What is wrong with a sum: the execution rate forgotten, or something else."""
    made = f"加预算执行率 {plain(execution)} 分为 {plain(rows + execution)} 分"
    if rows == FULL_POINTS:
        return f"指标分值合计已是 100 分，没有给预算执行率留出 {plain(execution)} 分，{made}"
    return f"指标分值合计 {plain(rows)} 分，{made}，应为 100 分"


def execution_twice(subject: Subject) -> Iterator[Diagnostic]:
    """W010: 预算执行率 is a row of its own and is counted twice; where the profile gives it no points it is a row."""
    if not subject.scorecard.budget.weight:
        return
    for indicator in subject.project.indicators:
        if "执行率" in indicator.level3 and _EXECUTION.fullmatch(indicator.level3.strip()):
            own = plain(subject.scorecard.budget.weight)
            said = f"“{shorten(indicator.level3)}”列作了指标，预算执行率另有 {own} 分，重复计分"
            yield subject.about_row(indicator, "W010", said, target=True)


def own_weights(subject: Subject) -> bool:
    """Whether every row has the weight the form gives it: none shared out, missing, or raised by a row left out."""
    rows = subject.project.indicators
    return not subject.project.weights_shared and all(i.weight is not None and i.stated_weight is None for i in rows)


def levels(subject: Subject) -> Iterator[Diagnostic]:
    """W003: each first level has the points the profile gives it, where it fixes any; said once."""
    if not subject.rules.levels.fixed:
        return
    if not own_weights(subject):
        return
    points, _ = level_points(subject.rules.levels, [level.name for level in subject.scorecard.levels])
    off = [
        (level, points[level.name])
        for level in subject.scorecard.levels
        if level.name in points and Fraction(level.weight) != points[level.name]
    ]
    if off:
        said = "，".join(f"{level.name} {plain(level.weight)} 分（规则 {shown(due)} 分）" for level, due in off)
        row = next(i for i in subject.project.indicators if i.level1 == off[0][0].name)
        yield subject.about("W003", f"一级指标的分值与规则不同：{said}", row.place)


def stated_sums(subject: Subject) -> Iterator[Diagnostic]:
    """W011: `数量指标(20分)`, and the rows below it make another sum."""
    if not own_weights(subject):
        return
    for level1 in subject.scorecard.levels:
        for level2 in level1.children:
            stated = _STATED.search(fold(level2.name))
            if stated and Fraction(stated[1]) != Fraction(level2.weight):
                row = next(i for i in subject.project.indicators if i.level2 == level2.name)
                said = f"“{shorten(level2.name)}”标明 {stated[1]} 分，其下各行合计 {plain(level2.weight)} 分"
                yield subject.about("W011", said, row.place)


def heavy(subject: Subject) -> Iterator[Diagnostic]:
    """W009: one row carries most of the points."""
    if subject.project.weights_shared:
        return
    for indicator in subject.project.indicators:
        weight = indicator.stated_weight or indicator.weight
        if weight is not None and weight >= HEAVY:
            yield subject.about_row(indicator, "W009", f"一个指标占 {plain(weight)} 分", target=True)


CHECKS = (total, execution_twice, levels, stated_sums, heavy)
