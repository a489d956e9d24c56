"""The two evaluations that are shipped, whole: every figure and every step, as a file to be read and compared."""

from __future__ import annotations

import functools
import json
from decimal import Decimal
from pathlib import Path

import pytest
from evaluations import contents

from selfeval.evaluation.exports import json_bytes, scorecard_json
from selfeval.evaluation.pipeline import evaluate, evaluations_in

INPUTS = Path(__file__).parents[1] / "inputs"
SHIPPED = ("mianyang-2021", "ningxia-2020")


@functools.cache
def shipped(name):
    return evaluate(INPUTS / name)


@functools.cache
def scorecard(name):
    return json.loads(json_bytes(scorecard_json(shipped(name).result)))


def indicators(name):
    return [(project["id"], i) for project in scorecard(name)["projects"] for i in project["indicators"]]


def test_both_are_there():
    assert {folder.name for folder in evaluations_in(INPUTS)} == set(SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_scorecard_is_the_one_that_was_read_over(name, golden):
    card = scorecard_json(shipped(name).result)
    card["generator"]["version"] = "…"  # of no concern to the figures
    golden(f"{name}.scorecard.json", json_bytes(card).decode())


def test_thirteen_projects_and_a_hundred_and_sixteen_indicators():
    assert sum(len(scorecard(name)["projects"]) for name in SHIPPED) == 13
    assert sum(len(indicators(name)) for name in SHIPPED) == 116


@pytest.mark.parametrize("name", SHIPPED)
def test_every_indicator_is_scored_or_a_finding_says_why_not(name):
    named = {(d.project, d.indicator) for d in shipped(name).diagnostics if d.severity != "info"}
    assert not [(p, i["id"]) for p, i in indicators(name) if i["points"] is None and (p, i["id"]) not in named]


@pytest.mark.parametrize("name", SHIPPED)
def test_what_is_shipped_has_no_error(name):
    assert [d.message for d in shipped(name).diagnostics if d.is_error] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_every_figure_can_be_added_up_again_from_the_scorecard_alone(name):
    for project in scorecard(name)["projects"]:
        points = [Decimal(i["points"]) for i in project["indicators"] if i["points"]]
        assert sum(points) + Decimal(project["budget"]["points"]) == Decimal(project["total"]), project["id"]
        assert sum(Decimal(level["points"] or 0) for level in project["level1"]) == sum(points)
        for level in project["level1"]:
            assert sum(Decimal(child["points"] or 0) for child in level["level2"]) == Decimal(level["points"] or 0)
        assert sum(Decimal(i["weight"]) for i in project["indicators"]) == 90


@pytest.mark.parametrize("name", SHIPPED)
def test_every_point_shows_its_steps_and_the_article(name):
    for project, indicator in indicators(name):
        assert len(indicator["steps"]) >= 3, (project, indicator["id"])
        assert indicator["source"]["document"]
        assert indicator["source"]["article"]


@pytest.mark.parametrize("name", SHIPPED)
def test_only_evaluating_writes_nothing(name):
    before = contents(INPUTS / name)
    evaluate(INPUTS / name)
    assert contents(INPUTS / name) == before
