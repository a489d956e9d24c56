"""The numbers of Word's lists: read as they are printed, before lines outside of tables."""

from __future__ import annotations

from io import BytesIO

import pytest
from docx import Document
from docx.oxml import parse_xml

from selfeval.importing.readers.docx import read_docx

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BASIC = (
    '<w:abstractNum w:abstractNumId="7">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:suff w:val="nothing"/>'
    '<w:lvlText w:val="%1、"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2."/></w:lvl>'
    '</w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>'
    '<w:num w:numId="4"><w:abstractNumId w:val="7"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
)


def lines_of(paragraphs, kind="decimal", more=""):
    """What is read of paragraphs (list, level, text)."""
    document = Document()
    numbering = document.part.numbering_part.element
    numbering[:] = list(parse_xml(f"<w:numbering {W}>{BASIC.format(kind=kind)}{more}</w:numbering>"))
    for list_, level, text in paragraphs:
        properties = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_}"/></w:numPr>' if list_ else ""
        xml = f"<w:p {W}><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
        document.element.body[-1].addprevious(parse_xml(xml))
    out = BytesIO()
    document.save(out)
    return [line.text for line in read_docx(out.getvalue(), "a.docx").lines]


def test_every_level_counts_by_itself_and_begins_anew_below_another():
    given = [("3", 0, "甲"), ("3", 1, "乙"), ("3", 1, "丙"), ("", 0, "文"), ("3", 0, "丁"), ("3", 1, "戊")]
    assert lines_of(given) == ["1、甲", "1.1. 乙", "1.2. 丙", "文", "2、丁", "2.1. 戊"]


def test_another_list_of_the_same_shape_goes_on_or_begins_where_it_says():
    assert lines_of([("3", 0, "甲"), ("4", 0, "乙"), ("4", 0, "丙"), ("3", 0, "丁")]) == [
        "1、甲",
        "5、乙",
        "6、丙",
        "7、丁",
    ]


def test_an_empty_paragraph_counts_and_is_no_line():
    assert lines_of([("3", 0, "甲"), ("3", 0, ""), ("3", 0, "丙")]) == ["1、甲", "3、丙"]


@pytest.mark.parametrize("kind", ["chineseCounting", "chineseCountingThousand", "japaneseCounting"])
def test_chinese_numbers(kind):
    read = lines_of([("3", 0, "甲")] * 21, kind)
    assert [read[at] for at in (0, 9, 10, 19, 20)] == ["一、甲", "十、甲", "十一、甲", "二十、甲", "二十一、甲"]


@pytest.mark.parametrize("kind", ["bullet", "lowerLetter", ""])
def test_a_way_of_counting_that_is_not_known_leaves_the_text(kind):
    assert lines_of([("3", 0, "甲"), ("9", 0, "乙"), ("3", 5, "丙")], kind) == ["甲", "乙", "丙"]


def test_a_list_that_is_broken_leaves_the_text():
    broken = '<w:num w:numId="x"/><w:num/><w:abstractNum><w:lvl w:ilvl="-"/></w:abstractNum>'
    assert lines_of([("x", "y", "甲"), ("-1", 0, "乙")], more=broken) == ["甲", "乙"]
