"""The PDF engine: what it shows, what it says, what it refuses to read; its bytes are stable."""

import hashlib
import io
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from attempts import slow
from pypdf import PdfReader

from selfeval.report.pages.views import Enclosure
from selfeval.report.pdf import engine as pdf
from selfeval.report.pdf import fonts
from selfeval.report.pdf.fontconfig import VARIABLE, use_configuration
from selfeval.report.pdf.requirements import MachineLacks

pytest.importorskip("pypdf")
try:
    pdf.load()
except MachineLacks as lack:
    pytest.skip(str(lack), allow_module_level=True)

STYLE = """@page { size: A4; margin: 37mm 26mm 35mm 28mm }
html { font: 16pt/28.98pt "Times New Roman", FangSong }
h1 { font: 22pt 方正小标宋简体 } h2 { font: 16pt SimHei } h3 { font: 16pt KaiTi }"""
SVG = "http://www.w3.org/2000/svg"
SQUARE = f'<svg xmlns="{SVG}" width="9" height="9"><rect width="9" height="9"/></svg>'


def page(body: str, style: str = STYLE) -> str:
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>绩效自评报告</title>'
        f"<style>{style}</style></head><body>{body}</body></html>"
    )


def render(body: str, *roots: Path, style: str = STYLE):
    return pdf.engine().render(page(body, style), roots)


def codes(body: str, *roots: Path, style: str = STYLE) -> list[str]:
    return [d.code for d in render(body, *roots, style=style)[1] if d.code != "F004"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with a picture, beside a secret."""
    folder = tmp_path / "inputs"
    folder.mkdir()
    (folder / "图 1.svg").write_text(SQUARE, encoding="utf-8")
    (folder / "own.css").write_text("h1 { color: red }", encoding="utf-8")
    (tmp_path / "secret.svg").write_text(SQUARE, encoding="utf-8")
    (tmp_path / "secret.txt").write_text("机密", encoding="utf-8")
    return folder


REPORT = """<h1>项目支出绩效自评报告</h1><h2>一、项目概况</h2><h3>（一）立项</h3>
<p>2021年“预算”100%……㎡①</p>"""


def test_chinese_is_shown_and_can_be_read_back_without_a_warning():
    content, diagnostics = render(REPORT)
    text = PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert [d for d in diagnostics if d.code != "F004"] == []
    for words in ("项目支出绩效自评报告", "一、项目概况", "（一）立项", "2021年“预算”100%……㎡①"):
        assert words in text


def test_the_pdf_has_language_title_bookmarks_and_tags():
    reader = PdfReader(io.BytesIO(render(REPORT)[0]))
    root = reader.trailer["/Root"]
    assert (root["/Lang"], reader.metadata.title) == ("zh-CN", "绩效自评报告")
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert reader.outline[0].title == "项目支出绩效自评报告"


def test_fonts_are_subset():
    assert len(render(REPORT)[0]) < 400_000  # one whole Chinese font: 25 MB


def test_chinese_quotation_marks_are_not_taken_from_the_latin_face():
    """Else they come narrow and the line is no longer 28 characters."""
    wide = pdf.engine()._document(page("<p>“预”</p>"), (), {}, [])
    latin = pdf.engine()._document(page("<p>预算预</p>"), (), {}, [])
    assert _width(wide) == pytest.approx(_width(latin))


def test_a_page_holds_22_lines_of_28_characters():
    style = STYLE + "html{letter-spacing:calc(155.95mm / 28 - 16pt)} body,p{margin:0;orphans:1;widows:1}"
    content, _ = render(f"<p>{'预算绩效' * 7 * 45}</p>", style=style)
    pages = [p.extract_text().split() for p in PdfReader(io.BytesIO(content)).pages]
    assert [len(lines) for lines in pages] == [22, 22, 1]
    assert {len(line) for lines in pages for line in lines} == {28}


def _width(document) -> float:
    boxes = document.pages[0]._page_box.descendants()
    return next(box.width for box in boxes if type(box).__name__ == "TextBox")


def test_a_missing_glyph_is_named_with_the_words_it_stands_in():
    _, diagnostics = render("<p>公租住\U0010fffd房<b>\U000f0000</b>万余套</p>")
    assert [d.code for d in diagnostics if d.code != "F004"] == ["F001"]
    assert "（U+10FFFD：公租住□房）" in diagnostics[0].message
    assert "U+F0000" in diagnostics[0].message


def test_a_mistake_in_the_stylesheet_is_said_every_time():
    """Though the sheet is parsed once."""
    style = STYLE + "p { colour: red }"
    assert codes("<p>一</p>", style=style) == codes("<p>二</p>", style=style) == ["F002"]


def test_diagnostics_belong_to_the_project():
    _, diagnostics = pdf.engine().render(page("<p>\U0010fffd</p>"), project="P01")
    assert {d.project for d in diagnostics if d.code != "F004"} == {"P01"}


def test_nothing_is_printed(capfd):
    render("<p>\U0010fffd<img src='file:///etc/passwd' alt='x'></p>")
    assert capfd.readouterr() == ("", "")


# ── What may be read ──


def test_a_file_under_a_root_is_read(root):
    body = "<img alt='图' src='%E5%9B%BE%201.svg'>"
    assert codes(body, root) == []
    assert codes(f"<img alt='图' src='{(root / '图 1.svg').as_uri()}'>", root.parent / "x", root) == []


def test_data_addresses_are_read():
    assert codes(f"<img alt='图' src='data:image/svg+xml,{quote(SQUARE)}'>") == []


def test_a_picture_in_a_data_address_reads_no_file(root):
    inner = SQUARE.replace("<rect", "<image href='file:///etc/passwd'")
    assert codes(f"<img alt='图' src='data:image/svg+xml,{quote(inner)}'>", root) == ["F003"]


@pytest.mark.parametrize(
    "body",
    [
        "<img alt='图' src='file:///etc/passwd'>",
        "<img alt='图' src='../secret.svg'>",
        "<img alt='图' src='%2e%2e/secret.svg'>",
        "<img alt='图' src='file://localhost/etc/passwd'>",
        "<img alt='图' src='file://server/share/x.svg'>",
        "<img alt='图' src='file:////server/share/x.svg'>",
        "<img alt='图' src='http://127.0.0.1:9/x.svg'>",
        "<img alt='图' src='ftp://127.0.0.1/x.svg'>",
        "<img alt='图' src='.'>",
        "<img alt='图' src='file:///dev/zero'>",
        "<img alt='图' src='x%00.svg'>",
        "<img alt='图' src='没有.svg'>",
        "<a rel=attachment href='file:///etc/passwd'>附件</a>",
        "<a rel=attachment href='../secret.txt'>附件</a>",
        "<link rel=attachment href='../secret.txt'>",
        "<link rel=stylesheet href='file:///etc/passwd'>",
        "<style>@import 'file:///etc/passwd';</style>",
        "<style>p { background: url(file:///etc/passwd) }</style><p>一</p>",
        "<style>@font-face { font-family: x; src: url(file:///etc/passwd) }</style><p>一</p>",
        "<svg><title>图</title><image href='file:///etc/passwd' width='9' height='9'/></svg>",
        "<base href='file:///etc/'><img alt='图' src='passwd'>",
    ],
)
def test_anything_else_is_refused_and_said(root, body):
    content, diagnostics = render(body, root)
    assert "F003" in [d.code for d in diagnostics]
    assert not PdfReader(io.BytesIO(content)).attachments


@pytest.mark.parametrize("rule", ["@import 'file:///etc/passwd';", "@\\69mport 'file:///etc/passwd';"])
def test_imports_in_the_kept_stylesheet_are_refused_every_time(root, rule):
    for _ in range(2):
        assert "F003" in codes("<p>一</p>", root, style=rule + STYLE)


def test_without_a_root_no_file_is_read(root):
    assert "F003" in codes(f"<img alt='图' src='{(root / '图 1.svg').as_uri()}'>")


def test_a_link_that_leads_out_of_the_root_is_refused(root):
    try:
        (root / "link.svg").symlink_to(root.parent / "secret.svg")
        (root / "inside.svg").symlink_to(root / "图 1.svg")
    except OSError:
        pytest.skip("no symbolic links here")
    assert codes("<img alt='图' src='link.svg'>", root) == ["F003"]
    assert codes("<img alt='图' src='inside.svg'>", root) == []


def test_a_folder_whose_name_begins_like_the_root_is_not_the_root(root):
    twin = root.parent / "inputs-2"
    twin.mkdir()
    (twin / "x.svg").write_text(SQUARE, encoding="utf-8")
    assert codes("<img alt='图' src='../inputs-2/x.svg'>", root) == ["F003"]


def test_a_broken_picture_is_said(root):
    (root / "broken.png").write_bytes(b"no picture")
    assert codes("<img alt='图' src='broken.png'>", root) == ["F003"]


# ── Stable bytes ──

ENCLOSED = (
    Enclosure("manifest.json", b"{}", "清单"),
    Enclosure("预算.csv", "一,二".encode()),
)

SCRIPT = """
import sys, hashlib; sys.path.insert(0, sys.argv[1])
import test_pdf_engine as t; print(hashlib.sha256(t.everything()).hexdigest())
"""


def everything() -> bytes:
    links = "<a rel=attachment href='data:text/plain,abc'>附</a><a href='https://mof.gov.cn'>网</a>"
    body = f"{REPORT}{links}{SQUARE * 2}"
    return pdf.engine().render(page(body), enclosures=ENCLOSED)[0]


def test_enclosures_travel_inside():
    reader = PdfReader(io.BytesIO(pdf.engine().render(page(REPORT), enclosures=ENCLOSED)[0]))
    assert reader.attachments["manifest.json"] == [b"{}"]
    assert reader.attachments["预算.csv"] == ["一,二".encode()]


def test_the_same_page_gives_the_same_bytes():
    assert everything() == everything()


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["1", *slow("2")])
def test_another_process_zone_locale_and_seed_give_the_same_bytes(seed, tmp_path):
    changed = {
        "PYTHONHASHSEED": seed,
        "TZ": "Pacific/Auckland",
        "LC_ALL": "C",
        "LANG": "zh_CN.UTF-8",
    }
    environment = {k: v for k, v in os.environ.items() if k != VARIABLE} | changed
    here = Path(__file__).parent
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(here)],
        env=environment | {"PYTHONPATH": os.pathsep.join(map(str, here.parents[:2]))},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == hashlib.sha256(everything()).hexdigest(), done.stderr


def test_a_first_and_a_later_engine_agree():
    assert pdf.PdfEngine().render(page(REPORT))[0] == render(REPORT)[0]


# ── Fonts ──


def test_every_face_has_something_behind_it():
    faces = fonts.used_faces()
    assert [face.role.name for face in faces] == [role.name for role in fonts.ROLES]
    assert all(face.usable for face in faces)


def test_fc_match_and_the_pdf_agree(monkeypatch):
    asked = [face.family.split(",")[0] for face in fonts.used_faces()]
    monkeypatch.setattr(fonts.shutil, "which", lambda _: None)
    assert [face.family for face in fonts.used_faces()] == asked


def test_the_users_own_font_configuration_is_left_alone(monkeypatch):
    monkeypatch.setenv(VARIABLE, "/own/fonts.conf")
    use_configuration()
    assert os.environ[VARIABLE] == "/own/fonts.conf"
