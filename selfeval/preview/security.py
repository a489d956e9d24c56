"""Who may ask, and who may write. Every request passes here before anything else sees it.

A page elsewhere on the web can make a browser send requests to this machine. So a request must name us as its host
(or a name of the attacker's could be pointed at us), and one that changes something must come from our own pages.
"""

from __future__ import annotations

import hmac
import ipaddress
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from selfeval.base.phrases import CHINESE, phrase, said

if TYPE_CHECKING:
    from starlette.datastructures import Headers
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


MAX_BODY = 1_000_000
"""Bytes of one request."""

TOKEN_HEADER = "x-preview-token"  # noqa: S105 - the name of a header

POLICY = (
    "default-src 'none'; script-src 'self'{scripts}; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""Styles on single elements come from the alignment of columns in a narrative's tables; scripts only from files."""

HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


def policy(scripts: str = "") -> str:
    """The content security policy of a page; `scripts`: the hash of an inline script of the shipped templates."""
    return POLICY.format(scripts=f" '{scripts}'" if scripts else "")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a host."""
    return host == "localhost" or bool((number := number_of(host)) and number.is_loopback)


def number_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """A host that is written as a number, which cannot be pointed elsewhere; None for a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Allowed:
    """The hosts under which the server may be addressed."""

    host: str

    def has(self, header: str) -> bool:
        """Whether the Host header of a request (with or without a port) is one of ours."""
        try:
            name = (urlsplit(f"//{header}").hostname or "").rstrip(".")
        except ValueError:
            return False
        if "@" in header or "/" in header:
            return False
        if is_loopback(self.host):
            return is_loopback(name)
        return number_of(name) is not None or name in {"localhost", self.host.lower(), socket.gethostname().lower()}


class Guard:
    """The wall around the application."""

    def __init__(self, app: ASGIApp, allowed: Allowed, token: str, language: str = CHINESE) -> None:
        """`token`: what our own pages send along with a change; `language`: that of refusals."""
        self.app, self.allowed, self.token, self.language = app, allowed, token, language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request through, or answers it with the reason why not."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        from starlette.datastructures import Headers
        from starlette.responses import PlainTextResponse

        status, reason = self.refusal(scope["method"], Headers(scope=scope))
        app = PlainTextResponse(f"{said(reason, self.language)}\n", status) if status else self.app
        await app(scope, receive, with_headers(send))

    def refusal(self, method: str, headers: Headers) -> tuple[int, str]:
        """(status, reason) where a request is refused; (0, "") where it is not."""
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self.allowed.has(hosts[0]):
            return 400, phrase("不认识的主机名：请用启动时显示的地址打开预览。")
        if method in {"GET", "HEAD"}:
            return 0, ""
        if not self.from_our_page(headers, hosts[0]):
            return 403, phrase("只接受预览页面自己发出的修改请求；请重新载入页面再试。")
        return length_refusal(headers.get("content-length", ""))

    def from_our_page(self, headers: Headers, host: str) -> bool:
        """The same origin, and the token that only our pages know."""
        token = headers.get(TOKEN_HEADER, "").encode()
        same = urlsplit(headers.get("origin", "")).netloc == host
        known = hmac.compare_digest(token, self.token.encode())
        site = headers.get("sec-fetch-site", "same-origin")
        return same and known and site == "same-origin"


def length_refusal(length: str) -> tuple[int, str]:
    """A body must say how long it is, and not be too long."""
    if not (length.isascii() and length.isdigit()):
        return 411, phrase("请求没有说明长度。")
    return (413, phrase("请求太大。")) if len(length) > 9 or int(length) > MAX_BODY else (0, "")


def with_headers(send: Send) -> Send:
    """Adds what every answer carries; a policy of the answer's own stays."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            from starlette.datastructures import MutableHeaders

            headers = MutableHeaders(scope=message)
            headers.setdefault("content-security-policy", policy())
            for name, value in HEADERS.items():
                headers[name] = value
        await send(message)

    return sending
