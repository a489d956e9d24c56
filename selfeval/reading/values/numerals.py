"""Characters and numerals: full-width forms as plain ones, 百分之九十五 and 至少一次 in digits.

Only what is certainly a quantity is turned into digits: 一次性, 统一 and 三大 stay words.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from selfeval.base.exact import plain, rounded
from selfeval.base.memo import remembered
from selfeval.base.text import _FOLD, _INVISIBLE, _ONE_SIGN_UNITS
from selfeval.reading.values.units import NAMED

_FOLD |= str.maketrans(
    "％﹪．－−﹣–—―‐‑─＋﹢／∕＝﹦═＞﹥＜﹤≧⩾≦⩽（﹙）﹚［］～∼〜˜：∶﹕＊∗⁄・‧＄￥＿｜＾µ",
    "%%.---------++//===>><<≥≥≤≤(())[]~~~~:::**/··$¥_|^μ",
)
_FOLD[0xFFE1] = "£"
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
    r"(?<=[于过到达率约比成位付放拨])([一二两三四五六七八九]|\d)成(?=$|以[上下内]|左右|[，,。；;])"
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
_SHARE_DIGITS = 12
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
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬億圆", "一二三四五六七八九十百千万亿元")
_FORMAL_RUN = re.compile(
    r"[零壹贰叁肆伍陆柒捌玖拾佰仟萬億万亿]{1,20}[元圆](?:整|正)?|[壹贰叁肆伍陆柒捌玖拾](?=[期次场个名人户件台套])|[壹贰叁肆伍陆柒捌玖][零壹贰叁肆伍陆柒捌玖拾佰仟萬億万亿]{1,20}"
)
_ONE = "[一二两三四五六七八九]"
_LATER = "[零〇一二两三四五六七八九十百千万亿]"
_LAST = "[十百千万亿零〇一二两三四五六七八九]"
_WHOLE = rf"(?:{_ONE}|十){_LATER}{{0,15}}{_LAST}(?:点[零一二三四五六七八九]{{1,6}})?|十"
_UNITS = "|".join(re.escape(name) for name in NAMED if len(name) > 1 or "\u4e00" <= name <= "\u9fff" or name == "%")
_PLACED = re.compile(
    rf"(?<![第几数上零〇一二两三四五六七八九十百千万亿点分\d.])({_WHOLE})(?=(?:[余多来]?(?:万|亿)?(?:{_UNITS}))|$)"
)
_PLAIN = re.compile(
    rf"((?:^|(?<=[,，。；;、:])|(?<=[开创拍购修][设作摄置建])(?!.期)|(?<=[改建制获取引][造成作得进])(?!.期))\s*)"
    rf"({_ONE})(?=(?:名|次|场|期|册|套|台|座|条|户|家|所|辆|篇|项|人|起|村|批次|门(?!诊|类)|"
    r"(?:份|件|例|处|本|部|栋|间|支|首|盏|幅)(?=$|[，。；;、)])|"
    r"个(?:村|乡|镇|县|区|社区|项目|点|站|单位|部门|学校|企业|标段|中心|街道|班|批次|课题|品牌|平台|系统|园区|基地|场所))"
    r"(?![性级流个]))"
)
_TWO = "一二|二三|两三|三四|四五|五六|六七|七八|八九|三五"
_NEIGHBOURS = re.compile(
    rf"(?<![第零〇一二两三四五六七八九十百千万亿])({_ONE}?十)?({_TWO})([十百千万]?)(?=万?(?:{_UNITS}))(?!期间|时期)"
)
_ONCE = re.compile(rf"一个?(年|季度|季|月|周|天)(?=(?:{_ONE}|十|\d)[次期场])")
_QUARTERS = re.compile("[二三四]季度")
"""一季度1次、二季度2次: the first quarter, not every one."""
_POINT_LOST = re.compile(r"(?<=\d)\.(?=\s*[%‰])")
_SIGN_TWICE = re.compile(r"([%‰])\s*[%‰]+")
_SPACED_OUT = re.compile(r"(?<=\d)\s*[\u4e00-\u9fff](?: [\u4e00-\u9fff]){1,4}(?![\u4e00-\u9fff])")
_YUAN_CODE = re.compile(r"(?:RMB|CNY)\s*(?=\d)")
_BELOW_ZERO = re.compile(r"负\s*(?=\d)")
_MIXED = re.compile(r"(?<![\d.])(\d{1,4})个?(天|小时|分)(?:又|零)?(\d{1,2})个?(小时|分钟?|秒)(?!之)")
_MINUTES = {"天": 1440, "小时": 60, "分": 1}
_MAYBE_WORDS = re.compile("[零〇一二两三四五六七八九十百千万亿分成半余多来壹贰叁肆伍陆柒捌玖拾佰仟]")
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
            if current:
                return None  # 十二三: two neighbouring digits are no number
            current = _DIGITS[char]
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


def mended(text: str) -> str:
    """Slips of the hand that leave no doubt: `90.%`, `95%%`, `300 公 里`; 负3 is -3. `text` must be folded."""
    text = _SIGN_TWICE.sub(r"\1", _POINT_LOST.sub("", text)) if "%" in text or "‰" in text else text
    text = _SPACED_OUT.sub(lambda m: m.group().replace(" ", ""), text) if " " in text else text
    text = _MIXED.sub(one_length, text) if "小时" in text or "秒" in text else text
    text = _YUAN_CODE.sub("", text) if "RMB" in text or "CNY" in text else text
    return _BELOW_ZERO.sub("-", text) if "负" in text else text


def one_length(match: re.Match[str]) -> str:
    """2小时30分钟 → 150分钟, 8分30秒 → 510秒; what does not follow on stays."""
    big, small = match[2], match[4].rstrip("钟")
    if (big, small) == ("分", "秒"):
        return f"{int(match[1]) * 60 + int(match[3])}秒"
    if (big, small) not in {("小时", "分"), ("天", "小时")}:
        return match.group()
    minutes = int(match[1]) * _MINUTES[big] + int(match[3]) * _MINUTES[small]
    return f"{minutes // 60}小时" if small == "小时" else f"{minutes}分钟"


@remembered
def in_digits(text: str) -> str:
    """Quantities and dates in words as digits; words that are not quantities stay. `text` must be folded."""
    text = mended(text)
    if not _MAYBE_WORDS.search(text):
        return text
    text = _FORMAL_RUN.sub(formal, text)
    text = text if _QUARTERS.search(text) else _ONCE.sub(r"每\1", text)
    text = _YEAR_WORDS.sub(lambda m: "".join(str(_DIGITS.get(c, 0)) for c in m[1]), text)
    text = _MONTH_WORDS.sub(lambda m: str(chinese_number(m[1] or m[2])), text)
    text = _DAY_WORDS.sub(lambda m: str(chinese_number(m[1])), text)
    text = _TENTHS.sub(tenths, _PART_OF.sub(part_of, _PER.sub(per, text)))
    text = _HALF_OF.sub(r"\g<1>0.5", _ZERO.sub(r"\g<1>0", text))
    text = _COUNTED.sub(counted, _SPAN.sub(span, _NEIGHBOURS.sub(neighbours, text)))
    text = _PLAIN.sub(counted, _PLACED.sub(placed, text))
    return _ABOUT_HOURS.sub(r"逾\1个", _ABOUT_INSIDE.sub(lambda m: f"逾{m[1] or m[2]}", text))


def formal(match: re.Match[str]) -> str:
    """壹拾万元整 → 十万元: the numerals of cheques as the usual ones."""
    return match.group().translate(_FORMAL).rstrip("整正")


def placed(match: re.Match[str]) -> str:
    """六百七十六 → 676, wherever it stands before a unit."""
    number = chinese_number(match[1])
    return match.group() if number is None else f"{number:f}"


def neighbours(match: re.Match[str]) -> str:
    """两三个 → 2~3个, 两三百 → 200~300: two neighbouring digits are a range."""
    before = chinese_number(match[1]) if match[1] else Decimal(0)
    times = _TENS.get(match[3], _BIG.get(match[3], 1))
    if before is None or (before and times > 1):
        return match.group()
    low, high = (before + _DIGITS[digit] * times for digit in match[2])
    return f"{low:f}~{high:f}"


def per(match: re.Match[str]) -> str:
    """百分之九十五 → 95%, 百分之九十至九十五 → 90%-95%."""
    sign, low = _PER_SIGN[match[1]], number_of(match[2])
    high = number_of(match[4]) if match[4] else None
    if low is None or (match[4] and high is None):
        return match.group()
    return f"{low:f}{sign}" + (f"-{high:f}{sign}" if high is not None else "")


def part_of(match: re.Match[str]) -> str:
    """四分之三 → 75%; 三分之二 to twelve decimals, as any conversion that does not end."""
    below, above = number_of(match[1]), number_of(match[2])
    if not below or above is None or above > below:
        return match.group()
    share = Fraction(above) / Fraction(below) * 100
    return f"{Decimal(plain(rounded(share, _SHARE_DIGITS)))}%"


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
