"""One limit of time for verifying a file, whatever it was made to take: what is not done by then is said to be so.

Looked at in the loops that a file can make long. The time of this process counts: a busy machine refuses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from time import monotonic, process_time

from selfeval.base.phrases import phrase


class UnreadableError(ValueError):
    """Not a PDF that can be verified. The text says why, in Chinese."""


SECONDS = 90.0
MOST_DRAWN = 2_000_000
"""Texts and shapes of one file; a report of 4,000 indicators has about 450,000."""

APART = 0.05
"""Seconds between two looks at the time of this process, which takes long to tell."""


@dataclass(slots=True)
class _Limit:
    """When the work must have ended, in time of this process; when to look again. Mutable for that."""

    end: float
    look: float = 0.0


_LIMIT: ContextVar[_Limit | None] = ContextVar("limit", default=None)


@contextmanager
def limited(seconds: float = SECONDS) -> Iterator[None]:
    """Work that may take so long; inside other such work, no longer than that."""
    end, outer = process_time() + seconds, _LIMIT.get()
    token = _LIMIT.set(_Limit(end if outer is None else min(end, outer.end)))
    try:
        yield
    finally:
        _LIMIT.reset(token)


def go_on(drawn: int = 0) -> None:
    """Raises `UnreadableError` where the time is up, or so many texts and shapes are too many."""
    if drawn > MOST_DRAWN:
        raise UnreadableError(phrase("页面上的文字和图形超过 {most} 处，没有打开", most=MOST_DRAWN))
    limit, now = _LIMIT.get(), monotonic()
    if limit is None or now < limit.look:
        return
    limit.look = now + APART
    if process_time() > limit.end:
        raise UnreadableError(
            phrase("核对超过 {seconds} 秒，没有做完：文件过大，或被做成很难读的样子", seconds=f"{SECONDS:.0f}")
        )
