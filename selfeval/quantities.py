"""What a clause of Chinese text measures: numbers, units, comparators and dates, exactly.

`values.py` decides what a cell means; this module only finds what is written. Every pattern is linear in
the length of the text (no nested repeats), and callers cap that length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from selfeval.units import BARE, PERCENT, Unit, skip_blanks, unit_at

MAX_DIGITS = 30

_FOLD = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)}  # full-width digits
_FOLD |= {code: code - 0xFEE0 for code in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_FOLD |= str.maketrans(
    "％．－＋／＝＞＜（）～：﹪≧≦⩾⩽═﹤﹥−–—＊\u00a0\u3000\u2002\u2003",
    "%.-+/=><()~:%≥≤≥≤=<>---*    ",
)
_INVISIBLE = "\ufeff\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060"
_FOLDED = {**_FOLD, **{ord(mark): None for mark in _INVISIBLE}}

_NUMBER = re.compile(r"\d{1,3}(?:[,，]\d{3})+(?![\d])(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+")
_CLAUSE_END = re.compile(r"[；;。！!\n\r]|[，、,](?!\d{3}(?!\d))|(?<!\d)[，,](?=\d{3})")
_LIST_NUMBER = re.compile(r"(^|[；;。\n])\s*(?:\(\d{1,2}\)|\d{1,2}(?:[、)]|\.(?!\d)))")
_BRACKETS = re.compile(r"\([^()]*\)")
_JOINED = re.compile(r"\s*(?:-{1,2}|~|至|到)\s*")
_PRODUCT = re.compile(r"\d\s*[^\d\s×*]{0,3}\s*[×*]\s*\d")
_ROUND_THE_CLOCK = re.compile(r"7\s*[×xX*]\s*24\s*(?:小时|h)?|24\s*小时\s*(?=在线|服务|值守|不间断|自助|畅通|值班|开放|全天|运行)")

_SIGN = re.compile(r"(>=|=>|<=|=<|≥|≤|>|<|=)\s*$")
SIGNS = {">=": "≥", "=>": "≥", "<=": "≤", "=<": "≤"}
_BEFORE = (
    ("≥", "不低于|不少于|不小于|不得低于|不得少于|不应低于|不应少于|大于或等于|大于等于|高于或等于|高于等于|至少|最少|达到|达|提高到|提高至|"
          "提升到|提升至|增加到|增加至|增长到|增长至|保持在"),
    ("≤", "不高于|不超过|不大于|不多于|不得超过|不得高于|不得多于|不应超过|不应高于|小于或等于|小于等于|低于或等于|低于等于|未超过|不超出|不超|"
          "至多|最多|控制在|控制到|控制于|降低到|降低至|下降到|下降至|减少到|减少至|压减到|压减至|压缩到|压缩至|降至|降到|减至"),
    (">", "高于|大于|超过|超出|多于|突破"),
    ("<", "低于|小于|少于|不足|不到|未达到|未达"),
    ("=", "等于"),
)  # fmt: skip
_BEFORE_PATTERNS = tuple((sign, re.compile(rf"(?:{words})(?:了)?[为在:]?\s*约?\s*$")) for sign, words in _BEFORE)
_AFTER = (
    ("≥", re.compile(r"\s*(?:\(含\))?\s*(?:及|或|和)?(?:以上|之上)(?:\(含[^)]*\))?")),
    ("≤", re.compile(r"\s*(?:\(含\))?\s*(?:及|或|和)?(?:以内|之内|以下|之下|内)(?:\(含[^)]*\))?")),
)
_UP = re.compile(r"(?:提升|提高|增长|增加|上升|增幅|增速|新增|同比增|增)(?:了|约|率|幅|幅度)?(?:为|达|达到|:)?\s*$")
_DOWN = re.compile(r"(?:降低|下降|减少|减|压减|压缩|节约|节省|缩短|降幅|减幅|降)(?:了|约|率|幅|幅度)?(?:为|达|达到|:)?\s*$")
_ABOUT = re.compile(r"\s*(?:左右|上下)")

_DIGITS = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_PER_CENT = re.compile(r"百分之([零〇一二两三四五六七八九十百点]{1,12})")
_WORD_NUMBER = re.compile(
    r"((?:至少|不少于|不低于|最少|达到|不超过|至多|最多|^)\s*(?:每年|全年|年度)?\s*(?:召开|举办|开展|组织|完成|培训)?\s*)"
    r"([一二两三四五六七八九十百]{1,5})(?=个|次|场|期|家|人|项|套|台|份|篇|件|户|批)"
)


def fold(text: str) -> str:
    """Full-width digits and signs as plain ones, invisible marks removed; punctuation stays Chinese."""
    return text.translate(_FOLDED)


@dataclass(frozen=True, slots=True)
class Comparator:
    """A comparison and the words or sign that say it."""

    sign: str
    words: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, in the base unit (`value`); `upper` for a range. `trend` +1 rising, -1 falling."""

    value: Decimal
    unit: Unit
    label: str
    comparator: Comparator | None = None
    upper: Decimal | None = None
    trend: int = 0
    about: bool = False
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day a text names. A bare year or month means its last day; `stated_year` whether the year is written."""

    day: date
    label: str
    stated_year: bool


Measure = Quantity | Deadline


@dataclass(frozen=True, slots=True)
class Findings:
    """All that a text measures; `unclear` are clauses whose numbers could not be told apart."""

    measures: tuple[Measure, ...]
    words: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()


# ── numbers in Chinese words ──────────────────────────────────────────────────────────────────


def chinese_number(text: str) -> Decimal | None:
    """九十五 → 95, 九十九点五 → 99.5; None where it is not a number below 1000."""
    whole, _, decimals = text.partition("点")
    total = current = 0
    for char in whole:
        if char in _DIGITS:
            current = current * 10 + _DIGITS[char]
        else:
            total += (current or 1) * {"十": 10, "百": 100}[char]
            current = 0
    tail = "".join(str(_DIGITS.get(c, "")) for c in decimals)
    return Decimal(f"{total + current}" + (f".{tail}" if tail else "")) if whole else None


def digits_for_words(text: str) -> str:
    """百分之九十五 → 95%, 至少一次 → 至少1次; words that are not quantities stay."""

    def per_cent(match: re.Match[str]) -> str:
        number = chinese_number(match.group(1))
        return match.group() if number is None else f"{number:f}%"

    def counted(match: re.Match[str]) -> str:
        number = chinese_number(match.group(2))
        return match.group() if number is None else f"{match.group(1)}{number:f}"

    return _WORD_NUMBER.sub(counted, _PER_CENT.sub(per_cent, text))


# ── dates ─────────────────────────────────────────────────────────────────────────────────────

_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_YMD = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]")
_ISO = re.compile(r"(?<![\d.])((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?(?![\d.])")
_COMPACT = re.compile(r"^((?:19|20)\d\d)(\d{2})(\d{2})$")
_YM = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年\s*(\d{1,2})\s*月(?!\s*\d{1,2}\s*[日号])(?:份)?\s*(上旬|中旬|下旬|初|底|末)?")
_ISO_MONTH = re.compile(r"^((?:19|20)\d\d)[-/](\d{1,2})$")
_MD = re.compile(r"(?<!\d)(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]")
_M = re.compile(r"(?<![\d个.])(\d{1,2})\s*月(?!\s*\d)(?:份)?\s*(上旬|中旬|下旬|初|底|末|前|之前|以前|内)?")
_YQ = re.compile(r"(?:(?<!\d)((?:19|20)\d\d)\s*年)?\s*第?\s*([一二三四1-4])\s*季度\s*(底|末|前|之前|以前|内)")
_YH = re.compile(r"(?:(?<!\d)((?:19|20)\d\d)\s*年)?\s*(上半年|下半年)")
_Y = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年(?:度)?\s*(底|末|年底|年末|内)?")
_THIS_YEAR = re.compile(
    r"^(?:于|在|确保|保证)?(?:当年|本年度|本年|年度内|年内|当年内|年底|年末|本年底|当年底|年终)(?:之)?(?:前|内|底)?"
    r"(?:按时|全部|全面)?(?:完成|完工|竣工|实施|执行|达成|办结|上线|验收|支付)?[^\d，。；,;]{0,12}$"
)
_MONTH_PARTS = {"上旬": 10, "初": 10, "中旬": 20}


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


@dataclass(frozen=True, slots=True)
class _Dated:
    day: date | None
    stated_year: bool
    start: int
    end: int
    bare_year: bool = False


def dates_in(clause: str, year: int) -> list[_Dated]:
    """Every date written in a clause, in order; a month or quarter without a year is of `year`."""
    taken = clause
    dated: list[_Dated] = []

    def keep(match: re.Match[str], day: date | None, *, stated: bool, bare: bool = False) -> str:
        dated.append(_Dated(day, stated, match.start(), match.end(), bare))
        return "\0" * len(match.group())

    def month_part(y: int, m: int, part: str | None) -> date | None:
        inside = _MONTH_PARTS.get(part or "")
        return real_day(y, m, inside) if inside else last_day(y, m)

    rules = (
        (_YMD, lambda m: keep(m, real_day(int(m[1]), int(m[2]), int(m[3])), stated=True)),
        (_ISO, lambda m: keep(m, real_day(int(m[1]), int(m[2]), int(m[3])), stated=True)),
        (_COMPACT, lambda m: keep(m, real_day(int(m[1]), int(m[2]), int(m[3])), stated=True)),
        (_YM, lambda m: keep(m, month_part(int(m[1]), int(m[2]), m[3]), stated=True)),
        (_ISO_MONTH, lambda m: keep(m, last_day(int(m[1]), int(m[2])), stated=True)),
        (_MD, lambda m: keep(m, real_day(said(dated, m, year), int(m[1]), int(m[2])), stated=False)),
        (_YQ, lambda m: keep(m, last_day(int(m[1] or year), _QUARTERS[m[2]] * 3), stated=bool(m[1]))),
        (_YH, lambda m: keep(m, last_day(int(m[1] or year), 6 if m[2] == "上半年" else 12), stated=bool(m[1]))),
        (_M, lambda m: keep(m, month_part(said(dated, m, year), int(m[1]), m[2]), stated=False)),
        (_Y, lambda m: keep(m, last_day(int(m[1]), 12), stated=True, bare=not m[2])),
    )
    for pattern, handler in rules:
        taken = pattern.sub(handler, taken)
    return sorted(dated, key=lambda d: d.start)


def said(dated: list[_Dated], match: re.Match[str], year: int) -> int:
    """The year of a month without one: that of a date before it in the clause, else the evaluation's."""
    before = [d.day.year for d in dated if d.stated_year and d.day and d.start < match.start()]
    return before[-1] if before else year


# ── clauses ───────────────────────────────────────────────────────────────────────────────────


def clauses(text: str) -> list[str]:
    """The text cut at punctuation; thousands separators stay, list numbers and remarks in brackets go."""
    kept = _BRACKETS.sub(unit_in_brackets, _LIST_NUMBER.sub(r"\1", text))
    return [part.strip() for part in _CLAUSE_END.split(kept) if part and part.strip()]


def unit_in_brackets(match: re.Match[str]) -> str:
    """`98(百分比)` keeps its unit; any other remark in brackets is left out."""
    inner = match.group()[1:-1].strip()
    unit, end = unit_at(inner, 0)
    before = match.string[: match.start()].rstrip()
    return inner if unit is not BARE and end == len(inner) and before[-1:].isdigit() else " "


def measures_in(text: str, year: int) -> Findings:
    """Everything a text measures, clause by clause. `text` must be folded."""
    measures: list[Measure] = []
    words: list[str] = []
    unclear: list[str] = []
    for clause in clauses(digits_for_words(text)):
        found = clause_measures(clause, year)
        if found is None:
            unclear.append(clause)
        elif found:
            measures += found
        else:
            words.append(clause)
    return Findings(tuple(measures), tuple(words), tuple(unclear))


def clause_measures(clause: str, year: int) -> list[Measure] | None:
    """What one clause measures: nothing, one thing (or a rate and a date), or None where it is unclear."""
    clause = _ROUND_THE_CLOCK.sub("全天", clause)
    if _PRODUCT.search(clause):
        return None
    dated = dates_in(clause, year)
    blanked = clause
    for item in dated:
        blanked = blanked[: item.start] + "\0" * (item.end - item.start) + blanked[item.end :]
    quantities = pick(quantities_in(blanked))
    if quantities is None or any(d.day is None for d in dated):
        return None
    # A bare year beside a number only says when the number holds.
    due = [d for d in dated if not (d.bare_year and quantities)]
    found: list[Measure] = list(quantities)
    if due and due[-1].day:
        found.append(Deadline(due[-1].day, tidy_label(clause[: due[0].start]), due[-1].stated_year))
    if not found and _THIS_YEAR.match(clause):
        found.append(Deadline(date(year, 12, 31), "", stated_year=False))
    return found


def pick(quantities: list[Quantity]) -> list[Quantity] | None:
    """The one quantity of a clause; with several, the one that is compared; None where that leaves a choice."""
    if len(quantities) <= 1:
        return quantities
    compared = [q for q in quantities if q.comparator or q.trend]
    if len(compared) == 1:
        return compared
    return bounds(compared) if len(compared) == 2 else None  # noqa: PLR2004


def bounds(pair: list[Quantity]) -> list[Quantity] | None:
    """`≥5且≤10` is a range."""
    low, high = pair
    if not low.comparator or not high.comparator or low.unit.base not in {"", high.unit.base}:
        return None
    if low.comparator.sign not in "≥>" or high.comparator.sign not in "≤<" or low.value > high.value:
        return None
    return [Quantity(low.value, high.unit, low.label, None, high.value)]


def quantities_in(clause: str) -> list[Quantity]:
    """Every number of a clause that measures something: compared, with a unit, or standing at the end."""
    found: list[Quantity] = []
    position = previous = 0
    while match := _NUMBER.search(clause, position):
        position = match.end()
        negative = is_negative(clause, match.start())
        start = match.start() - negative
        if re.search(r"[A-Za-z第#]$", clause[:start]) and not _SIGN.search(clause[:start]):
            continue  # part of a name: C919, 第3
        if len(match.group()) > MAX_DIGITS:
            continue
        first = Decimal(re.sub("[,，]", "", match.group())) * (-1 if negative else 1)
        unit, end = unit_at(clause, match.end())
        upper, unit, end = upper_bound(clause, unit, end)
        if upper is None and not measures_something(clause, start, unit, end):
            continue
        found.append(quantity(clause, previous, start, first, upper, unit, end))
        position = previous = max(end, match.end())
    return found


def is_negative(clause: str, start: int) -> bool:
    """Whether a minus stands before a number and is not a dash between two things."""
    if start == 0 or clause[start - 1] != "-":
        return False
    before = clause[: start - 1]
    said = _UP.search(before) or _DOWN.search(before) or sign_before(before) or comparator_before(before)
    return bool(said) or not re.search(r"[\w%)]\s*$", before)


def upper_bound(clause: str, unit: Unit, end: int) -> tuple[Decimal | None, Unit, int]:
    """The second number of `5-10年`, `80%~90%`, with the unit that holds for both."""
    joined = _JOINED.match(clause, end)
    number = _NUMBER.match(clause, skip_blanks(clause, joined.end())) if joined else None
    if number is None or len(number.group()) > MAX_DIGITS:
        return None, unit, end
    after, stop = unit_at(clause, number.end())
    shared = after if after is not BARE else unit
    return Decimal(re.sub("[,，]", "", number.group())) * shared.scale, shared, stop


_NAME_GOES_ON = re.compile(r"(?:大|号|字|[A-Za-z+]|[\u4e00-\u9fff])")
def measures_something(clause: str, start: int, unit: Unit, end: int) -> bool:
    """Whether a number is a quantity: `12329热线` and `6大渠道` are names."""
    before, after = clause[:start], clause[end:]
    if unit is not BARE or _SIGN.search(before) or comparator_before(before):
        return True
    return not _NAME_GOES_ON.match(after.lstrip()) or bool(_AFTER[0][1].match(after) or _AFTER[1][1].match(after))


def quantity(
    clause: str, previous: int, start: int, first: Decimal, upper: Decimal | None, unit: Unit, end: int
) -> Quantity:
    """A quantity with its comparator, label and trend from the words around it."""
    before, after = clause[previous:start], clause[end:]
    after_sign = next(((sign, m) for sign, p in _AFTER if (m := p.match(after))), None)
    comparator = sign_before(before) or (
        Comparator(after_sign[0], after_sign[1].group().strip()) if after_sign else comparator_before(before)
    )
    rising, falling = bool(_UP.search(before)), bool(_DOWN.search(before))
    return Quantity(
        value=first * unit.scale,
        unit=unit,
        label=tidy_label(before),
        comparator=comparator,
        upper=upper,
        trend=1 if rising else (-1 if falling else 0),
        about=bool(_ABOUT.match(after)) or bool(re.search(r"[约近]\s*$", before)),
        rest=after[after_sign[1].end() :] if after_sign else after,
    )


def sign_before(before: str) -> Comparator | None:
    """A comparison sign right before a number."""
    match = _SIGN.search(before)
    return Comparator(SIGNS.get(match[1], match[1]), match[1]) if match else None


def comparator_before(before: str) -> Comparator | None:
    """Comparing words right before a number: 不低于, 控制在, …"""
    for sign, pattern in _BEFORE_PATTERNS:
        if match := pattern.search(before):
            return Comparator(sign, match.group().strip())
    return None


_VERBS = re.compile(r"^(?:[^\w\u4e00-\u9fff]*)(?:努力|力争|确保|保证|保障|实现|其中|预计|计划|使)+")
_TAIL = re.compile(r"(?:[\s:=<>≥≤为在约近是共计\0]|达到|达|不低于|不少于|不高于|不超过|低于|高于|超过|控制|至少|提升到|提高到|至|到)+$")


def tidy_label(words: str) -> str:
    """What a number is about: the words before it without verbs, comparators and marks."""
    return _TAIL.sub("", _VERBS.sub("", words)).strip(" ，。、；:：\"“”'（）()\0")


def is_percent(unit: Unit) -> bool:
    """Whether a unit is a rate."""
    return unit.base == PERCENT
