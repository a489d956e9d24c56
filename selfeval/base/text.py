"""Text as it is compared and shown: folding, cleaning, shortening."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from selfeval.base.marks import TURNING, WIDTHLESS
from selfeval.base.memo import remembered

INVISIBLE = TURNING + WIDTHLESS
"""Marks without width that copying from Word, web pages or Explorer leaves behind."""


ONES = ("", *"一二三四五六七八九")
CHINESE_NUMBERS = tuple(f"{tens}{ones}" for tens in ("", "十", *(f"{o}十" for o in ONES[2:])) for ones in ONES)[1:]
"""一 … 九十九, as lists count."""


def in_one_line(text: str) -> str:
    """A text as shown inside a message: one line, not long."""
    return shorten(" ".join(clean(text[:100]).split()), 20)


BLANKS = "".join(c for c in map(chr, range(0x10000)) if c.isspace()) + INVISIBLE
"""White space of every kind (U+3000, NBSP, …) and marks without width: no part of a cell."""


UNSEEN = frozenset({*BLANKS, "\u00ad", *map(chr, range(0xFE00, 0xFE10)), *map(chr, range(0xE0100, 0xE01F0))})
"""What shows nothing of its own on paper: blanks, line separators, soft hyphens, selectors of a letter's variant."""


def clean(text: str) -> str:
    """A cell without what surrounds it; what is inside stays as it was typed."""
    return text.strip(BLANKS)


def printable(text: str) -> str:
    """Text with invisible marks made visible, for a message."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


@remembered
def comparable(text: str) -> str:
    """A name without blanks and full-width variants, for comparing."""
    return re.sub(r"\s", "", fold(text)).casefold()


MAX_BLANK = 100
"""Form instructions are shorter than this."""

_EMPTY = re.compile(
    r"[\s/\\\-…·.。*×—_~?？%≥≤<>=()\[\]、,，:]*(?:(?:[xX×*]{1,4}|_+)\s*(?:%|元|万元|人|次|人次|个|年|月|日)?|"
    r"(?:[xX×*]{2,4}|_{2,})\s*[\u4e00-\u9fff/]{0,6})?|"
    r"无|暂无|略|空|待定|待填|未设置|未设定|不适用|不涉及|无此项|#?N/?A|null|none|nan|[≥≤<>=]?\s*(?:%|元|"
    r"万元|人|次|人次|个|年|月|日)",
    re.IGNORECASE,
)
_INSTRUCTION = re.compile(
    r"(?:指标|目标|指标值|目标值)\s*\d*\s*:?|\([^()]{0,12}\d+\s*字(?:以内|以上|左右|内)?\)|"
    r"[^()\d]{0,8}\d+\s*字(?:以内|内)|限\d+字[内以]*|"
    r"\((?:填写|请填|可另附|同上|示例|选填|必填|包含|单位)[^()]*\)|请填写?.{0,20}|填写(?:数字|具体数值|数值|"
    r"说明|内容|要求)?|同上|示例(?::.*)?|(?:例如|例|如|样例)\s*[:≥≤<>=\d].*|"
    r"指标值\s*\([^()]*\)"
)


@remembered
def is_blank(words: str) -> bool:
    """Nothing but dashes, or the form's own instructions."""
    head = words.strip()
    return len(head) <= MAX_BLANK and bool(_EMPTY.fullmatch(head) or _INSTRUCTION.fullmatch(head))


@remembered
def decimal(text: str) -> Decimal | None:
    """A plain number with thousands separators, None where it is none or too long."""
    digits = fold(text).replace(",", "").replace("，", "").strip()
    return Decimal(digits) if re.fullmatch(r"[+-]?\d{1,25}(?:\.\d{1,12})?", digits) else None


_FOLD: dict[int, int | str | None] = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_ONE_SIGN_UNITS = {"㎏": "kg", "㎞": "km", "㎝": "cm", "㎜": "mm", "㎎": "mg", "㎢": "km²", "㏄": "毫升"}
_INVISIBLE = (0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFE0E, 0xFE0F, 0xFEFF)


@remembered
def fold(text: str) -> str:
    """Full-width digits and signs as plain ones, invisible marks removed; punctuation stays Chinese."""
    return text.translate(_FOLD)


def shorten(text: str, limit: int = 30) -> str:
    """A text as quoted inside a message."""
    return text if len(text) <= limit else text[:limit] + "…"


UNSHOWN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Kinds of characters that do something to a terminal instead of showing."""


def visible(text: str) -> str:
    """Text from an input without what would move the cursor, ring, or turn the line round."""
    if text.isprintable():  # nearly always, and asked at once: none of those kinds counts as printable
        return text
    return "".join("·" if unicodedata.category(char) in UNSHOWN else char for char in text)


def short(text: str, limit: int = 40) -> str:
    """A text as shown inside a remark: one line, not long."""
    return shorten(" ".join(text.split()), limit)
