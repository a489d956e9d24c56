"""The pictures on a page against their data: how long bars are, where dots stand, what the axes beside them say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from selfeval.audit.pdf_seen import LIGHT, meet
from selfeval.audit.pdf_shapes import Box, Shape
from selfeval.audit.whole_text import Picture
from selfeval.base.phrases import phrase
from selfeval.report.pages.printed_items import Bars, Dots

if TYPE_CHECKING:
    from selfeval.audit.pdf_pages import DrawnPage

THIN, LONG = 2.0, 12.0
"""Lines of tables, in pt."""

EDGE_OF_BAR = 1.5
"""How much longer a bar may be than it should, for the line around it."""

DOT = range(3, 12)
"""How wide and high a dot is, in pt."""

OFF = 1.5
"""How far a dot or a word may stand from its place, in pt."""


def false_drawing(page: DrawnPage, picture: Picture) -> Iterator[str]:
    """What of a picture is not as its data say."""
    drawing = picture.drawing
    if isinstance(drawing, Bars):
        yield from false_bars(page, picture.begin, drawing)
    elif not are_in_place(page, picture.begin, drawing):
        yield phrase("第 {number} 页：散点图的点、刻度或序号不在它该在的位置", number=page.number + 1)


def is_line(shape: Shape) -> bool:
    """Whether a shape is a long thin line, drawn as one."""
    wide, high = shape.box[2] - shape.box[0], shape.box[3] - shape.box[1]
    return shape.kind == "line" and min(wide, high) <= THIN and max(wide, high) >= LONG


def false_bars(page: DrawnPage, begin: int, bars: Bars) -> Iterator[str]:
    """Bars whose length does not go with those of the others in their picture, measured by the longest."""
    at, drawn = begin + len(bars.line), []
    for name, words, _ in bars.lines:
        value = page.box(at + len(name), len(words))
        drawn.append(length_beside(page, value) if value else None)
        at += len(name) + len(words)
    pairs = list(zip(bars.lines, drawn, strict=True))
    longest, length = max(((width, found or 0.0) for (_, _, width), found in pairs), default=(0.0, 0.0))
    scale = length / longest if longest and length else 1.0
    for (name, words, width), found in pairs:
        if found is None or abs(found - width * scale) > EDGE_OF_BAR:
            yield phrase("第 {number} 页：“{name}{words}”的图形不对", number=page.number + 1, name=name, words=words)


def length_beside(page: DrawnPage, value: Box) -> float | None:
    """How long the bar left of a value is: 0 where none is drawn, None where there are several."""
    middle = (value[1] + value[3]) / 2
    fitting = [
        shape
        for shape in page.shapes
        if shape.kind == "line"
        and 4 < shape.box[3] - shape.box[1] < 14
        and abs((shape.box[1] + shape.box[3]) / 2 - middle) < 4
        and shape.box[2] <= value[0] + 2
    ]
    if any(is_over(one, bar) for bar in fitting for one in page.shapes):
        return None
    return sum(bar.box[2] - bar.box[0] for bar in fitting) if len(fitting) < 2 else None


def is_over(shape: Shape, bar: Shape) -> bool:
    """Whether a surface lies over a bar."""
    left, bottom, right, top = bar.box
    return shape.order > bar.order and not is_line(shape) and meet((left, bottom + 1, right, top - 1), shape.box)


# ── Dots ──


def are_in_place(page: DrawnPage, begin: int, picture: Dots) -> bool:
    """Whether axes, numbers and dots stand where they should, by the first and the last word of each axis."""
    boxes, at = [], begin
    for words in picture.words:
        boxes.append(spot_of(page, at, len(words)))
        at += len(words)
    count, numbers = len(picture.up), len(picture.labels)
    up, labels, across = boxes[:count], boxes[count : count + numbers], boxes[count + numbers :]
    right = Scale([place for _, place in picture.across], [(left + end) / 2 for left, end, _ in across])
    down = Scale([place for _, place in picture.up], [base for _, _, base in up])
    named = zip(picture.labels, labels, strict=True)
    return (
        right.is_even()
        and down.is_even()
        and all(near(right(x), left) and near(down(y), base) for (_, x, y), (left, _, base) in named)
        and has_dots(page, [(right(x), down(y), solid) for x, y, solid in picture.dots])
    )


def spot_of(page: DrawnPage, at: int, size: int) -> tuple[float, float, float]:
    """Where some words begin and end, and their base line."""
    texts = [page.texts[owner] for owner in page.owners[at : at + size]]
    return min(text.sides[0] for text in texts), max(text.sides[1] for text in texts), texts[0].base


class Scale:
    """From units of a picture to pt on its page, by the words at both ends of an axis."""

    def __init__(self, places: Sequence[float], seen: Sequence[float]) -> None:
        """`places` in units, at least two; `seen` on the page."""
        self.places, self.seen = places, seen
        self.size = (seen[-1] - seen[0]) / (places[-1] - places[0])

    def __call__(self, place: float) -> float:
        """Where a place lies on the page."""
        return self.seen[0] + (place - self.places[0]) * self.size

    def is_even(self) -> bool:
        """Whether all words of the axis stand at its measure, and it is not turned about or folded up."""
        grows = abs(self.size) > 0.5 and all(map(near, map(self, self.places), self.seen))
        return grows and (self.seen[-1] > self.seen[0]) == (self.size > 0)


def near(due: float, seen: float) -> bool:
    """Whether something stands where it should."""
    return abs(due - seen) <= OFF


def has_dots(page: DrawnPage, due: Sequence[tuple[float, float, bool]]) -> bool:
    """Whether each dot is drawn at its place, solid or hollow, and no other beside them."""
    dots = [(*middle, shape.kind) for shape in page.shapes if is_dot(shape) and (middle := middle_of(shape))]
    edges = [(x, y) for x, y, kind in dots if kind == "line"]
    filled = [(x, y) for x, y, kind in dots if kind == "fill"]
    solid = [(x, y) for x, y, is_solid in due if is_solid]
    return stand_at(edges, [(x, y) for x, y, _ in due]) and stand_at(filled, solid)


def stand_at(seen: Sequence[tuple[float, float]], due: Sequence[tuple[float, float]]) -> bool:
    """Whether there are as many as should be, each where one should be, and one wherever one should be."""

    def held(these: Sequence[tuple[float, float]], those: Sequence[tuple[float, float]]) -> bool:
        return all(any(near(x, a) and near(y, b) for a, b in those) for x, y in these)

    return len(seen) == len(due) and held(seen, due) and held(due, seen)


def is_dot(shape: Shape) -> bool:
    """Whether a shape is as small as a dot and can be seen."""
    left, bottom, right, top = shape.box
    small = DOT.start < right - left < DOT.stop and DOT.start < top - bottom < DOT.stop
    return small and shape.kind != "picture" and shape.dark * shape.opaque > LIGHT


def middle_of(shape: Shape) -> tuple[float, float]:
    """The middle of a shape."""
    left, bottom, right, top = shape.box
    return (left + right) / 2, (bottom + top) / 2
