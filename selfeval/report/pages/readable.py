"""Targets and actuals as a sentence tells them: ≥98%, 200万次, 不超过40万元, 2021年12月31日前.

A number is written anew only where it is found in the cell with exactly its value and nothing but a known name, unit
and comparator beside it; whatever else a cell says is told in its own words. No digit is rounded away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from selfeval.base import display
from selfeval.base.exact import plain
from selfeval.base.model import PERCENT, YUAN, Actual, Kind, Target
from selfeval.base.text import fold
from selfeval.reading.sentences import Sentences
from selfeval.reading.values.units import MULTIPLIERS, SYNONYMS

LONGEST = 60
"""A text longer than this is not told in a sentence."""

_SCALES = "|".join(sorted(MULTIPLIERS, key=len, reverse=True))
_NUMBER = re.compile(rf"(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<scale>{_SCALES})?", re.ASCII)
_PLAIN = re.compile(r"\d[\d,]*(?:\.\d+)?", re.ASCII)
_CLAUSE = re.compile(r"[^,，。；;\n](?:[^，。；;\n,]|,(?=\d{3}))*")
_BEFORE = re.compile(
    r"^(?:使|年度|当年|全年|每年|确保|保证|保障|实现|完成|达到|达|为|是|指标值|目标值|金额|总金额|[:：\s])+"
    r"|(?:确保|实现|实际|完成|达到|达|为|是|不低于|不少于|不超过|不高于|不大于|不小于|大于等于|小于等于|大于|小于|高于|低于|超过|至少|"
    r"控制在|[≥≤><＝=═:：\s])+$"
)
_AFTER = re.compile(r"(?:及?以上|及?以下|[之以]?内|\(含\)|（含）|[。.\s])+$")
_DAY = re.compile(r"日|号|\d[-/.]\d{1,2}[-/.]\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Told:
    """A number found in its cell: what it is of where the indicator's name does not say it, its value and its unit."""

    label: str
    value: Decimal
    unit: str


def told_in(text: str, value: Decimal | None, unit: str, name: str, scale: Decimal = Decimal(1)) -> Told | None:
    """The number of a cell, as far as the cell says nothing else; None where its own words must stand.

    `scale`: how many base units a number without a unit counts in.
    """
    if value is None:
        return None
    whole = fold(text).strip()
    if _PLAIN.fullmatch(whole) and unit and Decimal(whole.replace(",", "")) * scale == value:
        return Told("", value, unit)
    found = [told for clause in _CLAUSE.finditer(whole) for told in _numbers(clause[0], value, unit, name)]
    return found[-1] if found else None


def _numbers(clause: str, value: Decimal, unit: str, name: str) -> Iterator[Told]:
    """The numbers of a clause that are this value, with their words accounted for."""
    for match in _NUMBER.finditer(clause):
        written = _AFTER.sub("", clause[match.end() :]).strip()
        label = _bare(clause[: match.start()])
        if re.search(r"\d", written + label) and fold(label) not in fold(name):
            continue
        number = Decimal(match["number"].replace(",", "")) * MULTIPLIERS.get(match["scale"] or "", 1)
        measure = _measure(written, unit, bare=match[0].strip() == clause.strip() or label in {"", "单价"})
        if measure is None or number != (value * 100 if measure == PERCENT else value):
            continue
        known = not label or label == "单价" or fold(label) in fold(name)
        yield Told("" if known else label, value, measure)


def _bare(words: str) -> str:
    """What stands before a number, without words of asking and comparing."""
    before = words
    while (shorter := _BEFORE.sub("", before).strip()) != before:
        before = shorter
    return before


def _measure(written: str, unit: str, *, bare: bool) -> str | None:
    """The unit as it is printed: as written where it is that of the value; None where something else is written."""
    if unit == PERCENT:
        return PERCENT if written in {PERCENT, "％"} or (not written and bare) else None
    if not written:
        return unit
    return written if unit in (written, SYNONYMS.get(written)) else None


# ── Amounts, both at one scale ──

BIG, FIVE_DIGITS = Decimal(10**8), Decimal(10**4)


def scale_of(unit: str, values: list[Decimal]) -> tuple[str, Decimal]:
    """亿, 万 or nothing, as reads best for these values of one unit; every scale keeps all digits."""
    largest = max((abs(value) for value in values), default=Decimal(0))
    if unit == PERCENT or largest < FIVE_DIGITS:
        return "", Decimal(1)
    if largest >= BIG and most_digits(values, BIG) <= 4:
        return "亿", BIG
    digits = most_digits(values, FIVE_DIGITS)
    if not unit.startswith(YUAN) and largest < 10 * FIVE_DIGITS and min(map(abs, values)) < FIVE_DIGITS:
        return "", Decimal(1)
    if unit.startswith(YUAN) or digits <= (4 if largest >= 10 * FIVE_DIGITS else 2):
        return "万", FIVE_DIGITS
    return "", Decimal(1)


def most_digits(values: list[Decimal], scale: Decimal) -> int:
    """How many decimals the longest of these takes at a scale."""
    return max(len(plain(value / scale).partition(".")[2]) for value in values)


def amount(value: Decimal, unit: str, scale: tuple[str, Decimal]) -> str:
    """A value with its unit: 200万次, 98%."""
    if unit == PERCENT:
        return f"{plain(value * 100)}%"
    return f"{plain(value / scale[1])}{scale[0]}{unit}"


def wan(value: Decimal | None) -> str:
    """Money in a sentence: 40万元, with all digits."""
    return display.NOT_FILLED if value is None else f"{display.wan(value)}万元"


# ── Target and actual ──


@dataclass(frozen=True, slots=True)
class Pair:
    """What was asked and what was done, in words.

    `exact`: both are numbers told anew, with this `unit` and `scale`; `bare`: what was done is a number and no more.
    """

    target: str
    actual: str
    unit: str = ""
    scale: tuple[str, Decimal] = ("", Decimal(1))
    exact: bool = False
    bare: bool = False


def pair(target: Target, actual: Actual, name: str, says: Sentences) -> Pair:
    """Target and actual of a row, or of a part of one."""
    if target.kind is Kind.DATE:
        return Pair(_day_asked(target, says), _day_done(actual))
    asked = told_in(target.text, target.value, target.unit, name, target.scale)
    if asked is None and target.value is not None and _fits(target, name):
        asked = Told("", target.value, target.unit)
    of_part = target.label if target.text == target.label else ""
    done = told_in(actual.text, actual.value, target.unit, f"{name}{of_part}", target.scale)
    values = [one.value for one in (asked, done) if one]
    unit = asked.unit if asked else done.unit if done else ""
    scale = scale_of(target.unit, values)
    return Pair(
        f"{asked.label}{_compared(target, amount(asked.value, asked.unit, scale), says)}"
        if asked
        else own(target.text),
        f"{done.label}{amount(done.value, done.unit, scale)}" if done else own(actual.text),
        unit,
        scale,
        bool(asked and done),
        bool(done and not done.label),
    )


def _fits(target: Target, name: str) -> bool:
    """Whether a part of a compound cell is known by its label alone, its number being read from the whole."""
    return bool(target.label) and target.text == target.label and target.kind in {Kind.NUMBER, Kind.COST} and bool(name)


def _compared(target: Target, number: str, says: Sentences) -> str:
    """A number with its comparator: a sign before a percentage, words before an amount."""
    if target.operator is None or target.operator == "=":
        return number
    if target.unit == PERCENT:
        return f"{target.operator}{number}"
    key = {"≥": "at_least", "≤": "at_most", ">": "more_than", "<": "less_than"}.get(target.operator)
    return says.say(key, 数值=number) if key else f"{target.operator}{number}"


def _day_asked(target: Target, says: Sentences) -> str:
    """A day that is asked for; a month without a day stays one."""
    day = target.date
    if day is None:
        return own(target.text)
    last = (day + timedelta(days=1)).day == 1
    only_month = last and not _DAY.search(target.text) and "月" in target.text
    written = f"{day.year}年{day.month}月底" if only_month else display.day(day.isoformat())
    return says.say("by_day", 日期=written)


def _day_done(actual: Actual) -> str:
    """A day on which something was done, as far as the cell names one and says nothing else."""
    day, text = actual.date, fold(actual.text)
    alone = day and _DAY.search(text) and not re.sub(r"[\d年月日号\-/.\s]|完成|竣工|验收", "", text)
    return display.day(day.isoformat()) if day and alone else own(actual.text)


def own(text: str) -> str:
    """The words of a cell in quotation marks; a long text is left to the form, "" then."""
    words = " ".join(text.split()).rstrip("。；;，,")
    return display.quoted(words) if words and len(words) <= LONGEST else ""
