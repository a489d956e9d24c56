"""目标: comparators against sense, unquantified targets, missing categories, names that nearly coincide."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import chain, combinations

from selfeval.base.diagnostics import Diagnostic, Severity, weighed
from selfeval.base.memo import remembered, remembered_beside
from selfeval.base.model import PERCENT, Direction, Indicator, Kind
from selfeval.base.phrases import word
from selfeval.base.remarks import Reading, reading
from selfeval.base.text import comparable, shorten
from selfeval.checks.subject import Subject, is_yes_or_no
from selfeval.reading.values.directions import handles_standard, name_direction
from selfeval.reading.values.units import FAMILIES, family, is_money
from selfeval.rules.profile import Rules

ALIKE = 0.92
"""Names more alike than this are asked about."""

ALL = 40
"""Rows of one 二级 of which every two are compared; of more, each with its next by name."""
WINDOW = 3

NEEDED = {
    **{name: (name,) for name in (word("数量"), word("质量"), word("时效"), word("成本"))},
    word("效益"): ("效益", "效果"),
    word("满意度"): ("满意",),
}
"""What every form asks for, and the words that name it."""
_NUMBER_WORDS = re.compile(
    "[一二两三四五六七八九十百千万亿]+(?:余|多)?(?:次|个|人|户|家|件|场|期|项|台|套|处|公里|亩|册|篇|份|天|月|年|成|批|轮|条|座|所|本|幅|组|式|倍)"
)
_WHEN = re.compile(
    r"^(?:20\d\d年)?(?:全年|年度内|年内|当年|[上下]半年)(?:完成|实施)?$|(?:节|节日|汛期|学期|采暖季|开学|年底|月底|季末)之?前$|^(?:按|每)(?:年|季度?|月|周|旬|日|半年)"
)
"""A day by another name, or how often: 国庆节前, 按季度."""
_STANDARD = re.compile(r"(?:GB|ISO|IEC|HJ|DB|JT|JGJ|CJJ|SL|NY|WS|YY)(?:/T)?[\s-]*\d", re.IGNORECASE)
_LIMIT = re.compile("上限|封顶|控制")
_SPARED = re.compile("会议|接待|出国|出境|三公|公车|公务用车|编制人数|供养")
"""What a unit is to do less of, though it is counted."""
_YEAR = re.compile(r"\d{4}|年")
_BY_SENSE = frozenset({"成本指标，越低越好", "由指标名称"})
_VAGUE = re.compile("^(?:进一步|有效|持续|不断)*(?:促进|推动|推进|保障|改善|增强|提升|提高|优化|减轻|带动|维护)")
_RATE = re.compile("(?:率|度|比例|占比|比重|指数|幅度|增幅)$")


def comparator(subject: Subject) -> Iterator[Diagnostic]:
    """C002: the comparator says the opposite of what the indicator means."""
    for indicator in subject.project.indicators:
        if remark := against_sense(indicator):
            yield subject.on_target(indicator, remark)


def is_done_more(indicator: Indicator) -> bool:
    """Whether a number is of things to be done: counted, or a length or weight whose name says so (维修里程)."""
    unit = indicator.target.unit
    if family(unit) is None:
        return True
    timed = unit in FAMILIES[0] or is_money(unit)
    return not timed and name_direction(indicator.level3) is Direction.POSITIVE


def against_sense(indicator: Indicator) -> Reading | None:
    """Why the comparator of a target is doubtful."""
    target, name = indicator.target, shorten(indicator.level3)
    if target.operator is None:
        return None
    less = name_direction(indicator.level3) is Direction.NEGATIVE
    if less and (target.operator in {"≥", ">"} or (target.operator == "=" and target.value)):
        return reading("C002.lower", name=name, operator=target.operator)
    if target.kind is Kind.COST and target.operator in {"≥", ">", "="} and not handles_standard(indicator.level3):
        return reading("C002.cost", name=name, operator=target.operator)
    counted = target.kind is Kind.NUMBER and target.unit != PERCENT and is_done_more(indicator)
    meant = less or _LIMIT.search(target.text) or _SPARED.search(indicator.level3)
    if "数量" in indicator.level2 and target.operator in {"≤", "<"} and counted and not meant:
        return reading("C002.quantity", name=name, operator=target.operator)
    return None


def no_comparator(subject: Subject) -> Iterator[Diagnostic]:
    """V026: costs and rates of failure without a comparator, read as ≤; said once."""
    rows = [i for i in subject.project.indicators if read_by_sense(i)]
    if rows:
        names = tuple(shorten(i.level3, 12) for i in rows[:3])
        if len(rows) > len(names):
            yield subject.on_target(rows[0], "V026.many", names=names, count=len(rows))
        else:
            yield subject.on_target(rows[0], "V026.few", names=names)


def read_by_sense(indicator: Indicator) -> bool:
    """Whether a target counts as better low only for what it is called."""
    target = indicator.target
    if target.direction is not Direction.NEGATIVE or target.value == 0:
        return False
    return any(why in _BY_SENSE for r in target.readings for name, why in r.given if name == "why")


def date_without_year(subject: Subject) -> Iterator[Diagnostic]:
    """V025: `9月前` is taken for the evaluation's year."""
    for indicator in subject.project.indicators:
        target = indicator.target
        if target.date and target.text.strip() and not _YEAR.search(target.text):
            yield subject.on_target(indicator, "V025", target=shorten(target.text), day=target.date)


def unquantified(subject: Subject) -> Iterator[Diagnostic]:
    """C003: an output or satisfaction target in words; in 效益 it is common and only noted."""
    for indicator in subject.project.indicators:
        if indicator.target.kind is not Kind.QUALITATIVE or says_enough(indicator.target.text):
            continue
        name, target = shorten(indicator.level3), shorten(indicator.target.text)
        d = subject.on_target(indicator, "C003", name=name, target=target)
        yield d if indicator.level1 != "效益指标" else weighed(d, Severity.INFO)


@remembered
def says_enough(text: str) -> bool:
    """Whether a target in words can be held against what was done: 合格, 三次, 国庆节前, ISO 9001."""
    return is_yes_or_no(text) or any(words.search(text) for words in (_NUMBER_WORDS, _WHEN, _STANDARD))


def categories(subject: Subject) -> Iterator[Diagnostic]:
    """C004: a category that every form asks for is absent; a form without second levels does not say."""
    names = "\n".join(f"{i.level1}/{i.level2}" for i in subject.project.indicators)
    lacking = [need for need, words in NEEDED.items() if not any(word in names for word in words)]
    absent = [need for need in lacking if is_asked(need, subject.rules)]
    if names and absent and all(i.level2.strip() for i in subject.project.indicators):
        yield subject.on_project("C004", names=tuple(absent))


def is_asked(need: str, rules: Rules) -> bool:
    """Whether the profile has the first level that a category belongs to: 投入/过程/产出/效果 have no 满意度."""
    level1 = {"效益": "效益", "满意度": "满意"}.get(need, "产出")
    named = [name for levels in rules.levels.sets for name in levels.points]
    return not named or any(level1 in name for name in named)


def near_names(subject: Subject) -> Iterator[Diagnostic]:
    """C007: two indicators of one 二级 have nearly the same name: a question, never a merge."""
    groups: dict[str, list[Indicator]] = {}
    for indicator in subject.project.indicators:
        groups.setdefault(indicator.level2, []).append(indicator)
    for one, other in chain.from_iterable(map(neighbours, groups.values())):
        if abs(len(one.level3) - len(other.level3)) > 3:
            continue
        if differs_by_number(one.level3, other.level3):
            continue
        if likeness(comparable(one.level3), comparable(other.level3)) >= ALIKE:
            yield subject.on_target(other, "C007", name=shorten(other.level3), other=shorten(one.level3))


def neighbours(group: list[Indicator]) -> Iterator[tuple[Indicator, Indicator]]:
    """The pairs whose names are worth comparing: all of a few, of many those that stand near each other by name.

    Names that differ in a letter or two begin or end alike, so that sorting by either end brings them together.
    """
    if len(group) <= ALL:
        yield from combinations(group, 2)
        return
    names = [comparable(indicator.level3) for indicator in group]
    forwards = sorted(range(len(group)), key=lambda i: names[i])
    backwards = sorted(range(len(group)), key=lambda i: names[i][::-1])
    near = {
        (min(one, other), max(one, other))
        for order in (forwards, backwards)
        for at, one in enumerate(order)
        for other in order[at + 1 : at + 1 + WINDOW]
    }
    yield from ((group[one], group[other]) for one, other in sorted(near))


@remembered_beside
def likeness(one: str, other: str) -> float:
    """How much of two names is the same, 0…1; their letters alone, where these already tell them apart."""
    shared = min(len(one) - len(set(one).difference(other)), len(other) - len(set(other).difference(one)))
    if 2 * shared < ALIKE * (len(one) + len(other)):
        return 2 * shared / (len(one) + len(other))
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    bound = matcher.quick_ratio()
    return bound if bound < ALIKE else matcher.ratio()


def differs_by_number(one: str, other: str) -> bool:
    """`1号楼` and `2号楼` are two things."""
    return numbers_in(one) != numbers_in(other)


@remembered
def numbers_in(name: str) -> Sequence[str]:
    """The numbers in a name, as they are written."""
    return re.findall(r"\d+", name)


def misplaced(subject: Subject) -> Iterator[Diagnostic]:
    """C008: a rate among the quantities, a satisfaction among the benefits."""
    for indicator in subject.project.indicators:
        target, name = indicator.target, indicator.level3
        satisfied = "满意" in name or (target.unit == PERCENT and "满意" in target.label)
        if "数量" in indicator.level2 and target.kind is Kind.NUMBER and target.unit == PERCENT:
            yield subject.on_target(indicator, "C008.rate", name=shorten(name))
        elif indicator.level1 == "效益指标" and indicator.level2 and satisfied:
            yield subject.on_target(indicator, "C008.satisfaction", name=shorten(name), level=indicator.level2)


def hollow(subject: Subject) -> Iterator[Diagnostic]:
    """C025: 促进……发展 with a target of 100%: a hundred percent of what?"""
    for indicator in subject.project.indicators:
        target, name = indicator.target, indicator.level3
        whole = target.unit == PERCENT and target.value == 1
        if whole and not target.parts and _VAGUE.match(name) and not _RATE.search(name):
            yield subject.on_target(indicator, "C025", name=shorten(name), target=shorten(target.text))


def form_names(subject: Subject) -> Iterator[Diagnostic]:
    """C001: 基本信息表 and 申报表 give the project two names; the first one holds."""
    other = subject.project.fields.get("申报表项目名称", "")
    if other and comparable(other) != comparable(subject.project.name):
        yield subject.on_project("C001", name=subject.project.name, other=other)


def dates(subject: Subject) -> Iterator[Diagnostic]:
    """C017: the project ends before it begins."""
    start, end = subject.project.start, subject.project.end
    if start and end and end < start:
        yield subject.on_project("C017", end=end, start=start)


CHECKS = (
    form_names,
    dates,
    comparator,
    no_comparator,
    date_without_year,
    unquantified,
    categories,
    near_names,
    misplaced,
    hollow,
)
