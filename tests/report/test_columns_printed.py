"""What a form may carry beside its figures is printed in every format, and held against the rules where it can be."""

from __future__ import annotations

import pytest
from attempts import slow
from evaluations import TOML, make_evaluation, table_bytes
from printed import printed

from selfeval.building.request import Request
from selfeval.building.run import build
from selfeval.evaluation.pipeline import evaluate
from selfeval.report import engines

TARGETS = """
一级指标 | 二级指标 | 三级指标 | 指标值 | 分值 | 评分方法 | 评分标准 | 年度绩效目标
产出指标 | 数量指标 | 维修里程 | ≥20公里 | 50 |  | 每少一公里扣两分五 | 目标1：修好路（50分）
产出指标 | 数量指标 | 其中：支线 | ≥5公里 |  | 不计分 |  | 目标1：修好路（50分）
效益指标 | 社会效益 | 惠及人口 | ≥1000人 | 30 |  | 按花名册核对 | 目标2：让人满意（45分）
满意度指标 | 服务对象 | 群众满意度 | ≥90% | 10 |  | 问卷不少于百份 | 目标2：让人满意（45分）
"""
ACTUALS = """
二级指标 | 三级指标 | 实际完成值
数量指标 | 维修里程 | 20公里
数量指标 | 其中：支线 | 6公里
社会效益 | 惠及人口 | 1200人
服务对象 | 群众满意度 | 95%
"""
PROJECTS = """
项目编号 | 项目名称 | 原表总分 | 原表等级 | 原表执行率得分
P01 | 道路维修 | 98.76 | 良 | 8.54
"""
PRINTED = {
    "评分标准": ("每少一公里扣两分五", "按花名册核对", "问卷不少于百份"),
    "年度绩效目标": ("目标1：修好路", "目标2：让人满意"),
    "不计分": ("其中：支线", "6公里", "明细行，只列示，不计分"),
    "原表总分": ("原表总分98.76分",),
    "原表等级": ("原表等级“良”",),
    "原表执行率得分": ("原表执行率得分8.54分",),
}
UNSCORED = {"年度绩效目标": PRINTED["年度绩效目标"], "不计分": ("其中：支线", "6公里")}
"""What is left to print of a form without scores."""

COMPARED = {"原表总分": "S012", "原表等级": "S013", "原表执行率得分": "S014", "年度绩效目标": "W011"}


def folder(tmp_path, layout="national"):
    toml = TOML + f'[report]\nlayout = "{layout}"\n'
    return make_evaluation(tmp_path, TARGETS, ACTUALS, projects=PROJECTS, toml=toml)


@pytest.mark.slow
@pytest.mark.parametrize("engine", [engines.TYPST, *slow(engines.WEASYPRINT)])
@pytest.mark.parametrize(
    ("layout", "expected"),
    [("transfer", UNSCORED), *slow(("national", PRINTED), ("sichuan", PRINTED), ("hubei", PRINTED))],
)
def test_every_column_is_printed_in_every_format(tmp_path, layout, expected, engine):
    result = evaluate(folder(tmp_path, layout)).result
    kinds = ("html", "pdf", "xlsx", "docx")
    made = build(result, Request(tmp_path, kinds, pdf_engine=engine)).folder / "projects" / "P01"
    for kind in kinds:
        text = printed(made / f"report.{kind}")
        for column, words in expected.items():
            assert [word for word in words if word not in text] == [], (kind, column)


@pytest.mark.slow
@pytest.mark.parametrize("engine", [engines.TYPST, *slow(engines.WEASYPRINT)])
@pytest.mark.parametrize("layout", ["national", *slow("sichuan")])
def test_the_rows_of_the_whole_unit_have_them_printed_too(tmp_path, layout, engine):
    """部门整体 has no report of its own: what its rows say stands in the summary, on paper as well."""
    made = folder(tmp_path, layout)
    projects = "项目编号 | 项目名称 | 项目类型\nP01 | 甲县财政局 | 部门整体\nP02 | 道路维修 | "
    (made / "projects.csv").write_bytes(table_bytes(projects))
    result = evaluate(made).result
    kinds = ("html", "pdf", "xlsx")
    out = build(result, Request(tmp_path / "out", kinds, pdf_engine=engine)).folder
    for kind in kinds:
        text = printed(out / f"summary.{kind}")
        for column in ("评分标准", "年度绩效目标"):
            assert [word for word in PRINTED[column] if word not in text] == [], (kind, column)
        assert "其中：支线" in text, kind


@pytest.mark.slow
def test_a_number_in_the_standard_of_a_row_is_masked_for_the_public(tmp_path):
    made = folder(tmp_path)
    (made / "targets.csv").write_bytes(table_bytes(TARGETS.replace("按花名册核对", "问13812345678")))
    out = build(evaluate(made).result, Request(tmp_path / "out", ("html", "xlsx"), public=True)).folder
    for file in ("summary.xlsx", "projects/P01/report.xlsx", "projects/P01/report.html"):
        text = printed(out / file)
        assert "13812345678" not in text, file
        assert "138******78" in text, file


@pytest.mark.parametrize(("column", "code"), COMPARED.items())
def test_a_column_that_can_be_compared_is(tmp_path, column, code):
    found = {d.code: d.message for d in evaluate(folder(tmp_path)).diagnostics}
    assert code in found, column
    if column == "年度绩效目标":
        assert found[code] == "“目标2：让人满意（45分）”标明 45 分，其下各行合计 40 分"
