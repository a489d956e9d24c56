"""Pictures as the templates see them: places and lengths in units of the picture, words ready to print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChartLabel:
    """A line of text in a chart."""

    y: str
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its label in lines, its place and length, what stands behind it. `state`: met, short or unscored."""

    labels: tuple[ChartLabel, ...]
    y: str
    middle: str
    width: str
    state: str
    value: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of bars, everything in units of its own; `description` says the same in words."""

    id: str
    title: str
    description: str
    height: str
    foot: str
    line: str
    line_label: str
    legend: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Dot:
    """A project in a scatter: its place in the picture, what it is called. `state`: met or short."""

    id: str
    x: str
    y: str
    text: str
    href: str
    state: str


@dataclass(frozen=True, slots=True)
class DotLabel:
    """The number beside a dot: its left end on the base line."""

    x: str
    y: str
    text: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across a scatter with its label."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Scatter:
    """Execution (across) against points (up); in units of the picture, 480 × 220.

    `up` from the top; `labels` in the order in which people read them, where they have room.
    """

    title: str
    description: str
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    due: str
    dots: tuple[Dot, ...]
    labels: tuple[DotLabel, ...]
    note: str


@dataclass(frozen=True, slots=True)
class DrawnPictures:
    """The pictures of a narrative on paper: their sums by their names in the Markdown, "" of one that is not drawn.

    `everywhere`: also within words that are set apart, and in the head of a table; where not, words stand for them.
    """

    as_drawn: Mapping[str, str]
    everywhere: bool
