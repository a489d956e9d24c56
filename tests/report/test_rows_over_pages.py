"""Rows that go on on the next page: closed on either side, and no page ends where a step would fit."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pdfplumber
import pytest
from engines import needs

from selfeval.building.request import Request
from selfeval.building.run import build
from selfeval.evaluation.pipeline import evaluate
from selfeval.report.engines import TYPST, WEASYPRINT

SAMPLES = Path(__file__).resolve().parents[2] / "inputs"
FOOT = 297 - 26
"""Where the text of an annex ends, in mm."""
MM = 72 / 25.4


@pytest.fixture(scope="module", params=[WEASYPRINT, TYPST])
def report(request, tmp_path_factory):
    """The project whose calculations take three pages."""
    needs(request.param)
    asked = Request(tmp_path_factory.mktemp("out"), ("pdf",), projects=frozenset({"P01"}), pdf_engine=request.param)
    folder = build(evaluate(SAMPLES / "mianyang-2021").result, asked).folder
    with pdfplumber.open(folder / "projects" / "P01" / "report.pdf") as opened:
        yield [page for page in opened.pages if page.width < page.height]


def rules(page):
    """How far down the lines of the tables of a page are that go from left to right."""
    return sorted({round(edge["top"], 1) for edge in page.edges if edge["orientation"] == "h" and edge["width"] > 40})


def lines_between(page, top, bottom):
    """How many lines of text stand between two heights, in the column of the steps."""
    words = page.crop((75 * MM, top, 165 * MM, bottom)).extract_text_lines()
    return len(words)


def calculations(report):
    """Each page of calculations with the next one."""
    pages = [page for page in report if rules(page) and "计算过程" in page.extract_text()]
    return list(pairwise(pages))


def test_a_calculation_that_goes_on_is_closed_and_has_two_lines_on_either_side(report):
    broken = calculations(report)
    assert broken
    for page, after in broken:
        *_, above, foot = rules(page)
        text = max(word["bottom"] for word in page.extract_words() if word["bottom"] < (FOOT + 1) * MM)
        assert foot >= text - 1, "the row is closed below its last line"
        assert lines_between(page, above, foot + 1) >= 2
        _, head, end, *_ = rules(after)
        assert lines_between(after, head, end) >= 2


def test_a_page_of_calculations_is_filled_to_within_a_step(report):
    step = 5 * 14
    assert all(rules(page)[-1] > FOOT * MM - step for page, _ in calculations(report))


def test_a_sentence_does_not_follow_its_table_to_the_next_page(report):
    first = next(page for page in report if "一、项目概况" in page.extract_text())
    assert "主要指标完成情况如下" in first.extract_text()
