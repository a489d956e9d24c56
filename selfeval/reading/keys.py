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

from selfeval.base.diagnostics import Diagnostic, found
from selfeval.base.display import cell_words, is_in_workbook
from selfeval.base.model import Place
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
            found_as, said = ("T025", "这一行没有三级指标，未计入") if not row.text("指标值") else (
                "T010", f"“三级指标”是空的，指标值“{shorten(row.text('指标值'))}”未计入")  # fmt: skip
            diagnostics.append(found(found_as, said, row.place_of("三级指标")))
            continue
        id_ = code or f"{level2}/{name}"
        same = taken.setdefault(comparable(id_), id_)
        if same in kept:
            said = f"指标“{shorten(id_)}”在本项目中重复（首次在第 {kept[same].place.line} 行），本行未采用"
            diagnostics.append(found("P003", said, row.place, indicator=same))
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
            said = unpaired(row, keys, lost)
            lost += 1
            diagnostics.append(found("P002", said, row.place_of("三级指标")))
        elif id_ in pairs:
            said = f"指标“{shorten(id_)}”的完成值填了两次（首次在 {where(pairs[id_].place)}），本行未采用"
            diagnostics.append(found("P004", said, row.place, indicator=id_))
        else:
            pairs[id_] = row
            check_names(id_, targets[id_], row, diagnostics)
    return pairs


def unpaired(row: TableRow, keys: Keys, lost: int) -> str:
    """Why an actual row belongs to no target, with the nearest name where not too many were `lost` before it."""
    if code := row.text("指标编号"):
        return f"指标编号“{shorten(code)}”在目标表中没有"
    name, level2 = row.text("三级指标"), row.text("二级指标")
    if not level2 and comparable(name) in keys.level3:
        return f"三级指标“{shorten(name)}”在目标表中不止一个，请填写二级指标"
    near = get_close_matches(name, keys.shown, 1, 0.5) if lost < MAX_GUESSES else ()
    meant = f"，是否指“{shorten(near[0])}”" if near else ""
    return f"完成值没有对应的目标：{shorten(f'{level2}/{name}', 60)}{meant}"


def check_names(id_: str, target: TableRow, actual: TableRow, diagnostics: Findings) -> None:
    """The names beside an actual are a check: where they differ from the target's, it is said."""
    for column in NAMES:
        theirs = actual.text(column)
        if theirs and theirs != (ours := target.text(column)) and comparable(ours) != comparable(theirs):
            said = f"{column}写的是“{shorten(theirs)}”，目标表中是“{shorten(ours)}”"
            diagnostics.append(found("P005", said, actual.place_of(column), indicator=id_))


def where(place: Place) -> str:
    """A place as part of a sentence."""
    return f"{place.file} {cell_words(place)}" if is_in_workbook(place) else f"{place.file} 第 {place.line} 行"
