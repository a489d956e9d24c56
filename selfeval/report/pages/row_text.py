"""One indicator in a sentence: what was asked, what was done, how far that goes, and the points.

Whether a target was reached is told from the values themselves; points are another matter (自评扣减, bands, 自评得分).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from selfeval.base import display
from selfeval.base.model import PERCENT, Actual, Direction, Kind, Score, Target, Tier
from selfeval.reading.sentences import Sentences
from selfeval.report.pages.readable import Pair, amount, pair
from selfeval.rules.profile import Rules


def is_reached(score: Score) -> bool:
    """Whether a scored row reached its target: by its values, else by the rule, else by its points."""
    told = score.indicator
    reached = reached_by_values(told.target, told.actual)
    if reached is not None:
        return reached
    if score.completion is not None:
        return score.completion == 1
    return score.points is not None and score.points == score.weight


def reached_by_values(target: Target, actual: Actual) -> bool | None:
    """Whether the target is reached; None where the values do not tell."""
    if target.kind is Kind.QUALITATIVE:
        return None if actual.tier is None else actual.tier is Tier.MET
    if target.kind is Kind.DATE:
        on_time = actual.tier is Tier.MET if actual.tier else None
        return actual.date <= target.date if actual.date and target.date else on_time
    if target.kind is Kind.COMPOUND:
        return _all_reached(target, actual)
    return _compared(target, actual.value)


def _all_reached(target: Target, actual: Actual) -> bool | None:
    """Whether all parts of a compound target are reached."""
    if not target.parts or len(target.parts) != len(actual.parts):
        return None
    parts = [reached_by_values(*both) for both in zip(target.parts, actual.parts, strict=True)]
    return False if False in parts else None if None in parts else True


def _compared(target: Target, value: Decimal | None) -> bool | None:
    """Whether a number reaches its target; equality that the sign leaves out or a guessed direction tells nothing."""
    if value is None or target.value is None or target.assumed:
        return None
    if target.kind is Kind.RANGE:
        return None if target.upper is None else target.value <= value <= target.upper
    if value == target.value:
        return None if target.operator in {"<", ">"} else True
    return (value < target.value) == is_less(target)


def is_less(target: Target) -> bool:
    """Whether less is better."""
    if target.operator in {"≤", "<"}:
        return True
    return target.operator not in {"≥", ">"} and target.direction is Direction.NEGATIVE


@dataclass(frozen=True, slots=True)
class RowText:
    """The parts of the sentence on a row; `verdict` and `points` begin with a comma, or are empty.

    `parts`: targets and actuals of a compound cell one by one, in place of `target` and `actual`.
    """

    name: str
    target: str
    actual: str
    verdict: str
    points: str
    parts: str = ""

    def sentence(self, says: Sentences) -> str:
        """All of it, without a full stop."""
        words = {"指标": self.name, "评价": self.verdict, "得分": self.points}
        if self.parts:
            return says.say("row_parts", None, 明细=self.parts, **words)
        words["实际"] = self.actual
        if not self.target:
            return says.say("row_no_target", None, **words)
        return says.say("row", None, 目标=self.target, **words)


def row_text(score: Score, rules: Rules, says: Sentences) -> RowText:
    """What is said of a row."""
    told = score.indicator
    name = " ".join(told.level3.split()).rstrip("。；;，,").replace("“", "‘").replace("”", "’")
    read = pair(told.target, told.actual, told.level3, says)
    elsewhere = says.say("see_form")
    target = (read.target or elsewhere) if told.target.text.strip() else read.target
    actual = (read.actual or elsewhere) if told.actual.text.strip() else says.say("not_filled")
    verdict, points = _verdict(score, read, rules, says), _points(score, says)
    return RowText(name, target, actual, verdict, points, _parts(score, says))


def _parts(score: Score, says: Sentences) -> str:
    """The parts of a compound cell, each with its target; "" where one has no name of its own."""
    target, actual = score.indicator.target, score.indicator.actual
    if target.kind is not Kind.COMPOUND or len(target.parts) != len(actual.parts):
        return ""
    if not all(part.label for part in target.parts):
        return ""
    both = zip(target.parts, actual.parts, strict=True)
    read = [(one, pair(one, done, score.indicator.level3, says)) for one, done in both]
    if not all(words.target and words.actual for _, words in read):
        return ""
    return display.listed(
        says.say("part", 指标=one.label if words.bare else "", 实际=words.actual, 目标=words.target)
        for one, words in read
    )


def _verdict(score: Score, read: Pair, rules: Rules, says: Sentences) -> str:
    """How far the actual goes."""
    target, actual = score.indicator.target, score.indicator.actual
    if score.points is None and score.completion is None and reached_by_values(target, actual) is None:
        return ""
    if target.kind is Kind.QUALITATIVE:
        return says.say("is_tier", 档次=rules.tiers[actual.tier].label) if actual.tier else _reached(score, says)
    if target.kind is Kind.DATE:
        return _of_day(score, says)
    if target.kind is Kind.COMPOUND:
        return says.say("is_met" if is_reached(score) else "is_missed")
    return _of_number(score, read, says)


def _reached(score: Score, says: Sentences) -> str:
    """达到目标, or nothing that could be wrong."""
    return says.say("is_reached") if is_reached(score) else says.say("is_missed")


def _of_day(score: Score, says: Sentences) -> str:
    """On time, or how late."""
    target, actual = score.indicator.target, score.indicator.actual
    reached = reached_by_values(target, actual)
    if reached is None:
        return ""
    if reached:
        return says.say("is_in_time")
    return says.say("is_late", (actual.date - target.date).days) if actual.date and target.date else ""


def _of_number(score: Score, read: Pair, says: Sentences) -> str:
    """A number beside its target."""
    target, value = score.indicator.target, score.indicator.actual.value
    if value is None or target.value is None or target.assumed:
        return ""
    if target.kind is Kind.RANGE:
        return _of_range(target, value, says)
    if value == target.value:
        return "" if target.operator in {"<", ">"} else says.say("is_within" if is_less(target) else "is_reached")
    if is_less(target) and value < target.value:
        return says.say("is_within")
    if not is_less(target) and target.unit != PERCENT and target.operator != "=" and target.value > 0 <= value:
        return says.say("is_share", 完成率=display.short_rate(Fraction(value) / Fraction(target.value)))
    return _difference(value, target.value, target.unit, read, says)


def _of_range(target: Target, value: Decimal, says: Sentences) -> str:
    """A number beside two bounds."""
    if target.value is None or target.upper is None:
        return ""
    if target.value <= value <= target.upper:
        return says.say("is_in_range")
    return says.say("is_below" if value < target.value else "is_above")


def _difference(value: Decimal, asked: Decimal, unit: str, read: Pair, says: Sentences) -> str:
    """How much more or less than asked, in the unit in which both were told."""
    more = value > asked
    if unit == PERCENT:
        told = f"{amount(abs(value - asked), PERCENT, ('', Decimal(1)))[:-1]}个百分点"
    elif read.exact:
        told = amount(abs(value - asked), read.unit, read.scale)
    else:
        return says.say("is_above" if more else "is_below")
    return says.say("is_over_by" if more else "is_short_by", 差额=told)


def _points(score: Score, says: Sentences) -> str:
    """The points, where the verdict does not already say that they are full."""
    if score.points is None:
        return says.say("points_none")
    if score.weight is None:
        return ""
    points, weight = display.points(score.points), display.weight(score.weight)
    reached = is_reached(score)
    if score.points < score.weight:
        lost = display.points(score.weight - score.points)
        docked = reached and score.override is not None
        return says.say("points_docked" if docked else "points_short", None, 扣减=lost, 得分=points, 分值=weight)
    if reached:
        return ""
    return says.say("points_full" if score.override is None else "points_entered", 分值=weight)
