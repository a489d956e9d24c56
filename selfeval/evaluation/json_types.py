"""What scorecard.json and diagnostics.json hold, as types: the exports are held to them, and the schemas made of them.

Numbers are decimal strings without exponent, money in 元, a completion or rate a fraction of 1.
"""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired, TypeAlias, TypedDict

from selfeval.base.diagnostics import DiagnosticJson
from selfeval.base.model import Direction, Evidence, Kind, Tier

Points: TypeAlias = Annotated[str, r"^-?\d+\.\d\d$"]
Rate: TypeAlias = Annotated[str, r"^-?\d+(\.\d+)?$"]
Amount: TypeAlias = Annotated[str, r"^-?\d+(\.\d+)?$"]
Day: TypeAlias = Annotated[str, r"^\d{4}-\d\d-\d\d$"]


class SourceJson(TypedDict):
    """An article of a document."""

    document: str
    article: str


class CitedJson(SourceJson):
    """Where one value of the profile comes from. `checked`: it was read there itself, word for word."""

    value: str
    checked: bool
    evidence: Annotated[str, Evidence]


class RulesJson(TypedDict):
    """The rule profile and everything it cites."""

    id: str
    title: str
    sources: list[CitedJson]


class TargetJson(TypedDict):
    """A target as read; `kind` is null where it could not be."""

    text: str
    kind: Annotated[str, Kind] | None
    operator: Annotated[str, r"^[≥>≤<=]$"] | None
    value: Amount | None
    upper: Amount | None
    unit: str | None
    date: Day | None
    direction: Annotated[str, Direction] | None


class ActualJson(TypedDict):
    """An actual outcome as read."""

    text: str
    value: Amount | None
    unit: str | None
    date: Day | None
    tier: Annotated[str, Tier] | None


class BudgetJson(TypedDict):
    """Money in 元, and the points for spending it."""

    initial: Amount | None
    adjusted: Amount | None
    executed: Amount | None
    rate: Rate | None
    weight: Points | None
    points: Points | None


class LevelJson(TypedDict):
    """A second level."""

    name: str
    weight: Points | None
    points: Points | None
    completion: Rate | None


class FirstLevelJson(LevelJson):
    """A first level with those below it."""

    level2: list[LevelJson]


class ReviewedLevelJson(TypedDict):
    """A second level after the review."""

    name: str
    points: Points | None
    deviation: Points | None


class ReviewedFirstLevelJson(ReviewedLevelJson):
    """A first level after the review."""

    level2: list[ReviewedLevelJson]


class ReviewedTotalJson(TypedDict):
    """A project after its review."""

    total: Points | None
    grade: str | None
    counted: Points | None
    deviation: Points | None
    level1: list[ReviewedFirstLevelJson]


class ReviewJson(TypedDict):
    """What the reviewer says of an indicator."""

    actual: ActualJson | None
    points: Points | None
    rule_points: Points | None
    deviation: Points | None
    opinion: str
    reviewer: str
    steps: list[str]


class IndicatorJson(TypedDict):
    """An indicator with its steps; `points` is null where it could not be scored. `review` only where there is one."""

    id: str
    level1: str
    level2: str
    level3: str
    target: TargetJson
    actual: ActualJson
    completion: Rate | None
    weight: Points | None
    points: Points | None
    rule_points: Points | None
    override: Points | None
    formula: str | None
    steps: list[str]
    source: SourceJson
    diagnostics: list[str]
    review: NotRequired[ReviewJson]


class ProjectJson(TypedDict):
    """A project. `counted`: how many of the 100 points could be scored; `review` only where something was reviewed."""

    id: str
    name: str
    total: Points | None
    grade: str | None
    counted: Points | None
    budget: BudgetJson
    level1: list[FirstLevelJson]
    indicators: list[IndicatorJson]
    review: NotRequired[ReviewedTotalJson]


class MergedRowJson(TypedDict):
    """An indicator of projects of one name; `why` it was not put together, null where it was.

    `target`, `actual`: counts added, rates weighted by funds; null of a target in words, and where not put together.
    """

    goal: str
    level1: str
    level2: str
    level3: str
    projects: int
    target: TargetJson | None
    actual: ActualJson | None
    weight: Points | None
    points: Points | None
    why: str | None


class MergedJson(TypedDict):
    """Projects of one name put together and scored. `counted`: how many of the 100 points that could be done for."""

    name: str
    projects: list[str]
    total: Points | None
    counted: Points | None
    budget: BudgetJson
    indicators: list[MergedRowJson]


class GeneratorJson(TypedDict):
    """The program that wrote it."""

    name: Literal["selfeval"]
    version: str


class EvaluationJson(TypedDict):
    """Whose it is."""

    id: str
    year: int
    unit: str


class ScorecardJson(TypedDict):
    """scorecard.json. `unit`: 部门整体; `unit_rules` only where it is scored by rules of its own.

    `merged` only where the rules put together projects of one name.
    """

    schema: Literal["selfeval.scorecard/1"]
    generator: GeneratorJson
    evaluation: EvaluationJson
    rules: RulesJson
    unit_rules: NotRequired[RulesJson]
    unit: ProjectJson | None
    projects: list[ProjectJson]
    merged: NotRequired[list[MergedJson]]


class DiagnosticsJson(TypedDict):
    """diagnostics.json, and what `check --output-format json` prints."""

    schema: Literal["selfeval.diagnostics/1"]
    diagnostics: list[DiagnosticJson]
    counts: dict[str, int]
