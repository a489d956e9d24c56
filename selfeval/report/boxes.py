"""Characters that no font has: what is printed for them, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterable

from selfeval.base.diagnostics import Diagnostic, finding
from selfeval.base.text import UNSEEN

BOX = "□"
"""Printed for a character that no font has; the box of a font itself reads as nothing, or breaks the text's table."""


def boxes_for(characters: Iterable[str]) -> dict[int, str]:
    """What stands in for each of some characters, as `str.translate` takes it; nothing for what nobody would see."""
    return str.maketrans({char: "" if char in UNSEEN else BOX for char in characters})


def missing_glyphs(characters: Iterable[str]) -> Diagnostic:
    """F001, one for all the characters."""
    return finding("F001", characters=tuple(map(_character, characters)))


def _character(char: str) -> str:
    """A character and its number, by which a font can be looked for."""
    number = f"U+{ord(char):04X}"
    return f"“{char}”（{number}）" if char.isprintable() else number
