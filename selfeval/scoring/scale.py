"""Bands and steps of the rules that cannot be meant for a row: of another order of magnitude than its target."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from selfeval.base.model import PERCENT, Target
from selfeval.base.remarks import Reading, reading
from selfeval.rules.formulas import FULL, POINT
from selfeval.rules.profile import Method
from selfeval.scoring.steps import shown_in

APART = 20
"""How many times the target an edge is, or an edge the target, where both can hardly be of one scale."""


def off_scale(method: Method, target: Target, weight: Decimal | None) -> Iterator[Reading]:
    """S018: what the rules say in another unit than the row's; nothing of a target of 0."""
    if method.formula in {"bands", "bands_up_to"} and target.value:
        yield from _bands(method, target, abs(Fraction(target.value)))
    elif method.formula == "per_point" and target.value and weight:
        yield from _steps(method, target, abs(Fraction(target.value)), Fraction(weight))


def _bands(method: Method, target: Target, value: Fraction) -> Iterator[Reading]:
    """Edges that are all far above the target, or all far below it."""
    edges = method.edges
    if edges and (max(edges) * APART <= value or min(edges) >= value * APART):
        shown = tuple(shown_in(edge, target.unit) for edge in edges)
        yield reading("S018.bands", method=method.title, edges=shown, target=shown_in(value, target.unit))


def _steps(method: Method, target: Target, value: Fraction, weight: Fraction) -> Iterator[Reading]:
    """A step of a hundred percentage points, or one so small that a hundredth of the target takes all points."""
    deduct, per = method.number("deduct", FULL), method.number("per", POINT)
    if per >= 1 if target.unit == PERCENT else per * weight * 100 < value * deduct:
        texts = {"per": shown_in(per, target.unit), "target": shown_in(value, target.unit)}
        yield reading("S018.steps", method=method.title, deduct=deduct, **texts)
