"""Single cells of a workbook changed in place: only the XML of these cells is another one, every other part stays.

Where a sheet that is no table counts by formulas, the workbook is told to calculate them anew when it is opened.

What comes out is read again and compared with what went in; anything but the cells asked for ends it.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO
from xml.sax.saxutils import escape

from selfeval.base.display import column_letters
from selfeval.base.phrases import phrase
from selfeval.reading.columns import TABLES
from selfeval.reading.csv_edit import UnwritableError
from selfeval.reading.xlsx_files import opened, read_workbook

Cells = Mapping[tuple[int, int], str]
"""New texts by row and column, both from 1."""

SHEETS, BOOK = "xl/worksheets/", "xl/workbook.xml"
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_CALCULATION = re.compile(rb"<calcPr\b([^>]*?)/?>")
_ANEW = b'fullCalcOnLoad="1"'
_CELL = re.compile(r"<c\s([^>]*?)(?:/>|>.*?</c>)", re.DOTALL)
_REFERENCE = re.compile(r'\br="([A-Z]{1,3})(\d+)"')
_STYLE = re.compile(r'\ss="\d+"')


def changed_workbook(data: bytes, sheet: str, cells: Cells) -> bytes:
    """The file with these cells written as texts; raises `UnwritableError`."""
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
    for (line, column), words in cells.items():
        text = _with_cell(text, line, column, words)
    made = _with_parts(data, changed | {part: text.encode("utf-8", "surrogateescape")})
    _must_differ_there_only(data, made, sheet, cells)
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


def _with_cell(text: str, line: int, column: int, words: str) -> str:
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
    body = f' t="inlineStr"><is><t xml:space="preserve">{escape(words)}</t></is></c>' if words else "/>"
    return f'{text[:start]}<c r="{name}{line}"{style}{body}{text[end:]}'


def _with_parts(data: bytes, changed: Mapping[str, bytes]) -> bytes:
    """The file with some parts exchanged, the others as they were, in their order."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            new.writestr(info, changed.get(info.filename) or old.read(info))
        new.comment = old.comment
    return out.getvalue()


def _must_differ_there_only(old: bytes, new: bytes, sheet: str, cells: Cells) -> None:
    """Ends the writing where what is read afterwards is not what was read before, but for these cells."""
    before, after = (dict(read_workbook(data, "", sheet)[0]) for data in (old, new))
    for (line, column), words in cells.items():
        row = [*before.get(line, ()), *[""] * column]
        row[column - 1] = words
        before[line] = tuple(row)
    if {line: _trimmed(row) for line, row in before.items()} != {line: _trimmed(row) for line, row in after.items()}:
        raise UnwritableError(phrase("这样改会影响别的格，没有改动；请用 Excel 或 WPS 填写"))


def _trimmed(row: tuple[str, ...]) -> tuple[str, ...]:
    """A row without blank cells at its end."""
    width = max((at for at, text in enumerate(row, 1) if text), default=0)
    return row[:width]
