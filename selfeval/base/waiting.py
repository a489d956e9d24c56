"""Work given to a pool, some of it at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def answers(work: Iterable[Future[T]], ahead: int = 24) -> Iterator[T]:
    """What comes of each, in order; a piece is given away when it is drawn, and so many are on their way at a time."""
    waiting: deque[Future[T]] = deque()
    for future in work:
        waiting.append(future)
        if len(waiting) > ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
