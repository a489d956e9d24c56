"""The instructions of a page: found by one pattern as engines write them, and the same one by one."""

from __future__ import annotations

import re
from random import Random

import pytest

from selfeval.audit import pdf_drawing
from selfeval.audit.pdf_drawing import Hand
from selfeval.audit.pdf_fonts import Font
from selfeval.audit.pdf_instructions import instructions
from selfeval.audit.pdf_resources import AllResources
from selfeval.audit.pdf_shapes import Drawn, joined, run_of

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
    return drawn, ""


def page(random):
    """Instructions as engines write them, some in another order, and now and then a byte of another kind."""
    usual = random.choice([0.7, 1.0])
    content = b"/f1 9 Tf 0.5 w " + b"q " * 9 + b"/Artifact BMC " * 9
    for _ in range(random.randint(1, 40)):
        content += random.choice(USUAL if random.random() < usual else PIECES) + random.choice([b" ", b"\n"])
    if random.random() < 0.3:
        content = content.replace(b"\n", b"")
    if random.random() < 0.3:
        at = random.randrange(len(content))
        content = content[:at] + bytes([random.randrange(256)]) + content[at + 1 :]
    return content


@pytest.mark.parametrize("seed", range(20))
def test_a_sentence_says_what_its_instructions_say_one_by_one(seed, monkeypatch):
    random = Random(seed)
    pages = [page(random) for _ in range(200)]
    together = [drawn_by(content) for content in pages]
    monkeypatch.setattr(pdf_drawing, "SENTENCE", NOWHERE)
    for content, both in zip(pages, together, strict=True):
        assert drawn_by(content) == both, content
    assert sum(len(drawn.texts) for drawn, _ in together) > 100


def test_a_text_is_read_as_readers_read_it():
    assert list(instructions(rb"(\050a\8\n\1)Tj")) == [("Tj", [b"(a8\n\1"])]
    assert list(instructions(b"[<0>-5(\\\nb)]TJ")) == [("TJ", [[b"\0", -5.0, b"b"]])]


def test_a_blank_at_the_end_of_a_line_may_hang_over_the_edge():
    assert run_of(("　", "）", "　"), [1000] * 3).sides == (1000, 1500)
    assert run_of(("（", "甲", "乙"), [1000] * 3).sides == (500, 3000)


@pytest.mark.parametrize(("letters", "back", "torn"), [("道路", 450, True), ("道路", 100, False), ("）（", 450, False)])
def test_chinese_characters_do_not_stand_over_each_other(letters, back, torn):
    """Marks do: half of each is blank."""
    one, other = (run_of([letter], [1000.0]) for letter in letters)
    assert joined([(0.0, one), (1000.0 - back, other)], 2000.0).torn is torn
