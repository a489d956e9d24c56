"""weight × completion → points: the one rounding, and its line in words."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from selfeval.base.exact import Rounding, fixed, plain, rounded, rounded_ratio
from selfeval.base.phrases import phrase
from selfeval.rules.profile import Rules

DIGIT_WORDS = ("整数", "一位小数", "两位小数")
ROUNDING_WORDS = {"half_up": "四舍五入", "half_even": "四舍六入五成双", "down": "舍去尾数"}


def points_of(weight: Decimal, completion: Fraction, rules: Rules) -> Decimal:
    """weight × completion, rounded once; whatever the profile's digits, never above the weight as printed."""
    return _points_of(weight, completion.numerator, completion.denominator, rules.digits, rules.rounding)


@lru_cache(maxsize=16_384)
def _points_of(weight: Decimal, over: int, under: int, digits: int, rounding: Rounding) -> Decimal:
    numerator, denominator = weight.as_integer_ratio()
    return min(rounded_ratio(numerator * over, denominator * under, digits, rounding), rounded(weight, 2))


def points_step(weight: Decimal, completion: Fraction, points: Decimal, rules: Rules) -> str:
    """The last line of a calculation: weight × completion, and what rounding makes of it."""
    return _points_step(plain(weight), completion.as_integer_ratio(), points, rules.digits, rules.rounding)


@lru_cache(maxsize=16_384)
def _points_step(weight: str, completion: tuple[int, int], points: Decimal, digits: int, rounding: Rounding) -> str:
    done = Fraction(*completion)
    exact = Fraction(weight) * done
    line = phrase("得分：{weight} 分 × {done:%} = {exact} 分", weight=weight, done=done, exact=exact)
    return (
        phrase("{line}。", line=line) if exact == Fraction(points) else _rounding(line, exact, points, digits, rounding)
    )


def entered_step(line: str, entered: Decimal, points: Decimal, rules: Rules) -> tuple[str, ...]:
    """What rounding makes of points that somebody entered, told by `line`; nothing where they stay what they are."""
    return () if entered == points else (_rounding(line, Fraction(entered), points, rules.digits, rules.rounding),)


def _rounding(line: str, exact: Fraction, points: Decimal, digits: int, rounding: Rounding) -> str:
    """A line and what rounding makes of it; never more than the weight."""
    whole = rounded(exact, digits, rounding)
    told = {"line": line, "mode": ROUNDING_WORDS[rounding], "digits": DIGIT_WORDS[digits]}
    told["points"] = fixed(max(whole, points), digits)
    if whole <= points:
        return phrase("{line}，{mode:_}到{digits:_}为 {points} 分。", **told)
    return phrase("{line}，{mode:_}到{digits:_}为 {points} 分，超过分值，计 {most} 分。", **told, most=points)
