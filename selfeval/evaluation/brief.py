"""What index, summary and the unit's own report say of one project: small enough to be held for all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from selfeval.base.diagnostics import Diagnostic, Severity, counts
from selfeval.base.model import BudgetScore, Fund, ReviewedTotal, Score, Scorecard
from selfeval.rules.profile import Rules
from selfeval.scoring.merged import Merged, Share, merged


def met(scores: Iterable[Score]) -> list[Score]:
    """Rows with full marks."""
    return [s for s in scores if s.points is not None and s.points == s.weight]


def short(scores: Iterable[Score]) -> list[Score]:
    """Rows scored below their weight."""
    return [s for s in scores if s.points is not None and s.weight is not None and s.points < s.weight]


def unscored(scores: Iterable[Score]) -> list[Score]:
    """Rows that could not be scored."""
    return [s for s in scores if s.points is None and not s.indicator.is_detail]


@dataclass(frozen=True, slots=True)
class Brief:
    """A scorecard without its rows: of these only how many there are, and how many had full marks or no points.

    `levels`: the points of each first level; `short`: the 三级指标 that fell short; `deviation`: what a review changes;
    `counts`: how many findings there are of each severity; `merging`: its rows, where the rules put together projects
    of one name.
    """

    id: str
    name: str
    budget: BudgetScore
    funds: tuple[Fund, ...]
    levels: tuple[tuple[str, Decimal | None], ...]
    total: Decimal | None
    counted: Decimal
    full: Decimal
    grade: str | None
    review: ReviewedTotal | None
    deviation: Decimal | None
    rows: int
    met: int
    unscored: int
    short: tuple[str, ...]
    counts: dict[str, int]
    merging: tuple[Score, ...] = ()

    @property
    def is_draft(self) -> bool:
        """未定稿: whether the project has an error."""
        return bool(self.counts[Severity.ERROR])

    @classmethod
    def of(cls, card: Scorecard, findings: Iterable[Diagnostic], *, merges: bool = False) -> Brief:
        """The one of a scorecard, and of what was found about its project; `merges`: with its rows."""
        return cls(
            id=card.project.id,
            name=card.project.name,
            budget=replace(card.budget, steps=(), readings=()),
            funds=card.project.funds,
            levels=tuple((level.name, level.points) for level in card.levels),
            total=card.total,
            counted=card.counted,
            full=card.full,
            grade=card.grade,
            review=card.review,
            deviation=card.deviation,
            rows=len(card.scoring),
            met=len(met(card.scores)),
            unscored=len(unscored(card.scores)),
            short=tuple(s.indicator.level3 for s in short(card.scores)),
            counts=counts(findings),
            merging=tuple(replace(score, steps=(), readings=()) for score in card.scoring) if merges else (),
        )


def merged_of(briefs: Collection[Brief], rules: Rules) -> tuple[Merged, ...]:
    """Projects of one name put together, in the order of their first; none where the rules do not merge."""
    if not rules.merges:
        return ()
    again = Counter(brief.name.strip() for brief in briefs)
    shares: dict[str, list[Share]] = {}
    for brief in briefs:
        if (name := brief.name.strip()) and again[name] > 1:
            shares.setdefault(name, []).append(Share(brief.id, brief.budget, brief.merging))
    return tuple(merged(name, of_name, rules) for name, of_name in shares.items())
