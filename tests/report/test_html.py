"""The pages: what is printed, escaped, marked and linked, on screen and on paper."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from attempts import slow
from sample_result import in_layout, sample_result, with_unit

from selfeval.evaluation.result import Result
from selfeval.evaluation.waivers import Waived
from selfeval.reading.layouts import layout_exists, shipped_templates
from selfeval.report.html.pages import Pages, TemplateFaultError
from selfeval.report.pages.document import index_document, project_document, summary_document
from selfeval.report.pages.planner import planned, planned_summary
from selfeval.report.pages.views import PrintedSheet, ProjectDocument

OUR_SCRIPT = f"<script>\n{(shipped_templates() / 'js/index.js').read_text(encoding='utf-8').rstrip()}</script>"
PIXEL = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def every_page(result: Result) -> dict[str, str]:
    """All pages of an evaluation by a name of their own."""
    pages = Pages(result)
    made = {"index": pages.index(index_document(result))}
    for paper in (False, True):
        summary = summary_document(result)
        made[f"summary {paper}"] = pages.summary(planned_summary(summary) if paper else summary, for_print=paper)
        for card in result.scorecards:
            document = project_document(result, card)
            made[f"{card.project.id} {paper}"] = pages.report(planned(document) if paper else document, for_print=paper)
    return made


def words(html: str) -> str:
    """What a reader sees, without marks and styles."""
    return re.sub(r"<[^>]+>", "", re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL))


def test_text_from_any_input_is_escaped() -> None:
    for page in every_page(sample_result()).values():
        assert "<script>alert" not in page
        assert page.count("<script") == page.count(OUR_SCRIPT)


def test_nothing_is_fetched_and_nothing_runs() -> None:
    for page in every_page(with_unit(sample_result())).values():
        assert not re.search(r'(?:src|href)="(?:https?:|//|file:)', page)
        assert not re.search(r"url\((?!\"data:|#)", page)
        assert not re.search(r"<(script|link|iframe|object)|\son\w+=", page.replace(OUR_SCRIPT, ""))


def test_only_the_index_has_a_script_and_it_has_no_data() -> None:
    pages = every_page(sample_result())
    assert [name for name, page in pages.items() if "<script" in page] == ["index"]
    assert "{{" not in OUR_SCRIPT
    assert not re.search(r"fetch\(|XMLHttp|innerHTML|eval|import|https?:", OUR_SCRIPT)


def test_demo_data_is_named_on_every_page() -> None:
    assert all("演示数据" in page for page in every_page(sample_result()).values())
    assert not any("演示数据" in page for page in every_page(sample_result(demo=False)).values())


def test_a_project_with_an_error_is_marked() -> None:
    pages = every_page(sample_result())
    assert "未定稿" in pages["P02 False"]
    assert "未定稿" in pages["P02 True"]
    assert "未定稿" not in words(pages["P01 False"]) + words(pages["P01 True"])
    assert "未定稿" in pages["index"]
    assert "未定稿" in pages["summary True"]


def test_the_form_has_its_labels_verbatim() -> None:
    labels = (
        "项目名称 主管部门 实施单位 项目资金(万元) 年初预算数 全年预算数(A) 全年执行数(B) 分值 执行率(B/A) 得分 "
        "年度资金总额 其中：当年财政拨款 上年结转资金 其他资金 年度总体目标 预期目标 实际完成情况 一级指标 二级指标 "
        "三级指标 年度指标值 实际完成值 偏差原因分析及改进措施 总分 绩效指标"
    )
    text = words(every_page(sample_result())["P02 True"])
    assert [label for label in labels.split() if label not in text] == []


def test_every_score_unfolds_into_its_calculation() -> None:
    page = every_page(sample_result())["P02 False"]
    assert page.count("<details>") == 21
    assert "10% ÷ 12% = 83.333333…%" in page


def test_findings_and_rows_are_linked_both_ways() -> None:
    page = every_page(sample_result())["P02 False"]
    assert 'href="#row-13"' in page
    assert 'id="row-13"' in page
    assert 'href="#finding-1"' in page
    assert 'id="finding-1"' in page
    targets = set(re.findall(r'id="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= targets


def test_only_an_error_of_no_project_marks_the_whole_summary() -> None:
    result = sample_result()
    running = 'content: "演示数据　未定稿"'
    assert running not in every_page(result)["summary True"]
    whole = replace(result, diagnostics=(replace(result.diagnostics[0], project=None),))
    assert running in every_page(whole)["summary True"]


def test_the_units_findings_are_linked_in_the_summary() -> None:
    result = with_unit(sample_result())
    about_unit = replace(result.diagnostics[1], project="unit", indicator="数量指标/系统建设数量")
    page = every_page(replace(result, diagnostics=(about_unit,)))["summary False"]
    assert 'href="#finding-1"' in page
    assert 'id="finding-1"' in page


def test_unscored_and_replaced_points_show() -> None:
    text = words(every_page(sample_result())["P02 True"])
    assert "未评分原因：没有填写实际完成值。" in text
    assert "7.50" in text
    assert "规则 7.00" in text
    assert "暂不评定" in text


def test_the_index_leads_to_every_report() -> None:
    page = every_page(sample_result())["index"]
    assert 'href="projects/P01/report.html"' in page
    assert 'href="projects/P02/report.html"' in page


def test_the_same_data_give_the_same_bytes() -> None:
    assert every_page(sample_result()) == every_page(sample_result())


def test_the_units_own_form_is_in_the_summary() -> None:
    assert "部门整体支出绩效自评表" in every_page(with_unit(sample_result()))["summary True"]
    assert "部门整体支出绩效自评表" not in every_page(sample_result())["summary True"]


def folder_with(tmp_path: Path, files: dict[str, bytes]) -> Path:
    """An evaluation folder with these files."""
    folder = tmp_path / "绵阳-2021"
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def first_report(result: Result) -> str:
    """The screen page of the first project."""
    return Pages(result).report(project_document(result, result.scorecards[0]))


def test_a_picture_of_the_evaluation_is_inlined(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, {"narrative/图.png": PIXEL})
    result = replace(sample_result(folder), narratives={"P01": "## 项目概况\n\n![现场](图.png)"})
    assert 'src="data:image/png;base64,' in first_report(result)


def test_a_template_of_the_evaluation_comes_first(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, {"templates/partials/footer.html": "<footer>本单位页脚</footer>".encode()})
    assert "本单位页脚" in first_report(sample_result(folder))


@pytest.mark.parametrize("text", ["{{ nothing }}", "{% if %}", "{{ doc.__class__.__mro__[1] }}", "{{ 1 / 0 }}"])
def test_a_broken_template_is_a_finding_with_its_place(tmp_path: Path, text: str) -> None:
    folder = folder_with(tmp_path, {"templates/partials/footer.html": f"甲\n{text}".encode()})
    with pytest.raises(TemplateFaultError) as caught:
        first_report(sample_result(folder))
    finding = caught.value.finding
    assert (finding.code, finding.file, finding.line) == ("N007", "绵阳-2021/templates/partials/footer.html", 2)


def test_a_template_may_not_lead_out_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.html").write_text("secret")
    folder = folder_with(tmp_path, {"templates/partials/x.html": b""})
    (folder / "templates/partials/footer.html").symlink_to(tmp_path / "secret.html")
    assert "secret" not in first_report(sample_result(folder))


def test_an_unknown_layout_becomes_the_national_form() -> None:
    result = sample_result()
    pages = Pages(result)
    assert pages.layout("../../etc") == "national"
    assert pages.layout("national") == "national"


def test_a_layout_is_known_by_its_form(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, {"templates/layouts/本县/form.html": b"x", "templates/layouts/empty/note.txt": b""})
    names = ("", "national", "sichuan", "本县", "empty", "../../etc", "nothing")
    assert [layout_exists(folder, name) for name in names] == [True, True, True, True, False, False, False]


def in_sichuan(result: Result) -> Result:
    """The same in Sichuan's layout."""
    return in_layout(result, "sichuan")


def test_sichuans_form_has_its_labels_verbatim() -> None:
    labels = (
        "部门预算项目支出绩效自评表 项目基本情况 年度目标 完成情况 实施内容及过程概述 预算执行情况(10分) 年初预算 "
        "调整后预算数 预算执行数 预算执行率 权重 得分 原因 总额 财政资金 财政专户管理资金 单位资金 其他资金 "
        "绩效指标(90分) 一级 二级 三级 指标性质 指标值 度量单位 完成值 未完成原因分析 合计 评价结论 存在问题 改进措施 "
        "项目负责人： 财务负责人："
    )
    text = words(every_page(in_sichuan(sample_result()))["P02 True"])
    assert [label for label in labels.split() if label not in text] == []


def test_an_accepted_finding_is_printed_with_its_reason() -> None:
    result = sample_result()
    result = replace(result, waived=(Waived(result.diagnostics[1], "平台扩容后自然增长"),))
    for paper in (False, True):
        text = words(every_page(result)[f"P02 {paper}"])
        assert "检查豁免清单" in text
        assert "平台扩容后自然增长" in text


def test_pictures_have_a_title_and_words_for_those_who_listen() -> None:
    for name, page in every_page(sample_result()).items():
        for svg in re.findall(r"<svg[^>]*role=\"img\".*?</svg>", page, re.DOTALL):
            assert re.search(r"<title id=\"[^\"]+\">.+</title>\s*<desc id=\"[^\"]+\">.+</desc>", svg), name
        ids = re.findall(r' id="([^"]+)"', page)
        assert len(ids) == len(set(ids)), name


@pytest.mark.parametrize("layout", slow("national", "sichuan"))
def test_every_sheet_stands_on_one_page(layout: str) -> None:
    pytest.importorskip("weasyprint")
    from selfeval.report.pdf.engine import engine
    from selfeval.report.pdf.landing import as_foretold

    result = sample_result() if layout == "national" else in_sichuan(sample_result())
    made = planned(project_document(result, result.scorecards[1]))
    pages = Pages(result)
    assert as_foretold(engine()._document(pages.report(made, for_print=True), (), {}, []))
    crowded = replace(made, pages=(sheet_of_all(made),))
    assert not as_foretold(engine()._document(pages.report(crowded, for_print=True), (), {}, []))


def sheet_of_all(document: ProjectDocument) -> PrintedSheet:
    """All rows on one sheet, which is more than a page holds."""
    return PrintedSheet("0", again=False, groups=document.groups, size=len(document.rows), tall=False)


@pytest.mark.slow
def test_a_form_that_does_not_fit_is_cut_again() -> None:
    pytest.importorskip("weasyprint")
    from selfeval.report.pdf.engine import engine

    result = sample_result()
    made = planned(project_document(result, result.scorecards[1]))
    pages = Pages(result)
    asked: list[int] = []

    def again(attempt: int) -> str:
        asked.append(attempt)
        return pages.report(made, for_print=True)

    crowded = pages.report(replace(made, pages=(sheet_of_all(made),)), for_print=True)
    assert engine().render(crowded, again=again)[0] == engine().render(pages.report(made, for_print=True))[0]
    assert asked == [1]


def test_templates_are_found() -> None:
    assert (shipped_templates() / "report.html").is_file()
