"""XLSX → lines: every sheet, texts as shown (`0.30%`, leading zeros, dates), merged cells with their span."""

from __future__ import annotations

import warnings
from contextlib import closing
from io import BytesIO
from typing import Any

from selfeval.importing.grid import MAX_COLUMNS, MAX_ROWS, Line, Sheet, Source, TooLargeError
from selfeval.workbooks import _formats, _parser, _refusal, shown


def read_xlsx(data: bytes, name: str) -> Source:
    """All visible sheets of a workbook."""
    from openpyxl import load_workbook

    refusal = _refusal(data)
    if refusal:
        return Source(name, problem=f"{refusal}；请用 Excel 或 WPS 打开，去掉密码，另存为 .xlsx")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
        with closing(book):
            return _read_book(book, name)


def _read_book(book: Any, name: str) -> Source:  # noqa: ANN401 - openpyxl's inner workbook
    formats = _formats(book)
    lines: list[Line] = []
    remarks: list[str] = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            remarks.append(f"隐藏的工作表“{sheet.title}”没有读取；需要导入时请先取消隐藏")
            continue
        made, odd = _read_sheet(book, sheet, formats, name)
        lines += made
        remarks += odd
    return Source(name, tuple(lines), remarks=tuple(remarks))


def _read_sheet(book: Any, sheet: Any, formats: dict[int, str], name: str) -> tuple[list[Line], list[str]]:  # noqa: ANN401
    from openpyxl.utils import get_column_letter

    with sheet._get_source() as source:  # noqa: SLF001
        parser = _parser(book, sheet, source)
        rows = [
            (line, [c for c in cells if c["value"] is not None or c["data_type"] == "f"])
            for line, cells in parser.parse()
            if _fits(line)
        ]
    spans = _spans(parser)
    made = Sheet(sheet.title)
    odd: list[str] = []
    for line, cells in rows:
        for cell in cells:
            column = cell["column"]
            where = f"{name} 工作表“{sheet.title}”{get_column_letter(column)}{line}"
            if cell["data_type"] == "f":
                odd.append(f"{where} 是公式，文件里没有保存结果，没有读取")
            elif column <= MAX_COLUMNS:
                made.put(shown(cell, formats), line - 1, column - 1, where, spans.get((line, column), (1, 1)))
    return made.lines(), odd


def _fits(line: int) -> bool:
    if line > MAX_ROWS:
        raise TooLargeError
    return True


def _spans(parser: Any) -> dict[tuple[int, int], tuple[int, int]]:  # noqa: ANN401
    """The (rows, columns) of each merged range by its first cell."""
    return {
        (merged.min_row, merged.min_col): (merged.max_row - merged.min_row + 1, merged.max_col - merged.min_col + 1)
        for merged in (parser.merged_cells.mergeCell if parser.merged_cells else ())
    }
