"""What became of every cell of a source, and everything that was guessed on the way.

Mutable on purpose: one ledger is kept while one import runs, and shown whole in the report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from selfeval.base.phrases import Phrase, phrase
from selfeval.importing.grid import GridCell

Cells = GridCell | Iterable[GridCell] | None
"""One cell, several, or none."""
HEADING, EMPTY, NOT_UNDERSTOOD = phrase("表格的标题或栏目名"), phrase("空的格"), phrase("没有读懂")


class Fate(StrEnum):
    """Where a cell went: into a table, a label of the form, left out on purpose, or not understood."""

    OUTPUT = "output"
    LABEL = "label"
    LEFT_OUT = "left_out"
    UNKNOWN = "unknown"


class Sort(StrEnum):
    """What sort of remark it is."""

    DOUBTFUL = "doubtful"
    GUESSED = "guessed"
    JOINED = "joined"
    SPLIT = "split"
    DROPPED = "dropped"
    UNKNOWN = "unknown"
    CHANGED = "changed"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing a person should look at. `place` is the place in the source, `project` an id or a name."""

    sort: Sort
    message: Phrase
    place: str = ""
    project: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one cell: `where` is the table and column, or why it was left out."""

    cell: GridCell
    fate: Fate
    where: str


@dataclass(slots=True)
class Ledger:
    """All entries and remarks of one import. Mutable: it grows as cells are read."""

    entries: dict[GridCell, Entry] = field(default_factory=dict)
    noted: dict[Remark, None] = field(default_factory=dict)
    sources: list[tuple[str, int]] = field(default_factory=list)

    def output(self, cells: Cells, where: str) -> None:
        """The text of a cell, or of several, stands in a table."""
        self._enter(cells, Fate.OUTPUT, where)

    def label(self, cells: Cells, where: Phrase = HEADING) -> None:
        """A heading or label of the form."""
        self._enter(cells, Fate.LABEL, where)

    def leave_out(self, cells: Cells, why: Phrase) -> None:
        """What is understood, and no table has a place for it."""
        self._enter(cells, Fate.LEFT_OUT, why)

    def drop(self, cells: Cells, why: Phrase, message: Phrase, project: str = "") -> None:
        """The same, where a person should know of it."""
        self.leave_out(cells, why)
        first = next(iter((cells,) if isinstance(cells, GridCell) else cells or ()), None)
        self.remark(Sort.DROPPED, message, first.place if first else "", project)

    def unknown(self, cells: Iterable[GridCell], why: Phrase = NOT_UNDERSTOOD) -> None:
        """Cells that nobody understood."""
        for cell in cells:
            if cell not in self.entries:
                is_empty = not cell.text.strip("-—–－/ ")
                self._enter(cell, Fate.LEFT_OUT if is_empty else Fate.UNKNOWN, EMPTY if is_empty else why)

    def knows(self, cell: GridCell) -> bool:
        """Whether it is settled what became of a cell."""
        return cell in self.entries

    def _enter(self, cells: Cells, fate: Fate, where: str) -> None:
        for cell in (cells,) if isinstance(cells, GridCell) else cells or ():
            known = self.entries.get(cell)
            if known is None or known.fate is not Fate.OUTPUT:
                self.entries[cell] = Entry(cell, fate, where)
            elif fate is Fate.OUTPUT and where not in known.where:
                self.entries[cell] = Entry(cell, fate, f"{known.where}；{where}")

    def remark(self, sort: Sort, message: Phrase, place: str = "", project: str = "") -> None:
        """Notes something to look at; the same twice is once."""
        self.noted.setdefault(Remark(sort, message, place, project))

    @property
    def remarks(self) -> list[Remark]:
        """All remarks in the order they were made."""
        return list(self.noted)

    def rename(self, ids: Mapping[str, str]) -> None:
        """Projects go by their number, once they have one."""
        self.noted = dict.fromkeys(replace(r, project=ids.get(r.project, r.project)) for r in self.noted)

    def counts(self) -> dict[str, int]:
        """How many cells met each fate, zeros included."""
        tally = Counter(entry.fate for entry in self.entries.values())
        return {fate.value: tally[fate] for fate in Fate}
