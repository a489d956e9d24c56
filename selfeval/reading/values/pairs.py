"""The measures of a compound actual paired with the sub-targets, by name, else by order."""

from __future__ import annotations

from collections.abc import Sequence

from selfeval.base.model import Kind, Target
from selfeval.reading.values.measured import Deadline, Measure
from selfeval.reading.values.units import conversion


def paired(parts: Sequence[Target], found: Sequence[Measure]) -> list[Measure | None]:
    """Each sub-target with its measure. Names first; what is left and has no name goes by order if the counts agree."""
    by_name = matched_by_name(parts, found)
    missing = [i for i, match in enumerate(by_name) if match is None]
    left = [m for m in found if not any(m is match for match in by_name)]
    if len(missing) != len(left) or any(m.label and parts[i].label for i, m in zip(missing, left, strict=True)):
        return by_name
    for i, measure in zip(missing, left, strict=True):
        if fits(parts[i], measure):
            by_name[i] = measure
    return by_name


def matched_by_name(parts: Sequence[Target], found: Sequence[Measure]) -> list[Measure | None]:
    """For each sub-target the measure whose name is nearest, where both are each other's only best."""
    likeness = [[alike(part, measure) for measure in found] for part in parts]
    matches: list[Measure | None] = []
    for row in likeness:
        best = max(row, default=0)
        column = row.index(best) if best and row.count(best) == 1 else None
        rivals = [other[column] for other in likeness] if column is not None else []
        only = column is not None and max(rivals) == best and rivals.count(best) == 1
        matches.append(found[column] if only and column is not None else None)
    return matches


def alike(part: Target, measure: Measure) -> int:
    """How near two names are: the same, one inside the other, letters in the same order, common pairs of letters."""
    ours, theirs = part.label, measure.label
    if not fits(part, measure) or not (ours and theirs):
        return int(part.kind is Kind.DATE and fits(part, measure) and not theirs)
    if ours == theirs:
        return 4000
    if ours in theirs or theirs in ours:
        return 3000
    if in_order(theirs, ours) or in_order(ours, theirs):
        return 2000
    return len({ours[i : i + 2] for i in range(len(ours) - 1)} & {theirs[i : i + 2] for i in range(len(theirs) - 1)})


def in_order(short: str, long: str) -> bool:
    """Whether all letters of one word come in another in the same order: 缴存办结率 in 缴存业务当日办结率."""
    letters = iter(long)
    return len(short) > 1 and all(letter in letters for letter in short)


def fits(part: Target, measure: Measure) -> bool:
    """A date answers a date, a number a number of a kind that can be compared."""
    if (part.kind is Kind.DATE) != isinstance(measure, Deadline):
        return False
    if isinstance(measure, Deadline) or not measure.unit.base:
        return True
    return conversion(measure.unit.base, part.unit).factor is not None
