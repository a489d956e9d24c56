"""What a document may read: `data:` and files under given folders; all else is refused, and why is remembered."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from selfeval.base.files import RefusedFileError, read_file, within
from selfeval.base.phrases import phrase

MAX_RESOURCE = 50_000_000
"""Bytes of one picture or stylesheet."""

Resource = tuple[bytes, str, str]
"""The bytes of a resource, the address of the file it came from, its type."""

Refusals = dict[str, str]
"""Address → why it was refused."""


class RefusedResourceError(ValueError):
    """A resource that the document may not read, or cannot. The text says why."""


def read_resource(url: str, roots: tuple[Path, ...]) -> Resource:
    """A file under one of the roots, links resolved first. Raises `RefusedResourceError`."""
    parts = urlsplit(url)
    if parts.scheme != "file":
        raise RefusedResourceError(phrase("只能读取评价文件夹和模板文件夹里的文件，不访问网络"))
    if parts.netloc not in ("", "localhost") or parts.path.startswith("//"):
        raise RefusedResourceError(phrase("不读取其他计算机上的文件"))
    path = _resolved(parts.path)
    if not any(within(path, root) for root in roots):
        raise RefusedResourceError(phrase("文件不在评价文件夹或模板文件夹里"))
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return _read(path), path.as_uri(), kind


def _resolved(url_path: str) -> Path:
    """The file behind the path of an address, with every link followed."""
    try:
        return Path(url2pathname(url_path)).resolve()
    except (OSError, ValueError, RuntimeError) as error:  # a NUL, a loop of links
        raise RefusedResourceError(phrase("地址不是一个文件")) from error


def _read(path: Path) -> bytes:
    """The whole file; not a folder, not a device."""
    try:
        return read_file(path, MAX_RESOURCE)
    except FileNotFoundError as error:
        raise RefusedResourceError(phrase("没有这个文件")) from error
    except RefusedFileError as error:
        raise RefusedResourceError(str(error)) from error
    except OSError as error:
        raise RefusedResourceError(phrase("文件打不开")) from error


def fetcher_for(roots: tuple[Path, ...], refused: Refusals) -> Any:  # noqa: ANN401 – WeasyPrint has no types
    """What WeasyPrint fetches with: `data:` itself, files by `read_resource`, no more."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Fetcher(URLFetcher):  # type: ignore[misc]
        """Refuses all but our own files, and remembers what it refused."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:  # noqa: ANN401
            """The answer to one address."""
            if url[:5].lower() == "data:":
                return super().fetch(url, headers)
            try:
                content, where, kind = read_resource(url, roots)
            except RefusedResourceError as error:
                refused[url] = str(error)
                raise
            return URLFetcherResponse(where, content, {"Content-Type": kind})

    return Fetcher(allowed_protocols={"data"}, allow_redirects=False)
