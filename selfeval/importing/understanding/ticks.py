"""Options with a box beside each, of which one is ticked: `□新增项目 √延续项目`, `1、部门预算项目 □  2、市直专项 √`."""

from __future__ import annotations

import re

_EMPTY = "□☐○◯"
_TICKED = "√✓✔☑■☒●▇"
_MARK = re.compile(rf"[(（\[【]\s*([{_EMPTY}{_TICKED}])\s*[)）\]】]|([{_EMPTY}{_TICKED}])")
_LETTER_BOX = re.compile(r"口(?=\s|$|\d)|(?:(?<=\s)|^)口(?=\S)")
"""The character 口 where a box was typed or recognised as one: at the end of an option or at its head."""
_NUMBER = re.compile(r"^(?:\d{1,2}\s*[、.．]|[(（]\d{1,2}[)）]|[A-Za-z]\s*[、.．])\s*")


def is_box(text: str) -> bool:
    """Whether a cell holds nothing but a box: the words beside it stand in cells of their own."""
    return bool(_MARK.fullmatch(text.strip()))


def ticked(text: str) -> str | None:
    """The one option that is ticked; "" where that cannot be told, None where the text has no boxes to tick.

    The marks stand all before or all behind their words, which the first and the last of the text tell.
    """
    if not any(mark in text for mark in _EMPTY + _TICKED):
        return None
    parts = _MARK.split(_LETTER_BOX.sub("□", text))
    words = [part.strip(" \t\n\u3000；;，,、") for part in parts[::3]]
    marks = [a or b for a, b in zip(parts[1::3], parts[2::3], strict=True)]
    if len(marks) < 2:
        return None
    if not words[0] and words[-1]:
        options = words[1:]
    elif words[0] and not words[-1]:
        options = words[:-1]
    else:
        return ""
    chosen = [option for option, mark in zip(options, marks, strict=True) if mark in _TICKED and option]
    return _NUMBER.sub("", chosen[0]) if len(chosen) == 1 else ""
