"""How much room a text takes in a printed cell, told from its characters: no font is opened here.

Lines are filled as the renderer fills them: Chinese breaks anywhere but before a closing mark, a Latin word goes to
the next line as a whole unless it is longer than one. Widths are those of Times New Roman beside a Chinese face.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from math import ceil


def half_widths(text: str) -> int:
    """How wide a text is, in half characters: a Chinese character counts two."""
    return sum(1 if char <= "\u024f" else 2 for char in text)


def column_lines(text: str, characters: int) -> int:
    """About how many lines a text fills in a column of that many Chinese characters."""
    return sum(max(1, -(-half_widths(part) // (2 * characters))) for part in text.split("\n"))


HALF_A_PAGE = 24
"""Lines of a list behind a form."""


def half_a_page(*cells: tuple[str, int]) -> bool:
    """Whether a row of such a list takes half a page or more: its texts, with the characters of a line of each."""
    return any(column_lines(text, characters) > HALF_A_PAGE for text, characters in cells)


def display_width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


MM = 72 / 25.4
"""Points in a millimetre."""

_NARROW, _DIGITS, _WIDE = "ijlt.,:;'|!()[] -/frIJ", "0123456789", "mwABCDEFGHKLNOPQRSTUVXYZ&—"
_CLOSING = "，。、；：？！）》”’」』】〕％%…)]}!?,.;:"
_TOKENS = re.compile(r"[!-~]+|[ \t]+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Type:
    """A size of type with its line, in pt, and the class that print.css gives it ("" = the usual one)."""

    name: str
    size: float
    line: float


USUAL, SMALL, TINY = Type("", 10.5, 14), Type("small", 9, 12), Type("tiny", 8, 10.7)
TYPES: dict[str, tuple[Type, ...]] = {
    "10.5": (USUAL, SMALL, TINY),
    "9": (Type("", 9, 12), Type("small", 8, 10.7)),
    "8": (Type("", 8, 10.7),),
}
"""The types of a form by its size: the usual one, then those for longer texts; none is below 8 pt."""
PADDING = 5.8
"""What the padding and the rule of a cell add to its height, in pt."""


def width(text: str) -> float:
    """The width of a text in its own type size (1 = one Chinese character), a little on the wide side."""
    return sum(map(_width, text))


def shortened(text: str, most: int) -> str:
    """A text of at most so many Chinese characters; … stands for what is left out of it."""
    reached = [*accumulate(map(_width, text))]
    return text if width(text) <= most else text[: bisect(reached, most - 1)] + "…"


@lru_cache(maxsize=8_192)
def _width(char: str) -> float:
    """One character; at most 1."""
    if char > "\u024f":
        return 1
    if char in _NARROW:
        return 0.36
    if char in _DIGITS:
        return 0.5
    if char in "MW%@":
        return 0.95
    return 0.78 if char in _WIDE else 0.52


@lru_cache(maxsize=4_096)
def lines(text: str, room: float, size: float) -> int:
    """How many lines a text fills in `room` pt; a form asks the same of the same texts on every paper it tries."""
    return sum(_lines_of(part, room / size) for part in text.split("\n"))


def _lines_of(text: str, room: float) -> int:
    """The lines of one paragraph; `room` in characters."""
    if len(text) <= room:
        return 1
    count, used, last = 1, 0.0, 0.0
    for piece, wide in _pieces(text, room):
        if used + wide > room and used:
            count += 1
            used = last if piece in _CLOSING and last else 0.0  # the mark takes the character before it along
        used += wide
        last = wide
    return count


def _pieces(text: str, room: float) -> Iterator[tuple[str, float]]:
    """What is not parted at the end of a line, with its width; words longer than a line are cut."""
    for token in _TOKENS.findall(text):
        wide = width(token)
        if wide <= room:
            yield token, wide
        else:
            yield from ((char, _width(char)) for char in token)


def broken(text: str, room: float, size: float) -> tuple[str, ...]:
    """A text cut into lines of at most `room` pt, for places where nothing breaks lines by itself."""
    lines: list[list[str]] = [[]]
    used = 0.0
    for piece, wide in _pieces(" ".join(text.split()), room / size):
        if used + wide > room / size and lines[-1]:
            lines.append(_taken_along(lines[-1], piece))
            used = sum(map(width, lines[-1]))
        lines[-1].append(piece)
        used += wide
    return tuple("".join(line).strip() for line in lines)


def _taken_along(line: list[str], piece: str) -> list[str]:
    """What goes from the end of a line to the next one before a piece: no closing mark begins a line."""
    taken: list[str] = []
    while piece in _CLOSING and len(line) > 1:
        piece = line.pop()
        taken.insert(0, piece)
    return taken


def title_lines(text: str, characters: int) -> tuple[str, ...]:
    """A title in lines of about the same length, parted after a mark or bracket where one is near."""
    lines = []
    count = int(-(-width(text) // characters))
    for rest in range(count, 1, -1):
        at = _parting(text, len(text) / rest)
        lines.append(text[:at])
        text = text[at:]
    return (*lines, text)


def _parting(text: str, ideal: float) -> int:
    """Where a line of a title ends: near the ideal place, better still behind a mark."""
    places = range(1, max(2, min(len(text), ceil(2 * ideal))))
    return min(places, key=lambda place: abs(place - ideal) - (ideal / 2 if _parts_well(text, place) else 0))


def _parts_well(text: str, place: int) -> bool:
    """Whether a line of a title may well end before this place."""
    return text[place - 1] in "、，；：）)》”】 及和与" or text[place] in "（(《“【"


@dataclass(frozen=True, slots=True)
class PrintedColumn:
    """A column of a printed table: its inner width in mm, its types, how many lines it bears of each but the last."""

    mm: float
    types: tuple[Type, ...]
    bears: tuple[int, ...]

    def type_of(self, text: str) -> Type:
        """The type a text is set in."""
        fitting = (face for face, most in zip(self.types, self.bears, strict=False) if self.lines(text, face) <= most)
        return next(fitting, self.types[-1])

    def lines(self, text: str, face: Type) -> int:
        """How many lines a text takes in a type."""
        return lines(text, self.mm * MM, face.size)

    def height(self, text: str) -> float:
        """What a text takes, in pt, without the padding."""
        face = self.type_of(text)
        return face.line * self.lines(text, face)
