"""All texts of a page at once: which of them may be covered, unreadable, over another or out of order.

The questions are those that `pdf_seen` and `pdf_pages` ask of each text and answer; no text that they find at fault is
passed over here, so that they need not ask again of the others. In a long report this takes a fifth of the time; in a
short one to load numpy would take longer than all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from selfeval.audit.pdf_seen import DARK, LARGEST, LIGHT, NARROWER, SMALLEST
from selfeval.audit.pdf_shapes import CELL_APART, DEEP, EVEN, HIGH, LINE_APART, Box, Shape, Text

MOST = 2_000_000
"""More pairs than this are not looked at at once."""

CLOSE = 1e-9
"""Sums may differ by so much where they are added up in another order."""

Numbers = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Stripes = tuple[float, int]
"""How wide stripes of a page are, and how many."""
Answers = np.ndarray[tuple[int, ...], np.dtype[np.bool]]


def numbers(values: Sequence[float] | Sequence[Box]) -> Numbers:
    """Numbers side by side."""
    return np.array(values, dtype=np.float64)


class Glance:
    """The texts of a page as columns. Mutable: it remembers where lines break."""

    def __init__(self, texts: Sequence[Text]) -> None:
        """`texts`: none of them turned aside."""
        _, sides, base, size, order, dark, opaque, upright, clipped, _, _ = zip(*texts, strict=True)
        self.count = len(texts)
        self.left, self.right = numbers(sides).T
        self.base, self.size, self.order = numbers(base), numbers(size), numbers(order)
        self.dark, self.opaque = numbers(dark), numbers(opaque)
        self.upright: Answers = np.array(upright, dtype=np.bool)
        self.clipped = [*clipped]
        columns = self.left, self.right, self.base, self.size, self.dark, self.opaque
        self.breaks: list[int] = []
        self.whole = all(bool(np.isfinite(column).all()) for column in columns)

    def unseen(self, shapes: Sequence[Shape], page: Box) -> Sequence[int]:
        """The places of those that may be covered, or not be readable as far as they go."""
        shown = [shape for shape in shapes if shape.opaque > 0]
        boxes = numbers([shape.box for shape in shown]).reshape(-1, 4)
        if not self.whole or self.count * len(shown) > MOST or not np.isfinite(boxes).all():
            return range(self.count)
        plain = self.readable() & self.inside(numbers([page]))
        if any(clip is not None for clip in self.clipped):
            plain &= self.inside(numbers([clip or page for clip in self.clipped]))
        return [*map(int, np.flatnonzero(~plain | self.covered(shown, boxes)))]

    def readable(self) -> Answers:
        """Which can be read by themselves."""
        sized = (self.size >= SMALLEST) & (self.size <= LARGEST)
        answers: Answers = self.upright & sized & (self.opaque >= 0.99) & (self.dark >= DARK)
        return answers

    def inside(self, boxes: Numbers) -> Answers:
        """Which lie in a box, or each in its own."""
        left, bottom, right, top = boxes.T
        across = (left - 1 <= self.left) & (self.right <= right + 1)
        answers: Answers = across & (bottom - 1 <= self.base) & (self.base + 0.6 * self.size <= top + 1)
        return answers

    def covered(self, shapes: Sequence[Shape], boxes: Numbers) -> Answers:
        """Which have something over them, or so dark under them that they may not be read."""
        left, bottom, right, top = boxes.T
        meet = (self.left + 0.5)[:, None] < right
        meet &= left < (self.right - 0.5)[:, None]
        meet &= (self.base + 0.05 * self.size)[:, None] < top
        meet &= bottom < (self.base + 0.55 * self.size)[:, None]
        orders = numbers([np.inf if shape.kind == "picture" else shape.order for shape in shapes])
        over = (meet & (orders > self.order[:, None])).any(axis=1)
        lightly = meet @ numbers([shape.dark * shape.opaque for shape in shapes]) <= LIGHT - CLOSE
        answers: Answers = over | ~lightly
        return answers

    def breaks_before(self, loose: float) -> Sequence[int] | None:
        """Of each text how many of those before it stand so far above the next, in sizes; None where that is unsure."""
        if self.whole and not self.breaks:
            far = self.base[:-1] - self.base[1:] > loose * np.maximum(self.size[:-1], self.size[1:])
            self.breaks = [0, *np.cumsum(far).tolist()]
        return self.breaks if self.whole else None

    def unlike_neighbours(self, order: Sequence[int]) -> Sequence[tuple[int, int]]:
        """Those next to each other in an order that `tears_number` may be true of."""
        if not self.whole:
            return [*pairwise(order)]
        base, size, left, right = self.base[order], self.size[order], self.left[order], self.right[order]
        larger, gap, step = np.maximum(size[1:], size[:-1]), left[1:] - right[:-1], abs(base[1:] - base[:-1])
        uneven = (abs(size[1:] - size[:-1]) > EVEN * larger) | (step > EVEN * larger) | (gap < -EVEN * larger)
        places = np.flatnonzero((step < LINE_APART * larger) & (gap < CELL_APART * larger) & uneven)
        return [(order[at], order[at + 1]) for at in places.tolist()]

    def overlap(self) -> bool:
        """Whether any may stand on another."""
        if not self.whole or self.count * self.count > MOST:
            return True
        foot, head, slack = self.base - DEEP * self.size, self.base + HIGH * self.size, NARROWER * self.size
        upwards = np.argsort(foot, kind="stable")
        foot, head, slack = foot[upwards], head[upwards], slack[upwards]
        left, right = self.left[upwards], self.right[upwards]
        # Of each the ones behind it that begin below its head: with the next, the one after that, and so on.
        number = np.arange(self.count)
        many = np.maximum(np.searchsorted(foot, head) - number - 1, 0)
        one = np.repeat(number, many)
        other = one + 1 + np.arange(len(one)) - np.repeat(np.cumsum(many) - many, many)
        shared = np.minimum(right[one], right[other]) - np.maximum(left[one], left[other])
        return not (shared <= np.minimum(slack[one], slack[other])).all()

    def disorder(self, order: Sequence[int], beside: frozenset[int], across: Stripes, down: Stripes) -> bool:
        """Whether any may stand above or left of one before it in this order; the stripes that they share then."""
        if not self.whole or self.count * self.count > MOST:
            return True
        base, size, left, right = self.base[order], self.size[order], self.left[order], self.right[order]
        if (left + 0.4 * size < 0).any():
            return True
        columns = shared_stripes(left, right, *across)
        lines = shared_stripes(base, base + 0.6 * size, *down)
        above = base > (base - 0.45 * size)[:, None]
        aside = right[:, None] > left + 0.4 * size
        if beside:
            apart = np.isin(order, [*beside])
            aside &= ~(apart | apart[:, None])
        number = np.arange(len(order), dtype=np.int16)
        columns &= above
        lines &= aside
        columns |= lines
        columns &= number[:, None] < number
        return bool(columns.any())


def shared_stripes(start: Numbers, end: Numbers, bucket: float, stripes: int) -> Answers:
    """Of every two whether they lie wholly in one stripe of a page, as `within` has them."""
    first = np.clip(np.ceil(start / bucket), 0, stripes)
    behind = np.clip(np.floor(end / bucket), first, stripes)
    none = first >= behind
    first[none], behind[none] = stripes + 1, -1
    starts, ends = first.astype(np.int16), behind.astype(np.int16)
    answers: Answers = starts[:, None] < ends
    answers &= starts < ends[:, None]
    return answers
