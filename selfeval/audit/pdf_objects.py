"""What a report.pdf may be made of: every object that leads anywhere, by its kind and its keys.

An allow-list (`pdf_kinds.toml`, by the engine that drew). A key that is not named there is told, whatever it means; so
what a viewer might run, open, hide or show in place of the page need not be known. Signatures are looked at elsewhere
(`pdf_signed`).
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import count as count_up
from typing import Any

from pypdf.generic import (
    BooleanObject,
    ByteStringObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    TextStringObject,
)

from selfeval.audit.pdf_forms import NO_FORM, Form, Leads, are_many, formed_in
from selfeval.audit.time_limit import go_on
from selfeval.base.phrases import phrase

Kind = dict[str, str]
"""Key → what may stand there: a kind, `[kind]`, `a|b`, `=name`, or a plain value. `?` behind a key: may be missing."""

ELEMENT = "element"
"""The kind of objects of which there are most."""

DATE = "D:20000101000000Z"
"""Of whatever bears one."""

_DATA = tomllib.loads(files("selfeval.audit").joinpath("pdf_kinds.toml").read_text(encoding="utf-8"))
_NAMES: dict[str, frozenset[str]] = {kind: frozenset(names.split()) for kind, names in _DATA["names"].items()}


@dataclass(frozen=True, slots=True, eq=False)
class Make:
    """How the files of an engine are made.

    `profiles`: SHA-256 of the colour profiles that it writes; another may show black as white.
    """

    kinds: Mapping[str, Kind]
    profiles: frozenset[str]


_KINDS: dict[str, Kind] = _DATA["weasyprint"]
_MORE: dict[str, Kind] = {kind: _KINDS[kind] | more for kind, more in _DATA["typst_adds"].items()}

WEASYPRINT = Make(_KINDS, frozenset(_DATA["profiles"]["weasyprint"]))
TYPST = Make(_KINDS | _DATA["typst"] | _MORE, frozenset(_DATA["profiles"]["typst"]))


def _is_filter(value: Any) -> bool:  # noqa: ANN401
    """How a stream is packed."""
    packed = value if isinstance(value, list) else [value]
    return len(packed) == 1 and str(packed[0]) == "/FlateDecode"


PLAIN: Mapping[str, Callable[[Any], bool]] = {
    "int": lambda value: isinstance(value, NumberObject),
    "number": lambda value: isinstance(value, NumberObject | FloatObject),
    "share": lambda value: isinstance(value, NumberObject | FloatObject) and 0 <= float(value) <= 1,
    "zero": lambda value: isinstance(value, NumberObject | FloatObject) and float(value) == 0,
    "name": lambda value: isinstance(value, NameObject),
    "text": lambda value: isinstance(value, TextStringObject | ByteStringObject),
    "bool": lambda value: isinstance(value, BooleanObject),
    "true": lambda value: isinstance(value, BooleanObject) and bool(value.value),
    "false": lambda value: isinstance(value, BooleanObject) and not value.value,
    "filter": _is_filter,
    "photograph": lambda value: _is_filter(value) or value == "/DCTDecode",
    "date": lambda value: isinstance(value, TextStringObject) and value == DATE,
    "lab": lambda value: isinstance(value, list) and value[:1] == ["/Lab"],
    "any": lambda _: True,
    "null": lambda value: isinstance(value, NullObject),
}
"""What a value without parts may be, by the name of its kind."""


def plain(value: Any, what: str, make: Make) -> bool:  # noqa: ANN401 - pypdf's objects
    """Whether a value without parts is what it should be."""
    if test := PLAIN.get(what):
        return test(value)
    if what.startswith("="):
        return isinstance(value, NameObject) and value == what[1:]
    if what == "colours":
        return isinstance(value, list) and value[:1] == ["/ICCBased"] and _is_profile(value, make)
    return isinstance(value, NameObject) and value in _NAMES.get(what, ())


def _is_profile(value: Any, make: Make) -> bool:  # noqa: ANN401
    """Whether colours are those of a profile that the engine writes."""
    return len(value) == 2 and digest(value[1].get_object()) in make.profiles


def strange(reader: Any, make: Make) -> Iterator[str]:  # noqa: ANN401
    """Every object reached from the end of a file that is not as ours are.

    Where there are many elements, all of a form are looked at at once, those that nothing leads to as well; at each
    only if there is a fault.
    """
    if not are_many(reader) or next(_beyond(reader, make), ""):
        yield from _strange(reader, make, [(reader.trailer, "trailer", "")], set())


def _beyond(reader: Any, make: Make) -> Iterator[str]:  # noqa: ANN401
    """The same of all but the elements whose form is known, and of those all that they lead to."""
    from selfeval.audit.pdf_elements import beyond, elements_of

    elements = [some for some in elements_of(reader.resolved_objects) if _led(some.form, ELEMENT, make)]
    due = beyond(elements, lambda form, what: _led(form, what, make), ELEMENT)
    seen = {
        (number, "parents") for some in elements if _led(some.form, "parents", make) for number in some.form.numbers
    }
    yield from _strange(reader, make, [*due, (reader.trailer, "trailer", "")], seen, led_on=False)


def _strange(
    reader: Any,  # noqa: ANN401
    make: Make,
    due: list[tuple[Any, str, str]],
    seen: set[tuple[int, str]],
    *,
    led_on: bool = True,
) -> Iterator[str]:
    """The same of what is due, one after the other; `led_on`: whether it is to be gone on to what elements lead to."""
    formed = formed_in(reader)
    for count in count_up():
        if not due:
            return
        if not count % 1000:
            go_on()
        value, what, place = due.pop()
        number = value if type(value) is int else value.idnum if type(value) is IndirectObject else 0
        if (number, what) in seen:
            continue
        form, written = formed.get(number, NO_FORM)
        if form and (led := _led(form, what, make)):
            is_new = led_on and (number, led[0]) not in seen
            seen.add((number, what))
            seen.add((number, led[0]))
            for at, one, where in led[1] if is_new else ():
                if (target := int(written[at]), one) not in seen:
                    due.append((target, one, where))
            continue
        if type(value) is int:
            value = IndirectObject(value, 0, reader)
        yield from _step((value, what, place), due, seen, make)


def _led(form: Form, what: str, make: Make) -> tuple[str, Leads] | None:
    """What all elements of a form lead to, where they are as ours are; None of other kinds of objects."""
    if (make, what) not in form.leads:
        form.leads[make, what] = _leads_of(form, f"int|null|{ELEMENT}" if what == "parents" else what, make)
    return form.leads[make, what]


def _leads_of(form: Form, what: str, make: Make) -> tuple[str, Leads] | None:
    """The same, for the first time."""
    if _kind_of(form.value, what, make) != ELEMENT:
        return None
    if what != ELEMENT:
        return _led(form, ELEMENT, make)
    due: list[tuple[Any, str, str]] = [(form.value, ELEMENT, "")]
    leads, seen = [], set[tuple[int, str]]()
    while due:
        value, one, place = due.pop()
        if isinstance(value, IndirectObject):
            leads.append((form.place_of(value), one, place))
        elif next(_step((value, one, place), due, seen, make), ""):
            return None
    return ELEMENT, leads


def _step(found: tuple[Any, str, str], due: list[Any], seen: set[tuple[int, str]], make: Make) -> Iterator[str]:
    """One object looked at; what it leads to is put on the list."""
    value, what, place = found
    number = -id(value)
    if isinstance(value, IndirectObject):
        number = value.idnum
        if (number, what) in seen:
            return
        seen.add((number, what))
        value = value.get_object()
    if what == "parents":  # lists of elements by page, and the element of a link: some stand nowhere else
        # Most elements stand many times in their lists.
        once = {id(item): item for item in value}.values() if isinstance(value, list) else None
        many = (item for item in once or () if not _is_seen(item, what, seen))
        due += [(value, f"int|null|{ELEMENT}", place)] if once is None else [(item, what, place) for item in many]
    elif what.startswith("["):
        if not isinstance(value, list):
            yield phrase("{place} 不是数组", place=place)
            return
        inner = what[1:-1]
        if not value and inner in make.kinds:
            yield phrase("{place} 的内容不是本程序写的样子", place=place)
        numbers = "int" in _ways(inner)  # most lists are of numbers: those are not put on the list
        parts = (item for item in list.__iter__(value) if not (numbers and type(item) is NumberObject))
        due += [(item, inner, place) for item in parts if not _is_seen(item, inner, seen)]
    elif kind := _kind_of(value, what, make):
        if (number > 0 and kind == what) or (number, kind) not in seen:
            seen.add((number, kind))
            yield from _dictionary(value, kind, place, (due, seen), make)
    elif not any(plain(value, one, make) for one in _ways(what)):
        yield phrase("{place} 的内容不是本程序写的样子", place=place or "文件")


def _is_seen(value: Any, what: str, seen: set[tuple[int, str]]) -> bool:  # noqa: ANN401
    """Whether a reference need not be followed once more."""
    return type(value) is IndirectObject and (value.idnum, what) in seen


def _kind_of(value: Any, what: str, make: Make) -> str:  # noqa: ANN401
    """Which of several kinds a dictionary is of; "" where it is none of them."""
    if not isinstance(value, dict):
        return ""
    kinds = _kinds(make, what)
    return next((kind for kind in kinds if _fits(value, kind, make)), kinds[0] if kinds else "")


def _fits(value: Any, kind: str, make: Make) -> bool:  # noqa: ANN401
    """Whether a dictionary has what makes it one of this kind."""
    for key in _needed(make, kind):
        what = make.kinds[kind][key]
        if key not in value or (what[0] == "=" and not plain(value[key], what, make)):
            return False
    return True


def _dictionary(
    value: Any,  # noqa: ANN401
    kind: str,
    place: str,
    list_: tuple[list[Any], set[tuple[int, str]]],
    make: Make,
) -> Iterator[str]:
    """The keys of a dictionary. `list_`: what is to be looked at, and what has been."""
    allowed, (due, seen) = make.kinds[kind], list_
    for key, part in dict.items(value):
        what = allowed.get(key) or allowed.get(f"{key}?") or allowed.get("*")
        if what is None:
            yield phrase("{place} 里有 {key}", place=place or kind, key=str(key)[:40])
        elif _is_seen(part, what, seen):
            continue
        elif type(part) not in SIMPLE or what == "parents" or not any(plain(part, one, make) for one in _ways(what)):
            due.append((part, what, f"{kind} {key}" if key in allowed or f"{key}?" in allowed else kind))
    for key in _needed(make, kind):
        if key not in value:
            yield phrase("{place} 里缺少 {key}", place=place or kind, key=key)


SIMPLE = frozenset({NameObject, NumberObject, FloatObject})
"""Kinds of values that lead nowhere: looked at where they stand."""


@lru_cache(maxsize=1000)
def _ways(what: str) -> tuple[str, ...]:
    """The kinds of which something may be one."""
    return tuple(what.split("|"))


@lru_cache(maxsize=1000)
def _kinds(make: Make, what: str) -> tuple[str, ...]:
    """Those of them that are dictionaries."""
    return tuple(kind for kind in _ways(what) if kind in make.kinds)


@lru_cache(maxsize=1000)
def _needed(make: Make, kind: str) -> tuple[str, ...]:
    """The keys that a kind may not lack."""
    return tuple(key for key in make.kinds[kind] if key[-1] != "?" and key != "*")


def digest(stream: Any) -> str:  # noqa: ANN401
    """SHA-256 of what a stream unpacks to."""
    return hashlib.sha256(bytes(stream.get_data())).hexdigest()
