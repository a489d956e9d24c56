"""年度总体目标 and 总体目标完成情况: beside the table, beside each other, and their own sums."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from selfeval.base.diagnostics import Diagnostic
from selfeval.base.display import shown_value
from selfeval.base.memo import remembered_beside
from selfeval.base.model import PERCENT, Kind
from selfeval.base.phrases import word
from selfeval.base.text import comparable, decimal, fold, is_blank, shorten
from selfeval.checks.numbers_in_text import (
    DOING,
    Fact,
    Known,
    answers,
    apart,
    disagreement,
    facts,
    money_of,
    of_the_year,
    quantities,
    says,
    shares_words,
    written,
)
from selfeval.checks.subject import Subject, is_begun
from selfeval.reading.values.measured import Quantity
from selfeval.reading.values.targets import TIMES
from selfeval.reading.values.units import MULTIPLIERS, is_money

GOAL, DONE, OVERVIEW = word("年度总体目标"), word("总体目标完成情况"), word("项目概况")
COPIED_FROM = 12
"""A text this long that stands in the goal word by word is copied from it."""

AMONG = "其中"
_ONLY_AMOUNT = re.compile(r"[\d.,，\s]+(?:元|万元|亿元|万)?[。.]?")
_ITEM = re.compile(r"\s*+[:：]?+\s*+(?:\d{1,2}[.、)]\s*+)?\D*?(\d+(?:\.\d+)?)\s*(万|亿)?元\s*")
_OTHER_YEAR = re.compile("上年|去年|往年|下年|明年|同比")
_NOT_COUNTED = re.compile(
    "其中|包括|每|人均|平均|累计|历年|现有|共有|原有|涉及|覆盖|惠及|全[省市县区镇乡村]|第|个百分点|级"
)
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_RATE = re.compile("率|度|比例|比重|占比|面$")
_NESTED = re.compile("用于|包括|含|其中|等|同比|较上年|比上年|增加|减少|实际|已支出|执行|结余|剩余|尚|计划|到位")
_SUM = re.compile(r"(?<!\d)(\d++(?:\.\d++)?)\s*+(万|亿)?元[,，:：\s]*$")


def field(subject: Subject, name: str) -> str:
    """A text of projects.csv."""
    return subject.project.fields.get(name, "")


def goal_measures(subject: Subject) -> tuple[Quantity, ...]:
    """What the 年度总体目标 measures this year, money apart (it is the budget's)."""
    return goals_in(field(subject, GOAL), subject.year)


@remembered_beside
def goals_in(text: str, year: int) -> tuple[Quantity, ...]:
    """What a text measures in a year, money apart."""
    sentences = [s for s in re.split("[。；;\n]", text) if not of_another_year(s, year)]
    found = [m for sentence in sentences for m in quantities(sentence, year)]
    return tuple(m for m in found if m.upper is None and not is_money(m.unit.base))


def of_another_year(sentence: str, year: int) -> bool:
    """Whether a sentence speaks of a year before or after (到2025年, 同比)."""
    named = {int(found) for found in re.findall(r"20\d\d(?=年)", sentence)}
    return bool(named - {year} or _OTHER_YEAR.search(sentence))


def goal_not_in_table(subject: Subject) -> Iterator[Diagnostic]:
    """C005: the goal promises a rate, or a number of things, that no indicator measures."""
    measures = goal_measures(subject)
    known = facts(subject.project.indicators) if measures else []
    absent = [
        f"{m.label}{m.comparator.sign if m.comparator else ''}{shown_value(m.value, m.unit.base)}"
        for m in apart(measures, known)
        if is_absent_rate(m, known) or is_absent_count(m, known, subject)
    ]
    if absent:
        yield subject.on_project("C005", measures=tuple(absent))


def is_absent_rate(measure: Quantity, known: list[Fact]) -> bool:
    """Whether no row has a rate of this name."""
    rate = measure.unit.base == PERCENT and _RATE.search(measure.label)
    return bool(rate) and not any(answers(measure, fact) for fact in known)


def is_absent_count(measure: Quantity, known: list[Fact], subject: Subject) -> bool:
    """Whether something is to be done so many times, and no row counts it, or has the number in any other way."""
    unit = measure.unit.base
    before = measure.clause[: measure.start]
    counted = unit and unit != PERCENT and unit not in TIMES and DOING.search(before)
    if not counted or _NOT_COUNTED.search(measure.clause):
        return False
    table = "\n".join(f"{i.level3} {i.target.text}" for i in subject.project.indicators)
    number = _DIGITS.search(measure.clause[measure.start : measure.end])
    named = number is not None and re.search(rf"(?<![\d.]){re.escape(number.group())}(?![\d.])", table)
    unread = (Fact(comparable(i.level3), (), "") for i in subject.project.indicators if i.target.value is None)
    return not named and not any(is_same_thing(measure, fact) for fact in (*known, *unread))


def is_same_thing(measure: Quantity, fact: Fact) -> bool:
    """Whether a row speaks of the same thing and is no rate, or has the same number."""
    alike = fact.unit != PERCENT and shares_words(measure, fact)
    about = fact.unit == measure.unit.base and (measure.about or measure.comparator)
    return alike or any(says(measure, value) or (about and is_near(measure.value, value)) for value in fact.values)


def is_near(one: Decimal, other: Decimal) -> bool:
    """Whether a number said roughly may be another: 300余户 and 310户."""
    return abs(one - other) * 10 <= abs(other)


def goal_against_table(subject: Subject) -> Iterator[Diagnostic]:
    """C006: the goal and the table give different numbers for one thing."""
    measures = goal_measures(subject)
    known = facts(subject.project.indicators) if measures else []
    for measure in apart(measures, known):
        rivals = rivals_of(measure, known)
        if rivals and not any(says(measure, value) for fact in rivals for value in fact.values):
            table = shown_value(rivals[0].values[0], measure.unit.base)
            yield subject.on_project("C006", written=shorten(written(measure)), table=table)


def rivals_of(measure: Quantity, known: list[Fact]) -> list[Fact]:
    """The numbers of the table about the same thing: by name, else the only one counted in that unit."""
    same_unit = [f for f in known if f.unit == measure.unit.base]
    named = [f for f in same_unit if answers(measure, f)]
    only = len(same_unit) == 1 and measure.unit.base != PERCENT and shares_words(measure, same_unit[0])
    return named or (same_unit if only else [])


def goal_copied(subject: Subject) -> Iterator[Diagnostic]:
    """C020: 总体目标完成情况 repeats the goal, or a part of it."""
    goal, done = (comparable(field(subject, name)).strip("，,。.；;") for name in (GOAL, DONE))
    if done and not is_amount(done) and (goal == done or (len(done) >= COPIED_FROM and done in goal)):
        yield subject.on_project("C020", text=shorten(field(subject, DONE)))


def is_amount(text: str) -> bool:
    """Whether a text is nothing but a number or an amount."""
    return bool(_ONLY_AMOUNT.fullmatch(text.strip()))


def only_an_amount(subject: Subject) -> Iterator[Diagnostic]:
    """C024: an amount where the goal should be told."""
    for name in (GOAL, DONE):
        if is_amount(field(subject, name)):
            yield subject.on_project("C024", column=name, text=shorten(field(subject, name)))


def done_against_table(subject: Subject) -> Iterator[Diagnostic]:
    """C022: 总体目标完成情况 gives another number than the table."""
    measures = of_the_year(field(subject, DONE), subject.year)
    if not measures:
        return
    read = [indicator for indicator in subject.project.indicators if indicator.actual.value is not None]
    table = facts(read)
    known = Known(table, money_of(subject.scorecard))
    for measure in apart(measures, table, 2):
        if rival := disagreement(measure, known, done=True):
            yield subject.on_project("C022", written=rival.written, table=rival.table)


def parts_and_sum(subject: Subject) -> Iterator[Diagnostic]:
    """C023: `共……元，其中……元，……元`: the items do not make the sum."""
    for name in (GOAL, DONE, OVERVIEW):
        text = fold(field(subject, name))
        for sentence in re.split("[。\n]", text) if AMONG in text else ():
            total, items = itemised(sentence)
            if total is not None and sum(items) != total:
                yield subject.on_project("C023", column=name, total=total, parts=sum(items, Decimal(0)))


def itemised(sentence: str) -> tuple[Decimal | None, list[Decimal]]:
    """A sum of money and the plain list of its items after 其中; (None, []) where it is anything else."""
    head, among, tail = sentence.partition(AMONG)
    total = _SUM.search(head)
    if not among or not total or _NESTED.search(tail):
        return None, []
    items = [_ITEM.fullmatch(piece) for piece in re.split("[,，;；、]", tail) if re.search(r"\d", piece)]
    amounts = [yuan(item) for item in items if item]
    return (yuan(total), amounts) if 2 <= len(amounts) == len(items) else (None, [])


def yuan(match: re.Match[str]) -> Decimal:
    """An amount with its multiplier."""
    return (decimal(match[1]) or Decimal(0)) * MULTIPLIERS.get(match[2] or "", 1)


def nothing_said(subject: Subject) -> Iterator[Diagnostic]:
    """N013: 总体目标完成情况 is not filled in although there is a goal, and rows have begun to be filled in."""
    if not field(subject, GOAL) or not is_blank(fold(field(subject, DONE)).strip()):
        return
    rows = subject.project.indicators
    if any(map(is_begun, rows)) and any(i.target.kind is not Kind.QUALITATIVE for i in rows):
        yield subject.on_project("N013")


CHECKS = (
    goal_not_in_table,
    goal_against_table,
    goal_copied,
    only_an_amount,
    done_against_table,
    parts_and_sum,
    nothing_said,
)
