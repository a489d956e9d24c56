"""The instructions of a PDF's pages and drawings, taken apart; what they do `pdf_drawing` knows.

An instruction as our engines write it is read by one pattern, any other token by token; both give the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from selfeval.base.phrases import phrase

_NUMBER = rb"[+-]?(?:\d++\.?\d*+|\.\d++)"
_NAME = rb"/[^\x00\t\n\x0c\r ()<>\[\]{}/%]*+"
_HEX = rb"<[0-9A-Fa-f]*+>"
_TEXT = rb"\((?:[^()\\]|\\[\s\S])*+\)"
_BLANK = rb"[\t\n\x0c\r ]"
_TOKEN = re.compile(
    rb"[\x00\t\n\x0c\r ]+|%[^\r\n]*|(?P<number>[+-]?(?:\d+\.?\d*|\.\d+))(?![A-Za-z])"
    rb"|(?P<name>/[^\x00\t\n\x0c\r ()<>\[\]{}/%]*)"
    rb"|<(?P<hex>[0-9A-Fa-f\s]*)>|(?P<open><<|\[)|(?P<close>>>|\])|(?P<string>\()|(?P<word>[A-Za-z][A-Za-z0-9*]*|['\"])"
)
_USUAL = re.compile(
    rb"%(blank)s*+(?P<all>"
    rb"(?P<name>%(name)s)?%(blank)s*+(?P<numbers>(?:%(number)s%(blank)s++)*+)(?P<word>[A-Za-z][A-Za-z0-9*]*+)"
    rb"|\[(?P<shown>(?:%(blank)s++|%(number)s(?![A-Za-z])|%(hex)s|%(text)s)*+)\]%(blank)s*+TJ(?![A-Za-z0-9*])"
    rb"|(?P<text>%(hex)s|%(text)s)%(blank)s*+Tj(?![A-Za-z0-9*])"
    rb"|(?P<mark>%(name)s)%(blank)s*+<<%(blank)s*+/MCID%(blank)s++(?P<id>\d{1,9}+)%(blank)s*+>>%(blank)s*+BDC(?![A-Za-z0-9*])"
    rb")" % {b"blank": _BLANK, b"number": _NUMBER, b"name": _NAME, b"hex": _HEX, b"text": _TEXT}
)
"""An instruction with a name, with numbers, or both; with texts; or one that gives a mark its number."""

_SHOWN = re.compile(rb"(%s)|(%s|%s)" % (_NUMBER, _HEX, _TEXT))
_STRING = re.compile(rb"[()\\]")
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|[\s\S])")
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b""}
_VALUES = frozenset({b"true", b"false", b"null"})


def instructions(content: bytes) -> Iterator[tuple[str, list[Any]]]:
    """(instruction, operands) of a stream; raises ValueError at what is neither."""
    at, end, usual = 0, len(content), _USUAL.match
    while at < end:
        found = usual(content, at)
        if found is None or found["word"] in _VALUES:
            at, word, operands = one_by_one(content, at)
            if word:
                yield word, operands
            continue
        at = found.end()
        yield usual_instruction(found[1])


@lru_cache(maxsize=20_000)
def usual_instruction(written: bytes) -> tuple[str, list[Any]]:
    """An instruction of one of the usual shapes. Most are written again and again: nobody may change the operands."""
    found = _USUAL.fullmatch(written)
    if found is None:
        raise ValueError(written)
    _, name, numbers, word, shown, text, mark, id_ = found.groups()
    if word:
        values: list[Any] = [*map(float, numbers.split())]
        return word.decode("latin-1"), [name.decode("latin-1"), *values] if name else values
    if text:
        return "Tj", [text_of(text)]
    if mark:
        return "BDC", [mark.decode("latin-1"), ["/MCID", float(id_)]]
    return "TJ", [[float(number) if number else text_of(words) for number, words in _SHOWN.findall(shown)]]


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
        return from_digits(re.sub(rb"\s", b"", token["hex"]))
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
