"""目标: comparators against sense, unquantified targets, missing categories, names that nearly coincide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import combinations

from selfeval.checks.subject import Subject
from selfeval.diagnostics import Diagnostic, Severity
from selfeval.model import Direction, Indicator, Kind
from selfeval.pairing import comparable
from selfeval.units import PERCENT, family
from selfeval.values import name_direction, shorten

ALIKE = 0.92
"""Names more alike than this are asked about."""

NEEDED = {"数量": "数量", "质量": "质量", "时效": "时效", "成本": "成本", "效益": "效益|效果", "满意度": "满意"}
_PUNCTUATION = re.compile(r"[，。；、：]{2,}")
_FORM_WORDS = re.compile(r"^(?:指标|目标)\s*\d+\s*[:：]")


def comparator(subject: Subject) -> Iterator[Diagnostic]:
    """C002: the comparator says the opposite of what the indicator means."""
    for indicator in subject.project.indicators:
        said = against_sense(indicator)
        if said:
            yield subject.about_row(indicator, "C002", said, target=True)


def against_sense(indicator: Indicator) -> str:
    """Why the comparator of a target is doubtful, empty where it is not."""
    target, name = indicator.target, shorten(indicator.level3)
    if target.operator in {"≥", ">"} and name_direction(indicator.level3) is Direction.NEGATIVE:
        return f"“{name}”越低越好，目标却是“{target.operator}”"
    if target.operator in {"≥", ">"} and target.kind is Kind.COST:
        return f"“{name}”是成本，目标却是“{target.operator}”"
    counted = target.kind is Kind.NUMBER and target.unit != PERCENT and family(target.unit) is None
    if "数量" in indicator.level2 and target.operator in {"≤", "<"} and counted:
        if name_direction(indicator.level3) is not Direction.NEGATIVE:
            return f"“{name}”是数量指标，目标却是“{target.operator}”"
    return ""


def unquantified(subject: Subject) -> Iterator[Diagnostic]:
    """C003: an output or satisfaction target in words; in 效益 it is common and only noted."""
    for indicator in subject.project.indicators:
        if indicator.target.kind is not Kind.QUALITATIVE:
            continue
        severity = Severity.INFO if indicator.level1 == "效益指标" else None
        said = f"“{shorten(indicator.level3)}”的目标“{shorten(indicator.target.text)}”没有量化"
        yield subject.about_row(indicator, "C003", said, severity, target=True)


def categories(subject: Subject) -> Iterator[Diagnostic]:
    """C004: a category that every form asks for is absent."""
    names = [f"{i.level1}/{i.level2}" for i in subject.project.indicators]
    absent = [need for need, words in NEEDED.items() if not any(re.search(words, name) for name in names)]
    if names and absent:
        yield subject.about("C004", f"没有{'、'.join(absent)}指标")


def near_names(subject: Subject) -> Iterator[Diagnostic]:
    """C007: two indicators of one 二级 have nearly the same name: a question, never a merge."""
    for one, other in combinations(subject.project.indicators, 2):
        if one.level2 != other.level2 or abs(len(one.level3) - len(other.level3)) > 3:  # noqa: PLR2004
            continue
        alike = SequenceMatcher(None, comparable(one.level3), comparable(other.level3), autojunk=False).ratio()
        if alike >= ALIKE and not differs_by_number(one.level3, other.level3):
            said = f"“{shorten(other.level3)}”与“{shorten(one.level3)}”名称相近，是否同一指标"
            yield subject.about_row(other, "C007", said, target=True)


def differs_by_number(one: str, other: str) -> bool:
    """`1号楼` and `2号楼` are two things."""
    return re.findall(r"\d+", one) != re.findall(r"\d+", other)


def misplaced(subject: Subject) -> Iterator[Diagnostic]:
    """C008: a rate among the quantities."""
    for indicator in subject.project.indicators:
        if "数量" in indicator.level2 and indicator.target.kind is Kind.NUMBER and indicator.target.unit == PERCENT:
            said = f"“{shorten(indicator.level3)}”是比率，列在数量指标下"
            yield subject.about_row(indicator, "C008", said, target=True)


def untidy(subject: Subject) -> Iterator[Diagnostic]:
    """C019: doubled or dangling punctuation, and the form's own words left in."""
    for indicator in subject.project.indicators:
        for text in (indicator.level3, indicator.target.text):
            if match := _FORM_WORDS.match(text) or _PUNCTUATION.search(text):
                said = f"“{shorten(text)}”中的“{match.group()}”像是没有改完的文字"
                yield subject.about_row(indicator, "C019", said, target=True)
                break


def form_names(subject: Subject) -> Iterator[Diagnostic]:
    """C001: 基本信息表 and 申报表 give the project two names; the first one holds."""
    other = subject.project.fields.get("申报表项目名称", "")
    if other and comparable(other) != comparable(subject.project.name):
        yield subject.about("C001", f"基本信息表的项目名称是“{subject.project.name}”，申报表是“{other}”")


def dates(subject: Subject) -> Iterator[Diagnostic]:
    """C017: the project ends before it begins."""
    start, end = subject.project.start, subject.project.end
    if start and end and end < start:
        yield subject.about("C017", f"结束日期 {end} 早于开始日期 {start}")


CHECKS = (form_names, dates, comparator, unquantified, categories, near_names, misplaced, untidy)
