"""偏差原因: copied from row to row, or saying the opposite of the row."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selfeval.base.diagnostics import Diagnostic
from selfeval.base.display import TIER_WORDS, shown_value
from selfeval.base.model import PERCENT, Indicator, Tier
from selfeval.base.text import comparable, shorten
from selfeval.checks.actuals import MIN_REASON, lost
from selfeval.checks.numbers_in_text import Disagreement, Known, disagreement, facts_of, of_the_year, says, written
from selfeval.checks.subject import Subject
from selfeval.reading.values.measured import Quantity
from selfeval.scoring.reasons import has_reason

_DONE_SO_FAR = re.compile("(?:全年|年内|实际|已|共|累计)+(?:完成|达到|建成|实施)了?")
_DIGIT = re.compile(r"\d")
_NEWS = re.compile("完成|达成|达到|实现|达标|无偏差|没有偏差|不存在偏差")
_HARMLESS = re.compile(
    f"{_NEWS.pattern}|本|该|实际|标准|100%|项目|各项|指标|任务|目标|工作|均|都|已经?|全部|全面|成效|效果|成绩|显著|明显|突出|取得|按时|按期|如期|按照?(?:目标|计划|要求)?|顺利|圆满|超额|"
    r"提前|年度|年初|全年|预期|基本|了|既定|预定|绩效|要求|情况|良好|值|[\s，,、；;。.!！]"
)


def copied_reason(subject: Subject) -> Iterator[Diagnostic]:
    """C030: one reason for several rows that lost points."""
    groups: dict[str, list[Indicator]] = {}
    for score in subject.scorecard.scores:
        if score.indicator.reason and lost(score) and has_reason(score.indicator):
            groups.setdefault(re.sub(r"\W", "", comparable(score.indicator.reason)), []).append(score.indicator)
    for said, rows in groups.items():
        if len(rows) > 1 and len(said) >= MIN_REASON:
            names, reason = tuple(shorten(row.level3, 12) for row in rows[:3]), shorten(rows[0].reason)
            if len(rows) > len(names):
                yield subject.on_actual(rows[1], "C030.many", names=names, count=len(rows), reason=reason)
            else:
                yield subject.on_actual(rows[1], "C030.few", names=names, reason=reason)


def contrary_reason(subject: Subject) -> Iterator[Diagnostic]:
    """C031: points were lost, and the reason says that all was done."""
    for score in subject.scorecard.scores:
        reason = score.indicator.reason.strip()
        if reason and lost(score) and has_reason(score.indicator) and says_done(reason):
            yield subject.on_actual(score.indicator, "C031.done", reason=shorten(reason))


def another_number(subject: Subject) -> Iterator[Diagnostic]:
    """C031: points were lost, and the reason gives another number than the row."""
    for score in subject.scorecard.scores:
        indicator = score.indicator
        if indicator.actual.value is None or not lost(score) or not _DIGIT.search(indicator.reason):
            continue
        for measure in of_the_year(indicator.reason, subject.year):
            if rival := rival_of(measure, indicator):
                yield subject.on_actual(indicator, "C031.number", written=rival.written, actual=rival.table)


def rival_of(measure: Quantity, indicator: Indicator) -> Disagreement | None:
    """What of a row's own reason is not its number: 维修里程22公里, 已完成19公里."""
    value, unit = indicator.actual.value, measure.unit.base
    if unit != indicator.target.unit or measure.value in {value, indicator.target.value}:
        return None
    if says_another(measure, indicator):
        return Disagreement(written(measure), (shown_value(value, unit),))
    return disagreement(measure, Known(facts_of(indicator)), done=True)


def says_another(measure: Quantity, indicator: Indicator) -> bool:
    """Whether `已完成3500米` in a row's own reason is neither its actual nor its target."""
    of_row = measure.unit.base == indicator.actual.unit != PERCENT and bool(_DONE_SO_FAR.fullmatch(measure.label))
    plain = not (measure.comparator or measure.trend or measure.about)
    values = (indicator.actual.value, indicator.target.value)
    return of_row and plain and not any(value is not None and says(measure, value) for value in values)


def says_done(reason: str) -> bool:
    """Whether a reason is nothing but the news that the target was met."""
    return bool(_NEWS.search(reason)) and not _HARMLESS.sub("", reason)


def contrary_tier(subject: Subject) -> Iterator[Diagnostic]:
    """S017: 完成档次 says one thing of a measured row, the number another."""
    for score in subject.scorecard.scores:
        claimed, completion = score.indicator.actual.claimed, score.completion
        if claimed is None or completion is None:
            continue
        if (claimed is Tier.MET) != (completion == 1):
            yield subject.on_actual(score.indicator, "S017", tier=TIER_WORDS[claimed], completion=completion)


def raised(subject: Subject) -> Iterator[Diagnostic]:
    """S016: 自评得分 gives full marks where the rule gives less."""
    for score in subject.scorecard.scores:
        rule, given = score.rule_points, score.override
        if given is not None and rule is not None and rule < given == score.weight:
            reason = shorten(score.indicator.reason)
            yield subject.on_actual(score.indicator, "S016", due=rule, points=given, reason=reason)


CHECKS = (copied_reason, contrary_reason, another_number, contrary_tier, raised)
