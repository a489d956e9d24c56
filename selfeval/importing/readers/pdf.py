"""PDF → lines: ruled tables with the span of their cells, text around them; page after page."""

from __future__ import annotations

import io
import logging
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from selfeval.base.phrases import Phrase, phrase
from selfeval.importing.grid import SourceFile
from selfeval.importing.readers.pdf_breaks import SNAP, PagePiece, RuledBox, Words, habits_of, join_pages
from selfeval.importing.readers.pdf_limits import TooMuchError, bounded, check_page, check_tables
from selfeval.importing.readers.pdf_unruled import Chunk, Region, TextLine, WordColumns, beside, columned, paragraphs

MAX_BYTES = 100_000_000
MAX_PAGES = 400
TILT = 0.1
"""The slope from which a letter is tilted: a watermark, no part of the form."""
BEYOND = 30.0
"""Points beyond the end of a page's table where text of its broken row may stand."""


def read_pdf(data: bytes, name: str) -> SourceFile:
    """All pages; a scan, a locked file, a bomb and a text without ruled tables are told apart."""
    import pdfplumber
    from pdfplumber.utils.exceptions import PdfminerException

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # it grumbles about every second PDF
    if len(data) > MAX_BYTES:
        why = phrase("文件有 {size} MB，没有读取；请只留下绩效目标表所在的几页", size=len(data) // 1_000_000)
        return SourceFile(name, problem=why)
    try:
        with bounded() as check, pdfplumber.open(io.BytesIO(data)) as document:
            if len(document.pages) > MAX_PAGES:
                why = phrase("有 {pages} 页，没有读取；请只留下绩效目标表所在的几页", pages=len(document.pages))
                return SourceFile(name, problem=why)
            return _read_pages(document.pages, name, check)
    except (TooMuchError, PdfminerException) as error:
        return SourceFile(name, problem=_refusal(error))


def _refusal(error: Exception) -> Phrase:
    """Why a PDF was not read; what pdfminer raised is the argument of what pdfplumber raises."""
    inner = error if isinstance(error, TooMuchError) else next(iter(error.args), error)
    if isinstance(inner, TooMuchError):
        return phrase("{why}，没有读取；请用阅读器只把绩效目标表所在的几页“打印为 PDF”再导入", why=str(inner))
    if "PDFPasswordIncorrect" in repr(error):
        return phrase("这个 PDF 加了密码；请用阅读器打开后“打印为 PDF”，或向来源单位要没有密码的文件")
    return phrase("内容不是 PDF，或文件已损坏；请用阅读器打开，另存或“打印为 PDF”再导入")


def _read_pages(pages: Iterable[Any], name: str, check: Callable[[], None]) -> SourceFile:
    found: list[PagePiece] = []
    images = characters = 0
    remarks: list[Phrase] = []
    unread: list[Phrase] = []
    marks: list[str] = []
    columns: WordColumns | None = None
    for page in pages:
        check_page(page)
        pieces, columns = _page(page.filter(_is_straight), columns, check)
        found += pieces
        images += len(page.images)
        characters += len(page.chars)
        marks += ["".join(c["text"] for c in page.chars if not _is_straight(c)).strip()]
        unread += _unread(page)
        page.close()
    if not characters:
        why = phrase(
            "这是扫描件（图片），没有文字层；请向来源单位要 Word、Excel 原件，或先用 WPS、Acrobat 的文字识别转成 Word"
        )
        return SourceFile(
            name, problem=why if images else phrase("这个 PDF 里没有文字；请检查文件，或向来源单位要 Word、Excel 原件")
        )
    remarks += [
        phrase("斜着印的水印“{mark}”没有读取（{count} 页）", mark=mark, count=count)
        for mark, count in Counter(filter(None, marks)).items()
    ]
    habits = habits_of(found)
    joined = tuple(join_pages(found))
    lines = [line for piece in found for line in piece.lines(name, habits)]
    if not any(piece.table for piece in found):
        remarks.append(
            phrase("这个 PDF 里没有带框线的表格，按文字的位置分栏，请逐行核对；若有 Word 或 Excel 原件，请用原件导入")
        )
    return SourceFile(name, tuple(lines), remarks=tuple(remarks), unread=tuple(unread), joined=joined)


def _is_straight(thing: Any) -> bool:  # noqa: ANN401 - pdfplumber's object
    """Whether a character stands level or upright; all that is drawn is."""
    if thing["object_type"] != "char":
        return True
    across, up = abs(thing["matrix"][0]), abs(thing["matrix"][1])
    return bool(min(across, up) <= TILT * max(across, up))


def _unread(page: Any) -> Iterator[Phrase]:  # noqa: ANN401
    """A page that is a picture; fields to fill in on the screen, which are no part of the page's text."""
    if page.images and not page.chars:
        yield phrase("第 {number} 页是图片，里面的字没有读取", number=page.page_number)
    if any((a.get("data") or {}).get("V") for a in page.annots):
        number = page.page_number
        yield phrase("第 {number} 页有可以填写的表单栏，栏里的内容没有读取；请“打印为 PDF”再导入一次", number=number)


_CLOSING = "，。、；：？！）》」』】〕”’%％,.;:?!)\\]}…·"
_OPENING = "（《「『【〔“‘(\\[{¥￥"
_WORD = re.compile(
    rf"\s*[{_OPENING}]*(?:[A-Za-z0-9.,:/+\-_≥≤><=±~%*×]+|[^{_OPENING}])(?:[{_CLOSING}]|[“”‘’]+(?:[A-Za-z0-9.+\-]+|[^{_OPENING}]))*"
)


def _page(
    page: Any,  # noqa: ANN401 - pdfplumber's page
    columns: WordColumns | None,
    check: Callable[[], None],
) -> tuple[list[PagePiece], WordColumns | None]:
    """The tables of a page and the text around them, from top to bottom; columns that go on over the page's end."""
    settings = {"explicit_horizontal_lines": closing_lines(page.edges)}
    found = sorted(page.find_tables(settings), key=lambda t: t.bbox[1])
    check_tables(page.page_number, sum(len(t.rows) for t in found), len(found))
    read = [(t, _boxes(page, t, check)) for t in found if len(t.cells) > 1]
    read = [(t, cells) for t, cells in read if sum(bool(box.words) for box in cells) > 1]  # else a frame or a chart
    tables, boxes = [t for t, _ in read], [cells for _, cells in read]
    pieces = [
        (t.bbox[1], PagePiece(page.page_number, n, b)) for n, (t, b) in enumerate(zip(tables, boxes, strict=True), 1)
    ]
    shown = [c for c in page.chars if not (_is_turned(c) and _is_page_number(c["text"]))]
    outside = [c for c in shown if not any(_inside(c, t.bbox) for t in tables)]
    outside = [c for line in _char_lines(outside) if not _is_page_number(c["text"] for c in line) for c in line]
    for table, cells in zip(tables[:1] + tables[-1:], boxes[:1] + boxes[-1:], strict=True):
        outside = _overflow(outside, table.bbox, cells)
    lines = paragraphs(beside(list(_text_lines(outside))), float(page.width))
    items, columns = columned(lines, None if tables else columns)
    pieces += [(item.top, _text_piece(page.page_number, item)) for item in items]
    return [piece for _, piece in sorted(pieces, key=lambda p: p[0])], columns


def _text_piece(page: int, item: TextLine | Region) -> PagePiece:
    """A line of text, or a table without ruled lines."""
    if isinstance(item, TextLine):
        return PagePiece(page, text=tuple(chunk.text for chunk in item.chunks), number=item.number)
    boxes = [
        RuledBox(row, column, (1, 1), [words])
        for row, cells in enumerate(item.rows)
        for column, words in sorted(cells.items())
    ]
    return PagePiece(page, boxes=boxes, number=item.number)


def _overflow(chars: list[Any], table: tuple[float, float, float, float], boxes: Sequence[RuledBox]) -> list[Any]:
    """Text of a broken row may stand a little beyond the page's part of it: back into its cell."""
    bottom = max(b.row + b.span[0] for b in boxes)
    for box in boxes:
        above = box.open_top and box.row == 0
        below = box.open_bottom and box.row + box.span[0] == bottom
        under = [c for c in chars if below and 0 <= c["top"] - table[3] + c["size"] < BEYOND]
        over = [c for c in chars if above and 0 <= table[1] - c["bottom"] + c["size"] < BEYOND]
        found = [c for c in (*over, *under) if box.left < (c["x0"] + c["x1"]) / 2 < box.right]
        if found:
            words = _broken(found, box.left, box.right)
            box.words = [*words, *box.words] if above else [*box.words, *words]
            chars = [c for c in chars if c not in found]
    return chars


def closing_lines(edges: Iterable[Any]) -> list[dict[str, Any]]:
    """A line wherever several upright ones end without one: a row that goes on over the page is left open there."""
    upright = [e for e in edges if e["orientation"] == "v"]
    made = []
    for near, far in (("bottom", "top"), ("top", "bottom")):
        ends: list[Any] = []
        goes_on: list[Any] = []
        for e in upright:
            beyond = any(abs(o["x0"] - e["x0"]) < SNAP and abs(o[far] - e[near]) < SNAP for o in upright)
            (goes_on if beyond else ends).append(e)
        for level in _edges(e[near] for e in ends):
            at = [e["x0"] for e in ends if abs(e[near] - level) <= SNAP]
            through = [e["x0"] for e in goes_on if abs(e[near] - level) <= SNAP]
            through += [e["x0"] for e in upright if e["top"] < level - SNAP and e["bottom"] > level + SNAP]
            made += [_level_line(level, left, right) for left, right in _runs(at, through)]
    return made


def _runs(ends: Sequence[float], through: Sequence[float]) -> Iterator[tuple[float, float]]:
    """First and last of the ends that stand side by side, with nothing between them that goes on."""
    run: list[float] = []
    for x in [*sorted(ends), None]:
        if run and (x is None or any(run[-1] < other < x for other in through)):
            yield from [(run[0], run[-1])] if len(run) > 1 else []
            run = []
        run += [] if x is None else [x]


def _level_line(level: float, left: float, right: float) -> dict[str, Any]:
    place = {"x0": left, "x1": right, "top": level, "bottom": level, "width": right - left, "height": 0}
    return {**place, "object_type": "line", "orientation": "h"}


def _middle(char: Any) -> float:  # noqa: ANN401
    """How far down a character stands."""
    return float(char["top"] + char["bottom"]) / 2


def _inside(char: Any, box: tuple[float, float, float, float]) -> bool:  # noqa: ANN401
    return bool(box[0] <= (char["x0"] + char["x1"]) / 2 <= box[2] and box[1] <= _middle(char) <= box[3])


def _is_turned(char: Any) -> bool:  # noqa: ANN401
    """Whether a character is read from the side, as the number of a sheet across is."""
    return bool(abs(char["matrix"][0]) < abs(char["matrix"][1]))


def _is_page_number(words: Iterable[str]) -> bool:
    """Whether a line outside the tables is the number of its page."""
    return not "".join(words).strip("-—–·第页 /共0123456789")


def _text_lines(chars: Sequence[Any]) -> Iterator[TextLine]:
    """Lines of text outside tables; what stands far apart stays apart."""
    for number, line in enumerate(_char_lines(chars), 1):
        parts = [[line[0]]]
        for before, char in pairwise(line):
            if char["x0"] - before["x1"] > 1.5 * char["size"]:
                parts.append([])
            parts[-1].append(char)
        chunks = [Chunk(p[0]["x0"], p[-1]["x1"], "".join(c["text"] for c in p).strip()) for p in parts]
        chunks = [chunk for chunk in chunks if chunk.text]
        if chunks:
            yield TextLine(line[0]["top"], line[0]["size"], number, tuple(chunks))


def _boxes(page: Any, table: Any, check: Callable[[], None]) -> list[RuledBox]:  # noqa: ANN401
    """The cells of a table on a common grid, so that a wide or tall one has its span."""
    lefts, tops = (
        _edges(x for c in table.cells for x in (c[0], c[2])),
        _edges(y for c in table.cells for y in (c[1], c[3])),
    )
    level = [e for e in page.edges if e["orientation"] == "h"]
    chars = sorted(page.chars, key=_middle)
    boxes: list[RuledBox] = []
    for left, top, right, bottom in sorted(table.cells, key=lambda c: (c[1], c[0])):
        check()
        row, column = _index(tops, top), _index(lefts, left)
        span = max(1, _index(tops, bottom) - row), max(1, _index(lefts, right) - column)
        level_with = chars[bisect_left(chars, top, key=_middle) : bisect_right(chars, bottom, key=_middle)]
        inside = [c for c in level_with if _inside(c, (left, top, right, bottom))]
        box = RuledBox(row, column, span, _broken(inside, left, right), left, right)
        box.open_top, box.open_bottom = (not _is_ruled(level, y, left, right) for y in (top, bottom))
        box.room, box.head = _ends(inside, left, right)
        boxes.append(box)
    return boxes


def _ends(chars: Sequence[Any], left: float, right: float) -> tuple[float, float]:
    """The room behind the last line of a cell, and the width of its first word."""
    lines = _char_lines(chars)
    if not lines:
        return 0.0, 0.0
    padding = min(line[0]["x0"] for line in lines) - left
    return right - padding - lines[-1][-1]["x1"] - 0.3 * lines[-1][-1]["size"], _first_word(lines[0])


def _is_ruled(level: Iterable[Any], y: float, left: float, right: float) -> bool:
    """Whether a drawn line runs along most of a cell's upper or lower side."""
    drawn: float = sum(max(0.0, min(e["x1"], right) - max(e["x0"], left)) for e in level if abs(e["top"] - y) <= SNAP)
    return drawn > 0.5 * (right - left)


def _edges(values: Iterable[float]) -> list[float]:
    """Ruled edges from left to right or top to bottom, those close together as one."""
    made: list[float] = []
    for value in sorted(values):
        if not made or value - made[-1] > SNAP:
            made.append(value)
    return made


def _index(edges: Sequence[float], value: float) -> int:
    at = bisect_left(edges, value - SNAP)
    return min(at, len(edges) - 1)


def _broken(chars: Sequence[Any], left: float, right: float) -> Words:
    """Printed lines by the lines of the writer: one that had room for the next word was ended by him."""
    lines = [line for line in _char_lines(chars) if "".join(c["text"] for c in line).strip()]
    padding = min((line[0]["x0"] for line in lines), default=left) - left
    edge = max([right - padding, *(line[-1]["x1"] for line in lines)])
    made: Words = []
    for at, line in enumerate(lines):
        text = "".join(c["text"] for c in line)
        ended = at == 0 or lines[at - 1][-1]["x1"] + _first_word(line) < edge - 0.3 * line[0]["size"]
        made += [[text]] if ended else []
        if not ended:
            made[-1].append(text)
    return made


def _first_word(line: Sequence[Any]) -> float:
    """The width of what could not be parted at the head of a line."""
    text = "".join(c["text"] for c in line)
    match = _WORD.match(text)
    last = line[max(0, (match.end() if match else 1) - 1)] if len(text) == len(line) else line[0]
    return float(last["x1"] - line[0]["x0"])


def _char_lines(chars: Sequence[Any]) -> list[list[Any]]:
    """Characters by line, each from left to right, with a blank where the gap is wide."""
    lines: list[list[Any]] = []
    for char in sorted(chars, key=lambda c: ((c["top"] + c["bottom"]) / 2, c["x0"])):
        middle = (char["top"] + char["bottom"]) / 2
        line = lines[-1] if lines else []
        if line and abs((line[0]["top"] + line[0]["bottom"]) / 2 - middle) < 0.5 * char["size"]:
            line.append(char)
        else:
            lines.append([char])
    return [sorted(line, key=lambda c: c["x0"]) for line in lines]
