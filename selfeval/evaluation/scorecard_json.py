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
from selfeval.evaluation.exports import SCHEMA, Json

MAX_BYTES = 64 * 2**20
MAX_DIGITS = 60


class NotAScorecardError(ValueError):
    """The file is no scorecard of ours. The text says why, in Chinese."""


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
        _text(about["id"]), _year(about["year"]), _text(about["unit"]), _text(data["rules"]["id"]), cards, unit
    )


def _card(data: Json, *, is_unit: bool = False) -> Scorecard:
    id_ = _text(data["id"])
    if not is_project_id(id_):
        raise NotAScorecardError(phrase("项目编号不合规"))
    scores = tuple(_score(one, id_) for one in data["indicators"])
    indicators = tuple(score.indicator for score in scores)
    project = Project(id_, _text(data["name"]), {}, None, None, (), indicators, Place(""), is_unit)
    review = data.get("review")
    return Scorecard(
        project, _budget(data["budget"]), tuple(_levels(data["level1"])), scores, _number(data["total"]),
        _must(data["counted"]), _text(data["grade"]) or None,
        review=_reviewed_total(review) if review else None,
    )  # fmt: skip


def _reviewed_total(data: Json) -> ReviewedTotal:
    return ReviewedTotal(_number(data["total"]), _must(data["counted"]), _text(data["grade"]) or None)


def _review(data: Json) -> tuple[Review, Reviewed]:
    """What the reviewer entered, and what came of it."""
    points = _number(data["points"])
    seen = _actual(data["actual"]) if data["actual"] else None
    said = Review(seen, points, _text(data["opinion"]), _text(data["reviewer"]), Place(""), Place(""))
    return said, Reviewed(points, _number(data["rule_points"]), tuple(_text(step) for step in data["steps"]))


def _budget(data: Json) -> BudgetScore:
    rate = _number(data["rate"])
    initial, adjusted, executed = (_number(data[name]) for name in ("initial", "adjusted", "executed"))
    whole = None if rate is None else Fraction(rate)
    source = Source("", "")
    weight, points = _must(data["weight"]), _number(data["points"])
    return BudgetScore(initial, adjusted, executed, whole, weight, points, (), source)


def _levels(listed: Iterable[Json]) -> Iterable[LevelScore]:
    for level in listed:
        children = tuple(_levels(level.get("level2", ())))
        yield LevelScore(_text(level["name"]), _must(level["weight"]), _number(level["points"]), children)


def _score(data: Json, project: str) -> Score:
    level2, level3 = _text(data["level2"]), _text(data["level3"])
    id_ = _text(data["id"])
    review, reviewed = _review(data["review"]) if data.get("review") else (None, None)
    indicator = Indicator(
        project, "" if id_ == f"{level2}/{level3}" else id_, _text(data["level1"]), level2, level3,
        _target(data["target"]), _actual(data["actual"]), _number(data["weight"]),
        NOT_SCORED if data["formula"] == DETAIL else "", review=review,
    )  # fmt: skip
    completion = _number(data["completion"])
    source = Source(_text(data["source"]["document"]), _text(data["source"]["article"]))
    return Score(
        indicator, indicator.weight, _number(data["points"]), _number(data["rule_points"]), _number(data["override"]),
        None if completion is None else Fraction(completion), None, _text(data["formula"]),
        tuple(_text(step) for step in data["steps"]), source, review=reviewed,
    )  # fmt: skip


def _target(data: Json) -> Target:
    return Target(
        _text(data["text"]), Kind(data["kind"]) if data["kind"] else None, _text(data["operator"]) or None,
        _number(data["value"]), _number(data["upper"]), _text(data["unit"]), date=_day(data["date"]),
        direction=Direction(data["direction"]) if data["direction"] else None,
    )  # fmt: skip


def _actual(data: Json) -> Actual:
    tier = Tier(data["tier"]) if data["tier"] else None
    return Actual(_text(data["text"]), _number(data["value"]), _text(data["unit"]), _day(data["date"]), tier)


def _text(value: Any) -> str:  # noqa: ANN401 - any JSON
    """A text; null is empty."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise NotAScorecardError(phrase("不是计分结果（{schema}）", schema=SCHEMA))
    return value


def _number(value: Any) -> Decimal | None:  # noqa: ANN401
    """A decimal string as `exports` writes it: finite, without exponent."""
    text = _text(value)
    if not text:
        return None
    if len(text) > MAX_DIGITS or not text.removeprefix("-").replace(".", "", 1).isdecimal():
        raise NotAScorecardError(phrase("“{text}”不是数", text=text[:20]))
    return Decimal(text)


def _year(value: Any) -> int:  # noqa: ANN401
    """A year of four digits at most."""
    if not isinstance(value, int) or not 0 < value < 10_000:
        raise NotAScorecardError(phrase("年度不是年份"))
    return int(value)


def _must(value: Any) -> Decimal:  # noqa: ANN401
    number = _number(value)
    if number is None:
        raise NotAScorecardError(phrase("缺少分值"))
    return number


def _day(value: Any) -> date | None:  # noqa: ANN401
    text = _text(value)
    return date.fromisoformat(text) if text else None
