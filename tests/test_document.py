"""The view model: strings ready to print, groups that keep their labels, text where nothing was written."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sample_result import sample_result, with_unit

from selfeval import display
from selfeval.document import index_document, project_document, summary_document
from selfeval.views import Group, ProjectDocument


def document(at: int) -> ProjectDocument:
    """The document of a project of the sample."""
    result = sample_result()
    return project_document(result, result.scorecards[at])


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
    assert display.wan(None) == "未填写"


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
    for groups in (made.groups, made.pages):
        assert [row.number for group in groups for row in group.rows] == [str(n) for n in range(1, 22)]


def test_on_screen_a_second_level_is_one_group() -> None:
    assert next((g.level2, len(g.rows)) for g in document(1).groups) == ("数量指标", 9)
    assert not any(group.again for group in document(1).groups)


def test_on_paper_a_long_group_is_cut_and_says_that_it_goes_on() -> None:
    pieces = [g for g in document(1).pages if g.level2 == "数量指标"]
    assert len(pieces) > 1
    assert [g.again for g in pieces] == [False] + [True] * (len(pieces) - 1)


def test_no_piece_is_taller_than_a_page() -> None:
    assert not any(group.tall for group in document(1).pages)


def test_a_row_taller_than_a_page_may_break() -> None:
    result = sample_result()
    card = result.scorecards[0]
    first = replace(card.scores[0], indicator=replace(card.scores[0].indicator, reason="长" * 3000))
    groups: tuple[Group, ...] = project_document(result, replace(card, scores=(first, *card.scores[1:]))).pages
    assert groups[0].tall
    assert len(groups[0].rows) == 1


def test_an_unscored_row_says_why() -> None:
    row = next(r for r in document(1).evidence if r.level3 == "重大故障响应时间")
    assert (row.points, row.unscored) == ("未评分", "没有填写实际完成值。")


def test_replaced_points_show_both_numbers() -> None:
    row = next(r for r in document(1).evidence if r.level3 == "便民服务水平")
    assert (row.points, row.rule_points) == ("7.50", "7.00")


def test_without_all_points_there_is_no_grade() -> None:
    made = document(1)
    assert (made.grade, made.counted, made.complete) == ("暂不评定", "95", False)


def test_a_finding_knows_its_row() -> None:
    made = document(1)
    assert made.findings[0].row is not None
    assert made.findings[0].row.href == "#row-13"
    assert [f.code for f in made.evidence[12].findings] == ["A001"]


def test_every_heading_of_the_outline_is_there() -> None:
    titles = [part.title for part in document(0).parts]
    assert [t[0] for t in titles] == list("一二三四五六七八")


def test_what_is_written_replaces_what_is_made() -> None:
    parts = {part.title: part for part in document(1).parts}
    assert parts["一、项目概况"].markdown.startswith("本项目承担")
    assert parts["五、自评结论"].blocks[0].text.startswith("本项目绩效自评得90.88分")
    assert "历史纸质档案数字化加工页数" in parts["四、绩效目标完成情况"].blocks[4].text


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
        "部门整体年初预算900万元，全年预算800万元，全年执行700万元，预算执行率87.50%。" in made.parts[1].blocks[0].text
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
    assert set(kinds(summary_document(result))) | set(kinds(document(1))) <= {str, bool, int, type(None)}


def kinds(value: Any) -> list[type]:
    """The types of all leaves of a view."""
    if dataclasses.is_dataclass(value):
        return [kind for f in dataclasses.fields(value) for kind in kinds(getattr(value, f.name))]
    if isinstance(value, tuple):
        return [kind for item in value for kind in kinds(item)]
    return [type(value)]
