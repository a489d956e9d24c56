"""Whatever stands in the files: it is said, with its place, in one run, and nothing else happens."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from attempts import some
from evaluations import (
    ACTUALS,
    BUDGET,
    PROJECTS,
    TARGETS,
    codes,
    csv_bytes,
    errors,
    files_in,
    finding,
    indicators,
    make_evaluation,
    rows_of,
    scored,
    table_bytes,
)
from openpyxl import Workbook

from selfeval.cli.app import run
from selfeval.evaluation.csv_exports import scores_csv
from selfeval.evaluation.pipeline import evaluate

FILES = ("projects", "budget", "targets", "actuals")


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Every test runs in a folder of its own."""
    monkeypatch.chdir(tmp_path)


def build(folder, *options):
    """Scores and writes everything but the PDFs."""
    return run(["build", str(folder), "--out", "out", "--format", "html", *options])


def with_project(id_):
    """Two projects, the second of an odd id, each with all it needs."""
    return {
        "projects": [*rows_of(PROJECTS), {"项目编号": id_, "项目名称": "桥梁维修"}],
        "budget": [*rows_of(BUDGET), *({"项目编号": id_, **row} for row in rows_of(BUDGET))],
        "targets": [*rows_of(TARGETS), *({"项目编号": id_, **row} for row in rows_of(TARGETS))],
        "actuals": [*rows_of(ACTUALS), *({"项目编号": id_, **row} for row in rows_of(ACTUALS))],
    }


# ── files ─────────────────────────────────────────────────────────────────────────────────────


def test_an_evaluation_in_order_has_no_error(tmp_path):
    assert errors(evaluate(make_evaluation(tmp_path))) == []


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("unit = “甲局”", "“”"),
        ("unit ＝ '甲局'", "＝"),
        ("unit = 甲局", "英文双引号里"),
        ('unit = "甲局', "引号没有成对"),
        ('unit = "D:\\数据\\甲"', "反斜杠"),
        ("unit '甲局'", "缺等号"),
        ('unit = "甲局" 填报单位', "#"),
        ("填报单位：甲局", "：”"),
        ("year = 2021", "写了两次"),
    ],
)
def test_a_slip_in_the_settings_is_told_in_chinese_words_with_its_line(tmp_path, line, says):
    evaluated = evaluate(make_evaluation(tmp_path, toml=f'[evaluation]\nyear = 2021\n{line}\ndepartment = "乙"\n'))
    told = finding(evaluated, "T020")
    assert says in told.message
    assert told.line == 3
    assert set(re.findall("[A-Za-z]{4,}", told.message)) <= {"selfeval", "toml", "TOML", "true", "false"}


@pytest.mark.parametrize("table", FILES)
def test_a_missing_table_is_said_and_the_others_are_still_read(tmp_path, table):
    evaluated = evaluate(make_evaluation(tmp_path, **{table: None}))
    assert finding(evaluated, "T006").file == f"甲县-2021/{table}.csv"
    assert evaluated.result is not None


@pytest.mark.parametrize("table", FILES)
def test_an_empty_table_is_said(tmp_path, table):
    assert finding(evaluate(make_evaluation(tmp_path, **{table: b""})), "T007").file == f"甲县-2021/{table}.csv"


def test_an_evaluation_without_a_project_is_said(tmp_path):
    nothing = {name: table_bytes(text).splitlines()[0] for name, text in (("projects", PROJECTS), ("targets", TARGETS))}
    evaluated = evaluate(make_evaluation(tmp_path, **nothing))
    assert "没有一个可用的项目" in finding(evaluated, "T007").message


@pytest.mark.parametrize("table", FILES)
def test_a_folder_in_place_of_a_table_is_said(tmp_path, table):
    folder = make_evaluation(tmp_path, **{table: None})
    (folder / f"{table}.csv").mkdir()
    assert finding(evaluate(folder), "T017").file == f"甲县-2021/{table}.csv"


@pytest.mark.parametrize("content", [b"\x00\x01\x02\xff" * 50, b"%PDF-1.7 ...", b"PK\x03\x04rest", bytes(range(256))])
def test_a_binary_file_is_said_and_not_read(tmp_path, content):
    evaluated = evaluate(make_evaluation(tmp_path, targets=content))
    assert {"T008", "T001"} & set(errors(evaluated))
    assert scored(evaluated.folder)["projects"][0]["indicators"] == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_whatever_encoding_excel_and_wps_write_scores_the_same(tmp_path, encoding):
    tables = {"projects": PROJECTS, "budget": BUDGET, "targets": TARGETS, "actuals": ACTUALS}
    encoded = {name: table_bytes(text).decode("utf-8-sig").encode(encoding) for name, text in tables.items()}
    plain, other = make_evaluation(tmp_path / "一"), make_evaluation(tmp_path / "二", **encoded)
    assert scored(plain) == scored(other)


def test_a_row_with_too_many_cells_is_said_with_its_line_and_never_shifted(tmp_path):
    targets = table_bytes(TARGETS).decode("utf-8-sig").replace("通行提速率,", "通行,提速率,")
    evaluated = evaluate(make_evaluation(tmp_path, targets=targets.encode()))
    found = finding(evaluated, "T002")
    assert (found.file, found.line, found.project) == ("甲县-2021/targets.csv", 3, "P01")
    assert [i["level3"] for i in scored(evaluated.folder)["projects"][0]["indicators"]] == ["维修里程", "群众满意度"]


def test_a_finding_names_a_project_by_its_id_or_not_at_all(tmp_path):
    targets = table_bytes(TARGETS).decode("utf-8-sig") + "另外,90\nP01,产出指标\n"
    evaluated = evaluate(make_evaluation(tmp_path, targets=targets.encode()))
    assert [(d.line, d.project) for d in evaluated.diagnostics if d.code == "T002"] == [(5, None), (6, "P01")]


HEAVY = """
一级指标   | 二级指标       | 三级指标   | 指标值  | 分值
产出指标   | 数量指标       | 维修里程   | ≥20公里 | 60
产出指标   | 数量指标       | 新建里程   | ≥20公里 | 10
效益指标   | 社会效益指标   | 通行提速率 | ≥10%    | 30
满意度指标 | 服务对象满意度 | 群众满意度 | ≥90%    | 10
"""


def test_weights_beyond_100_are_an_error_and_the_grade_follows_what_was_counted(tmp_path):
    folder = make_evaluation(tmp_path, targets=HEAVY)
    (project,) = scored(folder)["projects"]
    assert (project["total"], project["counted"], project["grade"]) == ("110.00", "110.00", "优")
    assert "W002" in errors(evaluate(folder))


def test_a_weight_of_three_decimals_lifts_no_completion_above_one(tmp_path):
    targets = table_bytes(TARGETS).decode("utf-8-sig").replace(",50", ",50.125")
    (project,) = scored(make_evaluation(tmp_path, targets=targets.encode()))["projects"]
    assert (project["level1"][0]["points"], project["level1"][0]["completion"]) == ("50.13", "1.00000000")


def test_a_header_written_twice_is_said_with_its_column(tmp_path):
    targets = table_bytes(TARGETS).decode("utf-8-sig").replace("指标值,分值", "指标值,指标值")
    found = finding(evaluate(make_evaluation(tmp_path, targets=targets.encode())), "T004")
    assert (found.line, found.column) == (1, len("项目编号,一级指标,二级指标,三级指标,指标值,") + 1)


def test_a_missing_column_is_said_by_its_name(tmp_path):
    targets = table_bytes(TARGETS).decode("utf-8-sig").replace("三级指标", "指标名")
    assert "“三级指标”" in finding(evaluate(make_evaluation(tmp_path, targets=targets.encode())), "T003").message


@pytest.mark.slow
def test_a_cell_of_ten_megabytes_is_said_and_left_out(tmp_path):
    actuals = rows_of(ACTUALS)
    actuals[0]["实际完成值"] = "字" * 3_500_000
    evaluated = evaluate(make_evaluation(tmp_path, actuals=actuals))
    assert finding(evaluated, "T011").line == 2
    assert all(len(d.message) < 1000 for d in evaluated.diagnostics)


def test_a_table_in_two_formats_is_an_error_and_neither_is_read(tmp_path):
    folder = make_evaluation(tmp_path)
    Workbook().save(folder / "targets.xlsx")
    evaluated = evaluate(folder)
    assert "T009" in errors(evaluated)
    assert scored(folder)["projects"][0]["indicators"] == []


def test_a_workbook_scores_what_the_same_table_as_csv_does(tmp_path):
    plain, folder = make_evaluation(tmp_path / "一"), make_evaluation(tmp_path / "二", targets=None)
    book = Workbook()
    for row in csv.reader(io.StringIO(table_bytes(TARGETS).decode("utf-8-sig"))):
        book.active.append(row)
    book.save(folder / "targets.xlsx")
    assert scored(plain) == scored(folder)


def test_all_problems_come_in_one_run(tmp_path):
    evaluated = evaluate(
        make_evaluation(
            tmp_path,
            projects=[*rows_of(PROJECTS), {"项目编号": "../x", "项目名称": "甲"}],
            budget=[{"年初预算数": "百万", "全年预算数": "100", "全年执行数": "90"}],
            targets=[*rows_of(TARGETS), rows_of(TARGETS)[0]],
            actuals=rows_of(ACTUALS)[1:],
        )
    )
    assert {"T012", "B001", "P001", "P003"} <= set(errors(evaluated))
    assert all(d.file and d.line and d.column for d in evaluated.diagnostics if d.is_error)


@pytest.mark.parametrize(
    "toml",
    [
        "",
        "[evaluation",
        "[evaluation]\nyear = 2021",
        '[evaluation]\nunit = "甲"',
        '[evaluation]\nyear = "去年"\nunit = "甲"',
        '[evaluation]\nyear = 2021\nunit = "甲"\nmoney_unit = "亿"',
    ],
)
def test_settings_that_cannot_be_used_are_said_and_nothing_is_built(tmp_path, toml, capsys):
    folder = make_evaluation(tmp_path, toml=toml)
    assert "T020" in errors(evaluate(folder))
    assert build(folder) == 2
    assert not (tmp_path / "out").exists()


def test_an_unknown_setting_is_only_warned_of(tmp_path):
    evaluated = evaluate(make_evaluation(tmp_path, toml='[evaluation]\nyear = 2021\nunit = "甲"\nmony_unit = "元"\n'))
    assert "money_unit" in finding(evaluated, "T021").message
    assert errors(evaluated) == []


@pytest.mark.parametrize("rules", ["mof-1999", ""])
def test_a_rule_profile_that_does_not_exist_is_said_with_those_that_do(tmp_path, rules):
    toml = f'[evaluation]\nyear = 2021\nunit = "甲"\nrules = "{rules}"\n'
    evaluated = evaluate(make_evaluation(tmp_path, toml=toml))
    assert evaluated.result is None
    assert "mof-2020" in finding(evaluated, "R001").message


@pytest.mark.parametrize(
    ("toml", "line"),
    [
        ('# 说明\n[evaluation]\nyear = 1889\nunit = "甲"\n', 3),
        ('[evaluation]\nyear = 2021\nunit = "甲"\n\n[report]\n"mony" = 1\n', 6),
        ('[evaluation]\nyear = 2021\nunit = "甲"\n[report.fonts]\nbody = 5\n', 5),
        ("\n[evaluation]\nyear = 2021\n", 2),
        ('[evaluation]\nyear = 2021\nunit = = "甲"\n', 3),
        ('[evaluation]\nyear = 2021\nunit = "甲"\nrules = "mof-1999"\n', 4),
        ('[evaluation]\nyear = 2021\nunit = "甲"\n\n[report]\n\nlayout = "无"\n', 7),
        ('[evaluation]\nunit = "甲"\n\nyear = 1999\n', 4),
    ],
)
def test_a_finding_about_a_setting_names_its_line(tmp_path, toml, line):
    said = evaluate(make_evaluation(tmp_path, toml=toml)).diagnostics
    assert [d.line for d in said if d.code in {"T020", "T021", "T027", "R001", "R002"}] == [line]


def test_a_finding_about_a_rule_profile_names_its_line(tmp_path):
    folder = make_evaluation(tmp_path, toml='[evaluation]\nyear = 2021\nunit = "甲"\nrules = "own"\n')
    (folder / "rules").mkdir()
    lines = (
        'id = "own"',
        'extends = "mof-2020"',
        "[[versions]]",
        "effective = 2020-01-01",
        "[versions.rounding]",
        "digits = 7",
    )
    (folder / "rules" / "own.toml").write_text("\n".join(lines), encoding="utf-8")
    [refusal] = [d for d in evaluate(folder).diagnostics if d.code == "R001"]
    assert (refusal.file, refusal.line) == ("甲县-2021/rules/own.toml", 6)


# ── project ids ───────────────────────────────────────────────────────────────────────────────

BAD_IDS = ["../x", "..", ".a", "a/b", "a\\b", "/etc/x", "C:x", "CON", "con", "Nul.txt", "com1", "LPT9", "x" * 65, "a b",
           "a\u202eb", "P\u200f02", "P02\x07", "é", "a:b", "a*", "a.", "😀", "a\nb"]  # fmt: skip


@pytest.mark.parametrize("id_", some(BAD_IDS, 3))
def test_a_project_id_that_is_no_file_name_gets_an_error_and_no_report(tmp_path, id_, capsys):
    folder = make_evaluation(tmp_path / "in", **with_project(id_))
    before = files_in(tmp_path)
    cause = "T030" if {*id_} & {*"\u202e\u200f"} else "T012"  # what turns a text round is told instead
    assert cause in errors(evaluate(folder))
    assert build(folder) == 1
    new = files_in(tmp_path) - before
    assert {name for name in new if not name.startswith("out/甲县-2021/")} == set()
    assert {name for name in new if "/projects/" in name} == {"out/甲县-2021/projects/P01/report.html"}


@pytest.mark.parametrize("id_", ["P-02", "a_b.c", "项目２".replace("２", "2"), "x" * 64, "02210302", "-a", "CONSOLE"])
def test_a_project_id_of_letters_digits_and_chinese_is_good(tmp_path, id_):
    evaluated = evaluate(make_evaluation(tmp_path, **with_project(id_)))
    assert errors(evaluated) == []
    assert [p["id"] for p in scored(evaluated.folder)["projects"]] == ["P01", id_]


def test_marks_without_width_around_an_id_are_no_part_of_it(tmp_path):
    evaluated = evaluate(make_evaluation(tmp_path, **with_project("\u200fP02\ufeff")))
    assert [p["id"] for p in scored(evaluated.folder)["projects"]] == ["P01", "P02"]


@pytest.mark.parametrize("id_", ["P01", "p01"])
def test_two_projects_of_one_id_are_an_error_whatever_their_case(tmp_path, id_):
    projects = [*rows_of(PROJECTS), {"项目编号": id_, "项目名称": "桥梁维修"}]
    evaluated = evaluate(make_evaluation(tmp_path, projects=projects))
    assert finding(evaluated, "T013").line == 3
    assert [p["name"] for p in scored(evaluated.folder)["projects"]] == ["道路维修"]


@pytest.mark.parametrize("table", ["budget", "targets", "actuals"])
def test_rows_of_a_project_that_is_not_there_are_said(tmp_path, table):
    rows = {"budget": BUDGET, "targets": TARGETS, "actuals": ACTUALS}[table]
    evaluated = evaluate(
        make_evaluation(tmp_path, **{table: [*rows_of(rows), {"项目编号": "P10", **rows_of(rows)[0]}]})
    )
    found = finding(evaluated, "T014")
    assert (found.file, found.severity) == (f"甲县-2021/{table}.csv", "error")
    assert "P10" in found.message


def test_a_second_whole_unit_is_refused(tmp_path):
    projects = [{"项目编号": id_, "项目名称": id_, "项目类型": "部门整体"} for id_ in ("甲", "乙")]
    evaluated = evaluate(make_evaluation(tmp_path, projects=[*rows_of(PROJECTS), *projects]))
    assert "T024" in errors(evaluated)
    assert [p["id"] for p in scored(evaluated.folder)["projects"]] == ["P01"]
    assert scored(evaluated.folder)["unit"]["id"] == "甲"


# ── pairing ───────────────────────────────────────────────────────────────────────────────────


def test_a_target_without_an_actual_is_an_error_and_not_scored(tmp_path):
    evaluated = evaluate(make_evaluation(tmp_path, actuals=rows_of(ACTUALS)[1:]))
    assert finding(evaluated, "P001").indicator == "数量指标/维修里程"
    assert indicators(evaluated.folder)["维修里程"]["points"] is None


def test_an_actual_without_a_target_is_an_error_that_names_the_nearest(tmp_path):
    actuals = rows_of(ACTUALS)
    actuals[0]["三级指标"] = "维修里数"
    evaluated = evaluate(make_evaluation(tmp_path, actuals=actuals))
    assert "维修里程" in finding(evaluated, "P002").message
    assert "P001" in {d.code for d in evaluated.result.diagnostics}  # kept, and not told beside its cause


def test_the_same_indicator_twice_is_an_error_and_counted_once(tmp_path):
    evaluated = evaluate(make_evaluation(tmp_path, targets=[*rows_of(TARGETS), rows_of(TARGETS)[0]]))
    assert finding(evaluated, "P003").line == 5
    assert scored(evaluated.folder)["projects"][0]["total"] == "100.00"


def test_the_same_name_under_two_second_levels_is_two_indicators(tmp_path):
    targets = [
        {"一级指标": "产出指标", "二级指标": level2, "三级指标": "打印机", "指标值": target, "分值": "45"}
        for level2, target in (("数量指标", "≥8台"), ("成本指标", "≤3万元"))
    ]
    actuals = [{"二级指标": "成本指标", "三级指标": "打印机", "实际完成值": "3万元"},
               {"二级指标": "数量指标", "三级指标": "打印机", "实际完成值": "4台"}]  # fmt: skip
    folder = make_evaluation(tmp_path, targets=targets, actuals=actuals)
    assert [i["points"] for i in scored(folder)["projects"][0]["indicators"]] == ["22.50", "45.00"]
    del actuals[0]["二级指标"]
    evaluated = evaluate(make_evaluation(tmp_path / "又", targets=targets, actuals=actuals))
    assert "二级指标" in finding(evaluated, "P002").message


def test_the_third_level_alone_is_enough_where_it_is_unique(tmp_path):
    actuals = [{k: v for k, v in row.items() if k != "二级指标"} for row in rows_of(ACTUALS)]
    assert errors(evaluate(make_evaluation(tmp_path, actuals=actuals))) == []


def test_actuals_may_come_from_several_offices_but_each_indicator_only_once(tmp_path):
    folder = make_evaluation(tmp_path, actuals=None)
    (folder / "actuals").mkdir()
    one, two, three = rows_of(ACTUALS)
    (folder / "actuals" / "业务科.csv").write_bytes(csv_bytes([one, two]))
    (folder / "actuals" / "财务科.csv").write_bytes(csv_bytes([three, one | {"实际完成值": "10公里"}]))
    evaluated = evaluate(folder)
    found = finding(evaluated, "P004")
    assert (found.file, found.line) == ("甲县-2021/actuals/财务科.csv", 3)
    assert "业务科.csv" in found.message
    assert indicators(folder)["维修里程"]["points"] == "50.00"
    assert errors(evaluated) == ["P004"]


def coded(rows, codes_):
    return [{"指标编号": code, **row} for code, row in zip(codes_, rows, strict=True)]


def test_an_indicator_code_is_the_key_and_the_names_only_a_check(tmp_path):
    actuals = [{"三级指标": "里程" if code == "Z1" else "", "指标编号": code, "实际完成值": row["实际完成值"]}
               for code, row in zip(("Z1", "Z2", "Z3"), rows_of(ACTUALS), strict=True)]  # fmt: skip
    evaluated = evaluate(
        make_evaluation(tmp_path, targets=coded(rows_of(TARGETS), ("Z1", "Z2", "Z3")), actuals=actuals)
    )
    assert errors(evaluated) == []
    assert finding(evaluated, "P005").indicator == "Z1"
    project = scored(evaluated.folder)["projects"][0]
    assert [i["id"] for i in project["indicators"]] == ["Z1", "Z2", "Z3"]
    assert project["total"] == "100.00"


def test_an_indicator_code_twice_or_unknown_is_an_error(tmp_path):
    twice = evaluate(make_evaluation(tmp_path / "一", targets=coded(rows_of(TARGETS), ("Z1", "Z1", "Z3"))))
    assert "P003" in errors(twice)
    unknown = coded(rows_of(ACTUALS), ("Z1", "Z2", "Z9"))
    targets = coded(rows_of(TARGETS), ("Z1", "Z2", "Z3"))
    evaluated = evaluate(make_evaluation(tmp_path / "二", targets=targets, actuals=unknown))
    assert "Z9" in finding(evaluated, "P002").message


@pytest.mark.parametrize("amount", ["一百", "1.2.3", "-5", "12%", "NaN", "1e5", "=1+1"])
def test_an_amount_that_is_none_is_said_and_never_a_zero(tmp_path, amount):
    evaluated = evaluate(
        make_evaluation(tmp_path, budget=[{"年初预算数": "100", "全年预算数": "100", "全年执行数": amount}])
    )
    assert finding(evaluated, "B001").severity == "error"
    budget = scored(evaluated.folder)["projects"][0]["budget"]
    assert (budget["executed"], budget["rate"], budget["points"]) == (None, None, None)


@pytest.mark.parametrize("weight", ["十", "1e3", "50%"])
def test_a_weight_that_is_no_number_is_said(tmp_path, weight):
    targets = rows_of(TARGETS)
    targets[0]["分值"] = weight
    evaluated = evaluate(make_evaluation(tmp_path, targets=targets))
    assert "V017" in errors(evaluated)
    assert indicators(evaluated.folder)["维修里程"]["points"] is None


# ── what a text may try ───────────────────────────────────────────────────────────────────────

EVIL = ["=cmd|' /C calc'!A0", "@SUM(1+1)", "+cmd|x", "-2+3+cmd|x", "\t=1+1", '=HYPERLINK("http://x")', "＝cmd|x"]
FIELDS = [
    ("projects", "项目名称"),
    *(("targets", column) for column in ("一级指标", "二级指标", "三级指标", "指标编号", "指标值")),
    *(("actuals", column) for column in ("实际完成值", "偏差原因分析及改进措施")),
]


@pytest.mark.parametrize("evil", EVIL)
def test_no_text_becomes_a_formula_in_scores_csv(tmp_path, evil):
    for table, column in FIELDS:
        tables = {"projects": rows_of(PROJECTS), "targets": rows_of(TARGETS), "actuals": rows_of(ACTUALS)}
        tables[table][0][column] = evil
        result = evaluate(make_evaluation(tmp_path / f"{table}-{column}", **tables)).result
        rows = list(csv.reader(io.StringIO(scores_csv(result).decode("utf-8-sig"))))
        cells = [cell for row in rows for cell in row]
        assert evil.strip() in "\n".join(cells), (table, column)
        risky = [
            c for c in cells if c.lstrip().startswith(("=", "+", "-", "@", "＝")) or c.startswith(("\t", "\r", "\n"))
        ]
        assert not risky, (table, column)
        assert {len(row) for row in rows} == {len(rows[0])}


def test_a_negative_number_stays_a_number_in_scores_csv(tmp_path):
    actuals = rows_of(ACTUALS)
    actuals[0]["实际完成值"] = "-5"
    assert b",-5," in scores_csv(evaluate(make_evaluation(tmp_path, actuals=actuals)).result)


MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}{% raw %}"


def test_markup_and_template_marks_stay_text_on_every_page(tmp_path, capsys):
    projects, targets, actuals = rows_of(PROJECTS), rows_of(TARGETS), rows_of(ACTUALS)
    projects[0] |= {"项目名称": MARKUP, "项目概况": MARKUP, "年度总体目标": MARKUP}
    targets[0]["三级指标"] = actuals[0]["三级指标"] = MARKUP
    actuals[0]["偏差原因分析及改进措施"] = MARKUP
    folder = make_evaluation(tmp_path, projects=projects, targets=targets, actuals=actuals)
    (folder / "narrative").mkdir()
    (folder / "narrative" / "P01.md").write_text(f"## 项目概况\n\n{MARKUP}\n", encoding="utf-8")
    assert build(folder) in (0, 1)
    pages = list((tmp_path / "out").rglob("*.html"))
    assert len(pages) == 3
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "&lt;script&gt;alert" in text
        assert "{{7*7}}" in text


def test_a_finding_names_no_more_of_a_cell_than_a_person_can_read(tmp_path):
    actuals = rows_of(ACTUALS)
    actuals[0]["实际完成值"] = "九九" * 5000
    for d in evaluate(make_evaluation(tmp_path, actuals=actuals)).diagnostics:
        assert len(d.message) < 1000


def test_lone_surrogates_and_control_marks_do_not_stop_the_run(tmp_path, capsys):
    actuals = rows_of(ACTUALS)
    actuals[0]["偏差原因分析及改进措施"] = "控制\x01符\x7f\u202e反"
    folder = make_evaluation(tmp_path, actuals=actuals)
    assert build(folder) in (0, 1)
    json.loads((tmp_path / "out" / "甲县-2021" / "scorecard.json").read_text(encoding="utf-8"))


def test_a_message_is_chinese_and_says_file_line_column_and_what_to_do(tmp_path, capsys):
    actuals = rows_of(ACTUALS)
    actuals[1]["实际完成值"] = ""
    assert run(["check", str(make_evaluation(tmp_path, actuals=actuals)), "--select", "V003"]) == 1
    first, hint, *_ = capsys.readouterr().out.splitlines()
    assert re.match(
        r"甲县-2021/actuals\.csv:3:\d+ 实际完成值: 错误 V003 \[P01\] \[社会效益指标/通行提速率\] .*空", first
    )
    assert hint.strip().startswith("→")


@pytest.mark.parametrize("link", ["projects.csv", "narrative"])
def test_a_link_out_of_the_evaluation_is_not_followed(tmp_path, link, capsys):
    secret = tmp_path / "别处"
    secret.mkdir()
    (secret / "projects.csv").write_bytes(csv_bytes([{"项目名称": "机密甲"}]))
    (secret / "P01.md").write_text("## 项目概况\n\n机密乙\n", encoding="utf-8")
    folder = make_evaluation(tmp_path, projects=None if link == "projects.csv" else PROJECTS)
    (folder / link).symlink_to(secret / link if link == "projects.csv" else secret)
    build(folder)
    assert not [p for p in (tmp_path / "out").rglob("*") if p.is_file() and "机密".encode() in p.read_bytes()]


@pytest.mark.parametrize("evidence", ["../../etc/passwd.txt", "/etc/hosts.txt", "C:\\x.pdf", "a/../../x.pdf"])
def test_evidence_outside_the_evaluation_is_refused(tmp_path, evidence):
    actuals = rows_of(ACTUALS)
    actuals[0]["佐证材料"] = evidence
    assert "E001" in errors(evaluate(make_evaluation(tmp_path, actuals=actuals)))


def test_evidence_that_is_not_there_is_warned_of_and_prose_is_not_looked_for(tmp_path):
    actuals = rows_of(ACTUALS)
    actuals[0]["佐证材料"] = "验收单.pdf；问卷回收率95.3%\n会议纪要"
    assert codes(evaluate(make_evaluation(tmp_path, actuals=actuals))).count("E002") == 1


@pytest.mark.parametrize("unit", ["元", "万元"])
@pytest.mark.parametrize(
    ("written", "yuan"),
    [("100万", 1_000_000), ("100 万元", 1_000_000), ("1亿", 100_000_000), ("1,000,000元", 1_000_000)],
)
def test_an_amount_with_its_own_unit_means_that_unit(tmp_path, unit, written, yuan):
    rows = [rows_of(BUDGET)[0] | dict.fromkeys(("年初预算数", "全年预算数", "全年执行数"), written)]
    toml = f'[evaluation]\nyear = 2021\nunit = "甲"\nmoney_unit = "{unit}"\n'
    result = evaluate(make_evaluation(tmp_path, budget=rows, toml=toml)).result
    assert result.scorecards[0].project.funds[0].executed == yuan
