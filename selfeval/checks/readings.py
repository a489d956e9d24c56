"""What the readers and the scorer remarked, as findings at the cell they speak of."""

from __future__ import annotations

from collections.abc import Iterator

from selfeval.base.diagnostics import Diagnostic, of_reading
from selfeval.base.model import Indicator
from selfeval.base.remarks import Reading
from selfeval.checks.subject import Subject

OF_TARGETS = frozenset({"P009", "S010", "V027"})
"""Remarks of the scorer that are about the target, not about what was done."""


def remarked(subject: Subject, indicator: Indicator, reading: Reading, *, target: bool = False) -> Diagnostic:
    """A remark about one indicator, at its actual (or its target)."""
    place = indicator.place if target or indicator.actual_place is None else indicator.actual_place
    return of_reading(reading, place, project=subject.project.id, indicator=indicator.id)


def of_targets(subject: Subject) -> Iterator[Diagnostic]:
    """How targets were read."""
    for indicator in subject.project.indicators:
        for target in (indicator.target, *indicator.target.parts):
            for reading in target.readings:
                if reading.code:
                    yield remarked(subject, indicator, reading, target=True)


def of_actuals(subject: Subject) -> Iterator[Diagnostic]:
    """How actuals were read."""
    for indicator in subject.project.indicators:
        for reading in indicator.actual.readings:
            if reading.code:
                yield remarked(subject, indicator, reading)


def of_scores(subject: Subject) -> Iterator[Diagnostic]:
    """What stood in the way of a score, or how it was filled in."""
    for score in subject.scorecard.scores:
        for reading in score.readings:
            yield remarked(subject, score.indicator, reading, target=reading.code in OF_TARGETS)


def of_weights(subject: Subject) -> Iterator[Diagnostic]:
    """W012: rows left out as not applicable."""
    for reading in subject.scorecard.readings:
        yield subject.about(reading.code, reading.message)


def of_budget(subject: Subject) -> Iterator[Diagnostic]:
    """What stood in the way of the execution rate."""
    for reading in subject.scorecard.budget.readings:
        place = subject.project.funds[0].place if subject.project.funds else subject.project.place
        yield of_reading(reading, place, project=subject.project.id)


CHECKS = (of_targets, of_actuals, of_scores, of_weights, of_budget)
