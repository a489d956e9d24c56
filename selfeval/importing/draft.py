"""What the understander makes: projects as found on forms, before they become rows of tables."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from selfeval.importing.grid import GridCell
from selfeval.importing.vocabulary import squeeze

INDICATOR_COLUMNS = (
    "一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "分值", "指标方向", "评分方法", "指标编号",
    "评分标准", "年度绩效目标", "调整后指标值", "调整后分值",
)  # fmt: skip
ACTUAL_COLUMNS = ("实际完成值", "完成档次", "原表得分", "偏差原因分析及改进措施", "佐证材料")
REVIEW_COLUMNS = ("复核得分",)
UNSCORED = "不计分"
"""评分方法 of a row that only details the one above it."""

SCALES = {"元": Decimal(1), "万元": Decimal(10000), "亿元": Decimal(100000000)}


@dataclass(frozen=True, slots=True)
class Proposal:
    """One setting that a form suggests: its key and value, the words seen, and where."""

    key: str
    value: str
    words: str
    place: str


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum as written, and the unit that its form states (empty where it states none)."""

    text: str
    unit: str

    @property
    def digits(self) -> str:
        """The number alone: no currency sign, thousands commas or unit."""
        return re.sub(r"[¥￥,，\s万亿元]", "", self.text)

    @property
    def own_unit(self) -> str:
        """The unit written behind the number, else the form's."""
        match = re.search(r"(万|亿)?元?\s*$", self.text)
        return f"{match[1] or ''}元" if match and match[0].strip() else self.unit

    def value(self, default: str) -> Decimal:
        """The sum in 元."""
        return Decimal(self.digits) * SCALES[self.own_unit or default]

    def text_in(self, unit: str) -> str:
        """The digits in another unit, none lost; as written where the unit is the same."""
        if self.own_unit in {"", unit}:
            return self.digits
        value = self.value(unit) / SCALES[unit]
        return f"{value:f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"


@dataclass(slots=True)
class DraftIndicator:
    """One indicator with its texts by column. Mutable: a value broken over a page is joined later."""

    texts: dict[str, str]
    place: str
    form: int
    cells: dict[str, GridCell] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        """二级 and 三级指标."""
        return self.texts.get("二级指标", ""), self.texts.get("三级指标", "")


@dataclass(slots=True)
class DraftProject:
    """One project as its forms show it: fields by column, funds by source, indicators in order. Mutable: it grows."""

    name: str
    place: str
    is_unit: bool = False
    sheet: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    funds: dict[str, dict[str, Amount]] = field(default_factory=dict)
    total: dict[str, Amount] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    single_amount: Amount | None = None
    indicators: list[DraftIndicator] = field(default_factory=list)
    by_name: dict[str, list[DraftIndicator]] = field(default_factory=dict)
    """The indicators by their 三级, as compared."""
    narrative: dict[str, list[str]] = field(default_factory=dict)
    form_name: str = ""
    id: str = ""
    partly: bool = False
    """The only source of funds is written as a part of the total (其中：…)."""
    execution: str = ""
    """Points of the execution rate as printed beside the money."""
    level_points: dict[str, str] = field(default_factory=dict)
    """Points printed behind the names of first levels."""
    level2_points: dict[tuple[str, str], str] = field(default_factory=dict)
    """Those of second levels, by both names."""

    def add(self, indicator: DraftIndicator) -> None:
        """One indicator more."""
        self.indicators.append(indicator)
        self.by_name.setdefault(squeeze(indicator.key[1]), []).append(indicator)

    def amounts(self) -> list[Amount]:
        """All amounts found."""
        single = [self.single_amount] if self.single_amount else []
        return [*single, *(a for fund in (self.total, *self.funds.values()) for a in fund.values())]


@dataclass(slots=True)
class Heard:
    """What the forms say of the unit as a whole: years, units, money units, each mention in its order.

    Mutable: it grows.
    """

    years: list[int] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    money_units: list[str] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
