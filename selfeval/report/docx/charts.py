"""The pictures of a report as charts of Word's own."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from selfeval.report.docx.elements import make
from selfeval.report.docx.writer import Writer
from selfeval.report.office import clean
from selfeval.report.pages.chart_views import Chart
from selfeval.report.xlsx.native_charts import chart_part, height_of, legend_of

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement as Element


KIND = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
EMU = 36_000
"""Of Word's units in a millimetre."""

WIDE = 168
"""The width of a picture in mm."""

DRAWN = (
    '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{wide}" cy="{high}"/>'
    '<wp:docPr id="{id}" name="图{id}" descr="{words}"/><wp:cNvGraphicFramePr/>'
    '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
    '<c:chart r:id="{rid}"/></a:graphicData></a:graphic></wp:inline></w:drawing>'
)


def write_chart(writer: Writer, chart: Chart, number: int) -> None:
    """A chart on a line of its own, and what its fillings mean below it."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from docx.oxml import parse_xml

    document = writer.document.part
    at = PackURI(f"/word/charts/chart{number}.xml")
    rid = document.relate_to(Part(at, KIND, chart_part(chart), document.package), RELATIONSHIP_TYPE.CHART)
    drawn: Element = parse_xml(
        DRAWN.format(
            wide=WIDE * EMU,
            high=height_of(chart) * EMU,
            id=1000 + number,
            words=escape(clean(f"{chart.title}。{chart.description}")),
            rid=rid,
        )
    )
    writer.write("Picture", [make("r", None, drawn)], make("keepNext"))
    writer.write("Legend", legend_of(chart))
