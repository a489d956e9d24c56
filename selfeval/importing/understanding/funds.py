"""The part of a form about money: one amount, amounts beside their sources, or a table of amounts by stage."""

from __future__ import annotations

import re
from collections.abc import Sequence

from selfeval.base.phrases import Phrase, phrase
from selfeval.base.text import short
from selfeval.importing.draft import Amount, DraftProject
from selfeval.importing.grid import GridCell, Line
from selfeval.importing.ledger import Sort
from selfeval.importing.understanding.alignment import BLANK, Aligned, align
from selfeval.importing.understanding.column_content import Slot, is_number
from selfeval.importing.understanding.state import State
from selfeval.importing.vocabulary import (
    AMOUNT,
    AMOUNT_ROLE_OF,
    AMOUNTS,
    INSTRUCTION,
    MIDTERM_FUND,
    MONEY_IN_LABEL,
    OWN_YEAR,
    TOTAL_FUND,
    bare,
    fund_label,
    is_nothing,
    squeeze,
)

NO_MONEY = phrase("不是金额")
TOTAL = "年度资金总额"
_SUM = re.compile(r"合计|总计")
_TASK_LABELS = frozenset({"年度主要任务", "任务名称", "主要内容", "主要任务"})
_OF_WHICH = re.compile(r"^其中")
_LABELLED = re.compile(r"(.*?[^\d\s.,，:：¥￥])[\s:：]*([¥￥]?\d[\d,，]*(?:\.\d+)?(?:元|万元|亿元)?)?")


def is_amount(text: str) -> bool:
    """Whether a text is a sum of money and nothing else."""
    return bool(AMOUNT.fullmatch(squeeze(text)))


def lists_projects(line: Line) -> bool:
    """Whether a heading is that of a summary: several projects, one a row, with their money or scores."""
    words = [bare(cell.text) for cell in line.cells]
    return "项目名称" in words and sum(word in AMOUNT_ROLE_OF for word in words) >= 2


def amount_header(line: Line, year: int | None = None) -> tuple[Slot, ...]:
    """The columns of a table of amounts where the line is its heading: 年初预算数 | 全年预算数 | 全年执行数 …"""
    if any(is_amount(cell.text) for cell in line.cells):
        return ()
    roles = _planned_first([(amount_role(bare(cell.text), year), cell) for cell in line.cells])
    stages = [role for role, _ in roles if role in AMOUNTS]
    above = [cell for cell in line.shadows if bare(cell.text) in {"项目名称", "序号"}]
    if len(set(stages)) < 2 or above or any(bare(cell.text) == "项目名称" for cell in line.cells):  # a list of projects
        return ()
    doubled = next((cell for role, cell in roles if role in AMOUNTS and stages.count(role) > 1), None)
    first = min(cell.column for role, cell in roles if role in AMOUNTS and cell is not doubled)
    slots = [
        Slot(
            role if role and cell is not doubled else f"其他列:{bare(cell.text)}", cell.column, cell.last, unit_in(cell)
        )
        for role, cell in roles
        if cell.column >= first
    ]
    return (Slot("资金来源", 0, first - 1), *slots) if first else tuple(slots)


def _planned_first(roles: Sequence[tuple[str, GridCell]]) -> list[tuple[str, GridCell]]:
    """预算数 beside 调整后预算数 is that of the beginning of the year."""
    known = [role for role, _ in roles]
    initial, adjusted = AMOUNTS[:2]
    changed = [cell for role, cell in roles if role == adjusted and "调整" in cell.text]
    if initial in known or len(changed) != 1 or known.count(adjusted) != 2:
        return list(roles)
    return [(initial if role == adjusted and cell not in changed else role, cell) for role, cell in roles]


def amount_role(words: str, year: int | None = None) -> str:
    """What a column of the table of amounts holds; points and weight of the rate by the end of their words.

    A column of another year than the form's holds nothing of this one.
    """
    named = OWN_YEAR.match(words)
    if named and year and int(named[0][:4]) != year:
        return ""
    words = OWN_YEAR.sub("", words)
    ends = (("权重", "分值"), ("得分", "得分"), ("执行率", "执行率"))
    return AMOUNT_ROLE_OF.get(words, "") or next((role for end, role in ends if words.endswith(end)), "")


def read_amount_header(state: State, line: Line, slots: tuple[Slot, ...]) -> None:
    """Opens the table of amounts."""
    for cell in line.cells:
        hear_money(state, cell)
        state.ledger.label(cell)
    state.here()
    state.section, state.amount_slots, state.below = "amounts", slots, []


def unit_in(cell: GridCell) -> str:
    """`项目资金（万元）`: the unit that stands in a label, empty where none does."""
    match = MONEY_IN_LABEL.search(squeeze(cell.text))
    return match[1] if match else ""


def hear_money(state: State, cell: GridCell) -> None:
    """A label may state the unit of all amounts that follow."""
    if unit := unit_in(cell):
        state.set_money(unit)


def read_amount_row(state: State, line: Line) -> bool:
    """One source of funds with its amounts by stage; False where the line is none."""
    slipped = _has_slipped(state, line)
    aligned = align(_with_one_source(state, line), state.amount_slots, lost=BLANK if slipped else "")
    label = aligned.cells.get("资金来源")
    amounts = {role: aligned.cells[role] for role in AMOUNTS if role in aligned.cells}
    name = fund_label(label.text) if label else TOTAL
    if label and not name and not any(is_amount(c.text) for c in amounts.values()):
        return False
    if not amounts and not label:
        return False
    if slipped and not label:  # nobody can tell which amount stands where
        return False
    if label and not name:
        name = " ".join(label.text.split())
        state.ledger.remark(
            Sort.GUESSED,
            phrase("资金来源“{name}”不是常见的写法，照录", name=short(name)),
            label.place,
            state.here().name,
        )
    _name_of_fund(state, label, name)
    units = {slot.role: slot.unit for slot in state.amount_slots}
    for role, cell in amounts.items():
        put_amount(state, name, role, cell, units[role])
    _rest_of_amount_row(state, aligned, name)
    return True


def _name_of_fund(state: State, label: GridCell | None, name: str) -> None:
    """Where the name of a source went: no column holds that of the total."""
    if is_total(name):
        state.ledger.label(label, phrase("资金来源"))
    else:
        state.ledger.output(label, "budget.csv 资金来源")


def _has_slipped(state: State, line: Line) -> bool:
    """Whether an amount stands where the sources are named, or blank cells were dropped and some are missing."""
    short_of = line.lost == BLANK and len(line.cells) < len(state.amount_slots)
    return short_of or any(cell.last <= _last_of_source(state) and is_amount(cell.text) for cell in line.cells)


def _last_of_source(state: State) -> int:
    """The last column of the sources' names, -1 where the amounts begin at the left edge."""
    return next((slot.last for slot in state.amount_slots if slot.role == "资金来源"), -1)


def _with_one_source(state: State, line: Line) -> list[GridCell]:
    """The cells of a row with one source at most: what stands left of it is the label of the whole table."""
    cells = list(line.cells[:30])
    first = _last_of_source(state)
    left = [] if _has_slipped(state, line) else [cell for cell in cells if cell.last <= first]
    named = [cell for cell in left if fund_label(cell.text)] or left[-1:]
    for cell in left:
        if cell is not named[-1]:
            state.ledger.label(cell)
            hear_money(state, cell)
    return [cell for cell in cells if cell not in left or cell is named[-1]]


def _rest_of_amount_row(state: State, aligned: Aligned, name: str) -> None:
    """Reason, weight, rate and score beside the amounts."""
    reason = aligned.cells.get("原因说明")
    if reason and not is_nothing(reason.text) and not INSTRUCTION.search(reason.text):
        state.here().reasons[TOTAL if is_total(name) else name] = reason.text
        state.ledger.output(reason, "budget.csv 原因说明")
    else:
        state.ledger.leave_out(reason, phrase("没有填写的原因栏"))
    for role in ("分值", "执行率", "得分"):
        state.ledger.leave_out(aligned.cells.get(role), computed(role))
    printed = {role: aligned.cells[role] for role in ("分值", "得分") if role in aligned.cells and is_total(name)}
    for role, cell in printed.items():
        points = squeeze(cell.text).removesuffix("分")
        if role == "分值" and is_number(points):
            state.here().execution = points
        elif is_number(points):
            state.set_field("原表执行率得分", points, [cell])
    state.ledger.unknown(aligned.left_out)


def computed(role: str) -> Phrase:
    """Why 分值, 执行率 or 得分 of the money is not taken from a form."""
    return phrase("预算执行的{role:_}，由程序计算", role=role)


def is_total(name: str) -> bool:
    """Whether a source of funds is the sum of the others."""
    return bool(TOTAL_FUND.match(bare(name)))


def fund_of(project: DraftProject, name: str) -> dict[str, Amount]:
    """The amounts of one source, or of the total."""
    return project.total if is_total(name) else project.funds.setdefault(name, {})


def put_amount(state: State, name: str, role: str, cell: GridCell, unit: str = "") -> None:
    """One amount of one source; a blank or dash is none. `unit`: that of its column, else the form's."""
    project = state.here()
    fund = fund_of(project, name)
    if is_nothing(cell.text):
        state.ledger.leave_out(cell, phrase("空的金额"))
        return
    if not is_amount(cell.text):
        state.ledger.unknown([cell], NO_MONEY)
        return
    amount = Amount(squeeze(cell.text), unit or state.money_unit)
    if role in fund and fund[role].value("元") != amount.value("元"):
        texts = {"name": name, "role": role, "before": fund[role].text, "here": cell.text}
        message = phrase("“{name}”的{role:_}前面是 {before}，这里是 {here}，采用前者", **texts)
        state.ledger.drop(cell, phrase("与前面的金额不同"), message, project.name)
        return
    fund.setdefault(role, amount)
    if is_total(name):
        state.ledger.leave_out(cell, phrase("资金合计，与各来源之和核对"))
    else:
        state.ledger.output(cell, f"budget.csv {role}")


def read_fund(state: State, label: GridCell, values: Sequence[GridCell]) -> None:
    """A source of funds with its amount beside it: the approved amount, so 年初预算数."""
    name = fund_label(label.text)
    if MIDTERM_FUND.match(bare(label.text)):
        state.midterm = Slot("", label.column, label.last)
    if state.midterm and label.covers(state.midterm.first, state.midterm.last):
        message = phrase("实施期（中期）资金：{text}", text=short(" ".join(c.text for c in (label, *values))))
        state.ledger.drop((label, *values), phrase("实施期（中期）资金，不属本年度"), message, state.here().name)
        return
    stage = _stage_of(state, label)
    if not stage:
        state.ledger.unknown((label, *values))
        return
    _name_of_fund(state, label, name)
    for cell in values[:1]:
        put_amount(state, name, stage, cell)
        partly = bool(_OF_WHICH.match(squeeze(label.text))) and is_amount(cell.text) and not is_total(name)
        state.here().partly = state.here().partly or partly
    state.ledger.unknown(values[1:], phrase("多出的金额"))


def take_stages(state: State, labels: Sequence[GridCell]) -> None:
    """预算数 | 1000 | 执行数 | 900: the sources below stand under their stages; 预算数 is that of the whole year."""
    roles = [amount_role(bare(cell.text), state.year) for cell in labels]
    if AMOUNTS[2] not in roles or len(set(roles) & set(AMOUNTS)) < 2:
        return
    ends = [*(cell.column - 1 for cell in labels[1:]), labels[-1].last + 1]
    slots = (Slot(role, cell.column, end) for role, cell, end in zip(roles, labels, ends, strict=True))
    state.stages = tuple(slot for slot in slots if slot.role in AMOUNTS)


def _stage_of(state: State, label: GridCell) -> str:
    """The stage of the amount beside a source of funds: the approved one, unless stages stand above; "" under none."""
    under = (slot.role for slot in state.stages if slot.first <= label.column <= slot.last)
    return next(under, "") if state.stages else AMOUNTS[0]


def labelled_amounts(cell: GridCell) -> list[tuple[str, str]]:
    """`年度资金总额：81` or several such lines in one cell, as (label, amount); none where it says anything else."""
    pairs = []
    for line in re.split(r"\n|(?<=\d)\s{2,}|(?=其中[:：])", cell.text):
        if not line.strip():
            continue
        match = _LABELLED.fullmatch(line.strip())
        if not match or not fund_label(match[1]):
            return []
        pairs.append((fund_label(match[1]), match[2] or ""))
    return pairs


def read_labelled(state: State, cell: GridCell, values: Sequence[GridCell]) -> bool:
    """A cell with labels and amounts in it, or with labels whose amounts stand line by line beside it."""
    pairs = labelled_amounts(cell)
    if not pairs or (len(pairs) == 1 and not pairs[0][1]):
        return False
    if not any(amount for _, amount in pairs):
        amounts = values[0].text.split("\n") if values else []
        if len(amounts) != len(pairs) or not all(map(is_amount, amounts)):
            return False
        pairs = [(name, amount) for (name, _), amount in zip(pairs, amounts, strict=True)]
        state.ledger.output(values[0], f"budget.csv {AMOUNTS[0]}")
    for name, amount in pairs:
        if amount and not MIDTERM_FUND.match(bare(name)):
            fund_of(state.here(), name).setdefault(AMOUNTS[0], Amount(squeeze(amount), state.money_unit))
    state.ledger.output(cell, "budget.csv")
    message = phrase("一格里的几项资金已拆开：{text}", text=short(cell.text))
    state.ledger.remark(Sort.SPLIT, message, cell.place, state.here().name)
    return True


def single_amount(state: State, cell: GridCell, text: str = "") -> None:
    """The budget of the project as one sum, of no named source."""
    text = text or cell.text
    if not is_amount(text):
        state.ledger.unknown([cell], NO_MONEY)
        return
    project = state.here()
    amount = Amount(squeeze(text), state.money_unit)
    if project.single_amount and project.single_amount.value("元") != amount.value("元"):
        message = phrase("预算金额另有一个 {text}，采用先出现的 {first}", text=text, first=project.single_amount.text)
        state.ledger.drop(cell, phrase("与前面的预算金额不同"), message, project.name)
        return
    project.single_amount = project.single_amount or amount
    state.ledger.output(cell, "budget.csv 年初预算数")


# ── 年度主要任务 of a whole unit: sources of funds side by side, one task a row ──


def task_header(line: Line) -> tuple[Slot, ...]:
    """The columns 总额 | 财政拨款 | 其他资金 where the line is their heading."""
    slots = tuple(Slot(fund_label(c.text), c.column, c.last) for c in line.cells)
    named = all(slot.role for slot in slots) and len(slots) >= 2 and any(is_total(slot.role) for slot in slots)
    return slots if named and not any(":" in squeeze(c.text) for c in line.cells) else ()


def read_task_header(state: State, line: Line, slots: tuple[Slot, ...]) -> None:
    """Opens the table of tasks; the row above may tell the unit of the amounts."""
    for cell in state.previous.cells if state.previous else ():
        if MONEY_IN_LABEL.search(squeeze(cell.text)) or squeeze(cell.text) in _TASK_LABELS:
            hear_money(state, cell)
            state.ledger.label(cell)
    for cell in (*line.shadows, *line.cells):
        hear_money(state, cell)
        state.ledger.label(cell)
    state.here()
    state.section, state.task_slots = "tasks", slots


def read_task(state: State, line: Line) -> bool:
    """The sums of the tasks are the budget; a task itself has no column and is shown. False: no row of tasks."""
    by_slot = [(next((s for s in state.task_slots if c.covers(s.first, s.last)), None), c) for c in line.cells]
    amounts = [(slot.role, cell) for slot, cell in by_slot if slot and is_amount(cell.text)]
    words = [cell for slot, cell in by_slot if not slot]
    if not amounts or len(amounts) + len(words) < len(line.cells):
        return False
    stage = amount_role(bare(words[0].text), state.year) if len(words) == 1 else ""
    if stage in AMOUNTS:  # 全年执行数 | 99 | 18: the stages one below the other, the sources side by side
        for role, cell in amounts:
            put_amount(state, role, stage, cell)
        state.ledger.label(words[0])
        return True
    if any(_SUM.search(bare(c.text)) for c in words):
        for role, cell in amounts:
            put_amount(state, role, AMOUNTS[0], cell)
        state.ledger.label(words)
        return True
    message = phrase("年度主要任务没有对应的列：{text}", text=short(" | ".join(c.text for c in line.cells), 80))
    state.ledger.drop(line.cells, phrase("年度主要任务"), message, state.here().name)
    return True
