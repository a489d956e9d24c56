"""What a rule profile says for one year, as frozen data. The values come from TOML (`profiling`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from selfeval.base.exact import Rounding
from selfeval.base.model import Source, Tier
from selfeval.rules.formulas import Band

DEFAULT = "mof-2020"
USES = ("at_least", "at_most", "equal", "range", "date", "compound", "qualitative")
"""The methods every profile must have: the one taken for each way a target can read."""


@dataclass(frozen=True, slots=True)
class Method:
    """A formula with its parameters under a name of its own (评分方法)."""

    id: str
    title: str
    formula: str
    params: Mapping[str, Fraction | str | tuple[Band, ...]]
    source: Source


@dataclass(frozen=True, slots=True)
class Execution:
    """预算执行率: its points, its denominator (initial or adjusted), cap, bands; reason due below a rate."""

    points: Fraction
    denominator: str
    cap: Fraction
    bands: tuple[Band, ...]
    reason_below: Fraction
    source: Source


@dataclass(frozen=True, slots=True)
class LevelSet:
    """First-level points that hold where all of `requires` are present."""

    requires: tuple[str, ...]
    points: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Levels:
    """一级指标分值 and how they are shared out over the rows below."""

    share: str
    digits: int
    moves: Mapping[str, str]
    sets: tuple[LevelSet, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class TierBand:
    """A tier of 定性: its label on the form, its band [lower, upper) and the default inside it."""

    label: str
    upper: Fraction
    lower: Fraction
    default: Fraction


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade and the total from which it is given."""

    name: str
    lower: Fraction


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything a profile says for one year. Points in points, rates and bands as fractions of 1."""

    id: str
    title: str
    effective: date
    execution: Execution
    levels: Levels
    digits: int
    rounding: Rounding
    tiers: Mapping[Tier, TierBand]
    tier_source: Source
    grades: tuple[Grade, ...]
    grade_source: Source
    flag_at: Fraction
    reason_at: Fraction
    over_missing: str
    over_source: Source
    missing_reason: str
    reason_source: Source
    methods: Mapping[str, Method]
    rounding_source: Source
    adjusted_targets: bool = True
    """Whether a target adjusted during the year is scored as adjusted, and not as first set."""
    adjustment_source: Source | None = None
    too_early: bool = False
    """Whether the year lies before the first version (which is then used all the same)."""

    def sources(self) -> tuple[Source, ...]:
        """Every document and article cited, once each, in the profile's order."""
        cited = [
            self.execution.source,
            self.levels.source,
            self.tier_source,
            self.grade_source,
            self.over_source,
            self.reason_source,
            *(method.source for method in self.methods.values()),
        ]
        return tuple(dict.fromkeys(cited))

    def grade(self, total: Fraction) -> str:
        """The grade of a total; bands are closed below (exactly 90 is 优)."""
        return next((g.name for g in self.grades if total >= g.lower), self.grades[-1].name)
