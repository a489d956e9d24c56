"""Tables in WordprocessingML; paragraphs and tables put into a document one after another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import TYPE_CHECKING

from selfeval.base.text import CHINESE_NUMBERS
from selfeval.report.docx.controls import Control, blank, enclosed, number_controls
from selfeval.report.docx.elements import list_of, make, paragraph
from selfeval.report.docx.styles import (
    HEADING_LEVELS,
    HEADINGS,
    MM,
    TABLE,
    PageShape,
    font_table,
    numbering_xml,
    set_page,
)
from selfeval.report.office import packed, properties
from selfeval.report.pages.views import Marks

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement as Element


# ── Tables ──


SIDES = ("top", "left", "bottom", "right")


@dataclass(frozen=True, slots=True)
class Box:
    """A cell. `down`: "restart" begins a label that runs over rows, "continue" is one of the rows below it.

    `small` is a second, smaller paragraph; `sides` are the lines drawn around the cell; `left` and `right` indent, in
    twentieths of a point. `control`: it may be changed.
    """

    words: str | Sequence[Element] = ""
    span: int = 1
    style: str = "TableText"
    down: str = ""
    small: str = ""
    sides: tuple[str, ...] = SIDES
    across: str = ""
    left: int = 0
    right: int = 0
    control: Control | None = None


@dataclass(frozen=True, slots=True)
class DocxLine:
    """A row. `head`: repeated on every page; `keep`: on one page with the row below; `split`: may break inside."""

    boxes: Sequence[Box]
    head: bool = False
    keep: bool = False
    split: bool = False


def table(widths: Sequence[float], lines: Iterable[DocxLine], *, face: str = TABLE) -> Element:
    """A table with fixed columns, in mm; `face`: whose styles its cells have, those of lists or of the form."""
    columns = [int(width * MM) for width in widths]
    properties_ = make(
        "tblPr",
        None,
        make("tblStyle", {"val": "TableGrid"}),
        make("tblW", {"w": sum(columns), "type": "dxa"}),
        make("jc", {"val": "center"}),
        make("tblLayout", {"type": "fixed"}),
        make("tblLook", {"val": "0020", "firstRow": 1}),
    )
    grid = make("tblGrid", None, *(make("gridCol", {"w": width}) for width in columns))
    return make("tbl", None, properties_, grid, *(_line(line, columns, face) for line in lines))


def _line(line: DocxLine, columns: Sequence[int], face: str) -> Element:
    """One row."""
    properties_ = [make("cantSplit")] * (not line.split) + [make("tblHeader")] * line.head
    made = make("tr", None, make("trPr", None, *properties_))
    at = 0
    for box in line.boxes:
        made.append(_cell(box, sum(columns[at : at + box.span]), face, keep=line.keep))
        at += box.span
    return made


def _cell(box: Box, width: int, face: str, *, keep: bool) -> Element:
    """One cell, in its control where it has one."""
    if box.control is None:
        return _box(box, width, face, keep=keep)
    if box.words:
        return enclosed(box.control, [_box(box, width, face, keep=keep)])
    return enclosed(box.control, [_box(replace(box, words=[blank()]), width, face, keep=keep)], empty=True)


def _box(box: Box, width: int, face: str, *, keep: bool) -> Element:
    """One cell."""
    properties_ = [make("tcW", {"w": width, "type": "dxa"})]
    properties_ += [make("gridSpan", {"val": box.span})] if box.span > 1 else []
    properties_ += [make("vMerge", {"val": box.down})] if box.down else []
    properties_ += [_borders(box.sides)] if box.sides != SIDES else []
    properties_ += (
        [make("shd", {"val": "clear", "color": "auto", "fill": "F2F2F2"})] if box.style == "TableHead" else []
    )
    properties_ += [make("vAlign", {"val": "center"})]
    kept = [make("keepNext")] if keep else []
    placed = [make("ind", {"left": box.left, "right": box.right})] if box.left or box.right else []
    placed += [make("jc", {"val": box.across})] if box.across else []
    made = make(
        "tc", None, make("tcPr", None, *properties_), paragraph(_in(face, box.style), box.words, *kept, *placed)
    )
    if box.small:
        kept = [make("keepNext")] if keep else []
        made.append(
            paragraph(
                _in(face, "TableSmall"), box.small, *kept, *([make("jc", {"val": "center"})] if _centred(box) else [])
            )
        )
    return made


def _in(face: str, style: str) -> str:
    """The style of the same name that belongs to a face."""
    return style.replace(TABLE, face, 1)


def _centred(box: Box) -> bool:
    """Whether a cell's text stands in the middle."""
    return box.style in {"TableMiddle", "TableHead"}


def _borders(sides: Sequence[str]) -> Element:
    """The lines of a cell that has not all of them."""
    return make("tcBorders", None, *(make(side, {"val": "nil"}) for side in SIDES if side not in sides))


# ── The document ──


@dataclass(slots=True)
class Writer:
    """A document being written. Mutable: it grows, and remembers where its lists start and how far its headings are."""

    document: Document
    starts: list[int] = field(default_factory=list)
    counts: list[int] = field(default_factory=lambda: [0] * len(HEADING_LEVELS))

    def add(self, element: Element) -> None:
        """At the end, before what describes the last section."""
        self._body[-1].addprevious(element)

    def write(self, style: str, words: str | Sequence[Element], *properties_: Element) -> None:
        """A paragraph at the end."""
        self.add(paragraph(style, words, *properties_))

    def heading(self, level: int, text: str) -> None:
        """A heading of the report. Word numbers it where its number is the next one; any other stays text."""
        kind, around = HEADING_LEVELS[level]
        number = self.counts[level] + 1
        label = around.format(number if kind == "decimal" else CHINESE_NUMBERS[number - 1])
        if not text.startswith(label):
            self.typed_heading(level, text)
            return
        self.counts[level:] = [number, *[0] * (len(self.counts) - level - 1)]
        self.write(f"Heading{level + 1}", text.removeprefix(label))

    def typed_heading(self, level: int, words: str | Sequence[Element]) -> None:
        """A heading with the number that is typed in it, or with none."""
        self.write(f"Heading{level + 1}", words, list_of(0, level))

    @contextmanager
    def control(self, control: Control) -> Iterator[None]:
        """What is written meanwhile may be changed."""
        before = len(self._body) - 1
        yield
        if held := list(self._body[before:-1]):
            self.add(enclosed(control, held))

    @property
    def paragraphs(self) -> list[Element]:
        """All outside of tables."""
        return list(self._body.xpath("./w:p | ./w:sdt/w:sdtContent/w:p"))

    def keep_together(self, begin: int) -> None:
        """The paragraphs from this one on stay on the page of what follows."""
        from docx.text.paragraph import Paragraph

        for held in self.paragraphs[begin:]:
            Paragraph(held, self.document).paragraph_format.keep_with_next = True

    def new_list(self, start: int) -> int:
        """The number of a new numbered list."""
        self.starts.append(start)
        return HEADINGS + len(self.starts)

    def new_section(self, page: PageShape) -> None:
        """From here on another kind of page. What ends the last section goes into its last paragraph."""
        self.document.add_section()
        section = self.document.sections[-1]
        set_page(section, page)
        for own in section._sectPr.xpath("./w:pgNumType | ./w:titlePg"):  # noqa: SLF001 - what a cover has for itself
            own.getparent().remove(own)
        ending = self._body[-2]
        before = ending.getprevious()
        if before is not None and before.tag == ending.tag:
            before[0].append(ending[0][-1])
            self._body.remove(ending)
        else:
            ending[0].insert(0, make("pStyle", {"val": "Thin"}))

    @property
    def _body(self) -> Element:
        """The body, whose last child describes the last section."""
        body: Element = self.document.element.body
        return body

    def saved(self, title: str, marks: Marks) -> bytes:
        """The file."""
        from docx.oxml import parse_xml

        number_controls(self.document)
        self.document.part.numbering_part.element[:] = list(parse_xml(numbering_xml(tuple(self.starts))))
        out = BytesIO()
        self.document.save(out)
        replaced = properties(title, marks.year, marks.unit) | {"word/fontTable.xml": font_table().encode()}
        return packed(out.getvalue(), replaced)
