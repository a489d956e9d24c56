"""The further columns of the tables: detail rows, 评分标准, 年度绩效目标, and what an imported form printed."""

from __future__ import annotations

import csv
import io

import pytest
from evaluations import codes, finding, make_evaluation, scored

from selfeval.evaluation.exports import scores_csv
from selfeval.evaluation.pipeline import evaluate
from selfeval.report.text.explain import Wanted, explained

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
