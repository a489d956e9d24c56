"""A calculation that goes on on the next page begins in all cells of its row, is closed below, and is named there.

WeasyPrint begins a row as soon as one of its cells has room, with nothing in the others, draws no line where it breaks,
and leaves cells empty of which nothing is left. None is a matter of speed: all hold for plain WeasyPrint too.
"""

from __future__ import annotations

from functools import cache
from typing import Any

CLOSED = "calculations"
"""The tables that are closed. A cell of a form stays open, by which import knows that it goes on."""

WAITING = 3
"""The `orphans` of tables whose rows wait, which their cells inherit: elsewhere a row can be taller than a page."""


AGAIN = "data-again"
"""The attribute of a cell that says on each further page whose row goes on; its own text is never parted."""


def again_in(box: Any, words: str) -> Any:  # noqa: ANN401 - WeasyPrint has no types
    """The beginning of a cell with other words in it."""
    if hasattr(box, "text"):
        return box.copy_with_text(words)
    return box.copy_with_children([again_in(child, words) for child in box.children[:1]])


@cache
def install() -> None:
    """Puts all of it in place of WeasyPrint's own, once a process."""
    from weasyprint import draw
    from weasyprint.formatting_structure.boxes import TableCellBox
    from weasyprint.layout import block

    lay_out, draw_borders = block.block_container_layout, draw.draw_collapsed_borders

    def laid_out(context: Any, box: Any, bottom_space: Any, skip_stack: Any, *more: Any, **named: Any) -> Any:  # noqa: ANN401
        waits = isinstance(box, TableCellBox) and box.style["orphans"] == WAITING
        again, begins = box.element.get(AGAIN) if waits else None, waits and skip_stack is None
        if again and skip_stack == {len(box.children): None}:
            box, skip_stack = again_in(box, again), None
        made = lay_out(context, box, bottom_space, skip_stack, *more, **named)
        if begins and (made[0] is None or (again and made[1])):
            box.style["break_inside"] = "avoid"  # no room to begin here: the whole row waits for the next page
        return made

    def drawn(stream: Any, table: Any) -> None:  # noqa: ANN401
        if CLOSED in (table.element.get("class") or "").split():
            table.skip_cell_border_bottom = False
        draw_borders(stream, table)

    block.block_container_layout, draw.draw_collapsed_borders = laid_out, drawn
