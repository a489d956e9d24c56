"""WeasyPrint 70 spared what it does twice: whole fonts copied, fonts cut down twice, objects written twice.

Each function replaces or precedes one of its own and gives the same pages; `apply` does nothing for another series.
"""

from __future__ import annotations

import gc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from selfeval.render import lean_styles

SERIES = "70."
"""The series these were written for."""

LEVEL = 6
"""zlib: a third of the time of level 9 for a file larger by less than a hundredth."""

USELESS_TABLES = (b"BASE", b"DSIG", b"EBDT", b"EBLC", b"EBSC", b"GPOS", b"GSUB", b"JSTF", b"LTSH", b"PCLT", b"SVG ")


def apply(weasyprint: Any) -> None:  # noqa: ANN401 – WeasyPrint has no types
    """Puts our functions in place, once a process."""
    from weasyprint.pdf import fonts

    if not weasyprint.__version__.startswith(SERIES) or hasattr(fonts.Font, "whole_file"):
        return
    fonts.Font.whole_file = fonts.get_hb_object_data
    fonts.get_hb_object_data = lambda _face: None
    fonts.Font.file_content = property(content_of, lambda font, content: font.__dict__.update(content=content))
    fonts.Font._harfbuzz_subset = cut_down  # noqa: SLF001 – the method WeasyPrint cuts fonts with
    lean_styles.apply()


def content_of(font: Any) -> bytes:  # noqa: ANN401
    """The file of a font: cut down, or whole (20 MB of Chinese) where somebody really asks for it."""
    content: bytes | None = font.__dict__.get("content")
    if content is None:
        content = font.__dict__["content"] = type(font).whole_file(font.hb_face)
    return content


def cut_down(font: Any, to_unicode: dict[int, str], hinting: bool) -> None:  # noqa: ANN401, FBT001
    """The glyphs used and no more, under their own numbers, in one pass.

    WeasyPrint makes a second pass to drop the numbers after the last one used; HarfBuzz drops them by itself.
    """
    from weasyprint.logger import LOGGER
    from weasyprint.text.ffi import ffi, harfbuzz, harfbuzz_subset

    wanted = ffi.gc(harfbuzz_subset.hb_subset_input_create_or_fail(), harfbuzz_subset.hb_subset_input_destroy)
    add(harfbuzz_subset.hb_subset_input_glyph_set(wanted), sorted(to_unicode))
    flags = (
        harfbuzz_subset.HB_SUBSET_FLAGS_RETAIN_GIDS
        | harfbuzz_subset.HB_SUBSET_FLAGS_PASSTHROUGH_UNRECOGNIZED
        | harfbuzz_subset.HB_SUBSET_FLAGS_DESUBROUTINIZE
    )
    flags |= 0 if hinting else harfbuzz_subset.HB_SUBSET_FLAGS_NO_HINTING
    flags |= harfbuzz_subset.HB_SUBSET_FLAGS_NOTDEF_OUTLINE if font.missing else 0
    harfbuzz_subset.hb_subset_input_set_flags(wanted, flags)
    dropped = harfbuzz_subset.hb_subset_input_set(wanted, harfbuzz_subset.HB_SUBSET_SETS_DROP_TABLE_TAG)
    add(dropped, [harfbuzz.hb_tag_from_string(name, -1) for name in USELESS_TABLES])
    face = harfbuzz_subset.hb_subset_or_fail(font.hb_face, wanted)
    if face:
        font.file_content = type(font).whole_file(ffi.gc(face, harfbuzz.hb_face_destroy))
    else:
        LOGGER.warning('Unable to subset "%s" with HarfBuzz', font.family)


def add(members: Any, numbers: list[int]) -> None:  # noqa: ANN401
    """Numbers, lowest first, into one of HarfBuzz's sets."""
    from weasyprint.text.ffi import ffi, harfbuzz

    harfbuzz.hb_set_add_sorted_array(members, ffi.new(f"hb_codepoint_t[{len(numbers)}]", numbers), len(numbers))


def write_once(pdf: Any) -> None:  # noqa: ANN401
    """Every object's bytes made once: pydyf makes them for the file, and again for the file's fingerprint.

    To be called when all is said and the file is about to be written.
    """
    classes, add_object = _written_once(), pdf.add_object

    def add(item: Any) -> None:  # noqa: ANN401
        settle(item)
        add_object(item)

    def settle(item: Any) -> None:  # noqa: ANN401
        kind = next((kind for kind in classes if isinstance(item, kind)), None)
        if kind:
            item.__class__ = classes[kind]

    for item in pdf.objects:
        settle(item)
    pdf.add_object = add


@cache
def _written_once() -> dict[type, type]:
    """For each kind of object the same that keeps its bytes."""
    import pydyf

    def once(kind: type, made: Callable[[Any], bytes]) -> type:
        def data(item: Any) -> bytes:  # noqa: ANN401
            if (kept := item.__dict__.get("bytes")) is None:
                kept = item.__dict__["bytes"] = made(item)
            return bytes(kept)

        return type(kind.__name__, (kind,), {"data": property(data)})

    return {
        pydyf.Stream: once(pydyf.Stream, compressed),
        pydyf.Dictionary: once(pydyf.Dictionary, pydyf.Dictionary.data.fget),
        pydyf.Array: once(pydyf.Array, pydyf.Array.data.fget),
    }


def compressed(stream: Any) -> bytes:  # noqa: ANN401
    """A stream as pydyf writes it, but for the level of compression."""
    import pydyf

    content = b"\n".join(map(pydyf._to_bytes, stream.stream))  # noqa: SLF001 – as pydyf joins them itself
    extra = pydyf.Dictionary(stream.extra)
    if stream.compress:
        extra["Filter"] = "/FlateDecode"
        content = zlib.compress(content, LEVEL)
    extra["Length"] = len(content)
    return b"\n".join((extra.data, b"stream", content, b"endstream"))


@contextmanager
def undisturbed() -> Iterator[None]:
    """While a page is made nothing is looked for that might be garbage: nearly all of it is needed to the end.

    The trees of a page hold on to each other; they are cleared away once, when it is done.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
        gc.collect()
