"""Typst itself, or what to do where it is not there."""

from __future__ import annotations

from typing import Any

from selfeval.base.phrases import phrase
from selfeval.report.pdf.requirements import MachineLacks

PIP = "pip install 'typst>=0.15.2,<0.16'"
"""The series our templates are tested with."""


def load() -> Any:  # noqa: ANN401 - a package without types of its own
    """Typst; `MachineLacks` where it is not installed."""
    try:
        import typst
    except ImportError as error:
        raise MachineLacks(phrase("没有安装 Typst，不能用它生成 PDF"), PIP) from error
    return typst
