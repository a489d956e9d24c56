"""复核: what a reviewer gave without saying why, what is not the rule's, what could not be read."""

from __future__ import annotations

from collections.abc import Iterator

from selfeval.base.diagnostics import Diagnostic, found, of_reading
from selfeval.base.exact import fixed
from selfeval.base.model import Kind, Place, Review, Reviewed, Score
from selfeval.base.text import is_blank, shorten
from selfeval.checks.subject import Subject

Reviews = Iterator[tuple[Score, Review, Reviewed]]


def reviews(subject: Subject) -> Reviews:
    """The reviewed rows, with what was entered and what it comes to."""
    for score in subject.scorecard.scores:
        if score.review is not None and score.indicator.review is not None:
            yield score, score.indicator.review, score.review


def about(subject: Subject, score: Score, code: str, message: str, place: Place) -> Diagnostic:
    """A finding about a cell of the reviewer's sheet."""
    return found(code, message, place, project=subject.project.id, indicator=score.indicator.id)


def outside(subject: Subject) -> Iterator[Diagnostic]:
    """A003: a 复核得分 outside 0…weight."""
    for score, review, reviewed in reviews(subject):
        for reading in reviewed.readings:
            yield of_reading(reading, review.place, project=subject.project.id, indicator=score.indicator.id)


def without_opinion(subject: Subject) -> Iterator[Diagnostic]:
    """A004: the reviewer gives other points than the unit, and not a word why."""
    for score, review, reviewed in reviews(subject):
        silent = is_blank(review.opinion) or review.opinion.strip() == "0"
        if silent and reviewed.points is not None and reviewed.points != score.points:
            own = "未评分" if score.points is None else f"{fixed(score.points, 2)} 分"
            said = f"复核得分 {fixed(reviewed.points, 2)} 分与自评（{own}）不同，没有复核意见"
            yield about(subject, score, "A004", said, review.place)


def unlike_the_rule(subject: Subject) -> Iterator[Diagnostic]:
    """A005: 复核得分 is not what the rule gives for 复核完成值."""
    for score, review, reviewed in reviews(subject):
        by_rule, given = reviewed.rule_points, reviewed.points
        if review.points is not None and given is not None and by_rule is not None and given != by_rule:
            said = f"复核得分 {fixed(given, 2)} 分，按复核完成值“{seen(review)}”依规则应为 {fixed(by_rule, 2)} 分"
            yield about(subject, score, "A005", said, review.place)


def without_points(subject: Subject) -> Iterator[Diagnostic]:
    """A006: 复核完成值 without 复核得分; the rule's points are taken."""
    for score, review, reviewed in reviews(subject):
        if review.points is None and reviewed.points is not None:
            said = f"没有填写复核得分，按复核完成值“{seen(review)}”依规则计 {fixed(reviewed.points, 2)} 分"
            yield about(subject, score, "A006", said, review.actual_place)


def unreadable(subject: Subject) -> Iterator[Diagnostic]:
    """A007: a 复核完成值 that the rule cannot score, though the target can be scored."""
    for score, review, reviewed in reviews(subject):
        readable = score.indicator.target.kind not in {None, Kind.QUALITATIVE} and score.weight is not None
        if review.actual is not None and reviewed.rule_points is None and readable:
            said = f"复核完成值“{seen(review)}”不能按规则计分，没有可对照的规则得分"
            yield about(subject, score, "A007", said, review.actual_place)


def seen(review: Review) -> str:
    """复核完成值, short."""
    return shorten(review.actual.text if review.actual else "")


CHECKS = (outside, without_opinion, unlike_the_rule, without_points, unreadable)
