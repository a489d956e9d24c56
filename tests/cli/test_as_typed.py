"""Commands as people type them: where they stand, what they leave out, what they mistype."""

from __future__ import annotations

import io
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest
from attempts import slow
from evaluations import ACTUALS, make_evaluation, rows_of
from openpyxl import Workbook
from test_cli import process, shell, terminal

from selfeval import __version__
from selfeval.cli.app import run
from selfeval.cli.completion import SHELLS
from selfeval.cli.evaluations import no_project
from selfeval.cli.terminal import coloured

pytestmark = pytest.mark.usefixtures("typst_draws")


@pytest.fixture
def inside(tmp_path, monkeypatch):
    """An evaluation that the commands are run in; one actual is missing, so that there is something to say."""
    folder = make_evaluation(tmp_path / "inputs", actuals=rows_of(ACTUALS)[1:])
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def said(capsys):
    """Runs a command; gives its exit code, what it wrote to stdout and to stderr."""

    def command(*arguments):
        capsys.readouterr()
        return run([str(argument) for argument in arguments]), *capsys.readouterr()

    return command


# ── inside an evaluation ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("place", [".", "evidence"])
def test_inside_an_evaluation_without_arguments_it_is_taken_and_the_output_goes_beside_it(inside, said, place):
    (inside / "evidence").mkdir()
    os.chdir(place)
    code, out, _ = said("build", "--format", "html")
    assert code == 1
    assert (inside.parent / "out" / inside.name / "index.html").is_file()
    assert not (inside / "out").exists()
    assert Path(out.strip()).samefile(inside.parent / "out" / inside.name / "index.html")


@pytest.mark.parametrize("place", ["evidence", *slow(".")])
def test_a_survey_of_the_evaluation_one_is_in_goes_beside_it(inside, said, place):
    (inside / "evidence").mkdir()
    before = sorted(inside.rglob("*"))
    os.chdir(place)
    code, out, _ = said("survey", "--jobs", "1")
    assert code == 0
    assert Path(out.strip()).samefile(inside.parent / "out" / "survey" / "survey.html")
    assert said("survey", ".." if place == "evidence" else ".", "--jobs", "1")[0] == 0
    assert sorted(inside.rglob("*")) == before


def test_without_an_evaluation_a_survey_asks_for_one(tmp_path, said, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, err = said("survey")
    assert code == 2
    assert "selfeval.toml" in err


@pytest.mark.parametrize("name", ["自评表.xlsx", "目标表.PDF"])
def test_a_form_given_for_an_evaluation_is_offered_to_import(tmp_path, said, name):
    (tmp_path / name).write_bytes(b"PK")
    code, _, err = said("check", tmp_path / name)
    assert code == 2
    assert "请用 selfeval import 导入" in err


@pytest.mark.parametrize(
    "command", [["check"], ["explain"], ["explain", "--project", "P01"], *slow(["pack", "--draft"])]
)
def test_every_command_takes_the_evaluation_it_is_run_in(inside, said, command):
    code, out, err = said(*command)
    assert "P01" in out or inside.name in out
    assert code in {0, 1}
    assert "selfeval：" not in err


def test_a_form_is_imported_into_the_evaluation_one_is_in(inside, said, tmp_path):
    form = tmp_path / "批复.md"
    form.write_text("|项目名称|桥梁|\n|---|---|\n", "utf-8")
    assert "请用 --into" not in "".join(map(str, said("import", form)))


def test_compared_with_the_evaluation_one_is_in(inside, said):
    assert said("compare", inside)[0] == 0


@pytest.mark.parametrize("command", [["explain"], ["compare", "inputs"], ["import", "inputs"]])
def test_elsewhere_what_is_left_out_is_asked_for_in_one_line(tmp_path, monkeypatch, said, command):
    monkeypatch.chdir(tmp_path)
    code, out, err = said(*command)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert "请" in err


# ── a file of an evaluation ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("file", ["targets.csv", "selfeval.toml", "actuals/甲.csv"])
def test_a_file_of_an_evaluation_means_its_folder(inside, said, tmp_path, monkeypatch, file):
    (inside / "actuals").mkdir()
    (inside / "actuals" / "甲.csv").write_bytes((inside / "actuals.csv").read_bytes())
    (inside / "actuals.csv").unlink()
    monkeypatch.chdir(tmp_path)
    whole = said("check", f"inputs/{inside.name}")
    assert said("check", f"inputs/{inside.name}/{file}") == whole
    assert said("check", f"inputs/{inside.name}/{file}", f"inputs/{inside.name}", inside / "selfeval.toml") == whole


def test_a_file_that_is_not_the_evaluations_own_is_no_evaluation(inside, said):
    old = inside / "旧的"
    old.mkdir()
    (old / "targets.csv").write_bytes(b"")
    assert said("check", old / "targets.csv")[0] == 2


def test_a_folder_above_is_called_by_its_name(inside, said):
    (inside / "evidence").mkdir()
    os.chdir("evidence")
    assert f"{inside.name}" in said("check", "..", "--output-format", "json")[1]


# ── options ───────────────────────────────────────────────────────────────────────────────────


def test_the_version_by_its_short_option(said):
    assert said("-V") == (0, f"selfeval {__version__}\n", "")


def test_help_of_a_command_as_people_ask_for_it(said):
    assert said("help", "check") == said("check", "--help")
    assert said("help")[1] == said("--help")[1]
    assert "没有命令“chek”" in said("help", "chek")[2]


def test_a_slip_points_to_the_help_of_its_command(said):
    assert said("check", "--stict")[2].endswith("用法见 selfeval check --help\n")


@pytest.mark.parametrize("place", ["before", "after"])
def test_quiet_says_results_and_errors_only(inside, said, place):
    (inside / "evidence").mkdir()
    (inside / "evidence" / "a.jpg").write_bytes(b"x")
    command = ["-q", "build"] if place == "before" else ["build", "-q"]
    code, out, err = said(*command, "--format", "html")
    assert code == 1
    assert out.strip().endswith("index.html")
    assert "错误 P001" in err
    assert "个提示" not in err
    assert ": 提示 " in said("check")[1]
    assert ": 提示 " not in said("check", "-q")[1]


def test_the_language_may_be_asked_for_after_the_command(inside, said):
    assert "error P001" in said("check", "--lang", "en")[1]
    assert "error P001" in said("check", "--lang=en")[1]


def test_after_two_dashes_everything_is_a_name(said):
    assert "-q：" in said("check", "--", "-q")[2]


@pytest.mark.parametrize("command", ["build", "check"])
def test_no_jobs_are_all_processors_everywhere(inside, said, command):
    assert "--jobs" not in said(command, "--jobs", "0")[2]


def test_of_a_wrong_project_the_nearest_three_are_named(inside, said):
    ids = [f"P{number:02}" for number in range(1, 40)]
    assert no_project("P3", ids) == "没有项目“P3”；共 39 个，最接近的：P03、P13、P23"
    assert no_project("p07", ids).split("：")[1].startswith("P07、")
    for command in ("build", "explain"):
        assert "没有项目“P9”；共 1 个，最接近的：P01" in said(command, "--project", "P9")[2]


# ── colour ────────────────────────────────────────────────────────────────────────────────────


class Terminal(io.StringIO):
    def isatty(self):
        return True


LINE = "inputs/甲/填报表.xlsx 完成情况 第8行 (G8): 错误 P001 [P01] 没有完成值\n    | 错误 P001 不是\n提示 V028 读法  ×2"


def test_severities_are_coloured_on_a_terminal(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("WT_SESSION", "1")
    shown = coloured(LINE, Terminal())
    assert shown.count("\x1b[0m") == 2
    assert "\x1b[31m错误\x1b[0m P001 [P01]" in shown
    assert "    | 错误 P001 不是" in shown


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_colour_is_left_out_where_it_is_not_wanted(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    assert coloured(LINE, Terminal()) == LINE
    assert coloured(LINE, io.StringIO()) == LINE


def test_settings_saved_as_a_text_are_named(tmp_path, said):
    folder = make_evaluation(tmp_path)
    (folder / "selfeval.toml").rename(folder / "selfeval.toml.txt")
    code, _, err = said("check", folder)
    assert code == 2
    assert "有 selfeval.toml.txt，没有 selfeval.toml：请改名" in err


# ── completion ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", SHELLS)
def test_every_shell_gets_its_script(said, name):
    code, out, _ = said("--show-completion", name)
    assert code == 0
    assert "_SELFEVAL_COMPLETE" in out
    assert f"complete_{name.replace('pwsh', 'powershell')}" in out


def test_an_unknown_shell_is_refused(said):
    assert "不支持的命令行“csh”" in said("--show-completion", "csh")[2]


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("zsh", "selfeval ", '"check":"只检查，不生成报告。"'),
        ("fish", "selfeval check --st", "--strict\t有警告也按未通过处理"),
        ("powershell", "selfeval ", "rules:::列出规则集"),
        ("fish", "selfeval rules hu", "hubei\t湖北"),
        *slow(
            ("fish", "selfeval check --help", "--help\t显示本页帮助。"),
            ("fish", "selfeval check --output-format s", "sarif"),
            ("fish", "selfeval build --format html,p", "html,pdf"),
            ("fish", "selfeval explain --profile hu", "hubei\t湖北"),
        ),
    ],
)
def test_what_fits_is_told_with_chinese_help(name, typed, words):
    asked = {"_SELFEVAL_COMPLETE": f"complete_{name}", "_TYPER_COMPLETE_ARGS": typed}
    code, out, _ = terminal(_TYPER_COMPLETE_FISH_ACTION="get-args", _TYPER_COMPLETE_WORD_TO_COMPLETE="", **asked)
    assert code == 0
    assert words in out


@pytest.mark.skipif(sys.platform == "win32", reason="needs bash")
def test_bash_completes_by_its_script(said):
    script = said("--show-completion", "bash")[1]
    asked = f'{script}\nselfeval() {{ "{sys.executable}" -m selfeval "$@"; }}\n'
    asked = asked.replace("$1 )", f'"{sys.executable}" -m selfeval )')
    asked += 'COMP_WORDS=(selfeval ver); COMP_CWORD=1; _selfeval_completion selfeval; echo "${COMPREPLY[@]}"'
    ended = subprocess.run(["bash", "-c", asked], capture_output=True, check=False, text=True)
    assert ended.stdout == "verify\n"


@pytest.mark.skipif(not which("zsh"), reason="needs zsh")
def test_zsh_completes_by_its_script_with_chinese_help(said, tmp_path):
    (tmp_path / "selfeval").symlink_to(Path(sys.executable).with_name("selfeval"))
    asked = f"path=({tmp_path} $path); compdef() {{ }}; _arguments() {{ print -r -- $@ }}\n"
    asked += said("--show-completion", "zsh")[1] + "words=(selfeval ver); CURRENT=2; _selfeval_completion"
    ended = subprocess.run(["zsh", "-f", "-c", asked], capture_output=True, check=False)
    assert ended.stdout.decode().startswith('*: :(("verify":"取出报告')


@pytest.mark.skipif(not which("fish"), reason="needs fish")
def test_fish_completes_by_its_script_with_chinese_help(said, tmp_path):
    (tmp_path / "selfeval").symlink_to(Path(sys.executable).with_name("selfeval"))
    asked = f"set -x PATH {tmp_path} $PATH\n" + said("--show-completion", "fish")[1] + "\ncomplete -C'selfeval ver'"
    ended = subprocess.run(
        ["fish", "--no-config", "-c", asked], capture_output=True, check=False, env=os.environ | {"LC_ALL": "C.UTF-8"}
    )
    assert ended.stdout.decode().startswith("verify\t取出报告")


# ── the machine ───────────────────────────────────────────────────────────────────────────────


def test_a_stray_module_in_the_working_folder_is_none_of_ours(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("html", "csv", "json", "decimal", "typing", "typer", "platform"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('stray')", "utf-8")
    ended = process("-m", "selfeval", "--version")
    assert (ended.returncode, ended.stdout.decode().strip()) == (0, f"selfeval {__version__}")


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="their file names are always Unicode")
def test_without_chinese_file_names_one_line_says_what_to_do():
    code, out, err = shell("check", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert (code, out) == (3, "")
    assert "LC_ALL=C.UTF-8" in err
    assert len(err.splitlines()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
@pytest.mark.parametrize(("mask", "mode"), [(0o077, 0o600), (0o022, 0o644), (0o002, 0o664)])
def test_the_users_umask_holds_for_what_is_written(tmp_path, mask, mode):
    code = f"import os; os.umask({mask}); from pathlib import Path; from selfeval.base.files import replace_file as r"
    assert process("-c", f"{code}; r(Path({str(tmp_path / 'a')!r}), b'')").returncode == 0
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == mode


def test_many_files_that_no_indicator_names_are_one_finding(inside, said):
    home = inside / "evidence"
    home.mkdir()
    for number in range(300):
        (home / f"照片{number:03}.jpg").write_bytes(b"x" * (number % 2))
    told = [line for line in said("check")[1].splitlines() if " E004 " in line or " E005 " in line]
    assert [line.partition("提示 " if "E004" in line else "警告 ")[2] for line in told] == [
        "E004 evidence/ 中有 300 个文件没有指标引用，如“照片000.jpg、照片001.jpg、照片002.jpg”",
        "E005 evidence/ 中有 150 个文件是空的，如“照片000.jpg、照片002.jpg、照片004.jpg”",
    ]


def test_a_place_names_the_column_by_its_title(inside, said):
    assert "targets.csv:2:5 三级指标" not in said("check")[1]
    rows = [rows_of(ACTUALS)[0] | {"实际完成值": "差不多"}, *rows_of(ACTUALS)[1:]]
    make_evaluation(inside.parent, actuals=rows)
    assert re.search(r"^actuals\.csv:2:\d+ 实际完成值: 错误 V004 ", said("check")[1], re.MULTILINE)


def test_a_place_in_a_workbook_is_english_in_english(inside, said):
    rows = [{"项目编号": "P01", **row} for row in rows_of(ACTUALS)]
    book = Workbook()
    for cells in (rows[0], *(row.values() for row in rows)):
        book.active.append(list(cells))
    book.active["D2"] = "差不多"
    book.save(inside / "actuals.xlsx")
    (inside / "actuals.csv").unlink()
    assert "actuals.xlsx 第2行 实际完成值 (D2): " in said("check")[1]
    assert "actuals.xlsx row 2 实际完成值 (D2): error V004 " in said("--lang", "en", "check")[1]
