"""Titles of forms, and the text between tables."""

from __future__ import annotations

import re

from selfeval.base.phrases import phrase
from selfeval.base.text import short
from selfeval.importing.grid import GridCell, Line
from selfeval.importing.understanding.fields import INLINE, UNIT_LABEL, Labelled, put
from selfeval.importing.understanding.funds import labelled_amounts, read_labelled
from selfeval.importing.understanding.state import State
from selfeval.importing.understanding.titles import amounts_in, report_title
from selfeval.importing.vocabulary import MONEY_UNIT, TITLE, YEAR, field_of, squeeze

TOLD_LATER = frozenset({"年度总体目标", "目标", "总体目标完成情况", "项目概况"})
"""Fields that a report's text speaks of, too: taken from it where no table has them."""

# ── titles and text between tables ──


def read_title(state: State, line: Line) -> bool:
    """A form's title, in a line of its own or in the merged first row of a table."""
    if not 1 <= len(line.cells) <= 3:
        return False
    first = line.cells[0]
    titles = [part for part in first.text.split("\n") if len(part) <= 80 and TITLE.search(squeeze(part).lstrip("#"))]
    if not titles or field_of(first.text):
        return False
    state.open_form(titles[0])
    for cell in line.cells:
        state.listen(cell.text)
        state.ledger.label(cell, phrase("表的标题"))
    return True


def read_paragraph(state: State, line: Line) -> None:
    """Text between tables: unit, money unit, year, a field with its colon; anything else is left out and shown."""
    for cell in line.cells:
        if _read_report_title(state, cell):
            continue
        state.told += [(role, amount, cell) for role, amount in amounts_in(cell.text)]
        if state.named and any(amount for _, amount in labelled_amounts(cell)) and read_labelled(state, cell, ()):
            continue
        heard = [_read_part(state, part, cell) for part in re.split(r"\n|\s{2,}|\u3000+", cell.text) if part.strip()]
        if not any(heard):
            state.ledger.drop(cell, phrase("表外文字"), phrase("表外文字：{text}", text=short(cell.text, 80)))


def _read_report_title(state: State, cell: GridCell) -> bool:
    """`某县公安局2022年度辅警人员经费绩效自评工作报告`: unit, year and project."""
    title = report_title(cell.text)
    if title is None:
        return False
    state.open_form(cell.text)
    state.title_name = title.name
    state.listen(cell.text)
    if title.unit:
        state.heard.units.append(title.unit)
        state.filling_unit = title.unit
    state.ledger.label(cell, phrase("报告的标题"))
    return True


def _read_part(state: State, part: str, cell: GridCell) -> bool:
    match = INLINE.fullmatch(UNIT_LABEL.sub("", part.strip()))
    name = field_of(match[1]) if match else ""
    if MONEY_UNIT.search(squeeze(part)):
        state.listen(part)
        state.ledger.output(cell, "selfeval.toml money_unit")
        return True
    if match and name in TOLD_LATER:
        about = len(state.drafts) - (1 if state.project else 0)
        state.told_fields.append((about, name, match[2].strip(), cell))
        return True
    if match and name:
        put(state, Labelled(cell, name, inline=match[2]), match[2].strip(), [cell])
        return True
    short_line = len(squeeze(part)) <= 12 and bool(YEAR.search(squeeze(part)))
    heard = state.listen(part) if len(part) <= 60 else False
    if short_line:
        state.ledger.output(cell, "selfeval.toml year")
    return heard and short_line
