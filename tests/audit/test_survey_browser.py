"""The page of `survey` in a browser: filters that stay in the address, order, links, and nobody shut out."""

from __future__ import annotations

import pytest
from evaluations import make_evaluation
from test_survey import scorecard, units, write

from selfeval.cli.app import run

pytestmark = pytest.mark.full


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The page of eleven units over two years, some of them odd."""
    home = tmp_path_factory.mktemp("survey")
    card = scorecard(make_evaluation(home / "made"))

    def other(one, number):
        one["projects"][0]["total"] = f"{90 + number}.50"

    for number, one in enumerate([*units(card, 11, other), *units(card, 11, other, year=2022)]):
        write(home / "in" / f"{number:02}.json", one)
    assert run(["survey", str(home / "in"), "--out", str(home / "out"), "--jobs", "1"]) == 0
    return (home / "out" / "survey.html").as_uri()


def lines(page, name):
    return page.locator(f"[data-table={name}] tbody tr")


def test_filters_and_order_stay_in_the_address(chromium, address):
    page = chromium.new_page()
    page.goto(address)
    assert lines(page, "projects").count() == 22
    page.select_option("select[name=year]", "2022")
    assert lines(page, "projects").count() == 11
    page.get_by_role("button", name="总分", exact=True).click()
    assert "100.50" in lines(page, "projects").first.inner_text()
    page.fill("#q", "第3局")
    assert lines(page, "projects").count() == 1
    page.goto("about:blank")
    page.go_back()
    assert lines(page, "projects").count() == 1
    assert page.input_value("select[name=year]") == "2022"
    page.get_by_role("button", name="清除").click()
    page.wait_for_function("document.querySelectorAll('[data-table=projects] tbody tr').length === 22")
    page.locator("[data-kind=off_rule]").click()
    assert "kind=off_rule" in page.url
    assert lines(page, "findings").count() == 22
    page.locator("[data-kind=missing]").click()
    assert (lines(page, "findings").count(), lines(page, "projects").count()) == (0, 0)
    page.close()


def test_grades_are_offered_from_the_best_down(chromium, tmp_path):
    home = tmp_path / "d"
    data = scorecard(make_evaluation(home / "made"))
    for at, grade in enumerate(("差", "中", "甲等", "优", "良")):
        data["evaluation"]["unit"], data["projects"][0]["grade"] = f"第{at}局", grade
        write(home / f"{at}.json", data)
    assert run(["survey", *map(str, home.glob("*.json")), "--out", str(home / "out"), "--jobs", "1"]) == 0
    page = chromium.new_page()
    page.goto((home / "out" / "survey.html").as_uri())
    assert page.locator("select[name=grade] option").all_inner_texts() == ["全部", "优", "良", "中", "差", "甲等"]
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_shuts_nobody_out(chromium, address, scheme, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    context = chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    failures = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(address)
    found = axe.run(page).response["violations"]
    assert [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert failures == []
    context.close()
