"""Whether lines a little closer spare the text of a report its last page: foretold from the texts, for every engine.

GB/T 9704: 22 lines of 28 characters a page; no page holds the end of a text alone. The end pulls lines over to its
page; where all of it fits on the pages before with lines 5 % closer (23 a page), it stands there instead. A text with
tables or pictures is not foretold: it keeps its lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from selfeval.base.text_width import lines
from selfeval.reading.markdown import parser
from selfeval.report.pages.views import Part

PAGE, STEP, CLOSER = 22 * 28.98, 28.98, 27.53
"""The height of a page, of a line and of a closer one, in pt."""

CHARACTERS, SIZE = 28, 16
TITLE_LINE, ABOVE, BELOW_TITLE = 36.0, 57.96, 14.49
"""A line of the title; what stands above the seal and below the title, in pt."""

UNKNOWN = frozenset({"table_open", "fence", "code_block", "image", "blockquote_open"})


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph under the headings that stay with it: `extra` in pt, `headings` and `lines` in lines."""

    headings: int
    lines: int
    extra: float = 0.0


def is_closer(title: Sequence[str], parts: Sequence[Part]) -> bool:
    """Whether lines a little closer take the text to fewer pages."""
    found = passages(title, parts)
    return bool(found) and pages(found, CLOSER) < pages(found, STEP)


def passages(title: Sequence[str], parts: Sequence[Part]) -> list[Passage]:
    """The text from its title to its seal, the end with what it pulls over as the last; none where it is unknown."""
    texts = [(part, [*paragraphs(part)]) for part in parts]
    if not texts or any(kind in UNKNOWN for _, found in texts for kind, _ in found):
        return []
    listed, waiting = [Passage(1, 0, TITLE_LINE * len(title) + BELOW_TITLE)], 0
    for part, found in texts[:-1]:
        waiting += bool(part.title)
        for kind, words in found:
            if kind == "heading":
                waiting += height(words)
            else:
                listed.append(Passage(waiting, height(words)))
                waiting = 0
    last, found = texts[-1]
    end = bool(last.title) + sum(height(words) for _, words in found) + 2
    return [*pulled_over(listed, end)]


def pulled_over(listed: Sequence[Passage], end: int) -> Iterator[Passage]:
    """The end takes two lines of the last paragraph along, or all of it where it is short."""
    *before, last = listed
    taken = 2 if last.lines > 3 else last.headings + last.lines
    if last.lines > 3:
        before.append(replace(last, lines=last.lines - 2))
    yield from before
    yield Passage(end + taken, 0, ABOVE)


def paragraphs(part: Part) -> Iterator[tuple[str, str]]:
    """The kind and the words of each paragraph of a section."""
    if part.blocks:
        yield from (("heading" if block.tag == "h3" else "paragraph", block.text) for block in part.blocks)
        return
    kind = "paragraph"
    for token in parser().parse(part.markdown):
        if token.type in UNKNOWN or any(child.type == "image" for child in token.children or ()):
            yield "image", ""
        elif token.type == "inline":
            yield kind, token.content
        kind = "heading" if token.type == "heading_open" else "paragraph"


def height(words: str) -> int:
    """How many lines a paragraph fills, set in by two characters."""
    return lines(f"　　{words}", CHARACTERS * SIZE, SIZE)


def pages(listed: Sequence[Passage], step: float) -> int:
    """How many pages a text takes: a paragraph is parted with two lines at least on each side."""
    count, used = 1, 0.0
    for passage in listed:
        kept = passage.extra + passage.headings * step
        first = passage.lines if passage.lines < 4 else 2
        if used + kept + first * step > PAGE:
            count, used = count + 1, 0.0
        used += kept
        left = passage.lines
        while used + left * step > PAGE:
            left -= min(int((PAGE - used) / step), left - 2)
            count, used = count + 1, 0.0
        used += left * step
    return count
