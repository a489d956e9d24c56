"""What nobody can trust: separators that do not group, signs of two meanings, no years, a number left out."""

from __future__ import annotations

import re

from selfeval.base.phrases import word
from selfeval.reading.values.dates import has_bad_year
from selfeval.reading.values.units import UNIT

BAD_YEAR = word("年份不是四位数字")
_MISWRITTEN = (
    (re.compile(r"\d[，。]\d"), word("数字中间有“，”或“。”")),
    (re.compile(r"\d{3,}\s*:\s*\d|\d\s*:\s*\d{3,}|[%‰]\s*\d[\d.]*\s*[%‰]"), word("两个数连在一起")),
    (re.compile(r"[△▲▽▼↓↑]"), word("用符号表示增减，不能确定是正是负")),
    (re.compile(r"^\s*\([-+]?[\d.,]+[^()\d]{0,6}\)\s*$"), word("数字单独写在括号里，不能确定是不是负数")),
    (re.compile(r"\d[^，。；\d]{0,4}(?:[~—至到]|-{1,2})\s*(?:$|[，。；])|^\s*[~—]\s*\d"), word("区间没有写完")),
    (
        re.compile(r"\([-+]?[\d.,]+\)\s*(?:[%‰人场户次个项件元万亿]|公里)"),
        word("数字单独写在括号里，不能确定是不是负数"),
    ),
)
_MARKED = re.compile("[，。△▲▽▼↓↑(:%‰~—至到-]")
"""Digits are miswritten with one of these."""
_GROUPED = re.compile(r"\d+(?:,\d+)+")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")


def miswritten(text: str, year: int) -> str:
    """Why the digits of a text cannot be trusted; empty where they can."""
    if has_bad_year(text, year):
        return BAD_YEAR
    if "," in text and any(not _THOUSANDS.fullmatch(group) for group in _GROUPED.findall(text)):
        return word("数字中的“,”不是千位分隔")
    return next((why for pattern, why in _MISWRITTEN if pattern.search(text)), "") if _MARKED.search(text) else ""


MAX_UNFILLED = 30
ANY_DIGIT = re.compile(r"[\d一二三四五六七八九十两百千万]")
_UNFILLED = re.compile(
    rf"(?:[≥≤<>=]|(?:大于|小于)(?:或?等于)?|[不]?(?:少于|低于|高于|超过)|至少|达到)?[\s_()\[\]]*(?:(?:{UNIT.pattern})|"
    r"年[\s_()]*月(?:[\s_()]*日)?)[\s_()\[\]]*(?:以[上下内]|之?前|底前|左右|完成)*"
)


_TIMES_OF_YEAR = ("年底", "年前", "年内", "年末", "月底", "月内", "季度", "周内")


def is_unfilled(words: str) -> bool:
    """`≥  公里`, `不少于()人`, `年 月 日前`: a form's own words with the number left out."""
    short = len(words) <= MAX_UNFILLED and not ANY_DIGIT.search(words) and words[:2] not in _TIMES_OF_YEAR
    return short and bool(_UNFILLED.fullmatch(words))
