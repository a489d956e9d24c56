"""Changes of files, gathered until they have come to rest. The only module that knows watchfiles."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from selfeval.base.phrases import phrase
from selfeval.preview.session import PATIENCE, Session

QUIET = 0.035
"""Seconds without a change after which a burst of saves is over."""

LONGEST = 1.0
"""Seconds after which even an unending burst is looked at."""

RETRY = 0.25
"""Seconds between looks at a file that is half written or locked."""

REST = 2.0
"""The same once it has been locked for long."""

STEP_MS = 20
"""How often the system is asked for more changes, in milliseconds."""

Roots = Callable[[], Sequence[Path]]
"""The folders to watch, as they are now."""

LOCK_FILES = ("~$", ".~", "~")
"""How Office, LibreOffice and WPS begin the names of their lock and owner files."""

PASSING_KINDS = frozenset({".tmp", ".temp", ".part", ".swp", ".swx", ".bak", ".crdownload", ".lock", ".wbk", ".et~"})
IGNORED_FOLDERS = frozenset({"__pycache__", ".git", ".cache", "node_modules"})


def matters(path: Path, root: Path) -> bool:
    """Whether a change of this file can change a page: not what editors and spreadsheets leave for a moment."""
    parts = path.relative_to(root).parts if path.is_relative_to(root) else path.parts[-1:]
    hidden = any(part.startswith(".") or part in IGNORED_FOLDERS for part in parts)
    name = path.name.lower()
    passing = name.startswith(LOCK_FILES) or name.endswith("~") or path.suffix.lower() in PASSING_KINDS
    return not hidden and not passing


@dataclass(slots=True)
class Changes:
    """Files changed since last taken, and when the last change was. Mutable: one task fills it, one empties it."""

    files: set[Path] = field(default_factory=set)
    last: float = 0.0
    first: float = 0.0
    some: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, files: Iterable[Path]) -> None:
        """More files have changed."""
        self.last = time.monotonic()
        if not self.files:
            self.first = self.last
        self.files.update(files)
        self.some.set()

    async def wait(self, seconds: float | None) -> None:
        """Until something has changed, at most so long."""
        try:
            await asyncio.wait_for(self.some.wait(), seconds)
        except TimeoutError:
            return

    async def rest(self) -> None:
        """Until the burst is over."""
        while (left := min(self.last + QUIET, self.first + LONGEST) - time.monotonic()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(left)

    def take(self) -> list[Path]:
        """What has changed, once."""
        taken = sorted(self.files)
        self.files.clear()
        self.some.clear()
        return taken


async def follow(session: Session, changes: Changes, templates: Path) -> None:
    """Evaluates again after every burst of changes, and looks again at what is held back; never ends by itself."""
    while True:
        resting = time.monotonic() - changes.last > PATIENCE
        await changes.wait((REST if resting else RETRY) if session.held else None)
        await changes.rest()
        files = changes.take()
        folders = touched([folder.absolute() for folder in session.find()], files, templates) | set(session.held)
        try:
            await session.rebuild(sorted(folders), files, time.monotonic() - changes.last)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not end the preview; the next save tries again
            session.held.clear()
            session.complain(
                phrase(
                    "程序内部出错（{name}: {error}），仍显示上一次的结果", name=type(error).__name__, error=str(error)
                )
            )


def touched(folders: Sequence[Path], files: Sequence[Path], templates: Path) -> set[Path]:
    """The evaluations that changed files belong to; the shipped templates belong to all."""
    if any(file.is_relative_to(templates) for file in files):
        return set(folders)
    return {folder for folder in folders if any(file.is_relative_to(folder) for file in files)}


async def watch(roots: Roots, changes: Changes) -> None:
    """Reports every change under these folders, for ever; a folder that goes and comes back is watched again."""
    polling = False
    while True:
        if any(root.is_dir() for root in roots()):
            polling = await _watch_there(roots, changes, polling=polling)
            changes.add(roots())  # what has gone is told
        await asyncio.sleep(RETRY)
        if any(root.is_dir() for root in roots()):
            changes.add(roots())  # and what happened while nobody watched


async def _watch_there(roots: Roots, changes: Changes, *, polling: bool) -> bool:
    """Until a folder has gone or come; whether to look by ourselves from now on, as the system will not report."""
    from watchfiles import awatch

    there = [root for root in roots() if root.is_dir()]
    real = {root.resolve(): root for root in there}  # systems report real paths, whatever link they were watched by
    options: dict[str, Any] = {"watch_filter": None, "step": STEP_MS, "debounce": 200, "rust_timeout": 1000}
    options |= {"force_polling": True} if polling else {}
    try:
        async for batch in awatch(*real, **options, yield_on_timeout=True, ignore_permission_denied=True):
            files = {as_watched(Path(name), real) for _, name in batch} - {None}
            if files:
                changes.add(file for file in files if file)
            if there != [root for root in roots() if root.is_dir()]:
                return polling
    except OSError:  # gone between the look and the watch, or the system watches no more files
        return all(root.is_dir() for root in there)
    return polling


def as_watched(path: Path, real: Mapping[Path, Path]) -> Path | None:
    """A changed file under the folder it was watched by; None where it does not matter."""
    for resolved, root in real.items():
        if path.is_relative_to(resolved):
            file = root / path.relative_to(resolved)
            return file if matters(file, root) else None
    return None
