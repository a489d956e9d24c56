"""What the readers and the scorer remarked, as findings at the cell they speak of."""

from __future__ import annotations

from collections.abc import Iterator

from selfeval.base.diagnostics import Diagnostic, Severity, weighed
from selfeval.base.model import Indicator
from selfeval.base.text import shorten
from selfeval.checks.subject import Subject
from selfeval.reading.values.targets import describe

OF_TARGETS = frozenset({"P009", "S010", "S018", "V027"})
"""Remarks of the scorer that are about the target, not about what was done."""


def of_targets(subject: Subject) -> Iterator[Diagnostic]:
    """How targets were read."""
    for indicator in subject.project.indicators:
        for target in (indicator.target, *indicator.target.parts):
            for reading in target.readings:
                if reading.code:
                    yield subject.on_target(indicator, reading)


def of_actuals(subject: Subject) -> Iterator[Diagnostic]:
    """How actuals were read."""
    for indicator in subject.project.indicators:
        for reading in indicator.actual.readings:
            if reading.code and reading.code != "V016":
                yield subject.on_actual(indicator, reading)
        if parts := missing_parts(indicator):
            yield subject.on_actual(
                indicator, "V016.row", actual=shorten(indicator.actual.text), parts="；".join(parts)
            )


def missing_parts(indicator: Indicator) -> list[str]:
    """The parts of a target whose own actual was not found."""
    pairs = zip(indicator.target.parts, indicator.actual.parts, strict=False)
    return [describe(part) for part, done in pairs if any(r.code == "V016" for r in done.readings)]


def of_scores(subject: Subject) -> Iterator[Diagnostic]:
    """What stood in the way of a score, or how it was filled in.

    V012 asks for 自评得分, and is a note once it is given.
    """
    for score in subject.scorecard.scores:
        for reading in score.readings:
            on_row = subject.on_target if reading.code in OF_TARGETS else subject.on_actual
            d = on_row(score.indicator, reading)
            answered = reading.code == "V012" and score.override is not None
            yield weighed(d, Severity.INFO) if answered else d


def of_weights(subject: Subject) -> Iterator[Diagnostic]:
    """W012: rows left out as not applicable."""
    for reading in subject.scorecard.readings:
        yield subject.on_project(reading)


def of_budget(subject: Subject) -> Iterator[Diagnostic]:
    """What stood in the way of the execution rate."""
    for reading in subject.scorecard.budget.readings:
        place = subject.project.funds[0].place if subject.project.funds else None
        column = dict(reading.params).get("column")
        yield subject.on_project(reading, place.beside(str(column)) if place and column else place)


CHECKS = (of_targets, of_actuals, of_scores, of_weights, of_budget)
