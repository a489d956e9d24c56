"""The preview's own pages under `--lang en`: nothing of ours stays Chinese; what people wrote stays as it is."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from browsing import Browser, sent
from evaluations import ACTUALS, BUDGET, contents, make_evaluation, rows_of

from selfeval.preview.pages import script_words
from selfeval.reading.columns import TABLES
from selfeval.reading.layouts import shipped_templates

PROJECTS = """
项目编号 | 项目名称 | 开始日期   | 结束日期   | 年度总体目标 | 总体目标完成情况
P01      | 道路维修 | 2021-01-01 | 2021-12-31 | 维修20公里   |
"""
ROAD, FILL = "数量指标/维修里程", "/fill/甲县-2021/P01"
RUN = re.compile("[\u4e00-\u9fff]+")


def of_ours(text: str, folder: Path) -> list[str]:
    """What is Chinese on a page and is no word of a table, no name of a column, no quotation, no document of a rule."""
    tables = "".join(data.decode("utf-8", "ignore") for data in contents(folder).values())
    text = re.sub(r'“[^”]*”|<p class="basis">.*?</p>| (?:data-[a-z-]+|value)="[^"]*"', "", text)
    columns = {column.name for spec in TABLES for column in spec.every}
    return [run for run in RUN.findall(text) if run not in tables and run not in folder.name and run not in columns]


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    rows = [rows_of(ACTUALS)[0] | {"实际完成值": "没有完成", "完成档次": ""}, *rows_of(ACTUALS)[1:]]
    budget = [*rows_of(BUDGET), {"资金来源": "合计", "年初预算数": "1", "全年预算数": "1", "全年执行数": "多"}]
    return Browser(make_evaluation(tmp_path, projects=PROJECTS, budget=budget, actuals=rows), language="en")


@pytest.mark.parametrize("path", ["/", "/findings/甲县-2021", FILL, "/nothing"])
def test_a_page_says_nothing_of_its_own_in_chinese(browser: Browser, path: str) -> None:
    page = browser.get(quote(path)).text
    assert of_ours(page, browser.folder) == []
    assert 'lang="en"' in page or path == "/nothing"


def test_what_moved_and_what_is_wrong_is_told_in_english(browser: Browser) -> None:
    browser.change("actuals.csv", (browser.folder / "actuals.csv").read_bytes().replace(b"10%", b"5%"))
    assert "The change of" in browser.get(FILL).text
    assert of_ours(browser.get(FILL).text, browser.folder) == []
    browser.change("actuals.csv", b"")
    page = browser.get(FILL).text
    assert "Errors in the files" in page
    (browser.folder / "words.txt").write_text(
        "道路维修群众满意度通行提速率服务对象社会效益三级指标实际完成值" + "".join(RUN.findall(page)[:0]), "utf-8"
    )
    alert = page[page.index('id="pv-alert"') : page.index("<nav")]
    assert of_ours(alert, browser.folder) == []


def test_a_question_and_a_refusal_are_told_in_english(browser: Browser) -> None:
    answer = browser.fill((ROAD, "实际完成值", "18公里", "另一个"))
    assert answer.status_code == 409
    assert "Keep mine" in answer.text
    assert of_ours(answer.text.replace("18公里", ""), browser.folder) == []
    for body in (sent("", ("没有", "实际完成值", "1")), {"base": "", "changes": [1]}):
        message = browser.post(FILL, body).json()["message"]
        assert of_ours(message.replace("没有", ""), browser.folder) == []
    assert RUN.findall(browser.post(FILL, {}, **{"x-preview-token": "x"}).text) == []


def test_every_sentence_of_a_script_has_english_and_none_is_left_out() -> None:
    words = json.loads(script_words("en"))
    for name in ("fill.js", "preview.js"):
        lines = (shipped_templates() / "preview" / name).read_text("utf-8").splitlines()
        code = [re.sub(r"^\s*//.*", "", line).replace("[data-label='得分']", "") for line in lines]
        bare = re.sub(r'\b_\("[^"]+"\)', "", "\n".join(code))
        assert RUN.findall(bare) == [], name
    assert words
    assert [said for said in words.values() if RUN.search(said)] == []
    assert script_words("zh") == ""
