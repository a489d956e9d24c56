"""Whether a row gives a reason: what 自评得分 and a row left out need."""

from __future__ import annotations

from selfeval.base.memo import remembered
from selfeval.base.model import Indicator
from selfeval.base.text import is_blank


def has_reason(indicator: Indicator) -> bool:
    """Whether 偏差原因 says anything (`无`, `0` and `/` do not)."""
    return bool(indicator.reason) and says_why(indicator.reason)


@remembered
def says_why(reason: str) -> bool:
    """Whether a reason is more than a dash."""
    words = reason.strip()
    return not is_blank(words) and words not in {"0", "无。", "无偏差", "无原因"}
