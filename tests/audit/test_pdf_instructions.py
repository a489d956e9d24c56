"""The instructions of a page: read by one pattern where they are of the usual shapes, and the same token by token."""

from __future__ import annotations

from random import Random

import pytest

from selfeval.audit.pdf_instructions import instructions, one_by_one
from selfeval.audit.pdf_shapes import run_of

PIECES = [
    b"q", b"Q", b"0 0 0 RG", b"/A1.0 gs", b"/f1 10.5 Tf", b"1 0 0 -1 65.6 668.5 cm", b"/c1 cs 0 scn", b"true", b"null",
    b"[<0001 0002>-500(\\000\\051x\\)y)]TJ", b"(a(b)c\\\nd\\8)Tj", b"<00A>Tj", b"[(\\1234)3.5.5]TJ",
    b"/Span<</MCID 3>>BDC", b"/Span <</MCID 4 /Lang (zh)>> BDC", b"% no more\n", b"/gs", b"<", b">>", b"[", b"]",
    b"(", b")", b"12w", b".5", b"-", b"/", b"\x00", b"\r", b"'", b"T*", b"f*", b"5 true w", b"+.5 1. m",
]  # fmt: skip


def all_of(read, content):
    """What is found, up to where it cannot be read."""
    found = []
    try:
        found.extend(iter(read(content)))
    except ValueError as error:
        found.append(str(error))
    return found


def slowly(content):
    """Every instruction token by token."""
    at = 0
    while at < len(content):
        at, word, operands = one_by_one(content, at)
        if word:
            yield word, operands


@pytest.mark.parametrize("seed", range(20))
def test_both_ways_of_reading_give_the_same(seed):
    random = Random(seed)
    for _ in range(200):
        content = b"".join(
            random.choice(PIECES) + random.choice([b" ", b"\n", b""]) for _ in range(random.randint(1, 12))
        )
        if random.random() < 0.3:
            at = random.randrange(len(content))
            content = content[:at] + bytes([random.randrange(256)]) + content[at + 1 :]
        assert list(map(repr, all_of(instructions, content))) == list(map(repr, all_of(slowly, content))), content


def test_a_text_is_read_as_readers_read_it():
    assert list(instructions(rb"(\050a\8\n\1)Tj")) == [("Tj", [b"(a8\n\1"])]
    assert list(instructions(b"[<0>-5(\\\nb)]TJ")) == [("TJ", [[b"\0", -5.0, b"b"]])]


def test_a_blank_at_the_end_of_a_line_may_hang_over_the_edge():
    assert run_of(("　", "）", "　"), [1000] * 3).sides == (1000, 1500)
    assert run_of(("（", "甲", "乙"), [1000] * 3).sides == (500, 3000)
