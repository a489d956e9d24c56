"""The Word file: the report's words and figures, official type, and nothing that an input could smuggle in."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from zipfile import ZipFile

import pytest
from attempts import slow
from docx import Document
from docx.enum.shape import WD_INLINE_SHAPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, Twips
from sample_result import in_layout, sample_result, told_by_two_processes, with_unit
from test_xlsx import CARDS, EVERY_CARD, HOSTILE, RESULTS, card_of, hostile

from selfeval.base import display
from selfeval.importing.readers.docx import read_docx
from selfeval.importing.readers.docx_numbers import list_numbers
from selfeval.report.docx.report import report_document
from selfeval.report.docx.styles import new_document
from selfeval.report.docx.writer import Writer
from selfeval.report.pages.document import project_document
from selfeval.report.pages.form_paper import PAPERS
from selfeval.report.pages.planner import planned
from selfeval.report.pages.printed_items import Table
from selfeval.report.pages.printed_text import printed_text
from selfeval.report.pages.words import WORDS
from selfeval.report.xlsx.native_charts import AROUND, height_of, lines_of, named

PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x0f\xa0\x00\x00\x07\xd0\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82"
)


def opened(data):
    """The document without its controls, into which the library does not look; what was in them stands as it is."""
    document = Document(BytesIO(data))
    for held in reversed(list(document.element.body.iter(qn("w:sdt")))):
        for child in held.find(qn("w:sdtContent")):
            held.addprevious(child)
        held.getparent().remove(held)
    return document


@cache
def report_of(name, id_, layout=""):
    """The file of a project of a sample."""
    result = in_layout(RESULTS[name], layout) if layout else RESULTS[name]
    return report_document(result, card_of(name, id_))


@cache
def large_file():
    result = sample_result()
    return report_document(result, result.scorecards[1])


def large(result=None):
    """The larger project of the sample, or of one like it."""
    return opened(report_document(result, result.scorecards[1]) if result else large_file())


def told(markdown, folder=Path("/nowhere")):
    """The report of the large sample with this section on money."""
    result = replace(sample_result(folder), narratives={"P02": f"## 三、资金使用及管理情况\n\n{markdown}"})
    return large(result)


def section(document, title="三、资金使用及管理情况"):
    """The paragraphs between a heading and the next."""
    found = []
    inside = False
    for paragraph in document.paragraphs:
        if paragraph.style.name == "Heading 1":
            inside = title.endswith(f"、{paragraph.text}")
        elif inside:
            found.append(paragraph)
    return found


def headings(document):
    """Style, Word's number and text of each heading."""
    numbers = list_numbers(document)
    told = [(p.style.name, numbers.before(p._p), p.text) for p in paragraphs_of(document)]
    return [one for one in told if one[0].startswith("Heading")]


def paragraphs_of(document):
    """The paragraphs outside of tables."""
    return document.paragraphs


def words(document):
    return "\n".join(t.text or "" for t in document.element.body.iter(qn("w:t")))


def form_table(document):
    """The table of the indicators."""
    return next(t for t in document.tables if t.rows[0]._tr.xpath(".//w:t[starts-with(text(), '三级')]"))


def form_of(document):
    """The texts of its rows' cells, a merged label once."""
    table = form_table(document)
    return [["".join(t.text or "" for t in cell.iter(qn("w:t"))) for cell in row._tr.tc_lst] for row in table.rows]


@pytest.mark.parametrize(("name", "id_"), CARDS)
def test_the_form_shows_the_scorecard(name, id_):
    card = card_of(name, id_)
    rows = form_of(opened(report_of(name, id_)))
    weights = display.weights(score.weight for score in card.scores)
    indicators, total = rows[1:-2], rows[-2]
    assert [row[3] for row in indicators] == [score.indicator.level3.replace("\n", "") for score in card.scores]
    assert [row[6] for row in indicators] == weights
    assert [row[7].split("（")[0] for row in indicators] == [display.points(score.points) for score in card.scores]
    assert (total[0], total[2]) == ("总分", display.points(card.total))
    assert (card.grade or display.NO_GRADE) in total[3]


@pytest.mark.parametrize(("name", "id_"), CARDS)
def test_every_section_of_the_outline_is_a_heading(name, id_):
    document = opened(report_of(name, id_))
    heads = [f"{number}{text}" for style, number, text in headings(document) if style == "Heading 1"]
    assert [head[:2] for head in heads] == [f"{n}、" for n in "一二三四五六七八"]
    assert all(p._p.pPr.numPr is None for p in document.paragraphs if p.style.name == "Heading 1")


def test_word_numbers_the_headings_by_their_styles():
    document = large()
    (levels,) = document.part.numbering_part.element.xpath("./w:abstractNum[w:lvl/w:pStyle]")
    told = [
        [level.find(qn(f"w:{tag}")).get(qn("w:val")) for tag in ("pStyle", "numFmt", "lvlText")] for level in levels[1:]
    ]
    counting = "chineseCountingThousand"
    assert told == [["Heading1", counting, "%1、"], ["Heading2", counting, "（%2）"], ["Heading3", "decimal", "%3."]]
    for at in range(3):
        numbered = document.styles[f"Heading {at + 1}"].element.pPr.numPr
        assert (numbered.ilvl.val, numbered.numId.val) == (at, 2)


def test_a_number_that_is_not_the_next_one_stays_as_it_is_typed():
    writer, marks = Writer(new_document("", PAPERS[0])), SimpleNamespace(year="2021", unit="")
    given = ((0, "一、甲"), (1, "（一）乙"), (1, "（三）丙"), (0, "3. 丁"), (0, "二、戊"), (1, "（一）己"), (0, "庚"))
    for level, text in given:
        writer.heading(level, text)
    assert [one[1:] for one in headings(opened(writer.saved("", marks)))] == [
        ("一、", "甲"), ("（一）", "乙"), ("", "（三）丙"), ("", "3. 丁"), ("二、", "戊"), ("（一）", "己"), ("", "庚"),
    ]  # fmt: skip


LISTS = {
    "".join("".join(heads).split())
    for heads in (WORDS.calculations, WORDS.deviations, WORDS.evidence, WORDS.accepted, WORDS.review, WORDS.findings)
}


def lists_of(document):
    """The lists behind the form, row by row, without blanks."""
    tables = [
        [["".join(tc.xpath("string(.)").split()) for tc in row._tr.tc_lst] for row in t.rows] for t in document.tables
    ]
    return [["".join(head), *rows] for head, *rows in tables if "".join(head) in LISTS]


def printed_lists(made):
    """The same of the PDF."""
    tables = [item for item in printed_text(made).items if isinstance(item, Table)]
    heads = ["".join(table.head.split()) for table in tables]
    rows = ([["".join(cell.split()) for cell in line.cells] for line in table.lines] for table in tables)
    return [[head, *lines] for head, lines in zip(heads, rows, strict=True) if head in LISTS]


@pytest.mark.parametrize("layout", ["transfer", *slow("national", "sichuan", "hubei")])
@pytest.mark.parametrize(("name", "id_"), CARDS)
def test_behind_the_form_stands_what_the_pdf_has_there(name, id_, layout):
    """A form without points has no calculations behind it; a report that is all form has the same lists."""
    result = in_layout(RESULTS[name], layout)
    made = planned(project_document(result, card_of(name, id_)))
    found = lists_of(opened(report_of(name, id_, layout)))
    assert found == printed_lists(made)
    assert len(found) >= (2 if made.layout.scored else 1) + made.marks.draft


@pytest.mark.slow
def test_lines_stand_closer_where_those_of_the_pdf_do():
    """P04 of 绵阳 is spared a page by it; a title has lines of its own, and so have tables."""
    result, pitches = RESULTS["mianyang-2021"], {}
    for card in result.scorecards:
        styles = opened(report_of("mianyang-2021", card.project.id)).styles
        text = {styles[name].paragraph_format.line_spacing.pt for name in ("Body Text", "Heading 1", "List Number")}
        others = [styles[name].paragraph_format.line_spacing.pt for name in ("Title", "表格文字")]
        assert others == [36, 14]
        pitches.setdefault(planned(project_document(result, card)).closer, set()).update(text)
    assert pitches == {False: {28.95}, True: {27.5}}


@pytest.mark.parametrize(("name", "id_"), CARDS)
def test_the_headings_read_as_on_the_page(name, id_):
    """By the reader of `import`, which counts on its own."""
    made = project_document(RESULTS[name], card_of(name, id_))
    read = [line.text for line in read_docx(report_of(name, id_), "a.docx").lines]
    due = [words for part in made.parts for words in (part.title, *(b.text for b in part.blocks if b.tag == "h3"))]
    assert [text for text in read if text in due] == due


def test_type_is_official():
    styles = large().styles
    faces = {"Normal": "仿宋", "Heading 1": "黑体", "Heading 2": "楷体", "Title": "方正小标宋简体"}
    for name, face in faces.items():
        fonts = styles[name].element.rPr.rFonts
        assert (fonts.get(qn("w:eastAsia")), fonts.get(qn("w:ascii"))) == (face, "Times New Roman")
    body = styles["Body Text"]
    assert (body.font.size, body.paragraph_format.line_spacing) == (Pt(16), Pt(28.95))
    assert body.element.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"
    assert styles["Title"].font.size == Pt(22)


@pytest.mark.slow
def test_the_text_is_upright_the_form_on_the_paper_planned_for_it():
    cover, first, form, annex = large().sections
    assert round(cover.top_margin.mm) == 45
    assert [round(size.mm) for size in (first.page_width, first.page_height)] == [210, 297]
    margins = first.top_margin, first.right_margin, first.bottom_margin, first.left_margin
    assert [round(margin.mm) for margin in margins] == [37, 26, 35, 28]
    assert round(annex.page_width.mm) == 210
    papers = set()
    for name, id_ in EVERY_CARD:
        paper = planned(project_document(RESULTS[name], card_of(name, id_))).paper
        document = opened(report_of(name, id_))
        form = document.sections[2]
        assert (round(form.page_width.mm), form.orientation) == ((297, 1) if paper.wide else (210, 0))
        assert (round(form.left_margin.mm), round(form.top_margin.mm)) == (paper.margin, paper.above)
        assert document.styles["自评表文字"].font.size == Pt(paper.usual.size)
        papers.add(paper.wide)
    assert papers == {True, False}


def test_who_seals_it_stands_with_the_list_of_annexes_and_a_line_before_it():
    paragraphs = large().paragraphs
    kept = [p.text for p in paragraphs if p.paragraph_format.keep_with_next]
    at = next(at for at, p in enumerate(paragraphs) if p.text == "附件")
    end = next(at for at, p in enumerate(paragraphs) if p.text.endswith("（盖章）"))
    assert end - at >= 5
    assert {p.text for p in paragraphs[at - 1 : end]} <= set(kept)


def test_the_total_is_bound_to_three_rows_before_it():
    rows = form_table(large()).rows
    bound = [all(p.paragraph_format.keep_with_next for p in row.cells[3].paragraphs) for row in rows]
    assert bound[-5:] == [True, True, True, True, False]
    assert not any(bound[:-5])


@pytest.mark.parametrize("layout", ["transfer", *slow("national", "sichuan", "hubei")])
@pytest.mark.parametrize(("name", "id_"), CARDS)
def test_what_closes_the_form_is_never_alone_on_a_page(name, id_, layout):
    """All rows and lines from the total on are bound to what follows them, down to the last that says something."""
    document = opened(report_of(name, id_, layout))
    body = list(document.element.body)
    begin = body.index(form_table(document)._tbl)
    end = next(at for at in range(begin, len(body)) if body[at].xpath(".//w:sectPr"))
    while not body[end].xpath("string(.)"):
        end -= 1
    closing = body[begin].xpath("./w:tr")[-2:-1]
    for each in body[begin:end]:
        closing += each.xpath("./w:tr")[-1:] if each.tag == qn("w:tbl") else [each]
    assert all(p.xpath("./w:pPr/w:keepNext") for one in closing for p in one.xpath("descendant-or-self::w:p"))


def laid_out(layout="national", **report):
    return in_layout(sample_result(), layout, **{f"fonts.{role}": name for role, name in report.items()})


def test_the_cover_says_whose_report_it_is_and_has_no_page_number():
    document = large()
    told = {row.cells[0].text: row.cells[1].text for row in document.tables[0].rows}
    card = sample_result().scorecards[1]
    assert told["项目名称"] == card.project.name
    assert "项目编号" not in told  # P02 is a number that import made up
    assert told["填报单位"] == "绵阳市住房公积金服务中心（盖章）"
    section = document.sections[0]
    assert section.different_first_page_header_footer
    assert section.first_page_footer.paragraphs[0].text == ""
    assert section.first_page_header.paragraphs[0].text == section.header.paragraphs[0].text != ""
    numbered = [s._sectPr.xpath("./w:pgNumType/@w:start") for s in document.sections]
    assert numbered == [[], ["1"], [], []]  # the text begins on page 1, on the right
    assert not any(s.different_first_page_header_footer for s in list(document.sections)[1:])


def test_the_unit_chooses_its_faces():
    styles = large(laid_out(正文="方正仿宋_GBK, 仿宋", 标题="华文中宋")).styles
    faces = {name: styles[name].element.rPr.rFonts.get(qn("w:eastAsia")) for name in ("Normal", "Title", "Heading 1")}
    assert faces == {"Normal": "方正仿宋_GBK", "Title": "华文中宋", "Heading 1": "黑体"}


def test_the_form_of_sichuan_has_its_own_labels_and_the_same_points():
    result = laid_out("sichuan")
    document = large(result)
    card = result.scorecards[1]
    heads = [row.cells[0].text for table in document.tables[1:] for row in table.rows]
    assert {"项目基本情况", "预算执行情况(10分)", "绩效指标(90分)", "评价结论", "存在问题", "改进措施"} <= set(heads)
    table = next(t for t in document.tables if t.rows[0].cells[-1].text == "未完成原因分析")
    rows = [["".join(t.text or "" for t in tc.iter(qn("w:t"))) for tc in row._tr.tc_lst] for row in table.rows]
    indicators, total = rows[1:-1], rows[-1]
    assert [row[9].split("（")[0] for row in indicators] == [display.points(s.points) for s in card.scores]
    assert [row[3] for row in indicators] == [s.indicator.level3.replace("\n", "") for s in card.scores]
    assert total[:3] == ["合计", "100", display.points(card.total)]


def test_the_pictures_are_charts_of_words_own_with_the_figures_of_the_page():
    result = sample_result()
    document = project_document(result, result.scorecards[1])
    data = report_document(result, result.scorecards[1])
    assert document.charts
    with ZipFile(BytesIO(data)) as given:
        charts = [given.read(f"word/charts/chart{at}.xml").decode() for at in range(1, len(document.charts) + 1)]
    for chart, xml in zip(document.charts, charts, strict=True):
        names = re.findall(r"<(?:c:)?strCache>.*?</(?:c:)?strCache>", xml, re.DOTALL)[0]
        assert chart.title in xml
        assert f"虚线：{chart.line_label}。" in words(opened(data))
        assert names.count(":v>" if ":v>" in names else "<v>") >= len(chart.bars)
        assert all(bar.value in names for bar in chart.bars)
    drawn = opened(data).element.body.xpath(".//c:chart/@r:id")
    assert len(drawn) == len(charts)
    assert "■" not in words(opened(data))


def test_a_chart_is_high_enough_for_names_that_take_two_lines():
    """Else LibreOffice leaves every second name out."""
    charts = {c.title: c for c in project_document(RESULTS["mianyang-2021"], card_of("mianyang-2021", "P01")).charts}
    lost, rates = charts["失分的指标"], charts["偏离目标的指标完成率"]
    assert [[lines_of(named(bar)) for bar in chart.bars] for chart in (lost, rates)] == [[1, 1], [2, 2, 1]]
    assert (height_of(lost), height_of(rates)) == (AROUND + 2 * 7, AROUND + 3 * 10)


def test_page_numbers_stand_outside_on_every_page():
    document = large()
    assert document.settings.odd_and_even_pages_header_footer
    for section in (document.sections[1], document.sections[3]):
        for foot, side in ((section.footer, "right"), (section.even_page_footer, "left")):
            xml = foot._element.xml
            assert f'<w:jc w:val="{side}"/>' in xml
            assert 'w:instr=" PAGE "' in xml
            assert foot.paragraphs[0].text.startswith("— ")


def test_on_a_sheet_across_the_number_stands_where_it_does_upright():
    """Turned, at the left edge: at the lower end of an odd page, at the upper end of an even one."""
    document = opened(report_of("mianyang-2021", "P01"))
    wide = next(s for s in document.sections if s.orientation == 1)
    for foot, across in ((wide.footer, "right"), (wide.even_page_footer, "left")):
        (held,) = foot.tables
        (place,) = held._tbl.xpath("./w:tblPr/w:tblpPr")
        assert {place.get(qn(f"w:{name}Anchor")) for name in ("vert", "horz")} == {"page"}
        assert Twips(int(place.get(qn("w:tblpX")))).mm == pytest.approx(9.8, abs=0.1)
        top, high = Twips(int(place.get(qn("w:tblpY")))).mm, held.rows[0].height.mm
        inside = wide.top_margin.mm + 5 if across == "left" else wide.page_height.mm - wide.bottom_margin.mm - 5
        assert inside == pytest.approx(top if across == "left" else top + high, abs=0.2)
        assert held._tbl.xpath(".//w:textDirection/@w:val") == ["tbRl"]
        assert held._tbl.xpath(".//w:jc/@w:val") == [across]
        assert held._tbl.xpath(".//w:fldSimple/@w:instr") == [" PAGE "]
        assert [p.text for p in foot.paragraphs] == [""]
    upright = document.sections[-1]
    assert not upright.footer.tables
    assert upright.footer.paragraphs[0].text.startswith("— ")


@pytest.mark.parametrize(
    ("demo", "number", "mark"), [(True, 1, "演示数据　未定稿"), (True, 0, "演示数据"), (False, 0, "")]
)
def test_demo_and_draft_stand_at_the_head_of_every_page(demo, number, mark):
    result = sample_result(demo=demo)
    document = opened(report_document(result, result.scorecards[number]))
    first = document.sections[0]
    assert first.header.paragraphs[0].text == first.even_page_header.paragraphs[0].text == mark
    assert all(section.header.is_linked_to_previous for section in list(document.sections)[1:])


def test_heads_of_tables_are_repeated_and_labels_are_merged():
    table = form_table(large())
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    merges = [row._tr.tc_lst[1].vMerge for row in table.rows][1:-2]
    starts = [at for at, merge in enumerate(merges) if merge == "restart"]
    assert (len(merges), starts) == (21, [0, 15, 19])


def test_the_signature_is_never_alone_on_a_page():
    paragraphs = large().paragraphs
    at = next(at for at, p in enumerate(paragraphs) if p.text.endswith("（盖章）"))
    assert paragraphs[at - 1].paragraph_format.keep_with_next
    assert paragraphs[at].style.paragraph_format.keep_with_next
    assert paragraphs[at + 1].text == "2022年1月22日"


def test_a_drafts_findings_are_in_it_a_final_reports_are_not():
    assert "没有填写实际完成值" in words(large())
    result = sample_result()
    assert "检查发现" not in words(opened(report_document(result, result.scorecards[0])))


def test_the_units_own_form_has_no_narrative():
    result = with_unit(sample_result())
    document = opened(report_document(result, result.unit))
    assert not section(document)
    assert form_of(document)[-2][2] == display.points(result.unit.total)


# ── Markdown ──


def test_bold_beside_chinese_marks_is_bold():
    (paragraph,) = section(told("**支出情况：**各项*支出*均~~不~~受控。"))
    assert paragraph.text == "支出情况：各项支出均不受控。"
    assert [run.text for run in paragraph.runs if run.bold] == ["支出情况："]
    assert [run.text for run in paragraph.runs if run.style.name == "Emphasis"] == ["支出"]


def test_lists_are_lists_and_every_numbered_one_starts_anew():
    paragraphs = section(told("1. 甲\n2. 乙\n\n段落\n\n3. 丙\n   - 丁\n"))
    numbers = [p._p.pPr.numPr.numId.val if p._p.pPr.numPr is not None else None for p in paragraphs]
    assert [p.text for p in paragraphs] == ["甲", "乙", "段落", "丙", "丁"]
    assert numbers == [3, 3, None, 4, 1]
    assert paragraphs[4]._p.pPr.numPr.ilvl.val == 1


def test_tables_are_tables_with_their_alignment():
    document = told("| 支出内容 | 金额 |\n| --- | ---: |\n| 网络 | 124.8 |\n")
    table = document.tables[1]  # the first is the cover's
    assert [cell.text for row in table.rows for cell in row.cells] == ["支出内容", "金额", "网络", "124.8"]
    assert table.cell(1, 1).paragraphs[0]._p.pPr.jc.val == 2


def test_headings_inside_a_section_stay_below_it():
    paragraphs = section(told("### （一）资金管理\n\n文字\n\n#### 1. 细目\n"))
    assert [p.style.name for p in paragraphs] == ["Heading 2", "Body Text", "Heading 3"]
    assert [p._p.pPr.numPr.numId.val for p in paragraphs if "Heading" in p.style.name] == [0, 0]  # their own numbers


def test_html_is_text_and_only_web_addresses_are_links():
    document = told("<b>甲</b><script>x</script>[乙](file:///etc/passwd)[丙](https://example.com/)")
    assert "<b>甲</b><script>x</script>乙" in section(document)[0].text
    assert [link.text for link in section(document)[0].hyperlinks] == ["丙"]
    external = [rel.target_ref for rel in document.part.rels.values() if rel.is_external]
    assert external == ["https://example.com/"]


def pictures(document):
    """What is drawn in the text, the charts of the annex aside."""
    return [shape for shape in document.inline_shapes if shape.type != WD_INLINE_SHAPE.CHART]


def test_a_picture_of_the_folder_fits_the_text(tmp_path):
    (tmp_path / "narrative").mkdir()
    (tmp_path / "narrative" / "图.png").write_bytes(PIXEL)
    (picture,) = pictures(told("![统计图](图.png)", tmp_path))
    assert picture.width <= Mm(156)
    assert picture._inline.docPr.get("descr") == "统计图"


@pytest.mark.slow
def test_a_file_that_is_no_picture_leaves_its_description(tmp_path):
    (tmp_path / "narrative").mkdir()
    (tmp_path / "narrative" / "坏.png").write_bytes(PIXEL[:12])
    for name in ("坏.png", "没有.png", "../../etc/passwd"):
        document = told(f"![统计图]({name})", tmp_path)
        assert not pictures(document)
        assert section(document)[0].text == "〔图片：统计图〕"


# ── What comes from an input, and the file ──


@pytest.mark.parametrize("text", ["<w:p/>&amp;", "甲\ud800\ufffe乙", *slow(*HOSTILE, "很" * 3000)])
def test_any_text_can_be_written(text):
    result = hostile(text)
    shown = words(opened(report_document(result, result.scorecards[1])))
    assert re.sub(r"[\x00-\x1f\ud800-\udfff\ufffe]", "", text) in shown.replace("\n", "")


def test_the_edition_for_the_public_shows_no_telephone_number():
    result = hostile("联系人张三，电话 13812345678")
    shown = words(opened(report_document(result, result.scorecards[1], public=True)))
    assert "138******78" in shown
    assert "13812345678" not in shown


def test_a_draft_for_consultation_says_so():
    result = sample_result()
    document = opened(report_document(result, result.scorecards[0], draft=True))
    assert document.sections[0].header.paragraphs[0].text == "演示数据　征求意见稿"


def test_no_field_but_the_page_number():
    result = hostile('INCLUDETEXT "c:\\x"')
    with ZipFile(BytesIO(report_document(result, result.scorecards[1]))) as file:
        for name in file.namelist():
            xml = file.read(name).decode("utf-8", "replace")
            assert set(re.findall(r'w:instr="([^"]*)"', xml)) <= {" PAGE "}
            assert "instrText" not in xml


@pytest.mark.slow
def test_the_same_inputs_give_the_same_bytes_in_any_process():
    code = (
        "import sys, hashlib; sys.path.insert(0, sys.argv[1])\n"
        "from sample_result import sample_result\n"
        "from selfeval.report.docx.report import report_document\n"
        "r = sample_result()\n"
        "print(hashlib.sha256(report_document(r, r.scorecards[1])).hexdigest())"
    )
    first, second = told_by_two_processes(code)
    assert first == second


def test_the_file_knows_no_clock_and_nothing_of_the_librarys_template():
    result = sample_result()
    with ZipFile(BytesIO(report_document(result, result.scorecards[1]))) as file:
        assert {info.date_time for info in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"dcterms" not in file.read("docProps/core.xml")
        assert not [name for name in file.namelist() if re.search("thumbnail|customXml|WithEffects", name)]
        assert "python-docx" not in file.read("docProps/core.xml").decode()
