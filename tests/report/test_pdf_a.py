"""PDF/A-3a as far as it can be read from the structure, of every kind of PDF that a build makes."""

from __future__ import annotations

import pytest
from attempts import slow
from evaluations import make_evaluation

from selfeval.audit.attachments import NAMES
from selfeval.building.request import Request
from selfeval.building.run import build
from selfeval.evaluation.pipeline import evaluate
from selfeval.report.pdf import engine as pdf
from selfeval.report.pdf.requirements import MachineLacks

pikepdf = pytest.importorskip("pikepdf")
try:
    pdf.load()
except MachineLacks as lack:
    pytest.skip(str(lack), allow_module_level=True)

KINDS = {"report": "projects/P01/report.pdf", "summary": "summary.pdf", "book": "book.pdf"}
TYPES = {"/text/csv", "/application/json", "/application/toml", "/text/markdown"}


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    home = tmp_path_factory.mktemp("pdf")
    return build(evaluate(make_evaluation(home)).result, Request(home / "out", ("pdf",), book=True)).folder


@pytest.fixture(scope="module")
def signed(out, tmp_path_factory):
    """A report with a signature."""
    pytest.importorskip("pyhanko")
    from certificates import signer_of

    file = tmp_path_factory.mktemp("signed") / "report.pdf"
    file.write_bytes(signer_of(file.parent, "张三").sign((out / KINDS["report"]).read_bytes()))
    return file


@pytest.fixture(scope="module", params=[*KINDS, *slow("signed")])
def file(request):
    """Each kind of PDF, unsigned and signed."""
    if request.param == "signed":
        return request.getfixturevalue("signed")
    return request.getfixturevalue("out") / KINDS[request.param]


@pytest.fixture(scope="module")
def document(file):
    with pikepdf.open(file) as opened:
        yield opened


def test_it_names_itself_pdf_a_3a_with_an_output_intent(document):
    with document.open_metadata() as told:
        assert (told["pdfaid:part"], told["pdfaid:conformance"]) == ("3", "A")
        assert told["dc:title"] == str(document.docinfo["/Title"])
    (intent,) = document.Root.OutputIntents
    assert (str(intent.S), int(intent.DestOutputProfile.N)) == ("/GTS_PDFA1", 3)
    assert intent.DestOutputProfile.read_bytes()[36:40] == b"acsp"
    assert len(document.trailer.ID) == 2


def test_every_attachment_has_its_relationship_type_and_date(document):
    if "/AF" not in document.Root:
        assert "/EmbeddedFiles" not in document.Root.get("/Names", {})
        return
    listed = [str(item) for item in list(document.Root.Names.EmbeddedFiles.Names)[::2]]
    assert listed == sorted(NAMES - {"review.csv", "layout.toml", "last_year.json"})
    associated = {str(spec.UF): spec for spec in document.Root.AF}
    assert [str(spec.UF) for spec in document.Root.AF] == listed
    for name, spec in associated.items():
        assert str(spec.AFRelationship) == ("/Data" if name.endswith("json") else "/Source")
        assert str(spec.EF.F.Subtype) in TYPES
        assert str(spec.EF.F.Params.ModDate) == "D:20000101000000Z"
        assert str(spec.F) == str(spec.UF) == name
        assert str(spec.Desc)


def test_every_font_is_embedded_and_maps_to_unicode(document):
    fonts = [o for o in document.objects if getattr(o, "get", lambda _: None)("/Type") == "/Font"]
    assert fonts
    for font in fonts:
        inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
        descriptor = inner.FontDescriptor
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor.keys()), font
        assert "/ToUnicode" in font or "/DescendantFonts" not in font


def test_nothing_that_pdf_a_forbids(document):
    root = document.Root
    assert not document.is_encrypted
    assert not {"/OpenAction", "/AA", "/OCProperties", "/NeedsRendering"} & set(root.keys())
    assert "/NeedAppearances" not in root.get("/AcroForm", {})
    for item in document.objects:
        if hasattr(item, "keys"):
            kind = (item.get("/Type"), item.get("/S"))
            assert "/JavaScript" not in map(str, kind)
            assert str(item.get("/Filter")) != "/LZWDecode"
            assert "/F" not in item or str(item.get("/Type")) != "/EmbeddedFile"
    for page in document.pages:
        assert {str(note.Subtype) for note in page.get("/Annots", [])} <= {"/Link", "/Widget"}


def test_it_is_tagged_and_no_mark_on_a_page_is_without_a_tag(document):
    import pikepdf

    painting = {"Tj", "TJ", "'", '"', "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "Do", "sh"}
    assert bool(document.Root.MarkInfo.Marked)
    assert str(document.Root.Lang) == "zh-CN"
    assert "/StructTreeRoot" in document.Root
    for page in document.pages:
        depth = 0
        for _, operator in pikepdf.parse_content_stream(page):
            depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(str(operator), 0)
            assert depth or str(operator) not in painting


STANDARD = frozenset(
    (
        "Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "NonStruct", "Private", "P",
        "H", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "THead", "TBody",
        "TFoot", "Span", "Quote", "Note", "Reference", "Code", "Link", "Annot", "Figure", "Formula", "Form",
    )
)  # fmt: skip


def test_its_tags_are_standard_ones(document):
    elements = [o for o in document.objects if hasattr(o, "keys") and {"/S", "/P", "/K"} <= set(o.keys())]
    assert elements
    assert {str(element.S)[1:] for element in elements} <= STANDARD


def test_a_signature_is_printed_and_has_its_looks(signed):
    with pikepdf.open(signed) as opened:
        (field,) = opened.Root.AcroForm.Fields
        assert field.F & 4
        assert not field.F & (1 | 2 | 32)
        assert field.AP.N.Subtype == "/Form"
        assert set(field.AP.keys()) == {"/N"}


@pytest.mark.slow
def test_every_area_of_a_link_belongs_to_it(tmp_path):
    """Words set off inside a link have no area of their own."""
    folder = make_evaluation(tmp_path)
    (folder / "narrative").mkdir()
    written = (
        "## 一、项目概况\n\n[~~删~~](https://a.b/1) [前**粗**后](https://a.b/2) [" + "跨行" * 22 + "](https://a.b/3)\n"
    )
    (folder / "narrative" / "P01.md").write_text(written, "utf-8")
    built = build(evaluate(folder).result, Request(tmp_path / "out", ("pdf",))).folder
    with pikepdf.open(built / KINDS["report"]) as document:
        listed = list(document.Root.StructTreeRoot.ParentTree.Nums)
        holders = {int(key): holder for key, holder in zip(listed[::2], listed[1::2], strict=True)}
        areas = [area for page in document.pages for area in page.get("/Annots", [])]
        assert [str(area.A.URI)[-1] for area in areas] == ["1", "2", "3", "3"]
        assert {str(holders[int(area.StructParent)].S) for area in areas} == {"/Link"}
