"""What lies on a page: letters and shapes with their places in pt, from its lower left corner, colour and cover."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise, starmap
from typing import Any, NamedTuple

from selfeval.base.phrases import phrase

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""

UNMARKED, AT_EDGE = -1, -2
"""In place of a mark: of what no tree refers to, and of what stands at head or foot of a page."""

OPENING, CLOSING = frozenset("（《“‘「『【〔〈"), frozenset("，。、；：？！）》”’」』】〕〉")
"""Marks that take one half of their place, and those that take the other: they may hang over the end of a line."""

UNIT: Matrix = (1, 0, 0, 1, 0, 0)
EM = 1000.0
"""The size of a type, in its thousandths."""

DEEP, HIGH = 0.12, 0.85
"""How far Chinese characters reach below and above the line they stand on, in sizes of their type."""

OVER = 0.2 * EM
"""How far a Chinese character may reach into the one before it: marks may more, as half of them is blank."""

DIGITS = frozenset("0123456789.%-")


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of a font, one glyph behind the other, in thousandths of its size.

    `sides`: its left and its right end without blanks, which may hang over; of marks the half that is no blank counts.
    `last`: how wide its last glyph is; `ends`: its first and its last letter; `blank`: whether nothing of it is seen;
    `start`: where it begins; `torn`: whether a glyph goes back, or does not follow the one before it.
    """

    words: str
    width: float
    sides: tuple[float, float]
    last: float
    ends: tuple[str, str]
    blank: bool
    torn: bool
    start: float = 0.0


def run_of(letters: Sequence[str], widths: Sequence[float]) -> Run:
    """The run of some letters, at least one."""
    at = [*accumulate(widths, initial=0.0)]
    first, last = 0, len(letters) - 1
    while last and not letters[last].strip():
        last -= 1
    while first < last and not letters[first].strip():
        first += 1
    left = (at[first] + at[first + 1]) / 2 if letters[first] in OPENING else at[first]
    right = (at[last] + at[last + 1]) / 2 if letters[last] in CLOSING else at[last + 1]
    words = "".join(letters)
    ends = letters[0], letters[-1]
    return Run(words, at[-1], (left, right), widths[-1], ends, not words.strip(), min(widths) < 0)


def joined(runs: Sequence[tuple[float, Run]], width: float) -> Run:
    """Runs, each with its place, as one that is so wide; at least one."""
    start, left = next((found for found in runs if not found[1].blank), runs[0])
    end, right = next((found for found in reversed(runs) if not found[1].blank), runs[0])
    words = "".join(run.words for _, run in runs)
    torn = any(run.torn for _, run in runs) or any(starmap(is_torn, pairwise(runs)))
    sides = start + left.sides[0], end + right.sides[1]
    return Run(words, width, sides, right.last, (left.ends[0], right.ends[1]), not words.strip(), torn, runs[0][0])


def is_torn(one: tuple[float, Run], other: tuple[float, Run]) -> bool:
    """Whether letters, each with its place, stand otherwise than one behind the other.

    They begin before those that they follow, or far behind their end; Chinese characters stand over each other; or two
    digits stand so far apart that they read as two numbers, or over each other as one.
    """
    (start, before), (follows, behind) = one, other
    gap = follows - start - before.width
    if gap < -(before.last + 0.05 * EM) or not -1.2 * EM <= gap <= 1.6 * EM:
        return True
    if gap < -OVER and all("一" <= letter <= "鿿" for letter in (before.ends[1], behind.ends[0])):
        return True
    digits = all(letter.isascii() and letter in DIGITS for letter in (before.ends[1], behind.ends[0]))
    return digits and not -0.15 * EM < gap < 0.6 * EM


class Text(NamedTuple):
    """Letters drawn in one go. `sides`: where those that are seen begin and end."""

    words: str
    sides: tuple[float, float]
    base: float
    size: float
    order: int
    dark: float
    opaque: float
    upright: bool
    clipped: Box | None
    mark: int = UNMARKED
    """The number by which the tree for those who listen refers to it."""
    aside: bool = False
    """Turned clockwise by a quarter: `sides` count down from the foot of the page, `base` from its left."""

    def placed(self, right: float, high: float, order: int, clip: Box | None, mark: int) -> Text:
        """The same that was drawn where all begins, elsewhere and later."""
        words, (left, end), base, size, before, dark, opaque, upright, _, _, aside = self
        sides = left + right, end + right
        return tuple.__new__(
            Text, (words, sides, base + high, size, order + before, dark, opaque, upright, clip, mark, aside)
        )

    @property
    def box(self) -> Box:
        """The middle of the letters, that nothing may cover."""
        left, right = self.sides
        return left, self.base, right, self.base + 0.6 * self.size

    @property
    def ink(self) -> Box:
        """What its letters may take of the page, whichever way they are turned: no others stand there."""
        (left, right), foot, head = self.sides, self.base - DEEP * self.size, self.base + HIGH * self.size
        return (foot, -right, head, -left) if self.aside else (left, foot, right, head)


def together(texts: Iterable[Text]) -> list[Text]:
    """Texts with those that go on where the one before them ends, and look like it, as one with it."""
    found: list[Text] = []
    for text in texts:
        before = found[-1] if found else None
        if before and goes_on(before, text):
            sides = before.sides[0], text.sides[1]
            found[-1] = before._replace(words=before.words + text.words, sides=sides)
        else:
            found.append(text)
    return found


def goes_on(before: Text, text: Text) -> bool:
    """Whether a text goes on where another one ends, and looks like it."""
    gap = (text.sides[0] - before.sides[1]) / (text.size or 1)
    shown = bool(before.words.strip() and text.words.strip())
    looks = [(one.base, one.size, one.dark, one.opaque, one.upright, one.aside) for one in (before, text)]
    return shown and -0.05 <= gap <= 0.3 and looks[0] == looks[1]


LINE_APART, CELL_APART, EVEN = 0.8, 0.6, 0.05
"""How far lines are below and cells beside each other at least, in sizes of the larger type; what is even."""


def follows(before: Text, text: Text) -> bool:
    """Whether a text stands behind another on its line, as large as that one, or on a line below."""
    size, step = max(before.size, text.size), before.base - text.base
    even = abs(text.size - before.size) <= EVEN * size and abs(step) <= EVEN * size
    return step >= LINE_APART * size or (even and text.sides[0] - before.sides[1] >= -EVEN * size)


def tears_number(before: Text, text: Text) -> bool:
    """Whether digits of two texts, one behind the other in the file, stand close together but not as one number."""
    before_ends, begins = before.words.rstrip()[-1:], text.words.lstrip()[:1]
    if before_ends not in DIGITS or begins not in DIGITS:
        return False
    gap, size = text.sides[0] - before.sides[1], max(before.size, text.size)
    near = abs(text.base - before.base) < LINE_APART * size and gap < CELL_APART * size
    return near and not follows(before, text)


class Shape(NamedTuple):
    """A surface, a line or a picture. `dark`: 0 white to 1 black; `opaque`: 0 to 1; `kind`: fill, line, picture."""

    box: Box
    order: int
    dark: float
    opaque: float
    kind: str
    dashed: bool = False

    def placed(self, right: float, high: float, order: int) -> Shape:
        """The same that was drawn where all begins, elsewhere and later."""
        (left, bottom, end, top), before, dark, opaque, kind, dashed = self
        box = left + right, bottom + high, end + right, top + high
        return tuple.__new__(Shape, (box, order + before, dark, opaque, kind, dashed))

    def again(self, order: int) -> Shape:
        """The same later, on another page."""
        box, _, dark, opaque, kind, dashed = self
        return tuple.__new__(Shape, (box, order, dark, opaque, kind, dashed))


def turned(box: Box, height: float) -> Box:
    """A box of a page so high, on the sheet turned so that what is read from the right stands upright."""
    left, bottom, right, top = box
    return height - top, left, height - bottom, right


@dataclass(slots=True)
class Drawn:
    """All that a page shows, in the order of drawing. Mutable: it grows while the page is gone through."""

    texts: list[Text] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    """The numbers by which the tree for those who listen refers to what is drawn."""
    described: list[str] = field(default_factory=list)
    """What its pictures are said to be, for those who cannot see them."""
    pictures: list[tuple[Any, Matrix]] = field(default_factory=list)
    """The pictures themselves and how they are placed, in the order of drawing."""
    order: int = 0


def times(inner: Matrix, outer: Matrix) -> Matrix:
    """One after the other."""
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def moved(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """Where a point comes to lie."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def around(points: Sequence[tuple[float, float]]) -> Box:
    """The box of some points."""
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def shared(one: Box, other: Box | None) -> Box:
    """What lies in both."""
    if other is None:
        return one
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def tone(operands: Sequence[Any], numbers: int) -> float:
    """How dark a colour is that must have so many numbers."""
    if len(operands) != numbers or not all(isinstance(number, float) for number in operands):
        raise ValueError(phrase("页面里有本程序不用的颜色"))
    return darkness(operands)


def darkness(operands: Sequence[float]) -> float:
    """0 white to 1 black, as the eye weighs colours."""
    shares = [min(max(operand, 0.0), 1.0) for operand in operands]
    if len(shares) == 1:
        return 1 - shares[0]
    red, green, blue = shares
    return 1 - (0.3 * red + 0.59 * green + 0.11 * blue)
