"""Texts, tables and pictures as they are printed, and Markdown turned into them: what `printed_text` is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from selfeval.base.text import UNSEEN
from selfeval.reading.markdown import NAMELESS, SAFE_LINK, parser
from selfeval.report.pages.views import Part
from selfeval.report.pages.words import WORDS

STRUCK = "\u0336"
"""Stands behind each letter of a text that is struck through."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A text that may go on on the next page.

    `optional`: it may also not be there (a picture stands in its place); `falling`: line below line.
    """

    text: str
    optional: bool = False
    falling: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table. `again`: how it looks where it is the first of a page, if otherwise.

    `spanning`: the places of cells that stand beside further rows too.
    """

    cells: tuple[str, ...]
    again: tuple[str, ...] = ()
    spanning: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its head is repeated on each page. `level`: the cells of a row stand at one height.

    `heads`: the cells of a head of two rows, some of which stand beside both.
    """

    head: str
    lines: tuple[Line, ...]
    level: bool = True
    heads: Line | None = None


@dataclass(frozen=True, slots=True)
class Bars:
    """A picture of bars: what its line is called, the words of each bar and how long it is, in units of its own.

    Pictures may be drawn where they stand, or when all other text of their page is.
    """

    line: str
    lines: tuple[tuple[str, str, float], ...]

    @property
    def text(self) -> str:
        """All that it says."""
        return self.line + "".join(name + value for name, value, _ in self.lines)


Item = Flow | Table | Bars


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
        yield from markdown(part.markdown)


def markdown(text: str) -> Iterator[Item]:
    """What Markdown says on paper, where lists count from one and bullets are bare (css/print.css)."""
    tokens = iter(parser().parse(text))
    lists: list[int | None] = []
    number = ""
    for token in tokens:
        if number and token.type != "paragraph_open":
            yield Flow(number, falling=token.type == "inline")
            number = ""
        if token.type == "table_open":
            yield from _markdown_table(tokens)
        elif token.type in {"ordered_list_open", "bullet_list_open"}:
            lists.append(0 if token.type == "ordered_list_open" else None)
        elif token.type in {"ordered_list_close", "bullet_list_close"}:
            lists.pop()
        elif token.type == "list_item_open":
            number = _number(lists)
        elif token.type in {"fence", "code_block"}:
            yield Flow(token.content, falling=True)
        else:
            yield from inline(token)


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


def _markdown_table(tokens: Iterator[Any]) -> Iterator[Item]:
    """The tokens of a table up to its end: a head, then rows; its texts one after the other where it has pictures."""
    rows: list[list[str]] = []
    texts: list[Flow] = []
    for token in tokens:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            cell = [replace(text, falling=False) for text in inline(token)]
            texts += cell
            rows[-1].append("".join(item.text for item in cell))
    yield from texts if any(text.optional for text in texts) else [table(rows[0], rows[1:])]


def _number(lists: list[int | None]) -> str:
    """What stands before an item of a list that counts."""
    count = lists.pop()
    lists.append(None if count is None else count + 1)
    return "" if count is None else f"{count + 1}."


def inline(token: Any) -> Iterator[Flow]:  # noqa: ANN401 - markdown-it's tokens
    """The words of a line; a picture may stand in place of what it is called."""
    struck = False
    for child in token.children or ():
        struck = (struck or child.type == "s_open") and child.type != "s_close"
        if child.type == "image":
            words = WORDS.image.format(child.content or WORDS.image_left_out)
            yield Flow(crossed(words) if struck else words, optional=True)
        elif child.type in {"text", "code_inline", "html_inline"}:
            yield Flow(crossed(child.content) if struck else child.content, falling=True)


def crossed(words: str) -> str:
    """Words that are struck through."""
    return "".join(char if char.isspace() or char in UNSEEN else char + STRUCK for char in words)
