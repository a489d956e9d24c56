"""Results for other programs as CSV: a row per indicator, a row per project. Numbers are decimal strings."""

from __future__ import annotations

import csv
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from itertools import chain

from selfeval.base.display import TIER_WORDS, cited
from selfeval.base.model import Score, Scorecard
from selfeval.base.safe_cells import inert
from selfeval.evaluation.exports import codes_by_indicator, points_text, rate_text, value_text
from selfeval.evaluation.result import Result
from selfeval.reading.csv_files import csv_text
from selfeval.rules.profile import Rules

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
    adjustment = score.indicator.adjustment
    if adjustment is None:
        return []
    sides = ((adjustment.target_before, adjustment.weight_before), (adjustment.target_after, adjustment.weight_after))
    return [*(cell for target, weight in sides for cell in (target.text, points_text(weight) or "")), adjustment.basis]


def reviewed_cells(score: Score) -> list[str]:
    """What a reviewer says, in the order of `Extra.REVIEWED`."""
    review, reviewed = score.indicator.review, score.review
    if review is None or reviewed is None:
        return []
    numbers = (reviewed.points, score.deviation, reviewed.rule_points)
    actual = review.actual.text if review.actual else ""
    return [actual, *(points_text(number) or "" for number in numbers), review.opinion, review.reviewer]


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
