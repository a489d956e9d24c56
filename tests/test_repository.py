"""The files for those who keep evaluations in a repository, and for those who release: they say what is so."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import licences
import pytest
import sbom
from evaluations import make_evaluation

from selfeval import __version__
from selfeval.cli.app import run

ROOT = Path(__file__).parents[1]
HOOK = dict(
    line.removeprefix("- ").strip().split(": ", 1)
    for line in (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8").splitlines()
    if not line.startswith("#")
)


@pytest.mark.parametrize(
    ("path", "matters"),
    [
        ("inputs/甲/targets.csv", True),
        ("甲/actuals/乙科.xlsx", True),
        ("selfeval.toml", True),
        ("inputs/甲/填报表-乙科.xlsx", True),
        ("inputs/甲/narrative/P01.md", True),
        ("README.md", False),
        ("inputs/甲/evidence/targets.pdf", False),
        ("data/my-targets.csv", False),
    ],
)
def test_the_hook_looks_at_the_files_of_evaluations(path, matters):
    assert bool(re.search(HOOK["files"], path)) == matters


def test_what_the_hook_runs_takes_the_changed_files(tmp_path, monkeypatch, capsys):
    folder = make_evaluation(tmp_path)
    monkeypatch.chdir(tmp_path)
    program, *words = HOOK["entry"].split()
    assert program == "selfeval"
    assert run([*words, *(f"{folder.name}/{name}" for name in ("targets.csv", "actuals.csv"))]) == 0
    (folder / "actuals.csv").unlink()
    assert run([*words, f"{folder.name}/targets.csv"]) == 1
    assert "actuals.csv" in capsys.readouterr().out


def test_the_citation_names_this_version():
    assert f"\nversion: {__version__}\n" in (ROOT / "CITATION.cff").read_text("utf-8")


def test_the_container_has_what_the_program_is_made_of_and_no_root():
    text = (ROOT / "Dockerfile").read_text("utf-8")
    copied = [word for line in text.splitlines() if line.startswith("COPY") for word in line.split()[1:-1]]
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert text.index("USER selfeval") < text.index("ENTRYPOINT")
    assert "tools/system.py report" in text


@pytest.mark.slow
def test_the_bill_of_materials_lists_every_package_once_with_its_licence():
    bill = sbom.bill(licences.closure())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    direct = {re.match(r"[\w.-]+", line)[0].replace(".", "-") for line in project["dependencies"]}
    names = [one["name"] for one in bill["components"]]
    assert len(names) == len(set(names)) > 30
    assert direct <= set(names)
    assert all(one["licenses"][0]["license"]["name"] for one in bill["components"])
    known = {bill["metadata"]["component"]["bom-ref"], *(one["bom-ref"] for one in bill["components"])}
    assert {ref for one in bill["dependencies"] for ref in (one["ref"], *one["dependsOn"])} <= known
    assert json.dumps(bill) == json.dumps(sbom.bill(licences.closure()))
