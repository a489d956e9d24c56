"""DOCX → lines: paragraphs and tables in their order, merged cells with their span, tables inside cells after them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from selfeval.base.phrases import Phrase, phrase
from selfeval.importing.grid import (
    BOXED,
    HIDDEN,
    STRUCK,
    GridBuilder,
    Line,
    SourceFile,
    bounded,
    in_table,
    paragraph,
    raised,
    unlike,
    without_none,
)
from selfeval.importing.readers.asides import asides
from selfeval.importing.readers.docx_numbers import ListNumbers, list_numbers
from selfeval.reading.xlsx_files import MAX_UNPACKED

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MAX_DEPTH = 20
_SIGNS = {
    f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": "\t", f"{_W}ptab": "\t", f"{_W}noBreakHyphen": "-",
}  # fmt: skip
_ASIDE = frozenset({
    f"{_W}del", f"{_W}moveFrom", f"{_W}rPr", f"{_W}pPr", f"{_MC}Fallback", f"{_W}tbl", f"{_W}instrText",
})  # fmt: skip
"""What a reader does not see, sees elsewhere, or has seen already."""
_CLEAR = frozenset({f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"})
"""What only goes around others: content controls and insertions."""


def read_docx(data: bytes, name: str) -> SourceFile:
    """The body of a document. Deleted text of tracked changes is left out, inserted text is there."""
    import docx

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        if sum(member.file_size for member in members) > MAX_UNPACKED:
            why = phrase("解压后超过 {limit} MB，没有读取；请去掉图片后另存", limit=MAX_UNPACKED // 1_000_000)
            return SourceFile(name, problem=why)
        if "word/document.xml" not in {member.filename for member in members}:
            why = phrase("扩展名是 .docx，内容却不是 Word 文档；请用 Word 或 WPS 打开，另存为 .docx")
            return SourceFile(name, problem=why)
    document: Any = docx.Document(io.BytesIO(data))
    reader = _Reader(name, list_numbers(document))
    hints = _without_hints(document.element.body)
    lines = tuple(bounded(reader.blocks(document.element.body, 0)))
    told = [phrase("Word 里没有填写的格的提示语没有读取：{count} 处", count=hints)] if hints else []
    return SourceFile(name, lines, unread=(*asides(data), *told, *reader.unread))


def _without_hints(body: Any) -> int:  # noqa: ANN401
    """Takes out what content controls ask for where nobody has answered: how many asked in words."""
    held = [sdt for sdt in body.iter(f"{_W}sdt") if _is_on(sdt.find(f"{_W}sdtPr/{_W}showingPlcHdr"))]
    asked = [[text for text in sdt.iter(f"{_W}t") if (text.text or "").strip()] for sdt in held]
    for text in (text for texts in asked for text in texts):
        text.text = ""
    return sum(bool(texts) for texts in asked)


class _Reader:
    """Counts paragraphs and tables while it goes through the document."""

    def __init__(self, name: str, numbers: ListNumbers) -> None:
        self.name, self.numbers = name, numbers
        self.paragraphs = 0
        self.tables = 0
        self.unread: list[Phrase] = []

    def tell(self, place: Phrase, apart: Iterable[tuple[str, str]]) -> None:
        """What stands in a paragraph or cell and does not count."""
        for kind in (STRUCK, HIDDEN, BOXED):
            self.unread += unlike(place, kind, "".join(words for other, words in apart if other == kind))

    def blocks(self, parent: Any, depth: int) -> Iterator[Line]:  # noqa: ANN401 - lxml elements
        """Paragraphs and tables directly inside an element; content controls and insertions are transparent."""
        for child in parent:
            if child.tag == f"{_W}p":
                self.paragraphs += 1
                place = phrase("{name} 第 {number} 段", name=self.name, number=self.paragraphs)
                apart: list[tuple[str, str]] = []
                number, text = self.numbers.before(child), text_of(child, apart)
                texts = [number + text if text.strip() else text, *(words for kind, words in apart if kind == BOXED)]
                self.tell(place, [one for one in apart if one[0] != BOXED])
                yield from without_none(paragraph(text, place) for text in texts)
            elif child.tag == f"{_W}tbl":
                yield from self.table(child, depth)
            elif child.tag in _CLEAR and depth < _MAX_DEPTH:
                yield from self.blocks(child, depth + 1)

    def table(self, table: Any, depth: int) -> Iterator[Line]:  # noqa: ANN401
        """One table, then the tables that stand inside its cells."""
        self.tables += 1
        number = self.tables
        sheet = GridBuilder()
        inner: list[Any] = []
        rows = (row for row in _within(table, "tr") if row.find(f"{_W}trPr/{_W}del") is None)
        cells = [_Cell(cell, row, column) for row, tr in enumerate(rows) for column, cell in _cells(tr)]
        continued = {(c.row, c.column) for c in cells if c.merge == "continue"}
        for one in cells:
            if one.merge != "continue":
                span = (_height(one, continued), one.width)
                where = in_table(self.name, number, one.row, one.column)
                apart: list[tuple[str, str]] = []
                text = "\n".join(text_of(p, apart) for p in _within(one.element, "p"))
                self.tell(where, apart)
                sheet.put(text, one.row, one.column, where, span)
                if not text.strip():
                    sheet.put_blank(one.row, one.column)
            inner += one.element.findall(f"{_W}tbl")
        yield from (replace(line, nested=depth > 0) for line in sheet.lines())
        if depth < _MAX_DEPTH:
            for nested in inner:
                yield from self.table(nested, depth + 1)


class _Cell:
    """A table cell with its grid column, width and part in a vertical merge."""

    def __init__(self, element: Any, row: int, column: int) -> None:  # noqa: ANN401
        self.element, self.row, self.column = element, row, column
        self.width = _width(element)
        merge = element.find(f"{_W}tcPr/{_W}vMerge")
        self.merge = "" if merge is None else merge.get(f"{_W}val", "continue")


def _height(cell: _Cell, continued: set[tuple[int, int]]) -> int:
    """How many rows a cell reaches down: itself and the continuations below it."""
    height = 1
    while cell.merge == "restart" and (cell.row + height, cell.column) in continued:
        height += 1
    return height


def _within(parent: Any, tag: str) -> Iterator[Any]:  # noqa: ANN401
    """The elements of a kind directly in another one."""
    for child in parent:
        if child.tag == f"{_W}{tag}":
            yield child
        elif child.tag in _CLEAR:
            yield from _within(child, tag)


def _cells(row: Any) -> Iterator[tuple[int, Any]]:  # noqa: ANN401
    """(grid column, cell) of a row; it may begin some columns in."""
    before = row.find(f"{_W}trPr/{_W}gridBefore")
    column = int(before.get(f"{_W}val", "0")) if before is not None else 0
    for cell in _within(row, "tc"):
        yield column, cell
        column += _width(cell)


def _width(cell: Any) -> int:  # noqa: ANN401
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    return max(1, int(span.get(f"{_W}val", "1"))) if span is not None else 1


def text_of(element: Any, apart: list[tuple[str, str]]) -> str:  # noqa: ANN401
    """All text below an element as a reader sees it: breaks as line ends, nothing twice.

    Goes to `apart`, with its kind: what is struck out or hidden, and what stands in a box of its own.
    """
    parts: list[str] = []
    for child in element:
        if child.tag == f"{_W}t":
            parts.append(child.text or "")
        elif child.tag in _SIGNS:
            parts.append(_SIGNS[child.tag])
        elif child.tag == f"{_W}sym":
            parts.append(_symbol(child))
        elif child.tag == f"{_W}checkBox":
            parts.append(_check_box(child))
        elif child.tag == f"{_W}txbxContent":
            apart.append((BOXED, "\n".join(text_of(p, apart) for p in _within(child, "p"))))
        elif child.tag not in _ASIDE:
            parts.append(_run_text(child, apart) if child.tag == f"{_W}r" else text_of(child, apart))
    return "".join(parts)


def _run_text(run: Any, apart: list[tuple[str, str]]) -> str:  # noqa: ANN401
    """What a run of one look says."""
    look, text = run.find(f"{_W}rPr"), text_of(run, apart)
    if look is None:
        return text
    kinds = (("strike", STRUCK), ("dstrike", STRUCK), ("vanish", HIDDEN))
    kind = next((kind for tag, kind in kinds if _is_on(look.find(f"{_W}{tag}"))), "")
    if kind:
        apart.append((kind, text))
        return ""
    height = look.find(f"{_W}vertAlign")
    return raised(text) if height is not None and height.get(f"{_W}val") == "superscript" else text


def _is_on(switch: Any) -> bool:  # noqa: ANN401
    return switch is not None and switch.get(f"{_W}val", "1") not in {"0", "false", "off", "none"}


def _check_box(box: Any) -> str:  # noqa: ANN401
    """A box of the old kind: ticked by whoever filled it in, else by its maker."""
    filled = box.find(f"{_W}checked")
    return "☑" if _is_on(filled if filled is not None else box.find(f"{_W}default")) else "□"


def _symbol(element: Any) -> str:  # noqa: ANN401
    """A sign of a symbol font: ticked and empty boxes are told, others shown as a box."""
    code = element.get(f"{_W}char", "").upper()[-2:]
    return {"FE": "☑", "52": "☑", "FC": "√", "A8": "□", "A3": "□", "6F": "□", "FD": "☒"}.get(code, "□")
