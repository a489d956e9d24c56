"""PDFs on demand: made by `selfeval build` in a process of its own, so that nothing here waits for them or grows."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from selfeval.base.files import read_file
from selfeval.base.phrases import phrase, said
from selfeval.preview.session import Session
from selfeval.preview.state import View

SUMMARY = "~summary"
"""The page that is no project's: no id has this sign."""

TIMEOUT = 300.0
"""Seconds after which a PDF is given up."""

WORKING, READY, FAILED = "working", "ready", "failed"


@dataclass(frozen=True, slots=True)
class Print:
    """One PDF: of which version of the evaluation, whether it is ready, its bytes or why there are none."""

    version: int
    state: str
    seconds: int = 0
    message: str = ""
    content: bytes = b""


@dataclass(slots=True)
class Printing:
    """The PDFs of a session by evaluation and project. Mutable: only the last one of each is kept."""

    session: Session
    prints: dict[tuple[str, str], Print] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    def start(self, view: View, name: str) -> None:
        """Begins a PDF, unless it is being made already."""
        known = self.prints.get((view.id, name))
        if known is None or known.state != WORKING:
            self._tell(view.id, name, Print(view.version, WORKING))
            task = asyncio.create_task(self._make(view, name))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Ends what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _tell(self, evaluation: str, name: str, print_: Print) -> None:
        self.prints[evaluation, name] = print_
        self.session.extra["pdf"] = {
            f"{id_}/{page}": told(one, self.session.language) for (id_, page), one in self.prints.items()
        }
        self.session.tell()

    async def _make(self, view: View, name: str) -> None:
        """One PDF from the files as they are now; one at a time."""
        async with self._one:
            started = time.monotonic()
            with TemporaryDirectory(prefix="selfeval-", ignore_cleanup_errors=True) as place:
                message = await built(view, name, Path(place))
                content = pdf_in(Path(place) / view.id, name)
            print_ = Print(view.version, READY if content else FAILED, 0, "" if content else message, content)
            self._tell(view.id, name, replace(print_, seconds=round_up(time.monotonic() - started)))


def round_up(seconds: float) -> int:
    """Whole seconds, at least one."""
    return max(1, int(seconds + 0.5))


def told(one: Print, language: str) -> dict[str, str | int]:
    """The state of a PDF as a browser is told it."""
    words = {WORKING: phrase("正在生成…"), READY: phrase("用了 {seconds} 秒", seconds=one.seconds), FAILED: one.message}
    return {"state": one.state, "words": said(words[one.state], language), "version": one.version}


def pdf_in(folder: Path, name: str) -> bytes:
    """The PDF of a page in an output folder; b"" where there is none."""
    file = folder / ("summary.pdf" if name == SUMMARY else f"projects/{name}/report.pdf")
    try:
        return read_file(file)
    except OSError:
        return b""


async def built(view: View, name: str, place: Path) -> str:
    """Runs the build of one report; gives the last line it says."""
    some = name if name != SUMMARY else next((c.project.id for c in view.result.scorecards), "") if view.result else ""
    command = ["-m", "selfeval", "build", str(view.folder), "--out", str(place), "--format", "pdf", "--jobs", "1"]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        *([f"--project={some}"] if some else []),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONUTF8": "1"},
        start_new_session=True,  # Ctrl-C is for us; we end it
    )
    try:
        _, told_us = await asyncio.wait_for(process.communicate(), TIMEOUT)
    except TimeoutError:
        return phrase("超过 {seconds} 秒没有完成", seconds=int(TIMEOUT))
    finally:
        with suppress(ProcessLookupError):
            if process.returncode is None:
                process.kill()
                await process.wait()
    lines = told_us.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else phrase("没有生成")
