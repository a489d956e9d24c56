"""Text with tabs, Markdown tables, CSV: pasted or published forms → lines."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable

from selfeval.base.phrases import phrase
from selfeval.importing.grid import GridBuilder, Line, SourceFile, apart, without_none
from selfeval.importing.readers.pipes import PipedRow, bars, block_end, piped_rows
from selfeval.importing.understanding.headings import header_slots
from selfeval.reading.csv_files import decode

MAX_BYTES = 20_000_000
MAX_CELL_LINES = 80
RUN_ON = phrase(
    "表格的文字连成一片（或一格一行而没有分隔），看不出哪些字在一格里，指标没有读取；"
    "请导入 Word、Excel 或 PDF 原件，或把网页上的表复制到 Excel 里另存为 .xlsx"
)
_RUN_ON = re.compile(
    r"二级\s{0,3}指标\s{0,3}三级\s{0,3}指标|指标名称\s{0,3}[计度]量单位|指标值\s{0,3}(?:全年)?实际完成值"
)
_HEADING = re.compile(r"^#{1,6}\s+|^\*\*(?=.*\*\*$)|\*\*$")
_GAP = re.compile(r"[ \t\u00a0]{2,}|\u3000+|\t+")
_WIDE = re.compile(r"[ \t\u00a0]{3,}|\u3000{2,}|\t+")


def read_text(data: bytes, name: str) -> SourceFile:
    """Tabs, pipes or (for .csv) commas separate cells; an empty line or other text ends a table."""
    if len(data) > MAX_BYTES:
        sizes = {"size": len(data) // 1_000_000, "limit": MAX_BYTES // 1_000_000}
        return SourceFile(name, problem=phrase("文件有 {size} MB，超过 {limit} MB，没有读取；请拆成几个文件", **sizes))
    text, problem = decode(data, name)
    if problem:
        why = phrase("{why}；请用记事本或 WPS 打开原文件，另存为 UTF-8 的文本文件", why=problem.phrase)
        return SourceFile(name, problem=why)
    comma = name.lower().endswith(".csv")
    rows = cells_of(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), comma=comma)
    lines = tuple(_lines(rows, name))
    return SourceFile(name, lines, remarks=(RUN_ON,) if _runs_on(text, lines) else ())


def _runs_on(text: str, lines: Iterable[Line]) -> bool:
    """Whether the heading of a table stands in the text without anything between its cells."""
    return bool(_RUN_ON.search(text)) and not any(header_slots(line) for line in lines)


def cells_of(lines: list[str], *, comma: bool) -> list[PipedRow]:
    """The cells of every line; a cell in quotes may go over several lines, and so may a row with bars."""
    rows: list[PipedRow] = []
    at = 0
    while at < len(lines):
        end = block_end(lines, at) if bars(lines[at]) and "\t" not in lines[at] else at
        if end > at and (end > at + 1 or bars(lines[at]) > 1):
            rows += piped_rows(lines[at:end], at + 1)
            at = end
            continue
        cells, used = _cells(lines, at, comma=comma)
        rows.append(PipedRow(at + 1, tuple(cells)))
        at += used
    return rows


def _cells(lines: list[str], at: int, *, comma: bool) -> tuple[list[str], int]:
    line = lines[at]
    separator = "," if comma and "\t" not in line else "\t"
    if separator in line or (line.startswith('"') and not comma):
        return _quoted(lines, at, separator)
    return [line], 1


def _quoted(lines: list[str], at: int, separator: str) -> tuple[list[str], int]:
    """Cells as a spreadsheet copies them: those with line breaks in quotes. Quotes that do not close are text."""
    line = lines[at]
    plain = line.split(separator)
    if not any(cell.startswith('"') for cell in plain):
        return plain, 1
    for used in range(1, min(MAX_CELL_LINES, len(lines) - at) + 1):
        joined = "\n".join(lines[at : at + used])
        if used > 1 and separator in lines[at + used - 1].split('"')[0]:
            break
        if joined.count('"') % 2 == 0:
            return _parsed(joined, separator) or plain, used if _parsed(joined, separator) else 1
    return plain, 1


def _parsed(text: str, separator: str) -> list[str]:
    csv.field_size_limit(2**31 - 1)
    try:
        rows = list(csv.reader(text.split("\n") if "\n" not in text else [f"{part}\n" for part in text.split("\n")],
                               delimiter=separator, strict=True))  # fmt: skip
    except csv.Error:
        return []
    return [cell.rstrip("\n") for cell in rows[0]] if len(rows) == 1 else []


def _lines(rows: list[PipedRow], name: str) -> list[Line]:
    """Runs of lines with several cells are tables; the rest are paragraphs."""
    lines: list[Line | None] = []
    sheet: GridBuilder | None = None
    row = 0  # not the line: a cell in quotes takes several lines, which is no gap
    for piped in rows:
        if len(piped.cells) <= 1:
            if sheet:
                lines += sheet.lines()
            sheet = None
            lines += [_paragraph(text, piped.number, name) for text in piped.cells]
            continue
        if sheet is None:
            sheet, row = GridBuilder(), 0
        for column, text in enumerate(piped.cells):
            at = {"number": piped.number, "column": column + 1}
            sheet.put(text, row, column, phrase("{name} 第 {number} 行第 {column} 格", name=name, **at))
        sheet.lost[row] = piped.lost
        row += 1
    if sheet:
        lines += sheet.lines()
    return without_none(lines)


def _paragraph(text: str, number: int, name: str) -> Line | None:
    """A line without separators; wide gaps part what was set side by side."""
    words = _HEADING.sub("", text.strip())
    parts = [part for part in _WIDE.split(words) if part.strip()]
    if len(parts) >= 3:  # a row set with blanks: its longest cell leaves two of them
        parts = [part for part in _GAP.split(words) if part.strip()]
    return apart(parts, phrase("{name} 第 {number} 行", name=name, number=number))
