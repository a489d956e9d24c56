"""Characters nobody sees: those that turn the direction of a text are refused, those without width left out.

`≥` + U+202E + `里公02` is printed as ≥20公里 and read as ≥2; a name with U+200B in it is another name than it looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

TURNING = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c"
WIDTHLESS = "\u200b\u200c\u200d\u2060\ufeff\u180e\u00ad"

_TURNING = re.compile(f"[{TURNING}]")
_HIDDEN = re.compile(f"[{TURNING}{WIDTHLESS}]")
_NONE = str.maketrans("", "", TURNING + WIDTHLESS)


def turning(text: str) -> re.Match[str] | None:
    """The first character that turns the direction of a text."""
    return _TURNING.search(text)


def hidden(text: str) -> re.Match[str] | None:
    """The first character of a text that nobody sees, of either kind."""
    return _HIDDEN.search(text)


def any_hidden(texts: Iterable[str]) -> bool:
    """Whether one of many texts has such a character: each looked for in all of them at once, which costs least."""
    text = "".join(texts)
    return any(char in text for char in TURNING + WIDTHLESS)


def without_hidden(text: str) -> str:
    """The text without characters nobody sees."""
    return text.translate(_NONE) if hidden(text) else text


def named(text: str) -> str:
    """Those characters of a text by their numbers: U+202E、U+200B."""
    return "、".join(dict.fromkeys(f"U+{ord(char):04X}" for char in _HIDDEN.findall(text)))
