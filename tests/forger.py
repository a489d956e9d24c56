"""A forger: takes a report.pdf of ours apart and puts it together again, changed in one of very many ways.

The grammar: an edit inserts, removes, reorders, overlays, rewords, restructures or signs again; each is seeded, so that
a forgery that gets past `verify` can be made again. An edit that finds nothing to change says so (False).
"""

# ruff: noqa: RET503 – an edit says only where it found nothing to change

from __future__ import annotations

import re
import string
import zlib
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from random import Random

import pikepdf
from pikepdf import Array, Dictionary, Name, Operator, Pdf, Stream, String

Edit = Callable[[Pdf, Random], object]
EDITS: list[Edit] = []
RAW: list[Callable[[bytes, Random], bytes | None]] = []


def edit(function: Edit) -> Edit:
    """Adds an edit to the grammar."""
    EDITS.append(function)
    return function


def raw(function):
    """Adds an edit of the bytes to the grammar."""
    RAW.append(function)
    return function


def forged(report: bytes, seed: object) -> tuple[str, bytes] | None:
    """(what was done, the file) of one forgery; None where the edit drawn finds nothing to change."""
    random = Random(str(seed))
    what = random.choice([*EDITS, *RAW])
    return of_edit(report, what, random)


def of_edit(report: bytes, what, random: Random) -> tuple[str, bytes] | None:
    """The same of a given edit."""
    if what in RAW:
        made = what(report, random)
        return None if made is None or made == report else (what.__name__, made)
    with Pdf.open(BytesIO(report)) as document:
        if what(document, random) is False:
            return None
        return what.__name__, saved(document, random)


def saved(document: Pdf, random: Random | None = None) -> bytes:
    """The bytes of a document, objects packed or not."""
    modes = list(pikepdf.ObjectStreamMode.__members__.values())
    out = BytesIO()
    document.save(out, object_stream_mode=random.choice(modes) if random else modes[0], fix_metadata_version=False)
    return out.getvalue()


# ── What stands on a page ──


def maps_of(page) -> dict[str, dict[str, str]]:
    """Character by glyph (4 hexadecimal digits) of each font of a page: another may call another one the same."""
    found = {}
    for name, font in page.Resources.Font.items():
        text = font.ToUnicode.read_bytes().decode("latin-1")
        pairs = re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", text.split("endcodespacerange")[-1])
        found[name] = {a.lower(): bytes.fromhex(b).decode("utf-16-be", "replace") for a, b in pairs}
    return found


def from_above(lines, height: float):
    """The same page as WeasyPrint writes one: seen from its upper left corner, each text placed by its own Tm.

    Typst counts from below and moves the paper (cm) before each thing it draws.
    """
    if str(lines[0][1]) == "cm" or not any(str(operator) == "cm" for _, operator in lines):
        return lines
    turned = pikepdf.Matrix(1, 0, 0, -1, 0, height)
    moves: list[tuple[int, pikepdf.Matrix] | None] = []
    for at, (operands, operator) in enumerate(lines):
        name = str(operator)
        if name in {"q", "Q"}:
            moves = [*moves, None] if name == "q" else moves[:-1]
        elif name == "cm" and len(moves) == 1:
            moves[-1] = at, pikepdf.Matrix(*map(float, operands)) @ turned
            lines[at] = (numbers(moves[-1][1]), Operator("cm"))
        elif name == "Tm" and moves and (move := moves[-1]) is not None:
            lines[at] = (numbers(pikepdf.Matrix(*map(float, operands)) @ move[1]), Operator("Tm"))
            lines[move[0]] = (numbers(pikepdf.Matrix()), Operator("cm"))
            moves[-1] = None
    return [(numbers(turned), Operator("cm")), *lines]


def numbers(matrix: pikepdf.Matrix) -> list[Decimal]:
    """A matrix as an instruction has it."""
    return [Decimal(f"{number:.5f}") for number in matrix.shorthand]


def resources(page, kind: str):
    """The resources of a kind that a page has, or an empty list of them that it now has."""
    if kind not in page.Resources:
        page.Resources[kind] = Dictionary()
    return page.Resources[kind]


UNSEEN = f"{string.whitespace}\u200b"
"""Characters that leave nothing on a page: an edit of theirs alone changes nothing that anybody sees."""


class Page:
    """The instructions of a page, and which of them show text."""

    def __init__(self, document: Pdf, page) -> None:
        self.document, self.page, self.maps = document, page, maps_of(page)
        self.lines = from_above(list(pikepdf.parse_content_stream(page)), float(page.MediaBox[3]))
        self.shows: list[tuple[int, str, str]] = []
        font = ""
        for at, (operands, operator) in enumerate(self.lines):
            if str(operator) == "Tf":
                font = str(operands[0])
            if str(operator) in {"TJ", "Tj"}:
                text = "".join(self.maps[font].get(code, "?") for code in codes_of(operands))
                if text.strip(UNSEEN):
                    self.shows.append((at, font, text))

    @property
    def opaque(self) -> list[tuple[int, str, str]]:
        """Those that are not the word across the page: it is drawn first, and what is drawn with it is as faint."""
        return self.shows[len(self.shows) // 2 :]

    def put(self) -> None:
        """Writes the instructions back."""
        self.page.Contents = self.document.make_stream(pikepdf.unparse_content_stream(self.lines))

    def insert(self, at: int, *instructions: str) -> None:
        """Further instructions before the one at a place."""
        text = "\n".join(instructions).encode()
        made = list(pikepdf.parse_content_stream(self.document.make_stream(text)))
        self.lines[at:at] = made

    def start(self, at: int) -> int:
        """Where the text that an instruction belongs to begins."""
        return next(n for n in range(at, -1, -1) if str(self.lines[n][1]) == "BT")

    def stop(self, at: int) -> int:
        """Behind its end."""
        return next(n for n in range(at, len(self.lines)) if str(self.lines[n][1]) == "ET") + 1

    def matrix(self, at: int) -> int:
        """The instruction that places it."""
        return next(n for n in range(at, -1, -1) if str(self.lines[n][1]) == "Tm")

    def place(self, at: int) -> tuple[float, float]:
        """Where it stands on the page, in the page's own units."""
        operands = self.lines[self.matrix(at)][0]
        return float(operands[4]), float(operands[5])

    def size(self, at: int) -> float:
        """How large its type is."""
        faces = (self.lines[n] for n in range(at, -1, -1))
        return next(float(operands[1]) for operands, operator in faces if str(operator) == "Tf")


def codes_of(operands) -> list[str]:
    """The glyphs of an instruction."""
    parts = operands[0] if isinstance(operands[0], Array | list) else operands
    text = b"".join(bytes(part) for part in parts if isinstance(part, String | bytes)).hex()
    return [text[at : at + 4] for at in range(0, len(text), 4)]


def matrix_at(x: float, y: float) -> list[Decimal | int]:
    """Where a text stands, as an instruction has it."""
    return [1, 0, 0, -1, Decimal(f"{x:.3f}"), Decimal(f"{y:.3f}")]


def show(codes: list[str]):
    """An instruction that shows glyphs."""
    return ([Array([String(bytes.fromhex("".join(codes)))])], Operator("TJ"))


def pages_of(document: Pdf) -> list[Page]:
    """All pages."""
    return [Page(document, page) for page in document.pages]


def some_page(document: Pdf, random: Random) -> Page:
    """A page with text."""
    while True:
        page = Page(document, random.choice(list(document.pages)))
        if page.shows:
            return page


def other_glyph(known: dict[str, str], code: str, random: Random) -> str | None:
    """Another glyph of a font, one that shows something else."""
    now = known.get(code, "")
    return random.choice([c for c, t in known.items() if t != now and t.strip() and t != "\u200b"] or [None])


# ── Reword ──


@edit
def one_character(document, random):
    page = some_page(document, random)
    at, font, _ = random.choice(page.shows)
    codes = codes_of(page.lines[at][0])
    known = [n for n, c in enumerate(codes) if page.maps[font].get(c, "").strip()]
    if not known:
        return False
    place = random.choice(known)
    new = other_glyph(page.maps[font], codes[place], random)
    if new is None:
        return False
    codes[place] = new
    page.lines[at] = show(codes)
    page.put()


@edit
def a_digit(document, random):
    page = some_page(document, random)
    numbers = [s for s in page.shows if re.search(r"\d", s[2])]
    if not numbers:
        return False
    at, font, _ = random.choice(numbers)
    codes = codes_of(page.lines[at][0])
    place = random.choice([n for n, c in enumerate(codes) if page.maps[font].get(c, "").isdigit()])
    digits = [c for c, t in page.maps[font].items() if t.isdigit() and c != codes[place]]
    if not digits:
        return False
    codes[place] = random.choice(digits)
    page.lines[at] = show(codes)
    page.put()


@edit
def a_text_for_another(document, random):
    page = some_page(document, random)
    at, font, text = random.choice(page.shows)
    others = [s for s in page.shows if s[1] == font and s[2].strip() != text.strip()]
    if not others:
        return False
    page.lines[at] = page.lines[random.choice(others)[0]]
    page.put()


@edit
def two_glyphs_of_a_text_changed_about(document, random):
    page = some_page(document, random)
    long = [s for s in page.shows if len(set(codes_of(page.lines[s[0]][0]))) > 2]
    if not long:
        return False
    at, font, _ = random.choice(long)
    codes = codes_of(page.lines[at][0])
    seen = [n for n, c in enumerate(codes) if page.maps[font].get(c, "").strip(UNSEEN)]  # blanks are not compared
    one = random.choice(seen)
    others = [n for n in seen if codes[n] != codes[one]]
    if not others:
        return False
    two = random.choice(others)
    codes[one], codes[two] = codes[two], codes[one]
    page.lines[at] = show(codes)
    page.put()


@edit
def a_text_set_back_over_itself(document, random):
    """Letters in the right order of the file, in another on the page."""
    page = some_page(document, random)
    long = [s for s in page.shows if len(s[2].strip()) >= 2]
    if not long:
        return False
    at, _, _ = random.choice(long)
    codes = codes_of(page.lines[at][0])
    half = len(codes) // 2 or 1
    first, second = (String(bytes.fromhex("".join(part))) for part in (codes[:half], codes[half:]))
    back = 1000 * len(codes)
    page.lines[at] = ([Array([Decimal(-back), first, Decimal(2 * back), second])], Operator("TJ"))
    page.put()


@edit
def a_dot_among_other_digits(document, random):
    """A number glyph by glyph, in the order of the file: its dot, of another size, stands where it makes it another."""
    page = some_page(document, random)
    dotted = [show for show in page.shows if re.fullmatch(r"\d*\.\d+%?|\d+\.\d*%?", show[2])]
    if not dotted:
        return False
    at, font, words = random.choice(dotted)
    codes, size, (x, y) = codes_of(page.lines[at][0]), page.size(at), page.place(at)
    dot = words.index(".")
    seen = [n for n in range(len(words)) if n != dot]
    seen.insert(random.choice([n for n in range(len(words)) if n != dot]), dot)
    pitch = size * random.choice([0.5, 0.6])
    own, up = size * random.choice([0.45, 0.6, 1, 2]), random.choice([0, 0, 0.3, 1])
    page.lines[at : at + 1] = [
        line
        for n, code in enumerate(codes)
        for line in (
            (matrix_at(x + seen.index(n) * pitch, y - up * (n == dot)), Operator("Tm")),
            ([Name(font), Decimal(f"{own if n == dot else size:.3f}")], Operator("Tf")),
            show([code]),
        )
    ]
    page.put()


@edit
def the_end_of_a_text_in_smaller_type_before_its_beginning(document, random):
    """In the order of the file; whoever looks reads the end first."""
    page = some_page(document, random)
    long = [s for s in page.shows if s in page.opaque and len(s[2].strip(UNSEEN)) >= 4]
    if not long:
        return False
    at, font, words = random.choice(long)
    codes, size, (x, y) = codes_of(page.lines[at][0]), page.size(at), page.place(at)
    half = len(codes) // 2
    if not words[:half].strip(UNSEEN) or not words[half:].strip(UNSEEN):
        return False
    own, up = size * random.choice([0.45, 0.5, 0.6, 0.8, 1]), random.choice([0, 0, 0.5, 1.5])
    page.lines[at : at + 1] = [
        (matrix_at(x + own * (len(codes) - half), y), Operator("Tm")),
        ([Name(font), Decimal(f"{size:.3f}")], Operator("Tf")),
        show(codes[:half]),
        (matrix_at(x, y - up), Operator("Tm")),
        ([Name(font), Decimal(f"{own:.3f}")], Operator("Tf")),
        show(codes[half:]),
    ]
    page.put()


@edit
def a_text_removed(document, random):
    page = some_page(document, random)
    at, _, _ = random.choice(page.shows)
    del page.lines[at]
    page.put()


@edit
def a_text_twice(document, random):
    page = some_page(document, random)
    at, _, _ = random.choice(page.shows)
    page.lines.insert(at, page.lines[at])
    page.put()


@edit
def a_text_at_another_place_too(document, random):
    page = some_page(document, random)
    at, font, _ = random.choice(page.shows)
    size = next(o[1] for o, op in reversed(page.lines[:at]) if str(op) == "Tf")
    block = page.lines[at]
    page.insert(page.stop(at), "BT", f"1 0 0 -1 {random.uniform(50, 500):.2f} {random.uniform(50, 700):.2f} Tm", "ET")
    page.lines[page.stop(at) + 2 : page.stop(at) + 2] = [([Name(font), size], Operator("Tf")), block]
    page.put()


# ── What the letters mean ──


def mapped(font) -> str:
    return font.ToUnicode.read_bytes().decode("latin-1")


def two_codes(document, random):
    """A font of the document and two of its glyphs with their characters."""
    name, font = random.choice(list(document.pages[-1].Resources.Font.items()))
    pairs = re.findall(r"<([0-9a-f]{4})> <([0-9a-f]{4})>", mapped(font).split("endcodespacerange")[-1])
    pairs = [pair for pair in pairs if chr(int(pair[1], 16)).strip()]
    digits = [p for p in pairs if chr(int(p[1], 16)).isdigit()]
    pool = digits if len(digits) > 1 and random.random() < 0.5 else pairs
    if len(pool) < 2:
        return None
    return name, font, *random.sample(pool, 2)


def exchanged(text: str, one: str, two: str) -> str:
    return text.replace(one, "\0").replace(two, one).replace("\0", two)


@edit
def the_meaning_of_two_glyphs_exchanged(document, random):
    if not (drawn := two_codes(document, random)):
        return False
    _, font, (a, x), (b, y) = drawn
    text = (
        mapped(font).replace(f"<{a}> <{x}>", "\0").replace(f"<{b}> <{y}>", f"<{b}> <{x}>").replace("\0", f"<{a}> <{y}>")
    )
    font.ToUnicode = document.make_stream(text.encode("latin-1"))


@edit
def two_glyphs_and_their_meaning_exchanged(document, random):
    """Everywhere one is shown for the other, while the text that is copied out stays the same."""
    if not (drawn := two_codes(document, random)):
        return False
    name, font, (a, x), (b, y) = drawn
    text = (
        mapped(font).replace(f"<{a}> <{x}>", "\0").replace(f"<{b}> <{y}>", f"<{b}> <{x}>").replace("\0", f"<{a}> <{y}>")
    )
    font.ToUnicode = document.make_stream(text.encode("latin-1"))
    done = False
    for each in document.pages:
        page = Page(document, each)
        for at, shown, _ in page.shows:
            codes = codes_of(page.lines[at][0])
            if shown == name and {a, b} & {*codes}:
                page.lines[at] = show([{a: b, b: a}.get(c, c) for c in codes])
                done = True
        page.put()
    return done


@edit
def a_font_for_another(document, random):
    fonts = document.pages[-1].Resources.Font
    names = list(fonts.keys())
    if len(names) < 2:
        return False
    one, two = random.sample(names, 2)
    fonts[one], fonts[two] = fonts[two], fonts[one]


@edit
def a_font_file_for_another(document, random):
    fonts = [f.DescendantFonts[0].FontDescriptor for _, f in document.pages[-1].Resources.Font.items()]
    key = random.choice(["/FontFile2", "/FontFile3"])
    have = [f for f in fonts if key in f]
    if len(have) < 2:
        return False
    one, two = random.sample(have, 2)
    one[key] = two[key]


@edit
def widths_of_a_font(document, random):
    _, font = random.choice(list(document.pages[-1].Resources.Font.items()))
    font.DescendantFonts[0].W = Array([0, Array([random.choice([0, 200, 3000])] * 40)])


@edit
def glyphs_by_another_list(document, random):
    _, font = random.choice(list(document.pages[-1].Resources.Font.items()))
    order = list(range(65536))
    low = order[1:400]
    random.shuffle(low)
    order[1:400] = low
    font.DescendantFonts[0].CIDToGIDMap = document.make_stream(b"".join(n.to_bytes(2, "big") for n in order))


@edit
def another_encoding(document, random):
    _, font = random.choice(list(document.pages[-1].Resources.Font.items()))
    font.Encoding = Name(random.choice(["/Identity-V", "/UniGB-UCS2-H", "/GBK-EUC-H"]))


# ── Hide ──


def before(document, random, *instructions, after=()):
    """Instructions before (and after) a text of a page."""
    page = some_page(document, random)
    at, _, _ = random.choice(page.shows)
    page.insert(page.stop(at), *after)
    page.insert(page.start(at), *instructions)
    page.put()


@edit
def drawn_invisibly(document, random):
    page = some_page(document, random)
    at, _, _ = random.choice(page.shows)
    page.insert(at + 1, "0 Tr")
    page.insert(at, f"{random.choice([3, 7, 5])} Tr")
    page.put()


@edit
def drawn_in_white(document, random):
    page = some_page(document, random)
    at, _, _ = random.choice(page.shows)
    page.insert(at, random.choice(["1 1 1 rg", "1 g", "0 0 0 0 k", "0.97 0.97 0.97 rg", "/DeviceRGB cs 1 1 1 sc"]))
    page.put()


@edit
def drawn_too_small(document, random):
    page = some_page(document, random)
    at, font, _ = random.choice(page.shows)
    page.insert(at, f"{font} {random.choice([0.1, 0.5, 1])} Tf")
    page.put()


@edit
def drawn_too_large(document, random):
    page = some_page(document, random)
    at, font, _ = random.choice(page.shows)
    page.insert(at, f"{font} {random.choice([60, 200])} Tf")
    page.put()


@edit
def drawn_off_the_page(document, random):
    page = some_page(document, random)
    at, _, _ = random.choice(page.shows)
    where = random.choice([(-500, 100), (3000, 100), (100, -400), (100, 5000)])
    page.lines[page.matrix(at)] = ([1, 0, 0, -1, *where], Operator("Tm"))
    page.put()


@edit
def squeezed_to_nothing(document, random):
    page = some_page(document, random)
    at, _, _ = random.choice(page.shows)
    x, y = page.place(at)
    matrix = random.choice([(0.01, 0, 0, -1), (1, 0, 0, -0.01), (0, 1, -1, 0), (-1, 0, 0, -1), (1, 0, 0, 1)])
    page.lines[page.matrix(at)] = ([Decimal(str(n)) for n in (*matrix, round(x, 3), round(y, 3))], Operator("Tm"))
    page.put()


@edit
def cut_off(document, random):
    return before(document, random, "q", "0 0 1 1 re", "W", "n", after=("Q",))


@edit
def made_transparent(document, random):
    state = document.make_indirect(Dictionary(ca=random.choice([0, Decimal("0.02")]), CA=0))
    page = some_page(document, random)
    at, _, _ = random.choice(page.shows)
    resources(page.page, "/ExtGState")["/Away"] = state
    page.insert(at, "/Away gs")
    page.put()


@edit
def blended_away(document, random):
    state = Dictionary(BM=Name(random.choice(["/Screen", "/Lighten", "/ColorDodge"])))
    page = some_page(document, random)
    at, _, _ = random.choice(page.shows)
    resources(page.page, "/ExtGState")["/Blend"] = state
    page.insert(page.start(at), "/Blend gs")
    page.put()


@edit
def raised(document, random):
    page = some_page(document, random)
    at, _, _ = random.choice(page.shows)
    page.insert(at, f"{random.choice([-30, 25, 300])} Ts")
    page.put()


@edit
def spread(document, random):
    page = some_page(document, random)
    at, _, _ = random.choice(page.shows)
    page.insert(at, random.choice(["1 Tz", "400 Tz", "-40 Tc", "90 Tc", "-100 Tz"]))
    page.put()


@edit
def in_a_layer_that_is_off(document, random):
    group = document.make_indirect(Dictionary(Type=Name.OCG, Name=String("x")))
    document.Root.OCProperties = Dictionary(OCGs=Array([group]), D=Dictionary(OFF=Array([group]), Order=Array([])))
    page = some_page(document, random)
    at, _, _ = random.choice(page.shows)
    page.page.Resources.Properties = Dictionary(L0=group)
    page.insert(page.stop(at), "EMC")
    page.insert(page.start(at), "/OC /L0 BDC")
    page.put()


# ── Move ──


@edit
def two_texts_at_each_others_place(document, random):
    page = some_page(document, random)
    places = {page.matrix(at): text for at, _, text in page.shows}
    if len(set(places.values())) < 2:
        return False
    one = random.choice(list(places))
    two = random.choice([n for n, text in places.items() if text != places[one]])
    page.lines[one], page.lines[two] = page.lines[two], page.lines[one]
    page.put()


@edit
def a_text_moved(document, random):
    page = some_page(document, random)
    at, _, text = random.choice(page.shows)
    if text.startswith(("演示数据", "—")):
        return False  # a mark or a number elsewhere in its margin reads the same
    x, y = page.place(at)
    down = random.choice([-60, -35, 35, 60, 120])
    page.lines[page.matrix(at)] = ([1, 0, 0, -1, Decimal(f"{x:.3f}"), Decimal(f"{y + down:.3f}")], Operator("Tm"))
    page.put()


@edit
def a_text_on_another(document, random):
    """Half over it, or a little beside: neither can be read, whichever of the two is larger."""
    page = some_page(document, random)
    texts = [show for show in page.shows if show in page.opaque or not show[2].startswith("演示数据")]
    if len({page.place(at) for at, _, _ in texts}) < 2:
        return False
    (at, _, _), (other, _, _) = random.sample(texts, 2)
    if page.place(at) == page.place(other):
        return False
    (x, y), size = page.place(other), min(page.size(at), page.size(other))
    x, y = x + random.choice([0, 0.2, 0.5]) * size, y + random.choice([-0.5, -0.2, 0, 0.2, 0.5]) * size
    page.lines[page.matrix(at)] = ([1, 0, 0, -1, Decimal(f"{x:.3f}"), Decimal(f"{y:.3f}")], Operator("Tm"))
    page.put()


@edit
def a_cell_moved_aside(document, random):
    """Past another: a line by itself, and what stays between its neighbours, says the same wherever it begins."""
    page = some_page(document, random)
    places = {page.matrix(at): page.place(at) for at, _, _ in page.shows}  # of several fonts a line has several shows
    heights = [round(y) for _, y in places.values()]
    cells = [matrix for matrix, (_, y) in places.items() if heights.count(round(y)) > 3]
    if not cells:
        return False
    matrix = random.choice(cells)
    x, y = places[matrix]
    aside = random.choice([-200, -90, 90, 200])
    row = [left for left, height in places.values() if round(height) == round(y)]
    if sum(left < x for left in row) == sum(left < x + aside for left in row if left != x):
        return False
    page.lines[matrix] = ([1, 0, 0, -1, Decimal(f"{x + aside:.3f}"), Decimal(f"{y:.3f}")], Operator("Tm"))
    page.put()


@edit
def a_column_one_row_down(document, random):
    """The texts of a column keep their order and lose their rows; lines by themselves would read the same."""
    page = some_page(document, random)
    columns: dict[int, list[int]] = {}
    heights: dict[int, float] = {}
    for at, _, text in page.shows:
        if text.strip(" \u200b"):
            left, heights[page.matrix(at)] = page.place(at)
            columns.setdefault(round(left), []).append(page.matrix(at))
    tall = [list(dict.fromkeys(c)) for c in columns.values() if len(set(c)) > 3]
    if not tall:
        return False
    column = random.choice(tall)
    old = [page.lines[n] for n in column]
    start = random.randrange(1, len(column) - 1)
    beside = [height for matrix, height in heights.items() if matrix not in column]
    if not any(abs(heights[matrix] - height) < 3 for matrix in column[start:] for height in beside):
        return False
    for n in range(start, len(column) - 1):
        page.lines[column[n]] = old[n + 1]
    last = [Decimal(str(v)) for v in old[-1][0]]
    last[5] += 30
    page.lines[column[-1]] = (last, Operator("Tm"))
    page.put()


@edit
def all_of_a_page_moved(document, random):
    page = some_page(document, random)
    page.insert(1, f"1 0 0 1 {random.choice([0, 400, -300])} {random.choice([300, -450, 700])} cm")
    page.put()


@edit
def mirrored(document, random):
    page = some_page(document, random)
    page.insert(1, random.choice(["-1 0 0 1 600 0 cm", "0.2 0 0 0.2 0 0 cm", "3 0 0 3 0 0 cm"]))
    page.put()


# ── Overlay ──


def box_of(page: Page, at: int) -> tuple[float, float, float, float]:
    x, y = page.place(at)
    return x - 2, y - 16, 60, 22


@edit
def a_rectangle_over_a_text(document, random):
    page = some_page(document, random)
    at, _, _ = random.choice(page.shows)
    x, y, wide, high = box_of(page, at)
    colour = random.choice(["1 1 1 rg", "0 0 0 rg", "1 g", "0.9 0.9 1 rg"])
    where = random.choice([page.stop(at), len(page.lines) - 2])
    page.insert(
        where, "q", "/a1.0 gs", colour, f"{x:.2f} {y:.2f} {wide} {high} re", random.choice(["f", "f*", "B"]), "Q"
    )
    page.put()


@edit
def a_rectangle_under_a_text(document, random):
    page = some_page(document, random)
    at, _, _ = random.choice(page.opaque)
    x, y, wide, high = box_of(page, at)
    page.insert(page.start(at), "q", "0 0 0 rg", f"{x:.2f} {y:.2f} {wide} {high} re", "f", "Q")
    page.put()


@edit
def a_thick_line_over_a_text(document, random):
    page = some_page(document, random)
    at, _, _ = random.choice(page.opaque)
    x, y, wide, _ = box_of(page, at)
    colour = random.choice(["1 1 1 RG", "0 0 0 RG"])
    page.insert(
        page.stop(at),
        "q",
        colour,
        f"{random.choice([1.5, 18])} w",
        f"{x:.2f} {y + 11:.2f} m",
        f"{x + wide:.2f} {y + 11:.2f} l",
        "S",
        "Q",
    )
    page.put()


@edit
def a_text_covered_and_written_anew(document, random):
    page = some_page(document, random)
    same = page.shows
    at, font, text = random.choice(same)
    others = [s for s in page.shows if s[1] == font and s[2] != text]
    if not others:
        return False
    new = page.lines[random.choice(others)[0]]
    x, y, wide, high = box_of(page, at)
    size = next(o[1] for o, op in reversed(page.lines[:at]) if str(op) == "Tf")
    stop = page.stop(at)
    page.insert(
        stop,
        "q",
        "1 1 1 rg",
        f"{x:.2f} {y:.2f} {wide} {high} re",
        "f",
        "0 0 0 rg",
        "BT",
        f"1 0 0 -1 {x + 2:.2f} {y + 16:.2f} Tm",
        "ET",
        "Q",
    )
    page.lines[stop + 7 : stop + 7] = [([Name(font), size], Operator("Tf")), new]
    page.put()


def picture(document):
    made = Stream(document, zlib.compress(b"\xff\xff\xff" * 16))
    made |= {}
    return made


@edit
def a_picture_over_a_text(document, random):
    page = some_page(document, random)
    at, _, _ = random.choice(page.shows)
    x, y, wide, high = box_of(page, at)
    image = document.make_stream(b"\xff\xff\xff" * 16)
    for key, value in {"/Type": Name.XObject, "/Subtype": Name.Image, "/Width": 4, "/Height": 4}.items():
        image[key] = value
    image.ColorSpace, image.BitsPerComponent = Name.DeviceRGB, 8
    resources(page.page, "/XObject")["/Im0"] = image
    page.insert(page.stop(at), "q", f"{wide} 0 0 {high} {x:.2f} {y:.2f} cm", "/Im0 Do", "Q")
    page.put()


@edit
def a_picture_in_the_line(document, random):
    page = some_page(document, random)
    at, _, _ = random.choice(page.shows)
    x, y, wide, high = box_of(page, at)
    data = page.lines
    text = pikepdf.unparse_content_stream(data[: page.stop(at)])
    image = b"\nq %d 0 0 %d %.2f %.2f cm BI /W 1 /H 1 /CS /RGB /BPC 8 ID \xff\xff\xff EI Q\n" % (wide, high, x, y)
    page.page.Contents = document.make_stream(text + image + pikepdf.unparse_content_stream(data[page.stop(at) :]))


@edit
def a_form_over_a_text(document, random):
    page = some_page(document, random)
    at, font, _ = random.choice(page.shows)
    x, y, *_ = box_of(page, at)
    body = pikepdf.unparse_content_stream(
        [([Name(font), 14], Operator("Tf")), page.lines[random.choice(page.shows)[0]]]
    )
    made = document.make_stream(b"1 1 1 rg 0 0 60 22 re f 0 0 0 rg BT 1 0 0 -1 2 16 Tm " + body + b" ET")
    made.Type, made.Subtype, made.BBox = Name.XObject, Name.Form, Array([0, 0, 60, 22])
    made.Resources = page.page.Resources
    resources(page.page, "/XObject")["/Fm9"] = made
    page.insert(page.stop(at), "q", f"1 0 0 1 {x:.2f} {y:.2f} cm", "/Fm9 Do", "Q")
    page.put()


@edit
def a_shading_over_a_text(document, random):
    page = some_page(document, random)
    at, _, _ = random.choice(page.shows)
    x, y, wide, high = box_of(page, at)
    function = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([1, 1, 1]), C1=Array([1, 1, 1]), N=1)
    shading = Dictionary(
        ShadingType=2,
        ColorSpace=Name.DeviceRGB,
        Coords=Array([0, 0, 1, 1]),
        Function=function,
        Extend=Array([True, True]),
    )
    page.page.Resources["/Shading"] = Dictionary(S9=shading)
    page.insert(page.stop(at), "q", f"{x:.2f} {y:.2f} {wide} {high} re", "W", "n", "/S9 sh", "Q")
    page.put()


@edit
def a_pattern_over_a_text(document, random):
    page = some_page(document, random)
    at, _, _ = random.choice(page.shows)
    x, y, wide, high = box_of(page, at)
    made = document.make_stream(b"1 1 1 rg 0 0 4 4 re f")
    made.Type, made.PatternType, made.PaintType, made.TilingType = Name.Pattern, 1, 1, 1
    made.BBox, made.XStep, made.YStep, made.Resources = Array([0, 0, 4, 4]), 4, 4, Dictionary()
    resources(page.page, "/Pattern")["/P9"] = made
    page.insert(page.stop(at), "q", "/Pattern cs /P9 scn", f"{x:.2f} {y:.2f} {wide} {high} re", "f", "Q")
    page.put()


@edit
def a_note_on_the_page(document, random):
    page = random.choice(list(document.pages))
    kinds = [
        "/FreeText",
        "/Stamp",
        "/Square",
        "/Highlight",
        "/Ink",
        "/Link",
        "/Widget",
        "/Redact",
        "/Popup",
        "/Watermark",
        "/Line",
        "/Text",
    ]
    box = [100, 300, 400, 500]
    look = document.make_stream(b"1 1 1 rg 0 0 300 200 re f")
    look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 300, 200])
    note = Dictionary(
        Type=Name.Annot, Subtype=Name(random.choice(kinds)), Rect=Array(box), Contents=String("100.00"), F=4
    )
    if random.random() < 0.7:
        note.AP = Dictionary(N=look)
    if note.Subtype == Name.Link and random.random() < 0.5:
        note.A = random.choice(
            [Dictionary(S=Name.URI, URI=String("http://example.org/")), Dictionary(S=Name.Launch, F=String("x.exe"))]
        )
    if note.Subtype == Name.Widget:
        note.FT = Name(random.choice(["/Sig", "/Tx", "/Btn"]))
        note.T = String("Signature1")
        document.Root.AcroForm = Dictionary(Fields=Array([]), SigFlags=3)
    made = document.make_indirect(note)
    if note.Subtype == Name.Widget:
        if random.random() < 0.5:
            note.V = Dictionary(
                Type=Name.Sig,
                Filter=Name("/Adobe.PPKLite"),
                Contents=String(b"\0" * 64),
                ByteRange=Array([0, 10, 20, 30]),
            )
        document.Root.AcroForm.Fields.append(made)
    page.Annots = Array([made])


# ── Pages ──


@edit
def a_page_twice(document, random):
    at = random.randrange(len(document.pages))
    document.pages.insert(random.randrange(len(document.pages) + 1), document.pages[at])


@edit
def a_false_page_beside_the_true_one(document, random):
    at = random.randrange(len(document.pages))
    document.pages.insert(at + random.choice([0, 1]), document.pages[at])
    page = Page(document, document.pages[at])
    if page.shows:
        place, _, _ = random.choice(page.shows)
        page.lines[place] = page.lines[random.choice(page.shows)[0]]
        page.put()


@edit
def a_page_removed(document, random):
    if len(document.pages) < 2:
        return False
    del document.pages[random.randrange(len(document.pages))]


@edit
def two_pages_exchanged(document, random):
    one, two = sorted(random.sample(range(len(document.pages)), 2))
    streams = document.pages[one].Contents, document.pages[two].Contents
    if streams[0].read_bytes() == streams[1].read_bytes():
        return False
    if random.random() < 0.5:
        document.pages[one].Contents, document.pages[two].Contents = streams[1], streams[0]
    else:
        first = document.pages[one]
        document.pages.insert(two + 1, first)
        del document.pages[one]


@edit
def an_empty_page(document, random):
    at = random.randrange(len(document.pages) + 1)
    document.pages.insert(at, document.pages[random.randrange(len(document.pages))])
    document.pages[at].Contents = document.make_stream(b"")


@edit
def another_frame(document, random):
    page = random.choice(list(document.pages))
    box = [float(n) for n in page.MediaBox]
    cut = Array([0, Decimal(f"{box[3] / 2:.2f}"), Decimal(f"{box[2]:.2f}"), Decimal(f"{box[3]:.2f}")])
    what = random.choice(["/CropBox", "/MediaBox", "/TrimBox", "/ArtBox", "/Rotate", "/UserUnit", "/BleedBox"])
    page.obj[what] = {"/Rotate": 180, "/UserUnit": 5}.get(what, cut)


@edit
def a_frame_for_all_pages(document, random):
    document.Root.Pages[random.choice(["/CropBox", "/Rotate"])] = random.choice([90, Array([0, 0, 300, 300])])


@edit
def more_of_a_page(document, random):
    """A second stream of instructions."""
    page = random.choice(list(document.pages))
    more = random.choice([b"q 1 1 1 rg 100 100 300 300 re f Q", b"BT ET", b"Q Q", b"/x0 Do"])
    page.Contents = Array([page.Contents, document.make_stream(more)])


@edit
def nothing_but_the_end_of_a_page(document, random):
    page = random.choice(list(document.pages))
    text = page.Contents.read_bytes()
    page.Contents = document.make_stream(text[len(text) // 2 :])


# ── Pictures and marks ──


def without_background(lines):
    """The instructions of a page but for those marked as what lies behind it."""
    behind = 0
    for operands, operator in lines:
        if str(operator) == "BDC" and (behind or "/Background" in str(operands[1].get("/Type"))):
            behind += 1
        if not behind:
            yield operands, operator
        if str(operator) == "EMC" and behind:
            behind -= 1


@edit
def a_mark_removed(document, random):
    """The word across the page, where there is one."""
    done = False
    for page in document.pages:
        lines = list(pikepdf.parse_content_stream(page))
        kept = [line for line in without_background(lines) if str(line[1]) != "Do"]
        if len(kept) < len(lines):
            page.Contents = document.make_stream(pikepdf.unparse_content_stream(kept))
            done = True
            if random.random() < 0.5:
                return True
    return done


@edit
def an_empty_drawing(document, random):
    forms = [o for o in document.objects if isinstance(o, Stream) and o.get("/Subtype") == Name.Form]
    if not forms:
        return False
    random.choice(forms).write(b"")


@edit
def another_drawing(document, random):
    forms = [o for o in document.objects if isinstance(o, Stream) and o.get("/Subtype") == Name.Form]
    forms = [f for f in forms if b"TJ" in f.read_bytes() or b"Tj" in f.read_bytes()]
    if not forms:
        return False
    form = random.choice(forms)
    text = form.read_bytes()
    codes = re.search(rb"<([0-9a-f]{8,})>", text)
    if codes is None:
        return False
    letters = codes[1]
    new = letters[4:] + letters[:4]
    if new == letters:
        return False
    form.write(text.replace(letters, new, 1))


@edit
def a_bar_longer(document, random):
    """A bar of a chart drawn to another length."""
    for page in random.sample(list(document.pages), len(document.pages)):
        lines = list(pikepdf.parse_content_stream(page))
        bars = [n for n, (o, op) in enumerate(lines) if str(op) == "re" and float(o[0]) == 170 and float(o[3]) == 8]
        corners = [n for n, (o, op) in enumerate(lines) if str(op) == "l" and 7 < float(o[1]) < 8 and float(o[0]) > 1]
        if corners and not bars:
            at = random.choice(corners)
            for n in (at - 1, at):
                lines[n] = ([lines[n][0][0] + 40, lines[n][0][1]], Operator("l"))
            page.Contents = document.make_stream(pikepdf.unparse_content_stream(lines))
            return True
        if bars:
            at = random.choice(bars)
            operands = list(lines[at][0])
            operands[2] = Decimal(60) if float(operands[2]) > 100 else Decimal(190)
            lines[at] = (operands, Operator("re"))
            page.Contents = document.make_stream(pikepdf.unparse_content_stream(lines))
            return True
    return False


# ── Structure ──


@edit
def something_that_runs(document, random):
    action = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    choice = random.randrange(5)
    if choice == 0:
        document.Root.OpenAction = action
    elif choice == 1:
        document.Root.AA = Dictionary(WC=action)
    elif choice == 2:
        document.pages[0].AA = Dictionary(O=action)
    elif choice == 3:
        document.Root.Names.JavaScript = Dictionary(Names=Array([String("x"), action]))
    else:
        document.Root.OpenAction = Dictionary(S=Name.URI, URI=String("http://example.org"))


@edit
def something_in_the_catalog(document, random):
    values = {
        "/OCProperties": Dictionary(OCGs=Array([]), D=Dictionary()),
        "/PageLabels": Dictionary(Nums=Array([0, Dictionary(S=Name.D)])),
        "/PageMode": Name.FullScreen,
        "/Collection": Dictionary(),
        "/Threads": Array([]),
        "/Perms": Dictionary(),
        "/URI": Dictionary(Base=String("http://x")),
        "/Extensions": Dictionary(),
        "/Requirements": Array([]),
        "/PieceInfo": Dictionary(),
        "/AcroForm": Dictionary(Fields=Array([]), NeedAppearances=True),
        "/Lang": String("en"),
        "/ViewerPreferences": Dictionary(HideToolbar=True),
        "/Legal": Dictionary(),
        "/Version": Name("/2.0"),
        "/DSS": Dictionary(),
    }
    key = random.choice(list(values))
    document.Root[key] = values[key]


@edit
def something_in_a_page(document, random):
    values = {
        "/Annots": Array([]),
        "/Thumb": document.make_stream(b""),
        "/B": Array([]),
        "/Dur": 1,
        "/Trans": Dictionary(),
        "/Metadata": document.make_stream(b"<x/>"),
        "/PieceInfo": Dictionary(),
        "/AF": Array([]),
        "/VP": Array([]),
        "/Tabs": Name.R,
        "/Group": Dictionary(S=Name.Transparency, CS=Name.DeviceCMYK),
        "/PresSteps": Dictionary(),
    }
    key = random.choice(list(values))
    random.choice(list(document.pages)).obj[key] = values[key]


@edit
def another_count_of_pages(document, random):
    """Set when written, below."""
    document.Root.Pages.Hidden = Array([document.pages[0].obj])


@edit
def a_title_of_the_file(document, random):
    key = random.choice(["/Title", "/Author", "/Subject", "/Keywords"])
    document.docinfo[key] = "已批准"


@edit
def other_metadata(document, random):
    text = document.Root.Metadata.read_bytes()
    new = random.choice(
        [
            text.replace(b"</rdf:li>", "（定稿）</rdf:li>".encode(), 1),
            text.replace(
                b"<rdf:Description", b'<rdf:Description rdf:about="" xmlns:x="http://x/" x:y="z"/><rdf:Description', 1
            ),
            b"<x/>",
        ]
    )
    document.Root.Metadata = document.make_stream(new)
    document.Root.Metadata.Type, document.Root.Metadata.Subtype = Name.Metadata, Name.XML


@edit
def a_bookmark(document, random):
    item = document.Root.Outlines.First
    choice = random.randrange(4)
    if choice == 0:
        item.Title = String("总分 100 优")
    elif choice == 1:
        item.Dest = Array([document.pages[-1].obj, Name.Fit])
    elif choice == 2:
        item.A = Dictionary(S=Name.URI, URI=String("http://example.org"))
        del item.Dest
    else:
        del document.Root.Outlines


@edit
def words_for_those_who_listen(document, random):
    elements = [o for o in document.objects if isinstance(o, Dictionary) and o.get("/Type") == Name.StructElem]
    element = random.choice(elements)
    element[random.choice(["/ActualText", "/Alt", "/E", "/T"])] = String("100.00")


@edit
def words_for_those_who_copy(document, random):
    page = some_page(document, random)
    tags = [n for n, (o, op) in enumerate(page.lines) if str(op) == "BDC"]
    if not tags:
        return False
    at = random.choice(tags)
    operands = list(page.lines[at][0])
    operands[1]["/ActualText"] = String("100.00")
    page.lines[at] = (operands, Operator("BDC"))
    page.put()


@edit
def another_order_of_reading(document, random):
    many = [o for o in document.objects if isinstance(o, Dictionary) and o.get("/Type") == Name.StructElem]
    many = [o for o in many if isinstance(o.get("/K"), Array) and sum(map(is_heard, o.K)) > 1]
    if not many:
        return False
    element = random.choice(many)
    element.K = Array(reversed(list(element.K)))


def is_heard(kid):
    """Whether anything of what an element holds is read aloud: the order of others is nobody's."""
    if not isinstance(kid, Dictionary) or "/MCID" in kid:
        return True
    held = kid.get("/K", Array())
    return any(map(is_heard, held if isinstance(held, Array) else [held]))


@edit
def another_profile_of_colours(document, random):
    stream = document.Root.OutputIntents[0].DestOutputProfile
    data = bytearray(stream.read_bytes())
    for at in range(len(data) - 400, len(data) - 100):
        data[at] ^= 0x55
    stream.write(bytes(data))


@edit
def colours_by_another_table(document, random):
    page = random.choice(list(document.pages))
    page.obj.Resources = Dictionary(page.obj.Resources)
    page.obj.Resources["/ColorSpace"] = Dictionary(
        DefaultRGB=Array([Name.Indexed, Name.DeviceRGB, 1, String(b"\xff" * 6)])
    )


# ── Attachments ──


def specification(document, name):
    listed = document.Root.Names.EmbeddedFiles.Names
    return next(listed[n + 1] for n in range(0, len(listed), 2) if str(listed[n + 1].UF) == name)


ATTACHED = [
    "actuals.csv",
    "budget.csv",
    "targets.csv",
    "projects.csv",
    "scorecard.json",
    "rules.toml",
    "manifest.json",
    "selfeval.toml",
    "narrative.md",
]


def file_stream(document, content: bytes):
    made = document.make_stream(content)
    made.Type, made.Subtype = Name.EmbeddedFile, Name("/text/csv")
    return made


@edit
def another_file_under_the_other_key(document, random):
    specification(document, random.choice(ATTACHED)).EF.UF = file_stream(document, b"x")


@edit
def another_file_first(document, random):
    spec = specification(document, random.choice(ATTACHED))
    content = spec.EF.F.read_bytes()
    place = random.randrange(len(content) or 1)
    spec.EF.F = file_stream(document, content[:place] + b"1" + content[place:])


@edit
def two_names_of_a_file(document, random):
    spec = specification(document, random.choice(ATTACHED))
    spec[random.choice(["/F", "/UF"])] = String("other.csv")


@edit
def a_file_twice(document, random):
    listed = document.Root.Names.EmbeddedFiles.Names
    at = random.randrange(0, len(listed), 2)
    spec = Dictionary(listed[at + 1])
    spec.EF = Dictionary(F=file_stream(document, b"x"))
    listed.extend([listed[at], document.make_indirect(spec)])


@edit
def a_strange_file(document, random):
    spec = Dictionary(
        Type=Name.Filespec, F=String("a.exe"), UF=String("a.exe"), EF=Dictionary(F=file_stream(document, b"MZ"))
    )
    made = document.make_indirect(spec)
    if random.random() < 0.5:
        document.Root.AF.append(made)
    else:
        document.Root.Names.EmbeddedFiles.Names.extend([String("a.exe"), made])


@edit
def a_file_removed(document, random):
    choice = random.randrange(2)
    if choice:
        listed = document.Root.AF
        del listed[random.randrange(len(listed))]
    else:
        listed = document.Root.Names.EmbeddedFiles.Names
        at = random.randrange(0, len(listed), 2)
        del listed[at : at + 2]


@edit
def what_a_file_is_said_to_be(document, random):
    spec = specification(document, random.choice(ATTACHED))
    key, value = random.choice(
        [
            ("/Desc", String("已核")),
            ("/AFRelationship", Name.Alternative),
            ("/FS", Name.URL),
            ("/RF", Dictionary()),
            ("/Thumb", 1),
        ]
    )
    spec[key] = value


@edit
def files_in_a_page(document, random):
    random.choice(list(document.pages)).obj.AF = Array([specification(document, random.choice(ATTACHED))])


# ── Bytes ──


@raw
def bytes_before(report, random):
    return random.choice([b"x", b"\n", b"%!PS\n", b"MZ\0\0" * 20, b"%PDF-1.4\n"]) + report


@raw
def bytes_behind(report, random):
    return report + random.choice([b"\n%more", b"x", b"\0" * 50, b"\nstartxref\n0\n%%EOF\n", b"PK\5\6" + b"\0" * 18])


def changed_page(report: bytes, random: Random) -> tuple[int, bytes] | None:
    """The number of a page's stream, and its instructions with one text gone."""
    with Pdf.open(BytesIO(report)) as document:
        page = some_page(document, random)
        at, _, _ = random.choice(page.shows)
        number = page.page.obj.Contents.objgen[0]
        page.lines[at] = show(["0001"])
        return number, pikepdf.unparse_content_stream(page.lines)


@raw
def an_object_defined_anew(report, random):
    """Behind the end of the file, as a later revision."""
    number, content = changed_page(report, random)
    with Pdf.open(BytesIO(report)) as document:
        root, size = document.Root.objgen[0], int(document.trailer.Size)
    start = re.findall(rb"startxref\s+(\d+)", report)[-1].decode()
    at = len(report) + (0 if report.endswith(b"\n") else 1)
    body = b"%d 0 obj\n<</Length %d>>\nstream\n" % (number, len(content)) + content + b"\nendstream\nendobj\n"
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size %d/Root %d 0 R/Prev %s>>\nstartxref\n%d\n%%%%EOF\n" % (
        number,
        at,
        size,
        root,
        start.encode(),
        at + len(body),
    )
    return report + (b"" if report.endswith(b"\n") else b"\n") + body + table


@raw
def an_object_defined_twice(report, random):
    """Between the others; readers that go through a file take the later one."""
    number, content = changed_page(report, random)
    body = b"\n%d 0 obj\n<</Length %d>>\nstream\n" % (number, len(content)) + content + b"\nendstream\nendobj\n"
    at = report.rindex(b"startxref")
    return report[:at] + body + report[at:]


@raw
def an_end_that_points_elsewhere(report, random):
    at = report.rindex(b"startxref")
    return report[:at] + b"startxref\n%d\n%%%%EOF\n" % random.choice([0, 7, at, len(report)])


@raw
def the_end_missing(report, random):
    return report[: report.rindex(b"%%EOF") - random.choice([0, 5, 40])]


@raw
def a_version_of_its_own(report, random):
    return b"%PDF-" + random.choice([b"1.0", b"9.9", b"2.0"]) + report[8:]


@raw
def a_remark_between(report, random):
    places = [m.end() for m in re.finditer(rb"endobj\n", report)]
    if not places:
        return None
    at = random.choice(places)
    return report[:at] + b"% remark\n" + report[at:]


@raw
def fewer_pages_told(report, random):
    """A /Count that is not the number of the pages."""
    with Pdf.open(BytesIO(report)) as document:
        out = BytesIO()
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return re.sub(
        rb"/Count (\d+)(\s+/Kids)", lambda m: b"/Count %d" % random.choice([0, 1, 9]) + m[2], out.getvalue(), count=1
    )
