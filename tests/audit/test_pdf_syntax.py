"""The objects of a PDF: read as pypdf reads them where they are written as ours are, and told where they are not."""

from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, read_object

from selfeval.audit.pdf_syntax import Grammar, StrangeError


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
    assert plain(value) == plain(read_object(BytesIO(written + b" "), reader))


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
