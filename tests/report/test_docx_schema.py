"""Word opens the file without mending it: order, numbers, names and parts are as its schema asks."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from attempts import slow, some
from sample_result import sample_result, with_unit
from test_docx import PIXEL, report_of
from test_xlsx import CARDS, HOSTILE, hostile
from word_schema import faults_of

from selfeval.report.docx.report import report_document
from selfeval.report.office import packed

EVERYTHING = (
    "### 标题\n\n**粗***楷*~~删~~[址](https://example.com/)\n\n1. 甲\n   - 乙\n2. 丙\n\n> 引文\n\n```\n码\n```\n\n"
    "| 甲 | 乙 |\n| --- | ---: |\n| 1 | 2 |\n\n![图](图.png)\n\n#### 细目\n\n5. 丁\n"
)


@pytest.mark.parametrize("layout", ["transfer", *slow("national", "sichuan", "hubei")])
@pytest.mark.parametrize(("name", "id_"), CARDS)
def test_the_samples_are_as_the_schema_asks(name, id_, layout):
    assert faults_of(report_of(name, id_, layout)) == []


@pytest.mark.parametrize("text", some(HOSTILE, 12))
def test_whatever_the_inputs_say(text):
    result = hostile(text)
    assert faults_of(report_document(result, result.scorecards[1])) == []


@pytest.mark.slow
def test_with_all_that_a_narrative_may_hold(tmp_path):
    (tmp_path / "narrative").mkdir()
    (tmp_path / "narrative" / "图.png").write_bytes(PIXEL)
    result = replace(sample_result(tmp_path), narratives={"P02": f"## 三、资金使用及管理情况\n\n{EVERYTHING}"})
    assert faults_of(report_document(result, result.scorecards[1])) == []
    assert faults_of(report_document(result, result.scorecards[1], draft=True, public=True)) == []


def test_the_units_own_form():
    result = with_unit(sample_result())
    assert faults_of(report_document(result, result.unit)) == []


BROKEN = (
    (r"(<w:pStyle [^>]*/>)(<w:keepNext/>)", r"\2\1", "pPr"),
    (r'w:val="Heading1"/>', 'w:val="Heading9"/>', "no pStyle Heading9"),
    (r"<w:trPr>", "<w:unknown/><w:trPr>", "tr > unknown"),
    (r'<w:gridSpan w:val="2"/>', '<w:gridSpan w:val="3"/>', "a row of"),
    (r'<wp:docPr id="100\d"', '<wp:docPr id="1001"', "docPr 1001 twice"),
    (r'<c:chart ([^>]*)r:id="\w+"', r'<c:chart \1r:id="rIdNone"', "no relation rIdNone"),
)


@pytest.mark.parametrize(("was", "now", "told"), [*BROKEN[:2], *slow(*BROKEN[2:])])
def test_what_is_broken_is_found(was, now, told):
    """The check itself: each kind of fault, made in a good file, is told."""
    result = sample_result()
    data = report_document(result, result.scorecards[1])
    with ZipFile(BytesIO(data)) as file:
        xml = file.read("word/document.xml").decode()
    broken = re.sub(was, now, xml)
    assert broken != xml
    assert any(told in fault for fault in faults_of(packed(data, {"word/document.xml": broken.encode()})))
