"""The end of a text is spared a page of its own by lines 5 % closer (GB/T 9704), in both engines alike."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from attempts import slow
from engines import needs
from pypdf import PdfReader
from sample_result import sample_result

from selfeval.report.engines import TYPST, WEASYPRINT
from selfeval.report.html.pages import Pages
from selfeval.report.pages.document import project_document
from selfeval.report.pages.main_text import CLOSER, STEP, is_closer, pages, passages
from selfeval.report.pages.planner import planned
from selfeval.report.pages.views import Block, Part

TITLE = ("项目", "报告")
SENTENCE = "本项目按照批复的内容组织实施，资金使用符合规定，全部任务已经完成。"


def text(count):
    """Sections of paragraphs of two lines each, and the list of annexes."""
    body = tuple(Block("p", SENTENCE) for _ in range(count))
    last = tuple(Block("p", f"{at}. 附件") for at in range(1, 5))
    return (Part("a", "一、概况", "", body), Part("b", "二、附件", "", last))


def spared():
    """The least number of paragraphs that closer lines take to one page less."""
    return next(count for count in range(4, 40) if is_closer(TITLE, text(count)))


def test_lines_are_closer_only_where_that_spares_a_page():
    count = spared()
    found = passages(TITLE, text(count))
    assert pages(found, CLOSER) == pages(found, STEP) - 1
    assert not is_closer(TITLE, text(count - 3))
    assert not is_closer(TITLE, text(count + 3))


def test_a_text_that_cannot_be_foretold_keeps_its_lines():
    sections = text(spared())
    table = Part("t", "表", "| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n", ())
    picture = Part("t", "图", "![照片](a.png)\n", ())
    assert passages(TITLE, (table, *sections)) == passages(TITLE, (picture, *sections)) == []
    assert not is_closer(TITLE, (table, *sections))
    assert not is_closer(TITLE, ())


@pytest.mark.slow
@pytest.mark.parametrize("engine", [TYPST, *slow(WEASYPRINT)])
def test_the_page_is_spared(engine):
    needs(engine)
    result = sample_result()
    plain = replace(project_document(result, result.scorecards[0]), name_lines=("项目",), title="报告")
    document = planned(replace(plain, parts=text(spared())))
    assert document.closer

    def sealed(shown):
        """The page that bears the seal."""
        if engine == TYPST:
            from selfeval.report.typst.engine import engine as typst
            from selfeval.report.typst.pages import data_of

            content, _ = typst().render(lambda _: data_of(shown), lambda _: b"")
        else:
            from selfeval.report.pdf.engine import engine as weasyprint

            content, _ = weasyprint().render(Pages(result).report(shown, for_print=True))
        texts = [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
        return next(at for at, words in enumerate(texts) if at and "（盖章）" in words)

    assert sealed(document) == sealed(replace(document, closer=False)) - 1
