"""What stands in a cell or beside the text and does not count: struck out, hidden, deleted, in a box, a picture.

None of it may become a value, and all of it is told.
"""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from shutil import which
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from importing.drawn import drawn
from importing.field_forms import tables_in
from importing.layouts import WRITERS
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.styles import Font
from PIL import Image as Picture

from selfeval.importing.run import import_forms
from selfeval.importing.vocabulary import squeeze

TITLE, NAME = ("项目支出绩效自评表（2023年度）",), ("项目名称", "甲项目")
HEADS = ("一级指标", "二级指标", "三级指标", "指标值", "完成值", "分值", "得分")
TRAINED = ("产出指标", "数量指标", "培训人次", "100人次", "95人次", 50, 47.5)
EMPLOYED = ("效益指标", "社会效益指标", "就业人数", "40人", "42人", 40, 40)
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def read(tmp_path: Path, data: bytes, kind: str) -> tuple[list[tuple[str, ...]], str, Path]:
    """Name, target and actual of every row; what the report says was not read; the evaluation."""
    (tmp_path / f"表.{kind}").write_bytes(data)
    import_forms([tmp_path / f"表.{kind}"], tmp_path / "e")
    tables = tables_in(tmp_path / "e")
    pairs = zip(tables["targets"], tables["actuals"], strict=True)
    rows = [(t["三级指标"], t["指标值"], a["实际完成值"]) for t, a in pairs]
    report = json.loads((tmp_path / "e" / "import-report.json").read_text("utf-8"))
    unread = [r["message"] for r in report["remarks"] if r["sort"] == "unknown"]
    unread += [f["text"] for f in report["fates"] if f["fate"] == "unknown"]
    return rows, "\n".join(unread), tmp_path / "e"


# ── spreadsheets ──


def workbook(change: Callable[[Any], None]) -> bytes:
    book = Workbook()
    for row in (TITLE, NAME, HEADS, TRAINED, EMPLOYED):
        book.active.append(row)
    change(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def strike(sheet: Any) -> None:
    sheet["D4"].font = Font(strike=True)
    sheet["D5"] = CellRichText(TextBlock(InlineFont(strike=True), "30人"), "40人")
    sheet["E5"] = CellRichText("42", TextBlock(InlineFont(vertAlign="superscript"), "1"))


def test_struck_text_of_a_sheet_is_no_value_and_a_raised_figure_no_digit(tmp_path) -> None:
    rows, unread, _ = read(tmp_path, workbook(strike), "xlsx")
    assert rows == [("培训人次", "", "95人次"), ("就业人数", "40人", "42¹")]
    assert "D4 里划掉的“100人次”没有读取" in unread
    assert "D5 里划掉的“30人”没有读取" in unread


@pytest.mark.full
@pytest.mark.skipif(which("soffice") is None, reason="needs LibreOffice")
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_struck_text_of_other_spreadsheets_is_no_value_either(tmp_path, kind) -> None:
    (tmp_path / "原.xlsx").write_bytes(workbook(strike))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        kind,
        "--outdir",
        str(tmp_path),
        str(tmp_path / "原.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    rows, unread, _ = read(tmp_path, (tmp_path / f"原.{kind}").read_bytes(), kind)
    assert [row[:2] for row in rows] == [("培训人次", ""), ("就业人数", "40人")]
    assert "划掉的“100人次”没有读取" in unread


def test_a_number_that_its_format_does_not_show_is_not_read(tmp_path) -> None:
    def change(sheet: Any) -> None:
        sheet["D4"], sheet["D4"].number_format = 100, ";;;"

    rows, unread, _ = read(tmp_path, workbook(change), "xlsx")
    assert rows[0] == ("培训人次", "", "95人次")
    assert "D4 的数字格式不显示内容（存的是 100），没有读取" in unread


def test_pictures_and_comments_of_a_workbook_are_told(tmp_path) -> None:
    def change(sheet: Any) -> None:
        sheet["D4"].comment = Comment("应为80人次", "审核")
        sheet.add_image(Image(picture()), "A8")

    rows, unread, _ = read(tmp_path, workbook(change), "xlsx")
    assert rows[0] == ("培训人次", "100人次", "95人次")
    assert "文件里有图片 1 处、批注 1 处，里面的字没有读取" in unread


def picture() -> io.BytesIO:
    out = io.BytesIO()
    Picture.new("RGB", (30, 20), "white").save(out, "png")
    out.seek(0)
    return out


# ── documents ──


def document(change: Callable[[Any], None]) -> bytes:
    made = docx.Document()
    made.add_paragraph(TITLE[0])
    table = made.add_table(0, len(HEADS))
    for row in (NAME, HEADS, TRAINED, EMPLOYED):
        for cell, text in zip(table.add_row().cells, row, strict=False):
            cell.text = str(text)
    change(table)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def run_of(table: Any, row: int, column: int) -> Any:
    return table.cell(row, column).paragraphs[0].runs[0]


def test_struck_and_hidden_text_of_a_document_is_no_value(tmp_path) -> None:
    def change(table: Any) -> None:
        run_of(table, 2, 3).font.strike = True
        table.cell(2, 3).paragraphs[0].add_run("120人次")
        run_of(table, 3, 3).font.double_strike = True
        run_of(table, 3, 4).font.hidden = True

    rows, unread, _ = read(tmp_path, document(change), "docx")
    assert rows == [("培训人次", "120人次", "95人次"), ("就业人数", "", "")]
    for words in ("划掉的“100人次”", "划掉的“40人”", "隐藏的“42人”"):
        assert f"里{words}没有读取" in unread


def test_a_row_deleted_in_tracked_changes_is_none(tmp_path) -> None:
    def change(table: Any) -> None:
        table.rows[2]._tr.get_or_add_trPr().append(parse_xml(f'<w:del {W} w:id="1" w:author="a"/>'))

    rows, _, _ = read(tmp_path, document(change), "docx")
    assert rows == [("就业人数", "40人", "42人")]


def test_a_box_over_a_cell_is_no_part_of_its_text(tmp_path) -> None:
    box = f"<w:r {W}><w:pict><w:txbxContent><w:p><w:r><w:t>120人次</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
    rows, unread, _ = read(
        tmp_path, document(lambda table: table.cell(2, 3).paragraphs[0]._p.append(parse_xml(box))), "docx"
    )
    assert rows[0] == ("培训人次", "100人次", "95人次")
    assert "里文本框里的“120人次”没有读取" in unread


def test_the_rows_of_a_table_in_a_cell_are_no_rows_of_the_table_around_it(tmp_path) -> None:
    def change(table: Any) -> None:
        inner = table.cell(2, 4).add_table(2, 2)
        for cell, text in zip(inner._cells, ("线上", "20人次", "线下", "75人次"), strict=True):
            cell.text = text

    rows, unread, _ = read(tmp_path, document(change), "docx")
    assert [row[0] for row in rows] == ["培训人次", "就业人数"]
    assert all(words in unread for words in ("线上", "20人次", "线下", "75人次"))


def test_boxes_of_the_old_kind_are_ticked_or_not(tmp_path) -> None:
    def change(table: Any) -> None:
        table.cell(0, 2).text = "项目类型"
        for ticked, words in ((0, "一次性"), (1, "经常性")):
            box = f'<w:checkBox><w:default w:val="{ticked}"/></w:checkBox>'
            run = f'<w:r {W}><w:fldChar w:fldCharType="begin"><w:ffData>{box}</w:ffData></w:fldChar></w:r>'
            table.cell(0, 3).paragraphs[0]._p.append(parse_xml(run))
            table.cell(0, 3).paragraphs[0].add_run(f"{words} ")

    _, _, into = read(tmp_path, document(change), "docx")
    assert tables_in(into)["projects"][0]["项目类型"] == "经常性"


def test_a_picture_in_the_place_of_a_value_is_told(tmp_path) -> None:
    def change(table: Any) -> None:
        table.cell(2, 4).text = ""
        table.cell(2, 4).paragraphs[0].add_run().add_picture(picture())

    rows, unread, _ = read(tmp_path, document(change), "docx")
    assert rows[0] == ("培训人次", "100人次", "")
    assert "文件里有图片 1 处，里面的字没有读取" in unread


# ── pages ──


def test_struck_words_and_fields_to_fill_in_of_a_page_are_no_values(tmp_path) -> None:
    struck = "<span style='text-decoration:line-through'>90</span>95人次"
    cells = ["产出指标", "数量指标", "培训人次", "<s>80人次</s>100人次", struck, "50", "<input value=9>"]
    head = f"<p>{TITLE[0]}</p><table><tr><td>项目名称<td colspan=6>甲项目<tr>{''.join(f'<th>{h}' for h in HEADS)}"
    rows, unread, _ = read(tmp_path, f"<html>{head}<tr>{''.join(f'<td>{c}' for c in cells)}</table>".encode(), "xls")
    assert rows == [("培训人次", "100人次", "95人次")]
    assert all(words in unread for words in ("划掉的“80人次”", "划掉的“90”", "网页里有填写的框"))


# ── numbers of notes, and forms that only a grid can hold ──


@pytest.mark.parametrize("mark", ["①", "¹", "❶"])
def test_the_number_of_a_note_is_no_digit_of_an_amount(tmp_path, mark) -> None:
    grid = drawn(f"项目名称|甲项目>3\n资金来源|年初预算数|全年预算数|全年执行数\n财政拨款|1000|1000{mark}|900")
    _, unread, into = read(tmp_path, WRITERS["xlsx"]([grid]), "xlsx")
    (row,) = tables_in(into)["budget"]
    assert (row["年初预算数"], row["全年预算数"], row["全年执行数"]) == ("1000", "", "900")
    assert f"1000{mark}" in unread
    assert squeeze(f"100{mark}") != "1001"


def test_goals_with_their_numbers_in_a_column_are_one_text(tmp_path) -> None:
    grid = drawn("项目名称|甲项目>3\n年度目标^3|1|办好培训>2\n2|提高就业>2\n3|群众满意>2")
    _, _, into = read(tmp_path, WRITERS["xlsx"]([grid]), "xlsx")
    assert tables_in(into)["projects"][0]["年度总体目标"] == "1 办好培训\n2 提高就业\n3 群众满意"


def test_points_behind_a_second_level_over_several_rows_are_for_a_person_to_share_out(tmp_path) -> None:
    grid = drawn("项目名称|甲项目>3\n一级指标|二级指标|三级指标|指标值\n产出指标^2|数量指标（30分）^2|甲|1\n乙|2")
    _, unread, into = read(tmp_path, WRITERS["xlsx"]([grid]), "xlsx")
    assert [t["分值"] for t in tables_in(into)["targets"]] == ["", ""]
    assert "“数量指标”后面写着 30 分，其下几行没有分值" in unread


def test_two_projects_side_by_side_are_told(tmp_path) -> None:
    grid = drawn(
        "项目名称|甲>2|项目名称|乙>2\n二级指标|三级指标|指标值|二级指标|三级指标|指标值\n数量指标|丙|1|数量指标|丁|2"
    )
    _, _, into = read(tmp_path, WRITERS["xlsx"]([grid]), "xlsx")
    assert "一行里有两个项目名称" in (into / "import-report.md").read_text("utf-8")


# ── where nothing is found, what was left unread says why ──


def test_a_summary_of_projects_says_that_it_is_none_of_their_forms(tmp_path) -> None:
    heads = "序号|项目编号|项目名称|项目资金(万元)>3|执行率|得分\n|||年初预算数|全年预算数|全年执行数||"
    (tmp_path / "汇总.xlsx").write_bytes(WRITERS["xlsx"]([drawn(f"{heads}\n1|P01|甲项目|81|81|80.56|99.46%|94.6")]))
    outcome = import_forms([tmp_path / "汇总.xlsx"], tmp_path / "e")
    assert outcome.nothing
    assert "几个项目的汇总表没有读取" in outcome.problems[0]
    assert "什么都没有写" in outcome.problems[0]


def test_a_workbook_of_hidden_sheets_says_that_they_are_hidden(tmp_path) -> None:
    def hide(sheet: Any) -> None:
        sheet.parent.create_sheet("空")
        sheet.sheet_state = "hidden"

    (tmp_path / "表.xlsx").write_bytes(workbook(hide))
    assert "隐藏的工作表“Sheet”没有读取" in import_forms([tmp_path / "表.xlsx"], tmp_path / "e").problems[0]
