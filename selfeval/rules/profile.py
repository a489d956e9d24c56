"""What a rule profile says for one year, as frozen data. The values come from TOML (`load`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from selfeval.base.exact import Rounding
from selfeval.base.model import Source, Tier
from selfeval.rules.citing import UNSTATED
from selfeval.rules.formulas import LINEAR, Band

DEFAULT = "mof-2020"
DEFAULT_BEFORE_2020 = "mof-2017"
USES = ("at_least", "at_most", "equal", "range", "date", "compound", "qualitative")
"""The methods every profile must have: the one taken for each way a target can read."""


SATISFACTION = "satisfaction"
"""The method of 满意度指标, where a profile has one."""


def default_rules(year: int) -> str:
    """The profile of an evaluation that names none: the measure of 2020, before it the notes of the form."""
    return DEFAULT if year >= 2020 else DEFAULT_BEFORE_2020


@dataclass(frozen=True, slots=True)
class Method:
    """A formula with its parameters under a name of its own (评分方法)."""

    id: str
    title: str
    formula: str
    params: Mapping[str, Fraction | str | tuple[Band, ...]]

    @property
    def edges(self) -> tuple[Fraction, ...]:
        """The edges of its bands, but for 0."""
        bands = self.params.get("bands", ())
        return tuple(abs(edge) for edge, _ in bands if edge) if isinstance(bands, tuple) else ()

    def number(self, name: str, default: Fraction) -> Fraction:
        """A numeric parameter."""
        value = self.params.get(name, default)
        return value if isinstance(value, Fraction) else default


@dataclass(frozen=True, slots=True)
class Execution:
    """预算执行率: its points, its denominator (initial or adjusted), cap, bands; reason due below a rate.

    `funds`: words of the sources of funds that count for it; none: all count. `deduct`: points off for every `per`
    below `full_from`, counted by `steps`; 0: in proportion to the rate. Below `pass_line` there are none.
    """

    points: Fraction
    denominator: str
    cap: Fraction
    bands: tuple[Band, ...]
    reason_below: Fraction
    funds: tuple[str, ...] = ()
    full_from: Fraction = Fraction(1)
    deduct: Fraction = Fraction(0)
    per: Fraction = Fraction(1, 100)
    steps: str = LINEAR
    pass_line: Fraction = Fraction(0)

    def base(self, initial: Decimal | None, adjusted: Decimal | None) -> Decimal | None:
        """The budget that the rate is set against."""
        return initial if self.denominator == "initial" else adjusted

    def counts(self, source: str) -> bool:
        """Whether a source of funds counts for the rate."""
        return not self.funds or any(word in source for word in self.funds)


@dataclass(frozen=True, slots=True)
class LevelSet:
    """First-level points that hold where all of `requires` are present."""

    requires: tuple[str, ...]
    points: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Levels:
    """一级指标分值 and how they are shared out over the rows below.

    `fixed`: whether a form must keep to them; if not, only their sum is held against the rows given.
    `inapplicable`: whether a row that does not apply may be left out, its weight going to the others pro rata.
    """

    share: str
    digits: int
    moves: Mapping[str, str]
    sets: tuple[LevelSet, ...]
    fixed: bool = True
    inapplicable: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Every first level that is given points, once each."""
        return tuple(dict.fromkeys(name for level_set in self.sets for name in level_set.points))


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


SCORING = (
    *("execution", "levels", "digits", "rounding", "tiers", "grades", "methods"),
    *("edges_in_points", "adjusted_targets"),
)
"""The values of a profile that points and grades depend on."""


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
    grades: tuple[Grade, ...]
    flag_at: Fraction
    reason_at: Fraction
    over_missing: str
    missing_reason: str
    methods: Mapping[str, Method]
    cited: Mapping[str, Source]
    """The source of every value, by the value's key in the file (`execution.points`)."""
    edges_in_points: bool = False
    """Whether a tier's edges become points, rounded, before a score is held against them."""
    adjusted_targets: bool = True
    """Whether a target adjusted during the year is scored as adjusted, and not as first set."""
    merges: bool = False
    """Whether projects of one name are put together in the summary: counts added, rates and tiers weighted by funds."""
    too_early: bool = False
    """Whether the year lies before the first version (which is then used all the same)."""

    def scores_as(self, other: Rules) -> bool:
        """Whether others score the same, whatever they are called and cite."""
        return all(getattr(self, name) == getattr(other, name) for name in SCORING)

    def source(self, value: str) -> Source:
        """Where a value comes from."""
        return self.cited.get(value, UNSTATED)

    def method_source(self, method: Method) -> Source:
        """Where a method's formula comes from."""
        return self.source(f"methods.{method.id}.formula")

    def sources(self) -> tuple[Source, ...]:
        """Every document and article cited and every convention, once each, in the profile's order."""
        return tuple(dict.fromkeys(self.cited.values()))

    def grade(self, total: Fraction) -> str:
        """The grade of a total; bands are closed below (exactly 90 is 优)."""
        return next((g.name for g in self.grades if total >= g.lower), self.grades[-1].name)
