"""The view model: strings ready to print, groups that keep their labels, text where nothing was written."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from attempts import slow
from sample_result import in_layout, sample_result, with_unit

from selfeval.base import display
from selfeval.base.diagnostics import SEVERITY_WORDS, Severity
from selfeval.base.model import Kind, Target
from selfeval.base.text_width import MM, broken, title_lines, width
from selfeval.evaluation.brief import short
from selfeval.evaluation.waivers import Waived
from selfeval.reading.form_layout import Layout
from selfeval.report.pages.charts import LABEL, MANY, SIZE, band_of
from selfeval.report.pages.document import index_document, project_document, summary_document
from selfeval.report.pages.form import deviation_widths, target_in_parts
from selfeval.report.pages.form_heights import Ruler
from selfeval.report.pages.form_paper import PAPERS
from selfeval.report.pages.planner import Plan, chosen, plan_on, planned
from selfeval.report.pages.unit_text import GRAVEST
from selfeval.report.pages.views import ProjectDocument
from selfeval.scoring.execution import score_budget
from selfeval.scoring.score import score_project


def document(at: int, layout: str = "national") -> ProjectDocument:
    """The document of a project of the sample."""
    result = in_layout(sample_result(), layout)
    return planned(project_document(result, result.scorecards[at]))


LAYOUTS = ("national", "sichuan", "transfer", "hubei")


@pytest.mark.parametrize(
    ("yuan", "printed"),
    [
        ("387664.62", "38.766462"),
        ("2502000", "250.2"),
        ("0", "0"),
        ("1E+6", "100"),
        ("-500", "-0.05"),
        ("0.01", "0.000001"),
    ],
)
def test_money_is_printed_in_wan_with_all_digits(yuan: str, printed: str) -> None:
    assert display.wan(Decimal(yuan)) == printed


def test_amounts_beyond_the_decimal_context_keep_their_digits() -> None:
    assert display.wan(Decimal("123456789012345678901234567890123456.78")) == "12345678901234567890123456789012.345678"


def test_a_missing_amount_is_named() -> None:
    assert display.wan(None) == display.amount(None) == "未填写"


@pytest.mark.parametrize(
    ("yuan", "printed"),
    [("387664.62", "38.766462"), ("123456789.01", "12,345.678901"), ("-98765432100", "-9,876,543.21"), ("0", "0")],
)
def test_tables_group_the_digits_before_the_point_and_keep_those_behind(yuan: str, printed: str) -> None:
    assert display.amount(Decimal(yuan)) == printed


@pytest.mark.parametrize(
    ("column", "tails"),
    [
        (("90", "31.21064", "-4.5", "未填写"), (11, 0, 8, 0)),
        (("1", "20"), (0, 0)),
        (("12,345,678.9", "0.123456"), (0, 0)),
        (("9", "794.33604"), (11, 0)),
    ],
)
def test_the_points_of_a_column_stand_below_each_other_where_it_is_wide_enough(column, tails) -> None:
    assert display.tails(column) == tails


@pytest.mark.parametrize(
    ("text", "printed"),
    [("2022-01-22", "2022年1月22日"), ("", display.BLANK_DAY), ("二〇二二年一月", "二〇二二年一月")],
)
def test_the_date_comes_from_the_settings_or_is_left_open(text: str, printed: str) -> None:
    assert display.day(text) == printed


def test_weights_of_one_table_look_alike() -> None:
    assert display.weights([Decimal(5), Decimal("10.00")]) == ["5", "10"]
    assert display.weights([Decimal(5), Decimal("4.17"), None]) == ["5.00", "4.17", "—"]


def test_the_funds_are_the_lines_of_the_national_form() -> None:
    rows = [(f.label, f.initial, f.adjusted, f.executed, f.rate) for f in document(1).funds]
    assert rows == [
        ("年度资金总额", "255.2", "245.2", "243.491", "99.30%"),
        ("其中：当年财政拨款", "250.2", "240.2", "238.766462", "99.40%"),
        ("上年结转资金", "5", "5", "4.724538", "94.49%"),
        ("其他资金", "0", "0", "0", "—"),
    ]


def test_every_row_is_in_exactly_one_group_in_order() -> None:
    made = document(1)
    on_paper = [group for sheet in made.pages for group in sheet.groups]
    for groups in (made.groups, on_paper):
        assert [row.number for group in groups for row in group.rows] == [str(n) for n in range(1, 22)]


def test_on_screen_a_second_level_is_one_group() -> None:
    assert next((g.level2, len(g.rows)) for g in document(1).groups) == ("数量指标", 9)
    assert not any(group.again for group in document(1).groups)


def test_on_paper_a_label_goes_on_only_on_the_next_page() -> None:
    sheets = document(1).pages
    assert len(sheets) > 1
    pieces = [g for sheet in sheets for g in sheet.groups if g.level2 == "数量指标"]
    assert [g.again for g in pieces] == [False] + [True] * (len(pieces) - 1)
    for at, sheet in enumerate(sheets):
        assert [g.level1_again for g in sheet.groups[1:]] == [False] * (len(sheet.groups) - 1)
        assert sheet.groups[0].level1_again == (at > 0 and sheets[at - 1].groups[-1].level1 == sheet.groups[0].level1)


@pytest.mark.parametrize("layout", ["national", "sichuan"])
def test_the_labels_of_a_sheet_span_all_its_rows(layout: str) -> None:
    for sheet in document(1, layout).pages:
        assert sum(group.level1_rows for group in sheet.groups) == sheet.size
        assert sum(len(group.rows) for group in sheet.groups) == sheet.size


def test_no_row_of_the_sample_is_taller_than_a_page() -> None:
    assert not any(sheet.tall for sheet in document(1).pages)


def test_less_is_put_on_a_sheet_when_one_did_not_fit() -> None:
    result = sample_result()
    made = project_document(result, result.scorecards[1])
    for paper in PAPERS:
        plans = [plan for n in (0, 4, 8) if (plan := plan_on(paper, made, n))]
        firsts = [sum(row.height for row in plan.pieces[0]) for plan in plans]
        assert all(first <= plan.room.first for first, plan in zip(firsts, plans, strict=True))
        assert [plan.pages for plan in plans] == sorted(plan.pages for plan in plans)
        assert not plans or plans[0].room.further > plans[-1].room.further


@pytest.mark.slow
@pytest.mark.parametrize("name", ["hubei", *slow("national", "sichuan", "transfer")])
def test_the_rows_of_a_sheet_fit_on_a_page_and_the_last_with_what_stands_under_it(name: str) -> None:
    result = in_layout(sample_result(), name)
    card = result.scorecards[1]
    for rows in range(1, 22):
        made = project_document(result, replace(card, scores=card.scores[:rows]))
        for plan in every_plan(made):
            heights = [sum(row.height for row in piece) for piece in plan.pieces]
            assert max(heights) <= plan.room.further
            assert heights[-1] + plan.room.below <= plan.room.further or len(plan.pieces[-1]) == 1
        assert rows < 8 or len(chosen(made, 0).pieces[-1]) >= 3


@pytest.mark.parametrize("name", LAYOUTS)
def test_no_paper_holds_a_form_on_fewer_pages_nor_a_more_comfortable_one_on_as_many(name: str) -> None:
    made = project_document(in_layout(sample_result(), name), sample_result().scorecards[1])
    plan = chosen(made, 0)
    pages = {each.ruler.paper: each.pages for each in every_plan(made)}
    assert plan.pages == min(pages.values())
    comfortable = PAPERS[: PAPERS.index(plan.ruler.paper)]
    assert all(pages[paper] > plan.pages for paper in comfortable if paper in pages)


def every_plan(made: ProjectDocument) -> list[Plan]:
    """A form on every paper that is wide enough for it."""
    return [plan for paper in PAPERS if (plan := plan_on(paper, made, 0))]


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_columns_fill_the_width_of_the_paper_and_none_is_too_narrow_to_read(name: str) -> None:
    made = project_document(in_layout(sample_result(), name), sample_result().scorecards[1])
    for plan in every_plan(made):
        widths = [column.mm for column in plan.ruler.layout.columns]
        assert 0 <= plan.ruler.paper.room - sum(widths) < 0.01 * len(widths) + 0.01
        assert min(widths) > 2 * plan.ruler.paper.usual.size / MM
        assert min(face.size for face in plan.ruler.paper.types) >= 8


def test_a_layout_that_says_nothing_of_lines_is_planned_too() -> None:
    made = document(1)
    columns = tuple(replace(column, lines=(0, 0)) for column in made.layout.columns)
    rows = tuple(replace(row, reason="长" * 500, weight="1" * 60) for row in made.rows)
    plan = chosen(replace(made, layout=replace(made.layout, columns=columns), rows=rows), 0)
    assert all(column.mm > 0 for column in plan.ruler.layout.columns)


def test_long_remarks_fill_pages_of_their_own() -> None:
    made = document(1, "sichuan")
    long = replace(made.remarks[0], blocks=(), markdown="长" * 5000)
    ruler = Ruler(made.layout, made.paper)
    assert ruler.under(made) > 50
    assert ruler.under(replace(made, remarks=(long,))) == 0


def test_a_row_taller_than_a_page_may_break() -> None:
    result = sample_result()
    card = result.scorecards[0]
    first = replace(card.scores[0], indicator=replace(card.scores[0].indicator, reason="长" * 3000))
    sheets = planned(project_document(result, replace(card, scores=(first, *card.scores[1:])))).pages
    assert sheets[0].tall
    assert sheets[0].size == 1


def test_the_accounts_are_the_lines_of_sichuans_form() -> None:
    rows = [(f.label, f.initial, f.executed, f.reason) for f in document(1, "sichuan").funds]
    assert rows == [
        ("总额", "255.2", "243.491", "年中调减10万元。"),
        ("财政资金", "255.2", "243.491", ""),
        ("财政专户管理资金", "0", "0", ""),
        ("单位资金", "0", "0", ""),
        ("其他资金", "0", "0", ""),
    ]


@pytest.mark.parametrize(
    ("target", "parts"),
    [
        (Target("≥95%", Kind.NUMBER, "≥", Decimal("0.95"), unit="%", scale=Decimal("0.01")), ("≥", "95", "%")),
        (Target("365 天", Kind.NUMBER, None, Decimal(365), unit="天"), ("", "365", "天")),
        (Target("48", Kind.COST, "≤", Decimal(480000), unit="元", scale=Decimal(10000)), ("≤", "48", "万元")),
        (Target("提高", Kind.QUALITATIVE), ("定性", "提高", "")),
        (Target("9月前", Kind.DATE), ("", "9月前", "")),
        (Target("不低于85%", Kind.NUMBER, "≥"), ("", "不低于85%", "")),
    ],
)
def test_only_a_plain_target_is_taken_apart(target: Target, parts: tuple[str, str, str]) -> None:
    assert target_in_parts(target) == parts


def test_the_remarks_of_sichuans_form_come_from_the_report() -> None:
    remarks = {part.title: part for part in document(1, "sichuan").remarks}
    assert list(remarks) == ["评价结论", "存在问题", "改进措施"]
    assert "设备故障率高于目标" in remarks["存在问题"].markdown
    assert remarks["评价结论"].blocks[0].text.startswith("本项目绩效自评得90.88分")


def test_a_unit_without_money_of_its_own_shows_that_of_its_projects() -> None:
    result = with_unit(sample_result())
    assert result.unit is not None
    project = replace(result.unit.project, funds=())
    poor = replace(result.unit, project=project, budget=score_budget(project, result.rules))
    unit = summary_document(replace(result, unit=poor)).unit
    assert unit is not None
    assert (unit.funds[0].label, unit.funds[0].initial, unit.funds[0].points) == (
        "年度资金总额（各项目合计）",
        "345.2",
        "未评分",
    )


def test_the_words_for_a_finding_are_those_of_the_command_line() -> None:
    assert [SEVERITY_WORDS[s] for s in Severity] == ["错误", "警告", "提示"]


def test_an_accepted_finding_stands_in_the_annex() -> None:
    result = sample_result()
    waived = Waived(result.diagnostics[1], "平台扩容后自然增长")
    made = project_document(replace(result, waived=(waived,)), result.scorecards[1])
    assert [(a.code, a.reason) for a in made.accepted] == [("C201", "平台扩容后自然增长")]
    assert made.attachments[-1] == "检查豁免清单"
    assert made.parts[-1].blocks[-1].text == "5. 检查豁免清单"
    other = project_document(replace(result, waived=(waived,)), result.scorecards[0])
    assert other.accepted == ()
    assert "检查豁免清单" not in other.attachments


def test_evidence_has_its_size_and_digest(tmp_path: Path) -> None:
    folder = tmp_path / "绵阳-2021"
    (folder / "evidence").mkdir(parents=True)
    (folder / "evidence" / "满意度调查汇总.csv").write_bytes(b"abc")
    (tmp_path / "secret.xlsx").write_bytes(b"secret")
    (folder / "evidence" / "加工进度表.xlsx").symlink_to(tmp_path / "secret.xlsx")
    result = sample_result(folder)
    proofs = {i.text: i for line in project_document(result, result.scorecards[1]).evidence for i in line.items}
    read = proofs["满意度调查汇总.csv"]
    assert read.size == "3 字节"
    assert read.sha256 == "ba78 16bf 8f01 cfea", "the manifest has the whole"
    assert proofs["加工进度表.xlsx"].missing
    assert not proofs["维保设备清单"].missing


def test_the_public_edition_has_no_telephone_numbers() -> None:
    result = sample_result()
    text = "## 项目概况\n\n联系人13812345678，座机0816-2231234，预算13812345678元。\n"
    result = replace(result, narratives={"P01": text})
    card = result.scorecards[0]
    assert "13812345678" in project_document(result, card).parts[0].markdown
    public = project_document(result, card, public=True).parts[0].markdown
    assert "138\\*\\*\\*\\*\\*\\*78" in public
    assert "2231234" not in public
    assert "预算13812345678元" in public


def test_a_draft_for_comment_is_marked() -> None:
    result = sample_result(demo=False)
    card = result.scorecards[0]
    assert project_document(result, card).marks.words == ()
    assert project_document(result, card, draft=True).marks.words == ("征求意见稿",)
    assert summary_document(result, draft=True).marks.words == ("征求意见稿",)
    assert index_document(result, draft=True).marks.words == ("征求意见稿",)


def test_pictures_say_in_words_what_they_show() -> None:
    first, lost, rates = document(1).charts
    assert first.description.startswith("预算执行率：9.93 / 10；产出指标：")
    assert [bar.state for bar in lost.bars].count("unscored") == 1
    assert "11. 设备故障率：83.4%" in rates.description, "a name may begin with a number of its own"


def test_a_row_below_full_marks_never_reaches_beyond_its_target() -> None:
    result = sample_result()
    card = result.scorecards[1]
    over = [replace(s, excess=Fraction(31, 20)) for s in card.scores]  # as a compound cell with one part far beyond
    made = project_document(result, replace(card, scores=tuple(over))).charts
    for chart in made:
        assert all(Fraction(bar.width) <= int(chart.line) - 170 for bar in chart.bars if bar.state == "short")
    assert not any(bar.value == "100%" for chart in made for bar in chart.bars)
    assert all(
        bar.value.endswith((" 分", "未评分")) for chart in made if chart.title == "失分的指标" for bar in chart.bars
    )


@pytest.mark.parametrize("before", range(30))
def test_a_name_beside_a_bar_stays_in_its_room_and_begins_no_line_with_a_mark(before: int) -> None:
    """However many marks come at the end of a line: what stands beyond its room is cut."""
    name = "长" * before + "道路维修（续）、《办法》、“一卡通”（续）。" * 3
    lines = broken(name, LABEL, SIZE)
    assert "".join(lines) == name
    assert all(width(line) <= LABEL / SIZE and line[0] not in "）》”、。" for line in lines)


def test_deviations_stand_in_columns_as_wide_as_their_texts_want() -> None:
    row = replace(project_document(sample_result(), sample_result().scorecards[0]).rows[0], target="是", actual="是")
    long_target, long_reason = replace(row, target="长" * 300, reason="否"), replace(row, reason="长" * 100)
    wide, narrow = deviation_widths([long_target], []), deviation_widths([long_reason], [])
    assert float(wide[0]) > 60 > float(narrow[0])
    both = deviation_widths([long_target, *[long_reason] * 9], ["长" * 100])
    assert float(both[2]) > 40, "one long target does not squeeze the reasons of all other rows"
    for widths in (wide, narrow, both, deviation_widths([], [])):
        assert sum(map(float, widths)) == 110
        assert all(float(width) >= 22 for width in widths)


def test_a_scatter_shows_each_project_that_has_both_figures() -> None:
    result = sample_result()
    several = replace(result, scorecards=result.scorecards * 2)
    shown = index_document(several).scatter
    assert shown is not None
    graded = [card for card in several.scorecards if card.grade and card.budget.rate is not None]
    assert len(shown.dots) == len(graded)
    assert index_document(replace(result, scorecards=())).scatter is None


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("住房公积金管理业务会议费", 1),
        ("住房公积金法规政策业务宣传服务费、资料印刷费", ("住房公积金法规政策业务", "宣传服务费、资料印刷费")),
        (
            "全市住房公积金管理部门办公网络（业务专用网络）租用费",
            ("全市住房公积金管理部门办公网络", "（业务专用网络）租用费"),
        ),
    ],
)
def test_a_long_title_is_parted_where_it_makes_sense(name: str, lines: int | tuple[str, ...]) -> None:
    made = title_lines(name, 19)
    assert "".join(made) == name
    assert (len(made) if isinstance(lines, int) else made) == lines


def test_a_picture_never_gets_taller_than_a_page() -> None:
    result = sample_result()
    several = replace(result, scorecards=(result.scorecards * MANY)[:MANY])
    charts = summary_document(several).charts
    assert len(charts) > 2
    assert sum(len(chart.bars) for chart in charts if "执行率" in chart.title) == MANY
    assert all(int(chart.height) < 650 for chart in charts)


def test_beyond_a_hundred_projects_pictures_count_them_and_prose_names_the_gravest() -> None:
    result = sample_result()
    missed = next(card for card in result.scorecards if short(card.scores))
    many = replace(result, scorecards=(*result.scorecards, *(missed,) * 120), narratives={})
    made = summary_document(many)
    counted = [int(bar.value.split()[0]) for chart in made.charts for bar in chart.bars]
    assert sum(counted) == 2 * len(many.scorecards)
    assert len(made.charts) == 2
    prose = "".join(block.text for part in made.parts for block in part.blocks)
    assert prose.count("未得满分的指标：") == GRAVEST
    assert f"有{sum(bool(short(card.scores)) for card in many.scorecards)}个项目的指标未得满分" in prose


@pytest.mark.parametrize(
    ("rate", "band"),
    [
        (Fraction(11, 10), "100% 及以上"),
        (Fraction(1), "100% 及以上"),
        (Fraction(9999, 10000), "90% 至不到 100%"),
        (Fraction(9, 10), "90% 至不到 100%"),
        (Fraction(3, 5), "60% 至不到 70%"),
        (Fraction(59, 100), "低于 60%"),
        (Fraction(-1, 2), "低于 60%"),
        (None, "没有执行率"),
    ],
)
def test_a_rate_lies_in_one_band(rate: Fraction | None, band: str) -> None:
    assert band_of(rate) == band


def test_only_plain_names_are_fonts() -> None:
    told = sample_result().evaluation
    asked = {"fonts.正文": "FZFangSong-Z02S, 仿宋", "fonts.标题": "x; } body { display: none"}
    result = replace(sample_result(), evaluation=replace(told, report={**told.report, **asked}))
    assert index_document(result).marks.faces == (("正文", "FZFangSong-Z02S, 仿宋"),)


def test_an_unscored_row_says_why() -> None:
    row = next(r for r in document(1).rows if r.level3 == "重大故障响应时间")
    assert (row.points, row.unscored) == ("未评分", "没有填写实际完成值。")


def test_replaced_points_show_both_numbers() -> None:
    row = next(r for r in document(1).rows if r.level3 == "便民服务水平")
    assert (row.points, row.rule_points) == ("7.50", "7.00")


def test_without_all_points_there_is_no_grade() -> None:
    made = document(1)
    assert (made.grade, made.counted, made.complete) == ("暂不评定", "95", False)


def test_a_finding_knows_its_row() -> None:
    made = document(1)
    assert made.findings[0].row is not None
    assert made.findings[0].row.href == "#row-13"
    assert [f.code for f in made.rows[12].findings] == ["A001"]


def test_every_heading_of_the_outline_is_there() -> None:
    titles = [part.title for part in document(0).parts]
    assert [t[0] for t in titles] == list("一二三四五六七八")


def test_what_is_written_replaces_what_is_made() -> None:
    parts = {part.title: part for part in document(1).parts}
    assert parts["一、项目概况"].markdown.startswith("本项目承担")
    assert parts["五、自评结论"].blocks[0].text.startswith("本项目绩效自评得90.88分")
    assert "历史纸质档案数字化加工页数" in "".join(block.text for block in parts["四、绩效目标完成情况"].blocks)


def test_own_headings_stay_behind_the_section_they_follow() -> None:
    result = replace(sample_result(), narratives={"P01": "引言\n## 自评结论\n甲\n## 其他\n乙\n"})
    titles = [part.title for part in project_document(result, result.scorecards[0]).parts]
    assert titles[0] == ""
    assert titles[titles.index("五、自评结论") + 1] == "其他"


def test_the_unit_is_the_sum_of_its_projects_or_itself() -> None:
    result = sample_result()
    assert summary_document(result).sums.initial == "345.2"
    made = summary_document(replace(with_unit(result), narratives={}))
    assert (
        "部门整体年初预算900万元，全年预算800万元，全年执行700万元，预算执行率87.5%。" in made.parts[1].blocks[0].text
    )
    assert (
        summary_document(replace(result, narratives={}))
        .parts[1]
        .blocks[0]
        .text.startswith("2个项目合计年初预算345.2万元")
    )


def test_an_evaluation_without_projects_has_pages_too() -> None:
    result = replace(sample_result(), scorecards=(), narratives={})
    assert summary_document(result).lines == ()
    assert index_document(result).lines == ()


def test_every_value_is_ready_to_print() -> None:
    result = with_unit(sample_result())
    for kind in {*kinds(summary_document(result)), *kinds(document(1))}:
        assert issubclass(kind, str | bool | int | None), kind


def kinds(value: Any) -> list[type]:
    """The types of all leaves of a view; a layout says what the form looks like, and is no value printed on it."""
    if isinstance(value, Layout):
        return []
    if dataclasses.is_dataclass(value):
        return [kind for f in dataclasses.fields(value) for kind in kinds(getattr(value, f.name))]
    if isinstance(value, tuple):
        return [kind for item in value for kind in kinds(item)]
    return [type(value)]


def against_the_initial_budget(layout: str) -> ProjectDocument:
    """A project whose budget was doubled during the year, under a profile that divides by the initial one."""
    result = in_layout(sample_result(), layout)
    rules = replace(result.rules, execution=replace(result.rules.execution, denominator="initial"))
    fund = replace(
        result.scorecards[0].project.funds[0], initial=Decimal(100), adjusted=Decimal(200), executed=Decimal(80)
    )
    card = score_project(replace(result.scorecards[0].project, funds=(fund,)), rules)
    return project_document(replace(result, rules=rules, scorecards=(card,)), card)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_sources_of_funds_and_their_sum_are_divided_by_the_same_budget(layout: str) -> None:
    funds = against_the_initial_budget(layout).funds
    assert {row.rate for row in funds if row.executed not in {"0", "—"}} == {"80.00%"}


@pytest.mark.parametrize(
    ("layout", "heads"),
    [
        ("national", ("年初预算数(A)", "全年预算数", "执行率(B/A)")),
        ("hubei", ("年初预算数(A)", "预算数", "执行率(B/A)")),
        ("sichuan", ("年初预算", "调整后预算数", "预算执行率（按年初预算数）")),
        ("transfer", ("全年预算数(A)", "预算执行率（按年初预算数）")),
    ],
)
def test_the_heads_of_money_name_the_budget_that_divides(layout: str, heads: tuple[str, ...]) -> None:
    made = against_the_initial_budget(layout)
    columns = [column for block in made.layout.blocks for column in block.columns]
    assert tuple(c.head for c in columns if c.key in {"initial", "adjusted", "rate"}) == heads
    said = [block.text for part in made.parts for block in part.blocks if "全年执行" in str(block.text)]
    assert layout == "transfer" or any("按年初预算计算的预算执行率80%" in text for text in said)
