"""How wide the columns of a form are on paper, by what stands in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import sqrt

from selfeval.base.text_width import MM, USUAL, width
from selfeval.reading.form_layout import FormBlock, FormColumn, Layout
from selfeval.report.pages.form_heights import INNER, RUN, text_of
from selfeval.report.pages.form_paper import FormPaper
from selfeval.report.pages.form_words import AMOUNTS
from selfeval.report.pages.views import FormRow, FundRow, ProjectDocument
from selfeval.report.pages.words import WORDS

LEAST = {"level3": 6.0, "target": 5.0, "value": 5.0, "actual": 5.0, "reason": 6.0, "measure": 2.5, "nature": 2.5}
"""How many characters a column of texts holds at the least."""

LABEL = (4.0, 5.0)
"""A column of labels holds so many characters, and no more."""

MOST = 10.0
"""Characters of the longest number on one line."""

RULE, SMALLEST = 8.5, 8.0
"""The size of the notes under points at 10.5 pt, and below which no type goes, in pt."""

LONGEST = 60.0
"""Characters of a text that count; longer ones do not widen a column any more."""

LOOKED_AT = 300
"""Rows whose texts settle the widths."""


def with_widths(document: ProjectDocument, paper: FormPaper) -> Layout | None:
    """The layout of a form with the widths of its columns in mm; None where they are too narrow on this paper."""
    layout, rows = document.layout, document.rows
    em = paper.usual.size / MM
    scale = paper.usual.size / USUAL.size
    looked_at = rows[:: max(len(rows) // LOOKED_AT, 1)]
    totals = {"weight": document.total_weight, "points": document.total}
    fixed = {c.key: _plain(c, looked_at, totals.get(c.key, ""), scale) for c in layout.columns if c.key not in LEAST}
    texts = [column.key for column in layout.columns if column.key in LEAST]
    rest = paper.room - sum(fixed.values())
    least = {key: LEAST[key] * em + INNER for key in texts}
    if sum(least.values()) > rest:
        return None
    shared = _shares({key: _demand(key, looked_at) for key in texts}, least, rest)
    planned = {**fixed, **shared}
    scaled = (
        replace(
            block,
            mm=tuple(mm * scale for mm in block.mm),
            columns=tuple(replace(column, mm=column.mm * scale) for column in block.columns),
        )
        for block in layout.blocks
    )
    blocks = tuple(_with_whole_amounts(block, document.funds, paper) for block in scaled)
    return replace(layout, columns=tuple(replace(c, mm=_mm(planned[c.key])) for c in layout.columns), blocks=blocks)


def _mm(width_: float) -> float:
    """A width in whole hundredths of a millimetre, never more than it is."""
    return int(width_ * 100) / 100


def _with_whole_amounts(block: FormBlock, funds: Sequence[FundRow], paper: FormPaper) -> FormBlock:
    """A block in which no amount or rate is broken: a column whose share is too narrow for it takes from the others."""
    em = paper.usual.size / MM
    free = [column.key for column in block.columns if not column.mm]
    rest = paper.room - RUN * paper.usual.size / USUAL.size - sum(column.mm for column in block.columns)
    least = {key: _amounts(key, funds) * em + INNER for key in free}
    if not free or sum(least.values()) > rest or max(least.values()) <= rest / len(free):
        return block
    shared = _shares(dict.fromkeys(free, 1.0), least, rest)
    return replace(block, columns=tuple(replace(c, mm=c.mm or _mm(shared[c.key])) for c in block.columns))


def _amounts(key: str, funds: Sequence[FundRow]) -> float:
    """How many characters wide a column of amounts or rates is; 0 for one of words."""
    if key == "rate":
        return max(width(fund.rate) for fund in funds)
    if key not in AMOUNTS:
        return 0.0
    return max(width(getattr(fund, key)) + fund.tails[AMOUNTS.index(key)] / 4 for fund in funds)


def _plain(column: FormColumn, rows: Sequence[FormRow], total: str, scale: float) -> float:
    """A column of labels or of numbers with their total, in mm."""
    em = USUAL.size * scale / MM
    if column.key == "run":
        return RUN * scale
    if column.key in {"level1", "level2"}:
        names = {str(getattr(row, column.key)).removesuffix("指标") for row in rows}
        return min(max([LABEL[0], *map(width, names)]), LABEL[1]) * em + INNER
    beside = [
        width(words.format(points)) * max(RULE * scale, SMALLEST) / (USUAL.size * scale)
        for row in rows
        for words, points in ((WORDS.by_rule, row.rule_points), (WORDS.by_review, row.reviewed))
        if points and column.key == "points"
    ]
    words = [width(str(getattr(row, column.key))) for row in rows]
    return min(max([2.0, width(total), *words, *beside]), MOST) * em + INNER + 0.6


def _demand(key: str, rows: Sequence[FormRow]) -> float:
    """How much of the width a column wants: long texts count for more, since they make a row high."""
    return sqrt(sqrt(sum(min(width(text_of(row, key)), LONGEST) ** 3 for row in rows))) or 1.0


def _shares(demands: Mapping[str, float], least: Mapping[str, float], rest: float) -> dict[str, float]:
    """The room in proportion to the demands, no column below its least."""
    held = dict(least)
    free = set(demands)
    while free:
        room = rest - sum(held[key] for key in demands if key not in free)
        whole = sum(demands[key] for key in demands if key in free)
        shares = {key: room * demands[key] / whole for key in demands if key in free}
        if not (small := {key for key, share in shares.items() if share < least[key]}):
            return {**held, **shares}
        free -= small
    return held
