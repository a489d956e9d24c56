"""The JSON Schemas: what the program writes fits them, what its readers refuse does not."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path

import pytest
from attempts import slow
from evaluations import ACTUALS, make_evaluation, rows_of
from jsonschema import Draft202012Validator, ValidationError

from selfeval.base.diagnostics import codes
from selfeval.cli.app import run
from selfeval.cli.new_evaluation import SETTINGS_SCHEMA
from selfeval.cli.schema import SCHEMAS
from selfeval.evaluation.pipeline import evaluate
from selfeval.rules.dump import profile_toml

pytestmark = pytest.mark.usefixtures("typst_draws")

ROOT = Path(__file__).parents[2]
PROFILES = sorted((ROOT / "selfeval" / "rules" / "profiles").glob("*.toml"))
SETTINGS = [*ROOT.glob("inputs/*/selfeval.toml"), *ROOT.glob("selfeval/cli/starter/*/selfeval.toml")]
REVIEW = [{"二级指标": "数量指标", "三级指标": "维修里程", "复核得分": "40", "复核意见": "少", "复核完成值": "16公里"}]


@pytest.fixture(scope="module")
def fits():
    """Ends the test where a value does not fit the schema of a name."""
    made = {name: Draft202012Validator(make()) for name, (_, make) in SCHEMAS.items()}
    return lambda name, value: made[name].validate(value)


@pytest.fixture
def printed(capsys):
    """What a command prints as JSON."""

    def command(*arguments):
        capsys.readouterr()
        assert run([str(argument) for argument in arguments]) in {0, 1}
        return json.loads(capsys.readouterr().out)

    return command


def in_json(value):
    """A TOML value as JSON: days as texts."""
    if isinstance(value, dict):
        return {key: in_json(one) for key, one in value.items()}
    if isinstance(value, list):
        return [in_json(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def toml(text):
    return in_json(tomllib.loads(text))


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one_and_is_printed(printed, name):
    Draft202012Validator.check_schema(printed("schema", name))


def test_without_a_name_all_are_listed_and_an_unknown_one_is_refused(capsys):
    assert run(["schema"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [*SCHEMAS]
    assert run(["schema", "score"]) == 2
    assert "没有“score”的 JSON Schema；可用的有：scorecard" in capsys.readouterr().err


@pytest.fixture
def many_things(tmp_path):
    """An evaluation with a review, an error and what the real ones have not."""
    return make_evaluation(tmp_path, actuals=rows_of(ACTUALS)[:2], review=REVIEW)


@pytest.mark.parametrize("folder", ["inputs/ningxia-2020", "", *slow("inputs/mianyang-2021")])
def test_what_build_and_check_write_fits(fits, printed, many_things, tmp_path, folder):
    place = ROOT / folder if folder else many_things
    assert run(["-q", "build", str(place), "--format", "html", "--out", str(tmp_path / "out")]) in {0, 1}
    scorecard = json.loads((tmp_path / "out" / place.name / "scorecard.json").read_text("utf-8"))
    fits("scorecard", scorecard)
    fits("diagnostics", json.loads((tmp_path / "out" / place.name / "diagnostics.json").read_text("utf-8")))
    fits("diagnostics", printed("check", place, "--output-format", "json"))
    assert folder or "review" in scorecard["projects"][0]


def test_a_comparison_fits(fits, printed, many_things, tmp_path):
    other = make_evaluation(tmp_path / "旧", targets=[])
    fits("comparison", printed("compare", other, many_things, "--output-format", "json"))
    both = [ROOT / "inputs" / "ningxia-2020", ROOT / "inputs" / "mianyang-2021"]
    fits("comparison", printed("compare", *both, "--output-format", "json"))


def test_a_survey_fits(fits, many_things, tmp_path):
    (tmp_path / "坏.json").write_text("{}", "utf-8")
    paths = [ROOT / "inputs" / "ningxia-2020", ROOT / "inputs" / "mianyang-2021", many_things, tmp_path / "坏.json"]
    assert run(["survey", *map(str, paths), "--out", str(tmp_path / "一览"), "--jobs", "1"]) == 0
    told = json.loads((tmp_path / "一览" / "survey.json").read_text("utf-8"))
    fits("survey", told)
    assert told["findings"]
    assert {one["trust"] for one in told["sources"]} == {"unverified", "broken"}
    with pytest.raises(ValidationError):
        fits("survey", told | {"findings": [told["findings"][0] | {"kind": "other"}]})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda card: card["projects"][0].pop("counted"), "'counted' is a required property"),
        (lambda card: card["projects"][0].update(总分="9"), "'总分' was unexpected"),
        (lambda card: card["projects"][0].update(total=90.5), "90.5 is not"),
        (lambda card: card["projects"][0]["indicators"][0]["target"].update(kind="other"), "'other'"),
        (lambda card: card["projects"][0]["indicators"][0]["target"].update(operator="!"), "'!'"),
    ],
)
def test_a_scorecard_that_is_none_of_ours_does_not_fit(fits, printed, many_things, tmp_path, change, said):
    run(["-q", "build", str(many_things), "--format", "html", "--out", str(tmp_path / "out")])
    card = json.loads((tmp_path / "out" / many_things.name / "scorecard.json").read_text("utf-8"))
    change(card)
    with pytest.raises(ValidationError, match=said):
        fits("scorecard", card)


# ── settings ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", SETTINGS, ids=lambda path: path.parent.name)
def test_settings_that_are_read_fit(fits, path):
    fits("settings", toml(path.read_text("utf-8").replace("{year}", "2021").replace("{next}", "2022")))


SOUND = '[evaluation]\nyear = 2021\nunit = "甲县财政局"\n'


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("", ""),
        ('[report]\ndate = 2022-01-20\nlayout = "sichuan"', ""),
        ('[report]\ndate = "2022年1月"', ""),
        ('[check.ignore]\nV024 = "批准"', ""),
        ("[report]\npublic = 1", "1 is not of type 'boolean'"),
        ("[report]\nlayuot = 'a'", "'layuot' was unexpected"),
        ('[check.ignore]\nQ999 = "批准"', "'Q999' is not one of"),
        ("[other]", "'other' was unexpected"),
    ],
)
def test_the_schema_of_the_settings_refuses_what_their_reader_finds_fault_with(fits, tmp_path, lines, says):
    text = f"{SOUND}{lines}\n"
    found = evaluate(make_evaluation(tmp_path, toml=text)).diagnostics
    assert any(d.code in {"T020", "T021"} for d in found) == bool(says)
    if not says:
        fits("settings", toml(text))
        return
    with pytest.raises(ValidationError, match=says):
        fits("settings", toml(text))


@pytest.mark.parametrize("lines", ["", "year = 2021", "year = '2021'\nunit = 'a'", "year = 1800\nunit = 'a'"])
def test_year_and_unit_are_needed(fits, lines):
    with pytest.raises(ValidationError):
        fits("settings", toml(f"[evaluation]\n{lines}\n"))
    with pytest.raises(ValidationError):
        fits("settings", {})


def test_a_new_evaluation_tells_its_schema_to_the_editor(tmp_path, fits):
    folder = tmp_path / "新-2024"
    assert run(["init", str(folder)]) == 0
    first, *_ = (folder / "selfeval.toml").read_text("utf-8").splitlines()
    assert first == f"#:schema {SETTINGS_SCHEMA}"
    assert json.loads((folder / SETTINGS_SCHEMA).read_text("utf-8")) == SCHEMAS["settings"][1]()
    assert evaluate(folder).result is not None


def test_the_settings_are_explained_in_the_words_of_the_example():
    parts = SCHEMAS["settings"][1]()["properties"]
    assert parts["evaluation"]["properties"]["unit"]["description"] == "填报单位（必填），印在每一页上"
    named = {name for part in ("evaluation", "report") for name in parts[part]["properties"]}
    plain = {
        name
        for part in ("evaluation", "report")
        for name, one in parts[part]["properties"].items()
        if one.get("description")
    }
    assert named - plain <= {"fonts"}


# ── rules ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_every_profile_fits(fits, path):
    fits("rules", toml(path.read_text("utf-8")))


@pytest.mark.parametrize("name", ["ningxia-2020", "mianyang-2021"])
def test_a_profile_as_it_travels_in_a_report_fits(fits, name):
    fits("rules", toml(profile_toml(evaluate(ROOT / "inputs" / name).result.rules)))


VERSION = 'id = "own"\nextends = "mof-2020"\n[documents]\nown = "办法"\n[[versions]]\neffective = 2020-01-01\n'
CITED = 'source = { document = "own", article = "第一条" }\n'


@pytest.mark.parametrize(
    "lines",
    [
        "[versions.execution]\npoints = 120",
        "[versions.execution]\npoint = 20",
        "[versions.methods.at_most]\nformula = 'made_up'",
        "[versions.methods.at_most]\nformula = 'ratio'\ndeduct = 1",
        "[versions.grades]\nbands = [{ name = '优' }]",
        "[versions.execution]\nsource = { document = 'own' }",
    ],
)
def test_a_profile_that_is_refused_does_not_fit(fits, lines):
    fits("rules", toml(f"{VERSION}{CITED}"))
    with pytest.raises(ValidationError):
        fits("rules", toml(f"{VERSION}{lines}\n"))


# ── findings for other tools ──────────────────────────────────────────────────────────────────


def test_sarif_says_where_more_is_told(printed, many_things):
    driver = printed("check", many_things, "--output-format", "sarif")["runs"][0]["tool"]["driver"]
    assert driver["informationUri"]
    assert all(rule["helpUri"].endswith(rule["id"]) for rule in driver["rules"])


def test_the_codes_of_a_finding_are_those_of_the_table():
    known = SCHEMAS["diagnostics"][1]()["$defs"]["DiagnosticJson"]["properties"]["code"]["enum"]
    assert known == list(codes())
