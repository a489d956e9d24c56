"""review.csv: what a reviewer says of each indicator, read and laid beside the row it is about.

A row whose cells are all blank but the key is a row not yet reviewed. What cannot be used is said and left out;
a 复核得分 outside its row's weight is found when the project is scored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from selfeval.base.diagnostics import Diagnostic, about, finding
from selfeval.base.model import Indicator, Review
from selfeval.base.text import shorten
from selfeval.reading.amounts import read_points
from selfeval.reading.keys import Keys, check_names, unpaired, where
from selfeval.reading.tables import TableRow
from selfeval.reading.values.actuals import Context, read_actual

SAID = ("复核完成值", "复核得分", "复核意见")
"""The cells of which one at least makes a row a review."""

Findings = list[Diagnostic]


def with_reviews(
    indicators: Sequence[Indicator],
    targets: Mapping[str, TableRow],
    rows: Iterable[TableRow],
    context: Context,
    diagnostics: Findings,
) -> tuple[Indicator, ...]:
    """The indicators of a project, each with its review. `targets` are their rows by id, in the same order."""
    given = [row for row in rows if any(row.text(name) for name in SAID)]
    if not given:
        return tuple(indicators)
    reviews = paired(given, targets, diagnostics)
    return tuple(
        replace(indicator, review=read_review(reviews[id_], indicator, context, diagnostics))
        if id_ in reviews
        else indicator
        for id_, indicator in zip(targets, indicators, strict=True)
    )


def paired(rows: Iterable[TableRow], targets: Mapping[str, TableRow], diagnostics: Findings) -> dict[str, TableRow]:
    """Each indicator's review row, by id."""
    keys = Keys.of(targets)
    pairs: dict[str, TableRow] = {}
    lost = 0
    for row in rows:
        id_ = keys.find(row)
        if id_ is None:
            place = row.place_of("指标编号" if row.text("指标编号") else "三级指标")
            diagnostics.append(finding("A001", place, why=unpaired(row, keys, lost).said))
            lost += 1
        elif id_ in pairs:
            first = where(pairs[id_].place)
            diagnostics.append(finding("A002", row.place, indicator=id_, name=shorten(id_), first=first))
        else:
            pairs[id_] = row
            check_names(id_, targets[id_], row, diagnostics)
    return pairs


def read_review(row: TableRow, indicator: Indicator, context: Context, diagnostics: Findings) -> Review:
    """One row of the reviewer's sheet, its 复核完成值 read as the unit's own 实际完成值 is."""
    here: Findings = []
    cell = row["复核完成值"]
    review = Review(
        actual=read_actual(cell.text, indicator.target, context) if cell else None,
        points=read_points(row, "复核得分", here),
        opinion=row.text("复核意见"),
        reviewer=row.text("复核人"),
        place=row.place_of("复核得分"),
        actual_place=cell.place,
    )
    diagnostics += [about(d, indicator=indicator.id) for d in here]
    return review
