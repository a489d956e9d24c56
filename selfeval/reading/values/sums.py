"""Whether numbers beside a total make it: its parts, a product in brackets, the halves and quarters of a year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from math import prod

from selfeval.base.remarks import Reading, reading
from selfeval.reading.values.clauses import NUMBERS, Clause, base_of, before
from selfeval.reading.values.frequencies import COUNTED
from selfeval.reading.values.wording import Token

_PART_OF_YEAR = re.compile(r"([上下]半年|[一二三四1-4]季度)[^，。；、\d]{0,6}$")
_YEARS = tuple(
    frozenset(year.split()) for year in ("上半年 下半年", "一季度 二季度 三季度 四季度", "1季度 2季度 3季度 4季度")
)


def whole_year(numbers: Sequence[tuple[Clause, Token]]) -> str:
    """`上半年1次、下半年1次`: the sum of the parts of a year, where none is lacking; else empty. People come twice."""
    parts = [part[1] for clause, number in numbers if (part := _PART_OF_YEAR.search(before(clause, number)))]
    units = {base_of(number) for _, number in numbers}
    if len(parts) != len(numbers) or len({*parts}) != len(parts) or {*parts} not in _YEARS or len(units & COUNTED) != 1:
        return ""
    return f"{sum(number.value or Decimal(0) for _, number in numbers):f}{units.pop()}"


def multiplies_to(clause: Clause, total: Token) -> bool:
    """`43.2万元（月租3.6万元×12）`: the numbers of a remark are the factors of the total."""
    factors = [t.value or Decimal(0) for t in clause.of(NUMBERS)]
    return "×" in clause.words and len(factors) > 1 and prod(factors) == total.value


def outside(whole: Token, parts: Sequence[Token]) -> Reading | None:
    """The rate of a whole lies between those of its parts."""
    values = [t.value or Decimal(0) for t in parts]
    value = whole.value or Decimal(0)
    if min(values) <= value <= max(values) or sum(values) == value:
        return None
    return reading("V004.conflict", actual=whole.text, others=tuple(t.text for t in parts))


def rounds_to(value: Decimal, written: Token) -> bool:
    """Whether `305/310` is what 98.4% says, to half of the last digit."""
    decimals = written.text.rstrip("%").partition(".")[2]
    return abs(value - (written.value or 0)) <= Decimal("0.005").scaleb(-len(decimals))


def conflict_of(total: Token, parts: Sequence[Token], others: Sequence[Token]) -> Reading | None:
    """`120人，其中80人、50人`, `六百七十六户（667户）`: what stands beside the total does not make it."""
    values = [t.value or Decimal(0) for t in (*parts, *others)]
    value = total.value or Decimal(0)
    same = all(
        v == value or ("/" in t.text and rounds_to(v, total)) for v, t in zip(values, (*parts, *others), strict=True)
    )
    within = bool(parts) and not others and sum(values) <= value
    if same or within or (len(values) > 1 and sum(values) == value):
        return None
    return reading("V004.conflict", actual=total.text, others=tuple(t.text for t in (*parts, *others)))
