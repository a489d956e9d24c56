"""Where the sheets of a form came to stand, read from the pages laid out.

A sheet (`tbody data-sheet`) is meant to stand on one page; `selfeval/sheets.py` foretells what fits. A row longer
than a page may break: its sheet bears no mark.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def as_foretold(document: Any) -> bool:  # noqa: ANN401 - WeasyPrint has no types
    """Whether every sheet stands on one page of its own, and the total beside the last one."""
    # By page the number of a sheet, or "end" for the total below the last one.
    landings = [(at, name) for at, page in enumerate(document.pages) for name in _sheets(page._page_box)]  # noqa: SLF001
    sheets = [(page, name) for page, name in landings if name != "end"]
    pages, names = [page for page, _ in sheets], [name for _, name in sheets]
    ends = {page for page, name in landings if name == "end"}
    together = not pages or ends <= {pages[-1]}
    return together and len(set(pages)) == len(pages) and len(set(names)) == len(names)


def _sheets(box: Any) -> Iterator[str]:  # noqa: ANN401
    """The sheets on a page; nothing below a table's rows or a line of text is looked at."""
    for child in getattr(box, "children", ()):
        tag = child.element_tag
        if tag == "tbody":
            if name := child.element.get("data-sheet"):
                yield name
        elif tag not in {"p", "thead", "h1", "h2", "h3"}:
            yield from _sheets(child)
