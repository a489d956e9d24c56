"""The number of a sheet across stands where it does on the sheet upright (GB/T 9704), and is held against the page."""

from __future__ import annotations

from pathlib import Path

import pdfplumber
import pytest
from attempts import slow
from engines import needs

from selfeval.audit.pdf_seen import number_aside
from selfeval.audit.pdf_shapes import Shape, Text
from selfeval.audit.verdict import AGREES
from selfeval.audit.verify import verify
from selfeval.building.request import Request
from selfeval.building.run import build
from selfeval.evaluation.pipeline import evaluate
from selfeval.importing.readers.files import read_source
from selfeval.report.engines import TYPST, WEASYPRINT

SAMPLE = Path(__file__).resolve().parents[2] / "inputs" / "mianyang-2021"
SIZE = (842.0, 595.0)
NUMBER = Text("—4—", (-500, -465), 31, 14, 1, 1.0, 1.0, False, None, aside=True)
"""As it is drawn on an even page: read from the right, at the head."""


@pytest.fixture(scope="module", params=[TYPST, *slow(WEASYPRINT)])
def report(request, tmp_path_factory):
    """The project whose form is printed across, on an even and an odd page."""
    needs(request.param)
    asked = Request(tmp_path_factory.mktemp("out"), ("pdf",), projects=frozenset({"P01"}), pdf_engine=request.param)
    return build(evaluate(SAMPLE).result, asked).folder / "projects" / "P01" / "report.pdf"


@pytest.mark.slow
def test_it_stands_at_the_left_edge_read_from_the_right(report):
    with pdfplumber.open(report) as opened:
        across = [page for page in opened.pages if page.width > page.height]
        turned = [[char for char in page.chars if abs(char["matrix"][0]) < 0.1] for page in across]
    assert ["".join(char["text"] for char in chars if char["text"].strip()) for chars in turned] == ["—4—", "—5—"]
    even, odd = turned
    assert all(char["x1"] < 50 for char in (*even, *odd))
    assert even[0]["top"] < even[-1]["top"] < SIZE[1] / 3, "the outer side of the upright sheet"
    assert SIZE[1] / 2 < odd[0]["top"] < odd[-1]["top"]


def test_it_is_part_of_what_is_verified(report):
    assert verify(report).word == AGREES


@pytest.mark.slow
def test_it_is_no_text_of_the_form_that_is_imported(report):
    words = [cell.text for line in read_source(report).lines for cell in line.cells]
    assert "附件1" in words
    assert "项目支出绩效自评表" in words
    assert not [text for text in words if "—" in text and text != "—"]


COVER = Shape((20.0, 80.0, 60.0, 140.0), 2, 1.0, 1.0, "fill")


@pytest.mark.parametrize(
    ("texts", "shapes", "told"),
    [
        ([NUMBER], [], ""),
        ([], [], "左端没有页码"),
        ([NUMBER._replace(words="—6—")], [], "左端没有页码"),
        ([NUMBER._replace(base=400)], [], "左端没有页码"),
        ([NUMBER._replace(dark=0.1)], [], "看不清"),
        ([NUMBER], [COVER._replace(box=(20.0, 460.0, 60.0, 520.0))], "盖住"),
        ([NUMBER], [COVER], ""),
    ],
)
def test_another_number_place_or_colour_is_told(texts, shapes, told):
    said = " ".join(str(one) for one in number_aside(texts, shapes, 4, SIZE))
    assert told in said if told else not said
