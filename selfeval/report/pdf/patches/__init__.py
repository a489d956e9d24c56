"""What is changed in WeasyPrint 70, all in one place.

`fonts`, `styles`, `text` and the writing of a PDF here spare it what it does twice; `justify` fills lines of Chinese.
Each function replaces or precedes one of WeasyPrint's own. README.md beside this file says what each does, what it
saves and how to drop it; `SELFEVAL_PLAIN_WEASYPRINT=1` drops all but `rows`, and another series than 70 all.
"""

from __future__ import annotations

import gc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from selfeval.base.memo import undisturbed
from selfeval.report.pdf.patches import fonts as lean_fonts
from selfeval.report.pdf.patches import justify, rows
from selfeval.report.pdf.patches import styles as lean_styles
from selfeval.report.pdf.patches import text as lean_text
from selfeval.report.pdf.requirements import plain_weasyprint

SERIES = "70."
"""The series these were written for."""

LEVEL = 6
"""zlib: a third of the time of level 9 for a file larger by less than a hundredth."""


def apply(weasyprint: Any) -> None:  # noqa: ANN401 – WeasyPrint has no types
    """Puts our functions in place, once a process, unless plain WeasyPrint is wanted."""
    import pydyf
    from weasyprint.pdf import fonts

    if not weasyprint.__version__.startswith(SERIES) or hasattr(fonts.Font, "whole_file"):
        return
    rows.install()
    if plain_weasyprint():
        return
    lean_fonts.apply()
    lean_styles.apply()
    lean_text.apply()
    justify.install()
    pydyf.PDF.page_references = property(page_references)


def page_references(pdf: Any) -> tuple[bytes, ...]:  # noqa: ANN401
    """The references of all pages, made once for so many: WeasyPrint asks for them with each element it tags."""
    kids = pdf.pages["Kids"]
    kept: tuple[bytes, ...] = pdf.__dict__.get("kept_references", ())
    if len(kept) * 3 != len(kids):
        kept = pdf.__dict__["kept_references"] = tuple(b"%d 0 R" % number for number in kids[::3])
    return kept


def write_once(pdf: Any) -> None:  # noqa: ANN401
    """Every object's bytes made once: pydyf makes them for the file, and again for the file's fingerprint.

    To be called when all is said and the file is about to be written.
    """
    if plain_weasyprint():
        return
    classes, add_object = _written_once(), pdf.add_object

    def add(item: Any) -> None:  # noqa: ANN401
        settle(item)
        add_object(item)

    def settle(item: Any) -> None:  # noqa: ANN401
        kind = next((kind for kind in classes if isinstance(item, kind)), None)
        if kind:
            item.__class__ = classes[kind]

    for item in pdf.objects:
        settle(item)
    pdf.add_object = add


@cache
def _written_once() -> dict[type, type]:
    """For each kind of object the same that keeps its bytes."""
    import pydyf

    def once(kind: type, made: Callable[[Any], bytes]) -> type:
        def data(item: Any) -> bytes:  # noqa: ANN401
            if (kept := item.__dict__.get("bytes")) is None:
                kept = item.__dict__["bytes"] = made(item)
            return bytes(kept)

        return type(kind.__name__, (kind,), {"data": property(data)})

    return {
        pydyf.Stream: once(pydyf.Stream, compressed),
        pydyf.Dictionary: once(pydyf.Dictionary, pydyf.Dictionary.data.fget),
        pydyf.Array: once(pydyf.Array, pydyf.Array.data.fget),
    }


def compressed(stream: Any) -> bytes:  # noqa: ANN401
    """A stream as pydyf writes it, but for the level of compression."""
    import pydyf

    content = b"\n".join(map(pydyf._to_bytes, stream.stream))  # noqa: SLF001 – as pydyf joins them itself
    extra = pydyf.Dictionary(stream.extra)
    if stream.compress:
        extra["Filter"] = "/FlateDecode"
        content = zlib.compress(content, LEVEL)
    extra["Length"] = len(content)
    return b"\n".join((extra.data, b"stream", content, b"endstream"))


@contextmanager
def cleared_once() -> Iterator[None]:
    """While a page is made nothing is looked for that might be garbage: its trees are cleared away when it is done."""
    try:
        with undisturbed():
            yield
    finally:
        gc.collect()
