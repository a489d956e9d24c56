"""Ending a process together with what it has started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn


def end_tree(pid: int) -> None:
    """On Windows: ends a process and all it started, at once. Elsewhere groups and signals do."""
    if sys.platform == "win32":
        taskkill = Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "taskkill.exe"
        command = [str(taskkill), "/F", "/T", "/PID", str(pid)]
        subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - a fixed program


@contextmanager
def leaving_orderly() -> Iterator[None]:
    """While it lasts, being told to end (SIGTERM) is an exception, so that what has been started is ended as well."""
    if threading.current_thread() is not threading.main_thread():  # others cannot set it
        yield
        return
    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def leave(number: int, _frame: object) -> NoReturn:
    """Ends this process as the signal would have."""
    raise SystemExit(128 + number)
