"""`explain`: every point step by step, and the same facts under another rule side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from selfeval.base import display
from selfeval.base.diagnostics import SEVERITY_WORDS, codes
from selfeval.base.exact import fixed, plain, signed
from selfeval.base.model import FULL_POINTS, Place, Score, Scorecard
from selfeval.evaluation.result import Result
from selfeval.report.text.rules import cited
from selfeval.rules.load import usual_source


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows to explain: a project's id (empty: all) and a text the indicator's id or name contains."""

    project: str = ""
    indicator: str = ""

    def takes(self, score: Score) -> bool:
        """Whether a row is asked for."""
        return self.indicator in score.indicator.id or self.indicator in score.indicator.level3


def cards_of(result: Result, wanted: Wanted) -> list[Scorecard]:
    """The scorecards asked for, 部门整体 last."""
    cards = [*result.scorecards, *([result.unit] if result.unit and result.unit.scores else [])]
    return [card for card in cards if wanted.project in {"", card.project.id}]


def points_words(points: Decimal | None) -> str:
    """`9.47 分` or 未评分."""
    return "未评分" if points is None else f"{fixed(points, 2)} 分"


def explained(result: Result, wanted: Wanted) -> list[str]:
    """The steps of every row asked for; empty where nothing fits."""
    lines: list[str] = []
    for card in cards_of(result, wanted):
        scores = [score for score in card.scores if wanted.takes(score)]
        if scores or not wanted.indicator:
            lines += project_lines(result, card, scores, whole=not wanted.indicator)
    return lines


def project_lines(result: Result, card: Scorecard, scores: list[Score], *, whole: bool) -> Iterator[str]:
    """One project: its execution rate and total (if it is shown whole) and its rows."""
    yield f"{card.project.id} {card.project.name}（规则 {result.rules_of(card).id}）"
    if whole:
        yield f"  预算执行率  分值 {fixed(card.budget.weight, 2)} 分，得 {points_words(card.budget.points)}"
        yield from (f"    {i}. {step}" for i, step in enumerate(card.budget.steps, 1))
        yield cited(card.budget.source)
    for score in scores:
        yield from row_lines(result, card, score)
    if whole:
        yield total_line(card)
    yield ""


def row_lines(result: Result, card: Scorecard, score: Score) -> Iterator[str]:
    """One indicator: cells, steps, rule and article, findings."""
    indicator = score.indicator
    yield f"  {indicator.level1} › {indicator.level2} › {indicator.level3}  {worth(score)}"
    yield f"    读自：目标 {place_words(indicator.place)}，实际 {place_words(indicator.actual_place)}"
    yield from (f"    {i}. {step}" for i, step in enumerate(score.steps, 1))
    yield cited(score.source)
    yield from review_lines(score)
    for d in result.of_project(card.project.id):
        if d.indicator == indicator.id:
            yield f"    {SEVERITY_WORDS[d.severity]} {d.code}：{d.message}"


def worth(score: Score) -> str:
    """`分值 10.00 分，得 9.47 分`, or that the row is not scored."""
    if score.indicator.is_detail:
        return "不适用，已剔除" if score.indicator.left_out else "明细行，不计分"
    weight = "没有分值" if score.weight is None else f"分值 {fixed(score.weight, 2)} 分"
    return f"{weight}，得 {points_words(score.points)}"


def review_lines(score: Score) -> Iterator[str]:
    """What a reviewer says of the row, and how it compares."""
    review = score.indicator.review
    if review is None or score.review is None:
        return
    yield f"    复核（{review.reviewer or '复核人未填写'}）：读自 {place_words(review.place)}"
    yield from (f"      {i}. {step}" for i, step in enumerate(score.review.steps, 1))
    if review.opinion:
        yield f"      意见：{review.opinion}"


def place_words(place: Place | None) -> str:
    """`mianyang-2021/targets.csv:12:8`."""
    return display.place_text(place, place.file) if place and place.file else "（没有）"


def total_line(card: Scorecard) -> str:
    """How the total is made up."""
    parts = [f"{level.name} {points_words(level.points)}" for level in card.levels]
    parts.append(f"预算执行率 {points_words(card.budget.points)}")
    full = plain(max(card.full, Decimal(FULL_POINTS)))
    grade = card.grade or f"暂不评定（{full} 分中 {fixed(card.counted, 2)} 分可以计分）"
    total = f"  合计：{' + '.join(parts)} = {points_words(card.total)}，等级：{grade}"
    if card.review is None:
        return total
    after = card.review.grade or f"暂不评定（{full} 分中 {fixed(card.review.counted, 2)} 分可以计分）"
    change = "" if card.deviation is None else f"，偏差 {signed(card.deviation)} 分"
    return f"{total}\n  复核后合计：{points_words(card.review.total)}{change}，等级：{after}"


def compared(ours: Result, other: Result, wanted: Wanted) -> list[str]:
    """The same facts under two rules, row by row with the difference."""
    lines = [f"规则 {ours.rules.id} → {other.rules.id}（{other.rules.title}）"]
    theirs = {card.project.id: card for card in cards_of(other, wanted)}
    for card in cards_of(ours, wanted):
        lines += compared_project(card, theirs[card.project.id], wanted)
    return lines


def compared_project(card: Scorecard, other: Scorecard, wanted: Wanted) -> Iterator[str]:
    """One project under both rules."""
    yield f"{card.project.id} {card.project.name}"
    for mine, theirs in zip(card.scores, other.scores, strict=True):
        if wanted.takes(mine):
            yield f"  {difference(mine.points, theirs.points)}  {mine.indicator.id}"
            if mine.points != theirs.points:
                yield f"      {mine.steps[-1]}"
                yield f"      {theirs.steps[-1]}"
    if not wanted.indicator:
        yield f"  {difference(card.budget.points, other.budget.points)}  预算执行率"
        grades = f"{card.grade or '暂不评定'} → {other.grade or '暂不评定'}"
        yield f"  {difference(card.total, other.total)}  总分（{grades}）"


def difference(mine: Decimal | None, theirs: Decimal | None) -> str:
    """`8.33 → 8.00（-0.33）`, in columns."""
    change = "" if mine is None or theirs is None else f"（{theirs - mine:+.2f}）"
    return f"{number(mine)} → {number(theirs)} {change:<8}"


def number(points: Decimal | None) -> str:
    """Points in a column."""
    return " 未评分" if points is None else f"{fixed(points, 2):>7}"


def code_lines(id_: str) -> list[str]:
    """What a diagnostic means, why a reviewer minds, an example and its mending, what to do."""
    code = codes()[id_]
    return [
        f"{code.id}  {SEVERITY_WORDS[code.severity]}：{code.title}",
        f"    为什么：{code.why}",
        *([cited(usual_source(code.basis))] if code.basis else []),
        f"    有问题：{code.bad}",
        f"    没问题：{code.good}",
        f"    怎么办：{code.hint}",
    ]
