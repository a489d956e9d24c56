"""Forms drawn as text: one line a row, cells between bars; `word>3` covers three columns, `word^2` two rows."""

from __future__ import annotations

import re

from importing.layouts import Grid

_SPAN = re.compile(r"(?:>(\d+))?(?:\^(\d+))?$")


def drawn(text: str, *title: str) -> Grid:
    """The grid of a drawing; `\\n` in a cell is a line break."""
    rows = [line.strip() for line in text.strip().split("\n")]
    grid, covered = Grid(0, title), set()
    for row, line in enumerate(rows):
        column = 0
        for part in line.split("|"):
            while (row, column) in covered:
                column += 1
            span = _SPAN.search(part.strip())
            columns, tall = int(span[1] or 1), int(span[2] or 1)
            grid.put(row, column, part.strip()[: span.start()].strip().replace("\\n", "\n"), tall, columns)
            covered |= {(r, c) for r in range(row, row + tall) for c in range(column, column + columns)}
            column += columns
        grid.width = max(grid.width, column)
    grid.height = max(grid.height, len(rows))
    return grid
