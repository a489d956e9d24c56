"""How full the pages are, over all reports and summaries of both samples, by either engine."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from engines import needs
from pypdf import PdfReader

from selfeval.building.request import Request
from selfeval.building.run import build
from selfeval.evaluation.pipeline import evaluate
from selfeval.report.engines import TYPST, WEASYPRINT

pytestmark = pytest.mark.full
SAMPLES = Path(__file__).resolve().parents[2] / "inputs"
HEAD, FOOT = 0.06, 0.88
"""Where the text of a page begins and ends, as shares of its height."""
DARK = 150
"""The mark across a page is paler than that."""
SIDE = 21
"""The margin at the side of a page, in half points: 15 mm."""
NUMBER, GAP = 45, 4
"""The number of a page is narrower than that, and parted from the text by more, in half points."""


@pytest.fixture(scope="module", params=[WEASYPRINT, TYPST])
def files(request, tmp_path_factory):
    needs(request.param)
    out = tmp_path_factory.mktemp("out")
    made = [
        build(evaluate(SAMPLES / name).result, Request(out, ("pdf",), pdf_engine=request.param)).folder
        for name in ("mianyang-2021", "ningxia-2020")
    ]
    return [file for folder in made for file in sorted(folder.rglob("*.pdf"))]


def filled(page):
    """How far down the text of a page goes: 1 where it is full."""
    dark = np.array(page.render(scale=0.5).to_pil().convert("L")) < DARK
    high, wide = dark.shape
    if wide > high:
        dark = dark[:, SIDE:]  # the number of a sheet across stands in its left margin
    rows = np.flatnonzero(dark[: int(high * 0.985)].any(axis=1))
    ends = np.flatnonzero(np.diff(rows) > GAP)
    if len(ends) and np.ptp(np.flatnonzero(dark[rows[ends[-1] + 1] : rows[-1] + 1].any(axis=0))) < NUMBER:
        rows = rows[: ends[-1] + 1]
    return (rows[-1] / high - HEAD) / (FOOT - HEAD)


def ends_of_sections(file):
    """The pages (from 0) behind which something else begins: a heading of the first level, or the end."""
    reader = PdfReader(file)
    starts = {reader.get_destination_page_number(one) for one in reader.outline if not isinstance(one, list)}
    return {start - 1 for start in starts} | {len(reader.pages) - 1}


def test_few_pages_are_less_than_half_full_but_for_the_ends_of_sections(files):
    bare = [
        (file.parent.name, number + 1)
        for file in files
        for number, page in enumerate(pypdfium2.PdfDocument(file))
        if filled(page) < 0.5 and number not in ends_of_sections(file)
    ]
    assert len(files) == 15
    assert len(bare) <= 4, bare


def test_the_seal_stands_on_no_page_with_the_list_of_annexes_alone(files):
    for file in files:
        if file.name == "report.pdf":
            texts = [page.extract_text() for page in PdfReader(file).pages[1:]]
            sealed = next(text for text in texts if "（盖章）" in text)
            assert "。" in sealed, file
