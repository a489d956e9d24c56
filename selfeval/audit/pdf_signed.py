"""What a signature adds to a report: a field, its look, the signature itself, and nothing else.

A signature covers the bytes before it, whoever made them and whatever they show. So each revision behind the first is
held against the one before: all that stood there still stands there, and the new field hides nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from selfeval.audit.pdf_file import Layers, Revision
from selfeval.audit.pdf_pages import DrawnPage
from selfeval.audit.pdf_seen import meet
from selfeval.base.phrases import phrase

MM = 72 / 25.4
WIDEST, HIGHEST = 90 * MM, 45 * MM
"""A stamp or a round seal; more would be a page of its own."""

OF_CATALOG = frozenset({"/AcroForm", "/Extensions", "/Version", "/DSS"})
OF_FORM = frozenset({"/Fields", "/SigFlags", "/DR", "/DA"})
OF_FIELD = frozenset({
    "/Type", "/Subtype", "/FT", "/T", "/TU", "/F", "/Ff", "/Rect", "/P", "/V", "/AP", "/Lock", "/SV", "/MK",
    "/Border", "/BS", "/StructParent",
})  # fmt: skip


def added(layers: Layers, pages: Sequence[DrawnPage]) -> Iterator[str]:
    """What the revisions behind the first did that a signature does not do."""
    try:
        for before, after in pairwise(layers.revisions):
            yield from _revision(before, after)
        if len(layers.revisions) > 1:
            yield from _fields(layers.revisions[-1], layers.revisions[0], pages)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        yield phrase("文件在生成之后被追加过内容，结构残缺（{name}）", name=type(error).__name__)


def _revision(before: Revision, after: Revision) -> Iterator[str]:
    """One revision against the one before: only catalog, pages and the form may be written anew."""
    old, new = before.reader, after.reader
    known = {number for number in after.numbers if _there(old, number)}
    catalog = old.trailer.raw_get("/Root").idnum
    if new.trailer.raw_get("/Root").idnum != catalog:
        yield phrase("文件在生成之后换了目录")
    pages = {page.indirect_reference.idnum for page in old.pages if page.indirect_reference}
    form, lists = _form_number(old), {*_lists(old)}
    if len(new.pages) != len(old.pages):
        yield phrase("文件在生成之后增删过页面")
    for number in sorted(known):
        one, other = _object(old, number), _object(new, number)
        allowed = (
            OF_CATALOG if number == catalog else {"/Annots"} if number in pages else OF_FORM if number == form else None
        )
        if allowed is None:
            if not (number in lists and _is_longer(one, other)) and not _same(one, other):
                yield phrase("文件在生成之后改过对象 {number}", number=number)
            continue
        changed = _changed(one, other)
        if more := changed - allowed:
            yield phrase("文件在生成之后改过 {more}", more=min(more))


def _there(reader: Any, number: int) -> bool:  # noqa: ANN401 - pypdf's objects
    """Whether a file has an object of this number."""
    return number in reader.xref_objStm or any(number in entries for g, entries in reader.xref.items() if g != 65535)


def _object(reader: Any, number: int) -> Any:  # noqa: ANN401
    from pypdf.generic import IndirectObject

    return reader.get_object(IndirectObject(number, 0, reader))


def _same(one: Any, other: Any) -> bool:  # noqa: ANN401
    """Whether two values are written alike: references by their number, whoever read them."""
    from pypdf.generic import IndirectObject

    if isinstance(one, IndirectObject) and isinstance(other, IndirectObject):
        return (one.idnum, one.generation) == (other.idnum, other.generation)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        data = [item.get_data() if hasattr(item, "get_data") else b"" for item in (one, other)]
        return one.keys() == other.keys() and data[0] == data[1] and not _changed(one, other)
    return type(one) is type(other) and bool(one == other)


def _changed(one: Any, other: Any) -> set[str]:  # noqa: ANN401
    """The keys under which two dictionaries have other values."""
    return {key for key in {*one, *other} if key not in one or key not in other or not _same_under(one, other, key)}


def _same_under(one: Any, other: Any, key: str) -> bool:  # noqa: ANN401
    return _same(one.raw_get(key), other.raw_get(key))


def _form_number(reader: Any) -> int:  # noqa: ANN401
    """The number of the form, where it is an object of its own."""
    root = reader.trailer["/Root"]
    return getattr(root.raw_get("/AcroForm"), "idnum", -1) if "/AcroForm" in root else -1


def _lists(reader: Any) -> Iterator[int]:  # noqa: ANN401
    """The numbers of the lists that a field is added to, where they are objects of their own."""
    form = reader.trailer["/Root"].get("/AcroForm")
    holders = [(page, "/Annots") for page in reader.pages] + ([(form.get_object(), "/Fields")] if form else [])
    listed = (holder.raw_get(key) for holder, key in holders if key in holder)
    yield from (one.idnum for one in listed if hasattr(one, "idnum"))


def _is_longer(one: Any, other: Any) -> bool:  # noqa: ANN401
    """A list that something was added to."""
    return isinstance(one, list) and isinstance(other, list) and _same(one, other[: len(one)])


def _fields(last: Revision, first: Revision, pages: Sequence[DrawnPage]) -> Iterator[str]:
    """The fields of the form and the notes on the pages: signatures, signed, small, and over no text."""
    root: Any = last.reader.trailer["/Root"]
    form = root.get("/AcroForm", {})
    form = form.get_object() if form else {}
    if more := {*form} - OF_FORM:
        yield phrase("签名域之外还有 {more}", more=min(more))
    if not form:
        yield phrase("文件在生成之后被追加过内容，却没有签名")
    listed = form.get("/Fields", [])
    fields = [field.idnum for field in listed]
    if any(field.get_object().get("/FT") != "/Sig" or {*field.get_object()} - OF_FIELD for field in listed):
        yield phrase("签名域之外还有别的域")
    for page, before, shown in zip(last.reader.pages, first.reader.pages, pages, strict=False):
        old = before.get("/Annots", [])
        if not _is_longer(old, page.get("/Annots", [])):
            yield phrase("第 {number} 页上的链接被换过", number=shown.number + 1)
        for note in page.get("/Annots", [])[len(old) :]:
            if getattr(note, "idnum", None) not in fields:
                yield phrase("第 {number} 页上加有批注或盖印", number=shown.number + 1)
            yield from _field(note.get_object(), shown)


def _field(field: Any, page: DrawnPage) -> Iterator[str]:  # noqa: ANN401
    """One field where it stands."""
    where = phrase("第 {number} 页的签名", number=page.number + 1)
    if field.get("/Subtype") != "/Widget" or field.get("/FT") != "/Sig":
        yield phrase("第 {number} 页上加有不是签名的批注", number=page.number + 1)
        return
    if more := {*field} - OF_FIELD:
        yield f"{where}里有 {min(more)}"
    if "/V" not in field:
        yield phrase("{where}是空的：盖有图样而没有签名", where=where)
    left, bottom, right, top = (float(n) for n in field["/Rect"])
    if right - left > WIDEST or top - bottom > HIGHEST:
        yield phrase("{where}比印章大", where=where)
    if right > left and top > bottom and any(meet((left, bottom, right, top), text.box) for text in page.texts):
        yield phrase("{where}盖住了文字", where=where)
