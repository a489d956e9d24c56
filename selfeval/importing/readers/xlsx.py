"""XLSX → lines: every sheet, texts as shown (`0.30%`, leading zeros, dates), merged cells with their span."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

from selfeval.base.phrases import Phrase, phrase
from selfeval.importing.grid import (
    MAX_COLUMNS,
    MAX_ROWS,
    GridBuilder,
    SourceFile,
    TooLargeError,
    in_sheet,
    not_shown,
    raised,
    read_sheets,
)
from selfeval.importing.readers.asides import asides
from selfeval.reading.xlsx_files import is_scaled, merged_ranges, number_formats, opened, refusal, shown, walked


def read_xlsx(data: bytes, name: str) -> SourceFile:
    """All visible sheets of a workbook."""
    why = refusal(data)
    if why:
        return SourceFile(name, problem=phrase("{why}；请用 Excel 或 WPS 打开，去掉密码，另存为 .xlsx", why=why.said))
    with opened(data, rich_text=True) as book:
        grids = (
            _read_sheet(book, sheet, name) if sheet.sheet_state == "visible" else not_shown(sheet.title)
            for sheet in book.worksheets
        )
        return read_sheets(name, grids, asides(data))


def _read_sheet(book: Any, sheet: Any, name: str) -> GridBuilder:  # noqa: ANN401 - openpyxl's inner workbook
    from openpyxl.utils import get_column_letter

    with walked(book, sheet, rich_text=True) as parser:
        rows = [
            (line, [c for c in cells if c["value"] is not None or c["data_type"] == "f"])
            for line, cells in parser.parse()
            if _fits(line)
        ]
    formats, struck = number_formats(book), _struck(book)
    spans = {
        (r.min_row, r.min_col): (r.max_row - r.min_row + 1, r.max_col - r.min_col + 1) for r in merged_ranges(parser)
    }
    grid = GridBuilder(sheet.title)
    grid.hidden_rows = {int(row) - 1 for row, dimension in parser.row_dimensions.items() if _is_hidden(dimension)}
    for dimension in filter(_is_hidden, parser.column_dimensions.values()):
        grid.hidden_columns |= set(range(int(dimension["min"]) - 1, min(int(dimension["max"]), MAX_COLUMNS)))
    for line, cells in rows:
        for cell in cells:
            column = cell["column"]
            where = in_sheet(name, sheet.title, f"{get_column_letter(column)}{line}")
            if cell["data_type"] == "f":
                grid.unread.append(phrase("{where} 是公式，文件里没有保存结果，没有读取", where=where))
            elif why := _unlike(cell, formats):
                grid.unread.append(phrase("{where} {why}，没有读取", where=where, why=why))
            else:
                span = spans.get((line, column), (1, 1))
                grid.take(_counting(cell, formats, struck), line - 1, column - 1, where, span)
    full = {(line, cell["column"]) for line, cells in rows for cell in cells}
    for line, column in spans.keys() - full:
        grid.put_blank(line - 1, column - 1)
    return grid


def _struck(book: Any) -> frozenset[int]:  # noqa: ANN401
    """The cell styles whose text is struck out."""
    return frozenset(i for i, style in enumerate(book._cell_styles) if book._fonts[style.fontId].strike)  # noqa: SLF001


def _counting(cell: dict[str, Any], formats: dict[int, str], struck: Container[int]) -> tuple[str, str]:
    """What a cell says, and what in it is struck out."""
    whole = cell["style_id"] in struck
    if not isinstance(cell["value"], list):
        text = shown(cell, formats)
        return ("", text) if whole else (text, "")
    texts: dict[bool, str] = {True: "", False: ""}
    for part in cell["value"]:
        font = getattr(part, "font", None)
        text = shown(cell | {"value": part}, formats)
        texts[bool(font.strike) if font else whole] += (
            raised(text) if font and font.vertAlign == "superscript" else text
        )
    return texts[False], texts[True]


def _is_hidden(dimension: Mapping[str, Any]) -> bool:
    """Whether a row or column is, by what its element says."""
    return dimension.get("hidden") in {"1", "true", True} or "0" in {dimension.get("ht"), dimension.get("width")}


def _unlike(cell: dict[str, Any], formats: dict[int, str]) -> Phrase | None:
    """Why a cell's value is not what the sheet shows; None where it is."""
    if cell["data_type"] == "e":
        return phrase("是出错的公式（{value}）", value=str(cell["value"]))
    is_number = isinstance(cell["value"], int | float) and not isinstance(cell["value"], bool)
    if is_number and is_scaled(formats.get(cell["style_id"], "General")):
        return phrase("的数字格式缩小了显示的数（存的是 {value}）", value=f"{cell['value']:.15g}")
    if is_number and set(formats.get(cell["style_id"], "")) == {";"}:
        return phrase("的数字格式不显示内容（存的是 {value}）", value=f"{cell['value']:.15g}")
    return None


def _fits(line: int) -> bool:
    if line > MAX_ROWS:
        raise TooLargeError
    return True
