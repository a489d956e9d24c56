"""Characters nobody sees, in every input: those that turn a text are refused, the others left out; none is printed."""

from __future__ import annotations

import html
import io
import json
import zipfile

import pytest
from attempts import slow
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
PRINTED, OFFICE = (".html", ".json", ".csv"), (".xlsx", ".docx")
TOML = '[evaluation]\nyear = 2021\nunit = "甲县交通局"\n'
CELLS = [(table, column) for table, columns in TABLES.items() for column in columns]


def rows_with(table, column, mark):
    """The rows of a project, with a character inside one cell."""
    text = ROWS[table][column] or "甲"
    return ROWS | {table: ROWS[table] | {column: text[:1] + mark + text[1:]}}


def with_mark(tmp_path, table, column, mark):
    """An evaluation with a character inside one cell."""
    changed = rows_with(table, column, mark)
    return make_evaluation(tmp_path / "in", toml=TOML, **{name: [row] for name, row in changed.items()})


def in_every_cell(tmp_path, mark):
    """An evaluation in which each project has a character inside another cell."""
    projects = {id_: rows_with(*cell, mark) for id_, cell in OF_PROJECT.items()}
    tables = {name: [{"项目编号": id_} | rows[name] for id_, rows in projects.items()] for name in ROWS}
    return make_evaluation(tmp_path, toml=TOML, **tables)


OF_PROJECT = {f"P{number:02}": cell for number, cell in enumerate(CELLS, 1)}
TURNED, WIDTHLESS = "\u202e", "\u200b"


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory):
    """What comes of evaluations with a character in every cell, by the character; and of the same without."""
    marks = (TURNED, WIDTHLESS, "")
    return {mark: evaluate(in_every_cell(tmp_path_factory.mktemp("marks"), mark)) for mark in marks}


def texts_in(out):
    """What is built, as texts; the parts of an office file each for itself."""
    texts = {}
    for name, data in contents(out).items():
        if name.endswith(PRINTED):
            texts[name] = data.decode("utf-8-sig")
        elif name.endswith(OFFICE):
            with zipfile.ZipFile(io.BytesIO(data)) as parts:
                xml = [part for part in parts.namelist() if ".xml" in part]
                texts |= {f"{name} {part}": html.unescape(parts.read(part).decode()) for part in xml}
    return texts


def nothing_hidden_printed(tmp_path, folder, capsys, formats="html"):
    """Builds, checks, explains; none of it holds such a character."""
    capsys.readouterr()
    out = tmp_path / "out"
    run(["build", str(folder), "--out", str(out), "--format", formats])
    run(["check", str(folder), "--output-format", "json"])
    run(["explain", str(folder)])
    run(["check", str(folder)])
    said = capsys.readouterr()
    texts = texts_in(out)
    assert {name.rpartition(".")[2] for name in texts} >= {"html", "json", "csv"}
    assert [name for name, text in {**texts, "stdout": said.out, "stderr": said.err}.items() if hidden(text)] == []
    return texts


@pytest.mark.slow
@pytest.mark.parametrize("mark", [TURNED, WIDTHLESS])
def test_a_mark_in_any_cell_is_never_printed(tmp_path, mark, capsys):
    texts = nothing_hidden_printed(tmp_path, in_every_cell(tmp_path, mark), capsys, "html,xlsx,docx")
    for project in OF_PROJECT:
        for name in ("report.html", "report.xlsx xl/workbook.xml", "report.docx word/document.xml"):
            assert texts[f"甲县-2021/projects/{project}/{name}"]


def found_of(evaluated, project):
    """What was found about a project."""
    return [d for d in evaluated.diagnostics if d.project == project]


def places(evaluated, project, code):
    """Where a code was found in a project: severity, table, line."""
    found = (d for d in found_of(evaluated, project) if d.code == code)
    return [(d.severity, d.file.rpartition("/")[2].removesuffix(".csv"), d.line) for d in found]


LINES = [pytest.param(project, table, line, id=f"{table}-{column}")
         for line, (project, (table, column)) in enumerate(OF_PROJECT.items(), 2)]  # fmt: skip
"""The project whose cell has the character, and where that cell stands."""


@pytest.mark.parametrize(("project", "table", "line"), LINES)
def test_a_cell_that_turns_its_text_round_is_an_error(evaluated, project, table, line):
    assert places(evaluated[TURNED], project, "T030") == [("error", table, line)]


@pytest.mark.parametrize(("project", "table", "line"), LINES)
def test_what_has_no_width_is_left_out_with_an_info_and_changes_nothing(evaluated, project, table, line):
    marked, plain = evaluated[WIDTHLESS], evaluated[""]
    assert places(marked, project, "T031") == [("info", table, line)]
    told, wanted = ([d.code for d in found_of(one, project) if d.code != "T031"] for one in (marked, plain))
    assert told == wanted
    at = line - 2
    assert marked.result.scorecards[at].total == plain.result.scorecards[at].total
    assert marked.result.scorecards[at].project.id == project


@pytest.mark.parametrize("mark", TURNING)
def test_a_number_that_is_turned_round_is_not_scored(tmp_path, mark):
    for table, column in (("targets", "指标值"), ("actuals", "实际完成值")):
        folder = with_mark(tmp_path / table, table, column, mark)
        assert evaluate(folder).result.scorecards[0].scores[0].points is None


@pytest.mark.parametrize(("mark", "code"), [("\u2066", "T030"), *slow(("\u2060", "T031"))])
@pytest.mark.parametrize("where", ["toml", "narrative", "reference", "rules", "evidence", "template"])
def test_marks_outside_the_tables_are_found_too(tmp_path, where, mark, code, capsys):
    folder = with_mark(tmp_path, "projects", "项目名称", "")
    file, text = {
        "toml": ("selfeval.toml", TOML.replace("甲县", f"甲{mark}县")),
        "narrative": ("narrative/P01.md", f"## 一、项目概况\n维修{mark}县道。\n"),
        "reference": ("narrative/P01.md", f"## 一、项目概况\n维修&#x{ord(mark):x};县道&amp;桥梁。\n"),
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


@pytest.mark.parametrize(("mark", "code"), [(TURNED, "T030"), (WIDTHLESS, "T031")])
def test_marks_in_the_name_of_a_sheet_are_found(tmp_path, mark, code):
    from openpyxl import Workbook

    folder = with_mark(tmp_path, "projects", "项目名称", "")
    book = Workbook()
    for line in (folder / "targets.csv").read_text("utf-8-sig").splitlines():
        book.active.append(line.split(","))
    book.create_sheet(f"表{mark}二")
    book.save(folder / "targets.xlsx")
    (folder / "targets.csv").unlink()
    found = [(d.code, d.file) for d in evaluate(folder).diagnostics if d.code in {"T030", "T031", "T028"}]
    assert found == [(code, f"{folder.name}/targets.xlsx")]


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


@pytest.mark.parametrize(("mark", "code"), [(TURNED, "T030"), (WIDTHLESS, "T031")])
@pytest.mark.parametrize("escape", ["\\u{:04x}", "\\U{:08X}"])
def test_a_character_written_as_an_escape_is_found_as_well(tmp_path, mark, code, escape):
    toml = TOML.replace("甲县", "甲" + escape.format(ord(mark)) + "县")
    evaluated = evaluate(make_evaluation(tmp_path, toml=toml, **{name: [row] for name, row in ROWS.items()}))
    assert [d.line for d in evaluated.diagnostics if d.code == code] == [3]
    assert evaluated.result.evaluation.unit == "甲县交通局"


@pytest.mark.parametrize(("mark", "code"), [(TURNED, "T030"), (WIDTHLESS, "T031")])
def test_a_layout_of_ones_own_is_looked_through(tmp_path, mark, code):
    folder = make_evaluation(
        tmp_path, toml=TOML + '[report]\nlayout = "own"\n', **{name: [row] for name, row in ROWS.items()}
    )
    layout = folder / "templates" / "layouts" / "own" / "layout.toml"
    layout.parent.mkdir(parents=True)
    layout.write_text(f"# 本级{mark}的表\n", encoding="utf-8")
    found = [d.file for d in evaluate(folder).diagnostics if d.code == code]
    assert found == [f"{folder.name}/templates/layouts/own/layout.toml"]
