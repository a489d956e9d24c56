"""A review scored: the reviewer's points beside the unit's own, per row, level and project.

The unit's own points and the rule's stay what they are. Where 复核完成值 is given, the same rule scores it as it
scored the unit's, so that a 复核得分 can be held against the rule too.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from selfeval.base.exact import fixed, plain, rounded, signed
from selfeval.base.model import (
    Indicator,
    LevelScore,
    Project,
    Review,
    Reviewed,
    ReviewedTotal,
    Score,
    Scorecard,
)
from selfeval.base.phrases import phrase
from selfeval.base.remarks import Reading, reading
from selfeval.rules.profile import Rules
from selfeval.scoring.points import entered_step, points_of
from selfeval.scoring.score import level_scores, score_indicator, summed_up
from selfeval.scoring.steps import reading_line, reading_steps, value_reading


def with_review(card: Scorecard, rules: Rules) -> Scorecard:
    """The scorecard with its review, as it is where nothing was reviewed."""
    if not any(score.indicator.review for score in card.scores):
        return card
    scores = tuple(with_reviewed(score, rules, card.project) for score in card.scores)
    standing = [replace(score, points=score.standing) for score in scores]
    levels = zip(card.levels, level_scores(standing), strict=True)
    total = ReviewedTotal(*summed_up(standing, card.budget, rules))
    return replace(card, scores=scores, levels=tuple(with_sums(*both) for both in levels), review=total)


def with_sums(level: LevelScore, after: LevelScore) -> LevelScore:
    """A level with what it comes to after the review, and so its second levels."""
    children = zip(level.children, after.children, strict=True)
    return replace(level, reviewed=after.points, children=tuple(with_sums(*both) for both in children))


# ── rows ──────────────────────────────────────────────────────────────────────────────────────


def with_reviewed(score: Score, rules: Rules, project: Project) -> Score:
    """A row with its review scored."""
    review = score.indicator.review
    if review is None:
        return score
    again = scored_as_seen(score.indicator, review, rules, project)
    points, refusal = points_that_count(review, score, again, rules)
    steps = again.steps[len(reading_steps(again.indicator)) :] if again else ()
    read = (reading_line("复核完成值", review.actual.text, reading_of(review)),) if review.actual else ()
    last = (verdict(score, review, points),) if points is not None or refusal else ()
    rounding = given_step(review.points, points, rules)
    told = (*read, *steps, *rounding, *last)
    reviewed = Reviewed(points, again.points if again else None, told, (refusal,) if refusal else ())
    return replace(score, review=reviewed)


def scored_as_seen(indicator: Indicator, review: Review, rules: Rules, project: Project) -> Score | None:
    """What the rule gives for 复核完成值; the unit's own 自评得分 plays no part in it."""
    if review.actual is None:
        return None
    reviewed = replace(indicator, actual=review.actual, actual_place=review.actual_place, entered_points=None)
    return score_indicator(reviewed, rules, project)


def reading_of(review: Review) -> tuple[Reading, ...]:
    """How 复核完成值 was read."""
    return (*value_reading(review.actual), *review.actual.readings) if review.actual else ()


def points_that_count(
    review: Review, score: Score, again: Score | None, rules: Rules
) -> tuple[Decimal | None, Reading | None]:
    """复核得分 where it lies in 0…weight; where it is blank, the rule's points for 复核完成值."""
    if review.points is None:
        return (again.points if again else None), None
    if score.weight is None or not 0 <= review.points <= score.weight:
        if score.weight is None:
            return None, reading("A003.no_weight", points=review.points)
        return None, reading("A003.outside", points=review.points, weight=score.weight)
    points = rounded(Fraction(review.points), rules.digits, rules.rounding)
    return min(points, points_of(score.weight, Fraction(1), rules)), None


def given_step(given: Decimal | None, points: Decimal | None, rules: Rules) -> tuple[str, ...]:
    """What rounding makes of a 复核得分."""
    if given is None or points is None:
        return ()
    return entered_step(phrase("复核得分：{given} 分", given=plain(given)), given, points, rules)


def verdict(score: Score, review: Review, points: Decimal | None) -> str:
    """The last line: what the reviewer gives, beside what the unit gave itself."""
    if points is None:
        return phrase("复核得分 {points} 分未采用，仍按自评。", points=plain(review.points or Decimal(0)))
    own: str = phrase("自评未评分")
    if score.points is not None:
        own = phrase(
            "自评 {points} 分，偏差 {gap}",
            points=fixed(score.points, 2),
            gap=signed(points - score.points),
        )
    how = "" if review.points is not None else phrase("（未填，按规则）")
    return phrase("复核得分{how} {points} 分（{own}）。", how=how, points=fixed(points, 2), own=own)
