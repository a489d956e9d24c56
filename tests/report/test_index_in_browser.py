"""The page of an evaluation in a browser: its address keeps what is searched and sorted; a phone reads the charts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sample_result import sample_result

from selfeval.report.html.pages import Pages
from selfeval.report.pages.document import index_document

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("chromium")]


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """The index of the sample."""
    path = tmp_path / "index.html"
    path.write_text(Pages(sample_result()).index(index_document(sample_result())), encoding="utf-8")
    return path


def test_what_is_searched_and_sorted_is_kept_in_the_address(chromium: Any, index: Path) -> None:
    page = chromium.new_page()
    page.goto(index.as_uri())
    page.fill("#search", "P02")
    page.click("table.projects thead th:nth-child(2) button")
    assert page.evaluate("location.hash") == "#q=P02&sort=1&up=0"
    again = chromium.new_page()
    again.goto(index.as_uri() + "#q=P02&sort=1&up=0")
    assert again.input_value("#search") == "P02"
    assert again.locator("table.projects tbody tr:visible").count() == 1
    assert again.get_attribute("table.projects thead th:nth-child(2)", "aria-sort") == "descending"
    for odd in ("#projects", "#sort=99", "#q=%E0%A4%A", "#sort=__proto__"):
        again.goto(index.as_uri() + odd)
        assert again.locator("table.projects tbody tr:visible").count() >= 1
    page.close()
    again.close()


def test_charts_can_be_read_on_a_phone(chromium: Any, index: Path) -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 800})
    page.goto(index.as_uri())
    size = "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))"
    sizes = page.eval_on_selector_all(".bar-name, .bar-value", size)
    assert sizes
    assert min(sizes) >= 12
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()
