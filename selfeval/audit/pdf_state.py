"""What the instructions of a page act under, and what their marks say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import hypot
from typing import Any

from selfeval.audit.pdf_shapes import AT_EDGE, UNIT, UNMARKED, Box, Drawn, Matrix, Shape, around, moved, shared
from selfeval.base.phrases import phrase

SEEN, DOT = 10.0, 0.1
"""So wide, in pt, is a picture at least, or its dots are so wide."""

THICKEST = 0.08
"""An edge around letters makes them bold; one that is more of their size hides them."""


Drawing = tuple[float, float, float, float, bytes, bytes]
"""How what is drawn is turned and scaled, and the instructions before and behind its place."""

Line = tuple[Matrix, Box | None, bytes, bytes]
"""A line under a matrix and inside an edge, as its looks and its ends are written."""
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Look:
    """How what is drawn looks, wherever it lies.

    `after`: the look that instructions, as they are written, lead to from this one; `drawn`: what they draw where all
    begins, and the look that they leave, None where they do more; `lines`: the ends of lines, and what is drawn. All of
    them only for the same resources.
    """

    dark: float = 1.0
    line_dark: float = 1.0
    opaque: float = 1.0
    line_opaque: float = 1.0
    numbers: int = 1
    line_numbers: int = 1
    width: float = 1.0
    font: str = ""
    size: float = 0.0
    mode: int = 0
    rise: float = 0.0
    hatched: bool = False
    dashed: bool = False
    after: dict[bytes, Look] = field(default_factory=dict, init=False, repr=False, compare=False)
    drawn: dict[Drawing, tuple[Look | None, Drawn]] = field(default_factory=dict, init=False, repr=False, compare=False)
    lines: dict[Line, tuple[Point, Point, Shape]] = field(default_factory=dict, init=False, repr=False, compare=False)


@dataclass(slots=True)
class GraphicsState:
    """What instructions act under. Mutable: there are as many changes as instructions."""

    matrix: Matrix = UNIT
    clip: Box | None = None
    turned: bool = False
    """Inside a drawing that is not cut off along the page, as the word across it is."""
    look: Look = field(default_factory=Look)

    def copied(self) -> GraphicsState:
        """The same, to be kept (in a quarter of the time that `replace` takes)."""
        return GraphicsState(self.matrix, self.clip, self.turned, self.look)


@dataclass(frozen=True, slots=True)
class Mark:
    """What a mark says: its number, what its letters are when they are copied, what a picture is said to be."""

    number: int = UNMARKED
    copied: str | None = None
    described: str | None = None


def mark_of(operands: Sequence[Any]) -> Mark:
    """A mark for those who listen: no words of its own, no layer; raises ValueError at anything else."""
    if operands[0] == "/OC" or (len(operands) > 1 and isinstance(operands[1], str)):
        raise ValueError(phrase("页面里有图层"))
    told = operands[1] if len(operands) > 1 else []
    keys = {item for item in told if isinstance(item, str)}
    if not keys:
        return Mark()
    if said_in(told, "/Lang") not in (None, LANGUAGE):
        raise ValueError(phrase("页面的标记里有 {strange}", strange="/Lang"))
    if strange := {key for key in keys if key.startswith("/")} - MARKS:
        raise ValueError(phrase("页面的标记里有 {strange}", strange=min(strange)))
    return Mark(mark_in(told), said_in(told, "/ActualText"), said_in(told, "/Alt"))


MARKS = frozenset({
    "/MCID", "/ActualText", "/Alt", "/Lang", "/Type", "/Subtype", "/Attached", "/BBox", "/Pagination", "/Header",
    "/Footer", "/Layout", "/Top", "/Bottom", "/Background", "/Page",
})  # fmt: skip
"""What a mark may say."""

LANGUAGE = "zh-CN"


def mark_in(told: list[Any]) -> int:
    """The number in a mark, or what stands in place of one."""
    if "/MCID" in told:
        return int(told[told.index("/MCID") + 1])
    return AT_EDGE if "/Header" in told or "/Footer" in told else UNMARKED


def said_in(told: list[Any], key: str) -> str | None:
    """A text in a mark: /ActualText is what its letters are when they are copied, /Alt describes a picture."""
    if key not in told:
        return None
    content = told[told.index(key) + 1]
    if not isinstance(content, bytes):
        raise TypeError(content)
    return content[2:].decode("utf-16-be") if content.startswith(b"\xfe\xff") else content.decode("latin-1")


def is_as_it_is(picture: Mapping[str, Any], state: GraphicsState) -> bool:
    """Whether a picture is drawn of its own shape, along the page, large enough to be seen, whole and opaque."""
    a, b, c, d, _, _ = state.matrix
    wide, high = hypot(a, b), hypot(c, d)
    due = float(picture["/Width"]), float(picture["/Height"])
    shaped = abs(wide * due[1] - high * due[0]) <= 0.03 * max(wide * due[1], high * due[0])
    along = min(abs(a) + abs(d), abs(b) + abs(c)) < 0.01
    whole = around([moved(state.matrix, x, y) for x in (0, 1) for y in (0, 1)])
    left, bottom, right, top = shared(whole, state.clip)
    cut = right - left < whole[2] - whole[0] - 1 or top - bottom < whole[3] - whole[1] - 1
    return shaped and along and wide >= min(SEEN, due[0] * DOT) and not cut and state.look.opaque > 0.99


def is_bold(look: Look) -> bool:
    """Whether an edge around letters does no more than make them bold."""
    alike = abs(look.line_dark - look.dark) < 0.1 and abs(look.line_opaque - look.opaque) < 0.01
    return alike and look.width <= THICKEST * abs(look.size)
