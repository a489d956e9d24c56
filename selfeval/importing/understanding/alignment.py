"""Which cell of a row belongs to which column: the one it stands in, unless its content says otherwise.

A table has positions, and they are the truth: a cell that stands in its column stays there. Where what is written
contradicts the column (`产出指标` under 三级指标) it may go to the only other column that suits it, which is told; a
value (指标值, 分值, an amount) never goes anywhere. Two kinds of table have lost positions: flat tables of names and
targets whose rows lack their leading cells, and text from web pages that drops blank cells. There a small dynamic
programme keeps the order, and of a row without its blank cells only values with a single possible column are taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from selfeval.importing.grid import GridCell
from selfeval.importing.understanding.column_content import (
    LEVELS,
    NAMES,
    Slot,
    contradicts,
    fit,
    is_value,
    may_stand,
)  # fmt: skip
from selfeval.importing.vocabulary import is_level2, squeeze

LEADING, BLANK = "leading", "blank"
SHIFT = 1.5
LEFT_OUT = -8.0
REPEATED = -2.0
MISSING = {"三级指标": -2.5, "指标值": -3.0, "资金来源": -4.0}
MOVABLE = frozenset({"一级指标", "二级指标", "指标性质", "指标方向"})
"""Columns that may take a cell from its own: names and signs, never a value."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A cell that was not read as the column it stands in: that column, and what it was read as ("" = not read)."""

    cell: GridCell
    stands_in: str
    read_as: str


@dataclass(frozen=True, slots=True)
class Aligned:
    """Cells by role, the cells that found none, and every cell that was not taken where it stands."""

    cells: Mapping[str, GridCell]
    left_out: tuple[GridCell, ...] = ()
    shifts: tuple[Shift, ...] = ()


def repeats(aligned: Aligned) -> bool:
    """Whether all that was left out is a 二级 written twice."""
    level2 = aligned.cells.get("二级指标")
    return (
        bool(aligned.left_out)
        and level2 is not None
        and all(squeeze(c.text) == squeeze(level2.text) for c in aligned.left_out)
    )


def align(cells: Sequence[GridCell], slots: Sequence[Slot], *, lost: str = "", loose: bool = False) -> Aligned:
    """A row's cells by column.

    `lost`: what the rows of the table have lost, LEADING cells or all BLANK ones; `loose`: a flat table of names and
    targets, in which leading cells may be lost.
    """
    own = _own(cells, slots)
    if lost:
        together = _together(cells, slots, own) if lost == LEADING else []
        return _aligned(cells, slots, together or _packed(cells, slots), packed=not together)
    if loose and _may_have_slipped(cells, slots, own):
        return _aligned(cells, slots, _best(cells, slots))
    if _is_nameless(cells, slots, own):
        return _aligned(cells, slots, _names_only(cells, slots, own))
    return _aligned(cells, slots, _mended(cells, slots, own))


Places = list[int]
"""For each cell the index of its column, -1 for none."""


def _aligned(cells: Sequence[GridCell], slots: Sequence[Slot], places: Places, *, packed: bool = False) -> Aligned:
    chosen = {slots[i].role: cell for cell, i in zip(cells, places, strict=True) if i >= 0}
    out = tuple(cell for cell, i in zip(cells, places, strict=True) if i < 0)
    own = places if packed else _own(cells, slots)
    moved = [
        Shift(cell, slots[at].role if at >= 0 else "", slots[i].role if i >= 0 else "")
        for cell, at, i in zip(cells, own, places, strict=True)
        if at != i or (packed and i < 0)
    ]
    return Aligned(chosen, out, tuple(moved))


# ── positions are the truth ──


def _own(cells: Sequence[GridCell], slots: Sequence[Slot]) -> Places:
    """The column each cell stands in; two cells of one column have none, since nobody can tell which is meant."""
    places: Places = []
    for cell in cells:
        over = (i for i, slot in enumerate(slots) if cell.covers(slot.first, slot.last))
        places.append(next((i for i in over if i not in places[-1:]), -1))
    for i in {i for i in places if i >= 0 and places.count(i) > 1}:
        places = [-1 if at == i else at for at in places]
    return places


def _mended(cells: Sequence[GridCell], slots: Sequence[Slot], own: Places) -> Places:
    """Each cell in its column, except where it contradicts that column: there the only free one it suits, or none."""
    places = list(own)
    for at, i in enumerate(own):
        if i >= 0 and contradicts(cells[at].text, slots[i].role):
            places[at] = -1
            free = [
                j
                for j, slot in enumerate(slots)
                if slot.role in MOVABLE and j not in places and fit(cells[at], slot) >= 2.0
            ]
            if len(free) == 1:
                places[at] = free[0]
    return places


def _is_nameless(cells: Sequence[GridCell], slots: Sequence[Slot], own: Places) -> bool:
    """Whether what stands under 三级指标 can be no name: the row has slipped, and no value in it can be trusted."""
    roles = {slots[i].role: cell.text for cell, i in zip(cells, own, strict=True) if i >= 0}
    name = roles.get("三级指标")
    if name is not None:
        return contradicts(name, "三级指标") and not is_level2(name)
    wrong = any(role in LEVELS and contradicts(text, role) for role, text in roles.items())
    return wrong and "二级指标" in roles and not is_level2(roles["二级指标"])


def _names_only(cells: Sequence[GridCell], slots: Sequence[Slot], own: Places) -> Places:
    """The names of a slipped row; its values stay unread."""
    names = [i for i, slot in enumerate(slots) if slot.role in NAMES]
    end = max(names, default=-1)
    front = [cell for cell, i in zip(cells, own, strict=True) if i in names and not is_value(cell.text)]
    found = _best(front, [slots[i] for i in range(end + 1)])
    by_cell = dict(zip(front, found, strict=True))
    return [by_cell.get(cell, -1) for cell in cells]


# ── rows that have lost their leading cells ──


def _may_have_slipped(cells: Sequence[GridCell], slots: Sequence[Slot], own: Places) -> bool:
    """Whether a row of names and one target stands too far left: a level in a wrong column, or its target missing."""
    roles = {slots[i].role: cell for cell, i in zip(cells, own, strict=True) if i >= 0}
    wrong = any(role in LEVELS and contradicts(cell.text, role) for role, cell in roles.items())
    level2 = roles.get("二级指标")
    short = "指标值" not in roles and "三级指标" in roles and level2 is not None and not is_level2(level2.text)
    return wrong or short


def _best(cells: Sequence[GridCell], slots: Sequence[Slot], *, shift_costs: bool = True) -> Places:
    """The assignment that suits best; all keep their order, and a shift costs once where it begins."""
    price = SHIFT if shift_costs else 0.0

    @cache
    def best(at: int, slot: int, shift: int) -> tuple[float, tuple[int, ...]]:
        if at == len(cells):
            return _missing(slots[slot:]), ()
        found = best(at + 1, slot, shift)
        choice = (_cost_of_leaving(cells, at) + found[0], (-1, *found[1]))
        skipped = 0.0
        for index in range(slot, len(slots)):
            moved = displacement(cells[at], slots[index]) if shift_costs else 0
            rest = best(at + 1, index + 1, moved)
            merit = skipped + fit(cells[at], slots[index]) - (price if moved != shift else 0.0) + rest[0]
            if merit > choice[0]:
                choice = (merit, (index, *rest[1]))
            skipped += MISSING.get(slots[index].role, 0.0)
        return choice

    return list(best(0, 0, 0)[1])


# ── rows without their leading or all their blank cells ──


def _together(cells: Sequence[GridCell], slots: Sequence[Slot], own: Places) -> Places:
    """All cells moved right by as many columns as the row has lost, where only one number suits its names."""
    name = next((i for i, slot in enumerate(slots) if slot.role == "三级指标"), -1)
    found = []
    for count in range(name + 1):
        places = [i + count if 0 <= i < len(slots) - count else -1 for i in own]
        if name in places and all(_suits_names(cell, slots, i) for cell, i in zip(cells, places, strict=True)):
            found.append(places)
    if len(found) != 1:
        return []
    return [
        -1 if i >= 0 and contradicts(cell.text, slots[i].role) else i for cell, i in zip(cells, found[0], strict=True)
    ]


def _suits_names(cell: GridCell, slots: Sequence[Slot], place: int) -> bool:
    """Whether a cell may stand in a column of names; any may in another one."""
    return place < 0 or slots[place].role not in NAMES or may_stand(cell, slots[place])


def _packed(cells: Sequence[GridCell], slots: Sequence[Slot]) -> Places:
    """Names where they suit best; a value only where no other column is possible."""
    behind = len(slots) - len(cells)
    name = next((i for i, slot in enumerate(slots) if slot.role == "三级指标"), len(slots))
    if 0 <= behind <= name and all(may_stand(c, s) for c, s in zip(cells, slots[behind:], strict=True)):
        return list(range(behind, len(slots)))  # nothing is missing but merged cells from above
    places = _best(cells, slots, shift_costs=False)
    last = max((at for at, i in enumerate(places) if i >= 0 and slots[i].role in NAMES), default=-1)
    start = places[last] + 1 if last >= 0 else 0
    certain = _certain(cells[last + 1 :], slots, start)
    front = [i if i >= 0 and slots[i].role in NAMES else -1 for i in places[: last + 1]]
    return [*front, *certain]


def _certain(cells: Sequence[GridCell], slots: Sequence[Slot], start: int) -> Places:
    """The columns that cells must have: the first and the last possible one, where these are the same."""
    first = _greedy(cells, slots, range(start, len(slots)))
    last = _greedy(cells[::-1], slots, range(len(slots) - 1, start - 1, -1))[::-1]
    if -1 in first or -1 in last:
        return [-1] * len(cells)
    return [a if a == b else -1 for a, b in zip(first, last, strict=True)]


def _greedy(cells: Sequence[GridCell], slots: Sequence[Slot], order: range) -> Places:
    places: Places = []
    columns = iter(order)
    for cell in cells:
        places.append(next((i for i in columns if may_stand(cell, slots[i])), -1))
    return places


def has_slipped(cells: Sequence[GridCell], slots: Sequence[Slot], lost: str) -> bool:
    """Whether a row of a source that may lose cells cannot stand as it is; leading ones show in its names."""
    stands = [(cell, slots[i]) for cell, i in zip(cells, _own(cells, slots), strict=True) if i >= 0]
    if lost == LEADING:
        return any(slot.role in NAMES and contradicts(cell.text, slot.role) for cell, slot in stands)
    return any(not may_stand(cell, slot, strict=False) for cell, slot in stands)


def _missing(slots: Sequence[Slot]) -> float:
    return sum(MISSING.get(slot.role, 0.0) for slot in slots)


def _cost_of_leaving(cells: Sequence[GridCell], at: int) -> float:
    """A cell that repeats its neighbour (时效指标 | 时效指标) may go; any other only where nothing else is possible."""
    following = cells[at + 1].text if at + 1 < len(cells) else ""
    repeated = is_level2(cells[at].text) and squeeze(cells[at].text) == squeeze(following)
    return REPEATED if repeated else LEFT_OUT


def displacement(cell: GridCell, slot: Slot) -> int:
    """How many columns right of the cell its column lies; 0 where the cell stands in it."""
    return 0 if cell.covers(slot.first, slot.last) else slot.first - cell.column
