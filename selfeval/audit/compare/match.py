"""Which project and which indicator of one submission is which of the other: by key, then by name; guesses are said."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from fractions import Fraction
from typing import Generic, TypeVar

from selfeval.base.grouping import grouped
from selfeval.base.model import Score, Scorecard
from selfeval.base.text import comparable

T = TypeVar("T")

ALIKE = Fraction(3, 5)
"""From here on two names are taken for one indicator or project, if nothing is more alike."""
SAME_NUMBER = Fraction(1, 2)
"""A 项目编号 such as P01 is given anew every year: it counts only where the names are this much alike."""

MOST = 250_000
"""Pairs of strangers whose names are compared at most (500 on either side)."""


class How(StrEnum):
    """What told that two things are one: the key, the same name, or a name alike (a guess)."""

    KEY = "key"
    NAME = "name"
    GUESS = "guess"


@dataclass(frozen=True, slots=True)
class MatchedPair(Generic[T]):
    """One thing on both sides, or on one (`old` or `new` None). `likeness` of the names, 0…1."""

    old: T | None
    new: T | None
    how: How = How.KEY
    likeness: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Rule(Generic[T]):
    """Things with one `key` are one, where `accept` agrees and no other has that key."""

    how: How
    key: Callable[[T], Hashable]
    accept: Callable[[T, T], bool] = lambda _old, _new: True


def pairs(
    old: Sequence[T], new: Sequence[T], rules: Iterable[Rule[T]], alike: Callable[[T, T], Fraction]
) -> tuple[MatchedPair[T], ...]:
    """All of both sides: in the order of the new, then what was dropped.

    Each rule in turn joins what it recognises without doubt; then the most alike are joined, each once.
    """
    joined: dict[int, int] = {}
    matched: dict[int, MatchedPair[T]] = {}
    for rule in rules:
        for at, i in _recognised(old, new, rule, joined):
            joined[at] = i
            matched[at] = MatchedPair(old[i], new[at], rule.how, alike(old[i], new[at]))
    for at, i, much in _guesses(old, new, joined, alike):
        matched[at] = MatchedPair(old[i], new[at], How.GUESS, much)
        joined[at] = i
    kept = tuple(matched.get(at, MatchedPair(None, one)) for at, one in enumerate(new))
    taken = set(joined.values())
    return (*kept, *(MatchedPair(one, None) for i, one in enumerate(old) if i not in taken))


def _recognised(
    old: Sequence[T], new: Sequence[T], rule: Rule[T], joined: Mapping[int, int]
) -> Iterator[tuple[int, int]]:
    """(new, old) by position for every key that exactly one free thing of either side has."""
    taken = set(joined.values())
    ours, theirs = (
        _by_key(rule, ((at, one) for at, one in enumerate(side) if at not in used))
        for side, used in ((new, joined.keys()), (old, taken))
    )
    for key, places in ours.items():
        others = theirs.get(key, [])
        if len(places) == len(others) == 1 and rule.accept(old[others[0]], new[places[0]]):
            yield places[0], others[0]


def _by_key(rule: Rule[T], things: Iterable[tuple[int, T]]) -> dict[Hashable, list[int]]:
    groups = grouped(things, lambda numbered: rule.key(numbered[1]))
    return {key: [at for at, _ in group] for key, group in groups.items()}


def _guesses(
    old: Sequence[T], new: Sequence[T], joined: Mapping[int, int], alike: Callable[[T, T], Fraction]
) -> Iterator[tuple[int, int, Fraction]]:
    """(new, old, likeness): the most alike first, each thing once. Too many strangers are not compared at all."""
    taken = set(joined.values())
    free = [at for at in range(len(new)) if at not in joined]
    left = [i for i in range(len(old)) if i not in taken]
    if len(free) * len(left) > MOST:
        return
    for much, at, i in sorted((-alike(old[i], new[at]), at, i) for at in free for i in left):
        if -much >= ALIKE and at in free and i in left:
            free.remove(at)
            left.remove(i)
            yield at, i, -much


def likeness(one: str, other: str) -> Fraction:
    """How much two names have in common, blanks and widths aside: 0…1, exactly."""
    a, b = comparable(one), comparable(other)
    if not a or not b:
        return Fraction(int(a == b))
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return Fraction(2 * sum(block.size for block in matcher.get_matching_blocks()), len(a) + len(b))


# ── Projects ──


def match_projects(
    old: Sequence[Scorecard], new: Sequence[Scorecard], *, yearly: bool
) -> tuple[MatchedPair[Scorecard], ...]:
    """Projects by 项目编号 (over the years only where the names agree), by name, by a name alike.

    部门整体 is only ever itself.
    """
    numbered: Rule[Scorecard] = Rule(How.KEY, _number, lambda a, b: not yearly or _projects_alike(a, b) == 1)
    again: Rule[Scorecard] = Rule(How.KEY, _number, lambda a, b: _projects_alike(a, b) >= SAME_NUMBER)
    rules = (Rule(How.KEY, _whole_unit, _are_units), numbered, Rule(How.NAME, _project_name), again)
    return pairs(old, new, rules, _projects_alike)


def _whole_unit(card: Scorecard) -> Hashable:
    return card.project.is_unit


def _are_units(a: Scorecard, b: Scorecard) -> bool:
    return a.project.is_unit and b.project.is_unit


def _number(card: Scorecard) -> Hashable:
    return card.project.is_unit, card.project.id.casefold()


def _project_name(card: Scorecard) -> Hashable:
    return card.project.is_unit, comparable(card.project.name)


def _projects_alike(a: Scorecard, b: Scorecard) -> Fraction:
    return likeness(a.project.name, b.project.name) if a.project.is_unit == b.project.is_unit else Fraction(0)


# ── Indicators ──


def match_indicators(old: Sequence[Score], new: Sequence[Score]) -> tuple[MatchedPair[Score], ...]:
    """Indicators of one project by key, by 二级 and 三级, by 三级 alone, by a name alike under the same 一级."""
    return pairs(old, new, INDICATOR_RULES, _indicators_alike)


def compared_names(score: Score) -> tuple[str, str]:
    """The 二级 and 三级 of an indicator as they are compared."""
    return comparable(score.indicator.level2), comparable(score.indicator.level3)


INDICATOR_RULES: tuple[Rule[Score], ...] = (
    Rule(How.KEY, lambda score: comparable(score.indicator.id)),
    Rule(How.NAME, compared_names),
    Rule(How.NAME, lambda score: (score.indicator.level1, compared_names(score)[1])),
)


def _indicators_alike(a: Score, b: Score) -> Fraction:
    """The likeness of the 三级指标; none across the 一级."""
    same = a.indicator.level1 == b.indicator.level1
    return likeness(a.indicator.level3, b.indicator.level3) if same else Fraction(0)
