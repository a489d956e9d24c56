"""Forms as other provinces and units lay them out (`importing/habits.txt`): each is read as a person reads it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from attempts import slow, some
from importing.drawn import drawn
from importing.field_forms import seen, tables_in
from importing.habits import habits
from importing.layouts import WRITERS

from selfeval.importing.readers.files import read_source
from selfeval.importing.run import import_forms
from selfeval.importing.vocabulary import squeeze
from selfeval.reading.columns import WORKBOOK

HABITS = habits()
STAGES = ("年初预算数", "全年预算数", "全年执行数")


def rows_in(tables) -> list[tuple[str, ...]]:
    """Every indicator with its levels, target, actual, points and score."""
    pairs = zip(tables["targets"], tables["actuals"], strict=True)
    read = [seen(target, actual) for target, actual in pairs]
    names = ("target_text", "actual_text", "weight", "score")
    return [plain((f"{r['level1']}·{r['level2']}·{r['level3']}", *(r[name] for name in names))) for r in read]


def plain(texts) -> tuple[str, ...]:
    return tuple(map(squeeze, texts))


def in_yuan(row: dict[str, str], scale: Decimal) -> tuple[str, ...]:
    amounts = (f"{(Decimal(row[c]) * scale).normalize():f}" if row[c] else "" for c in STAGES)
    return (row["资金来源"], *amounts)


KINDS = ("xlsx", "docx", "md", "xls")
MADE = [(name, kind) for name in HABITS for kind in KINDS]


@pytest.mark.parametrize(("name", "kind"), some(MADE, 3))
def test_a_form_of_another_make_is_read_as_it_stands(tmp_path, name, kind) -> None:
    habit = HABITS[name]
    (tmp_path / f"表.{kind}").write_bytes(WRITERS[kind](habit.grids))
    import_forms([tmp_path / f"表.{kind}"], tmp_path / "e")
    tables = tables_in(tmp_path / "e")
    optional = set(map(plain, habit.lines("optional", 5)))
    assert [row for row in rows_in(tables) if row not in optional] == [*map(plain, habit.lines("rows", 5))]
    assert [p["项目名称"] for p in tables["projects"]] == habit.told.get("projects", ["甲项目"])
    if "yuan" in habit.told:
        settings = (tmp_path / "e" / "selfeval.toml").read_text(encoding="utf-8")
        scale = Decimal(10_000 if 'money_unit = "万元"' in settings else 1)
        assert [in_yuan(row, scale) for row in tables["budget"]] == habit.lines("yuan", 4)
    for column, text in habit.lines("columns", 2):
        assert tables["targets"][0][column] == text
    for column, text in habit.lines("fields", 2):
        assert [project[column] for project in tables["projects"]] == [text], column


# ── what only a spreadsheet can hold ──

HEADS = ("一级指标", "二级指标", "三级指标", "指标值", "完成值", "分值", "得分")


def unknown(into) -> str:
    """What the report says was not read."""
    report = json.loads((into / "import-report.json").read_text(encoding="utf-8"))
    return "\n".join(remark["message"] for remark in report["remarks"] if remark["sort"] == "unknown")


def sheet_of(*rows: tuple[Any, ...], change: Callable[[Any], None] = lambda _: None) -> bytes:
    """A workbook of one form with those rows from line 4 on."""
    from openpyxl import Workbook

    book = Workbook()
    for row in (("项目支出绩效自评表（2023年度）",), ("项目名称", "甲项目"), HEADS, *rows):
        book.active.append(row)
    change(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def imported(tmp_path, data: bytes, kind: str = "xlsx"):
    (tmp_path / f"表.{kind}").write_bytes(data)
    outcome = import_forms([tmp_path / f"表.{kind}"], tmp_path / "e")
    return outcome, tables_in(tmp_path / "e"), tmp_path / "e"


OLD, NEW = ("产出指标", "数量指标", "旧", "1", "1", 50, 50), ("产出指标", "数量指标", "新", "2", "2", 50, 40)


def test_hidden_rows_and_columns_are_told_and_not_read(tmp_path) -> None:
    def hide(sheet) -> None:
        sheet.row_dimensions[4].hidden = True
        sheet.column_dimensions["D"].hidden = True

    _, tables, into = imported(tmp_path, sheet_of(OLD, NEW, change=hide))
    assert rows_in(tables) == [("产出指标·数量指标·新", "", "2", "50", "40")]
    assert "隐藏的行、列里有 9 格没有读取" in unknown(into)


def test_hidden_rows_of_an_ods_are_told_too(tmp_path) -> None:
    data = WRITERS["ods"]([drawn("项目名称|甲项目>2\n二级指标|三级指标|指标值\n数量指标|旧|1\n数量指标|新|2")])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    rows_ = parts["content.xml"].split(b"<table:table-row>")
    hidden = b'<table:table-row table:visibility="filter">'.join((b"<table:table-row>".join(rows_[:3]), rows_[3]))
    parts["content.xml"] = b"<table:table-row>".join((hidden, *rows_[4:]))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    _, tables, into = imported(tmp_path, out.getvalue(), "ods")
    assert [t["三级指标"] for t in tables["targets"]] == ["新"]
    assert "隐藏的行、列里有 3 格没有读取" in unknown(into)


PAGE = """<html><head><style>td {{color: red}}</style></head><body><!-- <table> --><p>项目支出绩效自评表（2023年度）</p>
<table><tr><td>项目名称<td colspan=6>甲项目<tr>{heads}<tr style="display:none"><td>产出指标<td>数量指标<td>旧<td>1<td>1
<tr><td>产出指标<td>数量指标<td>率&gt;5&nbsp;%<td>{target}<td>96%<td>90<td>90</table></body></html>"""


def test_a_page_that_a_portal_calls_xls_is_read_by_its_cells(tmp_path) -> None:
    """Tags left open, entities, hidden rows, scripts and comments: as a browser shows it."""
    page = PAGE.format(heads="".join(f"<th>{name}" for name in HEADS), target="<script>document.write(1)</script>≥95%")
    outcome, tables, into = imported(tmp_path, page.encode("gb18030"), "xls")
    assert rows_in(tables) == [("产出指标·数量指标·率>5%", "≥95%", "96%", "90", "90")]
    assert [project["项目名称"] for project in tables["projects"]] == ["甲项目"]
    assert "隐藏的行、列里有 5 格没有读取" in unknown(into)
    assert not outcome.problems


@pytest.mark.parametrize(
    "part", some(["<a ", "<!--", "<", "</td ", "&#x", "<td a='", "<![CDATA[", "<script>"], 4) + slow("<table>")
)
def test_a_broken_page_is_read_in_one_pass(tmp_path, part) -> None:
    page = f"<table><tr><td>项目名称<td>甲项目{part * 60_000}"
    (tmp_path / "表.xls").write_bytes(page.encode())
    assert read_source(tmp_path / "表.xls").lines


def test_a_workbook_of_xml_and_a_page_without_tables_are_refused_with_the_way_out(tmp_path) -> None:
    for data in (b'<?xml version="1.0"?><Workbook xmlns="urn:x"/>', b"<html><p>a</p></html>"):
        outcome, _, _ = imported(tmp_path, data, "xls")
        assert "另存为 .xlsx" in outcome.problems[0]


def test_rows_that_a_filter_hides_in_our_own_workbook_are_read(tmp_path) -> None:
    """A 科室 filters 填报表.xlsx down to its own rows; the others are still there."""
    from openpyxl import load_workbook

    (tmp_path / "表.xlsx").write_bytes(sheet_of(OLD, NEW))
    import_forms([tmp_path / "表.xlsx"], tmp_path / "a", xlsx=True)
    book = load_workbook(tmp_path / "a" / WORKBOOK)
    book["指标"].row_dimensions[2].hidden = True
    book.save(tmp_path / "填报.xlsx")
    import_forms([tmp_path / "填报.xlsx"], tmp_path / "b")
    assert [t["三级指标"] for t in tables_in(tmp_path / "b")["targets"]] == ["旧", "新"]


def test_a_value_that_is_not_what_the_sheet_shows_is_told_and_not_read(tmp_path) -> None:
    """A formula without its result, an error, a number that its format makes smaller."""

    def change(sheet) -> None:
        sheet["D4"] = "=50*2"
        sheet["E4"].data_type = "e"
        sheet["F4"].number_format = "0!.0,"

    _, tables, into = imported(tmp_path, sheet_of(("产出指标", "数量指标", "甲", 1, "#N/A", 500000, 40), change=change))
    assert rows_in(tables) == [("产出指标·数量指标·甲", "", "", "", "40")]
    for words in ("D4 是公式", "E4 是出错的公式（#N/A）", "F4 的数字格式缩小了显示的数（存的是 500000）"):
        assert words in unknown(into)


def test_of_two_columns_of_targets_nobody_tells_which_is_the_years(tmp_path) -> None:
    grid = drawn("项目名称|甲项目>4\n一级指标|二级指标|三级指标|指标值|目标值\n产出指标|数量指标|甲|80|100")
    _, tables, into = imported(tmp_path, WRITERS["xlsx"]([grid]))
    assert rows_in(tables) == [("产出指标·数量指标·甲", "", "", "", "")]
    assert "有两栏都像指标值" in unknown(into)


def test_two_numbers_run_together_are_no_total(tmp_path) -> None:
    text = "项目名称\t甲项目\n一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t次数\t3次\n自评总分：10099.13"
    _, tables, into = imported(tmp_path, text.encode(), "txt")
    assert tables["projects"][0]["原表总分"] == ""
    assert "总分不是数" in (into / "import-report.json").read_text("utf-8")


def test_a_row_of_markdown_is_a_line_however_many_cells_it_has(tmp_path) -> None:
    form = "|项目名称|{0}|\n|一级指标|二级指标|三级指标|指标值|\n|产出指标|数量指标|{0}次数|3次|"
    text = "\n\n".join(f"项目绩效目标表\n{form.format(name)}" for name in ("甲", "乙"))
    _, tables, _ = imported(tmp_path, text.encode(), "md")
    assert [(p["项目编号"], p["项目名称"]) for p in tables["projects"]] == [("P01", "甲"), ("P02", "乙")]
    assert [(t["项目编号"], t["三级指标"]) for t in tables["targets"]] == [("P01", "甲次数"), ("P02", "乙次数")]


def test_traditional_characters_are_refused_with_the_reason(tmp_path) -> None:
    text = "項目名稱\t甲項目\n一級指標\t二級指標\t三級指標\t年度指標值\n產出指標\t數量指標\t培訓人次\t100"
    outcome, _, _ = imported(tmp_path, text.encode(), "txt")
    assert outcome.nothing
    assert "繁体字" in outcome.problems[0]
