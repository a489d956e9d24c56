"""How WeasyPrint is spared work, by `render/lean.py` and its modules; test_lean_pages shows that nobody sees it."""

import gc
import io

import pytest

from selfeval.report.pdf import engine as pdf
from selfeval.report.pdf import patches as lean
from selfeval.report.pdf.patches import fonts as lean_fonts
from selfeval.report.pdf.requirements import MachineLacks

try:
    pdf.load()
except MachineLacks as lack:
    pytest.skip(str(lack), allow_module_level=True)

PAGE = (
    '<!DOCTYPE html><html lang="zh-CN"><head><title>绩效</title></head>'
    "<body><h1>绩效自评</h1><p>100% 完成</p></body></html>"
)


@pytest.fixture
def fonts():
    """The module that cuts fonts down."""
    from weasyprint.pdf import fonts

    if not pdf.has_fast_subsetting():
        pytest.skip("没有 libharfbuzz-subset")
    return fonts


def test_the_patches_are_for_the_series_installed():
    weasyprint = pdf.load()
    assert weasyprint.__version__.startswith(lean.SERIES)


def test_another_series_is_left_as_it_is(fonts, monkeypatch):
    before = vars(fonts.Font).copy()
    lean.apply(type("Other", (), {"__version__": "71.0"}))
    assert vars(fonts.Font) == before


@pytest.mark.slow
def test_a_long_cell_is_not_shaped_whole_for_each_of_its_breaks(monkeypatch):
    """A cell of 4,800 characters took minutes: what is shaped must grow with the text, not with its square."""
    from weasyprint.text import line_break

    shaped = []
    set_text = line_break.Layout.set_text
    noted = lambda layout, text, *more, **named: shaped.append(len(text)) or set_text(layout, text, *more, **named)  # noqa: E731
    monkeypatch.setattr(line_break.Layout, "set_text", noted)
    sums = []
    for count in (60, 120):
        shaped.clear()
        pdf.engine().render(
            PAGE.replace("</body>", f"<table><tr><td>一<td>{'已检查资金使用情况，' * count}</table></body>")
        )
        sums.append(sum(shaped))
    assert sums[1] < 2.5 * sums[0]


def test_no_font_is_copied_whole(fonts, monkeypatch):
    copied, cut = [], []
    whole_file, subset = fonts.Font.whole_file, lean_fonts.subset
    noted = lambda sizes, make: lambda *given: sizes.append(len(made := make(*given))) or made  # noqa: E731
    monkeypatch.setattr(fonts.Font, "whole_file", staticmethod(noted(copied, whole_file)))
    monkeypatch.setattr(lean_fonts, "subset", noted(cut, subset))
    pdf.engine().render(PAGE)
    assert cut
    assert max(copied + cut) < 500_000


def test_a_font_is_cut_down_to_the_glyphs_used(fonts):
    from fontTools.ttLib import TTFont
    from pypdf import PdfReader

    content, _ = pdf.engine().render(PAGE)
    reader = PdfReader(io.BytesIO(content))
    embedded = [item.get_object() for item in reader.pages[0]["/Resources"]["/Font"].values()]
    assert embedded
    assert "".join(reader.pages[0].extract_text().split()) == "绩效自评100%完成"
    for font in embedded:
        descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
        file = next(descriptor[key] for key in ("/FontFile2", "/FontFile3") if key in descriptor)
        data = file.get_object().get_data()
        if data[:4] in {b"OTTO", b"\0\1\0\0", b"true"}:
            assert TTFont(io.BytesIO(data))["maxp"].numGlyphs < 65535


@pytest.mark.parametrize("render", [lambda engine: engine.render(PAGE)[0], lambda engine: engine.picture(PAGE)])
def test_a_chinese_font_keeps_its_own_numbers_and_nothing_else(render):
    from fontTools.cffLib import CFFFontSet
    from pypdf import PdfReader

    content = render(pdf.engine())
    bare = 0
    for item in PdfReader(io.BytesIO(content)).pages[0]["/Resources"]["/Font"].values():
        (glyphs,) = item.get_object()["/DescendantFonts"]
        file = glyphs["/FontDescriptor"].get("/FontFile3")
        if file is not None and file["/Subtype"] == "/CIDFontType0C":
            cff = CFFFontSet()
            cff.decompile(io.BytesIO(file.get_object().get_data()), otFont=None)
            used = {number + i for number, widths in by_twos(glyphs["/W"]) for i in range(len(widths))}
            assert used <= {int(name[3:]) for name in cff[0].charset if name.startswith("cid")}
            assert len(cff[0].charset) < 2 * len(used) + 10
            bare += 1
    if not bare:
        pytest.skip("没有 CID 编号的中文字体")


def by_twos(items):
    """Items in pairs."""
    return zip(items[::2], items[1::2], strict=True)


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        # operands of one, two, three and five bytes and a real number, before operators of one and two bytes
        (bytes([139, 11]), {11: 0}),
        (bytes([247, 0, 15, 251, 0, 17]), {15: 108, 17: 0}),
        (bytes([28, 1, 0, 15]), {15: 256}),
        (bytes([29, 0, 1, 0, 0, 12, 30]), {0x0C1E: 65536}),
        (bytes([30, 0xE2, 0xA2, 0x5F, 5, 140, 15]), {5: 0, 15: 1}),
    ],
)
def test_the_entries_of_a_cff_font_are_read(top, expected):
    assert dict(lean_fonts.operators(top)) == expected


@pytest.mark.parametrize("cff", [b"", b"\1\0\4\1\0\1\1\1\2A\0\1\1\1\1"])
def test_a_font_that_does_not_number_its_glyphs_keeps_their_places(cff):
    assert not lean_fonts.is_numbered_through(cff)


def test_a_font_numbered_otherwise_is_numbered_by_the_places_of_its_glyphs():
    from io import BytesIO

    from fontTools.cffLib import CFFFontSet
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.t2CharStringPen import T2CharStringPen

    names = [".notdef", "cid00001", "cid00034", "cid00035", "cid08900"]
    font = FontBuilder(1000, isTTF=False)
    font.setupGlyphOrder(names)
    font.setupCFF(
        "Test", {"ROS": ("Adobe", "GB1", 5)}, {name: T2CharStringPen(500, None).getCharString() for name in names}, {}
    )
    file = BytesIO()
    font.font["CFF "].cff.compile(file, font.font)
    cff = file.getvalue()
    made = lean_fonts.renumbered(cff)
    assert not lean_fonts.is_numbered_through(cff)
    assert lean_fonts.is_numbered_through(made)
    assert len(made) == len(cff)
    read = CFFFontSet()
    read.decompile(BytesIO(made), None)
    assert read[0].charset == [".notdef", "cid00001", "cid00002", "cid00003", "cid00004"]


def test_objects_written_once_are_written_as_pydyf_would(monkeypatch):
    monkeypatch.setattr(lean, "LEVEL", 9)  # pydyf's own
    once, _ = pdf.engine().render(PAGE)
    monkeypatch.setattr(lean, "write_once", lambda _: None)
    twice, _ = pdf.engine().render(PAGE)
    assert once == twice


def test_garbage_is_looked_for_again_even_after_a_failure():
    def fails():
        with lean.cleared_once():
            assert not gc.isenabled()
            raise ValueError("x")

    with pytest.raises(ValueError, match="x"):
        fails()
    assert gc.isenabled()
