"""A PDF from anywhere → its attachments and the text of its pages. The only place that reads a PDF to verify it.

The file may have been made to do harm: sizes and numbers have limits, names are never used as paths,
nothing in it is run, opened or fetched.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from selfeval.audit.pdf_typst import KEYWORDS
from selfeval.audit.time_limit import UnreadableError
from selfeval.base.files import RefusedFileError, read_file
from selfeval.base.phrases import phrase

if TYPE_CHECKING:
    from pypdf import PdfReader

    from selfeval.audit.pdf_syntax import Opened


MB = 2**20
MAX_FILE, MAX_ATTACHMENT, MAX_TOTAL, MAX_CONTENT = 200 * MB, 32 * MB, 64 * MB, 64 * MB
"""Bytes of the file, of one attachment unpacked, of all of them, of the drawing instructions of all pages."""
MAX_ATTACHMENTS, MAX_NODES, MAX_PAGES = 50, 200, 3000
HARMLESS = frozenset({"/Link", "/Popup"})
"""Annotations that show nothing of their own on the page."""
CREATOR = "selfeval"
AUTOMATIC = ("/OpenAction", "/AA", "/JavaScript", "/XFA")


@dataclass(frozen=True, slots=True)
class Attached:
    """One file inside the PDF, under the name it was given there."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Contents:
    """What a PDF holds: files in the order of its list, the text of each page, what was laid over the pages.

    `signatures`: how many fields for an electronic signature are filled in; whether they hold is not looked at.
    `is_ours`: whether it says that this program made it.
    """

    attached: tuple[Attached, ...]
    pages: tuple[str, ...]
    overlays: tuple[str, ...]
    signatures: int = 0
    is_ours: bool = False
    opened: Opened | None = field(default=None, repr=False, compare=False)
    """The file's objects, for whoever goes on to look at its structure."""


def read_pdf(path: Path, first: int | None = None) -> Contents:
    """Everything that is looked at, of the `first` pages only where that is given.

    Raises `UnreadableError`, whatever is wrong with the file.
    """
    return read_pdf_bytes(file_bytes(path), first)


def read_pdf_bytes(data: bytes, first: int | None = None) -> Contents:
    """The same of a file already in memory."""
    if b"%PDF-" not in data[:1024]:
        raise UnreadableError(phrase("不是 PDF 文件"))
    with carefully():
        return _contents(data, first)


@contextmanager
def carefully() -> Iterator[None]:
    """pypdf within our limits; whatever goes wrong in it is an `UnreadableError`."""
    with _careful():
        try:
            yield
        except UnreadableError:
            raise
        except Exception as error:  # a broken file can make the reader fail in any way
            raise UnreadableError(_reason(error)) from error


def is_ours(path: Path) -> bool:
    """Whether a PDF says of itself that this program made it; raises `UnreadableError`."""
    from pypdf import PdfReader

    data = file_bytes(path)
    with carefully():
        return _says_so(PdfReader(BytesIO(data)))


def _says_so(reader: PdfReader) -> bool:
    """By its creator where WeasyPrint drew it, by its keywords where Typst did, which names itself there."""
    information = reader.metadata
    return information is not None and (information.creator == CREATOR or information.keywords == KEYWORDS)


def made_with(data: bytes) -> tuple[str, frozenset[str]]:
    """The engine that a file names, and the fonts in it; raises `UnreadableError`."""
    from pypdf import PdfReader

    with carefully():
        reader = PdfReader(BytesIO(data))
        resources: list[Any] = [page["/Resources"] for page in reader.pages]
        fonts = (font for resource in resources for font in resource.get("/Font", {}).values())
        names = frozenset(str(font.get_object()["/BaseFont"]).rpartition("+")[2] for font in fonts)
        return str(reader.metadata.producer if reader.metadata else ""), names


def file_bytes(path: Path) -> bytes:
    """The whole file, if it is of sane size."""
    try:
        return read_file(path, MAX_FILE)
    except FileNotFoundError as error:
        raise UnreadableError(phrase("没有这个文件")) from error
    except RefusedFileError as error:
        raise UnreadableError(str(error)) from error
    except OSError as error:
        raise UnreadableError(phrase("文件打不开")) from error


@contextmanager
def _careful() -> Iterator[None]:
    """The reader's own limits at our figures, and its remarks kept from the terminal."""
    from pypdf import apply_configuration

    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)  # to disable it would not silence those below it
    try:
        with apply_configuration(
            zlib_maximum_output_length=MAX_ATTACHMENT, array_based_stream_maximum_output_length=MAX_ATTACHMENT
        ):
            yield
    finally:
        logger.setLevel(level)


def _reason(error: Exception) -> str:
    """One line for a failure inside the reader."""
    from pypdf.errors import LimitReachedError

    if isinstance(error, LimitReachedError):
        return phrase("解压后的内容过大，没有打开")
    if isinstance(error, MemoryError | RecursionError):
        return phrase("文件结构异常，没有打开")
    return phrase("文件已损坏，或不是完整的 PDF")


def _contents(data: bytes, first: int | None) -> Contents:
    from selfeval.audit.pdf_syntax import opened

    file = opened(data)
    reader = file.reader
    count = len(reader.pages)
    if count > MAX_PAGES:
        raise UnreadableError(phrase("有 {count} 页，超过 {max_pages} 页，没有打开", count=count, max_pages=MAX_PAGES))
    attached = tuple(_attached(reader))
    texts, overlays = tuple(_texts(reader, first)), tuple(_overlays(reader))
    return Contents(attached, texts, overlays, _signatures(reader), _says_so(reader), file)


# ── Attachments ──


def _attached(reader: PdfReader) -> Iterator[Attached]:
    """The files of the catalog's list, unpacked one by one within the limits."""
    total = 0
    for name, specification in _listed(reader):
        content = _embedded(specification)
        total += len(content)
        if len(content) > MAX_ATTACHMENT or total > MAX_TOTAL:
            raise UnreadableError(phrase("附件解压后超过 {max_total} MB，没有打开", max_total=MAX_TOTAL // MB))
        yield Attached(name, content)


def _listed(reader: PdfReader) -> list[tuple[str, Any]]:
    """(name, file specification) of every attachment: a tree of names, walked without trust in its shape."""
    names = _dictionary(_dictionary(reader.trailer, "/Root"), "/Names")
    nodes, walked = [_dictionary(names, "/EmbeddedFiles")], 0
    found: list[tuple[Any, Any]] = []
    while nodes:
        node, walked = nodes.pop(0), walked + 1
        pairs = node.get("/Names", [])
        kids = node.get("/Kids", [])
        if walked > MAX_NODES or len(kids) > MAX_NODES or len(found) + len(pairs) // 2 > MAX_ATTACHMENTS:
            raise UnreadableError(
                phrase("附件多于 {max_attachments} 个，不是本程序生成的报告，没有打开", max_attachments=MAX_ATTACHMENTS)
            )
        found += [(pairs[at], pairs[at + 1].get_object()) for at in range(0, len(pairs) - 1, 2)]
        nodes += [kid.get_object() for kid in kids]
    return [(str(spec.get("/UF") or spec.get("/F") or key), spec) for key, spec in found]


def _dictionary(parent: Any, key: str) -> Any:  # noqa: ANN401 - pypdf's objects
    """A dictionary inside another, whether it stands there or elsewhere; empty where there is none."""
    value = parent.get(key)
    value = value.get_object() if value is not None else None
    return value if isinstance(value, dict) else {}


def _embedded(specification: Any) -> bytes:  # noqa: ANN401
    """The bytes of one file."""
    files = _dictionary(specification, "/EF")
    stream = files.get("/F") or files.get("/UF")
    if stream is None:
        return b""
    return bytes(stream.get_object().get_data())


# ── Pages ──


def _texts(reader: PdfReader, first: int | None) -> Iterator[str]:
    """The text of each page in the order in which it is drawn."""
    drawn = 0
    for page in reader.pages[:first]:
        content = page.get_contents()
        drawn += len(content.get_data()) if content is not None else 0
        if drawn > MAX_CONTENT:
            raise UnreadableError(phrase("页面内容过大，没有打开"))
        yield page.extract_text()


def _overlays(reader: PdfReader) -> Iterator[str]:
    """What a viewer shows or runs beside the drawn pages: notes, stamps, form fields, scripts."""
    root = _dictionary(reader.trailer, "/Root")
    for place in (root, _dictionary(root, "/Names"), _dictionary(root, "/AcroForm")):
        yield from (phrase("文件带有自动动作或脚本（{key}）", key=key[1:]) for key in AUTOMATIC if key in place)
    for number, page in enumerate(reader.pages, 1):
        for note in _annotations(page):
            kind = str(note.get("/Subtype", "/?"))
            if kind not in HARMLESS and not (_is_signature(note) and "/V" in note):
                yield phrase("第 {number} 页上加有批注或盖印（{kind}），可能遮住原文", number=number, kind=kind[1:])


def _signatures(reader: PdfReader) -> int:
    """How many signatures the pages bear."""
    return sum(_is_signature(note) and "/V" in note for page in reader.pages for note in _annotations(page))


def _is_signature(note: Any) -> bool:  # noqa: ANN401
    """A field for an electronic signature."""
    return str(note.get("/Subtype")) == "/Widget" and str(note.get("/FT")) == "/Sig"


def _annotations(page: Any) -> Iterator[Any]:  # noqa: ANN401
    """What is laid over a page."""
    listed = page.get("/Annots")
    for item in listed.get_object() if listed is not None else ():
        yield item.get_object()
