"""Points as people enter them (分值, 自评得分, 复核得分): one cell → a number, or a finding."""

from __future__ import annotations

from decimal import Decimal

from selfeval.diagnostics import Diagnostic, found
from selfeval.quantities import fold
from selfeval.tables import Row
from selfeval.values import decimal, is_blank, shorten


def read_points(row: Row, column: str, diagnostics: list[Diagnostic], *, called: str = "") -> Decimal | None:
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
