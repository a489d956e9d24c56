"""XLS and ODS → lines. Both keep what is shown: a percentage stays `0.30%`, and merged cells their span."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Container, Iterator
from itertools import pairwise
from typing import Any

from selfeval.base.phrases import phrase
from selfeval.importing.grid import (
    MAX_COLUMNS,
    MAX_ROWS,
    GridBuilder,
    SourceFile,
    TooLargeError,
    in_sheet,
    not_shown,
    read_sheets,
)
from selfeval.reading.xlsx_files import MAX_UNPACKED, date_text, digits_of, number_shown

LOCKED = phrase("这个表格加了密码；请打开后取消密码，另存为 .xlsx 再导入")


# ── XLS ──


def read_xls(data: bytes, name: str) -> SourceFile:
    """All visible sheets of a workbook of Excel 97–2003."""
    import xlrd

    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
    except xlrd.biffh.XLRDError as error:
        locked = "encrypt" in str(error).lower() or "password" in str(error).lower()
        broken = phrase("这个工作簿打不开，可能不是 .xls 或已损坏；请用 Excel 或 WPS 打开，另存为 .xlsx 再导入")
        return SourceFile(name, problem=LOCKED if locked else broken)
    return read_sheets(name, (not_shown(s.name) if s.visibility else _xls_sheet(book, s, name) for s in book.sheets()))


def _xls_sheet(book: Any, sheet: Any, name: str) -> GridBuilder:  # noqa: ANN401 - xlrd has no types
    from openpyxl.utils import get_column_letter
    from xlrd import XL_CELL_ERROR

    if sheet.nrows > MAX_ROWS:
        raise TooLargeError
    spans = {(top, left): (bottom - top, right - left) for top, bottom, left, right in sheet.merged_cells}
    grid = GridBuilder(sheet.name)
    grid.hidden_rows = {row for row, look in sheet.rowinfo_map.items() if look.hidden}
    grid.hidden_columns = {column for column, look in sheet.colinfo_map.items() if look.hidden}
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            where = in_sheet(name, sheet.name, f"{get_column_letter(column + 1)}{row + 1}")
            text = _xls_text(book, sheet.cell(row, column))
            if sheet.cell_type(row, column) == XL_CELL_ERROR:
                grid.unread.append(phrase("{where} 是出错的公式（{value}），没有读取", where=where, value=text))
                continue
            texts = _xls_counting(book, sheet, (row, column), text)
            grid.take(texts, row, column, where, spans.get((row, column), (1, 1)))
    return grid


def _xls_counting(book: Any, sheet: Any, at: tuple[int, int], text: str) -> tuple[str, str]:  # noqa: ANN401
    """What a cell says, and what in it is struck out; its runs begin each with a font of its own."""
    index = sheet.cell_xf_index(*at)
    fonts = [(0, book.xf_list[index].font_index), *sheet.rich_text_runlist_map.get(at, ())]
    texts = {True: "", False: ""}
    for (start, font), (end, _) in pairwise([*fonts, (len(text), 0)]):
        texts[bool(book.font_list[font].struck_out)] += text[start:end]
    return texts[False], texts[True]


def _xls_text(book: Any, cell: Any) -> str:  # noqa: ANN401
    """The text of a cell as shown; an empty cell has none."""
    import xlrd

    if cell.ctype == xlrd.XL_CELL_TEXT:
        return str(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#ERR!"))
    if cell.ctype not in {xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE}:
        return ("FALSE", "TRUE")[cell.value] if cell.ctype == xlrd.XL_CELL_BOOLEAN else ""
    form = (
        book.format_map[book.xf_list[cell.xf_index].format_key].format_str if cell.xf_index is not None else "General"
    )
    if cell.ctype == xlrd.XL_CELL_DATE:
        return date_text(xlrd.xldate.xldate_as_datetime(cell.value, book.datemode), digits_of(form).lower())
    return number_shown(cell.value, form)


# ── ODS ──

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_ODS_HIDDEN = frozenset({"collapse", "filter"})
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"


def read_ods(data: bytes, name: str) -> SourceFile:
    """All sheets of an OpenDocument spreadsheet, each cell with the text that is shown."""
    from defusedxml.ElementTree import fromstring

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED:
            raise TooLargeError
        if b"encryption-data" in archive.read("META-INF/manifest.xml"):
            return SourceFile(name, problem=LOCKED)
        root = fromstring(archive.read("content.xml"))
    struck = _ods_struck(root)
    return read_sheets(name, (_ods_sheet(table, name, struck) for table in root.iter(f"{_TABLE}table")))


def _ods_struck(root: Any) -> frozenset[str]:  # noqa: ANN401
    """The styles whose text is struck out."""
    return frozenset(
        style.get(f"{_STYLE}name", "")
        for style in root.iter(f"{_STYLE}style")
        for look in style.findall(f"{_STYLE}text-properties")
        if {look.get(f"{_STYLE}text-line-through-{kind}", "none") for kind in ("style", "type")} != {"none"}
    )


def _ods_sheet(table: Any, name: str, struck: Container[str]) -> GridBuilder:  # noqa: ANN401 - an XML element
    from openpyxl.utils import get_column_letter

    title = table.get(f"{_TABLE}name", "")
    grid = GridBuilder(title)
    grid.hidden_columns = set(_ods_hidden(table))
    at = 0
    for row in table.iter(f"{_TABLE}table-row"):
        if row.get(f"{_TABLE}visibility") in _ODS_HIDDEN:
            grid.hidden_rows.add(at)
        for column, texts, span in _ods_cells(row, struck):
            grid.take(texts, at, column, in_sheet(name, title, f"{get_column_letter(column + 1)}{at + 1}"), span)
        at += int(row.get(f"{_TABLE}number-rows-repeated", "1"))
    return grid


def _ods_hidden(table: Any) -> Iterator[int]:  # noqa: ANN401
    """The columns that are not shown, as far as any are read."""
    at = 0
    for column in table.iter(f"{_TABLE}table-column"):
        end = at + int(column.get(f"{_TABLE}number-columns-repeated", "1"))
        if column.get(f"{_TABLE}visibility") in _ODS_HIDDEN:
            yield from range(at, min(end, MAX_COLUMNS))
        at = end


def _ods_cells(row: Any, struck: Container[str]) -> Iterator[tuple[int, tuple[str, str], tuple[int, int]]]:  # noqa: ANN401
    """(column, text and what in it is struck out, span) of the cells of a row that hold something."""
    column = 0
    for cell in row:
        if cell.tag not in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
            continue
        repeated = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        gone: list[str] = []
        whole = cell.get(f"{_TABLE}style-name") in struck
        text = "\n".join(_ods_paragraph(p, struck, gone, whole=whole) for p in cell.findall(f"{_TEXT}p"))
        span = int(cell.get(f"{_TABLE}number-rows-spanned", "1")), int(cell.get(f"{_TABLE}number-columns-spanned", "1"))
        if text.strip() or gone:
            for offset in range(min(repeated, MAX_COLUMNS)):
                yield column + offset, (text, "".join(gone)), span
        column += repeated


def _ods_paragraph(paragraph: Any, struck: Container[str], gone: list[str], *, whole: bool) -> str:  # noqa: ANN401
    """The text of a paragraph with its blanks and line breaks; what is struck out goes to `gone`.

    Notes beside a cell are no part of it. `whole`: all of it is struck out, unless a part says otherwise.
    """
    parts: list[str] = []

    def put(text: str) -> None:
        (gone if whole else parts).append(text)

    put(paragraph.text or "")
    for child in paragraph:
        if child.tag == f"{_TEXT}s":
            put(" " * min(int(child.get(f"{_TEXT}c", "1")), 100))
        elif child.tag == f"{_TEXT}line-break":
            put("\n")
        elif child.tag == f"{_TEXT}tab":
            put("\t")
        elif child.tag != f"{_OFFICE}annotation":
            style = child.get(f"{_TEXT}style-name")
            parts.append(_ods_paragraph(child, struck, gone, whole=style in struck if style else whole))
        put(child.tail or "")
    return "".join(parts)
