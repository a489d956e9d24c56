"""What the instructions of a page act under, what their marks say, and how letters may be set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import hypot
from typing import Any

from selfeval.audit.pdf_shapes import AT_EDGE, UNIT, UNMARKED, Box, Matrix, Run, around, moved, shared

SEEN, DOT = 10.0, 0.1
"""So wide, in pt, is a picture at least, or its dots are so wide."""

THICKEST = 0.08
"""An edge around letters makes them bold; one that is more of their size hides them."""


@dataclass(slots=True)
class GraphicsState:
    """What instructions act under. Mutable: there are as many changes as instructions."""

    matrix: Matrix = UNIT
    dark: float = 1.0
    line_dark: float = 1.0
    opaque: float = 1.0
    line_opaque: float = 1.0
    numbers: int = 1
    line_numbers: int = 1
    width: float = 1.0
    clip: Box | None = None
    font: str = ""
    size: float = 0.0
    mode: int = 0
    rise: float = 0.0
    hatched: bool = False
    turned: bool = False
    dashed: bool = False
    """Inside a drawing that is not cut off along the page, as the word across it is."""

    def copied(self) -> GraphicsState:
        """The same, to be kept (in a quarter of the time that `replace` takes)."""
        return GraphicsState(
            self.matrix,
            self.dark,
            self.line_dark,
            self.opaque,
            self.line_opaque,
            self.numbers,
            self.line_numbers,
            self.width,
            self.clip,
            self.font,
            self.size,
            self.mode,
            self.rise,
            self.hatched,
            self.turned,
            self.dashed,
        )


MARKS = frozenset({
    "/MCID", "/ActualText", "/Alt", "/Lang", "/Type", "/Subtype", "/Attached", "/BBox", "/Pagination", "/Header",
    "/Footer", "/Layout", "/Top", "/Bottom", "/Background", "/Page",
})  # fmt: skip
"""What a mark may say."""

LANGUAGE = "zh-CN"
DIGITS = frozenset("0123456789.%-")


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


def torn(one: tuple[float, Run], other: tuple[float, Run], size: float) -> bool:
    """Whether letters, each with its place, stand otherwise than one behind the other.

    They begin before those that they follow, or far behind their end; or two digits stand so far apart that they read
    as two numbers, or over each other as one.
    """
    (start, before), (follows, behind) = one, other
    end = start + before.width / 1000 * size
    gap, em = follows - end, abs(size)
    if gap < -(before.last / 1000 + 0.05) * em or not -1.2 * em <= gap <= 1.6 * em:
        return True
    digits = all(letter.isascii() and letter in DIGITS for letter in (before.ends[1], behind.ends[0]))
    return digits and not -0.15 * em < gap < 0.6 * em


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
    return shaped and along and wide >= min(SEEN, due[0] * DOT) and not cut and state.opaque > 0.99


def is_bold(state: GraphicsState) -> bool:
    """Whether an edge around letters does no more than make them bold."""
    alike = abs(state.line_dark - state.dark) < 0.1 and abs(state.line_opaque - state.opaque) < 0.01
    return alike and state.width <= THICKEST * abs(state.size)
