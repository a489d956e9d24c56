"""实际完成值 read against its target: the same unit, the same kind of thing, or a reading that says why not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from selfeval.base.exact import plain, rounded
from selfeval.base.model import PERCENT, Actual, Direction, Kind, Reading, Target, Tier
from selfeval.base.text import fold, is_blank, shorten
from selfeval.reading.values.dates import compact_date
from selfeval.reading.values.quantities import Deadline, Measure, Measures, Quantity, measures_in
from selfeval.reading.values.targets import MAX_TEXT
from selfeval.reading.values.units import conversion, read_unit

CONVERTED_DIGITS = 12
"""Decimals kept where a unit conversion does not end (2天 in weeks)."""

_TIER_NAMES = (
    (Tier.PARTIAL, re.compile(r"(?:基本)?部分(?:达成|达到|实现).{0,20}")),
    (Tier.MISSED, re.compile(r"(?:未|没有|没|尚未|未能)(?:达成|达到|实现).{0,20}|实现(?:目标)?程度较低")),
    (
        Tier.MET,
        re.compile(
            r"(?:已|已经|全部|完全|全面|圆满)*(?:达成|达到)(?:了|年度|全年|预期|既定|绩效|指标|目标|要求|效果|"
            r"的|和|值)*"
        ),
    ),
)
_TIER_CODES = {"met": Tier.MET, "partial": Tier.PARTIAL, "missed": Tier.MISSED}
_KEPT = re.compile(
    r"按时|按期|如期|准时|提前|(?:规定|限定|计划|约定|要求|合同|既定)的?(?:时间|期限|时限|工期|"
    r"节点)(?:节点)?(?:内|前|以内|之内|之前)|"
    r"按(?:照)?(?:规定|计划|合同|约定|要求|合同约定|既定)的?(?:时间|期限|时限|工期|节点)|(?:期限|时限|工期)内|"
    r"(?:未|没有|无|不存在)(?:逾期|延期|延迟|超期|拖延|推迟|滞后)"
)
_NOT_KEPT = re.compile(
    r"未(?!逾期|延期|延迟|超期|拖延|推迟|滞后)|没(?!有(?:逾期|延期|延迟|超期|拖延|推迟|滞后))|不(?!存在)|"
    r"(?<!未)(?<!没有)(?<!无)(?<!不存在)(?:逾期|延期|延迟|推迟|拖延|超期|滞后)|"
    r"部分|大部|基本|多数|大多|预计|计划(?!的?(?:时间|期限|时限|工期|节点))|拟|力争|将|正在|预期(?=.{0,6}完成)"
)
_EXPECTED = re.compile("预计|拟于|计划于|计划在|将于|力争|尚未|未完成|未竣工|未验收|正在|未能|推迟至|延期至|延至|顺延")
_RISING = re.compile("提升|提高|增长|增加|上升|增幅|增速|增收")
_FALLING = re.compile("降低|下降|减少|压减|压降|压缩|节约|节省|缩短|降幅|减幅")
_FRACTION = re.compile(r"(\d{1,12})\s*/\s*(\d{1,12})")
_MONTHS = re.compile(r"(\d{1,2})\s*月(?:份)?")
_DONE_LABEL = re.compile(r"(?:实际|实际完成|实际值|完成值|实际达到|实际为|实际支出)$")
_EARLY = re.compile(r"提前\s*\d+\s*(?:个工作日|工作日|个月|天|日|周)")


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """What else is needed to read an actual: 完成档次, the year, the profile's labels of the tiers.

    As a key it is the object itself, which costs nothing to compare: there is one for all rows of a 完成档次.
    """

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
        untold = target.kind is Kind.QUALITATIVE and tier is None and not tier_readings
        asked = (Reading("V009", "定性指标没有填写完成档次"),) if untold else ()
        return Actual(text, tier=kept, readings=(Reading("V003", what), *tier_readings, *asked))
    if target.kind is Kind.QUALITATIVE:
        return qualitative_actual(text, words, tier, tier_readings, context)
    if target.kind is None:
        return Actual(text, tier=tier_of(words, context), readings=tier_readings)
    if len(words) > MAX_TEXT:
        long = Reading("V004", f"实际完成值长达 {len(words)} 字，不能确定哪个是完成值")
        return Actual(text, label=target.label, readings=(long, *tier_readings))
    actual = counted_actual(text, words, target, context)
    if not (tier or tier_readings):
        return actual
    return replace(actual, readings=(*actual.readings, *tier_readings), claimed=tier)


def read_tier_column(context: Context) -> tuple[Tier | None, tuple[Reading, ...]]:
    """完成档次: a tier's name, nothing, or a name that does not exist."""
    words = fold(context.tier_text).strip()
    if is_blank(words):
        return None, ()
    tier = _TIER_CODES.get(words.lower()) or tier_of(words, context)
    if tier:
        return tier, ()
    return None, (Reading("V021", f"完成档次“{shorten(context.tier_text)}”不存在"),)


def tier_of(words: str, context: Context) -> Tier | None:
    """The tier a text names outright; None for any other words."""
    name = words.strip(" 。.!！；;,，“”\"'")
    if name in context.labels:
        return context.labels[name]
    return next((tier for tier, pattern in _TIER_NAMES if pattern.fullmatch(name)), None)


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
    found = measures_in(words, context.year, digits=target.kind is Kind.DATE)
    if target.kind is Kind.DATE:
        return date_actual(text, words, found, target, context)
    return numeric_actual(text, words, found, target)


def date_actual(text: str, words: str, found: Measures, target: Target, context: Context) -> Actual:
    """A day; several give the last; words only where they clearly say that the date was kept."""
    bare = compact_date(words)
    days = [m for m in found.measures if isinstance(m, Deadline)]
    if bare and bare.day:
        days = [Deadline(bare.day, "", stated_year=True)]
    if days and not _EXPECTED.search(words) and not found.unclear and is_of_the_year(days, target, context):
        last = max(days, key=lambda d: d.day)
        several = (Reading("V022", f"写有 {len(days)} 个日期，取最后一个"),) if len(days) > 1 else ()
        said = f"“{shorten(text)}”写的是期限，按 {last.day} 完成读取"
        limit = (Reading("V005", said),) if last.by or last.sign else ()
        return Actual(text, date=last.day, label=target.label, readings=(*several, *limit))
    early = _EARLY.search(words)
    bare_words = early or not (found.measures or found.unclear)
    if not days and bare_words and says_kept(words, context):
        said = f"“{shorten(text)}”只说明按期，没有写完成日期"
        return Actual(text, tier=Tier.MET, label=target.label, readings=(Reading("V011", said),))
    said = f"目标是日期（{target.date}），“{shorten(text)}”不是确定的完成日期"
    return Actual(text, label=target.label, readings=(Reading("V004", said),))


def says_kept(words: str, context: Context) -> bool:
    """在规定时间内完成, 按期完成, 达成预期指标; not 完成, not 未按时完成."""
    return tier_of(words, context) is Tier.MET or bool(_KEPT.search(words) and not _NOT_KEPT.search(words))


def is_of_the_year(days: Sequence[Deadline], target: Target, context: Context) -> bool:
    """A month without its year is of the evaluation's year, unless the target lies in a later one."""
    later = target.date is not None and target.date.year > context.year
    return not later or all(d.stated_year for d in days)


def numeric_actual(text: str, words: str, found: Measures, target: Target) -> Actual:
    """The one number that answers the target, in the target's unit."""
    fraction = _FRACTION.fullmatch(words)
    if fraction and target.unit == PERCENT and int(fraction[2]):
        return Actual(text, decimal_of(Fraction(int(fraction[1]), int(fraction[2]))), PERCENT, label=target.label)
    if target.unit == "月" and (months := _MONTHS.fullmatch(words)):
        return Actual(text, Decimal(months[1]), "月", label=target.label)
    quantities = [m for m in found.measures if isinstance(m, Quantity)]
    chosen = the_answer(quantities, found, target)
    if chosen is None or chosen.upper is not None:
        many = f"“{shorten(text)}”里有几个数字，不能确定哪个是完成值"
        none = f"目标是数值，“{shorten(text)}”里没有可以比较的数字"
        reading = Reading("V004", many if quantities or found.unclear else none)
        return Actual(text, label=target.label, readings=(reading,))
    return in_targets_unit(text, chosen, target)


def the_answer(quantities: Sequence[Quantity], found: Measures, target: Target) -> Quantity | None:
    """The number that answers: the only one, else the only one in the target's unit or called 实际."""
    if found.unclear and not all(speaks_of_other_things(clause, target) for clause in found.unclear):
        return None
    if len(quantities) == 1 and not found.unclear:
        return quantities[0]
    for mine in (
        [q for q in quantities if _DONE_LABEL.search(q.label)],
        [q for q in quantities if q.unit.base and q.unit.base == target.unit],
    ):
        if len(mine) == 1:
            return mine[0]
    return None


def speaks_of_other_things(clause: str, target: Target) -> bool:
    """Whether an unclear clause (发放600份回收572份) cannot hold the answer to a rate."""
    return target.unit == PERCENT and not any(mark in clause for mark in ("%", "‰", "率", "度", "/"))


def in_targets_unit(text: str, quantity: Quantity, target: Target) -> Actual:
    """The number in the target's base unit; without a unit it takes the target's."""
    quantity = as_share(quantity, target)
    readings = list(how_written(text, quantity, target))
    sign = opposite(quantity, target)
    if sign is None or falls_short(quantity, target):
        said = f"“{shorten(text)}”没有说明究竟完成了多少"
        return Actual(text, label=quantity.label, readings=(Reading("V004", said),))
    if sign < 0:
        readings.append(Reading("", "变动方向与目标相反，按负数读取"))
    if not quantity.unit.base:
        scale = target.scale if quantity.unit.scale == 1 else Decimal(1)
        return Actual(text, sign * quantity.value * scale, target.unit, label=quantity.label, readings=tuple(readings))
    change = conversion(quantity.unit.base, target.unit)
    share_of_number = not target.unit and quantity.unit.base == PERCENT and abs(target.value or Decimal(0)) > 1
    if change.factor is None or share_of_number:
        said = change.remark or f"目标没有写单位，实际“{shorten(text)}”是百分数，不能比较"
        readings.append(Reading("V007", said))
        return Actual(text, unit=quantity.unit.base, label=quantity.label, readings=tuple(readings))
    if change.remark:
        readings.append(Reading("V006", change.remark))
    value = decimal_of(quantity.value if change.factor == 1 else Fraction(quantity.value) * change.factor)
    unit = target.unit or quantity.unit.base
    return Actual(text, sign * value, unit, label=quantity.label, readings=tuple(readings))


def as_share(quantity: Quantity, target: Target) -> Quantity:
    """97 against a target written as 0.95: a percentage."""
    written_as_share = target.unit == PERCENT and target.scale == 1 and not quantity.unit.base
    if written_as_share and quantity.value > 2:
        return replace(quantity, unit=read_unit("%"), value=quantity.value / 100)
    return quantity


@lru_cache(maxsize=16_384)
def decimal_of(value: Fraction | Decimal) -> Decimal:
    """A converted value as an exact decimal where it ends, else to twelve decimals."""
    return Decimal(plain(rounded(value, CONVERTED_DIGITS)))


def opposite(quantity: Quantity, target: Target) -> int | None:
    """-1 where the target asks for a rise and the actual tells of a fall, or the reverse; None: not to be told."""
    if not quantity.trend:
        return 1
    words = f"{fold(target.text)} {target.label}"
    rising, falling = bool(_RISING.search(words)), bool(_FALLING.search(words))
    if rising == falling:
        unsaid = not rising and quantity.trend < 0 and target.unit == quantity.unit.base == PERCENT
        return None if unsaid and "率" not in quantity.label else 1
    return 1 if rising == (quantity.trend > 0) else -1


def falls_short(quantity: Quantity, target: Target) -> bool:
    """`不足95%` against ≥95%: how much was done is not said, and as a number it would look like the target."""
    sign, around = quantity.comparator.sign if quantity.comparator else "", quantity.before.rstrip()[-1:]
    less, more = sign == "<" or around == "近", sign == ">" or around == "逾"
    return (less and target.direction is Direction.POSITIVE) or (more and target.direction is Direction.NEGATIVE)


def how_written(text: str, quantity: Quantity, target: Target) -> tuple[Reading, ...]:
    """Remarks on the way an actual is written: a comparator, 约, a share for a percentage."""
    found = []
    words = quantity.comparator.words.strip() if quantity.comparator else ""
    plainly = quantity.comparator is None or not (quantity.comparator.exact or quantity.after_words)
    if not plainly:  # 达到96% and 降至3% give a number as reached; 以上 and 超过 do not
        found.append(Reading("V005", f"实际完成值“{shorten(text)}”带有“{words}”，按数字读取"))
    elif quantity.about:
        found.append(Reading("V005", f"实际完成值“{shorten(text)}”是约数，按数字读取"))
    tiny = target.unit == PERCENT and not quantity.unit.base and 0 < quantity.value <= 1
    if tiny and target.value is not None and target.value >= Decimal("0.1") and target.scale != 1:
        said = f"目标是百分数，“{shorten(text)}”没有写单位，按 {plain(quantity.value)}% 读取"
        found.append(Reading("V014", said))
    return tuple(found)


def compound_actual(text: str, words: str, target: Target, context: Context) -> Actual:
    """The parts of a cell paired with the sub-targets, by name, else by order."""
    found = measures_in(words, context.year)
    kept = next((w for w in found.words if says_kept(w, context)), "")
    by_words = [i for i, p in enumerate(target.parts) if kept and p.kind is Kind.DATE][:1]
    by_words = by_words if not any(isinstance(m, Deadline) for m in found.measures) else []
    measured = [p for i, p in enumerate(target.parts) if i not in by_words]
    pairs = paired(measured, () if found.unclear else found.measures)
    for i in by_words:
        pairs.insert(i, None)
    parts = []
    for i, (part, measure) in enumerate(zip(target.parts, pairs, strict=True)):
        if i in by_words:
            parts.append(date_actual(kept, kept, Measures(()), part, context))
        elif measure is None:
            said = Reading("V016", f"没有找到“{part.label or part.text or '分项'}”的完成值")
            parts.append(Actual("", label=part.label, readings=(said,)))
        else:
            parts.append(replace(part_actual(words, measure, part, context), label=part.label))
    readings = tuple(r for part in parts for r in part.readings)
    return Actual(text, parts=tuple(parts), readings=readings)


def part_actual(words: str, measure: Measure, part: Target, context: Context) -> Actual:
    """One part of a compound actual against its sub-target."""
    if isinstance(measure, Deadline):
        return date_actual(words, words, Measures((measure,)), part, context)
    return numeric_actual(measure.clause, "", Measures((measure,)), part)


def paired(parts: Sequence[Target], found: Sequence[Measure]) -> list[Measure | None]:
    """Each sub-target with its measure. Names first; what is left and has no name goes by order if the counts agree."""
    by_name = matched_by_name(parts, found)
    missing = [i for i, match in enumerate(by_name) if match is None]
    left = [m for m in found if not any(m is match for match in by_name)]
    if len(missing) != len(left) or any(m.label and parts[i].label for i, m in zip(missing, left, strict=True)):
        return by_name
    for i, measure in zip(missing, left, strict=True):
        if fits(parts[i], measure):
            by_name[i] = measure
    return by_name


def matched_by_name(parts: Sequence[Target], found: Sequence[Measure]) -> list[Measure | None]:
    """For each sub-target the measure whose name is nearest, where both are each other's only best."""
    likeness = [[alike(part, measure) for measure in found] for part in parts]
    matches: list[Measure | None] = []
    for row in likeness:
        best = max(row, default=0)
        column = row.index(best) if best and row.count(best) == 1 else None
        rivals = [other[column] for other in likeness] if column is not None else []
        only = column is not None and max(rivals) == best and rivals.count(best) == 1
        matches.append(found[column] if only and column is not None else None)
    return matches


def alike(part: Target, measure: Measure) -> int:
    """How near two names are: the same, one inside the other, letters in the same order, common pairs of letters."""
    ours, theirs = part.label, measure.label
    if not fits(part, measure) or not (ours and theirs):
        return int(part.kind is Kind.DATE and fits(part, measure) and not theirs)
    if ours == theirs:
        return 4000
    if ours in theirs or theirs in ours:
        return 3000
    if in_order(theirs, ours) or in_order(ours, theirs):
        return 2000
    return len({ours[i : i + 2] for i in range(len(ours) - 1)} & {theirs[i : i + 2] for i in range(len(theirs) - 1)})


def in_order(short: str, long: str) -> bool:
    """Whether all letters of one word come in another in the same order: 缴存办结率 in 缴存业务当日办结率."""
    letters = iter(long)
    return len(short) > 1 and all(letter in letters for letter in short)


def fits(part: Target, measure: Measure) -> bool:
    """A date answers a date, a number a number of a kind that can be compared."""
    if (part.kind is Kind.DATE) != isinstance(measure, Deadline):
        return False
    if isinstance(measure, Deadline) or not measure.unit.base:
        return True
    return conversion(measure.unit.base, part.unit).factor is not None
