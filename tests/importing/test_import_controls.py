"""Content controls of Word: what stands in them is read, what only asks to be filled in is not."""

from __future__ import annotations

from io import BytesIO

from docx import Document
from docx.oxml import parse_xml

from selfeval.importing.readers.docx import read_docx

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def run(text):
    return f"<w:r><w:t>{text}</w:t></w:r>"


def held(content, *properties):
    return f"<w:sdt><w:sdtPr>{''.join(properties)}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def cell(content):
    return f"<w:tc><w:p>{content}</w:p></w:tc>"


def read(*blocks):
    document = Document()
    for block in blocks:
        document.element.body[-1].addprevious(parse_xml(block.replace(">", f" {W}>", 1)))
    out = BytesIO()
    document.save(out)
    return read_docx(out.getvalue(), "a.docx")


ASKS = "<w:showingPlcHdr/>"
GRID = "<w:tblPr/><w:tblGrid><w:gridCol/><w:gridCol/><w:gridCol/></w:tblGrid>"


def test_what_stands_in_a_control_of_any_place_is_read():
    inside = held(f"<w:p>{run('丙')}</w:p>")
    row = f"<w:tr>{cell('')}{held(cell(run('乙')))}<w:tc>{inside}<w:p/></w:tc></w:tr>"
    before = held(f"<w:p>{run('段')}</w:p>"), f"<w:p>{run('名：')}{held(run('张三'))}</w:p>"
    source = read(*before, f"<w:tbl>{GRID}{row}</w:tbl>")
    assert [[c.text for c in line.cells] for line in source.lines] == [["段"], ["名：张三"], ["乙", "丙"]]
    assert source.unread == ()


def test_what_a_control_asks_for_is_no_answer_and_is_told():
    row = f"<w:tr>{cell(run('甲'))}{held(cell(run('单击此处输入文字。')), ASKS)}{cell(run('丙'))}</w:tr>"
    blocks = f"<w:p>{run('项目名称：')}{held(run('请填写'), ASKS)}</w:p>", f"<w:tbl>{GRID}{row}</w:tbl>"
    source = read(*blocks, f"<w:p>{held(run('　'), ASKS)}</w:p>")
    assert [[(c.column, c.text) for c in line.cells] for line in source.lines] == [
        [(0, "项目名称：")],
        [(0, "甲"), (2, "丙")],
    ]
    assert source.lines[1].blanks == {1}
    assert source.unread == ("Word 里没有填写的格的提示语没有读取：2 处",)


def test_a_control_that_was_filled_in_says_so():
    off = '<w:showingPlcHdr w:val="0"/>'
    source = read(f"<w:p>{held(run('已填'), off)}</w:p>")
    assert [line.text for line in source.lines] == ["已填"]
