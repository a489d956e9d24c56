"""Columns whose heading says nothing, told by their cells: second levels, signs, points that sum to 90 or 100."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from selfeval.base.phrases import phrase
from selfeval.importing.grid import Line
from selfeval.importing.ledger import Sort
from selfeval.importing.understanding.alignment import BLANK
from selfeval.importing.understanding.column_content import ACTUAL_UNIT, Slot, is_number, is_sign
from selfeval.importing.understanding.state import State
from selfeval.importing.vocabulary import heading_role, is_level1, is_level2, is_sure_level1, squeeze

SECOND = "三级指标（另一列）"
OTHER = "其他列"
_LONGEST_UNIT = 4


def numbered(slots: Sequence[Slot]) -> tuple[Slot, ...]:
    """Every role once: a second column of names is kept apart, any further double is an unnamed column."""
    seen: set[str] = set()
    once: list[Slot] = []
    for slot in slots:
        role = slot.role
        if role == "度量单位" and role in seen and once[-1].role == "实际完成值":
            role = ACTUAL_UNIT
        if role in seen:
            role = SECOND if role == "三级指标" and SECOND not in seen else f"{OTHER}:{role}（{slot.first + 1}）"
        seen.add(role)
        once.append(replace(slot, role=role))
    return tuple(once)


def tell_by_cells(state: State, rows: Sequence[Line]) -> None:
    """Gives a role to columns with an unknown or wrong heading where all their cells, in these rows, agree on it."""
    if len(rows) < 2:
        return
    state.slots = _split(state.slots, rows)
    blank = _without_heading(state.slots, rows)
    columns = {slot: _texts(rows, slot) for slot in (*state.slots, *blank)}
    taken = {slot.role for slot in state.slots}
    roles = dict(_levels_told(columns, taken))
    taken |= set(roles.values())
    unnamed = {s: texts for s, texts in columns.items() if s not in roles and _is_unnamed(s)}
    signs = [s for s, texts in unnamed.items() if _all_signs(texts)]
    roles |= {s: "指标性质" for s in signs if len(signs) == 1 and "指标性质" not in taken}
    roles |= _points_told(unnamed, taken)
    for slot, role in roles.items():
        heading = slot.role.removeprefix(f"{OTHER}:")
        message = phrase("“{heading}”一栏的内容都是{role:_}，按{role:_}读取", heading=heading, role=role)
        state.ledger.remark(Sort.GUESSED, message, rows[0].cells[0].place, state.project.name if state.project else "")
    slots = sorted((*state.slots, *(s for s in blank if s in roles)), key=lambda s: s.first)
    state.slots = numbered([replace(slot, role=roles.get(slot, slot.role)) for slot in slots])


def _without_heading(slots: Sequence[Slot], rows: Sequence[Line]) -> list[Slot]:
    """Columns behind all that have a heading."""
    last = max(s.last for s in slots)
    columns = {c.column for row in rows if row.lost != BLANK for c in row.cells if c.column > last}
    return [Slot(f"{OTHER}:", column, column) for column in sorted(columns)]


def _points_told(unnamed: Mapping[Slot, Sequence[str]], taken: Container[str]) -> dict[Slot, str]:
    """The one column whose numbers sum to 90 or 100 (or the first of two alike); numbers right of it are scores."""
    points = [s for s, texts in unnamed.items() if _all_points(texts)]
    if "分值" in taken or not points or any(unnamed[s] != unnamed[points[0]] for s in points):
        return {}
    roles = {points[0]: "分值"}
    behind = next((s for s in unnamed if s.first == points[0].last + 1), None)
    if behind and "原表得分" not in taken and all(is_number(squeeze(t)) for t in unnamed[behind]):
        roles[behind] = "原表得分"
    return roles


def _split(slots: Sequence[Slot], rows: Sequence[Line]) -> tuple[Slot, ...]:
    """A heading over several columns without headings (年度指标值 over ≥ | 100 | 人次), told by their cells."""
    parted: list[Slot] = []
    for at, slot in enumerate(slots):
        end = max(slot.last, slots[at + 1].first - 1 if at + 1 < len(slots) else slot.last)
        inside = [c for row in rows if row.lost != BLANK for c in row.cells if slot.first <= c.column <= end]
        starts = sorted({c.column for c in inside})
        if slot.role != "指标值" or len(starts) < 2:
            parted.append(slot)
            continue
        lasts = [*(column - 1 for column in starts[1:]), end]
        parts = [Slot("", first, last) for first, last in zip(starts, lasts, strict=True)]
        texts = [[c.text for c in inside if c.column == part.first] for part in parts]
        roles = [_part_of_target(column) for column in texts]
        if roles.count("指标值") > 1 and not any(s.role == "分值" for s in slots):  # the points beside them, unnamed
            roles = [f"{OTHER}:" if _all_points(column) else role for role, column in zip(roles, texts, strict=True)]
        plain = roles.count("指标值") == 1
        parted += [
            replace(p, role=r if plain else f"{OTHER}:指标值（{p.first + 1}）")
            for p, r in zip(parts, roles, strict=True)
        ]
    return numbered(parted)


def _part_of_target(texts: Sequence[str]) -> str:
    """Whether cells are signs, units, or values."""
    if all(is_sign(squeeze(t)) for t in texts):
        return "指标性质"
    units = all(len(squeeze(t)) <= _LONGEST_UNIT and not any(c.isdigit() for c in t) for t in texts)
    return "度量单位" if units else "指标值"


def _texts(rows: Iterable[Line], slot: Slot) -> list[str]:
    """What stands in a column."""
    return [c.text for line in rows if line.lost != BLANK for c in line.cells if c.covers(slot.first, slot.last)]


def _is_unnamed(slot: Slot) -> bool:
    """Whether a column's heading is not one of those known to hold other things."""
    return slot.role.startswith(f"{OTHER}:") and heading_role(slot.role.removeprefix(f"{OTHER}:")) != OTHER


def _levels_told(columns: dict[Slot, list[str]], taken: set[str]) -> Iterable[tuple[Slot, str]]:
    """一级 and 二级 by their usual names; where 二级 stand under 一级指标, the column behind holds the names."""
    firsts = [s for s, t in columns.items() if _is_first_column(s) and t and all(map(is_sure_level1, t))]
    if "一级指标" not in taken and len(firsts) == 1:
        yield firsts[0], "一级指标"
    seconds = [s for s, t in columns.items() if _is_level_column(s) and len(t) > 1 and all(map(is_level2, t))]
    seconds = [s for s in seconds if not all(map(is_level1, columns[s]))]
    if len(seconds) != 1 or seconds[0].role == "二级指标":
        return
    second = next((s for s in columns if s.role == "二级指标"), None)
    if second is None:
        yield seconds[0], "二级指标"
    elif "三级指标" not in taken and not any(is_level2(t) for t in columns[second]):
        yield seconds[0], "二级指标"
        yield second, "三级指标"


def _is_level_column(slot: Slot) -> bool:
    return slot.role in {"一级指标", "二级指标"} or _is_unnamed(slot)


def _is_first_column(slot: Slot) -> bool:
    return slot.role == "类别" or _is_unnamed(slot)


def _all_signs(texts: Sequence[str]) -> bool:
    return len(texts) > 1 and all(is_sign(squeeze(t)) for t in texts)


def _all_points(texts: Sequence[str]) -> bool:
    """Numbers that sum to 90 or 100."""
    if len(texts) < 2 or not all(is_number(squeeze(t)) for t in texts):
        return False
    return sum(Decimal(squeeze(t).removesuffix("分")) for t in texts) in {Decimal(90), Decimal(100)}
