"""What may stand in a column: what contradicts it, and how well a text suits it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from selfeval.importing.grid import GridCell, Line
from selfeval.importing.vocabulary import (
    AMOUNT,
    AMOUNTS,
    fund_label,
    is_category,
    is_level1,
    is_level2,
    is_nothing,
    is_sure_level1,
    squeeze,
)  # fmt: skip

NAMES = ("类别", "一级指标", "二级指标", "三级指标", "三级指标（另一列）", "资金来源")
LEVELS = frozenset(NAMES[:4])
ACTUAL_UNIT = "完成值单位"
"""A unit in a column of its own behind 实际完成值: part of it."""
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?分?")
_POINTS = re.compile(r"\((\d+(?:\.\d+)?)分?\)|(\d+(?:\.\d+)?)分")
_MEASURE = re.compile(
    r"[≥≤><=≧≦═﹦]*\d[\d,.]*(?:万|亿)?(?:元|%|[个人次天页台套份项件条家户辆篇期场米年月日亩只头][日次元度]?)?"
)
_SIGN = re.compile(r"[≥>≤<=≧≦═﹦]+|定性(?:指标)?|定量(?:指标)?|大于等于|小于等于|大于|小于|等于")
_DIRECTION = re.compile(r"正向|反向|负向|中性|正|反")
_PROSE_COLUMN = re.compile(r"备注|说明|依据|标准|来源|原因|解释|方法")
_LONGEST_LEVEL = 24
_LONGEST_UNIT = 8
_TEXT_FIELDS = frozenset({"项目名称", "填报单位", "实施单位", "主管部门", "年度总体目标", "目标", "项目概况"})


@dataclass(frozen=True, slots=True)
class Slot:
    """One column of a table: what it holds, and which grid columns its heading covers."""

    role: str
    first: int
    last: int
    unit: str = ""
    """The money unit that the heading states, where it is a column of amounts."""


def contradicts(text: str, role: str) -> bool:
    """Whether what is written cannot stand in a column."""
    words = squeeze(text)
    if is_nothing(words):
        return False
    judge = _CONTRADICTIONS.get(role)
    return judge(words) if judge else False


def is_value(text: str) -> bool:
    """Whether a text is a number, a measure or a sign, so that it can be no name."""
    words = squeeze(text)
    return bool(_MEASURE.fullmatch(words) or _SIGN.fullmatch(words) or _NUMBER.fullmatch(words))


def _no_level1(words: str) -> bool:
    name = words.rpartition(":")[2]  # behind the goal that some forms print before it
    return is_value(words) or (is_level2(words) and not is_level1(words)) or len(name) > _LONGEST_LEVEL


def _no_level2(words: str) -> bool:
    level1 = is_sure_level1(words) and not words.startswith("项目")  # 项目效益 is a second level too
    return is_value(words) or (level1 and not is_level2(words))


def _no_level3(words: str) -> bool:
    return is_value(words) or is_sure_level1(words) or (is_level2(words) and words.endswith("指标"))


def _no_value(words: str) -> bool:
    return (
        (bool(_SIGN.fullmatch(words)) and not words[0].isalpha())
        or is_sure_level1(words)
        or (is_level2(words) and words.endswith("指标"))
    )


_CONTRADICTIONS: dict[str, Callable[[str], bool]] = {
    "类别": lambda words: is_level1(words) or is_level2(words) or is_value(words),
    "一级指标": _no_level1, "二级指标": _no_level2, "三级指标": _no_level3,
    "指标值": _no_value, "实际完成值": _no_value,
    "指标性质": lambda words: not _SIGN.fullmatch(words),
    "指标方向": lambda words: not (_DIRECTION.match(words) or _SIGN.fullmatch(words)),
    "度量单位": lambda words: bool(_NUMBER.fullmatch(words) or _SIGN.fullmatch(words)),
    "分值": lambda words: not (_NUMBER.fullmatch(words) or _POINTS.fullmatch(words)),
    "项目名称": lambda words: bool(AMOUNT.fullmatch(words)),
    "资金来源": lambda words: bool(AMOUNT.fullmatch(words)),
    "预算金额": lambda words: not AMOUNT.fullmatch(words),
}  # fmt: skip


def may_stand(cell: GridCell, slot: Slot, *, strict: bool = True) -> bool:
    """Whether a cell whose position is unknown may belong to a column; levels by their usual names if `strict`."""
    words = squeeze(cell.text)
    if is_nothing(words):
        return True
    if strict and slot.role in _LEVEL_NAMES:
        return _LEVEL_NAMES[slot.role](words)
    if _PROSE_COLUMN.search(slot.role):
        return not is_value(words)
    allowed = _ALLOWED.get(slot.role)
    return allowed(words) if allowed else not contradicts(cell.text, slot.role)


def _plain_text(words: str) -> bool:
    return not (AMOUNT.fullmatch(words) or is_level1(words) or is_level2(words))


_LEVEL_NAMES: dict[str, Callable[[str], bool]] = {"一级指标": is_level1, "二级指标": is_level2}
_ALLOWED: dict[str, Callable[[str], bool]] = {
    "原表得分": lambda words: bool(_NUMBER.fullmatch(words)),
    "复核得分": lambda words: bool(_NUMBER.fullmatch(words)),
    "度量单位": lambda words: not is_value(words) and len(words) <= _LONGEST_UNIT,
    **dict.fromkeys(_TEXT_FIELDS, _plain_text),
}


# ── how well a text suits a column ──


def fit(cell: GridCell, slot: Slot) -> float:
    """How well what is written suits a column."""
    words = squeeze(cell.text)
    if is_nothing(words):
        return 0.5 if slot.role not in LEVELS else -2.0
    judge = _JUDGES.get(slot.role)
    return judge(words) if judge else 0.0


def is_sign(words: str) -> bool:
    """Whether a text is a comparator, or says that there is none (定性)."""
    return bool(_SIGN.fullmatch(words))


def is_number(words: str) -> bool:
    """Whether a text is a plain number, of points at most."""
    return bool(_NUMBER.fullmatch(words))


def plain_points(text: str) -> str:
    """`（50）`, `40分` as the number that they are; anything else as it stands."""
    match = _POINTS.fullmatch(squeeze(text))
    return (match[1] or match[2]) if match else text


def head_of(line: Line) -> str:
    """What a row begins with, behind its number or points: 3 | 合计 | …."""
    return next((cell.text for cell in line.cells if not is_number(squeeze(cell.text))), line.cells[0].text)


def is_prose(words: str) -> bool:
    """A clause or sentence rather than a name or a value."""
    return len(words) > 25 and any(mark in words for mark in "，。；,;")


def _level1(words: str) -> float:
    if is_sure_level1(words):
        return 6.0
    if is_level1(words):
        return 2.0
    return -6.0 if is_level2(words) else -3.5


def _level2(words: str) -> float:
    if is_sure_level1(words) and not is_level2(words):
        return -6.0
    return 5.0 if is_level2(words) else -2.0


def _level3(words: str) -> float:
    if is_sure_level1(words) or (is_level2(words) and words.endswith("指标")):
        return -4.0
    if is_level2(words):  # 成本, 满意度: a name for a lazy hand
        return -1.0
    if _MEASURE.fullmatch(words) or _SIGN.fullmatch(words):
        return -3.0
    return -1.0 if is_prose(words) else 1.0


def _value(words: str) -> float:
    if is_sure_level1(words) or is_level2(words):
        return -4.0
    return 1.5 if is_prose(words) or _MEASURE.fullmatch(words) else 1.0


_JUDGES: dict[str, Callable[[str], float]] = {
    "类别": lambda words: 5.0 if is_category(words) else -10.0,
    "一级指标": _level1, "二级指标": _level2, "三级指标": _level3, "指标值": _value,
    "指标性质": lambda words: 5.0 if _SIGN.fullmatch(words) else -8.0,
    "指标方向": lambda words: 5.0 if _DIRECTION.match(words) or _SIGN.fullmatch(words) else -8.0,
    "度量单位": lambda words: 2.0 if len(words) <= _LONGEST_UNIT and not is_number(words) else -5.0,
    "实际完成值": lambda words: -4.0 if is_sure_level1(words) or is_level2(words) else 0.8,
    "资金来源": lambda words: 4.0 if fund_label(words) else -3.0,
    "执行率": lambda words: 3.0 if "%" in words else (0.0 if is_number(words) else -4.0),
    **dict.fromkeys(("分值", "原表得分", "得分"), lambda words: 3.0 if is_number(words) else -6.0),
    **dict.fromkeys(("偏差原因分析及改进措施", "原因说明"), lambda words: -1.0 if is_number(words) else 0.5),
    **dict.fromkeys((*AMOUNTS, "预算金额"), lambda words: 2.0 if AMOUNT.fullmatch(words) else -5.0),
    **dict.fromkeys(_TEXT_FIELDS, lambda words: 0.2 if _plain_text(words) else -5.0),
}  # fmt: skip
