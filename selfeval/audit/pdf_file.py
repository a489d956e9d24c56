"""The bytes of a PDF: which revisions it has, and whether each is header, objects, table, end and nothing else.

A file of ours is written in one go (a signature adds a revision behind it). Whatever lies between the objects, before
the header or behind the end is told; so two programs that open the file see the same objects.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from selfeval.audit.pdf_syntax import Opened, opened
from selfeval.base.phrases import phrase

if TYPE_CHECKING:
    from pypdf import PdfReader

MOST_REVISIONS = 12
"""More than anybody signs a report."""

_HEADER = re.compile(rb"%PDF-1\.7\r?\n(?:%[^\r\n]{4,16}\r?\n)?")
_END = re.compile(rb"startxref\s{1,2}(\d{1,12})\s{1,2}%%EOF\s{0,2}\Z")
_OBJECT = re.compile(rb"\s{0,2}(\d{1,8}) (\d{1,5}) obj\b")
_LENGTH = re.compile(rb"/Length\s{1,2}(\d{1,12})(?!\s{1,2}\d{1,5}\s{1,2}R)")
_STREAM = re.compile(rb">>\s{0,2}stream(?:\r\n|\n)")
_AFTER_STREAM = re.compile(rb"(?:\r?\n)?endstream\s{1,2}endobj\s{0,2}\Z")
_PREVIOUS = re.compile(rb"/Prev\s{1,2}(\d{1,12})\b")
_PART = re.compile(rb"(?:^|[\r\n])(\d{1,8}) (\d{1,8})\s{1,2}(?=\d{10} )")
MOST_NAMED = 2_000_000
_TABLE = re.compile(
    rb"xref\s{1,2}(?:\d{1,8} \d{1,8}\s{1,2}(?:\d{10} \d{5} [nf][ \r\n]{2})+)+trailer\s{0,2}<<.{0,4000}>>\s{0,2}\Z",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Revision:
    """A file as it was written at one time: where it ends, what a reader finds in it, where its own objects lie."""

    start: int
    end: int
    reader: PdfReader
    places: Mapping[int, int] = field(default_factory=dict)
    """Number → offset of the objects that were written with it."""
    packed: frozenset[int] = frozenset()
    """Numbers of those inside a stream of objects."""

    @property
    def numbers(self) -> frozenset[int]:
        """All objects that were written with it."""
        return self.packed | {*self.places}


@dataclass(frozen=True, slots=True)
class Layers:
    """The revisions of a file, the first first, and all that is strange about its bytes."""

    revisions: tuple[Revision, ...]
    problems: tuple[str, ...]


def layers_of(data: bytes, whole: Opened | None = None) -> Layers:
    """The revisions of a file; raises what pypdf raises where it cannot be read at all.

    `whole`: the file, where its objects have been read already.
    """
    problems: list[str] = []
    ends = [len(data), *ends_before(data)]
    revisions: list[Revision] = []
    for end in reversed(ends):
        start = revisions[-1].end if revisions else 0
        read = whole if whole and end == len(data) else opened(data[:end])
        revision = revision_of(data[:end], start, read.reader)
        problems += [*misplaced(data[:end], revision), *read.problems]
        if not read.complete and not revisions:
            problems.append(phrase("对象表没有写全"))
        if read.twice and not revisions:
            problems.append(phrase("对象流里有别处也有的对象"))
        revisions.append(revision)
    return Layers(tuple(revisions), tuple(dict.fromkeys(problems)))


def ends_before(data: bytes) -> Iterator[int]:
    """Where each earlier revision ends, the last first: a table of a later one names that of the one before."""
    for _ in range(MOST_REVISIONS):
        if (before := table_before(data)) is None:
            return
        mark = re.compile(rb"startxref\s{1,2}%d\s{1,2}%%%%EOF(?:\r\n|\n)?" % before).search(data, before)
        if mark is None or mark.end() >= len(data):
            return
        data = data[: mark.end()]
        yield mark.end()


def table_before(data: bytes) -> int | None:
    """Where the table lies that the last one of a file goes on from."""
    end = _END.search(data, max(len(data) - 64, 0))
    if end is None:
        return None
    head = data[int(end[1]) : end.start()]
    found = _PREVIOUS.search(head.partition(b"stream")[0])
    return int(found[1]) if found else None


def revision_of(data: bytes, start: int, reader: PdfReader) -> Revision:
    """What a reader finds in a file that ends here."""
    places = {
        number: offset
        for generation, entries in reader.xref.items()
        for number, offset in entries.items()
        if generation != 65535 and offset >= start and number
    }
    packed = {n for n, (stream, _) in reader.xref_objStm.items() if stream in places}
    return Revision(start, len(data), reader, places, frozenset(packed))


def misplaced(data: bytes, revision: Revision) -> Iterator[str]:
    """Bytes of a revision that belong to no object, and objects that are not where the table says."""
    end = _END.search(data, max(revision.start, len(data) - 64))
    if end is None:
        yield phrase("文件末尾不是 startxref 和 %%EOF，或后面还有别的内容")
        return
    begins = revision.start
    if not revision.start:
        header = _HEADER.match(data)
        if header is None:
            yield phrase("文件开头不是 %PDF-1.7，前面可能加进了内容")
            return
        begins = header.end()
    table = int(end[1])
    yield from _tiles(data, begins, table, end.start(), revision.places)


def _tiles(data: bytes, begins: int, table: int, stop: int, places: Mapping[int, int]) -> Iterator[str]:
    """Whether the objects lie side by side from the header to the table, and the table up to the end."""
    offsets = dict(sorted((offset, number) for number, offset in places.items()))
    if len(offsets) != len(places):
        yield phrase("对象表把两个对象指到同一处")
    is_table = data.startswith(b"xref", table)
    if is_table and not _TABLE.match(data[table:stop]):
        yield phrase("对象表之后有别的内容")
    if is_table and not names_each_once(data[table:stop], places):
        yield phrase("对象表把一个对象写了两处")
    if not is_table and table not in offsets:
        offsets[table] = int(found[1]) if (found := _OBJECT.match(data, table)) else 0
        offsets = dict(sorted(offsets.items()))
    starts = list(offsets)
    if not starts or data[begins : starts[0]].strip(b"\r\n"):
        yield phrase("第一个对象之前有别的内容")
    ends = [*starts[1:], table if is_table else stop]
    for at, until in zip(starts, ends, strict=False):
        if not is_object(data[at:until], offsets[at]):
            yield phrase("对象 {offsets} 与对象表不符，或前后夹有别的内容", offsets=offsets[at])


def names_each_once(table: bytes, places: Mapping[int, int]) -> bool:
    """Whether a table names no object twice: some programs take the first place, others the last."""
    parts = [(int(first), int(count)) for first, count in _PART.findall(table.partition(b"trailer")[0])]
    named = [number for first, count in parts if count <= MOST_NAMED for number in range(first, first + count)]
    return len({*named}) == len(named) and {*places} <= {*named}


def is_object(piece: bytes, number: int) -> bool:
    """Whether a piece of the file is one object of this number and nothing else."""
    head = _OBJECT.match(piece)
    if head is None or int(head[1]) != number or head[2] != b"0":
        return False
    stream = _STREAM.search(piece)
    if stream is None:
        return piece.rstrip(b"\r\n ").endswith(b"endobj") and piece.count(b"endobj") == 1
    sizes = _LENGTH.findall(piece[: stream.start()])
    if len(sizes) != 1:
        return False
    return _AFTER_STREAM.fullmatch(piece, stream.end() + int(sizes[0])) is not None
