"""`explain`: every point step by step, and the same facts under another rule side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from selfeval.base import display
from selfeval.base.diagnostics import SEVERITY_WORDS, codes
from selfeval.base.exact import fixed, plain, signed
from selfeval.base.model import FULL_POINTS, Place, Score, Scorecard
from selfeval.base.phrases import joined, phrase
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
    return phrase("未评分") if points is None else phrase("{points} 分", points=fixed(points, 2))


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
    yield phrase(
        "{id} {name}（规则 {rules}）", id=card.project.id, name=card.project.name, rules=result.rules_of(card).id
    )
    if whole:
        yield phrase(
            "  预算执行率  分值 {weight} 分，得 {points}",
            weight=fixed(card.budget.weight, 2),
            points=points_words(card.budget.points),
        )
        yield from numbered(card.budget.steps)
        yield cited(card.budget.source)
    for score in scores:
        yield from row_lines(result, card, score)
    if whole:
        yield total_line(card)
    yield ""


def numbered(steps: Iterable[str], indent: str = "    ") -> Iterator[str]:
    """Steps with their numbers."""
    yield from (joined((f"{indent}{at}. ", step)) for at, step in enumerate(steps, 1))


def row_lines(result: Result, card: Scorecard, score: Score) -> Iterator[str]:
    """One indicator: cells, steps, rule and article, findings."""
    indicator = score.indicator
    yield phrase(
        "  {level:_} › {sublevel:_} › {name}  {worth}",
        level=indicator.level1,
        sublevel=indicator.level2,
        name=indicator.level3,
        worth=worth(score),
    )
    yield phrase(
        "    读自：目标 {target}，实际 {actual}",
        target=place_words(indicator.place),
        actual=place_words(indicator.actual_place),
    )
    yield from numbered(score.steps)
    yield cited(score.source)
    yield from review_lines(score)
    for d in result.of_project(card.project.id):
        if d.indicator == indicator.id:
            yield phrase(
                "    {severity:_} {code}：{said}", severity=SEVERITY_WORDS[d.severity], code=d.code, said=d.phrase
            )


def worth(score: Score) -> str:
    """`分值 10.00 分，得 9.47 分`, or that the row is not scored."""
    if score.indicator.is_detail:
        return phrase("不适用，已剔除") if score.indicator.left_out else phrase("明细行，不计分")
    weight = phrase("没有分值") if score.weight is None else phrase("分值 {weight} 分", weight=fixed(score.weight, 2))
    return phrase("{weight}，得 {points}", weight=weight, points=points_words(score.points))


def review_lines(score: Score) -> Iterator[str]:
    """What a reviewer says of the row, and how it compares."""
    review = score.indicator.review
    if review is None or score.review is None:
        return
    yield phrase(
        "    复核（{reviewer}）：读自 {place}",
        reviewer=review.reviewer or phrase("复核人未填写"),
        place=place_words(review.place),
    )
    yield from numbered(score.review.steps, "      ")
    if review.opinion:
        yield phrase("      意见：{opinion}", opinion=review.opinion)


def place_words(place: Place | None) -> str:
    """`mianyang-2021/targets.csv:12:8`."""
    return display.place_text(place, place.file) if place and place.file else phrase("（没有）")


def total_line(card: Scorecard) -> str:
    """How the total is made up."""
    parts = [phrase("{level:_} {points}", level=one.name, points=points_words(one.points)) for one in card.levels]
    parts.append(phrase("预算执行率 {points}", points=points_words(card.budget.points)))
    full = plain(max(card.full, Decimal(FULL_POINTS)))
    total = phrase(
        "  合计：{parts:| + } = {points}，等级：{grade:_}",
        parts=tuple(parts),
        points=points_words(card.total),
        grade=grade_words(card.grade, full, card.counted),
    )
    if card.review is None:
        return total
    change = "" if card.deviation is None else phrase("，偏差 {deviation} 分", deviation=signed(card.deviation))
    after = phrase(
        "  复核后合计：{points}{change}，等级：{grade:_}",
        points=points_words(card.review.total),
        change=change,
        grade=grade_words(card.review.grade, full, card.review.counted),
    )
    return joined((total, after), "\n")


def grade_words(grade: str | None, full: str, counted: Decimal) -> str:
    """The grade, or that there is none yet."""
    return grade or phrase("暂不评定（{full} 分中 {counted} 分可以计分）", full=full, counted=fixed(counted, 2))


def compared(ours: Result, other: Result, wanted: Wanted) -> list[str]:
    """The same facts under two rules, row by row with the difference."""
    title = other.rules.title
    lines: list[str] = [
        phrase("规则 {ours} → {other}（{title}）", ours=ours.rules.id, other=other.rules.id, title=title)
    ]
    theirs = {card.project.id: card for card in cards_of(other, wanted)}
    for card in cards_of(ours, wanted):
        lines += compared_project(card, theirs[card.project.id], wanted)
    return lines


def compared_project(card: Scorecard, other: Scorecard, wanted: Wanted) -> Iterator[str]:
    """One project under both rules."""
    yield f"{card.project.id} {card.project.name}"
    for mine, theirs in zip(card.scores, other.scores, strict=True):
        if wanted.takes(mine):
            yield joined(("  ", difference(mine.points, theirs.points), "  ", mine.indicator.id))
            if mine.points != theirs.points:
                yield joined(("      ", mine.steps[-1]))
                yield joined(("      ", theirs.steps[-1]))
    if not wanted.indicator:
        yield phrase("  {difference}  预算执行率", difference=difference(card.budget.points, other.budget.points))
        old, new = card.grade or display.NO_GRADE, other.grade or display.NO_GRADE
        change = difference(card.total, other.total)
        yield phrase("  {difference}  总分（{old:_} → {new:_}）", difference=change, old=old, new=new)


def difference(mine: Decimal | None, theirs: Decimal | None) -> str:
    """`8.33 → 8.00（-0.33）`, in columns."""
    change = "" if mine is None or theirs is None else f"（{theirs - mine:+.2f}）"
    return joined((number(mine), " → ", number(theirs), f" {change:<8}"))


def number(points: Decimal | None) -> str:
    """Points in a column."""
    return phrase(" 未评分") if points is None else f"{fixed(points, 2):>7}"


def code_lines(id_: str) -> list[str]:
    """What a diagnostic means, why a reviewer minds, an example and its mending, what to do."""
    code = codes()[id_]
    return [
        phrase(
            "{code}  {severity:_}：{title:_}", code=code.id, severity=SEVERITY_WORDS[code.severity], title=code.title
        ),
        phrase("    为什么：{why:_}", why=code.chinese.why),
        *([cited(usual_source(code.basis))] if code.basis else []),
        phrase("    有问题：{bad:_}", bad=code.chinese.bad),
        phrase("    没问题：{good:_}", good=code.chinese.good),
        phrase("    怎么办：{hint:_}", hint=code.hint),
    ]
