"""The narrative's Markdown as Word paragraphs: bold, lists, tables, pictures; HTML in it stays text."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from selfeval.base.text_width import half_widths
from selfeval.reading.markdown import SAFE_LINK, parser
from selfeval.reading.narrative import picture
from selfeval.report.docx.elements import list_of, make, run
from selfeval.report.docx.styles import BULLETS, DEPTH
from selfeval.report.docx.writer import Box, DocxLine, Writer, table
from selfeval.report.office import clean

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement as Element
    from markdown_it.tree import SyntaxTreeNode as Node


TEXT_WIDTH = 155.5
"""Of a line, in mm."""

PICTURE_HEIGHT = 120
"""Of the highest picture, in mm."""

MARKS = {"link": "Hyperlink", "em": "Emphasis", "strong": "b", "s": "strike"}
"""Markdown's emphasis: styles and properties of a run, in the schema's order. *…* is 楷体: Chinese has no italics."""


@dataclass(frozen=True, slots=True)
class TextPlace:
    """Where a block stands: its paragraphs' style, the list it is in and how deep."""

    style: str = "BodyText"
    list_: int = 0
    depth: int = 0


def write_markdown(writer: Writer, text: str, folder: Path) -> None:
    """A section of the narrative; `folder` is the evaluation's, for its pictures."""
    from markdown_it.tree import SyntaxTreeNode

    Narrator(writer, folder).blocks(SyntaxTreeNode(parser().parse(text)).children, TextPlace())


@dataclass(frozen=True, slots=True)
class Narrator:
    """Writes the blocks of a text."""

    writer: Writer
    folder: Path

    def blocks(self, nodes: Sequence[Node], place: TextPlace) -> None:
        """One block after another; a kind that is not known is left out."""
        for node in nodes:
            write = getattr(self, f"_{node.type}", None)
            if write is not None:
                write(node, place)

    def _paragraph(self, node: Node, place: TextPlace) -> None:
        """Its text, then its pictures, each on a line of its own."""
        inline = node.children[0]
        words = list(self.inline(inline))
        if words:
            self.writer.write(place.style, words)
        for image in (n for n in inline.walk() if n.type == "image"):
            self._picture(image)

    def _heading(self, node: Node, _place: TextPlace) -> None:
        """A heading inside a section: never above the section's own (标题 1)."""
        level = 1 if int(node.tag[1]) <= 3 else 2
        self.writer.typed_heading(level, list(self.inline(node.children[0])))

    def _bullet_list(self, node: Node, place: TextPlace) -> None:
        """A list of bullets."""
        self._items(node, TextPlace("ListBullet", BULLETS, place.depth + 1 if place.list_ else 0))

    def _ordered_list(self, node: Node, place: TextPlace) -> None:
        """A numbered list, which begins with its own number."""
        number = self.writer.new_list(int(node.attrs.get("start", 1)))
        self._items(node, TextPlace("ListNumber", number, 0 if not place.list_ else place.depth + 1))

    def _items(self, node: Node, place: TextPlace) -> None:
        """The entries; only an entry's first paragraph carries its number."""
        for item in node.children:
            first = item.children[0] if item.children else None
            rest = item.children[1:]
            if first is not None and first.type == "paragraph":
                number = list_of(place.list_, min(place.depth, DEPTH - 1))
                self.writer.write(place.style, list(self.inline(first.children[0])), number)
            elif first is not None:
                rest = item.children
            self.blocks(rest, TextPlace("BodyText", place.list_, place.depth))

    def _blockquote(self, node: Node, place: TextPlace) -> None:
        """A quotation, in 楷体."""
        self.blocks(node.children, TextPlace("Quote", place.list_, place.depth))

    def _fence(self, node: Node, _place: TextPlace) -> None:
        """Text set as it is."""
        self.writer.write("Code", node.content.rstrip("\n"))

    _code_block = _fence

    def _table(self, node: Node, _place: TextPlace) -> None:
        """A table; its first row is repeated on every page."""
        rows = [row for part in node.children for row in part.children]
        lines = [
            DocxLine([self._cell(cell, head=not at) for cell in row.children], head=not at)
            for at, row in enumerate(rows)
        ]
        self.writer.write("Gap", "", make("keepNext"))
        self.writer.add(table(column_widths(rows), lines))
        self.writer.write("Gap", "")

    def _cell(self, node: Node, *, head: bool) -> Box:
        """One cell, aligned as its column is."""
        across = str(node.attrs.get("style", "")).removeprefix("text-align:").strip()
        words = [made for child in node.children for made in self.inline(child)]
        return Box(words, style="TableHead" if head else "TableText", across=across)

    def inline(self, node: Node, *properties_: str) -> Iterator[Element]:
        """Text with its emphasis, as runs."""
        for child in node.children:
            if child.type in {"text", "code_inline"}:
                yield run(child.content, *shapes(properties_))
            elif child.type == "softbreak":
                yield from () if _joins(child) else (run(" "),)
            elif child.type == "hardbreak":
                yield run("\n")
            elif child.type == "link":
                yield from self._link(child, *properties_)
            elif child.type in MARKS:
                yield from self.inline(child, *properties_, child.type)

    def _link(self, node: Node, *properties_: str) -> Iterator[Element]:
        """A link to a web address; anything else keeps only its words."""
        from docx.opc.constants import RELATIONSHIP_TYPE

        address = str(node.attrs.get("href", ""))
        if not SAFE_LINK.match(address) or address.startswith("#"):
            yield from self.inline(node, *properties_)
            return
        rid = self.writer.document.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        yield make("hyperlink", {"r:id": rid}, *self.inline(node, *properties_, "link"))

    def _picture(self, node: Node) -> None:
        """A picture of the evaluation's folder; its description where it cannot be shown."""
        words = node.content or "未采用"
        data, _, problem = picture(str(node.attrs.get("src", "")), self.folder)
        if problem or not show(self.writer.document, data, words):
            self.writer.write("BodyText", f"〔图片：{words}〕")


def show(document: Document, data: bytes, words: str) -> bool:
    """A picture on a line of its own, no wider than the text; False where the file is not what it says it is."""
    from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
    from docx.shared import Emu, Mm

    faults = (InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError, struct.error)
    held = document.add_paragraph(style="图片")
    try:
        shown = held.add_run().add_picture(BytesIO(data))
        scale = min(1, Mm(TEXT_WIDTH) / shown.width, Mm(PICTURE_HEIGHT) / shown.height)
    except (*faults, ArithmeticError, LookupError, TypeError, ValueError):
        held._p.getparent().remove(held._p)  # noqa: SLF001 - the library cannot take a paragraph back
        return False
    shown.width, shown.height = Emu(int(shown.width * scale)), Emu(int(shown.height * scale))
    shown._inline.docPr.set("descr", clean(words))  # noqa: SLF001 - nor describe a picture
    return True


def shapes(names: Sequence[str]) -> Iterator[Element]:
    """The properties of a run; it has one style, a link's before that of *…*."""
    styles = [name for name in ("link", "em") if name in names]
    if styles:
        yield make("rStyle", {"val": MARKS[styles[0]]})
    yield from (make(MARKS[name]) for name in ("strong", "s") if name in names)


def _joins(node: Node) -> bool:
    """Whether a line break in the source stands between Chinese characters, where no blank belongs."""
    before, after = node.previous_sibling, node.next_sibling
    ends = (before.content[-1:] if before else "", after.content[:1] if after else "")
    return any(half_widths(end) == 2 for end in ends)


def column_widths(rows: Sequence[Node]) -> list[float]:
    """Columns of a table in mm, by the longest text in each."""
    texts = [["".join(n.content for n in cell.walk() if n.type == "text") for cell in row.children] for row in rows]
    sizes = [min(60, max(8, *(half_widths(text) for text in column))) for column in zip(*texts, strict=True)]
    return [TEXT_WIDTH * size / sum(sizes) for size in sizes]
