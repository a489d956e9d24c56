"""A person at the preview's pages, on an application that is not served."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx

from selfeval.preview.app import application
from selfeval.preview.session import PATIENCE, Session

HOST = "127.0.0.1:8000"


class Browser:
    """What a person does, on an application that is not served: `save` stands for the watcher's report."""

    def __init__(self, folder: Path, *, read_only: bool = False, language: str = "zh") -> None:
        self.folder = folder
        self.lines: list[str] = []
        told = lambda view: self.lines.append(view.id)  # noqa: E731
        self.session = Session(lambda: [folder], told, self.lines.append, read_only, language)
        self.session.open()
        self.app = application(self.session, "127.0.0.1", list)
        self.first = self.session.views[folder.name].base

    def ask(self, method: str, path: str, **given) -> httpx.Response:
        async def once() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
                return await client.request(method, path, **given)

        return asyncio.run(once())

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, body: object, **headers: str) -> httpx.Response:
        ours = {"origin": f"http://{HOST}", "x-preview-token": self.session.token} | headers
        return self.ask("POST", path, json=body, headers=ours)

    def change(self, name: str, content: bytes | None, quiet: float = PATIENCE) -> None:
        file = self.folder / name
        if content is None:
            file.unlink()
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        self.look([file], quiet)

    def look(self, files: list[Path], quiet: float = PATIENCE) -> None:
        asyncio.run(self.session.rebuild([self.folder], files, quiet))

    @property
    def view(self):
        return self.session.views[self.folder.name]

    def fill(self, *cells: tuple[str, ...], base: str = "") -> httpx.Response:
        return self.post("/fill/甲县-2021/P01", sent(base or self.view.base, *cells))

    def tried(self, *cells: tuple[str, str, str]) -> httpx.Response:
        return self.post("/fill/甲县-2021/P01/try", sent(self.view.base, *cells))


def sent(base: str, *cells: tuple[str, ...]) -> dict:
    names = ("row", "column", "text", "was")
    return {"base": base, "changes": [dict(zip(names, cell, strict=False)) for cell in cells]}
