"""分值: taken as the form gives them, or shared out by the profile where the form gives none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from selfeval.base.exact import Rounding, rounded
from selfeval.base.grouping import grouped
from selfeval.base.remarks import Reading, reading
from selfeval.rules.profile import Levels


@dataclass(frozen=True, slots=True)
class Shared:
    """Weights of the rows in table order (None where a row's first level has no points), and remarks."""

    weights: tuple[Decimal | None, ...]
    readings: tuple[Reading, ...] = ()


def share_out(total: Fraction, count: int, digits: int) -> list[Decimal]:
    """`total` in `count` equal parts of so many decimals; what is left over goes to the first parts."""
    each = rounded(total / count, digits, Rounding.DOWN)
    step = Decimal(1).scaleb(-digits)
    left = int((total - Fraction(each) * count) / Fraction(step))
    return [each + step if i < left else each for i in range(count)]


def level_points(levels: Levels, present: Sequence[str]) -> tuple[dict[str, Fraction], tuple[Reading, ...]]:
    """Points of the first levels that are present.

    Those of an absent one go to the level the profile names where that one alone is absent, else to all
    present ones pro rata.
    """
    chosen = next(s for s in levels.sets if all(name in present for name in s.requires))
    points = dict(chosen.points)
    absent = [name for name in points if name not in present]
    kept = {name: value for name, value in points.items() if name in present}
    if not absent or not kept:
        return kept, ()
    base, free = sum(kept.values(), Fraction(0)), sum((points[name] for name in absent), Fraction(0))
    goal = levels.moves.get(absent[0], "") if len(absent) == 1 else ""
    if goal in kept:
        kept[goal] += free
        return kept, (reading("W004.moved", levels=tuple(absent), points=free, goal=goal),)
    if not base:
        return kept, ()
    shares = in_cents([value + free * value / base for value in kept.values()], levels.digits)
    return dict(zip(kept, shares, strict=True)), (reading("W004.shared", levels=tuple(absent), points=free),)


def in_cents(values: Sequence[Fraction], digits: int) -> list[Fraction]:
    """Values cut to so many decimals with the same sum; what is left over goes to the first ones."""
    cut = [Fraction(rounded(value, digits, Rounding.DOWN)) for value in values]
    step = Fraction(1, 10**digits)
    left = int((sum(values) - sum(cut)) / step)
    return [value + step if i < left else value for i, value in enumerate(cut)]


def without_inapplicable(weights: Sequence[Decimal], left_out: Sequence[bool]) -> list[Decimal]:
    """The weights of the rows that stay, with those of the rows left out shared over them pro rata; the same sum."""
    stay = [Fraction(weight) for weight, out in zip(weights, left_out, strict=True) if not out]
    total, base = sum(map(Fraction, weights), Fraction(0)), sum(stay, Fraction(0))
    return [rounded(value, 2) for value in in_cents([value * total / base for value in stay], 2)] if base else []


def shared_weights(rows: Sequence[tuple[str, str]], levels: Levels) -> Shared:
    """Weights for rows of (一级, 二级) in table order where all 分值 are blank."""
    places = grouped(range(len(rows)), lambda i: rows[i][0])
    points, readings = level_points(levels, list(places))
    weights: list[Decimal | None] = [None] * len(rows)
    for level1, total in points.items():
        mine = places[level1]
        below = tuple(rows[i][1] for i in mine)
        for i, weight in zip(mine, level_weights(below, total, levels.share, levels.digits), strict=True):
            weights[i] = weight
    return Shared(tuple(weights), readings)


@lru_cache(maxsize=4096)
def level_weights(level2: tuple[str, ...], total: Fraction, share: str, digits: int) -> tuple[Decimal, ...]:
    """The points of one first level over its rows: equally over the 二级, then over their 三级."""
    if share == "level3":
        return tuple(share_out(total, len(level2), digits))
    names = dict.fromkeys(level2)
    weights: dict[int, Decimal] = {}
    for name, part in zip(names, share_out(total, len(names), digits), strict=True):
        mine = [i for i, other in enumerate(level2) if other == name]
        weights |= dict(zip(mine, share_out(Fraction(part), len(mine), digits), strict=True))
    return tuple(weights[i] for i in range(len(level2)))
