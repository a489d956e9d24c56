"""复核: what a reviewer gave without saying why, what is not the rule's, what could not be read."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from selfeval.base.diagnostics import Diagnostic, of_reading
from selfeval.base.model import Kind, Place, Review, Reviewed, Score
from selfeval.base.remarks import Reading, reading
from selfeval.base.text import is_blank, shorten
from selfeval.checks.subject import Subject

Reviews = Iterator[tuple[Score, Review, Reviewed]]


def reviews(subject: Subject) -> Reviews:
    """The reviewed rows, with what was entered and what it comes to."""
    for score in subject.scorecard.scores:
        if score.review is not None and score.indicator.review is not None:
            yield score, score.indicator.review, score.review


def about(subject: Subject, score: Score, remark: Reading, place: Place) -> Diagnostic:
    """A finding about a cell of the reviewer's sheet."""
    return of_reading(remark, place, project=subject.project.id, indicator=score.indicator.id)


def outside(subject: Subject) -> Iterator[Diagnostic]:
    """A003: a 复核得分 outside 0…weight."""
    for score, review, reviewed in reviews(subject):
        for remark in reviewed.readings:
            yield about(subject, score, remark, review.place)


def without_opinion(subject: Subject) -> Iterator[Diagnostic]:
    """A004: the reviewer gives other points than the unit, and not a word why."""
    for score, review, reviewed in reviews(subject):
        silent = is_blank(review.opinion) or review.opinion.strip() == "0"
        if silent and reviewed.points is not None and reviewed.points != score.points:
            yield about(subject, score, unexplained(score, reviewed.points), review.place)


def unexplained(score: Score, points: Decimal) -> Reading:
    """Other points than the unit's, without a word why."""
    if score.points is None:
        return reading("A004.unscored", points=points)
    return reading("A004.other", points=points, own=score.points)


def unlike_the_rule(subject: Subject) -> Iterator[Diagnostic]:
    """A005: 复核得分 is not what the rule gives for 复核完成值."""
    for score, review, reviewed in reviews(subject):
        by_rule, given = reviewed.rule_points, reviewed.points
        if review.points is not None and given is not None and by_rule is not None and given != by_rule:
            remark = reading("A005", points=given, actual=seen(review), due=by_rule)
            yield about(subject, score, remark, review.place)


def without_points(subject: Subject) -> Iterator[Diagnostic]:
    """A006: 复核完成值 without 复核得分; the rule's points are taken."""
    for score, review, reviewed in reviews(subject):
        if review.points is None and reviewed.points is not None:
            remark = reading("A006", actual=seen(review), points=reviewed.points)
            yield about(subject, score, remark, review.actual_place)


def unreadable(subject: Subject) -> Iterator[Diagnostic]:
    """A007: a 复核完成值 that the rule cannot score, though the target can be scored."""
    for score, review, reviewed in reviews(subject):
        readable = score.indicator.target.kind not in {None, Kind.QUALITATIVE} and score.weight is not None
        if review.actual is not None and reviewed.rule_points is None and readable:
            yield about(subject, score, reading("A007", actual=seen(review)), review.actual_place)


def seen(review: Review) -> str:
    """复核完成值, short."""
    return shorten(review.actual.text if review.actual else "")


CHECKS = (outside, without_opinion, unlike_the_rule, without_points, unreadable)
