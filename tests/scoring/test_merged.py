"""Projects of one name put together as a form says: counts added, rates and tiers weighted by funds, then scored."""

from __future__ import annotations

import pytest
from evaluations import make_evaluation

from selfeval.cli.app import run
from selfeval.evaluation.pipeline import evaluate
from selfeval.report.pages.document import summary_document

TOML = '[evaluation]\nyear = 2021\nunit = "某市农业农村局"\nrules = "{rules}"\n'
PROJECTS = """
项目编号 | 项目名称 | 实施单位
P01 | 长江禁捕补偿 | 甲县
P02 | 长江禁捕补偿 | 乙县
"""
BUDGET = """
项目编号 | 资金来源 | 年初预算数 | 全年预算数 | 全年执行数
P01 | 财政拨款 | 1000000 | 1000000 | 900000
P01 | 其他资金 | 9000000 | 9000000 | 9000000
P02 | 财政拨款 | 3000000 | 3000000 | 3000000
"""
ROWS = (
    # 一级, 二级, 三级, 分值, P01's target, actual and tier, P02's
    ("产出指标", "数量指标", "补贴渔船数", 20, ("≥100艘", "90艘", ""), ("≥300艘", "310艘", "")),
    ("产出指标", "质量指标", "补贴发放率", 20, ("≥100%", "90%", ""), ("≥100%", "100%", "")),
    ("效益指标", "社会效益", "渔民生计", 20, ("明显改善", "有改善", "部分达成"), ("明显改善", "改善", "达成")),
    ("产出指标", "时效指标", "完成时间", 10, ("12月底前", "2021年12月20日", ""), ("12月底前", "2021年12月25日", "")),
    ("满意度指标", "服务对象", "渔民满意度", 10, ("≥90%", "95%", ""), ("≥90%", "80%", "")),
)


def evaluation(tmp_path, rules="hubei", change=lambda _row: None):
    """Two projects of one name; `change` has a look at the second's rows of targets.csv."""
    targets, actuals = [], []
    for at, id_ in enumerate(("P01", "P02")):
        for level1, level2, level3, weight, *both in ROWS:
            target, actual, tier = both[at]
            key = {"项目编号": id_, "二级指标": level2, "三级指标": level3}
            row = key | {"一级指标": level1, "指标值": target, "分值": str(weight)}
            if id_ == "P02":
                change(row)
            targets.append(row)
            actuals.append(key | {"实际完成值": actual, "完成档次": tier, "偏差原因分析及改进措施": "汛期影响，已补办"})
    return make_evaluation(tmp_path, targets, actuals, BUDGET, PROJECTS, TOML.format(rules=rules))


def told(folder):
    """What the summary says of merged projects, line by line."""
    parts = summary_document(evaluate(folder).result).parts
    return [block.text for part in parts if "合并计分" in part.title for block in part.blocks]


def test_counts_are_added_rates_and_tiers_weighted_by_funds_and_scored_after_that(tmp_path):
    assert told(evaluation(tmp_path))[1:] == [
        "长江禁捕补偿（P01、P02）",
        "全年预算400万元，全年执行390万元，预算执行率97.50%，得19.50分。",
        "“补贴渔船数”（2个项目，20分）：指标值≥400艘，完成值400艘，得20.00分。",
        "“补贴发放率”（2个项目，20分）：指标值≥100%，完成值97.5%，得19.50分。",
        "“渔民生计”（2个项目，20分）：各项目的得分按资金加权平均，得18.50分。",
        "“完成时间”（2个项目，10分）：没有合并，表上没有说这类目标怎样合并。",
        "“渔民满意度”（2个项目，10分）：指标值≥90%，完成值83.75%，得9.31分。",
        "合并得分86.81分（可计分值90分，其余没有合并）。",
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"分值": "15"}, "各项目的分值不同"),
        ({"指标值": "≥300人"}, "各项目的计量单位不同"),
        ({"指标值": "≤300艘"}, "各项目的方向不同"),
        ({"指标值": "300—400艘"}, "各项目的目标的类别不同"),
    ],
)
def test_rows_that_are_not_of_one_kind_are_not_merged(tmp_path, change, said):
    def changed(row):
        if row["三级指标"] == "补贴渔船数":
            row |= change

    (line,) = [line for line in told(evaluation(tmp_path, change=changed)) if line.startswith("“补贴渔船数”")]
    assert line == f"“补贴渔船数”（2个项目，20分）：没有合并，{said}。"


def test_only_rules_that_say_so_merge_and_no_projects_points_change(tmp_path):
    assert told(evaluation(tmp_path / "b", "mof-2020")) == []
    first, *_ = evaluate(evaluation(tmp_path / "c")).result.scorecards
    assert (f"{first.total}", f"{first.budget.points}") == ("88.00", "18.00")


def test_a_pack_with_merged_projects_is_verified(tmp_path):
    folder = evaluation(tmp_path)
    assert run(["-q", "pack", str(folder), "--out", str(tmp_path / "out")]) in {0, 1}
    (pack,) = (tmp_path / "out").glob("*.zip")
    assert run(["-q", "verify", str(pack)]) == 0
