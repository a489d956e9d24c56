"""The rows of a table of indicators: levels carried down, slipped cells, rows that a page broke."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from selfeval.base.phrases import Phrase, phrase
from selfeval.base.text import short
from selfeval.importing.draft import ACTUAL_COLUMNS, INDICATOR_COLUMNS, REVIEW_COLUMNS, DraftIndicator
from selfeval.importing.grid import GridCell, Line
from selfeval.importing.ledger import Sort
from selfeval.importing.understanding.alignment import LEADING, Aligned, align, repeats
from selfeval.importing.understanding.column_content import ACTUAL_UNIT, LEVELS, Slot, head_of, is_number, is_sign
from selfeval.importing.understanding.columns_by_cells import SECOND
from selfeval.importing.understanding.funds import single_amount
from selfeval.importing.understanding.headings import FLAT, FLAT_FIELDS
from selfeval.importing.understanding.indicator_texts import tidy, with_unit
from selfeval.importing.understanding.levels import take_levels, take_name
from selfeval.importing.understanding.state import State
from selfeval.importing.vocabulary import (
    EMPTY_NAME,
    UNFILLED,
    bare,
    field_of,
    is_category,
    is_level1,
    is_level2,
    is_nothing,
    is_sure_level1,
    is_total,
    one_line,
    squeeze,
)
from selfeval.reading.columns import ACTUALS, REVIEW, TARGETS
from selfeval.reading.narrative import UNIT

_REMARK = re.compile(r"(?:问题|说明|事项|意见|备注|附件)$")
_INLINE = re.compile(r"([^:：\n]{2,20})[:：]")
_FEW = 3
"""Cells of a packed row that sums the projects of a unit: its name, an amount or two."""
_FINAL = re.compile(r"^(?:自评|评价|综合)?总(?:得)?分")
_GRADE = re.compile(r"(?:自评|评价)?等级[:：]?(优|良|中|差)")
_EXECUTION = re.compile(r"(?:预算|资金|预算资金)?执行(?:率|情况)?(?:指标)?$")
COLUMNS = frozenset(
    name
    for spec, names in ((TARGETS, INDICATOR_COLUMNS), (ACTUALS, ACTUAL_COLUMNS), (REVIEW, REVIEW_COLUMNS))
    for name in names
    if spec.find(name)
)
_SHORT = frozenset({"指标性质", "度量单位", "分值", "指标方向", "原表得分"})
"""Columns in which a dash says that there is nothing."""


def leaves(state: State, line: Line) -> bool:
    """Whether a line no longer belongs to the table of indicators."""
    first = line.cells[0]
    if is_total(head_of(line)):
        _total(state, line)
    if is_total(head_of(line)) or _is_execution(line):
        return False
    name_column = min((s.first for s in state.slots if s.role in {"二级指标", "三级指标"}), default=0)
    inline = _INLINE.match(first.text)
    is_remark = bool(_REMARK.search(bare(first.text))) and len(bare(first.text)) <= 16
    is_label = bool(field_of(first.text) or is_remark or (inline and field_of(inline[1]))) and not is_category(
        first.text
    )
    return (
        is_label
        and (first.column < name_column or len(line.cells) == 1)
        and not any(s.role in FLAT for s in state.slots)
    )


def _total(state: State, line: Line) -> None:
    """A sum; behind the total of points nothing is an indicator, behind another sum only a row with its level."""
    words = bare(head_of(line))
    state.last, state.totalled = None, "小计" not in words
    state.ended = state.ended or bool(_FINAL.match(words))
    state.close()
    message = phrase("合计、总分行没有采用：{text}", text=short(line.text, 60))
    state.ledger.drop(line.cells, phrase("合计、总分行"), message, state.project.name if state.project else "")
    score = next((c for c in line.cells if state.project and _stands_under(state, c, "原表得分")), None)
    if score is not None and state.totalled:
        _printed(state, "原表总分", score)
    for cell in line.cells if state.project and state.totalled else ():
        grade = _GRADE.fullmatch(squeeze(cell.text))
        if grade:
            state.set_field("原表等级", grade[1], [cell])


def _printed(state: State, name: str, cell: GridCell) -> None:
    """A sum of points that the form prints, where it is a number."""
    words = squeeze(cell.text).removesuffix("分")
    if is_number(words):
        state.set_field(name, words, [cell])


def _is_execution(line: Line) -> bool:
    """A row of 预算执行率 among the indicators, by its first name."""
    return len(line.cells) > 2 and bool(_EXECUTION.match(bare(head_of(line))))


def _stands_under(state: State, cell: GridCell, role: str) -> bool:
    slot = state.slot(role)
    return slot is not None and cell.covers(slot.first, slot.last)


def read_indicator(state: State, line: Line) -> None:
    """One row: its cells to their columns, its levels from above where it leaves them out."""
    if is_total(head_of(line)):
        return
    if _is_execution(line):
        message = phrase("预算执行率由程序按预算计算，这一行没有采用：{text}", text=short(line.text, 60))
        state.ledger.drop(line.cells, phrase("预算执行率，由程序计算"), message, state.here().name)
        score = next((c for c in line.cells[1:] if _stands_under(state, c, "原表得分")), None)
        if score is not None:
            _printed(state, "原表执行率得分", score)
        return
    if len(line.cells) == 1 and not state.slot("一级指标") and is_sure_level1(line.cells[0].text):
        state.level1, state.level2 = one_line(line.cells[0].text), ""
        state.ledger.output(line.cells[0], "targets.csv 一级指标")
        return
    cells = [c for c in line.cells if not _is_unused(state, c)]
    _other_years(state, [c for c in line.cells if c not in cells])
    state.merged = state.merged or any(_shadow(line, s) for s in state.slots if s.role in LEVELS)
    aligned = _signs(align(cells[:40], state.slots, lost=_lost(state), loose=_is_loose(state)))
    for cell in aligned.left_out:
        if is_category(cell.text):
            state.ledger.label(cell)
    state.ledger.unknown((*aligned.left_out, *cells[40:]) if not repeats(aligned) else ())
    if _is_sum_of_projects(state, aligned, line):
        return
    _switch_project(state, aligned, line)
    texts = {role: cell.text for role, cell in aligned.cells.items()}
    if state.long_term:
        _other_years(state, line.cells)
        return
    if _continues(state, line, aligned):
        return
    texts |= _from_above(state, line, aligned)
    take_levels(state, line, aligned, texts)
    take_name(state, aligned, texts)
    _store(state, line, aligned, texts)


def _is_loose(state: State) -> bool:
    """A flat table of names and targets: no cell reaches down, and nothing but the target stands behind the name."""
    name = next((i for i, s in enumerate(state.slots) if s.role == "三级指标"), len(state.slots))
    behind = {s.role for s in state.slots[name + 1 :]} - {SECOND}
    return not state.merged and behind == {"指标值"}


def _lost(state: State) -> str:
    """What the rows of the table have lost; a flat table of names and targets is put right by what its cells say."""
    return "" if state.lost == LEADING and _is_loose(state) else state.lost


def _signs(aligned: Aligned) -> Aligned:
    """Some forms head the column of ≥, ≤, = with 指标方向."""
    cell = aligned.cells.get("指标方向")
    if cell is None or "指标性质" in aligned.cells or not is_sign(squeeze(cell.text)):
        return aligned
    cells = {"指标性质" if role == "指标方向" else role: cell for role, cell in aligned.cells.items()}
    return replace(aligned, cells=cells)


def _is_unused(state: State, cell: GridCell) -> bool:
    """Whether a cell stands in the columns of other years."""
    return any(cell.covers(s.first, s.last) for s in state.unused) and not any(
        cell.covers(s.first, s.last) for s in state.slots
    )


def _other_years(state: State, cells: Sequence[GridCell]) -> None:
    """Targets for several years beside those of this one."""
    state.ledger.leave_out(cells, phrase("中期（长期）指标，不属本年度"))
    if any(not is_level2(c.text) and not EMPTY_NAME.match(squeeze(c.text)) for c in cells):
        message = phrase("中期（长期）指标：{text}", text=short(" | ".join(c.text for c in cells), 60))
        state.ledger.remark(Sort.DROPPED, message, cells[0].place, state.here().name)


def _is_sum_of_projects(state: State, aligned: Aligned, line: Line) -> bool:
    """In a table whose rows name their project: a row without one and without an indicator sums those of a unit."""
    if not any(s.role in FLAT for s in state.slots) or FLAT & set(aligned.cells):
        return False
    if any(_shadow(line, s) for s in state.slots if s.role in FLAT):
        return False
    levels = [c for c in aligned.cells.values() if is_level1(c.text) or is_level2(c.text)]
    named = {"一级指标", "二级指标", "三级指标", "指标值"} & set(aligned.cells)
    if levels or (named and not (state.lost and len(line.cells) <= _FEW)):
        return False
    message = phrase("没有项目名称和指标的一行（合计），没有采用：{text}", text=short(line.text, 60))
    state.ledger.drop(line.cells, phrase("没有项目名称的合计行"), message)
    return True


def _switch_project(state: State, aligned: Aligned, line: Line) -> None:
    """Where every row names its project: opens that project and takes its fields."""
    found = dict(aligned.cells)
    for slot in state.slots:
        shadow = _shadow(line, slot)
        if slot.role in FLAT and slot.role not in found and shadow:
            found[slot.role] = shadow
    code, name = found.get("项目编号"), found.get("项目名称")
    cell = name or code
    if cell is None:
        return
    text = " ".join(cell.text.split())
    if (
        state.project is None
        or text not in {state.project.name, state.project.fields.get("项目编号")}
        or not state.named
    ):
        state.named = False
        state.name_project(text, cell, whole=code is not None and code.text == UNIT)
    state.ledger.output(name, "projects.csv 项目名称")
    if code and name:
        state.set_field("项目编号", code.text, [code])
    for role, cell in found.items():
        if role == "预算金额":
            single_amount(state, cell)
        elif role in FLAT_FIELDS:
            state.set_field({"目标": "年度总体目标", "填报单位": "实施单位"}.get(role, role), cell.text, [cell])


def _shadow(line: Line, slot: Slot) -> GridCell | None:
    """The merged cell from above that covers a column."""
    return next((c for c in line.shadows if c.covers(slot.first, slot.last)), None)


def _continues(state: State, line: Line, aligned: Aligned) -> bool:
    """The rest of a row that a page break cut: no name of its own, or the end of one."""
    last = state.last
    cells = {r: c for r, c in aligned.cells.items() if r in COLUMNS}
    if last is not None and len(line.cells) == 1:
        cells = {r: line.cells[0] for r, c in last.cells.items() if c.column == line.cells[0].column} or cells
    if last is None or not line.after_break or not cells or {"一级指标", "二级指标"} & set(cells):
        return False
    if "三级指标" in cells and not (set(cells) == {"三级指标"} or _open_end(last, cells)):
        return False
    for role, cell in cells.items():
        present = last.texts.get(role, "")
        last.texts[role] = f"{present}{cell.text}"
        _output(state, role, cell)
        texts = {"role": role, "end": short(present[-14:]), "text": short(cell.text, 24)}
        message = phrase("换页断开的“{role}”已接成一句：…{end}｜{text}", **texts)
        state.ledger.remark(Sort.JOINED, message, cell.place, state.here().name)
    return True


def _open_end(last: DraftIndicator, cells: Mapping[str, GridCell]) -> bool:
    """Whether the row before ends in the middle of a bracket, or this one begins with a closing mark."""
    name = last.texts.get("三级指标", "")
    unclosed = name.count("（") + name.count("(") > name.count("）") + name.count(")")
    return unclosed or cells["三级指标"].text[0] in "，。、；：）)》”,.;:"


def _from_above(state: State, line: Line, aligned: Aligned) -> dict[str, str]:
    """Texts of merged cells that reach down into this row."""
    found: dict[str, str] = {}
    for slot in state.slots:
        shadow = _shadow(line, slot)
        if shadow and slot.role not in aligned.cells and slot.role in {*COLUMNS, SECOND}:
            found[slot.role] = shadow.text
    own = {r for r in aligned.cells if r in {"三级指标", "指标值", "实际完成值"}}
    shared = sorted(set(found) - {"一级指标", "二级指标", "类别"})
    if own and shared:
        message = phrase("合并的单元格（{columns:“”}）对几行都有效，每行照录", columns=tuple(shared))
        state.ledger.remark(Sort.SPLIT, message, line.cells[0].place, state.here().name)
    return found


def _store(state: State, line: Line, aligned: Aligned, texts: dict[str, str]) -> None:
    """Puts the row among the project's indicators, unless it is an empty row of the form."""
    project = state.here()
    content = {r for r in aligned.cells if r not in {"类别", "一级指标", "二级指标"} and r not in FLAT | FLAT_FIELDS}
    name = texts.get("三级指标", "")
    written = [r for r in content - {"三级指标"} if not is_nothing(texts.get(r, ""))]
    if not name or (EMPTY_NAME.match(squeeze(name)) and not written):
        _no_indicator(state, line, aligned, content)
        return
    with_unit(texts)
    wanted = {r: t for r, t in texts.items() if r in COLUMNS and t}
    wanted = {r: t for r, t in wanted.items() if not (is_nothing(t) if r in _SHORT else squeeze(t) in UNFILLED)}
    tidy(state, aligned, wanted)
    _tell_shifts(state, aligned, project.name)
    indicator = DraftIndicator(wanted, line.cells[0].place, state.form, dict(aligned.cells))
    project.add(indicator)
    state.last, state.spot = indicator, None
    for role, cell in aligned.cells.items():
        if role == SECOND:
            state.ledger.output(cell, "targets.csv 三级指标")
        elif role == ACTUAL_UNIT and wanted.get("实际完成值", "").endswith(cell.text):
            _output(state, "实际完成值", cell)
        elif role in wanted:
            _output(state, role, cell)
        elif role in COLUMNS:
            state.ledger.leave_out(cell, phrase("“{role}”栏里没有可用的内容", role=role))
        elif role not in FLAT | FLAT_FIELDS:
            _other(state, role, cell, project.name)


def _tell_shifts(state: State, aligned: Aligned, project: str) -> None:
    """Every cell that was not read as the column it stands in, with both readings."""
    for shift in aligned.shifts:
        column = shift.stands_in.removeprefix("其他列:")
        text = short(shift.cell.text, 24)
        where = phrase("站在“{column}”栏", column=column) if column else phrase("的位置不能确定")
        if shift.read_as:
            message = phrase("“{text}”{where}，按内容读作“{role}”", text=text, where=where, role=shift.read_as)
            state.ledger.remark(Sort.GUESSED, message, shift.cell.place, project)
        else:
            message = phrase("“{text}”{where}，没有读取，请对照原件补上", text=text, where=where)
            state.ledger.remark(Sort.UNKNOWN, message, shift.cell.place, project)


def _no_indicator(state: State, line: Line, aligned: Aligned, content: set[str]) -> None:
    """A row with levels only (an empty line of the form), or with content that belongs to no name."""
    for role, cell in aligned.cells.items():
        if role in {"类别", "一级指标", "二级指标"}:
            state.ledger.label(cell, phrase("其下没有指标的类别"))
        elif EMPTY_NAME.match(squeeze(cell.text)) or is_nothing(cell.text):
            state.ledger.leave_out(cell, phrase("表格里的空行"))
        elif role not in FLAT | FLAT_FIELDS:
            state.ledger.unknown([cell], phrase("没有三级指标"))
    if {"指标值", "实际完成值", "分值"} & {r for r in content if not is_nothing(aligned.cells[r].text)}:
        message = phrase("这一行没有三级指标，没有导入：{text}", text=short(line.text, 60))
        state.ledger.remark(Sort.DOUBTFUL, message, line.cells[0].place, state.here().name)
    if not content and not state.ledger.entries.keys().isdisjoint(line.cells):
        message = phrase("这一行没有指标：{text}", text=short(" | ".join(c.text for c in line.cells)))
        state.ledger.remark(Sort.DROPPED, message, line.cells[0].place, state.here().name)


def _output(state: State, role: str, cell: GridCell) -> None:
    table = "targets.csv" if role in INDICATOR_COLUMNS else "actuals.csv" if role in ACTUAL_COLUMNS else "review.csv"
    state.ledger.output(cell, f"{table} {role}")


@lru_cache(maxsize=1_000)
def _column(name: str) -> Phrase:
    """Where the cells of a column went that no table has."""
    return phrase("“{name}”栏", name=name)


def _other(state: State, role: str, cell: GridCell, project: str) -> None:
    """A column that no table has: 备注, 评分标准, 历史值."""
    if role == "类别":
        state.ledger.label(cell)
        return
    name = role.removeprefix("其他列:") or phrase("无名列")
    state.ledger.leave_out(cell, _column(name))
    if not is_nothing(cell.text):
        message = phrase("“{name}”栏没有对应的列：{text}", name=name, text=short(cell.text, 60))
        state.ledger.remark(Sort.DROPPED, message, cell.place, project)
