"""Cell text → `Target` or `Actual`, with what was read and how. What cannot be read is said, never guessed.

Direction is taken from the sign, then from words, then from the indicator's name, then from the kind of
indicator; the readings name which. Units, numbers and dates are found by `quantities.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from selfeval.exact import plain
from selfeval.model import Direction, Kind, Reading, Target
from selfeval.quantities import (
    SIGNS,
    Comparator,
    Deadline,
    Findings,
    Measure,
    Quantity,
    fold,
    is_percent,
    measures_in,
)
from selfeval.units import BARE, PERCENT, YUAN, Unit, is_money, read_unit, unit_at

MAX_TEXT = 1000
"""A longer target is prose; it is not searched for numbers."""

POSITIVE, NEGATIVE = Direction.POSITIVE, Direction.NEGATIVE

_EMPTY = re.compile(r"^[\s/\\\-…·.。*×—_~]*$|^(?:无|暂无|略|空|待定|待填|N/?A)$", re.IGNORECASE)
_INSTRUCTION = re.compile(
    r"^(?:指标|目标)\s*\d*\s*[::]?$|^\(?[^()]{0,12}\d+\s*字(?:以内|以上|左右)?\)?$|^\((?:填写|请填|可另附|同上|示例)[^()]*\)$|^(?:请填写|同上)"
)
_LEADING_NUMBER = re.compile(r"^(?:指标|目标)\s*\d+\s*[::]\s*")
_COST_CELL = re.compile(r"数量\s*:\s*([\d.,]+).*?单价\s*:\s*([\d.,]+).*?金额\s*:\s*([\d.,]+)\s*(万元|元)?", re.DOTALL)

_LESS_NAME = re.compile(
    "故障|逾期|投诉|差错|错误|失误|违规|违约|违法|违纪|返工|不良|退货|流失|空置|能耗|耗电|耗水|排放|延误|超标|死亡|伤亡|事故|"
    "发病|发案|犯罪|损耗|损失|浪费|拖欠|欠费|闲置|缺勤|误差|污染|闹访|上访|信访|坏账|赤字|负债率|平均耗时|响应时间|等待时间|"
    "办理时限|办结时限|修复时间|修复时限"
)
_MORE_NAME = re.compile(
    "(?:处理|处置|整改|化解|办结|解决|回复|受理|查处|修复|回访|控制|达标|降低|下降|减少|压减|压降|节约|排除|恢复|治理|清零|防范)"
    "(?:完成|及时|成功|到位)?(?:率|比例|幅度|数|数量|量|次数|面积)|降幅|节约|节省|结余率"
)
_STANDARD_NAME = re.compile("补助标准|补贴标准|发放标准|资助标准|奖励标准|支付标准|收费标准|人均标准|生均标准|每人标准|(?:补助|补贴|资助|发放|奖励).{0,8}标准")
_SAVING_NAME = re.compile("节约|节省|降低|下降|压减|结余")
_NAME_UNIT = re.compile(r"\(([^()]{1,8})\)\s*$")
_DIRECTIONS = {"正向": POSITIVE, "正向指标": POSITIVE, "正": POSITIVE, "反向": NEGATIVE, "反向指标": NEGATIVE,
               "负向": NEGATIVE, "逆向": NEGATIVE, "负": NEGATIVE, "反": NEGATIVE}  # fmt: skip
_SIGN_WORDS = {
    "大于等于": "≥", "大于或等于": "≥", "不低于": "≥", "不少于": "≥", "大于": ">", "高于": ">",
    "小于等于": "≤", "小于或等于": "≤", "不高于": "≤", "不超过": "≤", "小于": "<", "低于": "<", "等于": "=",
}  # fmt: skip
_QUALITATIVE = "定性"


@dataclass(frozen=True, slots=True)
class Row:
    """What a target row says apart from the 指标值: names of the levels and the form's own columns."""

    level1: str = ""
    level2: str = ""
    name: str = ""
    sign: str = ""
    unit: str = ""
    direction: str = ""
    money_unit: str = YUAN
    year: int = 2000

    @property
    def is_cost(self) -> bool:
        """Whether the row stands under 成本."""
        return "成本" in self.level2 or "成本" in self.level1

    @property
    def is_timing(self) -> bool:
        """Whether the row stands under 时效."""
        return "时效" in self.level2


@lru_cache(maxsize=65536)
def read_target(text: str, row: Row) -> Target:
    """指标值 with the form's columns beside it → a target. `kind` None: it could not be read (see readings)."""
    words = _LEADING_NUMBER.sub("", fold(text).strip())
    sign, remarks = read_sign(row.sign)
    if is_blank(words):
        return target_from_name(text, row, sign, remarks)
    if sign == _QUALITATIVE:
        return qualitative(text, remarks)
    if cost := _COST_CELL.search(words[:MAX_TEXT]):
        return cost_target(text, cost, row)
    if len(words) > MAX_TEXT:
        return qualitative(text, (*remarks, Reading("V018", f"指标值长达 {len(words)} 字，按定性指标读取")))
    found = measures_in(words, row.year)
    if found.unclear:
        clause = shorten(found.unclear[0])
        return unread(text, (*remarks, Reading("V001", f"“{clause}”里有几个数字，不能确定哪个是指标值")))
    if not found.measures:
        return target_in_words(text, words, row, sign, remarks)
    return measured(text, found, row, sign, remarks)


def is_blank(words: str) -> bool:
    """Nothing but dashes, or the form's own instructions."""
    return bool(_EMPTY.match(words) or _INSTRUCTION.match(words))


def shorten(text: str, limit: int = 30) -> str:
    """A text as quoted inside a message."""
    return text if len(text) <= limit else text[:limit] + "…"


def unread(text: str, readings: tuple[Reading, ...]) -> Target:
    """A target of no kind."""
    return Target(text, readings=readings)


def read_sign(text: str) -> tuple[str, tuple[Reading, ...]]:
    """指标性质: a comparator, 定性, or nothing."""
    folded = fold(text).strip()
    sign = SIGNS.get(folded, _SIGN_WORDS.get(folded, folded))
    if sign in {"≥", ">", "≤", "<", "=", _QUALITATIVE}:
        return sign, ()
    if folded in {"", "定量", "-", "/"}:
        return "", ()
    return "", (Reading("V013", f"指标性质“{shorten(text)}”不认识，未采用"),)


def qualitative(text: str, readings: tuple[Reading, ...] = ()) -> Target:
    """定性: words, decided by 完成档次."""
    return Target(text, Kind.QUALITATIVE, readings=readings)


def cost_target(text: str, cost: re.Match[str], row: Row) -> Target:
    """`数量：…,单价：…,金额：…`: the amount counts; quantity × unit price must give it."""
    count, price, amount = (decimal(cost.group(i)) for i in (1, 2, 3))
    if amount is None:
        return unread(text, (Reading("V001", "成本格的金额读不出"),))
    unit = read_unit(cost.group(4) or row.money_unit)
    readings = [Reading("", f"成本格：取金额 {plain(amount)} {unit.written or unit.base}，不高于为达成")]
    if count is not None and price is not None and count * price != amount:
        said = f"数量 {plain(count)} × 单价 {plain(price)} ≠ 金额 {plain(amount)}"
        readings.append(Reading("V023", f"{said}，按金额读取"))
    return Target(
        text, Kind.COST, "≤", amount * unit.scale, None, YUAN, unit.scale, None, NEGATIVE, readings=tuple(readings)
    )


def decimal(text: str) -> Decimal | None:
    """A plain number with thousands separators, None where it is none or too long."""
    digits = fold(text).replace(",", "").replace("，", "").strip()
    return Decimal(digits) if re.fullmatch(r"[+-]?\d{1,25}(?:\.\d{1,12})?", digits) else None


def target_in_words(text: str, words: str, row: Row, sign: str, remarks: tuple[Reading, ...]) -> Target:
    """No number, date or amount: 定性, whatever 指标性质 says."""
    if sign:
        said = f"指标性质是“{sign}”，指标值“{shorten(words)}”却没有数字，按定性指标读取"
        remarks = (*remarks, Reading("V013", said))
    return qualitative(text, remarks)


def target_from_name(text: str, row: Row, sign: str, remarks: tuple[Reading, ...]) -> Target:
    """指标值 is blank: the name may hold the target (`支付完成率100%`), else there is none."""
    name = fold(row.name).strip()
    found = measures_in(name, row.year) if len(name) <= MAX_TEXT else Findings(())
    last = found.measures[-1] if found.measures else None
    ends = isinstance(last, Quantity) and not last.rest.strip() and (last.comparator or is_percent(last.unit))
    if len(found.measures) == 1 and (ends or isinstance(last, Deadline)):
        said = Reading("V008", f"指标值是空的，取指标名称“{shorten(row.name)}”里的数值")
        return measured(text, found, row, sign, (*remarks, said))
    if sign == _QUALITATIVE:
        return qualitative(text, (*remarks, Reading("V008", "指标值是空的，指标性质为定性，按指标名称评定")))
    what = f"“{shorten(text)}”不是目标值" if text.strip() else "指标值是空的"
    return unread(text, (*remarks, Reading("V002", what)))


def measured(
    text: str, found: Findings, row: Row, sign: str, remarks: tuple[Reading, ...]
) -> Target:
    """One measure gives a number, range, cost or date; several give a compound."""
    if len(found.measures) == 1:
        target = one_target(text, found.measures[0], row, sign)
        loose = [w for w in found.words if len(w) > 1]
        if loose:
            target = noted(target, Reading("", f"没有量化的文字不计分：{shorten('；'.join(loose), 60)}"))
        return noted(target, *remarks)
    parts = tuple(one_target(m.label, m, replace(row, name=m.label or row.name), sign) for m in found.measures)
    said = Reading("V024", f"一格里有 {len(parts)} 项：{'；'.join(describe(p) for p in parts)}")
    return Target(text, Kind.COMPOUND, parts=parts, readings=(said, *remarks))


def noted(target: Target, *readings: Reading) -> Target:
    """The target with further readings."""
    return replace(target, readings=(*target.readings, *readings))


def describe(target: Target) -> str:
    """A sub-target in a few words."""
    if target.date:
        return f"{target.label}{target.date} 前"
    return f"{target.label} {target.operator or ''}{shown_value(target.value, target.unit)}".strip()


def shown_value(value: Decimal | None, unit: str) -> str:
    """A base value as people write it: 0.95 → 95%."""
    if value is None:
        return "—"
    return f"{plain(value * 100)}%" if unit == PERCENT else f"{plain(value)}{unit}"


def one_target(text: str, measure: Measure, row: Row, sign: str) -> Target:
    """A single measure as a target."""
    if isinstance(measure, Deadline):
        target = Target(text, Kind.DATE, date=measure.day, label=measure.label)
        said = f"按 {measure.day} 前（含当日）完成读取"
        stated = Reading("", said if measure.stated_year else f"{said}，年份取评价年度")
        off = measure.stated_year and measure.day.year != row.year
        wrong = (Reading("V020", f"目标日期 {measure.day} 不在 {row.year} 年度内"),) if off else ()
        return noted(target, stated, *wrong)
    return numeric_target(text, measure, row, sign)


def numeric_target(text: str, quantity: Quantity, row: Row, sign: str) -> Target:
    """A number or range: unit, comparator, direction and kind, each with where it came from."""
    quantity, unit_readings = with_unit(quantity, row)
    comparator, sign_readings = comparator_of(quantity, row, sign)
    cost = row.is_cost and is_money(quantity.unit.base) and not _SAVING_NAME.search(row.name)
    direction, why = direction_of(comparator, quantity, row, cost=cost)
    operator = comparator.sign if comparator else implied_operator(row, cost=cost)
    if quantity.upper is not None:
        return range_target(text, quantity, unit_readings)
    said = f"{operator or ''}{shown_value(quantity.value, quantity.unit.base)}".strip()
    readings = (Reading("", f"读作 {said}，{direction_word(direction)}（{why}）"), *unit_readings, *sign_readings)
    kind = Kind.COST if cost else Kind.NUMBER
    return Target(
        text, kind, operator, quantity.value, None, quantity.unit.base, quantity.unit.scale, None, direction,
        quantity.label, (), readings,
    )  # fmt: skip


def range_target(text: str, quantity: Quantity, readings: tuple[Reading, ...]) -> Target:
    """Lower and upper bound, both included."""
    upper = quantity.upper or quantity.value
    if upper < quantity.value:
        return unread(text, (*readings, Reading("V001", "区间的上限小于下限")))
    unit = quantity.unit.base
    said = f"读作区间 {shown_value(quantity.value, unit)} 至 {shown_value(upper, unit)}（含两端）"
    return Target(
        text, Kind.RANGE, None, quantity.value, upper, unit, quantity.unit.scale, None, None, quantity.label, (),
        (Reading("", said), *readings),
    )  # fmt: skip


def with_unit(quantity: Quantity, row: Row) -> tuple[Quantity, tuple[Reading, ...]]:
    """The unit from the cell, else 度量单位, else the name, else the kind of indicator (a rate, money)."""
    column = read_unit(fold(row.unit))
    if quantity.unit.base:
        differs = column.base and column.base != quantity.unit.base
        said = f"指标值的单位“{quantity.unit.written}”与度量单位“{row.unit}”不同，按指标值"
        return quantity, ((Reading("V013", said),) if differs else ())
    if column is not BARE:
        return scaled(quantity, column), ()
    named = _NAME_UNIT.search(fold(row.name))
    if named and unit_at(named[1], 0)[1] == len(named[1]):
        said = f"单位“{named[1]}”取自指标名称"
        return scaled(quantity, read_unit(named[1])), (Reading("V008", said),)
    return implied_unit(quantity, row)


def implied_unit(quantity: Quantity, row: Row) -> tuple[Quantity, tuple[Reading, ...]]:
    """A bare number above 1 of a …率 is a percentage; a bare number under 成本 is money of the form."""
    name = _NAME_UNIT.sub("", fold(row.name)).strip()
    if name.endswith(("率", "百分比", "比例", "满意度")) and 1 < quantity.value <= 1000:
        said = f"指标名称“{shorten(row.name)}”是比率，{plain(quantity.value)} 按百分数读取"
        return scaled(quantity, read_unit("%")), (Reading("V008", said),)
    if row.is_cost and not name.endswith(("率", "度", "比例", "数", "数量")):
        said = f"没有写单位，按本评价的金额单位“{row.money_unit}”读取"
        return scaled(quantity, read_unit(row.money_unit)), (Reading("V008", said),)
    return quantity, ()


def scaled(quantity: Quantity, unit: Unit) -> Quantity:
    """The quantity in a unit it did not state itself; a multiplier already written (5万) is kept."""
    scale = unit.scale if quantity.unit is BARE else Decimal(1)
    upper = None if quantity.upper is None else quantity.upper * scale
    return replace(quantity, value=quantity.value * scale, upper=upper, unit=unit)


def comparator_of(
    quantity: Quantity, row: Row, sign: str
) -> tuple[Comparator | None, tuple[Reading, ...]]:
    """指标性质, else the cell's own sign or words, else the name's (`逾期率低于0.3%`)."""
    own = quantity.comparator
    if sign:
        clash = own is not None and own.sign != sign
        said = f"指标性质“{sign}”与指标值中的“{own.words if own else ''}”不一致，按指标性质"
        return Comparator(sign, f"指标性质“{sign}”"), ((Reading("V013", said),) if clash else ())
    if own:
        return own, ()
    named = next((m for m in measures_in(fold(row.name)[:200], row.year).measures if isinstance(m, Quantity)), None)
    if named is None or named.comparator is None:
        return None, ()
    clash = named.value != quantity.value and named.unit.base in {"", quantity.unit.base}
    code = "V013" if clash else "V008"
    said = f"比较方式“{named.comparator.words}”取自指标名称“{shorten(row.name)}”"
    if clash:
        said += f"，但名称中的 {shown_value(named.value, named.unit.base)} 与指标值不同"
    return Comparator(named.comparator.sign, "指标名称"), (Reading(code, said),)


def direction_of(
    comparator: Comparator | None, quantity: Quantity, row: Row, *, cost: bool
) -> tuple[Direction, str]:
    """正向 or 反向 and what says so: sign, words, 指标方向, name, kind of indicator, in that order."""
    if comparator and comparator.sign != "=":
        return (NEGATIVE if comparator.sign in "≤<" else POSITIVE), f"由“{comparator.words}”"
    if row.direction.strip() in _DIRECTIONS:
        return _DIRECTIONS[row.direction.strip()], "由指标方向列"
    if quantity.trend:
        return POSITIVE, "由“提升、降低多少”的说法，幅度越大越好"
    return direction_by_name(row, quantity, cost=cost)


def name_direction(name: str) -> Direction | None:
    """What a name says of the direction: 故障率 is better low, 投诉处理率 is better high; None if nothing."""
    if _MORE_NAME.search(name):
        return POSITIVE
    return NEGATIVE if _LESS_NAME.search(name) else None


def direction_by_name(row: Row, quantity: Quantity, *, cost: bool) -> tuple[Direction, str]:
    """What the indicator is called, then what sort of indicator it is."""
    told = name_direction(f"{quantity.label}{row.name}")
    if told:
        return told, "由指标名称"
    if cost:
        if _STANDARD_NAME.search(row.name):
            return POSITIVE, "补助、发放标准按“=”"
        return NEGATIVE, "成本指标，越低越好"
    if row.is_timing and quantity.unit.base in {"小时", "分钟", "秒", "天", "工作日"}:
        return NEGATIVE, "时效指标的时长，越短越好"
    return POSITIVE, "没有比较符，越高越好"


def implied_operator(row: Row, *, cost: bool) -> str | None:
    """Cost is ≤ by kind, a paid standard is =; otherwise nothing is written and nothing is assumed."""
    if not cost:
        return None
    return "=" if _STANDARD_NAME.search(row.name) else "≤"


def direction_word(direction: Direction) -> str:
    """正向 or 反向."""
    return "正向" if direction is POSITIVE else "反向"
