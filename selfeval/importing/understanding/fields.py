"""Rows of labels and values: `主管部门 | … | 实施单位 | …`, headings with their text below, one cell with both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from selfeval.base.phrases import phrase
from selfeval.base.text import short
from selfeval.importing.grid import GridCell, Line
from selfeval.importing.ledger import Sort
from selfeval.importing.understanding.column_content import Slot, is_number
from selfeval.importing.understanding.funds import (
    amount_role,
    computed,
    hear_money,
    is_amount,
    is_total,
    labelled_amounts,
    put_amount,
    read_fund,
    read_labelled,
    single_amount,
    take_stages,
)
from selfeval.importing.understanding.state import Spot, State
from selfeval.importing.understanding.ticks import is_box, ticked
from selfeval.importing.vocabulary import (
    AMOUNT_ROLE_OF,
    AMOUNTS,
    HEADINGS_BELOW,
    INSTRUCTION,
    MONEY_IN_LABEL,
    MONEY_UNIT,
    NARRATIVE,
    OWN_YEAR,
    UNFILLED,
    bare,
    field_of,
    fund_label,
    is_nothing,
    squeeze,
)

INLINE = re.compile(r"([^:：\n]{2,30}?)[:：]\s*(\S.*)", re.DOTALL)
_PHONE = re.compile(r"[\s,，、/]*((?:\d{3,4}-)?\d{7,11})$")
NEED_VALUE = frozenset({"项目名称", "部门名称", "填报单位", "主管部门", "实施单位", "项目类型", "项目属性", "科目名称"})
GOALS = frozenset({"年度总体目标", "总体目标完成情况"})
GOAL_LABELS = GOALS | {"目标"}
_SERIAL = re.compile(r"\(?\d{1,2}[).、]?")
_NO_PROBLEM = re.compile(r"(?:暂)?(?:无|没有|不存在)(?:问题)?")
SEVERAL = frozenset({"资金", "来源", "资金管理"})
"""Labels beside which several cells may stand: amounts, or a text with what was found and mended."""
UNLIKELY = frozenset({"资金", "分节", "其他", "来源", "项目概况"})
_OF_YEAR = re.compile(r"年度|当年|本年|全年")
_LONGEST_LABEL = 30
MOST_POINTS = 200
"""A total above it is no total: two numbers that stand side by side in text without rules."""
LEFT_OUT = {
    "签章": phrase("签名、日期等"),
    "中期目标": phrase("中期（实施期）目标，不属本年度"),
    "分节": phrase("分节标题"),
}
"""Why the texts of labels are left out for which no column is."""
UNIT_LABEL = re.compile(r"\(盖章\)|\(公章\)|\(签章\)")


@dataclass(slots=True)
class Labelled:
    """A label, the field it names, and the cells up to the next label. Mutable while a row is read."""

    label: GridCell
    name: str
    values: list[GridCell] = field(default_factory=list)
    inline: str = ""


def read_row(state: State, line: Line) -> None:
    """A row of labels and values; what fits nowhere is kept as not understood."""
    _hear_labels(state, line)
    pairs, loose = split_row(state, line)
    _tell_year_from_whole(state, pairs)
    loose = [cell for cell in loose if not place_loose(state, line, cell)]
    take_stages(state, [pair.label for pair in pairs if pair.values])
    names = [pair for pair in pairs if pair.name == "项目名称" and pair.values]
    if len(names) > 1:
        message = phrase("一行里有两个项目名称，左右并排的表只读得到一半；请把它们上下分开，再导入")
        state.ledger.remark(Sort.DOUBTFUL, message, names[1].label.place)
    for pair in sorted(pairs, key=lambda p: p.name not in {"项目名称", "部门名称"}):
        read_pair(state, pair)
    headings = [p for p in pairs if p.name in HEADINGS_BELOW and not p.values and not p.inline]
    if headings:
        state.below = [
            Slot("年度总体目标" if p.name == "目标" else p.name, p.label.column, p.label.last) for p in headings
        ]
    elif pairs:
        state.below = []
    state.ledger.unknown(loose)


def _hear_labels(state: State, line: Line) -> None:
    """`年度预算安排（万元）`: the unit of money in whatever label; one that reaches down opens the part about money."""
    for cell in line.cells:
        if len(cell.text) > _LONGEST_LABEL or not MONEY_IN_LABEL.search(squeeze(cell.text)):
            continue
        hear_money(state, cell)
        if cell.rows > 1 and not field_of(cell.text):
            state.section = "funds"
            state.ledger.label(cell)


def split_row(state: State, line: Line) -> tuple[list[Labelled], list[GridCell]]:
    """The labels of a row with what stands behind each, and the cells before the first label."""
    pairs: list[Labelled] = []
    loose: list[GridCell] = []
    for cell in line.cells:
        if _is_money_unit(cell):
            state.listen(cell.text)
            state.ledger.output(cell, "selfeval.toml money_unit")
            continue
        if state.ledger.knows(cell):
            continue
        name, inline = label_of(state, cell, pairs)
        if (
            name in UNLIKELY
            and pairs
            and pairs[-1].name in NEED_VALUE
            and not pairs[-1].values
            and not pairs[-1].inline
        ):
            name = ""  # 项目名称 | 部门整体支出
        if name:
            pairs.append(Labelled(cell, name, inline=inline))
        elif pairs and _is_value_of(line, pairs[-1], cell):
            pairs[-1].values.append(cell)
        elif pairs:
            state.ledger.unknown([cell], phrase("“{text}”后面的第二格，没有读懂", text=short(pairs[-1].label.text, 12)))
        else:
            loose.append(cell)
    return pairs, loose


def _tell_year_from_whole(state: State, pairs: Sequence[Labelled]) -> None:
    """项目资金总额 | … | 年度资金申请总额 | …: the money of the whole project stands beside that of the year."""
    totals = [p for p in pairs if p.name == "来源" and is_total(fund_label(p.label.text))]
    yearly = [p for p in totals if _OF_YEAR.search(squeeze(p.label.text))]
    others = [p for p in totals if p not in yearly]
    if yearly and len(others) == 1:
        state.midterm = Slot("", others[0].label.column, others[0].label.last)


def _is_value_of(line: Line, pair: Labelled, cell: GridCell) -> bool:
    """Whether a cell is the value of a label: the one cell beside it. An empty cell beside it is its value, too."""
    if pair.inline or (pair.values and pair.name not in SEVERAL and not _is_before_text(pair, pair.values[0].text)):
        return False
    between = any(pair.label.last < column < cell.column for column in line.blanks)
    return pair.name in SEVERAL or not between or len(line.cells) == 2


def _is_before_text(pair: Labelled, text: str) -> bool:
    """Whether a cell only leads to the one behind it: a box to tick, or the number of a goal."""
    return is_box(text) or (pair.name in GOAL_LABELS and bool(_SERIAL.fullmatch(squeeze(text))))


def has_label(state: State, line: Line) -> bool:
    """Whether any part of a line is a label of the form."""
    return any(_is_money_unit(cell) or label_of(state, cell, ())[0] for cell in line.cells)


def _is_money_unit(cell: GridCell) -> bool:
    """`单位：万元` in a cell of its own."""
    return len(cell.text) <= 16 and bool(MONEY_UNIT.search(squeeze(cell.text)))


def label_of(state: State, cell: GridCell, before: Sequence[Labelled]) -> tuple[str, str]:
    """(field, "") of a label, (field, text) of a label with its text behind a colon, ("", "") of anything else."""
    about_money = state.section in {"funds", "amounts"} or any(p.name in {"资金", "来源"} for p in before)
    name = field_of(cell.text) or _of_this_year(state, cell)
    if about_money and (fund_label(cell.text) or read_as_funds(cell)):
        return "来源", ""
    if name:
        return name, ""
    if bare(cell.text) in AMOUNT_ROLE_OF and AMOUNT_ROLE_OF[bare(cell.text)] in (*AMOUNTS, "执行率", "得分", "分值"):
        return f"金额:{AMOUNT_ROLE_OF[bare(cell.text)]}", ""
    match = INLINE.fullmatch(cell.text)
    name = field_of(match[1]) if match else ""
    if match and name:
        return name, match[2]
    if (fund_label(cell.text) and "\n" not in cell.text) or (
        before and before[-1].name == "来源" and read_as_funds(cell)
    ):
        return ("来源", "") if bare(cell.text).startswith("其中") or state.section else ("", "")
    return "", ""


def _of_this_year(state: State, cell: GridCell) -> str:
    """2024年预算 in a form of 2024: the label without its year."""
    words = bare(cell.text) if len(cell.text) <= _LONGEST_LABEL else ""
    named = OWN_YEAR.match(words)
    if not named or state.year not in {None, int(words[:4])}:
        return ""
    rest = words[named.end() :]
    return field_of(f"年度{rest}") or field_of(rest)


def read_as_funds(cell: GridCell) -> bool:
    """Whether a cell holds sources of funds with their amounts, one a line."""
    return bool(labelled_amounts(cell))


def read_pair(state: State, pair: Labelled) -> None:
    """One label with its value goes to its field."""
    text = pair.inline or " ".join(cell.text for cell in pair.values)
    cells = [pair.label] if pair.inline else pair.values
    if not pair.inline:
        state.ledger.label(pair.label)
    if pair.name == "签章":
        state.close()
    if pair.name == "来源":
        state.section = state.section or "funds"
        if not read_labelled(state, pair.label, pair.values):
            read_fund(state, pair.label, pair.values)
        return
    if pair.name == "资金":
        _money_section(state, pair)
        return
    if pair.name.startswith("金额:") or pair.label.column in {slot.first for slot in state.stages}:
        _amount(state, pair)
        return
    if state.section in {"funds", "amounts"} and pair.name != "预算金额":
        state.section = ""
    if text:
        put(state, pair, text, cells)
    elif pair.name in HEADINGS_BELOW:
        state.section = ""


def _money_section(state: State, pair: Labelled) -> None:
    hear_money(state, pair.label)
    state.section = "funds"
    if pair.values and all(is_amount(c.text) for c in pair.values):
        single_amount(state, pair.values[0])
        state.ledger.unknown(pair.values[1:])
        return
    state.ledger.unknown(pair.values)


def _amount(state: State, pair: Labelled) -> None:
    """`年初预算数 | 100 | 全年执行数 | 90`: stages as labels, without a source."""
    hear_money(state, pair.label)
    role = amount_role(bare(pair.label.text), state.year)
    for cell in pair.values[:1]:
        if role in AMOUNTS:
            put_amount(state, "年度资金总额", role, cell)
        else:
            state.ledger.leave_out(cell, computed(role))
    state.ledger.unknown(pair.values[1:])


def put(state: State, pair: Labelled, text: str, cells: list[GridCell]) -> None:
    """A text to the field that its label names."""
    name = pair.name
    if name == "项目名称":
        state.name_project(" ".join(text.split()), cells[0])
    elif name == "部门名称":
        name_unit(state, text, cells)
    elif name == "填报单位":
        filling_unit(state, text, cells)
    elif name == "预算金额":
        hear_money(state, pair.label)
        single_amount(state, cells[0], pair.inline)
        state.ledger.unknown(cells[1:])
    elif name in NARRATIVE:
        put_narrative(state, NARRATIVE[name], text, cells)
    elif name == "资金管理":
        put_management(state, pair)
    elif name in {"签章", "其他", "分节", "中期目标"}:
        leave_out(state, pair, text, cells)
    elif name == "原表总分":
        put_printed_total(state, text, cells)
    elif name == "项目负责人":
        put_manager(state, text, cells)
    else:
        put_text(state, "年度总体目标" if name == "目标" else name, text, cells)


def put_text(state: State, name: str, text: str, cells: list[GridCell]) -> None:
    """An ordinary field; instructions of the form are no text."""
    if INSTRUCTION.search(text) and len(text) < 60:
        message = phrase("“{name}”里只有填写说明“{text}”，没有采用", name=name, text=short(text))
        state.ledger.drop(cells, phrase("表格里的填写说明"), message)
        return
    if squeeze(text) in UNFILLED or (name in GOALS and (is_nothing(text) or squeeze(text) == "无")):
        state.ledger.leave_out(cells, phrase("“{name}”没有填写", name=name))
        return
    state.set_field(name, _ticked(state, text, cells), cells)


def _ticked(state: State, text: str, cells: list[GridCell]) -> str:
    """`□新增项目 √延续项目`: what is ticked, where that is one thing; else the text as it is, to be checked."""
    chosen = ticked(text)
    if chosen is None:
        return text
    if not chosen:
        message = phrase("“{text}”里勾选了哪一项不能确定，照录，请改成一项", text=short(text))
        state.ledger.remark(Sort.UNKNOWN, message, cells[0].place)
        return text
    message = phrase("“{text}”里勾选的是“{chosen}”", text=short(text), chosen=chosen)
    state.ledger.remark(Sort.GUESSED, message, cells[0].place)
    return chosen


def put_printed_total(state: State, text: str, cells: list[GridCell]) -> None:
    """自评总分 | 97.6: a number, or nothing."""
    words = squeeze(text).removesuffix("分")
    if is_number(words) and Decimal(words.removesuffix("分")) <= MOST_POINTS:
        state.set_field("原表总分", words, cells)
    else:
        state.ledger.unknown(cells, phrase("总分不是数"))


def put_manager(state: State, text: str, cells: list[GridCell]) -> None:
    """项目负责人及电话: the number at the end belongs to 联系电话."""
    match = _PHONE.search(text)
    if match and text[: match.start()].strip():
        state.ledger.remark(Sort.SPLIT, phrase("“{text}”拆成项目负责人和联系电话", text=short(text)), cells[0].place)
        state.set_field("联系电话", match[1], cells)
        text = text[: match.start()].strip()
    state.set_field("项目负责人", text, cells)


def put_narrative(state: State, heading: str, text: str, cells: list[GridCell]) -> None:
    """A passage that belongs in the report's text."""
    if INSTRUCTION.search(text) and len(text) < 80:
        put_text(state, heading, text, cells)
        return
    project = state.here()
    passages = project.narrative.setdefault(heading, [])
    if text not in passages:
        passages.append(text)
    state.ledger.output(cells, f"narrative {heading}")


def put_management(state: State, pair: Labelled) -> None:
    """分配科学性 | 说明 | 存在问题和改进措施: how the money of a transfer was managed."""
    heading = bare(pair.label.text)
    for cell, before in zip(pair.values, ("", "存在问题和改进措施："), strict=False):
        if is_nothing(cell.text) or _NO_PROBLEM.fullmatch(squeeze(cell.text)):
            state.ledger.leave_out(cell, phrase("没有问题"))
        else:
            put_narrative(state, heading, before + cell.text, [cell])
    state.ledger.unknown(pair.values[2:])


def leave_out(state: State, pair: Labelled, text: str, cells: list[GridCell]) -> None:
    """Signatures, totals, goals of other years: understood, and no column is for them."""
    why = LEFT_OUT.get(pair.name, phrase("表格之外的说明"))
    state.ledger.leave_out(cells, why)
    if pair.name != "分节":
        shown = short(pair.label.text if pair.inline else f"{pair.label.text}　{text}", 80)
        state.ledger.remark(Sort.DROPPED, phrase("{why}：{text}", why=why, text=shown), cells[0].place)


def name_unit(state: State, text: str, cells: list[GridCell]) -> None:
    """部门名称: the unit itself where the form is about it, else the department of a project."""
    if state.about_unit or not state.title:
        state.title = state.title or "部门整体"
        state.name_project(" ".join(text.split()), cells[0])
        state.heard.units.insert(0, text)
        state.ledger.output(cells[0], "selfeval.toml unit")
    else:
        state.set_field("主管部门", text, cells)


def filling_unit(state: State, text: str, cells: list[GridCell]) -> None:
    """填报单位: for all forms that follow, until another is named."""
    text = UNIT_LABEL.sub("", squeeze(text)) if UNIT_LABEL.search(squeeze(text)) else text
    state.heard.units.append(text)
    state.filling_unit = text
    if state.project is not None and state.named:
        state.project.fields.setdefault("填报单位", text)
    state.ledger.output(cells, "selfeval.toml unit")


# ── texts below headings, and rest of texts cut by a page ──


def place_loose(state: State, line: Line, cell: GridCell) -> bool:
    """A cell without a label: below a heading, beside a label that reaches down, or the rest of a text cut in two."""
    heading = next((s for s in state.below if cell.covers(s.first, s.last)), None)
    if heading is None and len(state.below) == 1 and len(line.cells) == 1:
        heading = state.below[0]
    if heading:
        _below(state, heading, cell)
        return True
    label = next((s for s in line.shadows if field_of(s.text) and s.column <= cell.column), None)
    if label and field_of(label.text) not in {"资金", "分节"}:
        _append(state, field_of(label.text), cell)
        return True
    spot = state.spot
    if (
        line.after_break
        and spot
        and spot.project is state.project
        and len(line.cells) == 1
        and cell.column in {spot.column, 0}
    ):
        _append(state, spot.field, cell, broken=True)
        return True
    return state.section == "funds" and read_labelled(state, cell, ())


def _below(state: State, heading: Slot, cell: GridCell) -> None:
    if heading.role == "中期目标":
        why = LEFT_OUT[heading.role]
        state.ledger.drop(cell, why, phrase("{why}：{text}", why=why, text=short(cell.text, 80)))
    elif state.here().fields.get(heading.role) and state.spot and state.spot.cell.row == cell.row - 1:
        _append(state, heading.role, cell)
    else:
        put_text(state, heading.role, cell.text, [cell])


def _append(state: State, name: str, cell: GridCell, *, broken: bool = False) -> None:
    """Joins a text to what its field holds already; on a page break without a gap."""
    project = state.here()
    name = "年度总体目标" if name == "目标" else name
    present = project.fields.get(name, "")
    gap = "" if broken else " " if _SERIAL.fullmatch(squeeze(present.split("\n")[-1])) else "\n"
    if squeeze(cell.text) in squeeze(present):
        state.ledger.output(cell, f"projects.csv {name}")
        return
    project.fields[name] = f"{present}{gap}{cell.text}" if present else cell.text
    state.ledger.output(cell, f"projects.csv {name}")
    if present:
        texts = {"name": name, "end": short(present[-12:]), "text": short(cell.text, 20)}
        cut = phrase("“{name}”由换页断开的两段接成：…{end}｜{text}", **texts)
        message = cut if broken else phrase("“{name}”由几格接成：…{end}｜{text}", **texts)
        state.ledger.remark(Sort.JOINED, message, cell.place, project.name)
    state.spot = Spot(project, name, cell.column, cell)
