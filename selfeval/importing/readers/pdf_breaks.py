"""The cells of a PDF's tables page by page, and what the end of a page broke in two joined again.

A cell's text is broken where it is full, which is no line end of the writer; what a break swallowed (a blank between
`6` and `大`) is put back where the rest of the document writes it so.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, pairwise

from selfeval.base.phrases import Phrase, phrase
from selfeval.importing.grid import GridBuilder, Line, apart
from selfeval.importing.vocabulary import CONTINUED

SNAP = 2.5
"""Points within which two ruled edges are one."""
Words = list[list[str]]
"""The text of a cell: lines of the writer, each a list of the lines it was broken into."""


@dataclass(slots=True)
class RuledBox:
    """One cell of a ruled table. `open_top`, `open_bottom`: no line closes it there, since the page ends.

    Mutable: boxes grow together.
    """

    row: int
    column: int
    span: tuple[int, int]
    words: Words
    left: float = 0.0
    right: float = 0.0
    open_top: bool = False
    open_bottom: bool = False
    room: float = 0.0
    """Points left free behind its last line."""
    head: float = 0.0
    """The width of its first word."""

    def is_below(self, other: RuledBox) -> bool:
        """Whether it stands in the same columns as a cell of the page before."""
        return abs(self.left - other.left) < 2 * SNAP and abs(self.right - other.right) < 2 * SNAP


@dataclass(slots=True)
class PagePiece:
    """One table of a page, or a line of text above, between or below. Mutable: it grows."""

    page: int
    table: int = 0
    boxes: list[RuledBox] = field(default_factory=list)
    text: tuple[str, ...] = ()
    number: int = 0

    def lines(self, name: str, habits: Habits) -> list[Line]:
        """Neutral lines; the first of a page may go on with what the page before broke off."""
        if self.text:
            place = phrase("{name} 第 {page} 页第 {number} 行文字", name=name, page=self.page, number=self.number)
            made = apart(self.text, place)
            return [made] if made else []
        sheet = GridBuilder()
        ruled = phrase("第 {table} 张表", table=self.table)
        table = ruled if self.table else phrase("第 {number} 行文字起无框线的表", number=self.number)
        for box in self.boxes:
            text = "\n".join(rejoined(parts, habits) for parts in box.words)
            at = {"row": box.row + 1, "column": box.column + 1}
            where = phrase(
                "{name} 第 {page} 页{table}第 {row} 行第 {column} 列", name=name, page=self.page, table=table, **at
            )
            sheet.put(text, box.row, box.column, where, box.span)
            if self.table and not text.strip():
                sheet.put_blank(box.row, box.column)
            if not text.strip() and box.span[0] > 1:
                sheet.gaps[box.row].append((box.column, box.column + box.span[1] - 1))
        return sheet.lines(new_page=True)


# ── joining what the page broke ──


def join_pages(pieces: Sequence[PagePiece]) -> Iterator[Phrase]:
    """Cells that one page leaves open and the next goes on with become one again; says which rows."""
    tables = [p for p in pieces if p.table]
    pairs: list[tuple[RuledBox, RuledBox]] = []
    for before, after in pairwise(tables):
        opened = [*_still_open(before, pairs), *_open_cells(before)]
        pairs = _pairs(before, after, opened) if after.page == before.page + 1 else []
        if _join_tables(after, pairs):
            yield phrase("第 {page} 页末一行断到第 {next} 页，已接起来", page=before.page, next=after.page)


def _bottom(piece: PagePiece) -> int:
    """How many rows a page's part of a table has."""
    return max((b.row + b.span[0] for b in piece.boxes), default=0)


def _open_cells(piece: PagePiece) -> list[RuledBox]:
    """The cells that no line closes at the end of the page."""
    bottom = _bottom(piece)
    return [b for b in piece.boxes if b.open_bottom and b.row + b.span[0] == bottom]


def _still_open(piece: PagePiece, pairs: Sequence[tuple[RuledBox, RuledBox]]) -> list[RuledBox]:
    """Cells from pages before whose rest this page leaves open again."""
    bottom = _bottom(piece)
    return [a for a, b in pairs if b.open_bottom and b.span[0] == 1 and b.row + 1 >= bottom]


def _pairs(before: PagePiece, after: PagePiece, opened: Sequence[RuledBox]) -> list[tuple[RuledBox, RuledBox]]:
    """Open cells with what goes on with each at the head of the next page, below a heading printed again."""
    head = _repeated_heading(before, after)
    first = [b for b in after.boxes if b.row == head and (head or b.open_top)]
    found = [(next((a for a in opened if b.is_below(a)), None), b) for b in first]
    pairs = [(a, b) for a, b in found if a is not None and (not b.words or _text(a) != _text(b))]
    return pairs if not head or _goes_on(pairs) else []


def _join_tables(after: PagePiece, pairs: Sequence[tuple[RuledBox, RuledBox]]) -> bool:
    """Joins cells of two pages; whether a row was broken and not only a label beside several."""
    broken = any(lower.span[0] == 1 for _, lower in pairs)
    for upper, lower in pairs:
        upper.words, upper.room = _run_on(upper, lower), lower.room
        lower.words = [] if lower.span[0] == 1 else upper.words
    if broken:
        head = pairs[0][1].row
        after.boxes = [_lowered(b, head) for b in after.boxes if b.row != head or b.span[0] > 1 or b.words]
    return broken


def _text(box: RuledBox) -> str:
    """A cell's text as compared: without line ends and the mark of a label printed again."""
    return CONTINUED.sub("", "".join(part for parts in box.words for part in parts).replace(" ", ""))


def _repeated_heading(before: PagePiece, after: PagePiece) -> int:
    """How many rows at the head of a page say again what a row of the page before says."""
    rows, said = _row_texts(after), set(_row_texts(before).values())
    return next(row for row in count() if len(rows.get(row, ())) < 3 or rows[row] not in said)


def _row_texts(piece: PagePiece) -> dict[int, tuple[str, ...]]:
    """What the cells of each row say that are no taller than it."""
    texts: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for box in piece.boxes:
        if box.span[0] == 1 and box.words:
            texts[box.row] += (_text(box),)
    return texts


def _goes_on(pairs: Sequence[tuple[RuledBox, RuledBox]]) -> bool:
    """Whether a row below a heading is the rest of one: most of its cells say nothing more."""
    return 0 < 2 * sum(bool(lower.words) for _, lower in pairs) < sum(bool(upper.words) for upper, _ in pairs)


def _lowered(box: RuledBox, head: int) -> RuledBox:
    """A tall cell begins a row further down where its first row was joined to the page before."""
    if box.row != head or box.span[0] == 1:
        return box
    return replace(box, row=head + 1, span=(box.span[0] - 1, box.span[1]))


def _run_on(upper: RuledBox, lower: RuledBox) -> Words:
    """Two texts as one: the break between them is the page's, unless the line before it had room for more."""
    first, second = upper.words, lower.words
    if not first or not second or lower.head < upper.room:
        return [*first, *second]
    return [*first[:-1], [*first[-1], *second[0]], *second[1:]]


def _sort(char: str) -> str:
    """What sort of character it is, for telling where this document writes blanks."""
    if char.isdigit():
        return "0"
    if char.isascii() and char.isalpha():
        return "a"
    if unicodedata.category(char) == "Lo":
        return "中"
    return char


Habits = Counter[tuple[str, str, bool]]
"""How often two sorts of character stand with and without a blank between them, inside unbroken lines."""


def habits_of(pieces: Iterable[PagePiece]) -> Habits:
    """Where the document writes blanks."""
    return _blanks(part for piece in pieces for box in piece.boxes for parts in box.words for part in parts)


def _blanks(texts: Iterable[str]) -> Habits:
    seen: Habits = Counter()
    for text in texts:
        for at in range(len(text) - 1):
            if text[at + 1] == " " and at + 2 < len(text):
                seen[_sort(text[at]), _sort(text[at + 2]), True] += 1
            elif text[at] != " " and text[at + 1] != " ":
                seen[_sort(text[at]), _sort(text[at + 1]), False] += 1
    return seen


def rejoined(parts: Sequence[str], habits: Habits) -> str:
    """A broken line in one piece, with a blank where this cell, else this document, usually has one."""
    whole = parts[0].rstrip() if parts else ""
    own = _blanks(parts)
    for part in parts[1:]:
        rest = part.strip()
        if not rest:
            continue
        pair = (_sort(whole[-1]), _sort(rest[0])) if whole else ("", "")
        seen = own if own[*pair, True] or own[*pair, False] else habits
        blank = pair == ("a", "a") or (pair[0] != pair[1] and seen[*pair, True] > seen[*pair, False])
        whole += (" " if blank else "") + rest
    return whole
