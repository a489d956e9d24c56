"""Characters nobody sees, in every input: those that turn a text are refused, the others left out; none is printed."""

from __future__ import annotations

import json

import pytest
from evaluations import contents, make_evaluation

from selfeval.base.marks import TURNING, hidden, without_hidden
from selfeval.cli.app import run
from selfeval.evaluation.pipeline import evaluate

TABLES = {
    "projects": ["项目名称", "项目概况", "年度总体目标"],
    "budget": ["原因说明", "全年执行数"],
    "targets": ["三级指标", "指标值", "分值", "评分方法"],
    "actuals": ["实际完成值", "偏差原因分析及改进措施", "佐证材料"],
}
ROWS = {
    "projects": {
        "项目名称": "道路维修", "项目概况": "维修县道", "年度总体目标": "县道畅通", "开始日期": "2021-01-01",
    },
    "budget": {
        "资金来源": "财政拨款", "年初预算数": "100", "全年预算数": "100", "全年执行数": "98", "原因说明": "招标节约",
    },
    "targets": {
        "一级指标": "产出指标", "二级指标": "数量指标", "三级指标": "维修里程", "指标值": "≥20公里", "分值": "90",
        "评分方法": "",
    },
    "actuals": {
        "二级指标": "数量指标", "三级指标": "维修里程", "实际完成值": "21公里", "偏差原因分析及改进措施": "",
        "佐证材料": "验收单",
    },
}  # fmt: skip
RULES = 'id = "own"\ntitle = "甲{}"\nextends = "mof-2020"\n[[versions]]\neffective = 2020-01-01\n'
PRINTED = (".html", ".json", ".csv")
TOML = '[evaluation]\nyear = 2021\nunit = "甲县交通局"\n'
CELLS = [(table, column) for table, columns in TABLES.items() for column in columns]


def with_mark(tmp_path, table, column, mark):
    """An evaluation with a character inside one cell."""
    text = ROWS[table][column] or "甲"
    changed = ROWS | {table: ROWS[table] | {column: text[:1] + mark + text[1:]}}
    return make_evaluation(tmp_path / "in", toml=TOML, **{name: [row] for name, row in changed.items()})


def nothing_hidden_printed(tmp_path, folder, capsys):
    """Builds, checks, explains; none of it holds such a character."""
    capsys.readouterr()
    out = tmp_path / "out"
    run(["build", str(folder), "--out", str(out), "--format", "html,xlsx,docx"])
    run(["check", str(folder), "--output-format", "json"])
    run(["explain", str(folder)])
    run(["check", str(folder)])
    said = capsys.readouterr()
    texts = {
        name: data.decode("utf-8-sig")
        for name, data in contents(out).items()
        if name.endswith((".html", ".json", ".csv"))
    }
    assert texts
    assert [name for name, text in {**texts, "stdout": said.out, "stderr": said.err}.items() if hidden(text)] == []


@pytest.mark.parametrize(("table", "column"), CELLS)
def test_a_cell_that_turns_its_text_round_is_an_error_and_never_printed(tmp_path, table, column, capsys):
    folder = with_mark(tmp_path, table, column, "\u202e")
    found = [d for d in evaluate(folder).diagnostics if d.code == "T030"]
    assert [(d.severity, d.file.rpartition("/")[2], d.line) for d in found] == [("error", f"{table}.csv", 2)]
    nothing_hidden_printed(tmp_path, folder, capsys)


@pytest.mark.parametrize(("table", "column"), CELLS)
def test_what_has_no_width_is_left_out_with_an_info_and_changes_nothing(tmp_path, table, column, capsys):
    folder = with_mark(tmp_path, table, column, "\u200b")
    plain = with_mark(tmp_path / "plain", table, column, "")
    found = evaluate(folder).diagnostics
    assert [(d.severity, d.line) for d in found if d.code == "T031"] == [("info", 2)]
    assert [d.code for d in found if d.code != "T031"] == [d.code for d in evaluate(plain).diagnostics]
    assert evaluate(folder).result.scorecards[0].total == evaluate(plain).result.scorecards[0].total
    nothing_hidden_printed(tmp_path, folder, capsys)


@pytest.mark.parametrize("mark", TURNING)
def test_a_number_that_is_turned_round_is_not_scored(tmp_path, mark):
    for table, column in (("targets", "指标值"), ("actuals", "实际完成值")):
        folder = with_mark(tmp_path / table, table, column, mark)
        assert evaluate(folder).result.scorecards[0].scores[0].points is None


@pytest.mark.parametrize(("mark", "code"), [("\u2066", "T030"), ("\u2060", "T031")])
@pytest.mark.parametrize("where", ["toml", "narrative", "rules", "evidence", "template"])
def test_marks_outside_the_tables_are_found_too(tmp_path, where, mark, code, capsys):
    folder = with_mark(tmp_path, "projects", "项目名称", "")
    file, text = {
        "toml": ("selfeval.toml", TOML.replace("甲县", f"甲{mark}县")),
        "narrative": ("narrative/P01.md", f"## 一、项目概况\n维修{mark}县道。\n"),
        "rules": ("rules/own.toml", RULES.format(mark)),
        "evidence": (f"evidence/验收{mark}单.txt", "好"),
        "template": (f"templates/a{mark}.html", "好"),
    }[where]  # fmt: skip
    (folder / file).parent.mkdir(exist_ok=True)
    (folder / file).write_text(text, encoding="utf-8")
    found = [d for d in evaluate(folder).diagnostics if d.code in {"T030", "T031"}]
    assert [d.code for d in found] == [code]
    assert [d.file.rpartition("/")[2] for d in found] == [without_hidden(file).rpartition("/")[2]]
    nothing_hidden_printed(tmp_path, folder, capsys)


def test_a_folder_whose_name_is_turned_round_is_not_opened(tmp_path, capsys):
    folder = with_mark(tmp_path, "projects", "项目名称", "")
    turned = folder.rename(folder.with_name("甲\u202e县"))
    assert [d.code for d in evaluate(turned).diagnostics] == ["T030"]
    assert run(["check", str(turned), "--output-format", "json"]) == 2
    printed = capsys.readouterr().out
    assert json.loads(printed)["counts"]["error"] == 1
    assert not hidden(printed)


# ── forms that are imported ───────────────────────────────────────────────────────────────────

FORM = """项目名称\t道路维修
一级指标\t二级指标\t三级指标\t指标值
产出指标\t数量指标\t维修{}里程\t≥{}20公里
"""


@pytest.mark.parametrize("entity", ["\u202e", "&#x202e;"])
def test_a_form_that_is_turned_round_is_not_imported(tmp_path, entity, capsys):
    source, into = tmp_path / "表.txt", tmp_path / "ev"
    source.write_text(FORM.format("", entity), encoding="utf-8")
    assert run(["import", str(source), "--into", str(into)]) == 2
    said = capsys.readouterr()
    assert "改变文字方向的字符" in said.err + said.out
    assert not hidden(said.err + said.out)
    assert not (into / "targets.csv").exists()


def test_what_has_no_width_is_not_imported(tmp_path, capsys):
    source, into = tmp_path / "表.txt", tmp_path / "ev"
    source.write_text(FORM.format("\u200b", "\u2060"), encoding="utf-8")
    run(["import", str(source), "--into", str(into)])
    written = {name: data.decode("utf-8-sig") for name, data in contents(into).items()}
    assert "维修里程" in written["targets.csv"]
    assert "看不见的字符" in written["import-report.md"]
    assert [name for name, text in written.items() if hidden(text)] == []
