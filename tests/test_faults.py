"""Damaged inputs of every kind end as the contract says: no failure inside, no hang, nothing half-written."""

from __future__ import annotations

import faults
import pytest
from attempts import slow
from evaluations import PROJECTS, make_evaluation, rows_of


@pytest.mark.slow
@pytest.mark.parametrize("seeds", [range(3), pytest.param(range(25), marks=pytest.mark.slow)], ids=["some", "many"])
@pytest.mark.parametrize("kind", faults.KINDS)
def test_a_damaged_input_is_a_finding_and_nothing_worse(kind, seeds):
    results = {seed: faults.one(kind, seed) for seed in seeds}
    assert {seed: said for seed, (_, said) in results.items() if said} == {}
    assert any(code for code, _ in results.values()), "the damage does none"


@pytest.mark.parametrize("piece", ["0", *slow("2021", "1元、", "（")])
def test_the_texts_of_a_project_may_be_as_long_as_a_cell_may_be(tmp_path, piece):
    long = piece * (99_000 // len(piece))
    names = ("年度总体目标", "总体目标完成情况", "项目概况")
    folder = make_evaluation(tmp_path, projects=[rows_of(PROJECTS)[0] | dict.fromkeys(names, long)])
    with faults.within(faults.SECONDS):
        assert faults.command(["check", str(folder)]).code in {0, 1}
