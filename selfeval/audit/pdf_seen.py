"""Whether the letters of a page can be read where they stand: upright, of a size, dark, not cut off, not covered."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence

from selfeval.audit.pdf_shapes import Box, Shape, Text, turned
from selfeval.base.phrases import phrase

MM = 72 / 25.4
SHEET = (210 * MM, 297 * MM)
MARGIN, EDGE = 15 * MM, 10 * MM
"""No text of ours comes nearer to the sides, or to head and foot."""

SMALLEST, LARGEST = 3.5, 34.0
"""Sizes of type, in pt."""

DARK, LIGHT = 0.45, 0.15
"""Letters are darker than one, what lies under them is lighter than the other."""

THINNEST = 0.15
"""How thick a stroke through letters may be, in sizes of their type."""

NARROWER = 0.15
"""How far letters may reach into those beside them, in sizes of their type: marks and italics do."""

THIN = 3.0
"""So narrow or low, in pt, are lines."""

LAYER = 12.0
"""Shapes are sorted into layers of this height, in pt, to see what covers a text."""


def inside(text: Text, box: Box | None) -> bool:
    """Whether the middle of a text's letters lies in a box."""
    if box is None:
        return True
    left, bottom, right, top = text.box
    return box[0] - 1 <= left and right <= box[2] + 1 and box[1] - 1 <= bottom and top <= box[3] + 1


def strokes_through(texts: Sequence[Text], shapes: Sequence[Shape]) -> Mapping[int, Shape]:
    """The texts, by their place in the list, that are struck through, and the line that does so: one for each."""
    layers = by_height([shape for shape in shapes if shape.kind == "line"])
    found: dict[int, Shape] = {}
    for at, text in enumerate(texts):
        near = {layer_of(text.base + share * text.size) for share in (0.15, 0.6)}
        lines = {shape.order: shape for layer in near for shape in layers.get(layer, ()) if strikes(shape, text)}
        if len(lines) == 1:
            (found[at],) = lines.values()
    return found


def strikes(shape: Shape, text: Text) -> bool:
    """Whether a line goes through all letters of a text, thin and dark, about their middle."""
    left, bottom, right, top = shape.box
    start, end = text.sides
    return (
        top - bottom <= THINNEST * text.size
        and text.base + 0.15 * text.size <= bottom
        and top <= text.base + 0.6 * text.size
        and left <= start + 1
        and end - 1 <= right
        and shape.dark * shape.opaque > DARK
        and not shape.dashed
    )


def unseen(
    texts: Sequence[Text],
    shapes: Sequence[Shape],
    size: tuple[float, float],
    strokes: Mapping[int, Shape],
    doubtful: Sequence[int] | None = None,
) -> Iterator[str]:
    """Letters that cannot be read where they stand. `strokes`: what goes through a text and does not hide it.

    `doubtful`: the places of those that are to be looked at, where the others are known to be seen.
    """
    if doubtful is not None and not doubtful:
        return
    page = body_of(size)
    through = {stroke.order for stroke in strokes.values()}
    shown_at_all = (shape for shape in shapes if shape.opaque > 0)
    lying = Lying([shortened(shape) if shape.order in through else shape for shape in shown_at_all])
    for at in range(len(texts)) if doubtful is None else doubtful:
        text = texts[at]
        if not is_plain(text, page):
            yield from unreadable(text, page)
        if near := lying.about(text):
            yield from covered(text, near, strokes[at].order if at in strokes else None)


def body_of(size: tuple[float, float]) -> Box:
    """The part of a page in which texts stand."""
    width, height = size
    return MARGIN, EDGE, width - MARGIN, height - EDGE


def is_plain(text: Text, page: Box) -> bool:
    """Whether a text can be read as far as it goes by itself."""
    readable = text.upright and SMALLEST <= text.size <= LARGEST and text.opaque >= 0.99 and text.dark >= DARK
    return readable and inside(text, page) and (text.clipped is None or inside(text, text.clipped))


def unreadable(text: Text, page: Box) -> Iterator[str]:
    """Why a text cannot be read."""
    shown = text.words.strip()[:20]
    if not text.upright:
        yield phrase("“{shown}”没有正着印", shown=shown)
    if not SMALLEST <= text.size <= LARGEST:
        yield phrase("“{shown}”的字号是 {size} 磅", shown=shown, size=f"{text.size:.1f}")
    if text.opaque < 0.99 or text.dark < DARK:
        yield phrase("“{shown}”的颜色太浅，看不清", shown=shown)
    if not inside(text, page):
        yield phrase("“{shown}”印在版心之外", shown=shown)
    if not inside(text, text.clipped):
        yield phrase("“{shown}”被裁去", shown=shown)


def shortened(stroke: Shape) -> Shape:
    """A stroke without its ends, which reach into the letters beside those that it goes through."""
    left, bottom, right, top = stroke.box
    return stroke._replace(box=(left + 1, bottom, right - 1, top))


class Lying:
    """The shapes of a page, in such an order that a text need not be held against all of them.

    Narrow ones from left to right, low ones upwards, the others in the layers that they reach into.
    """

    def __init__(self, shapes: Sequence[Shape]) -> None:
        narrow = sorted((shape for shape in shapes if is_thin(shape, 0)), key=lambda shape: shape.box[0])
        low = sorted((shape for shape in shapes if is_thin(shape, 1)), key=lambda shape: shape.box[1])
        self.narrow, self.lefts = narrow, [shape.box[0] for shape in narrow]
        self.low, self.bottoms = low, [shape.box[1] for shape in low]
        self.layers = by_height([shape for shape in shapes if not (is_thin(shape, 0) or is_thin(shape, 1))])

    def about(self, text: Text) -> Sequence[Shape]:
        """Those that share a surface with the middle of a text."""
        left, bottom, right, top = core = core_of(text)
        first, last = bisect_left(self.lefts, left - THIN), bisect_left(self.lefts, right)
        start, end = bisect_left(self.bottoms, bottom - THIN), bisect_left(self.bottoms, top)
        near = [*self.narrow[first:last], *self.low[start:end]]
        if self.layers:
            layers = range(layer_of(bottom), layer_of(top) + 1)
            near += {shape.order: shape for layer in layers for shape in self.layers.get(layer, ())}.values()
        return [shape for shape in near if meet(core, shape.box)]


def is_thin(shape: Shape, side: int) -> bool:
    """Whether a shape is narrow (0) or low (1): of lines that are both, either will do."""
    return shape.box[side + 2] - shape.box[side] <= THIN and (not side or not is_thin(shape, 0))


def core_of(text: Text) -> Box:
    """The middle of a text's letters, without their very edges."""
    (left, right), base, size = text.sides, text.base, text.size
    return left + 0.5, base + 0.05 * size, right - 0.5, base + 0.55 * size


def by_height(shapes: Iterable[Shape]) -> Mapping[int, Sequence[Shape]]:
    """The shapes of a page by the layers that they reach into, so that a text need not be held against all of them."""
    layers: dict[int, list[Shape]] = {}
    for shape in shapes:
        for layer in range(layer_of(shape.box[1]), layer_of(shape.box[3]) + 1):
            layers.setdefault(layer, []).append(shape)
    return layers


def layer_of(height: float) -> int:
    """The layer of a height; what lies off the page is in the first or the last."""
    return int(min(max(height, 0), 2 * SHEET[1]) // LAYER)


def covered(text: Text, near: Sequence[Shape], stroke: int | None) -> Iterator[str]:
    """What lies over a text but its stroke, or so dark under it that it cannot be read."""
    lying = [shape for shape in near if shape.order != stroke]
    over = any(shape.order > text.order or shape.kind == "picture" for shape in lying)
    if over or sum(shape.dark * shape.opaque for shape in lying) > LIGHT:
        yield phrase("“{shown}”被图形盖住", shown=text.words.strip()[:20])


def hidden(shapes: Sequence[Shape], size: tuple[float, float]) -> Iterator[str]:
    """Pictures that something is drawn over, or that lie off the page."""
    for picture in (shape for shape in shapes if shape.kind == "picture"):
        left, bottom, right, top = picture.box
        core = left + 1, bottom + 1, right - 1, top - 1
        over = any(one.order > picture.order and one.opaque > 0 and meet(core, one.box) for one in shapes)
        if over or left < MARGIN - 1 or right > size[0] - MARGIN + 1 or bottom < EDGE or top > size[1] - EDGE:
            yield phrase("图片被图形盖住，或印在版心之外")


def meet(one: Box, other: Box) -> bool:
    """Whether two boxes share a surface."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def overlapping(texts: Sequence[Text]) -> Iterator[str]:
    """Texts that stand on others: those who look may read either of them, or what the two make together."""
    boxes = [(*text.ink, NARROWER * text.size, text.words) for text in texts]
    near: list[tuple[float, float, float, float, float, str]] = []
    for box in sorted(boxes, key=lambda one: one[1]):
        left, bottom, right, _, slack, words = box
        near = [one for one in near if one[3] > bottom]
        for start, _, end, _, others, under in [one for one in near if one[0] < right and left < one[2]]:
            if min(right, end) - max(left, start) > min(slack, others):
                yield phrase("“{words}”和“{under}”印在一处", words=words.strip()[:20], under=under.strip()[:20])
        near.append(box)


def number_aside(
    texts: Sequence[Text], shapes: Sequence[Shape], number: int, size: tuple[float, float]
) -> Iterator[str]:
    """What is wrong with the number of a sheet across: at its left edge, where it stands on the sheet upright."""
    width, height = size
    words = f"—{number}—" if number else ""
    if "".join("".join(text.words for text in texts).split()) != words or any(
        text.base > 0.15 * width for text in texts
    ):
        yield phrase("页面{what}没有{other_what}“{words}”", what=phrase("左端"), other_what=phrase("页码"), words=words)
    upright = [
        text._replace(
            upright=True,
            sides=(height + text.sides[0], height + text.sides[1]),
            clipped=turned(text.clipped, height) if text.clipped else None,
        )
        for text in texts
    ]
    yield from unseen(upright, [s._replace(box=turned(s.box, height)) for s in shapes], (height, width), {})
