"""一级, 二级 and 三级 of an indicator: as written, from a merged cell, or carried down from the row above."""

from __future__ import annotations

import re

from selfeval.base.phrases import phrase
from selfeval.base.text import short
from selfeval.importing.grid import Line
from selfeval.importing.ledger import Sort
from selfeval.importing.understanding.alignment import Aligned, repeats
from selfeval.importing.understanding.columns_by_cells import SECOND
from selfeval.importing.understanding.state import State
from selfeval.importing.vocabulary import IN_BRACKETS, bare, is_goal, is_level1, level1_of, one_line, squeeze

_BEHIND = re.compile(r"(\d{1,3}(?:\.\d+)?)分$")


def take_levels(state: State, line: Line, aligned: Aligned, texts: dict[str, str]) -> None:
    """一级 and 二级: as written, from the merged cell, else carried down from the row above."""
    name = state.here().name
    place = line.cells[0].place
    level1, level2 = (one_line(texts.get(role, "")) for role in ("一级指标", "二级指标"))
    level1 = _take_goal(state, level1, texts)
    if not level1 and not level2 and not state.slot("二级指标"):
        level1, level2 = _levels_before(state, texts.get("三级指标", ""))
    _level_points(state, level1, texts.get("一级指标", ""))
    doubled = level1 and squeeze(level1) == squeeze(level2) and bare(level1).startswith("成本")
    if repeats(aligned) or (doubled and bare(state.level1).startswith("产出")):
        message = phrase("“{level2}”写了两次，一级指标按上一行的“{level1}”", level2=level2, level1=state.level1)
        state.ledger.remark(Sort.GUESSED, message, place, name)
        state.ledger.label(
            (*aligned.left_out, *(c for r, c in aligned.cells.items() if r == "一级指标")), phrase("重复的二级指标")
        )
        level1 = ""
    if level1 and not level2:
        _level2_missing(state, aligned, texts, level1, place)
        level2 = one_line(texts["二级指标"]) if texts.get("二级指标") else ""
    if not level2 and _is_gap(state, line, "二级指标"):
        message = phrase("这一行起的二级指标在原件换页处没有印出名称，留空待填")
        state.ledger.remark(Sort.UNKNOWN, message, place, name)
        state.level2 = ""
    implied = level1_of(level2) if level2 else ""
    if not level1 and not implied and not state.level1 and bare(level2).startswith("成本"):
        implied = "产出指标"
    own_words = state.level1 and not is_level1(state.level1)  # the form has first levels of its own
    if not level1 and implied and not own_words and state.slot("一级指标") and not _same_level1(implied, state.level1):
        message = phrase("一级指标是空的，由二级指标“{level2}”推定为“{level1}”", level2=level2, level1=implied)
        state.ledger.remark(Sort.GUESSED, message, place, name)
        level1 = implied
    if level1 and level1 != state.level1 and not level2:
        state.level2 = ""
    state.level1 = texts["一级指标"] = level1 or state.level1
    points = IN_BRACKETS.search(squeeze(texts.get("二级指标", "")))
    state.level2 = texts["二级指标"] = level2 or state.level2
    if points and state.level2:
        state.here().level2_points[state.level1, state.level2] = points[1]


def _levels_before(state: State, name: str) -> tuple[str, str]:
    """The levels of the indicator of that name, in a table that goes on with columns of an earlier one."""
    known = [one for one in state.here().by_name.get(squeeze(name), ()) if one.form != state.form]
    return (known[0].texts.get("一级指标", ""), known[0].key[0]) if len(known) == 1 else ("", "")


def _take_goal(state: State, level1: str, texts: dict[str, str]) -> str:
    """年度绩效目标 that the rows stand under: before the name of their 一级, or in the cell beside them."""
    goal, _, level = level1.rpartition("：")
    if goal and is_level1(one_line(level)):
        state.goal, level1 = goal, one_line(level)
    elif is_goal(texts.get("类别", "")):
        state.goal = one_line(texts["类别"])
    if state.goal:
        texts.setdefault("年度绩效目标", state.goal)
    return level1


def _is_gap(state: State, line: Line, role: str) -> bool:
    """Whether a merged cell without any text begins here in a column."""
    slot = state.slot(role)
    return slot is not None and any(first <= slot.last and slot.first <= last for first, last in line.gaps)


def _level2_missing(state: State, aligned: Aligned, texts: dict[str, str], level1: str, place: str) -> None:
    """A new 一级 without 二级: never the 二级 of the 一级 before."""
    cell, slot = aligned.cells.get("一级指标"), state.slot("二级指标")
    if (
        cell
        and slot
        and ("三级指标" in aligned.cells or "指标值" in aligned.cells)
        and squeeze(level1) != squeeze(state.level1)
    ):
        texts["二级指标"] = level1
        message = phrase("“{level1}”下没有写二级指标，二级指标沿用同名", level1=level1)
        state.ledger.remark(Sort.GUESSED, message, place, state.here().name)


def _same_level1(level: str, level1: str) -> bool:
    """Whether two names of a first level mean the same (效果指标, 效益指标(30分))."""
    words = bare(level1)
    synonyms = {"效益指标": ("效益", "效果"), "满意度指标": ("满意",), "产出指标": ("产出",)}
    return any(word in words for word in synonyms.get(level, ()))


def _level_points(state: State, level1: str, text: str) -> None:
    """`产出指标（50分）`, `产出指标 40分`: the points of a first level as the form has them."""
    points = IN_BRACKETS.search(squeeze(text)) or _BEHIND.search(squeeze(text))
    if level1 and points:
        state.here().level_points.setdefault(level1, points[1])


def take_name(state: State, aligned: Aligned, texts: dict[str, str]) -> None:
    """三级指标: without line breaks; from its second column, or from a 二级 that reaches over both."""
    second = texts.pop(SECOND, "")
    if second:
        texts["三级指标"] = f"{texts['三级指标']}：{second}" if texts.get("三级指标") else second
    level2 = aligned.cells.get("二级指标")
    if not texts.get("三级指标") and level2 is not None and texts.get("指标值"):
        texts["三级指标"] = texts["二级指标"]
        message = phrase("“{name}”没有三级指标，三级指标沿用同名", name=texts["二级指标"])
        state.ledger.remark(Sort.GUESSED, message, level2.place, state.here().name)
    name = texts.get("三级指标", "")
    points = IN_BRACKETS.search(name)
    if points and "分" in points[0] and not texts.get("分值") and name[: points.start()].strip():
        name = texts["三级指标"] = name[: points.start()].strip()
        texts["分值"] = points[1]
        place = aligned.cells["三级指标"].place if "三级指标" in aligned.cells else ""
        message = phrase("“{name}”的分值写在名称后面：{points} 分", name=short(name), points=points[1])
        state.ledger.remark(Sort.SPLIT, message, place, state.here().name)
    if "\n" in name:
        texts["三级指标"] = "".join(part.strip() for part in name.split("\n"))
        message = phrase("三级指标里的换行已去掉：{name}", name=short(texts["三级指标"]))
        state.ledger.remark(
            Sort.JOINED,
            message,
            aligned.cells["三级指标"].place if "三级指标" in aligned.cells else "",
            state.here().name,
        )
