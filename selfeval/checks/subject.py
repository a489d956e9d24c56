"""What a check looks at: one scored project, the rules it was scored by, the folder of its evidence."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from selfeval.base.diagnostics import Diagnostic, keyed, placed
from selfeval.base.model import Indicator, Place, Project, Scorecard
from selfeval.base.phrases import Param, Phrase, phrase
from selfeval.base.remarks import Reading
from selfeval.reading.form_layout import Remarks
from selfeval.rules.profile import Rules

_YES_OR_NO = re.compile(
    "是|否|有|(?:全部|均|已)*(?:合格|合规|合法|通过|完成|达标|符合)|(?:无|零|0|未发生|不发生|未出现|没有).{1,16}|不存在|"
    "(?:达到|符合).{0,24}(?:标准|规范|要求|[类级])|通过.{1,16}|.{1,8}级[A-Z]?标准|[一二三四甲乙丙A-D]级|优良|全覆盖|"
    "(?:全部|均|已|建成|完工|竣工|交付|验收|并|且){1,4}(?:投用|使用|投入使用|投入运行|运行|合格|通过)"
)
_ASIDE = re.compile(r"[（(][^（()）]*[)）]")
"""A target that is met by saying the same."""


def is_yes_or_no(text: str) -> bool:
    """Whether a target in words is one of 是 and 否, 合格, 无事故: nothing is missing where nothing is measured."""
    return bool(_YES_OR_NO.fullmatch(_ASIDE.sub("", text).strip(" 。.")))


def is_begun(indicator: Indicator) -> bool:
    """Whether a row has been filled in at all; else it says so itself (V003)."""
    return bool(indicator.actual.text.strip() or indicator.actual.tier)


@dataclass(frozen=True, slots=True)
class Subject:
    """One project as scored."""

    scorecard: Scorecard
    rules: Rules
    folder: Path
    money_unit: str
    year: int
    narrative: str = ""
    demo: bool = False
    remarks: Remarks = field(default_factory=Remarks)
    """What the form asks for below its table."""

    @property
    def project(self) -> Project:
        """The project itself."""
        return self.scorecard.project

    def on_project(self, key: str | Reading, place: Place | None = None, /, **params: Param) -> Diagnostic:
        """A finding about the project as a whole; where no place is given, at its row in projects.csv."""
        return placed(*keyed(key, params), place or self.project.place, self.project.id)

    def on_budget(self, key: str | Reading, /, **params: Param) -> Diagnostic:
        """A finding about the project's budget, at its first row."""
        return self.on_project(key, self.project.funds[0].place if self.project.funds else None, **params)

    def on_target(self, indicator: Indicator, key: str | Reading, /, **params: Param) -> Diagnostic:
        """A finding about one indicator, at its target."""
        return placed(*keyed(key, params), indicator.place, self.project.id, indicator.id)

    def on_actual(self, indicator: Indicator, key: str | Reading, /, **params: Param) -> Diagnostic:
        """A finding about one indicator, at its actual value where it has one."""
        place = indicator.actual_place or indicator.place
        return placed(*keyed(key, params), place, self.project.id, indicator.id)

    def money(self, amount: Decimal) -> Phrase:
        """An amount in the evaluation's own unit, for a message."""
        if self.money_unit == "万元":
            return phrase("{amount} 万元", amount=amount / 10000)
        return phrase("{amount} 元", amount=amount)


def without_details(card: Scorecard) -> Scorecard:
    """The scorecard as the checks look at it: without the rows that only show a detail."""
    scoring = card.scoring
    if len(scoring) == len(card.scores):
        return card
    project = replace(card.project, indicators=tuple(score.indicator for score in scoring))
    return replace(card, project=project, scores=scoring)
