"""实际完成值 read against its target: the same unit, the same kind of thing, or a reading that says why not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from selfeval.base.model import PERCENT, Actual, Direction, Kind, Target, Tier
from selfeval.base.phrases import word
from selfeval.base.remarks import Reading, reading
from selfeval.base.text import fold, is_blank, shorten
from selfeval.reading.values.changes import speaks_of_change
from selfeval.reading.values.claims import ClaimResult, contradiction, date_contradiction
from selfeval.reading.values.clauses import Question
from selfeval.reading.values.dates import SERIAL, compact_date, serial_day, undotted_day
from selfeval.reading.values.frequencies import COUNTED
from selfeval.reading.values.measured import Deadline, Measure, Measures
from selfeval.reading.values.nothing import says_none
from selfeval.reading.values.numbers import is_met, numeric_actual
from selfeval.reading.values.pairs import paired
from selfeval.reading.values.quantities import NUMBER, measures_in
from selfeval.reading.values.statements import Statement, heard
from selfeval.reading.values.target_units import with_lost_unit
from selfeval.reading.values.targets import MAX_TEXT
from selfeval.reading.values.units import is_money, leading_unit
from selfeval.reading.values.yes_no import plain_answer

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
    r"按时|按期|如期|准时|提前(?!量|通知|告知|准备|谋划|介入|预约|申请)|(?:规定|限定|计划|约定|要求|合同|既定)的?(?:时间|期限|时限|工期|"
    r"节点)(?:节点)?(?:内|前|以内|之内|之前)|"
    r"按(?:照)?(?:规定|计划|合同|约定|要求|合同约定|既定)的?(?:时间|期限|时限|工期|节点)|(?:期限|时限|工期)内|"
    r"(?:未|没有|无|不存在)(?:逾期|延期|延迟|超期|拖延|推迟|滞后)"
)
_NOT_KEPT = re.compile(
    r"未(?!逾期|延期|延迟|超期|拖延|推迟|滞后)|没(?!有(?:逾期|延期|延迟|超期|拖延|推迟|滞后))|不(?!存在)|"
    r"(?<!未)(?<!没有)(?<!无)(?<!不存在)(?:逾期|延期|延迟|推迟|拖延|超期|滞后)|"
    r"部分|大部|基本|多数|大多|预计|计划(?!的?(?:时间|期限|时限|工期|节点))|拟|力争|将|正在|预期(?=.{0,6}完成)"
)
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
    qualitative = target.kind is Kind.QUALITATIVE
    answer = plain_answer(target.text, words) if qualitative and not (tier or tier_readings) else None
    if answer is not None:
        return Actual(text, tier=Tier.MET if answer else Tier.MISSED, answer=answer)
    if is_blank(words) and not (words == "无" and may_be_none(target)):
        return blank_actual(text, tier, tier_readings, qualitative=qualitative)
    if qualitative:
        return qualitative_actual(text, words, tier, tier_readings, context)
    if target.kind is None:
        return Actual(text, tier=tier_of(words, context), readings=tier_readings)
    actual = counted_actual(text, words, target, context)
    if not (tier or tier_readings):
        return actual
    return replace(actual, readings=(*actual.readings, *tier_readings), claimed=tier)


def blank_actual(text: str, tier: Tier | None, readings: tuple[Reading, ...], *, qualitative: bool) -> Actual:
    """Nothing, or a dash: an error, and of a 定性 row the tier is asked for."""
    none = reading("V003.none", actual=shorten(text)) if text.strip() else reading("V003.empty")
    untold = qualitative and tier is None and not readings
    asked = (reading("V009.no_tier"),) if untold else ()
    return Actual(text, tier=tier if qualitative else None, readings=(none, *readings, *asked))


def read_tier_column(context: Context) -> tuple[Tier | None, tuple[Reading, ...]]:
    """完成档次: a tier's name, nothing, or a name that does not exist."""
    words = fold(context.tier_text).strip()
    if is_blank(words):
        return None, ()
    tier = _TIER_CODES.get(words.lower()) or tier_of(words, context)
    if tier:
        return tier, ()
    return None, (reading("V021", tier=shorten(context.tier_text)),)


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
        readings = (reading("V009.which", actual=shorten(text)),)
    return Actual(text, tier=tier, readings=readings)


def counted_actual(text: str, words: str, target: Target, context: Context) -> Actual:
    """An actual that must be a number, a date, or several of them."""
    if len(words) > MAX_TEXT:
        return refused(text, target, reading("V004.long", count=len(words)))
    dated = target.kind is Kind.DATE
    if dated and SERIAL.fullmatch(words):
        return refused(text, target, reading("V004.serial", actual=shorten(text), day=serial_day(words)))
    words = undotted_day(words) if dated else words
    if target.unit != PERCENT:
        words = words.replace("个点", "个")  # 监测57个点
    if "/" in words:
        words = with_lost_unit(words, target.unit, money=is_money(target.unit))
    if is_bare(words):
        return measured_actual(text, words, target, context)
    question = question_of(target, context.year)
    if may_be_none(target) and says_none(words, question):
        return Actual(text, Decimal(0), target.unit, label=target.label)
    statement = heard(words, question)
    if statement.refusal:
        return refused(text, target, statement.refusal)
    return checked(measured_actual(text, statement.words, target, context), statement, target)


_HAPPENS = frozenset({"起", "例", "次", "件", "宗", "人", "人次", "处", "个", PERCENT})
"""What happens, or does not, is counted by these."""


def may_be_none(target: Target) -> bool:
    """Whether `无` and `未发生` answer a target: 0起, ≤2起."""
    few = target.direction is Direction.NEGATIVE and target.kind is Kind.NUMBER and target.unit in _HAPPENS
    return target.value == 0 or few


_DAY = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}日|\d{4}([-/.])\d{1,2}\1\d{1,2}")


def is_bare(words: str) -> bool:
    """A number with its unit, or a day, and nothing else: there is nothing to be weighed."""
    match = NUMBER.match(words)
    if match is None or "，" in match.group():
        return False
    rest = words[match.end() :]
    return not rest or leading_unit(rest)[1] == len(rest) or bool(_DAY.fullmatch(words))


def question_of(target: Target, year: int) -> Question:
    """What the sorter of clauses must know of a target."""
    names = tuple(n for n in (target.name, target.label, *(p.label for p in target.parts)) if len(n) > 1)
    return Question(
        names=names,
        words="，".join((fold(target.text), *names)),
        year=year,
        dated=target.kind is Kind.DATE,
        change=speaks_of_change(f"{fold(target.text)} {target.name}"),
        less=target.direction is Direction.NEGATIVE,
        unit=target.unit.removesuffix("/年") if target.unit[:1] in COUNTED else target.unit,
        compound=target.kind is Kind.COMPOUND,
        value=target.value,
    )


def refused(text: str, target: Target, why: Reading) -> Actual:
    """No value, and why."""
    parts = tuple(Actual("", label=p.label, readings=(why,)) for p in target.parts)
    return Actual(text, label=target.label, parts=parts, readings=(why,))


def checked(actual: Actual, statement: Statement, target: Target) -> Actual:
    """The actual, unless its cell contradicts it; words beside it that nobody knows are said."""
    if why := contradicted(actual, statement, target):
        return refused(actual.text, target, why)
    if actual.date and statement.dates > 1 and not any(r.code == "V022" for r in actual.readings):
        several = reading("V022.done", count=statement.dates, day=actual.date)
        actual = replace(actual, readings=(*actual.readings, several))
    taken = actual.value is not None or actual.date or any(p.value is not None or p.date for p in actual.parts)
    if not statement.unknown or not taken:
        return actual
    unknown = reading("V028", words=shorten("、".join(statement.unknown)))
    return replace(actual, readings=(*actual.readings, unknown))


def contradicted(actual: Actual, statement: Statement, target: Target) -> Reading | None:
    """What a cell says of its own value and does not fit it."""
    text = shorten(actual.text)
    if actual.date and target.date:
        late, planned = (actual.date - target.date).days, statement.dates > 1
        claim = date_contradiction(statement.claims, late, planned=planned)
        return reading("V004.day_claim", actual=text, claim=claim) if claim else None
    if actual.parts:
        unfit = next((c for c in statement.claims if c.not_reached and c.value is None), None)
        return reading("V004.claim", actual=text, claim=shorten(unfit.text)) if unfit else None
    if actual.value is None or target.value is None:
        return None
    met, less = is_met(actual.value, target), target.direction is Direction.NEGATIVE
    result = ClaimResult(actual.value, target.value, target.unit, met, less, statement.bases)
    claim = contradiction(statement.claims, result)
    return reading("V004.claim", actual=text, claim=claim) if claim else None


def measured_actual(text: str, words: str, target: Target, context: Context) -> Actual:
    """What is left of a cell, measured."""
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
    if days and not found.unclear and is_of_the_year(days, target, context):
        last = max(days, key=lambda d: d.day)
        several = (reading("V022.last", count=len(days)),) if len(days) > 1 else ()
        limit = (reading("V005.limit", actual=shorten(text), day=last.day),) if last.by or last.sign else ()
        return Actual(text, date=last.day, label=target.label, readings=(*several, *limit))
    early = _EARLY.search(words)
    bare_words = early or not (found.measures or found.unclear)
    if not days and bare_words and says_kept(words, context):
        return Actual(text, tier=Tier.MET, label=target.label, readings=(reading("V011", actual=shorten(text)),))
    said = reading("V004.no_day", day=target.date or "", actual=shorten(text))
    return Actual(text, label=target.label, readings=(said,))


def says_kept(words: str, context: Context) -> bool:
    """在规定时间内完成, 按期完成, 达成预期指标; not 完成, not 未按时完成."""
    return tier_of(words, context) is Tier.MET or bool(_KEPT.search(words) and not _NOT_KEPT.search(words))


def is_of_the_year(days: Sequence[Deadline], target: Target, context: Context) -> bool:
    """A month without its year is of the evaluation's year, unless the target lies in a later one."""
    later = target.date is not None and target.date.year > context.year
    return not later or all(d.stated_year for d in days)


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
            said = reading("V016.part", part=part.label or part.text or word("分项"))
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
