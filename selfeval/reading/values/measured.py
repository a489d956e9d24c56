"""What a text can measure: a number with its unit, or a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from selfeval.base.frozen import made_quickly
from selfeval.reading.values.comparators import Comparator
from selfeval.reading.values.units import Unit


@made_quickly
@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, in the base unit (`value`); `upper` for a range. `trend` +1 rising, -1 falling.

    `clause[start:end]` is where it stands, `before` and `rest` what is said around it.
    """

    value: Decimal
    unit: Unit
    label: str
    comparator: Comparator | None = None
    upper: Decimal | None = None
    trend: int = 0
    about: bool = False
    rest: str = ""
    before: str = ""
    after_words: str = ""
    clause: str = ""
    start: int = 0
    end: int = 0


@made_quickly
@dataclass(frozen=True, slots=True)
class Deadline:
    """A day a text names. A bare year or month means its last day; `stated_year` whether the year is written.

    `sign`: a comparison sign before it; `by`: 前, 底 or 内 says that it is a limit, not the day itself.
    """

    day: date
    label: str
    stated_year: bool
    sign: str = ""
    by: bool = False


Measure = Quantity | Deadline


@made_quickly
@dataclass(frozen=True, slots=True)
class Measures:
    """All that a text measures; `unclear` are clauses whose numbers could not be told apart."""

    measures: tuple[Measure, ...]
    words: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
