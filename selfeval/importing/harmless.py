"""Text that spreadsheets would take for a formula."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?%?")
_MEASURE = re.compile(r"[=+-]\s*\d[\d,.]*\s*(?:%|[\u4e00-\u9fff㎡²℃/A-Za-z]{0,8})")


def harmless(text: str) -> str:
    """Text that a spreadsheet would take for a formula, made harmless.

    `=8个` gets a blank before it, which every reader of ours takes away again; anything else an apostrophe.
    """
    if text[:1] not in {"=", "+", "-", "@", "|"} or len(text) == 1 or _NUMBER.fullmatch(text):
        return text
    return f" {text}" if _MEASURE.fullmatch(text) else f"'{text}"
