"""Pictures of bars as data: every place and length is worked out here; partials/chart.html only draws.

Bars are told apart without colour: full is solid, less is hatched, unscored is an empty frame. The broken line
marks the target. Lengths stop a little beyond it; the figure beside the bar is never cut.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from selfeval.base import display
from selfeval.base.exact import fixed
from selfeval.base.model import LevelScore, Scorecard
from selfeval.base.text_width import broken
from selfeval.evaluation.brief import Brief
from selfeval.report.pages.views import Bar, Chart, ChartLabel
from selfeval.rules.profile import Rules

WHOLE = 190
"""The length of a bar at 100 %, in units of the picture (480 wide; labels take the left 170)."""

LONGEST = Fraction(5, 4)
LABEL, SIZE, LINE, GAP = 164, 9, 11, 5
POINTS = f"实心：得满分；斜线：未得满分；虚框：{display.UNSCORED}。"
MANY = 100
"""Projects up to which each has a bar of its own in the pictures of a unit."""

BANDS = ("100% 及以上", *(f"{low}% 至不到 {low + 10}%" for low in (90, 80, 70, 60)), "低于 60%", "没有执行率")
TALLEST = 600
"""A picture taller than this is cut in two, so that each stands on a page."""


@dataclass(frozen=True, slots=True)
class Value:
    """What a bar shows: a name, a share of the whole (None = not known), the words beside it."""

    name: str
    share: Fraction | None
    text: str
    full: bool


def project_charts(card: Scorecard) -> tuple[Chart, ...]:
    """First-level scores, and how far each indicator came against its target."""
    if not card.scores:
        return ()
    money = card.budget
    first = Value(
        "预算执行率",
        None if money.points is None or not money.weight else Fraction(money.points) / Fraction(money.weight),
        f"{display.points(money.points)} / {display.weight(money.weight)}",
        money.points == money.weight,
    )
    return (
        *charts("levels", "各部分得分", ("满分", POINTS), (first, *map(_level, card.levels))),
        *charts("indicators", "各项指标完成情况", ("目标", POINTS), _indicators(card)),
    )


def _level(level: LevelScore) -> Value:
    """One first-level indicator."""
    words = f"{display.points(level.points)} / {display.weight(level.weight)}"
    return Value(level.name, level.completion, words, level.points == level.weight)


def _indicators(card: Scorecard) -> Iterator[Value]:
    """Each indicator: its completion by the rule, or how much more than the target was done."""
    for at, score in enumerate(card.scores, 1):
        if score.indicator.is_detail:
            continue
        share = score.completion
        if share is not None and score.excess is not None and score.excess > 1:
            share = score.excess
        text = display.rate(share)
        if score.points is None:
            share, text = None, display.UNSCORED
        elif share is None and score.weight:  # scored by hand
            share = Fraction(score.points) / Fraction(score.weight)
            text = f"{display.points(score.points)} / {display.weight(score.weight)}"
        yield Value(f"{at} {score.indicator.level3}", share, text, score.points == score.weight)


def unit_charts(briefs: Collection[Brief], rules: Rules) -> tuple[Chart, ...]:
    """Execution and total by project: all projects of a unit in one view."""
    if not briefs:
        return ()
    if len(briefs) > MANY:
        return distributions(briefs, rules)
    due, best = rules.execution.reason_below, rules.grades[0].name
    money = (_execution(brief, due) for brief in briefs)
    told = f"实心：执行率不低于{display.rate(due)}；斜线：低于{display.rate(due)}。"
    graded = f"实心：等级为“{best}”；斜线：其他等级；虚框：{display.NO_GRADE}。"
    return (
        *charts("execution", "各项目预算执行率", ("100%", told), money),
        *charts("totals", "各项目自评总分", ("100 分", graded), (_total(brief, best) for brief in briefs)),
    )


def _execution(brief: Brief, due: Fraction) -> Value:
    """The rate of execution; full where no reason is due."""
    rate = brief.budget.rate
    return Value(brief.name, rate, display.rate(rate), rate is not None and rate >= due)


def _total(brief: Brief, best: str) -> Value:
    """The total as a share of 100 points, where all of them could be scored."""
    share = Fraction(brief.total) / 100 if brief.total is not None and brief.grade else None
    words = f"{display.points(brief.total)} {brief.grade or display.NO_GRADE}"
    return Value(brief.name, share, words, brief.grade == best)


def distributions(briefs: Collection[Brief], rules: Rules) -> tuple[Chart, ...]:
    """How many projects have which execution and which grade: a bar for each would fill pages."""
    rates = Counter(band_of(brief.budget.rate) for brief in briefs)
    grades = Counter(brief.grade or display.NO_GRADE for brief in briefs)
    named = (*(grade.name for grade in rules.grades), display.NO_GRADE)
    words = (f"{len(briefs)} 个项目", "条长：占全部项目的比重。")
    return (
        *charts("execution", "预算执行率的分布", words, _counted(rates, BANDS)),
        *charts("totals", "评价等级的分布", words, _counted(grades, named)),
    )


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
    """The name in lines."""
    return broken(value.name, LABEL, SIZE)


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
