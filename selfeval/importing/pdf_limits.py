"""How much of a PDF is unpacked and drawn at most: a few kilobytes can ask for gigabytes, or for hours.

pdfminer unpacks every stream whole and draws whatever a page calls for. Its three ways in (inflate, LZW, one content
stream) are counted while a file is read.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from types import SimpleNamespace
from typing import Any

MAX_UNPACKED = 200_000_000
MAX_STREAM = 40_000_000
MAX_SECONDS = 120.0
MAX_CHARS = 30_000
"""Characters of one page; a page of small print has 3,000."""
MAX_EDGES = 8_000
"""Ruled edges of one page; a dense form has 1,000."""


class TooMuchError(Exception):
    """A PDF beyond these limits; its text is the reason, in Chinese."""


class _Meter:
    """What one reading has unpacked, and since when it runs."""

    def __init__(self) -> None:
        self.bytes = 0
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
            raise TooMuchError(f"解压后超过 {MAX_UNPACKED // 1_000_000} MB，不像正常的文件")
        return data

    def unpack_lzw(self, data: bytes) -> bytes:
        """LZW (of old files), up to the limits."""
        from pdfminer.lzw import LZWDecoder

        return b"".join(map(self.count, LZWDecoder(BytesIO(data)).run()))

    def drawing(self, draw: Callable[..., None]) -> Callable[..., None]:
        """The drawing of a content stream, refused when time is up: streams may call each other without end."""

        def timed(*args: Any) -> None:  # noqa: ANN401 - pdfminer's own arguments
            if time.monotonic() > self.end:
                raise TooMuchError(f"读了 {MAX_SECONDS:.0f} 秒还没有读完")
            draw(*args)

        return timed


@contextmanager
def bounded() -> Iterator[None]:
    """While it lasts, pdfminer unpacks and draws only so much; TooMuchError beyond."""
    from pdfminer import pdfinterp, pdftypes

    meter = _Meter()
    streams: Any = pdftypes
    interpreter: Any = pdfinterp.PDFPageInterpreter
    kept = streams.zlib, streams.lzwdecode, interpreter.execute
    streams.zlib = SimpleNamespace(decompress=meter.inflate, decompressobj=meter.piecewise, error=zlib.error)
    streams.lzwdecode, interpreter.execute = meter.unpack_lzw, meter.drawing(interpreter.execute)
    try:
        yield
    finally:
        streams.zlib, streams.lzwdecode, interpreter.execute = kept


def check_page(page: Any) -> None:  # noqa: ANN401 - pdfplumber's page
    """Refuses a page that no person could read, before its tables are looked for."""
    if len(page.chars) > MAX_CHARS or len(page.edges) > MAX_EDGES:
        drawn = f"{len(page.chars)} 个字、{len(page.edges)} 条线"
        raise TooMuchError(f"第 {page.page_number} 页有 {drawn}，不像绩效目标表")
