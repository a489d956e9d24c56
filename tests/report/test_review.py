"""A target adjusted during the year, and a reviewer's answer: what is scored, and what stands beside it."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
import zipfile
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from evaluations import ACTUALS, TARGETS, codes, errors, finding, make_evaluation, rows_of, scored
from sample_result import in_layout
from test_docx import lists_of, opened, printed_lists

from selfeval.building.request import Request
from selfeval.building.run import build
from selfeval.evaluation.csv_exports import scores_csv
from selfeval.evaluation.exports import diagnostics_json, scorecard_json
from selfeval.evaluation.pipeline import evaluate
from selfeval.report.docx.report import report_document
from selfeval.report.html.pages import Pages
from selfeval.report.pages.document import index_document, project_document, summary_document
from selfeval.report.pages.planner import planned
from selfeval.report.text.explain import Wanted, explained
from selfeval.report.xlsx.workbook import report_workbook, summary_workbook
from selfeval.rules.load import load_rules

FIRST, *REST = rows_of(ACTUALS)
SEVENTEEN = [FIRST | {"实际完成值": "17公里", "偏差原因分析及改进措施": "汛期停工四十五天"}, *REST]
BASIS = "甲财预〔2021〕35号批复"
ROAD = {"二级指标": "数量指标", "三级指标": "维修里程"}


def adjusted(**cells):
    """The targets with the first row adjusted."""
    first, *rest = rows_of(TARGETS)
    return [first | {"调整依据": BASIS} | cells, *rest]


def test_what_is_said_of_a_row_that_is_only_shown_is_printed_and_changes_no_figure(tmp_path):
    key = {"二级指标": "其他", "三级指标": "其中：支线"}
    shown = key | {"一级指标": "产出指标", "指标值": "≥5公里", "评分方法": "不计分"}
    said = key | {"复核完成值": "4公里", "复核意见": "支线按验收单核对"}
    actual = key | {"实际完成值": "5公里"}
    folder = make_evaluation(
        tmp_path, [*rows_of(TARGETS), shown], [*rows_of(ACTUALS), actual], review=[{"项目编号": "P01"} | said]
    )
    evaluated = evaluate(folder)
    (card,) = evaluated.result.scorecards
    assert (card.review.total, card.review.counted) == (card.total, card.counted)
    review = project_document(evaluated.result, card).review
    assert [line.opinion for line in review.lines if line.seen == "4公里"] == ["支线按验收单核对"]


def first_score(folder):
    return evaluate(folder).result.scorecards[0].scores[0]


def table_of(result):
    return list(csv.DictReader(io.StringIO(scores_csv(result).decode("utf-8-sig"))))


# ── 调整 ──


def test_an_adjusted_target_is_what_is_scored(tmp_path):
    score = first_score(make_evaluation(tmp_path, adjusted(调整后指标值="≥16公里"), SEVENTEEN))
    assert (score.indicator.target.text, f"{score.points}") == ("≥16公里", "50.00")
    assert score.steps[0] == "目标调整：年初“≥20公里”，调整后“≥16公里”；依据：" + BASIS + "；按调整后目标计分。"


def test_an_adjusted_weight_takes_part_in_the_sum(tmp_path):
    folder = make_evaluation(tmp_path / "a", adjusted(调整后分值="40"))
    assert "W002" in codes(evaluate(folder))
    first, second, third = adjusted(调整后分值="40")
    second |= {"调整后分值": "40", "调整依据": "同上"}
    folder = make_evaluation(tmp_path / "b", [first, second, third])
    assert "W002" not in codes(evaluate(folder))
    assert [i["weight"] for i in scored(folder)["projects"][0]["indicators"]] == ["40.00", "40.00", "10.00"]


def test_a_cell_that_repeats_the_first_target_is_no_adjustment(tmp_path):
    result = evaluate(make_evaluation(tmp_path, adjusted(调整后指标值="≥ 20公里", 调整后分值="50", 调整依据=""))).result
    assert "P008" not in [d.code for d in result.diagnostics]
    assert result.scorecards[0].scores[0].indicator.adjustment is None


def test_the_profile_may_score_against_the_first_target(tmp_path):
    toml = '[evaluation]\nyear = 2021\nunit = "甲县财政局"\nrules = "本县"\n'
    folder = make_evaluation(tmp_path, adjusted(调整后指标值="≥16公里", 调整后分值="40"), SEVENTEEN, toml=toml)
    (folder / "rules").mkdir()
    (folder / "rules" / "本县.toml").write_text(
        'extends = "mof-2020"\n[[versions]]\neffective = 2021-01-01\n[versions.adjustments]\nscore = "original"\n',
        encoding="utf-8",
    )
    score = first_score(folder)
    assert (score.indicator.target.text, f"{score.weight}", f"{score.points}") == ("≥20公里", "50", "42.50")
    assert score.steps[0].endswith("按年初目标计分。")
    assert "调整后：≥16公里，40 分" in project_document(*whole(folder)).rows[0].target


def whole(folder):
    result = evaluate(folder).result
    return result, result.scorecards[0]


def test_the_first_target_stands_beside_the_adjusted_one_wherever_it_is_printed(tmp_path):
    result, card = whole(make_evaluation(tmp_path, adjusted(调整后指标值="≥16公里"), SEVENTEEN))
    row = project_document(result, card).rows[0]
    assert row.target == "≥16公里\n（年初：≥20公里）"
    assert row.value == "16\n（年初：≥20公里）"
    line = table_of(result)[0]
    assert (line["年初指标值"], line["调整后指标值"], line["调整依据"]) == (
        "≥20公里",
        "≥16公里",
        BASIS,
    )


def test_a_table_of_scores_without_adjustment_and_review_has_no_columns_for_them(tmp_path):
    assert not {"年初指标值", "复核得分"} & set(table_of(evaluate(make_evaluation(tmp_path)).result)[0])


@pytest.mark.parametrize(
    ("first", "after", "done", "asked"),
    [
        ("≥20公里", "≥17公里", "17公里", True),
        ("≥20公里", "≥16公里", "17公里", False),
        ("≥15公里", "≥17公里", "17公里", False),
        ("2021年6月底前", "2021年9月30日前", "2021年9月30日", True),
        ("2021年9月底前", "2021年9月30日前", "2021年9月30日", False),
    ],
)
def test_a_target_changed_into_what_was_done_is_asked_about(tmp_path, first, after, done, asked):
    targets = adjusted(指标值=first, 调整后指标值=after)
    folder = make_evaluation(tmp_path, targets, [SEVENTEEN[0] | {"实际完成值": done}, *SEVENTEEN[1:]])
    assert ("P009" in codes(evaluate(folder))) is asked


# ── 复核 ──


def reviewed(tmp_path, *rows, **more):
    """The evaluation with 17 of 20 km done (42.50 of 50) and these rows of the reviewer's."""
    return evaluate(make_evaluation(tmp_path, actuals=SEVENTEEN, review=list(rows), **more))


def test_a_review_stands_beside_the_self_evaluation_and_changes_none_of_it(tmp_path):
    before = scored(make_evaluation(tmp_path / "a", actuals=SEVENTEEN))["projects"][0]
    row = ROAD | {"复核完成值": "15公里", "复核得分": "37.5", "复核意见": "验收报告为15公里", "复核人": "张三"}
    result = reviewed(tmp_path / "b", row).result
    after = json.loads(json.dumps(scorecard_json(result)))["projects"][0]
    review, of_row = after.pop("review"), after["indicators"][0].pop("review")
    assert after == before
    assert (of_row["points"], of_row["rule_points"], of_row["deviation"]) == ("37.50", "37.50", "-5.00")
    assert (of_row["opinion"], of_row["reviewer"], of_row["actual"]["value"]) == ("验收报告为15公里", "张三", "15")
    assert (before["total"], review["total"], review["deviation"], review["grade"]) == ("92.50", "87.50", "-5.00", "良")
    assert [level["deviation"] for level in review["level1"]] == ["-5.00", "0.00", "0.00"]
    assert not [d.code for d in result.diagnostics if d.code.startswith("A")]


def test_a_word_file_lists_the_review_as_the_pdf_does_and_only_where_points_are_given(tmp_path):
    rows = [ROAD | {"复核得分": "40", "复核意见": "偏高", "复核人": "张三"}]
    for layout, shown in (("national", True), ("transfer", False)):
        result = in_layout(reviewed(tmp_path / layout, *rows).result, layout)
        card = result.scorecards[0]
        document = opened(report_document(result, card))
        assert lists_of(document) == printed_lists(planned(project_document(result, card)))
        assert any(head.startswith("序号指标年度指标值") for head, *_ in lists_of(document)) is shown
        assert ("复核人：张三。" in "".join(p.text for p in document.paragraphs)) is shown


def test_without_a_review_nothing_speaks_of_one(tmp_path):
    untouched = [ROAD | {"复核得分": "", "复核人": "张三"}]
    for review in (None, untouched):
        project = scored(make_evaluation(tmp_path / str(bool(review)), review=review))["projects"][0]
        assert "review" not in project
        assert not any("review" in indicator for indicator in project["indicators"])


def test_rows_that_were_not_reviewed_keep_their_own_points_in_the_reviewed_total(tmp_path):
    result = reviewed(tmp_path, ROAD | {"复核得分": "40", "复核意见": "偏高"}).result
    card = result.scorecards[0]
    assert [s.review is None for s in card.scores] == [False, True, True]
    assert (f"{card.review.total}", f"{card.deviation}") == ("90.00", "-2.50")


def test_an_opinion_alone_changes_no_points(tmp_path):
    result = reviewed(tmp_path, ROAD | {"复核意见": "请补验收报告"}).result
    score = result.scorecards[0].scores[0]
    assert (score.review.points, f"{score.standing}", result.scorecards[0].deviation) == (None, "42.50", 0)


def test_points_that_were_left_blank_are_the_rules_for_what_the_reviewer_saw(tmp_path):
    evaluated = reviewed(tmp_path, ROAD | {"复核完成值": "15公里", "复核意见": "核减"})
    assert f"{evaluated.result.scorecards[0].scores[0].review.points}" == "37.50"
    assert finding(evaluated, "A006").severity == "info"


def test_points_outside_the_weight_are_not_used(tmp_path):
    evaluated = reviewed(tmp_path, ROAD | {"复核得分": "51", "复核意见": "加分"})
    card = evaluated.result.scorecards[0]
    assert errors(evaluated) == ["A003"]
    assert (card.scores[0].review.points, f"{card.review.total}") == (None, "92.50")


def test_points_that_cannot_be_read_are_an_error_at_their_cell(tmp_path):
    found = finding(reviewed(tmp_path, ROAD | {"复核得分": "扣5分", "复核意见": "核减"}), "V017")
    assert (found.file, found.line, found.project, found.indicator) == (
        "甲县-2021/review.csv", 2, "P01", "数量指标/维修里程"
    )  # fmt: skip


def test_a_row_that_the_unit_could_not_score_may_be_scored_by_the_reviewer(tmp_path):
    blank = [SEVENTEEN[0] | {"实际完成值": ""}, *SEVENTEEN[1:]]
    row = ROAD | {"复核完成值": "20公里", "复核得分": "50", "复核意见": "据验收报告"}
    card = evaluate(make_evaluation(tmp_path, actuals=blank, review=[row])).result.scorecards[0]
    assert (card.grade, card.review.grade, f"{card.review.total}") == (None, "优", "100.00")


def test_the_key_is_the_one_of_the_actuals(tmp_path):
    targets = [row | {"指标编号": f"Z{at}"} for at, row in enumerate(rows_of(TARGETS))]
    by_code = reviewed(tmp_path, {"指标编号": "Z0", "复核得分": "40", "复核意见": "偏高"}, targets=targets)
    assert f"{by_code.result.scorecards[0].scores[0].review.points}" == "40.00"
    strange = reviewed(tmp_path / "b", {"项目编号": "P09", **ROAD, "复核得分": "40", "复核意见": "偏高"})
    assert "T014" in codes(strange)


def test_a_reviewer_may_send_a_workbook(tmp_path):
    from openpyxl import Workbook

    folder = make_evaluation(tmp_path, actuals=SEVENTEEN)
    book = Workbook()
    for line in (("项目编号", "三级指标", "复核得分", "复核意见"), ("P01", "维修里程", 40, "偏高")):
        book.active.append(line)
    book.save(folder / "review.xlsx")
    assert f"{first_score(folder).review.points}" == "40.00"


def test_the_reviewers_words_stand_in_explain_and_in_the_table_of_scores(tmp_path):
    row = ROAD | {"复核完成值": "15公里", "复核得分": "37.5", "复核意见": "验收报告为15公里", "复核人": "张三"}
    result = reviewed(tmp_path, row).result
    said = "\n".join(explained(result, Wanted()))
    for words in ("复核（张三）", "复核得分 37.50 分（自评 42.50 分，偏差 -5.00）", "意见：验收报告为15公里",
                  "复核后合计：87.50 分，偏差 -5.00 分，等级：良"):  # fmt: skip
        assert words in said, said
    line = table_of(result)[0]
    assert (line["得分"], line["复核得分"], line["复核偏差"], line["复核意见"]) == (
        "42.50", "37.50", "-5.00", "验收报告为15公里"
    )  # fmt: skip


def test_the_profile_that_travels_says_which_target_counts(tmp_path):
    from selfeval.rules.dump import profile_toml

    rules, _ = load_rules("mof-2020", 2021)
    for counts in (True, False):
        (version,) = tomllib.loads(profile_toml(replace(rules, adjusted_targets=counts)))["versions"]
        assert version["adjustments"]["score"] == ("adjusted" if counts else "original")


def test_the_summary_says_what_the_review_changes(tmp_path):
    document = summary_document(reviewed(tmp_path, ROAD | {"复核得分": "37.5", "复核意见": "核减"}).result)
    line = document.lines[0]
    assert document.reviewed
    assert (line.total, line.reviewed, line.deviation, line.reviewed_grade) == ("92.50", "87.50", "-5.00", "良")


# ── The pages ──

SEEN = ROAD | {"复核完成值": "15公里", "复核得分": "37.5", "复核意见": "验收报告为15公里", "复核人": "张三"}


@pytest.mark.parametrize("layout", ["national", "sichuan"])
@pytest.mark.parametrize("paper", [False, True])
def test_every_layout_prints_both_points_and_the_reviewers_words(tmp_path, layout, paper):
    toml = f'[evaluation]\nyear = 2021\nunit = "甲县财政局"\n[report]\nlayout = "{layout}"\n'
    result = reviewed(tmp_path, SEEN, toml=toml).result
    document = project_document(result, result.scorecards[0])
    page = Pages(result).report(planned(document) if paper else document, for_print=paper)
    for words in (
        "复核 37.50",
        "42.50",
        "验收报告为15公里",
        "张三",
        "复核 87.50 分（良）",
        "等级：自评优，复核良",
        "-5.00",
    ):
        assert words in page, words
    assert document.attachments[-1] == "复核情况表"


def test_the_review_lists_every_row_and_every_sum(tmp_path):
    result = reviewed(tmp_path, SEEN).result
    lines = project_document(result, result.scorecards[0]).review.lines
    assert [(line.kind, line.name, line.points, line.reviewed, line.deviation) for line in lines] == [
        ("level1", "产出指标", "42.50", "37.50", "-5.00"),
        ("level2", "数量指标", "42.50", "37.50", "-5.00"),
        ("row", "维修里程", "42.50", "37.50", "-5.00"),
        ("level1", "效益指标", "30.00", "30.00", "0.00"),
        ("level2", "社会效益指标", "30.00", "30.00", "0.00"),
        ("row", "通行提速率", "30.00", "—", "—"),
        ("level1", "满意度指标", "10.00", "10.00", "0.00"),
        ("level2", "服务对象满意度", "10.00", "10.00", "0.00"),
        ("row", "群众满意度", "10.00", "—", "—"),
        ("money", "预算执行率", "10.00", "10.00", "0.00"),
        ("total", "总分", "92.50", "87.50", "-5.00"),
    ]


@pytest.mark.parametrize("review", [None, [SEEN]])
def test_a_page_speaks_of_a_review_only_where_there_is_one(tmp_path, review):
    result = evaluate(make_evaluation(tmp_path, actuals=SEVENTEEN, review=review)).result
    made = Pages(result)
    for page in (
        made.report(project_document(result, result.scorecards[0])),
        made.summary(summary_document(result)),
        made.index(index_document(result)),
    ):
        assert ("复核" in page.split("</style>")[1]) is bool(review)


def test_what_a_reviewer_writes_is_never_markup_nor_a_formula(tmp_path):
    row = SEEN | {"复核意见": "<b>=HYPERLINK(1)</b>", "复核人": "=1+1"}
    result = reviewed(tmp_path, row).result
    assert "<b>=HYPERLINK" not in Pages(result).report(project_document(result, result.scorecards[0]))
    assert table_of(result)[0]["复核人"] == "'=1+1"


def test_the_spreadsheet_and_the_word_file_hold_the_review(tmp_path):
    import io as files

    from docx import Document
    from openpyxl import load_workbook

    result = reviewed(tmp_path, SEEN).result
    card = result.scorecards[0]
    book = load_workbook(files.BytesIO(report_workbook(result, card)))
    rows = [[cell.value for cell in row] for row in book["复核情况表"].iter_rows()]
    (road,) = [row for row in rows if row[1] == "维修里程"]
    assert (road[4], road[7], road[8], road[11]) == ("15公里", 42.5, 37.5, "验收报告为15公里")
    assert str(road[9]).startswith("=I")
    summary = load_workbook(files.BytesIO(summary_workbook(result)))["汇总表"]
    assert {"复核得分", "复核偏差", "复核等级"} <= {cell.value for row in summary.iter_rows() for cell in row}
    word = Document(files.BytesIO(report_document(result, card)))
    texts = {cell.text for table in word.tables for row in table.rows for cell in row.cells}
    assert any("验收报告为15公里" in text for text in texts)


# ── The page of the docs ──


def test_the_example_of_the_docs_comes_to_what_the_page_says(tmp_path):
    """Its two tables, adjusted and reviewed: 17 of 18 km, 15 points."""
    text = (Path(__file__).parents[2] / "docs" / "review.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```text\n(项目编号,.*?)```", text, re.DOTALL)
    targets, review = (list(csv.DictReader(io.StringIO(block))) for block in blocks)
    folder = make_evaluation(tmp_path, [*targets, *rows_of(TARGETS)[1:]], review=review)
    evaluated = evaluate(folder)
    score = evaluated.result.scorecards[0].scores[0]
    assert score.indicator.target.text == "≥18公里"
    assert (f"{score.points}", f"{score.review.points}", f"{score.review.rule_points}") == ("15.00", "14.17", "14.17")
    assert not {"P008", "P009"} & set(codes(evaluated))
    assert not [code for code in codes(evaluated) if code.startswith("A")]


# ── 公开版 ──


def test_the_edition_for_the_public_names_no_reviewer(tmp_path):
    row = ROAD | {"复核得分": "40", "复核意见": "以验收报告为准，详询13812345678", "复核人": "欧阳文"}
    result = reviewed(tmp_path, row).result
    card, pages = result.scorecards[0], Pages(result)
    for public, named in ((True, False), (False, True)):
        made = [
            pages.report(project_document(result, card, public=public)),
            text_of(report_document(result, card, public=public)),
            text_of(report_workbook(result, card, public=public)),
            text_of(summary_workbook(result, public=public)),
        ]
        assert ["以验收报告为准" in text for text in made] == [True] * 4
        assert ["欧阳文" in text for text in made] == [named] * 4
        assert ["13812345678" in text for text in made] == [named] * 4
        assert "欧阳文" not in pages.summary(summary_document(result, public=public))


def test_the_data_published_beside_it_name_no_reviewer_and_no_telephone_number(tmp_path):
    row = ROAD | {"复核得分": "999", "复核意见": "以验收报告为准，详询13812345678", "复核人": "欧阳文"}
    result = reviewed(tmp_path, row).result
    build(result, Request(tmp_path / "out", (), public=True))
    folder = tmp_path / "out" / result.folder.name
    scorecard, scores = (folder / name for name in ("scorecard.json", "scores.csv"))
    for text in (scorecard.read_text(encoding="utf-8"), scores.read_text(encoding="utf-8-sig")):
        assert ("138******78" in text, "13812345678" in text, "欧阳文" in text) == (True, False, False)
    data = json.loads(scorecard.read_bytes())
    open_data = scorecard_json(result)
    for project in (data["projects"][0], open_data["projects"][0]):
        opinion = project["indicators"][0]["review"]
        opinion |= {"opinion": "", "reviewer": ""}
    assert data == json.loads(json.dumps(open_data))
    assert json.loads((folder / "diagnostics.json").read_bytes()) == diagnostics_json(result.diagnostics)


def text_of(office):
    """All the XML of a spreadsheet or a Word file."""
    with zipfile.ZipFile(io.BytesIO(office)) as parts:
        return unescape("".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml")))
