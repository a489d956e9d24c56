"""The fonts of a PDF: what each glyph says, how wide it is, and whether it looks like what it says.

A page is compared by the characters that its glyphs stand for. Those are told by a table beside the font, which
can be forged; so the table is held against the font itself: against its own list of characters, and where it has none
(CID-keyed Chinese fonts), against the order in which such fonts keep their glyphs.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from struct import unpack
from typing import TYPE_CHECKING, Any

from selfeval.audit.pdf_shapes import Run, joined, run_of
from selfeval.base.phrases import phrase

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

MOST_GLYPHS = 65_536
MOST_FONTS = 40
ASCII = range(0x20, 0x7F)
"""In CID-keyed fonts for Chinese, Japanese and Korean these come first, as the glyphs 1, 2, 3 …"""

IDEOGRAPHS = range(0x4E00, 0x9FA6)
ELSEWHERE = frozenset(
    "偖具冤凞刃勉勤包匇化卑博卥叠哨嘆嘲噂器囮埖堵堽墨壿奢屑屠巽帰帽彅忝恥抱拌拐拔捨揃摂敞晧曵朐杓棈楢"
    "楫樽橳欄泡淫添渣港湲漢潴瀞瀦灼煎燊爫猜猷珊珎班瞥砲碑秤箭箸篝翰耒耶聟聳肞肺胖胞脩臭花荵莽菔萠萢蓴"
    "蔑蔽薯蘭虎蛸蜻蟒衂衆豹貨賊賭贅趙跚輯鄭錆錵闍阪隆靜靭鞘類鮹鯖鯱鱒鵈鵠黛鼻"
)
"""Ideographs that fonts of this kind keep outside their order."""

KNOWN_SHARE, ORDERED_SHARE = 0.9, 0.95
"""How many of a font's glyphs its own list must know; how many stand in order in a font that keeps one."""

LONGEST_DRAWING = 2_000
"""Bytes of a glyph's instructions that are remembered."""

THOUSANDTH = [0.001, 0, 0, 0.001, 0, 0]
"""How glyphs are scaled, where a font says so."""

FEW = 8
"""So few stand out of order in no font that keeps none, however few glyphs of it are used."""

KEPT_AS = {
    b"\1\0": ("/CIDFontType0", "/CIDFontType0C"),
    b"OT": ("/CIDFontType0", "/OpenType"),
    b"": ("/CIDFontType2", "/FontFile2"),
}
"""By the first bytes of a font file: the kind of font, what the file is said to be. Else its glyphs are others."""

_BLOCK = re.compile(rb"\d{1,5}\s{1,2}begin(bfchar|bfrange)(.{0,200000}?)endbf(?:char|range)", re.DOTALL)
_PAIR = re.compile(rb"<([0-9A-Fa-f]{4})>\s{0,2}<((?:[0-9A-Fa-f]{4}){1,64})>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]{4})>\s{0,2}<([0-9A-Fa-f]{4})>\s{0,2}<([0-9A-Fa-f]{4})>")


@dataclass(frozen=True)
class Font:
    """A font as the pages use it: character(s) by glyph, widths in thousandths of its size."""

    name: str
    characters: Mapping[int, str]
    widths: Mapping[int, float]
    program: bytes
    default: float = 1000.0
    problems: list[str] = field(default_factory=list)
    used: dict[int, None] = field(default_factory=dict)
    """The glyphs in the order in which the pages first use them."""
    known: dict[bytes, Run] = field(default_factory=dict)
    """Texts that were read before."""
    shown: dict[bytes, Run] = field(default_factory=dict)
    """The same of texts with steps between them, as they are written."""

    def spelt(self, text: bytes) -> Run:
        """What a text says, at least one glyph; the glyphs are used from now on."""
        if text not in self.known:
            glyphs = glyphs_of(text)
            self.used.update(dict.fromkeys(glyphs))
            characters, widths, default = self.characters, self.widths, self.default
            letters = [characters.get(glyph, "\ufffd") for glyph in glyphs]
            self.known[text] = run_of(letters, [widths.get(glyph, default) for glyph in glyphs])
        return self.known[text]

    def said(self, items: Iterable[bytes | float]) -> Run:
        """What texts say, with the steps back between them, in thousandths of the size."""
        runs: list[tuple[float, Run]] = []
        at = 0.0
        for item in items:
            if isinstance(item, float):
                at -= item
            elif item:
                runs.append((at, run := self.spelt(item)))
                at += run.width
        return joined(runs, at) if runs else Run("", at, (0.0, 0.0), 0.0, ("", ""), blank=True, torn=False)

    def width(self, glyph: int) -> float:
        """How far a glyph moves on."""
        return self.widths.get(glyph, self.default)


def glyphs_of(text: bytes) -> Sequence[int]:
    """The numbers of the glyphs in a text, of two bytes each; of a last one that is cut short the first."""
    whole = len(text) // 2
    return (*unpack(f">{whole}H", text[: 2 * whole]), *text[2 * whole :])


def font_of(dictionary: Any) -> Font:  # noqa: ANN401 - pypdf's objects
    """A font from its dictionary, whose shape has been looked at."""
    (inner,) = (item.get_object() for item in dictionary["/DescendantFonts"].get_object())
    descriptor = inner["/FontDescriptor"].get_object()
    file = next((descriptor[key].get_object() for key in ("/FontFile2", "/FontFile3") if key in descriptor), None)
    name = str(dictionary["/BaseFont"])[1:]
    content = bytes(file.get_data()) if file is not None else b""
    table = bytes(dictionary["/ToUnicode"].get_object().get_data())
    problems: list[str] = [] if file is not None else [phrase("没有嵌入字体文件")]
    if file is not None and (str(inner["/Subtype"]), _kept_as(descriptor)) != KEPT_AS.get(content[:2], KEPT_AS[b""]):
        problems.append(phrase("字体的种类与字体文件不符"))
    if not is_plain(table):
        problems.append(phrase("字形与文字的对照表里有别的内容"))
    listed = [*widths_in(inner.get("/W"))]
    widths = dict(listed)
    if len(widths) != len(listed):
        problems.append(phrase("字宽表把一个字形写了两次"))
    return Font(name, characters_in(table), widths, content, float(inner.get("/DW", 1000)), problems)


def _kept_as(descriptor: Any) -> str:  # noqa: ANN401
    """What a font file is said to be."""
    return "/FontFile2" if "/FontFile2" in descriptor else str(descriptor["/FontFile3"].get_object().get("/Subtype"))


def is_plain(table: bytes) -> bool:
    """Whether all that a table of characters says is read here, each glyph once: other programs then read the same."""
    glyphs: list[bytes] = []
    for kind, body in _BLOCK.findall(table):
        form = _PAIR if kind == b"bfchar" else _RANGE
        if form.sub(b"", body).strip():
            return False
        glyphs += [found[0].lower() for found in form.findall(body)]
    rest = _BLOCK.sub(b"", table)
    return b"bf" not in rest and b"usecmap" not in rest and len({*glyphs}) == len(glyphs)


def characters_in(table: bytes) -> dict[int, str]:
    """What each glyph stands for."""
    found: dict[int, str] = {}
    for kind, body in _BLOCK.findall(table):
        if kind == b"bfchar":
            for glyph, text in _PAIR.findall(body):
                found[int(glyph, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be", "replace")
        else:
            for first, last, text in _RANGE.findall(body):
                start, stop, char = int(first, 16), int(last, 16), int(text, 16)
                found |= {glyph: chr(char + glyph - start) for glyph in range(start, min(stop, start + 255) + 1)}
    return found


def widths_in(listed: Any) -> Iterator[tuple[int, float]]:  # noqa: ANN401
    """(glyph, width) of a /W: `first [w w w]` or `first last w`."""
    items = [item.get_object() for item in listed.get_object()] if listed is not None else []
    at = 0
    while at + 1 < len(items):
        if isinstance(items[at + 1], list):
            yield from ((int(items[at]) + n, float(width)) for n, width in enumerate(items[at + 1][:MOST_GLYPHS]))
            at += 2
        else:
            last = min(int(items[at + 1]), int(items[at]) + MOST_GLYPHS)
            yield from ((glyph, float(items[at + 2])) for glyph in range(int(items[at]), last + 1))
            at += 3


# ── Whether a glyph looks like what it says ──


def disagreeing(font: Font) -> Iterator[str]:
    """Glyphs that stand for another character than the font itself says."""
    try:
        if font.program.startswith(b"\1\0"):
            yield from _in_bare_cff(font)
        else:
            yield from _in_opentype(font)
    except Exception as error:  # noqa: BLE001 - a broken font can make the reader fail in any way
        yield phrase("字体文件不能读取（{name}）", name=type(error).__name__)


def _in_opentype(font: Font) -> Iterator[str]:
    """A font with a list of its own."""
    from fontTools.ttLib import TTFont

    read = TTFont(BytesIO(font.program), lazy=True)
    own: dict[int, set[str]] = {}
    for code, name in (read.getBestCmap() or {}).items():
        own.setdefault(read.getGlyphID(name), set()).add(chr(code))
    known = [glyph for glyph in font.characters if glyph in own]
    if len(known) < KNOWN_SHARE * len(font.characters):
        yield phrase("字体文件不认识它的多数字形")
    order = read.getGlyphOrder()
    if any(order[g].startswith("cid") and order[g] != f"cid{g:05d}" for g in font.characters if g < len(order)):
        yield phrase("字体文件里字形的编号与次序不同")
    wrong = [font.characters[glyph] for glyph in known if not _same(font.characters[glyph], own[glyph])]
    if wrong:
        yield phrase("字形与文字不符：{wrong}", wrong=tuple(wrong[:5]))
    yield from _widths(font, read)


def _same(text: str, own: Iterable[str]) -> bool:
    """Whether a text is one of the characters a glyph has, but for letters that look alike."""
    from unicodedata import normalize

    return any(text[:1] == char or normalize("NFKC", text[:1]) == normalize("NFKC", char) for char in own)


def _widths(font: Font, read: TTFont) -> Iterator[str]:
    """Widths beside the font that are not its own."""
    scale = 1000 / read["head"].unitsPerEm
    advances = read["hmtx"].metrics
    names = read.getGlyphOrder()
    for glyph in font.characters:
        if glyph < len(names) and abs(advances[names[glyph]][0] * scale - font.width(glyph)) > 2:
            yield phrase("字宽与字体文件不符")
            return


def _in_bare_cff(font: Font) -> Iterator[str]:
    """A font that knows its glyphs by number only."""
    from fontTools.cffLib import CFFFontSet  # type: ignore[import-untyped]

    read = CFFFontSet()
    read.decompile(BytesIO(font.program), None)
    yield from turned_about(read)
    own = {int(name[3:]) for name in read[0].charset if name.startswith("cid")}
    if not own >= {*font.characters} - {0}:
        yield phrase("字体文件没有页面所用的字形")
    own_widths = cff_widths(read, sorted(own & {*font.characters} - {0}))
    if any(abs(width - font.width(glyph)) > 2 for glyph, width in own_widths):
        yield phrase("字宽与字体文件不符")
    wrong = [*_ascii(font), *out_of_order(font.characters)]
    if wrong:
        yield phrase("字形与文字不符：{wrong}", wrong=tuple(wrong[:5]))


def turned_about(read: Any) -> Iterator[str]:  # noqa: ANN401 - fontTools' objects
    """Whether a font draws its glyphs otherwise than upright, at their place and of their size: a 6 turned is a 9."""
    top = read[0]
    inner = [font.rawDict.get("FontMatrix") for font in getattr(top, "FDArray", [])]
    own = top.rawDict.get("FontMatrix")
    if own not in (None, THOUSANDTH) or any(matrix not in (None, [1, 0, 0, 1, 0, 0]) for matrix in inner):
        yield phrase("字体文件把字形放大、移动或转了方向")


def cff_widths(read: Any, glyphs: Iterable[int]) -> Iterator[tuple[int, float]]:  # noqa: ANN401 - fontTools' objects
    """(glyph, width) as the instructions that draw each glyph say it."""
    for glyph in glyphs:
        drawing = read[0].CharStrings[f"cid{glyph:05d}"]
        own = drawing.private
        parts, said = (getattr(own, "Subrs", []), drawing.globalSubrs), (own.nominalWidthX, own.defaultWidthX)
        alone = not any(map(len, parts)) and 0 < len(drawing.bytecode or b"") <= LONGEST_DRAWING
        yield glyph, _recalled_width(bytes(drawing.bytecode), *said) if alone else _width(drawing, *said, *parts)


@lru_cache(maxsize=4096)
def _recalled_width(drawing: bytes, nominal: float, default: float) -> float:
    """The width of a glyph drawn by itself: a font's file is looked at twice, and those of many reports are alike."""
    from fontTools.misc.psCharStrings import T2CharString  # type: ignore[import-untyped]

    return _width(T2CharString(bytecode=drawing), nominal, default)


def _width(
    drawing: Any,  # noqa: ANN401 - fontTools' objects
    nominal: float,
    default: float,
    own: Sequence[Any] = (),
    of_all: Sequence[Any] = (),
) -> float:
    """The width that a glyph's instructions say, carried out with the parts they may call."""
    from fontTools.misc.psCharStrings import T2WidthExtractor

    extractor = T2WidthExtractor(own, of_all, nominal, default)
    extractor.execute(drawing)
    return float(extractor.width)


def _ascii(font: Font) -> Iterator[str]:
    """Letters and digits that are not where such fonts have them."""
    for glyph, text in font.characters.items():
        by_place = chr(glyph + ASCII.start - 1) if 0 < glyph <= len(ASCII) else ""
        if by_place and by_place != text:
            yield text


def out_of_order(characters: Mapping[int, str]) -> Iterator[str]:
    """Ideographs that stand in the way of an order, where all others keep one (that of Unicode or of GB 2312)."""
    single = (text for _, text in sorted(characters.items()) if len(text) == 1 and text not in ELSEWHERE)
    chars = [text for text in single if ord(text) in IDEOGRAPHS]
    attempts = [_out_of(chars, [_key(char, coding) for char in chars]) for coding in ("utf-32-be", "gb18030")]
    fewest = min(attempts, key=len)
    few = len(fewest) <= (1 - ORDERED_SHARE) * len(chars)
    if few or (len(fewest) < FEW and len(fewest) < len(chars) / 2):
        yield from fewest


def _key(char: str, coding: str) -> bytes:
    return char.encode(coding)


def _out_of(chars: list[str], keys: list[bytes]) -> list[str]:
    """Those that are not part of the longest rising line."""
    tails: list[bytes] = []
    places: list[int] = []
    for key in keys:
        at = bisect_right(tails, key)
        tails[at : at + 1] = [key]
        places.append(at)
    due, kept = len(tails) - 1, set()
    for at in range(len(keys) - 1, -1, -1):
        if places[at] == due:
            kept.add(at)
            due -= 1
    return [char for at, char in enumerate(chars) if at not in kept]
