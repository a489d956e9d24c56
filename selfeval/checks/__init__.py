"""Findings about what was read and scored: pure functions, one per finding, and one loop over them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain

from selfeval.checks import (
    actuals,
    budget,
    evidence,
    goals,
    prose,
    readings,
    reviews,
    scores,
    targets,
    weights,
    whole,
    wording,
)
from selfeval.checks.subject import Subject
from selfeval.checks.whole import Whole
from selfeval.diagnostics import Diagnostic

CHECKS: tuple[Callable[[Subject], Iterable[Diagnostic]], ...] = (
    *readings.CHECKS,
    *targets.CHECKS,
    *actuals.CHECKS,
    *weights.CHECKS,
    *scores.CHECKS,
    *budget.CHECKS,
    *evidence.CHECKS,
    *goals.CHECKS,
    *prose.CHECKS,
    *wording.CHECKS,
    *reviews.CHECKS,
)


def check(subject: Subject) -> tuple[Diagnostic, ...]:
    """All findings about one project."""
    return tuple(chain.from_iterable(one(subject) for one in CHECKS))


def check_whole(evaluation: Whole) -> tuple[Diagnostic, ...]:
    """All findings about an evaluation as a whole."""
    return tuple(d for one in whole.CHECKS for d in one(evaluation))
