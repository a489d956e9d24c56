"""The instructions of a page: found by one pattern as engines write them, and the same one by one."""

from __future__ import annotations

import dataclasses
import re
from random import Random

import pytest
from attempts import some

from selfeval.audit import pdf_drawing
from selfeval.audit.pdf_drawing import Hand
from selfeval.audit.pdf_fonts import Font
from selfeval.audit.pdf_instructions import instructions
from selfeval.audit.pdf_resources import AllResources
from selfeval.audit.pdf_shapes import Drawn, joined, run_of, together

PIECES = [
    b"q", b"Q", b"0 0 0 RG", b"/A1.0 gs", b"/f1 10.5 Tf", b"1 0 0 -1 65.6 668.5 cm", b"/c1 cs 0 scn", b"true", b"null",
    b"[<0001 0002>-500(\\000\\051x\\)y)]TJ", b"(a(b)c\\\nd\\8)Tj", b"<00A>Tj", b"[(\\1234)3.5.5]TJ",
    b"/Span<</MCID 3>>BDC", b"/Span <</MCID 4 /Lang (zh)>> BDC", b"% no more\n", b"/gs", b"<", b">>", b"[", b"]",
    b"(", b")", b"12w", b".5", b"-", b"/", b"\x00", b"\r", b"'", b"T*", b"f*", b"5 true w", b"+.5 1. m",
]  # fmt: skip
USUAL = [
    b"q", b"Q", b"EMC", b"/Artifact BMC", b"/Span <</MCID 5>> BDC", b"EMC/Span<</MCID 6/Lang(zh-CN)>>BDC",
    b"/Artifact<</Type/Pagination/Subtype/Header/Attached[/Top]>>BDC", b"/Span<</ActualText<FEFF4E01>/MCID 7>>BDC",
    b"q 1 0 0 -1 20 800 cm/g0 gs/c0 cs 0 0 0.2 scn", b"0.75 0 0 0.75 0 0 cm", b"/A1.0 gs 0 0 0 rg", b"1 0 0 RG 0.5 w",
    b"BT 0 Tr/f1 10.5 Tf 1 0 0 -1 0 0 Tm[<00010002>-500(\000\051)]TJ ET", b"BT 1 0 0 1 7 9 Tm /f2 12 Tf <0003> Tj ET",
    b"BT 2 Tr 0 g 0 G 1 0 0 1 7 9 Tm /f2 12 Tf [<0003>1 <>-3] TJ /f1 9 Tf 1 Ts [<0004>] TJ 0 Tr ET",
    b"BT <0007> Tj ET", b"BT ET",
    b"10 20 30 40 re W n", b"10 20 m 10 90 l S", b"0 0 m 5 0 l 5 5 l 0 5 l h f", b"1 2 3 4 re B", b"1 2 m 1 9 l S",
    b"EMC/Span<</MCID 8>>BDC\nq 1 0 0 -1 5.5 6 cm/c1 cs 0 scn\nBT/f1 9 Tf 1 0 0 -1 0 0 Tm(\\000\\003)Tj\nET\nQ\nEMC",
    b"/Span<</MCID 9>>BDC\nq 1 0 0 -1 7 8.25 cm/c1 cs 0 scn\nBT/f1 9 Tf 1 0 0 -1 0 0 Tm(\\000\\003)Tj\nET\nQ\nEMC",
    b"/Artifact<</Type/Layout>>BDC\nq 1 0 0 -1 1 2 cm/c1 CS 0 SCN 0.5 w 4 M 0 0 m 0 446.9 l\nS\nQ\n",
    b"EMC\n/Span\n<</MCID 9>>\nBDC\n0 0 1 rg\nBT\n1 0 0 -1 5 6 Tm\n/f1 9 Tf\n[<0003>-2<0005>] TJ\nET\n",
    b"EMC\n/Span\n<</MCID 9>>\nBDC\nBT\n1 0 0 -1 5 6 Tm\n/f1 9 Tf\n[<0003>-2<0005>] TJ\n/f2 9 Tf <0006> Tj\nET\nQ\n",
    b"EMC\n/Span\n<</MCID 7>>\nBDC\nBT\n1 0 0 -1 50 6 Tm\n(E EMC \000)Tj\nET\nEMC\n/Artifact\nBMC\n",
    b"EMC\n/Artifact\nBMC\nq\nq\n0 0 1 RG\n0.5 w\n1 2 m\n9 2 l\nS\nQ\nQ\nEMC/Artifact BMC ",
    b"q 5 6 7 8 re W n /Artifact BMC q /g0 gs 0 0 1 rg 5 6 7 8 re W n 5 6 7 8 re f Q EMC Q",
    b"q\n5 6 7 8 re\nW\nn\n/Artifact\nBMC\nq\n0 0 1 rg\n5 7 7 8 re\nW\nn\n1 6 7 8 re\nf\nQ\nEMC\nQ\nQ",
    b"q /f1 8 Tf 0 g 2 2 2 2 re f Q", b"q BT 0 1 -1 0 3 4 Tm /f1 8 Tf <0001> Tj ET Q", b"[3 1] 0 d", b"4 M 1 J 1 j",
]  # fmt: skip


NOWHERE = re.compile(rb"(?!)")


class Held(dict):
    """A dictionary as pypdf has it."""

    def get_object(self):
        return self


FONT = Font("F", {glyph: chr(0x4E00 + glyph) for glyph in range(0x1000)}, {}, b"")
RESOURCES = Held({
    "/ExtGState": Held({"/A1.0": Held({"/CA": 0.5, "/ca": 0.7}), "/g0": Held({"/ca": 0.1})}),
    "/ColorSpace": Held({"/c1": Held({1: Held({"/N": 1})}), "/c0": Held({1: Held({"/N": 3})})}),
    "/Font": Held({"/f1": Held(), "/f2": Held()}),
})  # fmt: skip


def drawn_by(content):
    """All that a page shows, or why nobody can tell."""
    drawn = Drawn()
    try:
        Hand(drawn, AllResources(lambda _: FONT)).carry_out(content, RESOURCES)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        return drawn, repr(error)
    return dataclasses.replace(drawn, texts=together(drawn.texts)), ""


def page(random):
    """Instructions as engines write them, some in another order, and now and then a byte of another kind."""
    usual = random.choice([0.7, 1.0])
    content = (
        random.choice([b"", b"1 0 0 -1 0 800 cm "])
        + b"/f1 9 Tf 0.5 w "
        + b"q " * 9
        + b"/Artifact BMC " * random.choice([1, 9])
    )
    for _ in range(random.randint(1, 40)):
        content += random.choice(USUAL if random.random() < usual else PIECES) + random.choice([b" ", b"\n"])
    if random.random() < 0.3:
        content = content.replace(b"\n", b"")
    if random.random() < 0.3:
        at = random.randrange(len(content))
        content = content[:at] + bytes([random.randrange(256)]) + content[at + 1 :]
    return content


@pytest.mark.parametrize("seed", some(range(20), 4))
def test_a_sentence_says_what_its_instructions_say_one_by_one(seed, monkeypatch):
    random = Random(seed)
    pages = [page(random) for _ in range(200)]
    together = [drawn_by(content) for content in pages]
    monkeypatch.setattr(pdf_drawing, "SENTENCE", NOWHERE)
    monkeypatch.setattr(pdf_drawing, "GROUND", NOWHERE)
    monkeypatch.setattr(pdf_drawing, "is_plain", lambda _: False)
    for content, (drawn, why) in zip(pages, together, strict=True):
        one_by_one, other = drawn_by(content)
        assert other == why, content
        assert why or alike(one_by_one, drawn), content
    assert sum(len(drawn.texts) for drawn, _ in together) > 100


def alike(one, other):
    """Whether two things are the same but for how their places were added up."""
    if isinstance(one, float | int) and isinstance(other, float | int):
        return abs(one - other) < 1e-6
    if dataclasses.is_dataclass(one):
        return alike(*[[getattr(thing, field.name) for field in dataclasses.fields(thing)] for thing in (one, other)])
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    return one == other


@pytest.mark.parametrize(
    "text", [b"(\000\003) Tj", b"[(EMC \000\003)3] TJ", b"(\000\003) Tj % EMC\n", b"(\000\003) TjEMC"], ids=repr
)
def test_what_stands_in_many_places_is_read_as_in_one(text, monkeypatch):
    """What is drawn again need not be read again; where it ends otherwise than it seems, it is read one by one."""
    begun = b"1 0 0 -1 0 800 cm /f1 9 Tf /Span <</MCID 0>> BDC q "
    again = b"EMC\n/Span <</MCID %d>> BDC\nBT\n1 0 0 -1 %d 2.5 Tm\n" + text.replace(b"%", b"%%") + b"\nET\n"
    content = begun + b"".join(again % (at, 30 * at) for at in range(1, 5)) + b"EMC Q"
    drawn, why = drawn_by(content)
    monkeypatch.setattr(pdf_drawing, "is_plain", lambda _: False)
    one_by_one, other = drawn_by(content)
    assert why == other
    assert why or (alike(drawn, one_by_one) and len(drawn.texts) == 4)


def test_a_text_is_read_as_readers_read_it():
    assert list(instructions(rb"(\050a\8\n\1)Tj")) == [("Tj", [b"(a8\n\1"])]
    assert list(instructions(b"[<0>-5(\\\nb)]TJ")) == [("TJ", [[b"\0", -5.0, b"b"]])]


@pytest.mark.parametrize(
    ("steps", "count"), [(b"", 1), (b"-250", 1), (b"-400", 2), (b"100", 2)], ids=["on", "near", "apart", "over"]
)
def test_texts_of_a_line_are_one_where_the_next_goes_on(steps, count):
    content = b"BT 1 0 0 1 7 9 Tm /f1 10 Tf [<0003>%b] TJ /f2 10 Tf [<0004>] TJ /f2 8 Tf [<0005>] TJ ET" % steps
    drawn, _ = drawn_by(content)
    assert len(drawn.texts) == count + 1
    assert drawn.texts[0].sides[0] == 7
    assert drawn.texts[-1].size == 8


def test_a_blank_at_the_end_of_a_line_may_hang_over_the_edge():
    assert run_of(("　", "）", "　"), [1000] * 3).sides == (1000, 1500)
    assert run_of(("（", "甲", "乙"), [1000] * 3).sides == (500, 3000)


@pytest.mark.parametrize(("letters", "back", "torn"), [("道路", 450, True), ("道路", 100, False), ("）（", 450, False)])
def test_chinese_characters_do_not_stand_over_each_other(letters, back, torn):
    """Marks do: half of each is blank."""
    one, other = (run_of([letter], [1000.0]) for letter in letters)
    assert joined([(0.0, one), (1000.0 - back, other)], 2000.0).torn is torn
