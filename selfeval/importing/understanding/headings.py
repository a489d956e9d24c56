"""The heading of a table of indicators: which column holds what, in one row or two, for one year or several."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from selfeval.importing.grid import GridCell, Line
from selfeval.importing.understanding.alignment import Slot
from selfeval.importing.understanding.funds import hear_money, is_amount
from selfeval.importing.understanding.state import State
from selfeval.importing.vocabulary import AMOUNT_ROLE_OF, ROLE_OF, bare, field_of, is_category, is_level1, is_level2

SECOND = "三级指标（另一列）"
FLAT = frozenset({"项目名称", "项目编号"})
FLAT_FIELDS = frozenset(
    [
        "主管部门",
        "实施单位",
        "项目属性",
        "项目类型",
        "功能科目编码",
        "科目名称",
        "起止",
        "开始日期",
        "结束日期",
        "项目负责人",
        "联系电话",
        "项目概况",
        "年度总体目标",
        "总体目标完成情况",
        "预算金额",
        "填报单位",
        "目标",
    ]
)
_LONG_TERM = re.compile(r"长期|中期|实施期")


def header_slots(line: Line) -> tuple[Slot, ...]:
    """The columns of a table of indicators where the line is its heading, else none."""
    roles = [(role_of(cell), cell) for cell in line.cells]
    known = {role for role, _ in roles}
    levels = known & {"一级指标", "二级指标", "三级指标"}
    enough = len(levels) >= 2 or ("三级指标" in levels and known & {"指标值", "实际完成值"})
    if (
        not enough
        or sum(bool(role) for role, _ in roles) * 2 < len(roles)
        or any(is_amount(c.text) for c in line.cells)
    ):
        return ()
    if known & FLAT:  # every row names its project, so that its fields stand in columns
        roles = [(_flat_role(role, cell), cell) for role, cell in roles]
    return tuple(Slot(role or f"其他列:{bare(cell.text)}", cell.column, cell.last) for role, cell in roles)


def _flat_role(role: str, cell: GridCell) -> str:
    """A column that no table of indicators has may be a field of the project: 预算金额."""
    name = field_of(cell.text)
    return name if role.startswith("其他列") and name in FLAT_FIELDS else role


def is_other_heading(line: Line) -> bool:
    """Whether a table begins with a heading that is not that of indicators: 序号 | 指标 | 计算过程, 指标 | 完成值 …"""
    words = [bare(cell.text) for cell in line.cells]
    if len(words) < 3 or max(map(len, words)) > 20 or any(is_amount(w) for w in words):
        return False
    known = sum(word in ROLE_OF and not is_category(word) for word in words)
    projects = "项目名称" in words and sum(word in AMOUNT_ROLE_OF for word in words) >= 2
    return words[0] == "序号" or projects or (known >= 2 and known * 2 >= len(words) and not field_of(words[0]))


def role_of(cell: GridCell) -> str:
    """What a column holds, by its heading; fields of the project where every row names its project."""
    words = bare(cell.text)
    role = ROLE_OF.get(words, "")
    if role == "其他列":
        return f"其他列:{words}"
    name = field_of(cell.text)
    if not role and name in FLAT | FLAT_FIELDS:
        return name
    return role or ("类别" if words.endswith("绩效指标") else "")


def read_header(state: State, line: Line, slots: tuple[Slot, ...]) -> None:
    """Opens a table of indicators, or goes on with it where the heading is repeated."""
    project_columns = any(slot.role in FLAT for slot in slots)
    if not project_columns:
        state.here()
    slots = _with_above(state, line, slots)
    groups = year_groups(state, slots)
    state.slots, state.unused = numbered(groups[0]), groups[1]
    state.section, state.below, state.header_just_read = "indicators", [], True
    state.totalled = False
    state.long_term = any(_LONG_TERM.search(c.text) for c in (*line.cells[:1], *line.shadows) if role_of(c) == "类别")
    for cell in line.cells:
        hear_money(state, cell)
        state.ledger.label(cell)


def _with_above(state: State, line: Line, slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """A heading in two rows: what stands in the upper one beside the lower belongs to it (实际完成值 | 分值 | 得分)."""
    above = state.previous.cells if state.previous and not line.after_break else ()
    roles = [(role_of(cell), cell) for cell in above]
    if sum(bool(role) for role, _ in roles) < max(2, len(above) - 1):
        return slots
    beside = [(role, cell) for role, cell in roles if role and not any(cell.covers(s.first, s.last) for s in slots)]
    for cell in above:
        state.ledger.label(cell)
    return tuple(sorted((*slots, *(Slot(r, c.column, c.last) for r, c in beside)), key=lambda s: s.first))


def numbered(slots: Sequence[Slot]) -> tuple[Slot, ...]:
    """Every role once: a second column of names is kept apart, any further double is an unnamed column."""
    seen: set[str] = set()
    made: list[Slot] = []
    for slot in slots:
        role = slot.role
        if role in seen:
            role = SECOND if role == "三级指标" and SECOND not in seen else f"其他列:{role}（{slot.first + 1}）"
        seen.add(role)
        made.append(replace(slot, role=role))
    return tuple(made)


def year_groups(state: State, slots: tuple[Slot, ...]) -> tuple[tuple[Slot, ...], tuple[Slot, ...]]:
    """Where targets of several years stand beside those of one: the columns of the year, and the others."""
    values = [i for i, slot in enumerate(slots) if slot.role == "指标值"]
    if len(values) < 2:
        return slots, ()
    first, second = slots[: values[0] + 1], slots[values[0] + 1 :]
    above = [c for c in (state.previous.cells if state.previous else ()) if _LONG_TERM.search(c.text)]
    if any(c.covers(s.first, s.last) for c in above for s in second if s.role == "指标值") and not any(
        c.covers(s.first, s.last) for c in above for s in first if s.role == "指标值"
    ):
        return first, second
    shared = [s for s in first if s.role in {"类别", "一级指标", "二级指标"} and s.role not in {t.role for t in second}]
    return (*shared, *second), tuple(s for s in first if s not in shared)


def sub_header(state: State, line: Line) -> bool:
    """A second row of headings below a wide one (年度指标值 over 指标性质 | 指标值 | 度量单位)."""
    roles = [(role_of(cell), cell) for cell in line.cells]
    if not state.header_just_read or not roles or not all(role for role, _ in roles):
        return False
    if any(is_category(c.text) or is_level1(c.text) or is_level2(c.text) for _, c in roles):
        return False
    below = [Slot(role, cell.column, cell.last) for role, cell in roles]
    kept = [s for s in state.slots if not any(s.first <= b.last and b.first <= s.last for b in below)]
    state.slots = numbered(sorted((*kept, *below), key=lambda s: s.first))
    for cell in line.cells:
        state.ledger.label(cell)
    return True
