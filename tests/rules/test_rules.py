"""The rules, case by case: `rules/<profile>.toml` says in plain words what a row or a project must come to.

Every case is written to files and taken through the whole line, from the cells to the points.

A file may begin with `year` (default 2021) and `own` (the text of the unit's own profile of that name). Then:

`[[case]]` one indicator. What is entered: target, actual (absent: no row in actuals.csv), weight, name, level1,
level2, sign, unit, direction, method, tier, entered, reason, start. What must come out: points (`不计分`: none),
and, where given, completion, formula, kind, step (words in the steps), codes (all found), without (none found).

`[[project]]` a whole project: rows `一级 | 二级 | 三级 | 指标值 | 实际 | 分值 | 评分方法 | 偏差原因 | 复核完成值 |
复核得分 | 调整后指标值 | 调整后分值` (the last ones may be absent), budget `来源 | 年初 | 全年 | 执行`.
What must come out, where given: weights, points, total, grade (`暂不评定`: none), counted, rate, execution (points
of the budget), reviewed (the total after the review), codes, without.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from evaluations import codes, make_evaluation, scorecard, scored

from selfeval.base.diagnostics import Severity
from selfeval.base.diagnostics import codes as code_table
from selfeval.evaluation.pipeline import evaluate

FILES = sorted((Path(__file__).parents[1] / "rules").glob("*.toml"))
INPUT = {"what", "target", "actual", "weight", "name", "level1", "level2", "sign", "unit", "direction", "method",
         "tier", "entered", "reason", "start", "points", "rule_points", "completion", "formula", "kind", "step",
         "codes", "without"}  # fmt: skip
PROJECT = {"what", "rows", "budget", "weights", "points", "total", "grade", "counted", "rate", "execution",
           "reviewed", "codes", "without"}  # fmt: skip
NOT_SCORED, NO_GRADE = "不计分", "暂不评定"
KEY, ACTUAL, REVIEWED = ("二级指标", "三级指标"), ("实际完成值", "偏差原因分析及改进措施"), ("复核完成值", "复核得分")
ROW = ("一级指标", *KEY, "指标值", "实际完成值", "分值", "评分方法", "偏差原因分析及改进措施", *REVIEWED,
       "调整后指标值", "调整后分值")  # fmt: skip


def cases(kind):
    """All cases of one sort with the file they stand in, named by what they say."""
    return [
        pytest.param(file.stem, table, case, id=f"{file.stem}: {case['what']}")
        for file in FILES
        for table in [tomllib.loads(file.read_text(encoding="utf-8"))]
        for case in table.get(kind, [])
    ]


def evaluation(tmp_path, profile, table, **tables):
    """An evaluation that is scored by the file's profile."""
    toml = f'[evaluation]\nyear = {table.get("year", 2021)}\nunit = "甲县财政局"\nrules = "{profile}"\n'
    folder = make_evaluation(tmp_path, toml=toml, **tables)
    if "own" in table:
        (folder / "rules").mkdir()
        (folder / "rules" / f"{profile}.toml").write_text(table["own"], encoding="utf-8")
    return folder


def one_row(tmp_path, profile, table, case):
    """An evaluation of one project with the case's indicator."""
    key = {"二级指标": case.get("level2", "数量指标"), "三级指标": case.get("name", "某指标")}
    target = key | {
        "一级指标": case.get("level1", "产出指标"),
        "指标值": case.get("target", ""),
        "分值": str(case.get("weight", 10)),
        "指标性质": case.get("sign", ""),
        "度量单位": case.get("unit", ""),
        "指标方向": case.get("direction", ""),
        "评分方法": case.get("method", ""),
    }
    actual = key | {
        "实际完成值": case.get("actual", ""),
        "完成档次": case.get("tier", ""),
        "自评得分": case.get("entered", ""),
        "偏差原因分析及改进措施": case.get("reason", ""),
    }
    project = {"项目名称": "道路维修", "开始日期": case.get("start", "2021-01-01")}
    actuals = [actual] if "actual" in case else "二级指标|三级指标|实际完成值"
    return evaluation(tmp_path, profile, table, targets=[target], actuals=actuals, projects=[project])


@pytest.mark.parametrize(("profile", "table", "case"), cases("case"))
def test_an_indicator_scores_what_the_case_says(tmp_path, profile, table, case):
    assert not set(case) - INPUT
    folder = one_row(tmp_path, profile, table, case)
    ((indicator,),) = [project["indicators"] for project in scored(folder)["projects"]]
    found = set(indicator["diagnostics"])
    assert (indicator["points"] or NOT_SCORED) == case["points"], indicator["steps"]
    assert indicator["rule_points"] == case.get("rule_points", indicator["rule_points"])
    assert indicator["completion"] == case.get("completion", indicator["completion"])
    assert indicator["formula"] == case.get("formula", indicator["formula"])
    assert indicator["target"]["kind"] == case.get("kind", indicator["target"]["kind"])
    assert case.get("step", "") in "\n".join(indicator["steps"])
    assert set(case.get("codes", [])) <= found
    assert not set(case.get("without", [])) & found
    if indicator["points"] is None:
        assert any(code_table()[code].severity is not Severity.INFO for code in found), "nothing says why"


def one_project(tmp_path, profile, table, case):
    """An evaluation of the case's project."""
    rows = [[cell.strip() for cell in row.split("|")] for row in case.get("rows", [])]
    full = [dict(zip(ROW, (*row, *[""] * (len(ROW) - len(row))), strict=True)) for row in rows]
    reviewed = [
        {"项目编号": "P01"} | {k: row[k] for k in (*KEY, *REVIEWED)}
        for row in full
        if row["复核完成值"] or row["复核得分"]
    ]
    budget = [[cell.strip() for cell in row.split("|")] for row in case.get("budget", ["财政拨款|100|100|100"])]
    funds = [dict(zip(("资金来源", "年初预算数", "全年预算数", "全年执行数"), row, strict=True)) for row in budget]
    return evaluation(
        tmp_path, profile, table,
        targets=[{k: v for k, v in row.items() if k not in {*ACTUAL, *REVIEWED}} for row in full]
        or "一级指标 | 二级指标 | 三级指标 | 指标值",
        actuals=[{k: row[k] for k in (*KEY, *ACTUAL)} for row in full]
        or "三级指标 | 实际完成值",
        budget=funds or "年初预算数 | 全年预算数 | 全年执行数",
        **({"review": reviewed} if reviewed else {}),
    )  # fmt: skip


@pytest.mark.parametrize(("profile", "table", "case"), cases("project"))
def test_a_project_comes_to_what_the_case_says(tmp_path, profile, table, case):
    assert not set(case) - PROJECT
    evaluated = evaluate(one_project(tmp_path, profile, table, case))
    (project,) = scorecard(evaluated)["projects"]
    came_to = {
        "weights": [i["weight"] or NOT_SCORED for i in project["indicators"]],
        "points": [i["points"] or NOT_SCORED for i in project["indicators"]],
        "total": project["total"],
        "grade": project["grade"] or NO_GRADE,
        "counted": project["counted"],
        "rate": project["budget"]["rate"],
        "execution": project["budget"]["points"] or NOT_SCORED,
        "reviewed": project.get("review", {}).get("total"),
    }
    assert {k: v for k, v in came_to.items() if k in case} == {k: case[k] for k in came_to if k in case}
    found = set(codes(evaluated))
    assert set(case.get("codes", [])) <= found
    assert not set(case.get("without", [])) & found


def test_every_shipped_profile_has_its_cases():
    from selfeval.rules.load import shipped_profiles

    assert {p.id for p in shipped_profiles()} <= {file.stem for file in FILES}
