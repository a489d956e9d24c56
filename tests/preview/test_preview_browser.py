"""The preview in a real browser: Debian's Chromium, driven by Playwright; nothing is downloaded."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from evaluations import ACTUALS, contents, csv_bytes, make_evaluation, rows_of
from preview_server import Preview, previewed

from selfeval.evaluation.pipeline import evaluate

pytestmark = pytest.mark.full
sync_api = pytest.importorskip("playwright.sync_api")
sync_api.expect.set_options(timeout=30_000)  # a machine may be busy

ROWS = [row | {"偏差原因分析及改进措施": "", "佐证材料": "", "自评得分": ""} for row in rows_of(ACTUALS)]
GOOD = csv_bytes(ROWS)
WORSE = GOOD.replace("20公里".encode(), "10公里".encode())
REPORT = "view/甲县-2021/projects/P01/report.html"
FILL = "fill/甲县-2021/P01"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_evaluation(tmp_path, actuals=GOOD)


@pytest.fixture
def preview(folder: Path) -> Iterator[Preview]:
    with previewed(folder, "--port", "0") as running:
        yield running


@pytest.fixture
def page(chromium) -> Iterator[sync_api.Page]:
    """A page on which no script may fail and no policy be broken."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda said: wrong.append(said.text) if "Security Policy" in said.text else None)
    yield opened
    context.close()
    assert wrong == []


def expect(locator) -> sync_api.LocatorAssertions:
    return sync_api.expect(locator)


def test_a_save_changes_the_page_and_leaves_the_reader_where_he_is(preview, page, folder) -> None:
    page.goto(preview.url + REPORT)
    page.locator(".how summary").nth(1).click()
    page.evaluate("window.scrollTo(0, 400)")
    page.evaluate("document.querySelector('main').marked = true")
    expect(page.locator("#pv-state")).to_contain_text("自动更新")
    (folder / "actuals.csv").write_bytes(WORSE)
    total = page.locator(".figure.total .number")
    expect(total).to_have_text("75.00")
    expect(total).to_have_attribute("data-was", "100.00")
    expect(page.locator("#row-1 .points")).to_have_attribute("data-was", "50.00")
    assert page.evaluate("scrollY") == 400
    assert page.evaluate("document.querySelector('main').marked") is True
    expect(page.locator(".how details").nth(1)).to_have_attribute("open", "")
    expect(page.locator(".pv-moves summary")).to_contain_text("75.00")


def test_an_error_comes_over_the_last_good_page_and_goes_by_itself(preview, page, folder) -> None:
    page.goto(preview.url + REPORT)
    (folder / "actuals.csv").write_bytes(GOOD.replace(b",20", b',"20'))
    alert = page.locator(".pv-alert")
    expect(alert).to_contain_text("甲县-2021/actuals.csv 第 2 行")
    expect(alert).to_contain_text("引号")
    expect(page.locator(".figure.total .number")).to_have_text("100.00")
    (folder / "actuals.csv").write_bytes(WORSE)
    expect(alert).to_have_count(0)
    expect(page.locator(".figure.total .number")).to_have_text("75.00")


def test_filling_in_by_keyboard_alone(preview, page, folder) -> None:
    page.goto(preview.url + FILL)
    page.locator("body").press("Alt+ArrowDown")
    expect(page.locator("#row-1-1")).to_be_focused()
    page.keyboard.type("15公里")
    expect(page.locator("#row-1 output")).to_have_text("37.50")
    expect(page.locator(".pv-total")).to_have_text("87.50")
    expect(page.locator("#row-1-1")).to_be_focused()
    assert contents(folder)["actuals.csv"] == GOOD
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("#row-1-4")).to_be_focused()
    page.keyboard.type("雨季停工")
    page.keyboard.press("Control+s")
    expect(page.locator("#said")).to_have_text("已保存")
    saved = GOOD.replace("20公里,,".encode(), "15公里,雨季停工,".encode())
    assert contents(folder)["actuals.csv"] == saved
    assert str(evaluate(folder).result.scorecards[0].total) == "87.50"


def test_another_project_by_keyboard_waits_for_enter(chromium, tmp_path) -> None:
    shutil.copytree(ROOT / "inputs" / "mianyang-2021", tmp_path / "mianyang-2021")
    page = chromium.new_page()
    with previewed(tmp_path / "mianyang-2021", "--port", "0") as preview:
        page.goto(f"{preview.url}fill/mianyang-2021/P01")
        page.focus("#pv-project")
        page.keyboard.type("P03")
        assert page.url.endswith("/P01")
        page.keyboard.press("Enter")
        page.wait_for_url("**/P03")
    page.close()


def test_two_tabs_see_the_same_and_neither_writes_over_the_other(preview, page, folder) -> None:
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(preview.url + FILL)
    page.fill("#row-1-1", "15公里")
    other.fill("#row-2-1", "5%")
    expect(page.locator(".pv-total")).to_have_text("87.50")
    expect(other.locator(".pv-total")).to_have_text("85.00")
    page.click("button[type=submit]")
    expect(page.locator("#said")).to_have_text("已保存")
    expect(other.locator("#row-1-1")).to_have_value("15公里")  # what the other tab did not touch follows the file
    other.click("button[type=submit]")
    expect(other.locator("#said")).to_have_text("已保存")
    expect(page.locator("#row-2-1")).to_have_value("5%")
    assert str(evaluate(folder).result.scorecards[0].total) == "72.50"


def test_only_the_cell_that_both_changed_is_a_question(preview, page, folder) -> None:
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(preview.url + FILL)
    page.fill("#row-1-1", "15公里")
    other.fill("#row-1-1", "10公里")
    other.fill("#row-2-1", "5%")
    page.click("button[type=submit]")
    expect(page.locator("#said")).to_have_text("已保存")
    other.click("button[type=submit]")
    expect(other.locator("#conflict td.theirs")).to_have_text(["15公里"])
    expect(other.locator("#conflict td.mine")).to_have_text(["10公里"])
    other.click("[data-choose=theirs]")
    expect(other.locator("#row-1-1")).to_have_value("15公里")
    expect(other.locator("#row-2-1")).to_have_value("5%")
    other.fill("#row-1-1", "10公里")
    other.click("button[type=submit]")
    expect(other.locator("#said")).to_have_text("已保存")
    expect(page.locator("#row-1-1")).to_have_value("10公里")
    expect(page.locator("#row-2-1")).to_have_value("5%")


def test_the_file_wins_where_that_is_chosen(preview, page, folder) -> None:
    page.goto(preview.url + FILL)
    page.fill("#row-1-1", "15公里")
    (folder / "actuals.csv").write_bytes(WORSE)
    expect(page.locator("#pv-state")).to_contain_text(re.compile(r"\d\d:\d\d:\d\d"))
    page.click("button[type=submit]")
    page.click("[data-choose=theirs]")
    expect(page.locator("#row-1-1")).to_have_value("10公里")
    expect(page.locator("button[type=submit]")).to_be_disabled()
    assert contents(folder)["actuals.csv"] == WORSE


def test_money_is_filled_in_beside_the_indicators_and_asked_about_likewise(preview, page, folder) -> None:
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(preview.url + FILL)
    page.fill("#fund-1-3", "90")
    expect(page.locator(".pv-more output")).to_have_text("9.00")
    other.fill("#fund-1-3", "80")
    other.fill("#row-1-1", "15公里")
    page.click("button[type=submit]")
    expect(page.locator("#said")).to_have_text("已保存")
    other.click("button[type=submit]")
    expect(other.locator("#conflict td.theirs")).to_have_text(["90"])
    other.click("[data-choose=mine]")
    expect(other.locator("#fund-1-3")).to_have_value("80")
    other.click("button[type=submit]")
    expect(other.locator("#said")).to_have_text("已保存")
    expect(page.locator("#fund-1-3")).to_have_value("80")
    card = evaluate(folder).result.scorecards[0]
    assert (card.budget.executed, card.scores[0].indicator.actual.text) == (80, "15公里")


def test_the_index_keeps_its_search_and_order(preview, page, folder) -> None:
    page.goto(preview.url + "view/甲县-2021/index.html")
    page.fill("#search", "道路")
    page.click("th button >> nth=1")
    (folder / "actuals.csv").write_bytes(WORSE)
    expect(page.locator("table.projects td.total")).to_have_text("75.00")
    expect(page.locator("table.projects td.total")).to_have_attribute("data-was", "100.00")
    expect(page.locator("#search")).to_have_value("道路")
    expect(page.locator("th >> nth=1")).to_have_attribute("aria-sort", "descending")


def test_a_server_that_comes_back_is_found_again(page, folder) -> None:
    with previewed(folder, "--port", "0") as first:
        page.goto(first.url + REPORT)
        expect(page.locator("#pv-state")).to_contain_text("自动更新")
        port = first.url.rsplit(":", 1)[1].strip("/")
        first.stop()
        expect(page.locator("#pv-state")).to_contain_text("断开")
        (folder / "actuals.csv").write_bytes(WORSE)
        with previewed(folder, "--port", port):
            expect(page.locator(".figure.total .number")).to_have_text("75.00", timeout=30_000)


def test_a_pdf_is_made_in_the_background(preview, page) -> None:
    page.goto(preview.url + REPORT)
    page.click(".pv-pdf button")
    expect(page.locator(".pv-pdf progress")).to_be_visible()
    link = page.locator(".pv-pdf a")
    expect(link).to_be_visible(timeout=60_000)
    answer = preview.get(link.get_attribute("href"))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_a_page_elsewhere_can_neither_read_nor_write(preview, page, folder) -> None:
    page.goto("about:blank")
    answers = []
    page.on("response", lambda answer: answers.append(answer.status))
    script = "u => fetch(u, {method: 'POST', mode: 'no-cors', body: '{}'}).then(a => a.text(), e => 'refused')"
    assert page.evaluate(script, preview.url + FILL) in {"", "refused"}
    assert page.evaluate("u => fetch(u).then(a => a.text(), e => 'refused')", preview.url + FILL) == "refused"
    assert set(answers) <= {200, 403}
    assert contents(folder)["actuals.csv"] == GOOD


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_shuts_anyone_out(chromium, tmp_path, scheme: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    shutil.copytree(ROOT / "inputs" / "mianyang-2021", tmp_path / "mianyang-2021")
    context = chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    base = "mianyang-2021"
    paths = ["", f"view/{base}/index.html", f"view/{base}/summary.html", f"view/{base}/projects/P01/report.html",
             f"findings/{base}", f"fill/{base}/P03"]  # fmt: skip
    with previewed(tmp_path / "mianyang-2021", "--port", "0") as preview:
        for path in paths:
            page.goto(preview.url + path)
            found = axe.run(page).response["violations"]
            assert [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found] == [], path
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        (tmp_path / base / "actuals.csv").write_bytes(b"")
        page.wait_for_selector(".pv-alert")
        found = axe.run(page).response["violations"]
        assert [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found] == []
    context.close()
