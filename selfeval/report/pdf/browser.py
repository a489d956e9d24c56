"""HTML to PDF by the Edge, Chrome or Chromium of this machine: for where Pango cannot be had, as on most Windows PCs.

The page is the one WeasyPrint gets. What a browser cannot do is said on the page and in the file: no PDF/A, no
attachments, so nothing that `verify` could score again. Nothing is fetched, no script runs, nothing of the user's own
browser is touched.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unicodedata import normalize

from selfeval.base.diagnostics import Diagnostic, found
from selfeval.base.files import reason_of
from selfeval.base.processes import end_tree, leaving_orderly
from selfeval.report.pdf.fontconfig import use_configuration
from selfeval.report.pdf.requirements import REMEDY, VARIABLE, Browser, MachineLacks, find_browser

SECONDS = 180
"""How long one document may take; a usual one takes one or two."""

NUMBERS_FROM = 131
"""The first Chromium that prints what stands in the margins: page numbers, 征求意见稿."""

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
)
WALLS = (
    f'<!DOCTYPE html><html><head><meta charset=\'utf-8\'><meta http-equiv="Content-Security-Policy" content="{POLICY}">'
)
"""Stands before the page, so that nothing in a template precedes it. The page's own <html> still counts."""

NO_PDF_A = "本文件由浏览器排版：不是 PDF/A 归档格式，不带附件，不能用 selfeval verify 核对"
MARK = "<generator>selfeval</generator>"
"""By this an output folder knows the file as ours; WeasyPrint's have the like."""

DATED = "D:20000101000000+00'00'"
"""The date in every file: that of the build would change the bytes."""

STYLE = f"""<style>
.attachment {{ break-inside: avoid }}
@page :first {{ @bottom-center {{ content: "{NO_PDF_A}"; font: 9pt/13pt SimSun; letter-spacing: 0; color: #333 }} }}
</style>"""
"""A browser, unlike WeasyPrint, breaks a page between the two lines of one heading. Its limits are told."""

FLAGS = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
    "--disable-extensions",
    "--disable-sync",
    "--disable-breakpad",
    "--disable-background-networking",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)

RADICALS = str.maketrans(
    {chr(code): normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
    | dict(
        zip(
            "⺠⻁⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰",
            "民虎西见角贝车長长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙",
            strict=True,
        )
    )
)
"""Where a font has one glyph for both, Chromium writes the radical ⻅ for the character 见: searching fails."""

_META = re.compile(r"<meta\b[^>]*>?", re.IGNORECASE)
_LEFT = re.compile(r"(@page\s*[\w-]*):left\b")
_VERSION = re.compile(r"(?:Chrome|Edg|HeadlessChrome)/(\d+)")


def required_browser() -> Browser:
    """The browser, or `MachineLacks` with what to do."""
    browser = find_browser()
    if browser is None:
        chosen = os.environ.get(VARIABLE)
        what = (
            f"环境变量 {VARIABLE} 指定的“{chosen}”不是可以运行的程序" if chosen else "没有找到 Edge、Chrome 或 Chromium"
        )
        raise MachineLacks(f"{what}，不能用浏览器生成 PDF（HTML 不受影响）；{REMEDY}", "")
    return browser


def failure(browser: Browser, what: str) -> MachineLacks:
    """A browser that does not do its work."""
    return MachineLacks(f"浏览器 {browser.path} {what}；可用环境变量 {VARIABLE} 换用另一个", "")


# ── Printing ──


def print_page(html: str, project: str | None = None) -> tuple[bytes, tuple[Diagnostic, ...]]:
    """The PDF of a whole HTML page, and what was found on the way (about `project`).

    The bytes depend on the page, the fonts and the browser's version.
    """
    browser = required_browser()
    use_configuration()
    with TemporaryDirectory(prefix="selfeval-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        page, printed = home / "page.html", home / "page.pdf"
        page.write_bytes(for_browser(html).encode("utf-8", "replace"))
        run(browser, home, (f"--print-to-pdf={printed}", page.as_uri()))
        try:
            content = printed.read_bytes()
        except OSError as error:
            raise failure(browser, f"没有生成 PDF{_last_words(home)}") from error
    return stable(content), too_old(content, project)


def for_browser(html: str) -> str:
    """The page inside its walls.

    A `<meta>` of a template could lead to another page, which no policy forbids: ours are the only ones. Behind a
    cover WeasyPrint begins on a left page; a browser always on a right one, so the sides change places.
    """
    body = _META.sub("<!---->", html)
    if 'class="covered"' in body:
        body = _LEFT.sub(r"\1:right", body)
    head, end, rest = body.partition("</head>")
    return f"{WALLS}{head}{STYLE}{end}{rest}"


def run(browser: Browser, home: Path, arguments: tuple[str, ...]) -> None:
    """One run of the browser in a profile of its own; whatever it started ends with it."""
    command = [str(browser.path), *FLAGS, *_privileges(), f"--user-data-dir={home / 'profile'}", *arguments]
    own_group = sys.platform != "win32"
    with (home / "log").open("wb") as log, leaving_orderly():
        try:
            process = subprocess.Popen(  # noqa: S603 – a program the user has, arguments of ours
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=own_group
            )
        except OSError as error:
            raise failure(browser, f"不能运行（{reason_of(error)}）") from error
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired as error:
            raise failure(browser, f"排版一份文件超过 {SECONDS} 秒") from error
        finally:
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends a browser and all its helpers, also those that outlive it."""
    if sys.platform == "win32":
        if process.poll() is None:
            end_tree(process.pid)
    else:
        with suppress(ProcessLookupError, PermissionError):  # all gone already
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _privileges() -> tuple[str, ...]:
    """Chromium's own sandbox refuses to work for root, as whom one is in a container."""
    return ("--no-sandbox",) if sys.platform != "win32" and os.geteuid() == 0 else ()


def _last_words(home: Path) -> str:
    """The last line the browser wrote, if any."""
    lines = (home / "log").read_text(encoding="utf-8", errors="replace").split("\n")
    said = [line.strip() for line in lines if line.strip()]
    return f"（{said[-1][:200]}）" if said else ""


# ── The file ──


def stable(content: bytes) -> bytes:
    """The same PDF with what it cannot do in its properties, words that can be searched, no date of the build."""
    from pypdf import PdfWriter

    writer = PdfWriter(clone_from=BytesIO(content))
    for table in character_tables(writer):
        table.set_data("\n".join(map(plain, table.get_data().decode().split("\n"))).encode())
    writer.add_metadata({"/Subject": NO_PDF_A, "/Keywords": MARK, "/CreationDate": DATED, "/ModDate": DATED})
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def character_tables(writer: Any) -> Iterator[Any]:  # noqa: ANN401 – pypdf's objects
    """Of every font the table that says which characters its glyphs are."""
    fonts = {font.idnum: font for page in writer.pages for font in page["/Resources"].get("/Font", {}).values()}
    tables = (font.get_object().get("/ToUnicode") for font in fonts.values())
    return (table.get_object() for table in tables if table is not None)


def plain(line: str) -> str:
    """A line of a font's table (glyph, perhaps up to glyph, character) with no radical in place of a character."""
    cells = re.findall(r"<([0-9A-F]+)>", line)
    if len(cells) not in {2, 3} or len(cells[-1]) != 4:
        return line
    first, last, start = int(cells[0], 16), int(cells[-2], 16), int(cells[-1], 16)
    shown = "".join(map(chr, range(start, start + last - first + 1)))
    known = shown.translate(RADICALS)
    if known == shown:
        return line
    characters = " ".join(f"<{ord(c):04X}>" for c in known)
    return f"<{cells[0]}> {characters}" if len(cells) == 2 else f"<{cells[0]}> <{cells[1]}> [{characters}]"


def too_old(content: bytes, project: str | None) -> tuple[Diagnostic, ...]:
    """F002 where the browser, by what it calls itself in the file, prints no page numbers."""
    version = _VERSION.search(content[:4096].decode("latin-1"))
    if version and int(version[1]) < NUMBERS_FROM:
        message = f"浏览器版本 {version[1]} 太旧，印不出页码；请升级到 {NUMBERS_FROM} 或更新版本"
        return (found("F002", message, project=project),)
    return ()
