"""A comparison as one HTML page: the shipped template, nothing fetched."""

from __future__ import annotations

from selfeval.comparing.changes import Comparison
from selfeval.comparing.telling import told
from selfeval.render.html import shipped_page


def comparison_page(comparison: Comparison) -> str:
    """The whole page."""
    return shipped_page("compare.html", told(comparison))
