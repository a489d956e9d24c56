"""Every code fires on its fixture, with the severity and the place it should, and is silent once that is mended.

`code_fixtures.py` tells how a fixture is written.

`checks/silent.toml`: ordinary sentences that must bring up nothing, though points were lost.
`checks/spoken.toml`: sentences that contradict the table.
`checks/published.toml`: what a person notes about the published tables, and the code that must find it.
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from check_pages import read_precision
from code_fixtures import BASE, DIRECT, EXPECTED, FIXTURES, made
from evaluations import make_evaluation

from selfeval.base.diagnostics import codes
from selfeval.evaluation.pipeline import evaluate
from selfeval.report.html.pages import Pages
from selfeval.report.pdf.engine import Message, said

HERE = Path(__file__).parents[1]
ROOT = HERE.parent


# ── every code ────────────────────────────────────────────────────────────────────────────────


def test_the_base_is_in_order(tmp_path):
    assert [(d.code, d.message) for d in evaluate(made(tmp_path, {})).diagnostics] == []


def test_no_code_without_a_fixture_and_no_fixture_without_a_code():
    assert set(FIXTURES) | DIRECT == set(codes())
    assert not set(FIXTURES) & DIRECT


@pytest.mark.parametrize("code", FIXTURES)
def test_a_code_fires_where_it_should(tmp_path, code):
    fixture = FIXTURES[code]
    assert not set(fixture) - EXPECTED
    folder = made(tmp_path, fixture["bad"])
    found = [d for d in evaluate(folder).diagnostics if d.code == code]
    assert found, [(d.code, d.message) for d in evaluate(folder).diagnostics]
    here = [d for d in found if place(d) == fixture["at"]]
    assert here, [place(d) for d in found]
    assert {d.severity for d in found} == {fixture.get("severity", codes()[code].severity)}
    assert any(fixture.get("says", "") in d.message for d in here), [d.message for d in here]
    assert any(d.indicator == fixture.get("row", d.indicator) for d in here)
    if "cell" in fixture:
        assert any(cell_at(folder, d).startswith(fixture["cell"]) for d in here), [cell_at(folder, d) for d in here]


@pytest.mark.parametrize("code", FIXTURES)
def test_a_code_is_silent_once_it_is_mended(tmp_path, code):
    found = evaluate(made(tmp_path, FIXTURES[code].get("good", {}))).diagnostics
    assert [d.message for d in found if d.code == code] == []


def place(d):
    """`targets.csv:2`, empty where a finding is about nothing in particular."""
    return f"{d.file.split('/', 1)[1]}:{d.line}" if d.file else ""


def cell_at(folder, d):
    """The text at the column a finding names."""
    line = (folder.parent / d.file).read_bytes().decode("utf-8-sig").splitlines()[d.line - 1]
    return line[d.column - 1 :].lstrip('"')


SILENT = tomllib.loads((HERE / "checks" / "silent.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("sentence", SILENT["narrative"])
def test_an_ordinary_sentence_of_the_narrative_brings_up_nothing(tmp_path, sentence):
    change = SILENT["change"] | {"narrative": f"## 四、绩效目标完成情况\n\n{sentence}\n"}
    assert [(d.code, d.message) for d in evaluate(made(tmp_path, change)).diagnostics] == []


@pytest.mark.parametrize("sentence", SILENT["goals"])
@pytest.mark.parametrize("column", ["年度总体目标", "总体目标完成情况", "项目概况"])
def test_an_ordinary_goal_brings_up_nothing(tmp_path, sentence, column):
    change = SILENT["change"] | {"projects": {"P01": {column: sentence}}}
    assert [(d.code, d.message) for d in evaluate(made(tmp_path, change)).diagnostics] == []


@pytest.mark.parametrize("row", SILENT["rows"], ids=lambda row: f"{row['name']} {row['target']}")
def test_an_ordinary_row_brings_up_nothing(tmp_path, row):
    of = row.get("row", "维修里程")
    change = {
        "targets": {of: {"三级指标": row["name"], "指标值": row["target"]}},
        "actuals": {of: {"三级指标": row["name"], "实际完成值": row["actual"]}},
    }
    assert [(d.code, d.message) for d in evaluate(made(tmp_path, change)).diagnostics] == []


SPOKEN = tomllib.loads((HERE / "checks" / "spoken.toml").read_text(encoding="utf-8"))["told"]


@pytest.mark.parametrize("told", SPOKEN, ids=lambda told: told["text"])
def test_a_sentence_that_contradicts_the_table_is_found(tmp_path, told):
    text, where = told["text"], told["where"]
    change = {"narrative": f"## 四、绩效目标完成情况\n\n{text}\n"} if where == "narrative" else {
        "projects": {"P01": {where: text}}}  # fmt: skip
    found = [d.message for d in evaluate(made(tmp_path, change)).diagnostics if d.code == told["code"]]
    assert any(told["says"] in message for message in found), found


VARIANTS = [
    pytest.param(code, variant, id=f"{code} {variant['what']}")
    for code, variants in tomllib.loads((HERE / "checks" / "variants.toml").read_text(encoding="utf-8")).items()
    for variant in variants
]


@pytest.mark.parametrize(("code", "variant"), VARIANTS)
def test_a_finding_is_made_of_what_a_reviewer_would_ask_and_of_nothing_else(tmp_path, code, variant):
    assert set(variant) <= {"what", "found", "says", "change"}
    diagnostics = evaluate(made(tmp_path, variant["change"])).diagnostics
    found = [d.message for d in diagnostics if d.code == code]
    assert bool(found) == variant["found"], [(d.code, d.message) for d in diagnostics]
    assert variant.get("says", "") in "\n".join(found)


def test_a_project_that_names_no_evidence_at_all_is_reminded_once(tmp_path):
    rows = ("维修里程", "验收合格率", "完工时间", "项目总成本", "通行提速率", "群众满意度")
    found = evaluate(made(tmp_path, {"actuals": {row: {"佐证材料": ""} for row in rows}})).diagnostics
    assert [d.severity for d in found if d.code == "E003"] == ["info"]


def test_a_rate_on_target_is_a_warning_where_no_paper_proves_it(tmp_path):
    for number, (evidence, severity) in enumerate({"": "warning", "验收报告": "info"}.items()):
        change = {"actuals": {"验收合格率": {"实际完成值": "95%", "佐证材料": evidence}}}
        found = evaluate(made(tmp_path / str(number), change)).diagnostics
        assert [d.severity for d in found if d.code == "C021"] == [severity]


def test_a_level_that_is_not_known_is_said_once_for_all_its_rows(tmp_path):
    rows = ("维修里程", "验收合格率", "完工时间")
    found = evaluate(made(tmp_path, {"targets": {row: {"一级指标": "综合管理"} for row in rows}})).diagnostics
    assert [(d.code, d.line) for d in found if d.code == "W007"] == [("W007", 2)]


def test_a_late_row_that_was_given_points_asks_for_none(tmp_path):
    late = {"实际完成值": "2021年12月20日", "偏差原因分析及改进措施": "原表时限早于开工，年份是笔误"}
    for number, (points, severity) in enumerate({"": "warning", "8": "info"}.items()):
        change = {
            "targets": {"完工时间": {"指标值": "2020年11月30日前"}},
            "actuals": {"完工时间": late | {"自评得分": points}},
        }
        found = evaluate(made(tmp_path / str(number), change)).diagnostics
        assert [d.severity for d in found if d.code == "V012"] == [severity]


BLANKS = tomllib.loads((HERE / "checks" / "blanks.toml").read_text(encoding="utf-8"))
PLACES = {
    "unit": lambda text: {"toml": f'[evaluation]\nyear = 2021\nunit = "{text}"\n'},
    "name": lambda text: {"projects": {"P01": {"项目名称": text}}},
    "goal": lambda text: {"projects": {"P01": {"项目概况": text}}},
    "person": lambda text: {"projects": {"P01": {"项目负责人": text}}},
    "phone": lambda text: {"projects": {"P01": {"联系电话": text}}},
    "row": lambda text: {"targets": {"维修里程": {"三级指标": text}}, "actuals": {"维修里程": {"三级指标": text}}},
    "reason": lambda text: {"actuals": {"维修里程": {"偏差原因分析及改进措施": text}}},
    "evidence": lambda text: {"actuals": {"维修里程": {"佐证材料": text}}},
    "narrative": lambda text: {"narrative": f"## 四、绩效目标完成情况\n\n{text}\n"},
    "level": lambda text: {table: {"维修里程": {"二级指标": text}} for table in ("targets", "actuals")},
    "criterion": lambda text: {"targets": {"维修里程": {"评分标准": text}}},
    "fund": lambda text: {"budget": {"P01": {"资金来源": text}}},
    "why": lambda text: {"budget": {"P01": {"原因说明": text}}},
    "opinion": lambda text: {"review": review_of(text, "王五")},
    "reviewer": lambda text: {"review": review_of("属实", text)},
    "preparer": lambda text: {"toml": BASE["toml"] + f'[report]\npreparer = "{text}"\n'},
    "ignored": lambda text: {"toml": BASE["toml"] + f'[check.ignore]\nC004 = "{text}"\n'},
    "file": lambda text: {"files": {f"evidence/{text}.txt": "甲"}},
}


def review_of(opinion, reviewer):
    """A reviewer's sheet of one row."""
    heads = "项目编号 | 二级指标 | 三级指标 | 复核得分 | 复核意见 | 复核人"
    return f"{heads}\nP01 | 数量指标 | 维修里程 | 15 | {opinion} | {reviewer}\n"


@pytest.mark.parametrize("side", ["left", "own"])
@pytest.mark.parametrize("where", PLACES)
def test_a_blank_is_an_error_and_a_text_that_only_looks_like_one_is_not(tmp_path, where, side):
    for number, text in enumerate(BLANKS[side].get(where, ())):
        found = [d.message for d in evaluate(made(tmp_path / str(number), PLACES[where](text))).diagnostics
                 if d.code in {"N017", "N012"}]  # fmt: skip
        assert bool(found) == (side == "left"), (text, found)


def test_the_evidence_of_the_example_is_found_under_another_name(tmp_path):
    from selfeval.checks.starter import example

    text = next(example("evidence").iterdir()).read_text("utf-8")
    found = evaluate(made(tmp_path, {"files": {"evidence/竣工验收报告.txt": text}})).diagnostics
    assert [d.file for d in found if d.code == "N017"] == ["甲县-2021/evidence/竣工验收报告.txt"]


MET_BY_SAYING_SO = [
    "合格",
    "合格（GB 50204）",
    "合规",
    "无安全事故",
    "达到国家三级标准",
    "国庆节前",
    "按季度",
    "0差错",
    "ISO 9001:2015",
    "全部合格",
    "符合要求",
    "达到设计要求",
    "建成并投入使用",
    "优良",
    "三批",
    "2021年全年",
    "年内完成",
]


@pytest.mark.parametrize("target", MET_BY_SAYING_SO)
def test_nothing_is_missing_where_nothing_is_measured(tmp_path, target):
    change = {
        "targets": {"验收合格率": {"三级指标": "工程质量", "指标值": target}},
        "actuals": {"验收合格率": {"三级指标": "工程质量", "实际完成值": target, "完成档次": "达成"}},
    }
    found = {d.code for d in evaluate(made(tmp_path, change)).diagnostics}
    assert "C003" not in found
    assert "C010" not in found or target in {"国庆节前", "按季度", "ISO 9001:2015", "三批", "2021年全年", "年内完成"}


def test_a_form_without_second_levels_is_not_asked_for_categories(tmp_path):
    change = {"edit": {"targets.csv": ["数量指标", ""]}, "drop": {"targets": ["验收合格率"], "actuals": ["验收合格率"]}}
    assert "C004" not in {d.code for d in evaluate(made(tmp_path, change)).diagnostics}


# ── what only making pages brings up ──────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("code", "messages", "refused"),
    [
        ("F001", [Message(".notdef glyph rendered for %s", "… (U+10FFFD)")], {}),
        ("F002", [Message("Ignored `%s` at %d:%d, %s.", "Ignored `colour: red` at 1:1, unknown property.")], {}),
        ("F003", [Message("Failed to load image at %r: %s", "Failed to load image at 'x.png': gone")], {}),
        ("F003", [], {"https://example.com/a.png": "不读取网址"}),
    ],
)
def test_what_the_renderer_says_becomes_a_finding(code, messages, refused):
    assert [d.code for d in said(messages, refused)] == [code]
    assert said([], {}) == ()


def test_a_slow_machine_is_said():
    slow = Message("x instead of HarfBuzz-Subset", "slow")
    assert [d.code for d in said([slow], {})] == ["F004"]


@pytest.mark.parametrize(("text", "wrong"), [("{{ doc.titel }}", True), ("<p>{{ doc.marks.unit }}</p>", False)])
def test_a_mistake_in_an_own_template_is_a_finding(tmp_path, text, wrong):
    from selfeval.report.html.pages import TemplateFaultError
    from selfeval.report.pages.document import index_document

    folder = made(tmp_path, {"files": {"templates/index.html": text}})
    result = evaluate(folder).result
    pages, document = Pages(result), index_document(result)
    if not wrong:
        pages.index(document)
        return
    with pytest.raises(TemplateFaultError) as raised:
        pages.index(document)
    assert raised.value.finding.code == "N007"
    assert raised.value.finding.file == f"{folder.name}/templates/index.html"


@pytest.mark.parametrize(("words", "wrong"), [("{{ 总得分 }}", ["N008"]), ("{{ 总分 }}", [])])
def test_a_value_that_does_not_exist_is_a_finding_where_it_is_asked_for(tmp_path, words, wrong):
    from selfeval.evaluation.mentions import filled

    result = evaluate(made(tmp_path, {})).result
    _, found = filled("甲县-2021", {"P01": f"## 自评结论\n总分 {words} 分。\n"}, result.scorecards, result.rules)
    assert [d.code for d in found] == wrong
    assert [(d.file, d.line) for d in found] == [("甲县-2021/narrative/P01.md", 2)] * len(wrong)


# ── the shipped evaluations and the published tables ──────────────────────────────────────────

PUBLISHED = tomllib.loads((HERE / "checks" / "published.toml").read_text(encoding="utf-8"))
AMOUNTS = {"年初预算数": "initial", "全年预算数": "adjusted", "全年执行数": "executed"}
NOTED = [(case, noted) for case, table in PUBLISHED.items() for noted in table["noted"]]


def text(value):
    return "" if value is None else str(value)


def named(facts, **columns):
    """Rows of the printed table under our columns."""
    names = ("level2", "level3")
    both = dict(zip(("二级指标", "三级指标"), names, strict=True)) | columns
    return [{column: text(row[key]) for column, key in both.items()} for row in facts["rows"]]


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    """All findings of a shipped evaluation, or of a published table with its goal as printed."""

    @cache
    def of(case):
        shipped = ROOT / "inputs" / case
        folder = shipped if shipped.is_dir() else published(tmp_path_factory.mktemp(case), case)
        return evaluate(folder).diagnostics

    return of


def published(tmp_path, case):
    """A published table as an evaluation."""
    facts = json.loads((HERE / "cases" / f"{case}.json").read_text(encoding="utf-8"))
    more, money = PUBLISHED[case], facts["budget"]
    total = [{"资金来源": "合计", **dict.fromkeys(AMOUNTS, more["total_row"])}] if "total_row" in more else []
    goal = {"年度总体目标": more.get("goal", ""), "总体目标完成情况": more.get("done", "")}
    folder = make_evaluation(
        tmp_path,
        name=case,
        toml=f'[evaluation]\nyear = {facts["year"]}\nunit = "{facts["unit"]}"\nmoney_unit = "{money["unit"]}"\n',
        projects=[{"项目名称": facts["project"], "开始日期": f"{facts['year']}-01-01"} | goal],
        budget=[{"资金来源": "财政拨款"} | {name: text(money[key]) for name, key in AMOUNTS.items()}, *total],
        targets=named(facts, 一级指标="level1", 指标值="target", 分值="weight"),
        actuals=named(facts, 实际完成值="actual", 原表得分="score", 偏差原因分析及改进措施="reason"),
    )
    if "narrative" in more:
        (folder / "narrative").mkdir()
        (folder / "narrative" / "P01.md").write_text(more["narrative"], encoding="utf-8")
    return folder


@pytest.mark.parametrize(("case", "noted"), NOTED, ids=[f"{case}: {noted['what']}" for case, noted in NOTED])
def test_what_a_reviewer_notes_about_a_form_is_found(findings, case, noted):
    if "not_found" in noted:
        assert len(noted["not_found"]) > 5, "say why it cannot be seen from the files, or need not be"
        return
    mine = [d for d in findings(case) if d.code == noted["code"]]
    assert len(mine) >= noted.get("times", 1), {d.code for d in findings(case)}
    for word in noted.get("says", []):
        assert any(word in d.message for d in mine), [d.message for d in mine]
    assert noted.get("project") in {None, *(d.project for d in mine)}


def test_the_precision_was_measured_on_what_is_found_now(findings):
    """Every error and warning about the samples was read over; where they change, the counts have to be made anew."""
    found = Counter(d.code for case in PUBLISHED for d in findings(case) if d.severity != "info")
    judged = read_precision(ROOT / "docs" / "checks" / "precision.toml").codes
    assert {code: one.found for code, one in judged.items()} == found, "docs/checks/precision.toml 要重新核对"


def test_no_code_is_wrong_more_than_one_time_in_ten():
    for code, judged in read_precision(ROOT / "docs" / "checks" / "precision.toml").codes.items():
        assert judged.wrong * 10 <= judged.found, code


@pytest.mark.parametrize("code", [id_ for id_, code in codes().items() if code.column])
def test_a_finding_about_a_column_stands_in_its_cell(tmp_path, code):
    """Where the table lacks the column, the finding stays where its row was read."""
    folder = made(tmp_path, FIXTURES[code]["bad"])
    table = next(d.file for d in evaluate(folder).diagnostics if d.code == code)
    header = (folder.parent / table).read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    titles = {d.title for d in evaluate(folder).diagnostics if d.code == code}
    assert codes()[code].column not in header or titles == {codes()[code].column}
