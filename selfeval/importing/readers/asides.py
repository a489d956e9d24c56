"""What a zipped document holds beside its text: pictures, notes, boxes. None of it is read, and all of it is told."""

from __future__ import annotations

import io
import re
import zipfile

from selfeval.base.phrases import Phrase, phrase, word

_KINDS = (
    (word("图片"), re.compile(r"(?:word|xl)/media/[^/]+\.(?:png|jpe?g|bmp|gif|tiff?|emf|wmf)", re.IGNORECASE), b""),
    (word("批注"), re.compile(r"(?:word|xl)/(?:\w+/)?comments?\w*\.xml"), rb"<(?:\w+:)?comment "),
    (word("脚注"), re.compile(r"word/(?:foot|end)notes\.xml"), rb"<w:(?:foot|end)note (?![^>]*w:type)"),
    (word("文本框"), re.compile(r"xl/drawings/drawing\w*\.xml"), b"<xdr:txBody>"),
)
"""What it is called, the members of the archive that hold it, and by what it is counted there."""


def asides(data: bytes) -> tuple[Phrase, ...]:
    """One sentence that counts them, none where there are none."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [
            phrase("{kind:_} {count} 处", kind=kind, count=count)
            for kind, held, mark in _KINDS
            if (count := sum(_count(archive, name, mark) for name in archive.namelist() if held.fullmatch(name)))
        ]
    return (phrase("文件里有{parts}，里面的字没有读取", parts=tuple(parts)),) if parts else ()


def _count(archive: zipfile.ZipFile, name: str, mark: bytes) -> int:
    return len(re.findall(mark, archive.read(name))) if mark else 1
