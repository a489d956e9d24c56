"""Whether the cells of a row stand side by side as they should."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from selfeval.audit.whole_text import PrintedCells

if TYPE_CHECKING:
    from selfeval.audit.pdf_pages import DrawnPage

LOOSE = 2.2
"""How far apart the lines of a cell may be, in sizes of their type."""

UNEVEN = 5.0
"""How far, in pt, the middles of cells side by side may be apart."""


def spanning_texts(page: DrawnPage, row: PrintedCells) -> Iterator[int]:
    """The texts of a row's cells that stand beside further rows."""
    at = row.begin
    for cell, size in enumerate(row.sizes):
        if cell in row.spanning:
            yield from page.owners[at : at + size]
        at += size


def is_in_line(page: DrawnPage, row: PrintedCells) -> bool:
    """Whether the cells of a row stand beside each other as they should."""
    if row.seated:
        return is_seated(page, row)
    return not row.level or (is_level(page, row) and is_tight(page, row))


def is_seated(page: DrawnPage, row: PrintedCells) -> bool:
    """Whether the last lines of a row's cells are at one height, where cells stand on their foot."""
    feet, at = [], row.begin
    for size in row.sizes:
        feet += [page.texts[page.owners[at + size - 1]].base] if size else []
        at += size
    return not feet or max(feet) - min(feet) <= UNEVEN


def is_tight(page: DrawnPage, row: PrintedCells) -> bool:
    """Whether the lines of each cell stand close below each other."""
    at = row.begin
    if page.glance and (breaks := page.glance.breaks_before(LOOSE)):
        for size in row.sizes:
            if size and breaks[page.owners[at + size - 1]] > breaks[page.owners[at]]:
                return False
            at += size
        return True
    for size in row.sizes:
        texts = page.texts_of(at, size)
        if any(one.base - other.base > LOOSE * max(one.size, other.size) for one, other in pairwise(texts)):
            return False
        at += size
    return True


def is_level(page: DrawnPage, row: PrintedCells) -> bool:
    """Whether the middles of a row's cells are at one height, and the cells side by side."""
    boxes, at = [], row.begin
    for cell, size in enumerate(row.sizes):
        if size and cell not in row.spanning and (box := page.box(at, size)):
            boxes.append(box)
        at += size
    middles = [(box[1] + box[3]) / 2 for box in boxes]
    apart = all(one[2] <= other[0] + 2 for one, other in pairwise(boxes))
    among = median(middles) if middles else 0
    return apart and all(abs(middle - among) <= UNEVEN for middle in middles)
