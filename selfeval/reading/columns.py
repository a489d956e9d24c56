"""The columns of the five tables as data: Chinese header, English aliases, what must be filled in.

The Chinese header is canonical: rows are asked for it whatever the file calls the column.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from selfeval.base.text import INVISIBLE

_IGNORED = re.compile(rf"[\s_\-{INVISIBLE}]+")
_MARKED = re.compile(r"^\*+|(\*|\(必填\)|\[必填\])+$")


EXACT = frozenset({
    "项目编号", "指标编号", "开始日期", "结束日期", "年初预算数", "全年预算数", "全年执行数", "指标性质", "指标值",
    "度量单位", "分值", "指标方向", "调整后指标值", "调整后分值", "实际完成值", "完成档次", "自评得分", "原表得分",
    "复核完成值", "复核得分",
})  # fmt: skip
"""Columns whose cells are read as numbers, dates and keys: one that does not say what it shows is not used at all."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `required`: the header must be there; `filled`: no cell of it may be blank.

    `shown`: it only shows something beside the cells to fill in, and is not read.
    """

    name: str
    aliases: tuple[str, ...]
    required: bool = False
    filled: bool = False
    shown: bool = False


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One table. `optional`: it may be absent; `split`: a folder of its name is read too.

    `sheet`: its sheet in 填报表.xlsx, empty where it has none there; `more`: columns that are read where a file has
    them, and that no file of ours is begun with.
    """

    name: str
    columns: tuple[Column, ...]
    optional: bool = False
    split: bool = False
    sheet: str = ""
    more: tuple[Column, ...] = ()
    _names: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Held, not remembered for a spec: to find it among others would be to compare all its columns.
        names = {comparable(text): c.name for c in self.every for text in (c.name, *c.aliases)}
        object.__setattr__(self, "_names", names)

    @property
    def every(self) -> tuple[Column, ...]:
        """All columns that a file may have."""
        return (*self.columns, *self.more)

    def find(self, header: str) -> str | None:
        """The canonical name of a header as a person wrote it, None where it is unknown."""
        return self._names.get(comparable(header))

    def near(self, header: str, taken: set[str]) -> str | None:
        """The column that an unknown header may have meant, among those not in the file."""
        names = {key: name for key, name in self._names.items() if name not in taken}
        close = get_close_matches(comparable(header), names, 1)
        return names[close[0]] if close else None


def comparable(header: str) -> str:
    """A header without what does not matter: case, blanks, `_`, `-`, full width, “必填” marks."""
    folded = unicodedata.normalize("NFKC", header).casefold()
    return _MARKED.sub("", _IGNORED.sub("", folded))


def _must(name: str, *aliases: str) -> Column:
    return Column(name, aliases, required=True)


def _may(name: str, *aliases: str) -> Column:
    return Column(name, aliases)


def _shown(name: str, alias: str) -> Column:
    return Column(name, (alias,), shown=True)


WORKBOOK, PART, GUIDE = "填报表.xlsx", "填报表-", "说明"
"""The workbook that stands for all four tables; how its parts are called, which hold 完成情况 only; its guide."""

TIER, UNSCORED = "完成档次", "不计分"
"""The column of 定性 indicators; the 评分方法 of a detail row, which is shown and outside all sums."""

SHOWN_TARGET, SHOWN_WEIGHT = "年度指标值", "分值"
"""What is asked for and what it is worth, shown beside the actual."""

PROJECT = Column("项目编号", ("project_id", "project_code", "project"), required=True, filled=True)
LEVEL1 = ("level1", "first_level")
LEVEL2 = ("level2", "second_level")
LEVEL3 = ("level3", "third_level", "indicator")
INDICATOR = _may("指标编号", "indicator_id", "indicator_code")

PROJECTS = TableSpec(
    "projects",
    (
        PROJECT,
        Column("项目名称", ("project_name", "name"), required=True, filled=True),
        _may("申报表项目名称", "form_name"),  # where 申报表 and 基本信息表 name the project differently
        _may("主管部门", "department"),
        _may("实施单位", "implementing_unit", "unit"),
        _may("项目属性", "attribute", "project_attribute"),
        _may("项目类型", "project_type", "type"),
        _may("功能科目编码", "function_code", "subject_code"),
        _may("科目名称", "function_name", "subject_name"),
        _may("开始日期", "start_date", "start"),
        _may("结束日期", "end_date", "end"),
        _may("项目负责人", "manager", "project_manager"),
        _may("联系电话", "phone", "telephone"),
        _may("项目概况", "overview", "description"),
        _may("年度总体目标", "annual_goal", "goal", "overall_goal"),
        _may("总体目标完成情况", "goal_completion", "goal_result", "overall_completion"),
        _may("原表总分", "printed_total", "original_total"),
        _may("原表等级", "printed_grade", "original_grade"),
        _may("原表执行率得分", "printed_execution_points", "original_execution_points"),
    ),
    sheet="项目",
    more=(
        _may("立项文号", "approval_document"),
        _may("自评过程", "evaluation_process"),
        _may("资金到位", "funds_received"),
        _may("组织实施", "organisation"),
        _may("上年整改", "last_year_follow_up"),
        _may("经验做法", "good_practice"),
        _may("结果公开", "publication"),
    ),
)

BUDGET = TableSpec(
    "budget",
    (
        PROJECT,
        _may("资金来源", "source", "fund_source", "funding_source"),
        _must("年初预算数", "initial", "initial_budget"),
        _must("全年预算数", "adjusted", "adjusted_budget", "annual_budget"),
        _must("全年执行数", "executed", "executed_budget", "execution"),
        _may("原因说明", "reason", "explanation"),
    ),
    sheet="预算",
)

TARGETS = TableSpec(
    "targets",
    (
        PROJECT,
        _must("一级指标", *LEVEL1),
        Column("二级指标", LEVEL2, required=True, filled=True),
        _must("三级指标", *LEVEL3),
        _may("指标性质", "operator", "comparator"),
        _must("指标值", "target", "target_value"),
        _may("度量单位", "unit", "measure_unit"),
        _may("分值", "weight"),
        _may("指标方向", "direction"),
        _may("评分方法", "method", "scoring_method"),
        _may("评分标准", "criterion", "scoring_standard", "criteria"),
        _may("年度绩效目标", "goal", "annual_target_group"),
        INDICATOR,
        _may("检查豁免", "waivers", "waiver"),
        _may("调整后指标值", "adjusted_target", "adjusted_target_value"),
        _may("调整后分值", "adjusted_weight"),
        _may("调整依据", "adjustment_basis", "adjustment_reason"),
    ),
    sheet="指标",
)

ACTUALS = TableSpec(
    "actuals",
    (
        PROJECT,
        _may("二级指标", *LEVEL2),
        _must("三级指标", *LEVEL3),
        INDICATOR,
        _shown(SHOWN_TARGET, "target_shown"),
        _shown(SHOWN_WEIGHT, "weight_shown"),
        _must("实际完成值", "actual", "actual_value"),
        _may(TIER, "tier"),
        _may("自评得分", "self_score", "self_points", "entered_points"),
        _may("原表得分", "printed_score", "printed_points", "original_score"),
        _may("偏差原因分析及改进措施", "deviation_reason", "deviation", "reason"),
        _may("佐证材料", "evidence"),
    ),
    split=True,
    sheet="完成情况",
)

REVIEW = TableSpec(
    "review",
    (
        PROJECT,
        INDICATOR,
        _may("二级指标", *LEVEL2),
        _may("三级指标", *LEVEL3),
        _shown(SHOWN_TARGET, "target_shown"),  # what was handed in
        _shown(SHOWN_WEIGHT, "weight_shown"),
        _shown("实际完成值", "actual_shown"),
        _shown("自评得分", "points_shown"),
        _shown("偏差原因分析及改进措施", "reason_shown"),
        _may("复核完成值", "reviewed_actual", "review_actual", "reviewed_value"),
        _may("复核得分", "reviewed_points", "review_points", "reviewed_score", "review_score"),
        _may("复核意见", "review_opinion", "opinion", "comment"),
        _may("复核人", "reviewer"),
    ),
    optional=True,
)

TABLES = (PROJECTS, BUDGET, TARGETS, ACTUALS, REVIEW)

ENTERED = (PROJECTS, BUDGET, ACTUALS)
"""The tables that are filled in when the year is over."""
