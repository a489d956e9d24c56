"""The pictures in a PDF: what each shows, as one sum. Two with one sum look the same, whatever their size."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

from selfeval.audit.pdf_drawing import Hand
from selfeval.audit.pdf_fonts import font_of
from selfeval.audit.pdf_resources import AllResources
from selfeval.audit.pdf_shapes import Drawn, Matrix

LEVEL = 0.01
"""Less than this, in pt, a picture does not lean."""


class Sums:
    """The pictures of a file, each read once. Mutable for that."""

    def __init__(self) -> None:
        self.known: dict[int, str] = {}

    def __call__(self, picture: Any, placed: Matrix) -> str:  # noqa: ANN401 - pypdf's objects
        """The sum of a picture and of how it is turned."""
        number = picture.indirect_reference.idnum
        if number not in self.known:
            self.known[number] = content_of(picture)
        signs = [(n > LEVEL) - (n < -LEVEL) for n in placed[:4]]
        return hashlib.sha256(f"{self.known[number]} {signs}".encode()).hexdigest()


def content_of(picture: Any) -> str:  # noqa: ANN401
    """SHA-256 of a picture: its size, its kind of colours, its dots or its JPEG, what of it is seen through."""
    total = hashlib.sha256()
    for one in (picture, picture.get("/SMask")):
        if one is not None:
            held = one.get_object()
            colours = held["/ColorSpace"].get_object()
            kind = colours if isinstance(colours, str) else colours[1].get_object()["/N"]
            shape = [held.get(key) for key in ("/Width", "/Height", "/BitsPerComponent", "/Filter", "/Decode")]
            data = bytes(held.get_data())
            total.update(f"{kind} {shape} {len(data)}\n".encode() + data)
    return total.hexdigest()


def sum_in(document: bytes) -> str | None:
    """The sum of the one picture on the first page of a file of our own; None where there is none."""
    from pypdf import PdfReader

    if not document:
        return None
    page: Any = PdfReader(BytesIO(document)).pages[0]
    drawn = Drawn()
    content = bytes(page["/Contents"].get_object().get_data())
    Hand(drawn, AllResources(font_of)).carry_out(content, page["/Resources"].get_object())
    return Sums()(*drawn.pictures[0]) if len(drawn.pictures) == 1 else None
