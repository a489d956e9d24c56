"""The page of a report printed from a browser says in its form what the PDF says, column by column."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from attempts import slow
from sample_result import in_layout, sample_result

from selfeval.reading.layouts import shipped_templates
from selfeval.report.html.pages import Pages
from selfeval.report.pages.document import project_document
from selfeval.report.pages.views import ProjectDocument

FILLING = "([part, mm]) => { document.querySelector(part).style.paddingTop = mm + 'mm' }"


def printed_rows(pdf: bytes, name: str) -> list[dict[str, str]]:
    """The rows of the tables whose head has a column of this name, by the heads, without line breaks."""
    rows = []
    with pdfplumber.open(BytesIO(pdf)) as pages:
        for table in (table for page in pages.pages for table in page.extract_tables()):
            heads = [[squeezed(cell) for cell in row] for row in table]
            if at := next((at for at, head in enumerate(heads, 1) if name in head), 0):
                rows += [dict(zip(heads[at - 1], map(squeezed, row), strict=True)) for row in table[at:]]
    return rows


def squeezed(text: str | None) -> str:
    return re.sub(r"\s", "", text or "")


def as_printed(document: ProjectDocument, page: str) -> bytes:
    """The page on paper: a browser that prints takes the rules for print, and pages of its own size."""
    from weasyprint import HTML

    pdf: bytes = HTML(string=page).write_pdf()
    assert document.name in page
    return pdf


@pytest.mark.parametrize("layout", slow("national", "sichuan", "hubei", "transfer"))
def test_the_printed_form_has_every_cell_in_its_column(layout: str) -> None:
    result = in_layout(sample_result(), layout)
    document = project_document(result, result.scorecards[1])
    columns = document.layout.cells
    keys = [column.key for column in columns if column.key not in {"points", "reason"}]
    heads = {column.key: squeezed(column.head) for column in columns}
    rows = printed_rows(as_printed(document, Pages(result).report(document)), heads["level3"])
    seen = [tuple(row[heads[key]] for key in keys) for row in rows if row[heads["level3"]]]
    assert seen == [tuple(squeezed(getattr(row, key)) for key in keys) for row in document.rows]


def test_what_is_for_telephones_is_for_screens_alone() -> None:
    """A page of paper is narrower than many a screen: without `screen` it would be printed as cards."""
    css = (shipped_templates() / "css" / "screen.css").read_text(encoding="utf-8")
    assert re.findall(r"@media \((?:min|max)-width[^{]*", css) == []


@pytest.mark.full
def test_a_browser_parts_neither_seal_nor_heading_from_its_text(chromium: Any, tmp_path: Path) -> None:
    """Wherever a page ends: something of another height stands before all that is printed each time."""
    result = sample_result()
    path = tmp_path / "report.html"
    path.write_text(Pages(result).report(project_document(result, result.scorecards[1])), encoding="utf-8")
    page = chromium.new_page()
    page.goto(path.as_uri())
    for before in range(0, 260, 20):
        for part in (".prose", "#deviations"):
            page.evaluate(FILLING, [part, before])
        with pdfplumber.open(BytesIO(page.pdf(prefer_css_page_size=True))) as printed:
            texts = [squeezed(sheet.extract_text()) for sheet in printed.pages]
        assert "佐证材料清单" in next(text for text in texts if "（盖章）" in text), before
        assert not any(re.search(r"附件\d$", text) for text in texts), before
    page.close()
