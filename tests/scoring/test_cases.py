"""Six tables that units have published, with what a person who reads them comes to.

`cases/*.json` holds the printed facts and where they were published. 原表得分 carries the printed score, so that every
slip of the original arithmetic is found and none is taken over.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from evaluations import codes, indicators, make_evaluation, scored

from selfeval.evaluation.pipeline import evaluate

CASES = {
    file.stem: json.loads(file.read_text(encoding="utf-8"))
    for file in sorted((Path(__file__).parents[1] / "cases").glob("*.json"))
}
CHIZHOU, EZHOU, JINGHU, JINZHAI, YONGDE, ZHONGJIANG = CASES

# (三级指标 as far as it is needed, points or None, codes that must be found about it)
ROWS = {
    EZHOU: [
        ("服务对象人数", "15.00", ()),
        ("服务达标率", "20.00", ("W008",)),  # 一级 is blank; 质量 belongs to 产出
        ("完成时限", "15.00", ()),  # 2019年 for 2019年
        ("计划完成率", "13.33", ("S004",)),  # 60% ÷ 90% × 20; printed 10
        ("财政工作运行效率", "15.00", ("V005",)),  # ≥80% as the actual
        ("受益群体满意度", "15.00", ()),
    ],
    CHIZHOU: [
        ("补助村(社区)数量", "8.00", ()),
        ("保障村干部人数", "8.00", ()),
        ("补助资格合规性", "8.00", ("V010",)),  # 达成预期指标
        ("经费审批流程规范性", "8.00", ()),
        ("补助经费到位及时性", "8.00", ()),
        ("项目总成本", "10.00", ()),  # 132.9 万元 for ≤202.6万元
        ("对保障村(社区)两委机构正常运行的影响程度", "10.00", ()),
        ("提高村(社区)干部工作积极性的影响程度", "10.00", ()),
    ],
    # No weights printed: 90 points over 数量, 时效, 成本; 30 over three rows of 数量.
    JINGHU: [
        ("有需求的困难残疾人得到残疾人基本康复服务比例", "10.00", ()),
        ("资助接受托养服务人次数", "10.00", ()),
        ("发放残疾人机动轮椅车燃油补贴人次数", "9.11", ("S005",)),  # 164 ÷ 180 × 10
        ("项目完成时间", "30.00", ("V011",)),  # 在规定时间内完成
        ("残疾人机动轮椅车燃油补贴年均补助标准", None, ("V004",)),  # 按该标准发放
    ],
    JINZHAI: [
        ("指标1:开展精品示范村建设数量", "10.00", ()),  # ≤4, 4: written the wrong way round, met all the same
        ("指标2:建设美丽宜居自然村庄数量", "10.00", ()),
        ("指标3:完成农村户用卫生厕所改造数量", "10.00", ("S007",)),  # 3061 ÷ 2000, no reason
        ("指标4:新建省级中心村数量", "10.00", ()),
        ("指标1:美丽宜居自然村庄验收通过率", "5.00", ()),
        ("指标2:户用卫生厕所改造验收通过率", "5.00", ()),
        ("指标1:完成美丽宜居自然村庄验收时间", "5.00", ()),  # 9月前, 7月
        ("指标2:完成户用卫生厕所改造验收时间", "5.00", ()),  # 11月前, 10月
    ],
    YONGDE: [
        ("学生受资助人数", "10.00", ()),  # ≧735人次, 735
        ("营养改善计划覆盖率", "10.00", ()),
        ("资金到位及时率", "10.00", ("S004",)),  # 100% of 100%; printed 7
        ("生均补助标准达标率", "10.00", ()),
        ("减轻贫困学生家庭经济负担", None, ("V009",)),  # 有效 is no tier
        ("政策知晓率", "9.80", ("S004", "S005")),  # 98% ÷ 100% × 10; printed 9
        ("促进学校教育事业健康发展", "10.00", ()),
        ("学生满意度", "10.00", ()),
        ("家长满意度", "10.00", ()),
    ],
    ZHONGJIANG: [
        ("安装坡面水标尺", "10.00", ("V005",)),  # ≥266米 copied from the target
        ("水标尺宽度", "10.00", ("V005",)),
        ("项目(工程)验收合格率", "20.00", ()),
        ("及时(按期)开工率", "10.00", ("V005",)),
        ("及时(按期)完工率", "10.00", ("V005",)),
        ("项目计划总投资", "10.00", ()),
        ("受益脱贫(含监测对象)户人口数", "10.00", ("V005",)),
        ("群众生产生活条件改善状况", None, ("V009",)),  # 显著提升 is no tier
        ("受益脱贫(含监测对象)户满意度", "10.00", ("V005",)),
    ],
}
PROJECTS = {  # rate, points of the budget, total, counted, codes about the project
    EZHOU: ("0.59581882", "5.96", "99.29", "110.00", ("W002", "B003")),  # 171 ÷ 287; weights make 110
    CHIZHOU: ("1.00000000", "10.00", "80.00", "80.00", ("B007", "W002")),  # 202.64 → 132.912 unexplained
    JINGHU: ("1.00000000", "10.00", "69.11", "70.00", ("S009",)),
    JINZHAI: ("1.02589684", "10.00", "70.00", "70.00", ("B004", "W002")),  # 338.31 of 329.77 万元
    YONGDE: ("1.00000000", "10.00", "89.80", "90.00", ("T025", "S009")),  # an empty 生态效益 row
    ZHONGJIANG: ("1.00000000", "10.00", "100.00", "100.00", ("W002", "W003")),  # 70/20/10 + 10 = 110
}


def text(value):
    return "" if value is None else str(value)


@pytest.fixture(params=CASES)
def case(request):
    return request.param


@pytest.fixture
def folder(case, tmp_path):
    return made(case, tmp_path)


def made(case, tmp_path):
    """The published table as an evaluation."""
    facts = CASES[case]
    money = facts["budget"]["unit"]
    names = [{"二级指标": row["level2"], "三级指标": row["level3"]} for row in facts["rows"]]
    return make_evaluation(
        tmp_path,
        name=case,
        toml="\n".join(
            ["[evaluation]", f"year = {facts['year']}", f'unit = "{facts["unit"]}"', f'money_unit = "{money}"']
        ),
        projects=[{"项目名称": facts["project"], "开始日期": f"{facts['year']}-01-01"}],
        budget=[
            {"资金来源": "财政拨款"}
            | {
                name: text(facts["budget"][key])
                for name, key in {"年初预算数": "initial", "全年预算数": "adjusted", "全年执行数": "executed"}.items()
            }
        ],
        targets=[
            name | {"一级指标": row["level1"], "指标值": row["target"], "分值": text(row["weight"])}
            for name, row in zip(names, facts["rows"], strict=True)
        ],
        actuals=[
            name
            | {"实际完成值": row["actual"], "原表得分": text(row["score"]), "偏差原因分析及改进措施": row["reason"]}
            for name, row in zip(names, facts["rows"], strict=True)
        ],
    )


def test_every_row_gets_what_the_rule_gives(case, folder):
    rows = indicators(folder)
    assert {name: row["points"] for name, row in rows.items()} == {name: points for name, points, _ in ROWS[case]}
    missing = {name: set(wanted) - set(rows[name]["diagnostics"]) for name, _, wanted in ROWS[case]}
    assert not {name: lacking for name, lacking in missing.items() if lacking}


def test_budget_total_and_findings_of_the_project(case, folder):
    rate, execution, total, counted, wanted = PROJECTS[case]
    (project,) = scored(folder)["projects"]
    assert (project["budget"]["rate"], project["budget"]["points"]) == (rate, execution)
    assert (project["total"], project["counted"]) == (total, counted)
    assert set(wanted) <= set(codes(evaluate(folder)))


def test_a_printed_score_is_only_compared_and_every_slip_is_found(case, folder):
    printed = {row["level3"]: row["score"] for row in CASES[case]["rows"]}
    for name, row in indicators(folder).items():
        differs = printed[name] is not None and row["points"] is not None and float(row["points"]) != printed[name]
        assert ("S004" in row["diagnostics"]) == differs
        assert row["override"] is None


def test_an_actual_copied_with_its_comparator_is_read_as_its_number(tmp_path):
    facts = CASES[ZHONGJIANG]["rows"][0]
    assert facts["actual"] == "≥266米"
    folder = make_evaluation(
        tmp_path,
        targets=[
            {
                "一级指标": "产出指标",
                "二级指标": "数量指标",
                "三级指标": "水标尺",
                "指标值": facts["target"],
                "分值": "90",
            }
        ],
        actuals=[{"二级指标": "数量指标", "三级指标": "水标尺", "实际完成值": facts["actual"]}],
    )
    actual = indicators(folder)["水标尺"]["actual"]
    assert (actual["text"], actual["value"], actual["unit"]) == ("≥266米", "266", "米")


def test_money_is_kept_in_yuan_with_all_its_digits(case, folder):
    (project,) = scored(folder)["projects"]
    scale = 1 if CASES[case]["budget"]["unit"] == "元" else 10000
    assert float(project["budget"]["executed"]) == pytest.approx(CASES[case]["budget"]["executed"] * scale)
    assert "E" not in project["budget"]["executed"]
