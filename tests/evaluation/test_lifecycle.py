"""docs/lifecycle.md as a person would follow it: every command line is run, every table filled in as it says."""

from __future__ import annotations

import csv
import io
import re
import shlex
import shutil
from pathlib import Path

import pytest

from selfeval.cli.app import run

PAGE = Path(__file__).parents[2] / "docs" / "lifecycle.md"
BLOCKS = re.findall(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
COMMANDS = [line for kind, _, text in BLOCKS if kind == "sh" for line in text.splitlines()]


def fill_in(file, text):
    """The cells of a block, put into the rows of a table that have the same 三级指标."""
    table = list(csv.DictReader(io.StringIO(Path(file).read_text(encoding="utf-8-sig"), newline="")))
    for given in csv.DictReader(io.StringIO(text)):
        (row,) = [row for row in table if row["三级指标"] == given["三级指标"]]
        assert set(given) <= set(row)
        row |= given
    with Path(file).open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, list(table[0]))
        writer.writeheader()
        writer.writerows(table)


def obey(line, capsys):
    """One command line; returns what it printed."""
    program, *words = shlex.split(line, comments=True)
    if program == "cp":
        shutil.copy(*words)
        return ""
    assert program == "selfeval"
    words, _, file = (words[:-2], *words[-2:]) if ">" in words else (words, "", "")
    capsys.readouterr()
    assert run(words) == 0, line
    printed = capsys.readouterr().out
    if file:
        Path(file).write_text(printed, encoding="utf-8")
    return printed


@pytest.fixture(scope="module")
def life(tmp_path_factory):
    """A folder for the whole story."""
    return tmp_path_factory.mktemp("life")


@pytest.mark.slow
def test_the_whole_life_of_a_report_as_the_page_tells_it(life, monkeypatch, capsys):
    monkeypatch.chdir(life)
    said = {}
    for kind, file, text in BLOCKS:
        if kind == "csv":
            fill_in(file, text)
        elif kind == "sh":
            said |= {line: obey(line, capsys) for line in text.splitlines()}
    first = said["selfeval compare 首次报送.zip 养护-2024"]
    assert "完成值 96.3% → 94.1%" in first
    assert "完成值变化" in first
    assert "李四：抽查路段中有两段未达标" in first
    report = Path("out/养护-2024/projects/P01/report.html").read_text(encoding="utf-8")
    assert "复核得分" in report
    assert "抽查路段中有两段未达标" in report
    yearly = said["selfeval compare 养护-2024 养护-2025"]
    assert "逐年比较" in yearly
    assert "上年实际 8260平方米；今年目标 ≥7000平方米" in yearly
    assert "雷同的偏差原因" in yearly
    assert Path("两次提交.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_the_page_leads_through_every_command_it_is_about():
    told = {shlex.split(line)[1] for line in COMMANDS if line.startswith("selfeval")}
    assert {"init", "build", "compare", "pack", "verify"} <= told
