"""完成值: copied from the target, too good to be true, without survey or evidence, out of the year."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selfeval.base.diagnostics import Diagnostic, Severity, weighed
from selfeval.base.display import shown_value
from selfeval.base.model import PERCENT, Indicator, Kind, Score
from selfeval.base.text import comparable, shorten
from selfeval.checks.slips import points_typed_in
from selfeval.checks.subject import Subject, is_yes_or_no
from selfeval.scoring.reasons import has_reason

_MAY_EXCEED = re.compile(
    "增长|增幅|增速|提升|提高|完成率|收益率|负债率|比例|倍|达标|执行率|利用率|覆盖率|控制率|调整率|变动率|偏差率"
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_COUNTED = re.compile("投诉|差评|信访|上访|举报|纠纷|舆情|表扬|表彰|锦旗|感谢信|办结|回复|处理|受理|参与率|知晓率|次数")
_SURVEY = re.compile("问卷|调查|调研|样本|访谈|回访|评价器|测评|回收|份")
_SAMPLED = re.compile("抽样|问卷")
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
            yield subject.on_actual(indicator, "C010", target=shorten(target.text))


def exactly_on_target(subject: Subject) -> Iterator[Diagnostic]:
    """C011: every measured actual is exactly its target, also where it might have come out otherwise."""
    measured = [i for i in subject.project.indicators if i.target.value is not None and i.actual.value is not None]
    same = len(measured) >= ENOUGH_ROWS and all(i.target.value == i.actual.value for i in measured)
    if same and sum(map(may_differ, measured)) > 1 and not any(points_typed_in(subject)):
        yield subject.on_project("C011", count=len(measured))


def may_differ(indicator: Indicator) -> bool:
    """Whether a result might be more or less than its target: not 100 %, no accidents, a fixed subsidy."""
    target = indicator.target
    full = target.unit == PERCENT and target.value == 1
    return bool(target.value) and not full and target.operator != "="


def rate_on_target(subject: Subject) -> Iterator[Diagnostic]:
    """C021: a measured rate that came out exactly as planned, and is not 100%; noted where a paper proves it."""
    if any(exactly_on_target(subject)) or any(points_typed_in(subject)):
        return  # said of all rows at once
    for indicator in subject.project.indicators:
        target, actual = indicator.target, indicator.actual
        if target.unit != PERCENT or target.value != actual.value or target.value in {None, 1}:
            continue
        measured = "质量" in indicator.level2 or indicator.level1 in {"满意度指标", "效益指标"}
        copied_sign = any(r.code == "V005" for r in actual.readings)
        if measured and not copied_sign and len(_NUMBER.findall(actual.text)) == 1:
            actual_shown = shown_value(actual.value, PERCENT)
            d = subject.on_actual(indicator, "C021", name=shorten(indicator.level3), actual=actual_shown)
            proven = indicator.evidence and indicator.level1 != "满意度指标"
            yield weighed(d, Severity.INFO) if proven else d


def survey(subject: Subject) -> Iterator[Diagnostic]:
    """C012: a satisfaction rate without a word on how it was found."""
    rows = [i for i in subject.project.indicators if i.level1 == "满意度指标" and i.actual.text]
    for indicator in rows if rows and not any(points_typed_in(subject)) else ():
        if is_no_satisfaction(indicator):
            continue
        words = " ".join((*indicator.evidence, indicator.reason, indicator.actual.text))
        if not _SURVEY.search(words) and not _SAMPLED.search(indicator.level3):
            yield subject.on_actual(indicator, "C012", name=shorten(indicator.level3))


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
            yield subject.on_actual(score.indicator, "C013", reason=shorten(score.indicator.reason))


def impossible_rate(subject: Subject) -> Iterator[Diagnostic]:
    """C014: a rate above 100%."""
    for indicator in subject.project.indicators:
        value = indicator.actual.value
        if value is None or indicator.actual.unit != PERCENT or value <= 1:
            continue
        if (indicator.target.value or 0) <= 1 and not _MAY_EXCEED.search(indicator.level3 + indicator.target.text):
            actual = shown_value(value, PERCENT)
            yield subject.on_actual(indicator, "C014", name=shorten(indicator.level3), actual=actual)


def empty_reason(subject: Subject) -> Iterator[Diagnostic]:
    """C015: points were lost and the reason says nothing."""
    for score in subject.scorecard.scores:
        reason = score.indicator.reason.strip()
        if lost(score) and has_reason(score.indicator) and (len(reason) < MIN_REASON or _EMPTY_REASON.match(reason)):
            yield subject.on_actual(score.indicator, "C015", reason=shorten(reason))


def lost(score: Score) -> bool:
    """Whether a row lost points."""
    return score.points is not None and score.weight is not None and score.points < score.weight


def date_out_of_year(subject: Subject) -> Iterator[Diagnostic]:
    """C016: something was completed outside the evaluation's year."""
    for indicator in subject.project.indicators:
        day, due = indicator.actual.date, indicator.target.date
        asked = due is not None and day is not None and due.year == day.year  # V020
        if day is not None and day.year != subject.year and not asked:
            yield subject.on_actual(indicator, "C016", day=day, year=subject.year)


def no_evidence(subject: Subject) -> Iterator[Diagnostic]:
    """E003: full marks with nothing to show for them; where the whole project names no evidence, noted once.

    The forms have no column for it: a project that leaves it out altogether is reminded, one that forgets a row asked.
    """
    full = [s.indicator for s in subject.scorecard.scores if s.points is not None and s.points == s.weight]
    bare = [indicator for indicator in full if not indicator.evidence]
    if bare and not any(i.evidence for i in subject.project.indicators):
        d = subject.on_project("E003.project", bare[0].actual_place, count=len(bare))
        yield weighed(d, Severity.INFO)
        return
    for indicator in bare:
        yield subject.on_actual(indicator, "E003.row", name=shorten(indicator.level3))


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
