"""CSV bytes → text → records with their physical lines; nothing is guessed, padded or shifted.

Encodings as Excel and WPS write them; the order matters: UTF-8 text read as GB18030 gives wrong
characters without an error, never the other way round.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from io import StringIO
from itertools import accumulate
from typing import NamedTuple

from selfeval.base.diagnostics import Diagnostic, finding
from selfeval.base.model import Place
from selfeval.base.phrases import word
from selfeval.base.remarks import Reading, reading
from selfeval.base.text import clean

PATIENCE = 20
"""A quote that never closes is followed to the end of the file, then the rows below are read again.

After so many times the length of the file, reading stops.
"""

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_MAGIC = (
    (b"PK\x03\x04", word("一个 Excel 工作簿（或 zip 压缩包），扩展名却是 .csv")),
    (b"\xd0\xcf\x11\xe0", word("一个旧版 Excel 工作簿（.xls）或加密的 Office 文件，扩展名却是 .csv")),
    (b"%PDF-", word("一个 PDF 文件，扩展名却是 .csv")),
    (b"{\\rtf", word("一个 RTF 文档，扩展名却是 .csv")),
)
_ENDING = re.compile(r"\r\n|\r|\n")
_QUOTED = re.compile(r'["\r\n]')
_ID = re.compile(r"(?=.*\d)(?!\d{1,3}$)[\w.-]{1,64}")  # not 1 in 1,234,567


class Record(NamedTuple):
    """One row of cells and its first physical line; `raw` only where quotes move the cells.

    A tuple, since that is the quickest to make: there is one for every line of a table.
    """

    line: int
    values: tuple[str, ...]
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Broken:
    """A record whose quotes do not close: where the quoted cell starts, `length` read in vain."""

    line: int
    column: int
    remark: Reading
    length: int


def decode(data: bytes, file: str) -> tuple[str, Diagnostic | None]:
    """The text of a file: by its BOM, else strict UTF-8, else GB18030."""
    for start, what in _MAGIC:
        if data.startswith(start):
            return "", finding("T008.other", Place(file), what=what)
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _decoded(data[len(bom) :], encoding, file)
    if b"\0" in data:
        return "", finding("T008.binary", Place(file))
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError as error:
        if _is_chinese(data[: error.start].decode("utf-8")):
            return _decoded(data, "utf-8", file)
    return _decoded(data, "gb18030", file)


def _is_chinese(text: str) -> bool:
    """Whether so much was good UTF-8 that the file is damaged UTF-8, not GB18030."""
    return sum(c > "\u0800" for c in text[:10_000]) >= 4


def _decoded(data: bytes, encoding: str, file: str) -> tuple[str, Diagnostic | None]:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = _line_after(data[: error.start].decode(encoding, "replace"))
        if encoding == "gb18030":
            return "", finding("T001.gb18030", Place(file, line), row=line)
        return "", finding("T001.other", Place(file, line), encoding=encoding.upper(), row=line)
    if "\0" in text:
        return "", finding("T008.binary", Place(file))
    return text, None


def _line_after(text: str) -> int:
    return 1 + len(_ENDING.findall(text))


def physical_lines(text: str) -> list[str]:
    r"""Lines with their endings, cut at \r\n, \r and \n only (splitlines: at U+2028 too)."""
    return list(StringIO(text, newline=""))


def read_records(lines: list[str], separator: str, start: int = 0, width: int = 0) -> Iterator[Record | Broken]:
    """All records from a line (counted from 0) on; `width` is how many cells the header has.

    After a broken record, reading resumes on the line below its first.
    """
    for at, record in walk(lines, separator, start, width):
        yield record or Record(at + 1, tuple(lines[at].rstrip("\r\n").split(separator)))


def walk(lines: list[str], separator: str, start: int, width: int) -> Iterator[tuple[int, Record | Broken | None]]:
    """Where every record starts; the record itself only where quotes had to be followed to find its end."""
    csv.field_size_limit(2**31 - 1)  # the largest that a C long holds on every system
    patience = PATIENCE * sum(map(len, lines)) + 1_000_000
    while start < len(lines) and patience > 0:
        record, used = _quoted_record(lines, separator, start, width) if '"' in lines[start] else (None, 1)
        if isinstance(record, Broken):
            patience -= record.length
        yield start, record
        start += used
    if start < len(lines):
        yield start, Broken(start + 1, 1, reading("T016.many", row=start + 1), 0)


def _quoted_record(lines: list[str], separator: str, start: int, width: int) -> tuple[Record | Broken, int]:
    """The record that starts on a line with quotes, and how many lines it takes."""
    ahead = (lines[i] for i in range(start, len(lines)))
    reader = csv.reader(ahead, delimiter=separator, strict=True)
    values = _next(reader)
    raw = "".join(lines[start : start + reader.line_num])
    if values is None:
        return _broken(raw, cell_starts(raw, separator)[-1], start), 1
    record = Record(start + 1, values, raw)
    swallowing = _swallowing(record, separator, width) if reader.line_num > 1 else None
    return (swallowing, 1) if swallowing else (record, reader.line_num)


def _next(reader: Iterator[list[str]]) -> tuple[str, ...] | None:
    try:
        return tuple(next(reader))
    except csv.Error:
        return None


def _broken(raw: str, at: int, start: int) -> Broken:
    line, column = start + _line_after(raw[:at]), column_at(raw, at)
    shown = " ".join(raw[at : at + 20].split())
    return Broken(line, column, reading("T016.quote", row=line, character=column, text=shown), len(raw))


def _swallowing(record: Record, separator: str, width: int) -> Broken | None:
    """A quote left open may close rows further down by chance; the rows between would vanish.

    Such a cell holds whole rows, or every line of the record would be a row but for the quotes.
    """

    def is_row(line: str) -> bool:
        return _is_row(line.split(separator), record.values[0], width)

    first, *others = _ENDING.split(record.raw.rstrip("\r\n"))
    all_rows = first.count(separator) == width - 1 and all(map(is_row, others))
    for index, value in enumerate(record.values):
        below = _ENDING.split(value)[1:]
        # A line of prose may well have two commas; from four cells on it is no chance.
        holds_rows = width > 3 and any(map(is_row, below[:-1]))
        if below and (all_rows or holds_rows):
            at = cell_starts(record.raw, separator)[index]
            return _broken(record.raw, at, record.line - 1)
    return None


def _is_row(cells: list[str], project: str, width: int) -> bool:
    """Whether a line has as many cells as the header and begins with a project id."""
    first = clean(cells[0])
    return len(cells) == width > 2 and (first == clean(project) or bool(_ID.fullmatch(first)))


def cell_starts(raw: str, separator: str) -> list[int]:
    """The offsets at which the cells of a raw record start; one with broken quotes is the last."""
    cell = _cell(separator)
    starts = [0]
    while match := cell.match(raw, starts[-1]):
        starts.append(match.end())
    return starts


@cache
def _cell(separator: str) -> re.Pattern[str]:
    """A whole cell and the separator after it; nothing is tried again, so that 10 MB in quotes are one step."""
    mark = re.escape(separator)
    return re.compile(rf'(?:"(?>(?:[^"]++|"")*)"|(?!")[^{mark}]*+){mark}')


def column_at(raw: str, at: int) -> int:
    """How many characters from 1 an offset lies behind the start of its physical line."""
    return at - max(raw.rfind("\n", 0, at), raw.rfind("\r", 0, at))


def columns_of(record: Record, separator: str) -> list[int]:
    """The columns (characters from 1) at which the cells of a record start in their physical lines."""
    if record.raw:
        return [column_at(record.raw, at) for at in cell_starts(record.raw, separator)]
    return list(accumulate((len(value) + 1 for value in record.values), initial=1))


def column_of(record: Record, separator: str, index: int) -> int:
    """The column at which one of the cells starts; where no quotes are, the cells before it say so."""
    if record.raw:
        return columns_of(record, separator)[index]
    return sum(map(len, record.values[:index]), index + 1)


# ── And back ──


def csv_text(rows: Iterable[Iterable[str]], separator: str = ",") -> str:
    """Rows as CSV with the line ends that Excel and WPS write; the cells as they are."""
    return "".join([_line([*cells], separator) for cells in rows])


def _line(cells: list[str], separator: str) -> str:
    """One row; where no cell needs quotes they are only joined, which takes a third of a writer's time."""
    line = separator.join(cells)
    if line and line.count(separator) < len(cells) and not _QUOTED.search(line):
        return f"{line}\r\n"
    out = StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def csv_bytes(rows: Iterable[Iterable[str]], separator: str = ",") -> bytes:
    """The same as a file: UTF-8 with the mark by which Excel knows it."""
    return csv_text(rows, separator).encode("utf-8-sig", "replace")
