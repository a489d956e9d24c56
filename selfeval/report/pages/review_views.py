"""复核情况表 as the templates see it: words ready to print."""

from __future__ import annotations

from dataclasses import dataclass

from selfeval.base.text_width import half_a_page


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A line of 复核情况表. `kind`: row, or the sums of level2, level1, money (预算执行率), total.

    `seen` is 复核完成值; `rule_points` and `rule_reviewed` what the rule gives for the unit's and the reviewer's
    value, only where other points count; `opinion` the reviewer's words, `reviewer` who they are.
    """

    kind: str
    number: str
    name: str
    under: str
    target: str
    actual: str
    seen: str
    weight: str
    points: str
    rule_points: str
    reviewed: str
    rule_reviewed: str
    deviation: str
    opinion: str
    reviewer: str
    anchor: str

    @property
    def tall(self) -> bool:
        """Whether it may go on on the next page."""
        values = (self.name, self.target, self.actual, self.seen)
        return half_a_page(*((text, 7) for text in values), (self.opinion, 14))


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A project after its review, at a glance and line by line."""

    total: str
    deviation: str
    grade: str
    complete: bool
    counted: str
    reviewers: str
    lines: tuple[ReviewLine, ...]
