"""What was read once need not be read again: answers kept by their text, bounded in number and in length.

A province writes `≥95%` a hundred thousand times. Only pure functions of short texts are remembered, so that a file
of long cells cannot fill the memory, and the answer is the same object the plain function gave.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import _lru_cache_wrapper, lru_cache, wraps
from threading import Event
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from weakref import WeakValueDictionary

KEPT = 65_536
"""Answers kept for each function; then it begins anew (`remembered`) or drops the one not asked for longest."""

LONGEST = 200
"""Characters of a text that is kept."""

P = ParamSpec("P")
T = TypeVar("T")


_ANSWERS: WeakValueDictionary[int, Answers[Any]] = WeakValueDictionary()
_CACHES: list[_lru_cache_wrapper[Any]] = []
"""Whatever remembers, so that it can forget."""


class Answers(dict[str, T]):
    """A function of a text as a table of what it answered. Mutable: it grows as it is asked.

    An answer that is there costs a look into a dictionary and no call: some of these are asked ten times a row, and
    `lru_cache` behind a look at the length costs 7 % of all reading and checking.
    """

    def __init__(self, function: Callable[[str], T]) -> None:
        super().__init__()
        self.function = function
        _ANSWERS[id(self)] = self

    def __missing__(self, text: str) -> T:
        """The answer to a text that is new, or too long to be kept."""
        answer = self.function(text)
        if len(text) <= LONGEST:
            if len(self) >= KEPT:
                self.clear()
            self[text] = answer
        return answer


def remembered(function: Callable[[str], T]) -> Callable[[str], T]:
    """A pure function of a text that remembers what it answered."""
    return Answers(function).__getitem__


def remembered_beside(function: Callable[Concatenate[str, P], T]) -> Callable[Concatenate[str, P], T]:
    """The same for a pure function of a text and of other things that can be keys."""
    keeping = lru_cache(maxsize=KEPT)(function)
    _CACHES.append(keeping)
    kept = cast("Callable[Concatenate[str, P], T]", keeping)

    @wraps(function)
    def recalled(text: str, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return (kept if len(text) <= LONGEST else function)(text, *args, **kwargs)

    return cast("Callable[Concatenate[str, P], T]", recalled)


def forget(beyond: int) -> None:
    """Lets go of the answers of every function that keeps more than so many: where memory counts for more than time."""
    for answers in list(_ANSWERS.values()):
        if len(answers) > beyond:
            answers.clear()
    for cache in _CACHES:
        if cache.cache_info().currsize > beyond:
            cache.cache_clear()


_SETTLED = Event()
"""Whether anything is settled: Python itself would count all of it, an object at a time, to say so."""


def settle() -> None:
    """What stands now stands to the end: it is never again looked through for garbage."""
    gc.freeze()
    _SETTLED.set()


@contextmanager
def undisturbed() -> Iterator[None]:
    """Meanwhile nothing is looked for that might be garbage: for work of which nearly all is needed to its end.

    Rows are trees without cycles; looking through all of them again and again is a fifth of the time of reading them.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            if not _SETTLED.is_set():  # what was made counts as old: it is not all looked through on the way out
                gc.freeze()
                gc.unfreeze()
            gc.enable()
