"""Approved forms in every format → the evaluation's tables, word for word, with nothing lost."""

from __future__ import annotations

import csv
import json
import shutil
from itertools import product, zip_longest
from pathlib import Path

import pytest
from attempts import slow, some
from importing import layouts
from importing.layouts import Grid

from selfeval.evaluation.pipeline import evaluate
from selfeval.importing.grid import tidied
from selfeval.importing.run import import_forms
from selfeval.importing.vocabulary import squeeze

HERE = Path(__file__).parents[1]
SEEDS = HERE / "importing" / "seeds"
INPUTS = HERE.parent / "inputs"
NAMES = ("mianyang-2021", "ningxia-2020")
CASES = json.loads((HERE / "importing" / "cases.json").read_text(encoding="utf-8"))
MADE_UP = {"总体目标完成情况"}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def shipped(name: str, table: str) -> list[dict[str, str]]:
    return rows(INPUTS / name / f"{table}.csv")


def imported(tmp_path: Path, content: bytes, name: str, *more: tuple[str, bytes], xlsx: bool = False):
    """The outcome of importing files of that content, and the folder."""
    paths = []
    for file, data in ((name, content), *more):
        paths.append(tmp_path / file)
        paths[-1].write_bytes(data)
    into = tmp_path / "甲单位-2021"
    return import_forms(paths, into, xlsx=xlsx), into


def report(into: Path) -> dict:
    return json.loads((into / "import-report.json").read_text(encoding="utf-8"))


def remarks(into: Path, sort: str) -> list[str]:
    return [r["message"] for r in report(into)["remarks"] if r["sort"] == sort]


def assert_same_as_shipped(into: Path, name: str) -> None:
    """The target side of an import is that of the shipped evaluation."""
    assert rows(into / "targets.csv") == shipped(name, "targets")
    for made, there in zip_longest(rows(into / "projects.csv"), shipped(name, "projects")):
        for column in set(there) - MADE_UP:
            assert made[column] == there[column], column
    columns = ("项目编号", "资金来源", "年初预算数")
    budget = [[row[c] for c in columns] for row in rows(into / "budget.csv")]
    assert budget == [[row[c] for c in columns] for row in shipped(name, "budget")]


def forms(name: str) -> list[Grid]:
    """The forms of a shipped evaluation, laid out with merged cells."""
    tables = (shipped(name, table) for table in ("projects", "budget", "targets"))
    return list((layouts.mianyang_grids if name.startswith("mianyang") else layouts.ningxia_grids)(*tables))


# ── the published forms ──


@pytest.mark.parametrize(("name", "indicators", "projects"), [("mianyang-2021", 75, 10), ("ningxia-2020", 41, 4)])
def test_the_published_text_gives_the_shipped_inputs_without_a_hand_edit(tmp_path, name, indicators, projects) -> None:
    outcome = import_forms([SEEDS / f"{name}.txt"], tmp_path / name)
    assert (outcome.indicators, outcome.projects, outcome.problems) == (indicators, projects, ())
    assert_same_as_shipped(tmp_path / name, name)
    assert (tmp_path / name / "targets.csv").read_bytes() == (INPUTS / name / "targets.csv").read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_year_unit_and_money_unit_come_from_the_forms(tmp_path, name) -> None:
    import_forms([SEEDS / f"{name}.txt"], tmp_path / name)
    made, there = (evaluate(folder).result.evaluation for folder in (tmp_path / name, INPUTS / name))
    for field in ("year", "unit", "department", "money_unit"):
        assert getattr(made, field) == getattr(there, field)


@pytest.mark.parametrize("name", NAMES)
def test_an_import_has_one_empty_row_per_indicator_to_fill_in(tmp_path, name) -> None:
    import_forms([SEEDS / f"{name}.txt"], tmp_path / name)
    actuals = rows(tmp_path / name / "actuals.csv")
    assert [(a["项目编号"], a["二级指标"], a["三级指标"]) for a in actuals] == [
        (t["项目编号"], t["二级指标"], t["三级指标"]) for t in shipped(name, "targets")
    ]
    assert not any(row[c] for row in actuals for c in ("实际完成值", "自评得分", "原表得分"))


def test_an_import_can_be_checked_at_once(tmp_path) -> None:
    import_forms([SEEDS / "ningxia-2020.txt"], tmp_path / "宁夏")
    codes = {d.code for d in evaluate(tmp_path / "宁夏").diagnostics if d.code[0] in "TP"}
    assert not codes


def test_both_published_texts_at_once_keep_each_projects_amounts(tmp_path) -> None:
    outcome = import_forms([SEEDS / f"{name}.txt" for name in NAMES], tmp_path / "两家")
    assert (outcome.projects, outcome.indicators) == (14, 116)
    budget = {(r["项目编号"], r["资金来源"]): r["年初预算数"] for r in rows(tmp_path / "两家" / "budget.csv")}
    assert budget["P01", "财政拨款"] == "900000.00"
    assert budget["P11", "财政拨款"] == "810000"
    assert budget["P13", "财政拨款"] == "2502000"
    assert any("换算成元" in message for message in remarks(tmp_path / "两家", "guessed"))


# ── the same tables in other formats ──

OFFICE = sorted({*layouts.WRITERS} - {"pdf"})
WRITTEN = [*some(product(NAMES, OFFICE), 4), *slow(*product(NAMES, ["pdf"]))]
"""Each evaluation in each format. A PDF of all projects takes seconds; a smaller one is read below."""


@pytest.mark.parametrize(("name", "kind"), WRITTEN)
def test_the_same_forms_with_merged_cells_give_the_same_tables(tmp_path, name, kind) -> None:
    outcome, into = imported(tmp_path, layouts.WRITERS[kind](forms(name)), f"{name}.{kind}")
    assert outcome.problems == ()
    assert_same_as_shipped(into, name)


@pytest.mark.parametrize(("name", "kind"), WRITTEN)
def test_slipped_cells_are_put_right_in_every_format(tmp_path, name, kind) -> None:
    _, into = imported(tmp_path, layouts.WRITERS[kind](layouts.seed_grids(name)), f"{name}.{kind}")
    assert_same_as_shipped(into, name)


@pytest.mark.parametrize("name", NAMES)
def test_each_table_on_a_sheet_of_its_own(tmp_path, name) -> None:
    grids = forms(name)
    if name.startswith("mianyang"):
        grids = [merged_below(*pair) for pair in zip(grids[::2], grids[1::2], strict=True)]
    _, into = imported(tmp_path, layouts.xlsx(grids, sheets=True), f"{name}.xlsx")
    assert_same_as_shipped(into, name)


def merged_below(upper: Grid, lower: Grid) -> Grid:
    """Two tables on one sheet."""
    both = Grid(upper.width, upper.title, dict(upper.cells), upper.height)
    both.put(both.height + 1, 0, lower.title[0], columns=4)
    at = both.height
    for (row, column), (text, rows_, columns) in lower.cells.items():
        both.put(at + row, column, text, rows_, columns)
    return both


def test_xls_keeps_merged_cells(tmp_path) -> None:
    outcome = import_forms([HERE / "importing" / "ningxia-2020.xls"], tmp_path / "宁夏")
    assert outcome.problems == ()
    targets = [t for t in rows(tmp_path / "宁夏" / "targets.csv") if t["项目编号"] != "P04"]
    assert targets == shipped("ningxia-2020", "targets")


def test_xls_shows_numbers_as_the_sheet_does(tmp_path) -> None:
    import_forms([HERE / "importing" / "ningxia-2020.xls"], tmp_path / "宁夏")
    values = [t["指标值"] for t in rows(tmp_path / "宁夏" / "targets.csv") if t["项目编号"] == "P04"]
    assert values == ["0.30%", "1200", "2020-12-31"]


@pytest.mark.slow
@pytest.mark.parametrize("size", [11, *slow(7, 13)])
def test_a_pdf_breaks_rows_over_pages_wherever_it_likes(tmp_path, size) -> None:
    from weasyprint import HTML

    data = HTML(string=layouts.as_html(layouts.seed_grids("ningxia-2020"), size)).write_pdf()
    _, into = imported(tmp_path, data, "宁夏.pdf")
    assert_same_as_shipped(into, "ningxia-2020")


def test_a_label_that_a_pdf_lost_at_a_page_break_is_not_made_up(tmp_path) -> None:
    grid = Grid(4)
    grid.add("项目名称", "跨页", spans=(1, 3))
    grid.add("一级指标", "二级指标", "三级指标", "指标值")
    grid.put(2, 0, "产出指标", rows=4)
    for row, (level2, level3, tall) in enumerate(
        (("数量指标", "甲", 1), ("", "乙", 2), (None, "丙", 1), ("时效指标", "丁", 1)), 2
    ):
        if level2 is not None:
            grid.put(row, 1, level2, rows=tall)
        grid.put(row, 2, level3)
        grid.put(row, 3, "10次")
    _, into = imported(tmp_path, layouts.pdf([grid]), "跨页.pdf")
    assert [t["二级指标"] for t in rows(into / "targets.csv")] == ["数量指标", "", "", "时效指标"]
    assert any("没有印出名称" in message for message in remarks(into, "unknown"))


# ── nothing is lost ──


def fates(into: Path) -> dict[str, int]:
    return report(into)["cells"]


@pytest.mark.parametrize("kind", ["xlsx", "docx", "tsv", "md", "ods"])
@pytest.mark.parametrize("name", NAMES)
def test_every_cell_of_a_source_is_accounted_for(tmp_path, name, kind) -> None:
    grids = layouts.seed_grids(name)
    _, into = imported(tmp_path, layouts.WRITERS[kind](grids), f"{name}.{kind}")
    cells = sum(len(grid.texts()) + len(grid.title) for grid in grids)
    assert sum(fates(into).values()) == cells == len(report(into)["fates"])
    assert fates(into)["unknown"] == 0


def test_every_cell_of_an_old_workbook_is_accounted_for(tmp_path) -> None:
    import xlrd

    path = HERE / "importing" / "ningxia-2020.xls"
    import_forms([path], tmp_path / "宁夏")
    sheets = xlrd.open_workbook(path).sheets()
    cells = sum(bool(str(cell.value).strip()) for sheet in sheets for row in sheet.get_rows() for cell in row)
    assert sum(fates(tmp_path / "宁夏").values()) == cells
    assert fates(tmp_path / "宁夏")["unknown"] == 0


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_of_a_published_text_is_accounted_for(tmp_path, name) -> None:
    import_forms([SEEDS / f"{name}.txt"], tmp_path / name)
    text = (SEEDS / f"{name}.txt").read_text(encoding="utf-8")
    written = sorted(squeeze(tidied(text).replace("#", "")))
    shown = sorted(squeeze("".join(entry["text"] for entry in report(tmp_path / name)["fates"])).replace("#", ""))
    assert shown == written
    assert fates(tmp_path / name)["unknown"] == 0


@pytest.mark.parametrize("name", NAMES)
def test_importing_the_published_text_over_the_shipped_inputs_changes_nothing(tmp_path, name) -> None:
    folder = tmp_path / name
    shutil.copytree(INPUTS / name, folder)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    import_forms([SEEDS / f"{name}.txt"], folder)
    assert {path: path.read_bytes() for path in before} == before
    added = {path.parent.name for path in folder.rglob("*") if path.is_file() and path not in before}
    assert added <= {name, "narrative"}  # the reports, and outlines for projects that have no text of their own
    assert remarks(folder, "kept") == remarks(folder, "changed") == []


@pytest.mark.parametrize("name", NAMES)
def test_what_is_said_to_be_in_a_table_is_there(tmp_path, name) -> None:
    import_forms([SEEDS / f"{name}.txt"], tmp_path / name)
    files = [p for p in (tmp_path / name).rglob("*") if p.is_file() and not p.name.startswith("import-report")]
    written = squeeze("".join(p.read_text(encoding="utf-8-sig") for p in files))
    for entry in report(tmp_path / name)["fates"]:
        if entry["fate"] == "output" and not any(word in entry["where"] for word in ("、结束日期", "selfeval.toml")):
            text = entry["text"].replace(",", "") if "预算" in entry["where"] else entry["text"]
            assert squeeze(text.removeprefix("其中：")) in written, entry


def test_a_table_nobody_knows_is_shown_not_lost(tmp_path) -> None:
    grid = Grid(4)
    grid.add("项目名称", "试验", spans=(1, 3))
    grid.add("一级指标", "二级指标", "三级指标", "指标值")
    grid.add("产出指标", "数量指标", "次数", "3次")
    other = Grid(3)
    other.add("设备", "型号", "产地")
    other.add("复印机", "X-1", "苏州")
    _, into = imported(tmp_path, layouts.xlsx([grid, other]), "试验.xlsx")
    text = (into / "import-report.md").read_text(encoding="utf-8")
    for word in ("设备", "型号", "复印机", "X-1", "苏州"):
        assert word in text


# ── forms of other places ──


def national_form() -> Grid:
    """项目支出绩效目标申报表 with goals and indicators for several years beside those of one."""
    grid = Grid(8, ("项目支出绩效目标申报表", "（2023年度）"))
    grid.add("项目名称", "农村饮水安全巩固提升", spans=(2, 6))
    grid.add("主管部门及代码", "109-县水利局", "实施单位", "县供水站", spans=(2, 2, 2, 2))
    grid.add("项目属性", "延续项目", "项目期", "2022年-2024年", spans=(2, 2, 2, 2))
    grid.put(3, 0, "项目资金\n（万元）", rows=3, columns=2)
    for row, texts in enumerate(
        (
            ("实施期资金总额：", "300", "年度资金总额：", "120.50"),
            ("其中：财政拨款", "250", "其中：财政拨款", "100.50"),
            ("其他资金", "50", "其他资金", "20"),
        ),
        3,
    ):
        for column, text in zip((2, 3, 4, 6), texts, strict=True):
            grid.put(row, column, text, columns=1 if column < 4 else 2)
    grid.put(6, 0, "总\n体\n目\n标", rows=2)
    grid.put(6, 1, "实施期目标（2022年—2024年）", columns=3)
    grid.put(6, 4, "年度目标", columns=4)
    grid.put(7, 1, "目标1：解决2万人饮水\n目标2：……", columns=3)
    grid.put(7, 4, "目标1：新建管网30公里", columns=4)
    names = ("绩\n效\n指\n标", "一级指标", "二级指标", "三级指标", "指标值", "二级指标", "三级指标", "指标值")
    for column, text in enumerate(names):
        grid.put(8, column, text, rows=8 if column == 0 else 1)
    for row, texts in enumerate(
        (
            ("产出指标", "数量指标", "指标1：新建管网", "90公里", "数量指标", "指标1：新建管网", "≥30公里"),
            ("", "", "指标2：", "", "", "指标2：", ""),
            ("", "质量指标", "验收合格率", "100%", "质量指标", "验收合格率", "100%"),
            ("", "时效指标", "……", "", "时效指标", "完成时间", "2023年11月底前"),
            ("效益指标", "社会效益\n指标", "受益人口", "2万人", "社会效益\n指标", "受益人口", "≥0.7万人"),
            ("", "可持续影响指标", "……", "", "可持续影响指标", "……", ""),
            ("满意度\n指标", "服务对象满意度指标", "群众满意度", "≥90%", "服务对象满意度指标", "群众满意度", "≥90%"),
        ),
        9,
    ):
        for column, text in enumerate(texts, 1):
            grid.put(row, column, text)
    return grid


@pytest.mark.parametrize("kind", ["xlsx", "docx", "pdf"])
def test_the_national_form_gives_the_years_targets_not_those_of_the_whole_period(tmp_path, kind) -> None:
    _, into = imported(tmp_path, layouts.WRITERS[kind]([national_form()]), f"申报表.{kind}")
    project = rows(into / "projects.csv")[0]
    assert (project["主管部门"], project["实施单位"]) == ("109-县水利局", "县供水站")
    assert (project["开始日期"], project["结束日期"]) == ("2022-01-01", "2024-12-31")
    assert project["年度总体目标"] == "目标1：新建管网30公里"
    assert [(b["资金来源"], b["年初预算数"]) for b in rows(into / "budget.csv")] == [
        ("财政拨款", "100.50"),
        ("其他资金", "20"),
    ]
    assert [(t["一级指标"], t["二级指标"], t["三级指标"], t["指标值"]) for t in rows(into / "targets.csv")] == [
        ("产出指标", "数量指标", "指标1：新建管网", "≥30公里"),
        ("产出指标", "质量指标", "验收合格率", "100%"),
        ("产出指标", "时效指标", "完成时间", "2023年11月底前"),
        ("效益指标", "社会效益指标", "受益人口", "≥0.7万人"),
        ("满意度指标", "服务对象满意度指标", "群众满意度", "≥90%"),
    ]
    assert any("90公里" in message for message in remarks(into, "dropped"))


def test_an_export_of_many_projects_in_one_table(tmp_path) -> None:
    grid = Grid(12)
    grid.add("2024年部门预算项目支出绩效目标表", spans=(12,))
    grid.add("部门：301-市卫生健康委员会", "金额单位：万元", spans=(10, 2))
    grid.add(
        *[
            "单位名称",
            "项目名称",
            "项目编码",
            "预算数",
            "一级指标",
            "二级指标",
            "三级指标",
            "指标性质",
            "指标值",
            "度量单位",
            "权重",
            "指标方向性",
        ]
    )
    for row in (
        (
            "市疾控中心",
            "艾滋病防治",
            "51010024T000001",
            "35.6",
            "产出指标",
            "数量指标",
            "检测人次",
            "≥",
            "20000",
            "人次",
            "60",
            "正向指标",
        ),
        ("", "", "", "", "满意度指标", "服务对象满意度", "群众满意度", "≥", "90", "%", "30", "正向指标"),
        (
            "市中心血站",
            "血液采集",
            "51010024T000002",
            "120",
            "产出指标",
            "时效指标",
            "送血时间",
            "≤",
            "2",
            "小时",
            "50",
            "反向指标",
        ),
        ("", "", "", "", "效益指标", "社会效益指标", "临床用血保障", "定性", "优", "", "40", "正向指标"),
    ):
        grid.add(*row)
    _, into = imported(tmp_path, layouts.xlsx([grid]), "导出.xlsx")
    projects = rows(into / "projects.csv")
    assert [p["项目编号"] for p in projects] == ["51010024T000001", "51010024T000002"]
    assert [p["实施单位"] for p in projects] == ["市疾控中心", "市中心血站"]
    columns = ("项目编号", "三级指标", "指标性质", "指标值", "度量单位", "分值", "指标方向")
    assert [tuple(t[c] for c in columns) for t in rows(into / "targets.csv")] == [
        ("51010024T000001", "检测人次", "≥", "20000", "人次", "60", "正向"),
        ("51010024T000001", "群众满意度", "≥", "90", "%", "30", "正向"),
        ("51010024T000002", "送血时间", "≤", "2", "小时", "50", "反向"),
        ("51010024T000002", "临床用血保障", "定性", "优", "", "40", "正向"),
    ]
    assert [b["年初预算数"] for b in rows(into / "budget.csv")] == ["35.6", "120"]


@pytest.mark.parametrize("merged", [True, False], ids=["merged", "flat"])
@pytest.mark.parametrize("kind", ["docx", *slow("xlsx", "pdf")])
@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_a_filled_in_form_gives_targets_actuals_and_the_printed_scores(tmp_path, case, kind, merged) -> None:
    outcome, into = imported(
        tmp_path, layouts.WRITERS[kind]([layouts.self_evaluation(case, merged=merged)]), f"自评表.{kind}"
    )
    assert outcome.problems == ()
    expected = [r for r in case["rows"] if r["level3"]]
    targets, actuals = rows(into / "targets.csv"), rows(into / "actuals.csv")
    text = {None: ""}
    got = [
        (t["二级指标"], t["三级指标"], t["指标值"].strip(), t["分值"], a["实际完成值"].strip(), a["原表得分"],
         a["偏差原因分析及改进措施"], a["自评得分"])
        for t, a in zip(targets, actuals, strict=True)
    ]  # fmt: skip
    assert got == [
        (r["level2"], r["level3"], r["target_text"], text.get(r["weight"], str(r["weight"])), r["actual_text"],
         text.get(r["score"], str(r["score"])), r["deviation_reason"], "")
        for r in expected
    ]  # fmt: skip
    # The points behind a level's name (产出指标(50分)) are no part of it: they stand in the unit's profile.
    assert [t["一级指标"] for t, r in zip(targets, expected, strict=True) if r["level1"]] == [
        r["level1"].split("(")[0] for r in expected if r["level1"]
    ]
    assert rows(into / "projects.csv")[0]["总体目标完成情况"] == case.get("goal", {}).get("actual", "")
    budget = rows(into / "budget.csv")[0]
    stages = (("年初预算数", "initial"), ("全年预算数", "adjusted"), ("全年执行数", "executed"))
    assert [budget[c] for c, _ in stages] == [text.get(case["budget"][k], str(case["budget"][k])) for _, k in stages]


def test_a_second_level_says_to_which_first_level_it_belongs(tmp_path) -> None:
    case = next(c for c in CASES if c["name"].startswith("ezhou"))
    _, into = imported(tmp_path, layouts.xlsx([layouts.self_evaluation(case, merged=False)]), "自评表.xlsx")
    assert [t["一级指标"] for t in rows(into / "targets.csv")] == ["产出指标"] * 4 + ["效益指标", "满意度指标"]


def test_a_two_row_heading_and_a_form_of_the_sichuan_make(tmp_path) -> None:
    grid = Grid(10)
    grid.add("部门预算项目支出绩效自评表（2023年度）", spans=(10,))
    grid.add("项目名称", "51000021R000000019951-工资性支出", spans=(2, 8))
    grid.put(2, 0, "预算执行情况\n（10分）", rows=3)
    for column, text in enumerate(
        ("年度预算数（万元）", "年初预算", "调整后预算数", "预算执行数", "预算执行率", "权重", "得分", "原因"), 1
    ):
        grid.put(2, column, text)
    total = ("总额", "238.93", "251.89", "251.89", "100.00%", "10", "", "")
    grant = ("其中：财政资金", "238.93", "251.89", "251.89", "100.00%", "/", "/", "增人增资")
    for row, texts in enumerate((total, grant), 3):
        for column, text in enumerate(texts, 1):
            grid.put(row, column, text)
    for column, text in enumerate(("一级指标", "二级指标", "三级指标")):
        grid.put(5, column, text, rows=2)
    grid.put(5, 3, "年度指标值", columns=3)
    for column, text in enumerate(("完成值", "权重", "得分", "未完成原因分析"), 6):
        grid.put(5, column, text, rows=2)
    for column, text in enumerate(("指标性质", "指标值", "度量单位"), 3):
        grid.put(6, column, text)
    grid.add("产出指标", "数量指标", "发放覆盖率", "＝", "100", "%", "100", "60", "60", "")
    grid.add("效益指标", "社会效益指标", "足额保障率", "＝", "100", "%", "99", "30", "29.7", "个别人员退休")
    grid.add("评价结论", "完成良好", spans=(1, 9))
    grid.add("存在问题", "分析存在的问题及原因。（200字以内）", spans=(1, 9))
    _, into = imported(tmp_path, layouts.xlsx([grid]), "四川.xlsx")
    assert rows(into / "projects.csv")[0]["项目编号"] == "51000021R000000019951"
    assert [tuple(b.values())[1:] for b in rows(into / "budget.csv")] == [
        ("财政资金", "238.93", "251.89", "251.89", "增人增资")
    ]
    assert [(t["指标性质"], t["指标值"], t["度量单位"], t["分值"]) for t in rows(into / "targets.csv")] == [
        ("＝", "100", "%", "60"), ("＝", "100", "%", "30"),
    ]  # fmt: skip
    assert [(a["实际完成值"], a["原表得分"], a["偏差原因分析及改进措施"]) for a in rows(into / "actuals.csv")] == [
        ("100", "60", ""), ("99", "29.7", "个别人员退休"),
    ]  # fmt: skip
    narrative = (into / "narrative" / "51000021R000000019951.md").read_text(encoding="utf-8")
    assert "## 五、自评结论\n\n完成良好" in narrative
    assert "200字" not in narrative


def test_a_target_form_and_a_filled_in_form_of_the_same_project_are_one(tmp_path) -> None:
    case = next(c for c in CASES if c["name"].startswith("zhongjiang"))
    form = Grid(4, ("项目支出绩效目标申报表（2022年度）",))
    form.add("项目名称", case["project"], spans=(1, 3))
    form.add("一级指标", "二级指标", "三级指标", "指标值")
    names = {"一级指标": "level1", "二级指标": "level2", "三级指标": "level3", "指标值": "target_text"}
    layouts.indicator_rows(form, [{name: r[key] for name, key in names.items()} for r in case["rows"]], 0)
    filled = layouts.docx([layouts.self_evaluation(case)])
    outcome, into = imported(tmp_path, layouts.xlsx([form]), "申报表.xlsx", ("自评表.docx", filled))
    assert (outcome.projects, outcome.indicators) == (1, len(case["rows"]))
    assert [a["原表得分"] for a in rows(into / "actuals.csv")] == [str(r["score"]) for r in case["rows"]]


def test_the_form_of_a_whole_unit_gives_its_tasks_sums_as_budget(tmp_path) -> None:
    grid = Grid(7, ("部门整体支出绩效目标申报表", "（2024年度）"))
    grid.add("部门（单位）名称", "江北县水利局", spans=(2, 5))
    grid.put(1, 0, "年度\n主要\n任务", rows=4)
    grid.put(1, 1, "任务名称", rows=2)
    grid.put(1, 2, "主要内容", rows=2, columns=2)
    grid.put(1, 4, "预算金额（万元）", columns=3)
    for row, texts in ((2, ("总额", "财政拨款", "其他资金")), (3, ("500", "400", "100")), (4, ("500", "400", "100"))):
        for column, text in enumerate(texts, 4):
            grid.put(row, column, text)
    grid.put(3, 1, "任务1")
    grid.put(3, 2, "河道治理", columns=2)
    grid.put(4, 1, "金额合计", columns=3)
    grid.add("年度总体目标", "目标1：治理河道20公里", spans=(1, 6))
    grid.put(6, 0, "年度绩效指标", rows=2)
    for row, texts in (
        (6, ("一级指标", "二级指标", "三级指标", "指标值")),
        (7, ("产出指标", "数量指标", "治理河道", "20公里")),
    ):
        for column, text in zip((1, 2, 3, 5), texts, strict=True):
            grid.put(row, column, text, columns=1 if column < 3 else 2)
    _, into = imported(tmp_path, layouts.docx([grid]), "部门整体.docx")
    (unit,) = rows(into / "projects.csv")
    assert (unit["项目编号"], unit["项目名称"], unit["项目类型"]) == ("unit", "江北县水利局", "部门整体")
    assert [(b["资金来源"], b["年初预算数"]) for b in rows(into / "budget.csv")] == [
        ("财政拨款", "400"),
        ("其他资金", "100"),
    ]
    assert rows(into / "targets.csv")[0]["指标值"] == "20公里"
    assert any("河道治理" in message for message in remarks(into, "dropped"))


def test_tables_of_several_years_one_above_the_other(tmp_path) -> None:
    grid = Grid(5, ("财政支出项目绩效目标申报表（2017年度）",))
    grid.add("项目名称", "退耕还林", "", "主管部门", "县林业局")
    for label, value in (("长期绩效指标", "1万亩"), ("年度绩效指标", "2000亩")):
        at = grid.height
        grid.put(at, 0, label, rows=2)
        for column, text in enumerate(("一级指标", "二级指标", "指标内容", "指标值"), 1):
            grid.put(at, column, text)
        for column, text in enumerate(("产出指标", "数量指标", "造林", value), 1):
            grid.put(at + 1, column, text)
    grid.add("其他说明的问题", "", "无", "", "")
    grid.add("填报人：王五", "", "单位负责人：赵六", "", "填报日期：2017-03-01")
    _, into = imported(tmp_path, layouts.xlsx([grid]), "申报表.xlsx")
    assert [(t["三级指标"], t["指标值"]) for t in rows(into / "targets.csv")] == [("造林", "2000亩")]
    assert 'rules = "mof-2017"' in (into / "selfeval.toml").read_text(encoding="utf-8")


def test_plain_text_with_labels_and_colons(tmp_path) -> None:
    text = (
        "2022年度项目绩效目标表\n单位名称：市图书馆　　　　单位：万元\n项目名称：图书购置\n预算金额：80.00\n"
        "年度目标：购置图书2万册\n\n"
        "一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t购置图书\t≥20000册\n\t成本指标\t成本\t≤80万元\n"
        "满意度\t满意度\t读者满意度\t≥95%\n"
    )
    _, into = imported(tmp_path, text.encode("gb18030"), "图书馆.txt")
    (project,) = rows(into / "projects.csv")
    assert (project["项目名称"], project["主管部门"], project["年度总体目标"]) == (
        "图书购置",
        "市图书馆",
        "购置图书2万册",
    )
    assert rows(into / "budget.csv")[0]["年初预算数"] == "80.00"
    assert [(t["二级指标"], t["三级指标"]) for t in rows(into / "targets.csv")] == [
        ("数量指标", "购置图书"),
        ("成本指标", "成本"),
        ("满意度", "读者满意度"),
    ]
    assert evaluate(into).result.evaluation.money_unit == "万元"
