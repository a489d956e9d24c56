"""The domain as frozen data; every other module speaks in these words.

Quantities are exact: `Decimal` for what people wrote or will read (values, money, points, weights),
`Fraction` for what lies between (completion, rates), so that rounding happens once, at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

from selfeval.base.frozen import made_quickly
from selfeval.base.remarks import Reading

PERCENT = "%"
YUAN = "元"

FULL_POINTS = 100


class Kind(StrEnum):
    """What sort of thing a target asks for. A target that cannot be read has no kind (`None`)."""

    NUMBER = "number"
    RANGE = "range"
    DATE = "date"
    COST = "cost"
    QUALITATIVE = "qualitative"
    COMPOUND = "compound"


class Tier(StrEnum):
    """完成档次: how far a target in words was reached. The labels a form prints are profile data."""

    MET = "met"
    PARTIAL = "partial"
    MISSED = "missed"


class Direction(StrEnum):
    """指标方向: whether more (positive) or less (negative) is better."""

    POSITIVE = "positive"
    NEGATIVE = "negative"


class RowOfCells(Protocol):
    """What knows where the cells of a row stand."""

    def place_of(self, column: str) -> Place:
        """The place of a cell by the Chinese name of its column."""


@made_quickly
@dataclass(frozen=True, slots=True)
class Place:
    """Where something was read. `file` is relative to the evaluation's parent; both counts start at 1.

    `title`: the column's title as the file has it; `sheet`: the sheet of a workbook with several; `row`: what knows
    the other cells of the row. It stays behind when a place travels to another process.
    """

    file: str
    line: int = 1
    column: int = 1
    title: str = field(default="", compare=False)
    sheet: str = ""
    row: RowOfCells | None = field(default=None, compare=False, repr=False)

    def beside(self, column: str) -> Place:
        """The cell of another column of the same row; this one where the file has no such column."""
        place = self.row.place_of(column) if self.row else self
        return place if place.title else self

    def __reduce__(self) -> tuple[type[Place], tuple[str, int, int, str, str]]:
        """What is pickled."""
        return Place, (self.file, self.line, self.column, self.title, self.sheet)


@made_quickly
@dataclass(frozen=True, slots=True)
class Cell:
    """The text of one table cell, as a person typed it, and where it stands."""

    text: str
    place: Place

    def __bool__(self) -> bool:
        """Whether anything is written in the cell."""
        return bool(self.text)


@made_quickly
@dataclass(frozen=True, slots=True)
class Target:
    """指标值 as data. `value` and `upper` are in the base unit (元, 次, …; a percentage as a fraction).

    `unit` is that base unit, `scale` how many base units one written unit holds (万元: 10000, %: 0.01),
    so that an actual written without a unit can take the target's. `parts` are the sub-targets of a
    compound cell, each named by its `label`; `name` is the indicator's own. `assumed`: nothing told the direction, so
    that it is only the usual one. `change`: a change is asked for (提高5个百分点) of what the name calls as it stands.
    """

    text: str
    kind: Kind | None = None
    operator: str | None = None
    value: Decimal | None = None
    upper: Decimal | None = None
    unit: str = ""
    scale: Decimal = Decimal(1)
    date: date | None = None
    direction: Direction | None = None
    label: str = ""
    parts: tuple[Target, ...] = ()
    readings: tuple[Reading, ...] = ()
    assumed: bool = False
    name: str = ""
    change: bool = False


@made_quickly
@dataclass(frozen=True, slots=True)
class Actual:
    """实际完成值 read against its target. `tier` also holds a date that words say was kept (met).

    `claimed`: the 完成档次 of a row that is measured; it is compared, never used.
    `answer`: a plain yes or no to a target that asks for one (是, 合格, 无事故); None where it is neither.
    """

    text: str
    value: Decimal | None = None
    unit: str = ""
    date: date | None = None
    tier: Tier | None = None
    label: str = ""
    parts: tuple[Actual, ...] = ()
    readings: tuple[Reading, ...] = ()
    claimed: Tier | None = None
    answer: bool | None = None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A target changed during the year: target and weight before and after, and the ground (调整依据).

    `counts`: whether the rules score against what stands there after it.
    """

    target_before: Target
    weight_before: Decimal | None
    target_after: Target
    weight_after: Decimal | None
    basis: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Review:
    """What a reviewer entered for one indicator. `actual`: 复核完成值, None where blank; `points`: 复核得分.

    `place` is the cell of 复核得分, `actual_place` that of 复核完成值.
    """

    actual: Actual | None
    points: Decimal | None
    opinion: str
    reviewer: str
    place: Place
    actual_place: Place


DETAIL = "none"
"""What stands in the place of a formula for a row that is not scored."""

NOT_SCORED = "不计分"
"""The 评分方法 of a detail row: shown, but outside all sums, weights and what is counted."""

INAPPLICABLE = "不适用"
"""The 评分方法 of a row that does not apply this year: left out where the profile allows it and the row says why."""


@made_quickly
@dataclass(frozen=True, slots=True)
class Indicator:
    """One 三级指标: the target row and its actual row, paired, with the texts the report prints.

    `criterion`: 评分标准 as the form prints it; `goal`: the 年度绩效目标 of the form that the row belongs to.
    """

    project: str
    code: str
    level1: str
    level2: str
    level3: str
    target: Target
    actual: Actual
    weight: Decimal | None
    method: str = ""
    entered_points: Decimal | None = None
    printed_points: Decimal | None = None
    reason: str = ""
    evidence: tuple[str, ...] = ()
    waivers: str = ""
    place: Place = Place("")
    """The target row (its 指标值 cell)."""
    actual_place: Place | None = None
    """The actual row (its 实际完成值 cell); None where no row was found."""
    adjustment: Adjustment | None = None
    review: Review | None = None
    criterion: str = ""
    goal: str = ""
    left_out: bool = False
    """Whether it does not apply this year, and its weight has gone to the other rows."""
    stated_weight: Decimal | None = None
    """分值 as the form gives it, where another counts: a part of a row left out has come to it, or it is below 0."""

    @property
    def is_detail(self) -> bool:
        """Whether the row is only shown: a detail, or left out as not applicable."""
        return self.method == NOT_SCORED or self.left_out

    @property
    def form_weight(self) -> Decimal | None:
        """分值 as the form gives it, whatever counts."""
        return self.weight if self.stated_weight is None else self.stated_weight

    @property
    def id(self) -> str:
        """指标编号 where given, else 二级指标/三级指标 (unique within the project)."""
        return self.code or f"{self.level2}/{self.level3}"


@made_quickly
@dataclass(frozen=True, slots=True)
class Fund:
    """One row of budget.csv: a source of funds, in 元. An amount that cannot be read is None."""

    source: str
    initial: Decimal | None
    adjusted: Decimal | None
    executed: Decimal | None
    reason: str = ""
    place: Place = Place("")


@dataclass(frozen=True, slots=True)
class Printed:
    """What an imported form prints of a project: 原表总分, 原表等级, 原表执行率得分. Compared, never used."""

    total: Decimal | None = None
    grade: str = ""
    execution: Decimal | None = None


@made_quickly
@dataclass(frozen=True, slots=True)
class Project:
    """A budget project as entered: descriptive fields by their Chinese header, funds, indicators."""

    id: str
    name: str
    fields: dict[str, str]
    start: date | None
    end: date | None
    funds: tuple[Fund, ...]
    indicators: tuple[Indicator, ...]
    place: Place
    is_unit: bool = False
    printed: Printed = Printed()
    weights_shared: bool = False
    """Whether the weights come from the profile (all 分值 blank) rather than from the form."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One unit (单位), one budget year: a folder of plain files, read and paired."""

    id: str
    year: int
    unit: str
    department: str
    money_unit: str
    demo: bool
    report: dict[str, str]
    projects: tuple[Project, ...]


class Evidence(StrEnum):
    """How surely a rule's source is known, best first.

    Read there itself; printed by an official form or notice; stated by somebody else; as generally recalled; no
    document at all, but the profile's own convention.
    """

    VERBATIM = "verbatim"
    QUOTED = "quoted"
    SECONDARY = "secondary"
    UNCONFIRMED = "unconfirmed"
    CONVENTION = "convention"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from. `found`: where and when it was seen, in words."""

    document: str
    article: str
    evidence: Evidence = Evidence.CONVENTION
    found: str = ""

    @property
    def checked(self) -> bool:
        """Whether the wording was compared with the official text."""
        return self.evidence is Evidence.VERBATIM


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A review scored. `points` are the reviewer's, None where none can be used: the unit's own then stand.

    `rule_points` are what the rule gives for 复核完成值, None where there is none or it cannot be scored.
    """

    points: Decimal | None
    rule_points: Decimal | None
    steps: Sequence[str]
    readings: tuple[Reading, ...] = ()


@made_quickly
@dataclass(frozen=True, slots=True)
class Score:
    """One indicator scored. `points` count; `rule_points` are what the rule alone would give.

    `completion` is exact (rule points before rounding ÷ weight, 0…1); `excess` is actual ÷ target where
    more than the target was done. All None where something could not be read.
    """

    indicator: Indicator
    weight: Decimal | None
    points: Decimal | None
    rule_points: Decimal | None
    override: Decimal | None
    completion: Fraction | None
    excess: Fraction | None
    formula: str
    steps: Sequence[str]
    source: Source
    readings: tuple[Reading, ...] = ()
    review: Reviewed | None = None

    @property
    def standing(self) -> Decimal | None:
        """The reviewer's points where there are any, else the unit's own."""
        return self.points if self.review is None or self.review.points is None else self.review.points

    @property
    def deviation(self) -> Decimal | None:
        """复核得分 − 自评得分; None where either is missing."""
        given = self.review.points if self.review else None
        return None if given is None or self.points is None else given - self.points


@dataclass(frozen=True, slots=True)
class BudgetScore:
    """预算执行率 and its points. Sums over the funds, in 元; None where an amount is missing."""

    initial: Decimal | None
    adjusted: Decimal | None
    executed: Decimal | None
    rate: Fraction | None
    weight: Decimal
    points: Decimal | None
    steps: Sequence[str]
    source: Source
    readings: tuple[Reading, ...] = ()


@made_quickly
@dataclass(frozen=True, slots=True)
class LevelScore:
    """A first- or second-level indicator: the sums of its rows. Points are None where none was scored.

    `reviewed` is the sum of the points that stand after a review; None without one.
    """

    name: str
    weight: Decimal
    points: Decimal | None
    children: tuple[LevelScore, ...] = ()
    reviewed: Decimal | None = None

    @property
    def completion(self) -> Fraction | None:
        """得分率: points ÷ weight; 1 where points rounded up exceed weights of more than two decimals."""
        if self.points is None or not self.weight:
            return None
        return min(Fraction(self.points) / Fraction(self.weight), Fraction(1))

    @property
    def deviation(self) -> Decimal | None:
        """What the review changes; None where there is none, or nothing to compare."""
        return None if self.reviewed is None or self.points is None else self.reviewed - self.points


@dataclass(frozen=True, slots=True)
class ReviewedTotal:
    """A project after its review: the sum of the points that stand, how many could be scored, the grade."""

    total: Decimal | None
    counted: Decimal
    grade: str | None


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One project scored: budget, levels, indicators, total. `counted` is how many points could be scored."""

    project: Project
    budget: BudgetScore
    levels: tuple[LevelScore, ...]
    scores: tuple[Score, ...]
    total: Decimal | None
    counted: Decimal
    grade: str | None
    readings: tuple[Reading, ...] = field(default=())
    review: ReviewedTotal | None = None
    """None where no indicator of the project was reviewed."""

    @property
    def scoring(self) -> tuple[Score, ...]:
        """The rows that are scored: all but those that only show a detail."""
        return tuple(score for score in self.scores if not score.indicator.is_detail)

    @property
    def full(self) -> Decimal:
        """All the points there are: given weights are never rescaled, so this need not be 100."""
        return sum((score.weight for score in self.scores if score.weight is not None), self.budget.weight)

    @property
    def deviation(self) -> Decimal | None:
        """What the review changes in the total; None where there is none, or nothing to compare."""
        after = self.review.total if self.review else None
        return None if after is None or self.total is None else after - self.total
