"""What a clause of Chinese text measures: numbers, units, comparators and dates, exactly.

`targets` and `actuals` decide what a cell means; this module only finds what is written, and where that is unclear.
A number counts only where everything that touches it is understood. Every pattern is linear in the length of
the text (no nested repeats), and callers cap that length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from selfeval.base.frozen import made_quickly
from selfeval.base.memo import remembered, remembered_beside
from selfeval.base.model import PERCENT
from selfeval.reading.values.comparators import Comparator, after_number, before_number, mirrored, opposed
from selfeval.reading.values.dates import Dated, dates_in, is_due, is_limit, is_this_year, starts_something, with_years
from selfeval.reading.values.measured import Deadline, Measure, Measures, Quantity
from selfeval.reading.values.names import without_names
from selfeval.reading.values.numerals import in_digits
from selfeval.reading.values.plain_numbers import plain_number
from selfeval.reading.values.units import BARE, FAMILIES, Unit, family, is_unit_word, skip_blanks, unit_at

MAX_DIGITS = 30
NEAR = 40
"""How many characters before a number can say how it is compared."""

NUMBER = re.compile(r"\d{1,3}(?:[,，]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|(?<![\d.])\.\d+")
_SEPARATOR = re.compile(r"[；;。！!\n\r①-⑳•●◆■、]|[，,](?!\d{3}(?!\d))|(?<!\d)[，,]")
_LIST_START = re.compile(r"\s*(?:\(1\)|1[、).])")
_LIST_NUMBER = re.compile(r"(^|[；;。，,\s])(?:\(\d{1,2}\)|\d{1,2}(?:[、)]|\.(?!\d))(?=\s*[^\d\s]))")
_BRACKETS = re.compile(r"\([^()]*\)")
_OF_WHICH = re.compile(r"\((其中[^()%‰]*\d[^()%‰]*)\)")
_SERVICE_HOURS = re.compile(
    r"[57]\s*[×xX*]\s*(?:24|8)\s*(?:小时|h)?|24\s*小时\s*(?=在线|服务|值守|不间断|自助|畅通|值班|开放|全天|"
    r"运行|热线|监控|监测|全)"
)
_NAMES = re.compile(
    r"\d{1,3}(?:[-~至]\d{1,3})?\s*周?岁(?:及?以[上下])?(?=\s*[\u4e00-\u9fff])|\d{1,2}·\d{1,2}(?!\d)|"
    r"\d{1,3}(?:\+\d{1,3}){1,8}(?=\s*(?:[^\d\s%‰+人个台套件次元万亿.]|$))"
)
INTERVAL = re.compile(r"^[\[(]\s*([^,，\[\]()]{1,20})[,，]\s*([^,，\[\]()]{1,20})[\])]$")
_JOINED = re.compile(r"\s*(?:-{1,2}|~|至|到)\s*")
_CURRENCY = {"¥": "元", "$": "美元", "€": "欧元", "£": "英镑"}
_LETTER_BEFORE = re.compile(r"[A-Za-z]-?$|[#№]\s*$|第[\d\s~、至到-]*$|(?:附件|附表|序号|编号|国道|省道)\s*$")
_STRANGE_BEFORE = tuple("/*×^_&@.·√≠\\%‰〉〈》《«»›‹")
_STRANGE_AFTER = tuple("/*×^_+±#&@°|√%‰≈≠半")
_RUNS_ON = re.compile(r"\d|:\s*\d|\.\S|:$")
_SPACED = re.compile(r"\s+\d")
_ASCII_UNIT = re.compile(r"\s*(?![eE]\d)([A-Za-zμ°℃Ω][A-Za-zμ°℃Ω²³/·()-]{0,11}\d?)(?=$|\s|[\u4e00-\u9fff])")
_HAN_UNIT = re.compile(r"\s*([\u4e00-\u9fff]{1,4}?)(?=$|\s*\(|以[上下内]|及以上|之内|左右|\s*[≤<])")
_NAME_GOES_ON = tuple("大号级字代期版星字类强")
_NOT_UNITS = re.compile("以|之|及|左|右|的|是|为|完|达|内|前|后|上|下|中|分|第")
_PLUS_MINUS = re.compile(r"\s*±\s*")
_UNREAD = re.compile(r"\d[^\0]{0,20}[%‰]|[≥≤<>=]\s*[\d.]|\d[eE][+-]?\d|分之|[½⅓⅔¼¾]")
"""A sign, a percentage or a fraction that led to nothing was not understood."""
_DAY_ONLY = re.compile(r"(?<![\d.\0])\d{1,2}\s*[日号](?:之前|以前|前)")
_ABOUT_AFTER = re.compile(r"\s*(?:左右|上下)")
_ABOUT_BEFORE = re.compile(r"[约近逾≈~]\s*$")
_UP = re.compile(
    r"(?:提升|提高|增长|增加|上升|增幅|增速|同比增|环比增|(?<!新)增)(?:了|约|率|幅|幅度)?(?:为|达|达到|:|不低于|"
    r"不少于|≥|>)?\s*约?\s*$"
)
_DOWN = re.compile(
    r"(?:负增长|降低|下降|减少|减|压减|压降|压缩|节约|节省|缩短|降幅|减幅|降)(?:了|约|率|幅|幅度)?(?:为|达|"
    r"达到|:|不低于|不少于|≥|>)?\s*约?\s*$"
)
_FROM = re.compile(r"(?:由|从|自)[^\d]{0,12}$")
_RATE_NOUN = re.compile(r"(?:率|度|占比|比例|比重|覆盖面|百分比)(?:均|都|分别|全部|应|要|须)*$")
_WHOLE_GROUP = re.compile(r"^(?:[^\d]{0,6}(?:全市|全区|全县|全省|所有|全部|辖区|对|为|在|及))?$")
_VERBS = re.compile(r"^(?:[^\w\u4e00-\u9fff]*)(?:努力|力争|确保|保证|保障|实现|其中|预计|计划|使)+")
_AFTER_DATE = re.compile(r"^(?:之前|以前|前|以内|内|底)")
_TAIL = re.compile(
    r"(?:[\s:=<>≥≤¥$±为在于近是共\0]|(?<!节)约|(?<![统累合设会审])计|达到|达|不得|不能|不应|不低于|不少于|"
    r"不高于|不超过|不大于|不小于|不多于|低于|高于|超过|大于|小于|等于|或|"
    r"控制|保持|维持|至少|至多|最少|最多|最高|最低|提升到|提高到|提升至|提高至|以上|以内|以下|至|到|人民币)+$"
)


# ── clauses ───────────────────────────────────────────────────────────────────────────────────


def clauses(text: str) -> list[str]:
    """The text cut at punctuation; thousands separators stay, list numbers, titles and quoted names go."""
    bare = without_names(text)
    # `A 90、B 80` is no list, though 90、 looks like a number of one: a list begins with 1.
    kept = _LIST_NUMBER.sub(r"\1；", bare) if _LIST_START.match(bare) else bare
    return [part.strip() for part in _SEPARATOR.split(kept) if part and part.strip()]


def unit_in_brackets(match: re.Match[str]) -> str:
    """`98(百分比)` keeps its unit; any other remark in brackets is left out."""
    inner = match.group()[1:-1].strip()
    unit, end = unit_at(inner, 0)
    before = match.string[: match.start()].rstrip()
    return inner if unit != BARE and end == len(inner) and before[-1:].isdigit() else " "


@remembered_beside
def measures_in(text: str, year: int, *, digits: bool = False) -> Measures:
    """Everything a text measures, clause by clause. `text` must be folded.

    Remarks in brackets count only where nothing else does: 满意度(≥95%). `digits`: `20211231` is a date.
    """
    if plain := plain_number(text):
        return plain
    text = with_years(in_digits(text), year)
    text = _OF_WHICH.sub(r"，\1", text) if "(其中" in text else text
    if INTERVAL.match(text.strip()):
        return measured_clauses([text.strip()], year, digits=digits)
    if "(" not in text:
        return measured_clauses(clauses(text), year, digits=digits)
    found = measured_clauses(clauses(_BRACKETS.sub(unit_in_brackets, text)), year, digits=digits)
    if found.measures or found.unclear:
        return found
    inside = measured_clauses(clauses(text.replace("(", " ").replace(")", " ")), year, digits=digits)
    return inside if all(isinstance(m, Quantity) for m in inside.measures) and not inside.unclear else found


def measured_clauses(parts: list[str], year: int, *, digits: bool) -> Measures:
    """What the clauses measure; `≥80%，≤90%` is one range."""
    measures: list[Measure] = []
    words: list[str] = []
    unclear: list[str] = []
    for clause in parts:
        found = clause_measures(clause, year, digits=digits)
        if found is None:
            unclear.append(clause)
        elif found:
            last, first = measures[-1:], found[0]
            both = [m for m in (*last, first) if isinstance(m, Quantity)]
            joined = bounds(both) if len(both) == 2 else None
            measures[-1 if joined else len(measures) :] = [*(joined or found[:1]), *found[1:]]
        else:
            words.append(clause)
    return Measures(tuple(measures), tuple(words), tuple(unclear))


def clause_measures(clause: str, year: int, *, digits: bool = False) -> list[Measure] | None:
    """What one clause measures: nothing, one thing (or a rate and a date), or None where it is unclear."""
    clause = _SERVICE_HOURS.sub("全天", clause)
    dated = dates_in(clause, year, digits=digits)
    blanked = blank_out(_NAMES.sub(lambda m: "\0" * len(m.group()), clause), dated)
    quantities = quantities_in(blanked)
    picked = None if quantities is None else pick(quantities)
    if picked is None or any(d.day is None for d in dated) or _DAY_ONLY.search(blanked):
        return None
    due = [d for d in dated if is_due(clause, d) and not (d.span and picked)]
    found: list[Measure] = list(picked)
    if due and due[-1].day:
        found.append(deadline(clause, dated[0], due[-1], due[-1].day))
    elif not found and any(starts_something(clause, d) for d in dated):
        return None
    if not found and is_this_year(clause):
        found.append(Deadline(date(year, 12, 31), "", stated_year=False))
    return None if not found and _UNREAD.search(blanked) else found


def deadline(clause: str, first: Dated, last: Dated, day: date) -> Deadline:
    """The last date of a clause, with the sign before the first (`≤2021年12月31日`)."""
    sign = before_number(clause[max(0, first.start - NEAR) : first.start])
    written = sign.sign if sign and sign.words[:1] in "<>=≥≤" else ""
    return Deadline(day, tidy_label(clause[: first.start]), last.stated_year, written, is_limit(clause, last))


def blank_out(clause: str, dated: list[Dated]) -> str:
    """The clause without its dates, at the same length."""
    for item in dated:
        clause = clause[: item.start] + "\0" * (item.end - item.start) + clause[item.end :]
    return clause


# ── several numbers in one clause ─────────────────────────────────────────────────────────────


def pick(quantities: list[Quantity]) -> list[Quantity] | None:
    """What a clause with several numbers measures; None where that leaves a choice."""
    if len(quantities) <= 1:
        return quantities
    *earlier, last = quantities
    if all(q.unit.base == PERCENT and _RATE_NOUN.search(q.label) for q in quantities) or side_by_side(quantities):
        return quantities
    if len(quantities) == 2:
        if _FROM.search(earlier[0].before) and last.comparator:
            return [replace(last, label=earlier[0].label or last.label)]  # 由5天压缩到3天
        if both := bounds(quantities):
            return both
    if last.unit.base == PERCENT and all(qualifies(q, last) for q in earlier):
        return [replace(last, label=tidy_label(last.clause[: last.start]))]
    return None


def side_by_side(quantities: list[Quantity]) -> bool:
    """`120户210人`: things counted one right after the other; 2小时30分钟 is one length of time."""
    units = [q.unit.base for q in quantities]
    counted = all(counts_things(q.unit) for q in quantities) and len(set(units)) == len(units)
    plain_after = all(not q.before.strip("、，和及 ") and q.comparator is None for q in quantities[1:])
    return counted and plain_after and not any(q.upper for q in quantities)


def counts_things(unit: Unit) -> bool:
    """户, 人, 座: no measure of which one flows into the next (2小时30分钟, 3元5角)."""
    return bool(unit.base) and family(unit.base) is None and "/" not in unit.base


def qualifies(quantity: Quantity, rate: Quantity) -> bool:
    """`2小时内修复率95%`, `65岁以上老人覆盖率95%`, `11个窗口满意度95%`: the first number says of what."""
    if quantity.unit.base == PERCENT:
        return False
    time = quantity.unit.base in FAMILIES[0] or quantity.unit.base == "工作日"
    if quantity.after_words:
        return bool(_RATE_NOUN.search(rate.label)) or (time and rate.comparator is not None)
    return bool(_RATE_NOUN.search(rate.label) and _WHOLE_GROUP.match(quantity.before))


def bounds(pair: list[Quantity]) -> list[Quantity] | None:
    """`≥5且≤10` is a range."""
    low, high = pair
    if not low.comparator or not high.comparator or low.unit.base not in {"", high.unit.base}:
        return None
    if low.comparator.sign not in "≥>" or high.comparator.sign not in "≤<" or low.value > high.value:
        return None
    apart = high.label.strip("且并和及") and not low.comparator.mirrored
    if apart or low.upper is not None or high.upper is not None:
        return None
    return [replace(high, value=low.value, upper=high.value, label=low.label or high.label, comparator=None)]


# ── one number ────────────────────────────────────────────────────────────────────────────────


def quantities_in(clause: str) -> list[Quantity] | None:
    """Every number of a clause that measures something; None where one cannot be told from what touches it."""
    if interval := INTERVAL.match(clause):
        clause = f"{interval[1]}~{interval[2]}"
    found: list[Quantity] = []
    position = previous = 0
    while match := NUMBER.search(clause, position):
        position = match.end()
        one = one_quantity(clause, previous, match)
        if one is None:
            return None
        if isinstance(one, Quantity):
            found.append(one)
            position = previous = one.end
    return found


@made_quickly
@dataclass(frozen=True, slots=True)
class _Token:
    """A number with its unit and where both stand: `clause[start:end]`; `near` is what stands just before."""

    start: int
    end: int
    low: Decimal
    upper: Decimal | None
    unit: Unit
    near: str
    sign: Comparator


def one_quantity(clause: str, previous: int, match: re.Match[str]) -> Quantity | str | None:
    """The quantity a number stands for; the number's text where it is part of a name; None where it is unclear."""
    start = match.start() - is_negative(clause, match.start())
    near = clause[max(previous, start - NEAR) : start]
    first, sign = number(clause[start : match.end()]), before_number(near)
    unit, end = money_or_unit(clause, near, match.end())
    if first is None or sign is None:
        return None
    if _LETTER_BEFORE.search(near):
        return None if unit.base == PERCENT else match.group()
    low, upper, unit, end = with_upper(clause, first, unit, end, near)
    if low is None:
        return None
    if unit == BARE and sign.sign and clause[skip_blanks(clause, end) :][:1] in _NAME_GOES_ON:
        return None  # ≥3级: which way do levels count?
    if unit == BARE and upper is None:
        whole = not near.strip(" 约逾每年全共计合")
        unit, end = other_unit(clause, end, whole=whole, signed=bool(sign.sign) or (whole and low >= 10))
        if unit == BARE and not sign.sign and not after_number(clause, end).sign and goes_on(clause, end):
            return match.group()
    return compared(clause, previous, _Token(start, end, low, upper, unit, near, sign))


def compared(clause: str, previous: int, token: _Token) -> Quantity | None:
    """The number with what compares it; None where that, or what touches it, makes no sense."""
    after, flipped = after_number(clause, token.end), mirrored(clause, token.end)
    if strange(clause, token) or opposed(token.sign, after) or flipped is None:
        return None
    if flipped.sign and (token.sign.sign or after.sign or token.upper is not None):
        return None
    if token.upper is not None and (token.sign.exact or after.sign == "≥" or _FROM.search(token.near)):
        return None  # 不低于3-5次; 从80%到90%
    by = flipped if flipped.sign else (after if after.sign and not token.sign.exact else token.sign)
    before, stop = clause[previous : token.start], token.end + len(after.words)
    return Quantity(
        value=token.low,
        unit=token.unit,
        label=tidy_label(before),
        comparator=by if by.sign and token.upper is None else None,
        upper=token.upper,
        trend=trend_of(token.near),
        about=bool(_ABOUT_AFTER.match(clause, token.end) or _ABOUT_BEFORE.search(token.near)),
        rest=clause[stop:],
        before=before,
        after_words=after.words,
        clause=clause,
        start=token.start,
        end=stop,
    )


def number(text: str) -> Decimal | None:
    """Digits as a number; None where there are too many of them."""
    digits = text.replace(",", "").replace("，", "")
    return Decimal(digits) if len(digits) <= MAX_DIGITS else None


@remembered
def trend_of(before: str) -> int:
    """+1 for a rise, -1 for a fall by so much, 0 for neither."""
    return -1 if _DOWN.search(before) else int(bool(_UP.search(before)))


def is_negative(clause: str, start: int) -> bool:
    """Whether a minus stands before a number and is not a dash between two things."""
    if start == 0 or clause[start - 1] != "-":
        return False
    before = clause[max(0, start - 1 - NEAR) : start - 1]
    sign = before_number(before)
    said = trend_of(before) or (sign and sign.sign) or before.endswith(("为", "是", "达", "约"))
    return bool(said) or not re.search(r"[\w%)\0-]\s*$", before)


def money_or_unit(clause: str, near: str, end: int) -> tuple[Unit, int]:
    """The unit after a number, or the currency sign before it."""
    unit, stop = unit_at(clause, end)
    currency = _CURRENCY.get(near.rstrip()[-1:])
    if currency and unit.base in {"", currency}:
        return Unit(currency, unit.scale, currency), stop
    return unit, stop


def with_upper(
    clause: str, first: Decimal, unit: Unit, end: int, near: str
) -> tuple[Decimal | None, Decimal | None, Unit, int]:
    """Both ends of `5-10年`, `80%~90%`, `10±2`, `±5%` in the base unit; no lower end: the two do not fit."""
    if near.rstrip()[-1:] == "±":
        return -first * unit.scale, first * unit.scale, unit, end
    joined = _PLUS_MINUS.match(clause, end) or _JOINED.match(clause, end)
    minus = bool(joined) and clause[joined.end() : joined.end() + 1] == "-"  # type: ignore[union-attr]
    match = NUMBER.match(clause, joined.end() + minus) if joined else None
    second = number(match.group()) if match else None
    if match is None or second is None or joined is None:
        return first * unit.scale, None, unit, end
    after, stop = unit_at(clause, match.end())
    shared = after if after != BARE else unit
    if unit.base and after.base and unit.base != after.base:
        return None, None, unit, stop
    low = first * (unit.scale if unit != BARE else shared.scale)
    high = (-second if minus else second) * shared.scale
    whole = replace(shared, base=shared.base or unit.base)
    return (low - high, low + high, whole, stop) if "±" in joined.group() else (low, high, whole, stop)


def other_unit(clause: str, end: int, *, whole: bool, signed: bool) -> tuple[Unit, int]:
    """A unit that is not in the vocabulary, where the text leaves no doubt: `≥50车次公里`, `12桌`."""
    if not whole and not signed:
        return BARE, end
    if (match := _ASCII_UNIT.match(clause, end)) and (signed or len(match[1]) > 1):
        return Unit(match[1], Decimal(1), match[1]), match.end()
    match = _HAN_UNIT.match(clause, end)
    word = match[1] if match else ""
    usual = word and not _NOT_UNITS.search(word) and word[0] not in _NAME_GOES_ON
    if match and usual and (len(word) == 1 or (not whole and is_unit_word(word))):
        return Unit(word, Decimal(1), word), match.end()
    return BARE, end


def goes_on(clause: str, end: int) -> bool:
    """Whether a bare number is part of a name: `12329热线`, `6大渠道`, `5G网络`."""
    named = re.match(r"[A-Za-z#\u4e00-\u9fff]", clause[skip_blanks(clause, end) :][:1])
    return bool(named and not _ABOUT_AFTER.match(clause, end))


def strange(clause: str, token: _Token) -> bool:
    """Whether something that is not understood touches a number: 1:3, 2/3, 3×5, T+1, 3万5千, 1 000."""
    before, after = clause[max(0, token.start - 2) : token.start], clause[token.end : token.end + 8]
    touched = before[-1:] in _STRANGE_BEFORE or re.search(r"\w\+$|\d:$", before)
    if touched and before and not token.sign.sign:
        return True
    last = clause[token.end - 1]
    if re.match("[A-Za-z]", after):
        return last.isascii()  # 1OO%; but 5个APP is clear
    runs_on = bool(_RUNS_ON.match(after)) and not (after[0].isdigit() and counts_things(token.unit))
    return after[:1] in _STRANGE_AFTER or runs_on or (last.isdigit() and bool(_SPACED.match(after)))


@remembered
def tidy_label(words: str) -> str:
    """What a number is about: the words before it without verbs, comparators and marks."""
    words = _AFTER_DATE.sub("", words[-200:].rpartition("\0")[2]) if "\0" in words.rstrip("\0 ") else words
    return _TAIL.sub("", _VERBS.sub("", words.lstrip("<>=≥≤ "))[-200:]).strip(" ，。、；:：\"“”'（）()[]\0")
