"""What stands out, looked for on one machine or on many: rows are cut by what a look compares, never across it.

Each look says of single rows what it needs of them, and by which text they are compared: costs by the name of their
indicator, sentences by their words, all else by the unit. Parts cut by that text can be looked at anywhere, by the very
functions that look at everything at once, and come to the same findings. Only these come back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import replace
from typing import NamedTuple
from zlib import crc32

import numpy as np
import pandas as pd

from selfeval.audit.survey.found import Desk, together
from selfeval.audit.survey.peers import costs_in, unit_cost
from selfeval.audit.survey.projects import as_targeted, full_marks, low_execution, off_rule, qualitative
from selfeval.audit.survey.tables import IndicatorRows, Piece
from selfeval.audit.survey.texts import copied_text, sentences, shared_sentences
from selfeval.audit.survey.years import absent, below_last_year, missing, with_last
from selfeval.base.waiting import answers
from selfeval.evaluation.shelf import packed, unpacked

PART = 50_000
"""Indicators for which a part is cut; of fewer there is but one, and no need of another machine."""


class Look(NamedTuple):
    """What it needs of the rows, each by itself; the column it compares them by; what it finds in them."""

    rows: Callable[[Desk], pd.DataFrame]
    by: str
    find: Callable[[Desk], pd.DataFrame]


def of_units(desk: Desk) -> pd.DataFrame:
    """The rows with their unit."""
    return desk.indicators.assign(unit=desk.of_project("unit"))


def within_units(desk: Desk) -> pd.DataFrame:
    """What stands out in projects by themselves, and beside those of their unit a year before."""
    last = with_last(desk.projects, desk.limits.name)
    alone = (full_marks, as_targeted, low_execution, qualitative, off_rule)
    return together([*(look(desk) for look in alone), below_last_year(desk, last), missing(desk, last)])


COSTS, SENTENCES, UNITS = "costs", "sentences", "units"
LOOKS = {
    COSTS: Look(costs_in, "key3", unit_cost),
    SENTENCES: Look(sentences, "key", shared_sentences),
    UNITS: Look(of_units, "unit", within_units),
}
Found = Iterator[tuple[str, pd.DataFrame]]
"""What looks found, each by its name."""


def stands_out(desk: Desk, rows: IndicatorRows, pool: Executor | None) -> pd.DataFrame:
    """Everything that stands out. `desk`: without indicators; `pool`: other machines that look, None: this one does."""
    parts = -(-len(rows) // PART)
    by_look = in_parts(desk, rows, pool, parts) if pool and parts > 1 else at_once(desk, rows)
    listed = list(by_look)
    copied = pd.concat([findings for name, findings in listed if name == SENTENCES])
    others = [findings for name, findings in listed if name != SENTENCES]
    return together([*others, copied_text(copied, desk.limits), absent(desk)])


def at_once(desk: Desk, rows: IndicatorRows) -> Found:
    """What all looks find in all rows."""
    whole = counting(desk, rows.whole())
    for name, look in LOOKS.items():
        yield name, look.find(replace(whole, indicators=look.rows(whole)))


def counting(desk: Desk, rows: pd.DataFrame) -> Desk:
    """The desk with those of some rows whose projects count."""
    return replace(desk, indicators=rows[rows["p"].isin(desk.projects.index)])


# ── On many machines ──

Cut = dict[tuple[str, int], bytes]
"""Rows as bytes, by the look and the number of the part; -1: no rows."""


def in_parts(desk: Desk, rows: IndicatorRows, pool: Executor, parts: int) -> Found:
    """The same by a pool that may be anywhere: sources are cut into parts there, and each part looked at."""
    shelves: dict[tuple[str, int], list[bytes]] = {}
    for cut in answers(cuts_of(desk, rows, pool, parts)):
        for place, content in cut.items():
            shelves.setdefault(place, []).append(content)
    number = part_of(desk.projects["unit"], parts)
    names = [name for name in LOOKS for _ in range(parts)]

    def looks() -> Iterator[Future[bytes]]:
        for at, name in enumerate(names):
            part = at % parts
            about = desk.projects[number == part] if name == UNITS else desk.projects[:0]
            content = shelves.pop((name, part), []) or shelves[name, -1][:1]
            yield pool.submit(look_at, name, replace(desk, projects=about), content)

    yield from zip(names, map(unpacked, answers(looks())), strict=True)


def cuts_of(desk: Desk, rows: IndicatorRows, pool: Executor, parts: int) -> Iterator[Future[Cut]]:
    """The rows of each source, given to the pool to be cut."""
    ends = [*(piece.projects for piece in rows.pieces[1:]), None]
    for piece, end in zip(rows.pieces, ends, strict=True):
        at = desk.projects.index >= piece.projects
        about = desk.projects[at if end is None else at & (desk.projects.index < end)]
        if len(about):
            yield pool.submit(cut, replace(desk, projects=about), piece, parts)


def cut(desk: Desk, piece: Piece, parts: int) -> Cut:
    """On a worker: what each look needs of the rows of a source, cut into so many parts."""
    whole, pieces = counting(desk, piece.table()), Cut()
    for name, look in LOOKS.items():
        rows = look.rows(whole)
        number = part_of(rows[look.by], parts)
        pieces |= {(name, part): packed(rows[number == part]) for part in {-1, *number.tolist()}}
    return pieces


def part_of(texts: pd.Series, parts: int) -> np.ndarray:
    """The number of the part of every text: the same everywhere."""
    codes, different = pd.factorize(texts)
    numbers = [crc32(text.encode("utf-8", "surrogatepass")) % parts for text in different]
    return np.array(numbers, dtype=int)[codes]


def look_at(name: str, desk: Desk, content: list[bytes]) -> bytes:
    """On a worker: what a look finds in a part."""
    return packed(LOOKS[name].find(replace(desk, indicators=pd.concat(map(unpacked, content)))))
