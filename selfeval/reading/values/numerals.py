"""Characters and numerals: full-width forms as plain ones, 百分之九十五 and 至少一次 in digits.

Only what is certainly a quantity is turned into digits: 一次性, 统一 and 三大 stay words.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from selfeval.base.text import _FOLD, _INVISIBLE, _ONE_SIGN_UNITS

_FOLD |= str.maketrans(
    "％﹪．－−﹣–—―‐‑─＋﹢／∕＝﹦═＞﹥＜﹤≧⩾≦⩽（﹙）﹚［］～∼〜˜：∶﹕＊∗⁄・‧＄￥＿｜＾µ",
    "%%.---------++//===>><<≥≥≤≤(())[]~~~~:::**/··$¥_|^μ",
)
_FOLD |= {ord(sign): unit for sign, unit in _ONE_SIGN_UNITS.items()}
_FOLD |= dict.fromkeys((0x09, 0x0B, 0x0C, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
_FOLD |= dict.fromkeys(_INVISIBLE, None)

_DIGITS = dict(zip("零〇○一二两三四五六七八九", (0, 0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_TENS = {"十": 10, "百": 100, "千": 1000}
_BIG = {"万": 10**4, "亿": 10**8}
_NUMERAL = "[零〇一二两三四五六七八九十百千万亿]{1,12}"
_SMALL = "[零〇一二两三四五六七八九十百点]{1,12}"

_PER = re.compile(
    rf"(百|千|万)分之(\d{{1,6}}(?:\.\d{{1,6}})?|{_SMALL})(?:(至|到|-|~)(?:\1分之)?(\d{{1,6}}(?:\.\d{{1,6}})?|"
    rf"{_SMALL}))?"
)
_PER_SIGN = {"百": "%", "千": "‰", "万": "‱"}
_PART_OF = re.compile(r"([一二两三四五六七八九]|\d{1,3})分之([一二两三四五六七八九]|\d{1,3})")
_TENTHS = re.compile(
    r"(?<![\u4e00-\u9fff\d.])([一二两三四五六七八九]|\d)成(?=$|以[上下内]|左右|[，,。；;])|"
    r"(?<=[于过到达率约比])([一二两三四五六七八九]|\d)成(?=$|以[上下内]|左右|[，,。；;])"
)
_COUNTER = (
    "个月|个季度|个工作日|小时|分钟|人次|人|万元|元|个|次|场|期|家|名|项|套|台|份|篇|件|户|起|例|天|年|月|周|条|"
    "处|所|座|辆|亩|公里|米|吨|批次|平方米|倍"
)
_COUNTED = re.compile(
    rf"((?:^|至少|不少于|不低于|不小于|最少|达到|不超过|不多于|不高于|至多|最多|超过|≥|≤|>|<|=|[，,。；;]|"
    rf"每年|全年|每月|每季度?|每周|年度|共|共计|"
    rf"召开|举办|开展|组织|完成|培训|建设|新建|新增|建成|检查|巡查|编制|出台|跑|"
    rf"在)\s*)({_NUMERAL})(?=(?:{_COUNTER})(?:$|[，,。；;)]|以[上下内]|及以上|左右|内(?![容部]|"
    rf"[\u4e00-\u9fff]容)|完成|办结|修复|到达|/))"
)
_SPAN = re.compile(rf"([一二两三四五六七八九十]{{1,3}})(至|到|-|~)([一二两三四五六七八九十]{{1,3}})(?=(?:{_COUNTER}))")
_HALF_OF = re.compile(r"(^|[在约过于≤<=]|不超过|[，,。；;])半(?=个月|个小时|小时|年[内以]|年$|天)")
_ZERO = re.compile(r"(^|为|是|于|=|保持)零(?=(?:起|次|例|宗|人|件)?(?:$|[，,。；;]))")
_ABOUT_INSIDE = re.compile(
    r"(?<![\d.,])(\d[\d.,]*)\s*(?:余|多|来)(?=[万亿千百十]|\s*[\u4e00-\u9fff]{1,3})|"
    r"(?<![\d.,])(\d[\d.,]*\s*[万亿千百]{1,2})(?:余|多)"
)
_ABOUT_HOURS = re.compile(r"(?<![\d.,])(\d+)\s*个多(?=月|小时|星期)")
_YEAR_WORDS = re.compile(r"([一二][〇○零一二九OＯ0][〇○零一二三四五六七八九OＯ0]{2})(?=年)")
_MONTH_WORDS = re.compile(
    r"(?<![\u4e00-\u9fff个])(十[一二]?|[一二三四五六七八九])(?=月(?:份|底|末|初|[上中下]旬|之?前|以前|"
    r"[\d一二三四五六七八九十]{1,3}[日号]|$))|(?<=年)(十[一二]?|[一二三四五六七八九])(?=月)"
)
_MAYBE_WORDS = re.compile("[零〇一二两三四五六七八九十百千万亿分成半余多来]")
"""Every pattern of a quantity in words needs one of these."""
_DAY_WORDS = re.compile(r"(?<=月)([一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?=[日号])")


def chinese_number(text: str) -> Decimal | None:
    """九十五 → 95, 九十九点五 → 99.5, 三万二千 → 32000; None where it is no number."""
    whole, point, decimals = text.partition("点")
    tail = "".join(str(_DIGITS.get(c, "?")) for c in decimals)
    if not whole or "?" in tail or bool(point) != bool(tail):
        return None
    total = section = current = 0
    for char in whole:
        if char in _DIGITS:
            current = current * 10 + _DIGITS[char]
        elif char in _TENS:
            section += (current or 1) * _TENS[char]
            current = 0
        else:
            total = (total + section + current or 1) * _BIG[char]
            section = current = 0
    return Decimal(f"{total + section + current}" + (f".{tail}" if tail else ""))


def number_of(text: str) -> Decimal | None:
    """A number in digits or in words."""
    return Decimal(text) if text[:1].isdigit() else chinese_number(text)


def in_digits(text: str) -> str:
    """Quantities and dates in words as digits; words that are not quantities stay. `text` must be folded."""
    if not _MAYBE_WORDS.search(text):
        return text
    text = _YEAR_WORDS.sub(lambda m: "".join(str(_DIGITS.get(c, 0)) for c in m[1]), text)
    text = _MONTH_WORDS.sub(lambda m: str(chinese_number(m[1] or m[2])), text)
    text = _DAY_WORDS.sub(lambda m: str(chinese_number(m[1])), text)
    text = _TENTHS.sub(tenths, _PART_OF.sub(part_of, _PER.sub(per, text)))
    text = _HALF_OF.sub(r"\g<1>0.5", _ZERO.sub(r"\g<1>0", text))
    text = _COUNTED.sub(counted, _SPAN.sub(span, text))
    return _ABOUT_HOURS.sub(r"逾\1个", _ABOUT_INSIDE.sub(lambda m: f"逾{m[1] or m[2]}", text))


def per(match: re.Match[str]) -> str:
    """百分之九十五 → 95%, 百分之九十至九十五 → 90%-95%."""
    sign, low = _PER_SIGN[match[1]], number_of(match[2])
    high = number_of(match[4]) if match[4] else None
    if low is None or (match[4] and high is None):
        return match.group()
    return f"{low:f}{sign}" + (f"-{high:f}{sign}" if high is not None else "")


def part_of(match: re.Match[str]) -> str:
    """四分之三 → 75%; a fraction that does not end (三分之二) stays as it is written."""
    below, above = number_of(match[1]), number_of(match[2])
    if not below or above is None or above > below:
        return match.group()
    share = Fraction(above) / Fraction(below) * 100
    ends = 10**6 % share.denominator == 0
    return f"{Decimal(share.numerator) / share.denominator:f}%" if ends else match.group()


def tenths(match: re.Match[str]) -> str:
    """九成 → 90%."""
    number = number_of(match[1] or match[2])
    return match.group() if number is None else f"{number * 10:f}%"


def span(match: re.Match[str]) -> str:
    """一至两次 → 1至2次."""
    return f"{chinese_number(match[1])}{match[2]}{chinese_number(match[3])}"


def counted(match: re.Match[str]) -> str:
    """至少一次 → 至少1次."""
    number = chinese_number(match[2])
    return match.group() if number is None else f"{match[1]}{number:f}"
