"""What the readers and the scorer remarked, as findings at the cell they speak of."""

from __future__ import annotations

from collections.abc import Iterator

from selfeval.base.diagnostics import Diagnostic
from selfeval.checks.subject import Subject

OF_TARGETS = frozenset({"P009", "S010", "V027"})
"""Remarks of the scorer that are about the target, not about what was done."""


def of_targets(subject: Subject) -> Iterator[Diagnostic]:
    """How targets were read."""
    for indicator in subject.project.indicators:
        for target in (indicator.target, *indicator.target.parts):
            for reading in target.readings:
                if reading.code:
                    yield subject.about_row(indicator, reading.code, reading.message, target=True)


def of_actuals(subject: Subject) -> Iterator[Diagnostic]:
    """How actuals were read."""
    for indicator in subject.project.indicators:
        for reading in indicator.actual.readings:
            if reading.code:
                yield subject.about_row(indicator, reading.code, reading.message)


def of_scores(subject: Subject) -> Iterator[Diagnostic]:
    """What stood in the way of a score, or how it was filled in."""
    for score in subject.scorecard.scores:
        for reading in score.readings:
            about_target = reading.code in OF_TARGETS
            yield subject.about_row(score.indicator, reading.code, reading.message, target=about_target)


def of_weights(subject: Subject) -> Iterator[Diagnostic]:
    """W012: rows left out as not applicable."""
    for reading in subject.scorecard.readings:
        yield subject.about(reading.code, reading.message)


def of_budget(subject: Subject) -> Iterator[Diagnostic]:
    """What stood in the way of the execution rate."""
    for reading in subject.scorecard.budget.readings:
        yield subject.about_budget(reading.code, reading.message)


CHECKS = (of_targets, of_actuals, of_scores, of_weights, of_budget)
