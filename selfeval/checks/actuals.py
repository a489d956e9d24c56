"""完成值: copied from the target, too good to be true, without survey or evidence, out of the year."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selfeval.base.diagnostics import Diagnostic
from selfeval.base.display import shown_value
from selfeval.base.model import PERCENT, Indicator, Kind, Score
from selfeval.base.text import comparable, shorten
from selfeval.checks.subject import Subject, is_yes_or_no
from selfeval.scoring.reasons import has_reason

_MAY_EXCEED = re.compile(
    "增长|增幅|增速|提升|提高|完成率|收益率|负债率|比例|倍|达标|执行率|利用率|覆盖率|控制率|调整率|变动率|偏差率"
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_COUNTED = re.compile("投诉|信访|上访|举报|纠纷|舆情|表扬|表彰|锦旗|感谢信|办结|回复|处理|受理|参与率|知晓率|次数")
_SURVEY = re.compile("问卷|调查|调研|样本|访谈|回访|评价器|测评|回收|份")
_EMPTY_REASON = re.compile(
    r"^(?:客观原因|疫情(?:原因|影响)?|正常|历史原因|工作原因|原因|其他|已完成|未完成|加强管理|继续努力)[。.]?$"
)
MIN_REASON = 6
"""A reason shorter than this says nothing a reviewer could use."""

ENOUGH_ROWS = 4
"""Fewer measured rows than this may all be exactly on target by chance."""


def copied(subject: Subject) -> Iterator[Diagnostic]:
    """C010: the actual of a qualitative target repeats the target's words."""
    for indicator in subject.project.indicators:
        target, actual = indicator.target, indicator.actual
        if target.kind is not Kind.QUALITATIVE or not actual.text or is_yes_or_no(target.text):
            continue
        if comparable(target.text).rstrip("。.") == comparable(actual.text).rstrip("。."):
            said = f"完成值照抄了目标“{shorten(target.text)}”"
            yield subject.about_row(indicator, "C010", said)


def exactly_on_target(subject: Subject) -> Iterator[Diagnostic]:
    """C011: every measured actual is exactly its target."""
    measured = [i for i in subject.project.indicators if i.target.value is not None and i.actual.value is not None]
    if len(measured) >= ENOUGH_ROWS and all(i.target.value == i.actual.value for i in measured):
        yield subject.about("C011", f"{len(measured)} 个定量指标的完成值都与目标完全相同")


def rate_on_target(subject: Subject) -> Iterator[Diagnostic]:
    """C021: a measured rate that came out exactly as planned, and is not 100%."""
    if any(exactly_on_target(subject)):
        return  # said of all rows at once
    for indicator in subject.project.indicators:
        target, actual = indicator.target, indicator.actual
        if target.unit != PERCENT or target.value != actual.value or target.value in {None, 1}:
            continue
        measured = "质量" in indicator.level2 or indicator.level1 in {"满意度指标", "效益指标"}
        copied_sign = any(r.code == "V005" for r in actual.readings)
        if measured and not copied_sign and len(_NUMBER.findall(actual.text)) == 1:
            said = f"“{shorten(indicator.level3)}”的完成值 {shown_value(actual.value, PERCENT)} 恰好等于目标"
            yield subject.about_row(indicator, "C021", said)


def survey(subject: Subject) -> Iterator[Diagnostic]:
    """C012: a satisfaction rate without a word on how it was found."""
    for indicator in subject.project.indicators:
        if indicator.level1 != "满意度指标" or not indicator.actual.text or is_no_satisfaction(indicator):
            continue
        told = " ".join((*indicator.evidence, indicator.reason, indicator.actual.text))
        if not _SURVEY.search(told):
            yield subject.about_row(indicator, "C012", f"“{shorten(indicator.level3)}”没有说明调查的方式和份数")


def is_no_satisfaction(indicator: Indicator) -> bool:
    """Whether a row under 满意度 counts something else: 投诉率, 信访次数."""
    named = f"{indicator.level3}{indicator.target.label}"
    return "满意" not in named and bool(_COUNTED.search(named))


def reason_at_full_marks(subject: Subject) -> Iterator[Diagnostic]:
    """C013: full marks, and yet a reason for a deviation."""
    for score in subject.scorecard.scores:
        if not has_reason(score.indicator) or score.override is not None:
            continue
        full = score.points is not None and score.completion == 1
        far_over = score.excess is not None and score.excess >= subject.rules.flag_at
        if full and not far_over:
            said = f"得满分，却写了偏差原因“{shorten(score.indicator.reason)}”"
            yield subject.about_row(score.indicator, "C013", said)


def impossible_rate(subject: Subject) -> Iterator[Diagnostic]:
    """C014: a rate above 100%."""
    for indicator in subject.project.indicators:
        value = indicator.actual.value
        if value is None or indicator.actual.unit != PERCENT or value <= 1:
            continue
        if (indicator.target.value or 0) <= 1 and not _MAY_EXCEED.search(indicator.level3 + indicator.target.text):
            said = f"“{shorten(indicator.level3)}”的完成值是 {shown_value(value, PERCENT)}，超过 100%"
            yield subject.about_row(indicator, "C014", said)


def empty_reason(subject: Subject) -> Iterator[Diagnostic]:
    """C015: points were lost and the reason says nothing."""
    for score in subject.scorecard.scores:
        reason = score.indicator.reason.strip()
        if lost(score) and has_reason(score.indicator) and (len(reason) < MIN_REASON or _EMPTY_REASON.match(reason)):
            yield subject.about_row(score.indicator, "C015", f"偏差原因“{shorten(reason)}”过于笼统")


def lost(score: Score) -> bool:
    """Whether a row lost points."""
    return score.points is not None and score.weight is not None and score.points < score.weight


def date_out_of_year(subject: Subject) -> Iterator[Diagnostic]:
    """C016: something was completed outside the evaluation's year."""
    for indicator in subject.project.indicators:
        day = indicator.actual.date
        if day is not None and day.year != subject.year:
            yield subject.about_row(indicator, "C016", f"完成日期 {day} 不在 {subject.year} 年度内")


def no_evidence(subject: Subject) -> Iterator[Diagnostic]:
    """E003: full marks with nothing to show for them; said once where the whole project names no evidence."""
    full = [s.indicator for s in subject.scorecard.scores if s.points is not None and s.points == s.weight]
    bare = [indicator for indicator in full if not indicator.evidence]
    if len(bare) > 1 and not any(i.evidence for i in subject.project.indicators):
        yield subject.about("E003", f"{len(bare)} 个指标得满分，整个项目没有写佐证材料", bare[0].actual_place)
        return
    for indicator in bare:
        yield subject.about_row(indicator, "E003", f"“{shorten(indicator.level3)}”得满分而没有佐证材料")


CHECKS = (
    copied,
    exactly_on_target,
    rate_on_target,
    survey,
    reason_at_full_marks,
    impossible_rate,
    empty_reason,
    date_out_of_year,
    no_evidence,
)
