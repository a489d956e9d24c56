"""Objects that are not needed now, kept as bytes: a tenth of the memory, and nothing to look through for garbage."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from io import BytesIO
from typing import Any, Generic, TypeVar

from selfeval.base import diagnostics, model

T = TypeVar("T")


def by_fields(cls: type[Any]) -> Callable[[Any], tuple[Any, ...]]:
    """How the objects of a dataclass are taken apart: three times as fast as the way it knows by itself."""
    names = [field.name for field in fields(cls)]
    return lambda one: (cls, tuple([getattr(one, name) for name in names]))


TAKEN_APART = {
    cls: by_fields(cls)
    for module in (model, diagnostics)
    for cls in vars(module).values()
    if isinstance(cls, type) and is_dataclass(cls)
}
"""The words of the program: what a scorecard is made of, a thousand objects each."""


def packed(value: object, like: bytes = b"") -> bytes:
    """An object as bytes; fast rather than small. `like`: bytes that `raw` gave of something like it."""
    pressing = zlib.compressobj(1, zdict=like)
    return pressing.compress(raw(value)) + pressing.flush()


def raw(value: object) -> bytes:
    """An object as bytes as they come."""
    out = BytesIO()
    pickler = pickle.Pickler(out, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = TAKEN_APART
    pickler.dump(value)
    return out.getvalue()


def unpacked(content: bytes, like: bytes = b"") -> Any:  # noqa: ANN401 - what was packed
    """The object again."""
    return read(zlib.decompressobj(zdict=like).decompress(content))


def read(content: bytes) -> Any:  # noqa: ANN401 - what was written
    """The object of `raw`. The bytes are our own, from this process or its parent."""
    return pickle.loads(content)  # noqa: S301


@dataclass(frozen=True, slots=True)
class Shelf(Collection[T], Generic[T]):
    """Objects in their order, some packed together; they are unpacked whenever they are looked at."""

    packs: tuple[bytes, ...] = ()
    size: int = 0

    def and_(self, more: Iterable[T]) -> Shelf[T]:
        """These and some more behind them."""
        listed = list(more)
        return Shelf((*self.packs, packed(listed)), self.size + len(listed))

    def __len__(self) -> int:
        """How many there are."""
        return self.size

    def __iter__(self) -> Iterator[T]:
        """One after another."""
        for pack in self.packs:
            yield from unpacked(pack)

    def __contains__(self, item: object) -> bool:
        """Whether one of them is equal to this."""
        return any(one == item for one in self)
