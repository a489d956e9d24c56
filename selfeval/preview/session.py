"""The evaluations being previewed, kept in memory, and those who wait for news of them."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from selfeval.base.phrases import CHINESE, phrase
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
    unopened,
    work_in,
    worsened,
)

AT_ONCE = 400_000
"""Bytes of tables that are read and scored before the first page is shown: a quarter of a second's work. Of a larger
evaluation the first page lists the projects, and shows their scores as soon as they are there."""

HEAD_START = 0.5
"""Seconds that the first page has for itself: whatever is evaluated beside it takes half of its processor."""

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
    files that changed. `shown`: somebody has seen the first page.
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
    shown: asyncio.Event = field(default_factory=asyncio.Event)
    closed: bool = False
    extra: dict[str, Any] = field(default_factory=dict)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    def open(self) -> None:
        """Evaluates what is small for the first time, and notes down the rest for `finish`."""
        left = AT_ONCE
        for folder in map(Path.absolute, self.find()):
            work = work_in(folder)
            small = work <= left
            left -= work if small else 0
            self.views[folder.name] = _opened(folder) if small else unopened(folder)

    async def finish(self) -> None:
        """Evaluates the rest for the first time, once there is a first page to look at meanwhile."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.shown.wait(), HEAD_START)
        for id_ in tuple(self.views):
            await self.opened(id_)

    async def opened(self, id_: str) -> View | None:
        """An evaluation by its id, waited for where it is being read; what is asked for comes before the others."""
        view = self.views.get(id_)
        return view if view is None or not view.opening else await self._in_turn(view)

    async def _in_turn(self, waiting: View) -> View | None:
        async with self._one:
            view = self.views.get(waiting.id)
            if view and view.opening:
                view = self.views[view.id] = await self._first(view)
                self.tell()
            return view

    async def _first(self, view: View) -> View:
        """The first view of an evaluation; where a fault of ours prevents it, one that shows nothing."""
        try:
            return await asyncio.to_thread(_opened, view.folder)
        except Exception as error:  # noqa: BLE001 - the others go on, and the next save tries again
            self.complain(
                phrase("{path} 出错（{name}: {error}）", path=view.id, name=type(error).__name__, error=str(error))
            )
            return replace(view, version=1)

    async def rebuild(self, folders: Iterable[Path], files: Sequence[Path], quiet: float) -> None:
        """Evaluates these folders again; `quiet`: seconds since the last change. What is new and wrong may be held."""
        async with self._one:
            for folder in folders:
                known = self.views.get(folder.name)
                if known is None or known.opening:
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
