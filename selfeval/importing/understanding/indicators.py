"""The rows of a table of indicators: levels carried down, slipped cells, rows that a page broke."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from selfeval.base.text import short
from selfeval.importing.draft import ACTUAL_COLUMNS, INDICATOR_COLUMNS, DraftIndicator
from selfeval.importing.grid import GridCell, Line
from selfeval.importing.ledger import Sort
from selfeval.importing.understanding.alignment import Aligned, Slot, align, is_sign
from selfeval.importing.understanding.funds import single_amount
from selfeval.importing.understanding.headings import FLAT, FLAT_FIELDS, SECOND
from selfeval.importing.understanding.state import State
from selfeval.importing.vocabulary import (
    CONTINUED,
    EMPTY_NAME,
    METHODS,
    POINTS,
    bare,
    field_of,
    is_category,
    is_level1,
    is_level2,
    is_total,
    level1_of,
    squeeze,
)

_REMARK = re.compile(r"(?:问题|说明|事项|意见|备注|附件)$")
_INLINE = re.compile(r"([^:：\n]{2,20})[:：]")
_NOTHING = re.compile(r"[-—–/\\－]+")
_EXECUTION = re.compile(r"(?:预算|资金|预算资金)?执行(?:率|情况)?(?:指标)?$")
_SCORE = re.compile(r"(\d+(?:\.\d+)?)分?(?=\s|$|规则)")
_SHORT = frozenset({"指标性质", "度量单位", "分值", "指标方向", "原表得分"})
"""Columns in which a dash says that there is nothing."""


def leaves(state: State, line: Line) -> bool:
    """Whether a line no longer belongs to the table of indicators."""
    first = line.cells[0]
    if is_total(first.text):
        _total(state, line)
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
    """A sum; behind that of the whole table only a row with its level goes on with it."""
    state.last, state.totalled = None, not bare(line.cells[0].text).startswith("小计")
    for cell in line.cells:
        state.ledger.leave_out(cell, "合计、总分行")
    said = f"合计、总分行没有采用：{short(' '.join(c.text for c in line.cells), 60)}"
    state.ledger.remark(Sort.DROPPED, said, line.cells[0].place, state.project.name if state.project else "")


def read_indicator(state: State, line: Line) -> None:
    """One row: its cells to their columns, its levels from above where it leaves them out."""
    if is_total(line.cells[0].text):
        return
    if _EXECUTION.match(bare(line.cells[0].text)):
        _leave_out(state, line.cells, "预算执行率，由程序计算")
        said = f"预算执行率由程序按预算计算，这一行没有采用：{short(line.text, 60)}"
        state.ledger.remark(Sort.DROPPED, said, line.cells[0].place, state.here().name)
        return
    cells = [c for c in line.cells if not _is_unused(state, c)]
    _other_years(state, [c for c in line.cells if c not in cells])
    aligned = _signs(align(cells[:40], state.slots))
    state.ledger.unknown((*aligned.left_out, *cells[40:]) if not _repeats(aligned) else ())
    _switch_project(state, aligned, line)
    texts = {role: cell.text for role, cell in aligned.cells.items()}
    if state.long_term:
        _other_years(state, line.cells)
        return
    if _continues(state, line, aligned):
        return
    texts |= _from_above(state, line, aligned)
    _levels(state, line, aligned, texts)
    _names(state, aligned, texts)
    _store(state, line, aligned, texts)


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
    _leave_out(state, cells, "中期（长期）指标，不属本年度")
    if any(not is_level2(c.text) and not EMPTY_NAME.match(squeeze(c.text)) for c in cells):
        said = f"中期（长期）指标：{short(' | '.join(c.text for c in cells), 60)}"
        state.ledger.remark(Sort.DROPPED, said, cells[0].place, state.here().name)


def _leave_out(state: State, cells: Sequence[GridCell], why: str) -> None:
    for cell in cells:
        state.ledger.leave_out(cell, why)


def _repeats(aligned: Aligned) -> bool:
    """Whether all that was left out is a 二级 written twice."""
    level2 = aligned.cells.get("二级指标")
    return (
        bool(aligned.left_out)
        and level2 is not None
        and all(squeeze(c.text) == squeeze(level2.text) for c in aligned.left_out)
    )


def _switch_project(state: State, aligned: Aligned, line: Line) -> None:
    """Where every row names its project: opens that project and takes its fields."""
    found = dict(aligned.cells)
    for slot in state.slots:
        shadow = _shadow(line, slot)
        if slot.role in FLAT and slot.role not in found and shadow:
            found[slot.role] = shadow
    code, name = found.get("项目编号"), found.get("项目名称")
    if name or code:
        cell = name or code
        assert cell is not None  # noqa: S101 - one of both is there
        text = " ".join((name or cell).text.split())
        if (
            state.project is None
            or text not in {state.project.name, state.project.fields.get("项目编号")}
            or not state.named
        ):
            state.named = False
            state.name_project(text, cell)
        state.ledger.output(name, "projects.csv 项目名称")
    if code and name:
        state.set_field("项目编号", code.text, [code])
    for role in FLAT_FIELDS & set(found):
        cell = found[role]
        if role == "预算金额":
            single_amount(state, cell)
        else:
            state.set_field({"目标": "年度总体目标", "填报单位": "实施单位"}.get(role, role), cell.text, [cell])


def _shadow(line: Line, slot: Slot) -> GridCell | None:
    """The merged cell from above that covers a column."""
    return next((c for c in line.shadows if c.covers(slot.first, slot.last)), None)


def _slot(state: State, role: str) -> Slot | None:
    return next((s for s in state.slots if s.role == role), None)


def _continues(state: State, line: Line, aligned: Aligned) -> bool:
    """The rest of a row that a page break cut: no name of its own, or the end of one."""
    last = state.last
    cells = {r: c for r, c in aligned.cells.items() if r in {*INDICATOR_COLUMNS, *ACTUAL_COLUMNS}}
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
        said = f"换页断开的“{role}”已接成一句：…{short(present[-14:])}｜{short(cell.text, 24)}"
        state.ledger.remark(Sort.JOINED, said, cell.place, state.here().name)
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
        if shadow and slot.role not in aligned.cells and slot.role in {*INDICATOR_COLUMNS, *ACTUAL_COLUMNS, SECOND}:
            found[slot.role] = shadow.text
    own = {r for r in aligned.cells if r in {"三级指标", "指标值", "实际完成值"}}
    shared = sorted(set(found) - {"一级指标", "二级指标", "类别"})
    if own and shared:
        said = f"合并的单元格（{'、'.join(shared)}）对几行都有效，每行照录"
        state.ledger.remark(Sort.SPLIT, said, line.cells[0].place, state.here().name)
    return found


def _levels(state: State, line: Line, aligned: Aligned, texts: dict[str, str]) -> None:
    """一级 and 二级: as written, from the merged cell, else carried down from the row above."""
    name = state.here().name
    place = line.cells[0].place
    level1, level2 = (one_line(texts.get(role, "")) for role in ("一级指标", "二级指标"))
    doubled = level1 and squeeze(level1) == squeeze(level2) and bare(level1).startswith("成本")
    if _repeats(aligned) or (doubled and bare(state.level1).startswith("产出")):
        said = f"“{level2}”写了两次，一级指标按上一行的“{state.level1}”"
        state.ledger.remark(Sort.GUESSED, said, place, name)
        for cell in (*aligned.left_out, *(c for r, c in aligned.cells.items() if r == "一级指标")):
            state.ledger.label(cell, "重复的二级指标")
        level1 = ""
    if level1 and not level2:
        _level2_missing(state, aligned, texts, level1, place)
        level2 = one_line(texts["二级指标"]) if texts.get("二级指标") else ""
    if not level2 and _is_gap(state, line, "二级指标"):
        said = "这一行起的二级指标在原件换页处没有印出名称，留空待填"
        state.ledger.remark(Sort.UNKNOWN, said, place, name)
        state.level2 = ""
    told = level1_of(level2) if level2 else ""
    if not level1 and not told and not state.level1 and bare(level2).startswith("成本"):
        told = "产出指标"
    if not level1 and told and bare(told) != bare(state.level1) and not _same_level1(told, state.level1):
        state.ledger.remark(Sort.GUESSED, f"一级指标是空的，由二级指标“{level2}”推定为“{told}”", place, name)
        level1 = told
    if level1 and level1 != state.level1 and not level2:
        state.level2 = ""
    state.level1 = texts["一级指标"] = level1 or state.level1
    state.level2 = texts["二级指标"] = level2 or state.level2


def _is_gap(state: State, line: Line, role: str) -> bool:
    """Whether a merged cell without any text begins here in a column."""
    slot = _slot(state, role)
    return slot is not None and any(first <= slot.last and slot.first <= last for first, last in line.gaps)


def _level2_missing(state: State, aligned: Aligned, texts: dict[str, str], level1: str, place: str) -> None:
    """A new 一级 without 二级: never the 二级 of the 一级 before."""
    cell, slot = aligned.cells.get("一级指标"), _slot(state, "二级指标")
    if (
        cell
        and slot
        and ("三级指标" in aligned.cells or "指标值" in aligned.cells)
        and squeeze(level1) != squeeze(state.level1)
    ):
        texts["二级指标"] = level1
        said = f"“{level1}”下没有写二级指标，二级指标沿用同名"
        state.ledger.remark(Sort.GUESSED, said, place, state.here().name)


def _same_level1(told: str, level1: str) -> bool:
    """Whether two names of a first level mean the same (效果指标, 效益指标(30分))."""
    words = bare(level1)
    synonyms = {"效益指标": ("效益", "效果"), "满意度指标": ("满意",), "产出指标": ("产出",)}
    return not words or any(word in words for word in synonyms.get(told, ()))


def one_line(text: str) -> str:
    """A name without the line breaks of a narrow cell; usual names without any blank."""
    joined = CONTINUED.sub("", "".join(part.strip() for part in text.split("\n")))
    tight = "".join(joined.split())
    plain = POINTS.sub("", tight)
    if is_level1(plain) or is_level2(plain):
        return plain
    return tight if is_level1(tight) or is_level2(tight) else joined


def _names(state: State, aligned: Aligned, texts: dict[str, str]) -> None:
    """三级指标: without line breaks; from its second column, or from a 二级 that reaches over both."""
    second = texts.pop(SECOND, "")
    if second:
        texts["三级指标"] = f"{texts['三级指标']}：{second}" if texts.get("三级指标") else second
    level2 = aligned.cells.get("二级指标")
    if not texts.get("三级指标") and level2 is not None and texts.get("指标值"):
        texts["三级指标"] = texts["二级指标"]
        said = f"“{texts['二级指标']}”没有三级指标，三级指标沿用同名"
        state.ledger.remark(Sort.GUESSED, said, level2.place, state.here().name)
    name = texts.get("三级指标", "")
    if "\n" in name:
        texts["三级指标"] = "".join(part.strip() for part in name.split("\n"))
        said = f"三级指标里的换行已去掉：{short(texts['三级指标'])}"
        state.ledger.remark(
            Sort.JOINED, said, aligned.cells["三级指标"].place if "三级指标" in aligned.cells else "", state.here().name
        )


def _store(state: State, line: Line, aligned: Aligned, texts: dict[str, str]) -> None:
    """Puts the row among the project's indicators, unless it is an empty row of the form."""
    project = state.here()
    content = {r for r in aligned.cells if r not in {"类别", "一级指标", "二级指标"} and r not in FLAT | FLAT_FIELDS}
    name = texts.get("三级指标", "")
    written = [r for r in content - {"三级指标"} if not _NOTHING.fullmatch(squeeze(texts.get(r, "")) or "-")]
    if not name or (EMPTY_NAME.match(squeeze(name)) and not written):
        _no_indicator(state, line, aligned, content)
        return
    wanted = {r: t for r, t in texts.items() if r in {*INDICATOR_COLUMNS, *ACTUAL_COLUMNS} and t}
    wanted = {r: t for r, t in wanted.items() if r not in _SHORT or not _NOTHING.fullmatch(squeeze(t))}
    _score(state, aligned, wanted)
    if wanted.get("评分方法") and wanted["评分方法"] not in METHODS:
        del wanted["评分方法"]
    if "指标方向" in wanted:
        wanted["指标方向"] = _direction(wanted["指标方向"])
    if aligned.slipped:
        shown = " | ".join(f"{role}：{short(c.text, 16)}" for role, c in aligned.cells.items())
        state.ledger.remark(
            Sort.GUESSED, f"这一行的单元格错了列，按内容归位：{shown}", line.cells[0].place, project.name
        )
    indicator = DraftIndicator(wanted, line.cells[0].place, state.form, dict(aligned.cells))
    project.indicators.append(indicator)
    state.last, state.spot = indicator, None
    for role, cell in aligned.cells.items():
        if role == SECOND:
            state.ledger.output(cell, "targets.csv 三级指标")
        elif role in wanted:
            _output(state, role, cell)
        elif role in {*INDICATOR_COLUMNS, *ACTUAL_COLUMNS}:
            state.ledger.leave_out(cell, f"“{role}”栏里没有可用的内容")
        elif role not in FLAT | FLAT_FIELDS:
            _other(state, role, cell, project.name)


def _score(state: State, aligned: Aligned, wanted: dict[str, str]) -> None:
    """原表得分 is a number; what else stands in its cell is shown. A reason why nothing was scored is no reason."""
    name = state.here().name
    score, cell = wanted.get("原表得分"), aligned.cells.get("原表得分")
    if score and cell:
        match = _SCORE.match(score)
        rest = score[match.end() :].strip() if match else score
        wanted |= {"原表得分": match[1]} if match else {}
        if not match:
            del wanted["原表得分"]
        if rest:
            state.ledger.remark(Sort.DROPPED, f"得分栏里的“{short(rest)}”不是得分，没有采用", cell.place, name)
    reason, cell = wanted.get("偏差原因分析及改进措施", ""), aligned.cells.get("偏差原因分析及改进措施")
    if cell and reason.startswith("未评分原因："):
        del wanted["偏差原因分析及改进措施"]
        state.ledger.remark(Sort.DROPPED, f"没有采用：{short(reason, 120)}", cell.place, name)


def _direction(text: str) -> str:
    """正向指标, 负向 … as the tables write it; anything else stays."""
    words = squeeze(text).removesuffix("指标")
    return {"负向": "反向", "逆向": "反向", "正": "正向", "反": "反向", "负": "反向"}.get(words, words)


def _no_indicator(state: State, line: Line, aligned: Aligned, content: set[str]) -> None:
    """A row with levels only (an empty line of the form), or with content that belongs to no name."""
    for role, cell in aligned.cells.items():
        if role in {"类别", "一级指标", "二级指标"}:
            state.ledger.label(cell, "其下没有指标的类别")
        elif EMPTY_NAME.match(squeeze(cell.text)) or _NOTHING.fullmatch(squeeze(cell.text)):
            state.ledger.leave_out(cell, "表格里的空行")
        elif role not in FLAT | FLAT_FIELDS:
            state.ledger.unknown([cell], "没有三级指标")
    if not content and not state.ledger.entries.keys().isdisjoint(line.cells):
        said = f"这一行没有指标：{short(' | '.join(c.text for c in line.cells))}"
        state.ledger.remark(Sort.DROPPED, said, line.cells[0].place, state.here().name)


def _output(state: State, role: str, cell: GridCell) -> None:
    table = "targets.csv" if role in INDICATOR_COLUMNS else "actuals.csv"
    state.ledger.output(cell, f"{table} {role}")


def _other(state: State, role: str, cell: GridCell, project: str) -> None:
    """A column that no table has: 备注, 评分标准, 历史值."""
    if role == "类别":
        state.ledger.label(cell)
        return
    name = role.removeprefix("其他列:") or "无名列"
    state.ledger.leave_out(cell, f"“{name}”栏")
    if not _NOTHING.fullmatch(squeeze(cell.text)):
        state.ledger.remark(Sort.DROPPED, f"“{name}”栏没有对应的列：{short(cell.text, 60)}", cell.place, project)
