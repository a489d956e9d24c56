"""HTML that a portal or a web application saves under the name .xls → lines: its tables, and the text around them.

Tags are found by one pattern in one pass, in time linear in the file (the standard library's parser takes minutes for
`<a <a <a`). No script runs, no address is opened, no file is read.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selfeval.base.phrases import Phrase, phrase
from selfeval.importing.grid import (
    MAX_CELLS,
    MAX_COLUMNS,
    STRUCK,
    GridBuilder,
    Line,
    SourceFile,
    TooLargeError,
    in_table,
    paragraph,
    unlike,
)
from selfeval.reading.csv_files import decode

MAX_BYTES = 20_000_000
NO_TABLE = phrase("扩展名是 .xls，内容却是没有表的网页；请用 Excel 或 WPS 打开，另存为 .xlsx 再导入")
_ASIDE = re.compile(r"<(?:!--|[!?]|(script|style|title|template|noscript)\b)", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})([^<>]*)>")
_ENDS = frozenset({"br", "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "center", "hr"})
_SPAN = {name: re.compile(rf"(?<![\w-]){name}span\s*=\s*[\"']?(\d{{1,5}})", re.IGNORECASE) for name in ("row", "col")}
_STRUCK = re.compile(r"line-through", re.IGNORECASE)
_STRIKES, _INPUTS = frozenset({"s", "del", "strike"}), frozenset({"input", "select", "textarea"})
_HIDDEN = re.compile(r"display\s*:\s*none|(?<![\w=-])hidden(?![\w-])", re.IGNORECASE)


def read_html(data: bytes, name: str) -> SourceFile:
    """The tables of a page, merged cells with their span; a table inside a cell is one of its own."""
    if len(data) > MAX_BYTES:
        raise TooLargeError
    text, refused = decode(data, name)
    if refused:
        return SourceFile(name, problem=refused.phrase)
    page = _Page(name)
    at = 0
    seen = "".join(_without_asides(text))
    for tag in _TAG.finditer(seen):
        page.write(seen[at : tag.start()])
        (page.ends if tag[1] else page.begins)(tag[2].lower(), tag[3])
        at = tag.end()
    page.write(seen[at:])
    while page.tables:
        page.ends("table", "")
    page.end_text()
    problem = "" if any(line.in_table for line in page.lines) else NO_TABLE
    return SourceFile(name, tuple(page.lines), problem, unread=tuple(page.unread))


def _without_asides(text: str) -> Iterator[str]:
    """A page without comments, declarations, scripts and styles."""
    at = 0
    while aside := _ASIDE.search(text, at):
        yield text[at : aside.start()]
        close = f"</{aside[1]}[^<>]*>" if aside[1] else "-->" if aside[0] == "<!--" else ">"
        end = re.compile(close, re.IGNORECASE).search(text, aside.end())
        at = end.end() if end else len(text)
    yield text[at:]


@dataclass(slots=True)
class _Table:
    """A table that is open: where its next cell comes, which places cells from above cover. Mutable."""

    number: int
    made: GridBuilder = field(default_factory=GridBuilder)
    row: int = -1
    column: int = 0
    reached: dict[int, int] = field(default_factory=dict)
    """The last row that a cell from above reaches, by column."""
    span: tuple[int, int] = (1, 1)
    words: list[str] | None = None


@dataclass(slots=True)
class _Page:
    """Lines as they are found; mutable while a page is read."""

    name: str
    lines: list[Line] = field(default_factory=list)
    tables: list[_Table] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    count: int = 0
    cells: int = 0
    struck: list[str] = field(default_factory=list)
    """Open tags whose text is struck out, and those inside them."""
    gone: list[str] = field(default_factory=list)
    unread: list[Phrase] = field(default_factory=list)

    def begins(self, tag: str, told: str) -> None:
        """Opens a table, row or cell, or ends a line."""
        table = self.tables[-1] if self.tables else None
        inputs = phrase("网页里有填写的框，框里的内容没有读取；请把表复制到 Excel 里另存为 .xlsx 再导入")
        self.unread += [inputs] if tag in _INPUTS and inputs not in self.unread else []
        if tag == "table":
            self.end_text()
            self.count += 1
            self.tables.append(_Table(self.count))
        elif tag == "tr" and table:
            self.end_cell(table)
            table.row, table.column = table.row + 1, 0
            table.made.hidden_rows |= {table.row} if _HIDDEN.search(told) else set()
        elif tag in {"td", "th"} and table:
            self.end_cell(table)
            table.row = max(table.row, 0)
            table.span, table.words = (_number("row", told, MAX_CELLS), _number("col", told, MAX_COLUMNS)), []
            self.struck = [tag] if _STRUCK.search(told) else []
        elif tag in _STRIKES or _STRUCK.search(told) or tag in self.struck[-1:]:
            self.struck.append(tag)
        elif tag in _ENDS:
            self.write("\n", plain=False)

    def ends(self, tag: str, _: str) -> None:
        """Ends a cell, a table or a line."""
        table = self.tables[-1] if self.tables else None
        if tag in self.struck[-1:]:
            self.struck.pop()
        if tag in {"td", "th", "tr", "table"} and table:
            self.end_cell(table)
        if tag == "table" and table:
            self.tables.pop()
            self.lines += table.made.lines()
        elif tag in _ENDS:
            self.write("\n", plain=False)

    def write(self, text: str, *, plain: bool = True) -> None:
        """Text of the innermost cell, or outside tables; what stands between cells is nothing."""
        words = self.tables[-1].words if self.tables else self.outside
        words = self.gone if self.struck and words is not None else words
        if words is not None and text:
            words.append(html.unescape(re.sub(r"\s+", " ", text)) if plain else text)

    def end_cell(self, table: _Table) -> None:
        """Puts the open cell into its place."""
        if table.words is None:
            return
        rows, columns = table.span
        while table.reached.get(table.column, -1) >= table.row:
            table.column += 1
        self.cells += columns
        if self.cells > MAX_CELLS:
            raise TooLargeError
        table.reached |= dict.fromkeys(range(table.column, table.column + columns), table.row + rows - 1)
        text, table.words = "".join(table.words), None
        place = in_table(self.name, table.number, table.row, table.column)
        self.unread += unlike(place, STRUCK, "".join(self.gone))
        self.struck, self.gone = [], []
        if text.strip():
            table.made.put(text, table.row, table.column, place, table.span)
        else:
            table.made.put_blank(table.row, table.column)
        table.column += columns

    def end_text(self) -> None:
        """The text before a table, line by line."""
        for number, text in enumerate("".join(self.outside).split("\n"), 1):
            before = phrase(
                "{name} 第 {table} 张表前第 {number} 行", name=self.name, table=self.count + 1, number=number
            )
            line = paragraph(text, before)
            self.lines += [line] if line else []
        self.outside.clear()


def _number(name: str, told: str, most: int) -> int:
    """A span as written, 1 where none is."""
    match = _SPAN[name].search(told)
    return min(int(match[1]), most) or 1 if match else 1
