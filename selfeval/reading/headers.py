"""The header of a table: where it stands, which columns it lacks, and what was likely meant by another name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from selfeval.base.diagnostics import Diagnostic, finding, with_hint
from selfeval.base.model import Place
from selfeval.base.phrases import Phrase, phrase
from selfeval.base.text import BLANKS, clean, in_one_line
from selfeval.reading.columns import PROJECT, TableSpec
from selfeval.reading.csv_files import Record, read_records
from selfeval.reading.table_files import import_it, looks_like_form

if TYPE_CHECKING:
    from selfeval.reading.tables import RawTable

SEPARATORS = ",\t;"
NUMBER = "序号"
"""A column that only counts the rows."""

TITLES = 20
"""How many lines of titles may stand above a header."""

Found = list[Diagnostic]


def header_line(lines: Sequence[str], spec: TableSpec) -> int | None:
    """Which line (from 0) holds the header: it is looked for below titles, not far; None where all lines are empty."""
    filled = (at for at, line in enumerate(lines) if line.strip(BLANKS + SEPARATORS + '"'))
    near = list(islice(filled, TITLES + 1))
    split = ([lines[at].split(sign) for sign in SEPARATORS] for at in near)
    return near[header_at((min(rows, key=lambda row: len(lacks(row, spec))) for rows in split), spec)] if near else None


def header_at(rows: Iterable[Sequence[str]], spec: TableSpec) -> int:
    """Which of some rows is the header: the first with all required columns, else with 项目编号 and all others but one.

    Else it is the first. Of two required columns the other one is no likeness: titles name a project as well.
    """
    required = sum(column.required for column in spec.columns)
    nearly = []
    for at, row in enumerate(rows):
        names = lacks(row, spec)
        if not names:
            return at
        if len(names) == 1 < required - 1 and PROJECT.name not in names:
            nearly.append(at)
    return nearly[0] if nearly else 0


def lacks(cells: Iterable[str], spec: TableSpec) -> frozenset[str]:
    """The columns that the table must have and that these cells do not name."""
    names = {spec.find(cell.strip().strip('"')) for cell in cells}
    return frozenset(column.name for column in spec.columns if column.required and column.name not in names)


def titles_above(lines: Sequence[str], start: int, file: str) -> Found:
    """T029: what stands above the header."""
    above = [line.strip(BLANKS + SEPARATORS + '"') for line in lines[:start]]
    return passed_over([line for line in above if line], file)


def passed_over(titles: Sequence[str], file: str, sheet: str = "") -> Found:
    """T029: titles that nobody reads."""
    place = Place(file, sheet=sheet)
    return [finding("T029", place, count=len(titles), text=in_one_line(titles[0]))] if titles else []


def separator_of(lines: list[str], start: int, spec: TableSpec) -> str:
    """The separator under which the header holds most columns; the comma where all are equal."""

    def known(separator: str) -> int:
        header = next(read_records(lines, separator, start))
        names = header.values if isinstance(header, Record) else ()
        return len({spec.find(name) for name in names} - {None})

    return max(SEPARATORS, key=known)


def lacking(missing: list[str], sheet: RawTable, spec: TableSpec, place: Callable[[int], Place]) -> Diagnostic:
    """T003: which columns are missing, and which header was likely meant for one of them."""
    header = sheet.records[0]
    strange = {at: clean(value) for at, value in enumerate(header.values) if clean(value) and not spec.find(value)}
    likely = _likely(missing, strange, spec)
    meant = tuple(
        phrase("“{text}”像是“{column}”", text=in_one_line(strange[at]), column=name) for at, name in likely.items()
    )
    hint = _remedy(sheet, likely, strange)
    if likely:
        d = finding("T003.likely", place(next(iter(likely))), missing=tuple(missing), likely=meant)
    else:
        read = tuple(map(in_one_line, header.values[:8]))
        where = Place(sheet.file, header.line, sheet=sheet.sheet)
        d = finding("T003.unlike", where, missing=tuple(missing), header=read)
    return with_hint(d, hint) if hint else d


def _likely(missing: list[str], strange: dict[int, str], spec: TableSpec) -> dict[int, str]:
    """The unknown headers that were likely meant for a missing column: by their spelling, or as the only one left."""
    taken = {column.name for column in spec.columns} - set(missing)
    near = {at: name for at, text in strange.items() if (name := spec.near(text, taken))}
    left = [name for name in missing if name not in near.values()]
    rest = [at for at in strange if at not in near]
    return near | ({rest[0]: left[0]} if len(left) == len(rest) == 1 else {})


def _remedy(sheet: RawTable, likely: dict[int, str], strange: dict[int, str]) -> Phrase | None:
    """What to do about a header; None where nothing is known but the usual remedy."""
    if any("，" in text for text in strange.values()):
        return phrase("表头里有全角逗号“，”：列与列之间改用半角逗号“,”。")
    if looks_like_form(record.values for record in sheet.records):
        return import_it(sheet.file)
    pairs = tuple(
        phrase("“{text}”改为“{column}”", text=in_one_line(strange[at]), column=name) for at, name in likely.items()
    )
    return phrase("把表头里的{pairs}。", pairs=pairs) if pairs else None


def unknown(sheet: RawTable, spec: TableSpec, taken: set[str], place: Callable[[int], Place]) -> Iterator[Diagnostic]:
    """Columns that are not of the table, and columns with content but without a name."""
    header, *rows = sheet.records
    for index, value in enumerate(header.values):
        name = clean(value)
        if name and name != NUMBER and not spec.find(name):
            near = spec.near(name, taken)
            if near:
                yield finding("T005.near", place(index), column=in_one_line(name), near=near)
            else:
                yield finding("T005.unknown", place(index), column=in_one_line(name))
    for index in _nameless(header, rows):
        yield finding("T005.nameless", place(index), number=index + 1)


def _nameless(header: Record, rows: Iterable[Record]) -> list[int]:
    """The columns without a name that hold something (a sheet may go on beyond its header)."""
    named = {i for i, value in enumerate(header.values) if clean(value)}
    filled: set[int] = set()
    for row in rows:
        if len(row.values) > len(named):
            filled |= {i for i, v in enumerate(row.values) if i not in named and clean(v)}
    return sorted(filled)
