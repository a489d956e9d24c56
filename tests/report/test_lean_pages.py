"""What is spared is not seen: bare WeasyPrint draws every page with the very same operators as our engine.

The pages (tests/lean) are made of what the patches touch; a unit's own templates may use any of it.
"""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from attempts import slow
from evaluations import make_evaluation
from pypdf import PdfReader

from selfeval.audit.verify import verify
from selfeval.report.pdf import engine as pdf
from selfeval.report.pdf.requirements import MachineLacks

try:
    pdf.load()
except MachineLacks as lack:
    pytest.skip(str(lack), allow_module_level=True)

BARE = """import pathlib, sys, weasyprint
for name in map(pathlib.Path, sys.argv[2:]):
    weasyprint.HTML(filename=name).write_pdf(pathlib.Path(sys.argv[1], name.stem), pdf_variant="pdf/a-3a")"""

PAGES = sorted((Path(__file__).parents[1] / "lean").glob("*.html"))


def drawn(content: bytes) -> list[bytes]:
    """The drawing operators of each page."""
    return [page.get_contents().get_data() for page in PdfReader(io.BytesIO(content)).pages]


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """The folder of the same pages by a WeasyPrint that nobody touched."""
    folder = tmp_path_factory.mktemp("bare")
    command = [sys.executable, "-c", BARE, str(folder), *map(str, PAGES)]
    subprocess.run(command, check=True, env=os.environ.copy(), stderr=subprocess.DEVNULL, timeout=300)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_our_engine_draws_what_bare_weasyprint_draws(page, bare):
    expected = drawn((bare / page.stem).read_bytes())
    assert any(expected)
    for _ in range(2):  # what is remembered from the first time is used the second
        content, _ = pdf.engine().render(page.read_text(encoding="utf-8"))
        assert drawn(content) == expected


PLAIN = """import sys
from selfeval.cli.app import run
from selfeval.audit.verify import verify
from selfeval.report.pdf import engine
from selfeval.report.pdf.patches import justify
code = run(["build", sys.argv[1], "--format", "pdf", "--out", sys.argv[2], "--jobs", "1"])
from weasyprint.layout import inline
from weasyprint.pdf import fonts
print(code, hasattr(fonts.Font, "whole_file"), inline.justify_line is justify.justify)"""


@pytest.mark.parametrize("plain", slow("", "1"))
def test_a_report_is_made_and_verified_with_and_without_the_patches(tmp_path, plain):
    folder = make_evaluation(tmp_path)
    command = [sys.executable, "-c", PLAIN, str(folder), str(tmp_path / "out")]
    environment = {**os.environ, "SELFEVAL_PLAIN_WEASYPRINT": plain, "PYTHONUTF8": "1"}
    made = subprocess.run(command, check=True, env=environment, capture_output=True, timeout=300)
    patched = str(plain != "1")
    assert made.stdout.decode().splitlines()[-1].split()[1:] == [patched, patched]
    assert verify(tmp_path / "out" / folder.name / "projects" / "P01" / "report.pdf").word == "一致"


def test_a_text_of_a_picture_is_drawn_whole_where_its_letters_stood():
    text = '<text x="150" y="30" text-anchor="middle">完成率 98.50%</text>'
    content, _ = pdf.engine().render(f'<title>图</title><svg width="300" height="100">{text}</svg>')
    page = PdfReader(io.BytesIO(content)).pages[0]
    (picture,) = page["/Resources"]["/XObject"].values()
    assert picture.get_object().get_data().count(b" Tm") == 1
    assert page.extract_text().strip() == "完成率 98.50%"
