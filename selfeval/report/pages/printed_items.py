"""Texts, tables and pictures as they are printed, and Markdown turned into them: what `printed_text` is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from selfeval.base.text import UNSEEN
from selfeval.reading.markdown import NAMELESS, SAFE_LINK, parser
from selfeval.report.pages.chart_views import DrawnPictures
from selfeval.report.pages.views import Part
from selfeval.report.pages.words import WORDS

STRUCK = "\u0336"
"""Stands behind each letter of a text that is struck through."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A text that may go on on the next page.

    `optional`: it may also not be there (a picture stands in its place); `falling`: line below line.
    `pictures`: the sums of those that stand in place of words.
    """

    text: str
    optional: bool = False
    falling: bool = False
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table. `again`: how it looks where it is the first of a page, if otherwise.

    `torn`: what its first cells say where the row goes on on a further page and nothing is left of them.
    `spanning`: the places of cells that stand beside further rows too; `pictures`: those in its cells;
    `free`: its cells hold more than texts, so that these stand at heights of their own.
    """

    cells: tuple[str, ...]
    again: tuple[str, ...] = ()
    spanning: frozenset[int] = frozenset()
    pictures: tuple[str, ...] = ()
    free: bool = False
    torn: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its head is repeated on each page. `level`: the cells of a row stand at one height.

    `heads`: the cells of a head of two rows, some of which stand beside both; `pictures`: those in its head.
    """

    head: str
    lines: tuple[Line, ...]
    level: bool = True
    heads: Line | None = None
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bars:
    """A picture of bars: what its line is called, the words of each bar and how long it is, in units of its own.

    Pictures may be drawn where they stand, or when all other text of their page is.
    """

    line: str
    lines: tuple[tuple[str, str, float], ...]

    @property
    def surfaces(self) -> int:
        """How many surfaces are drawn."""
        return len(self.lines)

    @property
    def text(self) -> str:
        """All that it says."""
        return self.line + "".join(name + value for name, value, _ in self.lines)


@dataclass(frozen=True, slots=True)
class Dots:
    """A picture of dots: what its axes say and where, in units of its own; the numbers beside dots; the dots.

    `up` from the top, each on its base line; `dots`: (x, y, whether it is solid).
    """

    up: tuple[tuple[str, float], ...]
    labels: tuple[tuple[str, float, float], ...]
    across: tuple[tuple[str, float], ...]
    dots: tuple[tuple[float, float, bool], ...]

    @property
    def surfaces(self) -> int:
        """How many surfaces are drawn."""
        return len(self.dots)

    @property
    def words(self) -> tuple[str, ...]:
        """What it says, text by text: beside the upright axis from the top, beside dots, below the other axis."""
        labels = (words for words, _, _ in self.labels)
        return (*(words for words, _ in self.up), *labels, *(words for words, _ in self.across))

    @property
    def text(self) -> str:
        """All that it says."""
        return "".join(self.words)


Drawing = Bars | Dots
Item = Flow | Table | Drawing


def flow(*texts: str) -> Flow:
    """Texts one after the other."""
    return Flow("".join(texts))


def table(head: Iterable[str], lines: Iterable[Sequence[str]], *, level: bool = True) -> Table:
    """A plain table."""
    return Table("".join(head), tuple(Line(tuple(line)) for line in lines), level)


def prose(part: Part) -> Iterator[Item]:
    """A section: blocks made from the figures, or Markdown as written."""
    if part.blocks:
        yield Flow("".join(block.text for block in part.blocks), falling=True)
    else:
        yield from markdown(part.markdown, part.drawn)


def markdown(text: str, drawn: DrawnPictures | None) -> Iterator[Item]:
    """What Markdown says on paper, where lists count from one and bullets are bare (css/print.css)."""
    tokens = iter(parser().parse(text))
    lists: list[int | None] = []
    number = ""
    for token in tokens:
        if number and token.type != "paragraph_open":
            yield Flow(number, falling=token.type == "inline")
            number = ""
        if token.type == "table_open":
            yield from _markdown_table(tokens, drawn)
        elif token.type in {"ordered_list_open", "bullet_list_open"}:
            lists.append(0 if token.type == "ordered_list_open" else None)
        elif token.type in {"ordered_list_close", "bullet_list_close"}:
            lists.pop()
        elif token.type == "list_item_open":
            number = _number(lists)
        elif token.type in {"fence", "code_block"}:
            yield Flow(token.content, falling=True)
        else:
            yield from inline(token, drawn)


def addresses_of(parts: Iterable[Part]) -> tuple[str, ...]:
    """Where the links of some sections lead, as far as they may lead anywhere."""
    links = _inlines(parts, "link_open")
    return tuple(target for link in links if SAFE_LINK.match(target := str(link.attrGet("href") or "")))


def pictures_of(parts: Iterable[Part]) -> tuple[str, ...]:
    """What the pictures of some sections are called."""
    return tuple(image.content or NAMELESS for image in _inlines(parts, "image"))


def is_any_struck(parts: Iterable[Part]) -> bool:
    """Whether some words of the sections are struck through."""
    return any(True for _ in _inlines(parts, "s_open"))


def _inlines(parts: Iterable[Part], kind: str) -> Iterator[Any]:
    """What stands inside the lines of some sections, of a kind."""
    tokens = (token for part in parts if part.markdown for token in parser().parse(part.markdown))
    return (child for token in tokens for child in token.children or () if child.type == kind)


def _markdown_table(tokens: Iterator[Any], drawn: DrawnPictures | None) -> Iterator[Item]:
    """The tokens of a table up to its end; its texts one after the other where pictures may stand in their place."""
    rows: list[list[list[Flow]]] = []
    for token in tokens:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            texts = inline(token, drawn, apart=len(rows) == 1)
            rows[-1].append([replace(text, falling=False) for text in texts])
    flows = [text for row in rows for cell in row for text in cell]
    if any(text.optional for text in flows):
        yield from flows
        return
    head, *lines = (line_of(map(joined, row), chain.from_iterable(row)) for row in rows)
    yield Table("".join(head.cells), tuple(lines), pictures=head.pictures)


def line_of(cells: Iterable[str], items: Iterable[Item]) -> Line:
    """A row whose cells are made of some items."""
    held = [*items]
    pictures = shown_in(held)
    return Line(tuple(cells), pictures=pictures, free=bool(pictures) or any(isinstance(one, Table) for one in held))


def joined(items: Iterable[Item]) -> str:
    """What some texts and tables say."""
    return "".join(map(_words, items))


def _words(item: Item) -> str:
    if isinstance(item, Table):
        return item.head + "".join(cell for line in item.lines for cell in line.cells)
    return item.text


def shown_in(items: Iterable[Item]) -> tuple[str, ...]:
    """The sums of the pictures of some items, from the first to the last."""
    return tuple(sum_ for item in items for sum_ in _pictures(item))


def _pictures(item: Item) -> Iterator[str]:
    if isinstance(item, Flow | Table):
        yield from item.pictures
    if isinstance(item, Table):
        yield from (sum_ for line in item.lines for sum_ in line.pictures)


def _number(lists: list[int | None]) -> str:
    """What stands before an item of a list that counts."""
    count = lists.pop()
    lists.append(None if count is None else count + 1)
    return "" if count is None else f"{count + 1}."


def inline(token: Any, drawn: DrawnPictures | None, *, apart: bool = False) -> Iterator[Flow]:  # noqa: ANN401 - markdown-it
    """The words of a line; a picture stands in place of what it is called, or may do so.

    `apart`: in the head of a table, where not every engine draws them.
    """
    struck, depth = False, int(apart)
    for child in token.children or ():
        struck = (struck or child.type == "s_open") and child.type != "s_close"
        depth += child.nesting
        if child.type == "image":
            words = WORDS.image.format(child.content or WORDS.image_left_out)
            yield picture(str(child.attrGet("src") or ""), crossed(words) if struck else words, drawn, apart=depth > 0)
        elif child.type in {"text", "code_inline", "html_inline"}:
            yield Flow(crossed(child.content) if struck else child.content, falling=True)


def picture(name: str, words: str, drawn: DrawnPictures | None, *, apart: bool) -> Flow:
    """A picture, or the words in its place; both, where nobody knows."""
    if drawn is None:
        return Flow(words, optional=True)
    if (drawn.everywhere or not apart) and (sum_ := drawn.as_drawn.get(name)):
        return Flow("", pictures=(sum_,))
    return Flow(words, falling=True)


def crossed(words: str) -> str:
    """Words that are struck through."""
    return "".join(char if char.isspace() or char in UNSEEN else char + STRUCK for char in words)
