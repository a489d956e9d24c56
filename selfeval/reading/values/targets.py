"""Cell text → `Target` or `Actual`, with what was read and how. What cannot be read is said, never guessed.

Direction is taken from the sign, then from words, then from the indicator's name, then from the kind of
indicator; the readings name which. Units, numbers and dates are found by `quantities`.
"""

from __future__ import annotations

import re
from dataclasses import replace

from selfeval.base.display import shown_value
from selfeval.base.memo import remembered, remembered_beside
from selfeval.base.model import PERCENT, YUAN, Direction, Kind, Target
from selfeval.base.phrases import Phrase, phrase, word
from selfeval.base.remarks import Reading, explained, reading
from selfeval.base.text import decimal, fold, is_blank, shorten
from selfeval.reading.values.changes import asks_for_change
from selfeval.reading.values.comparators import Comparator, before_number, sign_of
from selfeval.reading.values.context import LENGTH_NAME, TargetContext
from selfeval.reading.values.dates import (
    MAYBE_MONTH,
    SERIAL,
    SHORT_YEAR,
    compact_date,
    has_far_year,
    serial_day,
    undotted,
    with_years,
)
from selfeval.reading.values.directions import handles_standard, name_direction, saves
from selfeval.reading.values.frequencies import years_total
from selfeval.reading.values.measured import Deadline, Measure, Measures, Quantity
from selfeval.reading.values.miswritten import ANY_DIGIT, BAD_YEAR, is_unfilled, miswritten
from selfeval.reading.values.names import RANK, without_names
from selfeval.reading.values.plain_numbers import plain_number
from selfeval.reading.values.quantities import INTERVAL, measures_in
from selfeval.reading.values.target_units import (
    NAME_TEMPLATE,
    NAME_UNIT,
    RATE_NAME,
    named_unit,
    with_lost_unit,
    with_unit,
)
from selfeval.reading.values.units import FAMILIES, is_money, read_unit

MAX_TEXT = 1000
"""A longer target is prose; it is not searched for numbers."""

TIMES = frozenset({"工作日", *FAMILIES[0], *FAMILIES[1]})

POSITIVE, NEGATIVE = Direction.POSITIVE, Direction.NEGATIVE

ASSUMED = word("没有比较符，名称也看不出方向，暂按越高越好")
OF_NAME = word("指标名称")
_LEADING_NUMBER = re.compile(r"^(?:指标|目标|指标值|目标值)\s*\d*\s*:\s*")
_COST_CELL = re.compile(
    r"数量\s*:\s*([\d.,]+).{0,80}?单价\s*:\s*([\d.,]+).{0,40}?(?:金额|总价|合计)\s*:\s*([\d.,]+)\s*(万元|元)?",
    re.DOTALL,
)
_COST_UNIT = re.compile(r"单位\s*:\s*(万元|元)(?!/)")
_AMOUNTS = re.compile(r"金额\s*:")

_RUNNING = re.compile("运行|服务|在线|开放|值守|值班|保障|使用|合同|质保|供暖|供水|试点|月数|年限|天数")
_REMARK = re.compile(r"\([^()]*\d[^()]*\)")
_MONTHS = re.compile(r"^(\d{1,2})\s*月$")
_DIRECTIONS = {
    **dict.fromkeys(("正向", "正向指标", "正"), POSITIVE),
    **dict.fromkeys(("反向", "反向指标", "反", "负向", "负向指标", "负", "逆向", "逆向指标"), NEGATIVE),
}
_SIGN_WORDS = {
    **dict.fromkeys(("大于等于", "大于或等于", "不低于", "不少于", "不小于", "至少", "以上"), "≥"),
    **dict.fromkeys(("小于等于", "小于或等于", "不高于", "不超过", "不大于", "不多于", "至多", "以内", "以下"), "≤"),
    **dict.fromkeys(("大于", "高于", "超过"), ">"),
    **dict.fromkeys(("小于", "低于"), "<"),
    "等于": "=", "定性指标": "定性",
}  # fmt: skip
_NO_SIGN = frozenset({"", "定量", "定量指标", "-", "/", "无", "—", "约束性", "预期性", *_DIRECTIONS})
_QUALITATIVE = "定性"


@remembered_beside
def read_target(text: str, row: TargetContext) -> Target:
    """指标值 with the form's columns beside it → a target. `kind` None: it could not be read (see readings)."""
    words = _LEADING_NUMBER.sub("", fold(text).strip())
    sign, remarks = read_sign(row.sign)
    plain = plain_number(words) if sign != _QUALITATIVE and not row.asks_for_a_date else None
    if plain:
        target = measured(text, plain, row, sign, remarks)
    elif is_blank(words) or is_unfilled(words):
        target = target_from_name(text, row, sign, remarks)
    elif sign == _QUALITATIVE:
        target = qualitative(text, (*remarks, *number_in_words(words)))
    elif len(words) > MAX_TEXT:
        target = qualitative(text, (*remarks, reading("V018", count=len(words))))
    elif cost := _COST_CELL.search(words):
        target = cost_target(text, words, cost, row, sign)
    else:
        target = target_in_cell(text, words, row, sign, remarks)
    if target.name:
        return target
    return replace(target, label=target.label or ("" if target.parts else fold(row.name)), name=fold(row.name))


def target_in_cell(text: str, words: str, row: TargetContext, sign: str, remarks: tuple[Reading, ...]) -> Target:
    """A cell with something in it: what it measures, or words, or the clause that is not clear."""
    asks_for_a_date = row.asks_for_a_date
    if asks_for_a_date:
        words = undotted(words if has_far_year(words, row.year) else with_years(words, row.year))
    elif "/" in words:
        words = with_lost_unit(words, named_unit(row), money=row.is_cost)
    if asks_for_a_date and SERIAL.fullmatch(words):
        return unread(text, (*remarks, reading("V001.serial", target=shorten(words), day=serial_day(words))))
    if rank := RANK.search(words):
        return ranked(text, words, rank, remarks)
    if why := denied(words, row.year):
        return unread(text, (*remarks, reading("V001.miswritten", target=shorten(words), why=why)))
    if asks_for_a_date and (dated := compact_date(words)):
        day = () if dated.day is None else (Deadline(dated.day, "", stated_year=True),)
        found = Measures(day, unclear=() if day else (words,))
    elif asks_for_a_date and not RATE_NAME.search(row.name) and MAYBE_MONTH.fullmatch(words) and not sign:
        found = Measures((), unclear=(words,))  # 12.31 may be a day
    else:
        found = measures_in(_MONTHS.sub(r"\1个月", words) if LENGTH_NAME.search(row.name) else words, row.year)
    vague = [m for m in found.measures if isinstance(m, Quantity) and not (m.unit.base or m.comparator or m.label)]
    unclear = found.unclear or (tuple(m.clause for m in vague) if len(found.measures) > 1 else ())
    if unclear:
        return unread(text, (*remarks, reading("V001.unclear", target=shorten(unclear[0]))))
    if not found.measures:
        return target_in_words(text, words, sign, remarks)
    return measured(text, shared_out(found), row, sign, remarks)


def ranked(text: str, words: str, rank: re.Match[str], remarks: tuple[Reading, ...]) -> Target:
    """A place among others is told by 完成档次; beside a number it is not clear what is asked."""
    if ANY_DIGIT.search(RANK.sub("", words)):
        return unread(text, (*remarks, reading("V001.unclear", target=shorten(rank[0]))))
    return qualitative(text, remarks)


def shared_out(found: Measures) -> Measures:
    """`分别控制在4%、3%以下`: one comparison for all that follows, whose names stand elsewhere."""
    quantities = [m for m in found.measures if isinstance(m, Quantity)]
    if (
        len(quantities) < 2
        or len(quantities) < len(found.measures)
        or not quantities[0].before.lstrip().startswith("分别")
    ):
        return found
    compared = [q.comparator for q in quantities if q.comparator]
    if len({c.sign for c in compared}) > 1 or any(q.before.strip() for q in quantities[1:]):
        return found
    by = compared[0] if compared else None
    return replace(found, measures=tuple(replace(q, label="", comparator=by) for q in quantities))


_DENYING = re.compile("[未不没非]")
"""A target denies itself with one of these."""
_DENIED = re.compile(
    r"未(?:能)?(?:达到|达)\s*\d|(?:不得?|不应|不能|不可|不宜|不许|未能?|没有|没|非)\s*(?:[≥≤<>=]|是?\d)|"
    r"[\d%‰][^，。；,;]{0,8}?(?:(?:未能?|没有?|没能|尚未)(?:达成|达到|完成|实现|达标|通过|合格|执行|落实)|不达标|不合格)\)?\s*$"
)


@remembered_beside
def denied(words: str, year: int) -> str:
    """Why a target cannot stand: `不≥95%`, `≥95%未达成`, or digits that are miswritten; empty where it can."""
    if INTERVAL.fullmatch(words):
        return ""
    if SHORT_YEAR.search(words):
        return BAD_YEAR
    denies = _DENYING.search(words) and _DENIED.search(words)
    return word("带有否定，不成其为目标") if denies else miswritten(without_names(words), year)


def unread(text: str, readings: tuple[Reading, ...]) -> Target:
    """A target of no kind."""
    return Target(text, readings=readings)


@remembered
def read_sign(text: str) -> tuple[str, tuple[Reading, ...]]:
    """指标性质: a comparator, 定性, or nothing."""
    folded = re.sub(r"\s|\([^()]*\)", "", fold(text))
    sign = sign_of(folded) or _SIGN_WORDS.get(folded, folded)
    if sign in {"≥", ">", "≤", "<", "=", _QUALITATIVE}:
        return sign, ()
    if folded in _NO_SIGN:
        return "", ()
    return "", (reading("V013.unknown", sign=shorten(text)),)


def number_in_words(words: str) -> tuple[Reading, ...]:
    """指标性质 says 定性 and the cell holds a number all the same."""
    if re.search(r"\d\s*%|[≥≤<>]\s*\d", words):
        return (reading("V013.with_number", target=shorten(words)),)
    return ()


def qualitative(text: str, readings: tuple[Reading, ...] = ()) -> Target:
    """定性: words, decided by 完成档次."""
    return Target(text, Kind.QUALITATIVE, readings=readings)


def cost_target(text: str, words: str, cost: re.Match[str], row: TargetContext, sign: str) -> Target:
    """`数量：…,单价：…,金额：…`: the amount counts; quantity × unit price must give it."""
    count, price, amount = (decimal(cost.group(i).rstrip(",.")) for i in (1, 2, 3))
    if amount is None or len(_AMOUNTS.findall(words)) > 1:
        return unread(text, (reading("V001.cost"),))
    stated = _COST_UNIT.search(words)
    unit = read_unit(cost.group(4) or (stated[1] if stated else row.money_unit))
    written = unit.written or unit.base
    readings = [explained("成本格：取金额 {amount} {unit}，不高于为达成", amount=amount, unit=written)]
    if count is not None and price is not None and count * price != amount:
        readings.append(reading("V023", count=count, price=price, amount=amount))
    direction = POSITIVE if sign in {"≥", ">"} else NEGATIVE
    return Target(
        text, Kind.COST, sign or "≤", amount * unit.scale, None, YUAN, unit.scale, None, direction,
        readings=tuple(readings),
    )  # fmt: skip


def target_in_words(text: str, words: str, sign: str, remarks: tuple[Reading, ...]) -> Target:
    """No number, date or amount: 定性, whatever 指标性质 says."""
    if sign:
        remarks = (*remarks, reading("V013.without_number", sign=sign, target=shorten(words)))
    return qualitative(text, remarks)


def target_from_name(text: str, row: TargetContext, sign: str, remarks: tuple[Reading, ...]) -> Target:
    """指标值 is blank: the name may hold the target (`支付完成率100%`), else there is none."""
    name = fold(row.name).strip()
    found = measures_in(name, row.year) if len(name) <= MAX_TEXT else Measures(())
    if found.measures and not found.unclear and sign != _QUALITATIVE and all(map(stands_alone, found.measures)):
        return measured(text, found, row, sign, (*remarks, reading("V008.number", name=shorten(row.name))))
    if sign == _QUALITATIVE:
        return qualitative(text, (*remarks, reading("V008.qualitative")))
    none = reading("V002.none", target=shorten(text)) if text.strip() else reading("V002.empty")
    return unread(text, (*remarks, none))


def stands_alone(measure: Measure) -> bool:
    """Whether a number in a name is the target itself: 面积200平方米, not 11个窗口维护."""
    if isinstance(measure, Deadline):
        return True
    compared = measure.comparator or measure.unit.base == PERCENT
    return not measure.rest.strip(" )") and bool(compared or (measure.unit.base and measure.label))


def measured(text: str, found: Measures, row: TargetContext, sign: str, remarks: tuple[Reading, ...]) -> Target:
    """One measure gives a number, range, cost or date; several give a compound."""
    told = years_total(text, found.measures, row.year)
    if told is None:
        return unread(text, (*remarks, reading("V001.unclear", target=shorten(text))))
    if len(told) == 1:
        target = one_target(text, told[0], row, sign, told[0].label or fold(row.name))
        loose = [w for w in (*found.words, *_REMARK.findall(fold(text))) if len(w) > 1]
        if loose:
            target = noted(target, explained("没有量化的文字不计分：{text}", text=shorten("；".join(loose), 60)))
        return noted(target, *remarks)
    measures = named_parts(tuple(told), row.name)
    if measures is None:
        what = "、".join(m.clause for m in told if isinstance(m, Quantity))
        return unread(text, (*remarks, reading("V001.nameless", target=shorten(what))))
    shared = handles_standard(row.name)  # 补助标准: 小学1000元，初中1250元
    parts = tuple(
        one_target(m.label, m, row if shared else row._replace(name=m.label or row.name, whole=row.name), sign, m.label)
        for m in measures
    )
    if none := next((p for p in parts if p.kind is None), None):
        return unread(text, (*remarks, *none.readings))
    several = reading("V024", count=len(parts), parts="；".join(map(describe, parts)))
    return Target(text, Kind.COMPOUND, parts=parts, readings=(several, *remarks))


def named_parts(measures: tuple[Measure, ...], name: str) -> tuple[Measure, ...] | None:
    """The measures of a cell by name; `95%、90%` take theirs from 有效率、响应率. None: nobody can tell them apart."""
    nameless = [m for m in measures if isinstance(m, Quantity) and not m.label]
    if len({m.unit.base for m in nameless}) == len(nameless):
        return measures
    names = [n for n in re.split("[、，,；;/和及与]", fold(name)) if n]
    if len(nameless) != len(measures) or len(names) != len(measures):
        return None
    return tuple(replace(m, label=n) for m, n in zip(measures, names, strict=True) if isinstance(m, Quantity))


def noted(target: Target, *readings: Reading) -> Target:
    """The target with further readings."""
    return replace(target, readings=(*target.readings, *readings)) if readings else target


def describe(target: Target) -> str:
    """A sub-target in a few words."""
    if target.date:
        return f"{target.label}{target.date} 前"
    return f"{target.label} {target.operator or ''}{shown_value(target.value, target.unit)}".strip()


def one_target(text: str, measure: Measure, row: TargetContext, sign: str, label: str) -> Target:
    """A single measure as a target of that name."""
    if isinstance(measure, Deadline):
        operator = sign or measure.sign or None
        target = Target(text, Kind.DATE, operator, date=measure.day, label=label)
        if measure.stated_year:
            stated = explained("按 {day} 前（含当日）完成读取", day=measure.day)
        else:
            stated = explained("按 {day} 前（含当日）完成读取，年份取评价年度", day=measure.day)
        return noted(target, stated, *doubts_about_date(measure, row, operator))
    return numeric_target(text, measure, row, sign, label)


def doubts_about_date(deadline: Deadline, row: TargetContext, operator: str | None) -> tuple[Reading, ...]:
    """A date outside the year, or one that is to be exceeded."""
    found = []
    if deadline.stated_year and deadline.day.year != row.year:
        found.append(reading("V020", day=deadline.day, year=row.year))
    if operator in {"≥", ">"}:
        found.append(reading("V013.deadline", operator=operator))
    return tuple(found)


def numeric_target(text: str, quantity: Quantity, row: TargetContext, sign: str, label: str) -> Target:
    """A number or range: unit, comparator, direction and kind, each with where it came from."""
    read = with_unit(quantity, row)
    if read is None:
        return Target(text, label=label, readings=(reading("V001.unit", target=shorten(text)),))
    quantity, unit_readings = read
    if quantity.upper is not None:
        return range_target(text, quantity, unit_readings, sign, label)
    comparator, sign_readings = comparator_of(quantity, row, sign)
    paid = handles_standard(quantity.label) or handles_standard(row.name)
    cost = row.is_cost and is_money(quantity.unit.base) and not saves(f"{quantity.label} {row.name}")
    direction, why, clash = direction_of(comparator, quantity, row, cost=cost, paid=paid)
    operator = comparator.sign if comparator else (("=" if paid else "≤") if cost else None)
    said = f"{operator or ''}{shown_value(quantity.value, quantity.unit.base)}".strip()
    about = (explained("写作约数，按数字读取"),) if quantity.about else ()
    readings = (
        explained("读作 {target}，{direction:_}（{why:_}）", target=said, direction=direction_word(direction), why=why),
        *unit_readings,
        *sign_readings,
        *clash,
        *about,
    )
    kind = Kind.COST if cost else Kind.NUMBER
    return Target(
        text, kind, operator, quantity.value, None, quantity.unit.base, quantity.unit.scale, None, direction,
        label, (), readings, why == ASSUMED, fold(row.name), asks_for_change(quantity, row),
    )  # fmt: skip


def range_target(text: str, quantity: Quantity, readings: tuple[Reading, ...], sign: str, label: str) -> Target:
    """Lower and upper bound, both included."""
    upper = quantity.value if quantity.upper is None else quantity.upper
    if sign:
        readings = (*readings, reading("V013.range", sign=sign))
    if upper < quantity.value:
        return unread(text, (*readings, reading("V001.range")))
    unit = quantity.unit.base
    ends = {"lower": shown_value(quantity.value, unit), "upper": shown_value(upper, unit)}
    return Target(
        text, Kind.RANGE, None, quantity.value, upper, unit, quantity.unit.scale, None, None, label, (),
        (explained("读作区间 {lower} 至 {upper}（含两端）", **ends), *readings),
    )  # fmt: skip


def comparator_of(quantity: Quantity, row: TargetContext, sign: str) -> tuple[Comparator | None, tuple[Reading, ...]]:
    """指标性质, else the cell's own sign or words, else the name's (`逾期率低于0.3%`)."""
    own = quantity.comparator
    if sign:
        clash = own is not None and own.sign != sign
        words = own.words.strip() if own else ""
        return Comparator(sign, phrase("指标性质“{sign}”", sign=sign)), (
            (reading("V013.sign", sign=sign, words=words),) if clash else ()
        )
    if own:
        return own, ()
    return comparator_in_name(quantity, row)


@remembered
def open_comparator(name: str) -> Comparator | None:
    """`满意度不低于`: what a name ends with compares the number that stands beside it."""
    return before_number(NAME_UNIT.sub("", fold(name)[:200]).rstrip(" (:"))


def comparator_in_name(quantity: Quantity, row: TargetContext) -> tuple[Comparator | None, tuple[Reading, ...]]:
    """`满意度不低于` beside 95, `逾期率低于0.3%` beside 0.30%; `65岁以上老人数` compares nothing."""
    name, open_end = fold(row.name)[:200], open_comparator(row.name)
    if template := NAME_TEMPLATE.search(name):
        said = reading("V008.comparator", words=template[1], name=shorten(row.name))
        return Comparator(sign_of(template[1]) or "", OF_NAME), (said,)
    if open_end and open_end.exact:
        said = reading("V008.comparator", words=open_end.words, name=shorten(row.name))
        return Comparator(open_end.sign, OF_NAME), (said,)
    measures = [m for m in measures_in(name, row.year).measures if isinstance(m, Quantity)]
    named = measures[0] if len(measures) == 1 and not measures[0].rest.strip(" )") else None
    if named is None or named.comparator is None or named.unit.base not in {"", quantity.unit.base}:
        return None, ()
    words, name = named.comparator.words, shorten(row.name)
    said = reading("V008.comparator", words=words, name=name)
    if named.value != quantity.value:
        said = reading("V013.name", words=words, name=name, named=shown_value(named.value, named.unit.base))
    return Comparator(named.comparator.sign, OF_NAME), (said,)


def direction_of(
    comparator: Comparator | None, quantity: Quantity, row: TargetContext, *, cost: bool, paid: bool
) -> tuple[Direction, str | Phrase, tuple[Reading, ...]]:
    """正向 or 反向, what says so and any clash: sign, words, 指标方向, name, kind of indicator, in that order."""
    column = _DIRECTIONS.get(fold(row.direction).strip()) or _DIRECTIONS.get(fold(row.sign).strip())
    if comparator and comparator.sign != "=":
        told = NEGATIVE if comparator.sign in "≤<" else POSITIVE
        words = comparator.words.strip()
        clash = reading("V013.direction", words=words, direction=row.direction.strip())
        return told, phrase("由“{words:_}”", words=words), ((clash,) if column not in {None, told} else ())
    if column:
        return column, word("由指标方向列"), ()
    if quantity.trend and quantity.value:
        return POSITIVE, word("由“提升、降低多少”的说法，幅度越大越好"), ()
    return *direction_by_name(row, quantity, cost=cost, paid=paid), ()


def direction_by_name(row: TargetContext, quantity: Quantity, *, cost: bool, paid: bool) -> tuple[Direction, str]:
    """What the indicator is called, then what sort of indicator it is."""
    if cost:
        return (POSITIVE, word("补助、发放标准按“=”")) if paid else (NEGATIVE, word("成本指标，越低越好"))
    if quantity.value == 0:
        return NEGATIVE, word("目标为 0，越低越好")
    told = name_direction(quantity.label) or name_direction(row.name) or name_direction(row.whole)
    if told:
        return told, word("由指标名称")
    if row.is_timing and quantity.unit.base in TIMES and not _RUNNING.search(f"{quantity.label}{row.name}"):
        return NEGATIVE, word("时效指标的时长，越短越好")
    if (row.is_count and quantity.unit.base != PERCENT) or row.is_satisfaction:
        return POSITIVE, word("没有比较符，越高越好")
    return POSITIVE, ASSUMED


def direction_word(direction: Direction) -> str:
    """正向 or 反向."""
    return word("正向") if direction is POSITIVE else word("反向")
