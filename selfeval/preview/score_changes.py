"""Scores that moved between two evaluations of the same files: what an edit did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from selfeval.base import display
from selfeval.base.model import Score, Scorecard
from selfeval.base.phrases import phrase
from selfeval.evaluation.result import Result

TOTAL, EXECUTION = "total", "execution"


@dataclass(frozen=True, slots=True)
class Move:
    """One score, before and after, as printed. `anchor`: total, execution or the row's anchor on the page."""

    project: str
    name: str
    anchor: str
    label: str
    old: str
    new: str
    way: str
    """up, down, or "" where one of the two is no number."""


def moves_between(old: Result, new: Result) -> tuple[Move, ...]:
    """All scores that moved, project by project; a project that came or went is none."""
    before = {card.project.id: card for card in old.cards}
    known = (card for card in new.cards if card.project.id in before)
    return tuple(move for card in known for move in moves_of(before[card.project.id], card))


def moves_of(old: Scorecard, new: Scorecard) -> Iterator[Move]:
    """The moves of one project: its total, its execution rate, its rows; and what a reviewer makes of them."""
    yield from move(new, TOTAL, phrase("总分"), old.total, new.total)
    yield from move(new, TOTAL, phrase("复核总分"), reviewed(old), reviewed(new))
    yield from move(new, EXECUTION, phrase("预算执行率"), old.budget.points, new.budget.points)
    before = {score.indicator.id: score for score in old.scores}
    for at, score in enumerate(new.scores, 1):
        if known := before.get(score.indicator.id):
            name = score.indicator.level3
            yield from move(new, f"row-{at}", name, known.points, score.points)
            yield from move(new, f"row-{at}", phrase("{name}（复核）", name=name), given(known), given(score))


def reviewed(card: Scorecard) -> Decimal | None:
    """The total after a review; None without one."""
    return card.review.total if card.review else None


def given(score: Score) -> Decimal | None:
    """The reviewer's points; None where there are none."""
    return score.review.points if score.review else None


def move(card: Scorecard, anchor: str, label: str, old: Decimal | None, new: Decimal | None) -> Iterator[Move]:
    """One score, where it moved."""
    if old != new:
        way = "" if old is None or new is None else "up" if new > old else "down"
        yield Move(card.project.id, card.project.name, anchor, label, display.points(old), display.points(new), way)
