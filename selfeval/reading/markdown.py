"""Markdown as safe HTML: the only place that sets up markdown-it. No HTML in, no file or address opened."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token


Rule = Callable[["StateInline", bool], bool]
SAFE_LINK = re.compile(r"(https?://|mailto:|#)", re.IGNORECASE)
"""Where a link may lead."""

MOST_BRACKETS = 300
"""A paragraph of more `[` has neither links nor pictures: markdown-it looks from each of them to all the others."""

SECTION, IN_CELL = 2, 0
"""The level of a section's heading; what a text stands under inside a cell."""

NAMELESS = "图片"
"""What a picture without a description is called for those who cannot see it."""


@cache
def parser() -> MarkdownIt:
    """CommonMark with tables, without HTML; `**目标：**完成` is bold although CommonMark says otherwise."""
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import image, link

    made = MarkdownIt("js-default", {"html": False, "linkify": False, "typographer": False})
    made.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005 - judged in _link_open
    made.inline.ruler.at("emphasis", _emphasis)
    made.inline.ruler.at("link", _where_few(link))
    made.inline.ruler.at("image", _where_few(image))
    for name, rule in RENDER.items():
        made.add_render_rule(name, rule)
    return made


def to_html(
    markdown: str,
    show_picture: Callable[[str], str] = lambda _name: "",
    above: int = SECTION,
) -> str:
    """Markdown as safe HTML. `show_picture` gives the address to print for a picture, "" for none; `above` as below."""
    made = parser()
    return str(made.renderer.render(printable(markdown, above), made.options, {"picture": show_picture}))


def printable(markdown: str, above: int = SECTION) -> list[Token]:
    """The text as tokens for a page: each heading one level below what stands above it at most, never over a section's.

    `above`: the level of what the text stands under; `IN_CELL`: in a cell, where headings are paragraphs.
    """
    tokens, level = parser().parse(markdown), above
    for token in tokens:
        if token.type == "heading_open":
            level = min(max(above + 1, int(token.tag[1])), level + 1) if above != IN_CELL else IN_CELL
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{level}" if level != IN_CELL else "p"
    return tokens


def _where_few(rule: Rule) -> Rule:
    """A rule about brackets, for paragraphs that have few of them."""
    return lambda state, silent: has_few(state.src) and rule(state, silent)


@lru_cache(maxsize=8)
def has_few(paragraph: str) -> bool:
    """Whether there are so few brackets; asked at every character, hence remembered."""
    return paragraph.count("[") <= MOST_BRACKETS


def _is_cjk(char: str) -> bool:
    """Whether words are not parted by blanks beside this character (CJK letters, full-width marks)."""
    return unicodedata.east_asian_width(char) in "WF"


def _emphasis(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
    """`*` and `_` runs; beside a Chinese character punctuation does not keep a run from opening or closing."""
    from markdown_it.rules_inline.state_inline import Delimiter

    marker = state.src[state.pos]
    if silent or marker not in "*_":
        return False
    run = state.scanDelims(state.pos, marker == "*")
    before = state.src[state.pos - 1] if state.pos else " "
    end = state.pos + run.length
    after = state.src[end] if end < state.posMax else " "
    opens = run.can_open or (marker == "*" and _is_cjk(before) and not after.isspace())
    closes = run.can_close or (marker == "*" and _is_cjk(after) and not before.isspace())
    for _ in range(run.length):
        token = state.push("text", "", 0)
        token.content = marker
        state.delimiters.append(Delimiter(ord(marker), run.length, len(state.tokens) - 1, -1, opens, closes))
    state.pos = end
    return True


def _image(_self: Any, tokens: Sequence[Token], at: int, _options: Any, env: Any) -> str:  # noqa: ANN401
    """A picture by its data: address, or its description where it cannot be shown."""
    words = escape(tokens[at].content)
    address = env.get("picture", lambda _name: "")(str(tokens[at].attrGet("src") or ""))
    return f'<img src="{escape(address)}" alt="{words or NAMELESS}">' if address else f"〔图片：{words or '未采用'}〕"


def _link_open(_self: Any, tokens: Sequence[Token], at: int, _options: Any, _env: Any) -> str:  # noqa: ANN401
    """A link to a web address; anything else keeps only its words (an anchor without address)."""
    target = str(tokens[at].attrGet("href") or "")
    return f'<a href="{escape(target)}" rel="noreferrer">' if SAFE_LINK.match(target) else "<a>"


def _paragraph_open(_self: Any, tokens: Sequence[Token], at: int, _options: Any, _env: Any) -> str:  # noqa: ANN401
    """A paragraph; its text in a span of its own, which keeps the print grid (see print.css)."""
    return "" if tokens[at].hidden else "<p><span>"


def _paragraph_close(_self: Any, tokens: Sequence[Token], at: int, _options: Any, _env: Any) -> str:  # noqa: ANN401
    """The end of a paragraph."""
    return "" if tokens[at].hidden else "</span></p>\n"


def _heading_open(_self: Any, tokens: Sequence[Token], at: int, _options: Any, _env: Any) -> str:  # noqa: ANN401
    """A heading inside a section."""
    return f"<{tokens[at].tag}><span>"


def _heading_close(_self: Any, tokens: Sequence[Token], at: int, _options: Any, _env: Any) -> str:  # noqa: ANN401
    """The end of a heading."""
    return f"</span></{tokens[at].tag}>\n"


RENDER: dict[str, Callable[..., str]] = {
    "image": _image,
    "link_open": _link_open,
    "paragraph_open": _paragraph_open,
    "paragraph_close": _paragraph_close,
    "heading_open": _heading_open,
    "heading_close": _heading_close,
}


def plain(text: str) -> str:
    """The words of a section without its marks, a line for each paragraph: for a cell of a table."""
    tokens = (token.children or [] for token in parser().parse(text) if token.type == "inline")
    return "\n".join("".join(child.content for child in children) for children in tokens)
