"""budget.csv → the sources of funds of a project, in 元."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from selfeval.base.diagnostics import Diagnostic, found
from selfeval.base.model import Fund
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
    problem = ""
    if not text:
        problem = f"{name}是空的，无法计算预算执行率" if name != AMOUNTS[0] else ""
    elif value is None:
        problem = f"{name}“{shorten(row.text(name))}”不是金额"
    elif value < 0:
        problem = f"{name}“{shorten(row.text(name))}”是负数"
    if problem:
        diagnostics.append(found("B001", problem, row.place_of(name)))
    if problem or value is None or match is None:
        return None
    unit = f"{match[2].removesuffix('元')}元" if match[2] else config.money_unit
    return value * read_unit(unit).scale


def compare_total(total: Fund, funds: Sequence[Fund], diagnostics: Findings) -> None:
    """年度资金总额 must be the sum of its sources."""
    for name, field in zip(AMOUNTS, ("initial", "adjusted", "executed"), strict=True):
        parts = [getattr(f, field) for f in funds]
        stated = getattr(total, field)
        if stated is None or None in parts:
            continue
        if stated != sum(parts, Decimal(0)):
            said = f"{name}：合计行 {stated:f} 元，各资金来源之和 {sum(parts, Decimal(0)):f} 元"
            diagnostics.append(found("B005", said, total.place))


def read_points(row: TableRow, column: str, diagnostics: list[Diagnostic], *, called: str = "") -> Decimal | None:
    """Points; blank is None, unreadable is None with an error that calls the column by its name or as `called`."""
    written = row.text(column)
    text = fold(written)
    if not text or is_blank(text):
        return None
    value = decimal(text.strip().removesuffix("分"))
    if value is None:
        said = f"{called or column}“{shorten(written)}”不是数字"
        diagnostics.append(found("V017", said, row.place_of(column)))
    return value
