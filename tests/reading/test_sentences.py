"""What a clerk writes is taken where it says that something was done, and nowhere else.

`values/statements.toml` is a table of whole cells with the points an auditor would give; `field/reading.json` holds
published targets and actuals with a person's reading (`points`: any of these; null: not scored); `sentences.py` makes
as many more as one likes.
"""

from __future__ import annotations

import json
import random
import tomllib
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from attempts import slow
from sentences import YEAR, Sentence, sentence

from selfeval.base.model import Indicator, Place, Project
from selfeval.reading.values.actuals import Context, read_actual
from selfeval.reading.values.context import TargetContext
from selfeval.reading.values.targets import read_target
from selfeval.rules.load import load_rules
from selfeval.scoring.score import score_indicator

HERE = Path(__file__).parents[1]
CONTEXT = Context(year=YEAR)
NOT_SCORED = "不计分"
WEIGHT = Decimal(10)


@cache
def rules_of(id_):
    rules, _ = load_rules(id_, YEAR)
    return rules


@cache
def target_of(text, row):
    return read_target(text, row)


def points(text, told, row, *, tier="", rules="mof-2020", start=date(YEAR, 1, 1), level1="产出指标"):
    """The points of a row of ten."""
    target = target_of(text, row)
    actual = read_actual(told, target, Context(tier, row.year))
    indicator = Indicator("P", "", level1, row.level2, row.name, target, actual, WEIGHT, actual_place=Place(""))
    project = Project("P", "", {}, start, None, (), (indicator,), Place(""))
    scored = score_indicator(indicator, rules_of(rules), project).points
    return NOT_SCORED if scored is None else f"{scored:.2f}"


def codes(text, told, row):
    """What is said of the reading of an actual."""
    actual = read_actual(told, target_of(text, row), CONTEXT)
    return [r.code for part in (actual, *actual.parts) for r in part.readings]


# ── tables ────────────────────────────────────────────────────────────────────────────────────


STATEMENTS = tomllib.loads((HERE / "values" / "statements.toml").read_text(encoding="utf-8"))["group"]


@pytest.mark.parametrize("group", [pytest.param(g, id=f"{g['name']} {g['target']}") for g in STATEMENTS])
def test_whole_cells_score_what_they_say_was_done(group):
    row = TargetContext("产出指标", group["level2"], group["name"], unit=group.get("unit", ""), year=YEAR)
    assert [[actual, scored_as(group["target"], actual, row, wanted)] for actual, wanted in group["cases"]] == group[
        "cases"
    ]


def scored_as(target, actual, row, wanted):
    """The points of a cell, with the code that was wanted where it is among those remarked."""
    _, _, code = wanted.partition(" ")
    scored = points(target, actual, row)
    return f"{scored} {code}" if code and code in codes(target, actual, row) else scored


FIELD = json.loads((HERE / "field" / "reading.json").read_text(encoding="utf-8"))


def points_of_published(case):
    """What a row of a published form scores."""
    row = TargetContext(
        *(case[key] for key in ("level1", "level2", "name", "sign", "unit", "direction")), "元", case["year"]
    )
    more = {"tier": case["tier"], "rules": case["rules"], "level1": case["level1"]}
    return points(case["target"], case["actual"], row, start=date.fromisoformat(case["start"]), **more)


def test_published_rows_score_what_a_person_reads():
    assert [
        (case["source"], case["name"], case["actual"], found)
        for found, case in ((points_of_published(case), case) for case in FIELD)
        if found not in {NOT_SCORED if p is None else f"{Decimal(p):.2f}" for p in case["points"]}
    ] == []


def test_the_page_for_clerks_keeps_count():
    page = (HERE.parent / "docs" / "reading.md").read_text(encoding="utf-8")
    assert f"公开表格和常见写法 {len(FIELD)} 行" in page
    assert f"整句 {sum(len(group['cases']) for group in STATEMENTS)} 条" in page


# ── as many as one likes ──────────────────────────────────────────────────────────────────────


def taken(made: Sentence):
    """What the program takes a sentence to say: a number in the target's written unit, a date, or nothing."""
    target = target_of(made.target, TargetContext(level2=made.level2, name=made.name, year=YEAR))
    actual = read_actual(made.actual, target, CONTEXT)
    return actual.date if actual.value is None else actual.value / target.scale


def verdict(made: Sentence, value: Decimal | date | None) -> str:
    """Whether a reading is right, took what nobody said, or missed what was plainly said."""
    if value == made.value:
        return "right"
    return "wrong null" if value is None else "wrong points"


@pytest.mark.parametrize("sentences", [400, *slow(1000, 4000)])
def test_nothing_is_taken_that_is_not_said_to_be_done(sentences):
    rng = random.Random(19)
    made = [sentence(rng) for _ in range(sentences)]
    judged = [(verdict(m, taken(m)), m) for m in made]
    assert not [m for found, m in judged if found == "wrong points"]
    missed = [m for found, m in judged if found == "wrong null"]
    assert len(missed) <= len([m for m in made if m.value is not None]) // 100, missed[:5]
