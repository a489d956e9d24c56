"""Targets adjusted during the year: 调整后指标值, 调整后分值 and 调整依据 of a row of targets.csv.

A row whose adjusted cells repeat what stood there before is not adjusted.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from selfeval.base.diagnostics import Diagnostic, finding
from selfeval.base.model import Adjustment, Target
from selfeval.base.phrases import phrase
from selfeval.base.text import comparable
from selfeval.reading.amounts import read_points
from selfeval.reading.tables import TableRow
from selfeval.reading.values.context import TargetContext as TargetRow
from selfeval.reading.values.targets import read_target
from selfeval.rules.profile import Rules

Findings = list[Diagnostic]


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a row keeps its target and its weight."""

    target: str
    weight: str


BEFORE = Columns("指标值", "分值")
AFTER = Columns(phrase("调整后指标值"), "调整后分值")


def columns_after(row: TableRow) -> Columns:
    """Where a row keeps what holds after its adjustment; `BEFORE` where it is not adjusted."""
    if not (row.text(AFTER.target) or row.text(AFTER.weight)):
        return BEFORE
    target, weight = changed(row, BEFORE.target, AFTER.target), changed(row, BEFORE.weight, AFTER.weight)
    if not (target or weight):
        return BEFORE
    return Columns(AFTER.target if target else BEFORE.target, AFTER.weight if weight else BEFORE.weight)


def changed(row: TableRow, before: str, after: str) -> bool:
    """Whether an adjusted cell says anything else than the cell it takes the place of."""
    text = row.text(after)
    return bool(text) and comparable(text) != comparable(row.text(before))


def scored_columns(row: TableRow, rules: Rules) -> Columns:
    """Where a row keeps the target and the weight that count under the rules."""
    return columns_after(row) if rules.adjusted_targets else BEFORE


def read_adjustment(
    row: TableRow, scored: tuple[Target, Decimal | None], beside: TargetRow, rules: Rules, diagnostics: Findings
) -> Adjustment | None:
    """What was adjusted, None where nothing was; `scored`: the target and the weight that count, read already."""
    after = columns_after(row)
    if after is BEFORE:
        return None
    if not row.text("调整依据"):
        place = row.place_of(after.target if after.target != BEFORE.target else after.weight)
        diagnostics.append(finding("P008", place))
    other = BEFORE if rules.adjusted_targets else after
    target = read_target(row.text(other.target), beside)
    weight = scored[1] if after.weight == BEFORE.weight else read_points(row, other.weight, [])
    sides = (target, weight, *scored) if rules.adjusted_targets else (*scored, target, weight)
    return Adjustment(*sides, row.text("调整依据"), counts=rules.adjusted_targets)
