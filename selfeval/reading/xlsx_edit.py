"""Single cells of a workbook changed in place: only the XML of these cells is another one, every other part stays.

Where a sheet that is no table counts by formulas, the workbook is told to calculate them anew when it is opened.

What comes out is read again and compared with what went in; anything but the cells asked for ends it.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection, Mapping
from io import BytesIO
from xml.sax.saxutils import escape

from selfeval.base.display import column_letters
from selfeval.base.marks import without_hidden
from selfeval.base.phrases import phrase
from selfeval.base.text import clean
from selfeval.reading.columns import TABLES
from selfeval.reading.csv_edit import UnwritableError
from selfeval.reading.xlsx_files import MAX_ROWS, opened, read_workbook

Cells = Mapping[tuple[int, int], str]
"""New texts by row and column, both from 1."""

SHEETS, BOOK = "xl/worksheets/", "xl/workbook.xml"
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_CALCULATION = re.compile(rb"<calcPr\b([^>]*?)/?>")
_ANEW = b'fullCalcOnLoad="1"'
_CELL = re.compile(r"<c\s([^>]*?)(?:/>|>.*?</c>)", re.DOTALL)
_REFERENCE = re.compile(r'\br="([A-Z]{1,3})(\d+)"')
_NUMBER = re.compile(r"(?:0|[1-9]\d{0,12})(?:\.\d{1,6})?")
"""A number that any spreadsheet keeps digit for digit."""
_STYLE = re.compile(r'\ss="\d+"')


def changed_workbook(data: bytes, sheet: str, cells: Cells, keys: Cells, amounts: Collection[tuple[int, int]]) -> bytes:
    """The file with these cells written, while `keys` are what they were; raises `UnwritableError`.

    They are texts; those of `amounts` numbers, where these are read as they were typed.
    """
    before = _read(data, sheet)
    for (line, column), words in keys.items():
        if without_hidden(clean(_text(before, line, column))) != without_hidden(words):
            raise UnwritableError(phrase("第 {line} 行已经不是原来的那一行；请重新打开本页再填", line=line))
    part, *others = _parts_read(data, sheet)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = archive.namelist()
        if len(names) != len(set(names)) or part not in names:
            raise UnwritableError(phrase("工作簿的结构不寻常，没有改动；请用 Excel 或 WPS 填写"))
        counting = {name for name in names if name.startswith(SHEETS) and _FORMULA.search(archive.read(name))}
        if counting & {part, *others}:
            raise UnwritableError(phrase("表里有公式，改了要由 Excel 重新计算；请用 Excel 或 WPS 填写"))
        text = archive.read(part).decode("utf-8", "surrogateescape")
        changed = {BOOK: _recalculated(archive.read(BOOK))} if counting else {}

    def written(numbers: Collection[tuple[int, int]]) -> bytes:
        made = text
        for (line, column), words in cells.items():
            made = _with_cell(made, line, column, _body(words, number=(line, column) in numbers))
        return _with_parts(data, changed | {part: made.encode("utf-8", "surrogateescape")})

    numbers = [at for at in amounts if _NUMBER.fullmatch(cells[at])]
    after = _read(made := written(numbers), sheet)
    if texts := [at for at in numbers if _text(after, *at) != cells[at]]:
        after = _read(made := written([at for at in numbers if at not in texts]), sheet)
    if after != _with_texts(before, cells):
        raise UnwritableError(phrase("这样改会影响别的格，没有改动；请用 Excel 或 WPS 填写"))
    return made


def _parts_read(data: bytes, sheet: str) -> list[str]:
    """Where in the file a sheet stands (the first where none is named), then all others that are read as tables."""
    with opened(data) as book:
        paths = {one.title.strip(): str(one._worksheet_path).lstrip("/") for one in book.worksheets}  # noqa: SLF001
    if not sheet:
        return [next(iter(paths.values()))]
    return [paths[sheet], *(path for title, path in paths.items() if title in {spec.sheet for spec in TABLES})]


def _recalculated(book: bytes) -> bytes:
    """The workbook part, with the order to calculate formulas of other sheets anew when the file is opened."""
    found = _CALCULATION.search(book)
    if found is None:
        raise UnwritableError(phrase("工作簿里有公式，改了要由 Excel 重新计算；请用 Excel 或 WPS 填写"))
    rest = re.sub(rb'\sfullCalcOnLoad="[^"]*"', b"", found[1])
    return book if _ANEW in found[1] else book[: found.start(1)] + b" " + _ANEW + rest + book[found.end(1) :]


def _body(words: str, *, number: bool) -> str:
    """What stands in a cell, and its end."""
    if number:
        return f"><v>{words}</v></c>"
    return f' t="inlineStr"><is><t xml:space="preserve">{escape(words)}</t></is></c>' if words else "/>"


def _with_cell(text: str, line: int, column: int, body: str) -> str:
    """The sheet with one cell written."""
    row = re.search(rf'<row\s[^>]*?\br="{line}"[^>]*?(?<!/)>(.*?)</row>', text, re.DOTALL)
    if row is None:
        raise UnwritableError(phrase("第 {line} 行找不到，没有改动；请用 Excel 或 WPS 填写", line=line))
    name, start, end = column_letters(column), row.end(1), row.end(1)
    style = ""
    for cell in _CELL.finditer(text, row.start(1), row.end(1)):
        reference = _REFERENCE.search(cell[1])
        at = reference[1] if reference else ""
        if (len(at), at) >= (len(name), name):
            start, end = cell.start(), cell.end() if at == name else cell.start()
            style = kept[0] if at == name and (kept := _STYLE.search(f" {cell[1]}")) else ""
            break
    return f'{text[:start]}<c r="{name}{line}"{style}{body}{text[end:]}'


def _with_parts(data: bytes, changed: Mapping[str, bytes]) -> bytes:
    """The file with some parts exchanged, the others as they were, in their order."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            new.writestr(info, changed.get(info.filename) or old.read(info))
        new.comment = old.comment
    return out.getvalue()


Rows = dict[int, tuple[str, ...]]


def _read(data: bytes, sheet: str) -> Rows:
    """The texts of a sheet by row, without blank cells at the end of each, whatever is merged in it."""
    lines, _ = read_workbook(data, "", sheet, aside=lambda _: range(MAX_ROWS + 1))
    return {line: _trimmed(row) for line, row in lines}


def _text(rows: Rows, line: int, column: int) -> str:
    """What is read in a cell."""
    return next(iter(rows.get(line, ())[column - 1 : column]), "")


def _with_texts(rows: Rows, cells: Cells) -> Rows:
    """What should be read when these cells are written."""
    made = dict(rows)
    for (line, column), words in cells.items():
        row = [*made.get(line, ()), *[""] * column]
        row[column - 1] = words
        made[line] = _trimmed(tuple(row))
    return made


def _trimmed(row: tuple[str, ...]) -> tuple[str, ...]:
    """A row without blank cells at its end."""
    width = max((at for at, text in enumerate(row, 1) if text), default=0)
    return row[:width]
