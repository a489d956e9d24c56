"""What an imported form printed of a project, against what its rows come to. Compared, never used."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from selfeval.base.diagnostics import Diagnostic
from selfeval.checks.subject import Subject


def total(subject: Subject) -> Iterator[Diagnostic]:
    """S012: 原表总分, where every row could be scored."""
    card, printed = subject.scorecard, subject.project.printed.total
    if printed is None or card.total is None or printed == card.total or card.counted < card.full:
        return
    yield subject.on_project("S012", printed=printed, total=card.total)


def grade(subject: Subject) -> Iterator[Diagnostic]:
    """S013: 原表等级; `优秀` is 优."""
    card, printed = subject.scorecard, subject.project.printed.grade
    if printed and card.grade and not printed.startswith(card.grade):
        yield subject.on_project("S013", printed=printed, grade=card.grade)


def execution(subject: Subject) -> Iterator[Diagnostic]:
    """S014: 原表执行率得分."""
    points, printed = subject.scorecard.budget.points, subject.project.printed.execution
    if printed is not None and points is not None and printed != points:
        yield subject.on_project("S014", printed=printed, points=points)


def own_sum(subject: Subject) -> Iterator[Diagnostic]:
    """S015: 原表总分 against the points printed beside its own rows, where all of them are."""
    printed = subject.project.printed
    parts = [indicator.printed_points for indicator in subject.project.indicators]
    if printed.total is None or printed.execution is None or None in parts or not parts:
        return
    rows = sum((part for part in parts if part is not None), Decimal(0))
    if rows + printed.execution != printed.total:
        total, execution = printed.total, printed.execution
        yield subject.on_project("S015", printed=total, rows=rows + execution, execution=execution)


CHECKS = (total, grade, execution, own_sum)
