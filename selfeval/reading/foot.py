"""What stands under a table as people make it in Excel: rows of totals, notes, who filled it in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from selfeval.base.remarks import Reading, reading
from selfeval.base.text import BLANKS, clean, in_one_line
from selfeval.reading.columns import TableSpec

TOTAL = re.compile(r"(?:本[页表])?(?:合计|总计|共计|小计)(?:[（(].{0,20}[）)])?[:：]?")
NOTE = re.compile(
    r"(?:注|备注|附注|说明|填[表报]说明|填[表报](?:人|日期|单位|时间)|制表人?|审核人?|复核人?|单位负责人|财务负责人|联系(?:人|电话))"
    r"\s*\d*\s*[:：、.．]"
)
SIGN = re.compile("[注备附说填制审复单财联本合总共小]")
"""How a total or a note may begin."""
_SIGNS = frozenset({"", *BLANKS, *SIGN.pattern})
"""How a cell begins that is blank or may be one."""

MORE = re.compile(r"(?:\d{1,2}\s*[.、．]|[(（]\d{1,2}[)）]|[①-⑳])\s*[^\s\d]")
"""How a note goes on in the next row, alone in the first cell."""

OWN_TOTAL = "budget"
"""The table in which a project may have a total of its own; it is compared with the sum."""


def under_a_table(values: Sequence[str], width: int, line: int, spec: TableSpec) -> Reading | None:
    """T032 where a row is none of the table but a total, or a note; `width`: how many cells the header has."""
    if values[0][:1] not in _SIGNS and values[1:2] and values[1][:1] not in _SIGNS:  # most rows by far
        return None
    said = [text for value in values if (text := clean(value))]
    goes_on = len(said) == 1 and MORE.match(clean(values[0]))
    if goes_on or is_note(said, whole=len(values) != width):
        return reading("T032.note", row=line, text=in_one_line(said[0]))
    total = total_in(said, spec)
    return reading("T032.total", row=line, text=in_one_line(total)) if total else None


def is_note(said: Sequence[str], *, whole: bool) -> bool:
    """Whether what is written in a row is a note, or several; `whole`: commas of its own may have cut it up."""
    return bool(NOTE.match(said[0])) and (whole or all(map(NOTE.match, said)))


def total_in(said: Sequence[str], spec: TableSpec) -> str:
    """The word for a total that a row begins with, or that stands right behind the project it sums up; "" for none."""
    first = said[: 1 if spec.name == OWN_TOTAL else 2]
    word = next((text for text in first if TOTAL.fullmatch("".join(text.split()))), "")
    return "" if any(map(has_letters, said[2:])) else word


def has_letters(text: str) -> bool:
    """Whether a text is more than a number: a total has none behind its name."""
    return any(char.isalpha() for char in text)
