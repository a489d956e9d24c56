"""Forms as units publish them: what a careful person reads in them is what an import reads, or it leaves it open."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from importing.field_forms import FAULTS, FORMS, differences, seen, tables_in, truth_of

from selfeval.importing.run import import_forms

RETYPED = sorted(f"{path.parent.name}/{path.name}" for path in FORMS.glob("*/*") if path.stem in {"retyped", "piped"})
PAGES = sorted(f"{path.parent.name}/{path.name}" for path in FORMS.glob("*/input.*"))
RUN_ON = {
    "chongqing_media_center_2021_dept", "hubei_yangtze_fishing_ban_2020", "langzhong_vehicle_tax_2021",
    "ningde_history_office_2019_dept", "putuo_demolition_2026",
}  # fmt: skip
OTHER_SCRIPT = {"lijiang_satellite_enforcement_2020"}
BESIDE_THE_TRUTH = {"dazhou_dept_scoring_2018": {"invented: 部门特性指标", "the unit itself read as 'input.md'"}}
"""What stands on the page beside what the truth lists: a row without points, and no title."""


@pytest.mark.parametrize("file", RETYPED)
def test_a_published_form_is_read_as_a_person_reads_it(tmp_path, file) -> None:
    import_forms([FORMS / file], tmp_path / "e")
    assert differences(truth_of(file.split("/")[0]), tmp_path / "e") == []


@pytest.mark.parametrize("file", PAGES)
def test_the_text_of_a_page_is_read_right_or_left_open(tmp_path, file) -> None:
    form = file.split("/")[0]
    outcome = import_forms([FORMS / file], tmp_path / "e")
    if form in RUN_ON | OTHER_SCRIPT:
        assert outcome.nothing
        assert ("繁体字" if form in OTHER_SCRIPT else "连成一片") in outcome.problems[0]
        return
    wrong = [d for d in differences(truth_of(form), tmp_path / "e") if not d.startswith("missing") and "as ''" not in d]
    assert set(wrong) <= BESIDE_THE_TRUTH.get(form, set())
    if form == "huangshi_party_school_2022":  # two columns of values, one of them blank and dropped: nobody can tell
        unread = [f["text"] for f in report(tmp_path / "e")["fates"] if f["fate"] == "unknown"]
        assert {"280人次", "≥95%"} <= set(unread)


def report(into) -> dict:
    return json.loads((into / "import-report.json").read_text(encoding="utf-8"))


# ── one fault each: (name, target, actual, points, score) of every row, the budget, fields of the project ──

PLAIN = [
    ("培训人次", "100", "95", "10", ""),
    ("合格率", "≥95%", "96%", "40", ""),
    ("学员满意度", "≥90", "92", "10", ""),
]
TRAINED = ("培训人次", "≥100人", "95人", "10", "9.5")
NO_TARGET = [("年度资金支付完成率100%", "", "95%", "10", "9.5"), ("培训人次", "≥100人", "95人", "40", "38")]
BUILT = [
    ("建设普通省道二级公路32.1公里", "20", "20", "", ""), ("建设符合验收要求", "20", "20", "", ""),
    ("按期完成投资", "10", "10", "", ""), ("对经济发展的促进作用", "10", "10", "", ""),
    ("基本公共服务水平", "10", "10", "", ""), ("交通建设符合环评审批要求", "10", "10", "", ""),
    ("改善通行服务水平群众满意度", "20", "20", "", ""),
]  # fmt: skip
ROWS = {
    "m01_score_blank_shifts.xlsx": PLAIN, "m01b_score_blank_shifts.docx": PLAIN, "m01c_score_blank_shifts.pdf": PLAIN,
    "m01d_score_blank_shifts.txt": PLAIN,
    "m02_weight_first_subrows.xlsx": [
        ("种植面积（亩）", "30", "30", "20", "20"),
        ("其中：桃树", "10", "10", "", ""), ("其中：苹果", "20", "20", "", ""),
        ("受益人口", "90人", "90人", "30", "30"), ("满意度", "≥95%", "96%", "10", "10"),
    ],
    "m03_amount_row_without_label.xlsx": [TRAINED],
    "m04_nature_words.xlsx": [("培训人次", "100人次", "95", "10", "9.5"), ("管理健全性", "高", "高", "30", "30")],
    "m05_label_swallowed.xlsx": [TRAINED], "m05b_unit_swallowed.xlsx": [("培训人次", "≥100人", "", "", "")],
    "m06_tick_behind.docx": [TRAINED], "m07_amount_with_wan.xlsx": [("救助人次", "≥50000人次", "110406", "", "")],
    "m08_second_heading_row.docx": [("培训人次", "280人次", "", "", ""), ("学员满意度", "≥95%", "", "", "")],
    "m09_rows_behind_total.docx": [TRAINED],
    "m10_flat_total_row.xlsx": [("村组干部", "≥230个", "", "10", ""), ("群众满意度", "≥95%", "", "10", "")],
    "m11_pipes_without_leading_bar.md": [TRAINED, ("合格率", "≥95%", "96%", "10", "10")],
    "m12_whole_unit_without_name.xlsx": [TRAINED],
    "m13_level_points_newline.docx": [
        ("养护里程", "300公里", "300公里", "", "15"), ("合格率", "100%", "100%", "", "12"),
    ],
    "m14_annual_beside_total.xlsx": [("完成年度拆违计划", "=100.00(%)", "", "", "")],
    "m15_points_in_value_columns.docx": BUILT,
    "m16_values.xlsx": [
        ("完成计划", "=100.00(%)", "100%", "10", "10"), ("经费", "﹦72890元", "72890", "10", "9"),
        ("审稿率", "1", "1", "10", "10"), ("补贴期限", "2020.1.1-2020.12.31", "2020.1.1-2020.12.31", "10", "10"),
        ("补贴标准", "71.86元/平方米", "71.86", "10", "10"), ("事件发生数", "0起", "0起", "30", "30"),
        ("满意度", "90%", "≥90%", "10", "10"),
    ],
    "m17_target_blank_actual_given.xlsx": NO_TARGET, "m17b_target_blank_actual_given.docx": NO_TARGET,
    "m18_money_unit_in_unknown_label.xlsx": [("书籍", "≥2本", "2本", "10", "10")],
    "m19_transfer_management_rows.docx": [("救助人次", "≥50人次", "60", "", "")],
    "m20_cell_per_line_bar.md": [],
    "m21_level_column_unknown_heading.xlsx": [
        ("享受资助人数", "2100", "", "10", ""), ("资助对象满意度", "95%以上", "", "10", ""),
        ("及时发放率", "100%", "", "20", ""),
    ],
    "m22_value_heading_unknown.xlsx": [
        ("日常维修次数", "≥280次", "", "", ""),
        ("安检巡察次数", "200次", "", "", ""), ("验收合格率", ">92%", "", "", ""),
    ],
}  # fmt: skip
BUDGETS = {
    "m03_amount_row_without_label.xlsx": [("财政拨款", "1200", "1500", "1140")],
    "m07_amount_with_wan.xlsx": [
        ("中央财政资金", "", "829.3", "829.3"), ("彩票公益金用于医疗救助", "", "0", "0"),
        ("地方资金", "", "2530.32", "2530.32"),
    ],
    "m10_flat_total_row.xlsx": [("财政拨款", "3309840.00", "", "")],
    "m14_annual_beside_total.xlsx": [
        ("当年财政拨款", "3498000.00", "", ""), ("上年结转资金", "0.00", "", ""), ("其他资金", "0.00", "", ""),
    ],
    "m18_money_unit_in_unknown_label.xlsx": [("项目支出", "60.8", "", ""), ("基本支出", "110.61", "", "")],
    "m19_transfer_management_rows.docx": [("中央财政资金", "", "100", "100")],
    "m20_cell_per_line_bar.md": [("财政拨款", "4000", "4000", "4000")],
}  # fmt: skip
FIELDS = {
    "m05_label_swallowed.xlsx": {
        "项目名称": "甲项目", "项目负责人": "张三", "联系电话": "0557-0000000", "主管部门": "乙局",
    },
    "m05b_unit_swallowed.xlsx": {"项目名称": "乙局", "项目类型": "部门整体"},
    "m06_tick_behind.docx": {"项目类型": "市直专项", "项目属性": "持续性项目"},
    "m10_flat_total_row.xlsx": {"项目名称": "村组干部报酬", "实施单位": "820001-甲镇人民政府"},
    "m12_whole_unit_without_name.xlsx": {"项目编号": "unit", "项目类型": "部门整体"},
    "m20_cell_per_line_bar.md": {"项目名称": "怀远县农村黑臭水体治理试点项目", "主管部门": "062-某分局"},
    "m21_level_column_unknown_heading.xlsx": {"项目名称": "高中助学金项目"},
}  # fmt: skip
SETTINGS = {
    "m03_amount_row_without_label.xlsx": 'money_unit = "万元"',
    "m07_amount_with_wan.xlsx": 'money_unit = "万元"',
    "m15_points_in_value_columns.docx": 'layout = "transfer"',
    "m18_money_unit_in_unknown_label.xlsx": 'money_unit = "万元"',
    "m19_transfer_management_rows.docx": 'layout = "transfer"',
}


@pytest.fixture
def fault(tmp_path):
    """A reader of one of the faults: its tables and its folder."""

    def read(file: str):
        import_forms([FAULTS / file], tmp_path / "e")
        return tables_in(tmp_path / "e"), tmp_path / "e"

    return read


def test_every_fault_has_its_reading() -> None:
    assert {path.name for path in FAULTS.iterdir()} == set(ROWS)


@pytest.mark.parametrize("file", ROWS)
def test_a_fault_moves_nothing(fault, file) -> None:
    tables, _ = fault(file)
    rows = [seen(target, actual) for target, actual in zip(tables["targets"], tables["actuals"], strict=True)]
    assert [(r["level3"], r["target_text"], r["actual_text"], r["weight"], r["score"]) for r in rows] == ROWS[file]
    assert len(tables["projects"]) == 1


@pytest.mark.parametrize("file", BUDGETS)
def test_a_faults_amounts_stand_where_they_stood(fault, file) -> None:
    tables, _ = fault(file)
    columns = ("资金来源", "年初预算数", "全年预算数", "全年执行数")
    assert [tuple(row[c] for c in columns) for row in tables["budget"]] == BUDGETS[file]


@pytest.mark.parametrize("file", FIELDS)
def test_a_faults_project_has_its_own_fields(fault, file) -> None:
    tables, _ = fault(file)
    (project,) = tables["projects"]
    assert {name: project[name] for name in FIELDS[file]} == FIELDS[file]


@pytest.mark.parametrize("file", SETTINGS)
def test_a_faults_settings_are_those_it_states(fault, file) -> None:
    _, into = fault(file)
    assert SETTINGS[file] in (into / "selfeval.toml").read_text(encoding="utf-8")


# ── what has a place now ──


def test_the_management_of_a_transfers_money_goes_to_its_headings(fault) -> None:
    _, into = fault("m19_transfer_management_rows.docx")
    text = (into / "narrative" / "P01.md").read_text(encoding="utf-8")
    assert "### 分配科学性\n\n资金分配科学\n" in text
    assert "### 下达及时性\n\n资金下达及时\n" in text
    assert "暂无" not in text


def test_causes_and_remedies_at_the_foot_go_to_the_narrative(fault) -> None:
    _, into = fault("m09_rows_behind_total.docx")
    assert "加强管理" in (into / "narrative" / "P01.md").read_text(encoding="utf-8")


def test_the_scores_of_a_review_go_to_the_review(fault) -> None:
    tables, _ = fault("m13_level_points_newline.docx")
    assert [(row["三级指标"], row["复核得分"]) for row in tables["review"]] == [("养护里程", "14"), ("合格率", "12")]


def test_details_are_shown_and_not_scored(fault) -> None:
    tables, _ = fault("m02_weight_first_subrows.xlsx")
    assert [row["评分方法"] for row in tables["targets"]] == ["", "不计分", "不计分", "", ""]


def test_points_typed_as_targets_are_doubtful(fault) -> None:
    _, into = fault("m15_points_in_value_columns.docx")
    assert any("像是把分值填进了指标值" in r["message"] for r in report(into)["remarks"] if r["sort"] == "doubtful")
    text = (into / "import-report.md").read_text(encoding="utf-8")
    assert text.index("## 可疑") < text.index("## 没有读懂")


def test_the_report_stands_beside_the_original(tmp_path) -> None:
    import_forms([FORMS / "huangshi_party_school_2022" / "input.md"], tmp_path / "e")
    text = (tmp_path / "e" / "import-report.md").read_text(encoding="utf-8")
    assert "| input.md 第 10 行第 3 格 | 280人次 | 没有读取 |" in text


def test_a_form_from_before_2020_has_the_rules_of_its_time(tmp_path) -> None:
    import_forms([FORMS / "ningde_history_office_2019_dept" / "retyped.docx"], tmp_path / "e")
    assert 'rules = "mof-2017"' in (tmp_path / "e" / "selfeval.toml").read_text(encoding="utf-8")


def test_the_command_says_what_is_doubtful_and_exits_with_1(tmp_path) -> None:
    from typer.testing import CliRunner

    from selfeval.cli.app import app

    source = str(FAULTS / "m15_points_in_value_columns.docx")
    result = CliRunner().invoke(app, ["import", source, "--into", str(tmp_path / "e")])
    assert result.exit_code == 1
    assert "可疑" in result.output
    assert (tmp_path / "e" / "targets.csv").exists()


def test_the_guides_real_form_goes_from_paper_to_report_as_it_says(tmp_path, monkeypatch) -> None:
    """Its commands are run, and every line it shows is one of what they print or of the report they write."""
    from typer.testing import CliRunner

    from selfeval.cli.app import app

    guide = (Path(__file__).parents[2] / "docs" / "import.md").read_text(encoding="utf-8")
    blocks = guide.split("## 一份真表")[1].split("\n## ")[0].split("```")[1::2]
    shutil.copy(FORMS / "xiaoxian_hexi_planting_2023" / "retyped.docx", tmp_path / "自评表.docx")
    monkeypatch.chdir(tmp_path)
    commands = [block.split()[1:] for block in blocks if block.startswith("\nselfeval ")]
    shown = "".join(CliRunner().invoke(app, command).output for command in commands)
    shown += (tmp_path / "张庄寨镇-2023" / "import-report.md").read_text(encoding="utf-8")
    lines = [line for block in blocks if block.startswith("text\n") for line in block.split("\n")[1:] if line]
    assert [command[0] for command in commands] == ["import", "check", "build"]
    assert [line for line in lines if line not in shown] == []
    scorecard = json.loads((tmp_path / "out" / "张庄寨镇-2023" / "scorecard.json").read_text(encoding="utf-8"))
    assert scorecard["projects"][0]["total"] == "90.00"


def test_printed_points_of_the_execution_rate_forbid_other_ones(tmp_path) -> None:
    """50 and 30 points of two levels leave 20, but the form prints 10 for the rate: its page ends early."""
    import_forms([FORMS / "xiaoxian_hexi_planting_2023" / "retyped.docx"], tmp_path / "e")
    assert 'rules = "mof-2020"' in (tmp_path / "e" / "selfeval.toml").read_text(encoding="utf-8")
