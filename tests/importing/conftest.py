"""What the tests of importing share."""

from __future__ import annotations

import pytest

from selfeval.importing.tables import entry_guide, entry_workbook


@pytest.fixture(scope="module", autouse=True)
def few_spare_rows():
    """填报表.xlsx with twenty empty rows below each table: three hundred are most of its cost."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (entry_guide, entry_workbook):
            patch.setattr(module, "SPARE", 20)
        yield
