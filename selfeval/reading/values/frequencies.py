"""Counts that come again: 每月2次 is 24 a year, and 20次 beside it may be either.

Only 次, 期 and 场 have a period; money and amounts per person do not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from selfeval.base.model import Direction, Target
from selfeval.base.text import fold
from selfeval.reading.values.measured import Measure, Quantity
from selfeval.reading.values.quantities import measures_in

TIMES_A_YEAR = {"年": 1, "半年": 2, "季度": 4, "月": 12, "周": 52, "天": 365}
COUNTED = frozenset({"次", "期", "场"})
_SAME = {"季": "季度", "星期": "周", "日": "天"}
_EVERY = re.compile(r"(?:每|[一1])个?(半年|年|季度|季|月|周|星期|天|日)(?!以|之|内|前|底|末)|([季月周日])均")
_ASIDE = re.compile(r"\((?![^()]*其中)([^()]*(?:[每均/共]|全年)[^()]*)\)")
_WHOLE_YEAR = re.compile("全年|年度|本年|今年|当年|年内|共|累计|合计|总计|总")


def period_of(target: Target) -> str:
    """The period of a target that counts 次, 期 or 场: from its unit, its words, its name; empty where it has none."""
    if target.unit[:1] not in COUNTED:
        return ""
    counted, _, per = target.unit.partition("/")
    if counted not in COUNTED or target.value is None:
        return ""
    if per:
        return per if per in TIMES_A_YEAR else ""
    if every := every_in(fold(target.text)):
        return every
    named = every_in(target.name)  # 每月巡查次数: 2 a month, but 24 is the year's
    return named if named and target.value < TIMES_A_YEAR[named] else ""


def told_period(quantity: Quantity) -> str:
    """The period an actual names itself (每月2次, 2次/月, 全年24次); empty where it names none."""
    per = quantity.unit.base.partition("/")[2]
    if per:
        return per if per in TIMES_A_YEAR else ""
    if every := every_in(quantity.before):
        return every
    return "年" if _WHOLE_YEAR.search(quantity.before) else ""


def years_own(target: Target, told: str) -> str:
    """年 for a target that names no period (≥12次 is the year's) beside an actual that names one (每月1次)."""
    return "年" if target.unit in COUNTED and told else ""


def years_total(text: str, measures: Sequence[Measure], year: int) -> Sequence[Measure] | None:
    """`12次（每月1次）` is one target, the year's; None where the remark comes to another number.

    Outside brackets they are two: `全年不少于4次，每季度至少1次`.
    """
    if len(measures) != 1 or not is_count(measures[0]):
        return measures
    aside = [m for words in _ASIDE.findall(fold(text)) for m in measures_in(words, year).measures if is_count(m)]
    told = [m for m in (*measures, *aside) if isinstance(m, Quantity) and m.upper is None and not m.comparator]
    often, totals = [m for m in told if how_often(m)], [m for m in told if is_count(m) and not how_often(m)]
    if not (len(aside) == len(often) == len(totals) == 1):
        return measures
    if in_period(often[0].value, how_often(often[0]), "年") != totals[0].value:
        return None
    unit = replace(totals[0].unit, base=f"{totals[0].unit.base.partition('/')[0]}/年")
    return (replace(totals[0], unit=unit),)


def how_often(measure: Measure) -> str:
    """The period shorter than a year in which a count comes again; empty where there is none."""
    period = told_period(measure) if isinstance(measure, Quantity) and is_count(measure) else ""
    return "" if period == "年" else period


def is_count(measure: Measure) -> bool:
    """Whether 次, 期 or 场 are counted."""
    return isinstance(measure, Quantity) and measure.unit.base.partition("/")[0] in COUNTED


def every_in(words: str) -> str:
    """The period that 每月, 一个月 or 月均 names; empty where none is named."""
    every = _EVERY.search(words)
    return usual(every[1] or every[2]) if every else ""


def usual(period: str) -> str:
    """季 and 星期 by their usual names."""
    return _SAME.get(period, period)


def in_period(value: Decimal, told: str, wanted: str) -> Fraction | None:
    """A count per `told` as one per `wanted`; None where days meet longer periods (every day of how many?)."""
    if told != wanted and "天" in (told, wanted):
        return None
    return Fraction(value) * TIMES_A_YEAR[told] / TIMES_A_YEAR[wanted]


def same_points(first: Fraction, second: Fraction, target: Target) -> bool:
    """Whether two readings come to the same share of the target."""
    return share(first, target) == share(second, target)


def share(value: Fraction, target: Target) -> Fraction:
    """How much of the target a value is, at most all of it."""
    bound = Fraction(target.value or 0)
    if target.direction is Direction.NEGATIVE:
        return Fraction(1) if value <= bound else bound / value
    return Fraction(1) if value >= bound else value / bound
