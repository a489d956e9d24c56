"""What copying and typing leave behind: points in the wrong columns, a row entered twice, last year's name, sums."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from selfeval.base.diagnostics import Diagnostic
from selfeval.base.model import YUAN, Indicator, Kind
from selfeval.base.remarks import Reading, reading
from selfeval.base.text import comparable, decimal, fold, shorten
from selfeval.checks.budget import cost_rows_of, is_off, is_price
from selfeval.checks.numbers_in_text import share_a_word
from selfeval.checks.subject import Subject
from selfeval.reading.values.units import is_unit_word

FULL_SUMS = frozenset({Decimal(100), Decimal(90), Decimal(80)})
"""What the points of a form's indicators add up to."""
ENOUGH_ROWS = 4
"""Fewer bare numbers than this may make such a sum by chance."""

_BARE = re.compile(r"(\d{1,3}(?:\.\d{1,2})?)分?")
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_SPELLED = re.compile("二[〇○零][〇○零一二三四五六七八九]{2}(?=年)")
_YEARS = re.compile(r"(?<![\d〔\[至~～\-—–])(20\d\d)年度?(?![版\d]*\s*(?:版|[-—–~～至]|以[前来后]|底?前))")
_OF_OTHER_YEARS = re.compile(
    "决算|结转|结余|规划|上年|往年|历年|以前|续建|尾款|质保|清算|清欠|遗留|届|周年|出生|基期|底数|普查|改革|条例|办法|标准|较|比|基准|基础上"
)
_UNIT_BEHIND = re.compile(r"[（(](?:单位[:：]?)?([^（()）]{1,4})[）)]$")
_PRODUCT = re.compile(
    r"(\d{1,12}(?:\.\d{1,6})?)\s*(万)?[^\d=×*xX+＋\-]{0,8}[×*xX][^\d=×*xX+＋\-]{0,8}(\d{1,12}(?:\.\d{1,6})?)\s*(万)?[^\d=×*xX+＋\-]{0,8}=\s*"
    r"(\d{1,12}(?:\.\d{1,6})?)\s*(万)?"
)


def points_typed_in(subject: Subject) -> Iterator[Diagnostic]:
    """C026: 指标值 and 实际完成值 hold the points: bare numbers, equal, 100 in all."""
    rows = [i for i in subject.project.indicators if i.target.text.strip()]
    if len(rows) < ENOUGH_ROWS or bare_number(rows[0]) is None:
        return
    numbers = [bare_number(i) for i in rows]
    total = sum((number for number in numbers if number is not None), Decimal(0))
    if None not in numbers and total in FULL_SUMS and all(map(repeats, rows)):
        yield subject.on_target(rows[0], "C026", count=len(rows), total=total)


def bare_number(indicator: Indicator) -> Decimal | None:
    """A target that is nothing but a number, its unit written nowhere."""
    text = fold(indicator.target.text).strip()
    stated = indicator.target.unit not in {"", "分"} and not any(r.code == "V008" for r in indicator.target.readings)
    match = _BARE.fullmatch(text)
    return decimal(match[1]) if match and not stated else None


def repeats(indicator: Indicator) -> bool:
    """Whether nothing but the target's own text was entered as actual."""
    return comparable(indicator.actual.text) in {"", comparable(indicator.target.text)}


def other_year(subject: Subject) -> Iterator[Diagnostic]:
    """C027: a name speaks of a year that is neither the evaluation's nor one of the project's."""
    project = subject.project
    if year := strange_year(project.name, subject):
        yield subject.on_project("C027.of_project", name=shorten(project.name), named=year, year=subject.year)
    for indicator in project.indicators:
        if year := strange_year(indicator.level3, subject):
            name = shorten(indicator.level3)
            yield subject.on_target(indicator, "C027.of_row", name=name, named=year, year=subject.year)


def strange_year(name: str, subject: Subject) -> str:
    """The one year a name speaks of, where the project has nothing to do with it; else empty."""
    if "年" not in name:
        return ""
    years = set(_YEARS.findall(_SPELLED.sub(lambda m: m[0].translate(_DIGITS), fold(name))))
    if len(years) != 1 or _OF_OTHER_YEARS.search(name):
        return ""
    year = years.pop()
    first = subject.project.start.year if subject.project.start else subject.year
    last = subject.project.end.year if subject.project.end else subject.year
    return "" if min(first, subject.year) <= int(year) <= max(last, subject.year) else year


def elsewhere(subject: Subject) -> Iterator[Diagnostic]:
    """C028: one indicator under two 二级 counts twice; 打印机 in pieces and in money are two."""
    seen: dict[tuple[str, str], Indicator] = {}
    for indicator in subject.project.indicators:
        target = indicator.target
        measure = target.unit if target.value is not None else comparable(target.text)
        if target.kind is None or target.kind is Kind.COMPOUND:
            continue
        first = seen.setdefault((without_unit(indicator.level3), measure), indicator)
        if first.level2 != indicator.level2:
            name, levels = shorten(indicator.level3), (first.level2, indicator.level2)
            yield subject.on_target(indicator, "C028", name=name, level=levels[0], other=levels[1])


def without_unit(name: str) -> str:
    """A name for comparing, without the unit that a form adds to it: 举办培训班（期）."""
    bare = comparable(name)
    match = _UNIT_BEHIND.search(bare) if bare.endswith((")", "）")) else None
    return bare[: match.start()] if match and is_unit_word(match[1]) else bare


def products(subject: Subject) -> Iterator[Diagnostic]:
    """C029: price times number is not the total, in one cell or over three rows."""
    for indicator in subject.project.indicators:
        if remark := wrong_product(indicator.target.text):
            yield subject.on_target(indicator, remark)
        if remark := wrong_product(indicator.actual.text):
            yield subject.on_actual(indicator, remark)
    yield from product_of_rows(subject)


def wrong_product(text: str) -> Reading | None:
    """`100人×500元=6万元`: what is wrong with it."""
    if not ("=" in text or "＝" in text) or not (match := _PRODUCT.search(fold(text)[:200])):
        return None
    one, other, result = (amount(match[i], match[i + 1]) for i in (1, 3, 5))
    scale = Decimal(10_000 if match[6] else 1)
    if not is_off([(one * other, scale)], result):
        return None
    return reading("C029.cell", formula=shorten(match.group()), product=one * other)


def amount(digits: str, multiplier: str | None) -> Decimal:
    """A number with its 万."""
    return Decimal(digits) * (10_000 if multiplier else 1)


def product_of_rows(subject: Subject) -> Iterator[Diagnostic]:
    """Rows `单价 500元/人`, `培训人数 100人` and `总成本 6万元` that speak of one thing."""
    rows = subject.project.indicators
    prices = [i for i in rows if i.target.unit.startswith(f"{YUAN}/") and i.target.value is not None]
    totals = cost_rows_of(i for i in rows if not is_price(i)) if len(prices) == 1 else []
    if len(totals) != 1:
        return
    counts = [i for i in rows if f"{YUAN}/{i.target.unit}" == prices[0].target.unit and "数量" in i.level2]
    if len(counts) == 1 and share_a_word(prices[0].level3, counts[0].level3):
        yield from times(subject, prices[0], counts[0], totals[0])


def times(subject: Subject, price: Indicator, count: Indicator, total: Indicator) -> Iterator[Diagnostic]:
    """C029 of three rows: their targets, and their actuals."""
    for is_target in (True, False):
        one, other, result = (row.target.value if is_target else row.actual.value for row in (price, count, total))
        if one is None or other is None or result is None:
            continue
        scale = total.target.scale
        if is_off([(one * other, scale)], result) and is_off([(result, scale)], one * other):
            key = "C029.targets" if is_target else "C029.actuals"
            on_row = subject.on_target if is_target else subject.on_actual
            yield on_row(total, key, price=one, number=other, product=one * other, cost=result)


CHECKS = (points_typed_in, other_year, elsewhere, products)
