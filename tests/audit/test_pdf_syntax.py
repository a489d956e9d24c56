"""The objects of a PDF: read as pypdf reads them where they are written as ours are, and told where they are not."""

from __future__ import annotations

import zlib
from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject
from pypdf.generic import read_object as read_by_pypdf

from selfeval.audit import pdf_syntax
from selfeval.audit.pdf_syntax import Grammar, StrangeError, read_object


@pytest.fixture(scope="module")
def reader():
    writer, file = PdfWriter(), BytesIO()
    writer.add_blank_page(100, 100)
    writer.write(file)
    return PdfReader(file)


def plain(value):
    """An object as something that can be compared."""
    if isinstance(value, DictionaryObject):
        return {key: plain(value.raw_get(key)) for key in value}
    if isinstance(value, ArrayObject):
        return [plain(item) for item in list.__iter__(value)]
    return ("R", value.idnum) if isinstance(value, IndirectObject) else (type(value).__name__, str(value))


@pytest.mark.parametrize(
    "written",
    [
        b"<</Type/Page/K[1 2 3 0 R -4.50 .5]/A<<>>/B[]/C true/D null/E false>>",
        rb"<< /T (a\(b\)\n\\ \344\366) /U <FEFF4E2D> /V <> /W () /X (a(b)c) >>",
        b"[/a#2Fb /text#2Fcsv 12 0 R 12 0 12 0 R]",
        "<</N /数量>>".encode(),
    ],
)
def test_what_is_written_plainly_is_what_pypdf_reads(reader, written):
    value, end = Grammar(reader).read(written, 0)
    assert end == len(written)
    assert plain(value) == plain(read_by_pypdf(BytesIO(written + b" "), reader))


@pytest.mark.parametrize(
    "written",
    [
        b"<</A 1/A 2>>", b"<</A 1/#41 2>>", b"<</A>>", b"<<1 2>>", b"[1 2", b"[1>>", b"<</A %x\n1>>", rb"(a\8)",
        rb"(\666)", b"(a\rb)", b"(a(b(c)))", b"<4 1>", b"<4G>", b"/a#G1", b"/a#00", b"1.2.3", b"--1", b"12R",
        b"[1 2 R]", b"true1", b"[[[[[[[[[[[[[[[", b"(",
    ],
)  # fmt: skip
def test_what_programs_read_in_different_ways_is_told(reader, written):
    with pytest.raises((StrangeError, ValueError)):
        Grammar(reader).read(written, 0)


TWO = zlib.compress(b"one") + zlib.compress(b"other")


@pytest.mark.parametrize(
    ("told", "content", "is_ours"),
    [
        (b"/Filter/FlateDecode", zlib.compress(b"one"), True),
        (b"/Filter[/FlateDecode]", zlib.compress(b"one"), True),
        (b"", b"one", True),
        (b"/Filter/FlateDecode", TWO, False),
        (b"/Filter/FlateDecode", b"one", False),
        (b"/Filter 3 0 R", TWO, False),
        (b"/Filter[3 0 R]", TWO, False),
        (b"/Filter[/FlateDecode/FlateDecode]", TWO, False),
    ],
)
def test_a_stream_holds_one_content_packed_as_it_says_itself(reader, told, content, is_ours):
    grammar = Grammar(reader)
    data = b"9 0 obj\n<<%b/Length %d>>\nstream\n%b\nendstream\nendobj\n" % (told, len(content), content)
    assert read_object(grammar, data, 9, 0) is is_ours
    assert not is_ours or grammar.store[0, 9].get_data() == b"one"


def test_of_a_stream_that_unpacks_to_much_no_more_is_kept_than_there_is_room_for(reader, monkeypatch):
    monkeypatch.setattr(pdf_syntax, "ROOM", 5)
    grammar, content = Grammar(reader), zlib.compress(b"four")
    data = b"9 0 obj\n<</Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream\nendobj\n" % (len(content), content)
    for number in (9, 8):
        assert read_object(grammar, data, number, 0)
    kept = [grammar.store[0, number].decoded_self is not None for number in (9, 8)]
    assert kept == [True, False]
    assert grammar.store[0, 8].get_data() == b"four"
