"""A calculation that goes on on the next page begins in all cells of its row, and is closed below.

WeasyPrint begins a row as soon as one of its cells has room, with nothing in the others, and draws no line where it
breaks. Neither is a matter of speed: both hold for plain WeasyPrint too.
"""

from __future__ import annotations

from functools import cache
from typing import Any

CLOSED = "calculations"
"""The tables that are closed. A cell of a form stays open, by which import knows that it goes on."""

WAITING = 3
"""The `orphans` of tables whose rows wait, which their cells inherit: elsewhere a row can be taller than a page."""


@cache
def install() -> None:
    """Puts both in place of WeasyPrint's own, once a process."""
    from weasyprint import draw
    from weasyprint.formatting_structure.boxes import TableCellBox
    from weasyprint.layout import block

    lay_out, draw_borders = block.block_container_layout, draw.draw_collapsed_borders

    def laid_out(context: Any, box: Any, bottom_space: Any, skip_stack: Any, *more: Any, **named: Any) -> Any:  # noqa: ANN401
        made = lay_out(context, box, bottom_space, skip_stack, *more, **named)
        begins = skip_stack is None and isinstance(box, TableCellBox) and box.style["orphans"] == WAITING
        if made[0] is None and begins:
            box.style["break_inside"] = "avoid"  # no room to begin here: the whole row waits for the next page
        return made

    def drawn(stream: Any, table: Any) -> None:  # noqa: ANN401
        if CLOSED in (table.element.get("class") or "").split():
            table.skip_cell_border_bottom = False
        draw_borders(stream, table)

    block.block_container_layout, draw.draw_collapsed_borders = laid_out, drawn
