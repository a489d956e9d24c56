"""Characters that no font has: what is printed for them, and what is said of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from selfeval.base.diagnostics import Diagnostic, finding
from selfeval.base.text import UNSEEN, visible

BOX = "□"
"""Printed for a character that no font has; the box of a font itself reads as nothing, or breaks the text's table."""

BESIDE = 6
"""As many characters on either side tell where one stands."""
_EDGE = re.compile(r'[<>"&;\\\n]')
"""The end of a text in a page or its data."""


def boxes_for(characters: Iterable[str]) -> dict[int, str]:
    """What stands in for each of some characters, as `str.translate` takes it; nothing for what nobody would see."""
    return str.maketrans({char: "" if char in UNSEEN else BOX for char in characters})


def missing_glyphs(characters: Iterable[str], text: str = "") -> Diagnostic:
    """F001, one for all the characters; each with the words it stands in, of the `text` (a page or its data)."""
    return finding("F001", characters=tuple(_character(char, text) for char in characters))


def _character(char: str, text: str) -> str:
    """A character, its number, by which a font is looked for, and where it is first printed: `（U+E000：路□修）`."""
    told = "：".join(filter(None, (f"U+{ord(char):04X}", _around(char, text))))
    return f"“{char}”（{told}）" if char.isprintable() else f"（{told}）"


def _around(char: str, text: str) -> str:
    """What stands beside a character in its cell or sentence, with a box for it; nothing where it stands alone."""
    at = text.find(char)
    before = _EDGE.split(text[max(at - BESIDE, 0) : max(at, 0)])[-1].lstrip()
    after = _EDGE.split(text[at + 1 : at + 1 + BESIDE])[0].rstrip()
    return visible(f"{before}{BOX}{after}") if at >= 0 and before + after else ""
