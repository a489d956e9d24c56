"""Chinese lines set to the full width: what is stretched, what is left ragged, and that the text stays what it was."""

from __future__ import annotations

from io import BytesIO

import pytest

from selfeval.report.pdf import engine as pdf
from selfeval.report.pdf.patches import justify
from selfeval.report.pdf.requirements import MachineLacks

try:
    weasyprint = pdf.load()
except MachineLacks as lack:
    pytest.skip(str(lack), allow_module_level=True)

WIDTH = 400
"""Of the text, in px; 25 characters of 16 px."""


def lines(text, align="justify"):
    """(text, right end in px) of every line of a paragraph."""
    style = f"p {{ font: 16px FangSong; margin: 0; text-align: {align} }} body {{ margin: 0 }}"
    style += "@page { size: 440px; margin: 20px }"
    page = f"<html lang=zh-CN><title>-</title><style>{style}</style><body><p>{text}</p>"
    document, _ = pdf.engine().laid_out(page)
    html, *_ = document.pages[0]._page_box.children
    (paragraph,) = html.children[0].children
    return [("".join(texts_of(line)), line.position_x + line.width - 20) for line in paragraph.children]


def texts_of(box):
    return [box.text] if hasattr(box, "text") else [text for child in box.children for text in texts_of(child)]


SENTENCE = "全年执行数八十六万七千六百元，预算执行率96.40%，该项分值为十分，得九分六角四分，其余各项按时完成。"
NEARLY = SENTENCE * 3 + "特此报告。"


def test_weasyprint_still_stretches_lines_with_the_function_we_replace():
    from weasyprint.layout import inline

    pdf.engine()
    assert weasyprint.__version__.startswith("70.")
    assert inline.justify_line is justify.justify


def test_every_line_but_the_last_ends_at_the_edge():
    *full, (_, last) = lines(NEARLY)
    assert len(full) >= 3
    assert [round(end) for _, end in full] == [WIDTH] * len(full)
    assert last < WIDTH
    assert any(round(end) < WIDTH for _, end in lines(NEARLY, "start")[:-1]), "without it they would not"


def test_lines_break_where_they_broke_before():
    assert [text for text, _ in lines(NEARLY)] == [text for text, _ in lines(NEARLY, "start")]


def test_a_line_that_lacks_too_much_stays_ragged():
    text = "证书编号ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJK见附件"
    assert lines(text)[0] == lines(text, "start")[0]
    assert lines(text)[0][1] < WIDTH - 50


def test_bold_words_inside_a_line_keep_their_place():
    text = NEARLY.replace("该项", "<b>该项</b>")
    assert [round(end) for _, end in lines(text)[:-1]] == [WIDTH] * (len(lines(text)) - 1)


def test_text_taken_out_of_the_pdf_has_no_blanks_in_it():
    pypdf = pytest.importorskip("pypdf")
    style = "@page { size: 440px; margin: 20px } p { font: 16px FangSong; text-align: justify }"
    page = f"<html lang=zh-CN><title>-</title><style>{style}</style><body><p>{NEARLY}</p>"
    content, _ = pdf.engine().render(page)
    assert pypdf.PdfReader(BytesIO(content)).pages[0].extract_text().replace("\n", "") == NEARLY
