"""A second scorer, written from docs/rules.md, comes to the same figures: every case, and rows made at random."""

from __future__ import annotations

import json
import random
import runpy
import sys
import tomllib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from selfeval.base.model import (
    Actual,
    Adjustment,
    Direction,
    Fund,
    Indicator,
    Kind,
    Place,
    Project,
    Review,
    Target,
    Tier,
)
from selfeval.base.phrases import Phrase
from selfeval.base.remarks import Reading
from selfeval.evaluation.pipeline import evaluate
from selfeval.rules.load import load_rules, own_profiles
from selfeval.rules.weights import shared_weights
from selfeval.scoring.execution import score_budget
from selfeval.scoring.review import with_review
from selfeval.scoring.score import score_project
from selfeval.scoring.totals import sums

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "tests"))
import second_scorer as second  # noqa: E402 - beside the tests
from test_rules import one_project  # noqa: E402

CASES = ROOT / "docs" / "conformance"
SHIPPED = ROOT / "selfeval" / "rules" / "profiles"
FILES = sorted(path for path in CASES.glob("*.json") if path.name != "schema.json")
YEARS = (2013, 2016, 2018, 2019, 2020, 2021, 2022, 2023, 2025)


def all_cases():
    for path in FILES:
        table = json.loads(path.read_text(encoding="utf-8"))
        for number, case in enumerate(table["cases"]):
            rules = table["profile"]["rules"]["versions"][0]
            yield pytest.param(rules, case, id=f"{path.stem}-{number}")


@pytest.mark.parametrize(("rules", "case"), list(all_cases()))
def test_every_published_case_comes_out_of_the_words_of_the_page(rules, case):
    assert second.score(case["facts"], second.complete(rules)) == without_steps(case["expected"])


def without_steps(expected):
    rows = [{key: value for key, value in row.items() if key != "steps"} for row in expected["indicators"]]
    budget = {key: value for key, value in expected["budget"].items() if key != "steps"}
    return expected | {"indicators": rows, "budget": budget}


# ── Rows made at random ──


@pytest.fixture(scope="module")
def profiles(tmp_path_factory):
    """(name, year) → the rules as the program loads them, and as the second scorer does; the units' own as well."""
    folder = tmp_path_factory.mktemp("unit")
    (folder / "rules").mkdir()
    for path in sorted((ROOT / "tests" / "rules").glob("own-*.toml")):
        own = tomllib.loads(path.read_text(encoding="utf-8"))["own"]
        (folder / "rules" / path.name).write_text(own + MORE.get(path.stem, ""), encoding="utf-8")
    folders = (SHIPPED, folder / "rules")
    names = sorted(path.stem for each in folders for path in each.glob("*.toml"))
    made = {}
    for name, year in ((name, year) for name in names for year in YEARS):
        rules, refusals = load_rules(name, year, own_profiles(folder))
        assert not refusals, refusals
        made[name, year] = rules, second.complete(second.profile(folders, name, year))
    return made


MORE = {
    "own-original": """
[versions.rounding]
digits = 1
mode = "half_even"
source = { document = "own", article = "第九条", checked = true }

[versions.tiers]
edges = "points"
source = { document = "own", article = "第九条", checked = true }
""",
    "own-forms": """
[versions.levels]
digits = 1
source = { document = "yueyang", article = "第九条", checked = true }
""",
    "own-methods": """
[versions.levels]
share = "level3"
moves = { "满意度指标" = "" }
source = { document = "own", article = "第九条", checked = true }
""",
    "own-inapplicable": """
[versions.rounding]
mode = "down"
source = { document = "own", article = "第九条", checked = true }
""",
}

VALUES = (
    "0",
    "0",
    "1",
    "2",
    "3",
    "5",
    "7",
    "10",
    "0.9",
    "0.95",
    "0.8",
    "0.6",
    "0.1",
    "0.15",
    "0.333",
    "12.5",
    "-1",
    "-4",
)
WEIGHTS = ("10", "10", "15", "20", "7.5", "3.33", "12.345", "0.005", "0", "50", "90", "-5", None)
FUNDS = ("财政拨款", "上年结转", "自筹资金", "其他", "")
AMOUNTS = ("100", "100", "80", "0", "37.5", "120", "-10", "99.999", None)
DAYS = tuple((date(2021, 1, 1) + timedelta(days)).isoformat() for days in (-3, 0, 1, 90, 99, 100, 110, 120, 131, 300))


class Maker:
    """Facts made up from a seed, in the shape of docs/conformance."""

    def __init__(self, seed, rules):
        self.dice = random.Random(seed)
        self.rules = rules
        self.pick = self.dice.choice

    def chance(self, share):
        return self.dice.random() < share

    def number(self):
        return self.pick(VALUES)

    def target(self, kind, *, deep=True):
        kinds = ("number", "number", "cost", "range", "date", "qualitative", None)
        made = {
            "kind": kind, "operator": None, "value": None, "upper": None, "unit": None, "date": None,
            "direction": None, "parts": [],
        }  # fmt: skip
        if kind in {"number", "cost", "range"}:
            made["value"] = None if self.chance(0.02) else self.number()
            made["direction"] = self.pick(("positive", "negative"))
            made["operator"] = self.pick(("≥", ">", "≤", "<", "=", "=", None)) if kind != "range" else None
        if kind == "range" and made["value"] is not None:
            made["upper"] = str(Decimal(made["value"]) + self.pick((0, 1, 5)))
        if kind == "date":
            made["date"] = None if self.chance(0.05) else self.pick(DAYS)
        if kind == "compound" and deep:
            made["parts"] = [self.target(self.pick(kinds[:5] * 4 + kinds)) for _ in range(self.pick((2, 2, 3)))]
        return made

    def actual(self, target):
        made = {"value": None, "date": None, "tier": None, "answer": None, "kept": False, "stated": True, "parts": []}
        if self.chance(0.04):
            return made | {"stated": self.chance(0.5)}
        kind = target["kind"]
        if kind in {"number", "cost", "range"}:
            near = target["value"] is not None and self.chance(0.5)
            made["value"] = self.close_to(target["value"]) if near else self.number()
        if kind == "date":
            late = self.chance(0.9)
            made |= {"date": self.pick(DAYS)} if late else {"kept": True, "tier": "met"}
        if kind == "qualitative":
            made["tier"] = self.pick(("met", "partial", "missed", None))
            made["answer"] = self.pick((True, False, None, None, None, None))
        if kind == "compound":
            parts = target["parts"][: -1 if self.chance(0.1) else None]
            made["parts"] = [self.actual(part) for part in parts]
        return made

    def close_to(self, value):
        factor = self.pick(("1", "0.99", "0.9", "1.05", "1.1", "1.2", "0.5", "0.6", "1.15", "2"))
        return str(Decimal(value) * Decimal(factor))

    def method(self, target):
        if self.rules["levels"]["inapplicable"] and self.chance(0.2):
            return "不适用"
        if self.chance(0.5):
            return None
        methods = self.rules["methods"]
        names = [word for key, method in methods.items() for word in (key, method["title"])]
        fit = [key for key, method in methods.items() if second.suits(method["formula"], target)]
        return self.pick(fit) if fit and self.chance(0.7) else self.pick([*names, "看着办", "不计分", "不适用"])

    def indicator(self, number, levels, *, weighed):
        kind = self.pick(("number",) * 6 + ("cost", "range", "date", "qualitative", "qualitative", "compound", None))
        target = self.target(kind)
        row = {
            "level1": self.pick(levels), "level2": self.pick(("甲类", "乙类", "丙类")), "level3": f"指标{number}",
            "weight": self.weight() if weighed else None,
            "method": self.method(target), "entered_points": self.points() if self.chance(0.4) else None,
            "reason": self.pick((None, "连日降雨，已排定计划")), "target": target, "adjusted": None,
            "actual": self.actual(target), "review": None,
        }  # fmt: skip
        if self.chance(0.15):
            weight = row["weight"] if self.chance(0.5 if weighed else 0.9) else self.pick(WEIGHTS)
            row["adjusted"] = {"target": self.target(kind), "weight": weight}
            counts = self.rules["adjustments"]["score"] == "adjusted"
            row["actual"] = self.actual(row["adjusted"]["target"] if counts else target)
        if self.chance(0.2):
            counts = self.rules["adjustments"]["score"] == "adjusted" and row["adjusted"]
            seen = self.actual((row["adjusted"] if counts else row)["target"]) if self.chance(0.6) else None
            row["review"] = {"actual": seen, "points": self.points() if self.chance(0.5) else None}
        return row

    def weight(self):
        return self.pick(WEIGHTS if self.chance(0.2) else WEIGHTS[:7])

    def points(self):
        return self.pick(
            ("0", "1", "5", "6", "7", "8", "10", "4.995", "7.125", "2.5", "-1", "12", "12.345", "9.86", "60")
        )

    def facts(self):
        levels = [*self.rules["levels"]["sets"][0]["points"], *self.rules["levels"]["sets"][-1]["points"], "满意度指标"]
        levels = self.dice.sample(list(dict.fromkeys(levels)), k=self.dice.randint(1, len(set(levels))))
        levels += ["自设指标"] if self.chance(0.1) else []
        weighed = self.chance(0.7)
        funds = [
            {"source": self.pick(FUNDS if self.chance(0.2) else FUNDS[:4])}
            | {
                key: self.pick(AMOUNTS if self.chance(0.2) else AMOUNTS[:3])
                for key in ("initial", "adjusted", "executed")
            }
            for _ in range(self.pick((0, 1, 1, 2, 3)))
        ]
        rows = [self.indicator(n, levels, weighed=weighed) for n in range(self.dice.randint(1, 6))]
        return {"start": self.pick((*DAYS[:3], None)), "budget": funds, "indicators": rows}


# ── Facts as the program holds them ──


def dec(text):
    return None if text is None else Decimal(text)


def day(text):
    return date.fromisoformat(text) if text else None


def as_target(made):
    direction = made["direction"] and Direction(made["direction"])
    return Target(
        "目标", made["kind"] and Kind(made["kind"]), made["operator"], dec(made["value"]), dec(made["upper"]),
        date=day(made["date"]), direction=direction, parts=tuple(map(as_target, made["parts"])),
    )  # fmt: skip


def as_actual(made):
    kept = (Reading("V011", Phrase("按期完成")),) if made["kept"] else ()
    return Actual(
        "写了" if made["stated"] else "", dec(made["value"]), date=day(made["date"]),
        tier=made["tier"] and Tier(made["tier"]), parts=tuple(map(as_actual, made["parts"])), readings=kept,
        answer=made["answer"],
    )  # fmt: skip


def as_review(made):
    actual = as_actual(made["actual"]) if made["actual"] else None
    return Review(actual, dec(made["points"]), "", "", Place("review.csv"), Place("review.csv"))


def as_indicator(row, weight, rules):
    made = row["adjusted"]
    counting = made if made and rules.adjusted_targets else row
    adjustment = made and Adjustment(
        as_target(row["target"]), dec(row["weight"]), as_target(made["target"]), dec(made["weight"]), "批复",
        rules.adjusted_targets,
    )  # fmt: skip
    return Indicator(
        "P01", "", row["level1"], row["level2"], row["level3"], as_target(counting["target"]),
        as_actual(row["actual"]), weight, row["method"] or "", dec(row["entered_points"]), reason=row["reason"] or "",
        actual_place=Place("actuals.csv"), adjustment=adjustment, review=row["review"] and as_review(row["review"]),
    )  # fmt: skip


def weights_of(rows, rules):
    """What the reader of the tables makes of 分值: none below 0; shared out where none is stated."""
    counting = [row for row in rows if row["method"] != "不计分"]
    chosen = [(row["adjusted"] if row["adjusted"] and rules.adjusted_targets else row)["weight"] for row in counting]
    if any(written(row) for row in counting):
        given = [None if weight is None or Decimal(weight) < 0 else Decimal(weight) for weight in chosen]
    else:
        given = shared_weights([(row["level1"], row["level2"]) for row in counting], rules.levels).weights
    found = dict(zip((row["level3"] for row in counting), given, strict=True))
    return [found.get(row["level3"]) for row in rows]


def written(row):
    """Whether a row of the form has any 分值, first or adjusted."""
    return row["weight"] is not None or bool(row["adjusted"] and row["adjusted"]["weight"] is not None)


def as_project(facts, rules):
    weights = weights_of(facts["indicators"], rules) if any(scores(facts)) else [None] * len(facts["indicators"])
    funds = tuple(
        Fund(fund["source"], *(dec(fund[key]) for key in ("initial", "adjusted", "executed")))
        for fund in facts["budget"]
    )
    rows = zip(facts["indicators"], weights, strict=True)
    indicators = tuple(as_indicator(row, weight, rules) for row, weight in rows)
    return Project("P01", "项目", {}, day(facts["start"]), None, funds, indicators, Place("projects.csv"))


def scores(facts):
    return [row["method"] != "不计分" for row in facts["indicators"]]


@pytest.fixture(scope="module")
def expected():
    return runpy.run_path(str(ROOT / "tools" / "conformance.py"))["expected"]


def differences(seeds, profiles, expected):
    """(seed, profile, what the program gives, what the second scorer gives), and how many rows there were."""
    own = sorted(name for name in profiles if name[0].startswith("own-"))
    names, rows, found = [*sorted(profiles), *own, *own], 0, []
    for seed in seeds:
        name = names[seed % len(names)]
        rules, figures = profiles[name]
        facts = Maker(seed, figures).facts()
        first = without_steps(expected(with_review(score_project(as_project(facts, rules), rules), rules)))
        other = second.score(facts, figures)
        rows += len(facts["indicators"])
        if first != other:
            found.append((seed, name, first, other))
    return found, rows


def test_both_scorers_agree_on_rows_made_at_random(profiles, expected):
    found, rows = differences(range(130), profiles, expected)
    assert rows > 300
    assert found == []


def unit_rates(seeds, profiles):
    """(seed, profile, what the program gives, what the second scorer gives) of units of three projects."""
    names = sorted(profiles)
    for seed in seeds:
        rules, figures = profiles[name := names[seed % len(names)]]
        units = [Maker(f"{seed}-{number}", figures).facts() for number in range(3)]
        budgets = [score_budget(as_project(facts, rules), rules) for facts in units]
        yield seed, name, sums(budgets, rules).rate, second.unit_execution([f["budget"] for f in units], figures)


def test_the_rate_of_a_unit_is_that_of_the_sums_of_its_projects(profiles):
    rates = list(unit_rates(range(300), profiles))
    assert len([first for _, _, first, _ in rates if first is not None]) > 50
    assert [rate for rate in rates if rate[2] != rate[3]] == []


TOLD = [
    pytest.param("mof-2020", ["产出指标|数量|甲|≥20个|18个||||||≥18个|", "效益指标|社会|乙|≥10个|10个|"],
                 id="a target adjusted on a form without weights"),
    pytest.param("own-inapplicable", ["产出指标|数量|甲|≥20个|18个|90", "效益指标|社会|乙|≥1个|1个|0|不适用|没有任务"],
                 id="a row of 0 points that is left out"),
    pytest.param("mof-2020", ["产出指标|数量|甲|≥20个|18个|-10"], id="a weight below 0"),
    pytest.param("mof-2020", ["产出指标|数量|甲|≥20个|18个|10|||||≥18个|-5"], id="an adjusted weight below 0"),
    pytest.param("own-original", ["产出指标|数量|甲|≥20个|18个||||||≥18个|50", "效益指标|社会|乙|≥10个|10个|"],
                 id="nothing but an adjusted weight, where the first one counts"),
    pytest.param("mof-2020", ["产出指标|数量|甲|≥20个|18个|90|||18|12", "产出指标|数量|其中|≥5个|5个||不计分||5|1"],
                 id="the review of a row that is only shown"),
]  # fmt: skip


@pytest.mark.parametrize(("profile", "rows"), TOLD)
def test_the_facts_that_are_published_tell_what_the_form_says(tmp_path, profile, rows):
    table = tomllib.loads((ROOT / "tests" / "rules" / f"{profile}.toml").read_text(encoding="utf-8"))
    figures = second.complete(json.loads((CASES / f"{profile}.json").read_text())["profile"]["rules"]["versions"][0])
    result = evaluate(one_project(tmp_path, profile, table, {"rows": rows})).result
    case = runpy.run_path(str(ROOT / "tools" / "conformance.py"))["case_json"]("", result)
    assert without_steps(case["expected"]) == second.score(case["facts"], figures)


def test_a_review_of_a_row_that_is_only_shown_is_no_review(profiles, expected):
    rules, figures = profiles["mof-2020", 2021]
    facts = Maker(1, figures).facts()
    row = facts["indicators"][0] | {"method": "不计分", "review": {"actual": None, "points": "5"}}
    facts = facts | {"indicators": [row]}
    first = expected(with_review(score_project(as_project(facts, rules), rules), rules))
    assert without_steps(first) == second.score(facts, figures)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_both_scorers_agree_on_a_hundred_thousand_rows(part, profiles, expected):
    found, rows = differences(range(1000 + 3000 * part, 4000 + 3000 * part), profiles, expected)
    assert rows > 10_000
    assert found == []
