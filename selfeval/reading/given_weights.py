"""分值 as a project's rows give them; 分值 shared out by the profile where the form gives none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from selfeval.base.diagnostics import Diagnostic, about, finding, of_reading
from selfeval.base.model import Indicator, Place
from selfeval.reading.adjustments import scored_columns
from selfeval.reading.amounts import read_points
from selfeval.reading.tables import TableRow
from selfeval.rules.profile import Rules
from selfeval.rules.weights import shared_weights

Findings = list[Diagnostic]

NO_LEVEL1 = "未填一级指标"
"""Stands for a 一级指标 that is blank and cannot be told: said where it is blank."""


def given_weights(targets: Mapping[str, TableRow], rules: Rules, diagnostics: Findings) -> list[Decimal | None]:
    """分值 as the form gives them, the adjusted ones where they count."""
    weights: list[Decimal | None] = []
    for id_, row in targets.items():
        here: Findings = []
        weights.append(read_weight(row, scored_columns(row, rules).weight, here))
        diagnostics += [about(d, indicator=id_) for d in here]
    return weights


def read_weight(row: TableRow, column: str, diagnostics: Findings) -> Decimal | None:
    """分值, which must be above 0; what is not is said, and returned as it stands."""
    weight = read_points(row, column, diagnostics, called="分值")
    if weight is not None and weight <= 0:
        diagnostics.append(finding("W005", row.place_of(column), weight=f"{weight:f}"))
    return weight


def counting(weight: Decimal | None) -> Decimal | None:
    """What a 分值 counts for: 0 for nothing, a negative one is none."""
    return None if weight is None or weight < 0 else weight


def missing_weights(indicators: Sequence[Indicator]) -> Findings:
    """Some 分值 given and some not (or not readable): an error; those rows stay unscored."""
    blank = [i for i in indicators if i.weight is None]
    return [finding("W001", blank[0].place, count=len(indicators), blank=len(blank))] if blank else []


def share_weights(
    targets: Mapping[str, TableRow], levels: Sequence[str], rules: Rules, place: Place, diagnostics: Findings
) -> Sequence[Decimal | None]:
    """All 分值 blank: shared out by the profile."""
    if not targets:
        return ()
    level2 = [row.text("二级指标") for row in targets.values()]
    shared = shared_weights(tuple(zip(levels, level2, strict=True)), rules.levels)
    diagnostics += [of_reading(r, place) for r in shared.readings]
    homeless = {level1 for level1, weight in zip(levels, shared.weights, strict=True) if weight is None}
    for level1 in sorted(homeless - {NO_LEVEL1}):
        diagnostics.append(finding("W006", place, rules=rules.id, level=level1))
    return shared.weights
