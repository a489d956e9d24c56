"""The commands as their users meet them: what they write, what they say, and how they end."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from urllib.parse import unquote

import pytest
from attempts import slow
from evaluations import (
    ACTUALS,
    BUDGET,
    PROJECTS,
    TARGETS,
    contents,
    files_in,
    make_evaluation,
    rows_of,
)
from forked import HOME, forked

from selfeval import __version__
from selfeval.base.diagnostics import finding
from selfeval.base.model import Place
from selfeval.base.text_width import display_width
from selfeval.cli.app import COMMANDS, run
from selfeval.evaluation.pipeline import evaluate
from selfeval.report.text.findings import WIDTH, as_github, as_sarif, as_text

LINE_KEYS = ["code", "severity", "message", "hint", "params", "file", "line", "column", "project", "indicator"]
FIXED = {"index.html", "summary.html", "scorecard.json", "scores.csv", "diagnostics.json"}


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Every test runs in a folder of its own."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def sound(tmp_path):
    """An evaluation without error."""
    return make_evaluation(tmp_path / "inputs")


@pytest.fixture
def flawed(tmp_path):
    """Two projects; the second one lacks an actual."""
    second = {"项目编号": "P02"}
    return make_evaluation(
        tmp_path / "inputs",
        name="乙县-2021",
        projects=[
            *rows_of(PROJECTS),
            second | {"项目名称": "桥梁维修", "开始日期": "2021-01-01", "结束日期": "2021-12-31"},
        ],
        budget=[*rows_of(BUDGET), *(second | row for row in rows_of(BUDGET))],
        targets=[*rows_of(TARGETS), *(second | row for row in rows_of(TARGETS))],
        actuals=[*rows_of(ACTUALS), *(second | row for row in rows_of(ACTUALS)[1:])],
    )


@pytest.fixture
def said(capsys):
    """Runs a command; gives its exit code, what it wrote to stdout and to stderr."""

    def command(*arguments):
        capsys.readouterr()
        code = run([str(a) for a in arguments])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.out + captured.err
        return code, captured.out, captured.err

    return command


def process(*arguments, **environment):
    """Python in a process of its own; finds the program whether or not it is installed."""
    environment = {**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(HOME), "COLUMNS": "120", **environment}
    return subprocess.run([sys.executable, *arguments], capture_output=True, env=environment, check=False)


def shell(*arguments, **environment):
    """A command as from a terminal: exit code, stdout, stderr."""
    ended = process("-m", "selfeval", *map(str, arguments), **environment)
    return ended.returncode, ended.stdout.decode(), ended.stderr.decode()


def terminal(*arguments, **environment):
    """The same, where Python itself need not start anew."""
    ended = forked(*arguments, COLUMNS="120", **environment)
    return ended.returncode, ended.stdout, ended.stderr


def build(said, *arguments, formats="html"):
    return said("build", *arguments, "--out", "out", "--format", formats)


# ── how a command ends ────────────────────────────────────────────────────────────────────────


def test_the_version_is_printed(said):
    assert said("--version") == (0, f"selfeval {__version__}\n", "")


@pytest.mark.parametrize("arguments", [["--help"], *([name, "-h"] for name in COMMANDS), []])
def test_help_is_in_chinese(arguments, said):
    code, out, err = said(*arguments)
    assert "用法：selfeval" in out + err
    assert re.search("Usage|Options|Arguments|Commands|Show this|default|required", out + err) is None
    assert code == (0 if arguments else 2)


def test_the_columns_of_a_help_page_stand_under_each_other(said):
    _, page, _ = said("build", "--help")
    rows = [line for line in page.splitlines() if line.startswith("  -")]
    starts = {display_width(row) - display_width(row.strip().split("  ", 1)[-1].lstrip()) for row in rows}
    assert len(rows) > 5
    assert len(starts) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["biuld"], "没有命令“biuld”，是否想写 build"),
        (["没有"], "没有命令“没有”。"),
        (["check", "--stict"], "没有选项“--stict”"),
        (["check", "--output-format", "xml"], "不支持的输出格式“xml”"),
        (["check", "--output-format"], "需要一个值"),
        (["check", "--select", "Q9"], "没有检查代码“Q9”"),
        (["check", "--ignore", "V,没有"], "没有检查代码"),
        (["build", "--format", "exe"], "不支持的格式“exe”"),
        (["build", "--format", ""], "不支持的格式"),
        (["build", "--jobs", "many"], "“--jobs” 的值不对（应为整数）"),
        (["build", "--jobs", "-1"], "“--jobs” 的值不对（应不小于 0）"),
        (["build", "--timeout", "soon"], "“--timeout” 的值不对（应为数字）"),
        (["preview", "--port", "99999"], "“--port” 的值不对（应不大于 65535）"),
        (["init"], "缺少参数 “文件夹”"),
        (["compare", "inputs"], "请写明后来的一份"),
        (["verify"], "缺少参数 “PDF|ZIP…”"),
        (["build", "--project", "P99"], "没有项目“P99”"),
        (["rules", "mof-1999"], "没有“mof-1999”这套规则"),
        (["explain", "inputs/甲县-2021", "--profile", "mof-1999"], "selfeval：没有“mof-1999”这套规则；可用的有"),
    ],
)
def test_a_slip_on_the_command_line_is_said_in_one_chinese_line(said, sound, arguments, words):
    code, out, err = said(*arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert len(err.strip().splitlines()) == 1


def test_the_same_in_a_process_of_its_own():
    code, out, err = terminal("biuld")
    assert (code, out) == (2, "")
    assert "没有命令“biuld”" in err


@pytest.mark.parametrize("command", ["check", "build"])
def test_no_evaluation_at_all_is_a_usage_error(said, command):
    code, out, err = said(command)
    assert (code, out) == (2, "")
    assert "inputs/" in err


@pytest.mark.parametrize("command", ["check", "build"])
def test_a_folder_that_is_not_there_or_no_evaluation_is_a_usage_error(said, command, tmp_path):
    (tmp_path / "空").mkdir()
    for folder in ("没有", "空"):
        code, _, err = said(command, folder)
        assert code == 2
        assert folder in err
    assert not (tmp_path / "out").exists()


def test_one_bad_path_does_not_keep_the_others_from_being_checked(said, sound):
    code, out, err = said("check", "没有", sound, "--output-format", "json")
    assert code == 1
    assert "没有" in err
    assert json.loads(out)["schema"] == "selfeval.diagnostics/1"


def test_without_argument_every_evaluation_under_inputs_is_taken(said, sound, flawed):
    code, out, _ = said("check", "--output-format", "json")
    assert code == 1
    assert {d["file"].split("/")[0] for d in json.loads(out)["diagnostics"]} == {"甲县-2021", "乙县-2021"}
    assert build(said)[1].splitlines() == ["out/乙县-2021/index.html", "out/甲县-2021/index.html"]


def test_two_evaluations_of_one_name_would_overwrite_each_other_and_are_refused(said, tmp_path, sound):
    other = make_evaluation(tmp_path / "别处")
    code, _, err = build(said, sound, other)
    assert code == 2
    assert "同名" in err


def test_what_is_in_order_ends_with_nought(said, sound):
    assert said("check", sound)[0] == 0
    assert build(said, sound)[0] == 0


def test_an_error_ends_with_one(said, flawed):
    assert said("check", flawed)[0] == 1
    assert build(said, flawed)[0] == 1


def test_a_bad_table_ends_with_one_and_json_is_still_printed(said, tmp_path):
    folder = make_evaluation(tmp_path, targets=b"")
    code, out, _ = said("check", folder, "--output-format", "json")
    assert code == 1
    assert "T007" in {d["code"] for d in json.loads(out)["diagnostics"]}


def test_broken_settings_end_with_two_and_json_is_still_printed(said, tmp_path):
    folder = make_evaluation(tmp_path, toml="[evaluation\nyear = ")
    code, out, _ = said("check", folder, "--output-format", "json")
    assert code == 2
    assert json.loads(out)["counts"]["error"] == 1


def test_one_of_several_that_cannot_be_opened_ends_with_one(said, tmp_path, sound):
    broken = make_evaluation(tmp_path / "inputs", name="丙县-2021", toml="[evaluation]\n")
    assert said("check", sound, broken)[0] == 1
    code, out, _ = build(said, sound, broken)
    assert (code, out) == (1, "out/甲县-2021/index.html\n")


def test_strict_counts_warnings(said, tmp_path):
    actuals = rows_of(ACTUALS)
    actuals[0]["实际完成值"] = "19公里"
    folder = make_evaluation(tmp_path, actuals=actuals)
    assert said("check", folder, "--select", "S005")[0] == 0
    assert said("check", folder, "--select", "S005", "--strict")[0] == 1


def test_a_machine_that_cannot_print_ends_with_three_and_nothing_is_written(said, sound, tmp_path, monkeypatch):
    from selfeval.report.pdf import engine as pdf
    from selfeval.report.pdf.requirements import MachineLacks

    def lacks():
        raise MachineLacks("缺少 Pango", "apt-get install pango")

    monkeypatch.setattr(pdf, "load", lacks)
    code, out, err = build(said, sound, formats="html,pdf")
    assert (code, out) == (3, "")
    assert "apt-get install pango" in err
    assert not files_in(tmp_path / "out")
    assert build(said, sound, formats="html")[0] == 0


def test_control_c_ends_with_130(said, sound, monkeypatch):
    from selfeval.evaluation import pipeline

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "evaluate", interrupted)
    assert said("check", sound)[0] == 130


def test_a_failure_nobody_foresaw_is_one_line_and_debug_shows_where(capsys, sound, monkeypatch):
    from selfeval.evaluation import pipeline

    def broken(*_, **__):
        raise ZeroDivisionError("甲")

    monkeypatch.setattr(pipeline, "evaluate", broken)
    assert run(["check", str(sound)]) == 1
    assert "Traceback" not in capsys.readouterr().err
    assert run(["--debug", "check", str(sound)]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_an_output_folder_that_is_a_file_is_said_without_a_traceback(said, sound, tmp_path):
    (tmp_path / "out").write_text("")
    code, out, err = build(said, sound)
    assert (code, out) == (1, "")
    assert "out" in err


# ── check ─────────────────────────────────────────────────────────────────────────────────────


def test_the_text_of_check_goes_to_stdout_and_ends_with_the_counts(said, flawed):
    code, out, err = said("check", flawed)
    assert (code, err) == (1, "")
    assert "inputs/乙县-2021/targets.csv:5:" in out
    assert "错误 P001 [P02] [数量指标/维修里程]" in out
    assert out.splitlines()[-1].startswith("1 个错误，")


def test_the_json_of_check_is_the_contracts(said, flawed):
    listed = json.loads(said("check", flawed, "--output-format", "json")[1])
    assert list(listed) == ["schema", "diagnostics", "counts"]
    assert listed["schema"] == "selfeval.diagnostics/1"
    assert [list(d) for d in listed["diagnostics"]] == [LINE_KEYS] * len(listed["diagnostics"])
    severities = [d["severity"] for d in listed["diagnostics"]]
    assert listed["counts"] == {s: severities.count(s) for s in ("error", "warning", "info")}
    (missing,) = [d for d in listed["diagnostics"] if d["code"] == "P001"]
    assert missing["file"] == "乙县-2021/targets.csv"
    assert (missing["line"], missing["column"]) == (5, 1)
    assert (missing["project"], missing["indicator"]) == ("P02", "数量指标/维修里程")
    assert all(isinstance(d[key], int | None) for d in listed["diagnostics"] for key in ("line", "column"))


def test_github_annotations_have_a_line_each_and_nothing_else(said, flawed):
    lines = said("check", flawed, "--output-format", "github")[1].splitlines()
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines)
    assert any(line.startswith("::error file=") and "line=5,col=1,title=P001 " in line for line in lines)


def test_annotations_and_sarif_point_to_the_file_from_where_one_stands(flawed):
    found = [d for d in evaluate(flawed).diagnostics if d.code == "P001"]
    parents = {flawed.name: flawed.parent}
    assert "file=inputs/乙县-2021/targets.csv," in as_github(found, parents)
    (result,) = json.loads(as_sarif(found, parents))["runs"][0]["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert (uri.isascii(), unquote(uri)) == (True, "inputs/乙县-2021/targets.csv")


def test_no_text_of_an_input_moves_the_cursor_or_ends_a_line(said, tmp_path):
    targets, actuals = rows_of(TARGETS), rows_of(ACTUALS)
    targets[0]["三级指标"] = actuals[0]["三级指标"] = "维修\x1b[2J\x07里\u202e程"
    actuals[0]["实际完成值"] = ""
    folder = make_evaluation(tmp_path, targets=targets, actuals=actuals)
    for form in ("text", "github"):
        out = said("check", folder, "--output-format", form)[1]
        assert "V003" in out
        assert not {"\x1b", "\x07", "\r", "\u202e"} & set(out)


def test_of_a_line_of_any_length_only_what_is_shown_is_looked_at(tmp_path, monkeypatch):
    """Else a hundred thousand findings on one line of a hundred thousand characters would never end."""
    (tmp_path / "甲").mkdir()
    (tmp_path / "甲" / "a.csv").write_text("项目编号," + "列," * 50_000, encoding="utf-8")
    looked = []
    monkeypatch.setattr("selfeval.report.text.findings.visible", lambda text: looked.append(len(text)) or text)
    shown = as_text([finding("T005.unknown", Place("甲/a.csv", 1, 50_002), column="甲")], {"甲": tmp_path}).splitlines()
    assert shown[1].startswith("    | …列,列,")
    assert shown[2].endswith(" ^^")
    assert max(looked) <= WIDTH


def test_the_sarif_of_check_is_sarif(said, flawed):
    log = json.loads(said("check", flawed, "--output-format", "sarif")[1])
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    driver, results = log["runs"][0]["tool"]["driver"], log["runs"][0]["results"]
    assert (driver["name"], driver["version"]) == ("selfeval", __version__)
    assert results
    for result in results:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
        assert result["message"]["text"]
        for location in result["locations"]:
            physical = location["physicalLocation"]
            assert physical["region"]["startLine"] >= 1
            assert physical["region"]["startColumn"] >= 1
            assert re.fullmatch(r"[A-Za-z0-9%/._~-]+", physical["artifactLocation"]["uri"])


def test_only_the_codes_asked_for_are_shown_and_counted(said, flawed):
    def found(*options):
        code, out, _ = said("check", flawed, "--output-format", "json", *options)
        return code, {d["code"] for d in json.loads(out)["diagnostics"]}

    _, everything = found()
    assert {"P001", "S009"} <= everything
    assert found("--select", "P001") == (1, {"P001"})
    assert found("--select", "p,S009") == (1, {c for c in everything if c[0] == "P" or c == "S009"})
    code, left = found("--ignore", "P001")
    assert "P001" not in left
    assert found("--select", "P", "--ignore", "P001")[1] == {c for c in everything if c[0] == "P"} - {"P001"}
    assert code == 0


def test_check_writes_nothing(said, flawed, tmp_path):
    before = contents(tmp_path)
    said("check", flawed)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("arguments", [["check"], *slow(["--help"], ["--version"])])
def test_what_is_only_needed_for_pages_is_not_even_loaded(sound, tmp_path, arguments):
    code = f"""
import sys
from selfeval.cli.app import run
run({arguments!r})
slow = {{"weasyprint", "pandas", "openpyxl", "jinja2"}}
print("LOADED", *sorted({{name.split(".")[0] for name in sys.modules}} & slow))
"""
    ended = process("-c", code)
    assert ended.stdout.decode().splitlines()[-1] == "LOADED", ended.stderr.decode()


@pytest.mark.parametrize("arguments", [["build", "--help"], *slow(["--help"], ["--version"])])
def test_help_reads_and_scores_nothing_and_does_not_load_what_would(arguments):
    reading = "'selfeval.reading.values.quantities' in sys.modules"
    code = f"import sys; from selfeval.cli.app import run; run({arguments!r}); print({reading})"
    assert process("-c", code).stdout.decode().splitlines()[-1] == "False"


@pytest.mark.slow
def test_a_console_that_cannot_show_chinese_is_no_reason_to_fail(sound):
    code, out, err = shell("check", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert code == 0
    assert "Traceback" not in out + err


# ── build ─────────────────────────────────────────────────────────────────────────────────────


def reports(*ids, formats=("html",)):
    return {f"projects/{id_}/report.{kind}" for id_ in ids for kind in formats}


def written(tmp_path, name="甲县-2021"):
    return files_in(tmp_path / "out" / name) - {".cache"}


def test_build_writes_exactly_what_the_contract_lists(said, sound, tmp_path):
    code, out, _ = build(said, sound, formats="html,pdf")
    assert (code, out) == (0, "out/甲县-2021/index.html\n")
    assert written(tmp_path) == FIXED | {"summary.pdf"} | reports("P01", formats=("html", "pdf"))
    assert (tmp_path / "out/甲县-2021/summary.pdf").read_bytes().startswith(b"%PDF-")
    assert (tmp_path / "out/甲县-2021/scores.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_second_build_changes_no_byte(said, sound, tmp_path):
    build(said, sound, formats="html,pdf")
    first = contents(tmp_path / "out")
    build(said, sound, formats="html,pdf")
    assert contents(tmp_path / "out") == first
    again = tmp_path / "又"
    said("build", sound, "--out", again, "--format", "html,pdf")
    assert contents(again, files_in(again) - {"甲县-2021/.cache"}) == contents(
        tmp_path / "out", set(first) - {"甲县-2021/.cache"}
    )


def test_a_format_no_longer_asked_for_is_taken_away_and_only_that(said, sound, tmp_path):
    build(said, sound, formats="html,pdf")
    before = contents(tmp_path / "out/甲县-2021", written(tmp_path))
    build(said, sound, formats="html")
    after = contents(tmp_path / "out/甲县-2021", written(tmp_path))
    assert set(before) - set(after) == {"summary.pdf"} | reports("P01", formats=("pdf",))
    assert {name for name in after if name.endswith((".json", ".csv")) and after[name] != before[name]} == set()


def test_what_diagnostics_json_holds_is_what_check_prints(said, flawed, tmp_path):
    build(said, flawed)
    printed = said("check", flawed, "--output-format", "json")[1]
    assert json.loads((tmp_path / "out/乙县-2021/diagnostics.json").read_text(encoding="utf-8")) == json.loads(printed)


def without_second(folder):
    """The second project leaves the tables."""
    make_evaluation(folder.parent, name=folder.name)


def test_a_project_that_is_gone_leaves_nothing_behind_and_takes_nothing_with_it(said, flawed, tmp_path):
    build(said, flawed)
    assert written(tmp_path, "乙县-2021") == FIXED | reports("P01", "P02")
    ours = tmp_path / "out/乙县-2021"
    (ours / "批注.docx").write_text("我的")
    (ours / "projects/P02/批注.txt").write_text("我的")
    without_second(flawed)
    assert build(said, flawed)[0] == 0
    assert written(tmp_path, "乙县-2021") == FIXED | reports("P01") | {"批注.docx", "projects/P02/批注.txt"}


def test_a_folder_left_empty_goes_too(said, flawed, tmp_path):
    build(said, flawed)
    without_second(flawed)
    build(said, flawed)
    assert not (tmp_path / "out/乙县-2021/projects/P02").exists()


def test_other_evaluations_in_the_output_folder_are_left_alone(said, sound, flawed, tmp_path):
    build(said, sound, flawed)
    before = contents(tmp_path / "out/甲县-2021")
    build(said, flawed)
    assert contents(tmp_path / "out/甲县-2021") == before


def test_a_cache_that_lies_deletes_nothing_outside(said, sound, tmp_path):
    build(said, sound)
    (tmp_path / "珍贵.txt").write_text("留")
    listed = {"files": ["../../珍贵.txt", str(tmp_path / "珍贵.txt"), "..", "", 7, "summary.html"]}
    (tmp_path / "out/甲县-2021/.cache").write_text(json.dumps(listed))
    assert build(said, sound)[0] == 0
    assert (tmp_path / "珍贵.txt").read_text() == "留"
    assert written(tmp_path) >= FIXED


@pytest.mark.parametrize("cache", ["", "{", "[]", '{"files": 3}', '{"files": [["a"]]}'])
def test_a_broken_cache_is_no_reason_to_fail(said, sound, tmp_path, cache):
    build(said, sound)
    (tmp_path / "out/甲县-2021/.cache").write_text(cache)
    assert build(said, sound)[0] == 0
    assert written(tmp_path) == FIXED | reports("P01")


def test_project_limits_what_is_rendered_and_nothing_else(said, flawed, tmp_path):
    build(said, flawed, "--project", "P01")
    assert written(tmp_path, "乙县-2021") == FIXED | reports("P01")
    card = json.loads((tmp_path / "out/乙县-2021/scorecard.json").read_text(encoding="utf-8"))
    assert [p["id"] for p in card["projects"]] == ["P01", "P02"]
    assert "桥梁维修" in (tmp_path / "out/乙县-2021/summary.html").read_text(encoding="utf-8")
    build(said, flawed)
    build(said, flawed, "--project", "P02")
    assert written(tmp_path, "乙县-2021") == FIXED | reports("P01", "P02")


def page(tmp_path, name):
    return (tmp_path / "out/乙县-2021" / name).read_text(encoding="utf-8")


def test_a_project_with_an_error_is_marked_as_a_draft_and_the_others_are_not(said, flawed, tmp_path):
    code, _, err = build(said, flawed)
    assert code == 1
    assert "P001" in err
    assert "未定稿" in page(tmp_path, "projects/P02/report.html")
    assert "未定稿" not in page(tmp_path, "projects/P01/report.html")
    for name in ("index.html", "summary.html"):
        assert "未定稿" in page(tmp_path, name)


def test_nothing_is_marked_as_a_draft_where_nothing_is_wrong(said, sound, tmp_path):
    build(said, sound)
    for file in (tmp_path / "out/甲县-2021").rglob("*.html"):
        assert "未定稿" not in file.read_text(encoding="utf-8")


def test_progress_and_findings_go_to_stderr_and_paths_to_stdout(flawed):
    code, out, err = terminal("build", "--format", "html")
    assert (code, out) == (1, "out/乙县-2021/index.html\n")
    assert "P001" in err
    assert not {"\x1b", "\r"} & set(out + err)


def test_the_scorecard_has_the_keys_of_the_contract_and_no_other(said, sound, tmp_path):
    build(said, sound)
    card = json.loads((tmp_path / "out/甲县-2021/scorecard.json").read_text(encoding="utf-8"))
    assert list(card) == ["schema", "generator", "evaluation", "rules", "unit", "projects"]
    assert (card["schema"], card["unit"]) == ("selfeval.scorecard/1", None)
    assert card["evaluation"] == {"id": "甲县-2021", "year": 2021, "unit": "甲县财政局"}
    assert set(card["rules"]) == {"id", "title", "sources"}
    assert all(
        set(source) == {"value", "document", "article", "checked", "evidence"} for source in card["rules"]["sources"]
    )
    (project,) = card["projects"]
    assert list(project) == ["id", "name", "total", "grade", "counted", "budget", "level1", "indicators"]
    assert set(project["budget"]) == {"initial", "adjusted", "executed", "rate", "weight", "points"}
    level = {"name", "weight", "points", "completion"}
    assert all(set(one) == level | {"level2"} for one in project["level1"])
    assert all(set(child) == level for one in project["level1"] for child in one["level2"])
    for one in project["indicators"]:
        assert set(one) == {
            "id", "level1", "level2", "level3", "target", "actual", "completion", "weight", "points", "rule_points",
            "override", "formula", "steps", "source", "diagnostics",
        }  # fmt: skip
        assert set(one["target"]) == {"text", "kind", "operator", "value", "upper", "unit", "date", "direction"}
        assert set(one["actual"]) == {"text", "value", "unit", "date", "tier"}
        assert set(one["source"]) == {"document", "article"}


def test_numbers_in_the_scorecard_are_decimal_strings_without_exponent(said, tmp_path):
    budget = [{"年初预算数": "10000000000000000000000", "全年预算数": "10000000000000000000000", "全年执行数": "1"}]
    build(said, make_evaluation(tmp_path, budget=budget))
    card = json.loads((tmp_path / "out/甲县-2021/scorecard.json").read_text(encoding="utf-8"), parse_float=pytest.fail)
    (project,) = card["projects"]
    assert project["budget"]["initial"] == "1" + "0" * 22
    assert (project["budget"]["points"], project["total"]) == ("0.00", "90.00")
    (target,) = [i["target"] for i in project["indicators"] if i["level3"] == "群众满意度"]
    assert (target["value"], target["operator"], target["direction"]) == ("0.9", "≥", "positive")


# ── rules and doctor ──────────────────────────────────────────────────────────────────────────


def test_rules_lists_the_profiles_and_shows_one_with_its_sources(said):
    assert "mof-2020" in said("rules")[1]
    code, out, _ = said("rules", "mof-2020")
    assert code == 0
    assert "第十三条〔间接来源〕" in out
    assert "本规则约定：执行率低于 90% 时请单位说明原因" in out


def test_doctor_says_what_it_looked_at(said):
    code, out, _ = said("doctor")
    assert code in (0, 3)
    assert "Python" in out
    assert "中文字体" in out


# ── English ───────────────────────────────────────────────────────────────────────────────────

CHINESE = re.compile("[\u4e00-\u9fff]")


def test_help_and_messages_are_english_where_asked_for(said, monkeypatch):
    _, page, _ = said("--lang", "en", "--help")
    assert "Usage: selfeval" in page
    assert CHINESE.search(page) is None
    monkeypatch.setenv("SELFEVAL_LANG", "en")
    assert said("--help")[1] == page
    assert "用法" in said("--lang", "zh", "--help")[1]


def test_a_language_that_is_not_there_is_refused(said):
    code, _, err = said("--lang", "fr", "check")
    assert code == 2
    assert "zh、en" in err


def test_the_language_of_one_run_is_not_that_of_the_next(said):
    said("--lang", "en", "--help")
    assert "用法" in said("--help")[1]
