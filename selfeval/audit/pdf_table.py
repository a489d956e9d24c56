"""Where the objects of a PDF are: pypdf's reader, but that it reads in one piece what is written as ours are.

pypdf asks for each number in a table of places by itself, and for each head of an object letter by letter: there are
hundreds of thousands. Whatever is written otherwise is left to it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain
from struct import unpack
from typing import Any

from pypdf import PdfReader

WIDEST = 8
"""So many bytes has a number in a table at most."""

PARTS = 3
FREE, PLAIN, PACKED = 0, 1, 2
"""What an entry is of: no object, one that begins at a place, one in a stream of objects."""

NEVER = 65535
"""The generation of the first number, which no object has."""

LINE, END = 20, b"trailer"
_TABLE = re.compile(rb"ref\r?\n0 ([1-9]\d{0,7})\r?\n(?=0)")
_LINES = re.compile(rb"0000000000 65535 f(?: \r| \n|\r\n)(?>(?:\d{10} 00000 n(?: \r| \n|\r\n))+)")
_HEADER = re.compile(rb"(\d{1,8}+) (\d{1,5}+) obj[\n\r ]*+(?=[<\[(/\d])")
Columns = tuple[Sequence[int], Sequence[int], Sequence[int]]


class PlainReader(PdfReader):
    """A reader. Mutable, as pypdf's is."""

    packed: Any = None
    """The table that is about to be read, packed in a stream."""

    def read_object_header(self, stream: Any) -> tuple[int, int]:  # noqa: ANN401
        """Number and generation; the stream is then where the object begins."""
        at = stream.tell()
        if head := _HEADER.match(stream.read(32)):
            stream.seek(at + head.end())
            return int(head[1]), int(head[2])
        stream.seek(at)
        return super().read_object_header(stream)

    def _read_standard_xref_table(self, stream: Any) -> None:  # noqa: ANN401
        """A table of lines that names all numbers in turn; the stream is then behind the word that ends it."""
        at = stream.tell()
        head = _TABLE.match(stream.read(32))
        stream.seek(at + (head.end() if head else 0))
        lines = stream.read(LINE * int(head[1])) if head else b""
        if not _LINES.fullmatch(lines) or stream.read(len(END)) != END:
            stream.seek(at)
            super()._read_standard_xref_table(stream)
            return
        for generation in (NEVER, 0):
            self.xref.setdefault(generation, {})
            self.xref_free_entry.setdefault(generation, {})
        plain, free, all_free = self.xref[0], self.xref_free_entry[0], self.xref_free_entry[NEVER]
        all_free[0] = True
        for number, place in enumerate(map(int, lines.split()[3::3]), 1):
            if number not in plain:
                plain[number] = place
                free[number] = all_free[number] = False

    def _sanitize_pdf15_xref_stream_index_pairs(self, *args: Any, **named: Any) -> Any:  # noqa: ANN401
        """Asked of each table before it is read."""
        self.packed = named.get("xref_stream")
        return super()._sanitize_pdf15_xref_stream_index_pairs(*args, **named)

    def _read_xref_subsections(self, idx_pairs: Any, get_entry: Any, used_before: Any) -> None:  # noqa: ANN401
        """The entries of a table; a number that stands in a later one, or before, is not read again."""
        parts = [range(first, first + count) for first, count in self._pairs(idx_pairs)]
        columns, self.packed = columns_of(self.packed, sum(map(len, parts))), None
        if columns is None:
            super()._read_xref_subsections(idx_pairs, get_entry, used_before)
            return
        if PLAIN in columns[0]:
            self.xref.setdefault(0, {})
        plain, packed = self.xref.get(0, {}), self.xref_objStm
        for number, kind, place, other in zip(chain(*parts), *columns, strict=True):
            if kind == FREE or number in plain or number in packed:
                continue
            if kind == PLAIN:
                plain[number] = place
            else:
                packed[number] = place, other


def columns_of(table: Any, count: int) -> Columns | None:  # noqa: ANN401 - pypdf's stream
    """Kinds, places, and generations or places in a stream of so many entries; None where it is not as ours are."""
    sizes = [*map(int, table["/W"])] if table is not None else []
    width, data = sum(sizes), table.get_data() if sizes else b""
    if len(sizes) != PARTS or not all(0 < size <= WIDEST for size in sizes) or len(data) < width * count:
        return None
    data = data[: width * count]
    kinds, places, others = (column(data, width, sum(sizes[:at]), size) for at, size in enumerate(sizes))
    known = {*kinds} <= {FREE, PLAIN, PACKED}
    plain = all(not other for kind, other in zip(kinds, others, strict=True) if kind == PLAIN)
    return (kinds, places, others) if known and plain else None


def column(data: bytes, width: int, start: int, size: int) -> tuple[int, ...]:
    """The numbers that stand at one place of each entry, the highest byte first."""
    count = len(data) // width
    eight = bytearray(WIDEST * count)
    for at in range(size):
        eight[WIDEST - size + at :: WIDEST] = data[start + at :: width]
    return unpack(f">{count}Q", eight)
