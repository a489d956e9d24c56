"""Rows that go on on the next page: closed on either side, and no page ends where a step would fit."""

from __future__ import annotations

from itertools import pairwise, product
from pathlib import Path

import pdfplumber
import pytest
from attempts import slow
from engines import needs
from evaluations import ACTUALS, BUDGET, TARGETS, make_evaluation, rows_of
from pypdf import PdfReader

from selfeval.audit.verdict import AGREES, DISAGREES
from selfeval.audit.verify import verify
from selfeval.audit.whole_text import Reader
from selfeval.building.request import Request
from selfeval.building.run import build
from selfeval.evaluation.pipeline import evaluate
from selfeval.report.engines import TYPST, WEASYPRINT
from selfeval.report.pages.printed_items import Flow, Line, Table
from selfeval.report.pages.views import Calculation

SAMPLES = Path(__file__).resolve().parents[2] / "inputs"
FOOT = 297 - 26
"""Where the text of an annex ends, in mm."""
MM = 72 / 25.4


def printed(folder, out, engine):
    """The report of the first project."""
    asked = Request(out, ("pdf",), projects=frozenset({"P01"}), pdf_engine=engine)
    return build(evaluate(folder).result, asked).folder / "projects" / "P01" / "report.pdf"


@pytest.fixture(scope="module", params=[TYPST, *slow(WEASYPRINT)])
def report(request, tmp_path_factory):
    """The project whose calculations take three pages."""
    needs(request.param)
    made = printed(SAMPLES / "mianyang-2021", tmp_path_factory.mktemp("out"), request.param)
    with pdfplumber.open(made) as opened:
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


@pytest.mark.slow
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


def cells_between(page, top, bottom):
    """What stands in each cell of the row between two heights."""
    sides = sorted({round(edge["x0"]) for edge in page.edges if edge["orientation"] == "v"})
    chars = [one for one in page.chars if top < (one["top"] + one["bottom"]) / 2 < bottom]
    columns = (
        (one["text"] for one in chars if left < (one["x0"] + one["x1"]) / 2 < right) for left, right in pairwise(sides)
    )
    return ["".join("".join(texts).split()) for texts in columns]


@pytest.mark.slow
def test_a_calculation_that_goes_on_says_there_whose_it_is(report):
    broken = [(page, after, rules(after)) for page, after in calculations(report)]
    going_on = [
        (page, again) for page, after, (_, *row, _) in broken if not (again := cells_between(after, *row[:2]))[-1]
    ]
    assert going_on
    for page, (number, name, *_) in going_on:
        above, foot = rules(page)[-2:]
        before = cells_between(page, above, foot + 1)
        assert number == before[0]
        assert name.endswith("（续）")
        assert before[1].startswith(name.removesuffix("（续）"))


FORGED = {
    "nothing": lambda _: (),
    "no name": lambda row: (row.number, "（续）"),
    "another's number": lambda row: (f"{row.number}0", f"{row.title}（续）"),
    "another's name": lambda row: (row.number, "另一个指标（续）"),
    "no word": lambda row: (row.number, row.title),
}


@pytest.mark.slow
@pytest.mark.parametrize(("what", "engine"), [("nothing", TYPST), *slow(*product(FORGED, (TYPST, WEASYPRINT)))])
def test_what_a_calculation_says_where_it_goes_on_is_checked(what, engine, tmp_path, monkeypatch):
    needs(engine)
    monkeypatch.setattr(Calculation, "again", property(FORGED[what]))
    made = printed(SAMPLES / "mianyang-2021", tmp_path, engine)
    monkeypatch.undo()
    assert verify(made).word == DISAGREES


def row(number, name, steps, points):
    """A calculation."""
    return Line((number, name, steps, points), torn=(number, f"{name}（续）"))


ROWS = Table("头", (row("1", "甲", "步骤一步骤二步骤三", "5"), row("2", "乙", "步骤", "6")))


@pytest.mark.parametrize(
    ("pages", "agrees"),
    [
        (("头1甲步骤一5", "头1甲（续）步骤二步骤三2乙步骤6"), True),
        (("头1甲步骤一5", "头1甲（续）步骤二", "头1甲（续）步骤三2乙步骤6"), True),
        (("头1甲步骤一步骤二步骤三5", "头2乙步骤6"), True),
        (("头1甲步骤一5", "头步骤二步骤三2乙步骤6"), False),
        (("头1甲步骤一5", "头1甲步骤二步骤三2乙步骤6"), False),
        (("头1甲步骤一5", "头甲（续）步骤二步骤三2乙步骤6"), False),
        (("头1甲步骤一5", "头2乙（续）步骤二步骤三2乙步骤6"), False),
        (("头1甲步骤一5", "头1甲（续）步骤二步骤三2乙（续）步骤6"), False),
        (("头1甲步骤一步骤二步骤三5", "头2乙（续）步骤6"), False),
        (("头1甲步骤一步骤二步骤三5", "头1甲（续）2乙步骤6"), False),
        (("头1甲（续）步骤一步骤二步骤三52乙步骤6",), False),
    ],
)
def test_only_a_row_that_goes_on_is_named_again_and_each_is(pages, agrees):
    assert (Reader((ROWS,), pages).read().difference is None) is agrees


def rows_below_the_title(page, title):
    """The numbers of the rows under a title, down to the foot of its page."""
    words = page.extract_words()
    top = next(word["bottom"] for word in words if word["text"] == title)
    return [word["text"] for word in words if top < word["top"] < FOOT * MM and word["x1"] < 32 * MM]


@pytest.mark.slow
@pytest.mark.parametrize("engine", [TYPST, WEASYPRINT])
def test_a_list_of_evidence_begins_with_two_rows_at_the_least(engine, tmp_path):
    needs(engine)
    asked = Request(tmp_path, ("pdf",), projects=frozenset({"P03", "P05", "P06", "P09"}), pdf_engine=engine)
    made = build(evaluate(SAMPLES / "mianyang-2021").result, asked).folder
    for file in sorted(made.glob("projects/*/report.pdf")):
        with pdfplumber.open(file) as opened:
            page = next(page for page in reversed(opened.pages) if "佐证材料清单" in page.extract_text())
            assert rows_below_the_title(page, "佐证材料清单")[:3] == ["序号", "1", "2"], file


@pytest.mark.slow
@pytest.mark.parametrize("engine", [TYPST, *slow(WEASYPRINT)])
def test_the_head_of_the_reasons_is_parted_where_it_reads_well(engine, tmp_path):
    needs(engine)
    asked = Request(tmp_path, ("pdf",), projects=frozenset({"P03"}), pdf_engine=engine)
    made = build(evaluate(SAMPLES / "mianyang-2021").result, asked).folder
    with pdfplumber.open(made / "projects" / "P03" / "report.pdf") as opened:
        page = next(page for page in opened.pages if "附件3" in page.extract_text())
        words = {word["text"] for word in page.extract_words()}
    assert {"偏差原因分析", "及改进措施"} <= words


def test_a_page_of_calculations_is_filled_to_within_a_step(report):
    step = 5 * 14
    assert all(rules(page)[-1] > FOOT * MM - step for page, _ in calculations(report))


def test_a_sentence_does_not_follow_its_table_to_the_next_page(report):
    first = next(page for page in report if "一、项目概况" in page.extract_text())
    assert "主要指标完成情况如下" in first.extract_text()


LONG = "长长的一段话，说明了很多情况。" * 320


@pytest.mark.slow
@pytest.mark.parametrize("engine", [TYPST, WEASYPRINT])
def test_a_row_taller_than_a_page_goes_on_on_the_next_in_every_list(tmp_path, engine):
    """Evidence, a fund's reason, a quoted standard of points, a row's reason, a reviewer's: 4,800 characters each."""
    needs(engine)
    targets, actuals, budget = rows_of(TARGETS), rows_of(ACTUALS), rows_of(BUDGET)
    targets[0]["评分标准"] = actuals[0]["佐证材料"] = budget[0]["原因说明"] = LONG
    actuals[1] |= {"实际完成值": "9%", "偏差原因分析及改进措施": LONG}
    review = [{"二级指标": "数量指标", "三级指标": "维修里程", "复核得分": "40", "复核意见": LONG}]
    made = printed(make_evaluation(tmp_path, targets, actuals, budget, review=review), tmp_path / "out", engine)
    verdict = verify(made)
    assert verdict.word == AGREES, [said for check in verdict.checks for said in check.differences]


@pytest.mark.slow
@pytest.mark.parametrize("engine", [TYPST, *slow(WEASYPRINT)])
def test_other_rows_of_a_list_stay_whole(tmp_path, engine):
    needs(engine)
    targets = [row for row in rows_of(TARGETS) for _ in range(6)]
    targets = [row | {"三级指标": f"指标{at}", "分值": "5"} for at, row in enumerate(targets)]
    lines = "共八行的佐证" * 27
    actuals = [{"二级指标": row["二级指标"], "三级指标": row["三级指标"], "实际完成值": "20",
                "佐证材料": f"始{at:02d}{lines}终{at:02d}"} for at, row in enumerate(targets)]  # fmt: skip
    opinion = "共八行的意见一行十四个" * 10
    review = [{"二级指标": row["二级指标"], "三级指标": row["三级指标"], "复核得分": "4",
               "复核意见": f"开{at:02d}{opinion}完{at:02d}"} for at, row in enumerate(targets)]  # fmt: skip
    made = printed(make_evaluation(tmp_path, targets, actuals, review=review), tmp_path / "out", engine)
    texts = ["".join(page.extract_text().split()) for page in PdfReader(made).pages]
    for begin, end in ("始终", "开完"):
        assert sum(begin in text for text in texts) > 2
        assert all((f"{begin}{at:02d}" in text) == (f"{end}{at:02d}" in text) for at in range(18) for text in texts)


@pytest.mark.parametrize(("pictures", "agrees"), [(("sum",), True), ((), False)], ids=["picture", "words"])
def test_the_blank_rest_of_a_last_row_with_a_picture_may_stand_under_the_head_once_more(pictures, agrees):
    """Its texts are all on the page before."""
    items = [Table("头", (Line(("一",)), Line(("二",), pictures=pictures))), Flow("后")]
    found = Reader(items, ["头一二", "头后"]).read()
    assert (found.difference is None) is agrees
    assert Reader(items, ["头一二", "后"]).read().difference is None
    assert Reader(items, ["头一二", "头头后"]).read().difference is not None
    assert Reader(items, ["头一二头后"]).read().difference is not None
