"""What a machine must have for a test that draws PDFs."""

from __future__ import annotations

import pytest

from selfeval.report.engines import WEASYPRINT
from selfeval.report.pdf import engine as pdf
from selfeval.report.pdf.requirements import MachineLacks


def needs(engine: str = WEASYPRINT) -> None:
    """Skips the test where an engine cannot be loaded, and says why."""
    if engine == WEASYPRINT:
        try:
            pdf.load()
        except MachineLacks as lack:
            pytest.skip(str(lack))
