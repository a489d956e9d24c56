"""Results for other programs: JSON (scorecard, diagnostics) and CSV (scores, summary). Numbers are decimal strings."""

from __future__ import annotations

import csv
import json
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from json.encoder import encode_basestring
from typing import Any, Literal

from selfeval import __version__
from selfeval.base.diagnostics import SCHEMA as DIAGNOSTICS_SCHEMA
from selfeval.base.diagnostics import Diagnostic, counts, diagnostic_json
from selfeval.base.display import TIER_WORDS, cited
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
from selfeval.base.safe_cells import inert
from selfeval.evaluation.json_types import (
    ActualJson,
    BudgetJson,
    CitedJson,
    DiagnosticsJson,
    IndicatorJson,
    LevelJson,
    ProjectJson,
    ReviewedLevelJson,
    ReviewedTotalJson,
    ReviewJson,
    RulesJson,
    ScorecardJson,
    SourceJson,
    TargetJson,
)
from selfeval.evaluation.result import Result
from selfeval.reading.csv_files import csv_text
from selfeval.rules.profile import Rules

SCHEMA: Literal["selfeval.scorecard/1"] = "selfeval.scorecard/1"
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
    return {**scorecard_head(result, unit), "projects": projects}


def scorecard_head(result: Result, unit: ProjectJson | None) -> ScorecardJson:
    """The same without its projects; `unit_rules` only where the unit is scored by rules of its own."""
    own = result.unit_rules
    made: ScorecardJson = {
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
        made["unit_rules"] = rules_json(own)
    return made


def codes_by_indicator(diagnostics: Iterable[Diagnostic]) -> dict[tuple[str, str], list[str]]:
    """The codes found about each indicator, once each, in order."""
    codes: dict[tuple[str, str], list[str]] = {}
    for d in diagnostics:
        if d.project is not None and d.indicator is not None:
            codes.setdefault((d.project, d.indicator), []).append(d.code)
    return {key: sorted(set(found)) for key, found in codes.items()}


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
    made: ProjectJson = {
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
        made["review"] = total_review_json(card, card.review)
    return made


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
    """Money in 元; the rate as a fraction."""
    return {
        "initial": value_text(budget.initial),
        "adjusted": value_text(budget.adjusted),
        "executed": value_text(budget.executed),
        "rate": rate_text(budget.rate),
        "weight": points_text(budget.weight),
        "points": points_text(budget.points),
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
    made: IndicatorJson = {
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
        made["review"] = review_json(score, score.review, indicator.review)
    return made


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


# ── scores.csv ────────────────────────────────────────────────────────────────────────────────

COLUMNS = (
    "项目编号", "项目名称", "指标编号", "一级指标", "二级指标", "三级指标", "指标值", "实际完成值", "完成档次", "分值",
    "完成率", "规则得分", "自评得分", "得分", "计算公式", "依据", "偏差原因分析及改进措施", "检查代码",
)  # fmt: skip


class Extra(Enum):
    """Columns that stand behind the others only where some row of the evaluation has them; the values name them."""

    FORM = ("评分标准", "年度绩效目标")
    ADJUSTED = ("年初指标值", "年初分值", "调整后指标值", "调整后分值", "调整依据")
    REVIEWED = ("复核完成值", "复核得分", "复核偏差", "按复核完成值的规则得分", "复核意见", "复核人")

    def is_in(self, score: Score) -> bool:
        """Whether a row has anything to say in them."""
        return any(CELLS_OF[self](score))

    def cells(self, score: Score) -> list[str]:
        """A row's cells in them; empty where it has nothing to say."""
        return CELLS_OF[self](score) or [""] * len(self.value)


def scores_csv(result: Result, codes: Mapping[tuple[str, str], list[str]] | None = None) -> bytes:
    """One row per indicator, for Excel and WPS: UTF-8 with a mark, CRLF, no cell that could be a formula.

    `codes`: what was found for each indicator, where it is known from elsewhere.
    """
    codes = codes_by_indicator(result.diagnostics) if codes is None else codes
    cards = result.cards
    extras = extras_in(cards)
    return (scores_head(extras) + "".join(score_lines(card, codes, extras) for card in cards)).encode(
        "utf-8-sig", "replace"
    )


def extras_in(cards: Iterable[Scorecard]) -> tuple[Extra, ...]:
    """The further columns that some row has anything to say in."""
    scores = [score for card in cards for score in card.scores]
    return tuple(extra for extra in Extra if any(map(extra.is_in, scores)))


def scores_head(extras: Iterable[Extra]) -> str:
    """The header of scores.csv."""
    return inert_csv([[*COLUMNS, *(name for extra in extras for name in extra.value)]])


def score_lines(card: Scorecard, codes: Mapping[tuple[str, str], list[str]], extras: Sequence[Extra]) -> str:
    """The rows of one project."""
    rows = [score_row(card, score, codes.get((card.project.id, score.indicator.id), [])) for score in card.scores]
    for extra in extras:
        for row, score in zip(rows, card.scores, strict=True):
            row.extend(extra.cells(score))
    return inert_csv(rows)


def without_columns(lines: Iterable[str], names: Container[str]) -> Iterator[list[str]]:
    """The rows of a CSV of ours without the columns of these names."""
    rows = csv.reader(lines)
    head = next(rows)
    kept = [at for at, name in enumerate(head) if name not in names]
    return ([row[at] for at in kept] for row in chain([head], rows))


def inert_csv(rows: Iterable[Sequence[str]]) -> str:
    """Rows as CSV with inert cells."""
    return csv_text(map(inert, row) for row in rows)


def score_row(card: Scorecard, score: Score, codes: list[str]) -> list[str]:
    """One indicator's cells in the order of `COLUMNS`."""
    indicator, project = score.indicator, card.project
    tier = TIER_WORDS[indicator.actual.tier] if indicator.actual.tier else ""
    return [
        project.id, project.name, indicator.code, indicator.level1, indicator.level2, indicator.level3,
        indicator.target.text, indicator.actual.text, tier, points_text(score.weight) or "",
        rate_text(score.completion) or "", points_text(score.rule_points) or "", points_text(score.override) or "",
        points_text(score.points) or (indicator.method if indicator.is_detail else "未评分"), score.formula,
        cited(score.source),
        indicator.reason, " ".join(codes),
    ]  # fmt: skip


def adjusted_cells(score: Score) -> list[str]:
    """A target adjusted during the year, in the order of `Extra.ADJUSTED`."""
    made = score.indicator.adjustment
    if made is None:
        return []
    sides = ((made.target_before, made.weight_before), (made.target_after, made.weight_after))
    return [*(cell for target, weight in sides for cell in (target.text, points_text(weight) or "")), made.basis]


def reviewed_cells(score: Score) -> list[str]:
    """What a reviewer says, in the order of `Extra.REVIEWED`."""
    review, reviewed = score.indicator.review, score.review
    if review is None or reviewed is None:
        return []
    numbers = (reviewed.points, score.deviation, reviewed.rule_points)
    seen = review.actual.text if review.actual else ""
    return [seen, *(points_text(number) or "" for number in numbers), review.opinion, review.reviewer]


def form_cells(score: Score) -> list[str]:
    """What the form says of a row, in the order of `Extra.FORM`."""
    return [score.indicator.criterion, score.indicator.goal]


CELLS_OF = {Extra.FORM: form_cells, Extra.ADJUSTED: adjusted_cells, Extra.REVIEWED: reviewed_cells}


# ── summary.csv ───────────────────────────────────────────────────────────────────────────────

LEVELS = ("产出指标", "效益指标", "满意度指标", "成本指标")
SUMMARY_COLUMNS = (
    "项目编号", "项目名称", "主管部门", "项目类型", "年初预算数", "全年预算数", "全年执行数", "执行率",
    "预算执行率得分",
    *(f"{name}得分" for name in LEVELS), "可计分值", "总分", "等级",
)  # fmt: skip


def own_levels(rules: Rules) -> tuple[str, ...]:
    """The first levels that a profile has beside the usual ones: their points stand behind the other columns."""
    return tuple(name for name in rules.levels.names if name not in LEVELS)


def summary_head(own: Iterable[str]) -> str:
    """The header of summary.csv; `own`: of `own_levels`."""
    return inert_csv([(*SUMMARY_COLUMNS, *(f"{name}得分" for name in own))])


def summary_line(card: Scorecard, own: Iterable[str]) -> str:
    """One project in the table of all projects; amounts in 元, the rate as a fraction."""
    budget, levels = card.budget, {level.name: level.points for level in card.levels}
    cells = (
        value_text(budget.initial), value_text(budget.adjusted), value_text(budget.executed), rate_text(budget.rate),
        points_text(budget.points), *(points_text(levels.get(name)) for name in LEVELS), points_text(card.counted),
        points_text(card.total), card.grade, *(points_text(levels.get(name)) for name in own),
    )  # fmt: skip
    about = (card.project.fields.get(name, "") for name in ("主管部门", "项目类型"))
    return inert_csv([(card.project.id, card.project.name, *about, *(cell or "" for cell in cells))])
