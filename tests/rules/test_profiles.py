"""Rule profiles: what they must say, what is refused and how, and which version holds for which year."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from evaluations import TOML, finding, make_evaluation

from selfeval.base.model import Tier
from selfeval.evaluation.pipeline import evaluate
from selfeval.rules.load import load_rules, read_profile, shipped_profiles
from selfeval.rules.weights import shared_weights

HEAD = 'title = "甲"\nextends = "mof-2020"\n[documents]\nown = "办法"\n[[versions]]\neffective = 2021-01-01\n'
NINETY = 'points = { "产出指标" = 90 }'
SOURCE = 'source = { document = "own", article = "一", checked = true }\n'


def own(tmp_path, text, name="own"):
    """A unit's own profile as read."""
    file = tmp_path / f"{name}.toml"
    file.write_text(text, encoding="utf-8")
    return read_profile(file, f"甲县/rules/{file.name}")


def load(tmp_path, text, year=2021):
    return load_rules("own", year, [own(tmp_path, text)])


@pytest.mark.parametrize("profile", shipped_profiles(), ids=lambda p: p.id)
@pytest.mark.parametrize("year", [2020, 2021, 2024, 2100])
def test_every_shipped_profile_can_be_used_in_every_year(profile, year):
    rules, refusals = load_rules(profile.id, year)
    assert refusals == ()
    assert all(source.document and source.article for source in rules.sources())
    assert set(rules.sources()) == set(rules.cited.values())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("[versions.execution]\npoints = 20\n", "合计为 110"),
        ('[versions.levels]\nsets = [{ requires = [], points = { "产出指标" = 50 } }]\n', "合计为 60"),
        (
            '[versions.levels]\nsets = [{ requires = ["产出指标"], points = { "产出指标" = 90 } }]\n',
            "最后一组应没有 requires",
        ),
        ("[versions.tiers]\nmet = { lower = 0.7 }\n", "首尾相接"),
        ("[versions.tiers]\npartial = { upper = 0.9 }\n", "首尾相接"),
        ("[versions.tiers]\npartial = { default = 0.9 }\n", "默认比例应落在本档区间内"),
        ('[versions.grades]\nbands = [{ name = "优", from = 90 }]\n', "最后一级自 0 分起"),
        (
            '[versions.grades]\nbands = [{ name = "良", from = 80 }, { name = "优", from = 90 }]\n',
            "从高到低",
        ),
        ("[versions.execution]\nbands = [{ from = 0.9, ratio = 0.5 }, { from = 0.5, ratio = 1 }]\n", "不应越低"),
        ("[versions.execution]\nbands = [{ from = 0.9, ratio = 1 }, { from = 0.9, ratio = 0.5 }]\n", "重叠"),
        ("[versions.execution]\npoint = 10\n", "不认识的设置“execution.point”，是否想写“points”"),
        ('[versions.execution]\ndenominator = "total"\n', "其中之一：adjusted、initial"),
        ('[versions.methods.at_most]\nformula = "1-b/a"\n', "其中之一"),
        (f'[versions.methods."甲"]\nformula = "ratio"\ndeduct = 1\n{SOURCE}', "不认识的设置"),
        (f'[versions.methods."甲"]\nformula = "per_point"\nper = 0\n{SOURCE}', "应大于 0"),
        ('[versions.methods."甲"]\nformula = "ratio"\n', "source.document"),
        ('[versions.methods."甲"]\nformula = "ratio"\nsource = { document = "没有", article = "一" }\n', "其中之一"),
        ("[versions.execution]\nbands = [{ from = 90, ratio = 1 }]\n", "execution.bands[1].from”应为数字（0–1）"),
        ("[versions.execution]\nfull_from = 0.9\n", "“execution.full_from”要与“execution.deduct”一起写"),
        ('[versions.execution]\nsteps = "whole"\n', "“execution.steps”要与“execution.deduct”一起写"),
        ("[versions.execution]\ndeduct = 1\ncap = 0.95\n", "“execution.cap”与“execution.deduct”只能用一个"),
        ("[versions.execution]\ndeduct = 1\nfull_from = 0.9\npass_line = 0.95\n", "达到满分线的也不得分"),
        ('[versions.levels.moves]\n"满意度指标" = "效益"\n', "“levels.moves.满意度指标”：没有名为“效益”的一级指标"),
        ('[versions.levels]\nsets = [{ requires = [], points = { " " = 90 } }]\n', "没有名称"),
        (
            f'[versions.levels]\nsets = [{{ requires = ["成本指标"], {NINETY} }}, {{ requires = [], {NINETY} }}]\n',
            "“levels.sets[1].requires”：这一组没有“成本指标”的分值",
        ),
        (
            f"[versions.levels]\nsets = [{{ requires = [], {NINETY} }}, {{ requires = [], {NINETY} }}]\n",
            "最后一组应没有 requires",
        ),
        (
            f'[versions.methods."甲"]\nformula = "bands_deviation"\nbands = [{{ to = 10, ratio = 1 }}]\n{SOURCE}',
            "bands[1].to”应为数字（0–1）",
        ),
        (
            f'[versions.methods."甲"]\ntitle = "正向指标"\nformula = "ratio"\n{SOURCE}',
            "“methods.甲”：名称“正向指标”别的评分方法已经用了",
        ),
        (f'[versions.methods."不计分"]\nformula = "ratio"\n{SOURCE}', "“不计分”不能作评分方法的名称"),
        ("[[versions]]\neffective = 2021-01-01\n", "有两个版本自同一天起适用：2021-01-01"),
        ('[versions.rounding]\nmode = "up"\n', "half_up"),
        ("[versions.rounding]\ndigits = 3\n", "整数（0–2）"),
        ("[versions.execution]\npoints = nan\n", "数字"),
        ("[versions.execution]\npoints = inf\n", "数字"),
        ("[versions.execution]\npoints = true\n", "数字"),
    ],
)
def test_a_profile_that_would_score_wrongly_is_refused_by_its_key(tmp_path, change, said):
    rules, refusals = load(tmp_path, HEAD + change)
    assert rules is None
    assert any(said in str(refusal.problem.message) for refusal in refusals), [str(r.problem.message) for r in refusals]
    assert {refusal.file for refusal in refusals} == {"甲县/rules/own.toml"}


@pytest.mark.parametrize(
    ("use", "formula"),
    [("at_least", "tiers"), ("at_most", "mean"), ("equal", "duration_ratio"), ("date", "ratio"), ("range", "manual"),
     ("compound", "ratio"), ("qualitative", "ratio"), ("satisfaction", "tiers")],
)  # fmt: skip
def test_a_method_for_one_way_of_reading_takes_no_formula_of_another(tmp_path, use, formula):
    rules, refusals = load(tmp_path, f'{HEAD}[versions.methods.{use}]\nformula = "{formula}"\n{SOURCE}')
    assert rules is None
    assert f"methods.{use}.formula" in str(refusals[0].problem.message)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('title = "甲"\n', "[[versions]]"),
        ("[[versions]]\nlevels = {}\n", "effective"),
        ('[[versions]]\neffective = "2021"\n', "日期"),
        ("[[versions", "TOML 语法有误"),
        ('extends = "没有"\n[[versions]]\neffective = 2021-01-01\n', "没有“没有”这套规则"),
        ('extends = "own"\n[[versions]]\neffective = 2021-01-01\n', "循环引用"),
        ("[[versions]]\neffective = 2021-01-01\n", "缺少"),
    ],
)
def test_a_profile_that_is_none_is_refused(tmp_path, text, said):
    rules, refusals = load(tmp_path, text)
    assert rules is None
    assert any(said in str(refusal.problem.message) for refusal in refusals), [str(r.problem.message) for r in refusals]


def test_an_own_profile_changes_single_values_and_leaves_the_rest(tmp_path):
    rules, refusals = load(tmp_path, HEAD + "[versions.over_completion]\nflag_at = 1.5\nreason_at = 2\n")
    usual, _ = load_rules("mof-2020", 2021)
    assert refusals == ()
    assert (rules.flag_at, rules.reason_at) == (Fraction(3, 2), 2)
    assert (rules.execution, rules.levels, rules.tiers, rules.grades) == (
        usual.execution, usual.levels, usual.tiers, usual.grades,
    )  # fmt: skip


def test_the_version_of_the_year_holds_and_builds_on_the_one_before(tmp_path):
    text = HEAD + "[versions.tiers]\npartial = { default = 0.65 }\n[versions.over_completion]\nflag_at = 1.1\n"
    text += "[[versions]]\neffective = 2023-06-01\n[versions.over_completion]\nflag_at = 1.25\n"
    found = {year: load(tmp_path, text, year)[0] for year in (2020, 2021, 2022, 2023, 2024)}
    before, after = Fraction(11, 10), Fraction(5, 4)
    assert [rules.flag_at for rules in found.values()] == [before, before, before, after, after]
    assert all(rules.tiers[Tier.PARTIAL].default == Fraction(13, 20) for rules in found.values())
    assert [year for year, rules in found.items() if rules.too_early] == [2020]
    assert found[2024].effective == date(2023, 6, 1)


def test_a_year_before_the_rules_is_scored_all_the_same_and_said(tmp_path):
    evaluated = evaluate(make_evaluation(tmp_path, toml=TOML.replace("2021", "2015")))
    assert finding(evaluated, "R002").severity == "warning"
    assert evaluated.result.scorecards[0].total is not None


def test_an_own_profile_is_found_in_the_evaluations_rules_folder(tmp_path):
    folder = make_evaluation(tmp_path, toml=TOML + 'rules = "甲县办法"\n')
    (folder / "rules").mkdir()
    (folder / "rules" / "甲县办法.toml").write_text(HEAD, encoding="utf-8")
    assert evaluate(folder).result.rules.id == "甲县办法"


def test_two_own_profiles_of_one_id_are_refused(tmp_path):
    """Else which of them scores would hang on the names of their files."""
    folder = make_evaluation(tmp_path, toml=f'{TOML}rules = "own"\n')
    (folder / "rules").mkdir()
    for name in ("a", "b"):
        (folder / "rules" / f"{name}.toml").write_text(f'id = "own"\n{HEAD}', encoding="utf-8")
    refusal = finding(evaluate(folder), "R001")
    assert (refusal.file, refusal.line) == ("甲县-2021/rules/b.toml", 1)
    assert "编号“own”在 甲县-2021/rules/a.toml 里已经有了" in refusal.message


def test_a_broken_own_profile_is_a_finding_at_its_file(tmp_path):
    folder = make_evaluation(tmp_path, toml=TOML + 'rules = "甲县办法"\n')
    (folder / "rules").mkdir()
    (folder / "rules" / "甲县办法.toml").write_text(HEAD + "[versions.rounding]\ndigits = 9\n", encoding="utf-8")
    evaluated = evaluate(folder)
    assert evaluated.result is None
    assert finding(evaluated, "R001").file == "甲县-2021/rules/甲县办法.toml"


def test_the_points_of_an_absent_level_have_nowhere_to_go_where_those_present_have_none(tmp_path):
    text = HEAD + '[versions.levels]\nsets = [{ requires = [], points = { "产出指标" = 0, "效益指标" = 90 } }]\n'
    rules, refusals = load(tmp_path, text)
    assert refusals == ()
    assert shared_weights([("产出指标", "数量指标")], rules.levels).weights == (0,)
