"""Tables in our own columns among the sources (填报表.xlsx, a part of it, an exported CSV): taken as they stand.

Their header says what every cell is, so that nothing in them is guessed, split or joined.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from selfeval.base.phrases import phrase
from selfeval.importing.draft import Heard
from selfeval.importing.grid import Line, SourceFile
from selfeval.importing.ledger import Ledger, Sort
from selfeval.importing.tables.assemble import Assembled, complete
from selfeval.importing.tables.entry_guide import MONEY_UNIT, UNIT, YEAR
from selfeval.importing.tables.merge import SPECS, key_of
from selfeval.reading.columns import GUIDE, TableSpec
from selfeval.reading.csv_edit import Row

PROJECT = "项目编号"


@dataclass(slots=True)
class OwnTables:
    """Rows by table, and what 说明 says (单位, 年度, 金额单位). Mutable: it grows sheet by sheet."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {spec.name: [] for spec in SPECS})
    labels: dict[str, str] = field(default_factory=dict)
    known: dict[tuple[str, ...], Row] = field(default_factory=dict)

    @property
    def ids(self) -> frozenset[str]:
        """The numbers that projects have here."""
        return frozenset(row[PROJECT].casefold() for row in self.rows["projects"])

    def add(self, spec: TableSpec, row: Row) -> None:
        """One row; one that is there fills its blanks, and stays apart where the two differ (`check` tells)."""
        known = self.known.setdefault((spec.name, *key_of(spec, row)), row)
        if known is not row and agree(known, row):
            known.update({name: known[name] or text for name, text in row.items()})
        else:
            self.rows[spec.name].append(row)

    def heard(self, heard: Heard) -> Heard:
        """What the forms say of the unit, behind what 说明 says."""
        year = [int(self.labels[YEAR])] if self.labels.get(YEAR, "").isdecimal() else []
        units, money = ([self.labels[name]] if self.labels.get(name) else [] for name in (UNIT, MONEY_UNIT))
        return replace(
            heard, years=year or heard.years, units=units or heard.units, money_units=money or heard.money_units
        )

    def join(self, whole: Assembled) -> None:
        """The rows behind those of the forms."""
        for name, rows in self.rows.items():
            whole.tables[name] += rows

    def __bool__(self) -> bool:
        """Whether there is any."""
        return any(self.rows.values())


def agree(row: Row, other: Row) -> bool:
    """Whether no column says two different things."""
    return all(not text or not other[name] or text == other[name] for name, text in row.items())


def own_tables(sources: Iterable[SourceFile], ledger: Ledger) -> tuple[OwnTables, list[SourceFile]]:
    """Our own tables, and the sources without them: the forms that are still to be understood."""
    own, forms = OwnTables(), []
    for source in sources:
        rest: list[Line] = []
        blocks = [list(lines) for _, lines in groupby(source.lines, key=lambda line: line.sheet)]
        ours = [block for block in blocks if head_of(block)]
        for block in blocks:
            if head_of(block):
                take_table(own, block, ledger)
            elif ours and block[0].sheet == GUIDE:
                take_guide(own, block, ledger)
            else:
                rest += block
        if ours:
            for text in source.unread if not rest else ():
                if f"“{GUIDE}”" not in text:
                    ledger.remark(Sort.UNKNOWN, text, source.name)
            ledger.sources.append((source.name, sum(len(line.cells) for block in ours for line in block)))
        if rest or not ours:
            forms.append(replace(source, lines=tuple(rest)))
    return own, forms


def head_of(block: Sequence[Line]) -> tuple[TableSpec, dict[int, str]] | None:
    """Which table the lines of a sheet are and the name of each of its columns; None where they are none of ours."""
    line = next((line for line in block if line.cells), None)
    if line is None or SPECS[0].find(line.cells[0].text) != PROJECT:
        return None
    fitting = [(spec, names_in(line, spec)) for spec in SPECS]
    whole = [
        (spec, names) for spec, names in fitting if all(c.name in names.values() for c in spec.columns if c.required)
    ]
    return max(whole, key=lambda found: len(found[1]), default=None)


def names_in(line: Line, spec: TableSpec) -> dict[int, str]:
    """The column of the table that each column of a header is."""
    found = ((cell.column, spec.find(cell.text)) for cell in line.cells)
    return {column: name for column, name in found if name}


def take_table(own: OwnTables, block: Sequence[Line], ledger: Ledger) -> None:
    """All rows below the header that name a project."""
    head = head_of(block)
    if head is None:
        return
    spec, names = head
    ledger.label(block[0].cells)
    shown = {column.name for column in spec.columns if column.shown}
    for line in block[1:]:
        row = {names[cell.column]: cell.text for cell in line.cells if cell.column in names}
        if row.get(PROJECT):
            own.add(spec, complete(spec, {k: v for k, v in row.items() if k not in shown}))
            account(line, names, spec, ledger)
    ledger.unknown(cell for line in block for cell in line.cells)


def account(line: Line, names: dict[int, str], spec: TableSpec, ledger: Ledger) -> None:
    """Where every cell of a row went; one in a column nobody knows stays not understood."""
    for cell in line.cells:
        if cell.column in names:
            ledger.output(cell, f"{spec.name} {names[cell.column]}")


def take_guide(own: OwnTables, block: Sequence[Line], ledger: Ledger) -> None:
    """What 说明 says of the evaluation; the rest of it is calculated or advice."""
    for line in block:
        label, *values = line.cells or (None,)
        ledger.leave_out(line.cells, phrase("填报表的说明"))
        if label and len(values) == 1 and label.text in {UNIT, YEAR, MONEY_UNIT}:
            own.labels[label.text] = values[0].text
