"""Pictures of bars as data: every place and length is worked out here; partials/chart.html only draws.

Bars are told apart without colour: full is solid, less is hatched or lighter, unscored is an empty frame. The broken
line marks the target. Lengths stop a little beyond it; the figure beside the bar is never cut.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from selfeval.base import display
from selfeval.base.exact import fixed, rounded
from selfeval.base.model import Kind, LevelScore, Scorecard
from selfeval.base.text_width import broken
from selfeval.evaluation.brief import Brief
from selfeval.report.pages.chart_views import Bar, Chart, ChartLabel
from selfeval.rules.profile import Rules

WHOLE = 190
"""The length of a bar at 100 %, in units of the picture (480 wide; labels take the left 170)."""

LONGEST = Fraction(5, 4)
LABEL, SIZE, LINE, GAP = 164, 9, 11, 5
POINTS = f"深色：得满分；浅色：未得满分；虚框：{display.UNSCORED}。"
LOST = f"条长：分值减得分，图内各条同一比例；虚框：{display.UNSCORED}。"
RATES = "深色：得满分；浅色：未得满分。完成率恰为100%的、评定档次的和未评分的不列。"
SHARE = "条长：占全部项目的比重。"
EXECUTION = "预算执行率"
MANY = 100
"""Projects up to which each has a bar of its own in the pictures of a unit."""

BANDS = ("100% 及以上", *(f"{low}% 至不到 {low + 10}%" for low in (90, 80, 70, 60)), "低于 60%", "没有执行率")
TALLEST = 600
"""A picture taller than this is cut in two, so that each stands on a page."""
NAMED = 20
"""A name has no more lines beside its bar; the form has all of it."""


@dataclass(frozen=True, slots=True)
class Value:
    """What a bar shows: a name, a share of the whole (None = not known), the words beside it."""

    name: str
    share: Fraction | None
    text: str
    full: bool


def project_charts(card: Scorecard) -> tuple[Chart, ...]:
    """What each part came to; where points were lost; how far rows came that did not end exactly at their target.

    One unit in each picture. Where nothing was lost, or all ended at their target, there is nothing to see.
    """
    if not card.scores:
        return ()
    lost, rates = list(_lost(card)), list(_rates(card))
    largest = max((value.share for value in lost if value.share is not None), default=Fraction(0))
    words = (f"{display.points(rounded(largest, 2))} 分", LOST)
    shared = [replace(value, share=value.share / largest) if value.share and largest else value for value in lost]
    return (
        *charts("levels", "各部分得分", ("满分", POINTS), (*_execution_part(card), *map(_level, card.levels))),
        *(charts("lost", "失分的指标", words, shared) if lost else ()),
        *(charts("indicators", "偏离目标的指标完成率", ("目标", RATES), rates) if rates else ()),
    )


def _execution_part(card: Scorecard) -> Iterator[Value]:
    """预算执行率 among the parts of the total, where it has points."""
    money = card.budget
    if money.weight:
        share = None if money.points is None else Fraction(money.points) / Fraction(money.weight)
        words = f"{display.points(money.points)} / {display.weight(money.weight)}"
        yield Value(EXECUTION, share, words, money.points == money.weight)


def _level(level: LevelScore) -> Value:
    """One first-level indicator."""
    words = f"{display.points(level.points)} / {display.weight(level.weight)}"
    return Value(level.name, level.completion, words, level.points == level.weight)


def _lost(card: Scorecard) -> Iterator[Value]:
    """Rows that lost points, in points; those that could not be scored have none."""
    if card.budget.weight:
        yield from _loss(EXECUTION, card.budget.weight, card.budget.points)
    for at, score in enumerate(card.scores, 1):
        if not score.indicator.is_detail and score.weight is not None:
            yield from _loss(f"{at}. {score.indicator.level3}", score.weight, score.points)


def _loss(name: str, weight: Decimal, points: Decimal | None) -> Iterator[Value]:
    """The points that a row lost, where it lost any."""
    if points is None:
        yield Value(name, None, display.UNSCORED, full=False)
    elif points < weight:
        yield Value(name, Fraction(weight) - Fraction(points), f"{display.points(weight - points)} 分", full=False)


def _rates(card: Scorecard) -> Iterator[Value]:
    """Rows that ended below or beyond their target, as a rate; a row below full marks never lies beyond it.

    Of a compound cell the mean of its parts counts, which no part beyond its target lifts.
    """
    for at, score in enumerate(card.scores, 1):
        rate = score.completion
        words = score.indicator.target.kind is Kind.QUALITATIVE
        if rate is None or score.points is None or score.indicator.is_detail or words:
            continue
        full = score.points == score.weight
        if full and rate == 1 and score.excess is not None and score.excess > 1:
            rate = score.excess
        if rate != 1:
            yield Value(f"{at}. {score.indicator.level3}", rate, display.short_rate(rate), full)


def unit_charts(briefs: Collection[Brief], rules: Rules) -> tuple[Chart, ...]:
    """Grades, and what each project lost: all projects of a unit in one view."""
    if not briefs:
        return ()
    if len(briefs) > MANY:
        return distributions(briefs, rules)
    due = rules.execution.reason_below
    money = (_execution(brief, due) for brief in briefs)
    told = f"深色：执行率不低于{display.rate(due)}；浅色：低于{display.rate(due)}。"
    losses = [
        _shortfall(brief) for brief in briefs if brief.total is None or not brief.grade or brief.total < brief.full
    ]
    largest = max((value.share for value in losses if value.share is not None), default=Fraction(0))
    shared = [replace(value, share=value.share / largest) if value.share and largest else value for value in losses]
    words = (f"{display.points(rounded(largest, 2))} 分", f"条长：满分减自评总分；虚框：{display.NO_GRADE}。")
    return (
        *_grades(briefs, rules),
        *charts("execution", "各项目预算执行率", ("100%", told), money),
        *(charts("lost", "各项目失分", words, shared) if losses else ()),
    )


def _shortfall(brief: Brief) -> Value:
    """What a project lost of all its points, where all of them could be scored."""
    if brief.total is None or not brief.grade:
        return Value(brief.name, None, display.NO_GRADE, full=False)
    gap = brief.full - brief.total
    return Value(brief.name, Fraction(gap), f"{display.points(gap)} 分", full=False)


def _execution(brief: Brief, due: Fraction) -> Value:
    """The rate of execution; full where no reason is due."""
    rate = brief.budget.rate
    words = display.rate(None) if rate is None else display.rate_off(rate, due)
    return Value(brief.name, rate, words, rate is not None and rate >= due)


def _grades(briefs: Collection[Brief], rules: Rules) -> Iterator[Chart]:
    """How many projects have which grade."""
    grades = Counter(brief.grade or display.NO_GRADE for brief in briefs)
    named = (*(grade.name for grade in rules.grades), display.NO_GRADE)
    return charts("grades", "评价等级的分布", (f"{len(briefs)} 个项目", SHARE), _counted(grades, named))


def distributions(briefs: Collection[Brief], rules: Rules) -> tuple[Chart, ...]:
    """How many projects have which execution and which grade: a bar for each would fill pages."""
    rates = Counter(band_of(brief.budget.rate) for brief in briefs)
    words = (f"{len(briefs)} 个项目", SHARE)
    return (*charts("execution", "预算执行率的分布", words, _counted(rates, BANDS)), *_grades(briefs, rules))


def band_of(rate: Fraction | None) -> str:
    """The ten per cent a rate lies in."""
    if rate is None:
        return BANDS[-1]
    return BANDS[min(max(0, 10 - int(rate * 10)), len(BANDS) - 2)]


def _counted(counts: Counter[str], names: Iterable[str]) -> Iterator[Value]:
    """A bar for each name that anything was counted under."""
    for name in names:
        if counts[name]:
            share = Fraction(counts[name], counts.total())
            yield Value(name, share, f"{counts[name]} 个（{display.rate(share)}）", full=True)


def charts(id_: str, title: str, words: tuple[str, str], values: Iterable[Value]) -> Iterator[Chart]:
    """A picture, or several where one would be taller than a page; `words`: what the line marks, what fillings mean."""
    part: list[Value] = []
    height, at = 0, 0
    for value in values:
        tall = _height(value)
        if part and height + tall > TALLEST:
            yield _chart(f"{id_}-{at}", title + ("（续）" if at else ""), words, part)
            part, height, at = [], 0, at + 1
        part.append(value)
        height += tall
    yield _chart(f"{id_}-{at}", title + ("（续）" if at else ""), words, part)


def _lines(value: Value) -> tuple[str, ...]:
    """The name in lines; the rest of a very long one is left out."""
    names = tuple(broken(value.name, LABEL, SIZE))
    return names if len(names) <= NAMED else (*names[: NAMED - 1], names[NAMED - 1][:-1] + "…")


def _height(value: Value) -> int:
    """What a bar takes, with its name."""
    return len(_lines(value)) * LINE + GAP


def _chart(id_: str, title: str, words: tuple[str, str], values: Iterable[Value]) -> Chart:
    """One picture."""
    bars: list[Bar] = []
    top = 16
    for value in values:
        bars.append(_bar(value, top))
        top += _height(value)
    told = "；".join(f"{''.join(label.text for label in bar.labels)}：{bar.value}" for bar in bars)
    return Chart(id_, title, f"{told}。", str(top + 2), str(top), str(170 + WHOLE), *words, tuple(bars))


def _bar(value: Value, top: int) -> Bar:
    """One bar from `top` down."""
    names = _lines(value)
    middle = Fraction(top) + Fraction(len(names) * LINE, 2)
    labels = tuple(ChartLabel(str(top + 9 + at * LINE), name) for at, name in enumerate(names))
    share = None if value.share is None else max(Fraction(0), min(value.share, LONGEST))
    state = "unscored" if share is None else "met" if value.full else "short"
    length = Fraction(WHOLE) if share is None else share * WHOLE
    return Bar(labels, fixed(middle - 4, 1), fixed(middle + 3, 1), fixed(length, 1), state, value.text)
