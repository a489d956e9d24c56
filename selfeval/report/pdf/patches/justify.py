"""Lines of Chinese set to the full width. WeasyPrint 70 stretches spaces only, and Chinese has none.

What a line lacks at its end is shared among its Chinese characters as letter spacing; a line that lacks more than
`LIMIT` a character stays ragged, because text so wide apart reads badly and comes out of the PDF with blanks in it.
This puts another function in the place of WeasyPrint's own and is to be looked at again with each series of it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

LIMIT = 0.09
"""The widest gap between two characters, in em."""

_CHINESE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6“”‘’—…\U00020000-\U0003ffff]")
_RUN = re.compile(f"{_CHINESE.pattern}+")


def install() -> None:
    """From now on lines that ask for `text-align: justify` are stretched like this."""
    from weasyprint.layout import inline

    inline.justify_line = justify


def justify(context: Any, line: Any, lacking: float) -> None:  # noqa: ANN401 - WeasyPrint has no types
    """Stretches one line, in place. `lacking`: what is left at its end, in px."""
    count = stretchable(line)
    gap = lacking / count if count else 0.0
    if 0 < gap <= LIMIT * line.style["font_size"]:
        spread(context, line, gap, 0.0)


def stretchable(box: Any) -> int:  # noqa: ANN401
    """How many Chinese characters stand in a line."""
    from weasyprint.formatting_structure import boxes

    if isinstance(box, boxes.TextBox):
        return len(_CHINESE.findall(box.text))
    if isinstance(box, boxes.LineBox | boxes.InlineBox):
        return sum(map(stretchable, box.children))
    return 0


def spread(context: Any, box: Any, gap: float, moved: float) -> float:  # noqa: ANN401
    """Widens the texts of a line and moves what follows; returns how far what follows is moved."""
    from weasyprint.formatting_structure import boxes

    if isinstance(box, boxes.TextBox):
        box.position_x += moved
        return moved + (widened(box, gap) if _CHINESE.search(box.text) else 0.0)
    if not isinstance(box, boxes.LineBox | boxes.InlineBox):
        box.translate(moved, 0)
        return moved
    box.position_x += moved
    before = moved
    for child in box.children:
        if child.is_in_normal_flow():
            moved = spread(context, child, gap, moved)
    box.width += moved - before
    return moved


def widened(box: Any, gap: float) -> float:  # noqa: ANN401
    """One text with wider gaps; returns by how much it grew."""
    box.pango_layout = spaced()(box, gap)
    growth = gap * stretchable(box)
    box.width += growth
    return growth


@cache
def spaced() -> Any:  # noqa: ANN401
    """WeasyPrint's layout of a text, with wider gaps when it is drawn."""
    from weasyprint.text.ffi import TO_UNITS, ffi, pango
    from weasyprint.text.line_break import Layout

    class Spaced(Layout):  # type: ignore[misc]
        """Nothing until it is drawn: then `reactivate` makes it, by way of `set_text`."""

        def __init__(self, box: Any, gap: float) -> None:  # noqa: ANN401
            self.text, self.gap = box.text, gap
            self.justification_spacing, self.max_width = 0, None

        def set_text(self, text: str, justify: bool = False) -> None:  # noqa: FBT001, FBT002 - as WeasyPrint calls it
            """The text with letter spacing over each run of Chinese."""
            super().set_text(text, justify=justify)
            own = self.style["letter_spacing"]
            wide = int(((0 if own == "normal" else own) + self.gap) * TO_UNITS)
            attributes = pango.pango_layout_get_attributes(self.layout)
            if attributes == ffi.NULL:
                attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
            for run in _RUN.finditer(self.text):
                attribute = pango.pango_attr_letter_spacing_new(wide)
                attribute.start_index = len(self.text[: run.start()].encode())
                attribute.end_index = attribute.start_index + len(run[0].encode())
                pango.pango_attr_list_change(attributes, attribute)
            pango.pango_layout_set_attributes(self.layout, attributes)

    return Spaced
