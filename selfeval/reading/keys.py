"""The key of an indicator: which target a row of another table is about.

指标编号 where given (unique within its project), else 二级指标 and 三级指标 together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING

from selfeval.base.diagnostics import Diagnostic, finding, of_reading
from selfeval.base.display import cell_words, is_in_workbook
from selfeval.base.model import Place
from selfeval.base.phrases import Phrase, phrase
from selfeval.base.remarks import Reading, reading
from selfeval.base.text import comparable, shorten

if TYPE_CHECKING:
    from selfeval.reading.tables import TableRow

Findings = list[Diagnostic]

MAX_GUESSES, MAX_NAMES = 20, 2_000
"""So many lost rows of a project are told which name they may have meant, among so many: a guess takes time."""

KEY = ("指标编号", "二级指标", "三级指标")
NAMES = KEY[1:]


def target_rows(rows: Iterable[TableRow], diagnostics: Findings) -> dict[str, TableRow]:
    """Target rows by id; rows without an indicator and repeated keys are reported and left out."""
    kept: dict[str, TableRow] = {}
    taken: dict[str, str] = {}
    for row in rows:
        code, level2, name = row.texts(KEY)
        if not name:
            place, target = row.place_of("三级指标"), shorten(row.text("指标值"))
            diagnostics.append(finding("T010.name", place, target=target) if target else finding("T025", place))
            continue
        id_ = code or f"{level2}/{name}"
        same = taken.setdefault(comparable(id_), id_)
        if same in kept:
            first = kept[same].place.line
            diagnostics.append(finding("P003", row.place, indicator=same, name=shorten(id_), first=first))
            continue
        kept[id_] = row
    return kept


@dataclass(frozen=True, slots=True)
class Keys:
    """Ways to find an indicator: by 指标编号, by 二级 and 三级, by 三级 alone where that is unique."""

    codes: Mapping[str, str]
    names: Mapping[tuple[str, str], str]
    level3: Mapping[str, list[str]]
    shown: tuple[str, ...]

    @classmethod
    def of(cls, targets: Mapping[str, TableRow]) -> Keys:
        """The keys of a project's target rows."""
        level3: dict[str, list[str]] = defaultdict(list)
        names, codes = {}, {}
        for id_, row in targets.items():
            code, level2, name = row.texts(KEY)
            level3[comparable(name)].append(id_)
            names[comparable(level2), comparable(name)] = id_
            if code:
                codes[comparable(code)] = id_
        shown = (row.text("三级指标") for row in islice(targets.values(), MAX_NAMES))
        return cls(codes, names, level3, tuple(shown))

    def find(self, row: TableRow) -> str | None:
        """The id an actual row belongs to, None where there is none or more than one."""
        code, level2, name = row.texts(KEY)
        if code:
            return self.codes.get(comparable(code))
        if exact := self.names.get((comparable(level2), comparable(name))):
            return exact
        alone = self.level3.get(comparable(name), [])
        return alone[0] if len(alone) == 1 else None


def pair(targets: Mapping[str, TableRow], actuals: Iterable[TableRow], diagnostics: Findings) -> dict[str, TableRow]:
    """Each target's actual row, by id."""
    keys = Keys.of(targets)
    pairs: dict[str, TableRow] = {}
    lost = 0
    for row in actuals:
        if not (row.text("三级指标") or row.text("指标编号") or row.text("实际完成值")):
            continue
        id_ = keys.find(row)
        if id_ is None:
            diagnostics.append(of_reading(unpaired(row, keys, lost), row.place_of("三级指标")))
            lost += 1
        elif id_ in pairs:
            first = where(pairs[id_].place)
            diagnostics.append(finding("P004.twice", row.place, indicator=id_, name=shorten(id_), first=first))
        else:
            pairs[id_] = row
            check_names(id_, targets[id_], row, diagnostics)
    return pairs


def unpaired(row: TableRow, keys: Keys, lost: int) -> Reading:
    """Why an actual row belongs to no target, with the nearest name where not too many were `lost` before it."""
    if code := row.text("指标编号"):
        return reading("P002.number", number=shorten(code))
    name, level2 = row.text("三级指标"), row.text("二级指标")
    if not level2 and comparable(name) in keys.level3:
        return reading("P002.several", name=shorten(name))
    near = get_close_matches(name, keys.shown, 1, 0.5) if lost < MAX_GUESSES else ()
    both = shorten(f"{level2}/{name}", 60)
    return reading("P002.near", name=both, near=shorten(near[0])) if near else reading("P002.none", name=both)


def check_names(id_: str, target: TableRow, actual: TableRow, diagnostics: Findings) -> None:
    """The names beside an actual are a check: where they differ from the target's, it is said."""
    for column in NAMES:
        theirs = actual.text(column)
        ours = target.text(column)  # a blank one is told where it is blank
        if theirs and ours and ours != theirs and comparable(ours) != comparable(theirs):
            place, words = actual.place_of(column), (shorten(theirs), shorten(ours))
            d = finding("P005", place, indicator=id_, column=column, actual=words[0], target=words[1])
            diagnostics.append(d)


def where(place: Place) -> Phrase | str:
    """A place as part of a sentence."""
    if is_in_workbook(place):
        return f"{place.file} {cell_words(place)}"
    return phrase("{file} 第 {row} 行", file=place.file, row=place.line)
