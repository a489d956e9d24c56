"""What stands beside a 指标值: the names of the levels and the form's own columns, and what they tell the reader."""

from __future__ import annotations

import re
from typing import NamedTuple

from selfeval.base.model import YUAN
from selfeval.base.text import fold

_TIME_NAME = re.compile("时间|日期|时限|期限|时点|节点|进度")
_YEAR_UNITS = frozenset({"年", "年度", "年月日", "年月", "日期", "时间"})
LENGTH_NAME = re.compile("月数|时长|周期|年限|天数|个月|小时数|次数")
"""A name that asks for a length of time, not for a day."""


class TargetContext(NamedTuple):
    """What a target row says apart from the 指标值: names of the levels and the form's own columns.

    `whole`: what the row is called where `name` is that of a part of its cell.

    A tuple, since what was read is remembered by it: it is made and looked up for every row of a table.
    """

    level1: str = ""
    level2: str = ""
    name: str = ""
    sign: str = ""
    unit: str = ""
    direction: str = ""
    money_unit: str = YUAN
    year: int = 2000
    whole: str = ""

    @property
    def is_cost(self) -> bool:
        """Whether the row stands under 成本."""
        return "成本" in self.level2 or "成本" in self.level1

    @property
    def is_count(self) -> bool:
        """Whether the row stands under 数量: what a project makes, of which more is better."""
        return "数量" in self.level2

    @property
    def is_satisfaction(self) -> bool:
        """Whether the row stands under 满意度."""
        return "满意" in self.level1 or "满意" in self.level2

    @property
    def is_timing(self) -> bool:
        """Whether the row stands under 时效."""
        return "时效" in self.level2

    @property
    def asks_for_a_date(self) -> bool:
        """Whether bare digits here are a date: 项目完成时间, or a unit column that says 年 or 日期."""
        time = _TIME_NAME.search(self.name) and not LENGTH_NAME.search(self.name)
        unit = fold(self.unit).strip()
        return unit in _YEAR_UNITS or (not unit and bool(time or self.is_timing))
