"""The preview as a browser meets it: pages, errors over the last good result, filling in, and who is let in."""

from __future__ import annotations

import asyncio
import errno
import gc
import json
import re
import weakref
import zipfile
from pathlib import Path
from urllib.parse import quote

import openpyxl
import pytest
from browsing import HOST, Browser, sent
from evaluations import ACTUALS, contents, csv_bytes, make_evaluation, rows_of

from selfeval.evaluation.pipeline import evaluate
from selfeval.importing.run import import_forms
from selfeval.preview import fill_in, serve
from selfeval.preview.app import ASSETS
from selfeval.preview.fill_in import FieldChange, RefusedChangeError, files_with
from selfeval.preview.security import Allowed, policy
from selfeval.preview.serve import in_one_line
from selfeval.preview.session import AT_ONCE, HOLD, PATIENCE, Session
from selfeval.preview.state import entered_bytes
from selfeval.preview.watch import matters, touched


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    return Browser(make_evaluation(tmp_path))


def with_actual(text: str) -> bytes:
    """The actuals with another 维修里程."""
    return csv_bytes(
        [row | ({"实际完成值": text} if row["三级指标"] == "维修里程" else {}) for row in rows_of(ACTUALS)]
    )


REPORT = "/view/甲县-2021/projects/P01/report.html"
FILL = "/fill/甲县-2021/P01"
ROAD = "数量指标/维修里程"


# ── Pages ──


def test_home_lists_every_project_with_its_score_and_a_way_to_report_and_form(browser: Browser) -> None:
    page = browser.get("/")
    assert page.status_code == 200
    assert "道路维修" in page.text
    assert "100.00" in page.text
    for path in re.findall(r'href="(/(?:view|fill|findings)/[^"]*)"', page.text):
        assert browser.get(path).status_code == 200, path


def test_a_large_evaluation_is_listed_at_once_without_a_score_and_whoever_asks_for_more_waits_for_it(
    tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr("selfeval.preview.session.AT_ONCE", 100)
    browser = Browser(make_evaluation(tmp_path))
    page = browser.get("/").text
    assert "道路维修" in page
    assert "正在读取和计算" in page
    assert "100.00" not in page
    assert "没有项目" not in page
    assert browser.session.state()["versions"] == {"甲县-2021": 0}  # so that the page is renewed when it is 1
    assert "100.00" in browser.get(REPORT).text
    assert browser.session.state()["versions"] == {"甲县-2021": 1}
    assert "正在读取和计算" not in browser.get("/").text
    assert "100.00" in browser.get("/").text


@pytest.mark.slow
def test_small_evaluations_are_there_from_the_first_page_on_whatever_large_one_is_beside_them(tmp_path: Path) -> None:
    small, large = make_evaluation(tmp_path, name="小"), make_evaluation(tmp_path, name="大")
    (large / "actuals.csv").write_bytes((large / "actuals.csv").read_bytes() + b"\r\n" * AT_ONCE)
    for folders in [small, large], [large, small]:
        session = Session(lambda found=folders: found)
        session.open()
        assert {id_: view.opening for id_, view in session.views.items()} == {"小": False, "大": True}
        assert list(session.views) == [folder.name for folder in folders]
        asyncio.run(session.finish())
        assert not any(view.opening for view in session.views.values())
        assert list(session.views) == [folder.name for folder in folders]


def test_a_fault_while_a_large_evaluation_is_read_is_said_on_its_page_and_the_next_save_tries_again(
    tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr("selfeval.preview.session.AT_ONCE", 100)
    browser = Browser(make_evaluation(tmp_path))
    with monkeypatch.context() as broken:
        broken.setattr("selfeval.preview.session.evaluate", lambda _: 1 // 0)
        asyncio.run(browser.session.finish())
    assert any("ZeroDivisionError" in line for line in browser.lines)
    assert "程序内部出错" in browser.get("/").text
    browser.look([browser.folder / "actuals.csv"])
    assert "100.00" in browser.get("/").text


def test_a_page_is_the_one_that_build_makes_with_its_style_apart(browser: Browser) -> None:
    page = browser.get(REPORT).text
    assert "项目支出绩效自评表" in page
    assert "<style>" not in page
    (style,) = re.findall(r'href="(/style/[^"]+\.css)"', page)
    assert ".masthead" in browser.get(style).text
    assert page.index("/style/") < page.index("</head>") < page.index('id="pv"') < page.index("</body>")


def test_a_page_that_did_not_change_is_not_made_again(browser: Browser, monkeypatch) -> None:
    first = browser.get(REPORT).text
    monkeypatch.setattr("selfeval.preview.report_cache.html_of", lambda *_: pytest.fail("made again"))
    assert browser.get(REPORT).text == first


def test_findings_name_place_and_remedy(browser: Browser) -> None:
    browser.change("actuals.csv", with_actual(""))
    page = browser.get("/findings/甲县-2021").text
    finding = next(d for d in browser.view.latest.diagnostics if d.is_error)
    assert finding.code in page
    assert finding.hint in page
    assert f"{finding.file} 第 {finding.line} 行" in page


def test_text_from_any_input_is_escaped_on_our_own_pages(tmp_path: Path) -> None:
    nasty = "<script>alert(1)</script>\"'><img src=x>"
    targets = [{"一级指标": "产出指标", "二级指标": "数量指标", "三级指标": nasty, "指标值": "≥5次", "分值": "90"}]
    actuals = [{"二级指标": "数量指标", "三级指标": nasty, "实际完成值": nasty, "佐证材料": "</textarea><b>"}]
    projects = [{"项目名称": nasty, "开始日期": "2021-01-01", "结束日期": "2021-12-31"}]
    browser = Browser(make_evaluation(tmp_path, targets, actuals, projects=projects))
    for path in ("/", "/findings/甲县-2021", FILL, REPORT):
        page = browser.get(path).text
        assert "alert(1)" in page or path.startswith("/findings"), path
        assert "<script>alert" not in page, path
        assert "<img src=x>" not in page, path
        assert "</textarea><b>" not in page, path


# ── What an edit did ──


def test_scores_that_moved_are_named_with_what_they_were(browser: Browser) -> None:
    browser.change("actuals.csv", with_actual("10公里"))
    moves = [(m.anchor, m.old, m.new, m.way) for m in browser.view.moves]
    assert moves == [("total", "100.00", "75.00", "down"), ("row-1", "50.00", "25.00", "down")]
    for path in ("/", REPORT):
        assert 'pv-was">100.00</span> → <strong>75.00' in browser.get(path).text
    assert 'data-anchor="row-1" data-old="50.00"' in browser.get(REPORT).text
    assert "actuals.csv" in browser.get(REPORT).text


def test_a_save_without_a_change_tells_nobody(browser: Browser) -> None:
    browser.change("actuals.csv", with_actual("10公里"))
    version, told = browser.view.version, list(browser.lines)
    browser.change("actuals.csv", with_actual("10公里"))
    assert (browser.view.version, browser.lines) == (version, told)
    assert browser.view.moves


def test_evidence_templates_and_rules_are_seen_too(browser: Browser) -> None:
    versions = [browser.view.version]
    browser.change("evidence/验收单.pdf", b"%PDF-")
    versions.append(browser.view.version)
    browser.change("templates/report.html", "<html><head></head><body>本单位的版式</body></html>".encode())
    versions.append(browser.view.version)
    assert "本单位的版式" in browser.get(REPORT).text
    assert versions == [1, 2, 3]


def test_a_review_and_a_layouts_own_data_are_seen_too(browser: Browser) -> None:
    row = "项目编号,二级指标,三级指标,复核得分,复核意见\nP01,数量指标,维修里程,{},按验收报告\n"
    browser.change("review.csv", row.format(45).encode())
    assert "按验收报告" in browser.get(REPORT).text
    browser.change("review.csv", row.format(44).encode())
    moves = [(m.anchor, m.label, m.old, m.new) for m in browser.view.moves]
    assert moves == [("total", "复核总分", "95.00", "94.00"), ("row-1", "维修里程（复核）", "45.00", "44.00")]
    browser.change("templates/layouts/national/layout.toml", '[titles]\nreport = "自评情况报告"\n'.encode())
    assert "自评情况报告" in browser.get(REPORT).text


def test_an_evaluation_that_comes_later_is_listed(tmp_path: Path) -> None:
    first = make_evaluation(tmp_path)
    browser = Browser(first)
    second = make_evaluation(tmp_path, name="乙县-2021")
    browser.session.find = lambda: [first, second]
    asyncio.run(browser.session.rebuild([second], [], PATIENCE))
    assert "乙县-2021" in browser.get("/").text
    browser.session.find = lambda: [first]
    asyncio.run(browser.session.rebuild([], [], PATIENCE))
    assert "乙县-2021" not in browser.get("/").text


# ── Errors ──


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("actuals.csv", b"\xef\xbb\xbf" + '项目编号,三级指标,实际完成值\nP01,维修里程,"20公里""\n'.encode(), "T016"),
        ("actuals.csv", "项目编号,完成\nP01,1\n".encode(), "T003"),
        ("actuals.csv", b"", "T007"),
        ("actuals.csv", None, "T006"),
        ("selfeval.toml", b"[evaluation]\nyear = ", "T020"),
    ],
)
def test_an_error_stands_over_the_last_good_report_and_goes_by_itself(browser, name, content, code) -> None:
    good = contents(browser.folder)[name]
    browser.change(name, content)
    page = browser.get(REPORT)
    assert page.status_code == 200
    alert = page.text[page.text.index("pv-alert") :]
    assert code in alert
    assert f"甲县-2021/{name}" in alert
    assert "最后一次完好的结果" in alert
    assert '<p class="number">100.00</p>' in page.text
    browser.change(name, good)
    assert 'class="pv-alert"' not in browser.get(REPORT).text


def test_a_half_written_file_is_no_error_until_it_rests(browser: Browser) -> None:
    good = contents(browser.folder)["actuals.csv"]
    for part in (b"", good[:40], good[:-5]):
        browser.change("actuals.csv", part, quiet=0)
        assert not browser.view.broken
        assert browser.session.held
    browser.change("actuals.csv", with_actual("10公里"), quiet=0)
    assert browser.view.version == 2
    assert not browser.session.held


def test_an_error_that_stays_is_shown_once_the_files_rest(browser: Browser) -> None:
    browser.change("actuals.csv", b"", quiet=0)
    browser.look([], HOLD)
    assert [d.code for d in browser.view.broken] == ["T007"]
    assert browser.view.files == ("actuals.csv",)


def test_a_file_that_is_renamed_away_and_back_is_waited_for_longer(browser: Browser) -> None:
    good = contents(browser.folder)["actuals.csv"]
    browser.change("actuals.csv", None, quiet=HOLD)
    assert not browser.view.broken
    browser.change("actuals.csv", good, quiet=0)
    assert browser.view.version == 1


def test_a_template_that_fails_leaves_the_last_good_page(browser: Browser) -> None:
    browser.get(REPORT)
    browser.change("templates/report.html", b"{{ nothing_of_the_kind }}")
    page = browser.get(REPORT).text
    assert "N007" in page
    assert "甲县-2021/templates/report.html 第 1 行" in page
    assert "项目支出绩效自评表" in page
    browser.change("templates/report.html", None)
    assert "N007" not in browser.get(REPORT).text


def test_an_evaluation_that_never_opened_shows_what_to_mend(tmp_path: Path) -> None:
    browser = Browser(make_evaluation(tmp_path, toml="[evaluation]\nyear = 2021\n"))
    for path in ("/", "/view/甲县-2021/index.html"):
        page = browser.get(path)
        assert page.status_code == 200
        assert "T020" in page.text
    assert browser.get(FILL).status_code == 404


# ── What is watched ──


@pytest.mark.parametrize(
    "name",
    ["~$actuals.xlsx", ".~lock.actuals.csv#", "~WRL0001.tmp", "A1B2C3D4.tmp", ".actuals.csv.part", "actuals.csv~",
     ".~actuals.csv", "4913.swp", ".git/index", "__pycache__/x.pyc"],
)  # fmt: skip
def test_what_spreadsheets_and_editors_leave_for_a_moment_is_no_change(name: str) -> None:
    assert not matters(Path("/a/.b/甲县-2021") / name, Path("/a/.b/甲县-2021"))


@pytest.mark.parametrize(
    "name", ["actuals.csv", "actuals/办公室.csv", "targets.xlsx", "selfeval.toml", "narrative/P01.md",
             "rules/ours.toml", "templates/report.html", "evidence/验收 单.PDF"],
)  # fmt: skip
def test_every_file_of_an_evaluation_is_a_change(name: str) -> None:
    assert matters(Path("/a/.b/甲县-2021") / name, Path("/a/.b/甲县-2021"))


def test_only_the_evaluation_that_was_touched_is_made_again() -> None:
    one, two, templates = Path("/in/one"), Path("/in/two"), Path("/templates")
    assert touched([one, two], [one / "actuals.csv"], templates) == {one}
    assert touched([one, two], [templates / "css/screen.css"], templates) == {one, two}


# ── Filling in ──


def test_the_form_has_every_indicator_with_its_target_and_its_cells(browser: Browser) -> None:
    page = browser.get(FILL).text
    assert page.count("<fieldset") == 3
    assert "≥20公里" in page
    assert 'value="20公里"' in page
    assert f'data-base="{browser.view.base}"' in page


def test_scores_come_while_typing_and_nothing_is_written(browser: Browser) -> None:
    before = contents(browser.folder)
    page = browser.tried((ROAD, "实际完成值", "10公里")).text
    assert '<span class="pv-total">75.00</span>' in page
    assert "<output>25.00</output>" in page
    assert 'value="20公里"' in page  # what the file says stays what the field began with
    assert contents(browser.folder) == before


def test_findings_come_while_typing(browser: Browser) -> None:
    assert "V004" in browser.tried((ROAD, "实际完成值", "全部完成")).text


def test_what_was_filled_in_is_saved_and_every_other_byte_stays(tmp_path: Path) -> None:
    text = (
        csv_bytes(rows_of(ACTUALS), ["自评得分", "偏差原因分析及改进措施"]).decode("utf-8-sig").replace("90%", '"90%"')
    )
    browser = Browser(make_evaluation(tmp_path, actuals=text.encode("gb18030")))
    before = contents(browser.folder)
    answer = browser.fill((ROAD, "实际完成值", "18公里"))
    assert answer.status_code == 200, answer.text
    assert contents(browser.folder) == before | {"actuals.csv": text.replace("20公里", "18公里").encode("gb18030")}
    assert answer.json()["base"] == browser.view.base != browser.first
    assert [m.new for m in browser.view.moves] == ["95.00", "45.00"]


def test_a_row_that_is_another_by_now_is_not_written_over(tmp_path: Path) -> None:
    folder = make_evaluation(tmp_path)
    result = evaluate(folder).result
    path, card = folder / "actuals.csv", result.scorecards[0]
    change = FieldChange(card.scores[0].indicator.id, "实际完成值", "18公里")
    head, first, second, *rest = path.read_bytes().splitlines(keepends=True)
    assert "18公里".encode() in files_with(result, card, [change], {path: path.read_bytes()})[path]
    with pytest.raises(RefusedChangeError, match="已经不是原来的指标"):
        files_with(result, card, [change], {path: b"".join((head, second, first, *rest))})


def test_a_file_that_is_exchanged_while_it_is_saved_stays(browser: Browser, monkeypatch) -> None:
    path, seen = browser.folder / "actuals.csv", []

    def exchanged(folder: Path) -> dict[Path, bytes]:
        found = entered_bytes(folder)
        if not seen:
            path.write_bytes(path.read_bytes().replace(b"90%", b"95%"))
        seen.append(folder)
        return found

    monkeypatch.setattr(fill_in, "entered_bytes", exchanged)
    assert browser.fill((ROAD, "实际完成值", "18公里")).status_code == 409
    assert "18公里".encode() not in path.read_bytes()
    assert b"95%" in path.read_bytes()


@pytest.mark.parametrize("text", ["+cmd|' /C calc'!A0", "=HYPERLINK(1)", "＝Sheet2!A1", "18\u202e公里"])
def test_what_a_spreadsheet_would_run_or_turn_round_is_not_saved(browser: Browser, text) -> None:
    before = contents(browser.folder)
    assert browser.fill((ROAD, "实际完成值", text)).status_code == 422
    assert contents(browser.folder) == before
    assert browser.fill((ROAD, "实际完成值", "-3", text)).status_code in {200, 409}  # mended, or asked about


def test_two_saves_one_after_the_other(browser: Browser) -> None:
    for text in ("18公里", "19公里"):
        assert browser.fill((ROAD, "实际完成值", text)).status_code == 200
    assert "19公里" in browser.get(FILL).text


def test_an_indicator_without_a_row_gets_one_at_the_end(tmp_path: Path) -> None:
    rows = rows_of(ACTUALS)[1:]
    browser = Browser(make_evaluation(tmp_path, actuals=rows))
    before = contents(browser.folder)["actuals.csv"]
    assert browser.fill((ROAD, "实际完成值", "20公里")).status_code == 200
    assert contents(browser.folder)["actuals.csv"] == before + "P01,数量指标,维修里程,20公里\r\n".encode()
    assert evaluate(browser.folder).result.scorecards[0].total == 100


def test_without_actuals_a_file_is_begun(tmp_path: Path) -> None:
    browser = Browser(make_evaluation(tmp_path, actuals=None))
    assert browser.fill((ROAD, "实际完成值", "20公里")).status_code == 200
    assert evaluate(browser.folder).result.scorecards[0].scores[0].points == 50


def test_split_actuals_are_saved_where_the_row_is(tmp_path: Path) -> None:
    folder = make_evaluation(tmp_path, actuals=None)
    (folder / "actuals").mkdir()
    for name, rows in (("甲科", rows_of(ACTUALS)[:1]), ("乙科", rows_of(ACTUALS)[1:])):
        (folder / "actuals" / f"{name}.csv").write_bytes(csv_bytes(rows))
    browser = Browser(folder)
    before = contents(folder)
    assert browser.fill((ROAD, "实际完成值", "10公里")).status_code == 200
    assert {name for name, data in contents(folder).items() if data != before[name]} == {"actuals/甲科.csv"}


def test_a_file_changed_meanwhile_is_not_overwritten_and_both_versions_are_shown(browser: Browser) -> None:
    browser.change("actuals.csv", with_actual("12公里"))
    before = contents(browser.folder)
    answer = browser.fill((ROAD, "实际完成值", "18公里"), base=browser.first)
    assert answer.status_code == 409
    assert "12公里" in answer.text
    assert "18公里" in answer.text
    assert contents(browser.folder) == before


def test_two_people_who_fill_in_different_cells_both_have_theirs(browser: Browser) -> None:
    browser.change("actuals.csv", with_actual("12公里"))
    (second,) = [s.indicator.id for s in browser.view.result.scorecards[0].scores if s.indicator.level3 == "群众满意度"]
    answer = browser.fill((second, "实际完成值", "95%", "90%"), base=browser.first)
    assert answer.status_code == 200
    assert (browser.folder / "actuals.csv").read_bytes() == with_actual("12公里").replace(b"90%", b"95%")


def test_a_row_that_came_above_meanwhile_does_not_move_what_is_written(browser: Browser) -> None:
    header, *rows = (browser.folder / "actuals.csv").read_bytes().splitlines(keepends=True)
    (browser.folder / "actuals.csv").write_bytes(b"".join((header, *reversed(rows))))
    assert browser.fill((ROAD, "实际完成值", "18公里", "20公里")).status_code == 200
    assert (browser.folder / "actuals.csv").read_bytes() == b"".join((header, *reversed(rows))).replace(
        "20公里".encode(), "18公里".encode()
    )


def test_of_several_changes_only_the_cell_that_both_changed_is_a_question(browser: Browser) -> None:
    browser.change("actuals.csv", with_actual("12公里"))
    cards = browser.view.result.scorecards[0].scores
    other = next(s.indicator.id for s in cards if s.indicator.level3 == "通行提速率")
    before = contents(browser.folder)
    answer = browser.fill(
        (ROAD, "实际完成值", "18公里", "20公里"), (other, "实际完成值", "11%", "10%"), base=browser.first
    )
    assert answer.status_code == 409
    assert answer.text.count('<th scope="row">') == 1
    assert "12公里" in answer.text
    assert "11%" not in answer.text
    assert contents(browser.folder) == before


def test_the_same_text_from_both_is_no_question(browser: Browser) -> None:
    browser.change("actuals.csv", with_actual("12公里"))
    assert browser.fill((ROAD, "实际完成值", "12公里", "20公里"), base=browser.first).status_code == 200


def test_a_file_that_lost_rows_meanwhile_is_not_merged_with(browser: Browser) -> None:
    (browser.folder / "actuals.csv").write_bytes(b"\xff\xfe\x00")
    assert browser.fill((ROAD, "实际完成值", "18公里", "20公里")).status_code == 409


def test_a_change_that_nobody_has_reported_yet_is_seen_all_the_same(browser: Browser) -> None:
    (browser.folder / "actuals.csv").write_bytes(with_actual("12公里"))
    assert browser.fill((ROAD, "实际完成值", "18公里")).status_code == 409


def test_read_only_shows_the_form_and_takes_nothing(tmp_path: Path) -> None:
    browser = Browser(make_evaluation(tmp_path), read_only=True)
    before = contents(browser.folder)
    page = browser.get(FILL).text
    assert "--read-only" in page
    assert page.count(" disabled>") >= 3 * 5
    assert browser.fill((ROAD, "实际完成值", "18公里")).status_code == 403
    assert contents(browser.folder) == before


def in_workbook(tmp_path: Path, **cells: object) -> Browser:
    """The evaluation with its actuals in a workbook; more cells by their names."""
    folder = make_evaluation(tmp_path, actuals=None)
    book = openpyxl.Workbook()
    rows = [{"项目编号": "P01"} | row for row in rows_of(ACTUALS)]
    for row in (list(rows[0]), *(list(row.values()) for row in rows)):
        book.active.append(row)
    book.active["D2"].number_format = "@"
    book.active["D4"] = None
    book.create_sheet("底稿").append(["不动", 1])
    for name, value in cells.items():
        book.active[name] = value
    book.save(folder / "actuals.xlsx")
    return Browser(folder)


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_cell_of_a_workbook_is_written_and_every_other_part_stays(tmp_path: Path) -> None:
    browser = in_workbook(tmp_path)
    path = browser.folder / "actuals.xlsx"
    before, style = parts_of(path), openpyxl.load_workbook(path).active["D2"].number_format
    assert (
        browser.fill(
            (ROAD, "实际完成值", "18公里 <约>"), ("服务对象满意度/群众满意度", "实际完成值", "90%")
        ).status_code
        == 200
    )
    after = parts_of(path)
    assert [name for name in before if before[name] != after[name]] == ["xl/worksheets/sheet1.xml"]
    assert list(before) == list(after)
    sheet = openpyxl.load_workbook(path).active
    assert [[cell.value for cell in row] for row in sheet["A2:D4"]] == [
        ["P01", "数量指标", "维修里程", "18公里 <约>"],
        ["P01", "社会效益指标", "通行提速率", "10%"],
        ["P01", "服务对象满意度", "群众满意度", "90%"],
    ]
    assert sheet["D2"].number_format == style == "@"
    assert "18公里" in browser.get(FILL).text


def test_under_a_title_merged_over_the_columns_a_cell_is_written_all_the_same(tmp_path: Path) -> None:
    browser = in_workbook(tmp_path)
    book = openpyxl.load_workbook(browser.folder / "actuals.xlsx")
    book.active.insert_rows(1)
    book.active["A1"] = "2021年度完成情况表"
    book.active.merge_cells("A1:D1")
    book.save(browser.folder / "actuals.xlsx")
    browser.look([browser.folder / "actuals.xlsx"])
    assert browser.fill((ROAD, "实际完成值", "18公里")).status_code == 200
    sheet = openpyxl.load_workbook(browser.folder / "actuals.xlsx").active
    assert (sheet["D3"].value, str(sheet.merged_cells)) == ("18公里", "A1:D1")


def test_a_cell_of_a_workbook_is_emptied_and_merged_like_any_other(tmp_path: Path) -> None:
    browser = in_workbook(tmp_path)
    book = openpyxl.load_workbook(browser.folder / "actuals.xlsx")
    book.active["D3"] = "11%"
    book.save(browser.folder / "actuals.xlsx")
    assert browser.fill((ROAD, "实际完成值", "", "20公里")).status_code == 200
    assert browser.fill(("社会效益指标/通行提速率", "实际完成值", "12%", "10%"), base=browser.first).status_code == 409
    sheet = openpyxl.load_workbook(browser.folder / "actuals.xlsx").active
    assert [sheet[name].value for name in ("D2", "D3")] == [None, "11%"]


@pytest.mark.parametrize(
    ("cells", "change", "says"),
    [
        ({"F2": "=1+1"}, (ROAD, "实际完成值", "18公里"), "表里有公式"),
        ({}, (ROAD, "佐证材料", "验收单"), "没有“佐证材料”这一列"),
        ({"C2": "别的"}, (ROAD, "实际完成值", "18公里"), "没有这个指标的行"),
    ],
)
def test_what_a_workbook_cannot_take_is_refused_and_nothing_written(tmp_path: Path, cells, change, says) -> None:
    browser = in_workbook(tmp_path, **cells)
    before = contents(browser.folder)
    answer = browser.fill(change)
    assert answer.status_code == 422
    assert says in answer.json()["message"]
    assert contents(browser.folder) == before


@pytest.mark.parametrize(
    "trick",
    [
        lambda xml: xml.replace(b"<sheetData>", b'<sheetData><!-- <row r="2"><c r="D2"/></row> -->'),
        lambda xml: (
            xml.replace(b"<row r=", b"<x:row r=")
            .replace(b"</row>", b"</x:row>")
            .replace(b"<worksheet ", b'<worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ')
        ),
    ],
    ids=["a comment that looks like the row", "rows with a prefix"],
)
def test_a_sheet_written_in_another_way_is_changed_rightly_or_not_at_all(tmp_path: Path, trick) -> None:
    browser = in_workbook(tmp_path)
    path = browser.folder / "actuals.xlsx"
    parts = parts_of(path)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, trick(data) if name == "xl/worksheets/sheet1.xml" else data)
    browser = Browser(browser.folder)
    before = contents(browser.folder)
    assert browser.fill((ROAD, "实际完成值", "18公里")).status_code == 422
    assert contents(browser.folder) == before


def test_formulas_of_a_sheet_that_is_no_table_are_calculated_anew(tmp_path: Path) -> None:
    browser = in_workbook(tmp_path)
    path = browser.folder / "actuals.xlsx"
    book = openpyxl.load_workbook(path)
    book["底稿"]["A2"] = "=COUNTBLANK(Sheet!D2:D4)"
    book.calculation.fullCalcOnLoad = None
    book.save(path)
    browser = Browser(browser.folder)
    before = parts_of(path)
    assert b"fullCalcOnLoad" not in before["xl/workbook.xml"]
    assert browser.fill((ROAD, "实际完成值", "18公里")).status_code == 200
    after = parts_of(path)
    assert {name for name in before if before[name] != after[name]} == {"xl/workbook.xml", "xl/worksheets/sheet1.xml"}
    assert after["xl/workbook.xml"].replace(b' fullCalcOnLoad="1"', b"") == before["xl/workbook.xml"]
    assert openpyxl.load_workbook(path)["底稿"]["A2"].value == "=COUNTBLANK(Sheet!D2:D4)"


@pytest.mark.slow
def test_the_workbook_that_import_writes_is_filled_in(tmp_path: Path) -> None:
    form = tmp_path / "申报表.txt"
    lines = [
        "项目支出绩效目标申报表",
        "(2021年)",
        "填报单位：甲县财政局",
        "单位：元",
        "项目名称\t道路维修\t\t",
        "项目预算金额：\t1,000.00\t\t",
    ]
    lines += ["一级指标\t二级指标\t三级指标\t指标值", "产出指标\t数量指标\t维修里程\t≥20公里"]
    form.write_text("\n".join(lines), encoding="utf-8")
    folder = tmp_path / "甲县-2021"
    import_forms([form], folder, xlsx=True)
    browser = Browser(folder)
    before = parts_of(folder / "填报表.xlsx")
    assert browser.fill((ROAD, "实际完成值", "21公里"), (ROAD, "佐证材料", "验收单")).status_code == 200
    after = parts_of(folder / "填报表.xlsx")
    assert len([name for name in before if before[name] != after[name]]) == 1
    assert evaluate(folder).result.scorecards[0].scores[0].points is not None


def test_the_workbook_with_all_tables_and_its_parts_is_filled_in(tmp_path: Path) -> None:
    folder = make_evaluation(tmp_path)
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet, table in {"项目": "projects", "预算": "budget", "指标": "targets", "完成情况": "actuals"}.items():
        lines = (folder / f"{table}.csv").read_text("utf-8-sig").splitlines()
        (folder / f"{table}.csv").unlink()
        page = book.create_sheet(sheet)
        for line in lines:
            page.append(line.split(","))
    part = openpyxl.Workbook()
    part.active.title = "完成情况"
    for row in list(book["完成情况"].values)[:2]:
        part.active.append(row)
    book["完成情况"]["D2"] = None
    book.save(folder / "填报表.xlsx")
    part.save(folder / "填报表-甲科.xlsx")
    browser = Browser(folder)
    whole = (folder / "填报表.xlsx").read_bytes()
    answer = browser.fill((ROAD, "实际完成值", "18公里"))
    assert answer.status_code == 200, answer.text
    assert openpyxl.load_workbook(folder / "填报表-甲科.xlsx").active["D2"].value == "18公里"
    assert (folder / "填报表.xlsx").read_bytes() == whole
    assert browser.fill(("社会效益指标/通行提速率", "实际完成值", "11%")).status_code == 200
    assert openpyxl.load_workbook(folder / "填报表.xlsx")["完成情况"]["D3"].value == "11%"
    assert evaluate(folder).result.scorecards[0].scores[0].indicator.actual.text == "18公里"


@pytest.mark.parametrize(
    "changes",
    [
        None,
        [1],
        [{"row": ROAD, "column": "三级指标", "text": "x"}],
        [{"row": ROAD, "column": "实际完成值", "text": 5}],
        [{"row": "没有/这个", "column": "实际完成值", "text": "5"}],
        [{"row": ROAD, "column": "实际完成值", "text": "a\0b"}],
        [{"row": ROAD, "column": "实际完成值", "text": "\ud800"}],
        [{"row": ROAD, "column": "实际完成值", "text": "长" * 20_000}],
    ],
)
def test_strange_requests_are_refused_in_words(browser: Browser, changes: object) -> None:
    before = contents(browser.folder)
    body = json.dumps({"base": browser.view.base, "changes": changes})
    headers = {"origin": f"http://{HOST}", "x-preview-token": browser.session.token}
    answer = browser.ask("POST", FILL, content=body.encode(), headers=headers)
    assert answer.status_code == 422
    assert answer.json()["message"]
    assert contents(browser.folder) == before


# ── Who is let in ──


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost@evil", "", "["]
)
def test_an_unknown_host_is_refused(browser: Browser, host: str) -> None:
    answer = browser.get("/", host=host)
    assert answer.status_code == 400
    assert "道路维修" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000", "LOCALHOST"])
def test_this_machine_is_let_in_under_its_names(browser: Browser, host: str) -> None:
    assert browser.get("/", host=host).status_code == 200


def test_names_cannot_be_pointed_at_a_server_open_to_all() -> None:
    allowed = Allowed("0.0.0.0")
    assert allowed.has("192.168.1.7:8000")
    assert not allowed.has("rebound.example:8000")


@pytest.mark.parametrize(
    "headers",
    [
        {"x-preview-token": "guess"},
        {"x-preview-token": ""},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_only_our_own_pages_may_write(browser: Browser, headers: dict[str, str]) -> None:
    before = contents(browser.folder)
    for path in (FILL, f"{FILL}/try", "/pdf/甲县-2021/P01"):
        answer = browser.post(path, sent(browser.view.base, (ROAD, "实际完成值", "1公里")), **headers)
        assert answer.status_code == 403, path
    assert contents(browser.folder) == before


def test_a_body_must_say_its_length_and_not_be_too_long(browser: Browser) -> None:
    assert browser.post(FILL, {"base": "x" * 1_100_000}).status_code == 413

    async def pieces():
        yield b"{}"

    headers = {"origin": f"http://{HOST}", "x-preview-token": browser.session.token}
    assert browser.ask("POST", FILL, content=pieces(), headers=headers).status_code == 411


def test_every_answer_forbids_scripts_from_data_and_frames(browser: Browser) -> None:
    for path in ("/", REPORT, "/view/甲县-2021/index.html", FILL, "/assets/preview.js", "/nothing"):
        headers = browser.get(path).headers
        rules = dict(rule.strip().split(" ", 1) for rule in headers["content-security-policy"].split(";"))
        assert rules["default-src"] == "'none'"
        assert rules["frame-ancestors"] == "'none'"
        assert "unsafe" not in rules["script-src"]
        assert rules["style-src"] == "'self'"
        assert headers["x-content-type-options"] == "nosniff"


def test_only_the_shipped_script_may_stand_in_a_page(browser: Browser) -> None:
    assert "sha256-" in browser.get("/view/甲县-2021/index.html").headers["content-security-policy"]
    browser.change("templates/index.html", b"<html><head></head><body><script>{{ doc.title }}</script></body></html>")
    page = browser.get("/view/甲县-2021/index.html")
    assert "绩效自评" in page.text
    assert page.headers["content-security-policy"] == policy()


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../../selfeval.toml",
        "/assets/..%2f..%2fpyproject.toml",
        "/assets/screen.css%00",
        "/style/%E7%94%B2%E5%8E%BF-2021/..%2f..%2fselfeval.css",
        "/view/..%2f..%2fetc/index.html",
        "/view/%E7%94%B2%E5%8E%BF-2021/projects/..%2f..%2f..%2factuals/report.html",
        "/view/%E7%94%B2%E5%8E%BF-2021/actuals.html",
        "/view/%E7%94%B2%E5%8E%BF-2021/actuals.csv",
        "/pdf/%E7%94%B2%E5%8E%BF-2021/..%2fP01",
        "/fill/%E7%94%B2%E5%8E%BF-2021/..",
    ],
)
def test_no_path_leads_to_a_file(browser: Browser, path: str) -> None:
    assert browser.get(path).status_code == 404


def test_every_asset_is_there(browser: Browser) -> None:
    for name in ASSETS:
        assert browser.get(f"/assets/{name}").status_code == 200


def test_a_finding_leads_to_the_cell_where_it_is_mended(tmp_path: Path) -> None:
    browser = Browser(
        make_evaluation(tmp_path, actuals=[rows_of(ACTUALS)[0] | {"实际完成值": ""}, *rows_of(ACTUALS)[1:]])
    )
    page = browser.get("/findings/甲县-2021").text
    (line,) = [line for line in page.splitlines() if 'title="去填这一格"' in line and "第 2 行" in line][:1]
    assert f'href="{quote("/fill/甲县-2021/P01")}#row-1-1"' in line
    assert "实际完成值" in line
    assert 'id="row-1-1" data-column="实际完成值"' in browser.get(FILL).text


def test_what_fails_beside_the_answers_is_said_once_in_one_line() -> None:
    said: list[str] = []
    handler = in_one_line(said.append)
    for error in (
        OSError(errno.EMFILE, "Too many open files"),
        OSError(errno.EMFILE, "x"),
        ConnectionResetError(104, "x"),
    ):
        handler(None, {"message": "accept", "exception": error})
    assert len(said) == 2
    assert "打开的文件和连接太多" in said[0]
    assert all("\n" not in line and "Traceback" not in line for line in said)


@pytest.mark.slow
def test_garbage_is_looked_for_in_quiet_moments_and_goes(monkeypatch) -> None:
    class Ring:
        def __init__(self) -> None:
            self.me, self.more = self, [[] for _ in range(serve.ENOUGH)]

    async def until_gone() -> None:
        gone = weakref.ref(Ring())
        assert gone()
        task = asyncio.ensure_future(serve.tidy())
        while gone():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)
        task.cancel()

    monkeypatch.setattr(serve, "PAUSE", 0.01)
    gc.disable()
    try:
        asyncio.run(asyncio.wait_for(until_gone(), 60))
        assert gc.get_freeze_count()
    finally:
        gc.unfreeze()
        gc.enable()
