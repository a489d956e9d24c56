"""What can be filled in from the browser: which columns of which tables, and the rows of a project that have them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from selfeval.base.model import Indicator, Place, Scorecard
from selfeval.base.phrases import word
from selfeval.evaluation.result import Result
from selfeval.reading.amounts import AMOUNTS
from selfeval.reading.columns import ACTUALS, BUDGET, ENTERED, PROJECTS, TableSpec
from selfeval.reading.csv_edit import Texts
from selfeval.reading.tables import Table, TableRow, rows_by_project

GOAL, WHY = word("总体目标完成情况"), word("原因说明")
ACTUAL, TIER, POINTS, REASON, EVIDENCE = (
    word("实际完成值"),
    word("完成档次"),
    word("自评得分"),
    word("偏差原因分析及改进措施"),
    word("佐证材料"),
)


@dataclass(frozen=True, slots=True)
class EntryTable:
    """A table with cells to fill in: what names a row of it, the columns in the order of the page.

    `row`: what a row is about, in a word; `anchor`: how its rows begin on the page.
    """

    spec: TableSpec
    key: tuple[str, ...]
    columns: tuple[str, ...]
    row: str
    anchor: str


GOALS = EntryTable(PROJECTS, ("项目编号",), (GOAL,), word("项目"), "goal")
FUNDS = EntryTable(BUDGET, ("项目编号", "资金来源"), (*AMOUNTS, WHY), word("资金来源"), "fund")
OUTCOMES = EntryTable(
    ACTUALS,
    ("项目编号", "二级指标", "三级指标", "指标编号"),
    (ACTUAL, TIER, POINTS, REASON, EVIDENCE),
    word("指标"),
    "row",
)
TABLE_OF = {column: table for table in (GOALS, FUNDS, OUTCOMES) for column in table.columns}
"""No two of them share a column: it says which table a cell is in."""

NUMBERS = frozenset({*AMOUNTS, POINTS})
"""Columns that people calculate with."""


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A row to be filled in. `id` names it among those of its table and project; without a `row` it is not there yet.

    `new`: what would name it in the file then; `number`: which of them it is on the page, from 1.
    """

    table: EntryTable
    id: str
    name: str
    number: int
    row: TableRow | None
    new: Texts

    @property
    def anchor(self) -> str:
        """Where it stands on the page."""
        return f"{self.table.anchor}-{self.number}"

    def text(self, column: str) -> str:
        """What the files say in a cell."""
        return self.row.text(column) if self.row else ""


Grouped = Mapping[str, Mapping[str, Sequence[TableRow]]]
"""The rows of each table by 项目编号."""


def table_in(result: Result, table: EntryTable) -> Table:
    """The table as it was read."""
    entered: Table = getattr(result.tables, table.spec.name)
    return entered


def grouped(result: Result) -> Grouped:
    """The rows that can be filled in, project by project."""
    return {spec.name: rows_by_project(getattr(result.tables, spec.name)) for spec in ENTERED}


def entry_rows(card: Scorecard, rows: Grouped) -> tuple[EntryRow, ...]:
    """All that can be filled in for a project, in the order of the form: money, goal, indicators."""
    projects, funds, actuals = (rows[spec.name].get(card.project.id, ()) for spec in ENTERED)
    return (*_funds(card, funds), *_goal(card, projects), *_outcomes(card, actuals))


def _goal(card: Scorecard, rows: Iterable[TableRow]) -> Iterable[EntryRow]:
    """The row of the project itself."""
    row = by_place(rows).get((card.project.place.file, card.project.place.line))
    return (EntryRow(GOALS, "", GOAL, 1, row, {}),) if row else ()


def _funds(card: Scorecard, rows: Sequence[TableRow]) -> Iterable[EntryRow]:
    """Every source of funds, a sum among them too; rows of the same name are told apart by their number."""
    sources = [row.text("资金来源") for row in rows]
    often, before = Counter(sources), Counter[str]()
    for number, (row, source) in enumerate(zip(rows, sources, strict=True), 1):
        before[source] += 1
        name = source if often[source] == 1 else f"{source} {before[source]}/{often[source]}"
        yield EntryRow(FUNDS, name, name, number, row, {})
    if not rows and not card.project.is_unit:
        yield EntryRow(FUNDS, "", "", 1, None, {"项目编号": card.project.id})


def _outcomes(card: Scorecard, rows: Iterable[TableRow]) -> Iterable[EntryRow]:
    """Every indicator; those of a part that has filled in its cells are found by the part's row as well."""
    places = by_place(rows)
    for number, indicator in enumerate((score.indicator for score in card.scores), 1):
        place = indicator.actual_place
        row = places.get((place.file, place.line)) if place else None
        yield EntryRow(OUTCOMES, indicator.id, indicator.level3, number, row, key_of(indicator))


def key_of(indicator: Indicator) -> dict[str, str]:
    """What names an indicator in a row of its own."""
    names = {"项目编号": indicator.project, "二级指标": indicator.level2, "三级指标": indicator.level3}
    return names | ({"指标编号": indicator.code} if indicator.code else {})


def by_place(rows: Iterable[TableRow]) -> dict[tuple[str, int], TableRow]:
    """Rows by file and line, also by those of the parts that have filled in their cells."""
    return {(p.file, p.line): row for row in rows for p in (*(place for _, place in row.elsewhere), row.place)}


def takes(result: Result, entry: EntryRow, column: str) -> bool:
    """Whether the file of a row has a column; one that is not there yet will have all."""
    if entry.row:
        return has(entry.row, column)
    table = table_in(result, entry.table)
    return not table.files or column in table.columns


def has(row: TableRow, column: str) -> bool:
    """Whether a row has a cell of a column."""
    return bool(row.place_of(column).title)


def field_at(place: Place, entries: Iterable[EntryRow]) -> str:
    """Where on the page a cell is filled in: its field; of a cell that names a row, the row; "" where it is neither."""
    for entry in entries:
        row = entry.row
        if row is None or not stands_on(row, place):
            continue
        for number, column in enumerate(entry.table.columns, 1):
            if has(row, column) and row.place_of(column) == place:
                return f"{entry.anchor}-{number}"
        if entry.table is not GOALS and place in map(row.place_of, entry.table.key):
            return entry.anchor
    return ""


def stands_on(row: TableRow, place: Place) -> bool:
    """Whether a row, or the part's row that has filled in cells of it, is on the line of a place."""
    on_line = (row.layout.file, row.record.line) == (place.file, place.line)
    return on_line or any((there.file, there.line) == (place.file, place.line) for _, there in row.elsewhere)
