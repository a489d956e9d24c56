"""Work given to a pool, some of it at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")

AHEAD = 24
"""Pieces of work on their way at a time, so that the memory is bounded."""


def in_order(work: Iterable[Future[T]]) -> Iterator[T]:
    """What comes of each, in order; a piece is given away when it is drawn."""
    waiting: deque[Future[T]] = deque()
    for future in work:
        waiting.append(future)
        if len(waiting) > AHEAD:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
