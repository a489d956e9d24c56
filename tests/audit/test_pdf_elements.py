"""Elements that are looked at form by form, and tables read in columns, say what they say one by one."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from random import Random
from typing import Any

import pytest
from attempts import slow
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DecodedStreamObject, NameObject, NumberObject

from selfeval.audit import pdf_forms
from selfeval.audit.pdf_objects import WEASYPRINT, Make, _beyond, strange
from selfeval.audit.pdf_syntax import opened
from selfeval.audit.pdf_table import PlainReader, columns_of
from selfeval.audit.pdf_tree import Tree, tree_of

FIRST, PAGES, LEAF = 100, (10, 11, 12), 4
MAKE = Make(
    {
        "trailer": {"/Root": "catalog", "/Size": "int"},
        "catalog": {"/Type": "=/Catalog", "/Pages": "pages", "/StructTreeRoot": "tree"},
        "pages": {"/Type": "=/Pages", "/Kids": "[page]", "/Count": "int"},
        "page": {"/Type": "=/Page", "/Parent": "pages", "/MediaBox": "[number]"},
        "numbers": {"/Nums": "parents"},
        "tree": {"/K": "[element]", "/ParentTree": "numbers"},
        "element": WEASYPRINT.kinds["element"],
    },
    frozenset(),
)
FAULTS = (
    (b"/K", b"/J"), (b"/P ", b"/Q "), (b"/S /TD", b"/S /Odd"), (b"/S /TD", b"/S /Figure"), (b"/S /TD", b"/S/TD/T (x)"),
    (b"/Pg 11 0 R", b"/Pg 2 0 R"), (b"/Pg 11 0 R", b"/Pg 99999999 0 R"), (b"/Pg 11 0 R", b""), (b"101 0 R", b"102 0 R"),
    (b"[", b"[10 0 R "), (b"[", b"[101 0 R "), (b"[", b"[<</MCID 3/Type /MCR>> "), (b"/P 10", b"/P 1"),
    (b"/P 10", b"/P 7777"), (b"/Type /StructElem", b"/Type /Other"), (b"/StructElem", b"/StructElem/Alt (x)"),
)  # fmt: skip


def tree(chance: Random) -> dict[int, bytes]:
    """The objects of a file with a tree, of which now and then one is not as it should be."""
    objects = {
        1: b"<</Type /Catalog/Pages 2 0 R/StructTreeRoot 3 0 R>>",
        2: b"<</Type /Pages/Kids [10 0 R 11 0 R 12 0 R]/Count 3>>",
        3: b"<</K [%d 0 R]/ParentTree <</Nums [0 [%d 0 R]]>>>>" % (FIRST, FIRST),
    }
    objects |= dict.fromkeys(PAGES, b"<</Type /Page/Parent 2 0 R/MediaBox [0 0 9 9]>>")
    due, number, marks = [(FIRST, 3, 0)], FIRST, 0
    while due:
        one, parent, depth = due.pop()
        kids = [] if depth >= LEAF else [*range(number + 1, number + 1 + chance.choice((1, 2, 2, 3)))]
        number = max([number, *kids])
        held = [b"%d 0 R" % kid for kid in kids] or [b"%d" % (marks + at) for at in range(chance.randint(0, 3))]
        marks += len(held)
        page = b"/Pg %d 0 R" % PAGES[number % 3] if not kids or chance.random() < 0.1 else b""
        objects[one] = b"<</Type /StructElem/S /TD/K [%b]%b/P %d 0 R>>" % (b" ".join(held), page, parent)
        due += [(kid, one, depth + 1) for kid in reversed(kids)]
    for _ in range(chance.choice((0, 1, 2))):
        one = chance.choice([number for number in objects if number >= FIRST])
        due_there, seen = chance.choice(FAULTS)
        objects[one] = objects[one].replace(due_there, seen, 1)
    return objects


def written(objects: dict[int, bytes]) -> bytes:
    """A file of some objects."""
    content, places = b"%PDF-1.7\n", {}
    for number, text in objects.items():
        places[number] = len(content)
        content += b"%d 0 obj\n%b\nendobj\n" % (number, text)
    rows = b"".join(b"%d 1\n%010d 00000 n \n" % (number, at) for number, at in places.items())
    return content + b"xref\n%btrailer\n<</Root 1 0 R/Size 9999>>\nstartxref\n%d\n%%%%EOF\n" % (rows, len(content))


def read(data: bytes) -> tuple[list[str], Tree | str]:
    """What is strange about a file, and its tree, or what is wrong with that."""
    reader = opened(data).reader
    told = [*strange(reader, MAKE)]
    try:
        return told, tree_of(reader)
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        return told, type(error).__name__


@pytest.mark.parametrize("block", [0, *slow(1, 2, 3)])
def test_elements_looked_at_form_by_form_say_what_each_says(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    sound, false, broken, at_once = 0, 0, 0, 0
    for seed in range(block, 240, 4):
        data = written(tree(Random(seed)))
        one_by_one = read(data)
        with monkeypatch.context() as patched:
            patched.setattr(pdf_forms, "MANY", 0)
            assert read(data) == one_by_one, seed
            at_once += not [*_beyond(opened(data).reader, MAKE)]
        told, found = one_by_one
        sound, false, broken = sound + (not told), false + bool(told), broken + isinstance(found, str)
    assert min(sound, false, broken) >= 3
    assert at_once > 0.9 * sound, "where nothing is at fault, nothing is looked at again"


def test_numbers_that_are_too_high_are_read_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    data = written(tree(Random(0)))
    one_by_one = read(data)
    monkeypatch.setattr(pdf_forms, "MANY", 0)
    monkeypatch.setattr(pdf_forms, "HIGHEST", FIRST)
    monkeypatch.setattr("selfeval.audit.pdf_elements.beyond", None)
    monkeypatch.setattr("selfeval.audit.pdf_elements.Branches", None)
    assert read(data) == one_by_one


def tables(chance: Random) -> Iterator[tuple[list[int], list[int], bytes]]:
    """(/W, /Index, entries) of the tables of a file, the last first, some of them cut short or of another kind."""
    for _ in range(chance.randint(1, 3)):
        widths = [chance.choice((1, 1, 0)), chance.choice((3, 4, 9)), chance.choice((1, 2, 0))]
        counts = [chance.randint(0, 6) for _ in range(chance.randint(1, 3))]
        firsts = [chance.randint(0, 9) for _ in counts]
        entries = b""
        for _ in range(sum(counts)):
            kind = chance.choice((0, 1, 1, 2, 2, 2, chance.choice((2, 7))))
            values = kind, chance.randrange(2**24), 0 if kind == 1 and chance.random() < 0.95 else chance.randrange(9)
            entries += b"".join(value.to_bytes(w, "big") for value, w in zip(values, widths, strict=True) if w)
        index = [number for pair in zip(firsts, counts, strict=True) for number in pair]
        yield widths, index, entries[: len(entries) - chance.choice((0, 0, 0, 2))]


def places_in(reader: PdfReader, parts: list[tuple[list[int], list[int], bytes]]) -> Any:
    """What a reader makes of tables."""
    for widths, index, entries in parts:
        stream = DecodedStreamObject()
        stream.set_data(b"1 0 obj <</Type/XRef/Size 99/W %b/Index %b/Length %d>> stream\n%b\nendstream endobj" % (
            repr(widths).replace(",", "").encode(), repr(index).replace(",", "").encode(), len(entries), entries
        ))  # fmt: skip
        at = BytesIO(stream.get_data())
        at.seek(1)
        try:
            reader._read_pdf15_xref_stream(at)
        except Exception as error:  # noqa: BLE001 - pypdf's, whichever it is
            return type(error).__name__
    return reader.xref, reader.xref_objStm, [*reader.xref.get(0, ())], [*reader.xref_objStm]


def test_a_table_read_in_columns_says_what_pypdf_reads() -> None:
    blank, in_columns = written(tree(Random(0))), 0
    for seed in range(300):
        parts = [*tables(Random(seed))]
        one, other = PdfReader(BytesIO(blank)), PlainReader(BytesIO(blank))
        for reader in (one, other):
            reader.xref, reader.xref_objStm = {}, {}
        assert places_in(other, parts) == places_in(one, parts), seed
        widths, index, entries = parts[-1]
        table = DecodedStreamObject()
        table[NameObject("/W")] = ArrayObject(map(NumberObject, widths))
        table.set_data(entries)
        in_columns += columns_of(table, sum(index[1::2])) is not None
    assert in_columns > 30


def lines_of(chance: Random) -> bytes:
    """A table of lines behind its first letter, some of them in parts or of another kind."""
    end = chance.choice((b" \n", b" \n", b" \r", b"\r\n", b"\n"))
    parts = b""
    for _ in range(chance.choice((1, 1, 1, 2))):
        first = chance.choice((0, 0, 0, 0, 1, 4)) if not parts else chance.randint(5, 30)
        places = [chance.randrange(10**6) for _ in range(chance.randint(0, 9))]
        rows = [b"%010d 00000 n" % place for place in places]
        if not first:
            rows.insert(0, b"0000000000 65535 f")
        if rows and chance.random() < 0.3:
            strange = chance.choice((b"0000000000 00001 f", b"0000000007 00002 n", b"000000000x 00000 n", b"0 0 n"))
            rows[chance.randrange(len(rows))] = strange
        parts += b"%d %d%b" % (first, len(rows), chance.choice((b"\n", b"\r\n", b" \n"))) + b"".join(
            row + end for row in rows
        )
    return b"ref\n" + parts + chance.choice((b"trailer", b"trailer", b"trailer", b"%x\ntrailer", b"trail")) + b"\n<<>>"


def lines_in(kind: type[PdfReader], blank: bytes, chance: Random) -> Any:
    """What a reader makes of one to three such tables, the last first."""
    reader, ends = kind(BytesIO(blank)), list[int | str]()
    reader.xref, reader.xref_free_entry, reader.xref_index = {}, {}, 0
    for _ in range(chance.randint(1, 3)):
        at = BytesIO(lines_of(chance))
        try:
            reader._read_standard_xref_table(at)
            ends.append(at.tell())
        except Exception as error:  # noqa: BLE001 - pypdf's, whichever it is
            ends.append(type(error).__name__)
    return ends, reader.xref, [*reader.xref.get(0, ())], reader.xref_free_entry, reader.xref_index


def test_a_table_of_lines_read_in_one_piece_says_what_pypdf_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    blank, by_pypdf, asked = written(tree(Random(0))), PdfReader._read_standard_xref_table, list[type[PdfReader]]()
    monkeypatch.setattr(
        PdfReader, "_read_standard_xref_table", lambda *args: (asked.append(type(args[0])), by_pypdf(*args))[1]
    )
    for seed in range(300):
        assert lines_in(PlainReader, blank, Random(seed)) == lines_in(PdfReader, blank, Random(seed)), seed
    assert asked.count(PdfReader) - asked.count(PlainReader) > 30, "those are read in one piece"
