"""A number with its unit and nothing else (`96%`, `≥120人次`, `不低于96%`): most cells by far, and nothing to weigh."""

from __future__ import annotations

import re
from decimal import Decimal

from selfeval.base.memo import remembered
from selfeval.reading.values.comparators import before_number
from selfeval.reading.values.measured import Measures, Quantity
from selfeval.reading.values.units import BARE, Unit, leading_unit

_PLAIN = re.compile(
    r"([≥≤<>=]?|不[低高少多大小]于|不超过)((?!(?:19|20)\d\d)\d{1,12}(?:\.\d{1,6})?)([%‰A-Za-z\u4e00-\u9fff]{0,6})"
)
"""No number that may begin with a year."""
_WRITTEN_OTHERWISE = re.compile("[年月日号季圆]")
"""Units of a date, and the 圆 of cheques."""


def plain_number(text: str) -> Measures | None:
    """What such a cell measures, as `measures_in` finds it; None for any other. `text` must be folded."""
    match = _PLAIN.fullmatch(text)
    unit = unit_alone(match[3]) if match else None
    if match is None or unit is None:
        return None
    sign, digits = match[1], match[2]
    by = before_number(sign) if sign else None
    value = Decimal(digits) if unit is BARE else Decimal(digits) * unit.scale
    quantity = Quantity(value, unit, "", by, before=sign, clause=text, start=len(sign), end=len(text))
    return Measures((quantity,))


@remembered
def unit_alone(text: str) -> Unit | None:
    """The unit that a text is; none at all is `BARE`; None for other words, and for what is written otherwise."""
    if not text:
        return BARE
    unit, end = leading_unit(text)
    return unit if unit != BARE and end == len(text) and not _WRITTEN_OTHERWISE.search(text) else None
