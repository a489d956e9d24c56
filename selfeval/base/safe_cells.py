"""Text that spreadsheets would take for a formula."""

from __future__ import annotations

import re

from selfeval.base.memo import remembered

_NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?%?")
_RISKY = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n|]")
"""What starts a formula; the full-width signs do so in East Asian Excel."""


@remembered
def inert(cell: str) -> str:
    """Text that a spreadsheet would take for a formula, with an apostrophe before it."""
    return f"'{cell}" if _RISKY.match(cell) and not _NUMBER.fullmatch(cell) else cell


_RUNNABLE = re.compile(r"'*[=+\-@＝＋－＠].*[(（|!！]", re.DOTALL)
"""A cell that a spreadsheet may run: a call, a link to another program or sheet. A lone ≥, = or -5% is not."""


def guarded(cell: str) -> str:
    """A risky cell behind an apostrophe (one more where it already has some)."""
    return f"'{cell}" if _RUNNABLE.match(cell) else cell


def unguarded(cell: str) -> str:
    """A cell as it was before `guarded`."""
    return cell[1:] if cell.startswith("'") and _RUNNABLE.match(cell[1:]) else cell


_MEASURE = re.compile(r"[=+-]\s*\d[\d,.]*\s*(?:%|[\u4e00-\u9fff㎡²℃/A-Za-z]{0,8})")


def harmless(text: str) -> str:
    """Text that a spreadsheet would take for a formula, made harmless.

    `=8个` gets a blank before it, which every reader of ours takes away again; anything else an apostrophe.
    """
    if text[:1] not in {"=", "+", "-", "@", "|"} or len(text) == 1 or _NUMBER.fullmatch(text):
        return text
    return f" {text}" if _MEASURE.fullmatch(text) else f"'{text}"
