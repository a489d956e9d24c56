"""Exact numbers: the one place that rounds, and the one way numbers are written out.

Between input (`Decimal`) and points (`Decimal`) everything is a `Fraction`, so nothing is lost on the way.
"""

from __future__ import annotations

from decimal import Context, Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

EXACT = Context(prec=200)
"""Python's own 28 digits would round a very long amount without a word; no number we read needs this many."""

STEP_DIGITS = 6
"""Decimals shown in a calculation step where the exact value does not end."""


class Rounding(StrEnum):
    """舍入方式: half up as people, Excel and databases do; half even and down for profiles that say so."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    DOWN = "down"


def rounded(value: Fraction | Decimal, digits: int, mode: Rounding = Rounding.HALF_UP) -> Decimal:
    """`value` to that many decimals, exactly: 0.125 → 0.13 (half up), whatever its size or sign."""
    return rounded_ratio(*value.as_integer_ratio(), digits, mode)


def rounded_ratio(numerator: int, denominator: int, digits: int, mode: Rounding) -> Decimal:
    """The same of a ratio, in lowest terms or not; `denominator` above 0."""
    whole, rest = divmod(abs(numerator) * 10**digits, denominator)
    if mode is Rounding.HALF_UP:
        whole += 2 * rest >= denominator
    elif mode is Rounding.HALF_EVEN:
        whole += 2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1)
    # The constructor is exact for any size; arithmetic would keep only the digits of the context.
    return Decimal(f"{'-' if numerator < 0 and whole else ''}{whole}E-{digits}")


def fixed(value: Fraction | Decimal, digits: int) -> str:
    """`value` with exactly that many decimals."""
    return f"{rounded(value, digits):f}"


fraction = lru_cache(maxsize=16_384)(Fraction)
"""An exact fraction of a decimal; the same few numbers are asked for again and again."""


@lru_cache(maxsize=16_384)
def quotient(part: Decimal, whole: Decimal) -> Fraction:
    """part ÷ whole, exactly; the same few numbers are divided again and again."""
    return Fraction(part) / Fraction(whole)


def signed(value: Decimal) -> str:
    """A difference of points with its sign: -1.50, 0.00, +0.50."""
    return f"{'+' if value > 0 else ''}{fixed(value, 2)}"


def plain(value: Decimal) -> str:
    """`value` without exponent and without idle zeros: 1E+3 → 1000, 0.30 → 0.3."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def shown(value: Fraction | Decimal) -> str:
    """`value` for a calculation step: all digits where they end, else six and an ellipsis."""
    return _shown(*value.as_integer_ratio())


def percent(value: Fraction | Decimal) -> str:
    """`value` as a percentage for a step: 1/2 → 50%."""
    numerator, denominator = value.as_integer_ratio()
    return _shown(100 * numerator, denominator) + "%"


@lru_cache(maxsize=16_384)
def _shown(numerator: int, denominator: int) -> str:
    """A ratio; it ends within the digits of a step where its lowest denominator divides 10⁶."""
    value = Fraction(numerator, denominator)
    if 10**STEP_DIGITS % value.denominator == 0:
        return plain(rounded(value, STEP_DIGITS))
    return fixed(value, STEP_DIGITS) + "…"
