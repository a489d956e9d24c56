"""init: a new evaluation that builds as it is, and the reviewer's sheet from whatever the reviewer has."""

from __future__ import annotations

import csv
import io
import shutil
import tomllib

import code_fixtures
import pytest
from attempts import slow
from evaluations import contents, files_in, make_evaluation

from selfeval.base.diagnostics import Severity
from selfeval.cli.app import run
from selfeval.evaluation.pipeline import evaluate
from selfeval.reading.columns import REVIEW, TABLES
from selfeval.reading.config import MONEY_UNITS, REPORT_TEXTS
from selfeval.reading.csv_edit import table_bytes
from selfeval.reading.layouts import FONT_ROLES, layouts_in, shipped_templates
from selfeval.reading.narrative import PROJECT_OUTLINE
from selfeval.rules.load import shipped_profiles

pytestmark = pytest.mark.usefixtures("typst_draws")


@pytest.fixture
def made(tmp_path):
    """A new evaluation."""
    folder = tmp_path / "我的评价-2024"
    assert run(["init", str(folder)]) == 0
    return folder


def rows(path):
    """A table as a spreadsheet reads it."""
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def test_the_new_evaluation_is_sound(made):
    result = evaluate(made).result
    assert [d.code for d in result.diagnostics if d.severity is not Severity.INFO] == []
    assert [card.counted for card in result.scorecards] == [100]
    assert result.evaluation.year == 2024
    assert result.evaluation.demo


def test_its_report_is_built_and_says_that_it_is_a_demonstration(made, tmp_path):
    assert run(["build", str(made), "--out", str(tmp_path / "out"), "--format", "html"]) == 0
    page = (tmp_path / "out" / made.name / "projects" / "P01" / "report.html").read_text(encoding="utf-8")
    assert "演示数据" in page
    assert "（示例）城市道路养护" in page


def without_marks(text):
    """The example as somebody would leave it who only takes the words 示例 and 请改写 away."""
    return text.replace("（示例文字，请改写）", "").replace("（示例）", "").replace("示例市", "甲市")


@pytest.mark.parametrize("mend", [without_marks, *slow(str)])
def test_the_examples_words_in_an_evaluation_of_ones_own_are_an_error(made, mend, tmp_path, capsys):
    for path in [made / "selfeval.toml", *made.glob("*.csv"), *made.glob("narrative/*.md")]:
        text = mend(path.read_bytes().decode("utf-8-sig")).replace("demo = true", "demo = false")
        path.write_bytes(text.encode("utf-8-sig" if path.suffix == ".csv" else "utf-8"))
    found = [d for d in evaluate(made).diagnostics if d.code == "N017"]
    assert {d.file.rpartition("/")[2] for d in found} >= {"projects.csv", "targets.csv", "actuals.csv", "P01.md"}
    assert {d.severity for d in found} == {Severity.ERROR}
    assert run(["build", str(made), "--out", str(tmp_path), "--format", "pdf", "--draft"]) == 1
    capsys.readouterr()
    assert run(["pack", str(made), "--out", str(tmp_path), "--draft"]) == 1
    assert "示例" in capsys.readouterr().err
    assert not (tmp_path / f"{made.name}.zip").exists()


ANYBODYS = {"项目编号", "项目属性", "项目类型", "功能科目编码", "科目名称", "开始日期", "结束日期", "项目负责人"}
"""Columns of the example whose texts somebody else may have."""


def test_each_text_of_the_example_left_in_alone_is_an_error(made, tmp_path):
    (project,) = rows(made / "projects.csv")
    left = {column: text for column, text in project.items() if text and column not in ANYBODYS}
    for number, (column, text) in enumerate(left.items()):
        change = {"projects": {"P01": {column: text.replace("（示例）城市", "示例市")}}}
        assert "N017" in codes_of(code_fixtures.made(tmp_path / str(number), change)), (column, text)
        slightly = {"projects": {"P01": {column: without_marks(text).replace("，", "、", 1) + "另有桥梁"}}}
        assert "N017" not in codes_of(code_fixtures.made(tmp_path / f"{number}-own", slightly)), (column, text)


def test_a_row_of_the_example_left_in_alone_is_an_error(made, tmp_path):
    targets, actuals = rows(made / "targets.csv"), rows(made / "actuals.csv")
    for number, (target, actual) in enumerate(zip(targets, actuals, strict=True)):
        drop = {"drop": {table: ["项目总成本"] for table in ("targets", "actuals")}}
        change = drop | {"add": {"targets": [target], "actuals": [actual]}}
        assert "N017" in codes_of(code_fixtures.made(tmp_path / str(number), change)), target
        own = drop | {"add": {"targets": [target], "actuals": [actual | OWN]}}
        assert "N017" not in codes_of(code_fixtures.made(tmp_path / f"{number}-own", own)), target


OWN = {"实际完成值": "8300", "偏差原因分析及改进措施": "", "佐证材料": "养护验收单"}


def codes_of(folder):
    """The codes of what is found."""
    return {d.code for d in evaluate(folder).diagnostics}


def test_every_table_has_all_its_columns_as_excel_and_wps_write_them(made):
    for spec in TABLES:
        if spec is REVIEW:
            continue
        content = (made / f"{spec.name}.csv").read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")
        assert content.count(b"\n") == content.count(b"\r\n") > 1
        assert set(rows(made / f"{spec.name}.csv")[0]) == {column.name for column in spec.columns if not column.shown}


def test_the_settings_name_every_key_and_explain_it(made):
    text = (made / "selfeval.toml").read_text(encoding="utf-8")
    settings = tomllib.loads(text)
    assert set(settings["evaluation"]) == {"year", "unit", "department", "rules", "money_unit", "demo"}
    assert set(settings["report"]) == {*REPORT_TEXTS, "public", "fonts"}
    profiles = [profile.id for profile in shipped_profiles()]
    layouts = layouts_in([shipped_templates()])
    for word in (*MONEY_UNITS, *FONT_ROLES, *profiles, *layouts, "[check.ignore]"):
        assert word in text
    values = [line for line in text.splitlines() if " = " in line and not line.startswith("#")]
    assert all("#" in line for line in values)


def test_the_narrative_has_the_headings_of_the_outline(made):
    text = (made / "narrative" / "P01.md").read_text(encoding="utf-8")
    assert all(heading.printed in text for heading in PROJECT_OUTLINE[:-1])


def test_the_evidence_it_names_is_there(made):
    assert "养护验收单（示例）.txt" in {path.name for path in (made / "evidence").iterdir()}


def test_the_same_name_gives_the_same_bytes(made, tmp_path):
    assert run(["init", str(tmp_path / "again" / made.name)]) == 0
    assert contents(made) == contents(tmp_path / "again" / made.name)


def test_a_folder_that_holds_anything_is_left_alone(tmp_path, capsys):
    folder = tmp_path / "评价"
    folder.mkdir()
    (folder / "笔记.txt").write_text("不要动", encoding="utf-8")
    assert run(["init", str(folder)]) == 2
    assert "不是空文件夹" in capsys.readouterr().err
    assert files_in(folder) == {"笔记.txt"}


def test_an_empty_folder_is_filled_and_a_file_is_not_a_folder(tmp_path, capsys):
    (tmp_path / "空").mkdir()
    assert run(["init", str(tmp_path / "空")]) == 0
    (tmp_path / "文件").write_bytes(b"")
    assert run(["init", str(tmp_path / "文件")]) == 2
    assert "是一个文件" in capsys.readouterr().err


@pytest.mark.parametrize("name", [".隐藏", "con", "NUL.2024", "a:b", "什么?", "尾点.", "长" * 65, "-x"])
def test_a_name_that_could_not_be_an_evaluation_everywhere_is_refused(tmp_path, capsys, name):
    assert run(["init", "--", str(tmp_path / name)]) == 2
    assert "不能作评价的名称" in capsys.readouterr().err
    assert files_in(tmp_path) == set()


def test_without_a_year_in_the_name_the_example_has_one_of_its_own(tmp_path):
    assert run(["init", str(tmp_path / "评价")]) == 0
    assert evaluate(tmp_path / "评价").result.evaluation.year == 2025


# ── The reviewer's sheet ──


def test_the_sheet_has_a_row_for_every_indicator_and_what_was_handed_in(made, tmp_path):
    assert run(["init", str(tmp_path / "复核"), "--review", str(made)]) == 0
    sheet = rows(tmp_path / "复核" / "review.csv")
    assert [row["三级指标"] for row in sheet] == [row["三级指标"] for row in rows(made / "targets.csv")]
    first = sheet[0]
    assert (first["年度指标值"], first["实际完成值"], first["分值"], first["自评得分"]) == (
        "≥8000平方米", "8260平方米", "15", "15.00",
    )  # fmt: skip
    assert not any(row[name] for row in sheet for name in ("复核完成值", "复核得分", "复核意见", "复核人"))
    assert "复核得分" in (tmp_path / "复核" / "复核填写说明.md").read_text(encoding="utf-8")


def test_the_sheet_fits_the_evaluation_it_was_made_for(made):
    assert run(["init", str(made), "--review", str(made)]) == 0
    result = evaluate(made).result
    assert [d.code for d in result.diagnostics if d.severity is not Severity.INFO] == []


def test_the_sheet_filled_in_comes_back_into_the_report(made, tmp_path):
    assert run(["init", str(tmp_path / "复核"), "--review", str(made)]) == 0
    sheet = rows(tmp_path / "复核" / "review.csv")
    sheet[0] |= {"复核完成值": "7900平方米", "复核得分": "14", "复核意见": "按验收报告", "复核人": "张三"}
    (made / "review.csv").write_bytes(table_bytes(REVIEW, sheet))
    assert run(["build", str(made), "--out", str(tmp_path / "out"), "--format", "html"]) == 0
    result = evaluate(made).result
    assert [d.code for d in result.diagnostics if d.severity is not Severity.INFO] == []
    assert f"{result.scorecards[0].deviation}" == "-1.00"
    page = tmp_path / "out" / made.name / "projects" / "P01" / "report.html"
    assert "按验收报告" in page.read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_reviewer_with_only_the_pdf_gets_the_same_sheet(made, tmp_path, capsys):
    assert run(["build", str(made), "--out", str(tmp_path / "out"), "--format", "pdf"]) == 0
    pdf = tmp_path / "送审.pdf"
    shutil.move(tmp_path / "out" / made.name / "projects" / "P01" / "report.pdf", pdf)
    assert run(["init", str(tmp_path / "甲"), "--review", str(made)]) == 0
    shutil.rmtree(made)
    assert run(["init", str(tmp_path / "乙"), "--review", str(pdf)]) == 0
    assert contents(tmp_path / "甲") == contents(tmp_path / "乙")


@pytest.mark.slow
def test_a_public_pdf_says_why_it_gives_no_sheet(made, tmp_path, capsys):
    assert run(["build", str(made), "--out", str(tmp_path / "out"), "--format", "pdf", "--public"]) == 0
    pdf = tmp_path / "out" / made.name / "projects" / "P01" / "report.pdf"
    capsys.readouterr()
    assert run(["init", str(tmp_path / "复核"), "--review", str(pdf)]) == 2
    assert "公开版" in capsys.readouterr().err
    assert not (tmp_path / "复核").exists()


def test_a_sheet_that_is_there_is_never_overwritten(made, tmp_path, capsys):
    (tmp_path / "复核").mkdir()
    (tmp_path / "复核" / "review.csv").write_text("已复核", encoding="utf-8")
    assert run(["init", str(tmp_path / "复核"), "--review", str(made)]) == 2
    assert "已经有了" in capsys.readouterr().err
    assert (tmp_path / "复核" / "review.csv").read_text(encoding="utf-8") == "已复核"


def test_several_submissions_make_one_sheet_and_one_project_twice_is_refused(made, tmp_path, capsys):
    other = make_evaluation(
        tmp_path, projects="项目编号 | 项目名称\nP09 | 桥梁\n", targets=None, actuals=None, budget=None
    )
    assert run(["init", str(tmp_path / "a"), "--review", str(made), "--review", str(other)]) == 0
    assert run(["init", str(tmp_path / "b"), "--review", str(made), "--review", str(made)]) == 2
    assert "不止一次" in capsys.readouterr().err


def test_a_code_is_the_key_where_there_is_one_and_no_cell_is_a_formula(tmp_path):
    folder = make_evaluation(
        tmp_path,
        targets="一级指标 | 二级指标 | 三级指标 | 指标值 | 指标编号\n产出指标 | 数量指标 | 里程 | =cmd() | K1\n",
        actuals="指标编号 | 三级指标 | 实际完成值\nK1 | 里程 | =1+1\n",
    )
    assert run(["init", str(tmp_path / "复核"), "--review", str(folder)]) == 0
    (row,) = rows(tmp_path / "复核" / "review.csv")
    assert row["指标编号"] == "K1"
    assert not any(cell.startswith("=") for cell in row.values())
