"""Two submissions side by side: how each target, actual, score and total changed, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from selfeval.audit.compare.match import MatchedPair, compared_names, likeness, match_indicators, match_projects
from selfeval.audit.submissions import NotASubmissionError, Submission
from selfeval.base.exact import rounded
from selfeval.base.model import Actual, Direction, Kind, LevelScore, Score, Scorecard, Target
from selfeval.base.phrases import phrase
from selfeval.base.text import comparable

SAME_WORDS = Fraction(9, 10)
"""From here on two reasons count as the same reason given again."""
SHORTEST = 4
"""A reason of fewer characters (`无`, `同上`) says nothing, so it is not repeated either."""


class TargetChange(StrEnum):
    """What became of a target. lowered: easier to reach than before, whatever its sign."""

    LOWERED = "lowered"
    RAISED = "raised"
    CHANGED = "changed"
    REWORDED = "reworded"
    SAME = "same"


class Cause(StrEnum):
    """Why a row's points moved."""

    FACT = "fact"
    TIER = "tier"
    TARGET = "target"
    ADJUSTMENT = "adjustment"
    WEIGHT = "weight"
    RULE = "rule"
    SELF = "self_score"
    REVIEW = "review"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class RowChange:
    """One indicator. `causes`: why its points moved, empty where they did not.

    `by_weight`: the part of the movement that the weight alone explains, where there are other causes too.
    `repeated`: the same reason as a year before; `below`: the target asks for less than was done a year before.
    """

    pair: MatchedPair[Score]
    lean: TargetChange = TargetChange.SAME
    causes: tuple[Cause, ...] = ()
    by_weight: Decimal | None = None
    repeated: bool = False
    below: bool = False

    @property
    def kept(self) -> bool:
        """Whether it is on both sides."""
        return self.pair.old is not None and self.pair.new is not None

    @property
    def renamed(self) -> bool:
        """Whether 二级 or 三级指标 is called otherwise."""
        old, new = self.pair.old, self.pair.new
        return bool(old and new and compared_names(old) != compared_names(new))

    @property
    def moved(self) -> bool:
        """Whether the points are others."""
        return bool(self.causes)

    @property
    def actual_changed(self) -> bool:
        """Whether the 实际完成值 or its tier says something else."""
        old, new = self.pair.old, self.pair.new
        return bool(old and new and any(_facts(old.indicator.actual, new.indicator.actual)))

    @property
    def reviewed(self) -> bool:
        """Whether a reviewer says something else of it than before, or for the first time."""
        old, new = self.pair.old, self.pair.new
        return bool(old and new) and _opinion(old) != _opinion(new)

    @property
    def weight_changed(self) -> bool:
        """Whether the 分值 is another."""
        old, new = self.pair.old, self.pair.new
        return bool(old and new and old.weight != new.weight)


@dataclass(frozen=True, slots=True)
class ProjectChange:
    """One project (or 部门整体) with all its rows."""

    pair: MatchedPair[Scorecard]
    rows: tuple[RowChange, ...] = ()

    @property
    def card(self) -> Scorecard:
        """The newer side there is."""
        card = self.pair.new or self.pair.old
        if card is None:
            raise ValueError("a pair of nothing")
        return card

    @property
    def levels(self) -> tuple[MatchedPair[LevelScore], ...]:
        """The first levels by name, in the order of the new side."""
        old, new = ({level.name: level for level in card.levels} if card else {} for card in self._sides)
        return tuple(MatchedPair(old.get(name), new.get(name)) for name in dict.fromkeys([*new, *old]))

    @property
    def _sides(self) -> tuple[Scorecard | None, Scorecard | None]:
        return self.pair.old, self.pair.new


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that is told. `yearly`: two years rather than two submissions of one."""

    old: Submission
    new: Submission
    yearly: bool
    projects: tuple[ProjectChange, ...]
    notes: tuple[str, ...]

    @property
    def rows(self) -> tuple[tuple[ProjectChange, RowChange], ...]:
        """Every row with its project."""
        return tuple((project, row) for project in self.projects for row in project.rows)


def compare(old: Submission, new: Submission) -> Comparison:
    """Two submissions; raises `NotASubmissionError` where they have no project in common and one is a single report."""
    yearly = old.year != new.year
    pairs = match_projects(old.cards, new.cards, yearly=yearly)
    both = tuple(pair for pair in pairs if pair.old and pair.new)
    shown = pairs if old.whole and new.whole else both
    if not shown and pairs:
        raise NotASubmissionError(
            phrase(
                "两边没有相同的项目：旧的是{old}，新的是{new}",
                old=_listed(old),
                new=_listed(new),
            )
        )
    notes = (
        *_notes(old, new),
        *([phrase("只比较两边都有的 {count} 个项目", count=len(both))] if len(shown) < len(pairs) else []),
    )
    return Comparison(old, new, yearly, tuple(_project(pair, old, new) for pair in shown), notes)


def _listed(side: Submission) -> str:
    return "、".join(f"{card.project.id} {card.project.name}" for card in side.cards[:3]) + (
        "等" * (len(side.cards) > 3)
    )


def _notes(old: Submission, new: Submission) -> Iterator[str]:
    """What a reader must know before the changes."""
    if comparable(old.unit) != comparable(new.unit):
        yield phrase("填报单位不同：旧的是“{old}”，新的是“{new}”", old=old.unit, new=new.unit)
    if old.rules != new.rules:
        yield phrase("评分规则不同：旧的是 {old}，新的是 {new}", old=old.rules, new=new.rules)
    if old.year > new.year:
        yield phrase("旧的是 {old} 年度，晚于新的 {new} 年度；是否写反了顺序", old=old.year, new=new.year)
    for word, side in ((phrase("旧"), old), (phrase("新"), new)):
        yield from (phrase("{word}的一份：{note}", word=word, note=note) for note in side.notes)
        if old.year != new.year and not side.has_reasons:
            yield phrase("{word}的一份只有得分，没有偏差原因，不能比较原因是否雷同", word=word)


def _project(pair: MatchedPair[Scorecard], old: Submission, new: Submission) -> ProjectChange:
    if pair.old is None or pair.new is None:
        return ProjectChange(pair)
    rows = match_indicators(pair.old.scores, pair.new.scores)
    return ProjectChange(pair, tuple(_row(row, old, new) for row in rows))


def _row(pair: MatchedPair[Score], old: Submission, new: Submission) -> RowChange:
    if pair.old is None or pair.new is None:
        return RowChange(pair)
    yearly = old.year != new.year
    leaning = lean(pair.old.indicator.target, pair.new.indicator.target, new.year - old.year)
    causes = tuple(_causes(pair.old, pair.new, leaning, rules=old.rules != new.rules))
    return RowChange(
        pair,
        leaning,
        causes,
        _by_weight(pair.old, pair.new, causes),
        yearly and same_reason(pair.old.indicator.reason, pair.new.indicator.reason),
        yearly and asks_less(pair.new.indicator.target, pair.old.indicator.actual),
    )


def _opinion(score: Score | None) -> tuple[object, ...] | None:
    """What a reviewer says of a row; None where it was not reviewed."""
    if score is None or score.review is None or score.indicator.review is None:
        return None
    review = score.indicator.review
    return score.review.points, review.actual.text if review.actual else "", review.opinion


# ── Targets ──


def lean(old: Target, new: Target, years: int = 0) -> TargetChange:
    """What became of a target, `years` later. The words count only where they are read alike."""
    same_words = comparable(old.text) == comparable(new.text)
    if _reading(old, years) == _reading(new) and (
        same_words or old.kind not in {None, Kind.QUALITATIVE, Kind.COMPOUND}
    ):
        return TargetChange.SAME if same_words else TargetChange.REWORDED
    if _quantified(old) != _quantified(new):
        return TargetChange.LOWERED if _quantified(old) else TargetChange.RAISED
    step = _step(old, new, years)
    return TargetChange.CHANGED if step == 0 else (TargetChange.RAISED if step > 0 else TargetChange.LOWERED)


def _reading(target: Target, years: int = 0) -> tuple[object, ...]:
    reading = (target.kind, target.operator, target.value, target.upper, target.unit, target.direction)
    return *reading, _day(target.date, years)


def _day(day: date | None, years: int) -> tuple[int, int, int] | None:
    """A day that many years later, as it compares: the end of September is as early next year."""
    return (day.year + years, day.month, day.day) if day else None


def _quantified(target: Target) -> bool:
    """Whether it can be measured; a compound cell holds measures too."""
    return target.kind not in {None, Kind.QUALITATIVE}


def _step(old: Target, new: Target, years: int) -> int:
    """1: harder to reach than before, -1: easier, 0: cannot be said."""
    before, now = _day(old.date, years), _day(new.date, 0)
    if before and now:
        return (before > now) - (before < now)
    if old.value is None or new.value is None or old.unit != new.unit or old.direction != new.direction:
        return 0
    if old.kind is Kind.RANGE or new.kind is Kind.RANGE:
        return _range_step(old, new)
    return _sign(new.value - old.value) * (-1 if new.direction is Direction.NEGATIVE else 1)


def _range_step(old: Target, new: Target) -> int:
    """A range within the other is harder; one around it easier."""
    ends = (old.value, old.upper, new.value, new.upper)
    low, high, lower, upper = ends
    if low is None or high is None or lower is None or upper is None:
        return 0
    if lower <= low and high <= upper:
        return -1
    return 1 if low <= lower and upper <= high else 0


def _sign(number: Decimal | int) -> int:
    return (number > 0) - (number < 0)


def asks_less(target: Target, done: Actual) -> bool:
    """Whether a target asks for less than was already done the year before."""
    if target.kind not in {Kind.NUMBER, Kind.COST} or target.value is None or done.value is None:
        return False
    if target.unit != done.unit:
        return False
    more = _sign(done.value - target.value)
    return (-more if target.direction is Direction.NEGATIVE else more) > 0


# ── Facts and points ──


def _facts(old: Actual, new: Actual) -> tuple[bool, bool]:
    """Whether value or date changed, and whether the tier did. Bare words count where nothing else was read."""
    read = (old.value, old.unit, old.date) != (new.value, new.unit, new.date)
    silent = all(x is None for one in (old, new) for x in (one.value, one.date, one.tier))
    return read or (silent and comparable(old.text) != comparable(new.text)), old.tier != new.tier


def _causes(old: Score, new: Score, leaning: TargetChange, *, rules: bool) -> Iterator[Cause]:
    """Everything that may have moved the points; nothing where they stand."""
    if old.points == new.points:
        return
    fact, tier = _facts(old.indicator.actual, new.indicator.actual)
    other_target = leaning not in {TargetChange.SAME, TargetChange.REWORDED}
    adjusted = new.indicator.adjustment not in {None, old.indicator.adjustment} and other_target
    causes = {
        Cause.FACT: fact,
        Cause.TIER: tier,
        Cause.TARGET: other_target and not adjusted,
        Cause.ADJUSTMENT: adjusted,
        Cause.WEIGHT: old.weight != new.weight,
        Cause.RULE: rules or old.formula != new.formula,
        Cause.SELF: old.override != new.override,
        Cause.REVIEW: old.review is not None and new.points == old.review.points,
    }
    yield from (cause for cause, held in causes.items() if held)
    if not any(causes.values()):
        yield Cause.OTHER


def _by_weight(old: Score, new: Score, causes: tuple[Cause, ...]) -> Decimal | None:
    """Old completion × (new − old weight), where the weight is one cause among several."""
    if Cause.WEIGHT not in causes or len(causes) < 2 or old.completion is None:
        return None
    if old.weight is None or new.weight is None or old.override is not None or new.points is None:
        return None
    return rounded(old.completion * Fraction(new.weight - old.weight), 2)


def same_reason(old: str, new: str) -> bool:
    """Whether a reason is the old one again, give or take a few characters."""
    a, b = comparable(old), comparable(new)
    return min(len(a), len(b)) >= SHORTEST and likeness(a, b) >= SAME_WORDS
