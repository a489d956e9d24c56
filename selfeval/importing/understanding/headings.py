"""The heading of a table of indicators: which column holds what, in one row or two, for one year or several.

A heading is a region: all rows inside the span of its first cells belong to it. A column whose heading nobody knows
keeps its place; where every cell below it says what it is (second levels, signs, points that sum to 90 or 100), it is
told by its cells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from selfeval.base.phrases import phrase
from selfeval.importing.grid import GridCell, Line
from selfeval.importing.ledger import Sort
from selfeval.importing.understanding.alignment import BLANK, has_slipped
from selfeval.importing.understanding.column_content import (
    ACTUAL_UNIT,
    LEVELS,
    Slot,
    head_of,
    is_value,
)
from selfeval.importing.understanding.columns_by_cells import OTHER, numbered, tell_by_cells
from selfeval.importing.understanding.funds import hear_money, is_amount, lists_projects
from selfeval.importing.understanding.state import State
from selfeval.importing.vocabulary import (
    CONTINUED,
    ROLE_OF,
    YEAR,
    bare,
    field_of,
    heading_role,
    is_category,
    is_goal,
    is_level1,
    is_level2,
    is_total,
    one_line,
    squeeze,
)

FLAT = frozenset({"项目名称", "项目编号"})
FLAT_FIELDS = frozenset({
    "主管部门", "实施单位", "项目属性", "项目类型", "功能科目编码", "科目名称", "起止", "开始日期", "结束日期",
    "项目负责人", "联系电话", "项目概况", "年度总体目标", "总体目标完成情况", "预算金额", "填报单位", "目标",
})  # fmt: skip
LOOK_AHEAD = 80
"""Rows below a heading that are looked at to tell a column by its cells."""
_LONGEST = 12
_WHOLE = frozenset({"合计", "总计", "全年", "全年合计", "数值", "值", "数字", "内容"})
PARTED = frozenset({"指标值", "实际完成值"})
"""Columns that a second row of headings may part."""
_COUNT = re.compile(r"栏次|[A-Z]|[甲乙丙丁戊己]|\d{1,2}(?:=[\dA-Z+\-×*/÷()]{1,12})?")
_LONG_TERM = re.compile(r"长期|中期|实施期")
_ASIDE = re.compile(r"\(([^()]*)\)")
_OTHER_TIME = re.compile(f"{_LONG_TERM.pattern}|上年|上一年|去年|三年|五年|规划期|历史")


def header_slots(line: Line, year: int | None = None) -> tuple[Slot, ...]:
    """The columns of a table of indicators where the line is its heading, else none."""
    year = year or _year_of(line)
    roles = [(role_of(cell, year), cell) for cell in line.cells]
    known = {role for role, _ in roles}
    levels = known & {"一级指标", "二级指标", "三级指标"}
    enough = len(levels) >= 2 or ("三级指标" in levels and known & {"指标值", "实际完成值"})
    if (
        not enough
        or sum(bool(role) for role, _ in roles) * 2 < len(roles)
        or any(is_amount(c.text) for c in line.cells)
    ):
        return ()
    roles = _behind_names(roles)
    if known & FLAT:  # every row names its project, so that its fields stand in columns
        roles = [(_flat_role(role, cell), cell) for role, cell in roles]
    roles = _of_year(_weighed(roles), year)
    return tuple(Slot(role or f"{OTHER}:{bare(cell.text)}", cell.column, cell.last) for role, cell in roles)


def _of_year(roles: Sequence[tuple[str, GridCell]], year: int | None) -> list[tuple[str, GridCell]]:
    """指标值 | 2024年目标值 in a form of 2024: of several targets the one that names the year."""
    values = [cell for role, cell in roles if role == "指标值"]
    named = [cell for cell in values if year and bare(cell.text).startswith(f"{year}年")]
    others = [cell for cell in values if cell not in named] if len(named) == 1 else []
    return [("" if cell in others else role, cell) for role, cell in roles]


def _behind_names(roles: Sequence[tuple[str, GridCell]]) -> list[tuple[str, GridCell]]:
    """绩效指标 heads the categories left of the levels; behind 二级 it heads the names, behind those the targets."""
    known = [role for role, _ in roles]
    named = []
    for at, (role, cell) in enumerate(roles):
        missing = next((r for r in ("三级指标", "指标值") if r not in known), role)
        named.append((missing if role == "类别" and "二级指标" in known[:at] else role, cell))
    return named


def _weighed(roles: Sequence[tuple[str, GridCell]]) -> list[tuple[str, GridCell]]:
    """权重 beside 分值 is a share, no points."""
    weights = [cell for role, cell in roles if role == "分值"]
    shares = [cell for cell in weights if "权" in cell.text]
    apart = shares if 0 < len(shares) < len(weights) else []
    return [("" if cell in apart else role, cell) for role, cell in roles]


def _year_of(line: Line) -> int | None:
    """The latest year that headings name, where the form states none: those before are its history."""
    return max((int(year) for cell in line.cells for year in YEAR.findall(squeeze(cell.text))), default=None)


def _flat_role(role: str, cell: GridCell) -> str:
    """A column that no table of indicators has may be a field of the project: 预算金额."""
    name = field_of(cell.text)
    return name if role.startswith(OTHER) and name in FLAT_FIELDS else role


def is_other_heading(line: Line) -> bool:
    """Whether a table begins with a heading that is not that of indicators: 序号 | 指标 | 计算过程, 指标 | 完成值 …"""
    words = [bare(cell.text) for cell in line.cells]
    if len(words) < 3 or max(map(len, words)) > 20 or any(is_amount(w) for w in words):
        return False
    known = sum(word in ROLE_OF and not is_category(word) for word in words)
    return (
        words[0] == "序号"
        or lists_projects(line)
        or (known >= 2 and known * 2 >= len(words) and not field_of(words[0]))
    )


def role_of(cell: GridCell, year: int | None = None) -> str:
    """What a column holds, by its heading; fields of the project where every row names its project."""
    words = bare(cell.text)
    role = OTHER if is_of_other_time(cell.text) else heading_role(words, year)
    if words not in ROLE_OF and (words.endswith("绩效指标") or is_goal(words)):
        return "类别"
    if role == OTHER:
        return f"{OTHER}:{words}"
    name = field_of(cell.text)
    if words not in ROLE_OF and name in FLAT | FLAT_FIELDS:
        return name
    return role


def is_of_other_time(heading: str) -> bool:
    """`指标值（实施期）`, `完成值（上年）`: the words in brackets say that the column is not of the year."""
    return any(_OTHER_TIME.search(aside) for aside in _ASIDE.findall(squeeze(heading)))


def read_header(state: State, line: Line, slots: tuple[Slot, ...]) -> None:
    """Opens a table of indicators, or goes on with it where the heading is repeated."""
    project_columns = any(slot.role in FLAT for slot in slots)
    if not project_columns:
        state.here()
    slots = _with_above(state, line, slots)
    groups = year_groups(state, slots)
    state.slots, state.unused = numbered(groups[0]), groups[1]
    state.section, state.below, state.header_just_read = "indicators", [], True
    state.totalled = state.ended = state.merged = state.closed = False
    state.heading_until = _region_end(line)
    if not state.slot("二级指标") and not _goes_on(line):
        state.level1 = state.level2 = ""
    state.long_term = any(_LONG_TERM.search(c.text) for c in (*line.cells[:1], *line.shadows) if role_of(c) == "类别")
    for cell in line.cells:
        hear_money(state, cell)
        state.ledger.label(cell)
    state.goal = next((one_line(c.text) for c in line.cells if is_goal(c.text)), state.goal if _goes_on(line) else "")
    tell_by_cells(state, _rows_below(state))
    slipped = (row.lost for row in _rows_below(state) if row.lost and has_slipped(row.cells, state.slots, row.lost))
    state.lost = next(slipped, "")


def _goes_on(line: Line) -> bool:
    """Whether a heading is that of the page before, repeated."""
    return line.new_page or any(CONTINUED.search(cell.text) for cell in line.cells)


def _region_end(line: Line) -> int:
    """The first row behind the heading: its cells may be several rows tall (the category beside it is none)."""
    tall = [c.row + c.rows for c in line.cells if role_of(c) in ROLE_OF.values() and role_of(c) != "类别"]
    return max(tall, default=0)


def _with_above(state: State, line: Line, slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """A heading in two rows: what stands in the upper one beside the lower belongs to it (实际完成值 | 分值 | 得分)."""
    above = state.previous.cells if state.previous and not line.after_break else ()
    roles = [(role_of(cell, state.year), cell) for cell in above]
    reach = [cell for cell in above if cell in line.shadows]
    if sum(bool(role) for role, _ in roles) < max(2, len(above) - 1) and not reach:
        return slots
    beside = [
        (role or f"{OTHER}:{bare(cell.text)}", cell)
        for role, cell in roles
        if (role or cell in reach) and not any(cell.covers(s.first, s.last) for s in slots)
    ]
    for cell in above:
        if role_of(cell) or cell in reach:
            state.ledger.label(cell)
    return tuple(sorted((*slots, *(Slot(r, c.column, c.last) for r, c in beside)), key=lambda s: s.first))


def year_groups(state: State, slots: tuple[Slot, ...]) -> tuple[tuple[Slot, ...], tuple[Slot, ...]]:
    """Where targets of several years stand beside those of one: the columns of the year, and the others."""
    values = [i for i, slot in enumerate(slots) if slot.role == "指标值"]
    if len(values) < 2:
        return slots, ()
    first, second = slots[: values[0] + 1], slots[values[0] + 1 :]
    above = [c for c in (state.previous.cells if state.previous else ()) if _LONG_TERM.search(c.text)]
    later, sooner = (
        any(c.covers(s.first, s.last) for c in above for s in group if s.role == "指标值") for group in (second, first)
    )
    if later and not sooner:
        return first, second
    roles = {slot.role for slot in second}
    if not sooner and "三级指标" not in roles:
        return _undecided(state, slots), ()
    shared = [s for s in first if s.role in LEVELS and s.role not in roles]
    return (*shared, *second), tuple(s for s in first if s not in shared)


def _undecided(state: State, slots: Sequence[Slot]) -> tuple[Slot, ...]:
    """Two columns of targets of which nothing says which is the year's: neither is read."""
    message = phrase("有两栏都像指标值，看不出哪一栏是本年度的，没有读取，请对照原件补上")
    state.ledger.remark(
        Sort.UNKNOWN, message, state.lines[state.at].cells[0].place, state.project.name if state.project else ""
    )
    return tuple(
        replace(slot, role=f"{OTHER}:指标值（{slot.first + 1}）") if slot.role == "指标值" else slot for slot in slots
    )


def sub_header(state: State, line: Line) -> bool:
    """A second row of headings: inside the span of the first, or all of known words (指标性质 | 指标值 | 度量单位)."""
    inside = state.section == "indicators" and line.in_table and line.cells[0].row < state.heading_until
    if state.header_just_read and _is_count_of_columns(line):
        state.ledger.leave_out(line.cells, phrase("栏次"))
        return True
    if not inside and not any(look(state, line) for look in (_is_row_of_headings, _parts_a_column, _names_nothing)):
        return False
    below = _lower_slots(state, line)
    if state.lost == BLANK and line.lost:
        state.slots = _spliced(state.slots, below)
    else:
        kept = [s for s in state.slots if not any(s.first <= b.last and b.first <= s.last for b in below)]
        state.slots = numbered(sorted((*kept, *below), key=lambda s: s.first))
    state.ledger.label(line.cells)
    tell_by_cells(state, _rows_below(state))
    return True


def _is_count_of_columns(line: Line) -> bool:
    """甲 | 乙 | 1 | 2 | 3=2/1: the numbers of the columns below their headings."""
    return len(line.cells) >= 3 and all(_COUNT.fullmatch(squeeze(cell.text)) for cell in line.cells)


def _lower_slots(state: State, line: Line) -> list[Slot]:
    """What lower headings say, each with the one above it; the only part of a column that nobody knows is its value."""
    above = {c: next((s.role for s in reversed(state.slots) if s.first <= c.column), "") for c in line.cells}
    roles = {c: _lower_role(c, above[c], state.year) for c in line.cells}
    for value in sorted(PARTED - set(roles.values())):
        unknown = [c for c in line.cells if above[c] == value and not roles[c]]
        roles |= {c: value for c in unknown if len(unknown) == 1}
    return [Slot(roles[c] or f"{OTHER}:{bare(c.text)}", c.column, c.last) for c in line.cells]


def _lower_role(cell: GridCell, above: str, year: int | None) -> str:
    """数值, or 合计 among parts of a column (一科 | 二科 | 合计), is the whole of it; 复核 under 得分 is both."""
    words, role = bare(cell.text), role_of(cell, year)
    if above == "实际完成值" and role == "度量单位":
        return ACTUAL_UNIT
    if above in PARTED and words in _WHOLE:
        return above
    return role or ROLE_OF.get(words + above.removeprefix("原表"), "")


def _spliced(slots: Sequence[Slot], below: Sequence[Slot]) -> tuple[Slot, ...]:
    """The lower headings in the place of the wide one above them, which can only be that of the targets."""
    at = next((i for i, slot in enumerate(slots) if slot.role == "指标值"), len(slots))
    roles = [slot.role for slot in (*slots[:at], *below, *slots[at + 1 :])]
    return numbered([Slot(role, column, column) for column, role in enumerate(roles)])


def _is_row_of_headings(state: State, line: Line) -> bool:
    roles = [(role_of(cell, state.year), cell) for cell in line.cells]
    if not state.header_just_read or not roles or not all(role for role, _ in roles):
        return False
    return not any(is_category(c.text) or is_level1(c.text) or is_level2(c.text) for _, c in roles)


def _names_nothing(state: State, line: Line) -> bool:
    """Short words behind the names, in a row directly below a heading: no indicator is without a name there."""
    behind = max((s.last for s in state.slots if s.role in LEVELS), default=-1)
    if not state.header_just_read or line.lost == BLANK or line.cells[0].column <= behind or behind < 0:
        return False
    words = [bare(c.text) for c in line.cells]
    known = [w for c, w in zip(line.cells, words, strict=True) if role_of(c, state.year) or w in _WHOLE]
    return len(known) * 2 >= len(words) > 1 and not any(is_value(c.text) or len(c.text) > _LONGEST for c in line.cells)


def _parts_a_column(state: State, line: Line) -> bool:
    """Words below one heading and the blank ones behind it (实际完成值 | | → 一科 | 二科), in a table without spans."""
    if not state.header_just_read or len(line.cells) < 2 or any(is_value(c.text) for c in line.cells):
        return False
    under = [any(c.covers(s.first, s.last) for s in state.slots) for c in line.cells]
    above = [s.role for s in state.slots if line.cells[0].covers(s.first, s.last)]
    return under[0] and not any(under[1:]) and above[0] in {"指标值", "实际完成值"}


def _rows_below(state: State) -> list[Line]:
    """The rows of the table that follow, up to its total or the next heading."""
    rows: list[Line] = []
    for line in state.following(LOOK_AHEAD):
        if not line.in_table or line.sheet != state.sheet or is_total(head_of(line)) or header_slots(line):
            break
        if line.cells[0].row >= state.heading_until:
            rows.append(line)
    return rows
