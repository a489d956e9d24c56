"""The instructions of a PDF page carried out on paper: which letters come to stand where, and what lies around them.

Only the instructions that our engines write are known; any other is told. Nothing is drawn: texts and shapes are
kept in the order of drawing, with their place on the page (in pt, from its lower left corner), colour and cover.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise, repeat
from typing import Any

from selfeval.audit.pdf_fonts import Font
from selfeval.audit.pdf_instructions import instructions
from selfeval.audit.pdf_shapes import (
    AT_EDGE,
    UNIT,
    UNMARKED,
    Box,
    Drawn,
    Matrix,
    Shape,
    Text,
    around,
    darkness,
    moved,
    pointed,
    shared,
    times,
    tone,
)
from selfeval.audit.time_limit import go_on
from selfeval.audit.whole_text import squeezed
from selfeval.base.phrases import phrase

MOST_INSTRUCTIONS, PIECE = 3_000_000, 1000
HATCH = 0.5
"""The lines of a hatch are darker."""

THICKEST = 0.08
"""An edge around letters makes them bold; one that is more of their size hides them."""


DEEPEST = 8
"""Drawings inside drawings."""


@dataclass(frozen=True, slots=True)
class GraphicsState:
    """What instructions act under."""

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


# ── Carrying out ──


class Hand:
    """Goes through the instructions of a page. Mutable: the state changes with each of them."""

    def __init__(self, drawn: Drawn, fonts: Callable[[Any], Font]) -> None:
        """`fonts` gives the font of a dictionary."""
        self.drawn, self.fonts = drawn, fonts
        self.state = GraphicsState()
        self.kept: list[GraphicsState] = []
        self.path: list[tuple[float, float]] = []
        self.last = (0.0, 0.0)
        self.before: tuple[float, float] | None = None
        self.pieces: list[tuple[str, int]] = []
        self.clipping = False
        self.text: Matrix | None = None
        self.resources: Any = {}
        self.depth = 0
        self.marks: list[tuple[int, str | None, int]] = []
        """The marks under way, each inside the one before: number, words to be copied, the texts before it."""

    def carry_out(self, content: bytes, resources: Any) -> None:  # noqa: ANN401
        """All instructions of a stream; the state is afterwards what it was."""
        outer, self.resources, standing = self.resources, resources, len(self.kept)
        for count, (word, operands) in enumerate(instructions(content)):
            if not count % PIECE:
                go_on()
            if count > MOST_INSTRUCTIONS:
                raise ValueError(phrase("页面指令过多"))
            action = ACTIONS.get(word)
            if action is None:
                raise ValueError(phrase("页面里有本程序不写的指令 {word}", word=word))
            action(self, operands)
        if len(self.kept) != standing or self.text is not None:
            raise ValueError(phrase("页面的指令没有配对"))
        self.resources = outer

    def of(self, kind: str, name: str) -> Any:  # noqa: ANN401
        """A resource by its name."""
        listed = self.resources.get(kind)
        found = listed.get_object().get(name) if listed is not None else None
        if found is None:
            raise ValueError(phrase("页面用到没有的 {kind} {name}", kind=kind[1:], name=name))
        return found.get_object()

    # ── State ──

    def keep(self, _operands: list[Any]) -> None:
        """q."""
        self.kept.append(self.state)

    def back(self, _operands: list[Any]) -> None:
        """Q."""
        if not self.kept:
            raise ValueError(phrase("页面的指令没有配对"))
        self.state = self.kept.pop()

    def turn(self, operands: list[Any]) -> None:
        """cm."""
        a, b, c, d, e, f = operands
        self.state = replace(self.state, matrix=times((a, b, c, d, e, f), self.state.matrix))

    def thick(self, operands: list[Any]) -> None:
        """w."""
        self.state = replace(self.state, width=operands[0])

    def see_through(self, operands: list[Any]) -> None:
        """gs."""
        state = self.of("/ExtGState", operands[0])
        opaque = float(state.get("/ca", self.state.opaque))
        self.state = replace(self.state, opaque=opaque, line_opaque=float(state.get("/CA", self.state.line_opaque)))

    def colour(self, operands: list[Any]) -> None:
        """rg, g."""
        self.state = replace(self.state, dark=darkness(operands))

    def line_colour(self, operands: list[Any]) -> None:
        """RG, G."""
        self.state = replace(self.state, line_dark=darkness(operands))

    def space(self, operands: list[Any]) -> None:
        """cs: patterns, or one of the kinds of colour whose profiles `pdf_objects` has looked at."""
        self.state = replace(self.state, numbers=self.numbers_of(operands))

    def line_space(self, operands: list[Any]) -> None:
        """CS: the same of lines."""
        self.state = replace(self.state, line_numbers=self.numbers_of(operands))

    def numbers_of(self, operands: list[Any]) -> int:
        """How many numbers a colour of a kind has; 0 of patterns."""
        (name,) = operands
        return 0 if name == "/Pattern" else int(self.of("/ColorSpace", name)[1].get_object()["/N"])

    def by_space(self, operands: list[Any]) -> None:
        """scn: a colour of the kind told before, or a hatch."""
        if self.state.numbers:
            self.state = replace(self.state, dark=tone(operands, self.state.numbers))
        else:
            self.pattern(operands)

    def line_by_space(self, operands: list[Any]) -> None:
        """SCN: the same of lines, which have no hatch."""
        self.state = replace(self.state, line_dark=tone(operands, self.state.line_numbers))

    def pattern(self, operands: list[Any]) -> None:
        """A hatch. What it is made of may not say anything."""
        (name,) = operands
        found = self.of("/Pattern", name)
        hatch = Hand(Drawn(), self.fonts)
        hatch.depth = self.deeper()
        hatch.carry_out(bytes(found.get_data()), found["/Resources"].get_object())
        if hatch.drawn.texts:
            raise ValueError(phrase("花纹里有文字"))
        if not any(shape.dark > HATCH for shape in hatch.drawn.shapes):
            raise ValueError(phrase("花纹里没有线条"))
        self.state = replace(self.state, dark=0.5)

    def nothing(self, _operands: list[Any]) -> None:
        """What does not change what is seen."""

    def deeper(self) -> int:
        """One more drawing inside another."""
        if self.depth >= DEEPEST:
            raise ValueError(phrase("图形套得太深"))
        return self.depth + 1

    # ── Shapes ──

    def rectangle(self, operands: list[Any]) -> None:
        """re."""
        x, y, wide, high = operands
        self.path += [
            moved(self.state.matrix, *p) for p in ((x, y), (x + wide, y), (x + wide, y + high), (x, y + high))
        ]
        self.pieces.append(("re", 4))

    def begin_line(self, operands: list[Any]) -> None:
        """m."""
        self.last = moved(self.state.matrix, *operands)
        self.before = None

    def line(self, operands: list[Any]) -> None:
        """l, c: a curve lies between its points."""
        points = [moved(self.state.matrix, x, y) for x, y in zip(operands[::2], operands[1::2], strict=True)]
        for point in points:
            if self.before is not None and pointed(self.before, self.last, point):
                raise ValueError(phrase("页面里有本程序不画的尖角"))
            self.before, self.last = self.last, point
            self.path += [self.before, point]
        self.pieces.append(("line", len(points)))

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
        state = self.state
        if kind == "line":
            half = state.width * max(map(abs, state.matrix[:4])) / 2
            box = box[0] - half, box[1] - half, box[2] + half, box[3] + half
        dark, opaque = (state.line_dark, state.line_opaque) if kind == "line" else (state.dark, state.opaque)
        self.drawn.order += 1
        self.drawn.shapes.append(Shape(box, self.drawn.order, dark, opaque, kind))

    def narrow(self) -> None:
        """Only what lies in the rectangle of the path is seen from now on."""
        if self.pieces != [("re", 4)] or any(abs(n) > 1e-6 for n in self.state.matrix[1:3]):
            raise ValueError(phrase("页面按本程序不用的形状裁切"))
        self.state = replace(self.state, clip=shared(around(self.path), self.state.clip))

    def draw(self, operands: list[Any]) -> None:
        """Do: a drawing, or a picture."""
        found = self.of("/XObject", operands[0])
        if found.get("/Subtype") == "/Image":
            corners = [moved(self.state.matrix, x, y) for x in (0, 1) for y in (0, 1)]
            self.drawn.order += 1
            self.drawn.shapes.append(Shape(around(corners), self.drawn.order, 1.0, self.state.opaque, "picture"))
            return
        outer, kept, depth, text = self.state, self.kept, self.depth, self.text
        self.depth, self.kept, self.text = self.deeper(), [], None
        inner = [float(n) for n in found.get("/Matrix", UNIT)]
        self.turn(inner)
        left, bottom, right, top = (float(n) for n in found["/BBox"])
        corners = [moved(self.state.matrix, x, y) for x in (left, right) for y in (bottom, top)]
        straight = all(abs(n) < 1e-6 for n in self.state.matrix[1:3])
        self.state = replace(self.state, clip=shared(around(corners), self.state.clip) if straight else self.state.clip)
        resources = found.get("/Resources", {})
        self.carry_out(bytes(found.get_data()), resources.get_object() if resources else {})
        self.state, self.kept, self.depth, self.text = outer, kept, depth, text

    # ── Letters ──

    def begin(self, _operands: list[Any]) -> None:
        """BT."""
        if self.text is not None:
            raise ValueError(phrase("页面的指令没有配对"))
        self.text = UNIT

    def end(self, _operands: list[Any]) -> None:
        """ET."""
        if self.text is None:
            raise ValueError(phrase("页面的指令没有配对"))
        self.text = None

    def place(self, operands: list[Any]) -> None:
        """Tm."""
        a, b, c, d, e, f = operands
        self.text = a, b, c, d, e, f

    def face(self, operands: list[Any]) -> None:
        """Tf."""
        self.state = replace(self.state, font=operands[0], size=operands[1])

    def mode(self, operands: list[Any]) -> None:
        """Tr: filled, or filled with an edge (bold where the font has none); never unseen."""
        if operands[0] not in (0, 2):
            raise ValueError(phrase("页面里有看不见的文字（Tr）"))
        self.state = replace(self.state, mode=int(operands[0]))

    def raised(self, operands: list[Any]) -> None:
        """Ts: a mark above or below its letter."""
        if abs(operands[0]) > abs(self.state.size) / 3:
            raise ValueError(phrase("页面里有离开原行的文字（Ts）"))
        self.state = replace(self.state, rise=operands[0])

    def show(self, operands: list[Any]) -> None:
        """TJ, Tj."""
        (listed,) = operands
        if self.text is None:
            raise ValueError(phrase("页面的指令没有配对"))
        font = self.fonts(self.of("/Font", self.state.font))
        whole = times(self.text, self.state.matrix)
        letters, places, x = [], [], 0.0
        for item in listed if isinstance(listed, list) else [listed]:
            if isinstance(item, float):
                x -= item / 1000 * self.state.size
                continue
            for at in range(0, len(item), 2):
                glyph = int.from_bytes(item[at : at + 2], "big")
                font.used.setdefault(glyph)
                letters.append(font.characters.get(glyph, "\ufffd"))
                places.append((x, x := x + font.width(glyph) / 1000 * self.state.size))
        a, b, c, d, e, f = self.text
        self.text = a, b, c, d, e + a * x, f + b * x
        if letters:
            self.written(letters, places, whole, font)

    def written(self, letters: list[str], places: list[tuple[float, float]], whole: Matrix, font: Font) -> None:
        """Letters come to stand on the page."""
        state = self.state
        if state.mode and not is_bold(state):
            raise ValueError(phrase("页面里有被自己的边盖住的文字（Tr）"))
        a, b, c, d, _, _ = whole
        upright = abs(b) < 1e-6 and abs(c) < 1e-6 and a > 0 and d > 0 and 0.9 < a / d < 1.12
        if any(map(astray, pairwise(places), repeat(abs(state.size)))):
            self.drawn.problems.append(phrase("“{letters}”的字没有按次序排列", letters="".join(letters)[:20]))
        ends = [moved(whole, start, state.rise) for start, _ in places]
        last = moved(whole, places[-1][1], 0)
        self.drawn.order += 1
        self.drawn.texts.append(
            Text(
                tuple(letters),
                (*(x for x, _ in ends), last[0]),
                ends[0][1],
                state.size * (a * a + b * b) ** 0.5,
                self.drawn.order,
                state.dark,
                state.opaque,
                upright,
                state.clip,
                font.name,
                next((mark for mark, _, _ in reversed(self.marks) if mark != UNMARKED), UNMARKED),
            )
        )

    def marked(self, operands: list[Any]) -> None:
        """BMC, BDC: marks for those who listen; no words of their own, no layers."""
        if operands[0] == "/OC" or (len(operands) > 1 and isinstance(operands[1], str)):
            raise ValueError(phrase("页面里有图层"))
        keys = {item for item in operands[1] if isinstance(item, str)} if len(operands) > 1 else set()
        mark, copied = (mark_in(operands[1]), copied_in(operands[1])) if keys else (UNMARKED, None)
        self.marks.append((mark, copied, len(self.drawn.texts)))
        self.drawn.marks += [mark] if mark >= 0 else []
        if strange := {key for key in keys if key.startswith("/")} - MARKS:
            raise ValueError(phrase("页面的标记里有 {strange}", strange=min(strange)))

    def unmarked(self, _operands: list[Any]) -> None:
        """EMC."""
        if not self.marks:
            raise ValueError(phrase("页面的指令没有配对"))
        _, copied, start = self.marks.pop()
        drawn = "".join(text.words for text in self.drawn.texts[start:])
        if copied is not None and squeezed(copied) != squeezed(drawn):
            self.drawn.problems.append(phrase("“{drawn}”复制出来是别的文字", drawn=drawn[:20]))


MARKS = frozenset(
    {
        "/MCID",
        "/ActualText",
        "/Lang",
        "/Type",
        "/Subtype",
        "/Attached",
        "/BBox",
        "/Pagination",
        "/Header",
        "/Footer",
        "/Layout",
    }
    | {"/Top", "/Bottom", "/Background", "/Page"}
)
"""What a mark may say."""


def mark_in(told: list[Any]) -> int:
    """The number in a mark, or what stands in place of one."""
    if "/MCID" in told:
        return int(told[told.index("/MCID") + 1])
    return AT_EDGE if "/Header" in told or "/Footer" in told else UNMARKED


def copied_in(told: list[Any]) -> str | None:
    """What its letters are when they are copied, for one that shares its shape with another."""
    if "/ActualText" not in told:
        return None
    content = told[told.index("/ActualText") + 1]
    if not isinstance(content, bytes):
        raise TypeError(content)
    return content[2:].decode("utf-16-be") if content.startswith(b"\xfe\xff") else content.decode("latin-1")


ACTIONS: Mapping[str, Callable[[Hand, list[Any]], None]] = {
    "q": Hand.keep, "Q": Hand.back, "cm": Hand.turn, "w": Hand.thick, "gs": Hand.see_through,
    "rg": Hand.colour, "g": Hand.colour, "RG": Hand.line_colour, "G": Hand.line_colour,
    "cs": Hand.space, "scn": Hand.by_space, "CS": Hand.line_space, "SCN": Hand.line_by_space,
    "d": Hand.nothing, "J": Hand.nothing, "j": Hand.nothing,
    "M": Hand.nothing, "re": Hand.rectangle, "m": Hand.begin_line, "l": Hand.line, "c": Hand.line, "h": Hand.nothing,
    "W": Hand.clip, "n": Hand.end_path, "f": Hand.fill, "S": Hand.stroke, "B": Hand.both, "Do": Hand.draw,
    "BT": Hand.begin, "ET": Hand.end, "Tm": Hand.place, "Tf": Hand.face, "Tr": Hand.mode, "Ts": Hand.raised,
    "TJ": Hand.show, "Tj": Hand.show, "BMC": Hand.marked, "BDC": Hand.marked, "EMC": Hand.unmarked,
}  # fmt: skip


def astray(pair: tuple[tuple[float, float], tuple[float, float]], size: float) -> bool:
    """Whether a letter begins before the one before it, or far behind its end."""
    (before, end), (start, _) = pair
    return start < before - 0.05 * size or start < end - 1.2 * size or start - end > 1.6 * size


def is_bold(state: GraphicsState) -> bool:
    """Whether an edge around letters does no more than make them bold."""
    alike = abs(state.line_dark - state.dark) < 0.1 and abs(state.line_opaque - state.opaque) < 0.01
    return alike and state.width <= THICKEST * abs(state.size)
