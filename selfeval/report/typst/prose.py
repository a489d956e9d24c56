"""Markdown → a tree of plain data that the templates draw: its words stay words, whatever they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from selfeval.reading.markdown import NAMELESS, SAFE_LINK, SECTION, printable
from selfeval.report.pages.views import Part
from selfeval.report.pages.words import WORDS

if TYPE_CHECKING:
    from markdown_it.token import Token

Node = dict[str, Any]
"""`kind` says what it is; `inside` what it holds: nodes, and texts in the order of reading."""

Pictures = Callable[[str], bytes]
"""The bytes of a picture by its name in the evaluation; b"" where it may not be shown."""

INLINE = {"strong": "strong", "em": "emphasis", "s": "struck", "link": "link"}


def part_tree(part: Part, pictures: Pictures) -> list[Node]:
    """A section: blocks made from the figures, or Markdown as written."""
    if part.blocks:
        return [_block(block.tag, [block.text]) for block in part.blocks]
    return tree(part.markdown, pictures, SECTION if part.title else SECTION - 1)


def _block(tag: str, inside: list[Any]) -> Node:
    """A heading of h3 or below, or a paragraph."""
    return {"kind": "heading", "level": int(tag[1]), "inside": inside} if tag[0] == "h" else paragraph(inside)


def _parted(tag: str, inside: list[Any]) -> Iterator[Node]:
    """A paragraph and its pictures, each of which stands for itself."""
    for is_picture, grouped in groupby(inside, lambda node: isinstance(node, dict) and node["kind"] == "picture"):
        nodes = [*grouped]
        yield from nodes if is_picture else [_block(tag, nodes)]


def paragraph(inside: list[Any]) -> Node:
    """A paragraph."""
    return {"kind": "paragraph", "inside": inside}


def tree(markdown: str, pictures: Pictures, above: int = SECTION) -> list[Node]:
    """The blocks of a text under a heading of a level."""
    return _blocks(iter(printable(markdown, above)), "", pictures)


def _blocks(tokens: Iterator[Token], end: str, pictures: Pictures) -> list[Node]:
    """Blocks up to the token that ends what they stand in."""
    nodes: list[Node] = []
    for token in tokens:
        if token.type == end:
            break
        nodes += _nodes(token, tokens, pictures)
    return nodes


def _nodes(token: Token, tokens: Iterator[Token], pictures: Pictures) -> list[Node]:
    """The block that a token opens, read up to its end; a quotation is its paragraphs."""
    if token.type in {"paragraph_open", "heading_open"}:
        return [*_parted(token.tag, _inline(next(tokens).children or (), pictures))]
    if token.type in {"bullet_list_open", "ordered_list_open"}:
        items = _blocks(tokens, token.type.replace("open", "close"), pictures)
        return [{"kind": "list", "ordered": token.type[0] == "o", "inside": items}]
    if token.type == "list_item_open":
        return [{"kind": "item", "inside": _blocks(tokens, "list_item_close", pictures)}]
    if token.type == "blockquote_open":
        return _blocks(tokens, "blockquote_close", pictures)
    if token.type in {"fence", "code_block"}:
        return [{"kind": "code", "text": token.content.rstrip("\n")}]
    return [_table(tokens, pictures)] if token.type == "table_open" else []


def _table(tokens: Iterator[Token], pictures: Pictures) -> Node:
    """A table: its head, then its rows; all have as many cells."""
    rows: list[list[list[Any]]] = []
    for token in tokens:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_inline(token.children or (), pictures))
    return {"kind": "table", "head": rows[0], "rows": rows[1:]}


def _inline(tokens: Sequence[Token], pictures: Pictures) -> list[Any]:
    """The words of a line, with what is set apart in nodes of its own."""
    open_: list[Node] = [{"inside": []}]
    for token in tokens:
        if token.nesting == 1:
            open_.append(_opened(token))
        elif token.nesting == -1:
            closed = open_.pop()
            open_[-1]["inside"].append(closed)
        elif leaf := _leaf(token, pictures):
            open_[-1]["inside"].append(leaf)
    inside: list[Any] = open_[0]["inside"]
    return inside


def _opened(token: Token) -> Node:
    """What a mark sets apart; a link that leads to no web address keeps only its words."""
    kind = INLINE.get(token.type.removesuffix("_open"), "words")
    address = str(token.attrGet("href") or "")
    if kind == "link" and not (SAFE_LINK.match(address) and not address.startswith("#")):
        kind = "words"
    return {"kind": kind, "inside": [], **({"address": address} if kind == "link" else {})}


def _leaf(token: Token, pictures: Pictures) -> str | Node:
    """A text, the end of a line, a picture (or what it is called, where it cannot be shown)."""
    if token.type == "softbreak":
        return " "
    if token.type == "hardbreak":
        return {"kind": "break"}
    if token.type == "image":
        content = pictures(str(token.attrGet("src") or ""))
        name = WORDS.image.format(token.content or WORDS.image_left_out)
        return (
            {"kind": "picture", "bytes": [*content], "name": token.content or NAMELESS, "instead": name}
            if content
            else name
        )
    return token.content
