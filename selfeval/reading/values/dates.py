"""Dates as people write them: days, months, quarters, years, and whether one says when something is due.

A bare month, quarter or year means its last day. Every pattern is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from selfeval.base.frozen import made_quickly

_YEAR = r"(?<!\d)((?:19|20)\d\d)"
_PART = r"(上旬|中旬|下旬|初|底|末)?"
_CLOCK = r"(?:\s*\d{1,2}(?::\d{2}(?::\d{2})?|[时点](?:\d{1,2}分)?))?"
_DAY = r"(\d{1,2})(?:\s*[日号]|(?=\s*(?:$|[,，。；;、)]|之?前|以前)))"
_TO = r"\s*(?:-{1,2}|~|至|到)\s*"
_MONTH_PARTS = {"上旬": 10, "初": 10, "中旬": 20}
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}

_YEARS = re.compile(rf"{_YEAR}\s*年?(?:度)?{_TO}((?:19|20)\d\d)\s*年(?!\s*\d)(?:度)?(底|末)?")
_YMD = re.compile(rf"{_YEAR}\s*年\s*(\d{{1,2}})\s*月\s*{_DAY}{_CLOCK}")
_ISO = re.compile(rf"(?<![\d.])((?:19|20)\d\d)([-/.])(\d{{1,2}})\2(\d{{1,2}})(?:T|\s)?{_CLOCK}(?![\d.])")
_MONTHS = re.compile(rf"(?:{_YEAR}\s*年(?:度)?\s*)?(?<![\d.])(\d{{1,2}}){_TO}(\d{{1,2}})\s*月(?:份)?(底|末)?(?!\s*\d)")
_YM = re.compile(rf"{_YEAR}\s*年\s*(\d{{1,2}})\s*月(?:份)?{_PART}")
_ISO_MONTH = re.compile(r"^((?:19|20)\d\d)[-/](\d{1,2})$")
_COMPACT = re.compile(r"^((?:19|20)\d\d)(\d{2})(\d{2})$")
_COMPACT_MONTH = re.compile(r"^((?:19|20)\d\d)(?:\.?(0[1-9]|1[0-2])|\.([2-9]))$")
_MD = re.compile(rf"(?<![\d.])(\d{{1,2}})\s*月\s*{_DAY}{_CLOCK}")
_QUARTER = re.compile(
    rf"(?:{_YEAR}\s*年(?:度)?\s*)?(?<!每)(?<![\d.个])(?:第\s*)?(?:[一二三1-3]{_TO})?([一二三四1-4])\s*季度\s*(底|末)?"
)
_HALF = re.compile(rf"(?:{_YEAR}\s*年(?:度)?\s*)?(?<!每)(上半年|下半年)(底|末)?")
_MONTH = re.compile(rf"(?<![\d.个])(\d{{1,2}})\s*月(?!\s*\d|龄)(?:份)?{_PART}")
_BARE_YEAR = re.compile(rf"{_YEAR}\s*年(?:度)?\s*(?:年)?(底|末)?")
MAYBE_MONTH = re.compile(r"(?:19|20)\d\d\.1|\d{1,2}[./-]\d{1,2}")
"""2021.1 may be January or October, 12.31 a day or a number."""
_ONLY_YEAR = re.compile(r"^((?:19|20)\d\d)$")

_MAYBE_DATED = re.compile(r"[年月季]|(?:19|20)\d\d[-/.]")
"""Every pattern of a date needs one of these."""

_NEXT_YEARS = {"上一年": -1, "上年": -1, "去年": -1, "本年": 0, "今年": 0, "当年": 0,
               "次年": 1, "翌年": 1, "明年": 1, "来年": 1, "下一年": 1, "下年": 1}  # fmt: skip
_RELATIVE = re.compile(
    rf"({'|'.join(_NEXT_YEARS)})(?:度)?(?=\s*(?:\d{{1,2}}\s*月|第?[一二三四1-4]季度|[上下]半年|年?[底末]))"
)
_Q = re.compile(r"(?<![A-Za-z])Q([1-4])(?!\d)")
SHORT_YEAR = re.compile(r"(?<![\d.])(\d\d)年(?=\s*(?:\d{1,2}\s*月|年?[底末](?:前|完成|$)))")

_MARK = re.compile(r"\s*(?:之前|以前|前|之内|以内|内|止|截止)")
_FROM = re.compile(r"\s*(?:起|开始|以来|以后|之后|后)")
_BASELINE = re.compile(r"(?:较|比|同|与|和|相比|对比|相较|相对|超过|高于|低于|多于|少于|达到|参照|对照|以)(?:于)?\s*$")
_LEAD = re.compile(
    r"(?:于|在|至|到|截至|截止|截止到|不晚于|不迟于|不得晚于|早于|预计|计划|确保|力争|时间|期限|时限|"
    r"日期)[:为是]?\s*$"
)
_DONE_WORDS = (
    "完成|完工|竣工|开工|动工|实施|执行|达成|办结|上线|验收|支付|交付|投入|建成|启用|运行|使用|发放|拨付|"
    "到位|结束|召开|印发|"
    "出台|提交|上报|报送|报告|启动|通车|采购|安装|搬迁|落实|下达|兑付|交货|供货|到货|结算|公开|公示|缴纳|"
    "兑现|按时|按期|如期|及时"
)
_DONE_SOON = re.compile(
    rf"\s*+(?:[,:]\s*+)?(?:全部|全面|基本|正式|已|应|须|需|实现|开展|组织|项目|工程|资金)*(?:{_DONE_WORDS})"
)
_DONE = re.compile(_DONE_WORDS)
_THIS_YEAR = re.compile(
    r"^(?:于|在|确保|保证|力争)?(?:当年|本年度|本年|年度内|年内|当年内|年底|年末|本年底|当年底|年终|"
    r"年度终了)(?:之|以)?(?:前|内|底)*"
    rf"(?:(?:全部|全面|按时|按期|及时)*(?:{_DONE_WORDS})[^\d]{{0,12}})?$"
)


@made_quickly
@dataclass(frozen=True, slots=True)
class Dated:
    """A date and where a clause names it; `day` None where the calendar has no such day.

    `span`: a year, half-year or quarter that may only say when something holds. `stated_year`: whether the year
    is written.
    """

    day: date | None
    stated_year: bool
    start: int
    end: int
    span: bool = False


def last_day(year: int, month: int) -> date | None:
    """The last day of a month, None where there is no such month."""
    if not 1 <= month <= 12:
        return None
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def real_day(year: int, month: int, day: int) -> date | None:
    """A date, None where the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_day(year: int, month: int, part: str | None) -> date | None:
    """The day a month's part ends on: 上旬 and 初 the 10th, 中旬 the 20th, else the last day."""
    inside = _MONTH_PARTS.get(part or "")
    return real_day(year, month, inside) if inside else last_day(year, month)


_DOTTED_SPAN = re.compile(
    r"(?<![\d.])((?:19|20)\d\d)\.(\d{1,2})(?:\.(\d{1,2}))?(\s*(?:-{1,2}|~|至|到)\s*)(?:((?:19|20)\d\d)\.)?(\d{1,2})(?:\.(\d{1,2}))?(?![\d.])"
)
_DOTTED_DAYS = re.compile(r"(\d{1,2})\.(\d{1,2})(\s*(?:-{1,2}|~|至|到)\s*)(\d{1,2})\.(\d{1,2})")
_DOTTED_MONTH = re.compile(r"(?<![\d.])((?:19|20)\d\d)\.(\d{1,2})(?=\s*(?:之前|以前|前|底|末|月))月?")
_DOTTED_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})(?=$|\s*(?:之前|以前|前|完成|完工|竣工))")
_SLASHED_DAY = re.compile(r"^(1[0-2]|0?[1-9])/(3[01]|[12]\d|0?[1-9])(?=[\u4e00-\u9fff])")
_BAD_YEAR = re.compile(r"(?<!\d)(?!(?:19|20)\d\d\s*年)\d{3,7}\s*年\s*\d{1,2}\s*月|\d[A-Za-z]\d*\s*年")
SERIAL = re.compile(r"[34]\d{4}(?:\.\d+)?")
"""45291 is how a spreadsheet keeps 2023-12-31: no date that a person wrote."""


def serial_day(words: str) -> str:
    """The day that a spreadsheet keeps as that number (ECMA-376, 18.17.4.1: days since 1899-12-30)."""
    return (date(1899, 12, 30) + timedelta(days=int(words.partition(".")[0]))).isoformat()


def undotted(text: str) -> str:
    """`2023.07-2024.01`, `3.1-11.30`, `2023.12前`, `12.20` with 年, 月 and 日, where a date is asked for."""
    if "." not in text:
        return text
    text = _DOTTED_SPAN.sub(_dotted_span, text)
    if match := _DOTTED_DAYS.fullmatch(text.strip()):
        return f"{match[1]}月{match[2]}日{match[3]}{match[4]}月{match[5]}日"
    return _DOTTED_MONTH.sub(r"\1年\2月", text)


def _dotted_span(match: re.Match[str]) -> str:
    """Both ends alike: months, or days; the second takes its year from the first."""
    year, month, day, to, second_year, *second = match.groups()
    if day is None and second_year:
        return match.group() if second[1] else f"{year}年{month}月{to}{second_year}年{second[0]}月"
    if day is None or second[1] is None:
        return match.group()
    return f"{year}年{month}月{day}日{to}{second_year or year}年{second[0]}月{second[1]}日"


def undotted_day(text: str) -> str:
    """The same, and `12.20` as a day, against a target that is one."""
    text = _SLASHED_DAY.sub(r"\1月\2日", text) if "/" in text else text
    if "." not in text:
        return text
    text = undotted(text)
    return _DOTTED_DAY.sub(r"\1月\2日", text) if _DOTTED_DAY.match(text.strip()) else text


def has_bad_year(text: str, year: int) -> bool:
    """`20223年12月`, `2O23年`: a year that is none; `12年12月` in 2023 is more likely a slip than 2012."""
    return "年" in text and bool(_BAD_YEAR.search(text) or has_far_year(text, year))


def has_far_year(text: str, year: int) -> bool:
    """Whether a year of two digits is neither the evaluation's nor the one before or after."""
    return any(abs(2000 + int(short[1]) - year) > 1 for short in SHORT_YEAR.finditer(text))


def with_years(text: str, year: int) -> str:
    """`次年3月`, `21年12月` and `2021年Q3` in full."""
    text = _Q.sub(r"第\1季度", text) if "Q" in text else text
    if "年" not in text:
        return text
    text = _RELATIVE.sub(lambda m: f"{year + _NEXT_YEARS[m[1]]}年", text)
    return SHORT_YEAR.sub(lambda m: f"20{m[1]}年", text)


Found = tuple[date | None, bool, bool]
"""What a pattern found: the day, whether its year is written, whether it is a span."""
Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], Found]]


def _rules(year: int, said: Callable[[int], int]) -> tuple[Rule, ...]:
    """The patterns in the order in which they take their text; `said`: the year holding at a position."""
    return (
        (_YEARS, lambda m: (last_day(int(m[2]), 12), True, not m[3])),
        (_YMD, lambda m: (real_day(int(m[1]), int(m[2]), int(m[3])), True, False)),
        (_ISO, lambda m: (real_day(int(m[1]), int(m[3]), int(m[4])), True, False)),
        (_MONTHS, lambda m: (last_day(int(m[1] or year), int(m[3])), bool(m[1]), not m[4])),
        (_YM, lambda m: (month_day(int(m[1]), int(m[2]), m[3]), True, False)),
        (_ISO_MONTH, lambda m: (last_day(int(m[1]), int(m[2])), True, False)),
        (_MD, lambda m: (real_day(said(m.start()), int(m[1]), int(m[2])), False, False)),
        (_QUARTER, lambda m: (last_day(int(m[1] or year), _QUARTERS[m[2]] * 3), bool(m[1]), not m[3])),
        (_HALF, lambda m: (last_day(int(m[1] or year), 6 if m[2] == "上半年" else 12), bool(m[1]), not m[3])),
        (_MONTH, lambda m: (month_day(said(m.start()), int(m[1]), m[2]), False, False)),
        (_BARE_YEAR, lambda m: (last_day(int(m[1]), 12), True, not m[2])),
    )


def dates_in(clause: str, year: int, *, digits: bool = True) -> list[Dated]:
    """Every date written in a clause, in order; a month or quarter without a year is of `year`.

    `digits`: whether `20211231` is a date too (where a date is asked for, not where things are counted).
    """
    whole = compact_date(clause) if digits and len(clause) == 8 else None
    if whole:
        return [whole]
    dated: list[Dated] = []
    taken = clause

    def said(position: int) -> int:
        """The year of a month without one: that of a date before it in the clause, else the evaluation's."""
        before = [d.day.year for d in dated if d.stated_year and d.day and d.start < position]
        return before[-1] if before else year

    for pattern, read in _rules(year, said) if _MAYBE_DATED.search(clause) else ():
        matches = list(pattern.finditer(taken))
        for match in matches:
            day, stated, span = read(match)
            dated.append(Dated(day, stated, match.start(), match.end(), span))
        taken = pattern.sub(lambda m: "\0" * len(m.group()), taken) if matches else taken
    return sorted(dated, key=lambda d: d.start)


def compact_date(text: str) -> Dated | None:
    """`20211231`, `202112`, `2021.12`, `2021`: dates only where a date is asked for."""
    if match := _COMPACT.match(text):
        day = real_day(int(match[1]), int(match[2]), int(match[3]))
        return Dated(day, stated_year=True, start=0, end=len(text))
    if match := _COMPACT_MONTH.match(text):
        day = last_day(int(match[1]), int(match[2] or match[3]))
        return Dated(day, stated_year=True, start=0, end=len(text))
    if match := _ONLY_YEAR.match(text):
        return Dated(last_day(int(match[1]), 12), stated_year=True, start=0, end=len(text), span=True)
    return None


def is_due(clause: str, dated: Dated) -> bool:
    """Whether a date says by when; `2021年度部门决算` and `较2020年` only name a year."""
    before, after = clause[: dated.start][-20:], clause[dated.end :]
    if _BASELINE.search(before) or _FROM.match(after):
        return False
    if _MARK.match(after) or not after.strip(" .。)）"):
        return True
    if dated.span:
        return bool(_DONE_SOON.match(after))
    return bool(_DONE.search(after) or _LEAD.search(before))


def is_limit(clause: str, dated: Dated) -> bool:
    """Whether a date is named as the latest day (12月31日前), not as the day itself."""
    return bool(_MARK.match(clause, dated.end))


def starts_something(clause: str, dated: Dated) -> bool:
    """`自2021年6月1日起`: the day something begins, which is no deadline."""
    return not dated.span and bool(_FROM.match(clause, dated.end))


def is_this_year(clause: str) -> bool:
    """`当年完成`, `年底前`: the year's last day."""
    return bool(_THIS_YEAR.match(clause))
