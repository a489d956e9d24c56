"""What is drawn in many places of a report, read once: texts under a mark of their own, surfaces, lines.

Each says what its instructions say one by one; what they do not say so is left to `pdf_drawing`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from selfeval.audit.pdf_instructions import AT_ORIGIN, LINE, PLACED, SENTENCE
from selfeval.audit.pdf_shapes import UNMARKED, Drawn, shared, together
from selfeval.audit.pdf_state import Drawing, GraphicsState, Look

if TYPE_CHECKING:
    from selfeval.audit.pdf_drawing import Hand


MOST_LINES = 50_000
"""So many are kept."""


def is_plain(hand: Hand) -> bool:
    """Whether no more is under way than one mark."""
    return hand.text is None and not hand.state.turned and len(hand.marks) == 1 and hand.marks[0][1] is None


def quickly(hand: Hand, content: bytes, at: int) -> int:
    """Goes on from one mark to the next while what is in them was drawn elsewhere, or is a line; where that ends.

    Most of a page is read here, so all of it is in one place.
    """
    state, drawn, clip = hand.state, hand.drawn, hand.state.clip
    a, b, c, d, e, f = state.matrix
    while True:
        if placed := PLACED.match(content, at):
            mark, before, x, y, what = placed.groups()
            key = a, b, c, d, before, what
            look, known = state.look.drawn.get(key) or at_origin(hand, key)
            if look is None or (known.shapes and clip):
                return at
            across, up, number, order = float(x), float(y), int(mark or UNMARKED), drawn.order
            right, high = a * across + c * up + e, b * across + d * up + f
            state.look, hand.marks[0] = look, (number, None, len(drawn.texts))
            if mark:
                drawn.marks.append(number)
            for text in known.texts:
                drawn.texts.append(text.placed(right, high, order, clip, number))
            for shape in known.shapes:
                drawn.shapes.append(shape.placed(right, high, order))
            drawn.order += known.order
            at = placed.end()
        elif line := LINE.match(content, at):
            hand.marks[0] = (UNMARKED, None, len(drawn.texts))
            while line:
                stroke_between(hand, line["look"], line["ends"])
                at = line.end()
                line = LINE.match(content, at)
        else:
            return at


def stroke_between(hand: Hand, look: bytes, ends: bytes) -> None:
    """A line, and all looks as before; those of tables come again at the same places of other pages."""
    if is_known(hand, look, ends):
        return
    begun = is_begun(hand)
    stroke_anew(hand, look, ends)
    if not begun:
        remember(hand, look, ends)


def ground(hand: Hand, written: bytes) -> None:
    """The ground of a cell, which comes again as lines do."""
    if is_known(hand, written, b""):
        return
    drawn, begun, at = hand.drawn, is_begun(hand), 0
    before = len(drawn.shapes), len(drawn.problems), drawn.order
    while at < len(written):
        at = hand.step(written, at)
    if not begun and (len(drawn.shapes) - 1, len(drawn.problems), drawn.order - 1) == before:
        remember(hand, written, b"")


def is_begun(hand: Hand) -> bool:
    """Whether a path is under way."""
    return bool(hand.path) or hand.clipping


def is_known(hand: Hand, look: bytes, ends: bytes) -> bool:
    """Whether one shape was drawn so before, under the same matrix and inside the same edge; it is drawn then."""
    state, drawn = hand.state, hand.drawn
    known = None if is_begun(hand) else state.look.lines.get((state.matrix, state.clip, look, ends))
    if known:
        hand.first, hand.last, shape = known
        drawn.order += 1
        drawn.shapes.append(shape.again(drawn.order))
    return known is not None


def remember(hand: Hand, look: bytes, ends: bytes) -> None:
    """Keeps the shape that was drawn last."""
    state, known = hand.state, hand.state.look.lines
    if len(known) < MOST_LINES:
        known[state.matrix, state.clip, look, ends] = hand.first, hand.last, hand.drawn.shapes[-1]


def stroke_anew(hand: Hand, look: bytes, ends: bytes) -> None:
    """The same, for the first time."""
    state, before = hand.state, hand.state.look
    hand.looking(look)
    left, top, _, right, bottom, _ = ends.split()
    if hand.path or hand.clipping:
        hand.begin_line([float(left), float(top)])
        hand.line([float(right), float(bottom)])
        hand.paint("line")
    else:
        a, b, c, d, e, f = state.matrix
        x, y, z, w = float(left), float(top), float(right), float(bottom)
        begin = x, y = a * x + c * y + e, b * x + d * y + f
        end = z, w = a * z + c * w + e, b * z + d * w + f
        hand.first, hand.last = begin, hand.straight_to(begin, end)
        box = min(x, z), min(y, w), max(x, z), max(y, w)
        hand.shape("line", shared(box, state.clip) if state.clip else box)
    state.look = before


def at_origin(hand: Hand, key: Drawing) -> tuple[Look | None, Drawn]:
    """The look that one sentence leaves, and what it draws where all begins; None where it does more than draw."""
    a, b, c, d, before, what = key
    outer, turn = (hand.drawn, hand.state, hand.kept, hand.marks), (a, b, c, d, 0, 0)
    hand.drawn, hand.state, hand.kept, hand.marks = Drawn(), GraphicsState(turn, look=hand.state.look), [], []
    found = SENTENCE.fullmatch(before + AT_ORIGIN + what)
    whole = found is not None and found["kept"].count(b"q") == found["back"].count(b"Q")
    if found and whole:
        hand.sentence(found)
    state, drawn, settled = hand.state, hand.drawn, whole and hand.state.matrix == turn
    hand.drawn, hand.state, hand.kept, hand.marks = outer
    plain = settled and not drawn.problems and all(text.upright for text in drawn.texts)
    drawn.texts = together(drawn.texts)
    done = hand.state.look.drawn[key] = (state.look if plain else None), drawn
    return done
