"""Units of measurement: how they are written, what they are multiples of, what converts into what (`units.toml`)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from importlib.resources import files

from selfeval.base.memo import remembered
from selfeval.base.model import PERCENT, YUAN
from selfeval.base.remarks import Reading, reading

_DATA = tomllib.loads(files("selfeval.reading.values").joinpath("units.toml").read_text(encoding="utf-8"))


def _by_spelling(group: str) -> dict[str, str]:
    """What each spelling stands for."""
    return {spelling: name for name, spellings in _DATA[group].items() for spelling in spellings.split()}


MULTIPLIERS: dict[str, int] = _DATA["multipliers"]
RATES = _by_spelling("rates")
SYNONYMS = _by_spelling("synonyms")
"""Other spellings of one unit."""

FOREIGN = frozenset(_DATA["words"]["foreign"].split())
FAMILIES: tuple[dict[str, Fraction], ...] = (
    *({unit: Fraction(size) for unit, size in sizes.items()} for sizes in _DATA["families"].values()),
    *({unit: Fraction(1)} for unit in (*_DATA["words"]["alone"].split(), *_DATA["words"]["foreign"].split())),
)
"""Units that measure the same thing, as multiples of one of them. A unit in no family counts things."""

CALENDAR = {("年", "天"): 365, ("月", "天"): 30, ("季度", "天"): 90}
"""Conventional lengths, used with a remark where a calendar unit meets days."""

PEOPLE, HOUSEHOLDS, EVENTS, HAPPENINGS, ANYTHING, COUNTERS = (
    frozenset(_DATA["words"][name].split())
    for name in ("people", "households", "events", "happenings", "anything", "counters")
)
"""What people, households and events are counted by; what happens; what goes for all of them; every counter."""
NAMED = sorted({*COUNTERS, *SYNONYMS, *RATES, *(unit for family in FAMILIES for unit in family)}, key=len, reverse=True)
_NAMED = "|".join(re.escape(name) for name in NAMED)
_WORD = r"[\u4e00-\u9fff]{1,2}?(?=$|[^\u4e00-\u9fff]|以|之|及|左右|内)"
UNIT = re.compile(
    rf"(?:{_NAMED})(?:·(?:{_NAMED}))?(?:\s*/\s*每?(?:{_NAMED}|{_WORD})(?:\s*[·/]\s*(?:{_NAMED}|{_WORD}))?)?"
)
_NO_UNIT = re.compile(
    "年级|年制|年期|周年|月龄|人大|人才|人均|度假|路段|方面|面积|类型|单位面积|个别|对口|对比|线上|线下|通过|"
    "条例|项下|年报"
)
"""Words that begin like a unit and are none: 3年级, 100周年."""
_MULTIPLIER = re.compile("|".join(MULTIPLIERS))
_NOT_MULTIPLIED = re.compile("千(?:克|米|瓦|卡|帕|字节)|[百千万]分|百货|千禧")
_ENCLOSED = re.compile(r"^[(\[]([^()\[\]]*)[)\]]$")
_BRACKETED = re.compile(r"\([^()]*\)")
_NO_COLUMN = re.compile(
    r"[\s/\\\-…·.。*×—_~]*|无|无单位|其他|其它|定性|文字|文字描述|描述|是/否|N/?A|无量纲", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A written unit: its base unit and how many of those it stands for (万元: 10000 元; %: 0.01)."""

    base: str
    scale: Decimal = Decimal(1)
    written: str = ""


BARE = Unit("")


def multiplier(text: str, position: int) -> tuple[int, int]:
    """A multiplier (万, 亿, …) at a position: its factor and where it ends; 1 where there is none."""
    if _NOT_MULTIPLIED.match(text, position):
        return 1, position
    match = _MULTIPLIER.match(text, position)
    return (MULTIPLIERS[match.group()], match.end()) if match else (1, position)


def unit_at(text: str, position: int) -> tuple[Unit, int]:
    """The unit written at a position of a text, multiplier included, and where it ends; `BARE` where there is none."""
    unit, length = leading_unit(text[position:])
    return unit, position + length


@remembered
def leading_unit(text: str) -> tuple[Unit, int]:
    """The unit that a text begins with and its length: what follows a number is nearly always one of a few texts."""
    start = skip_blanks(text, 0)
    factor, after = multiplier(text, start)
    match = UNIT.match(text, skip_blanks(text, after))
    if match and not _NO_UNIT.match(text, match.start()):
        name, scale = canonical(match.group())
        return Unit(name, scale * factor, text[start : match.end()]), match.end()
    return (Unit("", Decimal(factor), text[start:after]), after) if factor != 1 else (BARE, 0)


def is_unit_word(word: str) -> bool:
    """Whether a word ends like a unit: 车次公里 ends in 公里."""
    return word.endswith(tuple(NAMED))


def skip_blanks(text: str, position: int) -> int:
    """The next position that is not a blank."""
    while position < len(text) and text[position] in " \t\u3000":
        position += 1
    return position


_APART = re.compile("/人(天|日|月|年)")
"""380元/人天 is 380元/人·天."""


@remembered
def canonical(name: str) -> tuple[str, Decimal]:
    """A unit's usual spelling and its scale: 百分比 → (%, 0.01)."""
    name = re.sub(r"\s", "", name)
    if name in RATES:
        return PERCENT, Decimal(RATES[name])
    if name in SYNONYMS:
        return SYNONYMS[name], Decimal(1)
    parts = re.split("([/·])", _APART.sub(r"/人·\1", name.replace("/每", "/")))
    return "".join(SYNONYMS.get(part, part) for part in parts), Decimal(1)


@remembered
def read_unit(text: str) -> Unit:
    """A 度量单位 cell. A unit that is not in the vocabulary is kept as its own name."""
    name = _ENCLOSED.sub(r"\1", text.strip()).strip().removeprefix("单位:").strip()
    if _NO_COLUMN.fullmatch(name):
        return BARE
    for written in (name, _BRACKETED.sub("", name)):  # 台(套) is 台
        unit, end = unit_at(written, 0)
        if end == len(written) and unit != BARE:
            return Unit(unit.base, unit.scale, name)
    factor, after = multiplier(name, 0)
    return Unit(name[after:] or "", Decimal(factor), name)


def family(unit: str) -> dict[str, Fraction] | None:
    """The family a unit belongs to; None for a unit that counts things."""
    return next((f for f in FAMILIES if unit in f), None)


def is_money(unit: str) -> bool:
    """元, or 元 per something."""
    return re.split("[/·]", unit, maxsplit=1)[0] in {YUAN, *FOREIGN}


@dataclass(frozen=True, slots=True)
class Conversion:
    """How to turn a value into another unit. `factor` None: it cannot be done. `remark` is to be said."""

    factor: Fraction | None
    remark: Reading | None = None


@lru_cache(maxsize=4096)
def conversion(source: str, wanted: str) -> Conversion:
    """From one base unit into another. Units that count things are taken for each other, with a remark."""
    if source == wanted or not source or not wanted:
        return Conversion(Fraction(1)) if source == wanted or not source else bare_target(source)
    ours, theirs = family(source), family(wanted)
    if ours is not None and ours is theirs:
        return Conversion(ours[source] / ours[wanted])
    for (large, small), factor in CALENDAR.items():
        if (source, wanted) == (large, small):
            return Conversion(Fraction(factor), reading("V006.calendar", large=large, factor=factor, small=small))
        if (source, wanted) == (small, large):
            return Conversion(Fraction(1, factor), reading("V006.calendar", large=large, factor=factor, small=small))
    return per_something(source, wanted) or counted_alike(source, wanted)


def per_something(source: str, wanted: str) -> Conversion | None:
    """260元 against 260元/辆: only one of the two says per what."""
    (ours, per, of), (theirs, wanted_per, of_wanted) = source.partition("/"), wanted.partition("/")
    if not per and not wanted_per:
        return None
    if per and wanted_per and of != of_wanted:
        return Conversion(None, reading("V007.units", unit=source, target=wanted))
    change = conversion(ours, theirs)
    return Conversion(change.factor, reading("V006.written", unit=source, target=wanted)) if change.factor else change


def counted_alike(source: str, wanted: str) -> Conversion:
    """台 and 套 are taken for each other, with a remark; people are no machines and no households, nor 人次 times."""
    alike = family(source) is None and family(wanted) is None and not is_money(source) and not is_money(wanted)
    both = {source, wanted}
    times = {unit for unit in both if unit.endswith("次")}
    for group, others in ((PEOPLE, ANYTHING), (HOUSEHOLDS, ANYTHING), (EVENTS, ANYTHING | HAPPENINGS | times)):
        alike = alike and (not both & group or both <= group | others)
    same = source.removesuffix("次") == wanted.removesuffix("次")  # 家次 for 家
    if same or (alike and both != {"人次", "次"}):
        return Conversion(Fraction(1), reading("V006.counted", unit=source, target=wanted))
    return Conversion(None, reading("V007.units", unit=source, target=wanted))


def bare_target(source: str) -> Conversion:
    """An actual with a unit against a target without one: the number as it is, a rate as a fraction."""
    return Conversion(Fraction(1), None if source == PERCENT else reading("V006.bare", unit=source))
