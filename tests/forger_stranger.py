"""The forger as one who has read no line of ours: what programs read differently, what is drawn where nothing was.

Imported for its edits, which join those of forger.py.
"""

# ruff: noqa: RET503 – an edit says only where it found nothing to change

from __future__ import annotations

import re
import zlib
from io import BytesIO

import pikepdf
from forger import Page, edit, pages_of, raw, resources, some_page, specification
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

ATTACHED = ["targets.csv", "scorecard.json", "manifest.json"]

# ── What programs read in different ways ──


def plainly(report: bytes) -> bytes:
    """The same file with each object by itself and a table of them."""
    with Pdf.open(BytesIO(report)) as document:
        out = BytesIO()
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, fix_metadata_version=False)
    return out.getvalue()


def with_table(report: bytes) -> bytes:
    """The same file with the places of its objects told anew."""
    table = report.rindex(b"\nxref") + 1
    trailer = report[report.index(b"trailer", table) : report.rindex(b"startxref")]
    places = {int(found[1]): found.start(1) for found in re.finditer(rb"\n(\d+) 0 obj\b", report[:table])}
    lines = b"".join(b"%010d 00000 n \n" % places[number] for number in range(1, max(places) + 1))
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (max(places) + 1)
    return report[:table] + head + lines + trailer + b"startxref\n%d\n%%%%EOF\n" % table


def rewritten(report: bytes, old: bytes, new: bytes) -> bytes | None:
    """A file with one place of an object that is written plainly changed."""
    plain = plainly(report)
    changed = re.sub(old, new, plain, count=1)
    return None if changed == plain else with_table(changed)


@raw
def a_page_with_two_contents(report, random):
    plain = plainly(report)
    pages = re.findall(rb"/Contents (\d+) 0 R", plain)
    other = random.choice(pages)
    two = [rb"/Contents %s 0 R \1" % other, rb"\1 /Contents %s 0 R" % other, rb"\1 /#43ontents %s 0 R" % other]
    return with_table(re.sub(rb"(/Contents \d+ 0 R)", random.choice(two), plain, count=1))


@raw
def a_title_said_twice(report, random):
    return rewritten(report, rb"/Title ", random.choice([b"/Title (x) /Title ", b"/T#69tle (x) /Title "]))


@raw
def a_remark_in_an_object(report, random):
    return rewritten(report, rb"/Type /Pages", random.choice([b"/Type %/x\n /Pages", b"/Type /Pages % >>\n"]))


@raw
def an_object_nobody_refers_to(report, random):
    plain = plainly(report)
    at = plain.rindex(b"\nxref")
    number = max(int(found[1]) for found in re.finditer(rb"\n(\d+) 0 obj\b", plain[:at])) + 1
    hidden = random.choice([b"<</Type /Page /Contents 1 0 R>>", b"(hidden)", b"<</S /JavaScript /JS (x)>>"])
    made = with_table(plain[:at] + b"\n%d 0 obj\n%s\nendobj\n" % (number, hidden) + plain[at + 1 :])
    return re.sub(rb"/Size \d+", b"/Size %d" % (number + 1), made)


@raw
def a_free_entry_for_an_object(report, random):
    plain = plainly(report)
    lines = [found.start() for found in re.finditer(rb"\d{10} 00000 n ", plain)]
    at = random.choice(lines)
    return plain[:at] + b"0000000000 00001 f " + plain[at + 19 :]


@raw
def a_table_of_both_kinds(report, random):
    plain = plainly(report)
    return plain.replace(b"trailer <<", b"trailer << /XRefStm %d" % random.choice([15, 1000]), 1)


@raw
def a_table_in_two_parts(report, random):
    """The second names an object again."""
    plain = plainly(report)
    table = plain.rindex(b"\nxref") + 1
    lines = re.findall(rb"\d{10} 00000 n \n", plain[table:])
    more = b"%d 1\n" % random.randrange(1, 9) + random.choice(lines)
    return plain.replace(b"trailer", more + b"trailer", 1)


def packed_otherwise(document, random, kinds):
    """One page, packed in a way that programs unpack differently."""
    page = random.choice(list(document.pages))
    content = page.obj.Contents.read_bytes()
    false = page.obj.Contents = document.make_stream(b"")
    return page, content, false, random.choice(kinds)


@edit
def a_page_said_to_be_a_photograph(document, random):
    _, content, stream, _ = packed_otherwise(document, random, [0])
    stream.write(content, filter=Name.DCTDecode)


@edit
def a_page_packed_with_more_behind(document, random):
    _, content, stream, kind = packed_otherwise(document, random, range(3))
    whole = zlib.compress(content)
    more = [zlib.compress(b" 0 0 600 900 re f"), b"junk", whole]
    stream.write(whole + more[kind], filter=Name.FlateDecode)


@edit
def a_page_packed_with_a_fault(document, random):
    """The false end of a page behind a byte that cannot be unpacked: some stop there, some go on."""
    _, content, stream, kind = packed_otherwise(document, random, range(3))
    whole = zlib.compress(content)
    stream.write([whole[:-4] + b"\0\0\0\0", whole[:-6], whole[: len(whole) // 2]][kind], filter=Name.FlateDecode)


@edit
def a_page_in_pieces(document, random):
    page = random.choice(list(document.pages))
    content = page.obj.Contents.read_bytes()
    at = random.randrange(len(content))
    page.obj.Contents = Array([document.make_stream(content[:at]), document.make_stream(content[at:])])


@edit
def a_page_packed_by_lines(document, random):
    page = random.choice(list(document.pages))
    stream = page.obj.Contents
    stream.write(stream.read_bytes(), filter=Name.FlateDecode)
    stream.DecodeParms = Dictionary(Predictor=random.choice([1, 2, 12]), Columns=1)


# ── More operands than there should be ──


@edit
def more_operands(document, random):
    """Some programs take the first, others the last."""
    page = some_page(document, random)
    at, font, _ = random.choice(page.shows)
    said = [
        "0 3 Tr",
        f"{font} 10.5 {font} 0.1 Tf",
        "0 300 Ts",
        "0 0 0 1 1 1 rg",
        "0.5 60 w",
        "1 0 0 1 0 0 1 0 0 1 900 900 cm",
        "(x) 0 Tr",
    ]
    page.insert(at, random.choice(said))
    page.put()


@edit
def instructions_of_other_kinds(document, random):
    page = some_page(document, random)
    at, _, _ = random.choice(page.shows)
    said = ["0 0 Td", "12 TL", "T*", "/x MP", "/x << /A 1 >> DP", "BX EX", "0 i", "/Perceptual ri", "5 Tc 0 Tc"]
    page.insert(at, random.choice(said))
    page.put()


@edit
def a_picture_within_the_page(document, random):
    page = some_page(document, random)
    content = page.page.obj.Contents.read_bytes()
    image = b"\nq 200 0 0 200 100 300 cm BI /W 1 /H 1 /BPC 8 /CS /G /F /AHx ID 00> EI Q\n"
    page.page.obj.Contents = document.make_stream(random.choice([content + image, image + content]))


# ── Letters over each other ──


def glyphs_of(page: Page, at: int) -> list[String]:
    """The glyphs that an instruction shows, each by itself."""
    operand = page.lines[at][0][0]
    parts = [part for part in operand if isinstance(part, String)] if isinstance(operand, Array) else [operand]
    data = b"".join(map(bytes, parts))
    return [String(data[n : n + 2]) for n in range(0, len(data), 2)]


def respaced(document, random, step: int):
    """The digits of a number nearer to each other, or farther apart."""
    found = [
        (page, at) for page in pages_of(document) for at, _, text in page.shows if len(re.findall(r"[0-9]", text)) > 1
    ]
    if not found:
        return False
    page, at = random.choice(found)
    spread = [item for glyph in glyphs_of(page, at) for item in (glyph, step)]
    page.lines[at] = ([Array(spread)], pikepdf.Operator("TJ"))
    page.put()


@edit
def letters_over_each_other(document, random):
    return respaced(document, random, random.choice([450, 500, 400]))


@edit
def digits_drawn_apart(document, random):
    return respaced(document, random, -1400)


# ── Drawn where nothing was ──


def free_space(page: Page) -> tuple[float, float]:
    """A place of a page without text, seen from its upper left corner (as `from_above` turns it)."""
    low = max(page.place(at)[1] for at, _, _ in page.shows)
    return 300.0, min(low + 40, 740.0)


def drawn_freely(document, random, instructions):
    """Something drawn in free space, on top of all."""
    page = some_page(document, random)
    x, y = free_space(page)
    page.insert(len(page.lines), "q", f"1 0 0 1 {x} {y} cm", *instructions, "Q")
    page.put()


@edit
def a_seal_in_free_space(document, random):
    colour = random.choice(["1 0 0 RG", "0 0 0 RG", "0.8 0 0 RG"])
    round_ = "40 0 m 40 22 22 40 0 40 c -22 40 -40 22 -40 0 c -40 -22 -22 -40 0 -40 c 22 -40 40 -22 40 0 c S"
    star = "0 25 m 6 8 l 24 8 l 10 -3 l 15 -20 l 0 -10 l -15 -20 l -10 -3 l -24 8 l -6 8 l h S"
    return drawn_freely(document, random, [colour, "2 w", round_, star])


DIGITS = {"1": "bc", "0": "abcdef", "8": "abcdefg", "9": "abcdfg", "5": "acdfg"}
PARTS = {"a": "0 0 m 1 0 l", "b": "1 0 m 1 1 l", "c": "1 1 m 1 2 l", "d": "0 2 m 1 2 l", "e": "0 1 m 0 2 l",
         "f": "0 0 m 0 1 l", "g": "0 1 m 1 1 l"}  # fmt: skip


def scaled(path: str, size: float, left: float) -> str:
    """Lines of a digit, larger and farther right."""
    return re.sub(
        r"(\S+) (\S+) ([ml])", lambda m: f"{left + float(m[1]) * size:.1f} {float(m[2]) * size:.1f} {m[3]}", path
    )


@edit
def a_number_drawn_by_lines(document, random):
    size, lines = random.choice([4.0, 6.0, 9.0]), []
    for at, digit in enumerate(random.choice(["100", "98", "95"])):
        lines += [scaled(PARTS[part], size, at * size * 1.6) + " S" for part in DIGITS[digit]]
    return drawn_freely(document, random, ["0 0 0 RG", "1 w", *lines])


@edit
def a_number_drawn_by_rectangles(document, random):
    lines = []
    for at, digit in enumerate("98"):
        for part in DIGITS[digit]:
            x, y, u, v = (float(n) for n in re.findall(r"[\d.]+", scaled(PARTS[part], 6.0, at * 10)))
            lines.append(f"{x} {y} {max(u - x, 1)} {max(v - y, 1)} re f")
    return drawn_freely(document, random, ["0 0 0 rg", *lines])


@edit
def a_letter_drawn_as_a_surface(document, random):
    return drawn_freely(document, random, ["0 0 0 rg", "0 0 m 10 30 l 20 0 l 15 0 l 10 18 l 5 0 l f"])


@edit
def a_picture_in_free_space(document, random):
    image = Stream(document, bytes([255, 0, 0] * 16))
    image.Type, image.Subtype, image.Width, image.Height = Name.XObject, Name.Image, 4, 4
    image.ColorSpace, image.BitsPerComponent = Name.DeviceRGB, 8
    page = some_page(document, random)
    x, y = free_space(page)
    resources(page.page, "/XObject")["/Seal"] = document.make_indirect(image)
    page.insert(len(page.lines), "q", f"80 0 0 80 {x} {y} cm", "/Seal Do", "Q")
    page.put()


# ── Hidden by what the eye does not expect ──


@edit
def shade_upon_shade(document, random):
    """Surfaces each too faint to matter, so many that a text cannot be read."""
    page = some_page(document, random)
    at, _, _ = random.choice(page.shows)
    x, y = page.place(at)
    resources(page.page, "/ExtGState")["/Faint"] = Dictionary(ca=pikepdf.Object.parse(b"0.13"))
    page.insert(page.start(at), "q", "/Faint gs", "0 0 0 rg", *[f"{x - 2} {y - 12} 120 16 re f"] * 14, "Q")
    page.put()


@edit
def a_stroke_through_words(document, random):
    """Words said and taken back, where the data take nothing back."""
    page = some_page(document, random)
    at, _, text = random.choice(page.shows)
    x, y = page.place(at)
    line = f"{x - 1} {y - random.choice([2, 3, 4, 5])} m {x + 16 * len(text)}"
    page.insert(page.start(at), "q", "0 0 0 RG", "0.6 w", f"{line} {line.split()[1]} l S", "Q")
    page.put()


@edit
def a_number_of_a_list_moved(document, random):
    """It then stands beside what was not numbered."""
    found = [(page, at) for page in pages_of(document) for at, _, text in page.shows if text.strip() == "1."]
    if not found:
        return False
    page, at = found[0]
    line = page.lines[page.matrix(at)][0]
    page.lines[page.matrix(at)] = ([*line[:5], line[5] + random.choice([29, 24])], pikepdf.Operator("Tm"))
    page.put()


@edit
def a_stroke_gone(document, random):
    """Words that were taken back stand."""
    at, page = next((at, page) for page in pages_of(document) for at, _, text in page.shows if "原定" in text)
    stroke = next(n for n in range(at, len(page.lines)) if str(page.lines[n][1]) == "S")
    page.lines[stroke] = ([], pikepdf.Operator("n"))
    page.put()


@edit
def a_text_filled_with_a_pattern(document, random):
    pattern = Stream(document, b"0 0 0 rg 0 0 0.1 0.1 re f")
    for key, value in {
        "/Type": Name.Pattern, "/PatternType": 1, "/PaintType": 1, "/TilingType": 1, "/BBox": Array([0, 0, 1, 1]),
        "/XStep": 50, "/YStep": 50, "/Resources": Dictionary(),
    }.items():  # fmt: skip
        pattern[key] = value
    page = some_page(document, random)
    at, _, _ = random.choice(page.shows)
    resources(page.page, "/Pattern")["/Hidden"] = document.make_indirect(pattern)
    page.insert(at, "/Pattern cs", "/Hidden scn")
    page.put()


@edit
def a_turned_frame_that_cuts_off(document, random):
    """A text inside a drawing that is turned and turned back: its frame cuts it off."""
    page = some_page(document, random)
    at, _, _ = random.choice(page.shows)
    start, stop = page.start(at), page.stop(at)
    inner = pikepdf.unparse_content_stream(page.lines[start:stop])
    turned = Stream(document, b"q 0.7071068 0.7071068 -0.7071068 0.7071068 0 0 cm\n" + inner + b"\nQ")
    for key, value in {
        "/Type": Name.XObject, "/Subtype": Name.Form, "/BBox": Array([0, 0, 1, 1]), "/Resources": page.page.Resources,
        "/Matrix": pikepdf.Object.parse(b"[0.7071068 -0.7071068 0.7071068 0.7071068 0 0]"),
    }.items():  # fmt: skip
        turned[key] = value
    resources(page.page, "/XObject")["/Turned"] = document.make_indirect(turned)
    del page.lines[start:stop]
    page.insert(start, "/Turned Do")
    page.put()


@edit
def a_spike_where_a_path_closes(document, random):
    page = some_page(document, random)
    at, _, _ = random.choice(page.shows)
    x, y = page.place(at)
    far = 150
    page.insert(
        len(page.lines), "q", "0 0 0 RG", "8 w", "1000 M", f"{x + far} {y - 3} m {x + far + 60} {y - 2} l "
        f"{x + far + 60} {y - 4} l h S", "Q",
    )  # fmt: skip
    page.put()


# ── What the file says beside its pages ──


def elements(document, kind):
    return [o for o in document.objects if isinstance(o, Dictionary) and o.get("/S") == kind]


@edit
def a_paragraph_said_to_be_a_picture(document, random):
    """Those who listen hear the words of the picture in place of the paragraph."""
    pictures = [o for o in elements(document, Name.Figure) if "/Alt" in o]
    found = [*elements(document, Name.P), *elements(document, Name.TD), *elements(document, Name.Span)]
    if not pictures or not found:
        return False
    element = random.choice(found)
    element.S, element.Alt = Name.Figure, random.choice(pictures).Alt


@edit
def a_mark_looked_up_as_another(document, random):
    """A program that asks of a place on the page what it is told is told of another place, or of a picture."""
    listed = random.choice([held for held in document.Root.StructTreeRoot.ParentTree.Nums if isinstance(held, Array)])
    pictures = [o for o in elements(document, Name.Figure) if "/Alt" in o]
    element = random.choice([*elements(document, Name.TD), *elements(document, Name.P), *pictures])
    listed[random.randrange(len(listed))] = element


@edit
def a_picture_described_as_another(document, random):
    pictures = [o for o in elements(document, Name.Figure) if "/Alt" in o]
    if not pictures:
        return False
    random.choice(pictures).Alt = String(random.choice(["各项指标全部完成", "总分 100"]))


@edit
def a_picture_without_words(document, random):
    pictures = [o for o in elements(document, Name.Figure) if "/Alt" in o]
    if not pictures:
        return False
    del random.choice(pictures)["/Alt"]


@edit
def words_over_a_link(document, random):
    links = [note for page in document.pages for note in page.obj.get("/Annots", [])]
    if not links:
        return False
    random.choice(links)["/Contents"] = String("本报告总分 100 分，审计已确认")


@edit
def a_date_of_a_file(document, random):
    stream = specification(document, random.choice(ATTACHED)).EF.F
    key = random.choice([k for k in ("/CreationDate", "/ModDate") if k in stream.Params])
    stream.Params[key] = String(random.choice(["D:20220131000000Z", "审计已确认"]))


@edit
def a_kind_of_a_file(document, random):
    stream = specification(document, random.choice(ATTACHED)).EF.F
    stream.Subtype = Name(random.choice(["/application/x-msdownload", "/text/html", "/application/pdf"]))


@edit
def widths_told_twice(document, random):
    found = [o for o in document.objects if isinstance(o, Dictionary) and "/CIDSystemInfo" in o and "/W" in o]
    font = random.choice(found)
    first = int(font.W[0])
    font.W = Array([first, Array([3000]), *font.W]) if random.random() < 0.5 else Array([*font.W, first, first, 3000])


@edit
def a_font_turned_about(document, random):
    """All its letters upside down: 6 reads as 9."""
    from fontTools.cffLib import CFFFontSet
    from fontTools.ttLib import TTFont

    found = [
        o for o in document.objects
        if isinstance(o, Dictionary) and "/FontFile3" in o and o.FontFile3.read_bytes()[:2] == b"\1\0"
    ]  # fmt: skip
    if not found:
        return False
    descriptor = random.choice(found)
    font = CFFFontSet()
    font.decompile(BytesIO(descriptor.FontFile3.read_bytes()), None)
    top = font[0]
    where = top if random.random() < 0.5 or not hasattr(top, "FDArray") else top.FDArray[0]
    size = 0.001
    turned, shrunk, moved = [-size, 0, 0, -size, 0.5, 0.7], [size / 99, 0, 0, size / 99, 0, 0], [size, 0, 0, size, 3, 0]
    where.FontMatrix = random.choice([turned, shrunk, moved])
    out = BytesIO()
    font.compile(out, TTFont())
    kind = descriptor.FontFile3.get("/Subtype")
    descriptor.FontFile3 = document.make_stream(out.getvalue())
    descriptor.FontFile3.Subtype = kind


@edit
def a_language_of_a_text(document, random):
    page = some_page(document, random)
    at, _, _ = random.choice(page.shows)
    page.insert(page.stop(at), "EMC")
    page.insert(page.start(at), random.choice(["/Span << /Lang (en) >> BDC", "/Span << /Lang (100.00) >> BDC"]))
    page.put()


@edit
def many_bookmarks(document, random):
    """So many that nobody looks at the last, which lies."""
    first = document.Root.Outlines.First
    before = first
    for _ in range(random.choice([1, 6000])):
        made = document.make_indirect(Dictionary(Title=first.Title, Parent=document.Root.Outlines, Dest=first.Dest))
        before.Next, made.Prev = made, before
        before = made
    before.Title = String("总分 100 优")
    document.Root.Outlines.Last = before


# ── Photographs, bars and titles that show otherwise what they say ──


def photographs(document):
    """(page, place of the instruction that draws one, its stream) of each photograph."""
    for page in pages_of(document):
        for at, (operands, word) in enumerate(page.lines):
            if str(word) == "Do" and resources(page.page, "/XObject")[operands[0]].get("/Subtype") == Name.Image:
                yield page, at, resources(page.page, "/XObject")[operands[0]]


def some_photograph(document, random):
    """One of them, None where there is none."""
    return random.choice([*photographs(document)] or [None])


OTHERWISE = {
    "mirrored": "-1 0 0 1 1 0 cm",
    "upside down": "1 0 0 -1 0 1 cm",
    "a dot": "0.001 0 0 0.001 0 0 cm",
    "narrow": "0.3 0 0 1 0 0 cm",
    "beside the page": "1 0 0 1 50 50 cm",
    "cut off": "0 0 0.01 0.01 re W n",
    "seen through": "/Faint gs",
}


@edit
def a_photograph_drawn_otherwise(document, random):
    if not (found := some_photograph(document, random)):
        return False
    page, at, _ = found
    states = resources(page.page, "/ExtGState")
    states["/Faint"] = Dictionary(ca=pikepdf.Object.parse(b"0.05"), Type=Name.ExtGState)
    page.insert(at, OTHERWISE[random.choice([*OTHERWISE])])
    page.put()


@edit
def a_photograph_covered(document, random):
    if not (found := some_photograph(document, random)):
        return False
    page, at, _ = found
    page.insert(at + 1, "1 1 1 rg", random.choice(["0 0 1 1 re f", "0.3 0.3 0.4 0.4 re f"]))
    page.put()


@edit
def a_photograph_retouched(document, random):
    if not (found := some_photograph(document, random)):
        return False
    _, _, image = found
    dots = bytearray(image.read_bytes())
    dots[random.randrange(len(dots))] ^= 1 << random.randrange(8)
    image.write(bytes(dots))
    if "/DecodeParms" in image:
        del image["/DecodeParms"]


@edit
def a_title_turned_about(document, random):
    """Letters that nobody sees let programs show what follows from right to left: 001 for 100."""
    turned = random.choice("\u202e\u202d\u2067") + "{}"
    if random.random() < 0.5:
        document.docinfo.Title = String(turned.format(document.docinfo.Title))
    else:
        document.Root.Outlines.First.Title = String(turned.format(document.Root.Outlines.First.Title))


@edit
def an_element_called_otherwise(document, random):
    kind = random.choice([Name.H1, Name.H2])
    random.choice(elements(document, kind)).T = String(random.choice(["总分 100 分", "各项指标全部完成"]))


@edit
def words_beside_the_metadata(document, random):
    content = document.Root.Metadata.read_bytes()
    document.Root.Metadata.write(content.replace(b"<rdf:RDF", b'<?note total="100"?><rdf:RDF', 1))
