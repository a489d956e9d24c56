"""Fonts that an engine cuts down and numbers anew, without a list of characters: whether glyphs say what they are.

Typst numbers the glyphs of a font in the order in which the pages first use them. So a glyph in another's place breaks
that order, and one that is there twice, under two meanings, has the same outline twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from unicodedata import normalize

from selfeval.audit.pdf_fonts import Font, cff_widths, turned_about
from selfeval.base.phrases import phrase

Glyphs = Mapping[int, tuple[float, bytes]]
"""Width and outline of each glyph, 0 (what stands for none) among them."""


def disagreeing_anew(font: Font) -> Iterator[str]:
    """What is wrong with such a font."""
    used = [*font.used]
    if used != [*range(1, len(used) + 1)]:
        yield phrase("字形没有按使用的次序编号")
    if {*used} != {*font.characters} - {0}:
        yield phrase("字形表与页面所用的字形不同")
    try:
        glyphs, pieces = glyphs_in(font.program)
    except Exception as error:  # noqa: BLE001 - a broken font can make the reader fail in any way
        yield phrase("字体文件不能读取（{name}）", name=type(error).__name__)
        return
    if not {*glyphs} - pieces <= {0, *used} <= {*glyphs}:
        yield phrase("字体文件里的字形与页面所用的不同")
    elif any(abs(glyphs[glyph][0] - font.width(glyph)) > 2 for glyph in used):
        yield phrase("字宽与字体文件不符")
    if twice := [*with_two_meanings(font, glyphs)]:
        yield phrase("字形与文字不符：{twice}", twice=tuple(twice[:5]))


def with_two_meanings(font: Font, glyphs: Glyphs) -> Iterator[str]:
    """Characters that look exactly like another one."""
    seen: dict[bytes, str] = {}
    for glyph, (_, outline) in glyphs.items():
        text = normalize("NFKC", font.characters.get(glyph, ""))
        if outline and text and seen.setdefault(outline, text) != text:
            yield text


def glyphs_in(program: bytes) -> tuple[Glyphs, set[int]]:
    """The glyphs of a font's file, and which of them others are put together from (é from e and ´)."""
    return _in_cff(program) if program.startswith(b"\1\0") else _in_truetype(program)


def _in_cff(program: bytes) -> tuple[Glyphs, set[int]]:
    from fontTools.cffLib import CFFFontSet  # type: ignore[import-untyped]

    read = CFFFontSet()
    read.decompile(BytesIO(program), None)
    if problem := next(turned_about(read), ""):
        raise ValueError(problem)
    names = {int(name[3:]) if name.startswith("cid") else 0: name for name in read[0].charset}
    outlines = {glyph: bytes(read[0].CharStrings[name].bytecode) for glyph, name in names.items()}
    widths = dict(cff_widths(read, [glyph for glyph in outlines if glyph]))
    return {glyph: (widths.get(glyph, 0.0), outline) for glyph, outline in outlines.items()}, set()


def _in_truetype(program: bytes) -> tuple[Glyphs, set[int]]:
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    read = TTFont(BytesIO(program), lazy=True)
    scale = 1000 / read["head"].unitsPerEm
    places, outlines, order = read["loca"], read.reader["glyf"], read.getGlyphOrder()
    glyphs = {
        at: (read["hmtx"].metrics[name][0] * scale, outlines[places[at] : places[at + 1]])
        for at, name in enumerate(order)
    }
    table = read["glyf"]
    pieces = {table.getGlyphID(piece) for name in order for piece in table[name].getComponentNames(table)}
    return glyphs, pieces
