"""Parts of 填报表.xlsx, one per 科室: what they hold fills the blank cells of its 完成情况.

A cell that is filled in twice with the same text is filled in once; two different texts are an error.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from selfeval.base.diagnostics import Diagnostic, finding
from selfeval.base.text import comparable, shorten
from selfeval.reading.columns import TableSpec
from selfeval.reading.keys import KEY, where

if TYPE_CHECKING:
    from selfeval.reading.tables import TableRow

Keys = list[tuple[str, ...]]


def filled(
    rows: Sequence[TableRow], parts: Iterable[TableRow], spec: TableSpec
) -> tuple[list[TableRow], list[Diagnostic]]:
    """The rows of the workbook with what stands in its parts; a row of a part that it has not comes last."""
    made = list(rows)
    known = {key: at for at, row in enumerate(made) for key in keys_of(row)}
    often = Counter(key for row in made for key in keys_of(row))
    known = {key: at for key, at in known.items() if often[key] == 1}
    problems: list[Diagnostic] = []
    columns = [c.name for c in spec.columns if not c.shown and c.name not in {"项目编号", *KEY}]
    for part in parts:
        at = next((known[key] for key in keys_of(part) if key in known), None)
        if at is None:
            made.append(part)
            known |= dict.fromkeys(keys_of(part), len(made) - 1)
            continue
        for column in columns:
            made[at] = joined(made[at], part, column, problems)
    return made, problems


def keys_of(row: TableRow) -> Keys:
    """What a row may be known by: 指标编号 first, else the names."""
    code, *names = row.texts(KEY)
    by_names = (row.project, *map(comparable, names))
    return [(row.project, comparable(code)), by_names] if code else [by_names]


def id_of(row: TableRow) -> str:
    """The indicator that a row is about."""
    code, *names = row.texts(KEY)
    return code or "/".join(names)


def joined(row: TableRow, part: TableRow, column: str, problems: list[Diagnostic]) -> TableRow:
    """The row with one cell of a part, where its own is blank."""
    own, theirs = row.text(column), part.text(column)
    if not theirs or own == theirs:
        return row
    if not own:
        return row.with_cell(column, theirs, part.place_of(column))
    there = where(row.place_of(column))
    clash = finding(
        "P004.parts", part.place_of(column), project=row.project, indicator=id_of(row),
        column=column, place=there, own=shorten(own), other=shorten(theirs),
    )  # fmt: skip
    problems.append(clash)
    return row
