"""The unit of a target where its cell does not write one: 度量单位, the name, the kind of indicator."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from selfeval.base.model import PERCENT, Direction
from selfeval.base.remarks import Reading, reading
from selfeval.base.text import fold, shorten
from selfeval.reading.values.context import TargetContext
from selfeval.reading.values.directions import name_direction
from selfeval.reading.values.measured import Quantity
from selfeval.reading.values.units import BARE, Unit, read_unit, unit_at

RATE_NAME = re.compile(r"(?:率|百分比|比例|比重|占比|满意度|满意程度|知晓度|完成度|达标度|覆盖面)(?:指标|情况)?$")
_NOT_RATE = re.compile(r"(?:频|功|效|速|心|汇|利|分辨|费)率$")
_COUNT_NAME = re.compile(r"(?:率|度|比例|数|数量|次|次数|人次|天数|时间|时长|户数|面积|量|起数)$")
_NO_MONEY_COST = re.compile("社会成本|生态|环境成本")
NAME_UNIT = re.compile(r"[(\[](?:单位:)?\s*(?:[≥≤<>=]{0,2}\s*[*xX×_?]{1,4})?\s*([^()\[\]*]{1,8})[)\]]\s*$")
NAME_TEMPLATE = re.compile(r"[(\[]\s*([≥≤<>=]{1,2})\s*[*xX×_?]{1,4}[^()\[\]\d]{0,8}[)\]]\s*$")
"""`项目总投入(≥**万元)`: the form's own template keeps the comparison and the unit."""


def named_unit(row: TargetContext) -> str:
    """The unit that a name ends with in brackets, else 度量单位; empty where neither is one."""
    named = NAME_UNIT.search(fold(row.name))
    if named and unit_at(named[1], 0)[1] == len(named[1]):
        return named[1]
    return fold(row.unit).strip()


_BARE_RATE = re.compile(r"(?<=\d)\s*/\s*每?(?=[\u4e00-\u9fff]{1,3}$)")
_BARE_MONEY = re.compile(r"(?<=\d)(\s*[万亿])(?=\s*/)")


def with_lost_unit(words: str, unit: str, *, money: bool) -> str:
    """`28.40/株` beside a unit 元/株, `620万/月` where money is meant: the unit somebody forgot to write."""
    counted, per, of = unit.partition("/")
    if per and words.endswith(of) and _BARE_RATE.search(words):
        return _BARE_RATE.sub(f"{counted}/", words)
    return _BARE_MONEY.sub(r"\1元", words) if money else words


def with_unit(quantity: Quantity, row: TargetContext) -> tuple[Quantity, tuple[Reading, ...]] | None:
    """The unit from the cell, else 度量单位, else the name, else the kind of indicator; None where it is unclear."""
    column = read_unit(fold(row.unit))
    if quantity.unit.base:
        differs = column.base and column.base != quantity.unit.base
        return quantity, ((reading("V013.unit", unit=quantity.unit.written, column=row.unit),) if differs else ())
    if column != BARE:
        return scaled(quantity, column), doubtful_share(quantity, row, column)
    named = NAME_UNIT.search(fold(row.name))
    if named and unit_at(named[1], 0)[1] == len(named[1]):
        return scaled(quantity, read_unit(named[1])), (reading("V008.unit", unit=named[1]),)
    return implied_unit(quantity, row)


def doubtful_share(quantity: Quantity, row: TargetContext, unit: Unit) -> tuple[Reading, ...]:
    """0.95 beside a unit column of %: read as written, and doubted."""
    rate = unit.base == PERCENT and RATE_NAME.search(fold(row.name))
    good = name_direction(row.name) is not Direction.NEGATIVE
    if rate and good and Decimal("0.5") <= quantity.value <= 1:
        return (reading("V014.column", number=quantity.value, unit=unit.written),)
    return ()


def implied_unit(quantity: Quantity, row: TargetContext) -> tuple[Quantity, tuple[Reading, ...]] | None:
    """A bare number of a …率 is a percentage, 0.95 a share; a bare number under 成本 is money of the form."""
    name = re.split(r"[≥≤<>=]|不?(?:低于|高于|超过|少于|大于|小于)|达到", NAME_UNIT.sub("", fold(row.name)).strip())[0]
    satisfied = "满意" in row.level1 + row.level2 and not name.endswith(("分", "得分", "评分", "数"))
    rate = (RATE_NAME.search(name) and not _NOT_RATE.search(name)) or RATE_NAME.search(quantity.label)
    if (rate or satisfied) and quantity.unit == BARE and not quantity.trend:
        return share_or_percent(quantity, row)
    if row.is_cost and not _COUNT_NAME.search(name) and not _NO_MONEY_COST.search(row.level2 + row.level1):
        return scaled(quantity, read_unit(row.money_unit)), (reading("V008.money", unit=row.money_unit),)
    return quantity, ()


def share_or_percent(quantity: Quantity, row: TargetContext) -> tuple[Quantity, tuple[Reading, ...]] | None:
    """A rate without a unit: above 1 a percentage, from a half to 1 a share; anything else may be either."""
    if quantity.value == 0:
        return replace(quantity, unit=read_unit("%")), ()
    if 1 < quantity.value <= 1000:
        said = reading("V008.rate", name=shorten(row.name), number=quantity.value)
        return scaled(quantity, read_unit("%")), (said,)
    likely = quantity.upper is None and Decimal("0.5") <= quantity.value <= 1
    if not likely or name_direction(f"{quantity.label}{row.name}") is Direction.NEGATIVE:
        return None
    said = reading("V014.rate", name=shorten(row.name), number=quantity.value, percent=quantity.value * 100)
    return replace(quantity, unit=Unit(PERCENT)), (said,)


def scaled(quantity: Quantity, unit: Unit) -> Quantity:
    """The quantity in a unit it did not state itself; a multiplier already written (5万) is kept."""
    scale = unit.scale if quantity.unit == BARE else Decimal(1)
    upper = None if quantity.upper is None else quantity.upper * scale
    return replace(quantity, value=quantity.value * scale, upper=upper, unit=unit)
