"""Numbers of a project's table beside numbers of its texts: what they are about, and whether they agree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from selfeval.base.display import shown_value
from selfeval.base.exact import fixed
from selfeval.base.model import Indicator, Target
from selfeval.base.text import comparable, fold, shorten
from selfeval.reading.values.quantities import Quantity, measures_in

MAX_TEXT = 20_000
SHORT_LABEL = 4
"""A name shorter than this says too little to be sure what a number is about."""

OTHER_TIME = re.compile(r"上年|去年|往年|前年|下年|明年|上半年|季度|(?<!\d)(?:[1-9]|1[01])月|同比|计划|预计")
"""Words that say a number is not of the end of this year."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A number of the table: what it is about, and every value the table gives for it."""

    name: str
    values: tuple[Decimal, ...]
    unit: str


def parts_of(target: Target) -> tuple[Target, ...]:
    """A target's measurable parts: those of a compound cell, else itself."""
    return target.parts or (target,)


def facts(indicators: Iterable[Indicator]) -> list[Fact]:
    """Every measured number of a project's table, with the values of target and actual."""
    return [fact for indicator in indicators for fact in facts_of(indicator)]


def facts_of(indicator: Indicator) -> Iterator[Fact]:
    """The numbers of one row: one, or those of a compound cell."""
    actuals = indicator.actual.parts or (indicator.actual,)
    for i, target in enumerate(parts_of(indicator.target)):
        if target.value is None:
            continue
        actual = actuals[i].value if i < len(actuals) else None
        values = tuple(v for v in (target.value, target.upper, actual) if v is not None)
        name = f"{indicator.level3}{target.label}" if indicator.target.parts else indicator.level3
        yield Fact(comparable(name), values, target.unit)


def quantities(text: str, year: int) -> list[Quantity]:
    """The numbers of a text."""
    return [m for m in measures_in(fold(text)[:MAX_TEXT], year).measures if isinstance(m, Quantity)]


def written(measure: Quantity) -> str:
    """A number as it stands in its text, with the end of what it is about: `…加工中剩余120 万页`."""
    label = measure.label if len(measure.label) <= 12 else f"…{measure.label[-12:]}"
    return f"{label}{measure.clause[measure.start : measure.end]}"


def says(measure: Quantity, value: Decimal) -> bool:
    """Whether a number of a text is this value, rounded to the digits it is written with (86.6% for 86.598%)."""
    digits = re.search(r"\.(\d+)", measure.clause[measure.start : measure.end])
    count = len(digits[1]) if digits else 0
    scale = Fraction(measure.unit.scale)
    ours, theirs = (fixed(Fraction(v) / scale, count) for v in (measure.value, value))
    return ours == theirs if digits or measure.unit.scale != 1 else measure.value == value


def answers(measure: Quantity, fact: Fact) -> bool:
    """Whether a number of the table is about the same thing as a number of the text."""
    label = comparable(measure.label)
    return measure.unit.base == fact.unit and bool(label) and (label in fact.name or fact.name in label)


def disagreement(measure: Quantity, known: Iterable[Fact]) -> str:
    """How a number of a text contradicts the table; empty where it does not, or where it is not clear."""
    label = comparable(measure.label)
    long_enough = [f for f in known if len(f.name) >= SHORT_LABEL]
    about = [f for f in long_enough if f.unit == measure.unit.base and label.endswith(f.name)]
    elsewhere = OTHER_TIME.search(measure.clause[: measure.start])
    unclear = len(about) != 1 or measure.trend or measure.about or elsewhere
    if unclear or any(says(measure, value) for value in about[0].values):
        return ""
    table = "、".join(dict.fromkeys(shown_value(v, measure.unit.base) for v in about[0].values))
    return f"“{shorten(written(measure))}”，指标表是 {table}"
