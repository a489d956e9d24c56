"""The instructions of a PDF's pages and drawings, taken apart; what they do `pdf_drawing` knows.

What our engines write to draw one thing is found by one pattern, as a sentence of instructions that are carried out one
after the other; any other instruction is read by itself.

What is repeated without going back is an atomic group, `(?>(?:…)*)`: a possessive repeat of a group (`*+` behind its
bracket) goes wrong in Python before 3.11.5 where its last attempt fails midway. Of one character it is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from selfeval.base.phrases import phrase

_TOKEN = re.compile(
    rb"[\x00\t\n\x0c\r ]+|%[^\r\n]*|(?P<number>[+-]?(?:\d+\.?\d*|\.\d+))(?![A-Za-z])"
    rb"|(?P<name>/[^\x00\t\n\x0c\r ()<>\[\]{}/%]*)"
    rb"|<(?P<hex>[0-9A-Fa-f\s]*)>|(?P<open><<|\[)|(?P<close>>>|\])|(?P<string>\()|(?P<word>[A-Za-z][A-Za-z0-9*]*|['\"])"
)
_PARTS = {
    b"blank": rb"[\t\n\x0c\r ]", b"end": rb"(?![A-Za-z0-9*])",
    b"number": rb"[+-]?(?:\d++\.?\d*+|\.\d++)(?![A-Za-z])", b"name": rb"/[^\x00\t\n\x0c\r ()<>\[\]{}/%]*+",
    b"text": rb"(?:<[0-9A-Fa-f]*+>|\((?>(?:[^()\\]|\\[\s\S])*)\))",
}  # fmt: skip
_PARTS |= {
    b"look": rb"(?>(?:(?:(?>(?:%(name)s%(blank)s*+)?)(?>(?:%(number)s%(blank)s++)*)"
    rb"(?:gs|cs|CS|scn|SCN|rg|RG|g|G|w|J|j|M|Tf|Tr|Ts)|\[\] 0 d)%(end)s%(blank)s*+)+)" % _PARTS,
    b"plain": rb"(?:%(blank)s++|%(name)s|%(number)s|%(text)s)" % _PARTS,
    b"six": rb"(?>(?:%(number)s%(blank)s++){6})" % _PARTS,
    b"shown": rb"(?:\[(?>(?:%(blank)s++|%(number)s|%(text)s)*)\]%(blank)s*+TJ|%(text)s%(blank)s*+Tj)%(end)s%(blank)s*+"
    % _PARTS,
}
SENTENCE = re.compile(
    rb"%(blank)s*+(?P<ended>(?>(?:EMC%(end)s%(blank)s*+)*))"
    rb"(?>(?P<mark>%(name)s%(blank)s*+(?:BMC|<<(?>(?:%(plain)s|\[(?>%(plain)s*)\])*)>>%(blank)s*+BDC)"
    rb"%(end)s%(blank)s*+)?)"
    rb"(?P<kept>(?>(?:q%(end)s%(blank)s*+)*))(?>(?:(?P<turn>%(six)s)cm%(end)s%(blank)s*+)?)(?>(?P<look>%(look)s)?)"
    rb"(?>(?:(?P<path>(?>(?:(?>(?:%(number)s%(blank)s++)*)(?:re|m|l|h)%(end)s%(blank)s++)+)"
    rb"(?>(?:W%(end)s%(blank)s++)?)[nfSB])%(end)s%(blank)s*+"
    rb"|BT%(end)s%(blank)s*+"
    rb"(?P<shown>(?>(?:(?>%(look)s?)(?>(?:%(six)sTm%(end)s%(blank)s*+)?)(?>%(look)s?)%(shown)s)+))"
    rb"ET%(end)s%(blank)s*+)?)(?P<back>(?>(?:Q%(end)s%(blank)s*+)*))" % _PARTS
)
"""What our engines write to draw one thing: its mark, what it looks like, a path or a text, and the way back."""

AT_ORIGIN = b"1 0 0 -1 0 0 "
_PARTS |= {
    b"begun": rb"EMC%(end)s%(blank)s*+"
    rb"(?:/Span%(blank)s*+<</MCID (?P<mark>\d{1,7}+)(?>(?:/Lang\(zh-CN\))?)>>%(blank)s*+BDC"
    rb"|/Artifact(?:%(blank)s*+BMC|<</Type/Layout>>BDC))%(end)s%(blank)s++" % _PARTS
}
PLACED = re.compile(
    rb"%(begun)s(?P<before>(?>%(look)s?)(?:q|BT)%(end)s%(blank)s++)1 0 0 -1 (?P<x>%(number)s) (?P<y>%(number)s) "
    rb"(?P<what>[cT]m%(end)s[^E]*+(?>(?:E(?!MC)[^E]*+)*)(?<=%(blank)s))(?=EMC)" % _PARTS
)
"""Where a mark ends, the number of the next one, and what is drawn under it: the same in many places, hence apart."""

LINE = re.compile(
    rb"%(begun)sq%(blank)s++q%(blank)s++(?P<look>%(look)s)(?P<ends>(?>(?:%(number)s%(blank)s++){2})m%(end)s%(blank)s++"
    rb"(?>(?:%(number)s%(blank)s++){2})l%(end)s)%(blank)s++S%(blank)s++Q%(blank)s++Q%(blank)s++(?=EMC)" % _PARTS
)
"""Where a mark ends, and a line without one that is read aloud."""

_PARTS |= {b"rectangle": rb"(?>(?:%(number)s%(blank)s++){4})re%(blank)s++" % _PARTS}
GROUND = re.compile(
    rb"q%(blank)s++%(rectangle)sW%(blank)s++n%(blank)s++/Artifact%(blank)s*+BMC%(blank)s++q%(blank)s++%(look)s"
    rb"%(rectangle)sW%(blank)s++n%(blank)s++%(rectangle)sf%(blank)s++Q%(blank)s++EMC%(blank)s++Q%(end)s%(blank)s*+"
    % _PARTS
)
"""The ground of a cell, cut off at its edge: that of the same cell in the head of each page is written alike."""

_SHOWN = re.compile(rb"(?>(%(look)s)?)(?>(?:(%(six)s)Tm%(end)s%(blank)s*+)?)(?>(%(look)s)?)(%(shown)s)" % _PARTS)
_ITEM = re.compile(rb"(%(text)s)|(%(number)s)" % _PARTS)
_STRING = re.compile(rb"[()\\]")
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|[\s\S])")
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b""}
_VALUES = frozenset({b"true", b"false", b"null"})


def instructions(content: bytes) -> Iterator[tuple[str, list[Any]]]:
    """(instruction, operands) of a stream; raises ValueError at what is neither."""
    at = 0
    while at < len(content):
        at, word, operands = one_by_one(content, at)
        if word:
            yield word, operands


def path_of(written: bytes) -> Iterator[tuple[str, list[float]]]:
    """The same of the path in a sentence, which is made of numbers and words with blanks between them."""
    numbers: list[float] = []
    for token in written.split():
        if token.isalpha():
            yield token.decode(), numbers
            numbers = []
        else:
            numbers.append(float(token))


@lru_cache(maxsize=20_000)
def six_of(written: bytes) -> tuple[float, ...]:
    """The numbers of a matrix in a sentence."""
    return tuple(map(float, written.split()))


@lru_cache(maxsize=20_000)
def shown_in(written: bytes) -> tuple[tuple[bytes, bytes, bytes, bytes], ...]:
    """(what changes the look, a place, more of the look, what is shown) one after the other, as they are written."""
    return tuple(_SHOWN.findall(written))


def items_in(shown: bytes) -> list[bytes | float]:
    """The texts of one that is shown in a sentence, and the steps between them."""
    return [text_of(text) if text else float(step) for text, step in _ITEM.findall(shown)]


def one_by_one(content: bytes, at: int) -> tuple[int, str, list[Any]]:
    """The next instruction, token by token: where it ends, its name ("" at the end of the stream), its operands."""
    operands: list[Any] = []
    open_: list[list[Any]] = []
    while at < len(content):
        token = _TOKEN.match(content, at)
        if token is None:
            raise ValueError(phrase("页面里有不认识的指令（{what}）", what=repr(content[at : at + 12])))
        at = token.end()
        kind = token.lastgroup
        where = open_[-1] if open_ else operands
        if kind == "word" and not open_ and token["word"] not in _VALUES:
            return at, token["word"].decode("latin-1"), operands
        if kind == "open":
            open_.append([])
        elif kind == "close":
            if not open_:
                raise ValueError(phrase("页面里有不成对的括号"))
            closed = open_.pop()
            (open_[-1] if open_ else operands).append(closed)
        elif kind == "string":
            text, at = string_at(content, at)
            where.append(text)
        elif kind:
            where.append(operand(kind, token))
    return at, "", operands


def operand(kind: str, token: re.Match[bytes]) -> Any:  # noqa: ANN401
    """A number, a name, a text in hexadecimal digits."""
    if kind == "number":
        return float(token["number"])
    if kind == "hex":
        return from_digits(b"".join(token["hex"].split()))
    return token[kind].decode("latin-1")


def from_digits(digits: bytes) -> bytes:
    """A text in hexadecimal digits; a last one that is missing is 0."""
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())


@lru_cache(maxsize=20_000)
def text_of(written: bytes) -> bytes:
    """A text as it is written, in brackets without others inside it or in hexadecimal digits."""
    inner = written[1:-1]
    if written[:1] == b"<":
        return from_digits(inner)
    return _ESCAPED.sub(lambda found: meant(found[1]), inner) if b"\\" in inner else inner


def meant(escaped: bytes) -> bytes:
    """What stands behind a backslash: up to three octal digits, or one character."""
    return (
        bytes([int(escaped, 8) & 255])
        if escaped[:1].isdigit() and escaped[:1] < b"8"
        else _ESCAPES.get(escaped, escaped)
    )


def string_at(content: bytes, at: int) -> tuple[bytes, int]:
    """A text in brackets, and where it ends."""
    parts, depth = [], 1
    while True:
        mark = _STRING.search(content, at)
        if mark is None:
            raise ValueError(phrase("页面里的文字没有结尾"))
        parts.append(content[at : mark.start()])
        at = mark.end()
        if mark[0] == b"\\":
            found = _ESCAPED.match(content, at - 1)
            if found is None:
                raise ValueError(phrase("页面里的文字没有结尾"))
            parts.append(meant(found[1]))
            at = found.end()
            continue
        depth += 1 if mark[0] == b"(" else -1
        if not depth:
            return b"".join(parts), at
        parts.append(mark[0])
