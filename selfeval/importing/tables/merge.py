"""New rows and the tables that are there: what a person filled in stays, everything else is said.

A cell is renewed only where it still reads as the last import wrote it (`import-report.json` remembers that); a blank
one is filled; all others stay, and the difference is listed. Files are changed in place, with the columns they have.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from selfeval.base.files import is_project_id, read_file
from selfeval.base.grouping import grouped
from selfeval.base.phrases import Param, Phrase, phrase
from selfeval.base.safe_cells import harmless
from selfeval.base.text import comparable, short
from selfeval.importing.ledger import Ledger, Sort
from selfeval.importing.tables.assemble import Known
from selfeval.reading.columns import ACTUALS, BUDGET, PROJECTS, TARGETS, WORKBOOK, TableSpec
from selfeval.reading.csv_edit import Change, Row
from selfeval.reading.tables import ABSENT, Table, read_table

REPORT_JSON = "import-report.json"
KEYS = {"projects": ("项目编号",), "budget": ("项目编号", "资金来源")}
SPECS = (PROJECTS, BUDGET, TARGETS, ACTUALS)

Key = tuple[str, ...]


@dataclass(slots=True)
class Update:
    """What is to be done to one table: cells to change, rows to add. `whole`: the table is made anew.

    Mutable: filled row by row.
    """

    spec: TableSpec
    whole: bool = False
    changes: list[Change] = field(default_factory=list)
    added: list[Row] = field(default_factory=list)

    @property
    def touched(self) -> bool:
        """Whether anything is to be written."""
        return self.whole or bool(self.changes or self.added)


@dataclass(frozen=True, slots=True)
class Existing:
    """An evaluation as found: its tables, those that cannot be read, and what the last import wrote."""

    tables: Mapping[str, Table]
    broken: Mapping[str, Phrase]
    baseline: Mapping[str, list[Row]]


def read_existing(folder: Path) -> Existing:
    """The tables of an evaluation; one with an error is left alone, and named."""
    tables: dict[str, Table] = {}
    broken: dict[str, Phrase] = {}
    for spec in SPECS:
        if not _is_there(folder, spec):
            continue
        table, problems = read_table(folder, spec)
        grave = next((p for p in problems if p.is_error and p.code != "T010"), None)
        if grave:
            at: dict[str, Param] = {"file": grave.file or spec.name, "line": grave.line or 1, "message": grave.phrase}
            broken[spec.name] = phrase("{file} 第 {line} 行：{message}", **at)
        tables[spec.name] = table
    return Existing(tables, broken, _baseline(folder))


def _is_there(folder: Path, spec: TableSpec) -> bool:
    names = (f"{spec.name}.csv", f"{spec.name}.xlsx", WORKBOOK)
    return any((folder / name).exists() for name in names) or (spec.split and (folder / spec.name).is_dir())


def _baseline(folder: Path) -> dict[str, list[Row]]:
    """The rows the last import wrote; nothing where its report is gone or was changed beyond use."""
    try:
        data: Any = json.loads(read_file(folder / REPORT_JSON, folder=folder).decode())
        tables = data["imported"]
        return {
            name: [{str(k): str(v) for k, v in row.items()} for row in rows]
            for name, rows in tables.items()
            if isinstance(rows, list)
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def known_of(existing: Existing, money_unit: str) -> Known:
    """Ids by name, so that a second import numbers a project as the first did."""
    there = existing.tables["projects"].rows if "projects" in existing.tables else ()
    rows = [row for row in there if is_project_id(row.project)]  # an id becomes the name of a file
    ids = {comparable(row.text("项目名称")): row.project for row in rows}
    ids |= {comparable(row.text("申报表项目名称")): row.project for row in rows if row.text("申报表项目名称")}
    return Known(ids, frozenset(row.project.casefold() for row in rows), money_unit)


def key_of(spec: TableSpec, row: Mapping[str, str]) -> Key:
    """What makes a row the same row: 项目编号 and the source, or the indicator."""
    names = KEYS.get(spec.name)
    if names is None:
        code = row.get("指标编号", "")
        names = ("项目编号", "指标编号") if code else ("项目编号", "二级指标", "三级指标")
    return tuple(comparable(row.get(name, "")) for name in names)


def merge(spec: TableSpec, rows: Sequence[Row], existing: Existing, ledger: Ledger) -> Update:
    """What has to change in one table."""
    table = existing.tables.get(spec.name)
    if table is None:
        return Update(spec, whole=True, added=list(rows))
    merged = Update(spec)
    if spec.name in existing.broken:
        why = existing.broken[spec.name]
        message = phrase("现有的 {table} 有错误，没有改动（{why}）；改正后再导入一次", table=spec.name, why=why)
        ledger.remark(Sort.UNKNOWN, message)
        return merged
    there = _by_key(spec, [({c: r.text(c) for c in r.layout.positions}, r) for r in table.rows])
    base = _by_key(spec, [(row, None) for row in existing.baseline.get(spec.name, [])])
    for row in rows:
        key = key_of(spec, row)
        known = there[key].pop(0) if there.get(key) else None
        before = base[key].pop(0)[0] if base.get(key) else {}
        if known is None:
            _add(merged, row, before, ledger)
        else:
            _compare(merged, row, known, before, ledger)
    _missing(spec, rows, there, ledger)
    return merged


def _by_key(spec: TableSpec, rows: Iterable[tuple[Row, Any]]) -> dict[Key, list[tuple[Row, Any]]]:
    return grouped(rows, lambda pair: key_of(spec, pair[0]))


def _add(merged: Update, row: Row, before: Mapping[str, str], ledger: Ledger) -> None:
    """A row that is not there; one that a person deleted since the last import stays deleted."""
    texts = {"table": merged.spec.name, "row": _name(merged.spec, row)}
    if before:
        ledger.remark(Sort.KEPT, phrase("{table} 里已删去“{row}”，没有再加", **texts), project=row["项目编号"])
        return
    merged.added.append(row)
    ledger.remark(Sort.CHANGED, phrase("{table} 新增一行：“{row}”", **texts), project=row["项目编号"])


def _compare(merged: Update, row: Row, known: tuple[Row, Any], before: Mapping[str, str], ledger: Ledger) -> None:
    texts, place = known
    for column in (c.name for c in merged.spec.columns):
        new, old, base = row[column], texts.get(column, ""), before.get(column, "")
        if not new or _equal(new, old) or _equal(harmless(new), old) or column in key_columns(merged.spec):
            continue
        where = {"table": merged.spec.name, "row": _name(merged.spec, row), "column": column}
        difference = {"cell": phrase("{table} “{row}” 的“{column}”", **where), "old": short(old), "new": short(new)}
        if place.layout.positions.get(column, ABSENT) == ABSENT:
            message = phrase("{cell}：现有的表没有这一列，没有写入“{new}”", **difference)
            ledger.remark(Sort.KEPT, message, project=row["项目编号"])
        elif place.place_of(column).file == place.place.file and is_as_imported(old, base):
            merged.changes.append(Change(place.place.file, place.place.line, column, new))
            message = phrase("{cell}：由“{old}”改为“{new}”" if old else "{cell}：补上“{new}”", **difference)
            ledger.remark(Sort.CHANGED, message, project=row["项目编号"])
        elif not _equal(new, base):
            message = phrase("{cell}：保留现有的“{old}”，这次的表是“{new}”", **difference)
            ledger.remark(Sort.KEPT, message, project=row["项目编号"])


def is_as_imported(old: str, base: str) -> bool:
    """Whether a cell still reads as the last import left it."""
    return _equal(old, base) or (bool(base) and _equal(old, harmless(base)))


def key_columns(spec: TableSpec) -> tuple[str, ...]:
    """Columns that name the row."""
    return KEYS.get(spec.name, ("项目编号", "二级指标", "三级指标", "指标编号"))


def _equal(one: str, other: str) -> bool:
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()


def _name(spec: TableSpec, row: Mapping[str, str]) -> str:
    """A row in words."""
    if spec.name == "projects":
        return f"{row['项目编号']} {short(row['项目名称'], 24)}"
    if spec.name == "budget":
        return f"{row['项目编号']} {row['资金来源']}"
    return f"{row['项目编号']} {short(row['二级指标'], 16)}/{short(row['三级指标'], 24)}"


def _missing(
    spec: TableSpec, rows: Sequence[Row], there: Mapping[Key, Sequence[tuple[Row, Any]]], ledger: Ledger
) -> None:
    """Targets that are there and no longer on the form."""
    projects = {row["项目编号"] for row in rows}
    if spec is not TARGETS:
        return
    for texts, _ in (pair for group in there.values() for pair in group):
        if texts["项目编号"] in projects:
            message = phrase("targets 里的“{row}”不在这次的表中，保留", row=_name(spec, texts))
            ledger.remark(Sort.KEPT, message, project=texts["项目编号"])
