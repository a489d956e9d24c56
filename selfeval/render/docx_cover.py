"""The cover of the Word file: a sheet without page number, so that the text begins on page 1."""

from __future__ import annotations

from selfeval.render.docx_styles import COVER_PAGE, TEXT_PAGE, set_page
from selfeval.render.docx_writer import Box, Line, Writer, make, table
from selfeval.views import ProjectDocument

WIDTHS = (32, 122)


def cover(writer: Writer, document: ProjectDocument) -> None:
    """Year, title, whose project, date; then the pages of the text."""
    section = writer.document.sections[0]
    set_page(section, COVER_PAGE)
    section.different_first_page_header_footer = True
    head = section.first_page_header.paragraphs[0]
    head.style, head.text = "Header", section.header.paragraphs[0].text
    margins = section._sectPr.xpath("./w:pgMar")[0]  # noqa: SLF001 - the library knows no page numbers
    margins.addnext(make("pgNumType", {"start": 0}))
    writer.write("CoverYear", f"{document.marks.year}年度")
    writer.write("CoverTitle", document.title)
    writer.add(table(WIDTHS, [line(*pair, first=not at) for at, pair in enumerate(fields(document))]))
    writer.write("CoverDate", document.marks.date)
    writer.new_section(TEXT_PAGE)


def fields(document: ProjectDocument) -> tuple[tuple[str, str], ...]:
    """What the cover says."""
    return (
        ("项目名称", document.name),
        ("项目编号", document.id),
        ("主管部门", document.department),
        ("实施单位", document.operator),
        ("填报单位", f"{document.marks.unit}（盖章）"),
    )


def line(label: str, words: str, *, first: bool) -> Line:
    """A label, and its words on a line."""
    under = ("bottom",) if first else ("top", "bottom")
    return Line([Box(label, style="CoverLabel", sides=()), Box(words, style="CoverText", sides=under)])
