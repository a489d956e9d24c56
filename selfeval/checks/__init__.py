"""Findings about what was read and scored: pure functions, one per finding, and one loop over them all.

A project with its scorecard (`subject`), or all of them together (`all_projects`), enters; diagnostics leave. A check
changes nothing and knows no other check; their order is that of `CHECKS` in checks/`__init__`. One module a subject
(`targets`, `actuals`, `weights`, `scores`, `reasons`, `budget`, `evidence`, `prose`, `reviews`), not one a letter.
What only a reader or the scorer can see it remarks itself, and `readings` makes that a finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain

from selfeval.base.diagnostics import Diagnostic
from selfeval.checks import (
    actuals,
    budget,
    evidence,
    goals,
    printed,
    prose,
    readings,
    reasons,
    reviews,
    scores,
    slips,
    starter,
    targets,
    weights,
    wording,
)
from selfeval.checks import all_projects as whole
from selfeval.checks.all_projects import Whole
from selfeval.checks.subject import Subject

CHECKS: tuple[Callable[[Subject], Iterable[Diagnostic]], ...] = (
    *readings.CHECKS,
    *targets.CHECKS,
    *actuals.CHECKS,
    *weights.CHECKS,
    *scores.CHECKS,
    *printed.CHECKS,
    *reasons.CHECKS,
    *budget.CHECKS,
    *evidence.CHECKS,
    *slips.CHECKS,
    *goals.CHECKS,
    *prose.CHECKS,
    *wording.CHECKS,
    *starter.CHECKS,
    *reviews.CHECKS,
)


def check(subject: Subject) -> tuple[Diagnostic, ...]:
    """All findings about one project."""
    return tuple(chain.from_iterable(one(subject) for one in CHECKS))


def check_whole(evaluation: Whole) -> tuple[Diagnostic, ...]:
    """All findings about an evaluation as a whole."""
    return tuple(d for one in whole.CHECKS for d in one(evaluation))
