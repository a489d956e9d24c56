"""The neutral table that every source format becomes: cells with text, span and place, line by line."""

from __future__ import annotations

import html
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from selfeval.base.grouping import grouped
from selfeval.base.marks import turning, without_hidden
from selfeval.base.phrases import Param, Phrase, phrase, word
from selfeval.base.text import clean

MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_CELLS = 400_000
TOO_LARGE = phrase("表太大（超过 2 万行、200 列或 40 万格），不像绩效目标表，没有读取；请只保留要导入的部分")

_BREAK = re.compile(r"(?i)<br\s*/?>|</(?:p|div|li|tr)\s*>")
_TAG = re.compile(r"(?i)</?(?:p|br|span|div|strong|b|i|u|em|font|a|li|ul|ol|sup|sub)(?:\s[^<>]*)?/?>")
_ENTITY = re.compile(
    r"&(?:nbsp|lt|gt|amp|quot|ldquo|rdquo|lsquo|rsquo|mdash|hellip|middot|ge|le|ne|plusmn|times|deg|ensp|emsp|thinsp|#\d{1,6}|#x[0-9a-fA-F]{1,5});"
)


@dataclass(frozen=True, slots=True, eq=False)
class GridCell:
    """One cell that holds something. Two cells with the same text are still two: each is accounted for.

    `row` and `column` count from 0 within the table; `rows` and `columns` are its span. `tidied`: the source had
    marks such as `<p>` in it. `turned`: characters that turn its direction, so that it does not say what it shows.
    """

    text: str
    row: int
    column: int
    place: str
    rows: int = 1
    columns: int = 1
    tidied: bool = False
    turned: bool = False
    hidden: bool = False
    """In a row or column that the sheet does not show."""

    @property
    def last(self) -> int:
        """The last column it covers."""
        return self.column + self.columns - 1

    def covers(self, first: int, last: int) -> bool:
        """Whether it stands in any of these columns."""
        return self.column <= last and first <= self.last


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table, or one paragraph between tables.

    `shadows` are cells of rows above that reach down into this one. `after_break`: a new table, page or sheet
    begins here, or an empty row stood above.
    """

    cells: tuple[GridCell, ...]
    shadows: tuple[GridCell, ...] = ()
    in_table: bool = True
    after_break: bool = False
    new_page: bool = False
    sheet: str = ""
    gaps: tuple[tuple[int, int], ...] = ()
    """Columns (first, last) of merged cells that begin here with nothing in them: a label lost at a page break."""
    blanks: frozenset[int] = frozenset()
    """Columns in which a cell of its own stands empty, where the format tells (DOCX, ruled PDF, merged cells)."""
    nested: bool = False
    """In a table that stands in a cell of another."""
    lost: str = ""
    """What the rows of such a source may have lost: LEADING cells (text with bars), or all BLANK ones."""

    @property
    def text(self) -> str:
        """All that is written in the line."""
        return " ".join(cell.text for cell in self.cells)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file that was read: its name, its lines, and what a person must know about the reading."""

    name: str
    lines: tuple[Line, ...] = ()
    problem: str = ""
    remarks: tuple[Phrase, ...] = ()
    unread: tuple[Phrase, ...] = ()
    """What is in the file and was not read."""
    joined: tuple[Phrase, ...] = ()


class TooLargeError(Exception):
    """A table beyond the limits: no form of a budget project is that large."""


@dataclass(slots=True)
class GridBuilder:
    """Collects the cells of one table and makes its lines. Mutable while a reader fills it."""

    name: str = ""
    cells: list[GridCell] = field(default_factory=list)
    gaps: dict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    blanks: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    lost: dict[int, str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    unread: list[Phrase] = field(default_factory=list)
    far: list[tuple[str, str]] = field(default_factory=list)
    """Cells (place, text) beyond the columns that are read."""

    def put(self, text: str, row: int, column: int, place: str, span: tuple[int, int] = (1, 1)) -> None:
        """One cell; blank ones leave no trace."""
        if row >= MAX_ROWS or column >= MAX_COLUMNS or len(self.cells) >= MAX_CELLS:
            raise TooLargeError
        tidy = tidied(text)
        if tidy:
            changed = tidy != clean(text.replace("\r\n", "\n"))
            cell = GridCell(tidy, row, column, place, *span, tidied=changed, turned=is_turned(text))
            self.cells.append(replace(cell, hidden=True) if self._is_hidden(cell) else cell)

    def take(
        self, texts: tuple[str, str], row: int, column: int, place: Phrase, span: tuple[int, int] = (1, 1)
    ) -> None:
        """One cell of a sheet: what it says, and what in it is struck out, which is only told."""
        self.unread += unlike(place, STRUCK, texts[1])
        if column < MAX_COLUMNS:
            self.put(texts[0], row, column, place, span)
        elif texts[0].strip():
            self.far.append((place, texts[0]))

    def _is_hidden(self, cell: GridCell) -> bool:
        """Whether all of its rows or all of its columns are."""
        return _all_in(cell.row, cell.rows, self.hidden_rows) or _all_in(cell.column, cell.columns, self.hidden_columns)

    def put_blank(self, row: int, column: int) -> None:
        """An empty cell where the format shows that there is one."""
        self.blanks[row].add(column)

    def lines(self, *, new_page: bool = False) -> list[Line]:
        """The rows that hold something, in order."""
        rows = grouped(self.cells, lambda cell: cell.row)
        shadows = self._shadows(set(rows))
        made: list[Line] = []
        before = -2
        for row in sorted(rows):
            cells = tuple(sorted(rows[row], key=lambda c: c.column))
            line = Line(
                cells,
                tuple(shadows[row]),
                after_break=row != before + 1,
                new_page=new_page and not made,
                sheet=self.name,
                gaps=tuple(self.gaps[row]),
                blanks=frozenset(self.blanks.get(row, ())),
                lost=self.lost.get(row, ""),
            )
            made.append(line)
            before = row
        return made

    def _shadows(self, rows: set[int]) -> dict[int, list[GridCell]]:
        """For each row that holds something, the cells above that reach into it."""
        ordered = sorted(rows)
        shadows: dict[int, list[GridCell]] = defaultdict(list)
        total = 0
        for cell in self.cells:
            if cell.rows > 1:
                reached = ordered[bisect_right(ordered, cell.row) : bisect_left(ordered, cell.row + cell.rows)]
                total += len(reached)
                if total > MAX_CELLS:
                    raise TooLargeError
                for row in reached:
                    shadows[row].append(cell)
        return shadows


def _all_in(first: int, count: int, hidden: set[int]) -> bool:
    return first in hidden and count <= len(hidden) and hidden.issuperset(range(first, first + count))


def bounded(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines of a file, as long as there are not too many of all its tables together."""
    for number, line in enumerate(lines):
        if number >= MAX_ROWS:
            raise TooLargeError
        yield line


def read_sheets(name: str, sheets: Iterable[GridBuilder], unread: Iterable[Phrase] = ()) -> SourceFile:
    """A workbook of these sheets, in their order; `unread` stands in none of them."""
    read = [(sheet.lines(), (*sheet.unread, *too_far(sheet.far))) for sheet in sheets]
    lines = tuple(line for lines, _ in read for line in lines)
    return SourceFile(name, lines, unread=(*unread, *(remark for _, remarks in read for remark in remarks)))


def unlike(place: str, kind: str, words: str) -> list[Phrase]:
    """What to say of words in a cell that are there and do not count: struck out, hidden, in a box above it."""
    words = " ".join(words.split())
    if not words:
        return []
    return [phrase("{place} 里{kind:_}“{words}”没有读取", place=place, kind=kind, words=words[:40])]


STRUCK, HIDDEN, BOXED = word("划掉的"), word("隐藏的"), word("文本框里的")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def raised(text: str) -> str:
    """A text that is set higher: its digits are none of the number before them."""
    return text.translate(_RAISED)


def too_far(cells: Sequence[tuple[str, str]]) -> list[Phrase]:
    """What to say of cells (place, text) beyond the columns that are read."""
    if not cells:
        return []
    place, text = cells[0]
    more = phrase(" 等 {count} 格", count=len(cells)) if len(cells) > 1 else ""
    told: dict[str, Param] = {"place": place, "more": more, "most": MAX_COLUMNS, "words": text[:40]}
    return [phrase("{place}{more}在第 {most} 列以后，没有读取：{words}", **told)]


def in_table(name: str, table: int, row: int, column: int) -> Phrase:
    """The place of a cell in a document: the table counts from 1, row and column from 0."""
    return phrase(
        "{name} 第 {table} 张表第 {row} 行第 {column} 列", name=name, table=table, row=row + 1, column=column + 1
    )


def in_sheet(name: str, sheet: str, cell: str) -> Phrase:
    """The place of a cell in a workbook, as a spreadsheet names it: B3."""
    return phrase("{name} 工作表“{sheet}”{cell}", name=name, sheet=sheet, cell=cell)


def not_shown(sheet: str) -> GridBuilder:
    """A sheet that is hidden: nothing of it is read."""
    return GridBuilder(unread=[phrase("隐藏的工作表“{sheet}”没有读取；需要导入时请先取消隐藏", sheet=sheet)])


def paragraph(text: str, place: str, *, sheet: str = "") -> Line | None:
    """Text between tables as a line of one cell; None where there is none."""
    cell = GridCell(tidied(text), 0, 0, place, turned=is_turned(text))
    return Line((cell,), in_table=False, after_break=True, sheet=sheet) if cell.text else None


def apart(parts: Sequence[str], place: str) -> Line | None:
    """A line of text outside tables; parts that stand far apart are cells side by side."""
    if len(parts) <= 1:
        return paragraph("".join(parts), place)
    sheet = GridBuilder()
    for column, part in enumerate(parts):
        sheet.put(part, 0, column, phrase("{place}第 {column} 段", place=place, column=column + 1))
    lines = sheet.lines()
    return Line(lines[0].cells, in_table=False, after_break=True) if lines else None


def tidied(text: str) -> str:
    """A cell's text without tags and what surrounds it; `<p>` and `<br>` become line ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x07", "")
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub("\n", text))
    if "&" in text:
        text = _ENTITY.sub(lambda m: html.unescape(m[0]), text)
    return "\n".join(filter(None, map(clean, without_hidden(text).split("\n"))))


def is_turned(text: str) -> bool:
    """Whether a text has characters that turn its direction, written out or as entities."""
    return bool(turning(html.unescape(text) if "&" in text else text))


def without_none(lines: Iterable[Line | None]) -> list[Line]:
    """The lines that are there."""
    return [line for line in lines if line is not None]
