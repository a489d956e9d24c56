"""Units of measurement: how they are written, what they are multiples of, what converts into what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

PERCENT = "%"
YUAN = "元"
MULTIPLIERS = {
    "万亿": 10**12,
    "千亿": 10**11,
    "百亿": 10**10,
    "十亿": 10**9,
    "亿": 10**8,
    "千万": 10**7,
    "百万": 10**6,
    "十万": 10**5,
    "万": 10**4,
    "千": 10**3,
}
RATES = {"%": "0.01", "‰": "0.001", "百分比": "0.01", "个百分点": "0.01", "百分点": "0.01"}

SYNONYMS = {
    "人民币": YUAN,
    "圆": YUAN,
    "日": "天",
    "个日": "天",
    "个天": "天",
    "自然日": "天",
    "个工作日": "工作日",
    "个月": "月",
    "个季度": "季度",
    "个小时": "小时",
    "h": "小时",
    "分钟": "分钟",
    "个星期": "周",
    "星期": "周",
    "㎡": "平方米",
    "m²": "平方米",
    "m2": "平方米",
    "㎥": "立方米",
    "m³": "立方米",
    "m3": "立方米",
    "千米": "公里",
    "km": "公里",
    "m": "米",
    "cm": "厘米",
    "mm": "毫米",
    "平方千米": "平方公里",
    "千克": "公斤",
    "kg": "公斤",
    "t": "吨",
    "kWh": "千瓦时",
    "kW": "千瓦",
}
"""Other spellings of one unit."""

FAMILIES: tuple[dict[str, Fraction], ...] = (
    {"秒": Fraction(1), "分钟": Fraction(60), "小时": Fraction(3600), "天": Fraction(86400), "周": Fraction(604800)},
    {"月": Fraction(1), "季度": Fraction(3), "年": Fraction(12)},
    {"毫米": Fraction(1, 1000), "厘米": Fraction(1, 100), "米": Fraction(1), "公里": Fraction(1000)},
    {"平方米": Fraction(1), "亩": Fraction(2000, 3), "公顷": Fraction(10000), "平方公里": Fraction(1000000)},
    {"克": Fraction(1), "斤": Fraction(500), "公斤": Fraction(1000), "吨": Fraction(1000000)},
    {"MB": Fraction(1), "GB": Fraction(1024), "TB": Fraction(1024**2), "PB": Fraction(1024**3)},
    {"千瓦": Fraction(1), "兆瓦": Fraction(1000)},
    {"立方米": Fraction(1)},
    {"工作日": Fraction(1)},
    {"千瓦时": Fraction(1)},
    {PERCENT: Fraction(1)},
    {YUAN: Fraction(1)},
    {"美元": Fraction(1)},
    {"欧元": Fraction(1)},
    {"港元": Fraction(1)},
)
"""Units that measure the same thing, as multiples of one of them. A unit in no family counts things."""

CALENDAR = {("年", "天"): 365, ("月", "天"): 30, ("季度", "天"): 90}
"""Conventional lengths, used with a remark where a calendar unit meets days."""

COUNTERS = (
    "人次 人天 人日 人月 人 名 位 户次 户 家次 家 个 台次 台套 台 套次 套 项次 项 件次 件 份 篇 条次 条 起 辆次 辆 车次 "
    "次 页 本 册 张 幅 期次 期 场次 场 班次 班 批次 批 处次 处 座 栋 幢 间 门 株 棵 头 只 羽 支 对 组 队 村 镇 乡 所 校 站 "
    "点位 例 宗 笔 单 票 块 面 根 具 部 架 艘 课时 学时 分 倍 盏 口 眼 卷 盒 箱 袋 瓶 桶 枚 把 副 节 段 标段 项目 单位 学期 "
    "学年 万元 个点 孔 床 席 字 词 层 排 种 类 类别 轮 届 代 度 级 折 款 届次 站点 片 线 路 平台 系统"
).split()
NAMED = sorted(
    {*COUNTERS, *SYNONYMS, *RATES, *(unit for family in FAMILIES for unit in family)}, key=len, reverse=True
)
_NAMED = "|".join(re.escape(name) for name in NAMED)
UNIT = re.compile(rf"(?:{_NAMED})(?:\s*/\s*(?:每)?(?:{_NAMED}|[\u4e00-\u9fff]{{1,2}})(?:[·/](?:{_NAMED}))?)?")
_MULTIPLIER = re.compile("|".join(MULTIPLIERS))
_NOT_MULTIPLIED = re.compile("千(?:克|米|瓦|卡|帕|字节)")


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
    """The unit written at a position of a text, multiplier included; `BARE` where there is none."""
    start = skip_blanks(text, position)
    factor, after = multiplier(text, start)
    match = UNIT.match(text, skip_blanks(text, after))
    if match:
        name, scale = canonical(match.group())
        return Unit(name, scale * factor, text[start : match.end()]), match.end()
    return (Unit("", Decimal(factor), text[start:after]), after) if factor != 1 else (BARE, position)


def skip_blanks(text: str, position: int) -> int:
    """The next position that is not a blank."""
    while position < len(text) and text[position] in " \t\u3000":
        position += 1
    return position


def canonical(name: str) -> tuple[str, Decimal]:
    """A unit's usual spelling and its scale: 百分比 → (%, 0.01)."""
    name = re.sub(r"\s", "", name)
    if name in RATES:
        return PERCENT, Decimal(RATES[name])
    head, slash, tail = name.partition("/")
    return SYNONYMS.get(head, head) + slash + tail.removeprefix("每"), Decimal(1)


@lru_cache(maxsize=4096)
def read_unit(text: str) -> Unit:
    """A 度量单位 cell. A unit that is not in the vocabulary is kept as its own name."""
    name = text.strip().strip("()（）").strip()
    if not name:
        return BARE
    unit, end = unit_at(name, 0)
    if end == len(name) and unit is not BARE:
        return Unit(unit.base, unit.scale, name)
    factor, after = multiplier(name, 0)
    return Unit(name[after:] or "", Decimal(factor), name)


def family(unit: str) -> dict[str, Fraction] | None:
    """The family a unit belongs to; None for a unit that counts things."""
    return next((f for f in FAMILIES if unit in f), None)


def is_money(unit: str) -> bool:
    """元, or 元 per something."""
    return unit.partition("/")[0] in {YUAN, "美元", "欧元", "港元"}


@dataclass(frozen=True, slots=True)
class Conversion:
    """How to turn a value into another unit. `factor` None: it cannot be done. `remark` is to be said."""

    factor: Fraction | None
    remark: str = ""


def conversion(source: str, wanted: str) -> Conversion:
    """From one base unit into another. Units that count things are taken for each other, with a remark."""
    if source == wanted or not source or not wanted:
        return Conversion(Fraction(1)) if source == wanted or not source else bare_target(source)
    ours, theirs = family(source), family(wanted)
    if ours is not None and ours is theirs:
        return Conversion(ours[source] / ours[wanted])
    for (large, small), factor in CALENDAR.items():
        if (source, wanted) == (large, small):
            return Conversion(Fraction(factor), f"1{large}按 {factor}{small} 换算")
        if (source, wanted) == (small, large):
            return Conversion(Fraction(1, factor), f"1{large}按 {factor}{small} 换算")
    if ours is None and theirs is None and not is_money(source) and not is_money(wanted):
        return Conversion(Fraction(1), f"实际的单位“{source}”与目标的“{wanted}”不同，按数值比较")
    return Conversion(None, f"实际的单位“{source}”不能换算成目标的“{wanted}”")


def bare_target(source: str) -> Conversion:
    """An actual with a unit against a target without one: the number as it is, a rate as a fraction."""
    return Conversion(Fraction(1), "" if source == PERCENT else f"目标没有写单位，实际为“{source}”，按数值比较")
