"""The application: addresses and what they answer. The only module that knows Starlette's routes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from selfeval.base.phrases import phrase, said
from selfeval.evaluation.result import Result
from selfeval.preview import fill_in as filling
from selfeval.preview import pages
from selfeval.preview.fill_in import FieldChange, RefusedChangeError
from selfeval.preview.pdf_jobs import READY, SUMMARY, Printing
from selfeval.preview.report_cache import INDEX, Report, Reports
from selfeval.preview.security import Allowed, Guard, policy
from selfeval.preview.session import PATIENCE, Session
from selfeval.preview.state import View
from selfeval.preview.watch import Changes, follow, watch
from selfeval.reading.layouts import shipped_templates

ASSETS = {
    "screen.css": ("css/screen.css", "text/css"),
    "preview.css": ("preview/preview.css", "text/css"),
    "preview.js": ("preview/preview.js", "text/javascript"),
    "fill.js": ("preview/fill.js", "text/javascript"),
}
"""The files that may be fetched, by the name they are fetched under; there is no way to any other."""

HEARTBEAT = 5.0
"""Seconds after which a silent connection says that it is alive."""


@dataclass(slots=True)
class Site:
    """The answers. Mutable: it keeps the pages that were made."""

    session: Session
    printing: Printing
    reports: dict[str, Reports] = field(default_factory=dict)
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    rendering: asyncio.Lock = field(default_factory=asyncio.Lock)

    # ── Pages ──

    async def home(self, _: Request) -> Response:
        """All evaluations and their projects."""
        html = await asyncio.to_thread(pages.home, self.session)
        self.session.shown.set()
        return HTMLResponse(html)

    async def view(self, request: Request) -> Response:
        """A page of the report, with the bar below it."""
        view = await self._view(request)
        name = request.path_params.get("project") or f"~{request.path_params['page']}"
        if view is None:
            return self.missing()
        if view.result is None:
            return HTMLResponse(
                pages.page("broken", self.session, pages.bar_of(self.session, view, here(request)), view=view)
            )
        async with self.rendering:
            reports = self.reports.setdefault(view.id, Reports())
            report = await asyncio.to_thread(reports.page, view, view.result, name)
        return self.missing() if report is None else self._with_bar(request, view, name, report)

    def _with_bar(self, request: Request, view: View, name: str, report: Report) -> Response:
        """The page as built, its stylesheet fetched, our bar at its end."""
        project = "" if name in {INDEX, SUMMARY} else name
        pdf = "" if name == INDEX else name
        bar = replace(
            pages.bar_of(self.session, view, here(request), report.fault, project), pdf="" if view.stale else pdf
        )
        if not report.html:
            return HTMLResponse(pages.page("broken", self.session, bar, view=view))
        html = pages.page("bar", self.session, bar)
        head, start, tail = report.html.partition("</head>")
        body, end, rest = tail.rpartition("</body>")
        style = pages.address("style", view.id, f"{report.style}.css")
        links = pages.page("links", self.session, bar, style=style)
        whole = f"{head}{links}{start}{body or rest}{html}{end}{rest if body else ''}"
        return HTMLResponse(whole, headers={"content-security-policy": policy(report.script)})

    async def style(self, request: Request) -> Response:
        """The stylesheet of a report."""
        reports = self.reports.get(request.path_params["evaluation"])
        text = reports.styles.get(request.path_params["key"]) if reports else None
        return self.missing() if text is None else Response(text, media_type="text/css")

    async def findings(self, request: Request) -> Response:
        """Everything the checks found."""
        view = await self._view(request)
        if view is None:
            return self.missing()
        return HTMLResponse(pages.findings(self.session, view, here(request)))

    async def asset(self, request: Request) -> Response:
        """One of the files of the preview's own pages."""
        known = ASSETS.get(request.path_params["name"])
        if known is None:
            return self.missing()
        return Response((shipped_templates() / known[0]).read_bytes(), media_type=known[1])

    async def icon(self, _: Request) -> Response:
        """There is none; browsers ask all the same."""
        return Response(status_code=204)

    # ── News ──

    async def events(self, request: Request) -> Response:
        """News as they come, for as long as the browser listens."""
        return StreamingResponse(self._news(request), media_type="text/event-stream")

    async def _news(self, request: Request) -> AsyncIterator[str]:
        sent = ""
        while not self.session.closed and not await request.is_disconnected():
            state = json.dumps(self.session.state(), ensure_ascii=False)
            yield f"data: {state}\n\n" if state != sent else ": \n\n"
            sent = state
            if json.dumps(self.session.state(), ensure_ascii=False) == sent:
                await self.session.news(HEARTBEAT)

    # ── Filling in ──

    async def fill(self, request: Request) -> Response:
        """The form of a project."""
        view, result = await self._form(request)
        if view is None or result is None:
            return self.missing()
        html = await asyncio.to_thread(pages.fill, self.session, view, here(request), request.path_params["project"])
        return self.missing() if html is None else HTMLResponse(html)

    async def tried(self, request: Request) -> Response:
        """The form with the scores that the texts sent along would give."""
        view, result = await self._form(request)
        project = request.path_params["project"]
        card = filling.card_of(result, project) if result else None
        if view is None or result is None or card is None:
            return self.missing()
        try:
            _, changes = await sent(request)
            what_if = await asyncio.to_thread(filling.tried, view, result, card, changes)
        except RefusedChangeError as refused:
            return JSONResponse({"message": self.says(refused.args[0])}, 422)
        form = pages.address("fill", view.id, project)
        html = await asyncio.to_thread(pages.fill, self.session, view, form, project, what_if.result)
        return self.missing() if html is None else HTMLResponse(html)

    async def save(self, request: Request) -> Response:
        """Writes what was filled in; 409 with both versions where the file is another one by now."""
        if self.session.read_only:
            return JSONResponse({"message": self.says(phrase("启动时用了 --read-only，只能看"))}, 403)
        view, result = await self._form(request)
        project = request.path_params["project"]
        if view is None or result is None or filling.card_of(result, project) is None:
            return self.missing()
        try:
            base, changes = await sent(request)
            async with self.writing:
                files = await asyncio.to_thread(filling.save, view, project, changes, base)
                await self.session.rebuild([view.folder], files, PATIENCE)
        except RefusedChangeError as refused:
            return self._refused(refused)
        return JSONResponse({"base": self.session.views[view.id].base})

    def _refused(self, refused: RefusedChangeError) -> Response:
        """Why nothing was written; of a cell that somebody else has changed too, both versions."""
        if not refused.stale:
            return JSONResponse({"message": self.says(refused.args[0])}, 422)
        html = pages.page("conflict", self.session, pages.StatusBar(), both=refused.clashes, message=refused.args[0])
        return HTMLResponse(html, 409)

    async def _form(self, request: Request) -> tuple[View | None, Result | None]:
        view = await self._view(request)
        return view, view.result if view else None

    # ── PDF ──

    async def print(self, request: Request) -> Response:
        """Begins a PDF in the background."""
        view, name = await self._view(request), request.path_params["page"]
        if view is None or view.result is None or not (name == SUMMARY or pages.reported(view, name)):
            return self.missing()
        self.printing.start(view, name)
        return JSONResponse({"started": True}, 202)

    async def pdf(self, request: Request) -> Response:
        """The PDF last made of a page."""
        evaluation, name = request.path_params["evaluation"], request.path_params["page"]
        print_ = self.printing.prints.get((evaluation, name))
        if print_ is None or print_.state != READY:
            return self.missing()
        disposition = f"inline; filename*=UTF-8''{quote(f'{evaluation}-{name}.pdf')}"
        return Response(print_.content, media_type="application/pdf", headers={"content-disposition": disposition})

    # ── Refusals ──

    def says(self, text: str) -> str:
        """A text of ours in the language of the preview."""
        return said(text, self.session.language)

    def missing(self) -> Response:
        """What is not here."""
        return PlainTextResponse(self.says(phrase("没有这个页面；请从 / 重新进入。")) + "\n", 404)

    async def _view(self, request: Request) -> View | None:
        return await self.session.opened(request.path_params["evaluation"])


def here(request: Request) -> str:
    """The path of a request, as addresses are written."""
    return quote(request.scope["path"])


async def sent(request: Request) -> tuple[str, tuple[FieldChange, ...]]:
    """(state of the files the page was made from, changes) of a request."""
    try:
        given: Any = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise RefusedChangeError(phrase("请求的内容不对")) from None
    base = given.get("base") if isinstance(given, dict) else None
    if not isinstance(base, str):
        raise RefusedChangeError(phrase("请求的内容不对"))
    return base, filling.changes_of(given.get("changes"))


def routes_of(site: Site) -> list[Route]:
    """Every address there is."""
    post = ["POST"]
    return [
        Route("/", site.home),
        Route("/events", site.events),
        Route("/assets/{name}", site.asset),
        Route("/favicon.ico", site.icon),
        Route("/style/{evaluation}/{key}.css", site.style),
        Route("/view/{evaluation}/{page}.html", site.view),
        Route("/view/{evaluation}/projects/{project}/report.html", site.view),
        Route("/findings/{evaluation}", site.findings),
        Route("/fill/{evaluation}/{project}", site.fill),
        Route("/fill/{evaluation}/{project}/try", site.tried, methods=post),
        Route("/fill/{evaluation}/{project}", site.save, methods=post),
        Route("/pdf/{evaluation}/{page}", site.pdf),
        Route("/pdf/{evaluation}/{page}", site.print, methods=post),
    ]


def application(session: Session, host: str, roots: Callable[[], Sequence[Path]]) -> Guard:
    """Everything put together; what runs beside the answers begins and ends with the server."""
    site = Site(session, Printing(session))

    @asynccontextmanager
    async def beside(_: Starlette) -> AsyncIterator[None]:
        changes = Changes()
        session.open()
        work: list[Awaitable[None]] = [
            session.finish(),
            watch(roots, changes),
            follow(session, changes, shipped_templates()),
        ]
        tasks = [asyncio.ensure_future(one) for one in work]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await site.printing.stop()

    async def failed(request: Request, error: Exception) -> Response:
        session.complain(
            phrase("{path} 出错（{name}: {error}）", path=request.url.path, name=type(error).__name__, error=str(error))
        )
        return PlainTextResponse(site.says(phrase("程序内部出错，请看终端里的提示；其他页面不受影响。")) + "\n", 500)

    app = Starlette(routes=routes_of(site), lifespan=beside, exception_handlers={Exception: failed})
    return Guard(app, Allowed(host), session.token, session.language)
