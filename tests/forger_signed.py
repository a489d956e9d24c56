"""The forger signs: what is forged before, with or behind a signature, and what a clerk with a PDF editor thinks of.

Imported for its edits, which join those of forger.py; the signed ones need pyHanko.
"""

# ruff: noqa: RET503 – an edit says only where it found nothing to change

from __future__ import annotations

from io import BytesIO
from random import Random

import pikepdf
from forger import EDITS, RAW, before, box_of, edit, file_stream, of_edit, some_page, specification
from pikepdf import Array, Dictionary, Name, Pdf, String

SIGNED = []


def signed(function):
    """Adds an edit to the grammar that signs."""
    SIGNED.append(function)
    return function


# ── Links ──


def links(document) -> list:
    """The links of all pages."""
    return [note for page in document.pages for note in page.obj.get("/Annots", [])]


@edit
def a_link_to_elsewhere(document, random):
    found = [link for link in links(document) if "/A" in link]
    if not found:
        return False
    random.choice(found).A.URI = String(random.choice(["http://example.com/evil", "file:///etc/passwd", "x"]))


@edit
def a_link_added(document, random):
    page = random.choice(list(document.pages))
    action = Dictionary(S=Name.URI, URI=String("http://example.com/evil"))
    note = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([50, 50, 300, 700]), A=action, BS=Dictionary(W=0))
    page.obj.Annots = Array([*page.obj.get("/Annots", []), document.make_indirect(note)])


@edit
def a_link_with_a_thick_edge(document, random):
    page = random.choice(list(document.pages))
    note = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([150, 300, 151, 700]))
    note.Border = Array([0, 0, random.choice([30, 300])])
    found = [link for link in links(document) if "/Dest" in link or "/A" in link]
    if found and random.random() < 0.5:
        link = random.choice(found)
        if "/BS" in link:
            del link["/BS"]
        link.Border = note.Border
        return
    note.Dest = Array([document.pages[0].obj, Name.Fit])
    page.obj.Annots = Array([*page.obj.get("/Annots", []), document.make_indirect(note)])


# ── Ink ──


@edit
def an_edge_of_white_around_letters(document, random):
    """Filled and stroked, the edge so thick that the letter is gone."""
    page = some_page(document, random)
    at, _, _ = random.choice(page.shows)
    page.insert(at + 1, "0 Tr")
    page.insert(at, "2 Tr", "1 1 1 RG", f"{random.choice([2, 6, 20])} w")
    page.put()


@edit
def a_thick_edge_around_letters(document, random):
    page = some_page(document, random)
    at, _, _ = random.choice(page.shows)
    page.insert(at + 1, "0 Tr")
    page.insert(at, "2 Tr", "0 0 0 RG", f"{random.choice([6, 20])} w")
    page.put()


@edit
def a_point_of_a_line_over_a_text(document, random):
    """Two lines that meet at a sharp angle have a point that reaches far beyond both."""
    page = some_page(document, random)
    at, _, _ = random.choice(page.shows)
    left, bottom, right, top = box_of(page, at)
    middle, wide = (bottom + top) / 2, right - left
    page.insert(
        page.stop(at),
        "q", "1 1 1 RG", "0 j", "1000 M", "6 w",
        f"{right + wide + 60} {middle + 1} m", f"{right + 4} {middle} l", f"{right + wide + 60} {middle - 1} l", "S",
        "Q",
    )  # fmt: skip
    page.put()


@edit
def cut_off_by_nothing(document, random):
    """An edge of no surface lets nothing be seen."""
    before(document, random, "q", *random.choice([["W", "n"], ["0 0 m", "W", "n"]]), after=["Q"])


@edit
def a_colour_beyond_all(document, random):
    page = some_page(document, random)
    at, _, _ = random.choice(page.opaque)
    page.insert(at, random.choice(["-20 1 1 rg", "1 1 -50 rg", "-9 3 3 rg"]))
    page.put()


@edit
def width_of_the_other_glyphs(document, random):
    """What /W does not name is as wide as /DW says."""
    fonts = [font for _, font in document.pages[-1].Resources.Font.items()]
    inner = random.choice(fonts).DescendantFonts[0]
    inner.W, inner.DW = Array([]), random.choice([0, 100, 3000])


@edit
def another_kind_of_font(document, random):
    """The same file, its glyphs by number instead of by name."""
    fonts = [font for _, font in document.pages[-1].Resources.Font.items()]
    inner = random.choice(fonts).DescendantFonts[0]
    kinds = (Name.CIDFontType0, Name.CIDFontType2)
    inner.Subtype = kinds[inner.Subtype == kinds[0]]


@edit
def a_second_meaning_for_those_who_copy(document, random):
    """In the table of a font, where only some programs read it."""
    fonts = [font for _, font in document.pages[-1].Resources.Font.items()]
    table = random.choice(fonts).ToUnicode
    text = table.read_bytes()
    more = random.choice(
        [b"1 beginbfchar\n<0012>     <0039>\nendbfchar\n", b"1 beginbfrange <0010> <0020> [<0031> <0032>] endbfrange\n"]
    )
    table.write(text.replace(b"endcmap", more + b"endcmap", 1))


# ── What the file says of itself ──


def manifest_changed(document, change) -> None:
    """The manifest with a change; its sum is on the page, so this alone is noticed by that."""
    spec = specification(document, "manifest.json")
    content = change(spec.EF.F.read_bytes())
    made = file_stream(document, content)
    made.Params = Dictionary(spec.EF.F.Params)
    made.Params.Size = len(content)
    spec.EF.F = made


@edit
def a_sum_of_another_file(document, random):
    """What a viewer is told to compare an attachment with."""
    name = random.choice(["targets.csv", "scorecard.json"])
    specification(document, name).EF.F.Params.CheckSum = String(b"0" * 16)


@edit
def words_in_the_metadata(document, random):
    stream = document.Root.Metadata
    text = stream.read_bytes()
    word = "经审计确认".encode()
    stream.write(text.replace(b'rdf:about=""', b'rdf:about="' + word + b'"', 1))
    if stream.read_bytes() == text:
        return False


# ── Signed ──


def writer(content: bytes):
    """Something that adds to a file."""
    from selfeval.audit.signatures import appended_to

    return appended_to(content)


def with_signer(signer, added, **more) -> bytes:
    """What was added, under a signature."""
    from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

    about = PdfSignatureMetadata(field_name="S", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
    place = SigFieldSpec("S", on_page=0, box=more.get("box", (0, 0, 0, 0)))
    return PdfSigner(about, signer=signer.key, new_field_spec=place).sign_pdf(added).getvalue()


def references(added):
    """pyHanko's objects by short names."""
    from pyhanko.pdf_utils import generic

    return generic


@signed
def forged_then_signed(report, random, signer):
    """Any other forgery, with a valid signature over it."""
    made = of_edit(report, random.choice(EDITS), random)
    return None if made is None else signer.sign(made[1])


@signed
def signed_then_forged(report, random, signer):
    """Bytes changed or added behind a valid signature."""
    made = of_edit(signer.sign(report), random.choice(RAW), random)
    return None if made is None else made[1]


@signed
def a_page_changed_by_who_signs(report, random, signer):
    added = writer(report)
    g = references(added)
    page, _ = added.find_page_for_modification(random.randrange(3))
    content = page.get_object()["/Contents"].data
    page.get_object()["/Contents"] = added.add_object(g.StreamObject(stream_data=content + b"\nq Q"))
    added.mark_update(page)
    return with_signer(signer, added)


@signed
def a_link_with_a_face_by_who_signs(report, random, signer):
    """Some viewers show what a link is said to look like."""
    added = writer(report)
    g = references(added)
    page, _ = added.find_page_for_modification(random.randrange(3))
    look = g.StreamObject(
        {
            g.pdf_name("/Subtype"): g.pdf_name("/Form"),
            g.pdf_name("/BBox"): g.ArrayObject(map(g.NumberObject, [0, 0, 9, 9])),
        },
        stream_data=b"1 g 0 0 9 9 re f",
    )
    note = g.DictionaryObject(
        {
            g.pdf_name("/Type"): g.pdf_name("/Annot"),
            g.pdf_name("/Subtype"): g.pdf_name("/Link"),
            g.pdf_name("/Rect"): g.ArrayObject(map(g.NumberObject, [60, 60, 500, 700])),
            g.pdf_name("/AP"): g.DictionaryObject({g.pdf_name("/N"): added.add_object(look)}),
        }
    )
    notes = page.get_object().get("/Annots", g.ArrayObject())
    page.get_object()["/Annots"] = g.ArrayObject([*notes, added.add_object(note)])
    added.mark_update(page)
    return with_signer(signer, added)


@signed
def a_longer_list_by_who_signs(report, random, signer):
    """A list that is an object of its own may get longer for a field; no other may."""
    with Pdf.open(BytesIO(report)) as document:
        if random.random() < 0.5:
            tree = document.Root.StructTreeRoot
            tree.K = document.make_indirect(tree.K)
        else:
            listed = document.Root.Names.EmbeddedFiles
            listed.Names = document.make_indirect(listed.Names)
        out = BytesIO()
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, fix_metadata_version=False)
    added = writer(out.getvalue())
    g = references(added)
    root = added.root
    names = root["/Names"]["/EmbeddedFiles"]
    holder = names if isinstance(names.raw_get("/Names"), g.IndirectObject) else root["/StructTreeRoot"]
    listed = holder["/Names" if holder is names else "/K"]
    if holder is names:
        listed += [g.pdf_string("zz.txt"), listed[1]]
    else:
        words = {g.pdf_name("/S"): g.pdf_name("/P"), g.pdf_name("/Alt"): g.pdf_string("总分 100 分")}
        listed.append(added.add_object(g.DictionaryObject(words)))
    added.mark_update(holder.raw_get("/Names" if holder is names else "/K").reference)
    return with_signer(signer, added)


@signed
def a_field_nobody_sees_by_who_signs(report, random, signer):
    """In the form, on no page: it may run something."""
    added = writer(report)
    g = references(added)
    action = g.DictionaryObject({g.pdf_name("/S"): g.pdf_name("/JavaScript"), g.pdf_name("/JS"): g.pdf_string("1")})
    field = g.DictionaryObject(
        {
            g.pdf_name("/FT"): g.pdf_name("/Tx"),
            g.pdf_name("/T"): g.pdf_string("x"),
            g.pdf_name("/AA"): g.DictionaryObject({g.pdf_name("/C"): action}),
        }
    )
    form = g.DictionaryObject({g.pdf_name("/Fields"): g.ArrayObject([added.add_object(field)])})
    added.root["/AcroForm"] = added.add_object(form)
    added.update_root()
    return with_signer(signer, added)


@signed
def the_title_changed_by_who_signs(report, random, signer):
    added = writer(report)
    g = references(added)
    information = added.trailer["/Info"]
    information["/Title"] = g.pdf_string("另一个项目 自评报告")
    added.mark_update(added.trailer.raw_get("/Info").reference)
    return with_signer(signer, added)


@signed
def added_behind_a_signature(report, random, signer):
    """A revision more, of no signature."""
    added = writer(signer.sign(report))
    g = references(added)
    page, _ = added.find_page_for_modification(random.randrange(3))
    content = page.get_object()["/Contents"].data
    page.get_object()["/Contents"] = added.add_object(g.StreamObject(stream_data=content + b"\nq Q"))
    added.mark_update(page)
    out = BytesIO()
    added.write(out)
    return out.getvalue()


def of_signed(report: bytes, what, random: Random, signer) -> tuple[str, bytes] | None:
    """One forgery that is signed; None where there was nothing to change, or what came of it cannot be signed."""
    from pyhanko.pdf_utils.misc import PdfError

    from selfeval.audit.signatures import SigningError

    try:
        made = what(report, random, signer)
    except (SigningError, PdfError, ValueError, KeyError, TypeError, IndexError):
        return None
    return None if made is None else (what.__name__, made)
