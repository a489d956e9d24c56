"""Units of measurement: how they are written, what they are multiples of, what converts into what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from selfeval.base.memo import remembered
from selfeval.base.model import PERCENT, YUAN
from selfeval.base.remarks import Reading, reading

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
    "百": 10**2,
}
RATES = {
    **dict.fromkeys(("%", "百分比", "百分数", "百分点", "个百分点", "个点"), "0.01"),
    "‰": "0.001",
    "‱": "0.0001",
    **dict.fromkeys(("/10万", "/十万"), "0.00001"),
}

SYNONYMS = {
    "人民币": YUAN,
    "人民币元": YUAN,
    "圆": YUAN,
    "元人民币": YUAN,
    "块钱": YUAN,
    "日": "天",
    "个日": "天",
    "个天": "天",
    "自然日": "天",
    "个自然日": "天",
    "日历天": "天",
    "自然天": "天",
    "个工作日": "工作日",
    "个工作天": "工作日",
    "工作天": "工作日",
    "个月": "月",
    "年度": "年",
    "个年度": "年",
    "个季": "季度",
    "个季度": "季度",
    "个小时": "小时",
    "h": "小时",
    "min": "分钟",
    "个星期": "周",
    "星期": "周",
    "㎡": "平方米",
    "平米": "平方米",
    "m^2": "平方米",
    "hm²": "公顷",
    "km²": "平方公里",
    "km2": "平方公里",
    "m²": "平方米",
    "m2": "平方米",
    "㎥": "立方米",
    "立方": "立方米",
    "m^3": "立方米",
    "m³": "立方米",
    "m3": "立方米",
    "千米": "公里",
    "km": "公里",
    "KM": "公里",
    "Km": "公里",
    "m": "米",
    "cm": "厘米",
    "mm": "毫米",
    "平方千米": "平方公里",
    "千克": "公斤",
    "kg": "公斤",
    "KG": "公斤",
    "Kg": "公斤",
    "市斤": "斤",
    "mL": "毫升",
    "ml": "毫升",
    "公升": "升",
    "L": "升",
    "mg": "毫克",
    "μg": "微克",
    "ug": "微克",
    "db": "分贝",
    "dB": "分贝",
    "dB(A)": "分贝",
    "摄氏度": "℃",
    "吨标煤": "吨标准煤",
    "人·次": "人次",
    "t": "吨",
    "kWh": "千瓦时",
    "kw": "千瓦",
    "kW": "千瓦",
    "kwh": "千瓦时",
    "KWH": "千瓦时",
    "kW·h": "千瓦时",
    "MW": "兆瓦",
    "GW": "吉瓦",
    "Gb": "GB",
    "Tb": "TB",
    "gb": "GB",
    "tb": "TB",
    "mb": "MB",
    "美金": "美元",
    "港币": "港元",
    "港纸": "港元",
    "日币": "日元",
    "台币": "新台币",
    "澳币": "澳元",
    "加币": "加元",
    "镑": "英镑",
}
"""Other spellings of one unit."""

OTHER_CURRENCIES = ("日元", "英镑", "澳元", "加元", "韩元", "卢布", "瑞士法郎", "新加坡元", "新台币", "澳门元", "泰铢")
FOREIGN = frozenset({"美元", "欧元", "港元", *OTHER_CURRENCIES})
FAMILIES: tuple[dict[str, Fraction], ...] = (
    {"秒": Fraction(1), "分钟": Fraction(60), "小时": Fraction(3600), "天": Fraction(86400), "周": Fraction(604800)},
    {"月": Fraction(1), "季度": Fraction(3), "年": Fraction(12)},
    {"毫米": Fraction(1, 1000), "厘米": Fraction(1, 100), "米": Fraction(1), "公里": Fraction(1000)},
    {"平方米": Fraction(1), "亩": Fraction(2000, 3), "公顷": Fraction(10000), "平方公里": Fraction(1000000)},
    {"微克": Fraction(1, 1000000), "毫克": Fraction(1, 1000), "克": Fraction(1)}
    | {"斤": Fraction(500), "公斤": Fraction(1000), "吨": Fraction(1000000)},
    {"MB": Fraction(1), "GB": Fraction(1024), "TB": Fraction(1024**2), "PB": Fraction(1024**3)},
    {"千瓦": Fraction(1), "兆瓦": Fraction(1000), "吉瓦": Fraction(1000000)},
    {"立方米": Fraction(1), "升": Fraction(1, 1000), "毫升": Fraction(1, 1000000)},
    {"工作日": Fraction(1)},
    {"千瓦时": Fraction(1)},
    {"分": Fraction(1)},
    {"倍": Fraction(1)},
    {"岁": Fraction(1), "周岁": Fraction(1)},
    {"分贝": Fraction(1)},
    {"℃": Fraction(1)},
    {"吨标准煤": Fraction(1)},
    {PERCENT: Fraction(1)},
    {YUAN: Fraction(1)},
    {"美元": Fraction(1)},
    {"欧元": Fraction(1)},
    {"港元": Fraction(1)},
    *({currency: Fraction(1)} for currency in OTHER_CURRENCIES),
)
"""Units that measure the same thing, as multiples of one of them. A unit in no family counts things."""

CALENDAR = {("年", "天"): 365, ("月", "天"): 30, ("季度", "天"): 90}
"""Conventional lengths, used with a remark where a calendar unit meets days."""

PEOPLE = {"人", "人次", "名", "位", "人份", "剂次"}
HOUSEHOLDS = {"户", "户次", "家", "家次", "企业"}
ANYTHING = {"个", "例", "份", "件", "次", "项"}
"""What people, households and things are counted by; the last goes for all of them."""

COUNTERS = (  # noqa: SIM905 - a word list
    "人次 人天 人日 人月 人年 人 名 位 户次 户 家次 家 个 台次 台套 台时 台 套次 套 项次 项 件次 件 份次 份 "
    "篇次 篇 条次 条 起次 起 辆次 "
    "辆 车次 次 页 本次 本 册 张 幅 期次 期 场次 场 班次 班 批次 批 处次 处 座次 座 栋 幢 间 门次 门 株 棵 "
    "头 只 羽 支 对 组 队 村 镇 乡 "
    "所 校 站 点位 例次 例 宗 笔 单 票 块 面 根 具 部 架次 架 艘 课时 学时 分 倍 盏 口 眼 卷 盒 箱 袋 瓶 桶 "
    "枚 把 副 节次 节 标段 段 项目 "
    "单位 学期 学年 孔 床位 床 席 字 词 层 排 种 类别 类 轮次 轮 届次 届 度电 度 折 款 站点 片 线 路 岁 周岁 "
    "车公里 人公里 "
    "吨公里 皮长公里 芯公里 标准箱 桌 盆 趟 尾 窝 丛 桩 棚 集 首 曲 顶 匹 扇 封 通 粒 亩次 方 机位 车位 泊位 "
    "停车位 学位 岗位 人份 剂次 "
    "剂 兆 Mbps Gbps MPa kVA ppm 蒸吨"
).split()
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
    """台 and 套 are taken for each other, with a remark; people are no machines and no households."""
    alike = family(source) is None and family(wanted) is None and not is_money(source) and not is_money(wanted)
    both = {source, wanted}
    for group in (PEOPLE, HOUSEHOLDS):
        alike = alike and (not both & group or both <= group | ANYTHING)
    if alike:
        return Conversion(Fraction(1), reading("V006.counted", unit=source, target=wanted))
    return Conversion(None, reading("V007.units", unit=source, target=wanted))


def bare_target(source: str) -> Conversion:
    """An actual with a unit against a target without one: the number as it is, a rate as a fraction."""
    return Conversion(Fraction(1), None if source == PERCENT else reading("V006.bare", unit=source))
