"""A comparison for other programs: schema `selfeval.comparison/1`. Numbers are decimal strings."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Literal, TypeVar

from selfeval import __version__
from selfeval.audit.compare.diff import Comparison, ProjectChange, RowChange, TargetChange
from selfeval.audit.compare.json_types import (
    Both,
    BudgetsJson,
    ComparedProjectJson,
    ComparisonJson,
    LevelsJson,
    MatchJson,
    RowJson,
    SideJson,
)
from selfeval.audit.compare.match import MatchedPair
from selfeval.audit.submissions import Submission
from selfeval.base.exact import fixed
from selfeval.base.model import LevelScore, Score, Scorecard
from selfeval.base.phrases import CHINESE, said
from selfeval.evaluation.exports import actual_json, points_text, rate_text, target_json, value_text

SCHEMA: Literal["selfeval.comparison/1"] = "selfeval.comparison/1"
T = TypeVar("T")
U = TypeVar("U")


def comparison_json(comparison: Comparison, language: str = CHINESE) -> ComparisonJson:
    """Everything, in the order of the newer side; `lowered` names the lowered targets by project and indicator."""
    rows = comparison.rows
    return {
        "schema": SCHEMA,
        "generator": {"name": "selfeval", "version": __version__},
        "mode": "years" if comparison.yearly else "submissions",
        "old": side_json(comparison.old),
        "new": side_json(comparison.new),
        "notes": [said(note, language) for note in comparison.notes],
        "counts": {lean.value: sum(row.lean is lean for _, row in rows if row.kept) for lean in TargetChange}
        | {
            "added": sum(row.pair.old is None for _, row in rows),
            "dropped": sum(row.pair.new is None for _, row in rows),
            "actuals": sum(row.actual_changed for _, row in rows),
            "points": sum(row.moved for _, row in rows),
            "reasons": sum(row.repeated for _, row in rows),
        },
        "lowered": [
            {"project": project.card.project.id, "indicator": _id(row)}
            for project, row in rows
            if row.lean is TargetChange.LOWERED
        ],
        "projects": [project_json(project) for project in comparison.projects],
    }


def _id(row: RowChange) -> str | None:
    score = row.pair.new or row.pair.old
    return score.indicator.id if score else None


def side_json(side: Submission) -> SideJson:
    """One of the two. `source`: evaluation, output, scorecard or pdf."""
    return {
        "source": side.kind,
        "path": side.path,
        "id": side.id,
        "year": side.year,
        "unit": side.unit,
        "rules": side.rules,
        "demo": side.demo,
        "projects": [card.project.id for card in side.cards if not card.project.is_unit],
    }


def project_json(project: ProjectChange) -> ComparedProjectJson:
    """One project. Every value is {old, new}; a side that is not there is null."""
    pair = project.pair
    return {
        "id": both(pair, lambda card: card.project.id),
        "name": both(pair, lambda card: card.project.name),
        "status": status(pair),
        "match": match_json(pair),
        "total": both(pair, lambda card: points_text(card.total)),
        "change": change(pair, lambda card: card.total),
        "grade": both(pair, lambda card: card.grade),
        "reviewed_total": both(pair, lambda card: points_text(card.review.total) if card.review else None),
        "counted": both(pair, lambda card: points_text(card.counted)),
        "budget": budget_json(pair),
        "level1": [level_json(level) for level in project.levels],
        "indicators": [row_json(row) for row in project.rows],
    }


def budget_json(pair: MatchedPair[Scorecard]) -> BudgetsJson:
    """Money in 元; the rate as a fraction."""
    return {
        "initial": both(pair, lambda card: value_text(card.budget.initial)),
        "adjusted": both(pair, lambda card: value_text(card.budget.adjusted)),
        "executed": both(pair, lambda card: value_text(card.budget.executed)),
        "rate": both(pair, lambda card: rate_text(card.budget.rate)),
        "weight": both(pair, lambda card: points_text(card.budget.weight)),
        "points": both(pair, lambda card: points_text(card.budget.points)),
    }


def level_json(pair: MatchedPair[LevelScore]) -> LevelsJson:
    """One first level."""
    side = pair.new or pair.old
    return {
        "name": side.name if side else None,
        "weight": both(pair, lambda level: points_text(level.weight)),
        "points": both(pair, lambda level: points_text(level.points)),
        "completion": both(pair, lambda level: rate_text(level.completion)),
    }


def row_json(row: RowChange) -> RowJson:
    """One indicator. `causes`: why its points moved; `by_weight`: the part the weight alone explains."""
    pair = row.pair
    return {
        "id": both(pair, lambda score: score.indicator.id),
        "level1": both(pair, lambda score: score.indicator.level1),
        "level2": both(pair, lambda score: score.indicator.level2),
        "level3": both(pair, lambda score: score.indicator.level3),
        "status": status(pair),
        "match": match_json(pair),
        "renamed": row.renamed,
        "target": both(pair, lambda score: target_json(score.indicator.target)),
        "target_change": row.lean.value if row.kept else None,
        "actual": both(pair, lambda score: actual_json(score.indicator.actual)),
        "actual_changed": row.actual_changed,
        "weight": both(pair, lambda score: points_text(score.weight)),
        "completion": both(pair, lambda score: rate_text(score.completion)),
        "points": both(pair, lambda score: points_text(score.points)),
        "change": change(pair, lambda score: score.points),
        "reviewed_points": both(pair, lambda score: points_text(score.review.points) if score.review else None),
        "reviewed": row.reviewed,
        "causes": [cause.value for cause in row.causes],
        "by_weight": points_text(row.by_weight),
        "reason_repeated": row.repeated,
        "below_last_actual": row.below,
    }


def both(pair: MatchedPair[T], value: Callable[[T], U | None]) -> Both[U]:
    """A value of either side."""
    return {
        "old": value(pair.old) if pair.old is not None else None,
        "new": value(pair.new) if pair.new is not None else None,
    }


def change(pair: MatchedPair[T], points: Callable[[T], Decimal | None]) -> str | None:
    """New minus old; null where either is not there."""
    old, new = (points(side) if side is not None else None for side in (pair.old, pair.new))
    return None if old is None or new is None else points_text(new - old)


def status(pair: MatchedPair[Score] | MatchedPair[Scorecard]) -> Literal["added", "dropped", "kept"]:
    """added, dropped or kept."""
    return "added" if pair.old is None else "dropped" if pair.new is None else "kept"


def match_json(pair: MatchedPair[Score] | MatchedPair[Scorecard]) -> MatchJson | None:
    """How the two were found to be one: key, name, or guess (by `likeness` of the names, 0…1)."""
    if pair.old is None or pair.new is None:
        return None
    return {"how": pair.how.value, "likeness": fixed(pair.likeness, 2)}
