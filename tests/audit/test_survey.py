"""survey: many submissions in one view. What is read, what counts, what stands out, and what may never happen."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from functools import cache

import openpyxl
import pytest
from attempts import slow, some
from evaluations import TOML, make_evaluation

from selfeval.audit.survey import read_under, survey
from selfeval.audit.survey.files import json_file
from selfeval.cli.app import run
from selfeval.evaluation.exports import json_bytes, scorecard_json
from selfeval.evaluation.pipeline import evaluate
from selfeval.evaluation.stream import processes as pool_of

pytestmark = pytest.mark.usefixtures("typst_draws")

FILES = ("indicators.csv", "projects.csv", "survey.csv", "survey.html", "survey.json", "survey.xlsx")
TEXTS = [name for name in FILES if not name.endswith("xlsx")]


def surveyed(out, *paths, options=()):
    """Runs the command; returns its exit code and what it wrote as JSON."""
    code = run(["survey", *map(str, paths), "--out", str(out), "--jobs", "1", *options])
    file = out / "survey.json"
    return code, json.loads(file.read_text(encoding="utf-8")) if file.exists() else None


def rows_in(file):
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")))


def scorecard(folder):
    """The scorecard of an evaluation, as data."""
    return json.loads(json_bytes(scorecard_json(evaluate(folder).result)))


def write(path, card):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(card), encoding="utf-8")
    return path


@pytest.fixture
def card(tmp_path):
    """A scorecard of one project."""
    return scorecard(make_evaluation(tmp_path / "made"))


def kinds(told):
    """The kinds found, each with its rows by unit and project."""
    found = {}
    for finding in told["findings"]:
        rows = [(row["unit"], row["year"], row["project"]) for row in finding["rows"]]
        found.setdefault(finding["kind"], []).append(rows)
    return found


# ── What is read ──────────────────────────────────────────────────────────────────────────────


def test_folders_outputs_and_scorecards_in_one_view(tmp_path, card, capsys):
    make_evaluation(tmp_path / "province" / "甲")
    assert run(["build", str(tmp_path / "made" / "甲县-2021"), "--out", str(tmp_path / "province" / "built"),
                "--format", "html"]) == 0  # fmt: skip
    card["evaluation"] |= {"id": "乙县-2021", "unit": "乙县财政局"}
    write(tmp_path / "province" / "乙.json", card)
    capsys.readouterr()
    code, told = surveyed(tmp_path / "out", tmp_path / "province")
    assert code == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("survey.html")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(FILES)
    assert [(one["kind"], one["trust"], one["path"]) for one in told["sources"]] == [
        ("scorecard", "unverified", "province/乙.json"),
        ("output", "unverified", "province/built/甲县-2021"),
        ("evaluation", "unverified", "province/甲/甲县-2021"),
    ]
    assert told["schema"] == "selfeval.survey/1"
    assert told["counts"]["projects"] == 3
    rows = rows_in(tmp_path / "out" / "projects.csv")
    assert [(row["单位"], row["计入统计"], row["不计入的原因"]) for row in rows] == [
        ("乙县财政局", "是", ""),
        ("甲县财政局", "否", "与来源 3 是同一个项目"),
        ("甲县财政局", "是", ""),
    ]
    assert rows[1]["报告"] == "./../province/built/%E7%94%B2%E5%8E%BF-2021/projects/P01/report.html"
    assert (tmp_path / "out" / "../province/built/甲县-2021/projects/P01/report.html").exists()
    assert len(rows_in(tmp_path / "out" / "indicators.csv")) == 9


@pytest.mark.slow
def test_a_copy_that_says_otherwise_is_told(tmp_path, card):
    write(tmp_path / "a.json", card)
    card["projects"][0]["total"] = "99.00"
    write(tmp_path / "b.json", card)
    _, told = surveyed(tmp_path / "out", tmp_path / "a.json", tmp_path / "b.json")
    assert told["counts"]["used"] == 1
    assert rows_in(tmp_path / "out" / "projects.csv")[1]["不计入的原因"] == "与来源 1 是同一个项目，但总分不同"


@pytest.mark.slow
def test_a_copy_under_another_name_counts_once_and_its_source_is_told(tmp_path, card):
    write(tmp_path / "a.json", card)
    for at, change in enumerate(
        [{"id": "甲县-2021 副本"}, {"id": "甲县-2021", "unit": "乙县财政局"}, {"id": "乙", "year": 2022}]
    ):
        other = json.loads(json.dumps(card))
        other["evaluation"] |= change
        write(tmp_path / f"b{at}.json", other)
    names = ["a.json", "b0.json", "b1.json", "b2.json"]
    _, told = surveyed(tmp_path / "out", *(tmp_path / name for name in names))
    assert told["counts"]["used"] == 3
    assert [row["不计入的原因"] for row in rows_in(tmp_path / "out" / "projects.csv")] == [
        "", "与来源 1 的同一个项目内容完全相同，只是评价的名称不同", "", "",
    ]  # fmt: skip
    card["projects"][0]["indicators"][0]["actual"]["text"] = "21公里"
    card["evaluation"]["id"] = "甲县-2021 改"
    write(tmp_path / "b0.json", card)
    assert surveyed(tmp_path / "out", *(tmp_path / name for name in names))[1]["counts"]["used"] == 4


@pytest.mark.slow
def test_an_evaluation_and_its_output_under_another_name_are_one(tmp_path):
    folder = make_evaluation(tmp_path / "made")
    assert run(["build", str(folder), "--out", str(tmp_path / "built"), "--format", "html"]) == 0
    folder.rename(folder.with_name("甲县报送"))
    _, told = surveyed(tmp_path / "out", tmp_path / "made", tmp_path / "built")
    assert (told["counts"]["projects"], told["counts"]["used"]) == (2, 1)


PROJECTS = """
项目编号 | 项目名称 | 主管部门 | 功能科目编码 | 科目名称
P01      | 道路维修 | 甲县住建局 | 2120303    | 小城镇基础设施建设
"""


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """An evaluation in every form in which it may be handed in, made once."""

    @cache
    def make(**given):
        folder = make_evaluation(tmp_path_factory.mktemp("made"), **given)
        built = folder.parent / "built" / folder.name
        assert run(["pack", str(folder), "--out", str(built.parent)]) == 0
        report = built / "projects" / "P01" / "report.pdf"
        return {"evaluation": folder, "output": built, "pdf": report, "pack": built.with_name(f"{folder.name}.zip")}

    return make


@pytest.mark.parametrize("kind", ["evaluation", *slow("pack", "output", "pdf")])
def test_department_and_subject_come_from_wherever_they_are_known(tmp_path, handed_in, kind):
    _, told = surveyed(tmp_path / "out", handed_in(projects=PROJECTS)[kind])
    trust = "agrees" if kind in {"pdf", "pack"} else "unverified"
    assert [(one["kind"], one["trust"]) for one in told["sources"]] == [(kind, trust)]
    (row,) = rows_in(tmp_path / "out" / "projects.csv")
    assert (row["主管部门"], row["功能科目编码"], row["科目名称"]) == ("甲县住建局", "2120303", "小城镇基础设施建设")
    assert [line[0] for line in told["totals"]["department"]["rows"]] == ["甲县住建局", "合计"]
    assert told["totals"]["subject"]["rows"][0][0] == "2120303 小城镇基础设施建设"


@pytest.mark.parametrize("kind", ["output", *slow("evaluation", "pdf", "pack")])
def test_what_is_a_demonstration_is_told_of_every_source(tmp_path, handed_in, kind):
    _, told = surveyed(tmp_path / "out", handed_in(toml=TOML + "demo = true\n")[kind])
    assert [one["note"] for one in told["sources"]] == ["演示数据"]
    assert "演示数据" in (tmp_path / "out" / "survey.html").read_text(encoding="utf-8")


def test_who_says_no_department_is_its_own(tmp_path, card):
    _, told = surveyed(tmp_path / "out", write(tmp_path / "a.json", card))
    assert [line[0] for line in told["totals"]["department"]["rows"]] == ["甲县财政局", "合计"]


def test_what_does_not_verify_is_listed_and_out_of_the_statistics(tmp_path, capsys):
    folder = make_evaluation(tmp_path / "made", projects=PROJECTS)
    assert run(["pack", str(folder), "--out", str(tmp_path / "built")]) == 0
    report = tmp_path / "built" / folder.name / "projects" / "P01" / "report.pdf"
    (tmp_path / "in").mkdir()
    for file in (report, tmp_path / "built" / f"{folder.name}.zip"):
        (tmp_path / "in" / file.name).write_bytes(file.read_bytes() + b"\n% one word more\n")
    code, told = surveyed(tmp_path / "out", tmp_path / "in")
    assert code == 0
    assert {one["kind"]: one["trust"] for one in told["sources"]} == {"pdf": "disagrees", "pack": "broken"}
    assert (told["counts"]["used"], told["counts"]["projects"]) == (0, 1)
    assert rows_in(tmp_path / "out" / "projects.csv")[0]["不计入的原因"] == "核对结果是“不一致”"
    assert "不一致" in capsys.readouterr().err
    _, told = surveyed(tmp_path / "out", tmp_path / "in", options=["--all"])
    assert told["counts"]["used"] == 1


def test_the_unit_itself_is_no_project_and_a_detail_no_indicator(tmp_path, card):
    card["unit"] = card["projects"][0] | {"id": "DW"}
    card["projects"][0]["indicators"][0] |= {"formula": "none", "weight": None, "points": None}
    _, told = surveyed(tmp_path / "out", write(tmp_path / "a.json", card))
    assert (told["counts"]["projects"], told["counts"]["indicators"]) == (1, 2)


# ── What anyone may have made ─────────────────────────────────────────────────────────────────

WRONG = {
    "empty.json": b"",
    "list.json": b"[]",
    "other.json": b'{"schema": "selfeval.diagnostics/1"}',
    "deep.json": b"[" * 100_000,
    "year.json": b'{"schema":"selfeval.scorecard/1","evaluation":{"id":"a","year":1e999,"unit":"b"},'
    b'"rules":{"id":"x"},"unit":null,"projects":[]}',
    "broken.zip": b"PK\x03\x04",
    "broken.pdf": b"%PDF-1.7",
}


@pytest.mark.parametrize("name", some(WRONG, 3))
def test_a_wrong_file_is_a_line_and_never_a_failure(tmp_path, card, capsys, name):
    (tmp_path / name).write_bytes(WRONG[name])
    code, told = surveyed(tmp_path / "out", tmp_path / name, write(tmp_path / "good" / "a.json", card))
    assert code == 0
    assert told["sources"][0]["trust"] == "broken"
    assert told["sources"][0]["note"]
    assert name in capsys.readouterr().err
    code, told = surveyed(tmp_path / "none", tmp_path / name)
    assert (code, told) == (2, None)
    assert "Traceback" not in capsys.readouterr().err


def test_nothing_there_is_a_usage_error(tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    assert surveyed(tmp_path / "out", tmp_path / "empty")[0] == 2
    assert surveyed(tmp_path / "out", tmp_path / "没有的")[0] == 2
    assert "没有" in capsys.readouterr().err


@pytest.mark.parametrize("spread", [1, 4])
def test_more_files_than_are_looked_at_are_refused_wherever_they_lie(tmp_path, capsys, monkeypatch, spread):
    monkeypatch.setattr("selfeval.audit.survey.sources.MOST", 20)
    for at in range(20):
        place = tmp_path / "in" / f"第{at % spread}夹"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{at}.txt").write_bytes(b"")
    assert surveyed(tmp_path / "out", tmp_path / "in") == (2, None)
    assert "超过 20 个，请分开写明要看的文件夹" in capsys.readouterr().err


def test_numbers_no_score_can_be_are_refused(tmp_path, card, capsys):
    card["projects"][0]["indicators"][0]["points"] = "9" * 40
    assert surveyed(tmp_path / "out", write(tmp_path / "a.json", card))[0] == 2
    assert "分值或得分超过" in capsys.readouterr().err


def test_no_cell_is_a_formula_and_no_character_hides(tmp_path, card):
    project = card["projects"][0]
    project["name"] = '=HYPERLINK("http://x","y")'
    card["evaluation"]["unit"] = "＋1\u202e\u200b"
    project["indicators"][0]["actual"]["text"] = "@cmd|x"
    project["indicators"][0]["level3"] = "\ud800x"
    surveyed(tmp_path / "out", write(tmp_path / "a.json", card))
    for name in TEXTS:
        text = (tmp_path / "out" / name).read_text(encoding="utf-8-sig")
        assert not {"\u202e", "\u200b"} & {*text}
    (project,) = rows_in(tmp_path / "out" / "projects.csv")
    assert (project["项目名称"], project["主管部门"]) == ('\'=HYPERLINK("http://x","y")', "'＋1")
    assert rows_in(tmp_path / "out" / "indicators.csv")[0]["实际完成值"] == "'@cmd|x"


@pytest.mark.slow
def test_the_result_of_a_survey_is_not_surveyed_and_the_bytes_are_the_same(tmp_path, card):
    write(tmp_path / "in" / "a.json", card)
    surveyed(tmp_path / "in" / "out", tmp_path / "in")
    first = {name: (tmp_path / "in" / "out" / name).read_bytes() for name in FILES}
    assert surveyed(tmp_path / "in" / "out", tmp_path / "in")[1]["counts"]["sources"] == 1
    assert {name: (tmp_path / "in" / "out" / name).read_bytes() for name in FILES} == first


def test_no_table_of_an_evaluation_is_written_over(tmp_path, card, capsys):
    folder = make_evaluation(tmp_path / "made")
    before = (folder / "projects.csv").read_bytes()
    assert run(["survey", str(write(tmp_path / "in" / "a.json", card)), "--out", str(folder)]) == 2
    assert run(["survey", str(tmp_path / "in"), "--out", str(tmp_path / "in" / ".")]) == 2
    assert capsys.readouterr().err.count("请用 --out 另写一个文件夹") == 2
    assert (folder / "projects.csv").read_bytes() == before


STRANGE = [
    None,
    "",
    "x",
    "-1",
    "9" * 59,
    "0.1.2",
    -1,
    10**30,
    True,
    [],
    {},
    [[]],
    {"": ""},
    "NaN",
    "1e5",
    "２",
    "2021-02-30",
]


def spoil(dice, card):
    """Puts something strange somewhere in a scorecard."""
    place = card
    while True:
        key = dice.choice(list(place) if isinstance(place, dict) else range(len(place)))
        if not (isinstance(place[key], dict | list) and place[key] and dice.random() < 0.9):
            place[key] = dice.choice(STRANGE)
            return
        place = place[key]


@pytest.mark.slow
def test_whatever_stands_anywhere_in_a_scorecard_is_read_or_refused(tmp_path, card):
    dice = random.Random(3)
    for number in range(120):
        one = json.loads(json.dumps(card))
        one["evaluation"]["unit"] = f"第{number % 9}局"
        for _ in range(dice.randint(1, 3)):
            spoil(dice, one)
        write(tmp_path / "in" / f"{number:03}.json", one)
    code, told = surveyed(tmp_path / "out", tmp_path / "in")
    assert code == 0
    assert {one["trust"] for one in told["sources"]} == {"unverified", "broken"}
    assert all(one["note"] for one in told["sources"] if one["trust"] == "broken")


# ── What stands out ───────────────────────────────────────────────────────────────────────────


def units(card, count, change=lambda _card, _number: None, year=2021):
    """So many units with this scorecard, each changed a little."""
    for number in range(count):
        one = json.loads(json.dumps(card))
        one["evaluation"] |= {"id": f"u{number}-{year}", "unit": f"第{number}局", "year": year}
        change(one, number)
        yield one


def survey_of(tmp_path, *cards):
    """What the command finds in these, without the files it writes."""
    for number, card in enumerate(cards):
        write(tmp_path / "in" / f"{number:03}.json", card)
    with pool_of(1) as pool:
        return json.loads(json_file(survey(read_under([tmp_path / "in"], tmp_path / "out", pool))))


@pytest.mark.slow
def test_a_cost_far_from_its_peers(tmp_path, card):
    def priced(one, number):
        row = one["projects"][0]["indicators"][0]
        row |= {"level2": "成本指标", "level3": "培训人均成本"}
        row["actual"] |= {"value": "900" if number == 3 else str(200 + number), "unit": "元/人", "text": "x"}

    told = survey_of(tmp_path, *units(card, 12, priced))
    assert kinds(told)["unit_cost"] == [[("第3局", 2021, "P01")]]
    (finding,) = [one for one in told["findings"] if one["kind"] == "unit_cost"]
    assert "4.36 倍" in finding["reason"]
    assert 0.5 <= float(finding["strength"]) <= 1
    assert "unit_cost" not in kinds(survey_of(tmp_path / "few", *units(card, 8, priced)))


def test_a_target_far_below_what_was_done_last_year(tmp_path, card):
    def asked(one, number):
        one["projects"][0]["indicators"][0]["target"]["value"] = "9" if number == 1 else "20"

    told = survey_of(tmp_path, *units(card, 2, year=2020), *units(card, 2, asked))
    assert kinds(told)["below_last_year"] == [[("第1局", 2020, "P01"), ("第1局", 2021, "P01")]]


def test_a_project_that_is_gone_and_one_that_was_renamed(tmp_path, card):
    def two(one, _):
        again = json.loads(json.dumps(one["projects"][0])) | {"id": "P02", "name": "河道清淤"}
        one["projects"].append(again)

    def gone(one, number):
        two(one, number)
        one["projects"][1]["name"] = "河道清淤工程"
        if number == 1:
            del one["projects"][1]

    told = survey_of(tmp_path, *units(card, 2, two, year=2020), *units(card, 2, gone))
    assert kinds(told)["missing"] == [[("第1局", 2020, "P02")]]


@pytest.mark.slow
def test_a_unit_that_hands_in_nothing_where_most_do(tmp_path, card):
    two = json.loads(json.dumps(card))
    two["projects"].append(two["projects"][0] | {"id": "P02", "name": "河道清淤"})
    last = list(units(two, 4, year=2020))
    told = survey_of(tmp_path, *last, *list(units(card, 4))[:3])
    assert kinds(told)["absent"] == [[("第3局", 2020, "P01"), ("第3局", 2020, "P02")]]
    (finding,) = [one for one in told["findings"] if one["kind"] == "absent"]
    assert finding["reason"] == "“第3局”2020 年度报送了 2 个项目，2021 年度没有报送；上年报送的单位中有 3 个报送了"
    assert ("第3局", 2020, "P01") not in [row for rows in kinds(told).get("missing", []) for row in rows]
    assert "absent" not in kinds(survey_of(tmp_path / "few", *last, *list(units(card, 4))[:1]))
    assert "absent" not in kinds(survey_of(tmp_path / "one", *last))


def test_points_that_are_not_the_rules_and_totals_that_are_no_sum(tmp_path, card):
    def other(one, number):
        row = one["projects"][0]["indicators"][0]
        if number == 0:
            row["rule_points"] = "40.00"
        if number == 1:
            one["projects"][0]["total"] = "99.50"

    told = survey_of(tmp_path, *units(card, 3, other))
    assert sorted(kinds(told)["off_rule"]) == [[("第0局", 2021, "P01")], [("第1局", 2021, "P01")]]
    reasons = [one["reason"] for one in told["findings"] if one["kind"] == "off_rule"]
    assert "1 行的得分与规则不同，合计高 10.00 分" in reasons
    assert "总分 99.50，各行与执行率得分之和是 100.00" in reasons


SENTENCE = "受汛期影响，部分路段推迟到第四季度才开工建设，已督促施工单位加快进度"


@pytest.mark.slow
def test_a_text_of_another_unit_and_of_last_year(tmp_path, card):
    def written(one, number):
        row = one["projects"][0]["indicators"][0]
        row["actual"]["text"] = f"{SENTENCE}，完成{number}公里。" if number < 2 else "20公里"

    def last_year(one, number):
        one["projects"][0]["indicators"][0]["actual"]["text"] = f"{SENTENCE}，完成15公里" if number == 1 else ""

    told = survey_of(tmp_path, *units(card, 3, written), *units(card, 3, last_year, year=2020))
    assert sorted(kinds(told)["copied_text"]) == [
        [("第0局", 2021, "P01"), ("第1局", 2021, "P01")],
        [("第1局", 2021, "P01"), ("第1局", 2020, "P01")],
    ]


def test_a_project_by_itself(tmp_path, card):
    def much(one, number):
        project = one["projects"][0]
        row = project["indicators"][0]
        project["indicators"] = [
            json.loads(json.dumps(row)) | {"id": f"i{at}", "weight": "15.00", "points": "15.00", "rule_points": "15.00"}
            for at in range(6)
        ]
        if number == 1:
            project["budget"] |= {"rate": "0.40000000", "points": "4.00"}
            project["total"] = "94.00"
        if number == 2:
            for one_row in project["indicators"]:
                one_row["target"]["kind"] = "qualitative"
                one_row["actual"]["value"] = one_row["target"]["value"] = None

    told = survey_of(tmp_path, *units(card, 3, much))
    found = kinds(told)
    assert found["full_marks"] == [[("第0局", 2021, "P01")], [("第2局", 2021, "P01")]]
    assert found["as_targeted"] == [[("第0局", 2021, "P01")], [("第1局", 2021, "P01")]]
    assert found["low_execution"] == [[("第1局", 2021, "P01")]]
    assert found["qualitative"] == [[("第2局", 2021, "P01")]]


# ── Totals ────────────────────────────────────────────────────────────────────────────────────


def test_totals_are_those_of_check_with_exact_quantiles(tmp_path, card):
    def scored(one, number):
        one["evaluation"]["unit"] = "住建局" if number % 2 else "交通局"
        one["projects"][0]["total"] = f"{90 + number}.10"
        one["projects"][0]["budget"]["adjusted"] = "0.1"

    told = survey_of(tmp_path, *units(card, 4, scored))
    assert told["totals"]["department"]["columns"][:2] == ["主管部门", "项目数"]
    lines = {line[0]: dict(zip(told["totals"]["department"]["columns"], line, strict=True)) for line in
             told["totals"]["department"]["rows"]}  # fmt: skip
    assert lines["合计"]["全年预算数"] == "0.4"
    assert (lines["住建局"]["平均总分"], lines["住建局"]["P50"], lines["合计"]["P90"]) == ("92.10", "91.10", "93.10")
    assert [line[0] for line in told["totals"]["year"]["rows"]] == ["2021", "合计"]


# ── The page and the workbook ─────────────────────────────────────────────────────────────────


def data_in(page):
    """What the page gives its script."""
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1])


def test_the_page_leads_from_every_row_to_its_report_and_runs_nothing_of_a_file(tmp_path, card):
    evil = "</script><script>alert(1)</script><!--"
    card["projects"][0]["name"] = card["evaluation"]["unit"] = evil
    card["projects"][0]["indicators"][0]["target"]["text"] = evil
    card["projects"][0]["total"] = "99.50"
    write(tmp_path / "in" / "a<b>.json", card)
    surveyed(tmp_path / "out", tmp_path / "in")
    page = (tmp_path / "out" / "survey.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "in/a&lt;b&gt;.json" in page
    assert not re.search(r"(?:src|href)=[\"'](?!#|\./|file:)", page)
    data = data_in(page)
    assert [row[3] for row in data["projects"]] == [evil]
    assert [row[-1] for row in data["projects"]] == ["./../in/a%3Cb%3E.json"]
    assert data["kinds"][data["findings"][0][0]] == "得分与规则不同"
    assert data["findings"][0][3] == [[0, None]]


@pytest.mark.slow
def test_more_than_a_browser_holds_is_left_to_the_tables_and_said(tmp_path, card, monkeypatch):
    monkeypatch.setattr("selfeval.audit.survey.page.MOST_PROJECTS", 2)
    monkeypatch.setattr("selfeval.audit.survey.page.MOST_INDICATORS", 2)

    def other(one, number):
        one["projects"][0]["total"] = "99.50" if number == 3 else "100.00"

    for number, one in enumerate(units(card, 4, other)):
        write(tmp_path / "in" / f"{number}.json", one)
    surveyed(tmp_path / "out", tmp_path / "in")
    page = (tmp_path / "out" / "survey.html").read_text(encoding="utf-8")
    assert [row[1] for row in data_in(page)["projects"]] == ["第3局"]
    assert "共 4 个项目，本页只列出值得看的 1 个；全部在 projects.csv 里。" in page


def test_the_workbook_has_real_tables_whose_texts_are_texts(tmp_path, card):
    card["projects"][0] |= {"name": "=1+1", "total": "99.50"}
    card["projects"][0]["indicators"][0]["level3"] = "#N/A"
    card["projects"][0]["indicators"][1]["level3"] = "a\x08_x0041_"
    surveyed(tmp_path / "out", write(tmp_path / "a.json", card))
    book = openpyxl.load_workbook(tmp_path / "out" / "survey.xlsx")
    assert book.sheetnames == ["值得看", "项目", "指标", "按主管部门", "按功能科目", "按年度", "来源"]
    for sheet in book:
        (table,) = sheet.tables.values()
        assert table.ref == sheet.dimensions
        assert [column.name for column in table.tableColumns] == [cell.value for cell in sheet[1]]
    titles = [cell.value for cell in book["项目"][1]]
    row = dict(zip(titles, book["项目"][2], strict=True))
    assert (row["项目名称"].value, row["项目名称"].data_type, row["项目名称"].quotePrefix) == ("=1+1", "s", True)
    assert (row["总分"].value, row["总分"].data_type, row["项目编号"].value) == (99.5, "n", "P01")
    names = [cell.value for cell in book["指标"]["L"]]
    assert names[1:3] == ["#N/A", "a_x005F_x0041_"]  # Excel shows a_x0041_
    assert {cell.data_type for cell in book["指标"]["L"]} == {"s"}
