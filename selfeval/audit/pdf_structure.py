"""What a report.pdf says beside its pages: its title, bookmarks, the words for those who listen, the files inside it.

A page may be true while its bookmark, its name in a window or the second copy of an attachment says something else.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice, pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from selfeval.audit.attachments import MANIFEST, RESULT, SCORECARD, SOURCE, WORDS
from selfeval.audit.pdf_objects import TYPST, WEASYPRINT, digest, strange
from selfeval.audit.pdf_pages import DrawnPage
from selfeval.audit.pdf_reader import CREATOR
from selfeval.audit.pdf_state import LANGUAGE
from selfeval.audit.pdf_tree import Tree, numbers_of, tree_of
from selfeval.audit.pdf_typst import KEYWORDS, MADE_BY, is_metadata, titles_in
from selfeval.audit.time_limit import go_on
from selfeval.audit.whole_text import alike, squeezed
from selfeval.base.phrases import phrase
from selfeval.report.accessibility import ACCESSIBLE

if TYPE_CHECKING:
    from pypdf import PdfReader

MOST_METADATA = 20_000
MAIL, LETTER = "mailto:", "电子邮件 "
"""Where a link to somebody leads, and what Typst calls it for those who listen."""

EDGES = 2
"""What of a page is not read aloud: its number, its mark."""

TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Nobody sees them on paper; in a title they turn about what is shown: 001 for 100."""

MEDIA = {"json": "application/json", "toml": "application/toml", "csv": "text/csv", "md": "text/markdown"}
"""What kind of file each is said to be; some machines know no better than that it is one."""

_PACKET = re.compile(rb"<\?xpacket [^>]{0,80}\?>")
_PRODUCER = re.compile(r"WeasyPrint [\d.]{1,10}")
_METADATA = frozenset({
    "RDF", "Description", "title", "Alt", "li", "CreatorTool", "Producer", "about", "part", "conformance", "lang",
    "xmpmeta", "creator", "Seq", "language", "Bag",
})  # fmt: skip
"""The names in the metadata, whatever they belong to."""

_PLAIN = {"about": {""}, "lang": {"x-default", LANGUAGE, "zh"}, "part": {"3"}, "conformance": {"A"}}
"""What attributes say that is of no report."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a file should say of itself.

    `pictures`: what each chart is called, `photographs`: what people call theirs; `files`: the names of those inside;
    `addresses`: where its links may lead.
    """

    title: str
    pictures: Sequence[str]
    files: Collection[str]
    addresses: Collection[str] = ()
    by_typst: bool = False
    photographs: Sequence[str] = ()

    def has_photograph(self, words: str) -> bool:
        """Whether a picture of theirs is called so."""
        return any(same(due, words) for due in self.photographs)


def told_beside(reader: PdfReader, pages: Sequence[DrawnPage], due: Expected, tree: Tree | None) -> Iterator[str]:
    """Everything that is not as it should be. `tree`: by which the pages are read aloud, where it has been read."""
    yield from strange(reader, TYPST if due.by_typst else WEASYPRINT)
    root = reader.trailer["/Root"]
    try:
        yield from _pages(root, len(pages))
        yield from _names(reader, root, due)
        yield from _files(root, due.files)
        yield from _bookmarks(root, reader, pages)
        yield from _read_aloud(reader, pages, due, tree or tree_of(reader))
        yield from _links(reader, due.addresses)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        yield phrase("文件的结构残缺（{name}）", name=type(error).__name__)


def _pages(root: Any, count: int) -> Iterator[str]:  # noqa: ANN401 - pypdf's objects
    """Each page once, as many as are told."""
    kids = [kid.idnum for kid in root["/Pages"]["/Kids"]]
    if len({*kids}) != len(kids) or int(root["/Pages"]["/Count"]) != len(kids) or count != len(kids):
        yield phrase(
            "文件说有 {count} 页，实际列出 {other_count} 页", count=root["/Pages"]["/Count"], other_count=len(kids)
        )


# ── Title and metadata ──


def _names(reader: PdfReader, root: Any, due: Expected) -> Iterator[str]:  # noqa: ANN401
    """What the file is called, by whom it says it was made."""
    information: Any = reader.trailer["/Info"]
    if str(root["/Lang"]) != LANGUAGE:
        yield phrase("文件的语言不是中文")
    if not same(due.title, str(information["/Title"])):
        yield phrase(
            "文件标题是“{title}”，应为“{other_title}”", title=str(information["/Title"])[:60], other_title=due.title
        )
    if not (is_of_typst if due.by_typst else is_of_weasyprint)(information):
        yield phrase("文件的生成程序不是本程序")
    profile = root["/OutputIntents"][0].get_object()["/DestOutputProfile"].get_object()
    if digest(profile) not in (TYPST if due.by_typst else WEASYPRINT).profiles:
        yield phrase("文件的颜色标准被换过")
    metadata = bytes(root["/Metadata"].get_object().get_data())
    if not due.by_typst:
        yield from _metadata(metadata.replace(ACCESSIBLE.encode(), b""), due.title)
    elif not is_metadata(metadata) or not all(same(due.title, title) for title in titles_in(metadata)):
        yield phrase("文件的元数据不是本程序写的")


def is_of_weasyprint(information: Any) -> bool:  # noqa: ANN401
    """Whether a file says that we made it, with WeasyPrint."""
    by = str(information.get("/Producer", ""))
    return str(information.get("/Creator", "")) == CREATOR and bool(_PRODUCER.fullmatch(by))


def is_of_typst(information: Any) -> bool:  # noqa: ANN401
    """Whether a file says that we made it, with Typst, which leaves us the keywords only."""
    by = str(information["/Creator"])
    return str(information["/Keywords"]) == KEYWORDS and bool(MADE_BY.fullmatch(by))


def _metadata(content: bytes, title: str) -> Iterator[str]:
    """The same in XML: nothing but what ours say."""
    if len(content) > MOST_METADATA or b"<!" in content or b"<?" in _PACKET.sub(b"", content):
        yield phrase("文件的元数据不是本程序写的")
        return
    try:
        tree = ET.fromstring(content.strip())  # noqa: S314 - without declarations of its own, see above
    except ET.ParseError:
        yield phrase("文件的元数据不是本程序写的")
        return
    for element in tree.iter():
        names = [element.tag, *element.attrib]
        strange = [name for name in map(_local, names) if name not in _METADATA]
        said = (v.strip() for k, v in element.attrib.items() if v not in _PLAIN.get(_local(k), ()))
        texts = [(element.text or "").strip(), (element.tail or "").strip(), *said]
        false = [
            t for t in texts if t and not same(title, t) and t not in {CREATOR, LANGUAGE} and not _PRODUCER.fullmatch(t)
        ]
        plain = _local(element.tag) in {"part", "conformance"} and texts[0] in {"3", "1", "A"}
        if strange or (false and not plain):
            yield phrase("文件的元数据里有“{strange}”", strange=(strange + false)[0][:40])


def same(due: str, seen: str) -> bool:
    """Whether a text is the one that is due, but for boxes and what shows nothing."""
    if {*seen} & TURNING - {*due}:
        return False
    due, seen = squeezed(due), squeezed(seen)
    return len(due) == len(seen) and all(map(alike, due, seen))


def _local(name: str) -> str:
    """A name of XML without whose it is."""
    return name.rpartition("}")[2]


# ── Files ──


def _files(root: Any, names: Collection[str]) -> Iterator[str]:  # noqa: ANN401
    """The list of attachments by name, the list of those that belong to the document, and each file under one name."""
    if not names:
        yield from (phrase("文件带有附件（{key}）", key=key[1:]) for key in ("/Names", "/AF") if key in root)
        return
    listed = root["/Names"]["/EmbeddedFiles"]["/Names"]
    keys = [str(key) for key in listed[::2]]
    places = [spec.idnum for spec in listed[1::2]]
    if len({*keys}) != len(keys) or sorted(keys) != keys:
        yield phrase("附件的名单重复或次序不对")
    if sorted(places) != sorted(spec.idnum for spec in root["/AF"]):
        yield phrase("附件的两份名单（名称表和 AF）不同")
    for key, spec in zip(keys, (spec.get_object() for spec in listed[1::2]), strict=True):
        yield from _file(key, spec)
    if missing := {*names} - {*keys}:
        yield phrase("名单里没有附件 {missing}", missing=min(missing))


def _file(key: str, spec: Any) -> Iterator[str]:  # noqa: ANN401
    """One file: one name, one content, said to be what it is."""
    shown = key[:60]
    if not key == str(spec["/F"]) == str(spec["/UF"]):
        yield phrase("附件 {shown} 有几个不同的名称", shown=shown)
    inside = spec["/EF"]
    if "/UF" in inside and inside.raw_get("/UF") != inside.raw_get("/F"):
        yield phrase("附件 {shown} 有两份不同的内容", shown=shown)
    relation = RESULT if key in {MANIFEST, SCORECARD} else SOURCE
    if key in WORDS and (str(spec["/Desc"]) != WORDS[key] or str(spec["/AFRelationship"]) != f"/{relation}"):
        yield phrase("附件 {shown} 的说明被改过", shown=shown)
    content = inside["/F"].get_object()
    if str(content["/Subtype"])[1:] not in {MEDIA.get(key.rpartition(".")[2]), "application/octet-stream"}:
        yield phrase("附件 {shown} 的类型被改过", shown=shown)
    data, told = bytes(content.get_data()), content["/Params"]
    sums = [_raw(told["/CheckSum"])] if "/CheckSum" in told else []
    if int(told["/Size"]) != len(data) or sums not in ([], [hashlib.md5(data, usedforsecurity=False).digest()]):
        yield phrase("附件 {shown} 的大小或校验值与所记不符", shown=shown)


def _raw(text: Any) -> bytes:  # noqa: ANN401 - a text of pypdf
    """The bytes of a text."""
    return bytes(text) if isinstance(text, bytes) else bytes(text.original_bytes)


# ── Bookmarks ──


def _bookmarks(root: Any, reader: PdfReader, pages: Sequence[DrawnPage]) -> Iterator[str]:  # noqa: ANN401
    """Each leads to a page on which its words stand."""
    numbers = numbers_of(reader)
    due, seen = [root["/Outlines"].raw_get("/First")], set()
    while due:
        go_on()
        if due[-1].idnum in seen:
            yield phrase("书签的名单绕成了圈")
            return
        seen.add(due[-1].idnum)
        item = due.pop().get_object()
        title, page = str(item["/Title"]), numbers.get(item["/Dest"][0].idnum)
        if page is None or {*title} & TURNING or not begins_on(pages[page:], squeezed(title)):
            yield phrase("书签“{title}”所指的页面上没有这句话", title=title[:40])
        due += [item.raw_get(key) for key in ("/Next", "/First") if key in item]


def begins_on(pages: Sequence[DrawnPage], words: str) -> bool:
    """Whether words stand on the first of some pages, or go on from there: a long name may."""
    first = len(pages[0].body)
    ends = accumulate(len(page.body) for page in pages)
    enough = next((count for count, end in enumerate(ends, 1) if end >= first + len(words)), len(pages))
    return 0 <= "".join(page.body for page in pages[:enough]).find(words) < first


# ── Links ──


def _links(reader: PdfReader, addresses: Collection[str]) -> Iterator[str]:
    """Where the links lead, and that no edge is drawn around them."""
    due = {unquote(address) for address in addresses}
    words = {f"{LETTER}{address.removeprefix(MAIL)}" for address in due if address.startswith(MAIL)}
    for number, page in enumerate(reader.pages, 1):
        for link in (item.get_object() for item in page.get("/Annots", [])):
            if "/A" in link and unquote(str(link["/A"]["/URI"])) not in due:
                yield phrase("第 {number} 页的链接“{uri}”不是正文里的", number=number, uri=str(link["/A"]["/URI"])[:60])
            if "/Contents" in link and unquote(str(link["/Contents"])) not in due | words:
                yield phrase(
                    "第 {number} 页的链接说明“{link}”不是正文里的", number=number, link=str(link["/Contents"])[:60]
                )
            if "/BS" not in link and "/Border" not in link:
                yield phrase("第 {number} 页的链接四周画有边线", number=number)


# ── Read aloud ──


def _read_aloud(reader: PdfReader, pages: Sequence[DrawnPage], due: Expected, tree: Tree) -> Iterator[str]:
    """The tree by which a page is read aloud: all that stands on it, in its order, with no words of its own.

    Where that order is the one the pages were compared in, it need not be that of drawing.
    """
    told = tree.described
    if not all(tree.leads_back(page, found) for page, found in _looked_up(reader)):
        yield phrase("朗读次序的索引与次序不同")
    charts = [*told]
    photographs = (words for words in told if due.has_photograph(words))
    for words in islice(photographs, max(0, tree.figures - len(due.pictures))):
        charts.remove(words)  # charts stand behind them, and may be called the same
    # A picture in the head of a table stands on each of its pages.
    most = max(len(due.photographs), sum(len(sheet.pictures) for sheet in pages))
    if charts != [*due.pictures] or not 0 <= tree.figures - len(charts) <= most:
        yield phrase(
            "图形的说明是“{told}”，应为“{due}”",
            told="、".join(told)[:60],
            due="、".join(due.pictures)[:60],
        )
    for words in (words for sheet in pages for words in sheet.described):
        if not due.has_photograph(words):
            yield phrase("图形的说明是“{told}”，应为“{due}”", told=words[:60], due="、".join(due.photographs)[:60])
    for title, marks in tree.titles:
        go_on()
        said = (text.words for page, mark in marks for text in pages[page].texts if text.mark == mark)
        if {*title} & TURNING or not same(title, "".join(said)):
            yield phrase("朗读次序里的“{title}”不是页面上的话", title=title[:40])
    yield from _pages_aloud(tree)
    for sheet in pages:
        order, pictures = tree.texts.get(sheet.number, []), tree.pictures.get(sheet.number, [])
        shown = [*order, *pictures]
        unread = {*sheet.marks} - {*shown}
        if (
            (not due.by_typst and order != sorted(order))
            or len({*shown}) != len(shown)
            or not {*shown} <= {*sheet.marks}
            or len(unread) > EDGES
        ):
            yield phrase("第 {number} 页朗读的次序与页面不同", number=sheet.number + 1)


def _pages_aloud(tree: Tree) -> Iterator[str]:
    """Pages of which the first words are read after those of a later one."""
    for page, behind in pairwise(tree.texts):
        if behind < page:
            yield phrase("第 {number} 页朗读的次序与页面不同", number=behind + 1)


def _looked_up(reader: PdfReader) -> Iterator[tuple[int | None, Sequence[Any]]]:
    """(page from 0, elements of its marks) of the list by which a mark is looked up; (None, element) of a link's."""
    root: Any = reader.trailer["/Root"]
    listed: Iterator[Any] = list.__iter__(root["/StructTreeRoot"]["/ParentTree"]["/Nums"])
    pages = {page["/StructParents"]: at for at, page in enumerate(reader.pages) if "/StructParents" in page}
    for key, value in zip(listed, listed, strict=True):
        held = value.get_object()
        if not isinstance(held, list):
            yield None, [value]
        elif held:
            yield pages[key], [*list.__iter__(held)]
