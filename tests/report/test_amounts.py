"""Amounts on paper: their points below each other, their digits grouped, and what is printed is verified."""

from __future__ import annotations

import re

import pdfplumber
import pytest
from attempts import slow
from engines import needs
from evaluations import make_evaluation, rows_of

from selfeval.audit.verdict import AGREES
from selfeval.audit.verify import verify
from selfeval.building.request import Request
from selfeval.building.run import build
from selfeval.evaluation.pipeline import evaluate
from selfeval.report.engines import TYPST, WEASYPRINT

BUDGET = """
资金来源 | 年初预算数 | 全年预算数   | 全年执行数
财政拨款 | 900000     | 12340000     | 12312106.4
上年结转 | 50000      | 50000        | 50000
"""


@pytest.fixture(scope="module", params=[TYPST, *slow(WEASYPRINT)])
def report(request, tmp_path_factory):
    needs(request.param)
    folder = tmp_path_factory.mktemp("amounts")
    made = build(
        evaluate(make_evaluation(folder, budget=rows_of(BUDGET))).result,
        Request(folder / "out", ("pdf",), pdf_engine=request.param),
    )
    return made.folder / "projects" / "P01" / "report.pdf"


def ends(page, amount):
    """Where the digits before the point of an amount end, wherever it is printed on a page."""
    whole = amount.partition(".")[0]
    return [
        word["chars"][len(whole) - 1]["x1"] for word in page.extract_words(return_chars=True) if word["text"] == amount
    ]


@pytest.mark.slow
def test_the_points_of_a_column_stand_below_each_other(report):
    with pdfplumber.open(report) as opened:
        page = next(page for page in opened.pages if "上年结转" in page.extract_text())
        column = [ends(page, amount) for amount in ("1,236.21064", "1,231.21064", "5")]
    assert [len(found) for found in column] == [1, 1, 3]
    (total,), (first,), thrice = column
    assert max(abs(at - total) for at in (first, thrice[-1])) < 0.6


@pytest.mark.slow
def test_the_points_of_scores_stand_below_each_other_however_many_digits_they_have(report):
    with pdfplumber.open(report) as opened:
        page = next(page for page in opened.pages if "得分：" in page.extract_text())
        column = [
            (word["chars"][word["text"].index(".")]["x0"], word["text"])
            for word in page.extract_words(return_chars=True)
            if re.fullmatch(r"\d+\.\d\d", word["text"]) and word["x0"] > 0.8 * page.width
        ]
    assert {len(text) for _, text in column} == {4, 5}, column
    places = [at for at, _ in column]
    assert max(places) - min(places) < 0.6, column


def test_what_is_printed_so_is_verified(report):
    assert verify(report).word == AGREES
