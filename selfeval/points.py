"""Points as people enter them (分值, 自评得分, 复核得分): one cell → a number, or a finding."""

from __future__ import annotations

from decimal import Decimal

from selfeval.diagnostics import Diagnostic, found
from selfeval.quantities import fold
from selfeval.tables import Row
from selfeval.values import decimal, is_blank, shorten


def read_points(row: Row, column: str, diagnostics: list[Diagnostic], *, called: str = "") -> Decimal | None:
    """Points; blank is None, unreadable is None with an error that calls the column by its name or as `called`."""
    text = fold(row.text(column))
    if is_blank(text):
        return None
    value = decimal(text.strip().removesuffix("分"))
    if value is None:
        cell = row[column]
        diagnostics.append(found("V017", f"{called or column}“{shorten(cell.text)}”不是数字", cell.place))
    return value
