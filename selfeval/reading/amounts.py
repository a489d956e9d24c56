"""budget.csv → the sources of funds of a project, in 元."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from selfeval.base.diagnostics import Diagnostic, finding, of_reading
from selfeval.base.model import Fund
from selfeval.base.remarks import Reading, reading
from selfeval.base.text import decimal, fold, is_blank, shorten
from selfeval.reading.config import Config
from selfeval.reading.tables import TableRow
from selfeval.reading.values.units import read_unit

TOTAL_ROWS = re.compile(r"^(?:合计|总计|总额|年度资金总额|资金总额|小计)[:：]?$")
_AMOUNT = re.compile(r"[¥￥]?\s*([-+]?[\d,，.]+)\s*(元|万元?|亿元?)?")
"""An amount with the sign and unit people write; 万 and 亿 alone are those of 元 in a column of money."""
Findings = list[Diagnostic]

AMOUNTS = ("年初预算数", "全年预算数", "全年执行数")


def read_funds(rows: Iterable[TableRow], config: Config, diagnostics: Findings) -> tuple[Fund, ...]:
    """The sources of funds in 元. A total row is compared with their sum, not added."""
    funds: list[Fund] = []
    totals: list[Fund] = []
    for row in rows:
        if all(is_blank(fold(row.text(name))) for name in AMOUNTS):
            continue
        initial, adjusted, executed = (read_amount(row, name, config, diagnostics) for name in AMOUNTS)
        source = row.text("资金来源")
        fund = Fund(source, initial, adjusted, executed, row.text("原因说明"), row.place)
        (totals if TOTAL_ROWS.match(source) else funds).append(fund)
    if totals and not funds:
        return tuple(totals[:1])  # only a total is given: it is the only source there is
    for total in totals:
        compare_total(total, funds, diagnostics)
    return tuple(funds)


def read_amount(row: TableRow, name: str, config: Config, diagnostics: Findings) -> Decimal | None:
    """An amount in 元; blank and unreadable are None, said as an error."""
    text = fold(row.text(name)).strip()
    match = _AMOUNT.fullmatch(text)
    value = decimal(match[1]) if match else None
    if value is None or value < 0 or match is None:
        if text or name != AMOUNTS[0]:
            diagnostics.append(of_reading(amount_problem(name, row.text(name), value), row.place_of(name)))
        return None
    unit = f"{match[2].removesuffix('元')}元" if match[2] else config.money_unit
    return value * read_unit(unit).scale


def amount_problem(column: str, text: str, value: Decimal | None) -> Reading:
    """B001: why a cell is no amount."""
    if not text:
        return reading("B001.blank", column=column)
    key = "B001.unread" if value is None else "B001.negative"
    return reading(key, column=column, text=shorten(text))


def compare_total(total: Fund, funds: Sequence[Fund], diagnostics: Findings) -> None:
    """年度资金总额 must be the sum of its sources."""
    for name, field in zip(AMOUNTS, ("initial", "adjusted", "executed"), strict=True):
        parts = [getattr(f, field) for f in funds]
        stated = getattr(total, field)
        if stated is None or None in parts:
            continue
        if stated != sum(parts, Decimal(0)):
            parts_sum = sum(parts, Decimal(0))
            diagnostics.append(finding("B005", total.place, column=name, total=f"{stated:f}", parts=f"{parts_sum:f}"))


def read_points(row: TableRow, column: str, diagnostics: list[Diagnostic], *, called: str = "") -> Decimal | None:
    """Points; blank is None, unreadable is None with an error that calls the column by its name or as `called`."""
    written = row.text(column)
    if not written:
        return None
    text = fold(written)
    if not text or is_blank(text):
        return None
    value = decimal(text.strip().removesuffix("分"))
    if value is None:
        place, name = row.place_of(column), called or column
        diagnostics.append(finding("V017.number", place, column=name, text=shorten(written)))
    return value
