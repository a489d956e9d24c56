"""Fonts of a PDF cut down to what it shows, in one pass, without a copy of the whole file (20 MB of Chinese).

WeasyPrint 70 keeps a place for every glyph of the font, 65,000 of them, because its texts name glyphs by their numbers
in the whole font. A Chinese OpenType font numbers its glyphs itself (CID-keyed CFF): there the rest can go altogether,
which makes a file a third of the size in a fraction of the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

USELESS_TABLES = (
    b"BASE", b"DSIG", b"EBDT", b"EBLC", b"EBSC", b"GPOS", b"GSUB", b"JSTF", b"LTSH", b"PCLT", b"SVG ",
    b"VORG", b"vhea", b"vmtx",
)  # fmt: skip
"""Shaping, which is done; bitmaps; and the measures of vertical text, which WeasyPrint does not set."""

ROS, CHARSET, CHARSTRINGS = 0x0C1E, 15, 17
"""Entries of a CFF's Top DICT: its glyphs are numbered by itself; where these numbers are; where the glyphs are."""
BARE = b"\1\0\4"
"""How a CFF begins that is not wrapped in an OpenType file."""
PREDEFINED, LAST_OPERATOR, ESCAPE = 2, 21, 12


def apply() -> None:
    """Puts our functions in place, once a process."""
    from weasyprint import pdf
    from weasyprint.pdf import fonts

    pdf.build_fonts_dictionary = partial(declared, pdf.build_fonts_dictionary)
    fonts.Font.whole_file = fonts.get_hb_object_data
    fonts.get_hb_object_data = lambda _face: None
    fonts.Font.file_content = property(content_of, lambda font, content: font.__dict__.update(content=content))
    fonts.Font.type = property(lambda font: "otf" if font.file_content.startswith((b"OTTO", BARE)) else "ttf")
    fonts.Font._harfbuzz_subset = cut_down  # noqa: SLF001 – the method WeasyPrint cuts fonts with


def content_of(font: Any) -> bytes:  # noqa: ANN401
    """The file of a font: cut down, or whole where somebody really asks for it."""
    content: bytes | None = font.__dict__.get("content")
    if content is None:
        content = font.__dict__["content"] = type(font).whole_file(font.hb_face)
    return content


def cut_down(font: Any, to_unicode: dict[int, str], hinting: bool) -> None:  # noqa: ANN401, FBT001
    """The glyphs used and no more, in one pass."""
    from weasyprint.logger import LOGGER

    content = subset(font, sorted(to_unicode), hinting)
    if content is None:
        LOGGER.warning('Unable to subset "%s" with HarfBuzz', font.family)
    else:
        font.file_content = content


def subset(font: Any, glyphs: list[int], hinting: bool) -> bytes | None:  # noqa: ANN401, FBT001
    """The file of a font with some of its glyphs; None where HarfBuzz cannot make it."""
    from weasyprint.text.ffi import ffi, harfbuzz, harfbuzz_subset

    wanted = ffi.gc(harfbuzz_subset.hb_subset_input_create_or_fail(), harfbuzz_subset.hb_subset_input_destroy)
    add(harfbuzz_subset.hb_subset_input_glyph_set(wanted), glyphs)
    flags = harfbuzz_subset.HB_SUBSET_FLAGS_PASSTHROUGH_UNRECOGNIZED | harfbuzz_subset.HB_SUBSET_FLAGS_DESUBROUTINIZE
    flags |= harfbuzz_subset.HB_SUBSET_FLAGS_RETAIN_GIDS if not numbers_itself(font) else 0
    flags |= 0 if hinting else harfbuzz_subset.HB_SUBSET_FLAGS_NO_HINTING
    flags |= harfbuzz_subset.HB_SUBSET_FLAGS_NOTDEF_OUTLINE if font.missing else 0
    harfbuzz_subset.hb_subset_input_set_flags(wanted, flags)
    dropped = harfbuzz_subset.hb_subset_input_set(wanted, harfbuzz_subset.HB_SUBSET_SETS_DROP_TABLE_TAG)
    add(dropped, sorted(harfbuzz.hb_tag_from_string(name, -1) for name in USELESS_TABLES))
    face = harfbuzz_subset.hb_subset_or_fail(font.hb_face, wanted)
    if not face:
        return None
    face = ffi.gc(face, harfbuzz.hb_face_destroy)
    with table(face, b"CFF ") as cff:
        if numbers_itself(font):
            return bytes(cff)
        if cff and not (font.png or font.svg or font.colr) and (numbered := renumbered(bytes(cff))):
            return numbered
    return type(font).whole_file(face)  # type: ignore[no-any-return]


def add(members: Any, numbers: list[int]) -> None:  # noqa: ANN401
    """Numbers, lowest first, into one of HarfBuzz's sets."""
    from weasyprint.text.ffi import ffi, harfbuzz

    harfbuzz.hb_set_add_sorted_array(members, ffi.new(f"hb_codepoint_t[{len(numbers)}]", numbers), len(numbers))


def declared(build: Callable[..., Any], pdf: Any, *rest: Any) -> Any:  # noqa: ANN401
    """What `build` makes of a document's fonts; of those without an OpenType wrapping it says that they have none."""
    made = build(pdf, *rest)
    for item in pdf.objects:
        extra = getattr(item, "extra", {})
        if extra.get("Subtype") == "/OpenType" and item.stream[0].startswith(BARE):
            extra["Subtype"] = "/CIDFontType0C"
    return made


# ── A font that numbers its glyphs itself ──


def numbers_itself(font: Any) -> bool:  # noqa: ANN401
    """Whether the numbers of a CID-keyed font are those of the glyphs' places, which the texts of the PDF name."""
    from weasyprint.text.ffi import ffi

    if font.png or font.svg or font.colr:  # WeasyPrint takes their pictures out of the file afterwards
        return False
    place = int(ffi.cast("intptr_t", font.hb_face))
    if place not in _KNOWN:
        with table(font.hb_face, b"CFF ") as cff:
            _KNOWN[place] = font.hb_face, is_numbered_through(cff)
    return _KNOWN[place][1]


_KNOWN: dict[int, tuple[Any, bool]] = {}
"""The faces met, by address; they are held, so that no other comes to stand there."""


@contextmanager
def table(face: Any, name: bytes) -> Iterator[memoryview]:  # noqa: ANN401
    """A table of a font where it lies, without reading all of it into memory; empty where there is none."""
    from weasyprint.text.ffi import ffi, harfbuzz

    blob = harfbuzz.hb_face_reference_table(face, harfbuzz.hb_tag_from_string(name, -1))
    length = ffi.new("unsigned int *")
    data = harfbuzz.hb_blob_get_data(blob, length)
    try:
        yield memoryview(ffi.buffer(data, length[0]) if length[0] else b"")
    finally:
        harfbuzz.hb_blob_destroy(blob)


def is_numbered_through(cff: bytes | memoryview) -> bool:
    """Whether glyph 1 of a CFF has the number 1, glyph 2 the number 2 and so on."""
    if not cff:
        return False
    names, _ = index(cff, cff[2])
    _, top = index(cff, names)
    entries = dict(operators(top))
    at = entries.get(CHARSET, 0)
    if ROS not in entries or at <= PREDEFINED or not (size := cff[at]):
        return False
    count, due = number(cff, entries[CHARSTRINGS], 2), 1
    while due < count and number(cff, at + 1, 2) == due:
        due += number(cff, at + 3, size) + 1
        at += 2 + size
    return due >= count


def renumbered(cff: bytes) -> bytes:
    """A CFF whose glyphs are numbered by their places, as the texts of the PDF name them; b"" where it numbers none.

    FandolFang numbers its last thousand by Adobe's list: a reader that goes by the numbers would draw others.
    """
    names, _ = index(cff, cff[2])
    entries = dict(operators(index(cff, names)[1]))
    at = entries.get(CHARSET, 0)
    if ROS not in entries or at <= PREDEFINED:
        return b""
    through = b"\2" + (1).to_bytes(2, "big") + (number(cff, entries[CHARSTRINGS], 2) - 2).to_bytes(2, "big")
    return cff[:at] + through + cff[at + len(through) :]


def number(data: bytes | memoryview, at: int, size: int) -> int:
    """An unsigned number of so many bytes."""
    return int.from_bytes(data[at : at + size], "big")


def index(cff: bytes | memoryview, at: int) -> tuple[int, bytes]:
    """Where an INDEX ends, and its last item."""
    count, size = number(cff, at, 2), cff[at + 2]
    base = at + 2 + (count + 1) * size
    begin, end = (number(cff, at + 3 + item * size, size) for item in (count - 1, count))
    return base + end, bytes(cff[base + begin : base + end])


def operators(top: bytes) -> Iterator[tuple[int, int]]:
    """The entries of a DICT, each with its last operand; what is no whole number counts as 0."""
    at, operand = 0, 0
    while at < len(top):
        first, size = top[at], 1
        if first <= LAST_OPERATOR:
            size = 2 if first == ESCAPE else 1
            yield number(top, at, size), operand
            operand = 0
        elif first in {28, 29}:
            size = 3 if first == 28 else 5
            operand = number(top, at + 1, size - 1)
        elif first == 30:  # a real number, four bits a digit, 15 at its end
            size = next(n for n in range(2, len(top)) if 15 in divmod(top[at + n - 1], 16))
        elif first >= 247:
            size = 2
            operand = (first - 247) * 256 + top[at + 1] + 108 if first < 251 else 0
        else:
            operand = first - 139
        at += size
