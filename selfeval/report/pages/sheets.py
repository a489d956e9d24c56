"""The indicator table cut into sheets: one per printed page, each with its labels, so that none is ever lost.

A cell that spans rows cannot go over a page; so the rows of a page form a table body of their own, and a label
that goes on is printed again with （续）. The cut is foretold from the texts. The renderer tells where the bodies
really came to stand; where that is not what was foretold, the rows are cut again with less room (`Room.tighter`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from math import ceil, inf

from selfeval.report.pages.form_heights import Ruler
from selfeval.report.pages.views import FormRow, PrintedSheet, ProjectDocument, RowGroup

TIGHTER = 0.94
"""What is left of the room at each new attempt."""

COMPANY = 3
"""How many rows the total takes along to a page of its own."""


@dataclass(frozen=True, slots=True)
class Room:
    """The height left for rows on the first page and on each further one, in pt.

    `below`: what stands under them, which keeps the last ones company; `heads`: pages that the head fills.
    """

    first: float
    further: float
    below: float
    heads: int

    def tighter(self, attempts: int) -> Room:
        """Less room, for texts that came out longer than foretold."""
        factor = TIGHTER**attempts
        return replace(self, first=self.first * factor, further=self.further * factor)


def room_of(ruler: Ruler, document: ProjectDocument) -> Room:
    """The room on the pages of a form.

    What stands under the indicators keeps the total and some rows company, so that it does not take a page of its own.
    """
    further = ruler.paper.page - ruler.header()
    below = ruler.total(document) + ruler.under(document)
    above = ruler.above(document)
    head = above if document.rows else above + below
    return Room(max(further - above, 0.0), further, below, ceil(head / ruler.paper.page))


# ── Cutting ──


def sheets_of(
    pieces: Iterable[Sequence[FormRow]], weights: Mapping[str, str], ruler: Ruler | None = None, page: float = inf
) -> tuple[PrintedSheet, ...]:
    """The rows of each page as a sheet; `weights` by 一级. `ruler` tells which are too high for any `page`."""
    filled = [piece for piece in pieces if piece]
    before = [None, *(piece[-1] for piece in filled)]
    made = enumerate(zip(filled, before, strict=False))
    return tuple(
        _sheet(at, piece, last, weights, tall=ruler is not None and _height(piece, ruler) > page)
        for at, (piece, last) in made
    )


def groups_of(rows: Sequence[FormRow], weights: Mapping[str, str]) -> tuple[RowGroup, ...]:
    """All rows in groups, for a screen."""
    return next((sheet.groups for sheet in sheets_of([rows], weights)), ())


def starts_fresh(rows: Sequence[FormRow], ruler: Ruler, room: Room) -> bool:
    """Whether not even the first row fits below the head of the form."""
    return bool(rows) and _height(rows[:1], ruler) > room.first


def pieces_of(rows: Sequence[FormRow], ruler: Ruler, room: Room) -> list[list[FormRow]]:
    """The rows page by page."""
    pieces: list[list[FormRow]] = [[]]
    left = room.further if starts_fresh(rows, ruler, room) else room.first
    for row in rows:
        if pieces[-1] and _height([*pieces[-1], row], ruler) > left:
            pieces.append([])
            left = room.further
        pieces[-1].append(row)
    return _with_end(_with_groups(pieces, ruler, room), ruler, room)


def _height(rows: Sequence[FormRow], ruler: Ruler) -> float:
    """A piece of the table: its rows, or their labels where those need more (the first ones may carry （续）)."""
    firsts = [list(same) for _, same in groupby(rows, lambda row: row.level1)]
    return sum(
        max(_groups_height(same, ruler, first=not at), ruler.label(same[0].level1, "level1", more=True))
        for at, same in enumerate(firsts)
    )


def _groups_height(rows: Sequence[FormRow], ruler: Ruler, *, first: bool) -> float:
    """The rows under one 一级."""
    groups = [list(same) for _, same in groupby(rows, _labels)]
    return sum(
        max(
            sum(row.height for row in same),
            ruler.label(same[0].level2, "level2", more=first and not at),
        )
        for at, same in enumerate(groups)
    )


def _labels(row: FormRow) -> tuple[str, str]:
    """一级 and 二级 of a row."""
    return row.level1, row.level2


def _with_groups(pieces: list[list[FormRow]], ruler: Ruler, room: Room) -> list[list[FormRow]]:
    """A 二级 whose first row alone stands at the foot of a page goes to the next as a whole, where it fits."""
    for before, after in pairwise(pieces):
        alone = len(before) > 1 and _labels(before[-1]) == _labels(after[0]) != _labels(before[-2])
        if alone and _height([before[-1], *after], ruler) <= room.further:
            after.insert(0, before.pop())
    return pieces


def _with_end(pieces: list[list[FormRow]], ruler: Ruler, room: Room) -> list[list[FormRow]]:
    """The total stands beside some rows on its page, a whole group where that is near."""
    if len(pieces) > 1 and len(pieces[-1]) < COMPANY <= len(pieces[-2]):
        at = max(2, _parting(pieces[-2], COMPANY - len(pieces[-1])))
        joined = [*pieces[-2][at:], *pieces[-1]]
        if _height(joined, ruler) + room.below <= room.further:
            pieces = [*pieces[:-2], pieces[-2][:at], joined]
    last = pieces[-1]
    only = len(pieces) == 1 and not starts_fresh(last, ruler, room)
    left = room.first if only else room.further
    if len(last) < 2 or _height(last, ruler) + room.below <= left:
        return pieces
    moved = last[_parting(last, min(COMPANY, len(last) - 1)) :]
    if _height(moved, ruler) + room.below > room.further:
        moved = last[-1:]
    return [*pieces[:-1], last[: -len(moved)], moved]


def _parting(rows: Sequence[FormRow], wanted: int) -> int:
    """Where to part rows so that about `wanted` go on: at the start of a 二级 where one is near."""
    starts = [at for at in range(1, len(rows)) if _labels(rows[at]) != _labels(rows[at - 1])]
    return max((at for at in starts if wanted <= len(rows) - at <= 2 * COMPANY), default=len(rows) - wanted)


def _sheet(
    at: int, rows: Sequence[FormRow], before: FormRow | None, weights: Mapping[str, str], *, tall: bool
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
    return PrintedSheet(str(at), at > 0, tuple(groups), len(rows), tall)


def _span(rows: Sequence[FormRow], start: int) -> int:
    """How many rows from `start` stand under the same 一级."""
    return len(next(list(same) for _, same in groupby(rows[start:], lambda row: row.level1)))
