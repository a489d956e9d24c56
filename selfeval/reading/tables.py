"""The tables of an evaluation: files → rows of texts, each cell with its place. Never raises.

Every cell stays text: `02210302`, `NA` and `1.10` survive. A row with more or fewer cells than the
header is an error with its line, never a shifted row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from selfeval.base.diagnostics import Diagnostic, about, finding, of_reading
from selfeval.base.frozen import made_quickly
from selfeval.base.marks import any_hidden, hidden, turning, without_hidden
from selfeval.base.model import Cell, Place
from selfeval.base.remarks import hidden_in, reading
from selfeval.base.text import BLANKS, clean, in_one_line
from selfeval.reading.columns import EXACT, GUIDE, TABLES, TableSpec
from selfeval.reading.csv_files import Broken, Record, column_of, columns_of, decode, physical_lines, read_records
from selfeval.reading.entry_parts import filled
from selfeval.reading.foot import under_a_table
from selfeval.reading.headers import (
    TITLES,
    header_at,
    header_line,
    lacking,
    passed_over,
    separator_of,
    titles_above,
    unknown,
)
from selfeval.reading.table_files import (
    content_of,
    is_entry_workbook,
    is_part,
    name_of,
    sources,
)

if TYPE_CHECKING:
    from selfeval.reading.xlsx_files import Line

MAX_CELL = 100_000
ABSENT = -1
"""The position of a column that a file has not: that of the empty text at the end of every row."""

Columns = tuple[str, ...]
"""Chinese names of columns."""
Picker = Callable[[tuple[str, ...]], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Where one file keeps each column of the table; `ABSENT` where it has none. A workbook has no separator.

    `titles`: the header as the file has it; `sheet`: the sheet of a workbook with several.
    """

    positions: dict[str, int]
    separator: str
    file: str
    titles: tuple[str, ...] = ()
    sheet: str = ""
    pickers: dict[Columns, Picker] = field(default_factory=dict, compare=False, repr=False)
    """What takes some columns out of a row, made when first asked for: every row asks for the same few."""

    def picker(self, columns: Columns) -> Picker:
        """What takes these columns (two or more) out of a row's texts."""
        return self.pickers.setdefault(columns, itemgetter(*(self.positions[column] for column in columns)))


@made_quickly
@dataclass(frozen=True, slots=True)
class TableRow:
    """One record. Places and cells are made when asked for: a place costs more than a text (1e6 rows).

    `values` are the texts of the header's columns without what surrounds them, and one empty text at the end.
    `elsewhere`: the places of cells that were blank here and stand in another file.
    """

    record: Record
    layout: ColumnMap
    values: tuple[str, ...]
    elsewhere: tuple[tuple[str, Place], ...] = ()

    def __getitem__(self, column: str) -> Cell:
        """The cell of a column by its Chinese name; empty, at the row's start, if there is none."""
        return Cell(self.text(column), self.place_of(column))

    def text(self, column: str) -> str:
        """What is written in a column."""
        return self.values[self.layout.positions[column]]

    def texts(self, columns: Columns) -> tuple[str, ...]:
        """What is written in two or more columns."""
        layout = self.layout
        return (layout.pickers.get(columns) or layout.picker(columns))(self.values)

    @property
    def place(self) -> Place:
        """Where the row starts."""
        return Place(self.layout.file, self.record.line, sheet=self.layout.sheet, row=self)

    def with_cell(self, column: str, text: str, place: Place) -> TableRow:
        """The row with a text from another place in a column, which it may not have had."""
        layout, values = self.layout, list(self.values)
        at = layout.positions[column]
        if at == ABSENT:
            at = len(values) - 1
            layout = replace(layout, positions=layout.positions | {column: at}, pickers={})
            values.append("")
        values[at] = text
        record = self.record._replace(values=tuple(values[:-1]))
        return TableRow(record, layout, tuple(values), (*self.elsewhere, (column, place)))

    def place_of(self, column: str) -> Place:
        """Where the cell of a column stands; the row's start if there is none, or no such column in the table."""
        for name, place in self.elsewhere:
            if name == column:
                return place
        at = self.layout.positions.get(column, ABSENT)
        return self.place if at == ABSENT else _place(self.layout, self.record, at, self)

    @property
    def cells(self) -> dict[str, Cell]:
        """All cells by the Chinese name of their column."""
        return {column: self[column] for column in self.layout.positions}

    @property
    def project(self) -> str:
        """项目编号."""
        return self.values[self.layout.positions["项目编号"]]


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of one table, the columns its files have, and the files that were read.

    `refused`: it is not there, or one of its files could not be used at all.
    """

    name: str
    columns: tuple[str, ...] = ()
    rows: tuple[TableRow, ...] = ()
    files: tuple[str, ...] = ()
    refused: bool = False


@dataclass(frozen=True, slots=True)
class RawTable:
    """One file before its header is understood: the first record is the header."""

    file: str
    records: list[Record]
    separator: str = ""
    sheet: str = ""


Found = list[Diagnostic]


def rows_by_project(table: Table) -> dict[str, tuple[TableRow, ...]]:
    """The rows of a table by 项目编号, in their order."""
    groups: dict[str, list[TableRow]] = {}
    for row in table.rows:
        groups.setdefault(row.project, []).append(row)
    return {id_: tuple(rows) for id_, rows in groups.items()}


def read_table(folder: Path, spec: TableSpec) -> tuple[Table, tuple[Diagnostic, ...]]:
    """One table of the evaluation in `folder`, from all its files, and all that is wrong there."""
    paths, problems = sources(folder, spec)
    refused = any(problem.is_error for problem in problems)
    rows: list[TableRow] = []
    columns: set[str] = set()
    parts: list[TableRow] = []
    for path in paths:
        sheet, in_file = _read_file(path, folder, spec)
        layout, in_header = layout_of(sheet, spec) if sheet.records else (None, [])
        problems += in_file + in_header
        refused = refused or layout is None
        if layout:
            read, in_rows = rows_of(sheet, layout, spec)
            columns |= {name for name, index in layout.positions.items() if index != ABSENT}
            (parts if is_part(path) else rows).extend(read)
            problems += in_rows
    if parts:
        rows, clashes = filled(rows, parts, spec)
        problems += clashes
    present = tuple(c.name for c in spec.every if c.name in columns)
    files = tuple(name_of(path, folder) for path in paths)
    return Table(spec.name, present, tuple(rows), files, refused), tuple(problems)


# ── Files ──


def _read_file(path: Path, folder: Path, spec: TableSpec) -> tuple[RawTable, Found]:
    """The records of one file, header first."""
    file = name_of(path, folder)
    data, problem = content_of(path, folder, file)
    if problem:
        return RawTable(file, []), [problem]
    sheet, problems = _csv(data, file, spec) if path.suffix.lower() == ".csv" else _xlsx(data, file, path, spec)
    if not sheet.records and not problems:
        problems.append(finding("T007.empty", Place(file)))
    return sheet, problems


def _xlsx(data: bytes, file: str, path: Path, spec: TableSpec) -> tuple[RawTable, Found]:
    from selfeval.reading.xlsx_files import read_workbook

    sheet = spec.sheet if is_entry_workbook(path) else ""
    known = [GUIDE] if is_part(path) else [GUIDE, *(other.sheet for other in TABLES)]
    lines, problems = read_workbook(data, file, sheet, known if sheet else (), partial(beside_table, spec=spec))
    records = [record for record in (Record(line, values) for line, values in lines) if not _is_blank(record)]
    head = header_at([record.values for record in records[: TITLES + 1]], spec)
    problems += passed_over(["".join(record.values) for record in records[:head]], file, sheet)
    return RawTable(file, records[head:], sheet=sheet), problems


def beside_table(lines: Iterable[Line], spec: TableSpec) -> set[int]:
    """The numbers of the rows of a sheet that are none of the table: titles above its header, totals and notes."""
    filled = [Record(*line) for line in lines if any(map(clean, line[1]))]
    head = header_at([record.values for record in filled[: TITLES + 1]], spec)
    width, rows = len(filled[head].values) if filled else 0, filled[head + 1 :]
    feet = {row.line for row in rows if under_a_table(row.values, width, row.line, spec)}
    return feet.union(range(1, filled[head].line)) if head else feet


def _csv(data: bytes, file: str, spec: TableSpec) -> tuple[RawTable, Found]:
    lines, start, problem = lines_of(data, file, spec)
    if start is None:
        return RawTable(file, []), [problem] if problem else []
    sheet, problems = _exact(lines, start, file, spec)
    return sheet, [*titles_above(lines, start, file), *problems]


def lines_of(data: bytes, file: str, spec: TableSpec) -> tuple[list[str], int | None, Diagnostic | None]:
    """The physical lines of a CSV file and which of them is the header; None where there is none."""
    text, problem = decode(data, file)
    lines = physical_lines(text)
    return lines, None if problem else header_line(lines, spec), problem


def _exact(lines: list[str], start: int, file: str, spec: TableSpec) -> tuple[RawTable, Found]:
    """All records that have as many cells as the header."""
    separator = separator_of(lines, start, spec)
    header = next(read_records(lines, separator, start))
    if isinstance(header, Broken):
        return RawTable(file, []), [unclosed(header, file)]
    width = len(header.values)
    return sheet_of(read_records(lines, separator, start, width), header, file, separator, spec)


def sheet_of(
    read: Iterable[Record | Broken], header: Record, file: str, separator: str, spec: TableSpec
) -> tuple[RawTable, Found]:
    """The records that have as many cells as the header; blank ones go without a word."""
    records: list[Record] = []
    problems: Found = []
    width = len(header.values)
    for record in read:
        if isinstance(record, Broken):
            problems.append(unclosed(record, file))
        elif not _is_blank(record):
            if len(record.values) == width:
                records.append(record)
            elif under_a_table(record.values, width, record.line, spec):
                records.append(record._replace(values=(separator.join(record.values),)))
            else:
                problems.append(_wrong_width(record, header, file, spec))
    return RawTable(file, records, separator), problems


def unclosed(record: Broken, file: str) -> Diagnostic:
    """T016: a quote that does not close."""
    return of_reading(record.remark, Place(file, record.line, record.column))


def _wrong_width(record: Record, header: Record, file: str, spec: TableSpec) -> Diagnostic:
    # Only a first cell is sure to stand in its column.
    project = clean(record.values[0]) if spec.find(header.values[0]) == "项目编号" else ""
    has, wanted = len(record.values), len(header.values)
    return finding(
        "T002", Place(file, record.line), project=project or None,
        row=record.line, has=has, wanted=wanted, first=tuple(map(in_one_line, record.values[:3])),
    )  # fmt: skip


def _is_blank(record: Record) -> bool:
    return not any(map(clean, record.values))


# ── Header and rows ──


def layout_of(sheet: RawTable, spec: TableSpec) -> tuple[ColumnMap | None, Found]:
    """Which column stands where; None where a required one is missing."""
    header = sheet.records[0]
    positions: dict[str, int] = {}
    place = _header_places(sheet)
    problems = [of_reading(hidden_in(v, "表头"), place(i)) for i, v in enumerate(header.values) if hidden(v)]
    for index, value in enumerate(header.values):
        name = spec.find(value)
        if name and name in positions:
            problems.append(finding("T004", place(index), column=name, number=index + 1))
        elif name:
            positions[name] = index
    missing = [c.name for c in spec.columns if c.required and c.name not in positions]
    if missing:
        return None, [*problems, lacking(missing, sheet, spec, place)]
    problems += unknown(sheet, spec, set(positions), place)
    found_at = {c.name: positions.get(c.name, ABSENT) for c in spec.every}
    return ColumnMap(
        found_at, sheet.separator, sheet.file, tuple(map(in_one_line, header.values)), sheet.sheet
    ), problems


def _place(layout: ColumnMap, record: Record, index: int, row: TableRow) -> Place:
    column = column_of(record, layout.separator, index) if layout.separator else index + 1
    return Place(layout.file, record.line, column, layout.titles[index], layout.sheet, row)


def _header_places(sheet: RawTable) -> Callable[[int], Place]:
    """Where the cells of the header stand, by their number; a header may have as many as its line has characters."""
    header = sheet.records[0]
    columns = cache(lambda: columns_of(header, sheet.separator))
    return lambda index: Place(
        sheet.file, header.line, columns()[index] if sheet.separator else index + 1, sheet=sheet.sheet
    )


def rows_of(
    sheet: RawTable, layout: ColumnMap, spec: TableSpec, above: Mapping[int, str] | None = None
) -> tuple[list[TableRow], Found]:
    """The rows that can be used: no cell too long, and a project named; totals and notes are passed over with a word.

    `above`: the projects above rows that name none, where these are not among the records.
    """
    rows: list[TableRow] = []
    problems: Found = []
    width = len(sheet.records[0].values)
    filled = [c.name for c in spec.columns if c.filled]
    needed = [layout.positions[name] for name in filled]
    of_table = [at for at in layout.positions.values() if at != ABSENT]
    last: dict[str, Sequence[str]] = {}
    project = ""
    header = sheet.records[0].values
    hides = any_hidden(chain.from_iterable(record.values for record in sheet.records))
    for record in sheet.records[1:]:
        foot = under_a_table(record.values, width, record.line, spec)
        if record.values == header:
            foot = reading("T032.header", row=record.line)
        if foot:
            problems.append(of_reading(foot, Place(layout.file, record.line, sheet=layout.sheet)))
            continue
        values = [value and value.strip(BLANKS) for value in record.values[:width]]
        values += [""] * (width - len(values) + 1)
        row = TableRow(record, layout, tuple(values))
        if hides and hidden("".join(record.values)):
            row, in_row = _seen(row)
            problems += in_row
        own = row.project
        if max(map(len, record.values)) > MAX_CELL:
            problems += _too_long(row)
        elif own:
            rows.append(row)
        if not own and not any(map(values.__getitem__, of_table)):
            continue  # what stands in columns that are not read makes no row
        project = own or (above or {}).get(record.line, project)
        if "" in map(values.__getitem__, needed):
            upper = last.get(own, ("",) * (width + 1))
            above_it = {name: upper[layout.positions[name]] for name in filled} | {"项目编号": project}
            problems += _unfilled(row, filled, above_it, spec)
            values = [value or old for value, old in zip(values, upper, strict=True)]
        last[own] = values
    return rows, problems


def _seen(row: TableRow) -> tuple[TableRow, Found]:
    """A row without the characters nobody sees; where they turn a number or a key, its cell is not used."""
    values = [without_hidden(value).strip(BLANKS) for value in row.values]
    problems: Found = []
    for name, at in row.layout.positions.items():
        text = row.record.values[at] if 0 <= at < len(row.record.values) else ""
        if turning(text) and name in EXACT:
            values[at] = row.values[at] if name == "项目编号" else ""  # what is no id is refused as a whole
        if hidden(text):
            problems.append(of_reading(hidden_in(text, name), row.place_of(name)))
    seen = TableRow(row.record, row.layout, tuple(values))
    return seen, [about(d, project=seen.project or None) for d in problems]


def _too_long(row: TableRow) -> Found:
    sizes = [len(value) for value in row.record.values]
    index = next(i for i, size in enumerate(sizes) if size > MAX_CELL)
    place = _place(row.layout, row.record, index, row)
    project, size = row.project or None, sizes[index]
    return [finding("T011", place, project=project, row=row.place.line, number=index + 1, size=size)]


def _unfilled(row: TableRow, filled: list[str], above: Mapping[str, str], spec: TableSpec) -> Found:
    """T010: the cells of a row that must not be blank; what stands above is asked about, never taken."""
    line, project, problems = row.place.line, row.project or None, []
    for name in (name for name in filled if not row.text(name)):
        place = row.place_of(name)
        if known := above.get(name):
            key, more = ("T010.used_above", {}) if project else ("T010.unused_above", {"table": spec.name})
            problems.append(finding(key, place, project=project, row=line, name=name, above=known, **more))
        else:
            key = "T010.used" if project else "T010.unused"
            problems.append(finding(key, place, project=project, row=line, name=name))
    return problems
