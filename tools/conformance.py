"""The conformance set: every case of tests/rules as JSON for other programs, `python tools/conformance.py`.

What a case enters is given as it was read (numbers, dates, tiers), so that a program with a reader of its own can be
held against the rules alone. Written to docs/conformance/, one file a profile.
"""

from __future__ import annotations

import importlib
import json
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from selfeval.base.exact import plain
from selfeval.base.model import Actual, Fund, Indicator, Project, Review, Score, Scorecard, Target, Tier
from selfeval.evaluation.exports import json_bytes, points_text, project_json, rate_text, value_text
from selfeval.evaluation.pipeline import evaluate
from selfeval.evaluation.result import Result
from selfeval.rules.dump import profile_toml
from selfeval.scoring.reasons import has_reason
from selfeval.scoring.steps import reading_steps

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "conformance"
TESTS = ROOT / "tests"
SCHEMA = "selfeval.conformance/1"

Json = dict[str, Any]


def documents() -> dict[str, bytes]:
    """Every file by its name."""
    made = {f"{file.stem}.json": json_bytes(document(file)) for file in rules_tests().FILES}
    return made | {"schema.json": json_bytes(schema())}


@cache
def rules_tests() -> Any:  # noqa: ANN401 - a module of the tests
    """The cases, and how they are entered, are the tests'."""
    sys.path[:0] = [str(TESTS), str(TESTS / "rules")]
    return importlib.import_module("test_rules")


def document(file: Path) -> Json:
    """All cases of one profile."""
    rules = rules_tests()
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    results = [
        *((case["what"], result_of(file.stem, table, case, rules.one_row)) for case in table.get("case", [])),
        *((case["what"], result_of(file.stem, table, case, rules.one_project)) for case in table.get("project", [])),
    ]
    profile = results[0][1].rules
    return {
        "schema": SCHEMA,
        "profile": {"id": profile.id, "title": profile.title, "year": results[0][1].evaluation.year,
                    "rules": in_json(tomllib.loads(profile_toml(profile), parse_float=Decimal))},
        "cases": [case_json(what, result) for what, result in results],
    }  # fmt: skip


def result_of(profile: str, table: Json, case: Json, entered: Any) -> Result:  # noqa: ANN401
    """A case taken through the whole line."""
    with tempfile.TemporaryDirectory() as folder:
        result = evaluate(entered(Path(folder), profile, table, case)).result
    if result is None:
        raise ValueError(case["what"])
    return result


def case_json(what: str, result: Result) -> Json:
    """What is entered, as read, and what must come out."""
    (card,) = result.scorecards
    return {"what": what, "facts": facts(card.project), "expected": expected(card)}


def facts(project: Project) -> Json:
    """A project as read."""
    return {
        "start": project.start.isoformat() if project.start else None,
        "budget": [fund_json(fund) for fund in project.funds],
        "indicators": [indicator_facts(indicator, shared=project.weights_shared) for indicator in project.indicators],
    }


def fund_json(fund: Fund) -> Json:
    """One source of funds, in 元."""
    amounts = {name: value_text(getattr(fund, name)) for name in ("initial", "adjusted", "executed")}
    return {"source": fund.source} | amounts


def indicator_facts(indicator: Indicator, *, shared: bool) -> Json:
    """One row as read; no weight, first or adjusted, where the form gives none and the profile shares them out."""
    made = indicator.adjustment
    target, weight = indicator.target, indicator.form_weight
    if made:
        target, weight = made.target_before, made.weight_before
    return {
        "level1": indicator.level1,
        "level2": indicator.level2,
        "level3": indicator.level3,
        "weight": None if shared else value_text(weight),
        "method": indicator.method or None,
        "entered_points": value_text(indicator.entered_points),
        "reason": indicator.reason if has_reason(indicator) else None,
        "target": target_facts(target),
        "adjusted": {
            "target": target_facts(made.target_after),
            "weight": None if shared else value_text(made.weight_after),
        }
        if made
        else None,
        "actual": actual_facts(indicator.actual),
        "review": review_facts(indicator.review) if indicator.review else None,
    }


def review_facts(review: Review) -> Json:
    """What a reviewer entered of a row."""
    return {"actual": actual_facts(review.actual) if review.actual else None, "points": value_text(review.points)}


def target_facts(target: Target) -> Json:
    """A target as read, and its parts."""
    return {
        "kind": target.kind.value if target.kind else None,
        "operator": target.operator,
        "value": value_text(target.value),
        "upper": value_text(target.upper),
        "unit": target.unit or None,
        "date": target.date.isoformat() if target.date else None,
        "direction": target.direction.value if target.direction else None,
        "parts": [target_facts(part) for part in target.parts],
    }


def actual_facts(actual: Actual) -> Json:
    """An actual as read, and its parts."""
    return {
        "value": value_text(actual.value),
        "date": actual.date.isoformat() if actual.date else None,
        "tier": actual.tier.value if actual.tier else None,
        "answer": actual.answer,
        "kept": kept(actual),
        "stated": bool(actual.text.strip()),
        "parts": [actual_facts(part) for part in actual.parts],
    }


def kept(actual: Actual) -> bool:
    """Whether words without a day say that a date was kept."""
    return actual.date is None and actual.tier is Tier.MET and any(r.code == "V011" for r in actual.readings)


def expected(card: Scorecard) -> Json:
    """What must come out."""
    told = project_json(card, {})
    return {
        "indicators": [outcome(score) for score in card.scores],
        "budget": {"rate": told["budget"]["rate"], "weight": told["budget"]["weight"],
                   "points": told["budget"]["points"], "steps": list(card.budget.steps)},
        **{key: told[key] for key in ("level1", "total", "counted", "grade")},
        "review": {key: told["review"][key] for key in ("total", "counted", "grade")} if card.review else None,
    }  # fmt: skip


def outcome(score: Score) -> Json:
    """What a row must come to; the steps (without how cells were read) are ours, a program may word its own."""
    return {
        "weight": points_text(score.weight),
        "completion": rate_text(score.completion),
        "rule_points": points_text(score.rule_points),
        "points": points_text(score.points),
        "override": points_text(score.override),
        "formula": score.formula,
        "review": {key: points_text(getattr(score.review, key)) for key in ("points", "rule_points")}
        if score.review and not score.indicator.is_detail
        else None,
        "steps": list(score.steps[len(reading_steps(score.indicator)) :]),
    }


def in_json(value: Any) -> Any:  # noqa: ANN401 - any TOML
    """Numbers as exact texts, days in ISO form."""
    if isinstance(value, dict):
        return {key: in_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [in_json(item) for item in value]
    if isinstance(value, Decimal):
        return plain(value)
    return value if isinstance(value, str | bool) else str(value)


# ── The schema ──

TEXT: Json = {"type": "string"}
MAYBE: Json = {"type": ["string", "null"]}
FLAG: Json = {"type": "boolean"}


def record(**properties: Mapping[str, Any]) -> Json:
    """An object with exactly these keys."""
    return {
        "type": "object", "additionalProperties": False, "required": list(properties), "properties": properties,
    }  # fmt: skip


def perhaps(item: Json) -> Json:
    """One of these or null."""
    return {"anyOf": [item, {"type": "null"}]}


def many(item: Json) -> Json:
    """A list of these."""
    return {"type": "array", "items": item}


def schema() -> Json:
    """The JSON Schema of a file."""
    part = {"$ref": "#/$defs/target"}, {"$ref": "#/$defs/actual"}
    target = record(kind=MAYBE, operator=MAYBE, value=MAYBE, upper=MAYBE, unit=MAYBE, date=MAYBE, direction=MAYBE,
                    parts=many(part[0]))  # fmt: skip
    actual = record(value=MAYBE, date=MAYBE, tier=MAYBE, answer={"type": ["boolean", "null"]}, kept=FLAG, stated=FLAG,
                    parts=many(part[1]))  # fmt: skip
    row = record(level1=TEXT, level2=TEXT, level3=TEXT, weight=MAYBE, method=MAYBE, entered_points=MAYBE, reason=MAYBE,
                 target=part[0], adjusted=perhaps(record(target=part[0], weight=MAYBE)), actual=part[1],
                 review=perhaps(record(actual=perhaps(part[1]), points=MAYBE)))  # fmt: skip
    fund = record(source=TEXT, initial=MAYBE, adjusted=MAYBE, executed=MAYBE)
    level = {"name": TEXT, "weight": TEXT, "points": MAYBE, "completion": MAYBE}
    came = record(weight=MAYBE, completion=MAYBE, rule_points=MAYBE, points=MAYBE, override=MAYBE, formula=TEXT,
                  review=perhaps(record(points=MAYBE, rule_points=MAYBE)), steps=many(TEXT))  # fmt: skip
    budget = record(rate=MAYBE, weight=TEXT, points=MAYBE, steps=many(TEXT))
    expected_ = record(indicators=many(came), budget=budget, level1=many(record(**level, level2=many(record(**level)))),
                       total=MAYBE, counted=TEXT, grade=MAYBE,
                       review=perhaps(record(total=MAYBE, counted=TEXT, grade=MAYBE)))  # fmt: skip
    facts_ = record(start=MAYBE, budget=many(fund), indicators=many(row))
    profile = record(id=TEXT, title=TEXT, year={"type": "integer"}, rules={"type": "object"})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SCHEMA,
        **record(schema={"const": SCHEMA}, profile=profile,
                 cases=many(record(what=TEXT, facts=facts_, expected=expected_))),
        "$defs": {"target": target, "actual": actual},
    }  # fmt: skip


def lines() -> Iterator[str]:
    """What there is, for the page."""
    for path in sorted(FOLDER.glob("*.json")):
        if path.name != "schema.json":
            table = json.loads(path.read_bytes())
            yield f"| [{path.name}]({path.name}) | {table['profile']['title']} | {len(table['cases'])} |"


def write() -> None:
    """Writes all files; one that no profile has any more goes."""
    FOLDER.mkdir(exist_ok=True)
    made = documents()
    for old in set(FOLDER.glob("*.json")) - {FOLDER / name for name in made}:
        old.unlink()
    for name, content in made.items():
        (FOLDER / name).write_bytes(content)
    (FOLDER / "README.md").write_text(page(), encoding="utf-8", newline="\n")


def page() -> str:
    """README.md: the words of the page that is there, with the list of files as it is now."""
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    head, mark, _ = text.partition("| 文件 | 规则集 | 算例 |\n|---|---|---|\n")
    return head + mark + "".join(f"{line}\n" for line in lines())


if __name__ == "__main__":
    write()
