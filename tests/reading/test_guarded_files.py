"""Files that are none: pipes, endless devices, loops of links, folders. Every command says so, at once, and goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from evaluations import make_evaluation
from forked import forked

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices as files")

PATIENCE = 60
"""Seconds after which a command counts as hanging."""

INTERNAL = "程序内部出错"


def pipe(path: Path) -> None:
    """A pipe nobody writes to: opening it waits for ever."""
    os.mkfifo(path)


def endless(path: Path) -> None:
    """A link to a device without an end."""
    path.symlink_to("/dev/zero")


def loop(path: Path) -> None:
    """A link to itself."""
    path.symlink_to(path.name)


def folder(path: Path) -> None:
    """A folder where a file is expected."""
    path.mkdir()


KINDS = (pipe, endless, loop, folder)


MEMORY = "import resource; resource.setrlimit(resource.RLIMIT_DATA, (1_500_000_000, 1_500_000_000))"
"""Bytes enough for the program, and none for what has no end."""


def selfeval(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """One command as a user runs it; one that hangs or takes all memory fails the test."""
    return forked(*arguments, cwd=cwd, patience=PATIENCE, first=MEMORY)


def told(done: subprocess.CompletedProcess[str]) -> str:
    """All that was said, once it is no failure of the program itself."""
    said = done.stdout + done.stderr
    assert done.returncode in {0, 1, 2}, said
    assert INTERNAL not in said
    assert "Traceback" not in said
    return said


TABLES = ("projects.csv", "budget.csv", "targets.csv", "actuals.csv", "review.csv", "actuals/一科.csv")
BESIDE = (
    "narrative/P01.md", "narrative/unit.md", "rules/own.toml", "rules/else.toml", "templates/report.html",
    "templates/layouts/national/layout.toml", "templates/layouts/own/form.html", "evidence/验收单.txt", "别的文件.txt",
)  # fmt: skip
GROUPS = {"settings": ("selfeval.toml",), "tables": TABLES, "beside": BESIDE, "workbook": ("actuals.xlsx",)}
"""Everything that is read in the folder of an evaluation, and files that are not."""


def replaced(home: Path, places: Iterable[str], kind) -> Path:
    """An evaluation in which some files are none."""
    evaluation = make_evaluation(home)
    for place in places:
        path = evaluation / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        kind(path)
    return evaluation


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("group", GROUPS)
def test_check_says_what_is_no_file_and_does_not_open_it(tmp_path, group, kind):
    evaluation = replaced(tmp_path, GROUPS[group], kind)
    said = told(selfeval("check", evaluation.name, cwd=tmp_path))
    for place in GROUPS[group] if group in {"tables", "workbook"} else ():
        assert Path(place).name in said


@pytest.mark.parametrize("kind", [pipe, endless, loop], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("group", GROUPS)
def test_build_goes_on_beside_what_is_no_file(tmp_path, group, kind):
    evaluation = replaced(tmp_path, GROUPS[group], kind)
    told(selfeval("build", evaluation.name, "--format", "html", cwd=tmp_path))


def test_a_picture_and_own_rules_that_are_no_files(tmp_path):
    evaluation = replaced(tmp_path, ("narrative/图.png", "rules/own.toml"), loop)
    (evaluation / "narrative/P01.md").write_text("## 一、项目概况\n\n![图](图.png)\n", encoding="utf-8")
    with (evaluation / "selfeval.toml").open("a", encoding="utf-8") as file:
        file.write('rules = "own"\n')
    assert "own" in told(selfeval("check", evaluation.name, cwd=tmp_path))


def test_the_line_of_a_file_that_was_refused_is_not_shown(tmp_path):
    evaluation = replaced(tmp_path, (), pipe)
    (tmp_path / "secret.csv").write_text("secret-header\n1,2,3\n", encoding="utf-8")
    (evaluation / "budget.csv").unlink()
    (evaluation / "budget.csv").symlink_to(tmp_path / "secret.csv")
    assert "secret-header" not in told(selfeval("check", evaluation.name, cwd=tmp_path))


@pytest.mark.parametrize("kind", [pipe, endless], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize(
    "command",
    [
        ("verify", "x.pdf"), ("verify", "x.zip"), ("compare", "x.pdf", "甲县-2021"), ("compare", "x.zip", "甲县-2021"),
        ("compare", "x.json", "甲县-2021"), ("import", "x.txt", "--into", "新"), ("import", "x.xlsx", "--into", "新"),
        ("import", "x.pdf", "--into", "新"), ("build", "甲县-2021", "--format", "pdf", "--sign", "x.p12"),
        ("init", "复核", "--review", "x.pdf"), ("init", "复核", "--review", "x"),
    ],
    ids=lambda command: " ".join(command[:2]),
)  # fmt: skip
def test_a_file_named_on_the_command_line_is_a_file(tmp_path, command, kind):
    make_evaluation(tmp_path)
    kind(tmp_path / next(word for word in command if word.startswith("x")))
    told(selfeval(*command, cwd=tmp_path))


OUTPUTS = (".cache", "scorecard.json", "scores.csv", "index.html", "summary.pdf", "projects/P02/report.html")


@pytest.mark.parametrize("kind", [pipe, endless, loop], ids=lambda kind: kind.__name__)
def test_what_lies_in_the_output_folder_is_a_file(tmp_path, kind):
    make_evaluation(tmp_path)
    for place in OUTPUTS:
        path = tmp_path / "out" / "甲县-2021" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        kind(path)
    told(selfeval("build", "甲县-2021", "--format", "html", cwd=tmp_path))
    told(selfeval("compare", "out/甲县-2021", "甲县-2021", cwd=tmp_path))


@pytest.mark.parametrize("place", ["summary.pdf", "projects/P01/report.pdf"])
def test_pack_takes_files_only(tmp_path, place):
    make_evaluation(tmp_path)
    told(selfeval("build", "甲县-2021", "--format", "html", cwd=tmp_path))
    path = tmp_path / "out" / "甲县-2021" / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    pipe(path)
    done = selfeval("pack", "甲县-2021", cwd=tmp_path)
    told(done)
    assert done.returncode == 1
