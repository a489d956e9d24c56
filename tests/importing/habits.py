"""`habits.txt`: forms as other provinces and units lay them out, each with what a careful person reads in it.

A block a form: `# what is odd`, its title, its drawing (`drawn`); `=> next` begins another table with a title of its
own. Then what is read: `=> rows` (一级·二级·三级 | target | actual | points | score), `=> yuan` (source | 年初 | 全年 |
执行 in 元), `=> fields` (column | text), `=> columns` (column | text of the first row), `=> projects`;
`=> optional` are rows that may be read or left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from importing.drawn import drawn
from importing.layouts import Grid

FILE = Path(__file__).with_name("habits.txt")
KINDS = frozenset({"rows", "optional", "yuan", "fields", "columns", "projects"})


@dataclass
class Habit:
    """One form: its tables, and the lines of each kind that tell what stands in it."""

    name: str
    grids: list[Grid] = field(default_factory=list)
    told: dict[str, list[str]] = field(default_factory=dict)

    def lines(self, kind: str, columns: int) -> list[tuple[str, ...]]:
        """What is told of one kind, with all columns."""
        return [tuple((*line.split("|"), *[""] * columns)[:columns]) for line in self.told.get(kind, [])]


def habits() -> dict[str, Habit]:
    """All forms by name."""
    blocks = FILE.read_text(encoding="utf-8").split("\n# ")
    return {habit.name: habit for habit in map(_habit, blocks)}


def _habit(block: str) -> Habit:
    name, _, rest = block.removeprefix("# ").strip().partition("\n")
    habit = Habit(name)
    for part in f"next\n{rest}".split("\n=> "):
        kind, *lines = part.split("\n")
        if kind == "next":
            habit.grids.append(drawn("\n".join(lines[1:]), lines[0]))
        elif kind in KINDS:
            habit.told[kind] = lines
        else:
            raise ValueError(f"habits.txt, {name}: => {kind}")
    return habit
