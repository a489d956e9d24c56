"""The indicator table cut into sheets: one per printed page, each with its labels, so that none is ever lost.

A cell that spans rows cannot go over a page; so the rows of a page form a table body of their own, and a label
that goes on is printed again with （续）. The cut is foretold from the texts. The renderer tells where the bodies
really came to stand; where that is not what was foretold, the rows are cut again with less room (`Room.tighter`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from math import ceil

from selfeval.base import display
from selfeval.base.model import LevelScore
from selfeval.base.text_width import MM, PADDING, USUAL, lines
from selfeval.reading.form_layout import Layout
from selfeval.report.pages.views import FormRow, PrintedSheet, ProjectDocument, RowGroup

TIGHTER = 0.94
"""What is left of the room at each new attempt."""

COMPANY = 3
"""How many rows the total takes along to a page of its own."""

PAGE = 458.0
"""Height of the text on a landscape page (css/print.css), a hair less than it is, in pt."""


# ── Heights ──


def row_height(layout: Layout, texts: dict[str, str], *, beside: int) -> int:
    """What a row takes, in pt; `beside`: how many more lines stand under its points (the rule's, the reviewer's)."""
    cells = [column.height(texts[name]) for name, column in layout.measures.items() if texts.get(name)]
    return ceil(PADDING + max([*cells, (1 + beside) * USUAL.line]))


def faces(layout: Layout, texts: dict[str, str]) -> dict[str, str]:
    """The smaller types of a row's cells, by cell."""
    named = {name: column.type_of(texts[name]).name for name, column in layout.measures.items() if texts.get(name)}
    return {name: face for name, face in named.items() if face}


def goal_face(layout: Layout, goals: Sequence[str]) -> str:
    """The type both cells of the goals are set in: that of the longer text."""
    return max((layout.paper.goals.type_of(text) for text in goals), key=lambda face: -face.size).name


@dataclass(frozen=True, slots=True)
class Room:
    """The height left for rows on the first page and on each further one, in pt."""

    first: float
    further: float
    below: float

    def tighter(self, attempts: int) -> Room:
        """Less room, for texts that came out longer than foretold."""
        factor = TIGHTER**attempts
        return replace(self, first=self.first * factor, further=self.further * factor)


ALONE, BESIDE, NOTE, WHY = 200.0, 100.0, 190.0, 48.0
"""The room a text of the head has: alone in its row, beside another, as a note, as a reason beside the money, in mm."""


def head_of(document: ProjectDocument, layout: Layout) -> Iterator[tuple[str, float]]:
    """The texts above the rows that may take several lines, the goals aside, with their widths in mm."""
    for block in layout.blocks:
        for row in block.rows:
            if not row.stacked:
                room = ALONE if len(row.fields) == 1 else BESIDE
                yield from ((getattr(document, field.key), room) for field in row.fields)
    if any(column.key == "reason" for column in layout.money):
        yield from ((fund.reason, WHY) for fund in document.funds)
    yield from ((note.markdown, NOTE) for note in document.notes)


REMARK, FOOT, SIGNED = 215.0, 245.0, 28.5
"""The room of a remark and of a note below a form, in mm; what the line of those who sign takes, in pt."""


def under(document: ProjectDocument, layout: Layout) -> float:
    """What stands under the indicators, in pt: remarks, notes, who signs; 0 where that fills pages by itself."""
    texts = ("　　" + "\n".join(block.text for block in part.blocks) + part.markdown for part in document.remarks)
    remarks = sum(PADDING + USUAL.line * lines(text, REMARK * MM, USUAL.size) for text in texts)
    foot = sum(USUAL.line * lines(line, FOOT * MM, USUAL.size) for line in layout.foot)
    whole = remarks + foot + (SIGNED if document.signers else 0.0)
    return whole if whole < PAGE / 2 else 0.0


def room_of(layout: Layout, head: Iterable[tuple[str, float]], goals: Sequence[str], under: float = 0.0) -> Room:
    """The room on the pages of a form.

    `head`: its texts that may take several lines, with their widths in mm; `under`: what stands under the indicators,
    in pt. That keeps the total and some rows company, so that it does not take a page of its own.
    """
    more = sum(USUAL.line * (lines(text, mm * MM, USUAL.size) - 1) for text, mm in head)
    over = layout.paper.above + more + max(map(layout.paper.goals.height, goals)) + PADDING
    return Room(max(PAGE - over - layout.paper.header, 0.0), PAGE - layout.paper.header, layout.paper.below + under)


# ── Cutting ──


def cut(
    rows: Sequence[FormRow], levels: Sequence[LevelScore], layout: Layout, room: Room | None
) -> tuple[PrintedSheet, ...]:
    """All rows in sheets; one endless sheet without `room`."""
    pieces = _pieces(rows, layout, room) if room else [list(rows)]
    before = [None, *(piece[-1] for piece in pieces if piece)]
    weights = {level.name: display.weight(level.weight) for level in levels}
    made = enumerate(zip(pieces, before, strict=False))
    return tuple(_sheet(at, piece, last, weights, room) for at, (piece, last) in made if piece)


def starts_fresh(rows: Sequence[FormRow], layout: Layout, room: Room) -> bool:
    """Whether not even the first row fits below the head of the form."""
    return bool(rows) and _height(rows[:1], layout) > room.first


def _pieces(rows: Sequence[FormRow], layout: Layout, room: Room) -> list[list[FormRow]]:
    """The rows page by page."""
    pieces: list[list[FormRow]] = [[]]
    left = room.further if starts_fresh(rows, layout, room) else room.first
    for row in rows:
        if pieces[-1] and _height([*pieces[-1], row], layout) > left:
            pieces.append([])
            left = room.further
        pieces[-1].append(row)
    return _with_end(_with_groups(pieces, layout, room), layout, room)


def _height(rows: Sequence[FormRow], layout: Layout) -> float:
    """A piece of the table: its rows, or their labels where those need more (the first ones may carry （续）)."""
    firsts = [list(same) for _, same in groupby(rows, lambda row: row.level1)]
    return sum(
        max(
            _groups_height(same, layout, first=not at), _label_height(same[0].level1, layout.inner("level1"), more=True)
        )
        for at, same in enumerate(firsts)
    )


def _groups_height(rows: Sequence[FormRow], layout: Layout, *, first: bool) -> float:
    """The rows under one 一级."""
    groups = [list(same) for _, same in groupby(rows, _labels)]
    return sum(
        max(
            sum(row.height for row in same),
            _label_height(same[0].level2, layout.inner("level2"), more=first and not at),
        )
        for at, same in enumerate(groups)
    )


def _labels(row: FormRow) -> tuple[str, str]:
    """一级 and 二级 of a row."""
    return row.level1, row.level2


def _label_height(name: str, mm: float, *, more: bool) -> float:
    """What a label takes, in pt; `more`: with its points, or （续）, on a line below."""
    room = mm * MM
    stem = name.removesuffix("指标")  # never torn apart: partials/macros.html
    whole = lines(name, room, USUAL.size) if lines(name, room, USUAL.size) == 1 else lines(stem, room, USUAL.size) + 1
    return PADDING + USUAL.line * (whole + more)


def _with_groups(pieces: list[list[FormRow]], layout: Layout, room: Room) -> list[list[FormRow]]:
    """A 二级 whose first row alone stands at the foot of a page goes to the next as a whole, where it fits."""
    for before, after in pairwise(pieces):
        alone = len(before) > 1 and _labels(before[-1]) == _labels(after[0]) != _labels(before[-2])
        if alone and _height([before[-1], *after], layout) <= room.further:
            after.insert(0, before.pop())
    return pieces


def _with_end(pieces: list[list[FormRow]], layout: Layout, room: Room) -> list[list[FormRow]]:
    """The total stands beside some rows on its page, a whole group where that is near."""
    if len(pieces) > 1 and len(pieces[-1]) < COMPANY <= len(pieces[-2]):
        at = max(2, _parting(pieces[-2], COMPANY - len(pieces[-1])))
        joined = [*pieces[-2][at:], *pieces[-1]]
        if _height(joined, layout) + room.below <= room.further:
            pieces = [*pieces[:-2], pieces[-2][:at], joined]
    last = pieces[-1]
    only = len(pieces) == 1 and not starts_fresh(last, layout, room)
    left = room.first if only else room.further
    if len(last) < 2 or _height(last, layout) + room.below <= left:
        return pieces
    moved = last[_parting(last, min(COMPANY, len(last) - 1)) :]
    if _height(moved, layout) + room.below > room.further:
        moved = last[-1:]
    return [*pieces[:-1], last[: -len(moved)], moved]


def _parting(rows: Sequence[FormRow], wanted: int) -> int:
    """Where to part rows so that about `wanted` go on: at the start of a 二级 where one is near."""
    starts = [at for at in range(1, len(rows)) if _labels(rows[at]) != _labels(rows[at - 1])]
    return max((at for at in starts if wanted <= len(rows) - at <= 2 * COMPANY), default=len(rows) - wanted)


def _sheet(
    at: int, rows: Sequence[FormRow], before: FormRow | None, weights: dict[str, str], room: Room | None
) -> PrintedSheet:
    """One sheet; `before` is the last row of the sheet before it."""
    groups: list[RowGroup] = []
    for (level1, level2), same in groupby(rows, _labels):
        above = groups[-1].level1 if groups else None
        goes_on = not groups and before is not None and before.level1 == level1
        groups.append(
            RowGroup(
                level1=level1,
                level1_weight=weights.get(level1, ""),
                level1_again=goes_on,
                level1_rows=0 if above == level1 else _span(rows, sum(len(g.rows) for g in groups)),
                level2=level2,
                again=goes_on and before is not None and before.level2 == level2,
                rows=tuple(same),
            )
        )
    tall = room is not None and sum(row.height for row in rows) > room.further
    return PrintedSheet(str(at), at > 0, tuple(groups), len(rows), tall)


def _span(rows: Sequence[FormRow], start: int) -> int:
    """How many rows from `start` stand under the same 一级."""
    return len(next(list(same) for _, same in groupby(rows[start:], lambda row: row.level1)))
