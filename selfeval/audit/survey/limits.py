"""From where on something stands out: every number in one place, as it is told beside the result.

They were set on generated provinces with planted oddities and then left alone (docs/survey.md says how well they do).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers. Shares are of 1; a text's length is counted without digits, signs and blanks."""

    peers: int = 8
    """Others of the same indicator, unit of measure and year, below which no cost is compared."""
    deviations: float = 5.0
    """Distance from the median in standard deviations as the MAD estimates them, on the logarithm of the cost."""
    least_spread: float = 0.02
    """The spread that peers have at least: where all pay one standard, a rounding is no outlier."""
    ratio: float = 1.5
    """How many times the median, or one part of how many, a cost is at least."""
    rows: int = 5
    """Scored indicators that a project has at least where something is said of all of them."""
    below: float = 0.3
    """How much less a target asks than was done last year (or how much more it allows)."""
    execution: float = 0.7
    """The rate of execution up to which it is low."""
    gap: float = 0.25
    """How far the share of points lies above the rate of execution."""
    qualitative: float = 0.6
    """The share of rows that are 定性."""
    text: int = 15
    """Characters of a sentence that is looked for elsewhere."""
    handed: float = 0.5
    """The share of last year's units that hand in something this year, from which the others are missed."""
    name: float = 0.6
    """How alike the names of two years' projects are that are taken for one, if no other is."""


LIMITS = Limits()
