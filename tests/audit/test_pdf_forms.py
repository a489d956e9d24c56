"""Elements that are written alike: read when asked for, and only where what differs cannot make them another thing."""

from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import read_object

from selfeval.audit.pdf_forms import formed_in
from selfeval.audit.pdf_syntax import Grammar

PLAIN = b"<</Type/StructElem/S/TD/P 12 0 R/A[<</O/Table/Headers[(U4x0)]>>]/K[7 8]/Pg 3 0 R>>"


@pytest.fixture
def grammar():
    writer, file = PdfWriter(), BytesIO()
    writer.add_blank_page(100, 100)
    writer.write(file)
    return Grammar(PdfReader(file))


def test_an_element_is_what_pypdf_reads_whichever_was_read_first(grammar):
    written = [PLAIN, PLAIN.replace(b"12 0", b"34 0").replace(b"U4x0", b"U5x1"), PLAIN.replace(b"7 8", b"9 6")]
    assert all(grammar.leave(1000 + at, one) for at, one in enumerate(written))
    for at, one in enumerate(written):
        assert grammar.reader.get_object(1000 + at) == read_object(BytesIO(one + b" "), grammar.reader)
    assert len(grammar.store.forms) == 1


def test_what_an_element_leads_to_is_told_by_its_form_and_its_numbers(grammar):
    grammar.leave(1000, PLAIN.replace(b"7 8", b"1 2"))
    grammar.leave(1001, PLAIN)
    form, written = formed_in(grammar.reader)[1001]
    assert form is formed_in(grammar.reader)[1000][0]
    assert [int(written[at]) for at in form.kids.marks] == [7, 8]
    assert int(written[form.kids.page]) == 3
    assert form.kids.elements == []


@pytest.mark.parametrize(
    ("due", "seen"),
    [
        (b"12 0 R", b"12 1 R"), (b"/S/TD", b"/S/H7"), (b"[7 8]", b"[7.5 8]"), (b"[7 8]", b"[-7 8]"),
        (b"[7 8]", b"[7 8a]"),
        (b"(U4x0)", b"(\\400)"), (b"/K[7 8]", b"/K[7 8]/K[7 8]"), (b">>", b""), (b"/P", b"%x\n/P"),
        (b"(U4x0)", b"( 0 R)( 0 R)"), (b"/Pg", b"/#50g"), (b"/Type/StructElem", b""),
    ],
)  # fmt: skip
def test_what_may_be_another_thing_is_read_by_itself(grammar, due, seen):
    """The form of a true element is known before: the forged one may not be taken for another of it."""
    grammar.leave(1000, PLAIN)
    shape = PLAIN.replace(due, seen)
    if grammar.leave(1001, shape):
        assert grammar.reader.get_object(1001) == read_object(BytesIO(shape + b" "), grammar.reader)
        assert formed_in(grammar.reader)[1001][0] is not formed_in(grammar.reader)[1000][0]
