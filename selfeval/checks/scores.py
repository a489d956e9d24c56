"""得分: points lost without a reason, over-completion, printed scores, rows that could not be scored."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from selfeval.base.diagnostics import Diagnostic, Severity
from selfeval.base.exact import fixed, percent, plain
from selfeval.base.model import FULL_POINTS, Score
from selfeval.base.text import shorten
from selfeval.checks.subject import Subject
from selfeval.rules.formulas import FULL
from selfeval.scoring.points import points_of
from selfeval.scoring.reasons import has_reason


def missing_reason(subject: Subject) -> Iterator[Diagnostic]:
    """S005: points were lost and nothing says why (Art. 11); the profile sets how grave that is."""
    severity = Severity(subject.rules.missing_reason)
    for score in subject.scorecard.scores:
        if score.points is None or score.weight is None or score.points >= score.weight:
            continue
        if is_slip(score):
            continue
        full = points_of(score.weight, FULL, subject.rules)  # a weight of many decimals rounded may be less
        if score.points < full and not has_reason(score.indicator):
            said = f"分值 {plain(score.weight)} 分，得 {fixed(score.points, 2)} 分，没有说明偏差原因"
            yield subject.about_row(score.indicator, "S005", said, severity)


def over_completion(subject: Subject) -> Iterator[Diagnostic]:
    """S006 / S007: far more than the target was done."""
    for score in subject.scorecard.scores:
        if score.excess is None or score.excess < subject.rules.flag_at or is_slip(score):
            continue
        said = f"完成了目标的 {percent(rounded_rate(score.excess))}"
        if score.excess < subject.rules.reason_at:
            yield subject.about_row(score.indicator, "S006", f"{said}，达到提示线 {percent(subject.rules.flag_at)}")
        elif not has_reason(score.indicator):
            line = f"{said}，达到 {percent(subject.rules.reason_at)} 应说明原因"
            yield subject.about_row(score.indicator, "S007", line, Severity(subject.rules.over_missing))


def is_slip(score: Score) -> bool:
    """Whether the actual looks like a slip of scale, which asks a question of its own (V029)."""
    return any(reading.code == "V029" for reading in score.indicator.actual.readings)


def rounded_rate(rate: Fraction) -> Fraction:
    """A rate to two decimals of a percent, for a message."""
    return Fraction(fixed(rate * 100, 2)) / 100


def printed_points(subject: Subject) -> Iterator[Diagnostic]:
    """S004: the score printed on the imported form is not the rule's; where we shared the weights it cannot be."""
    for score in () if subject.project.weights_shared else subject.scorecard.scores:
        printed = score.indicator.printed_points
        if printed is None or score.points is None or printed == score.points:
            continue
        said = f"原表得分 {plain(printed)} 分，按规则为 {fixed(score.points, 2)} 分"
        yield subject.about_row(score.indicator, "S004", said)


def printed_above_weight(subject: Subject) -> Iterator[Diagnostic]:
    """S011: the imported form gives more points than the row is worth, as far as the form itself says."""
    for score in () if subject.project.weights_shared else subject.scorecard.scores:
        printed = score.indicator.printed_points
        if printed is not None and score.weight is not None and printed > score.weight:
            said = f"原表得分 {plain(printed)} 分，超出分值 {plain(score.weight)} 分"
            yield subject.about_row(score.indicator, "S011", said)


def unscored(subject: Subject) -> Iterator[Diagnostic]:
    """S009: fewer than 100 points could be scored, so there is no grade."""
    card = subject.scorecard
    if card.grade is None and card.scores:
        rows = [s.indicator.level3 for s in card.scores if s.points is None]
        some = "、".join(shorten(name, 20) for name in rows[:5]) + ("等" if len(rows) > 5 else "")
        names = f"（未计分：{some}）" if rows else ""
        full = plain(max(card.full, Decimal(FULL_POINTS)))
        said = f"{full} 分中有 {fixed(card.counted, 2)} 分可以计分，等级暂不评定{names}"
        yield subject.about("S009", said)


CHECKS = (missing_reason, over_completion, printed_points, printed_above_weight, unscored)
