"""The layout `transfer`: a form and a report without scores, made of data and templates alone."""

from __future__ import annotations

import re

import pytest
from evaluations import ACTUALS, BUDGET, PROJECTS, TARGETS, TOML, codes, make_evaluation, rows_of

from selfeval.evaluation.pipeline import evaluate
from selfeval.reading.layouts import layout_data
from selfeval.report.html.pages import Pages
from selfeval.report.pages.document import index_document, project_document, summary_document
from selfeval.report.pages.planner import planned, planned_summary

LAYOUT = TOML + '[report]\nlayout = "transfer"\n'
NARRATIVE = """## 二、绩效情况分析

### 分配科学性

按因素法分配，因素公开。

## 六、其他需说明的问题

### 说明

审计发现1个问题，已整改。
"""
UNIT = {"项目编号": "U01", "项目名称": "甲县", "项目类型": "部门整体"}


@pytest.fixture
def result(tmp_path):
    folder = make_evaluation(
        tmp_path,
        toml=LAYOUT,
        projects=[*rows_of(PROJECTS), rows_of(PROJECTS)[0] | UNIT],
        targets=[*rows_of(TARGETS), *(row | {"项目编号": "U01"} for row in rows_of(TARGETS))],
        actuals=[*rows_of(ACTUALS), *(row | {"项目编号": "U01"} for row in rows_of(ACTUALS))],
        budget=[
            rows_of(BUDGET)[0] | {"资金来源": "中央转移支付"},
            rows_of(BUDGET)[0] | {"资金来源": "县级配套"},
            rows_of(BUDGET)[0] | {"资金来源": "自筹"},
            rows_of(BUDGET)[0] | {"资金来源": "中央转移支付", "项目编号": "U01"},
        ],
    )
    (folder / "narrative").mkdir()
    for name in ("P01", "unit"):
        (folder / "narrative" / f"{name}.md").write_text(NARRATIVE, encoding="utf-8")
    return evaluate(folder).result


def pages(result):
    """Every page of the evaluation as text, for the screen and for paper."""
    made = Pages(result)
    for paper in (False, True):
        document, summary = project_document(result, result.scorecards[0]), summary_document(result)
        yield made.report(planned(document) if paper else document, for_print=paper)
        yield made.summary(planned_summary(summary) if paper else summary, for_print=paper)
    yield made.index(index_document(result))


def test_no_page_shows_points_or_a_grade(result):
    for page in pages(result):
        body = re.sub(r"<style>.*?</style>|<[^>]*>", "", page, flags=re.DOTALL)
        assert not re.search("得分|总分|等级|评分计算|分值", body), re.search(
            ".{20}(得分|总分|等级|评分计算|分值)", body
        )


def test_the_points_are_still_in_the_data(result):
    assert f"{result.scorecards[0].total}" == "100.00"


def test_the_management_of_the_money_is_taken_from_the_narrative(result):
    notes = {note.title: note.markdown for note in project_document(result, result.scorecards[0]).notes}
    assert notes["分配科学性"] == "按因素法分配，因素公开。"
    assert notes["下达及时性"] == "未填写"
    assert notes["说明"] == "审计发现1个问题，已整改。"


def test_its_outline_is_its_own_for_the_projects_and_for_the_region(result):
    assert "N001" not in [d.code for d in result.diagnostics]
    titles = [part.title for part in project_document(result, result.scorecards[0]).parts]
    assert titles[0] == "一、绩效目标分解下达情况"
    assert titles == [part.title for part in summary_document(result).parts]
    first = project_document(result, result.scorecards[0]).parts[0]
    assert first.markdown == "年初预算0.03万元，全年预算0.03万元。"


def test_the_money_stands_in_the_lines_of_its_form(result):
    funds = project_document(result, result.scorecards[0]).funds
    assert [(fund.label, fund.adjusted) for fund in funds] == [
        ("年度资金总额", "0.03"), ("其中：中央财政资金", "0.01"), ("地方资金", "0.01"), ("其他资金", "0.01"),
    ]  # fmt: skip


def test_the_region_has_its_own_form_and_the_projects_theirs(result):
    assert project_document(result, result.scorecards[0]).form_title == "转移支付项目绩效自评表"
    assert summary_document(result).unit.form_title == "转移支付区域绩效自评表"


def test_a_region_without_indicators_is_sent_to_no_form_for_them(result, tmp_path):
    told = " ".join(part.markdown for part in summary_document(result).parts)
    assert "见附件1的" in told
    for projects in (rows_of(PROJECTS), [*rows_of(PROJECTS), rows_of(PROJECTS)[0] | UNIT]):
        folder = make_evaluation(tmp_path / str(len(projects)), toml=LAYOUT, projects=projects)
        parts = {part.title: part.markdown for part in summary_document(evaluate(folder).result).parts}
        assert not any("附件1" in text for text in parts.values())
        assert parts["二、绩效情况分析"] == "全年预算0.01万元，全年执行0.01万元，预算执行率100.00%。"
        assert parts["三、偏离绩效目标的原因和下一步改进措施"] == "未填写。"


def test_a_units_own_layout_may_bring_its_data(tmp_path):
    folder = make_evaluation(tmp_path, toml=TOML + '[report]\nlayout = "本县"\n')
    home = folder / "templates" / "layouts" / "本县"
    home.mkdir(parents=True)
    (home / "form.html").write_text("<p>{{ form.form_title }}</p>", encoding="utf-8")
    (home / "layout.toml").write_text('[titles]\nform = "本县自评表"\n', encoding="utf-8")
    document = project_document(evaluate(folder).result, evaluate(folder).result.scorecards[0])
    assert document.form_title == "本县自评表"
    assert document.parts[0].title == "一、项目概况"


@pytest.mark.parametrize(
    "text",
    [
        "titles = 3",
        "outline = [{ number = 1 }]",
        "[titles",
        '[titles]\nform = ["甲"]',
        "",
        '[[columns]]\nkey = "run"\nxlsx = 9',
        '[[columns]]\nkey = "secret"\nxlsx = 9',
        "blocks = []",
        '[[blocks]]\nkind = "fields"\nrows = [{ fields = [{ key = "name", label = "甲", spans = [1, 1] }] }]',
        '[indicators]\nlabels = "甲"',
        "[remarks]\nsections = {}\nlimit = nan",
        '[titles]\nform = "甲\u202e表"',
        "foot = [" + '"甲", ' * 100 + "]",
        "x = " + "[" * 40000,
        "[[funds]]\nwords = []",
    ],
)
def test_data_that_cannot_be_used_are_said_and_the_national_ones_taken(tmp_path, text):
    folder = make_evaluation(tmp_path, toml=TOML + '[report]\nlayout = "本县"\n')
    home = folder / "templates" / "layouts" / "本县"
    home.mkdir(parents=True)
    (home / "form.html").write_text("<p></p>", encoding="utf-8")
    (home / "layout.toml").write_text(text, encoding="utf-8")
    assert bool({"T027", "T030"} & {*codes(evaluate(folder))}) is bool(text)
    assert layout_data(folder, "本县").columns == layout_data(folder, "national").columns
