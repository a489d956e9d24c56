"""填报表.xlsx: the workbook that people fill in stands for all four tables; its parts fill its blank cells."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from pathlib import Path

import pytest
from attempts import some
from evaluations import codes, errors, finding, make_evaluation
from openpyxl import Workbook, load_workbook

from selfeval.evaluation.pipeline import evaluate
from selfeval.importing.run import import_forms
from selfeval.reading.columns import ACTUALS, BUDGET, PROJECTS, TARGETS
from selfeval.reading.tables import read_table
from selfeval.report.text.findings import as_text

SEEDS = Path(__file__).parents[2] / "inputs"
FORMS = Path(__file__).parent / "seeds"
SPECS = (PROJECTS, BUDGET, TARGETS, ACTUALS)
BOOK = "填报表.xlsx"
FORM = """\
项目支出绩效目标申报表
(2021年)
填报单位：甲县财政局
单位：元
项目名称\t道路维修\t\t
项目预算金额：\t1,000.00\t\t
一级指标\t二级指标\t三级指标\t指标值
产出指标\t数量指标\t维修里程\t≥20公里
\t质量指标\t路面平整度\t良好
满意度指标\t服务对象满意度\t群众满意度\t≥90%
"""
DONE = {"维修里程": "21公里", "路面平整度": "达成", "群众满意度": "95%"}


@pytest.fixture
def form(tmp_path):
    path = tmp_path / "申报表.txt"
    path.write_text(FORM, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    """An evaluation with an entry workbook as import writes it."""
    home = tmp_path_factory.mktemp("imported")
    (home / "申报表.txt").write_text(FORM, encoding="utf-8")
    import_forms([home / "申报表.txt"], home / "甲县-2021", xlsx=True)
    return home / "甲县-2021"


@pytest.fixture
def folder(imported, tmp_path):
    """A copy of it to be filled in."""
    return shutil.copytree(imported, tmp_path / imported.name)


def change(path: Path, sheet: str, column: str, texts: dict[str, str], by: str = "三级指标") -> None:
    """Fills cells of a sheet as a person does: by the text in another column of the row."""
    book = load_workbook(path)
    page = book[sheet]
    at = {cell.value: cell.column for cell in page[1]}
    for row in page.iter_rows(min_row=2):
        name = row[at[by] - 1].value
        if name in texts:
            row[at[column] - 1].value = texts[name]
    book.save(path)


def fill(folder: Path, texts: dict[str, str] | None = None) -> None:
    change(folder / BOOK, "完成情况", "实际完成值", texts or DONE)
    change(folder / BOOK, "预算", "全年执行数", {"财政拨款": "1000"}, by="资金来源")
    change(folder / BOOK, "预算", "全年预算数", {"财政拨款": "1000"}, by="资金来源")


def part(folder: Path, name: str, texts: dict[str, str], column: str = "实际完成值") -> None:
    """A copy of 完成情况 alone, as it is sent to a 科室, filled in."""
    book = load_workbook(folder / BOOK)
    for sheet in book.sheetnames:
        if sheet != "完成情况":
            del book[sheet]
    book.save(folder / name)
    page = load_workbook(folder / name)
    at = {cell.value: cell.column for cell in page.active[1]}
    for row in page.active.iter_rows(min_row=2):
        row[at["实际完成值"] - 1].value = None
    page.save(folder / name)
    change(folder / name, "完成情况", column, texts)


def rows(folder: Path, spec) -> list[dict[str, str]]:
    table, problems = read_table(folder, spec)
    assert problems == ()
    return [{column: row.text(column) for column in table.columns} for row in table.rows]


# ── what import writes ──


def test_it_holds_all_four_tables_and_no_csv_is_written(folder) -> None:
    assert sorted(p.name for p in folder.iterdir() if p.suffix in {".csv", ".xlsx"}) == [BOOK]
    assert load_workbook(folder / BOOK).sheetnames == ["说明", "项目", "预算", "指标", "完成情况"]


def test_it_is_read_as_the_csv_tables_are(form, folder, tmp_path) -> None:
    import_forms([form], tmp_path / "csv" / folder.name)
    for spec in SPECS:
        there = rows(tmp_path / "csv" / folder.name, spec)
        read = [{name: text for name, text in row.items() if name in there[0]} for row in rows(folder, spec)]
        assert read == there


def test_target_and_points_stand_beside_the_actual(folder) -> None:
    page = load_workbook(folder / BOOK)["完成情况"]
    head = [cell.value for cell in page[1]]
    assert head.index("年度指标值") < head.index("分值") < head.index("实际完成值")
    assert page.cell(2, head.index("年度指标值") + 1).value == "≥20公里"


def test_approved_targets_and_keys_are_guarded_and_the_rest_is_not(folder) -> None:
    book = load_workbook(folder / BOOK)
    for sheet, guarded, free in (
        ("指标", ("一级指标", "三级指标", "指标值"), ("分值", "指标性质")),
        ("完成情况", ("项目编号", "三级指标", "年度指标值"), ("实际完成值", "完成档次", "佐证材料")),
    ):
        at = {cell.value: cell.column for cell in book[sheet][1]}
        assert book[sheet].protection.sheet
        assert all(book[sheet].cell(2, at[name]).protection.locked for name in guarded)
        assert not any(book[sheet].cell(2, at[name]).protection.locked for name in free)


def test_every_sheet_prints_across_with_its_header_on_every_page(folder) -> None:
    book = load_workbook(folder / BOOK)
    assert {page.page_setup.orientation for page in book.worksheets} == {"landscape"}
    assert [page.print_title_rows for page in book.worksheets[1:]] == ["$1:$1"] * 4


def test_what_is_missing_is_coloured(folder) -> None:
    page = load_workbook(folder / BOOK)["完成情况"]
    at = {cell.value: cell.column_letter for cell in page[1]}
    coloured = {str(r.sqref).split(":")[0].split()[0] for r in page.conditional_formatting}
    assert f"{at['实际完成值']}2" in coloured
    assert f"{at['完成档次']}3" in coloured


def test_no_cell_that_is_read_is_a_formula(folder) -> None:
    book = load_workbook(folder / BOOK)
    assert not [c for page in book.worksheets[1:] for row in page.iter_rows() for c in row if c.data_type == "f"]
    assert [c for row in book["说明"].iter_rows() for c in row if c.data_type == "f"]


def test_the_same_forms_give_the_same_bytes(form, folder, tmp_path) -> None:
    import_forms([form], tmp_path / "again" / folder.name, xlsx=True)
    assert (tmp_path / "again" / folder.name / BOOK).read_bytes() == (folder / BOOK).read_bytes()


@pytest.mark.parametrize(
    "text", some(["1.10", "007", "1e3", "0.30%", "=1+1", "_x0041_", "≥95%", "-5℃", "2021年12月", "<b>"], 4)
)
def test_every_text_survives_in_every_column(tmp_path, text) -> None:
    from selfeval.importing.tables.assemble import complete
    from selfeval.importing.tables.entry_guide import About
    from selfeval.importing.tables.entry_workbook import entry_workbook

    tables = {s.name: [complete(s, {c.name: text for c in s.columns} | {"项目编号": "P01"})] for s in SPECS}
    (tmp_path / BOOK).write_bytes(entry_workbook(tables, About("甲", 2021, "元", "90")))
    for spec in SPECS:
        wanted = {c.name: text for c in spec.columns if not c.shown} | {"项目编号": "P01"}
        (row,) = rows(tmp_path, spec)
        assert {name: row[name] for name in wanted} == wanted


# ── how it is read ──


def test_a_filled_in_workbook_is_an_evaluation(folder) -> None:
    fill(folder)
    evaluated = evaluate(folder)
    assert errors(evaluated) == []
    (card,) = evaluated.result.scorecards
    assert [score.indicator.actual.text for score in card.scores] == list(DONE.values())


def test_what_a_person_types_as_a_number_or_percentage_is_read(folder) -> None:
    fill(folder, DONE | {"维修里程": 21})
    book = load_workbook(folder / BOOK)
    book["完成情况"]["A1"].comment = None
    at = {cell.value: cell.column for cell in book["完成情况"][1]}
    cell = book["完成情况"].cell(4, at["实际完成值"])
    cell.value, cell.number_format = 0.955, "0.0%"
    book.save(folder / BOOK)
    assert [row["实际完成值"] for row in rows(folder, ACTUALS)] == ["21", "达成", "95.5%"]


@pytest.mark.parametrize("name", ["targets.csv", "budget.csv", "projects.xlsx", "actuals.xlsx", "actuals/甲.csv"])
def test_the_same_table_beside_it_is_an_error(folder, name) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    Workbook().save(folder / name) if name.endswith("xlsx") else (folder / name).write_text("项目编号\n", "utf-8")
    table = name.split(".")[0].split("/")[0]
    (clash,) = [d for d in evaluate(folder).diagnostics if d.code == "T009"]
    assert name.split("/")[-1] in clash.message
    assert BOOK in clash.message
    assert read_table(folder, next(s for s in SPECS if s.name == table))[0].rows == ()


@pytest.mark.slow
def test_a_review_beside_it_is_none(folder) -> None:
    fill(folder)
    (folder / "review.csv").write_text("项目编号,二级指标,三级指标,复核完成值\n", encoding="utf-8")
    assert errors(evaluate(folder)) == []


def test_a_missing_sheet_is_named(folder) -> None:
    book = load_workbook(folder / BOOK)
    del book["预算"]
    book.save(folder / BOOK)
    missing = finding(evaluate(folder), "T006")
    assert "预算" in missing.message
    assert missing.file == f"甲县-2021/{BOOK}"


def test_a_merged_cell_is_refused_where_it_stands(folder) -> None:
    book = load_workbook(folder / BOOK)
    book["完成情况"].merge_cells("F2:F3")
    book.save(folder / BOOK)
    merged = finding(evaluate(folder), "T015")
    assert (merged.sheet, merged.line, merged.column) == ("完成情况", 2, 6)


# ── parts per 科室 ──


@pytest.mark.slow
def test_parts_fill_the_blank_cells(folder) -> None:
    fill(folder, {"维修里程": "21公里"})
    part(folder, "填报表-工程科.xlsx", {"路面平整度": "达成"})
    part(folder, "填报表-办公室.xlsx", {"群众满意度": "95%"})
    evaluated = evaluate(folder)
    assert errors(evaluated) == []
    assert [s.indicator.actual.text for s in evaluated.result.scorecards[0].scores] == list(DONE.values())


def test_the_place_of_a_value_from_a_part_is_its_cell(folder) -> None:
    fill(folder, {"维修里程": "21公里", "路面平整度": "达成"})
    part(folder, "填报表-办公室.xlsx", {"群众满意度": "不知道"})
    (found,) = [d for d in evaluate(folder).diagnostics if d.code.startswith("V") and d.severity != "info"]
    assert (found.file, found.sheet, found.line) == ("甲县-2021/填报表-办公室.xlsx", "完成情况", 4)
    assert found.title == "实际完成值"


@pytest.mark.slow
def test_the_same_value_twice_is_no_matter(folder) -> None:
    fill(folder)
    part(folder, "填报表-办公室.xlsx", DONE)
    assert errors(evaluate(folder)) == []


def test_two_different_values_are_an_error_that_names_both_places(folder) -> None:
    fill(folder)
    part(folder, "填报表-办公室.xlsx", {"维修里程": "18公里"})
    evaluated = evaluate(folder)
    assert errors(evaluated) == ["P004"]
    clash = finding(evaluated, "P004")
    assert (clash.file, clash.line, clash.project) == ("甲县-2021/填报表-办公室.xlsx", 2, "P01")
    assert all(text in clash.message for text in ("21公里", "18公里", BOOK))
    assert clash.indicator == "数量指标/维修里程"


def test_a_part_without_the_workbook_is_not_passed_over(tmp_path, folder) -> None:
    part(folder, "填报表-办公室.xlsx", DONE)
    other = make_evaluation(tmp_path, name="乙县-2021")
    shutil.move(folder / "填报表-办公室.xlsx", other)
    assert "填报表-办公室.xlsx" in finding(evaluate(other), "T006").message


def test_other_sheets_of_a_part_are_said_not_to_be_read(folder) -> None:
    fill(folder)
    shutil.copy(folder / BOOK, folder / "填报表-办公室.xlsx")
    evaluated = evaluate(folder)
    assert errors(evaluated) == []
    assert "指标" in next(d.message for d in evaluated.diagnostics if d.file.endswith("办公室.xlsx"))


# ── places as Excel tells them ──


def test_a_finding_says_sheet_row_title_and_cell(folder) -> None:
    fill(folder, DONE | {"群众满意度": "不知道"})
    evaluated = evaluate(folder)
    (found,) = [d for d in evaluated.diagnostics if d.code.startswith("V") and d.severity != "info"]
    column = [cell.value for cell in load_workbook(folder / BOOK)["完成情况"][1]].index("实际完成值") + 1
    assert (found.line, found.column) == (4, column)
    cell = f"{'ABCDEFGHIJ'[column - 1]}4"
    text = as_text([found], {folder.name: folder.parent})
    assert f"{BOOK} 完成情况 第4行 实际完成值 ({cell}): " in text


def test_a_table_in_a_workbook_of_its_own_names_no_sheet(tmp_path) -> None:
    folder = make_evaluation(tmp_path, actuals=None)
    book = Workbook()
    for row in (("项目编号", "三级指标", "实际完成值"), ("P01", "维修里程", "20公里"), ("P01", "通行提速率", "说不清"),
                ("P01", "群众满意度", "90%")):  # fmt: skip
        book.active.append(row)
    book.save(folder / "actuals.xlsx")
    evaluated = evaluate(folder)
    text = as_text(evaluated.diagnostics, {folder.name: folder.parent})
    assert "actuals.xlsx 第3行 实际完成值 (C3): " in text


# ── import again, and from it ──


def test_what_a_person_filled_in_stays(form, folder) -> None:
    fill(folder)
    import_forms([form], folder)
    import_forms([form], folder, xlsx=True)
    assert [row["实际完成值"] for row in rows(folder, ACTUALS)] == list(DONE.values())
    assert not list(folder.glob("*.csv"))


@pytest.mark.slow
def test_a_new_indicator_reaches_both_sheets_with_its_target_beside_it(form, folder) -> None:
    fill(folder)
    text = form.read_text(encoding="utf-8")
    form.write_text(text.replace("满意度指标\t", "\t时效指标\t完成时间\t2021年底前\n满意度指标\t"), encoding="utf-8")
    import_forms([form], folder)
    assert [row["三级指标"] for row in rows(folder, TARGETS)][-1] == "完成时间"
    page = load_workbook(folder / BOOK)["完成情况"]
    at = {cell.value: cell.column for cell in page[1]}
    assert page.cell(5, at["年度指标值"]).value == "2021年底前"
    assert page.cell(2, at["实际完成值"]).value == "21公里"


def test_a_renewed_target_is_renewed_beside_the_actual(form, folder) -> None:
    form.write_text(FORM.replace("≥20公里", "≥25公里"), encoding="utf-8")
    import_forms([form], folder)
    page = load_workbook(folder / BOOK)["完成情况"]
    assert "≥25公里" in {cell.value for cell in page[2]}


def test_tables_that_are_csv_already_stay_so(form, tmp_path) -> None:
    into = tmp_path / "甲县-2021"
    import_forms([form], into)
    import_forms([form], into, xlsx=True)
    assert not (into / BOOK).exists()
    assert BOOK in (into / "import-report.md").read_text(encoding="utf-8")


def test_import_takes_a_workbook_as_it_stands(folder, tmp_path) -> None:
    fill(folder)
    outcome = import_forms([folder / BOOK], tmp_path / "乙" / folder.name)
    assert (outcome.projects, outcome.indicators, outcome.not_understood) == (1, 3, 0)
    for spec in SPECS:
        made = rows(tmp_path / "乙" / folder.name, spec)
        assert made == [{k: v for k, v in row.items() if k in made[0]} for row in rows(folder, spec)]
    toml = (tmp_path / "乙" / folder.name / "selfeval.toml").read_text(encoding="utf-8")
    assert "year = 2021" in toml
    assert 'unit = "甲县财政局"' in toml


@pytest.mark.slow
def test_import_fills_in_from_a_part(folder, tmp_path) -> None:
    fill(folder, {"维修里程": "21公里"})
    part(folder, "填报表-办公室.xlsx", {"群众满意度": "95%", "维修里程": "99公里"})
    moved = shutil.move(folder / "填报表-办公室.xlsx", tmp_path)
    outcome = import_forms([Path(moved)], folder)
    assert outcome.kept == 1
    assert [row["实际完成值"] for row in rows(folder, ACTUALS)] == ["21公里", "", "95%"]


@pytest.mark.parametrize("name", ["mianyang-2021", "ningxia-2020"])
def test_our_own_csv_tables_come_back_whole(tmp_path, name) -> None:
    into = tmp_path / name
    outcome = import_forms([SEEDS / name / f"{spec.name}.csv" for spec in SPECS], into)
    assert outcome.not_understood == 2  # 年度 and 单位 stand in none of the tables
    for spec in SPECS:
        source = rows(SEEDS / name, spec)
        assert [{name: row[name] for name in source[0]} for row in rows(into, spec)] == source


# ── in a spreadsheet program ──


@pytest.mark.full
def test_what_libreoffice_saves_is_read_again(folder, tmp_path) -> None:
    before = {spec.name: rows(folder, spec) for spec in SPECS}
    office = shutil.which("soffice") or pytest.skip("LibreOffice is not there")
    command = [office, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "o")]
    subprocess.run([*command, str(folder / BOOK)], check=True, capture_output=True)
    shutil.copy(tmp_path / "o" / BOOK, folder / BOOK)
    assert {spec.name: rows(folder, spec) for spec in SPECS} == before
    counted = load_workbook(folder / BOOK, data_only=True)["说明"]
    told = {row[0].value: [cell.value for cell in row] for row in counted.iter_rows()}
    assert told["P01"][2:8] == [3, 0, 90, 0, 3, 1]
    assert codes(evaluate(folder)).count("T023") == 0


def test_the_csv_export_of_a_workbook_reads_alike(folder) -> None:
    """What the report's attachments hold: the same texts, as CSV."""
    from selfeval.audit.attachments import rows_csv

    fill(folder)
    table, _ = read_table(folder, ACTUALS)
    text = rows_csv(table, ACTUALS, table.rows)
    read = list(csv.DictReader(io.StringIO(bytes(text).decode("utf-8-sig"))))
    assert [row["实际完成值"] for row in read] == list(DONE.values())


def test_the_unit_as_a_whole_should_have_the_points_of_its_own_rules(tmp_path) -> None:
    folder = tmp_path / "宁夏"
    folder.mkdir()
    settings = '[evaluation]\nyear = 2020\nunit = "甲"\nmoney_unit = "万元"\nrules = "mof-2020"\nunit_rules = "hubei"\n'
    (folder / "selfeval.toml").write_text(settings, encoding="utf-8")
    import_forms([FORMS / "ningxia-2020.txt"], folder, xlsx=True)
    sheet = load_workbook(folder / BOOK)["说明"]
    should = {row[0].value: row[4].value for row in sheet.iter_rows() if len(row) > 4 and row[4].value}
    assert (should["P01"], should["unit"]) == ("=90", "=80")


def test_a_form_of_a_whole_unit_may_list_no_indicators(tmp_path) -> None:
    outcome = import_forms([FORMS / "ningxia-2020.txt"], tmp_path / "宁夏")
    assert outcome.doubtful == 0
