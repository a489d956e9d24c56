"""compare: what changed between two submissions, in any form, and why."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import product

import pytest
from attempts import slow, some
from evaluations import ACTUALS, TARGETS, make_evaluation, table_bytes
from hypothesis import given
from hypothesis import strategies as st

from selfeval.audit.compare.as_json import comparison_json
from selfeval.audit.compare.diff import Cause, TargetChange, compare
from selfeval.audit.compare.match import How, likeness
from selfeval.audit.compare.text import as_text
from selfeval.audit.submissions import open_submission
from selfeval.building.request import Request
from selfeval.building.run import build
from selfeval.cli.app import run
from selfeval.evaluation.exports import json_bytes, scorecard_json
from selfeval.evaluation.json_values import NotAScorecardError
from selfeval.evaluation.pipeline import evaluate
from selfeval.evaluation.scorecard_json import read_scorecard

pytestmark = pytest.mark.usefixtures("typst_draws")

TOML = '[evaluation]\nyear = 2021\nunit = "甲县财政局"\n'
NEXT_YEAR = TOML.replace("2021", "2022")
PROJECTS = "项目编号 | 项目名称 | 开始日期 | 结束日期\nP01 | 道路维修 | 2021-01-01 | 2021-12-31\n"
REASONED = ACTUALS.replace("实际完成值", "实际完成值 | 偏差原因分析及改进措施").replace(
    "20公里", "16公里 | 雨季较长，路基施工停工四十天"
)
REASONED = "\n".join(line if line.count("|") == 3 or not line.strip() else line + " |" for line in REASONED.split("\n"))


def comparison(tmp_path, *, old=None, new=None):
    """Two evaluations compared; what is not given is in order."""
    sides = [make_evaluation(tmp_path / word, **(given or {})) for word, given in (("old", old), ("new", new))]
    return compare(*(open_submission(side) for side in sides))


def row(made, level3):
    """The change of one indicator, as the newer side calls it."""
    found = [r for _, r in made.rows if (r.pair.new or r.pair.old).indicator.level3 == level3]
    assert len(found) == 1
    return found[0]


def test_nothing_changed_is_said_in_one_line(tmp_path):
    made = comparison(tmp_path)
    assert all(r.lean is TargetChange.SAME and not r.moved and not r.actual_changed for _, r in made.rows)
    assert "没有变化。" in as_text(made)


def test_a_lowered_target_is_named_first_and_is_why_the_points_rose(tmp_path):
    less = ACTUALS.replace("20公里", "15公里")
    made = comparison(
        tmp_path, old={"actuals": less}, new={"actuals": less, "targets": TARGETS.replace("≥20公里", "≥15公里")}
    )
    changed = row(made, "维修里程")
    assert (changed.lean, changed.causes) == (TargetChange.LOWERED, (Cause.TARGET,))
    lines = as_text(made).splitlines()
    first = next(line for line in lines[3:] if line and not line.startswith("  "))
    assert first == "下调的目标（1）"
    assert "指标值 ≥20公里 → ≥15公里；完成值 15公里；得分 37.50 → 50.00" in as_text(made)


def test_an_actual_that_moved_says_so_and_the_weight_has_its_share(tmp_path):
    made = comparison(
        tmp_path,
        old={"actuals": ACTUALS.replace("20公里", "10公里")},
        new={
            "actuals": ACTUALS.replace("20公里", "15公里"),
            "targets": TARGETS.replace("| 50", "| 40").replace("| 30", "| 40"),
        },
    )
    changed = row(made, "维修里程")
    assert changed.causes == (Cause.FACT, Cause.WEIGHT)
    assert (changed.pair.old.points, changed.pair.new.points, changed.by_weight) == (25, 30, -5)
    assert row(made, "通行提速率").causes == (Cause.WEIGHT,)


def test_another_profile_is_a_cause_of_its_own(tmp_path):
    over = {
        "targets": TARGETS.replace("≥10%", "≤10%"),
        "actuals": ACTUALS.replace("10%", "12%"),
    }
    made = comparison(tmp_path, old=over, new=over | {"toml": TOML + 'rules = "fasp"\n'})
    assert Cause.RULE in row(made, "通行提速率").causes
    assert any("评分规则不同" in note for note in made.notes)


@pytest.mark.parametrize(
    ("old", "new", "lean"),
    [
        ("≥95%", "≥90%", TargetChange.LOWERED),
        ("≥95%", "≥98%", TargetChange.RAISED),
        ("≤5次", "≤8次", TargetChange.LOWERED),
        ("≤5次", "≤3次", TargetChange.RAISED),
        ("9月前", "11月前", TargetChange.LOWERED),
        ("9月前", "6月前", TargetChange.RAISED),
        ("≥95%", "不低于95%", TargetChange.REWORDED),
        ("20公里", "20 公里", TargetChange.SAME),
        ("≥95%", "明显提高", TargetChange.LOWERED),
        ("明显提高", "≥95%", TargetChange.RAISED),
        ("明显提高", "有所提高", TargetChange.CHANGED),
        ("5-10年", "3-12年", TargetChange.LOWERED),
        ("5-10年", "6-9年", TargetChange.RAISED),
        ("≥20公里", "≥20个", TargetChange.CHANGED),
    ],
)
def test_what_became_of_a_target(tmp_path, old, new, lean):
    made = comparison(
        tmp_path,
        old={"targets": TARGETS.replace("≥20公里", old)},
        new={"targets": TARGETS.replace("≥20公里", new)},
    )
    assert row(made, "维修里程").lean is lean


def test_the_end_of_september_is_as_early_next_year(tmp_path):
    dated = {"targets": TARGETS.replace("≥20公里", "9月前"), "actuals": ACTUALS.replace("20公里", "8月")}
    made = comparison(tmp_path, old=dated, new=dated | {"toml": NEXT_YEAR})
    assert row(made, "维修里程").lean is TargetChange.SAME


def test_added_and_dropped_indicators(tmp_path):
    made = comparison(tmp_path, new={"targets": TARGETS.replace("维修里程", "绿化面积"), "actuals": ACTUALS})
    assert row(made, "绿化面积").pair.old is None
    assert row(made, "维修里程").pair.new is None


def test_a_name_alike_is_taken_for_the_same_and_the_guess_is_said(tmp_path):
    words = "维修县道里程"
    made = comparison(
        tmp_path,
        new={"targets": TARGETS.replace("维修里程", words), "actuals": ACTUALS.replace("维修里程", words)},
    )
    changed = row(made, words)
    assert (changed.pair.how, changed.renamed) == (How.GUESS, True)
    assert "名称相近，系推定（相似度 0.80）" in as_text(made)


def test_the_key_counts_before_any_name(tmp_path):
    def with_codes(table):
        head, *lines = table.strip().splitlines()
        return "\n".join([f"{head} | 指标编号", *(f"{line} | K{at}" for at, line in enumerate(lines))])

    old = {"targets": with_codes(TARGETS), "actuals": with_codes(ACTUALS)}
    new = {name: text.replace("维修里程", "养护面积") for name, text in old.items()}
    made = comparison(tmp_path, old=old, new=new)
    assert (row(made, "养护面积").pair.how, row(made, "养护面积").renamed) == (How.KEY, True)


def test_over_the_years_a_number_alone_does_not_make_a_project_the_same(tmp_path):
    other = PROJECTS.replace("道路维修", "公务用车购置")
    made = comparison(tmp_path, new={"toml": NEXT_YEAR, "projects": other})
    assert [(p.pair.old is None, p.pair.new is None) for p in made.projects] == [(True, False), (False, True)]
    again = comparison(tmp_path / "again", new={"projects": other})
    assert [p.pair.how for p in again.projects] == [How.KEY]
    assert "项目 P01 道路维修 → P01 公务用车购置" in as_text(again)


def test_over_the_years_trends_old_reasons_and_targets_below_last_years_actual(tmp_path):
    more = ACTUALS.replace("90%", "97%")
    made = comparison(
        tmp_path,
        old={"actuals": more},
        new={"toml": NEXT_YEAR, "projects": PROJECTS.replace("2021", "2022")},
    )
    assert made.yearly
    assert row(made, "群众满意度").below
    assert not row(made, "维修里程").below
    text = as_text(made)
    for title in ("各项目逐年得分（1）", "各部分得分率（1）", "目标低于上年实际（1）", "延续的指标（3）"):
        assert title in text
    given_again = {"actuals": REASONED}
    repeated = comparison(tmp_path / "again", old=given_again, new=given_again | {"toml": NEXT_YEAR})
    assert [r.repeated for _, r in repeated.rows] == [True, False, False]
    assert "雷同的偏差原因（1）" in as_text(repeated)


def test_budgets_grades_and_totals(tmp_path):
    spent = "年初预算数 | 全年预算数 | 全年执行数\n100 | 100 | 50\n"
    made = comparison(tmp_path, new={"budget": spent, "actuals": ACTUALS.replace("20公里", "12公里")})
    text = as_text(made)
    assert "执行率 100.00% → 50.00%" in text
    assert "等级 优 → 中" in text


@pytest.fixture(scope="module")
def forms(tmp_path_factory):
    """One evaluation in every form it can be handed in."""
    folder = make_evaluation(tmp_path_factory.mktemp("forms"), actuals=REASONED)
    out = folder.parent / "out"
    built = build(evaluate(folder).result, Request(out, ("pdf",)))
    assert not [d for d in built.diagnostics if d.is_error]
    made = built.folder
    return {
        "evaluation": folder,
        "output": made,
        "scorecard": made / "scorecard.json",
        "pdf": made / "projects" / "P01" / "report.pdf",
    }


@pytest.mark.parametrize(("old", "new"), some(product(("evaluation", "output", "scorecard", "pdf"), repeat=2), 3))
def test_all_forms_of_one_submission_are_equal(forms, old, new):
    made = compare(open_submission(forms[old]), open_submission(forms[new]))
    assert [(r.lean, r.causes, r.actual_changed) for _, r in made.rows] == [(TargetChange.SAME, (), False)] * 3
    assert "没有变化。" in as_text(made)


@pytest.mark.parametrize("form", ["evaluation", "output", "pdf"])
def test_the_written_reasons_are_known_from(forms, form):
    side = open_submission(forms[form])
    assert side.has_reasons
    assert [s.indicator.reason for s in side.cards[0].scores] == ["雨季较长，路基施工停工四十天", "", ""]


def test_a_report_against_an_evaluation_compares_its_project_only(forms, tmp_path):
    two = PROJECTS + "P02 | 桥梁加固 | 2021-01-01 | 2021-12-31\n"
    other = make_evaluation(tmp_path, projects=two, actuals=REASONED)
    made = compare(open_submission(other), open_submission(forms["pdf"]))
    assert [p.card.project.id for p in made.projects] == ["P01"]
    assert "只比较两边都有的 1 个项目" in made.notes


def test_a_scorecard_read_back_says_the_same(forms):
    content = forms["scorecard"].read_bytes()
    told = read_scorecard(content)
    cards = evaluate(forms["evaluation"]).result.scorecards
    assert [(c.project.id, c.total, c.grade, c.budget.rate) for c in told.cards] == [
        (c.project.id, c.total, c.grade, c.budget.rate) for c in cards
    ]
    result = evaluate(forms["evaluation"]).result
    assert json_bytes(scorecard_json(result)) == content


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.text(), x),
        max_leaves=10,
    )
)
def test_anything_else_is_refused_and_never_fails(data):
    with pytest.raises(NotAScorecardError):
        read_scorecard(json.dumps(data).encode())


def test_a_scorecard_with_one_value_spoilt_is_refused(forms):
    data = json.loads(forms["scorecard"].read_bytes())
    for spoil in ("1e9", "NaN", "1" * 100, [], {"a": 1}):
        data["projects"][0]["indicators"][0]["points"] = spoil
        with pytest.raises(NotAScorecardError):
            read_scorecard(json.dumps(data).encode())


@given(st.text(), st.text())
def test_likeness_lies_between_nothing_and_everything(one, other):
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, one) == 1


def test_the_json_is_the_documented_schema(tmp_path):
    made = comparison(tmp_path, new={"targets": TARGETS.replace("≥20公里", "≥15公里")})
    data = comparison_json(made)
    assert data["schema"] == "selfeval.comparison/1"
    assert data["mode"] == "submissions"
    assert data["lowered"] == [{"project": "P01", "indicator": "数量指标/维修里程"}]
    (project,) = data["projects"]
    first = project["indicators"][0]
    assert first["target"]["old"]["value"] == "20"
    assert first["target"]["new"]["value"] == "15"
    assert (first["status"], first["target_change"], first["causes"]) == ("kept", "lowered", [])
    assert project["total"] == {"old": "100.00", "new": "100.00"}


@pytest.mark.parametrize("output_format", ["text", "json", "html"])
def test_the_command_in_every_form_twice_the_same(forms, tmp_path, capsys, output_format):
    new = make_evaluation(tmp_path, targets=TARGETS.replace("维修里程", "<script>alert(1)</script>"))
    said = []
    for _ in range(2):
        assert run(["compare", str(forms["evaluation"]), str(new), "--output-format", output_format]) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]
    if output_format == "html":
        assert "&lt;script&gt;" in said[0]
        assert "<script" not in said[0]
        assert "http" not in said[0]


@pytest.mark.parametrize(
    "spoil",
    ["没有这个文件夹", "空文件夹", "坏.pdf", "坏.json"],
)
def test_what_cannot_be_opened_is_a_usage_error_in_one_line(forms, tmp_path, capsys, spoil):
    path = tmp_path / spoil
    if spoil == "空文件夹":
        path.mkdir()
    elif spoil.startswith("坏"):
        path.write_bytes(b"%PDF-1.7 nothing" if spoil.endswith("pdf") else b"{}")
    assert run(["compare", str(forms["evaluation"]), str(path)]) == 2
    assert spoil in capsys.readouterr().err


def test_an_unknown_format_is_refused(forms, capsys):
    assert run(["compare", str(forms["evaluation"]), str(forms["pdf"]), "--output-format", "xml"]) == 2
    assert "text、json、html" in capsys.readouterr().err


def test_a_public_report_says_why_it_cannot_be_compared(forms, tmp_path, capsys):
    build(evaluate(forms["evaluation"]).result, Request(tmp_path, ("pdf",), public=True))
    public = tmp_path / forms["evaluation"].name / "projects" / "P01" / "report.pdf"
    assert run(["compare", str(forms["evaluation"]), str(public)]) == 2
    assert "公开版" in capsys.readouterr().err


def test_half_of_the_characters_in_common_is_a_likeness_of_one_half():
    assert likeness("道路维修", "道路养护") == Fraction(1, 2)


def test_points_that_moved_by_an_adjustment_say_so(tmp_path):
    head, *lines = TARGETS.strip().splitlines()
    adjusted = [f"{head} | 调整后指标值 | 调整依据", *(f"{line} | |" for line in lines)]
    adjusted[1] = f"{lines[0]} | ≥15公里 | 甲财预〔2021〕35号"
    less = {"actuals": ACTUALS.replace("20公里", "12公里")}
    made = comparison(tmp_path, old=less, new=less | {"targets": "\n".join(adjusted)})
    assert (row(made, "维修里程").lean, row(made, "维修里程").causes) == (TargetChange.LOWERED, (Cause.ADJUSTMENT,))
    assert "年中调整" in as_text(made)


REVIEWED = """
二级指标 | 三级指标 | 复核完成值 | 复核得分 | 复核意见   | 复核人
数量指标 | 维修里程 | 18公里     | 45       | 核减两公里 | 王五
"""


@pytest.mark.parametrize("form", ["evaluation", "output", *slow("pdf")])
def test_a_review_is_told_in_the_reviewers_words_and_its_adoption_is_a_cause(tmp_path, form):
    before = make_evaluation(tmp_path / "before")
    folder = make_evaluation(tmp_path / "reviewed")
    (folder / "review.csv").write_bytes(table_bytes(REVIEWED))
    reviewed = folder
    if form != "evaluation":
        reviewed = build(evaluate(folder).result, Request(tmp_path / "out", ("pdf",))).folder
        reviewed = reviewed if form == "output" else reviewed / "projects" / "P01" / "report.pdf"
    first = compare(open_submission(before), open_submission(reviewed))
    assert row(first, "维修里程").reviewed
    assert not row(first, "维修里程").moved
    assert "复核得分 — → 45.00" in as_text(first)
    assert "王五：核减两公里" in as_text(first)
    assert "复核总分 — → 95.00" in as_text(first)
    after = make_evaluation(tmp_path / "after", actuals=ACTUALS.replace("20公里", "18公里"))
    then = compare(open_submission(reviewed), open_submission(after))
    assert row(then, "维修里程").causes == (Cause.FACT, Cause.REVIEW)
