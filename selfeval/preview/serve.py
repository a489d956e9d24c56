"""The server itself: a port that is free, and an end when it is told to. The only module that knows uvicorn."""

from __future__ import annotations

import asyncio
import gc
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from selfeval.base.files import reason_of
from selfeval.base.memo import settle
from selfeval.base.phrases import phrase
from selfeval.preview.app import application
from selfeval.preview.session import Session

PORT = 8000
TRIED = 50
"""How many ports are tried from PORT on; after them any that is free."""


def listening(host: str, port: int | None) -> socket.socket:
    """A socket that listens; without a port the first free one from PORT on. Raises OSError where there is none."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    if port is not None:
        return socket.create_server((host, port), family=family)
    for one in range(PORT, PORT + TRIED):
        try:
            return socket.create_server((host, one), family=family)
        except OSError:
            continue
    return socket.create_server((host, 0), family=family)


def address_of(listener: socket.socket, host: str) -> str:
    """What to type into a browser on this machine."""
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{name}:{listener.getsockname()[1]}/"


Fault = Callable[[asyncio.AbstractEventLoop, dict[str, Any]], None]


def in_one_line(complain: Callable[[str], None]) -> Fault:
    """What goes wrong beside the answers (no more files to open, a client gone), each kind said once in one line."""
    complaints: set[str] = set()

    def handler(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        reason = reason_of(error) if isinstance(error, OSError) else type(error).__name__
        words = phrase("一个连接出错（{reason}）；已经打开的页面不受影响", reason=reason)
        if words not in complaints:
            complaints.add(words)
            complain(words)

    return handler


PAUSE = 2.0
"""Seconds between looks for garbage."""

ENOUGH, TOO_MUCH = 20_000, 4_000_000
"""New objects after which a look is worth it in a quiet moment, and at any time."""


async def tidy() -> None:
    """Looks for garbage in quiet moments only, and at every object once; never ends by itself.

    Python looks whenever much is new: after an evaluation, that is while somebody waits for the page. With a thousand
    projects this takes longer than making the page does.
    """
    before = 0
    while True:
        await asyncio.sleep(PAUSE)
        new = gc.get_count()[0]
        if new > TOO_MUCH or (new > ENOUGH and abs(new - before) < ENOUGH // 10):
            gc.collect()
            settle()
        before = new


def serve(session: Session, listener: socket.socket, host: str, roots: Callable[[], Sequence[Path]]) -> None:
    """Serves until it is interrupted; then raises KeyboardInterrupt as Python does."""
    import uvicorn

    class Server(uvicorn.Server):
        """Ends the streams of news as soon as it is told to stop, so that nothing waits for them."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            self.loop = asyncio.get_running_loop()
            self.loop.set_exception_handler(in_one_line(session.complain))
            gc.disable()
            self.tidying = self.loop.create_task(tidy())
            await super().startup(sockets)

        def handle_exit(self, sig: int, frame: object) -> None:
            super().handle_exit(sig, frame)  # type: ignore[arg-type]
            if self.started:
                self.loop.call_soon_threadsafe(session.close)

    config = uvicorn.Config(
        application(session, host, roots),
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        ws="none",
        lifespan="on",
        timeout_graceful_shutdown=1,
    )
    Server(config).run(sockets=[listener])
    raise KeyboardInterrupt  # Python itself raises none where whoever started us had SIGINT ignored
