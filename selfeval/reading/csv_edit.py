"""A CSV with some cells changed and rows added; every other byte stays as it was."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from selfeval.base.phrases import phrase
from selfeval.base.safe_cells import harmless
from selfeval.base.text import clean
from selfeval.reading.columns import ACTUALS, TableSpec
from selfeval.reading.csv_files import Broken, Record, cell_starts, csv_bytes, decode, physical_lines, read_records
from selfeval.reading.headers import header_line, separator_of

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One cell of an existing row: its file, physical line, column, and the new text."""

    file: str
    line: int
    column: str
    text: str


def table_bytes(spec: TableSpec, rows: Iterable[Mapping[str, str]]) -> bytes:
    """A new table with all its columns in order; the target beside the actual is for entry sheets only."""
    names = [column.name for column in spec.columns if spec is not ACTUALS or not column.shown]
    return csv_bytes([names, *([harmless(row[name]) for name in names] for row in rows)])


def changed_csv(data: bytes, spec: TableSpec, changes: Sequence[Change], added: Sequence[Row]) -> bytes:
    """A CSV with some cells renewed and rows added behind those of their project; its columns stay as they are."""
    if not data:
        return table_bytes(spec, added)
    above, records, separator = _records(data, spec)
    header = list(records[0].values)
    places = {spec.find(name): at for at, name in reversed(list(enumerate(header)))}
    rows = {record.line: list(record.values) for record in records[1:]}
    for change in changes:
        rows[change.line][places[change.column]] = harmless(change.text)
    body = list(rows.values())
    at = places["项目编号"]
    for row in added:
        made = [harmless(row.get(spec.find(name) or "", "")) for name in header]
        last = max((i for i, other in enumerate(body) if other[at].strip() == row["项目编号"]), default=len(body) - 1)
        body.insert(last + 1, made)
    return csv_bytes([*(record.values for record in above), header, *body], separator)


def _records(data: bytes, spec: TableSpec) -> tuple[list[Record], list[Record], str]:
    """The rows of a CSV that was read without error before: what stands above the header, then it and the rest."""
    lines = physical_lines(decode(data, "")[0])
    start = header_line(lines, spec) or 0
    separator = separator_of(lines, start, spec)
    good = [r for r in read_records(lines, separator) if isinstance(r, Record) and "".join(r.values).strip()]
    return [r for r in good if r.line <= start], [r for r in good if r.line > start], separator


BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
NEW_FILE_END = "\r\n"

Texts = Mapping[str, str]
"""Cells of one row by the Chinese name of their column."""


class UnwritableError(ValueError):
    """A file that cannot be written back without harm. The text says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CSV taken apart: its lines as text, its records, where its columns stand, how its bytes are made."""

    lines: list[str]
    records: tuple[Record, ...]
    positions: Mapping[str, int]
    separator: str
    bom: bytes
    encoding: str

    @property
    def width(self) -> int:
        """How many cells the header has."""
        return len(self.records[0].values)

    @property
    def ending(self) -> str:
        """How lines end: as the header does."""
        head = self.raw(self.records[0])
        return head[len(head.rstrip("\r\n")) :] or NEW_FILE_END

    def raw(self, record: Record) -> str:
        """A record as it stands in the file, with its line end."""
        return record.raw or self.lines[record.line - 1]

    def bytes_of(self, text: str) -> bytes:
        """Text as the file keeps it."""
        try:
            return self.bom + text.encode(self.encoding)
        except UnicodeEncodeError as error:
            raise UnwritableError(
                phrase(
                    "有文件的编码（{encoding}）不能表示的字符：{text}",
                    encoding=self.encoding,
                    text=f"{text[error.start]:}",
                )
            ) from None


def take_apart(data: bytes, spec: TableSpec) -> Sheet:
    """A file that can be put together again byte for byte; raises `UnwritableError` for any other."""
    text, problem = decode(data, "")
    if problem:
        raise UnwritableError(problem.message)
    lines = physical_lines(text)
    start = header_line(lines, spec)
    if start is None:
        raise UnwritableError(phrase("文件是空的，没有表头"))
    separator = separator_of(lines, start, spec)
    records = good_records(lines, separator, start)
    bom, encoding = encoding_of(data)
    sheet = Sheet(lines, records, positions_of(records[0], spec), separator, bom, encoding)
    if sheet.bytes_of(text) != data:
        raise UnwritableError(phrase("文件中有不能原样写回的字节"))
    return sheet


def good_records(lines: list[str], separator: str, start: int) -> tuple[Record, ...]:
    """All records, header first; refused where one is broken: what is around it may be read wrongly."""
    header = next(read_records(lines, separator, start))
    width = len(header.values) if isinstance(header, Record) else 0
    records = []
    for record in read_records(lines, separator, start, width):
        if isinstance(record, Broken):
            raise UnwritableError(phrase("{message}；请先改正这个文件", message=record.remark.message))
        records.append(record)
    return tuple(records)


def encoding_of(data: bytes) -> tuple[bytes, str]:
    """(BOM, encoding) by the same order as files are read."""
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return bom, encoding
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return b"", "gb18030"
    return b"", "utf-8"


def positions_of(header: Record, spec: TableSpec) -> dict[str, int]:
    """Where each known column stands; of a column that is there twice the first."""
    found: dict[str, int] = {}
    for index, value in enumerate(header.values):
        name = spec.find(value)
        if name:
            found.setdefault(name, index)
    return found


def rewritten(data: bytes, spec: TableSpec, changes: Mapping[int, Texts], added: Sequence[Texts] = ()) -> bytes:
    """The file with the cells of some records changed (by their first line) and rows added at its end."""
    sheet = take_apart(data, spec)
    lacking = {name for texts in (*changes.values(), *added) for name in texts} - set(sheet.positions)
    if lacking:
        raise UnwritableError(phrase("文件没有“{lacking}”这一列；请先在表头加上这一列", lacking=tuple(sorted(lacking))))
    unknown = set(changes) - {record.line for record in sheet.records[1:]}
    if unknown:
        raise UnwritableError(phrase("找不到第 {unknown} 行", unknown=min(unknown)))
    lines = list(sheet.lines)
    for record in sheet.records:
        if record.line in changes:
            raw = sheet.raw(record)
            lines[record.line - 1 : record.line - 1 + len(physical_lines(raw))] = [
                with_cells(raw, sheet, changes[record.line]),
                *[""] * (len(physical_lines(raw)) - 1),
            ]
    text = "".join(lines)
    rows = "".join(new_row(texts, sheet) for texts in added)
    between = sheet.ending if rows and text and not text.endswith(("\n", "\r")) else ""
    made = sheet.bytes_of(text + between + rows)
    must_read_back(made, spec, sheet, (*changes.values(), *added), len(added))
    return made


def with_cells(raw: str, sheet: Sheet, texts: Texts) -> str:
    """A record with some of its cells written anew."""
    body = raw.rstrip("\r\n")
    starts = [*cell_starts(body, sheet.separator), len(body) + 1]
    cells = [body[start : end - 1] for start, end in pairwise(starts)]
    if len(cells) != sheet.width:
        raise UnwritableError(phrase("这一行的格数与表头不同；请先改正这个文件"))
    for name, text in texts.items():
        at = sheet.positions[name]
        cells[at] = cell(text, sheet.separator, quoted=cells[at].startswith('"'))
    return sheet.separator.join(cells) + raw[len(body) :]


def new_row(texts: Texts, sheet: Sheet) -> str:
    """A whole new record, with the file's line end."""
    values = {sheet.positions[name]: text for name, text in texts.items()}
    cells = (cell(values.get(at, ""), sheet.separator, quoted=False) for at in range(sheet.width))
    return sheet.separator.join(cells) + sheet.ending


def cell(text: str, separator: str, *, quoted: bool) -> str:
    """A cell as it is written; in quotes where it was or where it must be."""
    if quoted or any(mark in text for mark in (separator, '"', "\n", "\r")):
        return '"' + text.replace('"', '""') + '"'
    return text


def must_read_back(data: bytes, spec: TableSpec, before: Sheet, written: Iterable[Texts], added: int) -> None:
    """What was written must be read as it was meant, and nothing else as anything else."""
    try:
        after = take_apart(data, spec)
    except UnwritableError:
        after = None
    same = after is not None and len(after.records) == len(before.records) + added
    if after is None or not same or after.separator != before.separator:
        raise UnwritableError(phrase("这样写进 CSV 会被读错；请去掉换行或引号再保存"))
    read = [{name: value_in(record, at) for name, at in after.positions.items()} for record in after.records]
    for texts in written:
        if not any(all(row[name] == clean(text) for name, text in texts.items()) for row in read):
            raise UnwritableError(phrase("这样写进 CSV 会被读错；请去掉换行或引号再保存"))


def value_in(record: Record, at: int) -> str:
    """The text of a cell of a record, "" beyond its end."""
    return clean(record.values[at]) if at < len(record.values) else ""


def empty_table(spec: TableSpec) -> bytes:
    """A table with its header only, as Excel and WPS open it best."""
    names = [column.name for column in spec.columns if column.name != "年度指标值"]
    return codecs.BOM_UTF8 + (",".join(names) + NEW_FILE_END).encode()
