"""The objects of a PDF as they are written, read by one strict grammar in place of a forgiving one.

Programs differ in what they make of a dictionary that has a key twice, of a remark inside it, of an escape that there
is not. So that all see the same, such an object is told. (It is also several times as fast as pypdf, whose kinds of
objects come out, in whose store of objects they are put.)
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from itertools import islice, pairwise
from typing import Any

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DecodedStreamObject,
    DictionaryObject,
    EncodedStreamObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    PdfObject,
    StreamObject,
)
from pypdf.generic import create_string_object as text_object

from selfeval.audit.pdf_forms import ELEMENT, REFERENCE, SHAPE, Form, Store, marked
from selfeval.audit.pdf_instructions import text_of
from selfeval.audit.pdf_table import PlainReader
from selfeval.audit.time_limit import UnreadableError, go_on
from selfeval.base.phrases import phrase

DEEPEST, PIECE, SHOWN = 12, 1000, 20
MOST_OBJECTS = 2_000_000
CHUNK = 2**20
LARGEST_STREAM = 8 * CHUNK
ROOM = 256 * CHUNK
"""So much of what streams unpack to is kept from the first time on; no more, or a small file would fill the memory."""

UNPACKED = (None, "/DCTDecode")
FILTERS = (*UNPACKED, "/FlateDecode", ["/FlateDecode"])
"""How streams are packed; of a reference to one of these it would not be seen here what it is."""

BLANK, ENDED = b"\t\n\x0c\r ", frozenset({b"\n", b"\r", b" "})
_REGULAR = rb"[^\x00\t\n\x0c\r ()<>\[\]{}/%]"
_NUMBER = rb"[+-]?(?:\d{1,15}+(?:\.\d{0,15}+)?|\.\d{1,15}+)"
_LETTER = rb"(?:[^()\\\r]|\\(?:[nrtbf()\\]|[0-3][0-7]{2}))"
_PART = re.compile(
    rb"[\t\n\x0c\r ]*+(?:(?P<name>/%(regular)s*+)"
    rb"|(?P<reference>\d{1,8}+) 0 R(?!%(regular)s)"
    rb"|(?P<number>%(number)s)(?!%(regular)s)"
    rb"|(?P<open><<|\[)|(?P<close>>>|\])"
    rb"|(?P<text><[0-9A-Fa-f]*+>|\((?>(?:%(letter)s|\((?>%(letter)s*)\))*)\))"
    rb"|(?P<word>true|false|null)(?!%(regular)s))" % {b"regular": _REGULAR, b"letter": _LETTER, b"number": _NUMBER}
)
_ENTRY = re.compile(
    rb"%(blank)s*+(/%(regular)s*+)%(blank)s*+(?:(/%(regular)s*+)|(\d{1,8}+) 0 R(?!%(regular)s)"
    rb"|\[((?>(?:%(blank)s*+\d{1,8}+ 0 R(?!%(regular)s))+))%(blank)s*+\]"
    rb"|(%(number)s)(?!%(regular)s)|\[((?>(?:%(blank)s*+%(number)s(?!%(regular)s))+))%(blank)s*+\])"
    % {b"regular": _REGULAR, b"blank": rb"[\t\n\x0c\r ]", b"number": _NUMBER}
)
"""A name, and behind it a name, a reference or a number, or a list of these: most of what a tree is made of."""

_LISTED = re.compile(rb"[\t\n\x0c\r ]*+\[((?>(?:[\t\n\x0c\r ]*+\d{1,8}+ 0 R(?!%b))+))[\t\n\x0c\r ]*+\]" % _REGULAR)
"""A list of references: of the elements on a page there are hundreds."""

_FLAT = rb"<<[^<>()%]*+(?>(?:\([^()\\%]*+\)[^<>()%]*+)*)>>"
_REPEATED = re.compile(rb"[\t\n\x0c\r ]*+(%s|\[(?>(?:%s)+)\])" % (_FLAT, _FLAT))
"""A dictionary without others inside it, or a list of such: hundreds of elements say the same of their looks."""

_HEAD = re.compile(rb"[\t\n\x0c\r ]*\d{1,8} 0 obj\b")
_TAIL = re.compile(rb"[\t\n\x0c\r ]*(?:endobj\b|stream\r?\n|\Z)")
_ENDSTREAM = re.compile(rb"\r?\n?endstream\s{1,2}endobj\b")
_WORDS: Mapping[bytes, Callable[[], PdfObject]] = {
    b"true": lambda: BooleanObject(value=True),
    b"false": lambda: BooleanObject(value=False),
    b"null": NullObject,
}


class StrangeError(ValueError):
    """An object is written as none of ours is."""


@lru_cache(maxsize=4000)
def name_of(written: bytes) -> NameObject:
    """A name; what stands behind # are two digits of a letter that may not stand there itself."""
    plain = NameObject.unnumber(written)
    if plain.count(b"#") or b"\0" in plain:
        raise StrangeError(written)
    return NameObject(plain.decode("utf-8"))


@lru_cache(maxsize=20_000)
def number_of(written: bytes) -> NumberObject | FloatObject:
    """A number."""
    return FloatObject(written.decode()) if b"." in written else NumberObject(written.decode())


class Grammar:
    """Reads objects for one file. Mutable: it keeps the references it has made."""

    def __init__(self, reader: PdfReader) -> None:
        """`reader`: whom references are asked of."""
        self.reader = reader
        self.store = Store(self.put)
        reader.resolved_objects = self.store
        self.references: dict[bytes, IndirectObject] = {}
        self.repeated: dict[bytes, PdfObject] = {}
        self.twice = False
        self.room = ROOM

    def put(self, number: int, written: bytes) -> None:
        """Reads an object into the store."""
        keep(self.reader, number, self.read(written, 0)[0])

    def leave(self, number: int, written: bytes, known_shape: bytes | None = None) -> bool:
        """Leaves an element for later where its form is known to be written as ours are; whether that is so.

        `known_shape`: its shape, where all references in it are known to be written as ours are.
        """
        shape = known_shape or written.translate(SHAPE)
        if (form := self.store.forms.get(shape)) is None:
            if ELEMENT not in written or shape in self.store.forms:
                return False
            form = self.store.forms[shape] = self.form_of(shape)
        if form is None or not (known_shape or written.count(REFERENCE) == form.references):
            return False
        if number in self.store.formed or (0, number) in self.store:
            return False
        self.store.formed[number] = form, written
        form.numbers.append(number)
        return True

    def form_of(self, shape: bytes) -> Form | None:
        """The form of a shape; None where it is not that of a dictionary, or not written as ours are."""
        if (found := marked(shape)) is None:
            return None
        text, places = found
        try:
            value, end = self.read(text, 0)
        except ValueError:
            return None
        if not isinstance(value, DictionaryObject) or text[end:].strip(BLANK):
            return None
        return Form(value, places, shape.count(REFERENCE))

    def read(self, written: bytes, at: int) -> tuple[PdfObject, int]:
        """The object at a place, and where it ends; raises `StrangeError` where it is not written as ours are."""
        if listed := _LISTED.match(written, at):
            return self.listed(listed[1]), listed.end()
        open_: list[tuple[bytes, list[PdfObject]]] = []
        while True:
            if open_:
                at = self.at_once(written, at, *open_[-1])
            part = _PART.match(written, at)
            if part is None or len(open_) > DEEPEST:
                raise StrangeError(written[at : at + 20])
            at, kind, token = part.end(), part.lastgroup or "", part[part.lastindex or 0]
            if kind == "open":
                open_.append((token, []))
                continue
            if kind == "close":
                if not open_ or open_[-1][0] != _OPENED_BY[token]:
                    raise StrangeError(token)
                items = open_.pop()[1]
                value: PdfObject = dictionary_of(items) if token == b">>" else ArrayObject(items)
            else:
                value = self.plain(kind, token)
            if not open_:
                return value, at
            open_[-1][1].append(value)

    def at_once(self, written: bytes, at: int, opened: bytes, items: list[PdfObject]) -> int:
        """What can be read in one piece at a place, put behind some items; where that ends."""
        while True:
            if found := _ENTRY.match(written, at):
                items.extend(self.entry(*found.groups()))
            elif opened == b"[" and (found := _LISTED.match(written, at)):
                items.append(self.listed(found[1]))
            elif found := _REPEATED.match(written, at):
                items.append(self.once(found[1]))
            else:
                return at
            at = found.end()

    def entry(self, key: bytes, *behind: bytes | None) -> tuple[PdfObject, PdfObject]:
        """A name and what stands behind it."""
        name, one, many, number, numbers = behind
        if name:
            return name_of(key), name_of(name)
        if one:
            return name_of(key), self.plain("reference", one)
        if many:
            return name_of(key), self.listed(many)
        if number:
            return name_of(key), number_of(number)
        return name_of(key), ArrayObject(map(number_of, (numbers or b"").split()))

    def listed(self, written: bytes) -> ArrayObject:
        """A list of references."""
        known = self.references
        return ArrayObject(known.get(one) or self.plain("reference", one) for one in written.split()[::3])

    def once(self, written: bytes) -> PdfObject:
        """A part of an object that may stand in many: one and the same for all."""
        if written not in self.repeated:
            value, end = self.read(written, 0)
            if end != len(written):
                raise StrangeError(written)
            self.repeated[written] = value
        return self.repeated[written]

    def plain(self, kind: str, token: bytes) -> PdfObject:
        """An object without parts."""
        if kind == "reference":
            if token not in self.references:
                self.references[token] = IndirectObject(int(token), 0, self.reader)
            return self.references[token]
        if kind == "name":
            return name_of(token)
        if kind == "number":
            return number_of(token)
        return text_object(text_of(token)) if kind == "text" else _WORDS[token]()


_OPENED_BY = {b">>": b"<<", b"]": b"["}


def dictionary_of(items: list[PdfObject]) -> DictionaryObject:
    """Keys and values in turn, each key once."""
    found = dict(zip(items[::2], items[1::2], strict=True))
    if 2 * len(found) != len(items) or any(type(key) is not NameObject for key in found):
        raise StrangeError("dictionary")
    dictionary = DictionaryObject()
    dict.update(dictionary, found)
    return dictionary


@dataclass(frozen=True, slots=True)
class Opened:
    """A file with its objects read, and what is strange about the way they are written."""

    reader: PdfReader
    problems: tuple[str, ...]
    twice: bool = False
    """Whether an object stands in a stream of objects that is also elsewhere, as after a signature."""
    complete: bool = True
    """Whether the table names every number: one that it calls free is there for some programs and not for others."""


def opened(data: bytes) -> Opened:
    """A file; raises `UnreadableError` where it is locked, and what pypdf raises where it cannot be read at all."""
    reader = PlainReader(BytesIO(data))
    if reader.is_encrypted:
        raise UnreadableError(phrase("文件有加密或密码，不能核对；请用本程序生成的原文件"))
    numbers = ({*reader.xref.get(0, {})} | {*reader.xref_objStm}) - {0}
    if (count := len(numbers)) > MOST_OBJECTS:
        raise UnreadableError(phrase("文件有 {count} 个对象，超过 {most} 个，没有打开", count=count, most=MOST_OBJECTS))
    grammar = Grammar(reader)
    problems = (*islice(read_objects(grammar, data), SHOWN),)
    return Opened(reader, problems, grammar.twice, numbers == {*range(1, int(str(reader.trailer.get("/Size", 0))))})


def read_objects(grammar: Grammar, data: bytes) -> Iterator[str]:
    """Puts the objects of a file into its reader, and tells which are written as none of ours is."""
    reader = grammar.reader
    for count, (number, at) in enumerate(reader.xref.get(0, {}).items()):
        if not count % PIECE:
            go_on()
        if not read_object(grammar, data, number, at):
            yield phrase("对象 {number} 的写法不是本程序写的样子", number=number)
    for stream in sorted({stream for stream, _ in reader.xref_objStm.values()}):
        try:
            yield from _packed(reader, stream, grammar)
        except (ValueError, KeyError, TypeError, AttributeError):
            yield phrase("对象流 {stream} 残缺", stream=stream)


def read_object(grammar: Grammar, data: bytes, number: int, at: int) -> bool:
    """One object outside the streams; whether it is written as ours are."""
    head = _HEAD.match(data, at)
    if head and number not in grammar.reader.xref_objStm:
        stop = data.find(b"endobj", head.end())
        if data[stop + 6 : stop + 7] in ENDED and grammar.leave(number, data[head.end() : stop]):
            return True
    try:
        value, end = grammar.read(data, head.end()) if head else (None, 0)
    except ValueError:
        return False
    tail = _TAIL.match(data, end)
    if value is None or tail is None:
        return False
    if b"stream" in tail[0]:
        return read_stream(grammar, number, value, (data, tail.end()))
    if number not in grammar.reader.xref_objStm:
        keep(grammar.reader, number, value)
    return True


def read_stream(grammar: Grammar, number: int, value: Any, content: tuple[bytes, int]) -> bool:  # noqa: ANN401
    """A stream that begins at a place; whether it is written as ours are."""
    data, at = content
    size, packed = (value.get("/Length"), value.get("/Filter")) if isinstance(value, DictionaryObject) else (None, None)
    if not isinstance(size, NumberObject) or packed not in FILTERS:
        return False
    try:
        unpacked = b"" if packed in UNPACKED else unpacked_in(data[at : at + int(size)])
    except zlib.error:
        return False
    if "/DecodeParms" in value or len(unpacked) > grammar.room:
        unpacked = b""
    grammar.room -= len(unpacked)
    keep_stream(grammar.reader, number, value, content, unpacked)
    return True


def unpacked_in(packed: bytes) -> bytes:
    """What a stream unpacks to, if that is little; raises `zlib.error` where it is not one content from first to last.

    Of two contents one behind the other, or of what stands behind a fault, some programs see more than others.
    """
    unpacking = zlib.decompressobj()
    found, due, many = b"", packed, False
    while due and not unpacking.eof:
        go_on()
        many = bool(found)
        found = unpacking.decompress(due, CHUNK)
        due = unpacking.unconsumed_tail
    if not unpacking.eof or unpacking.unused_data.strip(b"\r\n"):
        raise zlib.error
    return b"" if many else found


def keep(reader: PdfReader, number: int, value: PdfObject) -> None:
    """Puts an object into the store. Those without parts are shared, so they are left to pypdf."""
    if isinstance(value, DictionaryObject | ArrayObject) and (0, number) not in reader.resolved_objects:
        reader.cache_indirect_object(0, number, value)


def keep_stream(
    reader: PdfReader,
    number: int,
    value: Any,  # noqa: ANN401
    content: tuple[bytes, int],
    unpacked: bytes,
) -> None:
    """Puts a stream into the store that ends where its length says; any other is left to pypdf.

    `content` begins at a place; `unpacked`: it without its packing, where that is known, so that it is done once.
    """
    data, at = content
    end = at + int(value["/Length"])
    if not _ENDSTREAM.match(data, end) or end - at > LARGEST_STREAM or number in reader.xref_objStm:
        return
    stream = StreamObject.initialize_from_dictionary({**value, "__streamdata__": data[at:end]})
    if unpacked and isinstance(stream, EncodedStreamObject):
        stream.decoded_self = DecodedStreamObject()
        stream.decoded_self.set_data(unpacked)
    keep(reader, number, stream)


def _packed(reader: PdfReader, stream: int, grammar: Grammar) -> Iterator[str]:
    """The objects inside a stream: each number once, one behind the other, each in the file's table."""
    holder: Any = reader.get_object(stream)
    content, first = bytes(holder.get_data()), int(holder["/First"])
    listed = [*map(int, content[:first].split())]
    places = {number: at for at, number in enumerate(listed[::2])}
    known = {number: at for number, (where, at) in reader.xref_objStm.items() if where == stream}
    elsewhere = {number for number in places if number not in known}  # written anew by somebody who signed
    grammar.twice = grammar.twice or bool(elsewhere)
    if len(places) != int(holder["/N"]) or not known.items() <= places.items() or elsewhere - {*reader.xref.get(0, {})}:
        yield phrase("对象流 {stream} 与对象表不符", stream=stream)
        return
    starts = [first + start for start in listed[1::2]]
    shapes = shapes_in(content)
    for count, (number, (start, stop)) in enumerate(zip(places, pairwise([*starts, len(content)]), strict=True)):
        if not count % PIECE:
            go_on()
        if number in known and grammar.leave(number, content[start:stop], shapes[start:stop]):
            continue
        try:
            value, end = grammar.read(content, start)
        except StrangeError:
            value, end = NullObject(), stop + 1
        if end > stop or content[end:stop].strip():
            yield phrase("对象 {number} 的写法不是本程序写的样子", number=number)
        elif number in known:
            keep(reader, number, value)


def shapes_in(content: bytes) -> bytes:
    """Many objects with the shape of each in its place; none where a reference is not written as ours are."""
    shapes = content.translate(SHAPE)
    return shapes if shapes.count(REFERENCE) == content.count(REFERENCE) else b""
