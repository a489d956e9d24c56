"""What the cells of a form say, the same in the spreadsheet and in Word: labels, reasons, notes."""

from __future__ import annotations

from collections.abc import Sequence

from selfeval.base.display import DASH
from selfeval.reading.form_layout import FormBlock
from selfeval.reading.markdown import plain
from selfeval.report.pages.views import FormRow, FundRow, Part, ProjectDocument

OF_WHICH = "其中"
"""How the first of the parts of a sum begins."""


COUNTED = "按规则计入的来源"
"""What sums of money say that leave sources out."""

LEFT_OUT = "（不计执行率）"
"""What a line of sources says that the rate leaves out."""

AMOUNTS = ("initial", "adjusted", "executed")
"""The columns of money in a form."""


def block_label(block: FormBlock, form: ProjectDocument) -> str:
    """The label beside a block, with the points of the money where the form has them there."""
    weight = form.funds[0].weight
    return block.label[form.is_unit] + (f"({weight}分)" if block.weighted and weight != DASH else "")


def run_label(form: ProjectDocument) -> str:
    """The label beside all indicators."""
    points = f"({form.indicator_weight}分)" if form.layout.indicators.weighted else ""
    return f"{form.layout.indicators.label}{points}"


def set_in(line: FundRow, lines: Sequence[FundRow]) -> float:
    """How many characters a line of money is set in: the parts stand below the words behind 其中：, or a little in."""
    if line is lines[0] or line.label.startswith(OF_WHICH):
        return 0
    return 3 if lines[1].label.startswith(OF_WHICH) else 1.5


def reason_of(row: FormRow, *, scored: bool) -> str:
    """The reason of a row, behind what keeps it from being scored; a form without points has the unit's words alone."""
    unscored = f"未评分原因：{row.unscored}" if row.unscored and scored else ""
    return "\n".join(words for words in (unscored, row.reason) if words)


def words_of(part: Part) -> str:
    """A section of the narrative inside a cell."""
    return "\n".join(block.text for block in part.blocks) or plain(part.markdown)
