"""scorecard.json read back into `Scorecard`s: the inverse of `exports`, for files that may come from anyone.

What the file does not hold (funds by source, places, readings) is empty; a shape that is not ours is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from selfeval.base.files import is_project_id
from selfeval.base.model import (
    DETAIL,
    NOT_SCORED,
    Actual,
    BudgetScore,
    Direction,
    Indicator,
    Kind,
    LevelScore,
    Place,
    Project,
    Review,
    Reviewed,
    ReviewedTotal,
    Score,
    Scorecard,
    Source,
    Target,
    Tier,
)
from selfeval.base.phrases import phrase
from selfeval.evaluation.exports import Json
from selfeval.evaluation.json_values import MAX_BYTES, SCHEMA, NotAScorecardError, number_in, text_in


@dataclass(frozen=True, slots=True)
class ReadScorecard:
    """What a scorecard.json says: whose it is, by which rules, and every project scored. `unit`: 部门整体."""

    id: str
    year: int
    unit_name: str
    rules: str
    cards: tuple[Scorecard, ...]
    unit: Scorecard | None


def read_scorecard(content: bytes) -> ReadScorecard:
    """A scorecard.json; raises `NotAScorecardError` for anything else."""
    if len(content) > MAX_BYTES:
        raise NotAScorecardError(phrase("文件过大"))
    try:
        data = json.loads(content.decode("utf-8-sig"))
        return _told(data)
    except NotAScorecardError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, InvalidOperation) as error:
        raise NotAScorecardError(phrase("不是计分结果（{schema}）", schema=SCHEMA)) from error


def _told(data: Json) -> ReadScorecard:
    if data.get("schema") != SCHEMA:
        raise NotAScorecardError(phrase("不是计分结果（{schema}）", schema=SCHEMA))
    about = data["evaluation"]
    unit = _card(data["unit"], is_unit=True) if data["unit"] else None
    cards = tuple(_card(one) for one in data["projects"])
    if len({card.project.id for card in cards}) < len(cards):
        raise NotAScorecardError(phrase("项目编号有重复"))
    return ReadScorecard(
        text_in(about["id"]), _year(about["year"]), text_in(about["unit"]), text_in(data["rules"]["id"]), cards, unit
    )


def _card(data: Json, *, is_unit: bool = False) -> Scorecard:
    id_ = text_in(data["id"])
    if not is_project_id(id_):
        raise NotAScorecardError(phrase("项目编号不合规"))
    scores = tuple(_score(one, id_) for one in data["indicators"])
    indicators = tuple(score.indicator for score in scores)
    project = Project(id_, text_in(data["name"]), {}, None, None, (), indicators, Place(""), is_unit)
    review = data.get("review")
    return Scorecard(
        project, _budget(data["budget"]), tuple(_levels(data["level1"])), scores, number_in(data["total"]),
        _must(data["counted"]), text_in(data["grade"]) or None,
        review=_reviewed_total(review) if review else None,
    )  # fmt: skip


def _reviewed_total(data: Json) -> ReviewedTotal:
    return ReviewedTotal(number_in(data["total"]), _must(data["counted"]), text_in(data["grade"]) or None)


def _review(data: Json) -> tuple[Review, Reviewed]:
    """What the reviewer entered, and what came of it."""
    points = number_in(data["points"])
    actual = _actual(data["actual"]) if data["actual"] else None
    review = Review(actual, points, text_in(data["opinion"]), text_in(data["reviewer"]), Place(""), Place(""))
    return review, Reviewed(points, number_in(data["rule_points"]), tuple(text_in(step) for step in data["steps"]))


def _budget(data: Json) -> BudgetScore:
    rate = number_in(data["rate"])
    initial, adjusted, executed = (number_in(data[name]) for name in ("initial", "adjusted", "executed"))
    whole = None if rate is None else Fraction(rate)
    source = Source("", "")
    weight, points = _must(data["weight"]), number_in(data["points"])
    return BudgetScore(initial, adjusted, executed, whole, weight, points, (), source)


def _levels(listed: Iterable[Json]) -> Iterable[LevelScore]:
    for level in listed:
        children = tuple(_levels(level.get("level2", ())))
        yield LevelScore(text_in(level["name"]), _must(level["weight"]), number_in(level["points"]), children)


def _score(data: Json, project: str) -> Score:
    level2, level3 = text_in(data["level2"]), text_in(data["level3"])
    id_ = text_in(data["id"])
    review, reviewed = _review(data["review"]) if data.get("review") else (None, None)
    indicator = Indicator(
        project, "" if id_ == f"{level2}/{level3}" else id_, text_in(data["level1"]), level2, level3,
        _target(data["target"]), _actual(data["actual"]), number_in(data["weight"]),
        NOT_SCORED if data["formula"] == DETAIL else "", review=review,
    )  # fmt: skip
    completion = number_in(data["completion"])
    source = Source(text_in(data["source"]["document"]), text_in(data["source"]["article"]))
    return Score(
        indicator, indicator.weight,
        number_in(data["points"]), number_in(data["rule_points"]), number_in(data["override"]),
        None if completion is None else Fraction(completion), None, text_in(data["formula"]),
        tuple(text_in(step) for step in data["steps"]), source, review=reviewed,
    )  # fmt: skip


def _target(data: Json) -> Target:
    return Target(
        text_in(data["text"]), Kind(data["kind"]) if data["kind"] else None, text_in(data["operator"]) or None,
        number_in(data["value"]), number_in(data["upper"]), text_in(data["unit"]), date=_day(data["date"]),
        direction=Direction(data["direction"]) if data["direction"] else None,
    )  # fmt: skip


def _actual(data: Json) -> Actual:
    tier = Tier(data["tier"]) if data["tier"] else None
    return Actual(text_in(data["text"]), number_in(data["value"]), text_in(data["unit"]), _day(data["date"]), tier)


def _year(value: Any) -> int:  # noqa: ANN401
    """A year of four digits at most."""
    if not isinstance(value, int) or not 0 < value < 10_000:
        raise NotAScorecardError(phrase("年度不是年份"))
    return int(value)


def _must(value: Any) -> Decimal:  # noqa: ANN401
    number = number_in(value)
    if number is None:
        raise NotAScorecardError(phrase("缺少分值"))
    return number


def _day(value: Any) -> date | None:  # noqa: ANN401
    text = text_in(value)
    return date.fromisoformat(text) if text else None
