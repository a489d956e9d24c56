"""实际完成值 read against its target: the same unit, the same kind of thing, or a reading that says why not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from selfeval.exact import plain, rounded
from selfeval.model import Actual, Kind, Reading, Target, Tier
from selfeval.quantities import Deadline, Measure, Quantity, fold, measures_in
from selfeval.units import PERCENT, conversion
from selfeval.values import MAX_TEXT, is_blank, shorten

CONVERTED_DIGITS = 12
"""Decimals kept where a unit conversion does not end (2天 in weeks)."""

_TIER_NAMES = (
    (Tier.PARTIAL, re.compile(r"^(?:部分|基本?部分)(?:达成|达到|实现|完成).{0,16}$")),
    (Tier.MISSED, re.compile(r"^(?:未|没有|没|尚未)(?:达成|达到|实现|完成).{0,16}$|^实现程度较低$")),
    (Tier.MET, re.compile(r"^(?:已|全部|完全|全面|基本|圆满)*(?:达成|达到)(?:了|年度|预期|既定|绩效|指标|目标|要求|效果|的|和)*$")),
)
_TIER_COLUMN = {"完成": Tier.MET, "已完成": Tier.MET, "met": Tier.MET, "partial": Tier.PARTIAL, "missed": Tier.MISSED}
_KEPT = re.compile(
    r"按时|按期|如期|准时|提前|(?:规定|限定|计划|约定|要求|合同)(?:的)?(?:时间|期限|时限|工期)(?:内|前|以内)|(?:期限|时限|工期)内|"
    r"达成(?:年度|预期)(?:指标|目标)?|达到预期"
)
_NOT_KEPT = re.compile(r"未|没|不|逾期|延期|延迟|推迟|拖延|超期|滞后")
_RISING = re.compile("提升|提高|增长|增加|上升|新增|增幅|增速")
_FALLING = re.compile("降低|下降|减少|压减|压缩|节约|节省|缩短|降幅|减幅")
_FRACTION = re.compile(r"^(\d{1,12})\s*/\s*(\d{1,12})$")
_PLAIN_REACHING = {"达到", "达", "提高到", "提高至", "提升到", "提升至", "增加到", "增加至", "增长到", "增长至", "保持在",
                   "降低到", "降低至", "下降到", "下降至", "减少到", "减少至", "压减到", "压减至", "压缩到", "压缩至",
                   "降至", "降到", "减至", "控制在", "控制到", "控制于"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Context:
    """What else is needed to read an actual: 完成档次, the year, the profile's labels of the tiers."""

    tier_text: str = ""
    year: int = 2000
    labels: Mapping[str, Tier] = field(default_factory=dict)


def read_actual(text: str, target: Target, context: Context) -> Actual:
    """The actual as data. `value` is in the target's base unit; None with a reading where it cannot be."""
    words = fold(text).strip()
    tier, tier_readings = read_tier_column(context)
    if is_blank(words):
        what = f"“{shorten(text)}”不是完成值" if text.strip() else "实际完成值是空的"
        kept = tier if target.kind is Kind.QUALITATIVE else None
        return Actual(text, tier=kept, readings=(Reading("V003", what), *tier_readings))
    if target.kind is Kind.QUALITATIVE:
        return qualitative_actual(text, words, tier, tier_readings, context)
    if target.kind is None:
        return Actual(text, tier=tier_of(words, context), readings=tier_readings)
    actual = replace(counted_actual(text, words[:MAX_TEXT], target, context), text=text)
    return replace(actual, readings=(*actual.readings, *tier_readings))


def read_tier_column(context: Context) -> tuple[Tier | None, tuple[Reading, ...]]:
    """完成档次: a tier's name, nothing, or a name that does not exist."""
    words = fold(context.tier_text).strip()
    if is_blank(words):
        return None, ()
    tier = _TIER_COLUMN.get(words.lower()) or tier_of(words, context)
    if tier:
        return tier, ()
    return None, (Reading("V021", f"完成档次“{shorten(context.tier_text)}”不存在"),)


def tier_of(words: str, context: Context) -> Tier | None:
    """The tier a text names outright; None for any other words."""
    if words in context.labels:
        return context.labels[words]
    return next((tier for tier, pattern in _TIER_NAMES if pattern.match(words)), None)


def qualitative_actual(
    text: str, words: str, tier: Tier | None, readings: tuple[Reading, ...], context: Context
) -> Actual:
    """定性: 完成档次 decides; if blank, the words themselves where they are a tier's name."""
    tier = tier or (None if readings else tier_of(words, context))
    if tier is None and not readings:
        said = f"定性指标的实际完成值“{shorten(text)}”没有说明达到哪一档"
        readings = (Reading("V009", said),)
    return Actual(text, tier=tier, readings=readings)


def counted_actual(text: str, words: str, target: Target, context: Context) -> Actual:
    """An actual that must be a number, a date, or several of them."""
    if target.kind is Kind.COMPOUND:
        return compound_actual(text, words, target, context)
    measures = measures_in(words, context.year).measures
    if target.kind is Kind.DATE:
        return date_actual(text, words, measures, target, context)
    return numeric_actual(text, words, measures, target, context)


def date_actual(
    text: str, words: str, measures: Sequence[Measure], target: Target, context: Context
) -> Actual:
    """A day; several give the last; words only where they clearly say that the date was kept."""
    days = [m.day for m in measures if isinstance(m, Deadline)]
    if days:
        several = (Reading("V022", f"写有 {len(days)} 个日期，取最后一个"),) if len(days) > 1 else ()
        return Actual(text, date=max(days), label=target.label, readings=several)
    if _KEPT.search(words) and not _NOT_KEPT.search(words):
        said = f"“{shorten(text)}”只说明按期，没有写完成日期"
        return Actual(text, tier=Tier.MET, label=target.label, readings=(Reading("V011", said),))
    said = f"目标是日期（{target.date}），“{shorten(text)}”不是日期"
    return Actual(text, tier=tier_of(words, context), label=target.label, readings=(Reading("V004", said),))


def numeric_actual(
    text: str, words: str, measures: Sequence[Measure], target: Target, context: Context
) -> Actual:
    """The one number that answers the target, in the target's unit."""
    fraction = _FRACTION.match(words)
    if fraction and target.unit == PERCENT and int(fraction[2]):
        return Actual(text, decimal_of(Fraction(int(fraction[1]), int(fraction[2]))), PERCENT)
    quantities = [m for m in measures if isinstance(m, Quantity)]
    chosen = quantities if len(quantities) == 1 else answering(quantities, target)
    if len(chosen) != 1:
        many = f"“{shorten(text)}”里有几个数字，不能确定哪个是完成值"
        none = f"目标是数值，“{shorten(text)}”里没有可以比较的数字"
        reading = Reading("V004", many if quantities else none)
        return Actual(text, tier=tier_of(words, context), label=target.label, readings=(reading,))
    return in_targets_unit(text, chosen[0], target)


def answering(quantities: Sequence[Quantity], target: Target) -> list[Quantity]:
    """Among several numbers, those in the target's own unit."""
    return [q for q in quantities if q.unit.base and q.unit.base == target.unit]


def in_targets_unit(text: str, quantity: Quantity, target: Target) -> Actual:
    """The number in the target's base unit; without a unit it takes the target's."""
    readings = list(how_written(text, quantity, target))
    sign = opposite(quantity, target)
    if sign < 0:
        readings.append(Reading("", "变动方向与目标相反，按负数读取"))
    if not quantity.unit.base:
        scale = target.scale if quantity.unit.scale == 1 else Decimal(1)
        return Actual(text, sign * quantity.value * scale, target.unit, label=quantity.label, readings=tuple(readings))
    change = conversion(quantity.unit.base, target.unit)
    if change.factor is None:
        readings.append(Reading("V007", change.remark))
        return Actual(text, unit=quantity.unit.base, label=quantity.label, readings=tuple(readings))
    if change.remark:
        readings.append(Reading("V006", change.remark))
    value = decimal_of(Fraction(quantity.value) * change.factor)
    unit = target.unit or quantity.unit.base
    return Actual(text, sign * value, unit, label=quantity.label, readings=tuple(readings))


def decimal_of(value: Fraction) -> Decimal:
    """A converted value as an exact decimal where it ends, else to twelve decimals."""
    return Decimal(plain(rounded(value, CONVERTED_DIGITS)))


def opposite(quantity: Quantity, target: Target) -> int:
    """-1 where the target asks for a rise and the actual tells of a fall, or the reverse."""
    words = fold(target.text)
    falls = quantity.trend < 0 and _RISING.search(words) and not _FALLING.search(words)
    rises = quantity.trend > 0 and _FALLING.search(words) and not _RISING.search(words)
    return -1 if falls or rises else 1


def how_written(text: str, quantity: Quantity, target: Target) -> tuple[Reading, ...]:
    """Remarks on the way an actual is written: a comparator, 约, a range, a fraction for a percentage."""
    found = []
    if quantity.comparator and quantity.comparator.words not in _PLAIN_REACHING:
        said = f"实际完成值“{shorten(text)}”带有“{quantity.comparator.words}”，按数字读取"
        found.append(Reading("V005", said))
    elif quantity.about:
        found.append(Reading("V005", f"实际完成值“{shorten(text)}”是约数，按数字读取"))
    if quantity.upper is not None:
        found.append(Reading("V005", f"实际完成值“{shorten(text)}”是区间，取下限"))
    tiny = target.unit == PERCENT and not quantity.unit.base and 0 < quantity.value <= 1
    if tiny and target.value is not None and target.value >= Decimal("0.1"):
        said = f"目标是百分数，“{shorten(text)}”没有写单位，按 {plain(quantity.value)}% 读取"
        found.append(Reading("V014", said))
    return tuple(found)


def compound_actual(text: str, words: str, target: Target, context: Context) -> Actual:
    """The parts of a cell paired with the sub-targets, by name, else by order."""
    found = measures_in(words, context.year).measures
    pairs = paired(target.parts, found)
    parts = []
    for part, measure in zip(target.parts, pairs, strict=True):
        if measure is None:
            said = Reading("V016", f"没有找到“{part.label or part.text or '分项'}”的完成值")
            parts.append(Actual("", label=part.label, readings=(said,)))
        else:
            parts.append(replace(part_actual(measure, part, context), label=part.label))
    readings = tuple(r for part in parts for r in part.readings)
    return Actual(text, parts=tuple(parts), readings=readings)


def part_actual(measure: Measure, part: Target, context: Context) -> Actual:
    """One part of a compound actual against its sub-target."""
    if part.kind is Kind.DATE:
        return date_actual(measure.label, measure.label, [measure], part, context)
    return numeric_actual(measure.label, "", [measure], part, context)


def paired(parts: Sequence[Target], found: Sequence[Measure]) -> list[Measure | None]:
    """Each sub-target with its measure. Names first; what is left goes by order if the counts agree."""
    left = list(found)
    by_name: list[Measure | None] = []
    for part in parts:
        match = best_match(part, left)
        by_name.append(match)
        if match is not None:
            left.remove(match)
    missing = [i for i, match in enumerate(by_name) if match is None]
    if len(missing) != len(left):
        return by_name
    for i, measure in zip(missing, left, strict=True):
        if fits(parts[i], measure):
            by_name[i] = measure
    return by_name


def fits(part: Target, measure: Measure) -> bool:
    """A date answers a date, a number a number."""
    return (part.kind is Kind.DATE) == isinstance(measure, Deadline)


def best_match(part: Target, found: Sequence[Measure]) -> Measure | None:
    """The measure of the same name: equal names first, then the only one that contains or is contained."""
    fitting = [m for m in found if fits(part, m)]
    if part.kind is Kind.DATE and len(fitting) == 1:
        return fitting[0]
    same = [m for m in fitting if m.label and m.label == part.label]
    if same:
        return same[0]
    near = [m for m in fitting if m.label and part.label and (m.label in part.label or part.label in m.label)]
    return near[0] if len(near) == 1 else None
