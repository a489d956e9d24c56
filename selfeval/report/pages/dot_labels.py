"""Where the numbers beside the dots of a scatter stand: on nothing else, and in the order in which people read.

A number that finds no room beside its dot is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from selfeval.base.exact import fixed
from selfeval.report.pages.chart_views import DotLabel

DOT = Fraction(7, 2)
"""Half a dot with a little room, in units of the picture."""

DIGIT, SIZE = Fraction(9, 2), 9
"""How wide a digit is, and its type."""

WIDE, HIGH = 10, 8
"""The place that a number is given."""

BEYOND = 14
"""How far a number may stand beyond the ends of the axes."""

Box = tuple[Fraction, Fraction, Fraction, Fraction]
"""Left, top, right, foot; down the page numbers grow."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A dot with its number."""

    number: str
    x: Fraction
    y: Fraction

    @property
    def box(self) -> Box:
        """The dot with a little room around it."""
        return self.x - DOT, self.y - DOT, self.x + DOT, self.y + DOT


def labels_beside(spots: Sequence[Spot], field: Box, line: Fraction) -> tuple[DotLabel, ...]:
    """The numbers that have room: beside their dot, on no dot, on no other number, not on the upright line."""
    left, top, right, foot = field
    taken = [*(spot.box for spot in spots), (line - 1, top, line + 1, foot)]
    placed: list[tuple[Box, DotLabel]] = []
    for spot in spots:
        for box, start in places(spot):
            is_inside = left + 1 < box[0] and top - BEYOND < box[1] and box[2] < right + BEYOND and box[3] < foot - 1
            if is_inside and not any(meet(box, other) for other in taken):
                taken.append(box)
                placed.append((box, DotLabel(fixed(start, 1), fixed(box[3] - 1, 1), spot.number)))
                break
    return tuple(label for _, label in as_read(placed))


def places(spot: Spot) -> Iterator[tuple[Box, Fraction]]:
    """Where a number may stand, the best first, and where its text then begins."""
    room = WIDE - DIGIT * len(spot.number)
    middle = spot.y + Fraction(HIGH, 2) - 1
    beside, before = spot.x + DOT + 1, spot.x - DOT - 1 - WIDE
    over, under = spot.y - DOT, spot.y + DOT + HIGH
    for left, foot in (
        (beside, middle), (before, middle), (spot.x - Fraction(WIDE, 2), over), (spot.x - Fraction(WIDE, 2), under),
        (beside, over), (beside, under), (before, over), (before, under),
    ):  # fmt: skip
        shift = room if left == before else Fraction(0) if left == beside else room / 2
        yield (left, foot - HIGH, left + WIDE, foot), left + shift


def meet(one: Box, other: Box) -> bool:
    """Whether two boxes share a surface."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def as_read(placed: Iterable[tuple[Box, DotLabel]]) -> Iterator[tuple[Box, DotLabel]]:
    """Numbers so that each comes behind those left of it on its line and those above it.

    Boxes of one size that do not meet never go round in a circle so.
    """
    left = list(placed)
    while left:
        first = next(one for one in left if not any(is_before(other[0], one[0]) for other in left))
        left.remove(first)
        yield first


def is_before(one: Box, other: Box) -> bool:
    """Whether a box stands left of another beside it, or above one below it."""
    beside = one[1] < other[3] and other[1] < one[3]
    below = one[0] < other[2] and other[0] < one[2]
    return (beside and one[2] <= other[0]) or (below and one[3] <= other[1])
