"""The instructions of a PDF page carried out on paper: which letters come to stand where, and what lies around them.

Only the instructions that our engines write are known; any other is told. Nothing is drawn: texts and shapes are
kept in the order of drawing, with their place on the page (in pt, from its lower left corner), colour and cover.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from selfeval.audit.pdf_again import ground, is_plain, quickly
from selfeval.audit.pdf_fonts import Font
from selfeval.audit.pdf_instructions import (
    GROUND,
    SENTENCE,
    instructions,
    items_in,
    one_by_one,
    path_of,
    shown_in,
    six_of,
)
from selfeval.audit.pdf_paths import Pencil
from selfeval.audit.pdf_resources import Resources
from selfeval.audit.pdf_shapes import (
    UNIT,
    UNMARKED,
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
from selfeval.audit.pdf_state import GraphicsState, Mark, is_as_it_is, is_bold, mark_of
from selfeval.audit.time_limit import go_on
from selfeval.audit.whole_text import squeezed
from selfeval.base.phrases import phrase

PIECE = 1000
ANY, UNWRITTEN = -1, 10**9
"""In place of how many operands an instruction has: any number, and none that can be."""

HATCHED = 0.5
"""How dark a hatch is taken to be."""

HATCH = 0.5
"""The lines of a hatch are darker."""

DEEPEST = 8
"""Drawings inside drawings."""


# ── Carrying out ──


class Hand(Pencil):
    """Goes through the instructions of a page. Mutable: the state changes with each of them."""

    def __init__(self, drawn: Drawn, resources_of: Callable[[Any], Resources]) -> None:
        """`resources_of` gives the resources of a dictionary."""
        super().__init__(drawn)
        self.resources_of = resources_of
        self.kept: list[GraphicsState] = []
        self.text: Matrix | None = None
        self.resources = resources_of({})
        self.depth = 0
        self.marks: list[tuple[int, str | None, int]] = []
        """The marks under way, each inside the one before: number, words to be copied, the texts before it."""

    def carry_out(self, content: bytes, resources: Any) -> None:  # noqa: ANN401
        """All instructions of a stream; the state is afterwards what it was."""
        outer, standing = self.resources, len(self.kept)
        self.resources = self.resources_of(resources)
        self.state.look = self.resources.look_from(self.state.look)
        at, count = 0, 0
        while at < len(content):
            count += 1
            if not count % PIECE:
                go_on(self.drawn.order)
            if content.startswith(b"EMC", at) and is_plain(self) and (end := quickly(self, content, at)) > at:
                at = end
                continue
            if content.startswith(b"q", at) and self.text is None and (again := GROUND.match(content, at)):
                ground(self, again[0])
                at = again.end()
                continue
            at = self.step(content, at)
        if len(self.kept) != standing or self.text is not None:
            raise ValueError(phrase("页面的指令没有配对"))
        self.resources = outer

    def step(self, content: bytes, at: int) -> int:
        """What draws one thing, or one instruction; where that ends."""
        found = SENTENCE.match(content, at)
        end = self.sentence(found) if found else at
        if end == at:
            end, word, operands = one_by_one(content, at)
            self.do(word, operands)
        return end

    def do(self, word: str, operands: list[Any]) -> None:
        """One instruction; none at the end of a stream."""
        action, due = ACTIONS.get(word, UNKNOWN)
        if len(operands) != due and due >= 0:
            raise ValueError(phrase("页面里有本程序不写的指令 {word}", word=word))
        action(self, operands)

    def sentence(self, found: re.Match[bytes]) -> int:
        """The instructions that draw one thing, one after the other; where they end."""
        ended, mark, kept, turn, look, path, shown, back = found.groups()
        for _ in range(ended.count(b"E")):
            self.unmarked([])
        if mark:
            self.mark(known_mark(mark))
        for _ in range(kept.count(b"q")):
            self.keep([])
        if turn:
            self.turn(six_of(turn))
        self.looking(look)
        for word, operands in path_of(path) if path else ():
            self.do(word, operands)
        if shown:
            self.text_in(shown)
        for _ in range(back.count(b"Q")):
            self.back([])
        return found.end()

    def text_in(self, shown: bytes) -> None:
        """A text from BT to ET."""
        self.begin([])
        for before, place, look, text in shown_in(shown):
            self.looking(before)
            if place:
                self.place(six_of(place))
            self.looking(look)
            self.show_written(text)
        self.end([])

    def looking(self, written: bytes | None) -> None:
        """Instructions that change no more than how things look: from one look they lead to one other."""
        if written:
            before = self.state.look
            if written not in before.after:
                for word, operands in instructions(written):
                    self.do(word, operands)
                before.after[written] = self.resources.look_from(self.state.look)
            self.state.look = before.after[written]

    def look(self, **changed: Any) -> None:  # noqa: ANN401
        """Things look otherwise from now on."""
        self.state.look = replace(self.state.look, **changed)

    # ── State ──

    def keep(self, _operands: list[Any]) -> None:
        """q."""
        self.kept.append(self.state.copied())

    def back(self, _operands: list[Any]) -> None:
        """Q."""
        if not self.kept:
            raise ValueError(phrase("页面的指令没有配对"))
        self.state = self.kept.pop()

    def turn(self, operands: Sequence[Any]) -> None:
        """cm."""
        a, b, c, d, e, f = operands
        self.state.matrix = times((a, b, c, d, e, f), self.state.matrix)

    def thick(self, operands: list[Any]) -> None:
        """w."""
        self.look(width=operands[0])

    def dashes(self, operands: list[Any]) -> None:
        """d."""
        self.look(dashed=bool(operands[0]))

    def see_through(self, operands: list[Any]) -> None:
        """gs."""
        state = self.resources.of("/ExtGState", operands[0])
        opaque, line_opaque = state.get("/ca", self.state.look.opaque), state.get("/CA", self.state.look.line_opaque)
        self.look(opaque=float(opaque), line_opaque=float(line_opaque))

    def colour(self, operands: list[Any]) -> None:
        """rg, g."""
        self.look(dark=darkness(operands), hatched=False)

    def line_colour(self, operands: list[Any]) -> None:
        """RG, G."""
        self.look(line_dark=darkness(operands))

    def space(self, operands: list[Any]) -> None:
        """cs: patterns, or one of the kinds of colour whose profiles `pdf_objects` has looked at."""
        self.look(numbers=self.numbers_of(operands))

    def line_space(self, operands: list[Any]) -> None:
        """CS: the same of lines."""
        self.look(line_numbers=self.numbers_of(operands))

    def numbers_of(self, operands: list[Any]) -> int:
        """How many numbers a colour of a kind has; 0 of patterns."""
        (name,) = operands
        return 0 if name == "/Pattern" else int(self.resources.of("/ColorSpace", name))

    def by_space(self, operands: list[Any]) -> None:
        """scn: a colour of the kind told before, or a hatch."""
        if self.state.look.numbers:
            self.look(dark=tone(operands, self.state.look.numbers), hatched=False)
        else:
            self.pattern(operands)

    def line_by_space(self, operands: list[Any]) -> None:
        """SCN: the same of lines, which have no hatch."""
        self.look(line_dark=tone(operands, self.state.look.line_numbers))

    def pattern(self, operands: list[Any]) -> None:
        """A hatch. What it is made of may not say anything."""
        (name,) = operands
        found = self.resources.of("/Pattern", name)
        hatch = Hand(Drawn(), self.resources_of)
        hatch.depth, hatch.straight = self.deeper(), False
        hatch.carry_out(bytes(found.get_data()), found["/Resources"].get_object())
        if hatch.drawn.texts:
            raise ValueError(phrase("花纹里有文字"))
        if not any(shape.dark > HATCH for shape in hatch.drawn.shapes):
            raise ValueError(phrase("花纹里没有线条"))
        self.look(dark=HATCHED, hatched=True)

    def nothing(self, _operands: list[Any]) -> None:
        """What does not change what is seen."""

    def deeper(self) -> int:
        """One more drawing inside another."""
        if self.depth >= DEEPEST:
            raise ValueError(phrase("图形套得太深"))
        return self.depth + 1

    # ── Drawings inside ──

    def draw(self, operands: list[Any]) -> None:
        """Do: a drawing, or a picture."""
        found = self.resources.of("/XObject", operands[0])
        if found.get("/Subtype") == "/Image":
            corners = [moved(self.state.matrix, x, y) for x in (0, 1) for y in (0, 1)]
            self.drawn.order += 1
            if not is_as_it_is(found, self.state):
                self.drawn.problems.append(phrase("图片没有照原样印出"))
            self.drawn.shapes.append(Shape(around(corners), self.drawn.order, 1.0, self.state.look.opaque, "picture"))
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

    def place(self, operands: Sequence[Any]) -> None:
        """Tm."""
        a, b, c, d, e, f = operands
        self.text = a, b, c, d, e, f

    def face(self, operands: list[Any]) -> None:
        """Tf."""
        font, size = operands
        self.look(font=font, size=size)

    def mode(self, operands: list[Any]) -> None:
        """Tr: filled, or filled with an edge (bold where the font has none); never unseen."""
        if operands[0] not in (0, 2):
            raise ValueError(phrase("页面里有看不见的文字（Tr）"))
        self.look(mode=int(operands[0]))

    def raised(self, operands: list[Any]) -> None:
        """Ts: a mark above or below its letter."""
        if abs(operands[0]) > abs(self.state.look.size) / 3:
            raise ValueError(phrase("页面里有离开原行的文字（Ts）"))
        self.look(rise=operands[0])

    def show(self, operands: list[Any]) -> None:
        """TJ, Tj."""
        (listed,) = operands
        font: Font = self.resources.of("/Font", self.state.look.font)
        self.written(font.said(listed if isinstance(listed, list) else [listed]))

    def show_written(self, shown: bytes) -> None:
        """The same as it is written, which may be read once only."""
        font: Font = self.resources.of("/Font", self.state.look.font)
        if (run := font.shown.get(shown)) is None:
            run = font.shown[shown] = font.said(items_in(shown))
        self.written(run)

    def written(self, run: Run) -> None:
        """Letters come to stand on the page."""
        if self.text is None:
            raise ValueError(phrase("页面的指令没有配对"))
        state, look, size = self.state, self.state.look, self.state.look.size
        scale = size / 1000
        whole = times(self.text, state.matrix)
        a, b, c, d, e, f = self.text
        self.text = a, b, c, d, e + a * run.width * scale, f + b * run.width * scale
        if not run.words:
            return
        a, b, c, d, e, f = whole
        upright = abs(b) < 1e-6 and abs(c) < 1e-6 and a > 0 and d > 0 and 0.9 < a / d < 1.12
        aside = abs(a) < 1e-6 and abs(d) < 1e-6 and b < 0 < c and 0.9 < -b / c < 1.12
        if aside:
            a, b, c, d, e, f = -b, a, -d, c, -f, e
        if state.turned and upright:
            raise ValueError(phrase("页面里有转了方向又转回来的文字"))
        if look.hatched:
            raise ValueError(phrase("页面里有用花纹写的文字"))
        if look.mode and not is_bold(look):
            raise ValueError(phrase("页面里有被自己的边盖住的文字（Tr）"))
        if run.torn or size < 0:
            self.drawn.problems.append(phrase("“{letters}”的字没有按次序排列", letters=run.words[:20]))
        begins = e + c * look.rise
        self.drawn.order += 1
        self.drawn.texts.append(
            Text(
                run.words,
                (begins + a * run.sides[0] * scale, begins + a * run.sides[1] * scale),
                b * run.start * scale + d * look.rise + f,
                size * (a * a + b * b) ** 0.5,
                self.drawn.order,
                look.dark,
                look.opaque,
                upright,
                state.clip,
                self.marks[-1][0] if self.marks else UNMARKED,
                aside,
            )
        )

    def marked(self, operands: list[Any]) -> None:
        """BMC, BDC."""
        self.mark(mark_of(operands))

    def mark(self, mark: Mark) -> None:
        """A mark begins; what bears no number of its own belongs to the one around it."""
        number = mark.number
        if mark.described is not None:
            self.drawn.described.append(mark.described)
        if number >= 0:
            self.drawn.marks.append(number)
        elif number == UNMARKED and self.marks:
            number = self.marks[-1][0]
        self.marks.append((number, mark.copied, len(self.drawn.texts)))

    def unmarked(self, _operands: list[Any]) -> None:
        """EMC."""
        if not self.marks:
            raise ValueError(phrase("页面的指令没有配对"))
        _, copied, start = self.marks.pop()
        if copied is not None:
            drawn = "".join(text.words for text in self.drawn.texts[start:])
            if squeezed(copied) != squeezed(drawn):
                self.drawn.problems.append(phrase("“{drawn}”复制出来是别的文字", drawn=drawn[:20]))


@lru_cache(maxsize=20_000)
def known_mark(written: bytes) -> Mark:
    """A mark as it is written."""
    _, _, operands = one_by_one(written, 0)
    return mark_of(operands)


def unknown(_hand: Hand, _operands: list[Any]) -> None:
    """What our engines do not write."""
    raise ValueError


UNKNOWN = (unknown, UNWRITTEN)
ACTIONS: Mapping[str, tuple[Callable[[Hand, list[Any]], None], int]] = {
    "": (Hand.nothing, ANY),
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
