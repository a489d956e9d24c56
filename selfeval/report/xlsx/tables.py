"""Tables as a workbook for pivoting: one sheet a table, each a real one with its titles, texts that stay texts."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING

from selfeval.base.marks import without_hidden
from selfeval.report.office import ILLEGAL, packed, properties
from selfeval.report.xlsx.board import ESCAPED, RISKY, column, fits, write_text

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,12})?")
PLAIN = re.compile(rf"(?!\s*[{re.escape(''.join(RISKY))}])[^{ILLEGAL.pattern[1:-1]}\r]{{0,1000}}")
"""A text that needs no care."""
NARROW, WIDE = 12, 40
"""Widths of columns, in characters."""


@dataclass(frozen=True, slots=True)
class SheetTable:
    """One table: the name of its sheet, its titles, its rows of texts; which columns hold numbers."""

    name: str
    titles: Sequence[str]
    rows: Iterable[Sequence[str]]
    numbers: frozenset[str] = frozenset()


def tables_workbook(tables: Iterable[SheetTable], title: str) -> bytes:
    """The file, the same bytes for the same tables."""
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    for number, table in enumerate(tables, 1):
        write_table(workbook, table, number)
    made = BytesIO()
    workbook.save(made)
    return packed(made.getvalue(), properties(title, "", ""))


def write_table(workbook: Workbook, table: SheetTable, number: int) -> None:
    """One sheet."""
    sheet: Worksheet = workbook.create_sheet(table.name)
    sheet.freeze_panes = "A2"
    for at, name in enumerate(table.titles, 1):
        sheet.column_dimensions[column(at)].width = NARROW if name in table.numbers else min(WIDE, 4 + 4 * len(name))
    sheet.append(list(table.titles))
    is_number = [name in table.numbers for name in table.titles]
    count = 0
    for row in table.rows:
        sheet.append([cell_of(sheet, cell, as_number=yes) for cell, yes in zip(row, is_number, strict=True)])
        count += 1
    if not count:
        sheet.append([None for _ in table.titles])  # Excel has no table without a row
    add_table(sheet, table.titles, max(count, 1), f"T{number}")


def cell_of(sheet: Worksheet, text: str, *, as_number: bool) -> float | str | Cell | None:
    """A cell; a number where it is one to its last digit, else a text that stays one."""
    from openpyxl.cell import WriteOnlyCell

    if not text:
        return None
    if as_number and NUMBER.fullmatch(text) and fits(Decimal(text)):
        return float(text)
    if PLAIN.fullmatch(text) and not ESCAPED.search(text):
        return without_hidden(text)
    cell = WriteOnlyCell(sheet)
    write_text(cell, without_hidden(text))
    return cell


def add_table(sheet: Worksheet, titles: Sequence[str], rows: int, name: str) -> None:
    """Makes what was written a table, with a filter in every title."""
    from openpyxl.worksheet.filters import AutoFilter
    from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo

    place = f"A1:{column(len(titles))}{rows + 1}"
    table = Table(displayName=name, ref=place, autoFilter=AutoFilter(ref=place))
    table.tableColumns = [TableColumn(id=at, name=title) for at, title in enumerate(titles, 1)]
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the columns are for us to name: they are named
        sheet.add_table(table)
