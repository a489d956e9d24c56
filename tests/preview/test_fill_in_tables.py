"""Filling in budget and 总体目标完成情况: the same merging, the same editors and the same guards as for actuals."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import openpyxl
import pytest
from browsing import Browser, sent
from evaluations import ACTUALS, contents, csv_bytes, make_evaluation, rows_of

from selfeval.evaluation.pipeline import evaluate
from selfeval.preview import fill_in
from selfeval.preview.fill_in import FieldChange, RefusedChangeError, files_with
from selfeval.preview.state import entered_bytes

PROJECTS = """
项目编号 | 项目名称 | 开始日期   | 结束日期   | 年度总体目标 | 总体目标完成情况
P01      | 道路维修 | 2021-01-01 | 2021-12-31 | 维修20公里   |
P02      | 桥梁维修 | 2021-01-01 | 2021-12-31 | 维修2座      | 维修2座
"""
BUDGET = """
资金来源 | 年初预算数 | 全年预算数 | 全年执行数 | 原因说明
财政拨款 | 100        | 100        | 80         |
其他资金 | 20         | 20         | 20         |
"""
GOAL, SPENT, WHY = "总体目标完成情况", "全年执行数", "原因说明"
FILL = "/fill/甲县-2021/P01"
ROAD = "数量指标/维修里程"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_evaluation(tmp_path, projects=PROJECTS, budget=BUDGET)


@pytest.fixture
def browser(folder: Path) -> Browser:
    return Browser(folder)


def as_workbooks(folder: Path, *, one: bool) -> None:
    """The four tables as workbooks: each its own, or all in 填报表.xlsx; amounts are numbers, as in Excel."""
    sheets = {"项目": "projects", "预算": "budget", "指标": "targets", "完成情况": "actuals"}
    whole = openpyxl.Workbook()
    whole.remove(whole.active)
    for title, table in sheets.items():
        book = whole if one else openpyxl.Workbook()
        sheet = book.create_sheet(title) if one else book.active
        for line in (folder / f"{table}.csv").read_text("utf-8-sig").splitlines():
            sheet.append([int(cell) if cell.isdecimal() else cell or None for cell in line.split(",")])
        (folder / f"{table}.csv").unlink()
        if not one:
            book.save(folder / f"{table}.xlsx")
    if one:
        whole.save(folder / "填报表.xlsx")


# ── The page ──


def test_the_page_asks_for_money_and_the_goal_as_the_form_does(browser: Browser) -> None:
    page = browser.get(FILL).text
    for anchor, column, text in (("fund-1-3", SPENT, "80"), ("fund-2-1", "年初预算数", "20")):
        assert f'id="{anchor}" data-column="{column}" value="{text}"' in page
    assert f'id="goal-1-1" data-column="{GOAL}"' in page
    assert "维修20公里" in page
    assert page.index("fund-1-3") < page.index("goal-1-1") < page.index("row-1-1")


def test_a_total_row_and_a_row_without_amounts_can_be_filled_in_too(tmp_path: Path) -> None:
    rows = [*rows_of(BUDGET), {"资金来源": "上年结转"}, {"资金来源": "合计", "年初预算数": "120"}]
    page = Browser(make_evaluation(tmp_path, budget=rows)).get(FILL).text
    assert 'id="fund-4-1" data-column="年初预算数" value="120"' in page
    assert 'id="fund-3-1" data-column="年初预算数" value=""' in page


def test_a_column_that_the_table_has_not_cannot_be_filled_in_and_says_so(tmp_path: Path) -> None:
    page = Browser(make_evaluation(tmp_path)).get(FILL).text
    (goal,) = [line for line in page.splitlines() if 'id="goal-1-1"' in line]
    assert "disabled" in goal
    assert "projects" in goal
    assert "没有这一列" in goal


def test_the_unit_itself_is_filled_in_likewise(tmp_path: Path) -> None:
    rows = [*rows_of(PROJECTS), {"项目编号": "D01", "项目名称": "甲县财政局", "项目类型": "部门整体"}]
    browser = Browser(make_evaluation(tmp_path, projects=csv_bytes(rows), budget=BUDGET))
    assert browser.post("/fill/甲县-2021/D01", sent(browser.view.base, ("", GOAL, "全部完成"))).status_code == 200
    assert evaluate(browser.folder).result.unit.project.fields[GOAL] == "全部完成"


# ── Trying and saving ──


def test_the_rate_comes_while_typing_and_nothing_is_written(browser: Browser) -> None:
    before = contents(browser.folder)
    page = browser.tried(("财政拨款", SPENT, "100")).text
    assert '<span class="pv-total">100.00</span>' in page
    assert 'value="80"' in page
    assert "B001" in browser.tried(("财政拨款", SPENT, "很多")).text
    assert contents(browser.folder) == before


def test_every_cell_goes_into_the_file_of_its_table_and_every_other_byte_stays(browser: Browser) -> None:
    before = contents(browser.folder)
    answer = browser.fill(
        ("财政拨款", SPENT, "90"),
        ("财政拨款", WHY, "雨季停工"),
        ("", GOAL, "维修18公里"),
        (ROAD, "实际完成值", "18公里"),
    )
    assert answer.status_code == 200, answer.text
    assert contents(browser.folder) == before | {
        "budget.csv": before["budget.csv"].replace(b",80,", ",90,雨季停工".encode()),
        "projects.csv": before["projects.csv"].replace("维修20公里,".encode(), "维修20公里,维修18公里".encode()),
        "actuals.csv": before["actuals.csv"].replace("20公里".encode(), "18公里".encode()),
    }
    assert answer.json()["base"] == browser.view.base != browser.first


def test_a_project_without_money_gets_a_row(tmp_path: Path) -> None:
    rows = [row | {"项目编号": "P02"} for row in rows_of(BUDGET)]
    browser = Browser(make_evaluation(tmp_path, projects=PROJECTS, budget=rows))
    before = contents(browser.folder)["budget.csv"]
    assert browser.fill(("", "年初预算数", "5"), ("", "全年预算数", "5"), ("", SPENT, "4")).status_code == 200
    assert contents(browser.folder)["budget.csv"] == before + b"P01,,5,5,4,\r\n"


@pytest.mark.parametrize("one", [False, True], ids=["a workbook each", "填报表.xlsx"])
def test_workbooks_take_all_of_it_at_once(folder: Path, one: bool) -> None:
    as_workbooks(folder, one=one)
    browser = Browser(folder)
    answer = browser.fill(
        ("财政拨款", SPENT, "90.5"),
        ("财政拨款", WHY, "雨季停工"),
        ("", GOAL, "维修18公里"),
        (ROAD, "实际完成值", "18公里"),
    )
    assert answer.status_code == 200, answer.text

    def cell(title: str, table: str, name: str) -> object:
        book = openpyxl.load_workbook(folder / ("填报表.xlsx" if one else f"{table}.xlsx"))
        return book[title if one else book.sheetnames[0]][name].value

    assert [cell("预算", "budget", name) for name in ("E2", "F2", "E3")] == [90.5, "雨季停工", 20]
    assert cell("项目", "projects", "F2") == "维修18公里"
    assert cell("完成情况", "actuals", "D2") == "18公里"
    card = evaluate(folder).result.scorecards[0]
    assert str(card.budget.executed) == "110.5"
    assert card.project.fields[GOAL] == "维修18公里"


def test_a_number_stays_a_number_where_it_is_read_as_it_was_typed(folder: Path) -> None:
    as_workbooks(folder, one=True)
    book = openpyxl.load_workbook(folder / "填报表.xlsx")
    book["预算"]["E3"].number_format = "0.00%"
    book.save(folder / "填报表.xlsx")
    browser = Browser(folder)
    for source, text in (("财政拨款", "90"), ("财政拨款", "90.50"), ("其他资金", "15"), ("财政拨款", "1,000")):
        assert browser.fill((source, SPENT, text)).status_code == 200
        assert next(f for f in browser.get(FILL).text.splitlines() if f'value="{text}"' in f)
    sheet = openpyxl.load_workbook(folder / "填报表.xlsx")["预算"]
    assert [sheet[name].value for name in ("E2", "E3")] == ["1,000", "15"]


# ── Merging ──


@pytest.mark.parametrize("in_books", [False, True], ids=["csv", "xlsx"])
def test_only_the_cell_that_both_changed_is_a_question(folder: Path, in_books: bool) -> None:
    if in_books:
        as_workbooks(folder, one=True)
    browser = Browser(folder)
    mine = ("财政拨款", SPENT, "90", "80"), ("其他资金", SPENT, "19", "20"), ("", GOAL, "我写的", "")
    browser.fill(("财政拨款", SPENT, "85"), ("", GOAL, "别人写的"), ("财政拨款", WHY, "说明"))
    before = contents(browser.folder)
    answer = browser.fill(*mine, base=browser.first)
    assert answer.status_code == 409
    assert answer.text.count('<th scope="row">') == 2
    assert 'data-asked-row="财政拨款"' in answer.text
    for said in ("85", "90", "我写的", "别人写的"):
        assert said in answer.text
    assert contents(browser.folder) == before
    assert browser.fill(mine[1], ("", GOAL, "别人写的", ""), base=browser.first).status_code == 200
    assert [f.executed for f in evaluate(folder).result.scorecards[0].project.funds] == [85, 19]


def test_rows_that_moved_meanwhile_are_found_by_their_source(browser: Browser) -> None:
    path = browser.folder / "budget.csv"
    head, first, second = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join((head, second, first)))
    assert browser.fill(("财政拨款", SPENT, "90", "80")).status_code == 200
    assert path.read_bytes() == b"".join((head, second, first)).replace(b",80,", b",90,")


def test_two_rows_of_one_source_are_told_apart_and_a_third_is_no_one_of_them(tmp_path: Path) -> None:
    rows = [row | {"资金来源": "财政拨款"} for row in rows_of(BUDGET)]
    browser = Browser(make_evaluation(tmp_path, budget=rows))
    assert browser.fill(("财政拨款 2/2", SPENT, "19", "20")).status_code == 200
    assert [f.executed for f in browser.view.result.scorecards[0].project.funds] == [80, 19]
    browser.change("budget.csv", csv_bytes([rows[1], *rows]))
    before = contents(browser.folder)
    assert browser.fill(("财政拨款 2/2", SPENT, "18", "80"), base=browser.first).status_code in {409, 422}
    assert contents(browser.folder) == before


# ── Guards ──


@pytest.mark.parametrize(
    ("table", "change", "what"),
    [("budget", FieldChange("财政拨款", SPENT, "90"), "资金来源"), ("projects", FieldChange("", GOAL, "完成"), "项目")],
)
def test_a_row_that_is_another_by_now_is_not_written_over(folder: Path, table: str, change: FieldChange, what) -> None:
    result = evaluate(folder).result
    path, card = folder / f"{table}.csv", result.scorecards[0]
    head, first, second = path.read_bytes().splitlines(keepends=True)
    assert change.text.encode() in files_with(result, card, [change], {path: path.read_bytes()})[path]
    with pytest.raises(RefusedChangeError, match=f"已经不是原来的{what}"):
        files_with(result, card, [change], {path: b"".join((head, second, first))})


@pytest.mark.parametrize(
    ("sheet", "change"),
    [
        ("预算", FieldChange("财政拨款", SPENT, "90")),
        ("项目", FieldChange("", GOAL, "完成")),
        ("完成情况", FieldChange(ROAD, "实际完成值", "18公里")),
    ],
)
def test_a_row_of_a_workbook_that_is_another_by_now_is_not_written_over(folder: Path, sheet, change) -> None:
    as_workbooks(folder, one=True)
    path = folder / "填报表.xlsx"
    result = evaluate(folder).result
    card = result.scorecards[0]
    assert files_with(result, card, [change], {path: path.read_bytes()})[path]
    book = openpyxl.load_workbook(path)
    first, second = ([cell.value for cell in book[sheet][line]] for line in (2, 3))
    for line, values in ((2, second), (3, first)):
        for at, value in enumerate(values, 1):
            book[sheet].cell(line, at).value = value
    book.save(path)
    with pytest.raises(RefusedChangeError, match="已经不是原来的"):
        files_with(result, card, [change], {path: path.read_bytes()})


@pytest.mark.parametrize("in_books", [False, True], ids=["csv", "xlsx"])
def test_a_name_with_marks_that_nobody_sees_is_still_that_row(folder: Path, in_books: bool) -> None:
    for name, plain in (("actuals.csv", "维修里程"), ("budget.csv", "财政拨款")):
        data = (folder / name).read_text("utf-8-sig").replace(plain, f"{plain[:2]}\u200b{plain[2:]}")
        (folder / name).write_bytes(data.encode("utf-8-sig"))
    if in_books:
        as_workbooks(folder, one=True)
    answer = Browser(folder).fill(("财政拨款", SPENT, "90"), (ROAD, "实际完成值", "18公里"))
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("name", "cell"), [("budget.csv", ("财政拨款", SPENT, "90")), ("projects.csv", ("", GOAL, "完成"))]
)
def test_a_file_that_is_exchanged_while_it_is_saved_stays(browser: Browser, monkeypatch, name, cell) -> None:
    path, seen = browser.folder / name, []

    def exchanged(folder: Path) -> dict[Path, bytes]:
        found = entered_bytes(folder)
        if not seen:
            path.write_bytes(path.read_bytes() + b"\r\n")
        seen.append(folder)
        return found

    monkeypatch.setattr(fill_in, "entered_bytes", exchanged)
    wanted = path.read_bytes() + b"\r\n"
    assert browser.fill(cell).status_code == 409
    assert path.read_bytes() == wanted


def test_what_cannot_be_written_is_named_and_saving_again_finishes(browser: Browser, monkeypatch) -> None:
    real, held = fill_in.replace_file, ["budget.csv"]

    def replace(path: Path, content: bytes) -> None:
        if path.name in held:
            raise PermissionError
        real(path, content)

    monkeypatch.setattr(fill_in, "replace_file", replace)
    cells = ("财政拨款", SPENT, "90", "80"), (ROAD, "实际完成值", "18公里", "20公里")
    said = browser.fill(*cells).json()["message"]
    assert "budget.csv 写不进去" in said
    held.clear()
    assert browser.fill(*cells).status_code == 200
    assert evaluate(browser.folder).result.scorecards[0].project.funds[0].executed == 90


@pytest.mark.parametrize("cell", [("财政拨款", "资金来源", "其他"), ("没有这个来源", SPENT, "1"), ("P02", GOAL, "x")])
def test_what_is_no_cell_of_the_page_is_refused(browser: Browser, cell: tuple[str, str, str]) -> None:
    before = contents(browser.folder)
    assert browser.fill(cell).status_code == 422
    assert contents(browser.folder) == before


def test_parts_for_the_departments_leave_money_and_goal_to_the_whole(folder: Path) -> None:
    as_workbooks(folder, one=True)
    part = openpyxl.Workbook()
    part.active.title = "完成情况"
    for row in (("项目编号", "二级指标", "三级指标", "实际完成值"), ("P01", "数量指标", "维修里程", "20公里")):
        part.active.append(row)
    part.save(folder / "填报表-甲科.xlsx")
    browser = Browser(folder)
    given = (folder / "填报表-甲科.xlsx").read_bytes()
    assert browser.fill(("财政拨款", SPENT, "90"), ("", GOAL, "完成")).status_code == 200
    assert (folder / "填报表-甲科.xlsx").read_bytes() == given
    assert evaluate(folder).result.scorecards[0].project.funds[0].executed == 90


# ── The findings lead there ──


@pytest.mark.parametrize("in_books", [False, True], ids=["csv", "xlsx"])
def test_a_finding_about_money_or_the_goal_leads_to_its_field(folder: Path, in_books: bool) -> None:
    (folder / "budget.csv").write_bytes(csv_bytes([rows_of(BUDGET)[0], rows_of(BUDGET)[1] | {SPENT: ""}]))
    if in_books:
        as_workbooks(folder, one=True)
    page = Browser(folder).get("/findings/甲县-2021").text
    for code, anchor in (("B001", "fund-2-3"), ("N013", "goal-1-1")):
        (line,) = [part for part in page.split("<tbody>") if f">{code}<" in part and "P01" in part]
        assert f'href="{quote(FILL)}#{anchor}"' in line, code
    assert len(rows_of(ACTUALS)) == 3
