"""What is printed under rules other than the default ones: each figure, head and sentence must be true of them."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from selfeval.base.diagnostics import Diagnostic
from selfeval.evaluation.json_values import SCHEMA
from selfeval.evaluation.pipeline import evaluate
from selfeval.evaluation.result import Result
from selfeval.report.docx.form import grade_note
from selfeval.report.html.pages import Pages
from selfeval.report.pages.document import index_document, project_document, summary_document
from selfeval.report.pages.printed_items import Table
from selfeval.report.pages.printed_summary import printed_summary
from selfeval.report.pages.review_views import ReviewView
from selfeval.report.pages.views import FundRow, ProjectDocument
from selfeval.report.pages.words import WORDS
from selfeval.report.xlsx.workbook import report_workbook, summary_workbook
from tests.evaluations import ACTUALS, PROJECTS, TARGETS, TOML, make_evaluation

UNIT = PROJECTS.replace("结束日期", "结束日期 | 项目类型").replace("2021-12-31", "2021-12-31 | ") + (
    "DW | 甲县财政局 | 2021-01-01 | 2021-12-31 | 部门整体\n"
)


def under(tmp_path: Path, rules: str = "", toml: str = "", parent: str = "mof-2020", **tables: str) -> Result:
    """An evaluation under rules of its own that extend others."""
    head = f'id = "own"\ntitle = "甲县办法"\nextends = "{parent}"\n[[versions]]\neffective = 2020-01-01\n'
    folder = make_evaluation(tmp_path, toml=f'{TOML}rules = "own"\n{toml}', **tables)
    (folder / "rules").mkdir()
    (folder / "rules" / "own.toml").write_text(head + rules, encoding="utf-8")
    evaluated = evaluate(folder)
    assert evaluated.result is not None, [d.message for d in evaluated.diagnostics]
    return evaluated.result


def document(result: Result) -> ProjectDocument:
    return project_document(result, result.scorecards[0])


def unit_form(result: Result) -> ProjectDocument:
    unit = summary_document(result).unit
    assert unit is not None
    return unit


def of_projects(text: str) -> str:
    """A table of P01, and the same rows of the unit."""
    head, *rows = (line for line in text.splitlines() if line.strip())
    return "\n".join([f"项目编号 | {head}", *(f"{id_} | {row}" for id_ in ("P01", "DW") for row in rows)])


def money(row: FundRow) -> tuple[str, ...]:
    return row.initial, row.adjusted, row.executed, row.weight, row.rate, row.points


def in_sheet(data: bytes, sheet: str, label: str) -> list[object]:
    """The figures beside a label, as the workbook remembers them."""
    found = openpyxl.load_workbook(BytesIO(data), data_only=True)[sheet]
    row = next(cells for cells in found.iter_rows(values_only=True) if label in map(str, cells))
    return [value for value in row[row.index(label) + 1 :] if value not in {None, ""}]


# ── The money of a unit without a budget of its own ──

FISCAL = '[versions.execution]\nfunds = ["财政"]\n'
SOURCES = """
项目编号 | 资金来源 | 年初预算数 | 全年预算数 | 全年执行数
P01      | 财政拨款 | 1000000    | 1000000    | 800000
P01      | 其他资金 | 200000     | 200000     | 150000
"""


def with_unit(tmp_path: Path, rules: str, toml: str = "") -> Result:
    """P01, and the unit with the same rows and no budget."""
    tables = {"projects": UNIT, "targets": of_projects(TARGETS), "actuals": of_projects(ACTUALS), "budget": SOURCES}
    return under(tmp_path, rules, toml, **tables)


def test_the_form_of_the_unit_sums_what_its_text_and_the_summary_sum(tmp_path: Path) -> None:
    result = with_unit(tmp_path, FISCAL)
    made, form = summary_document(result), unit_form(result)
    assert (form.funds[0].executed, form.funds[0].rate) == (made.sums.executed, made.sums.rate) == ("80", "80.00%")
    assert form.funds[0].label == "年度资金总额（各项目合计）（按规则计入的来源）"


def test_the_rate_of_the_projects_sum_is_by_the_projects_rules(tmp_path: Path) -> None:
    result = with_unit(tmp_path, '[versions.execution]\ndenominator = "initial"\n', 'unit_rules = "mof-2020"\n')
    heads = {column.key: column.head for block in unit_form(result).layout.blocks for column in block.columns}
    assert heads["initial"] == "年初预算数(A)"


def test_the_workbook_prints_the_money_of_the_unit_that_its_form_prints(tmp_path: Path) -> None:
    result = with_unit(tmp_path, "")
    whole = unit_form(result).funds[0]
    assert money(whole) == ("120", "120", "95", "10", "79.17%", "未评分")
    figures = in_sheet(summary_workbook(result), "部门整体自评表", whole.label)
    assert figures == [120, 120, 95, 10, pytest.approx(95 / 120), "未评分"]


def test_a_project_without_a_budget_has_no_budget_of_0(tmp_path: Path) -> None:
    result = under(tmp_path, budget="年初预算数 | 全年预算数 | 全年执行数\n")
    whole = document(result).funds[0]
    assert money(whole) == ("未填写", "未填写", "未填写", "10", "—", "未评分")
    figures = in_sheet(report_workbook(result, result.scorecards[0]), "自评表", whole.label)
    assert figures == ["未填写", "未填写", "未填写", 10, "—", "未评分"]


# ── What could not be scored ──

UNSPENT = "年初预算数 | 全年预算数 | 全年执行数\n100 | 0 | 0\n"
NO_MONEY = """
[versions.execution]
points = 0
[versions.levels]
sets = [{ requires = [], points = { "产出指标" = 60, "效益指标" = 30, "满意度指标" = 10 } }]
"""


def conclusion(result: Result) -> str:
    (text,) = (
        b.text for part in document(result).parts for b in part.blocks if "绩效自评" in b.text and "其中" in b.text
    )
    return text


@pytest.mark.parametrize(
    ("rules", "actuals", "why"),
    [
        ("", ACTUALS, "可评分的为90分，预算执行率未评分，评价"),
        ("", ACTUALS.replace("20公里", ""), "可评分的为40分，预算执行率未评分，另有1项指标未评分，评价"),
        (NO_MONEY, ACTUALS, "满分90分中可评分的为90分，分值合计不足100分，评价"),
    ],
)
def test_the_conclusion_says_all_that_is_not_scored_and_no_more(
    tmp_path: Path, rules: str, actuals: str, why: str
) -> None:
    assert why in conclusion(under(tmp_path, rules, budget=UNSPENT, actuals=actuals))


def test_the_total_blames_no_indicator_where_only_the_rate_is_not_scored(tmp_path: Path) -> None:
    result = under(tmp_path, budget=UNSPENT)
    assert WORDS.partly.format("90") == "（可评分 90 分，其余未评分）"
    *_, grade = in_sheet(report_workbook(result, result.scorecards[0]), "自评表", "总分")
    assert grade == "等级：暂不评定（可评分 90 分，其余未评分）"
    assert grade_note(document(result)) == "（可评分 90 分，其余未评分）"


def test_word_says_how_much_of_a_review_could_be_scored_as_the_pages_do(tmp_path: Path) -> None:
    review = ReviewView("80.00", "-1.00", "暂不评定", complete=False, counted="90", reviewers="", lines=())
    made = replace(document(under(tmp_path)), review=review)
    assert grade_note(made) == "　复核 80.00 分（暂不评定，可评分 90 分）"


# ── A rate that has no points ──

LISTED = NO_MONEY.replace("= 60", "= 50").replace("= 30", "= 40")
ROWS = TARGETS.replace("| 30", "| 40")


@pytest.mark.parametrize("budget", ["年初预算数 | 全年预算数 | 全年执行数\n100 | 100 | 80\n", UNSPENT])
def test_a_rate_without_points_is_shown_and_neither_scored_nor_left_unscored(tmp_path: Path, budget: str) -> None:
    result = under(tmp_path, LISTED, targets=ROWS, budget=budget)
    made = document(result)
    assert (made.funds[0].weight, made.funds[0].points) == ("—", "—")
    assert in_sheet(report_workbook(result, result.scorecards[0]), "自评表", made.funds[0].label)[3::2] == ["—", "—"]
    assert "预算执行率" not in conclusion(result)
    assert "预算执行率" not in [level.name for level in made.levels]
    assert not [bar for chart in made.charts for bar in chart.bars if bar.labels[0].text == "预算执行率"]
    (said,) = (b.text for part in made.parts for b in part.blocks if b.text.startswith("全年预算"))
    assert said.endswith("，只列示，不计分。")


# ── A rate of the initial budget ──

INITIAL = '[versions.execution]\ndenominator = "initial"\n'
RAISED = "年初预算数 | 全年预算数 | 全年执行数\n1000000 | 1500000 | 900000\n"


@pytest.mark.parametrize("layout", ["national", "transfer"])
def test_a_rate_stands_beside_the_budget_it_is_of(tmp_path: Path, layout: str) -> None:
    result = under(tmp_path, INITIAL, f'[report]\nlayout = "{layout}"\n', budget=RAISED)
    pages = Pages(result)
    index, report = pages.index(index_document(result)), pages.report(document(result))
    assert "全年执行 90 / 年初预算 100 万元" in index
    assert "执行 90 / 年初预算 100 万元" in report
    assert "执行率（按年初预算数）</th>" in pages.summary(summary_document(result))
    table = next(item for item in printed_summary(summary_document(result)).items if isinstance(item, Table))
    assert "执行率（按年初预算数）" in table.head


def test_the_head_of_the_rate_in_the_workbook_names_the_initial_budget(tmp_path: Path) -> None:
    data = summary_workbook(under(tmp_path, INITIAL, budget=RAISED))
    assert in_sheet(data, "汇总表", "项目名称")[:2] == ["项目资金(万元)", "执行率（按年初预算数）"]


def test_the_text_of_a_transfer_names_the_budget_of_its_rate(tmp_path: Path) -> None:
    result = under(tmp_path, INITIAL, '[report]\nlayout = "transfer"\n', budget=RAISED)
    for parts in (document(result).parts, summary_document(result).parts):
        text = "".join(part.markdown for part in parts)
        assert "全年执行90万元，按年初预算计算的预算执行率90.00%" in text


# ── What is found ──


def found(result: Result) -> dict[str, Diagnostic]:
    return {d.code: d for d in result.diagnostics if d.code.startswith("B")}


def test_more_than_the_initial_budget_is_not_more_than_was_granted(tmp_path: Path) -> None:
    raised = "年初预算数 | 全年预算数 | 全年执行数 | 原因说明\n1000000 | 1500000 | {} | 追加工程款"
    assert not {"B004", "B008"} & {*found(under(tmp_path / "a", INITIAL, budget=raised.format(1500000)))}
    assert "B004" in found(under(tmp_path / "b", INITIAL, budget=raised.format(1600000)))


@pytest.mark.parametrize(
    ("rules", "column", "amounts"), [("", "全年预算数", "100 | 0 | 0"), (INITIAL, "年初预算数", "0 | 100 | 90")]
)
def test_a_budget_of_0_is_told_of_the_one_that_divides(tmp_path: Path, rules: str, column: str, amounts: str) -> None:
    problem = found(under(tmp_path, rules, budget=f"年初预算数 | 全年预算数 | 全年执行数\n{amounts}\n"))["B002"]
    assert (problem.message, problem.title) == (f"{column}为 0，预算执行率没有意义，不计分", column)


def test_a_blank_budget_that_does_not_divide_keeps_no_rate_from_being_told(tmp_path: Path) -> None:
    result = under(tmp_path, INITIAL, budget="年初预算数 | 全年预算数 | 全年执行数\n100 |  | 90\n")
    assert result.scorecards[0].budget.rate is not None
    assert found(result)["B001"].message == "全年预算数是空的"


def test_a_rate_below_a_line_is_never_told_as_that_line(tmp_path: Path) -> None:
    spent = "年初预算数 | 全年预算数 | 全年执行数\n1000000 | 1000000 | 899996\n"
    result = under(tmp_path, budget=spent)
    assert found(result)["B003"].message == "预算执行率 89.9996%，低于 90%，没有说明原因"
    made = summary_document(result)
    assert "“道路维修”（89.9996%）" in "".join(block.text for part in made.parts for block in part.blocks)
    bar = next(bar for chart in made.charts for bar in chart.bars if bar.labels[0].text == "道路维修")
    assert (bar.value, bar.state) == ("89.9996%", "short")


# ── Sources of funds that do not count ──


def test_money_that_leaves_sources_out_says_so(tmp_path: Path) -> None:
    result = with_unit(tmp_path, FISCAL)
    text = "".join(block.text for part in document(result).parts for block in part.blocks)
    assert "2021年年初预算120万元。" in text
    assert "按规则计入的来源，全年预算100万元（与年初预算一致），全年执行80万元，预算执行率80%" in text
    assert "全年执行数中：财政拨款80万元；其他资金15万元（不计入执行率）。" in text
    made = summary_document(result)
    assert made.sums.name == "合计（1 个项目，按规则计入的来源）"
    unit = "".join(block.text for part in made.parts for block in part.blocks)
    assert "按规则计入的来源，纳入自评的1个项目年初预算100万元，全年预算100万元，全年执行80万元" in unit


# ── Rounding ──

WHOLE = '[versions.rounding]\ndigits = 0\nmode = "half_up"\n'
ENTERED = """
二级指标       | 三级指标   | 实际完成值 | 自评得分 | 偏差原因分析及改进措施
数量指标       | 维修里程   | 19公里     | 44.6     | 一段路基返工。
社会效益指标   | 通行提速率 | 9.99%      |          | 第四季度施工。
服务对象满意度 | 群众满意度 | 90%        |          |
"""
REVIEWED = """
二级指标       | 三级指标   | 复核得分 | 复核意见
服务对象满意度 | 群众满意度 | 8.4      | 样本偏少
"""


def test_points_that_were_entered_are_told_as_entered_before_they_are_rounded(tmp_path: Path) -> None:
    first, _, last = under(tmp_path, WHOLE, actuals=ENTERED, review=REVIEWED).scorecards[0].scores
    assert first.steps[-2] == "自评得分：44.6 分，四舍五入到整数为 45 分。"
    assert first.steps[-1].startswith("自评得分 45.00 分（规则得分 48.00 分）")
    assert last.review is not None
    assert last.review.steps[-2:] == (
        "复核得分：8.4 分，四舍五入到整数为 8 分。",
        "复核得分 8.00 分（自评 10.00 分，偏差 -2.00）。",
    )


def test_a_step_rounds_to_no_more_than_the_weight(tmp_path: Path) -> None:
    result = under(tmp_path, WHOLE, actuals=ENTERED, targets=TARGETS.replace("| 30", "| 29.6"))
    score = result.scorecards[0].scores[1]
    assert score.points is not None
    assert f"{score.points:f}" == "29.60"
    assert score.steps[-1] == "得分：29.6 分 × 99.9% = 29.5704 分，四舍五入到整数为 30 分，超过分值，计 29.6 分。"


HALF = """
[versions.execution]
points = 12.5
[versions.levels]
sets = [{ requires = [], points = { "产出指标" = 50, "效益指标" = 30, "满意度指标" = 7.5 } }]
"""


def test_the_rate_gets_no_more_points_than_there_are_for_it(tmp_path: Path) -> None:
    result = under(tmp_path, HALF + WHOLE, targets=TARGETS.replace("| 10\n", "| 7.5\n"))
    card = result.scorecards[0]
    assert (f"{card.budget.points:f}", f"{card.total:f}", f"{card.full:f}") == ("12.50", "100.00", "100.00")
    sheet = openpyxl.load_workbook(BytesIO(report_workbook(result, card)))["自评表"]
    assert not [c for row in sheet.iter_rows() for c in row if "ROUND" in str(c.value) and "12.5" in str(c.value)]


# ── The form of a province under rules of another ──

HUBEI = '[report]\nlayout = "hubei"\n'


def test_the_labels_and_notes_of_a_form_hold_for_the_rules_that_score(tmp_path: Path) -> None:
    labels = [row.label for row in document(under(tmp_path / "a", "", HUBEI, budget=SOURCES)).funds]
    assert labels == ["年度资金总额", "其中：当年财政资金", "上年结余结转", "其他资金"]
    made = document(under(tmp_path / "b", FISCAL, HUBEI, budget=SOURCES))
    assert [row.label for row in made.funds][::3] == ["年度财政资金总额（按规则计入的来源）", "其他资金（不计执行率）"]
    assert made.layout.foot == ()


@pytest.mark.parametrize(("rules", "notes"), [("", 3), ('[versions.methods.at_most]\nformula = "deviation"\n', 0)])
def test_the_notes_of_hubei_stand_under_its_own_rules_only(tmp_path: Path, rules: str, notes: int) -> None:
    cited = rules and rules + 'source = { article = "另定", evidence = "convention" }\n'
    result = under(tmp_path, cited, HUBEI, parent="hubei")
    assert len(document(result).layout.foot) == notes


def test_a_line_of_sources_says_that_the_rate_leaves_it_out(tmp_path: Path) -> None:
    assert document(under(tmp_path, FISCAL, budget=SOURCES)).funds[-1].label == "其他资金（不计执行率）"


# ── Whose rules ──


def test_points_by_bands_of_a_units_own_cite_no_article_of_another(tmp_path: Path) -> None:
    for at, rules in enumerate(("bands = [{ from = 0.9, ratio = 1 }]", "deduct = 1\nfull_from = 0.95")):
        cited = document(under(tmp_path / str(at), f"[versions.execution]\n{rules}\n")).calculations[0].source
        assert cited == "本规则约定：“甲县办法”自定，没有写明出处"


def test_the_summary_names_the_rules_of_the_unit_too(tmp_path: Path) -> None:
    assert summary_document(with_unit(tmp_path, "", 'unit_rules = "mof-2013"\n')).marks.rules.startswith(
        "甲县办法；部门整体：财政部《预算绩效评价共性指标体系框架》"
    )
    assert summary_document(with_unit(tmp_path / "b", "")).marks.rules == "甲县办法"


def test_weights_that_the_rules_shared_out_are_not_said_to_stand_on_the_form(tmp_path: Path) -> None:
    targets = """
    一级指标   | 二级指标       | 三级指标   | 指标值  | 评分方法
    产出指标   | 数量指标       | 维修里程   | ≥20公里 |
    效益指标   | 社会效益指标   | 通行提速率 | ≥10%    | 不适用
    满意度指标 | 服务对象满意度 | 群众满意度 | ≥90%    |
    """
    actuals = ACTUALS.replace("实际完成值", "实际完成值 | 偏差原因分析及改进措施").replace("公里", "公里 |")
    actuals = actuals.replace("10%", "10% | 改在下年实施").replace("90%", "90% |")
    card = under(tmp_path, "[versions.levels]\ninapplicable = true\n", targets=targets, actuals=actuals).scorecards[0]
    assert [step for step in card.scores[0].steps if step.startswith("分值")] == [
        "分值：原为 50 分，剔除不适用的指标后按比例为 75 分。"
    ]


# ── Last year ──

AMENDED = '[versions.grades]\nbands = [{ name = "优", from = 95 }, { name = "差", from = 0 }]\n'


@pytest.mark.parametrize(("since", "changed"), [(2021, True), (2020, False)])
def test_rules_of_one_name_that_were_changed_since_last_year_are_said_to_differ(
    tmp_path: Path, since: int, *, changed: bool
) -> None:
    at = under(tmp_path).folder
    own = at / "rules" / "own.toml"
    own.write_text(own.read_text("utf-8") + f"[[versions]]\neffective = {since}-06-01\n{AMENDED}", encoding="utf-8")
    project = {"id": "P01", "name": "道路维修", "total": "80.00", "grade": "良", "budget": {"rate": "0.80000000"}}
    last = {"schema": SCHEMA, "evaluation": {"year": 2020}, "rules": {"id": "own"}, "projects": [project]}
    (at / "last_year.json").write_text(json.dumps(last), encoding="utf-8")
    result = evaluate(at).result
    assert result is not None
    (said,) = (b.text for part in document(result).parts for b in part.blocks if b.text.startswith("与上年比较"))
    assert ("两年所依据的规则不同（own 2020年度、own 2021年度），得分不能直接比较。" in said) is changed
    kept = result.last_year and result.last_year.about(result.scorecards[0].project)
    assert (b'"changed": true' in (kept or b"")) is changed


# ── Costs, and points of projects of one name ──


def test_costs_are_held_against_all_money_whichever_counts_for_the_rate(tmp_path: Path) -> None:
    cost = "产出指标 | 成本指标 | 项目总成本 | ≤120万元 | 10\n"
    targets = TARGETS.replace("≥20公里 | 50", "≥20公里 | 40") + cost
    actuals = ACTUALS + "成本指标 | 项目总成本 | 95万元\n"
    result = under(tmp_path, FISCAL, budget=SOURCES, targets=targets, actuals=actuals)
    assert not {"B006", "B014"} & {*found(result)}


def test_the_index_says_which_money_it_sums(tmp_path: Path) -> None:
    result = under(tmp_path, FISCAL, budget=SOURCES)
    assert "项目资金全年预算（按规则计入的来源）</p>" in Pages(result).index(index_document(result))


def test_merged_points_of_words_are_no_more_than_the_weight(tmp_path: Path) -> None:
    merging = '[versions.merging]\nsame_name = "by_funds"\nsource = { article = "另定", evidence = "convention" }\n'
    both = ("P01", "P02")
    targets = "项目编号 | 一级指标 | 二级指标 | 三级指标 | 指标值 | 分值\n" + "".join(
        f"{id_} | 产出指标 | 质量指标 | 路面状况 | 明显改善 | 12.5\n" for id_ in both
    )
    actuals = "项目编号 | 二级指标 | 三级指标 | 实际完成值 | 完成档次\n" + "".join(
        f"{id_} | 质量指标 | 路面状况 | 平整 | 达成\n" for id_ in both
    )
    tables = {
        "projects": PROJECTS + PROJECTS.strip().splitlines()[1].replace("P01", "P02") + "\n",
        "budget": "项目编号 | 年初预算数 | 全年预算数 | 全年执行数\nP01 | 1 | 1 | 1\nP02 | 1 | 1 | 1\n",
    }
    result = under(tmp_path, WHOLE + merging, targets=targets, actuals=actuals, **tables)
    assert [f"{row.points:f}" for row in result.merged[0].rows if row.points is not None] == ["12.50"]


# ── Targets adjusted during the year ──


@pytest.mark.parametrize(("rules", "counts"), [("", True), ('[versions.adjustments]\nscore = "original"\n', False)])
def test_a_target_that_counts_as_adjusted_is_not_said_to_be_that_of_the_start(
    tmp_path: Path, rules: str, *, counts: bool
) -> None:
    first, *others = TARGETS.strip().splitlines()
    rows = [
        f"{first} | 调整后指标值 | 调整依据",
        f"{others[0]} | ≥18公里 | 甲财〔2021〕8号",
        *(f"{o} |  | " for o in others[1:]),
    ]
    made = document(under(tmp_path, rules, HUBEI, targets="\n".join(rows)))
    assert made.layout.head("target") == ("目标值(A)" if counts else "年初目标值(A)")
    text = "".join(block.text for part in made.parts for block in part.blocks)
    assert ("对照年初确定、年中调整的绩效目标，" in text) is counts
