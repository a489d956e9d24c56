"""Findings about what was read and scored: pure functions, one per finding, and one loop over them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from selfeval.checks import budget, consistency, evidence, readings, scores, weights
from selfeval.checks.subject import Subject
from selfeval.diagnostics import Diagnostic

CHECKS: tuple[Callable[[Subject], Iterable[Diagnostic]], ...] = (
    *readings.CHECKS,
    *weights.CHECKS,
    *scores.CHECKS,
    *budget.CHECKS,
    *consistency.CHECKS,
    *evidence.CHECKS,
)


def check(subject: Subject) -> tuple[Diagnostic, ...]:
    """All findings about one project."""
    return tuple(d for one in CHECKS for d in one(subject))
