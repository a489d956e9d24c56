"""得分: points lost without a reason, over-completion, printed scores, rows that could not be scored."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from selfeval.base.diagnostics import Diagnostic, Severity, weighed
from selfeval.base.exact import fixed
from selfeval.base.model import FULL_POINTS, Score
from selfeval.base.text import shorten
from selfeval.checks.subject import Subject, is_begun
from selfeval.rules.formulas import FULL
from selfeval.scoring.points import points_of
from selfeval.scoring.reasons import has_reason


def missing_reason(subject: Subject) -> Iterator[Diagnostic]:
    """S005: points were lost and nothing says why (Art. 11); the profile sets how grave that is."""
    severity = Severity(subject.rules.missing_reason)
    for score in subject.scorecard.scores:
        if score.points is None or score.weight is None or score.points >= score.weight or is_slip(score):
            continue
        full = points_of(score.weight, FULL, subject.rules)  # a weight of many decimals rounded may be less
        if score.points < full and not has_reason(score.indicator):
            d = subject.on_actual(score.indicator, "S005", weight=score.weight, points=score.points)
            yield weighed(d, severity)


def over_completion(subject: Subject) -> Iterator[Diagnostic]:
    """S006 / S007: far more than the target was done."""
    for score in subject.scorecard.scores:
        if score.excess is None or score.excess < subject.rules.flag_at or is_slip(score):
            continue
        rate, rules = Fraction(fixed(score.excess * 100, 2)) / 100, subject.rules
        if score.excess < rules.reason_at:
            yield subject.on_actual(score.indicator, "S006", rate=rate, line=rules.flag_at)
        elif not has_reason(score.indicator):
            d = subject.on_actual(score.indicator, "S007", rate=rate, line=rules.reason_at)
            yield weighed(d, Severity(rules.over_missing))


def is_slip(score: Score) -> bool:
    """Whether the actual looks like a slip of scale, which asks a question of its own (V029)."""
    return any(reading.code == "V029" for reading in score.indicator.actual.readings)


def printed_points(subject: Subject) -> Iterator[Diagnostic]:
    """S004: the score printed on the imported form is not the rule's; where we shared the weights it cannot be."""
    for score in () if subject.project.weights_shared else subject.scorecard.scores:
        printed = score.indicator.printed_points
        if printed is None or score.points is None or printed == score.points:
            continue
        yield subject.on_actual(score.indicator, "S004", printed=printed, points=score.points)


def printed_above_weight(subject: Subject) -> Iterator[Diagnostic]:
    """S011: the imported form gives more points than the row is worth, as far as the form itself says."""
    for score in () if subject.project.weights_shared else subject.scorecard.scores:
        printed = score.indicator.printed_points
        if printed is not None and score.weight is not None and printed > score.weight:
            yield subject.on_actual(score.indicator, "S011", printed=printed, weight=score.weight)


def unscored(subject: Subject) -> Iterator[Diagnostic]:
    """S009: fewer than 100 points could be scored, so there is no grade; not before anything is filled in."""
    card = subject.scorecard
    if card.grade is None and any(is_begun(s.indicator) for s in card.scores):
        rows = [shorten(s.indicator.level3, 20) for s in card.scores if s.points is None]
        full, names = max(card.full, Decimal(FULL_POINTS)), tuple(rows[:5])
        if rows:
            key = "S009.many" if len(rows) > len(names) else "S009.few"
            yield subject.on_project(key, full=full, counted=card.counted, names=names)
        elif card.budget.points is None:  # else the weights fall short, which W002 says
            weights = sum((s.weight for s in card.scores if s.weight is not None), Decimal(0))
            yield subject.on_project("S009.budget", full=full, counted=card.counted, weights=weights)


CHECKS = (missing_reason, over_completion, printed_points, printed_above_weight, unscored)
