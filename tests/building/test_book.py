"""`build --book`: summary and reports in one PDF, numbered through, with contents that say where what is."""

from __future__ import annotations

import re

import pytest
from evaluations import ACTUALS, BUDGET, PROJECTS, TARGETS, make_evaluation, rows_of

from selfeval.audit import verify as verifying
from selfeval.building.request import Request
from selfeval.building.run import build
from selfeval.evaluation.pipeline import evaluate
from selfeval.report.engines import TYPST
from selfeval.report.pdf import book
from selfeval.report.pdf import engine as pdf
from selfeval.report.pdf.requirements import MachineLacks

pypdf = pytest.importorskip("pypdf")
try:
    pdf.load()
except MachineLacks as lack:
    pytest.skip(str(lack), allow_module_level=True)

NAMES = ("道路维修", "桥梁维修")


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    def each(text):
        return [row | {"项目编号": id_} for id_ in ("P01", "P02") for row in rows_of(text)]

    projects = [row | {"项目名称": name} for row, name in zip(each(PROJECTS), NAMES, strict=True)]
    tables = {"budget": each(BUDGET), "targets": each(TARGETS), "actuals": each(ACTUALS)}
    return evaluate(make_evaluation(tmp_path_factory.mktemp("inputs"), projects=projects, **tables)).result


@pytest.fixture(scope="module")
def bound(result, tmp_path_factory):
    return build(result, Request(tmp_path_factory.mktemp("out"), ("html",), book=True)).folder / "book.pdf"


@pytest.fixture(scope="module")
def reader(bound):
    return pypdf.PdfReader(bound)


@pytest.fixture(scope="module")
def texts(reader):
    return ["".join(page.extract_text().split()) for page in reader.pages]


def printed_numbers(texts):
    """The page number at the foot of each page; None where there is none."""
    found = [re.search(r"—(\d+)—", text) for text in texts]
    return [int(hit[1]) if hit else None for hit in found]


def marks(outline, depth=0):
    """(depth, title, mark) of all bookmarks."""
    for item in outline:
        if isinstance(item, list):
            yield from marks(item, depth + 1)
        else:
            yield depth, item.title, item


@pytest.mark.slow
def test_pages_are_numbered_through_behind_cover_and_contents(texts):
    numbers = printed_numbers(texts)
    first = numbers.index(1)
    assert numbers[:first] == [None] * first
    assert first % 2 == 0, "page 1 is a right-hand page"
    assert all(n in (None, at) for at, n in enumerate(numbers[first:], 1))
    assert sum(n is not None for n in numbers) > 8


@pytest.mark.slow
def test_every_part_begins_on_a_right_hand_page_and_the_contents_say_which(texts):
    first = printed_numbers(texts).index(1)
    contents = "".join(texts[:first])
    for name in NAMES:
        page = next(at for at, text in enumerate(texts[first:], 1) if f"{name}项目支出绩效自评报告" in text)
        assert page % 2 == 1
        assert f"{name}项目支出绩效自评报告{page}" in contents
    assert "绩效自评结果汇总表（2021年度）1" in contents


@pytest.mark.slow
def test_a_reports_headings_stand_under_its_title_in_the_bookmarks(reader):
    listed = [(depth, title) for depth, title, _ in marks(reader.outline)]
    at = listed.index((0, "桥梁维修项目支出绩效自评报告"))
    below = listed[at + 1 :]
    assert below
    assert all(depth > 0 for depth, _ in below)
    assert any(title.startswith("附件1") for _, title in below)


@pytest.mark.slow
def test_bookmarks_lead_to_the_pages_the_contents_name(reader, texts):
    first = [(title, mark) for depth, title, mark in marks(reader.outline) if not depth]
    titles = {title: reader.get_destination_page_number(mark) for title, mark in first}
    for name in NAMES:
        title = f"{name}项目支出绩效自评报告"
        assert title in texts[titles[title]]


@pytest.mark.slow
def test_it_has_no_cover_inside_and_no_attachments(reader, texts):
    assert dict(reader.attachments) == {}
    assert not any("填报单位" in text for text in texts)
    assert any("本项目的report.pdf附带计分所用的数据" in text for text in texts)


@pytest.mark.slow
def test_the_same_inputs_give_the_same_book(result, bound, tmp_path):
    again = build(result, Request(tmp_path, ("html",), book=True)).folder / "book.pdf"
    assert again.read_bytes() == bound.read_bytes()


def test_it_goes_when_it_is_no_longer_asked_for(result, tmp_path):
    assert (build(result, Request(tmp_path, ("html",), book=True, pdf_engine=TYPST)).folder / "book.pdf").is_file()
    assert not (build(result, Request(tmp_path, ("html",))).folder / "book.pdf").is_file()


@pytest.mark.slow
def test_verify_says_that_a_book_carries_no_data(bound):
    assert "合订本" in verifying.verify(bound).problem


def test_a_long_book_goes_on_in_a_second_volume():
    page = "<html lang=zh><title>甲</title><h1>第{0}页</h1>"
    sections = [book.BookSection(None, lambda start: lambda _: page.format(start))] * 3
    listed = []

    def front(entries):
        listed.append([(entry.title, entry.page) for entry in entries])
        return "<html lang=zh><title>目录</title>目录"

    volumes = list(book.bind(sections, front, volume=3))
    assert listed == [[("第1页", "1"), ("第3页", "3")], [("第5页", "5")]]
    assert len(volumes) == 2
