"""What a report.pdf says beside its pages: its title, bookmarks, the words for those who listen, the files inside it.

A page may be true while its bookmark, its name in a window or the second copy of an attachment says something else.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from selfeval.audit.attachments import MANIFEST, RESULT, SCORECARD, SOURCE, WORDS
from selfeval.audit.pdf_objects import PROFILES, digest, strange
from selfeval.audit.pdf_pages import DrawnPage
from selfeval.audit.whole_text import alike, squeezed

if TYPE_CHECKING:
    from pypdf import PdfReader

MOST_METADATA = 20_000
MOST_BOOKMARKS, MOST_ELEMENTS = 5_000, 400_000
EDGES = 2
"""What of a page is not read aloud: its number, its mark."""

CREATOR, LANGUAGE = "selfeval", "zh-CN"
_PRODUCER = re.compile(r"(?:WeasyPrint|Typst|typst|krilla)[ \d.a-z]{0,20}")
_METADATA = frozenset(
    [
        "RDF",
        "Description",
        "title",
        "Alt",
        "li",
        "CreatorTool",
        "Producer",
        "about",
        "part",
        "conformance",
        "lang",
        "xmpmeta",
        "creator",
        "Seq",
        "language",
        "Bag",
    ]
)
"""The names in the metadata, whatever they belong to."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a file should say of itself; `pictures`: what each is called; `files`: the names of those inside."""

    title: str
    pictures: Collection[str]
    files: Collection[str]


def told_beside(reader: PdfReader, pages: Sequence[DrawnPage], due: Expected) -> Iterator[str]:
    """Everything that is not as it should be."""
    yield from strange(reader.trailer)
    root = reader.trailer["/Root"]
    try:
        yield from _pages(root, len(pages))
        yield from _names(reader, root, due)
        yield from _files(root, due.files)
        yield from _bookmarks(root, reader, pages)
        yield from _read_aloud(root, reader, pages, due)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        yield f"文件的结构残缺（{type(error).__name__}）"


def _pages(root: Any, count: int) -> Iterator[str]:  # noqa: ANN401 - pypdf's objects
    """Each page once, as many as are told."""
    kids = [kid.idnum for kid in root["/Pages"]["/Kids"]]
    if len({*kids}) != len(kids) or int(root["/Pages"]["/Count"]) != len(kids) or count != len(kids):
        yield f"文件说有 {root['/Pages']['/Count']} 页，实际列出 {len(kids)} 页"


# ── Title and metadata ──


def _names(reader: PdfReader, root: Any, due: Expected) -> Iterator[str]:  # noqa: ANN401
    """What the file is called, by whom it says it was made."""
    information: Any = reader.trailer["/Info"]
    if str(root["/Lang"]) != LANGUAGE:
        yield "文件的语言不是中文"
    if not same(due.title, str(information["/Title"])):
        yield f"文件标题是“{str(information['/Title'])[:60]}”，应为“{due.title}”"
    if str(information.get("/Creator", CREATOR)) != CREATOR or not _PRODUCER.fullmatch(
        str(information.get("/Producer", "Typst"))
    ):
        yield "文件的生成程序不是本程序"
    profile = root["/OutputIntents"][0].get_object()["/DestOutputProfile"].get_object()
    if digest(profile) not in PROFILES:
        yield "文件的颜色标准被换过"
    yield from _metadata(bytes(root["/Metadata"].get_object().get_data()), due.title)


def _metadata(content: bytes, title: str) -> Iterator[str]:
    """The same in XML: nothing but what ours say."""
    if len(content) > MOST_METADATA or b"<!" in content:
        yield "文件的元数据不是本程序写的"
        return
    try:
        tree = ET.fromstring(content.strip())  # noqa: S314 - without declarations of its own, see above
    except ET.ParseError:
        yield "文件的元数据不是本程序写的"
        return
    for element in tree.iter():
        names = [element.tag, *element.attrib]
        strange = [name for name in map(_local, names) if name not in _METADATA]
        texts = [
            (element.text or "").strip(),
            *(v.strip() for k, v in element.attrib.items() if _local(k) in {"Producer", "CreatorTool"}),
        ]
        false = [
            t for t in texts if t and not same(title, t) and t not in {CREATOR, LANGUAGE} and not _PRODUCER.fullmatch(t)
        ]
        plain = _local(element.tag) in {"part", "conformance"} and texts[0] in {"3", "1", "A"}
        if strange or (false and not plain):
            yield f"文件的元数据里有“{(strange + false)[0][:40]}”"


def same(due: str, seen: str) -> bool:
    """Whether a text is the one that is due, but for boxes."""
    return len(due) == len(seen) and all(map(alike, due, seen))


def _local(name: str) -> str:
    """A name of XML without whose it is."""
    return name.rpartition("}")[2]


# ── Files ──


def _files(root: Any, names: Collection[str]) -> Iterator[str]:  # noqa: ANN401
    """The list of attachments by name, the list of those that belong to the document, and each file under one name."""
    if not names:
        yield from (f"文件带有附件（{key[1:]}）" for key in ("/Names", "/AF") if key in root)
        return
    listed = root["/Names"]["/EmbeddedFiles"]["/Names"]
    keys = [str(key) for key in listed[::2]]
    places = [spec.idnum for spec in listed[1::2]]
    if len({*keys}) != len(keys) or sorted(keys) != keys:
        yield "附件的名单重复或次序不对"
    if sorted(places) != sorted(spec.idnum for spec in root["/AF"]):
        yield "附件的两份名单（名称表和 AF）不同"
    for key, spec in zip(keys, (spec.get_object() for spec in listed[1::2]), strict=True):
        yield from _file(key, spec)
    if missing := {*names} - {*keys}:
        yield f"名单里没有附件 {min(missing)}"


def _file(key: str, spec: Any) -> Iterator[str]:  # noqa: ANN401
    """One file: one name, one content, said to be what it is."""
    shown = key[:60]
    if not key == str(spec["/F"]) == str(spec["/UF"]):
        yield f"附件 {shown} 有几个不同的名称"
    inside = spec["/EF"]
    if "/UF" in inside and inside.raw_get("/UF") != inside.raw_get("/F"):
        yield f"附件 {shown} 有两份不同的内容"
    relation = RESULT if key in {MANIFEST, SCORECARD} else SOURCE
    if key in WORDS and (str(spec["/Desc"]) != WORDS[key] or str(spec["/AFRelationship"]) != f"/{relation}"):
        yield f"附件 {shown} 的说明被改过"
    content = inside["/F"].get_object()
    if int(content["/Params"]["/Size"]) != len(content.get_data()):
        yield f"附件 {shown} 的大小与所记不符"


# ── Bookmarks ──


def _bookmarks(root: Any, reader: PdfReader, pages: Sequence[DrawnPage]) -> Iterator[str]:  # noqa: ANN401
    """Each leads to a page on which its words stand."""
    numbers = numbers_of(reader)
    due, count = [root["/Outlines"]["/First"]], 0
    while due and count < MOST_BOOKMARKS:
        item, count = due.pop().get_object(), count + 1
        title, page = str(item["/Title"]), numbers.get(item["/Dest"][0].idnum)
        if page is None or squeezed(title) not in pages[page].body:
            yield f"书签“{title[:40]}”所指的页面上没有这句话"
        due += [item[key] for key in ("/Next", "/First") if key in item]


def numbers_of(reader: PdfReader) -> Mapping[int, int]:
    """Which page an object is, from 0."""
    return {page.indirect_reference.idnum: at for at, page in enumerate(reader.pages) if page.indirect_reference}


# ── Read aloud ──


def _read_aloud(root: Any, reader: PdfReader, pages: Sequence[DrawnPage], due: Expected) -> Iterator[str]:  # noqa: ANN401
    """The tree by which a page is read aloud: all that stands on it, in its order, with no words of its own."""
    numbers = numbers_of(reader)
    told: dict[int, list[int]] = {page.number: [] for page in pages}
    pictures: dict[int, list[int]] = {page.number: [] for page in pages}
    stack: list[tuple[Any, int, bool]] = [(kid, 0, False) for kid in reversed(root["/StructTreeRoot"]["/K"])]
    for _ in range(MOST_ELEMENTS):
        if not stack:
            break
        item, page, in_picture = stack.pop()
        item = item.get_object() if hasattr(item, "get_object") else item
        if isinstance(item, int):
            (pictures if in_picture else told)[page].append(int(item))
            continue
        page = numbers[item.raw_get("/Pg").idnum] if "/Pg" in item else page
        in_picture = in_picture or item.get("/S") == "/Figure"
        if "/Alt" in item and str(item["/Alt"]) not in due.pictures:
            yield f"图形的说明“{str(item['/Alt'])[:40]}”与数据不符"
        kids = item.get("/K", [])
        stack += [(kid, page, in_picture) for kid in reversed(kids if isinstance(kids, list) else [kids])]
    for sheet in pages:
        order, shown = told[sheet.number], [*told[sheet.number], *pictures[sheet.number]]
        unread = {*sheet.marks} - {*shown}
        if (
            order != sorted(order)
            or len({*shown}) != len(shown)
            or not {*shown} <= {*sheet.marks}
            or len(unread) > EDGES
        ):
            yield f"第 {sheet.number + 1} 页朗读的次序与页面不同"
