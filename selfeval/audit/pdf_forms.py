"""Objects of a PDF that are written alike but for their numbers and texts: thousands of them have a few forms.

What such an object leads to, and whether it is as ours are, follows from its form and its numbers; so it is read only
where somebody asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pypdf.generic import DictionaryObject, IndirectObject, NumberObject, PdfObject

SHAPE = bytes.maketrans(b"123456789", b"0" * 9)
"""Two elements have one form where they are the same but for this."""

ELEMENT, REFERENCE = b"/StructElem", b" 0 R"
MANY, HIGHEST = 50_000, 2_000_000
"""So many elements make up for the time that numpy takes to load; so high are their numbers then at most."""

MARKED = 10_000_000
"""In the one that stands for a form, the numbers from here on tell which of the places that differ they stand in."""

_PARTS = re.compile(rb"(\([^()\\]*+\)|<[0-9A-Fa-f]++>|(?<=[ \[])0{1,8}+(?! R)(?=[ \]/>]))")
Leads = Sequence[tuple[slice, str, str]]
"""Of each object that a form leads to: where its number is written, what it should be, where it stands."""


@dataclass(frozen=True, slots=True)
class Kids:
    """What an element of the tree for those who listen holds: where its marks or its elements are written, its page."""

    marks: Sequence[slice]
    elements: Sequence[slice]
    page: slice | None


@dataclass(eq=False)
class Form:
    """Elements that are written alike; `value`: one with numbers in place of what differs. Mutable: it remembers."""

    value: DictionaryObject
    places: Sequence[slice]
    references: int
    leads: dict[tuple[object, str], tuple[str, Leads] | None] = field(default_factory=dict)
    """By what it should be: of which kind it is and what it leads to; None where more is to be looked at."""
    numbers: list[int] = field(default_factory=list)
    """The elements of this form."""

    def place_of(self, value: Any) -> slice:  # noqa: ANN401
        """Where a number or a reference is written; raises IndexError where it is none of those that differ."""
        number = value.idnum if type(value) is IndirectObject else value if type(value) is NumberObject else -1
        if number < MARKED:
            raise IndexError(value)
        return self.places[number - MARKED]

    @cached_property
    def kids(self) -> Kids | None:
        """What they hold; None of those that have words of their own, or more in them than marks or elements."""
        if self.value.get("/S") == "/Figure" or any(key in self.value for key in ("/Alt", "/T", "/MCID")):
            return None
        held = self.value.raw_get("/K") if "/K" in self.value else []
        items = [*list.__iter__(held)] if isinstance(held, list) else [held]
        if len({type(item) for item in items}) > 1:
            return None
        try:
            places = [*map(self.place_of, items)]
            page = self.place_of(self.value.raw_get("/Pg")) if "/Pg" in self.value else None
        except IndexError:
            return None
        return Kids(places, [], page) if items and type(items[0]) is NumberObject else Kids([], places, page)


Formed = tuple[Form, bytes]
"""A form, and an element of it as it is written."""

NO_FORM: tuple[None, bytes] = None, b""


class Store(dict[tuple[Any, Any], PdfObject | None]):
    """The objects of a file; those whose form is known are read when asked for. Mutable."""

    def __init__(self, read: Callable[[int, bytes], None]) -> None:
        """`read` puts an object into this store: its number, and as it is written."""
        super().__init__()
        self.read = read
        self.formed: dict[int, Formed] = {}
        self.forms: dict[bytes, Form | None] = {}
        """By the shape of their elements; None where these are not left for later."""
        self.elements: Sequence[Any] = ()
        """Those of a known form, one form after the other, where they were looked at at once."""

    def get(self, key: tuple[int, int], default: Any = None) -> Any:  # noqa: ANN401
        """An object; pypdf asks for all of them in this way."""
        if key not in self and not key[0] and (formed := self.formed.get(key[1])):
            self.read(key[1], formed[1])
        return super().get(key, default)


def formed_in(reader: Any) -> Mapping[int, Formed]:  # noqa: ANN401 - pypdf's
    """The objects of a file whose form is known, by number."""
    store = reader.resolved_objects
    return store.formed if isinstance(store, Store) else {}


def are_many(reader: Any) -> bool:  # noqa: ANN401
    """Whether the elements of a file are so many that they are looked at form by form."""
    formed = formed_in(reader)
    return len(formed) >= MANY and max(formed, default=0) <= HIGHEST


def marked(shape: bytes) -> tuple[bytes, Sequence[slice]] | None:
    """The one that stands for a form, and the places that differ; None where a name or a fraction may differ as well.

    Texts may: what an element leads to is not told by them.
    """
    texts, places, at = [], list[slice](), 0
    for number, part in enumerate(_PARTS.split(shape)):
        differs = number % 2 and part[:1] == b"0"
        texts.append(b"%d" % (MARKED + len(places)) if differs else part)
        if differs:
            places.append(slice(at, at + len(part)))
        elif not number % 2 and {*b"0\\"} & {*part.replace(REFERENCE, b"")}:
            return None
        at += len(part)
    return b"".join(texts), places
