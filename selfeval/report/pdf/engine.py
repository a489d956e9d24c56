"""HTML to PDF by WeasyPrint, which is loaded only once a PDF is asked for (`patches` mend what it does).

What the renderer reads is limited to `data:` and to files under given folders; what it says
(a missing glyph, a refused picture) becomes diagnostics; what it writes depends only on its input.
"""

from __future__ import annotations

import gc
import io
import logging
import re
import warnings
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import RLock
from typing import Any

from selfeval.base.diagnostics import Diagnostic, finding
from selfeval.base.memo import settle
from selfeval.base.phrases import phrase
from selfeval.report.boxes import BOX, boxes_for, missing_glyphs
from selfeval.report.pages.views import Enclosure
from selfeval.report.pdf import patches as lean
from selfeval.report.pdf.accessible import link_once, make_accessible
from selfeval.report.pdf.fontconfig import use_configuration
from selfeval.report.pdf.landing import as_foretold
from selfeval.report.pdf.requirements import PIP, MachineLacks, other_engine, remedy_command
from selfeval.report.pdf.resources import Refusals, RefusedResourceError, fetcher_for

VARIANT = "pdf/a-3a"
"""To be kept for decades (ISO 19005-3), with attachments; tagged, with language and title: can be read aloud."""

TOML = "application/toml"
"""Not in every system's list of types, and the bytes must not depend on the system."""

DATED = datetime(2000, 1, 1)
"""The date of every embedded file. PDF wants one; the time of the build would change the bytes."""

ATTEMPTS = 5
"""How often a form is cut anew before it is printed as it is."""

RELAXED = (
    "* { break-inside: auto !important } .plain * { break-before: auto !important }"
    ".attachment { break-inside: avoid !important }"
)
"""For a page on which not all that should stay together can; the title of an annex always can."""

KEPT_STYLES = 8
PLAIN_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
NEEDS_DOCUMENT = re.compile(r"@(import|font-face|counter-style|color-profile|\\)", re.IGNORECASE)
"""Rules that fetch something or belong to one document (or are disguised by an escape).

Sheets that have them are not kept."""

Again = Callable[[int], str]
"""Makes a page anew, on the nth attempt with less on each sheet of its form."""

StyleKey = tuple[str, tuple[Path, ...]]
"""The text of a stylesheet and the folders it may read from."""


# ── What it says ──


@dataclass(frozen=True, slots=True)
class Message:
    """One thing the renderer said. `template` is the untranslated pattern that tells its kind."""

    template: str
    text: str

    @property
    def is_glyph(self) -> bool:
        """A character that no font has."""
        return self.template.startswith(".notdef glyph")

    @property
    def is_slow(self) -> bool:
        """Fonts were cut down without HarfBuzz."""
        return "instead of HarfBuzz-Subset" in self.template

    @property
    def is_resource(self) -> bool:
        """Something could not be read."""
        return self.template.startswith(("Failed to load", "Font-face", "Relative URI"))


class _Listener(logging.Handler):
    """Keeps the texts of what is logged; the records themselves may hold the whole document."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[Message] = []

    def emit(self, record: logging.LogRecord) -> None:
        """One message."""
        self.messages.append(Message(str(record.msg), record.getMessage()))


@contextmanager
def listening() -> Iterator[list[Message]]:
    """Catches the renderer's messages; meanwhile none reaches the terminal."""
    logger = logging.getLogger("weasyprint")
    listener, level, propagate = _Listener(), logger.level, logger.propagate
    logger.addHandler(listener)
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    try:
        yield listener.messages
    finally:
        logger.removeHandler(listener)
        logger.setLevel(level)
        logger.propagate = propagate


def missing_characters(messages: list[Message]) -> tuple[str, ...]:
    """The characters no font has, in the order met."""
    hits = (re.search(r"U\+([0-9A-F]+)\)$", m.text) for m in messages if m.is_glyph)
    return tuple(dict.fromkeys(chr(int(hit[1], 16)) for hit in hits if hit))


def said(messages: list[Message], refused: Refusals, html: str = "") -> tuple[Diagnostic, ...]:
    """The renderer's messages on a page as diagnostics, each once."""
    found_all = (*_glyphs(messages, html), *_resources(messages, refused), *_others(messages))
    return tuple(dict.fromkeys(found_all))


def _glyphs(messages: list[Message], html: str) -> Iterator[Diagnostic]:
    """F001, one for all the characters."""
    if missing := missing_characters(messages):
        yield missing_glyphs(missing, html)


def _resources(messages: list[Message], refused: Refusals) -> Iterator[Diagnostic]:
    """F003: what was refused, then what failed for another reason (a broken picture)."""
    for url, why in refused.items():
        yield finding("F003.refused", address=_short(url), why=why)
    for message in messages:
        if message.is_resource and RefusedResourceError.__name__ not in message.text:
            yield finding("F003.failed", told=_short(message.text))


def _others(messages: list[Message]) -> Iterator[Diagnostic]:
    """F004 and, for all that has no code of its own, F002."""
    for message in messages:
        if message.is_slow:
            yield finding("F004")
        elif not message.is_glyph and not message.is_resource:
            yield finding("F002", told=_short(message.text))


def _short(text: str, limit: int = 300) -> str:
    """On one line, and no whole picture in it."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


# ── The engine ──


def load() -> Any:  # noqa: ANN401
    """WeasyPrint with our fonts and none of its notices; `MachineLacks` without Pango."""
    use_configuration()
    hush = io.StringIO()
    try:
        with redirect_stdout(hush), redirect_stderr(hush), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import weasyprint
            from weasyprint.text import fonts  # noqa: F401 – loads the libraries
    except ImportError as error:
        raise MachineLacks(phrase("没有安装 WeasyPrint，不能生成 PDF"), PIP) from error
    except OSError as error:
        message = phrase("缺少排版库 Pango，不能生成 PDF（HTML 不受影响）")
        raise MachineLacks(message, remedy_command("pango"), other_engine()) from error
    lean.apply(weasyprint)
    return weasyprint


def has_fast_subsetting() -> bool:
    """Whether HarfBuzz can cut fonts down, in a version WeasyPrint takes."""
    load()
    from weasyprint.text.ffi import harfbuzz, harfbuzz_subset

    return bool(harfbuzz_subset) and bool(harfbuzz.hb_version_atleast(4, 1, 0))


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A stylesheet parsed once, and what the parser said about it."""

    css: Any
    messages: tuple[Message, ...]


class PdfEngine:
    """Renders documents one after another; one engine per process.

    Mutable on purpose: stylesheets once parsed and fonts once opened are kept for the next page.
    Threads wait for one another: the renderer's log is one for the process, and they gain nothing.
    """

    def __init__(self) -> None:
        self._weasyprint = load()
        from weasyprint.pdf.anchors import MIMETYPES
        from weasyprint.text.fonts import FontConfiguration

        MIMETYPES.add_type(TOML, ".toml")
        self._fonts = FontConfiguration()
        self._sheets: OrderedDict[StyleKey, _Sheet] = OrderedDict()
        self._told_slow = False
        self._lock = RLock()
        gc.collect()
        settle()  # the program itself is never garbage: it is not looked through after every page

    def render(
        self,
        html: str,
        roots: tuple[Path, ...] = (),
        *,
        enclosures: tuple[Enclosure, ...] = (),
        project: str | None = None,
        again: Again | None = None,
    ) -> tuple[bytes, tuple[Diagnostic, ...]]:
        """The PDF of a whole HTML page, and what was found on the way (about `project`).

        Where a sheet of a form did not fit on its page, `again(1)`, `again(2)` … gives the page with less on each.

        Relative addresses start at the first root. Language and title come from the page, bookmarks
        from its headings. The bytes depend on the arguments, the fonts and WeasyPrint's version.
        """
        with self._lock, lean.cleared_once():  # what a page was made from is let go of before garbage is looked for
            content, diagnostics = self._printed(html, roots, enclosures, again)
        return content, self._once(tuple(replace(d, project=project) for d in diagnostics))

    def _printed(
        self, html: str, roots: tuple[Path, ...], enclosures: tuple[Enclosure, ...], again: Again | None
    ) -> tuple[bytes, tuple[Diagnostic, ...]]:
        """The bytes of a page, and what was said of it."""
        refused: Refusals = {}
        with listening() as messages:
            document = self._cut_to_fit(html, roots, refused, messages, again)
            content = self.written(document, enclosures)
        if missing := {*missing_characters(messages)} - {BOX}:  # seen only when all is drawn: once more, with boxes
            boxes = boxes_for(missing)
            with listening():
                anew = (lambda attempt: again(attempt).translate(boxes)) if again else None
                document = self._cut_to_fit(html.translate(boxes), roots, refused, [], anew)
                content = self.written(document, enclosures)
        return content, said(messages, refused, html)

    def laid_out(self, html: str, *, again: Again | None = None) -> tuple[Any, tuple[Diagnostic, ...]]:
        """A page as WeasyPrint's document, to be printed together with others by `written_of`."""
        refused: Refusals = {}
        with self._lock, listening() as messages:
            document = self._cut_to_fit(html, (), refused, messages, again)
            return document, said(messages, refused, html)

    def written_of(self, document: Any) -> tuple[bytes, set[str]]:  # noqa: ANN401
        """The bytes of a document, and the characters that no font has."""
        with self._lock, listening() as messages:
            content = self.written(document)
        return content, {*missing_characters(messages)} - {BOX}

    def written(self, document: Any, enclosures: tuple[Enclosure, ...] = ()) -> bytes:  # noqa: ANN401
        """The bytes of a document."""
        attached = [self._attachment(e) for e in enclosures]
        link_once(document)
        content: bytes = document.write_pdf(pdf_variant=VARIANT, attachments=attached, finisher=_finish)
        return content

    def _cut_to_fit(
        self,
        html: str,
        roots: tuple[Path, ...],
        refused: Refusals,
        messages: list[Message],
        again: Again | None,
    ) -> Any:  # noqa: ANN401
        """The page laid out, the sheets of its form cut anew until they fit."""
        document = self._document(html, roots, refused, messages)
        attempt = 0
        while again and attempt < ATTEMPTS and not as_foretold(document):
            attempt += 1
            messages.clear()
            document = self._document(again(attempt), roots, refused, messages)
        return document

    def face_of(self, family: str, sample: str) -> tuple[str, bool]:
        """The font that shows a sample in a family, and whether all of it could be shown."""
        page = f'<html lang="zh-CN"><title>-</title><body style="font-family:\'{family}\'">{sample}'
        with self._lock, listening() as messages:
            document = self._document(page, (), {}, messages)
            document.write_pdf()
            families = [str(font.family) for font in document.fonts.values()]
            return (families or [""])[0], not missing_characters(messages)

    def picture(self, html: str) -> bytes:
        """A small page to be drawn inside another file: its fonts come along, no tags."""
        with self._lock, listening() as messages:
            document: Any = self._document(html, (), {}, messages)
            content: bytes = document.write_pdf(pdf_variant="pdf/a-3b", pdf_tags=False)
            return content

    def _document(self, html: str, roots: tuple[Path, ...], refused: Refusals, messages: list[Message]) -> Any:  # noqa: ANN401
        """The page laid out."""
        base = f"{roots[0].resolve().as_uri()}/" if roots else None
        fetcher = fetcher_for(roots, refused)
        body, texts = split_styles(html)
        sheets = [self._sheet((text, roots), base, fetcher) for text in texts]
        messages.extend(message for sheet in sheets for message in sheet.messages)
        page = self._weasyprint.HTML(string=body, base_url=base, url_fetcher=fetcher)
        styles = [sheet.css for sheet in sheets]
        try:
            return page.render(font_config=self._fonts, stylesheets=styles, pdf_variant=VARIANT)
        except AssertionError:  # rows higher than a page that all want to stay together: WeasyPrint gives up
            styles.append(self._sheet((RELAXED, ()), base, fetcher).css)
            return page.render(font_config=self._fonts, stylesheets=styles, pdf_variant=VARIANT)

    def _sheet(self, key: StyleKey, base: str | None, fetcher: Any) -> _Sheet:  # noqa: ANN401
        """A stylesheet, parsed now or before. It fetches nothing while it is parsed."""
        if key not in self._sheets:
            with listening() as messages:
                css = self._weasyprint.CSS(string=key[0], base_url=base, url_fetcher=fetcher, font_config=self._fonts)
            self._sheets[key] = _Sheet(css, tuple(messages))
        self._sheets.move_to_end(key)
        while len(self._sheets) > KEPT_STYLES:
            self._sheets.popitem(last=False)
        return self._sheets[key]

    def _attachment(self, enclosure: Enclosure) -> Any:  # noqa: ANN401
        """A file for the PDF's list of attachments."""
        return self._weasyprint.Attachment(
            string=enclosure.content,
            name=enclosure.name,
            description=enclosure.description,
            relationship=enclosure.relationship,
            created=DATED,
            modified=DATED,
        )

    def _once(self, diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
        """Says once a process that the machine is slow, and of no project."""
        told = self._told_slow
        self._told_slow = told or any(d.code == "F004" for d in diagnostics)
        kept = (d for d in diagnostics if d.code != "F004" or not told)
        return tuple(replace(d, project=None) if d.code == "F004" else d for d in kept)


def split_styles(html: str) -> tuple[str, list[str]]:
    """The page without the plain `<style>` elements of its head, and their texts.

    Sheets that must be read together with the document stay in it, and then all do: order counts.
    """
    head, end, rest = html.partition("</head>")
    texts = PLAIN_STYLE.findall(head)
    bound = any(map(NEEDS_DOCUMENT.search, texts))
    if not end or bound or head.count("<style") != len(texts):
        return html, []
    return PLAIN_STYLE.sub("", head) + end + rest, texts


def _finish(document: Any, pdf: Any) -> None:  # noqa: ANN401
    """Puts right what WeasyPrint writes of embedded files and of tables.

    Files that the page itself attaches get the date of ours, not that of the build; `/AF` lists each file once.
    """
    if files := pdf.catalog.get("AF"):
        pdf.catalog["AF"] = type(files)(dict.fromkeys(files))
    date = f"(D:{DATED:%Y%m%d%H%M%S}Z)".encode()
    for item in pdf.objects:
        extra = getattr(item, "extra", {})
        if extra.get("Type") == "/EmbeddedFile":
            extra["Params"]["CreationDate"] = extra["Params"]["ModDate"] = date
    make_accessible(document, pdf)
    lean.write_once(pdf)


engine: Callable[[], PdfEngine] = cache(PdfEngine)
"""The engine of this process, made on first use. Raises `MachineLacks`."""
