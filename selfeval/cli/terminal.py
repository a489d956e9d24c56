"""What every command says to its user, in which language, and how it ends."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, TextIO

from selfeval.base.marks import without_hidden
from selfeval.base.phrases import CHINESE, Phrase, phrase, said

if TYPE_CHECKING:
    from rich.progress import Progress

    from selfeval.building.request import Watch


LANGUAGE = ContextVar("LANGUAGE", default=CHINESE)
"""The language of help and messages; what a report says is always Chinese."""

QUIET = ContextVar("QUIET", default=False)
"""Whether only results and errors are wanted: no progress, no remarks, no notes."""

OK, FINDINGS, USAGE, MACHINE, INTERRUPTED = 0, 1, 2, 3, 130


class Stop(Exception):  # noqa: N818 - not an error: the way a command ends early
    """Ends a command with one line for the user and an exit code."""

    def __init__(self, message: str | Phrase, code: int = USAGE) -> None:
        super().__init__(str(message))
        self.said, self.code = message, code


def say(text: str | Phrase) -> None:
    """What a user must know, to stderr."""
    print(coloured(without_hidden(in_language(text)), sys.stderr), file=sys.stderr)  # noqa: T201


def remark(text: str) -> None:
    """What is good to know, to stderr; not under `-q`."""
    if not QUIET.get():
        say(text)


def out(text: str | Phrase) -> None:
    """A result for people, to stdout."""
    print(coloured(without_hidden(in_language(text)), sys.stdout))  # noqa: T201


def data(text: str) -> None:
    """A result for programs, to stdout."""
    print(text)  # noqa: T201


COLOURS = {"错误": 31, "error": 31, "警告": 33, "warning": 33, "提示": 36, "note": 36}
_SEVERITY = re.compile(rf"^((?:[^\s|].*?: )?)({'|'.join(COLOURS)})(?= [A-Z]\d{{3}} )", re.MULTILINE)
"""The severity of a finding: at the beginning of a line, or after its place."""


def coloured(text: str, stream: TextIO) -> str:
    """The severities of findings in colour, where a terminal shows it and nobody minds."""
    if not shows_colour(stream):
        return text
    return _SEVERITY.sub(lambda found: f"{found[1]}\x1b[{COLOURS[found[2]]}m{found[2]}\x1b[0m", text)


def shows_colour(stream: TextIO) -> bool:
    """Whether a stream is a terminal that knows colour; the old console of Windows prints its signs."""
    known = "WT_SESSION" in os.environ or sys.platform != "win32"
    return known and stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def in_language(text: str | Phrase) -> str:
    """What the program says, in the language asked for."""
    return said(text, LANGUAGE.get())


@contextmanager
def progress() -> Iterator[Watch | None]:
    """A progress bar on a terminal, with how many a second and the time that is left; silence elsewhere."""
    if QUIET.get() or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    rate, page = TextColumn("{task.fields[rate]}"), TextColumn("{task.fields[page]}")
    columns = (TextColumn("生成报告"), BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn(), page)
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield ProgressBar(bar)


class ProgressBar:
    """A progress bar as a build tells it of its pages; mutable: it counts."""

    def __init__(self, bar: Progress) -> None:
        self.bar = bar
        self.task = bar.add_task("", total=0, rate="", page="")
        self.total = 0

    def expect(self, pages: int) -> None:
        """So many pages more."""
        self.total += pages
        self.bar.update(self.task, total=self.total)

    def done(self, name: str) -> None:
        """One more is there."""
        speed = self.bar.tasks[self.task].speed
        rate = phrase("每秒 {speed} 份", speed=f"{speed:.1f}") if speed else ""
        self.bar.update(self.task, advance=1, rate=rate, page=name)
