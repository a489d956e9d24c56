"""Lines of any source → projects with fields, funds and indicators. One pass, one reader's place in the document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from selfeval.base.phrases import phrase
from selfeval.base.text import short
from selfeval.importing.draft import Amount, DraftProject, Heard
from selfeval.importing.grid import GridCell, Line, SourceFile
from selfeval.importing.ledger import Ledger, Sort
from selfeval.importing.understanding.column_content import head_of
from selfeval.importing.understanding.fields import has_label, label_of, read_row
from selfeval.importing.understanding.funds import (
    amount_header,
    lists_projects,
    read_amount_header,
    read_amount_row,
    read_task,
    read_task_header,
    task_header,
)
from selfeval.importing.understanding.headings import (
    header_slots,
    is_other_heading,
    read_header,
    sub_header,
)
from selfeval.importing.understanding.indicators import leaves, read_indicator
from selfeval.importing.understanding.paragraphs import read_paragraph, read_title
from selfeval.importing.understanding.proposals import proposals_in
from selfeval.importing.understanding.state import State
from selfeval.importing.vocabulary import (
    AMOUNTS,
    NOTE,
    STAMP,
    bare,
    field_of,
    is_category,
    is_level1,
    is_level2,
    is_total,
    squeeze,
)

NEAR = 50
"""How many projects before and behind a cover its table is looked for."""


def understand(sources: Iterable[SourceFile], ledger: Ledger) -> tuple[list[DraftProject], Heard]:
    """All projects on all forms, in document order; every cell is entered in the ledger."""
    state = State(ledger, Heard())
    for source in (visible(source, ledger) for source in sources):
        state.source, state.sheet, state.money_unit, state.filling_unit = source.name, "", "", ""
        state.open_form("")
        state.project = None
        state.title_name, state.told, state.told_fields, before = "", [], [], len(state.drafts)
        state.closed, state.goal = False, ""
        ledger.sources.append((source.name, sum(len(line.cells) for line in source.lines)))
        state.lines, state.year = source.lines, None
        for state.at, line in enumerate(source.lines):
            read_line(state, line)
        _take_told_amounts(state, before)
        _take_told_fields(state)
        ledger.unknown(cell for line in source.lines for cell in line.cells)
        _tidied(ledger, source)
    return without_covers(state.drafts, ledger), state.heard


def visible(source: SourceFile, ledger: Ledger) -> SourceFile:
    """A form as a person sees it: what stands in hidden rows and columns is told, not read."""
    hidden = [cell for line in source.lines for cell in line.cells if cell.hidden]
    if not hidden:
        return source
    ledger.leave_out(hidden, phrase("隐藏的行或列"))
    seen = short(hidden[0].text)
    message = phrase(
        "隐藏的行、列里有 {count} 格没有读取（{seen}…）；需要导入时请先取消隐藏", count=len(hidden), seen=seen
    )
    ledger.remark(Sort.UNKNOWN, message, hidden[0].place)
    shown = (replace(line, cells=_shown(line.cells), shadows=_shown(line.shadows)) for line in source.lines)
    return replace(source, lines=tuple(line for line in shown if line.cells))


def _shown(cells: tuple[GridCell, ...]) -> tuple[GridCell, ...]:
    return tuple(cell for cell in cells if not cell.hidden)


def _take_told_amounts(state: State, before: int) -> None:
    """Budgets told in the text, where the file is about one project without any and each is told once."""
    drafts = state.drafts[before:]
    if len(drafts) != 1 or drafts[0].funds or drafts[0].total or drafts[0].single_amount:
        return
    for role in dict.fromkeys(role for role, _, _ in state.told):
        amounts = {amount: cell for column, amount, cell in state.told if column == role}
        if role in AMOUNTS and len(amounts) == 1:
            amount, cell = next(iter(amounts.items()))
            drafts[0].total[role] = Amount(amount, "")
            message = phrase("正文里写着{role:_} {amount}，按此记入", role=role, amount=amount)
            state.ledger.remark(Sort.GUESSED, message, cell.place, drafts[0].name)
            state.ledger.output(cell, f"budget.csv {role}")


def _take_told_fields(state: State) -> None:
    """Goals told in the text around the tables, where no table has them."""
    for about, label, text, cell in state.told_fields:
        name = "年度总体目标" if label == "目标" else label
        project = state.drafts[about] if about < len(state.drafts) else None
        if project is None or project.fields.get(name):
            state.ledger.drop(cell, phrase("表外文字"), phrase("表外文字：{text}", text=short(cell.text, 80)))
        else:
            project.fields[name] = text
            state.ledger.output(cell, f"projects.csv {name}")


def without_covers(drafts: Sequence[DraftProject], ledger: Ledger) -> list[DraftProject]:
    """A cover, or a name broken over two lines, is no project of its own where its name is part of one with a table."""
    kept = []
    for at, draft in enumerate(drafts):
        near = drafts[max(0, at - NEAR) : at + NEAR] if _is_empty(draft) else ()
        whole = next((d for d in near if d is not draft and d.indicators and _is_part(draft, d)), None)
        if whole is None:
            kept.append(draft)
            continue
        whole.fields = draft.fields | whole.fields
        message = phrase("“{part}”下没有指标，名称是“{name}”的一部分，内容并入该项目", part=draft.name, name=whole.name)
        ledger.remark(Sort.JOINED, message, draft.place, whole.name)
    return kept


def _is_empty(draft: DraftProject) -> bool:
    """Whether nothing but fields was found of a project."""
    return not (draft.indicators or draft.funds or draft.total or draft.single_amount or draft.is_unit)


def _is_part(draft: DraftProject, whole: DraftProject) -> bool:
    return len(squeeze(draft.name)) >= 4 and squeeze(draft.name) in squeeze(whole.name)


def read_line(state: State, line: Line) -> None:
    """One line goes to the part of the form that is open, or opens another."""
    if line.sheet != state.sheet:
        state.sheet = line.sheet
        state.open_form("")
        state.project = None
    just_read, state.header_just_read = state.header_just_read, False
    if not line.cells:
        return
    state.heard.proposals += proposals_in(line.cells)
    if state.previous and line.cells[0].row <= state.previous.cells[0].row:  # another table, whose rows begin anew
        state.heading_until = 0
        if line.nested:  # the rows of the table around it are no part of this one
            state.leave_table()
    if not read_title(state, line):
        state.header_just_read = just_read
        state.header_just_read = _read_body(state, line) in {_heading, sub_header}
    state.previous = line


def _read_body(state: State, line: Line) -> Callable[[State, Line], bool] | None:
    """The first part that takes the line reads it; what none takes is a row of labels and values."""
    taken = next((take for take in PARTS if take(state, line)), None)
    if taken is None:
        if state.section == "indicators":
            state.section = ""
        read_row(state, line)
    return taken


def _heading(state: State, line: Line) -> bool:
    columns = header_slots(line, state.year)
    if columns:
        read_header(state, line, columns)
    return bool(columns)


def _amounts(state: State, line: Line) -> bool:
    stages = () if _is_list_of_projects(state, line) else amount_header(line, state.year)
    if stages:
        read_amount_header(state, line, stages)
    return bool(stages)


def _is_list_of_projects(state: State, line: Line) -> bool:
    """Whether the row above heads a list of projects, whose second row of headings this is."""
    above = state.previous.cells if state.previous and state.section == "other" and not line.after_break else ()
    return any(bare(cell.text) == "项目名称" for cell in above)


def _tasks(state: State, line: Line) -> bool:
    funds = task_header(line)
    if funds:
        read_task_header(state, line, funds)
    return bool(funds)


def _note(state: State, line: Line) -> bool:
    """A remark below a table: 注：…"""
    if len(line.cells) > 2 or not NOTE.match(squeeze(line.cells[0].text)):
        return False
    state.ledger.drop(line.cells, phrase("表下的注"), phrase("表下的注：{text}", text=short(line.text, 120)))
    return True


def _other_table(state: State, line: Line) -> bool:
    """A table of other things behind or before the form: the working of the scores, a list of evidence, of projects."""
    if not line.in_table or (line.after_break and not line.new_page):
        state.section = "" if state.section == "other" else state.section
    begins = line.after_break or not state.section
    if begins and (is_other_heading(line) or (state.closed and _is_strange(state, line))):
        state.section = "other"
        if lists_projects(line):
            message = phrase("几个项目的汇总表没有读取；各项目的资金、指标和得分请从各自的表导入")
            state.ledger.remark(Sort.UNKNOWN, message, line.cells[0].place)
    if state.section != "other" or (line.after_break and field_of(line.cells[0].text)):
        return False
    message = phrase("另一张表：{text}", text=short(" | ".join(c.text for c in line.cells), 200))
    state.ledger.drop(line.cells, phrase("另一张表"), message)
    return True


def _is_strange(state: State, line: Line) -> bool:
    """Whether a table begins with a row that no form has: several cells, and none of them a label."""
    return line.in_table and len(line.cells) > 2 and not has_label(state, line)


def _text(state: State, line: Line) -> bool:
    if not _is_text(state, line):
        return False
    read_paragraph(state, line)
    if state.totalled:  # text behind the total ends the table
        state.section = ""
    return True


def _indicator(state: State, line: Line) -> bool:
    if state.section != "indicators":
        if not _resumes(state, line):
            return False
        state.section = "indicators"
    elif (state.totalled and not _goes_on(state, line)) or leaves(state, line):
        return False
    read_indicator(state, line)
    return True


def _goes_on(state: State, line: Line) -> bool:
    """Whether the table goes on behind a sum: another sum, or a row that says its level; never behind 总分."""
    return is_total(head_of(line)) or (not state.ended and _resumes(state, line))


def _stamp(state: State, line: Line) -> bool:
    """A row for stamps, signatures and dates: the foot of a form."""
    if not any(STAMP.search(c.text) for c in line.cells) or _says_more(state, line):
        return False
    message = phrase("签名、盖章一行没有采用：{text}", text=short(line.text, 80))
    state.ledger.drop(line.cells, phrase("签名、盖章、日期"), message)
    state.close()
    return True


def _says_more(state: State, line: Line) -> bool:
    """Whether a row with such words is an indicator, or a label with its text."""
    if len(line.cells) == 1 and not line.in_table:
        return True  # 填报单位（盖章）：甲局
    values = (
        {s for s in state.slots if s.role in {"指标值", "实际完成值", "分值"}} if state.section == "indicators" else ()
    )
    return any(c.covers(s.first, s.last) and not STAMP.search(c.text) for c in line.cells for s in values) or any(
        label_of(state, c, ())[1] for c in line.cells
    )


def _amount(state: State, line: Line) -> bool:
    return state.section == "amounts" and not _is_other_label(line) and read_amount_row(state, line)


def _task(state: State, line: Line) -> bool:
    return state.section == "tasks" and read_task(state, line)


PARTS = (_heading, sub_header, _amounts, _tasks, _other_table, _note, _stamp, _text, _amount, _task, _indicator)


def _is_text(state: State, line: Line) -> bool:
    """Text between tables; in a sheet that is a row with one cell at its left edge, in no open part of a form."""
    if not line.in_table:
        is_open = state.section in {"indicators", "amounts"} and not state.totalled
        return len(line.cells) == 1 or not (is_open or has_label(state, line))
    if len(line.cells) > 1:
        return False
    cell = line.cells[0]
    apart = line.after_break or cell.columns > 2
    goes_on = state.below or (state.section and not apart) or line.shadows or line.new_page
    named = field_of(cell.text) or is_level1(cell.text) or is_level2(cell.text) or is_category(cell.text)
    return cell.column == 0 and not goes_on and not named


def _is_other_label(line: Line) -> bool:
    """A label that ends the part about money."""
    return field_of(line.cells[0].text) not in {"", "资金", "预算金额", "其他", "签章"}


def _resumes(state: State, line: Line) -> bool:
    """A table of indicators that goes on behind a repeated title without its heading."""
    first = line.cells[0].text
    named = is_level1(first) or is_level2(first) or is_category(first)
    return bool(state.slots) and named and len(line.cells) >= 3 and state.project is not None


def _tidied(ledger: Ledger, source: SourceFile) -> None:
    """How many cells had tags or stray marks in them."""
    changed = [cell for line in source.lines for cell in line.cells if cell.tidied]
    if changed:
        message = phrase(
            "{count} 格里有 <p> 之类的标记、多余的空行或看不见的字符，已换成换行或去掉", count=len(changed)
        )
        ledger.remark(Sort.SPLIT, message, changed[0].place)
    kinds = ((Sort.JOINED, source.joined), (Sort.GUESSED, source.remarks), (Sort.UNKNOWN, source.unread))
    for sort, texts in kinds:
        for text in texts:
            ledger.remark(sort, text, source.name)
