"""The instructions of a PDF's pages and drawings, taken apart; what they do `pdf_drawing` knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from selfeval.base.phrases import phrase

_TOKEN = re.compile(
    rb"[\x00\t\n\x0c\r ]+|%[^\r\n]*|(?P<number>[+-]?(?:\d+\.?\d*|\.\d+))(?![A-Za-z])"
    rb"|(?P<name>/[^\x00\t\n\x0c\r ()<>\[\]{}/%]*)"
    rb"|<(?P<hex>[0-9A-Fa-f\s]*)>|(?P<open><<|\[)|(?P<close>>>|\])|(?P<string>\()|(?P<word>[A-Za-z][A-Za-z0-9*]*|['\"])"
)
_STRING = re.compile(rb"[()\\]")
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b""}


def instructions(content: bytes) -> Iterator[tuple[str, list[Any]]]:
    """(instruction, operands) of a stream; raises ValueError at what is neither."""
    operands: list[Any] = []
    open_: list[list[Any]] = []
    at = 0
    while at < len(content):
        token = _TOKEN.match(content, at)
        if token is None:
            raise ValueError(phrase("页面里有不认识的指令（{what}）", what=repr(content[at : at + 12])))
        at = token.end()
        kind = token.lastgroup
        where = open_[-1] if open_ else operands
        if kind == "word" and not open_ and token["word"] not in {b"true", b"false", b"null"}:
            yield token["word"].decode("latin-1"), operands
            operands = []
        elif kind == "open":
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


def operand(kind: str, token: re.Match[bytes]) -> Any:  # noqa: ANN401
    """A number, a name, a text in hexadecimal digits."""
    if kind == "number":
        return float(token["number"])
    if kind == "hex":
        digits = re.sub(rb"\s", b"", token["hex"])
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    return token[kind].decode("latin-1")


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
            piece, at = escaped(content, at)
            parts.append(piece)
            continue
        depth += 1 if mark[0] == b"(" else -1
        if not depth:
            return b"".join(parts), at
        parts.append(mark[0])


def escaped(content: bytes, at: int) -> tuple[bytes, int]:
    """What stands behind a backslash."""
    octal = re.compile(rb"[0-7]{1,3}").match(content, at)
    if octal:
        return bytes([int(octal[0], 8) & 255]), octal.end()
    char = content[at : at + 1]
    return _ESCAPES.get(char, char), at + 1
