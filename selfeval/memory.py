"""What was read once need not be read again: answers kept by their text, bounded in number and in length.

A province writes `≥95%` a hundred thousand times. Only pure functions of short texts are remembered, so that a file
of long cells cannot fill the memory, and the answer is the same object the plain function gave.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

KEPT = 65_536
"""Answers kept for each function; the one not asked for longest goes first."""

LONGEST = 200
"""Characters of a text that is kept."""

P = ParamSpec("P")
T = TypeVar("T")


def remembered(function: Callable[Concatenate[str, P], T]) -> Callable[Concatenate[str, P], T]:
    """A pure function of a text (and of other things that can be keys) that remembers what it answered."""
    kept = cast("Callable[Concatenate[str, P], T]", lru_cache(maxsize=KEPT)(function))

    @wraps(function)
    def recalled(text: str, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return (kept if len(text) <= LONGEST else function)(text, *args, **kwargs)

    return cast("Callable[Concatenate[str, P], T]", recalled)


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
            gc.enable()
