"""分值: the sum of all, and of each first level."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from selfeval.base.diagnostics import Diagnostic
from selfeval.base.model import FULL_POINTS, Indicator
from selfeval.base.phrases import phrase
from selfeval.base.remarks import Reading, reading
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
        yield subject.on_project(total_remark(rows, execution), subject.project.indicators[0].place)


def total_remark(rows: Decimal, execution: Decimal) -> Reading:
    """What is wrong with a sum: the execution rate forgotten, or something else."""
    if rows == FULL_POINTS:
        return reading("W002.no_room", execution=execution, total=rows + execution)
    return reading("W002.other", rows=rows, execution=execution, total=rows + execution)


def execution_twice(subject: Subject) -> Iterator[Diagnostic]:
    """W010: 预算执行率 is a row of its own and is counted twice; where the profile gives it no points it is a row."""
    if not subject.scorecard.budget.weight:
        return
    for indicator in subject.project.indicators:
        if "执行率" in indicator.level3 and _EXECUTION.fullmatch(indicator.level3.strip()):
            own = subject.scorecard.budget.weight
            yield subject.on_target(indicator, "W010", name=shorten(indicator.level3), execution=own)


def own_weights(subject: Subject) -> bool:
    """Whether every scored row has the form's own weight: none shared out, missing, or raised by a row left out."""
    rows = [row for row in subject.project.indicators if not row.is_detail]
    return not subject.project.weights_shared and all(i.weight is not None and i.stated_weight is None for i in rows)


def levels(subject: Subject) -> Iterator[Diagnostic]:
    """W003: each first level has the points the profile gives it, where it fixes any; said once."""
    if not subject.rules.levels.fixed:
        return
    if not own_weights(subject):
        return
    card = subject.scorecard
    points, moved = level_points(subject.rules.levels, [level.name for level in card.levels])
    if moved and sum((level.weight for level in card.levels), card.budget.weight) < FULL_POINTS:
        return  # rows are lacking (W002, C004): what those there are due nobody knows yet
    off = [
        (level, points[level.name])
        for level in card.levels
        if level.name in points and Fraction(level.weight) != points[level.name]
    ]
    if off:
        levels = tuple(
            phrase("{level:_} {weight} 分（规则 {due} 分）", level=level.name, weight=level.weight, due=due)
            for level, due in off
        )
        row = next(i for i in subject.project.indicators if i.level1 == off[0][0].name)
        yield subject.on_project("W003", row.place, levels=levels)


def stated_sums(subject: Subject) -> Iterator[Diagnostic]:
    """W011: `数量指标(20分)` or `年度绩效目标1（40分）`, and the rows below it make another sum."""
    if not own_weights(subject):
        return
    for name, rows in groups_with_points(subject.project.indicators):
        stated = _STATED.search(fold(name))
        total = sum((row.weight for row in rows if row.weight is not None), Decimal(0))
        if stated and Fraction(stated[1]) != Fraction(total):
            yield subject.on_project("W011", rows[0].place, name=shorten(name), stated=stated[1], total=total)


def groups_with_points(rows: Sequence[Indicator]) -> Iterator[tuple[str, list[Indicator]]]:
    """The scored rows below each second level, then below each 年度绩效目标."""
    scored = [row for row in rows if not row.is_detail]
    for key in (lambda row: (row.level1, row.level2), lambda row: ("", row.goal)):
        groups: dict[tuple[str, str], list[Indicator]] = {}
        for row in scored:
            groups.setdefault(key(row), []).append(row)
        yield from ((name, group) for (_, name), group in groups.items())


def heavy(subject: Subject) -> Iterator[Diagnostic]:
    """W009: one row carries most of the points."""
    if subject.project.weights_shared:
        return
    for indicator in subject.project.indicators:
        weight = indicator.form_weight
        if weight is not None and weight >= HEAVY:
            yield subject.on_target(indicator, "W009", weight=weight)


CHECKS = (total, execution_twice, levels, stated_sums, heavy)
