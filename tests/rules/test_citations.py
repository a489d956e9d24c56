"""Every value of every shipped profile has a source of its own, and none claims more than was found.

`citations.toml` says value by value what public material has: how surely at most, and what it reads there.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from evaluations import TOML, make_evaluation, scored

from selfeval.base.model import Evidence
from selfeval.report.text.rules import rule_lines
from selfeval.rules.citing import CONVENTION, UNSTATED
from selfeval.rules.dump import settings_of
from selfeval.rules.load import lineage, load_rules, read_profile, shipped_profiles

FOUND = tomllib.loads((Path(__file__).parents[1] / "citations.toml").read_text(encoding="utf-8"))
RANK = {evidence: at for at, evidence in enumerate(Evidence)}
PROFILES = {profile.id: profile for profile in shipped_profiles()}
YEARS = (2010, 2018, 2019, 2021, 2023, 2100)
LAW = re.compile(r"第[一二三四五六七八九十百]+条")


def rules_of(id_, year=2100):
    rules, refusals = load_rules(id_, year)
    assert not refusals
    return rules


def facts_of(id_):
    """What was found about a profile's values, its parents' where it has none of its own."""
    chain, _ = lineage(id_, PROFILES)
    return {value: fact for profile in chain for value, fact in FOUND.get(profile.id, {}).items()}


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("id_", PROFILES)
def test_every_value_has_a_source_and_no_convention_is_printed_as_an_article(id_, year):
    for value, source in rules_of(id_, year).cited.items():
        assert source != UNSTATED, value
        assert "自定，没有写明出处" not in source.article, value
        if source.evidence is Evidence.CONVENTION:
            assert source.document == CONVENTION, value
            assert not LAW.search(source.article), value
        else:
            assert source.document, value
            assert source.found or source.evidence is Evidence.UNCONFIRMED, f"{value}: where was it seen?"


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("id_", PROFILES)
def test_no_year_is_judged_by_a_measure_of_later(id_, year):
    for value, source in rules_of(id_, year).cited.items():
        of = [int(number) for number in re.findall(r"〔(\d{4})〕", source.document)]
        assert max(of, default=0) <= year, (value, source.document)


@pytest.mark.parametrize("id_", ["mof-2013", "sichuan-unit"])
def test_no_measure_or_form_of_projects_is_quoted_for_a_whole_unit(id_):
    """财预〔2020〕10号 and the forms it annexes are about 项目支出; 部门整体 takes over their values by convention."""
    for value, source in rules_of(id_).cited.items():
        assert "项目" not in source.document, (value, source.document)


@pytest.mark.parametrize("id_", PROFILES)
def test_no_value_claims_more_than_was_found(id_):
    rules, facts = rules_of(id_), facts_of(id_)
    settings = settings_of(rules)
    settings["effective"] = rules.effective.isoformat()
    for value, source in rules.cited.items():
        if source.evidence in {Evidence.CONVENTION, Evidence.UNCONFIRMED}:
            continue
        assert value in facts, f"{value}: nothing was found, and {source.evidence} is claimed"
        assert RANK[source.evidence] >= RANK[Evidence(facts[value]["evidence"])], value
        assert facts[value].get("document", "") in source.document, value
    for value, fact in FOUND.get(id_, {}).items():
        assert value in rules.cited, value
        assert RANK[rules.source(value).evidence] >= RANK[Evidence(fact["evidence"])], value
        assert settings.get(value) == fact.get("is", settings.get(value)), value


@pytest.mark.parametrize("id_", PROFILES)
def test_rules_shows_every_value_with_its_source(id_):
    rules = rules_of(id_)
    said = "\n".join(rule_lines(rules))
    silent = {"execution.bands", "execution.funds", "execution.cap", "levels.fixed", "tiers.edges"}
    for value, source in rules.cited.items():
        assert source.article in said or value in silent, value
    assert "〔逐字核对〕" not in said or Evidence.VERBATIM in {s.evidence for s in rules.cited.values()}


OWN = 'title = "甲县办法"\nextends = "mof-2020"\n[documents]\nown = "甲县办法"\n[[versions]]\neffective = 2021-01-01\n'


def own(tmp_path, text):
    (tmp_path / "own.toml").write_text(OWN + text, encoding="utf-8")
    return load_rules("own", 2021, [read_profile(tmp_path / "own.toml", "own.toml")])


def test_a_value_changed_without_a_source_does_not_borrow_that_of_the_law(tmp_path):
    rules, _ = own(tmp_path, "[versions.grades]\nbands = [{ name = '过', from = 70 }, { name = '不过', from = 0 }]\n")
    source = rules.source("grades.bands")
    assert (source.evidence, source.document) == (Evidence.CONVENTION, CONVENTION)
    assert "甲县办法" in source.article
    assert rules.source("levels.sets") == rules_of("mof-2020").source("levels.sets")


def test_a_value_said_again_keeps_its_source(tmp_path):
    rules, _ = own(tmp_path, "[versions.execution]\npoints = 10\nreason_below = 0.85\n")
    assert rules.source("execution.points") == rules_of("mof-2020").source("execution.points")
    assert "甲县办法" in rules.source("execution.reason_below").article


def test_one_source_for_a_table_and_one_for_a_value(tmp_path):
    text = (
        '[versions.over_completion]\nflag_at = 1.5\nreason_at = 2\nsource = { document = "own", article = "第三条", '
        'checked = true }\nsources.reason_at = { article = "约定", evidence = "convention" }\n'
    )
    rules, refusals = own(tmp_path, text)
    assert refusals == ()
    assert rules.source("over_completion.flag_at").evidence is Evidence.VERBATIM
    assert rules.source("over_completion.reason_at").document == CONVENTION


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('sources.point = { article = "一", evidence = "convention" }', "没有名为“point”的值"),
        ('sources.points = { article = "一", evidence = "sure" }', "verbatim"),
        ('sources.points = { document = "own", article = "一", evidence = "convention" }', "不引用文件"),
        ('sources.points = { article = "一", evidence = "quoted" }', "document"),
        ('sources.points = { document = "own", article = "一", evidence = "quoted", checked = true }', "不一致"),
        ('sources.points = { document = "own", evidence = "quoted" }', "article"),
        ("sources = 3", "一组设置"),
    ],
)
def test_a_citation_that_cannot_be_is_refused(tmp_path, source, said):
    rules, refusals = own(tmp_path, f"[versions.execution]\npoints = 10\n{source}\n")
    assert rules is None
    assert any(said in str(refusal.problem.message) for refusal in refusals), [str(r.problem.message) for r in refusals]


def test_the_scorecard_cites_every_value_with_its_evidence(tmp_path):
    sources = {source["value"]: source for source in scored(make_evaluation(tmp_path))["rules"]["sources"]}
    assert set(sources) == set(rules_of("mof-2020").cited)
    assert sources["execution.reason_below"] == {
        "value": "execution.reason_below", "document": CONVENTION, "article": "执行率低于 90% 时请单位说明原因",
        "checked": False, "evidence": "convention",
    }  # fmt: skip
    assert sources["execution.points"]["evidence"] == "secondary"
    assert all(source["checked"] == (source["evidence"] == "verbatim") for source in sources.values())


def test_points_by_a_tiers_default_are_a_convention_and_within_its_band_the_forms_rule(tmp_path):
    targets = """
    一级指标 | 二级指标 | 三级指标 | 指标值 | 分值
    产出指标 | 质量指标 | 甲 | 效果明显 | 45
    产出指标 | 质量指标 | 乙 | 效果明显 | 45
    """
    actuals = """
    二级指标 | 三级指标 | 实际完成值 | 完成档次 | 自评得分 | 偏差原因分析及改进措施
    质量指标 | 甲 | 有所改善 | 部分达成 | | 设备晚到两月，已约定明年补齐
    质量指标 | 乙 | 有所改善 | 部分达成 | 30 | 设备晚到两月，已约定明年补齐
    """
    first, second = scored(make_evaluation(tmp_path, targets=targets, actuals=actuals))["projects"][0]["indicators"]
    assert (first["points"], first["source"]["document"]) == ("31.50", CONVENTION)
    assert (second["points"], second["source"]["document"]) == (
        "30.00",
        rules_of("mof-2020").source("tiers.lower").document,
    )


@pytest.mark.parametrize(
    ("year", "profile"), [(2016, "mof-2017"), (2019, "mof-2017"), (2020, "mof-2020"), (2025, "mof-2020")]
)
def test_the_profile_of_an_evaluation_that_names_none_follows_its_year(tmp_path, year, profile):
    assert scored(make_evaluation(tmp_path, toml=TOML.replace("2021", str(year))))["rules"]["id"] == profile
