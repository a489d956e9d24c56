"""Tables in text with `|` between cells, as Markdown and as web pages leave them behind.

A page turned into text drops blank cells to the end of their row, has no bar at the head of a row, and breaks a row
wherever a cell has a line break in it. All rows of a table have the same number of bars, by which they are found
again. Where every line holds one cell, rows are made of known headings: so many cells as the heading has.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from selfeval.importing.grid import GridCell
from selfeval.importing.understanding.alignment import BLANK, LEADING
from selfeval.importing.understanding.funds import amount_role
from selfeval.importing.understanding.headings import role_of
from selfeval.importing.vocabulary import bare, field_of, fund_label

_BAR = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"[\s|:-]*-{2,}[\s|:-]*")
CANDIDATES = 30
"""How many widths are tried for a block."""
MOST_OF_ONE = 2
"""Bars on a line that holds one cell, and perhaps a blank one."""


@dataclass(frozen=True, slots=True)
class PipedRow:
    """One row: the number of its first line from 1, its cells, and what it may have lost (as `Line.lost`)."""

    number: int
    cells: tuple[str, ...]
    lost: str = ""


def bars(line: str) -> int:
    """How many bars a line has."""
    return len(_BAR.findall(line)) if "|" in line else 0


def block_end(lines: Sequence[str], start: int) -> int:
    """The first line behind a block of lines with bars; a line without one may stand inside a row."""
    width = 0
    end = at = start
    while at < len(lines) and (bars(lines[at]) or (lines[at].strip() and at - end < 2 and width > 1)):
        width = max(width, bars(lines[at]))
        end = at + 1 if bars(lines[at]) else end
        at += 1
    return end


def piped_rows(lines: Sequence[str], first: int) -> list[PipedRow]:
    """The rows of a block of lines; `first` is the number of its first line."""
    counts = [bars(line) for line in lines]
    if max(counts) <= MOST_OF_ONE and len(lines) > 2:  # no row is told by its bars
        return list(_cell_by_cell(lines, first))
    if all(line.strip().startswith("|") and line.strip().endswith("|") for line in lines):  # Markdown: a row a line
        rows = list(enumerate(lines, first))
    else:
        rows = list(_joined(lines, first, _width(counts)))
    whole = any(_RULE.fullmatch(line) for line in lines) and len(set(counts)) == 1  # a rule, and all cells of all rows
    rows = [row for row in rows if not _RULE.fullmatch(row[1])]
    leading = sum(text.lstrip().startswith("|") for _, text in rows) * 2 > len(rows)
    split = [(number, _cells(text, leading=leading)) for number, text in rows]
    lost = LEADING if any(_has_inner_blank(cells) for _, cells in split) else BLANK
    return [PipedRow(number, tuple(cells), "" if whole or all(cells) else lost) for number, cells in split]


def _width(counts: Sequence[int]) -> int:
    """The number of bars that the rows of a block have in common, each made of one line or several."""
    usual = {count for count, _ in Counter(counts).most_common(CANDIDATES)} | set(accumulate(counts[:CANDIDATES]))
    return max((w for w in usual if w >= max(counts)), key=lambda width: (_fitting(counts, width), -width))


def _fitting(counts: Sequence[int], width: int) -> int:
    """How many lines belong to rows of exactly so many bars; the last row may be cut off."""
    fitting = total = held = 0
    for count in counts:
        total, held = (total + count, held + 1) if total + count <= width else (count, 1)
        if total == width:
            fitting, total, held = fitting + held, 0, 0
    return fitting + held


def _joined(lines: Sequence[str], first: int, width: int) -> Iterator[tuple[int, str]]:
    """Lines joined to rows of the usual number of bars; a line that would make too many begins a row of its own."""
    held: list[str] = []
    begun = total = 0
    for number, line in enumerate(lines, first):
        count = bars(line)
        if held and total + count > width:
            yield begun, "\n".join(held)
            held, total = [], 0
        begun = begun if held else number
        held.append(line)
        total += count
        if total >= width:
            yield begun, "\n".join(held)
            held, total = [], 0
    if held:
        yield begun, "\n".join(held)


def _cells(text: str, *, leading: bool) -> list[str]:
    """The cells between the bars of a row; what stands behind its last bar is one only if it says anything."""
    parts = [part.strip().replace("\\|", "|") for part in _BAR.split(text)]
    parts = parts[1:] if leading and not parts[0] else parts
    return parts[:-1] if len(parts) > 1 and not parts[-1] else parts


def _has_inner_blank(cells: Sequence[str]) -> bool:
    """Whether a blank cell stands before one that says something: then blank cells were kept."""
    last = max((at for at, cell in enumerate(cells) if cell), default=-1)
    return not all(cells[: last + 1])


# ── one cell a line ──


def _cell_by_cell(lines: Sequence[str], first: int) -> Iterator[PipedRow]:
    """Cells one below the other → rows: a run of headings and as many cells below it, else labels with their value."""
    cells = [(number, part) for number, line in enumerate(lines, first) for part in _cells(line, leading=False)]
    at = 0
    while at < len(cells):
        texts = [text for _, text in cells]
        run = _run(texts, at)
        if run:
            yield PipedRow(cells[at][0], tuple(texts[at : at + run]))
            at += run
            while at < len(cells) and not _ends_table(texts, at, run):
                yield PipedRow(cells[at][0], tuple(texts[at : at + run]), BLANK)
                at += run
        else:
            size = 2 if _takes_value(texts, at) else 1
            yield PipedRow(cells[at][0], (*texts[at : at + size], *[""] * (2 - size)))
            at += size


def _takes_value(texts: Sequence[str], at: int) -> bool:
    """Whether a label stands here, with its value below."""
    behind = texts[at + 1 : at + 2]
    return field_of(texts[at]) not in {"", "资金", "分节"} and bool(behind and behind[0]) and not _is_label(behind[0])


def _run(texts: Sequence[str], at: int) -> int:
    """How many cells from here on are headings of one table: those of indicators, or blank and stages of money."""
    roles = 0
    while at + roles < len(texts) and texts[at + roles] and role_of(GridCell(texts[at + roles], 0, 0, "")):
        roles += 1
    if roles >= 3 and any(role_of(GridCell(t, 0, 0, "")) == "三级指标" for t in texts[at : at + roles]):
        return roles
    start = at + (not texts[at])
    stages = 0
    while start + stages < len(texts) and amount_role(bare(texts[start + stages])):
        stages += 1
    return start + stages - at if stages >= 2 and start > at else 0


def _ends_table(texts: Sequence[str], at: int, width: int) -> bool:
    """Whether the cells that follow are no row of the table: too few, or a label of the form."""
    return at + width > len(texts) or _is_label(texts[at]) or bool(_run(texts, at))


def _is_label(text: str) -> bool:
    return bool(field_of(text)) and not fund_label(text)
