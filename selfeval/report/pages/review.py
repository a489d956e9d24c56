"""复核情况表 as printed: every row, the sums of its levels, 预算执行率 and the total, before and after the review."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from selfeval.base import display
from selfeval.base.model import LevelScore, Score, Scorecard
from selfeval.report.pages.review_views import ReviewLine, ReviewView
from selfeval.report.pages.views import FormRow

ROW, LEVEL2, LEVEL1, MONEY, TOTAL = "row", "level2", "level1", "money", "total"


def review_of(card: Scorecard, rows: Sequence[FormRow], full: Decimal) -> ReviewView | None:
    """The review of a project; None where there is none. `full`: all the points there are."""
    if card.review is None:
        return None
    names = (s.indicator.review.reviewer for s in card.scores if s.indicator.review)
    return ReviewView(
        total=display.points(card.review.total),
        deviation=display.deviation(card.deviation),
        grade=card.review.grade or display.NO_GRADE,
        complete=card.review.counted >= full,
        counted=display.weight(card.review.counted),
        reviewers=display.listed(dict.fromkeys(name for name in names if name)),
        lines=tuple(_lines(card, rows, full)),
    )


def _lines(card: Scorecard, rows: Sequence[FormRow], full: Decimal) -> Iterator[ReviewLine]:
    """All lines: each first level, its second levels and their rows; then the money and the total.

    Rows only shown under a level that has no other row stand before the money.
    """
    below: dict[tuple[str, str], list[ReviewLine]] = {}
    for score, row in zip(card.scores, rows, strict=True):
        below.setdefault((score.indicator.level1, score.indicator.level2), []).append(_row(score, row))
    for level1 in card.levels:
        yield _level(LEVEL1, level1)
        for level2 in level1.children:
            yield _level(LEVEL2, level2)
            yield from below.pop((level1.name, level2.name))
    for lines in below.values():
        yield from lines
    money = card.budget
    zero = None if money.points is None else Decimal(0)
    yield _sums(MONEY, "预算执行率", money.weight, money.points, money.points, zero)
    after = card.review.total if card.review else None
    yield _sums(TOTAL, "总分", full, card.total, after, card.deviation)


def _row(score: Score, row: FormRow) -> ReviewLine:
    """One indicator. A row that was not reviewed keeps its own points in the sums and has a dash here."""
    review, reviewed = score.indicator.review, score.review
    by_rule = reviewed.rule_points if reviewed else None
    other = reviewed is not None and by_rule is not None and by_rule != reviewed.points
    return ReviewLine(
        kind=ROW,
        number=row.number,
        name=row.level3,
        under=row.level2,
        target=row.target,
        actual=row.actual,
        seen=review.actual.text if review and review.actual else display.DASH,
        weight=row.weight,
        points=row.points,
        rule_points=row.rule_points,
        reviewed=row.reviewed or display.DASH,
        rule_reviewed=display.points(by_rule) if other else "",
        deviation=row.deviation or display.DASH,
        opinion=row.opinion,
        reviewer=review.reviewer if review else "",
        anchor=row.anchor,
    )


def _level(kind: str, level: LevelScore) -> ReviewLine:
    """The sums of a level."""
    return _sums(kind, level.name, level.weight, level.points, level.reviewed, level.deviation)


def _sums(  # noqa: PLR0913, PLR0917
    kind: str,
    name: str,
    weight: Decimal,
    points: Decimal | None,
    reviewed: Decimal | None,
    deviation: Decimal | None,
) -> ReviewLine:
    """A line of sums."""
    return ReviewLine(
        kind, "", name, "", "", "", "", display.weight(weight), display.points(points), "", display.points(reviewed),
        "", display.deviation(deviation), "", "", "",
    )  # fmt: skip
