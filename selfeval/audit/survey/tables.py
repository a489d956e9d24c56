"""Submissions → one table of projects and one of indicators. A number stays the decimal text it was; "" is none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import pandas as pd

from selfeval.audit.submissions import Submission
from selfeval.audit.survey.reading import Content, ReadSource, read_source
from selfeval.audit.survey.sources import Source, report_links
from selfeval.base.display import TIER_WORDS
from selfeval.base.model import Kind, Score, Scorecard
from selfeval.base.text import comparable, shorten
from selfeval.evaluation.exports import points_text, rate_text, value_text
from selfeval.evaluation.shelf import packed, unpacked

LONGEST = 1000
"""Characters of a text that are kept."""

Columns = dict[str, list[str] | list[int]]

PROJECTS = {
    "year": "年度", "unit": "单位", "evaluation": "评价", "project": "项目编号", "name": "项目名称",
    "department": "主管部门", "subject": "功能科目编码", "subject_name": "科目名称", "type": "项目类型",
    "initial": "年初预算数", "adjusted": "全年预算数", "executed": "全年执行数", "rate": "执行率",
    "budget_weight": "预算执行率分值", "budget_points": "预算执行率得分", "counted": "可计分值", "total": "总分",
    "grade": "等级", "indicators": "指标数", "qualitative": "定性指标数", "achieved": "总体目标完成情况",
    "source": "来源", "trust": "核对", "used": "计入统计", "why_not": "不计入的原因", "kinds": "突出之处",
    "report": "报告",
}  # fmt: skip
"""The columns of projects.csv: keys and titles."""

INDICATORS = {
    "indicator": "指标编号", "level1": "一级指标", "level2": "二级指标", "level3": "三级指标",
    "target": "指标值", "kind": "指标类型", "operator": "比较符号", "value": "目标数值", "upper": "目标上限",
    "measure": "计量单位", "date": "目标日期", "direction": "指标方向", "actual": "实际完成值",
    "actual_value": "完成数值", "actual_measure": "完成值单位", "actual_date": "完成日期", "tier": "完成档次",
    "weight": "分值", "completion": "完成率", "rule_points": "规则得分", "override": "自评得分", "points": "得分",
    "formula": "计算公式", "reason": "偏差原因分析及改进措施",
}  # fmt: skip
"""The columns that indicators.csv has beside those of its project."""

KIND_WORDS = {
    Kind.NUMBER: "数值", Kind.RANGE: "区间", Kind.DATE: "日期", Kind.COST: "成本", Kind.QUALITATIVE: "定性",
    Kind.COMPOUND: "复合",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SourceTables:
    """What one source came to: how it was read, whose it is, its projects and their indicators.

    `p` of an indicator is the row of its project; `stated`: the unit, year, evaluation and rules that the source names.
    The indicators are a table, or that table as bytes.
    """

    read: ReadSource
    stated: tuple[str, int, str, str]
    projects: pd.DataFrame
    indicators: pd.DataFrame | bytes


def packed_tables(source: Source, content: Content | None = None) -> SourceTables:
    """The same with the indicators as bytes, a tenth of the memory."""
    tables = tables_of(source, content)
    return replace(tables, indicators=packed(tables.indicators))


def tables_of(source: Source, content: Content | None = None) -> SourceTables:
    """One source read into its rows; done in any process, on any machine."""
    read = read_source(source, content)
    submission = read.submission
    cards = [card for card in submission.cards if not card.project.is_unit] if submission else []
    stated = (submission.unit, submission.year, submission.id, submission.rules) if submission else ("", 0, "", "")
    projects = project_columns(cards, submission) | described(cards, read)
    of_source = ReadSource(source, read.trust, read.note)
    projects["content"] = [sum_of(card) for card in cards]
    return SourceTables(of_source, stated, pd.DataFrame(projects), pd.DataFrame(indicator_columns(cards)))


def sum_of(card: Scorecard) -> str:
    """A sum of what a project says, by which a copy is known whatever its source is called."""
    budget = card.budget
    money = map(value_text, (budget.initial, budget.adjusted, budget.executed))
    points = map(points_text, (budget.points, card.total, card.counted))
    rows = [
        (one.indicator.id, one.indicator.target.text, one.indicator.actual.text,
         *map(points_text, (one.weight, one.points, one.rule_points)))
        for one in card.scoring
    ]  # fmt: skip
    return sha256(repr((card.project.name, *money, *points, rows)).encode("utf-8", "replace")).hexdigest()[:16]


def described(cards: Sequence[Scorecard], read: ReadSource) -> Columns:
    """What each project says of itself, and the way to its report; who names no department is its own."""
    fields = [read.fields.get(card.project.id, {}) for card in cards]
    whole = read.submission
    own = (whole.department or whole.unit) if whole else ""
    return {
        "department": [kept(about.get("主管部门") or own) for about in fields],
        "subject": [kept(about.get("功能科目编码") or "") for about in fields],
        "subject_name": [kept(about.get("科目名称") or "") for about in fields],
        "type": [kept(about.get("项目类型") or "") for about in fields],
        "achieved": [kept(about.get("总体目标完成情况") or "") for about in fields],
        "report": report_links(read.source, [card.project.id for card in cards]),
    }


def project_columns(cards: Sequence[Scorecard], whole: Submission | None) -> Columns:
    """A row for every project: whose it is, its money and its points."""
    budgets = [card.budget for card in cards]
    return {
        "year": [whole.year if whole else 0 for _ in cards],
        "unit": [kept(whole.unit) if whole else "" for _ in cards],
        "evaluation": [kept(whole.id) if whole else "" for _ in cards],
        "project": [card.project.id for card in cards],
        "name": [kept(card.project.name) for card in cards],
        "initial": [value_text(budget.initial) or "" for budget in budgets],
        "adjusted": [value_text(budget.adjusted) or "" for budget in budgets],
        "executed": [value_text(budget.executed) or "" for budget in budgets],
        "rate": [rate_text(budget.rate) or "" for budget in budgets],
        "budget_weight": [points_text(budget.weight) or "" for budget in budgets],
        "budget_points": [points_text(budget.points) or "" for budget in budgets],
        "counted": [points_text(card.counted) or "" for card in cards],
        "total": [points_text(card.total) or "" for card in cards],
        "grade": [kept(card.grade or "") for card in cards],
        "indicators": [len(card.scoring) for card in cards],
        "qualitative": [sum(s.indicator.target.kind is Kind.QUALITATIVE for s in card.scoring) for card in cards],
    }


def indicator_columns(cards: Iterable[Scorecard]) -> Columns:
    """A row for every scored indicator, column by column."""
    pairs = [(p, score) for p, card in enumerate(cards) for score in card.scoring]
    scores = [score for _, score in pairs]
    return {"p": [p for p, _ in pairs], **names_of(scores), **values_of(scores), **points_of(scores)}


def names_of(scores: Sequence[Score]) -> dict[str, list[str]]:
    """What each indicator is called; `key`: its names as they are compared."""
    indicators = [score.indicator for score in scores]
    return {
        "indicator": [kept(one.id) for one in indicators],
        "level1": [kept(one.level1) for one in indicators],
        "level2": [kept(one.level2) for one in indicators],
        "level3": [kept(one.level3) for one in indicators],
        "key2": [comparable(one.level2) for one in indicators],
        "key3": [comparable(one.level3) for one in indicators],
        "reason": [kept(one.reason) for one in indicators],
    }


def values_of(scores: Sequence[Score]) -> dict[str, list[str]]:
    """What was to be achieved and what was."""
    targets = [score.indicator.target for score in scores]
    actuals = [score.indicator.actual for score in scores]
    return {
        "target": [kept(one.text) for one in targets],
        "kind": [KIND_WORDS[one.kind] if one.kind else "" for one in targets],
        "operator": [kept(one.operator or "") for one in targets],
        "value": [value_text(one.value) or "" for one in targets],
        "upper": [value_text(one.upper) or "" for one in targets],
        "measure": [kept(one.unit) for one in targets],
        "date": [one.date.isoformat() if one.date else "" for one in targets],
        "direction": [DIRECTIONS[one.direction.value] if one.direction else "" for one in targets],
        "actual": [kept(one.text) for one in actuals],
        "actual_value": [value_text(one.value) or "" for one in actuals],
        "actual_measure": [kept(one.unit) for one in actuals],
        "actual_date": [one.date.isoformat() if one.date else "" for one in actuals],
        "tier": [TIER_WORDS[one.tier] if one.tier else "" for one in actuals],
    }


DIRECTIONS = {"positive": "正向", "negative": "反向"}


def points_of(scores: Sequence[Score]) -> dict[str, list[str]]:
    """How it was scored."""
    return {
        "weight": [points_text(score.weight) or "" for score in scores],
        "completion": [rate_text(score.completion) or "" for score in scores],
        "rule_points": [points_text(score.rule_points) or "" for score in scores],
        "override": [points_text(score.override) or "" for score in scores],
        "points": [points_text(score.points) or "" for score in scores],
        "formula": [kept(score.formula) for score in scores],
    }


def kept(text: str) -> str:
    """As much of a text as a table holds."""
    return text if len(text) <= LONGEST else shorten(text, LONGEST)


def joined(parts: Sequence[SourceTables]) -> pd.DataFrame:
    """The projects of all sources one below the other; `s` counts the sources."""
    return pd.concat([part.projects.assign(s=s) for s, part in enumerate(parts)], ignore_index=True)


@dataclass(frozen=True, slots=True)
class Piece:
    """The indicators of one source, and how many projects and indicators stand before them."""

    rows: pd.DataFrame | bytes
    projects: int
    indicators: int

    def table(self) -> pd.DataFrame:
        """The rows, numbered on: `p` counts the projects of all sources, the index the indicators."""
        rows: pd.DataFrame = unpacked(self.rows) if isinstance(self.rows, bytes) else self.rows
        return rows.assign(p=rows["p"] + self.projects).set_axis(
            pd.RangeIndex(self.indicators, self.indicators + len(rows))
        )


@dataclass(frozen=True, slots=True)
class IndicatorRows:
    """The indicators of all sources, one source after another."""

    pieces: tuple[Piece, ...]
    size: int

    @classmethod
    def of(cls, parts: Sequence[SourceTables]) -> IndicatorRows:
        """Those of these sources: as many as their projects say they have."""
        pieces, projects, indicators = [], 0, 0
        for part in parts:
            pieces.append(Piece(part.indicators, projects, indicators))
            projects += len(part.projects)
            indicators += int(part.projects["indicators"].sum())
        return cls(tuple(pieces), indicators)

    def __len__(self) -> int:
        """How many there are."""
        return self.size

    def tables(self) -> Iterator[pd.DataFrame]:
        """The rows of each source."""
        return (piece.table() for piece in self.pieces)

    def whole(self) -> pd.DataFrame:
        """All rows in one table."""
        return pd.concat(self.tables())

    def at(self, numbers: Iterable[int]) -> pd.DataFrame:
        """Some of them, in their order."""
        asked = pd.Index(numbers)
        return pd.concat([rows[rows.index.isin(asked)] for rows in self.tables()])
