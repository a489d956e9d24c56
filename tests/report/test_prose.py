"""The sentences of a report: readable, exact, and never saying that something was reached which was not."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from sample_result import sample_result

from selfeval.base import display
from selfeval.evaluation.pipeline import evaluate
from selfeval.evaluation.result import Result
from selfeval.reading.form_layout import layout_from
from selfeval.reading.layouts import national
from selfeval.report.pages.document import project_document
from selfeval.report.pages.reasons import told_apart
from selfeval.report.pages.row_text import row_text

HEADS = {
    "projects": "项目编号,项目名称,开始日期,结束日期",
    "budget": "项目编号,资金来源,年初预算数,全年预算数,全年执行数,原因说明",
    "targets": "项目编号,一级指标,二级指标,三级指标,指标性质,指标值,度量单位,分值",
    "actuals": "项目编号,二级指标,三级指标,实际完成值,完成档次,自评得分,偏差原因分析及改进措施",
}


def evaluated(
    folder: Path,
    target: str,
    actual: str,
    *,
    name: str = "参会数",
    level2: str = "数量指标",
    budget: str = "P1,财政拨款,400000,400000,400000,",
    weight: str = "90",
) -> Result:
    """One project with one row; `target`: 指标性质,指标值,度量单位; `actual`: 实际完成值,完成档次,自评得分,说明."""
    tables = {
        "projects": "P1,甲项目,2021-01-01,2021-12-31", "budget": budget,
        "targets": f"P1,产出指标,{level2},{name},{target},{weight}", "actuals": f"P1,{level2},{name},{actual}",
    }  # fmt: skip
    home = folder / "甲"
    home.mkdir()
    (home / "selfeval.toml").write_text('[evaluation]\nyear = 2021\nunit = "甲局"\n', encoding="utf-8")
    for table, row in tables.items():
        (home / f"{table}.csv").write_text(f"{HEADS[table]}\n{row}\n", encoding="utf-8")
    result = evaluate(home).result
    assert result is not None
    return result


def sentence(result: Result) -> str:
    """What is said of the only row."""
    says = result.layout.sentences
    return row_text(result.scorecards[0].scores[0], result.rules, says).sentence(says)


@pytest.mark.parametrize(
    ("target", "actual", "said"),
    [
        (",2000000.00次,", "186.4万次", "目标200万次，实际186.4万次，完成目标的93.2%，得83.88分（满分90分）"),
        ("≥,98,%", "98.5%", "目标≥98%，实际98.5%，高于目标0.5个百分点"),
        ("≥,98,%", "97%", "目标≥98%，实际97%，低于目标1个百分点，得89.08分（满分90分）"),
        ("≤,10,%", "12%", "目标≤10%，实际12%，高于目标2个百分点，得75.00分（满分90分）"),
        ("≤,10,%", "10%", "目标≤10%，实际10%，控制在目标以内"),
        (",每月100次,", "每月90次", "目标每月100次，实际每月90次"),
        (",2021年12月31日前,", "2021年12月1日", "目标2021年12月31日前，实际2021年12月1日，按期完成"),
        (",9月前,", "7月", "目标2021年9月底前，实际“7月”，按期完成"),
        (",2021年11月30日前,", "2021年12月1日", "晚于目标1天"),
        ("≥,1000,平方米", "12000㎡", "目标不少于1000平方米，实际12000㎡，完成目标的1200%"),
        (",20000,万美元", "21000", "目标2亿美元，实际2.1亿美元，完成目标的105%"),
        (",100人,", "原计划120人，实际完成100人", "目标100人，实际100人，达到目标"),
        (",5-10 年,", "7年", "目标“5-10 年”，实际7年，在目标范围内"),
        (",100000人,", "99999人", "目标10万人，实际9.9999万人，完成目标的99.999%"),
        (",提高,", "较上年提高,达成", "目标“提高”，实际“较上年提高”，评定为“达成年度指标”"),
    ],
)  # fmt: skip
def test_a_row_is_told_exactly_and_readably(tmp_path: Path, target: str, actual: str, said: str) -> None:
    told = sentence(evaluated(tmp_path, target, actual + "," * (3 - actual.count(","))))
    assert said in told, told


def test_money_is_told_in_wan_with_all_digits(tmp_path: Path) -> None:
    result = evaluated(tmp_path, "≤,400000.00,元", "387664.62元,,,", name="项目总成本", level2="成本指标")
    assert "目标不超过40万元，实际38.766462万元，控制在目标以内" in sentence(result)


def test_full_points_do_not_make_a_missed_target_reached(tmp_path: Path) -> None:
    result = evaluated(tmp_path, ",100人,", "99人,,90,另有线上参会")
    told = sentence(result)
    assert "达到目标" not in told
    assert "完成目标的99%" in told
    texts = texts_of(result)
    assert "全部达到" not in texts
    assert "1项未达到年度指标值" in texts


@pytest.mark.parametrize(
    ("weight", "budget", "said"),
    [("80", "400000", "分值合计不足100分"), ("90", "", "预算执行率未评分")],
)
def test_why_there_is_no_grade_is_told_as_it_is(tmp_path: Path, weight: str, budget: str, said: str) -> None:
    result = evaluated(
        tmp_path, ",100人,", "100人,,,", weight=weight, budget=f"P1,财政拨款,{budget},{budget},{budget},"
    )
    told = texts_of(result)
    assert said in told
    assert ("预算执行率未评分" in told) == (not budget)


def test_nothing_is_counted_that_is_not_there() -> None:
    for card in sample_result().scorecards:
        made = project_document(replace(sample_result(), narratives={}), card)
        assert not any(
            "0项" in block.text.replace("10项", "").replace("20项", "") for part in made.parts for block in part.blocks
        )


def texts_of(result: Result) -> str:
    """All that the report says by itself."""
    return "\n".join(b.text for part in project_document(result, result.scorecards[0]).parts for b in part.blocks)


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        ("P1,财政拨款,400000,400000,400000,", "全年预算40万元（与年初预算一致），全年执行40万元，预算执行率100%"),
        ("P1,财政拨款,1170000,1100000,1012000,", "全年预算110万元（较年初预算117万元调减7万元）"),
        ("P1,财政拨款,400000,400000,399999,", "预算执行率99.9998%"),
    ],
)
def test_money_is_said_once_and_the_same_way(tmp_path: Path, budget: str, said: str) -> None:
    assert said in texts_of(evaluated(tmp_path, ",100人,", "100人,,,", budget=budget))


@pytest.mark.parametrize(
    ("reason", "cause", "measure"),
    [
        ("设备老化；已列入更新计划，巡检加密。", "设备老化；", "已列入更新计划，巡检加密。"),
        ("受疫情影响，参会减少；2022年将采用线上方式。", "受疫情影响，参会减少；", "2022年将采用线上方式。"),
        ("2019年以前的资料未补录", "2019年以前的资料未补录", ""),
        ("已停业的企业不再统计。", "已停业的企业不再统计。", ""),
        ("下年度按实际核定目标。", "", "下年度按实际核定目标。"),
        ("", "", ""),
    ],
)
def test_a_reason_is_told_apart_word_by_word(reason: str, cause: str, measure: str) -> None:
    made = told_apart(reason, 2021)
    assert (made.cause, made.measure) == (cause, measure)
    assert made.cause + made.measure == reason


def test_measures_stand_under_measures(tmp_path: Path) -> None:
    result = evaluated(tmp_path, ",100人,", "90人,,,会议改为视频；下年度按参会人次设定目标。")
    parts = {
        part.title: "".join(b.text for b in part.blocks)
        for part in project_document(result, result.scorecards[0]).parts
    }
    assert "原因：会议改为视频。" in parts["六、偏差原因分析及存在问题"]
    assert "针对“参会数”：下年度按参会人次设定目标。" in parts["七、改进措施及结果应用"]


def test_a_layout_may_change_a_sentence_and_name_no_other_value() -> None:
    made = layout_from(
        {"sentences": {"use": "自评结果报财政部门。", "tally_all": {"one": "达到。", "many": "{数}项均达到。"}}},
        national(),
    )
    assert made.sentences.say("use") == "自评结果报财政部门。"
    assert made.sentences.say("tally_all", 3) == "3项均达到。"
    assert made.sentences.say("steps") == national().sentences.say("steps")
    for wrong in ({"use": "{总分}"}, {"无此句": "甲"}, {"use": {"one": "甲"}}, {"use": 1}, {"use": "甲\u202e乙"}):
        with pytest.raises((ValueError, TypeError)):
            layout_from({"sentences": wrong}, national())


def test_a_value_is_never_looked_at_again() -> None:
    assert national().sentences.say("measure", 指标="{措施}", 措施="甲") == "针对“{措施}”：甲"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Fraction(1), "100%"), (Fraction(99998, 100000), "99.998%"), (Fraction(932, 1000), "93.2%"),
        (Fraction(1000001, 1000000), "100.0001%"), (Fraction(0), "0%"), (Fraction(1, 100000), "0.001%"),
        (Fraction(2, 3), "66.67%"),
    ],
)  # fmt: skip
def test_no_rate_is_rounded_to_all_or_nothing(value: Fraction, said: str) -> None:
    assert display.short_rate(value) == said


def test_rooms_are_filled_where_given(tmp_path: Path) -> None:
    result = evaluated(tmp_path, ",100人,", "100人,,,")
    card = result.scorecards[0]
    fields = {**card.project.fields, "立项文号": "甲财〔2021〕1号", "组织实施": "由信息科组织采购"}
    card = replace(card, project=replace(card.project, fields=fields))
    texts = texts_of(replace(result, scorecards=(card,)))
    assert "立项文号：甲财〔2021〕1号。" in texts
    assert "组织实施情况：由信息科组织采购。" in texts
    written = replace(result, scorecards=(card,), narratives={"P1": "## 项目概况\n\n自己写的。\n"})
    section = next(p for p in project_document(written, card).parts if p.title == "一、项目概况")
    assert section.markdown == "自己写的。\n\n立项文号：甲财〔2021〕1号。"


def last_year(folder: Path, **changes: object) -> None:
    """A scorecard of 2020."""
    project = {"id": "P1", "name": "甲项目", "total": "92.50", "grade": "优", "budget": {"rate": "0.951"}} | changes
    data = {
        "schema": "selfeval.scorecard/1",
        "evaluation": {"year": 2020},
        "rules": {"id": "mof-2020"},
        "projects": [project],
    }
    (folder / "甲" / "last_year.json").write_text(json.dumps(data), encoding="utf-8")


def test_last_year_is_compared_where_it_is_given(tmp_path: Path) -> None:
    result = evaluated(tmp_path, ",100人,", "100人,,,")
    assert "上年" not in texts_of(result)
    last_year(tmp_path)
    again = evaluate(tmp_path / "甲").result
    assert again is not None
    assert (
        "2020年度自评得92.50分（优），本年度得100.00分（优），提高7.50分。预算执行率上年为95.1%，本年为100%。"
        in texts_of(again)
    )
    last_year(tmp_path, total=None, grade=None)
    open_ = evaluate(tmp_path / "甲").result
    assert open_ is not None
    assert "不作比较" in texts_of(open_)


@pytest.mark.parametrize("number", ["9e9", "1e50000000", "Infinity", "NaN", "1_0", "９２", "1" * 61])
def test_a_number_of_last_year_that_no_scorecard_writes_is_refused(tmp_path: Path, number: str) -> None:
    evaluated(tmp_path, ",100人,", "100人,,,")
    last_year(tmp_path, total=number)
    again = evaluate(tmp_path / "甲")
    assert again.result is not None
    assert again.result.last_year is None
    assert "N019" in {d.code for d in again.diagnostics}


def test_a_number_that_import_made_up_is_not_on_the_cover() -> None:
    result = sample_result()
    card = result.scorecards[0]
    assert "项目编号" not in dict(project_document(result, card).cover)
    coded = replace(card, project=replace(card.project, id="510700-21-001"))
    assert dict(project_document(result, coded).cover)["项目编号"] == "510700-21-001"
