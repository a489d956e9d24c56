"""Text that spreadsheets would take for a formula, and the three ways to keep them from it.

What may start a formula is said once. In our outputs an apostrophe stands before such a text (`inert`); in tables that
people fill in and that we read again, a measure keeps its sign behind a blank (`harmless`); in the rows that travel in
a report only what could run is changed, so that it can be undone (`guarded`).
"""

from __future__ import annotations

import re

from selfeval.base.memo import remembered

_SIGNS = r"[=+\-@＝＋－＠]"
"""What starts a formula; the full-width signs do so in East Asian Excel."""
_RISKY = re.compile(rf"\s*{_SIGNS}|[\t\r\n|]")
_NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?%?")
_MEASURE = re.compile(r"[=+\-＝＋－]\s?\d[\d,.]*\s?(?:%|[\u4e00-\u9fff㎡²℃/A-Za-z]{0,8})")
_RUNNABLE = re.compile(rf"'*\s*{_SIGNS}.*[(（|!！]", re.DOTALL)
"""A cell that a spreadsheet may run: a call, a link to another program or sheet. A lone ≥, = or -5% is not."""


def is_risky(cell: str) -> bool:
    """Whether a spreadsheet may take a text for a formula; a plain number is none."""
    return bool(_RISKY.match(cell)) and not _NUMBER.fullmatch(cell)


@remembered
def inert(cell: str) -> str:
    """Text that a spreadsheet would take for a formula, with an apostrophe before it."""
    return f"'{cell}" if is_risky(cell) else cell


def harmless(text: str) -> str:
    """The same in a table that is read again; a sign alone is left, as forms write it for nothing.

    `=8个` gets a blank before it, which every reader of ours takes away again; anything else an apostrophe.
    """
    if not is_risky(text) or len(text) == 1 or (text[0] == " " and _MEASURE.fullmatch(text[1:])):
        return text
    return f" {text}" if _MEASURE.fullmatch(text) else f"'{text}"


def guarded(cell: str) -> str:
    """A cell that could run behind an apostrophe (one more where it already has some)."""
    return f"'{cell}" if _RUNNABLE.match(cell) else cell


def unguarded(cell: str) -> str:
    """A cell as it was before `guarded`."""
    return cell[1:] if cell.startswith("'") and _RUNNABLE.match(cell[1:]) else cell
