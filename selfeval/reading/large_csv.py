"""A table too large to hold as cells, cut by project: its lines stay raw text until a project's turn comes.

What is read of a line here is its 项目编号 and no more; everything else is read where the project is scored, by the
same functions that read a small table.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from selfeval.base.diagnostics import Diagnostic, finding
from selfeval.base.memo import remembered
from selfeval.base.model import Place
from selfeval.base.text import clean
from selfeval.reading.columns import TableSpec
from selfeval.reading.csv_files import Broken, Record, physical_lines, read_records, walk
from selfeval.reading.headers import separator_of, titles_above
from selfeval.reading.table_files import content_of, name_of, sources
from selfeval.reading.tables import (
    ColumnMap,
    RawTable,
    Table,
    TableRow,
    layout_of,
    lines_of,
    rows_of,
    sheet_of,
    unclosed,
)

Found = list[Diagnostic]


@dataclass(frozen=True, slots=True)
class Head:
    """What is needed to read the rows of a file: its name, its header, where its columns stand."""

    file: str
    header: Record
    layout: ColumnMap


@dataclass(frozen=True, slots=True)
class Cut:
    """Some records of one file as raw text, with the numbers of their first lines.

    `above`: the projects above lines that name none.
    """

    head: Head
    numbers: tuple[int, ...]
    raw: tuple[str, ...]
    above: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class LargeFile:
    """One file by project: `lines` holds every record at its first line, `places` where those of a project stand.

    Both hold what has not been cut yet. `above`: the projects above lines that name none.
    """

    head: Head
    lines: list[str]
    places: dict[str, list[int]]
    above: dict[int, str]

    def cut(self, ids: Iterable[str]) -> Cut:
        """Takes out the records of these projects, in the file's order: what was cut is held no longer."""
        chosen = sorted(at for id_ in ids for at in self.places.pop(id_, ()))
        cut = Cut(self.head, tuple(at + 1 for at in chosen), tuple(self.lines[at] for at in chosen), self.above)
        for at in chosen:
            self.lines[at] = ""
        return cut

    def strangers(self, known: Container[str]) -> Cut:
        """The records that belong to none of the known projects."""
        return self.cut([id_ for id_ in self.places if id_ not in known])


def read_large(folder: Path, spec: TableSpec) -> tuple[list[LargeFile], Found] | None:
    """All files of a table by project; None where one cannot be used, or is a workbook, which is never that large."""
    paths, problems = sources(folder, spec)
    files: list[LargeFile] = []
    if problems:
        return None
    for path in paths:
        file, in_file = _read_file(path, folder, spec) if path.suffix.lower() == ".csv" else (None, [])
        if file is None:
            return None
        files.append(file)
        problems += in_file
    return files, problems


def _read_file(path: Path, folder: Path, spec: TableSpec) -> tuple[LargeFile | None, Found]:
    """One CSV file; where it cannot be used as a whole, what the reader of small tables says of it."""
    file = name_of(path, folder)
    data, problem = content_of(path, folder, file)
    lines, start, unreadable = lines_of(data, file, spec)
    if problem or unreadable or start is None:
        return None, [d for d in (problem or unreadable,) if d] or [finding("T007.empty", Place(file))]
    separator = separator_of(lines, start, spec)
    header = next(read_records(lines, separator, start))
    if isinstance(header, Broken):
        return None, [unclosed(header, file)]
    sheet = RawTable(file, [header, *nameless_rows(header, lines, separator, start)], separator)
    layout, problems = layout_of(sheet, spec)
    if layout is None:
        return None, problems
    problems += titles_above(lines, start, file)
    return by_project(Head(file, header, layout), lines, start, problems), problems


def nameless_rows(header: Record, lines: list[str], separator: str, start: int) -> Iterator[Record]:
    """All rows where a column has no name (whether anything stands below it must be known), else none."""
    if all(map(clean, header.values)):
        return
    width = len(header.values)
    for record in read_records(lines, separator, start, width):
        if isinstance(record, Record) and len(record.values) == width and record.line > header.line:
            yield record


def by_project(head: Head, lines: list[str], start: int, problems: Found) -> LargeFile:
    """The records of a file by their 项目编号, a quoted record over several lines put together at its first."""
    at, separator, width = head.layout.positions["项目编号"], head.layout.separator, len(head.header.values)
    places: dict[str, list[int]] = {}
    above: dict[int, str] = {}
    project = ""
    tidy = remembered(clean)  # a project stands in many rows
    records = walk(lines, separator, start, width)
    next(records)  # the header
    for position, record in records:
        if isinstance(record, Broken):
            problems.append(unclosed(record, head.file))
            continue
        if record:
            lines[position] = record.raw
        cells = record.values if record else lines[position].split(separator, at + 1)
        id_ = tidy(cells[at]) if at < len(cells) else ""
        places.setdefault(id_, []).append(position)
        if id_:
            project = id_
        else:
            above[position + 1] = project
    return LargeFile(head, lines, places, above)


def table_of(spec: TableSpec, cuts: Iterable[Cut]) -> tuple[Table, Found]:
    """The rows of these records, read and checked as those of a small table."""
    rows: list[TableRow] = []
    problems: Found = []
    for cut in cuts:
        head = cut.head
        separator, width = head.layout.separator, len(head.header.values)
        records = (_record(raw, line, separator, width) for line, raw in zip(cut.numbers, cut.raw, strict=True))
        sheet, unusable = sheet_of(records, head.header, head.file, separator, spec)
        table = RawTable(head.file, [head.header, *sheet.records], separator)
        read, wrong = rows_of(table, head.layout, spec, cut.above)
        rows += read
        problems += unusable + wrong
    return Table(spec.name, (), tuple(rows)), problems


def _record(raw: str, line: int, separator: str, width: int) -> Record | Broken:
    """One record from its raw text; the text holds this record and nothing else."""
    if '"' not in raw:
        return Record(line, tuple(raw.rstrip("\r\n").split(separator)))
    record = next(read_records(physical_lines(raw), separator, 0, width))
    return Record(line, record.values, record.raw) if isinstance(record, Record) else record
