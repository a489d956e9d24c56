"""Exact numbers: the one place that rounds, and the one way numbers are written out.

Between input (`Decimal`) and points (`Decimal`) everything is a `Fraction`, so nothing is lost on the way.
"""

from __future__ import annotations

from decimal import Context, Decimal
from enum import StrEnum
from fractions import Fraction

EXACT = Context(prec=200)
"""Python's own 28 digits would round a very long amount without a word; no number we read needs this many."""

STEP_DIGITS = 6
"""Decimals shown in a calculation step where the exact value does not end."""


class Rounding(StrEnum):
    """舍入方式: half up as people, Excel and databases do; half even and down for profiles that say so."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    DOWN = "down"


def rounded(value: Fraction, digits: int, mode: Rounding = Rounding.HALF_UP) -> Decimal:
    """`value` to that many decimals, exactly: 0.125 → 0.13 (half up), whatever its size or sign."""
    scaled = abs(value) * 10**digits
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    twice = 2 * rest - scaled.denominator
    up = {
        Rounding.HALF_UP: twice >= 0,
        Rounding.HALF_EVEN: twice > 0 or (twice == 0 and whole % 2 == 1),
        Rounding.DOWN: False,
    }[mode]
    unsigned = shifted(whole + up, digits)
    return unsigned.copy_negate() if value < 0 and unsigned else unsigned


def shifted(whole: int, digits: int) -> Decimal:
    """`whole` with the decimal point moved left: (1234, 2) → 12.34. Exact for any size."""
    return Decimal((0, tuple(int(d) for d in str(whole)), -digits))


def fixed(value: Fraction | Decimal, digits: int) -> str:
    """`value` with exactly that many decimals."""
    return f"{rounded(Fraction(value), digits):f}"


def plain(value: Decimal) -> str:
    """`value` without exponent and without idle zeros: 1E+3 → 1000, 0.30 → 0.3."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def is_finite_decimal(value: Fraction) -> bool:
    """Whether `value` ends as a decimal within the digits a step shows."""
    return bool(10**STEP_DIGITS % value.denominator == 0)


def shown(value: Fraction | Decimal) -> str:
    """`value` for a calculation step: all digits where they end, else six and an ellipsis."""
    exact = Fraction(value)
    if is_finite_decimal(exact):
        return plain(rounded(exact, STEP_DIGITS))
    return fixed(exact, STEP_DIGITS) + "…"


def percent(value: Fraction | Decimal) -> str:
    """`value` as a percentage for a step: 1/2 → 50%."""
    return shown(Fraction(value) * 100) + "%"
