"""The number of an actual that answers a numeric target, in the target's unit, scale and period."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from selfeval.base.display import shown_value
from selfeval.base.exact import plain, rounded
from selfeval.base.model import PERCENT, Actual, Direction, Kind, Target
from selfeval.base.phrases import word
from selfeval.base.remarks import Reading, explained, reading
from selfeval.base.text import shorten
from selfeval.reading.values.changes import may_be_level, opposite
from selfeval.reading.values.clauses import answers_in
from selfeval.reading.values.frequencies import in_period, period_of, same_points, told_period, years_own
from selfeval.reading.values.measured import Measures, Quantity
from selfeval.reading.values.units import PEOPLE, Conversion, conversion, read_unit

CONVERTED_DIGITS = 12
"""Decimals kept where a unit conversion does not end (2天 in weeks)."""

_FRACTION = re.compile(r"(\d{1,12})\s*/\s*(\d{1,12})")
_MONTHS = re.compile(r"(\d{1,2})\s*月(?:份)?")
_DONE_LABEL = re.compile(r"(?:实际|实际完成|实际值|完成值|实际达到|实际为|实际支出)$")


def numeric_actual(text: str, words: str, found: Measures, target: Target) -> Actual:
    """The one number that answers the target, in the target's unit."""
    if said := in_other_form(text, words, found, target):
        return said
    quantities = [m for m in found.measures if isinstance(m, Quantity)]
    chosen = the_answer(quantities, found, target)
    if chosen is not None and chosen.upper is not None:
        chosen = nearer_end(chosen, target)
    if chosen is None:
        several = quantities or found.unclear
        why = reading("V004.several" if several else "V004.no_number", actual=shorten(text))
        return Actual(text, label=target.label, readings=(why,))
    if target.change and may_be_level(chosen, target):
        return Actual(text, label=chosen.label, readings=(reading("V004.change", actual=shorten(text)),))
    period = period_of(target) or years_own(target, told_period(chosen))
    return in_targets_period(text, chosen, target, period) if period else in_targets_unit(text, chosen, target)


_WHOLE_YEAR = re.compile(
    r"(?:已|实际)?全年(?:度)?(?:不间断|无间断|持续|连续|正常|稳定|安全|均|都|每天|免费|对外|按要求|按合同|地)*"
    r"(?:提供|开展|运行|运转|开放|服务|保障|运维|供水|供暖|供电|值守|管护|保洁|维护|运营)[^，。；\d未没不无停断暂计拟应需将待]{0,6}。?"
)
_YEAR_IN = {"月": Decimal(12), "年": Decimal(1), "季度": Decimal(4), "天": Decimal(365)}
"""`全年提供服务` against ≥12个月."""


def whole_year(words: str, target: Target) -> Decimal | None:
    """The length of a year, where that is what words say and the target asks for no more."""
    length = _YEAR_IN.get(target.unit)
    asked = target.kind is Kind.NUMBER and target.direction is Direction.POSITIVE and target.value is not None
    if length is None or not asked or (target.value or 0) > length:
        return None
    return length if _WHOLE_YEAR.fullmatch(words) else None


_ALL_OF_IT = re.compile(
    r"(?:[^\d，。；]{0,6}\d+[^\d%，。；]{1,12}|[^\d，。；]{0,8})(?:全部|均已|全都)(?:按[期时]|如期|顺利|一次性?|已)*"
    r"((?:(?![不未没无])[\u4e00-\u9fff]){2,6})。?"
)
_RATE_OF = re.compile("([\u4e00-\u9fff]{2})率$")


def is_all_of_it(words: str, target: Target) -> bool:
    """`86户全部竣工` against a 竣工率 that is better high: all of them."""
    rate, done = _RATE_OF.search(target.name), _ALL_OF_IT.fullmatch(words)
    return bool(rate and done and done[1].endswith(rate[1]) and target.direction is Direction.POSITIVE)


def in_other_form(text: str, words: str, found: Measures, target: Target) -> Actual | None:
    """`305/310`, `8月份` of a year's months, `86户全部竣工` against a 竣工率, `全年提供服务` against ≥12个月."""
    fraction = _FRACTION.fullmatch(words)
    if fraction and target.unit == PERCENT and int(fraction[2]):
        return Actual(text, decimal_of(Fraction(int(fraction[1]), int(fraction[2]))), PERCENT, label=target.label)
    if target.unit == "月" and (months := _MONTHS.fullmatch(words)):
        return Actual(text, Decimal(months[1]), "月", label=target.label)
    all_of_it = Decimal(1) if target.unit == PERCENT and is_all_of_it(words, target) else None
    value = all_of_it or (None if found.measures else whole_year(words, target))
    if value is None:
        return None
    remark = reading("V005.words", actual=shorten(text), words="全部" if all_of_it else "全年")
    return Actual(text, value, target.unit, label=target.label, readings=(remark,))


def the_answer(quantities: Sequence[Quantity], found: Measures, target: Target) -> Quantity | None:
    """The number that answers: the only one, else the only one in the target's unit or called 实际."""
    if found.unclear and not all(speaks_of_other_things(clause, target) for clause in found.unclear):
        return None
    if len(quantities) == 1 and not found.unclear:
        return quantities[0]
    for mine in (
        [q for q in quantities if _DONE_LABEL.search(q.label)],
        [q for q in quantities if q.unit.base and q.unit.base == target.unit],
        [q for q in quantities if target.unit and answers_in(q.unit.base, target.unit)],
    ):
        if len(mine) == 1:
            return mine[0]
    return None


def speaks_of_other_things(clause: str, target: Target) -> bool:
    """Whether an unclear clause (发放600份回收572份) cannot hold the answer to a rate."""
    return target.unit == PERCENT and not any(mark in clause for mark in ("%", "‰", "率", "度", "/"))


def nearer_end(span: Quantity, target: Target) -> Quantity | None:
    """`98%-99%` where both ends meet the target: the end nearer to it; None where the points would differ."""
    ends = [replace(span, upper=None), replace(span, value=span.upper or span.value, upper=None)]
    values = [in_targets_unit("", end, target).value for end in ends]
    if any(value is None or not is_met(value, target) for value in values):
        return None
    return ends[1] if target.direction is Direction.NEGATIVE else ends[0]


def in_targets_period(text: str, quantity: Quantity, target: Target, period: str) -> Actual:
    """A count that comes again in the target's period; without a period of its own it may be the year's."""
    told = told_period(quantity)
    counted = replace(quantity, unit=replace(quantity.unit, base=quantity.unit.base.partition("/")[0]))
    actual = in_targets_unit(text, counted, replace(target, unit=target.unit.partition("/")[0]))
    actual = replace(actual, unit=target.unit if actual.unit else actual.unit)
    if actual.value is None or told == period or (period == "年" and not told):
        return actual
    if told:
        return as_told(actual, told, period)
    whole = in_period(actual.value, "年", period)
    if whole is None or not same_points(Fraction(actual.value), whole, target):
        said = reading("V004.no_period", actual=shorten(text), period=period)
        return Actual(text, label=actual.label, readings=(said,))
    said = reading("V006.no_period", actual=shorten(text), period=period)
    return replace(actual, readings=(*actual.readings, said))


def as_told(actual: Actual, told: str, period: str) -> Actual:
    """每周1次 against 每月4次: the same count in the target's period."""
    value = in_period(actual.value or Decimal(0), told, period)
    if value is None:
        said = reading("V004.period", actual=shorten(actual.text), told=told, period=period)
        return Actual(actual.text, label=actual.label, readings=(said,))
    said = reading("V030", told=told, period=period, value=decimal_of(value))
    return replace(actual, value=decimal_of(value), readings=(*actual.readings, said))


_OF_PEOPLE = re.compile("人[次数员]|咨询|服务|接待|诊|借阅|慰问|走访|援助")


def counts_heads(quantity: Quantity, target: Target) -> bool:
    """`70人次` against 执法检查≥60次: how many came is not how often it was done."""
    return target.unit == "次" and quantity.unit.base in PEOPLE and not _OF_PEOPLE.search(target.name)


def in_targets_unit(text: str, quantity: Quantity, target: Target) -> Actual:
    """The number in the target's base unit; without a unit it takes the target's."""
    quantity = as_share(quantity, target)
    readings = list(how_written(text, quantity, target))
    sign = opposite(quantity, target)
    if sign is None or falls_short(quantity, target):
        return Actual(text, label=quantity.label, readings=(reading("V004.how_much", actual=shorten(text)),))
    if sign < 0:
        readings.append(explained("变动方向与目标相反，按负数读取"))
    if not quantity.unit.base:
        scale = target.scale if quantity.unit.scale == 1 else Decimal(1)
        if scale != 1 and (likely := likely_meant(quantity.value * scale, target, unwritten=scale)):
            said = reading("V004.lost_unit", actual=shorten(text), times=likely.times, meant=likely.meant)
            return Actual(text, label=quantity.label, readings=(said,))
        if quantity.unit.scale != 1 and (likely := likely_meant(quantity.value, target)):
            readings.append(reading("V029", actual=shorten(text), times=likely.times, meant=likely.meant))
        return Actual(text, sign * quantity.value * scale, target.unit, label=quantity.label, readings=tuple(readings))
    change = conversion(quantity.unit.base, target.unit)
    share_of_number = not target.unit and quantity.unit.base == PERCENT and abs(target.value or Decimal(0)) > 1
    if counts_heads(quantity, target):
        change = Conversion(None, reading("V007.units", unit=quantity.unit.written, target=target.unit))
    if change.factor is None or share_of_number:
        readings.append(change.remark or reading("V007.percentage", actual=shorten(text)))
        return Actual(text, unit=quantity.unit.base, label=quantity.label, readings=tuple(readings))
    if change.remark:
        readings.append(change.remark)
    value = quantity.value if change.factor == 1 else decimal_of(Fraction(quantity.value) * change.factor)
    unit = target.unit or quantity.unit.base
    if (target.scale != 1 or quantity.unit.scale != 1) and (likely := likely_meant(value, target)):
        readings.append(reading("V029", actual=shorten(text), times=likely.times, meant=likely.meant))
    return Actual(text, sign * value, unit, label=quantity.label, readings=tuple(readings))


_HUNDRED, _THOUSAND, _TEN_THOUSAND, _HUNDRED_MILLION = word("一百倍"), word("一千倍"), word("一万倍"), word("一亿倍")
_SLIPS = {
    Decimal(10**4): _TEN_THOUSAND,
    Decimal(100): _HUNDRED,
    Decimal("0.01"): _HUNDRED,
    Decimal("0.0001"): _TEN_THOUSAND,
}
_BY_SCALE = {Decimal(10**8): _HUNDRED_MILLION, Decimal("0.001"): _THOUSAND}
"""210000000 against 2亿元, 0.004 against 5‰: a number without a unit may be in the unit's base."""
_NEAR = 3
_FAR = 33


class ScaleSlip(NamedTuple):
    """How far from the target a value lies, and what was meant."""

    times: str
    meant: str


def likely_meant(value: Decimal, target: Target, *, unwritten: Decimal = Decimal(1)) -> ScaleSlip | None:
    """How far from the target a value lies where that looks like a lost 万 or %; None where it does not.

    `unwritten`: the scale of the target's unit, where the value was written without one.
    """
    if not value or not target.value or target.kind is Kind.RANGE:
        return None
    size, wanted = abs(value), abs(target.value)
    if wanted < size * _FAR and size < wanted * _FAR:  # nearly always: no division is needed to see it
        return None
    ratio = abs(Fraction(value) / Fraction(target.value))
    slips = _SLIPS if unwritten not in _BY_SCALE else {**_SLIPS, unwritten: _BY_SCALE[unwritten]}
    near = (times for times in slips if Fraction(times) / _NEAR <= ratio <= Fraction(times) * _NEAR)
    times = next(near, None)
    if times is None:
        return None
    meant = shown_value(decimal_of(Fraction(value) / Fraction(times)), target.unit)
    return ScaleSlip(slips[times], meant)


def as_share(quantity: Quantity, target: Target) -> Quantity:
    """97 against a target written as 0.95: a percentage."""
    written_as_share = target.unit == PERCENT and target.scale == 1 and not quantity.unit.base
    if written_as_share and quantity.value > 2:
        return replace(quantity, unit=read_unit("%"), value=quantity.value / 100)
    return quantity


@lru_cache(maxsize=16_384)
def decimal_of(value: Fraction | Decimal) -> Decimal:
    """A converted value as an exact decimal where it ends, else to twelve decimals."""
    return Decimal(plain(rounded(value, CONVERTED_DIGITS)))


def is_met(value: Decimal, target: Target) -> bool:
    """Whether a value reaches a target."""
    bound = target.value or Decimal(0)
    if target.upper is not None:
        return bound <= value <= target.upper
    return value <= bound if target.direction is Direction.NEGATIVE else value >= bound


def falls_short(quantity: Quantity, target: Target) -> bool:
    """`不足95%` against ≥95%: how much was done is not said, and as a number it would look like the target."""
    sign, around = quantity.comparator.sign if quantity.comparator else "", quantity.before.rstrip()[-1:]
    bound = quantity.comparator is not None and bool(quantity.comparator.exact or quantity.after_words)
    less = sign == "<" or around == "近" or (bound and sign == "≤")
    more = sign == ">" or around == "逾" or (bound and sign == "≥")
    return (less and target.direction is Direction.POSITIVE) or (more and target.direction is Direction.NEGATIVE)


def how_written(text: str, quantity: Quantity, target: Target) -> tuple[Reading, ...]:
    """Remarks on the way an actual is written: a comparator, 约, a share for a percentage."""
    found = []
    words = quantity.comparator.words.strip() if quantity.comparator else ""
    plainly = quantity.comparator is None or not (quantity.comparator.exact or quantity.after_words)
    if not plainly:  # 达到96% and 降至3% give a number as reached; 以上 and 超过 do not
        found.append(reading("V005.words", actual=shorten(text), words=words))
    elif quantity.about:
        found.append(reading("V005.about", actual=shorten(text)))
    tiny = target.unit == PERCENT and not quantity.unit.base and 0 < quantity.value <= 1
    if tiny and target.value is not None and target.value >= Decimal("0.1") and target.scale != 1:
        found.append(reading("V014.actual", actual=shorten(text), number=quantity.value))
    return tuple(found)
