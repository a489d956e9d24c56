"""The figures of a comparison as they are printed: of both sides, or of the one there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from selfeval.audit.compare.diff import Cause, ProjectChange, RowChange
from selfeval.audit.compare.match import How, MatchedPair
from selfeval.base import display
from selfeval.base.display import TIER_WORDS
from selfeval.base.exact import fixed, signed
from selfeval.base.model import LevelScore, Score, Scorecard
from selfeval.base.phrases import joined, phrase

CAUSES = {
    Cause.FACT: phrase("完成值变化"),
    Cause.TIER: phrase("完成档次变化"),
    Cause.TARGET: phrase("目标变化"),
    Cause.WEIGHT: phrase("分值变化"),
    Cause.RULE: phrase("评分规则或公式变化"),
    Cause.ADJUSTMENT: phrase("年中调整"),
    Cause.SELF: phrase("自评得分的取舍变化"),
    Cause.REVIEW: phrase("改为复核得分"),
    Cause.OTHER: phrase("其他（项目起止日期、规则数值或程序版本）"),
}
EMPTY = phrase("（空）")
HOW = {How.KEY: phrase("编号相同"), How.NAME: phrase("名称相同"), How.GUESS: phrase("名称相近，系推定")}


@dataclass(frozen=True, slots=True)
class ComparedFigure:
    """One figure before and after; `new` None: there is only one."""

    label: str
    old: str
    new: str | None = None

    @property
    def changed(self) -> bool:
        """Whether there are two that differ."""
        return self.new is not None and self.new != self.old

    def __str__(self) -> str:
        """As part of a line."""
        figure = joined((self.label, " ", self.old))
        return joined((figure, " → ", self.new or "")) if self.changed else figure


def number_of(project: ProjectChange) -> str:
    """项目编号, as the newer side has it."""
    return project.card.project.id


def name_of(row: RowChange) -> str:
    """二级/三级, as the newer side calls it."""
    score = row.pair.new or row.pair.old
    return f"{score.indicator.level2}/{score.indicator.level3}" if score else ""


def _both(row: RowChange, label: str, text: Callable[[Score], str]) -> ComparedFigure:
    """A figure of both sides, or of the one there is."""
    return ComparedFigure(label, *(text(score) for score in (row.pair.old, row.pair.new) if score))


def names(row: RowChange) -> ComparedFigure:
    """二级/三级指标."""
    return _both(row, phrase("名称"), lambda score: f"{score.indicator.level2}/{score.indicator.level3}")


def target(row: RowChange) -> ComparedFigure:
    """指标值."""
    return _both(row, phrase("指标值"), lambda score: display.target(score.indicator.target) or EMPTY)


def actual(row: RowChange) -> ComparedFigure:
    """实际完成值, with its tier."""
    return _both(row, phrase("完成值"), _done)


def _done(score: Score) -> str:
    """实际完成值 with its tier, where the words are not the tier's own."""
    actual = score.indicator.actual
    tier = TIER_WORDS[actual.tier] if actual.tier and actual.tier.value and not actual.date else ""
    if tier and actual.text and tier not in actual.text:
        return phrase("{text}（{tier:_}）", text=actual.text, tier=tier)
    return actual.text or (phrase("{tier:_}", tier=tier) if tier else EMPTY)


def seen(row: RowChange) -> ComparedFigure:
    """复核完成值."""
    return _both(row, "复核完成值", _seen)


def awarded(row: RowChange) -> ComparedFigure:
    """复核得分."""
    return _both(
        row, phrase("复核得分"), lambda score: display.points(score.review.points) if score.review else display.DASH
    )


def reason(row: RowChange) -> str:
    """偏差原因分析及改进措施 of the newer side."""
    return row.pair.new.indicator.reason if row.pair.new else ""


def _seen(score: Score) -> str:
    review = score.indicator.review
    return review.actual.text if review and review.actual else display.DASH


def said(row: RowChange) -> str:
    """The reviewer's words, the later ones where there are two."""
    opinions = (side.indicator.review for side in (row.pair.new, row.pair.old) if side)
    return next((f"{said.reviewer}：{said.opinion}".lstrip("：") for said in opinions if said and said.opinion), "")


def reviewed_total(old: Scorecard, new: Scorecard) -> list[ComparedFigure]:
    """The totals after a review, where there was one."""
    if old.review is None and new.review is None:
        return []
    before, after = (display.points(card.review.total) if card.review else display.DASH for card in (old, new))
    return [ComparedFigure(phrase("复核总分"), before, after)]


def weight(row: RowChange) -> ComparedFigure:
    """分值."""
    return _both(row, phrase("分值"), lambda score: display.weight(score.weight))


def points(row: RowChange) -> ComparedFigure:
    """得分."""
    return _both(row, phrase("得分"), lambda score: display.points(score.points))


def rate(row: RowChange) -> ComparedFigure:
    """完成率."""
    return _both(row, phrase("完成率"), lambda score: display.rate(score.completion))


def last_done(row: RowChange) -> ComparedFigure:
    """What was done the year before."""
    return ComparedFigure(phrase("上年实际"), row.pair.old.indicator.actual.text if row.pair.old else "")


def new_target(row: RowChange) -> ComparedFigure:
    """What is asked for now."""
    return ComparedFigure(phrase("今年目标"), display.target(row.pair.new.indicator.target) if row.pair.new else "")


def step(row: RowChange) -> ComparedFigure:
    """By how much the points moved."""
    old, new = row.pair.old, row.pair.new
    return ComparedFigure(phrase("变化"), difference(old.points, new.points) if old and new else display.DASH)


def why(row: RowChange) -> str:
    """The causes; where the weight is one of several, what it alone comes to."""
    text = joined((CAUSES[cause] for cause in row.causes), "、")
    return (
        text
        if row.by_weight is None
        else phrase("{text}（其中分值变化 {by_weight}）", text=text, by_weight=signed(row.by_weight))
    )


def how(pair: MatchedPair[Score] | MatchedPair[Scorecard]) -> str:
    """How two things were found to be one."""
    return (
        phrase("{how}（相似度 {likeness}）", how=HOW[pair.how], likeness=fixed(pair.likeness, 2))
        if pair.how is How.GUESS
        else HOW[pair.how]
    )


def level(pair: MatchedPair[LevelScore]) -> ComparedFigure:
    """得分率 of a first level."""
    name = "".join(dict.fromkeys(side.name for side in (pair.old, pair.new) if side))
    return ComparedFigure(
        phrase("{level:_}", level=name),
        *(display.rate(side.completion) if side else phrase("无") for side in (pair.old, pair.new)),
    )


def budget_rate(old: Scorecard, new: Scorecard) -> ComparedFigure:
    """得分率 of 预算执行."""
    return ComparedFigure(phrase("预算执行"), *(display.rate(_part(card)) for card in (old, new)))


def _part(card: Scorecard) -> Fraction | None:
    budget = card.budget
    return None if budget.points is None or not budget.weight else Fraction(budget.points) / Fraction(budget.weight)


def difference(old: Decimal | None, new: Decimal | None) -> str:
    """New minus old, with its sign."""
    return display.DASH if old is None or new is None else signed(new - old)
