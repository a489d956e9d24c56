"""The evaluations being previewed, kept in memory, and those who wait for news of them."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from selfeval.base.phrases import CHINESE
from selfeval.evaluation.pipeline import evaluate
from selfeval.preview.state import (
    LOCKED,
    UNREACHABLE,
    View,
    base_of,
    entered_bytes,
    first_view,
    is_data,
    next_view,
    worsened,
)

HOLD = 0.5
"""Seconds without a change after which a new error is believed: until then a file may be half written."""

PATIENCE = 3.0
"""The same for a file that is locked or not there: Excel and WPS take their time."""


Find = Callable[[], Sequence[Path]]
"""The folders of the evaluations, looked for anew after every change."""

Told = Callable[[View], None]
"""Told of every view that has changed, for the terminal."""


@dataclass(slots=True)
class Session:
    """All that a preview knows. Mutable: it changes with the files; only the event loop changes it.

    `told` hears of every view that changed, `complain` of what went wrong inside. `token` allows writing from our own
    pages; `instance` tells a browser that the server is another one. `held`: new errors not believed yet, with the
    files that changed.
    """

    find: Find
    told: Told = lambda _: None
    complain: Callable[[str], None] = lambda _: None
    read_only: bool = False
    language: str = CHINESE
    views: dict[str, View] = field(default_factory=dict)
    held: dict[Path, tuple[str, ...]] = field(default_factory=dict)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    instance: str = field(default_factory=lambda: secrets.token_hex(8))
    closed: bool = False
    extra: dict[str, Any] = field(default_factory=dict)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    def open(self) -> None:
        """Evaluates everything for the first time."""
        for folder in self.find():
            self.views[folder.name] = _opened(folder.absolute())

    async def rebuild(self, folders: Iterable[Path], files: Sequence[Path], quiet: float) -> None:
        """Evaluates these folders again; `quiet`: seconds since the last change. What is new and wrong may be held."""
        async with self._one:
            for folder in folders:
                known = self.views.get(folder.name)
                if known is None:
                    self._show(await asyncio.to_thread(_opened, folder))
                else:
                    await self._again(known, files, quiet)
            self._forget({folder.name for folder in self.find()})

    async def _again(self, view: View, files: Sequence[Path], quiet: float) -> None:
        """One known evaluation: shown anew where it has changed and is believed."""
        base = await asyncio.to_thread(lambda: base_of(entered_bytes(view.folder)))
        latest = await asyncio.to_thread(evaluate, view.folder)
        own = [file.relative_to(view.folder).as_posix() for file in files if file.is_relative_to(view.folder)]
        names = {*self.held.pop(view.folder, ()), *own}
        new = worsened(view, latest)
        believed = not new or quiet >= (PATIENCE if new & UNREACHABLE else HOLD)
        if not believed or any(d.code == LOCKED for d in latest.diagnostics):
            self.held[view.folder] = tuple(sorted(names))
        beyond = not all(map(is_data, own)) or self._outside(files)
        if believed and (beyond or latest != view.latest or base != view.base):
            self._show(next_view(view, latest, base, time.strftime("%H:%M:%S"), tuple(sorted(names - {"."}))))

    def _outside(self, files: Iterable[Path]) -> bool:
        """Whether files of no evaluation have changed: shipped templates."""
        folders = [view.folder for view in self.views.values()]
        return not all(any(file.is_relative_to(folder) for folder in folders) for file in files)

    def _show(self, view: View) -> None:
        self.views[view.id] = view
        self.told(view)
        self.tell()

    def _forget(self, ids: set[str]) -> None:
        """Evaluations whose folders are no longer among those to show."""
        for id_ in set(self.views) - ids:
            del self.views[id_]
            self.tell()

    # ── News ──

    def tell(self) -> None:
        """Wakes everyone who waits for news."""
        self._news.set()
        self._news = asyncio.Event()

    def close(self) -> None:
        """Ends all waiting: the server stops."""
        self.closed = True
        self.tell()

    async def news(self, seconds: float) -> None:
        """Waits for news, at most so long."""
        try:
            await asyncio.wait_for(self._news.wait(), seconds)
        except TimeoutError:
            return

    def state(self) -> dict[str, Any]:
        """What browsers are told: the version of every evaluation, and the PDFs being made."""
        versions = {view.id: view.version for view in self.views.values()}
        return {"instance": self.instance, "versions": versions, **self.extra}


def _opened(folder: Path) -> View:
    """An evaluation for the first time."""
    base = base_of(entered_bytes(folder))
    return first_view(evaluate(folder), base)
