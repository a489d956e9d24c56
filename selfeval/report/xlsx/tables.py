"""Tables as a workbook for pivoting: one sheet a table, each a real one with its titles, texts that stay texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

from selfeval.base.marks import without_hidden
from selfeval.report.office import ILLEGAL, clean, packed, properties
from selfeval.report.xlsx.board import ESCAPED, LONGEST, RISKY, column, new_workbook

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

NUMBER = re.compile(r"(?=.{1,16}\Z)-?(?:0|[1-9]\d*)(?:\.\d+)?")
"""A number that a spreadsheet holds to its last digit."""
PLAIN = re.compile(rf"(?!\s*[{re.escape(''.join(RISKY))}])[^{ILLEGAL.pattern[1:-1]}\r_&<>]{{0,1000}}")
"""A text that needs no care."""
NARROW, WIDE = 12, 40
"""Widths of columns, in characters."""
ROWS = "</sheetData>"
"""Before this the rows go into a sheet."""


@dataclass(frozen=True, slots=True)
class SheetTable:
    """One table: the name of its sheet, its titles, its rows of texts; which columns hold numbers."""

    name: str
    titles: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[str] = frozenset()


def tables_workbook(tables: Sequence[SheetTable], title: str) -> bytes:
    """The file, the same bytes for the same tables. The rows are written here: there may be millions of cells."""
    workbook = new_workbook()
    for number, table in enumerate(tables, 1):
        add_sheet(workbook, table, f"T{number}")
    made = BytesIO()
    workbook.save(made)
    return packed(made.getvalue(), {**properties(title, "", ""), **with_rows(made, tables)})


def add_sheet(workbook: Workbook, table: SheetTable, name: str) -> None:
    """A sheet with its titles; what is below them is a table with a filter in every title."""
    from openpyxl.worksheet.table import Table, TableStyleInfo

    sheet: Worksheet = workbook.create_sheet(table.name)
    sheet.append(list(table.titles))
    for at, title in enumerate(table.titles, 1):
        sheet.cell(1, at).quotePrefix = True  # the second look of a cell that there is: `with_care` asks for it
        sheet.column_dimensions[column(at)].width = NARROW if title in table.numbers else wide(title)
    sheet.freeze_panes = "A2"
    made = Table(displayName=name, ref=place_of(table, 1))  # as large as it is once its rows are there
    made.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    sheet.add_table(made)


def place_of(table: SheetTable, rows: int) -> str:
    """The cells from the first title on, so many rows down."""
    return f"A1:{column(len(table.titles))}{rows}"


def wide(title: str) -> int:
    """The width of a column of texts."""
    return min(WIDE, 4 + 4 * len(title))


def with_rows(workbook: BytesIO, tables: Sequence[SheetTable]) -> dict[str, bytes]:
    """The sheets' XML with all rows, the tables' with their size; openpyxl numbers both in their order."""
    made = {}
    with ZipFile(workbook) as given:
        for at, table in enumerate(tables, 1):
            sheet, listed = f"xl/worksheets/sheet{at}.xml", f"xl/tables/table{at}.xml"
            xml = given.read(sheet).decode().replace(ROWS, "".join(rows_xml(table)) + ROWS)
            made[sheet] = xml.encode("utf-8", "replace")
            whole = place_of(table, max(len(table.rows), 1) + 1)  # Excel has no table without a row
            made[listed] = given.read(listed).decode().replace(f'"{place_of(table, 1)}"', f'"{whole}"').encode()
    return made


def rows_xml(table: SheetTable) -> Iterator[str]:
    """The rows of a table; one without a cell where there is none."""
    writers = [number_xml if title in table.numbers else text_xml for title in table.titles]
    for row in table.rows or [[]]:
        cells = "".join([write(cell) if cell else "<c/>" for write, cell in zip(writers, row, strict=False)])
        yield f"<row>{cells}</row>"


def number_xml(text: str) -> str:
    """A number's cell; a text's where it is none, or one too long."""
    return f"<c><v>{text}</v></c>" if NUMBER.fullmatch(text) else text_xml(text)


def text_xml(text: str) -> str:
    """A text's cell."""
    if PLAIN.fullmatch(text):
        return f'<c t="inlineStr"><is><t>{without_hidden(text)}</t></is></c>'
    return with_care(clean(without_hidden(text))[:LONGEST])


def with_care(text: str) -> str:
    """The cell of a text that a spreadsheet might take for something else, also after a person has edited it."""
    look = ' s="1"' if text.lstrip().startswith(RISKY) else ""
    held = escape(ESCAPED.sub("_x005F_", text), quote=False)
    return f'<c t="inlineStr"{look}><is><t xml:space="preserve">{held}</t></is></c>'
