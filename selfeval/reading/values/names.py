"""Numbers that are part of a name (a standard, a title, a thing in quotation marks) and measure nothing."""

from __future__ import annotations

import re

_STANDARD = re.compile(
    r"(?<![A-Za-z])(?:GB|HJ|ISO|IEC|IEEE|ITU|ASTM|EN|DB\d{2}|CJJ?|JGJ?|SL|NY|YY|JT[GJ]?|JC|JB|LY|LD|WS|AQ|TSG|QB|HG|SH|SY|DL|"
    r"GA|GY|GM|MH|MT|MZ|QX|RB|SB|SC|SF|SN|TB|TD|TY|WB|WH|WW|XF|YB|YC|YD|YS|YZ|ZY|CECS|CNAS|CMMI|T/[A-Z]{2,8}|Q/[A-Z]{2,8})"
    r"\s*(?:/\s*[TZJ]\s*)?-?\s*\d+(?:\.\d+)*(?:\s*[-:]\s*(?:19|20)\d\d)?(?![\d.]*\s*[%‰])(?:\s*[ⅠⅡⅢⅣⅤIV]{1,3}\s*类)?"
)
"""GB 3838-2002Ⅲ类, HJ 91.1, ISO 9001:2015: the number is the standard's name."""
_MAYBE_STANDARD = re.compile("[A-Z]")
_STAKE = re.compile(r"(?<![A-Za-z])[A-Z]?K\d+\+\d+(?:\.\d+)?")
"""K12+300: a stake on a road."""
_ROUND_THE_CLOCK = re.compile(r"7\s*[×*xX]\s*24\s*(?:小时)?")
_TITLE = re.compile(r"《[^《》]*》|[〔\[(]\s*20\d\d\s*[〕\])]\s*第?\s*\d+\s*号")
_QUOTED = re.compile(r"[“\"「『]([^“”\"「」『』]{1,40})[”\"」』]")
_MODEL = re.compile(r"(?:规格型号|品牌型号|型号|规格|品牌|车牌号?|序列号|版本号?)[为:]\s*[^，。；;()]{1,30}")
"""型号:DELL R740."""
RANK = re.compile(r"前\s*[\d一二三四五六七八九十百]+\s*(?:[名位强]|%?(?=$|[，。；,;)]))(?!\s*\d)")
"""`前3名`, `排名前30%`: a place among others, not an amount; the smaller, the better."""
_MAYBE_NAMED = re.compile('[《号“"「『]')
"""Every title and quoted name needs one of these."""
_MAYBE_MODEL = re.compile("[型格牌列版]")


def without_standards(text: str) -> str:
    """The text without the numbers of standards, which are names."""
    return _STANDARD.sub(" ", text) if _MAYBE_STANDARD.search(text) else text


def without_names(text: str) -> str:
    """The text without standards, titles and quoted names that hold a number."""
    text = without_standards(text)
    text = _STAKE.sub(" ", text) if "K" in text else text
    text = _ROUND_THE_CLOCK.sub("全天", text) if "24" in text else text
    text = _MODEL.sub(" ", text) if _MAYBE_MODEL.search(text) else text
    return _QUOTED.sub(quoted_name, _TITLE.sub(" ", text)) if _MAYBE_NAMED.search(text) else text


def quoted_name(match: re.Match[str]) -> str:
    """“3+5”工程 names something; “95%” alone is what is meant."""
    name = re.search(r"\d", match[1]) and not re.search("[%‰≥≤<>=]", match[1])
    alone = not (match.string[: match.start()] + match.string[match.end() :]).strip(" 。；;，,")
    return " " if name and not alone else match[1]
