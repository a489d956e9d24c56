"""Which cell of a row belongs to which column, where cells may have slipped.

Published tables lose leading cells of merged columns, so that a row stands one or two columns too far left. A cell is
judged by what it says (`产出指标` is a first level, `10` no name) and by where it stands; a shift costs once where it
begins, not for every cell, since a whole row slips together. A small dynamic programme: all keep their order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from selfeval.importing.grid import GridCell
from selfeval.importing.vocabulary import (
    AMOUNT,
    AMOUNTS,
    fund_label,
    is_category,
    is_level1,
    is_level2,
    is_sure_level1,
    squeeze,
)

SHIFT = 1.5
LEFT_OUT = -8.0
REPEATED = -2.0
MISSING = {"三级指标": -2.5, "指标值": -3.0, "资金来源": -4.0}

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?分?")
_MEASURE = re.compile(r"[≥≤><=≧≦═]*\d[\d,.]*(?:万|亿)?(?:元|%|[个人次天页台套份项件条家户辆篇期场米年月日][次元度]?)?")
_SIGN = re.compile(r"[≥>≤<=≧≦═]+|定性|定量|大于等于|小于等于|大于|小于|等于")
_DIRECTION = re.compile(r"正向|反向|负向|中性|正|反")
_BLANK = re.compile(r"[-—–/\\－]+")


@dataclass(frozen=True, slots=True)
class Slot:
    """One column of a table: what it holds, and which grid columns its heading covers."""

    role: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Aligned:
    """Cells by role, the cells that found none, and whether any stands outside its column."""

    cells: Mapping[str, GridCell]
    left_out: tuple[GridCell, ...]
    slipped: bool


def align(cells: Sequence[GridCell], slots: Sequence[Slot]) -> Aligned:
    """The best assignment of a row's cells to the columns."""

    @cache
    def best(at: int, slot: int, shift: int) -> tuple[float, tuple[int, ...]]:
        if at == len(cells):
            return _missing(slots[slot:]), ()
        left_out = _cost_of_leaving(cells, at)
        found = best(at + 1, slot, shift)
        choice = (left_out + found[0], (-1, *found[1]))
        skipped = 0.0
        for index in range(slot, len(slots)):
            moved = displacement(cells[at], slots[index])
            rest = best(at + 1, index + 1, moved)
            merit = skipped + fit(cells[at], slots[index]) - (SHIFT if moved != shift else 0.0) + rest[0]
            if merit > choice[0]:
                choice = (merit, (index, *rest[1]))
            skipped += MISSING.get(slots[index].role, 0.0)
        return choice

    _, places = best(0, 0, 0)
    chosen = {slots[i].role: cell for cell, i in zip(cells, places, strict=True) if i >= 0}
    out = tuple(cell for cell, i in zip(cells, places, strict=True) if i < 0)
    slipped = any(i >= 0 and displacement(cell, slots[i]) for cell, i in zip(cells, places, strict=True))
    return Aligned(chosen, out, slipped)


def _missing(slots: Sequence[Slot]) -> float:
    return sum(MISSING.get(slot.role, 0.0) for slot in slots)


def _cost_of_leaving(cells: Sequence[GridCell], at: int) -> float:
    """A cell that repeats its neighbour (时效指标 | 时效指标) may go; any other only where nothing else is possible."""
    following = cells[at + 1].text if at + 1 < len(cells) else ""
    repeated = is_level2(cells[at].text) and squeeze(cells[at].text) == squeeze(following)
    return REPEATED if repeated else LEFT_OUT


def displacement(cell: GridCell, slot: Slot) -> int:
    """How many columns right of the cell its column lies; 0 where the cell stands in it."""
    return 0 if cell.covers(slot.first, slot.last) else slot.first - cell.column


def fit(cell: GridCell, slot: Slot) -> float:
    """How well what is written suits a column."""
    words = squeeze(cell.text)
    if _BLANK.fullmatch(words):
        return 0.5 if slot.role not in LEVELS else -2.0
    judge = _JUDGES.get(slot.role)
    return judge(words) if judge else 0.0


def is_sign(words: str) -> bool:
    """Whether a text is a comparator, or says that there is none (定性)."""
    return bool(_SIGN.fullmatch(words))


def is_prose(words: str) -> bool:
    """A clause or sentence rather than a name or a value."""
    return len(words) > 25 and any(mark in words for mark in "，。；,;")


def _level1(words: str) -> float:
    if is_sure_level1(words):
        return 6.0
    if is_level1(words):
        return 2.0
    return -6.0 if is_level2(words) else -3.5


def _level2(words: str) -> float:
    if is_sure_level1(words) and not is_level2(words):
        return -6.0
    return 5.0 if is_level2(words) else -2.0


def _level3(words: str) -> float:
    if is_sure_level1(words) or (is_level2(words) and words.endswith("指标")):
        return -4.0
    if is_level2(words):  # 成本, 满意度: a name for a lazy hand
        return -1.0
    if _MEASURE.fullmatch(words) or _SIGN.fullmatch(words):
        return -3.0
    return -1.0 if is_prose(words) else 1.0


def _value(words: str) -> float:
    if is_sure_level1(words) or is_level2(words):
        return -4.0
    return 1.5 if is_prose(words) or _MEASURE.fullmatch(words) else 1.0


def _number(words: str) -> float:
    return 3.0 if _NUMBER.fullmatch(words) else -6.0


def _sign(words: str) -> float:
    return 5.0 if _SIGN.fullmatch(words) else -8.0


def _direction(words: str) -> float:
    return 5.0 if _DIRECTION.match(words) or _SIGN.fullmatch(words) else -8.0


def _unit(words: str) -> float:
    return 2.0 if len(words) <= 8 and not _NUMBER.fullmatch(words) else -5.0


def _category(words: str) -> float:
    return 5.0 if is_category(words) else -10.0


def _reason(words: str) -> float:
    return -1.0 if _NUMBER.fullmatch(words) else 0.5


def _actual(words: str) -> float:
    return -4.0 if is_sure_level1(words) or is_level2(words) else 0.8


def _amount(words: str) -> float:
    return 2.0 if AMOUNT.fullmatch(words) else -5.0


def _fund(words: str) -> float:
    return 4.0 if fund_label(words) else -3.0


def _rate(words: str) -> float:
    return 3.0 if "%" in words else (0.0 if _NUMBER.fullmatch(words) else -4.0)


LEVELS = frozenset({"类别", "一级指标", "二级指标", "三级指标"})
_JUDGES = {
    "类别": _category, "一级指标": _level1, "二级指标": _level2, "三级指标": _level3, "指标性质": _sign,
    "指标值": _value, "度量单位": _unit, "分值": _number, "指标方向": _direction, "实际完成值": _actual,
    "原表得分": _number, "偏差原因分析及改进措施": _reason, "资金来源": _fund, "执行率": _rate, "得分": _number,
    "原因说明": _reason, **dict.fromkeys(AMOUNTS, _amount),
}  # fmt: skip
