"""The two engines that draw PDFs: which one a machine has, and what it must have for it."""

from __future__ import annotations

import sys
from base64 import b64encode
from ctypes import CDLL
from functools import cache
from html import escape
from importlib.util import find_spec

from selfeval.report.pdf.requirements import MachineLacks

WEASYPRINT, TYPST = ENGINES = ("weasyprint", "typst")

LIBRARIES = (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libharfbuzz.so.0",
    "libfontconfig.so.1",
    "libpangoft2-1.0.so.0",
)
"""What WeasyPrint opens, as Linux calls it."""


@cache
def has_weasyprint() -> bool:
    """Whether WeasyPrint finds its libraries: told in a moment on Linux, elsewhere by loading it."""
    if find_spec("weasyprint") is None:
        return False
    try:
        if sys.platform == "linux":
            return bool([CDLL(name) for name in LIBRARIES])
        from selfeval.report.pdf.engine import load

        return bool(load())
    except (OSError, MachineLacks):
        return False


def has_typst() -> bool:
    """Whether Typst is installed; it needs nothing beside it."""
    return find_spec("typst") is not None


def usual_engine() -> str:
    """What PDFs are made with where nobody says: WeasyPrint where it can work, else Typst where that is installed."""
    return TYPST if not has_weasyprint() and has_typst() else WEASYPRINT


def require_engine(engine: str) -> None:
    """Raises `MachineLacks` where this machine cannot make Chinese PDFs with an engine."""
    if engine == TYPST:
        from selfeval.report.typst.faces import require_chinese_font
    else:
        from selfeval.report.pdf.engine import load
        from selfeval.report.pdf.fonts import require_chinese_font

        load()
    require_chinese_font()


def can_draw(engine: str) -> bool:
    """Whether an engine works here."""
    return has_typst() if engine == TYPST else has_weasyprint()


def drawn_picture(engine: str, content: bytes, media: str) -> bytes:
    """A PDF of one page with one picture, as an engine puts it there; without it or b"" where it cannot be drawn."""
    if engine == TYPST:
        from selfeval.report.typst.engine import engine as typst

        return typst().photograph(content)
    from selfeval.report.pdf.engine import engine as weasyprint

    data = b64encode(content).decode()
    return weasyprint().picture(f'<html lang=zh-CN><title>-</title><img src="data:{media};base64,{data}">')


def stamp(lines: tuple[str, ...], size: tuple[float, float]) -> bytes:
    """What is drawn of a signature, as a PDF of one small page (its size in pt) with its own fonts."""
    wide, high = size
    if usual_engine() == TYPST:
        from selfeval.report.typst.engine import engine as typst

        data = {"kind": "stamp", "title": "签章", "enclosed": (), "lines": lines, "width": wide, "height": high}
        return typst().picture(data)
    from selfeval.report.pdf.engine import engine as weasyprint

    return weasyprint().picture(
        f"<html lang=zh-CN><title>签章</title><style>@page {{ size: {wide}pt {high}pt; margin: 0 }}"
        "body { margin: 2pt; padding: 4pt 6pt; border: .8pt solid #b00020; color: #b00020;"
        " font: 12pt/18pt 'Times New Roman', KaiTi, 楷体, serif; height: 37pt; overflow: hidden }"
        f"p {{ margin: 0 }}</style>{''.join(f'<p>{escape(line)}' for line in lines)}"
    )
