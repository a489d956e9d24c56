"""What a comparison holds as JSON, as types: the export is held to them, and its schema made of them.

Every value stands on both sides; a side that is not there is null.
"""

from __future__ import annotations

from typing import Annotated, Generic, Literal, TypedDict, TypeVar

from selfeval.audit.compare.diff import Cause, TargetChange
from selfeval.audit.compare.match import How
from selfeval.audit.submissions import KINDS
from selfeval.evaluation.json_types import ActualJson, Amount, GeneratorJson, Points, Rate, TargetJson

T = TypeVar("T")


class Both(TypedDict, Generic[T]):
    """A value of either side."""

    old: T | None
    new: T | None


class MatchJson(TypedDict):
    """How the two were found to be one; `likeness` of their names, 0…1."""

    how: Annotated[str, How]
    likeness: Points


class SideJson(TypedDict):
    """One of the two that are compared."""

    source: Annotated[str, (*KINDS,)]
    path: str
    id: str
    year: int
    unit: str
    rules: str
    demo: bool
    projects: list[str]


class LoweredJson(TypedDict):
    """A target that is easier to reach than before."""

    project: str
    indicator: str | None


class BudgetsJson(TypedDict):
    """Money in 元; the rate as a fraction."""

    initial: Both[Amount]
    adjusted: Both[Amount]
    executed: Both[Amount]
    rate: Both[Rate]
    weight: Both[Points]
    points: Both[Points]


class LevelsJson(TypedDict):
    """A first level."""

    name: str | None
    weight: Both[Points]
    points: Both[Points]
    completion: Both[Rate]


class RowJson(TypedDict):
    """An indicator. `causes`: why its points moved; `by_weight`: the part that the weight alone explains."""

    id: Both[str]
    level1: Both[str]
    level2: Both[str]
    level3: Both[str]
    status: Literal["added", "dropped", "kept"]
    match: MatchJson | None
    renamed: bool
    target: Both[TargetJson]
    target_change: Annotated[str, TargetChange] | None
    actual: Both[ActualJson]
    actual_changed: bool
    weight: Both[Points]
    completion: Both[Rate]
    points: Both[Points]
    change: Points | None
    reviewed_points: Both[Points]
    reviewed: bool
    causes: list[Annotated[str, Cause]]
    by_weight: Points | None
    reason_repeated: bool
    below_last_actual: bool


class ComparedProjectJson(TypedDict):
    """A project."""

    id: Both[str]
    name: Both[str]
    status: Literal["added", "dropped", "kept"]
    match: MatchJson | None
    total: Both[Points]
    change: Points | None
    grade: Both[str]
    reviewed_total: Both[Points]
    counted: Both[Points]
    budget: BudgetsJson
    level1: list[LevelsJson]
    indicators: list[RowJson]


class ComparisonJson(TypedDict):
    """What `compare --output-format json` prints."""

    schema: Literal["selfeval.comparison/1"]
    generator: GeneratorJson
    mode: Literal["years", "submissions"]
    old: SideJson
    new: SideJson
    notes: list[str]
    counts: dict[str, int]
    lowered: list[LoweredJson]
    projects: list[ComparedProjectJson]
