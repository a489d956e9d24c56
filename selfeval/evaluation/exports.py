"""Results for other programs as JSON: scorecard and diagnostics. Numbers are decimal strings (csv_exports: as CSV)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any

from selfeval import __version__
from selfeval.base.diagnostics import SCHEMA as DIAGNOSTICS_SCHEMA
from selfeval.base.diagnostics import Diagnostic, counts, diagnostic_json
from selfeval.base.exact import fixed, plain
from selfeval.base.model import (
    Actual,
    BudgetScore,
    LevelScore,
    Review,
    Reviewed,
    ReviewedTotal,
    Score,
    Scorecard,
    Source,
    Target,
)
from selfeval.base.phrases import CHINESE
from selfeval.evaluation.json_types import (
    ActualJson,
    BudgetJson,
    CitedJson,
    DiagnosticsJson,
    IndicatorJson,
    LevelJson,
    MergedJson,
    MergedRowJson,
    ProjectJson,
    ReviewedLevelJson,
    ReviewedTotalJson,
    ReviewJson,
    RulesJson,
    ScorecardJson,
    SourceJson,
    TargetJson,
)
from selfeval.evaluation.json_values import SCHEMA
from selfeval.evaluation.result import Result
from selfeval.rules.profile import Rules
from selfeval.scoring.merged import Merged, MergedRow
from selfeval.scoring.totals import Figures, figures

RATE_DIGITS = 8
"""Decimals of completions and rates."""

Json = dict[str, Any]


@lru_cache(maxsize=16_384)
def points_text(value: Decimal | None) -> str | None:
    """Points and weights with two decimals."""
    return None if value is None else fixed(value, 2)


def rate_text(value: Fraction | None) -> str | None:
    """A completion or rate as a fraction of 1."""
    return None if value is None else _rate_text(value.numerator, value.denominator)


@lru_cache(maxsize=16_384)
def _rate_text(numerator: int, denominator: int) -> str:
    return fixed(Fraction(numerator, denominator), RATE_DIGITS)


def value_text(value: Decimal | None) -> str | None:
    """A value or an amount, all digits."""
    return None if value is None else plain(value)


def scorecard_json(result: Result) -> ScorecardJson:
    """Everything scored."""
    codes = codes_by_indicator(result.diagnostics)
    unit = project_json(result.unit, codes) if result.unit else None
    projects = [project_json(card, codes) for card in result.scorecards]
    return {**scorecard_around(result, unit, result.merged), "projects": projects}


def scorecard_around(result: Result, unit: ProjectJson | None, merged: Sequence[Merged]) -> ScorecardJson:
    """The same without its projects, with those of one name put together where there are any."""
    scorecard = scorecard_head(result, unit)
    if merged:
        scorecard["merged"] = [merged_json(one) for one in merged]
    return scorecard


def scorecard_head(result: Result, unit: ProjectJson | None) -> ScorecardJson:
    """What a scorecard of one project has before it; `unit_rules` only where the unit is scored by rules of its own."""
    own = result.unit_rules
    head: ScorecardJson = {
        "schema": SCHEMA,
        "generator": {"name": "selfeval", "version": __version__},
        "evaluation": {
            "id": result.evaluation.id,
            "year": result.evaluation.year,
            "unit": result.evaluation.unit,
        },
        "rules": rules_json(result.rules),
        "unit": unit,
        "projects": [],
    }
    if unit and own and own != result.rules:
        head["unit_rules"] = rules_json(own)
    return head


def merged_json(merged: Merged) -> MergedJson:
    """Projects of one name as one."""
    return {
        "name": merged.name,
        "projects": list(merged.ids),
        "total": points_text(merged.total),
        "counted": points_text(merged.counted),
        "budget": money_json(merged.money, merged.weight, merged.execution),
        "indicators": [merged_row_json(row) for row in merged.rows],
    }


def merged_row_json(row: MergedRow) -> MergedRowJson:
    """One indicator of projects of one name."""
    indicator = row.indicator
    return {
        "goal": indicator.goal,
        "level1": indicator.level1,
        "level2": indicator.level2,
        "level3": indicator.level3,
        "projects": row.count,
        "target": target_json(indicator.target) if row.target else None,
        "actual": actual_json(indicator.actual) if row.target else None,
        "weight": points_text(indicator.weight),
        "points": points_text(row.points),
        "why": row.why or None,
    }


def codes_by_indicator(diagnostics: Iterable[Diagnostic]) -> dict[tuple[str, str], list[str]]:
    """The codes found about each indicator, once each, in order."""
    codes: dict[tuple[str, str], list[str]] = {}
    for d in diagnostics:
        if d.project is not None and d.indicator is not None:
            codes.setdefault((d.project, d.indicator), []).append(d.code)
    return {key: sorted(set(listed)) for key, listed in codes.items()}


def rules_json(rules: Rules) -> RulesJson:
    """The profile and everything it cites."""
    return {
        "id": rules.id,
        "title": rules.title,
        "sources": [cited_json(value, source) for value, source in rules.cited.items()],
    }


def cited_json(value: str, source: Source) -> CitedJson:
    """Where one value of the profile comes from, and how surely."""
    return {
        "value": value,
        "document": source.document,
        "article": source.article,
        "checked": source.checked,
        "evidence": source.evidence.value,
    }


def project_json(card: Scorecard, codes: Mapping[tuple[str, str], list[str]]) -> ProjectJson:
    """One project."""
    project = card.project
    values: ProjectJson = {
        "id": project.id,
        "name": project.name,
        "total": points_text(card.total),
        "grade": card.grade,
        "counted": points_text(card.counted),
        "budget": budget_json(card.budget),
        "level1": [
            {**level_json(level), "level2": [level_json(child) for child in level.children]} for level in card.levels
        ],
        "indicators": [indicator_json(score, codes.get((project.id, score.indicator.id), [])) for score in card.scores],
    }
    if card.review:
        values["review"] = total_review_json(card, card.review)
    return values


def total_review_json(card: Scorecard, review: ReviewedTotal) -> ReviewedTotalJson:
    """A project after its review; the key is there only where one of its indicators was reviewed."""
    return {
        "total": points_text(review.total),
        "grade": review.grade,
        "counted": points_text(review.counted),
        "deviation": points_text(card.deviation),
        "level1": [
            {**level_review_json(level), "level2": [level_review_json(child) for child in level.children]}
            for level in card.levels
        ],
    }


def level_review_json(level: LevelScore) -> ReviewedLevelJson:
    """A first or second level after the review."""
    return {"name": level.name, "points": points_text(level.reviewed), "deviation": points_text(level.deviation)}


def budget_json(budget: BudgetScore) -> BudgetJson:
    """The budget of a project."""
    return money_json(figures(budget), budget.weight, budget.points)


def money_json(money: Figures, weight: Decimal, points: Decimal | None) -> BudgetJson:
    """Money in 元; the rate as a fraction."""
    return {
        "initial": value_text(money.initial),
        "adjusted": value_text(money.adjusted),
        "executed": value_text(money.executed),
        "rate": rate_text(money.rate),
        "weight": points_text(weight),
        "points": points_text(points),
    }


def level_json(level: LevelScore) -> LevelJson:
    """A first or second level."""
    return {
        "name": level.name,
        "weight": points_text(level.weight),
        "points": points_text(level.points),
        "completion": rate_text(level.completion),
    }


def indicator_json(score: Score, codes: list[str]) -> IndicatorJson:
    """One indicator with its steps."""
    indicator = score.indicator
    values: IndicatorJson = {
        "id": indicator.id,
        "level1": indicator.level1,
        "level2": indicator.level2,
        "level3": indicator.level3,
        "target": target_json(indicator.target),
        "actual": actual_json(indicator.actual),
        "completion": rate_text(score.completion),
        "weight": points_text(score.weight),
        "points": points_text(score.points),
        "rule_points": points_text(score.rule_points),
        "override": points_text(score.override),
        "formula": score.formula,
        "steps": list(score.steps),
        "source": source_json(score.source),
        "diagnostics": codes,
    }
    if score.review and indicator.review:
        values["review"] = review_json(score, score.review, indicator.review)
    return values


def review_json(score: Score, reviewed: Reviewed, review: Review) -> ReviewJson:
    """What the reviewer says of an indicator; the key is there only where it was reviewed."""
    return {
        "actual": actual_json(review.actual) if review.actual else None,
        "points": points_text(reviewed.points),
        "rule_points": points_text(reviewed.rule_points),
        "deviation": points_text(score.deviation),
        "opinion": review.opinion,
        "reviewer": review.reviewer,
        "steps": list(reviewed.steps),
    }


def source_json(source: Source) -> SourceJson:
    """The article a row was scored under."""
    return {"document": source.document, "article": source.article}


def target_json(target: Target) -> TargetJson:
    """A target as read; `kind` null where it could not be."""
    return {
        "text": target.text,
        "kind": target.kind.value if target.kind else None,
        "operator": target.operator,
        "value": value_text(target.value),
        "upper": value_text(target.upper),
        "unit": target.unit or None,
        "date": target.date.isoformat() if target.date else None,
        "direction": target.direction.value if target.direction else None,
    }


def actual_json(actual: Actual) -> ActualJson:
    """An actual as read."""
    return {
        "text": actual.text,
        "value": value_text(actual.value),
        "unit": actual.unit or None,
        "date": actual.date.isoformat() if actual.date else None,
        "tier": actual.tier.value if actual.tier else None,
    }


def diagnostics_json(diagnostics: Iterable[Diagnostic], language: str = CHINESE) -> DiagnosticsJson:
    """All findings and how many there are of each severity."""
    listed = list(diagnostics)
    return {**diagnostics_head(listed), "diagnostics": [diagnostic_json(d, language) for d in listed]}


def diagnostics_head(diagnostics: Iterable[Diagnostic]) -> DiagnosticsJson:
    """The same without the findings themselves."""
    return {"schema": DIAGNOSTICS_SCHEMA, "diagnostics": [], "counts": counts(diagnostics)}


def json_bytes(data: Mapping[str, object]) -> bytes:
    """JSON as a file: readable, Chinese as itself, one newline at the end. Lone surrogates cannot occur in it."""
    return (json_text(data) + "\n").encode("utf-8", "replace")


def json_text(value: Any, end: str = "\n") -> str:  # noqa: ANN401 - any JSON
    """JSON as `json.dumps(value, ensure_ascii=False, indent=2)` writes it, in two thirds of its time.

    `end`: the line end with what the lines of the value are indented by.
    """
    if isinstance(value, str):
        return encode_basestring(value)
    if not value or not isinstance(value, dict | list | tuple):
        return json.dumps(value)
    inner = f"{end}  "
    if isinstance(value, dict):
        items = [f"{encode_basestring(key)}: {json_text(one, inner)}" for key, one in value.items()]
        return f"{{{inner}{f',{inner}'.join(items)}{end}}}"
    return f"[{inner}{f',{inner}'.join([json_text(one, inner) for one in value])}{end}]"


def json_item(data: Mapping[str, object]) -> str:
    """One item of a list at the top of a JSON file, as it stands there."""
    return json_text(data, "\n    ")


def project_items(result: Result) -> dict[str, str]:
    """Every project as it stands in scorecard.json, by its id."""
    codes = codes_by_indicator(result.diagnostics)
    return {card.project.id: json_item(project_json(card, codes)) for card in result.scorecards}


def json_around(data: Mapping[str, object], key: str) -> tuple[str, str]:
    """What stands in a JSON file before and after the items of the list `key`, which is empty in `data`."""
    before, mark, after = f"{json_text(data)}\n".partition(f'\n  "{key}": [')
    return before + mark, after
