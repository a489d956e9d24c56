"""The paths of a PDF page: surfaces and lines, and the edges of what may be seen."""

from __future__ import annotations

from typing import Any

from selfeval.audit.pdf_shapes import Box, Drawn, Shape, around, moved, shared
from selfeval.audit.pdf_state import GraphicsState
from selfeval.base.phrases import phrase

STRAIGHT = 0.01
"""How far, in pt, a line along the page may go down it."""


class Pencil:
    """Draws paths. Mutable: a path grows until it is painted."""

    def __init__(self, drawn: Drawn) -> None:
        self.drawn = drawn
        self.state = GraphicsState()
        self.path: list[tuple[float, float]] = []
        self.first = self.last = (0.0, 0.0)
        self.pieces: list[tuple[str, int]] = []
        self.clipping = False
        self.straight = True
        """Whether lines go along the page or down it: everywhere but in a hatch."""

    def rectangle(self, operands: list[Any]) -> None:
        """re."""
        x, y, wide, high = operands
        self.path += [
            moved(self.state.matrix, *p) for p in ((x, y), (x + wide, y), (x + wide, y + high), (x, y + high))
        ]
        self.pieces.append(("re", 4))

    def begin_line(self, operands: list[Any]) -> None:
        """m."""
        self.last = self.first = moved(self.state.matrix, *operands)

    def line(self, operands: list[Any]) -> None:
        """l: along the page or down it, so that no two lines of a path meet in a point or make a letter."""
        point = self.straight_to(self.last, moved(self.state.matrix, *operands))
        self.path += [self.last, point]
        self.last = point
        self.pieces.append(("line", 1))

    def straight_to(self, begin: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
        """Where a line ends, which must go along the page or down it."""
        if self.straight and min(abs(end[0] - begin[0]), abs(end[1] - begin[1])) > STRAIGHT:
            raise ValueError(phrase("页面里有本程序不画的斜线"))
        return end

    def close(self, _operands: list[Any]) -> None:
        """h."""
        self.last = self.straight_to(self.last, self.first)

    def clip(self, _operands: list[Any]) -> None:
        """W."""
        self.clipping = True

    def end_path(self, _operands: list[Any]) -> None:
        """n."""
        self.paint()

    def fill(self, _operands: list[Any]) -> None:
        """f."""
        self.paint("fill")

    def stroke(self, _operands: list[Any]) -> None:
        """S."""
        self.paint("line")

    def both(self, _operands: list[Any]) -> None:
        """B."""
        self.paint("fill", "line")

    def paint(self, *kinds: str) -> None:
        """The path drawn, then kept as the edge of what may be seen where that was asked for."""
        state = self.state
        if self.path:
            box = shared(around(self.path), state.clip)
            for kind in kinds:
                self.shape(kind, box)
        if self.clipping:
            self.narrow()
        self.path, self.pieces, self.clipping = [], [], False

    def shape(self, kind: str, box: Box) -> None:
        """One surface or line."""
        look = self.state.look
        if kind == "line":
            half = look.width * max(map(abs, self.state.matrix[:4])) / 2
            box = box[0] - half, box[1] - half, box[2] + half, box[3] + half
        dark, opaque = (look.line_dark, look.line_opaque) if kind == "line" else (look.dark, look.opaque)
        self.drawn.order += 1
        self.drawn.shapes.append(tuple.__new__(Shape, (box, self.drawn.order, dark, opaque, kind, look.dashed)))

    def narrow(self) -> None:
        """Only what lies in the rectangle of the path is seen from now on."""
        if self.pieces != [("re", 4)] or any(abs(n) > 1e-6 for n in self.state.matrix[1:3]):
            raise ValueError(phrase("页面按本程序不用的形状裁切"))
        self.state.clip = shared(around(self.path), self.state.clip)
