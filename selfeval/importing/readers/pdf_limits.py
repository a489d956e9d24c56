"""How much of a PDF is unpacked and drawn at most: a few kilobytes can ask for gigabytes, or for hours.

pdfminer unpacks every stream whole, reads whatever stands in it and draws whatever a page calls for. Its ways in
(inflate, LZW), each word it reads and each thing it draws are counted while a file is read.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from types import SimpleNamespace
from typing import Any

from selfeval.base.phrases import phrase

MAX_UNPACKED = 200_000_000
MAX_STREAM = 40_000_000
MAX_SECONDS = 120.0
MAX_DRAWN = 60_000
"""Characters, lines and frames drawn on one page, whether they can be seen or not."""
MAX_CHARS = 30_000
"""Characters of one page; a page of small print has 3,000."""
MAX_EDGES = 8_000
"""Ruled edges of one page; a dense form has 1,000."""
MAX_PAGE_ROWS = 120
"""Rows of all tables of one page; small print has 60."""
MAX_PAGE_TABLES = 40


class TooMuchError(Exception):
    """A PDF beyond these limits; its text is the reason, in Chinese."""


class _Meter:
    """What one reading has unpacked and drawn on its page, and when its time is up."""

    def __init__(self) -> None:
        self.bytes = self.drawn = 0
        self.end = time.monotonic() + MAX_SECONDS

    def inflate(self, data: bytes) -> bytes:
        """zlib.decompress, up to the limits."""
        return self.count(zlib.decompressobj().decompress(data, MAX_STREAM + 1))

    def piecewise(self) -> SimpleNamespace:
        """zlib.decompressobj, for streams that are damaged."""
        unpacker = zlib.decompressobj()
        return SimpleNamespace(decompress=lambda data: self.count(unpacker.decompress(data)))

    def count(self, data: bytes) -> bytes:
        """Adds what a stream gave."""
        self.bytes += len(data)
        if len(data) > MAX_STREAM or self.bytes > MAX_UNPACKED:
            raise TooMuchError(phrase("解压后超过 {limit} MB，不像正常的文件", limit=MAX_UNPACKED // 1_000_000))
        return data

    def unpack_lzw(self, data: bytes) -> bytes:
        """LZW (of old files), up to the limits."""
        from pdfminer.lzw import LZWDecoder

        return b"".join(map(self.count, LZWDecoder(BytesIO(data)).run()))

    def check(self) -> None:
        """Refuses to go on when time is up."""
        if time.monotonic() > self.end:
            raise TooMuchError(phrase("读了 {seconds} 秒还没有读完", seconds=int(MAX_SECONDS)))

    def begin_page(self) -> None:
        """Nothing is drawn yet."""
        self.drawn = 0

    def draw(self) -> None:
        """One thing more."""
        self.drawn += 1
        if self.drawn > MAX_DRAWN:
            raise TooMuchError(phrase("一页上画了 {most} 处以上，不像绩效目标表", most=MAX_DRAWN))

    def ways(self) -> list[tuple[Any, str, Any]]:
        """(owner, name, what stands there while a file is read) of pdfminer's functions."""
        from pdfminer import converter, pdftypes, psparser

        inflating = SimpleNamespace(decompress=self.inflate, decompressobj=self.piecewise, error=zlib.error)
        counted = [
            (psparser.PSBaseParser, "nexttoken", self.check),
            (converter.PDFLayoutAnalyzer, "begin_page", self.begin_page),
            (converter.PDFLayoutAnalyzer, "render_char", self.draw),
            (converter.PDFLayoutAnalyzer, "paint_path", self.draw),
        ]
        return [
            (pdftypes, "zlib", inflating),
            (pdftypes, "lzwdecode", self.unpack_lzw),
            *((owner, name, after(tell, getattr(owner, name))) for owner, name, tell in counted),
        ]


def after(tell: Callable[[], None], method: Callable[..., Any]) -> Callable[..., Any]:
    """A method that tells before it works."""

    def told(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - pdfminer's own arguments
        tell()
        return method(*args, **kwargs)

    return told


@contextmanager
def bounded() -> Iterator[Callable[[], None]]:
    """While it lasts, pdfminer unpacks and draws only so much for so long; TooMuchError beyond.

    Gives what raises it when time is up, for loops of our own.
    """
    meter = _Meter()
    ways = meter.ways()
    kept = [getattr(owner, name) for owner, name, _ in ways]
    try:
        for owner, name, way in ways:
            setattr(owner, name, way)
        yield meter.check
    finally:
        for (owner, name, _), way in zip(ways, kept, strict=True):
            setattr(owner, name, way)


def check_page(page: Any) -> None:  # noqa: ANN401 - pdfplumber's page
    """Refuses a page that no person could read, before its tables are looked for."""
    if len(page.chars) > MAX_CHARS or len(page.edges) > MAX_EDGES:
        drawn = {"number": page.page_number, "chars": len(page.chars), "edges": len(page.edges)}
        raise TooMuchError(phrase("第 {number} 页有 {chars} 个字、{edges} 条线，不像绩效目标表", **drawn))


def check_tables(number: int, rows: int, tables: int) -> None:
    """Refuses a page of so many rows or tables: four hundred of them are no forms."""
    if rows > MAX_PAGE_ROWS or tables > MAX_PAGE_TABLES:
        drawn = {"number": number, "tables": tables, "rows": rows}
        raise TooMuchError(phrase("第 {number} 页有 {tables} 张表、{rows} 行，不像绩效目标表", **drawn))
