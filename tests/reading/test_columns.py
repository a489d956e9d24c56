"""The further columns of the tables: detail rows, 评分标准, 年度绩效目标, and what an imported form printed."""

from __future__ import annotations

import csv
import io

import pytest
from docx import Document
from docx.oxml.ns import qn
from evaluations import codes, finding, make_evaluation, scored
from openpyxl import load_workbook
from pypdf import PdfReader

from selfeval.audit.verify_pack import verify_pack
from selfeval.cli.app import run
from selfeval.evaluation.csv_exports import own_levels, scores_csv, summary_head
from selfeval.evaluation.pipeline import evaluate
from selfeval.report.pages.document import project_document
from selfeval.report.text.explain import Wanted, explained
from selfeval.rules.load import load_rules

pytestmark = pytest.mark.usefixtures("typst_draws")

TARGETS = """
一级指标   | 二级指标       | 三级指标       | 指标值  | 分值 | 评分方法
产出指标   | 数量指标       | 维修里程       | ≥20公里 | 50   |
产出指标   | 数量指标       | 其中：县道     | ≥12公里 |      | 不计分
产出指标   | 明细           | 其中：乡道     |         | 8    | 不计分
效益指标   | 社会效益指标   | 通行提速率     | ≥10%    | 30   |
满意度指标 | 服务对象满意度 | 群众满意度     | ≥90%    | 10   |
"""
ACTUALS = """
二级指标       | 三级指标   | 实际完成值
数量指标       | 维修里程   | 20公里
数量指标       | 其中：县道 |
社会效益指标   | 通行提速率 | 10%
服务对象满意度 | 群众满意度 | 90%
"""


def rows(folder):
    (project,) = scored(folder)["projects"]
    return project, {indicator["level3"]: indicator for indicator in project["indicators"]}


def test_a_detail_row_is_shown_and_stands_outside_all_sums(tmp_path):
    folder = make_evaluation(tmp_path, targets=TARGETS, actuals=ACTUALS)
    project, row = rows(folder)
    assert (project["total"], project["counted"], project["grade"]) == ("100.00", "100.00", "优")
    for name in ("其中：县道", "其中：乡道"):
        assert [row[name][key] for key in ("weight", "points", "completion", "rule_points")] == [None] * 4
        assert row[name]["diagnostics"] == []
    assert {level["name"]: level["weight"] for level in project["level1"]}["产出指标"] == "50.00"
    assert [child["name"] for child in project["level1"][0]["level2"]] == ["数量指标"]
    assert not {"P001", "V003", "V002", "W001", "W002", "W003", "S009", "S010"} & set(codes(evaluate(folder)))


def test_weights_are_shared_over_the_rows_that_are_scored(tmp_path):
    blank = TARGETS
    for weight in ("50", "30", "10", " 8"):
        blank = blank.replace(f"| {weight} ", "|    ")
    project, row = rows(make_evaluation(tmp_path, targets=blank, actuals=ACTUALS))
    assert [row[name]["weight"] for name in ("维修里程", "其中：县道", "通行提速率", "群众满意度")] == [
        "50.00", None, "30.00", "10.00",
    ]  # fmt: skip
    assert project["total"] == "100.00"


def test_a_detail_row_has_no_points_in_scores_csv_and_is_told_by_explain(tmp_path):
    result = evaluate(make_evaluation(tmp_path, targets=TARGETS, actuals=ACTUALS)).result
    listed = {row["三级指标"]: row for row in csv.DictReader(io.StringIO(scores_csv(result).decode("utf-8-sig")))}
    assert (listed["其中：县道"]["得分"], listed["其中：县道"]["分值"]) == ("不计分", "")
    said = "\n".join(explained(result, Wanted(indicator="县道")))
    assert "明细行，不计分" in said


def test_the_criterion_is_a_step_of_the_row(tmp_path):
    targets = """
    一级指标   | 二级指标 | 三级指标 | 指标值 | 分值 | 评分标准
    产出指标   | 数量指标 | 维修里程 | ≥20公里 | 90 | 达到得满分，每少1公里扣5分
    """
    folder = make_evaluation(
        tmp_path, targets=targets, actuals="二级指标|三级指标|实际完成值\n数量指标|维修里程|20公里"
    )
    _, row = rows(folder)
    assert row["维修里程"]["steps"][0] == "评分标准：达到得满分，每少1公里扣5分。"


PRINTED = """
项目编号 | 项目名称 | 开始日期   | 结束日期   | 原表总分 | 原表等级 | 原表执行率得分
P01      | 道路维修 | 2021-01-01 | 2021-12-31 | {}       | {}       | {}
"""


@pytest.mark.parametrize(
    ("total", "grade", "execution", "found"),
    [
        ("100", "优", "10", set()),
        ("100.00分", "优秀", "10.00", set()),
        ("", "", "", set()),
        ("98", "优", "10", {"S012"}),
        ("100", "良", "10", {"S013"}),
        ("100", "优", "9.5", {"S014"}),
        ("九十八", "优", "10", {"V017"}),
    ],
)
def test_what_the_form_printed_is_compared_and_never_used(tmp_path, total, grade, execution, found):
    folder = make_evaluation(tmp_path, projects=PRINTED.format(total, grade, execution))
    evaluated = evaluate(folder)
    assert {"S012", "S013", "S014", "V017"} & set(codes(evaluated)) == found
    assert scored(folder)["projects"][0]["total"] == "100.00"
    for code in found:
        assert finding(evaluated, code).project == "P01"


def test_a_printed_total_that_is_not_the_sum_of_the_printed_points_is_found(tmp_path):
    actuals = """
    二级指标       | 三级指标   | 实际完成值 | 原表得分
    数量指标       | 维修里程   | 20公里     | 50
    社会效益指标   | 通行提速率 | 10%        | 29
    服务对象满意度 | 群众满意度 | 90%        | 10
    """
    folder = make_evaluation(tmp_path, actuals=actuals, projects=PRINTED.format("100", "优", "10"))
    assert "原表各行得分之和 99" in finding(evaluate(folder), "S015").message


# ── the unit by its own rules ──

UNIT_PROJECTS = """
项目编号 | 项目名称   | 项目类型 | 开始日期   | 结束日期
P01      | 道路维修   |          | 2021-01-01 | 2021-12-31
unit     | 甲县财政局 | 部门整体 | 2021-01-01 | 2021-12-31
"""
UNIT_TARGETS = """
项目编号 | 一级指标       | 二级指标       | 三级指标   | 指标值
P01      | 产出指标       | 数量指标       | 维修里程   | ≥20公里
unit     | 部门决策(25分) | 目标制定       | 目标完整率 | ≥100%
unit     | 综合管理       | 预算管理       | 支付率     | ≥100%
unit     | 部门绩效       | 履职           | 任务完成率 | ≥100%
"""
UNIT_ACTUALS = """
项目编号 | 二级指标 | 三级指标   | 实际完成值
P01      | 数量指标 | 维修里程   | 20公里
unit     | 目标制定 | 目标完整率 | 100%
unit     | 预算管理 | 支付率     | 90%
unit     | 履职     | 任务完成率 | 100%
"""
UNIT_TOML = '[evaluation]\nyear = 2019\nunit = "甲县财政局"\nrules = "mof-2020"\nunit_rules = "{}"\n'


def unit_evaluation(tmp_path, profile):
    return make_evaluation(
        tmp_path, projects=UNIT_PROJECTS, targets=UNIT_TARGETS, actuals=UNIT_ACTUALS, toml=UNIT_TOML.format(profile),
        budget="项目编号 | 年初预算数 | 全年预算数 | 全年执行数\nP01 | 100 | 100 | 100\nunit | 100 | 100 | 100",
    )  # fmt: skip


def test_the_unit_is_scored_by_rules_of_its_own(tmp_path):
    folder = unit_evaluation(tmp_path, "sichuan-unit")
    card = scored(folder)
    assert (card["rules"]["id"], card["unit_rules"]["id"]) == ("mof-2020", "sichuan-unit")
    assert "execution.points" in {source["value"] for source in card["unit_rules"]["sources"]}
    assert [indicator["weight"] for indicator in card["unit"]["indicators"]] == ["25.00", "30.00", "45.00"]
    assert (card["unit"]["budget"]["weight"], card["unit"]["total"], card["unit"]["grade"]) == ("0.00", "97.00", "优")
    assert card["projects"][0]["budget"]["weight"] == "10.00"
    assert [level["name"] for level in card["unit"]["level1"]] == ["部门决策", "综合管理", "部门绩效"]
    evaluated = evaluate(folder)
    assert not {"W002", "W003", "W006", "W007"} & {d.code for d in evaluated.diagnostics if d.project == "unit"}
    said = explained(evaluated.result, Wanted())
    assert "unit 甲县财政局（规则 sichuan-unit）" in said


def test_without_unit_rules_the_unit_goes_by_those_of_its_projects(tmp_path):
    folder = unit_evaluation(tmp_path, "mof-2020")
    assert scored(folder)["unit"]["budget"]["weight"] == "10.00"
    assert "unit_rules" not in scored(folder)
    assert "W007" in codes(evaluate(folder))


def test_unit_rules_that_are_not_there_are_refused(tmp_path):
    evaluated = evaluate(unit_evaluation(tmp_path, "四川"))
    assert evaluated.result is None
    assert "没有“四川”这套规则" in finding(evaluated, "R001").message


@pytest.mark.slow
def test_a_pack_of_a_unit_by_its_own_rules_agrees_with_itself(tmp_path, monkeypatch):
    unit_evaluation(tmp_path / "inputs", "sichuan-unit")
    monkeypatch.chdir(tmp_path)
    assert run(["pack"]) in (0, 1)
    (zip_,) = (tmp_path / "out").rglob("*.zip")
    verdict = verify_pack(zip_)[0]
    assert verdict.problem == ""
    assert [check.differences for check in verdict.checks if check.differences] == []


def test_the_points_of_a_profiles_own_levels_stand_behind_the_usual_columns():
    rules, _ = load_rules("yinchuan-2021", 2021)
    assert own_levels(rules) == ("项目决策", "项目管理")
    assert summary_head(own_levels(rules)).strip().endswith("等级,项目决策得分,项目管理得分")


# ── on the page ──

GOALS = """
一级指标   | 二级指标       | 三级指标   | 指标值  | 分值 | 评分方法 | 评分标准        | 年度绩效目标
产出指标   | 数量指标       | 维修里程   | ≥20公里 | 40   |          | 每少1公里扣5分  | 目标1
产出指标   | 数量指标       | 其中：县道 | ≥12公里 |      | 不计分   |                 | 目标1
产出指标   | 质量指标       | 完好率     | ≥95%    | 20   |          |                 | 目标2
满意度指标 | 服务对象满意度 | 群众满意度 | ≥90%    | 30   |          |                 | 目标2
"""
DONE = """
二级指标       | 三级指标   | 实际完成值
数量指标       | 维修里程   | 20公里
数量指标       | 其中：县道 | 11公里
质量指标       | 完好率     | 96%
服务对象满意度 | 群众满意度 | 93%
"""


@pytest.mark.slow
def test_goals_details_criteria_and_printed_figures_stand_in_every_format(tmp_path, monkeypatch):
    projects = PRINTED.format("100", "优", "9")
    make_evaluation(tmp_path / "inputs", targets=GOALS, actuals=DONE, projects=projects)
    monkeypatch.chdir(tmp_path)
    assert run(["build", "--format", "html,pdf,xlsx,docx"]) == 0
    folder = tmp_path / "out" / "甲县-2021" / "projects" / "P01"
    assert run(["verify", str(folder / "report.pdf")]) == 0
    book = load_workbook(folder / "report.xlsx")
    texts = {
        "html": (folder / "report.html").read_text(encoding="utf-8"),
        "xlsx": "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row),
        "docx": "\n".join(t.text or "" for t in Document(folder / "report.docx").element.iter(qn("w:t"))),
        "pdf": "".join(page.extract_text() for page in PdfReader(folder / "report.pdf").pages),
    }
    for kind, text in texts.items():
        flat = "".join(text.split())
        for words in (
            "目标1：产出",
            "目标2：满意度",
            "每少1公里扣5分",
            "明细行，只列示，不计分",
            "原表执行率得分9.00分",
        ):
            assert words in flat, (kind, words)
    weights = {cell for row in book["自评表"].iter_rows(values_only=True) for cell in row if isinstance(cell, str)}
    assert {"目标1：产出指标\n40分", "目标2：产出指标\n20分"} <= weights


def test_a_review_of_rows_under_goals_lists_them_all(tmp_path):
    review = """
    二级指标 | 三级指标 | 复核得分 | 复核意见 | 复核人
    质量指标 | 完好率   | 18       | 抽查一处不合格 | 李四
    """
    result = evaluate(make_evaluation(tmp_path, targets=GOALS, actuals=DONE, review=review)).result
    lines = project_document(result, result.scorecards[0]).review.lines
    assert [line.name for line in lines if line.kind == "row"] == ["维修里程", "其中：县道", "完好率", "群众满意度"]
