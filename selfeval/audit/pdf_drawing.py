"""The instructions of a PDF page carried out on paper: which letters come to stand where, and what lies around them.

Only the instructions that our engines write are known; any other is told. Nothing is drawn: texts and shapes are
kept in the order of drawing, with their place on the page (in pt, from its lower left corner), colour and cover.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from selfeval.audit.pdf_fonts import Font
from selfeval.audit.pdf_instructions import instructions
from selfeval.audit.pdf_shapes import (
    UNIT,
    UNMARKED,
    Box,
    Drawn,
    Matrix,
    Run,
    Shape,
    Text,
    around,
    darkness,
    moved,
    shared,
    times,
    tone,
)
from selfeval.audit.pdf_state import LANGUAGE, MARKS, GraphicsState, is_as_it_is, is_bold, mark_in, said_in, torn
from selfeval.audit.time_limit import go_on
from selfeval.audit.whole_text import squeezed
from selfeval.base.phrases import phrase

PIECE = 1000
ANY, UNWRITTEN = -1, 10**9
"""In place of how many operands an instruction has: any number, and none that can be."""

HATCHED = 0.5
"""How dark a hatch is taken to be."""

STRAIGHT = 0.01
"""How far, in pt, a line along the page may go down it."""

HATCH = 0.5
"""The lines of a hatch are darker."""

DEEPEST = 8
"""Drawings inside drawings."""


# ── Carrying out ──


class Hand:
    """Goes through the instructions of a page. Mutable: the state changes with each of them."""

    def __init__(self, drawn: Drawn, fonts: Callable[[Any], Font]) -> None:
        """`fonts` gives the font of a dictionary."""
        self.drawn, self.fonts = drawn, fonts
        self.state = GraphicsState()
        self.kept: list[GraphicsState] = []
        self.path: list[tuple[float, float]] = []
        self.first = self.last = (0.0, 0.0)
        self.pieces: list[tuple[str, int]] = []
        self.clipping = False
        self.straight = True
        """Whether lines go along the page or down it: everywhere but in a hatch."""
        self.text: Matrix | None = None
        self.resources: Any = {}
        self.looked_up: dict[tuple[str, str], Any] = {}
        self.depth = 0
        self.marks: list[tuple[int, str | None, int]] = []
        """The marks under way, each inside the one before: number, words to be copied, the texts before it."""

    def carry_out(self, content: bytes, resources: Any) -> None:  # noqa: ANN401
        """All instructions of a stream; the state is afterwards what it was."""
        outer, standing = (self.resources, self.looked_up), len(self.kept)
        self.resources, self.looked_up = resources, {}
        for count, (word, operands) in enumerate(instructions(content)):
            if not count % PIECE:
                go_on(self.drawn.order)
            action, due = ACTIONS.get(word, UNKNOWN)
            if len(operands) != due and due >= 0:
                raise ValueError(phrase("页面里有本程序不写的指令 {word}", word=word))
            action(self, operands)
        if len(self.kept) != standing or self.text is not None:
            raise ValueError(phrase("页面的指令没有配对"))
        self.resources, self.looked_up = outer

    def of(self, kind: str, name: str) -> Any:  # noqa: ANN401
        """A resource by its name."""
        if (kind, name) not in self.looked_up:
            self.looked_up[kind, name] = self.look_up(kind, name)
        return self.looked_up[kind, name]

    def look_up(self, kind: str, name: str) -> Any:  # noqa: ANN401
        """The same, for the first time: a font, how many numbers a colour has, or what pypdf gives."""
        listed = self.resources.get(kind)
        found = listed.get_object().get(name) if listed is not None else None
        if found is None:
            raise ValueError(phrase("页面用到没有的 {kind} {name}", kind=kind[1:], name=name))
        if kind == "/ColorSpace":
            return int(found.get_object()[1].get_object()["/N"])
        return self.fonts(found.get_object()) if kind == "/Font" else found.get_object()

    # ── State ──

    def keep(self, _operands: list[Any]) -> None:
        """q."""
        self.kept.append(self.state.copied())

    def back(self, _operands: list[Any]) -> None:
        """Q."""
        if not self.kept:
            raise ValueError(phrase("页面的指令没有配对"))
        self.state = self.kept.pop()

    def turn(self, operands: list[Any]) -> None:
        """cm."""
        a, b, c, d, e, f = operands
        self.state.matrix = times((a, b, c, d, e, f), self.state.matrix)

    def thick(self, operands: list[Any]) -> None:
        """w."""
        self.state.width = operands[0]

    def dashes(self, operands: list[Any]) -> None:
        """d."""
        self.state.dashed = bool(operands[0])

    def see_through(self, operands: list[Any]) -> None:
        """gs."""
        state = self.of("/ExtGState", operands[0])
        opaque = float(state.get("/ca", self.state.opaque))
        self.state.opaque = opaque
        self.state.line_opaque = float(state.get("/CA", self.state.line_opaque))

    def colour(self, operands: list[Any]) -> None:
        """rg, g."""
        self.state.dark, self.state.hatched = darkness(operands), False

    def line_colour(self, operands: list[Any]) -> None:
        """RG, G."""
        self.state.line_dark = darkness(operands)

    def space(self, operands: list[Any]) -> None:
        """cs: patterns, or one of the kinds of colour whose profiles `pdf_objects` has looked at."""
        self.state.numbers = self.numbers_of(operands)

    def line_space(self, operands: list[Any]) -> None:
        """CS: the same of lines."""
        self.state.line_numbers = self.numbers_of(operands)

    def numbers_of(self, operands: list[Any]) -> int:
        """How many numbers a colour of a kind has; 0 of patterns."""
        (name,) = operands
        return 0 if name == "/Pattern" else int(self.of("/ColorSpace", name))

    def by_space(self, operands: list[Any]) -> None:
        """scn: a colour of the kind told before, or a hatch."""
        if self.state.numbers:
            self.state.dark, self.state.hatched = tone(operands, self.state.numbers), False
        else:
            self.pattern(operands)

    def line_by_space(self, operands: list[Any]) -> None:
        """SCN: the same of lines, which have no hatch."""
        self.state.line_dark = tone(operands, self.state.line_numbers)

    def pattern(self, operands: list[Any]) -> None:
        """A hatch. What it is made of may not say anything."""
        (name,) = operands
        found = self.of("/Pattern", name)
        hatch = Hand(Drawn(), self.fonts)
        hatch.depth, hatch.straight = self.deeper(), False
        hatch.carry_out(bytes(found.get_data()), found["/Resources"].get_object())
        if hatch.drawn.texts:
            raise ValueError(phrase("花纹里有文字"))
        if not any(shape.dark > HATCH for shape in hatch.drawn.shapes):
            raise ValueError(phrase("花纹里没有线条"))
        self.state.dark, self.state.hatched = HATCHED, True

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
        self.last = self.first = moved(self.state.matrix, *operands)

    def line(self, operands: list[Any]) -> None:
        """l: along the page or down it, so that no two lines of a path meet in a point or make a letter."""
        point = moved(self.state.matrix, *operands)
        if self.straight and min(abs(point[0] - self.last[0]), abs(point[1] - self.last[1])) > STRAIGHT:
            raise ValueError(phrase("页面里有本程序不画的斜线"))
        self.path += [self.last, point]
        self.last = point
        self.pieces.append(("line", 1))

    def close(self, _operands: list[Any]) -> None:
        """h."""
        if self.straight and min(abs(self.first[0] - self.last[0]), abs(self.first[1] - self.last[1])) > STRAIGHT:
            raise ValueError(phrase("页面里有本程序不画的斜线"))
        self.last = self.first

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
        self.drawn.shapes.append(Shape(box, self.drawn.order, dark, opaque, kind, state.dashed))

    def narrow(self) -> None:
        """Only what lies in the rectangle of the path is seen from now on."""
        if self.pieces != [("re", 4)] or any(abs(n) > 1e-6 for n in self.state.matrix[1:3]):
            raise ValueError(phrase("页面按本程序不用的形状裁切"))
        self.state.clip = shared(around(self.path), self.state.clip)

    def draw(self, operands: list[Any]) -> None:
        """Do: a drawing, or a picture."""
        found = self.of("/XObject", operands[0])
        if found.get("/Subtype") == "/Image":
            corners = [moved(self.state.matrix, x, y) for x in (0, 1) for y in (0, 1)]
            self.drawn.order += 1
            if not is_as_it_is(found, self.state):
                self.drawn.problems.append(phrase("图片没有照原样印出"))
            self.drawn.shapes.append(Shape(around(corners), self.drawn.order, 1.0, self.state.opaque, "picture"))
            self.drawn.pictures.append((found, self.state.matrix))
            return
        outer, kept, depth, text = self.state.copied(), self.kept, self.depth, self.text
        self.depth, self.kept, self.text = self.deeper(), [], None
        inner = [float(n) for n in found.get("/Matrix", UNIT)]
        self.turn(inner)
        left, bottom, right, top = (float(n) for n in found["/BBox"])
        corners = [moved(self.state.matrix, x, y) for x in (left, right) for y in (bottom, top)]
        if any(abs(n) > 1e-6 for n in self.state.matrix[1:3]):
            self.state.turned = True
        else:
            self.state.clip = shared(around(corners), self.state.clip)
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
        self.state.font, self.state.size = operands

    def mode(self, operands: list[Any]) -> None:
        """Tr: filled, or filled with an edge (bold where the font has none); never unseen."""
        if operands[0] not in (0, 2):
            raise ValueError(phrase("页面里有看不见的文字（Tr）"))
        self.state.mode = int(operands[0])

    def raised(self, operands: list[Any]) -> None:
        """Ts: a mark above or below its letter."""
        if abs(operands[0]) > abs(self.state.size) / 3:
            raise ValueError(phrase("页面里有离开原行的文字（Ts）"))
        self.state.rise = operands[0]

    def show(self, operands: list[Any]) -> None:
        """TJ, Tj."""
        (listed,) = operands
        if self.text is None:
            raise ValueError(phrase("页面的指令没有配对"))
        font, size = self.of("/Font", self.state.font), self.state.size
        whole = times(self.text, self.state.matrix)
        runs: list[tuple[float, Run]] = []
        x = 0.0
        for item in listed if isinstance(listed, list) else [listed]:
            if isinstance(item, float):
                x -= item / 1000 * size
            elif item:
                run = font.spelt(item)
                runs.append((x, run))
                x += run.width / 1000 * size
        a, b, c, d, e, f = self.text
        self.text = a, b, c, d, e + a * x, f + b * x
        if runs:
            self.written(runs, whole, font)

    def written(self, runs: list[tuple[float, Run]], whole: Matrix, font: Font) -> None:
        """Letters come to stand on the page."""
        state = self.state
        a, b, c, d, e, f = whole
        upright = abs(b) < 1e-6 and abs(c) < 1e-6 and a > 0 and d > 0 and 0.9 < a / d < 1.12
        aside = abs(a) < 1e-6 and abs(d) < 1e-6 and b < 0 < c and 0.9 < -b / c < 1.12
        if aside:
            a, b, c, d, e, f = whole = -b, a, -d, c, -f, e
        if state.turned and upright:
            raise ValueError(phrase("页面里有转了方向又转回来的文字"))
        if state.hatched:
            raise ValueError(phrase("页面里有用花纹写的文字"))
        if state.mode and not is_bold(state):
            raise ValueError(phrase("页面里有被自己的边盖住的文字（Tr）"))
        words = "".join(run.words for _, run in runs)
        backward = state.size < 0 or any(run.backward for _, run in runs)
        if backward or any(torn(one, other, state.size) for one, other in pairwise(runs)):
            self.drawn.problems.append(phrase("“{letters}”的字没有按次序排列", letters=words[:20]))
        start, left = next((found for found in runs if not found[1].blank), runs[0])
        end, right = next((found for found in reversed(runs) if not found[1].blank), runs[0])
        begins, scale = e + c * state.rise, state.size / 1000
        self.drawn.order += 1
        self.drawn.texts.append(
            Text(
                words,
                (begins + a * (start + left.sides[0] * scale), begins + a * (end + right.sides[1] * scale)),
                moved(whole, runs[0][0], state.rise)[1],
                state.size * (a * a + b * b) ** 0.5,
                self.drawn.order,
                state.dark,
                state.opaque,
                upright,
                state.clip,
                font.name,
                next((mark for mark, _, _ in reversed(self.marks) if mark != UNMARKED), UNMARKED),
                aside,
            )
        )

    def marked(self, operands: list[Any]) -> None:
        """BMC, BDC: marks for those who listen; no words of their own, no layers."""
        if operands[0] == "/OC" or (len(operands) > 1 and isinstance(operands[1], str)):
            raise ValueError(phrase("页面里有图层"))
        keys = {item for item in operands[1] if isinstance(item, str)} if len(operands) > 1 else set()
        mark, copied = (mark_in(operands[1]), said_in(operands[1], "/ActualText")) if keys else (UNMARKED, None)
        if keys and (described := said_in(operands[1], "/Alt")) is not None:
            self.drawn.described.append(described)
        self.marks.append((mark, copied, len(self.drawn.texts)))
        self.drawn.marks += [mark] if mark >= 0 else []
        if keys and said_in(operands[1], "/Lang") not in (None, LANGUAGE):
            raise ValueError(phrase("页面的标记里有 {strange}", strange="/Lang"))
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


def unknown(_hand: Hand, _operands: list[Any]) -> None:
    """What our engines do not write."""
    raise ValueError


UNKNOWN = (unknown, UNWRITTEN)
ACTIONS: Mapping[str, tuple[Callable[[Hand, list[Any]], None], int]] = {
    "q": (Hand.keep, 0), "Q": (Hand.back, 0), "cm": (Hand.turn, 6), "w": (Hand.thick, 1), "gs": (Hand.see_through, 1),
    "rg": (Hand.colour, 3), "g": (Hand.colour, 1), "RG": (Hand.line_colour, 3), "G": (Hand.line_colour, 1),
    "cs": (Hand.space, 1), "scn": (Hand.by_space, ANY), "CS": (Hand.line_space, 1), "SCN": (Hand.line_by_space, ANY),
    "d": (Hand.dashes, 2), "J": (Hand.nothing, 1), "j": (Hand.nothing, 1), "M": (Hand.nothing, 1),
    "re": (Hand.rectangle, 4), "m": (Hand.begin_line, 2), "l": (Hand.line, 2),
    "h": (Hand.close, 0),
    "W": (Hand.clip, 0), "n": (Hand.end_path, 0), "f": (Hand.fill, 0), "S": (Hand.stroke, 0), "B": (Hand.both, 0),
    "Do": (Hand.draw, 1), "BT": (Hand.begin, 0), "ET": (Hand.end, 0), "Tm": (Hand.place, 6), "Tf": (Hand.face, 2),
    "Tr": (Hand.mode, 1), "Ts": (Hand.raised, 1), "TJ": (Hand.show, 1), "Tj": (Hand.show, 1),
    "BMC": (Hand.marked, 1), "BDC": (Hand.marked, 2), "EMC": (Hand.unmarked, 0),
}  # fmt: skip
"""What each does, and how many operands it has: of more, some programs take the first and others the last."""
