"""The cause first: what follows from a refused table is held back, and the refusal names what to change."""

from __future__ import annotations

import json

import pytest
from evaluations import (
    ACTUALS,
    BUDGET,
    PROJECTS,
    TARGETS,
    codes,
    errors,
    finding,
    make_evaluation,
    rows_of,
    table_bytes,
)
from openpyxl import Workbook

from selfeval.evaluation.pipeline import evaluate
from selfeval.evaluation.stream import examine
from selfeval.reading.columns import TARGETS as SPEC
from selfeval.reading.csv_edit import Change, changed_csv, rewritten
from selfeval.reading.tables import read_table

TABLES = ("projects", "budget", "targets", "actuals")
TITLE = "甲县2021年绩效目标表\r\n"


def with_text(folder, table, change):
    path = folder / f"{table}.csv"
    path.write_bytes(change(path.read_bytes().decode("utf-8-sig")).encode("utf-8-sig"))


@pytest.mark.parametrize("table", TABLES)
def test_a_refused_table_is_the_only_error(tmp_path, table):
    folder = make_evaluation(tmp_path)
    with_text(folder, table, lambda text: text.replace("项目编号", "编", 1))
    evaluated = evaluate(folder)
    assert errors(evaluated) == ["T003"]
    assert "编" in finding(evaluated, "T003").message


@pytest.mark.parametrize("table", TABLES)
def test_a_missing_table_is_the_only_error(tmp_path, table):
    folder = make_evaluation(tmp_path, **{table: None})
    assert errors(evaluate(folder)) == ["T006"]


def test_a_merged_cell_is_the_only_error(tmp_path):
    folder = make_evaluation(tmp_path, actuals=None)
    book = Workbook()
    for row in (["项目编号", "三级指标", "实际完成值"], ["P01", "维修里程", "20公里"], [None, "通行提速率", "10%"]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    book.save(folder / "actuals.xlsx")
    assert errors(evaluate(folder)) == ["T015"]


def test_its_projects_are_drafts_all_the_same(tmp_path):
    folder = make_evaluation(tmp_path, actuals=None)
    result = evaluate(folder).result
    assert result.is_draft("P01")


def test_what_does_not_follow_stays(tmp_path):
    """A wrong amount has nothing to do with the table that was refused."""
    folder = make_evaluation(tmp_path, actuals=None, budget="年初预算数 | 全年预算数 | 全年执行数\n很多 | 100 | 100")
    assert errors(evaluate(folder)) == ["T006", "B001"]


def test_a_large_evaluation_says_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr("selfeval.evaluation.stream.LARGE", 1)
    folder = make_evaluation(tmp_path)
    with_text(folder, "targets", lambda text: text.replace("项目编号", "编", 1))
    assert examine(folder, 1).diagnostics == evaluate(folder).diagnostics


# ── one fault, one finding ──


def errors_in_workbook(tmp_path, table, column, value):
    """The errors of an evaluation whose table is a workbook with another value in its first row."""
    folder = make_evaluation(tmp_path, **{table: None})
    content = {"budget": BUDGET, "targets": TARGETS, "actuals": ACTUALS}[table]
    rows = [{"项目编号": "P01", **row} for row in rows_of(content)]
    book = Workbook()
    for row in (list(rows[0]), list((rows[0] | {column: value}).values()), *(list(row.values()) for row in rows[1:])):
        book.active.append(row)
    book.save(folder / f"{table}.xlsx")
    return errors(evaluate(folder))


@pytest.mark.parametrize(("value", "code"), [("=1+1", "T023"), ("#DIV/0!", "T022")])
@pytest.mark.parametrize(
    ("table", "column"), [("actuals", "实际完成值"), ("budget", "全年执行数"), ("targets", "指标值")]
)
def test_of_a_cell_that_excel_has_not_calculated_nothing_else_is_said(tmp_path, table, column, value, code):
    assert errors_in_workbook(tmp_path, table, column, value) == [code]


def test_an_amount_that_is_none_is_not_asked_for_as_well(tmp_path):
    folder = make_evaluation(tmp_path, budget="年初预算数 | 全年预算数 | 全年执行数\n很多 | 100 | 100")
    assert [d.code for d in evaluate(folder).diagnostics if d.code.startswith("B")] == ["B001"]


def test_an_actual_under_a_like_name_is_no_missing_one(tmp_path):
    rows = rows_of(ACTUALS)
    folder = make_evaluation(tmp_path, actuals=[rows[0] | {"三级指标": "1.维修里程"}, *rows[1:]])
    assert errors(evaluate(folder)) == ["P002"]
    folder = make_evaluation(tmp_path, actuals=[rows[0] | {"三级指标": "1.维修里程"}, *rows[2:]])
    assert sorted(errors(evaluate(folder))) == ["P001", "P002"]  # of which one is really missing


@pytest.mark.parametrize(("id_", "written"), [("001", "1"), ("P01", "P1"), ("20210001", "020210001")])
def test_rows_under_a_miswritten_project_are_not_missed_there(tmp_path, id_, written):
    numbered = lambda table, id_: [{"项目编号": id_, **row} for row in rows_of(table)]  # noqa: E731
    tables = {"budget": numbered(BUDGET, id_), "targets": numbered(TARGETS, id_), "actuals": numbered(ACTUALS, written)}
    folder = make_evaluation(tmp_path, projects=[row | {"项目编号": id_} for row in rows_of(PROJECTS)], **tables)
    found = evaluate(folder)
    assert errors(found) == ["T014"]
    assert f"是否想写“{id_}”" in finding(found, "T014").message
    assert found.result.is_draft(id_)


def test_what_was_done_is_not_held_against_a_target_where_no_actual_is_read(tmp_path):
    rows = rows_of(ACTUALS)
    projects = [row | {"总体目标完成情况": "维修里程21公里"} for row in rows_of(PROJECTS)]
    found = evaluate(
        make_evaluation(tmp_path, actuals=[rows[0] | {"实际完成值": "若干"}, *rows[1:]], projects=projects)
    )
    assert "C022" not in {d.code for d in found.diagnostics}
    found = evaluate(make_evaluation(tmp_path / "b", projects=projects))
    assert "C022" in {d.code for d in found.diagnostics}


# ── titles above the header ──


@pytest.mark.parametrize(
    "title", [TITLE, "甲县2021年绩效目标表,,,,,\r\n", "甲县\r\n\r\n2021年度\r\n", '"甲县\r\n2021年"\r\n']
)
def test_the_header_is_found_below_titles(tmp_path, title):
    folder = make_evaluation(tmp_path)
    plain = evaluate(folder)
    with_text(folder, "targets", lambda text: title + text)
    titled = evaluate(folder)
    assert sorted(codes(titled)) == sorted([*codes(plain), "T029"])
    assert titled.result.scorecards[0].total == plain.result.scorecards[0].total
    assert titled.result.tables.targets.rows[0].place.line == title.count("\n") + 2


def test_the_header_of_a_workbook_is_found_below_titles(tmp_path):
    folder = make_evaluation(tmp_path, actuals=None)
    book = Workbook()
    for row in (["甲县2021年完成情况"], [], ["项目编号", "三级指标", "实际完成值"], ["P01", "维修里程", "20公里"],
                ["P01", "通行提速率", "10%"], ["P01", "群众满意度", "90%"]):  # fmt: skip
        book.active.append(row)
    book.save(folder / "actuals.xlsx")
    evaluated = evaluate(folder)
    assert errors(evaluated) == []
    assert evaluated.result.scorecards[0].scores[0].indicator.actual_place.line == 4


def test_a_line_that_only_names_some_columns_is_no_header(tmp_path):
    folder = make_evaluation(tmp_path)
    with_text(folder, "targets", lambda text: "项目编号,三级指标,说明\r\n" + text)
    assert "T029" in codes(evaluate(folder))


def test_titles_are_kept_when_a_cell_is_changed(tmp_path):
    data = (TITLE + table_bytes(TARGETS).decode("utf-8-sig")).encode("utf-8-sig")
    made = rewritten(data, SPEC, {3: {"指标值": "≥21公里"}})
    assert made.startswith(("\ufeff" + TITLE).encode())
    folder = make_evaluation(tmp_path, targets=made)
    assert read_table(folder, SPEC)[0].rows[0].text("指标值") == "≥21公里"


def test_titles_are_kept_when_an_import_changes_the_table(tmp_path):
    data = (TITLE + table_bytes(TARGETS).decode("utf-8-sig")).encode("utf-8-sig")
    made = changed_csv(data, SPEC, [Change("甲县-2021/targets.csv", 3, "指标值", "≥21公里")], [])
    assert made.decode("utf-8-sig").startswith("甲县2021年绩效目标表")
    assert "≥21公里" in made.decode("utf-8-sig")


# ── which header is wrong ──


@pytest.mark.parametrize(
    ("wrong", "right"), [("完成情况", "实际完成值"), ("实际完成", "实际完成值"), ("三级指标名称", "三级指标")]
)
def test_the_wrong_header_and_the_likely_one_are_named(tmp_path, wrong, right):
    folder = make_evaluation(tmp_path)
    with_text(folder, "actuals", lambda text: text.replace(right, wrong, 1))
    missing = finding(evaluate(folder), "T003")
    assert f"“{wrong}”像是“{right}”" in missing.message
    assert f"“{wrong}”改为“{right}”" in missing.hint
    line = (folder / "actuals.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert line[missing.column - 1 :].startswith(wrong)
    assert "T005" not in codes(evaluate(folder))


FORM = [["项目支出绩效目标申报表"], ["项目名称", "道路维修"], ["一级指标", "二级指标", "三级指标", "指标值"],
        ["产出指标", "数量指标", "维修里程", "≥20公里"]]  # fmt: skip


@pytest.mark.parametrize("merged", [True, False])
def test_a_form_among_the_tables_is_offered_to_import(tmp_path, merged):
    folder = make_evaluation(tmp_path, targets=None)
    book = Workbook()
    for row in FORM:
        book.active.append(row)
    if merged:
        book.active.merge_cells("A1:D1")
    book.save(folder / "targets.xlsx")
    refused = finding(evaluate(folder), "T015" if merged else "T003")
    assert "selfeval import targets.xlsx --into 甲县-2021" in refused.hint


def test_json_has_what_the_list_has(tmp_path, capsys):
    from selfeval.cli.app import run

    folder = make_evaluation(tmp_path, actuals=None)
    assert run(["check", str(folder), "--output-format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [d["code"] for d in told["diagnostics"] if d["severity"] == "error"] == ["T006"]
    assert told["counts"]["error"] == 1


@pytest.mark.parametrize("amount", ["￥100", "¥100.00", "￥ 100", "￥100元"])
def test_an_amount_may_have_the_sign_that_excel_puts_before_it(tmp_path, amount):
    budget = [{"年初预算数": amount, "全年预算数": amount, "全年执行数": "￥80"}]
    evaluated = evaluate(make_evaluation(tmp_path, budget=budget))
    assert "B001" not in codes(evaluated)
    assert evaluated.result.scorecards[0].budget.executed == 80


@pytest.mark.parametrize("amount", ["$100", "100美元", "￥约100", "￥"])
def test_another_currency_is_no_amount(tmp_path, amount):
    budget = [{"年初预算数": "100", "全年预算数": amount, "全年执行数": "80"}]
    assert "B001" in codes(evaluate(make_evaluation(tmp_path, budget=budget)))


# ── rows that are lost ──


def filled_down(table):
    """Only the first row of a project names it, as a person leaves it who merges the cells on paper."""
    first, *rows = rows_of(table)
    return [first | {"项目编号": "P01"}, *(row | {"项目编号": ""} for row in rows)]


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize(("name", "table"), [("targets", TARGETS), ("actuals", ACTUALS)])
def test_rows_without_their_project_are_asked_about_and_nothing_that_follows(tmp_path, monkeypatch, name, table, large):
    if large:
        monkeypatch.setattr("selfeval.evaluation.stream.LARGE", 1)
    folder = make_evaluation(tmp_path, **{name: filled_down(table)})
    found = examine(folder, 1).diagnostics
    assert [d.code for d in found if d.is_error] == ["T010", "T010"]
    assert "沿用上一行的“P01”吗" in next(d.message for d in found if d.is_error)
    assert not {"S009", "W003"} & {d.code for d in found}


def test_what_another_project_has_wrong_is_told_all_the_same(tmp_path):
    folder = make_evaluation(
        tmp_path,
        projects="项目编号 | 项目名称 | 开始日期\nP01 | 道路维修 | 2021-01-01\nP02 | 桥梁维修 | 2021-01-01",
        budget=[row | {"项目编号": id_} for id_ in ("P01", "P02") for row in rows_of(BUDGET)],
        targets=[*filled_down(TARGETS), *(row | {"项目编号": "P02"} for row in rows_of(TARGETS)[:2])],
        actuals=[row | {"项目编号": id_} for id_ in ("P01", "P02") for row in rows_of(ACTUALS)],
    )
    assert {d.project for d in evaluate(folder).diagnostics if d.code == "P002"} == {"P02"}


@pytest.mark.parametrize("merged", [False, True])
def test_our_own_table_with_a_wrong_header_or_a_merged_cell_is_no_form(tmp_path, merged):
    rows = [{"项目编号": "P01", "年度绩效目标": "维修道路"} | row for row in rows_of(TARGETS)]
    folder = make_evaluation(tmp_path, targets=None)
    book = Workbook()
    for values in (["甲县2021年项目支出绩效目标表"], list(rows[0]), *(list(row.values()) for row in rows)):
        book.active.append(values)
    if merged:
        book.active.merge_cells("A3:A5")
    else:
        book.active["F2"] = "指标直"
    book.save(folder / "targets.xlsx")
    refused = finding(evaluate(folder), "T015" if merged else "T003")
    assert "import" not in refused.hint
    assert merged or "把表头里的“指标直”改为“指标值”" in refused.hint
