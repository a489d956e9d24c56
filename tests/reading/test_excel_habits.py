"""What people do in Excel every day: totals and notes under a table, cells left blank because the one above holds."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from evaluations import ACTUALS, BUDGET, PROJECTS, TARGETS, codes, csv_bytes, finding, make_evaluation, rows_of
from openpyxl import Workbook

from selfeval.base.codes import codes as codes_known
from selfeval.evaluation.exports import scorecard_json
from selfeval.evaluation.pipeline import evaluate

TABLES = {"projects": PROJECTS, "budget": BUDGET, "targets": TARGETS, "actuals": ACTUALS}


def with_rows(tmp_path, table, *more):
    """The evaluation with more rows under a table, whose first cells are given."""
    content = csv_bytes(rows_of(TABLES[table]))
    width = content.decode("utf-8-sig").splitlines()[0].count(",")
    lines = [",".join([*cells, *[""] * (width + 1 - len(cells))]) for cells in more]
    return make_evaluation(tmp_path, **{table: content + "".join(f"{line}\r\n" for line in lines).encode()})


def card(evaluated):
    return scorecard_json(evaluated.result)["projects"]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("word", ["合计", "合 计", "总计：", "小计", "合计（元）"])
def test_a_total_under_a_table_is_no_row_of_it(tmp_path, table, word):
    plain = evaluate(make_evaluation(tmp_path / "plain"))
    found = evaluate(with_rows(tmp_path, table, [word, "", "", "100"]))
    assert card(found) == card(plain)
    told = finding(found, "T032")
    assert f"“{word}”" in told.message
    assert Counter(codes(found)) == Counter([*codes(plain), "T032"])


@pytest.mark.parametrize("table", ["targets", "actuals"])
def test_a_total_of_one_projects_points_is_none_either(tmp_path, table):
    found = evaluate(with_rows(tmp_path, table, ["P01", "合计", "", "100"]))
    assert len(card(found)[0]["indicators"]) == 3
    assert "T032" in codes(found)


def test_a_projects_own_total_of_funds_is_still_compared(tmp_path):
    funds = "资金来源 | 年初预算数 | 全年预算数 | 全年执行数\n财政拨款 | 100 | 100 | 100\n合计 | 100 | 100 | 90"
    assert "B005" in codes(evaluate(make_evaluation(tmp_path, budget=funds)))


def test_an_indicator_or_project_that_is_only_called_so_stays(tmp_path):
    targets = [*rows_of(TARGETS)[:2], rows_of(TARGETS)[2] | {"三级指标": "合计"}]
    found = evaluate(make_evaluation(tmp_path, targets, projects=[rows_of(PROJECTS)[0] | {"项目名称": "合计中心"}]))
    assert "T032" not in codes(found)
    assert [one["level3"] for one in card(found)[0]["indicators"]][2] == "合计"


@pytest.mark.parametrize(
    "cells",
    [
        ["注：数据截至12月31日"],
        ["说明：1.金额单位为元", ""],
        ["", "备注:见附件"],
        ["填表人：张三", "审核人：李四"],
        ["注1：甲", "注2：乙"],
        ["填报说明：a"],
    ],
)
@pytest.mark.parametrize("table", TABLES)
def test_a_note_under_a_table_is_passed_over_with_a_word(tmp_path, table, cells):
    found = evaluate(with_rows(tmp_path, table, cells))
    assert [d.code for d in found.diagnostics if d.code.startswith("T")] == ["T032"]
    assert next(filter(None, cells)) in finding(found, "T032").message


@pytest.mark.parametrize("line", ["注：数据截至12月31日", "注：甲,乙,丙,丁,戊,己,庚"])
def test_a_note_need_not_have_the_cells_of_the_header(tmp_path, line):
    actuals = csv_bytes(rows_of(ACTUALS)) + f"{line}\r\n".encode()
    found = evaluate(make_evaluation(tmp_path, actuals=actuals))
    assert [d.code for d in found.diagnostics if d.code.startswith("T")] == ["T032"]


def test_the_same_in_a_workbook_where_the_place_is_told_as_excel_does(tmp_path):
    folder = make_evaluation(tmp_path, actuals=None)
    book = Workbook()
    rows = [{"项目编号": "P01", **row} for row in rows_of(ACTUALS)]
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append(list(row.values()))
    book.active.append(["合计", None, None, 100])
    book.active.append(["注：甲"])
    book.save(folder / "actuals.xlsx")
    found = evaluate(folder)
    assert [(d.code, d.file, d.line) for d in found.diagnostics if d.code.startswith("T")] == [
        ("T032", f"{folder.name}/actuals.xlsx", 5),
        ("T032", f"{folder.name}/actuals.xlsx", 6),
    ]


# ── what else stands in a table that people print and pass round ──


def with_heads(rows):
    """Rows of texts, header first."""
    return [list(rows[0]), *(list(row.values()) for row in rows)]


def in_workbook(tmp_path, rows, *merged):
    folder = make_evaluation(tmp_path, actuals=None)
    book = Workbook()
    for row in rows:
        book.active.append([cell or None for cell in row])
    for cells in merged:
        book.active.merge_cells(cells)
    book.save(folder / "actuals.xlsx")
    return evaluate(folder)


ENTERED = with_heads([{"项目编号": "P01", **row} for row in rows_of(ACTUALS)])


def test_a_title_and_a_note_may_be_merged_over_the_columns_and_the_table_may_not(tmp_path):
    rows = [["2021年度完成情况表"], ["单位：甲县"], *ENTERED, ["合计", "", "", "90"], ["注：数据截至12月31日"]]
    foot = len(rows)
    found = in_workbook(tmp_path, rows, "A1:E1", "A2:B2", f"A{foot}:D{foot}", f"A{foot - 1}:C{foot - 1}")
    plain = evaluate(make_evaluation(tmp_path / "b"))
    assert [d.code for d in found.diagnostics if d.code.startswith("T")] == ["T029", "T032", "T032"]
    assert card(found)[0]["total"] == card(plain)[0]["total"]
    for cells in ["A4:A5", "A3:B3", f"A{foot - 2}:A{foot - 1}", "A2:A4"]:
        assert [d.code for d in in_workbook(tmp_path, rows, cells).diagnostics if d.is_error] == ["T015"]


def test_a_numbered_note_in_the_first_cell_goes_on_from_the_one_above(tmp_path):
    found = with_rows(tmp_path, "actuals", ["备注：1.本表一式两份"], ["2.请加盖公章"], ["（3）报财政局"])
    assert [d.line for d in evaluate(found).diagnostics if d.code == "T032"] == [5, 6, 7]
    found = with_rows(tmp_path, "actuals", ["", "", "2.请加盖公章"])
    assert "T032" not in codes(evaluate(found))


def test_a_header_that_stands_there_again_is_passed_over_with_a_word(tmp_path):
    head, *rows = ENTERED
    found = in_workbook(tmp_path, [head, rows[0], head, *rows[1:]])
    told = finding(found, "T032")
    assert (told.line, told.message) == (3, "第 3 行又是表头，没有读取")
    assert [d.code for d in found.diagnostics if d.is_error] == []


def test_numbers_of_rows_are_no_column_to_mend_and_no_row(tmp_path):
    rows = [["序号", *ENTERED[0]], *([str(at), *row] for at, row in enumerate(ENTERED[1:], 1)), ["4"], ["5"]]
    found = in_workbook(tmp_path, rows)
    assert [d.code for d in found.diagnostics if d.code.startswith("T")] == []
    assert card(found)[0]["total"] == card(evaluate(make_evaluation(tmp_path / "b")))[0]["total"]
    found = in_workbook(tmp_path, [["备注", *ENTERED[0]], *(["已核", *row] for row in ENTERED[1:]), ["尚缺两行"]])
    assert [d.code for d in found.diagnostics if d.code.startswith("T")] == ["T005"]


def test_a_total_is_called_by_its_word(tmp_path):
    found = evaluate(with_rows(tmp_path, "actuals", ["P01", "合 计", "", "90"]))
    assert "（“合 计”）" in finding(found, "T032").message


# ── names that files get on their way ──


COPIES = [
    "actuals - 副本.csv", "actuals(1).csv", "actuals（1）.xlsx", "副本actuals.xls", "复件 actuals.et", "完成情况.csv",
    "actuals-DESKTOP-AB12.csv", "Actuals (张三 的冲突副本 2026-01-05).csv", "完成情况表.xlsx", "填报表 - 副本.xlsx",
]  # fmt: skip


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_of_a_table_that_nobody_reads_is_told(tmp_path, name):
    folder = make_evaluation(tmp_path)
    (folder / name).write_bytes((folder / "actuals.csv").read_bytes())
    told = finding(evaluate(folder), "T033")
    assert (told.severity.value, told.file) == ("warning", f"{folder.name}/{name}")
    assert f"“{name}”没有读取" in told.message


@pytest.mark.parametrize(
    "name", ["~$actuals.xlsx", ".actuals.csv.icloud", "actuals.csv.bak", "preview.csv", "说明.xlsx", "factuals.csv"]
)
def test_what_is_no_copy_of_a_table_is_left_alone(tmp_path, name):
    folder = make_evaluation(tmp_path)
    (folder / name).write_bytes(b"x")
    assert "T033" not in codes(evaluate(folder))


@pytest.mark.parametrize("name", [*COPIES[:-1], "actuals.csv.csv", "actuals.txt", ".actuals.csv.icloud"])
def test_where_the_table_is_missing_what_it_may_be_is_told_once(tmp_path, name):
    folder = make_evaluation(tmp_path)
    (folder / "actuals.csv").rename(folder / name)
    (told,) = (d for d in evaluate(folder).diagnostics if d.code in {"T006", "T033"})
    assert name in told.message
    assert ("下载" in told.message) == name.endswith(".icloud")


# ── blank cells under a filled one ────────────────────────────────────────────────────────────


def test_a_blank_id_below_another_is_asked_about_and_never_filled_in(tmp_path):
    rows = [{"项目编号": "P01", **row} for row in rows_of(TARGETS)]
    found = evaluate(make_evaluation(tmp_path, [rows[0], rows[1] | {"项目编号": ""}, rows[2] | {"项目编号": ""}]))
    asked = [d for d in found.diagnostics if d.code == "T010"]
    assert [d.line for d in asked] == [3, 4]
    assert all(d.message.endswith("这一行没有使用；沿用上一行的“P01”吗？") for d in asked)
    assert "填上“P01”" in asked[0].hint
    assert [one["level3"] for one in card(found)[0]["indicators"]] == ["维修里程"]


def test_a_blank_level_is_asked_about_by_that_of_the_same_project(tmp_path):
    rows = rows_of(TARGETS)
    found = evaluate(make_evaluation(tmp_path, [rows[0], rows[1] | {"二级指标": ""}, rows[2]]))
    assert "沿用上一行的“数量指标”吗" in finding(found, "T010").message


@pytest.mark.parametrize("blank", [{"二级指标": ""}, {"一级指标": "", "二级指标": ""}])
@pytest.mark.parametrize("weights", [{}, {"分值": ""}])
def test_a_blank_level_is_one_finding_whatever_follows_from_it(tmp_path, blank, weights):
    satisfied = next(row for row in rows_of(TARGETS) if "满意" in row["三级指标"])
    others = [row | weights for row in rows_of(TARGETS) if row != satisfied]
    found = evaluate(make_evaluation(tmp_path, [*others, satisfied | blank | weights]))
    (told,) = (d for d in found.diagnostics if d.code in {"T010", "P005", "C008", "W006", "P002"})
    assert told.code == "T010"
    assert "“二级指标”是空的" in told.message


def test_where_nothing_stands_above_nothing_is_asked(tmp_path):
    rows = rows_of(TARGETS)
    found = evaluate(make_evaluation(tmp_path, [rows[0] | {"二级指标": ""}, *rows[1:]]))
    assert finding(found, "T010").message == "第 2 行的“二级指标”是空的"


# ── days that lost their format ──


def test_a_day_that_lost_its_format_is_told_with_the_day_it_means(tmp_path):
    """45291 with the format General: asked about, never taken for a number or a day."""
    rows = rows_of(TARGETS)
    dated = rows[2] | {"二级指标": "时效指标", "三级指标": "完成时间", "指标值": "45291"}
    project = rows_of(PROJECTS)[0] | {"结束日期": "45291"}
    found = evaluate(make_evaluation(tmp_path, [*rows[:2], dated], projects=[project], actuals=None))
    for code in ("V001", "V017"):
        assert "（2023-12-31）" in finding(found, code).message
        assert "把格式改为日期，或写成 2023-12-31" in finding(found, code).hint


@pytest.mark.parametrize("code", codes_known())
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_finding_names_a_csv_that_may_be_a_workbook(code, language):
    words = codes_known()[code].wording(language)
    said = " ".join([*words.messages.values(), *words.hints.values()])
    assert not re.search(r"(projects|budget|targets|actuals)\.csv", said)
