"""Values of a scorecard.json that may come from anyone: texts, and numbers as `exports` writes them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from selfeval.base.phrases import phrase

SCHEMA: Literal["selfeval.scorecard/1"] = "selfeval.scorecard/1"
MAX_BYTES = 64 * 2**20
MAX_DIGITS = 60


class NotAScorecardError(ValueError):
    """The file is no scorecard of ours. The text says why, in Chinese."""


def text_in(value: Any) -> str:  # noqa: ANN401 - any JSON
    """A text; null is empty."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise NotAScorecardError(phrase("不是计分结果（{schema}）", schema=SCHEMA))
    return value


def number_in(value: Any) -> Decimal | None:  # noqa: ANN401 - any JSON
    """A decimal string: finite, without exponent (1e50000000 would be written out); null is none."""
    text = text_in(value)
    if not text:
        return None
    digits = text.removeprefix("-").replace(".", "", 1)
    if len(text) > MAX_DIGITS or not (digits.isascii() and digits.isdecimal()):
        raise NotAScorecardError(phrase("“{text}”不是数", text=text[:20]))
    return Decimal(text)
