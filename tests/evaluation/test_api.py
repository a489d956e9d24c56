"""The Python API: what a program gets is what the commands give."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from evaluations import make_evaluation

import selfeval
from selfeval.cli.app import run

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The evaluation that `init` gives."""
    monkeypatch.chdir(tmp_path)
    assert run(["init", "养护-2024"]) == 0
    return Path("养护-2024")


def test_a_program_gets_the_scorecard_that_build_writes(folder):
    assert run(["build", str(folder), "--format", "html"]) == 0
    written = json.loads(Path("out/养护-2024/scorecard.json").read_text(encoding="utf-8"))
    assert selfeval.scorecard(selfeval.evaluate(folder)) == written


def test_a_result_holds_exact_points_by_project_and_row(folder):
    result = selfeval.evaluate(str(folder))
    assert isinstance(result, selfeval.Result)
    (card,) = result.scorecards
    assert isinstance(card.total, Decimal)
    assert card.total == sum((s.points for s in card.scores), card.budget.points)


def test_another_profile_may_be_asked_for(folder):
    assert selfeval.evaluate(folder).rules.id == "mof-2020"
    assert selfeval.evaluate(folder, rules="hubei").rules.id == "hubei"


def test_a_mistake_in_a_table_is_a_finding_and_no_exception(folder):
    (folder / "budget.csv").unlink()
    assert any(d.is_error and "budget" in d.message for d in selfeval.evaluate(folder).diagnostics)


def test_what_cannot_be_opened_says_why(tmp_path):
    with pytest.raises(selfeval.CannotOpenError, match=r"没有 selfeval\.toml") as nothing:
        selfeval.evaluate(tmp_path)
    assert nothing.value.diagnostics == ()
    broken = make_evaluation(tmp_path, toml="[evaluation]\nyear = 2021\n")
    with pytest.raises(selfeval.CannotOpenError, match="unit") as refused:
        selfeval.evaluate(broken)
    assert [d.code for d in refused.value.diagnostics] == ["T020"]


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_every_example_of_the_page_runs(folder, number, capsys):
    exec(EXAMPLES[number], {})
    assert capsys.readouterr().out


def test_asking_for_the_version_loads_nothing_else():
    asked = "import selfeval, sys; selfeval.__version__; print([m for m in sys.modules if m.startswith('selfeval.')])"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_public_names_are_listed_and_there_is_no_other():
    assert set(selfeval.__all__) == set(dir(selfeval))
    assert all(getattr(selfeval, name) for name in selfeval.__all__)
    with pytest.raises(AttributeError, match="nothing"):
        selfeval.nothing  # noqa: B018
