"""A number alone is read by a short way; it must find what the long one finds."""

from __future__ import annotations

import pytest

from selfeval.reading.values import quantities
from selfeval.reading.values.measured import Measures
from selfeval.reading.values.plain_numbers import plain_number
from selfeval.reading.values.units import MULTIPLIERS, NAMED

SIGNS = ("", "≥", "≤", ">", "<", "=", "不低于", "不高于", "不少于", "不多于", "不大于", "不小于", "不超过")
NUMBERS = ("0", "7", "12.31", "95", "96.50", "2021", "202112", "20211231", "45291", "123456789012", "007")
UNITS = ("", *NAMED, *MULTIPLIERS, "万元", "亿元", "万人次", "万亩", "亿平方米")
MORE = ("2021", "20211231", "12月", "3年", "96，5%", "1,000人", "约96%", "96%左右", "90人，10人未通过")


@pytest.mark.parametrize("sign", SIGNS)
def test_the_short_way_finds_what_the_long_way_finds(sign: str, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"{sign}{number}{unit}" for number in NUMBERS for unit in UNITS]
    short = {text: found for text in texts if (found := plain_number(text))}
    monkeypatch.setattr(quantities, "plain_number", lambda _: None)
    long: dict[str, Measures] = {text: quantities.measures_in.__wrapped__(text, 2021, digits=True) for text in short}  # type: ignore[attr-defined]
    assert len(short) > len(texts) / 2
    assert {text for text in short if repr(short[text]) != repr(long[text])} == set()


@pytest.mark.parametrize("text", MORE)
def test_what_may_be_more_than_a_number_is_left_to_the_long_way(text: str) -> None:
    assert plain_number(text) is None
