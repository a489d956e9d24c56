"""Numbers, dates and words as the pages print them. The only place that knows how a figure looks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from selfeval.base.exact import fixed, plain, signed
from selfeval.base.model import PERCENT, Evidence, Score, Source, Target, Tier
from selfeval.base.phrases import CHINESE, phrase


def shown_value(value: Decimal | None, unit: str) -> str:
    """A base value as people write it: 0.95 → 95%."""
    if value is None:
        return "—"
    return f"{plain(value * 100)}%" if unit == PERCENT else f"{plain(value)}{unit}"


TIER_WORDS = {Tier.MET: "达成", Tier.PARTIAL: "部分达成", Tier.MISSED: "未达成"}


class Placed(Protocol):
    """What has a place in a file: a `Place` or a finding."""

    @property
    def file(self) -> str | None:
        """Relative to the evaluation's parent."""

    @property
    def line(self) -> int | None:
        """From 1."""

    @property
    def column(self) -> int | None:
        """From 1: the cell of a sheet, the character of a line."""

    @property
    def title(self) -> str:
        """The title of the column."""

    @property
    def sheet(self) -> str:
        """The sheet of a workbook with several."""


def is_in_workbook(place: Placed) -> bool:
    """Whether a place is a row of a spreadsheet."""
    return bool(place.file and place.line and place.file.lower().endswith(".xlsx"))


def cell_words(place: Placed, language: str = CHINESE) -> str:
    """`完成情况 第8行 实际完成值 (F8)`, as a spreadsheet shows it; of a whole row without its cell."""
    line, column = place.line or 1, place.column or 1
    cell = f"({column_letters(column)}{line})" if place.title or column > 1 else ""
    return " ".join(filter(None, (place.sheet, phrase("第{line}行", line=line).said(language), place.title, cell)))


def column_letters(column: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def place_words(place: Placed, language: str = CHINESE) -> str:
    """A place as a page tells it."""
    if is_in_workbook(place):
        return f"{place.file} {cell_words(place, language)}"
    if not (place.file and place.line):
        return place.file or ""
    if not place.column:
        return phrase("{file} 第 {line} 行", file=place.file, line=place.line).said(language)
    return phrase("{file} 第 {line} 行第 {column} 列", file=place.file, line=place.line, column=place.column).said(
        language
    )


def place_text(place: Placed, file: str, language: str = CHINESE) -> str:
    """A place as a terminal shows it, where a click opens `file:line:column`; with the title of the column."""
    if is_in_workbook(place):
        return f"{file} {cell_words(place, language)}"
    return f"{file}:{place.line}:{place.column}" + (f" {place.title}" if place.title else "")


DASH = "—"
UNSCORED = phrase("未评分")
NO_GRADE = phrase("暂不评定")
NOT_FILLED = "未填写"
BLANK_DAY = "\u3000\u3000年\u3000月\u3000日"
"""A date to be filled in by hand. There is no clock here: the same inputs always give the same page."""

FORMULAS = {
    "ratio": "完成比例",
    "inverse_ratio": "反比例",
    "deviation": "偏差率",
    "all_or_nothing": "直接赋分",
    "per_point": "逐点扣分",
    "equal": "等于目标",
    "nearer_bound": "区间",
    "bands": "分段赋分",
    "bands_up_to": "分段赋分",
    "bands_deviation": "按偏离分段",
    "duration_ratio": "工期比例",
    "late_bands": "逾期分段",
    "manual": "人工评定",
    "tiers": "定性分档",
    "mean": "分项平均",
}
"""The formulas of the rule profiles in Chinese; a name not listed is printed as it is."""

EVIDENCE = {
    Evidence.VERBATIM: "逐字核对",
    Evidence.QUOTED: "据公开表转引",
    Evidence.SECONDARY: "间接来源",
    Evidence.UNCONFIRMED: "待核对",
    Evidence.CONVENTION: "本规则约定",
}
"""How surely a rule's source is known, in the words of the reports."""

EVIDENCE_NOTE = (
    "依据之后标明可靠程度：逐字核对，与文件原文核对过；据公开表转引，见于已公开的表或通知；间接来源，见于他人转述或系统表现；"
    "待核对，按通行引用录入，未见原文；本规则约定，没有文件依据。"
)

SCALES = {Fraction(1): "{}", Fraction(1, 100): "%", Fraction(10**4): "万{}", Fraction(10**8): "亿{}"}
"""How the unit of a number is written, by how many base units it holds."""

_BARE = re.compile(r"\d[\d,]*(\.\d+)?", re.ASCII)

LEVELS = ("成本指标", "产出指标", "效益指标", "满意度指标")
"""The canonical first levels in the order of the forms."""


def cited(source: Source) -> str:
    """A rule's source with how sure it is: `财预〔2020〕10号 第十三条〔间接来源〕`, `本规则约定：……`."""
    if source.evidence is Evidence.CONVENTION:
        return phrase("{document:_}：{article:_}", document=source.document, article=source.article)
    return phrase(
        "{document} {article}〔{evidence:_}〕",
        document=source.document,
        article=source.article,
        evidence=EVIDENCE[source.evidence],
    )


def points(value: Decimal | None) -> str:
    """得分: two decimals, or 未评分."""
    return UNSCORED if value is None else fixed(value, 2)


def row_points(score: Score) -> str:
    """得分 of a row; a dash for one that only shows a detail."""
    return DASH if score.indicator.is_detail else points(score.points)


def deviation(value: Decimal | None) -> str:
    """复核得分 − 自评得分, with its sign; a dash where there is nothing to compare."""
    return DASH if value is None else signed(value)


def weights(values: Iterable[Decimal | None]) -> list[str]:
    """分值 of one table: all whole, or all with two decimals."""
    listed = list(values)
    whole = all(v is None or v == v.to_integral_value() for v in listed)
    return [DASH if v is None else (plain(v) if whole else fixed(v, 2)) for v in listed]


def weight(value: Decimal | None) -> str:
    """One 分值 by itself."""
    return weights([value])[0]


def rate(value: Fraction | None) -> str:
    """A rate in percent with two decimals."""
    return DASH if value is None else f"{fixed(value * 100, 2)}%"


def short_rate(value: Fraction, *lines: Fraction) -> str:
    """A rate in a sentence: 100%, 93.2%. With two decimals at most, none of them rounded to 100%, 0% or `lines`."""
    return f"{plain(Decimal(rate_off(value, Fraction(0), Fraction(1), *lines)[:-1]))}%"


def rate_off(value: Fraction, *lines: Fraction) -> str:
    """A rate in percent with two decimals, or as many more as tell it from `lines` that it does not lie on."""
    digits = 2
    while value not in lines and fixed(value * 100, digits) in {fixed(line * 100, digits) for line in lines}:
        digits += 1
    return f"{fixed(value * 100, digits)}%"


def bar(value: Fraction | None) -> str:
    """The length of a bar in percent of its full length, for a style attribute."""
    return "0" if value is None else fixed(max(Fraction(0), min(Fraction(1), value)) * 100, 1)


def wan(value: Decimal | None) -> str:
    """元 in 万元 with all digits: 387664.62 → 38.766462."""
    if value is None:
        return NOT_FILLED
    sign, digits, exponent = value.as_tuple()
    return plain(Decimal((sign, digits, int(exponent) - 4)))


def amount(value: Decimal | None) -> str:
    """元 in 万元 as tables print it: with all digits, those before the point by three (12,345.678901)."""
    whole, point, rest = wan(value).partition(".")
    return re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", whole) + point + rest


_AMOUNT = re.compile(r"-?([\d,]+)(\.\d+)?")


def tails(column: Sequence[str]) -> tuple[int, ...]:
    """What stands in a column behind each amount so that all points stand below each other, in quarters of an em.

    A digit takes two, a point or a comma one; nothing where the column would become too wide, or behind words.
    """
    parts = [match.groups("") if (match := _AMOUNT.fullmatch(text)) else None for text in column]
    sizes = [(_quarters(part[0]), _quarters(part[1])) for part in parts if part]
    before, behind = (max((size[side] for size in sizes), default=0) for side in (0, 1))
    if before + behind > max([WIDEST_AMOUNT, *map(sum, sizes)]):
        return (0,) * len(column)
    return tuple(behind - _quarters(part[1]) if part else 0 for part in parts)


def amount_width(column: Sequence[str], tails_: Sequence[int]) -> int:
    """How wide amounts with their tails are at the most, in quarters of an em."""
    return max((_quarters(text) + tail for text, tail in zip(column, tails_, strict=True)), default=0)


def _quarters(digits: str) -> int:
    """The width of digits and marks in quarters of an em, as of Times New Roman."""
    return sum(2 if char.isdigit() else 1 for char in digits)


WIDEST_AMOUNT = 16
"""Quarters of an em that the narrowest column of amounts holds."""


def target(read: Target) -> str:
    """指标值 by itself: as written, and with the sign and unit that other columns hold (8000 → ≥8000次)."""
    if read.value is None or not _BARE.fullmatch(read.text):
        return read.text
    number = Fraction(Decimal(read.text.replace(",", "")))
    unit = "" if not number else SCALES.get(Fraction(read.value) / number, "").format(read.unit)
    return f"{read.operator or ''}{read.text}{unit}"


def day(text: str) -> str:
    """A date as documents print it (2021-01-22 → 2021年1月22日); other words as they are; blank → to fill in."""
    try:
        read = date.fromisoformat(text.strip())
    except ValueError:
        return text.strip() or BLANK_DAY
    return f"{read.year}年{read.month}月{read.day}日"


def size(count: int) -> str:
    """The size of a file: 812 字节, 34.2 KB, 1.8 MB (1 KB = 1024 字节)."""
    if count < 1024:
        return phrase("{count} 字节", count=count)
    unit, scale = ("KB", 1024) if count < 1024**2 else ("MB", 1024**2)
    return f"{fixed(Fraction(count, scale), 1)} {unit}"


def short_sum(digits: str) -> str:
    """The first 16 hexadecimal digits of a SHA-256 in fours, as a page prints them; files hold the whole."""
    return " ".join(digits[at : at + 4] for at in range(0, 16, 4))


def sentence(text: str) -> str:
    """A text as a sentence of its own: one full stop at the end."""
    trimmed = text.strip()
    return trimmed if re.search(r"[。！？…；]$", trimmed) else (trimmed.rstrip("，、,;.") + "。" if trimmed else "")


def listed(items: Iterable[str]) -> str:
    """Items as Chinese lists them."""
    return "、".join(items)


def quoted(text: str) -> str:
    """A text in quotation marks; marks inside it become single ones."""
    return f"“{text.replace('“', '‘').replace('”', '’')}”"
