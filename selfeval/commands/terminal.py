"""What every command says to its user, in which language, and how it ends."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selfeval.build import Step
    from selfeval.diagnostics import Diagnostic

LANGUAGES = ("zh", "en")
LANGUAGE = ContextVar("LANGUAGE", default="zh")
"""The language of help and messages; what a report says is always Chinese."""

OK, FINDINGS, USAGE, MACHINE, INTERRUPTED = 0, 1, 2, 3, 130


class Stop(Exception):  # noqa: N818 - not an error: the way a command ends early
    """Ends a command with one line for the user and an exit code."""

    def __init__(self, message: str, code: int = USAGE) -> None:
        super().__init__(message)
        self.code = code


def say(text: str) -> None:
    """A line of progress or a remark, to stderr."""
    print(in_language(text), file=sys.stderr)  # noqa: T201


def out(text: str) -> None:
    """A result for people, to stdout."""
    print(in_language(text))  # noqa: T201


def data(text: str) -> None:
    """A result for programs, to stdout."""
    print(text)  # noqa: T201


def in_language(text: str) -> str:
    """What the program says, in the language asked for."""
    if LANGUAGE.get() == "zh":
        return text
    from selfeval.english import in_english

    return in_english(text)


def findings_in_language(diagnostics: Sequence[Diagnostic]) -> Sequence[Diagnostic]:
    """Findings, in the language asked for."""
    if LANGUAGE.get() == "zh":
        return diagnostics
    from selfeval.english import findings_in_english

    return findings_in_english(diagnostics)


@contextmanager
def progress(total: int) -> Iterator[Step]:
    """A progress bar on a terminal, silence elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    page = TextColumn("{task.fields[page]}")
    columns = (TextColumn("生成报告"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), page)
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total, page="")
        yield lambda name: bar.update(task, advance=1, page=name)
