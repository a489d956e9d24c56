"""Where whoever signs the report may change it in Word: words in controls, what is computed in none."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from sample_result import sample_result
from test_docx import form_table, opened, report_of
from test_xlsx import CARDS, RESULTS, card_of

from selfeval.base import display
from selfeval.importing.readers.docx import read_docx
from selfeval.report.docx.controls import Control, enclosed
from selfeval.report.docx.report import report_document
from selfeval.report.pages.document import project_document


def controls(data):
    """(title, tag, text, properties) of every control."""
    found = []
    for held in Document(BytesIO(data)).element.body.iter(qn("w:sdt")):
        properties = held.find(qn("w:sdtPr"))
        title, tag = (properties.find(qn(f"w:{name}")).get(qn("w:val")) for name in ("alias", "tag"))
        text = "".join(t.text or "" for t in held.find(qn("w:sdtContent")).iter(qn("w:t")))
        found.append((title, tag, text, properties))
    return found


def large():
    result = sample_result()
    return report_document(result, result.scorecards[1])


@pytest.mark.parametrize(("name", "id_"), CARDS)
def test_every_section_reason_and_signature_has_a_control(name, id_):
    result, card = RESULTS[name], card_of(name, id_)
    made = project_document(result, card)
    found = controls(report_of(name, id_))
    titles = [title for title, *_ in found]
    for part in made.parts:
        assert any(title.startswith(part.title[:64]) for title in titles), part.title
    told = {tag: text.replace("　", "") for _, tag, text, _ in found}
    for row in made.rows:
        shown = told[f"reason-{row.number}"]
        assert shown.endswith(row.reason.replace("\n", ""))
        assert row.reason or not shown or shown == display.NOT_FILLED or shown.startswith("未评分原因")
    assert [tag for _, tag, *_ in found if tag.startswith("seal")] == ["seal-unit", "seal-date"]
    assert told["seal-unit"] == f"{made.marks.unit}（盖章）"
    assert [title for title in titles if title in dict(made.signatures)] == [label for label, _ in made.signatures]


@pytest.mark.slow
def test_points_totals_and_money_stand_in_no_control():
    """The library sees no cell in a control: all but the reasons are there."""
    free = form_table(Document(BytesIO(large()))).rows
    whole = form_table(opened(large())).rows
    assert [len(row._tr.tc_lst) for row in free] == [9, *[8] * (len(free) - 3), 4, 0]
    assert [said(row)[:8] for row in whole[1:-2]] == [said(row) for row in free[1:-2]]
    assert said(whole[-2]) == said(free[-2])
    annex = [table for table in Document(BytesIO(large())).tables if "计算过程" in said(table.rows[0])]
    assert all(len(row._tr.tc_lst) == 4 for row in annex[0].rows)


def said(row):
    return [tc.xpath("string(.)") for tc in row._tr.tc_lst]


def test_nothing_in_a_control_is_lost_to_import():
    data, out = large(), BytesIO()
    opened(data).save(out)
    with_controls, without = (read_docx(one, "a.docx") for one in (data, out.getvalue()))
    assert [line.text for line in with_controls.lines] == [line.text for line in without.lines]
    assert with_controls.unread == without.unread


def test_controls_are_numbered_and_cannot_be_deleted():
    found = controls(large())
    numbers = [properties.find(qn("w:id")).get(qn("w:val")) for *_, properties in found]
    assert numbers == [str(at) for at in range(1, len(found) + 1)]
    assert {properties.find(qn("w:lock")).get(qn("w:val")) for *_, properties in found} == {"sdtLocked"}


def test_a_section_may_hold_anything_any_other_control_text_alone():
    plain = {tag: properties.find(qn("w:text")) is not None for _, tag, _, properties in controls(large())}
    assert {tag.split("-")[0] for tag, is_plain in plain.items() if not is_plain} == {"part"}
    assert {tag.split("-")[0] for tag, is_plain in plain.items() if is_plain} >= {"reason", "seal", "单位负责人"}


def test_a_section_made_from_the_figures_says_so():
    result = replace(sample_result(), narratives={"P02": "## 三、资金使用及管理情况\n\n专款专用。\n"})
    titles = {tag: title for title, tag, *_ in controls(report_document(result, result.scorecards[1]))}
    assert titles["part-3"] == "三、资金使用及管理情况"
    assert titles["part-5"] == "五、自评结论（由数据写成，数以自评表为准）"


def test_an_empty_control_prints_nothing():
    data = large()
    empty = [text for *_, text, properties in controls(data) if properties.find(qn("w:showingPlcHdr")) is not None]
    assert empty
    assert set(empty) == {"　"}
    asked = {properties.find(qn("w:placeholder"))[0].get(qn("w:val")) for *_, properties in controls(data)}
    with ZipFile(BytesIO(data)) as file:
        glossary = file.read("word/glossary/document.xml").decode()
    assert asked == {"空白"}
    assert '<w:name w:val="空白"/>' in glossary
    assert "<w:t>　</w:t>" in glossary


def test_word_takes_no_title_longer_than_64_characters():
    held = enclosed(Control("很" * 99, "tag" * 99), [])
    named = (held.find(qn("w:sdtPr")).find(qn(f"w:{name}")) for name in ("alias", "tag"))
    assert {len(one.get(qn("w:val"))) for one in named} == {64}
