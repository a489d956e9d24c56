"""What every command says to its user, and how it ends."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selfeval.build import Step

OK, FINDINGS, USAGE, MACHINE, INTERRUPTED = 0, 1, 2, 3, 130


class Stop(Exception):  # noqa: N818 - not an error: the way a command ends early
    """Ends a command with one line for the user and an exit code."""

    def __init__(self, message: str, code: int = USAGE) -> None:
        super().__init__(message)
        self.code = code


def say(text: str) -> None:
    """A line of progress or a remark, to stderr."""
    print(text, file=sys.stderr)  # noqa: T201


def out(text: str) -> None:
    """A result, to stdout."""
    print(text)  # noqa: T201


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
