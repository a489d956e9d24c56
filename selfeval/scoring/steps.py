"""A calculation in words: how target and actual were read. The formulas add their working, scoring the last line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, overload

from selfeval.base.exact import percent, plain, shown
from selfeval.base.model import PERCENT, Actual, Adjustment, Indicator, Target
from selfeval.base.phrases import phrase
from selfeval.base.remarks import Reading, explained


class Steps(Sequence[str]):
    """A calculation in words, one text a step, written when somebody reads it: a run over a province never does.

    Mutable only in that it keeps what was written; equal to, printed and pickled as the tuple of its texts.
    """

    __slots__ = ("_texts", "_write")

    def __init__(self, write: Callable[[], tuple[str, ...]]) -> None:
        self._write = write
        self._texts: tuple[str, ...] | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """All steps."""
        if self._texts is None:
            self._texts = self._write()
        return self._texts

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[str, ...]: ...
    def __getitem__(self, at: int | slice) -> str | tuple[str, ...]:
        return self.texts[at]

    def __len__(self) -> int:
        return len(self.texts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self.texts == tuple(other)

    def __hash__(self) -> int:
        return hash(self.texts)

    def __repr__(self) -> str:
        return repr(self.texts)

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        return tuple, (self.texts,)


def reading_steps(indicator: Indicator) -> tuple[str, ...]:
    """How target and actual were read, and how the target was adjusted."""
    target, actual = indicator.target, indicator.actual
    return (
        *([phrase("评分标准：{text}。", text=indicator.criterion.rstrip("。"))] if indicator.criterion else []),
        *([adjustment_line(indicator.adjustment)] if indicator.adjustment else []),
        reading_line(phrase("目标"), target.text or phrase("（空）"), target.readings),
        reading_line(phrase("实际"), actual.text or phrase("（空）"), (*value_reading(actual), *actual.readings)),
    )


def adjustment_line(adjustment: Adjustment) -> str:
    """`目标调整：年初“≥20公里”，调整后“≥18公里”；依据：…；按调整后计分。`"""
    moved = adjustment.weight_before != adjustment.weight_after
    before = value_words(adjustment.target_before, adjustment.weight_before, moved=moved)
    after = value_words(adjustment.target_after, adjustment.weight_after, moved=moved)
    basis = adjustment.basis.rstrip("。") or phrase("未填写")
    which = phrase("调整后") if adjustment.counts else phrase("年初")
    return phrase(
        "目标调整：年初{before}，调整后{after}；依据：{basis}；按{which}目标计分。",
        before=before,
        after=after,
        basis=basis,
        which=which,
    )


def value_words(target: Target, weight: Decimal | None, *, moved: bool) -> str:
    """`“≥20公里”（5 分）`; without the weight where that did not move."""
    text = phrase("“{text}”", text=target.text or phrase("空"))
    if not moved:
        return text
    points = phrase("没有分值") if weight is None else phrase("{points} 分", points=plain(weight))
    return phrase("{text}（{points}）", text=text, points=points)


def value_reading(actual: Actual) -> tuple[Reading, ...]:
    """What number or date an actual was taken for, where it is not simply what is written."""
    if actual.date is not None:
        return (explained("读作 {value}", value=actual.date),)
    if actual.value is None:
        return ()
    read = shown_in(actual.value, actual.unit)
    return () if read == actual.text.strip() else (explained("读作 {value}", value=read),)


def reading_line(what: str, text: str, readings: Sequence[Reading]) -> str:
    """`目标“≥95%”：读作 ≥95%，正向。`"""
    sentences = tuple(r.said for r in readings)
    if sentences:
        return phrase("{what}“{text}”：{said:；}。", what=what, text=text, said=sentences)
    return phrase("{what}“{text}”。", what=what, text=text)


def shown_in(value: Fraction | Decimal, unit: str) -> str:
    """A base value in its unit, for a step."""
    return percent(value) if unit == PERCENT else f"{shown(value)}{unit}"
