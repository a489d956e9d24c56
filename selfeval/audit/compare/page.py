"""A comparison as one HTML page: the shipped template, nothing fetched."""

from __future__ import annotations

from selfeval.audit.compare.diff import Comparison
from selfeval.audit.compare.text import told
from selfeval.base.phrases import CHINESE
from selfeval.report.html.pages import shipped_page


def comparison_page(comparison: Comparison, language: str = CHINESE) -> str:
    """The whole page."""
    return shipped_page("compare.html", told(comparison), language)
